// SPDX-License-Identifier: Apache-2.0

//! Tests, a file per call.

mod add_key;
mod add_service;
mod agreement_keys;
mod allowance;
mod clear_profile;
mod deactivate;
mod freeze_keys;
mod garbage;
mod genesis;
mod invariants;
mod journeys;
mod model;
mod origins;
mod privacy;
mod register;
mod register_for;
mod reinstate_identity;
mod remove_service;
mod resolve;
mod retire_key;
mod revoke_agreement_key;
mod revoke_key;
mod rotate_agreement_key;
mod rotate_primary;
mod set_key_scopes;
mod set_profile;
mod suspend_identity;
mod unfreeze_keys;
mod views;

use crate::{mock::*, *};
use frame_support::{
	assert_noop, assert_ok, assert_storage_noop, traits::Footprint, traits::fungible::InspectHold,
};
use salus_primitives::{
	CallScope, CallScopes, Commitment, DAY, IdentityId, IdentityKind, KeyAddition, KeyId,
	KeyPurpose, KeyPurposes, KeyVersion, Moment, PrimaryRotation, PublicKey, SuspensionGround,
	X25519Key, signed_forms,
};
use salus_test_support::{START, account, agreement_key, identity, sign};
use salus_traits::identity::SuspendedBy;
use sp_core::{Pair, ecdsa, ed25519};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{
	AccountId32, DispatchError, DispatchResult, MultiSignature, MultiSigner,
	traits::IdentifyAccount,
};

const SALT: [u8; 16] = [0; 16];
const PROFILE: Commitment = Commitment([5; 32]);

/// A key for everything that may file records, without an end.
const ANCHORS: KeyRights = KeyRights {
	purposes: KeyPurposes::ALL,
	scopes: CallScopes::of(&[CallScope::RecordAnchor]),
	valid_until: None,
};

/// A key that administers keys and files records.
const ADMIN: KeyRights = KeyRights {
	scopes: CallScopes::of(&[CallScope::KeyAdmin, CallScope::RecordAnchor]),
	..ANCHORS
};

/// A key that signs no call.
const NOTHING: KeyRights = KeyRights { scopes: CallScopes::of(&[]), ..ANCHORS };

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn public(who: Sr25519Keyring) -> PublicKey {
	PublicKey::Sr25519(who.to_raw_public())
}

fn register(who: Sr25519Keyring, kind: IdentityKind, key: X25519Key) -> DispatchResult {
	Identity::register(signed(who), kind, SALT, key, None, public(who))
}

fn patient(who: Sr25519Keyring) {
	assert_ok!(register(who, IdentityKind::Patient, agreement_key(who as u8)));
}

fn organisation(who: Sr25519Keyring) {
	assert_ok!(register(who, IdentityKind::Organisation, agreement_key(who as u8)));
}

fn rotate(who: Sr25519Keyring, key: X25519Key, expected: KeyVersion) -> DispatchResult {
	Identity::rotate_agreement_key(signed(who), key, expected)
}

/// What `account` signs to become a key of `identity`, for the next hour.
fn addition(account: AccountId32, identity: IdentityId, rights: KeyRights) -> KeyAddition {
	let KeyRights { purposes, scopes, valid_until } = rights;
	KeyAddition {
		genesis: Identity::genesis(),
		identity,
		account: account.into(),
		purposes,
		scopes,
		valid_until,
		deadline: Timestamp::get() + CONSENT_AGE,
	}
}

fn submit_addition(
	by: Sr25519Keyring,
	asked: &KeyAddition,
	public: PublicKey,
	proof: MultiSignature,
) -> DispatchResult {
	let KeyAddition { account, purposes, scopes, valid_until, deadline, .. } = asked.clone();
	let account = account.into();
	Identity::add_key(signed(by), account, public, purposes, scopes, valid_until, deadline, proof)
}

/// Has a key of the identity of `owner` add the account of `new`, which signed for it.
fn add_key_by(
	by: Sr25519Keyring,
	owner: Sr25519Keyring,
	new: Sr25519Keyring,
	rights: KeyRights,
) -> DispatchResult {
	let asked = addition(account(new), identity(owner), rights);
	submit_addition(by, &asked, public(new), sign(new, &asked.to_bytes()))
}

fn add_key(owner: Sr25519Keyring, new: Sr25519Keyring, rights: KeyRights) -> DispatchResult {
	add_key_by(owner, owner, new, rights)
}

fn rotation(new: Sr25519Keyring, identity: IdentityId, epoch: u32) -> PrimaryRotation {
	PrimaryRotation {
		genesis: Identity::genesis(),
		identity,
		account: account(new).into(),
		epoch,
		deadline: Timestamp::get() + CONSENT_AGE,
	}
}

fn submit_rotation(
	by: Sr25519Keyring,
	asked: &PrimaryRotation,
	public: PublicKey,
	proof: MultiSignature,
) -> DispatchResult {
	let PrimaryRotation { account, epoch, deadline, .. } = asked.clone();
	Identity::rotate_primary(signed(by), account.into(), public, deadline, epoch, proof)
}

/// Has the primary key `by` of the identity of `owner` give way to the account of `new`.
fn rotate_primary(
	by: Sr25519Keyring,
	owner: Sr25519Keyring,
	new: Sr25519Keyring,
	epoch: u32,
) -> DispatchResult {
	let asked = rotation(new, identity(owner), epoch);
	submit_rotation(by, &asked, public(new), sign(new, &asked.to_bytes()))
}

/// Whether an account may sign what belongs to a scope.
fn may(who: Sr25519Keyring, scope: CallScope) -> bool {
	Identity::acting_identity(account(who), scope).is_some()
}

fn key(owner: Sr25519Keyring, key: KeyId) -> KeyViewOf<Test> {
	Identity::key(identity(owner), key).unwrap()
}

fn row(owner: Sr25519Keyring) -> IdentityOf<Test> {
	Identities::<Test>::get(identity(owner)).unwrap()
}

fn service(id: &str) -> Service {
	Service {
		id: id.as_bytes().to_vec().try_into().unwrap(),
		kind: b"FhirEndpoint".to_vec().try_into().unwrap(),
		url: b"https://hospital.example/fhir".to_vec().try_into().unwrap(),
	}
}

fn price(footprint: Footprint) -> u64 {
	10 + PER_BYTE * footprint.size
}

fn held_for(who: Sr25519Keyring, reason: HoldReason) -> u64 {
	Balances::balance_on_hold(&reason.into(), &account(who))
}

fn held(who: Sr25519Keyring) -> u64 {
	held_for(who, HoldReason::Registration)
}

const GROUND: SuspensionGround = SuspensionGround::Investigation;

fn suspended(until: Option<Moment>) -> IdentityStatus {
	let by = SuspendedBy::Governance;
	IdentityStatus::Suspended { since: Timestamp::get(), until, reason: GROUND, by }
}

fn set_status(id: IdentityId, status: IdentityStatus) {
	Identities::<Test>::mutate(id, |identity| identity.as_mut().unwrap().status = status);
}

fn at(moment: Moment) {
	Timestamp::set_timestamp(moment);
}

fn last_event() -> RuntimeEvent {
	System::events().pop().unwrap().event
}
