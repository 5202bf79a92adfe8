// SPDX-License-Identifier: Apache-2.0

//! Identities of the first block.

use salus_primitives::{IdentityKind, Salt, X25519Key};

/// An identity that is there from the first block.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GenesisIdentity<AccountId> {
	/// The account that signs for it.
	pub account: AccountId,
	/// What it is, by its word.
	pub kind: IdentityKind,
	/// The salt of its id: 16 bytes in hexadecimal.
	#[serde(with = "hexadecimal")]
	pub salt: Salt,
	/// Its agreement key: 32 bytes in hexadecimal.
	#[serde(with = "hexadecimal")]
	pub agreement_key: X25519Key,
}

/// Byte arrays as hexadecimal text with a leading `0x`.
mod hexadecimal {
	use serde::{Deserializer, Serializer};
	use sp_core::bytes::{self, ExpectedLen};

	pub(super) fn serialize<S: Serializer, const N: usize>(
		array: &[u8; N],
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		bytes::serialize(array, serializer)
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
		deserializer: D,
	) -> Result<[u8; N], D::Error> {
		let mut array = [0; N];
		bytes::deserialize_check_len(deserializer, ExpectedLen::Exact(&mut array))?;
		Ok(array)
	}
}
