// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn hands_a_pack_over() {
	build_and_execute(|| {
		let batch = stocked();
		let told = Told { at: Some(START - DAY), epcis: Some(digest(5)) };
		let unit = dispensing(pack(batch, 7), SECRET);
		let commitment = unit.commitment;
		assert_ok!(dispense_as(PHARMACY, vec![unit], site(), RxLink::None, told));

		let unit = UnitRef { batch, index: 7 };
		assert_eq!(state(unit), UnitState::Dispensed);
		assert_eq!(counted(batch, UnitState::Dispensed), 1);
		assert_eq!(counted(batch, UnitState::Active), u64::from(UNITS) - 1);
		let leaving = Leaving {
			at: START,
			by: id(PHARMACY),
			account: account(PHARMACY).using_encoded(sp_io::hashing::blake2_128),
			site: site(),
			commitment: Some(commitment),
			part: false,
		};
		assert_eq!(Leavings::<Test>::get(unit), Some(leaving));
		let by = id(PHARMACY);
		let (prescription, market) = (RxLink::None, HERE);
		assert_eq!(
			last_event(),
			Event::Dispensed { unit, commitment, prescription, market, by, told }
		);
	});
}

#[test]
fn splits_no_parcel_and_says_each_pack() {
	build_and_execute(|| {
		let batch = stocked();
		let before = Parcels::<Test>::iter().collect::<Vec<_>>();
		System::reset_events();
		assert_ok!(sell(PHARMACY, vec![pack(batch, 0), pack(batch, 300), pack(batch, 599)]));

		assert_eq!(Parcels::<Test>::iter().collect::<Vec<_>>(), before);
		let sold: Vec<_> = System::events()
			.into_iter()
			.filter_map(|record| match record.event {
				RuntimeEvent::SupplyChain(Event::Dispensed { unit, .. }) => Some(unit.index),
				_ => None,
			})
			.collect();
		assert_eq!(sold, [0, 300, 599]);
	});
}

#[test]
fn thirty_two_packs_go_in_one_call_and_thirty_three_are_not_decoded() {
	build_and_execute(|| {
		let batch = stocked();
		let packs: Vec<_> = (0..=MAX_UNITS).map(|index| pack(batch, index)).collect();
		assert_ok!(sell(PHARMACY, packs[..32].to_vec()));
		assert_eq!(counted(batch, UnitState::Dispensed), 32);
		let units: Vec<_> = packs.into_iter().map(|pack| dispensing(pack, SECRET)).collect();
		let bytes = units.encode();
		let decoded =
			<BoundedVec<Dispensing, ConstU32<MAX_UNITS>> as codec::Decode>::decode(&mut &bytes[..]);
		assert!(decoded.is_err());
	});
}

#[test]
fn gives_back_the_weight_of_serials_that_it_keeps_none_of() {
	build_and_execute(|| {
		let batch = stocked_as(Uniqueness::FirstTouch, ProductFlags::default());
		assert_ok!(SupplyChain::touch_units(
			signed(STRANGER),
			vec![pack(batch, 0)].try_into().unwrap()
		));
		let units = [0, 1, 300].map(|index| dispensing(pack(batch, index), SECRET));
		let units: BoundedVec<_, _> = units.to_vec().try_into().unwrap();
		let declared = crate::calls::weight_of_sale::<Test>(&units, 3);
		let done =
			SupplyChain::dispense(signed(PHARMACY), units, site(), RxLink::None, Told::default());
		// Two pages, one pack more on the first, two new serials.
		let weight = <() as WeightInfo>::dispense(2, 1, 2);
		assert_eq!(done.unwrap().actual_weight, Some(weight));
		assert!(weight.ref_time() < declared.ref_time());
	});
}

#[test]
fn refuses_nothing_a_unit_twice_and_a_wrong_order() {
	build_and_execute(|| {
		let batch = stocked();
		assert_noop!(sell(PHARMACY, vec![]), Error::<Test>::NothingNamed);
		let twice = vec![pack(batch, 7), pack(batch, 7)];
		assert_noop!(sell(PHARMACY, twice), Error::<Test>::NotSorted);
		let falling = vec![pack(batch, 8), pack(batch, 7)];
		assert_noop!(sell(PHARMACY, falling), Error::<Test>::NotSorted);
	});
}

#[test]
fn one_bad_pack_keeps_all_of_them() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 9);
		let packs = vec![pack(batch, 8), pack(batch, 9)];
		assert_noop!(sell(PHARMACY, packs), Error::<Test>::DoubleScan);
		assert_eq!(state(unit(batch, 8)), UnitState::Active);
	});
}

#[test]
fn refuses_who_is_not_licensed_there() {
	build_and_execute(|| {
		let batch = stocked();
		for who in [STRANGER, WHOLESALER, MAKER] {
			assert_noop!(sell(who, vec![pack(batch, 7)]), Error::<Test>::NotLicensed);
		}
		let unit = dispensing(pack(batch, 7), SECRET);
		assert_noop!(
			dispense_as(PHARMACY, vec![unit], abroad(), RxLink::None, Told::default()),
			Error::<Test>::NotLicensed
		);
		let window = Window { from: 0, until: START };
		Accreditations::set(id(PHARMACY), AccreditationKind::PharmacyLicence, window);
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::NotLicensed);
	});
}

#[test]
fn the_time_told_is_at_most_thirty_days_old_and_five_minutes_ahead() {
	build_and_execute(|| {
		let batch = stocked();
		let at = |index, moment| {
			let unit = dispensing(pack(batch, index), SECRET);
			dispense_as(PHARMACY, vec![unit], site(), RxLink::None, told(moment))
		};
		assert_noop!(at(1, START - MAX_LATENESS - 1), Error::<Test>::ClockSkew);
		assert_noop!(at(1, START + MAX_EARLINESS + 1), Error::<Test>::ClockSkew);
		assert_ok!(at(1, START - MAX_LATENESS));
		assert_ok!(at(2, START + MAX_EARLINESS));
	});
}

#[test]
fn refuses_what_another_holds_and_what_is_on_its_way() {
	build_and_execute(|| {
		let batch = stocked();
		let packs = || vec![pack(batch, 7)];
		assert_noop!(sell(OTHER_PHARMACY, packs()), Error::<Test>::NotCustodian);
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_noop!(sell(PHARMACY, packs()), Error::<Test>::InTransit);
		assert_noop!(sell(OTHER_PHARMACY, packs()), Error::<Test>::InTransit);
	});
}

#[test]
fn a_wrong_hint_at_the_parcel_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(SupplyChain::split_parcel(signed(PHARMACY), parcel(batch, 0), 100));
		let hinted = |index, start| {
			sell(PHARMACY, vec![UnitProof { parcel_start: start, ..pack(batch, index) }])
		};
		assert_noop!(hinted(100, 0), Error::<Test>::RangeOutsideParcel);
		assert_noop!(hinted(99, 100), Error::<Test>::RangeOutsideParcel);
		assert_noop!(hinted(100, 99), Error::<Test>::UnknownParcel);
		assert_ok!(hinted(99, 0));
		assert_ok!(hinted(100, 100));
	});
}

#[test]
fn a_sealed_container_is_opened_first() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		assert_ok!(SupplyChain::seal(signed(PHARMACY), sscc(1), digest(1)));
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::ContainerSealed);
		assert_ok!(SupplyChain::unseal(signed(PHARMACY), sscc(1)));
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}

#[test]
fn a_second_scan_here_is_no_sign_of_a_copy_and_one_elsewhere_is() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		let again = || vec![pack(batch, 7)];
		assert_noop!(sell(PHARMACY, again()), Error::<Test>::DoubleScan);
		assert_noop!(sell(COLLEAGUE, again()), Error::<Test>::DoubleScan);
		assert_noop!(sell(OTHER_PHARMACY, again()), Error::<Test>::DispensedElsewhere);
		let units = vec![dispensing(pack(batch, 7), SECRET)];
		assert_noop!(
			dispense_as(PHARMACY, units, branch(), RxLink::None, Told::default()),
			Error::<Test>::DispensedElsewhere
		);

		set_time(START + UNDO_WINDOW - 1);
		assert_noop!(sell(PHARMACY, again()), Error::<Test>::DoubleScan);
		set_time(START + UNDO_WINDOW);
		assert_noop!(sell(PHARMACY, again()), Error::<Test>::DispensedElsewhere);
	});
}

#[test]
fn what_is_approved_in_one_market_is_not_sold_in_another() {
	build_and_execute(|| {
		let batch = stocked();
		Accreditations::settle(id(PHARMACY), THERE);
		let units = vec![dispensing(pack(batch, 7), SECRET)];
		assert_noop!(
			dispense_as(PHARMACY, units, abroad(), RxLink::None, Told::default()),
			Error::<Test>::NotApprovedInMarket
		);
	});
}

#[test]
fn an_approval_that_ended_stops_the_sale_and_not_the_return() {
	build_and_execute(|| {
		let batch = stocked();
		set_time(START + 364 * DAY);
		sold(batch, 7);
		set_time(START + 365 * DAY - 1);
		sold(batch, 8);
		set_time(START + 365 * DAY);
		assert_noop!(sell(PHARMACY, vec![pack(batch, 9)]), Error::<Test>::NotApprovedInMarket);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
	});
}

#[test]
fn what_something_stands_against_is_not_sold() {
	build_and_execute(|| {
		let batch = stocked();
		let refused = |error: Error<Test>| {
			assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), error);
		};
		assert_ok!(put_aside(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))));
		refused(Error::Quarantined);
		assert_ok!(let_go(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))));

		let lot = HoldTarget::Lot { lot: lot_of(batch), market: HERE };
		assert_ok!(lock(lot));
		refused(Error::Quarantined);
		assert_ok!(let_go(AUTHORITY, lot));

		let recall = recalled(RecallScope::Lot(lot_of(batch)), &[HERE]);
		refused(Error::Recalled);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));

		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::FreeSample));
		refused(Error::NotDispensable);
		assert_ok!(undo(PHARMACY, batch, 7, site()));

		let reason = digest(1);
		assert_ok!(SupplyChain::suspend_approval(signed(AUTHORITY), di(DRUG), HERE, reason));
		refused(Error::NotApprovedInMarket);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, reason));
		refused(Error::ProductWithdrawn);
		expire();
		refused(Error::ProductWithdrawn);
	});
}

#[test]
fn a_lot_is_sold_to_the_end_of_its_last_day() {
	build_and_execute(|| {
		let batch = stocked();
		let window = Window { from: START, until: START + 3650 * DAY };
		let reference = digest(3);
		let approve =
			SupplyChain::approve_product(signed(AUTHORITY), di(DRUG), HERE, reference, window);
		assert_ok!(approve);
		expire();
		let end = SupplyChain::now();
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::LotExpired);
		set_time(end - 1);
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}

#[test]
fn a_lot_that_was_not_released_is_not_sold() {
	build_and_execute(|| {
		let batch = stocked();
		Lots::<Test>::mutate(lot_of(batch), |lot| lot.as_mut().unwrap().release = None);
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::LotNotReleased);
	});
}

#[test]
fn a_recall_elsewhere_does_not_stop_the_sale_here() {
	build_and_execute(|| {
		let batch = stocked();
		recalled(RecallScope::Product(di(DRUG)), &[THERE]);
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}

#[test]
fn a_recalled_stretch_stops_at_its_edges() {
	build_and_execute(|| {
		let batch = stocked();
		recalled(RecallScope::Range { batch, start: 10, len: 10 }, &[]);
		for index in [10, 19] {
			assert_noop!(sell(PHARMACY, vec![pack(batch, index)]), Error::<Test>::Recalled);
		}
		assert_ok!(sell(PHARMACY, vec![pack(batch, 9), pack(batch, 20)]));
	});
}

#[test]
fn a_product_on_prescription_needs_one_that_covers_it() {
	build_and_execute(|| {
		let flags = ProductFlags::of(&[ProductFlag::Prescription]);
		let batch = stocked_as(Uniqueness::FraudProof, flags);
		let (units, prescription) = (digest(1), digest(2));
		let fill = |link| {
			let units = vec![dispensing(pack(batch, 7), SECRET)];
			dispense_as(PHARMACY, units, site(), link, Told::default())
		};
		let open = RxLink::Open { prescription, line: 0 };
		for link in [RxLink::None, open, RxLink::Sealed { units, prescription }] {
			assert_noop!(fill(link), Error::<Test>::PrescriptionRejected);
		}
		Prescriptions::cover(true);
		assert_noop!(fill(RxLink::None), Error::<Test>::PrescriptionRejected);
		assert_ok!(fill(open));
	});
}

#[test]
fn a_prescription_that_is_named_is_asked_without_need_too() {
	build_and_execute(|| {
		let batch = stocked();
		let link = RxLink::Sealed { units: digest(1), prescription: digest(2) };
		let fill = || {
			let units = vec![dispensing(pack(batch, 7), SECRET)];
			dispense_as(PHARMACY, units, site(), link, Told::default())
		};
		assert_noop!(fill(), Error::<Test>::PrescriptionRejected);
		Prescriptions::cover(true);
		assert_ok!(fill());
	});
}

#[test]
fn the_first_touch_of_a_serial_keeps_it_and_a_second_unit_with_it_is_refused() {
	build_and_execute(|| {
		let batch = stocked_as(Uniqueness::FirstTouch, ProductFlags::default());
		sold(batch, 7);
		let (serial, _) = serial(1, 7);
		assert_eq!(SerialIndex::<Test>::get(di(DRUG), serial), Some(unit(batch, 7)));

		// The same leaves again, behind another one.
		let twin = twin_batch(batch);
		handed_over(MAKER, PHARMACY, &[item(twin, 0)]);
		let copy = twin_proof(twin, 7);
		assert_noop!(sell(PHARMACY, vec![copy]), Error::<Test>::SerialTaken);
		assert_ok!(sell(PHARMACY, vec![twin_proof(twin, 8)]));
	});
}

#[test]
fn two_units_of_one_call_do_not_share_a_serial_either() {
	build_and_execute(|| {
		let batch = stocked_as(Uniqueness::FirstTouch, ProductFlags::default());
		let twin = twin_batch(batch);
		handed_over(MAKER, PHARMACY, &[item(twin, 0)]);
		let both = vec![pack(batch, 7), twin_proof(twin, 7)];
		assert_noop!(sell(PHARMACY, both), Error::<Test>::SerialTaken);
	});
}

#[test]
fn units_at_the_edges_of_pages_have_states_of_their_own() {
	build_and_execute(|| {
		let batch = stocked();
		// The last page holds 88 units.
		let edges = [0, 255, 256, 511, 512, UNITS - 1];
		assert_ok!(sell(PHARMACY, edges.map(|index| pack(batch, index)).to_vec()));
		for index in [1, 254, 257, 510, 513, UNITS - 2] {
			assert_eq!(state(unit(batch, index)), UnitState::Active);
		}
		for index in edges {
			assert_eq!(state(unit(batch, index)), UnitState::Dispensed);
		}
		assert_eq!(UnitPages::<Test>::iter_key_prefix(batch).count(), 3);
		assert_eq!(counted(batch, UnitState::Dispensed), edges.len() as u64);
	});
}
