// SPDX-License-Identifier: Apache-2.0

use super::{trees::*, *};
use salus_test_support::OpenCompartments;

#[test]
fn puts_the_same_body_under_new_keys() {
	build_and_execute(|| {
		let id = anchored_note(1);
		OpenCompartments::set(identity(PATIENT), 0, EPOCH + 1);
		set_time(START + 3);
		let key = RecordKey { epoch: EPOCH + 1, wrap: [2; 80] };
		let next = Draft { padded_len: 544, key, ..note(2) };
		events();
		assert_ok!(next.reseal(id, 1));

		let record = Records::<Test>::get(id).unwrap();
		assert_eq!((record.newest, record.keys_from, record.current.number), (2, 2, 2));
		assert_eq!(record.current.body, note(1).body);
		assert_eq!(record.current.content, next.hash());
		assert_eq!(record.current.key, Some(key));
		assert_eq!(record.current.reason, Some(AmendReason::Resealed));
		assert_eq!(record.current.stage, Stage::Anchored { at: START + 3 });
		assert_eq!(record.current.filed, START + 3);
		let before = Versions::<Test>::get(id, 1).unwrap();
		assert_eq!((before.key, before.stage), (None, Stage::Anchored { at: START }));
		assert_eq!(record.current.attestations, before.attestations);
		assert_eq!(record.current.attestations.len(), 1);
		assert_eq!(HealthRecords::by_content(next.hash()), Some(id));
		assert_eq!(
			events(),
			[Event::RecordResealed {
				record: id,
				version: 2,
				by: identity(DOCTOR),
				content: next.hash(),
				padded_len: 544,
				epoch: EPOCH + 1,
			}]
		);
	});
}

#[test]
fn the_keys_before_it_are_given_to_nobody_however_long_the_history() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let last = SWEPT_VERSIONS + 3;
		for version in 2..=last {
			let next = note(version as u8);
			let vouched = next.vouched_as(id, version, HOSPITAL, Source);
			assert_ok!(next.amend(id, version - 1, vec![vouched]));
		}
		assert_ok!(note(100).reseal(id, last));

		let stored = |number| Versions::<Test>::get(id, number).unwrap().key.is_some();
		// So many are taken; the queries give none of the others either.
		let kept: Vec<_> = (1..=last).filter(|number| stored(*number)).collect();
		assert_eq!(kept, [1, 2, 3]);
		for number in 1..=last {
			assert_eq!(HealthRecords::version(id, number).unwrap().key, None, "{number}");
		}
		assert!(HealthRecords::version(id, last + 1).unwrap().key.is_some());
	});
}

#[test]
fn the_object_can_lie_on_chain() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let next = Draft { content: inline(object(512, 2)), ..note(2) };
		assert_ok!(next.reseal(id, 1));
		assert_eq!(HealthRecords::version(id, 2).unwrap().object, Some(object(512, 2)));
	});
}

#[test]
fn is_for_the_subject_and_the_keeper() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for who in [OTHER_PATIENT, STRANGER, OTHER_HOSPITAL] {
			assert_noop!(Draft { author: who, ..note(2) }.reseal(id, 1), E::NotSubjectOrKeeper);
		}
		let nobody = Draft { author: NOBODY, ..note(2) };
		assert_noop!(nobody.reseal(id, 1), sp_runtime::DispatchError::BadOrigin);
		for (number, who) in [(2, PATIENT), (3, HOSPITAL), (4, DOCTOR)] {
			let by = Draft { author: who, ..note(number) };
			assert_ok!(by.reseal(id, u32::from(number) - 1));
			assert_eq!(current(id).author, identity(who));
		}
	});
}

#[test]
fn the_subject_pays_nothing_and_takes_no_place() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for number in 10..10 + MAX_OPEN as u8 {
			assert_ok!(reading(number).propose());
		}
		assert_ok!(Draft { author: PATIENT, ..note(2) }.reseal(id, 1));
		assert_eq!(held(PATIENT), 0);
		assert_eq!(current(id).deposit, None);
		// The keeper's version is still the keeper's to pay.
		assert_eq!(held(DOCTOR), rents().0);
	});
}

#[test]
fn a_keeper_pays_rent_and_holds_the_licence_that_filing_needs() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let sealed = Draft { content: inline(object(512, 2)), ..note(2) };
		assert_ok!(sealed.reseal(id, 1));
		assert_eq!(held(DOCTOR), rents().0 + rents().1 + 600);
		let licence = salus_primitives::AccreditationKind::FacilityLicence;
		Accreditations::remove(identity(HOSPITAL), licence);
		let hospital = Draft { author: HOSPITAL, ..note(3) };
		assert_noop!(hospital.reseal(id, 2), E::NotAccredited);
	});
}

#[test]
fn expects_the_newest_version_and_nothing_that_waits() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for stale in [0, 2] {
			assert_noop!(note(2).reseal(id, stale), E::VersionMismatch);
		}
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_noop!(note(3).reseal(id, 2), E::AmendmentPending);
		set_time(START + DAY);
		events();
		assert_ok!(note(3).reseal(id, 2));
		assert_eq!(events()[0], Event::RecordLapsed { record: id, version: 2 });
		assert_eq!(HealthRecords::version(id, 2), None);
		assert_eq!(current(id).number, 3);
	});
}

#[test]
fn what_waits_in_vain_stays_under_legal_hold() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		set_hold(id, true);
		set_time(START + DAY);
		assert_noop!(note(3).reseal(id, 2), E::LegalHold);
		assert_noop!(note(3).amend(id, 2, vec![]), E::LegalHold);
		set_hold(id, false);
		assert_ok!(note(3).reseal(id, 2));
	});
}

#[test]
fn checks_the_object_and_its_key() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_noop!(note(1).reseal(id, 1), E::ContentAlreadyAnchored);
		assert_noop!(Draft { padded_len: 513, ..note(2) }.reseal(id, 1), E::BadPaddedLength);
		let plain = Draft { content: inline(vec![b' '; 600]), ..note(2) };
		assert_noop!(plain.reseal(id, 1), E::NotSealed);
		let short = Draft { content: inline(vec![b' '; 599]), ..note(2) };
		assert_noop!(short.reseal(id, 1), E::ContentLengthMismatch);
		OpenCompartments::set(identity(PATIENT), 0, EPOCH + 1);
		assert_noop!(note(2).reseal(id, 1), E::StaleEpoch);
	});
}

#[test]
fn only_what_counts_is_sealed_anew() {
	build_and_execute(|| {
		assert_noop!(note(2).reseal(RecordId([1; 32]), 1), E::RecordNotFound);
		assert_ok!(note(1).propose());
		assert_noop!(note(2).reseal(note(1).id(), 1), E::NotAnchored);
		let retracted = anchored_note(3);
		assert_ok!(retract(DOCTOR, retracted));
		assert_noop!(note(4).reseal(retracted, 1), E::NotAnchored);
	});
}

#[test]
fn a_validation_that_is_under_way_goes_on() {
	build_and_execute(|| {
		add_other_lab();
		let first = result(1);
		assert_ok!(first.anchor(first.fully_vouched()));
		let id = first.id();
		assert_ok!(revalidate(LABORATORY, id));
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		set_time(START + 5);
		assert_ok!(Draft { author: PATIENT, ..note(2) }.reseal(id, 1));

		let (anchored, deadline) = (START + 5, START + 2 * DAY);
		assert_eq!(current(id).stage, Stage::Revalidating { anchored, deadline, policy: LAB });
		assert_eq!(Versions::<Test>::get(id, 1).unwrap().stage, Stage::Anchored { at: START });
		assert_noop!(pass(STRANGER, id, 1, Accuracy), E::NotInProcess);
		assert_noop!(pass(DOCTOR, id, 2, Accuracy), E::DuplicateAttestation);
		// Under whosever seal, the laboratory wrote it.
		assert_noop!(pass(LABORATORY, id, 2, Source), E::AttestorIsAuthor);
		for (who, kind) in [(STRANGER, Accuracy), (HOSPITAL, Completeness), (OTHER_LAB, Source)] {
			assert_ok!(pass(who, id, 2, kind));
		}
		assert_eq!(status(id), RecordStatus::Validated);
	});
}

#[test]
fn new_keys_do_not_wash_a_failure_off() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(attest(COLLEAGUE, id, 1, Accuracy, Verdict::Fail));
		assert_ok!(note(2).reseal(id, 1));
		assert_eq!(status(id), RecordStatus::RevalFail);
		assert_noop!(revalidate(DOCTOR, id), E::RevalidationFailed);
	});
}

#[test]
fn an_amendment_is_no_reseal() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let next = Draft { reason: AmendReason::Resealed, ..note(2) };
		let vouched = next.vouched_as(id, 2, HOSPITAL, Source);
		assert_noop!(next.amend(id, 1, vec![vouched]), E::ResealedByAmendment);
	});
}

/// A note of the doctor's that counts by the verdict on its batch.
fn promoted_note(number: u8) -> RecordId {
	let drafts = notes(number, 1);
	let (batch, _) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
	assert_ok!(drafts[0].promote(batch, 0, vec![], vec![]));
	assert_eq!(status(drafts[0].id()), RecordStatus::Validated);
	drafts[0].id()
}

#[test]
fn what_rested_on_a_batch_is_validated_anew() {
	for by in [DOCTOR, PATIENT] {
		build_and_execute(|| {
			let id = promoted_note(1);
			assert!(current(id).attestations[0].from_batch);
			set_time(START + 5);
			events();
			// The batch spoke of the object before; nobody but the author said what it holds.
			assert_ok!(Draft { author: by, ..note(2) }.reseal(id, 1));

			let (anchored, deadline) = (START + 5, START + 5 + DAY);
			let stage = Stage::Revalidating { anchored, deadline, policy: CLINICAL };
			assert_eq!(current(id).stage, stage);
			assert!(current(id).attestations.is_empty());
			assert_eq!(Versions::<Test>::get(id, 1).unwrap().attestations.len(), 1);
			let asked = Event::RevalidationRequested {
				record: id,
				version: 2,
				by: Some(identity(by)),
				deadline,
			};
			assert_eq!(events()[1..], [asked]);
			// It counts meanwhile, and a verdict on what it is now settles it.
			assert_eq!(HealthRecords::version(id, 2).unwrap().key, Some(note(2).key));
			assert_ok!(pass(HOSPITAL, id, 2, Source));
			assert_eq!(status(id), RecordStatus::Validated);
			assert_ok!(Draft { author: by, ..note(3) }.reseal(id, 2));
			assert_eq!(status(id), RecordStatus::Validated);
			assert!(!current(id).attestations[0].from_batch);
		});
	}
}

#[test]
fn verdicts_on_the_body_go_with_it() {
	build_and_execute(|| {
		// Given when the leaf was promoted, or anew since.
		let drafts = notes(1, 1);
		let (batch, _) = hospital_batch(&drafts, &[]);
		let bundled = vec![drafts[0].vouched(HOSPITAL, Source)];
		assert_ok!(drafts[0].promote(batch, 0, vec![], bundled));
		let revalidated = promoted_note(2);
		assert_ok!(revalidate(DOCTOR, revalidated));
		assert_ok!(pass(HOSPITAL, revalidated, 1, Source));
		for (number, id) in [(3, drafts[0].id()), (4, revalidated)] {
			let before = current(id).attestations;
			assert_ok!(note(number).reseal(id, 1));
			assert_eq!(status(id), RecordStatus::Validated);
			assert_eq!(current(id).attestations, before);
		}
	});
}

#[test]
fn verdicts_on_the_body_are_enough_when_they_meet_the_policy_of_now() {
	let resealed = |policy: ValidationPolicy| {
		new_test_ext().execute_with(|| {
			add_other_lab();
			let draft = result(1);
			let root = root_of(&tree_of(std::slice::from_ref(&draft)));
			let given = [(DOCTOR, Accuracy), (DOCTOR, Completeness), (OTHER_LAB, Source)]
				.map(|(who, kind)| signed_batch(who, &batch_statement(LABORATORY, root, 1, kind)));
			assert_ok!(anchor_batch(LABORATORY, root, 1, given.to_vec()));
			let bundled = vec![draft.vouched(STRANGER, Accuracy)];
			assert_ok!(draft.promote(salus_primitives::BatchId(0), 0, vec![], bundled));
			assert_eq!(status(draft.id()), RecordStatus::Validated);
			let class = RecordClass::Laboratory;
			let root = RuntimeOrigin::root();
			assert_ok!(HealthRecords::set_validation_policy(root, class, policy));
			assert_ok!(result(2).reseal(draft.id(), 1));
			assert_ok!(HealthRecords::do_try_state());
			(status(draft.id()), current(draft.id()).attestations.len())
		})
	};
	// The stranger saw the body, and one verdict on accuracy is asked for; or more is.
	assert_eq!(resealed(READINGS), (RecordStatus::Validated, 1));
	assert_eq!(resealed(LAB), (RecordStatus::ReqRevalid, 0));
}

#[test]
fn who_asked_for_the_erasure_of_another_s_record_does_not_reseal_it() {
	build_and_execute(|| {
		use erasures::{refuse, request};
		let id = anchored_note(1);
		let by = |who, number| Draft { author: who, ..note(number) };
		assert_ok!(request(PATIENT, id));
		assert_noop!(by(PATIENT, 2).reseal(id, 1), E::KeeperReseals);
		assert_ok!(refuse(HOSPITAL, id));
		assert_noop!(by(PATIENT, 2).reseal(id, 1), E::KeeperReseals);
		// To ask again does not undo the refusal.
		assert_ok!(request(PATIENT, id));
		assert_noop!(by(PATIENT, 2).reseal(id, 1), E::KeeperReseals);
		// The keeper seals anew what it keeps.
		for (version, who) in (1..).zip([DOCTOR, HOSPITAL, COLLEAGUE]) {
			assert_ok!(by(who, 10 + version as u8).reseal(id, version));
		}
		// One's own is one's own to close.
		let own = anchored_reading(5);
		assert_ok!(request(PATIENT, own));
		assert_ok!(reading(6).reseal(own, 1));
	});
}
