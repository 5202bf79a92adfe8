// SPDX-License-Identifier: Apache-2.0

//! What can be wrong with a call, and what to do about it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The key is no canonical X25519 key: send it reduced modulo 2^255 - 19.
		KeyNotCanonical,
		/// The key is a point of small order, which protects nothing: make a new key pair.
		KeyOfSmallOrder,
		/// The compartment is open already: pick another number, or rotate its key.
		CompartmentAlreadyOpen,
		/// The subject has as many compartments as it can have: use one of them.
		TooManyCompartments,
		/// The grantee is the subject, or who acts for it: name somebody else.
		SelfGrant,
		/// The window holds no moment: let it begin before it ends.
		WindowEmpty,
		/// The window is over already: let it end in the future.
		WindowPast,
		/// The window begins too long ago: begin it at most `MaxBackdating` before now.
		WindowBackdated,
		/// The window is too long: keep it within `MaxGrantLength` and grant again later.
		WindowTooLong,
		/// The data period holds no moment: let it begin before it ends, or leave it out.
		DataPeriodEmpty,
		/// No purpose is named: name at least one.
		NoPurposes,
		/// A purpose does not exist: name only known ones.
		UnknownPurpose,
		/// Emergency purposes (ETREAT, BTG) cannot be granted: leave them out.
		PurposeNotGrantable,
		/// No action is named: name at least one.
		NoActions,
		/// An action does not exist: name only known ones.
		UnknownAction,
		/// No class of records is named: name at least one.
		NoClasses,
		/// A grant with no uses permits nothing: allow at least one, or do not count them.
		NoUses,
		/// A denial is not used up: leave the uses out.
		DenialCountsNoUses,
		/// The grantee is no active identity: check its id.
		GranteeNotActive,
		/// A person was named as organisation, or an organisation as person: name it as what it is.
		GranteeKindUnfit,
		/// There is no such record: check its id.
		RecordNotFound,
		/// The record is another subject's: name one of the subject's own.
		RecordNotOfSubject,
		/// The subject has no such compartment: open it first.
		CompartmentNotOpen,
		/// A permit to a person or organisation needs keys: seal them to the grantee.
		KeysMissing,
		/// A denial or a grant to a role carries no keys: leave them out.
		KeysNotWanted,
		/// The keys are of the wrong sort: the record's for one record, else the compartment's.
		KeyKindUnfit,
		/// A key opens a compartment that the grant does not reach: leave it out.
		CompartmentNotReached,
		/// Two keys are for the same compartment: send one for each.
		DuplicateKey,
		/// A key is not of the compartment's current epoch: seal the current secret.
		StaleEpoch,
		/// A key is not sealed to the grantee's current agreement key: fetch it and seal again.
		StaleKeyVersion,
		/// The grantee has as many live grants of the subject as it can have: revoke one first.
		TooManyGrantsToGrantee,
		/// The subject has as many live grants as it can have: revoke one first.
		TooManyGrants,
		/// The grantee has as many grants of the subject as sub-grants may add to: ask the subject.
		TooManySubGrantsToGrantee,
		/// As many sub-grants hang below the subject's grant as can: revoke one first.
		TooManySubGrants,
		/// There is no such grant: check its number.
		GrantNotFound,
		/// The grant was revoked before: nothing is left to do.
		AlreadyRevoked,
		/// The reader is not the subject of the record: name what the permit really rests on.
		NotTheSubject,
		/// The reader's side did not write the record, or may not read it for that: name what the
		/// permit really rests on.
		NotTheAuthor,
		/// The grant does not permit this access, and did not within `MaxLogDelay`: name another.
		GrantMismatch,
		/// The grant's uses are spent: record a denial.
		NoUsesLeft,
		/// The grant counts its uses, and you do not keep the record's key as far as the chain knows:
		/// have who filed the record name you as its custodian.
		NotItsCustodian,
		/// The policy holds already: nothing is left to do.
		PolicyUnchanged,
		/// The new key is the one that the compartment has: make a new key pair.
		KeyUnchanged,
		/// No wrap was sent: send at least one.
		NoWraps,
		/// A wrap is for a grant of another subject: name the subject's own.
		GrantNotOfSubject,
		/// The grant has ended: make a new one.
		GrantEnded,
		/// The grant hands over no compartment secrets: leave it out.
		GrantHoldsNoCompartmentKeys,
		/// The grant carries as many keys as it can: make another one for the other compartments.
		TooManyKeys,
		/// No emergency key of the compartment stands: have the subject set one first.
		NoEmergencyKey,
		/// The organisation keeps key shares, or did, and may not hold emergency keys: name another.
		HolderKeepsShares,
		/// A grant with counted uses cannot be passed on: do not count them, or do not let it.
		CountedNotDelegable,
		/// A denial cannot be passed on: make it not delegable.
		DenialNotDelegable,
		/// A part of the terms goes beyond what the grant says: make a new grant for it.
		WideningNotAllowed,
		/// The terms are those of the grant: nothing would be narrowed.
		NothingNarrowed,
		/// No grant of the subject permits the grantee anything: nothing is left to do.
		NothingToRevoke,
		/// The grant speaks to somebody else, or to a role: its own grantee passes it on.
		NotTheGrantee,
		/// The grant may not be passed on: ask the subject.
		DelegationNotAllowed,
		/// A grant is passed on twice at most: ask the subject.
		DelegationTooDeep,
		/// A part of the terms goes beyond the grant that is passed on: stay within it.
		NotWithinParent,
		/// The subject denies you a part of what you pass on: leave that out, or ask the subject.
		DelegatorDenied,
		/// A grant is passed on to a role only where you work: name your organisation, or a person.
		RoleElsewhere,
		/// The subject is no active identity: check its id.
		SubjectNotActive,
		/// You ask for yourself: what is yours you can read.
		SelfRequest,
		/// You do not work at that organisation now: name another, or ask for yourself.
		NotAffiliated,
		/// A request of this grantee waits already: cancel it first.
		DuplicateRequest,
		/// The subject has as many requests waiting as it can have: ask again later.
		TooManyRequests,
		/// As many requests of your organisation wait for the subject as can: cancel one first.
		TooManyRequestsOfOrganisation,
		/// The time to answer is over already, or too far off: keep it within `MaxRequestAge`.
		AnswerTimeUnfit,
		/// The length is nothing or above `MaxGrantLength`: ask for one between.
		LengthUnfit,
		/// There never was such a request: check its number.
		RequestNotFound,
		/// The request was answered, cancelled or cleared away before: nothing is left to do.
		RequestClosed,
		/// The time to approve the request is over: make a grant without it.
		RequestExpired,
		/// A part of the terms goes beyond what was asked: stay within it, or make a grant.
		WiderThanAsked,
		/// Only who asked, or the organisation it asked for, can cancel.
		NotTheRequester,
		/// Nothing is named: name at least one thing that is due.
		NothingNamed,
		/// Nothing of what is named is due: wait for its time.
		NotDue,
		/// An organisation that holds emergency keys, or did, records no accesses: have another do it.
		RecorderHoldsEmergencyKeys,
		/// The emergency is not one that permits this access, and was not within `MaxLogDelay`:
		/// name what the permit really rests on.
		EmergencyMismatch,
		/// The policy does not permit this access, and did not within `MaxLogDelay`: name what the
		/// permit really rests on.
		PolicyMismatch,
		/// You recorded as many denials for this subject as you can in an hour: leave further ones
		/// to your audit batches.
		TooManyDenials,
		/// The batch is not the next one of this log: send them in order, without a gap.
		SequenceGap,
		/// The batch leaves out entries: begin with the next one.
		EventGap,
		/// The batch covers entries that the one before does: begin with the next one.
		EventOverlap,
		/// The batch ends before it begins: cover at least one entry.
		BatchEmpty,
		/// The batch covers more than 2^20 entries: split it.
		BatchTooLarge,
		/// The root is zero, or that of no entries: send the root over the entries.
		BadRoot,
		/// The times end before they begin: send those of the first and the last entry.
		BatchTimesReversed,
		/// The last entry lies in the future: correct the recorder's clock.
		BatchFromFuture,
		/// You may not break the glass at that organisation now: have it permit that first.
		NotEmergencyRole,
		/// You were suspended from breaking the glass: governance can reinstate you.
		ClaimantSuspended,
		/// You broke the glass as often as you may for now: somebody else has to.
		ClaimantQuotaExceeded,
		/// The glass was broken as often as it may be at the organisation for now: turn to another.
		OrganisationQuotaExceeded,
		/// The subject refuses access also in emergencies.
		EmergenciesRefused,
		/// An emergency of yours for this subject is open already: use it, or close it first.
		EmergencyOpen,
		/// You cannot break the glass on yourself: your records are yours.
		SelfEmergency,
		/// There is no such emergency: check its number.
		EmergencyNotFound,
		/// The emergency has ended: nothing is left to do.
		EmergencyClosed,
		/// The emergency is neither yours, nor your organisation's, nor about you.
		NotYourEmergency,
		/// The reviewer is no privacy officer now: have an organisation say so first.
		NotPrivacyOfficer,
		/// The reviewer broke the glass, or it is about the reviewer: another one has to review.
		ReviewerInvolved,
		/// The reviewer is no privacy officer of the claimant's organisation: one of there reviews
		/// an emergency of one compartment.
		ReviewerElsewhere,
		/// The reviewer works where the claimant worked when it broke the glass: an officer of another
		/// organisation reviews an emergency of the whole subject.
		ReviewerNotIndependent,
		/// Governance has the last word: say whether there was need.
		OutcomeNotFinal,
		/// The emergency has not ended: review it afterwards.
		ReviewTooEarly,
		/// The time to review is over: governance has to.
		ReviewTooLate,
		/// The emergency was reviewed before: nothing is left to do.
		AlreadyReviewed,
		/// Governance has to decide on this emergency.
		ForGovernance,
		/// The emergency has not ended: contest it afterwards, or close it.
		ContestTooEarly,
		/// The time to contest is over.
		ContestTooLate,
		/// The emergency was contested before: nothing is left to do.
		AlreadyContested,
		/// The emergency was found unjustified already: nothing is left to contest.
		FoundUnjustified,
		/// A custodian is not accredited as one now: name others.
		NotACustodian,
		/// A custodian is named twice: name each once.
		DuplicateCustodian,
		/// No custodians are set: nothing is left to take back.
		NoShareCustodians,
		/// The threshold is nothing, or above the number of custodians: set it between.
		ThresholdUnfit,
		/// A custodian holds emergency keys, or did, and may not keep shares: name another.
		CustodianHoldsEmergencyKeys,
		/// A part of the policy is nothing or above its bound: keep it within.
		PolicyOutOfBounds,
		/// The claimant is no active practitioner, and never broke the glass: check the id.
		ClaimantUnknown,
		/// The claimant is suspended already: nothing is left to do.
		AlreadySuspended,
		/// The claimant has no strikes and is not suspended: nothing is left to do.
		NotSuspended,
		/// The organisation offers that already, or does not offer it: nothing is left to do.
		HolderUnchanged,
		/// You have given notice and hold emergency keys still: wait until their subjects take them
		/// back, or drop each when the notice is over.
		KeysHeld,
		/// The organisation has given notice and takes no further emergency key: name another.
		HolderLeaving,
		/// You have to give notice first, and wait until it is over, to drop an emergency key.
		NoticeNotOver,
		/// The organisation does not offer to hold emergency keys: name one that does.
		NotAnEmergencyHolder,
	}
}
