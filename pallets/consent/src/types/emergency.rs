// SPDX-License-Identifier: Apache-2.0

//! Emergencies: a glass that was broken, and its review.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{
	CompartmentNo, Digest, EmergencyId, EmergencyReason, IdentityId, Moment, ReviewOutcome,
};
use scale_info::TypeInfo;

/// That an emergency was ended before its time.
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
pub struct Closing {
	/// When.
	pub at: Moment,
	/// By the claimant, its organisation, or who acts for the subject.
	pub by: IdentityId,
}

/// Who reviews an emergency.
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
pub enum Reviewer {
	/// The chain's governance, which has the last word.
	#[codec(index = 0)]
	Governance,
	/// A privacy officer.
	#[codec(index = 1)]
	Officer(IdentityId),
}

/// What was found of an emergency.
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
pub struct Review {
	/// What was found.
	pub outcome: ReviewOutcome,
	/// The hash of the reviewer's sealed note.
	pub note: Digest,
	/// By whom.
	pub by: Reviewer,
	/// When.
	pub at: Moment,
}

/// That the subject does not accept an emergency.
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
pub struct Contest {
	/// When it said so.
	pub at: Moment,
	/// Whether governance has answered.
	pub settled: bool,
}

/// A glass that was broken. Kept for good.
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
pub struct Emergency {
	/// Whose records it reaches.
	pub subject: IdentityId,
	/// Who broke the glass.
	pub claimant: IdentityId,
	/// Where the claimant worked.
	pub organisation: IdentityId,
	/// The one compartment it reaches; none for all that are not restricted.
	pub compartment: Option<CompartmentNo>,
	/// Why.
	pub reason: EmergencyReason,
	/// The hash of the claimant's sealed justification.
	pub justification: Digest,
	/// When it began.
	pub opened_at: Moment,
	/// When it ends by itself: the first moment after.
	pub until: Moment,
	/// That it was ended before.
	pub closed: Option<Closing>,
	/// Until when officers review it; governance does from then on.
	pub review_by: Moment,
	/// Until when the subject can contest it.
	pub contest_by: Moment,
	/// The last word on it.
	pub review: Option<Review>,
	/// That the subject contested it.
	pub contest: Option<Contest>,
}

impl Emergency {
	/// The first moment at which it does not act any more.
	pub fn end(&self) -> Moment {
		self.closed.map_or(self.until, |closing| closing.at.min(self.until))
	}

	/// Whether it acts at `at`, as far as it depends on itself: neither over nor closed.
	pub fn acts_at(&self, at: Moment) -> bool {
		self.opened_at <= at && at < self.end()
	}

	/// Whether it has ended, by time or by a word.
	pub fn has_ended(&self, now: Moment) -> bool {
		self.closed.is_some() || self.until <= now
	}

	/// Whether it acted at some moment between `since` and `now`, with a claimant who was
	/// suspended at `suspended`, if ever. Who was stopped within a block may have read before it in
	/// the same one.
	pub fn acted_within(&self, since: Moment, now: Moment, suspended: Option<Moment>) -> bool {
		let closed = self.closed.map(|closing| closing.at);
		let stopped = closed.into_iter().chain(suspended).min();
		let end = stopped.map_or(self.until, |at| self.until.min(at.saturating_add(1)));
		self.opened_at <= now && since < end && self.opened_at < end
	}

	/// Whether it speaks of records in `compartment`. One of the whole subject leaves out what is
	/// restricted. Nothing is read there without an emergency key.
	pub fn reaches(&self, compartment: CompartmentNo, restricted: bool) -> bool {
		self.compartment.map_or(!restricted, |named| named == compartment)
	}

	/// Where it stands at `now`.
	pub fn standing(&self, now: Moment) -> EmergencyStanding {
		if self.contest.is_some_and(|contest| !contest.settled) {
			return EmergencyStanding::Contested;
		}
		match self.review.map(|review| review.outcome) {
			Some(ReviewOutcome::Justified) => EmergencyStanding::Justified,
			Some(ReviewOutcome::Unjustified) => EmergencyStanding::Unjustified,
			Some(ReviewOutcome::Escalated) => EmergencyStanding::Escalated,
			None if !self.has_ended(now) => EmergencyStanding::Open,
			None if now < self.review_by => EmergencyStanding::AwaitingReview,
			None => EmergencyStanding::Overdue,
		}
	}

	/// Whether it was said, for now the last time, whether there was need.
	pub fn is_settled(&self) -> bool {
		self.contest.is_none_or(|contest| contest.settled)
			&& self.review.is_some_and(|review| review.outcome != ReviewOutcome::Escalated)
	}

	/// Whether an officer's review is what it waits for, in time or not.
	pub fn awaits_officer(&self) -> bool {
		self.review.is_none() && self.contest.is_none()
	}
}

/// Where an emergency stands.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum EmergencyStanding {
	/// It acts, unless its claimant was suspended or may not open emergencies any more.
	#[codec(index = 0)]
	Open,
	/// It ended, and an officer has to review it.
	#[codec(index = 1)]
	AwaitingReview,
	/// There was need.
	#[codec(index = 2)]
	Justified,
	/// There was none.
	#[codec(index = 3)]
	Unjustified,
	/// An officer left it to governance.
	#[codec(index = 4)]
	Escalated,
	/// No officer reviewed it in time: governance has to.
	#[codec(index = 5)]
	Overdue,
	/// The subject does not accept it: governance has to review it.
	#[codec(index = 6)]
	Contested,
}

/// An emergency as queries show it.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub struct EmergencyView {
	/// Its number.
	pub id: EmergencyId,
	/// The emergency.
	pub emergency: Emergency,
	/// Where it stands now.
	pub standing: EmergencyStanding,
}

/// A part of the list of emergencies that somebody has to review.
#[derive(Encode, Decode, DecodeWithMemTracking, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ReviewPage {
	/// Those that are due before the moment asked.
	pub items: Vec<EmergencyView>,
	/// After which one the next page starts, when there is more to look at. A page can be empty and
	/// have a next one.
	pub next: Option<EmergencyId>,
}

#[cfg(test)]
mod tests {
	use super::*;

	const ID: IdentityId = IdentityId([1; 32]);

	fn emergency() -> Emergency {
		Emergency {
			subject: ID,
			claimant: IdentityId([2; 32]),
			organisation: IdentityId([3; 32]),
			compartment: None,
			reason: EmergencyReason::Unconscious,
			justification: Digest([4; 32]),
			opened_at: 100,
			until: 200,
			closed: None,
			review_by: 300,
			contest_by: 400,
			review: None,
			contest: None,
		}
	}

	fn closed(at: Moment) -> Emergency {
		Emergency { closed: Some(Closing { at, by: ID }), ..emergency() }
	}

	fn reviewed(outcome: ReviewOutcome) -> Option<Review> {
		Some(Review { outcome, note: Digest([5; 32]), by: Reviewer::Governance, at: 250 })
	}

	#[test]
	fn it_acts_from_its_opening_up_to_its_end_or_closing() {
		for (at, acts) in [(99, false), (100, true), (199, true), (200, false)] {
			assert_eq!(emergency().acts_at(at), acts, "{at}");
			assert_eq!(emergency().has_ended(at), 200 <= at, "{at}");
		}
		assert!(closed(150).acts_at(149));
		assert!(!closed(150).acts_at(150));
		assert!(closed(150).has_ended(150));
		assert!(!closed(100).acts_at(100));
	}

	#[test]
	fn it_acted_within_a_stretch_of_time_up_to_the_first_that_stopped_it() {
		let open = emergency();
		assert!(!open.acted_within(0, 99, None));
		assert!(open.acted_within(0, 100, None));
		assert!(open.acted_within(199, 900, None));
		assert!(!open.acted_within(200, 900, None));
		assert!(closed(150).acted_within(150, 900, None));
		assert!(!closed(150).acted_within(151, 900, None));
		assert!(open.acted_within(150, 900, Some(150)));
		assert!(!open.acted_within(151, 900, Some(150)));
		assert!(!closed(150).acted_within(121, 900, Some(120)));
		assert!(!open.acted_within(0, 900, Some(50)), "suspended before it was opened");
	}

	#[test]
	fn one_of_the_whole_subject_stops_at_what_is_restricted() {
		assert!(emergency().reaches(1, false));
		assert!(!emergency().reaches(1, true));
		let named = Emergency { compartment: Some(2), ..emergency() };
		assert!(named.reaches(2, true));
		assert!(!named.reaches(1, false));
	}

	#[test]
	fn it_stands_by_time_review_and_contest() {
		use EmergencyStanding::*;
		let stands = |change: fn(&mut Emergency), now| {
			let mut emergency = emergency();
			change(&mut emergency);
			(emergency.standing(now), emergency.is_settled())
		};
		assert_eq!(stands(|_| (), 199), (Open, false));
		assert_eq!(stands(|_| (), 200), (AwaitingReview, false));
		assert_eq!(stands(|_| (), 299), (AwaitingReview, false));
		assert_eq!(stands(|_| (), 300), (Overdue, false));
		assert_eq!(
			stands(|row| row.review = reviewed(ReviewOutcome::Escalated), 250),
			(Escalated, false)
		);
		assert_eq!(
			stands(|row| row.review = reviewed(ReviewOutcome::Unjustified), 900),
			(Unjustified, true)
		);
		fn contest(row: &mut Emergency, settled: bool) {
			row.review = reviewed(ReviewOutcome::Justified);
			row.contest = Some(Contest { at: 260, settled });
		}
		assert_eq!(stands(|row| contest(row, false), 900), (Contested, false));
		assert_eq!(stands(|row| contest(row, true), 900), (Justified, true));
		assert_eq!(closed(120).standing(120), AwaitingReview);
	}
}
