// SPDX-License-Identifier: Apache-2.0
//! Bundles taken apart.

mod common;

use common::{NOW, at, json, text};
use fhirkit::Json;
use salus_fhir::{
	SAMPLE_ENCOUNTER,
	split::{Entry, EntryError, RECORD_SYSTEM, Split, SplitError},
	terms, validate,
};

fn split(bundle: &Json) -> Split {
	Split::of(bundle.to_compact().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(source: &str) -> SplitError {
	Split::of(source.as_bytes()).err().expect("it cannot be taken apart")
}

/// Names every document by a record of its number.
fn record(number: usize) -> Option<(String, String)> {
	Some((RECORD_SYSTEM.to_owned(), format!("0x{number:064x}")))
}

fn document(split: &Split, entry: &Entry) -> Json {
	json(&split.document(entry, &record).unwrap())
}

fn entry_of<'a>(split: &'a Split, resource_type: &str) -> &'a Entry {
	split.entries().iter().find(|entry| entry.resource_type == resource_type).unwrap()
}

/// A bundle of a patient, a doctor at a practice, a laboratory value and a report on it.
fn bundle() -> Json {
	json(
		r##"{ "resourceType": "Bundle", "type": "transaction", "entry": [
		{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
		  "request": { "method": "PUT", "url": "Patient/p" },
		  "resource": { "resourceType": "Patient", "id": "p",
			"identifier": [{ "system": "urn:oid:2.16.756", "value": "756.1" }] } },
		{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000002",
		  "request": { "method": "PUT", "url": "Practitioner/d" },
		  "resource": { "resourceType": "Practitioner", "id": "d", "meta": { "versionId": "7" },
			"name": [{ "family": "Example" }] } },
		{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000003",
		  "request": { "method": "PUT", "url": "PractitionerRole/r" },
		  "resource": { "resourceType": "PractitionerRole", "id": "r",
			"practitioner": { "reference": "urn:uuid:00000000-0000-4000-8000-000000000002" } } },
		{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000004",
		  "request": { "method": "PUT", "url": "Observation/o" },
		  "resource": { "resourceType": "Observation", "id": "o", "status": "final",
			"code": { "coding": [{ "system": "http://loinc.org", "code": "718-7" }] },
			"subject": { "reference": "Patient/p", "display": "the patient" },
			"performer": [{ "reference": "PractitionerRole/r/_history/2" }],
			"effectiveDateTime": "2026-09-21T08:15:00Z",
			"valueQuantity": { "value": 13.90, "unit": "g/dL",
				"system": "http://unitsofmeasure.org", "code": "g/dL" } } },
		{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000005",
		  "request": { "method": "PUT", "url": "DiagnosticReport/x" },
		  "resource": { "resourceType": "DiagnosticReport", "id": "x", "status": "final",
			"code": { "coding": [{ "system": "http://loinc.org", "code": "58410-2" }] },
			"subject": { "reference": "urn:uuid:00000000-0000-4000-8000-000000000001" },
			"effectiveDateTime": "2026-09-21",
			"encounter": { "reference": "Encounter/elsewhere" },
			"result": [{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000004" }] } }
		] }"##,
	)
}

#[test]
fn clinical_resources_become_documents_and_others_go_along() {
	let split = split(&bundle());
	let types: Vec<_> = split.entries().iter().map(|entry| entry.resource_type.as_str()).collect();
	assert_eq!(types, ["Observation", "DiagnosticReport"]);
	let left: Vec<_> = split.left_out().into_keys().collect();
	assert_eq!(left, ["Patient", "Practitioner", "PractitionerRole"]);
}

#[test]
fn every_document_is_valid_by_itself() {
	for source in [bundle().to_compact(), SAMPLE_ENCOUNTER.to_owned()] {
		let split = Split::of(source.as_bytes()).unwrap();
		for entry in split.entries() {
			let document = split.document(entry, &record).unwrap();
			if let Err(refusal) = validate(document.as_bytes(), NOW) {
				panic!("entry {} ({}): {refusal}", entry.number, entry.resource_type);
			}
		}
	}
}

#[test]
fn the_patient_is_named_by_its_own_identifier() {
	let split = split(&bundle());
	for entry in split.entries() {
		let mut document = document(&split, entry);
		let subject = at(&mut document, "subject");
		assert_eq!(subject.get("reference"), None);
		assert_eq!(subject.get("type"), Some(&text("Patient")));
		assert_eq!(subject.get("identifier").unwrap().get("value"), Some(&text("756.1")));
	}
	let mut observation = document(&split, entry_of(&split, "Observation"));
	assert_eq!(*at(&mut observation, "subject.display"), text("the patient"));
}

#[test]
fn a_patient_without_identifier_is_named_as_the_bundle_names_it() {
	let mut bundle = bundle();
	*at(&mut bundle, "entry[0].resource") = json(r#"{ "resourceType": "Patient", "id": "p" }"#);
	let split = split(&bundle);
	let mut report = document(&split, entry_of(&split, "DiagnosticReport"));
	let identifier = at(&mut report, "subject.identifier");
	assert_eq!(identifier.get("system"), Some(&text("urn:ietf:rfc:3986")));
	let url = text("urn:uuid:00000000-0000-4000-8000-000000000001");
	assert_eq!(identifier.get("value"), Some(&url));
}

#[test]
fn who_and_where_go_along_with_all_that_they_refer_to() {
	let split = split(&bundle());
	let mut observation = document(&split, entry_of(&split, "Observation"));
	assert_eq!(*at(&mut observation, "performer[0].reference"), text("#entry-2"));
	let Json::Array(contained) = at(&mut observation, "contained").clone() else { panic!("array") };
	assert_eq!(contained.len(), 2, "the role, and the doctor in it");
	for resource in &contained {
		assert_eq!(resource.get("meta"), None, "what is contained has no version of its own");
	}
	let role = contained.iter().find(|one| one.get("id") == Some(&text("entry-2"))).unwrap();
	assert_eq!(role.get("practitioner").unwrap().get("reference"), Some(&text("#entry-1")));
}

#[test]
fn documents_point_at_each_other_by_record() {
	let split = split(&bundle());
	let report = document(&split, entry_of(&split, "DiagnosticReport")).to_compact();
	assert_eq!(terms::records(report.as_bytes()), [format!("0x{:064x}", 3)]);
	assert!(!report.contains("000000000004\""), "no name of the bundle is left: {report}");
	let observation = document(&split, entry_of(&split, "Observation")).to_compact();
	assert!(terms::records(observation.as_bytes()).is_empty());
}

#[test]
fn a_reference_with_an_identifier_keeps_it() {
	let mut bundle = bundle();
	let result = json(
		r#"{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000004",
			"identifier": { "value": "L-1" } }"#,
	);
	*at(&mut bundle, "entry[4].resource.result[0]") = result;
	let split = split(&bundle);
	let mut report = document(&split, entry_of(&split, "DiagnosticReport"));
	let result = at(&mut report, "result[0]");
	assert_eq!(result.get("identifier").unwrap().get("value"), Some(&text("L-1")));
	let url = format!("{RECORD_SYSTEM}:0x{:064x}", 3);
	assert_eq!(result.get("reference"), Some(&text(&url)));
	assert_eq!(terms::records(report.to_compact().as_bytes()), [format!("0x{:064x}", 3)]);
}

#[test]
fn what_is_elsewhere_and_what_is_written_stays_as_it_is() {
	let split = split(&bundle());
	let mut report = document(&split, entry_of(&split, "DiagnosticReport"));
	assert_eq!(*at(&mut report, "encounter.reference"), text("Encounter/elsewhere"));
	let source = text("urn:uuid:00000000-0000-4000-8000-000000000005");
	assert_eq!(*at(&mut report, "meta.source"), source);
	let mut observation = document(&split, entry_of(&split, "Observation"));
	let value = at(&mut observation, "valueQuantity.value").clone();
	assert_eq!(value, Json::Number("13.90".to_owned()), "decimals keep their digits");
	assert_eq!(observation.get("request"), None);
}

#[test]
fn a_binary_that_an_attachment_names_is_found_by_its_record() {
	let mut bundle = bundle();
	let Json::Array(entries) = at(&mut bundle, "entry") else { panic!("array") };
	entries.push(json(
		r#"{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000006",
			"resource": { "resourceType": "Binary", "contentType": "text/plain", "data": "AAAA" } }"#,
	));
	entries.push(json(
		r#"{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000007",
			"resource": { "resourceType": "DocumentReference", "status": "current",
				"content": [{ "attachment": {
					"url": "urn:uuid:00000000-0000-4000-8000-000000000006" } }] } }"#,
	));
	let split = split(&bundle);
	let mut reference = document(&split, entry_of(&split, "DocumentReference"));
	let url = format!("{RECORD_SYSTEM}:0x{:064x}", 5);
	assert_eq!(*at(&mut reference, "content[0].attachment.url"), text(&url));
}

#[test]
fn what_is_one_whole_is_not_taken_apart() {
	assert_eq!(refusal("{"), SplitError::NotJson);
	assert_eq!(refusal(r#"{ "resourceType": "Observation" }"#), SplitError::NotABundle);
	for bundle_type in ["document", "message", "history", "transaction-response"] {
		let source = format!(r#"{{ "resourceType": "Bundle", "type": "{bundle_type}" }}"#);
		let bundle_type = bundle_type.to_owned();
		assert_eq!(refusal(&source), SplitError::Whole { bundle_type });
	}
	let empty = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [] }"#;
	assert_eq!(refusal(empty), SplitError::NothingClinical);
	let two = r#"{ "resourceType": "Bundle", "type": "collection", "entry": [
		{ "resource": { "resourceType": "Patient" } },
		{ "resource": { "resourceType": "Patient" } } ] }"#;
	assert_eq!(refusal(two), SplitError::TwoPatients);
	for error in [SplitError::NotABundle, SplitError::NothingClinical, SplitError::TwoPatients] {
		assert!(!error.to_string().contains('\n'));
	}
}

#[test]
fn an_entry_that_cannot_stand_alone_says_why() {
	let mut dangling = bundle();
	*at(&mut dangling, "entry[4].resource.result[0].reference") =
		text("urn:uuid:00000000-0000-4000-8000-00000000ffff");
	let split_dangling = split(&dangling);
	let report = entry_of(&split_dangling, "DiagnosticReport");
	assert_eq!(split_dangling.document(report, &record), Err(EntryError::Dangling));
	let observation = entry_of(&split_dangling, "Observation");
	assert!(split_dangling.document(observation, &record).is_ok(), "the others are not bad");

	let mut nested = bundle();
	*at(&mut nested, "entry[2].resource.contained") =
		json(r#"[{ "resourceType": "Organization", "id": "a" }]"#);
	let split_nested = split(&nested);
	let observation = entry_of(&split_nested, "Observation");
	let refused = split_nested.document(observation, &record);
	assert_eq!(refused, Err(EntryError::NestedContained { entry: 2 }));

	let mut inner = bundle();
	*at(&mut inner, "entry[3].resource") =
		json(r#"{ "resourceType": "Bundle", "type": "collection" }"#);
	let split_inner = split(&inner);
	let refused = split_inner.document(entry_of(&split_inner, "Bundle"), &record);
	assert_eq!(refused, Err(EntryError::NestedBundle));
}

#[test]
fn a_document_without_a_name_leaves_the_reference_alone() {
	let split = split(&bundle());
	let report = entry_of(&split, "DiagnosticReport");
	let mut report = json(&split.document(report, &|_| None).unwrap());
	let url = text("urn:uuid:00000000-0000-4000-8000-000000000004");
	assert_eq!(*at(&mut report, "result[0].reference"), url);
}
