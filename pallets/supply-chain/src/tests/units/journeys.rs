// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_gs1::UdiDi;
use salus_merkle::{MerkleTree, leaf_hash};
use salus_primitives::unit_leaf;
use salus_traits::hashing::HostSha256;

/// An infusion pump of the maker, approved [`HERE`].
pub(super) const PUMP: &str = "06291041500220";
const PUMPS: u32 = 3;

fn pump_tree() -> MerkleTree<HostSha256> {
	let leaves = (0..PUMPS).map(|index| {
		let (serial, salt) = serial(99, index);
		leaf_hash::<HostSha256>(&unit_leaf(&UdiDi::Gs1(PUMP.parse().unwrap()), &serial, &salt))
	});
	MerkleTree::from_leaves(leaves.collect())
}

/// The proof of a pump in the hospital's first parcel.
pub(super) fn pump(batch: BatchIx, index: u32) -> UnitProof {
	let (serial, salt) = serial(99, index);
	let path: Vec<_> = pump_tree().path(index.into()).unwrap().into_iter().map(Digest).collect();
	let unit = UnitRef { batch, index };
	UnitProof { unit, parcel_start: 0, serial, salt, path: path.try_into().unwrap() }
}

/// Three pumps that the hospital holds.
pub(super) fn pumps() -> BatchIx {
	claimed();
	assert_ok!(SupplyChain::register_product(
		signed(MAKER),
		di(PUMP),
		company(PREFIX),
		ProductClass::Device,
		ProductFlags::default(),
		Uniqueness::FirstTouch,
		digest(2),
		BoundedVec::default()
	));
	let window = Window { from: START, until: START + 365 * DAY };
	let approve =
		SupplyChain::approve_product(signed(AUTHORITY), di(PUMP), HERE, digest(3), window);
	assert_ok!(approve);
	let lot = NextLot::<Test>::get();
	let (made, expiry) = (date("2025-12-01"), date("2035-12-31"));
	let number = lot_no("P1");
	let open = SupplyChain::open_lot(signed(MAKER), di(PUMP), number, made, expiry, 10);
	assert_ok!(open);
	assert_ok!(SupplyChain::release_lot(signed(MAKER), lot, digest(4)));
	let batch = NextBatch::<Test>::get();
	let root = Digest(pump_tree().root());
	let new = NewBatch { root, count: PUMPS, salt: digest(5), leaf_file: digest(6) };
	assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
	handed_over(MAKER, HOSPITAL, &[item(batch, 0)]);
	batch
}

#[test]
fn a_pump_from_delivery_to_the_scrapyard() {
	build_and_execute(|| {
		let batch = pumps();
		// given a pump in use
		assert_ok!(leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::InUse));
		// when it alarms for no reason, it is put aside and goes back into use
		assert_ok!(put_aside(HOSPITAL, on(batch, 1)));
		assert!(Devices::<Test>::contains_key(unit(batch, 1)));
		let apart = HoldTarget::Unit(held(batch, 1, 1));
		assert_ok!(let_go(HOSPITAL, apart));
		assert_eq!(state(unit(batch, 1)), UnitState::Device);
		// when the maker recalls it, it is put aside for good, and destroyed
		recalled(RecallScope::Product(di(PUMP)), &[]);
		assert_ok!(put_aside(HOSPITAL, apart));
		assert_noop!(let_go(HOSPITAL, apart), Error::<Test>::Recalled);
		assert_ok!(burn(HOSPITAL, &[held(batch, 1, 1)], WHOLESALER));
		// then nothing but its state remains, and the next one does not go into use
		assert_eq!(Devices::<Test>::get(unit(batch, 1)), None);
		let next = UnitProof { parcel_start: 2, ..pump(batch, 2) };
		assert_noop!(
			leave(HOSPITAL, vec![next], DecommissionReason::InUse),
			Error::<Test>::Recalled
		);
	});
}

#[test]
fn a_retired_pump_comes_back_retired_from_quarantine() {
	build_and_execute(|| {
		let batch = pumps();
		assert_ok!(leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::InUse));
		assert_ok!(leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::Retired));
		assert_ok!(lock(on(batch, 1)));
		assert_ok!(let_go(AUTHORITY, on(batch, 1)));
		let life = Devices::<Test>::get(unit(batch, 1));
		assert!(matches!(life, Some(DeviceLife::Retired { .. })));
	});
}

#[test]
fn a_pack_sold_by_mistake_sold_again_and_brought_back_elsewhere() {
	build_and_execute(|| {
		let batch = stocked();
		// given a pack that was scanned for the wrong patient
		sold(batch, 7);
		assert_ok!(undo(PHARMACY, batch, 7, site()));
		// when it is sold and the patient brings it to another pharmacy
		set_time(START + DAY);
		sold(batch, 7);
		assert_ok!(take_back(OTHER_PHARMACY, &[(held(batch, 7, 0), Some(SECRET))], false));
		// then that one judges it, and sells it
		let target = HoldTarget::Unit(held(batch, 7, 7));
		assert_ok!(let_go(OTHER_PHARMACY, target));
		let there = UnitProof { parcel_start: 7, ..pack(batch, 7) };
		assert_ok!(sell(OTHER_PHARMACY, vec![there.clone()]));
		assert_noop!(sell(PHARMACY, vec![there]), Error::<Test>::DispensedElsewhere);
		assert_eq!(counted(batch, UnitState::Dispensed), 1);
	});
}
