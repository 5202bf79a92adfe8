// SPDX-License-Identifier: Apache-2.0

//! What a batch costs on this machine: `cargo run --release -p salus-client --example batches
//! [LEAVES]`, with 2^20 leaves by default. The numbers of `docs/batches.md` come from here.

use salus_client::batch::{BatchBuilder, KEPT_LEN, LeafEntry, MAX_LEAVES, ProofFile};
use salus_primitives::{
	Commitment, ContentHash, IdentityId, RecordClass, RecordId, RecordKey, blake2_256,
};
use std::{error::Error, time::Instant};

const AUTHOR: IdentityId = IdentityId([3; 32]);

/// How many proofs are cut out.
const PROOFS: u32 = 10_000;

fn main() -> Result<(), Box<dyn Error>> {
	let size = std::env::args().nth(1).map_or(Ok(MAX_LEAVES), |size| size.parse())?;
	let folder = tempfile::tempdir()?;
	let path = folder.path().join("batch.proofs");

	let begun = Instant::now();
	let entries: Vec<_> = (0..size).map(entry).collect();
	println!("{size} leaves, their ids made in {:.2?} (not part of what follows)", begun.elapsed());

	let begun = Instant::now();
	let mut builder = BatchBuilder::create(&path, [1; 32], IdentityId([2; 32]), AUTHOR)?;
	for entry in &entries {
		builder.push(entry)?;
	}
	println!("leaves written in {:.2?}", begun.elapsed());
	let begun = Instant::now();
	builder.finish()?;
	println!("tree made and written, all of it on disk, in {:.2?}", begun.elapsed());
	println!(
		"{} bytes, {} a leaf",
		path.metadata()?.len(),
		path.metadata()?.len() / u64::from(size)
	);

	let mut file = ProofFile::open(&path)?;
	let begun = Instant::now();
	for number in 0..PROOFS {
		let proof = file.prove(number.wrapping_mul(2_654_435_761) % size)?;
		proof.check()?;
	}
	println!("{PROOFS} proofs cut out and checked in {:.2?}", begun.elapsed());
	let begun = Instant::now();
	let last = entries.last().ok_or("a batch has leaves")?.record;
	file.find(&last)?;
	println!("the last record found in {:.2?}", begun.elapsed());
	let begun = Instant::now();
	file.check(|_, _| ())?;
	println!("all of the file checked in {:.2?}", begun.elapsed());
	Ok(())
}

fn entry(number: u32) -> LeafEntry {
	let hash = blake2_256(&number.to_le_bytes());
	let mut nonce = [0; 16];
	nonce.iter_mut().zip(hash).for_each(|(byte, random)| *byte = random);
	let (subject, class, compartment) = (IdentityId(hash), RecordClass::Laboratory, 0);
	LeafEntry {
		record: RecordId::derive(blake2_256, &AUTHOR, &subject, class, compartment, &nonce),
		content: ContentHash(hash),
		nonce,
		subject,
		class,
		compartment,
		body: Commitment(hash),
		padded_len: 1024,
		key: RecordKey { epoch: 0, wrap: [5; 80] },
		kept: [6; KEPT_LEN],
	}
}
