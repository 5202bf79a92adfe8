// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn spares_what_was_granted_before_and_voids_the_rest() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		at(day(5) - 1);
		let before = licensed(days(0, 50));
		at(day(5));
		let from_then_on = granted_by(Registry, Bob, FacilityLicence, days(0, 50));
		at(day(7));
		assert_ok!(remove_registrar(Alice, Registry, day(5)));

		assert!(is_accredited(Dave, PractitionerLicence, day(7)));
		assert!(!is_accredited(Bob, FacilityLicence, day(6)));
		let standing = |id| Accreditation::explain_accreditation(id, day(7));
		assert_eq!(standing(before), Standing::InForce);
		assert_eq!(standing(from_then_on), Standing::IssuerCutOff);
		System::assert_last_event(
			Event::AuthorityRemoved {
				authority: identity(Registry),
				cutoff: day(5),
				by: Some(identity(Alice)),
			}
			.into(),
		);
		// The regulator itself goes on.
		assert_ok!(grant(Alice, Charlie, FacilityLicence, days(0, 50)));
	});
}

#[test]
fn what_was_renewed_from_a_cut_off_on_falls_back_to_its_state_before() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		at(day(5));
		assert_ok!(renew(Registry, id, day(30)));
		at(day(12));
		assert_eq!(practises([day(12)]), [true]);
		assert_ok!(remove_registrar(Alice, Registry, day(5)));
		assert_eq!(practises([day(10) - 1, day(10), day(12)]), [true, false, false]);
		assert_eq!(Accreditation::accreditation(id).unwrap().until, day(10));
	});
}

#[test]
fn reaches_further_back_but_never_forward() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		at(day(5));
		let remove = |cutoff| remove_registrar(Alice, Registry, cutoff);
		assert_noop!(remove(day(5) + 1), Error::<Test>::CutOffAhead);
		assert_ok!(remove(day(3)));
		for later in [day(3), day(4)] {
			assert_noop!(remove(later), Error::<Test>::CutOffNotEarlier);
		}
		assert_ok!(remove(0));
	});
}

#[test]
fn refuses_all_but_the_regulator_that_appointed_it() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 100)));
		for stranger in [Charlie, Registry, Bob] {
			let refused = remove_registrar(stranger, Registry, START);
			assert_noop!(refused, Error::<Test>::NotParent);
		}
		// A regulator has no regulator above it.
		assert_noop!(remove_registrar(Alice, Charlie, START), Error::<Test>::NotParent);
		assert_noop!(remove_registrar(Alice, Alice, START), Error::<Test>::NotParent);
		assert_noop!(remove_registrar(Alice, Bob, START), Error::<Test>::AuthorityNotFound);
		let governance = Accreditation::remove_registrar(root(), identity(Registry), START);
		assert_noop!(governance, DispatchError::BadOrigin);
	});
}

#[test]
fn a_suspended_regulator_removes_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(suspend_authority(root(), Alice));
		let refused = remove_registrar(Alice, Registry, START);
		assert_noop!(refused, Error::<Test>::AuthoritySuspended);
	});
}
