// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn the_issuer_revokes_from_now_on() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		at(day(3));
		assert_ok!(revoke(signed(Alice), id, day(3)));

		assert!(is_accredited(Dave, PractitionerLicence, day(3) - 1));
		assert!(!is_accredited(Dave, PractitionerLicence, day(3)));
		let revocation = Revocation {
			effective_from: day(3),
			reason: RevocationReason::Fraud,
			revoked_at: day(3),
			by: Some(identity(Alice)),
		};
		assert_eq!(Accreditation::accreditation(id).unwrap().revocation, Some(revocation));
		assert_eq!(
			last_event(),
			Event::AccreditationRevoked {
				accreditation: id,
				subject: identity(Dave),
				kind: PractitionerLicence,
				effective_from: day(3),
				reason: RevocationReason::Fraud,
				by: Some(identity(Alice)),
			}
			.into()
		);
		assert_eq!(held(Alice, HoldReason::Accreditation), LICENCE_DEPOSIT);
	});
}

#[test]
fn governance_revokes_as_well() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		assert_ok!(revoke(RuntimeOrigin::root(), id, START));
		assert_eq!(Accreditation::accreditation(id).unwrap().revocation.unwrap().by, None);
	});
}

#[test]
fn may_reach_back_to_the_beginning() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(2, 10));
		at(day(5));
		assert!(is_accredited(Dave, PractitionerLicence, day(4)));
		let too_early = revoke(signed(Alice), id, day(2) - 1);
		assert_noop!(too_early, Error::<Test>::EffectiveTooEarly);
		assert_ok!(revoke(signed(Alice), id, day(2)));
		assert!(!is_accredited(Dave, PractitionerLicence, day(4)));
		assert!(!is_accredited(Dave, PractitionerLicence, day(2)));
	});
}

#[test]
fn never_reaches_ahead() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		at(day(5));
		for late in [day(5) + 1, Moment::MAX] {
			assert_noop!(revoke(signed(Alice), id, late), Error::<Test>::EffectiveTooLate);
		}
		assert_ok!(revoke(signed(Alice), id, day(5)));
	});
}

#[test]
fn what_has_not_begun_is_revoked_from_its_beginning() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(2, 10));
		assert_noop!(revoke(signed(Alice), id, START), Error::<Test>::EffectiveTooEarly);
		assert_noop!(revoke(signed(Alice), id, day(2) + 1), Error::<Test>::EffectiveTooLate);
		assert_ok!(revoke(signed(Alice), id, day(2)));
		assert!(!is_accredited(Dave, PractitionerLicence, day(2)));
	});
}

#[test]
fn is_final() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		assert_ok!(revoke(signed(Alice), id, START));
		for origin in [signed(Alice), RuntimeOrigin::root()] {
			assert_noop!(revoke(origin, id, START), Error::<Test>::AlreadyRevoked);
		}
	});
}

#[test]
fn refuses_another_authority_and_the_subject() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(appoint(Bob, wide(), days(0, 10)));
		let id = granted(Dave, PractitionerLicence, days(0, 10));
		for stranger in [Bob, Dave] {
			assert_noop!(revoke(signed(stranger), id, START), Error::<Test>::NotIssuer);
		}
		assert_noop!(revoke(RuntimeOrigin::none(), id, START), DispatchError::BadOrigin);
	});
}

#[test]
fn an_authority_out_of_office_revokes_but_not_one_that_is_cut_off() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(appoint(Alice, wide(), days(0, 1)));
		let first = granted(Dave, PractitionerLicence, days(0, 10));
		let second = granted(Dave, PractitionerLicence, days(0, 10));
		at(day(2));
		assert_ok!(revoke(signed(Alice), first, day(1)));
		assert_ok!(cut_off(Alice, day(2)));
		assert_noop!(revoke(signed(Alice), second, day(1)), Error::<Test>::AuthorityCutOff);
		assert_ok!(revoke(RuntimeOrigin::root(), second, day(1)));
	});
}

#[test]
fn the_regulator_revokes_for_its_registrar_also_after_that_fell() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let first = licensed(days(0, 50));
		let second = licensed(days(0, 50));
		assert_ok!(revoke(signed(Alice), first, START));
		let by = Accreditation::accreditation(first).unwrap().revocation.unwrap().by;
		assert_eq!(by, Some(identity(Alice)));
		at(day(1));
		assert_ok!(remove_registrar(Alice, Registry, day(1)));
		assert_noop!(revoke(signed(Registry), second, day(1)), Error::<Test>::AuthorityCutOff);
		assert_ok!(revoke(signed(Alice), second, day(1)));
	});
}

#[test]
fn a_suspended_authority_revokes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(suspend_authority(signed(Alice), Registry));
		assert_noop!(revoke(signed(Registry), id, START), Error::<Test>::AuthoritySuspended);
		assert_ok!(reinstate_authority(signed(Alice), Registry));
		assert_ok!(suspend_authority(root(), Alice));
		assert_noop!(revoke(signed(Registry), id, START), Error::<Test>::ParentSuspended);
		assert_noop!(revoke(signed(Alice), id, START), Error::<Test>::AuthoritySuspended);
		assert_ok!(revoke(root(), id, START));
	});
}

#[test]
fn a_holder_does_not_dodge_it_by_surrendering_first() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(5));
		assert_ok!(surrender(Dave, id));
		at(day(6));
		assert_ok!(revoke(signed(Registry), id, day(2)));
		assert_eq!(practises([day(2) - 1, day(2), day(5)]), [true, false, false]);
		assert_eq!(Accreditation::explain_accreditation(id, day(6)), Standing::Revoked);
	});
}

#[test]
fn reaching_back_changes_past_answers_and_the_log_keeps_both_moments() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(10));
		assert_eq!(practises([day(5)]), [true]);
		assert_ok!(revoke(signed(Registry), id, day(3)));
		assert_eq!(practises([day(5)]), [false]);
		let reason = RevocationReason::Fraud;
		let line = StatusChange {
			at: day(10),
			change: Change::Revoked { effective_from: day(3), reason },
			by: Some(identity(Registry)),
		};
		assert_eq!(Accreditation::status_log(id).unwrap().to_vec(), [line]);
	});
}

#[test]
fn is_possible_when_the_log_is_full() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		let mut refused = None;
		for n in 1..=MAX_STATUS_CHANGES {
			at(START + u64::from(n));
			refused = suspend(root(), id, Some(START + u64::from(n) + 1)).err();
		}
		assert_eq!(refused, Some(Error::<Test>::StatusLogFull.into()));
		assert_noop!(renew(Registry, id, day(60)), Error::<Test>::StatusLogFull);
		assert_ok!(surrender(Dave, id));
		assert_ok!(revoke(signed(Registry), id, START));
		let kept = MAX_STATUS_CHANGES - PLACES_FOR_LIFTINGS;
		assert_eq!(Accreditation::status_log(id).unwrap().len(), kept as usize);
	});
}

#[test]
fn refuses_what_is_not_there() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = revoke(RuntimeOrigin::root(), AccreditationId(7), START);
		assert_noop!(refused, Error::<Test>::AccreditationNotFound);
	});
}
