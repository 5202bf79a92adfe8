// SPDX-License-Identifier: Apache-2.0

//! Key shares, each sealed at rest under a key of its own.
//!
//! The sealed share lies with the objects and may be in any number of their backups. Its key lies in
//! a small store apart, which keeps no versions, wrapped by the master key: to destroy the key is to
//! erase the share. A tombstone, written first, keeps an erased share from being deposited again and
//! from coming back with a restored key store. That of a whole record stands in [`crate::erasure`].

use crate::{
	Custodian, Error,
	auth::Caller,
	chain::Block,
	erasure::{erased_path, folder_of},
	error::Result,
	store::{Store, json},
};
use bytes::Bytes;
use futures::TryStreamExt;
use salus_client::wire::{Deposit, Peer, Stored, hex_bytes};
use salus_envelope::{AgreementSecret, CustodianShare, KeyEncryptionKey, Secret};
use salus_primitives::{
	AmendReason, CompartmentNo, ContentHash, IdentityId, RecordClass, RecordId, RecordNonce,
	RecordStatus, RecordVersion, blake2_256,
};
use serde::{Deserialize, Serialize};

/// How many versions above its own can have taken the reader share of a version by a reseal.
const RESEAL_REACH: RecordVersion = 17;
/// How many rows of one record are listed at a time.
const ROWS: usize = 64;

/// The shares of all records.
pub struct Shares {
	/// Where the sealed shares lie.
	rows: Store,
	/// Where their keys lie.
	keys: Store,
	/// Wraps the keys.
	master: KeyEncryptionKey,
}

/// A share at rest.
#[derive(Serialize, Deserialize)]
pub(crate) struct Row {
	/// Who deposited it.
	by: IdentityId,
	/// The object that it opens.
	pub(crate) content: ContentHash,
	/// Whether the depositor had uploaded that object itself.
	pub(crate) own: bool,
	subject: IdentityId,
	class: RecordClass,
	compartment: CompartmentNo,
	#[serde(with = "hex_bytes")]
	nonce: RecordNonce,
	/// The share under its own key.
	#[serde(with = "hex_bytes")]
	sealed: [u8; 40],
}

/// The version of a record that a share opens.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
	pub(crate) record: &'a RecordId,
	pub(crate) version: RecordVersion,
}

impl Place<'_> {
	fn path(&self, folder: &str) -> String {
		format!("{folder}/{}/{}", hex::encode(self.record.0), self.version)
	}
}

impl Custodian {
	/// Stores a share that the author of its record seals to this custodian.
	///
	/// The first version comes before the chain knows the record: the id proves its author. Later
	/// ones may also come from whom the chain names as keeper.
	pub(crate) async fn deposit(
		&self,
		caller: &Caller,
		place: Place<'_>,
		deposit: &Deposit,
	) -> Result<Stored> {
		let Deposit { subject, class, compartment, nonce, content, share } = deposit;
		let by = caller.identity;
		let id = RecordId::derive(blake2_256, &by, subject, *class, *compartment, nonce);
		if id != *place.record && !self.is_keeper(caller, place, deposit).await? {
			return Err(Error::NotAuthor);
		}
		let (peer, secret) = (self.peer(), &self.settings.agreement);
		let share = open_deposit(&peer, place, share, secret)?;
		self.shares.ensure_fits(place, content).await?;
		// Before the share: whatever is deposited is known to the erasure of its record.
		let own = self.note_object(place.record, content, by).await?;
		let row = |sealed| Row {
			by,
			content: *content,
			own,
			subject: *subject,
			class: *class,
			compartment: *compartment,
			nonce: *nonce,
			sealed,
		};
		let stored = self.shares.keep(place, &share, row).await;
		// An erasure may have run in between: what came after it goes as well.
		if self.is_erased(place.record).await? {
			self.erase_record(place.record).await?;
			return Err(Error::ShareErased);
		}
		stored
	}

	/// Whether the chain names the caller as keeper of this very record, at both ends.
	async fn is_keeper(
		&self,
		caller: &Caller,
		place: Place<'_>,
		deposit: &Deposit,
	) -> Result<bool> {
		for block in [caller.finalised, caller.best] {
			let Some(facts) = self.chain.record(place.record, block).await? else {
				return Ok(false);
			};
			let Deposit { subject, class, compartment, nonce, .. } = deposit;
			let (author, class) = (facts.author, *class);
			let id = RecordId::derive(blake2_256, &author, subject, class, *compartment, nonce);
			if id != *place.record || !facts.is_kept_by(&caller.identity) {
				return Ok(false);
			}
		}
		Ok(true)
	}

	/// Erases a share for good: one that belongs to nothing anchored, for whoever deposited it, and
	/// one that a reseal took the place of, for the keeper. A subject may reseal what its keeper
	/// refused to erase, and so destroys a share only where it is the author.
	pub(crate) async fn erase_share(&self, caller: &Caller, place: Place<'_>) -> Result<()> {
		let row = self.shares.row(place).await?;
		if self.is_resealed(caller, place).await? {
			// The object first: without the row nobody would find it again after a crash.
			self.erase_superseded(caller, place, &row.content).await?;
			return self.shares.erase(place).await;
		}
		if row.by != caller.identity {
			return Err(Error::NotEntitled);
		}
		for block in [caller.finalised, caller.best] {
			self.ensure_not_kept(caller, place.record, block).await?;
		}
		self.shares.erase(place).await
	}

	/// Says whether a share is kept.
	pub(crate) async fn ensure_kept(&self, place: Place<'_>) -> Result<()> {
		self.shares.row(place).await.map(drop)
	}

	/// Whether the caller is keeper of a record in which a reseal took the place of this version, at
	/// both ends: a reseal that a reorganisation undoes would leave nothing to read.
	async fn is_resealed(&self, caller: &Caller, place: Place<'_>) -> Result<bool> {
		for block in [caller.finalised, caller.best] {
			let Some(facts) = self.chain.record(place.record, block).await? else {
				return Ok(false);
			};
			if !facts.is_kept_by(&caller.identity)
				|| !self.has_reseal(place, facts.current, block).await?
			{
				return Ok(false);
			}
		}
		Ok(true)
	}

	/// Whether the chain dropped the version's reader share because a later one, up to the one that
	/// counts, is a reseal.
	async fn has_reseal(
		&self,
		Place { record, version }: Place<'_>,
		current: RecordVersion,
		at: Block,
	) -> Result<bool> {
		let facts = self.chain.version(record, version, at).await?;
		if facts.is_none_or(|facts| facts.has_key) {
			return Ok(false);
		}
		let reach = version.saturating_add(RESEAL_REACH).min(current);
		for later in version.saturating_add(1)..=reach {
			let facts = self.chain.version(record, later, at).await?;
			if facts.is_some_and(|facts| facts.reason == Some(AmendReason::Resealed)) {
				return Ok(true);
			}
		}
		Ok(false)
	}

	/// The object of a version that was resealed, when the chain names it for that version.
	async fn erase_superseded(
		&self,
		caller: &Caller,
		Place { record, version }: Place<'_>,
		content: &ContentHash,
	) -> Result<()> {
		let facts = self.chain.version(record, version, caller.finalised).await?;
		if facts.is_some_and(|facts| facts.content == *content) {
			self.erase_object(content).await?;
		}
		Ok(())
	}

	/// Refuses when `record` is one that `caller` may not take back by itself: an anchored record
	/// is kept for its subject and by duty, unless the subject wrote it.
	pub(crate) async fn ensure_not_kept(
		&self,
		caller: &Caller,
		record: &RecordId,
		at: Block,
	) -> Result<()> {
		let Some(facts) = self.chain.record(record, at).await? else { return Ok(()) };
		let is_open = matches!(
			facts.status,
			RecordStatus::InProcess | RecordStatus::ValFail | RecordStatus::Lapsed
		);
		if is_open || facts.subject == caller.identity { Ok(()) } else { Err(Error::Anchored) }
	}
}

fn open_deposit(
	peer: &Peer,
	Place { record, version }: Place<'_>,
	share: &salus_client::wire::SealedShare,
	secret: &AgreementSecret,
) -> Result<CustodianShare> {
	peer.open_deposit(record, version, share, secret).map_err(|_| Error::ShareSealed)
}

impl Shares {
	/// Shares over two stores.
	pub fn new(rows: Store, keys: Store, master: KeyEncryptionKey) -> Self {
		Self { rows, keys, master }
	}

	/// The share of a version, and its row.
	pub(crate) async fn open(&self, place: Place<'_>) -> Result<(CustodianShare, Row)> {
		let row = self.row(place).await?;
		let Some(key) = self.key(place).await? else { return Err(Error::ShareDamaged) };
		let share = key.unwrap(&row.sealed).map_err(|_| Error::ShareDamaged)?;
		Ok((share, row))
	}

	/// Destroys the keys of all shares of a record. Gives how many there were.
	pub(crate) async fn destroy_keys(&self, record: &RecordId) -> Result<usize> {
		remove_all(&self.keys, &folder_of("keys", record)).await
	}

	/// Removes the shares of a record, whose keys are gone.
	pub(crate) async fn remove_rows(&self, record: &RecordId) -> Result<usize> {
		remove_all(&self.rows, &folder_of("shares", record)).await
	}

	/// Destroys the keys of all shares that were erased: a key store that was restored from a backup
	/// holds some of them again.
	pub(crate) async fn apply_tombstones(&self) -> Result<usize> {
		let mut destroyed = 0;
		let mut tombstones = self.rows.walk("tombstones");
		while let Some(place) = tombstones.try_next().await? {
			let (key, row) = (format!("keys/{place}"), format!("shares/{place}"));
			if self.keys.has(&key).await? {
				self.keys.remove(&key).await?;
				destroyed += 1;
			}
			if self.rows.has(&row).await? {
				self.rows.remove(&row).await?;
			}
		}
		Ok(destroyed)
	}

	/// Refuses another object than the one that a share was deposited with, and what was erased.
	async fn ensure_fits(&self, place: Place<'_>, content: &ContentHash) -> Result<()> {
		match self.row(place).await {
			Ok(row) if row.content != *content => Err(Error::ShareDiffers),
			Ok(_) | Err(Error::ShareMissing) => Ok(()),
			Err(error) => Err(error),
		}
	}

	async fn row(&self, place: Place<'_>) -> Result<Row> {
		let tombstones = [place.path("tombstones"), erased_path(place.record)];
		for tombstone in tombstones {
			if self.rows.has(&tombstone).await? {
				return Err(Error::ShareErased);
			}
		}
		let row = self.rows.read_json(&place.path("shares")).await?;
		row.ok_or(Error::ShareMissing)
	}

	async fn key(&self, place: Place<'_>) -> Result<Option<KeyEncryptionKey>> {
		let Some(bytes) = self.keys.read(&place.path("keys")).await? else { return Ok(None) };
		let wrapped = <&[u8; 40]>::try_from(&bytes[..]).map_err(|_| Error::ShareDamaged)?;
		self.master.unwrap(wrapped).map(Some).map_err(|_| Error::ShareDamaged)
	}

	/// The key goes first: one without a share opens nothing, and a second try uses it.
	async fn keep(
		&self,
		place: Place<'_>,
		share: &CustodianShare,
		row: impl Fn([u8; 40]) -> Row,
	) -> Result<Stored> {
		match self.row(place).await {
			Ok(_) => return self.compare(place, share).await,
			Err(Error::ShareMissing) => (),
			Err(error) => return Err(error),
		}
		let fresh = KeyEncryptionKey::generate();
		let wrapped = Bytes::copy_from_slice(&self.master.wrap(&fresh));
		let key = if self.keys.create(&place.path("keys"), wrapped).await? {
			fresh
		} else {
			self.key(place).await?.ok_or(Error::ShareErased)?
		};
		let row = json(&row(key.wrap(share)));
		if !self.rows.create(&place.path("shares"), row).await? {
			return self.compare(place, share).await;
		}
		// An erasure may have run in between; its tombstone was there before it looked for the key.
		if self.rows.has(&place.path("tombstones")).await? {
			self.erase(place).await?;
			return Err(Error::ShareErased);
		}
		Ok(Stored { existed: false })
	}

	async fn compare(&self, place: Place<'_>, share: &CustodianShare) -> Result<Stored> {
		if self.open(place).await?.0 == *share {
			Ok(Stored { existed: true })
		} else {
			Err(Error::ShareDiffers)
		}
	}

	async fn erase(&self, place: Place<'_>) -> Result<()> {
		self.rows.create(&place.path("tombstones"), Bytes::new()).await?;
		self.keys.remove(&place.path("keys")).await?;
		self.rows.remove(&place.path("shares")).await
	}
}

/// Removes every row of a folder that holds those of one record.
async fn remove_all(store: &Store, folder: &str) -> Result<usize> {
	let mut removed = 0;
	loop {
		let (names, _) = store.list(folder, None, ROWS).await?;
		if names.is_empty() {
			return Ok(removed);
		}
		for name in names {
			store.remove(&format!("{folder}/{name}")).await?;
			removed += 1;
		}
	}
}
