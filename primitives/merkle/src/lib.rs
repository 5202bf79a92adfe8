// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod proof;
mod tree;

pub use proof::{ProofError, path_len, root_from_path, verify_inclusion};
pub use tree::{MerkleTree, RootBuilder};

/// A leaf, a node or a root: the 32 bytes a [`Hasher`] gives.
pub type Hash = [u8; 32];

/// The hash function of a tree.
///
/// Trees of Salus use SHA-256 (RFC 9162 section 2.1); the parts are hashed one after the other, as
/// if they were one byte string.
pub trait Hasher {
	/// Hashes the concatenation of `parts`.
	fn hash(parts: &[&[u8]]) -> Hash;
}

/// Hash of a leaf: `H(0x00 ‖ data)`, RFC 9162 section 2.1.1.
pub fn leaf_hash<H: Hasher>(data: &[u8]) -> Hash {
	H::hash(&[&[0x00], data])
}

/// Hash of an inner node: `H(0x01 ‖ left ‖ right)`, RFC 9162 section 2.1.1.
pub fn node_hash<H: Hasher>(left: &Hash, right: &Hash) -> Hash {
	H::hash(&[&[0x01], left, right])
}

/// Root of a tree without leaves: the hash of the empty string.
///
/// It exists so that an empty log has a head; [`verify_inclusion`] accepts nothing against it.
pub fn empty_root<H: Hasher>() -> Hash {
	H::hash(&[])
}
