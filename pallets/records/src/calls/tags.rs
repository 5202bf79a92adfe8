// SPDX-License-Identifier: Apache-2.0

//! Blind-index tags, by which a record is found without saying for what.

use crate::*;
use frame_support::pallet_prelude::*;
use salus_primitives::Tag;
use salus_traits::identity::Actor;

/// What a tag takes: its share of the record's set, and its row in the index.
const TAG_FOOTPRINT: usize = 16 + 16 + 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_tags(
		actor: Actor<T::AccountId>,
		id: RecordId,
		tags: BoundedVec<Tag, ConstU32<MAX_TAGS>>,
	) -> DispatchResult {
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let may = actor.id == record.author || actor.id == record.subject;
		ensure!(may, Error::<T>::NotSubjectOrAuthor);
		ensure!(record.retraction.is_none(), Error::<T>::AlreadyClosed);
		let mut sorted = tags.to_vec();
		sorted.sort_unstable();
		sorted.dedup();
		ensure!(sorted.len() == tags.len(), Error::<T>::DuplicateTag);

		Self::drop_tags(id);
		let count = tags.len() as u32;
		if !tags.is_empty() {
			let size = TAG_FOOTPRINT.saturating_mul(tags.len());
			let deposit = Self::charge(&actor, id, size, None)?;
			for tag in &tags {
				Tagged::<T>::insert(tag, id, ());
			}
			RecordTags::<T>::insert(id, TagSet { tags, deposit });
		}
		Self::deposit_event(Event::TagsSet { record: id, by: actor.id, count });
		Ok(())
	}

	/// Removes the tags of a record, and gives their rent back.
	pub(crate) fn drop_tags(id: RecordId) {
		let Some(TagSet { tags, deposit }) = RecordTags::<T>::take(id) else { return };
		for tag in tags {
			Tagged::<T>::remove(tag, id);
		}
		Self::give_back(deposit);
	}
}
