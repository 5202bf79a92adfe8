// SPDX-License-Identifier: Apache-2.0

//! Labels: a GS1 DataMatrix with the text for people beside it, as SVG or PNG.
//!
//! The symbol begins with FNC1, fields of predefined length stand first, and a separator (ASCII 29)
//! ends each other one but the last (GS1 General Specifications, sections 5.6 and 7.8). A reader
//! gives `]d2` and the data in front of [`salus_gs1::Scan::parse`].

mod image;
#[cfg(test)]
mod tests;

use datamatrix::{DataMatrix, SymbolList};
use salus_gs1::{
	Ai, Element, ElementString, ElementStringError, Gtin, LotNo, Serial, ShortDate, Sscc,
};

/// Why there is no label. Says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
	/// The elements do not go together.
	#[error("{0}")]
	Elements(#[from] ElementStringError),
	/// No symbol is large enough.
	#[error("the elements do not fit into one symbol: leave some of them out")]
	TooMuch,
	/// A module of the picture is invisible, or too large for a picture.
	#[error("a module has 1 to {MAX_DOTS} dots, and {0} are asked for")]
	Dots(u32),
	/// A module that no printer and reader agree on.
	#[error(
		"a module is between 0.25 and 2 millimetres wide, and {0} are asked for: retail packs of drugs \
		 have 0.396 to 0.99"
	)]
	Millimetres(f64),
	/// The picture cannot be written.
	#[error("the picture cannot be made: {0}")]
	Picture(String),
}

/// The most dots of a module.
pub const MAX_DOTS: u32 = 64;
/// How many modules stay empty around the symbol. One is enough for the standard, two for readers.
const QUIET: u32 = 2;

/// The elements of one item, and their symbol.
#[derive(Clone, Debug)]
pub struct Label {
	elements: ElementString,
	symbol: DataMatrix,
}

impl Label {
	/// The label of any item: fields of predefined length are put first, and elements that cannot mark
	/// one item are refused.
	pub fn new(elements: ElementString) -> Result<Self, LabelError> {
		elements.check_associations()?;
		let elements = elements.predefined_first();
		let sizes = SymbolList::default().enforce_square();
		let symbol = DataMatrix::encode_gs1(&elements.to_plain(), sizes);
		Ok(Self { elements, symbol: symbol.map_err(|_| LabelError::TooMuch)? })
	}

	/// The label of a pack: (01) (17) (10) (21), in this order.
	pub fn pack(
		gtin: Gtin,
		expiry: ShortDate,
		lot: LotNo,
		serial: Serial,
	) -> Result<Self, LabelError> {
		let expiry = expiry.to_string();
		let expiry = Element::parse(Ai::Expiry, expiry.as_bytes())
			.map_err(|cause| ElementStringError::Field { ai: Ai::Expiry, cause })?;
		let elements = vec![gtin.into(), expiry, lot.into(), serial.into()];
		Self::new(ElementString::new(elements)?)
	}

	/// The label of a logistic unit: (00).
	pub fn logistic(sscc: Sscc) -> Result<Self, LabelError> {
		Self::new(ElementString::new(vec![sscc.into()])?)
	}

	/// What is on it, in the order of the symbol.
	pub fn elements(&self) -> &ElementString {
		&self.elements
	}

	/// What a reader sends: the symbology identifier `]d2` and the data.
	pub fn as_scanned(&self) -> Vec<u8> {
		[&b"]d2"[..], &self.elements.to_plain()].concat()
	}

	/// The lines for people: one per element, identifier in brackets, value behind it.
	pub fn lines(&self) -> Vec<String> {
		let line = |element: &Element| format!("{} {}", element.ai(), element.value());
		self.elements.elements().iter().map(line).collect()
	}
}
