// SPDX-License-Identifier: Apache-2.0
//! Completeness: what FHIR leaves optional and a reader of a record cannot do without.
//!
//! An error is something without which the resource says nothing, or says it of nobody; what a
//! careful author would add is a warning.

use fhirkit::Json;

use crate::{
	conformance::{code_of, codings},
	json::{choice, has_any, items, members, resource_type, string},
	report::{Dimension, IssueCode, Report, Severity},
};

struct Wants<'a> {
	resource: &'a Json,
	path: &'a str,
	report: &'a mut Report,
}

impl Wants<'_> {
	fn say(&mut self, severity: Severity, at: &str, message: &str) {
		let path = if at.is_empty() { self.path.to_owned() } else { format!("{}.{at}", self.path) };
		self.report.add(severity, Dimension::Completeness, IssueCode::Required, path, message);
	}

	/// One of `keys`, or the record is refused.
	fn needs(&mut self, keys: &[&str], at: &str, message: &str) {
		if !has_any(self.resource, keys) {
			self.say(Severity::Error, at, message);
		}
	}

	/// One of `keys`, or a warning.
	fn hopes_for(&mut self, keys: &[&str], at: &str, message: &str) {
		if !has_any(self.resource, keys) {
			self.say(Severity::Warning, at, message);
		}
	}

	/// A concept under `key` that a machine or at least a human can read.
	fn needs_concept(&mut self, key: &str) {
		match self.resource.get(key) {
			None => self.say(Severity::Error, key, "required: what is this about?"),
			Some(concept) if !has_any(concept, &["coding", "text"]) => {
				self.say(Severity::Error, key, "needs a coding or a text");
			},
			Some(_) => {},
		}
	}

	/// A reference under `key` that names whom it is about.
	fn needs_subject(&mut self, key: &str) {
		match self.resource.get(key) {
			None => self.say(Severity::Error, key, "required: whom is this about?"),
			Some(subject) if !has_any(subject, &["reference", "identifier"]) => {
				self.say(Severity::Error, key, "needs a reference or an identifier");
			},
			Some(_) => {},
		}
	}
}

/// Reports what is missing from a resource. Contained resources borrow their context from their
/// container and are not asked.
pub(crate) fn check_resource(resource: &Json, path: &str, report: &mut Report) {
	let mut wants = Wants { resource, path, report };
	match resource_type(resource) {
		"Observation" => observation(&mut wants),
		"Condition" => {
			wants.needs_concept("code");
			wants.needs_subject("subject");
			let in_error = code_of(resource, "verificationStatus") == Some("entered-in-error");
			if !in_error {
				wants.hopes_for(
					&["clinicalStatus"],
					"clinicalStatus",
					"active or resolved? (con-3)",
				);
			}
			if choice(resource, "onset").is_none() {
				wants.hopes_for(
					&["recordedDate"],
					"onset",
					"neither onset nor recordedDate is given",
				);
			}
		},
		"Encounter" => {
			wants.needs_subject("subject");
			if string(resource, "status") == Some("finished") {
				wants.hopes_for(&["period"], "period", "a finished encounter took place some time");
			}
		},
		"Procedure" => {
			wants.needs_concept("code");
			wants.needs_subject("subject");
			if string(resource, "status") == Some("completed")
				&& choice(resource, "performed").is_none()
			{
				wants.say(
					Severity::Warning,
					"performed",
					"a completed procedure took place some time",
				);
			}
		},
		"DiagnosticReport" => {
			wants.needs_concept("code");
			wants.needs_subject("subject");
			if choice(resource, "effective").is_none() {
				wants.needs(&["issued"], "effective", "effective time or issued is required");
			}
			let done =
				matches!(string(resource, "status"), Some("final" | "amended" | "corrected"));
			if done {
				wants.needs(
					&[
						"result",
						"conclusion",
						"conclusionCode",
						"presentedForm",
						"imagingStudy",
						"media",
					],
					"result",
					"a final report needs results, a conclusion or a presented form",
				);
			}
		},
		"AllergyIntolerance" => {
			wants.needs_concept("code");
			wants.needs_subject("patient");
		},
		"Immunization" => {
			wants.needs_concept("vaccineCode");
			wants.needs_subject("patient");
		},
		"MedicationRequest" => {
			medication(&mut wants);
			wants.needs_subject("subject");
			wants.hopes_for(&["authoredOn"], "authoredOn", "when was it prescribed?");
			wants.hopes_for(&["requester"], "requester", "who prescribed it?");
		},
		"MedicationStatement" | "MedicationAdministration" | "MedicationDispense" => {
			medication(&mut wants);
			wants.needs_subject("subject");
		},
		"FamilyMemberHistory" => {
			wants.needs_subject("patient");
			wants.needs_concept("relationship");
			for (at, condition) in items(resource.get("condition")).iter().enumerate() {
				let named =
					condition.get("code").is_some_and(|code| has_any(code, &["coding", "text"]));
				if !named {
					let at = format!("condition[{at}].code");
					wants.say(Severity::Error, &at, "needs a coding or a text");
				}
			}
			if string(resource, "status") != Some("health-unknown") {
				wants.hopes_for(
					&["condition", "note", "deceasedBoolean"],
					"condition",
					"says nothing of the relative's health",
				);
			}
		},
		"NutritionOrder" => {
			wants.needs_subject("patient");
			wants.needs(
				&[
					"oralDiet",
					"supplement",
					"enteralFormula",
					"foodPreferenceModifier",
					"excludeFoodModifier",
				],
				"",
				"needs a diet, a supplement, a formula or a preference (nor-1)",
			);
		},
		"ServiceRequest" => {
			wants.needs_concept("code");
			wants.needs_subject("subject");
		},
		"DocumentReference" => {
			for (at, content) in items(resource.get("content")).iter().enumerate() {
				let there = content
					.get("attachment")
					.is_some_and(|attachment| has_any(attachment, &["url", "data"]));
				if !there {
					let at = format!("content[{at}].attachment");
					wants.say(Severity::Error, &at, "needs data or a url");
				}
			}
			wants.hopes_for(&["subject"], "subject", "whom is this about?");
		},
		"CarePlan" | "CareTeam" | "Goal" | "ClinicalImpression" | "RiskAssessment" => {
			wants.needs_subject("subject");
		},
		"QuestionnaireResponse" => {
			wants.needs_subject("subject");
			if matches!(string(resource, "status"), Some("completed" | "amended")) {
				wants.needs(&["item"], "item", "a completed response has answers");
			}
		},
		"Composition" => {
			wants.needs_subject("subject");
			wants.needs(&["section", "text"], "section", "needs a section or a narrative");
		},
		"Patient" => {
			wants.hopes_for(&["identifier", "name"], "identifier", "neither identifier nor name");
		},
		"Practitioner" => {
			wants.hopes_for(&["identifier", "name"], "identifier", "neither identifier nor name");
		},
		"Bundle" => {
			wants.needs(&["entry"], "entry", "a bundle without entries says nothing");
		},
		_ => {},
	}
}

fn observation(wants: &mut Wants<'_>) {
	let resource = wants.resource;
	if let Some(code) = resource.get("code") {
		needs_coding(wants, code, "code");
	}
	wants.needs_subject("subject");
	if choice(resource, "effective").is_none() {
		wants.needs(&["issued"], "effective", "effective time or issued is required");
	}
	wants.hopes_for(&["category"], "category", "vital signs, laboratory or what?");
	let cancelled = matches!(
		string(resource, "status"),
		Some("cancelled" | "entered-in-error" | "registered" | "preliminary")
	);
	if !cancelled && choice(resource, "value").is_none() {
		wants.needs(
			&["dataAbsentReason", "component", "hasMember"],
			"value",
			"a value, a dataAbsentReason, a component or a member is required",
		);
	}
	let components = items(resource.get("component"));
	for (at, component) in components.iter().enumerate() {
		let at = format!("component[{at}]");
		if let Some(code) = component.get("code") {
			needs_coding(wants, code, &format!("{at}.code"));
		}
		if choice(component, "value").is_none() && !has_any(component, &["dataAbsentReason"]) {
			let at = format!("{at}.value");
			wants.say(Severity::Error, &at, "a value or a dataAbsentReason is required");
		}
	}
	// A panel without one of its halves is the commonest slip of transcription.
	let is = |code: &Json, loinc: &[&str]| {
		codings(code)
			.iter()
			.any(|(system, code)| *system == crate::measures::LOINC && loinc.contains(code))
	};
	let panel = resource.get("code").is_some_and(|code| is(code, BLOOD_PRESSURE_PANELS));
	if panel && !cancelled {
		for (half, loinc) in [("systolic", "8480-6"), ("diastolic", "8462-4")] {
			let there = components
				.iter()
				.filter_map(|component| component.get("code"))
				.any(|code| is(code, &[loinc]));
			if !there && !has_any(resource, &["dataAbsentReason", "hasMember"]) {
				let message =
					format!("a blood pressure panel needs its {half} component ({loinc})");
				wants.say(Severity::Error, "component", &message);
			}
		}
	}
}

/// Blood pressure with all children optional, and its two predecessors.
const BLOOD_PRESSURE_PANELS: &[&str] = &["85354-9", "55284-4", "35094-2"];

/// An observation that no machine can tell the meaning of is of no use in a record.
fn needs_coding(wants: &mut Wants<'_>, code: &Json, at: &str) {
	let coded = items(code.get("coding")).iter().any(|coding| {
		string(coding, "system").is_some_and(|system| !system.is_empty())
			&& string(coding, "code").is_some_and(|code| !code.is_empty())
	});
	if !coded {
		let at = format!("{at}.coding");
		wants.say(Severity::Error, &at, "needs a coding with system and code");
	}
}

fn medication(wants: &mut Wants<'_>) {
	match choice(wants.resource, "medication") {
		Some(("medicationCodeableConcept", concept)) if !has_any(concept, &["coding", "text"]) => {
			wants.say(Severity::Error, "medicationCodeableConcept", "needs a coding or a text");
		},
		Some(("medicationReference", reference)) if members(reference).is_empty() => {
			wants.say(Severity::Error, "medicationReference", "needs a reference");
		},
		_ => {},
	}
}
