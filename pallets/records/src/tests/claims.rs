// SPDX-License-Identifier: Apache-2.0

//! Whose a sealed object is: the record's that counts, and nobody's who only says so.

use super::{trees::*, wraps::amended, *};
use salus_primitives::ErasureBasis;

/// A reading that another patient files with the object of somebody else's note.
fn squatter(number: u8) -> Draft {
	let subject = identity(OTHER_PATIENT);
	let content = note(number).content;
	Draft { author: OTHER_PATIENT, subject, content, ..reading(200 + number) }
}

#[test]
fn what_waits_reserves_nothing() {
	build_and_execute(|| {
		let (other, mine) = (squatter(1), note(1));
		assert_ok!(other.propose());
		assert_eq!(HealthRecords::by_content(mine.hash()), None);
		assert_ok!(mine.propose());
		assert_ok!(pass(HOSPITAL, mine.id(), 1, Source));

		assert_eq!(HealthRecords::by_content(mine.hash()), Some(mine.id()));
		// The other stays, takes verdicts, and cannot become another record of the same object.
		assert_noop!(pass(DOCTOR, other.id(), 1, Accuracy), E::ContentAlreadyAnchored);
		assert_eq!(status(other.id()), RecordStatus::InProcess);
		assert_ok!(attest(DOCTOR, other.id(), 1, Accuracy, Verdict::Fail));
		assert_ok!(withdraw(OTHER_PATIENT, other.id()));
		assert_eq!(HealthRecords::by_content(mine.hash()), Some(mine.id()));
	});
}

#[test]
fn the_first_that_counts_has_it_whoever_proposed_first() {
	build_and_execute(|| {
		let (first, second) = (note(1), Draft { nonce: [9; 16], ..note(1) });
		assert_ok!(first.propose());
		assert_ok!(second.propose());
		assert_ok!(pass(HOSPITAL, second.id(), 1, Source));
		assert_noop!(pass(HOSPITAL, first.id(), 1, Source), E::ContentAlreadyAnchored);
		assert_eq!(HealthRecords::by_content(first.hash()), Some(second.id()));
		// Once it belongs to nobody again, the other can have it.
		assert_ok!(erasures::request(PATIENT, second.id()));
		assert_ok!(erasures::execute(DOCTOR, second.id()));
		assert_ok!(pass(HOSPITAL, first.id(), 1, Source));
		assert_eq!(HealthRecords::by_content(first.hash()), Some(first.id()));
	});
}

#[test]
fn no_way_of_filing_is_blocked_by_a_proposal() {
	build_and_execute(|| {
		let drafts = notes(4, 1);
		let (batch, _) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		let id = anchored_note(10);
		// A place each time, and one free again.
		let ways: [&dyn Fn() -> DispatchResult; 5] = [
			&|| note(1).anchor(vec![note(1).vouched(HOSPITAL, Source)]),
			&|| {
				let many = vec![note(2).one_of_many(vec![note(2).vouched(HOSPITAL, Source)])];
				let records = many.try_into().unwrap();
				HealthRecords::anchor_many(origin(DOCTOR), Some(identity(HOSPITAL)), records)
			},
			&|| note(3).amend(id, 1, vec![note(3).vouched_as(id, 2, HOSPITAL, Source)]),
			&|| note(4).promote(batch, 0, vec![], vec![]),
			&|| note(5).reseal(id, 2),
		];
		for (number, way) in (1..).zip(ways) {
			assert_ok!(squatter(number).propose());
			assert_ok!(way());
			assert!(HealthRecords::by_content(note(number).hash()).is_some(), "way {number}");
			let late = pass(DOCTOR, squatter(number).id(), 1, Accuracy);
			assert_eq!(late, Err(E::ContentAlreadyAnchored.into()), "way {number}");
			assert_ok!(withdraw(OTHER_PATIENT, squatter(number).id()));
		}
	});
}

#[test]
fn an_amendment_that_waits_claims_its_object_when_it_counts() {
	build_and_execute(|| {
		let (amended, other) = (anchored_note(1), anchored_note(2));
		assert_ok!(note(3).amend(amended, 1, vec![]));
		let sooner = note(3).vouched_as(other, 2, HOSPITAL, Source);
		assert_ok!(note(3).amend(other, 1, vec![sooner]));
		assert_noop!(pass(HOSPITAL, amended, 2, Source), E::ContentAlreadyAnchored);
		assert_eq!(current(amended).number, 1);
		assert_eq!(HealthRecords::by_content(note(3).hash()), Some(other));
		assert_ok!(withdraw(DOCTOR, amended));
		assert_eq!(HealthRecords::by_content(note(3).hash()), Some(other));
	});
}

#[test]
fn the_same_bytes_on_chain_are_kept_for_each() {
	build_and_execute(|| {
		let sealed = inline(object(512, 1));
		let mine = Draft { content: sealed.clone(), ..note(1) };
		let other = Draft { content: sealed, ..squatter(1) };
		assert_ok!(other.propose());
		assert_ok!(mine.propose());
		let bytes = |draft: &Draft| HealthRecords::version(draft.id(), 1).unwrap().object;
		assert_eq!([bytes(&mine), bytes(&other)], [Some(object(512, 1)), Some(object(512, 1))]);
		assert_ok!(withdraw(OTHER_PATIENT, other.id()));
		assert_eq!(bytes(&mine), Some(object(512, 1)));
		assert_ok!(pass(HOSPITAL, mine.id(), 1, Source));
		assert_eq!(bytes(&mine), Some(object(512, 1)));
	});
}

#[test]
fn what_counted_keeps_its_object_to_itself() {
	build_and_execute(|| {
		let id = anchored_note(1);
		amended(id, 2);
		// Superseded, retracted: it counted once.
		for retracted in [false, true] {
			if retracted {
				assert_ok!(retract(DOCTOR, id));
			}
			for content in [note(1).content, note(102).content] {
				let copy = Draft { content, ..note(50) };
				assert_noop!(copy.propose(), E::ContentAlreadyAnchored);
			}
		}
		// A version that failed never counted.
		let other = anchored_note(2);
		assert_ok!(note(3).amend(other, 1, vec![]));
		assert_ok!(attest(HOSPITAL, other, 2, Accuracy, Verdict::Fail));
		assert_ok!(Draft { content: note(3).content, ..note(51) }.propose());
		let basis = ErasureBasis::ConsentWithdrawn;
		assert_ok!(erasures::request(PATIENT, other));
		assert_ok!(HealthRecords::execute_erasure(origin(HOSPITAL), other, basis));
		assert_ok!(pass(HOSPITAL, note(51).id(), 1, Source));
		assert_eq!(HealthRecords::by_content(note(3).hash()), Some(note(51).id()));
	});
}
