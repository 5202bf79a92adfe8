// SPDX-License-Identifier: Apache-2.0

use super::*;

fn retire(by: Sr25519Keyring, key: KeyId) -> DispatchResult {
	Identity::retire_key(signed(by), key)
}

#[test]
fn puts_a_key_away_and_keeps_what_it_signed() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		at(START + 10);
		assert_ok!(retire(Alice, 1));

		let key = key(Alice, 1);
		assert_eq!((key.status, key.ended_in), (KeyStatus::Retired { at: START + 10 }, Some(3)));
		assert_eq!((row(Alice).active_keys, row(Alice).doc_version), (1, 3));
		let valid = |at| Identity::was_valid(account(Dave), KeyPurpose::Assertion, at);
		assert!(valid(START) && valid(START + 9) && !valid(START + 10));
		System::assert_last_event(
			Event::KeyRetired {
				identity: identity(Alice),
				key: 1,
				at: START + 10,
				by: 0,
				doc_version: 3,
			}
			.into(),
		);
	});
}

#[test]
fn a_retired_key_signs_nothing_in_the_same_block() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(retire(Alice, 1));
		assert!(CallScope::ALL.iter().all(|scope| !may(Dave, *scope)));
		assert_noop!(rotate(Dave, agreement_key(50), 1), DispatchError::BadOrigin);
		assert_noop!(Identity::freeze_keys(signed(Dave)), DispatchError::BadOrigin);
	});
}

#[test]
fn a_retired_account_stays_bound_for_ever() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(retire(Alice, 1));
		for owner in [Alice, Bob] {
			assert_noop!(add_key(owner, Dave, ANCHORS), Error::<Test>::AccountRetired);
			let primary = rotate_primary(owner, owner, Dave, 0);
			assert_noop!(primary, Error::<Test>::AccountRetired);
		}
		let registers = register(Dave, IdentityKind::Patient, agreement_key(99));
		assert_noop!(registers, Error::<Test>::AccountRetired);
		assert_eq!(System::sufficients(&account(Dave)), 1);
	});
}

#[test]
fn the_last_authentication_key_cannot_be_retired() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(retire(Alice, 0), Error::<Test>::KeyIsPrimary);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_noop!(retire(Dave, 0), Error::<Test>::KeyIsPrimary);
	});
}

#[test]
fn a_key_ends_once() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(retire(Alice, 1));
		assert_ok!(Identity::revoke_key(signed(Alice), 2, None));
		for ended in [1, 2] {
			assert_noop!(retire(Alice, ended), Error::<Test>::KeyNotActive);
		}
		assert_eq!(row(Alice).active_keys, 1);
	});
}

#[test]
fn a_key_retires_itself_and_others() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_noop!(retire(Eve, 2), DispatchError::BadOrigin);
		assert_ok!(retire(Dave, 2));
		assert_ok!(retire(Dave, 1));
	});
}

#[test]
fn refuses_keys_that_are_not_there() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(add_key(Bob, Dave, ANCHORS));
		for key in [1, 2, u32::MAX] {
			assert_noop!(retire(Alice, key), Error::<Test>::KeyNotFound);
		}
	});
}

#[test]
fn a_key_past_its_end_is_retired_to_make_room() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 1), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
		at(START + 5);
		assert_eq!(row(Alice).active_keys, 2);
		assert_ok!(retire(Alice, 1));
		assert_eq!(row(Alice).active_keys, 1);
		let valid = |at| Identity::was_valid(account(Dave), KeyPurpose::Assertion, at);
		assert!(valid(START) && !valid(START + 1));
	});
}
