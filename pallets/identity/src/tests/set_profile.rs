// SPDX-License-Identifier: Apache-2.0

use super::*;

const OTHER: Commitment = Commitment([6; 32]);

fn set(profile: Commitment, expected: u32) -> DispatchResult {
	Identity::set_profile(signed(Alice), profile, expected)
}

#[test]
fn sets_the_first_and_replaces_it() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(set(PROFILE, 0));
		assert_ok!(set(OTHER, 1));

		let id = identity(Alice);
		assert_eq!(
			Profiles::<Test>::get(id),
			Some(Profile { commitment: Some(OTHER), revision: 2 })
		);
		let event = Event::ProfileSet { identity: id, profile: OTHER, revision: 2 };
		assert_eq!(last_event(), event.into());
	});
}

#[test]
fn refuses_a_stale_revision() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(set(PROFILE, 1), Error::<Test>::StaleRevision);
		assert_ok!(set(PROFILE, 0));
		for stale in [0, 2, u32::MAX] {
			assert_noop!(set(OTHER, stale), Error::<Test>::StaleRevision);
		}
	});
}

#[test]
fn refuses_what_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(set(PROFILE, 0));
		assert_noop!(set(PROFILE, 1), Error::<Test>::ProfileUnchanged);
	});
}

#[test]
fn refuses_an_empty_commitment() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(set(Commitment([0; 32]), 0), Error::<Test>::ProfileEmpty);
	});
}

#[test]
fn refuses_who_is_no_active_identity() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(set(PROFILE, 0), DispatchError::BadOrigin);
		patient(Alice);
		set_status(identity(Alice), suspended(None));
		assert_noop!(set(PROFILE, 0), DispatchError::BadOrigin);
	});
}

#[test]
fn a_further_key_needs_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		let by_dave = || Identity::set_profile(signed(Dave), PROFILE, 0);
		assert_noop!(by_dave(), DispatchError::BadOrigin);
		let scopes = CallScopes::of(&[CallScope::ProfileWrite]);
		assert_ok!(Identity::set_key_scopes(signed(Alice), 1, scopes));
		assert_ok!(by_dave());
	});
}
