// SPDX-License-Identifier: Apache-2.0

//! Entries as FHIR R4 `AuditEvent`s, after the patterns of IHE BALP (Basic Audit Log Patterns).
//!
//! | entry | events |
//! |---|---|
//! | denial | an authorisation decision that failed |
//! | permit of the patient or the author's side | a decision that succeeded, and a read of a patient's data |
//! | permit by grant or policy | a decision that succeeded, and a privacy disclosure at its source |
//! | permit in an emergency | the same, the decision also as an emergency override |
//!
//! People, records and organisations are identifiers and nothing else: `urn:salus:identity`,
//! `urn:salus:record` (`id/version`), `urn:salus:account`. What permits is one, too:
//! `urn:salus:grant`, `urn:salus:emergency`, `urn:salus:policy`. No text comes from a record.
//!
//! The fields, all that there are:
//!
//! | field | holds |
//! |---|---|
//! | `id` | recorder, number and `decision` or `release` |
//! | `type`, `subtype`, `action` | DCM 110113 with AuthZ-Consent (and DCM 110127), `E`; rest with read, `R`; DCM 110106 with disclose and read, `R` |
//! | `recorded` | when, by the service's clock |
//! | `outcome`, `outcomeDesc` | 0 or 8, and the decision in words |
//! | `purposeOfEvent` | the v3 purpose of use that was asked |
//! | `agent` | the reader (IRCP, requestor), where it works (PROV), the service (authserver, or source and custodian), the reader as destination |
//! | `source` | the service as observer, of type security server |
//! | `entity` | the patient, the record, what the decision rests on, the signed request |
//! | `entity.detail` of the record | the hash of the entry; its batch on chain, where it is in one |
//!
//! No conformance to a profile is claimed (`meta.profile`): BALP wants the network addresses and the
//! software of both sides, and the service keeps none.

use salus_client::{
	utc,
	wire::{AuditEntry, AuditPage, Released},
};
use salus_primitives::{AccessDecision, DenyReason, IdentityId, PermitBasis};
use serde_json::{Value, json};

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const AUTHZ: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const RESTFUL: &str = "http://hl7.org/fhir/restful-interaction";
const EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const RESOURCES: &str = "http://hl7.org/fhir/resource-types";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ROLE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-RoleClass";
const SECURITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/extra-security-role-type";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const REQUEST_ID: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

/// A page of entries as a `Bundle`. Its `next` link, where there is one, is the cursor.
pub fn bundle(service: IdentityId, page: &AuditPage) -> Value {
	let events = page.entries.iter().flat_map(|entry| events(service, entry));
	let entries: Vec<_> = events
		.map(|event| {
			let id = event.get("id").and_then(Value::as_str).unwrap_or_default();
			json!({
				"fullUrl": format!("urn:salus:audit:{service}:{id}"),
				"resource": event,
				"search": { "mode": "match" },
			})
		})
		.collect();
	let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset" });
	if let Some(members) = bundle.as_object_mut() {
		// FHIR knows no empty lists.
		if !entries.is_empty() {
			members.insert("entry".into(), entries.into());
		}
		if let Some(next) = &page.next {
			let link = json!([{ "relation": "next", "url": format!("?after={next}") }]);
			members.insert("link".into(), link);
		}
	}
	bundle
}

/// The events of one entry: what was decided, and, where it permits, what went out.
pub fn events(service: IdentityId, entry: &AuditEntry) -> Vec<Value> {
	let decision = decided(service, entry);
	if entry.decision.is_permit() {
		vec![decision, released(service, entry)]
	} else {
		vec![decision]
	}
}

fn decided(service: IdentityId, entry: &AuditEntry) -> Value {
	let mut subtypes = vec![coding(AUTHZ, "AuthZ-Consent")];
	if matches!(entry.decision, AccessDecision::Permit(PermitBasis::Emergency(_))) {
		subtypes.push(coding(DCM, "110127"));
	}
	let is_permit = entry.decision.is_permit();
	let mut agents = readers(entry);
	agents.push(agent(coding(SECURITY_ROLE, "authserver"), &service, false));
	let mut entities: Vec<_> = patient(entry).into_iter().collect();
	entities.extend([record(entry), rests_on(entry), request(entry)]);
	event(
		service,
		entry,
		"decision",
		json!({
			"type": coding(DCM, "110113"),
			"subtype": subtypes,
			"action": "E",
			"outcome": if is_permit { "0" } else { "8" },
			"outcomeDesc": entry.decision.to_string(),
			"agent": agents,
			"entity": entities,
		}),
	)
}

fn released(service: IdentityId, entry: &AuditEntry) -> Value {
	let is_own = matches!(
		entry.decision,
		AccessDecision::Permit(PermitBasis::Subject | PermitBasis::Author)
	);
	let (kind, subtypes) = if is_own {
		(coding(EVENT_TYPE, "rest"), vec![coding(RESTFUL, "read")])
	} else {
		(coding(DCM, "110106"), vec![coding(LIFECYCLE, "disclose"), coding(RESTFUL, "read")])
	};
	let what = match entry.released {
		Released::CustodianShare => "the custodian's key share was released",
		Released::ReaderShare => "the reader's key share was released in an emergency",
	};
	let mut agents = readers(entry);
	agents.push(agent(coding(DCM, "110153"), &service, false));
	agents.push(agent(coding(DCM, "110152"), &entry.question.reader, false));
	let mut entities: Vec<_> = patient(entry).into_iter().collect();
	entities.extend([record(entry), request(entry)]);
	event(
		service,
		entry,
		"release",
		json!({
			"type": kind,
			"subtype": subtypes,
			"action": "R",
			"outcome": "0",
			"outcomeDesc": what,
			"agent": agents,
			"entity": entities,
		}),
	)
}

/// What all events have, around what is particular to one.
fn event(service: IdentityId, entry: &AuditEntry, what: &str, mut particular: Value) -> Value {
	let common = json!({
		"resourceType": "AuditEvent",
		"id": format!("{}-{}-{what}", entry.recorder, entry.seq),
		"recorded": utc(entry.at),
		"purposeOfEvent": [{ "coding": [coding(REASON, entry.question.purpose.word())] }],
		"source": {
			"observer": reference(identity(&service)),
			"type": [coding(SOURCE_TYPE, "6")],
		},
	});
	if let (Some(event), Value::Object(common)) = (particular.as_object_mut(), common) {
		event.extend(common);
	}
	particular
}

/// Who asked, and for whom it works.
fn readers(entry: &AuditEntry) -> Vec<Value> {
	let reader = &entry.question.reader;
	let mut agents = vec![agent(coding(PARTICIPATION, "IRCP"), reader, true)];
	let others = entry.organisations.iter().filter(|id| *id != reader);
	agents.extend(others.map(|id| agent(coding(ROLE_CLASS, "PROV"), id, false)));
	agents
}

fn agent(kind: Value, who: &IdentityId, is_requestor: bool) -> Value {
	json!({
		"type": { "coding": [kind] },
		"who": reference(identity(who)),
		"requestor": is_requestor,
	})
}

fn patient(entry: &AuditEntry) -> Option<Value> {
	let mut what = reference(identity(entry.subject.as_ref()?));
	if let Some(members) = what.as_object_mut() {
		members.insert("type".into(), "Patient".into());
	}
	Some(json!({
		"what": what,
		"type": coding(ENTITY_TYPE, "1"),
		"role": coding(OBJECT_ROLE, "1"),
	}))
}

fn record(entry: &AuditEntry) -> Value {
	let name = format!("{}/{}", entry.question.record, entry.version);
	let mut detail = vec![json!({ "type": "entry", "valueString": entry.event().to_string() })];
	if let Some(batch) = &entry.batch {
		detail.push(json!({ "type": "batch", "valueString": batch.seq.to_string() }));
	}
	json!({
		"what": reference(identifier("urn:salus:record", &name)),
		"type": coding(ENTITY_TYPE, "2"),
		"role": coding(OBJECT_ROLE, "4"),
		"detail": detail,
	})
}

/// What the decision rests on, in the place of the consent.
fn rests_on(entry: &AuditEntry) -> Value {
	let (system, value) = match entry.decision {
		AccessDecision::Permit(PermitBasis::Grant(id))
		| AccessDecision::Deny(DenyReason::Grant(id) | DenyReason::BreakGlass(Some(id))) => {
			("urn:salus:grant", id.to_string())
		},
		AccessDecision::Permit(PermitBasis::Emergency(id)) => {
			("urn:salus:emergency", id.to_string())
		},
		AccessDecision::Permit(PermitBasis::Subject) => ("urn:salus:policy", "subject".into()),
		AccessDecision::Permit(PermitBasis::Author) => ("urn:salus:policy", "author".into()),
		AccessDecision::Permit(PermitBasis::Policy) => ("urn:salus:policy", "overarching".into()),
		AccessDecision::Deny(DenyReason::UnknownRecord) => {
			("urn:salus:policy", "unknown-record".into())
		},
		AccessDecision::Deny(DenyReason::UnknownReader) => {
			("urn:salus:policy", "unknown-reader".into())
		},
		AccessDecision::Deny(DenyReason::NoGrant | DenyReason::BreakGlass(None)) => {
			("urn:salus:policy", "no-grant".into())
		},
	};
	json!({
		"what": reference(identifier(system, &value)),
		"type": coding(RESOURCES, "Consent"),
	})
}

fn request(entry: &AuditEntry) -> Value {
	json!({
		"what": reference(identifier("urn:salus:request", &entry.request.to_string())),
		"type": coding(REQUEST_ID, "XrequestId"),
	})
}

fn identity(id: &IdentityId) -> Value {
	identifier("urn:salus:identity", &id.to_string())
}

fn identifier(system: &str, value: &str) -> Value {
	json!({ "system": system, "value": value })
}

fn reference(identifier: Value) -> Value {
	json!({ "identifier": identifier })
}

fn coding(system: &str, code: &str) -> Value {
	json!({ "system": system, "code": code })
}

#[cfg(test)]
mod tests;
