// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn its_goods_are_as_before() {
	build_and_execute(|| {
		let batch = commissioned();
		let lot = Batches::<Test>::get(batch).unwrap().lot;
		let range = RecallScope::Range { batch, start: 0, len: UNITS };
		let scopes = [
			RecallScope::Product(di(DRUG)),
			RecallScope::Lot(lot),
			RecallScope::Batch(batch),
			range,
		];
		for (day, scope) in (1..).zip(scopes) {
			let recall = recalled(scope);
			assert_eq!(obstacle(batch, 0, Some(HERE)), Some(Obstacle::Recalled(recall)));
			set_time(START + day * DAY);
			assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
			assert_eq!(obstacle(batch, 0, Some(HERE)), None);
			assert_eq!(Recalls::<Test>::get(recall).unwrap().closed, Some(START + day * DAY));
			assert_eq!(last_event(), Event::RecallClosed { recall, by: id(MAKER) });
		}
	});
}

#[test]
fn leaves_the_others_where_they_are() {
	build_and_execute(|| {
		let batch = commissioned();
		let scope = RecallScope::Batch(batch);
		for reference in 10..13 {
			assert_ok!(recall_of(MAKER, scope, &[], reference));
		}
		assert_ok!(SupplyChain::close_recall(signed(MAKER), RecallId(1)));
		let live = Batches::<Test>::get(batch).unwrap().recalls;
		let left: Vec<_> = live.iter().map(|recall| recall.id).collect();
		assert_eq!(left, [RecallId(0), RecallId(2)]);
	});
}

#[test]
fn happens_once() {
	build_and_execute(|| {
		let batch = commissioned();
		let recall = recalled(RecallScope::Batch(batch));
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_noop!(SupplyChain::close_recall(signed(MAKER), recall), Error::<Test>::RecallClosed);
	});
}

#[test]
fn an_authoritys_recall_is_closed_by_that_authority_alone() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_ok!(recall_of(AUTHORITY, RecallScope::Batch(batch), &[HERE], 9));
		for who in [MAKER, RIVAL, STRANGER] {
			assert_noop!(
				SupplyChain::close_recall(signed(who), RecallId(0)),
				Error::<Test>::NotAuthorised
			);
		}
		assert_ok!(SupplyChain::close_recall(signed(AUTHORITY), RecallId(0)));
	});
}

#[test]
fn a_makers_recall_is_closed_by_that_maker_alone() {
	build_and_execute(|| {
		let batch = commissioned();
		let recall = recalled(RecallScope::Batch(batch));
		for who in [AUTHORITY, RIVAL, STRANGER] {
			assert_noop!(
				SupplyChain::close_recall(signed(who), recall),
				Error::<Test>::NotAuthorised
			);
		}
		assert_noop!(
			SupplyChain::close_recall(signed(MAKER), RecallId(1)),
			Error::<Test>::UnknownRecall
		);
	});
}
