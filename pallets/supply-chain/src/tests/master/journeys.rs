// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::dispatch::DispatchResultWithPostInfo;
use salus_primitives::{Completeness, UnitState};

/// Hands a unit of the batch of [`commissioned`] over to a patient.
fn dispense(who: Sr25519Keyring, index: u32, market: Market) -> DispatchResultWithPostInfo {
	let unit = dispensing(proof(BatchIx(0), 1, UNITS, index, 0), 1);
	let site = Site { market, ..site() };
	let units = vec![unit].try_into().unwrap();
	SupplyChain::dispense(signed(who), units, site, RxLink::None, Told::default())
}

/// What a refusal says, whatever it weighs.
fn refusal(result: DispatchResultWithPostInfo) -> DispatchResult {
	result.map(|_| ()).map_err(|refused| refused.error)
}

fn next_block() {
	System::set_block_number(System::block_number() + 1);
	set_time(SupplyChain::now() + 6_000);
}

#[test]
fn a_lot_is_recalled_from_the_shelf_back_to_its_maker() {
	build_and_execute(|| {
		// given: all units on the shelf of a pharmacy, one handed over
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		handed_over(MAKER, PHARMACY, &[item(batch, 0)]);
		assert_ok!(dispense(PHARMACY, 0, HERE));

		// when: the maker recalls the lot
		let recall = recalled(RecallScope::Lot(lot));
		next_block();

		// then: nothing is handed over, and nothing goes on to others
		let refused = DispatchError::from(Error::<Test>::Recalled);
		for index in [1, UNITS - 1] {
			assert_noop!(refusal(dispense(PHARMACY, index, HERE)), refused);
		}
		let onwards = SupplyChain::ship(
			signed(PHARMACY),
			id(OTHER_PHARMACY),
			None,
			vec![item(batch, 0)].try_into().unwrap(),
			digest(7),
			true,
			Told::default(),
		);
		assert_eq!(onwards, Err(refused));

		// but: the units that are there go back, and all is counted
		assert_ok!(SupplyChain::acknowledge_recall(signed(PHARMACY), recall));
		let left = u64::from(UNITS) - 1;
		let found = Progress { quarantined: left, consumed: 1, ..Default::default() };
		assert_ok!(SupplyChain::report_recall_progress(signed(PHARMACY), recall, found));
		handed_over(PHARMACY, MAKER, &[item(batch, 0)]);
		assert_eq!(Parcels::<Test>::get(batch, 0).unwrap().place, Place::Held(id(MAKER)));
		let counters = Lots::<Test>::get(lot).unwrap().counters;
		assert_eq!(counters.of(UnitState::Dispensed), 1);
		assert_eq!(counters.total(), u64::from(UNITS));
		assert_eq!(Recalls::<Test>::get(recall).unwrap().progress, found);
	});
}

#[test]
fn goods_that_are_recalled_under_way_are_put_aside_where_they_arrive() {
	build_and_execute(|| {
		let batch = commissioned();
		let shipment = shipped(MAKER, PHARMACY, &[item(batch, 0)]);
		let recall = recalled(RecallScope::Product(di(DRUG)));
		next_block();
		assert_ok!(SupplyChain::receive(
			signed(PHARMACY),
			shipment,
			vec![item(batch, 0)].try_into().unwrap(),
			true,
			0,
			Completeness::Verified,
			Told::default(),
		));
		assert!(Parcels::<Test>::get(batch, 0).unwrap().hold.is_some());
		assert_eq!(obstacle(batch, 0, Some(HERE)), Some(Obstacle::Recalled(recall)));
		// The recall is over; what it put aside stays there until it is let go.
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_eq!(obstacle(batch, 0, Some(HERE)), Some(Obstacle::Quarantined));
		let refused = DispatchError::from(Error::<Test>::Quarantined);
		assert_noop!(refusal(dispense(PHARMACY, 0, HERE)), refused);
	});
}

#[test]
fn a_product_is_sold_where_and_while_it_is_approved() {
	build_and_execute(|| {
		let batch = commissioned();
		handed_over(MAKER, PHARMACY, &[item(batch, 0)]);
		Accreditations::settle(id(PHARMACY), THERE);
		let nowhere = DispatchError::from(Error::<Test>::NotApprovedInMarket);
		assert_noop!(refusal(dispense(PHARMACY, 0, THERE)), nowhere);
		Accreditations::settle(id(PHARMACY), HERE);
		assert_ok!(dispense(PHARMACY, 0, HERE));

		// The approval runs out while the rest stands on the shelf: it is not sold, and goes back.
		set_time(START + 365 * DAY);
		assert_noop!(refusal(dispense(PHARMACY, 1, HERE)), nowhere);
		handed_over(PHARMACY, MAKER, &[item(batch, 0)]);
	});
}

#[test]
fn a_withdrawn_product_is_handed_over_nowhere() {
	build_and_execute(|| {
		let batch = commissioned();
		handed_over(MAKER, PHARMACY, &[item(batch, 0)]);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		next_block();
		let refused = DispatchError::from(Error::<Test>::ProductWithdrawn);
		assert_noop!(refusal(dispense(PHARMACY, 0, HERE)), refused);
	});
}
