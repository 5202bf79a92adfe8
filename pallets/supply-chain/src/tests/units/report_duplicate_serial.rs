// SPDX-License-Identifier: Apache-2.0

use super::*;

fn report(first: UnitProof, second: UnitProof) -> DispatchResult {
	SupplyChain::report_duplicate_serial(signed(STRANGER), first, second)
}

/// The pair that stands for one serial in most tests.
fn proved() -> (BatchIx, BatchIx) {
	let batch = stocked();
	let twin = twin_batch(batch);
	assert_ok!(report(pack(batch, 7), twin_proof(twin, 7)));
	(batch, twin)
}

fn hold() -> Hold {
	Hold { by: id(STRANGER), authority: false, reason: QuarantineReason::DuplicateSerial }
}

#[test]
fn both_units_are_put_aside_and_the_maker_gets_a_strike() {
	build_and_execute(|| {
		let (batch, twin) = proved();
		for batch in [batch, twin] {
			assert_eq!(state(unit(batch, 7)), UnitState::Quarantined);
			let row = UnitHolds::<Test>::get(unit(batch, 7)).unwrap();
			assert_eq!(row, UnitHold { hold: hold(), before: UnitState::Active, beneath: None });
		}
		assert_eq!(Strikes::<Test>::get(id(MAKER)), 1);
		let (product, first, second) = (di(DRUG), unit(batch, 7), unit(twin, 7));
		let (issuer, by) = (id(MAKER), id(STRANGER));
		assert_eq!(
			last_event(),
			Event::DuplicateSerialProven { product, first, second, issuer, by }
		);
		assert_noop!(sell(PHARMACY, vec![pack(batch, 7)]), Error::<Test>::Quarantined);
	});
}

#[test]
fn the_same_pair_proves_nothing_twice_in_either_order() {
	build_and_execute(|| {
		let (batch, twin) = proved();
		let (first, second) = (pack(batch, 7), twin_proof(twin, 7));
		assert_noop!(report(first.clone(), second.clone()), Error::<Test>::AlreadyProved);
		assert_noop!(report(second, first), Error::<Test>::AlreadyProved);
		assert_eq!(Strikes::<Test>::get(id(MAKER)), 1);
		assert_ok!(report(twin_proof(twin, 8), pack(batch, 8)));
		assert_eq!(Strikes::<Test>::get(id(MAKER)), 2);
	});
}

#[test]
fn two_units_of_one_batch_with_one_serial_are_proved() {
	build_and_execute(|| {
		let batch = stocked();
		// A tree whose second leaf repeats the serial of the first.
		let leaf = |salt: u8| {
			let data = salus_primitives::unit_leaf(&di(DRUG), &serial(9, 0).0, &[salt; 16]);
			salus_merkle::leaf_hash::<salus_traits::hashing::HostSha256>(&data)
		};
		let tree =
			salus_merkle::MerkleTree::<salus_traits::hashing::HostSha256>::from_leaves(vec![
				leaf(0),
				leaf(1),
			]);
		let twice = NextBatch::<Test>::get();
		let new =
			NewBatch { root: Digest(tree.root()), count: 2, salt: digest(5), leaf_file: digest(6) };
		let lot = lot_of(batch);
		assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
		let proof = |index: u32| UnitProof {
			unit: unit(twice, index),
			parcel_start: 0,
			serial: serial(9, 0).0,
			salt: [index as u8; 16],
			path: vec![Digest(leaf(1 - index as u8))].try_into().unwrap(),
		};
		assert_ok!(report(proof(0), proof(1)));
		assert_eq!(counted(twice, UnitState::Quarantined), 2);
	});
}

#[test]
fn one_unit_or_two_serials_prove_nothing() {
	build_and_execute(|| {
		let batch = stocked();
		let twin = twin_batch(batch);
		assert_noop!(report(pack(batch, 7), pack(batch, 7)), Error::<Test>::NoDuplicate);
		assert_noop!(report(pack(batch, 7), twin_proof(twin, 8)), Error::<Test>::NoDuplicate);
		let forged = UnitProof { serial: serial(1, 7).0, ..twin_proof(twin, 8) };
		assert_noop!(report(pack(batch, 7), forged), Error::<Test>::BadProof);
	});
}

#[test]
fn only_an_authority_of_its_markets_lets_them_go() {
	build_and_execute(|| {
		let (batch, _) = proved();
		let release =
			|who, market| SupplyChain::release_quarantine(signed(who), on(batch, 7), market);
		assert_noop!(release(PHARMACY, None), Error::<Test>::NotHoldOwner);
		assert_noop!(release(STRANGER, None), Error::<Test>::NotHoldOwner);
		assert_noop!(release(PHARMACY, Some(HERE)), Error::<Test>::NotAuthorised);
		Accreditations::appoint(id(AUTHORITY), THERE);
		assert_noop!(release(AUTHORITY, Some(THERE)), Error::<Test>::MarketNotYours);
		assert_ok!(release(AUTHORITY, Some(HERE)));
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
	});
}

#[test]
fn a_holder_who_put_one_aside_before_does_not_let_it_go_after() {
	build_and_execute(|| {
		let batch = stocked();
		let twin = twin_batch(batch);
		assert_ok!(put_aside(PHARMACY, on(batch, 7)));
		assert_ok!(report(pack(batch, 7), twin_proof(twin, 7)));
		let target = HoldTarget::Unit(held(batch, 7, 7));
		assert_noop!(let_go(PHARMACY, target), Error::<Test>::NotHoldOwner);
		assert_ok!(SupplyChain::release_quarantine(signed(AUTHORITY), target, Some(HERE)));
		assert_eq!(state(unit(batch, 7)), UnitState::Quarantined);
		assert_ok!(let_go(PHARMACY, target));
		assert_eq!(state(unit(batch, 7)), UnitState::Active);
	});
}

#[test]
fn a_lock_stays_and_the_proof_lies_beneath() {
	build_and_execute(|| {
		let batch = stocked();
		let twin = twin_batch(batch);
		assert_ok!(lock(on(batch, 7)));
		assert_ok!(report(pack(batch, 7), twin_proof(twin, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Locked);
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 7)).unwrap().beneath, Some(hold()));
		assert_ok!(let_go(AUTHORITY, on(batch, 7)));
		assert_eq!(state(unit(batch, 7)), UnitState::Quarantined);
		assert_noop!(let_go(PHARMACY, on(batch, 7)), Error::<Test>::NotHoldOwner);
	});
}

#[test]
fn a_dispensed_unit_is_put_aside_and_one_that_is_gone_stays_gone() {
	build_and_execute(|| {
		let batch = stocked();
		let twin = twin_batch(batch);
		sold(batch, 7);
		assert_ok!(leave(PHARMACY, vec![pack(batch, 8)], DecommissionReason::Stolen));
		assert_ok!(report(pack(batch, 7), twin_proof(twin, 7)));
		assert_ok!(report(pack(batch, 8), twin_proof(twin, 8)));
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 7)).unwrap().before, UnitState::Dispensed);
		assert_eq!(state(unit(batch, 8)), UnitState::Stolen);
		assert_eq!(state(unit(twin, 8)), UnitState::Quarantined);
	});
}

#[test]
fn a_third_unit_with_the_serial_adds_a_pair_and_no_second_hold() {
	build_and_execute(|| {
		let (batch, twin) = proved();
		let third = NextBatch::<Test>::get();
		let data = salus_primitives::unit_leaf(&di(DRUG), &serial(1, 7).0, &[3; 16]);
		let root = salus_merkle::leaf_hash::<salus_traits::hashing::HostSha256>(&data);
		let root = Digest(root);
		let new = NewBatch { root, count: 1, salt: digest(5), leaf_file: digest(6) };
		let lot = lot_of(batch);
		assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
		let proof = UnitProof {
			unit: unit(third, 0),
			parcel_start: 0,
			serial: serial(1, 7).0,
			salt: [3; 16],
			path: BoundedVec::default(),
		};
		assert_ok!(report(proof, twin_proof(twin, 7)));
		assert_eq!(Strikes::<Test>::get(id(MAKER)), 2);
		assert_eq!(UnitHolds::<Test>::get(unit(twin, 7)).unwrap().beneath, None);
	});
}
