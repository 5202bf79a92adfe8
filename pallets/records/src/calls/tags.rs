// SPDX-License-Identifier: Apache-2.0

//! Blind-index tags, by which a record is found without saying for what.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{IdentityId, Tag};
use salus_traits::identity::Actor;

/// What a tag takes: its share of the record's set, and its row in the index.
const TAG_FOOTPRINT: usize = 16 + 32 + 16 + 32;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_tags(
		actor: Actor<T::AccountId>,
		id: RecordId,
		tags: BoundedVec<Tag, ConstU32<MAX_TAGS>>,
	) -> DispatchResult {
		let record = Records::<T>::get(id).ok_or(Error::<T>::RecordNotFound)?;
		let writes = || actor.id == record.author && Self::keeps(&actor, &record, T::Clock::now());
		ensure!(actor.id == record.subject || writes(), Error::<T>::NotSubjectOrAuthor);
		ensure!(record.retraction.is_none(), Error::<T>::AlreadyClosed);
		let mut sorted = tags.to_vec();
		sorted.sort_unstable();
		sorted.dedup();
		ensure!(sorted.len() == tags.len(), Error::<T>::DuplicateTag);
		if record.legal_hold {
			let before = RecordTags::<T>::get(id).map(|set| set.tags).unwrap_or_default();
			let all_stay = before.iter().all(|tag| tags.contains(tag));
			ensure!(all_stay, Error::<T>::LegalHold);
		}

		Self::drop_tags(id, record.subject);
		let count = tags.len() as u32;
		if !tags.is_empty() {
			let size = TAG_FOOTPRINT.saturating_mul(tags.len());
			let deposit = Self::charge_beside(&actor, size)?;
			for tag in &tags {
				Tagged::<T>::insert((record.subject, tag, id), ());
			}
			RecordTags::<T>::insert(id, TagSet { tags, deposit });
		}
		Self::deposit_event(Event::TagsSet { record: id, by: actor.id, count });
		Ok(())
	}

	/// Removes the tags of a record, and gives their rent back.
	pub(crate) fn drop_tags(id: RecordId, subject: IdentityId) {
		let Some(TagSet { tags, deposit }) = RecordTags::<T>::take(id) else { return };
		for tag in tags {
			Tagged::<T>::remove((subject, tag, id));
		}
		Self::give_back(deposit);
	}
}
