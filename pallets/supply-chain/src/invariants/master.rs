// SPDX-License-Identifier: Apache-2.0

//! Company codes, products, lots and batches.

use super::Check;
use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use salus_gs1::{CompanyPrefix, UdiDi};

impl<T: Config> Pallet<T> {
	// I12: no claimed prefix begins with another; of every shorter one it is counted how many claimed
	// ones begin with it.
	pub(super) fn prefixes_begin_nothing_else() -> Check {
		let mut below = BTreeMap::<CompanyPrefix, u32>::new();
		for code in Companies::<T>::iter_keys() {
			ensure!(code.is_sound(), "I12: a company code that is none");
			let CompanyCode::Gs1(prefix) = code else { continue };
			for stem in (CompanyPrefix::MIN..prefix.length()).filter_map(|len| prefix.first(len)) {
				let claimed = Companies::<T>::contains_key(CompanyCode::Gs1(stem));
				ensure!(!claimed, "I12: a prefix begins with another");
				let count = below.entry(stem).or_default();
				*count = count.saturating_add(1);
			}
		}
		for (stem, count) in PrefixStems::<T>::iter() {
			ensure!(below.remove(&stem) == Some(count), "I12: another number of prefixes");
		}
		ensure!(below.is_empty(), "I12: prefixes that are not counted");
		Ok(())
	}

	// I13: a product begins with a code that its holder owns; its groupings have numbers of their own
	// and hold several units; what was decided about it is about a product that is known.
	pub(super) fn products_have_their_numbers() -> Check {
		for (product, row) in Products::<T>::iter() {
			ensure!(row.company.begins(&product), "I13: a product begins otherwise");
			let owns = Companies::<T>::get(row.company) == Some(row.holder);
			ensure!(owns, "I13: a product with somebody else's code");
		}
		for (gtin, (product, units)) in PackLevels::<T>::iter() {
			ensure!(units > 1, "I13: a grouping of one");
			ensure!(Products::<T>::contains_key(product), "I13: a grouping of nothing");
			let twice = Products::<T>::contains_key(UdiDi::Gs1(gtin));
			ensure!(!twice, "I13: a number of a product and of a grouping");
		}
		for (product, market) in Approvals::<T>::iter_keys() {
			let known = Products::<T>::contains_key(product) && market.is_sound();
			ensure!(known, "I13: nothing was approved, or nowhere");
		}
		Ok(())
	}

	// I14: a lot is found by its product and number alone, a batch by its lot and by its root; the
	// holds of a lot are in one market each.
	pub(super) fn lots_and_batches_are_found() -> Check {
		let (mut lots, mut batches) = (0usize, 0usize);
		for (lot, row) in Lots::<T>::iter() {
			let found = LotByNo::<T>::get(row.product, row.number) == Some(lot);
			ensure!(found, "I14: a lot that is not found by its number");
			let ends = row.expiry.ends_at() == Some(row.expires_at);
			ensure!(ends, "I14: a lot expires at another time than its label says");
			let markets: BTreeSet<_> = row.holds.iter().map(|hold| hold.market.0).collect();
			ensure!(markets.len() == row.holds.len(), "I14: held twice in a market");
			lots = lots.saturating_add(1);
		}
		ensure!(LotByNo::<T>::iter_keys().count() == lots, "I14: a number of no lot");
		for (batch, row) in Batches::<T>::iter() {
			let by_lot = LotBatches::<T>::contains_key(row.lot, batch);
			let by_root = BatchByRoot::<T>::get(row.root) == Some(batch);
			ensure!(by_lot && by_root, "I14: a batch that is not found");
			ensure!((1..=MAX_BATCH).contains(&row.count), "I14: a batch of a wrong size");
			batches = batches.saturating_add(1);
		}
		let listed = LotBatches::<T>::iter_keys().count();
		let rooted = BatchByRoot::<T>::iter_keys().count();
		ensure!((listed, rooted) == (batches, batches), "I14: found, and no batch");
		Ok(())
	}

	// I15: the next number of a kind was never given out.
	pub(super) fn numbers_are_not_reused() -> Check {
		let lots = Lots::<T>::iter_keys().all(|lot| lot < NextLot::<T>::get());
		let batches = Batches::<T>::iter_keys().all(|batch| batch < NextBatch::<T>::get());
		let shipments = Shipments::<T>::iter_keys().all(|one| one < NextShipment::<T>::get());
		let recalls = Recalls::<T>::iter_keys().all(|recall| recall < NextRecall::<T>::get());
		ensure!(lots && batches && shipments && recalls, "I15: a number comes again");
		Ok(())
	}
}
