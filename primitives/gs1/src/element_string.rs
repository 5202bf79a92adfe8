// SPDX-License-Identifier: Apache-2.0

//! Element strings: as people read them, with brackets, and as scanners send them, with separators.

use crate::{
	Ai, Element, ElementStringError, Gln, Gtin, LotNo, Serial, ShortDate, Sscc, Symbology, Value,
	error::count, macros::serde_as_text,
};
use alloc::{
	string::{String, ToString},
	vec,
	vec::Vec,
};
use core::{fmt, fmt::Write, str::FromStr};

/// What a scanner sends for FNC1 between fields: ASCII 29 (GS1 General Specifications, section
/// 7.8).
pub const GROUP_SEPARATOR: u8 = 29;

/// Elements that mark one item: at least one, no identifier twice, in the order given.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ElementString(Vec<Element>);

impl ElementString {
	/// Puts elements together.
	pub fn new(elements: Vec<Element>) -> Result<Self, ElementStringError> {
		elements.into_iter().try_fold(Self(Vec::new()), Self::with)?.filled()
	}

	/// One element more. A double one is refused at once, so that there are never more than there
	/// are identifiers, however long the data.
	fn with(mut self, element: Element) -> Result<Self, ElementStringError> {
		if self.get(element.ai()).is_some() {
			return Err(ElementStringError::DuplicateAi { ai: element.ai() });
		}
		self.0.push(element);
		Ok(self)
	}

	fn filled(self) -> Result<Self, ElementStringError> {
		if self.0.is_empty() { Err(ElementStringError::Empty) } else { Ok(self) }
	}

	/// Reads either form: with brackets when it begins with one, else as a scanner sends it.
	pub fn parse(data: &[u8]) -> Result<Self, ElementStringError> {
		if data.first() == Some(&b'(') {
			Self::parse_bracketed(data)
		} else {
			let (_, data) = Symbology::split(data)?;
			Self::parse_plain(data)
		}
	}

	/// Reads the form for people: `(01)09506000134352(10)ABC`. A bracket that opens within a value
	/// is written `\(`.
	pub fn parse_bracketed(data: &[u8]) -> Result<Self, ElementStringError> {
		let mut read = Self(Vec::new());
		let mut at = 0;
		while let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) {
			let bad = ElementStringError::BadBracket { at: count(at) };
			let rest = rest.strip_prefix(b"(").ok_or(bad.clone())?;
			let close = rest.iter().take(5).position(|byte| *byte == b')').ok_or(bad.clone())?;
			let code = rest.get(..close).unwrap_or_default();
			if code.len() < 2 || !code.iter().all(u8::is_ascii_digit) {
				return Err(bad);
			}
			let ai = Ai::from_code(code).ok_or_else(|| ElementStringError::UnknownAi {
				given: start(code, 4),
				at: count(at.saturating_add(1)),
			})?;
			let rest = rest.get(close.saturating_add(1)..).unwrap_or_default();
			let (value, taken) = unescape(rest);
			read = read.with(element(ai, &value)?)?;
			at = at.saturating_add(close).saturating_add(2).saturating_add(taken);
		}
		read.filled()
	}

	/// Reads the form of machines, behind any symbology identifier: identifiers and values one after
	/// the other, a group separator behind each field whose length is not predefined (section 7.8).
	///
	/// One separator in front stands for FNC1 in the first position. A separator behind a field that
	/// needs none, or behind the last, ends it and is no error (section 7.8).
	pub fn parse_plain(data: &[u8]) -> Result<Self, ElementStringError> {
		let mut read = Self(Vec::new());
		let mut at = usize::from(data.first() == Some(&GROUP_SEPARATOR));
		while let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) {
			if rest.first() == Some(&GROUP_SEPARATOR) {
				return Err(ElementStringError::EmptyElement { at: count(at) });
			}
			let ai = Ai::leading(rest).ok_or_else(|| ElementStringError::UnknownAi {
				given: start(rest, 4),
				at: count(at),
			})?;
			at = at.saturating_add(ai.code().len());
			let rest = data.get(at..).unwrap_or_default();
			let value = field(ai, rest)?;
			read = read.with(element(ai, value)?)?;
			at = at.saturating_add(value.len());
			if data.get(at) == Some(&GROUP_SEPARATOR) {
				at = at.saturating_add(1);
			}
		}
		read.filled()
	}

	/// The elements, in order.
	pub fn elements(&self) -> &[Element] {
		&self.0
	}

	/// The value of an identifier.
	pub fn get(&self, ai: Ai) -> Option<&Value> {
		self.0.iter().find(|element| element.ai() == ai).map(Element::value)
	}

	/// The product.
	pub fn gtin(&self) -> Option<Gtin> {
		match self.get(Ai::Gtin)? {
			Value::Gtin(gtin) => Some(*gtin),
			_ => None,
		}
	}

	/// The logistic unit.
	pub fn sscc(&self) -> Option<Sscc> {
		match self.get(Ai::Sscc)? {
			Value::Sscc(sscc) => Some(*sscc),
			_ => None,
		}
	}

	/// The lot.
	pub fn lot(&self) -> Option<LotNo> {
		match self.get(Ai::Lot)? {
			Value::Lot(lot) => Some(*lot),
			_ => None,
		}
	}

	/// The serial number.
	pub fn serial(&self) -> Option<Serial> {
		match self.get(Ai::Serial)? {
			Value::Serial(serial) => Some(*serial),
			_ => None,
		}
	}

	/// The expiry date, AI (17).
	pub fn expiry(&self) -> Option<ShortDate> {
		self.date(Ai::Expiry)
	}

	/// A date.
	pub fn date(&self, ai: Ai) -> Option<ShortDate> {
		match self.get(ai)? {
			Value::Date(date) => Some(*date),
			_ => None,
		}
	}

	/// A location or party.
	pub fn gln(&self, ai: Ai) -> Option<Gln> {
		match self.get(ai)? {
			Value::Gln(gln) => Some(*gln),
			_ => None,
		}
	}

	/// How many products a logistic unit holds, AI (37).
	pub fn count(&self) -> Option<u32> {
		match self.get(Ai::Count)? {
			Value::Text(digits) => digits.parse().ok(),
			_ => None,
		}
	}

	/// Checks that the elements may and do mark one item together (chapter 4, data
	/// relationships).
	///
	/// Reading does not ask this, because an item may carry its elements in two symbols: put them
	/// together first.
	pub fn check_associations(&self) -> Result<(), ElementStringError> {
		let has = |ai: &Ai| self.get(*ai).is_some();
		for ai in self.0.iter().map(Element::ai) {
			if let Some(other) = ai.excludes().iter().find(|other| has(other)) {
				return Err(ElementStringError::Contradicts { ai, other: *other });
			}
			if let Some(one_of) = ai.needs().iter().find(|group| !group.iter().any(has)) {
				return Err(ElementStringError::Lacks { ai, one_of });
			}
		}
		Ok(())
	}

	/// The readings in which one more separator had been there: a lot that swallowed a serial looks
	/// like a lot.
	///
	/// For a verdict's wording only: where this reading names nothing and one of those does, the
	/// reader lost a separator. Never accept one of them in its place.
	pub fn readings_with_a_separator(&self) -> Vec<Self> {
		let mut readings = Vec::new();
		for (n, element) in self.0.iter().enumerate().filter(|(_, it)| !it.ai().is_predefined()) {
			let value = element.value().to_string().into_bytes();
			let before = self.0.iter().take(n).cloned();
			let after = self.0.iter().skip(n.saturating_add(1)).cloned();
			for (head, tail) in (1..value.len()).filter_map(|middle| value.split_at_checked(middle))
			{
				let (Ok(head), Ok(tail)) =
					(Element::parse(element.ai(), head), Self::parse_plain(tail))
				else {
					continue;
				};
				let parted = before.clone().chain([head]).chain(tail.0).chain(after.clone());
				readings.extend(Self::new(parted.collect()));
			}
		}
		readings
	}

	/// These elements and those of another symbol of the same item. What both say alike counts once.
	pub fn joined(mut self, other: Self) -> Result<Self, ElementStringError> {
		for element in other.0 {
			match self.get(element.ai()) {
				None => self.0.push(element),
				Some(value) if value == element.value() => {},
				Some(_) => return Err(ElementStringError::DuplicateAi { ai: element.ai() }),
			}
		}
		Ok(self)
	}

	/// The same elements with those of predefined length in front, which spares a symbol separators
	/// (section 7.8). Otherwise they keep their order.
	pub fn predefined_first(mut self) -> Self {
		self.0.sort_by_key(|element| !element.ai().is_predefined());
		self
	}

	/// The form of machines, without a symbology identifier. A separator stands behind each field
	/// that needs one, except the last.
	pub fn to_plain(&self) -> Vec<u8> {
		let mut plain = Vec::new();
		let mut owes_separator = false;
		for element in &self.0 {
			if owes_separator {
				plain.push(GROUP_SEPARATOR);
			}
			plain.extend_from_slice(element.ai().code().as_bytes());
			plain.extend_from_slice(element.value().to_string().as_bytes());
			owes_separator = !element.ai().is_predefined();
		}
		plain
	}
}

impl fmt::Display for ElementString {
	/// Writes the form for people, which [`ElementString::parse_bracketed`] reads.
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		for element in &self.0 {
			element.ai().fmt(f)?;
			for character in element.value().to_string().chars() {
				if character == '(' {
					f.write_char('\\')?;
				}
				f.write_char(character)?;
			}
		}
		Ok(())
	}
}

impl FromStr for ElementString {
	type Err = ElementStringError;

	fn from_str(text: &str) -> Result<Self, ElementStringError> {
		Self::parse(text.as_bytes())
	}
}

serde_as_text!(ElementString);

/// The value of `ai` that `rest` begins with, up to its length or the next separator.
fn field(ai: Ai, rest: &[u8]) -> Result<&[u8], ElementStringError> {
	let max = ai.format().max();
	let end = rest.iter().position(|byte| *byte == GROUP_SEPARATOR).unwrap_or(rest.len());
	let given = rest.get(..end).unwrap_or_default();
	if ai.is_predefined() {
		// Too short is said when the value is read.
		Ok(given.get(..usize::from(max)).unwrap_or(given))
	} else if end <= usize::from(max) {
		Ok(given)
	} else if ai.format().is_of_one_length() {
		Err(ElementStringError::MissingSeparator { ai })
	} else {
		Err(ElementStringError::FieldRunTogether { ai, given: count(end), max })
	}
}

fn element(ai: Ai, value: &[u8]) -> Result<Element, ElementStringError> {
	Element::parse(ai, value).map_err(|cause| ElementStringError::Field { ai, cause })
}

/// The value up to the next bracket that opens, and how many bytes it takes as written.
fn unescape(rest: &[u8]) -> (Vec<u8>, usize) {
	let mut value = vec![];
	let mut taken = 0;
	loop {
		match rest.get(taken..).unwrap_or_default() {
			[b'\\', b'(', ..] => {
				value.push(b'(');
				taken = taken.saturating_add(2);
			},
			[] | [b'(', ..] => return (value, taken),
			[byte, ..] => {
				value.push(*byte);
				taken = taken.saturating_add(1);
			},
		}
	}
}

/// The first characters of some data, for an error.
pub(crate) fn start(data: &[u8], length: usize) -> String {
	data.iter().take(length).flat_map(|byte| byte.escape_ascii()).map(char::from).collect()
}
