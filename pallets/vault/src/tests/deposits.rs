// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::fungible::{Inspect, Mutate};

fn deposit(who: Sr25519Keyring) -> Option<sp_runtime::AccountId32> {
	vault(who).deposit.map(|deposit| deposit.depositor)
}

#[test]
fn a_patient_without_money_holds_nothing() {
	ExtBuilder.build_and_execute(|| {
		assert_eq!(Balances::total_balance(&account(Alice)), 0);
		with_vault(Alice, 1);
		assert_eq!((deposit(Alice), held(Alice)), (None, 0));
		assert_ok!(clear(Alice, 1));
	});
}

#[test]
fn everybody_else_holds_a_deposit_for_as_long_as_the_vault_is_there() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Bob, 1);
		assert_eq!((deposit(Bob), held(Bob)), (Some(account(Bob)), DEPOSIT));

		// No change costs or frees anything.
		assert_ok!(put(Bob, slot(Bob, 2, Passkey, 0, 0), 1));
		assert_ok!(move_login(Bob, slot(Bob, 0, Password, 3, 3), 2));
		assert_ok!(remove(Bob, 1, 3));
		assert_ok!(set(Bob, vec![], 4));
		assert_ok!(set_with(Bob, OTHER_KEY, vec![slot(Bob, 0, Recovery, 4, 6)], 5));
		assert_eq!(held(Bob), DEPOSIT);

		assert_ok!(clear(Bob, 6));
		assert_eq!((held(Bob), Balances::free_balance(account(Bob))), (0, BALANCE));
		assert_ok!(set(Bob, vec![slot(Bob, 0, Recovery, 4, 8)], 7));
		assert_eq!(held(Bob), DEPOSIT);
	});
}

#[test]
fn the_deposit_goes_back_to_who_paid_it_whichever_key_clears() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Bob, 1);
		// Bob's identity signs by Eve's account from now on.
		let kind = salus_primitives::IdentityKind::Organisation;
		Identities::set(account(Eve), identity(Bob), kind);
		let slots = NewSlotsOf::<Test>::default();
		assert_ok!(Vaulting::set_vault(signed(Eve), FORMAT, KEY, body(2), slots, 1));
		assert_eq!(deposit(Bob), Some(account(Bob)));
		assert_ok!(Vaulting::clear_vault(signed(Eve), 2));
		assert_eq!((held(Bob), held(Eve)), (0, 0));
		assert_eq!(Balances::free_balance(account(Bob)), BALANCE);
	});
}

#[test]
fn one_unit_too_little_leaves_nothing_behind() {
	ExtBuilder.build_and_execute(|| {
		// The existential deposit of 1 has to stay free.
		Balances::set_balance(&account(Bob), DEPOSIT);
		let slots = || vec![slot(Bob, 0, Recovery, 1, 1)];
		let refused = set(Bob, slots(), 0);
		assert!(refused.is_err());
		assert_noop!(set(Bob, slots(), 0), refused.unwrap_err());
		assert_eq!(Locators::<Test>::iter().count(), 0);

		Balances::set_balance(&account(Bob), DEPOSIT + 1);
		assert_ok!(set(Bob, slots(), 0));
		assert_eq!((held(Bob), Balances::free_balance(account(Bob))), (DEPOSIT, 1));
	});
}

#[test]
fn the_footprint_is_that_of_the_bounds() {
	let footprint = Vaulting::footprint();
	assert_eq!(footprint.count, 1);
	assert!(footprint.size > u64::from(MAX_BODY) + u64::from(MAX_SLOTS * (MAX_WRAP + MAX_SALT)));
	assert!(footprint.size < 4_096);
}
