// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_new_password_has_another_locator_and_the_old_one_is_free() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Timestamp::set_timestamp(START + 5);
		let new = slot(Alice, 0, Password, 3, 2);
		assert_ok!(move_login(Alice, new.clone(), 1));

		let vault = vault(Alice);
		assert_eq!((vault.version, vault.body_version, vault.updated_at), (2, 1, START + 5));
		assert_eq!(vault.slots, listed(&[(0, Password), (1, Recovery)]));
		let stored = new.into_slot(Some(locator(3)), START + 5);
		assert_eq!(Slots::<Test>::get(identity(Alice), 0), Some(stored));
		assert_eq!(Locators::<Test>::get(locator(1)), None);
		assert_eq!(Locators::<Test>::get(locator(3)), Some((identity(Alice), 0)));
		System::assert_last_event(
			Event::LoginMoved { identity: identity(Alice), slot: 0, kind: Password, version: 2 }
				.into(),
		);
		// Somebody else may now choose what Alice gave up.
		assert_ok!(set(Dave, vec![slot(Dave, 0, Password, 1, 1)], 0));
	});
}

#[test]
fn a_slot_may_keep_its_locator() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		let mut sealed_anew = slot(Alice, 0, Password, 1, 2);
		sealed_anew.nonce = [77; 24];
		assert_ok!(move_login(Alice, sealed_anew, 1));
		assert_eq!(Slots::<Test>::get(identity(Alice), 0).unwrap().nonce, [77; 24]);
		assert_eq!(Locators::<Test>::get(locator(1)), Some((identity(Alice), 0)));
	});
}

#[test]
fn who_gives_up_the_secret_key_takes_a_passphrase_in_its_place() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(move_login(Alice, slot(Alice, 0, Passphrase, 3, 2), 1));
		assert_eq!(vault(Alice).slots, listed(&[(0, Passphrase), (1, Recovery)]));
		assert_eq!(Slots::<Test>::get(identity(Alice), 0).unwrap().kind, Passphrase);
	});
}

#[test]
fn the_only_way_in_can_be_moved() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(remove(Alice, 1, 1));
		assert_ok!(move_login(Alice, slot(Alice, 0, Password, 3, 3), 2));
	});
}

#[test]
fn a_locator_that_leads_to_another_slot_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		with_vault(Dave, 11);
		let onto_daves = slot(Alice, 0, Password, 11, 2);
		assert_noop!(move_login(Alice, onto_daves, 1), Error::<Test>::LocatorTaken);
		let onto_ones_own_code = slot(Alice, 0, Password, 2, 2);
		assert_noop!(move_login(Alice, onto_ones_own_code, 1), Error::<Test>::LocatorTaken);
	});
}

#[test]
fn only_a_login_can_be_moved_and_only_to_a_login() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 0), 1));
		let onto_passkey = slot(Alice, 2, Recovery, 3, 3);
		assert_noop!(move_login(Alice, onto_passkey, 2), Error::<Test>::NoLoginToMove);
		for kind in [Passkey, Guardian] {
			let to_none = slot(Alice, 0, kind, 0, 3);
			assert_noop!(move_login(Alice, to_none, 2), Error::<Test>::LoginMissing);
		}
	});
}

#[test]
fn what_is_not_there_cannot_be_moved() {
	ExtBuilder.build_and_execute(|| {
		let new = slot(Alice, 9, Password, 3, 1);
		assert_noop!(move_login(Alice, new, 0), Error::<Test>::NoVault);
		with_vault(Alice, 1);
		let new = slot(Alice, 9, Password, 3, 2);
		assert_noop!(move_login(Alice, new, 1), Error::<Test>::SlotNotFound);
	});
}

#[test]
fn a_stale_version_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for stale in [0, 2] {
			let new = slot(Alice, 0, Password, 3, stale + 1);
			assert_noop!(move_login(Alice, new, stale), Error::<Test>::StaleVersion);
		}
		let new = slot(Eve, 0, Password, 3, 2);
		assert_noop!(move_login(Eve, new, 1), DispatchError::BadOrigin);
	});
}

#[test]
fn slots_out_of_order_are_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for (kind, disorder, error) in disorders() {
			let mut bad = slot(Alice, 0, kind, 9, 2);
			disorder(&mut bad);
			assert_noop!(move_login(Alice, bad, 1), error);
		}
	});
}
