// SPDX-License-Identifier: Apache-2.0

//! A runtime of this pallet and doubles of all it asks.

use crate as pallet_health_supply_chain;
use crate::tests::actors::{register, set_time};
use codec::{DecodeAll, Encode};
use frame_support::traits::{ConstU32, ConstU64, LinearStoragePrice, fungible::InspectHold};
use frame_support::{derive_impl, parameter_types, traits::fungible::HoldConsideration};
use frame_system::EnsureRoot;
use salus_test_support::{Accreditations, EnsureActor, Identities, Prescriptions, START, account};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{AccountId32, BuildStorage, MultiSignature, traits::IdentityLookup};
use std::collections::BTreeMap;

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
	pub type SupplyChain = pallet_health_supply_chain;
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
pub(crate) const MAX_PAGE: u32 = 4;
pub(crate) const SWEEP: u32 = 5;

parameter_types! {
	pub const GenesisHash: [u8; 32] = GENESIS;
	pub const SupplyHold: RuntimeHoldReason =
		RuntimeHoldReason::SupplyChain(crate::HoldReason::Supply);
}

impl crate::Config for Test {
	type Accreditations = Accreditations;
	type Authorities = Accreditations;
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = salus_traits::signers::KeystoreSigners;
	type Clock = Timestamp;
	type GenesisHash = GenesisHash;
	type Identities = Identities;
	type MaxPage = ConstU32<MAX_PAGE>;
	type PartnerOrigin = EnsureActor;
	type Prescriptions = Prescriptions;
	type RegistryOrigin = EnsureRoot<AccountId32>;
	type Signature = MultiSignature;
	type SupplyConsideration = HoldConsideration<
		AccountId32,
		Balances,
		SupplyHold,
		LinearStoragePrice<ConstU64<100>, ConstU64<1>, u64>,
	>;
	type SweepPerBlock = ConstU32<SWEEP>;
	type WeightInfo = ();
}

pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	salus_test_support::reset();
	register();
	let balances = Sr25519Keyring::iter().map(|who| (account(who), 1 << 50)).collect();
	let genesis = RuntimeGenesisConfig {
		balances: pallet_balances::GenesisConfig { balances, ..Default::default() },
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
		SupplyChain::do_try_state().expect("every invariant holds");
		deposits_are_held();
	});
}

/// I16: what is held from each account is the sum of the deposits that are recorded for it.
pub(crate) fn deposits_are_held() {
	let mut held = BTreeMap::<AccountId32, u64>::new();
	let mut add = |deposit: crate::DepositOf<Test>| {
		// A ticket is the amount that it holds.
		let amount = u64::decode_all(&mut &deposit.ticket.encode()[..]).unwrap();
		*held.entry(deposit.depositor).or_default() += amount;
	};
	crate::Products::<Test>::iter_values().for_each(|row| add(row.deposit));
	crate::Lots::<Test>::iter_values().for_each(|row| add(row.deposit));
	crate::Batches::<Test>::iter_values().for_each(|row| add(row.deposit));
	crate::Containers::<Test>::iter_values().for_each(|row| add(row.deposit));
	crate::Shipments::<Test>::iter_values().for_each(|row| add(row.deposit));
	for who in Sr25519Keyring::iter().map(account) {
		let sum = held.remove(&who).unwrap_or_default();
		assert_eq!(Balances::balance_on_hold(&SupplyHold::get(), &who), sum, "I16: {who}");
	}
	assert!(held.is_empty(), "I16: deposits of {held:?}");
}
