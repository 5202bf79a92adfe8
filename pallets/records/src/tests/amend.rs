// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::MaxEncodedLen;
use salus_test_support::OpenCompartments;

#[test]
fn counts_at_once_with_the_verdicts_it_needs() {
	build_and_execute(|| {
		let id = anchored_note(1);
		events();
		let next = note(2);
		assert_ok!(next.amend(id, 1, vec![next.vouched_as(id, 2, HOSPITAL, Source)]));

		let record = Records::<Test>::get(id).unwrap();
		assert_eq!((record.current.number, record.newest), (2, 2));
		assert_eq!(record.current.reason, Some(AmendReason::Replaces));
		assert_eq!(Versions::<Test>::get(id, 1).unwrap().content, note(1).hash());
		assert_eq!(ContentIndex::<Test>::get(next.hash()), Some(id));
		let events = events();
		assert_eq!(
			events[0],
			Event::RecordAmended {
				record: id,
				version: 2,
				by: identity(DOCTOR),
				reason: AmendReason::Replaces,
				content: next.hash(),
				body: next.body,
				padded_len: 512,
				epoch: EPOCH,
				deadline: None,
			}
		);
		assert!(matches!(events[1], Event::AttestationAdded { version: 2, .. }));
		assert!(matches!(events[2], Event::RecordAnchored { version: 2, .. }));
		assert_eq!(events.len(), 3);
	});
}

#[test]
fn waits_beside_the_version_that_counts() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_eq!(current(id).number, 1);
		let pending = Pending::<Test>::get(id).unwrap();
		assert_eq!(pending.stage, Stage::Open { deadline: START + DAY, policy: CLINICAL });
		assert!(matches!(
			events().last(),
			Some(Event::RecordAmended { version: 2, deadline: Some(end), .. }) if *end == START + DAY
		));

		assert_ok!(pass(HOSPITAL, id, 2, Source));
		assert_eq!(current(id).number, 2);
		assert!(!Pending::<Test>::contains_key(id));
		assert!(Versions::<Test>::contains_key(id, 1));
	});
}

#[test]
fn keeps_bundled_verdicts_while_others_are_missing() {
	build_and_execute(|| {
		add_other_lab();
		let first = result(1);
		assert_ok!(first.anchor(first.fully_vouched()));
		let (id, next) = (first.id(), result(2));
		let three = [(DOCTOR, Accuracy), (DOCTOR, Completeness), (OTHER_LAB, Source)];
		let bundle = three.map(|(who, kind)| next.vouched_as(id, 2, who, kind)).to_vec();
		assert_ok!(next.amend(id, 1, bundle));
		assert_eq!(Pending::<Test>::get(id).unwrap().attestations.len(), 3);
		assert_noop!(pass(DOCTOR, id, 2, Accuracy), E::DuplicateAttestation);
		assert_ok!(pass(STRANGER, id, 2, Accuracy));
		assert_eq!(current(id).number, 2);
	});
}

#[test]
fn a_failed_amendment_changes_nothing_but_the_history() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_ok!(attest(DOCTOR, id, 2, Accuracy, Verdict::Fail));
		assert_eq!(status(id), RecordStatus::Validated);
		assert_eq!(current(id).number, 1);
		assert_eq!(Versions::<Test>::get(id, 2).unwrap().stage, Stage::Failed { at: START });
		// Its number is not given again.
		assert_noop!(note(3).amend(id, 1, vec![]), E::VersionMismatch);
		let next = note(3);
		assert_ok!(next.amend(id, 2, vec![next.vouched_as(id, 3, HOSPITAL, Source)]));
		assert_eq!(current(id).number, 3);
	});
}

#[test]
fn one_amendment_waits_until_it_lapses() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		set_time(START + DAY - 1);
		assert_noop!(note(3).amend(id, 2, vec![]), E::AmendmentPending);
		set_time(START + DAY);
		assert_noop!(pass(HOSPITAL, id, 2, Source), E::DeadlinePassed);
		events();
		assert_ok!(note(3).amend(id, 2, vec![]));
		assert_eq!(Pending::<Test>::get(id).unwrap().number, 3);
		// The lapsed one is gone with its object and its rent; its number is not given again.
		assert_eq!(events()[0], Event::RecordLapsed { record: id, version: 2 });
		assert_eq!(HealthRecords::version(id, 2), None);
		assert_eq!(HealthRecords::by_content(note(2).hash()), None);
		let version = 100 + VersionOf::<Test>::max_encoded_len() as u64;
		assert_eq!(held(DOCTOR), 100 + RecordOf::<Test>::max_encoded_len() as u64 + version);
	});
}

#[test]
fn a_patient_s_amendment_takes_a_place_while_it_waits() {
	build_and_execute(|| {
		let id = anchored_reading(1);
		assert_ok!(reading(2).amend(id, 1, vec![]));
		assert_eq!(places(PATIENT), [(id, START + 7 * DAY)]);
		set_time(START + 7 * DAY);
		assert_ok!(reading(3).amend(id, 2, vec![]));
		assert_eq!(places(PATIENT), [(id, START + 14 * DAY)]);
		assert_ok!(pass(DOCTOR, id, 3, Accuracy));
		assert_eq!(places(PATIENT), []);

		for number in 10..10 + MAX_OPEN as u8 {
			assert_ok!(reading(number).propose());
		}
		assert_noop!(reading(4).amend(id, 3, vec![]), E::TooManyOpenProposals);
	});
}

#[test]
fn is_for_who_keeps_the_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for who in [STRANGER, OTHER_HOSPITAL, PATIENT] {
			assert_noop!(Draft { author: who, ..note(2) }.amend(id, 1, vec![]), E::NotKeeper);
		}
		let hospital = Draft { author: HOSPITAL, ..note(2) };
		assert_ok!(hospital.amend(id, 1, vec![]));
		let pending = Pending::<Test>::get(id).unwrap();
		assert_eq!(pending.author, identity(HOSPITAL));
		assert_eq!(pending.deposit.unwrap().depositor, account(HOSPITAL));
		assert_eq!(held(HOSPITAL), 100 + VersionOf::<Test>::max_encoded_len() as u64);
	});
}

#[test]
fn needs_the_licence_that_filing_needs() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let kind = salus_primitives::AccreditationKind::FacilityLicence;
		Accreditations::remove(identity(HOSPITAL), kind);
		let hospital = Draft { author: HOSPITAL, ..note(2) };
		assert_noop!(hospital.amend(id, 1, vec![]), E::NotAccredited);
	});
}

#[test]
fn expects_the_newest_version() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let amend = |number, expected, version| {
			let next = note(number);
			next.amend(id, expected, vec![next.vouched_as(id, version, HOSPITAL, Source)])
		};
		for stale in [0, 2] {
			assert_noop!(amend(2, stale, 2), E::VersionMismatch);
		}
		// Two in one block: the second has to look again.
		assert_ok!(amend(2, 1, 2));
		assert_noop!(amend(3, 1, 2), E::VersionMismatch);
		assert_ok!(amend(3, 2, 3));
	});
}

#[test]
fn only_what_counts_is_amended() {
	build_and_execute(|| {
		assert_noop!(note(2).amend(RecordId([1; 32]), 1, vec![]), E::RecordNotFound);
		assert_ok!(note(1).propose());
		let id = note(1).id();
		assert_noop!(note(2).amend(id, 1, vec![]), E::NotAnchored);
		assert_ok!(attest(HOSPITAL, id, 1, Accuracy, Verdict::Fail));
		assert_noop!(note(2).amend(id, 1, vec![]), E::NotAnchored);
		let retracted = anchored_note(3);
		assert_ok!(retract(DOCTOR, retracted));
		assert_noop!(note(2).amend(retracted, 1, vec![]), E::NotAnchored);
		let erased = anchored_note(4);
		erasures::erased(erased);
		assert_noop!(note(2).amend(erased, 1, vec![]), E::RecordNotFound);
	});
}

#[test]
fn checks_object_key_and_verdicts_as_anchoring_does() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_noop!(note(1).amend(id, 1, vec![]), E::ContentAlreadyAnchored);
		let odd = Draft { padded_len: 513, ..note(2) };
		assert_noop!(odd.amend(id, 1, vec![]), E::BadPaddedLength);
		let first_again = note(2).vouched_as(id, 1, HOSPITAL, Source);
		assert_noop!(note(2).amend(id, 1, vec![first_again]), E::BadAttestationSignature);
		OpenCompartments::set(identity(PATIENT), 0, EPOCH + 1);
		assert_noop!(note(2).amend(id, 1, vec![]), E::StaleEpoch);
	});
}

#[test]
fn inline_objects_are_kept_with_their_versions() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let next = Draft { content: inline(object(512, 2)), ..note(2) };
		assert_ok!(next.amend(id, 1, vec![]));
		assert_eq!(Objects::<Test>::get(id, 2).unwrap().into_inner(), object(512, 2));
	});
}
