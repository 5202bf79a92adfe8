// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn every_row_goes_but_the_version() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		with_vault(Dave, 11);
		assert_ok!(clear(Alice, 1));

		assert!(!Vaults::<Test>::contains_key(identity(Alice)));
		assert_eq!(Slots::<Test>::iter_prefix(identity(Alice)).count(), 0);
		assert_eq!([1, 2].map(|login| Locators::<Test>::get(locator(login))), [None, None]);
		assert_eq!(ClearedAt::<Test>::get(identity(Alice)), Some(2));
		System::assert_last_event(
			Event::VaultCleared { identity: identity(Alice), version: 2 }.into(),
		);
		// Dave's is untouched.
		assert_eq!(Slots::<Test>::iter_prefix(identity(Dave)).count(), 2);
		assert_eq!(Locators::<Test>::get(locator(11)), Some((identity(Dave), 0)));
	});
}

#[test]
fn a_later_vault_counts_on() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(clear(Alice, 1));
		assert_eq!(Vaulting::version(identity(Alice)), 2);

		let again =
			|expected| set(Alice, vec![slot(Alice, 0, Password, 1, expected + 1)], expected);
		for stale in [0, 1, 3] {
			assert_noop!(again(stale), Error::<Test>::StaleVersion);
		}
		assert_ok!(again(2));
		assert_eq!((vault(Alice).version, vault(Alice).body_version), (3, 3));
		assert_eq!(ClearedAt::<Test>::get(identity(Alice)), None);
		assert_ok!(clear(Alice, 3));
		assert_eq!(ClearedAt::<Test>::get(identity(Alice)), Some(4));
	});
}

#[test]
fn a_device_that_is_mid_update_meanwhile_changes_nothing() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		// The other device signed for version 2 already.
		let signed_before = slot(Alice, 0, Password, 3, 2);
		assert_ok!(clear(Alice, 1));

		let refused = set(Alice, vec![signed_before.clone()], 1);
		assert_noop!(refused, Error::<Test>::StaleVersion);
		assert_noop!(set(Alice, vec![], 1), Error::<Test>::StaleVersion);
		assert_noop!(put(Alice, signed_before.clone(), 1), Error::<Test>::NoVault);
		assert_noop!(move_login(Alice, signed_before, 1), Error::<Test>::NoVault);
		assert_noop!(remove(Alice, 1, 1), Error::<Test>::NoVault);
		assert_noop!(clear(Alice, 1), Error::<Test>::NoVault);
	});
}

#[test]
fn a_vault_changed_meanwhile_is_not_cleared() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(set(Alice, vec![], 1));
		assert_noop!(clear(Alice, 1), Error::<Test>::StaleVersion);
		assert_noop!(clear(Alice, 3), Error::<Test>::StaleVersion);
		assert_ok!(clear(Alice, 2));
	});
}

#[test]
fn only_ones_own_vault_can_be_cleared() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_noop!(clear(Dave, 1), Error::<Test>::NoVault);
		assert_noop!(clear(Eve, 1), DispatchError::BadOrigin);
	});
}

#[test]
fn the_weight_is_that_of_the_slots_that_were_there() {
	ExtBuilder.build_and_execute(|| {
		let cleared = |who, version| {
			let done = Vaulting::clear_vault(signed(who), version).unwrap();
			done.actual_weight.unwrap()
		};
		with_vault(Alice, 1);
		let two = cleared(Alice, 1);
		assert_ok!(set(Alice, vec![slot(Alice, 0, Recovery, 1, 3)], 2));
		let one = cleared(Alice, 3);
		assert_eq!(
			(one, two),
			(<() as WeightInfo>::clear_vault(1), <() as WeightInfo>::clear_vault(2))
		);
		assert!(one.ref_time() < two.ref_time());
	});
}
