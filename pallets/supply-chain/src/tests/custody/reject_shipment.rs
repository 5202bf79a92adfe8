// SPDX-License-Identifier: Apache-2.0

use super::*;

fn reject(who: Sr25519Keyring, shipment: ShipmentId) -> DispatchResultWithPostInfo {
	SupplyChain::reject_shipment(signed(who), shipment, RejectReason::Mismatch)
}

fn on_its_way() -> (ShipmentId, Vec<ItemRef>) {
	let batch = commissioned();
	let items = cut(batch, &[0, 48, 96]);
	(shipped(MAKER, WHOLESALER, &items), items)
}

#[test]
fn all_of_it_is_the_senders_again() {
	build_and_execute(|| {
		let batch = commissioned();
		let before = rent(MAKER);
		let items = cut(batch, &[0, 48, 96]);
		let shipment = shipped(MAKER, WHOLESALER, &items);

		assert_ok!(reject(WHOLESALER, shipment));

		assert_eq!((held_by(MAKER), on_the_way(shipment)), (items, vec![]));
		assert_eq!(Shipments::<Test>::get(shipment), None);
		assert_eq!((open_shipments(MAKER), open_shipments(WHOLESALER)), (vec![], vec![]));
		assert_eq!(rent(MAKER), before);
		let reason = RejectReason::Mismatch;
		assert_eq!(last_event(), Event::ShipmentRejected { shipment, items: 3, reason });
	});
}

#[test]
fn weight_is_given_back_for_items_that_were_not_there() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();
		let call = Call::<Test>::reject_shipment { shipment, reason: RejectReason::Mismatch };
		let full = call.get_dispatch_info().call_weight;
		assert_eq!(full, <() as WeightInfo>::reject_shipment(MAX_SHIPPED));

		let used = reject(WHOLESALER, shipment).unwrap().actual_weight;
		assert_eq!(used, Some(<() as WeightInfo>::reject_shipment(3)));
	});
}

#[test]
fn who_lost_its_licence_still_sends_goods_back() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();
		Accreditations::remove(id(WHOLESALER), AccreditationKind::DistributorLicence);

		assert_ok!(reject(WHOLESALER, shipment));
	});
}

#[test]
fn only_the_receiver_may() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();

		for who in [MAKER, PHARMACY, STRANGER] {
			assert_noop!(reject(who, shipment), Error::<Test>::NotReceiver);
		}
	});
}

#[test]
fn refuses_after_a_part_was_received() {
	build_and_execute(|| {
		let (shipment, items) = on_its_way();
		assert_ok!(try_receive(WHOLESALER, shipment, &items[..1], false));

		assert_noop!(reject(WHOLESALER, shipment), Error::<Test>::AlreadyReceived);
	});
}

#[test]
fn refuses_what_is_over_or_unknown() {
	build_and_execute(|| {
		let (shipment, _) = on_its_way();
		assert_ok!(reject(WHOLESALER, shipment));

		for shipment in [shipment, ShipmentId(9)] {
			assert_noop!(reject(WHOLESALER, shipment), Error::<Test>::UnknownShipment);
		}
	});
}
