// SPDX-License-Identifier: Apache-2.0

//! The proof of one leaf, alone in a small JSON document.

use super::{Anchorable, KEPT_LEN, LEAF_VERSION, LeafEntry, MAX_LEAVES};
use crate::wire::hex_bytes;
use salus_envelope::Sha256Hasher;
use salus_merkle::{leaf_hash, verify_inclusion};
use salus_primitives::{
	BatchId, Commitment, CompartmentNo, ContentHash, Digest, Epoch, IdentityId, LeafIndex,
	RecordClass, RecordId, RecordKey, RecordLeaf, RecordNonce, RecordVersion, TreeAlgorithm, Wrap,
};
use serde::{Deserialize, Serialize};

/// What a proof calls its format.
const FORMAT: &str = "salus-proof/1";

/// The longest proof that is read, in bytes. One at the full depth has less than 5,000.
const LONGEST: usize = 1 << 16;

/// The format of a proof; there is one so far.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum ProofFormat {
	/// The first.
	#[default]
	#[serde(rename = "salus-proof/1")]
	First,
}

/// That a record is a leaf of a batch.
///
/// Everything in it is a claim of whoever gives it until [`Self::check`] said that it adds up, and
/// until its root was compared with the chain's.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LeafProof {
	/// The format.
	pub format: ProofFormat,
	/// The genesis hash of the chain that the batch is on.
	#[serde(with = "hex_bytes")]
	pub genesis: [u8; 32],
	/// The organisation that anchored the batch.
	pub organisation: IdentityId,
	/// The number of the batch, where it was known when the proof was made.
	pub batch: Option<BatchId>,
	/// How the root is made.
	pub algorithm: TreeAlgorithm,
	/// The root.
	pub root: Digest,
	/// How many leaves the tree has.
	pub tree_size: u32,
	/// Which one this is.
	pub leaf_index: LeafIndex,
	/// The record.
	pub record: RecordId,
	/// Its version, the first.
	pub version: RecordVersion,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// The siblings from the leaf up.
	pub path: Vec<Digest>,
	/// What makes the leaf a record of its own. Left out of proofs for third parties.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub promotion: Option<Promotion>,
}

/// What it takes to make a leaf a record of its own.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promotion {
	/// Who sealed the document: nobody else can file it under this record's id.
	pub author: IdentityId,
	/// Whom it is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment that it goes into.
	pub compartment: CompartmentNo,
	/// What the author picked for the record's id.
	#[serde(with = "hex_bytes")]
	pub nonce: RecordNonce,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The epoch of the compartment that the reader share is sealed to.
	pub epoch: Epoch,
	/// The reader share, sealed to the compartment.
	#[serde(with = "hex_bytes")]
	pub wrap: Wrap,
	/// Reader share and salt of the body, sealed with the author's keystore.
	#[serde(with = "hex_bytes")]
	pub kept: [u8; KEPT_LEN],
}

/// Why a proof proves nothing.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFault {
	/// It is something else.
	#[error("it is no proof of a record ({0}): name the file that `salus record prove` wrote")]
	NotAProof(String),
	/// It was written in a format that came later.
	#[error("the proof has format {0}, which this program does not know: update the program")]
	UnknownFormat(String),
	/// A batch holds first versions only.
	#[error("the proof speaks of version {0}, and a leaf is always version 1: it was altered")]
	NotFirstVersion(RecordVersion),
	/// No tree of a batch has that many leaves.
	#[error("the proof speaks of a tree of {0} leaves, and a batch has 1 to {MAX_LEAVES}")]
	TreeSize(u32),
	/// The id is not made of author, patient, class, compartment and nonce.
	#[error("the record's id does not fit the patient and place in the proof: it was altered")]
	WrongRecord,
	/// Leaf, index, size or path are wrong.
	#[error("the record is not in the batch: {0}; ask the organisation for the proof again")]
	NotIncluded(salus_merkle::ProofError),
	/// The proof is of another chain.
	#[error(
		"the proof is for the chain with genesis {found}, and not for {expected}: check it with a \
		 node of its chain"
	)]
	OtherGenesis {
		/// The chain that was meant.
		expected: Digest,
		/// The chain that it names.
		found: Digest,
	},
	/// The chain has the batch, and not as the proof says.
	#[error("the batch on chain has another {0} than the proof: the proof is of another batch")]
	OtherBatch(&'static str),
	/// The object is not the one that the leaf names.
	#[error("the object has hash {found}, and the proof names {expected}: it is another object")]
	OtherObject {
		/// What the leaf names.
		expected: ContentHash,
		/// What is there.
		found: ContentHash,
	},
}

impl LeafProof {
	/// Reads a proof. What it says is not checked yet.
	pub fn from_json(text: &[u8]) -> Result<Self, ProofFault> {
		#[derive(Deserialize)]
		struct Format {
			format: String,
		}

		let wrong = |reason: String| ProofFault::NotAProof(crate::one_line(&reason));
		if text.len() > LONGEST {
			return Err(wrong(format!("it has more than {LONGEST} bytes")));
		}
		let Format { format } =
			serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))?;
		if format != FORMAT {
			return Err(ProofFault::UnknownFormat(crate::one_line(&format)));
		}
		serde_json::from_slice(text).map_err(|error| wrong(error.to_string()))
	}

	/// The proof as it is handed on.
	pub fn to_json(&self) -> String {
		serde_json::to_string_pretty(self).expect("plain data; qed") + "\n"
	}

	/// The same proof for somebody who only checks it: it names no patient.
	pub fn without_promotion(self) -> Self {
		Self { promotion: None, ..self }
	}

	/// What the leaf stands for.
	pub fn leaf(&self) -> RecordLeaf {
		RecordLeaf { record: self.record, version: self.version, content: self.content }
	}

	/// What has to stand on chain.
	pub fn anchorable(&self) -> Anchorable {
		Anchorable { root: self.root, algorithm: self.algorithm, tree_size: self.tree_size }
	}

	/// Whether the proof adds up: the record's id, the leaf made anew, the path, the root.
	pub fn check(&self) -> Result<(), ProofFault> {
		if self.version != LEAF_VERSION {
			return Err(ProofFault::NotFirstVersion(self.version));
		}
		if !(1..=MAX_LEAVES).contains(&self.tree_size) {
			return Err(ProofFault::TreeSize(self.tree_size));
		}
		if let (Some(promotion), Some(entry)) = (&self.promotion, self.entry())
			&& !entry.has_id_of(&promotion.author)
		{
			return Err(ProofFault::WrongRecord);
		}
		let path: Vec<_> = self.path.iter().map(|node| node.0).collect();
		let TreeAlgorithm::Rfc9162Sha256 = self.algorithm;
		let leaf = leaf_hash::<Sha256Hasher>(&self.leaf().to_bytes());
		let (size, index) = (self.tree_size.into(), self.leaf_index.into());
		verify_inclusion::<Sha256Hasher>(&self.root.0, size, index, &leaf, &path)
			.map_err(ProofFault::NotIncluded)
	}

	/// Whether it is a proof for this chain.
	pub fn check_genesis(&self, genesis: &[u8; 32]) -> Result<(), ProofFault> {
		let (expected, found) = (Digest(*genesis), Digest(self.genesis));
		if expected == found { Ok(()) } else { Err(ProofFault::OtherGenesis { expected, found }) }
	}

	/// Whether a batch on chain is the one of the proof.
	pub fn check_batch(
		&self,
		organisation: &IdentityId,
		anchored: &Anchorable,
	) -> Result<(), ProofFault> {
		let Anchorable { root, algorithm, tree_size } = self.anchorable();
		let differs = if self.organisation != *organisation {
			"organisation"
		} else if root != anchored.root {
			"root"
		} else if algorithm != anchored.algorithm {
			"tree algorithm"
		} else if tree_size != anchored.tree_size {
			"number of leaves"
		} else {
			return Ok(());
		};
		Err(ProofFault::OtherBatch(differs))
	}

	/// Whether an object is the one that the leaf names.
	pub fn check_object(&self, found: ContentHash) -> Result<(), ProofFault> {
		let expected = self.content;
		if expected == found { Ok(()) } else { Err(ProofFault::OtherObject { expected, found }) }
	}

	/// The entry of the leaf, for its promotion; `None` in a proof for third parties.
	pub fn entry(&self) -> Option<LeafEntry> {
		let promotion = self.promotion.as_ref()?;
		Some(LeafEntry {
			record: self.record,
			content: self.content,
			nonce: promotion.nonce,
			subject: promotion.subject,
			class: promotion.class,
			compartment: promotion.compartment,
			body: promotion.body,
			padded_len: promotion.padded_len,
			key: RecordKey { epoch: promotion.epoch, wrap: promotion.wrap },
			kept: promotion.kept,
		})
	}
}

impl Promotion {
	/// What `author` needs of an entry.
	pub(super) fn of(author: IdentityId, entry: &LeafEntry) -> Self {
		Self {
			author,
			subject: entry.subject,
			class: entry.class,
			compartment: entry.compartment,
			nonce: entry.nonce,
			body: entry.body,
			padded_len: entry.padded_len,
			epoch: entry.key.epoch,
			wrap: entry.key.wrap,
			kept: entry.kept,
		}
	}
}
