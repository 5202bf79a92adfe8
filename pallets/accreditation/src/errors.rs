// SPDX-License-Identifier: Apache-2.0

//! What can be wrong with a call, and what to do about it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// No active identity has this id: check it.
		IdentityNotActive,
		/// An identity of this kind cannot be that: check kind and id.
		WrongKind,
		/// The scope names no kind of accreditation, or one that does not exist: name known ones.
		KindsNotSound,
		/// The countries are none, unknown or not in rising order: sort ISO numeric codes.
		JurisdictionsNotSound,
		/// The window leaves no moment from now on: choose a later end.
		WindowOver,
		/// The end lies further ahead than allowed: choose an earlier one and renew.
		TermTooLong,
		/// There is no such authority: check the id.
		AuthorityNotFound,
		/// The authority is cut off for good: another organisation has to take its place.
		AuthorityCutOff,
		/// The cut-off lies ahead: cut off from now or from the past.
		CutOffAhead,
		/// The authority is cut off from this moment or an earlier one: nothing to do.
		CutOffNotEarlier,
		/// The signer is no authority: only authorities do this.
		NotAuthority,
		/// The window of the authority is not open: ask for an appointment that covers now.
		NotInOffice,
		/// The kind is outside the scope of the authority: ask one that may grant it.
		KindOutOfScope,
		/// The country is outside the scope of the authority: ask one of that country.
		JurisdictionOutOfScope,
		/// Nobody accredits, appoints or invites itself: ask somebody else.
		SelfNotAllowed,
		/// The commitment is all zeros, which commits to nothing: send the real one.
		CommitmentEmpty,
		/// The subject holds as many accreditations as it can: reap one that ended long ago.
		TooManyAccreditations,
		/// There is no such accreditation, or it was reaped: check the number.
		AccreditationNotFound,
		/// The signer neither granted it nor is the regulator above: ask one of them.
		NotIssuer,
		/// It is revoked, which is final: nothing to do.
		AlreadyRevoked,
		/// A revocation cannot be effective before the window begins: choose a later moment.
		EffectiveTooEarly,
		/// A revocation cannot be effective later than now: choose an earlier moment.
		EffectiveTooLate,
		/// It is not over, or still answers questions about the past: wait.
		NotReapable,
		/// The organisation is no facility at this moment: renew its licence first.
		NotFacility,
		/// The deadline has passed already: choose a later one.
		DeadlinePassed,
		/// The deadline lies further ahead than an invitation may stand: choose an earlier one.
		DeadlineTooFar,
		/// The organisation has too many unanswered invitations: withdraw or reap some.
		TooManyInvitations,
		/// There is no such invitation or affiliation, or it is gone: check the number.
		AffiliationNotFound,
		/// The invitation is for somebody else: check the number.
		NotInvitee,
		/// The invitation was accepted before: nothing to do.
		AlreadyAccepted,
		/// The invitation no longer stands: ask for another.
		InvitationExpired,
		/// The practitioner has this role at this organisation already: nothing to do.
		AlreadyAffiliated,
		/// The practitioner has as many affiliations as allowed: end one first.
		TooManyAffiliations,
		/// The practitioner works at as many organisations as allowed: leave one first.
		TooManyOrganisations,
		/// The signer is neither the organisation nor the practitioner: ask one of them.
		NotParty,
		/// The affiliation is over: nothing to do.
		AlreadyOver,
		/// The codes are not in rising order, each once: sort them.
		CodesNotSound,
		/// A code is outside the scope of the authority: leave it out, or ask another authority.
		CodeOutOfScope,
		/// The signer is a registrar, and registrars appoint nobody: ask the regulator.
		DepthExceeded,
		/// The scope has kinds that the regulator's own has not: leave them out.
		KindsTooWide,
		/// The scope has countries that the regulator's own has not: leave them out.
		JurisdictionsTooWide,
		/// The scope has codes that the regulator's own has not: leave them out.
		CodesTooWide,
		/// The window is not within the regulator's own: shorten it.
		WindowTooWide,
		/// The organisation is an authority already, below somebody else: choose another.
		OfAnotherParent,
		/// The signer is not the regulator that appointed the authority: ask that one.
		NotParent,
		/// The authority is suspended: it has to be reinstated first.
		AuthoritySuspended,
		/// The regulator above the authority is cut off: ask governance for another.
		ParentCutOff,
		/// The regulator above the authority is suspended: it has to be reinstated first.
		ParentSuspended,
		/// The window of the regulator above the authority is not open: ask for one that covers now.
		ParentNotInOffice,
		/// It is suspended at least that long already: nothing to do.
		AlreadySuspended,
		/// It is not suspended: nothing to do.
		NotSuspended,
		/// A higher body imposed the suspension: ask that one.
		ImposedFromAbove,
		/// The suspension would be over by now: choose a later end.
		SuspensionOver,
		/// The list has a number beyond those allowed: choose a lower one.
		ListOutOfRange,
		/// The digest is all zeros, which is the hash of nothing: send the real one.
		DigestEmpty,
		/// The list is the one that stands: nothing to do.
		DigestUnchanged,
		/// The sequence is not higher than the one that stands: read the list and count on.
		SequenceNotRising,
		/// The locator is no `https` address in printable ASCII: correct it.
		LocatorNotSound,
		/// It was granted from a cut-off on, so it never counted: ask for another.
		GrantVoid,
		/// The end is not later than the present one: choose a later one.
		UntilNotLater,
		/// The log has no place for it: grant another, or revoke this one.
		StatusLogFull,
		/// Its time is over: renew it first.
		AlreadyExpired,
		/// Its subject gave it up, which is final: grant another.
		AlreadySurrendered,
		/// Only the subject gives an accreditation up: revoke it instead.
		NotHolder,
		/// No such request is open: check issuer, subject and kind, and send no digest without one.
		RequestNotFound,
		/// Digest or commitment is not what the open request says: read it again.
		DigestMismatch,
		/// The signer neither asked nor was asked, and the request is not too old: ask one of them.
		NotRequestParty,
		/// The permissions hold one that does not exist: name known ones.
		PermissionsNotSound,
		/// Only the organisation suspends and resumes: ask it, or end the affiliation.
		NotOrganisation,
		/// The invitation was not accepted yet: withdraw it instead.
		NotAccepted,
		/// It was suspended as often as it can: end it and invite again.
		TooManySuspensions,
		/// The subject holds as many of this kind that are not over as allowed: surrender or revoke
		/// one first.
		TooManyOfKind,
		/// The signer granted as many of those the subject holds as one authority may: reap one of
		/// them, or ask another authority.
		TooManyFromIssuer,
		/// The identity of the organisation is not active: wait until it is.
		OrganisationNotActive,
		/// Too many affiliations ended within the retention: wait.
		AffiliationHistoryFull,
		/// The organisation holds as many licences of a facility, of all kinds together, that are not
		/// over as allowed: surrender or revoke one first.
		TooManyFacilityLicences,
		/// As many renewals as can be are running: wait until one of them has run out, or revoke this
		/// one and grant another.
		TooManyRenewals,
	}
}
