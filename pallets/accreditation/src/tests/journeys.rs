// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_nurse_is_licensed_hired_struck_off_and_leaves_a_history() {
	ExtBuilder::default().build_and_execute(|| {
		// given a regulator and a hospital
		with_regulator();
		granted(Bob, FacilityLicence, TERM_FROM_START);
		System::reset_events();

		// when the nurse is licensed and hired, and later struck off from an earlier moment
		let licence = granted(Dave, PractitionerLicence, days(0, 100));
		let job = affiliated(Bob, Role::Nurse, days(0, 100));
		at(day(50));
		assert_eq!(in_force(day(50)), [(identity(Bob), Role::Nurse)]);
		assert_ok!(revoke(signed(Alice), licence, day(40)));

		// then nothing is left in force from that moment on, and all before it stands
		assert_eq!(in_force(day(50)), []);
		assert_eq!(in_force(day(40)), []);
		assert_eq!(in_force(day(40) - 1), [(identity(Bob), Role::Nurse)]);
		assert_ok!(end(Bob, job));

		// and when nobody asks any more, every deposit comes back
		at(day(50) + RETENTION);
		assert_ok!(Accreditation::reap_accreditation(signed(Eve), licence));
		assert_ok!(Accreditation::reap_affiliation(signed(Eve), job));
		assert_eq!(held(Bob, HoldReason::Affiliation), 0);
		assert_eq!(held(Alice, HoldReason::Accreditation), LICENCE_DEPOSIT);

		let ours = System::events().into_iter().filter_map(|record| match record.event {
			RuntimeEvent::Accreditation(event) => Some(event),
			_ => None,
		});
		let (organisation, practitioner) = (identity(Bob), identity(Dave));
		let (role, window) = (Role::Nurse, days(0, 100));
		assert_eq!(
			ours.collect::<Vec<_>>(),
			[
				Event::AccreditationGranted {
					accreditation: licence,
					subject: practitioner,
					kind: PractitionerLicence,
					jurisdiction: DENMARK,
					codes: codes(&[]),
					issuer: identity(Alice),
					commitment: LICENCE,
					window,
					digest: None,
				},
				Event::AffiliationInvited {
					affiliation: job,
					organisation,
					practitioner,
					role,
					window,
					deadline: day(1),
					permissions: AffiliationPermissions::default(),
				},
				Event::AffiliationAccepted {
					affiliation: job,
					organisation,
					practitioner,
					role,
					window
				},
				Event::AccreditationRevoked {
					accreditation: licence,
					subject: practitioner,
					kind: PractitionerLicence,
					effective_from: day(40),
					reason: RevocationReason::Fraud,
					by: Some(identity(Alice)),
				},
				Event::AffiliationEnded {
					affiliation: job,
					organisation,
					practitioner,
					by: organisation,
					at: day(50),
				},
				Event::AccreditationReaped { accreditation: licence, subject: practitioner },
				Event::AffiliationReaped { affiliation: job, organisation, practitioner },
			]
		);
	});
}

#[test]
fn a_registrar_goes_bad_and_its_regulator_sets_it_right() {
	ExtBuilder::default().build_and_execute(|| {
		// given a registry that answered an honest request on day 1
		with_registrar();
		granted(Bob, FacilityLicence, TERM_FROM_START);
		at(day(1));
		assert_ok!(ask(Registry, PAPERS));
		assert_ok!(answer(Registry, LICENCE, Some(PAPERS)));
		let honest = AccreditationId(1);
		affiliated(Bob, Role::Nurse, days(1, 200));

		// and that was bought on day 10: it renews, lifts and grants at will
		at(day(5));
		assert_ok!(suspend(signed(Registry), honest, None));
		at(day(12));
		assert_ok!(lift(signed(Registry), honest));
		assert_ok!(renew(Registry, honest, day(500)));
		let bought = granted_by(Registry, Charlie, FacilityLicence, days(12, 500));
		assert_eq!(in_force(day(60)).len(), 1);

		// when its regulator finds out on day 20, and cuts it off from day 10
		at(day(20));
		assert_ok!(remove_registrar(Alice, Registry, day(10)));

		// then what was bought is void, and the honest licence stands as on day 10: suspended
		let standing = |id, moment| Accreditation::explain_accreditation(id, moment);
		assert_eq!(standing(bought, day(15)), Standing::IssuerCutOff);
		assert_eq!(standing(honest, day(4)), Standing::InForce);
		assert_eq!(standing(honest, day(20)), Standing::Suspended);
		assert_eq!(Accreditation::accreditation(honest).unwrap().until, day(50));
		assert_eq!([in_force(day(4)).len(), in_force(day(20)).len()], [1, 0]);

		// and the regulator, or another registrar below it, goes on from there
		assert_ok!(lift(signed(Alice), honest));
		assert_ok!(renew(Alice, honest, day(300)));
		assert_eq!([in_force(day(20)).len(), in_force(day(60)).len()], [1, 1]);
		assert_ok!(appoint_registrar(Alice, OtherRegistry, wide(), days(20, 900)));
		assert_ok!(grant(OtherRegistry, Charlie, FacilityLicence, days(20, 300)));

		// and the regulator's own fall, from day 15, takes all of that back in one write
		assert_ok!(cut_off(Alice, day(15)));
		assert_eq!(standing(honest, day(25)), Standing::Suspended);
		assert!(!is_accredited(Charlie, FacilityLicence, day(25)));
		assert_eq!(standing(honest, day(4)), Standing::InForce);
	});
}
