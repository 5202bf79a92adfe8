// SPDX-License-Identifier: Apache-2.0

//! How a recall changes where goods may go.

use super::*;
use salus_primitives::{RecallClass, RecallDepth};

fn recall(scope: RecallScope, markets: &[Market]) {
	assert_ok!(SupplyChain::initiate_recall(
		signed(MAKER),
		scope,
		RecallClass::II,
		RecallDepth::Retail,
		markets.to_vec().try_into().unwrap(),
		digest(1),
		digest(2)
	));
}

/// A batch of which the wholesaler holds the parcels from 0, 100 and 200 on.
fn delivered() -> (BatchIx, Vec<ItemRef>) {
	let batch = commissioned();
	let items = cut(batch, &[0, 100, 200]);
	handed_over(MAKER, WHOLESALER, &items);
	(batch, items)
}

#[test]
fn what_is_recalled_goes_to_who_answers_for_it_only() {
	type Scope = fn(BatchIx) -> RecallScope;
	let scopes: [Scope; 3] = [
		|_| RecallScope::Product(di(DRUG)),
		|batch| RecallScope::Lot(Batches::<Test>::get(batch).unwrap().lot),
		RecallScope::Batch,
	];
	for scope in scopes {
		build_and_execute(|| {
			let (batch, items) = delivered();
			recall(scope(batch), &[]);

			for to in [PHARMACY, RIVAL] {
				let call = try_ship(WHOLESALER, to, &items[..1]);
				assert_noop!(call, Error::<Test>::Recalled);
			}
			assert_ok!(try_ship(WHOLESALER, MAKER, &items));
		});
	}
}

#[test]
fn a_recall_in_one_market_stops_shipments_whose_market_nobody_knows() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Batch(batch), &[THERE]);

		assert_noop!(try_ship(WHOLESALER, PHARMACY, &items), Error::<Test>::Recalled);
	});
}

#[test]
fn a_recalled_stretch_stops_the_parcels_that_it_meets() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Range { batch, start: 199, len: 1 }, &[]);

		assert_noop!(try_ship(WHOLESALER, PHARMACY, &items[1..2]), Error::<Test>::Recalled);
		assert_ok!(try_ship(WHOLESALER, PHARMACY, &[items[0], items[2]]));
	});
}

#[test]
fn a_stretch_that_is_wider_than_a_parcel_stops_it() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Range { batch, start: 50, len: 100 }, &[]);

		for stopped in &items[..2] {
			let call = try_ship(WHOLESALER, PHARMACY, &[*stopped]);
			assert_noop!(call, Error::<Test>::Recalled);
		}
		assert_ok!(try_ship(WHOLESALER, PHARMACY, &items[2..]));
	});
}

#[test]
fn stretches_that_only_touch_do_not_meet() {
	for (start, len, meets) in [
		(0, 10, false),
		(0, 11, true),
		(10, 5, true),
		(12, 1, true),
		(0, 100, true),
		(14, 1, true),
		(15, 1, false),
		(15, u32::MAX, false),
		(0, u32::MAX, true),
	] {
		let place = Place::Held(id(MAKER));
		let parcel = Parcel { len, place, hold: None, completeness: Completeness::Unknown };
		assert_eq!(parcel.meets(start, Some((10, 5))), meets, "{start} {len}");
		assert!(parcel.meets(start, None));
	}
}

#[test]
fn a_closed_recall_stops_nothing() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Batch(batch), &[]);
		let recall = salus_primitives::RecallId(NextRecall::<Test>::get().0 - 1);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));

		assert_ok!(try_ship(WHOLESALER, PHARMACY, &items));
	});
}

#[test]
fn what_is_recalled_on_the_way_is_put_aside_as_it_comes_in() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		let shipment = shipped(WHOLESALER, PHARMACY, &items);
		recall(RecallScope::Range { batch, start: 0, len: 100 }, &[]);

		assert_ok!(try_receive(PHARMACY, shipment, &items, true));

		let reason = QuarantineReason::Recalled;
		let hold = Hold { by: id(PHARMACY), authority: false, reason };
		assert_eq!(stretch(items[0]).hold, Some(hold));
		assert_eq!(items[1..].iter().filter_map(|item| stretch(*item).hold).count(), 0);
		// From there it goes nowhere but back to who answers for it.
		let onwards = try_ship(PHARMACY, OTHER_PHARMACY, &items[..1]);
		assert_noop!(onwards, Error::<Test>::Quarantined);
		handed_over(PHARMACY, MAKER, &items[..1]);
		assert_eq!(stretch(items[0]).hold, Some(hold));
	});
}

#[test]
fn what_is_put_aside_for_another_reason_does_not_even_go_back() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Batch(batch), &[]);
		let ItemRef::Parcel(at) = items[0] else { panic!("a parcel") };
		let (target, reason) = (HoldTarget::Parcel(at), QuarantineReason::Damaged);
		assert_ok!(SupplyChain::quarantine(signed(WHOLESALER), target, reason, None));

		let back = try_ship(WHOLESALER, MAKER, &items[..1]);
		assert_noop!(back, Error::<Test>::Quarantined);
	});
}

#[test]
fn what_an_authority_locked_because_of_a_recall_stays_where_it_is() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		recall(RecallScope::Batch(batch), &[]);
		let ItemRef::Parcel(at) = items[0] else { panic!("a parcel") };
		let (target, reason) = (HoldTarget::Parcel(at), QuarantineReason::Recalled);
		let authority = signed(AUTHORITY);
		assert_ok!(SupplyChain::quarantine(authority, target, reason, Some(HERE)));

		let back = try_ship(WHOLESALER, MAKER, &items[..1]);
		assert_noop!(back, Error::<Test>::Quarantined);
	});
}

#[test]
fn a_shipment_of_recalled_goods_goes_back_to_its_sender_as_it_was() {
	build_and_execute(|| {
		let (batch, items) = delivered();
		let shipment = shipped(WHOLESALER, PHARMACY, &items);
		recall(RecallScope::Batch(batch), &[]);

		let reason = RejectReason::Suspect;
		assert_ok!(SupplyChain::reject_shipment(signed(PHARMACY), shipment, reason));
		assert_eq!(held_by(WHOLESALER), items);
		assert_eq!(stretch(items[0]).hold, None);
		assert_noop!(try_ship(WHOLESALER, PHARMACY, &items), Error::<Test>::Recalled);
	});
}

#[test]
fn into_containers_nobody_looks_and_the_recall_waits_inside() {
	build_and_execute(|| {
		let batch = commissioned();
		let case = container(1);
		packed(case, &[item(batch, 0)]);
		recall(RecallScope::Batch(batch), &[]);

		handed_over(MAKER, WHOLESALER, &[boxed(case)]);
		assert_ok!(try_empty(WHOLESALER, case));
		let call = try_ship(WHOLESALER, PHARMACY, &[item(batch, 0)]);
		assert_noop!(call, Error::<Test>::Recalled);
	});
}
