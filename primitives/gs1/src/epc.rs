// SPDX-License-Identifier: Apache-2.0

//! EPC pure-identity URIs: the names of things in EPCIS documents.

use crate::{
	CodeError, CompanyPrefix, Gln, GlnExtension, Gtin, LotNo, Serial, Sscc, digits, error::count,
	macros::serde_as_text, percent,
};
use alloc::{string::String, vec::Vec};
use core::{fmt, str::FromStr};

/// Why a text is no EPC URI, or a key has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EpcError {
	/// The text does not begin with `urn:epc:`.
	NotEpc,
	/// A scheme that is not known here.
	UnknownScheme {
		/// What is given behind `urn:epc:`.
		given: String,
	},
	/// The scheme has so many parts with points between, and there are fewer.
	Parts {
		/// The parts that it has.
		expected: u8,
	},
	/// A part is wrong.
	Part {
		/// Which: `company prefix`, `reference`, `serial`, `lot`, `extension`.
		part: &'static str,
		/// What is wrong.
		cause: CodeError,
	},
	/// Prefix and reference together have another number of digits than the scheme.
	Digits {
		/// The digits that they have.
		given: u32,
		/// The digits of the scheme.
		expected: u8,
	},
	/// A percent sign without two hexadecimal digits behind it, or a mark that has to be escaped.
	BadEscape {
		/// Where in the part it stands.
		at: u32,
	},
	/// A class of products is written with `*` in place of the serial.
	NoPattern,
	/// The extension `0` means that there is none, so no place can be called so.
	ZeroExtension,
}

impl fmt::Display for EpcError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::NotEpc => f.write_str("an EPC URI begins with urn:epc:"),
			Self::UnknownScheme { given } => write!(
				f,
				"`{given}` is not read here; known are id:sgtin, id:sscc, id:sgln, id:pgln, \
				 class:lgtin and idpat:sgtin"
			),
			Self::Parts { expected } => {
				write!(f, "there are {expected} parts with points between; some are missing")
			},
			Self::Part { part, cause } => write!(f, "{part}: {cause}"),
			Self::Digits { given, expected } => write!(
				f,
				"prefix and reference have {given} digits together and need {expected}; leading \
				 zeros belong to them"
			),
			Self::BadEscape { at } => write!(
				f,
				"the mark at {at} has to be escaped: % and two hexadecimal digits, such as %2F"
			),
			Self::NoPattern => f.write_str("a class of products ends with * in place of a serial"),
			Self::ZeroExtension => {
				f.write_str("the extension 0 means that there is none; leave it out")
			},
		}
	}
}

impl core::error::Error for EpcError {}

/// What an EPC URI names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum EpcKey {
	/// `urn:epc:id:sgtin`: one unit.
	Sgtin(Gtin, Serial),
	/// `urn:epc:idpat:sgtin` with `*`: all units of a product.
	AnySgtin(Gtin),
	/// `urn:epc:class:lgtin`: a lot.
	Lgtin(Gtin, LotNo),
	/// `urn:epc:id:sscc`: a logistic unit.
	Sscc(Sscc),
	/// `urn:epc:id:sgln`: a location, or a place in it.
	Sgln(Gln, Option<GlnExtension>),
	/// `urn:epc:id:pgln`: a party.
	Pgln(Gln),
}

/// An EPC pure-identity URI (GS1 EPC Tag Data Standard, section 6): a key, and how many digits of it
/// are the company prefix.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EpcUri {
	key: EpcKey,
	prefix_length: u8,
}

const PREFIX: &str = "company prefix";
const REFERENCE: &str = "reference";

impl EpcUri {
	/// The fewest digits of a prefix.
	pub const MIN_PREFIX: u8 = 6;
	/// The most digits of a prefix.
	pub const MAX_PREFIX: u8 = 12;

	/// The URI of a key whose company prefix has `prefix_length` digits, 6 to 12. The key does not
	/// say how many: its owner does.
	pub fn new(key: EpcKey, prefix_length: u8) -> Result<Self, EpcError> {
		check_prefix_length(prefix_length.into())?;
		if matches!(key, EpcKey::Sgln(_, Some(extension)) if extension.as_bytes() == b"0") {
			return Err(EpcError::ZeroExtension);
		}
		Ok(Self { key, prefix_length })
	}

	/// Reads a URI.
	pub fn parse(text: &str) -> Result<Self, EpcError> {
		let rest = text.strip_prefix("urn:epc:").ok_or(EpcError::NotEpc)?;
		let unknown =
			|| EpcError::UnknownScheme { given: crate::element_string::start(rest.as_bytes(), 16) };
		let mut words = rest.splitn(3, ':');
		let (Some(kind), Some(scheme), Some(body)) = (words.next(), words.next(), words.next())
		else {
			return Err(unknown());
		};
		match (kind, scheme) {
			("id", "sgtin") => sgtin(body),
			("idpat", "sgtin") => any_sgtin(body),
			("class", "lgtin") => lgtin(body),
			("id", "sscc") => sscc(body),
			("id", "sgln") => sgln(body),
			("id", "pgln") => pgln(body),
			_ => Err(unknown()),
		}
	}

	/// What it names.
	pub fn key(&self) -> EpcKey {
		self.key
	}

	/// The company prefix.
	pub fn company_prefix(&self) -> CompanyPrefix {
		let (number, total, from) = match self.key {
			EpcKey::Sgtin(gtin, _) | EpcKey::AnySgtin(gtin) | EpcKey::Lgtin(gtin, _) => {
				(gtin.to_u64(), 14, 1)
			},
			EpcKey::Sscc(sscc) => (sscc.to_u64(), 18, 1),
			EpcKey::Sgln(gln, _) | EpcKey::Pgln(gln) => (gln.to_u64(), 13, 0),
		};
		CompanyPrefix::of(number, total, from, self.prefix_length)
	}

	/// The reference behind the prefix, in the place of its first digit the indicator or extension.
	fn reference(&self) -> Reference {
		let length = self.prefix_length;
		let moved = |number, total: u8| {
			let rest = total.saturating_sub(2).saturating_sub(length);
			let first = digits::slice(number, total, 0, 1);
			let behind = digits::slice(number, total, length.saturating_add(1), rest);
			let digits = rest.saturating_add(1);
			Reference {
				number: first.saturating_mul(digits::pow10(rest)).saturating_add(behind),
				digits,
			}
		};
		match self.key {
			EpcKey::Sgtin(gtin, _) | EpcKey::AnySgtin(gtin) | EpcKey::Lgtin(gtin, _) => {
				moved(gtin.to_u64(), 14)
			},
			EpcKey::Sscc(sscc) => moved(sscc.to_u64(), 18),
			EpcKey::Sgln(gln, _) | EpcKey::Pgln(gln) => {
				let digits = 12u8.saturating_sub(length);
				Reference { number: digits::slice(gln.to_u64(), 13, length, digits), digits }
			},
		}
	}
}

/// A number with its leading zeros; with no digits at all it is not written.
struct Reference {
	number: u64,
	digits: u8,
}

impl fmt::Display for Reference {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self.digits {
			0 => Ok(()),
			digits => write!(f, "{:0width$}", self.number, width = usize::from(digits)),
		}
	}
}

impl fmt::Display for EpcUri {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self.key {
			EpcKey::Sgtin(..) => "urn:epc:id:sgtin:",
			EpcKey::AnySgtin(_) => "urn:epc:idpat:sgtin:",
			EpcKey::Lgtin(..) => "urn:epc:class:lgtin:",
			EpcKey::Sscc(_) => "urn:epc:id:sscc:",
			EpcKey::Sgln(..) => "urn:epc:id:sgln:",
			EpcKey::Pgln(_) => "urn:epc:id:pgln:",
		})?;
		write!(f, "{}.{}", self.company_prefix(), self.reference())?;
		let mut last = |text: &str| {
			f.write_str(".")?;
			percent::encode(f, text, |byte| !needs_escape(byte))
		};
		match &self.key {
			EpcKey::Sgtin(_, serial) => last(serial.as_str()),
			EpcKey::AnySgtin(_) => f.write_str(".*"),
			EpcKey::Lgtin(_, lot) => last(lot.as_str()),
			EpcKey::Sgln(_, extension) => last(extension.as_ref().map_or("0", |it| it.as_str())),
			EpcKey::Sscc(_) | EpcKey::Pgln(_) => Ok(()),
		}
	}
}

impl FromStr for EpcUri {
	type Err = EpcError;

	fn from_str(text: &str) -> Result<Self, EpcError> {
		Self::parse(text)
	}
}

serde_as_text!(EpcUri);

fn sgtin(body: &str) -> Result<EpcUri, EpcError> {
	let [prefix, reference, last] = three(body)?;
	let (gtin, prefix_length) = gtin(prefix, reference)?;
	let serial = Serial::parse(&unescape(last)?).map_err(|cause| part("serial", cause))?;
	EpcUri::new(EpcKey::Sgtin(gtin, serial), prefix_length)
}

fn any_sgtin(body: &str) -> Result<EpcUri, EpcError> {
	let [prefix, reference, last] = three(body)?;
	if last != "*" {
		return Err(EpcError::NoPattern);
	}
	let (gtin, prefix_length) = gtin(prefix, reference)?;
	EpcUri::new(EpcKey::AnySgtin(gtin), prefix_length)
}

fn lgtin(body: &str) -> Result<EpcUri, EpcError> {
	let [prefix, reference, last] = three(body)?;
	let (gtin, prefix_length) = gtin(prefix, reference)?;
	let lot = LotNo::parse(&unescape(last)?).map_err(|cause| part("lot", cause))?;
	EpcUri::new(EpcKey::Lgtin(gtin, lot), prefix_length)
}

fn sscc(body: &str) -> Result<EpcUri, EpcError> {
	let (prefix, reference) = body.split_once('.').ok_or(EpcError::Parts { expected: 2 })?;
	let (number, prefix_length) = with_first_digit(prefix, reference, 17)?;
	let sscc = Sscc::from_body(number).map_err(|cause| part(REFERENCE, cause))?;
	EpcUri::new(EpcKey::Sscc(sscc), prefix_length)
}

fn sgln(body: &str) -> Result<EpcUri, EpcError> {
	let [prefix, reference, last] = three(body)?;
	let (gln, prefix_length) = gln(prefix, reference)?;
	let extension = match last {
		"0" => None,
		last => {
			Some(GlnExtension::parse(&unescape(last)?).map_err(|cause| part("extension", cause))?)
		},
	};
	EpcUri::new(EpcKey::Sgln(gln, extension), prefix_length)
}

fn pgln(body: &str) -> Result<EpcUri, EpcError> {
	let (prefix, reference) = body.split_once('.').ok_or(EpcError::Parts { expected: 2 })?;
	let (gln, prefix_length) = gln(prefix, reference)?;
	EpcUri::new(EpcKey::Pgln(gln), prefix_length)
}

/// Three parts; the last may have points of its own.
fn three(body: &str) -> Result<[&str; 3], EpcError> {
	let mut parts = body.splitn(3, '.');
	match (parts.next(), parts.next(), parts.next()) {
		(Some(prefix), Some(reference), Some(last)) => Ok([prefix, reference, last]),
		_ => Err(EpcError::Parts { expected: 3 }),
	}
}

fn gtin(prefix: &str, reference: &str) -> Result<(Gtin, u8), EpcError> {
	let (number, prefix_length) = with_first_digit(prefix, reference, 13)?;
	Ok((Gtin::from_body(number).map_err(|cause| part(REFERENCE, cause))?, prefix_length))
}

fn gln(prefix: &str, reference: &str) -> Result<(Gln, u8), EpcError> {
	let (prefix, prefix_length, reference, behind) = numbers(prefix, reference, 12)?;
	let number = prefix.saturating_mul(digits::pow10(behind)).saturating_add(reference);
	Ok((Gln::from_body(number).map_err(|cause| part(REFERENCE, cause))?, prefix_length))
}

/// The key without its check digit: the first digit of the reference moves before the prefix.
fn with_first_digit(prefix: &str, reference: &str, total: u8) -> Result<(u64, u8), EpcError> {
	let (prefix, prefix_length, reference, behind) = numbers(prefix, reference, total)?;
	let behind = behind.saturating_sub(1);
	let (first, rest) = (reference / digits::pow10(behind), reference % digits::pow10(behind));
	let number = first
		.saturating_mul(digits::pow10(total.saturating_sub(1)))
		.saturating_add(prefix.saturating_mul(digits::pow10(behind)))
		.saturating_add(rest);
	Ok((number, prefix_length))
}

/// Prefix and reference as numbers, with how many digits each has; together `total`.
fn numbers(prefix: &str, reference: &str, total: u8) -> Result<(u64, u8, u64, u8), EpcError> {
	let prefix = CompanyPrefix::parse(prefix.as_bytes()).map_err(|cause| match cause {
		CodeError::PrefixLength { given, .. } => prefix_length_error(given),
		cause => part(PREFIX, cause),
	})?;
	check_prefix_length(prefix.length().into())?;
	// A prefix of twelve digits leaves a location none.
	let number = match reference {
		"" => 0,
		reference => {
			digits::number(reference.as_bytes()).map_err(|cause| part(REFERENCE, cause))?
		},
	};
	let given = usize::from(prefix.length()).saturating_add(reference.len());
	if given != usize::from(total) {
		return Err(EpcError::Digits { given: count(given), expected: total });
	}
	let behind = total.saturating_sub(prefix.length());
	Ok((prefix.to_u64(), prefix.length(), number, behind))
}

fn check_prefix_length(given: u32) -> Result<(), EpcError> {
	let allowed = u32::from(EpcUri::MIN_PREFIX)..=u32::from(EpcUri::MAX_PREFIX);
	if allowed.contains(&given) { Ok(()) } else { Err(prefix_length_error(given)) }
}

fn prefix_length_error(given: u32) -> EpcError {
	let (min, max) = (EpcUri::MIN_PREFIX, EpcUri::MAX_PREFIX);
	part(PREFIX, CodeError::PrefixLength { given, min, max })
}

fn part(part: &'static str, cause: CodeError) -> EpcError {
	EpcError::Part { part, cause }
}

/// The marks that are always escaped (GS1 EPC Tag Data Standard, table A-1).
const fn needs_escape(byte: u8) -> bool {
	matches!(byte, b'"' | b'%' | b'&' | b'/' | b'<' | b'>' | b'?')
}

fn unescape(text: &str) -> Result<Vec<u8>, EpcError> {
	let bare = |byte: &u8| needs_escape(*byte) && *byte != b'%';
	if let Some(at) = text.as_bytes().iter().position(bare) {
		return Err(EpcError::BadEscape { at: count(at) });
	}
	percent::decode(text.as_bytes()).map_err(|at| EpcError::BadEscape { at: count(at) })
}
