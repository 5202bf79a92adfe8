// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Nothing is left of a proposal but the number it had in the list.
fn is_gone(draft: &Draft, seq: u32) {
	assert_eq!(HealthRecords::record(draft.id()), None);
	assert_eq!(HealthRecords::version(draft.id(), 1), None);
	assert_eq!(HealthRecords::by_content(draft.hash()), None);
	assert_eq!(SubjectRecords::<Test>::get(draft.subject, seq), None);
	assert!(!Objects::<Test>::contains_key(draft.id(), 1));
	assert_eq!(Deadlines::<Test>::iter().filter(|(_, id, _)| *id == draft.id()).count(), 0);
}

#[test]
fn takes_a_proposal_back_with_all_its_rows_and_its_rent() {
	build_and_execute(|| {
		let sealed = Draft { content: inline(object(512, 1)), ..note(1) };
		assert_ok!(sealed.propose());
		let tags = vec![salus_primitives::Tag([1; 16])].try_into().unwrap();
		assert_ok!(HealthRecords::set_tags(origin(DOCTOR), sealed.id(), tags));
		events();
		assert_ok!(withdraw(DOCTOR, sealed.id()));

		is_gone(&sealed, 0);
		assert_eq!(HealthRecords::tags_of(sealed.id()), vec![]);
		assert_eq!(held(DOCTOR), 0);
		let (record, by) = (sealed.id(), identity(DOCTOR));
		assert_eq!(events(), [Event::RecordWithdrawn { record, version: 1, by }]);
	});
}

#[test]
fn leaves_a_gap_in_the_list_and_lets_the_nonce_serve_again() {
	build_and_execute(|| {
		for number in 1..=3 {
			assert_ok!(note(number).propose());
		}
		assert_ok!(withdraw(DOCTOR, note(2).id()));
		is_gone(&note(2), 1);
		assert_ok!(note(2).propose());

		let all = HealthRecords::records_of(identity(PATIENT), 0, 4, false).unwrap();
		let seqs: Vec<_> = all.items.iter().map(|record| (record.seq, record.id)).collect();
		assert_eq!(seqs, [(0, note(1).id()), (2, note(3).id()), (3, note(2).id())]);
		assert_eq!(all.next, None);
	});
}

#[test]
fn takes_back_what_lapsed_or_failed_too() {
	build_and_execute(|| {
		for number in [1, 2] {
			assert_ok!(note(number).propose());
		}
		assert_ok!(attest(HOSPITAL, note(1).id(), 1, Accuracy, Verdict::Fail));
		set_time(START + DAY);
		assert_eq!(status(note(2).id()), RecordStatus::Lapsed);
		for number in [1, 2] {
			assert_ok!(withdraw(DOCTOR, note(number).id()));
			is_gone(&note(number), u32::from(number) - 1);
		}
		assert_eq!(held(DOCTOR), 0);
	});
}

#[test]
fn takes_back_the_amendment_that_waits_and_leaves_the_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let next = Draft { content: inline(object(512, 2)), ..note(2) };
		assert_ok!(next.amend(id, 1, vec![]));
		events();
		assert_ok!(withdraw(DOCTOR, id));

		assert_eq!(
			events(),
			[Event::RecordWithdrawn { record: id, version: 2, by: identity(DOCTOR) }]
		);
		assert_eq!(held(DOCTOR), rents().0);
		assert_eq!(HealthRecords::version(id, 2), None);
		assert_eq!(HealthRecords::by_content(next.hash()), None);
		assert_eq!(Objects::<Test>::iter().count(), 0);
		let view = HealthRecords::record(id).unwrap();
		assert_eq!((view.status, view.current, view.newest), (RecordStatus::Validated, 1, 2));
		assert_eq!(view.awaiting, None);
		// Its number is not given again, and nothing is left to withdraw.
		assert_noop!(note(3).amend(id, 1, vec![]), E::VersionMismatch);
		assert_noop!(withdraw(DOCTOR, id), E::NothingToWithdraw);
		assert_ok!(note(3).amend(id, 2, vec![]));
		assert_eq!(Pending::<Test>::get(id).unwrap().number, 3);
	});
}

#[test]
fn takes_back_an_amendment_that_lapsed() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		set_time(START + DAY);
		assert_ok!(withdraw(DOCTOR, id));
		assert!(!Pending::<Test>::contains_key(id));
		assert_eq!(held(DOCTOR), rents().0);
	});
}

#[test]
fn frees_a_patient_s_place() {
	build_and_execute(|| {
		for number in 0..MAX_OPEN as u8 {
			assert_ok!(reading(number).propose());
		}
		assert_noop!(reading(9).propose(), E::TooManyOpenProposals);
		assert_ok!(withdraw(PATIENT, reading(0).id()));
		assert_ok!(reading(9).propose());
		assert_eq!(held(PATIENT), 0);
	});
}

#[test]
fn is_for_who_wrote_it() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		for who in [HOSPITAL, COLLEAGUE, PATIENT] {
			assert_noop!(withdraw(who, note(1).id()), E::NotAuthor);
		}
		let id = anchored_note(2);
		assert_ok!(Draft { author: HOSPITAL, ..note(3) }.amend(id, 1, vec![]));
		assert_noop!(withdraw(DOCTOR, id), E::NotAuthor);
		assert_ok!(withdraw(HOSPITAL, id));
		assert_noop!(withdraw(NOBODY, id), sp_runtime::DispatchError::BadOrigin);
		assert_noop!(withdraw(DOCTOR, RecordId([1; 32])), E::RecordNotFound);
		// No licence is asked for to take one's own words back.
		Accreditations::affiliate(identity(DOCTOR), &[]);
		assert_ok!(withdraw(DOCTOR, note(1).id()));
	});
}

#[test]
fn what_counted_once_is_not_withdrawn() {
	build_and_execute(|| {
		let [anchored, retracted, failed] = [1, 2, 3].map(anchored_note);
		assert_ok!(retract(DOCTOR, retracted));
		assert_ok!(revalidate(DOCTOR, failed));
		assert_noop!(withdraw(DOCTOR, failed), E::NothingToWithdraw);
		assert_ok!(attest(HOSPITAL, failed, 1, Accuracy, Verdict::Fail));
		assert_ok!(note(4).propose());
		assert_ok!(retract(DOCTOR, note(4).id()));
		for id in [anchored, retracted, failed, note(4).id()] {
			assert_noop!(withdraw(DOCTOR, id), E::NothingToWithdraw);
		}
	});
}

#[test]
fn nothing_goes_under_legal_hold() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_ok!(note(3).propose());
		for held in [id, note(3).id()] {
			set_hold(held, true);
			assert_noop!(withdraw(DOCTOR, held), E::LegalHold);
			set_hold(held, false);
			assert_ok!(withdraw(DOCTOR, held));
		}
	});
}
