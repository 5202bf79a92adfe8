// SPDX-License-Identifier: Apache-2.0

//! The parts of a leaf file: its head, its rows, and where everything lies.

use super::{LeafError, MAX_LEAVES};
use codec::{Decode, Encode};
use salus_envelope::Sha256Hasher;
use salus_gs1::{Serial, UdiDi};
use salus_merkle::{Hash, leaf_hash};
use salus_primitives::{Digest, LeafSalt, TreeAlgorithm, blake2_256, unit_leaf};

/// What a leaf file begins with.
pub const MAGIC: &[u8; 8] = b"SALUSLVS";

/// The format of files that this version writes.
const FORMAT: u8 = 1;
/// How long the checksum of the head is.
const CHECKSUM_LEN: usize = 16;
/// The room of a product: its SCALE encoding and zeros behind it.
const PRODUCT_LEN: usize = 32;
/// The room of a serial.
const SERIAL_LEN: usize = 20;

/// What all leaves of a batch share.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeafHead {
	/// The product.
	pub product: UdiDi,
	/// How many units there are.
	pub count: u32,
	/// The commitment to the master salt.
	pub salt: Digest,
	/// The root of the tree.
	pub root: Digest,
	/// How it is made.
	pub algorithm: TreeAlgorithm,
}

/// The bytes between magic and checksum.
#[derive(Encode, Decode)]
struct Fields {
	format: u8,
	algorithm: u8,
	zeros: [u8; 2],
	count: u32,
	product: [u8; PRODUCT_LEN],
	salt: Digest,
	root: Digest,
}

impl LeafHead {
	/// How long a head is.
	pub(super) const LEN: usize = 128;

	/// The bytes of the head.
	pub(super) fn to_bytes(&self) -> Vec<u8> {
		let Self { product: given, count, salt, root, algorithm } = self;
		let mut product = [0; PRODUCT_LEN];
		product.iter_mut().zip(given.encode()).for_each(|(slot, byte)| *slot = byte);
		let fields = Fields {
			format: FORMAT,
			algorithm: *algorithm as u8,
			zeros: [0; 2],
			count: *count,
			product,
			salt: *salt,
			root: *root,
		};
		let mut bytes = (MAGIC, fields).encode();
		let checksum = checksum(&bytes);
		bytes.extend(checksum);
		bytes
	}

	/// Reads a head, and believes nothing: every field is checked.
	pub(super) fn from_bytes(bytes: &[u8; Self::LEN]) -> Result<Self, LeafError> {
		let rest = bytes.strip_prefix(MAGIC).ok_or(LeafError::NotALeafFile)?;
		match rest.first() {
			Some(&FORMAT) => (),
			Some(other) => return Err(LeafError::UnknownFormat(*other)),
			None => return Err(LeafError::NotALeafFile),
		}
		let (checked, found) =
			bytes.split_last_chunk::<CHECKSUM_LEN>().ok_or(LeafError::NotALeafFile)?;
		if checksum(checked) != *found {
			return Err(LeafError::DamagedHead);
		}
		let Fields { algorithm, zeros, count, product, salt, root, .. } =
			Fields::decode(&mut &*rest).map_err(|_| LeafError::DamagedHead)?;
		let algorithm = TreeAlgorithm::decode(&mut [algorithm].as_slice())
			.map_err(|_| LeafError::UnknownAlgorithm(algorithm))?;
		if zeros != [0; 2] {
			return Err(LeafError::DamagedHead);
		}
		if !(1..=MAX_LEAVES).contains(&count) {
			return Err(LeafError::Count(count));
		}
		let mut padded = product.as_slice();
		let product = UdiDi::decode(&mut padded).map_err(|_| LeafError::DamagedHead)?;
		if padded.iter().any(|byte| *byte != 0) {
			return Err(LeafError::DamagedHead);
		}
		Ok(Self { product, count, salt, root, algorithm })
	}

	/// Where row `index` begins.
	pub(super) fn row_at(index: u32) -> u64 {
		Self::LEN as u64 + u64::from(index) * Row::LEN as u64
	}

	/// Where place `place` of the table of serials begins.
	pub(super) fn place_at(&self, place: u32) -> u64 {
		Self::row_at(self.count) + 4 * u64::from(place)
	}

	/// Where node `place` of a level begins. Level 1 is the one above the leaves.
	pub(super) fn node_at(&self, level: usize, place: u32) -> u64 {
		let below: u64 = levels(self.count).take(level.saturating_sub(1)).map(u64::from).sum();
		self.place_at(self.count) + 32 * (below + u64::from(place))
	}

	/// How long a file with this head is.
	pub(super) fn file_len(&self) -> u64 {
		leaf_file_len(self.count)
	}
}

/// How long the leaf file of a batch of `count` units is, in bytes.
pub fn leaf_file_len(count: u32) -> u64 {
	let nodes: u64 = levels(count).map(u64::from).sum();
	LeafHead::row_at(count) + 4 * u64::from(count) + 32 * nodes
}

/// How many nodes each level above so many leaves has, lowest first; none for a single leaf.
fn levels(count: u32) -> impl Iterator<Item = u32> {
	let above = |size: &u32| (*size > 1).then(|| size.div_ceil(2));
	std::iter::successors(above(&count), move |size| above(size))
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LEN] {
	let mut first = [0; CHECKSUM_LEN];
	first.iter_mut().zip(blake2_256(bytes)).for_each(|(slot, byte)| *slot = byte);
	first
}

/// What a leaf file keeps of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
	/// Its serial.
	pub serial: Serial,
	/// The salt of its leaf.
	pub salt: LeafSalt,
}

impl Row {
	/// How long a row is: the length of the serial, the serial with zeros behind it, the salt.
	pub(super) const LEN: usize = 1 + SERIAL_LEN + 16;

	/// The bytes of the row.
	pub(super) fn to_bytes(self) -> [u8; Self::LEN] {
		let mut bytes = [0; Self::LEN];
		let text = self.serial.as_bytes();
		// A serial has 20 characters at most.
		let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
		let padding = std::iter::repeat_n(0, SERIAL_LEN.saturating_sub(text.len()));
		let row =
			std::iter::once(length).chain(text.iter().copied()).chain(padding).chain(self.salt);
		bytes.iter_mut().zip(row).for_each(|(slot, byte)| *slot = byte);
		bytes
	}

	/// Reads a row; `None` when it is none.
	pub(super) fn from_bytes(bytes: &[u8; Self::LEN]) -> Option<Self> {
		let (length, rest) = bytes.split_first()?;
		let (text, salt) = rest.split_at_checked(SERIAL_LEN)?;
		let (text, padding) = text.split_at_checked(usize::from(*length))?;
		if padding.iter().any(|byte| *byte != 0) {
			return None;
		}
		Some(Self { serial: Serial::parse(text).ok()?, salt: salt.try_into().ok()? })
	}

	/// The hash of its leaf.
	pub(super) fn leaf(&self, product: &UdiDi) -> Hash {
		leaf_hash::<Sha256Hasher>(&unit_leaf(product, &self.serial, &self.salt))
	}
}
