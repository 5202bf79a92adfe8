// SPDX-License-Identifier: Apache-2.0

use super::*;
use sp_runtime::{BuildStorage, DispatchError};

fn set(class: RecordClass, policy: ValidationPolicy) -> DispatchResult {
	HealthRecords::set_validation_policy(RuntimeOrigin::root(), class, policy)
}

#[test]
fn governance_opens_a_class() {
	build_and_execute(|| {
		assert_ok!(set(RecordClass::Imaging, READINGS));
		let (class, policy) = (RecordClass::Imaging, READINGS);
		assert_eq!(events(), [Event::ValidationPolicySet { class, policy }]);
		assert_eq!(HealthRecords::policy(class), Some(READINGS));
		assert_ok!(Draft { class, ..note(1) }.propose());
	});
}

#[test]
fn nobody_else_does() {
	build_and_execute(|| {
		let by_hospital =
			HealthRecords::set_validation_policy(origin(HOSPITAL), RecordClass::Clinical, READINGS);
		assert_noop!(by_hospital, DispatchError::BadOrigin);
	});
}

#[test]
fn a_policy_that_cannot_be_met_is_refused() {
	build_and_execute(|| {
		let endless = ValidationPolicy { time_to_live: 0, ..CLINICAL };
		let empty = ValidationPolicy { source: Requirement::default(), ..CLINICAL };
		for unsound in [endless, empty] {
			assert_noop!(set(RecordClass::Clinical, unsound), E::UnsoundPolicy);
		}
	});
}

#[test]
fn what_waits_keeps_the_policy_it_was_filed_under() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		assert_ok!(set(RecordClass::Clinical, LAB));
		assert_ok!(note(2).propose());
		let [old, new] = [1, 2].map(|number| note(number).id());

		assert_eq!(current(new).stage, Stage::Open { deadline: START + 2 * DAY, policy: LAB });
		assert_noop!(pass(HOSPITAL, new, 1, Source), E::AttestorNotQualified);
		assert_ok!(pass(HOSPITAL, old, 1, Source));
		assert_eq!(status(old), RecordStatus::Validated);
	});
}

#[test]
fn what_waits_keeps_its_deadline() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		assert_ok!(set(RecordClass::Clinical, ValidationPolicy { time_to_live: 1, ..CLINICAL }));
		set_time(START + DAY - 1);
		assert_ok!(pass(HOSPITAL, note(1).id(), 1, Source));
	});
}

#[test]
fn an_amendment_falls_under_the_policy_of_its_day() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(set(RecordClass::Clinical, READINGS));
		let next = note(2);
		assert_ok!(next.amend(id, 1, vec![next.vouched_as(id, 2, COLLEAGUE, Accuracy)]));
		assert_eq!(current(id).number, 2);
	});
}

#[test]
#[should_panic(expected = "the policy for genomic cannot be met")]
fn genesis_refuses_a_policy_that_cannot_be_met() {
	let policies = vec![(RecordClass::Genomic, ValidationPolicy { time_to_live: 0, ..CLINICAL })];
	let _ = GenesisConfig::<Test> { policies, ..Default::default() }.build_storage();
}

#[test]
fn a_deadline_beyond_all_time_is_the_end_of_time() {
	build_and_execute(|| {
		let policy = ValidationPolicy { time_to_live: u64::MAX, ..CLINICAL };
		assert_ok!(set(RecordClass::Clinical, policy));
		assert_ok!(note(1).propose());
		assert_eq!(current(note(1).id()).stage, Stage::Open { deadline: u64::MAX, policy });
	});
}
