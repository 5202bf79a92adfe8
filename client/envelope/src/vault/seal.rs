// SPDX-License-Identifier: Apache-2.0
//! Sealing and opening: the keyring under the vault key, the vault key in the slots.

use super::{Keyring, KeyringError, SlotSecret, hkdf};
use crate::{Secret, VaultKey, os_rng};
use chacha20poly1305::{
	KeyInit, XChaCha20Poly1305,
	aead::{Aead, Payload},
};
use codec::Encode;
use hpke::rand_core::CryptoRng;
use salus_primitives::{Kdf, KdfLimits, SlotId, SlotKind, UnfitKdf, VaultVersion};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// How a body is written: a keyring, sealed as `docs/vault.md` says.
pub const FORMAT: u8 = 1;
/// How long a body may be on chain, in bytes.
pub const MAX_BODY: usize = 4096;

const SLOT_LABEL: &[u8] = b"salus/vault/slot/1";
const COMMIT_LABEL: &[u8] = b"salus/vault/commit/1";
const BODY_LABEL: &[u8] = b"salus/vault/body/1";

const NONCE: usize = 24;
const TAG: usize = 16;
/// The padding hides how many accounts and roots there are.
const PAD: usize = 256;

/// Why a vault cannot be sealed or opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
	/// The slot declares a stretching that is too cheap. A node that lies asks for it to guess
	/// cheaply.
	#[error(
		"the slot asks for weaker stretching than is safe: ask another node, and report this one"
	)]
	DowngradedParameters,
	/// The slot declares a stretching that no client writes.
	#[error(
		"the slot asks for a stretching that this program does not know: update it, or ask another node"
	)]
	UnknownParameters,
	/// The secret was stretched otherwise than the slot declares.
	#[error(
		"the secret was stretched with other parameters than the slot declares: stretch it anew"
	)]
	OtherParameters,
	/// The secret is for slots of another kind.
	#[error("the slot opens by {slot}, and what was given is for {given}")]
	OtherKind {
		/// How the slot opens.
		slot: SlotKind,
		/// What the secret opens.
		given: SlotKind,
	},
	/// The slot does not open.
	#[error(
		"the slot does not open: wrong password, secret key or code, or a slot of another vault"
	)]
	WrongSecret,
	/// The slot opened, but to the key of another vault.
	#[error("the slot holds the key of another vault or of an older one: ask another node")]
	WrongCommitment,
	/// The body is written otherwise.
	#[error("the vault is written in format {0}, which this program does not know: update it")]
	UnknownFormat(u8),
	/// The body is not as long as a body is.
	#[error("the vault is cut short or grown: ask another node")]
	WrongLength,
	/// The body is not what was sealed for this identity, version and format.
	#[error("the vault was altered, or is of another identity or version: ask another node")]
	Altered,
	/// The body is authentic, and no keyring.
	#[error("the vault opens, but {0}")]
	Keyring(#[from] KeyringError),
	/// The keyring is too long for the chain.
	#[error("the keyring is longer than a vault may be: remove imported keys or accounts")]
	TooLong,
	/// A later version was seen already.
	#[error("the vault is version {served}, but version {seen} was seen already: ask another node")]
	RolledBack {
		/// What the node gave.
		served: VaultVersion,
		/// The highest that was seen.
		seen: VaultVersion,
	},
}

/// Where a vault belongs: everything that is sealed is bound to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VaultContext {
	/// The genesis hash of the chain.
	pub genesis: [u8; 32],
	/// Whose vault it is.
	pub identity: [u8; 32],
}

/// A vault as it stands on chain, without its slots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedVault {
	/// How often the vault was changed.
	pub version: VaultVersion,
	/// The version at which the body was sealed.
	pub body_version: VaultVersion,
	/// How the body is written.
	pub format: u8,
	/// Commitment to the vault key.
	pub key_commitment: [u8; 32],
	/// The sealed keyring.
	pub body: Vec<u8>,
}

impl SealedVault {
	/// Refuses a vault that is older than one that this device saw.
	pub fn refuse_older_than(&self, seen: VaultVersion) -> Result<(), VaultError> {
		let served = self.version;
		if served < seen { Err(VaultError::RolledBack { served, seen }) } else { Ok(()) }
	}
}

/// A slot as it stands on chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SealedSlot {
	/// Its number.
	pub id: SlotId,
	/// How it opens.
	pub kind: SlotKind,
	/// How what is typed is stretched.
	pub kdf: Kdf,
	/// Makes the sealing key differ from slot to slot.
	pub salt: Vec<u8>,
	/// The nonce of the seal.
	pub nonce: [u8; NONCE],
	/// The vault key, sealed.
	pub wrapped: Vec<u8>,
}

/// Seals a keyring under a vault key, for the change that makes `version` of the vault.
pub fn seal_vault(
	context: &VaultContext,
	version: VaultVersion,
	key: &VaultKey,
	keyring: &Keyring,
) -> Result<SealedVault, VaultError> {
	seal_vault_with_rng(context, version, key, keyring, &mut os_rng())
}

/// As [`seal_vault`], with other random numbers: a nonce of 24 bytes.
pub fn seal_vault_with_rng(
	context: &VaultContext,
	version: VaultVersion,
	key: &VaultKey,
	keyring: &Keyring,
	rng: &mut impl CryptoRng,
) -> Result<SealedVault, VaultError> {
	let padded = pad(&keyring.to_bytes());
	if NONCE + padded.len() + TAG > MAX_BODY {
		return Err(VaultError::TooLong);
	}
	let mut nonce = [0; NONCE];
	rng.fill_bytes(&mut nonce);
	let aad = body_aad(context, version, FORMAT);
	let sealed = body_cipher(key)
		.encrypt(&nonce.into(), Payload { msg: &padded, aad: &aad })
		.expect("a body is below the limit of the cipher; qed");
	Ok(SealedVault {
		version,
		body_version: version,
		format: FORMAT,
		key_commitment: *commitment_of(context, key),
		body: [nonce.as_slice(), &sealed].concat(),
	})
}

/// Opens a vault by one of its slots.
///
/// Whoever saw the vault before calls [`SealedVault::refuse_older_than`] first.
pub fn open_vault(
	context: &VaultContext,
	vault: &SealedVault,
	slot: &SealedSlot,
	secret: &SlotSecret,
) -> Result<(VaultKey, Keyring), VaultError> {
	let key = open_slot(context, slot, secret)?;
	let keyring = open_body(context, vault, &key)?;
	Ok((key, keyring))
}

/// Opens the body of a vault under its key. Nothing is decrypted before the commitment is compared.
pub fn open_body(
	context: &VaultContext,
	vault: &SealedVault,
	key: &VaultKey,
) -> Result<Keyring, VaultError> {
	if vault.format != FORMAT {
		return Err(VaultError::UnknownFormat(vault.format));
	}
	let commitment = commitment_of(context, key);
	if !bool::from(commitment.ct_eq(&vault.key_commitment)) {
		return Err(VaultError::WrongCommitment);
	}
	let Some((nonce, sealed)) = vault.body.split_first_chunk::<NONCE>() else {
		return Err(VaultError::WrongLength);
	};
	let padded_len = sealed.len().checked_sub(TAG).filter(|length| *length > 0);
	if padded_len.is_none_or(|length| length % PAD != 0) || vault.body.len() > MAX_BODY {
		return Err(VaultError::WrongLength);
	}
	let aad = body_aad(context, vault.body_version, vault.format);
	let padded = body_cipher(key)
		.decrypt(&(*nonce).into(), Payload { msg: sealed, aad: &aad })
		.map(Zeroizing::new)
		.map_err(|_| VaultError::Altered)?;
	let keyring = unpad(&padded).ok_or(KeyringError::Malformed)?;
	Ok(Keyring::from_bytes(keyring)?)
}

/// Seals a vault key to a secret, as slot number `id`.
pub fn seal_slot(
	context: &VaultContext,
	id: SlotId,
	key: &VaultKey,
	secret: &SlotSecret,
) -> SealedSlot {
	seal_slot_with_rng(context, id, key, secret, &mut os_rng())
}

/// As [`seal_slot`], with other random numbers: a salt of 32 bytes, then a nonce of 24.
pub fn seal_slot_with_rng(
	context: &VaultContext,
	id: SlotId,
	key: &VaultKey,
	secret: &SlotSecret,
	rng: &mut impl CryptoRng,
) -> SealedSlot {
	let (mut salt, mut nonce) = ([0; 32], [0; NONCE]);
	rng.fill_bytes(&mut salt);
	rng.fill_bytes(&mut nonce);
	let (kind, kdf) = (secret.kind(), secret.kdf());
	let aad = slot_aad(context, id, kind, &kdf);
	let wrapped = slot_cipher(context, secret, &salt)
		.encrypt(&nonce.into(), Payload { msg: key.expose(), aad: &aad })
		.expect("32 bytes are below the limit of the cipher; qed");
	SealedSlot { id, kind, kdf, salt: salt.to_vec(), nonce, wrapped }
}

/// Opens a slot, which gives the vault key.
pub fn open_slot(
	context: &VaultContext,
	slot: &SealedSlot,
	secret: &SlotSecret,
) -> Result<VaultKey, VaultError> {
	let given = secret.kind();
	if slot.kind != given {
		return Err(VaultError::OtherKind { slot: slot.kind, given });
	}
	slot.kdf.check(slot.kind, &KdfLimits::STANDARD).map_err(|unfit| match unfit {
		UnfitKdf::OfAnotherKind if slot.kind.is_stretched() => VaultError::DowngradedParameters,
		UnfitKdf::TooWeak => VaultError::DowngradedParameters,
		_ => VaultError::UnknownParameters,
	})?;
	if slot.kdf != secret.kdf() {
		return Err(VaultError::OtherParameters);
	}
	let aad = slot_aad(context, slot.id, slot.kind, &slot.kdf);
	let key = slot_cipher(context, secret, &slot.salt)
		.decrypt(&slot.nonce.into(), Payload { msg: &slot.wrapped, aad: &aad })
		.map(Zeroizing::new)
		.map_err(|_| VaultError::WrongSecret)?;
	let key: Zeroizing<[u8; 32]> =
		Zeroizing::new(key.as_slice().try_into().map_err(|_| VaultError::WrongSecret)?);
	Ok(VaultKey::from_bytes(*key))
}

fn slot_cipher(context: &VaultContext, secret: &SlotSecret, salt: &[u8]) -> XChaCha20Poly1305 {
	XChaCha20Poly1305::new((&*secret.kek(context, salt)).into())
}

fn body_cipher(key: &VaultKey) -> XChaCha20Poly1305 {
	XChaCha20Poly1305::new((&*hkdf(None, key.expose(), &[BODY_LABEL])).into())
}

fn commitment_of(context: &VaultContext, key: &VaultKey) -> Zeroizing<[u8; 32]> {
	hkdf(None, key.expose(), &[COMMIT_LABEL, &context.genesis, &context.identity])
}

fn slot_aad(context: &VaultContext, id: SlotId, kind: SlotKind, kdf: &Kdf) -> Vec<u8> {
	let VaultContext { genesis, identity } = context;
	[SLOT_LABEL, genesis, identity, &[id, kind as u8], &kdf.encode()].concat()
}

fn body_aad(context: &VaultContext, version: VaultVersion, format: u8) -> Vec<u8> {
	let VaultContext { genesis, identity } = context;
	[BODY_LABEL, genesis, identity, &version.to_le_bytes(), &[format]].concat()
}

/// `u32 length ‖ keyring ‖ zeros`, to a multiple of [`PAD`].
fn pad(keyring: &[u8]) -> Zeroizing<Vec<u8>> {
	let length = (4 + keyring.len()).next_multiple_of(PAD);
	let mut padded = Zeroizing::new(Vec::with_capacity(length));
	padded.extend_from_slice(&(keyring.len() as u32).to_le_bytes());
	padded.extend_from_slice(keyring);
	padded.resize(length, 0);
	padded
}

/// The keyring in what [`pad`] made; `None` when anything else stands there.
fn unpad(padded: &[u8]) -> Option<&[u8]> {
	let (length, rest) = padded.split_first_chunk::<4>()?;
	let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
	let (keyring, zeros) = rest.split_at_checked(length)?;
	let tight = zeros.len() < PAD && zeros.iter().all(|byte| *byte == 0);
	tight.then_some(keyring)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn padding_comes_off_and_has_one_form() {
		for length in [0, 1, 251, 252, 253, 508, 509] {
			let keyring = vec![7; length];
			let padded = pad(&keyring);
			assert_eq!(padded.len() % PAD, 0);
			assert_eq!(unpad(&padded), Some(&keyring[..]), "{length}");
		}
		assert_eq!(unpad(&[]), None);
		assert_eq!(unpad(&[0, 0, 0]), None);
		let mut long = pad(&[7; 10]);
		long[0] = 253;
		assert_eq!(unpad(&long), None);
		let mut dirty = pad(&[7; 10]);
		dirty[255] = 1;
		assert_eq!(unpad(&dirty), None);
		let mut loose = pad(&[7; 10]).to_vec();
		loose.resize(512, 0);
		assert_eq!(unpad(&loose), None);
	}
}
