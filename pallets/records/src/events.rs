// SPDX-License-Identifier: Apache-2.0

//! What happened, enough to follow the state without reading it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A record waits for verdicts.
		RecordProposed {
			/// Which record.
			record: RecordId,
			/// Whose it is.
			subject: IdentityId,
			/// Who wrote it.
			author: IdentityId,
			/// For which organisation.
			organisation: Option<IdentityId>,
			/// Its class.
			class: RecordClass,
			/// The compartment it lies in.
			compartment: CompartmentNo,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
			/// The epoch its key is sealed to.
			epoch: Epoch,
			/// Until when verdicts are taken (exclusive).
			deadline: Moment,
		},
		/// A validator gave a verdict.
		AttestationAdded {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who judged.
			validator: IdentityId,
			/// Where a practitioner worked then.
			organisations: BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>,
			/// What the verdict is about.
			kind: AttestationKind,
			/// How it came out.
			verdict: Verdict,
			/// Hash of the sealed reasons.
			evidence: Digest,
		},
		/// The policy is met: this version counts now.
		RecordAnchored {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Whose it is.
			subject: IdentityId,
			/// Who wrote it.
			author: IdentityId,
			/// For which organisation.
			organisation: Option<IdentityId>,
			/// Its class.
			class: RecordClass,
			/// The compartment it lies in.
			compartment: CompartmentNo,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
		},
		/// A verdict was `Fail`: this version will never count.
		ValidationFailed {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who judged.
			validator: IdentityId,
			/// What the verdict is about.
			kind: AttestationKind,
		},
		/// A record got a new version. With a deadline it waits for verdicts; without, it counts.
		RecordAmended {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Why.
			reason: AmendReason,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The commitment to the body.
			body: Commitment,
			/// The length of the padded plaintext.
			padded_len: u64,
			/// The epoch its key is sealed to.
			epoch: Epoch,
			/// Until when verdicts are taken (exclusive).
			deadline: Option<Moment>,
		},
		/// A record was entered in error.
		RecordRetracted {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Why.
			reason: RetractReason,
		},
		/// What it takes to anchor records of a class was set, for versions filed from now on.
		ValidationPolicySet {
			/// Its class.
			class: RecordClass,
			/// What it takes.
			policy: ValidationPolicy,
		},
		/// A proposal, or an amendment that waited, was taken back. Its rows are gone.
		RecordWithdrawn {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
		},
		/// The time for verdicts passed, and the rows of the version are gone.
		RecordLapsed {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
		},
		/// A record that counts is validated anew.
		RevalidationRequested {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who asked. None is governance.
			by: Option<IdentityId>,
			/// Until when verdicts are taken (exclusive).
			deadline: Moment,
		},
		/// The policy was met anew.
		RecordRevalidated {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
		},
		/// A verdict of the new validation was `Fail`. The record counts as before, marked so.
		RevalidationFailed {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who judged.
			validator: IdentityId,
			/// What the verdict is about.
			kind: AttestationKind,
		},
		/// More recipients can open a version.
		WrapsAdded {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Who can open it.
			recipients: Recipients,
		},
		/// Recipients lost their share of a version.
		WrapsDropped {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// Whose share is gone.
			recipients: Recipients,
		},
		/// A reader says that its share of a version does not open.
		BadWrapReported {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who says so.
			by: IdentityId,
		},
		/// The same body is sealed under new keys, and counts in their place.
		RecordResealed {
			/// Which record.
			record: RecordId,
			/// Which version.
			version: RecordVersion,
			/// Who did it.
			by: IdentityId,
			/// The hash of the sealed object.
			content: ContentHash,
			/// The length of the padded plaintext.
			padded_len: u64,
			/// The epoch its key is sealed to.
			epoch: Epoch,
		},
		/// A record has other tags now.
		TagsSet {
			/// Which record.
			record: RecordId,
			/// Who did it.
			by: IdentityId,
			/// How many.
			count: u32,
		},
		/// The root of a batch is on chain.
		BatchAnchored {
			/// Which batch.
			batch: BatchId,
			/// The organisation behind it.
			organisation: IdentityId,
			/// The root of its tree.
			root: Digest,
			/// How the root is made.
			algorithm: TreeAlgorithm,
			/// How many leaves it has.
			tree_size: u32,
		},
		/// A leaf of a batch became a record.
		LeafPromoted {
			/// Which batch.
			batch: BatchId,
			/// Which leaf.
			leaf_index: LeafIndex,
			/// Which record.
			record: RecordId,
		},
		/// A subject asked to have a record erased.
		ErasureRequested {
			/// Which record.
			record: RecordId,
			/// Who did it.
			by: IdentityId,
			/// By when the answer is due.
			due: Moment,
		},
		/// The keeper of a record refused to erase it.
		ErasureRefused {
			/// Which record.
			record: RecordId,
			/// Who did it.
			by: IdentityId,
			/// On what ground.
			basis: RefusalBasis,
		},
		/// A record is gone.
		RecordErased {
			/// Which record.
			record: RecordId,
			/// Whose it was.
			subject: IdentityId,
			/// Who did it.
			by: IdentityId,
			/// On what ground.
			basis: ErasureBasis,
		},
		/// A record came under legal hold, or is free of it.
		LegalHoldSet {
			/// Which record.
			record: RecordId,
			/// Who did it.
			by: IdentityId,
			/// Whether it is held.
			on: bool,
		},
	}
}
