// SPDX-License-Identifier: Apache-2.0

//! Key shares, each sealed at rest under a key of its own.
//!
//! The sealed share lies with the objects and may be in any number of their backups. Its key lies in
//! a small store apart, which keeps no versions, wrapped by the master key: to destroy the key is to
//! erase the share. A tombstone, written first, keeps an erased share from being deposited again and
//! from coming back with a restored key store. That of a whole record stands in [`crate::erasure`].

mod deposit;
mod reseal;

use crate::{
	Error,
	erasure::{erased_path, folder_of},
	error::Result,
	store::{Store, json},
};
use bytes::Bytes;
use futures::TryStreamExt;
use salus_client::wire::{SharePart, Stored, hex_bytes};
use salus_envelope::{CustodianShare, KeyEncryptionKey, Secret};
use salus_primitives::{
	CompartmentNo, ContentHash, IdentityId, RecordClass, RecordId, RecordNonce, RecordVersion,
};
use serde::{Deserialize, Serialize};

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
	/// Which part of `K_s` it is; none when it is all of it.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub(crate) part: Option<SharePart>,
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

	/// Refuses another object or part than a share was deposited with, and what was erased.
	async fn ensure_fits(
		&self,
		place: Place<'_>,
		content: &ContentHash,
		part: Option<SharePart>,
	) -> Result<()> {
		match self.row(place).await {
			Ok(row) if row.content != *content || row.part != part => Err(Error::ShareDiffers),
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

	/// Takes a share away that never belonged to a version on chain: its number is still to be given
	/// out, and another share may come for it.
	async fn take_back(&self, place: Place<'_>) -> Result<()> {
		self.keys.remove(&place.path("keys")).await?;
		self.rows.remove(&place.path("shares")).await
	}

	/// Erases a share for good.
	async fn erase(&self, place: Place<'_>) -> Result<()> {
		self.rows.create(&place.path("tombstones"), Bytes::new()).await?;
		self.keys.remove(&place.path("keys")).await?;
		self.rows.remove(&place.path("shares")).await
	}
}

/// Removes every row of a folder that holds those of one record, or of one object.
pub(crate) async fn remove_all(store: &Store, folder: &str) -> Result<usize> {
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
