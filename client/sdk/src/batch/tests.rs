// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Encode;
use proptest::{prelude::*, test_runner::Config};
use salus_envelope::Sha256Hasher;
use salus_merkle::{MerkleTree, ProofError};
use salus_primitives::{
	BatchId, Commitment, ContentHash, Digest, IdentityId, RecordClass, RecordId, RecordKey,
	blake2_256,
};
use std::{fs, io::Cursor, path::Path, time::Instant};

const GENESIS: [u8; 32] = [0x11; 32];
const ORGANISATION: IdentityId = IdentityId([0x22; 32]);
const AUTHOR: IdentityId = IdentityId([0x33; 32]);
const GOLDEN: &[u8] = include_bytes!("../../tests/vectors/batch.proofs");
const GOLDEN_PROOF: &str = include_str!("../../tests/vectors/leaf-3.proof.json");

/// An entry whose record has the id of its place.
fn entry(number: u32) -> LeafEntry {
	let hash = |label: &[u8]| blake2_256(&[label, &number.to_le_bytes()].concat());
	let mut nonce = [0; 16];
	nonce[..4].copy_from_slice(&number.to_le_bytes());
	let (subject, class, compartment) = (IdentityId(hash(b"s")), RecordClass::Clinical, 3);
	LeafEntry {
		record: RecordId::derive(blake2_256, &AUTHOR, &subject, class, compartment, &nonce),
		content: ContentHash(hash(b"c")),
		nonce,
		subject,
		class,
		compartment,
		body: Commitment(hash(b"b")),
		padded_len: 512,
		key: RecordKey { epoch: 0, wrap: [number as u8; 80] },
		kept: [number as u8; KEPT_LEN],
	}
}

fn build(path: &Path, size: u32) -> Anchorable {
	let mut builder = BatchBuilder::create(path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	for number in 0..size {
		assert_eq!(builder.push(&entry(number)).unwrap(), number);
	}
	builder.finish().unwrap()
}

/// The bytes of a file with that many leaves.
fn file_of(size: u32) -> Vec<u8> {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	build(&path, size);
	fs::read(path).unwrap()
}

fn read(bytes: &[u8]) -> Result<ProofFile<Cursor<&[u8]>>, BatchError> {
	ProofFile::read(Cursor::new(bytes))
}

fn prove(bytes: &[u8], index: u32) -> Result<LeafProof, BatchError> {
	read(bytes)?.prove(index)
}

fn check(bytes: &[u8]) -> Result<(), BatchError> {
	read(bytes)?.check(|_, _| ())
}

/// A head that says something else, with the checksum that belongs to it.
fn with_head(mut bytes: Vec<u8>, change: impl FnOnce(&mut [u8])) -> Vec<u8> {
	change(&mut bytes[..152]);
	let hash = blake2_256(&bytes[..152]);
	bytes[152..168].copy_from_slice(&hash[..16]);
	bytes
}

#[test]
fn every_leaf_of_every_shape_of_tree_is_proved() {
	for size in (1..=9).chain([1000]) {
		let bytes = file_of(size);
		let mut file = read(&bytes).unwrap();
		let leaves = (0..size).map(|number| entry(number).leaf().to_bytes());
		let root = MerkleTree::<Sha256Hasher>::from_data(leaves).root();
		assert_eq!(file.head().root.0, root, "{size}");
		assert_eq!(file.anchorable().tree_size, size);
		let mut seen = 0;
		file.check(|index, found| {
			assert_eq!((index, found), (seen, &entry(seen)));
			seen += 1;
		})
		.unwrap();
		assert_eq!(seen, size);
		for index in 0..size {
			let proof = file.prove(index).unwrap();
			assert_eq!(proof.check(), Ok(()));
			assert_eq!(proof.entry(), Some(entry(index)));
			assert_eq!((proof.root.0, proof.tree_size, proof.leaf_index), (root, size, index));
		}
		assert!(matches!(
			file.prove(size),
			Err(BatchError::NoLeaf { index, last }) if index == size && last == size - 1
		));
	}
}

/// The largest batch where code is optimised; a small part of it where it is not.
#[test]
fn a_large_batch_is_written_once_and_proved_by_few_reads() {
	const SIZE: u32 = if cfg!(debug_assertions) { MAX_LEAVES >> 8 } else { MAX_LEAVES };
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	let begun = Instant::now();
	let mut builder = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	for number in 0..SIZE {
		builder.push(&entry(number)).unwrap();
	}
	if SIZE == MAX_LEAVES {
		assert!(matches!(builder.push(&entry(SIZE)), Err(BatchError::Full)));
	}
	let anchorable = builder.finish().unwrap();
	println!("{SIZE} leaves written in {:?}", begun.elapsed());

	let mut file = ProofFile::open(&path).unwrap();
	assert_eq!(file.anchorable(), anchorable);
	for index in [0, 1, SIZE / 3, SIZE - 2, SIZE - 1] {
		let proof = file.prove(index).unwrap();
		assert_eq!(proof.path.len(), SIZE.ilog2() as usize);
		assert_eq!(proof.check(), Ok(()));
	}
	assert_eq!(file.find(&entry(SIZE - 1).record).unwrap(), SIZE - 1);
	let begun = Instant::now();
	file.check(|_, _| ()).unwrap();
	println!("checked in {:?}", begun.elapsed());
}

#[test]
fn the_file_is_the_one_of_the_second_implementation() {
	check(GOLDEN).unwrap();
	let mut golden = read(GOLDEN).unwrap();
	assert_eq!(golden.head().batch, Some(BatchId(7)));
	assert_eq!(golden.prove(3).unwrap().to_json(), GOLDEN_PROOF);

	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("again.proofs");
	let mut builder = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	golden.check(|_, entry| assert!(builder.push(entry).is_ok())).unwrap();
	builder.finish().unwrap();
	ProofFile::note_batch(&path, BatchId(7)).unwrap();
	assert_eq!(fs::read(&path).unwrap(), GOLDEN);
}

#[test]
fn one_wrong_byte_anywhere_is_told_or_changes_no_proof() {
	let good = file_of(5);
	let proofs: Vec<_> = (0..5).map(|index| prove(&good, index).unwrap()).collect();
	for place in 0..good.len() {
		let mut bad = good.clone();
		bad[place] ^= 1;
		assert!(check(&bad).is_err(), "byte {place}");
		for (index, proof) in proofs.iter().enumerate() {
			// A byte that this leaf does not need may pass, and then the proof is the same.
			if let Ok(found) = prove(&bad, index as u32) {
				assert_eq!(&found, proof, "byte {place}");
			}
		}
	}
}

#[test]
fn a_file_of_another_length_is_refused_before_it_is_read() {
	let good = file_of(3);
	for length in 0..good.len() {
		let error = read(&good[..length]).err().unwrap();
		let expected = match length {
			0..168 => matches!(error, BatchError::NotAProofFile),
			_ => matches!(error, BatchError::Length { found, .. } if found == length as u64),
		};
		assert!(expected, "{length}: {error}");
	}
	let longer = [good.as_slice(), &[0]].concat();
	assert!(matches!(read(&longer), Err(BatchError::Length { .. })));
}

#[test]
fn a_head_is_not_believed() {
	let good = file_of(2);
	let error = |change: fn(&mut [u8])| read(&with_head(good.clone(), change)).err().unwrap();
	assert!(matches!(error(|head| head[0] = b's'), BatchError::NotAProofFile));
	assert!(matches!(error(|head| head[8] = 2), BatchError::UnknownFormat(2)));
	assert!(matches!(error(|head| head[9] = 1), BatchError::UnknownAlgorithm(1)));
	assert!(matches!(error(|head| head[10] = 1), BatchError::DamagedHead));
	let sized = |size: u32| {
		let bytes = with_head(good.clone(), |head| {
			head[12..16].copy_from_slice(&size.to_le_bytes());
		});
		read(&bytes).err().unwrap()
	};
	for size in [0, MAX_LEAVES + 1, u32::MAX] {
		assert!(matches!(sized(size), BatchError::TreeSize(found) if found == size));
	}
	// As long as it says, it would have to be 400 MB long.
	assert!(matches!(sized(MAX_LEAVES), BatchError::Length { found, .. } if found == 916));

	// Another author has other records, another chain other checksums, another root no leaves.
	let other = with_head(good.clone(), |head| head[80] ^= 1);
	assert!(matches!(prove(&other, 0), Err(BatchError::DamagedEntry { index: 0 })));
	let other = with_head(good.clone(), |head| head[16] ^= 1);
	assert!(matches!(prove(&other, 1), Err(BatchError::DamagedEntry { index: 1 })));
	let other = with_head(good, |head| head[112] ^= 1);
	assert!(matches!(prove(&other, 1), Err(BatchError::DamagedTree { index: 1 })));
	assert!(matches!(check(&other), Err(BatchError::DamagedTree { .. })));
}

#[test]
fn an_entry_with_a_checksum_of_its_own_still_has_to_fit() {
	let good = file_of(2);
	let head = read(&good).unwrap().head().clone();
	let rewritten = |entries: [LeafEntry; 2]| {
		let mut bytes = good.clone();
		for (index, entry) in (0..).zip(&entries) {
			let place = BatchHead::entry_at(index) as usize;
			bytes[place..place + LeafEntry::LEN].copy_from_slice(&entry.to_bytes(&head, index));
		}
		bytes
	};
	// The id belongs to another patient.
	let foreign = LeafEntry { subject: IdentityId([9; 32]), ..entry(0) };
	let bytes = rewritten([foreign, entry(1)]);
	assert!(matches!(prove(&bytes, 0), Err(BatchError::WrongRecord { index: 0 })));
	// Another object, or leaves in another order, make another root.
	let other = LeafEntry { content: ContentHash([9; 32]), ..entry(0) };
	for entries in [[other, entry(1)], [entry(1), entry(0)]] {
		let bytes = rewritten(entries);
		assert!(matches!(prove(&bytes, 0), Err(BatchError::DamagedTree { index: 0 })));
		assert!(matches!(check(&bytes), Err(BatchError::DamagedTree { .. })));
	}
	// The same record twice.
	let bytes = rewritten([entry(1), entry(1)]);
	let error = check(&bytes).err().unwrap();
	assert!(matches!(error, BatchError::DuplicateRecord(record) if record == entry(1).record));
}

#[test]
fn a_batch_takes_each_record_once_and_only_its_authors() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	let mut builder = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	builder.push(&entry(1)).unwrap();
	let again = LeafEntry { content: ContentHash([9; 32]), ..entry(1) };
	assert!(matches!(builder.push(&again), Err(BatchError::DuplicateRecord(_))));
	let foreign = LeafEntry { compartment: 4, ..entry(2) };
	assert!(matches!(builder.push(&foreign), Err(BatchError::WrongRecord { index: 1 })));
	assert_eq!(builder.len(), 1);
	// What was refused left nothing behind.
	assert_eq!(builder.finish().unwrap().tree_size, 1);
	check(&fs::read(&path).unwrap()).unwrap();
}

#[test]
fn nothing_is_left_of_a_batch_that_was_not_finished() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	let mut builder = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	builder.push(&entry(0)).unwrap();
	drop(builder);
	let empty = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	assert!(empty.is_empty());
	assert!(matches!(empty.finish(), Err(BatchError::Empty)));
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	let mut late = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR).unwrap();
	late.push(&entry(0)).unwrap();
	fs::write(&path, "mine").unwrap();
	let begun = BatchBuilder::create(&path, GENESIS, ORGANISATION, AUTHOR);
	assert!(matches!(begun, Err(BatchError::Exists)));
	// It came while the batch was made.
	assert!(matches!(late.finish(), Err(BatchError::Exists)));
	assert_eq!(fs::read(&path).unwrap(), b"mine");
	assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_number_of_the_batch_is_noted_and_nothing_else() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("batch.proofs");
	let anchorable = build(&path, 3);
	assert_eq!(ProofFile::open(&path).unwrap().prove(2).unwrap().batch, None);
	ProofFile::note_batch(&path, BatchId(41)).unwrap();
	let mut file = ProofFile::open(&path).unwrap();
	file.check(|_, _| ()).unwrap();
	assert_eq!(file.anchorable(), anchorable);
	assert_eq!(file.prove(2).unwrap().batch, Some(BatchId(41)));
	assert!(matches!(file.find(&RecordId([9; 32])), Err(BatchError::NotFound(_))));
}

#[test]
fn a_proof_goes_through_json_and_names_no_patient_to_third_parties() {
	let proof = prove(&file_of(7), 6).unwrap();
	assert_eq!(LeafProof::from_json(proof.to_json().as_bytes()), Ok(proof.clone()));
	assert!(proof.to_json().contains(&entry(6).subject.to_string()));
	let bare = proof.without_promotion();
	assert_eq!(bare.check(), Ok(()));
	assert_eq!(bare.entry(), None);
	assert!(!bare.to_json().contains(&entry(6).subject.to_string()));
	assert_eq!(LeafProof::from_json(bare.to_json().as_bytes()), Ok(bare));
}

#[test]
fn what_is_no_proof_is_told_in_one_line() {
	let good = prove(&file_of(2), 0).unwrap().to_json();
	let fault = |text: &str| LeafProof::from_json(text.as_bytes()).unwrap_err();
	let other = fault(&good.replace("salus-proof/1", "salus-proof/2"));
	assert_eq!(other, ProofFault::UnknownFormat("salus-proof/2".into()));
	for text in [
		"",
		"[]",
		"{\"format\": 1}",
		"{\"format\": \"salus-proof/1\"}",
		&good.replace("\"batch\"", "\"bunch\""),
		&good.replace("\"wrap\": \"0x", "\"wrap\": \"0x0"),
		&good.replace("clinical", "classical"),
		&good.replace("rfc9162-sha256", "md5"),
		&good.replace("\"treeSize\": 2", "\"treeSize\": -2"),
		&format!("{good}{}", " ".repeat(1 << 16)),
	] {
		let fault = fault(text);
		assert!(matches!(fault, ProofFault::NotAProof(_)), "{fault}");
		assert!(!fault.to_string().contains('\n'));
	}
}

#[test]
fn an_altered_proof_is_refused_for_what_was_altered() {
	let good = prove(&file_of(6), 4).unwrap();
	let fault = |change: fn(&mut LeafProof)| {
		let mut proof = good.clone();
		change(&mut proof);
		proof.check().unwrap_err()
	};
	let included = ProofFault::NotIncluded;
	assert_eq!(fault(|proof| proof.version = 2), ProofFault::NotFirstVersion(2));
	assert_eq!(fault(|proof| proof.tree_size = 0), ProofFault::TreeSize(0));
	assert_eq!(
		fault(|proof| proof.tree_size = MAX_LEAVES + 1),
		ProofFault::TreeSize(MAX_LEAVES + 1)
	);
	assert_eq!(fault(|proof| proof.leaf_index = 6), included(ProofError::IndexOutOfRange));
	assert_eq!(fault(|proof| proof.leaf_index = u32::MAX), included(ProofError::IndexOutOfRange));
	assert_eq!(fault(|proof| proof.path.clear()), included(ProofError::PathTooShort));
	// The path of another size, though the subtrees on its way are the same.
	assert_eq!(fault(|proof| proof.tree_size = 7), included(ProofError::PathTooShort));
	assert_eq!(fault(|proof| proof.tree_size = 5), included(ProofError::PathTooLong));
	let longer = fault(|proof| proof.path.push(Digest([0; 32])));
	assert_eq!(longer, included(ProofError::PathTooLong));
	for change in [
		|proof: &mut LeafProof| proof.root.0[0] ^= 1,
		|proof: &mut LeafProof| proof.content.0[0] ^= 1,
		|proof: &mut LeafProof| proof.path[0].0[31] ^= 1,
		|proof: &mut LeafProof| proof.path.swap(0, 1),
		|proof: &mut LeafProof| proof.leaf_index = 5,
	] {
		assert_eq!(fault(change), included(ProofError::RootMismatch));
	}
	for change in [
		|proof: &mut LeafProof| proof.record.0[0] ^= 1,
		|proof: &mut LeafProof| proof.promotion.as_mut().unwrap().subject.0[0] ^= 1,
		|proof: &mut LeafProof| proof.promotion.as_mut().unwrap().author.0[0] ^= 1,
		|proof: &mut LeafProof| proof.promotion.as_mut().unwrap().nonce[0] ^= 1,
		|proof: &mut LeafProof| proof.promotion.as_mut().unwrap().compartment = 9,
		|proof: &mut LeafProof| {
			proof.promotion.as_mut().unwrap().class = RecordClass::Genomic;
		},
	] {
		assert_eq!(fault(change), ProofFault::WrongRecord);
	}
	// Without the place nobody can tell, and the leaf is another one.
	let stranger = LeafProof { record: RecordId([9; 32]), ..good }.without_promotion();
	assert_eq!(stranger.check(), Err(included(ProofError::RootMismatch)));
}

#[test]
fn an_inner_node_does_not_pass_for_a_leaf() {
	// Who takes hashes for leaves would accept the node above leaves 0 and 1 as leaf 0 of a tree of
	// two: here the leaf is made anew from what it stands for.
	let good = prove(&file_of(4), 0).unwrap();
	let forged = LeafProof { tree_size: 2, path: good.path[1..].to_vec(), ..good.clone() };
	assert_eq!(forged.check(), Err(ProofFault::NotIncluded(ProofError::RootMismatch)));
	let (left, right) =
		(salus_merkle::leaf_hash::<Sha256Hasher>(&entry(0).leaf().to_bytes()), good.path[0]);
	let node = salus_merkle::node_hash::<Sha256Hasher>(&left, &right.0);
	let content = ContentHash(node);
	let forged = LeafProof { content, ..forged }.without_promotion();
	assert_eq!(forged.check(), Err(ProofFault::NotIncluded(ProofError::RootMismatch)));
	// Nor the root itself as the only leaf.
	let content = ContentHash(good.root.0);
	let forged = LeafProof { content, leaf_index: 0, tree_size: 1, path: Vec::new(), ..forged };
	assert_eq!(forged.check(), Err(ProofFault::NotIncluded(ProofError::RootMismatch)));
}

#[test]
fn a_proof_is_held_against_chain_batch_and_object() {
	let proof = prove(&file_of(3), 1).unwrap();
	assert_eq!(proof.check_genesis(&GENESIS), Ok(()));
	let fault = proof.check_genesis(&[1; 32]).unwrap_err().to_string();
	assert!(fault.contains(&"11".repeat(32)) && fault.contains(&"01".repeat(32)), "{fault}");

	let anchored = proof.anchorable();
	assert_eq!(proof.check_batch(&ORGANISATION, &anchored), Ok(()));
	for (organisation, anchored, says) in [
		(AUTHOR, anchored, "organisation"),
		(ORGANISATION, Anchorable { root: Digest([1; 32]), ..anchored }, "root"),
		(ORGANISATION, Anchorable { tree_size: 4, ..anchored }, "number of leaves"),
	] {
		let fault = proof.check_batch(&organisation, &anchored).unwrap_err();
		assert_eq!(fault, ProofFault::OtherBatch(says));
	}
	assert_eq!(proof.check_object(entry(1).content), Ok(()));
	assert!(proof.check_object(entry(2).content).is_err());
}

#[test]
fn an_entry_has_the_length_that_the_page_gives() {
	assert_eq!(entry(0).encode().len() + CHECKSUM_LEN, LeafEntry::LEN);
	assert_eq!(file_of(1).len(), 168 + 358);
	assert_eq!(file_of(5).len(), 168 + 5 * 358 + 6 * 32);
}

proptest! {
	#![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

	#[test]
	fn a_leafs_proof_proves_that_leaf_and_no_other(size in 1u32..300, at in any::<u32>(), other in any::<u32>()) {
		let bytes = file_of(size);
		let index = at % size;
		let proof = prove(&bytes, index).unwrap();
		prop_assert_eq!(proof.check(), Ok(()));
		let other = other % size;
		let foreign = LeafProof {
			record: entry(other).record,
			content: entry(other).content,
			..proof.clone()
		}.without_promotion();
		prop_assert_eq!(foreign.check().is_ok(), other == index);
		let moved = LeafProof { leaf_index: other, ..proof };
		prop_assert_eq!(moved.check().is_ok(), other == index);
	}
}
