// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about wraps.

use crate::*;
use alloc::vec::Vec;
use salus_primitives::{IdentityId, RecipientKey, RecordVersion};

impl<T: Config> Pallet<T> {
	pub(crate) fn served_wrap(
		id: RecordId,
		number: RecordVersion,
		recipient: IdentityId,
	) -> Option<RecipientKey> {
		let StoredWrap { key_version, wrap, .. } = Wraps::<T>::get((id, number, recipient))?;
		let served = Self::check_serving(id, number).is_ok();
		served.then_some(RecipientKey { recipient, key_version, wrap })
	}

	pub(crate) fn wraps_page(
		id: RecordId,
		number: RecordVersion,
		after: Option<IdentityId>,
		limit: u32,
	) -> Result<Page<RecipientKey, IdentityId>, PageTooLarge> {
		Self::check_page(limit)?;
		if Self::check_serving(id, number).is_err() {
			return Ok(Page { items: Vec::new(), next: None });
		}
		let mut rows = match after {
			// A row that is gone still has its place among the others.
			Some(last) => Wraps::<T>::iter_prefix_from(
				(id, number),
				Wraps::<T>::hashed_key_for((id, number, last)),
			),
			None => Wraps::<T>::iter_prefix((id, number)),
		};
		let items: Vec<_> = rows
			.by_ref()
			.take(limit as usize)
			.map(|(recipient, StoredWrap { key_version, wrap, .. })| RecipientKey {
				recipient,
				key_version,
				wrap,
			})
			.collect();
		let last = items.last().map(|item| item.recipient).or(after);
		let next = last.filter(|_| rows.next().is_some());
		Ok(Page { items, next })
	}

	pub(crate) fn reports_on(id: RecordId, number: RecordVersion) -> u32 {
		if Records::<T>::contains_key(id) { BadWrapReports::<T>::get(id, number) } else { 0 }
	}
}
