// SPDX-License-Identifier: Apache-2.0

//! The National Drug Code of the United States, and where it stands in a GTIN.

use crate::{CodeError, Gtin, digits, error::count, macros::serde_as_text};
use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, Error as DecodeError, Input, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// How the ten digits of an NDC part into labeler, product and package.
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
	PartialOrd,
	Ord,
	Hash,
	Debug,
)]
pub enum NdcLayout {
	/// 4-4-2.
	#[codec(index = 0)]
	FourFourTwo,
	/// 5-3-2.
	#[codec(index = 1)]
	FiveThreeTwo,
	/// 5-4-1.
	#[codec(index = 2)]
	FiveFourOne,
}

impl NdcLayout {
	/// Every layout.
	pub const ALL: &'static [Self] = &[Self::FourFourTwo, Self::FiveThreeTwo, Self::FiveFourOne];

	/// Digits of labeler, product and package.
	pub const fn parts(self) -> [u8; 3] {
		match self {
			Self::FourFourTwo => [4, 4, 2],
			Self::FiveThreeTwo => [5, 3, 2],
			Self::FiveFourOne => [5, 4, 1],
		}
	}
}

/// Why a text is no NDC, or has none in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NdcError {
	/// Ten digits without hyphens have three readings. Write it as on the label.
	NoHyphens,
	/// Eleven digits, 5-4-2, are the padded form of bills: which zero was put in is lost. Write the
	/// ten digits of the label.
	AmbiguousBilling,
	/// The parts have other lengths than 4-4-2, 5-3-2 or 5-4-1.
	Layout,
	/// A part is no number.
	Part(CodeError),
	/// The GTIN does not begin with 03 behind its indicator, so it holds no NDC.
	NotInGtin,
	/// A drug's indicator is 0 to 8: a pack, or a grouping of packs.
	Indicator {
		/// The one given.
		given: u8,
	},
}

impl fmt::Display for NdcError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NoHyphens => f.write_str(
				"ten digits without hyphens have three readings; write it as on the label, such as \
				 0001-0123-45",
			),
			Self::AmbiguousBilling => f.write_str(
				"eleven digits (5-4-2) are the padded form of bills, and which zero was put in is \
				 lost; write the ten digits of the label",
			),
			Self::Layout => f.write_str("an NDC is written 4-4-2, 5-3-2 or 5-4-1 digits"),
			Self::Part(cause) => cause.fmt(f),
			Self::NotInGtin => {
				f.write_str("the GTIN holds no NDC: 03 does not stand behind its first digit")
			},
			Self::Indicator { given } => {
				write!(
					f,
					"the indicator {given} is not a drug's; use 0 for a pack, 1 to 8 for cases"
				)
			},
		}
	}
}

impl core::error::Error for NdcError {}

/// A National Drug Code of ten digits, with its layout. An attribute of a product, never its key.
#[derive(Encode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ndc {
	layout: NdcLayout,
	number: u64,
}

impl Ndc {
	/// Reads it with its hyphens.
	pub fn parse(text: &[u8]) -> Result<Self, NdcError> {
		if let Some(at) = text.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'-')) {
			return Err(NdcError::Part(CodeError::NotDigits { at: count(at) }));
		}
		if text.is_empty() {
			return Err(NdcError::Part(CodeError::EmptyField));
		}
		let mut lengths = text.split(|byte| *byte == b'-').map(<[u8]>::len);
		let layout = match (lengths.next(), lengths.next(), lengths.next(), lengths.next()) {
			(Some(4), Some(4), Some(2), None) => NdcLayout::FourFourTwo,
			(Some(5), Some(3), Some(2), None) => NdcLayout::FiveThreeTwo,
			(Some(5), Some(4), Some(1), None) => NdcLayout::FiveFourOne,
			(Some(5), Some(4), Some(2), None) | (Some(11), None, ..) => {
				return Err(NdcError::AmbiguousBilling);
			},
			(Some(10), None, ..) => return Err(NdcError::NoHyphens),
			_ => return Err(NdcError::Layout),
		};
		let digits: alloc::vec::Vec<u8> =
			text.iter().copied().filter(|byte| *byte != b'-').collect();
		Ok(Self { layout, number: digits::number(&digits).map_err(NdcError::Part)? })
	}

	/// The NDC in a GTIN. The GTIN does not say how it is laid out.
	pub fn in_gtin(gtin: Gtin, layout: NdcLayout) -> Result<Self, NdcError> {
		if digits::slice(gtin.to_u64(), 14, 1, 2) != 3 {
			return Err(NdcError::NotInGtin);
		}
		Ok(Self { layout, number: digits::slice(gtin.to_u64(), 14, 3, 10) })
	}

	/// The GTIN of its pack (indicator 0) or of a grouping (1 to 8): indicator, 03, the ten digits,
	/// check digit.
	pub fn to_gtin(self, indicator: u8) -> Result<Gtin, NdcError> {
		if indicator > 8 {
			return Err(NdcError::Indicator { given: indicator });
		}
		let body = u64::from(indicator)
			.saturating_mul(digits::pow10(12))
			.saturating_add(digits::pow10(10).saturating_mul(3))
			.saturating_add(self.number);
		Gtin::from_body(body).map_err(NdcError::Part)
	}

	/// The layout.
	pub fn layout(self) -> NdcLayout {
		self.layout
	}

	/// Its ten digits without hyphens, as AI (715) carries them.
	pub fn to_digits(self) -> String {
		alloc::format!("{:010}", self.number)
	}
}

impl FromStr for Ndc {
	type Err = NdcError;

	fn from_str(text: &str) -> Result<Self, NdcError> {
		Self::parse(text.as_bytes())
	}
}

impl fmt::Display for Ndc {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let [labeler, product, package] = self.layout.parts();
		let part = |from, length| digits::slice(self.number, 10, from, length);
		write!(
			f,
			"{:0w0$}-{:0w1$}-{:0w2$}",
			part(0, labeler),
			part(labeler, product),
			part(labeler.saturating_add(product), package),
			w0 = usize::from(labeler),
			w1 = usize::from(product),
			w2 = usize::from(package),
		)
	}
}

impl fmt::Debug for Ndc {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "Ndc({self})")
	}
}

impl Decode for Ndc {
	fn decode<I: Input>(input: &mut I) -> Result<Self, DecodeError> {
		let (layout, number) = Decode::decode(input)?;
		(number < digits::pow10(10)).then_some(Self { layout, number }).ok_or("not an NDC".into())
	}
}

impl DecodeWithMemTracking for Ndc {}

serde_as_text!(Ndc);
