// SPDX-License-Identifier: Apache-2.0
//! Sealing and opening, and every way in which an object can be wrong.

use aes_gcm::aes::{
	Aes256,
	cipher::{BlockCipherEncrypt, KeyInit as _},
};
use aes_gcm::{Aes256Gcm, aead::AeadInOut};
use salus_envelope::{
	BodyCommitment, CiphertextHash, ContentKey, CustodianShare, HeaderError, Metadata,
	MetadataError, OpenError, Opener, ReaderShare, RecordMetadata, SealError, Sealer, Secret,
	Suite, object_len, padme,
};
use std::{
	fs,
	io::{self, Read, Write},
};

mod support;
use support::{BODY, SUITES, bare, key, open, seal, span};

const CHUNK: usize = 1 << 16;

/// Length of a sealed chunk.
const SEALED_CHUNK: usize = CHUNK + 16;

fn three_chunks(suite: Suite) -> Vec<u8> {
	let body: Vec<u8> = (0..131_077u32).map(|n| n as u8).collect();
	seal(&key(), suite, &Metadata::none(), &body).0
}

/// Inner plaintext with these length fields, padded as an honest sealer pads.
fn inner(metadata_len: u32, metadata: &[u8], body_len: u64, body: &[u8]) -> Vec<u8> {
	let mut inner = metadata_len.to_le_bytes().to_vec();
	inner.extend(metadata);
	inner.extend(body_len.to_le_bytes());
	inner.extend(body);
	inner.resize(padme(inner.len().max(512) as u64).unwrap() as usize, 0);
	inner
}

#[test]
fn what_is_sealed_opens_at_every_length() {
	// The inner plaintext has 12 bytes of length fields before the body.
	let large = if cfg!(debug_assertions) { 256 << 10 } else { 5 << 20 };
	let inner_lengths = [511, 512, 513, 65_535, 65_536, 65_537, 131_072, large + 1];
	let lengths = inner_lengths.map(|len| len - 12).into_iter().chain([0, 1, 511, 65_536]);
	for len in lengths {
		let body: Vec<u8> = (0..len).map(|n| (n * 7) as u8).collect();
		for suite in SUITES {
			let (object, sealed) = seal(&key(), suite, &Metadata::none(), &body);
			assert_eq!(object.len() as u64, sealed.object_len);
			assert_eq!(object_len(0, len as u64), Some(sealed.object_len));
			assert_eq!(sealed.ciphertext_hash, CiphertextHash::of(&object));

			let (opened_body, opened) = Opener::new(&key()).open_to_vec(&object).unwrap();
			assert!(*opened_body == body, "{len} bytes by {suite:?}");
			assert_eq!(opened.body_len, len as u64);
			assert_eq!(opened.ciphertext_hash, sealed.ciphertext_hash);
		}
	}
}

#[test]
fn two_seals_of_one_body_share_nothing() {
	let (metadata, key) = (Metadata::none(), ContentKey::generate());
	let sealer = Sealer::new(&key, &metadata);
	let (first, _) = sealer.seal_to_vec(BODY).unwrap();
	let (second, _) = sealer.seal_to_vec(BODY).unwrap();
	assert_ne!(first[8..40], second[8..40]);
	assert_ne!(first[72..], second[72..]);
}

#[test]
fn a_bad_header_is_refused_before_the_key_is_used() {
	let (object, _) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	let with = |at: usize, byte: u8| {
		let mut object = object.clone();
		object[at] = byte;
		// A wrong key, to show that it is not looked at.
		match open(&ContentKey::generate(), &object) {
			Err(OpenError::Header(error)) => error,
			other => panic!("{other:?}"),
		}
	};
	assert_eq!(with(0, b'h'), HeaderError::Magic);
	assert_eq!(with(3, b'2'), HeaderError::Magic);
	assert_eq!(with(4, 0), HeaderError::Version(0));
	assert_eq!(with(4, 2), HeaderError::Version(2));
	assert_eq!(with(5, 0), HeaderError::Suite(0));
	assert_eq!(with(5, 3), HeaderError::Suite(3));
	for bit in 1..8 {
		assert_eq!(with(6, 1 | 1 << bit), HeaderError::Flags(1 | 1 << bit));
	}
	assert_eq!(with(7, 15), HeaderError::ChunkSize(15));
	assert_eq!(with(7, 17), HeaderError::ChunkSize(17));

	for len in [0, 1, 71] {
		assert!(matches!(open(&key(), &object[..len]), Err(OpenError::NoHeader)));
	}
}

#[test]
fn the_suite_and_the_flag_are_bound_to_the_key() {
	let (object, _) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	let mut other_suite = object.clone();
	other_suite[5] = 2;
	assert!(matches!(open(&key(), &other_suite), Err(OpenError::WrongKey)));

	let mut no_share = object;
	no_share[6] = 0;
	let reader_only = ContentKey::from_reader_share(ReaderShare::from_bytes(span(0x00)));
	assert!(matches!(open(&reader_only, &no_share), Err(OpenError::WrongKey)));
}

#[test]
fn one_flipped_bit_anywhere_is_noticed() {
	for suite in SUITES {
		let object = three_chunks(suite);
		let flipped = |at: usize| {
			let mut object = object.clone();
			object[at] ^= 0x10;
			open(&key(), &object)
		};
		for at in [8, 39, 40, 71] {
			assert!(matches!(flipped(at), Err(OpenError::WrongKey)), "byte {at}");
		}
		let starts = [72, 72 + SEALED_CHUNK, 72 + 2 * SEALED_CHUNK, object.len()];
		for (number, chunk) in starts.windows(2).enumerate() {
			for at in [chunk[0], chunk[0] + 999, chunk[1] - 17, chunk[1] - 16, chunk[1] - 1] {
				let number = number as u64;
				assert!(
					matches!(flipped(at), Err(OpenError::NotAuthentic { chunk }) if chunk == number),
					"byte {at}"
				);
			}
		}
	}
}

#[test]
fn an_object_cannot_be_cut() {
	for suite in SUITES {
		let object = three_chunks(suite);
		let two = 72 + 2 * SEALED_CHUNK;
		for len in [72, 73, 88, 72 + SEALED_CHUNK, two, two + 1, two + 16, two + 17, two + 100] {
			let cut = open(&key(), &object[..len]);
			assert!(
				matches!(cut, Err(OpenError::NotAuthentic { .. } | OpenError::EmptyChunk)),
				"{len} bytes: {cut:?}"
			);
		}
		assert!(open(&key(), &object[..object.len() - 1]).is_err());
	}
}

#[test]
fn an_object_cannot_be_extended() {
	for suite in SUITES {
		let object = three_chunks(suite);
		for added in [1, 16, 17, SEALED_CHUNK] {
			let mut extended = object.clone();
			extended.resize(object.len() + added, 0);
			let opened = open(&key(), &extended);
			assert!(matches!(opened, Err(OpenError::NotAuthentic { .. })), "{added}: {opened:?}");
		}
		// Its own last chunk once more.
		let mut repeated = object.clone();
		repeated.extend_from_slice(&object[72 + 2 * SEALED_CHUNK..]);
		assert!(open(&key(), &repeated).is_err());
	}
}

#[test]
fn chunks_cannot_change_places() {
	for suite in SUITES {
		let mut object = three_chunks(suite);
		let (first, rest) = object[72..].split_at_mut(SEALED_CHUNK);
		first.swap_with_slice(&mut rest[..SEALED_CHUNK]);
		assert!(matches!(open(&key(), &object), Err(OpenError::NotAuthentic { chunk: 0 })));
	}
}

#[test]
fn the_final_flag_belongs_to_the_last_chunk_alone() {
	let body_len = 131_077 - 12;
	let inner = inner(0, b"", body_len, &vec![7; body_len as usize]);
	let chunks: Vec<&[u8]> = inner.chunks(CHUNK).collect();
	let (a, b, c) = (chunks[0], chunks[1], chunks[2]);
	for suite in SUITES {
		let with_flags = |flags: [bool; 3]| {
			let object = bare::object(suite, &[(flags[0], a), (flags[1], b), (flags[2], c)]);
			open(&key(), &object)
		};
		assert!(with_flags([false, false, true]).is_ok());
		let failing = |opened| match opened {
			Err(OpenError::NotAuthentic { chunk }) => chunk,
			other => panic!("{other:?}"),
		};
		assert_eq!(failing(with_flags([true, false, true])), 0);
		assert_eq!(failing(with_flags([false, true, true])), 1);
		assert_eq!(failing(with_flags([false, false, false])), 2);
	}
}

#[test]
fn a_last_chunk_is_never_empty() {
	let body_len = CHUNK - 12;
	let inner = inner(0, b"", body_len as u64, &vec![7; body_len]);
	assert_eq!(inner.len(), CHUNK);
	for suite in SUITES {
		assert!(open(&key(), &bare::object(suite, &[(true, &inner)])).is_ok());
		let object = bare::object(suite, &[(false, &inner), (true, b"")]);
		assert!(matches!(open(&key(), &object), Err(OpenError::EmptyChunk)));
		let object = bare::object(suite, &[(true, b"")]);
		assert!(matches!(open(&key(), &object), Err(OpenError::EmptyChunk)));
	}
}

#[test]
fn a_chunk_in_the_middle_is_never_short() {
	let inner = inner(0, b"", 131_000, &vec![7; 131_000]);
	let (a, rest) = inner.split_at(60_000);
	let (b, c) = rest.split_at(CHUNK);
	let object = bare::object(Suite::ChaCha20Poly1305, &[(false, a), (false, b), (true, c)]);
	assert!(matches!(open(&key(), &object), Err(OpenError::NotAuthentic { chunk: 0 })));
}

#[test]
fn one_wrong_share_opens_nothing() {
	let (object, _) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	let (right_reader, wrong_reader) =
		(ReaderShare::from_bytes(span(0x00)), ReaderShare::from_bytes(span(0x01)));
	let (right_custodian, wrong_custodian) =
		(CustodianShare::from_bytes(span(0x20)), CustodianShare::from_bytes(span(0x21)));

	for key in [
		ContentKey::from_shares(right_reader.clone(), wrong_custodian),
		ContentKey::from_shares(wrong_reader, right_custodian),
	] {
		let mut released = Vec::new();
		let opened = Opener::new(&key).open(object.as_slice(), &mut released);
		assert!(matches!(opened, Err(OpenError::WrongKey)));
		assert!(released.is_empty());
	}

	let alone = ContentKey::from_reader_share(right_reader);
	assert!(matches!(open(&alone, &object), Err(OpenError::ShareMissing)));
	let (unshared, _) = seal(&alone, Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	assert!(matches!(open(&key(), &unshared), Err(OpenError::ShareNotUsed)));
}

/// GHASH's field: 2^128 elements, bits in reflected order.
mod field {
	const ONE: u128 = 1 << 127;

	pub(crate) fn mul(x: u128, mut y: u128) -> u128 {
		let mut product = 0;
		for bit in (0..128).rev() {
			if (x >> bit) & 1 == 1 {
				product ^= y;
			}
			let carry = y & 1 == 1;
			y >>= 1;
			if carry {
				y ^= 0xe1 << 120;
			}
		}
		product
	}

	pub(crate) fn pow(x: u128, mut exponent: u128) -> u128 {
		let (mut square, mut result) = (x, ONE);
		while exponent > 0 {
			if exponent & 1 == 1 {
				result = mul(result, square);
			}
			square = mul(square, square);
			exponent >>= 1;
		}
		result
	}

	pub(crate) fn invert(x: u128) -> u128 {
		pow(x, u128::MAX - 1)
	}
}

#[test]
fn an_object_made_for_two_keys_opens_under_the_committed_one_only() {
	// AES-GCM alone does not commit to its key: one block of ciphertext, chosen by solving a linear
	// equation, gives the same tag under two keys.
	let suite = Suite::Aes256Gcm;
	let other_key = ContentKey::from_shares(
		ReaderShare::from_bytes(span(0x01)),
		CustodianShare::from_bytes(span(0x21)),
	);
	let (key_1, commitment_1) = bare::schedule(suite, &[span(0x00), span(0x20)].concat());
	let (key_2, commitment_2) = bare::schedule(suite, &[span(0x01), span(0x21)].concat());

	// The free block lies in the body, where any bytes are right.
	let plaintext = inner(0, b"", 400, &[7; 400]);
	let mut ciphertext = bare::seal_chunk(suite, &key_1, 0, true, &plaintext);
	ciphertext.truncate(plaintext.len());
	let blocks = plaintext.len() / 16;
	let free = 3;

	let encrypt = |key: &[u8; 32], block: [u8; 16]| {
		let mut block = block.into();
		Aes256::new(key.into()).encrypt_block(&mut block);
		u128::from_be_bytes(block.into())
	};
	// The first counter block: the nonce of a last chunk number 0, and 1.
	let first_counter = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1];
	let tag_without_free_block = |key: &[u8; 32], ciphertext: &[u8]| {
		let h = encrypt(key, [0; 16]);
		let mut hash = 0;
		for (n, block) in ciphertext.chunks(16).enumerate() {
			let block = if n == free { 0 } else { u128::from_be_bytes(block.try_into().unwrap()) };
			hash = field::mul(hash ^ block, h);
		}
		hash = field::mul(hash ^ (plaintext.len() as u128 * 8), h);
		let weight = field::pow(h, (blocks - free + 1) as u128);
		(hash ^ encrypt(key, first_counter), weight)
	};
	let (tag_1, weight_1) = tag_without_free_block(&key_1, &ciphertext);
	let (tag_2, weight_2) = tag_without_free_block(&key_2, &ciphertext);
	let block = field::mul(tag_1 ^ tag_2, field::invert(weight_1 ^ weight_2));
	ciphertext[free * 16..][..16].copy_from_slice(&block.to_be_bytes());
	let tag = (tag_1 ^ field::mul(block, weight_1)).to_be_bytes();

	for key in [&key_1, &key_2] {
		let nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1].into();
		Aes256Gcm::new(key.into())
			.decrypt_inout_detached(
				&nonce,
				b"",
				ciphertext.clone().as_mut_slice().into(),
				&tag.into(),
			)
			.expect("the bare cipher takes it under both keys");
	}

	let object = |commitment| [bare::header(suite, commitment), ciphertext.clone(), tag.to_vec()];
	let for_1 = object(commitment_1).concat();
	assert!(open(&key(), &for_1).is_ok());
	assert!(matches!(open(&other_key, &for_1), Err(OpenError::WrongKey)));
	let for_2 = object(commitment_2).concat();
	assert!(matches!(open(&key(), &for_2), Err(OpenError::WrongKey)));
}

#[test]
fn lengths_inside_must_fit() {
	let suite = Suite::ChaCha20Poly1305;
	let error = |inner: &[u8]| open(&key(), &bare::object_of(suite, inner)).unwrap_err();

	// The body reaches past the end, by one byte, by far, by everything there is.
	for body_len in [501, 1 << 32, u64::MAX - 20, u64::MAX] {
		assert!(matches!(error(&inner(0, b"", body_len, &[1; 500])), OpenError::LengthBeyondEnd));
	}
	// The metadata reaches past the end, or over the body's length.
	assert!(matches!(error(&inner(500, b"", 0, b"")), OpenError::Metadata(_)));
	assert!(matches!(error(&inner(1000, &[b' '; 100], 0, b"")), OpenError::LengthBeyondEnd));
	assert!(matches!(error(&inner(510, b"{}", 0, b"")), OpenError::LengthBeyondEnd));
	// Too short for the fields themselves.
	assert!(matches!(error(b"\0\0\0"), OpenError::LengthBeyondEnd));
	assert!(matches!(error(b"\0\0\0\0\0"), OpenError::LengthBeyondEnd));
}

#[test]
fn padding_must_be_zero_and_of_the_right_length() {
	let suite = Suite::ChaCha20Poly1305;
	let error = |inner: &[u8]| open(&key(), &bare::object_of(suite, inner)).unwrap_err();
	let right = inner(0, b"", 600, &[1; 600]);
	assert!(open(&key(), &bare::object_of(suite, &right)).is_ok());

	for at in [612, right.len() - 1] {
		let mut wrong = right.clone();
		wrong[at] = 1;
		assert!(matches!(error(&wrong), OpenError::Padding));
	}
	assert!(matches!(error(&right[..right.len() - 1]), OpenError::PaddedLength));
	assert!(matches!(error(&right[..612]), OpenError::PaddedLength));
	assert!(matches!(error(&[right.clone(), vec![0]].concat()), OpenError::PaddedLength));
	// Padded to the next step, or not up to 512.
	assert!(matches!(error(&[right, vec![0; 32]].concat()), OpenError::PaddedLength));
	assert!(matches!(error(&inner(0, b"", 1, b"1")[..32]), OpenError::PaddedLength));
	// A shorter body than was padded for leaves padding of its own, of a wrong length.
	assert!(matches!(error(&inner(0, b"", 600, &[0; 700])), OpenError::PaddedLength));
}

#[test]
fn metadata_inside_is_checked() {
	let suite = Suite::ChaCha20Poly1305;
	let error = |metadata: &[u8]| {
		let inner = inner(metadata.len() as u32, metadata, 0, b"");
		match open(&key(), &bare::object_of(suite, &inner)) {
			Err(OpenError::Metadata(error)) => error,
			other => panic!("{other:?}"),
		}
	};
	assert_eq!(error(br#"{"a":1,"a":2}"#), MetadataError::DuplicateKey("a".into()));
	assert_eq!(error(br#"{"a": 1}"#), MetadataError::NotCanonical { at: 5 });

	// The length alone decides: no more than the first chunk is looked at.
	let first_chunk = [&(10u32 << 20).to_le_bytes()[..], &[b' '; 1000]].concat();
	assert!(matches!(
		open(&key(), &bare::object(suite, &[(true, &first_chunk)])),
		Err(OpenError::Metadata(MetadataError::TooLong(len))) if len == 10 << 20
	));
}

#[test]
fn another_object_or_body_than_the_anchored_is_refused() {
	let metadata = RecordMetadata::fhir_json("4.0.1").to_metadata().unwrap();
	let (object, sealed) = seal(&key(), Suite::ChaCha20Poly1305, &metadata, BODY);
	let key = key();
	let opener = Opener::new(&key);
	let commitment = sealed.body_commitment.unwrap();

	assert!(
		opener
			.clone()
			.expect_object(sealed.ciphertext_hash)
			.expect_body(commitment)
			.open_to_vec(&object)
			.is_ok()
	);
	let other = opener.clone().expect_object(CiphertextHash([0; 32])).open_to_vec(&object);
	assert!(
		matches!(other, Err(OpenError::OtherObject { found }) if found == sealed.ciphertext_hash)
	);
	let other = opener.clone().expect_body(BodyCommitment([0; 32])).open_to_vec(&object);
	assert!(matches!(other, Err(OpenError::OtherBody)));

	// An object that commits to nothing is not the one that was committed to.
	let (uncommitted, _) = seal(&key, Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	let other = opener.expect_body(commitment).open_to_vec(&uncommitted);
	assert!(matches!(other, Err(OpenError::OtherBody)));
}

/// Gives out one byte at a time and is interrupted before each.
struct Trickle<'a> {
	bytes: &'a [u8],
	interrupted: bool,
}

impl Read for Trickle<'_> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		self.interrupted = !self.interrupted;
		if self.interrupted {
			return Err(io::ErrorKind::Interrupted.into());
		}
		let len = buffer.len().min(1);
		self.bytes.read(&mut buffer[..len])
	}
}

#[test]
fn readers_may_give_one_byte_at_a_time() {
	let body: Vec<u8> = (0..70_000u32).map(|n| n as u8).collect();
	let (object, sealed) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), &body);

	let mut slowly = Vec::new();
	let trickle = Trickle { bytes: &body, interrupted: false };
	Sealer::new(&key(), &Metadata::none())
		.seal_with_rng(trickle, 70_000, &mut slowly, &mut support::Scripted(span(0x40)))
		.unwrap();
	assert!(slowly == object);

	let mut opened_body = Vec::new();
	let trickle = Trickle { bytes: &object, interrupted: false };
	let opened = Opener::new(&key()).open(trickle, &mut opened_body).unwrap();
	assert_eq!(opened.ciphertext_hash, sealed.ciphertext_hash);
	assert!(opened_body == body);
}

#[test]
fn the_body_must_have_its_declared_length() {
	let (key, metadata) = (key(), Metadata::none());
	let seal_as = |declared| Sealer::new(&key, &metadata).seal(BODY, declared, io::sink());
	assert!(matches!(seal_as(158), Err(SealError::BodyTooShort { declared: 158, found: 157 })));
	assert!(matches!(seal_as(1 << 40), Err(SealError::BodyTooShort { found: 157, .. })));
	assert!(matches!(seal_as(156), Err(SealError::BodyTooLong { declared: 156 })));
	assert!(matches!(seal_as(0), Err(SealError::BodyTooLong { declared: 0 })));
	assert!(matches!(seal_as(u64::MAX), Err(SealError::Unaddressable(u64::MAX))));
}

/// Fails on first use.
struct Broken;

impl Read for Broken {
	fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
		Err(io::Error::other("broken"))
	}
}

impl Write for Broken {
	fn write(&mut self, _: &[u8]) -> io::Result<usize> {
		Err(io::Error::other("broken"))
	}

	fn flush(&mut self) -> io::Result<()> {
		Ok(())
	}
}

#[test]
fn failures_of_reader_and_writer_are_told_apart() {
	let (key, metadata) = (key(), Metadata::none());
	let sealer = Sealer::new(&key, &metadata);
	assert!(matches!(sealer.seal(Broken, 1, io::sink()), Err(SealError::Read(_))));
	assert!(matches!(sealer.seal(BODY, 157, Broken), Err(SealError::Write(_))));
	let (object, _) = sealer.seal_to_vec(BODY).unwrap();
	let opener = Opener::new(&key);
	assert!(matches!(opener.open(Broken, io::sink()), Err(OpenError::Read(_))));
	assert!(matches!(opener.open(object.as_slice(), Broken), Err(OpenError::Write(_))));
}

#[test]
fn a_file_appears_only_when_everything_was_right() {
	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("record.json");
	let key = key();
	let opener = Opener::new(&key);
	let object = three_chunks(Suite::ChaCha20Poly1305);
	let left = || fs::read_dir(&folder).unwrap().count();

	// The last tag is wrong: two chunks have been written by then.
	let mut altered = object.clone();
	*altered.last_mut().unwrap() ^= 1;
	assert!(opener.open_to_file(altered.as_slice(), &path).is_err());
	assert_eq!(left(), 0);

	opener.open_to_file(object.as_slice(), &path).unwrap();
	assert_eq!(fs::metadata(&path).unwrap().len(), 131_077);
	assert_eq!(left(), 1);

	let again = opener.open_to_file(object.as_slice(), &path);
	assert!(
		matches!(again, Err(OpenError::Write(error)) if error.kind() == io::ErrorKind::AlreadyExists)
	);
	assert_eq!(left(), 1);
}

#[cfg(unix)]
#[test]
fn an_opened_file_is_its_owners_alone() {
	use std::os::unix::fs::PermissionsExt;

	let folder = tempfile::tempdir().unwrap();
	let path = folder.path().join("record.json");
	let (object, _) = seal(&key(), Suite::ChaCha20Poly1305, &Metadata::none(), BODY);
	Opener::new(&key()).open_to_file(object.as_slice(), &path).unwrap();
	assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn secrets_do_not_print() {
	let printed = format!("{:?} {:?}", key(), Metadata::from_canonical(br#"{"a":"b"}"#).unwrap());
	assert_eq!(
		printed,
		"ContentKey { reader: ReaderShare(..), custodian: Some(CustodianShare(..)) } \
		 Metadata(9 bytes)"
	);
}
