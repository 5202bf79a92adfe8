// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn hands_parts_over_until_nothing_is_left() {
	build_and_execute(|| {
		let batch = stocked();
		let unit = unit(batch, 7);
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		assert_eq!(state(unit), UnitState::PartiallyDispensed);
		assert_eq!(Partials::<Test>::get(unit), Some(2_500));
		assert_eq!(
			last_event(),
			Event::PartiallyDispensed {
				unit,
				fraction: 2_500,
				total: 2_500,
				commitment: dispensing(pack(batch, 7), SECRET).commitment,
				prescription: RxLink::None,
				market: HERE,
				by: id(PHARMACY),
				told: Told::default(),
			}
		);

		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		assert_eq!(Partials::<Test>::get(unit), Some(5_000));
		assert_noop!(sell_part(PHARMACY, pack(batch, 7), 5_001), Error::<Test>::BadFraction);
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 5_000));
		assert_eq!(state(unit), UnitState::Dispensed);
		assert_eq!(Partials::<Test>::get(unit), Some(10_000));
		assert_eq!(counted(batch, UnitState::PartiallyDispensed), 0);
		assert_eq!(counted(batch, UnitState::Dispensed), 1);
	});
}

#[test]
fn a_part_is_neither_nothing_nor_the_whole() {
	build_and_execute(|| {
		let batch = stocked();
		for fraction in [0, 10_000, 10_001, u16::MAX] {
			assert_noop!(sell_part(PHARMACY, pack(batch, 7), fraction), Error::<Test>::BadFraction);
		}
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 1));
		assert_ok!(sell_part(PHARMACY, pack(batch, 8), 9_999));
	});
}

#[test]
fn an_opened_pack_is_not_sold_as_a_whole_one() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::NotDispensable);
	});
}

#[test]
fn a_pack_that_is_gone_has_no_parts() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_noop!(sell_part(PHARMACY, pack(batch, 7), 1), Error::<Test>::DoubleScan);
		assert_noop!(
			sell_part(OTHER_PHARMACY, pack(batch, 7), 1),
			Error::<Test>::DispensedElsewhere
		);
	});
}

#[test]
fn what_stands_against_a_whole_pack_stands_against_a_part() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		recalled_unit(batch, 7);
		assert_noop!(sell_part(PHARMACY, pack(batch, 7), 1), Error::<Test>::Recalled);
		assert_ok!(put_aside(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))));
		assert_noop!(sell_part(PHARMACY, pack(batch, 8), 1), Error::<Test>::Quarantined);
		assert_noop!(sell_part(WHOLESALER, pack(batch, 8), 1), Error::<Test>::NotLicensed);
		assert_noop!(sell_part(OTHER_PHARMACY, pack(batch, 8), 1), Error::<Test>::NotCustodian);
		let salted = UnitProof { salt: [0; 16], ..pack(batch, 8) };
		assert_noop!(sell_part(PHARMACY, salted, 1), Error::<Test>::BadProof);
	});
}

#[test]
fn a_part_keeps_the_serial_and_asks_for_the_prescription() {
	build_and_execute(|| {
		let flags = ProductFlags::of(&[ProductFlag::Prescription]);
		let batch = stocked_as(Uniqueness::FirstTouch, flags);
		assert_noop!(sell_part(PHARMACY, pack(batch, 7), 1), Error::<Test>::PrescriptionRejected);
		Prescriptions::cover(true);
		let unit = dispensing(pack(batch, 7), SECRET);
		let link = RxLink::Open { prescription: digest(1), line: 2 };
		let late = told(START - MAX_LATENESS - 1);
		let part = |unit, told| {
			SupplyChain::dispense_partial(signed(PHARMACY), unit, 1, site(), link, told)
		};
		assert_noop!(part(unit.clone(), late), Error::<Test>::ClockSkew);
		assert_ok!(part(unit, Told::default()));
		assert!(SerialIndex::<Test>::contains_key(di(DRUG), serial(1, 7).0));
		let twin = twin_batch(batch);
		handed_over(MAKER, PHARMACY, &[item(twin, 0)]);
		let copy = dispensing(twin_proof(twin, 7), SECRET);
		assert_noop!(part(copy, Told::default()), Error::<Test>::SerialTaken);
	});
}
