// SPDX-License-Identifier: Apache-2.0

//! Parcels, containers and shipments.

use super::Check;
use crate::{custody::Goods, *};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use salus_gs1::Sscc;
use salus_primitives::{BatchIx, ShipmentId};

impl<T: Config> Pallet<T> {
	// I2: the parcels of a batch follow each other from its first unit to its last.
	pub(super) fn parcels_tile_their_batch() -> Check {
		let mut parcels = BTreeMap::<BatchIx, BTreeMap<u32, u32>>::new();
		for (batch, start, parcel) in Parcels::<T>::iter() {
			parcels.entry(batch).or_default().insert(start, parcel.len);
		}
		for (batch, row) in Batches::<T>::iter() {
			let mut end = 0u32;
			for (start, len) in parcels.remove(&batch).unwrap_or_default() {
				ensure!(start == end && len > 0, "I2: parcels with a gap, or one on another");
				end = end.saturating_add(len);
			}
			ensure!(end == row.count, "I2: parcels of more or fewer units than the batch has");
		}
		ensure!(parcels.is_empty(), "I2: parcels of no batch");
		Ok(())
	}

	// I3: a parcel or a container is listed once, where it says it is, and nothing else is listed; a
	// container counts what is listed in it, and is over when that was something and is nothing.
	pub(super) fn everything_is_where_it_says() -> Check {
		let mut places = BTreeMap::<ItemRef, Place>::new();
		for (batch, start, parcel) in Parcels::<T>::iter() {
			places.insert(ItemRef::Parcel(ParcelRef { batch, start }), parcel.place);
		}
		for (sscc, container) in Containers::<T>::iter() {
			if container.emptied.is_none() {
				places.insert(ItemRef::Container(sscc), container.place);
			}
		}
		let held = Holdings::<T>::iter_keys().map(|(who, item)| (Place::Held(who), item));
		let inside =
			ContainerItems::<T>::iter_keys().map(|(in_it, item)| (Place::Inside(in_it), item));
		let sent = ShipmentItems::<T>::iter_keys().map(|(by, item)| (Place::InTransit(by), item));
		let mut items = BTreeMap::<Sscc, u32>::new();
		for (place, item) in held.chain(inside).chain(sent) {
			let says = places.remove(&item);
			ensure!(says == Some(place), "I3: listed where it is not, or twice");
			if let Place::Inside(sscc) = place {
				let count = items.entry(sscc).or_default();
				*count = count.saturating_add(1);
			}
		}
		ensure!(places.is_empty(), "I3: something is listed nowhere");
		for (sscc, container) in Containers::<T>::iter() {
			let listed = items.remove(&sscc).unwrap_or_default();
			ensure!(container.items == listed, "I3: a container counts other items than it has");
			let over = container.emptied.is_some();
			ensure!(!over || listed == 0, "I3: something in a container that is over");
			ensure!(container.seal.is_none() || listed > 0, "I3: sealed, and empty");
		}
		ensure!(items.is_empty(), "I3: something in no container");
		Ok(())
	}

	// I4: from every container one comes to who holds it, or to a shipment, through fewer than six
	// others; what is around it is higher than it, and six storeys at most.
	pub(super) fn containers_stand_in_each_other() -> Check {
		for container in Containers::<T>::iter_values() {
			let around = Self::around(container.place)?;
			ensure!(around.chain.len() < usize::from(MAX_DEPTH), "I4: too deep");
			ensure!((1..=MAX_DEPTH).contains(&container.height), "I4: of no height, or too high");
			if let Place::Inside(sscc) = container.place {
				let outer = Containers::<T>::get(sscc).ok_or("I4: in no container")?;
				ensure!(outer.height > container.height, "I4: not higher than what is in it");
			}
		}
		Ok(())
	}

	// I5: a shipment that is kept has as many items on their way as it counts, all of those that it
	// has left, and is open for both partners; nothing else is on its way, or open.
	pub(super) fn shipments_are_under_way() -> Check {
		let mut under_way = BTreeMap::<ShipmentId, u32>::new();
		for (shipment, item) in ShipmentItems::<T>::iter_keys() {
			ensure!(Goods::<T>::find(item).is_some(), "I5: nothing is on its way");
			let count = under_way.entry(shipment).or_default();
			*count = count.saturating_add(1);
		}
		let mut open = BTreeSet::new();
		for (id, shipment) in Shipments::<T>::iter() {
			let items = under_way.remove(&id).unwrap_or_default();
			ensure!(shipment.open == items, "I5: a shipment counts other items than it has");
			let all = shipment.open.saturating_add(shipment.accepted);
			ensure!(items > 0 && all <= MAX_SHIPPED, "I5: a shipment of nothing, or of too much");
			ensure!(shipment.from != shipment.to, "I5: a shipment to its sender");
			open.extend([(shipment.from, id), (shipment.to, id)]);
		}
		ensure!(under_way.is_empty(), "I5: on its way in no shipment");
		let listed: BTreeSet<_> = OpenShipments::<T>::iter_keys().collect();
		ensure!(listed == open, "I5: open for others than its partners");
		Ok(())
	}
}
