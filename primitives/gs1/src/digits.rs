// SPDX-License-Identifier: Apache-2.0

//! Numbers of digits, and the check digit that GS1 keys share.

use crate::{CodeError, error::count};

/// The number that a string of digits writes; not for more than 19 of them.
pub(crate) fn number(text: &[u8]) -> Result<u64, CodeError> {
	if text.is_empty() {
		return Err(CodeError::EmptyField);
	}
	if let Some(at) = text.iter().position(|byte| !byte.is_ascii_digit()) {
		return Err(CodeError::NotDigits { at: count(at) });
	}
	text.iter()
		.try_fold(0u64, |number, byte| {
			number.checked_mul(10)?.checked_add(u64::from(byte.saturating_sub(b'0')))
		})
		.ok_or(CodeError::TooLong { given: count(text.len()), max: 19 })
}

/// The number that exactly `length` digits write.
pub(crate) fn number_of(text: &[u8], length: u16) -> Result<u64, CodeError> {
	if text.is_empty() {
		return Err(CodeError::EmptyField);
	}
	// First of all whether these are digits: a character of two bytes is not two digits too many.
	if let Some(at) = text.iter().position(|byte| !byte.is_ascii_digit()) {
		return Err(CodeError::NotDigits { at: count(at) });
	}
	if text.len() != usize::from(length) {
		return Err(CodeError::WrongLength { given: count(text.len()), expected: length });
	}
	number(text)
}

/// The check digit of a number without it (GS1 General Specifications, section 7.9.1).
///
/// From the right the digits count three times and once in turn; the check digit fills the sum up to
/// a multiple of ten. Leading zeros change nothing, so a code has one check digit in all its forms.
pub(crate) fn check_digit(mut body: u64) -> u8 {
	let mut sum = 0u64;
	let mut weight = 3;
	while body > 0 {
		sum = sum.saturating_add((body % 10).saturating_mul(weight));
		weight = 4 - weight;
		body /= 10;
	}
	((10 - sum % 10) % 10) as u8
}

/// Whether the last digit of `code` is the check digit of the rest.
pub(crate) fn verify(code: u64) -> Result<(), CodeError> {
	let (expected, found) = (check_digit(code / 10), (code % 10) as u8);
	if expected == found { Ok(()) } else { Err(CodeError::BadCheckDigit { expected, found }) }
}

/// Ten to the power of `exponent`; the largest number where that does not fit.
pub(crate) fn pow10(exponent: u8) -> u64 {
	10u64.checked_pow(exponent.into()).unwrap_or(u64::MAX)
}

/// `length` digits of a number of `total` digits, from the one at `from` on.
pub(crate) fn slice(number: u64, total: u8, from: u8, length: u8) -> u64 {
	let behind = total.saturating_sub(from).saturating_sub(length);
	number / pow10(behind) % pow10(length)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_slice_counts_from_the_left() {
		assert_eq!(slice(300010123455, 14, 0, 1), 0);
		assert_eq!(slice(300010123455, 14, 1, 6), 30001);
		assert_eq!(slice(300010123455, 14, 7, 6), 12345);
	}

	#[test]
	fn a_number_too_long_for_its_type_is_refused() {
		assert_eq!(number(b"18446744073709551615"), Ok(u64::MAX));
		assert_eq!(number(b"18446744073709551616"), Err(CodeError::TooLong { given: 20, max: 19 }));
	}
}
