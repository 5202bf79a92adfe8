// SPDX-License-Identifier: Apache-2.0

//! Audit batches, denials that are counted, and where key shares lie.

use crate::{
	AuditBatches, AuditHead, AuditHeads, Config, DenialCounts, MAX_BATCH_EVENTS,
	MAX_DENIALS_PER_HOUR, Pallet, RecorderCount, Recorders, ShareCustodians, ShareCustody,
	ShareKeepers,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(super) fn check_audit() -> Result<(), TryRuntimeError> {
		Self::batches_are_contiguous()?;
		Self::recorders_are_listed_once()?;
		Self::denials_are_counted()?;
		Self::custodies_can_be_reached()
	}

	// I18: the batches of a log are numbered from 0 without a gap, and so are the entries they
	// cover.
	fn batches_are_contiguous() -> Result<(), TryRuntimeError> {
		let mut logs: BTreeMap<_, BTreeMap<u64, _>> = BTreeMap::new();
		for ((organisation, recorder, seq), batch) in AuditBatches::<T>::iter() {
			logs.entry((organisation, recorder)).or_default().insert(seq, batch);
		}
		for (organisation, recorder, head) in AuditHeads::<T>::iter() {
			let batches = logs.remove(&(organisation, recorder)).unwrap_or_default();
			let mut end = AuditHead::default();
			for (seq, batch) in batches {
				ensure!(seq == end.next_seq, "I18: gap between batches");
				ensure!(batch.first == end.next_event, "I18: gap or overlap of entries");
				ensure!(
					batch.first <= batch.last && batch.size() <= MAX_BATCH_EVENTS,
					"I18: batch of no size"
				);
				ensure!(
					batch.from <= batch.until && batch.until <= batch.at,
					"I18: times out of order"
				);
				end.next_seq = seq.saturating_add(1);
				end.next_event = batch.last.saturating_add(1);
			}
			ensure!(end == head, "I18: head differs from its batches");
		}
		ensure!(logs.is_empty(), "I18: batches without a head");
		Ok(())
	}

	// I19: each log stands once in its organisation's list.
	fn recorders_are_listed_once() -> Result<(), TryRuntimeError> {
		let mut listed = BTreeSet::new();
		let mut counts = BTreeMap::new();
		for (organisation, number, recorder) in Recorders::<T>::iter() {
			ensure!(listed.insert((organisation, recorder)), "I19: log is listed twice");
			ensure!(
				number < RecorderCount::<T>::get(organisation),
				"I19: number past an organisation's count"
			);
			let count = counts.entry(organisation).or_insert(0u64);
			*count = count.saturating_add(1);
		}
		let stored: BTreeMap<_, _> = RecorderCount::<T>::iter().collect();
		ensure!(counts == stored, "I19: logs are miscounted");
		let heads: BTreeSet<_> = AuditHeads::<T>::iter_keys().collect();
		ensure!(heads == listed, "I19: list differs from the logs");
		Ok(())
	}

	// I20: no count of denials is past its bound.
	fn denials_are_counted() -> Result<(), TryRuntimeError> {
		for (_, _, denials) in DenialCounts::<T>::iter() {
			ensure!(
				0 < denials.count && denials.count <= MAX_DENIALS_PER_HOUR,
				"I20: denials past their bound"
			);
		}
		Ok(())
	}

	// I21: enough custodians are named to open a share, each once, and nobody forgets that they were.
	fn custodies_can_be_reached() -> Result<(), TryRuntimeError> {
		for custody in ShareCustodians::<T>::iter_values() {
			ensure!(
				ShareCustody::is_reachable(custody.threshold, custody.custodians.len()),
				"I21: threshold out of reach"
			);
			ensure!(
				!ShareCustody::has_duplicates(&custody.custodians),
				"I21: custodian named twice"
			);
			ensure!(
				custody.custodians.iter().all(ShareKeepers::<T>::contains_key),
				"I21: custodian is not remembered"
			);
		}
		Ok(())
	}
}
