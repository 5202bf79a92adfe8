// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::accreditation::{AccreditationInspect, AffiliationInspect};

#[test]
fn a_window_is_half_open() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Dave, PractitionerLicence, days(2, 4));
		let at = |moment| is_accredited(Dave, PractitionerLicence, moment);
		assert_eq!([day(2) - 1, day(2), day(4) - 1, day(4)].map(at), [false, true, true, false]);
	});
}

#[test]
fn one_sound_accreditation_is_enough() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(appoint(Bob, wide(), days(0, 10)));
		let first = granted(Dave, PractitionerLicence, days(0, 9));
		assert_ok!(grant(Bob, Dave, PractitionerLicence, days(0, 9)));
		assert_ok!(revoke(signed(Alice), first, START));
		assert!(is_accredited(Dave, PractitionerLicence, day(1)));
		assert_ok!(cut_off(Bob, START));
		assert!(!is_accredited(Dave, PractitionerLicence, day(1)));
	});
}

#[test]
fn any_of_a_set_of_kinds_counts() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Bob, AccreditationKind::PharmacyLicence, days(0, 9));
		let any = |kinds: &[AccreditationKind]| {
			Accreditation::is_accredited_any(&identity(Bob), AccreditationKinds::of(kinds), day(1))
		};
		assert!(any(&[FacilityLicence, AccreditationKind::PharmacyLicence]));
		assert!(!any(&[FacilityLicence]));
		assert!(!any(&[]));
	});
}

#[test]
fn an_affiliation_rests_while_the_licence_does_and_comes_back() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		granted(Bob, FacilityLicence, TERM_FROM_START);
		let licence = granted(Dave, PractitionerLicence, days(0, 5));
		let id = affiliated(Bob, Role::Nurse, days(0, 50));
		at(day(6));
		assert_eq!(in_force(day(6)), []);
		assert!(!Accreditation::affiliation(id).unwrap().in_force);
		assert_ok!(renew(Alice, licence, day(50)));
		assert_eq!(in_force(day(6)), [(identity(Bob), Role::Nurse)]);
		assert!(Accreditation::affiliation(id).unwrap().in_force);
		// The gap stays a gap.
		assert_eq!(in_force(day(5)), []);
		assert_eq!(in_force(day(4)), [(identity(Bob), Role::Nurse)]);
	});
}

#[test]
fn an_affiliation_falls_with_the_organisation_and_the_other_stays() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 50));
		affiliated(Bob, Role::Physician, days(0, 50));
		affiliated(Charlie, Role::Nurse, days(0, 50));
		// Bob's licence is the first that was granted.
		assert_ok!(revoke(RuntimeOrigin::root(), AccreditationId(0), START));
		assert_eq!(in_force(day(1)), [(identity(Charlie), Role::Nurse)]);
		let works_at = |who| Accreditation::works_at(&identity(Dave), &identity(who), day(1));
		assert!(works_at(Charlie));
		assert!(!works_at(Bob));
	});
}

#[test]
fn an_affiliation_falls_with_the_identity_of_the_organisation_and_its_past_stays() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		assert_ok!(invite_with(Bob, Role::Nurse, days(0, 50), EMERGENCY));
		let id = AffiliationId(0);
		assert_ok!(accept(id));
		affiliated(Charlie, Role::Physician, days(0, 50));
		at(day(5));
		let at_bobs = |moment| {
			let (dave, bob) = (identity(Dave), identity(Bob));
			let works = Accreditation::works_at(&dave, &bob, moment);
			let roles = Accreditation::role_at(dave, bob, moment);
			assert_eq!(roles == [Role::Nurse], works);
			let permitted = Accreditation::permissions_at(&dave, &bob, moment);
			assert_eq!(permitted == EMERGENCY, works);
			works
		};
		let moments = [day(5) - 1, day(5), day(6)];
		assert_eq!(moments.map(at_bobs), [true, true, true]);

		Identities::deactivate(identity(Bob));
		assert_eq!(moments.map(at_bobs), [true, false, false]);
		assert!(!Accreditation::affiliation(id).unwrap().in_force);
		// The other place is not touched.
		assert_eq!(in_force(day(5)), [(identity(Charlie), Role::Physician)]);
		assert_eq!(in_force(day(5) - 1).len(), 2);

		Identities::set(account(Bob), identity(Bob), IdentityKind::Organisation);
		assert_eq!(moments.map(at_bobs), [true, true, true]);
		assert!(Accreditation::affiliation(id).unwrap().in_force);
	});
}

#[test]
fn an_invitation_is_nothing_yet() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		invited(Bob, Role::Nurse, days(0, 50));
		assert_eq!(in_force(START), []);
	});
}

#[test]
fn nothing_is_known_of_strangers() {
	ExtBuilder::default().build_and_execute(|| {
		assert!(!is_accredited(Eve, PractitionerLicence, START));
		assert_eq!(Accreditation::accreditations_of(identity(Eve)), []);
		assert_eq!(Accreditation::affiliations_of(identity(Eve)), []);
		assert_eq!(Accreditation::accreditation(AccreditationId(0)), None);
		assert_eq!(Accreditation::affiliation(AffiliationId(0)), None);
		assert_eq!(Accreditation::authority(identity(Eve)), None);
		let unknown = Accreditation::explain_accreditation(AccreditationId(0), START);
		assert_eq!(unknown, Standing::NotFound);
		assert_eq!(Accreditation::status_log(AccreditationId(0)), None);
		assert_eq!(Accreditation::status_list(identity(Eve), 0), None);
		let request = Accreditation::request(identity(Eve), identity(Dave), PractitionerLicence);
		assert_eq!(request, None);
		assert_eq!(Accreditation::role_at(identity(Eve), identity(Bob), START), []);
	});
}

#[test]
fn an_answer_says_the_first_reason_with_what_is_final_first() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		at(day(1));
		let id = licensed(days(2, 10));
		let standing = |moment| Accreditation::explain_accreditation(id, moment);
		assert_eq!(standing(day(2) - 1), Standing::NotBegun);
		assert_eq!(standing(day(2)), Standing::InForce);
		assert_eq!(standing(day(10)), Standing::Expired);
		at(day(3));
		assert_ok!(suspend(signed(Alice), id, None));
		assert_eq!([standing(day(2)), standing(day(3))], [Standing::InForce, Standing::Suspended]);
		at(day(4));
		assert_ok!(surrender(Dave, id));
		assert_eq!(
			[standing(day(3)), standing(day(4))],
			[Standing::Suspended, Standing::Surrendered]
		);
		assert_ok!(revoke(root(), id, day(3)));
		assert_eq!(standing(day(4)), Standing::Revoked);
		assert_ok!(cut_off(Alice, START));
		assert_eq!(standing(day(4)), Standing::ParentCutOff);
		assert_ok!(cut_off(Registry, START));
		assert_eq!(standing(day(4)), Standing::IssuerCutOff);
		assert!(!Accreditation::accreditation(id).unwrap().in_force);
	});
}

#[test]
fn roles_are_told_per_organisation_and_moment() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 50));
		affiliated(Bob, Role::Physician, days(10, 50));
		affiliated(Charlie, Role::Pharmacist, days(0, 50));
		let roles = |place, moment| Accreditation::role_at(identity(Dave), identity(place), moment);
		assert_eq!(roles(Bob, day(9)), [Role::Nurse]);
		assert_eq!(roles(Bob, day(10)), [Role::Nurse, Role::Physician]);
		assert_eq!(roles(Charlie, day(10)), [Role::Pharmacist]);
		assert_eq!(roles(Ferdie, day(10)), []);
	});
}
