// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Alice has a vault with three slots, Dave had one, then `break_it` happens.
fn broken(break_it: impl FnOnce(IdentityId)) -> String {
	ExtBuilder.build().execute_with(|| {
		with_vault(Alice, 1);
		assert_ok!(put(Alice, slot(Alice, 2, Passkey, 0, 0), 1));
		with_vault(Dave, 11);
		assert_ok!(clear(Dave, 1));
		Vaulting::do_try_state().unwrap();
		break_it(identity(Alice));
		let error: &'static str = Vaulting::do_try_state().unwrap_err().into();
		error[..2].into()
	})
}

fn change(id: IdentityId, change: impl FnOnce(&mut VaultOf<Test>)) {
	Vaults::<Test>::mutate(id, |vault| change(vault.as_mut().unwrap()));
}

fn change_slot(id: IdentityId, slot: SlotId, change: impl FnOnce(&mut VaultSlot)) {
	Slots::<Test>::mutate(id, slot, |slot| change(slot.as_mut().unwrap()));
}

#[test]
fn i1_a_list_out_of_order_or_without_a_way_in_is_seen() {
	let list = |list: &'static [(SlotId, SlotKind)]| {
		broken(|id| change(id, |vault| vault.slots = listed(list)))
	};
	assert_eq!(list(&[(1, Recovery), (0, Password), (2, Passkey)]), "I1");
	assert_eq!(list(&[(0, Password), (0, Password)]), "I1");
	assert_eq!(list(&[(2, Passkey)]), "I1");
	assert_eq!(list(&[]), "I1");
}

#[test]
fn i2_slots_and_list_that_differ_are_seen() {
	assert_eq!(broken(|id| Slots::<Test>::remove(id, 1)), "I2");
	assert_eq!(broken(|id| change(id, |vault| vault.slots.remove(2))), "I2");
	assert_eq!(broken(|id| change_slot(id, 0, |slot| slot.kind = Passphrase)), "I2");
	let of_nobody = |id| {
		let slot = Slots::<Test>::get(id, 2).unwrap();
		Slots::<Test>::insert(identity(Bob), 0, slot);
	};
	assert_eq!(broken(of_nobody), "I2");
}

#[test]
fn i3_a_locator_that_leads_elsewhere_is_seen() {
	assert_eq!(broken(|_| Locators::<Test>::remove(locator(1))), "I3");
	assert_eq!(broken(|id| Locators::<Test>::insert(locator(1), (id, 1))), "I3");
	assert_eq!(broken(|id| Locators::<Test>::insert(locator(9), (id, 0))), "I3");
}

#[test]
fn i4_a_slot_of_another_shape_is_seen() {
	assert_eq!(broken(|id| change_slot(id, 0, |slot| slot.kdf = Kdf::None)), "I4");
	assert_eq!(broken(|id| change_slot(id, 1, |slot| slot.kdf = FLOOR)), "I4");
	assert_eq!(broken(|id| change_slot(id, 0, |slot| slot.salt.truncate(15))), "I4");
	assert_eq!(broken(|id| change_slot(id, 2, |slot| slot.wrapped.truncate(47))), "I4");
	let unlocated = |id| {
		change_slot(id, 0, |slot| slot.locator = None);
		Locators::<Test>::remove(locator(1));
	};
	assert_eq!(broken(unlocated), "I4");
}

#[test]
fn i5_a_version_that_runs_back_is_seen() {
	assert_eq!(broken(|id| change(id, |vault| vault.version = 0)), "I5");
	assert_eq!(broken(|id| change(id, |vault| vault.body_version = 0)), "I5");
	assert_eq!(broken(|id| change(id, |vault| vault.body_version = 3)), "I5");
	assert_eq!(broken(|id| ClearedAt::<Test>::insert(id, 2)), "I5");
	assert_eq!(broken(|_| ClearedAt::<Test>::insert(identity(Dave), 1)), "I5");
}

#[test]
fn i6_an_empty_vault_is_seen() {
	assert_eq!(broken(|id| change(id, |vault| vault.body.clear())), "I6");
	let zeros = Commitment::default();
	assert_eq!(broken(|id| change(id, |vault| vault.key_commitment = zeros)), "I6");
}

#[test]
fn i7_a_change_from_the_future_is_seen() {
	assert_eq!(broken(|id| change(id, |vault| vault.updated_at = START + 1)), "I7");
	assert_eq!(broken(|id| change_slot(id, 0, |slot| slot.created_at = START + 1)), "I7");
}
