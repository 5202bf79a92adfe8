// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, *};
use salus_primitives::RefusalBasis;
use salus_test_support::Identities;

#[test]
fn is_answered_within_thirty_days() {
	build_and_execute(|| {
		let id = anchored_note(1);
		events();
		assert_eq!(HealthRecords::erasure_state(id), None);
		assert_ok!(request(PATIENT, id));

		let due = START + 30 * DAY;
		let state = HealthRecords::erasure_state(id);
		assert_eq!(state, Some(ErasureState::Requested { at: START, due }));
		let by = identity(PATIENT);
		assert_eq!(events(), [Event::ErasureRequested { record: id, by, due }]);
		// Asking changes nothing of the record, and costs nothing.
		assert_eq!(status(id), RecordStatus::Validated);
		assert_eq!(held(PATIENT), 0);
	});
}

#[test]
fn is_for_the_subject() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for who in [DOCTOR, HOSPITAL, OTHER_PATIENT] {
			assert_noop!(request(who, id), E::NotSubject);
		}
		assert_noop!(request(NOBODY, id), sp_runtime::DispatchError::BadOrigin);
		Identities::deactivate(identity(PATIENT));
		assert_noop!(request(PATIENT, id), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn one_is_open_at_a_time_and_a_refusal_ends_it() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		set_time(START + 31 * DAY);
		// Overdue is not answered.
		assert_noop!(request(PATIENT, id), E::ErasureAlreadyRequested);
		assert_ok!(refuse(DOCTOR, id));
		assert_eq!(
			HealthRecords::erasure_state(id),
			Some(ErasureState::Refused {
				basis: RefusalBasis::LegalDuty,
				by: identity(DOCTOR),
				at: START + 31 * DAY,
			})
		);
		set_time(START + 32 * DAY);
		assert_ok!(request(PATIENT, id));
		let due = START + 62 * DAY;
		let state = HealthRecords::erasure_state(id);
		assert_eq!(state, Some(ErasureState::Requested { at: START + 32 * DAY, due }));
	});
}

#[test]
fn any_record_that_is_there_can_be_asked_about() {
	build_and_execute(|| {
		assert_noop!(request(PATIENT, RecordId([1; 32])), E::RecordNotFound);
		assert_ok!(note(1).propose());
		assert_ok!(request(PATIENT, note(1).id()));
		let retracted = anchored_note(2);
		assert_ok!(retract(DOCTOR, retracted));
		assert_ok!(request(PATIENT, retracted));
		// A hold forbids the answer, not the question.
		let kept = anchored_note(3);
		assert_ok!(hold(HOSPITAL, kept, true));
		assert_ok!(request(PATIENT, kept));

		erased(anchored_note(4));
		assert_noop!(request(PATIENT, note(4).id()), E::AlreadyErased);
	});
}

#[test]
fn goes_with_a_proposal_that_is_taken_back() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		assert_ok!(request(PATIENT, note(1).id()));
		assert_ok!(HealthRecords::withdraw(origin(DOCTOR), note(1).id()));
		assert_eq!(HealthRecords::erasure_state(note(1).id()), None);
	});
}
