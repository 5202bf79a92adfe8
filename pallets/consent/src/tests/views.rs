// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn compartments_come_in_order() {
	ExtBuilder::default().compartments(&[(200, false), (3, true), (40, false)]).build_and_execute(
		|| {
			let numbers: Vec<_> =
				Consent::compartments(identity(Alice)).into_iter().map(|(no, _)| no).collect();
			assert_eq!(numbers, [3, 40, 200]);
			assert!(Consent::compartment(identity(Alice), 3).unwrap().restricted);
			assert_eq!(Consent::compartment(identity(Alice), 4), None);
			assert_eq!(Consent::compartments(identity(Dave)), []);
		},
	);
}

#[test]
fn a_grant_is_shown_with_its_standing() {
	execute(|| {
		let window = Window { from: START + 10, until: START + 20 };
		let id = Offer { window, ..Offer::default() }.make();
		let standing = |moment| {
			go_to(moment);
			Consent::grant_by_id(id).unwrap().standing
		};
		assert_eq!(standing(START + 9), Standing::NotYet);
		assert_eq!(standing(START + 10), Standing::InForce);
		assert_eq!(standing(START + 20), Standing::Expired);
		assert_eq!(Consent::grant_by_id(GrantId(404)), None);
	});
}

fn ids(page: Result<Page<ListedGrant>, PageTooLarge>) -> (Vec<u64>, Option<u64>) {
	let page = page.unwrap();
	(page.items.into_iter().map(|item| item.id.0).collect(), page.next)
}

#[test]
fn grants_are_paged_by_subject_and_by_grantee() {
	execute(|| {
		for grantee in [Charlie, Dave, Charlie, Charlie, Dave] {
			Offer::to(person(grantee)).make();
		}
		assert_ok!(revoke(GrantId(2)));
		let of = |start, limit| ids(Consent::grants_of(identity(Alice), start, limit));
		assert_eq!(of(0, 2), (vec![0, 1], Some(2)));
		assert_eq!(of(2, 2), (vec![2, 3], Some(4)));
		assert_eq!(of(4, 2), (vec![4], None));
		assert_eq!(of(3, 2), (vec![3, 4], None));
		assert_eq!(of(5, 2), (vec![], None));
		assert_eq!(of(u64::MAX, 2), (vec![], None));
		assert_eq!(of(1, 0), (vec![], Some(1)));
		let to = |start, limit| ids(Consent::grants_to(person(Charlie), start, limit));
		assert_eq!(to(0, 2), (vec![0, 2], Some(2)));
		assert_eq!(to(2, 100), (vec![3], None));
		assert_eq!(ids(Consent::grants_to(person(Bob), 0, 100)), (vec![], None));
	});
}

#[test]
fn what_is_granted_while_paging_is_neither_lost_nor_doubled() {
	execute(|| {
		for _ in 0..4 {
			Offer::default().make();
		}
		let (mut seen, mut next) = (vec![], Some(0));
		let mut more = 2;
		while let Some(start) = next {
			let (items, cursor) = ids(Consent::grants_of(identity(Alice), start, 2));
			seen.extend(items);
			next = cursor;
			if more > 0 {
				Offer::default().make();
				more -= 1;
			}
		}
		assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
	});
}

#[test]
fn a_limit_above_the_largest_page_is_an_error() {
	execute(|| {
		let too_large = PageTooLarge { max: 100 };
		assert!(Consent::grants_of(identity(Alice), 0, 100).is_ok());
		assert_eq!(Consent::grants_of(identity(Alice), 0, 101), Err(too_large));
		assert_eq!(Consent::grants_to(person(Charlie), 0, 101), Err(too_large));
		assert!(Consent::access_log(identity(Alice), 0, 100).is_ok());
		assert_eq!(Consent::access_log(identity(Alice), 0, 101), Err(too_large));
	});
}

#[test]
fn the_log_is_paged_from_the_oldest_entry_kept() {
	execute(|| {
		let page = |start, limit| {
			let page = Consent::access_log(identity(Alice), start, limit).unwrap();
			let numbers: Vec<_> = page.items.iter().map(|(number, _)| *number).collect();
			for (number, entry) in page.items {
				assert_eq!(entry.at, START + number);
			}
			(numbers, page.next)
		};
		assert_eq!(page(0, 10), (vec![], None));
		for number in 0..70 {
			go_to(START + number);
			assert_ok!(log(question(Charlie, RESULT), NO_GRANT));
		}
		assert_eq!(page(0, 3), (vec![6, 7, 8], Some(9)));
		assert_eq!(page(9, 2), (vec![9, 10], Some(11)));
		assert_eq!(page(68, 100), (vec![68, 69], None));
		assert_eq!(page(70, 100), (vec![], None));
		assert_eq!(page(0, 100).0.len(), 64);
	});
}
