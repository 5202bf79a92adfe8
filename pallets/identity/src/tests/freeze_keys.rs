// SPDX-License-Identifier: Apache-2.0

use super::*;

fn freeze(by: Sr25519Keyring) -> DispatchResult {
	Identity::freeze_keys(signed(by))
}

#[test]
fn only_the_primary_key_signs_while_keys_are_frozen() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let most = KeyRights { scopes: CallScopes::ALL, ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, most));
		assert_ok!(freeze(Alice));

		for scope in CallScope::ALL {
			assert!(!may(Dave, *scope) && may(Alice, *scope), "{scope}");
		}
		assert!(row(Alice).frozen);
		System::assert_last_event(Event::KeysFrozen { identity: identity(Alice), by: 0 }.into());
	});
}

#[test]
fn every_call_refuses_a_frozen_key() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		let most = KeyRights { scopes: CallScopes::ALL, ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, most));
		assert_ok!(freeze(Dave));

		let calls = [
			Identity::set_profile(signed(Dave), PROFILE, 0),
			Identity::clear_profile(signed(Dave), 0),
			Identity::deactivate(signed(Dave), 2).map(|_| ()).map_err(|error| error.error),
			rotate(Dave, agreement_key(50), 1),
			Identity::revoke_agreement_key(signed(Dave), 1, None),
			add_key_by(Dave, Alice, Eve, ANCHORS),
			Identity::set_key_scopes(signed(Dave), 1, CallScopes::ALL),
			rotate_primary(Dave, Alice, Eve, 0),
			Identity::retire_key(signed(Dave), 1),
			Identity::revoke_key(signed(Dave), 1, None),
			Identity::unfreeze_keys(signed(Dave)),
			Identity::add_service(signed(Dave), service("fhir")),
			Identity::remove_service(signed(Dave), service("fhir").id),
		];
		for refused in calls {
			assert_eq!(refused, Err(DispatchError::BadOrigin));
		}
	});
}

#[test]
fn the_weakest_key_freezes() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let purposes = KeyPurposes::of(&[KeyPurpose::Assertion]);
		assert_ok!(add_key(Alice, Dave, KeyRights { purposes, ..NOTHING }));
		assert_ok!(freeze(Dave));
		System::assert_last_event(Event::KeysFrozen { identity: identity(Alice), by: 1 }.into());
	});
}

#[test]
fn a_key_past_its_end_or_put_away_does_not_freeze() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 1), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(Identity::retire_key(signed(Alice), 2));
		at(START + 1);
		for nobody in [Dave, Eve, Bob] {
			assert_noop!(freeze(nobody), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn what_is_frozen_is_not_frozen_again() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, NOTHING));
		assert_ok!(freeze(Dave));
		for by in [Alice, Dave] {
			assert_noop!(freeze(by), Error::<Test>::AlreadyFrozen);
		}
	});
}

#[test]
fn freezing_leaves_the_document_as_it_is() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let before = Identity::resolve(identity(Alice), None);
		assert_ok!(freeze(Alice));
		assert_eq!(Identity::resolve(identity(Alice), None), before);
	});
}

#[test]
fn one_identity_does_not_freeze_another() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(freeze(Bob));
		assert!(!row(Alice).frozen && row(Bob).frozen);
	});
}
