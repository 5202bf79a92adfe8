// SPDX-License-Identifier: Apache-2.0

use super::*;

fn apart(batch: BatchIx, index: u32) -> HoldTarget {
	HoldTarget::Unit(held(batch, index, index))
}

fn let_go_in(who: Sr25519Keyring, target: HoldTarget, market: Market) -> DispatchResult {
	SupplyChain::release_quarantine(signed(who), target, Some(market))
}

#[test]
fn a_unit_returns_to_where_it_stood() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 2), 2_500));
		sold(batch, 3);
		let before =
			[(1, UnitState::Active), (2, UnitState::PartiallyDispensed), (3, UnitState::Dispensed)];
		let mut start = 0;
		for (index, from) in before {
			let whole = HoldTarget::Unit(held(batch, index, start));
			assert_ok!(put_aside(PHARMACY, whole));
			assert_ok!(let_go(PHARMACY, apart(batch, index)));
			assert_eq!(state(unit(batch, index)), from);
			assert_ok!(lock(apart(batch, index)));
			assert_ok!(let_go(AUTHORITY, apart(batch, index)));
			assert_eq!(state(unit(batch, index)), from);
			assert_eq!(UnitHolds::<Test>::get(unit(batch, index)), None);
			start = index + 1;
		}
		let (target, by) = (apart(batch, 3), id(AUTHORITY));
		assert_eq!(last_event(), Event::QuarantineReleased { target, by });
	});
}

#[test]
fn who_holds_it_now_lets_go_what_a_holder_put_aside() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		let target = apart(batch, 7);
		assert_noop!(let_go(WHOLESALER, target), Error::<Test>::NotCustodian);
		assert_noop!(let_go(AUTHORITY, target), Error::<Test>::NotCustodian);
		Parcels::<Test>::mutate(batch, 7, |row| {
			row.as_mut().unwrap().place = Place::Held(id(WHOLESALER));
		});
		Holdings::<Test>::remove(id(PHARMACY), item(batch, 7));
		Holdings::<Test>::insert(id(WHOLESALER), item(batch, 7), ());
		assert_noop!(let_go(PHARMACY, target), Error::<Test>::NotCustodian);
		assert_ok!(let_go(WHOLESALER, target));
	});
}

#[test]
fn what_an_authority_locked_only_it_lets_go() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(lock(on(batch, 7)));
		for who in [PHARMACY, MAKER, STRANGER] {
			assert_noop!(let_go(who, on(batch, 7)), Error::<Test>::NotHoldOwner);
		}
		Accreditations::appoint(id(RIVAL), HERE);
		assert_noop!(let_go_in(RIVAL, on(batch, 7), HERE), Error::<Test>::NotHoldOwner);
		assert_ok!(let_go(AUTHORITY, on(batch, 7)));
	});
}

#[test]
fn under_a_lock_what_was_put_aside_before_stays() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		let first = UnitHolds::<Test>::get(unit(batch, 7));
		assert_ok!(lock(apart(batch, 7)));
		assert_ok!(let_go(AUTHORITY, apart(batch, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Quarantined);
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 7)), first);
		assert_ok!(let_go(PHARMACY, apart(batch, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
	});
}

#[test]
fn what_is_recalled_stays_put_aside() {
	build_and_execute(|| {
		let batch = stocked();
		let lot = HoldTarget::Lot { lot: lot_of(batch), market: HERE };
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		assert_ok!(put_aside(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))));
		assert_ok!(lock(on(batch, 9)));
		assert_ok!(lock(lot));
		let all = [
			(PHARMACY, apart(batch, 7)),
			(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))),
			(AUTHORITY, on(batch, 9)),
			(AUTHORITY, lot),
		];
		let recall = recalled(RecallScope::Lot(lot_of(batch)), &[]);
		for (who, target) in all {
			assert_noop!(let_go(who, target), Error::<Test>::Recalled);
		}
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		for (who, target) in all {
			assert_ok!(let_go(who, target));
		}
	});
}

#[test]
fn a_recall_of_another_stretch_keeps_no_parcel() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(SupplyChain::split_parcel(signed(PHARMACY), parcel(batch, 0), 100));
		let second = HoldTarget::Parcel(parcel(batch, 100));
		assert_ok!(put_aside(PHARMACY, second));
		recalled(RecallScope::Range { batch, start: 0, len: 100 }, &[]);
		assert_ok!(let_go(PHARMACY, second));
		assert_ok!(put_aside(PHARMACY, second));
		recalled_unit(batch, 100);
		assert_noop!(let_go(PHARMACY, second), Error::<Test>::Recalled);
	});
}

#[test]
fn a_pharmacy_or_who_answers_for_it_judges_what_came_back() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
		let target = apart(batch, 7);
		assert_noop!(let_go(OTHER_PHARMACY, target), Error::<Test>::NotCustodian);
		let moved = |to| {
			let place = Place::Held(id(to));
			let before = Parcels::<Test>::get(batch, 7).unwrap().place;
			SupplyChain::index_place(item(batch, 7), Some(before), Some(place));
			Parcels::<Test>::mutate(batch, 7, |row| row.as_mut().unwrap().place = place);
		};
		moved(WHOLESALER);
		assert_noop!(let_go(WHOLESALER, target), Error::<Test>::NotLicensed);
		moved(MAKER);
		assert_ok!(let_go(MAKER, target));
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
		let by = id(MAKER);
		assert_eq!(last_event(), Event::QuarantineReleased { target, by });
	});
}

#[test]
fn what_came_back_recalled_or_expired_stays() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
		let recall = recalled_unit(batch, 7);
		assert_noop!(let_go(PHARMACY, apart(batch, 7)), Error::<Test>::Recalled);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		expire();
		assert_noop!(let_go(PHARMACY, apart(batch, 7)), Error::<Test>::LotExpired);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		set_time(START);
		assert_noop!(let_go(PHARMACY, apart(batch, 7)), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn what_is_not_put_aside_is_not_let_go() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		let lot = HoldTarget::Lot { lot: lot_of(batch), market: HERE };
		let container = HoldTarget::Container(sscc(1));
		let free = [on(batch, 7), HoldTarget::Parcel(parcel(batch, 0)), container];
		for target in free {
			assert_noop!(let_go(PHARMACY, target), Error::<Test>::NotQuarantined);
		}
		assert_noop!(let_go(AUTHORITY, lot), Error::<Test>::NotQuarantined);
		sold(batch, 8);
		assert_noop!(let_go(PHARMACY, on(batch, 8)), Error::<Test>::NotQuarantined);
	});
}

#[test]
fn what_is_not_there_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		let unknown = |target, error: Error<Test>| {
			assert_noop!(let_go(AUTHORITY, target), error);
		};
		unknown(on(batch, UNITS), Error::IndexOutOfRange);
		unknown(on(BatchIx(9), 0), Error::UnknownBatch);
		unknown(HoldTarget::Parcel(parcel(batch, 3)), Error::UnknownParcel);
		unknown(HoldTarget::Container(sscc(3)), Error::UnknownContainer);
		let lot = salus_primitives::LotIx(9);
		unknown(HoldTarget::Lot { lot, market: HERE }, Error::UnknownLot);
	});
}

#[test]
fn a_lot_is_let_go_by_its_authority_or_the_one_after_it() {
	build_and_execute(|| {
		let batch = stocked();
		let target = HoldTarget::Lot { lot: lot_of(batch), market: HERE };
		assert_ok!(lock(target));
		assert_noop!(let_go(PHARMACY, target), Error::<Test>::NotAuthorised);
		assert_noop!(let_go_in(AUTHORITY, target, THERE), Error::<Test>::MarketNotYours);
		Accreditations::appoint(id(RIVAL), HERE);
		assert_noop!(let_go(RIVAL, target), Error::<Test>::NotHoldOwner);
		Accreditations::dismiss(id(AUTHORITY), HERE);
		assert_noop!(let_go(AUTHORITY, target), Error::<Test>::NotAuthorised);
		assert_ok!(let_go(RIVAL, target));
		assert!(Lots::<Test>::get(lot_of(batch)).unwrap().holds.is_empty());
	});
}

#[test]
fn a_container_is_let_go_by_who_holds_it() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		let target = HoldTarget::Container(sscc(1));
		assert_ok!(put_aside(PHARMACY, target));
		assert_noop!(let_go(WHOLESALER, target), Error::<Test>::NotCustodian);
		assert_ok!(let_go(PHARMACY, target));
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}
