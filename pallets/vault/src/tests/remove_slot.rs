// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn takes_the_slot_and_its_locator_away() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Timestamp::set_timestamp(START + 5);
		assert_ok!(remove(Alice, 0, 1));

		let vault = vault(Alice);
		assert_eq!((vault.version, vault.body_version, vault.updated_at), (2, 1, START + 5));
		assert_eq!(vault.slots, listed(&[(1, Recovery)]));
		assert_eq!(Slots::<Test>::get(identity(Alice), 0), None);
		assert_eq!(Locators::<Test>::get(locator(1)), None);
		assert_eq!(Locators::<Test>::get(locator(2)), Some((identity(Alice), 1)));
		System::assert_last_event(
			Event::SlotRemoved { identity: identity(Alice), slot: 0, version: 2 }.into(),
		);
	});
}

#[test]
fn the_last_way_in_stays_whatever_stands_beside_it() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 0), 1));
		assert_ok!(remove(Alice, 0, 2));
		assert_noop!(remove(Alice, 1, 3), Error::<Test>::LastLogin);
		assert_ok!(remove(Alice, 2, 3));
		assert_noop!(remove(Alice, 1, 4), Error::<Test>::LastLogin);
	});
}

#[test]
fn a_number_is_free_again_afterwards_and_so_is_its_login() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(remove(Alice, 0, 1));
		assert_ok!(set(Dave, vec![slot(Dave, 0, Password, 1, 1)], 0));
		assert_ok!(put(Alice, slot(Alice, 0, Password, 3, 3), 2));
	});
}

#[test]
fn what_is_not_there_cannot_be_removed() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(remove(Alice, 0, 0), Error::<Test>::NoVault);
		with_vault(Alice, 1);
		with_vault(Dave, 11);
		assert_noop!(remove(Alice, 2, 1), Error::<Test>::SlotNotFound);
		assert_ok!(remove(Alice, 0, 1));
		assert_noop!(remove(Alice, 0, 2), Error::<Test>::SlotNotFound);
		assert!(Slots::<Test>::contains_key(identity(Dave), 0));
	});
}

#[test]
fn a_stale_version_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for stale in [0, 2] {
			assert_noop!(remove(Alice, 0, stale), Error::<Test>::StaleVersion);
		}
		assert_noop!(remove(Eve, 0, 1), DispatchError::BadOrigin);
	});
}
