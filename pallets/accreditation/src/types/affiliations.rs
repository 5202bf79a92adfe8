// SPDX-License-Identifier: Apache-2.0

//! Affiliations as they are stored and shown.

use crate::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{AffiliationId, AffiliationPermissions, IdentityId, Moment, Role, Window};
use salus_traits::accreditation::MAX_AFFILIATIONS;
use scale_info::TypeInfo;

/// How often an affiliation can be suspended.
pub const MAX_SUSPENSIONS: u32 = 8;

/// When an affiliation rested, in the order of time. A window without an end ends with
/// [`Moment::MAX`].
pub type Suspensions = BoundedVec<Window, ConstU32<MAX_SUSPENSIONS>>;

/// An affiliation as its practitioner holds it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct HeldAffiliation {
	/// Its number.
	pub id: AffiliationId,
	/// Where.
	pub organisation: IdentityId,
	/// As what.
	pub role: Role,
	/// What the organisation lets the practitioner do beyond the role.
	pub permissions: AffiliationPermissions,
	/// When. Empty when it was ended before it began.
	pub window: Window,
	/// When it rested.
	pub suspensions: Suspensions,
}

impl HeldAffiliation {
	/// Whether it is over at `now`.
	pub fn is_over_at(&self, now: Moment) -> bool {
		self.window.until <= now
	}

	/// Whether the organisation had suspended it at `at`.
	pub fn is_suspended_at(&self, at: Moment) -> bool {
		self.suspensions.iter().any(|window| window.is_open_at(at))
	}

	/// Whether it counts at `at`, as far as the two of them decide.
	pub fn stands_at(&self, at: Moment) -> bool {
		self.window.is_open_at(at) && !self.is_suspended_at(at)
	}
}

/// What a practitioner works as: all that a question about now, or about a moment since then, needs.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Jobs {
	/// The affiliations that were not over at the last acceptance, in the order of acceptance.
	pub current: BoundedVec<HeldAffiliation, ConstU32<MAX_AFFILIATIONS>>,
	/// The end of the last of those put away since: from it on, none of them counts.
	pub past_until: Moment,
}

/// How far an affiliation has come.
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
pub enum AffiliationStatus {
	/// An invitation, good until the deadline.
	#[codec(index = 0)]
	Invited {
		/// From when on it can no longer be accepted.
		deadline: Moment,
	},
	/// Accepted.
	#[codec(index = 1)]
	Accepted {
		/// When.
		at: Moment,
	},
}

/// An affiliation, from its invitation on.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct AffiliationRecord<AccountId, Ticket> {
	/// Who invited.
	pub organisation: IdentityId,
	/// Whom.
	pub practitioner: IdentityId,
	/// As what.
	pub role: Role,
	/// What the organisation lets the practitioner do beyond the role.
	pub permissions: AffiliationPermissions,
	/// When.
	pub window: Window,
	/// How far it has come.
	pub status: AffiliationStatus,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> AffiliationRecord<AccountId, Ticket> {
	/// Whether the practitioner accepted.
	pub fn is_accepted(&self) -> bool {
		matches!(self.status, AffiliationStatus::Accepted { .. })
	}
}

/// What a user sees of an affiliation.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AffiliationView {
	/// Its number.
	pub id: AffiliationId,
	/// Where.
	pub organisation: IdentityId,
	/// Who.
	pub practitioner: IdentityId,
	/// As what.
	pub role: Role,
	/// What the organisation lets the practitioner do beyond the role.
	pub permissions: AffiliationPermissions,
	/// When.
	pub window: Window,
	/// When it rested or rests.
	pub suspensions: Suspensions,
	/// How far it has come.
	pub status: AffiliationStatus,
	/// Whether it is in force now: accepted, open, not suspended, of a licensed practitioner at a
	/// facility.
	pub in_force: bool,
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::{vec, vec::Vec};

	#[test]
	fn it_stands_inside_its_window_and_outside_its_suspensions() {
		let held = HeldAffiliation {
			id: AffiliationId(0),
			organisation: IdentityId([1; 32]),
			role: Role::Nurse,
			permissions: AffiliationPermissions::default(),
			window: Window { from: 10, until: 20 },
			suspensions: vec![
				Window { from: 12, until: 14 },
				Window { from: 18, until: Moment::MAX },
			]
			.try_into()
			.unwrap(),
		};
		let stands = (0..30).filter(|at| held.stands_at(*at)).collect::<Vec<_>>();
		assert_eq!(stands, [10, 11, 14, 15, 16, 17]);
	}
}
