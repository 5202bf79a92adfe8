// SPDX-License-Identifier: Apache-2.0

//! Consents as FHIR writes them.

use super::super::calendar::instant;
use super::statement::*;
use salus_client::types::{Decision, Grantee, Scope};
use salus_primitives::{
	Action, Actions, Classes, IdentityId, Moment, Purposes, RecordClass, Window,
};
use serde_json::{Map, Value, json};

/// The last moment of the year 9999, which FHIR writes no year after.
const LAST: Moment = 253_402_300_799_999;

/// A Consent resource.
pub(super) fn consent(statement: &Statement, version: Version) -> Result<Value, Refused> {
	match (statement, version) {
		(Statement::Grant(grant), Version::R4) => r4(grant),
		(Statement::Grant(grant), Version::R5) => r5(grant),
		(Statement::Policy(policy), Version::R4) => Ok(json!({
			"resourceType": "Consent",
			"status": "active",
			"scope": concept(SCOPE, "patient-privacy"),
			"category": [concept(LOINC, CONSENT_DOCUMENT)],
			"patient": party(&policy.subject, Some("Patient")),
			"dateTime": written(policy.since, "Consent.dateTime")?,
			"performer": [party(&policy.subject, Some("Patient"))],
			"policyRule": concept(POLICY, policy.policy.word()),
		})),
		(Statement::Policy(policy), Version::R5) => Ok(json!({
			"resourceType": "Consent",
			"status": "active",
			"category": [concept(LOINC, CONSENT_DOCUMENT)],
			"subject": party(&policy.subject, Some("Patient")),
			"date": day(policy.since, "Consent.date")?,
			"grantor": [party(&policy.subject, Some("Patient"))],
			"policyBasis": { "url": format!("{POLICY}:{}", policy.policy.word()) },
		})),
	}
}

/// R4 says in the type of the root provision which way it decides.
fn r4(grant: &GrantStatement) -> Result<Value, Refused> {
	let kind = match grant.terms.decision {
		Decision::Permit => "permit",
		Decision::Deny { .. } => "deny",
	};
	if matches!(grant.grantee, Grantee::Role { organisation: None, .. }) {
		return Err(Refused::new(
			"Consent.provision.actor.reference",
			"R4 asks for somebody by name, and this grant speaks to a role anywhere: export it as r5",
		));
	}
	let mut provision = provision(grant, "Consent.provision")?;
	provision.insert("type".into(), kind.into());
	if let Some(classes) = classes(&grant.terms.scope) {
		provision.insert("class".into(), classes);
	}
	let mut resource = json!({
		"resourceType": "Consent",
		"status": status(grant),
		"scope": concept(SCOPE, scope_code(grant.basis)),
		"category": [concept(LOINC, CONSENT_DOCUMENT)],
		"patient": party(&grant.subject, Some("Patient")),
		"dateTime": written(grant.made_at, "Consent.dateTime")?,
		"performer": [party(&grant.subject, Some("Patient"))],
		"policyRule": concept(BASIS, basis_code(grant.basis)),
		"provision": provision,
	});
	around(&mut resource, grant);
	Ok(resource)
}

/// R5 says a base decision, and each provision negates it. What permits is an exception to a base of
/// deny; a denial of a part would be one to a base of permit, which no grant says.
fn r5(grant: &GrantStatement) -> Result<Value, Refused> {
	let mut resource = json!({
		"resourceType": "Consent",
		"status": status(grant),
		"category": [concept(LOINC, CONSENT_DOCUMENT)],
		"subject": party(&grant.subject, Some("Patient")),
		"date": day(grant.made_at, "Consent.date")?,
		"grantor": [party(&grant.subject, Some("Patient"))],
		"regulatoryBasis": [concept(BASIS, basis_code(grant.basis))],
		"decision": "deny",
	});
	if let Some(grantee) = named(&grant.grantee) {
		resource["grantee"] = json!([grantee]);
	}
	match grant.terms.decision {
		Decision::Permit => {
			let mut provision = provision(grant, "Consent.provision[0]")?;
			if let Some(classes) = classes(&grant.terms.scope) {
				provision.insert("documentType".into(), classes);
			}
			resource["provision"] = json!([provision]);
		},
		Decision::Deny { .. } => {
			let speaks_of_all = grant.terms.scope == Scope::Subject(Classes::ALL)
				&& grant.terms.data_period.is_none()
				&& grant.terms.purposes == every_purpose()
				&& grant.terms.actions == every_action();
			if !speaks_of_all || named(&grant.grantee).is_none() {
				return Err(Refused::new(
					"Consent.decision",
					"R5 cannot deny a part, or a role, without permitting the rest: export it as r4",
				));
			}
			resource["period"] = period(&grant.terms.window, "Consent.period")?;
		},
	}
	around(&mut resource, grant);
	Ok(resource)
}

/// What both versions say of a provision in the same words.
fn provision(grant: &GrantStatement, path: &str) -> Result<Map<String, Value>, Refused> {
	let terms = &grant.terms;
	let mut fields = Map::new();
	fields.insert("period".into(), period(&terms.window, &format!("{path}.period"))?);
	fields.insert("actor".into(), json!([actor(&grant.grantee)]));
	let actions = terms.actions.iter().map(|action| match action {
		Action::Append => concept(OWN_ACTION, action.word()),
		_ => concept(ACTION, action.word()),
	});
	fields.insert("action".into(), actions.collect());
	let purposes = terms.purposes.iter().map(|purpose| coding(PURPOSE, purpose.word()));
	fields.insert("purpose".into(), purposes.collect());
	if let Scope::Compartment(number) = terms.scope {
		let label = coding(COMPARTMENT, &number.to_string());
		fields.insert("securityLabel".into(), json!([label]));
	}
	if let Scope::Record(record) = terms.scope {
		let reference = json!({ "identifier": { "system": RECORD, "value": record.to_string() } });
		fields.insert("data".into(), json!([{ "meaning": "instance", "reference": reference }]));
	}
	if let Some(window) = &terms.data_period {
		fields.insert("dataPeriod".into(), period(window, &format!("{path}.dataPeriod"))?);
	}
	Ok(fields)
}

/// The classes that a grant names; none when it speaks of all.
fn classes(scope: &Scope) -> Option<Value> {
	let Scope::Subject(classes) = scope else { return None };
	if *classes == Classes::ALL {
		return None;
	}
	let named = RecordClass::ALL.iter().filter(|class| classes.contains(**class));
	Some(named.map(|class| coding(CLASS, class.word())).collect())
}

fn actor(grantee: &Grantee) -> Value {
	match grantee {
		Grantee::Identity(_) | Grantee::Organisation(_) => json!({
			"role": concept(PARTICIPATION, RECIPIENT),
			"reference": named(grantee),
		}),
		Grantee::Role { organisation: Some(id), role } => json!({
			"role": concept(ROLE, role.word()),
			"reference": party(id, Some("Organization")),
		}),
		Grantee::Role { organisation: None, role } => {
			json!({ "role": concept(ROLE, role.word()) })
		},
	}
}

fn named(grantee: &Grantee) -> Option<Value> {
	match grantee {
		Grantee::Identity(id) => Some(party(id, None)),
		Grantee::Organisation(id) => Some(party(id, Some("Organization"))),
		Grantee::Role { .. } => None,
	}
}

/// Number, form and what FHIR has no words for.
fn around(resource: &mut Value, grant: &GrantStatement) {
	let mut identifiers = Vec::new();
	identifiers.extend(grant.id.map(|id| json!({ "system": GRANT, "value": id.to_string() })));
	identifiers.extend(
		grant.document.map(|digest| json!({ "system": DOCUMENT, "value": digest.to_string() })),
	);
	if !identifiers.is_empty() {
		resource["identifier"] = identifiers.into();
	}
	let mut extensions = Vec::new();
	extensions.extend(grant.uses.map(|uses| json!({ "url": USES, "valueUnsignedInt": uses })));
	if grant.delegable {
		extensions.push(json!({ "url": DELEGABLE, "valueBoolean": true }));
	}
	if (Decision::Deny { override_in_emergency: true }) == grant.terms.decision {
		extensions.push(json!({ "url": OVERRIDE, "valueBoolean": true }));
	}
	if !extensions.is_empty() {
		resource["extension"] = extensions.into();
	}
}

fn status(grant: &GrantStatement) -> &'static str {
	if grant.active { "active" } else { "inactive" }
}

fn party(id: &IdentityId, kind: Option<&str>) -> Value {
	let mut reference = json!({ "identifier": { "system": IDENTITY, "value": id.to_string() } });
	if let Some(kind) = kind {
		reference["type"] = kind.into();
	}
	reference
}

fn concept(system: &str, code: &str) -> Value {
	json!({ "coding": [coding(system, code)] })
}

fn coding(system: &str, code: &str) -> Value {
	json!({ "system": system, "code": code })
}

/// The end of a FHIR period belongs to it: the last millisecond. What is open is left out.
fn period(window: &Window, path: &str) -> Result<Value, Refused> {
	let mut period = json!({});
	if window.from > 0 {
		period["start"] = written(window.from, &format!("{path}.start"))?.into();
	}
	if window.until < Moment::MAX {
		let last = window.until.saturating_sub(1);
		period["end"] = written(last, &format!("{path}.end"))?.into();
	}
	Ok(period)
}

fn written(moment: Moment, path: &str) -> Result<String, Refused> {
	if moment > LAST {
		return Err(Refused::new(path, "FHIR writes no year after 9999"));
	}
	Ok(instant(moment))
}

fn day(moment: Moment, path: &str) -> Result<String, Refused> {
	let text = written(moment, path)?;
	Ok(text.split('T').next().unwrap_or_default().into())
}

/// Every purpose that a grant can name.
pub(super) fn every_purpose() -> Purposes {
	Purposes(Purposes::ALL.0 & !Purposes::NOT_GRANTABLE.0)
}

/// Every action.
pub(super) fn every_action() -> Actions {
	Actions::ALL
}
