// SPDX-License-Identifier: Apache-2.0

//! GTIN, GLN, SSCC and the company prefixes that they begin with.

use crate::{CodeError, digits, error::count, macros::serde_as_text};
use codec::{Decode, DecodeWithMemTracking, Encode, Error as DecodeError, Input, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::TypeInfo;

/// A number of digits whose last is the check digit, whichever way it came about.
macro_rules! checked_key {
	($(#[$doc:meta])* $name:ident, $digits:literal, $what:literal) => {
		$(#[$doc])*
		#[derive(Encode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
		pub struct $name(u64);

		impl $name {
			/// How many digits it has.
			pub const DIGITS: u8 = $digits;

			/// Reads it with all its digits.
			pub fn parse(text: &[u8]) -> Result<Self, CodeError> {
				Self::try_from(digits::number_of(text, $digits)?)
			}

			/// Adds the check digit to a number of one digit less.
			pub fn from_body(body: u64) -> Result<Self, CodeError> {
				let code = body.checked_mul(10).ok_or(Self::too_long(body))?;
				Self::try_from(code.saturating_add(digits::check_digit(body).into()))
			}

			/// The number that its digits write.
			pub const fn to_u64(self) -> u64 {
				self.0
			}

			/// Its last digit.
			pub const fn check_digit(self) -> u8 {
				(self.0 % 10) as u8
			}

			fn too_long(number: u64) -> CodeError {
				let given = number.checked_ilog10().unwrap_or(0).saturating_add(1);
				CodeError::TooLong { given, max: $digits }
			}
		}

		impl TryFrom<u64> for $name {
			type Error = CodeError;

			fn try_from(code: u64) -> Result<Self, CodeError> {
				if code >= digits::pow10($digits) {
					return Err(Self::too_long(code));
				}
				digits::verify(code)?;
				Ok(Self(code))
			}
		}

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, "{:0width$}", self.0, width = $digits)
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, "{}({self})", stringify!($name))
			}
		}

		impl Decode for $name {
			fn decode<I: Input>(input: &mut I) -> Result<Self, DecodeError> {
				Self::try_from(u64::decode(input)?).map_err(|_| concat!("not a ", $what).into())
			}
		}

		impl DecodeWithMemTracking for $name {}

		serde_as_text!($name);
	};
}

checked_key! {
	/// A Global Trade Item Number, kept as 14 digits whichever form it was given in, so that a
	/// product has one key (GS1 General Specifications, section 2.1).
	///
	/// [`GivenGtin`] also knows the form.
	Gtin, 14, "GTIN"
}

checked_key! {
	/// A Global Location Number: 13 digits (section 2.4).
	Gln, 13, "GLN"
}

checked_key! {
	/// A Serial Shipping Container Code: 18 digits (section 2.2).
	Sscc, 18, "SSCC"
}

impl FromStr for Gtin {
	type Err = CodeError;

	/// Reads any of the four forms.
	fn from_str(text: &str) -> Result<Self, CodeError> {
		GivenGtin::parse(text.as_bytes()).map(|given| given.gtin)
	}
}

impl FromStr for Gln {
	type Err = CodeError;

	fn from_str(text: &str) -> Result<Self, CodeError> {
		Self::parse(text.as_bytes())
	}
}

impl FromStr for Sscc {
	type Err = CodeError;

	fn from_str(text: &str) -> Result<Self, CodeError> {
		Self::parse(text.as_bytes())
	}
}

impl Gtin {
	/// Its first digit: 0 for what is sold, 1 to 8 for groupings of it, 9 for a variable measure.
	pub fn indicator(self) -> u8 {
		digits::slice(self.0, 14, 0, 1) as u8
	}

	/// Whether it stands for a thing of variable measure, which a drug never is.
	pub fn is_variable_measure(self) -> bool {
		self.indicator() == 9
	}

	/// Whether its number is given out for use within a region or company only (GS1 prefixes 02, 04
	/// and 20 to 29, section 1.4), so that somebody else may use the same.
	pub fn is_restricted_circulation(self) -> bool {
		let prefix = digits::slice(self.0, 14, 1, 2);
		!self.is_gtin8() && matches!(prefix, 2 | 4 | 20..=29)
	}

	/// Whether it fits a GTIN-8. Such a number has no company prefix of its own.
	pub fn is_gtin8(self) -> bool {
		self.0 < digits::pow10(8)
	}

	/// Whether it begins with `prefix`, right behind the indicator.
	pub fn starts_with(self, prefix: CompanyPrefix) -> bool {
		!self.is_gtin8() && digits::slice(self.0, 14, 1, prefix.length) == prefix.number
	}

	/// It as one of its forms, or `None` where its leading digits are not zero.
	pub fn in_form(self, form: GtinForm) -> Option<GivenGtin> {
		(self.0 < digits::pow10(form.digits())).then_some(GivenGtin { gtin: self, form })
	}
}

impl Gln {
	/// Whether it begins with `prefix`.
	pub fn starts_with(self, prefix: CompanyPrefix) -> bool {
		digits::slice(self.0, 13, 0, prefix.length) == prefix.number
	}
}

impl Sscc {
	/// Its first digit, which has no meaning of its own.
	pub fn extension(self) -> u8 {
		digits::slice(self.0, 18, 0, 1) as u8
	}

	/// Whether it begins with `prefix`, right behind the extension digit.
	pub fn starts_with(self, prefix: CompanyPrefix) -> bool {
		digits::slice(self.0, 18, 1, prefix.length) == prefix.number
	}
}

/// The form that a GTIN is written in.
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
	Debug,
)]
pub enum GtinForm {
	/// Eight digits, for small packs.
	#[codec(index = 0)]
	Gtin8,
	/// Twelve digits, a UPC.
	#[codec(index = 1)]
	Gtin12,
	/// Thirteen digits, an EAN.
	#[codec(index = 2)]
	Gtin13,
	/// Fourteen digits.
	#[codec(index = 3)]
	Gtin14,
}

impl GtinForm {
	/// Every form, the shortest first.
	pub const ALL: &'static [Self] = &[Self::Gtin8, Self::Gtin12, Self::Gtin13, Self::Gtin14];

	/// How many digits it has.
	pub const fn digits(self) -> u8 {
		match self {
			Self::Gtin8 => 8,
			Self::Gtin12 => 12,
			Self::Gtin13 => 13,
			Self::Gtin14 => 14,
		}
	}
}

/// A GTIN and the form that it was given in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GivenGtin {
	gtin: Gtin,
	form: GtinForm,
}

impl GivenGtin {
	/// Reads 8, 12, 13 or 14 digits.
	pub fn parse(text: &[u8]) -> Result<Self, CodeError> {
		let number = match digits::number(text) {
			// Longer than a number can be, and so than any of the forms.
			Err(CodeError::TooLong { given, .. }) => return Err(CodeError::GtinLength { given }),
			number => number?,
		};
		let form = GtinForm::ALL
			.iter()
			.copied()
			.find(|form| usize::from(form.digits()) == text.len())
			.ok_or(CodeError::GtinLength { given: count(text.len()) })?;
		Ok(Self { gtin: Gtin::try_from(number)?, form })
	}

	/// The GTIN, the same for all forms.
	pub fn gtin(self) -> Gtin {
		self.gtin
	}

	/// The form.
	pub fn form(self) -> GtinForm {
		self.form
	}
}

impl fmt::Display for GivenGtin {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:0width$}", self.gtin.0, width = usize::from(self.form.digits()))
	}
}

/// A GS1 Company Prefix: 4 to 12 digits that its owner begins all keys with (section 1.4).
#[derive(Encode, MaxEncodedLen, TypeInfo, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyPrefix {
	length: u8,
	number: u64,
}

impl CompanyPrefix {
	/// The fewest digits.
	pub const MIN: u8 = 4;
	/// The most digits.
	pub const MAX: u8 = 12;

	/// Reads it with its leading zeros.
	pub fn parse(text: &[u8]) -> Result<Self, CodeError> {
		if text.is_empty() {
			return Err(CodeError::EmptyField);
		}
		if let Some(at) = text.iter().position(|byte| !byte.is_ascii_digit()) {
			return Err(CodeError::NotDigits { at: count(at) });
		}
		let wrong =
			CodeError::PrefixLength { given: count(text.len()), min: Self::MIN, max: Self::MAX };
		let length = u8::try_from(text.len()).map_err(|_| wrong)?;
		if !(Self::MIN..=Self::MAX).contains(&length) {
			return Err(wrong);
		}
		Ok(Self { length, number: digits::number(text)? })
	}

	/// The first `length` digits of a number of `total` digits, from `from` on.
	pub(crate) fn of(number: u64, total: u8, from: u8, length: u8) -> Self {
		Self { length, number: digits::slice(number, total, from, length) }
	}

	/// How many digits it has.
	pub fn length(self) -> u8 {
		self.length
	}

	/// The number that its digits write.
	pub fn to_u64(self) -> u64 {
		self.number
	}

	/// Its first `length` digits, or `None` where no prefix has as few, or it has not as many.
	pub fn first(self, length: u8) -> Option<Self> {
		let fits = (Self::MIN..=self.length).contains(&length);
		fits.then(|| Self::of(self.number, self.length, 0, length))
	}

	/// Whether `other` begins with it: then its owner could also issue the other's keys.
	pub fn covers(self, other: Self) -> bool {
		self.length <= other.length
			&& digits::slice(other.number, other.length, 0, self.length) == self.number
	}
}

impl FromStr for CompanyPrefix {
	type Err = CodeError;

	fn from_str(text: &str) -> Result<Self, CodeError> {
		Self::parse(text.as_bytes())
	}
}

impl fmt::Display for CompanyPrefix {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{:0width$}", self.number, width = usize::from(self.length))
	}
}

impl fmt::Debug for CompanyPrefix {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "CompanyPrefix({self})")
	}
}

impl Decode for CompanyPrefix {
	fn decode<I: Input>(input: &mut I) -> Result<Self, DecodeError> {
		let (length, number) = <(u8, u64)>::decode(input)?;
		let sound = (Self::MIN..=Self::MAX).contains(&length) && number < digits::pow10(length);
		sound.then_some(Self { length, number }).ok_or("not a company prefix".into())
	}
}

impl DecodeWithMemTracking for CompanyPrefix {}

serde_as_text!(CompanyPrefix);
