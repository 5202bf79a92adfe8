// SPDX-License-Identifier: Apache-2.0

//! Leaf files: everything that is needed to prove each unit of a batch.
//!
//! [`commission`] makes one of a list of serials; [`LeafFile`] reads one without believing any of
//! it. `docs/supply-chain.md` has every byte.

mod builder;
mod file;
mod head;
#[cfg(test)]
mod tests;

pub use builder::{Commissioned, LeafFileBuilder, Stage, commission};
pub use file::LeafFile;
pub use head::{LeafHead, MAGIC, Row, leaf_file_len};

use crate::SerialFault;
use salus_gs1::Serial;
use std::io;

/// The most leaves of a batch: 2^24.
pub const MAX_LEAVES: u32 = 1 << 24;

/// Why a batch cannot be made, or its leaf file not be used. Says what to do; the caller names the
/// file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeafError {
	/// A line of the list is refused.
	#[error("{0}")]
	List(#[from] SerialFault),
	/// Two lines of the list have one serial.
	#[error(
		"lines {first} and {second} have one serial, {serial}: two packs with one serial are put aside as \
		 forgeries, remove one of them"
	)]
	DuplicateLine {
		/// The serial.
		serial: Serial,
		/// The line it stands on first.
		first: u64,
		/// The line it stands on again.
		second: u64,
	},
	/// Two units have one serial.
	#[error("units {first} and {second} have one serial, {serial}: leave one of them out")]
	DuplicateSerial {
		/// The serial.
		serial: Serial,
		/// The unit that has it first.
		first: u32,
		/// The unit that has it again.
		second: u32,
	},
	/// It holds as many leaves as a batch may have.
	#[error("a batch has {MAX_LEAVES} units at most: split the list into several batches")]
	Full,
	/// There is no serial at all.
	#[error("there is no serial in the list: a batch has at least one unit")]
	Empty,
	/// It does not begin as a leaf file.
	#[error("it is no leaf file: name the one that `salus supply commission` wrote")]
	NotALeafFile,
	/// It was written in a format that came later.
	#[error("the leaf file has format {0}, which this program does not know: update the program")]
	UnknownFormat(u8),
	/// Its root is made in a way that came later.
	#[error("the leaf file has a tree of kind {0}, which this program does not know: update it")]
	UnknownAlgorithm(u8),
	/// The head does not have the checksum that it had when it was written.
	#[error("the head of the leaf file is damaged: use another copy of the file")]
	DamagedHead,
	/// The number of leaves is none that a batch can have.
	#[error("the leaf file speaks of {0} units, and a batch has 1 to {MAX_LEAVES}: use a copy")]
	Count(u32),
	/// It was cut, or something was added.
	#[error(
		"the leaf file has {found} bytes and should have {expected}: it was cut or added to; use another \
		 copy of the file"
	)]
	Length {
		/// How long the number of leaves makes it.
		expected: u64,
		/// How long it is.
		found: u64,
	},
	/// A row that is none.
	#[error("row {index} of the leaf file is damaged: use another copy of the file")]
	DamagedRow {
		/// Which one.
		index: u32,
	},
	/// The table of serials does not list every unit once, in order.
	#[error("place {place} of the table of serials is damaged: use another copy of the file")]
	DamagedTable {
		/// Which one.
		place: u32,
	},
	/// The hashes in it do not make its root.
	#[error(
		"the hashes of the leaf file do not lead from unit {index} to its root: use another copy of the \
		 file"
	)]
	DamagedTree {
		/// From which leaf they were followed.
		index: u32,
	},
	/// A unit that it does not have.
	#[error("the batch has no unit {index}: its units are 0 to {last}")]
	NoUnit {
		/// Which was asked for.
		index: u32,
		/// The last one there is.
		last: u32,
	},
	/// Something lies where the leaf file should go, which may be the only copy of another one.
	#[error("there is a file already: name another one")]
	Exists,
	/// A file of this machine.
	#[error("it cannot be {act}: {source}")]
	Io {
		/// What was tried: `read` or `written`.
		act: &'static str,
		/// What the system says.
		source: io::Error,
	},
}

/// A failure to read.
fn unread(source: io::Error) -> LeafError {
	LeafError::Io { act: "read", source }
}

/// A failure to write.
fn unwritten(source: io::Error) -> LeafError {
	match source.kind() {
		io::ErrorKind::AlreadyExists => LeafError::Exists,
		_ => LeafError::Io { act: "written", source },
	}
}
