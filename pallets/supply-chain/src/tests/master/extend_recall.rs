// SPDX-License-Identifier: Apache-2.0

use super::*;
use RecallClass::{I, II, III};
use RecallDepth::{Consumer, Retail, Wholesale};

/// Terms to extend by: what recalls are opened with, unless changed.
struct Terms(RecallClass, RecallDepth, Vec<Market>);

/// Those of [`recall_of`].
fn same() -> Terms {
	Terms(II, Retail, vec![])
}

fn extend(who: Sr25519Keyring, recall: RecallId, scope: RecallScope, by: Terms) -> DispatchResult {
	let Terms(class, depth, named) = by;
	SupplyChain::extend_recall(signed(who), recall, scope, class, depth, markets(&named))
}

fn range(start: u32, len: u32) -> RecallScope {
	RecallScope::Range { batch: BatchIx(0), start, len }
}

/// Two lots: the first with two batches of 100 units, the second with one.
fn goods() -> (LotIx, LotIx) {
	registered();
	let (one, other) = (lot("L1"), lot("L2"));
	for (lot, root) in [(one, 20), (one, 21), (other, 22)] {
		assert_ok!(commission_some(lot, root, 100));
	}
	(one, other)
}

#[test]
fn grows_from_a_stretch_to_the_whole_product() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(range(10, 5));
		let reached = || {
			let hit = |batch, index| {
				obstacle(BatchIx(batch), index, None) == Some(Obstacle::Recalled(recall))
			};
			[hit(0, 10), hit(0, 9), hit(0, 99), hit(1, 0), hit(2, 0)]
		};
		assert_eq!(reached(), [true, false, false, false, false]);
		let steps = [
			(range(9, 6), 6, [true, true, false, false, false]),
			(RecallScope::Batch(BatchIx(0)), 100, [true, true, true, false, false]),
			(RecallScope::Lot(one), 200, [true, true, true, true, false]),
			(RecallScope::Product(di(DRUG)), 300, [true; 5]),
		];
		for (scope, units, hits) in steps {
			assert_ok!(extend(MAKER, recall, scope, same()));
			assert_eq!(reached(), hits);
			let row = Recalls::<Test>::get(recall).unwrap();
			assert_eq!((row.scope, row.units), (scope, units));
			let event = Event::RecallExtended {
				recall,
				scope,
				markets: markets(&[]),
				class: II,
				depth: Retail,
				by: id(MAKER),
			};
			assert_eq!(last_event(), event);
		}
		// It lies on one row at a time.
		assert!(Batches::<Test>::iter_values().all(|batch| batch.recalls.is_empty()));
		assert!(Lots::<Test>::iter_values().all(|lot| lot.recalls.is_empty()));
		assert_eq!(Products::<Test>::get(di(DRUG)).unwrap().recalls.len(), 1);
	});
}

#[test]
fn gets_worse_and_deeper_and_reaches_more_markets() {
	build_and_execute(|| {
		let (one, _) = goods();
		let scope = RecallScope::Lot(one);
		assert_ok!(recall_of(MAKER, scope, &[HERE], 9));
		let recall = RecallId(0);
		let steps = [
			Terms(I, Retail, vec![HERE]),
			Terms(I, Consumer, vec![HERE]),
			Terms(I, Consumer, vec![HERE, THERE]),
			Terms(I, Consumer, vec![]),
		];
		for Terms(class, depth, named) in steps {
			assert_ok!(extend(MAKER, recall, scope, Terms(class, depth, named.clone())));
			let row = Recalls::<Test>::get(recall).unwrap();
			assert_eq!((row.class, row.depth, row.markets), (class, depth, markets(&named)));
			let live = Lots::<Test>::get(one).unwrap().recalls;
			let [live] = &live[..] else { panic!("one recall") };
			let expected = LiveRecall { id: recall, class, markets: markets(&named), range: None };
			assert_eq!(*live, expected);
		}
	});
}

#[test]
fn never_shrinks() {
	build_and_execute(|| {
		let (one, other) = goods();
		assert_ok!(recall_of(MAKER, RecallScope::Lot(one), &[HERE, THERE], 9));
		let both = || vec![HERE, THERE];
		let no = DispatchError::from(Error::<Test>::NotAnExtension);
		let narrower = [
			RecallScope::Batch(BatchIx(0)),
			range(0, 100),
			RecallScope::Lot(other),
			RecallScope::Batch(BatchIx(2)),
		];
		for scope in narrower {
			assert_noop!(extend(MAKER, RecallId(0), scope, Terms(I, Consumer, both())), no);
		}
		let less = [
			Terms(III, Consumer, both()),
			Terms(I, Wholesale, both()),
			Terms(I, Consumer, vec![HERE]),
			Terms(I, Consumer, vec![HERE, Jurisdiction(840)]),
		];
		for terms in less {
			let wider = RecallScope::Product(di(DRUG));
			assert_noop!(extend(MAKER, RecallId(0), wider, terms), no);
		}
	});
}

#[test]
fn a_recall_everywhere_is_not_taken_back_to_some_markets() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(RecallScope::Lot(one));
		let some = Terms(I, Consumer, vec![HERE, THERE]);
		let no = DispatchError::from(Error::<Test>::NotAnExtension);
		assert_noop!(extend(MAKER, recall, RecallScope::Product(di(DRUG)), some), no);
	});
}

#[test]
fn something_has_to_grow() {
	build_and_execute(|| {
		let (one, _) = goods();
		let of_lot = recalled(RecallScope::Lot(one));
		let no = DispatchError::from(Error::<Test>::NotAnExtension);
		assert_noop!(extend(MAKER, of_lot, RecallScope::Lot(one), same()), no);
		let of_range = recalled(range(10, 5));
		assert_noop!(extend(MAKER, of_range, range(10, 5), same()), no);
		for (start, len) in [(11, 5), (10, 4), (9, 5), (0, 10)] {
			assert_noop!(extend(MAKER, of_range, range(start, len), same()), no);
		}
		assert_ok!(extend(MAKER, of_range, range(10, 6), same()));
		assert_ok!(extend(MAKER, of_range, range(9, 7), same()));
	});
}

#[test]
fn stays_with_the_goods_of_its_product() {
	build_and_execute(|| {
		goods();
		assert_ok!(register_drug(gs1(OTHER_DRUG), &[]));
		let recall = recalled(range(10, 5));
		let no = DispatchError::from(Error::<Test>::NotAnExtension);
		let other = RecallScope::Product(gs1(OTHER_DRUG));
		assert_noop!(extend(MAKER, recall, other, same()), no);
		assert_noop!(extend(MAKER, recall, RecallScope::Batch(BatchIx(1)), same()), no);
		let elsewhere = RecallScope::Range { batch: BatchIx(1), start: 0, len: 100 };
		assert_noop!(extend(MAKER, recall, elsewhere, same()), no);
	});
}

#[test]
fn refuses_what_does_not_exist() {
	build_and_execute(|| {
		goods();
		let recall = recalled(range(10, 5));
		let unknown: [(RecallScope, Error<Test>); 5] = [
			(RecallScope::Product(gs1(OTHER_DRUG)), Error::UnknownProduct),
			(RecallScope::Lot(LotIx(9)), Error::UnknownLot),
			(RecallScope::Batch(BatchIx(9)), Error::UnknownBatch),
			(range(10, 91), Error::IndexOutOfRange),
			(range(10, 0), Error::NothingNamed),
		];
		for (scope, error) in unknown {
			assert_noop!(extend(MAKER, recall, scope, same()), error);
		}
		let missing = RecallId(9);
		assert_noop!(extend(MAKER, missing, range(9, 6), same()), Error::<Test>::UnknownRecall);
	});
}

#[test]
fn refuses_all_but_who_recalled() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(range(10, 5));
		for who in [RIVAL, AUTHORITY, STRANGER] {
			assert_noop!(
				extend(who, recall, RecallScope::Lot(one), same()),
				Error::<Test>::NotAuthorised
			);
		}
		assert_ok!(recall_of(AUTHORITY, range(10, 5), &[HERE], 9));
		assert_noop!(
			extend(MAKER, RecallId(1), RecallScope::Lot(one), same()),
			Error::<Test>::NotAuthorised
		);
	});
}

#[test]
fn an_authority_extends_within_its_markets() {
	build_and_execute(|| {
		let (one, _) = goods();
		let scope = RecallScope::Lot(one);
		assert_ok!(recall_of(AUTHORITY, scope, &[HERE], 9));
		let not_yours = DispatchError::from(Error::<Test>::MarketNotYours);
		for named in [vec![], vec![HERE, THERE]] {
			let by = Terms(I, Retail, named);
			assert_noop!(extend(AUTHORITY, RecallId(0), scope, by), not_yours);
		}
		Accreditations::appoint(id(AUTHORITY), THERE);
		let both = || Terms(II, Retail, vec![HERE, THERE]);
		assert_ok!(extend(AUTHORITY, RecallId(0), scope, both()));
		// Out of office it extends nothing.
		Accreditations::dismiss(id(AUTHORITY), HERE);
		let wider = RecallScope::Product(di(DRUG));
		assert_noop!(extend(AUTHORITY, RecallId(0), wider, both()), not_yours);
	});
}

#[test]
fn refuses_markets_that_are_no_countries_or_not_in_rising_order() {
	build_and_execute(|| {
		let (one, _) = goods();
		assert_ok!(recall_of(MAKER, RecallScope::Lot(one), &[HERE], 9));
		for named in [vec![THERE, HERE], vec![HERE, HERE], vec![Jurisdiction(0), HERE]] {
			assert_noop!(
				extend(MAKER, RecallId(0), RecallScope::Lot(one), Terms(I, Retail, named)),
				Error::<Test>::BadMarkets
			);
		}
	});
}

#[test]
fn refuses_a_closed_recall() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(range(10, 5));
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_noop!(
			extend(MAKER, recall, RecallScope::Lot(one), same()),
			Error::<Test>::RecallClosed
		);
	});
}

#[test]
fn finds_a_place_where_it_goes() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(range(10, 5));
		for reference in 0..8 {
			assert_ok!(recall_of(MAKER, RecallScope::Lot(one), &[], 20 + reference));
		}
		let full = DispatchError::from(Error::<Test>::TooManyRecalls);
		assert_noop!(extend(MAKER, recall, RecallScope::Lot(one), same()), full);
		assert_ok!(extend(MAKER, recall, RecallScope::Product(di(DRUG)), same()));
	});
}

#[test]
fn a_full_row_takes_the_extension_of_what_lies_on_it() {
	build_and_execute(|| {
		goods();
		let recall = recalled(range(10, 5));
		for reference in 0..7 {
			let scope = RecallScope::Batch(BatchIx(0));
			assert_ok!(recall_of(MAKER, scope, &[], 20 + reference));
		}
		assert_ok!(extend(MAKER, recall, RecallScope::Batch(BatchIx(0)), same()));
		let live = Batches::<Test>::get(BatchIx(0)).unwrap().recalls;
		assert_eq!(live.iter().filter(|live| live.id == recall).count(), 1);
		assert_eq!(live.len(), MAX_RECALLS as usize);
	});
}

#[test]
fn its_reference_stands_for_the_wider_scope_too() {
	build_and_execute(|| {
		let (one, _) = goods();
		let known = DispatchError::from(Error::<Test>::RecallAlreadyActive);
		let recall = recalled(range(10, 5));
		assert_ok!(extend(MAKER, recall, RecallScope::Lot(one), same()));
		assert_noop!(recall_of(MAKER, RecallScope::Lot(one), &[], 9), known);
		assert_noop!(recall_of(MAKER, range(10, 5), &[], 9), known);

		// Nor does it grow into another recall with its reference.
		let other = recalled(RecallScope::Product(di(DRUG)));
		assert_noop!(extend(MAKER, recall, RecallScope::Product(di(DRUG)), same()), known);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), other));
		assert_noop!(extend(MAKER, recall, RecallScope::Product(di(DRUG)), same()), known);
	});
}

#[test]
fn nothing_is_commissioned_into_a_lot_that_a_recall_grew_to() {
	build_and_execute(|| {
		let (one, _) = goods();
		let recall = recalled(RecallScope::Batch(BatchIx(0)));
		assert_ok!(commission_some(one, 30, 50));
		assert_ok!(extend(MAKER, recall, RecallScope::Lot(one), same()));
		assert_eq!(Recalls::<Test>::get(recall).unwrap().units, 250);
		assert_noop!(commission_some(one, 31, 1), Error::<Test>::Recalled);
	});
}
