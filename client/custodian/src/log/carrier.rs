// SPDX-License-Identifier: Apache-2.0

//! Entries that go to the chain one by one, as `log_access`.

use super::{AccessLog, at_last, is_single, pause_after};
use crate::{
	chain::{At, Block, Chain, ChainError, LOG_MORTALITY, LogCall, Outcome},
	error::Result,
	metrics::Metrics,
	store::json,
};
use bytes::Bytes;
use salus_client::wire::AuditEntry;
use salus_primitives::{Digest, IdentityId};
use serde::{Deserialize, Serialize};
use std::{
	collections::{BTreeMap, HashSet},
	time::{Duration, Instant},
};

/// How many calls one transaction holds at most.
const CALLS: usize = 50;
/// How many of them may be denials: the others of a flood stand in their batches alone, so that it
/// holds up no emergency.
const DENIALS: usize = 25;
/// How many entries are looked through for them at a time.
const LOOKED_THROUGH: u64 = 500;
/// What the chain says when a subject's log has its denials of the hour: they stand in the batches.
const FLOODED: &str = "TooManyDenials";

/// How far the chain has followed.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
struct Cursor {
	/// The first entry that is not settled.
	settled: u64,
	/// A transaction of which it is not known what became of it.
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

/// A call that is to go out.
struct Due {
	seq: u64,
	subject: IdentityId,
	call: LogCall,
}

impl AccessLog {
	/// Carries what goes one by one until `stop` resolves, and what is left once more after that.
	pub(crate) async fn carry(
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
				() = self.urgent.notified(), if failures == 0 => (),
				() = tokio::time::sleep(pause) => (),
			}
			let mut carrying = std::pin::pin!(self.carry_all(chain, metrics));
			let carried = tokio::select! {
				carried = &mut carrying => carried,
				() = &mut stop => {
					// What is under way is not given up: nobody would hear what became of it.
					at_last(carrying).await;
					break;
				},
			};
			match carried {
				Ok(()) => (pause, failures) = (interval, 0),
				Err(error) => {
					pause = pause_after(failures);
					failures += 1;
					tracing::warn!(%error, "log entries wait to be carried to the chain");
				},
			}
		}
		at_last(self.carry_all(chain, metrics)).await;
	}

	/// Carries everything that is written and goes one by one.
	async fn carry_all(&self, chain: &dyn Chain, metrics: &Metrics) -> Result<()> {
		let mut cursor = self.cursor().await?;
		loop {
			let end = self.file_all().await?;
			if cursor.settled >= end {
				return Ok(());
			}
			cursor = self.carry_some(cursor, end, chain, metrics).await?;
		}
	}

	async fn carry_some(
		&self,
		cursor: Cursor,
		end: u64,
		chain: &dyn Chain,
		metrics: &Metrics,
	) -> Result<Cursor> {
		// What an earlier attempt covered is settled before anything new goes out.
		let until = match &cursor.attempt {
			Some(attempt) => attempt.end,
			None => end.min(cursor.settled.saturating_add(LOOKED_THROUGH)),
		};
		let (mut left, mut denials, mut end) = (Vec::new(), 0, until);
		for (entry, event) in self.entries(cursor.settled..until).await? {
			// Without a subject the chain has no log to put it in.
			let Some(subject) = entry.subject.filter(|_| is_single(&entry)) else { continue };
			let is_denial = !entry.decision.is_permit();
			if is_denial && denials == DENIALS {
				continue;
			}
			if left.len() == CALLS {
				end = entry.seq;
				break;
			}
			denials += usize::from(is_denial);
			left.push(Due { seq: entry.seq, subject, call: call(&entry, event) });
		}
		if let Some(attempt) = &cursor.attempt {
			let finalised = chain.head(At::Finalised).await?;
			let arrived = arrived(chain, attempt, finalised).await?;
			for Due { seq, call, .. } in &left {
				if arrived.contains(&call.event) {
					self.tell(*seq, &Outcome::Logged, true);
				}
			}
			left.retain(|due| !arrived.contains(&due.call.event));
			if !left.is_empty() && finalised.number <= attempt.dead_after {
				return Err(ChainError::Uncertain(
					"an earlier transaction may still arrive".into(),
				)
				.into());
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
		left: &[Due],
		chain: &dyn Chain,
		metrics: &Metrics,
	) -> Result<()> {
		let (finalised, best) = tokio::try_join!(chain.head(At::Finalised), chain.head(At::Best))?;
		let mut lengths = BTreeMap::new();
		for Due { subject, .. } in left {
			if !lengths.contains_key(subject) {
				lengths.insert(*subject, chain.log_length(subject, finalised).await?);
			}
		}
		// The transaction is made a little later, on a block that may be a few higher.
		let dead_after = best.number.saturating_add(2 * LOG_MORTALITY);
		let attempt = Attempt { end, dead_after, lengths };
		self.set_cursor(&Cursor { attempt: Some(attempt), ..cursor.clone() }).await?;

		let start = Instant::now();
		let calls: Vec<_> = left.iter().map(|due| due.call).collect();
		let included = |outcomes: &[Outcome]| {
			for (due, outcome) in left.iter().zip(outcomes) {
				self.tell(due.seq, outcome, false);
			}
		};
		let outcomes = match chain.submit_log(&calls, &included).await {
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
		for (due, outcome) in left.iter().zip(outcomes) {
			if let Outcome::Refused(reason) = &outcome {
				self.note_refused(due.seq, reason, metrics).await?;
			}
			self.tell(due.seq, &outcome, true);
		}
		Ok(())
	}

	/// What the chain refuses stays in the store with the reason: nothing is forgotten.
	async fn note_refused(&self, seq: u64, reason: &str, metrics: &Metrics) -> Result<()> {
		if reason == FLOODED {
			tracing::debug!(seq, "a denial stands in its batch alone");
			return Ok(());
		}
		tracing::error!(seq, reason, "the chain refuses a log entry");
		metrics.refused.inc();
		let path = format!("{}/{seq:020}", self.folder("log-refused"));
		self.store.replace(&path, Bytes::copy_from_slice(reason.as_bytes())).await
	}

	async fn cursor(&self) -> Result<Cursor> {
		Ok(self.store.read_json(&self.folder("log-cursor")).await?.unwrap_or_default())
	}

	async fn set_cursor(&self, cursor: &Cursor) -> Result<()> {
		self.store.replace(&self.folder("log-cursor"), json(cursor)).await
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
async fn arrived(chain: &dyn Chain, attempt: &Attempt, at: Block) -> Result<HashSet<Digest>> {
	let mut arrived = HashSet::new();
	for (subject, length) in &attempt.lengths {
		let entries = chain.log_entries(subject, *length, at).await?;
		arrived.extend(entries.into_iter().map(|entry| entry.event));
	}
	Ok(arrived)
}
