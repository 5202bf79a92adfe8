// SPDX-License-Identifier: Apache-2.0

//! Permits by an emergency and by the overarching policy, and how many denials an hour takes.

use super::{emergency::*, *};
use salus_primitives::{AccessPolicy, AffiliationPermissions, EmergencyId};
use sp_runtime::DispatchError;

/// `MaxLogDelay`.
const DELAY: Moment = 60_000;

const BY_POLICY: AccessDecision = AccessDecision::Permit(PermitBasis::Policy);

fn log_emergency(reader: Sr25519Keyring, record: RecordId, id: EmergencyId) -> DispatchResult {
	log(for_emergency(reader, record), permitted(id))
}

fn set_policy(policy: AccessPolicy) {
	assert_ok!(Consent::set_policy(signed(Alice), identity(Alice), policy));
}

#[test]
fn an_emergency_is_recorded_while_it_acts_and_a_while_after() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		assert_ok!(log_emergency(Bob, RESULT, id));
		let Event::AccessLogged { entry, .. } = last_event() else {
			panic!("a permit is announced");
		};
		assert_eq!(entry.decision, permitted(id));
		go_to(UNTIL - 1 + DELAY);
		assert_ok!(log_emergency(Bob, RESULT, id));
		go_to(UNTIL + DELAY);
		assert_noop!(log_emergency(Bob, RESULT, id), Error::<Test>::EmergencyMismatch);
		assert_ok!(log(for_emergency(Bob, RESULT), NO_GRANT));
	});
}

#[test]
fn an_emergency_that_was_stopped_is_recorded_a_while_after() {
	in_emergency(|| {
		let (closed, suspended) = (broken(Bob, Some(1)), broken(Charlie, Some(1)));
		go_to(START + 5);
		assert_ok!(close(Bob, closed));
		assert_ok!(Consent::suspend(RuntimeOrigin::root(), identity(Charlie)));
		go_to(START + 5 + DELAY);
		assert_ok!(log_emergency(Bob, RESULT, closed));
		assert_ok!(log_emergency(Charlie, RESULT, suspended));
		go_to(START + 6 + DELAY);
		let late: DispatchError = Error::<Test>::EmergencyMismatch.into();
		assert_noop!(log_emergency(Bob, RESULT, closed), late);
		assert_noop!(log_emergency(Charlie, RESULT, suspended), late);
	});
}

#[test]
fn an_emergency_has_to_be_the_readers_and_reach_the_record() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		let mismatch: DispatchError = Error::<Test>::EmergencyMismatch.into();
		let unknown = log_emergency(Bob, RESULT, EmergencyId(9));
		assert_noop!(unknown, Error::<Test>::EmergencyNotFound);
		assert_noop!(log_emergency(Charlie, RESULT, id), mismatch);
		assert_noop!(log_emergency(Bob, NOTE, id), mismatch);
		assert_noop!(log_emergency(Bob, DAVES, id), mismatch);
		assert_noop!(log(question(Bob, RESULT), permitted(id)), mismatch);
		let action = Action::Disclose;
		let passed_on = AccessQuestion { action, ..for_emergency(Bob, RESULT) };
		assert_noop!(log(passed_on, permitted(id)), mismatch);
		let default = AffiliationPermissions::default();
		Accreditations::permit(identity(Bob), identity(Eve), default);
		assert_noop!(log_emergency(Bob, RESULT, id), mismatch);
	});
}

#[test]
fn an_emergency_of_all_has_read_nothing_that_is_restricted() {
	in_emergency(|| {
		let id = broken(Bob, None);
		assert_ok!(log_emergency(Bob, RESULT, id));
		assert_noop!(log_emergency(Bob, NOTE, id), Error::<Test>::EmergencyMismatch);
	});
}

#[test]
fn who_opted_out_since_was_read_before() {
	in_emergency(|| {
		let id = broken(Bob, None);
		assert_ok!(set_key(1, None));
		assert_ok!(log_emergency(Bob, RESULT, id));
	});
}

#[test]
fn the_policy_is_recorded_while_it_permits_and_a_while_after() {
	in_emergency(|| {
		let mismatch: DispatchError = Error::<Test>::PolicyMismatch.into();
		assert_noop!(log(question(Bob, RESULT), BY_POLICY), mismatch);
		set_policy(AccessPolicy::PermitTreatment);
		assert_eq!(ask(Bob, RESULT), BY_POLICY);
		assert_ok!(log(question(Bob, RESULT), BY_POLICY));
		go_to(START + 5);
		set_policy(AccessPolicy::Deny);
		go_to(START + 5 + DELAY);
		assert_ok!(log(question(Bob, RESULT), BY_POLICY));
		go_to(START + 6 + DELAY);
		assert_noop!(log(question(Bob, RESULT), BY_POLICY), mismatch);
	});
}

#[test]
fn the_policy_has_to_speak_of_what_was_read() {
	in_emergency(|| {
		let mismatch: DispatchError = Error::<Test>::PolicyMismatch.into();
		set_policy(AccessPolicy::PermitTreatment);
		let asked = question(Bob, RESULT);
		assert_noop!(log(question(Bob, NOTE), BY_POLICY), mismatch);
		assert_noop!(log(question(Bob, DAVES), BY_POLICY), mismatch);
		assert_noop!(log(question(Dave, RESULT), BY_POLICY), mismatch);
		let research = AccessQuestion { purpose: Purpose::Hresch, ..asked };
		assert_noop!(log(research, BY_POLICY), mismatch);
		let passed_on = AccessQuestion { action: Action::Disclose, ..asked };
		assert_noop!(log(passed_on, BY_POLICY), mismatch);
		set_policy(AccessPolicy::PermitAllAuthorised);
		assert_ok!(log(research, BY_POLICY));
		assert_noop!(log(for_emergency(Bob, RESULT), BY_POLICY), mismatch);
		Accreditations::affiliate(identity(Bob), &[]);
		assert_noop!(log(asked, BY_POLICY), mismatch);
	});
}

#[test]
fn a_flood_of_denials_washes_nothing_out() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		assert_ok!(log_emergency(Bob, RESULT, id));
		for _ in 0..MAX_DENIALS_PER_HOUR {
			assert_ok!(log(question(Two, RESULT), NO_GRANT));
		}
		let asked = question(Two, RESULT);
		assert_noop!(log(asked, NO_GRANT), Error::<Test>::TooManyDenials);
		// Permits are not counted, other subjects and recorders count apart.
		assert_ok!(log_emergency(Bob, RESULT, id));
		assert_ok!(log(question(Two, DAVES), NO_GRANT));
		let custodian = salus_primitives::AccreditationKind::DataCustodian;
		Accreditations::always(identity(Eve), custodian);
		let AccessQuestion { reader, record, purpose, action } = asked;
		let event = Digest([0xee; 32]);
		let by_eve =
			Consent::log_access(signed(Eve), reader, record, purpose, action, NO_GRANT, event);
		assert_ok!(by_eve);

		go_to(START + HOUR);
		assert_ok!(log(asked, NO_GRANT));
		assert!(
			AccessLog::<Test>::iter_prefix(identity(Alice))
				.any(|(_, entry)| { entry.decision == permitted(id) })
		);
	});
}

#[test]
fn a_policy_that_held_a_moment_ago_is_remembered_through_two_changes() {
	in_emergency(|| {
		set_policy(AccessPolicy::PermitTreatment);
		let asked = question(Bob, RESULT);
		assert_eq!(decide(asked), BY_POLICY);
		go_to(START + 5);
		set_policy(AccessPolicy::Deny);
		go_to(START + 6);
		set_policy(AccessPolicy::BreakGlassOnly);
		assert_ok!(log(asked, BY_POLICY));
		// What was never said is not remembered.
		let research = AccessQuestion { purpose: Purpose::Hresch, ..asked };
		assert_noop!(log(research, BY_POLICY), Error::<Test>::PolicyMismatch);
		go_to(START + 7 + DELAY);
		assert_noop!(log(asked, BY_POLICY), Error::<Test>::PolicyMismatch);
		// Nor after a change that comes later than that.
		set_policy(AccessPolicy::Deny);
		assert_noop!(log(asked, BY_POLICY), Error::<Test>::PolicyMismatch);
	});
}
