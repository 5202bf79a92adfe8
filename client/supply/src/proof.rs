// SPDX-License-Identifier: Apache-2.0

//! What proves that a serial is one of a batch.

use codec::{Decode, Encode};
use salus_envelope::Sha256Hasher;
use salus_gs1::{Serial, UdiDi};
use salus_merkle::{ProofError, leaf_hash, verify_inclusion};
use salus_primitives::{Digest, LeafSalt, unit_leaf};
use serde::{Deserialize, Serialize};

/// The place of a unit in its batch, with what leads from its leaf to the root.
#[derive(Encode, Decode, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitLeafProof {
	/// Its index in the order of packing.
	pub index: u32,
	/// Its serial, as the maker wrote it.
	pub serial: Serial,
	/// The salt of its leaf.
	#[serde(with = "salt_hex")]
	pub salt: LeafSalt,
	/// The hashes from the leaf to the root, the lowest sibling first.
	pub path: Vec<Digest>,
}

impl UnitLeafProof {
	/// Checks that it leads to the root of a batch of `count` units of `product`. Root and count are
	/// those that the chain shows.
	pub fn check(&self, product: &UdiDi, count: u32, root: &Digest) -> Result<(), ProofError> {
		let leaf = leaf_hash::<Sha256Hasher>(&unit_leaf(product, &self.serial, &self.salt));
		let path: Vec<_> = self.path.iter().map(|hash| hash.0).collect();
		verify_inclusion::<Sha256Hasher>(&root.0, count.into(), self.index.into(), &leaf, &path)
	}
}

/// A salt as 32 hexadecimal digits.
mod salt_hex {
	use super::*;
	use serde::{Deserializer, Serializer, de::Error};

	pub(super) fn serialize<S: Serializer>(
		salt: &LeafSalt,
		serializer: S,
	) -> Result<S::Ok, S::Error> {
		serializer.collect_str(&format_args!("0x{}", hex::encode(salt)))
	}

	pub(super) fn deserialize<'de, D: Deserializer<'de>>(
		deserializer: D,
	) -> Result<LeafSalt, D::Error> {
		let text = String::deserialize(deserializer)?;
		let mut salt = LeafSalt::default();
		hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(&text), &mut salt)
			.map_err(|_| D::Error::custom("a salt is 32 hexadecimal digits"))?;
		Ok(salt)
	}
}
