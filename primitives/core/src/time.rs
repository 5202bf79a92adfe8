// SPDX-License-Identifier: Apache-2.0

//! Moments and half-open windows.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// A point in time: milliseconds since the Unix epoch, as the timestamp pallet counts.
pub type Moment = u64;

/// One day in milliseconds.
pub const DAY: Moment = 24 * 60 * 60 * 1000;

/// A half-open window of time: `from <= now < until`.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Window {
	/// The first moment inside.
	pub from: Moment,
	/// The first moment after.
	pub until: Moment,
}

impl Window {
	/// A window, or `None` when it would be empty.
	pub fn new(from: Moment, until: Moment) -> Option<Self> {
		(from < until).then_some(Self { from, until })
	}

	/// Whether `now` lies inside.
	pub fn is_open_at(&self, now: Moment) -> bool {
		self.from <= now && now < self.until
	}

	/// Whether it holds no moment at all.
	pub fn is_empty(&self) -> bool {
		self.from >= self.until
	}

	/// How long it is, in milliseconds.
	pub fn length(&self) -> Moment {
		self.until.saturating_sub(self.from)
	}

	/// Whether every moment of `self` lies inside `other`.
	pub fn is_within(&self, other: &Self) -> bool {
		other.from <= self.from && self.until <= other.until
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_window_holds_its_first_moment_and_not_its_last() {
		let window = Window::new(10, 20).unwrap();
		assert!(!window.is_open_at(9));
		assert!(window.is_open_at(10));
		assert!(window.is_open_at(19));
		assert!(!window.is_open_at(20));
	}

	#[test]
	fn an_empty_window_cannot_be_made() {
		assert_eq!(Window::new(10, 10), None);
		assert_eq!(Window::new(11, 10), None);
		assert!(Window { from: 3, until: 3 }.is_empty());
	}

	#[test]
	fn a_part_lies_within_the_whole() {
		let whole = Window::new(10, 20).unwrap();
		assert!(whole.is_within(&whole));
		assert!(Window::new(10, 19).unwrap().is_within(&whole));
		assert!(!Window::new(9, 20).unwrap().is_within(&whole));
		assert!(!Window::new(10, 21).unwrap().is_within(&whole));
		assert_eq!(whole.length(), 10);
	}
}
