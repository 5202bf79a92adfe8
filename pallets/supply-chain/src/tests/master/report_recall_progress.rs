// SPDX-License-Identifier: Apache-2.0

use super::*;

fn progress(quarantined: u64, returned: u64, destroyed: u64, consumed: u64) -> Progress {
	Progress { quarantined, returned, destroyed, consumed }
}

fn report(who: Sr25519Keyring, recall: RecallId, of: Progress) -> DispatchResult {
	SupplyChain::report_recall_progress(signed(who), recall, of)
}

/// A recall of 600 units that two pharmacies acknowledged.
fn open() -> RecallId {
	let batch = commissioned();
	let recall = recalled(RecallScope::Batch(batch));
	for who in [PHARMACY, OTHER_PHARMACY] {
		assert_ok!(SupplyChain::acknowledge_recall(signed(who), recall));
	}
	recall
}

fn sum(recall: RecallId) -> Progress {
	Recalls::<Test>::get(recall).unwrap().progress
}

#[test]
fn partners_say_what_they_did_and_the_recall_adds_it_up() {
	build_and_execute(|| {
		let recall = open();
		let (one, other) = (progress(10, 20, 30, 40), progress(1, 2, 3, 4));
		assert_ok!(report(PHARMACY, recall, one));
		let event = Event::RecallProgressReported { recall, by: id(PHARMACY), progress: one };
		assert_eq!(last_event(), event);
		assert_ok!(report(OTHER_PHARMACY, recall, other));
		assert_eq!(sum(recall), progress(11, 22, 33, 44));
		let row = RecallProgress::<Test>::get(recall, id(PHARMACY)).unwrap();
		assert_eq!((row.acknowledged, row.progress), (START, one));
	});
}

#[test]
fn a_report_replaces_the_one_before() {
	build_and_execute(|| {
		let recall = open();
		assert_ok!(report(OTHER_PHARMACY, recall, progress(0, 0, 0, 5)));
		// Put aside first, then sent back, then destroyed: each unit counts once.
		for of in [progress(500, 0, 0, 0), progress(400, 100, 0, 0), progress(0, 0, 595, 0)] {
			assert_ok!(report(PHARMACY, recall, of));
			assert_eq!(sum(recall), Progress { consumed: 5, ..of });
		}
		assert_ok!(report(PHARMACY, recall, Progress::default()));
		assert_eq!(sum(recall), progress(0, 0, 0, 5));
	});
}

#[test]
fn all_together_report_no_more_than_the_recall_reaches() {
	build_and_execute(|| {
		let recall = open();
		let much = DispatchError::from(Error::<Test>::ProgressTooLarge);
		let units = u64::from(UNITS);
		assert_noop!(report(PHARMACY, recall, progress(units + 1, 0, 0, 0)), much);
		assert_noop!(report(PHARMACY, recall, progress(units, 1, 0, 0)), much);
		assert_ok!(report(PHARMACY, recall, progress(units - 10, 0, 0, 0)));
		assert_noop!(report(OTHER_PHARMACY, recall, progress(2, 2, 3, 4)), much);
		assert_ok!(report(OTHER_PHARMACY, recall, progress(1, 2, 3, 4)));
		assert_noop!(report(PHARMACY, recall, progress(units - 9, 0, 0, 0)), much);
	});
}

#[test]
fn absurd_numbers_do_not_wrap() {
	build_and_execute(|| {
		let recall = open();
		let much = DispatchError::from(Error::<Test>::ProgressTooLarge);
		assert_ok!(report(OTHER_PHARMACY, recall, progress(1, 1, 1, 1)));
		for of in [
			progress(u64::MAX, 0, 0, 0),
			progress(u64::MAX, 1, 0, 0),
			progress(1 << 63, 1 << 63, 0, 0),
			progress(0, 0, u64::MAX, u64::MAX),
		] {
			assert_noop!(report(PHARMACY, recall, of), much);
		}
	});
}

#[test]
fn a_recall_that_grew_takes_more() {
	build_and_execute(|| {
		let recall = open();
		let more = progress(u64::from(UNITS) + 1, 0, 0, 0);
		let lot = Batches::<Test>::get(BatchIx(0)).unwrap().lot;
		assert_ok!(commission_some(lot, 30, 1));
		assert_noop!(report(PHARMACY, recall, more), Error::<Test>::ProgressTooLarge);
		assert_ok!(SupplyChain::extend_recall(
			signed(MAKER),
			recall,
			RecallScope::Lot(lot),
			RecallClass::II,
			RecallDepth::Retail,
			markets(&[]),
		));
		assert_ok!(report(PHARMACY, recall, more));
	});
}

#[test]
fn refuses_who_did_not_acknowledge() {
	build_and_execute(|| {
		let recall = open();
		for who in [WHOLESALER, MAKER, STRANGER] {
			assert_noop!(report(who, recall, progress(1, 0, 0, 0)), Error::<Test>::NotAcknowledged);
		}
	});
}

#[test]
fn who_lost_its_licence_still_reports() {
	build_and_execute(|| {
		let recall = open();
		Accreditations::remove(id(PHARMACY), AccreditationKind::PharmacyLicence);
		assert_ok!(report(PHARMACY, recall, progress(1, 0, 0, 0)));
	});
}

#[test]
fn refuses_a_recall_that_is_unknown_or_closed() {
	build_and_execute(|| {
		let recall = open();
		let one = progress(1, 0, 0, 0);
		assert_noop!(report(PHARMACY, RecallId(1), one), Error::<Test>::UnknownRecall);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_noop!(report(PHARMACY, recall, one), Error::<Test>::RecallClosed);
	});
}
