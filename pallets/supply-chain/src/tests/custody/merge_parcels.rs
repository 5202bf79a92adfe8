// SPDX-License-Identifier: Apache-2.0

use super::*;

fn merge(who: Sr25519Keyring, first: ParcelRef, second: ParcelRef) -> sp_runtime::DispatchResult {
	SupplyChain::merge_parcels(signed(who), first, second)
}

/// The maker's parcels of the batch, from 0 and 100 on.
fn halves() -> (BatchIx, ParcelRef, ParcelRef) {
	let batch = commissioned();
	cut(batch, &[0, 100]);
	(batch, parcel(batch, 0), parcel(batch, 100))
}

#[test]
fn two_become_one_again() {
	build_and_execute(|| {
		let (batch, first, second) = halves();

		assert_ok!(merge(MAKER, first, second));

		assert_eq!(stretch(item(batch, 0)).len, UNITS);
		assert!(!Parcels::<Test>::contains_key(batch, 100));
		assert_eq!(held_by(MAKER), [item(batch, 0)]);
		assert_eq!(last_event(), Event::ParcelsMerged { batch, start: 0, len: UNITS });
	});
}

#[test]
fn a_container_has_one_item_less() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		let case = container(1);
		packed(case, &[item(batch, 0), item(batch, 100)]);

		assert_ok!(merge(MAKER, first, second));

		assert_eq!((row(case).items, inside(case)), (1, vec![item(batch, 0)]));
		assert_eq!(row(case).emptied, None);
	});
}

#[test]
fn refuses_what_does_not_follow() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		cut(batch, &[0, 100, 200]);
		let third = parcel(batch, 200);

		for (one, other) in [(first, third), (second, first), (third, second), (first, first)] {
			assert_noop!(merge(MAKER, one, other), Error::<Test>::NotMergeable);
		}
	});
}

#[test]
fn refuses_another_batch() {
	build_and_execute(|| {
		let (_, first, _) = halves();
		let other = commission(lot("L2"), 2, UNITS);
		cut(other, &[0, 100]);

		let call = merge(MAKER, first, parcel(other, 100));
		assert_noop!(call, Error::<Test>::NotMergeable);
	});
}

#[test]
fn refuses_what_another_holds() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		handed_over(MAKER, WHOLESALER, &[item(batch, 100)]);

		assert_noop!(merge(MAKER, first, second), Error::<Test>::NotMergeable);
		assert_noop!(merge(WHOLESALER, first, second), Error::<Test>::NotCustodian);
	});
}

#[test]
fn refuses_what_is_in_different_containers() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		let [case, other] = containers();
		packed(case, &[item(batch, 0)]);
		assert_noop!(merge(MAKER, first, second), Error::<Test>::NotMergeable);

		packed(other, &[item(batch, 100)]);
		assert_noop!(merge(MAKER, first, second), Error::<Test>::NotMergeable);
	});
}

#[test]
fn refuses_when_only_one_is_put_aside() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		put_aside(item(batch, 100));
		assert_noop!(merge(MAKER, first, second), Error::<Test>::NotMergeable);

		put_aside_for(item(batch, 0), QuarantineReason::Storage);
		assert_noop!(merge(MAKER, first, second), Error::<Test>::NotMergeable);
	});
}

#[test]
fn refuses_when_only_one_was_looked_into() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		handed_over(MAKER, WHOLESALER, &[item(batch, 0)]);
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 100)]);
		assert_ok!(try_receive(WHOLESALER, shipment, &[item(batch, 100)], true));

		assert_noop!(merge(WHOLESALER, first, second), Error::<Test>::NotMergeable);
	});
}

#[test]
fn a_unit_that_came_back_does_not_hide_among_others() {
	build_and_execute(|| {
		let batch = commissioned();
		cut(batch, &[0, 100, 101]);
		bring(batch, 100, &[UnitState::Dispensed, UnitState::Returned]);

		let before = merge(MAKER, parcel(batch, 0), parcel(batch, 100));
		assert_noop!(before, Error::<Test>::NotMergeable);
		let behind = merge(MAKER, parcel(batch, 100), parcel(batch, 101));
		assert_noop!(behind, Error::<Test>::NotMergeable);
		bring(batch, 100, &[UnitState::Active]);
		assert_ok!(merge(MAKER, parcel(batch, 100), parcel(batch, 101)));
		assert_ok!(merge(MAKER, parcel(batch, 0), parcel(batch, 100)));
	});
}

#[test]
fn refuses_what_nobody_knows() {
	build_and_execute(|| {
		let (batch, first, _) = halves();

		let call = merge(MAKER, first, parcel(batch, 101));
		assert_noop!(call, Error::<Test>::UnknownParcel);
		let call = merge(MAKER, parcel(batch, 1), parcel(batch, 100));
		assert_noop!(call, Error::<Test>::UnknownParcel);
	});
}

#[test]
fn refuses_on_the_way_and_under_a_seal() {
	build_and_execute(|| {
		let (batch, first, second) = halves();
		let case = container(1);
		packed(case, &[item(batch, 0), item(batch, 100)]);
		assert_ok!(SupplyChain::seal(signed(MAKER), case, digest(8)));
		assert_noop!(merge(MAKER, first, second), Error::<Test>::ContainerSealed);

		shipped(MAKER, WHOLESALER, &[boxed(case)]);
		for who in [MAKER, WHOLESALER] {
			assert_noop!(merge(who, first, second), Error::<Test>::InTransit);
		}
	});
}
