// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_moment_inside_a_lifted_suspension_stays_suspended() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(suspend(signed(Registry), id, None));
		at(day(8));
		assert_eq!(practises([day(8)]), [false]);
		assert_ok!(lift(signed(Registry), id));

		assert_eq!(practises([day(5) - 1, day(5), day(8) - 1, day(8)]), [true, false, false, true]);
		System::assert_last_event(
			Event::SuspensionLifted {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				by: Some(identity(Registry)),
			}
			.into(),
		);
		let said: Vec<_> =
			Accreditation::status_log(id).unwrap().iter().map(|line| line.at).collect();
		assert_eq!(said, [day(5), day(8)]);
	});
}

#[test]
fn nobody_lifts_what_a_higher_body_imposed() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(suspend(signed(Alice), id, None));
		assert_noop!(lift(signed(Registry), id), Error::<Test>::ImposedFromAbove);
		assert_ok!(suspend(root(), id, None));
		// Of its own one only.
		assert_ok!(lift(signed(Alice), id));
		assert_eq!(practises([START]), [false]);
		assert_noop!(lift(signed(Alice), id), Error::<Test>::ImposedFromAbove);
		assert_ok!(suspend(signed(Registry), id, None));
		assert_ok!(lift(root(), id));
		assert_eq!(practises([START]), [true]);
		assert_noop!(lift(root(), id), Error::<Test>::NotSuspended);
	});
}

#[test]
fn refuses_what_is_not_suspended_or_is_over() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_noop!(lift(root(), id), Error::<Test>::NotSuspended);
		assert_ok!(suspend(root(), id, Some(day(2))));
		at(day(2));
		assert_noop!(lift(root(), id), Error::<Test>::NotSuspended);
		assert_ok!(suspend(root(), id, None));
		assert_ok!(revoke(root(), id, day(2)));
		assert_noop!(lift(root(), id), Error::<Test>::AlreadyRevoked);
		let other = licensed(days(0, 50));
		assert_ok!(suspend(root(), other, None));
		assert_ok!(surrender(Dave, other));
		assert_noop!(lift(root(), other), Error::<Test>::AlreadySurrendered);
		let unknown = lift(root(), AccreditationId(9));
		assert_noop!(unknown, Error::<Test>::AccreditationNotFound);
	});
}

#[test]
fn refuses_who_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(suspend(signed(Registry), id, None));
		for stranger in [Dave, Bob] {
			assert_noop!(lift(signed(stranger), id), Error::<Test>::NotIssuer);
		}
		assert_noop!(lift(RuntimeOrigin::none(), id), DispatchError::BadOrigin);
		// To lift is to allow: that takes an open office.
		assert_ok!(appoint_registrar(Alice, Registry, wide(), days(1, 2)));
		assert_noop!(lift(signed(Registry), id), Error::<Test>::NotInOffice);
		assert_ok!(suspend_authority(root(), Registry));
		assert_noop!(lift(signed(Registry), id), Error::<Test>::AuthoritySuspended);
		assert_ok!(lift(signed(Alice), id));
	});
}

#[test]
fn a_lifting_from_a_cut_off_on_is_void() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(suspend(signed(Registry), id, None));
		at(day(8));
		assert_ok!(lift(signed(Registry), id));
		assert_eq!(practises([day(9)]), [true]);
		assert_ok!(remove_registrar(Alice, Registry, day(7)));
		assert_eq!(practises([day(4), day(9)]), [true, false]);
		assert_ok!(lift(signed(Alice), id));
		assert_eq!(practises([day(7), day(8)]), [false, true]);
	});
}

#[test]
fn a_place_for_it_is_always_left() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		let open = MAX_STATUS_CHANGES - PLACES_KEPT;
		for n in 0..open - 3 {
			assert_ok!(suspend(root(), id, Some(START + 1 + u64::from(n))));
		}
		at(day(1));
		let bodies = [signed(Registry), signed(Alice), root()];
		for by in &bodies {
			assert_ok!(suspend(by.clone(), id, None));
		}
		at(day(2));
		assert_noop!(suspend(root(), id, Some(day(9))), Error::<Test>::AlreadySuspended);
		for by in bodies {
			assert_ok!(lift(by, id));
		}
		assert_eq!(practises([day(2)]), [true]);
		assert_noop!(suspend(root(), id, None), Error::<Test>::StatusLogFull);
	});
}
