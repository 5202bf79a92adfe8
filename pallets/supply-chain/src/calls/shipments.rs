// SPDX-License-Identifier: Apache-2.0

//! Shipments: goods on their way between two partners, in two steps.

use crate::{custody::Goods, partners::HANDLERS, units::Book, *};
use alloc::vec::Vec;
use codec::MaxEncodedLen;
use frame_support::{dispatch::DispatchResultWithPostInfo, pallet_prelude::*};
use salus_primitives::{IdentityId, QuarantineReason, ShipmentId, UnitRef, UnitState};
use salus_traits::{accreditation::AccreditationInspect, identity::Actor};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_ship(
		actor: Actor<T::AccountId>,
		new: NewShipment,
		items: ShippedItems,
		told: Told,
	) -> DispatchResult {
		let now = Self::now();
		let at = Self::told_at(&told, now)?;
		let from = actor.id;
		let NewShipment { to, ship_to, transaction, affirmed } = new;
		Self::ensure_licensed(&from, HANDLERS, now)?;
		ensure!(to != from, Error::<T>::ShipToSelf);
		let licensed = T::Accreditations::is_accredited_any(&to, HANDLERS, now);
		ensure!(licensed, Error::<T>::PartnerNotLicensed);
		ensure!(affirmed, Error::<T>::StatementNotAffirmed);
		Self::ensure_rising(items.iter())?;
		let mut book = Book::<T>::default();
		let goods = items
			.iter()
			.map(|item| Self::check_loading(&mut book, *item, &from, &to))
			.collect::<Result<Vec<_>, _>>()?;
		let id = NextShipment::<T>::get();
		let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;

		let open = items.len() as u32;
		let (rows, size) = Self::shipment_footprint(open);
		let deposit = Self::take_deposit(actor.payer, rows, size)?;
		goods.into_iter().for_each(|goods| goods.put(Place::InTransit(id)));
		OpenShipments::<T>::insert(from, id, ());
		OpenShipments::<T>::insert(to, id, ());
		let shipment = Shipment { from, to, ship_to, at, transaction, open, accepted: 0, deposit };
		Shipments::<T>::insert(id, shipment);
		NextShipment::<T>::put(ShipmentId(next));
		let shipment = id;
		Self::deposit_event(Event::Shipped {
			shipment,
			from,
			to,
			ship_to,
			items,
			transaction,
			told,
		});
		Ok(())
	}

	/// Refuses what does not go from one partner to another. Into containers nobody looks.
	fn check_loading(
		book: &mut Book<T>,
		item: ItemRef,
		from: &IdentityId,
		to: &IdentityId,
	) -> Result<Goods<T>, DispatchError> {
		let goods = Goods::at_hand(item, from)?;
		match &goods {
			Goods::Parcel(at, row) => Self::ensure_parcel_goes(book, *at, row, to)?,
			Goods::Container(_, container) => {
				ensure!(container.hold.is_none(), Error::<T>::Quarantined);
				ensure!(container.items > 0, Error::<T>::ContainerEmpty);
			},
		}
		Ok(goods)
	}

	/// Refuses a parcel that is put aside, recalled, or a single unit that is not for sale. What is
	/// recalled, or came back, goes to who answers for the product.
	fn ensure_parcel_goes(
		book: &mut Book<T>,
		at: ParcelRef,
		row: &Parcel,
		to: &IdentityId,
	) -> DispatchResult {
		let lot = book.batch(at.batch)?.lot;
		let product = book.lot(lot)?.product;
		let back = book.product(&product)?.holder == *to;
		// Put aside because of a recall, it waits for just this.
		let waits = |hold: Hold| !hold.authority && hold.reason == QuarantineReason::Recalled;
		let free = row.hold.is_none_or(|hold| back && waits(hold));
		ensure!(free, Error::<T>::Quarantined);
		ensure!(back || !Self::is_recalled(book, at, row)?, Error::<T>::Recalled);
		if row.len == 1 {
			match book.state(UnitRef { batch: at.batch, index: at.start }) {
				UnitState::Active => {},
				UnitState::Returned if back => {},
				UnitState::Quarantined => return Err(Error::<T>::Quarantined.into()),
				_ => return Err(Error::<T>::NotDispensable.into()),
			}
		}
		Ok(())
	}

	/// Whether a recall reaches one of a parcel's units, in whichever market.
	pub(crate) fn is_recalled(
		book: &mut Book<T>,
		at: ParcelRef,
		row: &Parcel,
	) -> Result<bool, DispatchError> {
		let batch = book.batch(at.batch)?;
		let lot = batch.lot;
		let in_batch = batch.recalls.iter().any(|recall| row.meets(at.start, recall.range));
		let lot = book.lot(lot)?;
		let product = lot.product;
		let in_lot = Self::recall_in(&lot.recalls, None, None).is_some();
		let product = book.product(&product)?;
		Ok(in_batch || in_lot || Self::recall_in(&product.recalls, None, None).is_some())
	}

	/// The rows that a shipment of so many items takes, and their bytes.
	pub(crate) fn shipment_footprint(items: u32) -> (u64, u64) {
		let row = <(ShipmentId, ShipmentOf<T>)>::max_encoded_len() as u64;
		let open = <(IdentityId, ShipmentId)>::max_encoded_len() as u64;
		let listed = <(ShipmentId, ItemRef)>::max_encoded_len() as u64;
		let size = row.saturating_add(open.saturating_mul(2));
		let items = u64::from(items);
		(items.saturating_add(3), size.saturating_add(listed.saturating_mul(items)))
	}

	pub(crate) fn do_void_ship(
		actor: Actor<T::AccountId>,
		shipment: ShipmentId,
	) -> DispatchResultWithPostInfo {
		let row = Shipments::<T>::get(shipment).ok_or(Error::<T>::UnknownShipment)?;
		ensure!(row.from == actor.id, Error::<T>::NotSender);
		ensure!(row.accepted == 0, Error::<T>::AlreadyReceived);

		let items = Self::send_back(shipment, row.from);
		Self::end_shipment(shipment, row)?;
		Self::deposit_event(Event::ShipmentVoided { shipment });
		Ok(Some(T::WeightInfo::void_ship(items)).into())
	}

	pub(crate) fn do_receive(
		actor: Actor<T::AccountId>,
		shipment: ShipmentId,
		arrival: Arrival,
		told: Told,
	) -> DispatchResultWithPostInfo {
		let now = Self::now();
		Self::told_at(&told, now)?;
		let mut row = Shipments::<T>::get(shipment).ok_or(Error::<T>::UnknownShipment)?;
		ensure!(row.to == actor.id, Error::<T>::NotReceiver);
		Self::ensure_licensed(&actor.id, HANDLERS, now)?;
		let Arrival { accepted, last, over, completeness } = arrival;
		if !(last && accepted.is_empty()) {
			Self::ensure_rising(accepted.iter())?;
		}
		let mut book = Book::<T>::default();
		let goods = accepted
			.iter()
			.map(|item| Self::check_arrival(&mut book, *item, shipment, &actor.id))
			.collect::<Result<Vec<_>, _>>()?;
		let taken = accepted.len() as u32;
		row.open = row.open.checked_sub(taken).ok_or(ArithmeticError::Underflow)?;
		row.accepted = row.accepted.checked_add(taken).ok_or(ArithmeticError::Overflow)?;

		goods.into_iter().for_each(|goods| goods.take(actor.id, completeness));
		let short = if last { Self::send_back(shipment, row.from) } else { 0 };
		let (from, to) = (row.from, row.to);
		if last || row.open == 0 {
			Self::end_shipment(shipment, row)?;
		} else {
			Shipments::<T>::insert(shipment, row);
		}
		Self::deposit_event(Event::Received {
			shipment,
			from,
			to,
			accepted,
			short,
			over,
			completeness,
			told,
		});
		Ok(Some(T::WeightInfo::receive(taken.saturating_add(short))).into())
	}

	/// Refuses what is not on its way in a shipment. A parcel that is recalled is put aside.
	fn check_arrival(
		book: &mut Book<T>,
		item: ItemRef,
		shipment: ShipmentId,
		by: &IdentityId,
	) -> Result<Goods<T>, DispatchError> {
		let goods = Goods::listed(item, Place::InTransit(shipment));
		let mut goods = goods.ok_or(Error::<T>::NotInShipment)?;
		if let Goods::Parcel(at, row) = &mut goods
			&& row.hold.is_none()
			&& Self::is_recalled(book, *at, row)?
		{
			let reason = QuarantineReason::Recalled;
			row.hold = Some(Hold { by: *by, authority: false, reason });
		}
		Ok(goods)
	}

	pub(crate) fn do_reject_shipment(
		actor: Actor<T::AccountId>,
		shipment: ShipmentId,
		reason: RejectReason,
	) -> DispatchResultWithPostInfo {
		let row = Shipments::<T>::get(shipment).ok_or(Error::<T>::UnknownShipment)?;
		ensure!(row.to == actor.id, Error::<T>::NotReceiver);
		ensure!(row.accepted == 0, Error::<T>::AlreadyReceived);

		let items = Self::send_back(shipment, row.from);
		Self::end_shipment(shipment, row)?;
		Self::deposit_event(Event::ShipmentRejected { shipment, items, reason });
		Ok(Some(T::WeightInfo::reject_shipment(items)).into())
	}

	/// Gives what is still on its way back to its sender. Tells how many items that were.
	fn send_back(shipment: ShipmentId, from: IdentityId) -> u32 {
		let open = ShipmentItems::<T>::iter_key_prefix(shipment).take(MAX_SHIPPED as usize);
		let goods: Vec<_> = open.filter_map(Goods::<T>::find).collect();
		let items = goods.len() as u32;
		goods.into_iter().for_each(|goods| goods.put(Place::Held(from)));
		items
	}

	/// Removes a shipment of which nothing is on its way any more.
	fn end_shipment(id: ShipmentId, row: ShipmentOf<T>) -> DispatchResult {
		OpenShipments::<T>::remove(row.from, id);
		OpenShipments::<T>::remove(row.to, id);
		Shipments::<T>::remove(id);
		Self::return_deposit(row.deposit)
	}
}
