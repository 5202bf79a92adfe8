// SPDX-License-Identifier: Apache-2.0

//! Two instances over one S3 store, of which one is killed.

use crate::{
	crash::{Process, filed},
	harness::*,
	s3::S3,
};
use futures::future::join_all;
use reqwest::{Client, Method};
use salus_client::wire::{self, AuditPage, Credentials, Release, Statement, body_hash, path};
use std::{collections::BTreeMap, time::Duration};

async fn release(process: &Process, http: &Client) -> Option<Release> {
	let body = serde_json::to_vec(&wish()).unwrap();
	let place = path::release(&record(), 1);
	let answer = process.ask(http, &reader(), (Method::POST, &place), body).await.ok()?;
	answer.status.is_success().then(|| answer.json())
}

/// The numbers that each recorder gave out, as the patient sees them.
async fn numbers(process: &Process, http: &Client) -> BTreeMap<String, Vec<u64>> {
	let (mut numbers, mut after) = (BTreeMap::<String, Vec<u64>>::new(), None);
	loop {
		let place = path::audit(&patient().id, after.as_deref(), 200);
		let answer = process.ask(http, &patient(), (Method::GET, &place), Vec::new()).await;
		let page: AuditPage = answer.unwrap().json();
		for entry in page.entries {
			numbers.entry(entry.recorder).or_default().push(entry.seq);
		}
		after = page.next;
		if after.is_none() {
			numbers.values_mut().for_each(|numbers| numbers.sort_unstable());
			return numbers;
		}
	}
}

#[tokio::test(flavor = "multi_thread")]
async fn when_one_of_two_instances_is_killed_the_other_serves_everything() {
	let (s3, keys) = (S3::start().await, tempfile::tempdir().unwrap());
	let (store, environment) = (s3.location("one"), s3.environment());
	let start = async |recorder| Process::start(&store, keys.path(), recorder, &environment).await;
	let (a, b) = tokio::join!(start("a"), start("b"));
	let http = Client::new();

	// What one takes, the other serves.
	assert!(filed(1).bring(&a, &http).await && filed(2).bring(&b, &http).await);
	for process in [&a, &b] {
		assert!(filed(1).is_kept(process, &http).await && filed(2).is_kept(process, &http).await);
	}
	let share_place = path::share(&record(), 1);
	let body = serde_json::to_vec(&deposit_for(1, &share())).unwrap();
	let stored = a.ask(&http, &author(), (Method::PUT, &share_place), body).await.unwrap();
	stored.succeeds(201);
	for _ in 0..5 {
		assert!(release(&a, &http).await.is_some() && release(&b, &http).await.is_some());
	}

	// One is killed while both answer.
	let during = async {
		let mut served = 0;
		for _ in 0..30 {
			let (by_a, _) = tokio::join!(release(&a, &http), release(&b, &http));
			served += usize::from(by_a.is_some());
		}
		served
	};
	let killing = async {
		tokio::time::sleep(Duration::from_millis(200)).await;
		b.kill();
	};
	let (served, ()) = tokio::join!(during, killing);
	assert_eq!(served, 30, "the other one goes on");
	assert!(release(&b, &http).await.is_none(), "it is gone");
	for number in [1, 2] {
		assert!(filed(number).is_kept(&a, &http).await);
	}

	// It comes back, and goes on where its log ends, whatever the kill cut off.
	let b = start("b").await;
	let first = release(&b, &http).await.unwrap();
	// An instance shows its own at once; the others see it when it is filed, a little later.
	let seen = numbers(&b, &http).await;
	for (recorder, numbers) in &seen {
		let dense: Vec<_> = (0..numbers.len() as u64).collect();
		assert_eq!(*numbers, dense, "{recorder}");
	}
	assert_eq!(seen["b"].last(), Some(&first.seq));
	assert_eq!(seen, numbers(&a, &http).await);
	assert!(seen["a"].len() >= 35);
	assert!(s3.folder("one/log").is_dir(), "it was really there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_acts_once_across_instances() {
	let (s3, keys) = (S3::start().await, tempfile::tempdir().unwrap());
	let (store, environment) = (s3.location("two"), s3.environment());
	let start = async |recorder| Process::start(&store, keys.path(), recorder, &environment).await;
	let (a, b) = tokio::join!(start("a"), start("b"));
	let (http, object) = (Client::new(), path::object(&hash(b"none")));
	for number in 0..20 {
		let statement = Statement {
			genesis: PEER.genesis,
			method: "GET",
			path: &object,
			body: body_hash(b""),
			audience: CUSTODIAN,
			nonce: [number; 16],
			expires: wire::now() + wire::LIFETIME,
		};
		// The very same request, to both at once, and to both again.
		let credentials = Credentials::sign(&statement, &reader().signer);
		let both = [&a, &b, &a, &b].map(|process| {
			let request = http.get(format!("{}{object}", process.url));
			send(request, &credentials, statement.hash())
		});
		let mut words: Vec<_> = join_all(both)
			.await
			.into_iter()
			.map(|answer| answer.unwrap().status.as_u16())
			.collect();
		words.sort_unstable();
		assert_eq!(words, [401, 401, 401, 404], "one acts, and finds nothing");
	}
}
