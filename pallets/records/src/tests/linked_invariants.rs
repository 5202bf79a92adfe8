// SPDX-License-Identifier: Apache-2.0

//! Each invariant of what hangs on a record is broken by hand and seen to fail: wraps, tags,
//! batches, erasures.

use super::{erasures::*, trees::*, wraps::*, *};
use frame_support::hypothetically;
use salus_primitives::{BatchId, Tag};

const TAG: Tag = Tag([5; 16]);

const WRAPS: &str = "I10";
const TAGS: &str = "I11";
const BATCHES: &str = "I12";
const LEAVES: &str = "I13";
const TOMBSTONES: &str = "I14";
const RESIDUES: &str = "I15";

/// What a broken state is made of.
struct Things {
	/// A record with a wrap, a complaint and a tag, and a shelved version with a wrap.
	rich: RecordId,
	/// A record made of a leaf.
	leaf: RecordId,
	batch: BatchId,
	/// An erased record, and another of which rows are left.
	erased: RecordId,
	residue: RecordId,
	reader: IdentityId,
}

fn things() -> Things {
	let rich = anchored_note(1);
	let reader = identity(COLLEAGUE);
	assert_ok!(wrap_for(DOCTOR, rich, 1, &[reader, identity(STRANGER)]));
	assert_ok!(HealthRecords::report_bad_wrap(origin(PATIENT), rich, 1));
	amended(rich, 2);
	assert_ok!(wrap_for(DOCTOR, rich, 2, &[reader]));
	let tags = vec![TAG, Tag([6; 16])].try_into().unwrap();
	assert_ok!(HealthRecords::set_tags(origin(DOCTOR), rich, tags));
	let drafts = notes(10, 3);
	let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
	assert_ok!(drafts[1].promote(batch, 1, path_of(&tree, 1), vec![]));
	let gone = anchored_note(20);
	erased(gone);
	let residue = anchored_note(21);
	for number in 2..=ERASED_VERSIONS + 2 {
		let next = note(30 + number as u8);
		let vouched = next.vouched_as(residue, number, HOSPITAL, Source);
		assert_ok!(next.amend(residue, number - 1, vec![vouched]));
	}
	assert_ok!(wrap_for(DOCTOR, residue, 1, &readers(0, ERASED_WRAPS)));
	assert_ok!(wrap_for(DOCTOR, residue, 2, &readers(0, 2)));
	erased(residue);
	assert_ok!(request(PATIENT, rich));
	Things { rich, leaf: drafts[1].id(), batch, erased: gone, residue, reader }
}

/// Breaks the state in each of these ways, and sees that the invariant of this number says so.
#[track_caller]
fn all_break(number: &str, ways: &[fn(&Things)]) {
	new_test_ext().execute_with(|| {
		let things = things();
		assert!(Residues::<Test>::contains_key(things.residue));
		assert_ok!(HealthRecords::do_try_state());
		for (way, break_it) in ways.iter().enumerate() {
			let seen = hypothetically!({
				break_it(&things);
				HealthRecords::do_try_state()
			});
			let Err(sp_runtime::TryRuntimeError::Other(message)) = seen else {
				panic!("way {way} is not seen");
			};
			assert!(message.starts_with(&format!("{number}:")), "way {way}: {message}");
		}
	});
}

fn change_batch(id: BatchId, how: impl FnOnce(&mut BatchOf<Test>)) {
	Batches::<Test>::mutate(id, |batch| how(batch.as_mut().unwrap()));
}

fn change_tags(id: RecordId, how: impl FnOnce(&mut Vec<Tag>)) {
	RecordTags::<Test>::mutate(id, |set| {
		let set = set.as_mut().unwrap();
		let mut tags = set.tags.to_vec();
		how(&mut tags);
		set.tags = tags.try_into().unwrap();
	});
}

#[test]
fn wraps_are_counted() {
	all_break(
		WRAPS,
		&[
			|it| Wraps::<Test>::remove((it.rich, 1, it.reader)),
			|it| WrapCount::<Test>::insert(it.rich, 1, 3),
			|it| WrapCount::<Test>::remove(it.rich, 2),
			|it| {
				let wrap = Wraps::<Test>::take((it.rich, 1, it.reader)).unwrap();
				Wraps::<Test>::insert((it.rich, 1, IdentityId([1; 32])), wrap.clone());
				Wraps::<Test>::insert((it.rich, 1, IdentityId([2; 32])), wrap);
			},
			// Of a version that is not there.
			|it| {
				let wrap = Wraps::<Test>::get((it.rich, 1, it.reader)).unwrap();
				Wraps::<Test>::insert((it.rich, 3, it.reader), wrap);
				WrapCount::<Test>::insert(it.rich, 3, 1);
			},
			|it| BadWrapReports::<Test>::insert(it.rich, 3, 1),
			|it| BadWrapReports::<Test>::insert(it.erased, 1, 1),
			// One too many, and of a proposal.
			|it| {
				let wrap = Wraps::<Test>::get((it.rich, 1, it.reader)).unwrap();
				for reader in readers(100, MAX_WRAPS - 1) {
					Wraps::<Test>::insert((it.rich, 1, reader), wrap.clone());
				}
				WrapCount::<Test>::insert(it.rich, 1, MAX_WRAPS + 1);
			},
			|it| {
				assert_ok!(note(99).propose());
				let wrap = Wraps::<Test>::get((it.rich, 1, it.reader)).unwrap();
				Wraps::<Test>::insert((note(99).id(), 1, it.reader), wrap);
				WrapCount::<Test>::insert(note(99).id(), 1, 1);
			},
		],
	);
}

#[test]
fn tags_lead_to_records() {
	all_break(
		TAGS,
		&[
			|it| Tagged::<Test>::remove((identity(PATIENT), TAG, it.rich)),
			|it| Tagged::<Test>::insert((identity(PATIENT), TAG, it.leaf), ()),
			|it| RecordTags::<Test>::remove(it.rich),
			|it| change_tags(it.rich, |tags| tags.push(TAG)),
			|it| change_tags(it.rich, Vec::clear),
			|it| {
				let set = RecordTags::<Test>::take(it.rich).unwrap();
				RecordTags::<Test>::insert(it.erased, set);
			},
			|it| {
				let set = RecordTags::<Test>::get(it.rich).unwrap();
				assert_ok!(retract(DOCTOR, it.rich));
				let row = |tag| Tagged::<Test>::insert((identity(PATIENT), tag, it.rich), ());
				set.tags.iter().for_each(row);
				RecordTags::<Test>::insert(it.rich, set);
			},
		],
	);
}

#[test]
fn batches_are_found_by_root() {
	fn root(batch: BatchId) -> Digest {
		Batches::<Test>::get(batch).unwrap().root
	}
	all_break(
		BATCHES,
		&[
			|it| BatchByRoot::<Test>::remove(identity(HOSPITAL), root(it.batch)),
			|it| BatchByRoot::<Test>::insert(identity(DOCTOR), root(it.batch), it.batch),
			|it| change_batch(it.batch, |batch| batch.root = Digest([1; 32])),
			|it| change_batch(it.batch, |batch| batch.tree_size = MAX_TREE_SIZE + 1),
			|it| {
				change_batch(it.batch, |batch| {
					BatchByRoot::<Test>::remove(batch.organisation, batch.root);
					batch.root = Digest([0; 32]);
					BatchByRoot::<Test>::insert(batch.organisation, batch.root, it.batch);
				})
			},
			|_| NextBatch::<Test>::put(BatchId(0)),
			|_| NextBatch::<Test>::put(BatchId(2)),
			|it| {
				change_batch(it.batch, |batch| {
					let again = batch.attestations[0].clone();
					batch.attestations.try_push(again).unwrap();
				})
			},
			|it| {
				change_batch(it.batch, |batch| {
					batch.attestations.iter_mut().for_each(|one| one.verdict = Verdict::Fail);
				})
			},
		],
	);
}

#[test]
fn leaves_are_records() {
	fn change(id: RecordId, how: impl FnOnce(&mut RecordOf<Test>)) {
		Records::<Test>::mutate(id, |record| how(record.as_mut().unwrap()));
	}
	all_break(
		LEAVES,
		&[
			|it| Promoted::<Test>::remove(it.batch, 1),
			|it| Promoted::<Test>::insert(it.batch, 2, it.leaf),
			|it| Promoted::<Test>::insert(it.batch, 2, it.erased),
			|it| change(it.leaf, |record| record.batch = None),
			|it| {
				change(it.rich, |record| {
					record.current.attestations.iter_mut().for_each(|one| one.from_batch = true);
				})
			},
			|it| {
				change_batch(it.batch, |batch| {
					batch.attestations.iter_mut().for_each(|one| one.from_batch = false);
				})
			},
			|it| change(it.rich, |record| record.batch = Some((it.batch, 1))),
			|it| change(it.leaf, |record| record.organisation = Some(identity(OTHER_HOSPITAL))),
			|it| {
				Promoted::<Test>::remove(it.batch, 1);
				Promoted::<Test>::insert(it.batch, 3, it.leaf);
				change(it.leaf, |record| record.batch = Some((it.batch, 3)));
			},
			|it| change_batch(it.batch, |batch| batch.promoted = 2),
			|it| change_batch(it.batch, |batch| batch.promoted = 0),
		],
	);
}

#[test]
fn tombstones_are_listed() {
	all_break(
		TOMBSTONES,
		&[
			|_| TombstoneCount::<Test>::put(1),
			|_| TombstoneCount::<Test>::put(3),
			|_| TombstoneList::<Test>::remove(0),
			|it| TombstoneList::<Test>::insert(1, it.erased),
			|_| {
				let record = TombstoneList::<Test>::take(0).unwrap();
				TombstoneList::<Test>::insert(7, record);
			},
			|it| Tombstones::<Test>::remove(it.erased),
			|it| {
				let tombstone = Tombstones::<Test>::get(it.erased).unwrap();
				Tombstones::<Test>::insert(it.leaf, tombstone);
			},
			|it| {
				let tombstone = Tombstones::<Test>::get(it.erased).unwrap();
				Tombstones::<Test>::insert(it.leaf, tombstone);
				TombstoneList::<Test>::insert(2, it.leaf);
				TombstoneCount::<Test>::put(3);
			},
			|it| ErasureRequests::<Test>::insert(it.erased, ErasureRequest::Open { at: START }),
		],
	);
}

#[test]
fn residues_are_of_the_erased() {
	all_break(
		RESIDUES,
		&[
			|it| Residues::<Test>::insert(it.erased, ()),
			|it| Residues::<Test>::insert(it.rich, ()),
			|it| {
				assert_eq!(TombstoneList::<Test>::take(1), Some(it.residue));
				Tombstones::<Test>::remove(it.residue);
				TombstoneCount::<Test>::put(1);
			},
		],
	);
}
