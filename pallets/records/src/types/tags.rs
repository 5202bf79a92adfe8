// SPDX-License-Identifier: Apache-2.0

//! Blind-index tags.

use super::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::Tag;
use scale_info::TypeInfo;

/// How many tags a record can have.
pub const MAX_TAGS: u32 = 8;

/// The tags of a record.
pub type Tags = BoundedVec<Tag, ConstU32<MAX_TAGS>>;

/// The tags of a record, with the rent for them.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct TagSet<AccountId, Ticket> {
	/// The tags, each once.
	pub tags: Tags,
	/// The rent for the set. None when a patient set it.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}
