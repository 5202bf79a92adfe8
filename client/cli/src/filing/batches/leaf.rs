// SPDX-License-Identifier: Apache-2.0

//! One document of a batch: sealed, deposited, and what its proof file keeps of it.

use super::BatchDocument;
use crate::{
	document::Valid,
	filing::{Filing, Pending, deposit::Depositaries, seal::Prepared},
};
use anyhow::anyhow;
use indicatif::ProgressBar;
use salus_client::{
	batch::{KEPT_LEN, LeafEntry},
	keystore::Secrets,
	types::Compartment,
};
use salus_primitives::{CompartmentNo, IdentityId};
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
	/// Seals a document of a batch and hands object and share to its custodians.
	pub(super) async fn leaf(
		&self,
		document: &BatchDocument,
		compartments: &Compartments,
		to: &Depositaries,
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
		self.upload(to, pending, place, object, ProgressBar::hidden()).await?;
		let current = compartments.get(&(place.subject, place.compartment));
		let current = current.ok_or_else(|| anyhow!("the compartment is not open any more"))?;
		let mut entry = LeafEntry {
			record: pending.record,
			content: pending.content,
			nonce: pending.nonce,
			subject: place.subject,
			class: place.class,
			compartment: place.compartment,
			body: pending.body,
			padded_len: pending.padded_len,
			key: self.wrap(pending, place, current)?,
			kept: [0; KEPT_LEN],
		};
		entry.kept = seal_kept(self.secrets, &entry, pending)?;
		Ok(SealedLeaf { entry, valid, prepared })
	}
}

/// How long the sealed object of a padded plaintext is: a head, and 16 bytes a chunk.
pub(crate) fn sealed_len(padded_len: u64) -> Option<u64> {
	padded_len.checked_add(padded_len.div_ceil(1 << 16).checked_mul(16)?)?.checked_add(72)
}

/// The name that a leaf's secrets are sealed under. The tree covers record, version and content, and
/// the record's id its place; body, length and key are the author's word alone, so that they are
/// bound here: whoever changes them in the file changes the name, and the secrets do not open.
fn kept_name(entry: &LeafEntry) -> String {
	let LeafEntry { record, content, body, padded_len, key, .. } = entry;
	let (epoch, wrap) = (key.epoch, hex::encode(key.wrap));
	format!("batch-leaf/{record}/{content}/{body}/{padded_len}/{epoch}/{wrap}")
}

/// Reader share and salt of the body, for the author alone.
fn seal_kept(
	secrets: &Secrets,
	entry: &LeafEntry,
	pending: &Pending,
) -> anyhow::Result<[u8; KEPT_LEN]> {
	let both = Zeroizing::new([pending.reader_share, pending.body_salt].concat());
	let sealed = secrets.seal_local(&kept_name(entry), &both);
	sealed.try_into().map_err(|_| anyhow!("64 bytes are sealed into {KEPT_LEN}"))
}

/// What was kept for the author, who was compared with the keystore's identity before.
pub(super) fn open_kept(
	secrets: &Secrets,
	entry: &LeafEntry,
) -> anyhow::Result<Zeroizing<Vec<u8>>> {
	secrets.open_local(&kept_name(entry), &entry.kept).ok_or_else(|| {
		anyhow!(
			"the proof does not say what its author sealed: body, length or key in it were altered, \
			 or another keystore of the same identity sealed it. Cut the proof anew out of the batch's \
			 file with `salus record prove`; if that is refused as well, use the keystore that made \
			 the batch (`salus login`)"
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
	use salus_primitives::{Commitment, ContentHash, RecordClass, RecordId, RecordKey};

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
		let mut entry = LeafEntry {
			record: pending.record,
			content: pending.content,
			nonce: pending.nonce,
			subject: IdentityId([8; 32]),
			class: RecordClass::Clinical,
			compartment: 0,
			body: pending.body,
			padded_len: pending.padded_len,
			key: RecordKey { epoch: 0, wrap: [9; 80] },
			kept: [0; KEPT_LEN],
		};
		entry.kept = seal_kept(secrets, &entry, &pending).unwrap();
		entry
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
	fn a_proof_that_lies_about_what_the_tree_does_not_cover_is_refused() {
		let mine = Secrets::generate();
		let honest = entry(&mine);
		assert!(open_kept(&mine, &honest).is_ok());
		let lies: [fn(&mut LeafEntry); 6] = [
			|entry| entry.body.0[31] ^= 1,
			|entry| entry.padded_len += 1,
			|entry| entry.key.epoch += 1,
			|entry| entry.key.wrap[79] ^= 1,
			|entry| entry.content.0[0] ^= 1,
			|entry| entry.kept[50] ^= 1,
		];
		for (number, lie) in lies.iter().enumerate() {
			let mut forged = honest.clone();
			lie(&mut forged);
			let error = open_kept(&mine, &forged).unwrap_err().to_string();
			assert!(error.contains("were altered") && error.contains("record prove"), "{number}");
		}
		// Two honest leaves do not lend each other what they kept.
		let mut other = pending();
		other.padded_len = 1024;
		let mut longer = LeafEntry { padded_len: 1024, ..entry(&mine) };
		longer.kept = seal_kept(&mine, &longer, &other).unwrap();
		assert!(open_kept(&mine, &longer).is_ok());
		assert!(open_kept(&mine, &LeafEntry { kept: longer.kept, ..honest }).is_err());
	}

	#[test]
	fn the_length_of_an_object_follows_from_its_padding() {
		assert_eq!(sealed_len(512), Some(600));
		assert_eq!(sealed_len(135_168), Some(135_288));
		assert_eq!(sealed_len(u64::MAX), None);
	}
}
