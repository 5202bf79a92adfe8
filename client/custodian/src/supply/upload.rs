// SPDX-License-Identifier: Apache-2.0

//! Leaf files that a maker sends.

use super::catalogue::is_file_of;
use crate::{
	Custodian, Error, auth::Caller, chain::BatchFacts, error::Result, objects::drain,
	pace::Patience,
};
use axum::body::Body;
use http_body_util::BodyExt;
use salus_client::wire::LeavesKept;
use salus_envelope::CiphertextHasher;
use salus_primitives::{BatchIx, Digest};
use salus_supply::{LeafFile, leaf_file_len};
use std::{fs, io, path::Path};
use tempfile::NamedTempFile;
use tokio::{io::AsyncWriteExt, time::Instant};

impl Custodian {
	/// Takes the leaf file of a batch from its maker. It has its name only when it is whole, checked
	/// and on disk.
	pub(crate) async fn keep_leaves(
		&self,
		caller: &Caller,
		batch: BatchIx,
		hash: [u8; 32],
		body: Body,
	) -> Result<LeavesKept> {
		let facts = match self.may_send(caller, batch, hash).await {
			Ok(facts) => facts,
			Err(error) => {
				drain(body).await;
				return Err(error);
			},
		};
		let supply = self.supply()?;
		let _place = supply.uploads.acquire().await.map_err(|_| Error::ShuttingDown)?;
		let folder = supply.catalogue.folder();
		let file = NamedTempFile::new_in(folder).map_err(broken)?;
		receive(&file, hash, leaf_file_len(facts.count), body).await?;
		let path = supply.catalogue.path(batch);
		let publish = tokio::task::spawn_blocking(move || publish(file, &facts, &path));
		publish.await.map_err(|_| Error::ShuttingDown)??;
		supply.look(&*self.chain).await;
		Ok(LeavesKept { units: facts.count })
	}

	/// What the chain shows of the batch, when the caller made it and its file has this hash.
	async fn may_send(
		&self,
		caller: &Caller,
		batch: BatchIx,
		hash: [u8; 32],
	) -> Result<BatchFacts> {
		self.supply()?;
		let facts = self.chain.unit_batch(batch, caller.finalised).await?;
		let facts = facts.ok_or(Error::BatchUnknown)?;
		if caller.identity != facts.maker && !caller.organisations.contains(&facts.maker) {
			return Err(Error::NotMaker);
		}
		if facts.leaf_file != Digest(hash) {
			return Err(Error::OtherLeaves);
		}
		Ok(facts)
	}
}

/// Writes a body to a file that has no name yet, when it has the hash that was signed.
async fn receive(file: &NamedTempFile, hash: [u8; 32], limit: u64, mut body: Body) -> Result<()> {
	let mut target = tokio::fs::File::from_std(file.reopen().map_err(broken)?);
	let (mut hasher, mut length) = (CiphertextHasher::new(), 0u64);
	let mut patience = Patience::new();
	loop {
		let start = Instant::now();
		let frame = match tokio::time::timeout(patience.left(), body.frame()).await {
			Err(_) => return Err(Error::BodyTimeout),
			Ok(None) => break,
			Ok(Some(Err(_))) => return Err(Error::BodyBroken),
			Ok(Some(Ok(frame))) => frame,
		};
		let waited = start.elapsed();
		let Ok(chunk) = frame.into_data() else { continue };
		patience.passed(waited, chunk.len() as u64);
		length = length.saturating_add(chunk.len() as u64);
		if length > limit {
			drain(body).await;
			return Err(Error::TooLarge(limit));
		}
		hasher.update(&chunk);
		target.write_all(&chunk).await.map_err(broken)?;
	}
	target.sync_all().await.map_err(broken)?;
	if hasher.finish().0 == hash { Ok(()) } else { Err(Error::BodyMismatch) }
}

/// Checks all of a file, and gives it its name.
fn publish(file: NamedTempFile, facts: &BatchFacts, path: &Path) -> Result<()> {
	let mut leaves =
		LeafFile::read(file.as_file()).map_err(|error| Error::LeavesUnsound(error.to_string()))?;
	if !is_file_of(leaves.head(), facts) {
		return Err(Error::OtherLeaves);
	}
	leaves.check(|_, _| ()).map_err(|error| Error::LeavesUnsound(error.to_string()))?;
	file.persist(path).map_err(|error| broken(error.error))?;
	// The name is on disk when the folder is.
	let folder = path.parent().map(fs::File::open);
	folder.map_or(Ok(()), |folder| folder?.sync_all()).map_err(broken)
}

fn broken(source: io::Error) -> Error {
	Error::Store(object_store::Error::Generic { store: "leaf files", source: source.into() })
}
