// SPDX-License-Identifier: Apache-2.0

use super::*;

/// A lot of ten million units in one batch, released.
fn ten_million() -> (LotIx, BatchIx) {
	registered();
	let lot = lot("L1");
	assert_ok!(commission_some(lot, 9, 10_000_000));
	(lot, BatchIx(0))
}

fn range(batch: BatchIx, start: u32, len: u32) -> RecallScope {
	RecallScope::Range { batch, start, len }
}

#[test]
fn a_maker_recalls_a_lot_of_ten_million_by_one_row() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		let before = rows();
		set_time(START + DAY);
		let recall = recalled(RecallScope::Lot(lot));
		let row = Recalls::<Test>::get(recall).unwrap();
		assert_eq!((row.scope, row.initiator), (RecallScope::Lot(lot), id(MAKER)));
		assert!(!row.by_authority && row.markets.is_empty());
		assert_eq!((row.class, row.depth), (RecallClass::II, RecallDepth::Retail));
		assert_eq!((row.reason, row.reference), (digest(8), digest(9)));
		assert_eq!((row.opened, row.closed, row.units), (START + DAY, None, 10_000_000));
		assert_eq!((row.acknowledged, row.progress), (0, Progress::default()));
		// The recall, its reference and the number of the next one.
		assert_eq!(rows() - before, 3);

		for index in [0, 4_999_999, 9_999_999] {
			for market in [None, Some(HERE), Some(THERE)] {
				assert_eq!(obstacle(batch, index, market), Some(Obstacle::Recalled(recall)));
			}
		}
		let event = Event::RecallInitiated {
			recall,
			scope: RecallScope::Lot(lot),
			class: RecallClass::II,
			depth: RecallDepth::Retail,
			markets: markets(&[]),
			reason: digest(8),
			reference: digest(9),
			by: id(MAKER),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn holds_nothing() {
	build_and_execute(|| {
		let (lot, _) = ten_million();
		let before = held(MAKER);
		recalled(RecallScope::Lot(lot));
		assert_ok!(recall_of(AUTHORITY, RecallScope::Lot(lot), &[HERE], 9));
		assert_eq!((held(MAKER), held(AUTHORITY)), (before, 0));
	});
}

#[test]
fn reaches_a_product_a_lot_a_batch_or_a_stretch_and_nothing_else() {
	build_and_execute(|| {
		registered();
		let (one, other) = (lot("L1"), lot("L2"));
		for (lot, root) in [(one, 20), (one, 21), (other, 22)] {
			assert_ok!(commission_some(lot, root, 100));
		}
		// Which of the three batches each scope reaches, by its first and its last unit.
		let cases = [
			(RecallScope::Product(di(DRUG)), 300, [[true; 2]; 3]),
			(RecallScope::Lot(one), 200, [[true; 2], [true; 2], [false; 2]]),
			(RecallScope::Batch(BatchIx(1)), 100, [[false; 2], [true; 2], [false; 2]]),
			(range(BatchIx(2), 0, 50), 50, [[false; 2], [false; 2], [true, false]]),
		];
		for (scope, units, reached) in cases {
			let recall = recalled(scope);
			assert_eq!(Recalls::<Test>::get(recall).unwrap().units, units);
			for (batch, hits) in (0..).map(BatchIx).zip(reached) {
				for (index, hit) in [0, 99].into_iter().zip(hits) {
					let expected = hit.then_some(Obstacle::Recalled(recall));
					assert_eq!(obstacle(batch, index, Some(HERE)), expected);
				}
			}
			assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		}
	});
}

#[test]
fn a_stretch_reaches_from_its_first_to_its_last_unit() {
	build_and_execute(|| {
		let batch = commissioned();
		let recall = recalled(range(batch, 255, 2));
		let hits: Vec<u32> =
			(0..UNITS).filter(|index| obstacle(batch, *index, None).is_some()).collect();
		assert_eq!(hits, [255, 256]);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
	});
}

#[test]
fn a_stretch_lies_within_its_batch() {
	build_and_execute(|| {
		let batch = commissioned();
		let outside = DispatchError::from(Error::<Test>::IndexOutOfRange);
		for (start, len) in [(0, UNITS + 1), (UNITS, 1), (UNITS - 1, 2), (1, u32::MAX)] {
			assert_noop!(recall_of(MAKER, range(batch, start, len), &[], 9), outside);
		}
		assert_noop!(recall_of(MAKER, range(batch, 5, 0), &[], 9), Error::<Test>::NothingNamed);
		assert_ok!(recall_of(MAKER, range(batch, UNITS - 1, 1), &[], 9));
		assert_ok!(recall_of(MAKER, range(batch, 0, UNITS), &[], 9));
	});
}

#[test]
fn a_maker_without_a_licence_still_recalls_its_product() {
	build_and_execute(|| {
		let (lot, _) = ten_million();
		lapse(MAKER);
		recalled(RecallScope::Lot(lot));
	});
}

#[test]
fn an_authority_recalls_in_its_own_markets() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		Accreditations::appoint(id(AUTHORITY), THERE);
		assert_ok!(recall_of(AUTHORITY, RecallScope::Lot(lot), &[HERE, THERE], 9));
		let row = Recalls::<Test>::get(RecallId(0)).unwrap();
		assert!(row.by_authority);
		assert_eq!(row.markets, markets(&[HERE, THERE]));
		let elsewhere = Jurisdiction(840);
		for market in [None, Some(HERE), Some(THERE)] {
			assert_eq!(obstacle(batch, 0, market), Some(Obstacle::Recalled(RecallId(0))));
		}
		assert_eq!(obstacle(batch, 0, Some(elsewhere)), Some(Obstacle::NotApproved));
	});
}

#[test]
fn a_recall_in_one_market_does_not_stop_another() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		Accreditations::appoint(id(AUTHORITY), THERE);
		let approve = SupplyChain::approve_product;
		assert_ok!(approve(signed(AUTHORITY), di(DRUG), THERE, digest(3), window(0, DAY)));
		assert_ok!(recall_of(MAKER, RecallScope::Lot(lot), &[THERE], 9));
		assert_eq!(obstacle(batch, 0, Some(HERE)), None);
		assert_eq!(obstacle(batch, 0, Some(THERE)), Some(Obstacle::Recalled(RecallId(0))));
	});
}

#[test]
fn refuses_an_authority_outside_its_markets_and_strangers_everywhere() {
	build_and_execute(|| {
		let (lot, _) = ten_million();
		let not_yours = DispatchError::from(Error::<Test>::MarketNotYours);
		for named in [&[][..], &[THERE], &[HERE, THERE]] {
			assert_noop!(recall_of(AUTHORITY, RecallScope::Lot(lot), named, 9), not_yours);
		}
		for who in [RIVAL, WHOLESALER, PHARMACY, STRANGER] {
			for named in [&[][..], &[HERE]] {
				assert_noop!(recall_of(who, RecallScope::Lot(lot), named, 9), not_yours);
			}
		}
		Accreditations::dismiss(id(AUTHORITY), HERE);
		assert_noop!(recall_of(AUTHORITY, RecallScope::Lot(lot), &[HERE], 9), not_yours);
	});
}

#[test]
fn refuses_markets_that_are_no_countries_or_not_in_rising_order() {
	build_and_execute(|| {
		let (lot, _) = ten_million();
		let scope = RecallScope::Lot(lot);
		let nowhere = [Jurisdiction(0), Jurisdiction(1000)];
		for named in [[THERE, HERE], [HERE, HERE], [nowhere[0], HERE], [HERE, nowhere[1]]] {
			assert_noop!(recall_of(MAKER, scope, &named, 9), Error::<Test>::BadMarkets);
		}
		let sixteen: Vec<_> = (1..=16).map(Jurisdiction).collect();
		assert_ok!(recall_of(MAKER, scope, &sixteen, 9));
		assert!(Markets::try_from((1..=17).map(Jurisdiction).collect::<Vec<_>>()).is_err());
	});
}

#[test]
fn refuses_what_does_not_exist() {
	build_and_execute(|| {
		let unknown: [(RecallScope, Error<Test>); 4] = [
			(RecallScope::Product(di(DRUG)), Error::UnknownProduct),
			(RecallScope::Lot(LotIx(0)), Error::UnknownLot),
			(RecallScope::Batch(BatchIx(0)), Error::UnknownBatch),
			(range(BatchIx(0), 0, 1), Error::UnknownBatch),
		];
		for (scope, error) in unknown {
			assert_noop!(recall_of(MAKER, scope, &[], 9), error);
		}
	});
}

#[test]
fn the_same_recall_twice_is_one_also_after_it_is_closed() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		let scope = RecallScope::Lot(lot);
		let recall = recalled(scope);
		let known = DispatchError::from(Error::<Test>::RecallAlreadyActive);
		assert_noop!(recall_of(MAKER, scope, &[], 9), known);
		assert_noop!(recall_of(MAKER, scope, &[HERE], 9), known);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_noop!(recall_of(MAKER, scope, &[], 9), known);

		// Another reference, scope or initiator makes another recall.
		assert_ok!(recall_of(MAKER, scope, &[], 10));
		assert_ok!(recall_of(MAKER, RecallScope::Batch(batch), &[], 9));
		assert_ok!(recall_of(AUTHORITY, scope, &[HERE], 9));
		assert_eq!(NextRecall::<Test>::get(), RecallId(4));
	});
}

#[test]
fn eight_recalls_are_live_on_a_product_a_lot_or_a_batch_at_a_time() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		let full = DispatchError::from(Error::<Test>::TooManyRecalls);
		let scopes =
			[RecallScope::Product(di(DRUG)), RecallScope::Lot(lot), RecallScope::Batch(batch)];
		for scope in scopes {
			let first = NextRecall::<Test>::get();
			for reference in 0..8 {
				assert_ok!(recall_of(MAKER, scope, &[], 10 + reference));
			}
			assert_noop!(recall_of(MAKER, scope, &[], 9), full);
			assert_noop!(recall_of(AUTHORITY, scope, &[HERE], 9), full);
			assert_ok!(SupplyChain::close_recall(signed(MAKER), first));
			assert_ok!(recall_of(AUTHORITY, scope, &[HERE], 9));
		}
		// Stretches lie on their batch.
		assert_noop!(recall_of(MAKER, range(batch, 0, 1), &[], 9), full);
	});
}

#[test]
fn the_most_dangerous_recall_that_reaches_a_unit_is_told() {
	build_and_execute(|| {
		let (lot, batch) = ten_million();
		let told = || obstacle(batch, 7, None);
		let of_batch = recalled(RecallScope::Batch(batch));
		let of_lot = recalled(RecallScope::Lot(lot));
		assert_eq!(told(), Some(Obstacle::Recalled(of_batch)));
		let of_product = NextRecall::<Test>::get();
		assert_ok!(SupplyChain::initiate_recall(
			signed(MAKER),
			RecallScope::Product(di(DRUG)),
			RecallClass::I,
			RecallDepth::Consumer,
			markets(&[]),
			digest(8),
			digest(9),
		));
		assert_eq!(told(), Some(Obstacle::Recalled(of_product)));
		// It is worse than a withdrawal.
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		for recall in [of_product, of_batch, of_lot] {
			assert_eq!(told(), Some(Obstacle::Recalled(recall)));
			assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		}
		assert_eq!(told(), Some(Obstacle::Withdrawn));
	});
}

#[test]
fn recall_numbers_are_never_used_up_in_silence() {
	build_and_execute(|| {
		let (lot, _) = ten_million();
		NextRecall::<Test>::put(RecallId(u64::MAX));
		let overflow = sp_runtime::ArithmeticError::Overflow;
		assert_noop!(recall_of(MAKER, RecallScope::Lot(lot), &[], 9), overflow);
		NextRecall::<Test>::put(RecallId(0));
	});
}
