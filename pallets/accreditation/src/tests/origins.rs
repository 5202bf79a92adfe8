// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::{EnsureOrigin, EnsureOriginWithArg, Get};
use salus_primitives::CallScope;
use salus_traits::identity::SuspendedBy;

struct Doctor;
impl Get<AccreditationKind> for Doctor {
	fn get() -> AccreditationKind {
		PractitionerLicence
	}
}

type EnsureDoctor = EnsureAccredited<Test, Doctor, Accrediting>;

#[test]
fn an_accreditation_that_expired_one_millisecond_ago_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert!(EnsureDoctor::try_origin(signed(Dave)).is_err());
		granted(Dave, PractitionerLicence, days(0, 2));
		let actor = EnsureDoctor::ensure_origin(signed(Dave)).unwrap();
		assert_eq!((actor.id, actor.payer), (identity(Dave), account(Dave)));
		at(day(2) - 1);
		assert_ok!(EnsureDoctor::ensure_origin(signed(Dave)));
		at(day(2));
		assert!(EnsureDoctor::ensure_origin(signed(Dave)).is_err());
	});
}

#[test]
fn others_do_not() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		for origin in [signed(Bob), signed(Eve), RuntimeOrigin::root(), RuntimeOrigin::none()] {
			assert!(EnsureDoctor::try_origin(origin).is_err());
		}
		Identities::deactivate(identity(Dave));
		assert!(EnsureDoctor::try_origin(signed(Dave)).is_err());
	});
}

#[test]
fn it_refines_the_origin_it_is_given() {
	ExtBuilder::default().build_and_execute(|| {
		with_licences();
		assert_ok!(EnsureDoctor::ensure_origin(signed(Dave)));
		Withheld::set(Some(CallScope::Accredit));
		assert!(EnsureDoctor::ensure_origin(signed(Dave)).is_err());
	});
}

#[test]
fn a_suspended_or_surrendered_accreditation_does_not_pass() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let id = licensed(days(0, 50));
		assert_ok!(suspend(signed(Registry), id, Some(day(1))));
		assert!(EnsureDoctor::ensure_origin(signed(Dave)).is_err());
		at(day(1));
		assert_ok!(EnsureDoctor::ensure_origin(signed(Dave)));
		assert_ok!(surrender(Dave, id));
		assert!(EnsureDoctor::ensure_origin(signed(Dave)).is_err());
	});
}

type EnsureOver = EnsureAuthorityOver<Test, Accrediting>;

fn is_over(by: Sr25519Keyring, subject: Sr25519Keyring) -> bool {
	let over = EnsureOver::try_origin(signed(by), &identity(subject));
	over.is_ok_and(|passed| {
		assert_eq!(passed, SuspendedBy::Authority(identity(by)));
		true
	})
}

#[test]
fn a_regulator_is_over_who_it_or_a_registrar_of_it_accredited() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 900)));
		let id = licensed(days(0, 50));
		granted(Bob, FacilityLicence, days(0, 50));
		// A licensed doctor and a licensed hospital.
		assert!(is_over(Alice, Dave) && is_over(Alice, Bob));
		assert!(![Charlie, Bob, Dave].into_iter().any(|who| is_over(who, Dave)));
		assert!(!is_over(Alice, Ferdie) && !is_over(Alice, Eve));
		assert!(EnsureOver::try_origin(root(), &identity(Dave)).is_err());
		// What does not count gives nobody power.
		assert_ok!(suspend(signed(Registry), id, Some(day(1))));
		assert!(!is_over(Alice, Dave));
		at(day(1));
		assert!(is_over(Alice, Dave));
		assert_ok!(revoke(signed(Registry), id, START));
		assert!(!is_over(Alice, Dave));
		at(day(50) - 1);
		assert!(is_over(Alice, Bob));
		at(day(50));
		assert!(!is_over(Alice, Bob));
	});
}

#[test]
fn a_registrar_is_over_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint_registrar(Alice, OtherRegistry, wide(), days(0, 9_000)));
		licensed(days(0, 50));
		granted_by(Registry, Bob, FacilityLicence, days(0, 50));
		granted_by(Registry, OtherRegistry, FacilityLicence, days(0, 50));
		assert!(![Dave, Bob, OtherRegistry].into_iter().any(|who| is_over(Registry, who)));
		assert!(is_over(Alice, Dave) && is_over(Alice, Bob));
	});
}

#[test]
fn a_registrar_that_accredits_its_own_regulator_is_not_over_it() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		granted_by(Registry, Alice, FacilityLicence, days(0, 50));
		assert!(is_accredited(Alice, FacilityLicence, START));
		assert!(!is_over(Registry, Alice));
		// Nor is the regulator over itself by that.
		assert!(!is_over(Alice, Alice));
	});
}

#[test]
fn a_regulator_is_not_over_another_whatever_it_grants() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(appoint(Charlie, wide(), days(0, 900)));
		granted_by(Charlie, Alice, FacilityLicence, days(0, 50));
		granted_by(Charlie, Registry, FacilityLicence, days(0, 50));
		granted(Charlie, FacilityLicence, days(0, 50));
		assert!(is_accredited(Alice, FacilityLicence, START));
		assert!(!is_over(Charlie, Alice) && !is_over(Alice, Charlie));
		// Nor over a registrar of the other.
		assert!(!is_over(Charlie, Registry));
		// Also when it is none any more: what it said is for governance to judge.
		assert_ok!(cut_off(Alice, START));
		assert!(!is_over(Charlie, Alice));
	});
}

#[test]
fn a_regulator_is_over_its_registrars() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert!(is_over(Alice, Registry));
		granted(Registry, FacilityLicence, days(0, 50));
		assert!(is_over(Alice, Registry));
		// Also when it has cut it off: the organisation is still there.
		assert_ok!(remove_registrar(Alice, Registry, START));
		assert!(is_over(Alice, Registry));
		assert_ok!(suspend_authority(root(), Alice));
		assert!(!is_over(Alice, Registry));
	});
}

#[test]
fn who_is_out_of_office_is_over_nobody() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		licensed(days(0, 500));
		// Whether the registrar may act for the time being says nothing about its regulator.
		assert_ok!(suspend_authority(signed(Alice), Registry));
		assert!(is_over(Alice, Dave));
		assert_ok!(suspend_authority(root(), Alice));
		assert!(!is_over(Alice, Dave));
		assert_ok!(reinstate_authority(root(), Alice));
		at(day(1));
		assert_ok!(remove_registrar(Alice, Registry, day(1)));
		assert!(is_over(Alice, Dave));
		Withheld::set(Some(CallScope::Accredit));
		assert!(!is_over(Alice, Dave));
		Withheld::set(None);

		// Its window: not yet, and no more.
		assert_ok!(appoint(Alice, wide(), days(2, 3)));
		let moments = [day(2) - 1, day(2), day(3) - 1, day(3)];
		let over = moments.map(|moment| {
			at(moment);
			is_over(Alice, Dave)
		});
		assert_eq!(over, [false, true, true, false]);
		assert_ok!(appoint(Alice, wide(), days(3, 300)));
		assert!(is_over(Alice, Dave));
		assert_ok!(cut_off(Alice, day(3)));
		assert!(!is_over(Alice, Dave));
	});
}

#[test]
fn each_call_asks_for_the_scope_it_belongs_to() {
	use frame_support::{dispatch::Pays, traits::UnfilteredDispatchable};
	let (id, job) = (AccreditationId(0), AffiliationId(0));
	let (who, kind) = (identity(Dave), PractitionerLicence);
	let window = days(0, 1);
	let (scope, locator, none) = (wide(), Locator::new(), AffiliationPermissions::default());
	let reason = SuspensionReason::Disciplinary;
	let accrediting: Vec<Call<Test>> = vec![
		Call::appoint_registrar { id: who, scope, window },
		Call::remove_registrar { id: who, cutoff: 0 },
		Call::suspend_authority { id: who },
		Call::reinstate_authority { id: who },
		Call::set_status_list { list: 0, digest: PAPERS, locator, sequence: 0 },
		Call::grant_accreditation {
			subject: who,
			kind,
			jurisdiction: DENMARK,
			commitment: LICENCE,
			window,
			codes: codes(&[]),
			digest: None,
		},
		Call::revoke_accreditation { id, effective_from: 0, reason: RevocationReason::Fraud },
		Call::renew_accreditation { id, until: 0 },
		Call::suspend_accreditation { id, until: None, reason },
		Call::lift_suspension { id },
		Call::surrender_accreditation { id },
		Call::request_accreditation { issuer: who, kind, commitment: LICENCE, digest: PAPERS },
	];
	let affiliating: Vec<Call<Test>> = vec![
		Call::invite_affiliation {
			practitioner: who,
			role: Role::Nurse,
			window,
			deadline: 0,
			permissions: none,
		},
		Call::accept_affiliation { id: job },
		Call::end_affiliation { id: job },
		Call::suspend_affiliation { id: job, until: None },
		Call::resume_affiliation { id: job },
	];
	let is_turned_away = |call: &Call<Test>| {
		let done = call.clone().dispatch_bypass_filter(signed(Bob));
		let refused = done.unwrap_err();
		assert_eq!(refused.post_info.pays_fee, Pays::Yes);
		refused.error == DispatchError::BadOrigin
	};
	for (withheld, refused, heard) in [
		(CallScope::Accredit, &accrediting, &affiliating),
		(CallScope::Affiliate, &affiliating, &accrediting),
	] {
		ExtBuilder::default().build_and_execute(|| {
			Withheld::set(Some(withheld));
			assert!(refused.iter().all(is_turned_away));
			assert!(!heard.iter().any(is_turned_away));
		});
	}
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn benchmarks_find_an_origin_that_passes() {
	ExtBuilder::default().build().execute_with(|| {
		let subject = identity(Dave);
		let origin = EnsureOver::try_successful_origin(&subject).unwrap();
		assert!(EnsureOver::try_origin(origin, &subject).is_ok());
		let origin = EnsureDoctor::try_successful_origin().unwrap();
		assert_ok!(EnsureDoctor::ensure_origin(origin));
	});
}
