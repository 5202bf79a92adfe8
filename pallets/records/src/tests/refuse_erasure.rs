// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, *};
use salus_primitives::RefusalBasis;

#[test]
fn leaves_the_record_and_says_why() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		let before = HealthRecords::record(id);
		events();
		assert_ok!(refuse(HOSPITAL, id));
		assert_eq!(HealthRecords::record(id), before);
		let by = identity(HOSPITAL);
		assert_eq!(
			events(),
			[Event::ErasureRefused { record: id, by, basis: RefusalBasis::LegalDuty }]
		);
	});
}

#[test]
fn is_for_who_keeps_the_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		for who in [PATIENT, STRANGER, OTHER_HOSPITAL] {
			assert_noop!(refuse(who, id), E::NotKeeper);
		}
		assert_noop!(refuse(NOBODY, id), sp_runtime::DispatchError::BadOrigin);
		assert_ok!(refuse(DOCTOR, id));
	});
}

#[test]
fn answers_a_request() {
	build_and_execute(|| {
		assert_noop!(refuse(DOCTOR, RecordId([1; 32])), E::RecordNotFound);
		let id = anchored_note(1);
		assert_noop!(refuse(DOCTOR, id), E::ErasureNotRequested);
		assert_ok!(request(PATIENT, id));
		assert_ok!(refuse(DOCTOR, id));
		assert_noop!(refuse(DOCTOR, id), E::ErasureNotRequested);
		erased(anchored_note(2));
		assert_noop!(refuse(DOCTOR, note(2).id()), E::AlreadyErased);
	});
}

#[test]
fn nobody_refuses_what_the_subject_wrote() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		assert_ok!(request(PATIENT, id));
		assert_noop!(refuse(PATIENT, id), E::OwnErasure);
		assert_ok!(execute(PATIENT, id));
	});
}
