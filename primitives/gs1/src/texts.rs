// SPDX-License-Identifier: Apache-2.0

//! Lots, serials and other short texts of character set 82.

use crate::{CodeError, charset, macros::text_code};

fn up_to_20_of_set_82(text: &[u8]) -> Result<(), CodeError> {
	charset::check(text, 20, charset::is_in_set_82)
}

text_code! {
	/// A batch or lot number, AI (10): 1 to 20 characters of set 82. Upper and lower case differ.
	LotNo, 20, "lot number", up_to_20_of_set_82
}

text_code! {
	/// A serial number, AI (21): 1 to 20 characters of set 82. Upper and lower case differ, and a
	/// leading zero counts.
	Serial, 20, "serial number", up_to_20_of_set_82
}

text_code! {
	/// A place within a location, AI (254): 1 to 20 characters of set 82.
	GlnExtension, 20, "GLN extension", up_to_20_of_set_82
}

text_code! {
	/// The version of a software, AI (8012): 1 to 20 characters of set 82.
	Version, 20, "version", up_to_20_of_set_82
}

/// How like a text is to the one expected: a scanner at a keyboard port types, and a wrong setting
/// of that keyboard is no forgery.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Likeness {
	/// The same.
	Same,
	/// The same but for upper and lower case: Caps Lock, or a reader that folds.
	CaseOnly,
	/// The same after a swap of keys: the reader types for another keyboard than the computer has
	/// (Y and Z; or A and Q, Z and W).
	OtherKeyboard,
	/// Something else.
	Different,
}

impl Likeness {
	fn of(given: &[u8], expected: &[u8]) -> Self {
		if given == expected {
			Self::Same
		} else if given.eq_ignore_ascii_case(expected) {
			Self::CaseOnly
		} else if [swap_qwertz, swap_azerty]
			.iter()
			.any(|swap| given.iter().map(|byte| swap(*byte)).eq(expected.iter().copied()))
		{
			Self::OtherKeyboard
		} else {
			Self::Different
		}
	}
}

fn swap_qwertz(byte: u8) -> u8 {
	match byte {
		b'Y' => b'Z',
		b'Z' => b'Y',
		b'y' => b'z',
		b'z' => b'y',
		other => other,
	}
}

fn swap_azerty(byte: u8) -> u8 {
	match byte {
		b'A' => b'Q',
		b'Q' => b'A',
		b'Z' => b'W',
		b'W' => b'Z',
		b'a' => b'q',
		b'q' => b'a',
		b'z' => b'w',
		b'w' => b'z',
		other => other,
	}
}

impl LotNo {
	/// How like it is to the lot number expected. For a verdict's wording only: never accept what is
	/// merely alike.
	pub fn likeness(&self, expected: &Self) -> Likeness {
		Likeness::of(self.as_bytes(), expected.as_bytes())
	}
}

impl Serial {
	/// How like it is to the serial number expected. For a verdict's wording only: never accept what
	/// is merely alike.
	pub fn likeness(&self, expected: &Self) -> Likeness {
		Likeness::of(self.as_bytes(), expected.as_bytes())
	}
}
