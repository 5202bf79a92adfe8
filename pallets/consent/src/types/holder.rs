// SPDX-License-Identifier: Apache-2.0

//! Organisations that hold emergency keys.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{DAY, Moment};
use scale_info::TypeInfo;

/// How long the patients of a holder that ceases have to hand their keys to another one.
pub const HOLDER_NOTICE: Moment = 30 * DAY;

/// Whether an organisation takes emergency keys.
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
pub enum HolderStanding {
	/// It does.
	#[default]
	#[codec(index = 0)]
	Offers,
	/// It has given notice: it is handed no further key, and drops those that are left from this
	/// moment on.
	#[codec(index = 1)]
	Leaves(Moment),
	/// It does not any more, and knows the secrets that it held.
	#[codec(index = 2)]
	Ceased,
}

/// An organisation that offers to hold emergency keys, or held some.
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
pub struct Holder {
	/// How many it holds.
	pub keys: u32,
	/// Whether it ever held one.
	pub has_held: bool,
	/// Whether it takes more.
	pub standing: HolderStanding,
}

impl Holder {
	/// With one key more.
	pub fn with_one_more(self) -> Self {
		Self { keys: self.keys.saturating_add(1), has_held: true, ..self }
	}

	/// With one key less.
	pub fn with_one_less(self) -> Self {
		Self { keys: self.keys.saturating_sub(1), ..self }
	}

	/// What it is once it wants to hold no keys: it gives notice when it has some. None when nobody
	/// has to remember it.
	pub fn ceasing(self, now: Moment) -> Option<Self> {
		let standing = match self.keys {
			0 => HolderStanding::Ceased,
			_ => HolderStanding::Leaves(now.saturating_add(HOLDER_NOTICE)),
		};
		self.has_held.then_some(Self { standing, ..self })
	}

	/// Whether it holds keys, or would.
	pub fn is_one(&self) -> bool {
		self.standing != HolderStanding::Ceased
	}

	/// When its notice is over, once it has given it.
	pub fn leaves(&self) -> Option<Moment> {
		match self.standing {
			HolderStanding::Leaves(moment) => Some(moment),
			HolderStanding::Offers | HolderStanding::Ceased => None,
		}
	}

	/// Whether it may drop keys by itself.
	pub fn may_drop(&self, now: Moment) -> bool {
		self.leaves().is_some_and(|leaves| leaves <= now)
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn who_held_keys_gives_notice_and_is_remembered() {
		let new = Holder::default();
		assert_eq!(new.ceasing(100), None);
		let holds = new.with_one_more();
		let leaving = holds.ceasing(100).unwrap();
		assert_eq!((leaving.keys, leaving.leaves()), (1, Some(100 + HOLDER_NOTICE)));
		assert!(leaving.is_one());
		let ceased = leaving.with_one_less().ceasing(200).unwrap();
		assert_eq!((ceased.keys, ceased.standing), (0, HolderStanding::Ceased));
		assert!(!ceased.is_one());
		assert_eq!(ceased.leaves(), None);
	}

	#[test]
	fn keys_are_dropped_from_the_end_of_the_notice_on() {
		let holds = Holder::default().with_one_more();
		assert!(!holds.may_drop(Moment::MAX));
		let leaving = Holder { standing: HolderStanding::Leaves(100), ..holds };
		assert!(!leaving.may_drop(99));
		assert!(leaving.may_drop(100));
		assert!(!Holder { standing: HolderStanding::Ceased, ..holds }.may_drop(Moment::MAX));
	}
}
