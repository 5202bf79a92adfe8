// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_record_shows_where_it_stands() {
	build_and_execute(|| {
		let id = note(1).id();
		assert_eq!(HealthRecords::record(id), None);
		assert_ok!(note(1).propose());
		let expected = RecordView {
			id,
			subject: identity(PATIENT),
			author: identity(DOCTOR),
			organisation: Some(identity(HOSPITAL)),
			class: RecordClass::Clinical,
			compartment: 0,
			created: START,
			seq: 0,
			status: RecordStatus::InProcess,
			retraction: None,
			current: 1,
			newest: 1,
			awaiting: Some(1),
			legal_hold: false,
			batch: None,
		};
		assert_eq!(HealthRecords::record(id), Some(expected.clone()));
		set_time(START + DAY);
		let lapsed = RecordView { status: RecordStatus::Lapsed, awaiting: None, ..expected };
		assert_eq!(HealthRecords::record(id), Some(lapsed));
	});
}

#[test]
fn a_version_shows_object_key_and_verdicts() {
	build_and_execute(|| {
		let note = Draft { content: inline(object(512, 1)), ..note(1) };
		assert_ok!(note.anchor(vec![note.vouched(HOSPITAL, Source)]));
		let version = HealthRecords::version(note.id(), 1).unwrap();
		assert_eq!(version.object, Some(object(512, 1)));
		assert_eq!(version.key, Some(note.key));
		assert_eq!(version.stage, StageView::Anchored { at: START });
		assert_eq!(version.attestations.len(), 1);
		assert_eq!(HealthRecords::version(note.id(), 2), None);
		assert_eq!(HealthRecords::version(RecordId([1; 32]), 1), None);
	});
}

#[test]
fn stages_are_told_apart() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let stage = |number| HealthRecords::version(id, number).unwrap().stage;
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_eq!(stage(2), StageView::Open { deadline: START + DAY });
		set_time(START + DAY);
		let (at, deadline) = (START + DAY, START + 2 * DAY);
		assert_eq!(stage(2), StageView::Lapsed { deadline: at });
		assert_ok!(note(3).amend(id, 2, vec![]));
		assert_ok!(attest(HOSPITAL, id, 3, Accuracy, Verdict::Fail));
		assert_eq!(stage(3), StageView::Failed { at });
		assert_ok!(revalidate(DOCTOR, id));
		assert_eq!(stage(1), StageView::Revalidating { anchored: START, deadline });
		assert_ok!(attest(HOSPITAL, id, 1, Accuracy, Verdict::Fail));
		assert_eq!(stage(1), StageView::RevalidationFailed { at });
		assert_ok!(note(4).amend(id, 3, vec![]));
		assert_ok!(retract(DOCTOR, id));
		assert_eq!(stage(4), StageView::Abandoned { at });
	});
}

#[test]
fn validation_shows_what_is_missing() {
	build_and_execute(|| {
		let result = result(1);
		let state = || HealthRecords::validation_state(result.id());
		assert_eq!(state(), None);
		assert_eq!(HealthRecords::validation_state(anchored_note(2)), None);
		assert_ok!(result.propose());
		assert_ok!(pass(DOCTOR, result.id(), 1, Accuracy));
		let missing = |kind, count| Missing { kind, count, from: LAB.requirement(kind).from };
		let expected = ValidationState {
			version: 1,
			deadline: START + 2 * DAY,
			lapsed: false,
			missing: vec![missing(Accuracy, 1), missing(Completeness, 1), missing(Source, 1)],
		};
		assert_eq!(state(), Some(expected.clone()));
		assert_ok!(pass(STRANGER, result.id(), 1, Accuracy));
		set_time(START + 2 * DAY);
		let missing = vec![missing(Completeness, 1), missing(Source, 1)];
		assert_eq!(state(), Some(ValidationState { lapsed: true, missing, ..expected }));
	});
}

#[test]
fn objects_lead_to_their_record() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(note(2).amend(id, 1, vec![]));
		assert_eq!(HealthRecords::by_content(note(1).hash()), Some(id));
		// What waits belongs to nothing yet.
		assert_eq!(HealthRecords::by_content(note(2).hash()), None);
		assert_ok!(pass(HOSPITAL, id, 2, Source));
		assert_eq!(HealthRecords::by_content(note(2).hash()), Some(id));
		assert_eq!(HealthRecords::by_content(note(1).hash()), Some(id));
		assert_eq!(HealthRecords::by_content(note(3).hash()), None);
	});
}

#[test]
fn the_statement_is_what_the_chain_checks() {
	build_and_execute(|| {
		let note = note(1);
		let statement = note.statement(note.id(), 1, Source);
		let bytes = HealthRecords::statement_to_sign(
			note.id(),
			1,
			note.hash(),
			note.body,
			Source,
			Verdict::Pass,
			statement.evidence,
			statement.expires,
		);
		assert_eq!(bytes, statement.to_bytes());
	});
}

#[test]
fn records_are_paged_both_ways() {
	build_and_execute(|| {
		let subject = identity(PATIENT);
		for number in 1..=6 {
			assert_ok!(note(number).propose());
		}
		let page = |start, limit, newest_first| {
			let page = HealthRecords::records_of(subject, start, limit, newest_first).unwrap();
			let seqs: Vec<_> = page.items.iter().map(|record| record.seq).collect();
			(seqs, page.next)
		};
		assert_eq!(page(0, 4, false), (vec![0, 1, 2, 3], Some(4)));
		assert_eq!(page(4, 4, false), (vec![4, 5], None));
		assert_eq!(page(2, 4, false), (vec![2, 3, 4, 5], None));
		assert_eq!(page(6, 4, false), (vec![], None));
		assert_eq!(page(u32::MAX, 4, true), (vec![5, 4, 3, 2], Some(1)));
		assert_eq!(page(1, 4, true), (vec![1, 0], None));
		assert_eq!(page(3, 4, true), (vec![3, 2, 1, 0], None));
		assert_eq!(page(0, 0, false), (vec![], Some(0)));
		assert_eq!(page(u32::MAX, 0, true), (vec![], Some(5)));
		let stranger = HealthRecords::records_of(identity(OTHER_PATIENT), 0, 4, true).unwrap();
		assert_eq!(stranger, Page { items: vec![], next: None });
	});
}

#[test]
fn filing_while_paging_loses_and_doubles_nothing() {
	build_and_execute(|| {
		let subject = identity(PATIENT);
		let (mut start, mut seen, mut number) = (Some(0), Vec::new(), 0);
		for _ in 0..3 {
			number += 1;
			assert_ok!(note(number).propose());
		}
		while let Some(from) = start {
			let page = HealthRecords::records_of(subject, from, 2, false).unwrap();
			seen.extend(page.items.iter().map(|record| record.seq));
			start = page.next;
			while number < 5 {
				number += 1;
				assert_ok!(note(number).propose());
			}
		}
		assert_eq!(seen, [0, 1, 2, 3, 4]);
	});
}

#[test]
fn versions_are_paged_wherever_they_lie() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for version in 2..=5 {
			let next = note(version as u8);
			let vouched = next.vouched_as(id, version, HOSPITAL, Source);
			assert_ok!(next.amend(id, version - 1, vec![vouched]));
		}
		assert_ok!(note(6).amend(id, 5, vec![]));
		let page = |start, limit| {
			let page = HealthRecords::versions(id, start, limit).unwrap();
			let numbers: Vec<_> = page.items.iter().map(|version| version.number).collect();
			(numbers, page.next)
		};
		assert_eq!(page(0, 4), (vec![1, 2, 3, 4], Some(5)));
		assert_eq!(page(5, 4), (vec![5, 6], None));
		assert_eq!(page(3, 4), (vec![3, 4, 5, 6], None));
		assert_eq!(page(7, 4), (vec![], None));
		assert_eq!(page(u32::MAX, 4), (vec![], None));
		assert_eq!(page(1, 0), (vec![], Some(1)));
		let unknown = HealthRecords::versions(RecordId([1; 32]), 1, 4);
		assert_eq!(unknown, Ok(Page { items: vec![], next: None }));
	});
}

#[test]
fn a_page_too_large_is_an_error() {
	build_and_execute(|| {
		let too_large = Err(PageTooLarge { max: MAX_PAGE });
		let id = anchored_note(1);
		let subject = identity(PATIENT);
		assert_eq!(HealthRecords::versions(id, 1, MAX_PAGE + 1), too_large);
		let records = HealthRecords::records_of(subject, 0, MAX_PAGE + 1, true);
		assert_eq!(records, Err(PageTooLarge { max: MAX_PAGE }));
		assert!(HealthRecords::records_of(subject, 0, MAX_PAGE, true).is_ok());
	});
}

#[test]
fn the_views_have_the_names_that_clients_know() {
	let views = HealthRecords::pallet_view_functions_metadata();
	let names: Vec<_> = views.iter().map(|view| view.name).collect();
	let mut known = [
		"record",
		"version",
		"versions",
		"records_of",
		"find_records",
		"by_content",
		"validation_state",
		"record_id",
		"statement_to_sign",
		"policy",
		"by_tag",
		"tags_of",
		"wrap_for",
		"wraps",
		"bad_wrap_reports",
		"batch",
		"batches",
		"batch_by_root",
		"promoted",
		"verify_inclusion",
		"batch_statement_to_sign",
		"erasure_state",
		"tombstones",
	];
	known.sort_unstable();
	let mut found = names.clone();
	found.sort_unstable();
	assert_eq!(found, known);
	assert!(views.iter().all(|view| !view.docs.is_empty()), "each says what it answers");
}
