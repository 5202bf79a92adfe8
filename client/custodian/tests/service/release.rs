// SPDX-License-Identifier: Apache-2.0

//! When a key share leaves, and when it does not.

use crate::{chain::Fate, harness::*};
use reqwest::Method;
use salus_client::wire::{Release, ReleaseRequest, path};
use salus_custodian::{chain::GrantFacts, limits::Rate};
use salus_primitives::{AccessDecision, DenyReason, EmergencyId, GrantId, PermitBasis, Purpose};
use std::time::Duration;

const NO_GRANT: AccessDecision = AccessDecision::Deny(DenyReason::NoGrant);
const BY_GRANT: AccessDecision = AccessDecision::Permit(PermitBasis::Grant(GrantId(4)));

async fn with_share() -> Service {
	let service = Service::start().await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

fn counted(is_over: bool) -> GrantFacts {
	GrantFacts { is_counted: true, organisation: None, is_over }
}

#[tokio::test]
async fn the_reader_gets_the_share_and_nobody_else_can_open_it() {
	let service = with_share().await;
	let answer = service.release().await;
	let request = answer.request;
	let release: Release = answer.json();
	assert_eq!((release.record, release.version, release.key_version), (record(), 1, 1));
	assert_eq!((release.decision, release.seq), (PERMIT, 0));
	let opened = PEER.open_release(&request, &release.share, &reader().secret);
	assert_eq!(opened.unwrap(), share());
	assert!(PEER.open_release(&request, &release.share, &author().secret).is_err());
	assert!(PEER.open_release(&[0; 32], &release.share, &reader().secret).is_err());
}

#[tokio::test]
async fn a_denial_at_the_newest_block_is_enough() {
	let service = with_share().await;
	service.chain.state().best.decision = Some(NO_GRANT);
	let failure = service.release().await.fails(403, "access-denied");
	assert_eq!(failure.decision, Some(NO_GRANT));
	assert_eq!(failure.message, "access denied: no grant permits it");
}

#[tokio::test]
async fn a_denial_at_the_final_block_is_enough() {
	let service = with_share().await;
	service.chain.state().finalised.decision = Some(NO_GRANT);
	let failure = service.release().await.fails(403, "access-denied");
	assert_eq!(failure.decision, Some(NO_GRANT));
}

#[tokio::test]
async fn a_denial_is_recorded_and_carried_at_once() {
	let mut service =
		Service::start_with(|settings| settings.log_interval = Duration::from_secs(3600)).await;
	service.chain.decide(NO_GRANT);
	service.release().await.fails(403, "access-denied");
	let batches = service.chain.batches(1).await;
	let [call] = batches[0][..] else { panic!("one entry") };
	assert_eq!((call.reader, call.record, call.decision), (reader().id, record(), NO_GRANT));
	service.stop().await;
	assert_eq!(service.chain.state().batches.len(), 1);
}

#[tokio::test]
async fn stalled_finality_stops_releases_and_nothing_is_recorded() {
	let service = with_share().await;
	service.chain.state().age = 61_000;
	let answer = service.release().await;
	assert!(answer.retry);
	answer.fails(503, "stale-finality");
	assert_eq!(service.count("log"), 0);
	service.chain.state().age = 50_000;
	service.release().await.succeeds(200);
}

#[tokio::test]
async fn a_silent_node_stops_releases() {
	let service = with_share().await;
	service.chain.state().is_down = true;
	service.release().await.fails(503, "chain-unreachable");
}

#[tokio::test]
async fn without_a_durable_entry_there_is_no_share() {
	let service = with_share().await;
	service.faults.break_writes(Some("log"));
	let answer = service.release().await;
	assert!(!String::from_utf8_lossy(answer.body.as_ref().unwrap()).contains("share\":"));
	answer.fails(500, "store-failed");
	// Nor a denial.
	service.chain.decide(NO_GRANT);
	service.release().await.fails(500, "store-failed");
	service.faults.break_writes(None);
	service.release().await.fails(403, "access-denied");
}

#[tokio::test]
async fn the_key_named_has_to_be_the_one_in_force() {
	let service = with_share().await;
	let ask = |key_version| {
		let wish = ReleaseRequest { key_version, ..wish() };
		service.request(Method::POST, &path::release(&record(), 1)).json(&wish).send()
	};
	ask(2).await.fails(409, "other-key-version");
	// A rotation that is not final yet.
	let (_, key) = service.chain.state().best.keys[&reader().id];
	service.chain.state().best.keys.insert(reader().id, (2, key));
	ask(1).await.fails(409, "other-key-version");
	ask(2).await.fails(409, "other-key-version");
	service.chain.state().finalised.keys.insert(reader().id, (2, key));
	ask(2).await.succeeds(200);
	service.chain.both(|end| {
		end.keys.remove(&reader().id);
	});
	ask(2).await.fails(409, "no-agreement-key");
	assert_eq!(service.count("log"), 1);
}

#[tokio::test]
async fn a_counted_use_is_final_before_the_share_leaves() {
	let service = with_share().await;
	service.chain.decide(BY_GRANT);
	service.chain.both(|end| {
		end.grants.insert(GrantId(4), counted(false));
	});
	let release: Release = service.release().await.json();
	assert_eq!(release.decision, BY_GRANT);
	let events: Vec<_> =
		service.chain.state().logs[&patient().id].iter().map(|entry| entry.event).collect();
	assert_eq!(events, [release.event]);
}

#[tokio::test]
async fn a_use_that_the_chain_refuses_releases_nothing() {
	let service = with_share().await;
	service.chain.decide(BY_GRANT);
	service.chain.both(|end| {
		end.grants.insert(GrantId(4), counted(false));
	});
	service.chain.state().fate = Fate::Refused("NoUsesLeft");
	let failure = service.release().await.fails(409, "use-refused");
	assert!(failure.message.contains("NoUsesLeft"));
	assert_eq!(service.count("log-refused"), 1);
}

#[tokio::test]
async fn a_revocation_while_a_use_is_counted_still_acts() {
	let service = with_share().await;
	service.chain.decide(BY_GRANT);
	service.chain.both(|end| {
		end.grants.insert(GrantId(4), counted(false));
	});
	service.chain.state().fate = Fate::NotTaken;
	let release = service.release();
	let revoke = async {
		service.chain.batches(1).await;
		let mut state = service.chain.state();
		state.best.decision = Some(NO_GRANT);
		state.best.grants.insert(GrantId(4), counted(true));
		state.fate = Fate::Final;
	};
	let (answer, ()) = tokio::join!(release, revoke);
	answer.fails(403, "access-denied");
}

#[tokio::test]
async fn the_last_use_opens_what_it_was_spent_for() {
	let service = with_share().await;
	service.chain.decide(BY_GRANT);
	service.chain.both(|end| {
		end.grants.insert(GrantId(4), counted(false));
	});
	service.chain.state().fate = Fate::NotTaken;
	let release = service.release();
	let spend = async {
		service.chain.batches(1).await;
		let mut state = service.chain.state();
		// Spent, but not over.
		state.best.decision = Some(NO_GRANT);
		state.fate = Fate::Final;
	};
	let (answer, ()) = tokio::join!(release, spend);
	answer.succeeds(200);
}

#[tokio::test]
async fn denials_above_the_rate_are_not_recorded_one_by_one() {
	let rate = Rate { burst: 2, every: Duration::from_secs(2) };
	let service = Service::start_with(|settings| settings.denials = rate).await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service.chain.decide(NO_GRANT);
	service.release().await.fails(403, "access-denied");
	service.release().await.fails(403, "access-denied");
	let answer = service.release().await;
	assert!(answer.retry);
	answer.fails(429, "too-many-denials");
	assert_eq!(service.count("log"), 2);

	// Whoever was denied too often is not kept from what it may have.
	service.chain.decide(PERMIT);
	service.release().await.succeeds(200);

	// The next entry says how many were left out.
	service.chain.decide(NO_GRANT);
	tokio::time::sleep(Duration::from_millis(2100)).await;
	service.release().await.fails(403, "access-denied");
	let folder = service.file(&format!("log/{}/main", hex::encode(CUSTODIAN.0)));
	let entry = std::fs::read_to_string(folder.join(format!("{:020}", 3))).unwrap();
	assert!(entry.contains("\"suppressed\":1"), "{entry}");
}

#[tokio::test]
async fn a_version_that_the_chain_does_not_show_is_not_released() {
	let service = with_share().await;
	let withdrawn = salus_custodian::chain::VersionFacts { is_given_up: true, ..version(OBJECT) };
	// An amendment that was withdrawn, at either end.
	service.chain.state().best.versions.insert((record(), 1), withdrawn);
	service.release().await.fails(404, "version-unknown");
	service.chain.both(|end| {
		end.versions.insert((record(), 1), version(OBJECT));
	});
	service.chain.state().finalised.versions.remove(&(record(), 1));
	service.release().await.fails(404, "version-unknown");
	assert_eq!(service.count("log"), 0);
	service.chain.both(|end| {
		end.versions.insert((record(), 1), version(OBJECT));
	});
	service.release().await.succeeds(200);
}

const IN_EMERGENCY: AccessDecision = AccessDecision::Permit(PermitBasis::Emergency(EmergencyId(5)));

async fn release_for(service: &Service, purpose: Purpose) -> Answer {
	let wish = ReleaseRequest { purpose, ..wish() };
	let request = service.request(Method::POST, &path::release(&record(), 1));
	request.json(&wish).send().await
}

#[tokio::test]
async fn in_an_emergency_the_notice_is_in_a_block_before_the_share_leaves() {
	let mut service = with_share().await;
	service.chain.decide(IN_EMERGENCY);
	// Finality takes its time: nobody waits for that.
	service.chain.state().fate = Fate::NeverFinal;
	let release: Release = release_for(&service, Purpose::Btg).await.json();
	assert_eq!(release.decision, IN_EMERGENCY);
	let batches = service.chain.batches(1).await;
	let [call] = batches[0][..] else { panic!("one entry") };
	assert_eq!((call.purpose, call.event), (Purpose::Btg, release.event));
	service.crash().await;
}

#[tokio::test]
async fn in_an_emergency_whose_entry_the_chain_refuses_nothing_is_released() {
	let service = with_share().await;
	service.chain.decide(IN_EMERGENCY);
	service.chain.state().fate = Fate::Refused("EmergencyMismatch");
	release_for(&service, Purpose::Btg).await.fails(409, "use-refused");
}

#[tokio::test]
async fn an_emergency_serves_its_own_purpose_only() {
	let service = with_share().await;
	service.chain.decide(IN_EMERGENCY);
	release_for(&service, Purpose::Treat).await.fails(403, "not-emergency-purpose");
	assert_eq!(service.count("log"), 0);
}

#[tokio::test]
async fn what_the_policy_permits_waits_for_nothing() {
	let service = with_share().await;
	service.chain.decide(AccessDecision::Permit(PermitBasis::Policy));
	service.chain.state().fate = Fate::NotTaken;
	service.release().await.succeeds(200);
	assert!(service.chain.state().batches.is_empty());
}
