// SPDX-License-Identifier: Apache-2.0

//! What happened, enough to follow the state without reading it.

use frame_support::pallet_macros::pallet_section;

#[pallet_section]
mod events {
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A patient set what holds when no grant speaks.
		PolicySet {
			/// Whose policy.
			subject: IdentityId,
			/// What holds now.
			policy: AccessPolicy,
			/// What held before.
			before: AccessPolicy,
			/// Who set it for the subject.
			by: IdentityId,
		},
		/// A compartment was opened: authors can seal to it.
		CompartmentOpened {
			/// Whose it is.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// The number of its key pair.
			epoch: Epoch,
			/// The public key.
			key: X25519Key,
			/// Whether permits have to name it.
			restricted: bool,
			/// Who opened it for the subject.
			by: IdentityId,
		},
		/// A compartment got a new key pair: what is filed from now on is sealed to it.
		CompartmentRotated {
			/// Whose it is.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// The number of the new key pair.
			epoch: Epoch,
			/// The new public key.
			key: X25519Key,
			/// The grants whose grantees were handed the new secret.
			grants: BoundedVec<GrantId, ConstU32<MAX_WRAPS>>,
			/// Who holds the new secret for emergencies: nobody, when it was not handed on.
			holder: Option<IdentityId>,
			/// Who rotated it for the subject.
			by: IdentityId,
		},
		/// More grantees were handed the current secret of a compartment.
		CompartmentWrapsAdded {
			/// Whose it is.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// The number of its key pair.
			epoch: Epoch,
			/// The grants of those.
			grants: BoundedVec<GrantId, ConstU32<MAX_WRAPS>>,
			/// Who handed it over for the subject.
			by: IdentityId,
		},
		/// A grant was made.
		Granted {
			/// Its number.
			grant: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// To whom it speaks.
			grantee: Grantee,
			/// What it says.
			terms: Terms,
			/// How often it can be used, if that is counted.
			uses: Option<u32>,
			/// What it rests on.
			basis: Basis,
			/// Hash of the sealed form.
			document: Option<Digest>,
			/// Whether the grantee may pass it on.
			delegable: bool,
			/// Who made it for the subject.
			by: IdentityId,
		},
		/// A grantee passed a grant on.
		SubGranted {
			/// The number of the new grant.
			grant: GrantId,
			/// The grant it was made from.
			parent: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// To whom it speaks.
			grantee: Grantee,
			/// What it says.
			terms: Terms,
			/// Whether its grantee may pass it on once more.
			delegable: bool,
			/// The grantee of the parent.
			by: IdentityId,
		},
		/// A grant was narrowed.
		Narrowed {
			/// Its number.
			grant: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// To whom it speaks.
			grantee: Grantee,
			/// What it says now.
			terms: Terms,
			/// How often it can still be used, if that is counted.
			uses: Option<u32>,
			/// Who narrowed it for the subject.
			by: IdentityId,
		},
		/// A grant that had ended was cleared away, and its keys were removed.
		GrantLapsed {
			/// Its number.
			grant: GrantId,
			/// Whose records it spoke of.
			subject: IdentityId,
		},
		/// A grant was taken back, and its keys were removed.
		Revoked {
			/// Its number.
			grant: GrantId,
			/// Whose records it spoke of.
			subject: IdentityId,
			/// To whom it spoke.
			grantee: Grantee,
			/// How far it reaches.
			strength: RevocationStrength,
			/// Who took it back.
			by: IdentityId,
		},
		/// Somebody asks a patient for access.
		AccessRequested {
			/// The number of the request.
			request: RequestId,
			/// Whose records are asked for.
			subject: IdentityId,
			/// To whom the grant would speak.
			grantee: Grantee,
			/// Who asks.
			requester: IdentityId,
			/// What is asked.
			asked: Asked,
			/// Hash of the sealed reasons.
			reason: Digest,
			/// From when on it can no longer be approved.
			answer_by: Moment,
		},
		/// A request was approved.
		RequestApproved {
			/// Its number.
			request: RequestId,
			/// Whose records were asked for.
			subject: IdentityId,
			/// The grant that it led to.
			grant: GrantId,
			/// Who approved it for the subject.
			by: IdentityId,
		},
		/// A request was declined.
		RequestDeclined {
			/// Its number.
			request: RequestId,
			/// Whose records were asked for.
			subject: IdentityId,
			/// Who declined it for the subject.
			by: IdentityId,
		},
		/// A request was taken back.
		RequestCancelled {
			/// Its number.
			request: RequestId,
			/// Whose records were asked for.
			subject: IdentityId,
			/// Who took it back: who asked, or the organisation it asked for.
			by: IdentityId,
		},
		/// A request that no organisation licensed for care stood behind gave its place up to one that
		/// has one.
		RequestDisplaced {
			/// Its number.
			request: RequestId,
			/// Whose records were asked for.
			subject: IdentityId,
			/// The request that took its place.
			by: RequestId,
		},
		/// A request that nobody answered in time was cleared away.
		RequestLapsed {
			/// Its number.
			request: RequestId,
			/// Whose records were asked for.
			subject: IdentityId,
		},
		/// A use of a grant that counts them was spent. With the last one its keys were removed.
		GrantUsed {
			/// Its number.
			grant: GrantId,
			/// Whose records it speaks of.
			subject: IdentityId,
			/// How many uses are left.
			uses_left: u32,
		},
		/// An access that was permitted was recorded.
		AccessLogged {
			/// Whose record it is.
			subject: IdentityId,
			/// The number of the entry in the subject's log, from 0.
			number: u64,
			/// The entry.
			entry: AccessEntry,
			/// The hash over all entries up to this one.
			head: Digest,
		},
		/// An access that was denied was recorded.
		AccessDenied {
			/// Whose record it is.
			subject: IdentityId,
			/// The number of the entry in the subject's log, from 0.
			number: u64,
			/// The entry.
			entry: AccessEntry,
			/// The hash over all entries up to this one.
			head: Digest,
		},
		/// A stretch of a recorder's log was anchored.
		AuditBatchAnchored {
			/// Whose log.
			organisation: IdentityId,
			/// Which of its logs.
			recorder: RecorderId,
			/// The number of the batch.
			seq: u64,
			/// The batch.
			batch: AuditBatch,
		},
		/// Somebody broke the glass: it can read without a grant until then.
		GlassBroken {
			/// The number of the emergency.
			emergency: EmergencyId,
			/// Whose records it reaches.
			subject: IdentityId,
			/// Who broke the glass.
			claimant: IdentityId,
			/// Where the claimant works.
			organisation: IdentityId,
			/// The one compartment it reaches, or all that are not restricted.
			compartment: Option<CompartmentNo>,
			/// Why.
			reason: EmergencyReason,
			/// The hash of the sealed justification.
			justification: Digest,
			/// When it ends.
			until: Moment,
		},
		/// An emergency was ended before its time.
		GlassClosed {
			/// Its number.
			emergency: EmergencyId,
			/// Whose records it reached.
			subject: IdentityId,
			/// Who ended it.
			by: IdentityId,
		},
		/// An emergency was reviewed.
		GlassReviewed {
			/// Its number.
			emergency: EmergencyId,
			/// Whose records it reached.
			subject: IdentityId,
			/// Who broke the glass.
			claimant: IdentityId,
			/// What was found.
			outcome: ReviewOutcome,
			/// The hash of the sealed note.
			note: Digest,
			/// Who reviewed it.
			by: Reviewer,
		},
		/// An emergency was found unjustified: that counts against its claimant.
		ClaimantStruck {
			/// Who broke the glass.
			claimant: IdentityId,
			/// The number of the emergency.
			emergency: EmergencyId,
			/// How many strikes it has now.
			strikes: u32,
		},
		/// No officer reviewed an emergency in time: governance has to.
		ReviewOverdue {
			/// Its number.
			emergency: EmergencyId,
			/// Whose records it reached.
			subject: IdentityId,
			/// Who broke the glass.
			claimant: IdentityId,
			/// Where the claimant worked.
			organisation: IdentityId,
		},
		/// The subject does not accept an emergency: governance has to review it.
		AccessContested {
			/// Its number.
			emergency: EmergencyId,
			/// Whose records it reached.
			subject: IdentityId,
			/// Who contested it for the subject.
			by: IdentityId,
		},
		/// Somebody may break the glass no more, and open emergencies of it act no more.
		ClaimantSuspended {
			/// Who.
			claimant: IdentityId,
			/// How many strikes it has.
			strikes: u32,
		},
		/// Somebody may break the glass again, and its strikes are forgotten.
		ClaimantReinstated {
			/// Who.
			claimant: IdentityId,
		},
		/// Governance set how emergencies are kept in bounds.
		EmergencyPolicySet {
			/// What holds for emergencies from now on.
			policy: EmergencyPolicy,
		},
		/// Somebody said where the key shares of its records lie.
		ShareCustodiansSet {
			/// Whose records.
			keeper: IdentityId,
			/// Who keeps a part each; nobody, when that was taken back.
			custodians: BoundedVec<IdentityId, ConstU32<MAX_SHARE_CUSTODIANS>>,
			/// How many parts open a share.
			threshold: u8,
		},
		/// An organisation offers to hold emergency keys, or ceases to.
		EmergencyHolderSet {
			/// Which one.
			organisation: IdentityId,
			/// Whether it offers to.
			accept: bool,
		},
		/// A holder of emergency keys has given notice: its patients have until then to hand their
		/// keys to another one.
		EmergencyHolderLeaving {
			/// Which one.
			organisation: IdentityId,
			/// From when on it may drop what it still holds.
			leaves: Moment,
		},
		/// A patient gave the secret of a compartment to a holder, for emergencies.
		EmergencyKeySet {
			/// Whose compartment.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// The number of its key pair.
			epoch: Epoch,
			/// Who holds it.
			holder: IdentityId,
			/// Who gave it for the subject.
			by: IdentityId,
		},
		/// The secret of a compartment was taken back, or dropped by who held it: it cannot be read in
		/// emergencies.
		EmergencyKeyRemoved {
			/// Whose compartment.
			subject: IdentityId,
			/// Its number.
			compartment: CompartmentNo,
			/// Who held it.
			holder: IdentityId,
			/// Who took it back for the subject, or the holder.
			by: IdentityId,
		},
	}
}
