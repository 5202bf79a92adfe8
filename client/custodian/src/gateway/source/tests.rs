// SPDX-License-Identifier: Apache-2.0

//! Whom documents name, and how.

use super::*;
use serde_json::json;

const CHAIN: ChainTag = [7; 8];
const PATIENT: IdentityId = IdentityId([1; 32]);
const DOCTOR: IdentityId = IdentityId([2; 32]);
const CLINIC: IdentityId = IdentityId([3; 32]);

fn did(identity: IdentityId) -> String {
	Did { chain: CHAIN, identity }.to_string()
}

fn parties(document: &Value) -> Parties {
	Parties::named_in(document.to_string().as_bytes(), CHAIN).unwrap()
}

fn authors(document: &Value) -> Vec<IdentityId> {
	parties(document).authors.into_keys().collect()
}

fn verdict(parties: &Parties, strangers: &[String]) -> Verdict {
	let mut findings = Findings::of(salus_fhir::validate(b"{}", 0));
	parties.judge(&PATIENT, strangers, &mut findings)
}

#[test]
fn a_party_is_named_by_reference_identifier_or_resource() {
	for named in
		[json!({ "reference": did(DOCTOR) }), json!({ "identifier": { "value": did(DOCTOR) } })]
	{
		let document = json!({ "resourceType": "Observation", "performer": [named] });
		let found = parties(&document);
		assert_eq!(found.authors, [(DOCTOR, "Observation.performer".into())].into());
	}
	for (key, reference) in [("fullUrl", "urn:uuid:1"), ("none", "Practitioner/p1")] {
		let document = json!({ "resourceType": "Bundle", "entry": [
			{ key: reference, "resource": {
				"resourceType": "Practitioner", "id": "p1",
				"identifier": [{ "value": "P-1" }, { "value": did(DOCTOR) }],
			} },
			{ "resource": {
				"resourceType": "Condition", "recorder": { "reference": reference },
			} },
		] });
		assert_eq!(authors(&document), [DOCTOR], "{reference}");
	}
}

#[test]
fn what_is_contained_is_found_in_its_own_container() {
	let holder = |identity| {
		json!({ "resource": {
			"resourceType": "Composition",
			"author": [{ "reference": "#a" }],
			"contained": [{
				"resourceType": "Practitioner", "id": "a",
				"identifier": [{ "value": did(identity) }],
			}],
		} })
	};
	let document = json!({ "resourceType": "Bundle", "entry": [holder(DOCTOR), holder(CLINIC)] });
	let found = parties(&document).authors;
	assert_eq!(found[&DOCTOR], "Bundle.entry[0].resource.author");
	assert_eq!(found[&CLINIC], "Bundle.entry[1].resource.author");
}

#[test]
fn a_role_leads_to_who_holds_it_and_where() {
	let document = json!({ "resourceType": "Bundle", "entry": [
		{ "fullUrl": "urn:uuid:r", "resource": {
			"resourceType": "PractitionerRole",
			"practitioner": { "identifier": { "value": did(DOCTOR) } },
			"organization": { "identifier": { "value": did(CLINIC) } },
		} },
		{ "resource": {
			"resourceType": "Immunization",
			"performer": [{ "actor": { "reference": "urn:uuid:r" } }],
		} },
	] });
	assert_eq!(authors(&document), [DOCTOR, CLINIC]);
}

#[test]
fn a_role_that_leads_to_itself_ends() {
	let document = json!({ "resourceType": "Bundle", "entry": [
		{ "fullUrl": "urn:uuid:r", "resource": {
			"resourceType": "PractitionerRole",
			"practitioner": { "reference": "urn:uuid:r" },
		} },
		{ "resource": { "resourceType": "Basic", "author": { "reference": "urn:uuid:r" } } },
	] });
	assert!(authors(&document).is_empty());
}

#[test]
fn who_is_asked_to_do_something_has_not_done_it() {
	let document = json!({
		"resourceType": "ServiceRequest",
		"requester": { "reference": did(DOCTOR) },
		"performer": [{ "reference": did(CLINIC) }],
	});
	assert_eq!(authors(&document), [DOCTOR]);
}

#[test]
fn the_patient_is_named_by_itself_and_by_what_is_about_it() {
	let document = json!({ "resourceType": "Bundle", "entry": [
		{ "resource": {
			"resourceType": "Patient", "identifier": [{ "value": did(PATIENT) }],
		} },
		{ "resource": {
			"resourceType": "Observation", "subject": { "reference": did(CLINIC) },
		} },
	] });
	let found = parties(&document);
	assert_eq!(found.subjects.keys().copied().collect::<Vec<_>>(), [PATIENT, CLINIC]);
	assert_eq!(verdict(&found, &[]), Verdict::Fail);
}

#[test]
fn nobody_named_is_a_pass_and_a_contradiction_none() {
	let nobody = parties(&json!({ "resourceType": "Observation" }));
	assert_eq!(verdict(&nobody, &[]), Verdict::Pass);
	let own = parties(&json!({
		"resourceType": "Observation",
		"subject": { "reference": did(PATIENT) },
		"performer": [{ "reference": did(DOCTOR) }],
	}));
	assert_eq!(verdict(&own, &[]), Verdict::Pass);
	assert_eq!(verdict(&own, &["Observation.performer".into()]), Verdict::Fail);
}

#[test]
fn a_did_of_another_chain_is_not_taken_for_one_of_this() {
	let other = Did { chain: [8; 8], identity: PATIENT }.to_string();
	let found =
		parties(&json!({ "resourceType": "Observation", "subject": { "reference": other } }));
	assert!(found.subjects.is_empty());
	assert_eq!(verdict(&found, &[]), Verdict::PassWithWarnings);
}

#[test]
fn more_authors_than_are_looked_up_are_said_so() {
	let performers: Vec<_> = (0..=MAX_LOOKED_UP)
		.map(|number| json!({ "reference": did(IdentityId([number as u8 + 10; 32])) }))
		.collect();
	let found = parties(&json!({ "resourceType": "Observation", "performer": performers }));
	assert_eq!(found.authors_to_check().count(), MAX_LOOKED_UP);
	assert_eq!(verdict(&found, &[]), Verdict::PassWithWarnings);
}

#[test]
fn anything_may_stand_anywhere() {
	for document in [
		json!([1, 2]),
		json!({ "resourceType": 3 }),
		json!({ "resourceType": "Bundle", "entry": {} }),
		json!({ "resourceType": "Bundle", "entry": [1, { "resource": null }] }),
		json!({ "resourceType": "Observation", "performer": "x", "contained": { "id": 1 } }),
	] {
		assert_eq!(parties(&document).authors, BTreeMap::new(), "{document}");
	}
	assert_eq!(Parties::named_in(b"{", CHAIN), None);
}

#[test]
fn a_party_is_named_by_its_id_under_our_system() {
	let named = |system: &str| {
		let identifier = json!({ "system": system, "value": DOCTOR.to_string() });
		authors(&json!({
			"resourceType": "Observation", "performer": [{ "identifier": identifier }],
		}))
	};
	assert_eq!(named("urn:salus:identity"), [DOCTOR]);
	// The same digits mean nothing under another one.
	assert!(named("urn:oid:1.2.3").is_empty());
	let reference = json!({ "reference": format!("urn:salus:identity:{DOCTOR}") });
	let document = json!({ "resourceType": "Observation", "performer": [reference] });
	assert_eq!(authors(&document), [DOCTOR]);
	let about = json!({
		"resourceType": "Patient",
		"identifier": [{ "system": "urn:salus:identity", "value": CLINIC.to_string() }],
	});
	assert_eq!(verdict(&parties(&about), &[]), Verdict::Fail);
}

#[test]
fn bundles_within_bundles_are_looked_through() {
	let inner = json!({ "resourceType": "Bundle", "entry": [
		{ "fullUrl": "urn:uuid:1", "resource": {
			"resourceType": "Practitioner", "identifier": [{ "value": did(DOCTOR) }],
		} },
		{ "resource": {
			"resourceType": "Observation",
			"subject": { "reference": did(CLINIC) },
			"performer": [{ "reference": "urn:uuid:1" }],
		} },
	] });
	let outer = json!({ "resourceType": "Bundle", "entry": [
		// What the inner bundle calls so is somebody else out here.
		{ "fullUrl": "urn:uuid:1", "resource": {
			"resourceType": "Practitioner", "identifier": [{ "value": did(CLINIC) }],
		} },
		{ "resource": inner },
		{ "resource": { "resourceType": "Basic", "author": { "reference": "urn:uuid:1" } } },
	] });
	let found = parties(&outer);
	let place = "Bundle.entry[1].resource.entry[1].resource.performer";
	assert_eq!(found.authors[&DOCTOR], place);
	assert_eq!(found.authors[&CLINIC], "Bundle.entry[2].resource.author");
	assert_eq!(verdict(&found, &[]), Verdict::Fail, "it is about another patient");
}
