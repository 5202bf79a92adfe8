// SPDX-License-Identifier: Apache-2.0

//! Percent-encoding (RFC 3986, section 2.1).

use alloc::vec::Vec;
use core::fmt;

/// Undoes it; gives the position of a percent sign that no two hexadecimal digits follow.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
	let mut decoded = Vec::with_capacity(text.len());
	let mut at = 0;
	while let Some(byte) = text.get(at) {
		if *byte != b'%' {
			decoded.push(*byte);
			at = at.saturating_add(1);
			continue;
		}
		let digit = |offset: usize| {
			let byte = text.get(at.saturating_add(offset)).ok_or(at)?;
			(*byte as char).to_digit(16).ok_or(at)
		};
		decoded.push((digit(1)? * 16 + digit(2)?) as u8);
		at = at.saturating_add(3);
	}
	Ok(decoded)
}

/// Writes `text` with all bytes encoded but those of `keep`.
pub(crate) fn encode(f: &mut fmt::Formatter<'_>, text: &str, keep: fn(u8) -> bool) -> fmt::Result {
	text.bytes().try_for_each(|byte| {
		if keep(byte) { write!(f, "{}", byte as char) } else { write!(f, "%{byte:02X}") }
	})
}
