// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use codec::Decode;
use salus_primitives::{AccessPolicy, AffiliationPermissions, EmergencyId, EmergencyReason};
use sp_runtime::DispatchError;

fn rotation_due() -> Vec<CompartmentNo> {
	let is_due = |(no, row): (CompartmentNo, Compartment)| row.rotation_due.then_some(no);
	Consent::compartments(identity(Alice)).into_iter().filter_map(is_due).collect()
}

#[test]
fn leaves_a_row_lists_deadlines_and_an_event() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		let (subject, claimant, organisation) = (identity(Alice), identity(Bob), identity(Eve));
		let reason = EmergencyReason::Unconscious;
		let emergency = Emergency {
			subject,
			claimant,
			organisation,
			compartment: Some(1),
			reason,
			justification: JUSTIFICATION,
			opened_at: START,
			until: UNTIL,
			closed: None,
			review_by: UNTIL + 3 * DAY,
			contest_by: UNTIL + 30 * DAY,
			review: None,
			contest: None,
		};
		assert_eq!(row(id), emergency);
		let told = Event::GlassBroken {
			emergency: id,
			subject,
			claimant,
			organisation,
			compartment: Some(1),
			reason,
			justification: JUSTIFICATION,
			until: UNTIL,
		};
		assert_eq!(events(), [told]);
		assert_eq!(SubjectEmergencies::<Test>::get(subject, 0), Some(id));
		assert_eq!(OrganisationEmergencies::<Test>::get(organisation, 0), Some(id));
		assert_eq!(PendingReviews::<Test>::get(id), Some(UNTIL + 3 * DAY));
		assert!(has_deadline(id));
		assert_eq!(standing(id), EmergencyStanding::Open);
		assert_eq!(rotation_due(), [1]);
	});
}

#[test]
fn without_a_compartment_reaches_all_that_is_not_restricted() {
	in_emergency(|| {
		assert_eq!(decide(for_emergency(Bob, RESULT)), COULD_BREAK);
		let id = broken(Bob, None);
		assert_eq!(decide(for_emergency(Bob, RESULT)), permitted(id));
		assert!(!decide(for_emergency(Bob, NOTE)).is_permit());
		assert_eq!(rotation_due(), [1]);
	});
}

#[test]
fn of_a_restricted_compartment_reaches_it_alone() {
	in_emergency(|| {
		let id = broken(Bob, Some(2));
		assert_eq!(decide(for_emergency(Bob, NOTE)), permitted(id));
		assert!(!decide(for_emergency(Bob, RESULT)).is_permit());
		assert_eq!(rotation_due(), [2]);
	});
}

#[test]
fn lets_in_the_claimant_alone_and_for_emergencies_alone() {
	in_emergency(|| {
		broken(Bob, None);
		assert!(!decide(for_emergency(Charlie, RESULT)).is_permit());
		assert!(!decide(for_emergency(Eve, RESULT)).is_permit());
		assert!(!decide(for_emergency(Bob, DAVES)).is_permit());
		assert!(!ask(Bob, RESULT).is_permit());
		let passed_on = AccessQuestion { action: Action::Disclose, ..for_emergency(Bob, RESULT) };
		assert!(!decide(passed_on).is_permit());
	});
}

#[test]
fn ends_by_itself() {
	in_emergency(|| {
		let id = broken(Bob, None);
		go_to(UNTIL - 1);
		assert_eq!(decide(for_emergency(Bob, RESULT)), permitted(id));
		go_to(UNTIL);
		assert_eq!(decide(for_emergency(Bob, RESULT)), COULD_BREAK);
		assert_eq!(standing(id), EmergencyStanding::AwaitingReview);
	});
}

#[test]
fn acts_only_while_the_claimant_may_break_the_glass() {
	in_emergency(|| {
		let id = broken(Bob, None);
		let asked = for_emergency(Bob, RESULT);
		Accreditations::permit(identity(Bob), identity(Eve), AffiliationPermissions::default());
		assert_eq!(decide(asked), NO_GRANT);
		Accreditations::permit(identity(Bob), identity(Eve), EMERGENCY);
		Accreditations::affiliate(identity(Bob), &[]);
		assert_eq!(decide(asked), NO_GRANT);
		Accreditations::affiliate(identity(Bob), &[(identity(Eve), Role::Physician)]);
		assert_eq!(decide(asked), permitted(id));
		Identities::end(identity(Bob));
		assert_eq!(decide(asked), AccessDecision::Deny(DenyReason::UnknownReader));
	});
}

#[test]
fn shows_nothing_of_what_was_erased_or_opted_out_since() {
	in_emergency(|| {
		broken(Bob, None);
		let asked = for_emergency(Bob, RESULT);
		assert_ok!(set_key(1, None));
		assert!(!decide(asked).is_permit());
		assert_ok!(give_key(1));
		assert!(decide(asked).is_permit());
		Records::erase(RESULT);
		assert_eq!(decide(asked), AccessDecision::Deny(DenyReason::UnknownRecord));
	});
}

#[test]
fn passes_a_denial_only_where_that_says_so() {
	in_emergency(|| {
		let id = broken(Bob, None);
		let asked = for_emergency(Bob, RESULT);
		let lenient = Decision::Deny { override_in_emergency: true };
		let denial = Offer { decision: lenient, ..Offer::to(person(Bob)).deny() };
		denial.make();
		assert_eq!(decide(asked), permitted(id));
		let strict = Offer::to(person(Bob)).deny().make();
		assert_eq!(decide(asked), denied_by(strict));
	});
}

#[test]
fn is_refused_to_who_has_no_emergency_role_there() {
	in_emergency(|| {
		let refused: DispatchError = Error::<Test>::NotEmergencyRole.into();
		assert_noop!(break_glass(Two, None), refused);
		assert_noop!(break_glass(Dave, None), refused);
		assert_noop!(break_glass(Eve, None), refused);
		assert_noop!(break_glass_at(Bob, identity(Alice), identity(One), None), refused);
		let default = AffiliationPermissions::default();
		Accreditations::permit(identity(Bob), identity(Eve), default);
		assert_noop!(break_glass(Bob, None), refused);
		Accreditations::permit(identity(Bob), identity(Eve), EMERGENCY);
		Accreditations::affiliate(identity(Bob), &[]);
		assert_noop!(break_glass(Bob, None), refused);

		Identities::end(identity(Charlie));
		assert_noop!(break_glass(Charlie, None), BadOrigin);
	});
}

#[test]
fn is_refused_to_oneself() {
	in_emergency(|| {
		let own = break_glass_at(Bob, identity(Bob), identity(Eve), None);
		assert_noop!(own, Error::<Test>::SelfEmergency);
	});
}

#[test]
fn needs_a_subject_that_is_active_and_lets_it() {
	in_emergency(|| {
		let of = |subject| break_glass_at(Bob, subject, identity(Eve), None);
		assert_noop!(of(OUTSIDER), Error::<Test>::SubjectNotActive);
		assert_noop!(of(identity(Dave)), Error::<Test>::EmergenciesRefused);
		let policy = AccessPolicy::Deny;
		assert_ok!(Consent::set_policy(signed(Alice), identity(Alice), policy));
		assert_noop!(of(identity(Alice)), Error::<Test>::EmergenciesRefused);
		assert_eq!(decide(for_emergency(Bob, RESULT)), NO_GRANT);
		for policy in [AccessPolicy::PermitTreatment, AccessPolicy::PermitAllAuthorised] {
			assert_ok!(Consent::set_policy(signed(Alice), identity(Alice), policy));
			assert_ok!(of(identity(Alice)));
			assert_ok!(close(
				Bob,
				OpenEmergencies::<Test>::get(identity(Alice), identity(Bob)).unwrap()
			));
		}
		Identities::end(identity(Alice));
		assert_noop!(of(identity(Alice)), Error::<Test>::SubjectNotActive);
	});
}

#[test]
fn says_before_use_that_no_key_would_open_anything() {
	in_emergency(|| {
		assert_noop!(break_glass(Bob, Some(3)), Error::<Test>::CompartmentNotOpen);
		assert_ok!(set_key(1, None));
		assert_noop!(break_glass(Bob, Some(1)), Error::<Test>::NoEmergencyKey);
		// The key that is left is of a restricted compartment, which one for all does not reach.
		assert_noop!(break_glass(Bob, None), Error::<Test>::NoEmergencyKey);
		assert_eq!(decide(for_emergency(Bob, RESULT)), NO_GRANT);
		assert_ok!(break_glass(Bob, Some(2)));
	});
}

#[test]
fn is_open_once_for_a_claimant_and_a_subject() {
	in_emergency(|| {
		let first = broken(Bob, Some(1));
		assert_noop!(break_glass(Bob, Some(2)), Error::<Test>::EmergencyOpen);
		assert_ok!(break_glass(Charlie, Some(2)));
		assert_ok!(close(Bob, first));
		broken(Bob, Some(2));
		go_to(START + 4 * HOUR - 1);
		assert_noop!(break_glass(Bob, None), Error::<Test>::EmergencyOpen);
		go_to(START + 4 * HOUR);
		assert_ok!(break_glass(Bob, None));
	});
}

#[test]
fn a_claimants_quota_slides() {
	in_emergency(|| {
		for number in 0..5 {
			go_to(START + number);
			ended(None);
		}
		let exceeded: DispatchError = Error::<Test>::ClaimantQuotaExceeded.into();
		assert_noop!(break_glass(Bob, None), exceeded);
		go_to(START + DAY - 1);
		assert_noop!(break_glass(Bob, None), exceeded);
		go_to(START + DAY);
		ended(None);
		assert_noop!(break_glass(Bob, None), exceeded);
		assert_ok!(break_glass(Charlie, None));

		with_policy(|policy| policy.per_claimant = 6);
		ended(None);
		with_policy(|policy| policy.quota_period = 2 * DAY);
		assert_noop!(break_glass(Bob, None), exceeded);
	});
}

#[test]
fn an_organisations_quota_slides() {
	in_emergency(|| {
		with_policy(|policy| policy.per_organisation = 2);
		ended(None);
		go_to(START + 1);
		let id = broken(Charlie, None);
		assert_ok!(close(Charlie, id));
		let exceeded: DispatchError = Error::<Test>::OrganisationQuotaExceeded.into();
		assert_noop!(break_glass(Bob, None), exceeded);
		go_to(START + DAY);
		assert_ok!(break_glass(Bob, None));
		assert_noop!(break_glass(Charlie, None), exceeded);
		assert_eq!(Consent::check_access_now(&for_emergency(Charlie, RESULT)), COULD_BREAK);
	});
}

#[test]
fn has_reasons_from_a_list() {
	assert_eq!(EmergencyReason::decode(&mut &[4][..]), Ok(EmergencyReason::SystemFailure));
	assert!(EmergencyReason::decode(&mut &[5][..]).is_err());
}

#[test]
fn is_found_by_number_subject_and_organisation() {
	in_emergency(|| {
		let ids: Vec<_> = (0..3).map(|_| ended(Some(1))).collect();
		let numbers = |page: Page<EmergencyView>| {
			(page.items.iter().map(|view| view.id).collect::<Vec<_>>(), page.next)
		};
		let of =
			|start, limit| numbers(Consent::emergencies_of(identity(Alice), start, limit).unwrap());
		assert_eq!(of(0, 2), (ids[..2].to_vec(), Some(2)));
		assert_eq!(of(2, 100), (ids[2..].to_vec(), None));
		assert_eq!(of(3, 100), (vec![], None));
		let at = numbers(Consent::emergencies_at(identity(Eve), 1, 1).unwrap());
		assert_eq!(at, (ids[1..2].to_vec(), Some(2)));
		let too_large = PageTooLarge { max: 100 };
		assert_eq!(Consent::emergencies_of(identity(Alice), 0, 101), Err(too_large));
		assert_eq!(Consent::emergencies_at(identity(Eve), 0, 101), Err(too_large));
		assert_eq!(Consent::emergency(EmergencyId(3)), None);
		assert_eq!(Consent::claimant(identity(Bob)).recent.into_inner(), [START; 3]);
		assert_eq!(Consent::btg_policy(), EmergencyPolicy::default());
	});
}

#[test]
fn pays_for_the_compartments_it_looked_at() {
	in_emergency(|| {
		let reason = EmergencyReason::Unconscious;
		let (alice, eve) = (identity(Alice), identity(Eve));
		let broken =
			|scope| Consent::break_glass(signed(Bob), alice, eve, scope, reason, JUSTIFICATION);
		let weight = <() as WeightInfo>::break_glass;
		// It reaches compartment 1; that 2 is restricted had to be read.
		assert_eq!(broken(None).unwrap().actual_weight, Some(weight(2)));
		assert_eq!(rotation_due(), [1]);
		assert_ok!(close(Bob, EmergencyId(0)));
		assert_eq!(broken(Some(2)).unwrap().actual_weight, Some(weight(1)));
	});
}
