// SPDX-License-Identifier: Apache-2.0

//! Many at once, half of them with nonsense; and how long one takes.

use crate::{crash::Process, harness::*};
use futures::future::join_all;
use reqwest::{Client, Method};
use salus_client::wire::path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MANY: usize = 1000;

/// Lets a process open more files: each side of a connection is one.
fn allow_connections(process: u32) {
	let process = process.to_string();
	let raised =
		std::process::Command::new("prlimit").args(["--pid", &process, "--nofile=8192:"]).status();
	if !raised.is_ok_and(|status| status.success()) {
		eprintln!("prlimit cannot raise the number of open files: the test may run out of them");
	}
}

/// How much memory a process has, in bytes.
fn memory_of(process: u32) -> u64 {
	let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
	let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
	line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() << 10
}

async fn release(process: &Process, http: &Client) -> u16 {
	let body = serde_json::to_vec(&wish()).unwrap();
	let place = path::release(&record(), 1);
	let answer = process.ask(http, &reader(), (Method::POST, &place), body).await;
	answer.unwrap().status.as_u16()
}

async fn raw(process: &Process, bytes: &[u8]) -> String {
	let address = process.url.strip_prefix("http://").unwrap();
	let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
	// It may hang up before it has read all of it.
	let _ = stream.write_all(bytes).await;
	let _ = stream.shutdown().await;
	let mut answer = Vec::new();
	let reading = stream.read_to_end(&mut answer);
	let _ = tokio::time::timeout(Duration::from_secs(30), reading).await;
	String::from_utf8_lossy(&answer).into_owned()
}

/// Nonsense of one kind or another; it has to be refused.
async fn nonsense(process: &Process, http: &Client, number: usize) {
	let place = path::release(&record(), 1);
	let by = reader();
	let send = async |method: Method, place: &str, body: Vec<u8>| {
		let answer = process.ask(http, &by, (method, place), body).await.unwrap();
		assert!(answer.status.is_client_error(), "{number}: {}", answer.status);
	};
	match number % 8 {
		0 => send(Method::POST, &place, b"{".repeat(2000)).await,
		1 => send(Method::POST, &place, vec![0xff; 60 << 10]).await,
		2 => send(Method::GET, "/objects/zz", Vec::new()).await,
		3 => send(Method::POST, "/shares/0x00/x/release", Vec::new()).await,
		4 => send(Method::PUT, &path::share(&record(), 1), b"[[[[[[[[".to_vec()).await,
		5 => {
			let answer = http.get(format!("{}/audit?subject=%ff", process.url)).send().await;
			assert_eq!(answer.unwrap().status().as_u16(), 401);
		},
		6 => {
			let answer = raw(process, &b"\x16\x03\x01 no request \r\n".repeat(50)).await;
			assert!(!answer.contains(" 200 "), "{answer}");
		},
		_ => {
			let head = format!(
				"POST {place} HTTP/1.1\r\nhost: x\r\ncontent-length: 18446744073709551615\r\n\r\n{{"
			);
			let answer = raw(process, head.as_bytes()).await;
			assert!(!answer.contains(" 200 "), "{answer}");
		},
	}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_at_once_half_of_them_nonsense_stop_nothing() {
	let directory = tempfile::tempdir().unwrap();
	let store = directory.path().join("store").display().to_string();
	let process = Process::start(&store, &directory.path().join("keys"), "main", &[]).await;
	allow_connections(std::process::id());
	allow_connections(process.id());
	let http = Client::new();
	let body = serde_json::to_vec(&deposit_for(1, &share())).unwrap();
	let place = path::share(&record(), 1);
	process.ask(&http, &author(), (Method::PUT, &place), body).await.unwrap().succeeds(201);
	assert_eq!(release(&process, &http).await, 200);
	let before = memory_of(process.id());

	let start = Instant::now();
	let asking = (0..MANY).map(async |number| {
		if number % 2 == 0 {
			let status = release(&process, &http).await;
			(status, start.elapsed())
		} else {
			nonsense(&process, &http, number / 2).await;
			(0, Duration::ZERO)
		}
	});
	let answers = join_all(asking).await;
	let good: Vec<_> = answers.iter().filter(|(status, _)| *status != 0).collect();
	assert_eq!(good.len(), MANY / 2);
	assert!(good.iter().all(|(status, _)| *status == 200), "every good one was served");
	let slowest = good.iter().map(|(_, took)| *took).max().unwrap();
	let grown = memory_of(process.id()).saturating_sub(before);
	println!(
		"slowest of {} good requests: {slowest:?}; memory grew by {} KiB",
		MANY / 2,
		grown >> 10
	);
	assert!(slowest < Duration::from_secs(60), "{slowest:?}");
	assert!(grown < 256 << 20, "{grown} bytes");

	// Afterwards it is as quick as before.
	let start = Instant::now();
	assert_eq!(release(&process, &http).await, 200);
	assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
	let health = reqwest::get(format!("{}/health", process.url)).await.unwrap();
	assert_eq!(health.status(), 200);
}

/// The time from the request to the share in the reader's hand, over one connection, with the log
/// entry and its lists durable on this machine's disk. The chain answers from memory: against a node
/// the metric `request_seconds` of the route `/shares/{record}/{version}/release` says the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_share_is_released_quickly_once_the_grant_is_final() {
	// A machine that builds and tests at the same time is slower than one that serves.
	let target = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 50 });
	let service = Service::start_with(|settings| {
		settings.log_interval = Duration::from_secs(3600);
	})
	.await;
	service.deposit(&author(), &share()).await.succeeds(201);
	let (http, place) = (Client::new(), path::release(&record(), 1));
	let body = serde_json::to_vec(&wish()).unwrap();
	let mut times = Vec::with_capacity(MANY);
	for _ in 0..MANY {
		let start = Instant::now();
		let to = (service.url.as_str(), CUSTODIAN);
		let answer = ask(&http, to, &reader(), (Method::POST, &place), body.clone()).await.unwrap();
		times.push(start.elapsed());
		assert_eq!(answer.status, 200);
	}
	times.sort_unstable();
	let (p50, p99) = (times[MANY / 2], times[MANY * 99 / 100]);
	println!("release of a share, {MANY} times: p50 {p50:?}, p99 {p99:?}");
	assert!(p99 < target, "p99 {p99:?} is above {target:?}");
}
