// SPDX-License-Identifier: Apache-2.0
//! Hashes and commitments: what of a sealed object stands on chain.

use crate::keys::sealed::Sealed;
use blake2::{Blake2b, Digest, digest::consts::U32};
use hmac::{Hmac, KeyInit, Mac};
use salus_merkle::Hash;
use salus_primitives::{ContentHash, RECORD_LEAF_LEN, RecordId, RecordLeaf};
use sha2::Sha256;
use std::{fmt, io, str::FromStr};

/// Why text is not a hash: it must have 64 hexadecimal digits, with or without `0x` in front.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("expected 64 hexadecimal digits")]
pub struct ParseHashError;

macro_rules! hashes {
	($($(#[$doc:meta])* $name:ident;)*) => {$(
		$(#[$doc])*
		#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
		pub struct $name(pub [u8; 32]);

		impl Sealed for $name {}

		impl fmt::Display for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				f.write_str(&hex::encode(self.0))
			}
		}

		impl fmt::Debug for $name {
			fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
				write!(f, concat!(stringify!($name), "({})"), self)
			}
		}

		impl FromStr for $name {
			type Err = ParseHashError;

			fn from_str(text: &str) -> Result<Self, ParseHashError> {
				parse_hex(text).map(Self)
			}
		}
	)*};
}

hashes! {
	/// BLAKE2b-256 of a whole sealed object: its name in object stores and on chain. Says nothing
	/// about the plaintext, and does not depend on who may read it.
	CiphertextHash;
	/// HMAC-SHA-256 of the body under the record's [`CommitmentSalt`]: what validators sign.
	BodyCommitment;
	/// The 32 random bytes (`ptSalt`) that keep a [`BodyCommitment`] from confirming a guess of the
	/// body. It lies in the metadata, so whoever may read the record may recompute the commitment.
	CommitmentSalt;
}

pub(crate) fn parse_hex(text: &str) -> Result<[u8; 32], ParseHashError> {
	let mut bytes = [0; 32];
	hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes)
		.map_err(|_| ParseHashError)?;
	Ok(bytes)
}

impl CiphertextHash {
	/// Hashes an object that is in memory.
	pub fn of(object: &[u8]) -> Self {
		let mut hasher = CiphertextHasher::new();
		hasher.update(object);
		hasher.finish()
	}

	/// The content identifier of IPFS tools: CIDv1, raw codec, multihash BLAKE2b-256, base32.
	pub fn cid(&self) -> String {
		// Version 1, codec 0x55, multihash 0xb220 as a varint, 32 bytes.
		let bytes = [0x01, 0x55, 0xa0, 0xe4, 0x02, 0x20].into_iter().chain(self.0);
		format!("b{}", base32(bytes))
	}
}

/// Computes a [`CiphertextHash`] while an object passes by; a custodian writes uploads through it.
#[derive(Clone, Default)]
pub struct CiphertextHasher(Blake2b<U32>);

impl CiphertextHasher {
	/// Nothing hashed yet.
	pub fn new() -> Self {
		Self::default()
	}

	/// Adds the next bytes of the object.
	pub fn update(&mut self, bytes: &[u8]) {
		self.0.update(bytes);
	}

	/// The hash of everything added.
	pub fn finish(self) -> CiphertextHash {
		CiphertextHash(self.0.finalize().into())
	}
}

/// For `std::io::copy`; never fails.
impl io::Write for CiphertextHasher {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		self.update(bytes);
		Ok(bytes.len())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

impl CommitmentSalt {
	/// Draws a fresh salt; every version of a record has its own.
	pub fn generate() -> Self {
		let mut salt = [0; 32];
		hpke::rand_core::Rng::fill_bytes(&mut crate::os_rng(), &mut salt);
		Self(salt)
	}

	/// Commits to a body that is in memory.
	pub fn commit(&self, body: &[u8]) -> BodyCommitment {
		let mut hasher = BodyHasher::new(self);
		hasher.update(body);
		hasher.finish()
	}
}

/// Computes a [`BodyCommitment`] while a body passes by; a validator reads long bodies through it.
#[derive(Clone)]
pub struct BodyHasher(Hmac<Sha256>);

impl BodyHasher {
	/// Nothing hashed yet, under this salt.
	pub fn new(salt: &CommitmentSalt) -> Self {
		Self(KeyInit::new_from_slice(&salt.0).expect("HMAC takes keys of every length; qed"))
	}

	/// Adds the next bytes of the body.
	pub fn update(&mut self, bytes: &[u8]) {
		self.0.update(bytes);
	}

	/// The commitment to everything added.
	pub fn finish(self) -> BodyCommitment {
		BodyCommitment(self.0.finalize().into_bytes().into())
	}
}

/// For `std::io::copy`; never fails.
impl io::Write for BodyHasher {
	fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
		self.update(bytes);
		Ok(bytes.len())
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

/// The data of a record's leaf in a batch: `"hre1/leaf" ‖ 0x01 ‖ record ‖ version ‖ hash`, 78 bytes.
pub fn leaf_data(record: &[u8; 32], version: u32, hash: &CiphertextHash) -> [u8; RECORD_LEAF_LEN] {
	let (record, content) = (RecordId(*record), ContentHash(hash.0));
	RecordLeaf { record, version, content }.to_bytes()
}

/// SHA-256 for the trees of `salus-merkle`, in clients.
pub struct Sha256Hasher;

impl salus_merkle::Hasher for Sha256Hasher {
	fn hash(parts: &[&[u8]]) -> Hash {
		let mut hasher = Sha256::new();
		parts.iter().for_each(|part| hasher.update(part));
		hasher.finalize().into()
	}
}

/// RFC 4648 base32, lower case, no padding.
fn base32(bytes: impl Iterator<Item = u8>) -> String {
	let bits: Vec<u8> =
		bytes.flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1)).collect();
	bits.chunks(5)
		.map(|group| {
			let value = group.iter().fold(0, |value, bit| (value << 1) | bit);
			let digit = value << (5 - group.len());
			char::from(if digit < 26 { b'a' + digit } else { b'2' + (digit - 26) })
		})
		.collect()
}
