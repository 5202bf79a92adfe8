// SPDX-License-Identifier: Apache-2.0

//! What is stored and shown, and the rules that need no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationId, Commitment, IdentityId,
	Jurisdiction, Moment, Role, Window,
};
use scale_info::TypeInfo;

/// How many countries the scope of an authority may name.
pub const MAX_JURISDICTIONS: u32 = 32;

/// What makes an organisation one that practitioners work at.
pub const FACILITY: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::FacilityLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::LaboratoryAccreditation,
]);

/// What an authority may accredit, and where.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct AuthorityScope {
	/// The kinds of accreditation.
	pub kinds: AccreditationKinds,
	/// The countries, in rising order.
	pub jurisdictions: BoundedVec<Jurisdiction, ConstU32<MAX_JURISDICTIONS>>,
}

/// What is wrong with a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnsoundScope {
	/// No kind at all, or one that does not exist.
	Kinds,
	/// No country at all, one that cannot be, or not in rising order.
	Jurisdictions,
}

impl AuthorityScope {
	/// Checks that it names something, and only what can be.
	pub fn check(&self) -> Result<(), UnsoundScope> {
		if !self.kinds.is_sound() {
			return Err(UnsoundScope::Kinds);
		}
		let rising = self.jurisdictions.is_sorted_by(|one, next| one < next);
		let known = self.jurisdictions.iter().all(|country| country.is_sound());
		if self.jurisdictions.is_empty() || !rising || !known {
			return Err(UnsoundScope::Jurisdictions);
		}
		Ok(())
	}

	/// Whether it reaches to `jurisdiction`.
	pub fn reaches(&self, jurisdiction: Jurisdiction) -> bool {
		self.jurisdictions.binary_search(&jurisdiction).is_ok()
	}
}

/// Where an authority stands, besides its window and its cut-off.
///
/// Calls of this version leave every authority active; granting heeds the other.
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
pub enum AuthorityStatus {
	/// It may grant.
	#[codec(index = 0)]
	Active,
	/// It must not grant for the time being. What it granted stays.
	#[codec(index = 1)]
	Suspended,
}

/// An organisation that may accredit.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Authority {
	/// Who appointed it; `None` for governance.
	pub parent: Option<IdentityId>,
	/// What it may accredit, and where.
	pub scope: AuthorityScope,
	/// When it may.
	pub window: Window,
	/// Whether it may for the time being.
	pub status: AuthorityStatus,
	/// From when on it is no longer believed.
	pub cutoff: Option<Moment>,
}

impl Authority {
	/// Whether what it granted at `granted_at` is believed.
	pub fn vouches_for(&self, granted_at: Moment) -> bool {
		self.cutoff.is_none_or(|cutoff| granted_at < cutoff)
	}

	/// Whether it may grant at `now`.
	pub fn is_in_office_at(&self, now: Moment) -> bool {
		self.status == AuthorityStatus::Active && self.window.is_open_at(now)
	}
}

/// An accreditation as its subject holds it: all that a question about it needs.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct HeldAccreditation {
	/// Its number.
	pub id: AccreditationId,
	/// What it allows.
	pub kind: AccreditationKind,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// The authority that granted it.
	pub issuer: IdentityId,
	/// When it was granted.
	pub granted_at: Moment,
	/// When it counts.
	pub window: Window,
	/// From when on it is revoked.
	pub revoked_from: Option<Moment>,
}

impl HeldAccreditation {
	/// Whether it counts at `at`, when its authority vouches for it.
	pub fn stands_at(&self, at: Moment) -> bool {
		self.window.is_open_at(at) && at < self.end()
	}

	/// The first moment at which it no longer counts.
	pub fn end(&self) -> Moment {
		self.revoked_from.map_or(self.window.until, |from| from.min(self.window.until))
	}
}

/// Why an accreditation was revoked. A code: what led to it is not for a public register.
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
pub enum RevocationReason {
	/// The subject no longer does what it allows.
	#[codec(index = 0)]
	CessationOfPractice,
	/// Another accreditation takes its place.
	#[codec(index = 1)]
	Superseded,
	/// The subject no longer meets what it asks for.
	#[codec(index = 2)]
	RequirementsNotMet,
	/// A decision of a disciplinary body.
	#[codec(index = 3)]
	Disciplinary,
	/// It was obtained by deceit.
	#[codec(index = 4)]
	Fraud,
	/// It should not have been granted.
	#[codec(index = 5)]
	GrantedInError,
}

/// How an accreditation was revoked.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Revocation {
	/// From when on it counts.
	pub effective_from: Moment,
	/// Why.
	pub reason: RevocationReason,
	/// When it was said.
	pub revoked_at: Moment,
	/// Who said it; `None` for governance.
	pub by: Option<IdentityId>,
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

/// What of an accreditation is seldom asked.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct AccreditationRecord<AccountId, Ticket> {
	/// Whose it is.
	pub subject: IdentityId,
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// How it was revoked, when it was.
	pub revocation: Option<Revocation>,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

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
	/// When. Empty when it was ended before it began.
	pub window: Window,
}

impl HeldAffiliation {
	/// Whether it is over at `now`.
	pub fn is_over_at(&self, now: Moment) -> bool {
		self.window.until <= now
	}
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
	/// When.
	pub window: Window,
	/// How far it has come.
	pub status: AffiliationStatus,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// `window` without the part before `now`, or `None` when nothing is left.
///
/// Nobody can be made licensed, or employed, in the past.
pub fn remainder(window: Window, now: Moment) -> Option<Window> {
	Window::new(window.from.max(now), window.until)
}

/// An authority that is there from the first block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisAuthority {
	/// The organisation.
	pub id: IdentityId,
	/// What it may accredit, by the words of the kinds.
	pub kinds: Vec<AccreditationKind>,
	/// Where: ISO 3166-1 numeric codes in rising order.
	pub jurisdictions: Vec<Jurisdiction>,
	/// When.
	pub window: Window,
}

impl GenesisAuthority {
	/// Its scope, when it does not name too many countries.
	pub fn scope(&self) -> Option<AuthorityScope> {
		let jurisdictions = self.jurisdictions.clone().try_into().ok()?;
		Some(AuthorityScope { kinds: AccreditationKinds::of(&self.kinds), jurisdictions })
	}
}

/// What a user sees of an accreditation.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AccreditationView {
	/// Its number.
	pub id: AccreditationId,
	/// Whose it is.
	pub subject: IdentityId,
	/// What it allows.
	pub kind: AccreditationKind,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// The authority that granted it.
	pub issuer: IdentityId,
	/// When it was granted.
	pub granted_at: Moment,
	/// When it counts.
	pub window: Window,
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// How it was revoked, when it was.
	pub revocation: Option<Revocation>,
	/// Whether it is in force now.
	pub in_force: bool,
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
	/// When.
	pub window: Window,
	/// How far it has come.
	pub status: AffiliationStatus,
	/// Whether it is in force now: accepted, open, of a licensed practitioner at a facility.
	pub in_force: bool,
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	fn scope(kinds: u16, jurisdictions: &[u16]) -> AuthorityScope {
		let jurisdictions = jurisdictions.iter().copied().map(Jurisdiction).collect::<Vec<_>>();
		let jurisdictions = jurisdictions.try_into().unwrap();
		AuthorityScope { kinds: AccreditationKinds(kinds), jurisdictions }
	}

	fn held(window: Window, revoked_from: Option<Moment>) -> HeldAccreditation {
		HeldAccreditation {
			id: AccreditationId(0),
			kind: AccreditationKind::FacilityLicence,
			jurisdiction: Jurisdiction(208),
			issuer: IdentityId([1; 32]),
			granted_at: 0,
			window,
			revoked_from,
		}
	}

	#[test]
	fn a_scope_names_known_kinds_and_rising_countries() {
		assert_eq!(scope(1, &[208]).check(), Ok(()));
		assert_eq!(scope(1, &[208, 276, 999]).check(), Ok(()));
		assert_eq!(scope(0, &[208]).check(), Err(UnsoundScope::Kinds));
		assert_eq!(scope(1 << 15, &[208]).check(), Err(UnsoundScope::Kinds));
		for bad in [&[][..], &[0], &[1000], &[208, 208], &[276, 208]] {
			assert_eq!(scope(1, bad).check(), Err(UnsoundScope::Jurisdictions));
		}
	}

	#[test]
	fn a_scope_reaches_to_its_countries_only() {
		let scope = scope(1, &[208, 276, 578]);
		assert!(scope.reaches(Jurisdiction(208)) && scope.reaches(Jurisdiction(578)));
		assert!(!scope.reaches(Jurisdiction(752)));
	}

	#[test]
	fn a_cut_off_spares_what_came_before() {
		let mut authority = Authority {
			parent: None,
			scope: scope(1, &[208]),
			window: Window { from: 10, until: 20 },
			status: AuthorityStatus::Active,
			cutoff: None,
		};
		assert!(authority.vouches_for(Moment::MAX));
		authority.cutoff = Some(15);
		assert!(authority.vouches_for(14));
		assert!(!authority.vouches_for(15));
	}

	#[test]
	fn a_suspended_authority_is_not_in_office() {
		let mut authority = Authority {
			parent: None,
			scope: scope(1, &[208]),
			window: Window { from: 10, until: 20 },
			status: AuthorityStatus::Active,
			cutoff: None,
		};
		let in_office =
			|authority: &Authority| [9, 10, 19, 20].map(|now| authority.is_in_office_at(now));
		assert_eq!(in_office(&authority), [false, true, true, false]);
		authority.status = AuthorityStatus::Suspended;
		assert_eq!(in_office(&authority), [false; 4]);
	}

	#[test]
	fn what_is_left_of_a_window_begins_now_at_the_earliest() {
		let window = Window { from: 10, until: 20 };
		assert_eq!(remainder(window, 5), Some(window));
		assert_eq!(remainder(window, 15), Some(Window { from: 15, until: 20 }));
		assert_eq!(remainder(window, 20), None);
		assert_eq!(remainder(Window { from: 20, until: 10 }, 5), None);
	}

	proptest! {
		#[test]
		fn standing_is_window_less_revocation(
			from in 0u64..20,
			length in 1u64..20,
			revoked in prop::option::of(0u64..50),
			at in 0u64..50,
		) {
			let window = Window { from, until: from + length };
			let revoked_from = revoked.map(|moment| moment.max(from));
			let stands = (from..from + length).contains(&at)
				&& revoked_from.is_none_or(|moment| at < moment);
			prop_assert_eq!(held(window, revoked_from).stands_at(at), stands);
		}
	}
}
