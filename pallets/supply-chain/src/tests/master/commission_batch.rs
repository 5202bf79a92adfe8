// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Encode;
use frame_support::dispatch::GetDispatchInfo;
use salus_primitives::{Completeness, UnitState};

/// A lot that is planned to hold so many.
fn planned(number: &str, units: u64) -> LotIx {
	let lot = NextLot::<Test>::get();
	let (made, expiry) = (date("2025-12-01"), date("2027-12-31"));
	let open = SupplyChain::open_lot(signed(MAKER), di(DRUG), lot_no(number), made, expiry, units);
	assert_ok!(open);
	lot
}

fn told(at: Moment) -> Told {
	Told { at: Some(at), epcis: Some(digest(7)) }
}

#[test]
fn a_maker_commissions_units_as_one_parcel_of_its_own() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		set_time(START + DAY);
		let before = held(MAKER);
		let new = some_batch(9, 1_000_000);
		assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, told(START)));

		let batch = BatchIx(0);
		let row = Batches::<Test>::get(batch).unwrap();
		assert_eq!((row.lot, row.root, row.count), (lot, digest(9), 1_000_000));
		assert_eq!((row.issuer, row.salt, row.leaf_file), (id(MAKER), digest(5), digest(6)));
		assert_eq!((row.at, row.recalls.len()), (START + DAY, 0));
		let parcel = Parcels::<Test>::get(batch, 0).unwrap();
		assert_eq!((parcel.len, parcel.place), (1_000_000, Place::Held(id(MAKER))));
		assert_eq!((parcel.hold, parcel.completeness), (None, Completeness::Verified));
		assert!(Holdings::<Test>::contains_key(id(MAKER), item(batch, 0)));
		assert!(LotBatches::<Test>::contains_key(lot, batch));
		assert_eq!(BatchByRoot::<Test>::get(digest(9)), Some(batch));
		assert_eq!(NextBatch::<Test>::get(), BatchIx(1));
		let counters = Lots::<Test>::get(lot).unwrap().counters;
		assert_eq!((counters.of(UnitState::Active), counters.total()), (1_000_000, 1_000_000));
		assert_eq!(Products::<Test>::get(di(DRUG)).unwrap().commissioned, 1_000_000);

		let footprint = SupplyChain::batch_footprint(1_000_000, Uniqueness::FraudProof);
		assert_eq!(held(MAKER) - before, rent(footprint));
		let event = Event::BatchCommissioned {
			batch,
			lot,
			root: digest(9),
			count: 1_000_000,
			leaf_file: digest(6),
			by: id(MAKER),
			told: told(START),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn a_batch_holds_one_unit_at_least_and_two_to_the_twenty_fourth_at_most() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		assert_noop!(commission_some(lot, 9, 0), Error::<Test>::ZeroCount);
		for count in [(1 << 24) + 1, u32::MAX] {
			assert_noop!(commission_some(lot, 9, count), Error::<Test>::CountTooLarge);
		}
		assert_ok!(commission_some(lot, 9, 1));
		assert_ok!(commission_some(lot, 10, 1 << 24));
		assert_eq!(Lots::<Test>::get(lot).unwrap().counters.total(), (1 << 24) + 1);
	});
}

#[test]
fn weighs_and_writes_as_much_for_one_unit_as_for_sixteen_million() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		// The weight has no parameter that could tell them apart.
		let weight: fn() -> frame_support::weights::Weight = <() as WeightInfo>::commission_batch;
		let call = |root, count| {
			let batch = some_batch(root, count);
			RuntimeCall::from(crate::Call::commission_batch { lot, batch, told: told(START) })
		};
		let (small, large) = (call(9, 1), call(10, 1 << 24));
		assert_eq!(small.get_dispatch_info().call_weight, weight());
		assert_eq!(large.get_dispatch_info().call_weight, weight());
		// With signature, nonce, mortality and tip it stays far below a kibibyte.
		assert!(large.encoded_size() < 256);

		let before = rows();
		assert_ok!(commission_some(lot, 9, 1));
		let one = rows() - before;
		assert_ok!(commission_some(lot, 10, 1 << 24));
		assert_eq!(rows() - before, 2 * one - FIRST_ONLY);
	});
}

/// The number of the next batch is a row that the first one makes.
const FIRST_ONLY: usize = 1;

#[test]
fn rent_covers_a_page_for_every_256_units() {
	let bytes = |count| SupplyChain::batch_footprint(count, Uniqueness::FraudProof);
	let (rows, size) = bytes(1);
	// Batch and number, 128 bytes of states: what a page takes.
	let page = 8 + 4 + 128;
	assert_eq!(bytes(256), (rows, size));
	assert_eq!(bytes(257), (rows + 1, size + page));
	assert_eq!(bytes(512), (rows + 1, size + page));
	assert_eq!(bytes(513), (rows + 2, size + 2 * page));
	assert_eq!(bytes(1 << 24), (rows + 65_535, size + 65_535 * page));
	assert_eq!(rows, 5 + 1);
}

#[test]
fn rent_covers_a_row_for_each_serial_that_the_chain_keeps() {
	let footprint = |uniqueness| SupplyChain::batch_footprint(1_000, uniqueness);
	let (rows, size) = footprint(Uniqueness::FraudProof);
	// A number of the widest kind with its tag and length, twenty characters, a unit.
	let serial = 25 + 21 + 12;
	let expected = (rows + 1_000, size + 1_000 * serial);
	assert_eq!(footprint(Uniqueness::FirstTouch), expected);
	assert!(SupplyChain::batch_footprint(u32::MAX, Uniqueness::FirstTouch).1 < 1 << 40);
}

#[test]
fn rent_of_a_product_with_kept_serials_is_held_for_them() {
	build_and_execute(|| {
		registered_as(Uniqueness::FirstTouch, ProductFlags::default());
		let lot = lot("L1");
		let before = held(MAKER);
		assert_ok!(commission_some(lot, 9, 300));
		let footprint = SupplyChain::batch_footprint(300, Uniqueness::FirstTouch);
		assert_eq!(held(MAKER) - before, rent(footprint));
	});
}

#[test]
fn refuses_who_cannot_pay_the_rent() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		let needed = rent(SupplyChain::batch_footprint(1 << 24, Uniqueness::FraudProof));
		let free = Balances::free_balance(account(MAKER));
		let spare = free - needed;
		assert_ok!(Balances::transfer_allow_death(signed(MAKER), account(RIVAL), spare));
		assert_noop!(commission_some(lot, 9, 1 << 24), sp_runtime::TokenError::FundsUnavailable);
		assert_ok!(commission_some(lot, 9, 1 << 23));
	});
}

#[test]
fn refuses_a_root_that_was_used_or_is_none() {
	build_and_execute(|| {
		registered();
		let (one, other) = (lot("L1"), lot("L2"));
		assert_ok!(commission_some(one, 9, 10));
		for lot in [one, other] {
			assert_noop!(commission_some(lot, 9, 10), Error::<Test>::RootAlreadyUsed);
		}
		assert_noop!(commission_some(one, 0, 10), Error::<Test>::NoRoot);
	});
}

#[test]
fn refuses_more_than_the_lot_was_planned_to_hold() {
	build_and_execute(|| {
		registered();
		let lot = planned("L1", 100);
		assert_noop!(commission_some(lot, 9, 101), Error::<Test>::OverPlannedQuantity);
		assert_ok!(commission_some(lot, 9, 60));
		assert_noop!(commission_some(lot, 10, 41), Error::<Test>::OverPlannedQuantity);
		assert_ok!(commission_some(lot, 10, 40));
		assert_noop!(commission_some(lot, 11, 1), Error::<Test>::OverPlannedQuantity);
	});
}

#[test]
fn what_left_the_lot_still_counts_towards_its_plan() {
	build_and_execute(|| {
		registered();
		let lot = planned("L1", 2);
		assert_ok!(commission_some(lot, 9, 2));
		Lots::<Test>::mutate(lot, |row| {
			let counters = &mut row.as_mut().unwrap().counters;
			counters.shift(UnitState::Active, UnitState::Destroyed).unwrap();
		});
		assert_noop!(commission_some(lot, 10, 1), Error::<Test>::OverPlannedQuantity);
		Lots::<Test>::mutate(lot, |row| {
			let counters = &mut row.as_mut().unwrap().counters;
			counters.shift(UnitState::Destroyed, UnitState::Active).unwrap();
		});
	});
}

#[test]
fn refuses_a_lot_that_is_unknown_closed_or_expired() {
	build_and_execute(|| {
		registered();
		assert_noop!(commission_some(LotIx(0), 9, 1), Error::<Test>::UnknownLot);
		let (open, closed) = (lot("L1"), lot("L2"));
		assert_ok!(SupplyChain::close_lot(signed(MAKER), closed));
		assert_noop!(commission_some(closed, 9, 1), Error::<Test>::LotClosed);

		let expires_at = date("2028-01-01").begins_at().unwrap();
		set_time(expires_at);
		assert_noop!(commission_some(open, 9, 1), Error::<Test>::LotExpired);
		set_time(expires_at - 1);
		assert_ok!(commission_some(open, 9, 1));
	});
}

#[test]
fn refuses_a_recalled_lot_or_product_until_the_recall_is_closed() {
	build_and_execute(|| {
		registered();
		let (hit, other) = (lot("L1"), lot("L2"));
		let of_lot = recalled(RecallScope::Lot(hit));
		assert_noop!(commission_some(hit, 9, 1), Error::<Test>::Recalled);
		assert_ok!(commission_some(other, 9, 1));

		let of_product = recalled(RecallScope::Product(di(DRUG)));
		assert_noop!(commission_some(other, 10, 1), Error::<Test>::Recalled);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), of_product));
		assert_ok!(SupplyChain::close_recall(signed(MAKER), of_lot));
		assert_ok!(commission_some(hit, 10, 1));
	});
}

#[test]
fn a_recall_in_one_market_stops_new_units_too() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		assert_ok!(recall_of(AUTHORITY, RecallScope::Lot(lot), &[HERE], 9));
		assert_noop!(commission_some(lot, 9, 1), Error::<Test>::Recalled);
	});
}

#[test]
fn a_recalled_batch_does_not_stop_the_next_one() {
	build_and_execute(|| {
		let batch = commissioned();
		recalled(RecallScope::Batch(batch));
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		assert_ok!(commission_some(lot, 9, 1));
	});
}

#[test]
fn refuses_all_but_who_opened_the_lot() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		for who in [RIVAL, WHOLESALER, AUTHORITY, STRANGER] {
			let new = some_batch(9, 1);
			assert_noop!(
				SupplyChain::commission_batch(signed(who), lot, new, Told::default()),
				Error::<Test>::NotProductHolder
			);
		}
		lapse(MAKER);
		assert_noop!(commission_some(lot, 9, 1), Error::<Test>::NotLicensed);
	});
}

#[test]
fn the_time_told_is_at_most_thirty_days_back_and_five_minutes_ahead() {
	build_and_execute(|| {
		registered();
		let lot = lot("L1");
		let commission = |root, at| {
			let new = some_batch(root, 1);
			SupplyChain::commission_batch(signed(MAKER), lot, new, told(at))
		};
		let skew = DispatchError::from(Error::<Test>::ClockSkew);
		assert_noop!(commission(9, START - 30 * DAY - 1), skew);
		assert_noop!(commission(9, START - 31 * DAY), skew);
		assert_noop!(commission(9, START + 5 * 60_000 + 1), skew);
		assert_noop!(commission(9, START + 6 * 60_000), skew);
		assert_ok!(commission(9, START - 30 * DAY));
		assert_ok!(commission(10, START + 5 * 60_000));
	});
}

#[test]
fn counters_do_not_wrap() {
	build_and_execute(|| {
		registered();
		let lot = planned("L1", u64::MAX);
		let set = |units: u64| {
			Products::<Test>::mutate(di(DRUG), |row| row.as_mut().unwrap().commissioned = units);
		};
		set(u64::MAX);
		assert_noop!(commission_some(lot, 9, 1), sp_runtime::ArithmeticError::Overflow);
		set(0);
		NextBatch::<Test>::put(BatchIx(u64::MAX));
		assert_noop!(commission_some(lot, 9, 1), sp_runtime::ArithmeticError::Overflow);
		NextBatch::<Test>::put(BatchIx(0));
	});
}

#[test]
fn a_batch_may_come_before_or_after_the_release() {
	build_and_execute(|| {
		registered();
		let lot = planned("L1", 10);
		assert_ok!(commission_some(lot, 9, 5));
		assert_eq!(obstacle(BatchIx(0), 0, None), Some(Obstacle::NotReleased));
		assert_ok!(SupplyChain::release_lot(signed(MAKER), lot, digest(4)));
		assert_ok!(commission_some(lot, 10, 5));
		assert_eq!(obstacle(BatchIx(0), 4, Some(HERE)), None);
		assert_eq!(obstacle(BatchIx(1), 4, Some(HERE)), None);
	});
}
