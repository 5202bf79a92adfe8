// SPDX-License-Identifier: Apache-2.0

//! The connection that everything asked of a node goes over.
//!
//! A node's server leaves Nagle's algorithm on and writes an answer in two pieces: the second one waits
//! until the first is acknowledged, which Linux does 40 ms later where nothing else is to be sent. So
//! what comes over a plain connection is acknowledged at once. Where TLS lies between, whoever ends it
//! has the node's connection.

use jsonrpsee::{
	client_transport::ws::{Url, WsTransportClientBuilder},
	core::client::Client,
};
use std::{
	io,
	pin::Pin,
	task::{Context, Poll},
	time::Duration,
};
use subxt::rpcs::{self, RpcClient};
use tokio::{
	io::{AsyncRead, AsyncWrite, ReadBuf},
	net::TcpStream,
};

/// How long it may take until a node accepts a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many messages of a subscription may wait.
const BUFFERED: usize = 4096;

/// Connects to the node at `url` (`ws://` or `wss://`).
pub(crate) async fn open(url: &str) -> Result<RpcClient, rpcs::Error> {
	match Url::parse(url) {
		Ok(parsed) if parsed.scheme() == "ws" => {
			let client = plain(&parsed).await.map_err(rpcs::Error::Client)?;
			Ok(RpcClient::new(client))
		},
		_ => RpcClient::from_insecure_url(url).await,
	}
}

async fn plain(url: &Url) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
	let addresses = url.socket_addrs(|| None)?;
	let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(&addresses[..]));
	let stream = connecting.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
	stream.set_nodelay(true)?;
	let shaking =
		WsTransportClientBuilder::default().build_with_stream(url.clone(), Prompt(stream));
	let shaken = tokio::time::timeout(PATIENCE, shaking);
	let (sender, receiver) =
		shaken.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
	let builder = Client::builder().max_buffer_capacity_per_subscription(BUFFERED);
	Ok(builder.build_with_tokio(sender, receiver))
}

/// A connection on which everything that comes is acknowledged at once.
struct Prompt(TcpStream);

impl AsyncRead for Prompt {
	fn poll_read(
		self: Pin<&mut Self>,
		context: &mut Context<'_>,
		buffer: &mut ReadBuf<'_>,
	) -> Poll<io::Result<()>> {
		let stream = &mut self.get_mut().0;
		// The system forgets it whenever it likes. Where it cannot, answers are slower, and that is all.
		#[cfg(target_os = "linux")]
		let _ = stream.set_quickack(true);
		Pin::new(stream).poll_read(context, buffer)
	}
}

impl AsyncWrite for Prompt {
	fn poll_write(
		self: Pin<&mut Self>,
		context: &mut Context<'_>,
		bytes: &[u8],
	) -> Poll<io::Result<usize>> {
		Pin::new(&mut self.get_mut().0).poll_write(context, bytes)
	}

	fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
		Pin::new(&mut self.get_mut().0).poll_flush(context)
	}

	fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
		Pin::new(&mut self.get_mut().0).poll_shutdown(context)
	}
}
