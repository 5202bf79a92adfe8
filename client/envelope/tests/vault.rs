// SPDX-License-Identifier: Apache-2.0
//! Logging in from an empty device, and everything that must not open a vault.

use salus_envelope::{
	Secret, VaultKey,
	vault::{
		FORMAT, Keyring, KeyringError, LoginName, MAX_BODY, Passphrase, Password, Profile,
		RecoveryCode, SealedSlot, SealedVault, SecretKey, Signer, SlotSecret, VaultContext,
		VaultError, open_body, open_slot, open_vault, seal_slot, seal_vault,
	},
};
use salus_primitives::{Kdf, SlotKind};
use std::{collections::BTreeMap, time::Instant};

const GENESIS: [u8; 32] = [1; 32];
const ALICE: VaultContext = VaultContext { genesis: GENESIS, identity: [2; 32] };
const BOB: VaultContext = VaultContext { genesis: GENESIS, identity: [3; 32] };

fn name(text: &str) -> LoginName {
	LoginName::new(text).unwrap()
}

fn by_password(password: &str, secret_key: &SecretKey) -> SlotSecret {
	let password = Password::new(password).unwrap();
	SlotSecret::from_password(&GENESIS, &name("maria"), &password, secret_key, Profile::Light)
		.unwrap()
}

/// One secret of each kind.
fn one_of_each() -> Vec<SlotSecret> {
	let phrase = Passphrase::generate();
	vec![
		by_password("correct horse", &SecretKey::generate()),
		SlotSecret::from_passphrase(&GENESIS, &name("maria"), &phrase, Profile::Light).unwrap(),
		SlotSecret::from_recovery_code(&RecoveryCode::generate()),
		SlotSecret::from_passkey(&[4; 32]),
		SlotSecret::from_guardians(&[5; 32]),
	]
}

fn code() -> SlotSecret {
	SlotSecret::from_recovery_code(&RecoveryCode::from_bytes([9; 16]))
}

fn keyring() -> Keyring {
	Keyring::generate(vec![Signer { account: [7; 32], uri: "//Maria".into() }])
}

/// A vault of version 1 that opens by recovery code.
fn sealed(context: &VaultContext) -> (VaultKey, Keyring, SealedVault, SealedSlot) {
	let (key, keyring) = (VaultKey::generate(), keyring());
	let vault = seal_vault(context, 1, &key, &keyring).unwrap();
	let slot = seal_slot(context, 0, &key, &code());
	(key, keyring, vault, slot)
}

#[test]
fn an_empty_device_finds_and_opens_a_vault_by_name_password_and_secret_key() {
	// given a vault on chain, whose slot was made on a device that computes the second profile in
	// about a second
	let secret_key = SecretKey::generate();
	let enrolled = SlotSecret::from_password(
		&GENESIS,
		&name("Maria "),
		&Password::new("correct horse").unwrap(),
		&secret_key,
		Profile::Modest,
	)
	.unwrap();
	let key = VaultKey::generate();
	let (keyring, slot) = (keyring(), seal_slot(&ALICE, 0, &key, &enrolled));
	let vault = seal_vault(&ALICE, 1, &key, &keyring).unwrap();
	let locator = enrolled.login(&GENESIS).unwrap().locator();
	let chain = BTreeMap::from([(locator, (ALICE, vault, slot))]);

	// when somebody types name, password and the words on paper
	let typed_key = SecretKey::from_words(&secret_key.to_words()).unwrap();
	let password = Password::new("correct horse").unwrap();
	let mut tried = 0;
	let found = Profile::ALL.into_iter().find_map(|profile| {
		tried += 1;
		let secret =
			SlotSecret::from_password(&GENESIS, &name("maria"), &password, &typed_key, profile)
				.ok()?;
		let place = chain.get(&secret.login(&GENESIS)?.locator())?;
		Some((secret, place))
	});

	// then the second profile finds it, and it opens
	let (secret, (context, vault, slot)) = found.unwrap();
	assert_eq!(tried, 2);
	assert_eq!(open_vault(context, vault, slot, &secret), Ok((key, keyring)));
}

#[test]
fn each_slot_opens_the_vault_alone() {
	let (key, keyring, vault, _) = sealed(&ALICE);
	for (id, secret) in one_of_each().iter().enumerate() {
		let slot = seal_slot(&ALICE, id as u8, &key, secret);
		assert_eq!(slot.wrapped.len(), 48);
		let opened = open_vault(&ALICE, &vault, &slot, secret);
		assert_eq!(opened, Ok((key.clone(), keyring.clone())), "{}", secret.kind());
	}
}

#[test]
fn no_slot_opens_by_the_secret_of_another() {
	let key = VaultKey::generate();
	let secrets = one_of_each();
	for secret in &secrets {
		let slot = seal_slot(&ALICE, 0, &key, secret);
		for other in secrets.iter().filter(|other| other.kind() != secret.kind()) {
			let expected = VaultError::OtherKind { slot: secret.kind(), given: other.kind() };
			assert_eq!(open_slot(&ALICE, &slot, other), Err(expected));
			// Not even when the chain lies about its kind.
			let lying = SealedSlot { kind: other.kind(), kdf: other.kdf(), ..slot.clone() };
			assert_eq!(open_slot(&ALICE, &lying, other), Err(VaultError::WrongSecret));
		}
	}
}

#[test]
fn a_wrong_password_secret_key_or_name_finds_nothing_and_opens_nothing() {
	let secret_key = SecretKey::generate();
	let right = by_password("correct horse", &secret_key);
	let slot = seal_slot(&ALICE, 0, &VaultKey::generate(), &right);
	let password = Password::new("correct horse").unwrap();
	let with_name = |name: &LoginName, genesis: &[u8; 32]| {
		SlotSecret::from_password(genesis, name, &password, &secret_key, Profile::Light).unwrap()
	};
	let wrong = [
		by_password("correct house", &secret_key),
		by_password("Correct horse", &secret_key),
		by_password("correct horse", &SecretKey::generate()),
		with_name(&name("mario"), &GENESIS),
		with_name(&name("maria"), &[9; 32]),
	];
	for wrong in wrong {
		assert_eq!(open_slot(&ALICE, &slot, &wrong), Err(VaultError::WrongSecret));
		let locator = |secret: &SlotSecret| secret.login(&GENESIS).unwrap().locator();
		assert_ne!(locator(&wrong), locator(&right));
	}
}

#[test]
fn a_password_alone_is_no_passphrase_and_the_other_way_round() {
	// The same words without a secret key are another login, because the kind is mixed in.
	let phrase = Passphrase::generate();
	let by_phrase =
		SlotSecret::from_passphrase(&GENESIS, &name("maria"), &phrase, Profile::Light).unwrap();
	let as_password = by_password(phrase.expose(), &SecretKey::from_bytes([0; 16]));
	let locator = |secret: &SlotSecret| secret.login(&GENESIS).unwrap().locator();
	assert_ne!(locator(&by_phrase), locator(&as_password));
}

#[test]
fn forms_of_one_password_in_unicode_agree() {
	let secret_key = SecretKey::generate();
	let locator = |password| by_password(password, &secret_key).login(&GENESIS).unwrap().locator();
	let composed = locator("Blüte ①");
	assert_eq!(locator("Blu\u{308}te \u{2460}"), composed);
	assert_eq!(locator("Ｂlüte 1"), composed);
	assert_ne!(locator("Blute 1"), composed);
}

#[test]
fn empty_and_endless_passwords_are_refused_without_delay() {
	let begin = Instant::now();
	assert!(Password::new("").is_err());
	assert!(Password::new(&"x".repeat(1 << 20)).is_err());
	assert!(Password::new(&"e\u{301}".repeat(1 << 19)).is_err());
	assert!(begin.elapsed().as_millis() < 1_000, "nothing was stretched");
}

#[test]
fn a_slot_of_another_person_does_not_open() {
	// Alice and Bob have one recovery code: a bad idea, and still no way from one to the other.
	let (_, _, vault_of_alice, slot_of_alice) = sealed(&ALICE);
	let (_, _, vault_of_bob, slot_of_bob) = sealed(&BOB);
	let open = |context, vault, slot| open_vault(context, vault, slot, &code()).map(|_| ());
	assert_eq!(open(&ALICE, &vault_of_alice, &slot_of_bob), Err(VaultError::WrongSecret));
	assert_eq!(open(&BOB, &vault_of_bob, &slot_of_alice), Err(VaultError::WrongSecret));
	// The whole vault under another's name.
	assert_eq!(open(&BOB, &vault_of_alice, &slot_of_alice), Err(VaultError::WrongSecret));
	// Slot and name fit, and the body is somebody else's.
	assert_eq!(open(&ALICE, &vault_of_bob, &slot_of_alice), Err(VaultError::WrongCommitment));
	let elsewhere = VaultContext { genesis: [8; 32], ..ALICE };
	assert_eq!(open(&elsewhere, &vault_of_alice, &slot_of_alice), Err(VaultError::WrongSecret));
}

#[test]
fn a_slot_is_bound_to_its_number() {
	let (_, _, _, slot) = sealed(&ALICE);
	let moved = SealedSlot { id: 1, ..slot };
	assert_eq!(open_slot(&ALICE, &moved, &code()), Err(VaultError::WrongSecret));
}

#[test]
fn every_altered_byte_of_a_slot_is_seen() {
	let (_, _, _, slot) = sealed(&ALICE);
	let refused = |slot: &SealedSlot| {
		assert_eq!(open_slot(&ALICE, slot, &code()), Err(VaultError::WrongSecret));
	};
	for index in 0..slot.wrapped.len() {
		let mut altered = slot.clone();
		altered.wrapped[index] ^= 1;
		refused(&altered);
	}
	for length in [0, 15, 16, 47] {
		let mut cut = slot.clone();
		cut.wrapped.truncate(length);
		refused(&cut);
	}
	let mut nonce = slot.clone();
	nonce.nonce[23] ^= 1;
	refused(&nonce);
	let mut salt = slot;
	salt.salt[0] ^= 1;
	refused(&salt);
}

#[test]
fn every_altered_byte_of_a_body_is_seen() {
	let (key, _, vault, _) = sealed(&ALICE);
	for index in 0..vault.body.len() {
		let mut altered = vault.clone();
		altered.body[index] ^= 0x80;
		assert_eq!(open_body(&ALICE, &altered, &key), Err(VaultError::Altered), "{index}");
	}
}

#[test]
fn a_body_cut_short_is_seen() {
	let (key, _, vault, _) = sealed(&ALICE);
	let full = vault.body.len();
	assert_eq!((full - 40) % 256, 0);
	for length in [0, 23, 24, 39, 40, 41, full - 256, full - 1] {
		let mut cut = vault.clone();
		cut.body.truncate(length);
		let error = open_body(&ALICE, &cut, &key).unwrap_err();
		// Cut by a whole block, it is the seal that shows it.
		let whole = length > 40 && (length - 40) % 256 == 0;
		assert_eq!(error, if whole { VaultError::Altered } else { VaultError::WrongLength });
	}
	let mut grown = vault.clone();
	grown.body.extend([0; 256]);
	assert_eq!(open_body(&ALICE, &grown, &key), Err(VaultError::Altered));
	let mut endless = vault;
	endless.body.resize(40 + 256 * 100, 0);
	assert_eq!(open_body(&ALICE, &endless, &key), Err(VaultError::WrongLength));
}

#[test]
fn a_body_of_another_version_or_format_is_refused() {
	let (key, keyring, vault, _) = sealed(&ALICE);
	let other_version = SealedVault { body_version: 2, ..vault.clone() };
	assert_eq!(open_body(&ALICE, &other_version, &key), Err(VaultError::Altered));
	let other_format = SealedVault { format: FORMAT + 1, ..vault.clone() };
	assert_eq!(open_body(&ALICE, &other_format, &key), Err(VaultError::UnknownFormat(2)));
	// Slots change and raise the version, while the body stays.
	let later = SealedVault { version: 5, ..vault };
	assert_eq!(open_body(&ALICE, &later, &key), Ok(keyring));
}

#[test]
fn an_older_vault_than_was_seen_is_refused() {
	let (_, _, vault, _) = sealed(&ALICE);
	let served = |version| SealedVault { version, ..vault.clone() };
	assert_eq!(served(3).refuse_older_than(0), Ok(()));
	assert_eq!(served(3).refuse_older_than(3), Ok(()));
	let refused = Err(VaultError::RolledBack { served: 3, seen: 4 });
	assert_eq!(served(3).refuse_older_than(4), refused);
}

#[test]
fn lowered_parameters_are_refused_before_any_work() {
	let begin = Instant::now();
	let kdf = |memory_kib, passes, lanes| Kdf::Argon2id { memory_kib, passes, lanes };
	for weak in [kdf(32_768, 3, 1), kdf(65_536, 1, 1), kdf(8, 1, 1)] {
		assert_eq!(Profile::of(&weak), Err(VaultError::DowngradedParameters));
	}
	for endless in [kdf(u32::MAX, 3, 1), kdf(65_536, u32::MAX, 1), kdf(65_536, 3, 0)] {
		assert_eq!(Profile::of(&endless), Err(VaultError::UnknownParameters));
	}
	assert!(begin.elapsed().as_millis() < 100, "nothing was stretched");
}

#[test]
fn a_slot_that_lies_about_its_parameters_does_not_open() {
	let secret = by_password("correct horse", &SecretKey::generate());
	let slot = seal_slot(&ALICE, 0, &VaultKey::generate(), &secret);
	let declares = |memory_kib, passes| {
		let kdf = Kdf::Argon2id { memory_kib, passes, lanes: 1 };
		open_slot(&ALICE, &SealedSlot { kdf, ..slot.clone() }, &secret).unwrap_err()
	};
	assert_eq!(declares(65_535, 3), VaultError::DowngradedParameters);
	assert_eq!(declares(65_536, 2), VaultError::DowngradedParameters);
	assert_eq!(declares(131_072, 3), VaultError::OtherParameters);
	assert_eq!(declares(u32::MAX, 3), VaultError::UnknownParameters);
	let unstretched = SealedSlot { kdf: Kdf::None, ..slot };
	let refused = open_slot(&ALICE, &unstretched, &secret);
	assert_eq!(refused, Err(VaultError::DowngradedParameters));
}

#[test]
fn old_slots_open_nothing_after_a_change_of_the_vault_key() {
	// given a vault that a thief could open
	let (_, mut keyring, _, stolen) = sealed(&ALICE);

	// when its owner seals a new root under a new key
	keyring.add_root(2).unwrap();
	let new_key = VaultKey::generate();
	let vault = seal_vault(&ALICE, 2, &new_key, &keyring).unwrap();
	let new_secret = SlotSecret::from_recovery_code(&RecoveryCode::generate());
	let slot = seal_slot(&ALICE, 0, &new_key, &new_secret);

	// then the old slot gives a key that the new vault does not answer to
	let refused = open_vault(&ALICE, &vault, &stolen, &code());
	assert_eq!(refused, Err(VaultError::WrongCommitment));
	assert_eq!(open_slot(&ALICE, &slot, &code()), Err(VaultError::WrongSecret));
	assert_eq!(open_vault(&ALICE, &vault, &slot, &new_secret), Ok((new_key, keyring)));
}

#[test]
fn a_body_that_two_keys_could_open_is_refused_by_its_commitment() {
	let (key, _, vault, _) = sealed(&ALICE);
	let other = VaultKey::generate();
	assert_eq!(open_body(&ALICE, &vault, &other), Err(VaultError::WrongCommitment));
	let mut forged = vault;
	forged.key_commitment[31] ^= 1;
	assert_eq!(open_body(&ALICE, &forged, &key), Err(VaultError::WrongCommitment));
}

#[test]
fn a_keyring_that_would_not_fit_the_chain_is_refused() {
	let key = VaultKey::generate();
	let with = |length: usize| {
		let signer = Signer { account: [7; 32], uri: "u".repeat(length) };
		seal_vault(&ALICE, 1, &key, &Keyring::generate(vec![signer]))
	};
	// Fourteen lots of 256 bytes and one more are all that 4,096 bytes hold beside nonce and tag.
	let around = 40 + 256 * 15;
	assert!(around <= MAX_BODY && around + 256 > MAX_BODY);
	let fits = with(3_700).unwrap();
	assert_eq!(fits.body.len(), around);
	assert_eq!(with(3_900), Err(VaultError::TooLong));
}

#[test]
fn the_length_of_a_body_hides_what_is_in_it() {
	let key = VaultKey::generate();
	let one = seal_vault(&ALICE, 1, &key, &keyring()).unwrap();
	let mut more = keyring();
	more.add_root(2).unwrap();
	let two = seal_vault(&ALICE, 2, &key, &more).unwrap();
	assert_eq!(one.body.len(), two.body.len());
	assert_ne!(one.body, two.body);
}

#[test]
fn a_keyring_of_a_newer_program_is_told_from_a_broken_one() {
	let newer = VaultError::from(KeyringError::UnknownLayout(2));
	assert!(newer.to_string().contains("update"));
	assert_eq!(
		VaultError::from(KeyringError::Malformed),
		VaultError::Keyring(KeyringError::Malformed)
	);
}

#[test]
fn nothing_a_person_typed_stands_in_what_is_stored() {
	let secret_key = SecretKey::generate();
	let (key, keyring, vault, _) = sealed(&ALICE);
	let secret = by_password("correct horse", &secret_key);
	let slot = seal_slot(&ALICE, 0, &key, &secret);
	let proof = secret.login(&GENESIS).unwrap().prove(&ALICE, 1);
	let stored = [
		vault.body.as_slice(),
		&vault.key_commitment,
		&slot.salt,
		&slot.nonce,
		&slot.wrapped,
		&proof.key,
		&proof.claim,
	]
	.concat();
	let holds = |marker: &[u8]| stored.windows(marker.len()).any(|window| window == marker);
	let seed = keyring.roots()[0].seed;
	let markers: [&[u8]; 6] =
		[b"maria", b"correct horse", secret_key.expose(), key.expose(), &seed, b"//Maria"];
	assert!(markers.iter().all(|marker| !holds(marker)));
	assert!(holds(&slot.wrapped), "the scan sees what is there");
}

#[test]
fn no_secret_is_printed() {
	let secret = code();
	assert_eq!(format!("{secret:?}"), "SlotSecret(recovery, ..)");
	assert_eq!(format!("{:?}", secret.login(&GENESIS)), "Some(Login(..))");
	assert_eq!(format!("{:?}", VaultKey::generate()), "VaultKey(..)");
	assert_eq!(format!("{:?}", Password::new("hush").unwrap()), "Password(..)");
	assert_eq!(format!("{:?}", name("maria")), "LoginName(..)");
	assert_eq!(SlotSecret::from_passkey(&[1; 32]).login(&GENESIS).map(|_| ()), None);
	assert_eq!(SlotSecret::from_guardians(&[1; 32]).kind(), SlotKind::Guardian);
}
