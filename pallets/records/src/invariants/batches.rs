// SPDX-License-Identifier: Apache-2.0

//! What always holds of batches.

use super::Check;
use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use salus_primitives::BatchId;

impl<T: Config> Pallet<T> {
	// I12: batches are numbered without a gap, each is found by its organisation and root alone,
	// has a tree that can be, and no validator speaks twice on one kind, nor fails it.
	pub(super) fn batches_are_found_by_root() -> Check {
		let mut count = 0u64;
		for (id, batch) in Batches::<T>::iter() {
			count = count.saturating_add(1);
			ensure!(id < NextBatch::<T>::get(), "I12: a batch beyond the last number");
			let found = BatchByRoot::<T>::get(batch.organisation, batch.root) == Some(id);
			ensure!(found, "I12: a batch that its root does not lead to");
			let sound = (1..=MAX_TREE_SIZE).contains(&batch.tree_size) && batch.root.0 != [0; 32];
			ensure!(sound, "I12: a tree that cannot be");
			let given = &batch.attestations;
			let voices: BTreeSet<_> = given.iter().map(|one| (one.validator, one.kind)).collect();
			ensure!(voices.len() == given.len(), "I12: a validator spoke twice");
			ensure!(given.iter().all(|one| one.verdict.passes()), "I12: a failing verdict");
		}
		ensure!(BatchId(count) == NextBatch::<T>::get(), "I12: a number without a batch");
		let roots = BatchByRoot::<T>::iter_keys().count() as u64;
		ensure!(roots == count, "I12: a root without a batch");
		Ok(())
	}

	// I13: a promoted leaf is one record, which knows it and was filed for the batch's organisation;
	// a batch counts its promoted leaves. Verdicts on a batch stand beside the version that the leaf
	// names, and beside no other.
	pub(super) fn leaves_are_records() -> Check {
		let mut counts = BTreeMap::new();
		for (batch, index, id) in Promoted::<T>::iter() {
			let knows =
				Records::<T>::get(id).is_some_and(|record| record.batch == Some((batch, index)));
			ensure!(knows, "I13: a leaf whose record does not know it");
			let count = counts.entry(batch).or_insert(0u32);
			*count = count.saturating_add(1);
		}
		for (id, record) in Records::<T>::iter() {
			let Some((number, index)) = record.batch else { continue };
			let promoted = Promoted::<T>::get(number, index) == Some(id);
			ensure!(promoted, "I13: a record whose leaf does not know it");
			let fits = Batches::<T>::get(number).is_some_and(|batch| {
				index < batch.tree_size && record.organisation == Some(batch.organisation)
			});
			ensure!(fits, "I13: a leaf of another's tree");
		}
		for (id, version) in Self::all_versions() {
			let named = version.number == 1
				&& Records::<T>::get(id).is_none_or(|record| record.batch.is_some());
			let from_batch = version.attestations.iter().any(|one| one.from_batch);
			ensure!(named || !from_batch, "I13: a verdict on a batch beside what no leaf names");
		}
		for (id, batch) in Batches::<T>::iter() {
			let whole = batch.attestations.iter().all(|one| one.from_batch);
			ensure!(whole, "I13: a verdict of a batch that is on something else");
			let count = counts.get(&id).copied().unwrap_or_default();
			ensure!(batch.promoted == count, "I13: a count of leaves is wrong");
		}
		Ok(())
	}
}
