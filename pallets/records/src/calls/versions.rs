// SPDX-License-Identifier: Apache-2.0

//! What becomes of a record: taken back, amended, retracted, sealed anew.

use super::len_of;
use crate::*;
use codec::MaxEncodedLen;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Time};
use salus_primitives::{AmendReason, RecordKey, RecordVersion, RetractReason};
use salus_traits::identity::Actor;
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_withdraw(actor: Actor<T::AccountId>, id: RecordId) -> DispatchResult {
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let by = actor.id;
		let pending = Self::pending_of(&id, &record);
		let author = pending.as_ref().map_or(record.author, |pending| pending.author);
		ensure!(author == by, Error::<T>::NotAuthor);
		let never_counted = record.retraction.is_none() && !record.current.was_anchored();
		ensure!(pending.is_some() || never_counted, Error::<T>::NothingToWithdraw);
		ensure!(!record.legal_hold, Error::<T>::LegalHold);

		let version = pending.as_ref().map_or(record.current.number, |pending| pending.number);
		match pending {
			Some(pending) => Self::drop_pending(id, pending),
			None => Self::drop_record(id, record),
		}
		Self::deposit_event(Event::RecordWithdrawn { record: id, version, by });
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
		ensure!(reason != AmendReason::Resealed, Error::<T>::ResealedByAmendment);
		let (number, displaced) = Self::check_next(&actor, id, &record, expected, now)?;
		let policy = Self::policy_for(record.class)?;
		let deadline = now.saturating_add(policy.time_to_live);
		let epoch = sealed.key.epoch;
		let current = Self::epoch_of(&record.subject, record.compartment)?;
		let content = Self::check_sealed(&sealed, current)?;
		let stage = Stage::Open { deadline, policy };
		let (mut version, object) =
			Self::new_version(number, actor.id, Some(reason), sealed, content, stage, now);
		Self::take_bundle(&policy, id, &mut version, bundle, now)?;
		let waits = !policy.is_met_by(&version.attestations);

		if let Some(lapsed) = displaced {
			// Before the charge, so that what the lapsed one held pays for the new one.
			Self::drop_lapsed(id, lapsed);
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
			Self::begin_wait(id, &version);
			Pending::<T>::insert(id, version);
		} else {
			version.stage = Stage::Anchored { at: now };
			Self::announce_anchored(id, &record, &version);
			Self::supersede(id, &mut record, version, now);
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
		let open =
			record.retraction.is_none() && !matches!(record.current.stage, Stage::Failed { .. });
		ensure!(open, Error::<T>::AlreadyClosed);
		ensure!(!record.legal_hold, Error::<T>::LegalHold);

		if let Some(pending) = Self::pending_of(&id, &record) {
			Self::shelve_pending(id, pending, now);
		}
		Self::end_wait(id, &record.current);
		record.current.abandon(now);
		record.current.key = None;
		record.retraction = Some(Retraction { reason, by: actor.id, at: now });
		Self::drop_tags(id);
		let version = record.current.number;
		Self::drop_old_keys(id, record.newest);
		Records::<T>::insert(id, record);
		Self::deposit_event(Event::RecordRetracted { record: id, version, by: actor.id, reason });
		Ok(())
	}

	pub(crate) fn do_reseal(
		actor: Actor<T::AccountId>,
		id: RecordId,
		expected: RecordVersion,
		content: Content,
		padded_len: u64,
		key: RecordKey,
	) -> DispatchResult {
		let now = T::Clock::now();
		let mut record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		ensure!(record.is_kept_for(&actor.id), Error::<T>::NotSubjectOrKeeper);
		ensure!(!record.legal_hold, Error::<T>::LegalHold);
		let (number, displaced) = Self::check_next(&actor, id, &record, expected, now)?;
		let current = Self::epoch_of(&record.subject, record.compartment)?;
		let sealed = Sealed { content, body: record.current.body, padded_len, key };
		let content = Self::check_sealed(&sealed, current)?;
		let stage = record.current.stage.resealed(now);
		let reason = Some(AmendReason::Resealed);
		let (mut version, object) =
			Self::new_version(number, actor.id, reason, sealed, content, stage, now);
		version.attestations = record.current.attestations.clone();
		version.writer = Some(*record.current.writer()).filter(|writer| *writer != actor.id);

		if let Some(lapsed) = displaced {
			Self::drop_lapsed(id, lapsed);
		}
		let size = VersionOf::<T>::max_encoded_len().saturating_add(len_of(&object));
		version.deposit = Self::charge(&actor, id, size, None)?;
		Self::deposit_event(Event::RecordResealed {
			record: id,
			version: number,
			by: actor.id,
			content,
			padded_len,
			epoch: current,
		});
		Self::store_object(id, content, object);
		record.newest = number;
		record.keys_from = number;
		Self::supersede(id, &mut record, version, now);
		Self::drop_old_keys(id, number);
		Records::<T>::insert(id, record);
		Ok(())
	}

	/// The number that the next version gets, when the actor may file one now, and the lapsed
	/// amendment that it displaces.
	fn check_next(
		actor: &Actor<T::AccountId>,
		id: RecordId,
		record: &RecordOf<T>,
		expected: RecordVersion,
		now: Moment,
	) -> Result<(RecordVersion, Option<VersionOf<T>>), DispatchError> {
		ensure!(record.counts(), Error::<T>::NotAnchored);
		ensure!(record.newest == expected, Error::<T>::VersionMismatch);
		let waiting = Self::pending_of(&id, record);
		let lapsed = waiting.as_ref().is_none_or(|waiting| waiting.has_lapsed(now));
		ensure!(lapsed, Error::<T>::AmendmentPending);
		let held = waiting.is_some() && record.legal_hold;
		ensure!(!held, Error::<T>::LegalHold);
		Self::check_licence(actor, record.organisation.as_ref(), now)?;
		let number = expected.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		Ok((number, waiting))
	}

	/// Gives up the amendment that waits.
	fn shelve_pending(id: RecordId, mut pending: VersionOf<T>, now: Moment) {
		Self::end_wait(id, &pending);
		pending.abandon(now);
		Pending::<T>::remove(id);
		Versions::<T>::insert(id, pending.number, pending);
	}

	/// Takes the keys of the shelved versions up to `newest`, as far back as one call goes.
	fn drop_old_keys(id: RecordId, newest: RecordVersion) {
		for number in newest.saturating_sub(SWEPT_VERSIONS)..=newest {
			if let Some(version) = Versions::<T>::get(id, number).filter(|it| it.key.is_some()) {
				Versions::<T>::insert(id, number, Version { key: None, ..version });
			}
		}
	}
}
