// SPDX-License-Identifier: Apache-2.0

//! The room that a patient has for what it files.

use super::{erasures::*, wraps::*, *};

/// How many readings there is room for.
fn most() -> u8 {
	(MAX_OWN_BYTES / room()).try_into().unwrap()
}

fn on_chain(number: u8) -> Draft {
	Draft { content: inline(object(512, number)), ..reading(number) }
}

#[test]
fn is_taken_as_long_as_the_version_is_there() {
	build_and_execute(|| {
		assert_ok!(reading(1).propose());
		assert_eq!(taken(PATIENT), room());
		assert_ok!(withdraw(PATIENT, reading(1).id()));
		// Who takes nothing has no row.
		assert!(!Quotas::<Test>::contains_key(identity(PATIENT)));

		assert_ok!(reading(2).propose());
		set_time(START + 7 * DAY);
		assert_ok!(reap_all(&[reading(2).id()]));
		assert!(!Quotas::<Test>::contains_key(identity(PATIENT)));

		set_time(START);
		let id = anchored_reading(3);
		assert_ok!(reading(4).amend(id, 1, vec![]));
		assert_eq!(taken(PATIENT), 2 * room());
		assert_ok!(pass(DOCTOR, id, 2, Accuracy));
		assert_ok!(on_chain(5).reseal(id, 2));
		assert_eq!(taken(PATIENT), 3 * room() + 600);
		assert_ok!(execute(PATIENT, id));
		assert_eq!(taken(PATIENT), TOMBSTONE_ROOM);
	});
}

#[test]
fn has_an_end_whichever_way_it_is_filled() {
	build_and_execute(|| {
		let id = anchored_reading(0);
		let another_s = anchored_note(250);
		for number in 1..most() {
			anchored_reading(number);
		}
		assert!(MAX_OWN_BYTES - taken(PATIENT) < room());
		let next = reading(100);
		assert_noop!(next.propose(), E::NoRoomLeft);
		assert_noop!(next.anchor(vec![next.vouched(DOCTOR, Accuracy)]), E::NoRoomLeft);
		assert_noop!(next.amend(id, 1, vec![]), E::NoRoomLeft);
		assert_noop!(next.reseal(id, 1), E::NoRoomLeft);
		assert_noop!(next.reseal(another_s, 1), E::NoRoomLeft);
		let many = vec![next.one_of_many(vec![next.vouched(DOCTOR, Accuracy)])];
		let many = many.try_into().unwrap();
		assert_noop!(HealthRecords::anchor_many(origin(PATIENT), None, many), E::NoRoomLeft);
		// What others file about the patient is theirs to pay, and nobody else's room is taken.
		anchored_note(251);
		let other =
			Draft { author: OTHER_PATIENT, subject: identity(OTHER_PATIENT), ..reading(101) };
		assert_ok!(other.propose());
		// The patient makes room.
		assert_ok!(execute(PATIENT, id));
		assert_ok!(execute(PATIENT, reading(1).id()));
		assert_ok!(next.propose());
	});
}

#[test]
fn the_object_of_a_retracted_version_goes_at_once() {
	build_and_execute(|| {
		let first = on_chain(1);
		assert_ok!(first.anchor(vec![first.vouched(DOCTOR, Accuracy)]));
		let id = first.id();
		let second = on_chain(2);
		assert_ok!(second.amend(id, 1, vec![second.vouched_as(id, 2, DOCTOR, Accuracy)]));
		assert_ok!(on_chain(3).amend(id, 2, vec![]));
		assert_eq!(taken(PATIENT), 3 * (room() + 600));
		assert_ok!(retract(PATIENT, id));

		assert_eq!((taken(PATIENT), Objects::<Test>::iter().count()), (3 * room(), 0));
		for number in 1..=3 {
			let version = HealthRecords::version(id, number).unwrap();
			assert_eq!((version.object, version.key), (None, None));
		}
		// They stay what they were: their hashes say which objects they had.
		assert_eq!(HealthRecords::version(id, 2).unwrap().content, second.hash());
		assert_ok!(execute(PATIENT, id));
		assert_eq!(taken(PATIENT), TOMBSTONE_ROOM);
	});
}

#[test]
fn filing_and_retracting_over_and_over_comes_to_an_end() {
	build_and_execute(|| {
		let refused = (0..u8::MAX).find(|number| {
			let next = on_chain(*number);
			if next.propose().is_err() {
				assert_noop!(next.propose(), E::NoRoomLeft);
				return true;
			}
			assert_ok!(retract(PATIENT, next.id()));
			false
		});
		let filed = refused.expect("there is an end");
		assert_eq!(taken(PATIENT), u32::from(filed) * room());
		assert!(filed + 1 >= most());
	});
}

#[test]
fn sealing_anew_over_and_over_comes_to_an_end() {
	build_and_execute(|| {
		let id = anchored_note(250);
		let refused = (1..u8::MAX).find(|number| {
			let next = on_chain(*number);
			let answer = next.reseal(id, (*number).into());
			assert!(answer.is_ok() || answer == Err(E::NoRoomLeft.into()), "{answer:?}");
			answer.is_err()
		});
		let filed = u32::from(refused.expect("there is an end")) - 1;
		assert_eq!(taken(PATIENT), filed * (room() + 600));
	});
}

#[test]
fn filing_and_erasing_over_and_over_takes_the_room_of_tombstones() {
	build_and_execute(|| {
		for number in 1..=10 {
			assert_ok!(on_chain(number).propose());
			assert_ok!(execute(PATIENT, on_chain(number).id()));
			assert_eq!(taken(PATIENT), u32::from(number) * TOMBSTONE_ROOM);
		}
		// What a keeper erases is none of the patient's.
		erased(anchored_note(20));
		assert_eq!(taken(PATIENT), 10 * TOMBSTONE_ROOM);
		assert!(!Quotas::<Test>::contains_key(identity(DOCTOR)));
	});
}

#[test]
fn what_the_patient_sealed_anew_of_another_s_takes_room_until_it_goes() {
	build_and_execute(|| {
		let first = Draft { content: inline(object(512, 1)), ..note(1) };
		assert_ok!(first.anchor(vec![first.vouched(HOSPITAL, Source)]));
		let id = first.id();
		assert_ok!(on_chain(2).reseal(id, 1));
		assert_eq!(taken(PATIENT), room() + 600);
		// The keeper pays for its own object, so that it stays when the record is retracted.
		assert_ok!(retract(DOCTOR, id));
		assert_eq!(taken(PATIENT), room());
		assert_eq!(HealthRecords::version(id, 1).unwrap().object, Some(object(512, 1)));
		assert_eq!(HealthRecords::version(id, 2).unwrap().object, None);
		erased(id);
		assert!(!Quotas::<Test>::contains_key(identity(PATIENT)));
	});
}

#[test]
fn wraps_and_tags_take_none() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(wrap_for(PATIENT, id, 1, &[identity(STRANGER)]));
		let tags = vec![salus_primitives::Tag([1; 16])].try_into().unwrap();
		assert_ok!(HealthRecords::set_tags(origin(PATIENT), id, tags));
		assert!(!Quotas::<Test>::contains_key(identity(PATIENT)));
	});
}
