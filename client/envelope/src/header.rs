// SPDX-License-Identifier: Apache-2.0
//! The first 72 bytes of a sealed object.

use crate::keys::{ContentKey, expand};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const MAGIC: [u8; 4] = *b"HRE1";
const VERSION: u8 = 1;
const FLAG_SHARE_REQUIRED: u8 = 0x01;
/// log2 of the chunk size, 65,536 bytes.
const CHUNK_LOG: u8 = 16;

/// Which ciphers an object is sealed with. Both derive keys by HKDF-SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[repr(u8)]
pub enum Suite {
	/// ChaCha20-Poly1305 STREAM: the default.
	#[default]
	ChaCha20Poly1305 = 0x01,
	/// AES-256-GCM STREAM, for sites that must use FIPS ciphers.
	Aes256Gcm = 0x02,
}

/// The parsed header. It holds nothing secret, and nothing in it is trusted before the key
/// commitment has been compared.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
	/// The ciphers.
	pub suite: Suite,
	/// Whether the key needs the custodian's share.
	pub share_required: bool,
	/// Random per object.
	pub salt: [u8; 32],
	/// Names the one key that opens the object.
	pub commitment: [u8; 32],
}

/// Why bytes are not the header of a sealed object that this version understands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderError {
	/// The first four bytes are not `HRE1`.
	#[error("not a sealed object: the magic bytes are missing")]
	Magic,
	/// A later version of the format: update the software.
	#[error("sealed in version {0} of the format; this software opens version 1")]
	Version(u8),
	/// No such suite in version 1.
	#[error("cipher suite {0:#04x} is not known")]
	Suite(u8),
	/// A reserved flag bit is set.
	#[error("reserved bits are set in the flags {0:#04x}")]
	Flags(u8),
	/// Version 1 has chunks of 2^16 bytes only.
	#[error("chunks of 2^{0} bytes are not allowed; version 1 has 2^16")]
	ChunkSize(u8),
}

impl Header {
	/// Length in bytes.
	pub const LEN: usize = 72;

	/// Reads a header. Every field is checked before any key is touched.
	pub fn parse(bytes: &[u8; Self::LEN]) -> Result<Self, HeaderError> {
		let [m0, m1, m2, m3, version, suite, flags, chunk_log, rest @ ..] = bytes;
		if [*m0, *m1, *m2, *m3] != MAGIC {
			return Err(HeaderError::Magic);
		}
		if *version != VERSION {
			return Err(HeaderError::Version(*version));
		}
		let suite = match suite {
			0x01 => Suite::ChaCha20Poly1305,
			0x02 => Suite::Aes256Gcm,
			other => return Err(HeaderError::Suite(*other)),
		};
		if flags & !FLAG_SHARE_REQUIRED != 0 {
			return Err(HeaderError::Flags(*flags));
		}
		if *chunk_log != CHUNK_LOG {
			return Err(HeaderError::ChunkSize(*chunk_log));
		}

		let mut header = Self {
			suite,
			share_required: *flags == FLAG_SHARE_REQUIRED,
			salt: [0; 32],
			commitment: [0; 32],
		};
		let (salt, commitment) = rest.split_at(header.salt.len());
		header.salt.copy_from_slice(salt);
		header.commitment.copy_from_slice(commitment);
		Ok(header)
	}

	/// Whether this is the key that the object commits to, compared in constant time. Nothing of the
	/// object is decrypted to know it.
	pub fn is_of(&self, key: &ContentKey) -> bool {
		self.share_required == key.custodian_share().is_some()
			&& Schedule::derive(key, self.suite, &self.salt)
				.commitment
				.ct_eq(&self.commitment)
				.into()
	}

	/// The header as it stands in an object.
	pub fn to_bytes(&self) -> [u8; Self::LEN] {
		let mut bytes = [0; Self::LEN];
		let fields = bound_bytes(self.suite, self.share_required)
			.into_iter()
			.chain(self.salt)
			.chain(self.commitment);
		bytes.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
		bytes
	}
}

/// Bytes 0 to 7, which go into both derivations so that none can be altered.
fn bound_bytes(suite: Suite, share_required: bool) -> [u8; 8] {
	let [m0, m1, m2, m3] = MAGIC;
	[m0, m1, m2, m3, VERSION, suite as u8, u8::from(share_required), CHUNK_LOG]
}

/// What the content key gives for one object.
pub(crate) struct Schedule {
	pub(crate) payload_key: Zeroizing<[u8; 32]>,
	pub(crate) commitment: [u8; 32],
}

impl Schedule {
	pub(crate) fn derive(key: &ContentKey, suite: Suite, salt: &[u8; 32]) -> Self {
		let bound = bound_bytes(suite, key.custodian_share().is_some());
		let (_, prk) = Hkdf::<Sha256>::extract(Some(salt), &key.input_keying_material());
		Self {
			payload_key: expand(&prk, &[b"hre1/payload", &bound]),
			commitment: *expand(&prk, &[b"hre1/commit", &bound]),
		}
	}
}
