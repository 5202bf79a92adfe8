// SPDX-License-Identifier: Apache-2.0

//! What was recorded, shown to those whom it is about.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{AuditPage, FHIR_JSON, path, recorder_id};
use salus_primitives::{AccessDecision, DenyReason};
use serde_json::Value;
use std::time::Duration;

const SLOW: Duration = Duration::from_secs(3600);
const NO_GRANT: AccessDecision = AccessDecision::Deny(DenyReason::NoGrant);

async fn with_entries() -> Service {
	let service = Service::start_with(|settings| settings.log_interval = SLOW).await;
	service.deposit(&author(), &share()).await.succeeds(201);
	for _ in 0..3 {
		service.release().await.succeeds(200);
	}
	service.chain.decide(NO_GRANT);
	service.release().await.fails(403, "access-denied");
	service
}

async fn page(service: &Service, by: &Person, path: &str) -> AuditPage {
	service.request(Method::GET, path).by(by).send().await.json()
}

#[tokio::test]
async fn the_subject_sees_all_of_it_page_by_page() {
	let service = with_entries().await;
	let of = |after: Option<&str>| path::audit(&patient().id, after, 3);
	let first = page(&service, &patient(), &of(None)).await;
	assert_eq!(first.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [0, 1, 2]);
	assert!(first.entries.iter().all(|entry| entry.question.reader == reader().id));
	let second = page(&service, &patient(), &of(first.next.as_deref())).await;
	assert_eq!(second.entries.len(), 1);
	assert!(!second.entries[0].decision.is_permit());
	assert_eq!(second.next, None);
}

#[tokio::test]
async fn an_organisation_sees_what_its_people_asked() {
	let service = with_entries().await;
	// Somebody who works nowhere asks as well.
	let ask = service.request(Method::POST, &path::release(&record(), 1)).by(&colleague());
	ask.json(&wish()).send().await.fails(403, "access-denied");
	let all = page(&service, &hospital(), &path::audit_of_readers(&hospital().id, None, 9)).await;
	assert_eq!(all.entries.len(), 4);
	assert!(all.entries.iter().all(|entry| entry.organisations == [hospital().id]));
	assert!(all.entries.iter().all(|entry| entry.question.reader == reader().id));
	// The patient sees those of everybody.
	let all = page(&service, &patient(), &path::audit(&patient().id, None, 9)).await;
	assert_eq!(all.entries.len(), 5);
}

#[tokio::test]
async fn nobody_else_sees_it() {
	let service = with_entries().await;
	let ask = async |person: Person, path: &str| {
		service.request(Method::GET, path).by(&person).send().await
	};
	ask(author(), &path::audit(&patient().id, None, 3)).await.fails(403, "not-subject");
	let of_hospital = path::audit_of_readers(&hospital().id, None, 3);
	ask(patient(), &of_hospital).await.fails(403, "not-readers");
	// Who works there is not the organisation.
	ask(reader(), &of_hospital).await.fails(403, "not-readers");
	for wrong in [
		format!("/audit?subject={}&after=../log", patient().id),
		path::audit(&patient().id, None, 201),
		format!("/audit?subject={0}&organisation={0}", patient().id),
		format!("/audit?subject={}&format=xml", patient().id),
		"/audit".into(),
	] {
		ask(patient(), &wrong).await.fails(400, "malformed");
	}
}

#[tokio::test]
async fn an_entry_comes_with_the_way_to_its_root_on_chain() {
	let mut service = with_entries().await;
	let of_patient = path::audit(&patient().id, None, 9);
	let before = page(&service, &patient(), &of_patient).await;
	assert!(before.entries.iter().all(|entry| entry.batch.is_none()), "nothing is anchored yet");
	service.stop().await;
	service.restart().await;
	let after = page(&service, &patient(), &of_patient).await;
	let batch = service.chain.state().audits[&recorder_id("main")][0];
	assert_eq!((batch.first, batch.last), (0, 3));
	for entry in &after.entries {
		let inclusion = entry.batch.as_ref().unwrap();
		assert_eq!((inclusion.seq, inclusion.first, inclusion.size), (0, 0, 4));
		assert!(inclusion.leads_to(&batch.root, &entry.leaf(CUSTODIAN)));
		// Nothing can be changed in what is shown.
		let mut other = entry.clone();
		other.decision = AccessDecision::Deny(DenyReason::UnknownReader);
		assert!(!inclusion.leads_to(&batch.root, &other.leaf(CUSTODIAN)));
	}
	assert_eq!(after.entries.len(), 4);
}

#[tokio::test]
async fn it_comes_as_fhir_when_asked_for() {
	let service = with_entries().await;
	let of_patient = path::audit(&patient().id, None, 9);
	let by_query = service.request(Method::GET, &path::as_fhir(&of_patient)).by(&patient());
	let accept = service.request(Method::GET, &of_patient).by(&patient());
	let by_header = accept.header("accept", FHIR_JSON.into());
	for request in [by_query, by_header] {
		let bundle: Value = request.send().await.json();
		assert_eq!(bundle["resourceType"], "Bundle");
		let events = bundle["entry"].as_array().unwrap();
		// A decision and a disclosure for each permit, a decision for the denial.
		assert_eq!(events.len(), 3 * 2 + 1);
		assert!(events.iter().all(|entry| entry["resource"]["resourceType"] == "AuditEvent"));
		let text = bundle.to_string();
		assert!(text.contains(&patient().id.to_string()) && text.contains(&record().to_string()));
	}
}
