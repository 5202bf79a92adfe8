// SPDX-License-Identifier: Apache-2.0

//! The hash functions of the host, for what the pallets share.

use salus_merkle::{Hash, Hasher};

/// SHA-256 by the host, for the trees of `salus-merkle`: what a pallet hashes with it costs a host
/// call and no loop of the runtime's own.
#[derive(Clone, Copy, Debug)]
pub struct HostSha256;

impl Hasher for HostSha256 {
	fn hash(parts: &[&[u8]]) -> Hash {
		sp_io::hashing::sha2_256(&parts.concat())
	}
}
