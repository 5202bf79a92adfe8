// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Decode;

/// Two parcels and a case of the maker's on their way to the wholesaler.
fn on_its_way() -> (ShipmentId, Vec<ItemRef>) {
	let batch = commissioned();
	let items = cut(batch, &[0, 48, 96, 144]);
	let case = container(1);
	packed(case, &items[..1]);
	let sent = vec![items[1], items[2], boxed(case)];
	(shipped(MAKER, WHOLESALER, &sent), sent)
}

#[test]
fn what_came_is_the_receivers() {
	build_and_execute(|| {
		let batch = commissioned();
		let rent_before = rent(MAKER);
		let items = cut(batch, &[0, 48]);
		let shipment = shipped(MAKER, WHOLESALER, &items);
		let accepted: ShippedItems = items.clone().try_into().unwrap();
		let told = Told { at: Some(START + 5), epcis: Some(digest(9)) };
		let (looked, over) = (Completeness::Verified, 0);

		let (signer, list) = (signed(WHOLESALER), accepted.clone());
		assert_ok!(SupplyChain::receive(signer, shipment, list, true, over, looked, told));

		for item in &items {
			let got = stretch(*item);
			assert_eq!((got.place, got.completeness), (Place::Held(id(WHOLESALER)), looked));
			assert_eq!(got.hold, None);
		}
		assert_eq!(held_by(WHOLESALER), items);
		assert_eq!((on_the_way(shipment), Shipments::<Test>::get(shipment)), (vec![], None));
		assert_eq!((open_shipments(MAKER), open_shipments(WHOLESALER)), (vec![], vec![]));
		assert_eq!(rent(MAKER), rent_before);
		let (from, to) = (id(MAKER), id(WHOLESALER));
		let event = Event::Received {
			shipment,
			from,
			to,
			accepted,
			short: 0,
			over,
			completeness: looked,
			told,
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn a_container_comes_with_all_that_is_in_it() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &sent, true));

		let ItemRef::Container(case) = sent[2] else { panic!("a container") };
		assert_eq!(row(case).completeness, Completeness::Inferred);
		let around = SupplyChain::around(place(inside(case)[0])).unwrap();
		assert_eq!(around.holder(), Some(id(WHOLESALER)));
	});
}

#[test]
fn a_shipment_comes_in_parts() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();

		assert_ok!(try_receive(WHOLESALER, shipment, &sent[1..2], false));

		let open = Shipments::<Test>::get(shipment).unwrap();
		assert_eq!((open.open, open.accepted), (2, 1));
		assert_eq!(on_the_way(shipment), [sent[0], sent[2]]);
		assert_eq!(held_by(WHOLESALER), sent[1..2]);
		// With the last item it is over, whether or not that is said.
		assert_ok!(try_receive(WHOLESALER, shipment, &[sent[0], sent[2]], false));
		assert_eq!(Shipments::<Test>::get(shipment), None);
		assert_eq!(held_by(WHOLESALER), sent);
	});
}

#[test]
fn what_did_not_come_is_the_senders_again() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();

		assert_ok!(try_receive(WHOLESALER, shipment, &sent[..1], true));

		assert_eq!(held_by(WHOLESALER), sent[..1]);
		assert!(sent[1..].iter().all(|item| place(*item) == Place::Held(id(MAKER))));
		assert_eq!(Shipments::<Test>::get(shipment), None);
		assert!(matches!(last_event(), Event::Received { short: 2, over: 0, .. }));
		// What the receiver inferred does not concern it.
		assert_eq!(stretch(sent[1]).completeness, Completeness::Verified);
	});
}

#[test]
fn the_receiver_says_that_nothing_more_came() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &sent[..1], false));

		let nothing = try_receive(WHOLESALER, shipment, &[], false);
		assert_noop!(nothing, Error::<Test>::NothingNamed);
		assert_ok!(try_receive(WHOLESALER, shipment, &[], true));
		assert_eq!(held_by(WHOLESALER), sent[..1]);
		assert!(matches!(last_event(), Event::Received { short: 2, .. }));
	});
}

#[test]
fn what_came_unannounced_is_counted_and_credited_to_nobody() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let makers = held_by(MAKER);
		let accepted = sent.clone().try_into().unwrap();
		let (told, looked) = (Told::default(), Completeness::Verified);

		let signer = signed(WHOLESALER);
		assert_ok!(SupplyChain::receive(signer, shipment, accepted, true, 17, looked, told));

		assert!(matches!(last_event(), Event::Received { short: 0, over: 17, .. }));
		assert_eq!(held_by(WHOLESALER), sent);
		assert_eq!(held_by(MAKER), makers);
	});
}

#[test]
fn weight_is_given_back_for_items_that_were_not_there() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let (completeness, told, last, over) = (Completeness::Verified, Told::default(), true, 0);
		let accepted: ShippedItems = sent[..1].to_vec().try_into().unwrap();
		let list = accepted.clone();
		let call = Call::<Test>::receive { shipment, accepted, last, over, completeness, told };
		let full = call.get_dispatch_info().call_weight;
		assert_eq!(full, <() as WeightInfo>::receive(MAX_SHIPPED));

		// One came, and two went back.
		let signer = signed(WHOLESALER);
		let used = SupplyChain::receive(signer, shipment, list, last, over, completeness, told);
		let weight = <() as WeightInfo>::receive(3);
		assert_eq!(used.unwrap().actual_weight, Some(weight));
	});
}

#[test]
fn refuses_what_was_not_announced() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let unsent = held_by(MAKER)[0];
		let other = shipped(MAKER, WHOLESALER, &[unsent]);
		let inner = inside(sscc(1))[0];

		for foreign in [unsent, inner, item(BatchIx(9), 0), boxed(sscc(9))] {
			let call = try_receive(WHOLESALER, shipment, &[foreign], true);
			assert_noop!(call, Error::<Test>::NotInShipment);
		}
		let mut both = vec![sent[0], unsent];
		both.sort();
		let call = try_receive(WHOLESALER, shipment, &both, false);
		assert_noop!(call, Error::<Test>::NotInShipment);
		assert_ok!(try_receive(WHOLESALER, other, &[unsent], true));
	});
}

#[test]
fn nothing_is_received_twice() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &sent[..1], false));

		let again = try_receive(WHOLESALER, shipment, &sent[..1], false);
		assert_noop!(again, Error::<Test>::NotInShipment);
		assert_ok!(try_receive(WHOLESALER, shipment, &sent[1..], true));
		let over = try_receive(WHOLESALER, shipment, &sent[..1], true);
		assert_noop!(over, Error::<Test>::UnknownShipment);
	});
}

#[test]
fn only_the_receiver_may() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();

		for who in [MAKER, PHARMACY, STRANGER] {
			let call = try_receive(who, shipment, &sent, true);
			assert_noop!(call, Error::<Test>::NotReceiver);
		}
		let nowhere = try_receive(WHOLESALER, ShipmentId(9), &sent, true);
		assert_noop!(nowhere, Error::<Test>::UnknownShipment);
	});
}

#[test]
fn the_receivers_licence_is_in_force() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		Accreditations::remove(id(WHOLESALER), AccreditationKind::DistributorLicence);

		let call = try_receive(WHOLESALER, shipment, &sent, true);
		assert_noop!(call, Error::<Test>::NotLicensed);
	});
}

#[test]
fn the_list_rises() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();

		for list in [[sent[1], sent[0]], [sent[1], sent[1]]] {
			let call = try_receive(WHOLESALER, shipment, &list, true);
			assert_noop!(call, Error::<Test>::NotSorted);
		}
	});
}

#[test]
fn no_call_with_65_items_decodes() {
	let call = |count: u32| {
		let items: Vec<_> = (0..count).map(|start| item(BatchIx(0), start)).collect();
		let looked = Completeness::Verified;
		let bytes = (19u8, ShipmentId(0), items, true, 0u32, looked, Told::default()).encode();
		Call::<Test>::decode(&mut bytes.as_slice())
	};

	assert!(call(MAX_SHIPPED).is_ok());
	assert!(call(MAX_SHIPPED + 1).is_err());
}

#[test]
fn an_overdue_shipment_is_received_all_the_same() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		set_time(START + OVERDUE_AFTER);

		assert_ok!(try_receive(WHOLESALER, shipment, &sent, true));
	});
}

#[test]
fn times_are_not_far_off() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let (off, edges) = times();
		let receive = |item: ItemRef, told| {
			let (items, looked) = (vec![item].try_into().unwrap(), Completeness::Unknown);
			SupplyChain::receive(signed(WHOLESALER), shipment, items, false, 0, looked, told)
		};

		for told in off {
			assert_noop!(receive(sent[0], told), Error::<Test>::ClockSkew);
		}
		assert_ok!(receive(sent[0], edges[0]));
		assert_ok!(receive(sent[1], edges[1]));
	});
}

#[test]
fn goods_go_from_hand_to_hand() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &sent, true));
		handed_over(WHOLESALER, PHARMACY, &sent);

		assert_eq!(held_by(PHARMACY), sent);
		assert_eq!(held_by(WHOLESALER), []);
		let ItemRef::Container(case) = sent[2] else { panic!("a container") };
		assert_ok!(try_empty(PHARMACY, case));
	});
}
