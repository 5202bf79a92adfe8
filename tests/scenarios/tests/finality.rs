// SPDX-License-Identifier: Apache-2.0

//! Whoever votes twice in a round can be shown up, now and a week later.

use codec::Encode as _;
use finality_grandpa::{Equivocation, Message, Prevote};
use frame_support::traits::KeyOwnerProofSystem as _;
use pallet_grandpa::Call as Grandpa;
use salus_runtime::{BlockNumber, Hash, Historical, Runtime, RuntimeCall, RuntimeEvent};
use salus_scenarios::{Chain, Refused};
use sp_consensus_grandpa::{
	AuthorityId, AuthoritySignature, EquivocationProof, KEY_TYPE, RoundNumber, SetId,
	localized_payload,
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource};
use sp_session::MembershipProof;

type Proof = EquivocationProof<Hash, BlockNumber>;
type Vote = (Prevote<Hash, BlockNumber>, AuthoritySignature);

const ROUND: RoundNumber = 1;
const SET: SetId = 0;

fn vote(signer: Ed25519Keyring, block: u8) -> Vote {
	let prevote = Prevote::new(Hash::repeat_byte(block), 7);
	let message = Message::Prevote(prevote.clone());
	let signature = signer.pair().sign_payload(&localized_payload(ROUND, SET, &message));
	(prevote, signature)
}

trait SignPayload {
	fn sign_payload(&self, payload: &[u8]) -> AuthoritySignature;
}

impl SignPayload for sp_core::ed25519::Pair {
	fn sign_payload(&self, payload: &[u8]) -> AuthoritySignature {
		sp_core::Pair::sign(self, payload).into()
	}
}

fn proof(offender: Ed25519Keyring, first: Vote, second: Vote) -> Proof {
	let identity = AuthorityId::from(offender.public());
	let equivocation = Equivocation { round_number: ROUND, identity, first, second };
	EquivocationProof::new(SET, equivocation.into())
}

/// Two conflicting votes of one validator in one round.
fn equivocation(offender: Ed25519Keyring) -> Proof {
	proof(offender, vote(offender, 1), vote(offender, 2))
}

fn key_owner_proof(chain: &mut Chain, owner: Ed25519Keyring) -> MembershipProof {
	chain.look(|| {
		Historical::prove((KEY_TYPE, AuthorityId::from(owner.public()))).expect("it is a validator")
	})
}

fn report(equivocation: Proof, key_owner_proof: MembershipProof) -> RuntimeCall {
	let equivocation_proof = Box::new(equivocation);
	Grandpa::<Runtime>::report_equivocation_unsigned { equivocation_proof, key_owner_proof }.into()
}

fn reports(events: &[RuntimeEvent]) -> usize {
	let is_offence = |event: &&RuntimeEvent| {
		matches!(event, RuntimeEvent::Offences(pallet_offences::Event::Offence { .. }))
	};
	events.iter().filter(is_offence).count()
}

#[test]
fn a_real_equivocation_is_put_on_record() {
	let mut chain = Chain::start("local_testnet");
	let owner = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	assert_eq!(owner.session, 0);
	let call = report(equivocation(Ed25519Keyring::Alice), owner);

	let events = chain.send_bare(call).expect("the report is taken");

	assert_eq!(reports(&events), 1);
	let (offender, details) = chain.look(|| {
		let all: Vec<_> = pallet_offences::Reports::<Runtime>::iter_values().collect();
		assert_eq!(all.len(), 1);
		(all[0].offender.0.clone(), all[0].reporters.clone())
	});
	assert_eq!(offender, Sr25519Keyring::Alice.to_account_id());
	// The author of the block stands for whoever reports without signing.
	assert_eq!(details.len(), 1);
}

#[test]
fn only_the_own_node_and_a_block_may_report_without_signing() {
	let mut chain = Chain::start("local_testnet");
	let owner = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	let call = report(equivocation(Ed25519Keyring::Alice), owner);

	for source in [TransactionSource::Local, TransactionSource::InBlock] {
		let valid = chain.validate_bare(source, call.clone()).expect("it is taken");
		assert!(!valid.propagate);
	}
	let refused = chain.validate_bare(TransactionSource::External, call);
	assert_eq!(refused, Err(InvalidTransaction::Call.into()));
}

#[test]
fn it_is_still_provable_sessions_later() {
	let mut chain = Chain::start("local_testnet");
	let owner = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	let call = report(equivocation(Ed25519Keyring::Alice), owner);
	for session in 1..=3 {
		chain.next_session();
		assert_eq!(chain.look(salus_runtime::Session::current_index), session);
	}

	let events = chain.send_bare(call.clone()).expect("the root of session 0 is kept");
	assert_eq!(reports(&events), 1);

	let replayed = chain.send_bare(call);
	assert_eq!(replayed, Err(Refused::Invalid(InvalidTransaction::Stale.into())));
}

#[test]
fn a_proof_of_a_later_session_serves_as_well() {
	let mut chain = Chain::start("local_testnet");
	chain.next_session();
	chain.next_session();
	let owner = key_owner_proof(&mut chain, Ed25519Keyring::Bob);
	assert_eq!(owner.session, 2);

	let call = report(equivocation(Ed25519Keyring::Bob), owner);
	let events = chain.send_bare(call).expect("the set is the same");
	assert_eq!(reports(&events), 1);
}

#[test]
fn a_replay_is_refused_by_pool_and_block() {
	let mut chain = Chain::start("local_testnet");
	let owner = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	let call = report(equivocation(Ed25519Keyring::Alice), owner);
	chain.send_bare(call.clone()).expect("the first report is taken");

	let stale = Err(Refused::Invalid(InvalidTransaction::Stale.into()));
	assert_eq!(chain.send_bare(call.clone()), stale);
	assert_eq!(chain.force_bare(call), stale);
}

#[test]
fn a_second_offender_is_another_report() {
	let mut chain = Chain::start("local_testnet");
	for offender in [Ed25519Keyring::Alice, Ed25519Keyring::Bob] {
		let owner = key_owner_proof(&mut chain, offender);
		let events = chain.send_bare(report(equivocation(offender), owner)).expect("it is taken");
		assert_eq!(reports(&events), 1);
	}
}

#[test]
fn forged_votes_are_refused() {
	use Ed25519Keyring::{Alice, Bob};
	let mut chain = Chain::start("local_testnet");
	let owner = key_owner_proof(&mut chain, Alice);
	let mut in_another_round = vote(Alice, 2);
	let message = Message::Prevote(in_another_round.0.clone());
	in_another_round.1 = Alice.pair().sign_payload(&localized_payload(ROUND + 1, SET, &message));
	let refused =
		Refused::Failed(pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into());

	for (why, forged) in [
		("one vote twice", proof(Alice, vote(Alice, 1), vote(Alice, 1))),
		("a vote of somebody else", proof(Alice, vote(Alice, 1), vote(Bob, 2))),
		("a vote of another round", proof(Alice, vote(Alice, 1), in_another_round)),
		(
			"signatures the other way round",
			proof(
				Alice,
				(vote(Alice, 1).0, vote(Alice, 2).1),
				(vote(Alice, 2).0, vote(Alice, 1).1),
			),
		),
	] {
		assert_eq!(chain.send_bare(report(forged, owner.clone())), Err(refused.clone()), "{why}");
	}
	assert_eq!(chain.look(|| pallet_offences::Reports::<Runtime>::iter().count()), 0);
}

#[test]
fn a_foreign_proof_of_ownership_is_refused() {
	let mut chain = Chain::start("local_testnet");
	let bad = Err(Refused::Invalid(InvalidTransaction::BadProof.into()));
	let foreign = key_owner_proof(&mut chain, Ed25519Keyring::Bob);
	let by_alice = equivocation(Ed25519Keyring::Alice);
	assert_eq!(chain.send_bare(report(by_alice.clone(), foreign)), bad);

	// Nobody who is no validator can be shown up.
	let own = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	assert_eq!(chain.send_bare(report(equivocation(Ed25519Keyring::Dave), own.clone())), bad);

	let in_a_session_to_come = MembershipProof { session: 9, ..own.clone() };
	assert_eq!(chain.send_bare(report(by_alice.clone(), in_a_session_to_come)), bad);

	let of_a_larger_set = MembershipProof { validator_count: 3, ..own.clone() };
	assert_eq!(chain.send_bare(report(by_alice.clone(), of_a_larger_set)), bad);

	let mut padded = own;
	padded.trie_nodes.push(b"more".encode());
	assert_eq!(chain.send_bare(report(by_alice, padded)), bad);
}

#[test]
fn whoever_signs_a_report_gets_the_fee_back_when_it_is_true() {
	let mut chain = Chain::start("local_testnet");
	let key_owner_proof = key_owner_proof(&mut chain, Ed25519Keyring::Alice);
	let equivocation_proof = Box::new(equivocation(Ed25519Keyring::Alice));
	let reporter = Sr25519Keyring::Dave;
	let balance = |chain: &mut Chain| {
		chain.look(|| salus_runtime::Balances::free_balance(reporter.to_account_id()))
	};
	let before = balance(&mut chain);

	let call = Grandpa::<Runtime>::report_equivocation { equivocation_proof, key_owner_proof };
	let events = chain.send(reporter, call.clone()).expect("the report is taken");
	assert_eq!(reports(&events), 1);
	assert_eq!(balance(&mut chain), before);

	let replayed = chain.send(reporter, call);
	let duplicate = pallet_grandpa::Error::<Runtime>::DuplicateOffenceReport;
	assert_eq!(replayed, Err(Refused::Failed(duplicate.into())));
	assert!(balance(&mut chain) < before);
}
