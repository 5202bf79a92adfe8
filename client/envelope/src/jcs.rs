// SPDX-License-Identifier: Apache-2.0
//! RFC 8785, the canonical form of JSON: checked byte by byte, and written.
//!
//! The checker reads the text itself and does not trust a parser that drops duplicate keys, takes
//! white space or rounds numbers on the way.

use crate::MetadataError;
use serde_json::{Number, Value};
use std::collections::BTreeSet;

/// Deepest nesting of arrays and objects.
const MAX_DEPTH: usize = 32;

/// Checks that `text` is one JSON object in canonical form.
pub(crate) fn check(text: &str) -> Result<(), MetadataError> {
	let mut scanner = Scanner { text, rest: text };
	if !text.starts_with('{') {
		return Err(scanner.not_canonical());
	}
	scanner.value(0)?;
	if scanner.rest.is_empty() { Ok(()) } else { Err(scanner.not_canonical()) }
}

struct Scanner<'a> {
	text: &'a str,
	rest: &'a str,
}

impl<'a> Scanner<'a> {
	fn not_canonical(&self) -> MetadataError {
		MetadataError::NotCanonical { at: self.text.len() - self.rest.len() }
	}

	/// Whether `token` comes next; if so it is passed.
	fn passes(&mut self, token: &str) -> bool {
		match self.rest.strip_prefix(token) {
			Some(rest) => {
				self.rest = rest;
				true
			},
			None => false,
		}
	}

	fn expect(&mut self, token: &str) -> Result<(), MetadataError> {
		if self.passes(token) { Ok(()) } else { Err(self.not_canonical()) }
	}

	fn value(&mut self, depth: usize) -> Result<(), MetadataError> {
		if depth > MAX_DEPTH {
			return Err(MetadataError::TooDeep);
		}
		match self.rest.chars().next() {
			Some('{') => self.object(depth),
			Some('[') => self.array(depth),
			Some('"') => self.string().map(drop),
			Some('t') => self.expect("true"),
			Some('f') => self.expect("false"),
			Some('n') => self.expect("null"),
			_ => self.number(),
		}
	}

	fn object(&mut self, depth: usize) -> Result<(), MetadataError> {
		self.expect("{")?;
		if self.passes("}") {
			return Ok(());
		}
		// In UTF-16, whose order RFC 8785 section 3.2.3 prescribes.
		let mut keys = BTreeSet::<Vec<u16>>::new();
		loop {
			let before = self.not_canonical();
			let key = self.string()?;
			let utf16: Vec<u16> = key.encode_utf16().collect();
			if keys.contains(&utf16) {
				return Err(MetadataError::DuplicateKey(key));
			}
			if keys.last().is_some_and(|last| *last > utf16) {
				return Err(before);
			}
			keys.insert(utf16);
			self.expect(":")?;
			self.value(depth + 1)?;
			if self.passes("}") {
				return Ok(());
			}
			self.expect(",")?;
		}
	}

	fn array(&mut self, depth: usize) -> Result<(), MetadataError> {
		self.expect("[")?;
		if self.passes("]") {
			return Ok(());
		}
		loop {
			self.value(depth + 1)?;
			if self.passes("]") {
				return Ok(());
			}
			self.expect(",")?;
		}
	}

	/// Passes a string and gives what it says; only the escapes that RFC 8785 writes are taken.
	fn string(&mut self) -> Result<String, MetadataError> {
		let start = self.rest;
		self.expect("\"")?;
		let mut said = String::new();
		loop {
			let mut chars = self.rest.chars();
			let c = chars.next().ok_or_else(|| self.not_canonical())?;
			self.rest = chars.as_str();
			match c {
				'"' => break,
				'\\' => said.push(self.escape()?),
				c => said.push(c),
			}
		}
		let mut canonical = String::new();
		write_string(&said, &mut canonical);
		if start.strip_suffix(self.rest) == Some(canonical.as_str()) {
			Ok(said)
		} else {
			Err(self.not_canonical())
		}
	}

	fn escape(&mut self) -> Result<char, MetadataError> {
		let mut chars = self.rest.chars();
		let c = match chars.next() {
			Some('b') => '\u{8}',
			Some('t') => '\t',
			Some('n') => '\n',
			Some('f') => '\u{c}',
			Some('r') => '\r',
			Some(c @ ('"' | '\\')) => c,
			Some('u') => {
				let digits = chars.as_str().get(..4);
				let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
				chars = chars.as_str().get(4..).unwrap_or_default().chars();
				code.and_then(char::from_u32).ok_or_else(|| self.not_canonical())?
			},
			_ => return Err(self.not_canonical()),
		};
		self.rest = chars.as_str();
		Ok(c)
	}

	fn number(&mut self) -> Result<(), MetadataError> {
		let end = self
			.rest
			.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
			.unwrap_or(self.rest.len());
		let (token, rest) = self.rest.split_at(end);
		// `parse` takes forms that JSON does not; comparing with the one right form refuses them.
		let canonical = token.parse().ok().and_then(es_number);
		if canonical.as_deref() != Some(token) {
			return Err(self.not_canonical());
		}
		self.rest = rest;
		Ok(())
	}
}

/// Writes a value in canonical form.
pub(crate) fn write(value: &Value) -> Result<String, MetadataError> {
	let mut text = String::new();
	write_value(value, 0, &mut text)?;
	Ok(text)
}

fn write_value(value: &Value, depth: usize, text: &mut String) -> Result<(), MetadataError> {
	if depth > MAX_DEPTH {
		return Err(MetadataError::TooDeep);
	}
	match value {
		Value::Null => text.push_str("null"),
		Value::Bool(true) => text.push_str("true"),
		Value::Bool(false) => text.push_str("false"),
		Value::Number(number) => text.push_str(&write_number(number)?),
		Value::String(string) => write_string(string, text),
		Value::Array(values) => {
			text.push('[');
			for (n, value) in values.iter().enumerate() {
				if n > 0 {
					text.push(',');
				}
				write_value(value, depth + 1, text)?;
			}
			text.push(']');
		},
		Value::Object(members) => {
			let mut members: Vec<_> = members.iter().collect();
			members.sort_by_cached_key(|(key, _)| key.encode_utf16().collect::<Vec<_>>());
			text.push('{');
			for (n, (key, value)) in members.into_iter().enumerate() {
				if n > 0 {
					text.push(',');
				}
				write_string(key, text);
				text.push(':');
				write_value(value, depth + 1, text)?;
			}
			text.push('}');
		},
	}
	Ok(())
}

/// RFC 8785 section 3.2.2.2.
fn write_string(string: &str, text: &mut String) {
	text.push('"');
	for c in string.chars() {
		match c {
			'\u{8}' => text.push_str("\\b"),
			'\t' => text.push_str("\\t"),
			'\n' => text.push_str("\\n"),
			'\u{c}' => text.push_str("\\f"),
			'\r' => text.push_str("\\r"),
			'"' => text.push_str("\\\""),
			'\\' => text.push_str("\\\\"),
			c if c < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
			c => text.push(c),
		}
	}
	text.push('"');
}

fn write_number(number: &Number) -> Result<String, MetadataError> {
	let inexact = || MetadataError::InexactNumber(number.to_string());
	let double = number.as_f64().ok_or_else(inexact)?;
	let text = es_number(double).ok_or_else(inexact)?;
	// JSON numbers are doubles (RFC 7493 section 2.2): an integer that is neither a double nor the
	// way one is written would come back as its neighbour.
	let integer = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
	match integer {
		Some(integer) if integer != double as i128 && integer.to_string() != text => Err(inexact()),
		_ => Ok(text),
	}
}

/// Number::toString of ECMAScript (section 6.1.6.1.20), which RFC 8785 section 3.2.2.3 prescribes.
///
/// The shortest digits that Rust prints are not always these: halfway between two shortest forms
/// ECMAScript takes the even one.
fn es_number(number: f64) -> Option<String> {
	number.is_finite().then(|| ryu_js::Buffer::new().format_finite(number).to_owned())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn numbers_print_as_rfc_8785_appendix_b_says() {
		for (bits, text) in [
			(0x0000000000000000, "0"),
			(0x8000000000000000, "0"),
			(0x0000000000000001, "5e-324"),
			(0x8000000000000001, "-5e-324"),
			(0x7fefffffffffffff, "1.7976931348623157e+308"),
			(0xffefffffffffffff, "-1.7976931348623157e+308"),
			(0x4340000000000000, "9007199254740992"),
			(0xc340000000000000, "-9007199254740992"),
			(0x4430000000000000, "295147905179352830000"),
			(0x44b52d02c7e14af5, "9.999999999999997e+22"),
			(0x44b52d02c7e14af6, "1e+23"),
			(0x44b52d02c7e14af7, "1.0000000000000001e+23"),
			(0x444b1ae4d6e2ef4e, "999999999999999700000"),
			(0x444b1ae4d6e2ef4f, "999999999999999900000"),
			(0x444b1ae4d6e2ef50, "1e+21"),
			(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"),
			(0x3eb0c6f7a0b5ed8d, "0.000001"),
			(0x41b3de4355555553, "333333333.3333332"),
			(0x41b3de4355555554, "333333333.33333325"),
			(0x41b3de4355555555, "333333333.3333333"),
			(0x41b3de4355555556, "333333333.3333334"),
			(0x41b3de4355555557, "333333333.33333343"),
			(0xbecbf647612f3696, "-0.0000033333333333333333"),
			(0x43143ff3c1cb0959, "1424953923781206.2"),
		] {
			assert_eq!(es_number(f64::from_bits(bits)).as_deref(), Some(text));
		}
		assert_eq!(es_number(f64::NAN), None);
		assert_eq!(es_number(f64::INFINITY), None);
	}

	#[test]
	fn keys_are_sorted_by_utf_16_as_rfc_8785_section_3_2_3_says() {
		let value: Value = serde_json::from_str(
			r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#,
		)
		.unwrap();
		let text = write(&value).unwrap();
		let places: Vec<_> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew"]
			.iter()
			.map(|name| text.find(name).unwrap())
			.collect();
		assert!(places.is_sorted());
		assert_eq!(check(&text), Ok(()));
	}
}
