// SPDX-License-Identifier: Apache-2.0

use super::*;

fn hold(who: Sr25519Keyring, authority: bool) -> Hold {
	Hold { by: id(who), authority, reason: QuarantineReason::Suspect }
}

#[test]
fn a_unit_of_a_holder_becomes_a_parcel_of_its_own() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Quarantined);
		let row =
			UnitHold { hold: hold(PHARMACY, false), before: UnitState::Active, beneath: None };
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 7)), Some(row));
		let lens: Vec<_> =
			[0, 7, 8].iter().map(|start| Parcels::<Test>::get(batch, start).unwrap().len).collect();
		assert_eq!(lens, [7, 1, UNITS - 8]);
		let (reason, authority, by) = (QuarantineReason::Suspect, false, id(PHARMACY));
		let target = on(batch, 7);
		assert_eq!(last_event(), Event::QuarantineSet { target, reason, authority, by });
		let aside = UnitProof { parcel_start: 7, ..pack(batch, 7) };
		assert_noop!(sell(PHARMACY, vec![aside]), Error::<Test>::Quarantined);
	});
}

#[test]
fn in_a_container_all_of_them_stay_there() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		assert_eq!(Containers::<Test>::get(sscc(1)).unwrap().items, 3);
		for start in [0, 7, 8] {
			assert!(ContainerItems::<Test>::contains_key(sscc(1), item(batch, start)));
		}
	});
}

#[test]
fn an_authority_locks_a_unit_wherever_it_is() {
	build_and_execute(|| {
		let batch = stocked();
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_ok!(lock(on(batch, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Locked);
		let row = UnitHolds::<Test>::get(unit(batch, 7)).unwrap();
		assert_eq!(row.hold, hold(AUTHORITY, true));
		assert_eq!(Parcels::<Test>::iter().count(), 1);
		let (target, reason) = (on(batch, 7), QuarantineReason::Suspect);
		let (authority, by) = (true, id(AUTHORITY));
		assert_eq!(last_event(), Event::QuarantineSet { target, reason, authority, by });
		assert_noop!(lock(on(batch, 7)), Error::<Test>::AlreadyInState);
	});
}

#[test]
fn a_lock_goes_over_what_a_holder_put_aside_and_not_the_other_way() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		assert_ok!(lock(on(batch, 7)));
		let row = UnitHolds::<Test>::get(unit(batch, 7)).unwrap();
		assert_eq!((row.hold, row.beneath), (hold(AUTHORITY, true), Some(hold(PHARMACY, false))));
		assert_eq!(row.before, UnitState::Active);
		let target = HoldTarget::Unit(held(batch, 7, 7));
		assert_noop!(put_aside(PHARMACY, target), Error::<Test>::BadTransition);
	});
}

#[test]
fn a_parcel_and_a_container_are_put_aside_whole() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		for target in [HoldTarget::Parcel(parcel(batch, 0)), HoldTarget::Container(sscc(1))] {
			assert_ok!(put_aside(PHARMACY, target));
			assert_noop!(put_aside(PHARMACY, target), Error::<Test>::AlreadyInState);
			assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::Quarantined);
			// The word of the authority goes over the holder's, once.
			assert_ok!(lock(target));
			assert_noop!(lock(target), Error::<Test>::AlreadyInState);
			assert_noop!(let_go(PHARMACY, target), Error::<Test>::NotHoldOwner);
			assert_ok!(let_go(AUTHORITY, target));
		}
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}

#[test]
fn an_authority_holds_a_lot_in_its_market_only() {
	build_and_execute(|| {
		let batch = stocked();
		let lot = lot_of(batch);
		let there = HoldTarget::Lot { lot, market: THERE };
		assert_noop!(lock(there), Error::<Test>::MarketNotYours);
		assert_noop!(
			SupplyChain::quarantine(signed(AUTHORITY), there, QuarantineReason::Suspect, None,),
			Error::<Test>::NotAuthorised
		);
		let here = HoldTarget::Lot { lot, market: HERE };
		assert_noop!(put_aside(PHARMACY, here), Error::<Test>::NotAuthorised);
		assert_ok!(lock(here));
		assert_noop!(lock(here), Error::<Test>::AlreadyInState);
		let row = Lots::<Test>::get(lot).unwrap();
		let hold = LotHold { market: HERE, by: id(AUTHORITY), reason: QuarantineReason::Suspect };
		assert_eq!(row.holds.to_vec(), [hold]);
	});
}

#[test]
fn eight_authorities_hold_a_lot_and_no_ninth() {
	build_and_execute(|| {
		let batch = stocked();
		let lot = lot_of(batch);
		let window = Window { from: START, until: START + DAY };
		for number in (1..=9).map(salus_primitives::Jurisdiction) {
			Accreditations::appoint(id(AUTHORITY), number);
			let approve = SupplyChain::approve_product(
				signed(AUTHORITY),
				di(DRUG),
				number,
				digest(3),
				window,
			);
			assert_ok!(approve);
			let target = HoldTarget::Lot { lot, market: number };
			let reason = QuarantineReason::Suspect;
			let hold = || SupplyChain::quarantine(signed(AUTHORITY), target, reason, None);
			if number.0 == 9 {
				assert_noop!(hold(), Error::<Test>::TooManyHolds);
			} else {
				assert_ok!(hold());
			}
		}
	});
}

#[test]
fn an_authority_reaches_what_has_to_do_with_its_market() {
	build_and_execute(|| {
		let batch = stocked();
		Accreditations::appoint(id(AUTHORITY), THERE);
		let there = |target| {
			let reason = QuarantineReason::Suspect;
			SupplyChain::quarantine(signed(AUTHORITY), target, reason, Some(THERE))
		};
		// The product was never decided on there.
		assert_noop!(there(on(batch, 7)), Error::<Test>::MarketNotYours);
		let whole = HoldTarget::Parcel(parcel(batch, 0));
		assert_noop!(there(whole), Error::<Test>::MarketNotYours);
		let lot = HoldTarget::Lot { lot: lot_of(batch), market: THERE };
		assert_noop!(there(lot), Error::<Test>::MarketNotYours);
	});
}

#[test]
fn an_authority_reaches_containers_of_partners_in_its_market() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		Accreditations::appoint(id(AUTHORITY), THERE);
		let target = HoldTarget::Container(sscc(1));
		let there = || {
			let reason = QuarantineReason::Suspect;
			SupplyChain::quarantine(signed(AUTHORITY), target, reason, Some(THERE))
		};
		assert_noop!(there(), Error::<Test>::MarketNotYours);
		shipped(PHARMACY, OTHER_PHARMACY, &[ItemRef::Container(sscc(1))]);
		assert_noop!(there(), Error::<Test>::MarketNotYours);
		Accreditations::settle(id(OTHER_PHARMACY), THERE);
		assert_ok!(there());
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
	});
}

#[test]
fn refuses_who_holds_nothing_and_is_no_authority() {
	build_and_execute(|| {
		let batch = stocked();
		let targets = [on(batch, 7), HoldTarget::Parcel(parcel(batch, 0))];
		for target in targets {
			assert_noop!(put_aside(OTHER_PHARMACY, target), Error::<Test>::NotCustodian);
			let reason = QuarantineReason::Suspect;
			let by =
				|who, market| SupplyChain::quarantine(signed(who), target, reason, Some(market));
			assert_noop!(by(PHARMACY, HERE), Error::<Test>::NotAuthorised);
			assert_noop!(by(AUTHORITY, THERE), Error::<Test>::NotAuthorised);
			let nowhere = salus_primitives::Jurisdiction(0);
			assert_noop!(by(AUTHORITY, nowhere), Error::<Test>::BadMarket);
		}
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		for target in targets {
			assert_noop!(put_aside(PHARMACY, target), Error::<Test>::InTransit);
		}
	});
}

#[test]
fn refuses_what_is_not_there() {
	build_and_execute(|| {
		let batch = stocked();
		let unknown = |target, error: Error<Test>| {
			assert_noop!(put_aside(PHARMACY, target), error);
		};
		unknown(HoldTarget::Unit(held(batch, 7, 3)), Error::UnknownParcel);
		unknown(HoldTarget::Parcel(parcel(batch, 3)), Error::UnknownParcel);
		unknown(HoldTarget::Container(sscc(3)), Error::UnknownContainer);
		let lot = salus_primitives::LotIx(9);
		let target = HoldTarget::Lot { lot, market: HERE };
		assert_noop!(lock(target), Error::<Test>::UnknownLot);
		assert_noop!(lock(on(batch, UNITS)), Error::<Test>::IndexOutOfRange);
		assert_noop!(lock(on(BatchIx(9), 0)), Error::<Test>::UnknownBatch);
	});
}

#[test]
fn a_container_that_is_over_is_not_put_aside() {
	build_and_execute(|| {
		stocked_in_a_container();
		let unpack = SupplyChain::unpack(
			signed(PHARMACY),
			sscc(1),
			None,
			salus_primitives::Completeness::Verified,
			Told::default(),
		);
		assert_ok!(unpack);
		let target = HoldTarget::Container(sscc(1));
		assert_noop!(put_aside(PHARMACY, target), Error::<Test>::ContainerEmptied);
		assert_noop!(lock(target), Error::<Test>::ContainerEmptied);
	});
}

#[test]
fn a_duplicate_is_proved_and_not_said() {
	build_and_execute(|| {
		let batch = stocked();
		assert_noop!(
			SupplyChain::quarantine(
				signed(PHARMACY),
				on(batch, 7),
				QuarantineReason::DuplicateSerial,
				None,
			),
			Error::<Test>::DuplicateNotProved
		);
	});
}

#[test]
fn what_is_gone_is_not_put_aside() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Stolen));
		assert_noop!(put_aside(PHARMACY, on(batch, 7)), Error::<Test>::BadTransition);
		assert_noop!(lock(on(batch, 7)), Error::<Test>::BadTransition);
	});
}
