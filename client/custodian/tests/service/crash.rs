// SPDX-License-Identifier: Apache-2.0

//! Custodians in processes of their own, which can be killed as a power cut does it.

use crate::harness::*;
use futures::{StreamExt, stream};
use reqwest::{Client, Method};
use salus_client::wire::{Deposit, path};
use salus_custodian::{Custodian, Shares, Store};
use salus_envelope::{AgreementSecret, CustodianShare, PrivateKey, Secret};
use salus_primitives::{ContentHash, RecordId, blake2_256};
use std::{
	path::{Path, PathBuf},
	process::Stdio,
	sync::atomic::{AtomicUsize, Ordering},
	time::Duration,
};
use tokio::{
	net::TcpListener,
	process::{Child, Command},
};

/// What a process of its own is told.
const STORE: &str = "SALUS_TEST_STORE";
const KEYS: &str = "SALUS_TEST_KEYS";
const RECORDER: &str = "SALUS_TEST_RECORDER";
const ADDRESS: &str = "SALUS_TEST_ADDRESS_FILE";

/// A custodian in a process of its own.
pub(crate) struct Process {
	pub(crate) url: String,
	child: Child,
}

impl Process {
	/// Starts one over these stores and waits until it listens.
	pub(crate) async fn start(
		store: &str,
		keys: &Path,
		recorder: &str,
		environment: &[(&str, String)],
	) -> Self {
		// Where TLS is compiled in, clients want to know whose.
		let _ = rustls::crypto::ring::default_provider().install_default();
		let folder = tempfile::tempdir().unwrap();
		let address: PathBuf = folder.path().join("address");
		// This program again, running the one test below.
		let mut child = Command::new(std::env::current_exe().unwrap())
			.args(["--exact", "crash::serve_until_killed", "--ignored", "--nocapture"])
			.env(STORE, store)
			.env(KEYS, keys)
			.env(RECORDER, recorder)
			.env(ADDRESS, &address)
			.envs(environment.iter().map(|(name, value)| (name, value)))
			.stdout(Stdio::null())
			.kill_on_drop(true)
			.spawn()
			.unwrap();
		for _ in 0..600 {
			if let Ok(url) = std::fs::read_to_string(&address) {
				return Self { url, child };
			}
			if let Some(status) = child.try_wait().unwrap() {
				panic!("it ended before it listened: {status}");
			}
			tokio::time::sleep(Duration::from_millis(50)).await;
		}
		panic!("it does not listen");
	}

	/// SIGKILL: no handler runs, nothing is flushed.
	pub(crate) fn kill(&self) {
		let id = self.id().to_string();
		let killed = std::process::Command::new("kill").args(["-9", &id]).status();
		assert!(killed.unwrap().success());
	}

	pub(crate) fn id(&self) -> u32 {
		self.child.id().unwrap()
	}

	pub(crate) async fn ask(
		&self,
		http: &Client,
		by: &Person,
		place: (Method, &str),
		body: Vec<u8>,
	) -> Result<Answer, reqwest::Error> {
		ask(http, (&self.url, CUSTODIAN), by, place, body).await
	}
}

/// The other process. It is a test only to be found by name.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by other tests"]
async fn serve_until_killed() {
	let Ok(store) = std::env::var(STORE) else { return };
	let _ = rustls::crypto::ring::default_provider().install_default();
	let (store, keys) =
		(Store::open(&store).unwrap(), Store::open(&std::env::var(KEYS).unwrap()).unwrap());
	let mut settings = settings();
	settings.recorder = std::env::var(RECORDER).unwrap();
	// The chain of this process is forgotten with it.
	settings.log_interval = Duration::from_secs(3600);
	let shares = Shares::new(store.clone(), keys, master());
	let custodian = Custodian::start(settings, chain(), store, shares).await.unwrap();
	let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
	let file = std::env::var(ADDRESS).unwrap();
	let url = format!("http://{}", listener.local_addr().unwrap());
	std::fs::write(format!("{file}.new"), url).unwrap();
	std::fs::rename(format!("{file}.new"), file).unwrap();
	custodian.run(listener, None, std::future::pending()).await;
}

/// One of many records of the same author: its share and its object.
pub(crate) struct Filed {
	pub(crate) record: RecordId,
	nonce: [u8; 16],
	share: CustodianShare,
	object: Vec<u8>,
}

pub(crate) fn filed(number: u32) -> Filed {
	let mut nonce = [0xf; 16];
	nonce[..4].copy_from_slice(&number.to_le_bytes());
	let id = RecordId::derive(blake2_256, &author().id, &patient().id, CLASS, 0, &nonce);
	let share = CustodianShare::from_bytes(blake2_256(&nonce));
	Filed { record: id, nonce, share, object: format!("sealed object {number}").into_bytes() }
}

impl Filed {
	fn content(&self) -> ContentHash {
		hash(&self.object)
	}

	/// Brings object and share. Gives whether both were acknowledged.
	pub(crate) async fn bring(&self, process: &Process, http: &Client) -> bool {
		let object = path::object(&self.content());
		let put = (Method::PUT, object.as_str());
		let stored = process.ask(http, &author(), put, self.object.clone()).await;
		if !stored.is_ok_and(|answer| answer.status.is_success()) {
			return false;
		}
		let key = AgreementSecret::derive(&CUSTODIAN.0).public();
		let deposit = Deposit {
			nonce: self.nonce,
			content: self.content(),
			share: PEER.seal_deposit(&self.record, 1, &self.share, &key).unwrap(),
			..deposit_for(1, &share())
		};
		let body = serde_json::to_vec(&deposit).unwrap();
		let place = path::share(&self.record, 1);
		let stored = process.ask(http, &author(), (Method::PUT, &place), body).await;
		stored.is_ok_and(|answer| answer.status.is_success())
	}

	/// Whether object and share are there, as they were brought.
	pub(crate) async fn is_kept(&self, process: &Process, http: &Client) -> bool {
		let place = path::share(&self.record, 1);
		let kept = process.ask(http, &author(), (Method::GET, &place), Vec::new()).await.unwrap();
		let object = path::object(&self.content());
		let got = process.ask(http, &author(), (Method::GET, &object), Vec::new()).await.unwrap();
		kept.status == 204 && got.body.unwrap() == self.object
	}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_among_a_thousand_deposits_loses_none_that_was_acknowledged() {
	const MANY: u32 = 1000;
	const KILLED_AFTER: usize = 300;
	let directory = tempfile::tempdir().unwrap();
	let store = directory.path().join("store").display().to_string();
	let keys = directory.path().join("keys");

	// given: deposits that come eight at a time, and a kill in the middle of them
	let process = Process::start(&store, &keys, "main", &[]).await;
	let (http, acknowledged) = (Client::new(), AtomicUsize::new(0));
	let bringing = stream::iter(0..MANY)
		.map(|number| {
			let (process, http, acknowledged) = (&process, &http, &acknowledged);
			async move {
				let is_taken = filed(number).bring(process, http).await;
				acknowledged.fetch_add(usize::from(is_taken), Ordering::SeqCst);
				is_taken.then_some(number)
			}
		})
		.buffer_unordered(8)
		.filter_map(async |taken| taken)
		.collect::<Vec<_>>();
	let killing = async {
		while acknowledged.load(Ordering::SeqCst) < KILLED_AFTER {
			tokio::time::sleep(Duration::from_millis(1)).await;
		}
		process.kill();
	};
	let (taken, ()) = tokio::join!(bringing, killing);
	assert!((KILLED_AFTER..MANY as usize).contains(&taken.len()), "{}", taken.len());
	drop(process);

	// when: it starts over the same files
	let process = Process::start(&store, &keys, "main", &[]).await;

	// then: all that was acknowledged is there, and the rest can be brought
	let lost = stream::iter(&taken)
		.map(async |number| (*number, filed(*number).is_kept(&process, &http).await))
		.buffer_unordered(8)
		.filter_map(async |(number, is_kept)| (!is_kept).then_some(number))
		.collect::<Vec<_>>()
		.await;
	assert_eq!(lost, [0; 0], "acknowledged and lost");
	for number in (0..MANY).filter(|number| !taken.contains(number)).take(50) {
		assert!(filed(number).bring(&process, &http).await, "{number}");
		assert!(filed(number).is_kept(&process, &http).await, "{number}");
	}
}
