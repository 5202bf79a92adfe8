// SPDX-License-Identifier: Apache-2.0

//! Tests, a file per call.

mod allowance;
mod genesis;
mod invariants;
mod journeys;
mod origins;
mod register;
mod register_for;
mod rotate_agreement_key;
mod set_profile;
mod views;

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use salus_primitives::{Commitment, DAY, IdentityId, IdentityKind, KeyVersion, X25519Key};
use salus_test_support::{START, account, agreement_key, identity, sign};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{DispatchError, DispatchResult};

const SALT: [u8; 16] = [0; 16];
const PROFILE: Commitment = Commitment([5; 32]);

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn register(who: Sr25519Keyring, kind: IdentityKind, key: X25519Key) -> DispatchResult {
	Identity::register(signed(who), kind, SALT, key, None)
}

fn patient(who: Sr25519Keyring) {
	assert_ok!(register(who, IdentityKind::Patient, agreement_key(who as u8)));
}

fn rotate(who: Sr25519Keyring, key: X25519Key, expected: KeyVersion) -> DispatchResult {
	Identity::rotate_agreement_key(signed(who), key, expected)
}

fn held(who: Sr25519Keyring) -> u64 {
	Balances::balance_on_hold(&HoldReason::Registration.into(), &account(who))
}

fn set_status(id: IdentityId, status: IdentityStatus) {
	Identities::<Test>::mutate(id, |identity| identity.as_mut().unwrap().status = status);
}

fn at(moment: salus_primitives::Moment) {
	Timestamp::set_timestamp(moment);
}

fn last_event() -> RuntimeEvent {
	System::events().pop().unwrap().event
}
