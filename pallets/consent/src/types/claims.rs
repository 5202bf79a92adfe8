// SPDX-License-Identifier: Apache-2.0

//! How often the glass can be broken, and by whom it was.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{DAY, Moment};
use scale_info::TypeInfo;

/// How many of a claimant's last emergencies are remembered, and so how many its quota can allow.
pub const MAX_CLAIMS: u32 = 16;

/// How many of an organisation's last emergencies are remembered, and so how many its quota can
/// allow.
pub const MAX_ORGANISATION_CLAIMS: u32 = 256;

/// The longest that a policy can let an emergency last, the period of its quota, the time for a
/// review and the time to contest.
pub const MAX_OPEN_FOR: Moment = DAY;
const MAX_QUOTA_PERIOD: Moment = 30 * DAY;
const MAX_REVIEW_TIME: Moment = 30 * DAY;
const MAX_CONTEST_TIME: Moment = 365 * DAY;

/// How emergencies are kept in bounds. What is open keeps the moments it was opened with.
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
pub struct EmergencyPolicy {
	/// How long an emergency lasts, in milliseconds.
	pub open_for: Moment,
	/// How many one claimant may open within the period.
	pub per_claimant: u32,
	/// How many may be opened at one organisation within the period.
	pub per_organisation: u32,
	/// The period of the quotas, in milliseconds. It slides.
	pub quota_period: Moment,
	/// How long after its end an officer may review an emergency, in milliseconds.
	pub review_within: Moment,
	/// How long after its end the subject may contest it, in milliseconds.
	pub contest_within: Moment,
	/// How many strikes suspend a claimant.
	pub strikes: u32,
}

impl Default for EmergencyPolicy {
	fn default() -> Self {
		const HOUR: Moment = DAY / 24;
		Self {
			open_for: 4 * HOUR,
			per_claimant: 5,
			per_organisation: 50,
			quota_period: DAY,
			review_within: 3 * DAY,
			contest_within: 30 * DAY,
			strikes: 3,
		}
	}
}

impl EmergencyPolicy {
	/// Whether every part is at least one and within its bound.
	pub fn is_sound(&self) -> bool {
		(1..=MAX_OPEN_FOR).contains(&self.open_for)
			&& (1..=MAX_CLAIMS).contains(&self.per_claimant)
			&& (1..=MAX_ORGANISATION_CLAIMS).contains(&self.per_organisation)
			&& (1..=MAX_QUOTA_PERIOD).contains(&self.quota_period)
			&& (1..=MAX_REVIEW_TIME).contains(&self.review_within)
			&& (1..=MAX_CONTEST_TIME).contains(&self.contest_within)
			&& 0 < self.strikes
	}

	/// How many of the moments lie in the period that ends with `now`.
	pub fn within_period<'a>(
		&self,
		moments: impl IntoIterator<Item = &'a Moment>,
		now: Moment,
	) -> u32 {
		let is_within = |at: &&Moment| now < at.saturating_add(self.quota_period);
		moments.into_iter().filter(is_within).count() as u32
	}
}

/// How often somebody broke the glass of late, and how that was found.
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
pub struct Claimant {
	/// When it opened its last emergencies, by rising time.
	pub recent: BoundedVec<Moment, ConstU32<MAX_CLAIMS>>,
	/// How many were found without need, since it was reinstated last.
	pub strikes: u32,
	/// Since when it may open none, and those that it has do not act.
	pub suspended: Option<Moment>,
}

/// Puts `now` behind the moments, in place of the first one when there is no room.
pub(crate) fn remember<const N: u32>(moments: &mut BoundedVec<Moment, ConstU32<N>>, now: Moment) {
	if moments.is_full() {
		moments.remove(0);
	}
	// There is room: one went if there was none.
	let _ = moments.try_push(now);
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_period_of_a_quota_slides() {
		let policy = EmergencyPolicy { quota_period: 10, ..EmergencyPolicy::default() };
		let within = |now| policy.within_period(&[100, 105, 105], now);
		assert_eq!([within(105), within(109), within(110)], [3, 3, 2]);
		assert_eq!([within(114), within(115)], [2, 0]);
	}

	#[test]
	fn the_last_moments_are_remembered() {
		let mut moments = BoundedVec::<Moment, ConstU32<2>>::default();
		for now in [1, 2, 3] {
			remember(&mut moments, now);
		}
		assert_eq!(moments.into_inner(), [2, 3]);
	}

	#[test]
	fn every_part_of_a_policy_has_bounds() {
		let sound = EmergencyPolicy::default();
		assert!(sound.is_sound());
		let changes: [fn(&mut EmergencyPolicy); 13] = [
			|policy| policy.open_for = 0,
			|policy| policy.open_for = MAX_OPEN_FOR + 1,
			|policy| policy.per_claimant = 0,
			|policy| policy.per_claimant = MAX_CLAIMS + 1,
			|policy| policy.per_organisation = 0,
			|policy| policy.per_organisation = MAX_ORGANISATION_CLAIMS + 1,
			|policy| policy.quota_period = 0,
			|policy| policy.quota_period = MAX_QUOTA_PERIOD + 1,
			|policy| policy.review_within = 0,
			|policy| policy.review_within = MAX_REVIEW_TIME + 1,
			|policy| policy.contest_within = 0,
			|policy| policy.contest_within = MAX_CONTEST_TIME + 1,
			|policy| policy.strikes = 0,
		];
		for (number, change) in changes.into_iter().enumerate() {
			let mut policy = sound;
			change(&mut policy);
			assert!(!policy.is_sound(), "change {number}");
		}
	}
}
