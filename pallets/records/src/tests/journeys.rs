// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn a_laboratory_result_from_proposal_to_retraction() {
	build_and_execute(|| {
		// given a result that the laboratory files
		add_other_lab();
		let first = result(1);
		let id = first.id();
		assert_ok!(first.propose());

		// when independent clinicians and another laboratory vouch for it
		for (who, kind) in
			[(OTHER_LAB, Source), (DOCTOR, Completeness), (DOCTOR, Accuracy), (STRANGER, Accuracy)]
		{
			assert_eq!(status(id), RecordStatus::InProcess);
			set_time(now() + 1);
			assert_ok!(pass(who, id, 1, kind));
		}

		// then it counts
		assert_eq!(status(id), RecordStatus::Validated);
		assert_eq!(current(id).stage, Stage::Anchored { at: START + 4 });

		// when a correction is refused, and the next is vouched for in one go
		assert_ok!(result(2).amend(id, 1, vec![]));
		assert_ok!(attest(STRANGER, id, 2, Accuracy, Verdict::Fail));
		let third = result(3);
		let bundle =
			[(OTHER_LAB, Source), (DOCTOR, Completeness), (DOCTOR, Accuracy), (STRANGER, Accuracy)]
				.map(|(who, kind)| third.vouched_as(id, 3, who, kind));
		assert_ok!(third.amend(id, 2, bundle.to_vec()));

		// then the third version counts, and the history tells the rest
		let stages: Vec<_> = HealthRecords::versions(id, 1, 4)
			.unwrap()
			.items
			.into_iter()
			.map(|version| (version.number, version.stage))
			.collect();
		assert_eq!(
			stages,
			[
				(1, StageView::Anchored { at: START + 4 }),
				(2, StageView::Failed { at: START + 4 }),
				(3, StageView::Anchored { at: START + 4 }),
			]
		);

		// when the laboratory finds that it took the wrong tube
		assert_ok!(retract(LABORATORY, id));

		// then the record is an error whose keys nobody gets, and it cannot be amended
		let view = HealthRecords::record(id).unwrap();
		assert_eq!((view.status, view.current), (RecordStatus::EnteredInError, 3));
		let keys = HealthRecords::versions(id, 1, 4).unwrap().items;
		assert!(keys.iter().all(|version| version.key.is_none()));
		assert_noop!(result(4).amend(id, 3, vec![]), E::NotAnchored);
	});
}

#[test]
fn a_long_history_stays_reachable() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for version in 2..=200u8 {
			let next = note(version);
			let vouched = next.vouched_as(id, version.into(), HOSPITAL, Source);
			assert_ok!(next.amend(id, u32::from(version) - 1, vec![vouched]));
		}
		let (mut start, mut seen) = (Some(1), Vec::new());
		while let Some(from) = start {
			let page = HealthRecords::versions(id, from, MAX_PAGE).unwrap();
			seen.extend(page.items.iter().map(|version| version.number));
			start = page.next;
		}
		assert_eq!(seen, (1..=200).collect::<Vec<_>>());
	});
}
