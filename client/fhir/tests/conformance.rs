// SPDX-License-Identifier: Apache-2.0
//! What FHIR R4 itself demands.

mod common;

use common::{assert_passes, assert_refused, edit, errors, json, text};
use fhirkit::Json;
use salus_fhir::{Dimension::Conformance, IssueCode, SAMPLE_ENCOUNTER};

fn sample() -> Json {
	json(SAMPLE_ENCOUNTER)
}

/// Puts `value` into entry `at` of the sample and expects one refusal there.
fn refuses(at: usize, element: &str, value: Option<Json>, found_at: &str, words: &str) {
	let document = edit(&sample(), &format!("entry[{at}].resource.{element}"), value);
	assert_refused(
		&document,
		Conformance,
		&format!("Bundle.entry[{at}].resource.{found_at}"),
		words,
	);
}

#[test]
fn unknown_elements() {
	refuses(6, "colour", Some(text("x")), "colour", "no such element");
	refuses(
		6,
		"valueQuantity.precision",
		Some(json("1")),
		"valueQuantity.precision",
		"no such element",
	);
	// An R5 element in R4.
	refuses(
		6,
		"triggeredBy",
		Some(json(r#"[{"type":"reflex"}]"#)),
		"triggeredBy",
		"no such element",
	);
}

#[test]
fn wrong_types() {
	refuses(
		6,
		"valueQuantity.value",
		Some(text("168")),
		"valueQuantity.value",
		"expected a number",
	);
	refuses(6, "code", Some(text("8302-2")), "code", "expected an object");
	refuses(6, "category", Some(json("{}")), "category", "expected an array");
	refuses(6, "status", Some(json("[\"final\"]")), "status", "expected a single value");
	refuses(0, "active", Some(text("true")), "active", "expected true or false");
	refuses(20, "primarySource", Some(json("1")), "primarySource", "expected true or false");
	refuses(6, "valueString", Some(text("x")), "value[x]", "only one type");
}

#[test]
fn required_elements() {
	for (at, element) in [
		(3, "class"),
		(3, "status"),
		(6, "code"),
		(6, "status"),
		(16, "status"),
		(17, "patient"),
		(18, "intent"),
		(20, "vaccineCode"),
		(21, "relationship"),
	] {
		refuses(at, element, None, element, "required element missing");
	}
	refuses(18, "medicationCodeableConcept", None, "medication[x]", "required element missing");
}

#[test]
fn primitive_formats() {
	refuses(0, "birthDate", Some(text("23.08.1971")), "birthDate", "not a valid FHIR date");
	refuses(0, "id", Some(text("a b")), "id", "not a valid FHIR id");
	refuses(
		6,
		"effectiveDateTime",
		Some(text("2026-03-12T09:40")),
		"effectiveDateTime",
		"dateTime",
	);
	refuses(6, "effectiveDateTime", Some(text("2026-02-30")), "effectiveDateTime", "calendar");
	refuses(3, "period.end", Some(text("2026-04-31")), "period.end", "calendar");
	refuses(
		18,
		"dosageInstruction[0].sequence",
		Some(json("1.5")),
		"dosageInstruction[0].sequence",
		"integer",
	);
	refuses(6, "status", Some(text("")), "status", "empty");
}

#[test]
fn required_bindings() {
	refuses(0, "gender", Some(text("f")), "gender", "male | female | other | unknown");
	refuses(0, "name[0].use", Some(text("given")), "name[0].use", "name-use");
	refuses(
		0,
		"telecom[0].system",
		Some(text("mobile")),
		"telecom[0].system",
		"contact-point-system",
	);
	refuses(6, "status", Some(text("done")), "status", "observation-status");
	refuses(3, "status", Some(text("over")), "status", "encounter-status");
	refuses(18, "intent", Some(text("wish")), "intent", "medicationrequest-intent");
	refuses(
		18,
		"dosageInstruction[0].timing.repeat.periodUnit",
		Some(text("day")),
		"dosageInstruction[0].timing.repeat.periodUnit",
		"units-of-time",
	);
	refuses(17, "category[0]", Some(text("drug")), "category[0]", "allergy-intolerance-category");
	refuses(
		6,
		"valueQuantity.comparator",
		Some(text("~")),
		"valueQuantity.comparator",
		"quantity-comparator",
	);
	refuses(
		4,
		"clinicalStatus.coding[0].code",
		Some(text("on")),
		"clinicalStatus",
		"condition-clinical",
	);
	let extension =
		r#"[{"url":"http://example.org/x","valueQuantity":{"value":1,"comparator":"="}}]"#;
	refuses(
		6,
		"extension",
		Some(json(extension)),
		"extension[0].valueQuantity.comparator",
		"comparator",
	);
	let document = edit(&sample(), "type", Some(text("heap")));
	assert_refused(&document, Conformance, "Bundle.type", "bundle-type");
}

#[test]
fn invariants_of_data_types() {
	refuses(6, "valueQuantity", Some(json("{}")), "valueQuantity", "ele-1");
	refuses(
		6,
		"extension",
		Some(json(r#"[{"url":"http://example.org/x"}]"#)),
		"extension[0]",
		"ext-1",
	);
	refuses(6, "valueQuantity.system", None, "valueQuantity.system", "qty-3");
}

#[test]
fn invariants_of_resources() {
	let absent = json(r#"{"text":"not asked"}"#);
	refuses(6, "dataAbsentReason", Some(absent), "dataAbsentReason", "obs-6");
	refuses(
		6,
		"referenceRange",
		Some(json(r#"[{"type":{"text":"x"}}]"#)),
		"referenceRange[0]",
		"obs-3",
	);
	let same = r#"[{"code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]},
		"valueString":"x"}]"#;
	refuses(6, "component", Some(json(same)), "valueQuantity", "obs-7");
	refuses(4, "abatementDateTime", Some(text("2026-01-01")), "clinicalStatus", "con-4");
	let in_error = json(r#"{"coding":[{"code":"entered-in-error"}]}"#);
	refuses(4, "verificationStatus", Some(in_error.clone()), "clinicalStatus", "con-5");
	refuses(17, "verificationStatus", Some(in_error), "clinicalStatus", "ait-2");
	refuses(17, "clinicalStatus", None, "clinicalStatus", "ait-1");
	refuses(0, "contact", Some(json(r#"[{"gender":"male"}]"#)), "contact[0]", "pat-1");
	let born = edit(&sample(), "entry[21].resource.bornDate", Some(text("1941")));
	let both = edit(&born, "entry[21].resource.ageString", Some(text("80")));
	assert_passes(&born);
	assert_refused(&both, Conformance, "Bundle.entry[21].resource", "fhs-1");
	let nameless = edit(&sample(), "entry[2].resource.name", None);
	assert_passes(&nameless);
	let nameless = edit(&nameless, "entry[2].resource.identifier", None);
	assert_refused(&nameless, Conformance, "Bundle.entry[2].resource", "org-1");
}

#[test]
fn contained_resources() {
	let with = |contained: &str, reference: &str| {
		let document = edit(&sample(), "entry[6].resource.contained", Some(json(contained)));
		edit(
			&document,
			"entry[6].resource.device",
			Some(json(&format!(r#"{{"reference":"{reference}"}}"#))),
		)
	};
	let scale = r#"[{"resourceType":"Device","id":"scale"}]"#;
	assert_passes(&with(scale, "#scale"));
	assert_refused(
		&with(scale, "#other"),
		Conformance,
		"Bundle.entry[6].resource.device.reference",
		"contained resource that is not there",
	);
	assert_refused(
		&with(r#"[{"resourceType":"Device"}]"#, "#"),
		Conformance,
		"Bundle.entry[6].resource.contained[0].id",
		"needs an id",
	);
	assert_refused(
		&with(
			r#"[{"resourceType":"Device","id":"scale","contained":[{"resourceType":"Device",
				"id":"b"}]}]"#,
			"#scale",
		),
		Conformance,
		"Bundle.entry[6].resource.contained[0].contained",
		"dom-2",
	);
	assert_refused(
		&with(r#"[{"resourceType":"Device","id":"scale","meta":{"versionId":"1"}}]"#, "#scale"),
		Conformance,
		"Bundle.entry[6].resource.contained[0].meta",
		"dom-4",
	);
	assert_refused(
		&with(r#"[{"resourceType":"Device","id":"scale","status":"on"}]"#, "#scale"),
		Conformance,
		"Bundle.entry[6].resource.contained[0].status",
		"device-status",
	);
}

#[test]
fn bundles() {
	let refuses = |path: &str, value: Option<Json>, at: &str, words: &str| {
		assert_refused(&edit(&sample(), path, value), Conformance, at, words);
	};
	refuses("total", Some(json("23")), "Bundle.total", "bdl-1");
	refuses(
		"entry[1].search",
		Some(json(r#"{"mode":"match"}"#)),
		"Bundle.entry[1].search",
		"bdl-2",
	);
	refuses("type", Some(text("transaction")), "Bundle.entry[0].request", "bdl-3");
	let request = json(r#"{"method":"POST","url":"Practitioner"}"#);
	refuses("entry[1].request", Some(request), "Bundle.entry[1].request", "bdl-3");
	refuses(
		"entry[1].response",
		Some(json(r#"{"status":"200"}"#)),
		"Bundle.entry[1].response",
		"bdl-4",
	);
	refuses("entry[21].resource", None, "Bundle.entry[21]", "bdl-5");
	let first = json(SAMPLE_ENCOUNTER).get("entry").map(|entries| match entries {
		Json::Array(entries) => entries[0].get("fullUrl").unwrap().clone(),
		_ => panic!(),
	});
	refuses("entry[21].fullUrl", first, "Bundle.entry[21].fullUrl", "bdl-7");
	let versioned = text("http://example.org/Immunization/1/_history/2");
	refuses("entry[20].fullUrl", Some(versioned), "Bundle.entry[20].fullUrl", "bdl-8");
	refuses("type", Some(text("document")), "Bundle.entry[0]", "bdl-11");
	let document = edit(&sample(), "type", Some(text("document")));
	assert_refused(&edit(&document, "identifier", None), Conformance, "Bundle.identifier", "bdl-9");
	assert_refused(&edit(&document, "timestamp", None), Conformance, "Bundle.timestamp", "bdl-10");
	refuses("type", Some(text("message")), "Bundle.entry[0]", "bdl-12");
	refuses("type", None, "Bundle.type", "required element missing");
	refuses("entry", Some(text("x")), "Bundle.entry", "expected an array");
	refuses("entry[2]", Some(text("x")), "Bundle.entry[2]", "expected an object");
	refuses(
		"entry[2].resource.resourceType",
		Some(text("House")),
		"Bundle.entry[2].resource",
		"FHIR R4",
	);
}

#[test]
fn references_lead_to_the_right_kind() {
	let practitioner = "entry[1].fullUrl";
	let mut sample = sample();
	let url = common::at(&mut sample, practitioner).clone();
	for (at, element, words) in [
		(17, "patient", "a Practitioner where a Patient is meant"),
		(6, "encounter", "an Encounter"),
	] {
		let document =
			edit(&sample, &format!("entry[{at}].resource.{element}.reference"), Some(url.clone()));
		let words = if words.starts_with("an ") { "a Encounter is meant" } else { words };
		let path = format!("Bundle.entry[{at}].resource.{element}.reference");
		assert_refused(&document, Conformance, &path, words);
	}
}

#[test]
fn a_record_is_about_one_person() {
	let second = json(r#"{"resourceType":"Patient","identifier":[{"value":"2"}]}"#);
	let document = edit(&sample(), "entry[1].resource", Some(second));
	let errors = errors(&document);
	assert!(errors.iter().any(|issue| {
		issue.code == IssueCode::BusinessRule && issue.path == "Bundle.entry[1].resource"
	}));
}

#[test]
fn unknown_codes_are_fine() {
	let code = json(r#"{"coding":[{"system":"http://loinc.org","code":"99999-9"}]}"#);
	let document = edit(&sample(), "entry[13].resource.code", Some(code));
	assert_passes(&edit(&document, "entry[13].resource.valueQuantity.value", Some(json("1e6"))));
}

#[test]
fn every_resource_type_is_read() {
	// A resource of a type without rules of its own, with its narrative.
	let document = json(
		r#"{"resourceType":"Location","status":"active","name":"Ward 3",
			"text":{"status":"generated",
			"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Ward 3</div>"}}"#,
	);
	assert_passes(&document);
	let document = edit(&document, "text.status", Some(text("made")));
	assert_refused(&document, Conformance, "Location.text.status", "narrative-status");
}
