// SPDX-License-Identifier: Apache-2.0

//! The way of goods, as far as the chain keeps it.

use super::*;

/// All steps, in pages of each size.
fn traced(target: TraceTarget) -> Vec<Hop> {
	let mut walks = Vec::new();
	for limit in 1..=MAX_PAGE {
		let (mut steps, mut cursor) = (Vec::new(), None);
		loop {
			let Page { items, next } = SupplyChain::api_trace(target, cursor, limit).unwrap();
			steps.extend(items);
			cursor = next;
			if cursor.is_none() {
				break;
			}
		}
		walks.push(steps);
	}
	assert!(walks.iter().all(|steps| *steps == walks[0]), "every size of page gives the same");
	walks.swap_remove(0)
}

fn commissioned_hop(batch: BatchIx) -> Hop {
	Hop::Commissioned { batch, by: id(MAKER), at: START }
}

fn packed(sscc: salus_gs1::Sscc, item: ItemRef) {
	let prefix = PREFIX.parse().unwrap();
	assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc, prefix));
	let items = vec![item].try_into().unwrap();
	assert_ok!(SupplyChain::pack(signed(MAKER), sscc, items, Told::default()));
}

#[test]
fn a_unit_is_followed_from_its_maker_to_the_counter() {
	build_and_execute(|| {
		let batch = commissioned();
		let of = |index| traced(TraceTarget::Unit(unit(batch, index), 0));
		let parcel_hop = |holder, shipment, containers: &[_]| Hop::Parcel {
			parcel: parcel(batch, 0),
			units: UNITS,
			containers: containers.to_vec(),
			holder,
			shipment,
		};
		let here = parcel_hop(Some(id(MAKER)), None, &[]);
		assert_eq!(of(5), [commissioned_hop(batch), here.clone()]);
		force(unit(batch, 5), UnitState::Stolen);
		let left = Hop::Left { state: UnitState::Stolen, at: None };
		assert_eq!(of(5), [commissioned_hop(batch), here, left]);
		packed(sscc(1), item(batch, 0));
		packed(sscc(2), ItemRef::Container(sscc(1)));
		let shipment = shipped(MAKER, WHOLESALER, &[ItemRef::Container(sscc(2))]);
		let chain = [sscc(1), sscc(2)];
		let (from, to) = (id(MAKER), id(WHOLESALER));
		let shipped = Hop::Shipped { shipment, from, to, at: START, overdue: false };
		let way = parcel_hop(None, Some(shipment), &chain);
		assert_eq!(of(6), [commissioned_hop(batch), way, shipped.clone()]);
		let container = Hop::Container {
			sscc: sscc(1),
			items: 1,
			containers: vec![sscc(2)],
			holder: None,
			shipment: Some(shipment),
		};
		assert_eq!(traced(TraceTarget::Container(sscc(1))), [container, shipped]);
	});
}

#[test]
fn a_batch_is_followed_into_each_of_its_parcels() {
	build_and_execute(|| {
		let batch = commissioned();
		for at in [100, 200, 300, 400, 500] {
			assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, at - 100), at));
		}
		shipped(MAKER, WHOLESALER, &[item(batch, 300)]);
		let steps = traced(TraceTarget::Batch(batch));
		assert_eq!(steps[0], commissioned_hop(batch));
		let mut starts: Vec<_> = steps[1..]
			.iter()
			.map(|hop| match hop {
				Hop::Parcel { parcel, units: 100, holder, .. } => (parcel.start, holder.is_some()),
				other => panic!("{other:?} is no parcel of 100"),
			})
			.collect();
		starts.sort();
		let expected: Vec<_> = (0..6).map(|number| (number * 100, number != 3)).collect();
		assert_eq!(starts, expected);
	});
}

#[test]
fn what_left_lately_says_when() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 5), UnitState::Exported);
		let leaving = Leaving {
			at: START,
			by: id(MAKER),
			account: [1; 16],
			site: site(),
			commitment: None,
			part: false,
		};
		Leavings::<Test>::insert(unit(batch, 5), leaving);
		let last = || traced(TraceTarget::Unit(unit(batch, 5), 0)).pop().unwrap();
		let state = UnitState::Exported;
		set_time(START + UNDO_WINDOW - 1);
		assert_eq!(last(), Hop::Left { state, at: Some(START) });
		set_time(START + UNDO_WINDOW);
		assert_eq!(last(), Hop::Left { state, at: None });
	});
}

#[test]
fn what_is_not_there_is_not_followed() {
	build_and_execute(|| {
		let batch = commissioned();
		let ask =
			|target, limit| SupplyChain::api_trace(target, None, limit).map(|page| page.items);
		let bad = Err(QueryError::BadLimit { max: MAX_PAGE });
		assert_eq!(ask(TraceTarget::Batch(batch), 0), bad);
		assert_eq!(ask(TraceTarget::Batch(batch), MAX_PAGE + 1), bad);
		assert_eq!(ask(TraceTarget::Batch(BatchIx(3)), 1), Err(QueryError::Unknown));
		assert_eq!(ask(TraceTarget::Container(sscc(1)), 1), Err(QueryError::Unknown));
		let unit = |index, start| ask(TraceTarget::Unit(unit(batch, index), start), 1);
		assert_eq!(unit(UNITS, 0), Err(QueryError::WrongParcel));
		assert_eq!(unit(1, 1), Err(QueryError::WrongParcel));
		let cursor = Some(TraceCursor::Parcel(0));
		let end = SupplyChain::api_trace(TraceTarget::Container(sscc(1)), cursor, 1);
		assert_eq!(end, Err(QueryError::Unknown));
	});
}
