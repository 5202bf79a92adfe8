// SPDX-License-Identifier: Apache-2.0

//! Accreditations as they are kept beside their row and log, and as they are shown.

use crate::{Deposit, RevocationReason, ScopeCodes, Standing};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
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
	/// Where it counts.
	pub jurisdiction: Jurisdiction,
	/// What exactly it allows, in rising order; may be empty.
	pub codes: ScopeCodes,
	/// Commitment to the licence data.
	pub commitment: Commitment,
	/// What the authority looked at, when the subject had asked.
	pub digest: Option<Digest>,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> AccreditationRecord<AccountId, Ticket> {
	/// Whether it allows `code`, or any when none is asked for.
	pub fn allows(&self, code: Option<ScopeCode>) -> bool {
		code.is_none_or(|code| self.codes.binary_search(&code).is_ok())
	}

	/// Whether it counts in `jurisdiction`, or anywhere when none is asked for.
	pub fn reaches(&self, jurisdiction: Option<Jurisdiction>) -> bool {
		jurisdiction.is_none_or(|there| there == self.jurisdiction)
	}
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
mod tests {
	use super::*;
	use alloc::vec;

	#[test]
	fn it_allows_its_codes_and_its_country_only() {
		let mut record = AccreditationRecord {
			subject: IdentityId([1; 32]),
			jurisdiction: Jurisdiction(208),
			codes: ScopeCodes::new(),
			commitment: Commitment::default(),
			digest: None,
			deposit: Deposit { depositor: (), ticket: () },
		};
		assert!(record.allows(None));
		assert!(!record.allows(Some(ScopeCode(3))));
		record.codes = vec![ScopeCode(3), ScopeCode(9)].try_into().unwrap();
		assert!(record.allows(None) && record.allows(Some(ScopeCode(9))));
		assert!(!record.allows(Some(ScopeCode(4))));
		assert!(record.reaches(None) && record.reaches(Some(Jurisdiction(208))));
		assert!(!record.reaches(Some(Jurisdiction(276))));
	}
}
