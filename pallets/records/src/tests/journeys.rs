// SPDX-License-Identifier: Apache-2.0

use super::{erasures::*, trees::*, wraps::*, *};
use salus_primitives::{ErasureBasis, RefusalBasis, Tag};

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
		use frame_support::traits::fungible::Mutate;
		Balances::set_balance(&account(DOCTOR), 10_000_000);
		let id = anchored_note(1);
		for version in 2..=1_000u32 {
			let mut hash = [0xaa; 32];
			hash[..4].copy_from_slice(&version.to_le_bytes());
			let next = Draft { content: Content::External { hash: hash.into() }, ..note(2) };
			let vouched = next.vouched_as(id, version, HOSPITAL, Source);
			assert_ok!(next.amend(id, version - 1, vec![vouched]));
		}
		let numbers = |from: u32| {
			let page = HealthRecords::versions(id, from, MAX_PAGE).unwrap();
			let numbers: Vec<_> = page.items.iter().map(|version| version.number).collect();
			(numbers, page.next)
		};
		let (mut start, mut seen) = (Some(1), Vec::new());
		while let Some(from) = start {
			let (items, next) = numbers(from);
			seen.extend(items);
			start = next;
		}
		assert_eq!(seen, (1..=1_000).collect::<Vec<_>>());

		// Backwards by the numbers, for they have no gap here.
		let mut back = Vec::new();
		for from in (1..=1_000u32).rev().step_by(MAX_PAGE as usize) {
			back.extend(numbers(from - MAX_PAGE + 1).0.into_iter().rev());
		}
		assert!(back.into_iter().eq((1..=1_000).rev()));
		assert_eq!(HealthRecords::version(id, 1).unwrap().content, note(1).hash());
	});
}

#[test]
fn a_leaf_from_its_batch_to_its_tombstone() {
	build_and_execute(|| {
		// given the day's notes of a hospital under one root, vouched for by its gateway
		let drafts = notes(1, 5);
		let (batch, tree) = hospital_batch(&drafts, &[(HOSPITAL, Source)]);
		let (draft, id, tag) = (&drafts[3], drafts[3].id(), Tag::from([7, 1, 8, 6]));
		events();

		// when the doctor makes a record of one, lets a colleague open it, and tags it
		let (doctor, patient) = (identity(DOCTOR), identity(PATIENT));
		assert_ok!(draft.promote(batch, 3, path_of(&tree, 3), vec![]));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[identity(COLLEAGUE)]));
		let tags = vec![tag].try_into().unwrap();
		assert_ok!(HealthRecords::set_tags(origin(DOCTOR), id, tags));

		// then it is found by tag, leaf, object and subject
		assert_eq!(HealthRecords::by_tag(patient, tag, None, 4).unwrap().items, [id]);
		assert_eq!(HealthRecords::promoted(batch, 3), Some(id));
		assert_eq!(HealthRecords::by_content(draft.hash()), Some(id));
		assert_eq!(HealthRecords::records_of(patient, 0, 4, true).unwrap().items[0].id, id);

		// when the share does not open, the patient wants it gone, and the hospital keeps it first
		assert_ok!(HealthRecords::report_bad_wrap(origin(COLLEAGUE), id, 1));
		assert_ok!(request(PATIENT, id));
		assert_ok!(hold(HOSPITAL, id, true));
		assert_ok!(refuse(HOSPITAL, id));
		assert_ok!(hold(HOSPITAL, id, false));
		set_time(START + DAY);
		assert_ok!(request(PATIENT, id));
		assert_ok!(execute(DOCTOR, id));

		// then a tombstone is left, the leaf still proves what was filed, and the events tell it all
		let tombstone = Tombstone { basis: BASIS, by: doctor, at: START + DAY };
		assert_eq!(HealthRecords::erasure_state(id), Some(ErasureState::Erased(tombstone)));
		assert_eq!(HealthRecords::record(id), None);
		let leaf = leaf_data(draft);
		assert!(HealthRecords::verify_inclusion(batch, leaf, 3, path_of(&tree, 3)));
		let hospital = identity(HOSPITAL);
		let recipients = vec![identity(COLLEAGUE)].try_into().unwrap();
		let (record, version) = (id, 1);
		let asked = |at| Event::ErasureRequested { record, by: patient, due: at + 30 * DAY };
		let held_by_law = |on| Event::LegalHoldSet { record, by: hospital, on };
		let all = events();
		assert!(matches!(all[0], Event::AttestationAdded { .. }));
		assert!(matches!(all[1], Event::RecordAnchored { .. }));
		assert_eq!(
			all[2..],
			[
				Event::LeafPromoted { batch, leaf_index: 3, record },
				Event::WrapsAdded { record, version, by: doctor, recipients },
				Event::TagsSet { record, by: doctor, count: 1 },
				Event::BadWrapReported { record, version, by: identity(COLLEAGUE) },
				asked(START),
				held_by_law(true),
				Event::ErasureRefused { record, by: hospital, basis: RefusalBasis::LegalDuty },
				held_by_law(false),
				asked(START + DAY),
				Event::RecordErased {
					record,
					subject: patient,
					by: doctor,
					basis: ErasureBasis::ConsentWithdrawn,
				},
			]
		);
	});
}
