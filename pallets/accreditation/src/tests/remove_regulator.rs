// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn voids_what_was_granted_from_then_on_and_spares_the_rest() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		at(day(5) - 1);
		granted(Dave, PractitionerLicence, days(0, 50));
		at(day(5));
		granted(Bob, FacilityLicence, days(0, 50));
		at(day(7));
		assert_ok!(cut_off(Alice, day(5)));

		assert!(is_accredited(Dave, PractitionerLicence, day(7)));
		for moment in [5, 7, 40] {
			assert!(!is_accredited(Bob, FacilityLicence, day(moment)));
		}
		let event = Event::AuthorityRemoved { authority: identity(Alice), cutoff: day(5) };
		assert_eq!(last_event(), event.into());
	});
}

#[test]
fn reaches_further_back_but_never_forward() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Dave, PractitionerLicence, days(0, 50));
		at(day(5));
		assert_ok!(cut_off(Alice, day(3)));
		assert!(is_accredited(Dave, PractitionerLicence, day(5)));
		for later in [day(3), day(4)] {
			assert_noop!(cut_off(Alice, later), Error::<Test>::CutOffNotEarlier);
		}
		assert_ok!(cut_off(Alice, START));
		assert!(!is_accredited(Dave, PractitionerLicence, day(5)));
	});
}

#[test]
fn refuses_a_moment_ahead() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_noop!(cut_off(Alice, START + 1), Error::<Test>::CutOffAhead);
		assert_ok!(cut_off(Alice, START));
	});
}

#[test]
fn refuses_who_is_no_authority() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(cut_off(Bob, START), Error::<Test>::AuthorityNotFound);
	});
}

#[test]
fn refuses_all_but_governance() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let refused = Accreditation::remove_regulator(signed(Alice), identity(Alice), START);
		assert_noop!(refused, DispatchError::BadOrigin);
	});
}

#[test]
fn is_one_write_whatever_the_number_of_dependants() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let before: Vec<_> = HeldAccreditations::<Test>::iter().collect();
		assert_ok!(cut_off(Alice, START));
		let after: Vec<_> = HeldAccreditations::<Test>::iter().collect();
		assert_eq!(before, after);
		assert!(!is_accredited(Bob, FacilityLicence, START));
	});
}
