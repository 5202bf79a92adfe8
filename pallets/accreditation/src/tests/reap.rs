// SPDX-License-Identifier: Apache-2.0

use super::*;

fn reap_accreditation(id: AccreditationId) -> DispatchResult {
	Accreditation::reap_accreditation(signed(Eve), id)
}

fn reap_affiliation(id: AffiliationId) -> DispatchResult {
	Accreditation::reap_affiliation(signed(Eve), id)
}

#[test]
fn an_accreditation_goes_when_nobody_asks_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 2));
		at(day(2) + RETENTION - 1);
		assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
		at(day(2) + RETENTION);
		assert_ok!(reap_accreditation(id));

		assert_eq!(held(Alice, HoldReason::Accreditation), 0);
		assert!(!HeldAccreditations::<Test>::contains_key(identity(Dave)));
		assert_eq!(Accreditation::accreditation(id), None);
		let subject = identity(Dave);
		assert_eq!(last_event(), Event::AccreditationReaped { accreditation: id, subject }.into());
		assert_noop!(reap_accreditation(id), Error::<Test>::AccreditationNotFound);
		// A number is never used again.
		assert_ne!(granted(Dave, PractitionerLicence, days(0, 300)), id);
	});
}

#[test]
fn a_revoked_accreditation_goes_counted_from_its_revocation() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 500));
		let other = granted(Dave, PractitionerLicence, days(0, 500));
		assert_ok!(revoke(signed(Alice), id, START));
		at(START + RETENTION);
		assert_ok!(reap_accreditation(id));
		assert_noop!(reap_accreditation(other), Error::<Test>::NotReapable);
		assert!(is_accredited(Dave, PractitionerLicence, day(1)));
	});
}

#[test]
fn the_deposit_goes_back_to_who_paid_it() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 2));
		let free = Balances::free_balance(account(Alice));
		let reaper = Balances::free_balance(account(Eve));
		at(day(2) + RETENTION);
		assert_ok!(reap_accreditation(id));
		assert_eq!(Balances::free_balance(account(Alice)), free + LICENCE_DEPOSIT);
		assert_eq!(Balances::free_balance(account(Eve)), reaper);
	});
}

#[test]
fn an_invitation_goes_after_its_deadline() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, days(0, 9));
		at(day(1) - 1);
		assert_noop!(reap_affiliation(id), Error::<Test>::NotReapable);
		at(day(1));
		assert_ok!(reap_affiliation(id));

		assert_eq!(held(Bob, HoldReason::Affiliation), 0);
		assert_eq!(OpenInvitations::<Test>::get(identity(Bob)), 0);
		let (organisation, practitioner) = (identity(Bob), identity(Dave));
		let event = Event::AffiliationReaped { affiliation: id, organisation, practitioner };
		assert_eq!(last_event(), event.into());
	});
}

#[test]
fn an_affiliation_goes_when_nobody_asks_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 9));
		let other = affiliated(Bob, Role::Physician, days(0, 500));
		at(day(2));
		assert_ok!(end(Bob, id));
		at(day(2) + RETENTION - 1);
		assert_noop!(reap_affiliation(id), Error::<Test>::NotReapable);
		at(day(2) + RETENTION);
		assert_ok!(reap_affiliation(id));
		assert_noop!(reap_affiliation(id), Error::<Test>::AffiliationNotFound);
		assert_noop!(reap_affiliation(other), Error::<Test>::NotReapable);
		assert_eq!(held(Bob, HoldReason::Affiliation), AFFILIATION_DEPOSIT);
		assert_eq!(HeldAffiliations::<Test>::get(identity(Dave)).len(), 1);
	});
}

#[test]
fn an_account_has_to_sign() {
	ExtBuilder::default().build_and_execute(|| {
		let none = RuntimeOrigin::none;
		let refused = Accreditation::reap_accreditation(none(), AccreditationId(0));
		assert_noop!(refused, DispatchError::BadOrigin);
		let refused = Accreditation::reap_affiliation(none(), AffiliationId(0));
		assert_noop!(refused, DispatchError::BadOrigin);
	});
}
