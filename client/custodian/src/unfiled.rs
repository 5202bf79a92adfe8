// SPDX-License-Identifier: Apache-2.0

//! How much of what one identity uploaded may belong to nothing on chain.
//!
//! Whoever files a record pays for it there, and what is filed counts no more here. Each upload gets a
//! row before its bytes are published, so that a crash leaves a row too many rather than one too few.
//! Rows whose object was filed or is gone are removed when somebody's room runs out. What somebody has
//! used is summed up in memory: instances over one store see each other's uploads some minutes late.

use crate::{
	Error,
	chain::{At, Chain},
	error::Result,
	objects::object_path,
	store::Store,
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use salus_primitives::{ContentHash, IdentityId};
use std::{
	collections::HashMap,
	sync::{Arc, Mutex as StdMutex, PoisonError},
	time::{Duration, Instant},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// What even the smallest object counts for: a row and a file cost more than its bytes.
const LEAST: u64 = 64 << 10;
/// How many rows are looked through at a time for what was filed or is gone.
const SETTLED: usize = 64;
/// How many of them at once.
const AT_ONCE: usize = 16;
/// How long a sum is believed before it is made anew.
const BELIEVED: Duration = Duration::from_secs(600);
/// Above this many sums those that nobody uses are forgotten.
const PRUNE_ABOVE: usize = 10_000;

/// What everybody has uploaded that belongs to nothing on chain.
pub(crate) struct Unfiled {
	store: Store,
	chain: Arc<dyn Chain>,
	limit: u64,
	accounts: StdMutex<HashMap<IdentityId, Arc<Mutex<Account>>>>,
}

/// What one identity has used.
#[derive(Default)]
pub(crate) struct Account {
	/// How much, and since when that is known.
	used: Option<(u64, Instant)>,
	/// Behind which row the next ones are looked through.
	behind: Option<String>,
}

impl Unfiled {
	pub(crate) fn new(store: Store, chain: Arc<dyn Chain>, limit: u64) -> Self {
		Self { store, chain, limit, accounts: StdMutex::default() }
	}

	/// Refuses an upload of so many bytes that there is no room for, before any of them is read.
	pub(crate) async fn ensure_room(&self, identity: &IdentityId, length: u64) -> Result<()> {
		let mut account = self.account(identity).lock_owned().await;
		self.make_room(identity, &mut account, cost(length)).await.map(drop)
	}

	/// Counts an object. What this gives is held until the object is published: until then its row
	/// stands for nothing.
	pub(crate) async fn charge(
		&self,
		identity: &IdentityId,
		hash: &ContentHash,
		length: u64,
	) -> Result<OwnedMutexGuard<Account>> {
		let mut account = self.account(identity).lock_owned().await;
		let (used, since) = self.make_room(identity, &mut account, cost(length)).await?;
		let name = format!("{}/{}-{length}", folder(identity), hex::encode(hash.0));
		// An upload that broke off is counted already.
		if self.store.create(&name, Bytes::new()).await? {
			account.used = Some((used.saturating_add(cost(length)), since));
		}
		Ok(account)
	}

	/// Sees to it that there is room for `cost` more. Gives what is used.
	async fn make_room(
		&self,
		identity: &IdentityId,
		account: &mut Account,
		cost: u64,
	) -> Result<(u64, Instant)> {
		let (mut used, since) = match account.used {
			Some((used, since)) if since.elapsed() < BELIEVED => (used, since),
			_ => (self.sum(identity).await?, Instant::now()),
		};
		if used.saturating_add(cost) > self.limit {
			used = used.saturating_sub(self.settle(identity, account).await?);
		}
		account.used = Some((used, since));
		if used.saturating_add(cost) > self.limit {
			return Err(Error::QuotaFull(self.limit));
		}
		Ok((used, since))
	}

	async fn sum(&self, identity: &IdentityId) -> Result<u64> {
		let rows = self.store.walk(&folder(identity));
		let add = |sum: u64, name: String| async move {
			let length = parse(&name).map_or(0, |(_, length)| cost(length));
			Ok(sum.saturating_add(length))
		};
		rows.try_fold(0, add).await
	}

	/// Removes the rows of what was filed or is gone, among some. Gives what that frees.
	async fn settle(&self, identity: &IdentityId, account: &mut Account) -> Result<u64> {
		let folder = folder(identity);
		let (names, more) = self.store.list(&folder, account.behind.as_deref(), SETTLED).await?;
		account.behind = names.last().filter(|_| more).cloned();
		let finalised = self.chain.head(At::Finalised).await?;
		let freed = stream::iter(names).map(|name| {
			let path = format!("{folder}/{name}");
			async move {
				let Some((hash, length)) = parse(&name) else { return Ok(0) };
				let is_there = self.store.has(&object_path(&hash)).await?;
				if is_there && self.chain.record_of(&hash, finalised).await?.is_none() {
					return Ok::<_, Error>(0);
				}
				self.store.remove(&path).await?;
				Ok(cost(length))
			}
		});
		let add = |sum: u64, freed| async move { Ok(sum.saturating_add(freed)) };
		freed.buffer_unordered(AT_ONCE).try_fold(0, add).await
	}

	fn account(&self, identity: &IdentityId) -> Arc<Mutex<Account>> {
		let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
		if accounts.len() > PRUNE_ABOVE {
			accounts.retain(|_, account| Arc::strong_count(account) > 1);
		}
		accounts.entry(*identity).or_default().clone()
	}
}

fn cost(length: u64) -> u64 {
	length.max(LEAST)
}

fn folder(identity: &IdentityId) -> String {
	format!("unfiled/{}", hex::encode(identity.0))
}

/// What the name of a row says.
fn parse(name: &str) -> Option<(ContentHash, u64)> {
	let (digits, length) = name.split_once('-')?;
	let mut hash = [0; 32];
	hex::decode_to_slice(digits, &mut hash).ok()?;
	Some((ContentHash(hash), length.parse().ok()?))
}
