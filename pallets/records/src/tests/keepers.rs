// SPDX-License-Identifier: Apache-2.0

//! Who keeps a record: the organisation it was filed for and who works there now, or its author when
//! it was filed for nobody.

use super::{erasures::*, wraps::*, *};
use salus_primitives::{Role, Tag};

/// All that is for the keeper of a record that counts, each answer as it comes.
fn tried(who: Sr25519Keyring, id: RecordId) -> Vec<DispatchResult> {
	let reader = identity(STRANGER);
	let (draft, newest) = (Draft { author: who, ..note(90) }, 1);
	vec![
		draft.amend(id, newest, vec![]),
		draft.reseal(id, newest),
		wrap_for(who, id, 1, &[reader]),
		drop_wraps(who, id, 1, &[reader]),
		revalidate(who, id),
		refuse(who, id),
		execute(who, id),
		retract(who, id),
	]
}

fn set_tags(who: Sr25519Keyring, id: RecordId) -> DispatchResult {
	HealthRecords::set_tags(origin(who), id, vec![Tag([1; 16])].try_into().unwrap())
}

#[test]
fn who_left_leaves_the_records_behind() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(request(PATIENT, id));
		assert_ok!(wrap_for(HOSPITAL, id, 1, &[identity(STRANGER)]));
		let elsewhere = [(identity(OTHER_HOSPITAL), Role::Physician)];
		for jobs in [&elsewhere[..], &[]] {
			Accreditations::affiliate(identity(DOCTOR), jobs);
			let before = HealthRecords::record(id);
			let [keeper, subject_or_keeper] = [E::NotKeeper, E::NotSubjectOrKeeper].map(Into::into);
			let expected = [
				Err(keeper),
				Err(subject_or_keeper),
				Err(subject_or_keeper),
				Err(subject_or_keeper),
				Err(keeper),
				Err(keeper),
				Err(keeper),
				Err(keeper),
			];
			assert_eq!(tried(DOCTOR, id), expected);
			assert_noop!(set_tags(DOCTOR, id), E::NotSubjectOrAuthor);
			assert_eq!(HealthRecords::record(id), before);
		}
		// Who comes back keeps them again.
		Accreditations::affiliate(identity(DOCTOR), &[(identity(HOSPITAL), Role::Nurse)]);
		assert_ok!(set_tags(DOCTOR, id));
		assert_ok!(execute(DOCTOR, id));
	});
}

#[test]
fn who_works_there_now_keeps_them() {
	// A colleague, the organisation, the author: whatever one of them may, all may.
	for who in [COLLEAGUE, HOSPITAL, DOCTOR] {
		for act in 0..8 {
			build_and_execute(|| {
				let id = anchored_note(1);
				assert_ok!(wrap_for(PATIENT, id, 1, &[identity(STRANGER)]));
				if (5..=6).contains(&act) {
					assert_ok!(request(PATIENT, id));
				}
				let answers: [&dyn Fn() -> DispatchResult; 8] = [
					&|| Draft { author: who, ..note(90) }.amend(id, 1, vec![]),
					&|| Draft { author: who, ..note(90) }.reseal(id, 1),
					&|| wrap_for(who, id, 1, &[identity(STRANGER)]),
					&|| drop_wraps(who, id, 1, &[identity(STRANGER)]),
					&|| revalidate(who, id),
					&|| refuse(who, id),
					&|| execute(who, id),
					&|| retract(who, id),
				];
				assert_ok!(answers[act]());
			});
		}
	}
}

#[test]
fn tags_are_the_author_s_and_no_colleague_s() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_noop!(set_tags(COLLEAGUE, id), E::NotSubjectOrAuthor);
		assert_ok!(set_tags(DOCTOR, id));
	});
}

#[test]
fn who_left_takes_its_own_proposals_back() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		Accreditations::affiliate(identity(DOCTOR), &[]);
		// It never counted, and the rent is the author's own.
		assert_noop!(withdraw(COLLEAGUE, note(1).id()), E::NotAuthor);
		assert_ok!(withdraw(DOCTOR, note(1).id()));
		assert_eq!(held(DOCTOR), 0);
	});
}

#[test]
fn what_was_filed_for_nobody_is_its_author_s() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		for who in [DOCTOR, HOSPITAL, OTHER_PATIENT] {
			assert_noop!(retract(who, id), E::NotKeeper);
			assert_noop!(revalidate(who, id), E::NotKeeper);
		}
		assert_ok!(revalidate(PATIENT, id));
		assert_ok!(retract(PATIENT, id));
	});
}
