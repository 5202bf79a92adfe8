// SPDX-License-Identifier: Apache-2.0

use super::*;

fn void(who: Sr25519Keyring, shipment: ShipmentId) -> DispatchResultWithPostInfo {
	SupplyChain::void_ship(signed(who), shipment)
}

/// A case and a parcel of the maker's on their way to the wholesaler.
fn on_its_way() -> (ShipmentId, Vec<ItemRef>) {
	let batch = commissioned();
	let items = cut(batch, &[0, 48]);
	let case = container(1);
	packed(case, &items[..1]);
	let sent = vec![items[1], boxed(case)];
	(shipped(MAKER, WHOLESALER, &sent), sent)
}

#[test]
fn all_of_it_is_the_senders_again() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let rent_on_the_way = rent(MAKER);

		assert_ok!(void(MAKER, shipment));

		assert_eq!(held_by(MAKER), sent);
		assert_eq!(on_the_way(shipment), []);
		assert_eq!(Shipments::<Test>::get(shipment), None);
		assert_eq!((open_shipments(MAKER), open_shipments(WHOLESALER)), (vec![], vec![]));
		assert!(rent(MAKER) < rent_on_the_way);
		assert_eq!(last_event(), Event::ShipmentVoided { shipment });
	});
}

#[test]
fn rent_is_given_back_to_the_last_unit() {
	build_and_execute(|| {
		let batch = commissioned();
		let before = rent(MAKER);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);

		assert_ok!(void(MAKER, shipment));
		assert_eq!(rent(MAKER), before);
	});
}

#[test]
fn weight_is_given_back_for_items_that_were_not_there() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();
		let full = Call::<Test>::void_ship { shipment }.get_dispatch_info().call_weight;
		assert_eq!(full, <() as WeightInfo>::void_ship(MAX_SHIPPED));

		let used = void(MAKER, shipment).unwrap().actual_weight;
		assert_eq!(used, Some(<() as WeightInfo>::void_ship(2)));
	});
}

#[test]
fn only_the_sender_may() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();

		for who in [WHOLESALER, STRANGER] {
			assert_noop!(void(who, shipment), Error::<Test>::NotSender);
		}
	});
}

#[test]
fn refuses_after_a_part_was_received() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &sent[..1], false));

		assert_noop!(void(MAKER, shipment), Error::<Test>::AlreadyReceived);
	});
}

#[test]
fn nothing_of_it_is_received_afterwards() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(void(MAKER, shipment));

		let late = try_receive(WHOLESALER, shipment, &sent, true);
		assert_noop!(late, Error::<Test>::UnknownShipment);
		assert_noop!(void(MAKER, shipment), Error::<Test>::UnknownShipment);
		assert_noop!(void(MAKER, ShipmentId(9)), Error::<Test>::UnknownShipment);
	});
}

#[test]
fn nothing_happens_by_itself_when_it_is_overdue() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		let row = Shipments::<Test>::get(shipment).unwrap();
		assert!(!row.is_overdue_at(START + OVERDUE_AFTER - 1));
		assert!(row.is_overdue_at(START + OVERDUE_AFTER));

		set_time(START + 10 * OVERDUE_AFTER);
		SupplyChain::sweep(frame_support::weights::Weight::MAX);
		assert_eq!(on_the_way(shipment), sent);
		assert_eq!(held_by(WHOLESALER), []);
		assert_ok!(void(MAKER, shipment));
	});
}

#[test]
fn goods_that_came_back_go_out_again() {
	build_and_execute(|| {
		let (shipment, sent) = on_its_way();
		assert_ok!(void(MAKER, shipment));

		handed_over(MAKER, PHARMACY, &sent);
		assert_eq!(held_by(PHARMACY), sent);
	});
}
