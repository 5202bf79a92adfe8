// SPDX-License-Identifier: Apache-2.0

use super::*;

fn revoke(by: Sr25519Keyring, key: KeyId, since: Option<Moment>) -> DispatchResult {
	Identity::revoke_key(signed(by), key, since)
}

/// The moments of `START..START + 30` at which a statement of Dave counts.
fn valid() -> Vec<Moment> {
	(0..30)
		.filter(|at| Identity::was_valid(account(Dave), KeyPurpose::Assertion, START + at))
		.collect()
}

#[test]
fn ends_a_key_and_casts_doubt_on_what_it_signed_since() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		at(START + 20);
		assert_ok!(revoke(Alice, 1, Some(START + 5)));

		let key = key(Alice, 1);
		let compromised_since = Some(START + 5);
		assert_eq!(key.status, KeyStatus::Revoked { at: START + 20, compromised_since });
		assert_eq!((key.ended_in, row(Alice).active_keys), (Some(3), 1));
		assert_eq!(valid(), Vec::from_iter(0..5));
		assert!(CallScope::ALL.iter().all(|scope| !may(Dave, *scope)));
		System::assert_last_event(
			Event::KeyRevoked {
				identity: identity(Alice),
				key: 1,
				at: START + 20,
				compromised_since,
				by: 0,
				doc_version: 3,
			}
			.into(),
		);
	});
}

#[test]
fn without_a_compromise_what_it_signed_stays_good() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		at(START + 20);
		assert_ok!(revoke(Alice, 1, None));
		at(START + 30);
		assert_eq!(valid(), Vec::from_iter(0..20));
	});
}

#[test]
fn a_retired_key_can_be_revoked_later_and_does_not_live_again() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		at(START + 10);
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		at(START + 30);
		assert_ok!(revoke(Alice, 1, None));

		// It signed until it was retired, not until it was revoked; the document did not change.
		let compromised_since = None;
		let status = KeyStatus::Revoked { at: START + 10, compromised_since };
		assert_eq!(key(Alice, 1).status, status);
		assert_eq!(valid(), Vec::from_iter(0..10));
		assert_eq!((row(Alice).active_keys, row(Alice).doc_version), (1, 3));
		System::assert_last_event(
			Event::KeyRevoked {
				identity: identity(Alice),
				key: 1,
				at: START + 30,
				compromised_since,
				by: 0,
				doc_version: 3,
			}
			.into(),
		);
	});
}

#[test]
fn a_former_primary_key_can_be_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		at(START + 1);
		assert_ok!(revoke(Bob, 0, Some(START)));
		assert!(!Identity::was_valid(account(Alice), KeyPurpose::Assertion, START));
	});
}

#[test]
fn the_primary_key_is_rotated_before_it_is_revoked() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		for by in [Alice, Dave] {
			assert_noop!(revoke(by, 0, None), Error::<Test>::KeyIsPrimary);
		}
	});
}

#[test]
fn a_compromise_lies_between_the_first_use_and_now() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		at(START + 10);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		at(START + 20);
		for ahead in [START + 21, Moment::MAX] {
			assert_noop!(revoke(Alice, 1, Some(ahead)), Error::<Test>::CompromiseAhead);
		}
		for before in [0, START + 9] {
			assert_noop!(revoke(Alice, 1, Some(before)), Error::<Test>::CompromiseBeforeUse);
		}
		assert_ok!(revoke(Alice, 1, Some(START + 20)));
		assert_ok!(revoke(Alice, 1, Some(START + 10)));
		assert_eq!(valid(), Vec::<Moment>::new());
	});
}

#[test]
fn a_second_revocation_only_reaches_further_back() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		at(START + 20);
		assert_ok!(revoke(Alice, 1, None));
		assert_noop!(revoke(Alice, 1, None), Error::<Test>::AlreadyRevoked);
		assert_ok!(revoke(Alice, 1, Some(START + 15)));
		for no_news in [None, Some(START + 15), Some(START + 16)] {
			assert_noop!(revoke(Alice, 1, no_news), Error::<Test>::AlreadyRevoked);
		}
		assert_ok!(revoke(Alice, 1, Some(START + 14)));
		assert_eq!(valid(), Vec::from_iter(0..14));
		assert_eq!((row(Alice).active_keys, row(Alice).doc_version), (1, 3));
	});
}

#[test]
fn refuses_keys_that_are_not_there_and_signers_that_may_not() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for key in [1, u32::MAX] {
			assert_noop!(revoke(Alice, key, None), Error::<Test>::KeyNotFound);
		}
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_noop!(revoke(Dave, 1, None), DispatchError::BadOrigin);
		assert_noop!(revoke(Bob, 1, None), DispatchError::BadOrigin);
	});
}

#[test]
fn a_revoked_account_stays_bound_for_ever() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(revoke(Alice, 1, None));
		assert_noop!(add_key(Alice, Dave, ANCHORS), Error::<Test>::AccountRetired);
	});
}
