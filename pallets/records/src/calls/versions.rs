// SPDX-License-Identifier: Apache-2.0

//! What becomes of a record: taken back, amended, retracted, sealed anew.

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
		ensure!(Self::keeps(&actor, &record, now), Error::<T>::NotKeeper);
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
		let row = VersionOf::<T>::max_encoded_len();
		version.deposit =
			Self::charge_version(&actor, id, row, &object, waits.then_some(deadline))?;
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
		if !waits {
			version.stage = Stage::Anchored { at: now };
		}
		Self::store_object(id, &version, object);
		record.newest = number;
		if waits {
			Self::begin_wait(id, &version);
			Pending::<T>::insert(id, version);
		} else {
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
		ensure!(Self::keeps(&actor, &record, now), Error::<T>::NotKeeper);
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
		Self::drop_own_object(id, &mut record.current);
		record.retraction = Some(Retraction { reason, by: actor.id, at: now });
		Self::drop_tags(id, record.subject);
		let version = record.current.number;
		Self::strip_old_versions(id, record.newest, true);
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
		Self::check_subject_or_keeper(&actor, &record, now)?;
		ensure!(!record.legal_hold, Error::<T>::LegalHold);
		Self::check_not_asked_away(&actor, id, &record)?;
		let (number, displaced) = Self::check_next(&actor, id, &record, expected, now)?;
		let current = Self::epoch_of(&record.subject, record.compartment)?;
		let sealed = Sealed { content, body: record.current.body, padded_len, key };
		let content = Self::check_sealed(&sealed, current)?;
		let (stage, attestations) = Self::carry_over(&record, now)?;
		let asked = stage.inquiry().filter(|_| record.current.stage.inquiry().is_none());
		let reason = Some(AmendReason::Resealed);
		let (mut version, object) =
			Self::new_version(number, actor.id, reason, sealed, content, stage, now);
		version.attestations = attestations;
		version.writer = Some(*record.current.writer()).filter(|writer| *writer != actor.id);

		if let Some(lapsed) = displaced {
			Self::drop_lapsed(id, lapsed);
		}
		let row = VersionOf::<T>::max_encoded_len();
		version.deposit = Self::charge_version(&actor, id, row, &object, None)?;
		Self::deposit_event(Event::RecordResealed {
			record: id,
			version: number,
			by: actor.id,
			content,
			padded_len,
			epoch: current,
		});
		if let Some((deadline, _)) = asked {
			let (version, by) = (number, Some(actor.id));
			Self::deposit_event(Event::RevalidationRequested { record: id, version, by, deadline });
		}
		Self::store_object(id, &version, object);
		record.newest = number;
		record.keys_from = number;
		Self::supersede(id, &mut record, version, now);
		Self::strip_old_versions(id, number, false);
		Records::<T>::insert(id, record);
		Ok(())
	}

	/// Whether the subject has not asked for the erasure of what another filed.
	///
	/// New keys take the old ones away: what the keeper has still to answer for, or refused to erase,
	/// would be closed to it by who wanted it gone.
	fn check_not_asked_away(
		actor: &Actor<T::AccountId>,
		id: RecordId,
		record: &RecordOf<T>,
	) -> Result<(), Error<T>> {
		let another_s = record.subject == actor.id && record.author != actor.id;
		let asked = another_s && ErasureRequests::<T>::contains_key(id);
		if asked { Err(Error::<T>::KeeperReseals) } else { Ok(()) }
	}

	/// How far the body of the version that counts has come under new keys, and by which verdicts.
	///
	/// Verdicts on a batch speak of the object that a leaf names; which body that holds, nobody said
	/// but the author. They do not pass to another object, and what rested on them starts over.
	fn carry_over(record: &RecordOf<T>, now: Moment) -> Result<(Stage, Attestations), Error<T>> {
		let Version { stage, attestations, .. } = &record.current;
		let mut kept = attestations.clone();
		kept.retain(|one| !one.from_batch);
		if kept.len() == attestations.len() {
			return Ok((stage.resealed(now), kept));
		}
		let policy = Self::policy_for(record.class)?;
		if policy.is_met_by(&kept) {
			return Ok((Stage::Anchored { at: now }, kept));
		}
		let deadline = now.saturating_add(policy.time_to_live);
		Ok((Stage::Revalidating { anchored: now, deadline, policy }, Attestations::default()))
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

	/// Takes the keys of the shelved versions up to `newest`, as far back as one call goes, and the
	/// objects of those that a patient filed when the record is `retracted`.
	fn strip_old_versions(id: RecordId, newest: RecordVersion, retracted: bool) {
		for number in newest.saturating_sub(SWEPT_VERSIONS)..=newest {
			let Some(mut version) = Versions::<T>::get(id, number) else { continue };
			let had = (version.key.take().is_some(), version.inline);
			if retracted {
				Self::drop_own_object(id, &mut version);
			}
			if had != (false, version.inline) {
				Versions::<T>::insert(id, number, version);
			}
		}
	}
}
