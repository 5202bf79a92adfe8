// SPDX-License-Identifier: Apache-2.0
//! Opening: an object becomes its body, chunk by chunk, each authenticated before it is released.

use crate::{
	BodyCommitment, CiphertextHash, ContentKey, Header, HeaderError, Metadata, MetadataError,
	digest::{BodyHasher, CiphertextHasher},
	header::Schedule,
	layout::{CHUNK, TAG, inner_len},
	seal::read_full,
	stream::ChunkCipher,
};
use std::{
	io::{self, Read, Write},
	path::Path,
};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Why an object does not open. Whatever was written by then is to be discarded.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
	/// The object could not be read.
	#[error("could not read the sealed object")]
	Read(#[source] io::Error),
	/// The body could not be written.
	#[error("could not write the body")]
	Write(#[source] io::Error),
	/// It ends within the header.
	#[error("not a sealed object: it is shorter than a header")]
	NoHeader,
	/// The header is not one that this version understands.
	#[error(transparent)]
	Header(#[from] HeaderError),
	/// The header asks for a custodian share and the key has none: request it.
	#[error("the custodian's share is needed as well")]
	ShareMissing,
	/// The key has a custodian share and the header says that none is used.
	#[error("this object opens without a custodian's share")]
	ShareNotUsed,
	/// One of the shares is not the one the object was sealed with. Nothing was decrypted.
	#[error("the key is not the one that the object commits to")]
	WrongKey,
	/// A chunk is not what was sealed at this place: altered, moved, cut off behind it, or followed
	/// by something that was added.
	#[error("chunk {chunk} is not authentic: the object was altered, cut or extended")]
	NotAuthentic {
		/// Number of the chunk, from 0.
		chunk: u64,
	},
	/// The last chunk has no plaintext. No object is sealed like that.
	#[error("the last chunk is empty")]
	EmptyChunk,
	/// The metadata is too long or not canonical.
	#[error(transparent)]
	Metadata(#[from] MetadataError),
	/// A length inside points beyond the end.
	#[error("a length inside the object points beyond its end")]
	LengthBeyondEnd,
	/// A byte of the padding is not zero.
	#[error("the padding is not zero")]
	Padding,
	/// The padded length is not the one that belongs to the lengths inside.
	#[error("the object is padded to a wrong length")]
	PaddedLength,
	/// It opens, but its hash is not the expected one: this is another object than the anchored.
	#[error("the object has the hash {found}, not the expected one")]
	OtherObject {
		/// Hash of what was read.
		found: CiphertextHash,
	},
	/// It opens, but the body is not the one that was committed to and validated.
	#[error("the body is not the one that was committed to")]
	OtherBody,
}

/// What an object holds beside its body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
	/// The header.
	pub header: Header,
	/// The metadata.
	pub metadata: Metadata,
	/// Length of the body in bytes.
	pub body_len: u64,
	/// Hash of the object, computed while it was read.
	pub ciphertext_hash: CiphertextHash,
	/// Commitment to the body; `None` when the metadata has no commitment salt.
	pub body_commitment: Option<BodyCommitment>,
}

/// Opens objects under one key and compares them with what the chain says.
///
/// Memory stays below 500 KiB, whatever the length of the object.
#[derive(Clone, Debug)]
pub struct Opener<'a> {
	key: &'a ContentKey,
	ciphertext_hash: Option<CiphertextHash>,
	body_commitment: Option<BodyCommitment>,
}

impl<'a> Opener<'a> {
	/// Opens with this key, expecting nothing about the object.
	pub fn new(key: &'a ContentKey) -> Self {
		Self { key, ciphertext_hash: None, body_commitment: None }
	}

	/// Demands the ciphertext hash that is anchored.
	pub fn expect_object(self, hash: CiphertextHash) -> Self {
		Self { ciphertext_hash: Some(hash), ..self }
	}

	/// Demands the body commitment that is anchored and was signed by validators.
	pub fn expect_body(self, commitment: BodyCommitment) -> Self {
		Self { body_commitment: Some(commitment), ..self }
	}

	/// Opens an object into a writer, which is not flushed.
	///
	/// The key commitment is compared before anything is decrypted, and every byte that reaches
	/// `body` is authentic. But it reaches it before the end is known: on any error the caller
	/// discards what was written. [`Self::open_to_file`] and [`Self::open_to_vec`] do that.
	pub fn open(&self, mut object: impl Read, mut body: impl Write) -> Result<Opened, OpenError> {
		let mut bytes = [0; Header::LEN];
		if read_full(&mut object, &mut bytes).map_err(OpenError::Read)? < Header::LEN {
			return Err(OpenError::NoHeader);
		}
		let header = Header::parse(&bytes)?;
		let cipher = self.unlock(&header)?;

		let mut hasher = CiphertextHasher::new();
		hasher.update(&bytes);
		let mut chunks = Chunks::new(object);
		let mut inner = Inner::new(&mut body);
		let mut counter = 0;
		loop {
			let Chunk { bytes, is_last } = chunks.next()?;
			hasher.update(bytes);
			let (plaintext, tag) = bytes
				.split_last_chunk_mut::<TAG>()
				.filter(|(plaintext, _)| !plaintext.is_empty())
				.ok_or(OpenError::EmptyChunk)?;
			cipher
				.open(counter, is_last, plaintext, tag)
				.map_err(|_| OpenError::NotAuthentic { chunk: counter })?;
			inner.take(plaintext)?;
			if is_last {
				break;
			}
			counter += 1;
		}

		let (metadata, body_len, body_commitment) = inner.finish()?;
		let ciphertext_hash = hasher.finish();
		if self.ciphertext_hash.is_some_and(|expected| expected != ciphertext_hash) {
			return Err(OpenError::OtherObject { found: ciphertext_hash });
		}
		if self.body_commitment.is_some() && self.body_commitment != body_commitment {
			return Err(OpenError::OtherBody);
		}
		Ok(Opened { header, metadata, body_len, ciphertext_hash, body_commitment })
	}

	/// Opens an object that is in memory. On failure nothing of it is given out.
	pub fn open_to_vec(&self, object: &[u8]) -> Result<(Zeroizing<Vec<u8>>, Opened), OpenError> {
		// Reserved in full, so that growing leaves no plaintext behind.
		let mut body = Zeroizing::new(Vec::with_capacity(object.len()));
		let opened = self.open(object, &mut *body)?;
		Ok((body, opened))
	}

	/// Opens an object into a new file, readable by its owner only.
	///
	/// The file has its name only once everything has been checked and is on the disk; until then it
	/// is an unnamed or temporary one in the same folder, which goes away on failure. An existing
	/// file is left alone: that is an [`OpenError::Write`].
	pub fn open_to_file(
		&self,
		object: impl Read,
		path: impl AsRef<Path>,
	) -> Result<Opened, OpenError> {
		let path = path.as_ref();
		let folder = match path.parent() {
			Some(folder) if !folder.as_os_str().is_empty() => folder,
			_ => Path::new("."),
		};
		let mut file = tempfile::NamedTempFile::new_in(folder).map_err(OpenError::Write)?;
		let opened = self.open(object, file.as_file_mut())?;
		file.as_file().sync_all().map_err(OpenError::Write)?;
		file.persist_noclobber(path).map_err(|error| OpenError::Write(error.error))?;
		Ok(opened)
	}

	/// Checks the key against the header, in constant time, and gives the cipher of the chunks.
	fn unlock(&self, header: &Header) -> Result<ChunkCipher, OpenError> {
		match (header.share_required, self.key.custodian_share().is_some()) {
			(true, false) => return Err(OpenError::ShareMissing),
			(false, true) => return Err(OpenError::ShareNotUsed),
			_ => {},
		}
		let schedule = Schedule::derive(self.key, header.suite, &header.salt);
		if schedule.commitment.ct_eq(&header.commitment).into() {
			Ok(ChunkCipher::new(header.suite, &schedule.payload_key))
		} else {
			Err(OpenError::WrongKey)
		}
	}
}

/// Reads an object chunk by chunk, one byte ahead: that is how the last chunk is known.
struct Chunks<R> {
	object: R,
	buffer: Zeroizing<Vec<u8>>,
	ahead: Option<u8>,
}

struct Chunk<'a> {
	/// Ciphertext and tag.
	bytes: &'a mut [u8],
	is_last: bool,
}

impl<R: Read> Chunks<R> {
	fn new(object: R) -> Self {
		Self { object, buffer: Zeroizing::new(vec![0; CHUNK + TAG]), ahead: None }
	}

	fn next(&mut self) -> Result<Chunk<'_>, OpenError> {
		let start = self.ahead.take();
		let carried = usize::from(start.is_some());
		if let (Some(first), Some(byte)) = (self.buffer.first_mut(), start) {
			*first = byte;
		}
		let free = self.buffer.get_mut(carried..).unwrap_or_default();
		let len = carried + read_full(&mut self.object, free).map_err(OpenError::Read)?;

		let mut peeked = [0];
		if len == self.buffer.len()
			&& read_full(&mut self.object, &mut peeked).map_err(OpenError::Read)? > 0
		{
			let [byte] = peeked;
			self.ahead = Some(byte);
		}
		let bytes = self.buffer.get_mut(..len).unwrap_or_default();
		Ok(Chunk { bytes, is_last: self.ahead.is_none() })
	}
}

/// Takes the inner plaintext apart as it arrives.
struct Inner<W> {
	body: W,
	stage: Stage,
	/// A field that has arrived in part.
	field: Zeroizing<Vec<u8>>,
	metadata: Metadata,
	body_len: u64,
	hasher: Option<BodyHasher>,
	/// Everything that has arrived.
	arrived: u64,
}

enum Stage {
	MetadataLen,
	Metadata { len: usize },
	BodyLen,
	Body { left: u64 },
	Padding,
}

impl<W: Write> Inner<W> {
	fn new(body: W) -> Self {
		Self {
			body,
			stage: Stage::MetadataLen,
			field: Zeroizing::default(),
			metadata: Metadata::none(),
			body_len: 0,
			hasher: None,
			arrived: 0,
		}
	}

	fn take(&mut self, mut bytes: &[u8]) -> Result<(), OpenError> {
		self.arrived += bytes.len() as u64;
		loop {
			match self.stage {
				Stage::MetadataLen => {
					let Some(field) = self.gather(4, &mut bytes) else { return Ok(()) };
					let len = u32::from_le_bytes(fixed(&field));
					let len = usize::try_from(len)
						.ok()
						.filter(|len| *len <= Metadata::MAX_LEN)
						.ok_or(MetadataError::TooLong(len.into()))?;
					self.stage = Stage::Metadata { len };
				},
				Stage::Metadata { len } => {
					let Some(field) = self.gather(len, &mut bytes) else { return Ok(()) };
					self.metadata = Metadata::from_canonical(&field)?;
					self.hasher = self.metadata.commitment_salt().map(BodyHasher::new);
					self.stage = Stage::BodyLen;
				},
				Stage::BodyLen => {
					let Some(field) = self.gather(8, &mut bytes) else { return Ok(()) };
					self.body_len = u64::from_le_bytes(fixed(&field));
					self.stage = Stage::Body { left: self.body_len };
				},
				Stage::Body { left } => {
					let len = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
					let (body, rest) = bytes.split_at(len);
					self.body.write_all(body).map_err(OpenError::Write)?;
					if let Some(hasher) = &mut self.hasher {
						hasher.update(body);
					}
					bytes = rest;
					let left = left - len as u64;
					if left > 0 {
						self.stage = Stage::Body { left };
						return Ok(());
					}
					self.stage = Stage::Padding;
				},
				Stage::Padding => {
					let is_zero = bytes.iter().all(|byte| *byte == 0);
					return if is_zero { Ok(()) } else { Err(OpenError::Padding) };
				},
			}
		}
	}

	/// A field of `len` bytes, once all of it is there.
	fn gather(&mut self, len: usize, bytes: &mut &[u8]) -> Option<Zeroizing<Vec<u8>>> {
		let missing = len.saturating_sub(self.field.len()).min(bytes.len());
		let (now, rest) = bytes.split_at(missing);
		if self.field.is_empty() {
			// Reserved in full, so that growing leaves no plaintext behind.
			self.field.reserve_exact(len);
		}
		self.field.extend_from_slice(now);
		*bytes = rest;
		(self.field.len() == len).then(|| std::mem::take(&mut self.field))
	}

	fn finish(self) -> Result<(Metadata, u64, Option<BodyCommitment>), OpenError> {
		if !matches!(self.stage, Stage::Padding) {
			return Err(OpenError::LengthBeyondEnd);
		}
		if inner_len(self.metadata.as_bytes().len(), self.body_len) != Some(self.arrived) {
			return Err(OpenError::PaddedLength);
		}
		Ok((self.metadata, self.body_len, self.hasher.map(BodyHasher::finish)))
	}
}

/// A gathered field as an array. It has this length already.
fn fixed<const N: usize>(field: &[u8]) -> [u8; N] {
	field.try_into().unwrap_or([0; N])
}
