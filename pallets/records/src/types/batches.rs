// SPDX-License-Identifier: Apache-2.0

//! Batches of records under one root.

use super::{Attestation, Attestations, Deposit};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{BatchId, Digest, IdentityId, Moment, TreeAlgorithm};
use scale_info::TypeInfo;

/// The longest path from a leaf to a root.
pub const MAX_PATH: u32 = 20;
/// How many leaves a batch can have.
pub const MAX_TREE_SIZE: u32 = 1 << MAX_PATH;

/// The hashes beside the way from a leaf to the root, from the leaf up.
pub type LeafPath = BoundedVec<Digest, ConstU32<MAX_PATH>>;

/// A batch: a root that stands for records which are not on chain one by one.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Batch<AccountId, Ticket> {
	/// Whose batch it is.
	pub organisation: IdentityId,
	/// The root of its tree.
	pub root: Digest,
	/// How the root is made.
	pub algorithm: TreeAlgorithm,
	/// How many leaves it has.
	pub tree_size: u32,
	/// When it was anchored.
	pub at: Moment,
	/// How many of its leaves became records.
	pub promoted: u32,
	/// The verdicts on all its leaves.
	pub attestations: Attestations,
	/// The rent for its row.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

/// What a user sees of a batch.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct BatchView {
	/// Its number.
	pub id: BatchId,
	/// Whose batch it is.
	pub organisation: IdentityId,
	/// The root of its tree.
	pub root: Digest,
	/// How the root is made.
	pub algorithm: TreeAlgorithm,
	/// How many leaves it has.
	pub tree_size: u32,
	/// When it was anchored.
	pub at: Moment,
	/// How many of its leaves became records.
	pub promoted: u32,
	/// The verdicts on all its leaves.
	pub attestations: Vec<Attestation>,
}
