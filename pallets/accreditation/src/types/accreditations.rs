// SPDX-License-Identifier: Apache-2.0

//! Accreditations as they are stored and shown. How they stand is in `status`.

use crate::{
	Change, Deposit, MAX_STATUS_CHANGES, RevocationReason, ScopeCodes, Standing, StatusChange,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::{
	AccreditationId, AccreditationKind, AccreditationKinds, Commitment, Digest, IdentityId,
	Jurisdiction, Moment, ScopeCode, Window,
};
use scale_info::TypeInfo;

/// What makes an organisation one that practitioners work at.
pub const FACILITY: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::FacilityLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::LaboratoryAccreditation,
]);

/// What happened to an accreditation, in the order in which it was said.
pub type StatusLog = BoundedVec<StatusChange, ConstU32<MAX_STATUS_CHANGES>>;

/// An accreditation as its subject holds it: all that a question about it needs.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct HeldAccreditation {
	/// Its number.
	pub id: AccreditationId,
	/// What it allows.
	pub kind: AccreditationKind,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// What exactly, in rising order; may be empty.
	pub codes: ScopeCodes,
	/// The authority that granted it.
	pub issuer: IdentityId,
	/// When it was granted.
	pub granted_at: Moment,
	/// When it counts, before any renewal.
	pub window: Window,
	/// What happened to it since.
	pub changes: StatusLog,
}

impl HeldAccreditation {
	/// Whether it is of one of `kinds`.
	pub fn is_of(&self, kinds: AccreditationKinds) -> bool {
		kinds.contains(self.kind)
	}

	/// Whether it allows `code`, or any when none is asked for.
	pub fn allows(&self, code: Option<ScopeCode>) -> bool {
		code.is_none_or(|code| self.codes.binary_search(&code).is_ok())
	}

	/// How it was revoked, when it was.
	pub fn revocation(&self) -> Option<Revocation> {
		self.changes.iter().find_map(|line| match line.change {
			Change::Revoked { effective_from, reason } => {
				Some(Revocation { effective_from, reason, revoked_at: line.at, by: line.by })
			},
			_ => None,
		})
	}
}

/// How an accreditation was revoked.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Revocation {
	/// From when on it counts.
	pub effective_from: Moment,
	/// Why.
	pub reason: RevocationReason,
	/// When it was said.
	pub revoked_at: Moment,
	/// Who said it; `None` for governance.
	pub by: Option<IdentityId>,
}

/// What of an accreditation is seldom asked.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct AccreditationRecord<AccountId, Ticket> {
	/// Whose it is.
	pub subject: IdentityId,
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// What the authority looked at, when the subject had asked.
	pub digest: Option<Digest>,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// What a user sees of an accreditation.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct AccreditationView {
	/// Its number.
	pub id: AccreditationId,
	/// Whose it is.
	pub subject: IdentityId,
	/// What it allows.
	pub kind: AccreditationKind,
	/// Where.
	pub jurisdiction: Jurisdiction,
	/// What exactly; may be empty.
	pub codes: ScopeCodes,
	/// The authority that granted it.
	pub issuer: IdentityId,
	/// When it was granted.
	pub granted_at: Moment,
	/// When it counts, before any renewal.
	pub window: Window,
	/// The first moment at which it no longer counts, renewals and its end heeded.
	pub until: Moment,
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// What the authority looked at, when the subject had asked.
	pub digest: Option<Digest>,
	/// How it was revoked, when it was.
	pub revocation: Option<Revocation>,
	/// How it stands now.
	pub standing: Standing,
	/// Whether it is in force now.
	pub in_force: bool,
}

#[cfg(test)]
pub(super) mod tests {
	use super::*;
	use alloc::vec;

	/// An accreditation of `issuer`, granted at 0.
	pub(crate) fn held(issuer: IdentityId, window: Window) -> HeldAccreditation {
		HeldAccreditation {
			id: AccreditationId(0),
			kind: AccreditationKind::FacilityLicence,
			jurisdiction: Jurisdiction(208),
			codes: ScopeCodes::new(),
			issuer,
			granted_at: 0,
			window,
			changes: StatusLog::new(),
		}
	}

	#[test]
	fn it_allows_its_codes_only() {
		let mut held = held(IdentityId([1; 32]), Window { from: 0, until: 1 });
		assert!(held.allows(None));
		assert!(!held.allows(Some(ScopeCode(3))));
		held.codes = vec![ScopeCode(3), ScopeCode(9)].try_into().unwrap();
		assert!(held.allows(None) && held.allows(Some(ScopeCode(9))));
		assert!(!held.allows(Some(ScopeCode(4))));
	}
}
