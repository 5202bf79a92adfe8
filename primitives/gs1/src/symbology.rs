// SPDX-License-Identifier: Apache-2.0

//! The symbols that carry element strings.

use crate::{ElementStringError, element_string::start};
use core::fmt;

/// The symbol that a scanner read, by the identifier that it sends in front (ISO/IEC 15424; GS1
/// General Specifications, section 5.1.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Symbology {
	/// `]C1`: GS1-128.
	Gs1128,
	/// `]d2`: GS1 DataMatrix.
	DataMatrix,
	/// `]Q3`: GS1 QR Code.
	QrCode,
	/// `]e0`: GS1 DataBar, and GS1 Composite.
	DataBar,
	/// `]J1`: GS1 DotCode.
	DotCode,
}

impl Symbology {
	/// Every one of them.
	pub const ALL: &'static [Self] =
		&[Self::Gs1128, Self::DataMatrix, Self::QrCode, Self::DataBar, Self::DotCode];

	/// The three characters of its identifier.
	pub const fn prefix(self) -> &'static str {
		match self {
			Self::Gs1128 => "]C1",
			Self::DataMatrix => "]d2",
			Self::QrCode => "]Q3",
			Self::DataBar => "]e0",
			Self::DotCode => "]J1",
		}
	}

	/// Takes the identifier off the front of what a scanner sent, where there is one.
	pub fn split(data: &[u8]) -> Result<(Option<Self>, &[u8]), ElementStringError> {
		if data.first() != Some(&b']') {
			return Ok((None, data));
		}
		Self::ALL
			.iter()
			.find_map(|symbology| {
				Some((Some(*symbology), data.strip_prefix(symbology.prefix().as_bytes())?))
			})
			.ok_or_else(|| ElementStringError::UnknownSymbology { given: start(data, 3) })
	}
}

impl fmt::Display for Symbology {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::Gs1128 => "GS1-128",
			Self::DataMatrix => "GS1 DataMatrix",
			Self::QrCode => "GS1 QR Code",
			Self::DataBar => "GS1 DataBar",
			Self::DotCode => "GS1 DotCode",
		})
	}
}
