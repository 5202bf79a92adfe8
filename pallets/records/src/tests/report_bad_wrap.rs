// SPDX-License-Identifier: Apache-2.0

use super::{wraps::*, *};

fn report(who: Sr25519Keyring, record: RecordId, version: RecordVersion) -> DispatchResult {
	HealthRecords::report_bad_wrap(origin(who), record, version)
}

#[test]
fn is_counted_and_announced() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		let before = HealthRecords::version(id, 1);
		events();
		assert_ok!(report(COLLEAGUE, id, 1));
		assert_ok!(report(PATIENT, id, 1));

		assert_eq!(HealthRecords::bad_wrap_reports(id, 1), 2);
		assert_eq!(HealthRecords::bad_wrap_reports(id, 2), 0);
		let reported = |by| Event::BadWrapReported { record: id, version: 1, by: identity(by) };
		assert_eq!(events(), [reported(COLLEAGUE), reported(PATIENT)]);
		// It changes nothing else.
		assert_eq!(HealthRecords::version(id, 1), before);
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), Some(wrap_to(reader)));
	});
}

#[test]
fn is_for_the_subject_and_recipients_of_that_version() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(wrap_for(DOCTOR, id, 1, &[identity(COLLEAGUE)]));
		amended(id, 2);
		for who in [DOCTOR, HOSPITAL, STRANGER, OTHER_PATIENT] {
			assert_noop!(report(who, id, 1), E::NotRecipient);
		}
		assert_noop!(report(COLLEAGUE, id, 2), E::NotRecipient);
		assert_ok!(report(COLLEAGUE, id, 1));
		assert_ok!(report(PATIENT, id, 2));
		assert_ok!(drop_wraps(COLLEAGUE, id, 1, &[identity(COLLEAGUE)]));
		assert_noop!(report(COLLEAGUE, id, 1), E::NotRecipient);
		assert_noop!(report(NOBODY, id, 1), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn is_about_a_version_that_serves_keys() {
	build_and_execute(|| {
		assert_noop!(report(PATIENT, RecordId([1; 32]), 1), E::RecordNotFound);
		assert_ok!(note(1).propose());
		assert_noop!(report(PATIENT, note(1).id(), 1), E::NoKeysServed);
		let id = anchored_note(2);
		assert_noop!(report(PATIENT, id, 2), E::VersionNotFound);
		assert_ok!(retract(DOCTOR, id));
		assert_noop!(report(PATIENT, id, 1), E::NoKeysServed);
	});
}

#[test]
fn the_count_stops_at_its_end() {
	build_and_execute(|| {
		let id = anchored_note(1);
		BadWrapReports::<Test>::insert(id, 1, u32::MAX - 1);
		for _ in 0..3 {
			assert_ok!(report(PATIENT, id, 1));
		}
		assert_eq!(HealthRecords::bad_wrap_reports(id, 1), u32::MAX);
	});
}
