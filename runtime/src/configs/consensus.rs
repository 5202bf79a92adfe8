// SPDX-License-Identifier: Apache-2.0

//! Authoring, finality, sessions and the reports of those who break the rules.

use crate::{
	AccountId, Aura, Balances, Historical, Offences, Runtime, RuntimeEvent, SessionKeys,
	constants::time::*,
};
use alloc::vec::Vec;
use frame_support::{
	parameter_types,
	traits::{ConstBool, ConstU32, ConstU64, ConstU128, FindAuthor},
};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::{
	ConsensusEngineId,
	traits::{ConvertInto, OpaqueKeys},
};
use sp_staking::SessionIndex;

/// No consortium of hospitals and regulators is larger.
pub type MaxAuthorities = ConstU32<128>;

impl pallet_aura::Config for Runtime {
	type AllowMultipleBlocksPerSlot = ConstBool<false>;
	type AuthorityId = AuraId;
	type DisabledValidators = crate::Session;
	type MaxAuthorities = MaxAuthorities;
	type SlotDuration = ConstU64<SLOT_DURATION>;
}

/// The account of the validator whose Aura key authored a block.
pub struct AuthorAccount;

impl FindAuthor<AccountId> for AuthorAccount {
	fn find_author<'a, I>(digests: I) -> Option<AccountId>
	where
		I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
	{
		let index = Aura::find_author(digests)?;
		pallet_session::Validators::<Runtime>::get().get(index as usize).cloned()
	}
}

impl pallet_authorship::Config for Runtime {
	type EventHandler = ();
	type FindAuthor = AuthorAccount;
}

parameter_types! {
	pub const Period: crate::BlockNumber = SESSION;
	pub const Offset: crate::BlockNumber = 0;
}

/// The set of the genesis, for good: until validators can be nominated, sessions rotate keys only.
///
/// It answers for the genesis sessions, because a manager that returns nothing there never seeds
/// the historical roots, and then no equivocation could be proved.
pub struct GenesisSet;

impl GenesisSet {
	fn validators() -> Vec<AccountId> {
		let mut all: Vec<_> = pallet_session::NextKeys::<Runtime>::iter_keys().collect();
		all.sort_unstable();
		all
	}
}

impl pallet_session::SessionManager<AccountId> for GenesisSet {
	fn new_session_genesis(_: SessionIndex) -> Option<Vec<AccountId>> {
		Some(Self::validators())
	}

	fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
		None
	}

	fn start_session(_: SessionIndex) {}

	fn end_session(_: SessionIndex) {}
}

impl pallet_session::historical::SessionManager<AccountId, ()> for GenesisSet {
	fn new_session_genesis(_: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		Some(Self::validators().into_iter().map(|account| (account, ())).collect())
	}

	fn new_session(_: SessionIndex) -> Option<Vec<(AccountId, ())>> {
		None
	}

	fn start_session(_: SessionIndex) {}

	fn end_session(_: SessionIndex) {}
}

/// A validator is its account; nothing more is to be known of it.
pub struct NothingMore;

impl sp_runtime::traits::Convert<AccountId, Option<()>> for NothingMore {
	fn convert(_: AccountId) -> Option<()> {
		Some(())
	}
}

impl pallet_session::Config for Runtime {
	type Currency = Balances;
	// At most a third, the limit up to which finality goes on.
	type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy;
	// Validators of a consortium are admitted, not bonded.
	type KeyDeposit = ConstU128<0>;
	type Keys = SessionKeys;
	type NextSessionRotation = pallet_session::PeriodicSessions<Period, Offset>;
	type RuntimeEvent = RuntimeEvent;
	type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
	type SessionManager = pallet_session::historical::NoteHistoricalRoot<Runtime, GenesisSet>;
	type ShouldEndSession = pallet_session::PeriodicSessions<Period, Offset>;
	type ValidatorId = AccountId;
	type ValidatorIdOf = ConvertInto;
	type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::historical::Config for Runtime {
	type FullIdentification = ();
	type FullIdentificationOf = NothingMore;
	type RuntimeEvent = RuntimeEvent;
}

impl pallet_offences::Config for Runtime {
	type IdentificationTuple = pallet_session::historical::IdentificationTuple<Runtime>;
	// An offence is put on record; the consortium acts on it.
	type OnOffenceHandler = ();
	type RuntimeEvent = RuntimeEvent;
}

parameter_types! {
	pub const ReportLongevity: u64 = HISTORY_SESSIONS as u64 * SESSION as u64;
}

impl pallet_grandpa::Config for Runtime {
	type EquivocationReportSystem =
		pallet_grandpa::EquivocationReportSystem<Runtime, Offences, Historical, ReportLongevity>;
	type KeyOwnerProof = sp_session::MembershipProof;
	type MaxAuthorities = MaxAuthorities;
	type MaxNominators = ConstU32<0>;
	type MaxSetIdSessionEntries = ConstU64<{ HISTORY_SESSIONS as u64 }>;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = ();
}
