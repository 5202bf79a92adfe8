// SPDX-License-Identifier: Apache-2.0

//! Consents there and back, and what is refused.

use super::{read, statement::*, write};
use proptest::prelude::*;
use salus_client::types::{Basis, Decision, Grantee, Scope, Terms};
use salus_primitives::{
	AccessPolicy, Actions, Classes, Digest, GrantId, IdentityId, Moment, Purposes, RecordId, Role,
	Window,
};
use serde_json::{Value, json};

const EXAMPLES: [(&str, &str); 4] = [
	("permit.r4.json", include_str!("examples/permit.r4.json")),
	("deny.r4.json", include_str!("examples/deny.r4.json")),
	("permit.r5.json", include_str!("examples/permit.r5.json")),
	("policy.r4.json", include_str!("examples/policy.r4.json")),
];

fn example(name: &str) -> Value {
	let (_, text) = EXAMPLES.iter().find(|(known, _)| *known == name).unwrap();
	serde_json::from_str(text).unwrap()
}

const NOW: Moment = 1_800_000_000_000;

fn read(resource: &Value) -> Result<Vec<Statement>, Refused> {
	read::consent(resource, NOW).map(|read| read.statements)
}

fn refused(resource: &Value) -> String {
	read(resource).unwrap_err().path
}

fn grant(resource: &Value) -> GrantStatement {
	match read(resource).unwrap().as_slice() {
		[Statement::Grant(grant)] => (**grant).clone(),
		other => panic!("one grant is expected: {other:?}"),
	}
}

#[test]
fn every_example_is_written_as_it_was_read() {
	for (name, text) in EXAMPLES {
		let resource: Value = serde_json::from_str(text).unwrap();
		let version = read::version_of(&resource).unwrap();
		for statement in read(&resource).unwrap() {
			let again = write::consent(&statement, version).unwrap();
			assert_eq!(read(&again).unwrap(), [statement], "{name}");
		}
	}
}

#[test]
fn an_example_says_what_its_fields_say() {
	let permit = grant(&example("permit.r4.json"));
	assert_eq!(permit.grantee, Grantee::Identity(IdentityId([0x22; 32])));
	assert_eq!(permit.terms.decision, Decision::Permit);
	assert_eq!(permit.terms.scope, Scope::Compartment(3));
	assert_eq!(permit.terms.data_period.unwrap().from, 1_577_836_800_000);
	// The end is the whole last day.
	assert_eq!(permit.terms.window.until % 86_400_000, 0);
	let deny = grant(&example("deny.r4.json"));
	assert_eq!(deny.terms.decision, Decision::Deny { override_in_emergency: true });
	assert_eq!(deny.basis, Basis::Consent);
}

#[test]
fn a_consent_of_several_actors_and_records_is_several_grants() {
	let mut resource = example("permit.r4.json");
	let provision = &mut resource["provision"];
	provision.as_object_mut().unwrap().remove("securityLabel");
	let data = |digit: &str| {
		let value = format!("0x{}", digit.repeat(64));
		json!({
			"meaning": "instance",
			"reference": { "identifier": { "system": RECORD, "value": value } },
		})
	};
	provision["data"] = json!([data("a"), data("b"), data("c")]);
	let other = provision["actor"][0].clone();
	provision["actor"].as_array_mut().unwrap().push(other);
	assert_eq!(read(&resource).unwrap().len(), 6);
	// Bounded.
	let many: Vec<_> = (0..17).map(|_| data("d")).collect();
	resource["provision"]["data"] = many.into();
	assert_eq!(refused(&resource), "Consent.provision");
}

/// A member of an object, or a place in a list.
fn inside<'a>(value: &'a mut Value, step: &str) -> &'a mut Value {
	match step.parse::<usize>() {
		Ok(index) => &mut value[index],
		Err(_) => &mut value[step],
	}
}

/// One change to an example, and the path that it is refused by.
fn refuses(name: &str, path: &[&str], value: Value, by: &str) {
	let mut resource = example(name);
	let (last, front) = path.split_last().unwrap();
	let place = front.iter().fold(&mut resource, |place, step| inside(place, step));
	match value {
		Value::Null => {
			place.as_object_mut().unwrap().remove(*last);
		},
		value => *inside(place, last) = value,
	}
	assert_eq!(refused(&resource), by, "{path:?}");
}

#[test]
fn what_cannot_be_said_on_chain_is_refused_by_its_path() {
	let code = json!([{ "coding": [{ "system": "http://snomed.info/sct", "code": "44054006" }] }]);
	let party =
		json!({ "identifier": { "system": IDENTITY, "value": format!("0x{}", "33".repeat(32)) } });
	for (path, value, by) in [
		(&["contained"][..], json!([{}]), "Consent.contained"),
		(&["modifierExtension"], json!([{}]), "Consent.modifierExtension"),
		(&["verification"], json!([{ "verified": true }]), "Consent.verification"),
		(&["policy"], json!([{ "uri": "https://example.org" }]), "Consent.policy"),
		(&["organization"], json!([party]), "Consent.organization"),
		(&["_status"], json!({ "id": "x" }), "Consent._status"),
		(&["status"], json!("draft"), "Consent.status"),
		(&["status"], json!(7), "Consent.status"),
		(&["category"], Value::Null, "Consent.category"),
		(&["category"], code.clone(), "Consent.category[0]"),
		(&["scope"], json!({ "text": "privacy" }), "Consent.scope.coding"),
		(&["performer"], json!([party]), "Consent.performer[0]"),
		(&["patient"], json!({ "reference": "Patient/1" }), "Consent.patient.reference"),
		(&["dateTime"], json!("yesterday"), "Consent.dateTime"),
		(&["identifier"], json!([{ "system": "x", "value": "1" }]), "Consent.identifier[0]"),
		(&["extension"], json!([{ "url": "x", "valueBoolean": true }]), "Consent.extension[0].url"),
		(&["provision"], Value::Null, "Consent.provision"),
		(&["provision", "type"], Value::Null, "Consent.provision.type"),
		(&["provision", "type"], json!("maybe"), "Consent.provision.type"),
		(&["provision", "code"], code.clone(), "Consent.provision.code"),
		(&["provision", "provision"], json!([{ "type": "deny" }]), "Consent.provision.provision"),
		(&["provision", "documentType"], json!([]), "Consent.provision.documentType"),
		(&["provision", "period"], Value::Null, "Consent.provision.period"),
		(&["provision", "period", "end"], Value::Null, "Consent.provision.period.end"),
		(&["provision", "period", "end"], json!("2020-01-01"), "Consent.provision.period"),
		(&["provision", "actor"], Value::Null, "Consent.provision.actor"),
		(
			&["provision", "actor", "0", "role"],
			code.get(0).unwrap().clone(),
			"Consent.provision.actor[0].role",
		),
		(
			&["provision", "actor", "0", "reference"],
			Value::Null,
			"Consent.provision.actor[0].reference",
		),
		(&["provision", "action"], Value::Null, "Consent.provision.action"),
		(&["provision", "action"], code.clone(), "Consent.provision.action[0]"),
		(&["provision", "purpose"], Value::Null, "Consent.provision.purpose"),
		(
			&["provision", "purpose", "0"],
			json!({ "system": PURPOSE, "code": "BTG" }),
			"Consent.provision.purpose[0]",
		),
		(
			&["provision", "purpose", "0"],
			json!({ "system": PURPOSE, "code": "treat" }),
			"Consent.provision.purpose[0]",
		),
		(
			&["provision", "securityLabel", "0"],
			json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R" }),
			"Consent.provision.securityLabel[0]",
		),
		(
			&["provision", "securityLabel", "0"],
			json!({ "system": COMPARTMENT, "code": "256" }),
			"Consent.provision.securityLabel[0]",
		),
		(
			&["provision", "class"],
			json!([{ "system": CLASS, "code": "clinical" }]),
			"Consent.provision.class",
		),
		(
			&["provision", "data"],
			json!([{ "meaning": "related" }]),
			"Consent.provision.securityLabel",
		),
	] {
		refuses("permit.r4.json", path, value, by);
	}
}

#[test]
fn r5_negates_its_base_and_says_no_more_than_that() {
	let permit = grant(&example("permit.r5.json"));
	assert_eq!(permit.terms.decision, Decision::Permit);
	for (path, value, by) in [
		(&["decision"][..], json!("permit"), "Consent.decision"),
		(&["decision"], Value::Null, "Consent.decision"),
		(&["controller"], json!([]), "Consent.controller"),
		(&["policyText"], json!([]), "Consent.policyText"),
		(&["period"], json!({ "start": "2026-01-01", "end": "2027-01-01" }), "Consent.period"),
		(&["scope"], json!({}), "Consent.scope"),
		(&["provision", "0", "type"], json!("permit"), "Consent.provision[0].type"),
		(&["provision", "0", "provision"], json!([{}]), "Consent.provision[0].provision"),
		(&["provision", "0", "resourceType"], json!([]), "Consent.provision[0].resourceType"),
		(&["provision"], Value::Null, "Consent.period"),
	] {
		refuses("permit.r5.json", path, value, by);
	}
	let mut denial = example("permit.r5.json");
	for field in ["provision", "extension"] {
		denial.as_object_mut().unwrap().remove(field);
	}
	denial["period"] = json!({ "start": "2026-01-01", "end": "2027-01-01" });
	let denial = grant(&denial);
	assert_eq!(denial.terms.decision, Decision::Deny { override_in_emergency: false });
	assert_eq!(denial.terms.scope, Scope::Subject(Classes::ALL));
}

#[test]
fn a_role_anywhere_and_a_denial_of_a_part_are_refused_when_written() {
	let mut statement = grant(&example("permit.r4.json"));
	statement.grantee = Grantee::Role { organisation: None, role: Role::Nurse };
	let written = write::consent(&Statement::Grant(Box::new(statement.clone())), Version::R4);
	assert_eq!(written.unwrap_err().path, "Consent.provision.actor.reference");
	assert!(write::consent(&Statement::Grant(Box::new(statement)), Version::R5).is_ok());
	let denial = grant(&example("deny.r4.json"));
	let written = write::consent(&Statement::Grant(Box::new(denial)), Version::R5);
	assert_eq!(written.unwrap_err().path, "Consent.decision");
}

#[test]
fn the_paper_around_the_rule_is_named() {
	let mut resource = example("permit.r4.json");
	resource["text"] = json!({ "status": "generated", "div": "<div/>" });
	resource["id"] = json!("example");
	let read = read::consent(&resource, NOW).unwrap();
	assert_eq!(read.by_hash, ["Consent.id", "Consent.text"]);
}

fn any_grantee() -> impl Strategy<Value = Grantee> {
	let id = any::<[u8; 32]>().prop_map(IdentityId);
	let role = proptest::sample::select(Role::ALL);
	prop_oneof![
		id.clone().prop_map(Grantee::Identity),
		id.clone().prop_map(Grantee::Organisation),
		(id, role).prop_map(|(id, role)| Grantee::Role { organisation: Some(id), role }),
	]
}

fn any_scope() -> impl Strategy<Value = Scope> {
	prop_oneof![
		any::<[u8; 32]>().prop_map(|id| Scope::Record(RecordId(id))),
		any::<u8>().prop_map(Scope::Compartment),
		(1..=Classes::ALL.0).prop_map(|bits| Scope::Subject(Classes(bits))),
	]
}

fn any_window() -> impl Strategy<Value = Window> {
	(0..NOW, 1..NOW).prop_map(|(from, length)| Window { from, until: from + length })
}

fn any_permit() -> impl Strategy<Value = GrantStatement> {
	let purposes = (1..=Purposes::ALL.0)
		.prop_map(|bits| Purposes(bits & !Purposes::NOT_GRANTABLE.0))
		.prop_filter("a grant names a purpose", |purposes| !purposes.is_empty());
	let actions = (1..=Actions::ALL.0).prop_map(Actions);
	let bases = [Basis::Consent, Basis::TreatmentRelation, Basis::LegalDuty, Basis::Research];
	let terms = (any_scope(), purposes, actions, proptest::option::of(any_window()), any_window());
	let around = (
		proptest::option::of(any::<u64>()),
		proptest::option::of(any::<u32>()),
		any::<bool>(),
		proptest::sample::select(bases.to_vec()),
		proptest::option::of(any::<[u8; 32]>()),
		any::<bool>(),
		0..NOW,
	);
	(any::<[u8; 32]>(), any_grantee(), terms, around).prop_map(
		|(subject, grantee, terms, around)| {
			let (scope, purposes, actions, data_period, window) = terms;
			let (id, uses, delegable, basis, document, active, made_at) = around;
			GrantStatement {
				id: id.map(GrantId),
				subject: IdentityId(subject),
				grantee,
				terms: Terms {
					decision: Decision::Permit,
					scope,
					purposes,
					actions,
					data_period,
					window,
				},
				uses,
				delegable,
				basis,
				document: document.map(Digest),
				active,
				made_at,
			}
		},
	)
}

proptest! {
	#[test]
	fn a_grant_is_read_as_it_was_written_in_r4(
		permit in any_permit(), deny in any::<Option<bool>>(),
	) {
		let mut grant = permit;
		if let Some(override_in_emergency) = deny {
			grant.terms.decision = Decision::Deny { override_in_emergency };
			(grant.uses, grant.delegable) = (None, false);
		}
		let statement = Statement::Grant(Box::new(grant));
		let written = write::consent(&statement, Version::R4).unwrap();
		prop_assert_eq!(read(&written).unwrap(), [statement]);
	}

	#[test]
	fn a_permit_is_read_as_it_was_written_in_r5(permit in any_permit()) {
		let mut expected = permit.clone();
		let written = write::consent(&Statement::Grant(Box::new(permit)), Version::R5).unwrap();
		// R5 keeps the day alone.
		expected.made_at -= expected.made_at % 86_400_000;
		prop_assert_eq!(read(&written).unwrap(), [Statement::Grant(Box::new(expected))]);
	}

	#[test]
	fn a_policy_is_read_as_it_was_written(subject in any::<[u8; 32]>(), days in 0u64..20_000) {
		for policy in AccessPolicy::ALL {
			let since = days * 86_400_000;
			let statement =
				Statement::Policy(PolicyStatement { subject: IdentityId(subject), policy: *policy, since });
			for version in [Version::R4, Version::R5] {
				let written = write::consent(&statement, version).unwrap();
				prop_assert_eq!(read(&written).unwrap(), [statement.clone()]);
			}
		}
	}

	#[test]
	fn an_unknown_element_is_refused_wherever_it_stands(
		permit in any_permit(), name in "[a-z]{3,8}Unknown",
	) {
		let written = write::consent(&Statement::Grant(Box::new(permit)), Version::R4).unwrap();
		for path in [
			"", "/scope", "/scope/coding/0", "/category/0", "/patient", "/patient/identifier",
			"/performer/0", "/policyRule", "/provision", "/provision/period", "/provision/actor/0",
			"/provision/actor/0/role", "/provision/actor/0/reference", "/provision/action/0",
			"/provision/purpose/0",
		] {
			let mut changed = written.clone();
			changed.pointer_mut(path).unwrap()[&name] = json!("x");
			prop_assert!(refused(&changed).ends_with(&name), "{}", path);
		}
	}
}

/// What a validator of R4 finds wrong with a resource.
fn wrong_in_r4(resource: &Value) -> Option<String> {
	let bytes = serde_json::to_vec(resource).unwrap();
	salus_fhir::validate(&bytes, NOW).err().map(|refusal| refusal.to_string())
}

#[test]
fn what_is_written_in_r4_is_valid_there() {
	for (name, text) in EXAMPLES.iter().filter(|(name, _)| name.ends_with(".r4.json")) {
		let resource: Value = serde_json::from_str(text).unwrap();
		for statement in read(&resource).unwrap() {
			let written = write::consent(&statement, Version::R4).unwrap();
			assert_eq!(wrong_in_r4(&written), None, "{name}");
		}
	}
	let mut broken = example("permit.r4.json");
	broken["provision"]["type"] = json!(7);
	assert!(wrong_in_r4(&broken).is_some(), "the validator looks at consents");
}
