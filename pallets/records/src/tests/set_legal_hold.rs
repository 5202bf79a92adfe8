// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, *};
use salus_primitives::Role;

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
		assert_noop!(note(2).reseal(id, 1), E::LegalHold);
		assert_ok!(hold(HOSPITAL, id, false));
		assert_ok!(note(2).reseal(id, 1));
		assert_ok!(HealthRecords::retract(origin(DOCTOR), id, reason));
	});
}
