// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::{AccessPolicy, AccreditationKind};

const BY_POLICY: AccessDecision = AccessDecision::Permit(PermitBasis::Policy);

fn set(policy: AccessPolicy) -> DispatchResult {
	Consent::set_policy(signed(Alice), identity(Alice), policy)
}

/// Bob works at Eve's, and there is a record of Alice's by somebody else in each compartment.
fn at_work(test: impl FnOnce()) {
	execute(|| {
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Physician)]);
		test();
	});
}

#[test]
fn is_stored_with_what_held_before() {
	execute(|| {
		assert_eq!(Consent::policy_of(identity(Alice)), PolicyRow::default());
		go_to(START + 5);
		assert_ok!(set(AccessPolicy::PermitTreatment));
		go_to(START + 9);
		assert_ok!(set(AccessPolicy::BreakGlassOnly));
		let row = PolicyRow {
			policy: AccessPolicy::BreakGlassOnly,
			since: START + 9,
			before: AccessPolicy::PermitTreatment,
		};
		assert_eq!(Consent::policy_of(identity(Alice)), row);
		let told = Event::PolicySet {
			subject: identity(Alice),
			policy: AccessPolicy::BreakGlassOnly,
			before: AccessPolicy::PermitTreatment,
			by: identity(Alice),
		};
		assert_eq!(last_event(), told);
	});
}

#[test]
fn refuses_a_stranger_and_what_holds_already() {
	execute(|| {
		let policy = AccessPolicy::PermitTreatment;
		for who in [Bob, Dave, Two] {
			assert_noop!(Consent::set_policy(signed(who), identity(Alice), policy), BadOrigin);
		}
		assert_noop!(set(AccessPolicy::Deny), Error::<Test>::PolicyUnchanged);
		assert_ok!(set(policy));
		assert_noop!(set(policy), Error::<Test>::PolicyUnchanged);
	});
}

#[test]
fn treatment_lets_those_in_who_treat() {
	at_work(|| {
		assert_ok!(set(AccessPolicy::PermitTreatment));
		let ask_for =
			|purpose, action| decide(AccessQuestion { purpose, action, ..question(Bob, RESULT) });
		assert_eq!(ask_for(Purpose::Treat, Action::Access), BY_POLICY);
		assert_eq!(ask_for(Purpose::Coc, Action::Access), BY_POLICY);
		assert_eq!(ask_for(Purpose::Hoperat, Action::Access), NO_GRANT);
		assert_eq!(ask_for(Purpose::Btg, Action::Access), NO_GRANT);
		assert_eq!(ask_for(Purpose::Treat, Action::Use), NO_GRANT);
		// Kept apart is kept apart.
		assert_eq!(ask(Bob, NOTE), NO_GRANT);
	});
}

#[test]
fn all_authorised_lets_them_in_for_whatever_can_be_granted() {
	at_work(|| {
		assert_ok!(set(AccessPolicy::PermitAllAuthorised));
		for purpose in Purpose::ALL.iter().copied() {
			let may = !Purposes::NOT_GRANTABLE.contains(purpose);
			let decision = decide(AccessQuestion { purpose, ..question(Bob, RESULT) });
			assert_eq!(decision == BY_POLICY, may, "{purpose}");
		}
		assert_eq!(ask(Bob, NOTE), NO_GRANT);
	});
}

#[test]
fn only_practitioners_at_work_and_licensed_organisations_read_by_it() {
	at_work(|| {
		assert_ok!(set(AccessPolicy::PermitAllAuthorised));
		for outsider in [Charlie, Dave, Eve, One] {
			assert_eq!(ask(outsider, RESULT), NO_GRANT, "{outsider:?}");
		}
		for kind in [
			AccreditationKind::FacilityLicence,
			AccreditationKind::PharmacyLicence,
			AccreditationKind::LaboratoryAccreditation,
		] {
			Accreditations::always(identity(Eve), kind);
			assert_eq!(ask(Eve, RESULT), BY_POLICY, "{kind}");
			Accreditations::remove(identity(Eve), kind);
		}
		// Whatever a patient is accredited as, it treats nobody.
		Accreditations::always(identity(Dave), AccreditationKind::FacilityLicence);
		assert_eq!(ask(Dave, RESULT), NO_GRANT);
		Accreditations::affiliate(identity(Bob), &[]);
		assert_eq!(ask(Bob, RESULT), NO_GRANT);
	});
}

#[test]
fn a_grant_speaks_before_the_policy() {
	at_work(|| {
		assert_ok!(set(AccessPolicy::PermitTreatment));
		let denial = Offer::to(person(Bob)).deny().make();
		assert_eq!(ask(Bob, RESULT), denied_by(denial));
		assert_ok!(revoke(denial));
		let granted = Offer::to(person(Bob)).make();
		assert_eq!(ask(Bob, RESULT), permit(granted));
		assert_ok!(revoke(granted));
		assert_eq!(ask(Bob, RESULT), BY_POLICY);
		// One that may be overridden in an emergency is no weaker before the policy.
		let mut soft = Offer::to(person(Bob)).deny();
		soft.decision = Decision::Deny { override_in_emergency: true };
		let soft = soft.make();
		assert_eq!(ask(Bob, RESULT), denied_by(soft));
	});
}

#[test]
fn neither_deny_nor_break_glass_only_lets_anybody_in() {
	at_work(|| {
		assert_eq!(ask(Bob, RESULT), NO_GRANT);
		assert_ok!(set(AccessPolicy::BreakGlassOnly));
		assert_eq!(ask(Bob, RESULT), NO_GRANT);
	});
}
