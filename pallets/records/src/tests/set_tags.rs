// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::Tag;
use salus_test_support::Identities;

/// What a row of so many tags costs.
fn rent(count: u64) -> u64 {
	100 + 96 * count
}

fn long(number: u8) -> Tag {
	Tag([number; 16])
}

fn set(who: Sr25519Keyring, record: RecordId, tags: &[Tag]) -> DispatchResult {
	HealthRecords::set_tags(origin(who), record, tags.to_vec().try_into().unwrap())
}

fn found(tag: Tag) -> Vec<RecordId> {
	let mut all = Vec::new();
	let mut after = None;
	loop {
		let page = HealthRecords::by_tag(identity(PATIENT), tag, after, MAX_PAGE).unwrap();
		all.extend(page.items);
		after = page.next;
		if after.is_none() {
			all.sort();
			return all;
		}
	}
}

#[test]
fn makes_a_record_findable() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let before = held(DOCTOR);
		events();
		assert_ok!(set(DOCTOR, id, &[long(1), long(2)]));

		assert_eq!(found(long(1)), [id]);
		assert_eq!(found(long(2)), [id]);
		assert_eq!(found(long(3)), []);
		assert_eq!(HealthRecords::tags_of(id), [long(1), long(2)]);
		assert_eq!(held(DOCTOR), before + rent(2));
		assert_eq!(events(), [Event::TagsSet { record: id, by: identity(DOCTOR), count: 2 }]);
	});
}

#[test]
fn replaces_the_set_before() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let before = held(DOCTOR);
		assert_ok!(set(DOCTOR, id, &[long(1), long(2), long(3)]));
		assert_ok!(set(DOCTOR, id, &[long(3), long(4)]));
		assert_eq!(HealthRecords::tags_of(id), [long(3), long(4)]);
		assert_eq!([found(long(1)), found(long(2))], [vec![], vec![]]);
		assert_eq!([found(long(3)), found(long(4))], [vec![id], vec![id]]);
		assert_eq!(held(DOCTOR), before + rent(2));

		// The subject's own set costs nothing, and gives the author's rent back.
		assert_ok!(set(PATIENT, id, &[long(5)]));
		assert_eq!((held(DOCTOR), held(PATIENT)), (before, 0));
		assert_eq!(HealthRecords::tags_of(id), [long(5)]);
	});
}

#[test]
fn none_clear_the_set() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let before = held(DOCTOR);
		assert_ok!(set(DOCTOR, id, &[long(1)]));
		events();
		assert_ok!(set(DOCTOR, id, &[]));
		assert_eq!(found(long(1)), []);
		assert!(!RecordTags::<Test>::contains_key(id));
		assert_eq!(held(DOCTOR), before);
		assert_eq!(events(), [Event::TagsSet { record: id, by: identity(DOCTOR), count: 0 }]);
	});
}

#[test]
fn short_tags_collide_and_both_records_come_back() {
	build_and_execute(|| {
		let (first, second) = (anchored_note(1), anchored_note(2));
		let short = Tag::from([7, 7, 7, 7]);
		assert_ok!(set(DOCTOR, first, &[short, long(1)]));
		assert_ok!(set(DOCTOR, second, &[short]));
		let mut both = [first, second];
		both.sort();
		assert_eq!(found(short), both);
		assert_eq!(found(long(1)), [first]);
	});
}

#[test]
fn a_record_has_eight_different_tags_at_most() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let tags: Vec<_> = (0..MAX_TAGS as u8).map(long).collect();
		assert_ok!(set(DOCTOR, id, &tags));
		let nine = tags.iter().copied().chain([long(9)]).collect::<Vec<_>>();
		assert!(Tags::try_from(nine).is_err());
		assert_noop!(set(DOCTOR, id, &[long(1), long(2), long(1)]), E::DuplicateTag);
		assert_eq!(HealthRecords::tags_of(id).len(), MAX_TAGS as usize);
	});
}

#[test]
fn is_for_the_author_and_the_subject() {
	build_and_execute(|| {
		let id = anchored_note(1);
		for who in [COLLEAGUE, HOSPITAL, OTHER_PATIENT] {
			assert_noop!(set(who, id, &[long(1)]), E::NotSubjectOrAuthor);
		}
		assert_noop!(set(NOBODY, id, &[]), sp_runtime::DispatchError::BadOrigin);
		assert_ok!(set(PATIENT, id, &[long(1)]));
		Identities::deactivate(identity(PATIENT));
		assert_noop!(set(PATIENT, id, &[]), sp_runtime::DispatchError::BadOrigin);
	});
}

#[test]
fn waiting_and_failed_records_are_tagged_too_and_retracted_ones_are_not() {
	build_and_execute(|| {
		assert_noop!(set(DOCTOR, RecordId([1; 32]), &[]), E::RecordNotFound);
		assert_ok!(note(1).propose());
		let id = note(1).id();
		assert_ok!(set(DOCTOR, id, &[long(1)]));
		assert_ok!(attest(HOSPITAL, id, 1, Accuracy, Verdict::Fail));
		assert_ok!(set(DOCTOR, id, &[long(2)]));

		let retracted = anchored_note(2);
		assert_ok!(set(DOCTOR, retracted, &[long(2)]));
		let before = held(DOCTOR);
		assert_ok!(retract(DOCTOR, retracted));
		assert_eq!(found(long(2)), [id]);
		assert_eq!(HealthRecords::tags_of(retracted), []);
		assert_eq!(held(DOCTOR), before - rent(1));
		assert_noop!(set(DOCTOR, retracted, &[long(1)]), E::AlreadyClosed);
	});
}

#[test]
fn a_withdrawn_record_is_not_found() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let id = note(1).id();
		assert_ok!(set(DOCTOR, id, &[long(1)]));
		assert_ok!(HealthRecords::withdraw(origin(DOCTOR), id));
		assert_eq!(found(long(1)), []);
		assert_eq!(held(DOCTOR), 0);
	});
}

#[test]
fn needs_the_rent() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let rich = Balances::free_balance(account(DOCTOR));
		let rest = rich - rent(1);
		assert_ok!(Balances::transfer_allow_death(origin(DOCTOR), account(HOSPITAL), rest));
		assert_eq!(
			set(DOCTOR, id, &[long(1), long(2)]),
			Err(sp_runtime::TokenError::FundsUnavailable.into())
		);
	});
}

#[test]
fn records_of_a_tag_are_paged() {
	build_and_execute(|| {
		let tag = long(1);
		let mut all: Vec<_> = (1..=10).map(anchored_note).collect();
		for id in &all {
			assert_ok!(set(DOCTOR, *id, &[tag]));
		}
		all.sort();
		let page = |after, limit| {
			let page = HealthRecords::by_tag(identity(PATIENT), tag, after, limit).unwrap();
			(page.items, page.next)
		};
		assert_eq!(page(None, 4), (all[..4].to_vec(), Some(all[3])));
		assert_eq!(page(Some(all[3]), 4), (all[4..8].to_vec(), Some(all[7])));
		assert_eq!(page(Some(all[7]), 4), (all[8..].to_vec(), None));
		assert_eq!(page(Some(all[5]), 4), (all[6..].to_vec(), None));
		assert_eq!(page(Some(all[9]), 4), (vec![], None));
		assert_eq!(page(Some(all[2]), 0), (vec![], Some(all[2])));
		assert_eq!(page(Some(all[9]), 0), (vec![], None));
		assert_eq!(page(None, 0), (vec![], None));
		// Where another tag's page ended, and where no record ever was.
		assert_eq!(page(Some(RecordId([0xff; 32])), 4), (vec![], None));
		assert_eq!(page(Some(RecordId([0; 32])), 1), (vec![all[0]], Some(all[0])));
		let too_large = HealthRecords::by_tag(identity(PATIENT), tag, None, MAX_PAGE + 1);
		assert_eq!(too_large, Err(PageTooLarge { max: MAX_PAGE }));
	});
}

#[test]
fn paging_goes_on_where_the_last_record_is_gone() {
	build_and_execute(|| {
		let tag = long(1);
		let mut all: Vec<_> = (1..=6).map(anchored_note).collect();
		for id in &all {
			assert_ok!(set(DOCTOR, *id, &[tag]));
		}
		all.sort();
		let first = HealthRecords::by_tag(identity(PATIENT), tag, None, 2).unwrap();
		assert_ok!(set(DOCTOR, all[1], &[]));
		assert_ok!(retract(DOCTOR, all[2]));
		let second = HealthRecords::by_tag(identity(PATIENT), tag, first.next, 4).unwrap();
		assert_eq!(second.items, all[3..]);
	});
}

#[test]
fn tagging_while_paging_loses_and_doubles_nothing() {
	build_and_execute(|| {
		let tag = long(1);
		let before: Vec<_> = (1..=6).map(anchored_note).collect();
		for id in &before {
			assert_ok!(set(DOCTOR, *id, &[tag]));
		}
		let (mut seen, mut after, mut number) = (Vec::new(), None, 10);
		loop {
			let page = HealthRecords::by_tag(identity(PATIENT), tag, after, 2).unwrap();
			seen.extend(page.items);
			let fresh = anchored_note(number);
			assert_ok!(set(DOCTOR, fresh, &[tag]));
			number += 1;
			after = page.next;
			if after.is_none() || number > 60 {
				break;
			}
		}
		assert!(before.iter().all(|id| seen.contains(id)));
		let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
		assert_eq!(distinct.len(), seen.len());
	});
}

#[test]
fn a_tag_is_a_patient_s_own() {
	build_and_execute(|| {
		let tag = long(1);
		let mine = anchored_note(1);
		let other = Draft { subject: identity(OTHER_PATIENT), ..note(2) };
		assert_ok!(other.anchor(vec![other.vouched(HOSPITAL, Source)]));
		for id in [mine, other.id()] {
			assert_ok!(set(DOCTOR, id, &[tag]));
		}
		// However many records of others carry it, one's own are found at once.
		assert_eq!(found(tag), [mine]);
		let page = HealthRecords::by_tag(identity(OTHER_PATIENT), tag, None, MAX_PAGE).unwrap();
		assert_eq!(page.items, [other.id()]);
		assert_ok!(set(DOCTOR, other.id(), &[]));
		assert_eq!(found(tag), [mine]);
		let page = HealthRecords::by_tag(identity(DOCTOR), tag, None, MAX_PAGE).unwrap();
		assert_eq!(page, Page { items: vec![], next: None });
	});
}
