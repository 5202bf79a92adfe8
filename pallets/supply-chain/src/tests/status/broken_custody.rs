// SPDX-License-Identifier: Apache-2.0

//! Invariants of custody, each broken by hand.

use super::*;
use salus_gs1::Sscc;
use salus_primitives::ShipmentId;

/// Breaks the state of a commissioned batch, and finds that by its name.
pub(super) fn assert_broken(invariant: &'static str, breaking: impl FnOnce(BatchIx)) {
	new_test_ext().execute_with(|| {
		let batch = commissioned();
		assert_ok!(SupplyChain::do_try_state());
		breaking(batch);
		assert_eq!(SupplyChain::do_try_state(), Err(invariant.into()));
	});
}

fn place(batch: BatchIx, place: Place) {
	Parcels::<Test>::mutate(batch, 0, |row| row.as_mut().unwrap().place = place);
}

fn container(sscc: Sscc) {
	let prefix = PREFIX.parse().unwrap();
	assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc, prefix));
}

fn pack(sscc: Sscc, item: ItemRef) {
	let items = vec![item].try_into().unwrap();
	assert_ok!(SupplyChain::pack(signed(MAKER), sscc, items, Told::default()));
}

fn change(sscc: Sscc, change: impl FnOnce(&mut ContainerOf<Test>)) {
	Containers::<Test>::mutate(sscc, |row| change(row.as_mut().unwrap()));
}

#[test]
fn parcels_with_gaps_and_overlaps_are_found() {
	let resize = |batch, start, by: fn(u32) -> u32| {
		Parcels::<Test>::mutate(batch, start, |row| {
			let row = row.as_mut().unwrap();
			row.len = by(row.len);
		});
	};
	assert_broken("I2: parcels of more or fewer units than the batch has", |batch| {
		resize(batch, 0, |len| len - 1);
	});
	for by in [(|len| len - 1) as fn(u32) -> u32, |len| len + 1] {
		assert_broken("I2: parcels with a gap, or one on another", |batch| {
			assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, 0), 5));
			resize(batch, 0, by);
		});
	}
	assert_broken("I2: parcels of no batch", |batch| {
		let row = Parcels::<Test>::get(batch, 0).unwrap();
		Parcels::<Test>::insert(BatchIx(7), 0, row);
	});
}

#[test]
fn goods_that_are_listed_elsewhere_are_found() {
	assert_broken("I3: something is listed nowhere", |batch| {
		Holdings::<Test>::remove(id(MAKER), item(batch, 0));
	});
	for (holder, start) in [(PHARMACY, 0), (MAKER, 1)] {
		assert_broken("I3: listed where it is not, or twice", |batch| {
			Holdings::<Test>::insert(id(holder), item(batch, start), ());
		});
	}
	assert_broken("I3: listed where it is not, or twice", |batch| {
		place(batch, Place::Held(id(PHARMACY)));
	});
	assert_broken("I3: listed where it is not, or twice", |batch| {
		ContainerItems::<Test>::insert(sscc(1), item(batch, 0), ());
	});
}

#[test]
fn containers_that_count_wrongly_are_found() {
	assert_broken("I3: a container counts other items than it has", |batch| {
		container(sscc(1));
		pack(sscc(1), item(batch, 0));
		change(sscc(1), |row| row.items = 2);
	});
	assert_broken("I3: sealed, and empty", |_| {
		container(sscc(1));
		change(sscc(1), |row| row.seal = Some(digest(1)));
	});
	assert_broken("I3: something in a container that is over", |batch| {
		container(sscc(1));
		pack(sscc(1), item(batch, 0));
		Holdings::<Test>::remove(id(MAKER), ItemRef::Container(sscc(1)));
		change(sscc(1), |row| row.emptied = Some(START));
	});
	assert_broken("I3: something in no container", |batch| {
		container(sscc(1));
		pack(sscc(1), item(batch, 0));
		Holdings::<Test>::remove(id(MAKER), ItemRef::Container(sscc(1)));
		Containers::<Test>::remove(sscc(1));
	});
	assert_broken("I3: listed where it is not, or twice", |_| {
		container(sscc(1));
		change(sscc(1), |row| row.emptied = Some(START));
	});
}

#[test]
fn containers_that_stand_wrongly_are_found() {
	let nested = |batch| {
		container(sscc(1));
		container(sscc(2));
		pack(sscc(1), item(batch, 0));
		pack(sscc(2), ItemRef::Container(sscc(1)));
	};
	assert_broken("I4: not higher than what is in it", |batch| {
		nested(batch);
		change(sscc(2), |row| row.height = 1);
	});
	for height in [0, MAX_DEPTH + 1] {
		assert_broken("I4: of no height, or too high", |_| {
			container(sscc(1));
			change(sscc(1), |row| row.height = height);
		});
	}
	// Round in a circle nobody comes to an end.
	new_test_ext().execute_with(|| {
		nested(commissioned());
		Holdings::<Test>::remove(id(MAKER), ItemRef::Container(sscc(2)));
		ContainerItems::<Test>::insert(sscc(1), ItemRef::Container(sscc(2)), ());
		change(sscc(1), |row| row.items = 2);
		change(sscc(2), |row| row.place = Place::Inside(sscc(1)));
		let error = sp_runtime::DispatchError::from(Error::<Test>::DepthExceeded);
		assert_eq!(SupplyChain::do_try_state(), Err(error));
	});
}

#[test]
fn shipments_that_are_not_under_way_are_found() {
	let sent = |batch| shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
	let changed = |shipment, change: fn(&mut ShipmentOf<Test>)| {
		Shipments::<Test>::mutate(shipment, |row| change(row.as_mut().unwrap()));
	};
	assert_broken("I5: a shipment counts other items than it has", |batch| {
		changed(sent(batch), |row| row.open = 2);
	});
	assert_broken("I5: a shipment of nothing, or of too much", |batch| {
		changed(sent(batch), |row| row.accepted = MAX_SHIPPED);
	});
	assert_broken("I5: a shipment to its sender", |batch| {
		changed(sent(batch), |row| row.to = row.from);
	});
	assert_broken("I5: on its way in no shipment", |batch| {
		Shipments::<Test>::remove(sent(batch));
	});
	assert_broken("I5: open for others than its partners", |batch| {
		OpenShipments::<Test>::remove(id(WHOLESALER), sent(batch));
	});
	assert_broken("I5: open for others than its partners", |batch| {
		OpenShipments::<Test>::insert(id(PHARMACY), sent(batch), ());
	});
	assert_broken("I3: listed where it is not, or twice", |batch| {
		ShipmentItems::<Test>::insert(ShipmentId(9), item(batch, 0), ());
	});
}
