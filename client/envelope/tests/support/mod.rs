// SPDX-License-Identifier: Apache-2.0
//! Values and helpers that several tests share.
#![allow(dead_code)]

use salus_envelope::{
	ContentKey, CustodianShare, Metadata, OpenError, Opened, Opener, ReaderShare, Sealed, Sealer,
	Secret, Suite,
	rand_core::{TryCryptoRng, TryRng},
};
use std::convert::Infallible;

pub(crate) const SUITES: [Suite; 2] = [Suite::ChaCha20Poly1305, Suite::Aes256Gcm];

pub(crate) const BODY: &[u8] = br#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":13.9,"unit":"g/dL"}}"#;

/// 32 bytes that count up.
pub(crate) fn span(first: u8) -> [u8; 32] {
	std::array::from_fn(|n| first + n as u8)
}

pub(crate) fn unhex<const N: usize>(text: &str) -> [u8; N] {
	hex::decode(text).unwrap().try_into().unwrap()
}

pub(crate) fn key() -> ContentKey {
	ContentKey::from_shares(
		ReaderShare::from_bytes(span(0x00)),
		CustodianShare::from_bytes(span(0x20)),
	)
}

/// Gives out 32 bytes that a published vector calls random, over and over.
pub(crate) struct Scripted(pub(crate) [u8; 32]);

impl TryRng for Scripted {
	type Error = Infallible;

	fn try_next_u32(&mut self) -> Result<u32, Infallible> {
		unreachable!("keys and salts are drawn whole")
	}

	fn try_next_u64(&mut self) -> Result<u64, Infallible> {
		unreachable!("keys and salts are drawn whole")
	}

	fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
		bytes.copy_from_slice(&self.0);
		Ok(())
	}
}

impl TryCryptoRng for Scripted {}

/// Seals with the salt of the known answers.
pub(crate) fn seal(
	key: &ContentKey,
	suite: Suite,
	metadata: &Metadata,
	body: &[u8],
) -> (Vec<u8>, Sealed) {
	let mut object = Vec::new();
	let sealed = Sealer::new(key, metadata)
		.suite(suite)
		.seal_with_rng(body, body.len() as u64, &mut object, &mut Scripted(span(0x40)))
		.unwrap();
	(object, sealed)
}

pub(crate) fn open(key: &ContentKey, object: &[u8]) -> Result<Opened, OpenError> {
	Opener::new(key).open_to_vec(object).map(|(_, opened)| opened)
}

/// The rules of the payload once more, as plain as they can be written, to make objects that no
/// honest sealer makes.
pub(crate) mod bare {
	use super::*;
	use aes_gcm::Aes256Gcm;
	use chacha20poly1305::{
		ChaCha20Poly1305,
		aead::{AeadInOut, KeyInit},
	};
	use hkdf::Hkdf;
	use sha2::Sha256;

	pub(crate) fn header_start(suite: Suite) -> [u8; 8] {
		[b'H', b'R', b'E', b'1', 1, suite as u8, 1, 16]
	}

	/// Payload key and commitment of `ikm` under the salt of the known answers.
	pub(crate) fn schedule(suite: Suite, ikm: &[u8]) -> ([u8; 32], [u8; 32]) {
		let kdf = Hkdf::<Sha256>::new(Some(&span(0x40)), ikm);
		let (mut payload_key, mut commitment) = ([0; 32], [0; 32]);
		kdf.expand(&[&b"hre1/payload"[..], &header_start(suite)].concat(), &mut payload_key)
			.unwrap();
		kdf.expand(&[&b"hre1/commit"[..], &header_start(suite)].concat(), &mut commitment).unwrap();
		(payload_key, commitment)
	}

	pub(crate) fn header(suite: Suite, commitment: [u8; 32]) -> Vec<u8> {
		[&header_start(suite)[..], &span(0x40), &commitment].concat()
	}

	pub(crate) fn seal_chunk(
		suite: Suite,
		key: &[u8; 32],
		counter: u8,
		is_last: bool,
		chunk: &[u8],
	) -> Vec<u8> {
		let nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, counter, u8::from(is_last)];
		let mut sealed = chunk.to_vec();
		let tag: [u8; 16] = match suite {
			Suite::ChaCha20Poly1305 => ChaCha20Poly1305::new(key.into())
				.encrypt_inout_detached(&nonce.into(), b"", sealed.as_mut_slice().into())
				.unwrap()
				.into(),
			Suite::Aes256Gcm => Aes256Gcm::new(key.into())
				.encrypt_inout_detached(&nonce.into(), b"", sealed.as_mut_slice().into())
				.unwrap()
				.into(),
		};
		sealed.extend(tag);
		sealed
	}

	/// An object under [`super::key`] whose chunks and final flags are as given.
	pub(crate) fn object(suite: Suite, chunks: &[(bool, &[u8])]) -> Vec<u8> {
		let ikm = [span(0x00), span(0x20)].concat();
		let (payload_key, commitment) = schedule(suite, &ikm);
		let mut object = header(suite, commitment);
		for (counter, (is_last, chunk)) in (0..).zip(chunks) {
			object.extend(seal_chunk(suite, &payload_key, counter, *is_last, chunk));
		}
		object
	}

	/// An object with this inner plaintext, cut into chunks as it should be.
	pub(crate) fn object_of(suite: Suite, inner: &[u8]) -> Vec<u8> {
		let count = inner.len().div_ceil(1 << 16);
		let chunks: Vec<_> =
			inner.chunks(1 << 16).enumerate().map(|(n, chunk)| (n + 1 == count, chunk)).collect();
		object(suite, &chunks)
	}
}

/// Gives out bytes that count up, by first byte and length, in the order in which they are drawn.
pub(crate) struct Counting(pub(crate) &'static [(u8, usize)]);

impl TryRng for Counting {
	type Error = Infallible;

	fn try_next_u32(&mut self) -> Result<u32, Infallible> {
		unreachable!("salts and nonces are drawn whole")
	}

	fn try_next_u64(&mut self) -> Result<u64, Infallible> {
		unreachable!("salts and nonces are drawn whole")
	}

	fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
		let (&(first, length), rest) = self.0.split_first().expect("no more than was foreseen");
		assert_eq!(bytes.len(), length);
		bytes.iter_mut().zip(first..).for_each(|(byte, value)| *byte = value);
		self.0 = rest;
		Ok(())
	}
}

impl TryCryptoRng for Counting {}
