// SPDX-License-Identifier: Apache-2.0

//! Tests, a file per call.

mod accept_affiliation;
mod appoint_regulator;
mod end_affiliation;
mod genesis;
mod grant_accreditation;
mod in_force;
mod invariants;
mod invite_affiliation;
mod journeys;
mod origins;
mod reap;
mod remove_regulator;
mod revoke_accreditation;

use crate::{mock::*, *};
use AccreditationKind::{FacilityLicence, PractitionerLicence};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationId, Commitment, DAY,
	IdentityId, Jurisdiction, Moment, Role, Window,
};
use salus_test_support::{Identities, START, account, identity};
use sp_keyring::Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie};
use sp_runtime::{DispatchError, DispatchResult};

const DENMARK: Jurisdiction = Jurisdiction(208);
const GERMANY: Jurisdiction = Jurisdiction(276);
const LICENCE: Commitment = Commitment([9; 32]);
/// From the start of the mock to the end of the longest term.
const TERM_FROM_START: Window = Window { from: START, until: START + TERM };

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn scope(kinds: &[AccreditationKind], jurisdictions: &[Jurisdiction]) -> AuthorityScope {
	let jurisdictions = jurisdictions.to_vec().try_into().unwrap();
	AuthorityScope { kinds: AccreditationKinds::of(kinds), jurisdictions }
}

fn wide() -> AuthorityScope {
	AuthorityScope { kinds: AccreditationKinds::ALL, ..scope(&[], &[DENMARK, GERMANY]) }
}

/// From `from` to `until` days after the start.
fn days(from: u64, until: u64) -> Window {
	Window { from: START + from * DAY, until: START + until * DAY }
}

fn day(number: u64) -> Moment {
	START + number * DAY
}

fn at(moment: Moment) {
	Timestamp::set_timestamp(moment);
}

fn appoint(who: Sr25519Keyring, scope: AuthorityScope, window: Window) -> DispatchResult {
	Accreditation::appoint_regulator(RuntimeOrigin::root(), identity(who), scope, window)
}

fn cut_off(who: Sr25519Keyring, cutoff: Moment) -> DispatchResult {
	Accreditation::remove_regulator(RuntimeOrigin::root(), identity(who), cutoff)
}

/// Alice is a regulator of everything, for long.
fn with_regulator() {
	assert_ok!(appoint(Alice, wide(), days(0, 10_000)));
}

fn grant(
	by: Sr25519Keyring,
	subject: Sr25519Keyring,
	kind: AccreditationKind,
	window: Window,
) -> DispatchResult {
	let subject = identity(subject);
	Accreditation::grant_accreditation(signed(by), subject, kind, DENMARK, LICENCE, window)
}

/// Alice grants; the number of the accreditation.
fn granted(subject: Sr25519Keyring, kind: AccreditationKind, window: Window) -> AccreditationId {
	let id = NextAccreditation::<Test>::get();
	assert_ok!(grant(Alice, subject, kind, window));
	id
}

fn revoke(by: RuntimeOrigin, id: AccreditationId, effective_from: Moment) -> DispatchResult {
	Accreditation::revoke_accreditation(by, id, effective_from, RevocationReason::Fraud)
}

fn is_accredited(who: Sr25519Keyring, kind: AccreditationKind, at: Moment) -> bool {
	Accreditation::is_accredited(identity(who), kind, at)
}

/// Alice is a regulator; Bob, Charlie and Ferdie are hospitals and Dave a doctor for the longest term.
fn with_licences() {
	with_regulator();
	for hospital in [Bob, Charlie, Ferdie] {
		granted(hospital, FacilityLicence, TERM_FROM_START);
	}
	granted(Dave, PractitionerLicence, TERM_FROM_START);
}

fn invite(by: Sr25519Keyring, role: Role, window: Window) -> DispatchResult {
	let deadline = Timestamp::get() + DAY;
	Accreditation::invite_affiliation(signed(by), identity(Dave), role, window, deadline)
}

/// An invitation of Dave; its number.
fn invited(by: Sr25519Keyring, role: Role, window: Window) -> AffiliationId {
	let id = NextAffiliation::<Test>::get();
	assert_ok!(invite(by, role, window));
	id
}

fn accept(id: AffiliationId) -> DispatchResult {
	Accreditation::accept_affiliation(signed(Dave), id)
}

/// An affiliation of Dave; its number.
fn affiliated(with: Sr25519Keyring, role: Role, window: Window) -> AffiliationId {
	let id = invited(with, role, window);
	assert_ok!(accept(id));
	id
}

fn end(by: Sr25519Keyring, id: AffiliationId) -> DispatchResult {
	Accreditation::end_affiliation(signed(by), id)
}

fn in_force(at: Moment) -> Vec<(IdentityId, Role)> {
	use salus_traits::accreditation::AffiliationInspect;
	Accreditation::affiliations_at(&identity(Dave), at).into_inner()
}

fn held(who: Sr25519Keyring, reason: HoldReason) -> u64 {
	Balances::balance_on_hold(&reason.into(), &account(who))
}

fn last_event() -> RuntimeEvent {
	System::events().pop().unwrap().event
}
