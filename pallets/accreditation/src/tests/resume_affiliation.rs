// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn it_counts_again_and_the_rest_stays_a_rest() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		at(day(5));
		assert_ok!(rest(Bob, id, None));
		at(day(8));
		assert_eq!(in_force(day(8)), []);
		assert_ok!(resume(Bob, id));

		let works = |moment| in_force(moment).len() == 1;
		assert_eq!([day(5) - 1, day(5), day(8) - 1, day(8)].map(works), [true, false, false, true]);
		System::assert_last_event(
			Event::AffiliationResumed {
				affiliation: id,
				organisation: identity(Bob),
				practitioner: identity(Dave),
			}
			.into(),
		);
	});
}

#[test]
fn one_resumed_in_the_same_millisecond_never_rested() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		for _ in 0..=MAX_SUSPENSIONS {
			assert_ok!(rest(Bob, id, None));
			assert_ok!(resume(Bob, id));
		}
		assert_eq!(Accreditation::affiliation(id).unwrap().suspensions.to_vec(), []);
		assert_eq!(in_force(START).len(), 1);
	});
}

#[test]
fn refuses_what_does_not_rest() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		assert_noop!(resume(Bob, id), Error::<Test>::NotSuspended);
		assert_ok!(rest(Bob, id, Some(day(1))));
		at(day(1));
		assert_noop!(resume(Bob, id), Error::<Test>::NotSuspended);
	});
}

#[test]
fn refuses_all_but_the_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		assert_ok!(rest(Bob, id, None));
		for stranger in [Dave, Charlie] {
			assert_noop!(resume(stranger, id), Error::<Test>::NotOrganisation);
		}
		assert_noop!(resume(Bob, AffiliationId(9)), Error::<Test>::AffiliationNotFound);
		let invitation = invited(Bob, Role::Physician, days(0, 50));
		assert_noop!(resume(Bob, invitation), Error::<Test>::NotAccepted);
		at(day(50));
		assert_noop!(resume(Bob, id), Error::<Test>::AlreadyOver);
		let governance = Accreditation::resume_affiliation(root(), id);
		assert_noop!(governance, DispatchError::BadOrigin);
	});
}
