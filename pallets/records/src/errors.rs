// SPDX-License-Identifier: Apache-2.0

//! What can be wrong with a call, and what to do about it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod errors {
	#[pallet::error]
	pub enum Error<T> {
		/// The subject is no active patient: check the id.
		UnknownSubject,
		/// A patient files own records only: name yourself as the subject.
		NotOwnRecord,
		/// A practitioner files for an organisation: name the one you work at.
		OrganisationMissing,
		/// A patient names no organisation, and an organisation none but itself.
		OrganisationNotYours,
		/// You do not work at that organisation now: name another, or have the affiliation renewed.
		NotAffiliated,
		/// The organisation holds no licence to treat, test or dispense now: renew it first.
		NotAccredited,
		/// An identity of this kind files no records: use a person's or an organisation's.
		KindCannotFile,
		/// Records of this class cannot be filed yet: governance sets a policy first.
		NoPolicy,
		/// The patient has not opened this compartment: ask for it or take another.
		CompartmentNotOpen,
		/// The key is not sealed to the current epoch of the compartment: seal it again.
		StaleEpoch,
		/// No plaintext is that long after padding: at least 512 bytes, rounded up by Padmé.
		BadPaddedLength,
		/// The object is not as long as its padded plaintext makes it.
		ContentLengthMismatch,
		/// The bytes are no sealed object: seal them first.
		NotSealed,
		/// You filed a record with this nonce in this place before: take a fresh nonce.
		RecordExists,
		/// This object belongs to a record that counts or did: seal the plaintext afresh.
		ContentAlreadyAnchored,
		/// Too many of your own records wait for verdicts: wait until one is decided or lapses.
		TooManyOpenProposals,
		/// There is no such record.
		RecordNotFound,
		/// The record has no such version.
		VersionNotFound,
		/// Another version came in between: read the record again.
		VersionMismatch,
		/// This version takes no verdicts: it was decided or given up.
		NotInProcess,
		/// The record does not count, or counts no more: file a new one.
		NotAnchored,
		/// An amendment waits for verdicts: wait until it is decided or lapses.
		AmendmentPending,
		/// The record failed or was retracted before; that is final.
		AlreadyClosed,
		/// Only who filed this version may do this.
		NotAuthor,
		/// The time for verdicts has passed: the author files again.
		DeadlinePassed,
		/// The account that signed the verdict belongs to no active identity.
		UnknownAttestor,
		/// The validator holds none of the accreditations that the policy asks for now.
		AttestorNotQualified,
		/// The policy asks for somebody else than the author.
		AttestorIsAuthor,
		/// The policy asks for different organisations, and a colleague's verdict counts already.
		AttestorsNotIndependent,
		/// The validator gave a verdict of this kind on this version before.
		DuplicateAttestation,
		/// The policy asks for no more passing verdicts of this kind.
		RequirementMet,
		/// A bundled verdict is too old: have it signed again.
		AttestationExpired,
		/// A bundled signature does not fit this chain, record, version, content and verdict.
		BadAttestationSignature,
		/// A bundled verdict does not pass: correct the record first.
		FailingVerdict,
		/// The bundled verdicts do not meet the policy: add what is missing, or propose.
		PolicyNotMet,
		/// No version could meet this policy: see that counts, kinds and time to live are possible.
		UnsoundPolicy,
		/// An amendment changes the body: to seal the same one anew, use `reseal`.
		ResealedByAmendment,
		/// Nothing here can be taken back: what counted once is retracted or erased.
		NothingToWithdraw,
		/// The record is being validated anew: wait until that is decided or its time has passed.
		AlreadyRequested,
		/// The new validation failed: amend the record, or have governance ask for another.
		RevalidationFailed,
		/// Only the subject may do this, or who keeps the record: the organisation it was filed for and
		/// who works there now, or else its author.
		NotSubjectOrKeeper,
		/// Only the subject may do this, or the author as long as it keeps the record.
		NotSubjectOrAuthor,
		/// Only an organisation anchors batches: let yours sign.
		NotAnOrganisation,
		/// Nothing of this record lapsed or was erased: leave it out.
		NothingToReap,
		/// The call names nothing: name at least one.
		NothingNamed,
		/// The recipient is no active identity with an agreement key: check the id.
		UnknownRecipientKey,
		/// The share is not sealed to the recipient's current agreement key: seal it again.
		StaleRecipientKey,
		/// The call names a recipient twice: name each once.
		DuplicateRecipient,
		/// The version has as many wraps as one can have: drop some first.
		TooManyWraps,
		/// The version has no wrap for this recipient: read them again.
		WrapNotFound,
		/// This version serves no keys: it never counted, or was resealed or retracted since.
		NoKeysServed,
		/// You hold no key to this version, so there is nothing to report.
		NotRecipient,
		/// The call names a tag twice: name each once.
		DuplicateTag,
		/// A batch has 1 to 2^20 leaves: make smaller ones.
		BadTreeSize,
		/// A root of zeros is no root: send the real one.
		BadRoot,
		/// The organisation anchored this root before: use that batch.
		DuplicateBatch,
		/// There is no such batch.
		BatchNotFound,
		/// The batch belongs to another organisation: it promotes its own leaves itself.
		NotYourBatch,
		/// The batch has no such leaf: number them from 0.
		LeafOutOfRange,
		/// This leaf is a record already: use that one.
		LeafAlreadyPromoted,
		/// The proof is longer or shorter than the batch makes it: take the one for its tree size.
		ProofWrongLength,
		/// The proof does not lead from this record to the root: check leaf, place and proof.
		BadProof,
		/// Only the subject of the record may do this.
		NotSubject,
		/// The subject asked for this erasure before, and it is not answered yet.
		ErasureAlreadyRequested,
		/// The subject has not asked for the erasure, or it was refused.
		ErasureNotRequested,
		/// The subject wrote this record itself: nobody refuses its erasure.
		OwnErasure,
		/// The record is under legal hold, and this could take something of it away: the organisation
		/// lifts the hold first.
		LegalHold,
		/// The record was erased before: there is nothing left.
		AlreadyErased,
		/// A record of this id was erased, and does not come back: take a fresh nonce.
		RecordErased,
		/// Only the organisation the record was filed for, or its privacy officer or administrator,
		/// may do this.
		NotRecordOffice,
		/// The version holds another object than the one judged, or commits to another body: open it
		/// and judge again.
		OtherContent,
		/// Only who keeps the record may do this: the organisation it was filed for and who works there
		/// now, or else its author.
		NotKeeper,
		/// You asked for the erasure of this record: until it is erased its keeper alone seals it anew.
		KeeperReseals,
		/// Your own records take all the room that a patient has: withdraw, retract or erase some first.
		NoRoomLeft,
	}
}
