// SPDX-License-Identifier: Apache-2.0

//! The log: numbers, crashes, the way to the chain, the view of the subject.

use crate::{chain::Fate, harness::*};
use reqwest::Method;
use salus_client::wire::{AuditPage, Release, path};
use salus_primitives::{AccessDecision, DenyReason, Digest, blake2_256};
use std::{collections::HashSet, time::Duration};

const SLOW: Duration = Duration::from_secs(3600);

async fn with_share(interval: Duration) -> Service {
	let service = Service::start_with(|settings| settings.log_interval = interval).await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

async fn seq(service: &Service) -> u64 {
	let release: Release = service.release().await.json();
	release.seq
}

fn on_chain(service: &Service) -> Vec<Digest> {
	let state = service.chain.state();
	let log = state.logs.get(&patient().id);
	log.into_iter().flatten().map(|entry| entry.event).collect()
}

#[tokio::test]
async fn numbers_go_on_after_a_restart_and_after_a_crash() {
	let mut service = with_share(SLOW).await;
	for expected in 0..3 {
		assert_eq!(seq(&service).await, expected);
	}
	service.stop().await;
	service.restart().await;
	assert_eq!(seq(&service).await, 3);
	service.crash().await;
	service.restart().await;
	assert_eq!(seq(&service).await, 4);
}

#[tokio::test]
async fn numbers_stay_dense_when_a_write_fails() {
	let service = with_share(SLOW).await;
	assert_eq!(seq(&service).await, 0);
	service.faults.break_writes(Some("log"));
	service.release().await.fails(500, "store-failed");
	service.faults.break_writes(None);
	assert_eq!(seq(&service).await, 1);
}

#[tokio::test]
async fn numbers_stay_dense_when_many_ask_at_once() {
	let service = with_share(Duration::from_millis(50)).await;
	let asked = futures::future::join_all((0..20).map(|_| seq(&service))).await;
	assert_eq!(asked.iter().collect::<HashSet<_>>().len(), 20);
	assert_eq!(asked.iter().max(), Some(&19));
	eventually(|| on_chain(&service).len() == 20).await;
}

#[tokio::test]
async fn the_event_on_chain_is_the_hash_of_the_entry() {
	let service = with_share(Duration::from_millis(50)).await;
	let release: Release = service.release().await.json();
	let file = service.file(&format!("log/{}/main/{:020}", hex::encode(CUSTODIAN.0), 0));
	assert_eq!(release.event, Digest(blake2_256(&std::fs::read(file).unwrap())));
	eventually(|| on_chain(&service) == [release.event]).await;
}

#[tokio::test]
async fn entries_go_in_batches_and_each_once() {
	let mut service = with_share(SLOW).await;
	for _ in 0..3 {
		seq(&service).await;
	}
	assert!(service.chain.state().batches.is_empty());
	assert!(service.metrics().await.contains("salus_custodian_permits_total 3"));
	// What waits goes out when the custodian goes down.
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 1);
	assert_eq!(on_chain(&service).len(), 3);
	service.restart().await;
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 1);
}

#[tokio::test]
async fn what_waits_after_a_crash_is_carried_once() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	seq(&service).await;
	service.crash().await;
	service.restart().await;
	service.stop().await;
	assert_eq!(on_chain(&service).len(), 2);
}

#[tokio::test]
async fn a_batch_that_arrived_unheard_is_not_sent_again() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().fate = Fate::FinalUnheard;
	service.stop().await;
	assert_eq!(on_chain(&service).len(), 1);

	service.chain.state().fate = Fate::Final;
	for passed in [0, 100] {
		service.chain.state().passed = passed;
		service.restart().await;
		service.stop().await;
		assert_eq!(service.chain.state().batches.len(), 1);
		assert_eq!(on_chain(&service).len(), 1);
	}
}

#[tokio::test]
async fn a_batch_that_was_lost_is_sent_again_only_when_it_is_dead() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().fate = Fate::LostUnheard;
	service.stop().await;
	service.chain.state().fate = Fate::Final;
	service.restart().await;
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 1, "it may still arrive");

	service.chain.state().passed = 100;
	service.restart().await;
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 2);
	assert_eq!(on_chain(&service).len(), 1);
}

#[tokio::test]
async fn a_batch_that_the_pool_refuses_waits() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().fate = Fate::NotTaken;
	service.stop().await;
	service.chain.state().fate = Fate::Final;
	service.restart().await;
	service.stop().await;
	assert_eq!(on_chain(&service).len(), 1);
}

#[tokio::test]
async fn an_entry_that_the_chain_refuses_is_kept_with_the_reason() {
	let service = with_share(Duration::from_millis(50)).await;
	service.chain.state().fate = Fate::Refused("GrantMismatch");
	seq(&service).await;
	eventually(|| service.count("log-refused") == 1).await;
	let file = service.file(&format!("log-refused/{}/main/{:020}", hex::encode(CUSTODIAN.0), 0));
	assert_eq!(std::fs::read_to_string(file).unwrap(), "GrantMismatch");
	// It stops nobody behind it.
	service.chain.state().fate = Fate::Final;
	seq(&service).await;
	eventually(|| on_chain(&service).len() == 1).await;
}

#[tokio::test]
async fn a_denial_about_no_record_stays_here() {
	let mut service = with_share(SLOW).await;
	service.chain.both(|end| {
		end.records.clear();
	});
	service.chain.decide(AccessDecision::Deny(DenyReason::UnknownRecord));
	service.release().await.fails(403, "access-denied");
	assert_eq!(service.count("log"), 1);
	service.stop().await;
	assert!(service.chain.state().batches.is_empty());
}

#[tokio::test]
async fn the_subject_sees_all_of_it_page_by_page() {
	let service = with_share(SLOW).await;
	for _ in 0..3 {
		seq(&service).await;
	}
	service.chain.decide(AccessDecision::Deny(DenyReason::NoGrant));
	service.release().await.fails(403, "access-denied");

	let page = async |after: Option<&str>| -> AuditPage {
		let path = path::audit(&patient().id, after, 3);
		service.request(Method::GET, &path).by(&patient()).send().await.json()
	};
	let first = page(None).await;
	assert_eq!(first.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [0, 1, 2]);
	assert!(first.entries.iter().all(|entry| entry.question.reader == reader().id));
	let second = page(first.next.as_deref()).await;
	assert_eq!(second.entries.len(), 1);
	assert!(!second.entries[0].decision.is_permit());
	assert_eq!(second.next, None);
}

#[tokio::test]
async fn nobody_else_sees_it() {
	let service = with_share(SLOW).await;
	let path = path::audit(&patient().id, None, 3);
	let answer = service.request(Method::GET, &path).by(&author()).send().await;
	answer.fails(403, "not-subject");
	let path = format!("/audit?subject={}&after=../log", patient().id);
	service.request(Method::GET, &path).by(&patient()).send().await.fails(400, "malformed");
	let path = path::audit(&patient().id, None, 201);
	service.request(Method::GET, &path).by(&patient()).send().await.fails(400, "malformed");
}

#[tokio::test]
async fn an_entry_that_missed_its_place_under_the_subject_gets_it_at_the_next_start() {
	let mut service = with_share(SLOW).await;
	service.faults.break_writes(Some("audit"));
	service.release().await.fails(500, "store-failed");
	assert_eq!((service.count("log"), service.count("audit")), (1, 0));
	service.crash().await;
	service.faults.break_writes(None);
	service.restart().await;
	assert_eq!(service.count("audit"), 1);
}
