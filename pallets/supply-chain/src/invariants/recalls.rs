// SPDX-License-Identifier: Apache-2.0

//! Recalls.

use super::Check;
use crate::*;
use alloc::collections::BTreeMap;
use frame_support::ensure;
use salus_primitives::RecallId;

impl<T: Config> Pallet<T> {
	/// Every recall that lies beside something, with what that is.
	fn live_recalls() -> impl Iterator<Item = (RecallScope, LiveRecall)> {
		let products = Products::<T>::iter().flat_map(|(product, row)| {
			row.recalls.into_iter().map(move |live| (RecallScope::Product(product), live))
		});
		let lots = Lots::<T>::iter().flat_map(|(lot, row)| {
			row.recalls.into_iter().map(move |live| (RecallScope::Lot(lot), live))
		});
		let batches = Batches::<T>::iter().flat_map(|(batch, row)| {
			row.recalls.into_iter().map(move |live| {
				let scope = match live.range {
					Some((start, len)) => RecallScope::Range { batch, start, len },
					None => RecallScope::Batch(batch),
				};
				(scope, live)
			})
		});
		products.chain(lots).chain(batches)
	}

	// I10: a recall lies beside what it recalls exactly while it is open, as it is; and is found by
	// what its initiator said.
	pub(super) fn live_recalls_are_open() -> Check {
		let mut open: BTreeMap<RecallId, Recall> =
			Recalls::<T>::iter().filter(|(_, row)| row.closed.is_none()).collect();
		for (scope, live) in Self::live_recalls() {
			let row = open.remove(&live.id).ok_or("I10: live twice, or not open")?;
			ensure!(row.scope == scope, "I10: live beside something else");
			let alike = row.class == live.class && row.markets == live.markets;
			ensure!(alike, "I10: live as another recall");
			let whole = live.range.is_none() || matches!(scope, RecallScope::Range { .. });
			ensure!(whole, "I10: a stretch of what is no batch");
		}
		ensure!(open.is_empty(), "I10: open, and beside nothing");
		for (id, row) in Recalls::<T>::iter() {
			let key = Self::reference_key(&row.scope, &row.initiator, &row.reference);
			let found = RecallByReference::<T>::get(key) == Some(id);
			ensure!(found, "I10: a recall that is not found again");
			ensure!(row.markets.is_sorted_by(|one, next| one < next), "I10: unsorted markets");
			let bounded = !row.by_authority || !row.markets.is_empty();
			ensure!(bounded, "I10: an authority recalls everywhere");
		}
		for id in RecallByReference::<T>::iter_values() {
			ensure!(Recalls::<T>::contains_key(id), "I10: a reference to no recall");
		}
		Ok(())
	}

	// I11: a recall counts the partners that acknowledged it and adds up what they report, which is
	// no more units than it reaches.
	pub(super) fn progress_adds_up() -> Check {
		let mut sums = BTreeMap::<RecallId, (u32, Progress)>::new();
		for (recall, _, partner) in RecallProgress::<T>::iter() {
			let (partners, sum) = sums.entry(recall).or_default();
			*partners = partners.saturating_add(1);
			*sum = sum.plus(&partner.progress).ok_or("I11: more than can be counted")?;
		}
		for (recall, row) in Recalls::<T>::iter() {
			let sum = sums.remove(&recall).unwrap_or_default();
			ensure!((row.acknowledged, row.progress) == sum, "I11: progress does not add up");
			let within = row.progress.total().is_some_and(|total| total <= row.units);
			ensure!(within, "I11: more units than the recall reaches");
		}
		ensure!(sums.is_empty(), "I11: progress of no recall");
		Ok(())
	}
}
