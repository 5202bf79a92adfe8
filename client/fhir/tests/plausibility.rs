// SPDX-License-Identifier: Apache-2.0
//! What can be true of a living person, and when.

mod common;

use common::{NOW, assert_passes, assert_refused, edit, errors, json, text};
use fhirkit::Json;
use salus_fhir::{
	Dimension::Plausibility,
	SAMPLE_ENCOUNTER,
	measures::{MEASURES, Measure},
	validate,
};

fn sample() -> Json {
	json(SAMPLE_ENCOUNTER)
}

fn observation(loinc: &str, value: f64, ucum: &str) -> Json {
	json(&format!(
		r#"{{"resourceType":"Observation","status":"final","category":[{{"text":"x"}}],
		"code":{{"coding":[{{"system":"http://example.org","code":"local"}},
		{{"system":"http://loinc.org","code":"{loinc}"}}]}},
		"subject":{{"reference":"Patient/1"}},"effectiveDateTime":"2026-01-01",
		"valueQuantity":{{"value":{value:?},
		"system":"http://unitsofmeasure.org","code":"{ucum}"}}}}"#
	))
}

/// A little beyond what the tolerance for rounding forgives.
fn step(measure: &Measure) -> f64 {
	(measure.max - measure.min) * 1e-4
}

#[test]
fn the_edge_of_each_range_in_each_unit() {
	for measure in MEASURES {
		for code in measure.loinc {
			for unit in measure.units {
				let at = |canonical| observation(code, unit.of_canonical(canonical), unit.ucum);
				assert_passes(&at(measure.min));
				assert_passes(&at(measure.max));
				for beyond in [measure.min - step(measure), measure.max + step(measure)] {
					assert_refused(
						&at(beyond),
						Plausibility,
						"Observation.valueQuantity.value",
						"outside what is possible",
					);
				}
			}
		}
	}
}

#[test]
fn named_extremes() {
	for (loinc, value, ucum, fine) in [
		("8302-2", 272.0, "cm", true),
		("8302-2", 2.72, "m", true),
		("8302-2", 272.0, "m", false),
		("8302-2", 70.9, "[in_i]", true),
		("29463-7", 0.212, "kg", true),
		("29463-7", 212.0, "g", true),
		("29463-7", 635.0, "kg", true),
		("29463-7", 71_000.0, "kg", false),
		("29463-7", 156.5, "[lb_av]", true),
		("41982-0", 0.0, "%", false),
		("41982-0", 110.0, "%", false),
		("15074-8", 5.4, "mmol/L", true),
		("15074-8", 5400.0, "umol/L", true),
		("15074-8", 540.0, "mmol/L", false),
		("2339-0", 98.0, "mg/dL", true),
		("2339-0", 0.98, "g/L", true),
		("2339-0", 2656.0, "mg/dL", true),
		("2339-0", 5000.0, "mg/dL", false),
		("2524-7", 1.2, "mmol/L", true),
		("2524-7", 120.0, "mmol/L", false),
		("8867-4", 64.0, "{beats}/min", true),
		("8867-4", 0.0, "/min", true),
		("8867-4", -1.0, "/min", false),
		("8310-5", 37.2, "Cel", true),
		("8310-5", 98.6, "[degF]", true),
		("8310-5", 310.2, "K", true),
		("8310-5", 98.6, "Cel", false),
		("59408-5", 97.0, "%", true),
		("59408-5", 101.0, "%", false),
		("4548-4", 7.3, "%", true),
		("718-7", 14.2, "g/dL", true),
		("718-7", 142.0, "g/L", true),
		("718-7", 142.0, "g/dL", false),
	] {
		let refused = !errors(&observation(loinc, value, ucum)).is_empty();
		assert_eq!(refused, !fine, "{loinc} {value} {ucum}");
	}
}

#[test]
fn the_message_names_number_unit_and_limits() {
	let errors = errors(&observation("29463-7", 7100.0, "g"));
	assert!(errors.is_empty());
	let errors = common::errors(&observation("29463-7", 7100.0, "kg"));
	assert_eq!(
		errors[0].message,
		"7100 kg is outside what is possible for body weight: 0.2 to 700 kg"
	);
}

#[test]
fn units_must_fit_the_measure() {
	for (loinc, ucum) in [
		("29463-7", "cm"),
		("15074-8", "mg/dL"),
		("2339-0", "mmol/L"),
		("8310-5", "C"),
		("8480-6", "mmHg"),
		("8867-4", "bpm"),
		("59408-5", "1"),
	] {
		assert_refused(
			&observation(loinc, 40.0, ucum),
			Plausibility,
			"Observation.valueQuantity.code",
			"is not a unit of",
		);
	}
	let other = edit(
		&observation("29463-7", 71.0, "kg"),
		"valueQuantity.system",
		Some(text("http://snomed.info/sct")),
	);
	let path = "Observation.valueQuantity.system";
	assert_refused(&other, salus_fhir::Dimension::Conformance, path, "unitsofmeasure");
	let none = json(
		&observation("29463-7", 71.0, "kg")
			.to_compact()
			.replace(r#","system":"http://unitsofmeasure.org","code":"kg""#, r#","unit":"kg""#),
	);
	let path = "Observation.valueQuantity.code";
	assert_refused(&none, salus_fhir::Dimension::Completeness, path, "UCUM unit: kg, g");
	let words = edit(&edit(&none, "valueQuantity", None), "valueString", Some(text("71kg")));
	assert_refused(&words, Plausibility, "Observation.valueString", "is a quantity with a unit");
}

#[test]
fn components_are_measured_too() {
	let path = "entry[9].resource.component[0].valueQuantity.value";
	let document = edit(&sample(), path, Some(json("1420")));
	assert_refused(&document, Plausibility, &format!("Bundle.{path}"), "systolic blood pressure");
}

#[test]
fn systolic_exceeds_diastolic() {
	let with = |systolic: &str, diastolic: &str| {
		let path = |at| format!("entry[9].resource.component[{at}].valueQuantity.value");
		let document = edit(&sample(), &path(0), Some(json(systolic)));
		edit(&document, &path(1), Some(json(diastolic)))
	};
	assert_passes(&with("89", "88"));
	assert_passes(&with("0", "0"));
	for (systolic, diastolic) in [("88", "88"), ("80", "120"), ("0", "10")] {
		assert_refused(
			&with(systolic, diastolic),
			Plausibility,
			"Bundle.entry[9].resource.component",
			"systolic pressure must exceed",
		);
	}
}

#[test]
fn nothing_observed_lies_in_the_future() {
	for (at, element) in [
		(0, "birthDate"),
		(4, "onsetDateTime"),
		(4, "recordedDate"),
		(6, "effectiveDateTime"),
		(13, "issued"),
		(16, "effectiveDateTime"),
		(18, "authoredOn"),
		(20, "occurrenceDateTime"),
		(21, "date"),
	] {
		let moment = if element == "issued" { "2031-05-01T10:00:00Z" } else { "2031-05-01" };
		let path = format!("entry[{at}].resource.{element}");
		let document = edit(&sample(), &path, Some(text(moment)));
		assert_refused(&document, Plausibility, &format!("Bundle.{path}"), "future");
	}
	let period = json(r#"{"start":"2031-05-01T10:00:00Z"}"#);
	let document = edit(&sample(), "entry[3].resource.period", Some(period));
	assert_refused(&document, Plausibility, "Bundle.entry[3].resource.period.start", "future");
	assert_passes(&edit(&document, "entry[3].resource.status", Some(text("planned"))));
}

#[test]
fn clocks_and_zones_differ() {
	let at = |moment: &str| {
		let document =
			edit(&observation("29463-7", 71.0, "kg"), "effectiveDateTime", Some(text(moment)));
		validate(document.to_compact().as_bytes(), NOW).is_ok()
	};
	// NOW is midnight UTC of 1 November 2026.
	assert!(at("2026-11-01T00:10:00Z"));
	assert!(!at("2026-11-01T00:10:01Z"));
	assert!(at("2026-11-01T14:00:00+14:00"));
	assert!(at("2026-11-01"), "already begun in the east");
	assert!(!at("2026-11-02"));
	assert!(at("2026-11") && at("2026") && !at("2026-12") && !at("2027"));
}

#[test]
fn a_life_has_its_order() {
	let refuses = |path: &str, value: &str, words: &str| {
		let document = edit(&sample(), path, Some(text(value)));
		assert_refused(&document, Plausibility, &format!("Bundle.{path}"), words);
	};
	refuses("entry[0].resource.deceasedDateTime", "1970-01-01", "death cannot lie before birth");
	refuses("entry[0].resource.birthDate", "1871-08-23", "130 years");
	refuses("entry[4].resource.onsetDateTime", "1965", "before the life");
	refuses("entry[6].resource.effectiveDateTime", "1926-03-12", "before the life");
	// An observation of an unborn child is none of error.
	assert_passes(&edit(
		&sample(),
		"entry[6].resource.effectiveDateTime",
		Some(text("1971-04-01")),
	));
	assert_passes(&edit(&sample(), "entry[0].resource.deceasedDateTime", Some(text("2026-06-01"))));
}

#[test]
fn periods_and_ranges_run_forward() {
	let document =
		edit(&sample(), "entry[3].resource.period.end", Some(text("2026-03-12T09:29:59+01:00")));
	assert_refused(&document, Plausibility, "Bundle.entry[3].resource.period.end", "per-1");
	assert_passes(&edit(
		&sample(),
		"entry[3].resource.period.end",
		Some(text("2026-03-12T08:30:00Z")),
	));
	let path = "entry[12].resource.referenceRange[0].high.value";
	let document = edit(&sample(), path, Some(json("3.8")));
	assert_refused(
		&document,
		Plausibility,
		"Bundle.entry[12].resource.referenceRange[0].high",
		"rng-2",
	);
}

#[test]
fn what_was_entered_in_error_may_be_absurd() {
	let absurd = observation("29463-7", 71_000.0, "kg");
	assert!(!errors(&absurd).is_empty());
	assert_passes(&edit(&absurd, "status", Some(text("entered-in-error"))));
}
