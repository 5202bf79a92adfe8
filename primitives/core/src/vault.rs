// SPDX-License-Identifier: Apache-2.0

//! What a guess at a login costs, and which login keys are sound.

use crate::SlotKind;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use scale_info::TypeInfo;

/// How what a person types is stretched into a key.
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
pub enum Kdf {
	/// Not at all: what opens the slot is random already.
	#[codec(index = 0)]
	None,
	/// By Argon2id, version 0x13 (RFC 9106).
	#[codec(index = 1)]
	Argon2id {
		/// Memory in KiB.
		memory_kib: u32,
		/// Passes over it.
		passes: u32,
		/// Lanes.
		lanes: u32,
	},
}

/// Between which bounds the parameters of [`Kdf::Argon2id`] have to lie.
///
/// Below them a guess is too cheap. Above them an honest device chokes, and whoever plants such
/// parameters keeps the owner out.
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
pub struct KdfLimits {
	/// The least memory in KiB.
	pub min_memory_kib: u32,
	/// The most memory in KiB.
	pub max_memory_kib: u32,
	/// The fewest passes.
	pub min_passes: u32,
	/// The most passes.
	pub max_passes: u32,
	/// The most lanes; the fewest are 1.
	pub max_lanes: u32,
}

impl KdfLimits {
	/// 64 MiB and three passes at least (the second recommendation of RFC 9106, section 4); 4 GiB,
	/// 64 passes and four lanes at most.
	pub const STANDARD: Self = Self {
		min_memory_kib: 64 * 1024,
		max_memory_kib: 4 * 1024 * 1024,
		min_passes: 3,
		max_passes: 64,
		max_lanes: 4,
	};

	/// Whether some parameters lie within.
	pub const fn is_sound(&self) -> bool {
		// Argon2 needs eight KiB for each lane.
		1 <= self.max_lanes
			&& self.max_lanes <= self.min_memory_kib / 8
			&& self.min_memory_kib <= self.max_memory_kib
			&& 1 <= self.min_passes
			&& self.min_passes <= self.max_passes
	}

	const fn lanes(&self) -> RangeInclusive<u32> {
		1..=self.max_lanes
	}
}

/// Why a slot of some kind cannot be stretched so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnfitKdf {
	/// A secret from memory is not stretched, or a random one is.
	OfAnotherKind,
	/// Memory or passes are below the floor.
	TooWeak,
	/// Memory or passes are above the ceiling.
	TooCostly,
	/// There are no lanes, or too many.
	Lanes,
}

impl Kdf {
	/// Checks that it can serve a slot of `kind`.
	pub fn check(&self, kind: SlotKind, limits: &KdfLimits) -> Result<(), UnfitKdf> {
		match *self {
			Self::None if kind.is_stretched() => Err(UnfitKdf::OfAnotherKind),
			Self::None => Ok(()),
			Self::Argon2id { .. } if !kind.is_stretched() => Err(UnfitKdf::OfAnotherKind),
			Self::Argon2id { memory_kib, passes, lanes } => {
				if memory_kib < limits.min_memory_kib || passes < limits.min_passes {
					Err(UnfitKdf::TooWeak)
				} else if memory_kib > limits.max_memory_kib || passes > limits.max_passes {
					Err(UnfitKdf::TooCostly)
				} else if !limits.lanes().contains(&lanes) {
					Err(UnfitKdf::Lanes)
				} else {
					Ok(())
				}
			},
		}
	}
}

/// The y-coordinates of small order on edwards25519, little-endian, in every encoding: 0, 1, -1, the
/// two of order eight, and 0 and 1 with p = 2^255 - 19 added.
const SMALL_ORDER: [[u8; 32]; 7] = [
	[0; 32],
	ends(1, 0, 0),
	ends(0xec, 0xff, 0x7f),
	ends(0xed, 0xff, 0x7f),
	ends(0xee, 0xff, 0x7f),
	[
		0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
		0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		0xfc, 0x05,
	],
	[
		0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
		0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		0x03, 0x7a,
	],
];

/// `first`, thirty times `middle`, `last`.
const fn ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
	let mut bytes = [middle; 32];
	bytes[0] = first;
	bytes[31] = last;
	bytes
}

/// Whether `key` is an Ed25519 public key of small order, for which anybody can sign.
pub fn is_weak_login_key(key: &[u8; 32]) -> bool {
	let mut y = *key;
	// Bit 255 is the sign of x.
	if let Some(last) = y.last_mut() {
		*last &= 0x7f;
	}
	SMALL_ORDER.contains(&y)
}

#[cfg(test)]
mod tests {
	use super::*;
	use UnfitKdf::*;

	const LIMITS: KdfLimits = KdfLimits::STANDARD;

	fn argon2id(memory_kib: u32, passes: u32, lanes: u32) -> Kdf {
		Kdf::Argon2id { memory_kib, passes, lanes }
	}

	#[test]
	fn only_what_comes_from_memory_is_stretched() {
		let floor = argon2id(65_536, 3, 1);
		for kind in SlotKind::ALL {
			let stretched = matches!(kind, SlotKind::Password | SlotKind::Passphrase);
			let [with, without] = [floor, Kdf::None].map(|kdf| kdf.check(*kind, &LIMITS));
			assert_eq!(with, if stretched { Ok(()) } else { Err(OfAnotherKind) });
			assert_eq!(without, if stretched { Err(OfAnotherKind) } else { Ok(()) });
		}
	}

	#[test]
	fn each_bound_holds_to_the_unit() {
		let check = |memory, passes, lanes| {
			argon2id(memory, passes, lanes).check(SlotKind::Password, &LIMITS)
		};
		assert_eq!(check(65_536, 3, 1), Ok(()));
		assert_eq!(check(65_535, 3, 1), Err(TooWeak));
		assert_eq!(check(65_536, 2, 1), Err(TooWeak));
		assert_eq!(check(65_536, 0, 1), Err(TooWeak));
		assert_eq!(check(65_536, 3, 0), Err(Lanes));
		assert_eq!(check(4_194_304, 64, 4), Ok(()));
		assert_eq!(check(4_194_305, 64, 4), Err(TooCostly));
		assert_eq!(check(4_194_304, 65, 4), Err(TooCostly));
		assert_eq!(check(4_194_304, 64, 5), Err(Lanes));
		assert_eq!(check(u32::MAX, u32::MAX, u32::MAX), Err(TooCostly));
	}

	#[test]
	fn an_unknown_kdf_is_not_read() {
		assert_eq!(Kdf::decode(&mut &[0][..]), Ok(Kdf::None));
		assert!(Kdf::decode(&mut &[2, 0, 0, 1, 0, 3, 0, 0, 0, 1, 0, 0, 0][..]).is_err());
	}

	#[test]
	fn limits_that_nothing_meets_are_not_sound() {
		assert!(LIMITS.is_sound());
		assert!(!KdfLimits { min_passes: 65, ..LIMITS }.is_sound());
		assert!(!KdfLimits { min_memory_kib: 24, ..LIMITS }.is_sound());
		assert!(!KdfLimits { max_memory_kib: 1, ..LIMITS }.is_sound());
		assert!(!KdfLimits { min_passes: 0, ..LIMITS }.is_sound());
		assert!(!KdfLimits { max_lanes: 0, ..LIMITS }.is_sound());
	}

	#[test]
	fn keys_of_small_order_are_weak_whatever_their_sign() {
		for mut key in SMALL_ORDER {
			assert!(is_weak_login_key(&key));
			key[31] |= 0x80;
			assert!(is_weak_login_key(&key));
		}
		// The base point.
		let base = {
			let mut key = [0x66; 32];
			key[0] = 0x58;
			key
		};
		assert!(!is_weak_login_key(&base));
	}
}
