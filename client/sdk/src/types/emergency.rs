// SPDX-License-Identifier: Apache-2.0

//! Emergencies: a glass that was broken, its review, and the rules.

use super::*;

data! {
	/// How many glasses may be broken, and how long what takes.
	#[derive(Copy)]
	pub struct EmergencyPolicy {
		/// How long an emergency stays open, in milliseconds.
		pub open_for: Moment,
		/// How many one claimant may have in a period.
		pub per_claimant: u32,
		/// How many the people of one organisation may have in a period.
		pub per_organisation: u32,
		/// How long that period is.
		pub quota_period: Moment,
		/// Within what time of its end it is reviewed.
		pub review_within: Moment,
		/// Within what time of its end the patient may contest it.
		pub contest_within: Moment,
		/// How many unjustified ones suspend a claimant.
		pub strikes: u32,
	}

	/// Who reviews an emergency.
	#[derive(Copy)]
	pub enum Reviewer {
		/// The chain's governance, which has the last word.
		Governance,
		/// A privacy officer.
		Officer(IdentityId),
	}

	/// That an emergency was ended before its time.
	#[derive(Copy)]
	pub struct Closing {
		/// When.
		pub at: Moment,
		/// By the claimant, its organisation, or the patient.
		pub by: IdentityId,
	}

	/// That the patient does not accept an emergency.
	#[derive(Copy)]
	pub struct Contest {
		/// When it said so.
		pub at: Moment,
		/// Whether governance has answered.
		pub settled: bool,
	}

	/// What a reviewer found.
	#[derive(Copy)]
	pub struct Review {
		/// What.
		pub outcome: ReviewOutcome,
		/// Hash of the sealed note.
		pub note: Digest,
		/// By whom.
		pub by: Reviewer,
		/// When.
		pub at: Moment,
	}

	/// An emergency: kept for good.
	#[derive(Copy)]
	pub struct Emergency {
		/// Whose glass it was.
		pub subject: IdentityId,
		/// Who broke it.
		pub claimant: IdentityId,
		/// Where the claimant worked then.
		pub organisation: IdentityId,
		/// Which compartment; all that are not restricted without one.
		pub compartment: Option<CompartmentNo>,
		/// Why.
		pub reason: EmergencyReason,
		/// Hash of the sealed justification.
		pub justification: Digest,
		/// When it was opened.
		pub opened_at: Moment,
		/// The first moment at which it is over.
		pub until: Moment,
		/// That it was closed before that.
		pub closed: Option<Closing>,
		/// When the review is overdue.
		pub review_by: Moment,
		/// Until when the patient may contest it.
		pub contest_by: Moment,
		/// What the review found.
		pub review: Option<Review>,
		/// That the patient contested it.
		pub contest: Option<Contest>,
	}

	/// Where an emergency stands.
	#[derive(Copy)]
	pub enum EmergencyStanding {
		/// It acts.
		Open,
		/// It is over, and waits for its review.
		AwaitingReview,
		/// There was need.
		Justified,
		/// There was none.
		Unjustified,
		/// Governance decides, because the reviewer said so.
		Escalated,
		/// Governance decides, because nobody reviewed it in time.
		Overdue,
		/// Governance decides, because the patient contested it.
		Contested,
	}

	/// An emergency as lists show it.
	#[derive(Copy)]
	pub struct EmergencyView {
		/// Its number.
		pub id: EmergencyId,
		/// The emergency.
		pub emergency: Emergency,
		/// Where it stands now.
		pub standing: EmergencyStanding,
	}

	/// What counts against somebody who breaks glasses.
	#[derive(Default)]
	pub struct Claimant {
		/// When glasses were broken within the period.
		pub recent: Vec<Moment>,
		/// How many were unjustified.
		pub strikes: u32,
		/// Since when the emergency role is suspended.
		pub suspended: Option<Moment>,
	}
}
