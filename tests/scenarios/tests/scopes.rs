// SPDX-License-Identifier: Apache-2.0

//! What a key may sign: each call demands the scope that the runtime's table gives it, nested or
//! not, and a call that the table does not know passes nothing that goes by scopes.

use codec::Decode;
use frame_support::{
	storage,
	traits::{GetCallIndex, GetCallMetadata, GetCallName, InstanceFilter, PalletsInfoAccess},
};
use pallet_health_accreditation::Call as Accreditation;
use pallet_health_consent::{
	Call as Consent, Claimants, Deadlines, Due, Emergencies, Emergency, NextEmergencyId,
	OpenEmergencies, OrganisationEmergencies, OrganisationEmergencyCount, OrganisationUse,
	PendingReviews, Reach, Reaches, Scope, SubjectEmergencies, SubjectEmergencyCount, hour_of,
};
use pallet_health_identity::{Allowances, Call as Identity};
use pallet_health_records::Call as Records;
use pallet_health_supply_chain::Call as SupplyChain;
use pallet_health_vault::Call as Vault;
use salus_primitives::{
	AccreditationKind, Action, Actions, CallScope, CallScopes, Commitment, DAY, Digest,
	EmergencyId, EmergencyReason, KeyAddition, KeyPurposes, PublicKey, Purpose, Purposes,
};
use salus_runtime::{
	Runtime, RuntimeCall, RuntimeOrigin,
	configs::{ProxyType, scope_of},
	constants::fees::PATIENT_DAILY_ALLOWANCE,
};
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, Outcome, PATIENT, REGULATOR, Refused};
use salus_test_support::{first_arguments, identity, sign};
use sp_keyring::Sr25519Keyring::{self, Eve, Ferdie};
use sp_runtime::{
	DispatchError, TransactionOutcome, traits::Dispatchable,
	transaction_validity::InvalidTransaction,
};
use std::collections::BTreeSet;

/// The further key of the hospital, whose scopes the tests set.
const KEY: Sr25519Keyring = Eve;

/// The calls that belong to no identity's key: governance's, anybody's, or every key's.
const UNSCOPED: &[&str] = &[
	"register",
	"freeze_keys",
	"suspend_identity",
	"reinstate_identity",
	"appoint_regulator",
	"remove_regulator",
	"reap_accreditation",
	"reap_affiliation",
	"set_validation_policy",
	"reap",
	"reap_vault",
	"claim_company_prefix",
	"set_btg_policy",
	"suspend",
	"reinstate",
];

/// The calls of the consent domain that name the subject first and act for it.
const SUBJECT_FIRST: &[&str] = &[
	"set_policy",
	"open_compartment",
	"rotate_compartment",
	"add_compartment_wraps",
	"grant",
	"revoke_all",
	"set_emergency_key",
];

fn all_but(scope: CallScope) -> CallScopes {
	CallScopes(CallScopes::ALL.0 & !CallScopes::of(&[scope]).0)
}

/// A staffed hospital that opened a compartment, granted (number 0) and has a further key.
fn start() -> Chain {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.open(HOSPITAL, 0);
	let grant = chain.grant_to_doctor(HOSPITAL, 0);
	chain.send(HOSPITAL, grant).expect("grants");
	let request = Accreditation::<Runtime>::request_accreditation {
		issuer: identity(REGULATOR),
		kind: AccreditationKind::PharmacyLicence,
		commitment: Commitment([1; 32]),
		digest: Digest([2; 32]),
	};
	chain.send(HOSPITAL, request).expect("requests");
	ask_and_break_the_glass(&mut chain);
	let statement = KeyAddition {
		genesis: chain.genesis(),
		identity: identity(HOSPITAL),
		account: KEY.to_raw_public(),
		purposes: KeyPurposes::ALL,
		scopes: CallScopes(0),
		valid_until: None,
		deadline: chain.now() + 60_000,
	};
	let add = Identity::<Runtime>::add_key {
		account: KEY.to_account_id(),
		public: PublicKey::Sr25519(KEY.to_raw_public()),
		purposes: statement.purposes,
		scopes: statement.scopes,
		valid_until: None,
		deadline: statement.deadline,
		proof: sign(KEY, &statement.to_bytes()),
	};
	chain.send(HOSPITAL, add).expect("the hospital adds a key");
	chain
}

/// A request for the hospital's own records, and an emergency over them, both of number 0. Calls
/// about them look for them first, to learn whose they are.
fn ask_and_break_the_glass(chain: &mut Chain) {
	let asks = Consent::<Runtime>::request_access {
		subject: identity(HOSPITAL),
		on_behalf: None,
		scope: Scope::Compartment(0),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::of(&[Action::Access]),
		data_period: None,
		length: DAY,
		reason: Digest([3; 32]),
		answer_by: chain.now() + DAY,
	};
	chain.send(DOCTOR, asks).expect("the doctor asks");
	let now = chain.now();
	let emergency = Emergency {
		subject: identity(HOSPITAL),
		claimant: identity(DOCTOR),
		organisation: identity(HOSPITAL),
		compartment: None,
		reason: EmergencyReason::SystemFailure,
		justification: Digest([4; 32]),
		opened_at: now,
		until: now + DAY,
		closed: None,
		review_by: now + 2 * DAY,
		contest_by: now + 2 * DAY,
		review: None,
		contest: None,
	};
	chain.look(|| list(EmergencyId(0), emergency));
}

/// Puts an emergency into state as if its claimant had broken the glass.
fn list(id: EmergencyId, emergency: Emergency) {
	let Emergency { subject, claimant, organisation, opened_at, review_by, .. } = emergency;
	Emergencies::<Runtime>::insert(id, emergency);
	NextEmergencyId::<Runtime>::put(EmergencyId(id.0 + 1));
	OpenEmergencies::<Runtime>::insert(subject, claimant, id);
	let reach = Reach { open: 1, until: emergency.until };
	Reaches::<Runtime>::insert(subject, emergency.compartment, reach);
	SubjectEmergencies::<Runtime>::insert(subject, 0, id);
	SubjectEmergencyCount::<Runtime>::insert(subject, 1);
	OrganisationEmergencies::<Runtime>::insert(organisation, 0, id);
	OrganisationEmergencyCount::<Runtime>::insert(organisation, 1);
	PendingReviews::<Runtime>::insert(id, review_by);
	Deadlines::<Runtime>::insert(hour_of(review_by), Due::Review(id), ());
	Claimants::<Runtime>::mutate(claimant, |row| row.recent.try_push(opened_at))
		.expect("the first");
	OrganisationUse::<Runtime>::mutate(organisation, |row| row.try_push(opened_at))
		.expect("the first");
}

fn set_scopes(chain: &mut Chain, scopes: CallScopes) {
	let set = chain.send(HOSPITAL, Identity::<Runtime>::set_key_scopes { key: 1, scopes });
	let unchanged = pallet_health_identity::Error::<Runtime>::ScopesUnchanged;
	if set != Err(Refused::Failed(unchanged.into())) {
		set.expect("the primary key sets scopes");
	}
}

/// Every call of our pallets, with arguments of zeros where they can be anything.
fn our_calls() -> Vec<(&'static str, RuntimeCall)> {
	fn of<C: GetCallIndex + GetCallName>(
		pallet: u8,
	) -> impl Iterator<Item = (&'static str, RuntimeCall)> {
		let names = C::get_call_names().iter();
		names.zip(C::get_call_indices()).map(move |(name, index)| {
			let mut bytes = vec![0; 8_192];
			bytes[..2].copy_from_slice(&[pallet, *index]);
			if SUBJECT_FIRST.contains(name) {
				// Their first argument is the subject, which has to be the signer.
				bytes[2..34].copy_from_slice(identity(HOSPITAL).as_bytes());
			}
			let first = first_arguments(name);
			bytes[2..2 + first.len()].copy_from_slice(&first);
			let call = RuntimeCall::decode(&mut &bytes[..]);
			let call = call.unwrap_or_else(|error| panic!("{name} has no zero: {error}"));
			(*name, if *name == "close_request" { close_request() } else { call })
		})
	}
	of::<Identity<Runtime>>(50)
		.chain(of::<Accreditation<Runtime>>(51))
		.chain(of::<Vault<Runtime>>(52))
		.chain(of::<Records<Runtime>>(53))
		.chain(of::<Consent<Runtime>>(54))
		.chain(of::<SupplyChain<Runtime>>(55))
		.collect()
}

/// It looks for the request before it asks for a scope, so there has to be one.
fn close_request() -> RuntimeCall {
	Accreditation::<Runtime>::close_request {
		issuer: identity(REGULATOR),
		subject: identity(HOSPITAL),
		kind: AccreditationKind::PharmacyLicence,
	}
	.into()
}

/// What a key without the scope of a call is told.
fn refusal(name: &str) -> DispatchError {
	if name == "close_request" {
		// Anybody may close one that is void, so a key without the scope is anybody.
		return pallet_health_accreditation::Error::<Runtime>::NotRequestParty.into();
	}
	DispatchError::BadOrigin
}

/// How a call goes when `KEY` dispatches it; nothing is kept.
fn tried(chain: &mut Chain, call: RuntimeCall) -> Result<(), DispatchError> {
	chain.look(|| {
		storage::with_transaction(|| {
			let origin = RuntimeOrigin::signed(KEY.to_account_id());
			let result = call.dispatch(origin).map(|_| ()).map_err(|error| error.error);
			TransactionOutcome::Rollback(Ok::<_, DispatchError>(result))
		})
		.expect("nothing nests deeper")
	})
}

#[test]
fn every_call_of_ours_is_in_the_table_or_named_as_one_of_no_key() {
	for (name, call) in our_calls() {
		let scoped = scope_of(&call).is_some();
		assert_ne!(scoped, UNSCOPED.contains(&name), "{name}: classify it in the table");
	}
}

#[test]
fn a_pallet_of_ours_that_is_new_is_missed_here() {
	let listed: BTreeSet<_> =
		our_calls().iter().map(|(_, call)| call.get_call_metadata().pallet_name).collect();
	let infos = salus_runtime::AllPalletsWithSystem::infos().into_iter();
	// Ours have the indices from 50 on.
	let ours: BTreeSet<_> = infos.filter(|info| info.index >= 50).map(|info| info.name).collect();
	assert_eq!(listed, ours, "add the calls of a new pallet to `our_calls`");
}

#[test]
fn no_call_of_upstream_belongs_to_a_scope() {
	let mut found = BTreeSet::new();
	for (pallet, index) in (0..50).flat_map(|pallet| (0..=255).map(move |index| (pallet, index))) {
		let mut bytes = vec![0; 2_048];
		bytes[..2].copy_from_slice(&[pallet, index]);
		let Ok(call) = RuntimeCall::decode(&mut &bytes[..]) else { continue };
		found.insert(call.get_call_metadata().pallet_name);
		assert_eq!(scope_of(&call), None, "{call:?}");
	}
	// Whatever wraps other calls, and whatever moves money, was one of them.
	for pallet in ["Utility", "Multisig", "Proxy", "Scheduler", "Balances", "Council", "Whitelist"]
	{
		assert!(found.contains(pallet), "{pallet} is not in {found:?}");
	}
}

#[test]
fn every_call_demands_the_scope_of_the_table() {
	let mut chain = start();
	for (name, call) in our_calls() {
		let Some(scope) = scope_of(&call) else { continue };
		set_scopes(&mut chain, all_but(scope));
		let refused = tried(&mut chain, call.clone());
		assert_eq!(refused, Err(refusal(name)), "{name} without {scope}");
		if scope == CallScope::KeyAdmin {
			// Some of them are the primary key's alone.
			continue;
		}
		set_scopes(&mut chain, CallScopes::of(&[scope]));
		let passed = tried(&mut chain, call);
		assert_ne!(passed, Err(refusal(name)), "{name} with {scope} alone");
	}
}

#[test]
fn the_allowance_pays_every_call_that_a_patient_makes_and_no_other() {
	let mut chain = start();
	chain.admit(PATIENT);
	for (name, call) in our_calls() {
		let is_a_patients = match scope_of(&call) {
			Some(
				CallScope::ProfileWrite
				| CallScope::KeyAdmin
				| CallScope::Vault
				| CallScope::RecordAnchor
				| CallScope::ConsentManage,
			) => true,
			Some(_) => false,
			None => name == "freeze_keys",
		};
		// Most fail, which costs as much.
		let outcome = chain.send(PATIENT, call);
		let unpaid = outcome == Err(Refused::Invalid(InvalidTransaction::Payment.into()));
		assert_eq!(unpaid, !is_a_patients, "{name}: {outcome:?}");
		let left = chain.look(|| salus_runtime::Identity::allowance_left(identity(PATIENT)));
		assert_eq!(left < PATIENT_DAILY_ALLOWANCE, is_a_patients, "{name}");
		chain.look(|| Allowances::<Runtime>::remove(identity(PATIENT)));
	}
}

/// A call that needs the scope of consent, and succeeds with it.
fn consents(compartment: u8) -> RuntimeCall {
	Consent::<Runtime>::open_compartment {
		subject: identity(HOSPITAL),
		compartment,
		key: salus_test_support::agreement_key(220 + compartment),
		restricted: false,
	}
	.into()
}

/// A call that needs the scope of the profile, and succeeds with it.
fn writes_profile(revision: u32) -> RuntimeCall {
	Identity::<Runtime>::set_profile {
		profile: Commitment([9 + revision as u8; 32]),
		expected_revision: revision,
	}
	.into()
}

fn not_allowed() -> Outcome {
	Err(Refused::Failed(DispatchError::BadOrigin))
}

#[test]
fn a_key_of_one_scope_gets_nothing_else_through_by_nesting() {
	let mut chain = start();
	set_scopes(&mut chain, CallScopes::of(&[CallScope::ProfileWrite]));
	chain
		.send(
			HOSPITAL,
			pallet_balances::Call::<Runtime>::transfer_keep_alive {
				dest: KEY.to_account_id().into(),
				value: salus_runtime::constants::currency::SAL,
			},
		)
		.expect("the key pays its fees");
	let all = |calls: Vec<RuntimeCall>| -> RuntimeCall {
		pallet_utility::Call::<Runtime>::batch_all { calls }.into()
	};

	chain.send(KEY, writes_profile(0)).expect("its own scope");
	chain.send(KEY, all(vec![writes_profile(1)])).expect("its own scope, in a batch");
	assert_eq!(chain.send(KEY, consents(1)), not_allowed());
	assert_eq!(chain.send(KEY, all(vec![writes_profile(2), consents(1)])), not_allowed());
	let inside = pallet_utility::Call::<Runtime>::batch { calls: vec![consents(1)] };
	chain.send(KEY, all(vec![inside.into()])).expect("a batch succeeds and says where it stopped");

	// A forced batch goes on after the refusal, and does no more than the key may.
	let forced = pallet_utility::Call::<Runtime>::force_batch {
		calls: vec![consents(1), writes_profile(2)],
	};
	let events = chain.send(KEY, forced).expect("a forced batch never fails as a whole");
	assert!(events.iter().any(|event| matches!(
		event,
		salus_runtime::RuntimeEvent::Utility(pallet_utility::Event::ItemFailed {
			error: DispatchError::BadOrigin
		})
	)));
	assert_eq!(chain.look(|| salus_runtime::Consent::compartment(identity(HOSPITAL), 1)), None);

	// An account derived from the key, and a multisig of it, are other accounts: nobody's.
	let derived = pallet_utility::Call::<Runtime>::as_derivative {
		index: 0,
		call: Box::new(writes_profile(3)),
	};
	assert_eq!(chain.send(KEY, derived), not_allowed());
	let alone = pallet_multisig::Call::<Runtime>::as_multi_threshold_1 {
		other_signatories: vec![Ferdie.to_account_id()],
		call: Box::new(writes_profile(3)),
	};
	let events = chain.send(KEY, alone);
	assert_eq!(events, not_allowed());
	let later = pallet_scheduler::Call::<Runtime>::schedule_after {
		after: 1,
		maybe_periodic: None,
		priority: 0,
		call: Box::new(writes_profile(3)),
	};
	assert_eq!(chain.send(KEY, later), not_allowed());
	// Nor is it a proxy of the primary key.
	let proxied = pallet_proxy::Call::<Runtime>::proxy {
		real: HOSPITAL.to_account_id().into(),
		force_proxy_type: None,
		call: Box::new(consents(1)),
	};
	let not_proxy = pallet_proxy::Error::<Runtime>::NotProxy;
	assert_eq!(chain.send(KEY, proxied), Err(Refused::Failed(not_proxy.into())));
}

#[test]
fn a_proxy_of_a_scope_passes_its_calls_also_in_batches_and_no_others() {
	let batch = |calls: Vec<RuntimeCall>| -> RuntimeCall {
		pallet_utility::Call::<Runtime>::batch { calls }.into()
	};
	let passes = |call: &RuntimeCall| ProxyType::Consent.filter(call);
	assert!(passes(&consents(1)));
	assert!(passes(&batch(vec![consents(1), batch(vec![consents(2)])])));
	for call in [
		writes_profile(0),
		batch(vec![]),
		batch(vec![consents(1), writes_profile(0)]),
		batch(vec![consents(1), batch(vec![writes_profile(0)])]),
		pallet_utility::Call::<Runtime>::as_derivative { index: 0, call: Box::new(consents(1)) }
			.into(),
		pallet_proxy::Call::<Runtime>::proxy {
			real: DOCTOR.to_account_id().into(),
			force_proxy_type: None,
			call: Box::new(consents(1)),
		}
		.into(),
		frame_system::Call::<Runtime>::remark { remark: vec![] }.into(),
	] {
		assert!(!passes(&call), "{call:?}");
	}

	// On the chain, by a real proxy of the hospital.
	let mut chain = start();
	let delegate = Ferdie.to_account_id();
	let add = pallet_proxy::Call::<Runtime>::add_proxy {
		delegate: delegate.into(),
		proxy_type: ProxyType::Consent,
		delay: 0,
	};
	chain.send(HOSPITAL, add).expect("adds a proxy");
	let by_proxy = |call| pallet_proxy::Call::<Runtime>::proxy {
		real: HOSPITAL.to_account_id().into(),
		force_proxy_type: None,
		call: Box::new(call),
	};
	chain.send(Ferdie, by_proxy(batch(vec![consents(1)]))).expect("the proxy call is taken");
	chain.send(Ferdie, by_proxy(writes_profile(0))).expect("the proxy call is taken");
	let opened = chain.look(|| salus_runtime::Consent::compartment(identity(HOSPITAL), 1));
	assert!(opened.is_some());
	let view = chain.look(|| salus_runtime::Identity::identity(identity(HOSPITAL)));
	assert_eq!(view.expect("it is registered").profile, None, "the filter let a profile through");
}

#[test]
fn a_frozen_identity_acts_by_its_primary_key_alone() {
	let mut chain = start();
	set_scopes(&mut chain, CallScopes::ALL);
	assert_eq!(tried(&mut chain, consents(1)), Ok(()));
	chain.send(HOSPITAL, Identity::<Runtime>::freeze_keys {}).expect("freezes");
	for (name, call) in our_calls() {
		if scope_of(&call).is_some() {
			assert_eq!(tried(&mut chain, call), Err(refusal(name)), "{name}");
		}
	}
	assert_eq!(
		tried(&mut chain, Identity::<Runtime>::unfreeze_keys {}.into()),
		Err(DispatchError::BadOrigin)
	);
	chain.send(HOSPITAL, consents(1)).expect("the primary key goes on");
	chain.send(HOSPITAL, Identity::<Runtime>::unfreeze_keys {}).expect("the primary unfreezes");
	assert_eq!(tried(&mut chain, consents(2)), Ok(()));
}
