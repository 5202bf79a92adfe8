// SPDX-License-Identifier: Apache-2.0

use super::{wraps::*, *};
use salus_primitives::RecipientKey;
use salus_test_support::{Identities, OpenCompartments};

#[test]
fn lets_recipients_open_a_version() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let before = held(DOCTOR);
		let readers = [identity(COLLEAGUE), identity(HOSPITAL)];
		events();
		assert_ok!(wrap_for(DOCTOR, id, 1, &readers));

		assert_eq!(HealthRecords::wrap_for(id, 1, readers[0]), Some(wrap_to(readers[0])));
		assert_eq!(HealthRecords::wrap_for(id, 1, readers[1]), Some(wrap_to(readers[1])));
		assert_eq!(HealthRecords::wrap_for(id, 1, identity(STRANGER)), None);
		assert_eq!(HealthRecords::wrap_for(id, 2, readers[0]), None);
		assert_eq!(WrapCount::<Test>::get(id, 1), 2);
		assert_eq!(held(DOCTOR), before + 2 * wrap_rent());
		assert_eq!(
			events(),
			[Event::WrapsAdded {
				record: id,
				version: 1,
				by: identity(DOCTOR),
				recipients: readers.to_vec().try_into().unwrap(),
			}]
		);
	});
}

#[test]
fn a_new_wrap_takes_the_place_of_the_one_before() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let (before, reader) = (held(DOCTOR), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		Identities::rotate(reader, 2);
		let next = RecipientKey { key_version: 2, wrap: [9; 80], ..wrap_to(reader) };
		assert_ok!(add_wraps(HOSPITAL, id, 1, vec![next]));
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), Some(next));
		assert_eq!(WrapCount::<Test>::get(id, 1), 1);
		// Who paid for the one before gets it back.
		assert_eq!((held(DOCTOR), held(HOSPITAL)), (before, wrap_rent()));
	});
}

#[test]
fn the_rent_of_the_wrap_before_pays_for_the_next() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		let rich = Balances::free_balance(account(DOCTOR));
		assert_ok!(Balances::transfer_allow_death(origin(DOCTOR), account(HOSPITAL), rich - 1));
		let poor = wrap_for(DOCTOR, id, 1, &[identity(STRANGER)]);
		assert_eq!(poor, Err(sp_runtime::TokenError::FundsUnavailable.into()));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
	});
}

#[test]
fn the_subject_pays_nothing() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(wrap_for(PATIENT, id, 1, &[identity(STRANGER)]));
		assert_eq!(held(PATIENT), 0);
		assert!(Wraps::<Test>::get((id, 1, identity(STRANGER))).unwrap().deposit.is_none());
	});
}

#[test]
fn is_for_the_subject_and_who_keeps_the_record() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(STRANGER));
		for who in [STRANGER, OTHER_HOSPITAL, OTHER_PATIENT] {
			assert_noop!(wrap_for(who, id, 1, &[reader]), E::NotSubjectOrKeeper);
		}
		assert_noop!(wrap_for(NOBODY, id, 1, &[reader]), sp_runtime::DispatchError::BadOrigin);
		for who in [PATIENT, DOCTOR, HOSPITAL] {
			assert_ok!(wrap_for(who, id, 1, &[reader]));
		}
	});
}

#[test]
fn a_wrap_is_to_the_current_agreement_key() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		Identities::rotate(reader, 3);
		let to = |key_version| vec![RecipientKey { key_version, ..wrap_to(reader) }];
		for stale in [0, 1, 2, 4] {
			assert_noop!(add_wraps(DOCTOR, id, 1, to(stale)), E::StaleRecipientKey);
		}
		assert_ok!(add_wraps(DOCTOR, id, 1, to(3)));
		// What was sealed to an old version stays readable.
		Identities::rotate(reader, 4);
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), Some(to(3)[0]));
		let unknown = IdentityId([1; 32]);
		assert_noop!(wrap_for(DOCTOR, id, 1, &[unknown]), E::UnknownRecipientKey);
	});
}

#[test]
fn a_call_names_up_to_32_recipients_once_each() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let readers = readers(0, MAX_RECIPIENTS + 1);
		assert_noop!(wrap_for(DOCTOR, id, 1, &[]), E::NothingNamed);
		let twice = [readers[0], readers[1], readers[0]];
		assert_noop!(wrap_for(DOCTOR, id, 1, &twice), E::DuplicateRecipient);
		type Wraps = BoundedVec<RecipientKey, frame_support::traits::ConstU32<MAX_RECIPIENTS>>;
		let all: Vec<_> = readers.iter().copied().map(wrap_to).collect();
		assert!(Wraps::try_from(all.clone()).is_err());
		assert_ok!(add_wraps(DOCTOR, id, 1, all[1..].to_vec()));
		assert_eq!(WrapCount::<Test>::get(id, 1), MAX_RECIPIENTS);
	});
}

#[test]
fn ten_thousand_wraps_are_refused_at_the_bound() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let readers = readers(0, 10_000);
		let mut added = 0;
		for some in readers.chunks(MAX_RECIPIENTS as usize) {
			let full = added + some.len() as u32 > MAX_WRAPS;
			if full {
				assert_noop!(wrap_for(PATIENT, id, 1, some), E::TooManyWraps);
			} else {
				assert_ok!(wrap_for(PATIENT, id, 1, some));
				added += some.len() as u32;
			}
		}
		assert_eq!((added, WrapCount::<Test>::get(id, 1)), (MAX_WRAPS, MAX_WRAPS));
		assert_eq!(Wraps::<Test>::iter().count(), MAX_WRAPS as usize);

		// The 257th, alone and beside one that is there already.
		let next = readers[MAX_WRAPS as usize];
		assert_noop!(wrap_for(PATIENT, id, 1, &[next]), E::TooManyWraps);
		assert_noop!(wrap_for(PATIENT, id, 1, &[readers[0], next]), E::TooManyWraps);
		// The place of one before is not another place.
		assert_ok!(wrap_for(PATIENT, id, 1, &readers[..32]));
		assert_ok!(drop_wraps(PATIENT, id, 1, &[readers[0]]));
		assert_ok!(wrap_for(PATIENT, id, 1, &[next]));
		// Another version has places of its own.
		amended(id, 2);
		assert_ok!(wrap_for(PATIENT, id, 2, &readers[..32]));
	});
}

#[test]
fn serves_what_counts_or_did() {
	build_and_execute(|| {
		let reader = identity(COLLEAGUE);
		let unknown = RecordId([1; 32]);
		assert_noop!(wrap_for(DOCTOR, unknown, 1, &[reader]), E::RecordNotFound);
		assert_ok!(note(1).propose());
		assert_noop!(wrap_for(DOCTOR, note(1).id(), 1, &[reader]), E::NoKeysServed);

		let id = anchored_note(2);
		for version in [0, 2, u32::MAX] {
			assert_noop!(wrap_for(DOCTOR, id, version, &[reader]), E::VersionNotFound);
		}
		amended(id, 2);
		assert_ok!(note(3).amend(id, 2, vec![]));
		assert_noop!(wrap_for(DOCTOR, id, 3, &[reader]), E::NoKeysServed);
		assert_ok!(attest(HOSPITAL, id, 3, Accuracy, Verdict::Fail));
		assert_noop!(wrap_for(DOCTOR, id, 3, &[reader]), E::NoKeysServed);
		for version in [1, 2] {
			assert_ok!(wrap_for(DOCTOR, id, version, &[reader]));
		}
		assert_ok!(retract(DOCTOR, id));
		assert_noop!(wrap_for(DOCTOR, id, 2, &[reader]), E::NoKeysServed);
	});
}

#[test]
fn a_retracted_record_gives_no_wraps() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		assert_ok!(retract(DOCTOR, id));
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), None);
		let page = HealthRecords::wraps(id, 1, None, MAX_PAGE);
		assert_eq!(page, Ok(Page { items: vec![], next: None }));
	});
}

#[test]
fn a_resealed_record_gives_no_old_wraps() {
	build_and_execute(|| {
		let (id, reader) = (anchored_note(1), identity(COLLEAGUE));
		assert_ok!(wrap_for(DOCTOR, id, 1, &[reader]));
		OpenCompartments::set(identity(PATIENT), 0, EPOCH + 1);
		let Draft { content, padded_len, key, .. } = note(2);
		let key = RecordKey { epoch: EPOCH + 1, ..key };
		assert_ok!(HealthRecords::reseal(origin(PATIENT), id, 1, content, padded_len, key));
		assert_eq!(HealthRecords::wrap_for(id, 1, reader), None);
		assert_noop!(wrap_for(DOCTOR, id, 1, &[reader]), E::NoKeysServed);
		assert_ok!(wrap_for(DOCTOR, id, 2, &[reader]));
		assert_eq!(HealthRecords::wrap_for(id, 2, reader), Some(wrap_to(reader)));
		// The row of the old one is still somebody's to drop.
		assert_ok!(drop_wraps(DOCTOR, id, 1, &[reader]));
	});
}

#[test]
fn wraps_are_paged() {
	build_and_execute(|| {
		let id = anchored_note(1);
		let readers = readers(0, 6);
		assert_ok!(wrap_for(PATIENT, id, 1, &readers));
		let page = |after, limit| {
			let page = HealthRecords::wraps(id, 1, after, limit).unwrap();
			(page.items, page.next)
		};
		let (first, next) = page(None, 4);
		assert_eq!((first.len(), next), (4, Some(first[3].recipient)));
		let (second, end) = page(next, 4);
		assert_eq!((second.len(), end), (2, None));
		let seen: std::collections::BTreeSet<_> =
			first.iter().chain(&second).map(|wrap| wrap.recipient).collect();
		assert_eq!(seen, readers.iter().copied().collect());
		assert!(first.iter().all(|wrap| *wrap == wrap_to(wrap.recipient)));
		assert_eq!(page(Some(second[1].recipient), 4), (vec![], None));
		assert_eq!(page(next, 0), (vec![], next));
		let too_large = HealthRecords::wraps(id, 1, None, MAX_PAGE + 1);
		assert_eq!(too_large, Err(PageTooLarge { max: MAX_PAGE }));

		// The row that a page ended with may be gone.
		assert_ok!(drop_wraps(PATIENT, id, 1, &[first[3].recipient]));
		assert_eq!(page(next, 4), (second, None));
		// Another version has its own.
		amended(id, 2);
		let other = HealthRecords::wraps(id, 2, None, 4).unwrap();
		assert_eq!(other.items, []);
	});
}
