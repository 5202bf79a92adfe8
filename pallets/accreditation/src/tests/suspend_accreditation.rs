// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn it_rests_until_the_end_of_the_suspension() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(suspend(signed(Registry), id, Some(day(8))));

		assert_eq!(practises([day(5) - 1, day(5), day(8) - 1, day(8)]), [true, false, false, true]);
		assert_eq!(Accreditation::accreditation(id).unwrap().standing, Standing::Suspended);
		System::assert_last_event(
			Event::AccreditationSuspended {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				until: Some(day(8)),
				reason: SuspensionReason::UnderInvestigation,
				by: Some(identity(Registry)),
			}
			.into(),
		);
	});
}

#[test]
fn issuer_regulator_and_governance_may_each_for_itself() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		for by in [signed(Registry), signed(Alice), root()] {
			assert_ok!(suspend(by.clone(), id, Some(day(8))));
			for as_long in [day(7), day(8)] {
				let again = suspend(by.clone(), id, Some(as_long));
				assert_noop!(again, Error::<Test>::AlreadySuspended);
			}
			assert_ok!(suspend(by.clone(), id, Some(day(9))));
			assert_ok!(suspend(by.clone(), id, None));
			let endless = suspend(by, id, None);
			assert_noop!(endless, Error::<Test>::AlreadySuspended);
		}
	});
}

#[test]
fn the_end_lies_ahead() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		for past in [0, day(4), day(5)] {
			let refused = suspend(signed(Registry), id, Some(past));
			assert_noop!(refused, Error::<Test>::SuspensionOver);
		}
		assert_ok!(suspend(signed(Registry), id, Some(day(5) + 1)));
	});
}

#[test]
fn refuses_one_that_expired_and_one_that_ended() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let expired = licensed(days(0, 5));
		let revoked = licensed(days(0, 50));
		assert_ok!(revoke(root(), revoked, START));
		let surrendered = licensed(days(0, 50));
		assert_ok!(surrender(Dave, surrendered));
		at(day(5));
		let suspend = |id| suspend(signed(Registry), id, None);
		assert_noop!(suspend(expired), Error::<Test>::AlreadyExpired);
		assert_noop!(suspend(revoked), Error::<Test>::AlreadyRevoked);
		assert_noop!(suspend(surrendered), Error::<Test>::AlreadySurrendered);
		assert_noop!(suspend(AccreditationId(9)), Error::<Test>::AccreditationNotFound);
		assert_ok!(renew(Registry, expired, day(9)));
		assert_ok!(suspend(expired));
	});
}

#[test]
fn refuses_who_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint_registrar(Alice, OtherRegistry, wide(), days(0, 9)));
		let id = licensed(days(0, 50));
		for stranger in [OtherRegistry, Dave, Bob] {
			assert_noop!(suspend(signed(stranger), id, None), Error::<Test>::NotIssuer);
		}
		assert_noop!(suspend(RuntimeOrigin::none(), id, None), DispatchError::BadOrigin);
		assert_ok!(suspend_authority(signed(Alice), Registry));
		let refused = suspend(signed(Registry), id, None);
		assert_noop!(refused, Error::<Test>::AuthoritySuspended);
	});
}

#[test]
fn a_suspension_by_who_was_cut_off_counts_all_the_same() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(suspend(signed(Registry), id, None));
		at(day(6));
		assert_ok!(remove_registrar(Alice, Registry, day(4)));
		assert_eq!(practises([day(4), day(5)]), [true, false]);
		assert_ok!(lift(signed(Alice), id));
		assert_eq!(practises([day(6)]), [true]);
	});
}

#[test]
fn an_affiliation_rests_with_the_licence() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		granted(Bob, FacilityLicence, days(0, 50));
		let id = licensed(days(0, 50));
		affiliated(Bob, Role::Nurse, days(0, 50));
		assert_ok!(suspend(root(), id, Some(day(2))));
		assert_eq!(in_force(day(1)), []);
		assert_eq!(in_force(day(2)), [(identity(Bob), Role::Nurse)]);
	});
}
