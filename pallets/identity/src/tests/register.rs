// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn makes_the_signer_an_identity() {
	ExtBuilder::default().build_and_execute(|| {
		let key = agreement_key(1);
		let kind = IdentityKind::Practitioner;
		assert_ok!(Identity::register(
			signed(Alice),
			kind,
			SALT,
			key,
			Some(PROFILE),
			public(Alice)
		));

		let id = identity(Alice);
		let expected = IdentityView {
			kind,
			status: IdentityStatus::Active,
			account: account(Alice),
			primary: 0,
			frozen: false,
			active_keys: 1,
			epoch: 0,
			doc_version: 1,
			registered_at: START,
			updated_at: START,
			agreement: CurrentAgreementKey { version: 1, key, valid_from: START, added_in: 1 },
			profile: Some(Profile { commitment: Some(PROFILE), revision: 1 }),
		};
		assert_eq!(Identity::identity(id), Some(expected));
		assert_eq!(Identity::identity_of(account(Alice)), Some(id));
		assert_eq!(
			last_event(),
			Event::IdentityRegistered {
				identity: id,
				kind,
				account: account(Alice),
				public: public(Alice),
				agreement_key: key,
				profile: Some(PROFILE),
				sponsor: None,
			}
			.into()
		);
	});
}

#[test]
fn holds_a_deposit_and_names_the_depositor() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);

		assert_eq!(held(Alice), price(Identity::registration_footprint()));
		let deposit = Identities::<Test>::get(identity(Alice)).unwrap().deposit.unwrap();
		assert_eq!(deposit.depositor, account(Alice));
	});
}

#[test]
fn lets_the_account_exist_without_a_balance() {
	ExtBuilder::default().build_and_execute(|| {
		let before = System::sufficients(&account(Alice));
		patient(Alice);
		assert_eq!(System::sufficients(&account(Alice)), before + 1);
	});
}

#[test]
fn accepts_patients_practitioners_and_organisations_only() {
	use IdentityKind::*;
	ExtBuilder::default().build_and_execute(|| {
		for (number, (who, kind)) in
			[(Alice, Patient), (Bob, Practitioner), (Charlie, Organisation)].into_iter().enumerate()
		{
			assert_ok!(register(who, kind, agreement_key(number as u8)));
		}
		assert_noop!(register(Dave, Device, agreement_key(9)), Error::<Test>::DeviceRefused);
	});
}

#[test]
fn refuses_an_account_that_serves_an_identity() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let again = |salt| {
			let key = agreement_key(99);
			let kind = IdentityKind::Organisation;
			Identity::register(signed(Alice), kind, salt, key, None, public(Alice))
		};
		assert_noop!(again(SALT), Error::<Test>::AccountAlreadyBound);
		assert_noop!(again([1; 16]), Error::<Test>::AccountAlreadyBound);
	});
}

#[test]
fn the_set_of_registered_things_is_whole() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		let first = key(Alice, 0);
		assert_eq!((first.account, first.public), (account(Alice), public(Alice)));
		assert_eq!((first.purposes, first.scopes), (KeyPurposes::ALL, CallScopes::ALL));
		assert_eq!((first.valid_until, first.status), (None, KeyStatus::Active));
		let stamp = DocVersions::<Test>::get(identity(Alice), 1);
		assert_eq!(stamp, Some(DocStamp { at: START, block: 1 }));
	});
}

#[test]
fn refuses_an_account_once_bound_and_retired() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		let again = register(Alice, IdentityKind::Patient, agreement_key(99));
		assert_noop!(again, Error::<Test>::AccountRetired);
	});
}

#[test]
fn refuses_a_public_key_that_is_not_the_accounts() {
	ExtBuilder::default().build_and_execute(|| {
		let with = |public| {
			let (kind, key) = (IdentityKind::Patient, agreement_key(1));
			Identity::register(signed(Alice), kind, SALT, key, None, public)
		};
		assert_noop!(with(public(Bob)), Error::<Test>::PublicKeyMismatch);
		assert_noop!(with(PublicKey::Ecdsa([2; 33])), Error::<Test>::PublicKeyMismatch);
		assert_ok!(with(public(Alice)));
	});
}

#[test]
fn a_multisig_registers_without_a_key_of_its_own() {
	ExtBuilder::default().build_and_execute(|| {
		let (kind, key) = (IdentityKind::Organisation, agreement_key(1));
		let derived = PublicKey::Derived;
		assert_ok!(Identity::register(signed(Alice), kind, SALT, key, None, derived));
		assert_eq!(super::key(Alice, 0).public, derived);
	});
}

#[test]
fn refuses_a_key_that_everybody_signs_for() {
	ExtBuilder::default().build_and_execute(|| {
		let who = RuntimeOrigin::signed([0; 32].into());
		let (kind, key) = (IdentityKind::Patient, agreement_key(1));
		for weak in [PublicKey::Ed25519([0; 32]), PublicKey::Sr25519([0; 32])] {
			let refused = Identity::register(who.clone(), kind, SALT, key, None, weak);
			assert_noop!(refused, Error::<Test>::PublicKeyWeak);
		}
	});
}

#[test]
fn a_stranger_cannot_bar_an_account_by_squatting_its_bytes() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Bob);
		// The bytes of a Ristretto key are a sound X25519 key, and nobody asks for its secret.
		assert_ok!(rotate(Bob, Alice.to_raw_public(), 1));

		patient(Alice);
		assert!(may(Alice, CallScope::KeyAdmin));
		// The stranger's stays what it is, and serves nobody else.
		let squatted = AgreementIndex::<Test>::get(Alice.to_raw_public());
		assert_eq!(squatted, Some((identity(Bob), 2)));
		let again = rotate(Alice, Alice.to_raw_public(), 1);
		assert_noop!(again, Error::<Test>::AgreementKeyInUse);
	});
}

#[test]
fn a_squatted_agreement_key_costs_a_new_key_pair_and_nothing_else() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Bob);
		assert_ok!(rotate(Bob, agreement_key(50), 1));
		let refused = register(Alice, IdentityKind::Patient, agreement_key(50));
		assert_noop!(refused, Error::<Test>::AgreementKeyInUse);
		assert_ok!(register(Alice, IdentityKind::Patient, agreement_key(51)));
	});
}

#[test]
fn refuses_an_agreement_key_that_is_anybodys_account() {
	ExtBuilder::default().build_and_execute(|| {
		let bytes = agreement_key(1);
		let registration = crate::calls::Registration {
			account: AccountId32::new(bytes),
			public: PublicKey::Ed25519(bytes),
			kind: IdentityKind::Patient,
			salt: SALT,
			agreement_key: agreement_key(2),
			profile: None,
		};
		Identity::admit(registration, None, None);
		let refused = register(Alice, IdentityKind::Patient, bytes);
		assert_noop!(refused, Error::<Test>::AgreementKeyIsAccount);
	});
}

#[test]
fn an_account_stays_bound_when_its_identity_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		set_status(identity(Alice), IdentityStatus::Deactivated { at: START });
		let again = register(Alice, IdentityKind::Patient, agreement_key(99));
		assert_noop!(again, Error::<Test>::AccountAlreadyBound);
	});
}

#[test]
fn somebody_else_with_the_same_salt_gets_another_id() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Bob);
		patient(Alice);
		assert_ne!(Identity::identity_of(account(Bob)), Identity::identity_of(account(Alice)));
		assert_eq!(Identity::identity_of(account(Alice)), Some(identity(Alice)));
	});
}

#[test]
fn refuses_keys_that_are_not_canonical() {
	ExtBuilder::default().build_and_execute(|| {
		let mut p = [0xff; 32];
		(p[0], p[31]) = (0xed, 0x7f);
		let mut p_plus_one = p;
		p_plus_one[0] += 1;
		let mut masked = agreement_key(1);
		masked[31] |= 0x80;
		for key in [p, p_plus_one, masked, [0xff; 32]] {
			let refused = register(Alice, IdentityKind::Patient, key);
			assert_noop!(refused, Error::<Test>::AgreementKeyNotCanonical);
		}
	});
}

#[test]
fn refuses_keys_of_small_order() {
	ExtBuilder::default().build_and_execute(|| {
		let mut one = [0; 32];
		one[0] = 1;
		let mut minus_one = [0xff; 32];
		(minus_one[0], minus_one[31]) = (0xec, 0x7f);
		for key in [[0; 32], one, minus_one] {
			let refused = register(Alice, IdentityKind::Patient, key);
			assert_noop!(refused, Error::<Test>::AgreementKeySmallOrder);
		}
	});
}

#[test]
fn refuses_a_key_of_another_identity() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(register(Alice, IdentityKind::Patient, agreement_key(1)));
		let refused = register(Bob, IdentityKind::Patient, agreement_key(1));
		assert_noop!(refused, Error::<Test>::AgreementKeyInUse);
	});
}

#[test]
fn refuses_the_signing_key_as_agreement_key() {
	ExtBuilder::default().build().execute_with(|| {
		// An account whose bytes could be a key: not every public key is below 2^255 - 19.
		let bytes = agreement_key(1);
		let who = RuntimeOrigin::signed(bytes.into());
		let public = PublicKey::Ed25519(bytes);
		assert_noop!(
			Identity::register(who, IdentityKind::Patient, SALT, bytes, None, public),
			Error::<Test>::AgreementKeyIsAccount
		);
	});
}

#[test]
fn refuses_an_empty_commitment() {
	ExtBuilder::default().build_and_execute(|| {
		let zero = Some(Commitment([0; 32]));
		let (kind, key) = (IdentityKind::Patient, agreement_key(1));
		assert_noop!(
			Identity::register(signed(Alice), kind, SALT, key, zero, public(Alice)),
			Error::<Test>::ProfileEmpty
		);
	});
}

#[test]
fn refuses_who_cannot_pay_the_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		let refused = register(Dave, IdentityKind::Patient, agreement_key(1));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_deposit_spares_the_existential_deposit() {
	use frame_support::traits::fungible::Mutate;
	ExtBuilder::default().build_and_execute(|| {
		let needed = price(Identity::registration_footprint());
		assert_ok!(Balances::mint_into(&account(Dave), needed - 1));
		let try_it = || register(Dave, IdentityKind::Patient, agreement_key(1));
		assert_noop!(try_it(), sp_runtime::TokenError::FundsUnavailable);
		// An account that others do not keep alive has to keep a unit of its own.
		assert_ok!(Balances::mint_into(&account(Dave), 1));
		assert_noop!(try_it(), sp_runtime::TokenError::FundsUnavailable);
		assert_ok!(Balances::mint_into(&account(Dave), 1));
		assert_ok!(try_it());
		assert_eq!((held(Dave), Balances::free_balance(account(Dave))), (needed, 1));
	});
}

#[test]
fn refuses_an_unsigned_origin() {
	ExtBuilder::default().build_and_execute(|| {
		let (kind, key) = (IdentityKind::Patient, agreement_key(1));
		for origin in [RuntimeOrigin::none(), RuntimeOrigin::root()] {
			let refused = Identity::register(origin, kind, SALT, key, None, public(Alice));
			assert_noop!(refused, DispatchError::BadOrigin);
		}
	});
}
