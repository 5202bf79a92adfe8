// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn adds_a_way_in() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Timestamp::set_timestamp(START + 5);
		let new = slot(Alice, 7, Passphrase, 3, 2);
		assert_ok!(put(Alice, new.clone(), 1));

		let vault = vault(Alice);
		assert_eq!((vault.version, vault.body_version, vault.updated_at), (2, 1, START + 5));
		assert_eq!(vault.slots, listed(&[(0, Password), (1, Recovery), (7, Passphrase)]));
		let stored = new.into_slot(Some(locator(3)), START + 5);
		assert_eq!(Slots::<Test>::get(identity(Alice), 7), Some(stored));
		assert_eq!(Locators::<Test>::get(locator(3)), Some((identity(Alice), 7)));
		System::assert_last_event(
			Event::SlotPut { identity: identity(Alice), slot: 7, kind: Passphrase, version: 2 }
				.into(),
		);
	});
}

#[test]
fn slots_without_a_login_are_put_without_a_locator() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for (id, kind) in [(2, Passkey), (3, Guardian)] {
			assert_ok!(put(Alice, slot(Alice, id, kind, 0, 0), VaultVersion::from(id) - 1));
			assert_eq!(Slots::<Test>::get(identity(Alice), id).unwrap().locator, None);
		}
		assert_eq!(Locators::<Test>::iter().count(), 2);
	});
}

#[test]
fn needs_a_vault() {
	ExtBuilder.build_and_execute(|| {
		assert_noop!(put(Alice, slot(Alice, 0, Recovery, 1, 1), 0), Error::<Test>::NoVault);
		assert_noop!(put(Eve, slot(Eve, 0, Recovery, 1, 1), 0), DispatchError::BadOrigin);
	});
}

#[test]
fn a_number_in_use_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_noop!(put(Alice, slot(Alice, 0, Recovery, 3, 2), 1), Error::<Test>::SlotTaken);
		assert_noop!(put(Alice, slot(Alice, 1, Passkey, 3, 2), 1), Error::<Test>::SlotTaken);
	});
}

#[test]
fn one_slot_more_than_allowed_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		let mut version = 1;
		for id in 2..MAX_SLOTS as u8 {
			assert_ok!(put(Alice, slot(Alice, id, Passkey, 0, 0), version));
			version += 1;
		}
		let more = slot(Alice, 99, Recovery, 9, version + 1);
		assert_noop!(put(Alice, more, version), Error::<Test>::TooManySlots);
		assert_ok!(remove(Alice, 2, version));
		assert_ok!(put(Alice, slot(Alice, 99, Recovery, 9, version + 2), version + 1));
	});
}

#[test]
fn a_stale_version_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for stale in [0, 2] {
			let slot = slot(Alice, 2, Recovery, 3, stale + 1);
			assert_noop!(put(Alice, slot, stale), Error::<Test>::StaleVersion);
		}
	});
}

#[test]
fn a_locator_in_use_is_refused_whoever_has_it() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		with_vault(Dave, 11);
		let of_dave = slot(Alice, 2, Recovery, 11, 2);
		assert_noop!(put(Alice, of_dave, 1), Error::<Test>::LocatorTaken);
		let own = slot(Alice, 2, Recovery, 2, 2);
		assert_noop!(put(Alice, own, 1), Error::<Test>::LocatorTaken);
	});
}

#[test]
fn slots_out_of_order_are_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for (kind, disorder, error) in disorders() {
			let mut bad = slot(Alice, 2, kind, 9, 2);
			disorder(&mut bad);
			assert_noop!(put(Alice, bad, 1), error);
		}
	});
}
