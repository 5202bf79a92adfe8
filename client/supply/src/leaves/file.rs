// SPDX-License-Identifier: Apache-2.0

//! Reading a leaf file, which somebody may have cut, altered or made up.

use super::{
	Commissioned, LeafError, LeafHead, Row,
	builder::{hash, parents},
	unread,
};
use crate::{UnitLeafProof, slips};
use salus_gs1::Serial;
use salus_merkle::Hash;
use salus_primitives::Digest;
use std::{
	cmp::Ordering,
	fs::File,
	io::{BufReader, Read, Seek, SeekFrom},
	path::Path,
};

/// A leaf file whose head and length are sound. Every proof is followed to the root before it is
/// given.
pub struct LeafFile<R> {
	source: R,
	head: LeafHead,
}

impl LeafFile<File> {
	/// Opens the file at `path`.
	pub fn open(path: &Path) -> Result<Self, LeafError> {
		Self::read(File::open(path).map_err(unread)?)
	}

	/// What is anchored of it. Reads all of the file for its hash.
	pub fn commissioned(&mut self) -> Result<Commissioned, LeafError> {
		let leaf_file = hash(&mut self.source, self.head.file_len(), &mut |_, _, _| ())?;
		let LeafHead { product, count, salt, root, .. } = self.head;
		Ok(Commissioned { product, count, root, salt, leaf_file })
	}
}

impl<R: Read + Seek> LeafFile<R> {
	/// Reads the head, and compares the length with it.
	pub fn read(mut source: R) -> Result<Self, LeafError> {
		let found = source.seek(SeekFrom::End(0)).map_err(unread)?;
		if found < LeafHead::LEN as u64 {
			return Err(LeafError::NotALeafFile);
		}
		let mut bytes = [0; LeafHead::LEN];
		source.seek(SeekFrom::Start(0)).map_err(unread)?;
		source.read_exact(&mut bytes).map_err(unread)?;
		let head = LeafHead::from_bytes(&bytes)?;
		let expected = head.file_len();
		if found != expected {
			return Err(LeafError::Length { expected, found });
		}
		Ok(Self { source, head })
	}

	/// What all leaves share.
	pub fn head(&self) -> &LeafHead {
		&self.head
	}

	/// Row `index`. That it is in the tree is what [`Self::prove`] says.
	pub fn row(&mut self, index: u32) -> Result<Row, LeafError> {
		let last = self.head.count.saturating_sub(1);
		if index > last {
			return Err(LeafError::NoUnit { index, last });
		}
		let bytes = self.bytes_at(LeafHead::row_at(index))?;
		Row::from_bytes(&bytes).ok_or(LeafError::DamagedRow { index })
	}

	/// The index of the unit with a serial; none when it is not in the batch. Reads twice the
	/// logarithm of the number of units, found or not.
	pub fn find(&mut self, serial: &Serial) -> Result<Option<u32>, LeafError> {
		let (mut low, mut high, mut found) = (0, self.head.count, None);
		while low < high {
			let middle = low + (high - low) / 2;
			let index = u32::from_le_bytes(self.bytes_at(self.head.place_at(middle))?);
			let there = self.row(index).map_err(|error| match error {
				LeafError::NoUnit { .. } => LeafError::DamagedTable { place: middle },
				other => other,
			})?;
			match there.serial.cmp(serial) {
				Ordering::Less => low = middle + 1,
				Ordering::Greater => high = middle,
				// Goes on as if it were smaller, so that a hit takes as long as a miss.
				Ordering::Equal => (low, found) = (middle + 1, Some(index)),
			}
		}
		Ok(found)
	}

	/// The index of the unit with a serial, or else of one that a wrongly set reader makes that serial
	/// of. Looks for all of them, found or not.
	pub fn find_alike(&mut self, serial: &Serial) -> Result<Option<u32>, LeafError> {
		let mut found = self.find(serial)?;
		for slip in slips(serial) {
			let alike = self.find(&slip)?;
			found = found.or(alike);
		}
		Ok(found)
	}

	/// Proves a unit: its path is read, and followed to the root before it is given.
	pub fn prove(&mut self, index: u32) -> Result<UnitLeafProof, LeafError> {
		let Row { serial, salt } = self.row(index)?;
		let mut path = Vec::new();
		let (mut place, mut size, mut level) = (index, self.head.count, 0);
		while size > 1 {
			let sibling = place ^ 1;
			// The last node of an odd level has no sibling, and its parent is itself.
			if sibling < size {
				path.push(Digest(self.node(level, sibling)?));
			}
			(place, size, level) = (place / 2, size.div_ceil(2), level + 1);
		}
		let proof = UnitLeafProof { index, serial, salt, path };
		let LeafHead { product, count, root, .. } = &self.head;
		match proof.check(product, *count, root) {
			Ok(()) => Ok(proof),
			Err(_) => Err(LeafError::DamagedTree { index }),
		}
	}

	/// A node of the tree; level 0 are the leaves.
	fn node(&mut self, level: usize, place: u32) -> Result<Hash, LeafError> {
		if level == 0 {
			return Ok(self.row(place)?.leaf(&self.head.product));
		}
		self.bytes_at(self.head.node_at(level, place))
	}

	fn bytes_at<const N: usize>(&mut self, at: u64) -> Result<[u8; N], LeafError> {
		let mut bytes = [0; N];
		self.source.seek(SeekFrom::Start(at)).map_err(unread)?;
		self.source.read_exact(&mut bytes).map_err(unread)?;
		Ok(bytes)
	}

	/// Checks all of the file: every row, that no serial is in it twice, the table of serials, every
	/// node of the tree. `each` gets every row with its index.
	pub fn check(&mut self, mut each: impl FnMut(u32, &Row)) -> Result<(), LeafError> {
		let LeafHead { product, count, root, .. } = self.head;
		self.source.seek(SeekFrom::Start(LeafHead::row_at(0))).map_err(unread)?;
		let mut source = BufReader::with_capacity(1 << 16, &mut self.source);
		let (mut level, mut serials) = (Vec::new(), Vec::new());
		for index in 0..count {
			let bytes = next(&mut source)?;
			let row = Row::from_bytes(&bytes).ok_or(LeafError::DamagedRow { index })?;
			level.push(row.leaf(&product));
			serials.push(row.serial);
			each(index, &row);
		}
		let mut before = None;
		for place in 0..count {
			let index = u32::from_le_bytes(next(&mut source)?);
			let damaged = || LeafError::DamagedTable { place };
			let serial = usize::try_from(index).ok().and_then(|index| serials.get(index));
			let serial = serial.ok_or_else(damaged)?;
			// Rising without a pause, so that as many places as there are units name each of them.
			if before.is_some_and(|before| before >= serial) {
				return Err(damaged());
			}
			before = Some(serial);
		}
		while level.len() > 1 {
			level = parents(&level);
			for node in &level {
				if next::<32>(&mut source)? != *node {
					return Err(LeafError::DamagedTree { index: 0 });
				}
			}
		}
		if level == [root.0] { Ok(()) } else { Err(LeafError::DamagedTree { index: 0 }) }
	}
}

/// The next bytes of a file that is read from front to end.
fn next<const N: usize>(source: &mut impl Read) -> Result<[u8; N], LeafError> {
	let mut bytes = [0; N];
	source.read_exact(&mut bytes).map_err(unread)?;
	Ok(bytes)
}
