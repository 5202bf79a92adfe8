// SPDX-License-Identifier: Apache-2.0

//! Tests, a file per call.

mod claims;
mod clear_vault;
mod deposits;
mod garbage;
mod invariants;
mod journeys;
mod model;
mod move_login;
mod privacy;
mod put_slot;
mod reap_vault;
mod remove_slot;
mod set_vault;
mod views;

use crate::{mock::*, *};
use SlotKind::*;
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use salus_primitives::{
	Commitment, IdentityId, Kdf, LoginClaim, LoginLocator, SlotId, SlotKind, VaultVersion,
	blake2_256,
};
use salus_test_support::{Identities, START, account, identity};
use sp_core::{Pair, ed25519};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{DispatchError, DispatchResult};

const KEY: Commitment = Commitment([7; 32]);
const OTHER_KEY: Commitment = Commitment([8; 32]);
const FORMAT: u8 = 1;
const FLOOR: Kdf = Kdf::Argon2id { memory_kib: 65_536, passes: 3, lanes: 1 };

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

/// The login number `login`, whoever uses it.
fn login(login: u8) -> ed25519::Pair {
	ed25519::Pair::from_seed(&[login; 32])
}

fn locator(number: u8) -> LoginLocator {
	LoginLocator::derive(blake2_256, &login(number).public().0)
}

fn claim_of(who: Sr25519Keyring, number: u8, version: VaultVersion) -> LoginClaim {
	let (identity, locator) = (identity(who), locator(number));
	LoginClaim { genesis: GENESIS, identity, locator, version }
}

fn proof(number: u8, claim: &LoginClaim) -> LoginProof {
	let pair = login(number);
	LoginProof { key: pair.public().0, claim: pair.sign(&claim.to_bytes()).0 }
}

/// A slot that is in order: for the kinds that have a login it is number `login`, and it claims the
/// version `version` for `who`.
fn slot(
	who: Sr25519Keyring,
	id: SlotId,
	kind: SlotKind,
	login: u8,
	version: VaultVersion,
) -> NewSlot {
	NewSlot {
		id,
		kind,
		kdf: if kind.is_stretched() { FLOOR } else { Kdf::None },
		salt: BoundedVec::truncate_from(vec![id; 16]),
		nonce: [login; 24],
		wrapped: BoundedVec::truncate_from(vec![login; 48]),
		login: kind.has_login().then(|| proof(login, &claim_of(who, login, version))),
	}
}

fn body(byte: u8) -> BodyOf<Test> {
	BoundedVec::truncate_from(vec![byte; 300])
}

fn set_with(
	who: Sr25519Keyring,
	key: Commitment,
	slots: Vec<NewSlot>,
	expected: VaultVersion,
) -> DispatchResult {
	let slots = NewSlotsOf::<Test>::try_from(slots).unwrap();
	Vaulting::set_vault(signed(who), FORMAT, key, body(1), slots, expected)
}

fn set(who: Sr25519Keyring, slots: Vec<NewSlot>, expected: VaultVersion) -> DispatchResult {
	set_with(who, KEY, slots, expected)
}

fn put(who: Sr25519Keyring, slot: NewSlot, expected: VaultVersion) -> DispatchResult {
	Vaulting::put_slot(signed(who), slot, expected)
}

fn remove(who: Sr25519Keyring, slot: SlotId, expected: VaultVersion) -> DispatchResult {
	Vaulting::remove_slot(signed(who), slot, expected)
}

fn move_login(who: Sr25519Keyring, slot: NewSlot, expected: VaultVersion) -> DispatchResult {
	Vaulting::move_login(signed(who), slot, expected)
}

fn clear(who: Sr25519Keyring, expected: VaultVersion) -> DispatchResult {
	Vaulting::clear_vault(signed(who), expected).map(|_| ()).map_err(|error| error.error)
}

/// Gives `who` a vault of version 1: slot 0 by password with login number `number`, slot 1 by
/// recovery code with the next.
fn with_vault(who: Sr25519Keyring, number: u8) {
	let slots = vec![slot(who, 0, Password, number, 1), slot(who, 1, Recovery, number + 1, 1)];
	assert_ok!(set(who, slots, 0));
}

fn vault(who: Sr25519Keyring) -> VaultOf<Test> {
	Vaults::<Test>::get(identity(who)).unwrap()
}

fn entries(list: &[(SlotId, SlotKind)]) -> Vec<SlotEntry> {
	list.iter().map(|(id, kind)| SlotEntry { id: *id, kind: *kind }).collect()
}

fn listed(list: &[(SlotId, SlotKind)]) -> SlotListOf<Test> {
	SlotList::unchecked(entries(list))
}

fn held(who: Sr25519Keyring) -> u64 {
	Balances::balance_on_hold(&HoldReason::Vault.into(), &account(who))
}

/// How a slot can be out of order, whatever is stored, and what is said of it.
fn disorders() -> impl Iterator<Item = (SlotKind, fn(&mut NewSlot), DispatchError)> {
	const fn argon2id(memory_kib: u32, passes: u32, lanes: u32) -> Kdf {
		Kdf::Argon2id { memory_kib, passes, lanes }
	}
	let all: [(SlotKind, fn(&mut NewSlot), Error<Test>); 25] = [
		(Password, |slot| slot.kdf = Kdf::None, Error::KdfOfAnotherKind),
		(Passphrase, |slot| slot.kdf = Kdf::None, Error::KdfOfAnotherKind),
		(Recovery, |slot| slot.kdf = FLOOR, Error::KdfOfAnotherKind),
		(Passkey, |slot| slot.kdf = FLOOR, Error::KdfOfAnotherKind),
		(Guardian, |slot| slot.kdf = FLOOR, Error::KdfOfAnotherKind),
		(Password, |slot| slot.kdf = argon2id(65_535, 3, 1), Error::KdfTooWeak),
		(Password, |slot| slot.kdf = argon2id(65_536, 2, 1), Error::KdfTooWeak),
		(Passphrase, |slot| slot.kdf = argon2id(65_536, 0, 1), Error::KdfTooWeak),
		(Passphrase, |slot| slot.kdf = argon2id(0, 0, 0), Error::KdfTooWeak),
		(Password, |slot| slot.kdf = argon2id(4_194_305, 3, 1), Error::KdfTooCostly),
		(Password, |slot| slot.kdf = argon2id(65_536, 65, 1), Error::KdfTooCostly),
		(Password, |slot| slot.kdf = argon2id(u32::MAX, u32::MAX, 1), Error::KdfTooCostly),
		(Password, |slot| slot.kdf = argon2id(65_536, 3, 0), Error::KdfLanesOutOfBounds),
		(Password, |slot| slot.kdf = argon2id(65_536, 3, 5), Error::KdfLanesOutOfBounds),
		(Password, |slot| slot.salt.clear(), Error::SaltTooShort),
		(Passkey, |slot| slot.salt.truncate(8), Error::SaltTooShort),
		(Recovery, |slot| slot.salt.truncate(15), Error::SaltTooShort),
		(Password, |slot| slot.wrapped.clear(), Error::WrapTooShort),
		(Guardian, |slot| slot.wrapped.truncate(47), Error::WrapTooShort),
		(Password, |slot| slot.login = None, Error::LoginMissing),
		(Passphrase, |slot| slot.login = None, Error::LoginMissing),
		(Recovery, |slot| slot.login = None, Error::LoginMissing),
		(Passkey, |slot| slot.login = Some(proof(9, &claim_of(Alice, 9, 2))), Error::LoginRefused),
		(Guardian, |slot| slot.login = Some(proof(9, &claim_of(Alice, 9, 2))), Error::LoginRefused),
		(Recovery, |slot| slot.login = Some(anybodys()), Error::LoginKeyWeak),
	];
	all.into_iter().map(|(kind, disorder, error)| (kind, disorder, error.into()))
}

/// A "login" of small order, with a signature that holds for every message.
fn anybodys() -> LoginProof {
	let identity_point = {
		let mut point = [0; 32];
		point[0] = 1;
		point
	};
	let mut claim = [0; 64];
	claim[..32].copy_from_slice(&identity_point);
	LoginProof { key: identity_point, claim }
}
