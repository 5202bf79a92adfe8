// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about audit batches.

use crate::{
	AuditBatch, AuditBatches, AuditHeads, Config, Page, PageTooLarge, Pallet, RecorderCount,
	Recorders,
};
use alloc::vec::Vec;
use salus_merkle::{Hash, leaf_hash, verify_inclusion};
use salus_primitives::{AuditLeaf, Digest, IdentityId, RecorderId};
use salus_traits::hashing::HostSha256;

impl<T: Config> Pallet<T> {
	pub(crate) fn audit_batches_page(
		organisation: IdentityId,
		recorder: RecorderId,
		start: u64,
		limit: u32,
	) -> Result<Page<(u64, AuditBatch)>, PageTooLarge> {
		let count = AuditHeads::<T>::get(organisation, recorder).next_seq;
		Self::page(start, limit, count, |seq| {
			AuditBatches::<T>::get((organisation, recorder, seq)).map(|batch| (seq, batch))
		})
	}

	pub(crate) fn recorders_page(
		organisation: IdentityId,
		start: u64,
		limit: u32,
	) -> Result<Page<RecorderId>, PageTooLarge> {
		let count = RecorderCount::<T>::get(organisation);
		Self::page(start, limit, count, |number| Recorders::<T>::get(organisation, number))
	}

	/// Whether the batch covers the entry: its number is among those of the batch, and the path
	/// leads from its leaf to the root.
	pub(crate) fn audit_includes(leaf: &AuditLeaf, seq: u64, path: &[Digest]) -> bool {
		let AuditLeaf { organisation, recorder, number, .. } = *leaf;
		let Some(batch) = AuditBatches::<T>::get((organisation, recorder, seq)) else {
			return false;
		};
		let Some(index) = batch.index_of(number) else { return false };
		let hash = leaf_hash::<HostSha256>(&leaf.to_bytes());
		let path: Vec<Hash> = path.iter().map(|node| node.0).collect();
		verify_inclusion::<HostSha256>(&batch.root.0, batch.size(), index, &hash, &path).is_ok()
	}
}
