// SPDX-License-Identifier: Apache-2.0

//! Every field that is written is one of the list, in the form that FHIR R4 wants.

use super::*;
use salus_primitives::{AccessQuestion, Action, Digest, EmergencyId, GrantId, Purpose, RecordId};

const SERVICE: IdentityId = IdentityId([9; 32]);
const READER: IdentityId = IdentityId([3; 32]);
const HOSPITAL: IdentityId = IdentityId([2; 32]);

fn entry(decision: AccessDecision) -> AuditEntry {
	AuditEntry {
		recorder: "main".into(),
		seq: 7,
		at: 1_795_362_026_000,
		subject: Some(IdentityId([1; 32])),
		organisations: vec![HOSPITAL],
		question: AccessQuestion {
			reader: READER,
			record: RecordId([4; 32]),
			purpose: Purpose::Treat,
			action: Action::Access,
		},
		version: 2,
		decision,
		released: Released::CustodianShare,
		counted: false,
		account: Digest([5; 32]),
		request: Digest([6; 32]),
		suppressed: 0,
		salt: [7; 16],
		batch: None,
	}
}

fn every_decision() -> Vec<AccessDecision> {
	use AccessDecision::{Deny, Permit};
	vec![
		Permit(PermitBasis::Subject),
		Permit(PermitBasis::Author),
		Permit(PermitBasis::Grant(GrantId(4))),
		Permit(PermitBasis::Emergency(EmergencyId(5))),
		Permit(PermitBasis::Policy),
		Deny(DenyReason::UnknownRecord),
		Deny(DenyReason::UnknownReader),
		Deny(DenyReason::Grant(GrantId(4))),
		Deny(DenyReason::NoGrant),
		Deny(DenyReason::BreakGlass(Some(GrantId(4)))),
		Deny(DenyReason::BreakGlass(None)),
	]
}

/// Members that an object may have, and those that it must.
#[track_caller]
fn members(value: &Value, required: &[&str], optional: &[&str]) {
	let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
	for name in required {
		assert!(object.contains_key(*name), "{name} is missing: {value}");
	}
	for name in object.keys() {
		let is_known = required.contains(&&**name) || optional.contains(&&**name);
		assert!(is_known, "{name} is not in the list: {value}");
	}
}

#[track_caller]
fn is_coding(value: &Value) {
	members(value, &["system", "code"], &[]);
	let system = value["system"].as_str().unwrap();
	assert!(system.starts_with("http://") || system.starts_with("https://"), "{system}");
	assert!(!value["code"].as_str().unwrap().is_empty());
}

#[track_caller]
fn is_concept(value: &Value) {
	members(value, &["coding"], &[]);
	each(&value["coding"], is_coding);
}

/// A reference that holds an identifier of ours and nothing else.
#[track_caller]
fn is_reference(value: &Value) {
	members(value, &["identifier"], &["type"]);
	let identifier = &value["identifier"];
	members(identifier, &["system", "value"], &[]);
	assert!(identifier["system"].as_str().unwrap().starts_with("urn:salus:"));
	let text = identifier["value"].as_str().unwrap();
	let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-/".contains(c);
	assert!(!text.is_empty() && text.chars().all(is_plain), "{text}");
}

#[track_caller]
fn each(list: &Value, check: impl Fn(&Value)) {
	let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
	assert!(!list.is_empty());
	list.iter().for_each(check);
}

#[track_caller]
fn is_audit_event(event: &Value) {
	members(
		event,
		&[
			"resourceType",
			"id",
			"type",
			"subtype",
			"action",
			"recorded",
			"outcome",
			"outcomeDesc",
			"purposeOfEvent",
			"agent",
			"source",
			"entity",
		],
		&[],
	);
	assert_eq!(event["resourceType"], "AuditEvent");
	let id = event["id"].as_str().unwrap();
	let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
	assert!((1..=64).contains(&id.len()) && id.chars().all(is_id), "{id}");
	is_coding(&event["type"]);
	each(&event["subtype"], is_coding);
	assert!(["E", "R"].contains(&event["action"].as_str().unwrap()));
	assert_eq!(event["recorded"], "2026-11-22T15:40:26Z");
	assert!(["0", "8"].contains(&event["outcome"].as_str().unwrap()));
	each(&event["purposeOfEvent"], is_concept);
	each(&event["agent"], |agent| {
		members(agent, &["type", "who", "requestor"], &[]);
		is_concept(&agent["type"]);
		is_reference(&agent["who"]);
		assert!(agent["requestor"].is_boolean());
	});
	let requestors: Vec<_> = event["agent"]
		.as_array()
		.unwrap()
		.iter()
		.filter(|agent| agent["requestor"] == true)
		.map(|agent| &agent["who"])
		.collect();
	assert_eq!(requestors, [&reference(identity(&READER))]);
	members(&event["source"], &["observer", "type"], &[]);
	assert_eq!(event["source"]["observer"], reference(identity(&SERVICE)));
	each(&event["source"]["type"], is_coding);
	each(&event["entity"], |entity| {
		members(entity, &["what", "type"], &["role", "detail"]);
		is_reference(&entity["what"]);
		is_coding(&entity["type"]);
		if let Some(role) = entity.get("role") {
			is_coding(role);
		}
		if let Some(detail) = entity.get("detail") {
			each(detail, |detail| members(detail, &["type", "valueString"], &[]));
		}
	});
}

fn code<'a>(event: &'a Value, member: &str) -> &'a str {
	event[member]["code"].as_str().unwrap()
}

fn subtypes(event: &Value) -> Vec<&str> {
	event["subtype"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn every_entry_gives_events_of_the_listed_fields() {
	for decision in every_decision() {
		for subject in [Some(IdentityId([1; 32])), None] {
			let entry = AuditEntry { subject, ..entry(decision) };
			let events = events(SERVICE, &entry);
			events.iter().for_each(is_audit_event);
			assert_eq!(events.len(), if decision.is_permit() { 2 } else { 1 }, "{decision}");
		}
	}
}

#[test]
fn a_denial_is_a_decision_that_failed() {
	let events = events(SERVICE, &entry(AccessDecision::Deny(DenyReason::Grant(GrantId(4)))));
	let [event] = &events[..] else { panic!("one event") };
	assert_eq!((code(event, "type"), &event["outcome"]), ("110113", &json!("8")));
	assert_eq!(event["outcomeDesc"], "denied by grant 4");
	assert!(event["entity"].as_array().unwrap().iter().any(|entity| {
		entity["what"]["identifier"] == json!({ "system": "urn:salus:grant", "value": "4" })
	}));
}

#[test]
fn what_a_grant_lets_out_is_a_disclosure_and_what_the_own_side_reads_is_a_read() {
	let release = |basis| events(SERVICE, &entry(AccessDecision::Permit(basis))).remove(1);
	for basis in [PermitBasis::Grant(GrantId(1)), PermitBasis::Policy] {
		let event = release(basis);
		assert_eq!(code(&event, "type"), "110106");
		assert_eq!(subtypes(&event), ["disclose", "read"]);
	}
	for basis in [PermitBasis::Subject, PermitBasis::Author] {
		let event = release(basis);
		assert_eq!((code(&event, "type"), subtypes(&event)), ("rest", vec!["read"]));
	}
}

#[test]
fn an_emergency_is_an_override() {
	let basis = PermitBasis::Emergency(EmergencyId(5));
	let mut entry = entry(AccessDecision::Permit(basis));
	(entry.question.purpose, entry.released) = (Purpose::Btg, Released::ReaderShare);
	let [decision, release] = &events(SERVICE, &entry)[..] else { panic!("two events") };
	is_audit_event(decision);
	assert_eq!(subtypes(decision), ["AuthZ-Consent", "110127"]);
	assert_eq!(decision["purposeOfEvent"][0]["coding"][0]["code"], "BTG");
	assert!(release["outcomeDesc"].as_str().unwrap().contains("emergency"));
}

#[test]
fn an_organisation_that_asks_itself_is_named_once() {
	let mut entry = entry(AccessDecision::Permit(PermitBasis::Policy));
	entry.organisations = vec![READER];
	let decision = events(SERVICE, &entry).remove(0);
	assert_eq!(decision["agent"].as_array().unwrap().len(), 2);
}

#[test]
fn a_bundle_holds_all_events_and_the_way_on() {
	let entries = every_decision().into_iter().map(entry).collect();
	let page = AuditPage { entries, next: Some("00-main-00".into()) };
	let bundle = bundle(SERVICE, &page);
	members(&bundle, &["resourceType", "type", "entry", "link"], &[]);
	assert_eq!((&bundle["resourceType"], &bundle["type"]), (&json!("Bundle"), &json!("searchset")));
	each(&bundle["entry"], |entry| {
		members(entry, &["fullUrl", "resource", "search"], &[]);
		assert!(entry["fullUrl"].as_str().unwrap().starts_with("urn:salus:audit:0x"));
		is_audit_event(&entry["resource"]);
	});
	assert_eq!(bundle["entry"].as_array().unwrap().len(), 5 * 2 + 6);
	assert_eq!(bundle["link"][0]["relation"], "next");
	let last = super::bundle(SERVICE, &AuditPage { entries: Vec::new(), next: None });
	assert_eq!((last.get("link"), last.get("entry")), (None, None));
}

#[test]
fn a_batch_is_named_beside_the_record() {
	let batch = salus_client::wire::AuditInclusion { seq: 3, first: 0, size: 9, path: Vec::new() };
	let entry =
		AuditEntry { batch: Some(batch), ..entry(AccessDecision::Deny(DenyReason::NoGrant)) };
	let event = events(SERVICE, &entry).remove(0);
	is_audit_event(&event);
	let detail = &event["entity"][1]["detail"];
	assert_eq!(detail[0], json!({ "type": "entry", "valueString": entry.event().to_string() }));
	assert_eq!(detail[1], json!({ "type": "batch", "valueString": "3" }));
}
