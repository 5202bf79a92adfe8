// SPDX-License-Identifier: Apache-2.0

//! Sealed objects, addressed by their hash.
//!
//! An upload is staged and published in one step, and only when its hash fits. A download is hashed
//! before it is served, so that damage is told by a clean answer; a very long one is hashed while it
//! is served, the last bytes are held back until the hash fits, and the connection is cut when it does
//! not. Either way nobody gets a whole object that is not the one asked for.

mod owners;

use crate::{
	Custodian, Error,
	auth::Caller,
	error::Result,
	pace::Patience,
	store::{Store, json},
};
use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream::BoxStream};
use http_body_util::BodyExt;
use object_store::{ObjectStoreExt, WriteMultipart};
use salus_client::wire::Stored;
use salus_envelope::CiphertextHasher;
use salus_primitives::{ContentHash, IdentityId, RecordId};
use serde::{Deserialize, Serialize};
use std::{io, time::Duration};
use tokio::time::Instant;

/// How much of an upload is held in memory before it goes to the store.
const PART: usize = 5 << 20;
/// How many parts may be on their way to the store at once.
const PARTS_IN_FLIGHT: usize = 2;
/// How much of a refused upload is read before the answer, so that the client gets to see it.
const DRAIN: u64 = 8 << 20;
/// How long that may take in all.
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// Who uploaded an object first.
#[derive(Serialize, Deserialize)]
pub(crate) struct Owner {
	pub(crate) owner: IdentityId,
	/// The record that it is the evidence of a validation for.
	#[serde(default, skip_serializing_if = "Option::is_none")]
	pub(crate) record: Option<RecordId>,
}

/// An object on its way to a client.
pub(crate) struct Download {
	/// Its length in bytes.
	pub(crate) length: u64,
	/// Its bytes; an error in the middle cuts the connection.
	pub(crate) bytes: BoxStream<'static, io::Result<Bytes>>,
}

impl Custodian {
	/// Stores the bytes that come if they have that hash. An object that is there already is
	/// written again, which heals a damaged one.
	pub(crate) async fn put_object(
		&self,
		caller: &Caller,
		hash: &ContentHash,
		declared: Option<u64>,
		body: Body,
	) -> Result<Stored> {
		let existed = match self.is_wanted(caller, hash, declared).await {
			Ok(existed) => existed,
			Err(error) => {
				drain(body).await;
				return Err(error);
			},
		};
		let (upload, length) = receive(&self.store, hash, body, self.settings.max_object).await?;
		let _charged = match existed {
			true => None,
			false => match self.unfiled.charge(&caller.identity, hash, length).await {
				Ok(charged) => Some(charged),
				Err(error) => {
					upload.abort().await;
					return Err(error);
				},
			},
		};
		// Nobody deletes between the bytes and the row that says whose they are, too.
		let published = self.deletions.read().await;
		upload.publish(&self.store, hash).await?;
		self.claim(caller.identity, hash).await?;
		drop(published);
		// An erasure may have run in between: what came after it goes as well.
		if let Err(error) = self.ensure_not_gone(hash).await {
			self.erase_object(hash).await?;
			return Err(error);
		}
		Ok(Stored { existed })
	}

	/// Whether an upload is worth reading: it was not erased, and there is room for what is new. Gives
	/// whether it is there already.
	async fn is_wanted(
		&self,
		caller: &Caller,
		hash: &ContentHash,
		declared: Option<u64>,
	) -> Result<bool> {
		self.ensure_not_gone(hash).await?;
		let existed = self.store.has(&object_path(hash)).await?;
		if !existed {
			self.unfiled.ensure_room(&caller.identity, declared.unwrap_or_default()).await?;
		}
		Ok(existed)
	}

	/// Stores the sealed evidence of a validation, for the organisation that gives the verdicts.
	pub(crate) async fn put_evidence(
		&self,
		owner: IdentityId,
		record: RecordId,
		hash: &ContentHash,
		object: Bytes,
	) -> Result<()> {
		self.store.replace(&object_path(hash), object).await?;
		let owner = Owner { owner, record: Some(record) };
		self.store.create(&owner_path(hash), json(&owner)).await?;
		Ok(())
	}

	/// Opens an object.
	pub(crate) async fn get_object(&self, hash: &ContentHash) -> Result<Download> {
		self.ensure_not_gone(hash).await?;
		let served = open(&self.store, hash, self.settings.hash_first).await;
		if matches!(served, Err(Error::ObjectDamaged)) {
			self.metrics.damaged.inc();
		}
		served
	}
}

pub(crate) fn object_path(hash: &ContentHash) -> String {
	let name = hex::encode(hash.0);
	let (shelf, _) = name.split_at(2);
	format!("objects/{shelf}/{name}")
}

pub(crate) fn owner_path(hash: &ContentHash) -> String {
	format!("owners/{}", hex::encode(hash.0))
}

/// Reads a little of a body that is not wanted: a client that is still sending reads no answer.
pub(crate) async fn drain(body: Body) {
	let mut rest = body.into_data_stream();
	let mut left = DRAIN;
	let draining = async {
		while let Some(Ok(chunk)) = rest.next().await {
			left = left.saturating_sub(chunk.len() as u64);
			if left == 0 {
				return;
			}
		}
	};
	// Who sends too slowly does not read the answer.
	let _ = tokio::time::timeout(DRAIN_TIME, draining).await;
}

/// Reads bytes that nobody can see yet. Gives them and how many there are, when they have the hash.
async fn receive(
	store: &Store,
	hash: &ContentHash,
	mut body: Body,
	limit: u64,
) -> Result<(Upload, u64)> {
	let mut upload = Upload::Small(Vec::new());
	let mut hasher = CiphertextHasher::new();
	let mut length = 0;
	let mut patience = Patience::new();
	let received = loop {
		let start = Instant::now();
		let frame = match tokio::time::timeout(patience.left(), body.frame()).await {
			Err(_) => break Err(Error::BodyTimeout),
			Ok(None) => break Ok(()),
			Ok(Some(Err(_))) => break Err(Error::BodyBroken),
			Ok(Some(Ok(frame))) => frame,
		};
		let waited = start.elapsed();
		let chunk = frame.into_data().unwrap_or_default();
		patience.passed(waited, chunk.len() as u64);
		length += chunk.len() as u64;
		if length > limit {
			break Err(Error::TooLarge(limit));
		}
		hasher.update(&chunk);
		if let Err(error) = upload.write(store, hash, chunk).await {
			break Err(error);
		}
	};
	let checked = received
		.and_then(|()| if hasher.finish().0 == hash.0 { Ok(()) } else { Err(Error::HashMismatch) });
	match checked {
		Ok(()) => Ok((upload, length)),
		Err(error) => {
			upload.abort().await;
			if matches!(error, Error::TooLarge(_)) {
				drain(body).await;
			}
			Err(error)
		},
	}
}

/// Bytes that nobody can see yet.
enum Upload {
	/// Small enough to be written in one go.
	Small(Vec<u8>),
	/// Staged part by part in the store.
	Staged(WriteMultipart),
}

impl Upload {
	async fn write(&mut self, store: &Store, hash: &ContentHash, chunk: Bytes) -> Result<()> {
		match self {
			Self::Small(bytes) if bytes.len() + chunk.len() <= PART => {
				bytes.extend_from_slice(&chunk);
			},
			Self::Small(bytes) => {
				let path = store.path(&object_path(hash));
				let staged = store.inner().put_multipart(&path).await?;
				let mut staged = WriteMultipart::new_with_chunk_size(staged, PART);
				staged.put(std::mem::take(bytes).into());
				staged.put(chunk);
				*self = Self::Staged(staged);
			},
			Self::Staged(staged) => {
				staged.wait_for_capacity(PARTS_IN_FLIGHT).await?;
				staged.put(chunk);
			},
		}
		Ok(())
	}

	async fn publish(self, store: &Store, hash: &ContentHash) -> Result<()> {
		match self {
			Self::Small(bytes) => store.replace(&object_path(hash), bytes.into()).await,
			Self::Staged(staged) => {
				staged.finish().await?;
				Ok(())
			},
		}
	}

	async fn abort(self) {
		if let Self::Staged(staged) = self
			&& let Err(error) = staged.abort().await
		{
			tracing::warn!(%error, "an upload that was given up stays staged for now");
		}
	}
}

async fn open(store: &Store, hash: &ContentHash, hash_first: u64) -> Result<Download> {
	let path = store.path(&object_path(hash));
	let found = |result| match result {
		Err(object_store::Error::NotFound { .. }) => Err(Error::ObjectMissing),
		other => Ok(other?),
	};
	let first = found(store.inner().get(&path).await)?;
	let length = first.meta.size;
	if length > hash_first {
		return Ok(Download { length, bytes: hold_back_last(first.into_stream(), *hash).boxed() });
	}

	let mut hasher = CiphertextHasher::new();
	let mut bytes = first.into_stream();
	while let Some(chunk) = bytes.next().await {
		hasher.update(&chunk?);
	}
	if hasher.finish().0 != hash.0 {
		return Err(Error::ObjectDamaged);
	}
	// What is read again is hashed again: it may change in between.
	let second = found(store.inner().get(&path).await)?;
	if second.meta.size != length {
		return Err(Error::ObjectDamaged);
	}
	Ok(Download { length, bytes: hold_back_last(second.into_stream(), *hash).boxed() })
}

/// Passes chunks on one late, so that the last is served only when the hash of all fits.
fn hold_back_last(
	chunks: impl Stream<Item = object_store::Result<Bytes>> + Send + Unpin + 'static,
	hash: ContentHash,
) -> impl Stream<Item = io::Result<Bytes>> + Send {
	let start = (chunks, CiphertextHasher::new(), Bytes::new());
	futures::stream::try_unfold(Some(start), move |state| async move {
		let Some((mut chunks, mut hasher, held)) = state else { return Ok(None) };
		match chunks.next().await {
			Some(chunk) => {
				let chunk = chunk.map_err(io::Error::other)?;
				hasher.update(&chunk);
				Ok(Some((held, Some((chunks, hasher, chunk)))))
			},
			None if hasher.finish().0 == hash.0 => Ok(Some((held, None))),
			None => {
				tracing::error!(%hash, "object damaged: the connection is cut");
				Err(io::Error::other("object damaged"))
			},
		}
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	async fn served(chunks: &[&'static [u8]], hash: [u8; 32]) -> Vec<io::Result<Bytes>> {
		let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk))).collect();
		hold_back_last(futures::stream::iter(chunks), ContentHash(hash)).collect().await
	}

	fn hash(bytes: &[u8]) -> [u8; 32] {
		salus_primitives::blake2_256(bytes)
	}

	#[tokio::test]
	async fn a_sound_object_is_served_whole() {
		for chunks in [&[&b"ab"[..], b"c"][..], &[b"abc"]] {
			let got: Vec<_> = served(chunks, hash(b"abc")).await;
			let whole: Vec<u8> = got.into_iter().flat_map(|chunk| chunk.unwrap()).collect();
			assert_eq!(whole, b"abc");
		}
		assert!(served(&[], hash(b"")).await.into_iter().all(|chunk| chunk.unwrap().is_empty()));
	}

	/// A body of so many bytes every so often, for ever.
	fn drips(bytes: usize, every: Duration) -> Body {
		Body::from_stream(futures::stream::unfold((), move |()| async move {
			tokio::time::sleep(every).await;
			Some((Ok::<_, io::Error>(Bytes::from(vec![7; bytes])), ()))
		}))
	}

	#[tokio::test(start_paused = true)]
	async fn an_upload_that_takes_its_time_is_given_up() {
		for (bytes, every) in [(1, 29), (1, 1), (32 << 10, 1)] {
			let (store, start) = (Store::open("memory:///").unwrap(), Instant::now());
			let body = drips(bytes, Duration::from_secs(every));
			let received = receive(&store, &ContentHash([1; 32]), body, 128 << 20).await;
			assert!(matches!(received, Err(Error::BodyTimeout)), "{bytes} bytes every {every} s");
			assert!(start.elapsed() < Duration::from_secs(70), "{:?}", start.elapsed());
		}
		// At the pace it goes on until it is too long.
		let store = Store::open("memory:///").unwrap();
		let body = drips(128 << 10, Duration::from_secs(1));
		let received = receive(&store, &ContentHash([1; 32]), body, 16 << 20).await;
		assert!(matches!(received, Err(Error::TooLarge(_))));
	}

	#[tokio::test]
	async fn the_last_bytes_of_a_damaged_object_are_never_served() {
		let got = served(&[b"ab", b"c"], hash(b"abd")).await;
		let (last, before) = got.split_last().unwrap();
		assert!(last.is_err());
		let before: Vec<u8> =
			before.iter().flat_map(|chunk| chunk.as_ref().unwrap().to_vec()).collect();
		assert_eq!(before, b"ab");
	}
}
