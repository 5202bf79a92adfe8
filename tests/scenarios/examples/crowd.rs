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
use salus_scenarios::{Chain, DOCTOR, PATIENT, RawSpec, anchored_note};
use serde_json::json;
use sp_core::bytes::to_hex;
use std::error::Error;

/// How many records everybody else has.
const OF_EVERYBODY: u32 = 20;
/// What a page holds.
const PAGE: u32 = 50;

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

	let mut rows = RawSpec::begin(from, to, Default::default())?;

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
	let bytes = rows.bytes();
	rows.finish()?;

	let page = |start: u32| {
		let input = (IdentityId([1; 32]), start, PAGE, true).encode();
		let id: ViewFunctionId = RecordsOfViewFunction::<Runtime>::id();
		to_hex(&(id, input).encode(), false)
	};
	let starts = [u32::MAX, of_one / 2, of_one / 3, of_one / 5, PAGE];
	let answer = json!({
		"records": records,
		"ofOne": of_one,
		"bytesPerRecord": bytes / u64::from(records),
		"calls": starts.map(page),
	});
	println!("{answer}");
	Ok(())
}
