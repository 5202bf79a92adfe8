// SPDX-License-Identifier: Apache-2.0

use super::*;

const VAULT: CallScopes = CallScopes::of(&[CallScope::Vault]);

fn set(by: Sr25519Keyring, key: KeyId, scopes: CallScopes) -> DispatchResult {
	Identity::set_key_scopes(signed(by), key, scopes)
}

#[test]
fn changes_what_a_key_may_sign() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(set(Alice, 1, VAULT));

		assert_eq!(key(Alice, 1).scopes, VAULT);
		assert!(may(Dave, CallScope::Vault) && !may(Dave, CallScope::RecordAnchor));
		System::assert_last_event(
			Event::KeyScopesSet { identity: identity(Alice), key: 1, scopes: VAULT }.into(),
		);
	});
}

#[test]
fn leaves_the_document_as_it_is() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let before = Identity::resolve(identity(Alice), None);
		assert_ok!(set(Alice, 1, VAULT));
		assert_eq!(Identity::resolve(identity(Alice), None), before);
	});
}

#[test]
fn an_empty_set_takes_every_scope() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(set(Alice, 1, CallScopes::default()));
		assert!(CallScope::ALL.iter().all(|scope| !may(Dave, *scope)));
	});
}

#[test]
fn only_the_primary_key_sets_scopes() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		// Not even its own, and not to fewer.
		for key in [1, 2] {
			assert_noop!(set(Dave, key, CallScopes::default()), Error::<Test>::NotPrimary);
		}
		assert_noop!(set(Eve, 2, CallScopes::ALL), DispatchError::BadOrigin);
	});
}

#[test]
fn the_primary_key_keeps_all_scopes() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(set(Alice, 0, VAULT), Error::<Test>::KeyIsPrimary);
	});
}

#[test]
fn refuses_keys_that_are_not_there_or_have_ended() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(add_key(Bob, Eve, ANCHORS));
		for key in [1, u32::MAX] {
			assert_noop!(set(Alice, key, VAULT), Error::<Test>::KeyNotFound);
		}
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_noop!(set(Alice, 1, VAULT), Error::<Test>::KeyNotActive);
	});
}

#[test]
fn refuses_scopes_that_do_not_exist_or_do_not_fit() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let purposes = KeyPurposes::of(&[KeyPurpose::Assertion]);
		assert_ok!(add_key(Alice, Dave, KeyRights { purposes, ..NOTHING }));
		assert_noop!(set(Alice, 1, CallScopes(0x8000)), Error::<Test>::UnknownScope);
		assert_noop!(set(Alice, 1, VAULT), Error::<Test>::PurposeMismatch);
	});
}

#[test]
fn refuses_what_changes_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_noop!(set(Alice, 1, ANCHORS.scopes), Error::<Test>::ScopesUnchanged);
	});
}
