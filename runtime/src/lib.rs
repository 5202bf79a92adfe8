// SPDX-License-Identifier: Apache-2.0

//! The Salus runtime: the only crate that names two of our pallets together.
//!
//! | module | holds |
//! |---|---|
//! | [`constants`] | every number, with its reason |
//! | [`configs`] | the configuration of the pallets, by subject |
//! | [`extensions`] | what a signed transaction carries |
//! | [`apis`] | what the node and clients ask |
//! | [`genesis_config_presets`] | the chains one can start |

#![cfg_attr(not(feature = "std"), no_std)]
#![recursion_limit = "256"]
// The macros that make up a runtime generate public items without docs, and none can be given them.
#![allow(missing_docs)]

#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

extern crate alloc;

use alloc::vec::Vec;
use sp_runtime::{
	MultiAddress, MultiSignature, generic, impl_opaque_keys,
	traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod extensions;
pub mod genesis_config_presets;
pub mod weights;

pub use extensions::TxExtension;

/// How a transaction is signed.
pub type Signature = MultiSignature;
/// Who signs transactions and holds tokens. Not who somebody is: see `IdentityId`.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// An amount of tokens, in the smallest unit.
pub type Balance = u128;
/// The number of a transaction of an account.
pub type Nonce = u32;
/// The hash of blocks and tries.
pub type Hash = sp_core::H256;
/// The number of a block.
pub type BlockNumber = u32;
/// How accounts are written in calls.
pub type Address = MultiAddress<AccountId, ()>;
/// The header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block with its transactions decoded.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// A transaction as it arrives.
pub type UncheckedExtrinsic =
	generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// What is signed.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// Runs blocks.
pub type Executive = frame_executive::Executive<
	Runtime,
	Block,
	frame_system::ChainContext<Runtime>,
	Runtime,
	AllPalletsWithSystem,
>;

/// Types for the node, which need not know what a transaction says.
pub mod opaque {
	use super::*;
	pub use sp_runtime::OpaqueExtrinsic as UncheckedExtrinsic;
	use sp_runtime::{
		generic,
		traits::{BlakeTwo256, Hash as HashT},
	};

	/// The header of a block.
	pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
	/// A block with its transactions as bytes.
	pub type Block = generic::Block<Header, UncheckedExtrinsic>;
	/// The id of a block.
	pub type BlockId = generic::BlockId<Block>;
	/// The hash of a block.
	pub type Hash = <BlakeTwo256 as HashT>::Output;
}

impl_opaque_keys! {
	/// The keys of a validator.
	pub struct SessionKeys {
		/// Authors blocks.
		pub aura: Aura,
		/// Finalises them.
		pub grandpa: Grandpa,
	}
}

/// The version of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
	spec_name: alloc::borrow::Cow::Borrowed("salus"),
	impl_name: alloc::borrow::Cow::Borrowed("salus"),
	authoring_version: 1,
	spec_version: 1,
	impl_version: 1,
	apis: apis::RUNTIME_API_VERSIONS,
	transaction_version: 1,
	system_version: 1,
};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeFreezeReason,
		RuntimeHoldReason,
		RuntimeSlashReason,
		RuntimeLockId,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Runtime;

	// 0-9 system
	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Preimage = pallet_preimage;
	#[runtime::pallet_index(3)]
	pub type Scheduler = pallet_scheduler;
	#[runtime::pallet_index(4)]
	pub type Utility = pallet_utility;
	#[runtime::pallet_index(5)]
	pub type Multisig = pallet_multisig;
	#[runtime::pallet_index(6)]
	pub type Proxy = pallet_proxy;
	#[runtime::pallet_index(7)]
	pub type MultiBlockMigrations = pallet_migrations;

	// 10-19 consensus
	#[runtime::pallet_index(10)]
	pub type Authorship = pallet_authorship;
	#[runtime::pallet_index(11)]
	pub type Aura = pallet_aura;
	#[runtime::pallet_index(12)]
	pub type Session = pallet_session;
	#[runtime::pallet_index(13)]
	pub type Grandpa = pallet_grandpa;
	#[runtime::pallet_index(14)]
	pub type Offences = pallet_offences;
	#[runtime::pallet_index(15)]
	pub type Historical = pallet_session::historical;

	// 20-29 fees
	#[runtime::pallet_index(20)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(21)]
	pub type TransactionPayment = pallet_transaction_payment;

	// 30-39 governance
	#[runtime::pallet_index(30)]
	pub type Council = pallet_collective<Instance1>;
	#[runtime::pallet_index(31)]
	pub type TechnicalCommittee = pallet_collective<Instance2>;
	#[runtime::pallet_index(32)]
	pub type Whitelist = pallet_whitelist;
	#[runtime::pallet_index(33)]
	pub type SafeMode = pallet_safe_mode;
	#[runtime::pallet_index(34)]
	pub type TxPause = pallet_tx_pause;

	// 50-79 ours
	#[runtime::pallet_index(50)]
	pub type Identity = pallet_health_identity;
	#[runtime::pallet_index(51)]
	pub type Accreditation = pallet_health_accreditation;
	#[runtime::pallet_index(52)]
	pub type Vault = pallet_health_vault;
	#[runtime::pallet_index(53)]
	pub type Records = pallet_health_records;
	#[runtime::pallet_index(54)]
	pub type Consent = pallet_health_consent;
	#[runtime::pallet_index(55)]
	pub type SupplyChain = pallet_health_supply_chain;
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn keys_are_named_in_the_order_of_the_session_handler() {
		let types: Vec<_> = <SessionKeys as sp_runtime::traits::OpaqueKeys>::key_ids().to_vec();
		assert_eq!(types, [sp_core::crypto::key_types::AURA, sp_core::crypto::key_types::GRANDPA]);
	}
}
