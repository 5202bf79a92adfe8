// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, wraps::*, *};
use salus_primitives::{RecipientKey, Role, Tag};
use salus_test_support::Identities;

#[test]
fn forbids_that_a_record_goes() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		events();
		assert_ok!(hold(HOSPITAL, id, true));
		assert!(HealthRecords::record(id).unwrap().legal_hold);
		assert_noop!(execute(DOCTOR, id), E::LegalHold);
		let by = identity(HOSPITAL);
		assert_eq!(events(), [Event::LegalHoldSet { record: id, by, on: true }]);

		assert_ok!(hold(HOSPITAL, id, false));
		assert_eq!(events(), [Event::LegalHoldSet { record: id, by, on: false }]);
		assert_ok!(execute(DOCTOR, id));
	});
}

#[test]
fn is_for_the_organisation_and_its_officers_now() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for role in Role::ALL {
			employ(COLLEAGUE, *role);
			if matches!(role, Role::PrivacyOfficer | Role::Administrator) {
				assert_ok!(hold(COLLEAGUE, id, true));
			} else {
				assert_noop!(hold(COLLEAGUE, id, true), E::NotRecordOffice);
			}
		}
		// An officer of another house, and one who left.
		let elsewhere = [(identity(OTHER_HOSPITAL), Role::PrivacyOfficer)];
		Accreditations::affiliate(identity(COLLEAGUE), &elsewhere);
		assert_noop!(hold(COLLEAGUE, id, false), E::NotRecordOffice);
		Accreditations::affiliate(identity(COLLEAGUE), &[]);
		assert_noop!(hold(COLLEAGUE, id, false), E::NotRecordOffice);
		// Neither the author nor the subject decides it.
		for who in [DOCTOR, PATIENT, OTHER_HOSPITAL] {
			assert_noop!(hold(who, id, false), E::NotRecordOffice);
		}
		assert_noop!(hold(NOBODY, id, false), sp_runtime::DispatchError::BadOrigin);
		assert_ok!(hold(HOSPITAL, id, false));
	});
}

#[test]
fn no_office_holds_what_the_subject_wrote() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		for who in [PATIENT, HOSPITAL, DOCTOR] {
			assert_noop!(hold(who, id, true), E::NotRecordOffice);
		}
	});
}

#[test]
fn setting_it_again_changes_nothing() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for on in [false, true, true] {
			assert_ok!(hold(HOSPITAL, id, on));
			assert_eq!(HealthRecords::record(id).unwrap().legal_hold, on);
		}
		assert_noop!(hold(HOSPITAL, RecordId([1; 32]), true), E::RecordNotFound);
		erased(anchored_note(2));
		assert_noop!(hold(HOSPITAL, note(2).id(), true), E::AlreadyErased);
	});
}

#[test]
fn what_is_held_is_neither_withdrawn_nor_reaped() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let id = note(1).id();
		assert_ok!(hold(HOSPITAL, id, true));
		assert_noop!(HealthRecords::withdraw(origin(DOCTOR), id), E::LegalHold);
		set_time(START + DAY);
		assert_noop!(reap(id), E::LegalHold);
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(reap(id));
		assert_eq!(HealthRecords::record(id), None);
	});
}

#[test]
fn what_is_held_keeps_its_keys() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(hold(HOSPITAL, id, true));
		let reason = salus_primitives::RetractReason::WrongContent;
		assert_noop!(HealthRecords::retract(origin(DOCTOR), id, reason), E::LegalHold);
		for who in [DOCTOR, HOSPITAL, PATIENT] {
			assert_noop!(Draft { author: who, ..note(2) }.reseal(id, 1), E::LegalHold);
		}
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(note(2).reseal(id, 1));
		assert_ok!(HealthRecords::retract(origin(DOCTOR), id, reason));
	});
}

#[test]
fn what_is_held_keeps_its_readers() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(STRANGER));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader, identity(COLLEAGUE)]));
		assert_ok!(hold(HOSPITAL, id, true));
		for who in [PATIENT, DOCTOR, HOSPITAL] {
			assert_noop!(drop_wraps(who, id, 1, &[reader]), E::LegalHold);
		}
		// Nor does another wrap, which need not open, take the place of one.
		Identities::rotate(reader, 2);
		let next = RecipientKey { key_version: 2, ..wrap_to(reader) };
		assert_noop!(add_wraps(PATIENT, id, 1, vec![next]), E::LegalHold);
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), Some(wrap_to(reader)));
		// More may read it, and who wants to read it no more need not.
		assert_ok!(wrap_for(DOCTOR, id, 1, &[identity(OTHER_HOSPITAL)]));
		assert_ok!(drop_wraps(STRANGER, id, 1, &[reader]));
		assert_noop!(drop_wraps(STRANGER, id, 1, &[identity(COLLEAGUE)]), E::NotSubjectOrKeeper);
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(drop_wraps(PATIENT, id, 1, &[identity(COLLEAGUE)]));
	});
}

#[test]
fn what_is_held_stays_as_findable_as_it_was() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let set = |who, tags: &[u8]| {
			let tags: Vec<_> = tags.iter().map(|tag| Tag([*tag; 16])).collect();
			HealthRecords::set_tags(origin(who), id, tags.try_into().unwrap())
		};
		assert_ok!(set(DOCTOR, &[1, 2]));
		assert_ok!(hold(HOSPITAL, id, true));
		for fewer in [&[][..], &[1], &[2, 3]] {
			assert_noop!(set(PATIENT, fewer), E::LegalHold);
		}
		assert_ok!(set(PATIENT, &[3, 2, 1]));
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(set(PATIENT, &[]));
	});
}

#[test]
fn what_is_held_keeps_its_verdicts_and_takes_more() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_ok!(hold(HOSPITAL, id, true));
		assert_noop!(revalidate(DOCTOR, id), E::LegalHold);
		let by_root = HealthRecords::request_revalidation(RuntimeOrigin::root(), id);
		assert_noop!(by_root, E::LegalHold);
		// What waits is still decided, and nothing of the version before goes by it.
		assert_ok!(pass(HOSPITAL, id, 2, Source));
		let before = HealthRecords::version(id, 1).unwrap();
		assert_eq!((before.key, before.attestations.len()), (Some(note(1).key), 1));
		assert_ok!(note(3).amend(id, 2, vec![]));
		assert_ok!(attest(HOSPITAL, id, 3, Accuracy, Verdict::Fail));
		assert_eq!(HealthRecords::version(id, 3).unwrap().attestations.len(), 1);
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(revalidate(DOCTOR, id));
	});
}
