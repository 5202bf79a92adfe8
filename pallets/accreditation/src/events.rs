// SPDX-License-Identifier: Apache-2.0

//! What happened, enough to follow the state without reading it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An authority was appointed, or its scope and window replaced.
		AuthorityAppointed {
			/// Which organisation.
			authority: IdentityId,
			/// By which regulator; `None` for governance.
			parent: Option<IdentityId>,
			/// What it may accredit, and where.
			scope: AuthorityScope,
			/// When.
			window: Window,
		},
		/// An authority was cut off, or cut off from an earlier moment.
		AuthorityRemoved {
			/// Which organisation.
			authority: IdentityId,
			/// What it granted from then on is void, and what its registrars granted.
			cutoff: Moment,
			/// By which regulator; `None` for governance.
			by: Option<IdentityId>,
		},
		/// An authority must not act for the time being.
		AuthoritySuspended {
			/// Which organisation.
			authority: IdentityId,
			/// By which regulator; `None` for governance.
			by: Option<IdentityId>,
		},
		/// An authority may act again.
		AuthorityReinstated {
			/// Which organisation.
			authority: IdentityId,
			/// By which regulator; `None` for governance.
			by: Option<IdentityId>,
		},
		/// A status list was anchored, or replaced.
		StatusListSet {
			/// Whose list it is.
			authority: IdentityId,
			/// Its number there.
			list: u32,
			/// The hash of the list.
			digest: Digest,
			/// Rises with each change.
			sequence: u32,
		},
		/// A subject asked for an accreditation, or asked again.
		AccreditationRequested {
			/// Which authority.
			issuer: IdentityId,
			/// Who.
			subject: IdentityId,
			/// For what.
			kind: AccreditationKind,
			/// Commitment to the licence data.
			commitment: Commitment,
			/// What the authority is to look at.
			digest: Digest,
		},
		/// A request was withdrawn, declined, or grew too old.
		RequestClosed {
			/// Who had been asked.
			issuer: IdentityId,
			/// Who had asked.
			subject: IdentityId,
			/// For what.
			kind: AccreditationKind,
			/// Which identity closed it; `None` when an account did that is none.
			by: Option<IdentityId>,
		},
		/// An accreditation was granted.
		AccreditationGranted {
			/// Its number.
			accreditation: AccreditationId,
			/// To whom.
			subject: IdentityId,
			/// What it allows.
			kind: AccreditationKind,
			/// Where.
			jurisdiction: Jurisdiction,
			/// What exactly.
			codes: ScopeCodes,
			/// By which authority.
			issuer: IdentityId,
			/// Commitment to the licence data.
			commitment: Commitment,
			/// When it counts.
			window: Window,
			/// The request that it answers, by what the authority looked at.
			digest: Option<Digest>,
		},
		/// An accreditation counts for longer.
		AccreditationRenewed {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it is.
			subject: IdentityId,
			/// What it allows.
			kind: AccreditationKind,
			/// The first moment at which it no longer counts.
			until: Moment,
			/// By which authority.
			by: IdentityId,
		},
		/// An accreditation does not count for the time being.
		AccreditationSuspended {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it is.
			subject: IdentityId,
			/// What it allows.
			kind: AccreditationKind,
			/// The first moment at which it counts again; `None` until it is lifted.
			until: Option<Moment>,
			/// Why.
			reason: SuspensionReason,
			/// By which authority; `None` for governance.
			by: Option<IdentityId>,
		},
		/// The suspensions of a body, and of those below it, were lifted.
		SuspensionLifted {
			/// The number of the accreditation.
			accreditation: AccreditationId,
			/// Whose it is.
			subject: IdentityId,
			/// What it allows.
			kind: AccreditationKind,
			/// By which authority; `None` for governance.
			by: Option<IdentityId>,
		},
		/// An accreditation was revoked.
		AccreditationRevoked {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it was.
			subject: IdentityId,
			/// What it allowed.
			kind: AccreditationKind,
			/// From when on it no longer counts.
			effective_from: Moment,
			/// Why.
			reason: RevocationReason,
			/// By which authority; `None` for governance.
			by: Option<IdentityId>,
		},
		/// A subject gave an accreditation up.
		AccreditationSurrendered {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it was.
			subject: IdentityId,
			/// What it allowed.
			kind: AccreditationKind,
		},
		/// The rows of an accreditation that ended long ago were removed.
		AccreditationReaped {
			/// Its number.
			accreditation: AccreditationId,
			/// Whose it was.
			subject: IdentityId,
		},
		/// A practitioner was invited.
		AffiliationInvited {
			/// The number of the affiliation.
			affiliation: AffiliationId,
			/// By whom.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// As what.
			role: Role,
			/// When.
			window: Window,
			/// From when on it can no longer be accepted.
			deadline: Moment,
			/// What the practitioner may do beyond the role.
			permissions: AffiliationPermissions,
		},
		/// An invitation was accepted.
		AffiliationAccepted {
			/// The number of the affiliation.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// As what.
			role: Role,
			/// When.
			window: Window,
		},
		/// An invitation was withdrawn or declined.
		InvitationClosed {
			/// The number of the affiliation that did not come about.
			affiliation: AffiliationId,
			/// Who had invited.
			organisation: IdentityId,
			/// Whom.
			practitioner: IdentityId,
			/// Which of the two closed it.
			by: IdentityId,
		},
		/// An affiliation rests.
		AffiliationSuspended {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// The first moment at which it counts again; `None` until it is resumed.
			until: Option<Moment>,
		},
		/// An affiliation counts again.
		AffiliationResumed {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
		},
		/// An affiliation was ended.
		AffiliationEnded {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
			/// Which of the two ended it.
			by: IdentityId,
			/// From when on it is over.
			at: Moment,
		},
		/// The rows of an invitation or affiliation that is over were removed.
		AffiliationReaped {
			/// Its number.
			affiliation: AffiliationId,
			/// Where.
			organisation: IdentityId,
			/// Who.
			practitioner: IdentityId,
		},
	}
}
