// SPDX-License-Identifier: Apache-2.0
//! Building trees: a root alone in constant memory, or a whole tree that gives proofs.

use crate::{Hash, Hasher, ProofError, empty_root, leaf_hash, node_hash};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Computes a root from leaves that arrive one by one, in 2 KiB and without an allocator.
///
/// It keeps the roots of the full subtrees that the leaves so far decompose into, one per set bit of
/// their number.
pub struct RootBuilder<H> {
	size: u64,
	/// `subtrees[k]` is the root of a full subtree of 2^k leaves; valid where bit k of `size` is set.
	subtrees: [Hash; 64],
	hasher: PhantomData<H>,
}

impl<H: Hasher> Default for RootBuilder<H> {
	fn default() -> Self {
		Self { size: 0, subtrees: [[0; 32]; 64], hasher: PhantomData }
	}
}

impl<H: Hasher> RootBuilder<H> {
	/// A tree without leaves.
	pub fn new() -> Self {
		Self::default()
	}

	/// Adds the leaf of `data` at the right end.
	pub fn push(&mut self, data: &[u8]) {
		self.push_leaf(leaf_hash::<H>(data));
	}

	/// Adds a leaf hash at the right end.
	pub fn push_leaf(&mut self, leaf: Hash) {
		// Like carrying in an addition: every full subtree of the same height merges to the left.
		let carries = self.size.trailing_ones() as usize;
		let merged = self
			.subtrees
			.iter()
			.take(carries)
			.fold(leaf, |right, left| node_hash::<H>(left, &right));
		if let Some(slot) = self.subtrees.get_mut(carries) {
			*slot = merged;
			self.size = self.size.saturating_add(1);
		}
	}

	/// Number of leaves so far.
	pub fn size(&self) -> u64 {
		self.size
	}

	/// Root over the leaves so far; [`empty_root`] when there are none.
	pub fn root(&self) -> Hash {
		let mut full = self
			.subtrees
			.iter()
			.zip(0u32..)
			.filter(|(_, height)| (self.size >> height) & 1 == 1)
			.map(|(subtree, _)| *subtree);
		let Some(rightmost) = full.next() else { return empty_root::<H>() };
		full.fold(rightmost, |right, left| node_hash::<H>(&left, &right))
	}
}

/// A whole tree in memory, which gives proofs: 64 bytes per leaf.
pub struct MerkleTree<H> {
	/// Leaves first, the root's level last; empty for a tree without leaves. A level of odd length
	/// passes its last node up unchanged, which gives the tree of RFC 9162: the left subtree of a
	/// node always has a power of two of leaves.
	levels: Vec<Vec<Hash>>,
	hasher: PhantomData<H>,
}

impl<H: Hasher> MerkleTree<H> {
	/// The tree over the leaves of `data`, in this order.
	pub fn from_data<D: AsRef<[u8]>>(data: impl IntoIterator<Item = D>) -> Self {
		Self::from_leaves(data.into_iter().map(|data| leaf_hash::<H>(data.as_ref())).collect())
	}

	/// The tree over these leaf hashes, in this order.
	pub fn from_leaves(leaves: Vec<Hash>) -> Self {
		let mut levels = Vec::new();
		let mut level = leaves;
		while level.len() > 1 {
			let above = level
				.chunks(2)
				.filter_map(|pair| match pair {
					[left, right] => Some(node_hash::<H>(left, right)),
					[last] => Some(*last),
					_ => None,
				})
				.collect();
			levels.push(core::mem::replace(&mut level, above));
		}
		if !level.is_empty() {
			levels.push(level);
		}
		Self { levels, hasher: PhantomData }
	}

	/// Number of leaves.
	pub fn size(&self) -> u64 {
		self.leaves().len() as u64
	}

	/// The leaf hashes, in order.
	pub fn leaves(&self) -> &[Hash] {
		self.levels.first().map_or(&[], Vec::as_slice)
	}

	/// The root; [`empty_root`] when there are no leaves.
	pub fn root(&self) -> Hash {
		self.levels.last().and_then(|level| level.first()).copied().unwrap_or_else(empty_root::<H>)
	}

	/// The path of leaf `index`, lowest sibling first: what [`crate::verify_inclusion`] takes.
	///
	/// Fails with [`ProofError::EmptyTree`] or [`ProofError::IndexOutOfRange`].
	pub fn path(&self, index: u64) -> Result<Vec<Hash>, ProofError> {
		let len = crate::path_len(self.size(), index)?;
		let mut path = Vec::with_capacity(len);
		let mut position = usize::try_from(index).map_err(|_| ProofError::IndexOutOfRange)?;
		for level in &self.levels {
			// The last node of an odd level has no sibling, and its parent is itself.
			if let Some(sibling) = level.get(position ^ 1) {
				path.push(*sibling);
			}
			position /= 2;
		}
		Ok(path)
	}
}
