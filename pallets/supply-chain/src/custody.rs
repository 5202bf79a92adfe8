// SPDX-License-Identifier: Apache-2.0

//! Who holds what: the way from a parcel or a container up to the one who holds the outermost, and
//! how goods go from one place to another.

use crate::*;
use alloc::vec::Vec;
use frame_support::ensure;
use salus_gs1::Sscc;
use salus_primitives::{Completeness, IdentityId, Moment, ShipmentId};
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

/// What is around something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Around {
	/// The containers it is in, the innermost first.
	pub(crate) chain: Vec<Sscc>,
	/// Where the outermost is: held or in transit, never inside.
	pub(crate) root: Place,
	/// Whether one of them is sealed.
	pub(crate) sealed: bool,
	/// Whether one of them is put aside.
	pub(crate) held: bool,
}

impl Around {
	/// Who holds it; none on the way.
	pub(crate) fn holder(&self) -> Option<IdentityId> {
		match self.root {
			Place::Held(holder) => Some(holder),
			_ => None,
		}
	}

	/// The shipment it is on.
	pub(crate) fn shipment(&self) -> Option<ShipmentId> {
		match self.root {
			Place::InTransit(shipment) => Some(shipment),
			_ => None,
		}
	}

	/// Refuses who does not hold it now.
	pub(crate) fn ensure_holder<T: Config>(&self, who: &IdentityId) -> DispatchResult {
		match self.root {
			Place::Held(holder) if holder == *who => Ok(()),
			Place::InTransit(_) => Err(Error::<T>::InTransit.into()),
			_ => Err(Error::<T>::NotCustodian.into()),
		}
	}
}

/// A parcel or a container with its row.
pub(crate) enum Goods<T: Config> {
	Parcel(ParcelRef, Parcel),
	Container(Sscc, ContainerOf<T>),
}

impl<T: Config> Goods<T> {
	/// None when there is no such thing.
	pub(crate) fn find(item: ItemRef) -> Option<Self> {
		match item {
			ItemRef::Parcel(at) => {
				Parcels::<T>::get(at.batch, at.start).map(|row| Self::Parcel(at, row))
			},
			ItemRef::Container(sscc) => {
				Containers::<T>::get(sscc).map(|row| Self::Container(sscc, row))
			},
		}
	}

	/// What `who` has at hand: it holds it itself, not in a container and not on the way, and it is
	/// not over.
	pub(crate) fn at_hand(item: ItemRef, who: &IdentityId) -> Result<Self, DispatchError> {
		let goods = Self::find(item).ok_or(match item {
			ItemRef::Parcel(_) => Error::<T>::UnknownParcel,
			ItemRef::Container(_) => Error::<T>::UnknownContainer,
		})?;
		match goods.place() {
			Place::Held(holder) => ensure!(holder == *who, Error::<T>::NotCustodian),
			Place::Inside(_) => return Err(Error::<T>::AlreadyInContainer.into()),
			Place::InTransit(_) => return Err(Error::<T>::InTransit.into()),
		}
		if let Self::Container(_, container) = &goods {
			ensure!(container.emptied.is_none(), Error::<T>::ContainerEmptied);
		}
		Ok(goods)
	}

	/// What is listed in a container or a shipment. None when it is not there.
	pub(crate) fn listed(item: ItemRef, place: Place) -> Option<Self> {
		Self::find(item).filter(|goods| goods.place() == place)
	}

	pub(crate) fn place(&self) -> Place {
		match self {
			Self::Parcel(_, parcel) => parcel.place,
			Self::Container(_, container) => container.place,
		}
	}

	pub(crate) fn hold(&self) -> Option<Hold> {
		match self {
			Self::Parcel(_, parcel) => parcel.hold,
			Self::Container(_, container) => container.hold,
		}
	}

	/// Puts it where it is from now on. Who took it from a container counts it out.
	pub(crate) fn put(self, place: Place) {
		match self {
			Self::Parcel(at, parcel) => {
				Pallet::<T>::index_place(ItemRef::Parcel(at), Some(parcel.place), Some(place));
				Parcels::<T>::insert(at.batch, at.start, Parcel { place, ..parcel });
			},
			Self::Container(sscc, container) => {
				let item = ItemRef::Container(sscc);
				Pallet::<T>::index_place(item, Some(container.place), Some(place));
				Containers::<T>::insert(sscc, Container { place, ..container });
			},
		}
	}

	/// The same, as far as who takes it has looked into it.
	pub(crate) fn take(mut self, holder: IdentityId, looked: Completeness) {
		match &mut self {
			Self::Parcel(_, parcel) => parcel.completeness = looked,
			Self::Container(_, container) => container.completeness = looked,
		}
		self.put(Place::Held(holder));
	}
}

impl<T: Config> Pallet<T> {
	/// What is around something at `place`: reads as many containers as stand in each other.
	pub(crate) fn around(place: Place) -> Result<Around, DispatchError> {
		let mut around = Around { chain: Vec::new(), root: place, sealed: false, held: false };
		while let Place::Inside(sscc) = around.root {
			// I4: no more stand in each other.
			ensure!(around.chain.len() < usize::from(MAX_DEPTH), Error::<T>::DepthExceeded);
			let container = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
			around.chain.push(sscc);
			around.root = container.place;
			around.sealed |= container.seal.is_some();
			around.held |= container.hold.is_some();
		}
		Ok(around)
	}

	/// A container that `who` holds, with what is around its content: goods may go into it and out
	/// of it, since neither it nor one around it is sealed or put aside, and it is not over.
	pub(crate) fn opened(
		sscc: Sscc,
		who: &IdentityId,
	) -> Result<(ContainerOf<T>, Around), DispatchError> {
		let container = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
		let around = Self::around(Place::Inside(sscc))?;
		around.ensure_holder::<T>(who)?;
		ensure!(container.emptied.is_none(), Error::<T>::ContainerEmptied);
		ensure!(!around.sealed, Error::<T>::ContainerSealed);
		ensure!(!around.held, Error::<T>::Quarantined);
		Ok((container, around))
	}

	/// Lists an item where it is from now on, and no longer where it was: with its holder, in its
	/// container or in its shipment. How many items those have, the caller counts.
	pub(crate) fn index_place(item: ItemRef, before: Option<Place>, after: Option<Place>) {
		if before == after {
			return;
		}
		match before {
			Some(Place::Held(holder)) => Holdings::<T>::remove(holder, item),
			Some(Place::Inside(sscc)) => ContainerItems::<T>::remove(sscc, item),
			Some(Place::InTransit(shipment)) => ShipmentItems::<T>::remove(shipment, item),
			None => {},
		}
		match after {
			Some(Place::Held(holder)) => Holdings::<T>::insert(holder, item, ()),
			Some(Place::Inside(sscc)) => ContainerItems::<T>::insert(sscc, item, ()),
			Some(Place::InTransit(shipment)) => ShipmentItems::<T>::insert(shipment, item, ()),
			None => {},
		}
	}

	/// Counts items that left the innermost of the containers `around` them. With the last one it is
	/// over and stands nowhere any more, so that the one around it may be over too.
	///
	/// Gives those that are over, the innermost first. Their row says who had them last.
	pub(crate) fn count_out(
		around: &Around,
		left: u32,
		now: Moment,
	) -> Result<Vec<Sscc>, DispatchError> {
		let mut over = Vec::new();
		let mut left = left;
		for sscc in &around.chain {
			let mut container = Containers::<T>::get(sscc).ok_or(Error::<T>::UnknownContainer)?;
			// I3: what is in a container is counted there.
			container.items =
				container.items.checked_sub(left).ok_or(ArithmeticError::Underflow)?;
			let more = container.items > 0;
			if !more {
				Self::index_place(ItemRef::Container(*sscc), Some(container.place), None);
				container.place = around.root;
				container.emptied = Some(now);
				container.seal = None;
				over.push(*sscc);
			}
			Containers::<T>::insert(sscc, container);
			if more {
				break;
			}
			left = 1;
		}
		Ok(over)
	}

	/// Makes a unit a parcel of its own: cuts off what is before it and behind it, which stay as they
	/// are. In a container, all of them are in it.
	///
	/// Writes up to three parcels with their indexes, and the container.
	pub(crate) fn carve(
		parcel: ParcelRef,
		row: &Parcel,
		index: u32,
	) -> Result<ParcelRef, DispatchError> {
		let start = index;
		if parcel.start < start {
			Self::cut(parcel, start)?;
		}
		let own = ParcelRef { batch: parcel.batch, start };
		let behind = start.saturating_add(1);
		if behind < parcel.start.saturating_add(row.len) {
			Self::cut(own, behind)?;
		}
		Ok(own)
	}

	/// Makes two parcels of one, the second beginning at `at`. Who may, the caller has checked.
	pub(crate) fn cut(parcel: ParcelRef, at: u32) -> DispatchResult {
		let ParcelRef { batch, start } = parcel;
		let row = Parcels::<T>::get(batch, start).ok_or(Error::<T>::UnknownParcel)?;
		let end = start.checked_add(row.len).ok_or(Error::<T>::RangeOutsideParcel)?;
		ensure!(start < at && at < end, Error::<T>::RangeOutsideParcel);
		let second = ItemRef::Parcel(ParcelRef { batch, start: at });
		match row.place {
			Place::Held(_) => {},
			Place::Inside(sscc) => Self::count_into(sscc, 1)?,
			Place::InTransit(_) => return Err(Error::<T>::InTransit.into()),
		}
		Self::index_place(second, None, Some(row.place));
		Parcels::<T>::insert(batch, start, Parcel { len: at.saturating_sub(start), ..row });
		Parcels::<T>::insert(batch, at, Parcel { len: end.saturating_sub(at), ..row });
		Ok(())
	}

	/// Counts items that a container has more.
	pub(crate) fn count_into(sscc: Sscc, more: u32) -> DispatchResult {
		Containers::<T>::try_mutate(sscc, |container| {
			let container = container.as_mut().ok_or(Error::<T>::UnknownContainer)?;
			container.items = container.items.checked_add(more).ok_or(ArithmeticError::Overflow)?;
			Ok(())
		})
	}
}
