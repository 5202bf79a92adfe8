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
