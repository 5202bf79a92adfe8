// SPDX-License-Identifier: Apache-2.0

use super::*;

fn stage(id: RecordId) -> Stage {
	current(id).stage
}

#[test]
fn starts_over_under_the_policy_of_now() {
	build_and_execute(|| {
		let id = anchored_note(1);
		set_time(START + 5);
		let (class, policy) = (RecordClass::Clinical, READINGS);
		assert_ok!(HealthRecords::set_validation_policy(RuntimeOrigin::root(), class, policy));
		events();
		assert_ok!(revalidate(DOCTOR, id));

		let deadline = START + 5 + 7 * DAY;
		assert_eq!(stage(id), Stage::Revalidating { anchored: START, deadline, policy });
		assert!(current(id).attestations.is_empty());
		let by = Some(identity(DOCTOR));
		let asked = Event::RevalidationRequested { record: id, version: 1, by, deadline };
		assert_eq!(events(), [asked]);
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::AttestorNotQualified);
		assert_ok!(pass(COLLEAGUE, id, 1, Accuracy));
		assert_eq!(stage(id), Stage::Anchored { at: START });
	});
}

#[test]
fn a_record_stays_readable_while_it_waits() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(HOSPITAL, id));
		let view = HealthRecords::record(id).unwrap();
		assert_eq!((view.status, view.awaiting), (RecordStatus::ReqRevalid, Some(1)));
		let version = HealthRecords::version(id, 1).unwrap();
		assert_eq!(version.key, Some(note(1).key));
		let deadline = START + DAY;
		assert_eq!(version.stage, StageView::Revalidating { anchored: START, deadline });
		let missing = vec![Missing { kind: Source, count: 1, from: CLINICAL.source.from }];
		let state = ValidationState { version: 1, deadline, lapsed: false, missing };
		assert_eq!(HealthRecords::validation_state(id), Some(state.clone()));

		// Past its deadline it stays so, and takes no verdict.
		set_time(deadline);
		let view = HealthRecords::record(id).unwrap();
		assert_eq!((view.status, view.awaiting), (RecordStatus::ReqRevalid, None));
		let lapsed = ValidationState { lapsed: true, ..state };
		assert_eq!(HealthRecords::validation_state(id), Some(lapsed));
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::DeadlinePassed);
	});
}

#[test]
fn the_missing_verdict_makes_it_valid_again() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		set_time(START + DAY - 1);
		events();
		assert_ok!(pass(HOSPITAL, id, 1, Source));

		assert_eq!(status(id), RecordStatus::Validated);
		assert_eq!(stage(id), Stage::Anchored { at: START });
		assert_eq!(current(id).attestations.len(), 1);
		let all = events();
		assert!(matches!(all[0], Event::AttestationAdded { version: 1, .. }));
		assert_eq!(all[1..], [Event::RecordRevalidated { record: id, version: 1 }]);
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
	});
}

#[test]
fn a_failing_verdict_marks_it_and_it_still_counts() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		set_time(START + 7);
		events();
		assert_ok!(attest(COLLEAGUE, id, 1, Accuracy, Verdict::Fail));

		assert_eq!(status(id), RecordStatus::RevalFail);
		let at = START + 7;
		assert_eq!(stage(id), Stage::RevalidationFailed { anchored: START, at });
		let (validator, kind) = (identity(COLLEAGUE), Accuracy);
		let failed = Event::RevalidationFailed { record: id, version: 1, validator, kind };
		assert_eq!(events()[1..], [failed]);
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
		assert_eq!(HealthRecords::validation_state(id), None);
		let version = HealthRecords::version(id, 1).unwrap();
		assert_eq!(
			(version.key, version.stage),
			(Some(note(1).key), StageView::RevalidationFailed { at })
		);
	});
}

#[test]
fn governance_alone_asks_again_after_a_failure() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(attest(COLLEAGUE, id, 1, Accuracy, Verdict::Fail));
		for who in [DOCTOR, HOSPITAL] {
			assert_noop!(revalidate(who, id), E::RevalidationFailed);
		}
		events();
		assert_ok!(HealthRecords::request_revalidation(RuntimeOrigin::root(), id));
		let deadline = START + DAY;
		let asked = Event::RevalidationRequested { record: id, version: 1, by: None, deadline };
		assert_eq!(events(), [asked]);
		assert_ok!(pass(HOSPITAL, id, 1, Source));
		assert_eq!(stage(id), Stage::Anchored { at: START });
	});
}

#[test]
fn an_amendment_lifts_a_failure() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(attest(COLLEAGUE, id, 1, Accuracy, Verdict::Fail));
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_eq!(status(id), RecordStatus::RevalFail);
		assert_ok!(pass(HOSPITAL, id, 2, Source));
		assert_eq!(status(id), RecordStatus::Validated);
		let old = Versions::<Test>::get(id, 1).unwrap();
		assert_eq!(old.stage, Stage::RevalidationFailed { anchored: START, at: START });
	});
}

#[test]
fn an_amendment_overtakes_a_validation_that_is_under_way() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(note(2).amend(id, 1, vec![]));
		// Both wait, and each takes its own verdicts; the amendment is what is shown.
		assert_eq!(HealthRecords::record(id).unwrap().awaiting, Some(2));
		assert_eq!(HealthRecords::validation_state(id).unwrap().version, 2);
		assert_noop!(revalidate(DOCTOR, id), E::AlreadyRequested);
		set_time(START + 9);
		assert_ok!(pass(HOSPITAL, id, 2, Source));

		assert_eq!(current(id).number, 2);
		assert_eq!(Versions::<Test>::get(id, 1).unwrap().stage, Stage::Anchored { at: START });
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
	});
}

#[test]
fn both_verdicts_count_when_the_old_version_comes_first() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_ok!(pass(HOSPITAL, id, 1, Source));
		assert_eq!((status(id), current(id).number), (RecordStatus::Validated, 1));
		assert_ok!(pass(HOSPITAL, id, 2, Source));
		assert_eq!(current(id).number, 2);
	});
}

#[test]
fn one_is_under_way_at_a_time() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		set_time(START + DAY - 1);
		assert_noop!(revalidate(DOCTOR, id), E::AlreadyRequested);
		let by_root = HealthRecords::request_revalidation(RuntimeOrigin::root(), id);
		assert_noop!(by_root, E::AlreadyRequested);
		// One that lapsed makes room.
		set_time(START + DAY);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(pass(HOSPITAL, id, 1, Source));
		assert_eq!(stage(id), Stage::Anchored { at: START });
	});
}

#[test]
fn waits_for_an_amendment_to_be_decided_or_to_lapse() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_noop!(revalidate(DOCTOR, id), E::AmendmentPending);
		set_time(START + DAY - 1);
		assert_noop!(revalidate(DOCTOR, id), E::AmendmentPending);
		set_time(START + DAY);
		assert_ok!(revalidate(DOCTOR, id));
		// The lapsed amendment is in the way of neither.
		assert_eq!(HealthRecords::record(id).unwrap().awaiting, None);
		assert_ok!(pass(HOSPITAL, id, 1, Source));
		assert_eq!(status(id), RecordStatus::Validated);
	});
}

#[test]
fn only_what_counts_is_validated_anew() {
	build_and_execute(|| {
		assert_noop!(revalidate(DOCTOR, RecordId([1; 32])), E::RecordNotFound);
		for number in [1, 2, 3] {
			assert_ok!(note(number).propose());
		}
		let [open, failed, lapsed] = [1, 2, 3].map(|number| note(number).id());
		assert_noop!(revalidate(DOCTOR, open), E::NotAnchored);
		assert_ok!(attest(HOSPITAL, failed, 1, Accuracy, Verdict::Fail));
		let retracted = anchored_note(4);
		assert_ok!(retract(DOCTOR, retracted));
		set_time(START + DAY);
		for id in [failed, lapsed, retracted] {
			assert_noop!(revalidate(DOCTOR, id), E::NotAnchored);
		}
	});
}

#[test]
fn a_retraction_ends_it() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(retract(DOCTOR, id));
		assert_eq!(status(id), RecordStatus::EnteredInError);
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
		assert_eq!(HealthRecords::record(id).unwrap().awaiting, None);
		assert_eq!(HealthRecords::validation_state(id), None);
	});
}

#[test]
fn is_for_the_keeper_and_governance() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for who in [STRANGER, OTHER_HOSPITAL, PATIENT] {
			assert_noop!(revalidate(who, id), E::NotKeeper);
		}
		assert_noop!(revalidate(NOBODY, id), sp_runtime::DispatchError::BadOrigin);
		assert_ok!(revalidate(HOSPITAL, id));
	});
}

#[test]
fn a_patient_s_takes_no_place() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		for number in 2..2 + MAX_OPEN as u8 {
			assert_ok!(reading(number).propose());
		}
		assert_ok!(revalidate(PATIENT, id));
		assert_eq!(places(PATIENT).len(), MAX_OPEN as usize);
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_eq!(places(PATIENT).len(), MAX_OPEN as usize);
		assert_eq!(held(PATIENT), 0);
	});
}

#[test]
fn verdicts_are_judged_as_the_first_ones_were() {
	build_and_execute(|| {
		add_other_lab();
		let result = result(1);
		assert_ok!(result.anchor(result.fully_vouched()));
		let id = result.id();
		assert_ok!(revalidate(LABORATORY, id));
		assert_noop!(pass(LABORATORY, id, 1, Source), E::AttestorIsAuthor);
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_noop!(pass(DOCTOR, id, 1, Accuracy), E::DuplicateAttestation);
		assert_noop!(pass(COLLEAGUE, id, 1, Accuracy), E::AttestorsNotIndependent);
		assert_eq!(status(id), RecordStatus::ReqRevalid);
		for (who, kind) in [(STRANGER, Accuracy), (HOSPITAL, Completeness), (OTHER_LAB, Source)] {
			assert_ok!(pass(who, id, 1, kind));
		}
		assert_eq!(status(id), RecordStatus::Validated);
	});
}
