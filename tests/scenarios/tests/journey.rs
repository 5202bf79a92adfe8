// SPDX-License-Identifier: Apache-2.0

//! A patient's way through the chain, event by event.

use pallet_health_accreditation::{
	Call as Accreditation, Event as AccreditationEvent, RevocationReason,
};
use pallet_health_consent::{
	Basis, Call as Consent, Decision, Event as ConsentEvent, Grantee, RevocationStrength, Scope,
	Terms,
};
use pallet_health_records::{Call as Records, Content, Event as RecordsEvent};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessHead, AccessQuestion, AccreditationId, AccreditationKind,
	Action, Actions, AffiliationId, AmendReason, AttestationKind, Commitment, ContentHash, DAY,
	DenyReason, Digest, GrantId, IdentityId, Moment, PermitBasis, Purpose, Purposes, RecordClass,
	RecordId, RecordKey, RecordStatus, RecordVersion, RetractReason, SignedAttestation, Verdict,
	Window, blake2_256,
};
use salus_runtime::{AccountId, Runtime, RuntimeCall, RuntimeEvent, Signature};
use salus_scenarios::{Chain, DOCTOR, HOSPITAL, PATIENT, REGULATOR, Refused, YEAR};
use salus_test_support::{agreement_key, identity};
use sp_keyring::Sr25519Keyring;

const COMPARTMENT: u8 = 0;
const PADDED: u64 = 1_024;
const KEY: RecordKey = RecordKey { epoch: 0, wrap: [9; 80] };
const KINDS: [AttestationKind; 3] =
	[AttestationKind::Accuracy, AttestationKind::Completeness, AttestationKind::Source];

fn content(number: u8) -> ContentHash {
	ContentHash([number; 32])
}

fn body(number: u8) -> Commitment {
	Commitment([number; 32])
}

fn evidence(kind: AttestationKind) -> Digest {
	Digest([0xe0 | kind as u8; 32])
}

fn id_of(author: Sr25519Keyring, class: RecordClass, nonce: u8) -> RecordId {
	let (author, subject) = (identity(author), identity(PATIENT));
	RecordId::derive(blake2_256, &author, &subject, class, COMPARTMENT, &[nonce; 16])
}

/// The validator's verdicts of every kind on the version with this number's content.
fn verdicts(
	chain: &mut Chain,
	validator: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	number: u8,
) -> Vec<SignedAttestation<AccountId, Signature>> {
	let (content, body) = (content(number), body(number));
	salus_scenarios::verdicts(chain, validator, record, version, content, body, evidence)
}

/// The doctor's note, number as nonce and content, with verdicts.
fn note(number: u8, verdicts: Vec<SignedAttestation<AccountId, Signature>>) -> RuntimeCall {
	Records::<Runtime>::anchor_validated {
		nonce: [number; 16],
		subject: identity(PATIENT),
		organisation: Some(identity(HOSPITAL)),
		class: RecordClass::Clinical,
		compartment: COMPARTMENT,
		content: Content::External { hash: content(number) },
		body: body(number),
		padded_len: PADDED,
		key: KEY,
		attestations: verdicts.try_into().expect("three fit"),
	}
	.into()
}

fn id_of_note(number: u8) -> RecordId {
	id_of(DOCTOR, RecordClass::Clinical, number)
}

/// A reading that the patient took.
fn reading(number: u8) -> RuntimeCall {
	Records::<Runtime>::propose {
		nonce: [number; 16],
		subject: identity(PATIENT),
		organisation: None,
		class: RecordClass::DeviceData,
		compartment: COMPARTMENT,
		content: Content::External { hash: content(number) },
		body: body(number),
		padded_len: PADDED,
		key: KEY,
	}
	.into()
}

fn id_of_reading(number: u8) -> RecordId {
	id_of(PATIENT, RecordClass::DeviceData, number)
}

/// What our pallets say.
fn told(events: Vec<RuntimeEvent>) -> Vec<RuntimeEvent> {
	let is_ours = |event: &RuntimeEvent| {
		matches!(
			event,
			RuntimeEvent::Identity(_)
				| RuntimeEvent::Accreditation(_)
				| RuntimeEvent::Records(_)
				| RuntimeEvent::Consent(_)
		)
	};
	events.into_iter().filter(is_ours).collect()
}

fn asks(reader: Sr25519Keyring, record: RecordId) -> AccessQuestion {
	AccessQuestion {
		reader: identity(reader),
		record,
		purpose: Purpose::Treat,
		action: Action::Access,
	}
}

fn decides(chain: &mut Chain, question: AccessQuestion) -> AccessDecision {
	chain.look(|| salus_runtime::Consent::check_access_now(&question))
}

fn status(chain: &mut Chain, record: RecordId) -> RecordStatus {
	chain.look(|| salus_runtime::Records::record(record).expect("it is filed").status)
}

fn added(
	record: RecordId,
	version: RecordVersion,
	validator: Sr25519Keyring,
	organisations: &[IdentityId],
	kind: AttestationKind,
) -> RuntimeEvent {
	RecordsEvent::AttestationAdded {
		record,
		version,
		validator: identity(validator),
		organisations: organisations.to_vec().try_into().expect("few"),
		kind,
		verdict: Verdict::Pass,
		evidence: evidence(kind),
	}
	.into()
}

fn anchored_note(record: RecordId, version: RecordVersion, number: u8) -> RuntimeEvent {
	RecordsEvent::RecordAnchored {
		record,
		version,
		subject: identity(PATIENT),
		author: identity(DOCTOR),
		organisation: Some(identity(HOSPITAL)),
		class: RecordClass::Clinical,
		compartment: COMPARTMENT,
		content: content(number),
		body: body(number),
		padded_len: PADDED,
	}
	.into()
}

/// A chain with staff and a patient with an open compartment.
fn start() -> Chain {
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	chain.open(PATIENT, COMPARTMENT);
	chain
}

/// A chain with a note of the doctor's on it as well.
fn start_with_a_note() -> Chain {
	let mut chain = start();
	let signed = verdicts(&mut chain, HOSPITAL, id_of_note(1), 1, 1);
	chain.send(DOCTOR, note(1, signed)).expect("the doctor files");
	chain
}

#[test]
fn a_note_is_anchored_read_amended_and_retracted() {
	// given
	let mut chain = Chain::start("development");
	chain.staff();
	chain.admit(PATIENT);
	let (patient, doctor, hospital) = (identity(PATIENT), identity(DOCTOR), identity(HOSPITAL));

	// when the patient opens a compartment
	let key = agreement_key(222);
	let open = Consent::<Runtime>::open_compartment {
		subject: patient,
		compartment: COMPARTMENT,
		key,
		restricted: false,
	};
	let events = chain.send(PATIENT, open).expect("the patient opens");
	let opened = ConsentEvent::<Runtime>::CompartmentOpened {
		subject: patient,
		compartment: COMPARTMENT,
		epoch: 0,
		key,
		restricted: false,
		by: patient,
	};
	assert_eq!(told(events), [opened.into()]);

	// and the doctor files a note that the hospital vouches for
	let record = id_of_note(1);
	let signed = verdicts(&mut chain, HOSPITAL, record, 1, 1);
	let events = chain.send(DOCTOR, note(1, signed)).expect("the doctor files");

	// then it counts at once
	let [accuracy, completeness, source] = KINDS.map(|kind| added(record, 1, HOSPITAL, &[], kind));
	assert_eq!(told(events), [accuracy, completeness, source, anchored_note(record, 1, 1)]);
	assert_eq!(status(&mut chain, record), RecordStatus::Validated);

	// and its own side and its subject read it, and nobody else
	let own = AccessDecision::Permit(PermitBasis::Author);
	assert_eq!(decides(&mut chain, asks(DOCTOR, record)), own);
	assert_eq!(decides(&mut chain, asks(HOSPITAL, record)), own);
	let subject = AccessDecision::Permit(PermitBasis::Subject);
	assert_eq!(decides(&mut chain, asks(PATIENT, record)), subject);
	let nobody = AccessDecision::Deny(DenyReason::NoGrant);
	assert_eq!(decides(&mut chain, asks(REGULATOR, record)), nobody);

	// when the hospital corrects it
	let signed = verdicts(&mut chain, HOSPITAL, record, 2, 2);
	let amend = Records::<Runtime>::amend {
		record,
		expected_version: 1,
		content: Content::External { hash: content(2) },
		body: body(2),
		padded_len: PADDED,
		reason: AmendReason::PatientRequested,
		key: KEY,
		attestations: signed.try_into().expect("three fit"),
	};
	let events = chain.send(DOCTOR, amend).expect("the doctor amends");

	// then the new version counts and the old one stays
	let amended = RecordsEvent::<Runtime>::RecordAmended {
		record,
		version: 2,
		by: doctor,
		reason: AmendReason::PatientRequested,
		content: content(2),
		body: body(2),
		padded_len: PADDED,
		epoch: 0,
		deadline: None,
	};
	let [accuracy, completeness, source] = KINDS.map(|kind| added(record, 2, HOSPITAL, &[], kind));
	let anchored = anchored_note(record, 2, 2);
	assert_eq!(told(events), [amended.into(), accuracy, completeness, source, anchored]);
	let contents = chain.look(|| {
		[1, 2].map(|number| salus_runtime::Records::version(record, number).expect("kept").content)
	});
	assert_eq!(contents, [content(1), content(2)]);

	// when it turns out to be another patient's
	let reason = RetractReason::WrongPatient;
	let events =
		chain.send(HOSPITAL, Records::<Runtime>::retract { record, reason }).expect("it retracts");

	// then it is marked, and its keys are gone
	let retracted =
		RecordsEvent::<Runtime>::RecordRetracted { record, version: 2, by: hospital, reason };
	assert_eq!(told(events), [retracted.into()]);
	assert_eq!(status(&mut chain, record), RecordStatus::EnteredInError);
	let keys = chain.look(|| {
		[1, 2].map(|number| salus_runtime::Records::version(record, number).expect("kept").key)
	});
	assert_eq!(keys, [None, None]);
}

#[test]
fn a_patients_own_reading_waits_for_a_doctor() {
	// given
	let mut chain = start();
	let record = id_of_reading(3);

	// when the patient files a reading
	let events = chain.send(PATIENT, reading(3)).expect("the patient files");

	// then it waits
	let proposed = RecordsEvent::<Runtime>::RecordProposed {
		record,
		subject: identity(PATIENT),
		author: identity(PATIENT),
		organisation: None,
		class: RecordClass::DeviceData,
		compartment: COMPARTMENT,
		content: content(3),
		body: body(3),
		padded_len: PADDED,
		epoch: 0,
		deadline: chain.now() + 30 * DAY,
	};
	assert_eq!(told(events), [proposed.into()]);
	assert_eq!(status(&mut chain, record), RecordStatus::InProcess);

	// when the hospital gives one verdict
	let attest = |kind| Records::<Runtime>::attest {
		record,
		version: 1,
		content: content(3),
		body: body(3),
		kind,
		verdict: Verdict::Pass,
		evidence: evidence(kind),
	};
	let events = chain.send(HOSPITAL, attest(AttestationKind::Accuracy)).expect("it judges");
	assert_eq!(told(events), [added(record, 1, HOSPITAL, &[], AttestationKind::Accuracy)]);

	// and the doctor gives those that are missing; where they work matters to no policy of this class
	let events = chain.send(DOCTOR, attest(AttestationKind::Completeness)).expect("it judges");
	assert_eq!(told(events), [added(record, 1, DOCTOR, &[], AttestationKind::Completeness)]);
	let events = chain.send(DOCTOR, attest(AttestationKind::Source)).expect("it judges");

	// then the reading counts
	let last = added(record, 1, DOCTOR, &[], AttestationKind::Source);
	let anchored = RecordsEvent::<Runtime>::RecordAnchored {
		record,
		version: 1,
		subject: identity(PATIENT),
		author: identity(PATIENT),
		organisation: None,
		class: RecordClass::DeviceData,
		compartment: COMPARTMENT,
		content: content(3),
		body: body(3),
		padded_len: PADDED,
	};
	assert_eq!(told(events), [last, anchored.into()]);
	assert_eq!(status(&mut chain, record), RecordStatus::Validated);
}

#[test]
fn a_patient_cannot_vouch_for_its_own_reading() {
	let mut chain = start();
	chain.send(PATIENT, reading(3)).expect("the patient files");
	// The call is no patient's, so that a balance would have to pay; with one it fails.
	let attest = Records::<Runtime>::attest {
		record: id_of_reading(3),
		version: 1,
		content: content(3),
		body: body(3),
		kind: AttestationKind::Source,
		verdict: Verdict::Pass,
		evidence: evidence(AttestationKind::Source),
	};
	let gift = pallet_balances::Call::<Runtime>::transfer_keep_alive {
		dest: PATIENT.to_account_id().into(),
		value: salus_runtime::constants::currency::SAL,
	};
	chain.send(HOSPITAL, gift).expect("the hospital is generous");
	let refused = chain.send(PATIENT, attest);
	let not_qualified = pallet_health_records::Error::<Runtime>::AttestorNotQualified;
	assert_eq!(refused, Err(Refused::Failed(not_qualified.into())));
}

#[test]
fn access_follows_the_grant_and_every_answer_is_logged() {
	// given a reading that is nobody's but the patient's
	let mut chain = start();
	chain.send(PATIENT, reading(3)).expect("the patient files");
	let record = id_of_reading(3);
	let question = asks(DOCTOR, record);
	let mut head = AccessHead::default();

	// then the doctor is denied, and the denial is logged
	let denied = AccessDecision::Deny(DenyReason::NoGrant);
	assert_eq!(decides(&mut chain, question), denied);
	log(&mut chain, question, denied, &mut head);

	// when the patient grants
	let call = chain.grant_to_doctor(PATIENT, COMPARTMENT);
	let window = Window { from: chain.now(), until: chain.now() + YEAR };
	let events = chain.send(PATIENT, call).expect("the patient grants");
	let granted = ConsentEvent::<Runtime>::Granted {
		grant: GrantId(0),
		subject: identity(PATIENT),
		grantee: Grantee::Identity(identity(DOCTOR)),
		terms: Terms {
			decision: Decision::Permit,
			scope: Scope::Compartment(COMPARTMENT),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window,
		},
		uses: None,
		basis: Basis::Consent,
		document: None,
		delegable: false,
		by: identity(PATIENT),
	};
	assert_eq!(told(events), [granted.into()]);

	// then the doctor reads, for this and nothing else
	let permitted = AccessDecision::Permit(PermitBasis::Grant(GrantId(0)));
	assert_eq!(decides(&mut chain, question), permitted);
	log(&mut chain, question, permitted, &mut head);
	for other in [
		AccessQuestion { purpose: Purpose::Hmarkt, ..question },
		AccessQuestion { purpose: Purpose::Btg, ..question },
		AccessQuestion { action: Action::Disclose, ..question },
		AccessQuestion { reader: identity(HOSPITAL), ..question },
	] {
		assert_eq!(decides(&mut chain, other), denied, "{other:?}");
	}

	// when the patient revokes
	let strength = RevocationStrength::Lazy;
	let revoke = Consent::<Runtime>::revoke { grant: GrantId(0), strength };
	let events = chain.send(PATIENT, revoke).expect("the patient revokes");
	let revoked = ConsentEvent::<Runtime>::Revoked {
		grant: GrantId(0),
		subject: identity(PATIENT),
		grantee: Grantee::Identity(identity(DOCTOR)),
		strength,
		by: identity(PATIENT),
	};
	assert_eq!(told(events), [revoked.into()]);

	// then the doctor is denied from that block on, and the sealed secrets are gone
	assert_eq!(decides(&mut chain, question), denied);
	log(&mut chain, question, denied, &mut head);
	assert_eq!(chain.look(|| salus_runtime::Consent::grant_keys(GrantId(0))), None);
	assert_eq!(head.count, 3);
}

/// Has the hospital log an answer, and expects the patient's log to grow by exactly that.
fn log(
	chain: &mut Chain,
	question: AccessQuestion,
	decision: AccessDecision,
	head: &mut AccessHead,
) {
	let event = Digest([head.count as u8; 32]);
	let AccessQuestion { reader, record, purpose, action } = question;
	let call = Consent::<Runtime>::log_access { reader, record, purpose, action, decision, event };
	let events = chain.send(HOSPITAL, call).expect("a custodian logs");

	let (subject, number) = (identity(PATIENT), head.count);
	let at = chain.now();
	let entry = AccessEntry { question, decision, recorder: identity(HOSPITAL), at, event };
	*head = head.advance(blake2_256, &entry);
	let logged: ConsentEvent<Runtime> = if decision.is_permit() {
		ConsentEvent::AccessLogged { subject, number, entry, head: head.hash }
	} else {
		ConsentEvent::AccessDenied { subject, number, entry, head: head.hash }
	};
	assert_eq!(told(events), [logged.into()]);
	assert_eq!(chain.look(|| salus_runtime::Consent::access_head(subject)), *head);
}

#[test]
fn only_a_custodian_logs_and_only_what_can_have_been() {
	let mut chain = start_with_a_note();
	let log = |decision| Consent::<Runtime>::log_access {
		reader: identity(REGULATOR),
		record: id_of_note(1),
		purpose: Purpose::Treat,
		action: Action::Access,
		decision,
		event: Digest([1; 32]),
	};
	let denial = log(AccessDecision::Deny(DenyReason::NoGrant));
	let refused = chain.send(DOCTOR, denial);
	assert_eq!(refused, Err(Refused::Failed(sp_runtime::DispatchError::BadOrigin)));

	let invented = chain.send(HOSPITAL, log(AccessDecision::Permit(PermitBasis::Author)));
	let not_the_author = pallet_health_consent::Error::<Runtime>::NotTheAuthor;
	assert_eq!(invented, Err(Refused::Failed(not_the_author.into())));
}

/// Has the regulator revoke an accreditation of [`Chain::staff`].
fn revoke(chain: &mut Chain, id: u64, subject: Sr25519Keyring, kind: AccreditationKind) {
	let (id, reason) = (AccreditationId(id), RevocationReason::Disciplinary);
	let effective_from: Moment = chain.now();
	let revoke = Accreditation::<Runtime>::revoke_accreditation { id, effective_from, reason };
	let events = chain.send(REGULATOR, revoke).expect("the regulator revokes");
	let revoked = AccreditationEvent::<Runtime>::AccreditationRevoked {
		accreditation: id,
		subject: identity(subject),
		kind,
		effective_from,
		reason,
		by: Some(identity(REGULATOR)),
	};
	assert_eq!(told(events), [revoked.into()]);
}

#[test]
fn a_licence_revoked_after_signing_voids_the_signature() {
	// A reading that the doctor vouched for while licensed.
	let mut chain = start();
	let record = id_of_reading(3);
	let signed = verdicts(&mut chain, DOCTOR, record, 1, 3);
	let anchor = Records::<Runtime>::anchor_validated {
		nonce: [3; 16],
		subject: identity(PATIENT),
		organisation: None,
		class: RecordClass::DeviceData,
		compartment: COMPARTMENT,
		content: Content::External { hash: content(3) },
		body: body(3),
		padded_len: PADDED,
		key: KEY,
		attestations: signed.try_into().expect("three fit"),
	};
	let gift = pallet_balances::Call::<Runtime>::transfer_keep_alive {
		dest: PATIENT.to_account_id().into(),
		value: salus_runtime::constants::currency::SAL,
	};
	chain.send(HOSPITAL, gift).expect("the hospital is generous");

	revoke(&mut chain, 3, DOCTOR, AccreditationKind::PractitionerLicence);

	let refused = chain.send(PATIENT, anchor);
	let not_qualified = pallet_health_records::Error::<Runtime>::AttestorNotQualified;
	assert_eq!(refused, Err(Refused::Failed(not_qualified.into())));
	assert_eq!(chain.look(|| salus_runtime::Records::record(record)), None);
}

#[test]
fn a_hospital_without_a_licence_neither_files_nor_vouches() {
	let mut chain = start();
	let signed = verdicts(&mut chain, HOSPITAL, id_of_note(1), 1, 1);

	revoke(&mut chain, 0, HOSPITAL, AccreditationKind::FacilityLicence);

	let refused = chain.send(DOCTOR, note(1, signed));
	let not_affiliated = pallet_health_records::Error::<Runtime>::NotAffiliated;
	assert_eq!(refused, Err(Refused::Failed(not_affiliated.into())));
	let mut own = note(1, Vec::new());
	if let RuntimeCall::Records(Records::anchor_validated { organisation, .. }) = &mut own {
		*organisation = None;
	}
	let refused = chain.send(HOSPITAL, own);
	let not_accredited = pallet_health_records::Error::<Runtime>::NotAccredited;
	assert_eq!(refused, Err(Refused::Failed(not_accredited.into())));
}

#[test]
fn a_signature_serves_once_and_for_what_it_says() {
	let mut chain = start();
	let bad = pallet_health_records::Error::<Runtime>::BadAttestationSignature;
	let refused = Err(Refused::Failed(bad.into()));

	// Signed for another record, another version, another content.
	for (record, version, number) in
		[(id_of_note(2), 1, 1), (id_of_note(1), 2, 1), (id_of_note(1), 1, 2)]
	{
		let signed = verdicts(&mut chain, HOSPITAL, record, version, number);
		assert_eq!(chain.send(DOCTOR, note(1, signed)), refused);
	}
	// Signed by somebody else.
	let mut signed = verdicts(&mut chain, DOCTOR, id_of_note(1), 1, 1);
	signed.iter_mut().for_each(|one| one.validator = HOSPITAL.to_account_id());
	assert_eq!(chain.send(DOCTOR, note(1, signed)), refused);

	let signed = verdicts(&mut chain, HOSPITAL, id_of_note(1), 1, 1);
	chain.send(DOCTOR, note(1, signed.clone())).expect("the doctor files");
	let again = pallet_health_records::Error::<Runtime>::ContentAlreadyAnchored;
	assert_eq!(chain.send(DOCTOR, note(1, signed)), Err(Refused::Failed(again.into())));
}

#[test]
fn who_leaves_the_hospital_leaves_its_records_behind() {
	let mut chain = start_with_a_note();
	let question = asks(DOCTOR, id_of_note(1));
	assert_eq!(decides(&mut chain, question), AccessDecision::Permit(PermitBasis::Author));

	let end = Accreditation::<Runtime>::end_affiliation { id: AffiliationId(0) };
	let events = chain.send(HOSPITAL, end).expect("the hospital ends it");
	let ended = AccreditationEvent::<Runtime>::AffiliationEnded {
		affiliation: AffiliationId(0),
		organisation: identity(HOSPITAL),
		practitioner: identity(DOCTOR),
		by: identity(HOSPITAL),
		at: chain.now(),
	};
	assert_eq!(told(events), [ended.into()]);

	// In the same block.
	assert_eq!(decides(&mut chain, question), AccessDecision::Deny(DenyReason::NoGrant));
	let own = AccessDecision::Permit(PermitBasis::Author);
	assert_eq!(decides(&mut chain, asks(HOSPITAL, id_of_note(1))), own);
	// Nor can the doctor file in its name any more.
	let signed = verdicts(&mut chain, HOSPITAL, id_of_note(2), 1, 2);
	let not_affiliated = pallet_health_records::Error::<Runtime>::NotAffiliated;
	assert_eq!(chain.send(DOCTOR, note(2, signed)), Err(Refused::Failed(not_affiliated.into())));
	// Nor take back what it filed in its name: that is the hospital's now.
	let retract =
		Records::<Runtime>::retract { record: id_of_note(1), reason: RetractReason::WrongContent };
	let not_keeper = pallet_health_records::Error::<Runtime>::NotKeeper;
	let refused = chain.send(DOCTOR, retract.clone());
	assert_eq!(refused, Err(Refused::Failed(not_keeper.into())));
	chain.send(HOSPITAL, retract).expect("the hospital keeps it");
}

#[test]
fn who_leaves_in_a_block_files_and_reads_nothing_later_in_it() {
	for leaves_first in [true, false] {
		let mut chain = start_with_a_note();
		let signed = verdicts(&mut chain, HOSPITAL, id_of_note(2), 1, 2);
		let filing = chain.signed(DOCTOR, note(2, signed));
		let end = Accreditation::<Runtime>::end_affiliation { id: AffiliationId(0) };
		let end = chain.signed(HOSPITAL, end);
		let order = if leaves_first { [end, filing] } else { [filing, end] };

		let outcomes = chain.put_together(&order);

		if leaves_first {
			let not_affiliated = pallet_health_records::Error::<Runtime>::NotAffiliated;
			assert!(outcomes[0].is_ok(), "{outcomes:?}");
			assert_eq!(outcomes[1], Err(Refused::Failed(not_affiliated.into())));
		} else {
			assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
		}
		// Whichever came first: after it the doctor reads none of the hospital's.
		let denied = AccessDecision::Deny(DenyReason::NoGrant);
		assert_eq!(decides(&mut chain, asks(DOCTOR, id_of_note(1))), denied);
	}
}
