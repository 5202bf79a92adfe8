// SPDX-License-Identifier: Apache-2.0

use super::{wraps::*, *};

#[test]
fn takes_shares_away_and_gives_the_rent_back() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let before = held(DOCTOR);
		let readers = [identity(COLLEAGUE), identity(HOSPITAL), identity(STRANGER)];
		assert_ok!(wrap_for(DOCTOR, id, 1, &readers));
		events();
		assert_ok!(drop_wraps(PATIENT, id, 1, &readers[..2]));

		assert_eq!(HealthRecords::wrap_for(id, 1, readers[0]), None);
		assert_eq!(HealthRecords::wrap_for(id, 1, readers[1]), None);
		assert_eq!(HealthRecords::wrap_for(id, 1, readers[2]), Some(wrap_to(readers[2])));
		assert_eq!(WrapCount::<Test>::get(id, 1), 1);
		// To who paid it, whoever drops them.
		assert_eq!(held(DOCTOR), before + wrap_rent());
		assert_eq!(
			events(),
			[Event::WrapsDropped {
				record: id,
				version: 1,
				by: identity(PATIENT),
				recipients: readers[..2].to_vec().try_into().unwrap(),
			}]
		);
		assert_ok!(drop_wraps(DOCTOR, id, 1, &readers[2..]));
		assert!(!WrapCount::<Test>::contains_key(id, 1));
	});
}

#[test]
fn a_recipient_drops_its_own() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let (own, other) = (identity(STRANGER), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[own, other]));
		assert_noop!(drop_wraps(STRANGER, id, 1, &[other]), E::NotSubjectOrKeeper);
		assert_noop!(drop_wraps(STRANGER, id, 1, &[own, other]), E::NotSubjectOrKeeper);
		assert_noop!(drop_wraps(OTHER_PATIENT, id, 1, &[own]), E::NotSubjectOrKeeper);
		assert_ok!(drop_wraps(STRANGER, id, 1, &[own]));
		for who in [PATIENT, HOSPITAL, DOCTOR] {
			assert_ok!(wrap_for(DOCTOR, id, 1, &[own]));
			assert_ok!(drop_wraps(who, id, 1, &[own]));
		}
		assert_noop!(drop_wraps(NOBODY, id, 1, &[other]), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn all_that_it_names_are_there_once() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		let unknown = RecordId([1; 32]);
		assert_noop!(drop_wraps(DOCTOR, unknown, 1, &[reader]), E::RecordNotFound);
		assert_noop!(drop_wraps(DOCTOR, id, 1, &[]), E::NothingNamed);
		assert_noop!(drop_wraps(DOCTOR, id, 2, &[reader]), E::WrapNotFound);
		let beside = [reader, identity(STRANGER)];
		assert_noop!(drop_wraps(DOCTOR, id, 1, &beside), E::WrapNotFound);
		assert_noop!(drop_wraps(DOCTOR, id, 1, &[reader, reader]), E::DuplicateRecipient);
		assert_ok!(drop_wraps(DOCTOR, id, 1, &[reader]));
		assert_noop!(drop_wraps(DOCTOR, id, 1, &[reader]), E::WrapNotFound);
	});
}

#[test]
fn the_rows_of_a_retracted_record_can_go() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		let before = held(DOCTOR);
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		assert_ok!(retract(DOCTOR, id));
		assert_ok!(drop_wraps(DOCTOR, id, 1, &[reader]));
		assert_eq!(held(DOCTOR), before);
	});
}
