// SPDX-License-Identifier: Apache-2.0

use super::*;

fn opened() -> LotIx {
	registered();
	let (made, expiry) = (date("2025-12-01"), date("2027-12-31"));
	let open = SupplyChain::open_lot(signed(MAKER), di(DRUG), lot_no("L1"), made, expiry, 10);
	assert_ok!(open);
	LotIx(0)
}

fn release(who: Sr25519Keyring, lot: LotIx) -> DispatchResult {
	SupplyChain::release_lot(signed(who), lot, digest(4))
}

#[test]
fn lets_its_units_be_handed_over() {
	build_and_execute(|| {
		let lot = opened();
		assert_ok!(commission_some(lot, 9, 10));
		assert_eq!(obstacle(BatchIx(0), 0, Some(HERE)), Some(Obstacle::NotReleased));
		set_time(START + DAY);
		assert_ok!(release(MAKER, lot));
		assert_eq!(obstacle(BatchIx(0), 0, Some(HERE)), None);
		let release = Release { by: id(MAKER), at: START + DAY, certificate: digest(4) };
		assert_eq!(Lots::<Test>::get(lot).unwrap().release, Some(release));
		let event = Event::LotReleased { lot, certificate: digest(4), by: id(MAKER) };
		assert_eq!(last_event(), event);
	});
}

#[test]
fn happens_once() {
	build_and_execute(|| {
		let lot = opened();
		assert_ok!(release(MAKER, lot));
		assert_noop!(release(MAKER, lot), Error::<Test>::LotReleased);
	});
}

#[test]
fn a_closed_lot_can_be_released() {
	build_and_execute(|| {
		let lot = opened();
		assert_ok!(commission_some(lot, 9, 10));
		assert_ok!(SupplyChain::close_lot(signed(MAKER), lot));
		assert_ok!(release(MAKER, lot));
	});
}

#[test]
fn refuses_all_but_a_licensed_maker_that_answers_for_it() {
	build_and_execute(|| {
		let lot = opened();
		for who in [RIVAL, WHOLESALER, AUTHORITY, STRANGER] {
			assert_noop!(release(who, lot), Error::<Test>::NotProductHolder);
		}
		lapse(MAKER);
		assert_noop!(release(MAKER, lot), Error::<Test>::NotLicensed);
	});
}

#[test]
fn refuses_a_lot_that_is_unknown_expired_or_withdrawn() {
	build_and_execute(|| {
		assert_noop!(release(MAKER, LotIx(0)), Error::<Test>::UnknownLot);
		let lot = opened();
		let expires_at = date("2028-01-01").begins_at().unwrap();
		set_time(expires_at);
		assert_noop!(release(MAKER, lot), Error::<Test>::LotExpired);
		set_time(expires_at - 1);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(release(MAKER, lot), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn the_last_millisecond_of_a_lot_suffices() {
	build_and_execute(|| {
		let lot = opened();
		set_time(date("2028-01-01").begins_at().unwrap() - 1);
		assert_ok!(release(MAKER, lot));
	});
}
