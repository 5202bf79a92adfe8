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
	custodian::{Circle, ShareRequest},
	keystore::Secrets,
	types::{
		ErasureState, GrantKeys, Grantee, ListedGrant, RecordView, Scope, Standing, VersionView,
	},
	wire::Release,
};
use salus_envelope::{
	Addressee, BodyCommitment, CiphertextHash, ContentKey, Metadata, OpenError, Opener,
	ReaderShare, RecordContext, Secret, Wrap,
};
use salus_primitives::{AccessQuestion, Action, IdentityId, Purpose, RecordId, RecordVersion};
use shares::Shares;
use std::io::{BufReader, Write};
use zeroize::Zeroizing;

mod emergency;
mod shares;

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

		// Asked first, so that an attempt without a right is denied, and logged, by those who must,
		// whatever wraps the reader still holds.
		let circle = self.context.circle_of(self.chain, &at, &view).await?;
		let key_version = self.me.view.agreement.version;
		let request =
			ShareRequest { record, version: version.number, purpose, action, key_version };
		let (signer, secret) = (self.secrets.signer(), self.secrets.agreement(key_version));
		let shares = Shares {
			chain: self.chain,
			question: AccessQuestion { reader: self.me.id, record, purpose, action },
			gathering: circle.gather(&signer, request, &secret),
		};
		let reader_share = async {
			match purpose {
				Purpose::Btg => self.emergency_share(&at, &view, &version).await,
				_ => self.reader_share(&at, &view, &version).await,
			}
		};
		let (bytes, metadata, release) =
			self.unseal(&circle, &version, shares, reader_share).await?;
		Ok(OpenedRecord { view, version, bytes, metadata, release })
	}

	/// Fetches the object and opens it with the first key share that fits.
	async fn unseal(
		&self,
		circle: &Circle,
		version: &VersionView,
		mut shares: Shares<'_>,
		reader_share: impl Future<Output = anyhow::Result<ReaderShare>>,
	) -> anyhow::Result<(Zeroizing<Vec<u8>>, Metadata, Release)> {
		let (mut share, mut release) = shares.next().await?;
		let reader_share = reader_share.await?;
		let file = match &version.object {
			Some(_) => None,
			None => Some(self.fetch(circle, version).await?),
		};
		loop {
			let key = ContentKey::from_shares(reader_share.clone(), share);
			let opener = Opener::new(&key)
				.expect_object(CiphertextHash(version.content.0))
				.expect_body(BodyCommitment(version.body.0));
			let length = usize::try_from(version.padded_len).unwrap_or_default();
			let mut bytes = Zeroizing::new(Vec::with_capacity(length));
			let opened = match (&version.object, &file) {
				(Some(object), _) => opener.open(&object[..], &mut *bytes),
				(None, Some(file)) => {
					let source = file.reopen().context("the object cannot be read")?;
					opener.open(BufReader::new(source), &mut *bytes)
				},
				(None, None) => bail!("the sealed document is neither here nor on chain"),
			};
			match opened {
				Ok(opened) => return Ok((bytes, opened.metadata, release)),
				// Nothing was decrypted: a part was wrong, or the reader's own share is.
				Err(OpenError::WrongKey) => (share, release) = shares.instead().await?,
				Err(error) => return Err(anyhow!(error).context("the object does not open")),
			}
		}
	}

	/// Fetches a sealed object into a file that goes away with the answer.
	pub(crate) async fn fetch(
		&self,
		circle: &Circle,
		version: &VersionView,
	) -> anyhow::Result<tempfile::NamedTempFile> {
		let file = tempfile::NamedTempFile::new().context("no temporary file can be made")?;
		let bar = output::bytes_bar("downloading", 0);
		let signer = self.secrets.signer();
		let fetched = circle
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

	/// `K_r`: from what the author kept, what was sealed to the reader by name, a grant of the record,
	/// or its compartment.
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
		let mut held = None;
		for grant in self.grants(at, view.subject).await? {
			let Some(GrantKeys::Record(key)) = at.grant_keys(grant.id).await? else { continue };
			if grant.grant.terms.scope != Scope::Record(view.id) || key.version != version.number {
				continue;
			}
			let to = Addressee::identity(&self.me.id.0, key.key_version);
			let mine = self.secrets.agreement(key.key_version);
			match Wrap(key.wrap).open_share(&record, &to, &mine) {
				Ok(share) => return Ok(share),
				Err(error) => held = Some((grant.id, error)),
			}
		}
		let secret = self.secret_of_epoch(at, view.subject, view.compartment, wrapped.epoch).await;
		let secret = secret.map_err(|error| match held {
			Some((grant, error)) => anyhow!(
				"the key of grant {grant} cannot be used ({error}): ask the patient to grant again"
			),
			None => error,
		})?;
		let to = Addressee::compartment(&view.subject.0, view.compartment, wrapped.epoch);
		Wrap(wrapped.wrap)
			.open_share(&record, &to, &secret)
			.context("the author's wrap does not open: report it to the author")
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
