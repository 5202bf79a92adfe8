// SPDX-License-Identifier: Apache-2.0

//! What the calls do, a file per topic, each in the order of the calls; here is what they share.

mod batches;
mod erasure;
mod filing;
mod keys;
mod policy;
mod quota;
mod sweep;
mod tags;
mod verdicts;
mod versions;

pub(crate) use batches::{LeafProof, Tree};
pub(crate) use sweep::hour_of;
pub(crate) use verdicts::Given;

use crate::*;
use frame_support::{
	ensure,
	traits::{Consideration, Footprint, Time},
	weights::Weight,
};
use salus_primitives::{
	AccreditationKind, AccreditationKinds, AmendReason, CompartmentNo, ContentHash, Epoch,
	IdentityId, IdentityKind, RecordClass, RecordVersion,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect},
	consent::Compartments,
	identity::Actor,
};
use sp_runtime::DispatchError;

/// An organisation that files holds one of these.
const FILING_LICENCES: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::FacilityLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::LaboratoryAccreditation,
]);

/// The number of a record's first version.
const FIRST: RecordVersion = 1;

impl<T: Config> Pallet<T> {
	/// What the calls weigh whose lists are the longest, each at its longest.
	pub(crate) fn dearest_calls() -> [Weight; 7] {
		let reaped = T::WeightInfo::sweep_residue().saturating_mul(MAX_REAPED.into());
		let bundle = Self::weight_of_workplaces(MAX_ATTESTATIONS);
		[
			Self::weight_of_shape(
				MAX_RECORDS,
				MAX_RECORDS.saturating_mul(MAX_ATTESTATIONS),
				MAX_RECORDS.saturating_mul(MAX_ATTESTATIONS),
				MAX_RECORDS,
			),
			T::WeightInfo::reap(MAX_REAPED).max(reaped),
			T::WeightInfo::amend_inline(MAX_ATTESTATIONS).saturating_add(bundle),
			T::WeightInfo::add_wraps(MAX_RECIPIENTS),
			T::WeightInfo::reseal_inline(),
			Self::weight_of_promotion(true, MAX_ATTESTATIONS, MAX_ATTESTATIONS),
			T::WeightInfo::execute_erasure(),
		]
	}

	fn policy_for(class: RecordClass) -> Result<ValidationPolicy, Error<T>> {
		ValidationPolicies::<T>::get(class).ok_or(Error::<T>::NoPolicy)
	}

	/// Whether the actor keeps a record at `now`: the organisation it was filed for, who works there,
	/// or, when it was filed for nobody, who filed it.
	pub(crate) fn keeps(actor: &Actor<T::AccountId>, record: &RecordOf<T>, now: Moment) -> bool {
		let Some(home) = record.organisation else { return actor.id == record.author };
		match actor.kind {
			IdentityKind::Practitioner => T::Affiliations::works_at(&actor.id, &home, now),
			_ => actor.id == home,
		}
	}

	/// Whether the actor has a say about the keys of a record: its subject, or who keeps it.
	fn check_subject_or_keeper(
		actor: &Actor<T::AccountId>,
		record: &RecordOf<T>,
		now: Moment,
	) -> Result<(), Error<T>> {
		let may = record.subject == actor.id || Self::keeps(actor, record, now);
		may.then_some(()).ok_or(Error::<T>::NotSubjectOrKeeper)
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
	fn check_sealed(sealed: &Sealed, epoch: Epoch) -> Result<ContentHash, Error<T>> {
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
		ensure!(sealed.key.epoch == epoch, Error::<T>::StaleEpoch);
		Self::check_unclaimed(&content)?;
		Ok(content)
	}

	/// Whether an object belongs to no record. What waits for verdicts claims nothing: else a
	/// proposal that nobody judged would keep others from anchoring what is theirs.
	fn check_unclaimed(content: &ContentHash) -> Result<(), Error<T>> {
		let claimed = ContentIndex::<T>::contains_key(content);
		if claimed { Err(Error::<T>::ContentAlreadyAnchored) } else { Ok(()) }
	}

	/// The current epoch of a compartment.
	fn epoch_of(subject: &IdentityId, compartment: CompartmentNo) -> Result<Epoch, Error<T>> {
		T::Compartments::current_epoch(subject, compartment).ok_or(Error::<T>::CompartmentNotOpen)
	}

	fn new_version(
		number: RecordVersion,
		author: IdentityId,
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
			author,
			writer: None,
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

	/// Makes `next` the version that counts. A validation of the one before ends undecided.
	fn supersede(id: RecordId, record: &mut RecordOf<T>, next: VersionOf<T>, now: Moment) {
		let mut before = core::mem::replace(&mut record.current, next);
		before.abandon(now);
		Versions::<T>::insert(id, before.number, before);
	}

	/// Holds rent for `size` bytes.
	fn rent(payer: &T::AccountId, size: usize) -> Result<Option<DepositOf<T>>, DispatchError> {
		let ticket = T::RecordConsideration::new(payer, Footprint::from_parts(1, size))?;
		Ok(Some(Deposit { depositor: payer.clone(), ticket }))
	}

	/// Gives rent back to who paid it.
	fn give_back(deposit: Option<DepositOf<T>>) {
		if let Some(Deposit { depositor, ticket }) = deposit {
			// A row that has to go goes, even if something else took what was held for it.
			let _ = ticket.drop(&depositor);
		}
	}

	/// Puts an open version among what waits until its deadline.
	fn begin_wait(id: RecordId, version: &VersionOf<T>) {
		if let Stage::Open { deadline, .. } = version.stage {
			if !SweepCursor::<T>::exists() {
				SweepCursor::<T>::put(hour_of(T::Clock::now()));
			}
			Deadlines::<T>::insert(hour_of(deadline), id, ());
		}
	}

	/// Takes an open version off the lists of what waits. Before its stage changes.
	fn end_wait(id: RecordId, version: &VersionOf<T>) {
		if let Stage::Open { deadline, .. } = version.stage {
			Deadlines::<T>::remove(hour_of(deadline), id);
			Self::free_place(id, version);
		}
	}

	/// Keeps the object of a version that was filed, and claims it for the record when that counts.
	fn store_object(id: RecordId, version: &VersionOf<T>, object: Option<InlineObject>) {
		if version.was_anchored() {
			ContentIndex::<T>::insert(version.content, id);
		}
		if let Some(bytes) = object {
			Objects::<T>::insert(id, version.number, bytes);
		}
	}

	/// Removes what a version holds beside its row, which is gone already, and gives back what it
	/// cost.
	fn drop_version(id: RecordId, version: VersionOf<T>) {
		if version.was_anchored() {
			ContentIndex::<T>::remove(version.content);
		}
		if version.inline {
			Objects::<T>::remove(id, version.number);
		}
		Self::give_back_version(version);
	}

	/// Removes a record with the version that counts, and all that leads to it.
	fn drop_record(id: RecordId, record: RecordOf<T>) {
		Self::end_wait(id, &record.current);
		Self::drop_tags(id, record.subject);
		Self::free_leaf(&record);
		ErasureRequests::<T>::remove(id);
		SubjectRecords::<T>::remove(record.subject, record.seq);
		Records::<T>::remove(id);
		Self::drop_version(id, record.current);
	}

	/// Removes an amendment that waited.
	fn drop_pending(id: RecordId, pending: VersionOf<T>) {
		Self::end_wait(id, &pending);
		Pending::<T>::remove(id);
		Self::drop_version(id, pending);
	}

	/// Removes an amendment that waited in vain.
	fn drop_lapsed(id: RecordId, pending: VersionOf<T>) {
		Self::deposit_event(Event::RecordLapsed { record: id, version: pending.number });
		Self::drop_pending(id, pending);
	}

	fn announce_proposed(id: RecordId, record: &RecordOf<T>, epoch: Epoch, deadline: Moment) {
		let Record { subject, author, organisation, class, compartment, ref current, .. } = *record;
		Self::deposit_event(Event::RecordProposed {
			record: id,
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
