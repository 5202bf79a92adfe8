// SPDX-License-Identifier: Apache-2.0

//! Token buckets: how often one identity may do something.

use std::{
	collections::HashMap,
	hash::Hash,
	sync::{Mutex, PoisonError},
	time::{Duration, Instant},
};

/// How many at once, and how fast they come back.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rate {
	/// How many at once.
	pub burst: u32,
	/// How long it takes to get one back.
	pub every: Duration,
}

/// Above this many buckets the full ones are forgotten: they say nothing.
const PRUNE_ABOVE: usize = 10_000;

/// A bucket per key, in memory: a restart fills them all.
pub struct RateLimit<K> {
	rate: Rate,
	buckets: Mutex<HashMap<K, Bucket>>,
}

struct Bucket {
	/// When it was full or will be.
	full_at: Instant,
	/// How many were refused since the last that was let through.
	refused: u64,
}

impl<K: Eq + Hash> RateLimit<K> {
	/// Every bucket full.
	pub fn new(rate: Rate) -> Self {
		Self { rate, buckets: Mutex::new(HashMap::new()) }
	}

	/// Whether there is one to take at `now`; if not, how long until there is. Takes none.
	pub fn room(&self, key: &K, now: Instant) -> Result<(), Duration> {
		let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
		let full_at = buckets.get(key).map_or(now, |bucket| bucket.full_at);
		self.taken(full_at, now).map(drop)
	}

	/// Takes one at `now`. Gives how many were refused since the last time, or, when none is left,
	/// how long until the next.
	pub fn take(&self, key: K, now: Instant) -> Result<u64, Duration> {
		let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
		if buckets.len() > PRUNE_ABOVE {
			buckets.retain(|_, bucket| bucket.full_at > now);
		}
		let bucket = buckets.entry(key).or_insert(Bucket { full_at: now, refused: 0 });
		match self.taken(bucket.full_at, now) {
			Ok(full_at) => {
				bucket.full_at = full_at;
				Ok(std::mem::take(&mut bucket.refused))
			},
			Err(after) => {
				bucket.refused += 1;
				Err(after)
			},
		}
	}

	/// When a bucket is full again after one more was taken, or how long until one can be.
	fn taken(&self, full_at: Instant, now: Instant) -> Result<Instant, Duration> {
		let Rate { burst, every } = self.rate;
		let (full_at, room) = (full_at.max(now) + every, every * burst);
		if full_at > now + room { Err(full_at - now - room) } else { Ok(full_at) }
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const SECOND: Duration = Duration::from_secs(1);

	#[test]
	fn a_burst_passes_and_then_one_each_interval() {
		let limit = RateLimit::new(Rate { burst: 2, every: SECOND });
		let start = Instant::now();
		assert_eq!(limit.take('a', start), Ok(0));
		assert_eq!(limit.take('a', start), Ok(0));
		assert_eq!(limit.take('a', start), Err(SECOND));
		assert_eq!(limit.take('a', start + SECOND / 2), Err(SECOND / 2));
		assert_eq!(limit.take('a', start + SECOND), Ok(2));
		assert!(limit.take('a', start + SECOND).is_err());
	}

	#[test]
	fn who_only_looks_takes_nothing() {
		let limit = RateLimit::new(Rate { burst: 1, every: SECOND });
		let start = Instant::now();
		for _ in 0..3 {
			assert_eq!(limit.room(&'a', start), Ok(()));
		}
		assert_eq!(limit.take('a', start), Ok(0));
		assert_eq!(limit.room(&'a', start), Err(SECOND));
		assert_eq!(limit.room(&'a', start + SECOND), Ok(()));
		// Nor is a look one of those that were refused.
		assert_eq!(limit.take('a', start + SECOND), Ok(0));
	}

	#[test]
	fn keys_do_not_share() {
		let limit = RateLimit::new(Rate { burst: 1, every: SECOND });
		let start = Instant::now();
		assert_eq!(limit.take('a', start), Ok(0));
		assert_eq!(limit.take('b', start), Ok(0));
		assert!(limit.take('a', start).is_err());
	}

	#[test]
	fn full_buckets_are_forgotten() {
		let limit = RateLimit::new(Rate { burst: 1, every: SECOND });
		let start = Instant::now();
		for key in 0..=PRUNE_ABOVE {
			limit.take(key, start).unwrap();
		}
		limit.take(usize::MAX, start + 2 * SECOND).unwrap();
		assert_eq!(limit.buckets.lock().unwrap().len(), 1);
	}
}
