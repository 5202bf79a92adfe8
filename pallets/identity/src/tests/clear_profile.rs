// SPDX-License-Identifier: Apache-2.0

use super::*;

fn clear(by: Sr25519Keyring, expected: u32) -> DispatchResult {
	Identity::clear_profile(signed(by), expected)
}

fn with_profile() {
	patient(Alice);
	assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 0));
}

#[test]
fn takes_the_commitment_away() {
	ExtBuilder::default().build_and_execute(|| {
		with_profile();
		assert_ok!(clear(Alice, 1));
		let profile = Identity::identity(identity(Alice)).unwrap().profile;
		assert_eq!(profile, Some(Profile { commitment: None, revision: 2 }));
		System::assert_last_event(
			Event::ProfileCleared { identity: identity(Alice), revision: 2 }.into(),
		);
	});
}

#[test]
fn revisions_go_on_counting() {
	ExtBuilder::default().build_and_execute(|| {
		with_profile();
		assert_ok!(clear(Alice, 1));
		// A device that saw revision 1, or nothing, does not bring the profile back.
		for stale in [0, 1] {
			let revived = Identity::set_profile(signed(Alice), PROFILE, stale);
			assert_noop!(revived, Error::<Test>::StaleRevision);
		}
		assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 2));
		assert_eq!(Profiles::<Test>::get(identity(Alice)).unwrap().revision, 3);
	});
}

#[test]
fn refuses_a_stale_revision() {
	ExtBuilder::default().build_and_execute(|| {
		with_profile();
		for stale in [0, 2, u32::MAX] {
			assert_noop!(clear(Alice, stale), Error::<Test>::StaleRevision);
		}
	});
}

#[test]
fn refuses_when_there_is_none() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(clear(Alice, 0), Error::<Test>::NoProfile);
		assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 0));
		assert_ok!(clear(Alice, 1));
		assert_noop!(clear(Alice, 2), Error::<Test>::NoProfile);
	});
}

#[test]
fn refuses_a_key_without_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		with_profile();
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for nobody in [Bob, Dave] {
			assert_noop!(clear(nobody, 1), DispatchError::BadOrigin);
		}
		let scopes = CallScopes::of(&[CallScope::ProfileWrite]);
		assert_ok!(Identity::set_key_scopes(signed(Alice), 1, scopes));
		assert_ok!(clear(Dave, 1));
	});
}
