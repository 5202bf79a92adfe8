// SPDX-License-Identifier: Apache-2.0
//! Checking that a leaf is in a tree: RFC 9162 section 2.1.3.2.

use crate::{Hash, Hasher, node_hash};
use core::fmt;

/// Why a proof of inclusion does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProofError {
	/// The tree has no leaves, so it contains nothing.
	EmptyTree,
	/// There is no leaf of that number in a tree of that size. Leaves count from zero.
	IndexOutOfRange,
	/// The path lacks hashes for this index and size.
	PathTooShort,
	/// The path has more hashes than this index and size allow.
	PathTooLong,
	/// The path is well formed and leads to another root: leaf, index, size or path is wrong.
	RootMismatch,
}

impl fmt::Display for ProofError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(match self {
			Self::EmptyTree => "a tree without leaves contains nothing",
			Self::IndexOutOfRange => "the leaf index is not below the tree size",
			Self::PathTooShort => "the path is too short for this index and tree size",
			Self::PathTooLong => "the path is too long for this index and tree size",
			Self::RootMismatch => "the path leads to another root",
		})
	}
}

impl core::error::Error for ProofError {}

/// Checks that `leaf` is leaf number `index` of the tree with this `root` and `size`.
///
/// `leaf` is a leaf *hash*: make it with [`crate::leaf_hash`] from data in hand, never take it from
/// the prover. `root` and `size` belong together and come from a source that is trusted. Hashes at
/// most 64 times.
pub fn verify_inclusion<H: Hasher>(
	root: &Hash,
	size: u64,
	index: u64,
	leaf: &Hash,
	path: &[Hash],
) -> Result<(), ProofError> {
	if root_from_path::<H>(size, index, leaf, path)? == *root {
		Ok(())
	} else {
		Err(ProofError::RootMismatch)
	}
}

/// The root that a path leads to, for a caller that compares or stores it.
///
/// Fails on everything that [`verify_inclusion`] refuses except a different root.
pub fn root_from_path<H: Hasher>(
	size: u64,
	index: u64,
	leaf: &Hash,
	path: &[Hash],
) -> Result<Hash, ProofError> {
	let shape = Shape::of(size, index)?;
	match path.len().cmp(&shape.path_len()) {
		core::cmp::Ordering::Less => return Err(ProofError::PathTooShort),
		core::cmp::Ordering::Greater => return Err(ProofError::PathTooLong),
		core::cmp::Ordering::Equal => {},
	}

	let root = path.iter().zip(0u32..).fold(*leaf, |below, (sibling, level)| {
		// Past the inner levels the leaf hangs on the right edge, where every sibling is a full
		// subtree to its left.
		let is_left_child = level < shape.inner && (index >> level) & 1 == 0;
		if is_left_child {
			node_hash::<H>(&below, sibling)
		} else {
			node_hash::<H>(sibling, &below)
		}
	});
	Ok(root)
}

/// How many hashes the path of leaf `index` has in a tree of `size` leaves: 0 to 64.
pub fn path_len(size: u64, index: u64) -> Result<usize, ProofError> {
	Shape::of(size, index).map(|shape| shape.path_len())
}

/// The two stretches of a path.
struct Shape {
	/// Levels below the point where the way to this leaf parts from the way to the last leaf: at
	/// each the leaf has a sibling, on the side its index bit says.
	inner: u32,
	/// Levels above that point which have a sibling: one per full subtree to the left.
	border: u32,
}

impl Shape {
	fn of(size: u64, index: u64) -> Result<Self, ProofError> {
		let last = size.checked_sub(1).ok_or(ProofError::EmptyTree)?;
		if index > last {
			return Err(ProofError::IndexOutOfRange);
		}
		let inner = u64::BITS - (index ^ last).leading_zeros();
		// A shift by 64 means the paths part at the very top, so nothing is left above.
		let border = index.checked_shr(inner).unwrap_or(0).count_ones();
		Ok(Self { inner, border })
	}

	fn path_len(&self) -> usize {
		(self.inner + self.border) as usize
	}
}
