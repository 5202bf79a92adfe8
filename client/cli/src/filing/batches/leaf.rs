// SPDX-License-Identifier: Apache-2.0

//! One document of a batch: sealed, deposited, and what its proof file keeps of it.

use super::BatchDocument;
use crate::{
	document::Valid,
	filing::{Filing, Pending, seal::Prepared},
};
use anyhow::anyhow;
use indicatif::ProgressBar;
use salus_client::{
	batch::{KEPT_LEN, LeafEntry},
	custodian::Custodian,
	keystore::Secrets,
	types::Compartment,
};
use salus_primitives::{CompartmentNo, IdentityId, RecordId};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The compartments that a batch goes into.
pub(super) type Compartments = BTreeMap<(IdentityId, CompartmentNo), Compartment>;

/// A document that is sealed and deposited.
pub(super) struct SealedLeaf {
	pub(super) entry: LeafEntry,
	pub(super) valid: Valid,
	pub(super) prepared: Prepared,
}

impl Filing<'_> {
	/// Seals a document of a batch and hands object and share to the custodian.
	pub(super) async fn leaf(
		&self,
		document: &BatchDocument,
		compartments: &Compartments,
		custodian: &Custodian,
		bar: &ProgressBar,
	) -> anyhow::Result<SealedLeaf> {
		let BatchDocument { source, place } = document;
		// Their own bars would write over this one.
		let (valid, prepared) = bar.suspend(|| {
			let valid = source.valid()?;
			let prepared = self.prepare(&valid, place, None, &ProgressBar::hidden())?;
			anyhow::Ok((valid, prepared))
		})?;
		let (pending, object) = (&prepared.pending, &prepared.object);
		self.upload(custodian, pending, place, object, ProgressBar::hidden()).await?;
		let current = compartments.get(&(place.subject, place.compartment));
		let current = current.ok_or_else(|| anyhow!("the compartment is not open any more"))?;
		let entry = LeafEntry {
			record: pending.record,
			content: pending.content,
			nonce: pending.nonce,
			subject: place.subject,
			class: place.class,
			compartment: place.compartment,
			body: pending.body,
			padded_len: pending.padded_len,
			key: self.wrap(pending, place, current)?,
			kept: seal_kept(self.secrets, pending)?,
		};
		Ok(SealedLeaf { entry, valid, prepared })
	}
}

/// How long the sealed object of a padded plaintext is: a head, and 16 bytes a chunk.
pub(crate) fn sealed_len(padded_len: u64) -> Option<u64> {
	padded_len.checked_add(padded_len.div_ceil(1 << 16).checked_mul(16)?)?.checked_add(72)
}

/// The name that a leaf's secrets are sealed under.
fn kept_name(record: &RecordId) -> String {
	format!("batch-leaf/{record}")
}

/// Reader share and salt of the body, for the author alone.
pub(super) fn seal_kept(secrets: &Secrets, pending: &Pending) -> anyhow::Result<[u8; KEPT_LEN]> {
	let both = Zeroizing::new([pending.reader_share, pending.body_salt].concat());
	let sealed = secrets.seal_local(&kept_name(&pending.record), &both);
	sealed.try_into().map_err(|_| anyhow!("64 bytes are sealed into {KEPT_LEN}"))
}

pub(super) fn open_kept(
	secrets: &Secrets,
	entry: &LeafEntry,
) -> anyhow::Result<Zeroizing<Vec<u8>>> {
	secrets.open_local(&kept_name(&entry.record), &entry.kept).ok_or_else(|| {
		anyhow!(
			"this keystore did not seal the document: use the one that did, or log in as its author \
			 with `salus login`"
		)
	})
}

/// What was pending when the leaf was sealed. The custodian's share is with the custodian.
pub(super) fn pending_of(entry: &LeafEntry, kept: &[u8]) -> anyhow::Result<Pending> {
	let halves = kept.split_at_checked(32);
	let (reader_share, body_salt) =
		halves.ok_or_else(|| anyhow!("what was kept of the leaf is too short"))?;
	Ok(Pending {
		record: entry.record,
		version: entry.leaf().version,
		nonce: entry.nonce,
		reader_share: reader_share.try_into()?,
		custodian_share: [0; 32],
		body_salt: body_salt.try_into()?,
		content: entry.content,
		body: entry.body,
		padded_len: entry.padded_len,
		object_len: sealed_len(entry.padded_len).unwrap_or_default(),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::{Commitment, ContentHash, RecordClass, RecordKey};

	fn pending() -> Pending {
		Pending {
			record: RecordId([1; 32]),
			version: 1,
			nonce: [2; 16],
			reader_share: [3; 32],
			custodian_share: [4; 32],
			body_salt: [5; 32],
			content: ContentHash([6; 32]),
			body: Commitment([7; 32]),
			padded_len: 512,
			object_len: 600,
		}
	}

	fn entry(secrets: &Secrets) -> LeafEntry {
		let pending = pending();
		LeafEntry {
			record: pending.record,
			content: pending.content,
			nonce: pending.nonce,
			subject: IdentityId([8; 32]),
			class: RecordClass::Clinical,
			compartment: 0,
			body: pending.body,
			padded_len: pending.padded_len,
			key: RecordKey { epoch: 0, wrap: [9; 80] },
			kept: seal_kept(secrets, &pending).unwrap(),
		}
	}

	#[test]
	fn a_leaf_keeps_its_secrets_for_the_keystore_that_sealed_it() {
		let (mine, theirs) = (Secrets::generate(), Secrets::generate());
		let sealed = entry(&mine);
		assert!(!sealed.kept.windows(32).any(|bytes| bytes == [3; 32] || bytes == [5; 32]));
		let again = pending_of(&sealed, &open_kept(&mine, &sealed).unwrap()).unwrap();
		assert_eq!((again.reader_share, again.body_salt), ([3; 32], [5; 32]));
		assert_eq!(again.object_len, 600);

		let error = open_kept(&theirs, &sealed).unwrap_err().to_string();
		assert!(error.contains("salus login"), "{error}");
		// Nor for another leaf.
		let moved = LeafEntry { record: RecordId([9; 32]), ..sealed };
		assert!(open_kept(&mine, &moved).is_err());
	}

	#[test]
	fn the_length_of_an_object_follows_from_its_padding() {
		assert_eq!(sealed_len(512), Some(600));
		assert_eq!(sealed_len(135_168), Some(135_288));
		assert_eq!(sealed_len(u64::MAX), None);
	}
}
