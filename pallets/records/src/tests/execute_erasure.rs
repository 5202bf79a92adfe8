// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, trees::*, wraps::*, *};
use codec::Encode;
use salus_primitives::{ErasureBasis, Role, Tag};
use salus_traits::records::RecordInspect;

fn set_tags(who: Sr25519Keyring, record: RecordId, tags: &[Tag]) -> DispatchResult {
	HealthRecords::set_tags(origin(who), record, tags.to_vec().try_into().unwrap())
}

/// Nothing answers about a record any more but its tombstone.
fn is_gone(id: RecordId, drafts: &[Draft], tags: &[Tag]) {
	assert_eq!(HealthRecords::record(id), None);
	assert_eq!(HealthRecords::version(id, 1), None);
	let no_versions = Page { items: vec![], next: None };
	assert_eq!(HealthRecords::versions(id, 1, MAX_PAGE), Ok(no_versions));
	assert_eq!(HealthRecords::validation_state(id), None);
	for draft in drafts {
		assert_eq!(HealthRecords::by_content(draft.hash()), None);
	}
	for tag in tags {
		assert_eq!(
			HealthRecords::by_tag(identity(PATIENT), *tag, None, MAX_PAGE).unwrap().items,
			[]
		);
	}
	assert_eq!(HealthRecords::tags_of(id), []);
	assert_eq!(HealthRecords::bad_wrap_reports(id, 1), 0);
	assert_eq!(HealthRecords::wrap_for(id, 1, identity(COLLEAGUE)), None);
	assert_eq!(HealthRecords::wraps(id, 1, None, MAX_PAGE).unwrap().items, []);
	assert!(HealthRecords::facts(&id).is_none());
	let listed = HealthRecords::records_of(identity(PATIENT), 0, MAX_PAGE, false).unwrap();
	assert!(listed.items.iter().all(|record| record.id != id));
	assert!(matches!(HealthRecords::erasure_state(id), Some(ErasureState::Erased(_))));
}

#[test]
fn leaves_a_tombstone_and_nothing_else() {
	build_and_execute(|| {
		let first = Draft { content: inline(object(512, 1)), ..note(1) };
		assert_ok!(first.anchor(vec![first.vouched(HOSPITAL, Source)]));
		let (id, tag) = (first.id(), Tag([0x7a; 16]));
		amended(id, 2);
		assert_ok!(note(3).amend(id, 2, vec![]));
		let (second, third) = (note(102), note(3));
		assert_ok!(set_tags(DOCTOR, id, &[tag]));
		assert_ok!(wrap_for(HOSPITAL, id, 1, &[identity(COLLEAGUE)]));
		assert_ok!(wrap_for(PATIENT, id, 2, &[identity(STRANGER)]));
		for version in [1, 2] {
			let report = HealthRecords::report_bad_wrap(origin(PATIENT), id, version);
			assert_ok!(report);
		}
		let hashes = [first.hash(), second.hash(), third.hash()];
		assert!(hashes.iter().all(|hash| state_holds(&hash.0)));
		assert_ok!(request(PATIENT, id));
		events();
		set_time(START + 1);
		assert_ok!(execute(HOSPITAL, id));

		is_gone(id, &[first, second, third], &[tag]);
		let tombstone = Tombstone { basis: BASIS, by: identity(HOSPITAL), at: START + 1 };
		assert_eq!(HealthRecords::erasure_state(id), Some(ErasureState::Erased(tombstone)));
		assert_eq!(
			events(),
			[Event::RecordErased {
				record: id,
				subject: identity(PATIENT),
				by: identity(HOSPITAL),
				basis: BASIS,
			}]
		);
		// All rent is back with who paid it.
		assert_eq!((held(DOCTOR), held(HOSPITAL)), (0, 0));
		// No hash, commitment or share of it is anywhere in the state, but the id.
		System::reset_events();
		for hash in hashes {
			assert!(!state_holds(&hash.0));
		}
		for body in [note(1).body, note(102).body, note(3).body] {
			assert!(!state_holds(&body.0));
		}
		for wrap in [note(1).key.wrap, wrap_to(identity(STRANGER)).wrap] {
			assert!(!state_holds(&wrap));
		}
		assert!(!state_holds(&tag.0));
		assert!(!state_holds(&object(512, 1)[8..40]));
		assert!(!Residues::<Test>::contains_key(id));
		assert_eq!(tombstone.encode().len(), 1 + 32 + 8);
	});
}

#[test]
fn needs_a_request_that_is_open() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_noop!(execute(DOCTOR, id), E::ErasureNotRequested);
		assert_ok!(request(PATIENT, id));
		assert_ok!(refuse(DOCTOR, id));
		assert_noop!(execute(DOCTOR, id), E::ErasureNotRequested);
		assert_ok!(request(PATIENT, id));
		assert_ok!(execute(DOCTOR, id));
	});
}

#[test]
fn is_for_who_keeps_the_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		for who in [PATIENT, STRANGER, OTHER_HOSPITAL] {
			assert_noop!(execute(who, id), E::NotKeeper);
		}
		assert_noop!(execute(NOBODY, id), sp_runtime::DispatchError::BadOrigin);
		// Who wrote it may have left the house since.
		Accreditations::affiliate(identity(DOCTOR), &[]);
		assert_noop!(execute(DOCTOR, id), E::NotKeeper);
		assert_ok!(execute(HOSPITAL, id));
	});
}

#[test]
fn a_subject_erases_what_it_wrote_without_asking() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		assert_noop!(execute(DOCTOR, id), E::NotKeeper);
		assert_ok!(execute(PATIENT, id));
		is_gone(id, &[reading(1)], &[]);
	});
}

#[test]
fn a_record_is_erased_once_and_does_not_come_back() {
	build_and_execute(|| {
		assert_noop!(execute(DOCTOR, RecordId([1; 32])), E::RecordNotFound);
		let id = anchored_note(1);
		erased(id);
		assert_noop!(execute(DOCTOR, id), E::AlreadyErased);
		assert_noop!(note(1).propose(), E::RecordErased);
		let vouched = || vec![note(1).vouched(HOSPITAL, Source)];
		assert_noop!(note(1).anchor(vouched()), E::RecordErased);
		let (batch, _) = hospital_batch(&[note(1)], &[(HOSPITAL, Source)]);
		assert_noop!(note(1).promote(batch, 0, vec![], vec![]), E::RecordErased);
		// Its object is free: under another id it is another record.
		assert_ok!(Draft { nonce: [9; 16], ..note(1) }.propose());
	});
}

#[test]
fn no_call_works_on_an_erased_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		erased(id);
		assert_noop!(note(2).amend(id, 1, vec![]), E::RecordNotFound);
		assert_noop!(retract(DOCTOR, id), E::RecordNotFound);
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::RecordNotFound);
		assert_noop!(set_tags(DOCTOR, id, &[]), E::RecordNotFound);
		assert_noop!(wrap_for(DOCTOR, id, 1, &[identity(COLLEAGUE)]), E::RecordNotFound);
		assert_noop!(drop_wraps(DOCTOR, id, 1, &[identity(COLLEAGUE)]), E::RecordNotFound);
		assert_noop!(HealthRecords::withdraw(origin(DOCTOR), id), E::RecordNotFound);
		assert_noop!(reap(id), E::NothingToReap);
	});
}

#[test]
fn whatever_state_a_record_is_in_it_can_be_erased() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		assert_ok!(note(2).propose());
		assert_ok!(attest(HOSPITAL, note(2).id(), 1, Accuracy, Verdict::Fail));
		assert_ok!(retract(DOCTOR, anchored_note(3)));
		let revalidating = anchored_note(4);
		assert_ok!(HealthRecords::request_revalidation(origin(DOCTOR), revalidating));
		for number in 1..=4 {
			let id = note(number).id();
			erased(id);
			is_gone(id, &[note(number)], &[]);
		}
		assert_eq!(held(DOCTOR), 0);
		// A reading that waits gives its place back.
		assert_ok!(reading(5).propose());
		assert_ok!(execute(PATIENT, reading(5).id()));
		assert_eq!(places(PATIENT), []);
		assert_eq!(Deadlines::<Test>::iter().count(), 0);
	});
}

#[test]
fn a_promoted_leaf_is_not_promoted_again() {
	build_and_execute(|| {
		let drafts = notes(1, 2);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		let promote = || drafts[0].promote(batch, 0, path_of(&tree, 0), vec![]);
		assert_ok!(promote());
		erased(drafts[0].id());
		assert_eq!(HealthRecords::promoted(batch, 0), None);
		assert_eq!(HealthRecords::batch(batch).unwrap().promoted, 0);
		assert_noop!(promote(), E::RecordErased);
	});
}

#[test]
fn an_officer_s_hold_comes_before_it() {
	build_and_execute(|| {
		let id = anchored_note(1);
		employ(COLLEAGUE, Role::PrivacyOfficer);
		assert_ok!(hold(COLLEAGUE, id, true));
		assert_ok!(request(PATIENT, id));
		assert_noop!(execute(DOCTOR, id), E::LegalHold);
		assert_noop!(execute(HOSPITAL, id), E::LegalHold);
	});
}

/// A record with more versions and wraps than one step removes.
fn long_history() -> (RecordId, RecordVersion) {
	let id = anchored_note(1);
	let newest = 2 * ERASED_VERSIONS + 3;
	for version in 2..=newest {
		amended(id, version);
	}
	let readers = readers(0, 3 * ERASED_WRAPS);
	for (version, some) in (1..).zip(readers.chunks(ERASED_WRAPS as usize)) {
		assert_ok!(wrap_for(HOSPITAL, id, version, some));
	}
	(id, newest)
}

#[test]
fn what_is_too_much_for_one_step_goes_in_the_next() {
	build_and_execute(|| {
		let (id, newest) = long_history();
		let reader = readers(0, 1)[0];
		erased(id);

		assert!(Residues::<Test>::contains_key(id));
		let left = || (Versions::<Test>::iter().count(), Wraps::<Test>::iter().count());
		let (versions, wraps) = left();
		assert_eq!(versions, newest as usize - 1 - ERASED_VERSIONS as usize);
		assert_eq!(wraps, 2 * ERASED_WRAPS as usize);
		// Nothing of it answers any more.
		for version in 1..=newest {
			assert_eq!(HealthRecords::version(id, version), None);
			assert_eq!(HealthRecords::wrap_for(id, version, reader), None);
			let content = note(100u8.wrapping_add(version as u8)).hash();
			assert_eq!(HealthRecords::by_content(content), None);
		}
		assert_ok!(HealthRecords::do_try_state());

		let mut steps = 0;
		let twice = vec![id, id].try_into().unwrap();
		assert_noop!(HealthRecords::reap(origin(NOBODY), twice), E::NothingToReap);
		while Residues::<Test>::contains_key(id) {
			assert_ok!(reap(id));
			assert_ok!(HealthRecords::do_try_state());
			steps += 1;
		}
		assert_eq!((steps, left()), (2, (0, 0)));
		assert_eq!((held(DOCTOR), held(HOSPITAL)), (0, 0));
		assert_eq!(WrapCount::<Test>::iter().count(), 0);
		assert_eq!(ContentIndex::<Test>::iter().count(), 0);
		assert_noop!(reap(id), E::NothingToReap);
	});
}

#[test]
fn idle_blocks_remove_what_is_left() {
	use frame_support::{traits::Hooks, weights::Weight};
	build_and_execute(|| {
		let (id, _) = long_history();
		erased(id);
		for number in 2..=3 {
			assert!(Residues::<Test>::contains_key(id));
			HealthRecords::on_idle(number, Weight::MAX);
		}
		assert!(!Residues::<Test>::contains_key(id));
		assert_eq!((held(DOCTOR), held(HOSPITAL)), (0, 0));
	});
}

#[test]
fn tombstones_are_paged_in_order() {
	build_and_execute(|| {
		let ids: Vec<_> = (1..=6).map(anchored_note).collect();
		for id in ids.iter().rev() {
			erased(*id);
		}
		let page = |start, limit| {
			let page = HealthRecords::tombstones(start, limit).unwrap();
			let items: Vec<_> = page.items.iter().map(|it| (it.number, it.record)).collect();
			(items, page.next)
		};
		let listed: Vec<_> = (0..).zip(ids.iter().rev().copied()).collect();
		assert_eq!(page(0, MAX_PAGE), (listed[..4].to_vec(), Some(4)));
		assert_eq!(page(4, MAX_PAGE), (listed[4..].to_vec(), None));
		assert_eq!(page(6, MAX_PAGE), (vec![], None));
		assert_eq!(page(u64::MAX, MAX_PAGE), (vec![], None));
		assert_eq!(page(3, 0), (vec![], Some(3)));
		let too_large = HealthRecords::tombstones(0, MAX_PAGE + 1);
		assert_eq!(too_large, Err(PageTooLarge { max: MAX_PAGE }));
		let basis = HealthRecords::tombstones(0, 1).unwrap().items[0].tombstone.basis;
		assert_eq!(basis, ErasureBasis::ConsentWithdrawn);
		// One more while paging comes after all that were there.
		erased(anchored_note(7));
		assert_eq!(page(4, MAX_PAGE).0.last(), Some(&(6, note(7).id())));
	});
}

#[test]
fn paging_a_subject_s_records_steps_over_the_gap() {
	build_and_execute(|| {
		let ids: Vec<_> = (1..=6).map(anchored_note).collect();
		let first = HealthRecords::records_of(identity(PATIENT), 0, 3, false).unwrap();
		assert_eq!(first.items.len(), 3);
		// The record where the next page starts goes.
		erased(ids[3]);
		let next = first.next.unwrap();
		let second = HealthRecords::records_of(identity(PATIENT), next, 3, false).unwrap();
		let seqs: Vec<_> = second.items.iter().map(|record| record.seq).collect();
		assert_eq!((seqs, second.next), (vec![4, 5], None));
		// A number is not given twice.
		let fresh = anchored_note(9);
		assert_eq!(HealthRecords::record(fresh).unwrap().seq, 6);
	});
}
