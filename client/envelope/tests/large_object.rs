// SPDX-License-Identifier: Apache-2.0
//! Memory does not grow with the object. Alone in its file, so that the process holds nothing else.

use salus_envelope::{ContentKey, Opener, RecordMetadata, Sealer};
use std::{
	io::{self, Read},
	thread,
};

/// Seals zeros into a pipe and opens them at its other end, so that the object is never anywhere.
fn passes_through(body_len: u64) {
	let key = ContentKey::generate();
	let metadata = RecordMetadata::binary("application/dicom").to_metadata().unwrap();
	let (object, pipe) = io::pipe().unwrap();

	let (sealed, opened) = thread::scope(|threads| {
		let sealing = threads.spawn(|| {
			let body = io::repeat(0).take(body_len);
			Sealer::new(&key, &metadata).seal(body, body_len, pipe).unwrap()
		});
		let opened = Opener::new(&key).open(object, io::sink()).unwrap();
		(sealing.join().unwrap(), opened)
	});

	assert_eq!(opened.body_len, body_len);
	assert_eq!(opened.ciphertext_hash, sealed.ciphertext_hash);
	assert_eq!(opened.body_commitment, sealed.body_commitment);
	if let Some(peak) = peak_memory() {
		assert!(peak < 64 << 20, "{peak} bytes were in use at the peak");
	}
}

/// The most memory that this process has had in RAM, in bytes; only Linux says.
fn peak_memory() -> Option<u64> {
	let status = std::fs::read_to_string("/proc/self/status").ok()?;
	let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
	let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
	Some(kibibytes << 10)
}

#[test]
fn a_large_object_passes_in_little_memory() {
	passes_through(if cfg!(debug_assertions) { 2 << 20 } else { 1 << 30 });
}

#[test]
#[ignore = "takes half a minute in a release build and much longer without optimisation"]
fn five_gibibytes_pass_in_little_memory() {
	passes_through(5 << 30);
}
