// SPDX-License-Identifier: Apache-2.0

//! How slowly the other side may give and take: whoever holds a connection pays for it with bytes.

use std::{
	io,
	pin::Pin,
	task::{Context, Poll, ready},
	time::Duration,
};
use tokio::{
	io::{AsyncRead, AsyncWrite, ReadBuf},
	time::{Instant, Sleep, sleep},
};

/// How long one may be kept waiting at once, whatever has passed before.
const MOST: Duration = Duration::from_secs(30);
/// How many bytes win a second back.
const PACE: u64 = 64 << 10;

/// Patience with the other side: waiting uses it up, bytes that pass win it back. So who stops is
/// given up after [`MOST`], and who sends or takes a byte now and then little later.
pub(crate) struct Patience {
	left: Duration,
}

impl Patience {
	pub(crate) fn new() -> Self {
		Self { left: MOST }
	}

	/// How long one may be kept waiting now.
	pub(crate) fn left(&self) -> Duration {
		self.left
	}

	/// So many bytes passed after so long a wait.
	pub(crate) fn passed(&mut self, waited: Duration, bytes: u64) {
		let won = Duration::from_micros(bytes.saturating_mul(1_000_000) / PACE);
		self.left = self.left.saturating_sub(waited).saturating_add(won).min(MOST);
	}
}

/// A connection whose other side has to take what is sent to it at a pace.
pub(crate) struct Paced<S> {
	stream: S,
	patience: Patience,
	/// Since when a write waits, and what ends the wait.
	blocked: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl<S> Paced<S> {
	pub(crate) fn new(stream: S) -> Self {
		Self { stream, patience: Patience::new(), blocked: None }
	}

	/// Passes on what became of a write, and gives up one that waited too long.
	fn judge<T>(
		&mut self,
		context: &mut Context<'_>,
		polled: Poll<io::Result<T>>,
		bytes: impl Fn(&T) -> usize,
	) -> Poll<io::Result<T>> {
		if polled.is_pending() {
			let left = self.patience.left();
			let (_, end) =
				self.blocked.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
			ready!(end.as_mut().poll(context));
			return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
		}
		let waited = self.blocked.take().map_or(Duration::ZERO, |(since, _)| since.elapsed());
		if let Poll::Ready(Ok(written)) = &polled {
			let bytes = u64::try_from(bytes(written)).unwrap_or(u64::MAX);
			self.patience.passed(waited, bytes);
		}
		polled
	}
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
	fn poll_read(
		self: Pin<&mut Self>,
		context: &mut Context<'_>,
		buffer: &mut ReadBuf<'_>,
	) -> Poll<io::Result<()>> {
		Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
	}
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
	fn poll_write(
		self: Pin<&mut Self>,
		context: &mut Context<'_>,
		bytes: &[u8],
	) -> Poll<io::Result<usize>> {
		let this = self.get_mut();
		let polled = Pin::new(&mut this.stream).poll_write(context, bytes);
		this.judge(context, polled, |written| *written)
	}

	fn poll_write_vectored(
		self: Pin<&mut Self>,
		context: &mut Context<'_>,
		slices: &[io::IoSlice<'_>],
	) -> Poll<io::Result<usize>> {
		let this = self.get_mut();
		let polled = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
		this.judge(context, polled, |written| *written)
	}

	fn is_write_vectored(&self) -> bool {
		self.stream.is_write_vectored()
	}

	fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
		let this = self.get_mut();
		let polled = Pin::new(&mut this.stream).poll_flush(context);
		this.judge(context, polled, |()| 0)
	}

	fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
		let this = self.get_mut();
		let polled = Pin::new(&mut this.stream).poll_shutdown(context);
		this.judge(context, polled, |()| 0)
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

	/// Takes so many bytes every so often, for ever.
	async fn take(mut from: DuplexStream, bytes: usize, every: Duration) {
		let mut buffer = vec![0; bytes];
		while from.read_exact(&mut buffer).await.is_ok() {
			sleep(every).await;
		}
	}

	/// How long it took to send so much to somebody who takes it like that, and whether it was sent.
	async fn send(length: usize, bytes: usize, every: Duration) -> (bool, Duration) {
		let (ours, theirs) = duplex(1 << 10);
		let taking = tokio::spawn(take(theirs, bytes, every));
		let (mut ours, start) = (Paced::new(ours), Instant::now());
		let sent = ours.write_all(&vec![7; length]).await;
		taking.abort();
		if let Err(error) = &sent {
			assert_eq!(error.kind(), io::ErrorKind::TimedOut);
		}
		(sent.is_ok(), start.elapsed())
	}

	#[tokio::test(start_paused = true)]
	async fn who_takes_at_the_pace_gets_all_of_it() {
		let second = Duration::from_secs(1);
		let (is_sent, took) = send(8 << 20, 96 << 10, second).await;
		assert!(is_sent, "after {took:?}");
		assert!(took > 80 * second, "it was no quick reader: {took:?}");
	}

	#[tokio::test(start_paused = true)]
	async fn who_takes_nothing_or_a_byte_now_and_then_is_given_up() {
		for (bytes, every) in [(1, 29), (1, 5), (1 << 10, 1), (32 << 10, 1)] {
			let (is_sent, took) = send(64 << 20, bytes, Duration::from_secs(every)).await;
			assert!(!is_sent, "{bytes} bytes every {every} s");
			assert!(took < 3 * MOST, "{bytes} bytes every {every} s held it for {took:?}");
		}
		// Nobody reads at all.
		let (ours, _theirs) = duplex(16);
		let (mut ours, start) = (Paced::new(ours), Instant::now());
		assert!(ours.write_all(&[0; 64]).await.is_err());
		assert_eq!(start.elapsed().as_secs(), MOST.as_secs());
	}

	#[test]
	fn what_was_won_is_not_saved_up() {
		let mut patience = Patience::new();
		patience.passed(Duration::ZERO, u64::MAX);
		assert_eq!(patience.left(), MOST);
		patience.passed(MOST - Duration::from_secs(2), PACE);
		assert_eq!(patience.left(), Duration::from_secs(3));
		patience.passed(MOST, 0);
		assert_eq!(patience.left(), Duration::ZERO);
	}
}
