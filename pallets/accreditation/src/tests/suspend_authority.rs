// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn the_regulator_suspends_and_reinstates() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(suspend_authority(signed(Alice), Registry));
		let (authority, by) = (identity(Registry), Some(identity(Alice)));
		System::assert_last_event(Event::AuthoritySuspended { authority, by }.into());
		let status = Accreditation::authority(authority).unwrap().status;
		assert_eq!(status, AuthorityStatus::Suspended { by });

		// Nothing new, and nothing void.
		let refused = grant(Registry, Bob, FacilityLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::AuthoritySuspended);
		assert_noop!(renew(Registry, id, day(60)), Error::<Test>::AuthoritySuspended);
		assert_eq!(practises([day(1), day(49)]), [true, true]);

		assert_ok!(reinstate_authority(signed(Alice), Registry));
		System::assert_last_event(Event::AuthorityReinstated { authority, by }.into());
		assert_ok!(grant(Registry, Bob, FacilityLicence, days(0, 9)));
	});
}

#[test]
fn suspending_a_regulator_stops_its_registrars() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(suspend_authority(root(), Alice));
		let event = Event::AuthoritySuspended { authority: identity(Alice), by: None };
		System::assert_last_event(event.into());
		let refused = grant(Registry, Bob, FacilityLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::ParentSuspended);
		assert_noop!(suspend_authority(signed(Alice), Registry), Error::<Test>::AuthoritySuspended);
		assert_ok!(reinstate_authority(root(), Alice));
		assert_ok!(grant(Registry, Bob, FacilityLicence, days(0, 9)));
	});
}

#[test]
fn a_regulator_does_not_undo_what_governance_imposed() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		// Not even when it was there first.
		assert_ok!(suspend_authority(signed(Alice), Registry));
		assert_ok!(suspend_authority(root(), Registry));
		let undone = reinstate_authority(signed(Alice), Registry);
		assert_noop!(undone, Error::<Test>::ImposedFromAbove);
		assert_ok!(reinstate_authority(root(), Registry));
		// But governance undoes a regulator's.
		assert_ok!(suspend_authority(signed(Alice), Registry));
		assert_ok!(reinstate_authority(root(), Registry));
	});
}

#[test]
fn refuses_twice() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		for by in [signed(Alice), root()] {
			let idle = reinstate_authority(by.clone(), Registry);
			assert_noop!(idle, Error::<Test>::NotSuspended);
			assert_ok!(suspend_authority(by.clone(), Registry));
			let again = suspend_authority(by.clone(), Registry);
			assert_noop!(again, Error::<Test>::AlreadySuspended);
			assert_ok!(reinstate_authority(by, Registry));
		}
		assert_ok!(suspend_authority(root(), Registry));
		let weaker = suspend_authority(signed(Alice), Registry);
		assert_noop!(weaker, Error::<Test>::AlreadySuspended);
	});
}

#[test]
fn refuses_all_but_those_above() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 100)));
		for stranger in [Charlie, Registry, Dave] {
			let refused = suspend_authority(signed(stranger), Registry);
			assert_noop!(refused, Error::<Test>::NotParent);
		}
		assert_noop!(suspend_authority(signed(Alice), Alice), Error::<Test>::NotParent);
		assert_noop!(suspend_authority(root(), Bob), Error::<Test>::AuthorityNotFound);
		assert_noop!(reinstate_authority(root(), Bob), Error::<Test>::AuthorityNotFound);
		assert_ok!(suspend_authority(root(), Registry));
		let refused = reinstate_authority(signed(Charlie), Registry);
		assert_noop!(refused, Error::<Test>::NotParent);
		let nobody = suspend_authority(RuntimeOrigin::none(), Alice);
		assert_noop!(nobody, DispatchError::BadOrigin);
		let nobody = reinstate_authority(RuntimeOrigin::none(), Alice);
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}

#[test]
fn who_is_cut_off_is_not_suspended_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(remove_registrar(Alice, Registry, START));
		let refused = suspend_authority(signed(Alice), Registry);
		assert_noop!(refused, Error::<Test>::AuthorityCutOff);
	});
}
