// SPDX-License-Identifier: Apache-2.0
//! How long things are: padding, chunks, whole objects.

use crate::Header;

/// Plaintext bytes of every chunk but the last.
pub(crate) const CHUNK: usize = 1 << 16;
/// Bytes of the tag behind each chunk.
pub(crate) const TAG: usize = 16;
/// No object has fewer inner bytes, so that the shortest records look alike.
const SHORTEST_INNER: u64 = 512;

/// Rounds a length up so that it tells little about what is inside: Padme, at most 12 % longer.
///
/// Keeps as many leading bits as the exponent has bits and rounds the rest up, which leaves
/// O(log log n) bits of information (Nikitin and others, "Reducing Metadata Leakage from Encrypted
/// Files and Communication with PURBs", 2019). `None` when the result does not fit into 64 bits.
pub fn padme(len: u64) -> Option<u64> {
	let Some(exponent) = len.checked_ilog2().filter(|exponent| *exponent > 0) else {
		return Some(len);
	};
	let kept = exponent.ilog2() + 1;
	let mask = (1u64 << exponent.saturating_sub(kept)) - 1;
	Some(len.checked_add(mask)? & !mask)
}

/// Length of the padded inner plaintext, in bytes; `None` when it does not fit into 64 bits.
pub(crate) fn inner_len(metadata_len: usize, body_len: u64) -> Option<u64> {
	let lengths = 4u64.checked_add(metadata_len as u64)?.checked_add(8)?.checked_add(body_len)?;
	padme(lengths.max(SHORTEST_INNER))
}

/// Length of the sealed object, in bytes, for metadata and a body of these lengths.
///
/// Known before anything is sealed: say it to an object store, or show it beside a progress bar.
/// `None` when it does not fit into 64 bits.
pub fn object_len(metadata_len: usize, body_len: u64) -> Option<u64> {
	let inner = inner_len(metadata_len, body_len)?;
	let tags = inner.div_ceil(CHUNK as u64).checked_mul(TAG as u64)?;
	(Header::LEN as u64).checked_add(inner)?.checked_add(tags)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn padme_has_its_known_answers() {
		for (len, padded) in [
			(512, 512),
			(513, 544),
			(1000, 1024),
			(4097, 4352),
			(65_537, 67_584),
			(1_000_000, 1_015_808),
		] {
			assert_eq!(padme(len), Some(padded));
			assert_eq!(padme(padded), Some(padded));
		}
	}

	#[test]
	fn padme_costs_an_eighth_at_most_and_never_overflows() {
		for len in (0..5000).chain((9..63).map(|bit| (1 << bit) + 1)) {
			let padded = padme(len).unwrap();
			assert!(padded >= len && padded - len <= len / 8, "{len} -> {padded}");
		}
		assert_eq!(padme(u64::MAX), None);
		assert_eq!(object_len(0, u64::MAX), None);
	}

	#[test]
	fn objects_have_their_known_lengths() {
		assert_eq!(object_len(83, 157), Some(600));
		assert_eq!(object_len(0, 131_077), Some(135_288));
	}
}
