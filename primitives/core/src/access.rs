// SPDX-License-Identifier: Apache-2.0

//! Questions and answers about access: what `check_access` is asked and what it says.

use crate::{Action, GrantId, IdentityId, Moment, Purpose, RecordId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// May `reader` do `action` with `record` for `purpose`?
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AccessQuestion {
	/// Who asks.
	pub reader: IdentityId,
	/// Which record.
	pub record: RecordId,
	/// What for.
	pub purpose: Purpose,
	/// What to do.
	pub action: Action,
}

/// What a permit rests on.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum PermitBasis {
	/// The reader is the subject.
	#[codec(index = 0)]
	Subject,
	/// The reader's organisation wrote the entry and keeps it under its retention duty.
	#[codec(index = 1)]
	Author,
	/// A grant permits.
	#[codec(index = 2)]
	Grant(GrantId),
}

/// Why access is denied.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum DenyReason {
	/// There is no such record.
	#[codec(index = 0)]
	UnknownRecord,
	/// The reader is no active identity.
	#[codec(index = 1)]
	UnknownReader,
	/// A grant denies.
	#[codec(index = 2)]
	Grant(GrantId),
	/// Nothing permits, and the subject's policy is to deny.
	#[codec(index = 3)]
	NoGrant,
}

/// The answer.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum AccessDecision {
	/// Yes, because.
	#[codec(index = 0)]
	Permit(PermitBasis),
	/// No, because.
	#[codec(index = 1)]
	Deny(DenyReason),
}

impl AccessDecision {
	/// Whether access is permitted.
	pub const fn is_permit(&self) -> bool {
		matches!(self, Self::Permit(_))
	}
}

impl fmt::Display for AccessDecision {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Permit(PermitBasis::Subject) => {
				f.write_str("permitted: the record is the reader's own")
			},
			Self::Permit(PermitBasis::Author) => {
				f.write_str("permitted: the reader's side wrote it")
			},
			Self::Permit(PermitBasis::Grant(id)) => write!(f, "permitted by grant {id}"),
			Self::Deny(DenyReason::UnknownRecord) => f.write_str("denied: no such record"),
			Self::Deny(DenyReason::UnknownReader) => {
				f.write_str("denied: the reader is no active identity")
			},
			Self::Deny(DenyReason::Grant(id)) => write!(f, "denied by grant {id}"),
			Self::Deny(DenyReason::NoGrant) => f.write_str("denied: no grant permits it"),
		}
	}
}

/// One entry of a patient's access log.
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
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AccessEntry {
	/// What was asked.
	pub question: AccessQuestion,
	/// What was answered.
	pub decision: AccessDecision,
	/// The organisation that answered and reports it.
	pub recorder: IdentityId,
	/// When it was recorded on chain.
	pub at: Moment,
	/// Hash of the recorder's sealed audit event.
	pub event: crate::Digest,
}

/// The end of a patient's hash-chained access log.
///
/// `hash(n) = blake2_256(hash(n - 1) ‖ SCALE(entry n))`, from 32 zero bytes: who holds all entries
/// can show that none is missing or swapped.
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
	Default,
	Debug,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AccessHead {
	/// How many entries there are.
	pub count: u64,
	/// The hash over all of them.
	pub hash: crate::Digest,
}

impl AccessHead {
	/// The head after one more entry.
	#[must_use]
	pub fn advance(&self, hash: impl Fn(&[u8]) -> [u8; 32], entry: &AccessEntry) -> Self {
		Self {
			count: self.count.saturating_add(1),
			hash: hash(&(self.hash, entry).encode()).into(),
		}
	}
}
