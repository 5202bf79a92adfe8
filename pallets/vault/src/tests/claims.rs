// SPDX-License-Identifier: Apache-2.0

//! What a login's signature binds.

use super::*;

/// A slot by password, number 5, whose claim is over `claim` as signed by login `signer`.
fn claiming(claim: &LoginClaim, signer: u8) -> NewSlot {
	let mut slot = slot(Alice, 5, Password, 3, 2);
	slot.login = Some(LoginProof { key: login(3).public().0, ..proof(signer, claim) });
	slot
}

/// Sends the slot by each call that takes one, to Alice's vault of version 1.
fn everywhere(slot: NewSlot) -> [DispatchResult; 3] {
	let mut moved = slot.clone();
	moved.id = 0;
	[set(Alice, vec![slot.clone()], 1), put(Alice, slot, 1), move_login(Alice, moved, 1)]
}

fn refused_everywhere(slot: NewSlot) {
	let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
	for refused in everywhere(slot) {
		assert_eq!(refused, Err(Error::<Test>::BadClaim.into()));
	}
	assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
}

fn right() -> LoginClaim {
	claim_of(Alice, 3, 2)
}

#[test]
fn the_right_claim_is_accepted_by_each_call() {
	for index in 0..3 {
		ExtBuilder.build_and_execute(|| {
			with_vault(Alice, 1);
			let mut slot = claiming(&right(), 3);
			assert_ok!(match index {
				0 => set(Alice, vec![slot], 1),
				1 => put(Alice, slot, 1),
				_ => {
					slot.id = 0;
					move_login(Alice, slot, 1)
				},
			});
		});
	}
}

#[test]
fn a_claim_for_another_chain_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		refused_everywhere(claiming(&LoginClaim { genesis: [0; 32], ..right() }, 3));
	});
}

#[test]
fn a_claim_for_another_identity_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		refused_everywhere(claiming(&claim_of(Dave, 3, 2), 3));
	});
}

#[test]
fn a_claim_for_another_locator_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		refused_everywhere(claiming(&LoginClaim { locator: locator(4), ..right() }, 3));
	});
}

#[test]
fn a_claim_for_another_version_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		for version in [0, 1, 3] {
			refused_everywhere(claiming(&LoginClaim { version, ..right() }, 3));
		}
	});
}

#[test]
fn a_claim_signed_by_another_login_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		refused_everywhere(claiming(&right(), 4));
		let mut zeros = claiming(&right(), 3);
		zeros.login.as_mut().unwrap().claim = [0; 64];
		refused_everywhere(zeros);
	});
}

#[test]
fn a_claim_as_a_wallet_wraps_it_is_refused_because_no_wallet_holds_a_login() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		let [_, wrapped] = salus_primitives::signed_forms(right().to_bytes());
		let mut slot = claiming(&right(), 3);
		slot.login.as_mut().unwrap().claim = login(3).sign(&wrapped).0;
		refused_everywhere(slot);
	});
}

#[test]
fn an_observer_cannot_take_a_locator_by_sending_the_claim_first() {
	ExtBuilder.build_and_execute(|| {
		// Dave sees Alice's call before it is in a block, and copies the slot.
		let of_alice = slot(Alice, 0, Password, 3, 1);
		assert_noop!(set(Dave, vec![of_alice.clone()], 0), Error::<Test>::BadClaim);
		assert_ok!(set(Alice, vec![of_alice], 0));
	});
}

#[test]
fn a_claim_serves_once_also_after_the_slot_and_the_vault_are_gone() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		let once = slot(Alice, 2, Recovery, 3, 2);
		assert_ok!(put(Alice, once.clone(), 1));
		assert_ok!(remove(Alice, 2, 2));
		assert_noop!(put(Alice, once.clone(), 3), Error::<Test>::BadClaim);
		assert_ok!(clear(Alice, 3));
		assert_noop!(set(Alice, vec![once], 4), Error::<Test>::BadClaim);
	});
}

#[test]
fn a_bad_claim_uses_up_neither_version_nor_locator() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		refused_everywhere(claiming(&right(), 4));
		assert_eq!(Vaulting::version(identity(Alice)), 1);
		assert_eq!(Vaulting::locate(locator(3)), None);
		assert_ok!(put(Alice, claiming(&right(), 3), 1));
	});
}

#[test]
fn a_login_that_anybody_can_sign_for_is_refused() {
	ExtBuilder.build_and_execute(|| {
		with_vault(Alice, 1);
		// Without the check for small order this signature would hold, and for every message.
		let forged = anybodys();
		assert!(sp_io::crypto::ed25519_verify(
			&ed25519::Signature::from_raw(forged.claim),
			b"anything",
			&ed25519::Public::from_raw(forged.key),
		));
		let mut slot = slot(Alice, 5, Password, 3, 2);
		slot.login = Some(forged);
		for refused in everywhere(slot) {
			assert_eq!(refused, Err(Error::<Test>::LoginKeyWeak.into()));
		}
	});
}
