// SPDX-License-Identifier: Apache-2.0

//! What patients have instead of rent.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// How many bytes of a patient's room the tombstone of a record of its own takes: the row, its place
/// in the list, and their keys.
pub const TOMBSTONE_ROOM: u32 = 128;

/// What a patient takes of what it has for nothing.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Quota<Places> {
	/// How many bytes its own versions take, each counted at its longest, with the objects that the
	/// chain keeps, and the tombstones of its own records.
	pub bytes: u32,
	/// Its own versions that wait for verdicts, by record, with their deadlines.
	pub open: Places,
}
