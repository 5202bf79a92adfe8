// SPDX-License-Identifier: Apache-2.0

//! A chain of blocks in memory.

use codec::{Decode, Encode};
use frame_support::{
	dispatch::DispatchClass, genesis_builder_helper::build_state, storage, weights::Weight,
};
use salus_primitives::Moment;
use salus_runtime::{
	AccountId, BlockNumber, Executive, Hash, Header, Nonce, Runtime, RuntimeCall, RuntimeEvent,
	RuntimeGenesisConfig, Signature, SignedPayload, System, TxExtension, UncheckedExtrinsic,
	VERSION,
	constants::time::{SESSION, SLOT_DURATION},
	genesis_config_presets::get_preset,
};
use serde_json::Value;
use sp_consensus_aura::{AURA_ENGINE_ID, Slot};
use sp_core::{Pair, sr25519};
use sp_genesis_builder::PresetId;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	Digest, DigestItem, DispatchError, MultiAddress, TransactionOutcome,
	generic::Era,
	traits::Header as _,
	transaction_validity::{TransactionSource, TransactionValidity, TransactionValidityError},
};
use std::collections::BTreeMap;

/// The moment of the first block: 2026-01-01T00:00:00Z, on a slot.
const START: Moment = 1_767_225_600_000;

/// Why a transaction did not do what it was to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refused {
	/// The pool or the block refused it: it left no trace.
	Invalid(TransactionValidityError),
	/// It is in the block, paid for, and failed.
	Failed(DispatchError),
}

/// What became of a transaction: its events, or why it did nothing.
pub type Outcome = Result<Vec<RuntimeEvent>, Refused>;

/// A chain in memory, one transaction a block.
pub struct Chain {
	state: TestExternalities,
	parent: Header,
	now: Moment,
}

impl Chain {
	/// A chain from a preset of the runtime.
	pub fn start(preset: &str) -> Self {
		let patch = get_preset(&PresetId::from(preset)).expect("the preset exists");
		let patch: Value = serde_json::from_slice(&patch).expect("a preset is JSON");
		let mut config =
			serde_json::to_value(RuntimeGenesisConfig::default()).expect("the config is JSON");
		merge(&mut config, patch);
		let mut state = TestExternalities::new_empty();
		state.execute_with(|| {
			build_state::<RuntimeGenesisConfig>(config.to_string().into_bytes())
				.expect("the preset builds");
		});
		let root = state.execute_with(|| sp_io::storage::root(VERSION.state_version()));
		let root = Hash::decode(&mut &root[..]).expect("a root is a hash");
		let none = Default::default;
		let parent = Header::new(0, none(), root, none(), Digest::default());
		let mut chain = Self { state, parent, now: START };
		chain.block(&[]);
		chain
	}

	/// The moment of the last block.
	pub fn now(&self) -> Moment {
		self.now
	}

	/// Lets time pass without blocks.
	pub fn wait(&mut self, time: Moment) {
		self.now += time / SLOT_DURATION * SLOT_DURATION;
	}

	/// Skips `blocks` blocks, as if they had been empty, and goes on with one more.
	pub fn skip(&mut self, blocks: BlockNumber) {
		self.parent.number += blocks;
		let number = self.parent.number;
		self.state.execute_with(|| System::set_block_number(number));
		self.now += SLOT_DURATION * Moment::from(blocks);
		self.block(&[]);
	}

	/// Goes on with the first block of the next session.
	pub fn next_session(&mut self) {
		self.skip(SESSION - 1 - self.parent.number % SESSION);
	}

	/// Looks at the state after the last block.
	pub fn look<R>(&mut self, look: impl FnOnce() -> R) -> R {
		self.state.execute_with(look)
	}

	/// All rows of a pallet after the last block, by their keys.
	pub fn rows_of(&mut self, pallet: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
		let prefix = sp_io::hashing::twox_128(pallet.as_bytes());
		self.state.execute_with(|| {
			let mut rows = BTreeMap::new();
			let mut key = prefix.to_vec();
			while let Some(next) =
				sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix))
			{
				if let Some(value) = sp_io::storage::get(&next) {
					rows.insert(next.clone(), value.to_vec());
				}
				key = next;
			}
			rows
		})
	}

	/// Signs a call, puts it in a block of its own and answers with the block's events.
	pub fn send(&mut self, signer: Sr25519Keyring, call: impl Into<RuntimeCall>) -> Outcome {
		let extrinsic = self.signed(signer, call);
		self.submit(extrinsic)
	}

	/// Signs a call with the signer's next nonce, for whoever sends it later, or twice.
	pub fn signed(
		&mut self,
		signer: Sr25519Keyring,
		call: impl Into<RuntimeCall>,
	) -> UncheckedExtrinsic {
		self.sign(signer, call.into(), 0, 0)
	}

	/// Puts a transaction in a block of its own when the pool takes it.
	pub fn submit(&mut self, extrinsic: UncheckedExtrinsic) -> Outcome {
		self.validate(TransactionSource::External, extrinsic.clone()).map_err(Refused::Invalid)?;
		self.block(&[extrinsic]).pop().expect("there was one")
	}

	/// Puts transactions in one block, in this order, without asking the pool.
	pub fn put_together(&mut self, extrinsics: &[UncheckedExtrinsic]) -> Vec<Outcome> {
		self.block(extrinsics)
	}

	/// The same in a block of which others have taken this much of the share of normal calls.
	pub fn put_beside_others(
		&mut self,
		taken: Weight,
		extrinsics: &[UncheckedExtrinsic],
	) -> Vec<Outcome> {
		self.block_after(extrinsics, || {
			System::register_extra_weight_unchecked(taken, DispatchClass::Normal);
		})
	}

	/// Signs calls with rising nonces for one block or several.
	pub fn signed_in_turn(
		&mut self,
		signer: Sr25519Keyring,
		calls: Vec<RuntimeCall>,
	) -> Vec<UncheckedExtrinsic> {
		(0..).zip(calls).map(|(ahead, call)| self.sign(signer, call, 0, ahead)).collect()
	}

	/// Signs calls with rising nonces, puts them all in one block, and answers for each.
	pub fn send_all(&mut self, signer: Sr25519Keyring, calls: Vec<RuntimeCall>) -> Vec<Outcome> {
		let extrinsics = self.signed_in_turn(signer, calls);
		self.block(&extrinsics)
	}

	/// The same with a tip.
	pub fn send_with_tip(
		&mut self,
		signer: Sr25519Keyring,
		call: impl Into<RuntimeCall>,
		tip: u128,
	) -> Outcome {
		let extrinsic = self.sign(signer, call.into(), tip, 0);
		self.submit(extrinsic)
	}

	/// Puts an unsigned transaction in a block.
	pub fn send_bare(&mut self, call: impl Into<RuntimeCall>) -> Outcome {
		let extrinsic = UncheckedExtrinsic::new_bare(call.into());
		self.validate(TransactionSource::Local, extrinsic.clone()).map_err(Refused::Invalid)?;
		self.block(&[extrinsic]).pop().expect("there was one")
	}

	/// Asks the pool about an unsigned transaction.
	pub fn validate_bare(
		&mut self,
		source: TransactionSource,
		call: impl Into<RuntimeCall>,
	) -> TransactionValidity {
		self.validate(source, UncheckedExtrinsic::new_bare(call.into()))
	}

	/// Puts an unsigned transaction in a block without asking the pool.
	pub fn force_bare(&mut self, call: impl Into<RuntimeCall>) -> Outcome {
		self.block(&[UncheckedExtrinsic::new_bare(call.into())]).pop().expect("there was one")
	}

	fn validate(
		&mut self,
		source: TransactionSource,
		extrinsic: UncheckedExtrinsic,
	) -> TransactionValidity {
		let hash = self.parent.hash();
		self.state.execute_with(|| {
			storage::with_transaction(|| {
				let valid = Executive::validate_transaction(source, extrinsic, hash);
				TransactionOutcome::Rollback(Ok::<_, DispatchError>(valid))
			})
			.expect("validation leaves nothing behind")
		})
	}

	/// Builds and executes one block; answers with the outcome of each transaction.
	fn block(&mut self, extrinsics: &[UncheckedExtrinsic]) -> Vec<Outcome> {
		self.block_after(extrinsics, || ())
	}

	/// The same, with something that happens between the inherents and the transactions.
	fn block_after(
		&mut self,
		extrinsics: &[UncheckedExtrinsic],
		before: impl FnOnce(),
	) -> Vec<Outcome> {
		self.now += SLOT_DURATION;
		let (now, parent) = (self.now, self.parent.clone());
		let (header, outcomes) = self.state.execute_with(|| {
			let slot =
				DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(now / SLOT_DURATION).encode());
			let header = Header::new(
				parent.number + 1,
				Default::default(),
				Default::default(),
				parent.hash(),
				Digest { logs: vec![slot] },
			);
			Executive::initialize_block(&header);
			let inherent = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now });
			Executive::apply_extrinsic(UncheckedExtrinsic::new_bare(inherent))
				.expect("the inherent is valid")
				.expect("the inherent succeeds");
			before();
			let outcomes = extrinsics.iter().map(apply).collect();
			let header = Executive::finalize_block();
			#[cfg(feature = "try-runtime")]
			{
				use frame_support::traits::{TryState, TryStateSelect};
				salus_runtime::AllPalletsWithSystem::try_state(header.number, TryStateSelect::All)
					.expect("the invariants hold after every block");
			}
			(header, outcomes)
		});
		self.parent = header;
		outcomes
	}

	fn sign(
		&mut self,
		signer: Sr25519Keyring,
		call: RuntimeCall,
		tip: u128,
		ahead: Nonce,
	) -> UncheckedExtrinsic {
		let account: AccountId = signer.to_account_id();
		self.state.execute_with(|| {
			let extension: TxExtension = (
				frame_system::CheckNonZeroSender::<Runtime>::new(),
				frame_system::CheckSpecVersion::new(),
				frame_system::CheckTxVersion::new(),
				frame_system::CheckGenesis::new(),
				frame_system::CheckMortality::from(Era::Immortal),
				frame_system::CheckNonce::from(System::account_nonce(&account) + ahead),
				frame_system::CheckWeight::new(),
				pallet_transaction_payment::ChargeTransactionPayment::from(tip),
				frame_metadata_hash_extension::CheckMetadataHash::new(false),
				frame_system::WeightReclaim::new(),
			);
			let payload =
				SignedPayload::new(call, extension).expect("the implicit parts are there");
			let pair: sr25519::Pair = signer.pair();
			let signature: Signature = payload.using_encoded(|bytes| pair.sign(bytes)).into();
			let (call, extension, _) = payload.deconstruct();
			UncheckedExtrinsic::new_signed(call, MultiAddress::Id(account), signature, extension)
		})
	}
}

/// Applies a transaction as a block author does: what is invalid leaves nothing behind.
fn apply(extrinsic: &UncheckedExtrinsic) -> Outcome {
	let before = System::read_events_no_consensus().count();
	let result = storage::with_transaction(|| {
		let result = Executive::apply_extrinsic(extrinsic.clone());
		match result {
			Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(result)),
			Err(_) => TransactionOutcome::Rollback(Ok(result)),
		}
	});
	match result.expect("transactions are not nested that deep") {
		Err(invalid) => Err(Refused::Invalid(invalid)),
		Ok(Err(failed)) => Err(Refused::Failed(failed)),
		Ok(Ok(())) => {
			let events = System::read_events_no_consensus().skip(before);
			Ok(events.map(|record| record.event).collect())
		},
	}
}

/// RFC 7396: the patch wins, objects merge.
fn merge(target: &mut Value, patch: Value) {
	match (target, patch) {
		(Value::Object(target), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(target.entry(key).or_insert(Value::Null), value);
			}
		},
		(target, patch) => *target = patch,
	}
}
