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
		at(START + RETENTION - 1);
		assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
		at(START + RETENTION);
		assert_ok!(reap_accreditation(id));
		assert_noop!(reap_accreditation(other), Error::<Test>::NotReapable);
		assert!(is_accredited(Dave, PractitionerLicence, day(1)));
	});
}

#[test]
fn a_revocation_that_reaches_back_does_not_erase_the_past_at_once() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 500));
		at(day(300));
		// From a moment of which the retention is long over.
		assert_ok!(revoke(signed(Registry), id, day(2)));
		assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
		at(day(300) + RETENTION - 1);
		assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
		assert_eq!(practises([day(1), day(2)]), [true, false]);
		at(day(300) + RETENTION);
		assert_ok!(reap_accreditation(id));
		assert_eq!(held(Registry, HoldReason::Accreditation), 0);
	});
}

#[test]
fn what_expired_is_kept_from_the_revocation_that_came_after() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let id = granted(Dave, PractitionerLicence, days(0, 2));
		at(day(50));
		assert_ok!(revoke(signed(Alice), id, START));
		at(day(2) + RETENTION);
		assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
		at(day(50) + RETENTION);
		assert_ok!(reap_accreditation(id));
	});
}

#[test]
fn what_was_granted_from_a_cut_off_on_goes_at_once() {
	let cut_off_registry = |cutoff| remove_registrar(Alice, Registry, cutoff);
	let cut_off_regulator = |cutoff| cut_off(Alice, cutoff);
	let ways: [fn(Moment) -> DispatchResult; 2] = [cut_off_registry, cut_off_regulator];
	for cut_off_from in ways {
		ExtBuilder::default().build_and_execute(|| {
			with_registrar();
			at(day(1));
			let id = licensed(days(1, 500));
			at(day(2));
			assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
			// What was granted before the cut-off answers for the past.
			assert_ok!(cut_off_from(day(1) + 1));
			assert_noop!(reap_accreditation(id), Error::<Test>::NotReapable);
			assert_eq!(practises([day(2)]), [true]);

			assert_ok!(cut_off_from(day(1)));
			assert_eq!(practises([day(1), day(2)]), [false, false]);
			assert_ok!(reap_accreditation(id));
			let subject = identity(Dave);
			let event = Event::AccreditationReaped { accreditation: id, subject };
			System::assert_last_event(event.into());
			assert_eq!(held(Registry, HoldReason::Accreditation), 0);
			assert!(!HeldAccreditations::<Test>::contains_key(identity(Dave)));
		});
	}
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
		assert_eq!(Accreditation::kept_affiliations(&identity(Dave)).count(), 1);
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
