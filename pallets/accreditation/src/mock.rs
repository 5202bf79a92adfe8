// SPDX-License-Identifier: Apache-2.0

//! A runtime with this pallet, a clock and balances, over doubles of the other domains.

use crate as pallet_health_accreditation;
use crate::*;
use frame_support::{
	derive_impl, parameter_types,
	traits::{ConstU32, ConstU64, ConstantStoragePrice, fungible::HoldConsideration},
};
use frame_system::EnsureRoot;
use salus_primitives::{DAY, IdentityKind, Moment};
use salus_test_support::{EnsureActor, Identities, START, account, identity};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

/// The deposit of an accreditation.
pub(crate) const LICENCE_DEPOSIT: u64 = 10;
/// The deposit of an affiliation.
pub(crate) const AFFILIATION_DEPOSIT: u64 = 3;
/// How far ahead accreditations and affiliations may end.
pub(crate) const TERM: Moment = 1_000 * DAY;
/// How long an invitation may stand.
pub(crate) const INVITATION_AGE: Moment = 30 * DAY;
/// How long what has ended is kept.
pub(crate) const RETENTION: Moment = 100 * DAY;
/// How many accreditations a subject may hold.
pub(crate) const MAX_HELD: u32 = 4;
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
}

type Price<const P: u64> = ConstantStoragePrice<ConstU64<P>, u64>;

impl Config for Test {
	type AccreditationDeposit =
		HoldConsideration<AccountId32, Balances, ForLicences, Price<LICENCE_DEPOSIT>>;
	type AffiliationDeposit =
		HoldConsideration<AccountId32, Balances, ForAffiliations, Price<AFFILIATION_DEPOSIT>>;
	type GovernanceOrigin = EnsureRoot<AccountId32>;
	type Identities = Identities;
	type IdentityOrigin = EnsureActor;
	type MaxAccreditationTerm = ConstU64<TERM>;
	type MaxAccreditationsPerSubject = ConstU32<MAX_HELD>;
	type MaxAffiliationTerm = ConstU64<TERM>;
	type MaxAffiliationsKept = ConstU32<MAX_KEPT>;
	type MaxInvitationAge = ConstU64<INVITATION_AGE>;
	type MaxOpenInvitations = ConstU32<3>;
	type Retention = ConstU64<RETENTION>;
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

/// Who is what: Alice is the regulator's organisation, Bob, Charlie and Ferdie are hospitals, Dave
/// is a practitioner, Eve a patient.
const PEOPLE: [(Sr25519Keyring, IdentityKind); 6] = [
	(Alice, IdentityKind::Organisation),
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
