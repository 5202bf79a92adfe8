// SPDX-License-Identifier: Apache-2.0

//! The rules of scopes and terms, against sets of units and of markets.

use super::*;
use std::collections::BTreeSet;

/// Two products, each with two lots, each with two batches of three units.
const COUNT: u32 = 3;

fn products() -> [UdiDi; 2] {
	[gs1("0629104150021"), gs1(OTHER_DRUG)]
}

/// The lots of a product, and the batches of a lot, by number.
fn parts(of: u64) -> [u64; 2] {
	[2 * of, 2 * of + 1]
}

/// Every scope of the world, with the units that it stands for.
fn scopes() -> Vec<(Goods, BTreeSet<(u64, u32)>)> {
	let units = |batches: &[u64]| {
		batches.iter().flat_map(|batch| (0..COUNT).map(|index| (*batch, index))).collect()
	};
	let mut all = Vec::new();
	for (number, product) in (0..).zip(products()) {
		let whole = Goods { product, lot: None, batch: None, range: None };
		let of_product: Vec<u64> = parts(number).into_iter().flat_map(parts).collect();
		all.push((whole, units(&of_product)));
		for lot in parts(number) {
			let of_lot = Goods { lot: Some(LotIx(lot)), ..whole };
			all.push((of_lot, units(&parts(lot))));
			for batch in parts(lot) {
				let of_batch = Goods { batch: Some(BatchIx(batch)), ..of_lot };
				all.push((of_batch, units(&[batch])));
				for (start, len) in [(0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (0, 3)] {
					let stretch = Goods { range: Some((start, len)), ..of_batch };
					let within = (start..start + len).map(|index| (batch, index)).collect();
					all.push((stretch, within));
				}
			}
		}
	}
	all
}

#[test]
fn a_scope_covers_another_when_it_has_all_its_units() {
	let all = scopes();
	assert_eq!(all.len(), 2 * (1 + 2 * (1 + 2 * (1 + 6))));
	for (wide, has) in &all {
		for (narrow, of) in &all {
			// The whole batch named by its indexes is no batch.
			let named = wide.range.is_some() && narrow.range.is_none();
			let expected = has.is_superset(of) && !named;
			assert_eq!(wide.covers(narrow), expected, "{wide:?} over {narrow:?}");
		}
	}
}

#[test]
fn a_stretch_at_the_end_of_all_numbers_does_not_wrap() {
	let [product, _] = products();
	let (lot, batch) = (Some(LotIx(0)), Some(BatchIx(0)));
	let goods = |start, len| Goods { product, lot, batch, range: Some((start, len)) };
	assert!(goods(0, u32::MAX).covers(&goods(u32::MAX - 1, 1)));
	assert!(!goods(5, 5).covers(&goods(u32::MAX, u32::MAX)));
}

fn recall_with(class: RecallClass, depth: RecallDepth, named: &[Market]) -> Recall {
	Recall {
		scope: RecallScope::Lot(LotIx(0)),
		initiator: id(MAKER),
		by_authority: false,
		class,
		depth,
		markets: markets(named),
		reason: digest(1),
		reference: digest(1),
		opened: START,
		closed: None,
		units: 0,
		acknowledged: 0,
		progress: Progress::default(),
	}
}

#[test]
fn terms_cover_others_when_nothing_of_them_is_less() {
	// Each set of three markets; none named stands for a fourth one too.
	let named: Vec<Vec<Market>> = (0..8)
		.map(|set| (1..=3).filter(|n| set >> (n - 1) & 1 == 1).map(Jurisdiction).collect())
		.collect();
	let reached = |named: &[Market]| -> BTreeSet<u16> {
		if named.is_empty() { (1..=4).collect() } else { named.iter().map(|m| m.0).collect() }
	};
	// How bad, and how deep: written anew, the worst and the deepest last.
	let classes = [RecallClass::III, RecallClass::II, RecallClass::I];
	let depths = [RecallDepth::Wholesale, RecallDepth::Retail, RecallDepth::Consumer];
	let mut all = Vec::new();
	for (bad, class) in classes.into_iter().enumerate() {
		for (deep, depth) in depths.into_iter().enumerate() {
			all.extend(named.iter().map(|named| (bad, class, deep, depth, named)));
		}
	}
	for (bad, class, deep, depth, more) in &all {
		let terms = RecallTerms { class: *class, depth: *depth, markets: markets(more) };
		for (mild, milder, flat, flatter, fewer) in &all {
			let recall = recall_with(*milder, *flatter, fewer);
			let wider = reached(more).is_superset(&reached(fewer));
			let expected = bad >= mild && deep >= flat && wider;
			assert_eq!(terms.cover(&recall), expected);
			let same = (bad, deep, more) == (mild, flat, fewer);
			assert_eq!(terms.differ(&recall), !same);
		}
	}
}
