// SPDX-License-Identifier: Apache-2.0

//! Lists of serials as packaging lines write them: CSV with the columns `serial` and, where the line
//! made them, `salt`.

use salus_gs1::{CodeError, Serial};
use salus_primitives::LeafSalt;
use std::io::{self, BufRead, Read};

/// The longest line: a quoted serial, a salt, and their marks, with room to spare.
const MAX_LINE: usize = 256;

/// One line of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SerialRow {
	/// The number of the line, from 1.
	pub line: u64,
	/// The serial.
	pub serial: Serial,
	/// The salt that the line was given, where the list has one.
	pub salt: Option<LeafSalt>,
}

/// Why a line of a list is refused. Nothing is trimmed or put right.
#[derive(Debug, thiserror::Error)]
pub enum SerialFault {
	/// The line is longer than any serial and salt.
	#[error("line {line} is longer than {MAX_LINE} bytes: it is no line of a list of serials")]
	LongLine {
		/// Which line.
		line: u64,
	},
	/// There is nothing on the line.
	#[error("line {line} is empty: remove it, or write the serial that belongs there")]
	EmptyLine {
		/// Which line.
		line: u64,
	},
	/// More columns than there are.
	#[error("line {line} has more than the columns serial and salt: remove the others")]
	Columns {
		/// Which line.
		line: u64,
	},
	/// A quotation mark that opens or closes nothing.
	#[error(
		"line {line} has a quotation mark that does not enclose a whole field: quote the field and double \
		 the marks within (RFC 4180)"
	)]
	Quotes {
		/// Which line.
		line: u64,
	},
	/// The serial is none.
	#[error("line {line}: serial: {cause}")]
	Serial {
		/// Which line.
		line: u64,
		/// What is wrong with it.
		cause: CodeError,
	},
	/// The salt is none.
	#[error("line {line}: a salt is 32 hexadecimal digits: write it so, or leave the column out")]
	Salt {
		/// Which line.
		line: u64,
	},
	/// The list cannot be read.
	#[error("line {line} cannot be read: {source}")]
	Io {
		/// Which line.
		line: u64,
		/// What the system says.
		source: io::Error,
	},
}

/// Reads a list line by line, in constant memory.
///
/// A first line that says `serial` or `serial,salt` is a header. Lines end with LF or CR LF. A byte
/// order mark in front is passed over. Fields with a comma or a quotation mark, both of which a
/// serial can have, are quoted as in RFC 4180.
pub struct SerialList<R> {
	source: R,
	line: u64,
	is_over: bool,
}

impl<R: BufRead> SerialList<R> {
	/// Reads from `source`.
	pub fn new(source: R) -> Self {
		Self { source, line: 0, is_over: false }
	}

	/// The next line without its end; `None` behind the last.
	fn next_line(&mut self) -> Result<Option<Vec<u8>>, SerialFault> {
		self.line = self.line.saturating_add(1);
		let line = self.line;
		let mut bytes = Vec::new();
		let mut bounded = (&mut self.source).take(MAX_LINE as u64 + 1);
		bounded.read_until(b'\n', &mut bytes).map_err(|source| SerialFault::Io { line, source })?;
		if bytes.is_empty() {
			return Ok(None);
		}
		if bytes.len() > MAX_LINE {
			return Err(SerialFault::LongLine { line });
		}
		if bytes.last() == Some(&b'\n') {
			bytes.pop();
			if bytes.last() == Some(&b'\r') {
				bytes.pop();
			}
		}
		if line == 1 && bytes.starts_with(b"\xef\xbb\xbf") {
			bytes.drain(..3);
		}
		Ok(Some(bytes))
	}

	fn next_row(&mut self) -> Result<Option<SerialRow>, SerialFault> {
		loop {
			let Some(bytes) = self.next_line()? else { return Ok(None) };
			let is_header =
				self.line == 1 && [&b"serial"[..], b"serial,salt"].contains(&&bytes[..]);
			if !is_header {
				return row(self.line, &bytes).map(Some);
			}
		}
	}
}

impl<R: BufRead> Iterator for SerialList<R> {
	type Item = Result<SerialRow, SerialFault>;

	/// The next row. Behind the first fault there is none.
	fn next(&mut self) -> Option<Self::Item> {
		if self.is_over {
			return None;
		}
		let next = self.next_row().transpose();
		self.is_over = !matches!(next, Some(Ok(_)));
		next
	}
}

fn row(line: u64, bytes: &[u8]) -> Result<SerialRow, SerialFault> {
	if bytes.is_empty() {
		return Err(SerialFault::EmptyLine { line });
	}
	let quotes = || SerialFault::Quotes { line };
	let (serial, rest) = field(bytes).ok_or_else(quotes)?;
	let serial = Serial::parse(&serial).map_err(|cause| SerialFault::Serial { line, cause })?;
	let Some(rest) = rest else { return Ok(SerialRow { line, serial, salt: None }) };
	let (given, rest) = field(rest).ok_or_else(quotes)?;
	if rest.is_some() {
		return Err(SerialFault::Columns { line });
	}
	let mut salt = LeafSalt::default();
	hex::decode_to_slice(&given, &mut salt).map_err(|_| SerialFault::Salt { line })?;
	Ok(SerialRow { line, serial, salt: Some(salt) })
}

/// The first field of a line, and what is behind its comma. `None` when its quotation marks do not
/// fit.
fn field(line: &[u8]) -> Option<(Vec<u8>, Option<&[u8]>)> {
	let Some(mut rest) = line.strip_prefix(b"\"") else {
		let end = line.iter().position(|byte| *byte == b',');
		let (text, rest) = match end.and_then(|end| line.split_at_checked(end)) {
			Some((text, rest)) => (text, rest.get(1..)),
			None => (line, None),
		};
		return (!text.contains(&b'"')).then(|| (text.to_vec(), rest));
	};
	let mut text = Vec::new();
	loop {
		match rest {
			[b'"', b'"', behind @ ..] => {
				text.push(b'"');
				rest = behind;
			},
			[b'"', b',', behind @ ..] => return Some((text, Some(behind))),
			[b'"'] => return Some((text, None)),
			[b'"', ..] | [] => return None,
			[byte, behind @ ..] => {
				text.push(*byte);
				rest = behind;
			},
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	fn read(text: &[u8]) -> Result<Vec<SerialRow>, SerialFault> {
		SerialList::new(text).collect()
	}

	fn serials(text: &[u8]) -> Vec<String> {
		read(text).unwrap().iter().map(|row| row.serial.to_string()).collect()
	}

	#[test]
	fn headers_line_ends_and_a_byte_order_mark_are_read() {
		for text in [
			&b"A1\nA2\n"[..],
			b"A1\nA2",
			b"serial\nA1\nA2\n",
			b"serial\r\nA1\r\nA2\r\n",
			b"\xef\xbb\xbfserial\nA1\nA2\n",
		] {
			assert_eq!(serials(text), ["A1", "A2"]);
		}
		assert_eq!(read(b"serial\nA1\n").unwrap()[0].line, 2);
		assert!(read(b"").unwrap().is_empty());
		// Further down it is a serial like others.
		assert_eq!(serials(b"A1\nserial\n"), ["A1", "serial"]);
	}

	#[test]
	fn salts_come_with_their_serials() {
		let rows = read(b"serial,salt\nA1,000102030405060708090a0b0c0d0e0f\n").unwrap();
		let salt = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
		assert_eq!(rows[0].salt, Some(salt));
		for bad in [&b"A1,00\n"[..], b"A1,\n", b"A1,zz0102030405060708090a0b0c0d0e0f\n"] {
			assert!(matches!(read(bad), Err(SerialFault::Salt { line: 1 })));
		}
	}

	#[test]
	fn commas_and_quotation_marks_within_a_serial_are_quoted() {
		assert_eq!(serials(b"\"a,b\"\n\"a\"\"b\"\n"), ["a,b", "a\"b"]);
		for bad in [&b"\"ab\n"[..], b"\"a\"b\n", b"a\"b\n"] {
			assert!(matches!(read(bad), Err(SerialFault::Quotes { line: 1 })));
		}
		assert!(matches!(read(b"A1,,\n"), Err(SerialFault::Columns { line: 1 })));
	}

	#[test]
	fn what_is_no_serial_is_refused_with_its_line() {
		let cause = |text: &[u8]| match read(text) {
			Err(SerialFault::Serial { line, cause }) => (line, cause),
			other => panic!("{other:?}"),
		};
		assert_eq!(cause(b"A1\nA 2\n"), (2, CodeError::BadCharacter { at: 1, byte: b' ' }));
		assert_eq!(cause(b"A1\n A2\n"), (2, CodeError::BadCharacter { at: 0, byte: b' ' }));
		assert_eq!(
			cause(b"serial\n123456789012345678901\n"),
			(2, CodeError::TooLong { given: 21, max: 20 })
		);
		assert!(matches!(read(b"A1\n\nA2\n"), Err(SerialFault::EmptyLine { line: 2 })));
		let long = [b'1'; 10_000];
		assert!(matches!(read(&long), Err(SerialFault::LongLine { line: 1 })));
	}

	#[test]
	fn nothing_comes_behind_a_fault() {
		let mut list = SerialList::new(&b"A1\n\nA2\n"[..]);
		assert!(list.next().unwrap().is_ok());
		assert!(list.next().unwrap().is_err());
		assert!(list.next().is_none());
	}
}
