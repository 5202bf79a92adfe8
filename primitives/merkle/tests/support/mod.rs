// SPDX-License-Identifier: Apache-2.0
//! The hasher of clients, and the reference log of the transparency-dev merkle library.

use salus_merkle::{Hash, Hasher};
use sha2::{Digest, Sha256};

pub(crate) struct Sha2;

impl Hasher for Sha2 {
	fn hash(parts: &[&[u8]]) -> Hash {
		let mut hasher = Sha256::new();
		parts.iter().for_each(|part| hasher.update(part));
		hasher.finalize().into()
	}
}

/// Eight leaves of very different lengths; the same that Certificate Transparency logs test with.
#[allow(dead_code)]
pub(crate) fn reference_leaves() -> Vec<Vec<u8>> {
	[
		"",
		"00",
		"10",
		"2021",
		"3031",
		"40414243",
		"5051525354555657",
		"606162636465666768696a6b6c6d6e6f",
	]
	.iter()
	.map(|leaf| hex::decode(leaf).unwrap())
	.collect()
}
