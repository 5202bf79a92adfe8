// SPDX-License-Identifier: Apache-2.0

//! The effective status: each obstacle, and which of several is told.

use super::*;
use frame_support::assert_noop;
use salus_primitives::ShipmentId;

fn aside() -> Hold {
	Hold { by: id(MAKER), authority: false, reason: QuarantineReason::Damaged }
}

#[test]
fn nothing_stands_against_a_released_unit_of_an_approved_product() {
	build_and_execute(|| {
		let batch = commissioned();
		for index in [0, 255, 256, UNITS - 1] {
			let standing = standing(unit(batch, index), Some(0), Some(HERE));
			assert_eq!(standing.effective, None);
			assert_eq!(standing.state, UnitState::Active);
			assert_eq!((standing.holder, standing.shipment), (Some(id(MAKER)), None));
		}
	});
}

#[test]
fn the_states_of_units_are_obstacles_by_name() {
	build_and_execute(|| {
		let batch = commissioned();
		let of = [
			(UnitState::Dispensed, Obstacle::Dispensed),
			(UnitState::PartiallyDispensed, Obstacle::PartiallyDispensed),
			(UnitState::Destroyed, Obstacle::Destroyed),
			(UnitState::Exported, Obstacle::Decommissioned(UnitState::Exported)),
			(UnitState::Sample, Obstacle::Decommissioned(UnitState::Sample)),
			(UnitState::FreeSample, Obstacle::Decommissioned(UnitState::FreeSample)),
			(UnitState::Stolen, Obstacle::Stolen),
			(UnitState::Quarantined, Obstacle::Quarantined),
			(UnitState::Returned, Obstacle::Returned),
			(UnitState::Missing, Obstacle::Missing),
			(UnitState::Locked, Obstacle::Locked),
			(UnitState::Illegitimate, Obstacle::Illegitimate),
		];
		for (index, (state, obstacle)) in (254..).zip(of) {
			force(unit(batch, index), state);
			assert_eq!(effective(unit(batch, index)), Some(obstacle), "{state}");
			// Its neighbours on both sides of the page's edge are as they were.
			assert_eq!(effective(unit(batch, index + 1)), None, "{state}");
		}
	});
}

#[test]
fn a_device_is_in_use_until_it_is_retired() {
	build_and_execute(|| {
		claimed();
		let device = unit(pumps(), 1);
		assert_eq!(standing(device, Some(0), None).effective, None);
		in_use(device);
		assert_eq!(standing(device, Some(0), None).effective, Some(Obstacle::InUse));
		let retired = DeviceLife::Retired { by: id(HOSPITAL), at: START };
		Devices::<Test>::insert(device, retired);
		assert_eq!(standing(device, Some(0), None).effective, Some(Obstacle::Retired));
	});
}

#[test]
fn a_lot_expires_with_the_last_moment_of_its_day() {
	build_and_execute(|| {
		let unit = unit(commissioned(), 7);
		let ends = date("2027-12-31").ends_at().unwrap();
		let at = |now| {
			let book = &mut Book::<Test>::default();
			SupplyChain::standing(book, unit, None, None, now).unwrap().effective
		};
		assert_eq!(at(ends - 1), None);
		assert_eq!(at(ends), Some(Obstacle::Expired));
	});
}

#[test]
fn a_lot_that_was_not_released_is_not_handed_over() {
	build_and_execute(|| {
		registered();
		let lot = NextLot::<Test>::get();
		let (made, expiry) = (date("2025-12-01"), date("2027-12-31"));
		assert_ok!(SupplyChain::open_lot(
			signed(MAKER),
			di(DRUG),
			lot_no("N"),
			made,
			expiry,
			1_000
		));
		let unit = unit(commission(lot, 3, 5), 4);
		assert_eq!(effective(unit), Some(Obstacle::NotReleased));
		assert_ok!(SupplyChain::release_lot(signed(MAKER), lot, digest(4)));
		assert_eq!(effective(unit), None);
	});
}

#[test]
fn approvals_count_where_a_market_is_named() {
	build_and_execute(|| {
		let unit = unit(commissioned(), 0);
		let there = |market| standing(unit, None, market).effective;
		assert_eq!(there(None), None);
		assert_eq!(there(Some(HERE)), None);
		assert_eq!(there(Some(THERE)), Some(Obstacle::NotApproved));
		assert_ok!(SupplyChain::suspend_approval(signed(AUTHORITY), di(DRUG), HERE, digest(8)));
		assert_eq!(there(Some(HERE)), Some(Obstacle::NotApproved));
		let withdraw =
			|market| SupplyChain::withdraw_product(signed(MAKER), di(DRUG), market, digest(9));
		assert_ok!(withdraw(Some(HERE)));
		assert_eq!(there(Some(HERE)), Some(Obstacle::Withdrawn));
		assert_eq!(there(None), None);
		assert_ok!(withdraw(None));
		assert_eq!(there(None), Some(Obstacle::Withdrawn));
	});
}

#[test]
fn an_approval_ends_with_its_window() {
	build_and_execute(|| {
		let unit = unit(commissioned(), 0);
		let until = START + 365 * salus_primitives::DAY;
		set_time(until - 1);
		assert_eq!(effective(unit), None);
		set_time(until);
		assert_eq!(effective(unit), Some(Obstacle::NotApproved));
	});
}

#[test]
fn what_lies_on_the_place_counts_where_the_parcel_is_named() {
	build_and_execute(|| {
		let batch = commissioned();
		let unit = unit(batch, 9);
		Parcels::<Test>::mutate(batch, 0, |row| row.as_mut().unwrap().hold = Some(aside()));
		assert_eq!(effective(unit), Some(Obstacle::Quarantined));
		assert_eq!(standing(unit, None, Some(HERE)).effective, None);
		assert_eq!(standing(unit, None, Some(HERE)).holder, None);
		Parcels::<Test>::mutate(batch, 0, |row| row.as_mut().unwrap().hold = None);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		assert_eq!(effective(unit), Some(Obstacle::InTransit(shipment)));
		assert_eq!(standing(unit, Some(0), None).shipment, Some(shipment));
	});
}

#[test]
fn a_container_puts_everything_in_it_aside() {
	build_and_execute(|| {
		let batch = commissioned();
		let (inner, outer) = (sscc(1), sscc(2));
		packed(inner, &[item(batch, 0)]);
		packed(outer, &[ItemRef::Container(inner)]);
		let unit = unit(batch, 599);
		assert_eq!(effective(unit), None);
		assert_ok!(SupplyChain::seal(signed(MAKER), outer, digest(11)));
		assert!(standing(unit, Some(0), None).sealed);
		Containers::<Test>::mutate(outer, |row| row.as_mut().unwrap().hold = Some(aside()));
		assert_eq!(effective(unit), Some(Obstacle::Quarantined));
	});
}

/// A new container of the maker with items in it.
fn packed(sscc: salus_gs1::Sscc, items: &[ItemRef]) {
	let prefix = PREFIX.parse().unwrap();
	assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc, prefix));
	let items = items.to_vec().try_into().unwrap();
	assert_ok!(SupplyChain::pack(signed(MAKER), sscc, items, Told::default()));
}

#[test]
fn a_lot_is_held_in_the_market_of_its_authority() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let hold = LotHold { market: HERE, by: id(AUTHORITY), reason: QuarantineReason::Suspect };
		Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().holds.try_push(hold)).unwrap();
		let there = |market| standing(unit(batch, 0), None, market).effective;
		assert_eq!(there(Some(HERE)), Some(Obstacle::Quarantined));
		assert_eq!(there(None), Some(Obstacle::Quarantined));
		assert_eq!(there(Some(THERE)), Some(Obstacle::NotApproved));
	});
}

#[test]
fn the_worst_of_several_obstacles_is_told() {
	build_and_execute(|| {
		let batch = commissioned();
		let unit = unit(batch, 5);
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let says = |obstacle| assert_eq!(effective(unit), Some(obstacle));
		// Each is worse than all before it, and none of those before it goes but by a new state.
		force(unit, UnitState::PartiallyDispensed);
		says(Obstacle::PartiallyDispensed);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		says(Obstacle::InTransit(shipment));
		assert_ok!(SupplyChain::suspend_approval(signed(AUTHORITY), di(DRUG), HERE, digest(8)));
		says(Obstacle::NotApproved);
		Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().release = None);
		says(Obstacle::NotReleased);
		set_time(date("2027-12-31").ends_at().unwrap());
		says(Obstacle::Expired);
		force(unit, UnitState::Returned);
		says(Obstacle::Returned);
		force(unit, UnitState::Missing);
		says(Obstacle::Missing);
		force(unit, UnitState::Exported);
		says(Obstacle::Decommissioned(UnitState::Exported));
		force(unit, UnitState::Dispensed);
		says(Obstacle::Dispensed);
		let hold = LotHold { market: HERE, by: id(AUTHORITY), reason: QuarantineReason::Suspect };
		Lots::<Test>::mutate(lot, |lot| lot.as_mut().unwrap().holds.try_push(hold)).unwrap();
		says(Obstacle::Quarantined);
		force(unit, UnitState::Locked);
		says(Obstacle::Locked);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(9)));
		says(Obstacle::Withdrawn);
		let recall = recalled(RecallScope::Lot(lot), HERE, 1);
		says(Obstacle::Recalled(recall));
		force(unit, UnitState::Destroyed);
		says(Obstacle::Destroyed);
		force(unit, UnitState::Stolen);
		says(Obstacle::Stolen);
		force(unit, UnitState::Illegitimate);
		says(Obstacle::Illegitimate);
	});
}

#[test]
fn a_device_in_use_is_told_before_its_expiry_and_after_what_came_back() {
	let worst_first = [
		Obstacle::Missing,
		Obstacle::Returned,
		Obstacle::InUse,
		Obstacle::Retired,
		Obstacle::Expired,
		Obstacle::NotReleased,
		Obstacle::NotApproved,
		Obstacle::InTransit(ShipmentId(9)),
		Obstacle::PartiallyDispensed,
	];
	assert!(worst_first.is_sorted_by(|worse, milder| worse < milder));
}

#[test]
fn the_most_dangerous_recall_is_told() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let recall = |scope, class, reference| recalled_by(MAKER, scope, &[], class, reference);
		let mild = recall(RecallScope::Product(di(DRUG)), RecallClass::III, 1);
		assert_eq!(standing(unit(batch, 0), None, None).recall, Some(mild));
		let worse = recall(RecallScope::Batch(batch), RecallClass::II, 2);
		assert_eq!(effective(unit(batch, 0)), Some(Obstacle::Recalled(worse)));
		let worst = recall(RecallScope::Lot(lot), RecallClass::I, 3);
		assert_eq!(effective(unit(batch, 0)), Some(Obstacle::Recalled(worst)));
		// Of two alike, the first.
		recall(RecallScope::Lot(lot), RecallClass::I, 4);
		assert_eq!(effective(unit(batch, 0)), Some(Obstacle::Recalled(worst)));
		assert_ok!(SupplyChain::close_recall(signed(MAKER), worst));
		assert_ne!(effective(unit(batch, 0)), Some(Obstacle::Recalled(worst)));
	});
}

#[test]
fn what_is_not_there_has_no_standing() {
	build_and_execute(|| {
		let batch = commissioned();
		let asked = |unit, start| {
			let book = &mut Book::<Test>::default();
			SupplyChain::standing(book, unit, start, None, START)
		};
		let error = |error: Error<Test>| Err(sp_runtime::DispatchError::from(error));
		assert_noop!(asked(unit(BatchIx(9), 0), None), Error::<Test>::UnknownBatch);
		assert_eq!(asked(unit(batch, UNITS), None), error(Error::<Test>::IndexOutOfRange));
		assert_eq!(asked(unit(batch, 3), Some(1)), error(Error::<Test>::UnknownParcel));
		assert_ok!(SupplyChain::split_parcel(signed(MAKER), parcel(batch, 0), 3));
		assert_eq!(asked(unit(batch, 3), Some(0)), error(Error::<Test>::RangeOutsideParcel));
		assert!(asked(unit(batch, 3), Some(3)).is_ok());
		assert!(asked(unit(batch, 2), Some(0)).is_ok());
	});
}

#[test]
fn calls_refuse_by_the_name_of_the_obstacle() {
	let refused = |obstacle| SupplyChain::refusal(obstacle);
	let named = [
		(Obstacle::Recalled(RecallId(1)), Error::<Test>::Recalled),
		(Obstacle::Withdrawn, Error::<Test>::ProductWithdrawn),
		(Obstacle::Quarantined, Error::<Test>::Quarantined),
		(Obstacle::Dispensed, Error::<Test>::DispensedElsewhere),
		(Obstacle::Expired, Error::<Test>::LotExpired),
		(Obstacle::NotReleased, Error::<Test>::LotNotReleased),
		(Obstacle::NotApproved, Error::<Test>::NotApprovedInMarket),
		(Obstacle::InTransit(ShipmentId(1)), Error::<Test>::InTransit),
	];
	for (obstacle, error) in named {
		assert_eq!(
			sp_runtime::DispatchError::from(refused(obstacle)),
			sp_runtime::DispatchError::from(error)
		);
	}
	let others = [Obstacle::Stolen, Obstacle::Locked, Obstacle::Missing, Obstacle::InUse];
	for obstacle in others {
		assert!(matches!(refused(obstacle), Error::<Test>::NotDispensable), "{obstacle:?}");
	}
}
