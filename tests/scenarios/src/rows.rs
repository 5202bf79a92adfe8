// SPDX-License-Identifier: Apache-2.0

//! Raw chain specifications with more rows in their genesis than any preset has.

use serde_json::Value;
use sp_core::bytes::to_hex;
use std::{
	collections::BTreeMap,
	error::Error,
	fs::File,
	io::{BufReader, BufWriter, Write},
};

/// A raw specification that is being written: it ends where the rows begin.
pub struct RawSpec {
	to: BufWriter<File>,
	after: String,
	bytes: u64,
}

impl RawSpec {
	/// Begins the specification `to` with what stands in `from`. Rows of `changed` take the place of
	/// those there.
	pub fn begin(
		from: &str,
		to: &str,
		changed: BTreeMap<Vec<u8>, Vec<u8>>,
	) -> Result<Self, Box<dyn Error>> {
		let mut spec: Value = serde_json::from_reader(BufReader::new(File::open(from)?))?;
		let mut state =
			spec.pointer_mut("/genesis/raw/top").ok_or("not a raw specification")?.take();
		let rows = state.as_object_mut().ok_or("no state")?;
		for (key, value) in changed {
			rows.insert(to_hex(&key, false), to_hex(&value, false).into());
		}
		let spec = serde_json::to_string(&spec)?;
		let (before, after) = spec.split_once("\"top\":null").ok_or("no place for the state")?;
		let state = serde_json::to_string(&state)?;
		let mut to = BufWriter::new(File::create(to)?);
		write!(to, "{before}\"top\":{}", state.strip_suffix('}').ok_or("no state")?)?;
		Ok(Self { to, after: after.into(), bytes: 0 })
	}

	/// Adds a row.
	pub fn row(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Box<dyn Error>> {
		self.bytes += (key.len() + value.len()) as u64;
		write!(self.to, ",\"{}\":\"{}\"", to_hex(&key, false), to_hex(&value, false))?;
		Ok(())
	}

	/// How many bytes the rows took that were added, keys and values.
	pub fn bytes(&self) -> u64 {
		self.bytes
	}

	/// Writes the rest.
	pub fn finish(mut self) -> Result<(), Box<dyn Error>> {
		write!(self.to, "}}{}", self.after)?;
		Ok(self.to.flush()?)
	}
}
