// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet, a clock and balances, over doubles of the other domains.

use crate as pallet_health_accreditation;
use crate::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, ConstantStoragePrice, EnsureOrigin, fungible::HoldConsideration},
};
use frame_system::EnsureRoot;
use salus_primitives::{CallScope, DAY, IdentityKind, Moment};
use salus_test_support::{EnsureActor, Identities, START, account, identity};
use salus_traits::identity::Actor;
use sp_keyring::Sr25519Keyring::{
	self, Alice, AliceStash, Bob, BobStash, Charlie, Dave, Eve, Ferdie,
};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

/// The deposit of an accreditation.
pub(crate) const LICENCE_DEPOSIT: u64 = 10;
/// The deposit of an affiliation.
pub(crate) const AFFILIATION_DEPOSIT: u64 = 3;
/// The deposit of a request.
pub(crate) const REQUEST_DEPOSIT: u64 = 2;
/// The deposit of a status list.
pub(crate) const LIST_DEPOSIT: u64 = 5;
/// How far ahead accreditations and affiliations may end.
pub(crate) const TERM: Moment = 1_000 * DAY;
/// How long an invitation may stand.
pub(crate) const INVITATION_AGE: Moment = 30 * DAY;
/// How long a request stands.
pub(crate) const REQUEST_AGE: Moment = 20 * DAY;
/// How many status lists an authority has.
pub(crate) const MAX_LISTS: u32 = 2;
/// How long what has ended is kept.
pub(crate) const RETENTION: Moment = 100 * DAY;
/// How many accreditations a subject may hold.
pub(crate) const MAX_HELD: u32 = 4;
/// How many accreditations of a kind that are not over a subject may hold.
pub(crate) const MAX_OF_KIND: u32 = 2;
/// How many of those that make it a facility, of all kinds together.
pub(crate) const MAX_OF_FACILITY: u32 = 3;
/// How many affiliations are kept.
pub(crate) const MAX_KEPT: u32 = 5;

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
	#[runtime::pallet_index(51)]
	pub type Accreditation = pallet_health_accreditation;
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
}

parameter_types! {
	pub const ForLicences: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(HoldReason::Accreditation);
	pub const ForAffiliations: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(HoldReason::Affiliation);
	pub const ForRequests: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(HoldReason::Request);
	pub const ForLists: RuntimeHoldReason =
		RuntimeHoldReason::Accreditation(HoldReason::StatusList);
	/// What no key of anybody may sign.
	pub static Withheld: Option<CallScope> = None;
}

type Price<const P: u64> = ConstantStoragePrice<ConstU64<P>, u64>;

/// Any active identity, unless its keys may not sign what belongs to the scope with this index.
pub struct EnsureScope<const SCOPE: u8>;

impl<const SCOPE: u8> EnsureOrigin<RuntimeOrigin> for EnsureScope<SCOPE> {
	type Success = Actor<AccountId32>;

	fn try_origin(origin: RuntimeOrigin) -> Result<Self::Success, RuntimeOrigin> {
		if Withheld::get().is_some_and(|scope| scope as u8 == SCOPE) {
			return Err(origin);
		}
		EnsureActor::try_origin(origin)
	}

	#[cfg(feature = "runtime-benchmarks")]
	fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
		EnsureActor::try_successful_origin()
	}
}

/// Who may sign what belongs to [`CallScope::Accredit`].
pub(crate) type Accrediting = EnsureScope<{ CallScope::Accredit as u8 }>;
type Affiliating = EnsureScope<{ CallScope::Affiliate as u8 }>;

impl Config for Test {
	type AccreditOrigin = Accrediting;
	type AffiliateOrigin = Affiliating;
	type AccreditationDeposit =
		HoldConsideration<AccountId32, Balances, ForLicences, Price<LICENCE_DEPOSIT>>;
	type AffiliationDeposit =
		HoldConsideration<AccountId32, Balances, ForAffiliations, Price<AFFILIATION_DEPOSIT>>;
	type GovernanceOrigin = EnsureRoot<AccountId32>;
	type Identities = Identities;
	type MaxAccreditationTerm = ConstU64<TERM>;
	type MaxAccreditationsPerSubject = ConstU32<MAX_HELD>;
	type MaxAffiliationTerm = ConstU64<TERM>;
	type MaxAffiliationsKept = ConstU32<MAX_KEPT>;
	type MaxFacilityLicences = ConstU32<MAX_OF_FACILITY>;
	type MaxInvitationAge = ConstU64<INVITATION_AGE>;
	type MaxOpenInvitations = ConstU32<3>;
	type MaxRequestAge = ConstU64<REQUEST_AGE>;
	type MaxStandingPerKind = ConstU32<MAX_OF_KIND>;
	type MaxStatusLists = ConstU32<MAX_LISTS>;
	type RequestDeposit =
		HoldConsideration<AccountId32, Balances, ForRequests, Price<REQUEST_DEPOSIT>>;
	type Retention = ConstU64<RETENTION>;
	type StatusListDeposit =
		HoldConsideration<AccountId32, Balances, ForLists, Price<LIST_DEPOSIT>>;
	type Time = Timestamp;
	type WeightInfo = ();
	#[cfg(feature = "runtime-benchmarks")]
	type BenchmarkHelper = SetTimestamp;
}

#[cfg(feature = "runtime-benchmarks")]
pub struct SetTimestamp;
#[cfg(feature = "runtime-benchmarks")]
impl benchmarking::BenchmarkHelper for SetTimestamp {
	fn set_time(now: Moment) {
		Timestamp::set_timestamp(now);
	}
}

/// Who is what: Alice is the regulator's organisation, her stash and Bob's are those of registrars,
/// Bob, Charlie and Ferdie are hospitals, Dave is a practitioner, Eve a patient.
const PEOPLE: [(Sr25519Keyring, IdentityKind); 8] = [
	(Alice, IdentityKind::Organisation),
	(AliceStash, IdentityKind::Organisation),
	(BobStash, IdentityKind::Organisation),
	(Bob, IdentityKind::Organisation),
	(Charlie, IdentityKind::Organisation),
	(Ferdie, IdentityKind::Organisation),
	(Dave, IdentityKind::Practitioner),
	(Eve, IdentityKind::Patient),
];

/// The people, with 1000 units each, at [`START`].
#[derive(Default)]
pub(crate) struct ExtBuilder {
	authorities: Vec<GenesisAuthority>,
}

impl ExtBuilder {
	/// An authority from the first block on.
	pub(crate) fn authority(mut self, authority: GenesisAuthority) -> Self {
		self.authorities.push(authority);
		self
	}

	pub(crate) fn build(self) -> sp_io::TestExternalities {
		salus_test_support::reset();
		Withheld::set(None);
		for (who, kind) in PEOPLE {
			Identities::set(account(who), identity(who), kind);
		}
		let config = RuntimeGenesisConfig {
			system: Default::default(),
			balances: pallet_balances::GenesisConfig {
				balances: PEOPLE.map(|(who, _)| (account(who), 1_000)).to_vec(),
				..Default::default()
			},
			accreditation: pallet_health_accreditation::GenesisConfig {
				authorities: self.authorities,
				..Default::default()
			},
		};
		let mut ext = sp_io::TestExternalities::new(config.build_storage().unwrap());
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
			Accreditation::do_try_state().unwrap();
		});
	}
}
