// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn keeps_the_history_and_drops_the_key() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let deposit = held(DOCTOR);
		events();
		assert_ok!(retract(DOCTOR, id));

		assert_eq!(status(id), RecordStatus::EnteredInError);
		let record = Records::<Test>::get(id).unwrap();
		let retraction =
			Retraction { reason: RetractReason::WrongContent, by: identity(DOCTOR), at: START };
		assert_eq!(record.retraction, Some(retraction));
		assert_eq!(record.current.key, None);
		assert_eq!(record.current.attestations.len(), 1);
		assert_eq!(ContentIndex::<Test>::get(note(1).hash()), Some(id));
		assert_eq!(held(DOCTOR), deposit);
		assert_eq!(
			events(),
			[Event::RecordRetracted {
				record: id,
				version: 1,
				by: identity(DOCTOR),
				reason: RetractReason::WrongContent,
			}]
		);
	});
}

#[test]
fn gives_up_what_waits() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		assert_ok!(reading(2).amend(id, 1, vec![]));
		assert_ok!(reading(3).propose());
		assert_ok!(retract(PATIENT, id));
		assert_ok!(retract(PATIENT, reading(3).id()));

		let given_up = Versions::<Test>::get(id, 2).unwrap();
		assert_eq!((given_up.stage, given_up.key), (Stage::Abandoned { at: START }, None));
		assert_eq!(current(reading(3).id()).stage, Stage::Abandoned { at: START });
		assert_eq!(places(PATIENT), []);
		assert_noop!(pass(DOCTOR, reading(3).id(), 1, Accuracy), E::NotInProcess);
	});
}

#[test]
fn sweeps_the_wraps_of_so_many_versions() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let last = SWEPT_VERSIONS + 2;
		for version in 2..=last {
			let next = note(version as u8);
			let vouched = next.vouched_as(id, version, HOSPITAL, Source);
			assert_ok!(next.amend(id, version - 1, vec![vouched]));
		}
		assert_ok!(retract(DOCTOR, id));
		let kept: Vec<_> = Versions::<Test>::iter_prefix(id)
			.filter(|(_, version)| version.key.is_some())
			.map(|(number, _)| number)
			.collect();
		assert_eq!(kept, [1]);
		// The queries give that one to nobody either.
		assert_eq!(HealthRecords::version(id, 1).unwrap().key, None);
	});
}

#[test]
fn is_for_who_keeps_the_record() {
	build_and_execute(|| {
		let (mine, ours) = (anchored_note(1), anchored_note(2));
		for who in [STRANGER, OTHER_HOSPITAL, PATIENT] {
			assert_noop!(retract(who, mine), E::NotKeeper);
		}
		// A mistake is admitted without a licence too.
		let licence = salus_primitives::AccreditationKind::FacilityLicence;
		Accreditations::remove(identity(HOSPITAL), licence);
		assert_ok!(retract(DOCTOR, mine));
		assert_ok!(retract(HOSPITAL, ours));
		assert_noop!(retract(NOBODY, ours), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn waits_for_the_end_of_a_legal_hold() {
	build_and_execute(|| {
		let id = anchored_note(1);
		set_hold(id, true);
		assert_noop!(retract(DOCTOR, id), E::LegalHold);
		set_hold(id, false);
		assert_ok!(retract(DOCTOR, id));
	});
}

#[test]
fn drops_the_tags_with_their_rent() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let rent = held(DOCTOR);
		let tag = salus_primitives::Tag([1; 16]);
		let tags = vec![tag].try_into().unwrap();
		assert_ok!(HealthRecords::set_tags(origin(DOCTOR), id, tags));
		assert_ok!(retract(DOCTOR, id));
		assert_eq!(HealthRecords::tags_of(id), vec![]);
		assert_eq!(HealthRecords::by_tag(identity(PATIENT), tag, None, 1).unwrap().items, vec![]);
		assert_eq!(held(DOCTOR), rent);
	});
}

#[test]
fn a_lapsed_proposal_can_be_marked_as_well() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		set_time(START + DAY);
		assert_ok!(retract(DOCTOR, note(1).id()));
		assert_eq!(status(note(1).id()), RecordStatus::EnteredInError);
		assert_eq!(Deadlines::<Test>::iter().count(), 0);
	});
}

#[test]
fn is_final_and_so_is_failure() {
	build_and_execute(|| {
		assert_noop!(retract(DOCTOR, RecordId([1; 32])), E::RecordNotFound);
		let id = anchored_note(1);
		assert_ok!(retract(DOCTOR, id));
		assert_noop!(retract(DOCTOR, id), E::AlreadyClosed);
		assert_ok!(note(2).propose());
		assert_ok!(attest(HOSPITAL, note(2).id(), 1, Accuracy, Verdict::Fail));
		assert_noop!(retract(DOCTOR, note(2).id()), E::AlreadyClosed);
	});
}
