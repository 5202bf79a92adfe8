// SPDX-License-Identifier: Apache-2.0

//! What the node and clients ask the runtime.

use crate::{
	AccountId, Aura, Balance, Block, Executive, Grandpa, Historical, InherentDataExt, Nonce,
	Runtime, RuntimeCall, RuntimeGenesisConfig, SessionKeys, System, TransactionPayment, VERSION,
	genesis_config_presets,
};
use alloc::vec::Vec;
use frame_support::{
	genesis_builder_helper::{build_state, get_preset},
	view_functions::{ViewFunctionDispatchError, ViewFunctionId},
	weights::Weight,
};
use pallet_grandpa::AuthorityId as GrandpaId;
use pallet_health_consent::{Explanation, Inbox};
use pallet_health_records::runtime_api::WrapTargets;
use pallet_health_supply_chain::{
	BatchView, Holding, Hop, ItemRef, Location, LotSummary, Market, Page, PartnerReport,
	ProductView, QueryError, Recall, ScanProof, ScannedPack, ShipmentView, TraceCursor,
	TraceTarget, TreeCursor, TreeItem, UnitStatus, Verdict,
};
use salus_gs1::{LotNo, Sscc, UdiDi};
use salus_primitives::{
	AccessDecision, AccessQuestion, BatchIx, CompartmentNo, IdentityId, LotIx, RecallId,
	ShipmentId, UnitRef,
};
use salus_traits::identity::AgreementKeys;
use sp_api::impl_runtime_apis;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::{OpaqueMetadata, crypto::KeyTypeId};
use sp_runtime::{
	ApplyExtrinsicResult,
	traits::{Block as BlockT, NumberFor},
	transaction_validity::{TransactionSource, TransactionValidity},
};
use sp_session::OpaqueGeneratedSessionKeys;
use sp_version::RuntimeVersion;

impl_runtime_apis! {
	impl sp_api::Core<Block> for Runtime {
		fn version() -> RuntimeVersion {
			VERSION
		}

		fn execute_block(block: <Block as BlockT>::LazyBlock) {
			Executive::execute_block(block);
		}

		fn initialize_block(header: &<Block as BlockT>::Header) -> sp_runtime::ExtrinsicInclusionMode {
			Executive::initialize_block(header)
		}
	}

	impl sp_api::Metadata<Block> for Runtime {
		fn metadata() -> OpaqueMetadata {
			OpaqueMetadata::new(Runtime::metadata().into())
		}

		fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
			Runtime::metadata_at_version(version)
		}

		fn metadata_versions() -> Vec<u32> {
			Runtime::metadata_versions()
		}
	}

	impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
		fn execute_view_function(
			id: ViewFunctionId,
			input: Vec<u8>,
		) -> Result<Vec<u8>, ViewFunctionDispatchError> {
			Runtime::execute_view_function(id, input)
		}
	}

	impl sp_block_builder::BlockBuilder<Block> for Runtime {
		fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
			Executive::apply_extrinsic(extrinsic)
		}

		fn finalize_block() -> <Block as BlockT>::Header {
			Executive::finalize_block()
		}

		fn inherent_extrinsics(
			data: sp_inherents::InherentData,
		) -> Vec<<Block as BlockT>::Extrinsic> {
			data.create_extrinsics()
		}

		fn check_inherents(
			block: <Block as BlockT>::LazyBlock,
			data: sp_inherents::InherentData,
		) -> sp_inherents::CheckInherentsResult {
			data.check_extrinsics(&block)
		}
	}

	impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
		fn validate_transaction(
			source: TransactionSource,
			tx: <Block as BlockT>::Extrinsic,
			block_hash: <Block as BlockT>::Hash,
		) -> TransactionValidity {
			Executive::validate_transaction(source, tx, block_hash)
		}
	}

	impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
		fn offchain_worker(header: &<Block as BlockT>::Header) {
			Executive::offchain_worker(header)
		}
	}

	impl sp_consensus_aura::AuraApi<Block, AuraId> for Runtime {
		fn slot_duration() -> sp_consensus_aura::SlotDuration {
			sp_consensus_aura::SlotDuration::from_millis(Aura::slot_duration())
		}

		fn authorities() -> Vec<AuraId> {
			pallet_aura::Authorities::<Runtime>::get().into_inner()
		}
	}

	impl sp_session::SessionKeys<Block> for Runtime {
		fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> OpaqueGeneratedSessionKeys {
			SessionKeys::generate(&owner, seed).into()
		}

		fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
			SessionKeys::decode_into_raw_public_keys(&encoded)
		}
	}

	impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
		fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
			Grandpa::grandpa_authorities()
		}

		fn current_set_id() -> sp_consensus_grandpa::SetId {
			pallet_grandpa::CurrentSetId::<Runtime>::get()
		}

		fn submit_report_equivocation_unsigned_extrinsic(
			equivocation_proof: sp_consensus_grandpa::EquivocationProof<
				<Block as BlockT>::Hash,
				NumberFor<Block>,
			>,
			key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
		) -> Option<()> {
			let key_owner_proof = key_owner_proof.decode()?;
			Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof)
		}

		fn generate_key_ownership_proof(
			_set_id: sp_consensus_grandpa::SetId,
			authority: GrandpaId,
		) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
			use codec::Encode;
			use frame_support::traits::KeyOwnerProofSystem;
			Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority))
				.map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
		}
	}

	impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
		fn account_nonce(account: AccountId) -> Nonce {
			System::account_nonce(account)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>
		for Runtime
	{
		fn query_info(
			extrinsic: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment_rpc_runtime_api::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_info(extrinsic, len)
		}

		fn query_fee_details(
			extrinsic: <Block as BlockT>::Extrinsic,
			len: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			TransactionPayment::query_fee_details(extrinsic, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<
		Block,
		Balance,
		RuntimeCall,
	> for Runtime {
		fn query_call_info(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment::RuntimeDispatchInfo<Balance> {
			TransactionPayment::query_call_info(call, len)
		}

		fn query_call_fee_details(
			call: RuntimeCall,
			len: u32,
		) -> pallet_transaction_payment::FeeDetails<Balance> {
			TransactionPayment::query_call_fee_details(call, len)
		}

		fn query_weight_to_fee(weight: Weight) -> Balance {
			TransactionPayment::weight_to_fee(weight)
		}

		fn query_length_to_fee(length: u32) -> Balance {
			TransactionPayment::length_to_fee(length)
		}
	}

	impl pallet_health_records::runtime_api::RecordsApi<Block> for Runtime {
		fn wrap_targets(
			subject: IdentityId,
			compartment: CompartmentNo,
			author: IdentityId,
		) -> Option<WrapTargets> {
			let open = crate::Consent::compartment(subject, compartment)?;
			let author_key = crate::Identity::current(&author);
			Some(WrapTargets { compartment_key: open.key, epoch: open.epoch, author_key })
		}
	}

	impl pallet_health_supply_chain::runtime_api::SupplyChainApi<Block> for Runtime {
		fn verify(scan: ScannedPack, proof: Option<ScanProof>) -> Verdict {
			crate::SupplyChain::api_verify(scan, proof)
		}

		fn verify_many(scans: Vec<(ScannedPack, Option<ScanProof>)>) -> Result<Vec<Verdict>, QueryError> {
			crate::SupplyChain::api_verify_many(scans)
		}

		fn check_proof(proof: ScanProof) -> bool {
			crate::SupplyChain::api_check_proof(proof)
		}

		fn unit_status(unit: UnitRef, parcel_start: Option<u32>, market: Option<Market>) -> Result<UnitStatus, QueryError> {
			crate::SupplyChain::api_unit_status(unit, parcel_start, market)
		}

		fn is_dispensable(unit: UnitRef, parcel_start: u32, market: Market) -> bool {
			crate::SupplyChain::api_is_dispensable(unit, parcel_start, market)
		}

		fn locate(unit: UnitRef, hint: Option<u32>) -> Result<Location, QueryError> {
			crate::SupplyChain::api_locate(unit, hint)
		}

		fn trace(target: TraceTarget, cursor: Option<TraceCursor>, limit: u32) -> Result<Page<Hop, TraceCursor>, QueryError> {
			crate::SupplyChain::api_trace(target, cursor, limit)
		}

		fn holdings(partner: IdentityId, cursor: Option<ItemRef>, limit: u32) -> Result<Page<Holding, ItemRef>, QueryError> {
			crate::SupplyChain::api_holdings(partner, cursor, limit)
		}

		fn container_tree(sscc: Sscc, depth: u8, cursor: Option<TreeCursor>, limit: u32) -> Result<Page<TreeItem, TreeCursor>, QueryError> {
			crate::SupplyChain::api_container_tree(sscc, depth, cursor, limit)
		}

		fn open_shipments(partner: IdentityId, cursor: Option<ShipmentId>, limit: u32) -> Result<Page<ShipmentView, ShipmentId>, QueryError> {
			crate::SupplyChain::api_open_shipments(partner, cursor, limit)
		}

		fn shipment(shipment: ShipmentId) -> Option<ShipmentView> {
			crate::SupplyChain::api_shipment(shipment)
		}

		fn product(number: UdiDi, market: Option<Market>) -> Option<ProductView> {
			crate::SupplyChain::api_product(number, market)
		}

		fn lot_by_number(product: UdiDi, number: LotNo) -> Option<LotIx> {
			crate::SupplyChain::api_lot_by_number(product, number)
		}

		fn lot_summary(lot: LotIx) -> Option<LotSummary> {
			crate::SupplyChain::api_lot_summary(lot)
		}

		fn lot_batches(lot: LotIx, cursor: Option<BatchIx>, limit: u32) -> Result<Page<BatchView, BatchIx>, QueryError> {
			crate::SupplyChain::api_lot_batches(lot, cursor, limit)
		}

		fn recall(recall: RecallId) -> Option<Recall> {
			crate::SupplyChain::api_recall(recall)
		}

		fn recall_progress(recall: RecallId, cursor: Option<IdentityId>, limit: u32) -> Result<Page<PartnerReport, IdentityId>, QueryError> {
			crate::SupplyChain::api_recall_progress(recall, cursor, limit)
		}
	}

	impl pallet_health_consent::runtime_api::ConsentApi<Block> for Runtime {
		fn check_access(question: AccessQuestion) -> AccessDecision {
			crate::Consent::check_access_now(&question)
		}

		fn explain_access(question: AccessQuestion) -> Explanation {
			crate::Consent::explain_access_now(&question)
		}

		fn inbox(subject: IdentityId) -> Inbox {
			crate::Consent::inbox(subject)
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	impl frame_benchmarking::Benchmark<Block> for Runtime {
		fn benchmark_metadata(
			extra: bool,
		) -> (
			Vec<frame_benchmarking::BenchmarkList>,
			Vec<frame_support::traits::StorageInfo>,
		) {
			use crate::*;
			use frame_benchmarking::BenchmarkList;
			use frame_support::traits::StorageInfoTrait;
			use frame_system_benchmarking::{
				Pallet as SystemBench, extensions::Pallet as SystemExtensionsBench,
			};

			let mut list = Vec::<BenchmarkList>::new();
			list_benchmarks!(list, extra);
			(list, AllPalletsWithSystem::storage_info())
		}

		fn dispatch_benchmark(
			config: frame_benchmarking::BenchmarkConfig,
		) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
			use crate::*;
			use frame_benchmarking::BenchmarkBatch;
			use frame_support::traits::{TrackedStorageKey, WhitelistedStorageKeys};
			use frame_system_benchmarking::{
				Pallet as SystemBench, extensions::Pallet as SystemExtensionsBench,
			};

			let whitelist: Vec<TrackedStorageKey> = AllPalletsWithSystem::whitelisted_storage_keys();
			let mut batches = Vec::<BenchmarkBatch>::new();
			let params = (&config, &whitelist);
			add_benchmarks!(params, batches);
			Ok(batches)
		}
	}

	#[cfg(feature = "try-runtime")]
	impl frame_try_runtime::TryRuntime<Block> for Runtime {
		fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
			let weight = Executive::try_runtime_upgrade(checks).expect("an upgrade that fails its checks must not ship");
			(weight, crate::configs::RuntimeBlockWeights::get().max_block)
		}

		fn execute_block(
			block: <Block as BlockT>::LazyBlock,
			state_root_check: bool,
			signature_check: bool,
			select: frame_try_runtime::TryStateSelect,
		) -> Weight {
			Executive::try_execute_block(block, state_root_check, signature_check, select)
				.expect("a block that fails its checks must not ship")
		}
	}

	impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
		fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
			build_state::<RuntimeGenesisConfig>(config)
		}

		fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
			get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
		}

		fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
			genesis_config_presets::preset_names()
		}
	}
}
