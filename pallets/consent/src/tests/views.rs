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
			assert_ok!(log(question(Alice, RESULT), BY_SUBJECT));
		}
		assert_eq!(page(0, 3), (vec![6, 7, 8], Some(9)));
		assert_eq!(page(9, 2), (vec![9, 10], Some(11)));
		assert_eq!(page(68, 100), (vec![68, 69], None));
		assert_eq!(page(70, 100), (vec![], None));
		assert_eq!(page(0, 100).0.len(), 64);
	});
}

#[test]
fn grants_that_end_soon_come_by_their_ends() {
	execute(|| {
		let until = |days| {
			let window = Window { from: START, until: START + days * DAY };
			Offer { window, ..Offer::default() }.make()
		};
		let [third, first, late] = [3, 1, 8].map(until);
		let window = Window { from: START + DAY, until: START + 2 * DAY };
		let begins = Offer { window, ..Offer::default() }.make();
		let before = |moment, limit| -> Vec<_> {
			let listed = Consent::expiring(identity(Alice), moment, limit).unwrap();
			listed.into_iter().map(|listed| listed.id).collect()
		};
		assert_eq!(before(START + 9 * DAY, 100), [first, third, late]);
		assert_eq!(before(START + 9 * DAY, 2), [first, third]);
		assert_eq!(before(START + 3 * DAY, 100), [first]);
		assert_eq!(Consent::inbox(identity(Alice)).expiring, [first, third]);
		go_to(START + DAY);
		assert_eq!(before(START + 3 * DAY, 100), [begins]);
		assert_eq!(Consent::inbox(identity(Alice)).expiring, [begins, third]);
		let too_large = PageTooLarge { max: 100 };
		assert_eq!(Consent::expiring(identity(Alice), START, 101), Err(too_large));
	});
}

#[test]
fn requests_are_paged_in_the_order_they_came() {
	use super::request_access::{Wish, asked_by};
	execute(|| {
		let made = [Bob, Charlie, Eve].map(|who| asked_by(who, Wish::default()));
		let page = |start, limit| {
			let page = Consent::requests_for(identity(Alice), start, limit).unwrap();
			(page.items.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), page.next)
		};
		assert_eq!(page(0, 2), (made[..2].to_vec(), Some(2)));
		assert_eq!(page(2, 2), (made[2..].to_vec(), None));
		assert_eq!(page(3, 2), (vec![], None));
		let too_large = PageTooLarge { max: 100 };
		assert_eq!(Consent::requests_for(identity(Alice), 0, 101), Err(too_large));
		// What ran out is listed until it is cleared away, and no longer in the inbox.
		go_to(START + DAY);
		assert_eq!(page(0, 100).0.len(), 3);
		assert!(Consent::inbox(identity(Alice)).requests.is_empty());
	});
}

#[test]
fn the_inbox_shows_emergencies_while_they_act() {
	use super::emergency::*;
	in_emergency(|| {
		let id = broken(Bob, Some(1));
		let inbox = || Consent::inbox(identity(Alice));
		assert_eq!((inbox().emergencies, inbox().rotations), (vec![id], vec![1]));
		assert_ok!(close(Bob, id));
		assert!(inbox().emergencies.is_empty());
		assert_eq!(inbox().rotations, [1]);
		assert_eq!(
			Consent::inbox(identity(Dave)),
			Inbox { requests: vec![], emergencies: vec![], expiring: vec![], rotations: vec![] }
		);
	});
}
