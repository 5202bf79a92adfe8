// SPDX-License-Identifier: Apache-2.0
//! What documents are found by, and recommendations that point at records.

mod common;

use common::NOW;
use salus_fhir::{
	SAMPLE_ENCOUNTER,
	note::{MAX_TEXT, NoteError, Parties, pointing, recommendation, with_pointers},
	terms::{Terms, records, terms},
	validate,
};

fn one(source: &str) -> Terms {
	let [terms] = &terms(source.as_bytes())[..] else { panic!("one resource") };
	terms.clone()
}

fn codes(terms: &Terms) -> Vec<&str> {
	terms.codes.iter().map(|code| code.code.as_str()).collect()
}

#[test]
fn an_observation_is_found_by_its_codes_its_day_and_its_number() {
	let terms = one(
		r#"{ "resourceType": "Observation", "identifier": [{ "value": " L-1 " }, { "value": "" }],
			"code": { "coding": [{ "system": "http://loinc.org", "code": "85354-9" }] },
			"component": [
				{ "code": { "coding": [{ "system": "http://loinc.org", "code": "8480-6" }] } },
				{ "code": { "coding": [{ "system": "http://loinc.org", "code": "8462-4" }] } } ],
			"effectiveDateTime": "2026-09-21T23:15:00+02:00", "issued": "2026-10-01T00:00:00Z" }"#,
	);
	assert_eq!(codes(&terms), ["85354-9", "8480-6", "8462-4"]);
	assert_eq!(terms.days, Some(("2026-09-21".into(), "2026-09-21".into())));
	assert_eq!(terms.month.as_deref(), Some("2026-09"));
	assert_eq!(terms.identifiers, ["L-1"]);
}

#[test]
fn dates_mean_the_days_that_they_may_mean() {
	let days = |date: &str| {
		one(&format!(r#"{{ "resourceType": "Condition", "onsetDateTime": "{date}" }}"#)).days
	};
	assert_eq!(days("2026"), Some(("2026-01-01".into(), "2026-12-31".into())));
	assert_eq!(days("2026-02"), Some(("2026-02-01".into(), "2026-02-31".into())));
	assert_eq!(days("2026-02-03"), Some(("2026-02-03".into(), "2026-02-03".into())));
	let year = one(r#"{ "resourceType": "Condition", "onsetDateTime": "2026" }"#);
	assert_eq!(year.month.as_deref(), Some("2026"));
	assert_eq!(one(r#"{ "resourceType": "Condition" }"#).days, None);
}

#[test]
fn a_period_is_found_by_its_beginning() {
	let terms = one(r#"{ "resourceType": "Procedure",
			"performedPeriod": { "start": "2026-01-30", "end": "2026-02-02" } }"#);
	assert_eq!(terms.days, Some(("2026-01-30".into(), "2026-01-30".into())));
}

#[test]
fn medicines_vaccines_and_documents_have_codes_too() {
	let coded = |key: &str| {
		codes(&one(&format!(
			r#"{{ "resourceType": "MedicationRequest",
				"{key}": {{ "coding": [{{ "code": "N02BE01" }}, {{ "code": "  " }}] }} }}"#
		)))
		.iter()
		.map(|code| (*code).to_owned())
		.collect::<Vec<_>>()
	};
	assert_eq!(coded("medicationCodeableConcept"), ["N02BE01"]);
	assert_eq!(coded("vaccineCode"), ["N02BE01"]);
	assert!(coded("reasonCode").is_empty());
	let contained = one(
		r##"{ "resourceType": "MedicationRequest", "medicationReference": { "reference": "#m" },
			"contained": [{ "resourceType": "Medication", "id": "m",
				"code": { "coding": [{ "code": "N02BE01" }] } }] }"##,
	);
	assert_eq!(codes(&contained), ["N02BE01"]);
	let document = one(
		r#"{ "resourceType": "DocumentReference", "type": { "coding": [{ "code": "34133-9" }] } }"#,
	);
	assert_eq!(codes(&document), ["34133-9"]);
}

#[test]
fn people_are_not_found_by_their_numbers() {
	let patient = one(r#"{ "resourceType": "Patient", "identifier": [{ "value": "756.1" }] }"#);
	assert!(patient.identifiers.is_empty());
}

#[test]
fn a_bundle_has_the_terms_of_each_entry() {
	let all = terms(SAMPLE_ENCOUNTER.as_bytes());
	let bundle: Vec<_> = all.iter().map(|terms| terms.resource_type.as_str()).collect();
	assert!(bundle.contains(&"Condition") && bundle.contains(&"Observation"), "{bundle:?}");
	assert!(all.iter().any(|terms| codes(terms).contains(&"29463-7")));
}

#[test]
fn a_line_says_what_it_is_and_what_came_out() {
	let terms = one(r#"{ "resourceType": "Observation", "code": { "text": "Haemoglobin" },
			"valueQuantity": { "value": 13.90, "unit": "g/dL" } }"#);
	assert_eq!(terms.summary, "Haemoglobin: 13.90 g/dL");
	let terms = one(r#"{ "resourceType": "Condition",
			"code": { "coding": [{ "code": "E11", "display": "Diabetes" }] } }"#);
	assert_eq!(terms.summary, "Diabetes");
}

#[test]
fn what_is_no_document_has_no_terms() {
	for bytes in [&b"{"[..], b"\xff", b"[]"] {
		assert!(terms(bytes).iter().all(|terms| *terms == Terms::default()));
	}
}

const PARTIES: Parties<'_> =
	Parties { patient: ("urn:salus:identity", "0x01"), sender: ("urn:salus:identity", "0x02") };

fn record(digit: char) -> String {
	format!("0x{}", String::from(digit).repeat(64))
}

#[test]
fn a_recommendation_is_a_valid_document_that_points_at_records() {
	let pointers = [record('a'), record('b')];
	let made = recommendation("Drink more water.\nCome back in May.", PARTIES, &pointers, NOW);
	let document = made.unwrap();
	let read = validate(document.as_bytes(), NOW).unwrap();
	assert_eq!(read.resource_type, "Communication");
	assert_eq!(read.report.issues().len(), 0, "{:?}", read.report.issues());
	assert_eq!(records(document.as_bytes()), pointers);
	let terms = one(&document);
	assert!(terms.summary.starts_with("Drink more water."), "{}", terms.summary);
	assert!(terms.month.is_some());
}

#[test]
fn words_that_are_none_are_refused() {
	let say = |words: &str| recommendation(words, PARTIES, &[record('a')], NOW).err();
	assert_eq!(say("  \n "), Some(NoteError::Empty));
	assert_eq!(say("a\u{1b}[2J"), Some(NoteError::ControlCharacters));
	assert_eq!(say(&"a".repeat(MAX_TEXT + 1)), Some(NoteError::TooLong));
	assert_eq!(say(&"ä".repeat(MAX_TEXT)), None);
}

#[test]
fn pointers_are_added_where_fhir_has_a_place_for_them() {
	for name in pointing() {
		let document = format!(r#"{{ "resourceType": "{name}", "status": "active" }}"#);
		let pointed = with_pointers(document.as_bytes(), &[record('a')]).unwrap();
		assert_eq!(records(pointed.as_bytes()), [record('a')], "{name}");
		// Again changes nothing.
		assert_eq!(with_pointers(pointed.as_bytes(), &[record('a')]).unwrap(), pointed);
		let both = with_pointers(pointed.as_bytes(), &[record('a'), record('b')]).unwrap();
		assert_eq!(records(both.as_bytes()), [record('a'), record('b')]);
	}
	let plan = r#"{ "resourceType": "CarePlan", "status": "active", "intent": "plan",
		"subject": { "identifier": { "value": "1" } } }"#;
	let pointed = with_pointers(plan.as_bytes(), &[record('a')]).unwrap();
	assert!(validate(pointed.as_bytes(), NOW).is_ok());
}

#[test]
fn pointers_that_have_no_place_are_refused() {
	let refused = |source: &str| with_pointers(source.as_bytes(), &[record('a')]).err().unwrap();
	assert_eq!(refused("{"), NoteError::NotJson);
	let error = refused(r#"{ "resourceType": "Patient" }"#);
	assert!(error.to_string().contains("CarePlan"), "{error}");
	assert!(matches!(refused("[]"), NoteError::NoPointers { .. }));
}
