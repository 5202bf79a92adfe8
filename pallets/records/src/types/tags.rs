// SPDX-License-Identifier: Apache-2.0

//! Blind-index tags.

use super::Deposit;
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{RecordId, Tag};
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

/// Some of the records that carry a tag.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct RecordIdPage {
	/// The records.
	pub items: Vec<RecordId>,
	/// After which record the next page starts, when there is more.
	pub next: Option<RecordId>,
}
