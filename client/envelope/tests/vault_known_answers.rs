// SPDX-License-Identifier: Apache-2.0
//! Every value of the second implementation of `docs/vault.md` in `vectors/`.

use codec::Encode;
use salus_envelope::{
	AgreementSecret, CompartmentSecret, PrivateKey, Secret, VaultKey,
	vault::{
		FORMAT, Keyring, LoginName, Passphrase, Password, Profile, RecoveryCode, Root, SealedSlot,
		SealedVault, SecretKey, Signer, SlotSecret, VaultContext, open_vault, seal_slot_with_rng,
		seal_vault_with_rng,
	},
};
use salus_primitives::SlotKind;
use serde_json::Value;

mod support;
use support::{Counting, span, unhex};

fn vectors() -> Value {
	serde_json::from_str(include_str!("vectors/vault.json")).unwrap()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
	value[name].as_str().unwrap_or_else(|| panic!("{name} is text"))
}

fn bytes<const N: usize>(value: &Value, name: &str) -> [u8; N] {
	unhex(text(value, name))
}

fn context(vectors: &Value) -> VaultContext {
	VaultContext { genesis: bytes(vectors, "genesis"), identity: bytes(vectors, "identity") }
}

fn key() -> VaultKey {
	VaultKey::from_bytes(span(0x60))
}

/// The secret of each kind of slot, from what a person types.
fn secrets(vectors: &Value) -> Vec<SlotSecret> {
	let genesis = bytes(vectors, "genesis");
	let name = LoginName::new(text(vectors, "name")).unwrap();
	assert_eq!(name.as_str(), text(vectors, "nameFolded"));
	let password = Password::new(text(vectors, "password")).unwrap();
	let passphrase = Passphrase::from_words(text(vectors, "passphrase")).unwrap();
	assert_eq!(passphrase.expose(), text(vectors, "passphraseFolded"));
	let secret_key = SecretKey::from_bytes(std::array::from_fn(|n| n as u8));
	let code = RecoveryCode::from_bytes(std::array::from_fn(|n| 0x10 + n as u8));
	vec![
		SlotSecret::from_password(&genesis, &name, &password, &secret_key, Profile::Light).unwrap(),
		SlotSecret::from_passphrase(&genesis, &name, &passphrase, Profile::Light).unwrap(),
		SlotSecret::from_recovery_code(&code),
		SlotSecret::from_passkey(&span(0x20)),
		SlotSecret::from_guardians(&span(0x40)),
	]
}

fn keyring() -> Keyring {
	let signers = vec![
		Signer { account: [0x33; 32], uri: "//Alice".into() },
		Signer { account: [0x44; 32], uri: format!("0x{}", "55".repeat(16)) },
	];
	let roots = vec![
		Root { from: 1, until: Some(5), seed: [0xa1; 32] },
		Root { from: 5, until: None, seed: [0xa2; 32] },
	];
	let mut keyring = Keyring::new(signers, roots).unwrap();
	keyring.import_agreement(2, &AgreementSecret::from_bytes([0x66; 32]));
	keyring.import_compartment(3, 4, &CompartmentSecret::from_bytes([0x77; 32]));
	keyring
}

fn vault(vectors: &Value) -> SealedVault {
	SealedVault {
		version: 9,
		body_version: vectors["version"].as_u64().unwrap() as u32,
		format: FORMAT,
		key_commitment: bytes(vectors, "commitment"),
		body: hex::decode(text(vectors, "body")).unwrap(),
	}
}

#[test]
fn slots_logins_and_claims_of_every_kind_are_reproduced() {
	let vectors = vectors();
	let context = context(&vectors);
	let slots = vectors["slots"].as_array().unwrap();
	assert_eq!(slots.len(), SlotKind::ALL.len());
	for (slot, secret) in slots.iter().zip(secrets(&vectors)) {
		let id = slot["id"].as_u64().unwrap() as u8;
		assert_eq!(secret.kind() as u64, slot["kind"].as_u64().unwrap());
		assert_eq!(hex::encode(secret.kdf().encode()), text(slot, "kdf"));

		// 32 bytes of salt from 80 on, then the nonce from c0 on.
		let mut rng = Counting(&[(0x80, 32), (0xc0, 24)]);
		let sealed = seal_slot_with_rng(&context, id, &key(), &secret, &mut rng);
		assert_eq!(hex::encode(&sealed.wrapped), text(slot, "wrapped"), "{}", secret.kind());

		let login = secret.login(&context.genesis);
		assert_eq!(login.is_some(), slot["login"].is_object());
		let Some(login) = login else { continue };
		let proof = login.prove(&context, 7);
		assert_eq!(hex::encode(login.public()), text(&slot["login"], "public"));
		assert_eq!(hex::encode(login.locator().0), text(&slot["login"], "locator"));
		assert_eq!(proof.key, login.public());
		assert_eq!(hex::encode(proof.claim), text(&slot["login"], "claim"));
	}
}

#[test]
fn the_body_and_its_commitment_are_reproduced() {
	let vectors = vectors();
	assert_eq!(hex::encode(&*keyring().to_bytes()), text(&vectors, "keyring"));
	let mut rng = Counting(&[(0xc0, 24)]);
	let sealed = seal_vault_with_rng(&context(&vectors), 7, &key(), &keyring(), &mut rng).unwrap();
	let expected = SealedVault { version: 7, ..vault(&vectors) };
	assert_eq!(sealed, expected);
}

#[test]
fn what_the_other_implementation_sealed_opens_by_every_slot() {
	let vectors = vectors();
	let slots = vectors["slots"].as_array().unwrap();
	for (slot, secret) in slots.iter().zip(secrets(&vectors)) {
		let slot = SealedSlot {
			id: slot["id"].as_u64().unwrap() as u8,
			kind: secret.kind(),
			kdf: secret.kdf(),
			salt: span(0x80).to_vec(),
			nonce: std::array::from_fn(|n| 0xc0 + n as u8),
			wrapped: hex::decode(text(slot, "wrapped")).unwrap(),
		};
		let (key, keyring) =
			open_vault(&context(&vectors), &vault(&vectors), &slot, &secret).unwrap();
		assert_eq!((key, keyring), (self::key(), self::keyring()));
	}
}

#[test]
fn derived_keys_are_reproduced() {
	let vectors = vectors();
	let derived = &vectors["derived"];
	let keyring = keyring();
	for (version, name) in [(1, "agreement1"), (4, "agreement4"), (5, "agreement5")] {
		let secret = keyring.agreement(version).unwrap();
		assert_eq!(hex::encode(secret.expose()), text(derived, name));
	}
	// Version 2 was imported.
	assert_eq!(keyring.agreement(2).unwrap().expose(), &[0x66; 32]);
	let compartment = keyring.new_compartment(2, 0).unwrap();
	assert_eq!(hex::encode(compartment.expose()), text(derived, "newCompartment"));
	assert_eq!(keyring.compartment_for(2, 0, &compartment.public()), Some(compartment));

	let first = &keyring.roots()[0];
	assert_eq!(hex::encode(first.profile_share(1).expose()), text(derived, "profileShare"));
	assert_eq!(hex::encode(first.identity_salt()), text(derived, "identitySalt"));
}
