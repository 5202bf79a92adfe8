// SPDX-License-Identifier: Apache-2.0

//! How far a recall reaches, and how soon.

use super::*;
use frame_support::{assert_noop, traits::PalletInfoAccess};
use std::collections::BTreeMap;

/// A lot with two batches of 2^23 units each, of roots that nobody proves anything against.
fn millions() -> (salus_primitives::LotIx, [BatchIx; 2]) {
	registered();
	let lot = lot(LOT);
	let commission = |byte| {
		let batch = NextBatch::<Test>::get();
		let new =
			NewBatch { root: digest(byte), count: 1 << 23, salt: digest(5), leaf_file: digest(6) };
		assert_ok!(SupplyChain::commission_batch(signed(MAKER), lot, new, Told::default()));
		batch
	};
	(lot, [commission(21), commission(22)])
}

/// Every row of the pallet.
fn rows() -> BTreeMap<Vec<u8>, Vec<u8>> {
	let prefix = SupplyChain::name_hash();
	let (mut rows, mut key) = (BTreeMap::new(), prefix.to_vec());
	while let Some(next) = sp_io::storage::next_key(&key).filter(|key| key.starts_with(&prefix)) {
		rows.insert(next.clone(), sp_io::storage::get(&next).unwrap().to_vec());
		key = next;
	}
	rows
}

#[test]
fn sixteen_million_units_are_recalled_by_four_writes_and_in_the_next_block() {
	build_and_execute(|| {
		let (lot, batches) = millions();
		let before = rows();
		let recall = recalled(RecallScope::Lot(lot), HERE, 1);
		assert_eq!(Recalls::<Test>::get(recall).unwrap().units, 1 << 24);
		// The lot's row, the recall with its reference and the next number; nothing about units.
		let after = rows();
		let written = after.iter().filter(|(key, row)| before.get(*key) != Some(row)).count();
		assert_eq!((written, after.len() - before.len()), (4, 3));
		System::set_block_number(2);
		set_time(START + 3_000);
		for batch in batches {
			for index in [0, 1, 255, 256, 4_194_304, (1 << 23) - 1] {
				let unit = unit(batch, index);
				assert_eq!(effective(unit), Some(Obstacle::Recalled(recall)));
				assert!(!SupplyChain::api_is_dispensable(unit, 0, HERE));
			}
		}
		let label = ScannedPack { serial: serial(1, 0).0.into(), ..label(1, 0) };
		assert_code(&SupplyChain::api_verify(label, None), VerdictCode::Recalled);
	});
}

#[test]
fn a_recalled_unit_can_be_proved_recalled() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_code(&scanned(batch, 17), VerdictCode::Ok);
		let recall = recalled_by(MAKER, RecallScope::Batch(batch), &[], RecallClass::I, 1);
		System::set_block_number(2);
		for index in [0, 17, UNITS - 1] {
			let verdict = scanned(batch, index);
			assert_code(&verdict, VerdictCode::Recalled);
			assert_eq!(verdict.recall, Some(recall));
			assert_eq!(verdict.effective, Some(Obstacle::Recalled(recall)));
			assert_eq!(verdict.state, Some(UnitState::Active));
		}
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_code(&scanned(batch, 17), VerdictCode::Ok);
	});
}

#[test]
fn a_recall_in_one_market_does_not_stop_another() {
	build_and_execute(|| {
		let batch = commissioned();
		let unit = unit(batch, 0);
		let recall = recalled_by(MAKER, RecallScope::Batch(batch), &[THERE], RecallClass::I, 1);
		assert_eq!(effective(unit), None);
		assert!(SupplyChain::api_is_dispensable(unit, 0, HERE));
		assert_code(&scanned(batch, 0), VerdictCode::Ok);
		// There it is stopped, and who names no market is told too.
		for market in [Some(THERE), None] {
			assert_eq!(
				standing(unit, Some(0), market).effective,
				Some(Obstacle::Recalled(recall)),
				"{market:?}"
			);
		}
		assert_noop!(
			SupplyChain::initiate_recall(
				signed(AUTHORITY),
				RecallScope::Batch(batch),
				RecallClass::I,
				RecallDepth::Retail,
				vec![THERE].try_into().unwrap(),
				digest(1),
				digest(2)
			),
			Error::<Test>::MarketNotYours
		);
	});
}

#[test]
fn a_range_reaches_from_its_first_unit_to_its_last() {
	build_and_execute(|| {
		let batch = commissioned();
		let (start, len) = (255, 258);
		let scope = RecallScope::Range { batch, start, len };
		let recall = recalled_by(MAKER, scope, &[], RecallClass::II, 1);
		let reached = |index| effective(unit(batch, index)) == Some(Obstacle::Recalled(recall));
		for index in [255, 256, 511, 512] {
			assert!(reached(index), "{index}");
			assert_code(&scanned(batch, index), VerdictCode::Recalled);
		}
		for index in [0, 254, 513, UNITS - 1] {
			assert!(!reached(index), "{index}");
			assert_code(&scanned(batch, index), VerdictCode::Ok);
		}
	});
}

#[test]
fn a_unit_that_was_dispensed_is_recalled_too() {
	build_and_execute(|| {
		let batch = commissioned();
		force(unit(batch, 3), UnitState::Dispensed);
		let recall = recalled_by(MAKER, RecallScope::Batch(batch), &[], RecallClass::I, 1);
		let verdict = scanned(batch, 3);
		assert_code(&verdict, VerdictCode::Recalled);
		assert_eq!((verdict.state, verdict.recall), (Some(UnitState::Dispensed), Some(recall)));
	});
}
