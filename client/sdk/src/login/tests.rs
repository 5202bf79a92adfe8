// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::types::{SlotEntry, VaultSlot};
use salus_primitives::{Commitment, Kdf, SlotKind, blake2_256};

const GENESIS: [u8; 32] = [7; 32];
const OTHER: [u8; 32] = [8; 32];
const ANA: IdentityId = IdentityId([1; 32]);
const BEN: IdentityId = IdentityId([2; 32]);

fn password(name: &str, password: &str, secret_key: &SecretKey) -> Credentials {
	Credentials::Password {
		name: LoginName::new(name).unwrap(),
		password: Password::new(password).unwrap(),
		secret_key: secret_key.clone(),
	}
}

/// What the chain would answer.
fn on_chain(
	identity: IdentityId,
	version: VaultVersion,
	body: &SealedVault,
	slot: NewSlot,
) -> FoundVault {
	let locator = slot.login.as_ref().map(|login| LoginLocator::derive(blake2_256, &login.key));
	let NewSlot { id, kind, kdf, salt, nonce, wrapped, .. } = slot;
	FoundVault {
		vault: VaultView {
			identity,
			version,
			body_version: body.body_version,
			format: body.format,
			key_commitment: Commitment(body.key_commitment),
			body: body.body.clone(),
			slots: vec![SlotEntry { id, kind }],
			updated_at: 0,
		},
		slot: SlotView {
			id,
			slot: VaultSlot { kind, kdf, salt, nonce, wrapped, locator, created_at: 0 },
		},
	}
}

/// A vault of version 3 with one slot.
fn vault(identity: IdentityId, secret: &SlotSecret, secrets: &Secrets) -> FoundVault {
	let key = VaultKey::generate();
	let slot = new_slot(&GENESIS, &identity, 0, 3, &key, secret);
	let body = seal(&GENESIS, &identity, 3, &key, secrets).unwrap();
	on_chain(identity, 3, &body, slot)
}

fn recovery() -> (SlotSecret, Secrets, FoundVault) {
	let secret = SlotSecret::from_recovery_code(&RecoveryCode::generate());
	let mut secrets = Secrets::generate();
	secrets.add_root(5);
	let found = vault(ANA, &secret, &secrets);
	(secret, secrets, found)
}

#[test]
fn a_new_device_has_everything_after_a_login() {
	let key = SecretKey::generate();
	let (mut secrets, typed) = (Secrets::generate(), password("Ana", "gnu-Kessel/42", &key));
	secrets.add_root(2);
	let secret = typed.stretch(&GENESIS, Profile::Light).unwrap();
	let found = vault(ANA, &secret, &secrets);
	// Another keyboard: capitals in the name, and a form of the letters that looks the same.
	let again =
		password("ＡＮＡ", "gnu-Kessel/42", &SecretKey::from_words(&key.to_words()).unwrap());
	let again = again.stretch(&GENESIS, Profile::Light).unwrap();
	assert_eq!(locator(&GENESIS, &again), found.slot.slot.locator);
	let opened = open(&GENESIS, &found, &again, None).unwrap();
	assert_eq!((opened.identity, opened.version), (ANA, 3));
	assert_eq!(opened.secrets, secrets);
}

#[test]
fn a_generated_passphrase_opens_alone() {
	let passphrase = Passphrase::generate();
	let name = LoginName::new("ana").unwrap();
	let typed = Credentials::Passphrase { name, passphrase };
	let (secret, secrets) = (typed.stretch(&GENESIS, Profile::Light).unwrap(), Secrets::generate());
	let found = vault(ANA, &secret, &secrets);
	assert_eq!(found.slot.slot.kind, SlotKind::Passphrase);
	assert_eq!(open(&GENESIS, &found, &secret, None).unwrap().secrets, secrets);
}

#[test]
fn whatever_is_typed_wrong_leads_nowhere() {
	let key = SecretKey::generate();
	let place = |typed: &Credentials, genesis| {
		locator(genesis, &typed.stretch(genesis, Profile::Light).unwrap()).unwrap()
	};
	let right = place(&password("ana", "gnu-Kessel/42", &key), &GENESIS);
	assert_eq!(right, place(&password("ana", "gnu-Kessel/42", &key), &GENESIS));
	for wrong in [
		password("anna", "gnu-Kessel/42", &key),
		password("ana", "gnu-kessel/42", &key),
		password("ana", "gnu-Kessel/42", &SecretKey::generate()),
	] {
		assert_ne!(right, place(&wrong, &GENESIS));
	}
	assert_ne!(right, place(&password("ana", "gnu-Kessel/42", &key), &OTHER));
}

#[test]
fn every_claim_is_for_its_chain_identity_and_version() {
	let (secret, _, _) = recovery();
	let key = VaultKey::generate();
	let claim = |genesis, identity, version| {
		new_slot(genesis, identity, 4, version, &key, &secret).login.unwrap()
	};
	let one = claim(&GENESIS, &ANA, 9);
	assert_eq!(claim(&GENESIS, &ANA, 9).claim, one.claim, "the same words, the same signature");
	for other in [claim(&GENESIS, &BEN, 9), claim(&GENESIS, &ANA, 10)] {
		assert_eq!(other.key, one.key);
		assert_ne!(other.claim, one.claim);
	}
	assert_ne!(claim(&OTHER, &ANA, 9).key, one.key, "a login of one chain is none of another");
}

#[test]
fn an_older_vault_is_refused() {
	let (secret, _, found) = recovery();
	let seen = |version| Some(Seen { identity: ANA, version });
	assert!(open(&GENESIS, &found, &secret, seen(3)).is_ok());
	let refused = open(&GENESIS, &found, &secret, seen(4)).err().unwrap();
	let text = refused.to_string();
	assert!(matches!(refused, LoginError::Vault(VaultError::RolledBack { served: 3, seen: 4 })));
	assert!(text.contains("version 3") && text.contains("ask another node"), "{text}");
}

#[test]
fn somebody_elses_vault_is_refused_in_ones_own_home() {
	let (secret, _, found) = recovery();
	let seen = Some(Seen { identity: BEN, version: 1 });
	let refused = open(&GENESIS, &found, &secret, seen).err().unwrap();
	assert!(matches!(refused, LoginError::OtherIdentity { .. }));
}

#[test]
fn slots_of_another_vault_do_not_open_this_one() {
	let (secret, _, found) = recovery();
	let (other_secret, _, other) = recovery();
	let swapped = FoundVault { slot: other.slot, ..found.clone() };
	assert!(open(&GENESIS, &swapped, &secret, None).is_err());
	// Even with its own secret: the key inside is another vault's.
	let refused = open(&GENESIS, &swapped, &other_secret, None).err().unwrap();
	assert!(matches!(refused, LoginError::Vault(VaultError::WrongCommitment)));
	let mut moved = found;
	moved.vault.identity = BEN;
	assert!(open(&GENESIS, &moved, &secret, None).is_err(), "another name on it");
}

#[test]
fn damage_is_told() {
	let (secret, _, found) = recovery();
	let mut cut = found.clone();
	cut.vault.body.pop();
	let mut flipped = found.clone();
	flipped.vault.body[40] ^= 1;
	let mut older = found.clone();
	older.vault.body_version = 2;
	let mut format = found;
	format.vault.format = 9;
	for broken in [cut, flipped, older, format] {
		let refused = open(&GENESIS, &broken, &secret, None).err().unwrap();
		let text = refused.to_string();
		assert!(!text.contains('\n') && text.contains(':'), "it says what to do: {text}");
	}
}

#[test]
fn lowered_parameters_are_refused() {
	let typed = password("ana", "gnu-Kessel/42", &SecretKey::generate());
	let secret = typed.stretch(&GENESIS, Profile::Light).unwrap();
	let mut found = vault(ANA, &secret, &Secrets::generate());
	found.slot.slot.kdf = Kdf::Argon2id { memory_kib: 1024, passes: 1, lanes: 1 };
	let refused = open(&GENESIS, &found, &secret, None).err().unwrap();
	assert!(matches!(refused, LoginError::Vault(VaultError::DowngradedParameters)));
}

#[test]
fn after_a_new_vault_key_the_old_slots_fail() {
	let (secret, secrets, found) = recovery();
	let key = VaultKey::generate();
	let body = seal(&GENESIS, &ANA, 4, &key, &secrets).unwrap();
	let mut anew = found;
	anew.vault.version = 4;
	anew.vault.body_version = 4;
	anew.vault.body = body.body;
	anew.vault.key_commitment = Commitment(body.key_commitment);
	let refused = open(&GENESIS, &anew, &secret, None).err().unwrap();
	assert!(matches!(refused, LoginError::Vault(VaultError::WrongCommitment)));
	assert!(unseal(&GENESIS, &anew.vault, &key).is_ok());
	assert!(unseal(&GENESIS, &anew.vault, &VaultKey::generate()).is_err());
}

#[test]
fn versions_end_somewhere() {
	assert_eq!(next_version(0).unwrap(), 1);
	assert!(matches!(next_version(VaultVersion::MAX), Err(LoginError::VersionsSpent)));
}

#[test]
fn a_recovery_code_is_not_stretched() {
	assert_eq!(Credentials::Recovery(RecoveryCode::generate()).profiles().len(), 1);
	assert_eq!(password("ana", "x", &SecretKey::generate()).profiles(), Profile::ALL);
}
