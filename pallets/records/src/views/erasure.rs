// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about erasures.

use crate::*;

impl<T: Config> Pallet<T> {
	pub(crate) fn state_of_erasure(id: RecordId) -> Option<ErasureState> {
		if let Some(tombstone) = Tombstones::<T>::get(id) {
			return Some(ErasureState::Erased(tombstone));
		}
		Some(match ErasureRequests::<T>::get(id)? {
			ErasureRequest::Open { at } => {
				ErasureState::Requested { at, due: at.saturating_add(ERASURE_TERM) }
			},
			ErasureRequest::Refused { basis, by, at } => ErasureState::Refused { basis, by, at },
		})
	}

	pub(crate) fn tombstones_page(
		start: u64,
		limit: u32,
	) -> Result<Page<ListedTombstone, u64>, PageTooLarge> {
		Self::check_page(limit)?;
		let count = TombstoneCount::<T>::get();
		let next = start.saturating_add(limit.into());
		let items = (start..next.min(count))
			.filter_map(|number| {
				let record = TombstoneList::<T>::get(number)?;
				let tombstone = Tombstones::<T>::get(record)?;
				Some(ListedTombstone { number, record, tombstone })
			})
			.collect();
		Ok(Page { items, next: (next < count).then_some(next) })
	}
}
