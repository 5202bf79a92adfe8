// SPDX-License-Identifier: Apache-2.0

//! The overarching policy of a patient.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{AccessPolicy, Moment};
use scale_info::TypeInfo;

/// What holds for a patient when no grant speaks.
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
pub struct PolicyRow {
	/// The policy.
	pub policy: AccessPolicy,
	/// Since when.
	pub since: Moment,
	/// What held before. Of changes that followed each other within `MaxLogDelay`, the most that any
	/// of the policies before permits.
	pub before: AccessPolicy,
}

impl Default for PolicyRow {
	fn default() -> Self {
		Self { policy: AccessPolicy::Deny, since: 0, before: AccessPolicy::Deny }
	}
}
