// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::{MasterSalt, SerialFault, UnitLeafProof};
use proptest::prelude::*;
use salus_gs1::UdiDi;
use salus_merkle::ProofError;
use salus_primitives::{Digest, LeafSalt};
use serde::Deserialize;
use std::{cell::Cell, io::Cursor, path::PathBuf, time::Instant};
use tempfile::TempDir;

fn product() -> UdiDi {
	UdiDi::Gs1("06291041500213".parse().unwrap())
}

fn master() -> MasterSalt {
	MasterSalt::from_bytes(std::array::from_fn(|place| place as u8))
}

fn make(list: &str) -> (TempDir, PathBuf, Result<Commissioned, LeafError>) {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("lot.leaves");
	let made = commission(list.as_bytes(), &path, product(), &master(), |_, _, _| ());
	(folder, path, made)
}

/// Serials that are in no order.
fn list(count: u32) -> String {
	(0..count).map(|n| format!("S{:08X}\n", n.wrapping_mul(0x9e37_79b1))).collect()
}

fn bytes(count: u32) -> Vec<u8> {
	let (_folder, path, made) = make(&list(count));
	made.unwrap();
	std::fs::read(path).unwrap()
}

fn opened(bytes: &[u8]) -> Result<LeafFile<Cursor<&[u8]>>, LeafError> {
	LeafFile::read(Cursor::new(bytes))
}

/// What `tests/vectors/make_leaves.py` wrote.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
	gtin: String,
	master: String,
	commitment: Digest,
	root: Digest,
	leaf_file: Digest,
	units: Vec<UnitLeafProof>,
}

#[test]
fn another_implementation_makes_the_same_file_and_proofs() {
	let vector: Vector =
		serde_json::from_str(include_str!("../../tests/vectors/leaves.json")).unwrap();
	let expected = include_bytes!("../../tests/vectors/leaves.bin");
	let mut secret = [0; 32];
	hex::decode_to_slice(&vector.master, &mut secret).unwrap();
	let master = MasterSalt::from_bytes(secret);
	assert_eq!(master.commitment(), vector.commitment);
	let product = UdiDi::Gs1(vector.gtin.parse().unwrap());

	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("lot.leaves");
	let mut builder = LeafFileBuilder::create(&path, product, &master).unwrap();
	for unit in &vector.units {
		// One of them has a salt that the packaging line made.
		let derived = master.leaf_salt(&product, unit.index, &unit.serial);
		let given = (derived != unit.salt).then_some(unit.salt);
		assert_eq!(given.is_some(), unit.index == 2);
		assert_eq!(builder.push(unit.serial, given).unwrap(), unit.index);
	}
	let made = builder.finish(|_, _, _| ()).unwrap();
	let (count, salt) = (5, vector.commitment);
	let Vector { root, leaf_file, .. } = vector;
	assert_eq!(made, Commissioned { product, count, root, salt, leaf_file });
	assert_eq!(std::fs::read(&path).unwrap(), expected);

	let mut file = LeafFile::open(&path).unwrap();
	assert_eq!(file.commissioned().unwrap(), made);
	for unit in &vector.units {
		assert_eq!(file.find(&unit.serial).unwrap(), Some(unit.index));
		assert_eq!(&file.prove(unit.index).unwrap(), unit);
		unit.check(&product, count, &root).unwrap();
	}
	file.check(|_, _| ()).unwrap();
}

#[test]
fn every_unit_of_a_tree_of_any_shape_is_found_and_proved() {
	for count in [1, 2, 3, 5, 7, 8, 255, 256, 257] {
		let bytes = bytes(count);
		let mut file = opened(&bytes).unwrap();
		let head = file.head().clone();
		assert_eq!(head.count, count);
		for index in 0..count {
			let row = file.row(index).unwrap();
			assert_eq!(file.find(&row.serial).unwrap(), Some(index));
			let proof = file.prove(index).unwrap();
			assert_eq!(proof.check(&product(), count, &head.root), Ok(()));
			let next = file.row((index + 1) % count).unwrap();
			assert!(count == 1 || next.salt != row.salt);
		}
		let mut met = 0;
		file.check(|index, _| {
			assert_eq!(index, met);
			met += 1;
		})
		.unwrap();
		assert_eq!(met, count);
		let beyond = file.prove(count);
		assert!(
			matches!(beyond, Err(LeafError::NoUnit { index, last }) if (index, last) == (count, count - 1))
		);
	}
}

#[test]
fn a_proof_holds_for_its_unit_alone() {
	let bytes = bytes(257);
	let mut file = opened(&bytes).unwrap();
	let root = file.head().root;
	let sound = file.prove(5).unwrap();
	let fails = |change: &dyn Fn(&mut UnitLeafProof)| {
		let mut proof = sound.clone();
		change(&mut proof);
		proof.check(&product(), 257, &root).unwrap_err()
	};
	assert_eq!(fails(&|proof| proof.index = 4), ProofError::RootMismatch);
	assert_eq!(fails(&|proof| proof.index = 257), ProofError::IndexOutOfRange);
	assert_eq!(fails(&|proof| proof.salt[0] ^= 1), ProofError::RootMismatch);
	assert_eq!(fails(&|proof| proof.serial = "S1".parse().unwrap()), ProofError::RootMismatch);
	assert_eq!(fails(&|proof| proof.path.truncate(proof.path.len() - 1)), ProofError::PathTooShort);
	assert_eq!(fails(&|proof| proof.path.push(root)), ProofError::PathTooLong);
	let other = UdiDi::Gs1("07300011000017".parse().unwrap());
	assert_eq!(sound.check(&other, 257, &root), Err(ProofError::RootMismatch));
	assert_eq!(sound.check(&product(), 257, &Digest([1; 32])), Err(ProofError::RootMismatch));
}

#[test]
fn a_serial_that_is_there_twice_is_refused_with_both_lines() {
	let (_folder, path, made) = make("serial\nB\nA\nC\nA\nB\n");
	let Err(error @ LeafError::DuplicateLine { .. }) = made else { panic!("{made:?}") };
	assert!(error.to_string().starts_with("lines 3 and 5 have one serial, A:"), "{error}");
	assert!(!path.exists());
	// Serials that differ in case are two, and so are those that differ by a leading zero.
	let (_folder, _, made) = make("a1\nA1\n01\n1\n");
	assert_eq!(made.unwrap().count, 4);
}

#[test]
fn a_bad_line_is_refused_and_leaves_no_file() {
	let (folder, path, made) = make("A1\nA 2\n");
	let fault = LeafError::List(SerialFault::Serial {
		line: 2,
		cause: salus_gs1::CodeError::BadCharacter { at: 1, byte: b' ' },
	});
	assert_eq!(made.unwrap_err().to_string(), fault.to_string());
	assert!(!path.exists());
	assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
	for empty in ["", "serial\n"] {
		assert!(matches!(make(empty).2, Err(LeafError::Empty)));
	}
}

#[test]
fn a_file_that_is_there_is_never_replaced() {
	let (_folder, path, made) = make("A1\n");
	made.unwrap();
	let before = std::fs::read(&path).unwrap();
	let again = commission(&b"A2\n"[..], &path, product(), &master(), |_, _, _| ());
	assert!(matches!(again, Err(LeafError::Exists)));
	assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn others_cannot_read_a_leaf_file() {
	use std::os::unix::fs::PermissionsExt;
	let (_folder, path, made) = make("A1\n");
	made.unwrap();
	assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_salt_of_the_packaging_line_is_kept() {
	let (_folder, path, made) = make("A1,000102030405060708090a0b0c0d0e0f\nA2\n");
	made.unwrap();
	let mut file = LeafFile::open(&path).unwrap();
	let given: LeafSalt = std::array::from_fn(|place| place as u8);
	assert_eq!(file.row(0).unwrap().salt, given);
	let serial = "A2".parse().unwrap();
	assert_eq!(file.row(1).unwrap().salt, master().leaf_salt(&product(), 1, &serial));
}

#[test]
fn a_flipped_bit_anywhere_is_noticed() {
	let sound = bytes(5);
	for place in 0..sound.len() {
		let mut damaged = sound.clone();
		damaged[place] ^= 1;
		let checked = opened(&damaged).and_then(|mut file| file.check(|_, _| ()));
		assert!(checked.is_err(), "byte {place}");
	}
}

#[test]
fn a_damaged_file_proves_nothing_wrong() {
	let sound = bytes(9);
	for place in LeafHead::LEN..sound.len() {
		let mut damaged = sound.clone();
		damaged[place] ^= 4;
		let mut file = opened(&damaged).unwrap();
		let (root, count) = (file.head().root, file.head().count);
		for index in 0..count {
			match file.prove(index) {
				Ok(proof) => assert_eq!(proof.check(&product(), count, &root), Ok(())),
				Err(LeafError::DamagedRow { .. } | LeafError::DamagedTree { .. }) => (),
				Err(other) => panic!("{other}"),
			}
		}
	}
}

#[test]
fn a_file_of_another_length_or_kind_is_refused() {
	let sound = bytes(3);
	let long = [&sound[..], b"x"].concat();
	for wrong in [&sound[..sound.len() - 1], &long] {
		assert!(matches!(opened(wrong).err(), Some(LeafError::Length { .. })));
	}
	for none in [&b""[..], &[0; 500], &sound[..100]] {
		assert!(matches!(opened(none).err(), Some(LeafError::NotALeafFile)));
	}
	let mut later = sound.clone();
	later[8] = 2;
	assert!(matches!(opened(&later).err(), Some(LeafError::UnknownFormat(2))));
	let mut damaged = sound.clone();
	damaged[100] ^= 1;
	assert!(matches!(opened(&damaged).err(), Some(LeafError::DamagedHead)));
	let mut table = sound;
	let at = LeafHead::row_at(3) as usize;
	table[at] = 7;
	let mut file = opened(&table).unwrap();
	assert!(matches!(file.check(|_, _| ()), Err(LeafError::DamagedTable { place: 0 })));
}

#[test]
fn a_serial_that_a_reader_changed_is_found_as_alike() {
	let (_folder, path, made) = make("xY1Z\nQ2\n");
	made.unwrap();
	let mut file = LeafFile::open(&path).unwrap();
	let found = |file: &mut LeafFile<_>, text: &str| {
		let serial = text.parse().unwrap();
		(file.find(&serial).unwrap(), file.find_alike(&serial).unwrap())
	};
	assert_eq!(found(&mut file, "xY1Z"), (Some(0), Some(0)));
	assert_eq!(found(&mut file, "Xy1z"), (None, Some(0)));
	assert_eq!(found(&mut file, "xZ1Y"), (None, Some(0)));
	assert_eq!(found(&mut file, "q2"), (None, Some(1)));
	assert_eq!(found(&mut file, "A2"), (None, Some(1)));
	assert_eq!(found(&mut file, "xY1"), (None, None));
}

#[test]
fn a_miss_reads_as_much_as_a_hit() {
	/// Counts what is read of a file.
	struct Counting<'a>(Cursor<&'a [u8]>, &'a Cell<usize>);
	impl io::Read for Counting<'_> {
		fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
			self.1.set(self.1.get() + 1);
			self.0.read(buffer)
		}
	}
	impl io::Seek for Counting<'_> {
		fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
			self.0.seek(to)
		}
	}
	let bytes = bytes(1 << 12);
	let mut rows = opened(&bytes).unwrap();
	let reads = |serial: Serial| {
		let count = Cell::new(0);
		let mut file = LeafFile::read(Counting(Cursor::new(&bytes), &count)).unwrap();
		file.find_alike(&serial).unwrap();
		count.get()
	};
	let hits: Vec<usize> = (0..64).map(|n| reads(rows.row(n * 63).unwrap().serial)).collect();
	let misses: Vec<usize> = (0..64).map(|n| reads(format!("S{n:07}x").parse().unwrap())).collect();
	let (least, most) = (hits.iter().min().unwrap(), hits.iter().max().unwrap());
	assert!(misses.iter().all(|miss| least <= miss && miss <= &(most + 12)), "{hits:?} {misses:?}");
	assert!(hits.iter().all(|hit| hit <= &(misses.iter().max().unwrap() + 12)));
}

#[test]
fn progress_is_told_stage_by_stage() {
	let folder = tempfile::tempdir().unwrap();
	let mut stages = Vec::new();
	let path = folder.path().join("lot.leaves");
	let text = list(20_000);
	let made = commission(text.as_bytes(), &path, product(), &master(), |stage, done, total| {
		assert!(total.is_none_or(|total| done <= 2 * total));
		if stages.last() != Some(&stage) {
			stages.push(stage);
		}
	});
	made.unwrap();
	assert_eq!(stages, [Stage::Reading, Stage::Sorting, Stage::Tree, Stage::Hashing]);
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(48))]

	#[test]
	fn whatever_the_serials_each_is_found_at_its_line(
		serials in prop::collection::btree_set("[!\"%-?A-Z_a-z]{1,20}", 1..60),
	) {
		let quoted = |text: &String| format!("\"{}\"\n", text.replace('"', "\"\""));
		let text: String = serials.iter().rev().map(quoted).collect();
		let (_folder, path, made) = make(&text);
		let made = made.unwrap();
		prop_assert_eq!(made.count as usize, serials.len());
		let mut file = LeafFile::open(&path).unwrap();
		for (index, serial) in serials.iter().rev().enumerate() {
			let serial = serial.parse().unwrap();
			prop_assert_eq!(file.find(&serial).unwrap(), Some(index as u32));
			let proof = file.prove(index as u32).unwrap();
			prop_assert_eq!(proof.check(&product(), made.count, &made.root), Ok(()));
		}
		file.check(|_, _| ()).unwrap();
	}

	#[test]
	fn any_bytes_are_read_without_harm(
		mut bytes in prop::collection::vec(any::<u8>(), 0..600),
		with_magic in any::<bool>(),
	) {
		if with_magic {
			bytes.splice(..bytes.len().min(9), MAGIC.iter().copied().chain([1]));
		}
		if let Ok(mut file) = opened(&bytes) {
			let _ = file.check(|_, _| ());
			let _ = file.find_alike(&"A1".parse().unwrap());
		}
	}
}

/// The bound is for programs with optimisation: `cargo test --release -p salus-supply
/// a_million_serials -- --nocapture`.
#[test]
fn a_million_serials_take_less_than_ten_seconds() {
	let count = if cfg!(debug_assertions) { 1 << 14 } else { 1 << 20 };
	let text = list(count);
	let start = Instant::now();
	let (_folder, path, made) = make(&text);
	let took = start.elapsed();
	assert_eq!(made.unwrap().count, count);
	let mut file = LeafFile::open(&path).unwrap();
	let start = Instant::now();
	for index in (0..count).step_by(count as usize / 1000) {
		let serial = file.row(index).unwrap().serial;
		assert_eq!(file.find(&serial).unwrap(), Some(index));
		file.prove(index).unwrap();
	}
	let (proof, size) = (start.elapsed() / 1000, std::fs::metadata(path).unwrap().len());
	println!("{count} serials: {took:.2?} on one core, {size} bytes; a find and a proof {proof:?}");
	assert!(cfg!(debug_assertions) || took.as_secs() < 10, "{took:?}");
}
