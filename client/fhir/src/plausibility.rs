// SPDX-License-Identifier: Apache-2.0
//! Plausibility: can the values be true of a living person, and at that time?

use fhirkit::Json;

use crate::{
	conformance::codings,
	json::{choice, items, members, number, resource_type, string},
	measures::{LOINC, Measure, UCUM},
	report::{Dimension, IssueCode, Report, Severity},
	time::{DAY, Span},
};

/// Clocks differ: a moment this far ahead is still now.
const CLOCK_SKEW: i64 = 10 * 60 * 1000;
/// The oldest person documented reached 122 years.
const LONGEST_LIFE: i64 = 130 * 366 * DAY;

/// What is known of the person when an entry is judged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Life {
	/// Birth, if the document tells it.
	pub(crate) birth: Option<Span>,
}

impl Life {
	/// Reads it off a Patient.
	pub(crate) fn of(patient: &Json) -> Self {
		Self { birth: string(patient, "birthDate").and_then(Span::parse) }
	}
}

/// Elements that say when something happened, which cannot be tomorrow. What is planned
/// (appointments, requests, goals) is not here.
const PAST: &[(&str, &[&str])] = &[
	("AllergyIntolerance", &["onsetDateTime", "recordedDate", "lastOccurrence"]),
	("Composition", &["date"]),
	("Condition", &["onsetDateTime", "abatementDateTime", "recordedDate"]),
	("DiagnosticReport", &["effectiveDateTime", "issued"]),
	("DocumentReference", &["date"]),
	("FamilyMemberHistory", &["date", "bornDate", "deceasedDate"]),
	("Immunization", &["occurrenceDateTime", "recorded"]),
	("MedicationAdministration", &["effectiveDateTime"]),
	("MedicationDispense", &["whenPrepared", "whenHandedOver"]),
	("MedicationRequest", &["authoredOn"]),
	("MedicationStatement", &["effectiveDateTime", "dateAsserted"]),
	("Observation", &["effectiveDateTime", "effectiveInstant", "issued"]),
	("Patient", &["birthDate", "deceasedDateTime"]),
	("Procedure", &["performedDateTime"]),
	("Provenance", &["recorded"]),
	("QuestionnaireResponse", &["authored"]),
	("ServiceRequest", &["authoredOn"]),
];

/// Periods whose start cannot be tomorrow either.
const PAST_PERIODS: &[(&str, &str)] = &[
	("Condition", "onsetPeriod"),
	("DiagnosticReport", "effectivePeriod"),
	("Observation", "effectivePeriod"),
	("Procedure", "performedPeriod"),
];

/// Events of the person's own life, which cannot lie before birth by more than a pregnancy.
const OF_LIFE: &[(&str, &str)] = &[
	("AllergyIntolerance", "onsetDateTime"),
	("Condition", "onsetDateTime"),
	("Immunization", "occurrenceDateTime"),
	("MedicationRequest", "authoredOn"),
	("Observation", "effectiveDateTime"),
	("Procedure", "performedDateTime"),
];

/// Judges a resource at `now`, in Unix milliseconds.
pub(crate) fn check_resource(
	resource: &Json,
	life: Life,
	now: i64,
	path: &str,
	report: &mut Report,
) {
	let kind = resource_type(resource);
	if is_entered_in_error(resource) {
		// It says itself that it is wrong; it is kept so that nobody relies on it.
		return;
	}
	times(kind, resource, life, now, path, report);
	match kind {
		"Observation" => observation(resource, path, report),
		"Patient" => patient(resource, now, path, report),
		_ => {},
	}
}

fn is_entered_in_error(resource: &Json) -> bool {
	string(resource, "status") == Some("entered-in-error")
		|| crate::conformance::code_of(resource, "verificationStatus") == Some("entered-in-error")
}

fn implausible(report: &mut Report, severity: Severity, path: String, message: impl Into<String>) {
	report.add(severity, Dimension::Plausibility, IssueCode::Value, path, message);
}

fn times(kind: &str, resource: &Json, life: Life, now: i64, path: &str, report: &mut Report) {
	let latest = now.saturating_add(CLOCK_SKEW);
	let past = PAST.iter().filter(|(of, _)| *of == kind).flat_map(|(_, keys)| keys.iter());
	for key in past {
		if let Some(span) = string(resource, key).and_then(Span::parse)
			&& span.is_after(latest)
		{
			implausible(report, Severity::Error, format!("{path}.{key}"), "lies in the future");
		}
	}
	let periods = PAST_PERIODS.iter().filter(|(of, _)| *of == kind).map(|(_, key)| *key);
	// An encounter may be planned; one under way or over has begun.
	let begun = kind == "Encounter"
		&& matches!(string(resource, "status"), Some("in-progress" | "finished" | "onleave"));
	for key in periods.chain(begun.then_some("period")) {
		let start = resource.get(key).and_then(|period| string(period, "start"));
		if let Some(span) = start.and_then(Span::parse)
			&& span.is_after(latest)
		{
			implausible(
				report,
				Severity::Error,
				format!("{path}.{key}.start"),
				"lies in the future",
			);
		}
	}
	let Some(birth) = life.birth else { return };
	let conceived = Span { from: birth.from - 310 * DAY, to: birth.to - 310 * DAY };
	for (_, key) in OF_LIFE.iter().filter(|(of, _)| *of == kind) {
		if let Some(span) = string(resource, key).and_then(Span::parse)
			&& span.is_before(conceived)
		{
			let message = "lies before the life of the patient in this document";
			implausible(report, Severity::Error, format!("{path}.{key}"), message);
		}
	}
}

fn patient(resource: &Json, now: i64, path: &str, report: &mut Report) {
	let Some(birth) = string(resource, "birthDate").and_then(Span::parse) else { return };
	let death = string(resource, "deceasedDateTime").and_then(Span::parse);
	if let Some(death) = death
		&& death.is_before(birth)
	{
		let at = format!("{path}.deceasedDateTime");
		implausible(report, Severity::Error, at, "death cannot lie before birth");
	}
	let until = death.map_or(now, |death| death.from);
	if until.saturating_sub(birth.to) > LONGEST_LIFE {
		let at = format!("{path}.birthDate");
		implausible(report, Severity::Error, at, "a life of more than 130 years");
	}
}

fn observation(resource: &Json, path: &str, report: &mut Report) {
	let own = measured(resource, path, report);
	let mut pressures: [Option<f64>; 2] = [None; 2];
	let mut keep = |found: Option<(&'static Measure, f64)>| {
		if let Some((measure, value)) = found {
			match measure.loinc[0] {
				"8480-6" => pressures[0] = Some(value),
				"8462-4" => pressures[1] = Some(value),
				_ => {},
			}
		}
	};
	keep(own);
	for (at, component) in items(resource.get("component")).iter().enumerate() {
		keep(measured(component, &format!("{path}.component[{at}]"), report));
	}
	if let [Some(systolic), Some(diastolic)] = pressures {
		// Both are zero in arrest.
		if systolic <= diastolic && systolic + diastolic > 0.0 {
			let message = format!(
				"systolic pressure must exceed diastolic: {} and {} mm[Hg]",
				shown(systolic),
				shown(diastolic)
			);
			implausible(report, Severity::Error, format!("{path}.component"), message);
		}
	}
}

/// Judges the value of an Observation or one of its components. Returns its measure and canonical
/// value where it has them.
fn measured(holder: &Json, path: &str, report: &mut Report) -> Option<(&'static Measure, f64)> {
	let codes = codings(holder.get("code")?);
	let measure = codes
		.iter()
		.filter(|(system, _)| *system == LOINC)
		.find_map(|(_, code)| Measure::of_loinc(code))?;
	let (key, value) = choice(holder, "value")?;
	let path = format!("{path}.{key}");
	if key != "valueQuantity" {
		// Scores and semi-quantitative results come as text; a panel has no value at all.
		let message = format!("{} is a quantity with a unit", measure.name);
		implausible(report, Severity::Error, path, message);
		return None;
	}
	let Some(amount) = number(value, "value") else {
		if !members(value).iter().any(|(key, _)| key == "value" || key == "_value") {
			let at = format!("{path}.value");
			let message = "a quantity without a number says nothing";
			report.add(Severity::Error, Dimension::Completeness, IssueCode::Required, at, message);
		}
		return None;
	};
	let Some(ucum) = string(value, "code") else {
		let message = format!("needs a UCUM unit: {}", measure.unit_list());
		report.add(
			Severity::Error,
			Dimension::Completeness,
			IssueCode::Required,
			format!("{path}.code"),
			message,
		);
		return None;
	};
	if string(value, "system").is_some_and(|system| system != UCUM) {
		let message = format!("the unit must be of {UCUM}");
		report.add(
			Severity::Error,
			Dimension::Conformance,
			IssueCode::CodeInvalid,
			format!("{path}.system"),
			message,
		);
		return None;
	}
	let Some(unit) = measure.unit(ucum) else {
		let message = format!(
			"{} is not a unit of {}, which is given in {}",
			shown_unit(ucum),
			measure.name,
			measure.unit_list()
		);
		implausible(report, Severity::Error, format!("{path}.code"), message);
		return None;
	};
	let canonical = unit.to_canonical(amount);
	if !measure.contains(canonical) {
		let message = format!(
			"{} {} is outside what is possible for {}: {} to {} {}",
			shown(amount),
			unit.ucum,
			measure.name,
			shown(unit.of_canonical(measure.min)),
			shown(unit.of_canonical(measure.max)),
			unit.ucum
		);
		implausible(report, Severity::Error, format!("{path}.value"), message);
		return None;
	}
	Some((measure, canonical))
}

/// A number for a message: at most four decimals, none for show.
pub(crate) fn shown(value: f64) -> String {
	if value != 0.0 && value.abs() < 1e-3 || value.abs() >= 1e9 {
		return format!("{value:e}");
	}
	let fixed = format!("{value:.4}");
	fixed.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A unit as given, unless it is too long or too odd to be one.
fn shown_unit(ucum: &str) -> String {
	let plain = ucum.len() <= 24 && ucum.bytes().all(|byte| byte.is_ascii_graphic());
	if plain { format!("\"{ucum}\"") } else { "this".to_owned() }
}
