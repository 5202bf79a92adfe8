// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet, a clock and balances.

use crate as pallet_health_identity;
use crate::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{
		ConstU32, ConstU64, ConstU128, EnsureOrigin, EnsureOriginWithArg, LinearStoragePrice,
		fungible::HoldConsideration,
	},
};
use salus_primitives::{IdentityId, IdentityKind, Moment};
use salus_test_support::{START, account, agreement_key};
use salus_traits::identity::SuspendedBy;
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie};
use sp_runtime::{AccountId32, BuildStorage, MultiSignature, traits::IdentityLookup};

/// What a byte of a registration or a service costs, beside 10 for the row.
pub(crate) const PER_BYTE: u64 = 1;
/// What a patient may spend on fees per day.
pub(crate) const ALLOWANCE: u128 = 1_000;
/// How far ahead a consent may reach.
pub(crate) const CONSENT_AGE: Moment = 60 * 60 * 1000;

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
	pub type Identity = pallet_health_identity;
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
	pub const Registration: RuntimeHoldReason =
		RuntimeHoldReason::Identity(HoldReason::Registration);
	pub const ForService: RuntimeHoldReason = RuntimeHoldReason::Identity(HoldReason::Service);
	pub const Organisation: IdentityKind = IdentityKind::Organisation;
	/// Few, so that a test reaches the bound; a test of many sets more.
	pub static MaxAgreementVersions: u32 = 4;
}

/// A price that shows whether a footprint shrank.
type Price = LinearStoragePrice<ConstU64<10>, ConstU64<PER_BYTE>, u64>;

/// Governance is root; every organisation with the scope to accredit is an authority over all.
pub struct Suspenders;

type Accrediting = EnsureIdentityOfKind<Test, Organisation, scopes::Accredit>;

impl EnsureOriginWithArg<RuntimeOrigin, IdentityId> for Suspenders {
	type Success = SuspendedBy;

	fn try_origin(origin: RuntimeOrigin, _: &IdentityId) -> Result<SuspendedBy, RuntimeOrigin> {
		if frame_system::ensure_root(origin.clone()).is_ok() {
			return Ok(SuspendedBy::Governance);
		}
		Accrediting::try_origin(origin).map(|authority| SuspendedBy::Authority(authority.id))
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin(_: &IdentityId) -> Result<RuntimeOrigin, ()> {
		Ok(RuntimeOrigin::root())
	}
}

impl Config for Test {
	type AnyKeyOrigin = EnsureAnyKey<Test>;
	type DailyAllowance = PatientsOnly<ConstU128<ALLOWANCE>>;
	type KeyAdminOrigin = EnsureIdentity<Test, scopes::KeyAdmin>;
	type MaxAgreementVersions = MaxAgreementVersions;
	type MaxConsentAge = ConstU64<CONSENT_AGE>;
	type MaxDocVersions = ConstU32<5>;
	type MaxKeyHistory = ConstU32<9>;
	type MaxKeys = ConstU32<3>;
	type MaxPage = ConstU32<3>;
	type MaxServices = ConstU32<2>;
	type MaxSponsoredPerDay = ConstU32<2>;
	type ProfileOrigin = EnsureIdentity<Test, scopes::ProfileWrite>;
	type RegistrationDeposit = HoldConsideration<AccountId32, Balances, Registration, Price>;
	type ServiceDeposit = HoldConsideration<AccountId32, Balances, ForService, Price>;
	type Signature = MultiSignature;
	type SponsorOrigin = EnsureIdentityOfKind<Test, Organisation, scopes::Sponsor>;
	type SuspensionOrigin = Suspenders;
	type Time = Timestamp;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = ();
}

/// Alice, Bob and Charlie with 10,000 units each, at [`START`].
#[derive(Default)]
pub(crate) struct ExtBuilder {
	identities: Vec<GenesisIdentity<AccountId32>>,
}

impl ExtBuilder {
	/// Registers a development key, with a salt of zeros, at genesis.
	pub(crate) fn identity(mut self, who: Sr25519Keyring, kind: IdentityKind) -> Self {
		let agreement_key = agreement_key(200 + self.identities.len() as u8);
		let account = account(who);
		self.identities.push(GenesisIdentity { account, kind, salt: [0; 16], agreement_key });
		self
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		MaxAgreementVersions::set(4);
		let config = RuntimeGenesisConfig {
			system: Default::default(),
			balances: pallet_balances::GenesisConfig {
				balances: [Alice, Bob, Charlie].map(|who| (account(who), 10_000)).to_vec(),
				..Default::default()
			},
			identity: pallet_health_identity::GenesisConfig { identities: self.identities },
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
			Identity::do_try_state().unwrap();
		});
	}
}
