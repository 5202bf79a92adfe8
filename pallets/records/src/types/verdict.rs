// SPDX-License-Identifier: Apache-2.0

//! Verdicts, as they stand beside a version.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{AttestationKind, Digest, IdentityId, Moment, Verdict};
use salus_traits::accreditation::MAX_ORGANISATIONS;
use scale_info::TypeInfo;

/// How many verdicts a version can hold. The counts of a policy never add up to more.
pub const MAX_ATTESTATIONS: u32 = 8;

/// A verdict as it stands beside the version it is about.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Attestation {
	/// Who gave it.
	pub validator: IdentityId,
	/// Where the validator worked then, when the policy asks for different organisations. Empty
	/// for organisations and for who works nowhere.
	pub organisations: BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>>,
	/// What it is about.
	pub kind: AttestationKind,
	/// How it came out.
	pub verdict: Verdict,
	/// Hash of the sealed evidence.
	pub evidence: Digest,
	/// When the chain took it.
	pub at: Moment,
	/// Whether it was given on a batch: then it speaks of the sealed object that a leaf names, and
	/// not of the commitment to its body.
	pub from_batch: bool,
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
