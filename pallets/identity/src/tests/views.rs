// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn keys_are_listed_in_pages() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for version in 1..4 {
			assert_ok!(rotate(Alice, agreement_key(50 + version as u8), version));
		}
		let id = identity(Alice);
		let page = |from, limit| Identity::agreement_keys(id, from, limit).unwrap();
		let versions =
			|page: &AgreementKeyPage| page.keys.iter().map(|key| key.version).collect::<Vec<_>>();

		let first = page(0, 3);
		assert_eq!(versions(&first), [1, 2, 3]);
		let second = page(first.next.unwrap(), 3);
		assert_eq!(versions(&second), [4]);
		assert_eq!(second.next, None);
		assert_eq!(second.keys[0].valid_to, None);
		assert_eq!(page(3, 2).next, None);
		assert_eq!(page(u32::MAX, 3), AgreementKeyPage { keys: vec![], next: None });
		assert_eq!(page(1, 0), AgreementKeyPage { keys: vec![], next: Some(1) });
	});
}

#[test]
fn a_page_is_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		let id = identity(Alice);
		assert_eq!(Identity::agreement_keys(id, 1, 4), Err(ListError::LimitTooLarge { max: 3 }));
		assert_eq!(Identity::agreement_keys(id, 1, 3), Err(ListError::UnknownIdentity));
	});
}

#[test]
fn nothing_is_known_of_strangers() {
	ExtBuilder::default().build_and_execute(|| {
		assert_eq!(Identity::identity(identity(Eve)), None);
		assert_eq!(Identity::identity_of(account(Eve)), None);
		assert_eq!(Identity::agreement_key(identity(Eve), 1), None);
	});
}

#[test]
fn signing_keys_are_listed_in_pages_ended_ones_too() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		let id = identity(Alice);
		let page = |from, limit| {
			let page = Identity::keys(id, from, limit).unwrap();
			(page.keys.into_iter().map(|key| key.key).collect::<Vec<_>>(), page.next)
		};
		assert_eq!(page(0, 3), (vec![0, 1, 2], Some(3)));
		assert_eq!(page(3, 3), (vec![3], None));
		assert_eq!(page(0, 0), (vec![], Some(0)));
		assert_eq!(page(u32::MAX, 3), (vec![], None));
		assert_eq!(Identity::keys(id, 0, 4), Err(ListError::LimitTooLarge { max: 3 }));
		assert_eq!(Identity::keys(identity(Eve), 0, 3), Err(ListError::UnknownIdentity));
		assert_eq!(Identity::key(id, 4), None);
		assert_eq!(Identity::key(id, 3).unwrap().account, account(Bob));
	});
}

#[test]
fn an_account_acts_where_its_key_does() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let acting = Identity::acting_identity;
		assert_eq!(acting(account(Dave), CallScope::RecordAnchor), Some(identity(Alice)));
		assert_eq!(acting(account(Dave), CallScope::Vault), None);
		assert_eq!(acting(account(Eve), CallScope::RecordAnchor), None);
		// Whom it serves is told in any case.
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_eq!(Identity::identity_of(account(Dave)), Some(identity(Alice)));
		assert_eq!(acting(account(Dave), CallScope::RecordAnchor), None);
	});
}

#[test]
fn what_is_still_to_come_is_not_vouched_for() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let valid = |at| Identity::was_valid(account(Alice), KeyPurpose::Authentication, at);
		assert!(valid(START) && !valid(START - 1) && !valid(START + 1));
		assert!(!Identity::was_valid(account(Eve), KeyPurpose::Authentication, START));
	});
}

#[test]
fn unknown_suspended_and_ended_identities_are_told_apart() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		set_status(identity(Alice), suspended(None));
		assert_ok!(Identity::deactivate(signed(Bob), 1));
		let status = |who| Identity::identity(identity(who)).map(|view| view.status);
		assert_eq!(status(Alice), Some(suspended(None)));
		assert_eq!(status(Bob), Some(IdentityStatus::Deactivated { at: START }));
		assert_eq!(status(Eve), None);
		assert_eq!(Identity::services(identity(Eve)), []);
		assert_eq!(Identity::sponsor_quota_left(identity(Eve)), 2);
	});
}
