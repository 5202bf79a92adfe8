// SPDX-License-Identifier: Apache-2.0

//! Making a leaf file: units arrive in the order of packing, and go to disk as they come.

use super::{LeafError, LeafHead, MAX_LEAVES, Row, unread, unwritten};
use crate::{
	MasterSalt, SerialList,
	master::{LeafSalts, folder_of, sync_folder},
};
use salus_envelope::{CiphertextHasher, Sha256Hasher};
use salus_gs1::{Serial, UdiDi};
use salus_merkle::{Hash, node_hash};
use salus_primitives::{Digest, LeafSalt, TreeAlgorithm};
use std::{
	fs,
	io::{BufRead, BufWriter, Read, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// How many rows pass between two words about progress.
const STEP: u32 = 1 << 13;

/// What is being done, for whoever watches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
	/// Serials are read, and their leaves made.
	Reading,
	/// Serials are sorted, and compared with each other.
	Sorting,
	/// The levels of the tree are made.
	Tree,
	/// The file is hashed.
	Hashing,
}

/// What is anchored of a leaf file, in the words of `commission_batch`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Commissioned {
	/// The product.
	pub product: UdiDi,
	/// How many units.
	pub count: u32,
	/// The root of the tree of their leaves.
	pub root: Digest,
	/// The commitment to the master salt.
	pub salt: Digest,
	/// BLAKE2b-256 of the whole leaf file.
	pub leaf_file: Digest,
}

/// Makes the leaf file of a list of serials, in the order of packing, at `path`, where nothing may
/// be yet.
///
/// `progress` hears what is done, how much of it, and of how much when that is known. The file has
/// its name only when it is whole and on disk.
pub fn commission(
	list: impl BufRead,
	path: &Path,
	product: UdiDi,
	master: &MasterSalt,
	mut progress: impl FnMut(Stage, u64, Option<u64>),
) -> Result<Commissioned, LeafError> {
	let mut builder = LeafFileBuilder::create(path, product, master)?;
	let mut first_line = 1;
	for row in SerialList::new(list) {
		let row = row?;
		let index = builder.push(row.serial, row.salt)?;
		if index == 0 {
			first_line = row.line;
		}
		if index.is_multiple_of(STEP) {
			progress(Stage::Reading, index.into(), None);
		}
	}
	// Every line behind the header is a row.
	let line = |index: u32| first_line.saturating_add(index.into());
	builder.finish(progress).map_err(|error| match error {
		LeafError::DuplicateSerial { serial, first, second } => {
			LeafError::DuplicateLine { serial, first: line(first), second: line(second) }
		},
		other => other,
	})
}

/// Writes a leaf file unit by unit.
///
/// In memory stay 60 bytes a unit: the hash of its leaf, and its serial to tell it from others; while
/// the tree is made another 16. A builder that is dropped leaves nothing.
pub struct LeafFileBuilder {
	product: UdiDi,
	salt: Digest,
	salts: LeafSalts,
	path: PathBuf,
	file: BufWriter<NamedTempFile>,
	leaves: Vec<Hash>,
	serials: Vec<(Serial, u32)>,
}

impl LeafFileBuilder {
	/// Begins the file of a batch of `product`. Refuses a `path` where something is already.
	pub fn create(path: &Path, product: UdiDi, master: &MasterSalt) -> Result<Self, LeafError> {
		if path.symlink_metadata().is_ok() {
			return Err(LeafError::Exists);
		}
		// Such files are made with mode 0600.
		let file = NamedTempFile::new_in(folder_of(path)).map_err(unwritten)?;
		let mut file = BufWriter::with_capacity(1 << 16, file);
		// The head comes last: until then the file is none.
		file.write_all(&[0; LeafHead::LEN]).map_err(unwritten)?;
		Ok(Self {
			product,
			salt: master.commitment(),
			salts: master.for_product(&product),
			path: path.into(),
			file,
			leaves: Vec::new(),
			serials: Vec::new(),
		})
	}

	/// Adds a unit behind the others, and gives its index. Its salt is derived from the master salt
	/// unless the packaging line made one.
	pub fn push(&mut self, serial: Serial, salt: Option<LeafSalt>) -> Result<u32, LeafError> {
		let index = u32::try_from(self.leaves.len()).map_err(|_| LeafError::Full)?;
		if index >= MAX_LEAVES {
			return Err(LeafError::Full);
		}
		let salt = salt.unwrap_or_else(|| self.salts.leaf_salt(index, &serial));
		let row = Row { serial, salt };
		self.file.write_all(&row.to_bytes()).map_err(unwritten)?;
		self.leaves.push(row.leaf(&self.product));
		self.serials.push((serial, index));
		Ok(index)
	}

	/// Makes table and tree, and puts the whole file on disk under its name.
	pub fn finish(
		self,
		mut progress: impl FnMut(Stage, u64, Option<u64>),
	) -> Result<Commissioned, LeafError> {
		let Self { product, salt, path, mut file, leaves, serials, .. } = self;
		let count = u32::try_from(leaves.len()).map_err(|_| LeafError::Full)?;
		progress(Stage::Sorting, 0, Some(count.into()));
		for index in sorted(serials)? {
			file.write_all(&index.to_le_bytes()).map_err(unwritten)?;
		}
		progress(Stage::Tree, 0, Some(count.into()));
		let root = Digest(write_levels(&mut file, leaves, |nodes| {
			progress(Stage::Tree, nodes, Some(count.into()));
		})?);
		let algorithm = TreeAlgorithm::Rfc9162Sha256;
		let head = LeafHead { product, count, salt, root, algorithm };
		file.seek(SeekFrom::Start(0)).map_err(unwritten)?;
		file.write_all(&head.to_bytes()).map_err(unwritten)?;
		let mut file = file.into_inner().map_err(|error| unwritten(error.into_error()))?;
		let leaf_file = hash(file.as_file_mut(), head.file_len(), &mut progress)?;
		file.as_file().sync_all().map_err(unwritten)?;
		file.persist_noclobber(&path).map_err(|error| unwritten(error.error))?;
		sync_folder(folder_of(&path)).map_err(unwritten)?;
		Ok(Commissioned { product, count, root, salt, leaf_file })
	}
}

/// The indexes in the order of their serials. Refuses a serial that is there twice; of several, the
/// one that comes again first.
fn sorted(mut serials: Vec<(Serial, u32)>) -> Result<Vec<u32>, LeafError> {
	serials.sort_unstable();
	let twice = serials.windows(2).filter_map(|pair| match pair {
		[(one, first), (other, second)] if one == other => Some((*one, *first, *second)),
		_ => None,
	});
	match twice.min_by_key(|(_, _, second)| *second) {
		Some((serial, first, second)) => Err(LeafError::DuplicateSerial { serial, first, second }),
		None => Ok(serials.into_iter().map(|(_, index)| index).collect()),
	}
}

/// Writes every level above the leaves, and gives the root.
fn write_levels(
	file: &mut impl Write,
	leaves: Vec<Hash>,
	mut made: impl FnMut(u64),
) -> Result<Hash, LeafError> {
	let (mut level, mut nodes) = (leaves, 0u64);
	while level.len() > 1 {
		level = parents(&level);
		level.iter().try_for_each(|node| file.write_all(node)).map_err(unwritten)?;
		nodes = nodes.saturating_add(level.len() as u64);
		made(nodes);
	}
	level.pop().ok_or(LeafError::Empty)
}

/// The level above: a last node without a sibling goes up as it is (RFC 9162, section 2.1).
pub(super) fn parents(level: &[Hash]) -> Vec<Hash> {
	let parent = |pair: &[Hash]| match pair {
		[left, right] => Some(node_hash::<Sha256Hasher>(left, right)),
		[last] => Some(*last),
		_ => None,
	};
	level.chunks(2).filter_map(parent).collect()
}

/// BLAKE2b-256 of a whole file.
pub(super) fn hash(
	file: &mut fs::File,
	length: u64,
	progress: &mut impl FnMut(Stage, u64, Option<u64>),
) -> Result<Digest, LeafError> {
	file.seek(SeekFrom::Start(0)).map_err(unread)?;
	let (mut hasher, mut done) = (CiphertextHasher::new(), 0u64);
	let mut buffer = vec![0; 1 << 20];
	loop {
		let read = file.read(&mut buffer).map_err(unread)?;
		let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else { break };
		hasher.update(piece);
		done = done.saturating_add(piece.len() as u64);
		progress(Stage::Hashing, done, Some(length));
	}
	Ok(Digest(hasher.finish().0))
}
