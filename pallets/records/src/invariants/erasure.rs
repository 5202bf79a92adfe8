// SPDX-License-Identifier: Apache-2.0

//! What always holds of erased records.

use super::Check;
use crate::*;
use alloc::collections::BTreeSet;
use frame_support::ensure;

impl<T: Config> Pallet<T> {
	// I14: the tombstones are numbered without a gap, each once. No record has one, and requests are
	// about records.
	pub(super) fn tombstones_are_listed() -> Check {
		let count = TombstoneCount::<T>::get();
		let listed: BTreeSet<_> = TombstoneList::<T>::iter_values().collect();
		ensure!(listed.len() as u64 == count, "I14: the count of tombstones is wrong");
		let numbered = TombstoneList::<T>::iter_keys().filter(|number| *number < count).count();
		ensure!(numbered as u64 == count, "I14: a number without a tombstone");
		let stones: BTreeSet<_> = Tombstones::<T>::iter_keys().collect();
		ensure!(stones == listed, "I14: a tombstone that is not listed");
		let living = stones.iter().any(Records::<T>::contains_key);
		ensure!(!living, "I14: a record with a tombstone");
		let about_records = ErasureRequests::<T>::iter_keys().all(Records::<T>::contains_key);
		ensure!(about_records, "I14: a request about nothing");
		Ok(())
	}

	// I15: what an erasure left is listed as a residue: rows of an erased record that are still
	// there, and nothing else. Nothing leads to them but the hash of their objects.
	pub(super) fn residues_are_of_the_erased() -> Check {
		let mut left = BTreeSet::new();
		let versions = Versions::<T>::iter_keys().map(|(id, _)| id);
		let wraps = Wraps::<T>::iter_keys().map(|(id, ..)| id);
		for id in versions.chain(wraps).filter(|id| !Records::<T>::contains_key(id)) {
			left.insert(id);
		}
		let residues: BTreeSet<_> = Residues::<T>::iter_keys().collect();
		ensure!(residues == left, "I15: residues and what is left differ");
		let erased = residues.iter().all(Tombstones::<T>::contains_key);
		ensure!(erased, "I15: a residue of what was not erased");
		Ok(())
	}
}
