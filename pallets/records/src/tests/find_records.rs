// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::Classes;

fn of(classes: &[RecordClass]) -> RecordFilter {
	RecordFilter { classes: Classes::of(classes), ..RecordFilter::ALL }
}

fn find(filter: RecordFilter, start: u32, limit: u32, newest: bool) -> (Vec<u32>, Option<u32>) {
	let page =
		HealthRecords::find_records(identity(PATIENT), filter, start, limit, newest).unwrap();
	(page.items.iter().map(|record| record.seq).collect(), page.next)
}

/// All that a filter finds, page by page.
fn all(filter: RecordFilter, limit: u32, newest: bool) -> Vec<u32> {
	let (mut start, mut found) = (Some(if newest { u32::MAX } else { 0 }), Vec::new());
	while let Some(from) = start {
		let (items, next) = find(filter, from, limit, newest);
		assert!(items.len() <= limit as usize);
		found.extend(items);
		start = next;
	}
	found
}

/// Eight records, a minute apart: readings in places 1, 3 and 5, notes in the others.
fn eight() {
	for number in 0..8u8 {
		set_time(START + u64::from(number) * 60_000);
		if [1, 3, 5].contains(&number) {
			anchored_reading(number);
		} else {
			assert_ok!(note(number).propose());
		}
	}
}

#[test]
fn finds_by_class_both_ways() {
	build_and_execute(|| {
		eight();
		let (notes, readings) = (of(&[RecordClass::Clinical]), of(&[RecordClass::DeviceData]));
		for limit in 1..=MAX_PAGE {
			assert_eq!(all(notes, limit, false), [0, 2, 4, 6, 7]);
			assert_eq!(all(notes, limit, true), [7, 6, 4, 2, 0]);
			assert_eq!(all(readings, limit, false), [1, 3, 5]);
			assert_eq!(all(readings, limit, true), [5, 3, 1]);
			assert_eq!(all(RecordFilter::ALL, limit, false), [0, 1, 2, 3, 4, 5, 6, 7]);
		}
		assert!(all(of(&[RecordClass::Genomic]), 4, false).is_empty());
		assert!(all(of(&[]), 4, true).is_empty());
		let both = of(&[RecordClass::Clinical, RecordClass::DeviceData]);
		assert_eq!(all(both, 4, true), [7, 6, 5, 4, 3, 2, 1, 0]);
	});
}

#[test]
fn finds_by_the_time_of_filing_half_open() {
	build_and_execute(|| {
		eight();
		let minute = |number: u64| Some(START + number * 60_000);
		let within = |from, until| all(RecordFilter { from, until, ..RecordFilter::ALL }, 4, false);
		assert_eq!(within(minute(2), minute(5)), [2, 3, 4]);
		assert_eq!(within(minute(2).map(|at| at + 1), minute(5).map(|at| at + 1)), [3, 4, 5]);
		assert_eq!(within(None, minute(2)), [0, 1]);
		assert_eq!(within(minute(6), None), [6, 7]);
		assert!(within(minute(5), minute(5)).is_empty());
		assert!(within(minute(5), minute(2)).is_empty());
		let notes = RecordFilter { from: minute(1), ..of(&[RecordClass::Clinical]) };
		assert_eq!(all(notes, 1, true), [7, 6, 4, 2]);
	});
}

#[test]
fn a_page_ends_when_it_is_full_and_says_where_to_go_on() {
	build_and_execute(|| {
		eight();
		let notes = of(&[RecordClass::Clinical]);
		assert_eq!(find(notes, 0, 2, false), (vec![0, 2], Some(3)));
		assert_eq!(find(notes, 3, 2, false), (vec![4, 6], Some(7)));
		assert_eq!(find(notes, 7, 2, false), (vec![7], None));
		assert_eq!(find(notes, u32::MAX, 2, true), (vec![7, 6], Some(5)));
		assert_eq!(find(notes, 0, 2, true), (vec![0], None));
		assert_eq!(find(notes, 8, 2, false), (vec![], None));
		assert_eq!(find(notes, u32::MAX, 2, false), (vec![], None));
		// A page of nothing goes on where it began.
		assert_eq!(find(notes, 3, 0, false), (vec![], Some(3)));
		assert_eq!(find(notes, u32::MAX, 0, true), (vec![], Some(7)));
		let filter = RecordFilter::ALL;
		let stranger = HealthRecords::find_records(identity(OTHER_PATIENT), filter, 0, 4, true);
		assert_eq!(stranger, Ok(Page { items: vec![], next: None }));
	});
}

#[test]
fn looks_at_so_many_records_and_no_more() {
	// The list is written by hand, so the invariants do not hold.
	new_test_ext().execute_with(|| {
		let id = anchored_note(1);
		let subject = identity(PATIENT);
		for seq in 0..600 {
			SubjectRecords::<Test>::insert(subject, seq, id);
		}
		SubjectRecordCount::<Test>::insert(subject, 600);
		let genomes = of(&[RecordClass::Genomic]);
		assert_eq!(find(genomes, 0, 4, false), (vec![], Some(MAX_SCANNED)));
		assert_eq!(find(genomes, 512, 4, false), (vec![], None));
		assert_eq!(find(genomes, u32::MAX, 4, true), (vec![], Some(599 - MAX_SCANNED)));
		assert_eq!(find(genomes, 87, 4, true), (vec![], None));
		let filter = RecordFilter::ALL;
		let page = HealthRecords::find_records(subject, filter, 0, MAX_PAGE + 1, false);
		assert_eq!(page, Err(PageTooLarge { max: MAX_PAGE }));
	});
}

#[test]
fn what_went_leaves_a_gap_that_paging_steps_over() {
	build_and_execute(|| {
		for number in 0..8 {
			assert_ok!(note(number).propose());
		}
		for number in [0, 3, 4, 7] {
			assert_ok!(withdraw(DOCTOR, note(number).id()));
		}
		for limit in 1..=MAX_PAGE {
			assert_eq!(all(RecordFilter::ALL, limit, false), [1, 2, 5, 6]);
			assert_eq!(all(RecordFilter::ALL, limit, true), [6, 5, 2, 1]);
		}
		// A page that began before its first record went goes on after it.
		let (first, next) = find(RecordFilter::ALL, 0, 1, false);
		assert_eq!((first, next), (vec![1], Some(2)));
		assert_ok!(withdraw(DOCTOR, note(2).id()));
		assert_ok!(note(9).propose());
		assert_eq!(find(RecordFilter::ALL, 2, 4, false), (vec![5, 6, 8], None));
		let plain = HealthRecords::records_of(identity(PATIENT), 0, 4, false).unwrap();
		assert_eq!((plain.items.len(), plain.next), (1, Some(4)));
	});
}

#[test]
fn what_lapsed_is_shown_as_lapsed_until_it_goes() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		set_time(START + DAY);
		let filter = RecordFilter::ALL;
		let page = HealthRecords::find_records(identity(PATIENT), filter, 0, 4, false).unwrap();
		assert_eq!(page.items[0].status, RecordStatus::Lapsed);
		assert_ok!(reap_all(&[note(1).id()]));
		assert!(all(filter, 4, false).is_empty());
	});
}
