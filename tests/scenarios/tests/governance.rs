// SPDX-License-Identifier: Apache-2.0

//! Who can do what to everybody: two bodies together, and no single key.

use frame_support::assert_ok;
use pallet_health_accreditation::Call as Accreditation;
use pallet_health_consent::{Call as Consent, RevocationStrength};
use pallet_safe_mode::Call as SafeMode;
use pallet_tx_pause::Call as TxPause;
use pallet_whitelist::{Call as Whitelist, Error, Event};
use salus_primitives::GrantId;
use salus_runtime::{Balances, Hash, Runtime, RuntimeCall, RuntimeEvent, constants::currency::SAL};
use salus_scenarios::{Body, Chain, HOSPITAL, Outcome, PATIENT, REGULATOR, Refused, STRANGER};
use salus_test_support::{agreement_key, identity};
use sp_keyring::Sr25519Keyring::{self, Alice, AliceStash, Bob, Dave, Eve};
use sp_runtime::{
	DispatchError,
	traits::{BlakeTwo256, Hash as _},
};

/// Two thirds of either body of the `local_testnet` preset.
const COUNCIL: [Sr25519Keyring; 2] = [Alice, Bob];
const COMMITTEE: [Sr25519Keyring; 2] = [Dave, Eve];

/// What only Root can do: give the stranger a token.
fn endow() -> RuntimeCall {
	pallet_balances::Call::<Runtime>::force_set_balance {
		who: STRANGER.to_account_id().into(),
		new_free: SAL,
	}
	.into()
}

fn is_endowed(chain: &mut Chain) -> bool {
	chain.look(|| Balances::free_balance(STRANGER.to_account_id()) == SAL)
}

fn whitelist(call: &RuntimeCall) -> RuntimeCall {
	Whitelist::<Runtime>::whitelist_call { call_hash: BlakeTwo256::hash_of(call) }.into()
}

fn dispatch(call: RuntimeCall) -> RuntimeCall {
	Whitelist::<Runtime>::dispatch_whitelisted_call_with_preimage { call: Box::new(call) }.into()
}

fn whitelist_events(events: &[RuntimeEvent]) -> Vec<Event<Runtime>> {
	let ours = events.iter().filter_map(|event| match event {
		RuntimeEvent::Whitelist(event) => Some(event.clone()),
		_ => None,
	});
	ours.collect()
}

/// Has both bodies of a development chain carry out a call as Root.
fn as_root(chain: &mut Chain, call: impl Into<RuntimeCall>) -> Vec<RuntimeEvent> {
	let call = call.into();
	chain.resolve(Body::Committee, &[REGULATOR], whitelist(&call)).expect("it is whitelisted");
	let events =
		chain.resolve(Body::Council, &[REGULATOR], dispatch(call)).expect("it is dispatched");
	for event in whitelist_events(&events) {
		if let Event::WhitelistedCallDispatched { result, .. } = event {
			result.expect("Root may");
		}
	}
	events
}

fn filtered() -> Outcome {
	Err(Refused::Failed(frame_system::Error::<Runtime>::CallFiltered.into()))
}

#[test]
fn root_is_the_committee_first_and_the_council_then() {
	let mut chain = Chain::start("local_testnet");
	let hash: Hash = BlakeTwo256::hash_of(&endow());

	let events = chain.resolve(Body::Committee, &COMMITTEE, whitelist(&endow())).expect("they may");
	assert_eq!(whitelist_events(&events), [Event::CallWhitelisted { call_hash: hash }]);
	assert!(!is_endowed(&mut chain));

	let events = chain.resolve(Body::Council, &COUNCIL, dispatch(endow())).expect("they may");
	let [Event::WhitelistedCallDispatched { call_hash, result }] = &whitelist_events(&events)[..]
	else {
		panic!("it is dispatched: {events:?}");
	};
	assert_eq!(*call_hash, hash);
	assert_ok!(result);
	assert!(is_endowed(&mut chain));
}

#[test]
fn a_council_that_comes_first_waits_and_then_anyone_may_trigger_it() {
	let mut chain = Chain::start("local_testnet");
	let hash: Hash = BlakeTwo256::hash_of(&endow());
	let trigger = dispatch(endow());

	let events = chain.resolve(Body::Council, &COUNCIL, dispatch(endow())).expect("they may");
	assert_eq!(whitelist_events(&events), [Event::DispatchDeferred { call_hash: hash }]);
	assert!(!is_endowed(&mut chain));

	let too_early = chain.send(AliceStash, trigger.clone());
	let refused = Error::<Runtime>::CallIsNotWhitelisted.into();
	assert_eq!(too_early, Err(Refused::Failed(refused)));
	assert!(!is_endowed(&mut chain));

	chain.resolve(Body::Committee, &COMMITTEE, whitelist(&endow())).expect("they may");
	assert!(!is_endowed(&mut chain));

	let who = AliceStash.to_account_id();
	let before = chain.look(|| Balances::free_balance(&who));
	let events = chain.send(AliceStash, trigger.clone()).expect("anyone may");
	let [dispatched, executed] = &whitelist_events(&events)[..] else { panic!("{events:?}") };
	assert!(matches!(dispatched, Event::WhitelistedCallDispatched { result: Ok(_), .. }));
	assert_eq!(*executed, Event::DeferredDispatchExecuted { call_hash: hash, who: who.clone() });
	assert!(is_endowed(&mut chain));
	assert_eq!(chain.look(|| Balances::free_balance(&who)), before, "whoever helps does not pay");

	// Once, not again.
	let again = chain.send(AliceStash, trigger);
	let refused = Error::<Runtime>::DeferredDispatchNotFound.into();
	assert_eq!(again, Err(Refused::Failed(refused)));
}

#[test]
fn a_dispatch_that_waited_too_long_is_void() {
	let mut chain = Chain::start("local_testnet");
	chain.resolve(Body::Council, &COUNCIL, dispatch(endow())).expect("they may");
	chain.skip(28 * salus_runtime::constants::time::DAYS);
	chain.resolve(Body::Committee, &COMMITTEE, whitelist(&endow())).expect("they may");

	let late = chain.send(AliceStash, dispatch(endow()));
	let refused = Error::<Runtime>::DeferredDispatchExpired.into();
	assert_eq!(late, Err(Refused::Failed(refused)));
	assert!(!is_endowed(&mut chain));
}

#[test]
fn a_committee_that_takes_it_back_stops_what_waits() {
	let mut chain = Chain::start("local_testnet");
	let call_hash = BlakeTwo256::hash_of(&endow());
	chain.resolve(Body::Council, &COUNCIL, dispatch(endow())).expect("they may");
	chain.resolve(Body::Committee, &COMMITTEE, whitelist(&endow())).expect("they may");
	let remove = Whitelist::<Runtime>::remove_whitelisted_call { call_hash };
	chain.resolve(Body::Committee, &COMMITTEE, remove).expect("they may");

	let stopped = chain.send(AliceStash, dispatch(endow()));
	let refused = Error::<Runtime>::CallIsNotWhitelisted.into();
	assert_eq!(stopped, Err(Refused::Failed(refused)));
}

#[test]
fn neither_body_alone_nor_a_single_member_can_do_anything() {
	let mut chain = Chain::start("local_testnet");
	let bad_origin = DispatchError::BadOrigin;

	// A member alone carries nothing, in either body.
	for (body, member, call) in [
		(Body::Council, Alice, dispatch(endow())),
		(Body::Council, Alice, chain.regulator_motion()),
		(Body::Committee, Dave, whitelist(&endow())),
		(Body::Committee, Dave, SafeMode::<Runtime>::force_enter {}.into()),
	] {
		assert_eq!(chain.resolve(body, &[member], call), Err(bad_origin), "{body:?}");
	}
	// No body is Root, and neither has the other's part.
	for (body, members, call) in [
		(Body::Council, COUNCIL, endow()),
		(Body::Committee, COMMITTEE, endow()),
		(Body::Council, COUNCIL, whitelist(&endow())),
		(Body::Committee, COMMITTEE, chain.regulator_motion()),
		(Body::Council, COUNCIL, SafeMode::<Runtime>::force_enter {}.into()),
	] {
		assert_eq!(chain.resolve(body, &members, call), Err(bad_origin), "{body:?}");
	}
	// The committee cannot dispatch what it whitelisted, nor can anybody else.
	chain.resolve(Body::Committee, &COMMITTEE, whitelist(&endow())).expect("they may");
	let not_found = Error::<Runtime>::DeferredDispatchNotFound.into();
	let alone = chain.resolve(Body::Committee, &COMMITTEE, dispatch(endow()));
	assert_eq!(alone, Err(bad_origin));
	for anyone in [Alice, Dave, AliceStash] {
		let refused = chain.send(anyone, dispatch(endow()));
		assert_eq!(refused, Err(Refused::Failed(not_found)));
		assert_eq!(chain.send(anyone, endow()), Err(Refused::Failed(bad_origin)));
	}
	assert!(!is_endowed(&mut chain));
}

#[test]
fn a_majority_of_the_council_appoints_regulators() {
	let mut chain = Chain::start("local_testnet");
	chain.register(REGULATOR, salus_primitives::IdentityKind::Organisation);
	let motion = chain.regulator_motion();
	let events = chain.resolve(Body::Council, &COUNCIL, motion).expect("they may");
	assert!(events.iter().any(|event| matches!(
		event,
		RuntimeEvent::Accreditation(
			pallet_health_accreditation::Event::AuthorityAppointed { authority, .. }
		) if *authority == identity(REGULATOR)
	)));
}

/// A development chain with staff and a patient who granted the doctor something.
fn with_a_grant() -> Chain {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain.open(PATIENT, 0);
	let grant = chain.grant_to_doctor(PATIENT, 0);
	chain.send(PATIENT, grant).expect("the patient grants");
	chain
}

fn revoke() -> RuntimeCall {
	Consent::<Runtime>::revoke { grant: GrantId(0), strength: RevocationStrength::Lazy }.into()
}

fn open(number: u8) -> RuntimeCall {
	Consent::<Runtime>::open_compartment {
		subject: identity(PATIENT),
		compartment: number,
		key: agreement_key(200 + number),
		restricted: false,
	}
	.into()
}

fn transfer() -> RuntimeCall {
	pallet_balances::Call::<Runtime>::transfer_keep_alive {
		dest: STRANGER.to_account_id().into(),
		value: SAL,
	}
	.into()
}

#[test]
fn safe_mode_stops_users_and_neither_revocations_nor_governance() {
	let mut chain = with_a_grant();
	let enter = SafeMode::<Runtime>::force_enter {};
	chain.resolve(Body::Committee, &[REGULATOR], enter).expect("the committee may");
	assert!(chain.look(salus_runtime::SafeMode::is_entered));

	assert_eq!(chain.send(HOSPITAL, transfer()), filtered());
	assert_eq!(chain.send(PATIENT, open(1)), filtered());
	let another = chain.grant_to_doctor(PATIENT, 0);
	assert_eq!(chain.send(PATIENT, another), filtered());
	// Not even wrapped.
	let batch = pallet_utility::Call::<Runtime>::batch_all { calls: vec![transfer()] };
	assert_eq!(chain.send(HOSPITAL, batch), filtered());

	chain.send(PATIENT, revoke()).expect("trust can always be withdrawn");
	// The council goes on through the whitelist.
	let remove =
		Accreditation::<Runtime>::remove_regulator { id: identity(REGULATOR), cutoff: chain.now() };
	as_root(&mut chain, remove);
	let cut_off = chain.look(|| {
		let authority = salus_runtime::Accreditation::authority(identity(REGULATOR));
		authority.expect("it was appointed").cutoff
	});
	assert!(cut_off.is_some());

	let exit = SafeMode::<Runtime>::force_exit {};
	chain.resolve(Body::Committee, &[REGULATOR], exit).expect("the committee may");
	chain.send(HOSPITAL, transfer()).expect("all is as before");
	chain.send(PATIENT, open(1)).expect("all is as before");
}

#[test]
fn safe_mode_ends_by_itself() {
	let mut chain = Chain::start("development");
	let enter = SafeMode::<Runtime>::force_enter {};
	chain.resolve(Body::Committee, &[REGULATOR], enter).expect("the committee may");
	chain.skip(4 * salus_runtime::constants::time::HOURS);
	assert!(!chain.look(salus_runtime::SafeMode::is_entered));
	chain.send(HOSPITAL, transfer()).expect("all is as before");
}

#[test]
fn nobody_buys_their_way_into_safe_mode() {
	let mut chain = Chain::start("development");
	let not_configured = pallet_safe_mode::Error::<Runtime>::NotConfigured.into();
	let refused = chain.send(HOSPITAL, SafeMode::<Runtime>::enter {});
	assert_eq!(refused, Err(Refused::Failed(not_configured)));
}

fn pause(pallet: &str, call: &str) -> RuntimeCall {
	let name = |text: &str| text.as_bytes().to_vec().try_into().expect("it fits");
	TxPause::<Runtime>::pause { full_name: (name(pallet), name(call)) }.into()
}

#[test]
fn one_call_can_be_paused() {
	let mut chain = with_a_grant();
	let grant = chain.grant_to_doctor(PATIENT, 0);
	let pause_grants = pause("Consent", "grant");
	chain.resolve(Body::Committee, &[REGULATOR], pause_grants).expect("the committee may");
	assert_eq!(chain.send(PATIENT, grant.clone()), filtered());
	chain.send(PATIENT, revoke()).expect("it is another call");

	let name = |text: &str| text.as_bytes().to_vec().try_into().expect("it fits");
	let unpause = TxPause::<Runtime>::unpause { ident: (name("Consent"), name("grant")) };
	chain.resolve(Body::Committee, &[REGULATOR], unpause).expect("the committee may");
	chain.send(PATIENT, grant).expect("it is back");
}

#[test]
fn revocations_and_governance_cannot_be_paused() {
	let mut chain = with_a_grant();
	let unpausable = pallet_tx_pause::Error::<Runtime>::Unpausable.into();
	for (pallet, call) in [
		("Consent", "revoke"),
		("Consent", "revoke_all"),
		("Council", "propose"),
		("Council", "vote"),
		("Council", "close"),
		("TechnicalCommittee", "propose"),
		("TechnicalCommittee", "vote"),
		("TechnicalCommittee", "close"),
		("Whitelist", "whitelist_call"),
		("Whitelist", "dispatch_whitelisted_call"),
		("Whitelist", "dispatch_whitelisted_call_with_preimage"),
		("Preimage", "note_preimage"),
		("SafeMode", "force_exit"),
		("TxPause", "unpause"),
		("Timestamp", "set"),
		("Grandpa", "report_equivocation"),
		("Grandpa", "report_equivocation_unsigned"),
	] {
		let refused = chain.resolve(Body::Committee, &[REGULATOR], pause(pallet, call));
		assert_eq!(refused, Err(unpausable), "{pallet} {call}");
	}
	chain.send(PATIENT, revoke()).expect("trust can always be withdrawn");
}
