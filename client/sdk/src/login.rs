// SPDX-License-Identifier: Apache-2.0

//! Login: the vault of an identity, made, changed, and opened from an empty device.
//!
//! What a person types is stretched into a [`SlotSecret`], which takes about a second; its locator
//! finds the vault on chain, and it opens one slot of it. `docs/vault.md` has every byte.

use crate::{
	keystore::{KeystoreError, Secrets},
	types::{FoundVault, LoginProof, NewSlot, SlotView, VaultView},
};
use salus_envelope::vault::{
	self, SealedSlot, SealedVault, VaultContext, VaultError, seal_slot, seal_vault,
};
pub use salus_envelope::{
	Secret, VaultKey,
	vault::{
		LoginName, LoginNameError, NoMemory, Passphrase, Password, PasswordError, Profile,
		RecoveryCode, SecretKey, SlotSecret, WordsError,
	},
};
use salus_primitives::{IdentityId, LoginLocator, SlotId, VaultVersion};

/// Why a login did not work. Wrong name, wrong password and wrong secret key look alike to
/// everybody, to the chain too.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
	/// Nothing is found by what was typed.
	#[error(
		"nothing opens with that: the name, the password or passphrase, or the secret key is another, \
		 or this chain has no such vault (one made in the last minute may not be final yet)"
	)]
	NotFound,
	/// The vault is not as it ought to be. Some node lies, or the program is too old.
	#[error(transparent)]
	Vault(#[from] VaultError),
	/// What the vault holds is not understood.
	#[error(transparent)]
	Keyring(#[from] KeystoreError),
	/// The node leads to the vault of somebody else than this home's owner.
	#[error(
		"this home belongs to {expected}, and that login to {found}: use another --home, or ask \
		 another node"
	)]
	OtherIdentity {
		/// Whose home it is.
		expected: IdentityId,
		/// Whose vault was found.
		found: IdentityId,
	},
	/// The vault was changed as often as anything can be.
	#[error("the vault was changed too often: no further version fits")]
	VersionsSpent,
}

/// What a person logs in with.
#[derive(Clone, Debug)]
pub enum Credentials {
	/// Name, password and the secret key that was printed.
	Password {
		/// The login name.
		name: LoginName,
		/// The password.
		password: Password,
		/// The secret key.
		secret_key: SecretKey,
	},
	/// Name and generated passphrase.
	Passphrase {
		/// The login name.
		name: LoginName,
		/// The passphrase.
		passphrase: Passphrase,
	},
	/// The recovery code alone.
	Recovery(RecoveryCode),
}

impl Credentials {
	/// The ways in which it may have been stretched, cheapest first. A login is found only by the
	/// right one.
	pub fn profiles(&self) -> &'static [Profile] {
		match self {
			Self::Password { .. } | Self::Passphrase { .. } => &Profile::ALL,
			// It is random, and not stretched at all.
			Self::Recovery(_) => &[Profile::Light],
		}
	}

	/// Stretches it. Takes about a second, or as long as the profile says: not for a thread that
	/// others wait for.
	pub fn stretch(&self, genesis: &[u8; 32], profile: Profile) -> Result<SlotSecret, NoMemory> {
		match self {
			Self::Password { name, password, secret_key } => {
				SlotSecret::from_password(genesis, name, password, secret_key, profile)
			},
			Self::Passphrase { name, passphrase } => {
				SlotSecret::from_passphrase(genesis, name, passphrase, profile)
			},
			Self::Recovery(code) => Ok(SlotSecret::from_recovery_code(code)),
		}
	}
}

/// Where the chain keeps what a secret opens; `None` for kinds without a login.
pub fn locator(genesis: &[u8; 32], secret: &SlotSecret) -> Option<LoginLocator> {
	secret.login(genesis).map(|login| login.locator())
}

/// The highest version of somebody's vault that a device has seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
	/// Whose vault.
	pub identity: IdentityId,
	/// Which version.
	pub version: VaultVersion,
}

impl Seen {
	/// Refuses what is older, and what is of somebody else.
	pub fn check(&self, identity: IdentityId, version: VaultVersion) -> Result<(), LoginError> {
		if identity != self.identity {
			let (expected, found) = (self.identity, identity);
			return Err(LoginError::OtherIdentity { expected, found });
		}
		if version < self.version {
			let (served, seen) = (version, self.version);
			return Err(VaultError::RolledBack { served, seen }.into());
		}
		Ok(())
	}
}

/// A vault that was opened.
pub struct OpenVault {
	/// Whose it is.
	pub identity: IdentityId,
	/// The version of it.
	pub version: VaultVersion,
	/// Its key.
	pub key: VaultKey,
	/// What it holds.
	pub secrets: Secrets,
}

/// Opens what a login found.
pub fn open(
	genesis: &[u8; 32],
	found: &FoundVault,
	secret: &SlotSecret,
	seen: Option<Seen>,
) -> Result<OpenVault, LoginError> {
	let FoundVault { vault, slot } = found;
	if let Some(seen) = seen {
		seen.check(vault.identity, vault.version)?;
	}
	let context = context(genesis, &vault.identity);
	let (key, keyring) = vault::open_vault(&context, &sealed(vault), &sealed_slot(slot), secret)?;
	let secrets = Secrets::from_keyring(&keyring)?;
	Ok(OpenVault { identity: vault.identity, version: vault.version, key, secrets })
}

/// What a vault holds, opened with its key.
pub fn unseal(
	genesis: &[u8; 32],
	vault: &VaultView,
	key: &VaultKey,
) -> Result<Secrets, LoginError> {
	let keyring = vault::open_body(&context(genesis, &vault.identity), &sealed(vault), key)?;
	Ok(Secrets::from_keyring(&keyring)?)
}

/// Seals everything that a keystore holds, for the change that makes `version` of the vault.
pub fn seal(
	genesis: &[u8; 32],
	identity: &IdentityId,
	version: VaultVersion,
	key: &VaultKey,
	secrets: &Secrets,
) -> Result<SealedVault, LoginError> {
	let keyring = secrets.to_keyring()?;
	Ok(seal_vault(&context(genesis, identity), version, key, &keyring)?)
}

/// A slot that a secret opens, for the change that makes `version` of the vault.
pub fn new_slot(
	genesis: &[u8; 32],
	identity: &IdentityId,
	id: SlotId,
	version: VaultVersion,
	key: &VaultKey,
	secret: &SlotSecret,
) -> NewSlot {
	let context = context(genesis, identity);
	let SealedSlot { id, kind, kdf, salt, nonce, wrapped } = seal_slot(&context, id, key, secret);
	let login = secret.login(genesis).map(|login| login.prove(&context, version));
	let login = login.map(|proof| LoginProof { key: proof.key, claim: proof.claim });
	NewSlot { id, kind, kdf, salt, nonce, wrapped, login }
}

/// The version that a change of this one makes.
pub fn next_version(version: VaultVersion) -> Result<VaultVersion, LoginError> {
	version.checked_add(1).ok_or(LoginError::VersionsSpent)
}

fn context(genesis: &[u8; 32], identity: &IdentityId) -> VaultContext {
	VaultContext { genesis: *genesis, identity: identity.0 }
}

fn sealed(vault: &VaultView) -> SealedVault {
	SealedVault {
		version: vault.version,
		body_version: vault.body_version,
		format: vault.format,
		key_commitment: vault.key_commitment.0,
		body: vault.body.clone(),
	}
}

fn sealed_slot(view: &SlotView) -> SealedSlot {
	let slot = &view.slot;
	SealedSlot {
		id: view.id,
		kind: slot.kind,
		kdf: slot.kdf,
		salt: slot.salt.clone(),
		nonce: slot.nonce,
		wrapped: slot.wrapped.clone(),
	}
}

#[cfg(test)]
mod tests;
