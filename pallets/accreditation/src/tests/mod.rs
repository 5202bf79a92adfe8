// SPDX-License-Identifier: Apache-2.0

//! Tests, a file per call.

mod accept_affiliation;
mod appoint_registrar;
mod appoint_regulator;
mod bad_input;
mod close_request;
mod end_affiliation;
mod genesis;
mod grant_accreditation;
mod in_force;
mod invariants;
mod invite_affiliation;
mod journeys;
mod lift_suspension;
mod model;
mod origins;
mod reads;
mod reap;
mod remove_registrar;
mod remove_regulator;
mod renew_accreditation;
mod request_accreditation;
mod resume_affiliation;
mod revoke_accreditation;
mod set_status_list;
mod surrender_accreditation;
mod suspend_accreditation;
mod suspend_affiliation;
mod suspend_authority;

use crate::{mock::*, *};
use AccreditationKind::{FacilityLicence, PractitionerLicence};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, AffiliationId, AffiliationPermission,
	AffiliationPermissions, Commitment, DAY, Digest, IdentityId, IdentityKind, Jurisdiction,
	Moment, Role, ScopeCode, Window,
};
use salus_test_support::{Identities, START, account, identity};
use sp_keyring::Sr25519Keyring::{
	self, Alice, AliceStash as Registry, Bob, BobStash as OtherRegistry, Charlie, Dave, Eve, Ferdie,
};
use sp_runtime::{DispatchError, DispatchResult};

const DENMARK: Jurisdiction = Jurisdiction(208);
const GERMANY: Jurisdiction = Jurisdiction(276);
const LICENCE: Commitment = Commitment([9; 32]);
const PAPERS: Digest = Digest([8; 32]);
const EMERGENCY: AffiliationPermissions =
	AffiliationPermissions::of(&[AffiliationPermission::EmergencyAccess]);
/// From the start of the mock to the end of the longest term.
const TERM_FROM_START: Window = Window { from: START, until: START + TERM };

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn scope(kinds: &[AccreditationKind], jurisdictions: &[Jurisdiction]) -> AuthorityScope {
	let jurisdictions = jurisdictions.to_vec().try_into().unwrap();
	AuthorityScope { kinds: AccreditationKinds::of(kinds), jurisdictions, codes: None }
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

fn appoint_registrar(
	by: Sr25519Keyring,
	who: Sr25519Keyring,
	scope: AuthorityScope,
	window: Window,
) -> DispatchResult {
	Accreditation::appoint_registrar(signed(by), identity(who), scope, window)
}

fn remove_registrar(by: Sr25519Keyring, who: Sr25519Keyring, cutoff: Moment) -> DispatchResult {
	Accreditation::remove_registrar(signed(by), identity(who), cutoff)
}

fn suspend_authority(by: RuntimeOrigin, who: Sr25519Keyring) -> DispatchResult {
	Accreditation::suspend_authority(by, identity(who))
}

fn reinstate_authority(by: RuntimeOrigin, who: Sr25519Keyring) -> DispatchResult {
	Accreditation::reinstate_authority(by, identity(who))
}

/// The registry is a registrar of Alice, of everything.
fn with_registrar() {
	with_regulator();
	assert_ok!(appoint_registrar(Alice, Registry, wide(), days(0, 9_000)));
}

fn codes(codes: &[u16]) -> ScopeCodes {
	codes.iter().copied().map(ScopeCode).collect::<Vec<_>>().try_into().unwrap()
}

fn grant(
	by: Sr25519Keyring,
	subject: Sr25519Keyring,
	kind: AccreditationKind,
	window: Window,
) -> DispatchResult {
	grant_for(by, subject, kind, window, &[])
}

fn grant_for(
	by: Sr25519Keyring,
	subject: Sr25519Keyring,
	kind: AccreditationKind,
	window: Window,
	exactly: &[u16],
) -> DispatchResult {
	let (subject, exactly) = (identity(subject), codes(exactly));
	let by = signed(by);
	Accreditation::grant_accreditation(by, subject, kind, DENMARK, LICENCE, window, exactly, None)
}

/// Alice grants; the number of the accreditation.
fn granted(subject: Sr25519Keyring, kind: AccreditationKind, window: Window) -> AccreditationId {
	granted_by(Alice, subject, kind, window)
}

fn granted_by(
	by: Sr25519Keyring,
	subject: Sr25519Keyring,
	kind: AccreditationKind,
	window: Window,
) -> AccreditationId {
	let id = NextAccreditation::<Test>::get();
	assert_ok!(grant(by, subject, kind, window));
	id
}

/// Dave's licence of the registry; its number.
fn licensed(window: Window) -> AccreditationId {
	granted_by(Registry, Dave, PractitionerLicence, window)
}

fn renew(by: Sr25519Keyring, id: AccreditationId, until: Moment) -> DispatchResult {
	Accreditation::renew_accreditation(signed(by), id, until)
}

fn suspend(by: RuntimeOrigin, id: AccreditationId, until: Option<Moment>) -> DispatchResult {
	let reason = SuspensionReason::UnderInvestigation;
	Accreditation::suspend_accreditation(by, id, until, reason)
}

fn lift(by: RuntimeOrigin, id: AccreditationId) -> DispatchResult {
	Accreditation::lift_suspension(by, id)
}

fn surrender(by: Sr25519Keyring, id: AccreditationId) -> DispatchResult {
	Accreditation::surrender_accreditation(signed(by), id)
}

fn root() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

/// Whether Dave may practise at each of these moments.
fn practises<const N: usize>(moments: [Moment; N]) -> [bool; N] {
	moments.map(|moment| is_accredited(Dave, PractitionerLicence, moment))
}

/// Dave asks `issuer` for a licence.
fn ask(issuer: Sr25519Keyring, digest: Digest) -> DispatchResult {
	let (issuer, kind) = (identity(issuer), PractitionerLicence);
	Accreditation::request_accreditation(signed(Dave), issuer, kind, LICENCE, digest)
}

/// `by` grants what Dave asked for.
fn answer(by: Sr25519Keyring, commitment: Commitment, digest: Option<Digest>) -> DispatchResult {
	let (subject, kind, window) = (identity(Dave), PractitionerLicence, days(0, 50));
	let none = codes(&[]);
	let by = signed(by);
	Accreditation::grant_accreditation(by, subject, kind, DENMARK, commitment, window, none, digest)
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
	invite_with(by, role, window, AffiliationPermissions::default())
}

fn invite_with(
	by: Sr25519Keyring,
	role: Role,
	window: Window,
	permissions: AffiliationPermissions,
) -> DispatchResult {
	let (by, whom) = (signed(by), identity(Dave));
	let deadline = Timestamp::get() + DAY;
	Accreditation::invite_affiliation(by, whom, role, window, deadline, permissions)
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

fn rest(by: Sr25519Keyring, id: AffiliationId, until: Option<Moment>) -> DispatchResult {
	Accreditation::suspend_affiliation(signed(by), id, until)
}

fn resume(by: Sr25519Keyring, id: AffiliationId) -> DispatchResult {
	Accreditation::resume_affiliation(signed(by), id)
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
