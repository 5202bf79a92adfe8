// SPDX-License-Identifier: Apache-2.0

//! An identity, where it stands, and its profile.

use super::CurrentAgreementKey;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{Commitment, DocVersion, IdentityKind, KeyId, Moment, SuspensionGround};
use salus_traits::identity::SuspendedBy;
use scale_info::TypeInfo;

/// Where an identity stands.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum IdentityStatus {
	/// It acts.
	#[codec(index = 0)]
	Active,
	/// It must not act for the time being.
	#[codec(index = 1)]
	Suspended {
		/// Since when.
		since: Moment,
		/// From when on it acts again; `None` when somebody has to reinstate it.
		until: Option<Moment>,
		/// On what ground.
		reason: SuspensionGround,
		/// By whose decision.
		by: SuspendedBy,
	},
	/// The person died.
	#[codec(index = 2)]
	Deceased,
	/// It ended itself, finally.
	#[codec(index = 3)]
	Deactivated {
		/// When.
		at: Moment,
	},
}

impl IdentityStatus {
	/// Where it stands once a suspension that ended is left out.
	///
	/// Asks for the time only when it matters, so that most identities cost no read of the clock.
	pub fn effective(self, now: impl FnOnce() -> Moment) -> Self {
		match self {
			Self::Suspended { until: Some(until), .. } if until <= now() => Self::Active,
			status => status,
		}
	}

	/// When it was deactivated, if it was.
	pub fn deactivated_at(&self) -> Option<Moment> {
		match self {
			Self::Deactivated { at } => Some(*at),
			Self::Active | Self::Suspended { .. } | Self::Deceased => None,
		}
	}
}

/// A ticket, and who gets its deposit back.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose money is held.
	pub depositor: AccountId,
	/// What it is held for.
	pub ticket: Ticket,
}

/// An identity: all that a call about it reads, in one row.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct IdentityRecord<AccountId, Ticket> {
	/// As what it registered.
	pub kind: IdentityKind,
	/// Where it stands. Read it by [`IdentityStatus::effective`].
	pub status: IdentityStatus,
	/// The account of its primary key.
	pub account: AccountId,
	/// Its primary key, which may do everything.
	pub primary: KeyId,
	/// Whether all keys but the primary are frozen.
	pub frozen: bool,
	/// The number that its next key gets.
	pub next_key: KeyId,
	/// How many of its keys have not ended.
	pub active_keys: u32,
	/// How often the primary key was rotated.
	pub epoch: u32,
	/// The version of its DID document, from 1 on.
	pub doc_version: DocVersion,
	/// When it registered.
	pub registered_at: Moment,
	/// When its DID document changed last.
	pub updated_at: Moment,
	/// How many services it has.
	pub services: u32,
	/// Its agreement key.
	pub agreement: CurrentAgreementKey,
	/// The deposit for its rows. A sponsored identity and one of the genesis have none.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

impl<AccountId, Ticket> IdentityRecord<AccountId, Ticket> {
	/// Whether it may act.
	pub fn is_active(&self, now: impl FnOnce() -> Moment) -> bool {
		self.status.effective(now) == IdentityStatus::Active
	}

	/// What a user sees of it at `now`.
	pub fn into_view(self, profile: Option<Profile>, now: Moment) -> IdentityView<AccountId> {
		IdentityView {
			kind: self.kind,
			status: self.status.effective(|| now),
			account: self.account,
			primary: self.primary,
			frozen: self.frozen,
			active_keys: self.active_keys,
			epoch: self.epoch,
			doc_version: self.doc_version,
			registered_at: self.registered_at,
			updated_at: self.updated_at,
			agreement: self.agreement,
			profile,
		}
	}
}

/// The commitment to a sealed profile, or that there is none any more.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Default,
	PartialEq,
	Eq,
	Debug,
)]
pub struct Profile {
	/// Salted: without the salt it reveals nothing. `None` when it was cleared.
	pub commitment: Option<Commitment>,
	/// How often it was set or cleared, from 1 on.
	pub revision: u32,
}

/// What a user sees of an identity.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct IdentityView<AccountId> {
	/// As what it registered.
	pub kind: IdentityKind,
	/// Where it stands; active again when a suspension ended.
	pub status: IdentityStatus,
	/// The account of its primary key.
	pub account: AccountId,
	/// Its primary key.
	pub primary: KeyId,
	/// Whether all keys but the primary are frozen.
	pub frozen: bool,
	/// How many of its keys have not ended.
	pub active_keys: u32,
	/// How often the primary key was rotated.
	pub epoch: u32,
	/// The version of its DID document.
	pub doc_version: DocVersion,
	/// When it registered.
	pub registered_at: Moment,
	/// When its DID document changed last.
	pub updated_at: Moment,
	/// Its agreement key.
	pub agreement: CurrentAgreementKey,
	/// The commitment to its sealed profile, when one was ever set.
	pub profile: Option<Profile>,
}

#[cfg(test)]
mod tests {
	use super::*;

	fn suspended(until: Option<Moment>) -> IdentityStatus {
		let (reason, by) = (SuspensionGround::Investigation, SuspendedBy::Governance);
		IdentityStatus::Suspended { since: 5, until, reason, by }
	}

	#[test]
	fn a_suspension_ends_at_its_moment() {
		let status = suspended(Some(10));
		assert_eq!(status.effective(|| 9), status);
		assert_eq!(status.effective(|| 10), IdentityStatus::Active);
		assert_eq!(suspended(None).effective(|| Moment::MAX), suspended(None));
	}

	#[test]
	fn the_time_is_asked_for_only_when_it_matters() {
		let unasked = || panic!("the time does not matter");
		for status in [
			IdentityStatus::Active,
			suspended(None),
			IdentityStatus::Deceased,
			IdentityStatus::Deactivated { at: 1 },
		] {
			assert_eq!(status.effective(unasked), status);
		}
	}

	#[test]
	fn only_a_deactivation_has_a_moment_of_the_end() {
		assert_eq!(IdentityStatus::Deactivated { at: 7 }.deactivated_at(), Some(7));
		assert_eq!(IdentityStatus::Active.deactivated_at(), None);
		assert_eq!(suspended(None).deactivated_at(), None);
		assert_eq!(IdentityStatus::Deceased.deactivated_at(), None);
	}
}
