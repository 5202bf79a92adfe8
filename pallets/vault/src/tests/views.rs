// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_login_finds_the_vault_and_the_slot_that_opens_it() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 0), 1));
		let id = identity(Alice);

		let vault = Vaulting::vault(id).unwrap();
		let expected = VaultView {
			identity: id,
			version: 2,
			body_version: 1,
			format: FORMAT,
			key_commitment: KEY,
			body: body(1).into_inner(),
			slots: entries(&[(0, Password), (1, Recovery), (2, Passkey)]),
			updated_at: START,
		};
		assert_eq!(vault, expected);

		let slots = Vaulting::slots(id);
		assert_eq!(slots.iter().map(|view| view.id).collect::<Vec<_>>(), [0, 1, 2]);
		assert_eq!(slots[1].slot, Slots::<Test>::get(id, 1).unwrap());

		assert_eq!(Vaulting::locate(locator(2)), Some((id, 1)));
		let found = Vaulting::find(locator(2)).unwrap();
		assert_eq!(found, FoundVault { vault, slot: slots[1].clone() });
	});
}

#[test]
fn an_unknown_login_and_a_wrong_password_look_alike() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for unknown in [3, 4] {
			assert_eq!(Vaulting::locate(locator(unknown)), None);
			assert_eq!(Vaulting::find(locator(unknown)), None);
		}
	});
}

#[test]
fn nothing_is_known_of_who_has_no_vault() {
	ExtBuilder.build_and_execute(|| {
		let id = identity(Dave);
		assert_eq!(
			(Vaulting::vault(id), Vaulting::slots(id), Vaulting::version(id)),
			(None, vec![], 0)
		);
	});
}

#[test]
fn the_version_to_expect_is_told_before_and_after_a_vault_too() {
	ExtBuilder.build_and_execute(|| {
		let version = || Vaulting::version(identity(Alice));
		assert_eq!(version(), 0);
		with_vault(Alice, 1);
		assert_eq!(version(), 1);
		assert_ok!(clear(Alice, 1));
		assert_eq!(version(), 2);
	});
}
