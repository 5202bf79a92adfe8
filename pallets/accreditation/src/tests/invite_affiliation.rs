// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn makes_an_invitation() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, days(1, 9));

		let expected = AffiliationView {
			id,
			organisation: identity(Bob),
			practitioner: identity(Dave),
			role: Role::Nurse,
			permissions: AffiliationPermissions::default(),
			window: days(1, 9),
			suspensions: Default::default(),
			status: AffiliationStatus::Invited { deadline: day(1) },
			in_force: false,
		};
		assert_eq!(Accreditation::affiliation(id), Some(expected));
		assert_eq!(Accreditation::affiliations_of(identity(Dave)), []);
		assert_eq!(OpenInvitations::<Test>::get(identity(Bob)), 1);
		assert_eq!(held(Bob, HoldReason::Affiliation), AFFILIATION_DEPOSIT);
		assert_eq!(
			last_event(),
			Event::AffiliationInvited {
				affiliation: id,
				organisation: identity(Bob),
				practitioner: identity(Dave),
				role: Role::Nurse,
				window: days(1, 9),
				deadline: day(1),
				permissions: AffiliationPermissions::default(),
			}
			.into()
		);
	});
}

#[test]
fn every_kind_of_facility_invites() {
	use AccreditationKind::{LaboratoryAccreditation, ManufacturerLicence, PharmacyLicence};
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Bob, PharmacyLicence, days(0, 9));
		granted(Charlie, LaboratoryAccreditation, days(0, 9));
		granted(Ferdie, ManufacturerLicence, days(0, 9));
		assert_ok!(invite(Bob, Role::Pharmacist, days(0, 9)));
		assert_ok!(invite(Charlie, Role::LaboratoryScientist, days(0, 9)));
		assert_noop!(invite(Ferdie, Role::Nurse, days(0, 9)), Error::<Test>::NotFacility);
	});
}

#[test]
fn refuses_a_facility_whose_licence_is_over_or_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Bob, FacilityLicence, days(0, 2));
		let second = granted(Charlie, FacilityLicence, days(0, 9));
		at(day(2) - 1);
		assert_ok!(invite(Bob, Role::Nurse, days(0, 9)));
		at(day(2));
		assert_noop!(invite(Bob, Role::Nurse, days(0, 9)), Error::<Test>::NotFacility);
		assert_ok!(revoke(signed(Alice), second, day(2)));
		assert_noop!(invite(Charlie, Role::Nurse, days(0, 9)), Error::<Test>::NotFacility);
	});
}

#[test]
fn refuses_who_is_no_active_practitioner() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let invite = |who| {
			let window = days(0, 9);
			let whom = identity(who);
			let none = AffiliationPermissions::default();
			let by = signed(Bob);
			Accreditation::invite_affiliation(by, whom, Role::Nurse, window, day(1), none)
		};
		assert_noop!(invite(Eve), Error::<Test>::WrongKind);
		assert_noop!(invite(Charlie), Error::<Test>::WrongKind);
		assert_noop!(invite(Bob), Error::<Test>::SelfNotAllowed);
		Identities::deactivate(identity(Dave));
		assert_noop!(invite(Dave), Error::<Test>::IdentityNotActive);
	});
}

#[test]
fn windows_and_deadlines_are_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let invite = |window, deadline| {
			let whom = identity(Dave);
			let none = AffiliationPermissions::default();
			let by = signed(Bob);
			Accreditation::invite_affiliation(by, whom, Role::Nurse, window, deadline, none)
		};
		let too_long = Window { from: START, until: START + TERM + 1 };
		assert_noop!(invite(too_long, day(1)), Error::<Test>::TermTooLong);
		assert_noop!(invite(days(3, 3), day(1)), Error::<Test>::WindowOver);
		assert_noop!(invite(days(0, 9), START), Error::<Test>::DeadlinePassed);
		let late = START + INVITATION_AGE + 1;
		assert_noop!(invite(days(0, 9), late), Error::<Test>::DeadlineTooFar);
		assert_ok!(invite(TERM_FROM_START, START + INVITATION_AGE));
		assert_ok!(invite(days(0, 9), START + 1));
	});
}

#[test]
fn open_invitations_are_bounded_per_organisation() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		for role in [Role::Nurse, Role::Physician, Role::Pharmacist] {
			assert_ok!(invite(Bob, role, days(0, 9)));
		}
		let fourth = || invite(Bob, Role::Administrator, days(0, 9));
		assert_noop!(fourth(), Error::<Test>::TooManyInvitations);
		assert_ok!(invite(Charlie, Role::Nurse, days(0, 9)));
		assert_ok!(accept(AffiliationId(0)));
		assert_ok!(fourth());
	});
}

#[test]
fn refuses_who_cannot_pay_or_is_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		assert_ok!(Balances::force_set_balance(RuntimeOrigin::root(), account(Bob), 1));
		let refused = invite(Bob, Role::Nurse, days(0, 9));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
		let refused = invite(Sr25519Keyring::One, Role::Nurse, days(0, 9));
		assert_noop!(refused, DispatchError::BadOrigin);
	});
}

#[test]
fn permissions_are_known_ones_and_count_while_the_affiliation_does() {
	use salus_traits::accreditation::AffiliationInspect;
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let unknown = AffiliationPermissions(1 << 7);
		let refused = invite_with(Bob, Role::Nurse, days(0, 9), unknown);
		assert_noop!(refused, Error::<Test>::PermissionsNotSound);

		let permissions = |place, moment| {
			Accreditation::permissions_at(&identity(Dave), &identity(place), moment)
		};
		assert_ok!(invite_with(Bob, Role::Nurse, days(1, 9), EMERGENCY));
		let none = AffiliationPermissions::default();
		assert_eq!(permissions(Bob, day(1)), none);
		let id = AffiliationId(0);
		assert_ok!(accept(id));
		assert_eq!(Accreditation::affiliation(id).unwrap().permissions, EMERGENCY);
		// A second role without any takes nothing away.
		affiliated(Bob, Role::Physician, days(1, 9));
		let moments = [day(1) - 1, day(1), day(9) - 1, day(9)];
		let seen = moments.map(|moment| permissions(Bob, moment));
		assert_eq!(seen, [none, EMERGENCY, EMERGENCY, none]);
		assert_eq!(permissions(Charlie, day(1)), none);

		at(day(2));
		assert_ok!(rest(Bob, id, None));
		assert_eq!(permissions(Bob, day(2)), none);
		assert_ok!(resume(Bob, id));
		assert_eq!(permissions(Bob, day(2)), EMERGENCY);
		// The licence of the hospital is the first, that of the doctor the fourth.
		assert_ok!(revoke(root(), AccreditationId(0), day(2)));
		assert_eq!([permissions(Bob, day(2) - 1), permissions(Bob, day(2))], [EMERGENCY, none]);
		assert_ok!(revoke(root(), AccreditationId(3), START));
		assert_eq!(permissions(Bob, day(1)), none);
	});
}

#[test]
fn invitations_of_strangers_take_no_place_of_the_invitee() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let wanted = invited(Charlie, Role::Nurse, days(0, 9));
		// Two places send all the invitations they may have open.
		for place in [Bob, Ferdie] {
			for role in [Role::Nurse, Role::Physician, Role::Pharmacist] {
				assert_ok!(invite(place, role, days(0, 500)));
			}
			let more = invite(place, Role::Administrator, days(0, 500));
			assert_noop!(more, Error::<Test>::TooManyInvitations);
			assert_eq!(held(place, HoldReason::Affiliation), 3 * AFFILIATION_DEPOSIT);
		}
		// It is they who are full and who pay, not the invitee.
		assert!(!HeldAffiliations::<Test>::contains_key(identity(Dave)));
		assert_eq!(held(Dave, HoldReason::Affiliation), 0);
		assert_ok!(accept(wanted));
		for role in [Role::Physician, Role::Pharmacist, Role::Administrator] {
			affiliated(Charlie, role, days(0, 9));
		}
		assert_eq!(in_force(START).len(), 4);
	});
}
