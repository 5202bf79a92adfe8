// SPDX-License-Identifier: Apache-2.0

//! Products, lots, batches and recalls.

use super::page_of;
use crate::{units::Book, *};
use salus_gs1::{LotNo, UdiDi};
use salus_primitives::{BatchIx, IdentityId, LotIx, RecallId};

impl<T: Config> Pallet<T> {
	/// A product, by its own number or that of a grouping, and how it stands in a market.
	pub fn api_product(number: UdiDi, market: Option<Market>) -> Option<ProductView> {
		let (product, units) = Self::resolve(number)?;
		let book = &mut Book::<T>::default();
		let row = book.product(&product).ok()?.clone();
		let common = Self::standing_of_product(book, &product, market, Self::now()).ok()?;
		Some(ProductView {
			product,
			units,
			holder: row.holder,
			class: row.class,
			flags: row.flags,
			master: row.master,
			version: row.version,
			status: row.status,
			approval: market.and_then(|market| Approvals::<T>::get(product, market)),
			sellable: common.effective().is_none(),
			recalls: row.recalls.iter().map(|recall| recall.id).collect(),
		})
	}

	/// The product that a number stands for, and how many units of it.
	fn resolve(number: UdiDi) -> Option<(UdiDi, u32)> {
		if Products::<T>::contains_key(number) {
			return Some((number, 1));
		}
		match number {
			UdiDi::Gs1(gtin) => PackLevels::<T>::get(gtin),
			_ => None,
		}
	}

	/// The lot that a label names, by the product's own number or that of a grouping.
	pub fn api_lot_by_number(number: UdiDi, lot: LotNo) -> Option<LotIx> {
		let (product, _) = Self::resolve(number)?;
		LotByNo::<T>::get(product, lot)
	}

	/// What a lot consists of.
	pub fn api_lot_summary(lot: LotIx) -> Option<LotSummary> {
		let row = Lots::<T>::get(lot)?;
		Some(LotSummary {
			lot,
			product: row.product,
			number: row.number,
			expiry: row.expiry,
			released: row.release.is_some(),
			closed: row.closed,
			planned: row.planned,
			counters: row.counters,
			recalls: row.recalls,
			holds: row.holds.into(),
		})
	}

	/// The batches of a lot.
	pub fn api_lot_batches(
		lot: LotIx,
		cursor: Option<BatchIx>,
		limit: u32,
	) -> Result<Page<BatchView, BatchIx>, QueryError> {
		Self::check_page(limit)?;
		let batches = match cursor {
			None => LotBatches::<T>::iter_key_prefix(lot),
			Some(last) => LotBatches::<T>::iter_key_prefix_from(
				lot,
				LotBatches::<T>::hashed_key_for(lot, last),
			),
		};
		let rows = batches.filter_map(|batch| Some((batch, Batches::<T>::get(batch)?)));
		Ok(page_of(rows, limit, |(batch, _)| *batch, |(batch, row)| Self::batch_view(batch, row)))
	}

	fn batch_view(batch: BatchIx, row: BatchOf<T>) -> BatchView {
		BatchView {
			batch,
			root: row.root,
			count: row.count,
			issuer: row.issuer,
			leaf_file: row.leaf_file,
			at: row.at,
			recalls: row.recalls,
		}
	}

	/// A recall.
	pub fn api_recall(recall: RecallId) -> Option<Recall> {
		Recalls::<T>::get(recall)
	}

	/// What each partner said about a recall.
	pub fn api_recall_progress(
		recall: RecallId,
		cursor: Option<IdentityId>,
		limit: u32,
	) -> Result<Page<PartnerReport, IdentityId>, QueryError> {
		Self::check_page(limit)?;
		if !Recalls::<T>::contains_key(recall) {
			return Err(QueryError::Unknown);
		}
		let reports = match cursor {
			None => RecallProgress::<T>::iter_prefix(recall),
			Some(last) => RecallProgress::<T>::iter_prefix_from(
				recall,
				RecallProgress::<T>::hashed_key_for(recall, last),
			),
		};
		let show = |(partner, report)| PartnerReport { partner, report };
		Ok(page_of(reports, limit, |(partner, _)| *partner, show))
	}
}
