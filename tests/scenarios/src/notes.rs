// SPDX-License-Identifier: Apache-2.0

//! A doctor's note with the hospital's verdicts.

use crate::{Chain, HOSPITAL};
use pallet_health_records::{Call as Records, Content};
use salus_primitives::{
	AttestationKind, AttestationStatement, Commitment, ContentHash, DAY, Digest, IdentityId,
	RecordClass, RecordId, RecordKey, RecordVersion, SignedAttestation, Verdict, blake2_256,
};
use salus_runtime::{AccountId, Runtime, Signature};
use salus_test_support::{identity, sign};
use sp_keyring::Sr25519Keyring;

/// The validator's passing verdicts of every kind on a version, signed off chain for an hour.
pub fn verdicts(
	chain: &mut Chain,
	validator: Sr25519Keyring,
	record: RecordId,
	version: RecordVersion,
	content: ContentHash,
	body: Commitment,
	evidence: impl Fn(AttestationKind) -> Digest,
) -> Vec<SignedAttestation<AccountId, Signature>> {
	let (genesis, expires) = (chain.genesis(), chain.now() + DAY / 24);
	let verdict = |kind: &AttestationKind| {
		let (kind, verdict, evidence) = (*kind, Verdict::Pass, evidence(*kind));
		let statement = AttestationStatement {
			genesis,
			record,
			version,
			content,
			body,
			kind,
			verdict,
			evidence,
			expires,
		};
		let signature = sign(validator, &statement.to_bytes());
		let validator = validator.to_account_id();
		SignedAttestation { validator, kind, verdict, evidence, expires, signature }
	};
	AttestationKind::ALL.iter().map(verdict).collect()
}

/// Has an author at the hospital anchor a note in a patient's compartment 0, with the hospital's three
/// verdicts.
pub fn anchored_note(
	chain: &mut Chain,
	author: Sr25519Keyring,
	patient: Sr25519Keyring,
) -> RecordId {
	let (by, subject): (IdentityId, IdentityId) = (identity(author), identity(patient));
	let (nonce, class, compartment) = ([0x42; 16], RecordClass::Clinical, 0);
	let record = RecordId::derive(blake2_256, &by, &subject, class, compartment, &nonce);
	let (content, body) = (ContentHash([0x42; 32]), Commitment([0x43; 32]));
	let verdicts = verdicts(chain, HOSPITAL, record, 1, content, body, |_| Digest([0x44; 32]));
	let call = Records::<Runtime>::anchor_validated {
		nonce,
		subject,
		organisation: Some(identity(HOSPITAL)),
		class,
		compartment,
		content: Content::External { hash: content },
		body,
		padded_len: 1_024,
		key: RecordKey { epoch: 0, wrap: [9; 80] },
		attestations: verdicts.try_into().expect("three fit"),
	};
	chain.send(author, call).expect("the note is anchored");
	record
}
