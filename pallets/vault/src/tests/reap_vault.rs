// SPDX-License-Identifier: Apache-2.0

use super::*;

fn reap(by: Sr25519Keyring, of: Sr25519Keyring) -> DispatchResult {
	Vaulting::reap_vault(RuntimeOrigin::signed(account(by)), identity(of))
		.map(|_| ())
		.map_err(|error| error.error)
}

#[test]
fn the_vault_of_an_identity_that_ended_goes_by_anybody() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Identities::end(identity(Alice));
		// Its own call no longer passes.
		assert_noop!(clear(Alice, 1), DispatchError::BadOrigin);
		assert_ok!(reap(Eve, Alice));

		assert!(!Vaults::<Test>::contains_key(identity(Alice)));
		assert_eq!(Slots::<Test>::iter_prefix(identity(Alice)).count(), 0);
		assert_eq!([1, 2].map(|login| Locators::<Test>::get(locator(login))), [None, None]);
		System::assert_last_event(
			Event::VaultCleared { identity: identity(Alice), version: 2 }.into(),
		);
		assert_noop!(reap(Eve, Alice), Error::<Test>::NoVault);
	});
}

#[test]
fn the_deposit_goes_back_to_whoever_paid_it() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Bob, 1);
		assert_eq!(held(Bob), DEPOSIT);
		Identities::end(identity(Bob));
		assert_ok!(reap(Eve, Bob));
		assert_eq!((held(Bob), held(Eve)), (0, 0));
	});
}

#[test]
fn the_vault_of_an_identity_that_goes_on_stays() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		assert_noop!(reap(Eve, Alice), Error::<Test>::IdentityNotEnded);
		// Suspended, say: it comes back.
		Identities::deactivate(identity(Alice));
		assert_noop!(reap(Eve, Alice), Error::<Test>::IdentityNotEnded);
		assert_noop!(reap(Eve, Eve), Error::<Test>::IdentityNotEnded);
	});
}

#[test]
fn somebody_has_to_sign() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		Identities::end(identity(Alice));
		let unsigned = Vaulting::reap_vault(RuntimeOrigin::none(), identity(Alice));
		assert_eq!(unsigned.map_err(|error| error.error), Err(DispatchError::BadOrigin));
	});
}
