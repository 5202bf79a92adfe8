// SPDX-License-Identifier: Apache-2.0

//! Records: what filing takes, and what stands about them.

use codec::{Decode, Encode};
use salus_primitives::*;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A sealed object, as a call names it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum Content {
	/// It lies in an object store.
	#[codec(index = 0)]
	External {
		/// The hash it lies under.
		hash: ContentHash,
	},
	/// The chain keeps it.
	#[codec(index = 1)]
	Inline(Vec<u8>),
}

data! {
	/// How many passing verdicts of one kind, and who may give them.
	#[derive(Copy, Default)]
	pub struct Requirement {
		/// How many.
		pub count: u8,
		/// A validator holds one of these.
		pub from: AccreditationKinds,
	}

	/// What it takes to anchor a record of a class.
	#[derive(Copy)]
	pub struct ValidationPolicy {
		/// Verdicts on accuracy.
		pub accuracy: Requirement,
		/// Verdicts on completeness.
		pub completeness: Requirement,
		/// Verdicts on the source.
		pub source: Requirement,
		/// Whether they come from different organisations.
		pub distinct_organisations: bool,
		/// Whether the author's own verdict counts.
		pub author_may_attest: bool,
		/// How long a version may wait, in milliseconds.
		pub time_to_live: Moment,
	}

	/// A verdict as it stands beside a version.
	pub struct Attestation {
		/// Who gave it.
		pub validator: IdentityId,
		/// Where the validator worked then.
		pub organisations: Vec<IdentityId>,
		/// What it is about.
		pub kind: AttestationKind,
		/// How it came out.
		pub verdict: Verdict,
		/// Hash of the sealed evidence.
		pub evidence: Digest,
		/// When the chain took it.
		pub at: Moment,
		/// Whether it was given on a batch: then it speaks of the sealed object, and not of the
		/// commitment to its body.
		pub from_batch: bool,
	}

	/// That a record is an error, and why.
	pub struct Retraction {
		/// Why.
		pub reason: RetractReason,
		/// Who said so.
		pub by: IdentityId,
		/// When.
		pub at: Moment,
	}

	/// What stands about a record.
	pub struct RecordView {
		/// Its id.
		pub id: RecordId,
		/// Whose it is.
		pub subject: IdentityId,
		/// Who filed it.
		pub author: IdentityId,
		/// For which organisation.
		pub organisation: Option<IdentityId>,
		/// Its class.
		pub class: RecordClass,
		/// The compartment it lies in.
		pub compartment: CompartmentNo,
		/// When it was filed.
		pub created: Moment,
		/// Its place in the list of the subject's records.
		pub seq: u32,
		/// Where it stands.
		pub status: RecordStatus,
		/// Why and when it was retracted.
		pub retraction: Option<Retraction>,
		/// The version that counts.
		pub current: RecordVersion,
		/// The highest version number given out.
		pub newest: RecordVersion,
		/// The version that waits for verdicts.
		pub awaiting: Option<RecordVersion>,
		/// Whether it is held back from erasure.
		pub legal_hold: bool,
		/// The batch and the leaf that it was promoted from.
		pub batch: Option<(BatchId, LeafIndex)>,
	}

	/// How far a version has come.
	#[derive(Copy)]
	pub enum StageView {
		/// It waits for verdicts.
		Open {
			/// Until when.
			deadline: Moment,
		},
		/// It waited in vain.
		Lapsed {
			/// Since when.
			deadline: Moment,
		},
		/// Its policy was met.
		Anchored {
			/// When.
			at: Moment,
		},
		/// A verdict was `Fail`.
		Failed {
			/// When.
			at: Moment,
		},
		/// Given up without an end.
		Abandoned {
			/// When.
			at: Moment,
		},
		/// It counts, and waits for verdicts anew.
		Revalidating {
			/// When its policy was first met.
			anchored: Moment,
			/// Until when it takes verdicts.
			deadline: Moment,
		},
		/// A verdict of the new validation was `Fail`.
		RevalidationFailed {
			/// When.
			at: Moment,
		},
	}

	/// What one kind of verdict still lacks.
	pub struct Missing {
		/// The kind.
		pub kind: AttestationKind,
		/// How many.
		pub count: u8,
		/// A validator holds one of these.
		pub from: AccreditationKinds,
	}

	/// What the version under validation still lacks.
	pub struct ValidationState {
		/// Which version.
		pub version: RecordVersion,
		/// Until when it takes verdicts.
		pub deadline: Moment,
		/// Whether that has passed.
		pub lapsed: bool,
		/// What is missing.
		pub missing: Vec<Missing>,
	}

	/// Which records of a subject to list.
	#[derive(Copy)]
	pub struct RecordFilter {
		/// Of these classes.
		pub classes: Classes,
		/// Filed then or later.
		pub from: Option<Moment>,
		/// Filed before.
		pub until: Option<Moment>,
	}

	/// Many records under one root.
	pub struct BatchView {
		/// Its number.
		pub id: BatchId,
		/// Whose it is.
		pub organisation: IdentityId,
		/// The root of its tree.
		pub root: Digest,
		/// How the root is made.
		pub algorithm: TreeAlgorithm,
		/// How many leaves it has.
		pub tree_size: u32,
		/// When it was anchored.
		pub at: Moment,
		/// How many of its leaves were promoted.
		pub promoted: u32,
		/// The verdicts on all of it.
		pub attestations: Vec<Attestation>,
	}

	/// What is left of an erased record.
	#[derive(Copy)]
	pub struct Tombstone {
		/// Why it was erased.
		pub basis: ErasureBasis,
		/// Who erased it.
		pub by: IdentityId,
		/// When.
		pub at: Moment,
	}

	/// How far an erasure has come.
	#[derive(Copy)]
	pub enum ErasureState {
		/// The subject asked for it.
		Requested {
			/// When.
			at: Moment,
			/// By when it is answered.
			due: Moment,
		},
		/// The keeper refused.
		Refused {
			/// Why.
			basis: RefusalBasis,
			/// Who.
			by: IdentityId,
			/// When.
			at: Moment,
		},
		/// It is gone.
		Erased(Tombstone),
	}

	/// A tombstone as the list of all has it.
	#[derive(Copy)]
	pub struct ListedTombstone {
		/// Its place in the list.
		pub number: u64,
		/// The record.
		pub record: RecordId,
		/// What is left of it.
		pub tombstone: Tombstone,
	}
}

/// What stands about one version of a record.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct VersionView {
	/// Its number.
	pub number: RecordVersion,
	/// Who wrote it.
	pub author: IdentityId,
	/// Why, for all but the first.
	pub reason: Option<AmendReason>,
	/// When it was filed.
	pub filed: Moment,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// The object, when the chain keeps it.
	pub object: Option<Vec<u8>>,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share. None once the record is retracted.
	pub key: Option<RecordKey>,
	/// How far it has come.
	pub stage: StageView,
	/// The verdicts on it.
	pub attestations: Vec<Attestation>,
}

/// One record of `anchor_many`.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct NewRecord<AccountId, Signature> {
	/// What its author picked for its id.
	pub nonce: RecordNonce,
	/// Whose it is.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// The sealed object.
	pub content: Content,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share, sealed to the compartment.
	pub key: RecordKey,
	/// The verdicts that anchor it.
	pub attestations: Vec<SignedAttestation<AccountId, Signature>>,
}

/// What an author needs to seal for a compartment.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct WrapTargets {
	/// The public key of the compartment.
	pub compartment_key: X25519Key,
	/// The epoch of that key.
	pub epoch: Epoch,
	/// The author's own agreement key, and its version.
	pub author_key: Option<(KeyVersion, X25519Key)>,
}
