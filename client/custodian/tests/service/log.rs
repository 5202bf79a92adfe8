// SPDX-License-Identifier: Apache-2.0

//! The log: numbers, crashes, the way to the chain.

use crate::{chain::Fate, harness::*};
use reqwest::Method;
use salus_client::wire::{Release, ReleaseRequest, path};
use salus_custodian::config::StartError;
use salus_primitives::{
	AccessDecision, DenyReason, Digest, EmergencyId, PermitBasis, Purpose, blake2_256,
};
use std::{collections::HashSet, time::Duration};

const SLOW: Duration = Duration::from_secs(3600);
const QUICK: Duration = Duration::from_millis(50);
const NO_GRANT: AccessDecision = AccessDecision::Deny(DenyReason::NoGrant);

async fn with_share(interval: Duration) -> Service {
	let service = Service::start_with(|settings| settings.log_interval = interval).await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

async fn seq(service: &Service) -> u64 {
	let release: Release = service.release().await.json();
	release.seq
}

/// The entries that went to the chain one by one.
fn singles(service: &Service) -> Vec<Digest> {
	let state = service.chain.state();
	let log = state.logs.get(&patient().id);
	log.into_iter().flatten().map(|entry| entry.event).collect()
}

fn anchored(service: &Service) -> u64 {
	service.chain.state().anchored("main")
}

/// How many audit batches were sent, arrived or not.
fn sent(service: &Service) -> usize {
	service.chain.state().sent.len()
}

fn entry_file(service: &Service, seq: u64) -> std::path::PathBuf {
	service.file(&format!("log/{}/main/{seq:020}", hex::encode(CUSTODIAN.0)))
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
	let service = with_share(QUICK).await;
	let asked = futures::future::join_all((0..20).map(|_| seq(&service))).await;
	assert_eq!(asked.iter().collect::<HashSet<_>>().len(), 20);
	assert_eq!(asked.iter().max(), Some(&19));
	eventually(|| anchored(&service) == 20).await;
}

#[tokio::test]
async fn the_event_is_the_hash_of_the_entry() {
	let service = with_share(SLOW).await;
	let release: Release = service.release().await.json();
	let row = std::fs::read(entry_file(&service, 0)).unwrap();
	assert_eq!(release.event, Digest(blake2_256(&row)));
	// A client makes the same hash of what it is shown.
	let entry: salus_client::wire::AuditEntry = serde_json::from_slice(&row).unwrap();
	assert_eq!(entry.event(), release.event);
}

#[tokio::test]
async fn entries_go_under_one_root_and_each_once() {
	let mut service = with_share(SLOW).await;
	for _ in 0..3 {
		seq(&service).await;
	}
	assert_eq!(sent(&service), 0);
	assert!(service.metrics().await.contains("salus_custodian_permits_total 3"));
	// What waits goes out when the custodian goes down: all of it in one transaction.
	service.stop().await;
	assert_eq!((sent(&service), anchored(&service)), (1, 3));
	assert!(singles(&service).is_empty(), "a plain permit is no call of its own");
	service.restart().await;
	service.stop().await;
	assert_eq!(sent(&service), 1);
}

#[tokio::test]
async fn batches_follow_each_other_without_gap() {
	let mut service = with_share(SLOW).await;
	for round in 1..4 {
		for _ in 0..round {
			seq(&service).await;
		}
		service.stop().await;
		service.restart().await;
	}
	let state = service.chain.state();
	let places: Vec<_> = state.sent.iter().map(|call| (call.seq, call.first, call.last)).collect();
	assert_eq!(places, [(0, 0, 0), (1, 1, 2), (2, 3, 5)]);
}

#[tokio::test]
async fn what_waits_after_a_crash_is_anchored_once() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	seq(&service).await;
	service.crash().await;
	service.restart().await;
	service.stop().await;
	assert_eq!((sent(&service), anchored(&service)), (1, 2));
}

#[tokio::test]
async fn a_batch_that_arrived_unheard_is_not_sent_again() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().batch_fate = Fate::FinalUnheard;
	service.stop().await;
	assert_eq!((sent(&service), anchored(&service)), (1, 1));

	service.chain.state().batch_fate = Fate::Final;
	service.restart().await;
	// The chain said that it arrived: the next one goes on behind it, at once.
	assert_eq!(seq(&service).await, 1);
	service.stop().await;
	let state = service.chain.state();
	let places: Vec<_> = state.sent.iter().map(|call| (call.seq, call.first, call.last)).collect();
	assert_eq!(places, [(0, 0, 0), (1, 1, 1)]);
}

#[tokio::test]
async fn a_batch_that_was_lost_is_sent_again_only_when_it_is_dead() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().batch_fate = Fate::LostUnheard;
	service.stop().await;
	service.chain.state().batch_fate = Fate::Final;
	service.restart().await;
	service.stop().await;
	assert_eq!(sent(&service), 1, "it may still arrive");

	service.chain.state().passed = 100;
	service.restart().await;
	service.stop().await;
	assert_eq!((sent(&service), anchored(&service)), (2, 1));
}

#[tokio::test]
async fn a_batch_that_the_pool_refuses_waits() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.chain.state().batch_fate = Fate::NotTaken;
	service.stop().await;
	service.chain.state().batch_fate = Fate::Final;
	service.restart().await;
	service.stop().await;
	assert_eq!(anchored(&service), 1);
}

#[tokio::test]
async fn a_clock_ahead_of_the_chain_anchors_nothing_from_the_future() {
	let mut service = with_share(SLOW).await;
	service.chain.state().behind = 30_000;
	seq(&service).await;
	service.stop().await;
	assert_eq!(anchored(&service), 1);
}

#[tokio::test]
async fn a_store_that_lost_entries_is_refused() {
	let mut service = with_share(SLOW).await;
	for _ in 0..3 {
		seq(&service).await;
	}
	service.stop().await;
	std::fs::remove_dir_all(service.file("log")).unwrap();
	std::fs::remove_dir_all(service.file("batch-cursor")).unwrap();
	let error = service.try_restart().await.unwrap_err();
	assert!(matches!(error, StartError::Log(_)), "{error}");
	assert!(error.to_string().contains("up to entry 3"), "{error}");
}

#[tokio::test]
async fn a_store_with_other_entries_than_were_anchored_is_refused() {
	let mut service = with_share(SLOW).await;
	seq(&service).await;
	service.stop().await;
	std::fs::remove_dir_all(service.file("batch-cursor")).unwrap();
	let file = entry_file(&service, 0);
	let row =
		std::fs::read_to_string(&file).unwrap().replace("\"suppressed\":0", "\"suppressed\":1");
	std::fs::write(file, row).unwrap();
	let error = service.try_restart().await.unwrap_err();
	assert!(error.to_string().contains("not those that the chain has anchored"), "{error}");
}

#[tokio::test]
async fn a_lost_cursor_is_made_good_from_the_chain() {
	let mut service = with_share(SLOW).await;
	for _ in 0..2 {
		seq(&service).await;
		service.stop().await;
		service.restart().await;
	}
	service.stop().await;
	for folder in ["batch-cursor", "batches", "batch-leaves"] {
		std::fs::remove_dir_all(service.file(folder)).unwrap();
	}
	service.restart().await;
	assert_eq!((service.count("batches"), service.count("batch-leaves")), (2, 2));
	assert_eq!(seq(&service).await, 2);
	service.stop().await;
	assert_eq!((sent(&service), anchored(&service)), (3, 3));
}

// One by one: denials, emergencies, counted uses.

async fn denied(service: &Service) {
	service.chain.decide(NO_GRANT);
	service.release().await.fails(403, "access-denied");
}

#[tokio::test]
async fn a_denial_goes_by_itself_and_in_its_batch() {
	let mut service = with_share(SLOW).await;
	denied(&service).await;
	service.stop().await;
	assert_eq!((singles(&service).len(), anchored(&service)), (1, 1));
}

#[tokio::test]
async fn what_arrived_unheard_one_by_one_is_not_sent_again() {
	let mut service = with_share(SLOW).await;
	service.chain.state().fate = Fate::FinalUnheard;
	denied(&service).await;
	service.chain.batches(1).await;
	service.stop().await;
	assert_eq!(singles(&service).len(), 1);
	service.chain.state().fate = Fate::Final;
	for passed in [0, 100] {
		service.chain.state().passed = passed;
		service.restart().await;
		service.stop().await;
		assert_eq!(singles(&service).len(), 1);
		assert_eq!(service.chain.state().batches.len(), 1);
	}
}

#[tokio::test]
async fn what_was_lost_one_by_one_is_sent_again_only_when_it_is_dead() {
	let mut service = with_share(SLOW).await;
	service.chain.state().fate = Fate::LostUnheard;
	denied(&service).await;
	service.chain.batches(1).await;
	service.stop().await;
	service.chain.state().fate = Fate::Final;
	service.restart().await;
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 1, "it may still arrive");

	service.chain.state().passed = 100;
	service.restart().await;
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 2);
	assert_eq!(singles(&service).len(), 1);
}

#[tokio::test]
async fn an_entry_that_the_chain_refuses_is_kept_with_the_reason() {
	let service = with_share(QUICK).await;
	service.chain.state().fate = Fate::Refused("GrantMismatch");
	denied(&service).await;
	// While it is staged it has another name.
	let file = service.file(&format!("log-refused/{}/main/{:020}", hex::encode(CUSTODIAN.0), 0));
	eventually(|| file.exists()).await;
	assert_eq!(std::fs::read_to_string(file).unwrap(), "GrantMismatch");
	// It stops nobody behind it.
	service.chain.state().fate = Fate::Final;
	denied(&service).await;
	eventually(|| singles(&service).len() == 1).await;
	eventually(|| anchored(&service) == 2).await;
}

#[tokio::test]
async fn a_flood_of_denials_stands_in_the_batches_alone() {
	let service = with_share(QUICK).await;
	service.chain.state().fate = Fate::Refused("TooManyDenials");
	denied(&service).await;
	service.chain.batches(1).await;
	eventually(|| anchored(&service) == 1).await;
	assert_eq!(service.count("log-refused"), 0);
}

#[tokio::test]
async fn a_flood_of_denials_holds_up_nothing_behind_it() {
	let mut service = with_share(SLOW).await;
	service.chain.state().fate = Fate::NotTaken;
	for _ in 0..40 {
		denied(&service).await;
	}
	service.chain.decide(AccessDecision::Permit(PermitBasis::Emergency(EmergencyId(7))));
	let wish = ReleaseRequest { purpose: Purpose::Btg, ..wish() };
	let place = path::release(&record(), 1);
	service.chain.batches(1).await;
	service.chain.state().fate = Fate::Final;
	service.request(Method::POST, &place).json(&wish).send().await.succeeds(200);
	service.stop().await;
	// One transaction has the emergency and some of the denials; the batch has all of them.
	assert_eq!((singles(&service).len(), anchored(&service)), (26, 41));
}

#[tokio::test]
async fn a_denial_about_no_record_goes_in_its_batch_alone() {
	let mut service = with_share(SLOW).await;
	service.chain.both(|end| {
		end.records.clear();
	});
	service.chain.decide(AccessDecision::Deny(DenyReason::UnknownRecord));
	service.release().await.fails(403, "access-denied");
	assert_eq!(service.count("log"), 1);
	service.stop().await;
	assert!(service.chain.state().batches.is_empty());
	assert_eq!(anchored(&service), 1);
}

#[tokio::test]
async fn an_entry_that_missed_its_place_under_the_subject_gets_it_at_the_next_start() {
	let mut service = with_share(SLOW).await;
	service.faults.break_writes(Some("audit"));
	service.release().await.succeeds(200);
	assert_eq!((service.count("log"), service.count("audit")), (1, 0));
	service.crash().await;
	service.faults.break_writes(None);
	service.restart().await;
	assert_eq!(service.count("audit"), 1);
}

#[tokio::test]
async fn an_entry_that_missed_its_place_is_neither_shown_nor_anchored_before_it_has_it() {
	let service = with_share(QUICK).await;
	service.faults.break_writes(Some("audit"));
	service.release().await.succeeds(200);
	tokio::time::sleep(Duration::from_millis(300)).await;
	assert_eq!((sent(&service), service.count("audit")), (0, 0));
	let page = salus_client::wire::path::audit(&patient().id, None, 9);
	let page = service.request(reqwest::Method::GET, &page).by(&patient()).send().await;
	page.fails(500, "store-failed");
	service.faults.break_writes(None);
	eventually(|| anchored(&service) == 1 && service.count("audit") == 1).await;
}
