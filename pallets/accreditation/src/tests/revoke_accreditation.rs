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
fn refuses_what_is_not_there() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = revoke(RuntimeOrigin::root(), AccreditationId(7), START);
		assert_noop!(refused, Error::<Test>::AccreditationNotFound);
	});
}
