// SPDX-License-Identifier: Apache-2.0

//! What a grant says, in the shape that decisions read.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{AccessQuestion, Actions, GrantId, Moment, Purpose, Purposes, Window};
use salus_traits::records::RecordFacts;
use scale_info::TypeInfo;

use super::{Decision, Scope};

/// What a grant says. After it is made it can be narrowed, never widened.
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
		if !self.purposes.covers(self.purpose_of(question)) {
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

	/// Whether there is something that both speak of, scope and window aside: a purpose, an action,
	/// and a moment of filing.
	pub fn meet(&self, other: &Self) -> bool {
		let covered = |purpose| self.purposes.covers(purpose) && other.purposes.covers(purpose);
		let periods_meet = match (self.data_period, other.data_period) {
			(Some(one), Some(other)) => one.from < other.until && other.from < one.until,
			_ => true,
		};
		periods_meet && self.actions.0 & other.actions.0 != 0 && Purposes::ALL.iter().any(covered)
	}

	/// The purpose that is looked for. A denial of treatment speaks of emergencies too; a permit
	/// never does, for their purposes cannot be granted.
	fn purpose_of(&self, question: &AccessQuestion) -> Purpose {
		match (self.decision, question.purpose) {
			(Decision::Deny { .. }, Purpose::Btg | Purpose::Etreat) => Purpose::Treat,
			(_, purpose) => purpose,
		}
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

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{Action, Classes, IdentityId, RecordClass, RecordId};

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
	fn terms_meet_in_a_purpose_an_action_and_a_moment_of_filing() {
		let terms = rule().terms;
		let meets = |change: fn(&mut Terms)| {
			let mut other = terms;
			change(&mut other);
			assert_eq!(terms.meet(&other), other.meet(&terms));
			terms.meet(&other)
		};
		assert!(meets(|_| ()));
		// Treatment implies coordination of care.
		assert!(meets(|other| other.purposes = Purposes::of(&[Purpose::Coc])));
		assert!(!meets(|other| other.purposes = Purposes::of(&[Purpose::Hresch])));
		assert!(meets(|other| other.actions = Actions::ALL));
		assert!(!meets(|other| other.actions = Actions::of(&[Action::Disclose])));
		assert!(meets(|other| other.data_period = Window::new(1, 2)));
		let dated = |from, until| Terms { data_period: Window::new(from, until), ..terms };
		assert!(dated(10, 20).meet(&dated(19, 30)));
		assert!(!dated(10, 20).meet(&dated(20, 30)));
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
}
