// SPDX-License-Identifier: Apache-2.0

//! Wishes to erase a record, and what is left of those that went.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{DAY, ErasureBasis, IdentityId, Moment, RecordId, RefusalBasis};
use scale_info::TypeInfo;

/// How long the keeper of a record has to answer a wish to erase it, in milliseconds.
pub const ERASURE_TERM: Moment = 30 * DAY;

/// How many shelved versions of a record one step of its erasure removes.
pub const ERASED_VERSIONS: u32 = 16;
/// How many wraps.
pub const ERASED_WRAPS: u32 = 16;

/// What became of a wish to erase a record that is still there.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum ErasureRequest {
	/// It waits for an answer.
	#[codec(index = 0)]
	Open {
		/// Since when.
		at: Moment,
	},
	/// The keeper refused.
	#[codec(index = 1)]
	Refused {
		/// On what ground.
		basis: RefusalBasis,
		/// Who said so.
		by: IdentityId,
		/// When.
		at: Moment,
	},
}

/// What is left of an erased record. It says nothing of what the record held.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct Tombstone {
	/// On what ground.
	pub basis: ErasureBasis,
	/// Who did it.
	pub by: IdentityId,
	/// When.
	pub at: Moment,
}

/// What a user sees of the erasure of a record.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum ErasureState {
	/// The subject asked for it.
	#[codec(index = 0)]
	Requested {
		/// When.
		at: Moment,
		/// By when the answer is due.
		due: Moment,
	},
	/// The keeper refused.
	#[codec(index = 1)]
	Refused {
		/// On what ground.
		basis: RefusalBasis,
		/// Who said so.
		by: IdentityId,
		/// When.
		at: Moment,
	},
	/// The record is gone.
	#[codec(index = 2)]
	Erased(Tombstone),
}

/// A tombstone in the list of them.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ListedTombstone {
	/// Its number in the list.
	pub number: u64,
	/// Which record it was.
	pub record: RecordId,
	/// What is left.
	pub tombstone: Tombstone,
}
