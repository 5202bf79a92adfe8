// SPDX-License-Identifier: Apache-2.0

//! A thousand requests at once, half of them with nonsense: every good one is served, no other gets
//! more than a refusal of its own fault, and the process does not grow with them.

use crate::{
	at,
	http::{self, Answer},
	millis,
	scene::{Reader, Scene},
};
use salus_client::wire::{
	self, Credentials, Peer, Release, ReleaseRequest, Statement, body_hash, path,
};
use salus_e2e::Outcome;
use salus_envelope::Secret;
use salus_primitives::{Action, IdentityId, Purpose, RecordId};
use std::{
	collections::BTreeMap,
	fs,
	process::Command,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::task::JoinSet;

const MANY: usize = 1_000;
/// How much memory the process may gain over it, in bytes.
const GROWTH: u64 = 128 << 20;
/// How long the last good one may wait: all of them together take the node a while.
const SLOWEST: Duration = Duration::from_secs(60);
/// How long one may take afterwards.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// Lets a process, and those that it starts, open more files: each side of a connection is one.
pub(crate) fn allow_connections(process: u32) {
	let process = process.to_string();
	let raised = Command::new("prlimit").args(["--pid", &process, "--nofile=8192:"]).status();
	if !raised.is_ok_and(|status| status.success()) {
		eprintln!("prlimit cannot raise the number of open files: a part may run out of them");
	}
}

/// A request, signed and ready to go.
struct Ready {
	path: String,
	credentials: Credentials,
	/// What an answer is bound to.
	hash: [u8; 32],
	body: Vec<u8>,
}

impl Ready {
	/// What `reader` asks for a record, as it should be.
	fn good(peer: &Peer, reader: &Reader, record: RecordId) -> Self {
		let body = body(reader, record);
		let path = path::release(&record, 1);
		let (credentials, hash) = peer.sign("POST", &path, body_hash(&body), &reader.signer);
		Self { path, credentials, hash, body }
	}

	/// The same with another statement under the signature.
	fn signed(
		peer: &Peer,
		reader: &Reader,
		record: RecordId,
		change: impl Fn(&mut Statement<'_>),
	) -> Self {
		let body = body(reader, record);
		let path = path::release(&record, 1);
		let mut statement = Statement {
			genesis: peer.genesis,
			method: "POST",
			path: &path,
			body: body_hash(&body),
			audience: peer.custodian,
			nonce: wire::fresh_nonce(),
			expires: wire::now().saturating_add(wire::LIFETIME),
		};
		change(&mut statement);
		let credentials = Credentials::sign(&statement, &reader.signer);
		let hash = statement.hash();
		Self { path, credentials, hash, body }
	}

	async fn send(&self, address: &str) -> Outcome<Answer> {
		http::ask(address, "POST", &self.path, &self.credentials, &self.body).await
	}
}

fn body(reader: &Reader, record: RecordId) -> Vec<u8> {
	let wish = reader.wish(record);
	let (purpose, action) = (Purpose::Treat, Action::Access);
	let request = ReleaseRequest { purpose, action, key_version: wish.key_version };
	serde_json::to_vec(&request).unwrap_or_default()
}

/// What is wrong with a request, and the status and the word that it has to be refused with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fault {
	GarbageJson,
	BadSignature,
	OtherAudience,
	Expired,
	Replayed,
	NoRequest,
}

impl Fault {
	const ALL: [Self; 6] = [
		Self::GarbageJson,
		Self::BadSignature,
		Self::OtherAudience,
		Self::Expired,
		Self::Replayed,
		Self::NoRequest,
	];

	fn refusal(self) -> (u16, &'static str) {
		match self {
			Self::GarbageJson => (400, "malformed"),
			Self::BadSignature => (401, "bad-signature"),
			Self::OtherAudience => (401, "other-audience"),
			Self::Expired => (401, "expired"),
			Self::Replayed => (401, "nonce-used"),
			// It is refused before anything of ours sees it.
			Self::NoRequest => (400, ""),
		}
	}

	/// A request with this fault. `served` is one that was answered before.
	fn make(self, peer: &Peer, reader: &Reader, record: RecordId, served: &Ready) -> Ready {
		match self {
			Self::GarbageJson => {
				let body = b"{\"purpose\":[[[[".repeat(100);
				let path = path::release(&record, 1);
				let (credentials, hash) =
					peer.sign("POST", &path, body_hash(&body), &reader.signer);
				Ready { path, credentials, hash, body }
			},
			Self::BadSignature => {
				let mut ready = Ready::good(peer, reader, record);
				let [first, ..] = &mut ready.credentials.signature;
				*first ^= 1;
				ready
			},
			Self::OtherAudience => {
				let audience = IdentityId([0xee; 32]);
				Ready::signed(peer, reader, record, |statement| statement.audience = audience)
			},
			Self::Expired => Ready::signed(peer, reader, record, |statement| {
				statement.expires = wire::now().saturating_sub(1);
			}),
			Self::Replayed | Self::NoRequest => Ready {
				path: served.path.clone(),
				credentials: served.credentials.clone(),
				hash: served.hash,
				body: served.body.clone(),
			},
		}
	}

	async fn send(self, address: &str, ready: &Ready) -> Outcome {
		let answer = match self {
			Self::NoRequest => {
				http::send(address, &b"\x16\x03\x01 no request \r\n\r\n".repeat(50)).await
			},
			_ => ready.send(address).await,
		};
		let answer = answer.map_err(|error| format!("{self:?}: {error}"))?;
		let found = (answer.status, answer.word());
		let (status, word) = self.refusal();
		if found == (status, word.to_owned()) {
			return Ok(());
		}
		Err(format!("{self:?} should be refused with {status} {word}, and got {found:?}"))
	}
}

pub(crate) async fn play(scene: &Scene) -> Outcome {
	let (peer, address) = (scene.peer()?, Arc::<str>::from(scene.address()));
	let process = scene.process()?.id();
	allow_connections(process);
	let readers: Vec<_> = scene.grantees.iter().chain([&scene.author, &scene.patient]).collect();
	let pair = |number: usize| {
		let reader = readers.get(number % readers.len()).copied().unwrap_or(&scene.patient);
		let record = scene.records.get(number / readers.len() % scene.records.len());
		(reader, record.copied().unwrap_or_default())
	};

	// One of each record before: what every other has to open, and what is replayed.
	let mut known = BTreeMap::new();
	let mut served = None;
	for record in &scene.records {
		let ready = Ready::good(&peer, &scene.patient, *record);
		let answer = ready.send(&address).await?;
		known.insert(*record, open(&peer, &scene.patient, &ready, &answer)?);
		served = Some(ready);
	}
	let served = served.ok_or("the scene has records")?;

	let before = memory_of(process, "VmRSS")?;
	let start = Instant::now();
	let mut asking = JoinSet::new();
	for number in 0..MANY {
		let ((reader, record), address) = (pair(number / 2), address.clone());
		if number % 2 == 0 {
			let ready = Ready::good(&peer, reader, record);
			asking.spawn(async move {
				let answer = ready.send(&address).await;
				(Some((number / 2, ready, start.elapsed())), answer.map(Some))
			});
		} else {
			let fault = Fault::ALL.iter().copied().cycle().nth(number / 2);
			let fault = fault.unwrap_or(Fault::GarbageJson);
			let ready = fault.make(&peer, reader, record, &served);
			asking.spawn(async move { (None, fault.send(&address, &ready).await.map(|()| None)) });
		}
	}
	let (mut times, mut refused) = (Vec::new(), 0_usize);
	while let Some(ended) = asking.join_next().await {
		let (good, answer) = ended.map_err(|error| error.to_string())?;
		match (good, answer?) {
			(Some((number, ready, took)), Some(answer)) => {
				let (reader, record) = pair(number);
				if known.get(&record) != Some(&open(&peer, reader, &ready, &answer)?) {
					return Err(format!("request {number} opened another share than before"));
				}
				times.push(took);
			},
			_ => refused += 1,
		}
	}
	let all = start.elapsed();
	let grown = memory_of(process, "VmRSS")?.saturating_sub(before);
	let peak = memory_of(process, "VmHWM")?;
	judge(times, refused, all, [before, grown, peak])?;
	is_well(scene, &peer, &address).await
}

/// The share in an answer.
fn open(peer: &Peer, reader: &Reader, ready: &Ready, answer: &Answer) -> Outcome<[u8; 32]> {
	if answer.status != 200 {
		let text = String::from_utf8_lossy(&answer.body);
		return Err(format!("a good request was answered {}: {text}", answer.status));
	}
	let release: Release =
		serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
	let share = peer.open_release(&ready.hash, &release.share, &reader.secret);
	Ok(*share.map_err(|error| error.to_string())?.expose())
}

fn judge(mut times: Vec<Duration>, refused: usize, all: Duration, memory: [u64; 3]) -> Outcome {
	times.sort_unstable();
	let [p50, most] = [500, 1_000].map(|share| at(&times, share));
	let [before, grown, peak] = memory.map(|bytes| bytes >> 10);
	println!(
		"{MANY} requests at once: {} good ones served, p50 {:.0} ms, the last after {:.0} ms; {refused} \
		 faulty ones refused; all in {:.1} s; memory {before} KiB before, {grown} KiB more, at most \
		 {peak} KiB",
		times.len(),
		millis(p50),
		millis(most),
		all.as_secs_f64()
	);
	if (times.len(), refused) != (MANY / 2, MANY / 2) {
		return Err("some requests were not answered".into());
	}
	if most > SLOWEST {
		return Err(format!("the last good request waited {:.0} ms", millis(most)));
	}
	if grown << 10 > GROWTH {
		return Err(format!("the custodian grew by {grown} KiB"));
	}
	Ok(())
}

/// Whether it is as it was: healthy, quick, and without a failure of its own.
async fn is_well(scene: &Scene, peer: &Peer, address: &str) -> Outcome {
	let (status, health) = scene.process()?.get("/health")?;
	if status != 200 {
		return Err(format!("the custodian is not healthy afterwards: {health}"));
	}
	let (_, metrics) = scene.process()?.get("/metrics")?;
	let failed = metrics.lines().find(|line| line.contains("status=\"5"));
	if let Some(line) = failed {
		return Err(format!("the custodian failed by itself: {line}"));
	}
	let record = scene.records.first().copied().unwrap_or_default();
	let start = Instant::now();
	let ready = Ready::good(peer, &scene.patient, record);
	let answer = ready.send(address).await?;
	open(peer, &scene.patient, &ready, &answer)?;
	let took = start.elapsed();
	println!("one request afterwards: {:.1} ms", millis(took));
	if took < AFTERWARDS { Ok(()) } else { Err("it is slower than before".into()) }
}

/// A figure of a process's memory, in bytes.
fn memory_of(process: u32, figure: &str) -> Outcome<u64> {
	let path = format!("/proc/{process}/status");
	let status = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
	let line = status.lines().find_map(|line| line.strip_prefix(figure));
	let digits: String = line.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
	let kilobytes: u64 = digits.parse().map_err(|_| format!("{path} has no {figure}"))?;
	Ok(kilobytes << 10)
}
