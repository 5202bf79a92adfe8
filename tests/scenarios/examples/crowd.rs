// SPDX-License-Identifier: Apache-2.0

//! Writes a raw chain specification with a crowd of records in its genesis: `crowd FROM TO RECORDS
//! OF_ONE`, where FROM is a raw specification and OF_ONE of the RECORDS are one patient's.
//!
//! On stdout stands, as JSON, what a measurement needs: the input of the view function that gives a
//! first page of that patient's records, and how many bytes a record takes in the state.

use codec::Encode;
use frame_support::view_functions::{ViewFunction, ViewFunctionId};
use pallet_health_records::{
	ContentIndex, Records, RecordsOfViewFunction, SubjectRecordCount, SubjectRecords,
};
use salus_primitives::{ContentHash, IdentityId, RecordId, blake2_256};
use salus_runtime::Runtime;
use salus_scenarios::{Chain, DOCTOR, PATIENT, anchored_note};
use serde_json::{Value, json};
use sp_core::bytes::to_hex;
use std::{
	error::Error,
	fs::File,
	io::{BufReader, BufWriter, Write},
};

/// How many records everybody else has.
const OF_EVERYBODY: u32 = 20;
/// What a page holds.
const PAGE: u32 = 50;

/// Adds rows to the state of a specification, which ends where the rows begin.
struct Rows<W> {
	to: W,
	bytes: u64,
}

impl<W: Write> Rows<W> {
	fn row(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Box<dyn Error>> {
		self.bytes += (key.len() + value.len()) as u64;
		write!(self.to, ",\"{}\":\"{}\"", to_hex(&key, false), to_hex(&value, false))?;
		Ok(())
	}
}

fn main() -> Result<(), Box<dyn Error>> {
	let arguments: Vec<_> = std::env::args().skip(1).collect();
	let [from, to, records, of_one] = &arguments[..] else {
		return Err("usage: crowd FROM TO RECORDS OF_ONE".into());
	};
	let (records, of_one): (u32, u32) = (records.parse()?, of_one.parse()?);

	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain.open(PATIENT, 0);
	let template = anchored_note(&mut chain, DOCTOR, PATIENT);
	let template = chain.look(|| Records::<Runtime>::get(template)).ok_or("no such record")?;

	let mut spec: Value = serde_json::from_reader(BufReader::new(File::open(from)?))?;
	let state = spec.pointer_mut("/genesis/raw/top").ok_or("not a raw specification")?.take();
	let spec = serde_json::to_string(&spec)?;
	let (before, after) = spec.split_once("\"top\":null").ok_or("no place for the state")?;
	let state = serde_json::to_string(&state)?;
	let mut rows = Rows { to: BufWriter::new(File::create(to)?), bytes: 0 };
	write!(rows.to, "{before}\"top\":{}", state.strip_suffix('}').ok_or("no state")?)?;

	let subject_of = |number: u32| match number.checked_sub(of_one) {
		None => (IdentityId([1; 32]), number),
		Some(other) => {
			let subject = blake2_256(&(b"somebody", other / OF_EVERYBODY).encode());
			(IdentityId(subject), other % OF_EVERYBODY)
		},
	};
	for number in 0..records {
		let (subject, seq) = subject_of(number);
		let id = RecordId(blake2_256(&(b"record", number).encode()));
		let content = ContentHash(blake2_256(&(b"object", number).encode()));
		let mut record = template.clone();
		record.subject = subject;
		record.seq = seq;
		record.current.content = content;
		rows.row(Records::<Runtime>::hashed_key_for(id), record.encode())?;
		rows.row(SubjectRecords::<Runtime>::hashed_key_for(subject, seq), id.encode())?;
		rows.row(ContentIndex::<Runtime>::hashed_key_for(content), id.encode())?;
		if subject_of(number + 1).0 != subject || number + 1 == records {
			let count = SubjectRecordCount::<Runtime>::hashed_key_for(subject);
			rows.row(count, (seq + 1).encode())?;
		}
	}
	write!(rows.to, "}}{after}")?;
	rows.to.flush()?;

	let page = |start: u32| {
		let input = (IdentityId([1; 32]), start, PAGE, true).encode();
		let id: ViewFunctionId = RecordsOfViewFunction::<Runtime>::id();
		to_hex(&(id, input).encode(), false)
	};
	let starts = [u32::MAX, of_one / 2, of_one / 3, of_one / 5, PAGE];
	let answer = json!({
		"records": records,
		"ofOne": of_one,
		"bytesPerRecord": rows.bytes / u64::from(records),
		"calls": starts.map(page),
	});
	println!("{answer}");
	Ok(())
}
