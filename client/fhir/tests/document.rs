// SPDX-License-Identifier: Apache-2.0
//! What a document is, and what is refused before it is read as FHIR.

mod common;

use common::{NOW, assert_passes, edit, json, text};
use fhirkit::Json;
use proptest::prelude::*;
use salus_fhir::{
	Document, FHIR_VERSION, Kind, MAX_DOCUMENT, MAX_ISSUES, Refusal, SAMPLE_ENCOUNTER, validate,
	validate_with,
};

fn refused(bytes: &[u8]) -> Refusal {
	let refusal = validate(bytes, NOW).unwrap_err();
	assert!(!refusal.to_string().contains('\n'), "one line: {refusal}");
	refusal
}

fn sample() -> Document {
	validate(SAMPLE_ENCOUNTER.as_bytes(), NOW).unwrap()
}

#[test]
fn the_sample_passes_without_a_word() {
	let document = sample();
	assert_eq!(document.kind, Kind::Bundle { entries: 23 });
	assert_eq!(document.entries(), 23);
	assert_eq!(document.resource_type, "Bundle");
	assert_eq!(document.bundle_type.as_deref(), Some("collection"));
	assert_eq!(document.fhir_version, FHIR_VERSION);
	assert_eq!(document.contents["Observation"], 11);
	assert_eq!(document.contents["Patient"], 1);
	assert!(document.subject.unwrap().starts_with("urn:uuid:"));
	assert!(document.report.issues().is_empty(), "{}", document.report);
}

#[test]
fn a_resource_is_a_document_too() {
	let patient = br#"{"resourceType":"Patient","identifier":[{"value":"1"}]}"#;
	let document = validate(patient, NOW).unwrap();
	assert_eq!((document.kind, document.entries()), (Kind::Resource, 1));
	assert_eq!(document.resource_type, "Patient");
	assert_eq!((document.bundle_type, document.subject), (None, None));

	let condition = json(
		r#"{"resourceType":"Condition","code":{"text":"x"},"subject":{"reference":"Patient/7"}}"#,
	);
	let document = validate(condition.to_compact().as_bytes(), NOW).unwrap();
	assert_eq!(document.subject.as_deref(), Some("Patient/7"));
}

#[test]
fn progress_is_told_per_entry() {
	let mut told = Vec::new();
	validate_with(SAMPLE_ENCOUNTER.as_bytes(), NOW, |done, total| told.push((done, total)))
		.unwrap();
	assert_eq!(told, (1..=23).map(|done| (done, 23)).collect::<Vec<_>>());

	let mut told = Vec::new();
	let patient = br#"{"resourceType":"Patient","identifier":[{"value":"1"}]}"#;
	validate_with(patient, NOW, |done, total| told.push((done, total))).unwrap();
	assert_eq!(told, [(1, 1)]);
}

#[test]
fn refuses_what_is_not_json() {
	for (bytes, line, column) in [
		(&b""[..], 1, 1),
		(b"Temperature 37.2", 1, 1),
		(b"{\"resourceType\": \"Patient\",\n \"id\": }", 2, 8),
		(b"{} {}", 1, 4),
		(b"{\n\"\xff\"}", 2, 2),
	] {
		let refusal = refused(bytes);
		let Refusal::NotJson { line: found_line, column: found_column, .. } = &refusal else {
			panic!("{refusal}")
		};
		assert_eq!((*found_line, *found_column), (line, column), "{refusal}");
		assert!(refusal.to_string().starts_with("the document is not JSON: line "));
	}
}

#[test]
fn refuses_json_that_is_not_fhir() {
	for source in [
		"[]",
		"7",
		"{}",
		r#"{"name":"Ilse"}"#,
		r#"{"resourceType":7}"#,
		r#"{"resourceType":"Patients"}"#,
		r#"{"resourceType":"Element"}"#,
	] {
		let refusal = refused(source.as_bytes());
		assert!(matches!(refusal, Refusal::NotFhir { .. }), "{source}: {refusal}");
		assert!(refusal.to_string().starts_with("the document is not FHIR R4: "));
		assert!(refusal.report().is_none());
	}
}

#[test]
fn refuses_a_byte_too_many() {
	let mut bytes = br#"{"resourceType":"Patient","identifier":[{"value":"1"}]}"#.to_vec();
	bytes.resize(MAX_DOCUMENT, b' ');
	assert!(validate(&bytes, NOW).is_ok());
	bytes.push(b' ');
	let refusal = refused(&bytes);
	assert_eq!(refusal, Refusal::TooLarge { bytes: MAX_DOCUMENT + 1 });
	assert!(refusal.to_string().contains("64 MiB"));
}

#[test]
fn refuses_shapes_made_to_exhaust() {
	let nested = |open: &str, close: &str, times: usize| {
		format!(
			r#"{{"resourceType":"Basic","extension":[{}{}]}}"#,
			open.repeat(times),
			close.repeat(times)
		)
	};
	for source in [
		nested(r#"{"url":"u","extension":["#, "]}", 20),
		nested(r#"{"url":"u","extension":["#, "]}", 100),
		nested("[", "]", 5_000),
		r#"{"resourceType":"Bundle","entry":[{"resource":"#.repeat(5) + "1" + &"}]}".repeat(5),
		format!(
			r#"{{"resourceType":"Basic"{}}}"#,
			(0..300).map(|n| format!(r#","k{n}":1"#)).collect::<String>()
		),
	] {
		let refusal = refused(source.as_bytes());
		assert!(matches!(refusal, Refusal::NotFhir { .. } | Refusal::NotJson { .. }), "{refusal}");
	}
	// Just within the limits is read to the end.
	let deep = nested(r#"{"url":"u","extension":["#, "]}", 19);
	assert!(matches!(refused(deep.as_bytes()), Refusal::Invalid(_)));
	let deep =
		r#"{"resourceType":"Bundle","entry":[{"resource":"#.repeat(4) + "1" + &"}]}".repeat(4);
	assert!(matches!(refused(deep.as_bytes()), Refusal::Invalid(_)));
}

#[test]
fn refuses_millions_of_values_unread() {
	let many = |inner: &str, times: usize| {
		format!(r#"{{"resourceType":"Basic","code":{{"text":"{}"}}}}"#, inner.repeat(times))
	};
	// Commas in text are text, also after an escaped quote.
	assert_passes(&json(&many(r#"\","#, 2_000_000)));
	let source = format!(r#"{{"resourceType":"Patient","name":[0{}]}}"#, ",0".repeat(4_000_000));
	let refusal = refused(source.as_bytes());
	assert!(refusal.to_string().contains("more than 4000000 values"), "{refusal}");
}

#[test]
fn an_endless_list_of_faults_is_cut() {
	let source = format!(
		r#"{{"resourceType":"Patient","name":[{}]}}"#,
		vec![r#"{"use":"x"}"#; 3 * MAX_ISSUES].join(",")
	);
	let refusal = refused(source.as_bytes());
	let report = refusal.report().unwrap();
	assert_eq!(report.issues().len(), MAX_ISSUES);
	assert!(report.error_count() >= 3 * MAX_ISSUES);
	assert_eq!(report.issues().len() + report.omitted(), report.error_count());
	assert!(report.to_string().contains("more"));
}

#[test]
fn a_refusal_is_one_line_with_path_and_reason() {
	let sample = json(SAMPLE_ENCOUNTER);
	let broken = edit(&sample, "entry[6].resource.status", None);
	let refusal = refused(broken.to_compact().as_bytes());
	assert_eq!(
		refusal.to_string(),
		"the document is refused: Bundle.entry[6].resource.status: required element missing"
	);
	let broken = edit(&broken, "entry[7].resource.status", None);
	assert!(refused(broken.to_compact().as_bytes()).to_string().ends_with("(and 1 more)"));
}

#[test]
fn no_text_of_the_document_gets_out() {
	let secret = "Jane Roe 0151";
	let escape = "\u{1b}c";
	let mut document = json(SAMPLE_ENCOUNTER);
	for path in [
		"entry[0].resource.birthDate",
		"entry[0].resource.gender",
		"entry[0].resource.name[0].use",
		"entry[3].resource.status",
		"entry[4].resource.subject.reference",
		"entry[6].resource.valueQuantity.code",
		"entry[7].resource.valueQuantity.value",
		"entry[8].resource.effectiveDateTime",
		"entry[9].resource.resourceType",
		"entry[10].resource.code",
	] {
		document = edit(&document, path, Some(text(secret)));
	}
	document = edit(&document, "entry[11].resource.Jane Roe 0151", Some(text(secret)));
	document = edit(&document, &format!("entry[12].resource.{escape}"), Some(text(secret)));
	let refusal = refused(document.to_compact().as_bytes());
	let report = refusal.report().unwrap();
	let all = format!("{refusal}\n{report}\n{}\n{report:?}", report.to_operation_outcome());
	assert!(report.error_count() >= 10, "{report}");
	assert!(!all.contains("Roe 0151"), "{all}");
	assert!(!all.contains('\u{1b}'), "{all}");
}

#[test]
fn a_report_is_a_valid_operation_outcome() {
	let clean = sample().report.to_operation_outcome();
	assert_passes(&json(&clean));

	let broken =
		edit(&json(SAMPLE_ENCOUNTER), "entry[6].resource.valueQuantity.value", Some(json("900")));
	let refusal = refused(broken.to_compact().as_bytes());
	let outcome = json(&refusal.report().unwrap().to_operation_outcome());
	assert_passes(&outcome);
	let compact = outcome.to_compact();
	for part in [
		r#""severity":"error""#,
		r#""code":"value""#,
		r#""code":"plausibility""#,
		r#""expression":["Bundle.entry[6].resource.valueQuantity.value"]"#,
	] {
		assert!(compact.contains(part), "{part} in {compact}");
	}
}

proptest! {
	/// Whatever bytes come, there is an answer.
	#[test]
	fn no_bytes_make_it_panic(
		edits in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 1..6),
		cut in 0.0..1.0_f64,
	) {
		let sample = &SAMPLE_ENCOUNTER.as_bytes()[..4000];
		let mut bytes = sample.to_vec();
		for (at, byte) in edits {
			let at = (at * bytes.len() as f64) as usize;
			bytes[at] = byte;
		}
		let _ = validate(&bytes, NOW);
		bytes.truncate((cut * bytes.len() as f64) as usize);
		let _ = validate(&bytes, NOW);
	}

	/// Dates of any digits are read or refused.
	#[test]
	fn no_date_makes_it_panic(date in "[0-9]{4}(-[0-9]{2}){0,2}(T[0-9:.]{5,12}[Z+-][0-9:]{0,5})?") {
		let path = "entry[0].resource.birthDate";
		let document = edit(&json(SAMPLE_ENCOUNTER), path, Some(text(&date)));
		let Json::Array(entries) = document.get("entry").unwrap() else { unreachable!() };
		let patient = entries[0].get("resource").unwrap().to_compact();
		let _ = validate(patient.as_bytes(), NOW);
	}
}
