// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_patient_logs_in_elsewhere_changes_the_password_and_recovers_from_a_leak() {
	ExtBuilder.build_and_execute(|| {
		System::reset_events();
		let id = identity(Alice);

		// given a patient without money, who logs in by name, password and secret key, and keeps a
		// recovery code on paper
		with_vault(Alice, 1);

		// when an empty device looks for the login
		let found = Vaulting::find(locator(1)).unwrap();
		assert_eq!((found.vault.identity, found.vault.version, found.slot.id), (id, 1, 0));

		// and the patient adds a passkey there, and changes the password
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 0), 1));
		assert_ok!(move_login(Alice, slot(Alice, 0, Password, 3, 3), 2));
		assert_eq!(Vaulting::find(locator(1)), None);
		assert_eq!(Vaulting::find(locator(3)).unwrap().slot.id, 0);

		// and then learns that the device was stolen with the vault open: a new key for the vault,
		// new keys inside, new slots
		let slots = vec![slot(Alice, 0, Password, 4, 4), slot(Alice, 1, Recovery, 5, 4)];
		assert_ok!(set_with(Alice, OTHER_KEY, slots, 3));

		// then what the thief knows finds nothing
		for old in [1, 2, 3] {
			assert_eq!(Vaulting::find(locator(old)), None);
		}
		assert_eq!(Vaulting::find(locator(5)).unwrap().vault.body_version, 4);

		// and when the patient leaves and comes back, every version is a new one
		assert_ok!(clear(Alice, 4));
		assert_ok!(set(Alice, vec![slot(Alice, 0, Passphrase, 6, 6)], 5));
		let first = listed(&[(0, Password), (1, Recovery)]);
		let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
		let expected: Vec<RuntimeEvent> = vec![
			Event::VaultSet { identity: id, version: 1, slots: first.clone() }.into(),
			Event::SlotPut { identity: id, slot: 2, kind: Passkey, version: 2 }.into(),
			Event::LoginMoved { identity: id, slot: 0, kind: Password, version: 3 }.into(),
			Event::VaultSet { identity: id, version: 4, slots: first }.into(),
			Event::VaultCleared { identity: id, version: 5 }.into(),
			Event::VaultSet { identity: id, version: 6, slots: listed(&[(0, Passphrase)]) }.into(),
		];
		assert_eq!(events, expected);
		assert_eq!(held(Alice), 0);
	});
}

#[test]
fn two_devices_at_once_do_not_overwrite_each_other() {
	ExtBuilder.build_and_execute(|| {
		// given two devices that both read version 1
		with_vault(Alice, 1);
		let by_phone = slot(Alice, 0, Password, 3, 2);
		let by_laptop = slot(Alice, 0, Password, 4, 2);

		// when both change the password
		assert_ok!(move_login(Alice, by_phone, 1));
		assert_noop!(move_login(Alice, by_laptop, 1), Error::<Test>::StaleVersion);

		// then the first stands, and the second reads and tries again
		assert_eq!(Vaulting::locate(locator(3)), Some((identity(Alice), 0)));
		assert_ok!(move_login(Alice, slot(Alice, 0, Password, 4, 3), 2));
	});
}
