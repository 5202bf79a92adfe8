// SPDX-License-Identifier: Apache-2.0

use super::*;

fn resolve(who: Sr25519Keyring, version: Option<u32>) -> DidFactsOf<Test> {
	Identity::resolve(identity(who), version).unwrap()
}

fn keys(facts: &DidFactsOf<Test>) -> Vec<KeyId> {
	facts.keys.iter().map(|key| key.key).collect()
}

fn did_key(who: Sr25519Keyring, key: KeyId) -> DidKey<AccountId32> {
	DidKey {
		key,
		account: account(who),
		public: public(who),
		purposes: KeyPurposes::ALL,
		valid_until: None,
	}
}

fn block(number: u64) {
	System::set_block_number(number);
	at(START + number);
}

#[test]
fn tells_the_whole_document_of_today() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		block(2);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		block(3);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		let expected = DidFacts {
			id: identity(Alice),
			keys: vec![did_key(Alice, 0), did_key(Dave, 1)],
			agreement: Some(DidAgreementKey { version: 1, key: agreement_key(Alice as u8) }),
			services: vec![service("fhir")],
			created: START,
			updated: START + 3,
			version: 3,
			block: 3,
			next_version: None,
			next_update: None,
			deactivated: false,
		};
		assert_eq!(resolve(Alice, None), expected);
		assert_eq!(resolve(Alice, Some(3)), expected);
	});
}

#[test]
fn tells_an_older_document_as_it_stood() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		block(2);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		block(3);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		block(4);
		assert_ok!(Identity::revoke_key(signed(Alice), 1, None));
		block(5);
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));

		let expected = [
			(1, vec![0], 1, 1),
			(2, vec![0, 1], 1, 2),
			(3, vec![0, 1], 2, 3),
			(4, vec![0], 2, 4),
			(5, vec![2], 2, 5),
		];
		for (version, ids, agreement, block) in expected {
			let facts = resolve(Alice, Some(version));
			assert_eq!((keys(&facts), facts.version), (ids, version));
			assert_eq!(facts.agreement.as_ref().unwrap().version, agreement);
			assert_eq!(facts.block, block);
			let next = (version < 5).then_some(version + 1);
			assert_eq!(facts.next_version, next);
			let updated = if version == 1 { START } else { START + block };
			assert_eq!((facts.created, facts.updated), (START, updated));
			assert_eq!(facts.next_update, next.map(|next| START + u64::from(next)));
		}
		assert_eq!(resolve(Alice, Some(3)).keys, [did_key(Alice, 0), did_key(Dave, 1)]);
	});
}

#[test]
fn services_are_told_of_today_only() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_eq!(resolve(Alice, Some(2)).services, []);
		assert_eq!(resolve(Alice, None).services, [service("fhir")]);
	});
}

#[test]
fn finds_the_agreement_key_of_every_document() {
	ExtBuilder::default().build_and_execute(|| {
		MaxAgreementVersions::set(20);
		patient(Alice);
		for version in 1..20 {
			assert_ok!(rotate(Alice, agreement_key(50 + version as u8), version));
		}
		for version in 16..=20 {
			let agreement = resolve(Alice, Some(version)).agreement.unwrap();
			let key = agreement_key(50 + version as u8 - 1);
			assert_eq!(agreement, DidAgreementKey { version, key });
		}
	});
}

#[test]
fn unknown_ids_pruned_and_future_versions_differ() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let resolve = |version| Identity::resolve(identity(Alice), version);
		assert_eq!(Identity::resolve(identity(Eve), None), Err(ResolveError::UnknownIdentity));
		for version in [0, 2, u32::MAX] {
			let unknown = Err(ResolveError::UnknownVersion { current: 1 });
			assert_eq!(resolve(Some(version)), unknown);
		}
		// Five versions are remembered.
		for round in 0..3 {
			let key = agreement_key(50 + round as u8);
			assert_ok!(rotate(Alice, key, round + 1));
		}
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert!(resolve(Some(1)).is_ok());
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_eq!(resolve(Some(1)), Err(ResolveError::VersionPruned { oldest: 2 }));
		assert!(resolve(Some(2)).is_ok());
		assert_eq!(DocVersions::<Test>::iter_prefix(identity(Alice)).count(), 5);
		// What was pruned of documents is not pruned of keys.
		assert!(Identity::agreement_key(identity(Alice), 1).is_some());
	});
}

#[test]
fn the_last_document_of_an_identity_that_ended_is_empty() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(Identity::deactivate(signed(Alice), 2));

		let last = resolve(Alice, None);
		assert!(last.deactivated && last.keys.is_empty() && last.agreement.is_none());
		assert_eq!(last.version, 3);
		let before = resolve(Alice, Some(2));
		assert!(before.deactivated && before.agreement.is_some());
		assert_eq!((keys(&before), before.next_version), (vec![0, 1], Some(3)));
	});
}

#[test]
fn an_end_that_was_settled_from_the_start_is_told_with_the_key() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 10), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
		let before = resolve(Alice, None);
		assert_eq!(before.keys[1].valid_until, Some(START + 10));
		at(START + 20);
		assert_eq!(resolve(Alice, None), before);
	});
}
