// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use salus_primitives::EmergencyId;

#[test]
fn ends_it_at_once() {
	in_emergency(|| {
		let id = broken(Bob, None);
		go_to(START + 5);
		assert!(decide(for_emergency(Bob, RESULT)).is_permit());
		System::reset_events();
		assert_ok!(close(Bob, id));
		assert_eq!(decide(for_emergency(Bob, RESULT)), COULD_BREAK);
		assert_eq!(row(id).closed, Some(Closing { at: START + 5, by: identity(Bob) }));
		assert_eq!(standing(id), EmergencyStanding::AwaitingReview);
		let (subject, by) = (identity(Alice), identity(Bob));
		assert_eq!(events(), [Event::GlassClosed { emergency: id, subject, by }]);
	});
}

#[test]
fn is_for_the_claimant_its_organisation_and_the_subject() {
	in_emergency(|| {
		let id = broken(Bob, None);
		for stranger in [Charlie, Dave, One, Ferdie] {
			assert_noop!(close(stranger, id), Error::<Test>::NotYourEmergency);
		}
		assert_noop!(Consent::close_break_glass(RuntimeOrigin::root(), id), BadOrigin);
		assert_ok!(close(Bob, id));
		for who in [Eve, Alice] {
			let id = broken(Bob, None);
			assert_ok!(close(who, id));
			assert_eq!(row(id).closed, Some(Closing { at: START, by: identity(who) }));
		}
	});
}

#[test]
fn is_done_once_and_before_its_end() {
	in_emergency(|| {
		assert_noop!(close(Bob, EmergencyId(0)), Error::<Test>::EmergencyNotFound);
		let id = ended(None);
		assert_noop!(close(Bob, id), Error::<Test>::EmergencyClosed);
		let id = broken(Bob, None);
		go_to(UNTIL);
		assert_noop!(close(Bob, id), Error::<Test>::EmergencyClosed);
	});
}

#[test]
fn by_who_left_is_still_possible() {
	in_emergency(|| {
		let id = broken(Bob, None);
		Accreditations::affiliate(identity(Bob), &[]);
		assert_ok!(close(Bob, id));
	});
}
