// SPDX-License-Identifier: Apache-2.0

//! Sealing, and what leads to the chain: ids, keys, objects, uploads.

use super::{Filing, Kept, Place, deposit::BESIDE, keep, kept_nonce};
use crate::{
	document::{self, Valid},
	drawer::Drawer,
};
use anyhow::{Context as _, anyhow};
use indicatif::ProgressBar;
use salus_client::types::Compartment;
use salus_envelope::{
	Addressee, CiphertextHash, CompartmentPublic, ContentKey, Metadata, ReaderShare, RecordContext,
	RecordMetadata, Sealer, Secret, padme,
};
use salus_primitives::{
	Commitment, ContentHash, IdentityId, RecordId, RecordKey, RecordNonce, RecordVersion,
	blake2_256,
};
use serde::{Deserialize, Serialize};
use std::{
	fs::File,
	io::{BufWriter, Write},
	path::{Path, PathBuf},
};

/// What is known of a filing before anything leaves the machine.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
	pub(crate) record: RecordId,
	pub(crate) version: RecordVersion,
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) nonce: RecordNonce,
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) reader_share: [u8; 32],
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) custodian_share: [u8; 32],
	#[serde(with = "salus_client::wire::hex_bytes")]
	pub(crate) body_salt: [u8; 32],
	pub(crate) content: ContentHash,
	pub(crate) body: Commitment,
	pub(crate) padded_len: u64,
	pub(crate) object_len: u64,
}

/// The id of a version that is to be filed, and the nonce it is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Named {
	pub(crate) record: RecordId,
	pub(crate) version: RecordVersion,
	pub(crate) nonce: RecordNonce,
}

impl Named {
	/// A new record at a place. The nonce may come from an earlier run.
	pub(crate) fn new(author: &IdentityId, place: &Place, nonce: RecordNonce) -> Self {
		let Place { subject, class, compartment, .. } = place;
		let record = RecordId::derive(blake2_256, author, subject, *class, *compartment, &nonce);
		Self { record, version: 1, nonce }
	}
}

/// A filing that is sealed, in the home.
pub(super) struct Prepared {
	pub(super) pending: Pending,
	pub(super) object: PathBuf,
	pub(super) resumed: bool,
	pub(super) name: String,
}

impl Filing<'_> {
	/// Seals a document, or finds what an earlier run sealed. `bar` counts bytes.
	pub(super) fn prepare(
		&self,
		valid: &Valid,
		place: &Place,
		named: Option<Named>,
		bar: &ProgressBar,
	) -> anyhow::Result<Prepared> {
		let drawer = Drawer::new(self.context.home(), "pending", self.secrets);
		let name = self.name_of(&valid.bytes, place);
		let (object, found) = (drawer.path(&name, "hre1"), drawer.get::<Pending>(&name)?);
		let is_same = |pending: &Pending| named.is_none_or(|named| named.record == pending.record);
		let found = found.filter(|pending| is_same(pending) && is_whole(&object, &pending.content));
		let resumed = found.is_some();
		let pending = match found {
			Some(pending) => pending,
			None => {
				let named = named.map_or_else(|| self.named(place), Ok)?;
				let metadata = metadata_of(&self.me.id, place, valid.document.fhir_version)?;
				let length = valid.bytes.len() as u64;
				let body = bar.wrap_read(&valid.bytes[..]);
				let sealed = seal_body(named, &metadata, body, length, &object);
				bar.finish_and_clear();
				let pending = sealed?;
				drawer.put(&name, &pending)?;
				pending
			},
		};
		Ok(Prepared { pending, object, resumed, name })
	}

	/// Keeps what a later version and a later reader need, and clears the rest away.
	pub(super) fn finish(&self, prepared: &Prepared) -> anyhow::Result<()> {
		let Pending { record, version, nonce, reader_share, .. } = prepared.pending;
		let kept = Kept { nonce, reader_share };
		keep(self.context, self.secrets, &record, version, &kept)?;
		Drawer::new(self.context.home(), "pending", self.secrets).remove(&prepared.name, &BESIDE);
		Ok(())
	}

	/// The name of a filing: the same for the same document in the same place by the same account.
	pub(crate) fn name_of(&self, document: &[u8], place: &Place) -> String {
		let Place { subject, organisation, class, compartment, amends } = place;
		let amends =
			amends.map(|(record, version, _)| [&record.0[..], &version.to_le_bytes()].concat());
		let parts = [
			&self.chain.genesis()[..],
			&self.me.id.0,
			&subject.0,
			&organisation.unwrap_or_default().0,
			&[*class as u8, *compartment],
			&blake2_256(&amends.unwrap_or_default()),
			&blake2_256(document),
		];
		hex::encode(self.secrets.local_name(&parts.concat()))
	}

	/// The id of what is filed at a place: a new one, or the next version of the one it amends.
	fn named(&self, place: &Place) -> anyhow::Result<Named> {
		let Some((record, newest, _)) = place.amends else {
			let nonce = salus_client::wire::fresh_nonce();
			return Ok(Named::new(&self.me.id, place, nonce));
		};
		let nonce = kept_nonce(self.context, self.secrets, &record, newest)?.ok_or_else(|| {
			anyhow!(
				"this home did not file the record: amend it from the home that did, because the \
				 custodian takes a new key share only with the nonce that the author kept"
			)
		})?;
		Ok(Named { record, version: newest.saturating_add(1), nonce })
	}

	/// The reader share, sealed to the current epoch of the compartment.
	pub(super) fn wrap(
		&self,
		pending: &Pending,
		place: &Place,
		current: &Compartment,
	) -> anyhow::Result<RecordKey> {
		let record = RecordContext {
			genesis: self.chain.genesis(),
			record: pending.record.0,
			version: pending.version,
			ciphertext_hash: CiphertextHash(pending.content.0),
		};
		let to = Addressee::compartment(&place.subject.0, place.compartment, current.epoch);
		let wrap = ReaderShare::from_bytes(pending.reader_share).wrap(
			&record,
			&to,
			&CompartmentPublic::from_bytes(current.key)?,
		)?;
		Ok(RecordKey { epoch: current.epoch, wrap: wrap.0 })
	}
}

/// What an object says of its body, with a fresh salt for the commitment.
pub(crate) fn metadata_of(
	author: &IdentityId,
	place: &Place,
	fhir_version: &str,
) -> anyhow::Result<Metadata> {
	let facts = RecordMetadata {
		author: Some(author.0),
		subject: Some(place.subject.0),
		authored: Some(document::now()),
		..RecordMetadata::fhir_json(fhir_version)
	};
	Ok(facts.to_metadata()?)
}

/// Seals a body of `length` bytes into the file `object`, under fresh keys, whole or not at all.
pub(crate) fn seal_body(
	named: Named,
	metadata: &Metadata,
	body: impl std::io::Read,
	length: u64,
	object: &Path,
) -> anyhow::Result<Pending> {
	let key = ContentKey::generate();
	let custodian_share = key.custodian_share().ok_or_else(|| anyhow!("a key has two shares"))?;
	let body_salt = metadata.commitment_salt().ok_or_else(|| {
		anyhow!("the metadata commits to no body: file the document as a new version")
	})?;
	let inner = [4, metadata.as_bytes().len() as u64, 8, length].iter().sum::<u64>();
	let padded_len = padme(inner.max(512)).ok_or_else(|| anyhow!("the document is too long"))?;

	let folder = object.parent().unwrap_or(Path::new("."));
	let failed = || format!("{} cannot be written", object.display());
	std::fs::create_dir_all(folder).with_context(failed)?;
	let mut file = tempfile::NamedTempFile::new_in(folder).with_context(failed)?;
	let mut writer = BufWriter::new(file.as_file_mut());
	let sealed = Sealer::new(&key, metadata).seal(body, length, &mut writer)?;
	writer.flush().with_context(failed)?;
	drop(writer);
	file.as_file().sync_all().with_context(failed)?;
	file.persist(object).with_context(failed)?;

	let body = sealed.body_commitment.ok_or_else(|| anyhow!("a salt gives a commitment"))?;
	let Named { record, version, nonce } = named;
	Ok(Pending {
		record,
		version,
		nonce,
		reader_share: *key.reader_share().expose(),
		custodian_share: *custodian_share.expose(),
		body_salt: body_salt.0,
		content: ContentHash(sealed.ciphertext_hash.0),
		body: Commitment(body.0),
		padded_len,
		object_len: sealed.object_len,
	})
}

/// Whether an object of an earlier run is all there.
pub(super) fn is_whole(object: &Path, content: &ContentHash) -> bool {
	let Ok(mut file) = File::open(object) else { return false };
	let mut hasher = salus_envelope::CiphertextHasher::new();
	std::io::copy(&mut file, &mut hasher).is_ok() && hasher.finish().0 == content.0
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_envelope::{BodyCommitment, CustodianShare, Opener};
	use salus_primitives::RecordClass;

	fn place() -> Place {
		Place {
			subject: IdentityId([2; 32]),
			organisation: None,
			class: RecordClass::Clinical,
			compartment: 0,
			amends: None,
		}
	}

	#[test]
	fn an_object_of_an_earlier_run_counts_only_when_whole() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("a.hre1");
		let content = ContentHash(blake2_256(b"sealed"));
		assert!(!is_whole(&path, &content));
		std::fs::write(&path, b"seal").unwrap();
		assert!(!is_whole(&path, &content));
		std::fs::write(&path, b"sealed").unwrap();
		assert!(is_whole(&path, &content));
	}

	#[test]
	fn a_body_sealed_twice_keeps_its_commitment_and_changes_all_else() {
		let folder = tempfile::tempdir().unwrap();
		let author = IdentityId([1; 32]);
		let named = Named::new(&author, &place(), [3; 16]);
		let metadata = metadata_of(&author, &place(), "4.0.1").unwrap();
		let seal = |name: &str| {
			let path = folder.path().join(name);
			let pending = seal_body(named, &metadata, &b"{}"[..], 2, &path).unwrap();
			assert!(is_whole(&path, &pending.content));
			(pending, std::fs::read(path).unwrap())
		};
		let ((one, object), (two, _)) = (seal("one"), seal("two"));
		assert_eq!(one.body, two.body);
		assert_eq!((one.record, one.padded_len), (two.record, two.padded_len));
		assert_ne!(one.content, two.content);
		assert_ne!(one.reader_share, two.reader_share);
		assert_ne!(one.custodian_share, two.custodian_share);

		let open = |reader, custodian| {
			let (reader, custodian) =
				(ReaderShare::from_bytes(reader), CustodianShare::from_bytes(custodian));
			Opener::new(&ContentKey::from_shares(reader, custodian))
				.expect_body(BodyCommitment(two.body.0))
				.open_to_vec(&object)
				.map(|(body, _)| body.to_vec())
		};
		assert_eq!(open(one.reader_share, one.custodian_share).unwrap(), b"{}");
		assert!(open(one.reader_share, two.custodian_share).is_err());
		assert!(open(two.reader_share, one.custodian_share).is_err());
	}

	#[test]
	fn the_padded_length_is_that_of_the_object() {
		let folder = tempfile::tempdir().unwrap();
		let author = IdentityId([1; 32]);
		let metadata = metadata_of(&author, &place(), "4.0.1").unwrap();
		for length in [0u64, 1, 500, 5_000, 70_000] {
			let named = Named::new(&author, &place(), [4; 16]);
			let body = vec![7; length as usize];
			let path = folder.path().join("object");
			let pending = seal_body(named, &metadata, &body[..], length, &path).unwrap();
			let expected =
				Sealer::new(&ContentKey::generate(), &metadata).object_len(length).unwrap();
			assert_eq!(pending.object_len, expected);
			assert_eq!(pending.object_len, std::fs::metadata(&path).unwrap().len());
			assert!(pending.padded_len >= length && pending.padded_len < pending.object_len);
		}
	}
}
