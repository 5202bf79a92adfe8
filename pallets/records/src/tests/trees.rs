// SPDX-License-Identifier: Apache-2.0

//! Trees of records as clients make them, with a hasher of their own.

use super::*;
use frame_support::traits::UnfilteredDispatchable;
use salus_merkle::{Hash, Hasher, MerkleTree};
use salus_primitives::{BatchId, BatchStatement, LeafIndex, RecordLeaf, TreeAlgorithm};

pub(crate) const RFC9162: TreeAlgorithm = TreeAlgorithm::Rfc9162Sha256;

/// SHA-256 of the clients.
pub(crate) struct Sha256;

impl Hasher for Sha256 {
	fn hash(parts: &[&[u8]]) -> Hash {
		sp_io::hashing::sha2_256(&parts.concat())
	}
}

pub(crate) type Tree = MerkleTree<Sha256>;

/// What the leaf of a draft's first version holds.
pub(crate) fn leaf_data(draft: &Draft) -> Vec<u8> {
	let leaf = RecordLeaf { record: draft.id(), version: 1, content: draft.hash() };
	leaf.to_bytes().to_vec()
}

pub(crate) fn tree_of(drafts: &[Draft]) -> Tree {
	MerkleTree::from_data(drafts.iter().map(leaf_data))
}

/// Notes of the doctor's, from number `first` on.
pub(crate) fn notes(first: u8, count: u8) -> Vec<Draft> {
	(first..first + count).map(note).collect()
}

pub(crate) fn root_of(tree: &Tree) -> Digest {
	Digest(tree.root())
}

pub(crate) fn path_of(tree: &Tree, index: LeafIndex) -> Vec<Digest> {
	tree.path(index.into()).unwrap().into_iter().map(Digest).collect()
}

pub(crate) fn anchor_batch(
	who: Sr25519Keyring,
	root: Digest,
	tree_size: u32,
	bundle: Vec<Signed>,
) -> DispatchResult {
	let bundle = bundle.try_into().unwrap();
	HealthRecords::anchor_batch(origin(who), root, RFC9162, tree_size, bundle)
}

/// The hospital's batch of these drafts, with these verdicts.
pub(crate) fn hospital_batch(
	drafts: &[Draft],
	verdicts: &[(Sr25519Keyring, AttestationKind)],
) -> (BatchId, Tree) {
	let tree = tree_of(drafts);
	let (root, size) = (root_of(&tree), tree.size() as u32);
	let bundle = verdicts
		.iter()
		.map(|(who, kind)| signed_batch(*who, &batch_statement(HOSPITAL, root, size, *kind)))
		.collect();
	let batch = NextBatch::<Test>::get();
	assert_ok!(anchor_batch(HOSPITAL, root, size, bundle));
	(batch, tree)
}

/// What a validator signs about all leaves of a batch.
pub(crate) fn batch_statement(
	organisation: Sr25519Keyring,
	root: Digest,
	tree_size: u32,
	kind: AttestationKind,
) -> BatchStatement {
	BatchStatement {
		genesis: GENESIS,
		organisation: identity(organisation),
		root,
		algorithm: RFC9162,
		tree_size,
		kind,
		verdict: Verdict::Pass,
		evidence: Digest([7; 32]),
		expires: START + DAY,
	}
}

pub(crate) fn signed_batch(validator: Sr25519Keyring, statement: &BatchStatement) -> Signed {
	SignedAttestation {
		validator: account(validator),
		kind: statement.kind,
		verdict: statement.verdict,
		evidence: statement.evidence,
		expires: statement.expires,
		signature: sign(validator, &statement.to_bytes()),
	}
}

impl Draft {
	/// The call that makes this record out of a leaf of a batch.
	pub(crate) fn promotion(
		&self,
		batch: BatchId,
		leaf_index: LeafIndex,
		path: Vec<Digest>,
		bundle: Vec<Signed>,
	) -> Call<Test> {
		let path = path.try_into().unwrap();
		let attestations = bundle.try_into().unwrap();
		let Draft { nonce, subject, organisation, class, compartment, .. } = *self;
		let Draft { body, padded_len, key, .. } = *self;
		let content = self.content.clone();
		Call::promote {
			batch,
			leaf_index,
			path,
			nonce,
			subject,
			organisation,
			class,
			compartment,
			content,
			body,
			padded_len,
			key,
			attestations,
		}
	}

	/// Makes this record out of a leaf of a batch.
	pub(crate) fn promote(
		&self,
		batch: BatchId,
		index: LeafIndex,
		path: Vec<Digest>,
		bundle: Vec<Signed>,
	) -> DispatchResult {
		let call = self.promotion(batch, index, path, bundle);
		call.dispatch_bypass_filter(origin(self.author)).map(|_| ()).map_err(|failed| failed.error)
	}
}
