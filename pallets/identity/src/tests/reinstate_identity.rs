// SPDX-License-Identifier: Apache-2.0

use super::*;

fn reinstate(by: RuntimeOrigin, who: Sr25519Keyring) -> DispatchResult {
	Identity::reinstate_identity(by, identity(who))
}

fn suspend(by: RuntimeOrigin, until: Option<Moment>) {
	assert_ok!(Identity::suspend_identity(by, identity(Alice), GROUND, until));
}

fn root() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

/// Bob is an authority, Alice a practitioner.
fn build() -> ExtBuilder {
	ExtBuilder::default()
		.identity(Bob, IdentityKind::Organisation)
		.identity(Alice, IdentityKind::Practitioner)
}

#[test]
fn lets_an_identity_act_again() {
	build().build_and_execute(|| {
		suspend(signed(Bob), None);
		at(START + 10);
		assert_ok!(reinstate(signed(Bob), Alice));
		assert!(may(Alice, CallScope::RecordAnchor));
		assert_eq!(row(Alice).status, IdentityStatus::Active);
		let by = SuspendedBy::Authority(identity(Bob));
		System::assert_last_event(
			Event::IdentityReinstated { identity: identity(Alice), by, at: START + 10 }.into(),
		);
	});
}

#[test]
fn governance_lifts_what_an_authority_imposed_and_not_the_other_way_round() {
	build().build_and_execute(|| {
		suspend(signed(Bob), None);
		assert_ok!(reinstate(root(), Alice));
		suspend(root(), None);
		let refused = reinstate(signed(Bob), Alice);
		assert_noop!(refused, Error::<Test>::SuspendedByGovernance);
		assert_ok!(reinstate(root(), Alice));
	});
}

#[test]
fn an_authority_does_not_lift_what_another_imposed() {
	build().identity(Charlie, IdentityKind::Organisation).build_and_execute(|| {
		suspend(signed(Bob), None);
		assert_noop!(reinstate(signed(Charlie), Alice), Error::<Test>::SuspendedByAnother);
		assert_ok!(reinstate(signed(Bob), Alice));
		// Which of the two imposed it is what counts.
		suspend(signed(Charlie), None);
		assert_noop!(reinstate(signed(Bob), Alice), Error::<Test>::SuspendedByAnother);
		assert_ok!(reinstate(signed(Charlie), Alice));
	});
}

#[test]
fn refuses_who_is_not_suspended_or_no_longer() {
	build().build_and_execute(|| {
		assert_noop!(reinstate(root(), Alice), Error::<Test>::NotSuspended);
		suspend(root(), Some(START + 10));
		at(START + 10);
		assert_noop!(reinstate(root(), Alice), Error::<Test>::NotSuspended);
		assert_noop!(reinstate(root(), Eve), Error::<Test>::IdentityNotFound);
	});
}

#[test]
fn nobody_reinstates_itself() {
	build().build_and_execute(|| {
		suspend(root(), None);
		assert_noop!(reinstate(signed(Alice), Alice), DispatchError::BadOrigin);
		assert_ok!(Identity::suspend_identity(root(), identity(Bob), GROUND, None));
		assert_noop!(reinstate(signed(Bob), Bob), DispatchError::BadOrigin);
	});
}

#[test]
fn frozen_keys_stay_frozen() {
	build().build_and_execute(|| {
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(Identity::freeze_keys(signed(Dave)));
		suspend(root(), None);
		assert_ok!(reinstate(root(), Alice));
		assert!(!may(Dave, CallScope::RecordAnchor));
	});
}
