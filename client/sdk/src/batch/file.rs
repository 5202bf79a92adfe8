// SPDX-License-Identifier: Apache-2.0

//! Reading a proof file, which somebody may have cut, altered or made up.

use super::{
	Anchorable, BatchError, BatchHead, LeafEntry, LeafProof, Promotion, builder::parents,
	entry::first_half, unread, unwritten,
};
use salus_envelope::Sha256Hasher;
use salus_merkle::{Hash, leaf_hash};
use salus_primitives::{BatchId, Digest, RecordId};
use std::{
	collections::HashSet,
	fs::{File, OpenOptions},
	io::{BufReader, Read, Seek, SeekFrom, Write},
	path::Path,
};

/// A proof file whose head and length are sound. Every answer is checked against the root before it
/// is given.
pub struct ProofFile<R> {
	source: R,
	head: BatchHead,
}

impl ProofFile<File> {
	/// Opens the file at `path`.
	pub fn open(path: &Path) -> Result<Self, BatchError> {
		Self::read(File::open(path).map_err(unread)?)
	}

	/// Writes the number that the chain gave the batch into the file at `path`.
	pub fn note_batch(path: &Path, batch: BatchId) -> Result<(), BatchError> {
		let file = OpenOptions::new().read(true).write(true).open(path).map_err(unwritten)?;
		let Self { mut source, mut head } = Self::read(file)?;
		head.batch = Some(batch);
		source.seek(SeekFrom::Start(0)).map_err(unwritten)?;
		// One sector, so that a crash leaves the old head or the new one.
		source.write_all(&head.to_bytes()).map_err(unwritten)?;
		source.sync_all().map_err(unwritten)
	}
}

impl<R: Read + Seek> ProofFile<R> {
	/// Reads the head, and compares the length with it.
	pub fn read(mut source: R) -> Result<Self, BatchError> {
		let found = source.seek(SeekFrom::End(0)).map_err(unread)?;
		if found < BatchHead::LEN as u64 {
			return Err(BatchError::NotAProofFile);
		}
		let mut bytes = [0; BatchHead::LEN];
		source.seek(SeekFrom::Start(0)).map_err(unread)?;
		source.read_exact(&mut bytes).map_err(unread)?;
		let head = BatchHead::from_bytes(&bytes)?;
		let expected = head.file_len();
		if found != expected {
			return Err(BatchError::Length { expected, found });
		}
		Ok(Self { source, head })
	}

	/// What all leaves share.
	pub fn head(&self) -> &BatchHead {
		&self.head
	}

	/// What is anchored of it.
	pub fn anchorable(&self) -> Anchorable {
		let BatchHead { root, algorithm, tree_size, .. } = self.head;
		Anchorable { root, algorithm, tree_size }
	}

	/// Entry `index`. That it is in the tree is what [`Self::prove`] says.
	pub fn entry(&mut self, index: u32) -> Result<LeafEntry, BatchError> {
		let last = self.head.tree_size.saturating_sub(1);
		if index > last {
			return Err(BatchError::NoLeaf { index, last });
		}
		let mut bytes = [0; LeafEntry::LEN];
		self.source.seek(SeekFrom::Start(BatchHead::entry_at(index))).map_err(unread)?;
		self.source.read_exact(&mut bytes).map_err(unread)?;
		sound_entry(&self.head, index, &bytes)
	}

	/// The leaf of a record. Reads the file from its beginning.
	pub fn find(&mut self, record: &RecordId) -> Result<u32, BatchError> {
		let mut source = entries(&mut self.source)?;
		let mut bytes = [0; LeafEntry::LEN];
		for index in 0..self.head.tree_size {
			source.read_exact(&mut bytes).map_err(unread)?;
			if bytes.starts_with(&record.0) {
				return Ok(index);
			}
		}
		Err(BatchError::NotFound(*record))
	}

	/// Proves a leaf: its path is read, and followed to the root before it is given.
	pub fn prove(&mut self, index: u32) -> Result<LeafProof, BatchError> {
		let entry = self.entry(index)?;
		let mut path = Vec::new();
		let mut place = index;
		let mut size = self.head.tree_size;
		let mut level = 0;
		while size > 1 {
			let sibling = place ^ 1;
			// The last node of an odd level has no sibling, and its parent is itself.
			if sibling < size {
				path.push(Digest(self.node(level, sibling)?));
			}
			(place, size, level) = (place / 2, size.div_ceil(2), level + 1);
		}
		let BatchHead { genesis, organisation, author, algorithm, tree_size, root, batch } =
			self.head;
		let proof = LeafProof {
			format: Default::default(),
			genesis,
			organisation,
			batch,
			algorithm,
			root,
			tree_size,
			leaf_index: index,
			record: entry.record,
			version: entry.leaf().version,
			content: entry.content,
			path,
			promotion: Some(Promotion::of(author, &entry)),
		};
		match proof.check() {
			Ok(()) => Ok(proof),
			Err(_) => Err(BatchError::DamagedTree { index }),
		}
	}

	/// A node of the tree; level 0 are the leaves.
	fn node(&mut self, level: usize, place: u32) -> Result<Hash, BatchError> {
		if level == 0 {
			return Ok(leaf_hash::<Sha256Hasher>(&self.entry(place)?.leaf().to_bytes()));
		}
		let mut node = [0; 32];
		self.source.seek(SeekFrom::Start(self.head.node_at(level, place))).map_err(unread)?;
		self.source.read_exact(&mut node).map_err(unread)?;
		Ok(node)
	}

	/// Checks all of the file: every entry, that no record is in it twice, every node of the tree.
	///
	/// `each` gets every entry with its index.
	pub fn check(&mut self, mut each: impl FnMut(u32, &LeafEntry)) -> Result<(), BatchError> {
		let head = &self.head;
		let mut source = entries(&mut self.source)?;
		let (mut level, mut records) = (Vec::new(), HashSet::new());
		let mut bytes = [0; LeafEntry::LEN];
		for index in 0..head.tree_size {
			source.read_exact(&mut bytes).map_err(unread)?;
			let entry = sound_entry(head, index, &bytes)?;
			if !records.insert(first_half(&entry.record.0)) {
				return Err(BatchError::DuplicateRecord(entry.record));
			}
			level.push(leaf_hash::<Sha256Hasher>(&entry.leaf().to_bytes()));
			each(index, &entry);
		}
		drop(records);
		while level.len() > 1 {
			level = parents(&level);
			for node in &level {
				let mut found = [0; 32];
				source.read_exact(&mut found).map_err(unread)?;
				if found != *node {
					return Err(BatchError::DamagedTree { index: 0 });
				}
			}
		}
		let is_root = level.first().is_some_and(|root| *root == head.root.0);
		is_root.then_some(()).ok_or(BatchError::DamagedTree { index: 0 })
	}
}

/// A reader at the first entry.
fn entries<R: Read + Seek>(source: &mut R) -> Result<BufReader<&mut R>, BatchError> {
	source.seek(SeekFrom::Start(BatchHead::entry_at(0))).map_err(unread)?;
	Ok(BufReader::with_capacity(1 << 16, source))
}

/// An entry that has its checksum, and whose record is the one of its place.
fn sound_entry(head: &BatchHead, index: u32, bytes: &[u8]) -> Result<LeafEntry, BatchError> {
	let entry = LeafEntry::from_bytes(head, index, bytes);
	let entry = entry.ok_or(BatchError::DamagedEntry { index })?;
	if entry.has_id_of(&head.author) { Ok(entry) } else { Err(BatchError::WrongRecord { index }) }
}
