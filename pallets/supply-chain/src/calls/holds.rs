// SPDX-License-Identifier: Apache-2.0

//! What is put aside, and let go: units, parcels and containers by their holders, and by the
//! authorities of the markets where the product was decided on; lots by authorities alone.

use crate::{
	custody::Around,
	partners::{DISPENSERS, HANDLERS},
	units::{Book, Kept},
	*,
};
use frame_support::{ensure, pallet_prelude::DispatchResult};
use salus_gs1::{Sscc, UdiDi};
use salus_primitives::{BatchIx, IdentityId, LotIx, Moment, QuarantineReason, UnitRef, UnitState};
use salus_traits::{accreditation::AccreditationInspect, identity::Actor};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_quarantine(
		actor: Actor<T::AccountId>,
		target: HoldTarget,
		reason: QuarantineReason,
		market: Option<Market>,
	) -> DispatchResult {
		let by = actor.id;
		let proved = reason != QuarantineReason::DuplicateSerial;
		ensure!(proved, Error::<T>::DuplicateNotProved);
		let hold = Hold { by, authority: market.is_some(), reason };
		let authority = match target {
			HoldTarget::Unit(held) => match market {
				Some(market) => Self::lock_unit(held.unit, hold, market)?,
				None => Self::put_unit_aside(held, hold)?,
			},
			HoldTarget::Parcel(parcel) => Self::hold_parcel(parcel, hold, market)?,
			HoldTarget::Container(sscc) => Self::hold_container(sscc, hold, market)?,
			HoldTarget::Lot { lot, market: there } => {
				ensure!(market.is_none_or(|named| named == there), Error::<T>::MarketNotYours);
				Self::hold_lot(lot, LotHold { market: there, by, reason })?
			},
		};
		Self::deposit_event(Event::QuarantineSet { target, reason, authority, by });
		Ok(())
	}

	/// A holder puts a unit aside: it becomes a parcel of its own, where it is.
	fn put_unit_aside(held: HeldUnit, hold: Hold) -> Result<bool, DispatchError> {
		let HeldUnit { unit, parcel_start } = held;
		let mut book = Book::<T>::default();
		let (row, around) = book.parcel(unit, parcel_start)?;
		around.ensure_holder::<T>(&hold.by)?;
		let row = *row;
		let before = book.state(unit);
		// Its holder makes no less of what an authority locked.
		ensure!(before != UnitState::Locked, Error::<T>::BadTransition);
		book.set_state(unit, UnitState::Quarantined)?;
		book.keep(Kept::Hold(unit, Some(UnitHold { hold, before, beneath: None })));

		book.store();
		Self::carve(ParcelRef { batch: unit.batch, start: parcel_start }, &row, unit.index)?;
		Ok(false)
	}

	/// An authority locks a unit, wherever it is and whoever put it aside before.
	fn lock_unit(unit: UnitRef, hold: Hold, market: Market) -> Result<bool, DispatchError> {
		let mut book = Book::<T>::default();
		Self::ensure_market_of(&mut book, unit.batch, &hold.by, market)?;
		let count = book.batch(unit.batch)?.count;
		ensure!(unit.index < count, Error::<T>::IndexOutOfRange);
		let before = book.state(unit);
		book.set_state(unit, UnitState::Locked)?;
		let row = match UnitHolds::<T>::get(unit) {
			Some(row) => UnitHold { hold, beneath: Some(row.hold), ..row },
			None => UnitHold { hold, before, beneath: None },
		};
		book.keep(Kept::Hold(unit, Some(row)));
		book.store();
		Ok(true)
	}

	fn hold_parcel(
		parcel: ParcelRef,
		hold: Hold,
		market: Option<Market>,
	) -> Result<bool, DispatchError> {
		let ParcelRef { batch, start } = parcel;
		let mut row = Parcels::<T>::get(batch, start).ok_or(Error::<T>::UnknownParcel)?;
		match market {
			Some(market) => Self::ensure_market_of(&mut Book::default(), batch, &hold.by, market)?,
			None => Self::around(row.place)?.ensure_holder::<T>(&hold.by)?,
		}
		Self::ensure_stronger(row.hold, &hold)?;
		row.hold = Some(hold);
		Parcels::<T>::insert(batch, start, row);
		Ok(hold.authority)
	}

	fn hold_container(
		sscc: Sscc,
		hold: Hold,
		market: Option<Market>,
	) -> Result<bool, DispatchError> {
		let mut row = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
		ensure!(row.emptied.is_none(), Error::<T>::ContainerEmptied);
		let around = Self::around(row.place)?;
		match market {
			Some(market) => {
				let now = Self::now();
				Self::ensure_authority(&hold.by, market, now)?;
				Self::ensure_handled_in(&around, market, now)?;
			},
			None => around.ensure_holder::<T>(&hold.by)?,
		}
		Self::ensure_stronger(row.hold, &hold)?;
		row.hold = Some(hold);
		Containers::<T>::insert(sscc, row);
		Ok(hold.authority)
	}

	fn hold_lot(lot: LotIx, hold: LotHold) -> Result<bool, DispatchError> {
		Self::ensure_authority(&hold.by, hold.market, Self::now())?;
		let mut row = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		Self::ensure_decided(&mut Book::default(), &row.product, hold.market)?;
		ensure!(!row.is_held_in(Some(hold.market)), Error::<T>::AlreadyInState);
		row.holds.try_push(hold).map_err(|_| Error::<T>::TooManyHolds)?;
		Lots::<T>::insert(lot, row);
		Ok(true)
	}

	/// Refuses to put aside what is put aside. An authority's word goes over a holder's.
	fn ensure_stronger(there: Option<Hold>, hold: &Hold) -> DispatchResult {
		let weaker = there.is_none_or(|there| hold.authority && !there.authority);
		ensure!(weaker, Error::<T>::AlreadyInState);
		Ok(())
	}

	/// Refuses who is not the authority of a market where the product of a batch was decided on.
	fn ensure_market_of(
		book: &mut Book<T>,
		batch: BatchIx,
		who: &IdentityId,
		market: Market,
	) -> DispatchResult {
		Self::ensure_authority(who, market, Self::now())?;
		let lot = book.batch(batch)?.lot;
		let product = book.lot(lot)?.product;
		Self::ensure_decided(book, &product, market)
	}

	/// Refuses a market whose authority never decided on a product.
	fn ensure_decided(book: &mut Book<T>, product: &UdiDi, market: Market) -> DispatchResult {
		ensure!(book.approval(product, market).is_some(), Error::<T>::MarketNotYours);
		Ok(())
	}

	/// Refuses a container that nobody licensed in a market holds, sends or receives.
	fn ensure_handled_in(around: &Around, market: Market, now: Moment) -> DispatchResult {
		let shipment = around.shipment().and_then(Shipments::<T>::get);
		let sent = shipment.map(|shipment| [shipment.from, shipment.to]);
		let there = around
			.holder()
			.into_iter()
			.chain(sent.into_iter().flatten())
			.any(|who| T::Accreditations::is_accredited_in(&who, HANDLERS, market, now));
		ensure!(there, Error::<T>::MarketNotYours);
		Ok(())
	}

	pub(crate) fn do_release_quarantine(
		actor: Actor<T::AccountId>,
		target: HoldTarget,
		market: Option<Market>,
	) -> DispatchResult {
		let by = actor.id;
		match target {
			HoldTarget::Unit(held) => Self::release_unit(held, &by, market)?,
			HoldTarget::Parcel(parcel) => Self::release_parcel(parcel, &by)?,
			HoldTarget::Container(sscc) => Self::release_container(sscc, &by)?,
			HoldTarget::Lot { lot, market: there } => {
				ensure!(market.is_none_or(|named| named == there), Error::<T>::MarketNotYours);
				Self::release_lot_in(lot, there, &by)?;
			},
		}
		Self::deposit_event(Event::QuarantineReleased { target, by });
		Ok(())
	}

	fn release_unit(held: HeldUnit, who: &IdentityId, market: Option<Market>) -> DispatchResult {
		let mut book = Book::<T>::default();
		let now = Self::now();
		let standing = Self::standing(&mut book, held.unit, None, None, now)?;
		let row = UnitHolds::<T>::get(held.unit);
		match (standing.state, row) {
			(UnitState::Locked | UnitState::Quarantined, Some(row)) => {
				Self::ensure_may_let_go(&mut book, held, &row, who, market)?;
				ensure!(standing.recall.is_none(), Error::<T>::Recalled);
				Self::let_go(&mut book, held.unit, row)?;
			},
			(UnitState::Returned, _) => {
				Self::ensure_judges(&mut book, held, who, now)?;
				Self::ensure_sound(&mut book, held.unit, None, now)?;
				// What was opened is never whole again.
				let whole = !Partials::<T>::contains_key(held.unit);
				ensure!(whole, Error::<T>::BadTransition);
				book.set_state(held.unit, UnitState::Active)?;
			},
			_ => return Err(Error::<T>::NotQuarantined.into()),
		}
		book.store();
		Ok(())
	}

	/// Refuses who may not let a unit go: another than the authority that locked it; another than
	/// an authority of its markets, when two units carry its serial; another than its holder now.
	fn ensure_may_let_go(
		book: &mut Book<T>,
		held: HeldUnit,
		row: &UnitHold,
		who: &IdentityId,
		market: Option<Market>,
	) -> DispatchResult {
		if row.hold.authority {
			ensure!(row.hold.by == *who, Error::<T>::NotHoldOwner);
			return Ok(());
		}
		if row.hold.reason == QuarantineReason::DuplicateSerial {
			let market = market.ok_or(Error::<T>::NotHoldOwner)?;
			return Self::ensure_market_of(book, held.unit.batch, who, market);
		}
		book.parcel(held.unit, held.parcel_start)?.1.ensure_holder::<T>(who)
	}

	/// Brings a unit back to where it was, or to what was put aside beneath.
	fn let_go(book: &mut Book<T>, unit: UnitRef, row: UnitHold) -> DispatchResult {
		let (to, left) = match row.beneath {
			Some(hold) => (UnitState::Quarantined, Some(UnitHold { hold, beneath: None, ..row })),
			None => (row.before, None),
		};
		if book.state(unit) != to {
			book.set_state(unit, to)?;
		}
		book.keep(Kept::Hold(unit, left));
		Ok(())
	}

	/// Refuses who may not say that a returned unit is fit for sale: it holds it, and answers for
	/// the product or hands it over to patients.
	fn ensure_judges(
		book: &mut Book<T>,
		held: HeldUnit,
		who: &IdentityId,
		now: Moment,
	) -> DispatchResult {
		book.parcel(held.unit, held.parcel_start)?.1.ensure_holder::<T>(who)?;
		let lot = book.batch(held.unit.batch)?.lot;
		let product = book.lot(lot)?.product;
		let kinds = match book.product(&product)?.holder == *who {
			true => HANDLERS,
			false => DISPENSERS,
		};
		Self::ensure_licensed(who, kinds, now)
	}

	fn release_parcel(parcel: ParcelRef, who: &IdentityId) -> DispatchResult {
		let ParcelRef { batch, start } = parcel;
		let row = Parcels::<T>::get(batch, start).ok_or(Error::<T>::UnknownParcel)?;
		Self::ensure_owner_of(row.hold, row.place, who)?;
		let recalled = Self::is_recalled(&mut Book::default(), parcel, &row)?;
		ensure!(!recalled, Error::<T>::Recalled);
		Parcels::<T>::insert(batch, start, Parcel { hold: None, ..row });
		Ok(())
	}

	fn release_container(sscc: Sscc, who: &IdentityId) -> DispatchResult {
		let row = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
		Self::ensure_owner_of(row.hold, row.place, who)?;
		Containers::<T>::insert(sscc, Container { hold: None, ..row });
		Ok(())
	}

	/// Refuses who does not let go what is put aside at `place`.
	fn ensure_owner_of(hold: Option<Hold>, place: Place, who: &IdentityId) -> DispatchResult {
		let hold = hold.ok_or(Error::<T>::NotQuarantined)?;
		if hold.authority {
			ensure!(hold.by == *who, Error::<T>::NotHoldOwner);
			return Ok(());
		}
		Self::around(place)?.ensure_holder::<T>(who)
	}

	/// By the authority that holds the lot there, or the one that is in office after it.
	fn release_lot_in(lot: LotIx, market: Market, who: &IdentityId) -> DispatchResult {
		let now = Self::now();
		Self::ensure_authority(who, market, now)?;
		let mut row = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		let hold = row.holds.iter().find(|hold| hold.market == market);
		let holder = hold.ok_or(Error::<T>::NotQuarantined)?.by;
		let owner = holder == *who || !Self::is_authority(&holder, market, now);
		ensure!(owner, Error::<T>::NotHoldOwner);
		let mut book = Book::<T>::default();
		let whole = &book.product(&row.product)?.recalls;
		let recall = Self::recall_in(whole, Some(market), None);
		let recall = recall.or_else(|| Self::recall_in(&row.recalls, Some(market), None));
		ensure!(recall.is_none(), Error::<T>::Recalled);
		row.holds.retain(|hold| hold.market != market);
		Lots::<T>::insert(lot, row);
		Ok(())
	}
}
