// SPDX-License-Identifier: Apache-2.0

//! Helpers of the tests, and their list.

use crate::{Error, Event, mock::*, *};
use actors::*;
use frame_support::{assert_noop, assert_ok, dispatch::DispatchResult};
use salus_primitives::{
	AmendReason, AttestationKind, AttestationKind::*, AttestationStatement, Commitment,
	ContentHash, DAY, Digest, IdentityId, RecordClass, RecordKey, RecordStatus, RecordVersion,
	RetractReason, SignedAttestation, Verdict, signed_forms,
};
use salus_test_support::{Accreditations, START, account, identity, sign};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{AccountId32, MultiSignature};

pub(crate) mod actors;
mod add_wraps;
mod amend;
mod anchor_batch;
mod anchor_many;
mod anchor_validated;
mod attest;
mod claims;
mod drop_wraps;
mod erasures;
mod execute_erasure;
mod find_records;
mod garbage;
mod invariants;
mod journeys;
mod keepers;
mod linked_invariants;
mod model;
mod policies;
mod promote;
mod propose;
mod provided;
mod reap;
mod refuse_erasure;
mod report_bad_wrap;
mod request_erasure;
mod request_revalidation;
mod reseal;
mod retract;
mod room;
mod set_legal_hold;
mod set_tags;
mod trees;
mod views;
mod withdraw;
mod wraps;

type E = Error<Test>;
type Signed = SignedAttestation<AccountId32, MultiSignature>;

/// The epoch of the compartments that the mock opens.
const EPOCH: u32 = 3;

/// All that goes into filing a version; each number makes another one.
#[derive(Clone)]
struct Draft {
	author: Sr25519Keyring,
	nonce: [u8; 16],
	subject: IdentityId,
	organisation: Option<IdentityId>,
	class: RecordClass,
	compartment: u8,
	content: Content,
	body: Commitment,
	padded_len: u64,
	key: RecordKey,
	reason: AmendReason,
}

/// A note of the doctor's about the patient, for the hospital.
fn note(number: u8) -> Draft {
	Draft {
		author: DOCTOR,
		nonce: [number; 16],
		subject: identity(PATIENT),
		organisation: Some(identity(HOSPITAL)),
		class: RecordClass::Clinical,
		compartment: 0,
		content: Content::External { hash: ContentHash([number; 32]) },
		body: Commitment([number ^ 0xff; 32]),
		padded_len: 512,
		key: RecordKey { epoch: EPOCH, wrap: [number; 80] },
		reason: AmendReason::Replaces,
	}
}

/// A result of the laboratory's.
fn result(number: u8) -> Draft {
	let class = RecordClass::Laboratory;
	Draft { author: LABORATORY, organisation: None, class, ..note(number) }
}

/// A reading of the patient's own.
fn reading(number: u8) -> Draft {
	let class = RecordClass::DeviceData;
	Draft { author: PATIENT, organisation: None, class, ..note(number) }
}

/// The bytes of a sealed object of that padded length.
fn object(padded_len: u64, fill: u8) -> Vec<u8> {
	let mut bytes = vec![fill; object_len(padded_len).unwrap() as usize];
	bytes[..8].copy_from_slice(b"HRE1\x01\x01\x01\x10");
	bytes
}

fn inline(bytes: Vec<u8>) -> Content {
	Content::Inline(bytes.try_into().unwrap())
}

fn origin(who: Sr25519Keyring) -> RuntimeOrigin {
	RuntimeOrigin::signed(account(who))
}

impl Draft {
	fn id(&self) -> RecordId {
		let author = identity(self.author);
		HealthRecords::record_id(author, self.subject, self.class, self.compartment, self.nonce)
	}

	fn hash(&self) -> ContentHash {
		match &self.content {
			Content::External { hash } => *hash,
			Content::Inline(bytes) => sp_io::hashing::blake2_256(bytes).into(),
		}
	}

	fn propose(&self) -> DispatchResult {
		HealthRecords::propose(
			origin(self.author),
			self.nonce,
			self.subject,
			self.organisation,
			self.class,
			self.compartment,
			self.content.clone(),
			self.body,
			self.padded_len,
			self.key,
		)
	}

	fn anchor(&self, bundle: Vec<Signed>) -> DispatchResult {
		HealthRecords::anchor_validated(
			origin(self.author),
			self.nonce,
			self.subject,
			self.organisation,
			self.class,
			self.compartment,
			self.content.clone(),
			self.body,
			self.padded_len,
			self.key,
			bundle.try_into().unwrap(),
		)
	}

	/// This as one of many.
	fn one_of_many(&self, bundle: Vec<Signed>) -> NewRecordOf<Test> {
		NewRecord {
			nonce: self.nonce,
			subject: self.subject,
			class: self.class,
			compartment: self.compartment,
			content: self.content.clone(),
			body: self.body,
			padded_len: self.padded_len,
			key: self.key,
			attestations: bundle.try_into().unwrap(),
		}
	}

	/// Puts this, sealed by its author, in the place of the version that counts.
	fn reseal(&self, record: RecordId, expected: RecordVersion) -> DispatchResult {
		HealthRecords::reseal(
			origin(self.author),
			record,
			expected,
			self.content.clone(),
			self.padded_len,
			self.key,
		)
	}

	/// Files this as the next version of `record`.
	fn amend(
		&self,
		record: RecordId,
		expected: RecordVersion,
		bundle: Vec<Signed>,
	) -> DispatchResult {
		HealthRecords::amend(
			origin(self.author),
			record,
			expected,
			self.content.clone(),
			self.body,
			self.padded_len,
			self.reason,
			self.key,
			bundle.try_into().unwrap(),
		)
	}

	/// What a validator signs about this as a version of `record`.
	fn statement(
		&self,
		record: RecordId,
		version: RecordVersion,
		kind: AttestationKind,
	) -> AttestationStatement {
		AttestationStatement {
			genesis: GENESIS,
			record,
			version,
			content: self.hash(),
			body: self.body,
			kind,
			verdict: Verdict::Pass,
			evidence: Digest([7; 32]),
			expires: START + DAY,
		}
	}

	/// A passing verdict on the first version.
	fn vouched(&self, validator: Sr25519Keyring, kind: AttestationKind) -> Signed {
		signed(validator, &self.statement(self.id(), 1, kind))
	}

	/// A passing verdict on this as a version of `record`.
	fn vouched_as(
		&self,
		record: RecordId,
		version: RecordVersion,
		validator: Sr25519Keyring,
		kind: AttestationKind,
	) -> Signed {
		signed(validator, &self.statement(record, version, kind))
	}

	/// The four verdicts that a laboratory result needs.
	fn fully_vouched(&self) -> Vec<Signed> {
		vec![
			self.vouched(DOCTOR, Accuracy),
			self.vouched(STRANGER, Accuracy),
			self.vouched(DOCTOR, Completeness),
			self.vouched(OTHER_LAB, Source),
		]
	}
}

/// A second laboratory: the author's own verdict does not count there.
const OTHER_LAB: Sr25519Keyring = Sr25519Keyring::CharlieStash;

fn signed(validator: Sr25519Keyring, statement: &AttestationStatement) -> Signed {
	SignedAttestation {
		validator: account(validator),
		kind: statement.kind,
		verdict: statement.verdict,
		evidence: statement.evidence,
		expires: statement.expires,
		signature: sign(validator, &statement.to_bytes()),
	}
}

fn add_other_lab() {
	use salus_primitives::{AccreditationKind, IdentityKind};
	let id = identity(OTHER_LAB);
	salus_test_support::Identities::set(account(OTHER_LAB), id, IdentityKind::Organisation);
	Accreditations::always(id, AccreditationKind::LaboratoryAccreditation);
}

fn attest(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	kind: AttestationKind,
	verdict: Verdict,
) -> DispatchResult {
	attest_on(who, record, version, seen(record, version), kind, verdict)
}

/// A verdict on an object, and the body it is said to hold, that a validator saw as this version.
fn attest_on(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	(content, body): (ContentHash, Commitment),
	kind: AttestationKind,
	verdict: Verdict,
) -> DispatchResult {
	let evidence = Digest([8; 32]);
	HealthRecords::attest(origin(who), record, version, content, body, kind, verdict, evidence)
}

/// What a validator sees of a version, when there is such a version.
fn seen(record: RecordId, version: RecordVersion) -> (ContentHash, Commitment) {
	let version = HealthRecords::version(record, version);
	let nothing = (ContentHash([0; 32]), Commitment([0; 32]));
	version.map_or(nothing, |version| (version.content, version.body))
}

fn pass(
	who: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	kind: AttestationKind,
) -> DispatchResult {
	attest(who, record, version, kind, Verdict::Pass)
}

fn retract(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::retract(origin(who), record, RetractReason::WrongContent)
}

fn revalidate(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::request_revalidation(origin(who), record)
}

fn withdraw(who: Sr25519Keyring, record: RecordId) -> DispatchResult {
	HealthRecords::withdraw(origin(who), record)
}

/// By an account that is nobody's.
fn reap_all(records: &[RecordId]) -> DispatchResult {
	HealthRecords::reap(origin(NOBODY), records.to_vec().try_into().unwrap())
}

fn set_hold(record: RecordId, on: bool) {
	assert_ok!(HealthRecords::set_legal_hold(origin(HOSPITAL), record, on));
}

/// What a row of a record, and what a row of a version holds of who files it.
fn rents() -> (u64, u64) {
	use codec::MaxEncodedLen;
	let of = |len: usize| 100 + len as u64;
	(of(RecordOf::<Test>::max_encoded_len()), of(VersionOf::<Test>::max_encoded_len()))
}

fn status(record: RecordId) -> RecordStatus {
	Records::<Test>::get(record).unwrap().status(now())
}

fn current(record: RecordId) -> VersionOf<Test> {
	Records::<Test>::get(record).unwrap().current
}

/// An anchored note, with the signature of the hospital's gateway.
fn anchored_note(number: u8) -> RecordId {
	let note = note(number);
	assert_ok!(note.anchor(vec![note.vouched(HOSPITAL, Source)]));
	note.id()
}

/// An anchored reading of the patient's.
fn anchored_reading(number: u8) -> RecordId {
	let reading = reading(number);
	assert_ok!(reading.anchor(vec![reading.vouched(DOCTOR, Accuracy)]));
	reading.id()
}

/// The events of this pallet since the last look.
fn events() -> Vec<Event<Test>> {
	let all = System::read_events_for_pallet::<Event<Test>>();
	System::reset_events();
	all
}

/// What of somebody's own waits for verdicts, with the deadlines.
fn places(who: Sr25519Keyring) -> Vec<(RecordId, u64)> {
	Quotas::<Test>::get(identity(who)).open.into_inner()
}

/// How many bytes somebody's own versions take.
fn taken(who: Sr25519Keyring) -> u32 {
	Quotas::<Test>::get(identity(who)).bytes
}

/// What a version of a patient's takes of its room when its object lies elsewhere.
fn room() -> u32 {
	HealthRecords::room_of(0)
}

fn held(who: Sr25519Keyring) -> u64 {
	use frame_support::traits::fungible::InspectHold;
	Balances::balance_on_hold(&RuntimeHoldReason::HealthRecords(HoldReason::Record), &account(who))
}
