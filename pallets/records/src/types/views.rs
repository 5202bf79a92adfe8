// SPDX-License-Identifier: Apache-2.0

//! What users see.

use super::{Attestation, Retraction, Stage};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{
	AccreditationKinds, AmendReason, AttestationKind, BatchId, Classes, Commitment, CompartmentNo,
	ContentHash, IdentityId, LeafIndex, Moment, RecordClass, RecordId, RecordKey, RecordStatus,
	RecordVersion,
};
use scale_info::TypeInfo;

/// What a user sees of a record.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct RecordView {
	/// Its id.
	pub id: RecordId,
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
	/// Where it stands.
	pub status: RecordStatus,
	/// Why and when it was retracted.
	pub retraction: Option<Retraction>,
	/// The number of the version that counts.
	pub current: RecordVersion,
	/// The highest version number given out: `amend` expects it.
	pub newest: RecordVersion,
	/// The number of the version that waits for verdicts, when its deadline has not passed.
	pub awaiting: Option<RecordVersion>,
	/// Whether a court or a law forbids that it goes.
	pub legal_hold: bool,
	/// The leaf of a batch that it was promoted from.
	pub batch: Option<(BatchId, LeafIndex)>,
}

/// How far a version has come, with the deadline compared.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum StageView {
	/// It waits for verdicts.
	#[codec(index = 0)]
	Open {
		/// Until when (exclusive).
		deadline: Moment,
	},
	/// It waited in vain.
	#[codec(index = 1)]
	Lapsed {
		/// Since when.
		deadline: Moment,
	},
	/// Its policy was met.
	#[codec(index = 2)]
	Anchored {
		/// When.
		at: Moment,
	},
	/// A verdict was `Fail`.
	#[codec(index = 3)]
	Failed {
		/// When.
		at: Moment,
	},
	/// Given up without an end.
	#[codec(index = 4)]
	Abandoned {
		/// When.
		at: Moment,
	},
	/// It counts, and is validated anew, or should have been by its deadline.
	#[codec(index = 5)]
	Revalidating {
		/// Since when it counts.
		anchored: Moment,
		/// Until when verdicts are taken (exclusive).
		deadline: Moment,
	},
	/// It counts, although a verdict of the new validation was `Fail`.
	#[codec(index = 6)]
	RevalidationFailed {
		/// When.
		at: Moment,
	},
}

impl Stage {
	/// The stage at `now`.
	pub(crate) fn at(&self, now: Moment) -> StageView {
		match *self {
			Self::Open { deadline, .. } if deadline <= now => StageView::Lapsed { deadline },
			Self::Open { deadline, .. } => StageView::Open { deadline },
			Self::Anchored { at } => StageView::Anchored { at },
			Self::Failed { at } => StageView::Failed { at },
			Self::Abandoned { at } => StageView::Abandoned { at },
			Self::Revalidating { anchored, deadline, .. } => {
				StageView::Revalidating { anchored, deadline }
			},
			Self::RevalidationFailed { at, .. } => StageView::RevalidationFailed { at },
		}
	}
}

/// What a user sees of a version.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct VersionView {
	/// Its number.
	pub number: RecordVersion,
	/// Who wrote it.
	pub author: IdentityId,
	/// Why, for all but the first.
	pub reason: Option<AmendReason>,
	/// When it was filed.
	pub filed: Moment,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// The object, when the chain keeps it.
	pub object: Option<Vec<u8>>,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share. None once the record is retracted.
	pub key: Option<RecordKey>,
	/// How far it has come.
	pub stage: StageView,
	/// The verdicts on it.
	pub attestations: Vec<Attestation>,
}

/// What one kind still lacks.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Missing {
	/// The kind.
	pub kind: AttestationKind,
	/// How many passing verdicts.
	pub count: u8,
	/// A validator holds one of these.
	pub from: AccreditationKinds,
}

/// What the version under validation still lacks.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ValidationState {
	/// Which version.
	pub version: RecordVersion,
	/// Until when it takes verdicts (exclusive).
	pub deadline: Moment,
	/// Whether that has passed.
	pub lapsed: bool,
	/// What is missing; never empty.
	pub missing: Vec<Missing>,
}

/// How many records of a subject one search looks at.
pub const MAX_SCANNED: u32 = 256;

/// Which records of a subject are looked for.
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
pub struct RecordFilter {
	/// Those of these classes.
	pub classes: Classes,
	/// Those filed at this moment or later.
	pub from: Option<Moment>,
	/// Those filed before this moment.
	pub until: Option<Moment>,
}

impl RecordFilter {
	/// All of them.
	pub const ALL: Self = Self { classes: Classes::ALL, from: None, until: None };

	/// Whether a record of this class, filed at `created`, is one of them.
	pub fn takes(&self, class: RecordClass, created: Moment) -> bool {
		self.classes.contains(class)
			&& self.from.is_none_or(|from| from <= created)
			&& self.until.is_none_or(|until| created < until)
	}
}

/// One page of a list.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<Item, Next = u32> {
	/// The items.
	pub items: Vec<Item>,
	/// Where the next page starts, when there is more: the number of its first item, or, where
	/// items have none, what the last one on this page is known by.
	pub next: Option<Next>,
}

/// The limit asked for is above the largest page.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct PageTooLarge {
	/// The largest page.
	pub max: u32,
}
