// SPDX-License-Identifier: Apache-2.0

//! What identities rely on that no single pallet can show: nonces, signatures and licences of real
//! transactions, and what happens when many come at once.

use pallet_health_accreditation::{Call as Accreditation, RevocationReason, SuspensionReason};
use pallet_health_consent::{Call as Consent, GrantKeys};
use pallet_health_identity::{Call as Identity, DayCount, Identities, SponsorUse};
use salus_primitives::{
	AccreditationId, AccreditationKind, Commitment, DAY, IdentityId, IdentityKind, KeyVersion,
	Moment, PublicKey, SponsoredRegistration, SuspensionGround, Window, X25519Key, blake2_256,
};
use salus_runtime::{
	Balance, Balances, Runtime, RuntimeCall, System, UncheckedExtrinsic,
	configs::RuntimeBlockWeights,
	constants::{fees::PATIENT_DAILY_ALLOWANCE, time::SLOT_DURATION},
};
use salus_scenarios::{
	COUNTRY, Chain, DOCTOR, HOSPITAL, Outcome, PATIENT, REGULATOR, Refused, STRANGER,
};
use salus_test_support::{agreement_key, identity, sign};
use sp_core::{Pair, ed25519};
use sp_keyring::Sr25519Keyring::{self, Dave, Eve, Ferdie};
use sp_runtime::{DispatchError, generic::Preamble, transaction_validity::InvalidTransaction};
use std::slice::from_ref;

fn start() -> Chain {
	let mut chain = Chain::start("development");
	chain.staff();
	chain
}

fn with_patient() -> Chain {
	let mut chain = start();
	chain.admit(PATIENT);
	chain
}

fn invalid(why: InvalidTransaction) -> Outcome {
	Err(Refused::Invalid(why.into()))
}

fn failed(error: impl Into<DispatchError>) -> Outcome {
	Err(Refused::Failed(error.into()))
}

fn free_balance(chain: &mut Chain, who: Sr25519Keyring) -> Balance {
	chain.look(|| Balances::free_balance(who.to_account_id()))
}

fn nonce(chain: &mut Chain, who: Sr25519Keyring) -> u32 {
	chain.look(|| System::account_nonce(who.to_account_id()))
}

fn open(subject: Sr25519Keyring, compartment: u8) -> RuntimeCall {
	Consent::<Runtime>::open_compartment {
		subject: identity(subject),
		compartment,
		key: agreement_key(200 + compartment),
		restricted: false,
	}
	.into()
}

/// The same transaction with a signature of `by`, over something else.
fn forged(mut extrinsic: UncheckedExtrinsic, by: Sr25519Keyring) -> UncheckedExtrinsic {
	let Preamble::Signed(_, signature, _) = &mut extrinsic.preamble else {
		panic!("it was signed")
	};
	*signature = sign(by, b"something else");
	extrinsic
}

#[test]
fn an_account_without_a_balance_ends_its_identity_and_its_old_transactions_stay_dead() {
	let mut chain = with_patient();
	let account = PATIENT.to_account_id();

	// given a patient without a token who sent a transaction
	let first = chain.signed(PATIENT, open(PATIENT, 0));
	chain.submit(first.clone()).expect("the nonce check passes without a balance");
	assert_eq!((free_balance(&mut chain, PATIENT), nonce(&mut chain, PATIENT)), (0, 1));
	assert_eq!(chain.submit(first.clone()), invalid(InvalidTransaction::Stale));

	// when the identity ends
	let deactivate = Identity::<Runtime>::deactivate { expected_doc_version: 1 };
	let last = chain.signed(PATIENT, deactivate);
	chain.submit(last.clone()).expect("the allowance pays the last call too");

	// then the account goes on to exist with its nonce, so that nothing of old comes back
	let references = chain.look(|| {
		let row = frame_system::Account::<Runtime>::get(&account);
		(row.nonce, row.sufficients, row.providers)
	});
	assert_eq!(references, (2, 1, 0));
	for old in [first, last] {
		assert_eq!(chain.submit(old.clone()), invalid(InvalidTransaction::Stale));
		// Nor does an author get it in whom no pool asks.
		assert_eq!(chain.put_together(from_ref(&old)), [invalid(InvalidTransaction::Stale)]);
	}
	// And nobody pays for a new one.
	assert_eq!(chain.send(PATIENT, open(PATIENT, 1)), invalid(InvalidTransaction::Payment));
	let registered = chain.look(|| salus_runtime::Identity::identity_of(account.clone()));
	assert_eq!(registered, Some(identity(PATIENT)), "it stays bound");
}

#[test]
fn a_bad_signature_uses_up_neither_nonce_nor_allowance() {
	let mut chain = with_patient();
	let right = chain.signed(PATIENT, open(PATIENT, 0));
	let bad = InvalidTransaction::BadProof;
	for by in [PATIENT, STRANGER, HOSPITAL] {
		let wrong = forged(right.clone(), by);
		assert_eq!(chain.submit(wrong.clone()), invalid(bad));
		assert_eq!(chain.put_together(from_ref(&wrong)), [invalid(bad)]);
	}
	// Another call under the signature of the right one.
	let mut other = right.clone();
	other.function = open(PATIENT, 1);
	assert_eq!(chain.submit(other), invalid(bad));

	assert_eq!(nonce(&mut chain, PATIENT), 0);
	let left = chain.look(|| salus_runtime::Identity::allowance_left(identity(PATIENT)));
	assert_eq!(left, PATIENT_DAILY_ALLOWANCE);
	chain.submit(right).expect("the right one serves after all of them");
	assert_eq!(nonce(&mut chain, PATIENT), 1);
}

#[test]
fn a_transaction_serves_once_and_on_its_own_chain_only() {
	let mut chain = start();
	let mut elsewhere = Chain::start("local_testnet");
	assert_ne!(chain.genesis(), elsewhere.genesis());
	// The same people with the same nonces are on both.
	let gift = |value| pallet_balances::Call::<Runtime>::transfer_keep_alive {
		dest: Dave.to_account_id().into(),
		value,
	};
	let here = chain.signed(Ferdie, gift(1));
	assert_eq!(elsewhere.submit(here.clone()), invalid(InvalidTransaction::BadProof));
	let included = elsewhere.put_together(from_ref(&here));
	assert_eq!(included, [invalid(InvalidTransaction::BadProof)]);

	// Twice in one block, and again in the next.
	let outcomes = chain.put_together(&[here.clone(), here.clone()]);
	assert!(outcomes[0].is_ok(), "{outcomes:?}");
	assert_eq!(outcomes[1], invalid(InvalidTransaction::Stale));
	assert_eq!(chain.submit(here), invalid(InvalidTransaction::Stale));
	let there = elsewhere.signed(Ferdie, gift(1));
	elsewhere.submit(there).expect("each chain has its own");
}

#[test]
fn what_an_account_agreed_to_on_another_chain_registers_nobody() {
	let mut chain = start();
	let mut elsewhere = Chain::start("local_testnet");
	let genesis = elsewhere.genesis();
	let mut call = chain.registration_of(PATIENT);
	let RuntimeCall::Identity(Identity::register_for {
		account,
		kind,
		salt,
		agreement_key,
		profile,
		public,
		deadline,
		signature,
	}) = &mut call
	else {
		panic!("it is a registration")
	};
	let consent = SponsoredRegistration {
		genesis,
		sponsor: identity(HOSPITAL),
		account: account.clone().into(),
		public: *public,
		kind: *kind,
		salt: *salt,
		agreement_key: *agreement_key,
		profile: *profile,
		deadline: *deadline,
	};
	let right = std::mem::replace(signature, sign(PATIENT, &consent.to_bytes()));
	let bad = pallet_health_identity::Error::<Runtime>::BadSignature;
	assert_eq!(chain.send(HOSPITAL, call.clone()), failed(bad));
	if let RuntimeCall::Identity(Identity::register_for { signature, .. }) = &mut call {
		*signature = right;
	}
	chain.send(HOSPITAL, call).expect("with the word for this chain it goes");
}

/// Has an agent register somebody in a block of exactly this moment.
fn registers_at(
	chain: &mut Chain,
	moment: Moment,
	agent: Sr25519Keyring,
	patient: Sr25519Keyring,
) -> Outcome {
	chain.wait(moment - chain.now() - SLOT_DURATION);
	let call = chain.registration_by(agent, patient);
	let outcome = chain.send(agent, call);
	assert_eq!(chain.now(), moment);
	outcome
}

/// Has the regulator make somebody an onboarding agent until a moment. Gives the number.
fn onboards(chain: &mut Chain, who: Sr25519Keyring, until: Moment) -> AccreditationId {
	let number = chain.look(pallet_health_accreditation::NextAccreditation::<Runtime>::get);
	let grant = Accreditation::<Runtime>::grant_accreditation {
		subject: identity(who),
		kind: AccreditationKind::OnboardingAgent,
		jurisdiction: COUNTRY,
		commitment: Commitment([8; 32]),
		window: Window { from: 0, until },
		codes: Default::default(),
		digest: None,
	};
	chain.send(REGULATOR, grant).expect("the regulator accredits");
	number
}

#[test]
fn a_sponsor_whose_licence_expired_a_millisecond_ago_registers_nobody() {
	for (agent, beyond, expected) in [
		(Dave, -1, failed(DispatchError::BadOrigin)),
		(Eve, 0, failed(DispatchError::BadOrigin)),
		(Ferdie, 1, Ok(Vec::new())),
	] {
		let mut chain = start();
		chain.register(agent, IdentityKind::Organisation);
		let moment = chain.now() + 100 * SLOT_DURATION;
		onboards(&mut chain, agent, moment.saturating_add_signed(beyond));
		let early = moment - 50 * SLOT_DURATION;
		registers_at(&mut chain, early, agent, STRANGER).expect("it is licensed");

		let outcome = registers_at(&mut chain, moment, agent, PATIENT);
		assert_eq!(outcome.map(|_| Vec::new()), expected, "{beyond} ms beyond");
		let registered = chain.look(|| Identities::<Runtime>::contains_key(identity(PATIENT)));
		assert_eq!(registered, beyond > 0);
	}
}

#[test]
fn a_sponsor_that_is_suspended_or_revoked_registers_nobody() {
	let mut chain = start();
	chain.register(Dave, IdentityKind::Organisation);
	let until = chain.now() + 100 * DAY;
	let licence = onboards(&mut chain, Dave, until);
	let refused = |chain: &mut Chain| {
		let call = chain.registration_by(Dave, PATIENT);
		assert_eq!(chain.send(Dave, call), failed(DispatchError::BadOrigin));
	};

	// The licence rests, the identity rests, the licence is gone.
	let reason = SuspensionReason::UnderInvestigation;
	let rest = Accreditation::<Runtime>::suspend_accreditation { id: licence, until: None, reason };
	chain.send(REGULATOR, rest).expect("the regulator suspends");
	refused(&mut chain);
	let lift = Accreditation::<Runtime>::lift_suspension { id: licence };
	chain.send(REGULATOR, lift).expect("the regulator lifts");

	let id = identity(Dave);
	let suspend = Identity::<Runtime>::suspend_identity {
		id,
		reason: SuspensionGround::Investigation,
		until: None,
	};
	chain.govern(suspend);
	refused(&mut chain);
	chain.govern(Identity::<Runtime>::reinstate_identity { id });

	let good = chain.registration_by(Dave, STRANGER);
	chain.send(Dave, good).expect("in between it registers");
	let revoke = Accreditation::<Runtime>::revoke_accreditation {
		id: licence,
		effective_from: chain.now(),
		reason: RevocationReason::Fraud,
	};
	chain.send(REGULATOR, revoke).expect("the regulator revokes");
	refused(&mut chain);
	// Whom it registered stays.
	assert!(chain.look(|| Identities::<Runtime>::contains_key(identity(STRANGER))));
}

/// A grant of the patient's to the doctor that is sealed to this version of the doctor's key.
fn grant_to(chain: &Chain, version: KeyVersion) -> RuntimeCall {
	let mut call = chain.grant_to_doctor(PATIENT, 0);
	if let RuntimeCall::Consent(Consent::grant { keys: GrantKeys::Compartments(keys), .. }) =
		&mut call
	{
		keys.iter_mut().for_each(|key| key.key_version = version);
	}
	call
}

#[test]
fn nothing_new_is_sealed_to_a_key_that_is_compromised() {
	let mut chain = with_patient();
	chain.open(PATIENT, 0);
	let stale = DispatchError::from(pallet_health_consent::Error::<Runtime>::StaleKeyVersion);
	let rotate = Identity::<Runtime>::rotate_agreement_key {
		new_key: agreement_key(240),
		expected_version: 1,
	};
	let revoke = Identity::<Runtime>::revoke_agreement_key {
		version: 1,
		compromised_since: Some(chain.now()),
	};
	chain.send(DOCTOR, rotate).expect("the doctor rotates");
	chain.send(DOCTOR, revoke).expect("the doctor says since when");

	for version in [0, 1, 3] {
		let grant = grant_to(&chain, version);
		assert_eq!(chain.send(PATIENT, grant), failed(stale), "{version}");
	}
	let grant = grant_to(&chain, 2);
	chain.send(PATIENT, grant).expect("to the new key it is");
}

/// Somebody of a crowd, with what they register with.
struct Newcomer {
	pair: ed25519::Pair,
	agreement_key: X25519Key,
}

impl Newcomer {
	fn nth(number: u32) -> Self {
		let pair = ed25519::Pair::from_seed(&blake2_256(&number.to_le_bytes()));
		let mut agreement_key = blake2_256(&[b"crowd".as_slice(), &number.to_le_bytes()].concat());
		agreement_key[31] &= 0x3f;
		Self { pair, agreement_key }
	}

	fn id(&self) -> IdentityId {
		IdentityId::derive(blake2_256, &self.pair.public().0, &[0; 16])
	}

	/// The call by which the hospital registers the newcomer.
	fn registration(&self, genesis: [u8; 32], deadline: Moment) -> RuntimeCall {
		let account = self.pair.public().0;
		let (kind, agreement_key) = (IdentityKind::Patient, self.agreement_key);
		let public = PublicKey::Ed25519(account);
		let consent = SponsoredRegistration {
			genesis,
			sponsor: identity(HOSPITAL),
			account,
			public,
			kind,
			salt: [0; 16],
			agreement_key,
			profile: None,
			deadline,
		};
		Identity::<Runtime>::register_for {
			account: account.into(),
			kind,
			salt: [0; 16],
			agreement_key,
			profile: None,
			public,
			deadline,
			signature: self.pair.sign(&consent.to_bytes()).into(),
		}
		.into()
	}
}

fn crowd(chain: &mut Chain, numbers: std::ops::Range<u32>) -> Vec<RuntimeCall> {
	let (genesis, deadline) = (chain.genesis(), chain.now() + DAY / 24);
	numbers.map(|number| Newcomer::nth(number).registration(genesis, deadline)).collect()
}

#[test]
fn a_block_takes_as_many_registrations_as_fit_and_the_next_one_the_rest() {
	use frame_support::dispatch::{DispatchClass, GetDispatchInfo as _};
	let mut chain = start();
	let quota = |chain: &mut Chain| {
		chain.look(|| salus_runtime::Identity::sponsor_quota_left(identity(HOSPITAL)))
	};
	let before = quota(&mut chain);
	let one = crowd(&mut chain, 0..1).remove(0);
	let one = chain.signed(HOSPITAL, one);
	let limits = RuntimeBlockWeights::get();
	let normal = limits.get(DispatchClass::Normal);
	let each = one.get_dispatch_info().total_weight().saturating_add(normal.base_extrinsic);
	let share = normal.max_total.expect("the class has a share");
	let most = share.ref_time() / each.ref_time();
	assert!((200..2_000).contains(&most), "some hundred registrations a block, and not {most}");

	// A block that is full already but for thirty of them.
	let (fits, all) = (30, 40);
	let others = share.saturating_sub(each.saturating_mul(fits)).saturating_sub(each / 2);
	let first = nonce(&mut chain, HOSPITAL);
	let calls = crowd(&mut chain, 0..all);
	let transactions = chain.signed_in_turn(HOSPITAL, calls);
	let outcomes = chain.put_beside_others(others, &transactions);

	// What is in does not crowd out more than its share, and what is out left no trace.
	let taken = outcomes.iter().take_while(|outcome| outcome.is_ok()).count();
	assert!((fits as usize..fits as usize + 3).contains(&taken), "{taken} of {fits}");
	assert_eq!(outcomes[taken], invalid(InvalidTransaction::ExhaustsResources));
	assert!(outcomes[taken..].iter().all(|outcome| matches!(outcome, Err(Refused::Invalid(_)))));
	let used =
		chain.look(|| *frame_system::BlockWeight::<Runtime>::get().get(DispatchClass::Normal));
	assert!(used.all_lte(share) && used.saturating_add(each).any_gt(share), "{used:?}");
	let known = |chain: &mut Chain, number: u32| {
		chain.look(|| Identities::<Runtime>::contains_key(Newcomer::nth(number).id()))
	};
	assert!(known(&mut chain, taken as u32 - 1) && !known(&mut chain, taken as u32));
	assert_eq!(quota(&mut chain), before - taken as u32);
	assert_eq!(nonce(&mut chain, HOSPITAL), first + taken as u32);

	// The same transactions, unchanged, go into the next block.
	let rest = chain.put_together(&transactions[taken..]);
	assert!(rest.iter().all(Result::is_ok), "{rest:?}");
	assert!(known(&mut chain, all - 1));
	assert_eq!(quota(&mut chain), before - all);
}

#[test]
fn a_flood_of_registrations_beyond_the_quota_costs_its_sponsor_the_fees() {
	let mut chain = start();
	let day = chain.now() / DAY;
	let quota = 2_000;
	chain
		.look(|| SponsorUse::<Runtime>::insert(identity(HOSPITAL), DayCount { day, count: quota }));
	let calls = crowd(&mut chain, 0..20);
	let first = nonce(&mut chain, HOSPITAL);
	let before = free_balance(&mut chain, HOSPITAL);

	let outcomes = chain.send_all(HOSPITAL, calls);

	let exceeded = pallet_health_identity::Error::<Runtime>::SponsorQuotaExceeded;
	let refused = failed(exceeded);
	assert!(outcomes.iter().all(|outcome| *outcome == refused), "{outcomes:?}");
	assert_eq!(nonce(&mut chain, HOSPITAL), first + 20);
	let each = (before - free_balance(&mut chain, HOSPITAL)) / 20;
	assert!(each > salus_runtime::constants::fees::BASE_EXTRINSIC_FEE, "{each}");
	let nobody = (0..20).map(|number| Newcomer::nth(number).id());
	let registered =
		chain.look(|| nobody.filter(|id| Identities::<Runtime>::contains_key(id)).count());
	assert_eq!(registered, 0);
	// Nor is anybody else's quota touched.
	assert_eq!(chain.look(|| SponsorUse::<Runtime>::iter().count()), 1);
}
