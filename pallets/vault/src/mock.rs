// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet, a clock and balances.

use crate as pallet_health_vault;
use crate::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, ConstantStoragePrice, fungible::HoldConsideration},
};
use salus_primitives::{IdentityKind, KdfLimits};
use salus_test_support::{EnsureActor, Identities, START, account, identity, reset};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

/// The deposit for a vault.
pub(crate) const DEPOSIT: u64 = 40;
/// What everybody but patients has.
pub(crate) const BALANCE: u64 = 100;
/// The hash of block 0.
pub(crate) const GENESIS: [u8; 32] = [0x6e; 32];
/// How many slots a vault may have.
pub(crate) const MAX_SLOTS: u32 = 4;
/// How long a body may be.
pub(crate) const MAX_BODY: u32 = 512;

#[frame_support::runtime]
mod runtime {
	#[runtime::runtime]
	#[rustfmt::skip]
	#[runtime::derive(RuntimeCall, RuntimeEvent, RuntimeError, RuntimeOrigin, RuntimeFreezeReason, RuntimeHoldReason, RuntimeSlashReason, RuntimeLockId, RuntimeTask, RuntimeViewFunction)]
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(50)]
	pub type Vaulting = pallet_health_vault;
}

type Block = frame_system::mocking::MockBlock<Test>;

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u64>;
	type AccountId = AccountId32;
	type Block = Block;
	type Lookup = IdentityLookup<AccountId32>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type ExistentialDeposit = ConstU64<1>;
}

parameter_types! {
	pub const ForVaults: RuntimeHoldReason = RuntimeHoldReason::Vaulting(HoldReason::Vault);
	pub const Genesis: [u8; 32] = GENESIS;
	pub const Limits: KdfLimits = KdfLimits::STANDARD;
}

type Price = ConstantStoragePrice<ConstU64<DEPOSIT>, u64>;

impl Config for Test {
	type GenesisHash = Genesis;
	type Identities = Identities;
	type KdfLimits = Limits;
	type MaxBody = ConstU32<MAX_BODY>;
	type MaxSlots = ConstU32<MAX_SLOTS>;
	type Time = Timestamp;
	type VaultDeposit = HoldConsideration<AccountId32, Balances, ForVaults, Price>;
	type VaultOrigin = EnsureActor;
	type WeightInfo = ();
}

/// Who is what. The patients, Alice and Dave, have no money.
const PEOPLE: [(Sr25519Keyring, IdentityKind); 5] = [
	(Alice, IdentityKind::Patient),
	(Bob, IdentityKind::Organisation),
	(Charlie, IdentityKind::Practitioner),
	(Dave, IdentityKind::Patient),
	(Sr25519Keyring::Ferdie, IdentityKind::Device),
];

/// The people above, at [`START`].
#[derive(Default)]
pub(crate) struct ExtBuilder;

impl ExtBuilder {
	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset();
		for (who, kind) in PEOPLE {
			Identities::set(account(who), identity(who), kind);
		}
		let config = RuntimeGenesisConfig {
			system: Default::default(),
			balances: pallet_balances::GenesisConfig {
				balances: [Bob, Charlie].map(|who| (account(who), BALANCE)).to_vec(),
				..Default::default()
			},
		};
		let mut ext = sp_io::TestExternalities::new(config.build_storage().unwrap());
		ext.register_extension(sp_keystore::KeystoreExt::new(
			sp_keystore::testing::MemoryKeystore::new(),
		));
		ext.execute_with(|| {
			System::set_block_number(1);
			Timestamp::set_timestamp(START);
		});
		ext
	}

	/// Runs a test, and sees that every invariant holds after it.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Vaulting::do_try_state().unwrap();
		});
	}
}
