// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_gs1::Date;

fn open_as(who: Sr25519Keyring, number: &str, made: &str, expiry: &str) -> DispatchResult {
	let (made, expiry) = (date(made), date(expiry));
	SupplyChain::open_lot(signed(who), di(DRUG), lot_no(number), made, expiry, 1_000)
}

fn open(number: &str, made: &str, expiry: &str) -> DispatchResult {
	open_as(MAKER, number, made, expiry)
}

/// The moment of a day of 2026 in UTC.
fn midnight(text: &str) -> Moment {
	date(text).begins_at().unwrap()
}

#[test]
fn a_maker_opens_a_lot() {
	build_and_execute(|| {
		registered();
		let before = held(MAKER);
		assert_ok!(open("AB-1", "2025-12-01", "2027-03-31"));
		let lot = LotIx(0);
		let row = Lots::<Test>::get(lot).unwrap();
		assert_eq!((row.product, row.number, row.maker), (di(DRUG), lot_no("AB-1"), id(MAKER)));
		assert_eq!((row.made, row.expiry), (date("2025-12-01"), date("2027-03-31")));
		assert_eq!((row.planned, row.release, row.closed), (1_000, None, false));
		assert_eq!((row.counters.total(), row.holds.len(), row.recalls.len()), (0, 0, 0));
		assert_eq!(LotByNo::<Test>::get(di(DRUG), lot_no("AB-1")), Some(lot));
		assert_eq!(NextLot::<Test>::get(), LotIx(1));
		assert_eq!(held(MAKER) - before, rent(SupplyChain::lot_footprint()));
		let event = Event::LotOpened {
			lot,
			product: di(DRUG),
			number: lot_no("AB-1"),
			made: date("2025-12-01"),
			expiry: date("2027-03-31"),
			planned: 1_000,
			by: id(MAKER),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn may_be_used_to_the_end_of_the_day_on_the_label() {
	build_and_execute(|| {
		registered();
		assert_ok!(open("L1", "2025-12-01", "2026-03-31"));
		let row = Lots::<Test>::get(LotIx(0)).unwrap();
		assert_eq!(row.expires_at, midnight("2026-04-01"));
		assert!(!row.is_expired_at(midnight("2026-04-01") - 1));
		assert!(row.is_expired_at(midnight("2026-04-01")));
	});
}

#[test]
fn a_month_without_a_day_ends_with_its_last_one() {
	build_and_execute(|| {
		registered();
		let ends =
			[("2026-02", "2026-03-01"), ("2028-02", "2028-03-01"), ("2026-12", "2027-01-01")];
		for (n, (month, next)) in ends.into_iter().enumerate() {
			assert_ok!(open(&format!("L{n}"), "2025-12", month));
			let row = Lots::<Test>::get(LotIx(n as u64)).unwrap();
			assert_eq!((row.expiry.day(), row.expires_at), (0, midnight(next)));
		}
	});
}

#[test]
fn a_lot_that_expires_today_can_be_opened_until_midnight() {
	build_and_execute(|| {
		registered();
		set_time(midnight("2026-01-02") - 1);
		assert_ok!(open("L1", "2025-12-01", "2026-01-01"));
		set_time(midnight("2026-01-02"));
		assert_noop!(open("L2", "2025-12-01", "2026-01-01"), Error::<Test>::LotExpired);
		assert_ok!(open("L2", "2025-12-01", "2026-01-02"));
	});
}

#[test]
fn refuses_what_expired() {
	build_and_execute(|| {
		registered();
		for expiry in ["2025-12-31", "2025-12", "1970-01-01", "1969-12-31"] {
			assert_noop!(open("L1", "1950-01-01", expiry), Error::<Test>::LotExpired);
		}
	});
}

#[test]
fn refuses_an_expiry_before_the_making() {
	build_and_execute(|| {
		registered();
		let wrong = DispatchError::from(Error::<Test>::ExpiryBeforeManufacture);
		for (made, expiry) in
			[("2025-12-02", "2025-12-01"), ("2025-12-01", "2025-11"), ("2025-12", "2025-11-30")]
		{
			assert_noop!(open("L1", made, expiry), wrong);
		}
		// A day and its own month are no contradiction, whichever has the day.
		assert_ok!(open("L1", "2026-01-01", "2026-01"));
		assert_ok!(open("L2", "2026-01", "2026-01-01"));
		assert_ok!(open("L3", "2026-01-01", "2026-01-01"));
	});
}

#[test]
fn refuses_what_is_made_in_the_future_by_more_than_five_minutes() {
	build_and_execute(|| {
		registered();
		let tomorrow = midnight("2026-01-02");
		set_time(tomorrow - MAX_EARLINESS - 1);
		assert_noop!(
			open("L1", "2026-01-02", "2027-01-01"),
			Error::<Test>::ExpiryBeforeManufacture
		);
		set_time(tomorrow - MAX_EARLINESS);
		assert_ok!(open("L1", "2026-01-02", "2027-01-01"));
		// A month counts from its first day.
		assert_ok!(open("L2", "2026-01", "2027-01-01"));
		assert_ok!(open("L3", "1930-01-01", "2027-01-01"));
	});
}

#[test]
fn refuses_a_number_that_the_product_has() {
	build_and_execute(|| {
		registered();
		assert_ok!(open("L1", "2025-12-01", "2027-03-31"));
		assert_noop!(open("L1", "2025-12-02", "2028-03-31"), Error::<Test>::LotExists);
		// Upper and lower case are two numbers, and another product has its own.
		assert_ok!(open("l1", "2025-12-01", "2027-03-31"));
		assert_ok!(register_drug(gs1(OTHER_DRUG), &[]));
		assert_ok!(SupplyChain::open_lot(
			signed(MAKER),
			gs1(OTHER_DRUG),
			lot_no("L1"),
			date("2025-12-01"),
			date("2027-03-31"),
			1,
		));
	});
}

#[test]
fn refuses_a_lot_of_nothing() {
	build_and_execute(|| {
		registered();
		let (made, expiry) = (date("2025-12-01"), date("2027-03-31"));
		let open = |planned| {
			SupplyChain::open_lot(signed(MAKER), di(DRUG), lot_no("L1"), made, expiry, planned)
		};
		assert_noop!(open(0), Error::<Test>::ZeroCount);
		assert_ok!(open(1));
	});
}

#[test]
fn refuses_all_but_who_answers_for_the_product() {
	build_and_execute(|| {
		assert_noop!(open("L1", "2025-12-01", "2027-03-31"), Error::<Test>::UnknownProduct);
		registered();
		for who in [RIVAL, WHOLESALER, AUTHORITY, STRANGER] {
			assert_noop!(
				open_as(who, "L1", "2025-12-01", "2027-03-31"),
				Error::<Test>::NotProductHolder
			);
		}
	});
}

#[test]
fn refuses_a_maker_without_a_licence() {
	build_and_execute(|| {
		registered();
		lapse(MAKER);
		assert_noop!(open("L1", "2025-12-01", "2027-03-31"), Error::<Test>::NotLicensed);
	});
}

#[test]
fn refuses_a_withdrawn_product() {
	build_and_execute(|| {
		registered();
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(open("L1", "2025-12-01", "2027-03-31"), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn lot_numbers_are_never_used_up_in_silence() {
	build_and_execute(|| {
		registered();
		NextLot::<Test>::put(LotIx(u64::MAX));
		assert_noop!(open("L1", "2025-12-01", "2027-03-31"), sp_runtime::ArithmeticError::Overflow);
		NextLot::<Test>::put(LotIx(0));
	});
}

#[test]
fn a_date_that_never_was_does_not_come_in() {
	for (year, month, day) in [(2026u16, 13u8, 1u8), (2026, 0, 1), (2026, 2, 29), (2026, 4, 31)] {
		let encoded = codec::Encode::encode(&(year, month, day));
		assert!(<Date as codec::Decode>::decode(&mut &encoded[..]).is_err());
	}
}
