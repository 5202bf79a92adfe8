// SPDX-License-Identifier: Apache-2.0

//! Labels of HIBCC: the Health Industry Bar Code for devices (ANSI/HIBC 2.6).

use crate::{
	CodeError, Date, DateFault, LotNo, Serial, charset, date, digits, error::count,
	macros::text_code,
};
use alloc::string::String;
use core::fmt;

/// The 43 characters, in the order of their values.
const VALUES: &[u8; 43] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The check character of everything before it, the plus sign included; `None` where a character is
/// not of the 43.
pub fn hibc_check_character(text: &[u8]) -> Option<char> {
	let sum = text.iter().try_fold(0usize, |sum, byte| {
		Some(sum.saturating_add(VALUES.iter().position(|value| value == byte)?))
	})?;
	VALUES.get(sum % VALUES.len()).map(|byte| *byte as char)
}

/// Why a label is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HibcError {
	/// It does not begin with a plus sign. Asterisks around it are not part of it.
	NotHibc,
	/// It is too short to hold anything besides its check character.
	TooShort,
	/// A character that has no value in the check. Letters are capitals.
	BadCharacter {
		/// Where it stands.
		at: u32,
		/// The byte found there.
		byte: u8,
	},
	/// The last character does not follow from the others. Scan again.
	BadCheckCharacter {
		/// The one that would follow.
		expected: char,
		/// The one that stands there.
		found: char,
	},
	/// A part is wrong.
	Part {
		/// Which one.
		part: &'static str,
		/// What is wrong.
		cause: CodeError,
	},
	/// A part of a kind that is not known.
	UnknownPart {
		/// How it begins.
		given: String,
	},
	/// A part stands twice.
	DuplicatePart {
		/// Which one.
		part: &'static str,
	},
}

impl fmt::Display for HibcError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NotHibc => f.write_str("a HIBC label begins with +, without asterisks around it"),
			Self::TooShort => f.write_str("the label is too short; scan again"),
			Self::BadCharacter { at, byte } => write!(
				f,
				"the byte 0x{byte:02x} at {at} is no character of HIBC; letters are capitals"
			),
			Self::BadCheckCharacter { expected, found } => write!(
				f,
				"the check character is `{found}` and the others demand `{expected}`; scan again"
			),
			Self::Part { part, cause } => write!(f, "{part}: {cause}"),
			Self::UnknownPart { given } => write!(f, "`{given}` begins no part that is known"),
			Self::DuplicatePart { part } => write!(f, "{part} stands twice; scan one label"),
		}
	}
}

impl core::error::Error for HibcError {}

fn check_di(text: &[u8]) -> Result<(), CodeError> {
	charset::check(text, HibcDi::MAX, charset::is_capital_or_digit)?;
	if text.len() < 6 {
		return Err(CodeError::WrongLength { given: count(text.len()), expected: 6 });
	}
	if let Some(byte) = text.first().filter(|byte| !byte.is_ascii_uppercase()) {
		return Err(CodeError::BadCharacter { at: 0, byte: *byte });
	}
	if !text.last().is_some_and(u8::is_ascii_digit) {
		return Err(CodeError::NotDigits { at: count(text.len().saturating_sub(1)) });
	}
	Ok(())
}

text_code! {
	/// A device identifier of HIBCC: the labeler's four characters, a product number of 1 to 18, and
	/// a digit for the unit of measure. Without plus sign and check character.
	HibcDi, 23, "HIBC device identifier", check_di
}

impl HibcDi {
	/// The labeler's code.
	pub fn labeler(&self) -> &str {
		self.as_str().get(..4).unwrap_or_default()
	}

	/// The labeler's number of the product.
	pub fn product(&self) -> &str {
		let end = self.as_str().len().saturating_sub(1);
		self.as_str().get(4..end).unwrap_or_default()
	}

	/// The level of packaging: 0 is the unit of use.
	pub fn unit_of_measure(&self) -> u8 {
		self.as_bytes().last().map_or(0, |byte| byte.saturating_sub(b'0'))
	}

	/// The primary label: plus sign, identifier, check character.
	pub fn to_label(&self) -> String {
		let mut label = alloc::format!("+{self}");
		label.extend(hibc_check_character(label.as_bytes()));
		label
	}
}

/// What a label says: the device, or the production, or both.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct HibcLabel {
	/// The device; none on a secondary label.
	pub di: Option<HibcDi>,
	/// On a secondary label, the check character of the primary label that it belongs to.
	pub link: Option<char>,
	/// The lot.
	pub lot: Option<LotNo>,
	/// The serial number.
	pub serial: Option<Serial>,
	/// The expiry date.
	pub expiry: Option<Date>,
	/// The hour that it expires in, where the label says it.
	pub expiry_hour: Option<u8>,
	/// The date of manufacture.
	pub made: Option<Date>,
	/// How many units are in the package.
	pub quantity: Option<u32>,
}

impl HibcLabel {
	/// Reads a primary, a secondary or a joined label, with its check character.
	///
	/// `this_year` gives years of two digits their century, as GS1 does.
	pub fn parse(text: &[u8], this_year: u16) -> Result<Self, HibcError> {
		let body = checked(text)?;
		let mut label = Self::default();
		match body {
			[] => return Err(HibcError::TooShort),
			[b'A'..=b'Z', ..] => {
				let mut parts = body.splitn(2, |byte| *byte == b'/');
				let di = HibcDi::parse(parts.next().unwrap_or_default());
				label.di = Some(di.map_err(part("device identifier"))?);
				if let Some(rest) = parts.next() {
					label.read_parts(rest, this_year)?;
				}
			},
			[secondary @ .., link] => {
				label.link = Some(*link as char);
				label.read_parts(secondary, this_year)?;
			},
		}
		Ok(label)
	}

	/// Puts a secondary label to its primary, when the link character says that they belong
	/// together. One pair of labels in 43 has the same link by chance: read them off one pack.
	pub fn joined(primary: &Self, secondary: &Self) -> Option<Self> {
		let label = primary.di?.to_label();
		let belongs = secondary.link == label.chars().last();
		belongs.then_some(Self { di: primary.di, link: None, ..*secondary })
	}

	fn read_parts(&mut self, text: &[u8], this_year: u16) -> Result<(), HibcError> {
		for (n, part) in text.split(|byte| *byte == b'/').enumerate() {
			match part {
				[b'$', ..] | [b'0'..=b'9', ..] if n == 0 => self.read_first(part, this_year)?,
				_ => self.read_further(part)?,
			}
		}
		Ok(())
	}

	/// The part that stands first: flags, quantity, date, and then lot or serial number.
	fn read_first(&mut self, text: &[u8], this_year: u16) -> Result<(), HibcError> {
		let (is_serial, is_dated, rest) = match text {
			[b'$', b'$', b'+', rest @ ..] => (true, true, rest),
			[b'$', b'$', rest @ ..] => (false, true, rest),
			[b'$', b'+', rest @ ..] => (true, false, rest),
			[b'$', rest @ ..] => (false, false, rest),
			// The oldest form: a day of a year, then the lot.
			rest => {
				let rest = self.read_expiry(rest, b'5', this_year)?;
				return self.read_number(rest, false);
			},
		};
		let rest = if is_dated { self.read_quantity_and_date(rest, this_year)? } else { rest };
		self.read_number(rest, is_serial)
	}

	fn read_quantity_and_date<'a>(
		&mut self,
		text: &'a [u8],
		this_year: u16,
	) -> Result<&'a [u8], HibcError> {
		let rest = match text {
			[b'8', rest @ ..] => self.read_quantity(rest, 2)?,
			[b'9', rest @ ..] => self.read_quantity(rest, 5)?,
			rest => rest,
		};
		match rest {
			// Months begin with 0 or 1, so this form needs no flag.
			[b'0' | b'1', ..] => self.read_expiry(rest, b'1', this_year),
			[flag @ b'2'..=b'6', rest @ ..] => self.read_expiry(rest, *flag, this_year),
			[b'7', rest @ ..] => Ok(rest),
			[] if self.quantity.is_some() => Ok(rest),
			rest => Err(unknown(rest)),
		}
	}

	fn read_quantity<'a>(&mut self, text: &'a [u8], length: u16) -> Result<&'a [u8], HibcError> {
		let (number, rest) = take(text, length, "quantity")?;
		self.quantity = u32::try_from(number).ok();
		Ok(rest)
	}

	fn read_expiry<'a>(
		&mut self,
		text: &'a [u8],
		flag: u8,
		this_year: u16,
	) -> Result<&'a [u8], HibcError> {
		let length = match flag {
			b'1' => 4,
			b'5' => 5,
			b'4' => 8,
			b'6' => 7,
			_ => 6,
		};
		let (number, rest) = take(text, length, EXPIRY)?;
		let two = |from| digits::slice(number, length as u8, from, 2) as u8;
		let year = |from| date::full_year(two(from), this_year);
		let read = match flag {
			b'1' => Date::new(year(2), two(0), 0),
			b'2' => Date::new(year(4), two(0), two(2)).and_then(with_day),
			b'3' | b'4' => Date::new(year(0), two(2), two(4)).and_then(with_day),
			_ => Date::of_day(year(0), digits::slice(number, length as u8, 2, 3) as u16),
		};
		self.expiry = Some(read.map_err(|fault| part(EXPIRY)(fault.into()))?);
		if matches!(flag, b'4' | b'6') {
			let hour = (number % 100) as u8;
			if hour > 23 {
				return Err(part(EXPIRY)(DateFault::Hour { given: hour }.into()));
			}
			self.expiry_hour = Some(hour);
		}
		Ok(rest)
	}

	/// A lot or serial number; a dated part may end without one.
	fn read_number(&mut self, text: &[u8], is_serial: bool) -> Result<(), HibcError> {
		let is_optional = self.expiry.is_some() || self.quantity.is_some();
		if text.is_empty() && is_optional {
			return Ok(());
		}
		if is_serial {
			self.serial = Some(serial(text)?);
		} else {
			check_number(text).map_err(part("lot"))?;
			self.lot = Some(LotNo::parse(text).map_err(part("lot"))?);
		}
		Ok(())
	}

	/// A part behind the first, with a data identifier of its own.
	fn read_further(&mut self, text: &[u8]) -> Result<(), HibcError> {
		match text {
			[b'1', b'6', b'D', rest @ ..] => once(&mut self.made, full_date(rest, MADE)?, MADE),
			[b'1', b'4', b'D', rest @ ..] => {
				once(&mut self.expiry, full_date(rest, EXPIRY)?, EXPIRY)
			},
			[b'S', rest @ ..] => once(&mut self.serial, serial(rest)?, "serial number"),
			[b'Q', rest @ ..] => {
				charset::check(rest, 5, |byte| byte.is_ascii_digit()).map_err(part("quantity"))?;
				let quantity = digits::number(rest).map_err(part("quantity"))?;
				once(&mut self.quantity, quantity as u32, "quantity")
			},
			text => Err(unknown(text)),
		}
	}
}

const EXPIRY: &str = "expiry date";
const MADE: &str = "date of manufacture";

/// What stands between the plus sign and the check character, when that is right.
fn checked(text: &[u8]) -> Result<&[u8], HibcError> {
	if text.first() != Some(&b'+') {
		return Err(HibcError::NotHibc);
	}
	let stranger = text.iter().enumerate().find(|(_, byte)| !VALUES.contains(byte));
	if let Some((at, byte)) = stranger {
		return Err(HibcError::BadCharacter { at: count(at), byte: *byte });
	}
	let (found, before) = text.split_last().ok_or(HibcError::TooShort)?;
	let body = before.get(1..).ok_or(HibcError::TooShort)?;
	let expected = hibc_check_character(before).ok_or(HibcError::TooShort)?;
	let found = *found as char;
	if expected == found { Ok(body) } else { Err(HibcError::BadCheckCharacter { expected, found }) }
}

/// A number of so many digits, and what follows it.
fn take<'a>(text: &'a [u8], length: u16, name: &'static str) -> Result<(u64, &'a [u8]), HibcError> {
	let (head, rest) = text.split_at_checked(length.into()).unwrap_or((text, &[]));
	Ok((digits::number_of(head, length).map_err(part(name))?, rest))
}

fn full_date(text: &[u8], name: &'static str) -> Result<Date, HibcError> {
	let number = digits::number_of(text, 8).map_err(part(name))?;
	let piece = |from, length| digits::slice(number, 8, from, length);
	Date::new(piece(0, 4) as u16, piece(4, 2) as u8, piece(6, 2) as u8)
		.and_then(with_day)
		.map_err(|fault| part(name)(fault.into()))
}

fn with_day(date: Date) -> Result<Date, DateFault> {
	if date.day() == 0 { Err(DateFault::DayMissing) } else { Ok(date) }
}

/// 1 to 18 capitals, digits, hyphens and points.
fn check_number(text: &[u8]) -> Result<(), CodeError> {
	let is_in = |byte| charset::is_capital_or_digit(byte) || matches!(byte, b'-' | b'.');
	charset::check(text, 18, is_in)
}

fn serial(text: &[u8]) -> Result<Serial, HibcError> {
	check_number(text).and_then(|()| Serial::parse(text)).map_err(part("serial number"))
}

fn once<T>(slot: &mut Option<T>, value: T, part: &'static str) -> Result<(), HibcError> {
	match slot.replace(value) {
		None => Ok(()),
		Some(_) => Err(HibcError::DuplicatePart { part }),
	}
}

fn part(part: &'static str) -> impl Fn(CodeError) -> HibcError {
	move |cause| HibcError::Part { part, cause }
}

fn unknown(text: &[u8]) -> HibcError {
	HibcError::UnknownPart { given: crate::element_string::start(text, 4) }
}
