// SPDX-License-Identifier: Apache-2.0

//! What a wrongly set reader makes of a serial: a different case, another keyboard.

use salus_gs1::Serial;

/// What the maker may have written where a reader gave `serial`: the same in capitals, in small
/// letters, in the other case, and with the keys of another keyboard swapped. Always five.
///
/// For a verdict's wording only: never take one of them for the serial.
pub fn slips(serial: &Serial) -> [Serial; 5] {
	[
		mapped(serial, |byte| byte.to_ascii_uppercase()),
		mapped(serial, |byte| byte.to_ascii_lowercase()),
		mapped(serial, other_case),
		mapped(serial, |byte| swapped(byte, b"yz")),
		mapped(serial, |byte| swapped(swapped(byte, b"aq"), b"zw")),
	]
}

fn mapped(serial: &Serial, map: impl Fn(u8) -> u8) -> Serial {
	let bytes: Vec<u8> = serial.as_bytes().iter().map(|byte| map(*byte)).collect();
	// A letter becomes a letter, so what comes of a serial is one.
	Serial::parse(&bytes).unwrap_or(*serial)
}

fn other_case(byte: u8) -> u8 {
	if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte }
}

/// Two letters in each other's place, in either case.
fn swapped(byte: u8, [one, other]: &[u8; 2]) -> u8 {
	let case = byte & 0x20;
	match byte | 0x20 {
		letter if !byte.is_ascii_alphabetic() || (letter != *one && letter != *other) => byte,
		letter if letter == *one => (other & !0x20) | case,
		_ => (one & !0x20) | case,
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_gs1::Likeness;

	fn serial(text: &str) -> Serial {
		text.parse().unwrap()
	}

	#[test]
	fn a_slip_is_what_the_codes_call_alike() {
		for text in ["aZ9-yQ", "WAzq", "1(2)3", "abcDEF"] {
			let given = serial(text);
			let [upper, lower, other, qwertz, azerty] = slips(&given);
			for alike in [upper, lower, other] {
				assert!(matches!(given.likeness(&alike), Likeness::Same | Likeness::CaseOnly));
			}
			for alike in [qwertz, azerty] {
				let likeness = given.likeness(&alike);
				assert!(matches!(likeness, Likeness::Same | Likeness::OtherKeyboard), "{alike}");
			}
		}
	}

	#[test]
	fn caps_lock_and_swapped_keys_lead_back_to_the_serial() {
		assert!(slips(&serial("aB1")).contains(&serial("Ab1")));
		assert!(slips(&serial("XZ1y")).contains(&serial("XY1z")));
		assert!(slips(&serial("QwA")).contains(&serial("AzQ")));
		assert_eq!(slips(&serial("123")), [serial("123"); 5]);
	}
}
