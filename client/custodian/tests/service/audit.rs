// SPDX-License-Identifier: Apache-2.0

//! What was recorded, shown to those whom it is about.

use crate::harness::*;
use reqwest::Method;
use salus_client::wire::{AuditPage, FHIR_JSON, ReleaseRequest, path, recorder_id};
use salus_custodian::chain::{EmergencyFacts, GrantFacts, RecordFacts};
use salus_primitives::{
	AccessDecision, DenyReason, EmergencyId, GrantId, IdentityId, PermitBasis, Purpose,
	RecordStatus,
};
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

/// The entries in the accountings of two employers of the reader, by number, and of the patient.
async fn accountings(service: &Service) -> (Vec<u64>, Vec<u64>, usize) {
	let of = async |by: Person| {
		let path = path::audit_of_readers(&by.id, None, 9);
		page(service, &by, &path).await.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>()
	};
	let all = page(service, &patient(), &path::audit(&patient().id, None, 9)).await.entries;
	(of(hospital()).await, of(colleague()).await, all.len())
}

/// A reader with two employers: the hospital, and the colleague's practice.
async fn with_two_employers() -> Service {
	let service = Service::start_with(|settings| settings.log_interval = SLOW).await;
	service.chain.both(|end| {
		end.affiliations.insert((reader().id, colleague().id));
		end.affiliations.insert((colleague().id, colleague().id));
	});
	service.deposit(&author(), &share()).await.succeeds(201);
	service
}

#[tokio::test]
async fn an_access_stands_with_the_employer_that_it_was_decided_by_and_no_other() {
	let service = with_two_employers().await;
	let grant = |number, organisation| {
		service.chain.both(|end| {
			let facts = GrantFacts { is_counted: false, organisation, is_over: false };
			end.grants.insert(GrantId(number), facts);
		});
		AccessDecision::Permit(PermitBasis::Grant(GrantId(number)))
	};
	// What a grant to an employer permits is that employer's.
	service.chain.decide(grant(1, Some(colleague().id)));
	service.release().await.succeeds(200);
	assert_eq!(accountings(&service).await, (vec![], vec![0], 1));
	// What the reader is permitted as a person is neither's, and the patient sees it.
	service.chain.decide(grant(2, None));
	service.release().await.succeeds(200);
	assert_eq!(accountings(&service).await, (vec![], vec![0], 2));
	// What was filed for an employer is that one's.
	service.chain.both(|end| {
		let organisation = Some(hospital().id);
		let facts = RecordFacts { organisation, ..facts(RecordStatus::Validated) };
		end.records.insert(record(), facts);
	});
	service.chain.decide(PERMIT);
	service.release().await.succeeds(200);
	assert_eq!(accountings(&service).await, (vec![2], vec![0], 3));
	// So is what a rule about it forbids; a plain denial was decided by nobody.
	grant(3, Some(hospital().id));
	service.chain.decide(AccessDecision::Deny(DenyReason::Grant(GrantId(3))));
	service.release().await.fails(403, "access-denied");
	service.chain.decide(NO_GRANT);
	service.release().await.fails(403, "access-denied");
	assert_eq!(accountings(&service).await, (vec![2, 3], vec![0], 5));
	// A grant to somebody else's organisation names no employer of the reader.
	service.chain.decide(grant(4, Some(IdentityId([9; 32]))));
	service.release().await.succeeds(200);
	assert_eq!(accountings(&service).await, (vec![2, 3], vec![0], 6));
}

#[tokio::test]
async fn an_emergency_stands_with_the_employer_that_the_glass_was_broken_for() {
	let service = with_two_employers().await;
	service.chain.both(|end| {
		let (subject, claimant, organisation) = (patient().id, reader().id, colleague().id);
		end.emergencies.insert(EmergencyId(5), EmergencyFacts { subject, claimant, organisation });
	});
	service.chain.decide(AccessDecision::Permit(PermitBasis::Emergency(EmergencyId(5))));
	let request = service.request(Method::POST, &path::release(&record(), 1));
	let wish = ReleaseRequest { purpose: Purpose::Btg, ..wish() };
	request.json(&wish).send().await.succeeds(200);
	assert_eq!(accountings(&service).await, (vec![], vec![0], 1));
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

#[tokio::test]
async fn a_page_of_a_long_accounting_costs_what_it_holds() {
	const HOURS: u64 = 60;
	const IN_ONE: u64 = 50;
	let service = Service::start_with(|settings| settings.log_interval = SLOW).await;
	service.deposit(&author(), &share()).await.succeeds(201);
	service.release().await.succeeds(200);
	// given: the same entry over and over, in the hours before
	let newest = page(&service, &patient(), &path::audit(&patient().id, None, 1)).await.entries;
	let (folder, now) =
		(service.file(&format!("audit/{}", hex::encode(patient().id.0))), newest[0].at);
	for number in 0..HOURS * IN_ONE {
		let at = now - (number / IN_ONE + 1) * 3_600_000 - number;
		let (day, hour) = (at / 86_400_000, at % 86_400_000 / 3_600_000);
		let shelf = folder.join(format!("{day:06}/{hour:02}"));
		std::fs::create_dir_all(&shelf).unwrap();
		let entry = salus_client::wire::AuditEntry { at, seq: number, ..newest[0].clone() };
		let row = serde_json::to_vec(&entry).unwrap();
		std::fs::write(shelf.join(format!("{at:020}-main-{number:020}")), row).unwrap();
	}

	// when: it is read page by page
	let (mut times, mut after, mut most) = (Vec::new(), None::<String>, 0);
	loop {
		service.faults.listed();
		let next = path::audit(&patient().id, after.as_deref(), 100);
		let page = page(&service, &patient(), &next).await;
		most = most.max(service.faults.listed());
		times.extend(page.entries.iter().map(|entry| entry.at));
		after = page.next;
		if after.is_none() {
			break;
		}
	}

	// then: all of it came, in order, and no page looked at more than a few hours of it
	assert_eq!(times.len() as u64, HOURS * IN_ONE + 1);
	assert!(times.is_sorted());
	assert!(most < 400, "{most} names were listed for a page of 100");
}
