// SPDX-License-Identifier: Apache-2.0

//! New records: proposed, or anchored at once with the verdicts that their policy asks for.

use super::{FIRST, verdicts::Validators};
use crate::*;
use alloc::{collections::BTreeMap, vec::Vec};
use codec::MaxEncodedLen;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Time, weights::Weight};
use salus_primitives::{CompartmentNo, Epoch, IdentityId, IdentityKind, RecordClass};
use salus_traits::identity::{Actor, IdentityInspect};
use sp_runtime::{ArithmeticError, DispatchError};

/// A record that passed every check but those of its verdicts.
pub(crate) struct Filed<T: Config> {
	pub(crate) id: RecordId,
	pub(crate) record: RecordOf<T>,
	pub(crate) object: Option<InlineObject>,
}

/// What a call that files many records looks up once.
#[derive(Default)]
struct Known {
	policies: BTreeMap<u8, ValidationPolicy>,
	epochs: BTreeMap<(IdentityId, CompartmentNo), Epoch>,
}

impl Known {
	fn policy<T: Config>(&mut self, class: RecordClass) -> Result<ValidationPolicy, Error<T>> {
		if let Some(policy) = self.policies.get(&(class as u8)) {
			return Ok(*policy);
		}
		let policy = Pallet::<T>::policy_for(class)?;
		self.policies.insert(class as u8, policy);
		Ok(policy)
	}

	/// The current epoch of a compartment of an active patient.
	fn epoch<T: Config>(
		&mut self,
		subject: IdentityId,
		compartment: CompartmentNo,
	) -> Result<Epoch, Error<T>> {
		if let Some(epoch) = self.epochs.get(&(subject, compartment)) {
			return Ok(*epoch);
		}
		let epoch = Pallet::<T>::check_subject(&subject, compartment)?;
		self.epochs.insert((subject, compartment), epoch);
		Ok(epoch)
	}
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
		Self::announce_proposed(filed.id, &filed.record, epoch, deadline);
		Self::file(filed);
		Ok(())
	}

	pub(crate) fn do_anchor_validated(
		actor: Actor<T::AccountId>,
		place: Place,
		sealed: Sealed,
		bundle: BundleOf<T>,
	) -> DispatchResult {
		let now = T::Clock::now();
		let policy = Self::policy_for(place.class)?;
		let filed = Self::check_filing(&actor, &place, sealed, Stage::Anchored { at: now })?;
		Self::anchor(&actor, filed, &policy, bundle, &mut Validators::new(now))
	}

	pub(crate) fn do_anchor_many(
		actor: Actor<T::AccountId>,
		organisation: Option<IdentityId>,
		records: BoundedVec<NewRecordOf<T>, ConstU32<MAX_RECORDS>>,
	) -> DispatchResult {
		ensure!(!records.is_empty(), Error::<T>::NothingNamed);
		let now = T::Clock::now();
		let own = actor.kind != IdentityKind::Patient
			|| records.iter().all(|record| record.subject == actor.id);
		ensure!(own, Error::<T>::NotOwnRecord);
		let organisation = Self::check_author(&actor, organisation, now)?;
		let mut known = Known::default();
		let mut validators = Validators::new(now);
		// Each is checked against those before it; the first that fails undoes them all.
		for NewRecord {
			nonce,
			subject,
			class,
			compartment,
			content,
			body,
			padded_len,
			key,
			attestations,
		} in records
		{
			let policy = known.policy::<T>(class)?;
			let epoch = known.epoch::<T>(subject, compartment)?;
			let place = Place { nonce, subject, organisation, class, compartment };
			let sealed = Sealed { content, body, padded_len, key };
			let stage = Stage::Anchored { at: now };
			let filed = Self::prepare(actor.id, &place, sealed, stage, epoch, now)?;
			Self::anchor(&actor, filed, &policy, attestations, &mut validators)?;
		}
		Ok(())
	}

	/// What filing these records weighs: the records, their verdicts, those who judged what, and
	/// inline objects.
	pub(crate) fn weight_of_many(records: &[NewRecordOf<T>]) -> Weight {
		let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
		let mut judged: Vec<_> = records
			.iter()
			.flat_map(|record| {
				let class = record.class as u8;
				record.attestations.iter().map(move |one| (&one.validator, one.kind as u8, class))
			})
			.collect();
		let verdicts = count(judged.len());
		judged.sort_unstable();
		judged.dedup();
		let inline = count(records.iter().filter(|record| record.content.is_inline()).count());
		Self::weight_of_shape(count(records.len()), verdicts, count(judged.len()), inline)
	}

	/// What so many records weigh with so many verdicts, so many look-ups of who gave them, and so
	/// many inline objects.
	pub(super) fn weight_of_shape(
		records: u32,
		verdicts: u32,
		validators: u32,
		inline: u32,
	) -> Weight {
		// Measured with one verdict per record, all by one validator, all objects external; what is
		// beyond that, by what one more of it weighs.
		let one_more = |of: fn(u32) -> Weight| of(2).saturating_sub(of(1));
		let verdict = one_more(T::WeightInfo::anchor_many_verdicts).saturating_div(10);
		let validator = one_more(T::WeightInfo::anchor_many_validators);
		let object = one_more(T::WeightInfo::anchor_many_inline);
		T::WeightInfo::anchor_many(records)
			.saturating_add(verdict.saturating_mul(verdicts.saturating_sub(records).into()))
			.saturating_add(validator.saturating_mul(validators.into()))
			.saturating_add(object.saturating_mul(inline.into()))
	}

	/// Whether the actor may file there, and the object may be filed.
	pub(super) fn check_filing(
		actor: &Actor<T::AccountId>,
		place: &Place,
		sealed: Sealed,
		stage: Stage,
	) -> Result<Filed<T>, DispatchError> {
		let now = T::Clock::now();
		let own = actor.kind != IdentityKind::Patient || place.subject == actor.id;
		ensure!(own, Error::<T>::NotOwnRecord);
		let organisation = Self::check_author(actor, place.organisation, now)?;
		let epoch = Self::check_subject(&place.subject, place.compartment)?;
		let place = Place { organisation, ..place.clone() };
		Self::prepare(actor.id, &place, sealed, stage, epoch, now)
	}

	/// For which organisation the actor files, when it may.
	fn check_author(
		actor: &Actor<T::AccountId>,
		named: Option<IdentityId>,
		now: Moment,
	) -> Result<Option<IdentityId>, Error<T>> {
		let organisation = match actor.kind {
			IdentityKind::Patient => {
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

	/// The current epoch of a compartment, when it is an active patient's.
	fn check_subject(subject: &IdentityId, compartment: CompartmentNo) -> Result<Epoch, Error<T>> {
		let known = T::Identities::active_kind(subject) == Some(IdentityKind::Patient);
		ensure!(known, Error::<T>::UnknownSubject);
		Self::epoch_of(subject, compartment)
	}

	/// The record, when its place is free and its object can be filed.
	fn prepare(
		author: IdentityId,
		place: &Place,
		sealed: Sealed,
		stage: Stage,
		epoch: Epoch,
		now: Moment,
	) -> Result<Filed<T>, DispatchError> {
		let Place { nonce, subject, organisation, class, compartment } = *place;
		let content = Self::check_sealed(&sealed, epoch)?;
		let id = Self::record_id(author, subject, class, compartment, nonce);
		ensure!(!Records::<T>::contains_key(id), Error::<T>::RecordExists);
		ensure!(!Tombstones::<T>::contains_key(id), Error::<T>::RecordErased);
		let (current, object) = Self::new_version(FIRST, author, None, sealed, content, stage, now);
		let seq = SubjectRecordCount::<T>::get(subject);
		ensure!(seq < u32::MAX, ArithmeticError::Overflow);
		let record = Record {
			subject,
			author,
			organisation,
			class,
			compartment,
			created: now,
			seq,
			newest: FIRST,
			keys_from: FIRST,
			legal_hold: false,
			batch: None,
			retraction: None,
			current,
		};
		Ok(Filed { id, record, object })
	}

	/// Files a record whose bundled verdicts meet the policy.
	fn anchor(
		actor: &Actor<T::AccountId>,
		mut filed: Filed<T>,
		policy: &ValidationPolicy,
		bundle: BundleOf<T>,
		validators: &mut Validators<T>,
	) -> DispatchResult {
		let version = &mut filed.record.current;
		Self::take_verdicts(policy, filed.id, version, bundle, validators)?;
		ensure!(policy.is_met_by(&version.attestations), Error::<T>::PolicyNotMet);

		filed.record.current.deposit = Self::charge_record(actor, &filed, None)?;
		Self::announce_attestations(filed.id, &filed.record.current);
		Self::announce_anchored(filed.id, &filed.record, &filed.record.current);
		Self::file(filed);
		Ok(())
	}

	pub(super) fn charge_record(
		actor: &Actor<T::AccountId>,
		filed: &Filed<T>,
		open_until: Option<Moment>,
	) -> Result<Option<DepositOf<T>>, DispatchError> {
		let row = RecordOf::<T>::max_encoded_len();
		Self::charge_version(actor, filed.id, row, &filed.object, open_until)
	}

	/// Writes a new record, its place in the subject's list and its object.
	pub(super) fn file(filed: Filed<T>) {
		let Filed { id, record, object } = filed;
		let (subject, seq) = (record.subject, record.seq);
		Self::begin_wait(id, &record.current);
		SubjectRecords::<T>::insert(subject, seq, id);
		SubjectRecordCount::<T>::insert(subject, seq.saturating_add(1));
		Self::store_object(id, &record.current, object);
		Records::<T>::insert(id, record);
	}
}
