// SPDX-License-Identifier: Apache-2.0

//! Sealed objects, and the lengths they can have.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_primitives::ContentHash;
use scale_info::TypeInfo;

/// The longest sealed object that the chain itself keeps, in bytes.
pub const MAX_INLINE: u32 = 2048;

/// The shortest padded plaintext of a sealed object (HRE1).
pub const MIN_PADDED_LEN: u64 = 512;
const HEADER_LEN: u64 = 72;
const CHUNK_LEN: u64 = 65_536;
const CHUNK_TAG_LEN: u64 = 16;

/// Padmé: `len` with all but its leading bits rounded up, so that a length tells little.
///
/// `None` when the padded length is no `u64`.
pub fn padme(len: u64) -> Option<u64> {
	let len = len.max(MIN_PADDED_LEN);
	let exponent = len.ilog2();
	// Not below 9, because the length is not below 512.
	let kept = exponent.ilog2().saturating_add(1);
	let mask = 1u64.checked_shl(exponent.saturating_sub(kept))?.checked_sub(1)?;
	Some(len.checked_add(mask)? & !mask)
}

/// Whether a plaintext can be that long after padding.
pub fn is_padded_len(len: u64) -> bool {
	len >= MIN_PADDED_LEN && padme(len) == Some(len)
}

/// How long the sealed object of a padded plaintext is: header, chunks and a tag per chunk.
pub fn object_len(padded_len: u64) -> Option<u64> {
	let tags = padded_len.div_ceil(CHUNK_LEN).checked_mul(CHUNK_TAG_LEN)?;
	HEADER_LEN.checked_add(padded_len)?.checked_add(tags)
}

/// Whether `bytes` begin as a sealed object does: magic, version 1, a known suite and flags, chunks
/// of 64 KiB. It keeps plaintext off the chain when a client forgets to seal.
pub fn has_sealed_header(bytes: &[u8]) -> bool {
	matches!(bytes, [b'H', b'R', b'E', b'1', 1, 1 | 2, 0 | 1, 16, ..])
}

/// The bytes of a sealed object kept on chain.
pub type InlineObject = BoundedVec<u8, ConstU32<MAX_INLINE>>;

/// A sealed object, as a call names it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub enum Content {
	/// It lies in an object store under the BLAKE2b-256 of its bytes.
	#[codec(index = 0)]
	External {
		/// That hash.
		hash: ContentHash,
	},
	/// It is given whole, and the chain keeps it and computes the hash.
	#[codec(index = 1)]
	Inline(InlineObject),
}

impl Content {
	/// Whether the bytes are given.
	pub const fn is_inline(&self) -> bool {
		matches!(self, Self::Inline(_))
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use proptest::prelude::*;

	#[test]
	fn padme_keeps_leading_bits() {
		let known =
			[(0, 512), (512, 512), (513, 544), (1000, 1024), (1025, 1088), (65_537, 67_584)];
		for (len, padded) in known {
			assert_eq!(padme(len), Some(padded), "{len}");
		}
		assert_eq!(padme(u64::MAX), None);
	}

	#[test]
	fn only_padded_lengths_of_the_minimum_and_above_are_lengths() {
		for len in [512, 544, 992, 1024, 1088, 1 << 40] {
			assert!(is_padded_len(len), "{len}");
		}
		for len in [0, 256, 511, 513, 543, 1025, u64::MAX] {
			assert!(!is_padded_len(len), "{len}");
		}
	}

	#[test]
	fn an_object_is_header_chunks_and_tags() {
		assert_eq!(object_len(512), Some(600));
		assert_eq!(object_len(65_536), Some(72 + 65_536 + 16));
		assert_eq!(object_len(67_584), Some(72 + 67_584 + 32));
		assert_eq!(object_len(u64::MAX), None);
	}

	#[test]
	fn a_header_is_checked_byte_for_byte() {
		let header = *b"HRE1\x01\x01\x01\x10";
		assert!(has_sealed_header(&header));
		assert!(has_sealed_header(b"HRE1\x01\x02\x00\x10 and the rest"));
		for byte in 0..header.len() {
			let mut other = header;
			other[byte] ^= 0x40;
			assert!(!has_sealed_header(&other), "byte {byte}");
		}
		assert!(!has_sealed_header(&header[..7]));
		assert!(!has_sealed_header(b"{\"resourceType\":\"Observation\"}"));
	}

	proptest! {
		#[test]
		fn padding_is_idempotent_monotone_and_cheap(len in 0..1u64 << 50, more in 0..1u64 << 20) {
			let padded = padme(len).unwrap();
			prop_assert!(padded >= len.max(512));
			prop_assert!(is_padded_len(padded));
			prop_assert!(padme(len + more).unwrap() >= padded);
			// At most 12 % above the shortest length.
			prop_assert!(padded - len.max(512) <= len.max(512) * 12 / 100);
		}
	}
}
