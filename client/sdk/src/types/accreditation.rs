// SPDX-License-Identifier: Apache-2.0

//! Authorities, licences and affiliations.

use super::*;

data! {
	/// What an authority may accredit, and where.
	pub struct AuthorityScope {
		/// The kinds of accreditation.
		pub kinds: AccreditationKinds,
		/// The countries, in rising order.
		pub jurisdictions: Vec<Jurisdiction>,
		/// The codes it may name, in rising order; any without a list.
		pub codes: Option<Vec<ScopeCode>>,
	}

	/// Where an authority stands.
	#[derive(Copy)]
	pub enum AuthorityStatus {
		/// It may act.
		Active,
		/// It must not act for the time being.
		Suspended {
			/// Its regulator; `None` for governance.
			by: Option<IdentityId>,
		},
	}

	/// An organisation that may accredit.
	pub struct Authority {
		/// The regulator that appointed it; `None` when governance did.
		pub parent: Option<IdentityId>,
		/// What it may accredit, and where.
		pub scope: AuthorityScope,
		/// When it may.
		pub window: Window,
		/// Whether it may for the time being.
		pub status: AuthorityStatus,
		/// From when on it is no longer believed.
		pub cutoff: Option<Moment>,
	}

	/// Why an accreditation was revoked.
	#[derive(Copy)]
	pub enum RevocationReason {
		/// The subject no longer does what it allows.
		CessationOfPractice,
		/// Another accreditation takes its place.
		Superseded,
		/// The subject no longer meets what it asks for.
		RequirementsNotMet,
		/// A decision of a disciplinary body.
		Disciplinary,
		/// It was obtained by deceit.
		Fraud,
		/// It should not have been granted.
		GrantedInError,
	}

	/// Why an accreditation was suspended.
	#[derive(Copy)]
	pub enum SuspensionReason {
		/// Something is being looked into.
		UnderInvestigation,
		/// A decision of a disciplinary body.
		Disciplinary,
		/// The subject does not meet what it asks for, for the time being.
		RequirementsNotMet,
		/// To protect others until more is known.
		PublicSafety,
		/// The subject asked for it.
		RequestOfSubject,
	}

	/// How an accreditation was revoked.
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

	/// What happened to an accreditation.
	#[derive(Copy)]
	pub enum Change {
		/// It counts for longer.
		Renewed {
			/// The first moment at which it no longer counts.
			until: Moment,
		},
		/// It does not count for the time being.
		Suspended {
			/// The first moment at which it counts again; `None` until it is lifted.
			until: Option<Moment>,
			/// Why.
			reason: SuspensionReason,
		},
		/// The suspensions of who lifted, and of those below, are over.
		Lifted,
		/// It is over for good.
		Revoked {
			/// From when on it no longer counts.
			effective_from: Moment,
			/// Why.
			reason: RevocationReason,
		},
		/// Its subject gave it up, for good.
		Surrendered,
	}

	/// A line of the log of an accreditation.
	pub struct StatusChange {
		/// When it was said.
		pub at: Moment,
		/// What.
		pub change: Change,
		/// By whom; `None` for governance.
		pub by: Option<IdentityId>,
	}

	/// How an accreditation stands at a moment.
	#[derive(Copy)]
	pub enum AccreditationStanding {
		/// There is none of this number.
		NotFound,
		/// Its issuer granted it after it was cut off.
		IssuerCutOff,
		/// Its issuer granted it after its regulator was cut off.
		ParentCutOff,
		/// It is revoked.
		Revoked,
		/// Its subject gave it up.
		Surrendered,
		/// Its window has not begun.
		NotBegun,
		/// It ran out.
		Expired,
		/// It is suspended.
		Suspended,
		/// It counts.
		InForce,
	}

	/// An accreditation.
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
		pub codes: Vec<ScopeCode>,
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
		pub standing: AccreditationStanding,
		/// Whether it is in force now.
		pub in_force: bool,
	}

	/// What a subject asks an authority for.
	pub struct RequestView {
		/// Commitment to the licence data.
		pub commitment: Commitment,
		/// What the authority is to look at.
		pub digest: Digest,
		/// When it was asked.
		pub asked_at: Moment,
		/// Whether it still stands.
		pub is_open: bool,
	}

	/// A status list of an authority.
	pub struct StatusListView {
		/// The hash of the list.
		pub digest: Digest,
		/// Where it is found, in ASCII.
		pub locator: Vec<u8>,
		/// Rises with each change.
		pub sequence: u32,
		/// When it was anchored.
		pub anchored_at: Moment,
		/// Whether it was anchored before the authority, or its regulator, was cut off.
		pub is_believed: bool,
	}

	/// How far an affiliation has come.
	#[derive(Copy)]
	pub enum AffiliationStatus {
		/// An invitation.
		Invited {
			/// From when on it can no longer be accepted.
			deadline: Moment,
		},
		/// Accepted.
		Accepted {
			/// When.
			at: Moment,
		},
	}

	/// An affiliation, from its invitation on.
	pub struct AffiliationView {
		/// Its number.
		pub id: AffiliationId,
		/// Where.
		pub organisation: IdentityId,
		/// Who.
		pub practitioner: IdentityId,
		/// As what.
		pub role: Role,
		/// What the organisation lets the practitioner do beyond the role.
		pub permissions: AffiliationPermissions,
		/// When.
		pub window: Window,
		/// When it rested or rests.
		pub suspensions: Vec<Window>,
		/// How far it has come.
		pub status: AffiliationStatus,
		/// Whether it is in force now.
		pub in_force: bool,
	}
}
