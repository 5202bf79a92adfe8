// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about batches.

use crate::*;
use salus_merkle::leaf_hash;
use salus_primitives::{BatchId, Digest, LeafIndex};
use salus_traits::hashing::HostSha256;

impl<T: Config> Pallet<T> {
	pub(crate) fn batch_view(id: BatchId, batch: BatchOf<T>) -> BatchView {
		BatchView {
			id,
			organisation: batch.organisation,
			root: batch.root,
			algorithm: batch.algorithm,
			tree_size: batch.tree_size,
			at: batch.at,
			promoted: batch.promoted,
			attestations: batch.attestations.into(),
		}
	}

	pub(crate) fn batches_page(
		start: BatchId,
		limit: u32,
	) -> Result<Page<BatchView, BatchId>, PageTooLarge> {
		Self::check_page(limit)?;
		let count = NextBatch::<T>::get().0;
		let next = start.0.saturating_add(limit.into());
		let items = (start.0..next.min(count))
			.map(BatchId)
			.filter_map(|id| Batches::<T>::get(id).map(|batch| Self::batch_view(id, batch)))
			.collect();
		Ok(Page { items, next: (next < count).then_some(BatchId(next)) })
	}

	pub(crate) fn includes(id: BatchId, data: &[u8], index: LeafIndex, path: &[Digest]) -> bool {
		let leaf = leaf_hash::<HostSha256>(data);
		Batches::<T>::get(id)
			.is_some_and(|batch| Self::check_inclusion(&batch, index, &leaf, path).is_ok())
	}
}
