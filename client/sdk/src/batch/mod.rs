// SPDX-License-Identifier: Apache-2.0

//! Batches: one root on chain for up to 2^20 sealed records, and what proves that a record is one of
//! them.
//!
//! [`BatchBuilder`] takes leaves one by one and writes a *proof file*: everything that is needed to
//! prove each of them and to make it a record of its own later. [`ProofFile`] reads such a file
//! without believing any of it, and cuts out [`LeafProof`]s: small JSON documents that stand alone.
//! Nothing here talks to a chain. `docs/batches.md` has every byte.

mod builder;
mod entry;
mod file;
mod head;
mod proof;
#[cfg(test)]
mod tests;

pub use builder::{Anchorable, BatchBuilder};
pub use entry::{KEPT_LEN, LeafEntry};
pub use file::ProofFile;
pub use head::{BatchHead, MAGIC};
pub use proof::{LeafProof, Promotion, ProofFault, ProofFormat};

use salus_primitives::{RecordId, RecordVersion};
use std::io;

/// The most leaves of a batch.
pub const MAX_LEAVES: u32 = 1 << 20;

/// A leaf is the first version of a record: later ones are filed on their own.
pub const LEAF_VERSION: RecordVersion = 1;

/// How long the checksums of a proof file are.
const CHECKSUM_LEN: usize = 16;

/// Why a batch cannot be made, or its proof file not be used. Says what to do; the caller names the
/// file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
	/// It holds as many leaves as a tree may have.
	#[error("a batch holds {MAX_LEAVES} records at most: split the documents into several batches")]
	Full,
	/// It would hold no leaf.
	#[error("a batch without records cannot be anchored: add at least one document")]
	Empty,
	/// A record cannot be in one batch twice.
	#[error("record {0} is in the batch already: leave one of the two out")]
	DuplicateRecord(RecordId),
	/// The id is not made of author, patient, class, compartment and nonce.
	#[error("leaf {index} has another record id than its place gives: seal its document again")]
	WrongRecord {
		/// Which leaf.
		index: u32,
	},
	/// It does not begin as a proof file.
	#[error("it is no proof file of a batch: name the file that `salus record batch` wrote")]
	NotAProofFile,
	/// It was written in a format that came later.
	#[error("the proof file has format {0}, which this program does not know: update the program")]
	UnknownFormat(u8),
	/// Its root is made in a way that came later.
	#[error("the proof file has a tree of kind {0}, which this program does not know: update it")]
	UnknownAlgorithm(u8),
	/// The head does not have the checksum that it had when it was written.
	#[error("the head of the proof file is damaged: use another copy of the file")]
	DamagedHead,
	/// The number of leaves is none that a batch can have.
	#[error("the proof file speaks of {0} leaves, and a batch has 1 to {MAX_LEAVES}: use a copy")]
	TreeSize(u32),
	/// It was cut, or something was added.
	#[error(
		"the proof file has {found} bytes and should have {expected}: it was cut or added to; use \
		 another copy of the file"
	)]
	Length {
		/// How long the number of leaves makes it.
		expected: u64,
		/// How long it is.
		found: u64,
	},
	/// An entry does not have the checksum that it had when it was written.
	#[error("entry {index} of the proof file is damaged: use another copy of the file")]
	DamagedEntry {
		/// Which one.
		index: u32,
	},
	/// The hashes in it do not make its root.
	#[error(
		"the hashes of the proof file do not lead from leaf {index} to its root: use another copy of \
		 the file"
	)]
	DamagedTree {
		/// From which leaf they were followed.
		index: u32,
	},
	/// A leaf that it does not have.
	#[error("the batch has no leaf {index}: its leaves are 0 to {last}")]
	NoLeaf {
		/// Which was asked for.
		index: u32,
		/// The last one there is.
		last: u32,
	},
	/// A record that it does not hold.
	#[error("record {0} is not in this batch: look in the proof file of another one")]
	NotFound(RecordId),
	/// Something lies where the proof file should go, which may be the only copy of another one.
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
fn unread(source: io::Error) -> BatchError {
	BatchError::Io { act: "read", source }
}

/// A failure to write.
fn unwritten(source: io::Error) -> BatchError {
	match source.kind() {
		io::ErrorKind::AlreadyExists => BatchError::Exists,
		_ => BatchError::Io { act: "written", source },
	}
}
