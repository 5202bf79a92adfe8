// SPDX-License-Identifier: Apache-2.0

//! A runtime of this pallet alone, over doubles of the domains it asks.

use crate::{self as pallet_health_consent, Reviewer};
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, EnsureOrigin, LinearStoragePrice, fungible::HoldConsideration},
};
use frame_system::{EnsureRoot, RawOrigin};
use salus_primitives::{AccreditationKind, CompartmentNo, DAY, IdentityKind, Moment};
use salus_test_support::{
	Accreditations, EnsureActor, EnsureSubject, Identities, Records, START, account, agreement_key,
	identity, reset,
};
use salus_traits::{accreditation::AccreditationInspect, identity::Actor};
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::{
	AccountId32, BuildStorage,
	traits::{Get, IdentityLookup},
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
	pub struct Test;

	#[runtime::pallet_index(0)]
	pub type System = frame_system;
	#[runtime::pallet_index(1)]
	pub type Timestamp = pallet_timestamp;
	#[runtime::pallet_index(2)]
	pub type Balances = pallet_balances;
	#[runtime::pallet_index(53)]
	pub type Consent = pallet_health_consent;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
	type AccountData = pallet_balances::AccountData<u64>;
	type AccountId = AccountId32;
	type Block = frame_system::mocking::MockBlock<Test>;
	type Lookup = IdentityLookup<AccountId32>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
	type AccountStore = System;
	type RuntimeHoldReason = RuntimeHoldReason;
}

parameter_types! {
	pub static AuthorAccess: bool = true;
	pub const MaxBackdating: Moment = DAY;
	pub const MaxGrantLength: Moment = 365 * DAY;
	pub const MaxLogDelay: Moment = 60_000;
	pub const MaxRequestAge: Moment = 90 * DAY;
	pub const RequestHold: RuntimeHoldReason =
		RuntimeHoldReason::Consent(pallet_health_consent::HoldReason::Request);
	pub const BaseDeposit: u64 = 10;
	pub const ByteDeposit: u64 = 1;
}

impl pallet_health_consent::Config for Test {
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = SetClock;
	type SubjectOrigin = EnsureSubject;
	type PartyOrigin = EnsureActor;
	type GovernanceOrigin = EnsureRoot<AccountId32>;
	type ReviewOrigin = EnsureReviewer;
	type RecorderOrigin = EnsureAccredited<Custodian>;
	type EmergencyHolderOrigin = EnsureAccredited<Facility>;
	type Identities = Identities;
	type AgreementKeys = Identities;
	type Accreditations = Accreditations;
	type Affiliations = Accreditations;
	type Records = Records;
	type Time = Timestamp;
	type RequestConsideration = HoldConsideration<
		AccountId32,
		Balances,
		RequestHold,
		LinearStoragePrice<BaseDeposit, ByteDeposit, u64>,
	>;
	type AuthorAccess = AuthorAccess;
	type MaxCompartments = ConstU32<10>;
	type MaxLiveGrants = ConstU32<20>;
	type MaxBackdating = MaxBackdating;
	type MaxGrantLength = MaxGrantLength;
	type MaxLogDelay = MaxLogDelay;
	type MaxOpenRequests = ConstU32<6>;
	type MaxRequestAge = MaxRequestAge;
	type SweepPerBlock = ConstU32<16>;
	type AccessLogSize = ConstU32<64>;
	type MaxPage = ConstU32<100>;
	type WeightInfo = ();
}

#[cfg(feature = "runtime-benchmarks")]
pub struct SetClock;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper for SetClock {
	fn set_time(now: Moment) {
		pallet_timestamp::Now::<Test>::put(now);
	}
}

parameter_types! {
	pub const Custodian: AccreditationKind = AccreditationKind::DataCustodian;
	pub const Facility: AccreditationKind = AccreditationKind::FacilityLicence;
}

/// An active identity that holds an accreditation.
pub struct EnsureAccredited<Kind>(core::marker::PhantomData<Kind>);

impl<Kind: Get<AccreditationKind>> EnsureOrigin<RuntimeOrigin> for EnsureAccredited<Kind> {
	type Success = Actor<AccountId32>;

	fn try_origin(origin: RuntimeOrigin) -> Result<Self::Success, RuntimeOrigin> {
		let actor = EnsureActor::try_origin(origin)?;
		if Accreditations::is_accredited(&actor.id, Kind::get(), Timestamp::get()) {
			Ok(actor)
		} else {
			Err(RawOrigin::Signed(actor.payer).into())
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		let origin: RuntimeOrigin = EnsureActor::try_successful_origin()?;
		let actor = EnsureActor::try_origin(origin.clone()).map_err(|_| ())?;
		Accreditations::bench_accredit(&actor.id, Kind::get());
		Ok(origin)
	}
}

/// Governance, or any active identity.
pub struct EnsureReviewer;

impl EnsureOrigin<RuntimeOrigin> for EnsureReviewer {
	type Success = Reviewer;

	fn try_origin(origin: RuntimeOrigin) -> Result<Reviewer, RuntimeOrigin> {
		match EnsureRoot::<AccountId32>::try_origin(origin) {
			Ok(()) => Ok(Reviewer::Governance),
			Err(origin) => EnsureActor::try_origin(origin).map(|actor| Reviewer::Officer(actor.id)),
		}
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		Ok(RawOrigin::Root.into())
	}
}

/// Who lives in the tests. The patient is Alice; Two is nobody.
const PEOPLE: [(Sr25519Keyring, IdentityKind); 7] = [
	(Alice, IdentityKind::Patient),
	(Bob, IdentityKind::Practitioner),
	(Charlie, IdentityKind::Practitioner),
	(Dave, IdentityKind::Patient),
	(Eve, IdentityKind::Organisation),
	(Ferdie, IdentityKind::Organisation),
	(One, IdentityKind::Organisation),
];

/// What everybody has.
pub(crate) const FUNDS: u64 = 1_000_000;

/// Builds the world of a test: Alice has compartment 1, and 2, which is restricted.
pub(crate) struct ExtBuilder {
	compartments: Vec<(CompartmentNo, bool)>,
}

impl Default for ExtBuilder {
	fn default() -> Self {
		Self { compartments: vec![(1, false), (2, true)] }
	}
}

impl ExtBuilder {
	pub(crate) fn compartments(self, compartments: &[(CompartmentNo, bool)]) -> Self {
		Self { compartments: compartments.to_vec() }
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		reset();
		AuthorAccess::set(true);
		let mut storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
		let balances = PEOPLE.map(|(who, _)| (account(who), FUNDS)).to_vec();
		pallet_balances::GenesisConfig::<Test> { balances, ..Default::default() }
			.assimilate_storage(&mut storage)
			.unwrap();
		let mut ext = sp_io::TestExternalities::new(storage);
		ext.execute_with(|| {
			System::set_block_number(1);
			Timestamp::set_timestamp(START);
			for (who, kind) in PEOPLE {
				Identities::set(account(who), identity(who), kind);
			}
			Accreditations::always(identity(One), AccreditationKind::DataCustodian);
			for (no, restricted) in self.compartments {
				let (origin, key) = (RuntimeOrigin::signed(account(Alice)), agreement_key(no));
				Consent::open_compartment(origin, identity(Alice), no, key, restricted).unwrap();
			}
		});
		ext
	}

	/// Runs a test in this world, and checks the invariants after it.
	pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
		self.build().execute_with(|| {
			test();
			Consent::do_try_state().expect("invariants hold after every test");
		});
	}
}

#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
	ExtBuilder::default().compartments(&[]).build()
}
