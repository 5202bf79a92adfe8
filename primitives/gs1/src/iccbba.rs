// SPDX-License-Identifier: Apache-2.0

//! Labels of ICCBBA: ISBT 128 for devices of human origin and for blood containers.

use crate::{CodeError, Date, LotNo, Serial, charset, digits, error::count, macros::text_code};
use alloc::string::String;
use core::fmt;

fn check_di(text: &[u8]) -> Result<(), CodeError> {
	charset::check(text, 16, charset::is_capital_or_digit)?;
	// Tissue has sixteen characters, a blood container ten.
	if matches!(text.len(), 10 | 16) {
		Ok(())
	} else {
		Err(CodeError::WrongLength { given: count(text.len()), expected: 16 })
	}
}

text_code! {
	/// A device identifier of ICCBBA: 16 characters (processor, its product code, product
	/// description), or 10 for a blood container.
	IccbbaDi, 16, "ICCBBA device identifier", check_di
}

fn check_donation(text: &[u8]) -> Result<(), CodeError> {
	charset::check(text, 15, charset::is_capital_or_digit)?;
	if text.len() != 15 {
		return Err(CodeError::WrongLength { given: count(text.len()), expected: 15 });
	}
	match text.first() {
		Some(byte @ (b'0' | b'O')) => Err(CodeError::BadCharacter { at: 0, byte: *byte }),
		_ => Ok(()),
	}
}

text_code! {
	/// A donation identification number with its two flags: 15 characters. The distinct
	/// identification code of a device of human origin (21 CFR 1271.290(c)). It stands for a donor:
	/// do not publish it.
	DonationId, 15, "donation identification number", check_donation
}

/// Why a label is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum IccbbaError {
	/// There is nothing.
	Empty,
	/// What stands there begins no data structure that devices use.
	UnknownStructure {
		/// How it begins.
		given: String,
		/// Where it stands.
		at: u32,
	},
	/// A data structure is wrong.
	Structure {
		/// Which one.
		structure: &'static str,
		/// What is wrong with it.
		cause: CodeError,
	},
	/// A data structure stands twice.
	Duplicate {
		/// Which one.
		structure: &'static str,
	},
	/// The compound message announces another number of structures than follow.
	Count {
		/// How many are announced.
		announced: u8,
		/// How many follow.
		found: u8,
	},
}

impl fmt::Display for IccbbaError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Empty => f.write_str("the label is empty; scan again"),
			Self::UnknownStructure { given, at } => {
				write!(f, "`{given}` at {at} begins no data structure of a device")
			},
			Self::Structure { structure, cause } => write!(f, "{structure}: {cause}"),
			Self::Duplicate { structure } => write!(f, "{structure} stands twice; scan one label"),
			Self::Count { announced, found } => write!(
				f,
				"the label announces {announced} data structures and has {found}; scan again"
			),
		}
	}
}

impl core::error::Error for IccbbaError {}

/// What a label says.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct IccbbaLabel {
	/// The device.
	pub di: Option<IccbbaDi>,
	/// The serial number of the pack.
	pub serial: Option<Serial>,
	/// The donation that it comes from.
	pub donation: Option<DonationId>,
	/// The expiry date.
	pub expiry: Option<Date>,
	/// The date of manufacture.
	pub made: Option<Date>,
	/// The lot.
	pub lot: Option<LotNo>,
}

impl IccbbaLabel {
	/// Reads data structures one after the other; each has one length.
	pub fn parse(text: &[u8]) -> Result<Self, IccbbaError> {
		if text.is_empty() {
			return Err(IccbbaError::Empty);
		}
		let (announced, mut rest) = announced(text)?;
		let mut label = Self::default();
		let mut found = 0u8;
		while !rest.is_empty() {
			let at = count(text.len().saturating_sub(rest.len()));
			rest = label.read_structure(rest, at)?;
			found = found.saturating_add(1);
		}
		match announced {
			Some(announced) if announced != found => Err(IccbbaError::Count { announced, found }),
			_ => Ok(label),
		}
	}

	fn read_structure<'a>(&mut self, text: &'a [u8], at: u32) -> Result<&'a [u8], IccbbaError> {
		let (structure, rest) = Structure::leading(text).ok_or_else(|| {
			let given = crate::element_string::start(text, 3);
			IccbbaError::UnknownStructure { given, at }
		})?;
		let name = structure.name();
		let (part, rest) = take(rest, structure.length(), name)?;
		match structure {
			Structure::Tissue | Structure::Container => {
				once(&mut self.di, IccbbaDi::parse(part), name)
			},
			Structure::Serial => {
				once(&mut self.serial, capitals(part).and_then(|()| Serial::parse(part)), name)
			},
			Structure::Donation => once(&mut self.donation, DonationId::parse(part), name),
			Structure::Expiry => once(&mut self.expiry, date(part), name),
			Structure::Made => once(&mut self.made, date(part), name),
			Structure::Lot | Structure::ContainerLot => {
				once(&mut self.lot, capitals(part).and_then(|()| LotNo::parse(part)), name)
			},
		}?;
		Ok(rest)
	}
}

/// The data structures of devices, by the two or three characters that they begin with.
#[derive(Clone, Copy)]
enum Structure {
	Tissue,
	Container,
	Serial,
	Donation,
	Expiry,
	Made,
	Lot,
	ContainerLot,
}

impl Structure {
	/// The one that `text` begins with, and what follows its characters.
	fn leading(text: &[u8]) -> Option<(Self, &[u8])> {
		match text {
			[b'=', b'/', rest @ ..] => Some((Self::Tissue, rest)),
			[b'=', b')', rest @ ..] => Some((Self::Container, rest)),
			[b'=', b',', rest @ ..] => Some((Self::Serial, rest)),
			[b'=', b'>', rest @ ..] => Some((Self::Expiry, rest)),
			[b'=', b'}', rest @ ..] => Some((Self::Made, rest)),
			[b'&', b',', b'1', rest @ ..] => Some((Self::Lot, rest)),
			[b'&', b')', rest @ ..] => Some((Self::ContainerLot, rest)),
			// The second character of this one is the first of the number.
			[b'=', b'0'..=b'9' | b'A'..=b'Z', ..] => Some((Self::Donation, text.get(1..)?)),
			_ => None,
		}
	}

	const fn length(self) -> u16 {
		match self {
			Self::Tissue => 16,
			Self::Container | Self::ContainerLot => 10,
			Self::Serial | Self::Expiry | Self::Made => 6,
			Self::Donation => 15,
			Self::Lot => 18,
		}
	}

	const fn name(self) -> &'static str {
		match self {
			Self::Tissue | Self::Container => "device identifier",
			Self::Serial => "serial number",
			Self::Donation => "donation",
			Self::Expiry => "expiry date",
			Self::Made => "date of manufacture",
			Self::Lot | Self::ContainerLot => "lot",
		}
	}
}

/// The number of structures that a compound message announces: `=+`, two digits, and three for the
/// kind of message.
fn announced(text: &[u8]) -> Result<(Option<u8>, &[u8]), IccbbaError> {
	let Some(rest) = text.strip_prefix(b"=+") else { return Ok((None, text)) };
	let (head, rest) = take(rest, 5, "compound message")?;
	let number = digits::number_of(head, 5)
		.map_err(|cause| IccbbaError::Structure { structure: "compound message", cause })?;
	Ok((Some(digits::slice(number, 5, 0, 2) as u8), rest))
}

fn take<'a>(
	text: &'a [u8],
	length: u16,
	structure: &'static str,
) -> Result<(&'a [u8], &'a [u8]), IccbbaError> {
	text.split_at_checked(length.into()).ok_or(IccbbaError::Structure {
		structure,
		cause: CodeError::WrongLength { given: count(text.len()), expected: length },
	})
}

fn once<T>(
	slot: &mut Option<T>,
	value: Result<T, CodeError>,
	structure: &'static str,
) -> Result<(), IccbbaError> {
	let value = value.map_err(|cause| IccbbaError::Structure { structure, cause })?;
	match slot.replace(value) {
		None => Ok(()),
		Some(_) => Err(IccbbaError::Duplicate { structure }),
	}
}

fn capitals(text: &[u8]) -> Result<(), CodeError> {
	charset::check(text, 18, charset::is_capital_or_digit)
}

/// A digit for the century (9 for the twentieth, 0 for the one after), two for the year, three for
/// the day.
fn date(text: &[u8]) -> Result<Date, CodeError> {
	let number = digits::number_of(text, 6)?;
	let century = match digits::slice(number, 6, 0, 1) as u16 {
		9 => 1900,
		later => later.saturating_mul(100).saturating_add(2000),
	};
	let year = century.saturating_add(digits::slice(number, 6, 1, 2) as u16);
	Ok(Date::of_day(year, digits::slice(number, 6, 3, 3) as u16)?)
}
