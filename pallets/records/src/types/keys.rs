// SPDX-License-Identifier: Apache-2.0

//! Shares sealed to somebody beside the compartment.

use super::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{IdentityId, KeyVersion, Wrap};
use scale_info::TypeInfo;

/// How many recipients one call names.
pub const MAX_RECIPIENTS: u32 = 32;
/// How many wraps a version can have.
pub const MAX_WRAPS: u32 = 256;

/// Who one call names.
pub type Recipients = BoundedVec<IdentityId, ConstU32<MAX_RECIPIENTS>>;

/// The reader share of a version, sealed to an agreement key of one recipient.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct StoredWrap<AccountId, Ticket> {
	/// The version of the recipient's agreement key it is sealed to.
	pub key_version: KeyVersion,
	/// The sealed share.
	pub wrap: Wrap,
	/// The rent for its row. None when a patient added it.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}
