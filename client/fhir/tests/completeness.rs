// SPDX-License-Identifier: Apache-2.0
//! What a record needs beyond FHIR's own minimum.

mod common;

use common::{assert_passes, assert_refused, edit, json, text, warnings};
use fhirkit::Json;
use salus_fhir::{Dimension::Completeness, SAMPLE_ENCOUNTER};

fn sample() -> Json {
	json(SAMPLE_ENCOUNTER)
}

/// Takes `element` from entry `at` of the sample and expects a refusal.
fn needs(at: usize, element: &str, found_at: &str, words: &str) {
	let document = edit(&sample(), &format!("entry[{at}].resource.{element}"), None);
	assert_refused(
		&document,
		Completeness,
		&format!("Bundle.entry[{at}].resource.{found_at}"),
		words,
	);
}

fn warns(document: &Json, path: &str) {
	let warnings = warnings(document);
	assert!(warnings.iter().any(|issue| issue.path == path), "{path} not in {warnings:#?}");
}

/// A resource of its own with `body`, refused for lack of something at `path`.
fn refused_alone(body: &str, path: &str, words: &str) {
	assert_refused(&json(body), Completeness, path, words);
}

#[test]
fn observations() {
	needs(6, "subject", "subject", "whom");
	needs(6, "effectiveDateTime", "effective", "effective time or issued");
	needs(6, "valueQuantity", "value", "dataAbsentReason");
	needs(6, "code.coding", "code.coding", "system and code");
	needs(6, "code.coding[0].system", "code.coding", "system and code");
	needs(6, "valueQuantity.value", "valueQuantity.value", "without a number");
	needs(9, "component[0].valueQuantity", "component[0].value", "dataAbsentReason");
	needs(9, "component[1].code.coding[0].code", "component[1].code.coding", "system and code");

	let issued = edit(&sample(), "entry[6].resource.effectiveDateTime", None);
	assert_passes(&edit(&issued, "entry[6].resource.issued", Some(text("2026-03-12T16:20:00Z"))));
	let silent = edit(&sample(), "entry[6].resource.valueQuantity", None);
	let reason = json(r#"{"text":"refused"}"#);
	assert_passes(&edit(&silent, "entry[6].resource.dataAbsentReason", Some(reason)));
	assert_passes(&edit(&silent, "entry[6].resource.status", Some(text("registered"))));
	let subject = json(r#"{"display":"someone"}"#);
	let named = edit(&sample(), "entry[6].resource.subject", Some(subject));
	assert_refused(
		&named,
		Completeness,
		"Bundle.entry[6].resource.subject",
		"reference or an identifier",
	);
	warns(
		&edit(&sample(), "entry[6].resource.category", None),
		"Bundle.entry[6].resource.category",
	);
}

#[test]
fn blood_pressure_has_two_halves() {
	let half = |at: usize| {
		let mut document = sample();
		let Json::Array(components) = common::at(&mut document, "entry[9].resource.component")
		else {
			panic!()
		};
		components.remove(at);
		document
	};
	let path = "Bundle.entry[9].resource.component";
	assert_refused(&half(0), Completeness, path, "systolic component (8480-6)");
	assert_refused(&half(1), Completeness, path, "diastolic component (8462-4)");
}

#[test]
fn clinical_resources() {
	needs(3, "subject", "subject", "whom");
	needs(4, "code", "code", "what");
	needs(17, "code", "code", "what");
	needs(20, "vaccineCode.coding", "vaccineCode", "coding or a text");
	// Of two that say the same, one may go.
	for element in [
		"entry[16].resource.effectiveDateTime",
		"entry[21].resource.condition[0].code.coding",
		"entry[18].resource.medicationCodeableConcept.coding",
	] {
		assert_passes(&edit(&sample(), element, None));
	}
}

#[test]
fn diagnostic_reports() {
	let report = |rest: &str| {
		format!(
			r#"{{"resourceType":"DiagnosticReport","status":"final","code":{{"text":"x"}}{rest}}}"#
		)
	};
	let subject = r#","subject":{"reference":"Patient/1"}"#;
	let timed = format!(r#"{subject},"issued":"2026-03-12T16:20:00Z""#);
	refused_alone(&report(""), "DiagnosticReport.subject", "whom");
	refused_alone(&report(subject), "DiagnosticReport.effective", "effective time or issued");
	refused_alone(&report(&timed), "DiagnosticReport.result", "results, a conclusion");
	assert_passes(&json(&report(&format!(r#"{timed},"conclusion":"x""#))));
}

#[test]
fn other_resources() {
	let about = r#""subject":{"reference":"Patient/1"}"#;
	for (body, path, words) in [
		(
			r#"{"resourceType":"Procedure","status":"completed",
				"subject":{"reference":"Patient/1"}}"#,
			"Procedure.code",
			"what",
		),
		(
			r#"{"resourceType":"ServiceRequest","status":"active","intent":"order",
				"subject":{"reference":"Patient/1"}}"#,
			"ServiceRequest.code",
			"what",
		),
		(
			r#"{"resourceType":"MedicationDispense","status":"completed",
				"medicationCodeableConcept":{"text":"x"}}"#,
			"MedicationDispense.subject",
			"whom",
		),
		(
			r#"{"resourceType":"NutritionOrder","status":"active","intent":"order",
				"patient":{"reference":"Patient/1"},"dateTime":"2026-01-01"}"#,
			"NutritionOrder",
			"nor-1",
		),
		(
			r#"{"resourceType":"DocumentReference","status":"current",
				"content":[{"attachment":{"contentType":"text/plain"}}]}"#,
			"DocumentReference.content[0].attachment",
			"data or a url",
		),
		(
			r#"{"resourceType":"QuestionnaireResponse","status":"completed",
				"subject":{"reference":"Patient/1"}}"#,
			"QuestionnaireResponse.item",
			"answers",
		),
		(
			r#"{"resourceType":"Composition","status":"final","type":{"text":"x"},
				"subject":{"reference":"Patient/1"},"date":"2026-01-01",
				"author":[{"display":"x"}],"title":"x"}"#,
			"Composition.section",
			"section",
		),
		(
			r#"{"resourceType":"FamilyMemberHistory","status":"completed",
				"patient":{"reference":"Patient/1"},"relationship":{"id":"x"}}"#,
			"FamilyMemberHistory.relationship",
			"coding or a text",
		),
		(
			r#"{"resourceType":"MedicationRequest","status":"active","intent":"order",
				"medicationCodeableConcept":{"id":"x"},"subject":{"reference":"Patient/1"}}"#,
			"MedicationRequest.medicationCodeableConcept",
			"coding or a text",
		),
		(r#"{"resourceType":"Bundle","type":"collection"}"#, "Bundle.entry", "without entries"),
	] {
		refused_alone(body, path, words);
	}
	// Diet and family history in their FHIR forms.
	assert_passes(&json(
		r#"{"resourceType":"NutritionOrder","status":"active","intent":"order",
			"patient":{"reference":"Patient/1"},"dateTime":"2026-01-01",
			"oralDiet":{"type":[{"text":"low salt"}]}}"#,
	));
	assert_passes(&json(
		r#"{"resourceType":"FamilyMemberHistory","status":"completed",
			"patient":{"reference":"Patient/1"},"relationship":{"text":"mother"},
			"condition":[{"code":{"text":"asthma"}}]}"#,
	));
	let condition =
		json(&format!(r#"{{"resourceType":"Condition","code":{{"text":"x"}},{about}}}"#));
	warns(&condition, "Condition.clinicalStatus");
	warns(&condition, "Condition.onset");
	warns(&json(r#"{"resourceType":"Patient"}"#), "Patient.identifier");
	warns(&edit(&sample(), "entry[3].resource.period", None), "Bundle.entry[3].resource.period");
	warns(
		&edit(&sample(), "entry[18].resource.requester", None),
		"Bundle.entry[18].resource.requester",
	);
}

#[test]
fn references_inside_a_bundle_resolve() {
	let nowhere = text("urn:uuid:00000000-0000-4000-8000-000000000000");
	for (at, element) in [(6, "subject"), (16, "result[2]"), (3, "participant[0].individual")] {
		let path = format!("entry[{at}].resource.{element}.reference");
		let document = edit(&sample(), &path, Some(nowhere.clone()));
		assert_refused(&document, Completeness, &format!("Bundle.{path}"), "not in the bundle");
	}
	// What lies elsewhere may: a server, a search, a logical identifier.
	for elsewhere in
		["https://example.org/fhir/Practitioner/7", "Practitioner/7", "Practitioner?identifier=a|7"]
	{
		assert_passes(&edit(
			&sample(),
			"entry[6].resource.performer[0].reference",
			Some(text(elsewhere)),
		));
	}
	// Without a fullUrl nothing can be meant by a urn.
	let bare = edit(&sample(), "entry[0].fullUrl", None);
	let path = "Bundle.entry[6].resource.subject.reference";
	assert_refused(&bare, Completeness, path, "not in the bundle");
	// Alone, a resource refers to whatever its author knows.
	let alone = json(SAMPLE_ENCOUNTER).get("entry").map(|entries| match entries {
		Json::Array(entries) => entries[6].get("resource").unwrap().clone(),
		_ => panic!(),
	});
	assert_passes(&alone.unwrap());
}
