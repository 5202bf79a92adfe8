// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn it_rests_until_the_end_of_the_suspension() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		at(day(5));
		assert_ok!(rest(Bob, id, Some(day(8))));

		let works = |moment| in_force(moment).len() == 1;
		assert_eq!([day(5) - 1, day(5), day(8) - 1, day(8)].map(works), [true, false, false, true]);
		let view = Accreditation::affiliation(id).unwrap();
		assert_eq!((view.suspensions.to_vec(), view.in_force), (vec![days(5, 8)], false));
		System::assert_last_event(
			Event::AffiliationSuspended {
				affiliation: id,
				organisation: identity(Bob),
				practitioner: identity(Dave),
				until: Some(day(8)),
			}
			.into(),
		);
	});
}

#[test]
fn the_other_affiliation_stays() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		affiliated(Bob, Role::Physician, days(0, 50));
		assert_ok!(rest(Bob, id, None));
		assert_eq!(in_force(START), [(identity(Bob), Role::Physician)]);
	});
}

#[test]
fn the_end_lies_ahead_and_one_at_a_time() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		at(day(5));
		for past in [0, day(5)] {
			assert_noop!(rest(Bob, id, Some(past)), Error::<Test>::SuspensionOver);
		}
		assert_ok!(rest(Bob, id, Some(day(5) + 1)));
		assert_noop!(rest(Bob, id, Some(day(9))), Error::<Test>::AlreadySuspended);
		at(day(5) + 1);
		assert_ok!(rest(Bob, id, None));
		assert_noop!(rest(Bob, id, None), Error::<Test>::AlreadySuspended);
	});
}

#[test]
fn so_often_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		for n in 0..u64::from(MAX_SUSPENSIONS) {
			at(day(n));
			assert_ok!(rest(Bob, id, Some(day(n) + 1)));
		}
		at(day(20));
		assert_noop!(rest(Bob, id, None), Error::<Test>::TooManySuspensions);
		// Every one of them is still told apart.
		for n in 0..u64::from(MAX_SUSPENSIONS) {
			assert_eq!(in_force(day(n)), []);
			assert_eq!(in_force(day(n) + 1).len(), 1);
		}
		assert_ok!(end(Bob, id));
	});
}

#[test]
fn refuses_all_but_the_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		for stranger in [Dave, Charlie, Alice] {
			assert_noop!(rest(stranger, id, None), Error::<Test>::NotOrganisation);
		}
		let unknown = rest(Bob, AffiliationId(9), None);
		assert_noop!(unknown, Error::<Test>::AffiliationNotFound);
		let governance = Accreditation::suspend_affiliation(root(), id, None);
		assert_noop!(governance, DispatchError::BadOrigin);
	});
}

#[test]
fn refuses_an_invitation_and_what_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let invitation = invited(Bob, Role::Physician, days(0, 50));
		assert_noop!(rest(Bob, invitation, None), Error::<Test>::NotAccepted);
		let over = affiliated(Bob, Role::Nurse, days(0, 2));
		at(day(2));
		assert_noop!(rest(Bob, over, None), Error::<Test>::AlreadyOver);
	});
}

#[test]
fn one_that_rests_takes_its_place_and_can_be_ended() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		assert_ok!(rest(Bob, id, None));
		let again = invited(Bob, Role::Nurse, days(0, 50));
		assert_noop!(accept(again), Error::<Test>::AlreadyAffiliated);
		at(START + 1);
		assert_ok!(end(Dave, id));
		assert_ok!(accept(again));
		assert_eq!(in_force(START + 1).len(), 1);
	});
}
