// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::identity::AgreementKeys;

fn revoke(by: Sr25519Keyring, version: KeyVersion, since: Option<Moment>) -> DispatchResult {
	Identity::revoke_agreement_key(signed(by), version, since)
}

/// Alice, whose version 1 lasted from the start for ten milliseconds.
fn rotated() {
	patient(Alice);
	at(START + 10);
	assert_ok!(rotate(Alice, agreement_key(50), 1));
	at(START + 20);
}

fn revocation() -> Option<Revocation> {
	Identity::agreement_key(identity(Alice), 1).unwrap().revoked
}

#[test]
fn says_since_when_a_retired_key_is_in_wrong_hands() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		let before = row(Alice);
		assert_ok!(revoke(Alice, 1, Some(START + 5)));

		let compromised_since = Some(START + 5);
		assert_eq!(revocation(), Some(Revocation { at: START + 20, compromised_since }));
		assert_eq!(row(Alice), before);
		System::assert_last_event(
			Event::AgreementKeyRevoked {
				identity: identity(Alice),
				version: 1,
				at: START + 20,
				compromised_since,
			}
			.into(),
		);
	});
}

#[test]
fn a_compromised_version_is_nothing_to_seal_to() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		assert_ok!(revoke(Alice, 1, Some(START)));
		let id = identity(Alice);
		assert!(!Identity::is_current(&id, 1) && Identity::is_current(&id, 2));
		// It stays resolvable, so that what was sealed to it can be found and sealed anew.
		assert_eq!(Identity::agreement_key(id, 1).unwrap().key, agreement_key(Alice as u8));
	});
}

#[test]
fn the_current_version_is_rotated_before_it_is_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(revoke(Alice, 1, None), Error::<Test>::VersionIsCurrent);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_ok!(revoke(Alice, 1, None));
		assert_noop!(revoke(Alice, 2, None), Error::<Test>::VersionIsCurrent);
	});
}

#[test]
fn refuses_versions_that_never_were() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		for version in [0, 3, u32::MAX] {
			assert_noop!(revoke(Alice, version, None), Error::<Test>::VersionNotFound);
		}
	});
}

#[test]
fn a_compromise_lies_between_the_first_use_and_now() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		for ahead in [START + 21, Moment::MAX] {
			assert_noop!(revoke(Alice, 1, Some(ahead)), Error::<Test>::CompromiseAhead);
		}
		for before in [0, START - 1] {
			assert_noop!(revoke(Alice, 1, Some(before)), Error::<Test>::CompromiseBeforeUse);
		}
		// After its time it still opens what was sealed to it, so that is a moment, too.
		assert_ok!(revoke(Alice, 1, Some(START + 20)));
		assert_ok!(revoke(Alice, 1, Some(START)));
	});
}

#[test]
fn a_second_revocation_only_reaches_further_back() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		assert_ok!(revoke(Alice, 1, None));
		assert_noop!(revoke(Alice, 1, None), Error::<Test>::AlreadyRevoked);
		at(START + 30);
		assert_ok!(revoke(Alice, 1, Some(START + 15)));
		for no_news in [None, Some(START + 15), Some(START + 16)] {
			assert_noop!(revoke(Alice, 1, no_news), Error::<Test>::AlreadyRevoked);
		}
		assert_ok!(revoke(Alice, 1, Some(START + 14)));
		// When it was revoked first stays.
		let compromised_since = Some(START + 14);
		assert_eq!(revocation(), Some(Revocation { at: START + 20, compromised_since }));
	});
}

#[test]
fn refuses_who_does_not_administer_keys() {
	ExtBuilder::default().build_and_execute(|| {
		rotated();
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for nobody in [Bob, Dave] {
			assert_noop!(revoke(nobody, 1, None), DispatchError::BadOrigin);
		}
	});
}
