// SPDX-License-Identifier: Apache-2.0

//! What each call does, in call order; below it, the checks and writes they share.

use crate::*;
use frame_support::{
	pallet_prelude::*,
	traits::{Consideration, Footprint, Time},
};
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AmendReason, AttestationKind, AttestationStatement,
	CallScope, CompartmentNo, ContentHash, Digest, IdentityId, IdentityKind, RecordClass,
	RecordStatus, RecordVersion, RetractReason, Verdict, signed_forms,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments,
	identity::{Actor, IdentityInspect},
};
use sp_runtime::{ArithmeticError, traits::Verify};

/// An organisation that files holds one of these.
const FILING_LICENCES: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::FacilityLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::LaboratoryAccreditation,
]);

/// The number of a record's first version.
const FIRST: RecordVersion = 1;

/// A record that passed every check but those of its verdicts.
struct Filed<T: Config> {
	id: RecordId,
	record: RecordOf<T>,
	object: Option<InlineObject>,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_propose(
		actor: Actor<T::AccountId>,
		place: Place,
		sealed: Sealed,
	) -> DispatchResult {
		let now = T::Clock::now();
		let policy = Self::policy_for(place.class)?;
		let deadline = now.saturating_add(policy.time_to_live);
		let epoch = sealed.key.epoch;
		let mut filed =
			Self::check_filing(&actor, &place, sealed, Stage::Open { deadline, policy })?;

		let deposit = Self::charge_record(&actor, &filed, Some(deadline))?;
		filed.record.current.deposit = deposit;
		let Record { subject, author, organisation, class, compartment, ref current, .. } =
			filed.record;
		Self::deposit_event(Event::RecordProposed {
			record: filed.id,
			subject,
			author,
			organisation,
			class,
			compartment,
			content: current.content,
			body: current.body,
			padded_len: current.padded_len,
			epoch,
			deadline,
		});
		Self::file(filed);
		Ok(())
	}

	pub(crate) fn do_attest(
		actor: Actor<T::AccountId>,
		id: RecordId,
		number: RecordVersion,
		kind: AttestationKind,
		verdict: Verdict,
		evidence: Digest,
	) -> DispatchResult {
		let now = T::Clock::now();
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		ensure!((FIRST..=record.newest).contains(&number), Error::<T>::VersionNotFound);
		let version = Self::awaiting(&id, &record)
			.filter(|version| version.number == number)
			.ok_or(Error::<T>::NotInProcess)?;
		let Stage::Open { deadline, policy } = version.stage else {
			return Err(Error::<T>::NotInProcess.into());
		};
		ensure!(now < deadline, Error::<T>::DeadlinePassed);
		let attestation =
			Self::judge(&policy, &version, actor.id, actor.kind, kind, verdict, evidence, now)?;

		Self::settle(id, record, version, &policy, attestation, now)
	}

	pub(crate) fn do_anchor_validated(
		actor: Actor<T::AccountId>,
		place: Place,
		sealed: Sealed,
		bundle: BundleOf<T>,
	) -> DispatchResult {
		let now = T::Clock::now();
		let policy = Self::policy_for(place.class)?;
		let mut filed = Self::check_filing(&actor, &place, sealed, Stage::Anchored { at: now })?;
		Self::take_bundle(&policy, filed.id, &mut filed.record.current, bundle, now)?;
		ensure!(policy.is_met_by(&filed.record.current.attestations), Error::<T>::PolicyNotMet);

		let deposit = Self::charge_record(&actor, &filed, None)?;
		filed.record.current.deposit = deposit;
		Self::announce_attestations(filed.id, &filed.record.current);
		Self::announce_anchored(filed.id, &filed.record, &filed.record.current);
		Self::file(filed);
		Ok(())
	}

	pub(crate) fn do_amend(
		actor: Actor<T::AccountId>,
		id: RecordId,
		expected: RecordVersion,
		sealed: Sealed,
		reason: AmendReason,
		bundle: BundleOf<T>,
	) -> DispatchResult {
		let now = T::Clock::now();
		let mut record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		ensure!(record.is_kept_by(&actor.id), Error::<T>::NotAuthor);
		ensure!(record.status() == RecordStatus::Validated, Error::<T>::NotAnchored);
		ensure!(record.newest == expected, Error::<T>::VersionMismatch);
		let displaced = Pending::<T>::get(id);
		if let Some(pending) = &displaced {
			ensure!(pending.has_lapsed(now), Error::<T>::AmendmentPending);
		}
		Self::check_licence(&actor, record.organisation.as_ref(), now)?;
		let policy = Self::policy_for(record.class)?;
		let deadline = now.saturating_add(policy.time_to_live);
		let number = expected.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let epoch = sealed.key.epoch;
		let content = Self::check_sealed(&record.subject, record.compartment, &sealed)?;
		let stage = Stage::Open { deadline, policy };
		let (mut version, object) =
			Self::new_version(number, &actor, Some(reason), sealed, content, stage, now);
		Self::take_bundle(&policy, id, &mut version, bundle, now)?;
		let waits = !policy.is_met_by(&version.attestations);

		if let Some(lapsed) = displaced {
			// Before the charge, so that a patient gets back the place that the new one takes.
			Self::shelve_pending(id, lapsed, now);
		}
		let size = VersionOf::<T>::max_encoded_len().saturating_add(len_of(&object));
		version.deposit = Self::charge(&actor, id, size, waits.then_some(deadline))?;
		Self::deposit_event(Event::RecordAmended {
			record: id,
			version: number,
			by: actor.id,
			reason,
			content,
			body: version.body,
			padded_len: version.padded_len,
			epoch,
			deadline: waits.then_some(deadline),
		});
		Self::announce_attestations(id, &version);
		Self::store_object(id, content, object);
		record.newest = number;
		if waits {
			Pending::<T>::insert(id, version);
		} else {
			version.stage = Stage::Anchored { at: now };
			Self::announce_anchored(id, &record, &version);
			Self::supersede(id, &mut record, version);
		}
		Records::<T>::insert(id, record);
		Ok(())
	}

	pub(crate) fn do_retract(
		actor: Actor<T::AccountId>,
		id: RecordId,
		reason: RetractReason,
	) -> DispatchResult {
		let now = T::Clock::now();
		let mut record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		ensure!(record.is_kept_by(&actor.id), Error::<T>::NotAuthor);
		let open = matches!(record.status(), RecordStatus::InProcess | RecordStatus::Validated);
		ensure!(open, Error::<T>::AlreadyClosed);

		if let Some(pending) = Pending::<T>::get(id) {
			Self::shelve_pending(id, pending, now);
		}
		if record.current.is_open() {
			Self::free_place(id, &record.current);
			record.current.abandon(now);
		}
		record.current.key = None;
		record.retraction = Some(Retraction { reason, by: actor.id, at: now });
		let version = record.current.number;
		let newest = record.newest;
		Records::<T>::insert(id, record);
		for number in newest.saturating_sub(SWEPT_VERSIONS)..=newest {
			if let Some(version) = Versions::<T>::get(id, number).filter(|it| it.key.is_some()) {
				Versions::<T>::insert(id, number, Version { key: None, ..version });
			}
		}
		Self::deposit_event(Event::RecordRetracted { record: id, version, by: actor.id, reason });
		Ok(())
	}

	pub(crate) fn do_set_validation_policy(
		class: RecordClass,
		policy: ValidationPolicy,
	) -> DispatchResult {
		ensure!(policy.is_sound(), Error::<T>::UnsoundPolicy);
		ValidationPolicies::<T>::insert(class, policy);
		Self::deposit_event(Event::ValidationPolicySet { class, policy });
		Ok(())
	}

	fn policy_for(class: RecordClass) -> Result<ValidationPolicy, Error<T>> {
		ValidationPolicies::<T>::get(class).ok_or(Error::<T>::NoPolicy)
	}

	/// Whether the actor may file there, and the object may be filed.
	fn check_filing(
		actor: &Actor<T::AccountId>,
		place: &Place,
		sealed: Sealed,
		stage: Stage,
	) -> Result<Filed<T>, DispatchError> {
		let now = T::Clock::now();
		let Place { nonce, subject, class, compartment, .. } = *place;
		let organisation = Self::check_author(actor, place, now)?;
		let known = T::Identities::active_kind(&subject) == Some(IdentityKind::Patient);
		ensure!(known, Error::<T>::UnknownSubject);
		let content = Self::check_sealed(&subject, compartment, &sealed)?;
		let id = Self::record_id(actor.id, subject, class, compartment, nonce);
		ensure!(!Records::<T>::contains_key(id), Error::<T>::RecordExists);
		let (current, object) = Self::new_version(FIRST, actor, None, sealed, content, stage, now);
		let seq = SubjectRecordCount::<T>::get(subject);
		ensure!(seq < u32::MAX, ArithmeticError::Overflow);
		let record = Record {
			subject,
			author: actor.id,
			organisation,
			class,
			compartment,
			created: now,
			seq,
			newest: FIRST,
			retraction: None,
			current,
		};
		Ok(Filed { id, record, object })
	}

	/// Who files, and for which organisation.
	fn check_author(
		actor: &Actor<T::AccountId>,
		place: &Place,
		now: Moment,
	) -> Result<Option<IdentityId>, Error<T>> {
		let named = place.organisation;
		let organisation = match actor.kind {
			IdentityKind::Patient => {
				ensure!(place.subject == actor.id, Error::<T>::NotOwnRecord);
				ensure!(named.is_none(), Error::<T>::OrganisationNotYours);
				None
			},
			IdentityKind::Practitioner => Some(named.ok_or(Error::<T>::OrganisationMissing)?),
			IdentityKind::Organisation => {
				let itself = named.is_none_or(|named| named == actor.id);
				ensure!(itself, Error::<T>::OrganisationNotYours);
				Some(actor.id)
			},
			IdentityKind::Device => return Err(Error::<T>::KindCannotFile),
		};
		Self::check_licence(actor, organisation.as_ref(), now)?;
		Ok(organisation)
	}

	/// Whether the actor may write for `organisation` now.
	fn check_licence(
		actor: &Actor<T::AccountId>,
		organisation: Option<&IdentityId>,
		now: Moment,
	) -> Result<(), Error<T>> {
		match actor.kind {
			IdentityKind::Patient => Ok(()),
			IdentityKind::Practitioner => {
				let works = organisation
					.is_some_and(|there| T::Affiliations::works_at(&actor.id, there, now));
				works.then_some(()).ok_or(Error::<T>::NotAffiliated)
			},
			IdentityKind::Organisation => {
				T::Accreditations::is_accredited_any(&actor.id, FILING_LICENCES, now)
					.then_some(())
					.ok_or(Error::<T>::NotAccredited)
			},
			IdentityKind::Device => Err(Error::<T>::KindCannotFile),
		}
	}

	/// Whether the object is sealed as it should be, is new, and its key fits the compartment.
	fn check_sealed(
		subject: &IdentityId,
		compartment: CompartmentNo,
		sealed: &Sealed,
	) -> Result<ContentHash, Error<T>> {
		ensure!(is_padded_len(sealed.padded_len), Error::<T>::BadPaddedLength);
		let len = object_len(sealed.padded_len).ok_or(Error::<T>::BadPaddedLength)?;
		let content = match &sealed.content {
			Content::External { hash } => *hash,
			Content::Inline(bytes) => {
				ensure!(bytes.len() as u64 == len, Error::<T>::ContentLengthMismatch);
				ensure!(has_sealed_header(bytes), Error::<T>::NotSealed);
				sp_io::hashing::blake2_256(bytes).into()
			},
		};
		let epoch = T::Compartments::current_epoch(subject, compartment)
			.ok_or(Error::<T>::CompartmentNotOpen)?;
		ensure!(sealed.key.epoch == epoch, Error::<T>::StaleEpoch);
		ensure!(!ContentIndex::<T>::contains_key(content), Error::<T>::ContentAlreadyAnchored);
		Ok(content)
	}

	fn new_version(
		number: RecordVersion,
		actor: &Actor<T::AccountId>,
		reason: Option<AmendReason>,
		sealed: Sealed,
		content: ContentHash,
		stage: Stage,
		filed: Moment,
	) -> (VersionOf<T>, Option<InlineObject>) {
		let object = match sealed.content {
			Content::Inline(bytes) => Some(bytes),
			Content::External { .. } => None,
		};
		let version = Version {
			number,
			author: actor.id,
			reason,
			filed,
			content,
			inline: object.is_some(),
			body: sealed.body,
			padded_len: sealed.padded_len,
			key: Some(sealed.key),
			stage,
			attestations: Default::default(),
			deposit: None,
		};
		(version, object)
	}

	/// A verdict on `version`, when the validator may give it.
	fn judge(
		policy: &ValidationPolicy,
		version: &VersionOf<T>,
		validator: IdentityId,
		validator_kind: IdentityKind,
		kind: AttestationKind,
		verdict: Verdict,
		evidence: Digest,
		at: Moment,
	) -> Result<Attestation, Error<T>> {
		let from = policy.requirement(kind).from;
		let qualified = T::Accreditations::is_accredited_any(&validator, from, at);
		ensure!(qualified, Error::<T>::AttestorNotQualified);
		let mut attestation = Attestation {
			validator,
			organisations: Default::default(),
			kind,
			verdict,
			evidence,
			at,
		};
		if validator_kind == IdentityKind::Practitioner {
			for (organisation, _) in T::Affiliations::affiliations_at(&validator, at) {
				if !attestation.organisations.contains(&organisation) {
					// A practitioner works at so many organisations at most: nothing is cut off.
					let _ = attestation.organisations.try_push(organisation);
				}
			}
		}
		policy.admit(&version.author, &version.attestations, &attestation).map_err(|reason| {
			match reason {
				Inadmissible::Author => Error::<T>::AttestorIsAuthor,
				Inadmissible::Duplicate => Error::<T>::DuplicateAttestation,
				Inadmissible::RequirementMet => Error::<T>::RequirementMet,
				Inadmissible::NotIndependent => Error::<T>::AttestorsNotIndependent,
			}
		})?;
		Ok(attestation)
	}

	/// Puts bundled verdicts beside `version`: each signed over it, and given by who qualifies now.
	fn take_bundle(
		policy: &ValidationPolicy,
		record: RecordId,
		version: &mut VersionOf<T>,
		bundle: BundleOf<T>,
		now: Moment,
	) -> Result<(), Error<T>> {
		if bundle.is_empty() {
			return Ok(());
		}
		let genesis = T::GenesisHash::get();
		for signed in bundle {
			let SignedAttestation { validator, kind, verdict, evidence, expires, signature } =
				signed;
			ensure!(verdict.passes(), Error::<T>::FailingVerdict);
			ensure!(now < expires, Error::<T>::AttestationExpired);
			let id = T::Identities::acting_identity(&validator, CallScope::RecordAnchor)
				.ok_or(Error::<T>::UnknownAttestor)?;
			let id_kind = T::Identities::active_kind(&id).ok_or(Error::<T>::UnknownAttestor)?;
			let attestation =
				Self::judge(policy, version, id, id_kind, kind, verdict, evidence, now)?;
			let statement = AttestationStatement {
				genesis,
				record,
				version: version.number,
				content: version.content,
				body: version.body,
				kind,
				verdict,
				evidence,
				expires,
			};
			// The dearest check comes last.
			let fits = signed_forms(statement.to_bytes())
				.iter()
				.any(|bytes| signature.verify(&bytes[..], &validator));
			ensure!(fits, Error::<T>::BadAttestationSignature);
			// A full list means that nothing is missing.
			version.attestations.try_push(attestation).map_err(|_| Error::<T>::RequirementMet)?;
		}
		Ok(())
	}

	/// The version that waits for verdicts, also past its deadline.
	pub(crate) fn awaiting(id: &RecordId, record: &RecordOf<T>) -> Option<VersionOf<T>> {
		match record.status() {
			RecordStatus::InProcess => Some(record.current.clone()),
			// With nothing newer than what counts, nothing waits: the read is spared.
			RecordStatus::Validated if record.newest > record.current.number => {
				Pending::<T>::get(id)
			},
			_ => None,
		}
	}

	/// Takes a verdict on an open version, and ends its wait when the verdict decides.
	fn settle(
		id: RecordId,
		mut record: RecordOf<T>,
		mut version: VersionOf<T>,
		policy: &ValidationPolicy,
		attestation: Attestation,
		now: Moment,
	) -> DispatchResult {
		let Attestation { validator, kind, verdict, .. } = attestation;
		Self::announce_attestation(id, version.number, &attestation);
		// A full list means that nothing is missing.
		version.attestations.try_push(attestation).map_err(|_| Error::<T>::RequirementMet)?;
		let is_proposal = version.number == record.current.number;
		if !verdict.passes() {
			version.stage = Stage::Failed { at: now };
			Self::deposit_event(Event::ValidationFailed {
				record: id,
				version: version.number,
				validator,
				kind,
			});
		} else if policy.is_met_by(&version.attestations) {
			version.stage = Stage::Anchored { at: now };
			Self::announce_anchored(id, &record, &version);
		}
		if !version.is_open() {
			Self::free_place(id, &version);
		}
		match (is_proposal, &version.stage) {
			(true, _) => {
				record.current = version;
				Records::<T>::insert(id, record);
			},
			(false, Stage::Open { .. }) => Pending::<T>::insert(id, version),
			(false, Stage::Anchored { .. }) => {
				Pending::<T>::remove(id);
				Self::supersede(id, &mut record, version);
				Records::<T>::insert(id, record);
			},
			(false, Stage::Failed { .. } | Stage::Abandoned { .. }) => {
				Pending::<T>::remove(id);
				Versions::<T>::insert(id, version.number, version);
			},
		}
		Ok(())
	}

	/// Makes `next` the version that counts.
	fn supersede(id: RecordId, record: &mut RecordOf<T>, next: VersionOf<T>) {
		let before = core::mem::replace(&mut record.current, next);
		Versions::<T>::insert(id, before.number, before);
	}

	/// Gives up the amendment that waits.
	fn shelve_pending(id: RecordId, mut pending: VersionOf<T>, now: Moment) {
		Self::free_place(id, &pending);
		pending.abandon(now);
		Pending::<T>::remove(id);
		Versions::<T>::insert(id, pending.number, pending);
	}

	fn charge_record(
		actor: &Actor<T::AccountId>,
		filed: &Filed<T>,
		open_until: Option<Moment>,
	) -> Result<Option<DepositOf<T>>, DispatchError> {
		let size = RecordOf::<T>::max_encoded_len().saturating_add(len_of(&filed.object));
		Self::charge(actor, filed.id, size, open_until)
	}

	/// What a row costs: rent, or for patients a place among their open ones while it waits.
	fn charge(
		actor: &Actor<T::AccountId>,
		id: RecordId,
		size: usize,
		open_until: Option<Moment>,
	) -> Result<Option<DepositOf<T>>, DispatchError> {
		if actor.kind == IdentityKind::Patient {
			if let Some(deadline) = open_until {
				Self::take_place(actor.id, id, deadline)?;
			}
			return Ok(None);
		}
		let footprint = Footprint::from_parts(1, size);
		let ticket = T::RecordConsideration::new(&actor.payer, footprint)?;
		Ok(Some(Deposit { depositor: actor.payer.clone(), ticket }))
	}

	fn take_place(patient: IdentityId, id: RecordId, deadline: Moment) -> Result<(), Error<T>> {
		let now = T::Clock::now();
		OpenOwnProposals::<T>::try_mutate(patient, |open| {
			open.retain(|(_, deadline)| now < *deadline);
			open.try_push((id, deadline)).map_err(|_| Error::<T>::TooManyOpenProposals)
		})
	}

	/// Frees the place that an open version of a patient's takes.
	fn free_place(id: RecordId, version: &VersionOf<T>) {
		if version.deposit.is_some() {
			return;
		}
		OpenOwnProposals::<T>::mutate_exists(version.author, |places| {
			let Some(open) = places else { return };
			open.retain(|(record, _)| *record != id);
			if open.is_empty() {
				*places = None;
			}
		});
	}

	/// Writes a new record, its place in the subject's list and its object.
	fn file(filed: Filed<T>) {
		let Filed { id, record, object } = filed;
		let (subject, seq) = (record.subject, record.seq);
		SubjectRecords::<T>::insert(subject, seq, id);
		SubjectRecordCount::<T>::insert(subject, seq.saturating_add(1));
		Self::store_object(id, record.current.content, object);
		Records::<T>::insert(id, record);
	}

	fn store_object(id: RecordId, content: ContentHash, object: Option<InlineObject>) {
		ContentIndex::<T>::insert(content, id);
		if let Some(bytes) = object {
			Objects::<T>::insert(content, bytes);
		}
	}

	fn announce_attestations(record: RecordId, version: &VersionOf<T>) {
		for attestation in &version.attestations {
			Self::announce_attestation(record, version.number, attestation);
		}
	}

	fn announce_attestation(record: RecordId, version: RecordVersion, given: &Attestation) {
		Self::deposit_event(Event::AttestationAdded {
			record,
			version,
			validator: given.validator,
			organisations: given.organisations.clone(),
			kind: given.kind,
			verdict: given.verdict,
			evidence: given.evidence,
		});
	}

	fn announce_anchored(id: RecordId, record: &RecordOf<T>, version: &VersionOf<T>) {
		Self::deposit_event(Event::RecordAnchored {
			record: id,
			version: version.number,
			subject: record.subject,
			author: version.author,
			organisation: record.organisation,
			class: record.class,
			compartment: record.compartment,
			content: version.content,
			body: version.body,
			padded_len: version.padded_len,
		});
	}
}

fn len_of(object: &Option<InlineObject>) -> usize {
	object.as_ref().map_or(0, |bytes| bytes.len())
}
