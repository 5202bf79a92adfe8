// SPDX-License-Identifier: Apache-2.0

//! A doctor's note with the hospital's verdicts.

use crate::{Chain, HOSPITAL};
use pallet_health_records::{Call as Records, Content};
use salus_primitives::{
	AttestationKind, AttestationStatement, Commitment, ContentHash, DAY, Digest, IdentityId,
	RecordClass, RecordId, RecordKey, SignedAttestation, Verdict, blake2_256,
};
use salus_runtime::Runtime;
use salus_test_support::{identity, sign};
use sp_keyring::Sr25519Keyring;

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
	let (genesis, expires) = (chain.genesis(), chain.now() + DAY / 24);
	let verdict = |kind: &AttestationKind| {
		let (kind, verdict, evidence) = (*kind, Verdict::Pass, Digest([0x44; 32]));
		let statement = AttestationStatement {
			genesis,
			record,
			version: 1,
			content,
			body,
			kind,
			verdict,
			evidence,
			expires,
		};
		let signature = sign(HOSPITAL, &statement.to_bytes());
		let validator = HOSPITAL.to_account_id();
		SignedAttestation { validator, kind, verdict, evidence, expires, signature }
	};
	let verdicts: Vec<_> = AttestationKind::ALL.iter().map(verdict).collect();
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
