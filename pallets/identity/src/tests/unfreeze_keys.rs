// SPDX-License-Identifier: Apache-2.0

use super::*;

fn unfreeze(by: Sr25519Keyring) -> DispatchResult {
	Identity::unfreeze_keys(signed(by))
}

#[test]
fn lets_the_keys_sign_again() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(Identity::freeze_keys(signed(Dave)));
		assert_ok!(unfreeze(Alice));
		assert!(may(Dave, CallScope::RecordAnchor));
		System::assert_last_event(Event::KeysUnfrozen { identity: identity(Alice) }.into());
	});
}

#[test]
fn a_secondary_key_does_not_unfreeze() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		// Not while nothing is frozen, when it may otherwise administer keys, nor afterwards.
		assert_noop!(unfreeze(Dave), Error::<Test>::NotPrimary);
		assert_ok!(Identity::freeze_keys(signed(Dave)));
		assert_noop!(unfreeze(Dave), DispatchError::BadOrigin);
	});
}

#[test]
fn refuses_when_nothing_is_frozen() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(unfreeze(Alice), Error::<Test>::NotFrozen);
		assert_noop!(unfreeze(Bob), DispatchError::BadOrigin);
	});
}
