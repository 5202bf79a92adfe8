// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::records::{RecordFacts, RecordInspect};

#[test]
fn facts_are_known_from_the_proposal_on() {
	build_and_execute(|| {
		assert_eq!(HealthRecords::facts(&note(1).id()), None);
		assert_ok!(note(1).propose());
		let facts = RecordFacts {
			subject: identity(PATIENT),
			author: identity(DOCTOR),
			organisation: Some(identity(HOSPITAL)),
			class: RecordClass::Clinical,
			compartment: 0,
			created: START,
		};
		assert_eq!(HealthRecords::facts(&note(1).id()), Some(facts.clone()));
		assert_ok!(retract(DOCTOR, note(1).id()));
		assert_eq!(HealthRecords::facts(&note(1).id()), Some(facts));
	});
}

#[test]
fn facts_name_who_filed_and_when_whatever_is_amended() {
	build_and_execute(|| {
		let id = anchored_note(1);
		set_time(START + 1);
		let next = Draft { author: HOSPITAL, ..note(2) };
		let vouched = signed(HOSPITAL, &next.statement(id, 2, Source));
		assert_ok!(next.amend(id, 1, vec![vouched]));
		let facts = HealthRecords::facts(&id).unwrap();
		assert_eq!((facts.author, facts.created), (identity(DOCTOR), START));
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_of_others_get_records() {
	// Filed for nobody's rent, so the invariants do not hold.
	new_test_ext().execute_with(|| {
		let file = || HealthRecords::bench_record(&identity(PATIENT), &identity(HOSPITAL), 9);
		let (first, second) = (file(), file());
		assert_ne!(first, second);
		let facts = HealthRecords::facts(&second).unwrap();
		assert_eq!((facts.subject, facts.compartment), (identity(PATIENT), 9));
	});
}
