// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn lets_it_count_for_longer() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		at(day(9));
		assert_ok!(renew(Registry, id, day(20)));

		assert_eq!(practises([day(9), day(10), day(20) - 1, day(20)]), [true, true, true, false]);
		let view = Accreditation::accreditation(id).unwrap();
		assert_eq!((view.window, view.until), (days(0, 10), day(20)));
		System::assert_last_event(
			Event::AccreditationRenewed {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				until: day(20),
				by: identity(Registry),
			}
			.into(),
		);
		let line = StatusChange {
			at: day(9),
			change: Change::Renewed { until: day(20) },
			by: Some(identity(Registry)),
		};
		assert_eq!(Accreditation::status_log(id).unwrap().to_vec(), [line]);
		// It costs nothing more.
		assert_eq!(held(Registry, HoldReason::Accreditation), LICENCE_DEPOSIT);
	});
}

#[test]
fn what_had_expired_comes_back_and_the_gap_stays_a_gap() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		at(day(15));
		assert_ok!(renew(Registry, id, day(20)));
		assert_eq!(
			practises([day(10) - 1, day(10), day(15) - 1, day(15), day(20)]),
			[true, false, false, true, false]
		);
	});
}

#[test]
fn the_regulator_renews_as_the_successor_of_its_registrar() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		at(day(5));
		assert_ok!(remove_registrar(Alice, Registry, day(5)));
		assert_noop!(renew(Registry, id, day(20)), Error::<Test>::AuthorityCutOff);
		assert_ok!(renew(Alice, id, day(20)));
		assert_eq!(practises([day(15)]), [true]);
		// Nobody renews for a regulator that fell.
		assert_ok!(cut_off(Alice, day(5)));
		assert_eq!(practises([day(9), day(15)]), [true, false]);
		assert_noop!(renew(Alice, id, day(30)), Error::<Test>::AuthorityCutOff);
	});
}

#[test]
fn refuses_what_never_counted() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		assert_ok!(remove_registrar(Alice, Registry, START));
		assert_noop!(renew(Alice, id, day(20)), Error::<Test>::GrantVoid);
	});
}

#[test]
fn refuses_what_is_revoked_or_surrendered() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let first = licensed(days(0, 10));
		let second = licensed(days(0, 10));
		assert_ok!(revoke(signed(Registry), first, START));
		assert_ok!(surrender(Dave, second));
		assert_noop!(renew(Registry, first, day(20)), Error::<Test>::AlreadyRevoked);
		assert_noop!(renew(Registry, second, day(20)), Error::<Test>::AlreadySurrendered);
	});
}

#[test]
fn the_end_is_later_ahead_and_within_the_term() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		for earlier in [0, day(9), day(10)] {
			assert_noop!(renew(Registry, id, earlier), Error::<Test>::UntilNotLater);
		}
		for late in [START + TERM + 1, Moment::MAX] {
			assert_noop!(renew(Registry, id, late), Error::<Test>::TermTooLong);
		}
		at(day(15));
		for past in [day(12), day(15)] {
			assert_noop!(renew(Registry, id, past), Error::<Test>::WindowOver);
		}
		assert_ok!(renew(Registry, id, day(15) + 1));
		assert_ok!(renew(Registry, id, day(15) + TERM));
	});
}

#[test]
fn refuses_who_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 900)));
		let id = licensed(days(0, 10));
		for stranger in [Charlie, Dave, Bob] {
			assert_noop!(renew(stranger, id, day(20)), Error::<Test>::NotIssuer);
		}
		let governance = Accreditation::renew_accreditation(root(), id, day(20));
		assert_noop!(governance, DispatchError::BadOrigin);
		let unknown = renew(Registry, AccreditationId(9), day(20));
		assert_noop!(unknown, Error::<Test>::AccreditationNotFound);

		assert_ok!(suspend_authority(signed(Alice), Registry));
		assert_noop!(renew(Registry, id, day(20)), Error::<Test>::AuthoritySuspended);
		assert_ok!(reinstate_authority(signed(Alice), Registry));
		// Its office has to be open, and its scope has to allow it today.
		assert_ok!(appoint_registrar(Alice, Registry, wide(), days(1, 2)));
		assert_noop!(renew(Registry, id, day(20)), Error::<Test>::NotInOffice);
		let narrow = scope(&[FacilityLicence], &[DENMARK]);
		assert_ok!(appoint_registrar(Alice, Registry, narrow, days(0, 2)));
		assert_noop!(renew(Registry, id, day(20)), Error::<Test>::KindOutOfScope);
		let elsewhere = scope(&[PractitionerLicence], &[GERMANY]);
		assert_ok!(appoint_registrar(Alice, Registry, elsewhere, days(0, 2)));
		assert_noop!(renew(Registry, id, day(20)), Error::<Test>::JurisdictionOutOfScope);
	});
}

#[test]
fn a_suspension_goes_on() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		assert_ok!(suspend(signed(Registry), id, None));
		assert_ok!(renew(Registry, id, day(20)));
		assert_eq!(practises([day(5), day(15)]), [false, false]);
	});
}

#[test]
fn what_is_over_comes_back_while_there_is_room_for_its_kind() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let first = licensed(days(0, 2));
		let second = licensed(days(0, 9));
		at(day(1));
		// At the cap: what is not over has a place already.
		assert_ok!(renew(Registry, first, day(3)));
		at(day(3));
		let third = licensed(days(3, 9));
		assert_noop!(renew(Registry, first, day(20)), Error::<Test>::TooManyOfKind);
		assert_noop!(renew(Alice, first, day(20)), Error::<Test>::TooManyOfKind);
		assert_ok!(renew(Registry, second, day(10)));
		assert_ok!(surrender(Dave, third));
		assert_ok!(renew(Registry, first, day(20)));
		let refused = grant(Alice, Dave, PractitionerLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::TooManyOfKind);
		assert_eq!(practises([day(2), day(15), day(20)]), [true, true, false]);
	});
}

#[test]
fn so_many_renewals_run_at_a_time_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 10));
		let ahead = u64::from(MAX_RENEWALS_AHEAD);
		for n in 0..ahead {
			assert_ok!(renew(Registry, id, day(11 + n)));
		}
		assert_noop!(renew(Registry, id, day(50)), Error::<Test>::TooManyRenewals);
		// Nobody else gets past it, and the end is never refused for it.
		assert_noop!(renew(Alice, id, day(50)), Error::<Test>::TooManyRenewals);
		at(day(11) - 1);
		assert_noop!(renew(Registry, id, day(50)), Error::<Test>::TooManyRenewals);
		at(day(11));
		assert_ok!(renew(Registry, id, day(50)));
		assert_eq!(practises([day(10 + ahead), day(50) - 1, day(50)]), [true, true, false]);

		// Each step is known: what is no longer believed falls back to the one before.
		assert_ok!(remove_registrar(Alice, Registry, day(11)));
		let until = Accreditation::accreditation(id).unwrap().until;
		assert_eq!(until, day(10 + ahead));
		assert_eq!(practises([until - 1, until]), [true, false]);
		assert_ok!(revoke(signed(Alice), id, day(11)));
		assert_eq!(practises([day(11) - 1, day(11)]), [true, false]);
	});
}

#[test]
fn a_licence_of_a_facility_needs_a_place_among_all_kinds_to_come_back() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(appoint(Charlie, wide(), days(0, 99)));
		let first = granted(Bob, FacilityLicence, days(0, 2));
		granted(Bob, AccreditationKind::PharmacyLicence, days(0, 30));
		granted(Bob, AccreditationKind::LaboratoryAccreditation, days(0, 30));
		at(day(2));
		let fourth = granted_by(Charlie, Bob, FacilityLicence, days(2, 9));
		assert_noop!(renew(Alice, first, day(20)), Error::<Test>::TooManyFacilityLicences);
		// One that counts takes no more place when it is renewed.
		assert_ok!(renew(Charlie, fourth, day(10)));
		assert_ok!(surrender(Bob, fourth));
		assert_ok!(renew(Alice, first, day(20)));
	});
}
