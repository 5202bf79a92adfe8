// SPDX-License-Identifier: Apache-2.0

//! Consent between a patient and a hospital: asked for, given, passed on, narrowed, taken back, and
//! cleared away by itself.

use frame_support::traits::fungible::InspectHold;
use pallet_health_consent::{
	Basis, Call as Consent, Due, Error as ConsentError, GrantKeys, GrantWraps, Grantee,
	RevocationStrength, Scope, Standing,
};
use pallet_health_records::{Call as Records, Content};
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, Action, Actions, Classes, Commitment,
	CompartmentKey, ContentHash, DAY, DenyReason, Digest, GrantId, GrantWrap, PermitBasis, Purpose,
	Purposes, RecordClass, RecordId, RecordKey, RequestId, Window, blake2_256,
};
use salus_runtime::{Balances, Runtime, RuntimeCall, RuntimeHoldReason};
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, Outcome, PATIENT, REGULATOR, Refused};
use salus_test_support::{agreement_key, identity};
use sp_keyring::Sr25519Keyring;

const COMPARTMENT: u8 = 0;
const HOUR: u64 = DAY / 24;
const NO_GRANT: AccessDecision = AccessDecision::Deny(DenyReason::NoGrant);

/// A hospital with a doctor, and a patient with a reading of its own: nobody else's side wrote it.
fn start() -> (Chain, RecordId) {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain.open(PATIENT, COMPARTMENT);
	let (nonce, class, patient) = ([3; 16], RecordClass::DeviceData, identity(PATIENT));
	let propose = Records::<Runtime>::propose {
		nonce,
		subject: patient,
		organisation: None,
		class,
		compartment: COMPARTMENT,
		content: Content::External { hash: ContentHash([3; 32]) },
		body: Commitment([3; 32]),
		padded_len: 1_024,
		key: RecordKey { epoch: 0, wrap: [9; 80] },
	};
	chain.send(PATIENT, propose).expect("the patient files");
	let record = RecordId::derive(blake2_256, &patient, &patient, class, COMPARTMENT, &nonce);
	(chain, record)
}

fn decides(chain: &mut Chain, reader: Sr25519Keyring, record: RecordId) -> AccessDecision {
	let (purpose, action) = (Purpose::Treat, Action::Access);
	let question = AccessQuestion { reader: identity(reader), record, purpose, action };
	chain.look(|| salus_runtime::Consent::check_access_now(&question))
}

fn permit(id: u64) -> AccessDecision {
	AccessDecision::Permit(PermitBasis::Grant(GrantId(id)))
}

fn failed(error: ConsentError<Runtime>) -> Outcome {
	Err(Refused::Failed(error.into()))
}

fn held(chain: &mut Chain, who: Sr25519Keyring) -> u128 {
	let reason = RuntimeHoldReason::Consent(pallet_health_consent::HoldReason::Request);
	chain.look(|| Balances::balance_on_hold(&reason, &who.to_account_id()))
}

fn key(epoch: u32) -> GrantKeys {
	let key = CompartmentKey { compartment: COMPARTMENT, epoch, key_version: 1, wrap: [7; 80] };
	GrantKeys::Compartments(vec![key].try_into().expect("one fits"))
}

/// The doctor asks for ten days of the compartment, for the hospital, to be answered in an hour.
fn asks(chain: &Chain) -> RuntimeCall {
	Consent::<Runtime>::request_access {
		subject: identity(PATIENT),
		on_behalf: Some(identity(HOSPITAL)),
		scope: Scope::Compartment(COMPARTMENT),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::of(&[Action::Access]),
		data_period: None,
		length: 10 * DAY,
		reason: Digest([3; 32]),
		answer_by: chain.now() + HOUR,
	}
	.into()
}

/// The patient approves request 0 for so long.
fn approves(chain: &Chain, length: u64) -> RuntimeCall {
	Consent::<Runtime>::approve_request {
		request: RequestId(0),
		scope: Scope::Compartment(COMPARTMENT),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::of(&[Action::Access]),
		data_period: None,
		window: Window { from: chain.now(), until: chain.now() + length },
		uses: None,
		basis: Basis::TreatmentRelation,
		document: None,
		delegable: true,
		keys: key(0),
	}
	.into()
}

#[test]
fn what_was_asked_for_is_given_passed_on_narrowed_and_taken_back() {
	// given: the doctor asks for the hospital, against a deposit.
	let (mut chain, record) = start();
	assert_eq!(decides(&mut chain, HOSPITAL, record), NO_GRANT);
	let ask = asks(&chain);
	chain.send(DOCTOR, ask).expect("the doctor asks");
	assert!(held(&mut chain, DOCTOR) > 0);
	let inbox = chain.look(|| salus_runtime::Consent::inbox(identity(PATIENT)));
	assert_eq!(inbox.requests, [RequestId(0)]);

	// when: the patient approves, not for longer than was asked.
	let too_long = approves(&chain, 10 * DAY + 1);
	assert_eq!(chain.send(PATIENT, too_long), failed(ConsentError::WiderThanAsked));
	let approve = approves(&chain, 10 * DAY);
	chain.send(PATIENT, approve).expect("the patient approves");

	// then: hospital and doctor read by the grant, and the deposit is back.
	for reader in [HOSPITAL, DOCTOR] {
		assert_eq!(decides(&mut chain, reader, record), permit(0));
	}
	assert_eq!(held(&mut chain, DOCTOR), 0);

	// when: the hospital passes it on for two days.
	let (purposes, actions) = (Purposes::of(&[Purpose::Treat]), Actions::of(&[Action::Access]));
	let window = Window { from: chain.now(), until: chain.now() + 2 * DAY };
	let pass_on = Consent::<Runtime>::sub_grant {
		parent: GrantId(0),
		grantee: Grantee::Organisation(identity(REGULATOR)),
		scope: Scope::Compartment(COMPARTMENT),
		purposes,
		actions,
		data_period: None,
		window,
		delegable: false,
		keys: key(0),
	};
	chain.send(HOSPITAL, pass_on).expect("the hospital passes it on");
	assert_eq!(decides(&mut chain, REGULATOR, record), permit(1));

	// and: the patient narrows its grant to a day.
	let row = chain.look(|| salus_runtime::Consent::grant_by_id(GrantId(0))).expect("it is there");
	let from = row.grant.terms.window.from;
	let narrow = Consent::<Runtime>::narrow {
		grant: GrantId(0),
		scope: Scope::Compartment(COMPARTMENT),
		purposes,
		actions,
		data_period: None,
		window: Window { from, until: from + DAY },
		uses: None,
		keys: key(0),
	};
	chain.send(PATIENT, narrow).expect("the patient narrows");

	// then: what was passed on went further, and is gone.
	assert_eq!(decides(&mut chain, REGULATOR, record), NO_GRANT);
	assert_eq!(decides(&mut chain, DOCTOR, record), permit(0));

	// when: the patient takes everything back.
	let revoke_all = Consent::<Runtime>::revoke_all {
		subject: identity(PATIENT),
		grantee: Grantee::Organisation(identity(HOSPITAL)),
		strength: RevocationStrength::EpochRotated,
	};
	chain.send(PATIENT, revoke_all).expect("the patient revokes");
	assert_eq!(decides(&mut chain, DOCTOR, record), NO_GRANT);
	let listed = chain.look(|| salus_runtime::Consent::grants_of(identity(PATIENT), 0, 10));
	let standings: Vec<_> =
		listed.expect("a page").items.iter().map(|listed| listed.standing).collect();
	assert_eq!(standings, [Standing::Revoked; 2]);
}

#[test]
fn after_a_rotation_records_are_sealed_to_the_new_epoch_and_who_stays_is_handed_it() {
	let (mut chain, record) = start();
	let grant = chain.grant_to_doctor(PATIENT, COMPARTMENT);
	chain.send(PATIENT, grant).expect("the patient grants");
	let rotate = Consent::<Runtime>::rotate_compartment {
		subject: identity(PATIENT),
		compartment: COMPARTMENT,
		expected_epoch: 0,
		key: agreement_key(99),
		link: [4; 80],
		wraps: GrantWraps::truncate_from(vec![GrantWrap {
			grant: GrantId(0),
			key_version: 1,
			wrap: [8; 80],
		}]),
		emergency: None,
	};
	chain.send(PATIENT, rotate.clone()).expect("the patient rotates");
	assert_eq!(chain.send(PATIENT, rotate), failed(ConsentError::StaleEpoch));

	let (keys, link) = chain.look(|| {
		let link = salus_runtime::Consent::epoch_link(identity(PATIENT), COMPARTMENT, 0);
		(salus_runtime::Consent::grant_keys(GrantId(0)), link)
	});
	let Some(GrantKeys::Compartments(keys)) = keys else { panic!("it has keys") };
	assert_eq!((keys[0].epoch, keys[0].wrap, link), (1, [8; 80], Some([4; 80])));
	assert_eq!(decides(&mut chain, DOCTOR, record), permit(0));
	// A reading that is sealed to the old epoch is not taken any more.
	let stale = Records::<Runtime>::propose {
		nonce: [4; 16],
		subject: identity(PATIENT),
		organisation: None,
		class: RecordClass::DeviceData,
		compartment: COMPARTMENT,
		content: Content::External { hash: ContentHash([4; 32]) },
		body: Commitment([4; 32]),
		padded_len: 1_024,
		key: RecordKey { epoch: 0, wrap: [9; 80] },
	};
	let refused = pallet_health_records::Error::<Runtime>::StaleEpoch;
	assert_eq!(chain.send(PATIENT, stale), Err(Refused::Failed(refused.into())));
}

/// What the hospital passes on of grant 0, to the regulator, for a day.
fn passes_on(chain: &Chain) -> RuntimeCall {
	Consent::<Runtime>::sub_grant {
		parent: GrantId(0),
		grantee: Grantee::Organisation(identity(REGULATOR)),
		scope: Scope::Compartment(COMPARTMENT),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::of(&[Action::Access]),
		data_period: None,
		window: Window { from: chain.now(), until: chain.now() + DAY },
		delegable: false,
		keys: key(0),
	}
	.into()
}

#[test]
fn whom_the_patient_denies_passes_nothing_on() {
	// given: the hospital reads by a grant that it may pass on.
	let (mut chain, record) = start();
	let ask = asks(&chain);
	chain.send(DOCTOR, ask).expect("the doctor asks");
	let approve = approves(&chain, 10 * DAY);
	chain.send(PATIENT, approve).expect("the patient approves");

	// when: the patient denies it the readings of devices, and revokes nothing.
	let deny = Consent::<Runtime>::grant {
		subject: identity(PATIENT),
		grantee: Grantee::Organisation(identity(HOSPITAL)),
		decision: pallet_health_consent::Decision::Deny { override_in_emergency: false },
		scope: Scope::Subject(Classes(1 << RecordClass::DeviceData as u8)),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::ALL,
		data_period: None,
		window: Window { from: chain.now(), until: chain.now() + DAY },
		uses: None,
		basis: Basis::Consent,
		document: None,
		delegable: false,
		keys: GrantKeys::None,
	};
	chain.send(PATIENT, deny).expect("the patient denies");

	// then: neither it reads, nor whom it would pass the grant on to.
	let denied = AccessDecision::Deny(DenyReason::Grant(GrantId(1)));
	assert_eq!(decides(&mut chain, HOSPITAL, record), denied);
	let pass_on = passes_on(&chain);
	assert_eq!(chain.send(HOSPITAL, pass_on), failed(ConsentError::DelegatorDenied));
	assert_eq!(decides(&mut chain, REGULATOR, record), NO_GRANT);

	// when: a day later the denial is over.
	chain.wait(DAY);
	chain.skip(1);
	let pass_on = passes_on(&chain);
	chain.send(HOSPITAL, pass_on).expect("the hospital passes it on");
	assert_eq!(decides(&mut chain, REGULATOR, record), permit(2));
}

#[test]
fn counted_uses_are_spent_by_the_custodian_that_the_patient_names() {
	// given: the doctor may read once what the patient filed, and the patient names no custodian.
	let (mut chain, record) = start();
	let once = Consent::<Runtime>::grant {
		subject: identity(PATIENT),
		grantee: Grantee::Identity(identity(DOCTOR)),
		decision: pallet_health_consent::Decision::Permit,
		scope: Scope::Compartment(COMPARTMENT),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::of(&[Action::Access]),
		data_period: None,
		window: Window { from: chain.now(), until: chain.now() + DAY },
		uses: Some(1),
		basis: Basis::Consent,
		document: None,
		delegable: false,
		keys: key(0),
	};
	chain.send(PATIENT, once).expect("the patient grants");
	let logs = Consent::<Runtime>::log_access {
		reader: identity(DOCTOR),
		record,
		purpose: Purpose::Treat,
		action: Action::Access,
		decision: permit(0),
		event: Digest([9; 32]),
	};

	// then: an accredited custodian spends nothing that is not its own.
	assert_eq!(chain.send(HOSPITAL, logs.clone()), failed(ConsentError::NotItsCustodian));
	assert_eq!(decides(&mut chain, DOCTOR, record), permit(0));

	// when: the patient names it.
	let custodians = vec![identity(HOSPITAL)].try_into().expect("one fits");
	let name = Consent::<Runtime>::set_share_custodian { custodians, threshold: 1 };
	chain.send(PATIENT, name).expect("the patient names a custodian");
	chain.send(HOSPITAL, logs).expect("the custodian logs");
	assert_eq!(decides(&mut chain, DOCTOR, record), NO_GRANT);
}

#[test]
fn what_nobody_answered_goes_by_itself_and_its_deposit_comes_back() {
	let (mut chain, _) = start();
	let ask = asks(&chain);
	chain.send(DOCTOR, ask).expect("the doctor asks");
	let reap = |due| Consent::<Runtime>::reap { due: vec![due].try_into().expect("one fits") };
	let due = Due::Request(RequestId(0));
	assert_eq!(chain.send(HOSPITAL, reap(due)), failed(ConsentError::NotDue));

	chain.wait(HOUR);
	let late = approves(&chain, DAY);
	assert_eq!(chain.send(PATIENT, late), failed(ConsentError::RequestExpired));
	// Its full hour is over after one more at the latest, and blocks do the rest.
	chain.wait(HOUR);
	chain.skip(2);
	assert_eq!(chain.look(|| salus_runtime::Consent::request(RequestId(0))), None);
	assert_eq!(held(&mut chain, DOCTOR), 0);
	assert_eq!(chain.send(HOSPITAL, reap(due)), failed(ConsentError::NotDue));
}

#[test]
fn the_policy_lets_those_in_who_treat_until_the_patient_says_otherwise() {
	let (mut chain, record) = start();
	let set = |policy| Consent::<Runtime>::set_policy { subject: identity(PATIENT), policy };
	chain.send(PATIENT, set(AccessPolicy::PermitTreatment)).expect("the patient permits");
	let by_policy = AccessDecision::Permit(PermitBasis::Policy);
	for reader in [DOCTOR, HOSPITAL] {
		assert_eq!(decides(&mut chain, reader, record), by_policy);
	}
	assert_eq!(decides(&mut chain, REGULATOR, record), NO_GRANT);
	// A wide denial keeps one of them out.
	let deny = Consent::<Runtime>::grant {
		subject: identity(PATIENT),
		grantee: Grantee::Identity(identity(DOCTOR)),
		decision: pallet_health_consent::Decision::Deny { override_in_emergency: false },
		scope: Scope::Subject(Classes::ALL),
		purposes: Purposes::of(&[Purpose::Treat]),
		actions: Actions::ALL,
		data_period: None,
		window: Window { from: chain.now(), until: chain.now() + DAY },
		uses: None,
		basis: Basis::Consent,
		document: None,
		delegable: false,
		keys: GrantKeys::None,
	};
	chain.send(PATIENT, deny).expect("the patient denies");
	let denied = AccessDecision::Deny(DenyReason::Grant(GrantId(0)));
	assert_eq!(decides(&mut chain, DOCTOR, record), denied);
	assert_eq!(decides(&mut chain, HOSPITAL, record), by_policy);
	chain.send(PATIENT, set(AccessPolicy::Deny)).expect("the patient forbids");
	assert_eq!(decides(&mut chain, HOSPITAL, record), NO_GRANT);
}
