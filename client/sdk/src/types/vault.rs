// SPDX-License-Identifier: Apache-2.0

//! Vaults: sealed keyrings, and the slots that open them.

use super::*;

data! {
	/// A slot, as a vault lists it.
	#[derive(Copy)]
	pub struct SlotEntry {
		/// Its number.
		pub id: SlotId,
		/// How it opens.
		pub kind: SlotKind,
	}

	/// A vault.
	pub struct VaultView {
		/// Whose it is.
		pub identity: IdentityId,
		/// How often it was changed.
		pub version: VaultVersion,
		/// The version at which the body was sealed.
		pub body_version: VaultVersion,
		/// How the body is written.
		pub format: u8,
		/// Commitment to the key that the body is sealed with.
		pub key_commitment: Commitment,
		/// The sealed keyring.
		#[serde(with = "hex_bytes")]
		pub body: Vec<u8>,
		/// Its slots, by number and kind.
		pub slots: Vec<SlotEntry>,
		/// When it was changed last.
		pub updated_at: Moment,
	}

	/// One way to open a vault: its key, sealed.
	pub struct VaultSlot {
		/// How it opens.
		pub kind: SlotKind,
		/// How what is typed is stretched.
		pub kdf: Kdf,
		/// Makes the sealing key differ from slot to slot.
		#[serde(with = "hex_bytes")]
		pub salt: Vec<u8>,
		/// The nonce of the seal.
		#[serde(with = "crate::wire::hex_bytes")]
		pub nonce: [u8; 24],
		/// The vault's key, sealed.
		#[serde(with = "hex_bytes")]
		pub wrapped: Vec<u8>,
		/// Where its login finds it.
		pub locator: Option<LoginLocator>,
		/// When it was put there.
		pub created_at: Moment,
	}

	/// A slot with its number.
	pub struct SlotView {
		/// Its number.
		pub id: SlotId,
		/// The rest.
		pub slot: VaultSlot,
	}

	/// What a login leads to.
	pub struct FoundVault {
		/// The vault.
		pub vault: VaultView,
		/// The slot that the login opens.
		pub slot: SlotView,
	}
}

/// A slot, as a call brings it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct NewSlot {
	/// The number that it shall have.
	pub id: SlotId,
	/// How it opens.
	pub kind: SlotKind,
	/// How what is typed is stretched.
	pub kdf: Kdf,
	/// 16 to 32 random bytes.
	pub salt: Vec<u8>,
	/// The nonce of the seal.
	pub nonce: [u8; 24],
	/// The vault's key, sealed.
	pub wrapped: Vec<u8>,
	/// The login that finds it, for the kinds that have one.
	pub login: Option<LoginProof>,
}

/// A login, and its word that this identity may be found by it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct LoginProof {
	/// The Ed25519 public key.
	pub key: [u8; 32],
	/// Its signature over the bytes of [`salus_primitives::LoginClaim`].
	pub claim: [u8; 64],
}

/// Bytes as `0x` and digits.
mod hex_bytes {
	use serde::{Deserialize, Deserializer, Serializer, de::Error};

	pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
		serializer.collect_str(&format_args!("0x{}", hex::encode(bytes)))
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<Vec<u8>, D::Error> {
		let text = String::deserialize(deserializer)?;
		hex::decode(text.strip_prefix("0x").unwrap_or(&text)).map_err(D::Error::custom)
	}
}
