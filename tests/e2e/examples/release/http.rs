// SPDX-License-Identifier: Apache-2.0

//! Requests byte by byte, each over a connection of its own: what a client library would not send
//! has to be sent, too.

use salus_client::wire::{Credentials, Failure};
use salus_e2e::Outcome;
use std::time::Duration;
use tokio::{
	io::{AsyncReadExt, AsyncWriteExt},
	net::TcpStream,
};

/// How long an answer may take when a thousand wait for theirs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came back.
pub(crate) struct Answer {
	pub(crate) status: u16,
	pub(crate) body: Vec<u8>,
}

impl Answer {
	/// The word of a failure; nothing where the answer carries none.
	pub(crate) fn word(&self) -> String {
		let failure = serde_json::from_slice::<Failure>(&self.body);
		failure.map(|failure| failure.error).unwrap_or_default()
	}
}

/// Sends one request with these credentials.
pub(crate) async fn ask(
	address: &str,
	method: &str,
	path: &str,
	credentials: &Credentials,
	body: &[u8],
) -> Outcome<Answer> {
	let mut text = format!("{method} {path} HTTP/1.1\r\nhost: custodian\r\nconnection: close\r\n");
	for (name, value) in credentials.headers() {
		text += &format!("{name}: {value}\r\n");
	}
	text += &format!("content-length: {}\r\n\r\n", body.len());
	send(address, &[text.as_bytes(), body].concat()).await
}

/// Sends bytes, and reads what comes until the other side hangs up.
pub(crate) async fn send(address: &str, bytes: &[u8]) -> Outcome<Answer> {
	let talking = async {
		let mut stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
		// It may hang up before it has read all of it, and says why.
		let _ = stream.write_all(bytes).await;
		let mut answer = Vec::new();
		// What came before a reset is the answer.
		let _ = stream.read_to_end(&mut answer).await;
		parse(&answer)
	};
	tokio::time::timeout(PATIENCE, talking).await.map_err(|_| "no answer came in time")?
}

fn parse(bytes: &[u8]) -> Outcome<Answer> {
	let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer came")?;
	let (head, body) = bytes.split_at(end);
	let status = String::from_utf8_lossy(head).split(' ').nth(1).and_then(|word| word.parse().ok());
	let status = status.ok_or("the answer has no status")?;
	Ok(Answer { status, body: body.get(4..).unwrap_or_default().to_vec() })
}
