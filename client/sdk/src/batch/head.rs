// SPDX-License-Identifier: Apache-2.0

//! The head of a proof file: what all its leaves share.

use super::{BatchError, CHECKSUM_LEN, LeafEntry, MAX_LEAVES, entry::first_half};
use codec::{Decode, Encode};
use salus_primitives::{BatchId, Digest, IdentityId, TreeAlgorithm, blake2_256};

/// What a proof file begins with.
pub const MAGIC: &[u8; 8] = b"SALUSBAT";

/// The format of files that this version writes.
const FORMAT: u8 = 1;

/// What stands for a batch that has no number yet.
const NO_NUMBER: u64 = u64::MAX;

/// What all leaves of a batch share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BatchHead {
	/// The genesis hash of the chain that the records are sealed for.
	pub genesis: [u8; 32],
	/// The organisation that anchors the batch.
	pub organisation: IdentityId,
	/// Who sealed the documents, and makes records of the leaves.
	pub author: IdentityId,
	/// How the root is made.
	pub algorithm: TreeAlgorithm,
	/// How many leaves there are.
	pub tree_size: u32,
	/// The root of the tree.
	pub root: Digest,
	/// The number that the chain gave the batch, once it is known here.
	pub batch: Option<BatchId>,
}

/// The bytes between magic, format and checksum.
#[derive(Encode, Decode)]
struct Fields {
	algorithm: u8,
	zeros: [u8; 2],
	tree_size: u32,
	genesis: [u8; 32],
	organisation: IdentityId,
	author: IdentityId,
	root: Digest,
	batch: u64,
}

impl BatchHead {
	/// How long a head is.
	pub(super) const LEN: usize = 152 + CHECKSUM_LEN;

	/// The bytes of the head.
	pub(super) fn to_bytes(&self) -> Vec<u8> {
		let Self { genesis, organisation, author, algorithm, tree_size, root, batch } = *self;
		let batch = batch.map_or(NO_NUMBER, |batch| batch.0);
		let (algorithm, zeros) = (algorithm as u8, [0; 2]);
		let fields =
			Fields { algorithm, zeros, tree_size, genesis, organisation, author, root, batch };
		let mut bytes = (MAGIC, FORMAT, fields).encode();
		let checksum = first_half(&blake2_256(&bytes));
		bytes.extend(checksum);
		bytes
	}

	/// Reads a head, and believes nothing: every field is checked.
	pub(super) fn from_bytes(bytes: &[u8; Self::LEN]) -> Result<Self, BatchError> {
		let rest = bytes.strip_prefix(MAGIC).ok_or(BatchError::NotAProofFile)?;
		let (format, rest) = rest.split_first().ok_or(BatchError::NotAProofFile)?;
		if *format != FORMAT {
			return Err(BatchError::UnknownFormat(*format));
		}
		let (checked, found) =
			bytes.split_last_chunk::<CHECKSUM_LEN>().ok_or(BatchError::NotAProofFile)?;
		if first_half(&blake2_256(checked)) != *found {
			return Err(BatchError::DamagedHead);
		}
		let Fields { algorithm, zeros, tree_size, genesis, organisation, author, root, batch } =
			Fields::decode(&mut &*rest).map_err(|_| BatchError::DamagedHead)?;
		let algorithm = TreeAlgorithm::decode(&mut [algorithm].as_slice())
			.map_err(|_| BatchError::UnknownAlgorithm(algorithm))?;
		if zeros != [0; 2] {
			return Err(BatchError::DamagedHead);
		}
		if !(1..=MAX_LEAVES).contains(&tree_size) {
			return Err(BatchError::TreeSize(tree_size));
		}
		let batch = Some(BatchId(batch)).filter(|batch| batch.0 != NO_NUMBER);
		Ok(Self { genesis, organisation, author, algorithm, tree_size, root, batch })
	}

	/// How many nodes each level above the leaves has, lowest first; none for a single leaf.
	pub(super) fn levels(&self) -> impl Iterator<Item = u32> {
		let above = |size: &u32| (*size > 1).then(|| size.div_ceil(2));
		std::iter::successors(above(&self.tree_size), move |size| above(size))
	}

	/// Where entry `index` begins.
	pub(super) fn entry_at(index: u32) -> u64 {
		Self::LEN as u64 + u64::from(index) * LeafEntry::LEN as u64
	}

	/// Where node `place` of a level begins. Level 1 is the one above the leaves.
	pub(super) fn node_at(&self, level: usize, place: u32) -> u64 {
		let below: u64 = self.levels().take(level.saturating_sub(1)).map(u64::from).sum();
		Self::entry_at(self.tree_size) + 32 * (below + u64::from(place))
	}

	/// How long a file with this head is.
	pub(super) fn file_len(&self) -> u64 {
		self.node_at(usize::MAX, 0)
	}
}
