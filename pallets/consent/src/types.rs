// SPDX-License-Identifier: Apache-2.0

//! What the pallet stores and answers, and the rules that need no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccessDecision, AccessQuestion, Actions, Classes, CompartmentKey, CompartmentNo, DenyReason,
	Digest, Epoch, GrantId, IdentityId, Moment, PermitBasis, Purposes, ReaderKey, RecordId, Role,
	Window, X25519Key,
};
use salus_traits::records::RecordFacts;
use scale_info::TypeInfo;

/// How many grants that have not ended one patient can have made to one grantee.
///
/// With the affiliations of a practitioner it bounds what a decision looks at: eleven prefixes of
/// eight rules, 88 in all.
pub const MAX_GRANTS_PER_PAIR: u32 = 8;

/// How many compartment secrets one grant can carry.
pub const MAX_COMPARTMENT_KEYS: u32 = 8;

/// A compartment of a patient.
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
pub struct Compartment {
	/// The number of its current key pair.
	pub epoch: Epoch,
	/// The public key that authors seal to in this epoch.
	pub key: X25519Key,
	/// Whether a permit has to name it, or a record in it, to reach it.
	pub restricted: bool,
	/// When it was opened.
	pub opened_at: Moment,
}

/// To whom a grant speaks.
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
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Grantee {
	/// A person or a device.
	#[codec(index = 0)]
	Identity(IdentityId),
	/// An organisation and everybody who works there.
	#[codec(index = 1)]
	Organisation(IdentityId),
	/// Everybody in a role, at one organisation or anywhere.
	#[codec(index = 2)]
	Role {
		/// Where, or anywhere.
		organisation: Option<IdentityId>,
		/// As what.
		role: Role,
	},
}

impl Grantee {
	/// Whether it names exactly this identity.
	pub fn names(&self, id: &IdentityId) -> bool {
		matches!(self, Self::Identity(named) | Self::Organisation(named) if named == id)
	}

	/// Whose agreement key a grant's keys are sealed to. A role has none: the gateway of the
	/// organisation enforces it.
	pub fn key_holder(&self) -> Option<&IdentityId> {
		match self {
			Self::Identity(id) | Self::Organisation(id) => Some(id),
			Self::Role { .. } => None,
		}
	}
}

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
}

/// The secrets a grant hands over, sealed to the grantee's agreement key.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum GrantKeys {
	/// Nothing: denials and grants to roles.
	#[codec(index = 0)]
	None,
	/// Secrets of compartments: permits of compartment or wider scope.
	#[codec(index = 1)]
	Compartments(BoundedVec<CompartmentKey, ConstU32<MAX_COMPARTMENT_KEYS>>),
	/// The reader share of one record: permits of one record.
	#[codec(index = 2)]
	Record(ReaderKey),
}

impl GrantKeys {
	/// How many sealed secrets there are.
	pub fn count(&self) -> u32 {
		match self {
			Self::None => 0,
			Self::Compartments(keys) => keys.len() as u32,
			Self::Record(_) => 1,
		}
	}
}

/// What a grant says. Never changes after it is made.
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
pub struct Terms {
	/// Which way it decides.
	pub decision: Decision,
	/// Which records.
	pub scope: Scope,
	/// For which purposes, and those they imply.
	pub purposes: Purposes,
	/// Which actions.
	pub actions: Actions,
	/// Only records filed in this period.
	pub data_period: Option<Window>,
	/// When it acts.
	pub window: Window,
}

impl Terms {
	/// Whether they speak of what is asked, leaving time aside. `restricted` is whether the record
	/// lies in a restricted compartment.
	pub fn speak_of(
		&self,
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
	) -> Result<(), Mismatch> {
		self.reach(question, facts, restricted)?;
		if !self.purposes.covers(question.purpose) {
			return Err(Mismatch::Purpose);
		}
		if !self.actions.contains(question.action) {
			return Err(Mismatch::Action);
		}
		if self.data_period.is_some_and(|period| !period.is_open_at(facts.created)) {
			return Err(Mismatch::DataPeriod);
		}
		Ok(())
	}

	fn reach(
		&self,
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
	) -> Result<(), Mismatch> {
		let in_scope = match self.scope {
			Scope::Record(record) => record == question.record,
			Scope::Compartment(no) => no == facts.compartment,
			// A wide permit must not open what is kept apart; a wide denial must not leave it open.
			Scope::Subject(_) if restricted && self.decision == Decision::Permit => {
				return Err(Mismatch::Restricted);
			},
			Scope::Subject(classes) => classes.contains(facts.class),
		};
		if in_scope { Ok(()) } else { Err(Mismatch::Scope) }
	}
}

/// A grant in the shape that decisions read.
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
pub struct Rule {
	/// Which grant it is of.
	pub grant: GrantId,
	/// What the grant says.
	pub terms: Terms,
	/// How many uses are left, when they are counted.
	pub uses_left: Option<u32>,
}

impl Rule {
	/// Whether it matches what is asked at `at`, and if not, the first reason why.
	pub fn judge(
		&self,
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
		at: Moment,
	) -> Result<(), Mismatch> {
		self.terms.speak_of(question, facts, restricted)?;
		if at < self.terms.window.from {
			return Err(Mismatch::NotYet);
		}
		if !self.terms.window.is_open_at(at) {
			return Err(Mismatch::Expired);
		}
		if self.uses_left == Some(0) {
			return Err(Mismatch::UsedUp);
		}
		Ok(())
	}

	/// Whether it can never match again.
	pub fn has_ended(&self, now: Moment) -> bool {
		self.terms.window.until <= now || self.uses_left == Some(0)
	}
}

/// Why a grant does not match.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Mismatch {
	/// It speaks of other records.
	#[codec(index = 0)]
	Scope,
	/// The record lies in a restricted compartment, and the permit does not name it.
	#[codec(index = 1)]
	Restricted,
	/// The purpose is neither named nor implied.
	#[codec(index = 2)]
	Purpose,
	/// The action is not named.
	#[codec(index = 3)]
	Action,
	/// The record was filed outside the data period.
	#[codec(index = 4)]
	DataPeriod,
	/// Its window has not begun.
	#[codec(index = 5)]
	NotYet,
	/// Its window is over.
	#[codec(index = 6)]
	Expired,
	/// No use is left.
	#[codec(index = 7)]
	UsedUp,
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
	/// What it says.
	pub terms: Terms,
	/// How many uses are left, when they are counted.
	pub uses_left: Option<u32>,
	/// What it rests on.
	pub basis: Basis,
	/// Hash of the sealed FHIR Consent or signed form.
	pub document: Option<Digest>,
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

	/// Whether it acted at some moment between `since` and `now`, uses left aside.
	pub fn acted_within(&self, since: Moment, now: Moment) -> bool {
		let end = match self.status {
			GrantStatus::Live => self.terms.window.until,
			GrantStatus::Revoked { at, .. } => self.terms.window.until.min(at.saturating_add(1)),
		};
		self.terms.window.from <= now && since < end
	}
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

/// A decision with all that led to it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
	/// What was decided.
	pub decision: AccessDecision,
	/// The step of the decision order that decided.
	pub step: Step,
	/// Every rule looked at, in the order of looking. None when an earlier step decided.
	pub examined: Vec<Examined>,
}

/// One rule that a decision looked at.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Examined {
	/// Under whose name it was found.
	pub grantee: Grantee,
	/// The rule.
	pub rule: Rule,
	/// Why it does not match; none when it does.
	pub mismatch: Option<Mismatch>,
}

/// The steps of a decision, in their order.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub enum Step {
	/// Is there such a record?
	#[codec(index = 0)]
	Record,
	/// Is the reader an active identity?
	#[codec(index = 1)]
	Reader,
	/// Is the reader the subject?
	#[codec(index = 2)]
	Subject,
	/// Did the reader's side write it?
	#[codec(index = 3)]
	Author,
	/// Does a grant deny?
	#[codec(index = 4)]
	Deny,
	/// Does a grant permit?
	#[codec(index = 5)]
	Permit,
	/// Nothing spoke: the default.
	#[codec(index = 6)]
	Default,
}

impl From<&AccessDecision> for Step {
	fn from(decision: &AccessDecision) -> Self {
		match decision {
			AccessDecision::Deny(DenyReason::UnknownRecord) => Self::Record,
			AccessDecision::Deny(DenyReason::UnknownReader) => Self::Reader,
			AccessDecision::Permit(PermitBasis::Subject) => Self::Subject,
			AccessDecision::Permit(PermitBasis::Author) => Self::Author,
			AccessDecision::Deny(DenyReason::Grant(_)) => Self::Deny,
			AccessDecision::Permit(PermitBasis::Grant(_)) => Self::Permit,
			AccessDecision::Deny(DenyReason::NoGrant) => Self::Default,
		}
	}
}

/// A grant as lists show it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ListedGrant {
	/// Its number.
	pub id: GrantId,
	/// The grant.
	pub grant: Grant,
	/// Where it stands now.
	pub standing: Standing,
}

/// A part of a list.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<I> {
	/// What is on it.
	pub items: Vec<I>,
	/// Where the next page starts, when there is more.
	pub next: Option<u64>,
}

/// More was asked for than a page holds.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct PageTooLarge {
	/// The largest limit that is answered.
	pub max: u32,
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{Action, Purpose, RecordClass};

	fn facts() -> RecordFacts {
		RecordFacts {
			subject: IdentityId([1; 32]),
			author: IdentityId([2; 32]),
			organisation: None,
			class: RecordClass::Laboratory,
			compartment: 3,
			created: 500,
		}
	}

	fn question() -> AccessQuestion {
		AccessQuestion {
			reader: IdentityId([9; 32]),
			record: RecordId([7; 32]),
			purpose: Purpose::Coc,
			action: Action::Access,
		}
	}

	fn rule() -> Rule {
		Rule {
			grant: GrantId(0),
			terms: Terms {
				decision: Decision::Permit,
				scope: Scope::Subject(Classes(1 << RecordClass::Laboratory as u8)),
				purposes: Purposes::of(&[Purpose::Treat]),
				actions: Actions::of(&[Action::Access]),
				data_period: None,
				window: Window { from: 1000, until: 2000 },
			},
			uses_left: None,
		}
	}

	fn judged(change: impl FnOnce(&mut Rule)) -> Result<(), Mismatch> {
		let mut rule = rule();
		change(&mut rule);
		rule.judge(&question(), &facts(), false, 1500)
	}

	#[test]
	fn each_part_of_the_terms_has_to_match() {
		assert_eq!(judged(|_| ()), Ok(()));
		assert_eq!(judged(|r| r.terms.scope = Scope::Record(RecordId([7; 32]))), Ok(()));
		assert_eq!(judged(|r| r.terms.scope = Scope::Compartment(3)), Ok(()));
		assert_eq!(
			judged(|r| r.terms.scope = Scope::Record(RecordId([8; 32]))),
			Err(Mismatch::Scope)
		);
		assert_eq!(judged(|r| r.terms.scope = Scope::Compartment(4)), Err(Mismatch::Scope));
		assert_eq!(judged(|r| r.terms.scope = Scope::Subject(Classes(1))), Err(Mismatch::Scope));
		let operations = Purposes::of(&[Purpose::Hoperat]);
		assert_eq!(judged(|r| r.terms.purposes = operations), Err(Mismatch::Purpose));
		let passing_on = Actions::of(&[Action::Disclose]);
		assert_eq!(judged(|r| r.terms.actions = passing_on), Err(Mismatch::Action));
		assert_eq!(judged(|r| r.uses_left = Some(1)), Ok(()));
		assert_eq!(judged(|r| r.uses_left = Some(0)), Err(Mismatch::UsedUp));
	}

	#[test]
	fn the_data_period_is_half_open_over_the_day_of_filing() {
		let within = |from, until| judged(|r| r.terms.data_period = Window::new(from, until));
		assert_eq!(within(500, 501), Ok(()));
		assert_eq!(within(400, 500), Err(Mismatch::DataPeriod));
		assert_eq!(within(501, 600), Err(Mismatch::DataPeriod));
	}

	#[test]
	fn the_window_is_half_open() {
		let at = |moment| rule().judge(&question(), &facts(), false, moment);
		assert_eq!(at(999), Err(Mismatch::NotYet));
		assert_eq!(at(1000), Ok(()));
		assert_eq!(at(1999), Ok(()));
		assert_eq!(at(2000), Err(Mismatch::Expired));
		assert!(!rule().has_ended(1999));
		assert!(rule().has_ended(2000));
	}

	#[test]
	fn a_wide_permit_stops_at_a_restricted_compartment_and_a_wide_denial_does_not() {
		let mut rule = rule();
		let judge = |rule: &Rule| rule.judge(&question(), &facts(), true, 1500);
		assert_eq!(judge(&rule), Err(Mismatch::Restricted));
		rule.terms.decision = Decision::Deny { override_in_emergency: false };
		assert_eq!(judge(&rule), Ok(()));
		rule.terms.decision = Decision::Permit;
		rule.terms.scope = Scope::Compartment(3);
		assert_eq!(judge(&rule), Ok(()));
		rule.terms.scope = Scope::Record(RecordId([7; 32]));
		assert_eq!(judge(&rule), Ok(()));
	}

	fn grant(status: GrantStatus) -> Grant {
		Grant {
			subject: IdentityId([1; 32]),
			grantee: Grantee::Identity(IdentityId([9; 32])),
			by: IdentityId([1; 32]),
			made_at: 900,
			terms: rule().terms,
			uses_left: None,
			basis: Basis::Consent,
			document: None,
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
	fn a_grant_acted_up_to_its_end_or_its_revocation() {
		let live = grant(GrantStatus::Live);
		assert!(!live.acted_within(0, 999));
		assert!(live.acted_within(0, 1000));
		assert!(live.acted_within(1999, 5000));
		assert!(!live.acted_within(2000, 5000));
		let revoked = grant(revoked(1200));
		assert!(revoked.acted_within(1200, 5000));
		assert!(!revoked.acted_within(1201, 5000));
	}

	#[test]
	fn a_role_has_no_key() {
		let id = IdentityId([9; 32]);
		assert_eq!(Grantee::Identity(id).key_holder(), Some(&id));
		assert_eq!(Grantee::Organisation(id).key_holder(), Some(&id));
		let role = Grantee::Role { organisation: Some(id), role: Role::Nurse };
		assert_eq!(role.key_holder(), None);
		assert!(Grantee::Identity(id).names(&id));
		assert!(!role.names(&id));
	}
}
