// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn gives_the_subject_an_accreditation() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(1, 10));

		let expected = AccreditationView {
			id,
			subject: identity(Dave),
			kind: PractitionerLicence,
			jurisdiction: DENMARK,
			issuer: identity(Alice),
			granted_at: START,
			window: days(1, 10),
			commitment: LICENCE,
			revocation: None,
			in_force: false,
		};
		assert_eq!(Accreditation::accreditation(id), Some(expected.clone()));
		assert_eq!(Accreditation::accreditations_of(identity(Dave)), [expected]);
		assert_eq!(
			last_event(),
			Event::AccreditationGranted {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				jurisdiction: DENMARK,
				issuer: identity(Alice),
				commitment: LICENCE,
				window: days(1, 10),
			}
			.into()
		);
		at(day(1));
		assert!(Accreditation::accreditation(id).unwrap().in_force);
	});
}

#[test]
fn holds_a_deposit_of_the_authority() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		assert_eq!(held(Alice, HoldReason::Accreditation), LICENCE_DEPOSIT);
		assert_eq!(held(Dave, HoldReason::Accreditation), 0);
		let deposit = Accreditations::<Test>::get(id).unwrap().deposit;
		assert_eq!(deposit.depositor, account(Alice));
	});
}

#[test]
fn never_reaches_back() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		at(day(5));
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		assert_eq!(Accreditation::accreditation(id).unwrap().window, days(5, 10));
		assert!(!is_accredited(Dave, PractitionerLicence, day(5) - 1));
		assert!(is_accredited(Dave, PractitionerLicence, day(5)));
	});
}

#[test]
fn the_term_is_bounded_from_now() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let until = |until| grant(Alice, Dave, PractitionerLicence, Window { from: START, until });
		for too_long in [START + TERM + 1, Moment::MAX] {
			assert_noop!(until(too_long), Error::<Test>::TermTooLong);
		}
		assert_ok!(until(START + TERM));
	});
}

#[test]
fn refuses_a_window_that_is_over_or_empty() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		at(day(5));
		for window in [days(0, 5), days(7, 7), days(8, 7)] {
			let refused = grant(Alice, Dave, PractitionerLicence, window);
			assert_noop!(refused, Error::<Test>::WindowOver);
		}
		let shortest = Window { from: day(5), until: day(5) + 1 };
		assert_ok!(grant(Alice, Dave, PractitionerLicence, shortest));
	});
}

#[test]
fn refuses_who_is_no_authority() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = grant(Bob, Dave, PractitionerLicence, days(0, 1));
		assert_noop!(refused, Error::<Test>::NotAuthority);
	});
}

#[test]
fn an_authority_grants_inside_its_own_window_only() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(appoint(Alice, wide(), days(1, 3)));
		let grant = || grant(Alice, Dave, PractitionerLicence, days(0, 9));
		assert_noop!(grant(), Error::<Test>::NotInOffice);
		at(day(1));
		assert_ok!(grant());
		at(day(3));
		assert_noop!(grant(), Error::<Test>::NotInOffice);
		// What it granted runs on.
		assert!(is_accredited(Dave, PractitionerLicence, day(8)));
	});
}

#[test]
fn a_suspended_authority_grants_nothing_and_voids_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Dave, PractitionerLicence, days(0, 9));
		Authorities::<Test>::mutate(identity(Alice), |row| {
			row.as_mut().unwrap().status = AuthorityStatus::Suspended;
		});
		let refused = grant(Alice, Bob, FacilityLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::NotInOffice);
		assert!(is_accredited(Dave, PractitionerLicence, day(8)));
	});
}

#[test]
fn an_authority_that_is_cut_off_grants_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(cut_off(Alice, START));
		let refused = grant(Alice, Dave, PractitionerLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::AuthorityCutOff);
	});
}

#[test]
fn refuses_what_lies_outside_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(appoint(Alice, scope(&[FacilityLicence], &[GERMANY]), days(0, 9)));
		let grant = |kind, country| {
			let subject = identity(Bob);
			let window = days(0, 9);
			Accreditation::grant_accreditation(
				signed(Alice),
				subject,
				kind,
				country,
				LICENCE,
				window,
			)
		};
		let pharmacy = AccreditationKind::PharmacyLicence;
		assert_noop!(grant(pharmacy, GERMANY), Error::<Test>::KindOutOfScope);
		assert_noop!(grant(FacilityLicence, DENMARK), Error::<Test>::JurisdictionOutOfScope);
		assert_ok!(grant(FacilityLicence, GERMANY));
	});
}

#[test]
fn refuses_a_subject_that_does_not_fit() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		for (subject, kind) in
			[(Bob, PractitionerLicence), (Dave, FacilityLicence), (Eve, PractitionerLicence)]
		{
			assert_noop!(grant(Alice, subject, kind, days(0, 9)), Error::<Test>::WrongKind);
		}
		let own = grant(Alice, Alice, FacilityLicence, days(0, 9));
		assert_noop!(own, Error::<Test>::SelfNotAllowed);
		Identities::deactivate(identity(Dave));
		let inactive = grant(Alice, Dave, PractitionerLicence, days(0, 9));
		assert_noop!(inactive, Error::<Test>::IdentityNotActive);
	});
}

#[test]
fn refuses_an_empty_commitment() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let zero = Commitment::default();
		let (subject, window) = (identity(Bob), days(0, 9));
		assert_noop!(
			Accreditation::grant_accreditation(
				signed(Alice),
				subject,
				FacilityLicence,
				DENMARK,
				zero,
				window
			),
			Error::<Test>::CommitmentEmpty
		);
	});
}

#[test]
fn a_subject_holds_so_many_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		for _ in 0..MAX_HELD {
			granted(Dave, PractitionerLicence, days(0, 1));
		}
		let more = || grant(Alice, Dave, PractitionerLicence, days(0, 500));
		assert_noop!(more(), Error::<Test>::TooManyAccreditations);
		// That they have ended is not enough: they answer for the past.
		at(day(2));
		assert_noop!(more(), Error::<Test>::TooManyAccreditations);
		at(day(1) + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), AccreditationId(0)));
		assert_ok!(more());
	});
}

#[test]
fn refuses_an_authority_that_cannot_pay() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), account(Alice), 1));
		let refused = grant(Alice, Dave, PractitionerLicence, days(0, 1));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn numbers_do_not_run_over() {
	ExtBuilder::default().build().execute_with(|| {
		with_regulator();
		NextAccreditation::<Test>::put(AccreditationId(u64::MAX));
		let refused = grant(Alice, Dave, PractitionerLicence, days(0, 1));
		assert_noop!(refused, sp_runtime::ArithmeticError::Overflow);
	});
}

#[test]
fn refuses_who_is_no_identity() {
	ExtBuilder::default().build_and_execute(|| {
		let window = days(0, 1);
		for origin in [signed(Sr25519Keyring::One), RuntimeOrigin::root()] {
			let refused = Accreditation::grant_accreditation(
				origin,
				identity(Dave),
				PractitionerLicence,
				DENMARK,
				LICENCE,
				window,
			);
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}
