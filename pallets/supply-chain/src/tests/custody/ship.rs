// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Decode;

/// The rent of a shipment of so many items.
fn price(items: u32) -> u64 {
	asked_for(SupplyChain::shipment_footprint(items))
}

#[test]
fn goods_are_on_their_way() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96]);
		let case = container(1);
		packed(case, &items[..1]);
		let rent_before = rent(MAKER);
		let sent = vec![items[1], boxed(case)];
		let told = Told { at: Some(START - 5), epcis: Some(digest(9)) };
		let ship_to: Option<Gln> = Some("0300011111116".parse().unwrap());
		let list: ShippedItems = sent.clone().try_into().unwrap();

		let to = id(WHOLESALER);
		let call =
			SupplyChain::ship(signed(MAKER), to, ship_to, list.clone(), digest(7), true, told);
		assert_ok!(call);

		let shipment = ShipmentId(0);
		let new = Shipments::<Test>::get(shipment).unwrap();
		assert_eq!((new.from, new.to, new.ship_to), (id(MAKER), to, ship_to));
		assert_eq!((new.at, new.transaction), (START - 5, digest(7)));
		assert_eq!((new.open, new.accepted), (2, 0));
		assert_eq!(on_the_way(shipment), sent);
		assert!(sent.iter().all(|item| place(*item) == Place::InTransit(shipment)));
		assert_eq!((held_by(MAKER), held_by(WHOLESALER)), (vec![items[2]], vec![]));
		assert_eq!(open_shipments(MAKER), [shipment]);
		assert_eq!(open_shipments(WHOLESALER), [shipment]);
		assert_eq!(rent(MAKER) - rent_before, price(2));
		let from = id(MAKER);
		let transaction = digest(7);
		let event = Event::Shipped { shipment, from, to, ship_to, items: list, transaction, told };
		assert_eq!(last_event(), event);
		assert_eq!(NextShipment::<Test>::get(), ShipmentId(1));
	});
}

#[test]
fn what_stands_in_a_container_goes_with_it() {
	build_and_execute(|| {
		let batch = commissioned();
		let [case, pallet] = containers();
		packed(case, &[item(batch, 0)]);
		packed(pallet, &[boxed(case)]);
		let shipment = shipped(MAKER, WHOLESALER, &[boxed(pallet)]);

		let around = SupplyChain::around(place(item(batch, 0))).unwrap();
		assert_eq!((around.shipment(), around.holder()), (Some(shipment), None));
		assert_eq!(around.chain, [case, pallet]);
	});
}

#[test]
fn goods_go_to_a_place_that_is_not_the_buyers() {
	build_and_execute(|| {
		let batch = commissioned();
		let elsewhere: Gln = "7300010000001".parse().unwrap();
		let items: ShippedItems = vec![item(batch, 0)].try_into().unwrap();
		let to = id(PHARMACY);
		let told = Told::default();

		let (signer, there) = (signed(MAKER), Some(elsewhere));
		assert_ok!(SupplyChain::ship(signer, to, there, items, digest(7), true, told));
		assert_eq!(Shipments::<Test>::get(ShipmentId(0)).unwrap().ship_to, Some(elsewhere));
		// Who owns it receives it, wherever it was brought.
		assert_ok!(try_receive(PHARMACY, ShipmentId(0), &[item(batch, 0)], true));
	});
}

#[test]
fn refuses_a_shipment_to_oneself() {
	build_and_execute(|| {
		let batch = commissioned();

		let call = try_ship(MAKER, MAKER, &[item(batch, 0)]);
		assert_noop!(call, Error::<Test>::ShipToSelf);
	});
}

#[test]
fn both_need_a_licence() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = [item(batch, 0)];
		for stranger in [STRANGER, AUTHORITY] {
			let call = try_ship(MAKER, stranger, &items);
			assert_noop!(call, Error::<Test>::PartnerNotLicensed);
		}
		let window = salus_primitives::Window { from: START, until: START + 10 };
		let distributor = AccreditationKind::DistributorLicence;
		Accreditations::set(id(WHOLESALER), distributor, window);
		set_time(START + 10);
		let lapsed = try_ship(MAKER, WHOLESALER, &items);
		assert_noop!(lapsed, Error::<Test>::PartnerNotLicensed);
		set_time(START + 9);
		handed_over(MAKER, WHOLESALER, &items);
		set_time(START + 10);
		let sender = try_ship(WHOLESALER, PHARMACY, &items);
		assert_noop!(sender, Error::<Test>::NotLicensed);
	});
}

#[test]
fn the_transaction_statement_is_affirmed() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = vec![item(batch, 0)].try_into().unwrap();

		let (to, told) = (id(WHOLESALER), Told::default());
		let call = SupplyChain::ship(signed(MAKER), to, None, items, digest(7), false, told);
		assert_noop!(call, Error::<Test>::StatementNotAffirmed);
	});
}

#[test]
fn one_parcel_does_not_leave_twice() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		shipped(MAKER, WHOLESALER, &items[..1]);

		assert_noop!(try_ship(MAKER, PHARMACY, &items[..1]), Error::<Test>::InTransit);
		assert_noop!(try_ship(MAKER, PHARMACY, &items), Error::<Test>::InTransit);
		assert_ok!(try_ship(MAKER, PHARMACY, &items[1..]));
	});
}

#[test]
fn only_what_one_has_at_hand_leaves() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, over, fresh] = containers();
		packed(over, &items[1..]);
		assert_ok!(try_empty(MAKER, over));
		packed(case, &items[..1]);
		let ship = |item: ItemRef| try_ship(MAKER, WHOLESALER, &[item]);

		assert_noop!(ship(items[0]), Error::<Test>::AlreadyInContainer);
		assert_noop!(ship(boxed(over)), Error::<Test>::ContainerEmptied);
		assert_noop!(ship(boxed(fresh)), Error::<Test>::ContainerEmpty);
		assert_noop!(ship(boxed(sscc(9))), Error::<Test>::UnknownContainer);
		assert_noop!(ship(item(batch, 7)), Error::<Test>::UnknownParcel);
		handed_over(MAKER, WHOLESALER, &[items[1], boxed(case)]);
		assert_noop!(ship(items[1]), Error::<Test>::NotCustodian);
		assert_noop!(ship(boxed(case)), Error::<Test>::NotCustodian);
	});
}

#[test]
fn what_is_put_aside_stays() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let case = container(1);
		packed(case, &items[..1]);
		put_aside(items[1]);
		put_aside(boxed(case));

		for held in [items[1], boxed(case)] {
			assert_noop!(try_ship(MAKER, WHOLESALER, &[held]), Error::<Test>::Quarantined);
		}
	});
}

#[test]
fn a_unit_that_came_back_goes_to_its_maker_only() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 100, 101]);
		handed_over(MAKER, WHOLESALER, &items);
		bring(batch, 100, &[UnitState::Dispensed, UnitState::Returned]);

		let onwards = try_ship(WHOLESALER, PHARMACY, &items[1..2]);
		assert_noop!(onwards, Error::<Test>::NotDispensable);
		assert_ok!(try_ship(WHOLESALER, MAKER, &items[1..2]));
	});
}

#[test]
fn a_unit_that_was_released_for_sale_goes_on() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 100, 101]);
		handed_over(MAKER, WHOLESALER, &items);
		bring(batch, 100, &[UnitState::Dispensed, UnitState::Returned, UnitState::Active]);

		assert_ok!(try_ship(WHOLESALER, PHARMACY, &items[1..2]));
	});
}

#[test]
fn a_single_unit_that_is_gone_goes_nowhere() {
	build_and_execute(|| {
		let batch = commissioned();
		let gone = [UnitState::Dispensed, UnitState::Destroyed, UnitState::Missing];
		let items = cut(batch, &[0, 1, 2, 3]);
		handed_over(MAKER, WHOLESALER, &items);
		for (index, state) in (0..).zip(gone) {
			bring(batch, index, &[state]);
		}

		for item in &items[..3] {
			for to in [PHARMACY, MAKER] {
				let call = try_ship(WHOLESALER, to, &[*item]);
				assert_noop!(call, Error::<Test>::NotDispensable);
			}
		}
	});
}

#[test]
fn a_single_unit_that_is_put_aside_stays() {
	build_and_execute(|| {
		let batch = commissioned();
		let unit = UnitRef { batch, index: 100 };
		let target = HoldTarget::Unit(HeldUnit { unit, parcel_start: 0 });
		let reason = QuarantineReason::Damaged;
		assert_ok!(SupplyChain::quarantine(signed(MAKER), target, reason, None));

		let call = try_ship(MAKER, WHOLESALER, &[item(batch, 100)]);
		assert_noop!(call, Error::<Test>::Quarantined);
		assert_ok!(try_ship(MAKER, WHOLESALER, &[item(batch, 101)]));
	});
}

#[test]
fn the_list_rises_and_names_something() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);

		assert_noop!(try_ship(MAKER, WHOLESALER, &[]), Error::<Test>::NothingNamed);
		for list in [[items[1], items[0]], [items[0], items[0]]] {
			assert_noop!(try_ship(MAKER, WHOLESALER, &list), Error::<Test>::NotSorted);
		}
	});
}

#[test]
fn takes_64_items_and_no_call_with_65_decodes() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &(0..65).collect::<Vec<_>>());
		let call = |items: &[ItemRef]| {
			let to = (id(WHOLESALER), None::<Gln>);
			let bytes = (17u8, to, items, digest(7), true, Told::default()).encode();
			Call::<Test>::decode(&mut bytes.as_slice())
		};

		assert!(call(&items).is_err());
		assert!(call(&items[..64]).is_ok());
		let rent_before = rent(MAKER);
		let shipment = shipped(MAKER, WHOLESALER, &items[..64]);
		assert_eq!(on_the_way(shipment).len(), 64);
		assert_eq!(rent(MAKER) - rent_before, price(64));
	});
}

#[test]
fn rent_grows_with_the_items() {
	// The shipment, it with its sender and with its receiver, and each item.
	let listed = 8 + 13;
	let (rows, size) = SupplyChain::shipment_footprint(1);
	assert_eq!(rows, 4);
	assert_eq!(SupplyChain::shipment_footprint(64), (67, size + 63 * listed));
}

#[test]
fn who_cannot_pay_rent_does_not_ship() {
	build_and_execute(|| {
		let batch = commissioned();
		handed_over(MAKER, WHOLESALER, &[item(batch, 0)]);
		let all = Balances::free_balance(account(WHOLESALER));
		let wallet = RuntimeOrigin::signed(account(WHOLESALER));
		let (to, left) = (account(RIVAL), price(1));
		assert_ok!(Balances::transfer_allow_death(wallet, to, all - left));

		// One unit more has to stay with the account.
		let call = try_ship(WHOLESALER, PHARMACY, &[item(batch, 0)]);
		assert_noop!(call, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn times_are_not_far_off() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let (off, edges) = times();
		let ship = |item: ItemRef, told| {
			let items = vec![item].try_into().unwrap();
			SupplyChain::ship(signed(MAKER), id(PHARMACY), None, items, digest(7), true, told)
		};

		for told in off {
			assert_noop!(ship(items[0], told), Error::<Test>::ClockSkew);
		}
		assert_ok!(ship(items[0], edges[0]));
		assert_ok!(ship(items[1], edges[1]));
	});
}
