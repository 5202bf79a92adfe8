// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::{AccreditationKind, Window};

#[test]
fn the_missing_verdict_anchors() {
	build_and_execute(|| {
		let reading = reading(1);
		assert_ok!(reading.propose());
		events();
		assert_ok!(attest(DOCTOR, reading.id(), 1, Accuracy, Verdict::PassWithWarnings));

		assert_eq!(status(reading.id()), RecordStatus::Validated);
		assert_eq!(current(reading.id()).stage, Stage::Anchored { at: START });
		assert_eq!(places(PATIENT), []);
		assert_eq!(
			events(),
			[
				Event::AttestationAdded {
					record: reading.id(),
					version: 1,
					validator: identity(DOCTOR),
					organisations: Default::default(),
					kind: Accuracy,
					verdict: Verdict::PassWithWarnings,
					evidence: Digest([8; 32]),
				},
				Event::RecordAnchored {
					record: reading.id(),
					version: 1,
					subject: identity(PATIENT),
					author: identity(PATIENT),
					organisation: None,
					class: RecordClass::DeviceData,
					compartment: 0,
					content: reading.hash(),
					body: reading.body,
					padded_len: 512,
				},
			]
		);
	});
}

#[test]
fn nothing_is_anchored_while_a_kind_is_missing() {
	build_and_execute(|| {
		add_other_lab();
		let id = result(1).id();
		assert_ok!(result(1).propose());
		for (who, kind) in [(OTHER_LAB, Source), (DOCTOR, Accuracy), (HOSPITAL, Completeness)] {
			assert_ok!(pass(who, id, 1, kind));
			assert_eq!(status(id), RecordStatus::InProcess);
		}
		assert_ok!(pass(STRANGER, id, 1, Accuracy));
		assert_eq!(status(id), RecordStatus::Validated);
	});
}

#[test]
fn one_fail_after_passes_is_final() {
	build_and_execute(|| {
		let id = result(1).id();
		assert_ok!(result(1).propose());
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_ok!(pass(STRANGER, id, 1, Accuracy));
		events();
		assert_ok!(attest(HOSPITAL, id, 1, Completeness, Verdict::Fail));

		assert_eq!(status(id), RecordStatus::ValFail);
		assert_eq!(
			events()[1..],
			[Event::ValidationFailed {
				record: id,
				version: 1,
				validator: identity(HOSPITAL),
				kind: Completeness,
			}]
		);
		assert_noop!(pass(OTHER_HOSPITAL, id, 1, Completeness), E::NotInProcess);
	});
}

#[test]
fn a_failed_reading_frees_its_place() {
	build_and_execute(|| {
		assert_ok!(reading(1).propose());
		assert_ok!(attest(DOCTOR, reading(1).id(), 1, Accuracy, Verdict::Fail));
		assert_eq!(places(PATIENT), []);
	});
}

#[test]
fn who_sees_a_fault_may_say_so_beyond_the_counts() {
	build_and_execute(|| {
		let id = result(1).id();
		assert_ok!(result(1).propose());
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_ok!(pass(STRANGER, id, 1, Accuracy));
		assert_noop!(pass(OTHER_HOSPITAL, id, 1, Accuracy), E::RequirementMet);
		assert_ok!(attest(OTHER_HOSPITAL, id, 1, Accuracy, Verdict::Fail));
		assert_eq!(status(id), RecordStatus::ValFail);
	});
}

#[test]
fn verdicts_are_taken_until_the_deadline() {
	build_and_execute(|| {
		for number in [1, 2] {
			assert_ok!(reading(number).propose());
		}
		set_time(START + 7 * DAY - 1);
		assert_ok!(pass(DOCTOR, reading(1).id(), 1, Accuracy));
		set_time(START + 7 * DAY);
		assert_noop!(pass(DOCTOR, reading(2).id(), 1, Accuracy), E::DeadlinePassed);
		assert_eq!(status(reading(2).id()), RecordStatus::Lapsed);
	});
}

#[test]
fn the_validator_qualifies_for_the_kind_now() {
	build_and_execute(|| {
		let id = result(1).id();
		assert_ok!(result(1).propose());
		for who in [PATIENT, LABORATORY] {
			assert_noop!(pass(who, id, 1, Accuracy), E::AttestorNotQualified);
		}
		assert_noop!(pass(DOCTOR, id, 1, Source), E::AttestorNotQualified);
		let window = Window::new(START, START + 10).unwrap();
		Accreditations::set(identity(DOCTOR), AccreditationKind::PractitionerLicence, window);
		set_time(START + 10);
		assert_noop!(pass(DOCTOR, id, 1, Accuracy), E::AttestorNotQualified);
		set_time(START + 9);
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		// Nobody judges what nobody is named for.
		assert_ok!(reading(2).propose());
		assert_noop!(pass(HOSPITAL, reading(2).id(), 1, Source), E::AttestorNotQualified);
		let nobody = pass(NOBODY, id, 1, Accuracy);
		assert_eq!(nobody, Err(sp_runtime::DispatchError::BadOrigin));
	});
}

#[test]
fn nobody_speaks_twice_on_one_kind() {
	build_and_execute(|| {
		let id = result(1).id();
		assert_ok!(result(1).propose());
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_noop!(pass(DOCTOR, id, 1, Accuracy), E::DuplicateAttestation);
		let changed_mind = attest(DOCTOR, id, 1, Accuracy, Verdict::Fail);
		assert_eq!(changed_mind, Err(E::DuplicateAttestation.into()));
		assert_ok!(pass(DOCTOR, id, 1, Completeness));
	});
}

#[test]
fn colleagues_count_once_where_independence_is_asked() {
	build_and_execute(|| {
		let id = result(1).id();
		assert_ok!(result(1).propose());
		assert_ok!(pass(DOCTOR, id, 1, Accuracy));
		assert_noop!(pass(COLLEAGUE, id, 1, Accuracy), E::AttestorsNotIndependent);
		assert_noop!(pass(HOSPITAL, id, 1, Accuracy), E::AttestorsNotIndependent);
		// Moving house afterwards does not make an old verdict independent.
		Accreditations::affiliate(identity(DOCTOR), &[]);
		assert_noop!(pass(COLLEAGUE, id, 1, Accuracy), E::AttestorsNotIndependent);
		assert_ok!(pass(OTHER_HOSPITAL, id, 1, Accuracy));
	});
}

#[test]
fn the_author_judges_only_where_the_policy_lets_them() {
	build_and_execute(|| {
		let own = result(1);
		assert_ok!(own.propose());
		assert_noop!(pass(LABORATORY, own.id(), 1, Source), E::AttestorIsAuthor);

		let by_hospital = Draft { author: HOSPITAL, organisation: None, ..note(2) };
		assert_ok!(by_hospital.propose());
		assert_ok!(pass(HOSPITAL, by_hospital.id(), 1, Source));
		assert_eq!(status(by_hospital.id()), RecordStatus::Validated);
	});
}

#[test]
fn only_open_versions_take_verdicts() {
	build_and_execute(|| {
		let unknown = RecordId([1; 32]);
		assert_noop!(pass(HOSPITAL, unknown, 1, Source), E::RecordNotFound);
		let id = anchored_note(1);
		for version in [0, 2, u32::MAX] {
			assert_noop!(pass(HOSPITAL, id, version, Source), E::VersionNotFound);
		}
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_noop!(pass(HOSPITAL, id, 1, Source), E::NotInProcess);
		assert_ok!(retract(DOCTOR, id));
		assert_noop!(pass(HOSPITAL, id, 2, Source), E::NotInProcess);
	});
}

#[test]
fn a_verdict_is_on_what_was_seen() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let id = note(1).id();
		let judge = |seen: &Draft, verdict| {
			attest_on(HOSPITAL, id, 1, (seen.hash(), seen.body), Source, verdict)
		};
		let (pass, fail) = (Verdict::Pass, Verdict::Fail);
		assert_noop!(judge(&note(2), pass), E::OtherContent);
		// The author takes it back and files another object under the same id and number, or the same
		// one and says that it holds another body.
		let other_object = Draft { content: note(2).content, ..note(1) };
		let other_body = Draft { body: note(2).body, ..note(1) };
		for other in [other_object, other_body] {
			assert_ok!(withdraw(DOCTOR, id));
			assert_ok!(other.propose());
			assert_eq!(other.id(), id);
			assert_noop!(judge(&note(1), pass), E::OtherContent);
			assert_noop!(judge(&note(1), fail), E::OtherContent);
			assert_ok!(hypothetically_judged(&other, id));
		}
	});
}

/// What a verdict on this, which waits as the first version, would come to.
fn hypothetically_judged(draft: &Draft, id: RecordId) -> DispatchResult {
	frame_support::hypothetically!(attest_on(
		HOSPITAL,
		id,
		1,
		(draft.hash(), draft.body),
		Source,
		Verdict::Pass
	))
}

#[test]
fn of_two_versions_each_has_its_own_object() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		assert_ok!(note(2).amend(id, 1, vec![]));
		let judge = |version, seen: Draft| {
			attest_on(HOSPITAL, id, version, (seen.hash(), seen.body), Source, Verdict::Pass)
		};
		assert_noop!(judge(1, note(2)), E::OtherContent);
		assert_noop!(judge(2, note(1)), E::OtherContent);
		assert_ok!(judge(1, note(1)));
		assert_ok!(judge(2, note(2)));
	});
}
