// SPDX-License-Identifier: Apache-2.0

//! Records, and what is filed.

use super::{Attestations, Content, MAX_ATTESTATIONS, ValidationPolicy};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AmendReason, BatchId, Commitment, CompartmentNo, ContentHash, IdentityId, LeafIndex, Moment,
	RecordClass, RecordKey, RecordNonce, RecordStatus, RecordVersion, RetractReason,
	SignedAttestation,
};
use scale_info::TypeInfo;

/// How many records one call reaps.
pub const MAX_REAPED: u32 = 64;
/// How many records one call files.
pub const MAX_RECORDS: u32 = 100;
/// How many versions before the newest lose their keys when a record is retracted or resealed.
pub const SWEPT_VERSIONS: u32 = 16;

/// A record with the verdicts that anchor it, as `anchor_many` files it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct NewRecord<AccountId, Signature> {
	/// What its author picks so that its id is its own.
	pub nonce: RecordNonce,
	/// Whose it is.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// The sealed object, or its hash.
	pub content: Content,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share, sealed to the compartment.
	pub key: RecordKey,
	/// The signed verdicts that meet its policy.
	pub attestations:
		BoundedVec<SignedAttestation<AccountId, Signature>, ConstU32<MAX_ATTESTATIONS>>,
}

/// Where a new record goes: all that its id is made of but the author, and for whom it is filed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
	pub(crate) nonce: RecordNonce,
	pub(crate) subject: IdentityId,
	pub(crate) organisation: Option<IdentityId>,
	pub(crate) class: RecordClass,
	pub(crate) compartment: CompartmentNo,
}

/// A sealed object with its key and what is said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sealed {
	pub(crate) content: Content,
	pub(crate) body: Commitment,
	pub(crate) padded_len: u64,
	pub(crate) key: RecordKey,
}

/// How far a version has come.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum Stage {
	/// It waits for verdicts until the deadline (exclusive), under the policy it was filed under.
	#[codec(index = 0)]
	Open {
		/// The first moment at which no verdict is taken.
		deadline: Moment,
		/// What it takes.
		policy: ValidationPolicy,
	},
	/// Its policy was met.
	#[codec(index = 1)]
	Anchored {
		/// When.
		at: Moment,
	},
	/// A verdict was `Fail`.
	#[codec(index = 2)]
	Failed {
		/// When.
		at: Moment,
	},
	/// Given up without an end: a newer version took its place after its deadline, or the record
	/// was retracted.
	#[codec(index = 3)]
	Abandoned {
		/// When.
		at: Moment,
	},
	/// It counts, and waits for new verdicts under the policy of when they were asked for.
	#[codec(index = 4)]
	Revalidating {
		/// Since when it counts.
		anchored: Moment,
		/// The first moment at which no verdict is taken.
		deadline: Moment,
		/// What it takes.
		policy: ValidationPolicy,
	},
	/// It counts, although a verdict of the new validation was `Fail`.
	#[codec(index = 5)]
	RevalidationFailed {
		/// Since when it counts.
		anchored: Moment,
		/// When it failed.
		at: Moment,
	},
}

impl Stage {
	/// Until when verdicts are taken (exclusive), and under which policy, when it waits for some.
	pub fn inquiry(&self) -> Option<(Moment, ValidationPolicy)> {
		match *self {
			Self::Open { deadline, policy } | Self::Revalidating { deadline, policy, .. } => {
				Some((deadline, policy))
			},
			_ => None,
		}
	}

	/// The stage of the same body under new keys, which counts from `now` on.
	pub(crate) fn resealed(&self, now: Moment) -> Self {
		match *self {
			Self::Revalidating { deadline, policy, .. } => {
				Self::Revalidating { anchored: now, deadline, policy }
			},
			Self::RevalidationFailed { at, .. } => Self::RevalidationFailed { anchored: now, at },
			_ => Self::Anchored { at: now },
		}
	}
}

/// Rent held for a row.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose funds are held.
	pub depositor: AccountId,
	/// The ticket.
	pub ticket: Ticket,
}

/// One version of a record.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Version<AccountId, Ticket> {
	/// Its number.
	pub number: RecordVersion,
	/// Who filed it.
	pub author: IdentityId,
	/// Who wrote the body, when somebody else sealed it anew.
	pub writer: Option<IdentityId>,
	/// Why, for all but the first.
	pub reason: Option<AmendReason>,
	/// When it was filed.
	pub filed: Moment,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// Whether the chain keeps the object.
	pub inline: bool,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share, until the record is retracted or resealed.
	pub key: Option<RecordKey>,
	/// How far it has come.
	pub stage: Stage,
	/// The verdicts on it. A new validation starts with none.
	pub attestations: Attestations,
	/// The rent for its row. None when a patient wrote it.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

impl<AccountId, Ticket> Version<AccountId, Ticket> {
	/// Whether it waits for its first verdicts, also when its deadline has passed.
	pub fn is_open(&self) -> bool {
		matches!(self.stage, Stage::Open { .. })
	}

	/// Whether it counts, or counted once.
	pub fn was_anchored(&self) -> bool {
		matches!(
			self.stage,
			Stage::Anchored { .. } | Stage::Revalidating { .. } | Stage::RevalidationFailed { .. }
		)
	}

	/// Whether its deadline has passed without an end.
	pub fn has_lapsed(&self, now: Moment) -> bool {
		matches!(self.stage, Stage::Open { deadline, .. } if deadline <= now)
	}

	/// Whether it waits for verdicts at `now`, its first or new ones.
	pub fn takes_verdicts(&self, now: Moment) -> bool {
		self.stage.inquiry().is_some_and(|(deadline, _)| now < deadline)
	}

	/// Who wrote the body.
	pub fn writer(&self) -> &IdentityId {
		self.writer.as_ref().unwrap_or(&self.author)
	}

	/// Ends its wait for verdicts undecided, when it waits for some.
	pub(crate) fn abandon(&mut self, at: Moment) {
		match self.stage {
			Stage::Open { .. } => self.stage = Stage::Abandoned { at },
			Stage::Revalidating { anchored, .. } => self.stage = Stage::Anchored { at: anchored },
			_ => {},
		}
	}
}

/// That a record is an error, and why.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Retraction {
	/// Why.
	pub reason: RetractReason,
	/// Who said so: its keeper then.
	pub by: IdentityId,
	/// When.
	pub at: Moment,
}

/// A record: its place, and the version that counts.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Record<AccountId, Ticket> {
	/// Whose it is.
	pub subject: IdentityId,
	/// Who filed it.
	pub author: IdentityId,
	/// For which organisation.
	pub organisation: Option<IdentityId>,
	/// Its class.
	pub class: RecordClass,
	/// The compartment it lies in.
	pub compartment: CompartmentNo,
	/// When it was filed.
	pub created: Moment,
	/// Its place in the list of the subject's records.
	pub seq: u32,
	/// The highest version number given out.
	pub newest: RecordVersion,
	/// The lowest version number whose keys are given out: resealing raises it.
	pub keys_from: RecordVersion,
	/// Whether a court or a law forbids that it goes.
	pub legal_hold: bool,
	/// The leaf of a batch that it was promoted from.
	pub batch: Option<(BatchId, LeafIndex)>,
	/// That it is an error.
	pub retraction: Option<Retraction>,
	/// The version that counts: the last one anchored, or the first.
	pub current: Version<AccountId, Ticket>,
}

impl<AccountId, Ticket> Record<AccountId, Ticket> {
	/// Where it stands at `now`.
	pub fn status(&self, now: Moment) -> RecordStatus {
		if self.retraction.is_some() {
			return RecordStatus::EnteredInError;
		}
		match self.current.stage {
			Stage::Open { deadline, .. } if deadline <= now => RecordStatus::Lapsed,
			Stage::Open { .. } | Stage::Abandoned { .. } => RecordStatus::InProcess,
			Stage::Anchored { .. } => RecordStatus::Validated,
			Stage::Failed { .. } => RecordStatus::ValFail,
			Stage::Revalidating { .. } => RecordStatus::ReqRevalid,
			Stage::RevalidationFailed { .. } => RecordStatus::RevalFail,
		}
	}

	/// Whether it counts: it was anchored once, and not retracted.
	pub fn counts(&self) -> bool {
		self.retraction.is_none() && self.current.was_anchored()
	}

	/// Whether the key of this version of it is given to who judges or reads it.
	pub fn gives_key_of(&self, number: RecordVersion) -> bool {
		self.retraction.is_none() && number >= self.keys_from
	}

	/// Whether the keys of this version of it are given to recipients as well: not before it counts.
	pub fn serves_keys_of(&self, number: RecordVersion) -> bool {
		self.counts() && self.gives_key_of(number)
	}
}
