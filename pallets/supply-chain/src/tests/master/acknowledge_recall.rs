// SPDX-License-Identifier: Apache-2.0

use super::*;

fn acknowledge(who: Sr25519Keyring, recall: RecallId) -> DispatchResult {
	SupplyChain::acknowledge_recall(signed(who), recall)
}

fn open() -> RecallId {
	let batch = commissioned();
	recalled(RecallScope::Batch(batch))
}

#[test]
fn everybody_who_handles_goods_says_once_that_it_knows() {
	build_and_execute(|| {
		let recall = open();
		set_time(START + DAY);
		for (count, who) in (1..).zip([MAKER, WHOLESALER, PHARMACY, HOSPITAL]) {
			assert_ok!(acknowledge(who, recall));
			assert_eq!(Recalls::<Test>::get(recall).unwrap().acknowledged, count);
			let expected =
				PartnerProgress { acknowledged: START + DAY, progress: Progress::default() };
			assert_eq!(RecallProgress::<Test>::get(recall, id(who)), Some(expected));
			assert_eq!(last_event(), Event::RecallAcknowledged { recall, by: id(who) });
			assert_noop!(acknowledge(who, recall), Error::<Test>::AlreadyAcknowledged);
		}
	});
}

#[test]
fn refuses_who_handles_no_goods() {
	build_and_execute(|| {
		let recall = open();
		for who in [STRANGER, AUTHORITY] {
			assert_noop!(acknowledge(who, recall), Error::<Test>::NotLicensed);
		}
		lapse(MAKER);
		assert_noop!(acknowledge(MAKER, recall), Error::<Test>::NotLicensed);
	});
}

#[test]
fn refuses_a_recall_that_is_unknown_or_closed() {
	build_and_execute(|| {
		let recall = open();
		assert_noop!(acknowledge(PHARMACY, RecallId(1)), Error::<Test>::UnknownRecall);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_noop!(acknowledge(PHARMACY, recall), Error::<Test>::RecallClosed);
	});
}

#[test]
fn the_count_of_those_who_know_does_not_wrap() {
	build_and_execute(|| {
		let recall = open();
		let set = |count| {
			Recalls::<Test>::mutate(recall, |row| row.as_mut().unwrap().acknowledged = count);
		};
		set(u32::MAX);
		assert_noop!(acknowledge(PHARMACY, recall), sp_runtime::ArithmeticError::Overflow);
		set(0);
	});
}
