// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer about tags.

use crate::*;
use alloc::vec::Vec;
use salus_primitives::{IdentityId, Tag};

impl<T: Config> Pallet<T> {
	pub(crate) fn tagged_page(
		subject: IdentityId,
		tag: Tag,
		after: Option<RecordId>,
		limit: u32,
	) -> Result<Page<RecordId, RecordId>, PageTooLarge> {
		Self::check_page(limit)?;
		let mut rows = match after {
			// A row that is gone still has its place among the others.
			Some(last) => Tagged::<T>::iter_key_prefix_from(
				(subject, tag),
				Tagged::<T>::hashed_key_for((subject, tag, last)),
			),
			None => Tagged::<T>::iter_key_prefix((subject, tag)),
		};
		let items: Vec<_> = rows.by_ref().take(limit as usize).collect();
		let last = items.last().copied().or(after);
		let next = last.filter(|_| rows.next().is_some());
		Ok(Page { items, next })
	}
}
