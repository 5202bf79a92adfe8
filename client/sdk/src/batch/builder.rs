// SPDX-License-Identifier: Apache-2.0

//! Making a batch: leaves arrive one by one, and go into the proof file as they come.

use super::{
	BatchError, BatchHead, CHECKSUM_LEN, LeafEntry, MAX_LEAVES, entry::first_half, unwritten,
};
use salus_envelope::Sha256Hasher;
use salus_merkle::{Hash, leaf_hash, node_hash};
use salus_primitives::{Digest, IdentityId, TreeAlgorithm};
use std::{
	collections::HashSet,
	fs,
	io::{BufWriter, Seek, SeekFrom, Write},
	path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Writes the proof file of a batch.
///
/// Entries go to disk as they come. In memory stay 32 bytes a leaf for its hash and 16 to know it
/// again, and while the tree is made another 16: below 100 MiB for the largest batch. The file has
/// its name only when it is whole and on disk; a builder that is dropped leaves nothing.
pub struct BatchBuilder {
	head: BatchHead,
	path: PathBuf,
	file: BufWriter<NamedTempFile>,
	leaves: Vec<Hash>,
	/// The first halves of the records' ids.
	records: HashSet<[u8; CHECKSUM_LEN]>,
}

/// What is anchored of a batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchorable {
	/// The root of the tree.
	pub root: Digest,
	/// How it is made.
	pub algorithm: TreeAlgorithm,
	/// How many leaves it has.
	pub tree_size: u32,
}

impl BatchBuilder {
	/// Begins a batch that `organisation` anchors and whose documents `author` seals, for the chain
	/// with this genesis hash. Refuses a `path` where something is already.
	pub fn create(
		path: &Path,
		genesis: [u8; 32],
		organisation: IdentityId,
		author: IdentityId,
	) -> Result<Self, BatchError> {
		if path.symlink_metadata().is_ok() {
			return Err(BatchError::Exists);
		}
		let head = BatchHead {
			genesis,
			organisation,
			author,
			algorithm: TreeAlgorithm::Rfc9162Sha256,
			tree_size: 0,
			root: Digest::default(),
			batch: None,
		};
		// Such files are made with mode 0600.
		let file = NamedTempFile::new_in(folder_of(path)).map_err(unwritten)?;
		let mut file = BufWriter::with_capacity(1 << 16, file);
		// The head comes last: until then the file is none.
		file.write_all(&[0; BatchHead::LEN]).map_err(unwritten)?;
		let (leaves, records) = (Vec::new(), HashSet::new());
		Ok(Self { head, path: path.into(), file, leaves, records })
	}

	/// Adds a leaf at the right end, and gives its index.
	pub fn push(&mut self, entry: &LeafEntry) -> Result<u32, BatchError> {
		let index = u32::try_from(self.leaves.len()).map_err(|_| BatchError::Full)?;
		if index >= MAX_LEAVES {
			return Err(BatchError::Full);
		}
		if !entry.has_id_of(&self.head.author) {
			return Err(BatchError::WrongRecord { index });
		}
		if !self.records.insert(first_half(&entry.record.0)) {
			return Err(BatchError::DuplicateRecord(entry.record));
		}
		self.file.write_all(&entry.to_bytes(&self.head, index)).map_err(unwritten)?;
		self.leaves.push(leaf_hash::<Sha256Hasher>(&entry.leaf().to_bytes()));
		Ok(index)
	}

	/// How many leaves there are so far.
	pub fn len(&self) -> usize {
		self.leaves.len()
	}

	/// Whether there is none yet.
	pub fn is_empty(&self) -> bool {
		self.leaves.is_empty()
	}

	/// Makes the tree, and puts the whole file on disk under its name.
	pub fn finish(self) -> Result<Anchorable, BatchError> {
		let Self { mut head, path, mut file, leaves, records } = self;
		drop(records);
		head.tree_size = u32::try_from(leaves.len()).map_err(|_| BatchError::Full)?;
		let mut level = leaves;
		while level.len() > 1 {
			level = parents(&level);
			level.iter().try_for_each(|node| file.write_all(node)).map_err(unwritten)?;
		}
		head.root = Digest(level.pop().ok_or(BatchError::Empty)?);
		file.seek(SeekFrom::Start(0)).map_err(unwritten)?;
		file.write_all(&head.to_bytes()).map_err(unwritten)?;
		let file = file.into_inner().map_err(|error| unwritten(error.into_error()))?;
		file.as_file().sync_all().map_err(unwritten)?;
		file.persist_noclobber(&path).map_err(|error| unwritten(error.error))?;
		// The name is on disk when the folder is. Not every system lets folders be opened.
		if let Ok(folder) = fs::File::open(folder_of(&path)) {
			folder.sync_all().map_err(unwritten)?;
		}
		let BatchHead { root, algorithm, tree_size, .. } = head;
		Ok(Anchorable { root, algorithm, tree_size })
	}
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

fn folder_of(path: &Path) -> &Path {
	match path.parent() {
		Some(folder) if !folder.as_os_str().is_empty() => folder,
		_ => Path::new("."),
	}
}
