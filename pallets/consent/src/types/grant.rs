// SPDX-License-Identifier: Apache-2.0

//! Grants, and what becomes of them.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{Classes, CompartmentNo, Digest, GrantId, IdentityId, Moment, RecordId};
use scale_info::TypeInfo;

use super::{GrantKeys, Grantee, Rule, Terms};

/// How many grants that have not ended one patient can have made to one grantee.
///
/// With the affiliations of a practitioner it bounds what a decision looks at: eleven prefixes of
/// eight rules, 88 in all.
pub const MAX_GRANTS_PER_PAIR: u32 = 8;

/// How many of them can be sub-grants: the others are left to the patient's own word.
pub const MAX_SUB_GRANTS_PER_PAIR: u32 = 4;

/// How many sub-grants can hang below one grant of a patient, at all depths together.
pub const MAX_SUB_GRANTS: u32 = 4;

/// How many grants that have ended a sub-grant can find, and clears away: those of its pair, and
/// those below its root.
pub(crate) const MAX_LAPSED: u32 = MAX_GRANTS_PER_PAIR + MAX_SUB_GRANTS;

/// How many grants can stand between the patient and a grantee.
pub const MAX_DEPTH: u8 = 2;

/// Which way a grant decides.
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
pub enum Decision {
	/// Lets in what it matches.
	#[codec(index = 0)]
	Permit,
	/// Keeps out what it matches, whatever else permits.
	#[codec(index = 1)]
	Deny {
		/// Whether an open emergency may go past it.
		override_in_emergency: bool,
	},
}

/// Which records of the patient a grant speaks of.
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
pub enum Scope {
	/// One record.
	#[codec(index = 0)]
	Record(RecordId),
	/// Every record in one compartment.
	#[codec(index = 1)]
	Compartment(CompartmentNo),
	/// Every record of these classes. A permit does not reach restricted compartments.
	#[codec(index = 2)]
	Subject(Classes),
}

/// What a grant rests on.
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
pub enum Basis {
	/// The patient's explicit consent.
	#[codec(index = 0)]
	Consent,
	/// A treatment relation.
	#[codec(index = 1)]
	TreatmentRelation,
	/// A duty by law.
	#[codec(index = 2)]
	LegalDuty,
	/// Consent to research.
	#[codec(index = 3)]
	Research,
}

/// How far a revocation reaches.
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
pub enum RevocationStrength {
	/// No key share is released to the grantee any more. What it read stays read.
	#[codec(index = 0)]
	Lazy,
	/// The subject rotates the compartments' keys beside it: what is filed from then on is sealed
	/// to a key that the grantee never had.
	#[codec(index = 1)]
	EpochRotated,
	/// The objects that the grantee could open are sealed anew beside it, and the old ones go.
	#[codec(index = 2)]
	Resealed,
}

/// Whether a grant was taken back. That it ended by time or by use is seen from its row.
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
pub enum GrantStatus {
	/// Not taken back.
	#[codec(index = 0)]
	Live,
	/// Taken back, for good.
	#[codec(index = 1)]
	Revoked {
		/// When.
		at: Moment,
		/// By whom.
		by: IdentityId,
		/// How far it reaches.
		strength: RevocationStrength,
	},
}

/// A narrowing of a grant.
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
pub struct Narrowing {
	/// When.
	pub at: Moment,
	/// What the grant said before. Of narrowings that followed each other within `MaxLogDelay`,
	/// before the first of them.
	pub before: Terms,
}

/// A grant, kept for good: who was allowed what has to stay answerable.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Grant {
	/// Whose records it speaks of.
	pub subject: IdentityId,
	/// To whom it speaks.
	pub grantee: Grantee,
	/// Who made it for the subject.
	pub by: IdentityId,
	/// When it was made.
	pub made_at: Moment,
	/// What it says now.
	pub terms: Terms,
	/// When it was narrowed last, and what it said before.
	pub narrowed: Option<Narrowing>,
	/// How many uses are left, when they are counted.
	pub uses_left: Option<u32>,
	/// What it rests on.
	pub basis: Basis,
	/// Hash of the sealed FHIR Consent or signed form.
	pub document: Option<Digest>,
	/// Whether its grantee may pass it on by sub-grants.
	pub delegable: bool,
	/// The grant that it was made from, when it is a sub-grant.
	pub parent: Option<GrantId>,
	/// The subject's own grant at the top, when it is a sub-grant.
	pub root: Option<GrantId>,
	/// How many grants stand between it and the subject.
	pub depth: u8,
	/// Whether it was taken back.
	pub status: GrantStatus,
}

impl Grant {
	/// The shape that decisions read.
	pub fn rule(&self, grant: GrantId) -> Rule {
		Rule { grant, terms: self.terms, uses_left: self.uses_left }
	}

	/// Where it stands at `now`.
	pub fn standing(&self, now: Moment) -> Standing {
		match self.status {
			GrantStatus::Revoked { .. } => Standing::Revoked,
			GrantStatus::Live if self.uses_left == Some(0) => Standing::UsedUp,
			GrantStatus::Live if self.terms.window.until <= now => Standing::Expired,
			GrantStatus::Live if now < self.terms.window.from => Standing::NotYet,
			GrantStatus::Live => Standing::InForce,
		}
	}

	/// Whether it can never act again, by time or by use. A revocation is left aside.
	pub fn has_ended(&self, now: Moment) -> bool {
		self.terms.window.until <= now || self.uses_left == Some(0)
	}

	/// What it said at some moment between `since` and `now` at which it acted, uses left aside:
	/// its terms, and those before the last narrowing when that was not before `since`.
	pub fn said_within(&self, since: Moment, now: Moment) -> impl Iterator<Item = Terms> {
		let end = match self.status {
			GrantStatus::Live => Moment::MAX,
			GrantStatus::Revoked { at, .. } => at.saturating_add(1),
		};
		let before = self
			.narrowed
			.map(|narrowing| (narrowing.before, end.min(narrowing.at.saturating_add(1))));
		[Some((self.terms, end)), before].into_iter().flatten().filter_map(move |(terms, end)| {
			let end = terms.window.until.min(end);
			let acted = terms.window.from <= now && terms.window.from < end && since < end;
			acted.then_some(terms)
		})
	}
}

/// What a subject gives with a grant, beside to whom.
pub(crate) struct Given {
	/// What it says.
	pub(crate) terms: Terms,
	/// How often it can be used, if that is counted.
	pub(crate) uses: Option<u32>,
	/// What it rests on.
	pub(crate) basis: Basis,
	/// Hash of the sealed form.
	pub(crate) document: Option<Digest>,
	/// Whether the grantee may pass it on.
	pub(crate) delegable: bool,
	/// The secrets that it hands over.
	pub(crate) keys: GrantKeys,
}

/// Where a grant stands.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
	/// Its window has not begun.
	#[codec(index = 0)]
	NotYet,
	/// It acts.
	#[codec(index = 1)]
	InForce,
	/// Its window is over.
	#[codec(index = 2)]
	Expired,
	/// Its last use is spent.
	#[codec(index = 3)]
	UsedUp,
	/// It was taken back.
	#[codec(index = 4)]
	Revoked,
}

/// A place in a patient's quota of grants: free again at `until`.
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
pub struct Place {
	/// The grant that takes it.
	pub grant: GrantId,
	/// The end of the grant's window.
	pub until: Moment,
}

#[cfg(test)]
mod tests {
	use super::*;
	use alloc::vec::Vec;
	use salus_primitives::{Action, Actions, Purpose, Purposes, Window};

	fn terms(from: Moment, until: Moment) -> Terms {
		Terms {
			decision: Decision::Permit,
			scope: Scope::Subject(Classes::ALL),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: Window { from, until },
		}
	}

	fn grant(status: GrantStatus) -> Grant {
		Grant {
			subject: IdentityId([1; 32]),
			grantee: Grantee::Identity(IdentityId([9; 32])),
			by: IdentityId([1; 32]),
			made_at: 900,
			terms: terms(1000, 2000),
			narrowed: None,
			uses_left: None,
			basis: Basis::Consent,
			document: None,
			delegable: false,
			parent: None,
			root: None,
			depth: 0,
			status,
		}
	}

	fn revoked(at: Moment) -> GrantStatus {
		let strength = RevocationStrength::Lazy;
		GrantStatus::Revoked { at, by: IdentityId([1; 32]), strength }
	}

	#[test]
	fn a_grant_stands_by_status_uses_and_time() {
		let live = grant(GrantStatus::Live);
		assert_eq!(live.standing(999), Standing::NotYet);
		assert_eq!(live.standing(1000), Standing::InForce);
		assert_eq!(live.standing(2000), Standing::Expired);
		assert_eq!(Grant { uses_left: Some(0), ..live }.standing(1500), Standing::UsedUp);
		assert_eq!(grant(revoked(1200)).standing(1500), Standing::Revoked);
	}

	#[test]
	fn a_grant_spoke_up_to_its_end_or_its_revocation() {
		let spoke = |grant: &Grant, since, now| grant.said_within(since, now).count() == 1;
		let live = grant(GrantStatus::Live);
		assert!(!spoke(&live, 0, 999));
		assert!(spoke(&live, 0, 1000));
		assert!(spoke(&live, 1999, 5000));
		assert!(!spoke(&live, 2000, 5000));
		let revoked = grant(revoked(1200));
		assert!(spoke(&revoked, 1200, 5000));
		assert!(!spoke(&revoked, 1201, 5000));
	}

	#[test]
	fn what_a_grant_said_before_it_was_narrowed_counts_up_to_then() {
		let before = terms(1000, 3000);
		let narrowed = Some(Narrowing { at: 1500, before });
		let live = Grant { narrowed, ..grant(GrantStatus::Live) };
		let said = |grant: &Grant, since, now| grant.said_within(since, now).collect::<Vec<_>>();
		assert_eq!(said(&live, 1500, 1600), [live.terms, before]);
		assert_eq!(said(&live, 1501, 1600), [live.terms]);
		assert_eq!(said(&live, 2000, 2600), []);
		// It had not begun when it was narrowed: nobody read by it.
		let early = Some(Narrowing { at: 800, before });
		let early = Grant { narrowed: early, ..grant(GrantStatus::Live) };
		assert_eq!(said(&early, 700, 1600), [early.terms]);
		// Revoked before the narrowing it never was.
		let gone = Grant { narrowed, ..grant(revoked(1500)) };
		assert_eq!(said(&gone, 1400, 1600), [gone.terms, before]);
	}
}
