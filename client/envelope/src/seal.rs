// SPDX-License-Identifier: Apache-2.0
//! Sealing: a body of known length becomes an object, chunk by chunk.

use crate::{
	BodyCommitment, CiphertextHash, ContentKey, Header, Metadata, Suite,
	digest::{BodyHasher, CiphertextHasher},
	header::Schedule,
	layout::{CHUNK, inner_len, object_len},
	os_rng,
	stream::ChunkCipher,
};
use hpke::rand_core::CryptoRng;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Why a body could not be sealed. What has been written by then is no object: discard it.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
	/// The body could not be read.
	#[error("could not read the body")]
	Read(#[source] io::Error),
	/// The object could not be written.
	#[error("could not write the sealed object")]
	Write(#[source] io::Error),
	/// The body ended early: it changed while it was read, or its length was taken wrongly.
	#[error("the body ended after {found} bytes; {declared} were declared")]
	BodyTooShort {
		/// What the caller said.
		declared: u64,
		/// What there was.
		found: u64,
	},
	/// The body goes on after its declared length.
	#[error("the body is longer than the {declared} bytes that were declared")]
	BodyTooLong {
		/// What the caller said.
		declared: u64,
	},
	/// The object would have 2^64 bytes or more.
	#[error("a body of {0} bytes does not fit into one object")]
	Unaddressable(u64),
}

/// What came of sealing: all that is anchored on chain and told to the object store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sealed {
	/// The header that was written.
	pub header: Header,
	/// Name of the object, on chain and in stores.
	pub ciphertext_hash: CiphertextHash,
	/// Length of the object in bytes.
	pub object_len: u64,
	/// What validators sign; `None` when the metadata has no commitment salt.
	pub body_commitment: Option<BodyCommitment>,
}

/// Seals bodies: the key, the metadata and the suite are set, the body streams through.
///
/// Memory stays below 200 KiB, whatever the length of the body.
///
/// ```
/// use salus_envelope::{ContentKey, Opener, RecordMetadata, Sealer};
///
/// let key = ContentKey::generate();
/// let metadata = RecordMetadata::fhir_json("4.0.1").to_metadata()?;
/// let (object, sealed) = Sealer::new(&key, &metadata).seal_to_vec(b"{}")?;
///
/// let (body, _) = Opener::new(&key).expect_object(sealed.ciphertext_hash).open_to_vec(&object)?;
/// assert_eq!(body.as_slice(), b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sealer<'a> {
	key: &'a ContentKey,
	metadata: &'a Metadata,
	suite: Suite,
}

impl<'a> Sealer<'a> {
	/// Seals under this key, with this metadata, by the default suite.
	pub fn new(key: &'a ContentKey, metadata: &'a Metadata) -> Self {
		Self { key, metadata, suite: Suite::default() }
	}

	/// Chooses the suite.
	pub fn suite(self, suite: Suite) -> Self {
		Self { suite, ..self }
	}

	/// Length of the object for a body of `body_len` bytes; `None` when there can be none.
	pub fn object_len(&self, body_len: u64) -> Option<u64> {
		object_len(self.metadata.as_bytes().len(), body_len)
	}

	/// Seals a body of exactly `body_len` bytes.
	///
	/// The length stands in front of the body and decides the padding, so it must be known first.
	/// `object` receives at most 65,552 bytes at a time and is not flushed.
	pub fn seal(
		&self,
		body: impl Read,
		body_len: u64,
		object: impl Write,
	) -> Result<Sealed, SealError> {
		self.seal_with_rng(body, body_len, object, &mut os_rng())
	}

	/// As [`Self::seal`], with random numbers of the caller's choice: 32 bytes, the salt, are drawn.
	pub fn seal_with_rng(
		&self,
		mut body: impl Read,
		body_len: u64,
		mut object: impl Write,
		rng: &mut impl CryptoRng,
	) -> Result<Sealed, SealError> {
		let metadata = self.metadata.as_bytes();
		let unaddressable = SealError::Unaddressable(body_len);
		let (Some(inner_len), Some(object_len)) =
			(inner_len(metadata.len(), body_len), self.object_len(body_len))
		else {
			return Err(unaddressable);
		};

		let mut salt = [0; 32];
		rng.fill_bytes(&mut salt);
		let schedule = Schedule::derive(self.key, self.suite, &salt);
		let header = Header {
			suite: self.suite,
			share_required: self.key.custodian_share().is_some(),
			salt,
			commitment: schedule.commitment,
		};
		let mut output = Hashed { object: &mut object, hasher: CiphertextHasher::new() };
		output.write(&header.to_bytes())?;

		let prefix = inner_prefix(metadata, body_len)?;
		let padding = inner_len - prefix.len() as u64 - body_len;
		let mut measured = Measured {
			body: (&mut body).take(body_len),
			declared: body_len,
			found: 0,
			ended_early: false,
			hasher: self.metadata.commitment_salt().map(BodyHasher::new),
		};
		let mut inner = prefix.chain(&mut measured).chain(io::repeat(0).take(padding));

		let cipher = ChunkCipher::new(self.suite, &schedule.payload_key);
		let mut buffer = Zeroizing::new(vec![0; CHUNK]);
		let mut left = inner_len;
		let mut counter = 0;
		let mut failure = None;
		while left > 0 {
			let len = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
			let chunk = buffer.get_mut(..len).unwrap_or_default();
			if let Err(error) = read_full(&mut inner, chunk) {
				failure = Some(error);
				break;
			}
			left -= len as u64;
			let tag = cipher.seal(counter, left == 0, chunk);
			output.write(chunk)?;
			output.write(&tag)?;
			counter += 1;
		}

		let Measured { found, ended_early, hasher, .. } = measured;
		if ended_early {
			return Err(SealError::BodyTooShort { declared: body_len, found });
		}
		if let Some(error) = failure {
			return Err(SealError::Read(error));
		}
		if read_full(&mut body, &mut [0]).map_err(SealError::Read)? > 0 {
			return Err(SealError::BodyTooLong { declared: body_len });
		}
		Ok(Sealed {
			header,
			ciphertext_hash: output.hasher.finish(),
			object_len,
			body_commitment: hasher.map(BodyHasher::finish),
		})
	}

	/// Seals a body that is in memory.
	pub fn seal_to_vec(&self, body: &[u8]) -> Result<(Vec<u8>, Sealed), SealError> {
		let body_len = body.len() as u64;
		let mut object = Vec::new();
		if let Some(len) = self.object_len(body_len).and_then(|len| usize::try_from(len).ok()) {
			object.reserve_exact(len);
		}
		let sealed = self.seal(body, body_len, &mut object)?;
		Ok((object, sealed))
	}
}

/// What stands before the body: both lengths and the metadata.
fn inner_prefix(metadata: &[u8], body_len: u64) -> Result<Zeroizing<Vec<u8>>, SealError> {
	let metadata_len =
		u32::try_from(metadata.len()).map_err(|_| SealError::Unaddressable(body_len))?;
	let parts = [&metadata_len.to_le_bytes(), metadata, &body_len.to_le_bytes()];
	Ok(Zeroizing::new(parts.concat()))
}

/// Hashes what it writes.
struct Hashed<W> {
	object: W,
	hasher: CiphertextHasher,
}

impl<W: Write> Hashed<W> {
	fn write(&mut self, bytes: &[u8]) -> Result<(), SealError> {
		self.hasher.update(bytes);
		self.object.write_all(bytes).map_err(SealError::Write)
	}
}

/// Counts and commits to the body as it is read.
struct Measured<R> {
	body: R,
	declared: u64,
	found: u64,
	/// Fewer bytes came than declared. Said at once: the padding of a long body that turns out to be
	/// short could go on for hours.
	ended_early: bool,
	hasher: Option<BodyHasher>,
}

impl<R: Read> Read for Measured<R> {
	fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
		let len = self.body.read(buffer)?;
		if len == 0 && self.found < self.declared && !buffer.is_empty() {
			self.ended_early = true;
			return Err(io::ErrorKind::UnexpectedEof.into());
		}
		if let (Some(hasher), Some(bytes)) = (&mut self.hasher, buffer.get(..len)) {
			hasher.update(bytes);
		}
		self.found += len as u64;
		Ok(len)
	}
}

/// Reads until the buffer is full or the source ends; gives how much there was.
pub(crate) fn read_full(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
	let mut filled = 0;
	while let Some(free) = buffer.get_mut(filled..).filter(|free| !free.is_empty()) {
		match source.read(free) {
			Ok(0) => break,
			Ok(len) => filled += len,
			Err(error) if error.kind() == io::ErrorKind::Interrupted => {},
			Err(error) => return Err(error),
		}
	}
	Ok(filled)
}
