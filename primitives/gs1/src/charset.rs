// SPDX-License-Identifier: Apache-2.0

//! The character sets of fields.

use crate::{CodeError, error::count};

/// Whether `byte` is of GS1 AI encodable character set 82 (GS1 General Specifications, figure
/// 7.11-1): digits, letters of both cases, and twenty marks. No space.
pub const fn is_in_set_82(byte: u8) -> bool {
	byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'"' | b'%'..=b'/' | b':'..=b'?' | b'_')
}

/// Whether `byte` is a digit or a capital letter.
pub(crate) const fn is_capital_or_digit(byte: u8) -> bool {
	matches!(byte, b'0'..=b'9' | b'A'..=b'Z')
}

/// Checks that a field is filled, short enough and of one set, in that order of interest: what is
/// not of the set is named even where the field is too long as well.
pub(crate) fn check(text: &[u8], max: u16, is_in: fn(u8) -> bool) -> Result<(), CodeError> {
	if text.is_empty() {
		return Err(CodeError::EmptyField);
	}
	let stranger = text.iter().enumerate().find(|(_, byte)| !is_in(**byte));
	if let Some((at, byte)) = stranger {
		return Err(CodeError::BadCharacter { at: count(at), byte: *byte });
	}
	if text.len() > usize::from(max) {
		return Err(CodeError::TooLong { given: count(text.len()), max });
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn set_82_has_82_characters() {
		assert_eq!((0..=u8::MAX).filter(|byte| is_in_set_82(*byte)).count(), 82);
		for outside in *b" #$@[\\]^`{|}~\0\x1d\x7f\x80\xff" {
			assert!(!is_in_set_82(outside), "{outside:#x}");
		}
	}
}
