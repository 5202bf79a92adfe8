// SPDX-License-Identifier: Apache-2.0

//! Why a single code or field is refused.

use crate::DateFault;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// Why a single code or field is refused. Nothing is trimmed, folded, padded or put right.
///
/// Positions count characters from zero.
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
pub enum CodeError {
	/// There is nothing in the field. Fill it or leave it out.
	#[codec(index = 0)]
	EmptyField,
	/// There are more characters than the field can hold. Look for a second field in it.
	#[codec(index = 1)]
	TooLong {
		/// Characters given.
		given: u32,
		/// Characters that fit.
		max: u16,
	},
	/// The field has one length, and this is another. Leading zeros belong to a code.
	#[codec(index = 2)]
	WrongLength {
		/// Characters given.
		given: u32,
		/// Characters that it has.
		expected: u16,
	},
	/// A GTIN has 8, 12, 13 or 14 digits, and this has another number of characters.
	#[codec(index = 3)]
	GtinLength {
		/// Characters given.
		given: u32,
	},
	/// Something other than the digits 0 to 9 stands in a number. Signs, points, spaces, exponents
	/// and the digits of other scripts do not count.
	#[codec(index = 4)]
	NotDigits {
		/// Where the first of them stands.
		at: u32,
	},
	/// A character is not of the set that the field allows.
	#[codec(index = 5)]
	BadCharacter {
		/// Where the first of them stands.
		at: u32,
		/// The byte found there.
		byte: u8,
	},
	/// The last digit does not follow from the others. Read the code again.
	#[codec(index = 6)]
	BadCheckDigit {
		/// The digit that would follow.
		expected: u8,
		/// The digit that stands there.
		found: u8,
	},
	/// There is no such date or time.
	#[codec(index = 7)]
	BadDate(DateFault),
	/// A country is a three-digit number of ISO 3166-1, 001 to 999.
	#[codec(index = 8)]
	BadCountry,
	/// The first digit has to be a zero, as the layout of the key demands.
	#[codec(index = 9)]
	NotZero {
		/// The digit that stands there.
		found: u8,
	},
	/// A company prefix has from this to that number of digits here.
	#[codec(index = 10)]
	PrefixLength {
		/// Digits given.
		given: u32,
		/// The fewest.
		min: u8,
		/// The most.
		max: u8,
	},
}

impl fmt::Display for CodeError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match *self {
			Self::EmptyField => f.write_str("the field is empty; fill it or leave it out"),
			Self::TooLong { given, max } => write!(
				f,
				"{given} characters are given and {max} fit; look for a second field in it"
			),
			Self::WrongLength { given, expected } => write!(
				f,
				"{given} characters are given and it has {expected}; leading zeros belong to it"
			),
			Self::GtinLength { given } => write!(
				f,
				"a GTIN has 8, 12, 13 or 14 digits and {given} characters are given; leading \
				 zeros belong to it"
			),
			Self::NotDigits { at } => {
				write!(f, "the character at {at} is no digit; only 0 to 9 count")
			},
			Self::BadCharacter { at, byte } if byte.is_ascii_graphic() => write!(
				f,
				"`{}` at {at} is not allowed here; scan again, or type it as printed",
				byte as char
			),
			Self::BadCharacter { at, byte } => write!(
				f,
				"the byte 0x{byte:02x} at {at} is not allowed here; scan again, or type it as \
				 printed"
			),
			Self::BadCheckDigit { expected, found } => write!(
				f,
				"the check digit is {found} and the other digits demand {expected}; read the code \
				 again"
			),
			Self::BadDate(fault) => fault.fmt(f),
			Self::BadCountry => {
				f.write_str("a country is a number of ISO 3166-1 from 001 to 999, such as 276")
			},
			Self::NotZero { found } => {
				write!(f, "the first digit is {found} and has to be 0")
			},
			Self::PrefixLength { given, min, max } => write!(
				f,
				"a company prefix has {min} to {max} digits here and {given} are given; its owner \
				 knows how many"
			),
		}
	}
}

impl core::error::Error for CodeError {}

/// A length for an error; what does not fit is shown as the largest number.
pub(crate) fn count(length: usize) -> u32 {
	u32::try_from(length).unwrap_or(u32::MAX)
}
