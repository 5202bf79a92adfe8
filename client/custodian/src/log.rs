// SPDX-License-Identifier: Apache-2.0

//! Who was let in and who was not: durable here before any answer, on chain soon after.
//!
//! Entries of one recorder are numbered without gaps, each a row that is created once. Two tasks put
//! them on chain: [`anchor`] all of them, many under one root, and [`carrier`] one by one those that
//! the chain itself has to know of: denials, emergencies, and uses that are counted. Before either
//! submits it writes down what it is about to do, and after a crash it finds out from the chain what
//! arrived; it submits again only when the transaction can no longer get into a block.

mod anchor;
mod carrier;

use crate::{
	Error,
	audit::AFTER,
	chain::Outcome,
	error::Result,
	store::{Store, json},
};
use futures::{StreamExt, TryStreamExt, stream};
use salus_client::wire::{AuditEntry, AuditPage};
use salus_primitives::{AccessDecision, DAY, Digest, IdentityId, Moment, PermitBasis, blake2_256};
use std::{
	collections::{BTreeMap, HashMap},
	ops::Range,
	sync::{Mutex as StdMutex, MutexGuard, PoisonError},
	time::Duration,
};
use tokio::sync::{Mutex, Notify, oneshot};

pub(crate) use anchor::Batches;

/// How long to wait after a failure, at first and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(3), Duration::from_secs(60));
/// How long a transaction may take when the custodian goes down.
const LAST_TRY: Duration = Duration::from_secs(20);
/// How many entries are read at once.
const AT_ONCE: usize = 16;
/// An hour in milliseconds.
const HOUR: Moment = 60 * 60 * 1000;
/// How many entries are held in memory while they are filed at a start.
const REFILED: u64 = 500;

/// The log of one recorder.
pub(crate) struct AccessLog {
	store: Store,
	identity: IdentityId,
	recorder: String,
	/// The number of the next entry. Held while one is written, which keeps the numbers dense.
	next: Mutex<u64>,
	/// Entries that are written and not yet filed under their subjects and organisations.
	unfiled: StdMutex<BTreeMap<u64, Option<AuditEntry>>>,
	/// Rings when there is something to file.
	filing: Notify,
	/// Who waits for an entry to be on chain.
	waiting: StdMutex<HashMap<u64, Waiter>>,
	/// Rings when there is something that should not wait for the next round.
	urgent: Notify,
}

struct Waiter {
	tell: oneshot::Sender<Outcome>,
	/// Whether a block that is not final is enough.
	soon: bool,
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
	/// Goes at once, too.
	Now,
	/// Goes at once, and somebody waits until a block holds it.
	Included,
	/// Goes at once, and somebody waits until it is final.
	Final,
}

/// Whose accounting an entry belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum About<'a> {
	/// The patient whose record was asked for.
	Subject(&'a IdentityId),
	/// The organisation whose people asked.
	Readers(&'a IdentityId),
}

impl About<'_> {
	fn folder(self) -> String {
		match self {
			Self::Subject(id) => format!("audit/{}", hex::encode(id.0)),
			Self::Readers(id) => format!("audit-readers/{}", hex::encode(id.0)),
		}
	}
}

impl AccessLog {
	/// Opens the log where it ends.
	pub(crate) async fn open(store: Store, identity: IdentityId, recorder: String) -> Result<Self> {
		let log = Self {
			store,
			identity,
			recorder,
			next: Mutex::new(0),
			unfiled: StdMutex::default(),
			filing: Notify::new(),
			waiting: StdMutex::default(),
			urgent: Notify::new(),
		};
		let anchored = log.anchored().await?;
		let end = log.store.first_missing(anchored, |seq| log.path(seq)).await?;
		*log.next.lock().await = end;
		// A crash between an entry and its place in the lists is made good here.
		let mut start = anchored;
		while start < end {
			let stop = end.min(start.saturating_add(REFILED));
			for (entry, _) in log.entries(start..stop).await? {
				log.file(&entry).await?;
			}
			start = stop;
		}
		Ok(log)
	}

	/// Writes an entry under the next number. When this returns it is durable. It is filed a little
	/// later, and in any case before it is shown or goes to the chain.
	pub(crate) async fn append(&self, entry: AuditEntry, urgency: Urgency) -> Result<Written> {
		let mut next = self.next.lock().await;
		let (entry, event) = loop {
			let seq = *next;
			let entry = AuditEntry { recorder: self.recorder.clone(), seq, ..entry.clone() };
			let row = json(&entry);
			let event = Digest(blake2_256(&row));
			// A number that is taken is one that an earlier try wrote without learning of it.
			let is_ours = self.store.create(&self.path(seq), row).await?;
			lock(&self.unfiled).insert(seq, is_ours.then(|| entry.clone()));
			*next += 1;
			if is_ours {
				break (entry, event);
			}
		};
		let soon = urgency == Urgency::Included;
		let outcome = (soon || urgency == Urgency::Final).then(|| {
			let (tell, outcome) = oneshot::channel();
			lock(&self.waiting).insert(entry.seq, Waiter { tell, soon });
			outcome
		});
		drop(next);
		self.filing.notify_one();
		if urgency != Urgency::Batch {
			self.urgent.notify_one();
		}
		Ok(Written { seq: entry.seq, event, outcome })
	}

	/// What was recorded, oldest first.
	pub(crate) async fn about(
		&self,
		whom: About<'_>,
		after: Option<&str>,
		limit: usize,
	) -> Result<AuditPage> {
		self.file_all().await?;
		let (paths, more) = self.filed_behind(&whom.folder(), after, limit).await?;
		let last = paths.last().and_then(|path| path.rsplit('/').next()).map(ToOwned::to_owned);
		let reading = paths.into_iter().map(|path| self.filed(path));
		let mut entries: Vec<_> = stream::iter(reading).buffered(AT_ONCE).try_collect().await?;
		Batches::new(&self.store, self.identity).find(&mut entries).await?;
		Ok(AuditPage { entries, next: last.filter(|_| more) })
	}

	/// Where the entries of an accounting behind `after` lie, oldest first, at most `limit`, and whether
	/// there are more. It looks at the days, and into the hours that the page has something of.
	async fn filed_behind(
		&self,
		folder: &str,
		after: Option<&str>,
		limit: usize,
	) -> Result<(Vec<String>, bool)> {
		let start = after.map(shelf_of).transpose()?;
		let (first_day, first_hour) = start.iter().map(|(day, hour)| (day, hour)).next().unzip();
		let mut found = Vec::new();
		for day in self.store.folders(folder, first_day.map(String::as_str)).await? {
			let is_first = Some(&day) == first_day;
			let from = first_hour.filter(|_| is_first).map(String::as_str);
			for hour in self.store.folders(&format!("{folder}/{day}"), from).await? {
				let shelf = format!("{folder}/{day}/{hour}");
				let behind = after.filter(|_| is_first && Some(&hour) == first_hour);
				// One more than fits: it says that there are more.
				let room = limit.saturating_add(1).saturating_sub(found.len());
				let (names, _) = self.store.list(&shelf, behind, room).await?;
				found.extend(names.into_iter().map(|name| format!("{shelf}/{name}")));
				if found.len() > limit {
					found.truncate(limit);
					return Ok((found, true));
				}
			}
		}
		Ok((found, false))
	}

	/// How many entries no final batch holds.
	pub(crate) async fn backlog(&self) -> Result<u64> {
		let anchored = self.anchored().await?;
		Ok(self.next.lock().await.saturating_sub(anchored))
	}

	/// Files what is written, as it comes, for ever.
	pub(crate) async fn keep_filing(&self) {
		loop {
			self.filing.notified().await;
			if let Err(error) = self.file_all().await {
				tracing::warn!(%error, "log entries wait to be filed");
				tokio::time::sleep(BACKOFF.0).await;
				self.filing.notify_one();
			}
		}
	}

	/// Files everything that is written. Gives the number behind it: up to there entries may be shown
	/// and go to the chain.
	pub(crate) async fn file_all(&self) -> Result<u64> {
		let end = *self.next.lock().await;
		let unfiled: Vec<_> =
			lock(&self.unfiled).range(..end).map(|(seq, entry)| (*seq, entry.clone())).collect();
		let filing = unfiled.into_iter().map(|(seq, entry)| self.file_one(seq, entry));
		stream::iter(filing).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
		Ok(end)
	}

	async fn file_one(&self, seq: u64, entry: Option<AuditEntry>) -> Result<()> {
		let entry = match entry {
			Some(entry) => entry,
			None => self.entry(seq).await?.0,
		};
		self.file(&entry).await?;
		lock(&self.unfiled).remove(&seq);
		Ok(())
	}

	fn tell(&self, seq: u64, outcome: &Outcome, is_final: bool) {
		let mut waiting = lock(&self.waiting);
		if waiting.get(&seq).is_some_and(|waiter| is_final || waiter.soon)
			&& let Some(waiter) = waiting.remove(&seq)
		{
			// Who gave up waiting does not want to know.
			let _ = waiter.tell.send(outcome.clone());
		}
	}

	async fn entries(&self, numbers: Range<u64>) -> Result<Vec<(AuditEntry, Digest)>> {
		let reading = numbers.map(|seq| self.entry(seq));
		stream::iter(reading).buffered(AT_ONCE).try_collect().await
	}

	async fn filed(&self, path: String) -> Result<AuditEntry> {
		self.store.read_json(&path).await?.ok_or(Error::Row(path))
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

	/// Files an entry under its subject and in the accounting it belongs to, by time.
	async fn file(&self, entry: &AuditEntry) -> Result<()> {
		let AuditEntry { at, recorder, seq, .. } = entry;
		let (day, hour) = shelf(*at);
		let name = format!("{day}/{hour}/{at:020}-{recorder}-{seq:020}");
		let subject = entry.subject.iter().map(About::Subject);
		let places = subject.chain(entry.organisations.iter().map(About::Readers));
		let paths: Vec<_> = places.map(|place| format!("{}/{name}", place.folder())).collect();
		let row = json(entry);
		let filing = paths.iter().map(|path| self.store.create(path, row.clone()));
		futures::future::try_join_all(filing).await.map(drop)
	}

	fn path(&self, seq: u64) -> String {
		format!("{}/{seq:020}", self.folder("log"))
	}

	fn folder(&self, of: &str) -> String {
		format!("{of}/{}/{}", hex::encode(self.identity.0), self.recorder)
	}
}

/// The folders of the day and the hour that an entry is filed in: a page of a long accounting is found
/// without a look at all of it.
fn shelf(at: Moment) -> (String, String) {
	(format!("{:06}", at / DAY), format!("{:02}", at % DAY / HOUR))
}

/// Those of an entry by its name.
fn shelf_of(name: &str) -> Result<(String, String)> {
	let at = name.split('-').next().and_then(|digits| digits.parse().ok());
	at.map(shelf).ok_or_else(|| Error::Malformed(AFTER.into()))
}

/// Whether the chain has to know of an entry by itself, beside the batch that holds it.
fn is_single(entry: &AuditEntry) -> bool {
	let is_emergency = matches!(entry.decision, AccessDecision::Permit(PermitBasis::Emergency(_)));
	!entry.decision.is_permit() || is_emergency || entry.counted
}

fn lock<T>(mutex: &StdMutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long to wait after so many failures.
fn pause_after(failures: u32) -> Duration {
	let factor = 1 << u32::min(failures, 5);
	(BACKOFF.0 * factor).min(BACKOFF.1)
}

/// One more try when the custodian goes down.
async fn at_last(carrying: impl Future<Output = Result<()>>) {
	match tokio::time::timeout(LAST_TRY, carrying).await {
		Ok(Ok(())) => (),
		Ok(Err(error)) => tracing::warn!(%error, "log entries are left for the next start"),
		Err(_) => tracing::warn!("log entries are left for the next start"),
	}
}
