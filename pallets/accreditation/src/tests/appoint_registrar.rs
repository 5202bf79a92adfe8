// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn makes_an_organisation_an_authority_below_the_regulator() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let narrow = scope(&[PractitionerLicence], &[DENMARK]);
		at(day(1));
		assert_ok!(appoint_registrar(Alice, Registry, narrow.clone(), days(0, 10)));

		let expected = Authority {
			parent: Some(identity(Alice)),
			scope: narrow.clone(),
			window: days(1, 10),
			status: AuthorityStatus::Active,
			cutoff: None,
		};
		assert_eq!(Accreditation::authority(identity(Registry)), Some(expected));
		System::assert_last_event(
			Event::AuthorityAppointed {
				authority: identity(Registry),
				parent: Some(identity(Alice)),
				scope: narrow,
				window: days(1, 10),
			}
			.into(),
		);
		assert_ok!(grant(Registry, Dave, PractitionerLicence, days(0, 9)));
	});
}

#[test]
fn the_scope_may_be_the_regulators_own_and_no_wider() {
	ExtBuilder::default().build_and_execute(|| {
		let own = AuthorityScope {
			codes: Some(codes(&[3, 5])),
			..scope(&[PractitionerLicence, FacilityLicence], &[DENMARK, GERMANY])
		};
		assert_ok!(appoint(Alice, own.clone(), days(0, 100)));
		let appoint = |scope| appoint_registrar(Alice, Registry, scope, days(0, 10));
		let pharmacies = AccreditationKinds::of(&[AccreditationKind::PharmacyLicence]);
		let kinds = AuthorityScope { kinds: pharmacies, ..own.clone() };
		assert_noop!(appoint(kinds), Error::<Test>::KindsTooWide);
		let sweden = vec![DENMARK, Jurisdiction(752)].try_into().unwrap();
		let countries = AuthorityScope { jurisdictions: sweden, ..own.clone() };
		assert_noop!(appoint(countries), Error::<Test>::JurisdictionsTooWide);
		for wider in [None, Some(codes(&[3, 4]))] {
			let wider = AuthorityScope { codes: wider, ..own.clone() };
			assert_noop!(appoint(wider), Error::<Test>::CodesTooWide);
		}
		assert_ok!(appoint(own));
	});
}

#[test]
fn the_window_lies_within_the_regulators_own() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(appoint(Alice, wide(), days(0, 10)));
		let appoint = |window| appoint_registrar(Alice, Registry, wide(), window);
		let too_long = Window { from: START, until: day(10) + 1 };
		assert_noop!(appoint(too_long), Error::<Test>::WindowTooWide);
		let endless = Window { from: START, until: Moment::MAX };
		assert_noop!(appoint(endless), Error::<Test>::WindowTooWide);
		at(day(5));
		for over in [days(0, 5), days(7, 7)] {
			assert_noop!(appoint(over), Error::<Test>::WindowOver);
		}
		// What lies behind is cut away first.
		assert_ok!(appoint(Window { from: 0, until: day(10) }));
	});
}

#[test]
fn a_registrar_appoints_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let beyond = appoint_registrar(Registry, OtherRegistry, wide(), days(0, 1));
		assert_noop!(beyond, Error::<Test>::DepthExceeded);
	});
}

#[test]
fn refuses_who_is_no_regulator_in_office() {
	ExtBuilder::default().build_and_execute(|| {
		let appoint_registry = || appoint_registrar(Alice, Registry, wide(), days(2, 3));
		assert_noop!(appoint_registry(), Error::<Test>::NotAuthority);
		assert_ok!(appoint(Alice, wide(), days(1, 9)));
		assert_noop!(appoint_registry(), Error::<Test>::NotInOffice);
		at(day(1));
		assert_ok!(suspend_authority(root(), Alice));
		assert_noop!(appoint_registry(), Error::<Test>::AuthoritySuspended);
		assert_ok!(reinstate_authority(root(), Alice));
		assert_ok!(appoint_registry());
		assert_ok!(cut_off(Alice, day(1)));
		assert_noop!(appoint_registry(), Error::<Test>::AuthorityCutOff);
		let nobody =
			Accreditation::appoint_registrar(root(), identity(Registry), wide(), days(2, 3));
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}

#[test]
fn refuses_who_cannot_be_one() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let appoint_one = |who| appoint_registrar(Alice, who, wide(), days(0, 1));
		assert_noop!(appoint_one(Alice), Error::<Test>::SelfNotAllowed);
		assert_noop!(appoint_one(Dave), Error::<Test>::WrongKind);
		let unsound = scope(&[], &[DENMARK]);
		let refused = appoint_registrar(Alice, Registry, unsound, days(0, 1));
		assert_noop!(refused, Error::<Test>::KindsNotSound);
		Identities::deactivate(identity(Registry));
		assert_noop!(appoint_one(Registry), Error::<Test>::IdentityNotActive);
		// A regulator, and the registrar of another one.
		assert_ok!(appoint(Charlie, wide(), days(0, 100)));
		assert_noop!(appoint_one(Charlie), Error::<Test>::OfAnotherParent);
		assert_ok!(appoint_registrar(Charlie, OtherRegistry, wide(), days(0, 1)));
		assert_noop!(appoint_one(OtherRegistry), Error::<Test>::OfAnotherParent);
	});
}

#[test]
fn appointing_again_keeps_a_suspension_and_spares_what_was_granted() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		licensed(days(0, 50));
		assert_ok!(suspend_authority(root(), Registry));
		let narrow = scope(&[FacilityLicence], &[GERMANY]);
		assert_ok!(appoint_registrar(Alice, Registry, narrow, days(0, 5)));
		let status = Authorities::<Test>::get(identity(Registry)).unwrap().status;
		assert_eq!(status, AuthorityStatus::Suspended { by: None });
		assert_eq!(practises([day(40)]), [true]);
	});
}

#[test]
fn who_was_removed_stays_removed_and_a_new_one_inherits_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		at(day(2));
		let id = licensed(days(0, 50));
		at(day(3));
		assert_ok!(remove_registrar(Alice, Registry, day(3)));
		let again = appoint_registrar(Alice, Registry, wide(), days(3, 9));
		assert_noop!(again, Error::<Test>::AuthorityCutOff);

		assert_ok!(appoint_registrar(Alice, OtherRegistry, wide(), days(3, 900)));
		assert_noop!(renew(OtherRegistry, id, day(60)), Error::<Test>::NotIssuer);
		assert_noop!(suspend(signed(OtherRegistry), id, None), Error::<Test>::NotIssuer);
		assert_noop!(revoke(signed(OtherRegistry), id, day(3)), Error::<Test>::NotIssuer);
		// Nor does a number come back.
		let next = granted_by(OtherRegistry, Dave, PractitionerLicence, days(3, 50));
		assert!(id < next);
		assert_eq!(practises([day(4)]), [true]);
	});
}
