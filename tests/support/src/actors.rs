// SPDX-License-Identifier: Apache-2.0

//! The people and organisations of the tests, with the development keys behind them.

use salus_primitives::{IdentityId, Moment, blake2_256};
use sp_core::{Pair, sr25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{AccountId32, MultiSignature};
use std::{cell::RefCell, collections::BTreeMap};

/// The moment at which mocks begin: 2026-01-01T00:00:00Z.
pub const START: Moment = 1_767_225_600_000;

/// The account of a development key.
pub fn account(who: Sr25519Keyring) -> AccountId32 {
	who.to_account_id()
}

/// The identity that the doubles and the tests give to a development key: salt of zeros.
pub fn identity(who: Sr25519Keyring) -> IdentityId {
	IdentityId::derive(blake2_256, &who.to_raw_public(), &[0; 16])
}

/// A signature of a development key over `bytes`.
pub fn sign(who: Sr25519Keyring, bytes: &[u8]) -> MultiSignature {
	// Deriving a pair from its phrase costs far more than signing.
	thread_local! {
		static PAIRS: RefCell<BTreeMap<u8, sr25519::Pair>> = RefCell::default();
	}
	PAIRS.with_borrow_mut(|pairs| {
		pairs.entry(who as u8).or_insert_with(|| who.pair()).sign(bytes).into()
	})
}

/// An X25519 public key that is canonical and of large order, a different one per number.
pub fn agreement_key(number: u8) -> [u8; 32] {
	let mut key = blake2_256(&[b'k', number]);
	key[31] &= 0x3f;
	key
}
