// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn either_ends_it_in_the_same_block() {
	for (by, other) in [(Bob, Dave), (Dave, Bob)] {
		ExtBuilder::default().build_and_execute(|| {
			with_licences();
			let id = affiliated(Bob, Role::Nurse, days(0, 9));
			at(day(3));
			assert_eq!(in_force(day(3)).len(), 1);
			assert_ok!(end(by, id));

			assert_eq!(in_force(day(3)), []);
			assert_eq!(in_force(day(3) - 1).len(), 1);
			assert_eq!(held(Bob, HoldReason::Affiliation), AFFILIATION_DEPOSIT);
			assert_eq!(
				last_event(),
				Event::AffiliationEnded {
					affiliation: id,
					organisation: identity(Bob),
					practitioner: identity(Dave),
					by: identity(by),
					at: day(3),
				}
				.into()
			);
			assert_noop!(end(other, id), Error::<Test>::AlreadyOver);
		});
	}
}

#[test]
fn either_closes_an_invitation() {
	for by in [Bob, Dave] {
		ExtBuilder::default().build_and_execute(|| {
			with_licences();
			let id = invited(Bob, Role::Nurse, days(0, 9));
			assert_ok!(end(by, id));

			assert_eq!(Accreditation::affiliation(id), None);
			assert_eq!(held(Bob, HoldReason::Affiliation), 0);
			assert!(!OpenInvitations::<Test>::contains_key(identity(Bob)));
			assert_eq!(
				last_event(),
				Event::InvitationClosed {
					affiliation: id,
					organisation: identity(Bob),
					practitioner: identity(Dave),
					by: identity(by),
				}
				.into()
			);
			assert_noop!(accept(id), Error::<Test>::AffiliationNotFound);
		});
	}
}

#[test]
fn what_has_not_begun_never_begins() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(5, 9));
		at(day(1));
		assert_ok!(end(Dave, id));
		at(day(6));
		assert_eq!(in_force(day(6)), []);
		assert_noop!(end(Dave, id), Error::<Test>::AlreadyOver);
	});
}

#[test]
fn refuses_what_ran_out_by_itself() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 2));
		at(day(2));
		assert_noop!(end(Dave, id), Error::<Test>::AlreadyOver);
	});
}

#[test]
fn refuses_strangers() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 2));
		for stranger in [Alice, Charlie, Eve] {
			assert_noop!(end(stranger, id), Error::<Test>::NotParty);
		}
		assert_noop!(end(Bob, AffiliationId(99)), Error::<Test>::AffiliationNotFound);
		let nobody = Accreditation::end_affiliation(RuntimeOrigin::root(), id);
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}
