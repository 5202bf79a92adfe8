// SPDX-License-Identifier: Apache-2.0

//! Rent is held as it is recorded.

use super::*;
use frame_support::traits::{
	fungible::{InspectHold, MutateHold},
	tokens::Precision,
};
use salus_test_support::account;

#[test]
fn rent_is_held_for_goods_and_for_shipments_until_they_end() {
	build_and_execute(|| {
		let held = |who| Balances::balance_on_hold(&SupplyHold::get(), &account(who));
		let batch = commissioned();
		let before = held(MAKER);
		assert!(before > 0);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		assert!(held(MAKER) > before);
		deposits_are_held();
		assert_ok!(SupplyChain::void_ship(signed(MAKER), shipment));
		assert_eq!((held(MAKER), held(WHOLESALER)), (before, 0));
	});
}

#[test]
#[should_panic(expected = "I16")]
fn rent_that_was_given_back_beside_the_record_is_found() {
	build_and_execute(|| {
		commissioned();
		let (hold, maker) = (SupplyHold::get(), account(MAKER));
		assert_ok!(Balances::release(&hold, &maker, 1, Precision::Exact));
	});
}
