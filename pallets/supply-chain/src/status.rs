// SPDX-License-Identifier: Apache-2.0

//! The effective status of a unit: one definition, for calls and queries alike.

use crate::{units::Book, *};
use salus_gs1::UdiDi;
use salus_primitives::{
	IdentityId, LotIx, Moment, RecallClass, RecallId, ShipmentId, UnitRef, UnitState,
};
use sp_runtime::DispatchError;

/// Where a unit stands, all that it belongs to heeded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Standing {
	/// The worst that stands against handing it over.
	pub(crate) effective: Effective,
	/// Its own state.
	pub(crate) state: UnitState,
	/// The most dangerous recall that reaches it.
	pub(crate) recall: Option<RecallId>,
	/// Its lot.
	pub(crate) lot: LotIx,
	/// Who holds it, when its parcel was named.
	pub(crate) holder: Option<IdentityId>,
	/// The shipment it is on, when its parcel was named.
	pub(crate) shipment: Option<ShipmentId>,
	/// Whether a container around it is sealed.
	pub(crate) sealed: bool,
}

/// A recall that reaches something, the more dangerous the less.
type RankedRecall = Option<(RecallClass, RecallId)>;

/// What stands against all units of a product or a lot, whatever unit it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Common {
	/// The worst of it, recalls aside.
	other: Effective,
	/// The most dangerous recall that reaches all of them.
	recall: RankedRecall,
}

impl Common {
	/// The worst of it.
	pub(crate) fn effective(&self) -> Effective {
		self.other.into_iter().chain(self.recall().map(Obstacle::Recalled)).min()
	}

	/// The most dangerous recall that reaches all of them.
	pub(crate) fn recall(&self) -> Option<RecallId> {
		self.recall.map(|(_, id)| id)
	}
}

/// The more dangerous of two recalls.
fn worst_of(first: RankedRecall, second: RankedRecall) -> RankedRecall {
	first.into_iter().chain(second).min()
}

impl<T: Config> Pallet<T> {
	/// Where a unit stands at `now`. Approvals count where a market is named; what lies on parcel
	/// and containers where the parcel is.
	///
	/// Reads product, approval, lot, batch, parcel, up to six containers, a page, and a row of a
	/// device.
	pub(crate) fn standing(
		book: &mut Book<T>,
		unit: UnitRef,
		parcel_start: Option<u32>,
		market: Option<Market>,
		now: Moment,
	) -> Result<Standing, DispatchError> {
		let batch = book.batch(unit.batch)?;
		frame_support::ensure!(unit.index < batch.count, Error::<T>::IndexOutOfRange);
		let lot = batch.lot;
		let in_batch = Self::worst_recall(&batch.recalls, market, Some(unit.index));
		let of_lot = Self::standing_of_lot(book, lot, market, now)?;

		let (mut holder, mut shipment, mut sealed) = (None, None, false);
		let mut of_place = [None, None];
		if let Some(start) = parcel_start {
			let (parcel, around) = book.parcel(unit, start)?;
			(holder, shipment, sealed) = (around.holder(), around.shipment(), around.sealed);
			let held = parcel.hold.is_some() || around.held;
			of_place = [held.then_some(Obstacle::Quarantined), shipment.map(Obstacle::InTransit)];
		}
		let state = book.state(unit);
		let recall = worst_of(of_lot.recall, in_batch).map(|(_, id)| id);
		let own = [Self::obstacle_of(unit, state), recall.map(Obstacle::Recalled)];
		let effective = own.into_iter().chain(of_place).chain([of_lot.other]).flatten().min();
		Ok(Standing { effective, state, recall, lot, holder, shipment, sealed })
	}

	/// What stands against every unit of a lot.
	pub(crate) fn standing_of_lot(
		book: &mut Book<T>,
		lot: LotIx,
		market: Option<Market>,
		now: Moment,
	) -> Result<Common, DispatchError> {
		let lot = book.lot(lot)?;
		let product = lot.product;
		let in_lot = Self::worst_recall(&lot.recalls, market, None);
		let of_lot = [
			lot.is_expired_at(now).then_some(Obstacle::Expired),
			lot.release.is_none().then_some(Obstacle::NotReleased),
			lot.is_held_in(market).then_some(Obstacle::Quarantined),
		];
		let of_product = Self::standing_of_product(book, &product, market, now)?;
		let other = of_lot.into_iter().chain([of_product.other]).flatten().min();
		Ok(Common { other, recall: worst_of(of_product.recall, in_lot) })
	}

	/// What stands against every unit of a product.
	pub(crate) fn standing_of_product(
		book: &mut Book<T>,
		product: &UdiDi,
		market: Option<Market>,
		now: Moment,
	) -> Result<Common, DispatchError> {
		let row = book.product(product)?;
		let recall = Self::worst_recall(&row.recalls, market, None);
		let withdrawn = (!row.is_active()).then_some(Obstacle::Withdrawn);
		let approval =
			market.and_then(|market| Self::approval_obstacle(book, product, market, now));
		let other = withdrawn.into_iter().chain(approval).min();
		Ok(Common { other, recall })
	}

	/// The most dangerous of `recalls` that reach a unit; the first of several.
	pub(crate) fn recall_in(
		recalls: &LiveRecalls,
		market: Option<Market>,
		index: Option<u32>,
	) -> Option<RecallId> {
		Self::worst_recall(recalls, market, index).map(|(_, id)| id)
	}

	fn worst_recall(
		recalls: &LiveRecalls,
		market: Option<Market>,
		index: Option<u32>,
	) -> RankedRecall {
		let reaching = recalls.iter().filter(|recall| recall.reaches(market, index));
		reaching.map(|recall| (recall.class, recall.id)).min()
	}

	fn approval_obstacle(
		book: &mut Book<T>,
		di: &UdiDi,
		market: Market,
		now: Moment,
	) -> Option<Obstacle> {
		match book.approval(di, market) {
			Some(approval) if approval.is_in_force_at(now) => None,
			Some(Approval { state: ApprovalState::Withdrawn, .. }) => Some(Obstacle::Withdrawn),
			_ => Some(Obstacle::NotApproved),
		}
	}

	/// What a unit's own state says against handing it over.
	fn obstacle_of(unit: UnitRef, state: UnitState) -> Option<Obstacle> {
		Some(match state {
			UnitState::Active => return None,
			UnitState::Dispensed => Obstacle::Dispensed,
			UnitState::PartiallyDispensed => Obstacle::PartiallyDispensed,
			UnitState::Destroyed => Obstacle::Destroyed,
			UnitState::Exported | UnitState::Sample | UnitState::FreeSample => {
				Obstacle::Decommissioned(state)
			},
			UnitState::Stolen => Obstacle::Stolen,
			UnitState::Quarantined => Obstacle::Quarantined,
			UnitState::Returned => Obstacle::Returned,
			UnitState::Missing => Obstacle::Missing,
			UnitState::Locked => Obstacle::Locked,
			UnitState::Illegitimate => Obstacle::Illegitimate,
			UnitState::Device | UnitState::Implanted | UnitState::Explanted => {
				match Devices::<T>::get(unit) {
					Some(DeviceLife::Retired { .. }) => Obstacle::Retired,
					_ => Obstacle::InUse,
				}
			},
		})
	}

	/// What a call says that an obstacle keeps from handing a unit over. What was dispensed before is
	/// told apart by who did it.
	pub(crate) fn refusal(obstacle: Obstacle) -> Error<T> {
		match obstacle {
			Obstacle::Recalled(_) => Error::<T>::Recalled,
			Obstacle::Withdrawn => Error::<T>::ProductWithdrawn,
			Obstacle::Quarantined => Error::<T>::Quarantined,
			Obstacle::Dispensed => Error::<T>::DispensedElsewhere,
			Obstacle::Expired => Error::<T>::LotExpired,
			Obstacle::NotReleased => Error::<T>::LotNotReleased,
			Obstacle::NotApproved => Error::<T>::NotApprovedInMarket,
			Obstacle::InTransit(_) => Error::<T>::InTransit,
			_ => Error::<T>::NotDispensable,
		}
	}
}
