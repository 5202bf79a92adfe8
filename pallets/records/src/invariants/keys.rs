// SPDX-License-Identifier: Apache-2.0

//! What always holds of wraps and tags.

use super::Check;
use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;

impl<T: Config> Pallet<T> {
	// I10: a version counts its wraps, and has no more than it can. Wraps and complaints are about
	// versions that counted once.
	pub(super) fn wraps_are_counted() -> Check {
		let mut counts = BTreeMap::new();
		for (id, number, _) in Wraps::<T>::iter_keys() {
			let count = counts.entry((id, number)).or_insert(0u32);
			*count = count.saturating_add(1);
		}
		let stored: BTreeMap<_, _> =
			WrapCount::<T>::iter().map(|(id, number, count)| ((id, number), count)).collect();
		ensure!(stored == counts, "I10: a count of wraps is wrong");
		ensure!(counts.values().all(|count| *count <= MAX_WRAPS), "I10: a wrap too many");
		let reported = BadWrapReports::<T>::iter_keys();
		for (id, number) in counts.into_keys().chain(reported) {
			let anchored = match Records::<T>::get(id) {
				Some(record) if record.current.number == number => record.current.was_anchored(),
				Some(_) => Versions::<T>::get(id, number).is_some_and(|it| it.was_anchored()),
				// The versions of an erased record may go before their wraps.
				None => Residues::<T>::contains_key(id),
			};
			ensure!(anchored, "I10: a wrap of what never counted");
		}
		Ok(())
	}

	// I11: the tags of a record lead to it, and nothing else does. Each stands once; there is no
	// empty set, and none of a retracted record.
	pub(super) fn tags_lead_to_records() -> Check {
		let mut rows = 0usize;
		for (id, TagSet { tags, .. }) in RecordTags::<T>::iter() {
			let record = Records::<T>::get(id).filter(|record| record.retraction.is_none());
			let subject = record.ok_or("I11: tags of what cannot be found")?.subject;
			let distinct: BTreeSet<_> = tags.iter().collect();
			ensure!(!tags.is_empty() && distinct.len() == tags.len(), "I11: an unsound set");
			let indexed = tags.iter().all(|tag| Tagged::<T>::contains_key((subject, tag, id)));
			ensure!(indexed, "I11: a tag that leads nowhere");
			rows = rows.saturating_add(tags.len());
		}
		ensure!(Tagged::<T>::iter_keys().count() == rows, "I11: found by a tag it does not have");
		Ok(())
	}
}
