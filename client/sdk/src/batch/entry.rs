// SPDX-License-Identifier: Apache-2.0

//! One leaf as a proof file keeps it.

use super::{BatchHead, CHECKSUM_LEN, LEAF_VERSION};
use codec::{Decode, Encode};
use salus_primitives::{
	Commitment, CompartmentNo, ContentHash, IdentityId, RecordClass, RecordId, RecordKey,
	RecordLeaf, RecordNonce, blake2_256,
};

/// How long what an author keeps sealed beside a leaf is: 64 bytes, a nonce and a tag.
pub const KEPT_LEN: usize = 104;

/// A leaf, and what makes it a record of its own later.
///
/// There is no key in it that opens anything: the reader share is sealed to the compartment, and a
/// second time, with the salt of the body, to the keystore of its author.
#[derive(Encode, Decode, Clone, PartialEq, Eq, Debug)]
pub struct LeafEntry {
	/// The record.
	pub record: RecordId,
	/// The hash of the sealed object.
	pub content: ContentHash,
	/// What the author picked for the record's id.
	pub nonce: RecordNonce,
	/// Whom it is about.
	pub subject: IdentityId,
	/// Its class.
	pub class: RecordClass,
	/// The compartment that it goes into.
	pub compartment: CompartmentNo,
	/// The commitment to the body.
	pub body: Commitment,
	/// How long the padded plaintext is.
	pub padded_len: u64,
	/// The reader share, sealed to the compartment.
	pub key: RecordKey,
	/// Reader share and salt of the body, sealed with the author's keystore.
	pub kept: [u8; KEPT_LEN],
}

impl LeafEntry {
	/// How long an entry is in a proof file, with its checksum.
	pub(super) const LEN: usize = 342 + CHECKSUM_LEN;

	/// What its leaf stands for.
	pub fn leaf(&self) -> RecordLeaf {
		RecordLeaf { record: self.record, version: LEAF_VERSION, content: self.content }
	}

	/// Whether the id is the one that `author` gives a record in this place.
	pub fn has_id_of(&self, author: &IdentityId) -> bool {
		let Self { subject, class, compartment, nonce, .. } = self;
		RecordId::derive(blake2_256, author, subject, *class, *compartment, nonce) == self.record
	}

	/// The bytes of entry `index` of a file.
	pub(super) fn to_bytes(&self, head: &BatchHead, index: u32) -> Vec<u8> {
		let mut bytes = self.encode();
		let checksum = checksum(head, index, &bytes);
		bytes.extend(checksum);
		bytes
	}

	/// Reads entry `index` of a file; `None` when it is damaged.
	pub(super) fn from_bytes(head: &BatchHead, index: u32, bytes: &[u8]) -> Option<Self> {
		let (mut fields, found) = bytes.split_last_chunk::<CHECKSUM_LEN>()?;
		if checksum(head, index, fields) != *found {
			return None;
		}
		let entry = Self::decode(&mut fields).ok()?;
		fields.is_empty().then_some(entry)
	}
}

/// The checksum of an entry. It holds the entry to its place in its file, against faults of disks and
/// copies; whoever rewrites a file can make it anew, and is told by the root.
fn checksum(head: &BatchHead, index: u32, fields: &[u8]) -> [u8; CHECKSUM_LEN] {
	let index = index.to_le_bytes();
	let parts = [b"salus/batch-entry/1", &head.genesis[..], &head.author.0, &index, fields];
	first_half(&blake2_256(&parts.concat()))
}

/// The first half of a hash.
pub(super) fn first_half(hash: &[u8; 32]) -> [u8; CHECKSUM_LEN] {
	let (half, _) = hash.split_first_chunk().expect("16 bytes are in front of 32; qed");
	*half
}
