// SPDX-License-Identifier: Apache-2.0

//! Audit batches of recorders, and where key shares lie.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{DAY, Digest, IdentityId, Moment};
use scale_info::TypeInfo;

/// How many entries one audit batch can cover.
pub const MAX_BATCH_EVENTS: u64 = 1 << 20;

/// How many custodians can keep parts of the key shares of one identity's records.
pub const MAX_SHARE_CUSTODIANS: u32 = 8;

/// How many denials one recorder can put into one subject's log in an hour. Further ones stand in
/// its audit batches: a flood of refused questions must not wash the log's end out of state.
pub const MAX_DENIALS_PER_HOUR: u32 = 8;

/// How far a recorder's log is anchored.
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
	Default,
	Debug,
)]
pub struct AuditHead {
	/// The number of the next batch.
	pub next_seq: u64,
	/// The number of the first entry that no batch covers.
	pub next_event: u64,
}

/// An anchored stretch of a recorder's log: a tree over its entries, in order.
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
pub struct AuditBatch {
	/// The root of the tree (RFC 9162, SHA-256) over the leaves of the entries.
	pub root: Digest,
	/// The number of its first entry.
	pub first: u64,
	/// The number of its last entry.
	pub last: u64,
	/// When its first entry was written, as the recorder says.
	pub from: Moment,
	/// When its last entry was written, as the recorder says.
	pub until: Moment,
	/// When it was anchored.
	pub at: Moment,
}

impl AuditBatch {
	/// How many entries it covers.
	pub fn size(&self) -> u64 {
		self.last.saturating_sub(self.first).saturating_add(1)
	}

	/// Which leaf of its tree an entry is, when it covers it.
	pub fn index_of(&self, number: u64) -> Option<u64> {
		let index = number.checked_sub(self.first)?;
		(index < self.size()).then_some(index)
	}
}

/// How many denials a recorder put into a subject's log in the hour of the last one.
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
	Default,
	Debug,
)]
pub struct DenialCount {
	/// The hour, counted from the Unix epoch.
	pub hour: u32,
	/// How many.
	pub count: u32,
}

impl DenialCount {
	/// The count with one more at `now`; none when the hour's are used up.
	pub fn one_more(self, now: Moment) -> Option<Self> {
		let hour = (now / (DAY / 24)) as u32;
		let counted = if hour == self.hour { self.count } else { 0 };
		(counted < MAX_DENIALS_PER_HOUR).then(|| Self { hour, count: counted.saturating_add(1) })
	}
}

/// Where the key shares of an identity's records lie.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct ShareCustody {
	/// Who keeps a part each.
	pub custodians: BoundedVec<IdentityId, ConstU32<MAX_SHARE_CUSTODIANS>>,
	/// How many parts open a share.
	pub threshold: u8,
	/// Since when.
	pub since: Moment,
}

impl ShareCustody {
	/// Whether somebody is named twice.
	pub fn has_duplicates(custodians: &[IdentityId]) -> bool {
		custodians
			.iter()
			.enumerate()
			.any(|(index, id)| custodians.iter().take(index).any(|before| before == id))
	}

	/// Whether `threshold` of `count` parts can open a share, and need somebody to.
	pub fn is_reachable(threshold: u8, count: usize) -> bool {
		0 < threshold && usize::from(threshold) <= count
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_batch_numbers_its_leaves_from_its_first_entry() {
		let batch =
			AuditBatch { root: Digest([1; 32]), first: 10, last: 12, from: 0, until: 0, at: 0 };
		assert_eq!(batch.size(), 3);
		let indices = [9, 10, 12, 13].map(|number| batch.index_of(number));
		assert_eq!(indices, [None, Some(0), Some(2), None]);
	}

	#[test]
	fn denials_are_counted_by_the_hour() {
		const HOUR: Moment = DAY / 24;
		let mut counted = DenialCount::default();
		for _ in 0..MAX_DENIALS_PER_HOUR {
			counted = counted.one_more(5 * HOUR).unwrap();
		}
		assert_eq!(counted.one_more(6 * HOUR - 1), None);
		assert_eq!(counted.one_more(6 * HOUR), Some(DenialCount { hour: 6, count: 1 }));
	}

	#[test]
	fn a_threshold_is_reached_by_some_of_the_custodians() {
		let reachable = |threshold| ShareCustody::is_reachable(threshold, 3);
		assert_eq!([0, 1, 3, 4].map(reachable), [false, true, true, false]);
		let [one, two] = [IdentityId([1; 32]), IdentityId([2; 32])];
		assert!(!ShareCustody::has_duplicates(&[one, two]));
		assert!(ShareCustody::has_duplicates(&[one, two, one]));
		assert!(!ShareCustody::has_duplicates(&[]));
	}
}
