// SPDX-License-Identifier: Apache-2.0

//! How long somebody may know the secret of what emergencies reach.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::Moment;
use scale_info::TypeInfo;

/// The emergencies of one scope of a patient that may be open.
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
pub struct Reach {
	/// How many nobody has closed. Those that ran out count until the last one is over.
	pub open: u32,
	/// When the last one ends by itself.
	pub until: Moment,
}

impl Reach {
	/// With one more, opened at `now`, that ends by itself at `until`.
	pub fn with_one_more(self, now: Moment, until: Moment) -> Self {
		let open = if self.is_open_at(now) { self.open } else { 0 };
		Self { open: open.saturating_add(1), until: self.until.max(until) }
	}

	/// Without one that was closed at `now`; none when no other can be open.
	pub fn with_one_less(self, now: Moment) -> Option<Self> {
		let open = self.open.saturating_sub(1);
		(0 < open && self.is_open_at(now)).then_some(Self { open, ..self })
	}

	/// Whether one of them may be open.
	pub fn is_open_at(&self, now: Moment) -> bool {
		now < self.until
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn one_is_open_until_it_ends_or_is_closed() {
		let one = Reach::default().with_one_more(100, 200);
		assert!(one.is_open_at(199));
		assert!(!one.is_open_at(200));
		assert_eq!(one.with_one_less(150), None);
	}

	#[test]
	fn of_several_the_last_one_counts() {
		let two = Reach::default().with_one_more(100, 200).with_one_more(150, 250);
		assert_eq!(two, Reach { open: 2, until: 250 });
		let one = two.with_one_less(160);
		assert_eq!(one, Some(Reach { open: 1, until: 250 }));
		assert_eq!(one.and_then(|one| one.with_one_less(170)), None);
		// A shorter one does not end it earlier.
		assert_eq!(two.with_one_more(160, 170).until, 250);
	}

	#[test]
	fn who_ran_out_is_forgotten_when_all_are_over() {
		let two = Reach::default().with_one_more(100, 200).with_one_more(150, 250);
		assert_eq!(two.with_one_less(250), None);
		assert_eq!(two.with_one_more(250, 350), Reach { open: 1, until: 350 });
	}
}
