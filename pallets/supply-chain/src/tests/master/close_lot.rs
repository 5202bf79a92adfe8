// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn nothing_more_is_commissioned_into_it() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		assert_ok!(SupplyChain::close_lot(signed(MAKER), lot));
		assert!(Lots::<Test>::get(lot).unwrap().closed);
		assert_eq!(last_event(), Event::LotClosed { lot });
		assert_noop!(commission_some(lot, 9, 1), Error::<Test>::LotClosed);
		// What is in it goes on as before.
		assert_eq!(obstacle(batch, 0, Some(HERE)), None);
	});
}

#[test]
fn happens_once() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		assert_ok!(SupplyChain::close_lot(signed(MAKER), lot));
		assert_noop!(SupplyChain::close_lot(signed(MAKER), lot), Error::<Test>::LotClosed);
	});
}

#[test]
fn needs_no_licence_and_no_product_on_the_market() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		lapse(MAKER);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_ok!(SupplyChain::close_lot(signed(MAKER), lot));
	});
}

#[test]
fn refuses_others_and_unknown_lots() {
	build_and_execute(|| {
		assert_noop!(SupplyChain::close_lot(signed(MAKER), LotIx(0)), Error::<Test>::UnknownLot);
		registered();
		let lot = lot("L1");
		for who in [RIVAL, WHOLESALER, AUTHORITY, STRANGER] {
			assert_noop!(SupplyChain::close_lot(signed(who), lot), Error::<Test>::NotProductHolder);
		}
	});
}
