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
			codes: codes(&[]),
			window: days(1, 10),
			until: day(10),
			commitment: LICENCE,
			digest: None,
			revocation: None,
			standing: Standing::NotBegun,
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
				codes: codes(&[]),
				issuer: identity(Alice),
				commitment: LICENCE,
				window: days(1, 10),
				digest: None,
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
		assert_ok!(suspend_authority(root(), Alice));
		let refused = grant(Alice, Bob, FacilityLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::AuthoritySuspended);
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
				codes(&[]),
				None,
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
				window,
				codes(&[]),
				None,
			),
			Error::<Test>::CommitmentEmpty
		);
	});
}

#[test]
fn a_subject_holds_so_many_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		for n in 0..MAX_HELD {
			let by = if n == 0 { Alice } else { Registry };
			let id = granted_by(by, Dave, PractitionerLicence, days(0, 1));
			assert_ok!(surrender(Dave, id));
		}
		let more = || grant(Alice, Dave, PractitionerLicence, days(0, 500));
		// That they are over is not enough: they answer for the past.
		for moment in [START, START + RETENTION - 1] {
			at(moment);
			assert_noop!(more(), Error::<Test>::TooManyAccreditations);
		}
		at(START + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), AccreditationId(0)));
		assert_ok!(more());
	});
}

#[test]
fn one_issuer_fills_three_quarters_of_a_row_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let specialist = AccreditationKind::SpecialistRegistration;
		let first = licensed(days(0, 1));
		assert_ok!(surrender(Dave, first));
		licensed(days(0, 900));
		// The last of three, in a row of four: whatever the kind, and what is over counts as well.
		let last = granted_by(Registry, Dave, specialist, days(0, 900));
		assert_eq!([MAX_HELD, Accreditation::most_of_issuer()], [4, 3]);
		for kind in [PractitionerLicence, specialist] {
			let more = grant(Registry, Dave, kind, days(0, 900));
			assert_noop!(more, Error::<Test>::TooManyFromIssuer);
		}
		// The place that is left is for others, and other rows are not touched.
		granted_by(Registry, Bob, FacilityLicence, days(0, 900));
		let other = granted(Dave, specialist, days(0, 900));
		assert!(is_accredited(Dave, specialist, START));

		// Who was reaped takes no place.
		at(START + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), first));
		assert_ok!(grant(Registry, Dave, PractitionerLicence, days(0, 900)));
		assert_ok!(surrender(Dave, last));
		assert_noop!(
			grant(Registry, Dave, specialist, days(0, 900)),
			Error::<Test>::TooManyFromIssuer
		);
		assert_ok!(surrender(Dave, other));
		assert_noop!(
			grant(Alice, Dave, specialist, days(0, 900)),
			Error::<Test>::TooManyAccreditations
		);
	});
}

#[test]
fn a_subject_holds_so_many_of_a_kind_that_are_not_over_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 900)));
		granted_by(Registry, Dave, PractitionerLicence, days(0, 9));
		let second = granted_by(Charlie, Dave, PractitionerLicence, days(5, 9));
		// Whoever grants, and also what begins when the others are over, or is not begun itself.
		for by in [Alice, Registry, Charlie] {
			for window in [days(0, 1), days(9, 20)] {
				let refused = grant(by, Dave, PractitionerLicence, window);
				assert_noop!(refused, Error::<Test>::TooManyOfKind);
			}
		}
		assert!([START, day(5)].iter().all(|at| is_accredited(Dave, PractitionerLicence, *at)));
		// Other kinds and other subjects have places of their own.
		granted(Dave, AccreditationKind::SpecialistRegistration, days(0, 9));
		granted(Bob, FacilityLicence, days(0, 9));
		assert_eq!(Accreditation::accreditation(second).unwrap().standing, Standing::NotBegun);
	});
}

#[test]
fn what_is_expired_revoked_or_surrendered_makes_room_for_its_kind() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let grant = || grant(Alice, Dave, PractitionerLicence, days(0, 900));
		licensed(days(0, 2));
		let revoked = granted(Dave, PractitionerLicence, days(1, 900));
		assert_noop!(grant(), Error::<Test>::TooManyOfKind);

		// Revoked before it began, from its beginning.
		assert_ok!(revoke(root(), revoked, day(1)));
		let surrendered = AccreditationId(2);
		assert_ok!(grant());
		assert_noop!(grant(), Error::<Test>::TooManyOfKind);

		at(day(2) - 1);
		assert_noop!(grant(), Error::<Test>::TooManyOfKind);
		at(day(2));
		assert_ok!(grant());
		assert_noop!(grant(), Error::<Test>::TooManyOfKind);

		assert_ok!(surrender(Dave, surrendered));
		// A place of the kind is none of the row.
		let fifth = super::grant(Registry, Dave, PractitionerLicence, days(0, 900));
		assert_noop!(fifth, Error::<Test>::TooManyAccreditations);
		assert!(practises([day(1), day(2)]).into_iter().all(|may| may));
	});
}

#[test]
fn what_is_suspended_or_was_felled_keeps_its_place() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let suspended = granted(Dave, PractitionerLicence, days(0, 9));
		let felled = licensed(days(0, 9));
		assert_ok!(suspend(root(), suspended, None));
		assert_ok!(remove_registrar(Alice, Registry, START));
		let grant = || grant(Alice, Dave, PractitionerLicence, days(0, 9));
		// No authority is read to count them: who holds it, or stands above, gives the place back.
		assert_noop!(grant(), Error::<Test>::TooManyOfKind);
		assert_ok!(surrender(Dave, felled));
		assert_ok!(grant());
		assert_eq!(practises([START]), [true]);
	});
}

#[test]
fn an_organisation_holds_so_many_licences_of_a_facility_and_no_more() {
	use AccreditationKind::{LaboratoryAccreditation, ManufacturerLicence, PharmacyLicence};
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let pharmacy = granted(Bob, PharmacyLicence, days(0, 9));
		granted(Bob, FacilityLicence, days(0, 9));
		granted_by(Registry, Bob, LaboratoryAccreditation, days(0, 9));
		for kind in [FacilityLicence, PharmacyLicence, LaboratoryAccreditation] {
			let refused = grant(Registry, Bob, kind, days(0, 9));
			assert_noop!(refused, Error::<Test>::TooManyFacilityLicences);
		}
		// What is over leaves its place.
		assert_ok!(surrender(Bob, pharmacy));
		granted_by(Registry, Bob, FacilityLicence, days(0, 12));
		assert!(is_accredited(Bob, FacilityLicence, day(11)));
	});
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		for kind in [PharmacyLicence, FacilityLicence, LaboratoryAccreditation] {
			granted(Bob, kind, days(0, 9));
		}
		// Other kinds are none of a facility.
		granted_by(Registry, Bob, ManufacturerLicence, days(0, 9));
		assert!(is_accredited(Bob, ManufacturerLicence, START));
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
				codes(&[]),
				None,
			);
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}

#[test]
fn a_registrar_grants_while_it_and_its_regulator_are_in_office() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(appoint_registrar(Alice, Registry, wide(), days(2, 8)));
		let grant = || grant(Registry, Dave, PractitionerLicence, days(0, 50));
		assert_noop!(grant(), Error::<Test>::NotInOffice);
		at(day(2));
		assert_ok!(grant());
		// The regulator's window was shortened after the appointment.
		assert_ok!(appoint(Alice, wide(), days(0, 4)));
		at(day(4));
		assert_noop!(grant(), Error::<Test>::ParentNotInOffice);
		with_regulator();
		assert_ok!(grant());
		assert_ok!(suspend_authority(root(), Alice));
		assert_noop!(grant(), Error::<Test>::ParentSuspended);
		assert_ok!(reinstate_authority(root(), Alice));
		assert_ok!(remove_registrar(Alice, Registry, day(4)));
		assert_noop!(grant(), Error::<Test>::AuthorityCutOff);
	});
}

#[test]
fn a_regulator_that_was_narrowed_narrows_its_registrars() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Alice, scope(&[FacilityLicence], &[DENMARK]), days(0, 9_000)));
		let refused = grant(Registry, Dave, PractitionerLicence, days(0, 50));
		assert_noop!(refused, Error::<Test>::KindOutOfScope);
		assert_ok!(grant(Registry, Bob, FacilityLicence, days(0, 50)));
	});
}

#[test]
fn codes_lie_within_the_scope_and_rise() {
	ExtBuilder::default().build_and_execute(|| {
		let some = AuthorityScope { codes: Some(codes(&[3, 5])), ..wide() };
		assert_ok!(appoint(Alice, some, days(0, 9)));
		let grant =
			|exactly: &[u16]| grant_for(Alice, Dave, PractitionerLicence, days(0, 9), exactly);
		assert_noop!(grant(&[3, 4]), Error::<Test>::CodeOutOfScope);
		assert_noop!(grant(&[5, 3]), Error::<Test>::CodesNotSound);
		assert_noop!(grant(&[3, 3]), Error::<Test>::CodesNotSound);
		assert_ok!(grant(&[5]));
		let holds = |country, code| {
			let who = identity(Dave);
			Accreditation::is_accredited_for(who, PractitionerLicence, country, code, START)
		};
		assert!(holds(None, None) && holds(Some(DENMARK), Some(ScopeCode(5))));
		assert!(!holds(Some(GERMANY), None) && !holds(None, Some(ScopeCode(3))));
		assert_ok!(grant(&[]));
	});
}

#[test]
fn as_many_codes_as_there_can_be() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let all = (0..MAX_CODES as u16).collect::<Vec<_>>();
		assert_ok!(grant_for(Alice, Dave, PractitionerLicence, days(0, 9), &all));
		let more = (0..=MAX_CODES as u16).map(ScopeCode).collect::<Vec<_>>();
		assert!(ScopeCodes::try_from(more).is_err());
	});
}

#[test]
fn a_verdict_is_bound_to_what_was_shown() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));
		// The subject changes its claim between request and grant.
		assert_ok!(ask(Registry, Digest([6; 32])));
		let other = Commitment([5; 32]);
		for (commitment, digest) in
			[(LICENCE, Some(PAPERS)), (LICENCE, None), (other, Some(Digest([6; 32])))]
		{
			let refused = answer(Registry, commitment, digest);
			assert_noop!(refused, Error::<Test>::DigestMismatch);
		}
		assert_eq!(held(Dave, HoldReason::Request), REQUEST_DEPOSIT);
		assert_ok!(answer(Registry, LICENCE, Some(Digest([6; 32]))));

		assert_eq!(held(Dave, HoldReason::Request), 0);
		let id = AccreditationId(0);
		assert_eq!(Accreditation::accreditation(id).unwrap().digest, Some(Digest([6; 32])));
		System::assert_last_event(
			Event::AccreditationGranted {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				jurisdiction: DENMARK,
				codes: codes(&[]),
				issuer: identity(Registry),
				commitment: LICENCE,
				window: days(0, 50),
				digest: Some(Digest([6; 32])),
			}
			.into(),
		);
		// It was answered: the same verdict does not serve twice.
		let again = answer(Registry, LICENCE, Some(Digest([6; 32])));
		assert_noop!(again, Error::<Test>::RequestNotFound);
	});
}

#[test]
fn a_request_to_another_authority_or_too_old_is_no_request() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Alice, PAPERS));
		let refused = answer(Registry, LICENCE, Some(PAPERS));
		assert_noop!(refused, Error::<Test>::RequestNotFound);
		at(START + REQUEST_AGE - 1);
		assert_noop!(answer(Alice, LICENCE, None), Error::<Test>::DigestMismatch);
		at(START + REQUEST_AGE);
		let refused = answer(Alice, LICENCE, Some(PAPERS));
		assert_noop!(refused, Error::<Test>::RequestNotFound);
		assert_ok!(answer(Alice, LICENCE, None));
	});
}
