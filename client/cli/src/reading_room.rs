// SPDX-License-Identifier: Apache-2.0

//! Opening a record: the custodian's share, the reader's own share, the object, and every check.

use crate::{
	context::{Context, Me},
	filing, output,
	values::when,
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At, Chain,
	custodian::{Custodian, CustodianError, ShareRequest},
	keystore::Secrets,
	types::{ErasureState, GrantKeys, Grantee, ListedGrant, RecordView, Standing, VersionView},
	wire::Release,
};
use salus_envelope::{
	Addressee, BodyCommitment, CiphertextHash, CompartmentPublic, CompartmentSecret, ContentKey,
	EpochContext, Metadata, OpenError, Opener, ReaderShare, RecordContext, Secret, Wrap,
};
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, DenyReason, Epoch, IdentityId, Purpose, RecordId,
	RecordVersion,
};
use std::io::{BufReader, Write};
use zeroize::Zeroizing;

/// A reader at one record.
pub(crate) struct ReadingRoom<'a> {
	pub(crate) context: &'a Context,
	pub(crate) chain: &'a Chain,
	pub(crate) secrets: &'a Secrets,
	pub(crate) me: &'a Me,
}

/// What was opened.
pub(crate) struct OpenedRecord {
	pub(crate) view: RecordView,
	pub(crate) version: VersionView,
	pub(crate) bytes: Zeroizing<Vec<u8>>,
	/// What the object says of its body, salt included.
	pub(crate) metadata: Metadata,
	pub(crate) release: Release,
}

impl ReadingRoom<'_> {
	/// Opens a version, by default the one that counts. Gives nothing out before all of it has been
	/// compared with the chain: the object's hash, the key commitment, every chunk, the body.
	pub(crate) async fn open(
		&self,
		record: RecordId,
		version: Option<RecordVersion>,
		purpose: Option<Purpose>,
		action: Action,
	) -> anyhow::Result<OpenedRecord> {
		let at = self.chain.best().await?;
		let (view, version) = look_up(&at, record, version).await?;
		let purpose = purpose.unwrap_or(if view.subject == self.me.id {
			Purpose::Patrqt
		} else {
			Purpose::Treat
		});

		// Asked first, so that an attempt without a right is denied, and logged, by the one who
		// must, whatever wraps the reader still holds.
		let custodian = self.context.custodian(&at, self.chain).await?;
		let key_version = self.me.view.agreement.version;
		let request =
			ShareRequest { record, version: version.number, purpose, action, key_version };
		let secret = self.secrets.agreement(key_version);
		let answer = custodian.request_share(&self.secrets.signer(), &request, &secret).await;
		let (share, release) = match answer {
			Ok(released) => released,
			Err(error) if error.is_missing() => bail!(
				"the custodian has no key share of this version: its operator restores it, or the \
				 author files the document again as a new version"
			),
			Err(error) if error.is_erased() => {
				bail!("the key share was erased for good: nobody opens this version any more")
			},
			Err(CustodianError::Denied {
				decision: AccessDecision::Deny(DenyReason::UnknownRecord),
				..
			}) => bail!("the record is not final yet: try again in some seconds"),
			Err(CustodianError::Denied { decision, .. }) => {
				let question = AccessQuestion { reader: self.me.id, record, purpose, action };
				let newest = self.chain.best().await?.check_access(question).await?;
				if newest.is_permit() {
					bail!(
						"access is not permitted at the final block yet ({decision}), but {newest} at \
						 the newest one: try again in some seconds"
					);
				}
				bail!("access {decision}; the attempt is recorded. Ask the patient for a grant");
			},
			Err(error) => return Err(error.into()),
		};
		let reader_share = self.reader_share(&at, &view, &version).await?;
		let key = ContentKey::from_shares(reader_share, share);
		let (bytes, metadata) = self.unseal(&custodian, &version, &key).await?;
		Ok(OpenedRecord { view, version, bytes, metadata, release })
	}

	/// Fetches the object and opens it.
	async fn unseal(
		&self,
		custodian: &Custodian,
		version: &VersionView,
		key: &ContentKey,
	) -> anyhow::Result<(Zeroizing<Vec<u8>>, Metadata)> {
		let opener = Opener::new(key)
			.expect_object(CiphertextHash(version.content.0))
			.expect_body(BodyCommitment(version.body.0));
		let opened = match &version.object {
			Some(object) => opener.open_to_vec(object),
			None => {
				let file = self.fetch(custodian, version).await?;
				let mut bytes = Zeroizing::new(Vec::with_capacity(
					usize::try_from(version.padded_len).unwrap_or_default(),
				));
				let source = BufReader::new(file.reopen().context("the object cannot be read")?);
				opener.open(source, &mut *bytes).map(|opened| (bytes, opened))
			},
		};
		opened.map(|(bytes, opened)| (bytes, opened.metadata)).map_err(|error| match error {
			OpenError::WrongKey => anyhow!(
				"the key shares do not fit the object: a wrap or a share is wrong, tell the author"
			),
			other => anyhow!(other).context("the object does not open"),
		})
	}

	/// Fetches a sealed object into a file that goes away with the answer.
	pub(crate) async fn fetch(
		&self,
		custodian: &Custodian,
		version: &VersionView,
	) -> anyhow::Result<tempfile::NamedTempFile> {
		let file = tempfile::NamedTempFile::new().context("no temporary file can be made")?;
		let bar = output::bytes_bar("downloading", 0);
		let signer = self.secrets.signer();
		let fetched = custodian
			.get_object(&signer, &version.content, file.path(), |received, total| {
				bar.set_length(total.unwrap_or(received));
				bar.set_position(received);
			})
			.await;
		bar.finish_and_clear();
		fetched.map_err(|error| match &error {
			error if error.is_missing() => anyhow!(
				"the custodian has no object {}: its operator restores it, or the author files the \
				 document again as a new version",
				version.content
			),
			_ => error.into(),
		})?;
		Ok(file)
	}

	/// `K_r`: from what the author kept, what was sealed to the reader by name, the reader's own
	/// compartments, or a grant.
	pub(crate) async fn reader_share(
		&self,
		at: &At,
		view: &RecordView,
		version: &VersionView,
	) -> anyhow::Result<ReaderShare> {
		let Some(wrapped) = version.key else {
			bail!(
				"the chain keeps no key of this version any more: the record was retracted, or sealed \
				 anew as a later version"
			);
		};
		if let Some(kept) = filing::kept(self.context, self.secrets, &view.id, version.number)? {
			return Ok(ReaderShare::from_bytes(kept.reader_share));
		}
		let record = RecordContext {
			genesis: self.chain.genesis(),
			record: view.id.0,
			version: version.number,
			ciphertext_hash: CiphertextHash(version.content.0),
		};
		if let Some(key) = at.wrap_for(view.id, version.number, self.me.id).await? {
			let to = Addressee::identity(&self.me.id.0, key.key_version);
			let mine = self.secrets.agreement(key.key_version);
			// One that does not open is no reason not to try the compartment.
			if let Ok(share) = Wrap(key.wrap).open_share(&record, &to, &mine) {
				return Ok(share);
			}
		}
		let from_compartment = |secret: &CompartmentSecret| {
			let to = Addressee::compartment(&view.subject.0, view.compartment, wrapped.epoch);
			Wrap(wrapped.wrap)
				.open_share(&record, &to, secret)
				.context("the author's wrap does not open: report it to the author")
		};
		let public = self.epoch_key(at, view, wrapped.epoch).await?;
		if view.subject == self.me.id {
			let secret = self.secrets.compartment_for(view.compartment, wrapped.epoch, &public);
			let secret = secret.ok_or_else(|| {
				anyhow!(
					"this keystore does not hold the key of compartment {}: use the one it was opened \
					 with",
					view.compartment
				)
			})?;
			return from_compartment(&secret);
		}

		let mut held = None;
		for grant in self.grants(at, view.subject).await? {
			match at.grant_keys(grant.id).await? {
				Some(GrantKeys::Compartments(keys)) => {
					let Some(key) = keys.iter().find(|key| {
						key.compartment == view.compartment && key.epoch == wrapped.epoch
					}) else {
						continue;
					};
					let epoch = EpochContext {
						genesis: self.chain.genesis(),
						subject: view.subject.0,
						compartment: view.compartment,
						epoch: wrapped.epoch,
					};
					let to = Addressee::identity(&self.me.id.0, key.key_version);
					let mine = self.secrets.agreement(key.key_version);
					match Wrap(key.wrap).open_compartment(&epoch, &to, &mine, &public) {
						Ok(secret) => return from_compartment(&secret),
						Err(error) => held = Some((grant.id, error)),
					}
				},
				Some(GrantKeys::Record(key)) if key.version == version.number => {
					let to = Addressee::identity(&self.me.id.0, key.key_version);
					let mine = self.secrets.agreement(key.key_version);
					match Wrap(key.wrap).open_share(&record, &to, &mine) {
						Ok(share) => return Ok(share),
						Err(error) => held = Some((grant.id, error)),
					}
				},
				_ => (),
			}
		}
		Err(match held {
			Some((grant, error)) => anyhow!(
				"the key of grant {grant} cannot be used ({error}): ask the patient to grant again"
			),
			None => anyhow!(
				"access is permitted, but no grant to you carries a key for compartment {}: ask the \
				 patient to grant it to you by name",
				view.compartment
			),
		})
	}

	/// The grants to this reader by this patient that act now, newest first.
	pub(crate) async fn grants(
		&self,
		at: &At,
		subject: IdentityId,
	) -> anyhow::Result<Vec<ListedGrant>> {
		let mut found = Vec::new();
		for grantee in [Grantee::Identity(self.me.id), Grantee::Organisation(self.me.id)] {
			found.extend(at.all_grants_to(grantee).await?);
		}
		found.retain(|listed| {
			listed.grant.subject == subject && listed.standing == Standing::InForce
		});
		found.reverse();
		Ok(found)
	}

	async fn epoch_key(
		&self,
		at: &At,
		view: &RecordView,
		epoch: Epoch,
	) -> anyhow::Result<CompartmentPublic> {
		let current = at.compartment(view.subject, view.compartment).await?;
		let current = current.filter(|current| current.epoch == epoch);
		let current = current.ok_or_else(|| {
			anyhow!(
				"the record is sealed to an epoch of its compartment that the chain does not show"
			)
		})?;
		Ok(CompartmentPublic::from_bytes(current.key)?)
	}
}

/// A record and one of its versions, by default the one that counts.
pub(crate) async fn look_up(
	at: &At,
	record: RecordId,
	version: Option<RecordVersion>,
) -> anyhow::Result<(RecordView, VersionView)> {
	let Some(view) = at.record(record).await? else {
		return Err(not_there(at, record).await?);
	};
	let number = version.unwrap_or(view.current);
	let found = at.version(record, number).await?;
	let found = found.ok_or_else(|| {
		anyhow!(
			"the record has no version {number}: its newest is {}, and one that was withdrawn or \
			 lapsed leaves a gap",
			view.newest
		)
	})?;
	Ok((view, found))
}

/// Why there is no record of that id.
async fn not_there(at: &At, record: RecordId) -> anyhow::Result<anyhow::Error> {
	Ok(match at.erasure_state(record).await? {
		Some(ErasureState::Erased(tombstone)) => anyhow!(
			"the record was erased on {} ({}): its keys and its object are gone, and nobody opens it \
			 any more",
			when(tombstone.at),
			tombstone.basis
		),
		_ => anyhow!("there is no record {record}: check the id"),
	})
}

/// Writes a document to a file that has its name only when it is whole, or to stdout.
pub(crate) fn deliver(
	bytes: &[u8],
	output: Option<&std::path::Path>,
	overwrite: bool,
) -> anyhow::Result<()> {
	let Some(path) = output else {
		let mut stdout = std::io::stdout().lock();
		return match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
			Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
			result => Ok(result?),
		};
	};
	salus_client::keystore::write_private(path, bytes, overwrite).map_err(|error| {
		match error.kind() {
			std::io::ErrorKind::AlreadyExists => {
				anyhow!("{} exists already: name another file, or add --force", path.display())
			},
			_ => anyhow!(error).context(format!("{} cannot be written", path.display())),
		}
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_document_is_delivered_whole_and_over_nothing() {
		let folder = tempfile::tempdir().unwrap();
		let path = folder.path().join("out.json");
		deliver(b"one", Some(&path), false).unwrap();
		let error = deliver(b"two", Some(&path), false).unwrap_err().to_string();
		assert!(error.contains("--force"), "{error}");
		assert_eq!(std::fs::read(&path).unwrap(), b"one");
		deliver(b"two", Some(&path), true).unwrap();
		assert_eq!(std::fs::read(&path).unwrap(), b"two");
	}
}
