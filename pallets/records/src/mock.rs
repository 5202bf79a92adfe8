// SPDX-License-Identifier: Apache-2.0

//! A runtime of this pallet and doubles of all it asks.

use crate as pallet_health_records;
use crate::tests::actors::{CLINICAL, LAB, READINGS, register, set_time};
use frame_support::traits::{ConstU32, ConstU64, LinearStoragePrice};
use frame_support::{derive_impl, parameter_types, traits::fungible::HoldConsideration};
use frame_system::EnsureRoot;
use salus_primitives::RecordClass;
use salus_test_support::{
	Accreditations, EnsureActor, Identities, OpenCompartments, START, account,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{AccountId32, BuildStorage, MultiSignature, traits::IdentityLookup};

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[runtime::derive(
		RuntimeCall,
		RuntimeEvent,
		RuntimeError,
		RuntimeOrigin,
		RuntimeHoldReason,
		RuntimeFreezeReason,
		RuntimeTask,
		RuntimeViewFunction
	)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(3)]
	pub type HealthRecords = pallet_health_records;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u64>;
	type AccountId = AccountId32;
	type Block = frame_system::mocking::MockBlock<Self>;
	type Lookup = IdentityLookup<AccountId32>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
}

pub(crate) const GENESIS: [u8; 32] = [0x60; 32];
pub(crate) const MAX_OPEN: u32 = 3;
/// Some forty versions of a patient's own.
pub(crate) const MAX_OWN_BYTES: u32 = 80_000;
pub(crate) const MAX_PAGE: u32 = 4;
pub(crate) const SWEEP: u32 = 5;

parameter_types! {
	pub const GenesisHash: [u8; 32] = GENESIS;
	pub const RecordHold: RuntimeHoldReason =
		RuntimeHoldReason::HealthRecords(crate::HoldReason::Record);
}

impl crate::Config for Test {
	type Accreditations = Accreditations;
	type Affiliations = Accreditations;
	type AgreementKeys = Identities;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = salus_traits::signers::KeystoreSigners;
	type Clock = Timestamp;
	type Compartments = OpenCompartments;
	type GenesisHash = GenesisHash;
	type GovernanceOrigin = EnsureRoot<AccountId32>;
	type Identities = Identities;
	type IdentityOrigin = EnsureActor;
	type MaxOpenOwnProposals = ConstU32<MAX_OPEN>;
	type MaxOwnBytes = ConstU32<MAX_OWN_BYTES>;
	type MaxPage = ConstU32<MAX_PAGE>;
	type RecordConsideration = HoldConsideration<
		AccountId32,
		Balances,
		RecordHold,
		LinearStoragePrice<ConstU64<100>, ConstU64<1>, u64>,
	>;
	type Signature = MultiSignature;
	type SweepPerBlock = ConstU32<SWEEP>;
	type WeightInfo = ();
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	salus_test_support::reset();
	register();
	let balances = Sr25519Keyring::iter().map(|who| (account(who), 1_000_000)).collect();
	let policies = vec![
		(RecordClass::Clinical, CLINICAL),
		(RecordClass::Laboratory, LAB),
		(RecordClass::DeviceData, READINGS),
	];
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
		health_records: pallet_health_records::GenesisConfig { policies, ..Default::default() },
		..Default::default()
	};
	let mut ext = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
	ext.register_extension(sp_keystore::KeystoreExt::new(
		sp_keystore::testing::MemoryKeystore::new(),
	));
	ext.execute_with(|| {
		System::set_block_number(1);
		set_time(START);
	});
	ext
}

/// Runs a test on the genesis state and checks every invariant after it.
pub(crate) fn build_and_execute(test: impl FnOnce()) {
	new_test_ext().execute_with(|| {
		test();
		HealthRecords::do_try_state().expect("every invariant holds");
	});
}
