// SPDX-License-Identifier: Apache-2.0

//! Questions and answers about access: what `check_access` is asked and what it says.

use crate::{Action, EmergencyId, GrantId, IdentityId, Moment, Purpose, RecordId, RecorderId};
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
	/// The reader broke the glass.
	#[codec(index = 3)]
	Emergency(EmergencyId),
	/// The subject's overarching policy permits.
	#[codec(index = 4)]
	Policy,
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
	/// Nothing permits, or the grant named denies; in an emergency the reader can break the glass.
	#[codec(index = 4)]
	BreakGlass(Option<GrantId>),
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
			Self::Permit(PermitBasis::Emergency(id)) => {
				write!(f, "permitted by emergency {id}: it will be reviewed")
			},
			Self::Permit(PermitBasis::Policy) => f.write_str("permitted by the patient's policy"),
			Self::Deny(DenyReason::UnknownRecord) => f.write_str("denied: no such record"),
			Self::Deny(DenyReason::UnknownReader) => {
				f.write_str("denied: the reader is no active identity")
			},
			Self::Deny(DenyReason::Grant(id)) => write!(f, "denied by grant {id}"),
			Self::Deny(DenyReason::NoGrant) => f.write_str("denied: no grant permits it"),
			Self::Deny(DenyReason::BreakGlass(Some(id))) => {
				write!(f, "denied by grant {id}: in an emergency, break the glass first")
			},
			Self::Deny(DenyReason::BreakGlass(None)) => {
				f.write_str("denied: no grant permits it; in an emergency, break the glass first")
			},
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

/// What a leaf of an audit batch is made of: one entry of a recorder's running log.
///
/// A batch is the RFC 9162 tree (SHA-256) over the leaves of entries `first ..= last`, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AuditLeaf {
	/// Whose recorder it is.
	pub organisation: IdentityId,
	/// Which of its logs.
	pub recorder: RecorderId,
	/// The number of the entry in that log, from 0.
	pub number: u64,
	/// The hash of the recorder's salted audit event.
	pub event: crate::Digest,
}

impl AuditLeaf {
	/// `"salus/audit" ‖ 0x01 ‖ organisation ‖ recorder ‖ number (u64, little-endian) ‖ event`: what
	/// the leaf hash is taken over.
	pub fn to_bytes(&self) -> [u8; Self::LEN] {
		let mut bytes = [0; Self::LEN];
		let number = self.number.to_le_bytes();
		let parts: [&[u8]; 6] =
			[b"salus/audit", &[1], &self.organisation.0, &self.recorder.0, &number, &self.event.0];
		for (byte, part) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
			*byte = *part;
		}
		bytes
	}

	/// How long the data of a leaf is.
	pub const LEN: usize = 11 + 1 + 32 + 32 + 8 + 32;
}
