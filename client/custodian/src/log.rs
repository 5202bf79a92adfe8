// SPDX-License-Identifier: Apache-2.0

//! Who was let in and who was not: durable here before any answer, on chain soon after.
//!
//! Entries of one recorder are numbered without gaps, each a row that is created once. A single task
//! carries them to the chain in batches. Before it submits it writes down how long the logs of the
//! subjects are, so that after a crash it can tell what of the batch arrived; it submits again only
//! when the batch can no longer get into a block.

use crate::{
	Error,
	chain::{At, Chain, ChainError, LOG_MORTALITY, LogCall, Outcome},
	error::Result,
	metrics::Metrics,
	store::{Store, json},
};
use bytes::Bytes;
use salus_client::wire::{AuditEntry, AuditPage};
use salus_primitives::{Digest, IdentityId, blake2_256};
use serde::{Deserialize, Serialize};
use std::{
	collections::{BTreeMap, HashMap, HashSet},
	sync::{Arc, Mutex as StdMutex, PoisonError},
	time::{Duration, Instant},
};
use tokio::sync::{Mutex, Notify, oneshot};

/// How many entries one batch holds at most.
const BATCH: u64 = 50;
/// How long to wait after a failure, at first and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(60));

/// How long a batch may take when the custodian goes down.
const LAST_BATCH: Duration = Duration::from_secs(20);

/// The log of one recorder of the custodian.
pub(crate) struct AccessLog {
	store: Store,
	identity: IdentityId,
	recorder: String,
	/// The number of the next entry. Held while one is written, which keeps the numbers dense.
	next: Mutex<u64>,
	/// Who waits for an entry to be on chain.
	waiting: StdMutex<HashMap<u64, oneshot::Sender<Outcome>>>,
	/// Rings when there is something that should not wait for the next round.
	urgent: Notify,
}

/// An entry that was written.
pub(crate) struct Written {
	pub(crate) seq: u64,
	pub(crate) event: Digest,
	/// Resolves when the chain has it, if that was asked for.
	pub(crate) outcome: Option<oneshot::Receiver<Outcome>>,
}

/// How much an entry hurries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Urgency {
	/// Goes with the next batch.
	Batch,
	/// Goes at once.
	Now,
	/// Goes at once, and somebody waits for it.
	Awaited,
}

/// How far the chain has followed.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
struct Cursor {
	/// The first entry that is not settled.
	settled: u64,
	/// A batch of which it is not known what became of it.
	attempt: Option<Attempt>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Attempt {
	/// The first entry behind it.
	end: u64,
	/// The block after which it can no longer be included.
	dead_after: u64,
	/// How long the logs of its subjects were before.
	lengths: BTreeMap<IdentityId, u64>,
}

impl AccessLog {
	/// Opens the log where it ends.
	pub(crate) async fn open(store: Store, identity: IdentityId, recorder: String) -> Result<Self> {
		let log = Self {
			store,
			identity,
			recorder,
			next: Mutex::new(0),
			waiting: StdMutex::default(),
			urgent: Notify::new(),
		};
		let settled = log.cursor().await?.settled;
		let end = log.store.first_missing(settled, |seq| log.path(seq)).await?;
		*log.next.lock().await = end;
		// A crash between an entry and its place in the index of its subject is made good here.
		for seq in settled..end {
			let (entry, _) = log.entry(seq).await?;
			log.index(&entry).await?;
		}
		Ok(log)
	}

	/// Writes an entry under the next number. When this returns it is durable.
	pub(crate) async fn append(&self, entry: AuditEntry, urgency: Urgency) -> Result<Written> {
		let mut next = self.next.lock().await;
		let (entry, event) = loop {
			let seq = *next;
			let entry = AuditEntry { recorder: self.recorder.clone(), seq, ..entry.clone() };
			let row = json(&entry);
			let event = Digest(blake2_256(&row));
			// A number that is taken is one that an earlier try wrote without learning of it.
			let is_ours = self.store.create(&self.path(seq), row).await?;
			*next += 1;
			if is_ours {
				break (entry, event);
			}
		};
		let outcome = (urgency == Urgency::Awaited).then(|| {
			let (sender, receiver) = oneshot::channel();
			self.waiting().insert(entry.seq, sender);
			receiver
		});
		drop(next);
		self.index(&entry).await?;
		if urgency != Urgency::Batch {
			self.urgent.notify_one();
		}
		Ok(Written { seq: entry.seq, event, outcome })
	}

	/// What was recorded about `subject`, oldest first.
	pub(crate) async fn about(
		&self,
		subject: &IdentityId,
		after: Option<&str>,
		limit: usize,
	) -> Result<AuditPage> {
		let folder = format!("audit/{}", hex::encode(subject.0));
		let (names, more) = self.store.list(&folder, after, limit).await?;
		let mut entries = Vec::with_capacity(names.len());
		for name in &names {
			let path = format!("{folder}/{name}");
			let row = self.store.read_json(&path).await?;
			entries.push(row.ok_or(Error::Row(path))?);
		}
		let next = names.last().filter(|_| more).cloned();
		Ok(AuditPage { entries, next })
	}

	/// Carries entries to the chain until `stop` resolves, and what is left once more after that.
	pub(crate) async fn carry(
		&self,
		chain: Arc<dyn Chain>,
		metrics: Arc<Metrics>,
		interval: Duration,
		stop: impl Future<Output = ()>,
	) {
		let mut stop = std::pin::pin!(stop);
		let (mut pause, mut failures) = (interval, 0);
		loop {
			tokio::select! {
				() = &mut stop => break,
				() = self.urgent.notified(), if failures == 0 => (),
				() = tokio::time::sleep(pause) => (),
			}
			let mut carrying = std::pin::pin!(self.carry_all(&*chain, &metrics));
			let carried = tokio::select! {
				carried = &mut carrying => carried,
				() = &mut stop => {
					// A batch that is under way is not given up: nobody would hear what became of it.
					at_last(carrying).await;
					break;
				},
			};
			pause = interval;
			match carried {
				Ok(()) => failures = 0,
				Err(error) => {
					let factor = 1 << u32::min(failures, 5);
					pause = (BACKOFF.0 * factor).min(BACKOFF.1);
					failures += 1;
					tracing::warn!(%error, "log entries wait to be carried to the chain");
				},
			}
		}
		at_last(self.carry_all(&*chain, &metrics)).await;
	}

	/// Carries everything that is written, batch by batch.
	pub(crate) async fn carry_all(&self, chain: &dyn Chain, metrics: &Metrics) -> Result<()> {
		let mut cursor = self.cursor().await?;
		loop {
			let end = *self.next.lock().await;
			metrics.backlog.set(end.saturating_sub(cursor.settled).try_into().unwrap_or(i64::MAX));
			if cursor.settled >= end {
				return Ok(());
			}
			cursor = self.carry_batch(cursor, end, chain, metrics).await?;
		}
	}

	async fn carry_batch(
		&self,
		cursor: Cursor,
		end: u64,
		chain: &dyn Chain,
		metrics: &Metrics,
	) -> Result<Cursor> {
		// What an earlier attempt covered is settled before anything new goes out.
		let end = match &cursor.attempt {
			Some(attempt) => attempt.end,
			None => end.min(cursor.settled + BATCH),
		};
		let mut left = Vec::new();
		for seq in cursor.settled..end {
			let (entry, event) = self.entry(seq).await?;
			// The chain has no log to put it in.
			let Some(subject) = entry.subject else { continue };
			left.push((seq, subject, call(&entry, event)));
		}
		if let Some(attempt) = &cursor.attempt {
			let finalised = chain.head(At::Finalised).await?;
			let arrived = arrived(chain, attempt, finalised).await?;
			for (seq, _, call) in &left {
				if arrived.contains(&call.event) {
					self.tell(*seq, Outcome::Logged);
				}
			}
			left.retain(|(_, _, call)| !arrived.contains(&call.event));
			if !left.is_empty() && finalised.number <= attempt.dead_after {
				return Err(
					ChainError::Uncertain("an earlier batch may still arrive".into()).into()
				);
			}
		}
		if !left.is_empty() {
			self.submit(&cursor, end, &left, chain, metrics).await?;
		}
		let cursor = Cursor { settled: end, attempt: None };
		self.set_cursor(&cursor).await?;
		Ok(cursor)
	}

	async fn submit(
		&self,
		cursor: &Cursor,
		end: u64,
		left: &[(u64, IdentityId, LogCall)],
		chain: &dyn Chain,
		metrics: &Metrics,
	) -> Result<()> {
		let (finalised, best) = tokio::try_join!(chain.head(At::Finalised), chain.head(At::Best))?;
		let mut lengths = BTreeMap::new();
		for (_, subject, _) in left {
			if !lengths.contains_key(subject) {
				lengths.insert(*subject, chain.log_length(subject, finalised).await?);
			}
		}
		// The transaction is made a little later, on a block that may be a few higher.
		let dead_after = best.number + 2 * LOG_MORTALITY;
		let attempt = Attempt { end, dead_after, lengths };
		self.set_cursor(&Cursor { attempt: Some(attempt), ..cursor.clone() }).await?;

		let start = Instant::now();
		let calls: Vec<_> = left.iter().map(|(_, _, call)| *call).collect();
		let outcomes = match chain.submit_log(&calls).await {
			Ok(outcomes) => outcomes,
			Err(error) => {
				if matches!(error, ChainError::Refused(_)) {
					// It is in no block and will be in none: the next try need not wait.
					self.set_cursor(&Cursor { attempt: None, ..cursor.clone() }).await?;
				}
				return Err(error.into());
			},
		};
		metrics.batches.observe(start.elapsed().as_secs_f64());
		for ((seq, _, _), outcome) in left.iter().zip(outcomes) {
			if let Outcome::Refused(reason) = &outcome {
				// It stays in the store with the reason: nothing is forgotten.
				tracing::error!(seq, reason, "the chain refuses a log entry");
				metrics.refused.inc();
				let path = format!("{}/{seq:020}", self.folder("log-refused"));
				self.store.replace(&path, Bytes::from(reason.clone())).await?;
			}
			self.tell(*seq, outcome);
		}
		Ok(())
	}

	fn tell(&self, seq: u64, outcome: Outcome) {
		if let Some(waiter) = self.waiting().remove(&seq) {
			// Who gave up waiting does not want to know.
			let _ = waiter.send(outcome);
		}
	}

	fn waiting(&self) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Outcome>>> {
		self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
	}

	/// How many entries are not settled.
	pub(crate) async fn backlog(&self) -> Result<u64> {
		let settled = self.cursor().await?.settled;
		Ok(self.next.lock().await.saturating_sub(settled))
	}

	async fn entry(&self, seq: u64) -> Result<(AuditEntry, Digest)> {
		let path = self.path(seq);
		let row = self.store.read(&path).await?;
		let parsed = row.and_then(|row| {
			let entry = serde_json::from_slice(&row).ok()?;
			Some((entry, Digest(blake2_256(&row))))
		});
		parsed.ok_or(Error::Row(path))
	}

	/// Files an entry under its subject, by time.
	async fn index(&self, entry: &AuditEntry) -> Result<()> {
		let Some(subject) = entry.subject else { return Ok(()) };
		let AuditEntry { at, recorder, seq, .. } = entry;
		let subject = hex::encode(subject.0);
		let path = format!("audit/{subject}/{at:020}-{recorder}-{seq:020}");
		self.store.create(&path, json(entry)).await?;
		Ok(())
	}

	async fn cursor(&self) -> Result<Cursor> {
		Ok(self.store.read_json(&self.folder("log-cursor")).await?.unwrap_or_default())
	}

	async fn set_cursor(&self, cursor: &Cursor) -> Result<()> {
		self.store.replace(&self.folder("log-cursor"), json(cursor)).await
	}

	fn path(&self, seq: u64) -> String {
		format!("{}/{seq:020}", self.folder("log"))
	}

	fn folder(&self, of: &str) -> String {
		format!("{of}/{}/{}", hex::encode(self.identity.0), self.recorder)
	}
}

async fn at_last(carrying: impl Future<Output = Result<()>>) {
	match tokio::time::timeout(LAST_BATCH, carrying).await {
		Ok(Ok(())) => (),
		Ok(Err(error)) => tracing::warn!(%error, "log entries are left for the next start"),
		Err(_) => tracing::warn!("log entries are left for the next start"),
	}
}

fn call(entry: &AuditEntry, event: Digest) -> LogCall {
	let question = entry.question;
	LogCall {
		reader: question.reader,
		record: question.record,
		purpose: question.purpose,
		action: question.action,
		decision: entry.decision,
		event,
	}
}

/// The events that joined the logs of the subjects since an attempt was written down.
async fn arrived(
	chain: &dyn Chain,
	attempt: &Attempt,
	at: crate::chain::Block,
) -> Result<HashSet<Digest>> {
	let mut arrived = HashSet::new();
	for (subject, length) in &attempt.lengths {
		let entries = chain.log_entries(subject, *length, at).await?;
		arrived.extend(entries.into_iter().map(|entry| entry.event));
	}
	Ok(arrived)
}
