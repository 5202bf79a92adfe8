// SPDX-License-Identifier: Apache-2.0

//! One element: an application identifier and its value.

use crate::{
	Ai, CodeError, Format, Gln, Gtin, LotNo, Serial, ShortDate, ShortTime, Sscc, charset, digits,
	error::count,
};
use alloc::string::String;
use core::fmt;

/// The value of an element, checked against the format of its identifier.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
	/// An SSCC.
	Sscc(Sscc),
	/// A GTIN.
	Gtin(Gtin),
	/// A GLN.
	Gln(Gln),
	/// A lot number.
	Lot(LotNo),
	/// A serial number.
	Serial(Serial),
	/// A date of six digits.
	Date(ShortDate),
	/// A moment of ten digits.
	Time(ShortTime),
	/// Digits or characters, as they stand.
	Text(String),
}

impl fmt::Display for Value {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Sscc(code) => code.fmt(f),
			Self::Gtin(code) => code.fmt(f),
			Self::Gln(code) => code.fmt(f),
			Self::Lot(lot) => lot.fmt(f),
			Self::Serial(serial) => serial.fmt(f),
			Self::Date(date) => date.fmt(f),
			Self::Time(time) => time.fmt(f),
			Self::Text(text) => f.write_str(text),
		}
	}
}

/// An application identifier and a value of its format.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Element {
	ai: Ai,
	value: Value,
}

impl Element {
	/// Reads a value, as it stands.
	pub fn parse(ai: Ai, value: &[u8]) -> Result<Self, CodeError> {
		let value = match ai.format() {
			Format::Sscc => Value::Sscc(Sscc::parse(value)?),
			Format::Gtin => Value::Gtin(Gtin::parse(value)?),
			Format::Gln => Value::Gln(Gln::parse(value)?),
			Format::Lot => Value::Lot(LotNo::parse(value)?),
			Format::Serial => Value::Serial(Serial::parse(value)?),
			Format::Date => Value::Date(ShortDate::parse(value)?),
			Format::Time => Value::Time(ShortTime::parse(value)?),
			Format::Digits(min, max) => digits_of(value, min, max)?,
			Format::Text(max) => text_of(value, max)?,
			Format::Country => country(value)?,
			Format::Grai => grai(value)?,
		};
		Ok(Self { ai, value })
	}

	/// The identifier.
	pub fn ai(&self) -> Ai {
		self.ai
	}

	/// The value.
	pub fn value(&self) -> &Value {
		&self.value
	}
}

impl From<Gtin> for Element {
	fn from(gtin: Gtin) -> Self {
		Self { ai: Ai::Gtin, value: Value::Gtin(gtin) }
	}
}

impl From<Sscc> for Element {
	fn from(sscc: Sscc) -> Self {
		Self { ai: Ai::Sscc, value: Value::Sscc(sscc) }
	}
}

impl From<LotNo> for Element {
	fn from(lot: LotNo) -> Self {
		Self { ai: Ai::Lot, value: Value::Lot(lot) }
	}
}

impl From<Serial> for Element {
	fn from(serial: Serial) -> Self {
		Self { ai: Ai::Serial, value: Value::Serial(serial) }
	}
}

fn text_of(value: &[u8], max: u16) -> Result<Value, CodeError> {
	charset::check(value, max, charset::is_in_set_82)?;
	Ok(Value::Text(ascii(value)))
}

fn digits_of(value: &[u8], min: u16, max: u16) -> Result<Value, CodeError> {
	digits::number(value)?;
	if value.len() > usize::from(max) {
		return Err(CodeError::TooLong { given: count(value.len()), max });
	}
	if value.len() < usize::from(min) {
		return Err(CodeError::WrongLength { given: count(value.len()), expected: min });
	}
	Ok(Value::Text(ascii(value)))
}

fn country(value: &[u8]) -> Result<Value, CodeError> {
	match digits::number_of(value, 3)? {
		1..=999 => Ok(Value::Text(ascii(value))),
		_ => Err(CodeError::BadCountry),
	}
}

fn grai(value: &[u8]) -> Result<Value, CodeError> {
	charset::check(value, Format::Grai.max(), charset::is_in_set_82)?;
	let given = count(value.len());
	let key = value.get(..14).ok_or(CodeError::WrongLength { given, expected: 14 })?;
	let number = digits::number_of(key, 14)?;
	if number >= digits::pow10(13) {
		return Err(CodeError::NotZero { found: digits::slice(number, 14, 0, 1) as u8 });
	}
	digits::verify(number)?;
	Ok(Value::Text(ascii(value)))
}

/// Text that was checked to be ASCII.
fn ascii(text: &[u8]) -> String {
	String::from_utf8_lossy(text).into_owned()
}
