// SPDX-License-Identifier: Apache-2.0

//! Invariants of recalls and master data, each broken by hand.

use super::{broken_custody::assert_broken, *};
use salus_gs1::CompanyPrefix;
use salus_primitives::LotIx;

fn recall(batch: BatchIx) -> RecallId {
	recalled_by(MAKER, RecallScope::Batch(batch), &[], RecallClass::II, 1)
}

fn change(recall: RecallId, change: impl FnOnce(&mut Recall)) {
	Recalls::<Test>::mutate(recall, |row| change(row.as_mut().unwrap()));
}

fn live(batch: BatchIx, change: impl FnOnce(&mut LiveRecalls)) {
	Batches::<Test>::mutate(batch, |row| change(&mut row.as_mut().unwrap().recalls));
}

#[test]
fn recalls_and_what_they_lie_beside_go_together() {
	assert_broken("I10: open, and beside nothing", |batch| {
		recall(batch);
		live(batch, |recalls| recalls.clear());
	});
	assert_broken("I10: live twice, or not open", |batch| {
		change(recall(batch), |row| row.closed = Some(START));
	});
	assert_broken("I10: live twice, or not open", |batch| {
		recall(batch);
		live(batch, |recalls| {
			let twice = recalls[0].clone();
			recalls.try_push(twice).unwrap();
		});
	});
	assert_broken("I10: live beside something else", |batch| {
		change(recall(batch), |row| row.scope = RecallScope::Lot(LotIx(0)));
	});
	assert_broken("I10: live beside something else", |batch| {
		recall(batch);
		live(batch, |recalls| recalls[0].range = Some((0, 1)));
	});
	assert_broken("I10: live as another recall", |batch| {
		change(recall(batch), |row| row.class = RecallClass::I);
	});
	assert_broken("I10: live as another recall", |batch| {
		recall(batch);
		live(batch, |recalls| recalls[0].markets = vec![HERE].try_into().unwrap());
	});
}

#[test]
fn recalls_that_are_not_found_again_are_found() {
	assert_broken("I10: a recall that is not found again", |batch| {
		change(recall(batch), |row| row.reference = digest(77));
	});
	assert_broken("I10: a reference to no recall", |_| {
		RecallByReference::<Test>::insert(digest(1), RecallId(9));
	});
	assert_broken("I10: unsorted markets", |batch| {
		let recall = recall(batch);
		let markets: Markets = vec![THERE, HERE].try_into().unwrap();
		change(recall, |row| row.markets = markets.clone());
		live(batch, |recalls| recalls[0].markets = markets);
	});
	assert_broken("I10: an authority recalls everywhere", |batch| {
		change(recall(batch), |row| row.by_authority = true);
	});
}

#[test]
fn progress_that_does_not_add_up_is_found() {
	let reported = |batch, quarantined| {
		let recall = recall(batch);
		assert_ok!(SupplyChain::acknowledge_recall(signed(PHARMACY), recall));
		let progress = Progress { quarantined, ..Default::default() };
		assert_ok!(SupplyChain::report_recall_progress(signed(PHARMACY), recall, progress));
		recall
	};
	assert_broken("I11: progress does not add up", |batch| {
		change(reported(batch, 2), |row| row.acknowledged = 2);
	});
	assert_broken("I11: progress does not add up", |batch| {
		change(reported(batch, 2), |row| row.progress.returned = 1);
	});
	assert_broken("I11: more units than the recall reaches", |batch| {
		change(reported(batch, 600), |row| row.units = 599);
	});
	assert_broken("I11: progress of no recall", |_| {
		let nothing = PartnerProgress { acknowledged: START, progress: Progress::default() };
		RecallProgress::<Test>::insert(RecallId(3), id(PHARMACY), nothing);
	});
}

#[test]
fn prefixes_that_begin_another_are_found() {
	assert_broken("I12: a prefix begins with another", |_| {
		Companies::<Test>::insert(company("62910417"), nobody());
	});
	assert_broken("I12: another number of prefixes", |_| {
		let stem: CompanyPrefix = "6291".parse().unwrap();
		PrefixStems::<Test>::mutate(stem, |count| *count += 1);
	});
	assert_broken("I12: another number of prefixes", |_| {
		let stem: CompanyPrefix = "7291".parse().unwrap();
		PrefixStems::<Test>::insert(stem, 1);
	});
	assert_broken("I12: prefixes that are not counted", |_| {
		let stem: CompanyPrefix = "6291".parse().unwrap();
		PrefixStems::<Test>::remove(stem);
	});
	assert_broken("I12: a company code that is none", |_| {
		Companies::<Test>::insert(CompanyCode::Hibcc(*b"1abc"), nobody());
	});
}

#[test]
fn products_without_their_code_are_found() {
	assert_broken("I13: a product begins otherwise", |_| {
		Products::<Test>::mutate(di(DRUG), |row| {
			row.as_mut().unwrap().company = company("7300011");
		});
	});
	assert_broken("I13: a product with somebody else's code", |_| {
		Companies::<Test>::insert(company(PREFIX), nobody());
	});
	let UdiDi::Gs1(case) = pump() else { unreachable!() };
	assert_broken("I13: a grouping of one", |_| {
		PackLevels::<Test>::insert(case, (di(DRUG), 1));
	});
	assert_broken("I13: a grouping of nothing", |_| {
		PackLevels::<Test>::insert(case, (pump(), 2));
	});
	assert_broken("I13: a number of a product and of a grouping", |_| {
		pumps();
		PackLevels::<Test>::insert(case, (di(DRUG), 2));
	});
	assert_broken("I13: nothing was approved, or nowhere", |_| {
		let approval = Approvals::<Test>::get(di(DRUG), HERE).unwrap();
		Approvals::<Test>::insert(pump(), HERE, approval);
	});
}

#[test]
fn lots_and_batches_that_are_not_found_are_found() {
	let changed = |change: fn(&mut LotOf<Test>)| {
		Lots::<Test>::mutate(LotIx(0), |row| change(row.as_mut().unwrap()));
	};
	assert_broken("I14: a lot that is not found by its number", |_| {
		LotByNo::<Test>::remove(di(DRUG), lot_no(LOT));
	});
	assert_broken("I14: a number of no lot", |_| {
		LotByNo::<Test>::insert(di(DRUG), lot_no("L9"), LotIx(0));
	});
	assert_broken("I14: a lot expires at another time than its label says", |_| {
		changed(|row| row.expires_at += 1);
	});
	assert_broken("I14: held twice in a market", |_| {
		changed(|row| {
			let reason = QuarantineReason::Suspect;
			let hold = LotHold { market: HERE, by: id(AUTHORITY), reason };
			row.holds = vec![hold, hold].try_into().unwrap();
		});
	});
	assert_broken("I14: a batch that is not found", |batch| {
		LotBatches::<Test>::remove(LotIx(0), batch);
	});
	assert_broken("I14: a batch that is not found", |batch| {
		Batches::<Test>::mutate(batch, |row| row.as_mut().unwrap().root = digest(3));
	});
	assert_broken("I14: found, and no batch", |_| {
		LotBatches::<Test>::insert(LotIx(0), BatchIx(9), ());
	});
	assert_broken("I14: found, and no batch", |batch| {
		BatchByRoot::<Test>::insert(digest(9), batch);
	});
}

#[test]
fn numbers_that_come_again_are_found() {
	assert_broken("I15: a number comes again", |_| NextLot::<Test>::put(LotIx(0)));
	assert_broken("I15: a number comes again", NextBatch::<Test>::put);
	assert_broken("I15: a number comes again", |batch| {
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		NextShipment::<Test>::put(shipment);
	});
	assert_broken("I15: a number comes again", |batch| {
		let recall = recall(batch);
		NextRecall::<Test>::put(recall);
	});
}
