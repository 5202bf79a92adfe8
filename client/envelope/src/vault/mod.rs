// SPDX-License-Identifier: Apache-2.0
//! The vault: a keyring that a person opens from an empty device. The bytes are those of
//! `docs/vault.md`.
//!
//! A [`Keyring`] is sealed under a [`VaultKey`] that is random, and each slot seals that key to one
//! way of opening it, a [`SlotSecret`]: password and secret key, generated passphrase, recovery
//! code, passkey, guardians. The first three have a [`Login`] as well, by which the chain finds the
//! vault.
//!
//! ```text
//! password ─ Argon2id ─┬─ HKDF ─ login key ─ locator on chain
//! secret key ──────────┘  HKDF ─ seals ─ vault key ─┬─ HKDF ─ commitment on chain
//!                                                   └─ HKDF ─ seals ─ keyring
//! ```

mod keyring;
mod login;
mod seal;
mod words;

pub use keyring::{ImportedAgreement, ImportedCompartment, Keyring, KeyringError, Root, Signer};
pub use login::{
	Login, LoginName, LoginNameError, LoginProof, NoMemory, Password, PasswordError, Profile,
	SlotSecret,
};
pub use seal::{
	FORMAT, MAX_BODY, SealedSlot, SealedVault, VaultContext, VaultError, open_body, open_slot,
	open_vault, seal_slot, seal_slot_with_rng, seal_vault, seal_vault_with_rng,
};
pub use words::{Passphrase, RecoveryCode, SecretKey, WordsError};

use crate::keys::expand;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// HKDF-SHA-256 to 32 bytes.
fn hkdf(salt: Option<&[u8]>, material: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
	expand(&Hkdf::<Sha256>::new(salt, material), info)
}
