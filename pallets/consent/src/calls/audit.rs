// SPDX-License-Identifier: Apache-2.0

//! Batches of the running logs of recorders.

use crate::{
	AuditBatch, AuditBatches, AuditHead, AuditHeads, Config, EmergencyHolders, Error, Event,
	MAX_BATCH_EVENTS, Pallet, RecorderCount, Recorders,
};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{Digest, IdentityId, Moment, RecorderId};
use salus_traits::hashing::HostSha256;
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_anchor_audit_batch(
		organisation: IdentityId,
		recorder: RecorderId,
		seq: u64,
		root: Digest,
		(first, last): (u64, u64),
		(from, until): (Moment, Moment),
	) -> DispatchResult {
		Self::ensure_may_record(&organisation)?;
		let at = T::Time::now();
		let head = AuditHeads::<T>::get(organisation, recorder);
		let batch = AuditBatch { root, first, last, from, until, at };
		ensure!(seq == head.next_seq, Error::<T>::SequenceGap);
		Self::ensure_follows(&head, &batch)?;
		let next =
			AuditHead { next_seq: head.next_seq.ensure_add(1)?, next_event: last.ensure_add(1)? };
		let is_new = head.next_seq == 0;
		let known = RecorderCount::<T>::get(organisation);
		let known_next = if is_new { known.ensure_add(1)? } else { known };

		if is_new {
			Recorders::<T>::insert(organisation, known, recorder);
			RecorderCount::<T>::insert(organisation, known_next);
		}
		AuditBatches::<T>::insert((organisation, recorder, seq), batch);
		AuditHeads::<T>::insert(organisation, recorder, next);
		Self::deposit_event(Event::AuditBatchAnchored { organisation, recorder, seq, batch });
		Ok(())
	}

	/// Its entries follow those before without gap or overlap, and it could have been made by now.
	fn ensure_follows(head: &AuditHead, batch: &AuditBatch) -> DispatchResult {
		ensure!(batch.first <= head.next_event, Error::<T>::EventGap);
		ensure!(head.next_event <= batch.first, Error::<T>::EventOverlap);
		ensure!(batch.first <= batch.last, Error::<T>::BatchEmpty);
		ensure!(batch.size() <= MAX_BATCH_EVENTS, Error::<T>::BatchTooLarge);
		let empty = salus_merkle::empty_root::<HostSha256>();
		ensure!(![[0; 32], empty].contains(&batch.root.0), Error::<T>::BadRoot);
		ensure!(batch.from <= batch.until, Error::<T>::BatchTimesReversed);
		ensure!(batch.until <= batch.at, Error::<T>::BatchFromFuture);
		Ok(())
	}

	/// Who hands out reader shares in emergencies, or did, releases no key shares, and so records
	/// nothing.
	pub(crate) fn ensure_may_record(organisation: &IdentityId) -> DispatchResult {
		ensure!(
			!EmergencyHolders::<T>::contains_key(organisation),
			Error::<T>::RecorderHoldsEmergencyKeys
		);
		Ok(())
	}
}
