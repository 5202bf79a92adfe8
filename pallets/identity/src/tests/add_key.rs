// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn binds_an_account_with_the_rights_it_signed() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		at(START + 10);
		let rights = KeyRights { valid_until: Some(START + 20), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));

		let KeyRights { purposes, scopes, valid_until } = rights;
		let expected = KeyView {
			key: 1,
			account: account(Dave),
			public: public(Dave),
			purposes,
			scopes,
			valid_from: START + 10,
			valid_until,
			status: KeyStatus::Active,
			added_in: 2,
			ended_in: None,
		};
		assert_eq!(key(Alice, 1), expected);
		assert_eq!(Identity::identity_of(account(Dave)), Some(identity(Alice)));
		assert_eq!((row(Alice).active_keys, row(Alice).next_key), (2, 2));
		assert_eq!((row(Alice).doc_version, row(Alice).updated_at), (2, START + 10));
		System::assert_last_event(
			Event::KeyAdded {
				identity: identity(Alice),
				key: 1,
				account: account(Dave),
				public: public(Dave),
				purposes,
				scopes,
				valid_until,
				by: 0,
				doc_version: 2,
			}
			.into(),
		);
	});
}

#[test]
fn lets_the_new_account_exist_without_a_balance() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert!(!System::account_exists(&account(Dave)));
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_eq!(System::sufficients(&account(Dave)), 1);
	});
}

#[test]
fn the_new_key_acts_within_its_scopes_only() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for scope in CallScope::ALL {
			assert_eq!(may(Dave, *scope), *scope == CallScope::RecordAnchor, "{scope}");
			assert!(may(Alice, *scope));
		}
		assert_noop!(rotate(Dave, agreement_key(50), 1), DispatchError::BadOrigin);
		let profile = Identity::set_profile(signed(Dave), PROFILE, 0);
		assert_noop!(profile, DispatchError::BadOrigin);
	});
}

#[test]
fn a_key_may_be_for_statements_only() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let purposes = KeyPurposes::of(&[KeyPurpose::Assertion]);
		assert_ok!(add_key(Alice, Dave, KeyRights { purposes, ..NOTHING }));
		assert!(CallScope::ALL.iter().all(|scope| !may(Dave, *scope)));
		assert!(Identity::was_valid(account(Dave), KeyPurpose::Assertion, START));
		assert!(!Identity::was_valid(account(Dave), KeyPurpose::Authentication, START));
	});
}

#[test]
fn accepts_what_a_wallet_wraps() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = addition(account(Dave), identity(Alice), ANCHORS);
		let [_, wrapped] = signed_forms(asked.to_bytes());
		assert_ok!(submit_addition(Alice, &asked, public(Dave), sign(Dave, &wrapped)));
	});
}

#[test]
fn accepts_every_scheme() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let pair = ed25519::Pair::from_seed(&[1; 32]);
		let who = MultiSigner::from(pair.public()).into_account();
		let asked = addition(who, identity(Alice), ANCHORS);
		let public = PublicKey::Ed25519(pair.public().0);
		let proof = pair.sign(&asked.to_bytes()).into();
		assert_ok!(submit_addition(Alice, &asked, public, proof));

		let pair = ecdsa::Pair::from_seed(&[1; 32]);
		let who = MultiSigner::from(pair.public()).into_account();
		let asked = addition(who, identity(Alice), ANCHORS);
		let public = PublicKey::Ecdsa(pair.public().0);
		let proof = pair.sign(&asked.to_bytes()).into();
		assert_ok!(submit_addition(Alice, &asked, public, proof));
		assert_eq!(key(Alice, 2).public, public);
	});
}

#[test]
fn refuses_scopes_that_the_signer_lacks() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		let scopes = CallScopes::of(&[CallScope::RecordAnchor, CallScope::Vault]);
		let wider = KeyRights { scopes, ..ANCHORS };
		assert_noop!(add_key_by(Dave, Alice, Eve, wider), Error::<Test>::ScopeEscalation);
		assert_ok!(add_key_by(Dave, Alice, Eve, ANCHORS));
	});
}

#[test]
fn only_the_primary_key_lets_another_administer_keys() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_noop!(add_key_by(Dave, Alice, Eve, ADMIN), Error::<Test>::KeyAdminNotGiven);
		assert_ok!(add_key(Alice, Eve, ADMIN));
	});
}

#[test]
fn refuses_purposes_that_the_signer_lacks() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let purposes = KeyPurposes::of(&[KeyPurpose::CapabilityInvocation]);
		assert_ok!(add_key(Alice, Dave, KeyRights { purposes, ..ADMIN }));
		assert_noop!(add_key_by(Dave, Alice, Eve, ANCHORS), Error::<Test>::PurposeEscalation);
		assert_ok!(add_key_by(Dave, Alice, Eve, KeyRights { purposes, ..ANCHORS }));
	});
}

#[test]
fn a_key_does_not_outlive_the_key_that_adds_it() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let until = |end| KeyRights { valid_until: end, ..ANCHORS };
		let limited = KeyRights { valid_until: Some(START + 100), ..ADMIN };
		assert_ok!(add_key(Alice, Dave, limited));
		for longer in [None, Some(START + 101)] {
			let refused = add_key_by(Dave, Alice, Eve, until(longer));
			assert_noop!(refused, Error::<Test>::OutlivesGiver);
		}
		assert_ok!(add_key_by(Dave, Alice, Eve, until(Some(START + 100))));
	});
}

#[test]
fn refuses_rights_that_do_not_exist_or_make_no_sense() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let add = |rights| add_key(Alice, Dave, rights);
		let unknown = KeyRights { purposes: KeyPurposes(0x80), ..ANCHORS };
		assert_noop!(add(unknown), Error::<Test>::UnknownPurpose);
		let unknown = KeyRights { scopes: CallScopes(0x8000), ..ANCHORS };
		assert_noop!(add(unknown), Error::<Test>::UnknownScope);
		let none = KeyRights { purposes: KeyPurposes(0), ..NOTHING };
		assert_noop!(add(none), Error::<Test>::NoPurpose);
		let purposes = KeyPurposes::of(&[KeyPurpose::Authentication]);
		let mismatch = KeyRights { purposes, ..ANCHORS };
		assert_noop!(add(mismatch), Error::<Test>::PurposeMismatch);
	});
}

#[test]
fn refuses_an_end_that_has_come() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for past in [0, START - 1, START] {
			let rights = KeyRights { valid_until: Some(past), ..ANCHORS };
			assert_noop!(add_key(Alice, Dave, rights), Error::<Test>::EndPassed);
		}
		let rights = KeyRights { valid_until: Some(START + 1), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
	});
}

#[test]
fn a_key_ends_at_its_moment() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let rights = KeyRights { valid_until: Some(START + 10), ..ANCHORS };
		assert_ok!(add_key(Alice, Dave, rights));
		for (now, acts) in [(START + 9, true), (START + 10, false), (START + 11, false)] {
			at(now);
			assert_eq!(may(Dave, CallScope::RecordAnchor), acts);
		}
	});
}

#[test]
fn refuses_a_proof_of_anything_else() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		let asked = || addition(account(Dave), identity(Alice), ANCHORS);
		let changes: [fn(&mut KeyAddition); 7] = [
			|signed| signed.genesis[0] ^= 1,
			|signed| signed.identity = identity(Bob),
			|signed| signed.account = account(Eve).into(),
			|signed| signed.purposes = KeyPurposes::of(&[KeyPurpose::CapabilityInvocation]),
			|signed| signed.scopes = NOTHING.scopes,
			|signed| signed.valid_until = Some(Moment::MAX),
			|signed| signed.deadline -= 1,
		];
		for change in changes {
			let mut signed = asked();
			change(&mut signed);
			let proof = sign(Dave, &signed.to_bytes());
			let refused = submit_addition(Alice, &asked(), public(Dave), proof);
			assert_noop!(refused, Error::<Test>::BadSignature);
		}
		// A proof that Alice asked for does not serve Bob.
		let proof = sign(Dave, &asked().to_bytes());
		let refused = submit_addition(Bob, &asked(), public(Dave), proof);
		assert_noop!(refused, Error::<Test>::BadSignature);
	});
}

#[test]
fn refuses_a_signature_of_another_key_or_scheme() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = addition(account(Dave), identity(Alice), ANCHORS);
		let bytes = asked.to_bytes();
		let MultiSignature::Sr25519(right) = sign(Dave, &bytes) else { unreachable!() };
		let proofs = [
			sign(Alice, &bytes),
			MultiSignature::Ed25519(ed25519::Signature::from_raw(right.0)),
			MultiSignature::Ed25519(ed25519::Signature::from_raw([0; 64])),
			MultiSignature::Sr25519(sp_core::sr25519::Signature::from_raw([0; 64])),
			MultiSignature::Ecdsa(ecdsa::Signature::from_raw([0; 65])),
		];
		for proof in proofs {
			let refused = submit_addition(Alice, &asked, public(Dave), proof);
			assert_noop!(refused, Error::<Test>::BadSignature);
		}
	});
}

#[test]
fn a_bad_signature_uses_up_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = addition(account(Dave), identity(Alice), ANCHORS);
		let forged = sign(Eve, &asked.to_bytes());
		let refused = submit_addition(Alice, &asked, public(Dave), forged);
		assert_noop!(refused, Error::<Test>::BadSignature);
		let proof = sign(Dave, &asked.to_bytes());
		assert_ok!(submit_addition(Alice, &asked, public(Dave), proof));
	});
}

#[test]
fn a_proof_ends_at_its_deadline_and_is_of_today() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let with_deadline = |deadline| {
			let mut asked = addition(account(Dave), identity(Alice), ANCHORS);
			asked.deadline = deadline;
			submit_addition(Alice, &asked, public(Dave), sign(Dave, &asked.to_bytes()))
		};
		for passed in [0, START - 1, START] {
			assert_noop!(with_deadline(passed), Error::<Test>::ConsentExpired);
		}
		for far in [START + CONSENT_AGE + 1, Moment::MAX] {
			assert_noop!(with_deadline(far), Error::<Test>::DeadlineTooFar);
		}
		assert_ok!(with_deadline(START + 1));
	});
}

#[test]
fn a_proof_serves_once() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = addition(account(Dave), identity(Alice), ANCHORS);
		let submit = || submit_addition(Alice, &asked, public(Dave), sign(Dave, &asked.to_bytes()));
		assert_ok!(submit());
		assert_noop!(submit(), Error::<Test>::AccountAlreadyBound);
		System::set_block_number(2);
		assert_noop!(submit(), Error::<Test>::AccountAlreadyBound);
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_noop!(submit(), Error::<Test>::AccountRetired);
	});
}

#[test]
fn an_altered_ecdsa_signature_serves_no_second_time() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let pair = ecdsa::Pair::from_seed(&[1; 32]);
		let who = MultiSigner::from(pair.public()).into_account();
		let public = PublicKey::Ecdsa(pair.public().0);
		let asked = addition(who, identity(Alice), ANCHORS);
		let proof = pair.sign(&asked.to_bytes());
		assert_ok!(submit_addition(Alice, &asked, public, proof.into()));

		// The other s, n - s, with the other recovery bit, is a signature of the same bytes.
		let order: [u8; 32] = sp_core::bytes::from_hex(
			"0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
		)
		.unwrap()
		.try_into()
		.unwrap();
		let mut raw = proof.0;
		let mut borrow = 0i16;
		for index in (0..32).rev() {
			let digit = i16::from(order[index]) - i16::from(raw[32 + index]) - borrow;
			borrow = i16::from(digit < 0);
			raw[32 + index] = digit.rem_euclid(256) as u8;
		}
		raw[64] ^= 1;
		let high = ecdsa::Signature::from_raw(raw);
		assert_ne!(high, proof);
		let again = submit_addition(Alice, &asked, public, high.into());
		assert_noop!(again, Error::<Test>::AccountAlreadyBound);
	});
}

#[test]
fn an_account_serves_one_identity_ever() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		let bound = Error::<Test>::AccountAlreadyBound;
		assert_noop!(add_key(Alice, Bob, ANCHORS), bound);
		assert_noop!(add_key(Alice, Alice, ANCHORS), Error::<Test>::AccountAlreadyBound);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		let stolen = add_key(Bob, Dave, ANCHORS);
		assert_noop!(stolen, Error::<Test>::AccountAlreadyBound);
		assert_eq!(Identity::identity_of(account(Dave)), Some(identity(Alice)));
		// Nor does it register on its own.
		let registers = register(Dave, IdentityKind::Patient, agreement_key(99));
		assert_noop!(registers, Error::<Test>::AccountAlreadyBound);
	});
}

#[test]
fn refuses_an_account_that_is_an_agreement_key_of_the_identity_itself() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let sealed_to = agreement_key(Alice as u8).into();
		let asked = addition(sealed_to, identity(Alice), ANCHORS);
		let proof = sign(Dave, &asked.to_bytes());
		let refused = submit_addition(Alice, &asked, public(Dave), proof);
		assert_noop!(refused, Error::<Test>::AccountIsAgreementKey);
		// Also when it is retired, and also as the next primary.
		assert_ok!(rotate(Alice, Dave.to_raw_public(), 1));
		assert_ok!(rotate(Alice, agreement_key(50), 2));
		for refused in [add_key(Alice, Dave, ANCHORS), rotate_primary(Alice, Alice, Dave, 0)] {
			assert_eq!(refused, Err(Error::<Test>::AccountIsAgreementKey.into()));
		}
	});
}

#[test]
fn an_account_whose_bytes_a_stranger_seals_to_becomes_a_key_all_the_same() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(rotate(Bob, Dave.to_raw_public(), 1));
		assert_ok!(rotate(Bob, Eve.to_raw_public(), 2));
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(rotate_primary(Alice, Alice, Eve, 0));
		assert!(may(Dave, CallScope::RecordAnchor) && may(Eve, CallScope::KeyAdmin));
	});
}

#[test]
fn refuses_a_public_key_that_is_not_the_accounts() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = addition(account(Dave), identity(Alice), ANCHORS);
		let with = |public| submit_addition(Alice, &asked, public, sign(Dave, &asked.to_bytes()));
		assert_noop!(with(public(Eve)), Error::<Test>::PublicKeyMismatch);
		assert_noop!(with(PublicKey::Ecdsa([2; 33])), Error::<Test>::PublicKeyMismatch);
		assert_noop!(with(PublicKey::Derived), Error::<Test>::PublicKeyMissing);
	});
}

#[test]
fn refuses_a_key_that_everybody_signs_for() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let mut neutral = [0; 32];
		neutral[0] = 1;
		let mut forged = [0; 64];
		forged[0] = 1;
		let forged = ed25519::Signature::from_raw(forged);
		let asked = addition(neutral.into(), identity(Alice), ANCHORS);
		let public = PublicKey::Ed25519(neutral);
		let refused = submit_addition(Alice, &asked, public, forged.into());
		assert_noop!(refused, Error::<Test>::PublicKeyWeak);
	});
}

#[test]
fn an_identity_has_so_many_keys_at_a_time() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_noop!(add_key(Alice, Ferdie, ANCHORS), Error::<Test>::TooManyKeys);
		assert_ok!(Identity::retire_key(signed(Alice), 1));
		assert_ok!(add_key(Alice, Ferdie, ANCHORS));
		assert_eq!(row(Alice).active_keys, 3);
	});
}

#[test]
fn a_history_of_keys_ends_before_the_numbers_kept_for_the_primary() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let others = [Dave, Eve, Ferdie, Sr25519Keyring::One, Sr25519Keyring::Two];
		for (index, other) in others.into_iter().enumerate() {
			assert_ok!(add_key(Alice, other, ANCHORS));
			assert_ok!(Identity::retire_key(signed(Alice), index as u32 + 1));
		}
		let full = add_key(Alice, Charlie, ANCHORS);
		assert_noop!(full, Error::<Test>::KeyHistoryFull);

		// Whoever spent all numbers on other keys still gets rid of a lost primary, thrice here.
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		assert_ok!(rotate_primary(Bob, Alice, Charlie, 1));
		assert_ok!(rotate_primary(Charlie, Alice, Sr25519Keyring::AliceStash, 2));
		let full = rotate_primary(Sr25519Keyring::AliceStash, Alice, Sr25519Keyring::BobStash, 3);
		assert_noop!(full, Error::<Test>::KeyHistoryFull);
	});
}

#[test]
fn refuses_who_does_not_administer_keys() {
	ExtBuilder::default().build_and_execute(|| {
		assert_noop!(add_key(Alice, Dave, ANCHORS), DispatchError::BadOrigin);
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_noop!(add_key_by(Dave, Alice, Eve, NOTHING), DispatchError::BadOrigin);
		set_status(identity(Alice), suspended(None));
		assert_noop!(add_key(Alice, Eve, ANCHORS), DispatchError::BadOrigin);
	});
}
