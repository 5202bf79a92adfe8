// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use salus_primitives::{EmergencyId, ReviewOutcome::*};

fn reviewed(outcome: salus_primitives::ReviewOutcome) -> EmergencyId {
	let id = ended(Some(1));
	assert_ok!(review(signed(Charlie), id, outcome));
	id
}

#[test]
fn sends_a_justified_one_to_governance() {
	in_emergency(|| {
		let id = reviewed(Justified);
		System::reset_events();
		go_to(START + 7);
		assert_ok!(contest(id));
		assert_eq!(row(id).contest, Some(Contest { at: START + 7, settled: false }));
		assert_eq!(standing(id), EmergencyStanding::Contested);
		assert!(PendingReviews::<Test>::contains_key(id));
		let (subject, by) = (identity(Alice), identity(Alice));
		assert_eq!(events(), [Event::AccessContested { emergency: id, subject, by }]);

		assert_noop!(review(signed(Charlie), id, Justified), Error::<Test>::ForGovernance);
		assert_ok!(review(RuntimeOrigin::root(), id, Unjustified));
		assert_eq!(standing(id), EmergencyStanding::Unjustified);
		assert_eq!(Consent::claimant(identity(Bob)).strikes, 1);
		assert!(!PendingReviews::<Test>::contains_key(id));
	});
}

#[test]
fn takes_a_review_that_waits_from_the_officers() {
	in_emergency(|| {
		let id = ended(Some(1));
		assert!(has_deadline(id));
		assert_ok!(contest(id));
		assert!(!has_deadline(id));
		assert_noop!(review(signed(Charlie), id, Justified), Error::<Test>::ForGovernance);
		assert_ok!(review(RuntimeOrigin::root(), id, Justified));
		assert_eq!(standing(id), EmergencyStanding::Justified);
	});
}

#[test]
fn of_what_is_with_governance_is_noted() {
	in_emergency(|| {
		let id = reviewed(Escalated);
		assert_ok!(contest(id));
		assert_eq!(standing(id), EmergencyStanding::Contested);
		assert_ok!(review(RuntimeOrigin::root(), id, Justified));
		assert_eq!(standing(id), EmergencyStanding::Justified);
		assert_noop!(contest(id), Error::<Test>::AlreadyContested);
	});
}

#[test]
fn is_heard_once_also_after_governances_own_word() {
	in_emergency(|| {
		let id = ended(Some(1));
		assert_ok!(review(RuntimeOrigin::root(), id, Justified));
		assert_ok!(contest(id));
		assert_noop!(contest(id), Error::<Test>::AlreadyContested);
		assert_ok!(review(RuntimeOrigin::root(), id, Justified));
		assert_noop!(contest(id), Error::<Test>::AlreadyContested);
	});
}

#[test]
fn has_its_time() {
	in_emergency(|| {
		assert_noop!(contest(EmergencyId(0)), Error::<Test>::EmergencyNotFound);
		let [open, late] = [broken(Bob, Some(1)), broken(Charlie, Some(1))];
		assert_noop!(contest(open), Error::<Test>::ContestTooEarly);
		go_to(UNTIL);
		assert_ok!(contest(open));
		go_to(UNTIL + 30 * DAY - 1);
		let in_time = frame_support::hypothetically!(contest(late));
		assert_ok!(in_time);
		go_to(UNTIL + 30 * DAY);
		assert_noop!(contest(late), Error::<Test>::ContestTooLate);
	});
}

#[test]
fn is_for_the_subject() {
	in_emergency(|| {
		let id = ended(Some(1));
		for who in [Bob, Charlie, Dave, Eve] {
			assert_noop!(Consent::contest(signed(who), id), BadOrigin);
		}
		assert_noop!(Consent::contest(RuntimeOrigin::root(), id), BadOrigin);
	});
}

#[test]
fn has_nothing_to_say_to_what_was_found_without_need() {
	in_emergency(|| {
		let id = reviewed(Unjustified);
		assert_noop!(contest(id), Error::<Test>::FoundUnjustified);
	});
}
