// SPDX-License-Identifier: Apache-2.0

use super::*;

fn row(batch: BatchIx, start: u32) -> (u32, Place) {
	let row = Parcels::<Test>::get(batch, start).unwrap();
	(row.len, row.place)
}

#[test]
fn a_pack_that_comes_back_is_a_parcel_of_its_own() {
	build_and_execute(|| {
		let batch = stocked();
		let unit = sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));

		assert_eq!(state(unit), UnitState::Returned);
		assert_eq!(Leavings::<Test>::get(unit), None);
		let here = Place::Held(id(PHARMACY));
		assert_eq!(row(batch, 0), (7, here));
		assert_eq!(row(batch, 7), (1, here));
		assert_eq!(row(batch, 8), (UNITS - 8, here));
		let (saleable, by, told) = (false, id(PHARMACY), Told::default());
		assert_eq!(last_event(), Event::UnitReturned { unit, saleable, by, told });
		let again = UnitProof { parcel_start: 7, ..pack(batch, 7) };
		assert_noop!(sell(PHARMACY, vec![again]), Error::<Test>::NotDispensable);
	});
}

#[test]
fn several_of_one_parcel_are_named_by_where_it_begins() {
	build_and_execute(|| {
		let batch = stocked();
		let packs = [0, 5, 7, 8, 599];
		assert_ok!(sell(PHARMACY, packs.map(|index| pack(batch, index)).to_vec()));
		let back: Vec<_> = packs.iter().map(|index| (held(batch, *index, 0), None)).collect();
		assert_ok!(take_back(PHARMACY, &back, false));
		let lens: Vec<_> =
			[0, 1, 5, 6, 7, 8, 9, 599].iter().map(|start| row(batch, *start).0).collect();
		assert_eq!(lens, [1, 4, 1, 1, 1, 1, 590, 1]);
	});
}

#[test]
fn it_comes_out_of_its_container() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
		assert_eq!(Containers::<Test>::get(sscc(1)).unwrap().items, 2);
		assert_eq!(row(batch, 7), (1, Place::Held(id(PHARMACY))));
		assert_eq!(row(batch, 8).1, Place::Inside(sscc(1)));
		assert!(!ContainerItems::<Test>::contains_key(sscc(1), item(batch, 7)));
		assert!(Holdings::<Test>::contains_key(id(PHARMACY), item(batch, 7)));
	});
}

#[test]
fn the_last_pack_empties_its_container() {
	build_and_execute(|| {
		registered();
		let batch = commission(lot("L1"), 1, 1);
		let prefix = PREFIX.parse().unwrap();
		assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc(1), prefix));
		let items = vec![item(batch, 0)].try_into().unwrap();
		assert_ok!(SupplyChain::pack(signed(MAKER), sscc(1), items, Told::default()));
		handed_over(MAKER, PHARMACY, &[ItemRef::Container(sscc(1))]);
		assert_ok!(sell(PHARMACY, vec![proof(batch, 1, 1, 0, 0)]));
		assert_ok!(take_back(PHARMACY, &[(held(batch, 0, 0), None)], false));
		assert_eq!(Containers::<Test>::get(sscc(1)).unwrap().emptied, Some(START));
		assert_eq!(row(batch, 0), (1, Place::Held(id(PHARMACY))));
	});
}

#[test]
fn another_pharmacy_takes_it_with_the_secret() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		let back = |secret| take_back(OTHER_PHARMACY, &[(held(batch, 7, 0), secret)], false);
		assert_noop!(back(None), Error::<Test>::NotCustodian);
		assert_noop!(back(Some(SECRET + 1)), Error::<Test>::OpeningMismatch);
		assert_ok!(back(Some(SECRET)));
		assert_eq!(row(batch, 7), (1, Place::Held(id(OTHER_PHARMACY))));
		assert!(Holdings::<Test>::contains_key(id(OTHER_PHARMACY), item(batch, 7)));
		assert_eq!(row(batch, 8).1, Place::Held(id(PHARMACY)));
		// The same secret opens nothing a second time.
		assert_noop!(
			take_back(OTHER_PHARMACY, &[(held(batch, 7, 7), Some(SECRET))], false),
			Error::<Test>::BadTransition
		);
	});
}

#[test]
fn the_secret_is_of_no_use_to_who_dispenses_nothing() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		let back = |who| take_back(who, &[(held(batch, 7, 0), Some(SECRET))], false);
		assert_noop!(back(WHOLESALER), Error::<Test>::NotLicensed);
		assert_noop!(back(STRANGER), Error::<Test>::NotLicensed);
	});
}

#[test]
fn the_commitment_is_kept_for_ten_days() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		sold(batch, 8);
		let back =
			|index| take_back(OTHER_PHARMACY, &[(held(batch, index, 0), Some(SECRET))], false);
		set_time(START + UNDO_WINDOW);
		assert_noop!(back(7), Error::<Test>::CommitmentGone);
		set_time(START + UNDO_WINDOW - 1);
		assert_ok!(back(7));
		// Who holds the parcel takes it back later too.
		set_time(START + UNDO_WINDOW);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 8, 8), None)], false));
	});
}

#[test]
fn who_dispensed_it_may_sell_it_again_within_ten_days() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		sold(batch, 8);
		sold(batch, 9);
		assert_ok!(take_back(COLLEAGUE, &[(held(batch, 7, 0), None)], true));
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
		assert!(matches!(last_event(), Event::UnitReturned { saleable: true, .. }));
		assert_ok!(sell(PHARMACY, vec![UnitProof { parcel_start: 7, ..pack(batch, 7) }]));

		assert_noop!(
			take_back(OTHER_PHARMACY, &[(held(batch, 8, 8), Some(SECRET))], true),
			Error::<Test>::BadTransition
		);
		set_time(START + UNDO_WINDOW);
		assert_noop!(
			take_back(PHARMACY, &[(held(batch, 8, 8), None)], true),
			Error::<Test>::BadTransition
		);
	});
}

#[test]
fn what_is_recalled_expired_or_withdrawn_is_not_for_sale_again() {
	build_and_execute(|| {
		let batch = stocked();
		for index in [7, 8, 9] {
			sold(batch, index);
		}
		let back = |index, start| {
			assert_ok!(take_back(PHARMACY, &[(held(batch, index, start), None)], true));
			assert_eq!(state(unit(batch, index)), UnitState::Returned);
			assert!(matches!(last_event(), Event::UnitReturned { saleable: false, .. }));
		};
		recalled_unit(batch, 7);
		back(7, 0);
		let end = date("2027-12-31").ends_at().unwrap();
		set_time(end);
		Leavings::<Test>::mutate(unit(batch, 8), |leaving| leaving.as_mut().unwrap().at = end);
		back(8, 8);
		set_time(START);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		back(9, 9);
	});
}

#[test]
fn an_opened_pack_comes_back_and_is_never_for_sale() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		let back = |saleable| take_back(PHARMACY, &[(held(batch, 7, 0), None)], saleable);
		assert_noop!(back(true), Error::<Test>::BadTransition);
		assert_ok!(back(false));
		assert_eq!(Partials::<Test>::get(unit(batch, 7)), Some(2_500));
		let target = HoldTarget::Unit(held(batch, 7, 7));
		assert_noop!(let_go(PHARMACY, target), Error::<Test>::BadTransition);
		assert_ok!(burn(PHARMACY, &[held(batch, 7, 7)], WHOLESALER));
		assert_eq!(Partials::<Test>::get(unit(batch, 7)), None);
	});
}

#[test]
fn what_never_left_does_not_come_back() {
	build_and_execute(|| {
		let batch = stocked();
		let back = || take_back(PHARMACY, &[(held(batch, 7, 0), None)], false);
		assert_noop!(back(), Error::<Test>::BadTransition);
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Export));
		assert_noop!(back(), Error::<Test>::BadTransition);
	});
}

#[test]
fn refuses_lists_hints_and_times_that_are_not_sound() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_noop!(take_back(PHARMACY, &[], false), Error::<Test>::NothingNamed);
		let seven = (held(batch, 7, 0), None);
		assert_noop!(take_back(PHARMACY, &[seven, seven], false), Error::<Test>::NotSorted);
		assert_noop!(
			take_back(PHARMACY, &[(held(batch, 7, 1), None)], false),
			Error::<Test>::UnknownParcel
		);
		let units = vec![ReturnedUnit { unit: held(batch, 7, 0), opening: None }];
		assert_noop!(
			SupplyChain::return_units(
				signed(PHARMACY),
				units.try_into().unwrap(),
				false,
				told(START - MAX_LATENESS - 1),
			),
			Error::<Test>::ClockSkew
		);
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		for who in [PHARMACY, OTHER_PHARMACY] {
			assert_noop!(
				take_back(who, &[(held(batch, 7, 0), Some(SECRET))], false),
				Error::<Test>::InTransit
			);
		}
	});
}

#[test]
fn a_returned_pack_goes_nowhere_but_home_until_it_is_released() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_ok!(take_back(PHARMACY, &[(held(batch, 7, 0), None)], false));
		let sent = |to| {
			SupplyChain::ship(
				signed(PHARMACY),
				id(to),
				None,
				vec![item(batch, 7)].try_into().unwrap(),
				digest(7),
				true,
				Told::default(),
			)
		};
		assert_noop!(sent(OTHER_PHARMACY), Error::<Test>::NotDispensable);
		assert_ok!(let_go(PHARMACY, HoldTarget::Unit(held(batch, 7, 7))));
		assert_ok!(sent(OTHER_PHARMACY));
	});
}
