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

#[test]
fn the_past_is_told_by_the_log_and_now_by_the_entry() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		at(day(10));
		assert_ok!(suspend(signed(Registry), id, Some(day(12))));
		at(day(20));
		assert_ok!(suspend(signed(Alice), id, None));
		at(day(25));
		assert_ok!(lift(signed(Alice), id));
		let past = [day(9), day(10), day(12), day(19), day(20), day(25) - 1];
		assert_eq!(practises(past), [true, false, true, true, false, false]);
		assert_eq!(practises([day(25), day(49), day(50)]), [true, true, false]);
		// The lifting is no longer believed: neither before nor after.
		assert_ok!(cut_off(Alice, day(22)));
		assert_eq!(practises(past), [true, false, true, true, false, false]);
		assert_eq!(practises([day(25), day(49)]), [false, false]);
		// Without its log, the entry says the same of now, and knows nothing of before.
		StatusLogs::<Test>::remove(identity(Dave));
		assert_eq!(practises([day(25), day(49)]), [false, false]);
		assert_eq!(practises([day(10)]), [true]);
		Accreditation::do_try_state().unwrap_err();
		HeldAccreditations::<Test>::remove(identity(Dave));
		Accreditations::<Test>::remove(id);
	});
}

#[test]
fn affiliations_that_were_put_away_answer_for_the_past() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		let nurse = affiliated(Bob, Role::Nurse, days(0, 5));
		affiliated(Charlie, Role::Physician, days(0, 9));
		at(day(6));
		let pharmacist = affiliated(Ferdie, Role::Pharmacist, days(0, 50));
		let now: Vec<_> = HeldAffiliations::<Test>::get(identity(Dave)).current.into();
		assert_eq!(now.len(), 2);
		assert_eq!(PastAffiliations::<Test>::get(identity(Dave))[0].id, nurse);

		let works =
			|place, moment| Accreditation::works_at(&identity(Dave), &identity(place), moment);
		let bobs = [day(0), day(5) - 1, day(5), day(6)].map(|moment| works(Bob, moment));
		assert_eq!(bobs, [true, true, false, false]);
		assert_eq!([day(5), day(6)].map(|moment| works(Ferdie, moment)), [false, true]);
		assert_eq!(in_force(day(4)).len(), 2);
		assert_eq!(in_force(day(6)).len(), 2);
		let of_dave = Accreditation::affiliations_of(identity(Dave));
		assert_eq!(of_dave.iter().map(|view| view.id).collect::<Vec<_>>().len(), 3);
		assert_eq!(Accreditation::affiliation(nurse).unwrap().window, days(0, 5));

		// It is reaped where it lies, and the rest stays.
		at(day(5) + RETENTION);
		assert_ok!(Accreditation::reap_affiliation(signed(Eve), nurse));
		assert!(!PastAffiliations::<Test>::contains_key(identity(Dave)));
		assert_eq!(HeldAffiliations::<Test>::get(identity(Dave)).past_until, 0);
		assert!(!works(Bob, day(0)));
		assert!(works(Ferdie, day(6)));
		assert!(Accreditation::affiliation(pharmacist).is_some());
	});
}

#[test]
fn whether_somebody_works_there_is_what_the_whole_answer_says() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 5));
		affiliated(Charlie, Role::Physician, days(2, 9));
		assert_ok!(rest(Bob, AffiliationId(0), Some(day(1))));
		at(day(3));
		assert_ok!(revoke(root(), AccreditationId(1), day(3)));
		let mut both = [0, 0];
		for moment in (0..12).map(day) {
			let all = in_force(moment);
			for place in [Bob, Charlie, Ferdie, Eve] {
				let works = Accreditation::works_at(&identity(Dave), &identity(place), moment);
				assert_eq!(works, all.iter().any(|(at, _)| *at == identity(place)), "{place:?}");
				both[usize::from(works)] += 1;
			}
		}
		assert_eq!(both, [48 - 4 - 1, 4 + 1]);
	});
}
