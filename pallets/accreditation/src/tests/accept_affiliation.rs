// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn makes_the_invitation_an_affiliation() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, days(0, 9));
		at(START + 5);
		assert_ok!(accept(id));

		let window = Window { from: START + 5, until: day(9) };
		let expected = AffiliationView {
			id,
			organisation: identity(Bob),
			practitioner: identity(Dave),
			role: Role::Nurse,
			permissions: AffiliationPermissions::default(),
			window,
			suspensions: Default::default(),
			status: AffiliationStatus::Accepted { at: START + 5 },
			in_force: true,
		};
		assert_eq!(Accreditation::affiliation(id), Some(expected.clone()));
		assert_eq!(Accreditation::affiliations_of(identity(Dave)), [expected]);
		assert_eq!(in_force(START + 5), [(identity(Bob), Role::Nurse)]);
		assert_eq!(in_force(START + 4), []);
		assert_eq!(OpenInvitations::<Test>::get(identity(Bob)), 0);
		assert_eq!(held(Bob, HoldReason::Affiliation), AFFILIATION_DEPOSIT);
		assert_eq!(
			last_event(),
			Event::AffiliationAccepted {
				affiliation: id,
				organisation: identity(Bob),
				practitioner: identity(Dave),
				role: Role::Nurse,
				window,
			}
			.into()
		);
	});
}

#[test]
fn refuses_everybody_but_the_invitee() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, days(0, 9));
		for stranger in [Bob, Charlie, Eve] {
			let refused = Accreditation::accept_affiliation(signed(stranger), id);
			assert_noop!(refused, Error::<Test>::NotInvitee);
		}
		let nobody = Accreditation::accept_affiliation(signed(Sr25519Keyring::One), id);
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}

#[test]
fn ends_with_the_deadline() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let first = invited(Bob, Role::Nurse, days(0, 9));
		let second = invited(Bob, Role::Physician, days(0, 9));
		at(day(1) - 1);
		assert_ok!(accept(first));
		at(day(1));
		assert_noop!(accept(second), Error::<Test>::InvitationExpired);
	});
}

#[test]
fn serves_once() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = affiliated(Bob, Role::Nurse, days(0, 9));
		assert_noop!(accept(id), Error::<Test>::AlreadyAccepted);
		assert_noop!(accept(AffiliationId(99)), Error::<Test>::AffiliationNotFound);
	});
}

#[test]
fn refuses_when_the_inviter_is_no_facility_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		let licence = granted(Bob, FacilityLicence, days(0, 9));
		let id = invited(Bob, Role::Nurse, days(0, 9));
		assert_ok!(revoke(signed(Alice), licence, START));
		assert_noop!(accept(id), Error::<Test>::NotFacility);
	});
}

#[test]
fn refuses_when_the_identity_of_the_inviter_is_not_active() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, days(0, 9));
		Identities::deactivate(identity(Bob));
		assert_noop!(accept(id), Error::<Test>::OrganisationNotActive);
		Identities::set(account(Bob), identity(Bob), IdentityKind::Organisation);
		assert_ok!(accept(id));
	});
}

#[test]
fn refuses_when_the_window_is_over_before_the_deadline() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let id = invited(Bob, Role::Nurse, Window { from: START, until: START + 5 });
		at(START + 5);
		assert_noop!(accept(id), Error::<Test>::WindowOver);
	});
}

#[test]
fn refuses_the_same_role_at_the_same_place() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 9));
		let again = invited(Bob, Role::Nurse, days(0, 20));
		assert_noop!(accept(again), Error::<Test>::AlreadyAffiliated);
		affiliated(Charlie, Role::Nurse, days(0, 9));
	});
}

#[test]
fn four_at_two_organisations_and_no_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 9));
		affiliated(Charlie, Role::Nurse, days(0, 9));
		let third_place = invited(Ferdie, Role::Nurse, days(0, 9));
		assert_noop!(accept(third_place), Error::<Test>::TooManyOrganisations);
		affiliated(Charlie, Role::Physician, days(0, 9));
		affiliated(Charlie, Role::Pharmacist, days(0, 9));
		let fifth = invited(Bob, Role::Physician, days(0, 9));
		assert_noop!(accept(fifth), Error::<Test>::TooManyAffiliations);
	});
}

#[test]
fn one_that_has_not_begun_takes_its_place() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(50, 60));
		affiliated(Charlie, Role::Nurse, days(70, 80));
		let third_place = invited(Ferdie, Role::Nurse, days(0, 9));
		assert_noop!(accept(third_place), Error::<Test>::TooManyOrganisations);
	});
}

#[test]
fn one_that_is_over_makes_room() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 2));
		let left = affiliated(Charlie, Role::Nurse, days(0, 9));
		at(day(2));
		affiliated(Ferdie, Role::Nurse, days(0, 9));
		assert_ok!(end(Dave, left));
		affiliated(Bob, Role::Nurse, days(0, 9));
		// And the past stays as it was.
		assert_eq!(
			in_force(day(1)),
			[(identity(Bob), Role::Nurse), (identity(Charlie), Role::Nurse)]
		);
	});
}

/// A full row of Dave's, all at Bob's: one that lasts, one that ended on day 4, one on day 2, and two
/// more that last, from day 4 on.
fn with_full_row() -> [AffiliationId; 5] {
	with_licences();
	let long = affiliated(Bob, Role::Physician, days(0, 500));
	let late = affiliated(Bob, Role::Pharmacist, days(0, 4));
	let early = affiliated(Bob, Role::Nurse, days(0, 2));
	at(day(4));
	let more = [Role::Pharmacist, Role::Nurse].map(|role| affiliated(Bob, role, days(0, 500)));
	assert_eq!(Accreditation::kept_affiliations(&identity(Dave)).count(), MAX_KEPT as usize);
	[long, late, early, more[0], more[1]]
}

fn was_forgotten(id: AffiliationId) {
	assert_eq!(Accreditation::affiliation(id), None);
	assert_eq!(Accreditation::kept_affiliations(&identity(Dave)).count(), MAX_KEPT as usize);
	assert_eq!(held(Bob, HoldReason::Affiliation), 5 * AFFILIATION_DEPOSIT);
	let (organisation, practitioner) = (identity(Bob), identity(Dave));
	let forgotten = Event::AffiliationReaped { affiliation: id, organisation, practitioner };
	System::assert_has_event(forgotten.into());
}

#[test]
fn a_full_row_forgets_the_one_that_ended_first_and_longer_ago_than_the_retention() {
	ExtBuilder::default().build_and_execute(|| {
		let [long, late, early, ..] = with_full_row();
		at(day(2) + RETENTION - 1);
		let id = invited(Bob, Role::Administrator, days(0, 500));
		assert_noop!(accept(id), Error::<Test>::AffiliationHistoryFull);
		assert_eq!(in_force(day(1)).len(), 3);
		at(day(2) + RETENTION);
		assert_ok!(accept(id));

		was_forgotten(early);
		assert!([late, long, id].iter().all(|id| Accreditation::affiliation(*id).is_some()));
		assert_eq!(in_force(day(1)).len(), 2);
	});
}

#[test]
fn a_full_row_forgets_first_what_ended_before_it_began() {
	ExtBuilder::default().build_and_execute(|| {
		let [_, late, early, third, _] = with_full_row();
		at(day(5));
		let id = invited(Bob, Role::Administrator, days(0, 500));
		assert_noop!(accept(id), Error::<Test>::AffiliationHistoryFull);
		assert_ok!(end(Dave, id));
		at(day(4) + RETENTION);
		assert_ok!(end(Bob, third));
		let never = affiliated(Bob, Role::Pharmacist, days(300, 500));
		was_forgotten(early);
		// Of those that may go, one that never counted goes first, though it ended last.
		assert_ok!(end(Dave, never));
		affiliated(Bob, Role::Administrator, days(0, 500));
		was_forgotten(never);
		assert!([late, third].iter().all(|id| Accreditation::affiliation(*id).is_some()));
	});
}
