// SPDX-License-Identifier: Apache-2.0

//! Anything that a scanner sends or a person types.

use crate::{
	CodeError, DigitalLink, DigitalLinkError, ElementString, ElementStringError, EpcError, EpcUri,
	GivenGtin, GtinForm, HibcError, HibcLabel, IccbbaError, IccbbaLabel, Symbology,
};
use core::fmt;

/// What was scanned or typed, by what it begins with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Scan {
	/// An element string, with the symbol that it came from where the scanner said so.
	Elements(Option<Symbology>, ElementString),
	/// A GS1 Digital Link.
	Link(DigitalLink),
	/// A bare GTIN: the lines below most packs.
	Gtin(GivenGtin),
	/// An EPC URI.
	Epc(EpcUri),
	/// A label of HIBCC.
	Hibc(HibcLabel),
	/// A label of ICCBBA.
	Iccbba(IccbbaLabel),
}

/// Why a scan is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ScanError {
	/// There is nothing.
	Empty,
	/// A symbol that carries element strings was expected: this one has no FNC1 in front, so its
	/// digits mean nothing by the rules of GS1.
	NotGs1,
	/// A web address or URI has a byte that is no text.
	NotText,
	/// Wrong as an element string.
	Elements(ElementStringError),
	/// Wrong as a Digital Link.
	Link(DigitalLinkError),
	/// Wrong as a GTIN.
	Gtin(CodeError),
	/// Wrong as an EPC URI.
	Epc(EpcError),
	/// Wrong as a label of HIBCC.
	Hibc(HibcError),
	/// Wrong as a label of ICCBBA.
	Iccbba(IccbbaError),
}

impl fmt::Display for ScanError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Empty => f.write_str("nothing was scanned; scan again"),
			Self::NotGs1 => f.write_str(
				"the symbol is no GS1 symbol and holds neither a GTIN nor a Digital Link; scan the \
				 other symbol of the pack",
			),
			Self::NotText => f.write_str("the address has a byte that is no text; scan again"),
			Self::Elements(error) => error.fmt(f),
			Self::Link(error) => error.fmt(f),
			Self::Gtin(error) => write!(f, "GTIN: {error}"),
			Self::Epc(error) => error.fmt(f),
			Self::Hibc(error) => error.fmt(f),
			Self::Iccbba(error) => error.fmt(f),
		}
	}
}

impl core::error::Error for ScanError {}

/// Symbols without FNC1, which carry GTINs, addresses and the labels of other agencies: EAN and UPC,
/// ITF-14, Data Matrix, QR Code, Code 128, Code 39.
const OTHER_SYMBOLS: &[&[u8]] = &[
	b"]E0", b"]E4", b"]I0", b"]I1", b"]d0", b"]d1", b"]Q0", b"]Q1", b"]C0", b"]A0", b"]A1", b"]A2",
];

impl Scan {
	/// Reads it. `this_year` gives the two-digit years of HIBC labels their century; GS1's keep
	/// theirs open until [`crate::ShortDate::read_in`].
	///
	/// Eight, twelve, thirteen or fourteen digits alone are a GTIN: an element string of as many
	/// digits and no symbology identifier cannot be told from one.
	pub fn parse(data: &[u8], this_year: u16) -> Result<Self, ScanError> {
		if data.is_empty() {
			return Err(ScanError::Empty);
		}
		if let Some(rest) = OTHER_SYMBOLS.iter().find_map(|symbol| data.strip_prefix(*symbol)) {
			return Self::parse_other(rest, this_year).unwrap_or(Err(ScanError::NotGs1));
		}
		match Self::parse_other(data, this_year) {
			Some(scan) => scan,
			None if data.first() == Some(&b'(') => ElementString::parse_bracketed(data)
				.map(|elements| Self::Elements(None, elements))
				.map_err(ScanError::Elements),
			None => {
				let (symbology, rest) = Symbology::split(data).map_err(ScanError::Elements)?;
				let elements = ElementString::parse_plain(rest).map_err(ScanError::Elements)?;
				Ok(Self::Elements(symbology, elements))
			},
		}
	}

	/// Reads what needs no FNC1; `None` where it is none of these.
	fn parse_other(data: &[u8], this_year: u16) -> Option<Result<Self, ScanError>> {
		let is_gtin = data.iter().all(u8::is_ascii_digit)
			&& GtinForm::ALL.iter().any(|form| usize::from(form.digits()) == data.len());
		match data {
			[b'+', ..] => {
				Some(HibcLabel::parse(data, this_year).map(Self::Hibc).map_err(ScanError::Hibc))
			},
			[b'=' | b'&', ..] => {
				Some(IccbbaLabel::parse(data).map(Self::Iccbba).map_err(ScanError::Iccbba))
			},
			[b'u', b'r', b'n', b':', ..] => Some(
				text(data)
					.and_then(|text| EpcUri::parse(text).map(Self::Epc).map_err(ScanError::Epc)),
			),
			[b'h' | b'H', b't' | b'T', ..] => Some(text(data).and_then(|text| {
				DigitalLink::parse(text).map(Self::Link).map_err(ScanError::Link)
			})),
			_ if is_gtin => Some(GivenGtin::parse(data).map(Self::Gtin).map_err(ScanError::Gtin)),
			_ => None,
		}
	}
}

fn text(data: &[u8]) -> Result<&str, ScanError> {
	core::str::from_utf8(data).map_err(|_| ScanError::NotText)
}
