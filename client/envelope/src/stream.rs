// SPDX-License-Identifier: Apache-2.0
//! STREAM: a sequence of authenticated chunks that cannot be cut, reordered or extended.

use crate::{Suite, layout::TAG};
use aes_gcm::Aes256Gcm;
use chacha20poly1305::{
	ChaCha20Poly1305,
	aead::{AeadInOut, KeyInit},
};

/// A chunk that is not the one which was sealed at this place.
pub(crate) struct NotAuthentic;

/// The cipher of one object's chunks; the key is wiped on drop.
pub(crate) enum ChunkCipher {
	ChaCha20Poly1305(ChaCha20Poly1305),
	Aes256Gcm(Box<Aes256Gcm>),
}

impl ChunkCipher {
	pub(crate) fn new(suite: Suite, key: &[u8; 32]) -> Self {
		match suite {
			Suite::ChaCha20Poly1305 => Self::ChaCha20Poly1305(ChaCha20Poly1305::new(key.into())),
			Suite::Aes256Gcm => Self::Aes256Gcm(Box::new(Aes256Gcm::new(key.into()))),
		}
	}

	/// Encrypts chunk number `counter` in place and gives its tag.
	pub(crate) fn seal(&self, counter: u64, is_last: bool, chunk: &mut [u8]) -> [u8; TAG] {
		let nonce = nonce(counter, is_last).into();
		let tag = match self {
			Self::ChaCha20Poly1305(cipher) => {
				cipher.encrypt_inout_detached(&nonce, b"", chunk.into())
			},
			Self::Aes256Gcm(cipher) => cipher.encrypt_inout_detached(&nonce, b"", chunk.into()),
		};
		tag.expect("64 KiB are below the limit of either cipher; qed").into()
	}

	/// Decrypts chunk number `counter` in place; on failure it is left as it was.
	pub(crate) fn open(
		&self,
		counter: u64,
		is_last: bool,
		chunk: &mut [u8],
		tag: &[u8; TAG],
	) -> Result<(), NotAuthentic> {
		let (nonce, tag) = (nonce(counter, is_last).into(), tag.into());
		match self {
			Self::ChaCha20Poly1305(cipher) => {
				cipher.decrypt_inout_detached(&nonce, b"", chunk.into(), tag)
			},
			Self::Aes256Gcm(cipher) => {
				cipher.decrypt_inout_detached(&nonce, b"", chunk.into(), tag)
			},
		}
		.map_err(|_| NotAuthentic)
	}
}

/// Eleven bytes of big-endian counter, then 1 for the last chunk and 0 for every other.
fn nonce(counter: u64, is_last: bool) -> [u8; 12] {
	let wide = (u128::from(counter) << 8) | u128::from(is_last);
	let [_, _, _, _, nonce @ ..] = wide.to_be_bytes();
	nonce
}
