// SPDX-License-Identifier: Apache-2.0

//! What is stored and answered, and the rules that need no storage.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccreditationKinds, AmendReason, AttestationKind, Commitment, CompartmentNo, ContentHash,
	Digest, IdentityId, Moment, RecordClass, RecordId, RecordKey, RecordNonce, RecordStatus,
	RecordVersion, RetractReason, Verdict,
};
use salus_traits::accreditation::MAX_ORGANISATIONS;
use scale_info::TypeInfo;

/// The longest sealed object that the chain itself keeps, in bytes.
pub const MAX_INLINE: u32 = 2048;
/// How many verdicts a version can hold. The counts of a policy never add up to more.
pub const MAX_ATTESTATIONS: u32 = 8;
/// How many versions before the newest lose their key wraps when a record is retracted.
pub const SWEPT_VERSIONS: u32 = 16;

/// The shortest padded plaintext of a sealed object (HRE1).
pub const MIN_PADDED_LEN: u64 = 512;
const HEADER_LEN: u64 = 72;
const CHUNK_LEN: u64 = 65_536;
const CHUNK_TAG_LEN: u64 = 16;

/// Padmé: `len` with all but its leading bits rounded up, so that a length tells little.
///
/// `None` when the padded length is no `u64`.
pub fn padme(len: u64) -> Option<u64> {
	let len = len.max(MIN_PADDED_LEN);
	let exponent = len.ilog2();
	// Not below 9, because the length is not below 512.
	let kept = exponent.ilog2().saturating_add(1);
	let mask = 1u64.checked_shl(exponent.saturating_sub(kept))?.checked_sub(1)?;
	Some(len.checked_add(mask)? & !mask)
}

/// Whether a plaintext can be that long after padding.
pub fn is_padded_len(len: u64) -> bool {
	len >= MIN_PADDED_LEN && padme(len) == Some(len)
}

/// How long the sealed object of a padded plaintext is: header, chunks and a tag per chunk.
pub fn object_len(padded_len: u64) -> Option<u64> {
	let tags = padded_len.div_ceil(CHUNK_LEN).checked_mul(CHUNK_TAG_LEN)?;
	HEADER_LEN.checked_add(padded_len)?.checked_add(tags)
}

/// Whether `bytes` begin as a sealed object does: magic, version 1, a known suite and flags, chunks
/// of 64 KiB. It keeps plaintext off the chain when a client forgets to seal.
pub fn has_sealed_header(bytes: &[u8]) -> bool {
	matches!(bytes, [b'H', b'R', b'E', b'1', 1, 1 | 2, 0 | 1, 16, ..])
}

/// The bytes of a sealed object kept on chain.
pub type InlineObject = BoundedVec<u8, ConstU32<MAX_INLINE>>;

/// A sealed object, as a call names it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum Content {
	/// It lies in an object store under the BLAKE2b-256 of its bytes.
	#[codec(index = 0)]
	External {
		/// That hash.
		hash: ContentHash,
	},
	/// It is given whole, and the chain keeps it and computes the hash.
	#[codec(index = 1)]
	Inline(InlineObject),
}

impl Content {
	/// Whether the bytes are given.
	pub const fn is_inline(&self) -> bool {
		matches!(self, Self::Inline(_))
	}
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

/// How many passing verdicts of one kind, and who may give them.
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
	serde::Serialize,
	serde::Deserialize,
)]
pub struct Requirement {
	/// How many verdicts that pass. With 0, validators may still give a failing one.
	pub count: u8,
	/// A validator holds one of these.
	pub from: AccreditationKinds,
}

/// What it takes to anchor a record of a class.
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
	serde::Serialize,
	serde::Deserialize,
)]
pub struct ValidationPolicy {
	/// Verdicts on accuracy.
	pub accuracy: Requirement,
	/// Verdicts on completeness.
	pub completeness: Requirement,
	/// Verdicts on the source.
	pub source: Requirement,
	/// Whether the verdicts counted for one kind come from different organisations.
	pub distinct_organisations: bool,
	/// Whether the author's own verdict counts.
	pub author_may_attest: bool,
	/// How long a version may wait for its verdicts, in milliseconds.
	pub time_to_live: Moment,
}

/// Why a verdict is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Inadmissible {
	/// The author judges their own work, and the policy forbids it.
	Author,
	/// The validator gave a verdict of that kind before.
	Duplicate,
	/// The policy asks for no more passing verdicts of that kind.
	RequirementMet,
	/// A colleague's passing verdict of that kind counts already.
	NotIndependent,
}

impl ValidationPolicy {
	/// What it asks for of one kind.
	pub const fn requirement(&self, kind: AttestationKind) -> &Requirement {
		match kind {
			AttestationKind::Accuracy => &self.accuracy,
			AttestationKind::Completeness => &self.completeness,
			AttestationKind::Source => &self.source,
		}
	}

	/// Whether it can be met: it asks for at least one verdict and no more than a version holds,
	/// names who may give each, and leaves time for it.
	pub fn is_sound(&self) -> bool {
		let mut total = 0u32;
		for kind in AttestationKind::ALL {
			let Requirement { count, from } = *self.requirement(*kind);
			let named = from.is_sound() || (count == 0 && from.0 == 0);
			if !named {
				return false;
			}
			total = total.saturating_add(count.into());
		}
		(1..=MAX_ATTESTATIONS).contains(&total) && self.time_to_live > 0
	}

	/// How many passing verdicts of `kind` are still missing.
	pub fn missing(&self, kind: AttestationKind, given: &[Attestation]) -> u8 {
		let passing = given.iter().filter(|one| one.kind == kind && one.verdict.passes()).count();
		self.requirement(kind).count.saturating_sub(passing.try_into().unwrap_or(u8::MAX))
	}

	/// Whether nothing is missing and nothing failed.
	pub fn is_met_by(&self, given: &[Attestation]) -> bool {
		given.iter().all(|one| one.verdict.passes())
			&& AttestationKind::ALL.iter().all(|kind| self.missing(*kind, given) == 0)
	}

	/// Whether `new` may join the verdicts `given` on a version by `author`.
	///
	/// A passing verdict is taken only while one of its kind is missing. So fewer than
	/// [`MAX_ATTESTATIONS`] stand on an open version, and there is always room for the next.
	pub(crate) fn admit(
		&self,
		author: &IdentityId,
		given: &[Attestation],
		new: &Attestation,
	) -> Result<(), Inadmissible> {
		let mut same_kind = given.iter().filter(|one| one.kind == new.kind);
		if !self.author_may_attest && new.validator == *author {
			return Err(Inadmissible::Author);
		}
		if same_kind.clone().any(|one| one.validator == new.validator) {
			return Err(Inadmissible::Duplicate);
		}
		if !new.verdict.passes() {
			return Ok(());
		}
		if self.missing(new.kind, given) == 0 {
			return Err(Inadmissible::RequirementMet);
		}
		if self.distinct_organisations && same_kind.any(|one| one.shares_organisation(new)) {
			return Err(Inadmissible::NotIndependent);
		}
		Ok(())
	}
}

/// A verdict as it stands beside the version it is about.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Attestation {
	/// Who gave it.
	pub validator: IdentityId,
	/// Where the validator worked then. Empty for organisations and for who works nowhere.
	pub organisations: BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>,
	/// What it is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// When the chain took it.
	pub at: Moment,
}

impl Attestation {
	/// Those it speaks for: the validator, and where they worked.
	fn parties(&self) -> impl Iterator<Item = &IdentityId> {
		core::iter::once(&self.validator).chain(self.organisations.iter())
	}

	/// Whether some organisation stands behind both.
	pub fn shares_organisation(&self, other: &Self) -> bool {
		self.parties().any(|party| other.parties().any(|theirs| theirs == party))
	}
}

/// The verdicts on a version.
pub type Attestations = BoundedVec<Attestation, ConstU32<MAX_ATTESTATIONS>>;

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
	/// Who wrote it.
	pub author: IdentityId,
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
	/// The reader share, until the record is retracted.
	pub key: Option<RecordKey>,
	/// How far it has come.
	pub stage: Stage,
	/// The verdicts on it.
	pub attestations: Attestations,
	/// The rent for its row. None when a patient wrote it.
	pub deposit: Option<Deposit<AccountId, Ticket>>,
}

impl<AccountId, Ticket> Version<AccountId, Ticket> {
	/// Whether it waits for verdicts, also when its deadline has passed.
	pub fn is_open(&self) -> bool {
		matches!(self.stage, Stage::Open { .. })
	}

	/// Whether its deadline has passed without an end.
	pub fn has_lapsed(&self, now: Moment) -> bool {
		matches!(self.stage, Stage::Open { deadline, .. } if deadline <= now)
	}

	/// Gives it up, when it is still open.
	pub(crate) fn abandon(&mut self, at: Moment) {
		if self.is_open() {
			self.stage = Stage::Abandoned { at };
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
	/// Who said so: the author or the author's organisation.
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
	/// That it is an error.
	pub retraction: Option<Retraction>,
	/// The version that counts: the last one anchored, or the first.
	pub current: Version<AccountId, Ticket>,
}

impl<AccountId, Ticket> Record<AccountId, Ticket> {
	/// Where it stands.
	pub fn status(&self) -> RecordStatus {
		if self.retraction.is_some() {
			return RecordStatus::EnteredInError;
		}
		match self.current.stage {
			Stage::Open { .. } | Stage::Abandoned { .. } => RecordStatus::InProcess,
			Stage::Anchored { .. } => RecordStatus::Validated,
			Stage::Failed { .. } => RecordStatus::ValFail,
		}
	}

	/// Whether `id` may amend and retract it: its author, or the organisation it was filed for.
	pub fn is_kept_by(&self, id: &IdentityId) -> bool {
		self.author == *id || self.organisation.as_ref() == Some(id)
	}
}

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

/// One page of a list.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<Item> {
	/// The items.
	pub items: Vec<Item>,
	/// Where the next page starts, when there is more.
	pub next: Option<u32>,
}

/// The limit asked for is above the largest page.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct PageTooLarge {
	/// The largest page.
	pub max: u32,
}

#[cfg(test)]
mod tests {
	use super::*;
	use AttestationKind::{Accuracy, Completeness, Source};
	use proptest::prelude::*;
	use salus_primitives::AccreditationKind;

	const DOCTORS: AccreditationKinds =
		AccreditationKinds::of(&[AccreditationKind::PractitionerLicence]);

	fn policy() -> ValidationPolicy {
		ValidationPolicy {
			accuracy: Requirement { count: 2, from: DOCTORS },
			completeness: Requirement::default(),
			source: Requirement { count: 1, from: DOCTORS },
			distinct_organisations: false,
			author_may_attest: false,
			time_to_live: 1,
		}
	}

	fn id(number: u8) -> IdentityId {
		IdentityId([number; 32])
	}

	fn attestation(validator: u8, kind: AttestationKind, verdict: Verdict) -> Attestation {
		Attestation {
			validator: id(validator),
			organisations: Default::default(),
			kind,
			verdict,
			evidence: Digest([0; 32]),
			at: 0,
		}
	}

	fn pass(validator: u8, kind: AttestationKind) -> Attestation {
		attestation(validator, kind, Verdict::Pass)
	}

	fn working_at(organisations: &[u8], attestation: Attestation) -> Attestation {
		let organisations: Vec<_> = organisations.iter().copied().map(id).collect();
		Attestation { organisations: organisations.try_into().unwrap(), ..attestation }
	}

	#[test]
	fn padme_keeps_leading_bits() {
		let known =
			[(0, 512), (512, 512), (513, 544), (1000, 1024), (1025, 1088), (65_537, 67_584)];
		for (len, padded) in known {
			assert_eq!(padme(len), Some(padded), "{len}");
		}
		assert_eq!(padme(u64::MAX), None);
	}

	#[test]
	fn only_padded_lengths_of_the_minimum_and_above_are_lengths() {
		for len in [512, 544, 992, 1024, 1088, 1 << 40] {
			assert!(is_padded_len(len), "{len}");
		}
		for len in [0, 256, 511, 513, 543, 1025, u64::MAX] {
			assert!(!is_padded_len(len), "{len}");
		}
	}

	#[test]
	fn an_object_is_header_chunks_and_tags() {
		assert_eq!(object_len(512), Some(600));
		assert_eq!(object_len(65_536), Some(72 + 65_536 + 16));
		assert_eq!(object_len(67_584), Some(72 + 67_584 + 32));
		assert_eq!(object_len(u64::MAX), None);
	}

	#[test]
	fn a_header_is_checked_byte_for_byte() {
		let header = *b"HRE1\x01\x01\x01\x10";
		assert!(has_sealed_header(&header));
		assert!(has_sealed_header(b"HRE1\x01\x02\x00\x10 and the rest"));
		for byte in 0..header.len() {
			let mut other = header;
			other[byte] ^= 0x40;
			assert!(!has_sealed_header(&other), "byte {byte}");
		}
		assert!(!has_sealed_header(&header[..7]));
		assert!(!has_sealed_header(b"{\"resourceType\":\"Observation\"}"));
	}

	proptest! {
		#[test]
		fn padding_is_idempotent_monotone_and_cheap(len in 0..1u64 << 50, more in 0..1u64 << 20) {
			let padded = padme(len).unwrap();
			prop_assert!(padded >= len.max(512));
			prop_assert!(is_padded_len(padded));
			prop_assert!(padme(len + more).unwrap() >= padded);
			// At most 12 % above the shortest length.
			prop_assert!(padded - len.max(512) <= len.max(512) * 12 / 100);
		}
	}

	#[test]
	fn a_policy_is_sound_when_it_can_be_met() {
		assert!(policy().is_sound());
		let unsound: [fn(&mut ValidationPolicy); 6] = [
			|p| p.time_to_live = 0,
			|p| p.accuracy.from = AccreditationKinds(0),
			|p| p.accuracy.from = AccreditationKinds(1 << 15),
			|p| p.completeness.from = AccreditationKinds(1 << 15),
			|p| p.accuracy.count = 8,
			|p| {
				p.accuracy.count = 0;
				p.source.count = 0;
			},
		];
		for (index, spoil) in unsound.into_iter().enumerate() {
			let mut policy = policy();
			spoil(&mut policy);
			assert!(!policy.is_sound(), "change {index}");
		}
	}

	#[test]
	fn a_policy_is_met_when_nothing_is_missing_and_nothing_failed() {
		let mut given = vec![pass(1, Accuracy), pass(2, Accuracy)];
		assert_eq!(policy().missing(Accuracy, &given), 0);
		assert_eq!(policy().missing(Completeness, &given), 0);
		assert_eq!(policy().missing(Source, &given), 1);
		assert!(!policy().is_met_by(&given));

		given.push(attestation(1, Source, Verdict::PassWithWarnings));
		assert!(policy().is_met_by(&given));

		given.push(attestation(3, Source, Verdict::Fail));
		assert!(!policy().is_met_by(&given));
	}

	#[test]
	fn verdicts_are_admitted_once_per_kind_while_one_is_missing() {
		let policy = policy();
		let given = [pass(1, Accuracy), pass(2, Accuracy)];
		let admit = |new: Attestation| policy.admit(&id(9), &given, &new);
		assert_eq!(admit(pass(1, Source)), Ok(()));
		assert_eq!(admit(pass(1, Accuracy)), Err(Inadmissible::Duplicate));
		assert_eq!(admit(pass(3, Accuracy)), Err(Inadmissible::RequirementMet));
		assert_eq!(admit(pass(3, Completeness)), Err(Inadmissible::RequirementMet));
		assert_eq!(admit(attestation(3, Accuracy, Verdict::Fail)), Ok(()));
		assert_eq!(admit(attestation(3, Completeness, Verdict::Fail)), Ok(()));
		assert_eq!(admit(pass(9, Source)), Err(Inadmissible::Author));
		let lenient = ValidationPolicy { author_may_attest: true, ..policy };
		assert_eq!(lenient.admit(&id(9), &given, &pass(9, Source)), Ok(()));
	}

	#[test]
	fn independent_verdicts_share_no_organisation() {
		let policy = ValidationPolicy { distinct_organisations: true, ..policy() };
		let given = [working_at(&[20, 21], pass(1, Accuracy))];
		let admit = |new: Attestation| policy.admit(&id(9), &given, &new);
		assert_eq!(admit(working_at(&[22], pass(2, Accuracy))), Ok(()));
		assert_eq!(admit(pass(2, Accuracy)), Ok(()));
		assert_eq!(
			admit(working_at(&[21, 22], pass(2, Accuracy))),
			Err(Inadmissible::NotIndependent)
		);
		// The organisation itself is no stranger to its staff.
		assert_eq!(admit(pass(20, Accuracy)), Err(Inadmissible::NotIndependent));
		// Another kind is another question.
		assert_eq!(admit(working_at(&[20], pass(2, Source))), Ok(()));
		// Whoever sees a fault may say so.
		let fault = working_at(&[20], attestation(2, Accuracy, Verdict::Fail));
		assert_eq!(admit(fault), Ok(()));
	}
}
