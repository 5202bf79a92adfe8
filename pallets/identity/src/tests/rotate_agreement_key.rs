// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_traits::identity::AgreementKeys;

#[test]
fn retires_the_current_key_and_keeps_it_resolvable() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let (id, first, second) = (identity(Alice), agreement_key(Alice as u8), agreement_key(50));
		at(START + 10);
		assert_ok!(rotate(Alice, second, 1));

		assert_eq!(Identity::current(&id), Some((2, second)));
		assert!(Identity::is_current(&id, 2));
		assert!(!Identity::is_current(&id, 1));
		assert_eq!(
			Identity::agreement_key(id, 1),
			Some(AgreementKeyView {
				version: 1,
				key: first,
				valid_from: START,
				valid_to: Some(START + 10),
				revoked: None,
			})
		);
		assert_eq!(
			Identity::agreement_key(id, 2),
			Some(AgreementKeyView {
				version: 2,
				key: second,
				valid_from: START + 10,
				valid_to: None,
				revoked: None,
			})
		);
		assert_eq!(Identity::agreement_key(id, 0), None);
		assert_eq!(Identity::agreement_key(id, 3), None);
		assert_eq!(
			last_event(),
			Event::AgreementKeyRotated {
				identity: id,
				version: 2,
				agreement_key: second,
				at: START + 10,
				doc_version: 2,
			}
			.into()
		);
	});
}

#[test]
fn refuses_a_stale_version() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for stale in [0, 2, u32::MAX] {
			assert_noop!(rotate(Alice, agreement_key(50), stale), Error::<Test>::StaleVersion);
		}
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_noop!(rotate(Alice, agreement_key(51), 1), Error::<Test>::StaleVersion);
	});
}

#[test]
fn two_rotations_in_a_block_leave_an_empty_interval() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_ok!(rotate(Alice, agreement_key(51), 2));
		let middle = Identity::agreement_key(identity(Alice), 2).unwrap();
		assert_eq!(Some(middle.valid_from), middle.valid_to);
	});
}

#[test]
fn the_number_of_versions_is_bounded() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for version in 1..4 {
			assert_ok!(rotate(Alice, agreement_key(50 + version as u8), version));
		}
		assert_noop!(rotate(Alice, agreement_key(60), 4), Error::<Test>::VersionHistoryFull);
	});
}

#[test]
fn a_further_key_leaves_the_last_quarter_of_the_versions_to_the_primary() {
	ExtBuilder::default().build_and_execute(|| {
		for (max, kept) in [(2, 1), (3, 1), (4, 1), (7, 1), (8, 2), (9, 2)] {
			frame_support::hypothetically!({
				MaxAgreementVersions::set(max);
				patient(Alice);
				assert_ok!(add_key(Alice, Dave, ADMIN));
				let next = |by, version| rotate(by, agreement_key(50 + version as u8), version);
				for version in 1..max - kept {
					assert_ok!(next(Dave, version));
				}
				let refused = next(Dave, max - kept);
				assert_noop!(refused, Error::<Test>::VersionsKeptForPrimary);
				for version in max - kept..max {
					assert_ok!(next(Alice, version));
				}
				for by in [Alice, Dave] {
					assert_noop!(next(by, max), Error::<Test>::VersionHistoryFull);
				}
			});
		}
	});
}

#[test]
fn refuses_every_key_that_was_ever_used() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		for used in [agreement_key(Alice as u8), agreement_key(50), agreement_key(Bob as u8)] {
			assert_noop!(rotate(Alice, used, 2), Error::<Test>::AgreementKeyInUse);
		}
	});
}

#[test]
fn refuses_unsound_keys() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_noop!(rotate(Alice, [0; 32], 1), Error::<Test>::AgreementKeySmallOrder);
		assert_noop!(rotate(Alice, [0xff; 32], 1), Error::<Test>::AgreementKeyNotCanonical);
	});
}

#[test]
fn refuses_the_signing_key() {
	ExtBuilder::default().build_and_execute(|| {
		let bytes = agreement_key(1);
		let who = || RuntimeOrigin::signed(bytes.into());
		let registration = crate::calls::Registration {
			account: AccountId32::new(bytes),
			public: PublicKey::Ed25519(bytes),
			kind: IdentityKind::Patient,
			salt: SALT,
			agreement_key: agreement_key(2),
			profile: None,
		};
		Identity::admit(registration, None, None);
		assert_noop!(
			Identity::rotate_agreement_key(who(), bytes, 1),
			Error::<Test>::AgreementKeyIsAccount
		);
	});
}

#[test]
fn refuses_who_is_no_active_identity() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(rotate(Alice, agreement_key(50), 1), DispatchError::BadOrigin);
		patient(Alice);
		set_status(identity(Alice), IdentityStatus::Deceased);
		assert_noop!(rotate(Alice, agreement_key(50), 1), DispatchError::BadOrigin);
		assert_eq!(Identity::current(&identity(Alice)), None);
		// What was sealed before stays attributable.
		assert!(Identity::agreement_key(identity(Alice), 1).is_some());
	});
}

#[test]
fn every_version_resolves_after_a_hundred_rotations() {
	ExtBuilder::default().build_and_execute(|| {
		MaxAgreementVersions::set(128);
		patient(Alice);
		let id = identity(Alice);
		let nth = |version: u32| match version {
			1 => agreement_key(Alice as u8),
			version => agreement_key(100 + version as u8),
		};
		for version in 1..=100 {
			at(START + Moment::from(version));
			assert_ok!(rotate(Alice, nth(version + 1), version));
		}
		for version in 1..=101 {
			let view = Identity::agreement_key(id, version).unwrap();
			assert_eq!(view.key, nth(version));
			assert_eq!(view.valid_from, START + Moment::from(version) - 1);
			let end = (version <= 100).then(|| START + Moment::from(version));
			assert_eq!(view.valid_to, end);
		}
		assert_eq!(Identity::agreement_key(id, 0), None);
		assert_eq!(Identity::agreement_key(id, 102), None);
	});
}

#[test]
fn refuses_the_account_of_any_key() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let bytes = agreement_key(77);
		let record = KeyRecord { key: 1, ..KeyOwner::<Test>::get(account(Alice)).unwrap() };
		KeyOwner::<Test>::insert(AccountId32::new(bytes), record);
		assert_noop!(rotate(Alice, bytes, 1), Error::<Test>::AgreementKeyIsAccount);
		KeyOwner::<Test>::remove(AccountId32::new(bytes));
	});
}

#[test]
fn begins_a_version_of_the_document() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		at(START + 10);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_eq!((row(Alice).doc_version, row(Alice).updated_at), (2, START + 10));
		assert_eq!(row(Alice).agreement.added_in, 2);
	});
}

#[test]
fn a_further_key_needs_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(add_key(Alice, Eve, ADMIN));
		assert_noop!(rotate(Dave, agreement_key(50), 1), DispatchError::BadOrigin);
		assert_ok!(rotate(Eve, agreement_key(50), 1));
	});
}
