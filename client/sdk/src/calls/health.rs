// SPDX-License-Identifier: Apache-2.0

//! Records.

use super::Account;
use crate::{Call, types::*};
use salus_primitives::*;

calls! {
	/// Records: proposals, verdicts, versions.
	"Records" records {
		/// Files a record that waits for verdicts.
		propose(
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
		);
		/// Gives a verdict on the object that was seen as this version.
		attest(
			record: RecordId,
			version: RecordVersion,
			content: ContentHash,
			body: Commitment,
			kind: AttestationKind,
			verdict: Verdict,
			evidence: Digest,
		);
		/// Files a record together with the verdicts that anchor it.
		anchor_validated(
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Gives a record a new version.
		amend(
			record: RecordId,
			expected_version: RecordVersion,
			content: Content,
			body: Commitment,
			padded_len: u64,
			reason: AmendReason,
			key: RecordKey,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Marks a record as entered in error.
		retract(record: RecordId, reason: RetractReason);
		/// Files up to 100 records with the verdicts that anchor them: all of them or none.
		anchor_many(
			organisation: Option<IdentityId>,
			records: Vec<NewRecord<Account, Signature>>,
		);
		/// Takes an own proposal back, or the amendment of an own record that waits.
		withdraw(record: RecordId);
		/// Asks for a record to be validated anew. It still counts meanwhile.
		request_revalidation(record: RecordId);
		/// Seals the reader share of a version to more people.
		add_wraps(record: RecordId, version: RecordVersion, wraps: Vec<RecipientKey>);
		/// Drops what was sealed to people.
		drop_wraps(record: RecordId, version: RecordVersion, recipients: Vec<IdentityId>);
		/// Says that the wrap for the signer does not open.
		report_bad_wrap(record: RecordId, version: RecordVersion);
		/// Seals the same body anew, so that former readers' shares no longer open it. What rested on
		/// the verdicts of a batch is validated anew.
		reseal(
			record: RecordId,
			expected_version: RecordVersion,
			content: Content,
			padded_len: u64,
			key: RecordKey,
		);
		/// Sets the blind-index tags of a record. None clears them.
		set_tags(record: RecordId, tags: Vec<Tag>);
		/// Anchors the root of a batch. By an organisation, for itself.
		anchor_batch(
			root: Digest,
			algorithm: TreeAlgorithm,
			tree_size: u32,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Makes a leaf of a batch a record.
		promote(
			batch: BatchId,
			leaf_index: LeafIndex,
			path: Vec<Digest>,
			nonce: RecordNonce,
			subject: IdentityId,
			organisation: Option<IdentityId>,
			class: RecordClass,
			compartment: CompartmentNo,
			content: Content,
			body: Commitment,
			padded_len: u64,
			key: RecordKey,
			attestations: Vec<SignedAttestation<Account, Signature>>,
		);
		/// Asks for the erasure of a record. By its subject.
		request_erasure(record: RecordId);
		/// Erases a record. By its keeper, or by the subject whose own it is.
		execute_erasure(record: RecordId, basis: ErasureBasis);
		/// Refuses an erasure that was asked for. By the record's keeper.
		refuse_erasure(record: RecordId, basis: RefusalBasis);
		/// Holds a record back from erasure, or lets it go.
		set_legal_hold(record: RecordId, on: bool);
		/// Removes what lapsed, and what an erasure left. By anybody.
		reap(records: Vec<RecordId>);
		/// Sets what it takes to anchor records of a class. By governance.
		set_validation_policy(class: RecordClass, policy: ValidationPolicy);
	}
}
