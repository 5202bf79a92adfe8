// SPDX-License-Identifier: Apache-2.0

//! Batches: all entries of a recorder, in order, many under one root on chain.
//!
//! The chain keeps how far it has come, so there is one truth about that. A round begins by catching
//! up with it: what it shows beyond the own cursor was sent before a crash and arrived. So no entry
//! is skipped and none stands in two batches, whatever was lost between sending and hearing.

use super::{AccessLog, at_last, pause_after};
use crate::{
	Error,
	chain::{At, BatchCall, Block, Chain, ChainError, LOG_MORTALITY, Outcome},
	error::Result,
	metrics::Metrics,
	store::{Store, json},
};
use bytes::Bytes;
use salus_client::{
	types::AuditBatch,
	wire::{AuditEntry, AuditInclusion, recorder_id},
};
use salus_envelope::Sha256Hasher;
use salus_merkle::{Hash, MerkleTree, leaf_hash};
use salus_primitives::{AuditLeaf, Digest, IdentityId, Moment};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::Arc, time::Duration};

/// How many entries one batch holds at most: their tree is built again to show a path.
const ENTRIES: u64 = 4096;
/// How many batches are asked for at once.
const PAGE: u32 = 50;

/// How far the batches have come, as far as it was heard.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
struct Cursor {
	/// The number of the next batch.
	next_seq: u64,
	/// The first entry that is in no final batch.
	next_entry: u64,
	/// The block after which a batch that was sent can no longer be included.
	dead_after: Option<u64>,
}

/// A batch that is final.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Row {
	first: u64,
	last: u64,
	root: Digest,
}

/// Entries on their way under one root.
struct Stretch {
	row: Row,
	leaves: Vec<Hash>,
	from: Moment,
	until: Moment,
}

impl AccessLog {
	/// Anchors entries every `interval` until `stop` resolves, and what is left once more after that.
	pub(crate) async fn anchor(
		&self,
		chain: &dyn Chain,
		metrics: &Metrics,
		interval: Duration,
		stop: impl Future<Output = ()>,
	) {
		let mut stop = std::pin::pin!(stop);
		let (mut pause, mut failures) = (interval, 0);
		loop {
			tokio::select! {
				() = &mut stop => break,
				() = tokio::time::sleep(pause) => (),
			}
			let mut anchoring = std::pin::pin!(self.anchor_all(chain, metrics));
			let anchored = tokio::select! {
				anchored = &mut anchoring => anchored,
				() = &mut stop => {
					at_last(anchoring).await;
					break;
				},
			};
			match anchored {
				Ok(()) => (pause, failures) = (interval, 0),
				Err(error) => {
					pause = pause_after(failures);
					failures += 1;
					tracing::warn!(%error, "log entries wait to be anchored");
				},
			}
		}
		at_last(self.anchor_all(chain, metrics)).await;
	}

	/// Catches up with the chain at a start. A store that lacks what the chain has would number other
	/// entries anew: it is refused.
	pub(crate) async fn catch_up(&self, chain: &dyn Chain) -> Result<()> {
		let finalised = chain.head(At::Finalised).await?;
		self.follow(self.batch_cursor().await?, chain, finalised).await.map(drop)
	}

	async fn anchor_all(&self, chain: &dyn Chain, metrics: &Metrics) -> Result<()> {
		loop {
			let finalised = chain.head(At::Finalised).await?;
			let cursor = self.follow(self.batch_cursor().await?, chain, finalised).await?;
			if cursor.dead_after.is_some_and(|dead_after| finalised.number <= dead_after) {
				return Err(
					ChainError::Uncertain("an earlier batch may still arrive".into()).into()
				);
			}
			let end = self.file_all().await?;
			let backlog = end.saturating_sub(cursor.next_entry);
			metrics.backlog.set(backlog.try_into().unwrap_or(i64::MAX));
			if backlog == 0 {
				return Ok(());
			}
			let last = end.min(cursor.next_entry.saturating_add(ENTRIES)).saturating_sub(1);
			self.submit_batch(cursor, last, chain, metrics).await?;
		}
	}

	/// Brings the cursor to where the chain is. What the chain anchored has to be what is written
	/// here.
	async fn follow(
		&self,
		mut cursor: Cursor,
		chain: &dyn Chain,
		finalised: Block,
	) -> Result<Cursor> {
		let recorder = recorder_id(&self.recorder);
		let head = chain.audit_head(&self.identity, &recorder, finalised).await?;
		if head.next_seq < cursor.next_seq {
			return Err(Error::Chain("its node is behind batches that were final".into()));
		}
		if head.next_event > *self.next.lock().await {
			return Err(Error::LogLost(head.next_event));
		}
		while cursor.next_seq < head.next_seq {
			let batches = chain
				.audit_batches(&self.identity, &recorder, cursor.next_seq, PAGE, finalised)
				.await?;
			if batches.is_empty() {
				return Err(Error::Chain("its list of audit batches ends too early".into()));
			}
			for batch in batches {
				cursor = self.adopt(cursor, &batch).await?;
			}
		}
		Ok(cursor)
	}

	/// Takes over a batch that the chain shows and that was not heard of.
	async fn adopt(&self, cursor: Cursor, batch: &AuditBatch) -> Result<Cursor> {
		let AuditBatch { first, last, root, .. } = *batch;
		let size = last.checked_sub(first).and_then(|rest| rest.checked_add(1));
		if first != cursor.next_entry || size.is_none_or(|size| size > ENTRIES) {
			return Err(Error::LogDiverged(first));
		}
		let stretch = self.stretch(first, last).await?;
		if stretch.row.root != root {
			return Err(Error::LogDiverged(first));
		}
		self.settle(cursor, &stretch).await
	}

	async fn submit_batch(
		&self,
		cursor: Cursor,
		last: u64,
		chain: &dyn Chain,
		metrics: &Metrics,
	) -> Result<()> {
		let stretch = self.stretch(cursor.next_entry, last).await?;
		let best = chain.head(At::Best).await?;
		// The clock here may be ahead of the chain's, which takes nothing from the future.
		let now = chain.timestamp(best).await?;
		let until = stretch.until.min(now);
		let call = BatchCall {
			recorder: recorder_id(&self.recorder),
			seq: cursor.next_seq,
			root: stretch.row.root,
			first: stretch.row.first,
			last,
			from: stretch.from.min(until),
			until,
		};
		// The transaction is made a little later, on a block that may be a few higher.
		let dead_after = Some(best.number.saturating_add(2 * LOG_MORTALITY));
		self.set_batch_cursor(&Cursor { dead_after, ..cursor }).await?;
		let start = std::time::Instant::now();
		match chain.submit_batch(&call).await {
			Ok(Outcome::Logged) => {
				metrics.batches.observe(start.elapsed().as_secs_f64());
				self.settle(cursor, &stretch).await.map(drop)
			},
			Ok(Outcome::Refused(reason)) => {
				self.set_batch_cursor(&Cursor { dead_after: None, ..cursor }).await?;
				metrics.refused.inc();
				tracing::error!(reason, "the chain refuses an audit batch");
				Err(ChainError::Refused(reason).into())
			},
			Err(error) => {
				if matches!(error, ChainError::Refused(_)) {
					// It is in no block and will be in none: the next try need not wait.
					self.set_batch_cursor(&Cursor { dead_after: None, ..cursor }).await?;
				}
				Err(error.into())
			},
		}
	}

	/// The leaves of a stretch of entries, and the root over them.
	async fn stretch(&self, first: u64, last: u64) -> Result<Stretch> {
		let entries = self.entries(first..last.saturating_add(1)).await?;
		let recorder = recorder_id(&self.recorder);
		let leaves: Vec<Hash> = entries
			.iter()
			.map(|(entry, event)| {
				let (organisation, event) = (self.identity, *event);
				let leaf = AuditLeaf { organisation, recorder, number: entry.seq, event };
				leaf_hash::<Sha256Hasher>(&leaf.to_bytes())
			})
			.collect();
		let root = Digest(MerkleTree::<Sha256Hasher>::from_leaves(leaves.clone()).root());
		let times = || entries.iter().map(|(entry, _)| entry.at);
		let (from, until) = (times().min().unwrap_or(0), times().max().unwrap_or(0));
		Ok(Stretch { row: Row { first, last, root }, leaves, from, until })
	}

	/// Writes a final batch down. The cursor goes last: what is behind it is there.
	async fn settle(&self, cursor: Cursor, stretch: &Stretch) -> Result<Cursor> {
		let seq = cursor.next_seq;
		let leaves = Bytes::from(stretch.leaves.concat());
		self.store.replace(&format!("{}/{seq:020}", self.folder("batch-leaves")), leaves).await?;
		let row = json(&stretch.row);
		self.store.replace(&format!("{}/{seq:020}", self.folder("batches")), row).await?;
		let cursor = Cursor {
			next_seq: seq.saturating_add(1),
			next_entry: stretch.row.last.saturating_add(1),
			dead_after: None,
		};
		self.set_batch_cursor(&cursor).await?;
		Ok(cursor)
	}

	/// The first entry that is in no final batch.
	pub(super) async fn anchored(&self) -> Result<u64> {
		Ok(self.batch_cursor().await?.next_entry)
	}

	async fn batch_cursor(&self) -> Result<Cursor> {
		Ok(self.store.read_json(&self.folder("batch-cursor")).await?.unwrap_or_default())
	}

	async fn set_batch_cursor(&self, cursor: &Cursor) -> Result<()> {
		self.store.replace(&self.folder("batch-cursor"), json(cursor)).await
	}
}

/// Finds the batches that hold entries, of all recorders over one store. Made for one page.
pub(crate) struct Batches<'a> {
	store: &'a Store,
	identity: IdentityId,
	/// How many batches a recorder has.
	counts: HashMap<String, u64>,
	/// What was read.
	rows: HashMap<(String, u64), Row>,
	trees: HashMap<(String, u64), Arc<MerkleTree<Sha256Hasher>>>,
}

impl<'a> Batches<'a> {
	pub(crate) fn new(store: &'a Store, identity: IdentityId) -> Self {
		let (counts, rows, trees) = Default::default();
		Self { store, identity, counts, rows, trees }
	}

	/// Says for each entry which batch holds it, when one does.
	pub(crate) async fn find(&mut self, entries: &mut [AuditEntry]) -> Result<()> {
		for entry in entries {
			entry.batch = self.inclusion(&entry.recorder, entry.seq).await?;
		}
		Ok(())
	}

	async fn inclusion(&mut self, recorder: &str, number: u64) -> Result<Option<AuditInclusion>> {
		let (mut low, mut high) = (0, self.count(recorder).await?);
		while low < high {
			let middle = low + (high - low) / 2;
			let Row { first, last, root } = self.row(recorder, middle).await?;
			if number < first {
				high = middle;
			} else if number > last {
				low = middle + 1;
			} else {
				let tree = self.tree(recorder, middle, &root).await?;
				let path = tree.path(number - first).map_err(|_| self.broken(recorder, middle))?;
				let path = path.into_iter().map(Digest).collect();
				return Ok(Some(AuditInclusion { seq: middle, first, size: tree.size(), path }));
			}
		}
		Ok(None)
	}

	async fn count(&mut self, recorder: &str) -> Result<u64> {
		if let Some(count) = self.counts.get(recorder) {
			return Ok(*count);
		}
		let cursor: Option<Cursor> =
			self.store.read_json(&self.folder("batch-cursor", recorder)).await?;
		let count = cursor.unwrap_or_default().next_seq;
		self.counts.insert(recorder.into(), count);
		Ok(count)
	}

	async fn row(&mut self, recorder: &str, seq: u64) -> Result<Row> {
		let key = (recorder.to_owned(), seq);
		if let Some(row) = self.rows.get(&key) {
			return Ok(*row);
		}
		let path = format!("{}/{seq:020}", self.folder("batches", recorder));
		let row: Row = self.store.read_json(&path).await?.ok_or(Error::Row(path))?;
		self.rows.insert(key, row);
		Ok(row)
	}

	async fn tree(
		&mut self,
		recorder: &str,
		seq: u64,
		root: &Digest,
	) -> Result<Arc<MerkleTree<Sha256Hasher>>> {
		let key = (recorder.to_owned(), seq);
		if let Some(tree) = self.trees.get(&key) {
			return Ok(tree.clone());
		}
		let path = format!("{}/{seq:020}", self.folder("batch-leaves", recorder));
		let leaves = self.store.read(&path).await?.unwrap_or_default();
		let (leaves, rest) = leaves.as_chunks::<32>();
		let tree = MerkleTree::from_leaves(leaves.to_vec());
		if !rest.is_empty() || tree.root() != root.0 {
			return Err(self.broken(recorder, seq));
		}
		let tree = Arc::new(tree);
		self.trees.insert(key, tree.clone());
		Ok(tree)
	}

	fn broken(&self, recorder: &str, seq: u64) -> Error {
		Error::Row(format!("{}/{seq:020}", self.folder("batch-leaves", recorder)))
	}

	fn folder(&self, of: &str, recorder: &str) -> String {
		format!("{of}/{}/{recorder}", hex::encode(self.identity.0))
	}
}
