// SPDX-License-Identifier: Apache-2.0

//! Erasure follows the chain: what a tombstone of the final block names is destroyed here.
//!
//! For each erased record, in this order: the mark `erased/RECORD`, from which on nothing of it is
//! taken or given; the keys of its shares; the shares; the objects that its deposits named; the
//! evidence of its validations. Every step can be done again, and whatever finds the next thing goes
//! after that thing, so that a crash between two steps leaves nothing behind that a second run does
//! not find. At a start all tombstones are applied from the first one on, before anything is served:
//! a store that was restored from a backup holds again what had been erased.

use crate::{
	Custodian, Error,
	chain::{At, Block},
	error::Result,
	objects::{Owner, object_path, owner_path},
	shares::{Place, Row},
	store::json,
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use salus_client::wire::EvidenceKey;
use salus_primitives::{ContentHash, Digest, IdentityId, RecordId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many tombstones are asked for at once.
const PAGE: u32 = 50;
/// How many records are erased at once.
const AT_ONCE: usize = 8;
/// How many rows of one record are listed at a time.
const ROWS: usize = 64;

/// That a deposit of a record named an object.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Named {
	/// Who deposited.
	by: IdentityId,
	/// Whether the object was anchored for this record.
	anchored: bool,
}

/// Who can open the evidence of a validation.
#[derive(Serialize, Deserialize)]
pub(crate) struct Evidence {
	/// The key, sealed to each.
	pub(crate) keys: Vec<EvidenceKey>,
}

/// The mark of an erased record.
pub(crate) fn erased_path(record: &RecordId) -> String {
	format!("erased/{}", hex::encode(record.0))
}

/// Where a folder keeps what belongs to a record.
pub(crate) fn folder_of(folder: &str, record: &RecordId) -> String {
	format!("{folder}/{}", hex::encode(record.0))
}

/// The evidence of a validation, by record.
pub(crate) fn evidence_path(record: &RecordId, digest: &Digest) -> String {
	format!("{}/{}", folder_of("evidence", record), hex::encode(digest.0))
}

/// The mark of an erased object.
fn gone_path(hash: &ContentHash) -> String {
	format!("erased-objects/{}", hex::encode(hash.0))
}

impl Custodian {
	/// Follows the chain's tombstones until the custodian goes down.
	pub(crate) async fn follow_erasures(self: Arc<Self>) {
		loop {
			tokio::time::sleep(self.settings.erasure_interval).await;
			if let Err(error) = self.apply_erasures().await {
				self.metrics.erasures_failed.inc();
				tracing::warn!(%error, "erasures that are final on chain wait here");
			}
		}
	}

	/// Applies the tombstones of the final block that were not applied since the start.
	///
	/// One that fails is tried again with the next round, and those behind it wait.
	pub(crate) async fn apply_erasures(&self) -> Result<()> {
		let mut next = self.next_tombstone.lock().await;
		let finalised = self.chain.head(At::Finalised).await?;
		loop {
			let page = self.chain.tombstones(*next, PAGE, finalised).await?;
			let behind = page.items.last().map_or(*next, |(last, _)| last.saturating_add(1));
			let start = page.next.unwrap_or(behind);
			if start < behind || (page.next.is_some() && start <= *next) {
				return Err(Error::Chain("its list of tombstones leads nowhere".into()));
			}
			stream::iter(page.items)
				.map(|(_, record)| async move { self.erase_record(&record).await })
				.buffer_unordered(AT_ONCE)
				.try_collect::<()>()
				.await?;
			*next = start;
			if page.next.is_none() {
				return Ok(());
			}
		}
	}

	/// Removes objects that are marked as erased: a store that was restored in part has them again.
	pub(crate) async fn apply_object_marks(&self) -> Result<usize> {
		let mut removed = 0;
		let mut marks = self.store.walk("erased-objects");
		while let Some(name) = marks.try_next().await? {
			// Other names are none of ours.
			let Some(hash) = content_hash(&name) else { continue };
			if self.store.has(&object_path(&hash)).await? {
				self.erase_object(&hash).await?;
				removed += 1;
			}
		}
		Ok(removed)
	}

	/// Whether a record was erased.
	pub(crate) async fn is_erased(&self, record: &RecordId) -> Result<bool> {
		self.store.has(&erased_path(record)).await
	}

	/// Refuses what is asked for a record that was erased.
	pub(crate) async fn ensure_not_erased(&self, record: &RecordId) -> Result<()> {
		if self.is_erased(record).await? { Err(Error::RecordErased) } else { Ok(()) }
	}

	/// Refuses an object that was erased with its record.
	pub(crate) async fn ensure_not_gone(&self, hash: &ContentHash) -> Result<()> {
		if self.store.has(&gone_path(hash)).await? { Err(Error::ObjectErased) } else { Ok(()) }
	}

	/// Erases everything of a record. Doing it again finishes what broke off, or changes nothing.
	pub(crate) async fn erase_record(&self, record: &RecordId) -> Result<()> {
		if self.store.create(&erased_path(record), Bytes::new()).await? {
			self.metrics.erasures.inc();
		}
		self.shares.destroy_keys(record).await?;
		self.shares.remove_rows(record).await?;
		self.erase_named_objects(record).await?;
		self.erase_evidence(record).await
	}

	/// Notes that a deposit of a record names an object. Gives whether the depositor uploaded it.
	pub(crate) async fn note_object(
		&self,
		record: &RecordId,
		hash: &ContentHash,
		by: IdentityId,
	) -> Result<bool> {
		let path = format!("{}/{}", folder_of("contents", record), hex::encode(hash.0));
		self.store.create(&path, json(&Named { by, anchored: false })).await?;
		Ok(self.owner_of(hash).await? == Some(by))
	}

	/// Notes that an object was anchored for its record, when another than the depositor of its
	/// share uploaded it: what anybody may claim of another's object erases nothing.
	pub(crate) async fn note_anchored(
		&self,
		place: Place<'_>,
		row: &Row,
		finalised: Block,
	) -> Result<()> {
		if row.own {
			return Ok(());
		}
		let folder = folder_of("contents", place.record);
		let path = format!("{folder}/{}", hex::encode(row.content.0));
		let Some(named) = self.store.read_json::<Named>(&path).await? else { return Ok(()) };
		if named.anchored || !self.was_anchored(place, &row.content, finalised).await? {
			return Ok(());
		}
		self.store.replace(&path, json(&Named { anchored: true, ..named })).await
	}

	/// Whether the chain names an object for a version that counts or did: to propose a version is no
	/// more than a claim.
	async fn was_anchored(
		&self,
		Place { record, version }: Place<'_>,
		content: &ContentHash,
		at: Block,
	) -> Result<bool> {
		let filed = self.chain.version(record, version, at).await?;
		Ok(filed.is_some_and(|filed| filed.was_anchored && filed.content == *content))
	}

	async fn erase_named_objects(&self, record: &RecordId) -> Result<()> {
		let folder = folder_of("contents", record);
		loop {
			let (names, _) = self.store.list(&folder, None, ROWS).await?;
			if names.is_empty() {
				return Ok(());
			}
			for name in names {
				let path = format!("{folder}/{name}");
				if let Some(hash) = content_hash(&name) {
					self.erase_named(record, &hash, &path).await?;
				}
				self.store.remove(&path).await?;
			}
		}
	}

	/// An object goes with a record when who deposited the share of it also uploaded it first, or the
	/// chain named it for that record. Otherwise it is, or may be, another's; so is what the chain
	/// names for another record, whoever uploaded it.
	async fn erase_named(&self, record: &RecordId, hash: &ContentHash, path: &str) -> Result<()> {
		// A row that cannot be read entitles to nothing, and must not stop the erasures behind it.
		let named: Option<Named> = readable(self.store.read_json(path).await)?;
		let owner: Option<Owner> = readable(self.store.read_json(&owner_path(hash)).await)?;
		let uploaded = named.is_some_and(|named| owner.is_some_and(|row| row.owner == named.by));
		let begun = self.store.has(&gone_path(hash)).await?;
		let goes = begun || named.is_some_and(|named| named.anchored);
		if goes || (uploaded && !self.is_of_another(record, hash).await?) {
			return self.erase_object(hash).await;
		}
		if self.store.has(&object_path(hash)).await? {
			self.metrics.objects_left.inc();
		}
		Ok(())
	}

	/// Whether the final block names an object for another record.
	async fn is_of_another(&self, record: &RecordId, hash: &ContentHash) -> Result<bool> {
		let finalised = self.chain.head(At::Finalised).await?;
		let named = self.chain.record_of(hash, finalised).await?;
		Ok(named.is_some_and(|named| named != *record))
	}

	async fn erase_evidence(&self, record: &RecordId) -> Result<()> {
		let folder = folder_of("evidence", record);
		loop {
			let (names, _) = self.store.list(&folder, None, ROWS).await?;
			if names.is_empty() {
				return Ok(());
			}
			for name in names {
				if let Some(hash) = content_hash(&name) {
					self.erase_object(&hash).await?;
				}
				self.store.remove(&format!("{folder}/{name}")).await?;
			}
		}
	}

	/// Erases an object for good: the mark keeps it from being uploaded or restored.
	pub(crate) async fn erase_object(&self, hash: &ContentHash) -> Result<()> {
		self.store.create(&gone_path(hash), Bytes::new()).await?;
		self.remove_object(hash).await
	}

	/// Who uploaded an object first.
	pub(crate) async fn owner_of(&self, hash: &ContentHash) -> Result<Option<IdentityId>> {
		let owner: Option<Owner> = self.store.read_json(&owner_path(hash)).await?;
		Ok(owner.map(|row| row.owner))
	}
}

/// What was read, or nothing where a row is damaged. That the store fails stays a failure.
fn readable<R>(read: Result<Option<R>>) -> Result<Option<R>> {
	match read {
		Err(Error::Row(_)) => {
			tracing::error!("a row of an erased record cannot be read");
			Ok(None)
		},
		other => other,
	}
}

/// A hash as the names of rows have it.
fn content_hash(name: &str) -> Option<ContentHash> {
	let mut hash = [0; 32];
	hex::decode_to_slice(name, &mut hash).ok()?;
	Some(ContentHash(hash))
}
