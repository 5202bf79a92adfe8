// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn puts_a_new_account_in_the_place_of_the_old() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		at(START + 10);
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));

		let row = row(Alice);
		assert_eq!((row.account, row.primary, row.epoch), (account(Dave), 2, 1));
		assert_eq!((row.active_keys, row.next_key, row.doc_version), (2, 3, 3));
		let new = key(Alice, 2);
		let rights =
			KeyRights { purposes: new.purposes, scopes: new.scopes, valid_until: new.valid_until };
		assert_eq!(rights, KeyRights::PRIMARY);
		let old = key(Alice, 0);
		assert_eq!(old.status, KeyStatus::Retired { at: START + 10 });
		assert_eq!((old.ended_in, new.added_in), (Some(3), 3));
		System::assert_last_event(
			Event::PrimaryRotated {
				identity: identity(Alice),
				retired: 0,
				key: 2,
				account: account(Dave),
				public: public(Dave),
				epoch: 1,
				doc_version: 3,
			}
			.into(),
		);
	});
}

#[test]
fn the_old_key_signs_nothing_more_in_the_same_block_and_the_others_stay() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		assert!(CallScope::ALL.iter().all(|scope| !may(Alice, *scope) && may(Dave, *scope)));
		assert!(may(Eve, CallScope::RecordAnchor));
		assert_noop!(rotate(Alice, agreement_key(50), 1), DispatchError::BadOrigin);
		assert_ok!(rotate(Dave, agreement_key(50), 1));
	});
}

#[test]
fn both_accounts_can_exist_without_a_balance() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let before = System::sufficients(&account(Alice));
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		assert_eq!(System::sufficients(&account(Alice)), before);
		assert_eq!(System::sufficients(&account(Dave)), 1);
	});
}

#[test]
fn the_deposit_stays_with_whoever_paid_it() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let before = held(Alice);
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		assert_eq!((held(Alice), held(Dave)), (before, 0));
		assert_eq!(row(Alice).deposit.unwrap().depositor, account(Alice));
	});
}

#[test]
fn refuses_an_account_bound_to_another_identity() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		assert_ok!(add_key(Bob, Eve, ANCHORS));
		for other in [Bob, Eve] {
			let taken = rotate_primary(Alice, Alice, other, 0);
			assert_noop!(taken, Error::<Test>::AccountAlreadyBound);
		}
		assert_eq!(Identity::identity_of(account(Bob)), Some(identity(Bob)));
	});
}

#[test]
fn a_rotation_signed_for_another_identity_serves_nobody_else() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		patient(Bob);
		// Dave agreed to become Alice's key. Bob takes the signature for himself.
		let asked = rotation(Dave, identity(Alice), 0);
		let proof = sign(Dave, &asked.to_bytes());
		let taken = submit_rotation(Bob, &asked, public(Dave), proof);
		assert_noop!(taken, Error::<Test>::BadSignature);
		// Nor can Bob rotate Alice's key with a signature of his choice.
		assert_ok!(rotate_primary(Bob, Bob, Eve, 0));
		assert_eq!(row(Alice).account, account(Alice));
	});
}

#[test]
fn refuses_itself_its_other_keys_and_its_former_ones() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for own in [Alice, Dave] {
			let refused = rotate_primary(Alice, Alice, own, 0);
			assert_noop!(refused, Error::<Test>::AccountAlreadyBound);
		}
		assert_ok!(rotate_primary(Alice, Alice, Eve, 0));
		let back = rotate_primary(Eve, Alice, Alice, 1);
		assert_noop!(back, Error::<Test>::AccountRetired);
	});
}

#[test]
fn refuses_a_stale_epoch() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		for stale in [1, u32::MAX] {
			let refused = rotate_primary(Alice, Alice, Dave, stale);
			assert_noop!(refused, Error::<Test>::StaleEpoch);
		}
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		let stale = rotate_primary(Dave, Alice, Eve, 0);
		assert_noop!(stale, Error::<Test>::StaleEpoch);
	});
}

#[test]
fn an_account_without_a_key_of_its_own_cannot_prove_itself() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		// A multisig or a pure proxy: nobody can sign for it.
		let asked = PrimaryRotation { account: [0x77; 32], ..rotation(Dave, identity(Alice), 0) };
		let proof = || sign(Dave, &asked.to_bytes());
		let derived = submit_rotation(Alice, &asked, PublicKey::Derived, proof());
		assert_noop!(derived, Error::<Test>::PublicKeyMissing);
		let claimed = PublicKey::Sr25519([0x77; 32]);
		let refused = submit_rotation(Alice, &asked, claimed, proof());
		assert_noop!(refused, Error::<Test>::BadSignature);
	});
}

#[test]
fn refuses_a_proof_of_anything_else() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = || rotation(Dave, identity(Alice), 0);
		let changes: [fn(&mut PrimaryRotation); 5] = [
			|signed| signed.genesis[0] ^= 1,
			|signed| signed.identity.0[0] ^= 1,
			|signed| signed.account[0] ^= 1,
			|signed| signed.epoch += 1,
			|signed| signed.deadline -= 1,
		];
		for change in changes {
			let mut signed = asked();
			change(&mut signed);
			let proof = sign(Dave, &signed.to_bytes());
			let refused = submit_rotation(Alice, &asked(), public(Dave), proof);
			assert_noop!(refused, Error::<Test>::BadSignature);
		}
		let proof = sign(Dave, &asked().to_bytes());
		let mismatch = submit_rotation(Alice, &asked(), public(Eve), proof);
		assert_noop!(mismatch, Error::<Test>::PublicKeyMismatch);
	});
}

#[test]
fn a_proof_of_a_further_key_is_none_of_a_primary_one() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let agreed = addition(account(Dave), identity(Alice), KeyRights::PRIMARY);
		let proof = sign(Dave, &agreed.to_bytes());
		let refused =
			submit_rotation(Alice, &rotation(Dave, identity(Alice), 0), public(Dave), proof);
		assert_noop!(refused, Error::<Test>::BadSignature);
	});
}

#[test]
fn accepts_what_a_wallet_wraps_until_the_deadline() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let asked = rotation(Dave, identity(Alice), 0);
		let [_, wrapped] = signed_forms(asked.to_bytes());
		let submit = || submit_rotation(Alice, &asked, public(Dave), sign(Dave, &wrapped));
		at(START + CONSENT_AGE);
		assert_noop!(submit(), Error::<Test>::ConsentExpired);
		at(START - 1);
		assert_noop!(submit(), Error::<Test>::DeadlineTooFar);
		at(START + CONSENT_AGE - 1);
		assert_ok!(submit());
	});
}

#[test]
fn only_the_primary_key_rotates_itself() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		let usurped = rotate_primary(Dave, Alice, Eve, 0);
		assert_noop!(usurped, Error::<Test>::NotPrimary);
		assert_noop!(rotate_primary(Eve, Alice, Eve, 0), DispatchError::BadOrigin);
	});
}

#[test]
fn a_rotation_leaves_the_keys_frozen() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_ok!(Identity::freeze_keys(signed(Eve)));
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		assert!(!may(Eve, CallScope::RecordAnchor));
		assert!(may(Dave, CallScope::RecordAnchor));
	});
}
