// SPDX-License-Identifier: Apache-2.0

//! Documents on their way in: so many bytes at once, so many from one identity, and none that takes
//! its time.

use crate::{Error, error::Result, objects};
use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use salus_primitives::IdentityId;
use std::{
	collections::HashMap,
	sync::{Arc, Mutex, PoisonError},
	time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// In what steps room is given out.
const STEP: u64 = 64 << 10;
/// How many steps there are: bodies of 160 MiB in all. The largest one takes less than half.
const STEPS: usize = 2560;
/// How many documents of one identity may be on their way at once.
const OF_ONE: usize = 2;
/// How long a client may send nothing.
const IDLE: Duration = Duration::from_secs(20);
/// How long a body may take, whatever its length, and how many bytes it brings per second after that.
const HEAD_START: Duration = Duration::from_secs(20);
const PACE: u64 = 128 << 10;

/// Who sends how much.
#[derive(Clone)]
pub(super) struct Arrivals {
	room: Arc<Semaphore>,
	senders: Arc<Mutex<HashMap<IdentityId, usize>>>,
}

/// Room for one body. It is given back when this goes.
pub(crate) struct Place {
	arrivals: Arrivals,
	sender: IdentityId,
	_room: Option<OwnedSemaphorePermit>,
}

/// A shown document that arrived whole, in the room that it takes until it is judged.
pub(crate) struct Shown {
	pub(super) body: Bytes,
	_place: Place,
}

impl Arrivals {
	pub(super) fn new() -> Self {
		Self { room: Arc::new(Semaphore::new(STEPS)), senders: Arc::default() }
	}

	/// Room for so many bytes from `sender`, when there is some before `patience` ends.
	pub(super) async fn place(
		&self,
		sender: IdentityId,
		length: u64,
		patience: Duration,
	) -> Result<Place> {
		{
			let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
			let sending = senders.entry(sender).or_default();
			if *sending >= OF_ONE {
				return Err(Error::GatewayBusy);
			}
			*sending += 1;
		}
		let mut place = Place { arrivals: self.clone(), sender, _room: None };
		let steps = u32::try_from(length.div_ceil(STEP)).unwrap_or(u32::MAX);
		let room = self.room.clone().acquire_many_owned(steps.min(STEPS as u32));
		match tokio::time::timeout(patience, room).await {
			Ok(Ok(room)) => place._room = Some(room),
			Ok(Err(_)) | Err(_) => return Err(Error::GatewayBusy),
		}
		Ok(place)
	}
}

impl Drop for Place {
	fn drop(&mut self) {
		let mut senders = self.arrivals.senders.lock().unwrap_or_else(PoisonError::into_inner);
		if let Some(sending) = senders.get_mut(&self.sender) {
			*sending = sending.saturating_sub(1);
			if *sending == 0 {
				senders.remove(&self.sender);
			}
		}
	}
}

impl Place {
	/// Reads a body of at most `length` bytes. `shown` is what a client is told it may be.
	pub(super) async fn receive(self, body: Body, length: u64, shown: u64) -> Result<Shown> {
		let patience = HEAD_START.saturating_add(Duration::from_secs(length / PACE));
		let receiving = tokio::time::timeout(patience, receive(body, length, shown));
		let bytes = receiving.await.map_err(|_| Error::BodyTimeout)??;
		Ok(Shown { body: bytes.into(), _place: self })
	}
}

async fn receive(mut body: Body, length: u64, shown: u64) -> Result<Vec<u8>> {
	let mut bytes = Vec::new();
	loop {
		let frame = match tokio::time::timeout(IDLE, body.frame()).await {
			Err(_) => return Err(Error::BodyTimeout),
			Ok(None) => return Ok(bytes),
			Ok(Some(Err(_))) => return Err(Error::BodyBroken),
			Ok(Some(Ok(frame))) => frame,
		};
		let Ok(chunk) = frame.into_data() else { continue };
		if (bytes.len() as u64).saturating_add(chunk.len() as u64) > length {
			objects::drain(body).await;
			return Err(Error::TooLarge(shown));
		}
		bytes.extend_from_slice(&chunk);
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const SENDER: IdentityId = IdentityId([1; 32]);
	const NO_TIME: Duration = Duration::ZERO;

	#[tokio::test]
	async fn one_sender_leaves_room_for_others() {
		let arrivals = Arrivals::new();
		let _first = arrivals.place(SENDER, 1, NO_TIME).await.unwrap();
		let second = arrivals.place(SENDER, 1, NO_TIME).await.unwrap();
		assert!(matches!(arrivals.place(SENDER, 1, NO_TIME).await, Err(Error::GatewayBusy)));
		arrivals.place(IdentityId([2; 32]), 1, NO_TIME).await.unwrap();
		drop(second);
		arrivals.place(SENDER, 1, NO_TIME).await.unwrap();
	}

	#[tokio::test]
	async fn room_is_given_back_with_all_that_was_taken() {
		let arrivals = Arrivals::new();
		let whole = STEP * STEPS as u64;
		let all = arrivals.place(SENDER, whole, NO_TIME).await.unwrap();
		let other = arrivals.place(IdentityId([2; 32]), 1, NO_TIME).await;
		assert!(matches!(other, Err(Error::GatewayBusy)));
		drop(all);
		drop(arrivals.place(SENDER, whole, NO_TIME).await.unwrap());
		assert_eq!(arrivals.room.available_permits(), STEPS);
		assert!(arrivals.senders.lock().unwrap().is_empty());
	}

	#[tokio::test]
	async fn a_body_that_takes_its_time_is_given_up() {
		tokio::time::pause();
		let arrivals = Arrivals::new();
		let place = arrivals.place(SENDER, 1 << 20, NO_TIME).await.unwrap();
		// A byte now and then: never idle, and never done.
		let drips = futures::stream::unfold((), |()| async {
			tokio::time::sleep(Duration::from_secs(5)).await;
			Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
		});
		let start = tokio::time::Instant::now();
		let body = Body::from_stream(drips);
		assert!(matches!(place.receive(body, 1 << 20, 1).await, Err(Error::BodyTimeout)));
		assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
		assert!(arrivals.senders.lock().unwrap().is_empty());
	}
}
