// SPDX-License-Identifier: Apache-2.0

//! Who governs: a council, a technical committee, and no single key.
//!
//! Root comes from [`pallet_whitelist`] alone: the committee whitelists the hash of a call, two
//! thirds of the council dispatch it. Our pallets' governance calls need more than half of the
//! council.

use crate::{
	AccountId, BlockNumber, Preimage, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason,
	RuntimeOrigin, System, configs::RuntimeBlockWeights, constants::time::*,
};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains, EitherOf, MapSuccess},
	weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{EnsureProportionAtLeast, EnsureProportionMoreThan, Instance1, Instance2};
use pallet_tx_pause::RuntimeCallNameOf;
use sp_runtime::{Perbill, traits::Replace};

type CouncilCollective = Instance1;
type TechnicalCollective = Instance2;

/// More than half of the council, or Root.
pub type CouncilMajority =
	EitherOf<EnsureRoot<AccountId>, EnsureProportionMoreThan<AccountId, CouncilCollective, 1, 2>>;
/// Two thirds of the council.
pub type CouncilTwoThirds = EnsureProportionAtLeast<AccountId, CouncilCollective, 2, 3>;
/// Two thirds of the technical committee.
pub type TechnicalTwoThirds = EnsureProportionAtLeast<AccountId, TechnicalCollective, 2, 3>;

parameter_types! {
	pub const MotionDuration: BlockNumber = 5 * DAYS;
	pub MaxProposalWeight: Weight =
		Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

impl pallet_collective::Config<CouncilCollective> for Runtime {
	type Consideration = ();
	type DefaultVote = pallet_collective::MoreThanMajorityThenPrimeDefaultVote;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type MaxMembers = ConstU32<32>;
	type MaxProposalWeight = MaxProposalWeight;
	type MaxProposals = ConstU32<32>;
	type MotionDuration = MotionDuration;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
}

impl pallet_collective::Config<TechnicalCollective> for Runtime {
	type Consideration = ();
	type DefaultVote = pallet_collective::MoreThanMajorityThenPrimeDefaultVote;
	type DisapproveOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	type MaxMembers = ConstU32<32>;
	type MaxProposalWeight = MaxProposalWeight;
	type MaxProposals = ConstU32<32>;
	type MotionDuration = MotionDuration;
	type Proposal = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type RuntimeOrigin = RuntimeOrigin;
	type SetMembersOrigin = EnsureRoot<AccountId>;
	type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
}

impl pallet_whitelist::Config for Runtime {
	type BlockNumberProvider = System;
	// A council dispatch that came before the whitelisting waits that long for it.
	type DeferredDispatchExpiration = ConstU32<{ 28 * DAYS }>;
	type DispatchWhitelistedOrigin = EitherOf<EnsureRoot<AccountId>, CouncilTwoThirds>;
	type Preimages = Preimage;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type WeightInfo = pallet_whitelist::weights::SubstrateWeight<Runtime>;
	type WhitelistOrigin = EitherOf<EnsureRoot<AccountId>, TechnicalTwoThirds>;
}

/// What goes on in safe mode: governing, what blocks need, revoking a grant and freezing one's keys.
///
/// A motion of the council for one of our pallets does not: there it goes through the whitelist.
pub struct SafeModeWhitelist;

impl Contains<RuntimeCall> for SafeModeWhitelist {
	fn contains(call: &RuntimeCall) -> bool {
		matches!(
			call,
			RuntimeCall::Timestamp(_)
				| RuntimeCall::Council(_)
				| RuntimeCall::TechnicalCommittee(_)
				| RuntimeCall::Whitelist(_)
				| RuntimeCall::Preimage(_)
				| RuntimeCall::SafeMode(_)
				| RuntimeCall::TxPause(_)
				| RuntimeCall::Grandpa(
					pallet_grandpa::Call::report_equivocation { .. }
						| pallet_grandpa::Call::report_equivocation_unsigned { .. }
				) | RuntimeCall::Consent(
				pallet_health_consent::Call::revoke { .. }
					| pallet_health_consent::Call::revoke_all { .. }
			) | RuntimeCall::Identity(pallet_health_identity::Call::freeze_keys { .. })
		)
	}
}

parameter_types! {
	pub const SafeModeDuration: BlockNumber = 4 * HOURS;
}

impl pallet_safe_mode::Config for Runtime {
	type Currency = crate::Balances;
	// Nobody enters by a deposit: the committee does.
	type EnterDepositAmount = ();
	type EnterDuration = SafeModeDuration;
	type ExtendDepositAmount = ();
	type ExtendDuration = SafeModeDuration;
	type ForceDepositOrigin = EnsureRoot<AccountId>;
	type ForceEnterOrigin = MapSuccess<TechnicalTwoThirds, Replace<SafeModeDuration>>;
	type ForceExitOrigin = EitherOf<EnsureRoot<AccountId>, TechnicalTwoThirds>;
	type ForceExtendOrigin = MapSuccess<TechnicalTwoThirds, Replace<SafeModeDuration>>;
	type Notify = ();
	type ReleaseDelay = ();
	type RuntimeEvent = RuntimeEvent;
	type RuntimeHoldReason = RuntimeHoldReason;
	type WeightInfo = pallet_safe_mode::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = SafeModeWhitelist;
}

/// What can never be paused: the calls that govern, what blocks need, and withdrawing trust.
pub struct NeverPaused;

impl Contains<RuntimeCallNameOf<Runtime>> for NeverPaused {
	fn contains(name: &RuntimeCallNameOf<Runtime>) -> bool {
		let (pallet, call) = name;
		matches!(
			(pallet.as_slice(), call.as_slice()),
			(
				b"Timestamp"
					| b"Council" | b"TechnicalCommittee"
					| b"Whitelist" | b"Preimage"
					| b"SafeMode" | b"TxPause",
				_,
			) | (b"Consent", b"revoke" | b"revoke_all")
				| (b"Identity", b"freeze_keys")
				| (b"Grandpa", b"report_equivocation" | b"report_equivocation_unsigned")
		)
	}
}

impl pallet_tx_pause::Config for Runtime {
	type MaxNameLen = ConstU32<256>;
	type PauseOrigin = EitherOf<EnsureRoot<AccountId>, TechnicalTwoThirds>;
	type RuntimeCall = RuntimeCall;
	type RuntimeEvent = RuntimeEvent;
	type UnpauseOrigin = EitherOf<EnsureRoot<AccountId>, TechnicalTwoThirds>;
	type WeightInfo = pallet_tx_pause::weights::SubstrateWeight<Runtime>;
	type WhitelistedCalls = NeverPaused;
}
