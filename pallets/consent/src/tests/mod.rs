// SPDX-License-Identifier: Apache-2.0

//! One file per call, the decision, its agreement with a reference model, queries, invariants, and
//! journeys.

mod add_compartment_wraps;
mod agreement_invariants;
mod anchor_audit_batch;
mod approve_request;
mod audit_invariants;
mod break_glass;
mod cancel_request;
mod check_access;
mod close_break_glass;
mod contest;
mod decline_request;
mod emergency;
mod emergency_invariants;
mod emergency_model;
mod grant;
mod invariants;
mod journeys;
mod log_access;
mod log_bases;
mod model;
mod narrow;
mod open_compartment;
mod reads;
mod reap;
mod request_access;
mod review_break_glass;
mod revoke;
mod revoke_all;
mod rotate_compartment;
mod set_btg_policy;
mod set_emergency_holder;
mod set_emergency_key;
mod set_policy;
mod set_share_custodian;
mod sub_grant;
mod suspend;
mod views;

use crate::{mock::*, *};
use frame_support::traits::ConstU32;
use frame_support::{
	BoundedVec, assert_noop, assert_ok,
	dispatch::{DispatchResult, DispatchResultWithPostInfo},
};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessHead, AccessQuestion, Action, Actions, Classes,
	CompartmentKey, CompartmentNo, DAY, DenyReason, Digest, GrantId, IdentityId, IdentityKind,
	Moment, PermitBasis, Purpose, Purposes, ReaderKey, RecordClass, RecordId, RequestId, Role,
	Window,
};
use salus_test_support::{
	Accreditations, Identities, Records, START, account, agreement_key, identity,
};
use salus_traits::records::RecordFacts;
use sp_keyring::Sr25519Keyring::{self, *};
use sp_runtime::DispatchError::{self, BadOrigin};

/// A laboratory result of Alice's, in compartment 1, by somebody outside the tests.
const RESULT: RecordId = RecordId([1; 32]);
/// A note of Alice's, in the restricted compartment 2, by somebody outside the tests.
const NOTE: RecordId = RecordId([2; 32]);
/// A note of Alice's, in compartment 1, that Bob wrote at Eve's hospital.
const ENTRY: RecordId = RecordId([3; 32]);
/// A result of Dave's.
const DAVES: RecordId = RecordId([4; 32]);

const OUTSIDER: IdentityId = IdentityId([0xaa; 32]);
const FILED: Moment = START - 10 * DAY;

fn facts(class: RecordClass, compartment: CompartmentNo) -> RecordFacts {
	RecordFacts {
		subject: identity(Alice),
		author: OUTSIDER,
		organisation: None,
		class,
		compartment,
		created: FILED,
	}
}

/// Says that the keeper's key shares lie with a custodian.
fn keep_shares(keeper: IdentityId, custodian: Sr25519Keyring) {
	let custodians = BoundedVec::truncate_from(vec![identity(custodian)]);
	let custody = ShareCustody { custodians, threshold: 1, since: START };
	ShareCustodians::<Test>::insert(keeper, custody);
	ShareKeepers::<Test>::insert(identity(custodian), ());
}

/// Files them. One keeps the shares of somebody outside.
fn file_records() {
	keep_shares(OUTSIDER, One);
	Records::set(RESULT, facts(RecordClass::Laboratory, 1));
	Records::set(NOTE, facts(RecordClass::Clinical, 2));
	let (author, organisation) = (identity(Bob), Some(identity(Eve)));
	let entry = RecordFacts { author, organisation, ..facts(RecordClass::Clinical, 1) };
	Records::set(ENTRY, entry);
	Records::set(
		DAVES,
		RecordFacts { subject: identity(Dave), ..facts(RecordClass::Laboratory, 1) },
	);
}

/// Runs a test in the standard world with its records filed.
fn execute(test: impl FnOnce()) {
	ExtBuilder::default().build_and_execute(|| {
		file_records();
		test();
	});
}

fn signed(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

fn person(who: Sr25519Keyring) -> Grantee {
	Grantee::Identity(identity(who))
}

fn organisation(who: Sr25519Keyring) -> Grantee {
	Grantee::Organisation(identity(who))
}

fn role(at: Option<Sr25519Keyring>, role: Role) -> Grantee {
	Grantee::Role { organisation: at.map(identity), role }
}

const DENY: Decision = Decision::Deny { override_in_emergency: false };
const OVERRIDABLE: Decision = Decision::Deny { override_in_emergency: true };

fn compartment_key(compartment: CompartmentNo) -> CompartmentKey {
	CompartmentKey { compartment, epoch: 0, key_version: 1, wrap: [compartment; 80] }
}

fn compartment_keys(keys: &[CompartmentKey]) -> GrantKeys {
	GrantKeys::Compartments(BoundedVec::try_from(keys.to_vec()).unwrap())
}

fn record_key() -> GrantKeys {
	GrantKeys::Record(ReaderKey { version: 1, key_version: 1, wrap: [8; 80] })
}

/// The arguments of a grant by Alice. By default Charlie may read compartment 1 to treat, for 30
/// days from the start.
#[derive(Clone, Debug)]
struct Offer {
	grantee: Grantee,
	decision: Decision,
	scope: Scope,
	purposes: Purposes,
	actions: Actions,
	data_period: Option<Window>,
	window: Window,
	uses: Option<u32>,
	delegable: bool,
	keys: GrantKeys,
}

impl Default for Offer {
	fn default() -> Self {
		Self {
			grantee: person(Charlie),
			decision: Decision::Permit,
			scope: Scope::Compartment(1),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: Window { from: START, until: START + 30 * DAY },
			uses: None,
			delegable: false,
			keys: compartment_keys(&[compartment_key(1)]),
		}
	}
}

impl Offer {
	fn to(grantee: Grantee) -> Self {
		let keys = match grantee {
			Grantee::Role { .. } => GrantKeys::None,
			_ => compartment_keys(&[compartment_key(1)]),
		};
		Self { grantee, keys, ..Self::default() }
	}

	fn deny(self) -> Self {
		Self { decision: DENY, keys: GrantKeys::None, ..self }
	}

	fn one_record(self, record: RecordId) -> Self {
		Self { scope: Scope::Record(record), keys: record_key(), ..self }
	}

	fn everything(self) -> Self {
		Self { scope: Scope::Subject(Classes::ALL), ..self }
	}

	/// Signed by `who`, for Alice.
	fn signed_by(self, who: Sr25519Keyring) -> DispatchResult {
		let made = Consent::grant(
			signed(who),
			identity(Alice),
			self.grantee,
			self.decision,
			self.scope,
			self.purposes,
			self.actions,
			self.data_period,
			self.window,
			self.uses,
			Basis::Consent,
			Some(Digest([0xdd; 32])),
			self.delegable,
			self.keys,
		);
		plain(made)
	}

	/// As what can be passed on.
	fn delegable(self) -> Self {
		Self { delegable: true, ..self }
	}

	fn offer(self) -> DispatchResult {
		self.signed_by(Alice)
	}

	/// Makes it, and answers its number.
	fn make(self) -> GrantId {
		let id = NextGrantId::<Test>::get();
		assert_ok!(self.offer());
		id
	}
}

fn revoke(id: GrantId) -> DispatchResult {
	revoke_by(Alice, id)
}

fn revoke_by(who: Sr25519Keyring, id: GrantId) -> DispatchResult {
	plain(Consent::revoke(signed(who), id, RevocationStrength::Lazy))
}

/// `who` passes grant `parent` on, with the terms and keys of the offer.
fn pass_on(who: Sr25519Keyring, parent: GrantId, offer: Offer) -> DispatchResult {
	let Offer { grantee, scope, purposes, actions, data_period, window, delegable, keys, .. } =
		offer;
	plain(Consent::sub_grant(
		signed(who),
		parent,
		grantee,
		scope,
		purposes,
		actions,
		data_period,
		window,
		delegable,
		keys,
	))
}

/// Passes it on, and answers the number of the sub-grant.
fn passed_on(who: Sr25519Keyring, parent: GrantId, offer: Offer) -> GrantId {
	let id = NextGrantId::<Test>::get();
	assert_ok!(pass_on(who, parent, offer));
	id
}

/// Alice narrows a grant to the terms, uses and keys of the offer.
fn narrow(id: GrantId, to: Offer) -> DispatchResult {
	narrow_by(Alice, id, to)
}

fn narrow_by(who: Sr25519Keyring, id: GrantId, to: Offer) -> DispatchResult {
	let Offer { scope, purposes, actions, data_period, window, uses, keys, .. } = to;
	let narrowed =
		Consent::narrow(signed(who), id, scope, purposes, actions, data_period, window, uses, keys);
	plain(narrowed)
}

fn standing_of(id: GrantId) -> Standing {
	Consent::grant_by_id(id).expect("it was made").standing
}

fn reap(due: &[Due]) -> DispatchResult {
	Consent::reap(signed(Two), BoundedVec::truncate_from(due.to_vec()))
}

/// The result without the weight that was used.
fn plain(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(|_| ()).map_err(|error| error.error)
}

fn question(reader: Sr25519Keyring, record: RecordId) -> AccessQuestion {
	let reader = identity(reader);
	AccessQuestion { reader, record, purpose: Purpose::Treat, action: Action::Access }
}

/// What is decided now. Asking changes nothing, and the explanation agrees.
fn decide(question: AccessQuestion) -> AccessDecision {
	let root = sp_io::storage::root(sp_runtime::StateVersion::V1);
	let decision = Consent::check_access_now(&question);
	let explained = Consent::explain_access_now(&question);
	assert_eq!(explained.decision, decision);
	assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), root);
	decision
}

fn ask(reader: Sr25519Keyring, record: RecordId) -> AccessDecision {
	decide(question(reader, record))
}

fn permit(id: GrantId) -> AccessDecision {
	AccessDecision::Permit(PermitBasis::Grant(id))
}

fn denied_by(id: GrantId) -> AccessDecision {
	AccessDecision::Deny(DenyReason::Grant(id))
}

const BY_AUTHOR: AccessDecision = AccessDecision::Permit(PermitBasis::Author);
const BY_SUBJECT: AccessDecision = AccessDecision::Permit(PermitBasis::Subject);
const NO_GRANT: AccessDecision = AccessDecision::Deny(DenyReason::NoGrant);

/// Logs what One, the custodian, decided.
fn log(question: AccessQuestion, decision: AccessDecision) -> DispatchResult {
	let AccessQuestion { reader, record, purpose, action } = question;
	Consent::log_access(signed(One), reader, record, purpose, action, decision, Digest([0xee; 32]))
}

fn events() -> Vec<Event<Test>> {
	System::read_events_for_pallet::<Event<Test>>()
}

fn last_event() -> Event<Test> {
	events().pop().expect("an event was emitted")
}

fn rows_of(grantee: Grantee) -> Vec<GrantId> {
	GrantIndex::<Test>::get(identity(Alice), grantee).iter().map(|rule| rule.grant).collect()
}

fn go_to(moment: Moment) {
	Timestamp::set_timestamp(moment);
}
