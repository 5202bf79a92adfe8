// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};

fn suspend(who: Sr25519Keyring) -> DispatchResult {
	Consent::suspend(RuntimeOrigin::root(), identity(who))
}

fn reinstate(who: Sr25519Keyring) -> DispatchResult {
	Consent::reinstate(RuntimeOrigin::root(), identity(who))
}

#[test]
fn stops_what_is_open_and_what_would_come() {
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		assert!(decide(for_emergency(Bob, RESULT)).is_permit());
		go_to(START + 3);
		assert_ok!(suspend(Bob));
		assert_eq!(last_event(), Event::ClaimantSuspended { claimant: identity(Bob), strikes: 0 });
		assert_eq!(decide(for_emergency(Bob, RESULT)), NO_GRANT);
		assert_noop!(break_glass(Bob, Some(2)), Error::<Test>::ClaimantSuspended);

		assert_ok!(reinstate(Bob));
		assert_eq!(last_event(), Event::ClaimantReinstated { claimant: identity(Bob) });
		assert_eq!(decide(for_emergency(Bob, RESULT)), permitted(id));
	});
}

#[test]
fn can_come_before_any_emergency() {
	in_emergency(|| {
		assert_ok!(suspend(Bob));
		assert_noop!(break_glass(Bob, None), Error::<Test>::ClaimantSuspended);
		assert_eq!(decide(for_emergency(Bob, RESULT)), NO_GRANT);
	});
}

#[test]
fn is_for_practitioners_and_for_who_broke_the_glass() {
	in_emergency(|| {
		for who in [Alice, Eve] {
			assert_noop!(suspend(who), Error::<Test>::ClaimantUnknown);
		}
		let unknown = Consent::suspend(RuntimeOrigin::root(), OUTSIDER);
		assert_noop!(unknown, Error::<Test>::ClaimantUnknown);
		ended(Some(1));
		Identities::deactivate(identity(Bob));
		assert_ok!(suspend(Bob));
	});
}

#[test]
fn changes_something_or_says_that_it_does_not() {
	in_emergency(|| {
		assert_noop!(reinstate(Bob), Error::<Test>::NotSuspended);
		assert_ok!(suspend(Bob));
		assert_noop!(suspend(Bob), Error::<Test>::AlreadySuspended);
		assert_ok!(reinstate(Bob));
		assert_noop!(reinstate(Bob), Error::<Test>::NotSuspended);
	});
}

#[test]
fn strikes_are_forgotten_also_before_they_suspend() {
	in_emergency(|| {
		use salus_primitives::ReviewOutcome::Unjustified;
		let id = ended(Some(1));
		assert_ok!(review(signed(Charlie), id, Unjustified));
		assert_ok!(reinstate(Bob));
		assert_eq!(Consent::claimant(identity(Bob)).strikes, 0);
	});
}

#[test]
fn is_governances() {
	in_emergency(|| {
		for who in [Alice, Charlie, Eve] {
			assert_noop!(Consent::suspend(signed(who), identity(Bob)), BadOrigin);
			assert_noop!(Consent::reinstate(signed(who), identity(Bob)), BadOrigin);
		}
	});
}
