// SPDX-License-Identifier: Apache-2.0

//! Who pays: patients out of a daily allowance, everybody else out of a balance.

use pallet_health_consent::{Call as Consent, RevocationStrength};
use pallet_health_identity::{Allowances, Call as Identity, DayCount, DaySpending, SponsorUse};
use salus_primitives::{Commitment, DAY, GrantId, IdentityKind};
use salus_runtime::{
	Balance, Balances, Runtime, RuntimeCall, System,
	constants::{currency::MILLI, fees::PATIENT_DAILY_ALLOWANCE, time::SLOT_DURATION},
};
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, Outcome, PATIENT, Refused, STRANGER};
use salus_test_support::{agreement_key, identity};
use sp_keyring::Sr25519Keyring;
use sp_runtime::transaction_validity::InvalidTransaction;

fn start() -> Chain {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain
}

fn free_balance(chain: &mut Chain, who: Sr25519Keyring) -> Balance {
	chain.look(|| Balances::free_balance(who.to_account_id()))
}

fn left(chain: &mut Chain, who: Sr25519Keyring) -> Balance {
	chain.look(|| salus_runtime::Identity::allowance_left(identity(who)))
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

/// A call that fails: there is no such grant.
fn in_vain() -> RuntimeCall {
	Consent::<Runtime>::revoke { grant: GrantId(999), strength: RevocationStrength::Lazy }.into()
}

fn failed_in_vain() -> Outcome {
	let error = pallet_health_consent::Error::<Runtime>::GrantNotFound;
	Err(Refused::Failed(error.into()))
}

fn cannot_pay() -> Outcome {
	Err(Refused::Invalid(InvalidTransaction::Payment.into()))
}

#[test]
fn a_patient_without_a_token_acts_out_of_the_allowance() {
	let mut chain = start();
	let account = PATIENT.to_account_id();
	assert_eq!(left(&mut chain, PATIENT), PATIENT_DAILY_ALLOWANCE);

	chain.send(PATIENT, open(PATIENT, 0)).expect("the nonce check passes without a balance");

	assert_eq!(free_balance(&mut chain, PATIENT), 0);
	assert_eq!(chain.look(|| System::account_nonce(&account)), 1);
	let spent = PATIENT_DAILY_ALLOWANCE - left(&mut chain, PATIENT);
	assert!((MILLI..100 * MILLI).contains(&spent), "{spent}");
}

#[test]
fn a_patient_with_tokens_keeps_them() {
	let mut chain = start();
	let wealthy = Sr25519Keyring::Ferdie;
	chain.admit(wealthy);
	let before = free_balance(&mut chain, wealthy);

	chain.send(wealthy, open(wealthy, 0)).expect("it is a patient");

	assert_eq!(free_balance(&mut chain, wealthy), before);
	assert!(left(&mut chain, wealthy) < PATIENT_DAILY_ALLOWANCE);
}

#[test]
fn a_failing_call_spends_the_allowance_too() {
	let mut chain = start();
	let mut before = left(&mut chain, PATIENT);
	for _ in 0..2 {
		assert_eq!(chain.send(PATIENT, in_vain()), failed_in_vain());
		let after = left(&mut chain, PATIENT);
		assert!(after < before);
		before = after;
	}
}

#[test]
fn a_flood_stays_within_the_allowance_and_ends_with_the_day() {
	let mut chain = start();
	assert_eq!(chain.send(PATIENT, in_vain()), failed_in_vain());
	let price = PATIENT_DAILY_ALLOWANCE - left(&mut chain, PATIENT);
	let affordable = (left(&mut chain, PATIENT) / price) as usize;
	assert!((50..1_000).contains(&affordable), "some hundred calls a day, and not {affordable}");

	let flood = chain.send_all(PATIENT, vec![in_vain(); affordable + 5]);

	// A nonce of two bytes makes the later ones a little dearer.
	let taken = flood.iter().take_while(|outcome| **outcome == failed_in_vain()).count();
	assert!((affordable - 2..=affordable).contains(&taken), "{taken} of {affordable}");
	assert_eq!(flood[taken], cannot_pay());
	assert!(flood[taken..].iter().all(|outcome| matches!(outcome, Err(Refused::Invalid(_)))));
	assert!(left(&mut chain, PATIENT) < 2 * price);

	// The pool says so before a block does, and says it for this patient alone.
	assert_eq!(chain.send(PATIENT, in_vain()), cannot_pay());
	chain.admit(Sr25519Keyring::Ferdie);
	chain.send(Sr25519Keyring::Ferdie, open(Sr25519Keyring::Ferdie, 0)).expect("another patient");

	// The day is UTC's: its last block is still spent, the first of the next is not.
	let midnight = (chain.now() / DAY + 1) * DAY;
	chain.wait(midnight - chain.now() - 2 * SLOT_DURATION);
	chain.skip(0);
	assert_eq!(chain.send(PATIENT, in_vain()), cannot_pay());
	chain.skip(0);
	assert_eq!(chain.now(), midnight);
	chain.send(PATIENT, open(PATIENT, 0)).expect("it is the next day");
	assert!(left(&mut chain, PATIENT) > PATIENT_DAILY_ALLOWANCE / 2);
}

#[test]
fn a_spent_allowance_leaves_the_balance_to_pay() {
	let mut chain = start();
	let wealthy = Sr25519Keyring::Ferdie;
	chain.admit(wealthy);
	let spent = DaySpending { day: chain.now() / DAY, spent: PATIENT_DAILY_ALLOWANCE };
	chain.look(|| Allowances::<Runtime>::insert(identity(wealthy), spent));
	let before = free_balance(&mut chain, wealthy);

	chain.send(wealthy, open(wealthy, 0)).expect("the account pays");

	assert!(free_balance(&mut chain, wealthy) < before);
}

#[test]
fn tips_batches_and_proxies_are_not_paid_for_anybody() {
	let mut chain = start();
	let inner = open(PATIENT, 0);
	assert_eq!(chain.send_with_tip(PATIENT, inner.clone(), 1), cannot_pay());
	let wraps: [RuntimeCall; 4] = [
		pallet_utility::Call::<Runtime>::batch { calls: vec![inner.clone()] }.into(),
		pallet_utility::Call::<Runtime>::batch_all { calls: vec![inner.clone()] }.into(),
		pallet_utility::Call::<Runtime>::as_derivative { index: 0, call: Box::new(inner.clone()) }
			.into(),
		pallet_proxy::Call::<Runtime>::proxy {
			real: PATIENT.to_account_id().into(),
			force_proxy_type: None,
			call: Box::new(inner),
		}
		.into(),
	];
	for wrap in wraps {
		assert_eq!(chain.send(PATIENT, wrap.clone()), cannot_pay(), "{wrap:?}");
	}
	assert_eq!(left(&mut chain, PATIENT), PATIENT_DAILY_ALLOWANCE);
}

#[test]
fn calls_that_are_not_a_patients_are_not_paid_for_anybody() {
	let mut chain = start();
	let remark = frame_system::Call::<Runtime>::remark { remark: vec![0; 1_000] };
	assert_eq!(chain.send(PATIENT, remark), cannot_pay());
	let registration = chain.registration_of(STRANGER);
	assert_eq!(chain.send(PATIENT, registration), cannot_pay());
}

#[test]
fn a_stranger_has_no_allowance() {
	let mut chain = start();
	assert_eq!(chain.send(STRANGER, open(STRANGER, 0)), cannot_pay());
	assert_eq!(chain.send(STRANGER, in_vain()), cannot_pay());

	// With a balance, the balance pays.
	let wealthy = Sr25519Keyring::Ferdie;
	let before = free_balance(&mut chain, wealthy);
	assert_eq!(chain.send(wealthy, in_vain()), failed_in_vain());
	assert!(free_balance(&mut chain, wealthy) < before);
}

#[test]
fn practitioners_and_organisations_pay_out_of_their_balance() {
	let mut chain = start();
	for who in [DOCTOR, HOSPITAL] {
		let before = free_balance(&mut chain, who);
		let profile =
			Identity::<Runtime>::set_profile { profile: Commitment([1; 32]), expected_revision: 0 };
		chain.send(who, profile).expect("it can pay");
		assert!(free_balance(&mut chain, who) < before);
		assert_eq!(left(&mut chain, who), 0);
	}
}

#[test]
fn who_registers_itself_pays_a_fee_and_a_deposit() {
	let mut chain = start();
	let wealthy = Sr25519Keyring::Ferdie;
	let before = free_balance(&mut chain, wealthy);

	chain.register(wealthy, IdentityKind::Patient);

	let held = chain.look(|| {
		use frame_support::traits::fungible::InspectHold as _;
		let reason = pallet_health_identity::HoldReason::Registration.into();
		Balances::balance_on_hold(&reason, &wealthy.to_account_id())
	});
	assert!(held > 0);
	assert!(free_balance(&mut chain, wealthy) < before - held);
}

#[test]
fn a_sponsor_registers_so_many_a_day() {
	let mut chain = start();
	let sponsor = identity(HOSPITAL);
	let quota_left =
		|chain: &mut Chain| chain.look(|| salus_runtime::Identity::sponsor_quota_left(sponsor));
	assert_eq!(quota_left(&mut chain), 1_999, "one patient is admitted");
	// The rest of a busy day.
	let day = chain.now() / DAY;
	chain.look(|| SponsorUse::<Runtime>::insert(sponsor, DayCount { day, count: 1_999 }));

	chain.admit(Sr25519Keyring::Two);
	let one_too_many = chain.registration_of(Sr25519Keyring::Ferdie);
	let refused = chain.send(HOSPITAL, one_too_many);
	let exceeded = pallet_health_identity::Error::<Runtime>::SponsorQuotaExceeded;
	assert_eq!(refused, Err(Refused::Failed(exceeded.into())));

	chain.wait(DAY);
	chain.admit(Sr25519Keyring::Ferdie);
	assert_eq!(quota_left(&mut chain), 1_999);
}

/// A factor of a thousand in a price is easily lost, and found by whoever pays.
#[test]
fn prices_are_those_of_the_price_list() {
	use salus_runtime::constants::currency::{MICRO, SAL, deposit};
	assert_eq!((SAL, MILLI, MICRO), (1_000_000_000_000, 1_000_000_000, 1_000_000));
	assert_eq!((deposit(1, 0), deposit(0, 1)), (10 * MILLI, 10 * MICRO));
	assert_eq!(deposit(2, 300), 23 * MILLI);

	// What registering really holds: a row, and some hundred bytes.
	let mut chain = start();
	let wealthy = Sr25519Keyring::Ferdie;
	chain.register(wealthy, IdentityKind::Organisation);
	let held = chain.look(|| {
		use frame_support::traits::fungible::InspectHold as _;
		Balances::total_balance_on_hold(&wealthy.to_account_id())
	});
	assert!((deposit(1, 300)..deposit(1, 1_200)).contains(&held), "{held}");
	// And what a transaction of the kind costs that everybody knows.
	let before = free_balance(&mut chain, wealthy);
	let gift = pallet_balances::Call::<Runtime>::transfer_keep_alive {
		dest: Sr25519Keyring::Dave.to_account_id().into(),
		value: SAL,
	};
	chain.send(wealthy, gift).expect("it can pay");
	let fee = before - free_balance(&mut chain, wealthy) - SAL;
	assert!((MILLI..100 * MILLI).contains(&fee), "{fee}");
}
