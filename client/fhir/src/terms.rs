// SPDX-License-Identifier: Apache-2.0
//! What a document can be found by: codes, the clinical day, identifiers, records it points at.
//!
//! Terms are read per resource, because a search for a code in a month means one resource with both.

use fhirkit::Json;

use crate::{
	json::{items, resource_type, string},
	split::RECORD_SYSTEM,
};

/// What one resource can be found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
	/// Its type.
	pub resource_type: String,
	/// What it is about, in codes.
	pub codes: Vec<Code>,
	/// The first and the last day that its clinical date may mean, as written where it was recorded:
	/// `2026-09-21`. A period begins it.
	pub days: Option<(String, String)>,
	/// The clinical date as written, to the month at most: `2026-09`, or `2026`.
	pub month: Option<String>,
	/// The values of its business identifiers.
	pub identifiers: Vec<String>,
	/// The records it points at, as `Reference.identifier` of the system `urn:salus:record`.
	pub records: Vec<String>,
	/// What it says, in a line for people.
	pub summary: String,
}

/// A code and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
	/// The code system, when it is named.
	pub system: Option<String>,
	/// The code.
	pub code: String,
	/// What the code means, in words.
	pub display: Option<String>,
}

impl Code {
	/// Whether somebody who looks for `718-7`, or for `http://loinc.org|718-7`, means this one.
	pub fn is(&self, wanted: &str) -> bool {
		let (system, code) = match wanted.split_once('|') {
			Some((system, code)) => (Some(system), code),
			None => (None, wanted),
		};
		let same_system = system.is_none_or(|system| self.system.as_deref() == Some(system));
		same_system && self.code.trim().to_uppercase() == code.trim().to_uppercase()
	}
}

/// The elements that say what a resource is about. `type` is that of documents and encounters only.
const ABOUT: &[&str] = &["code", "vaccineCode", "medicationCodeableConcept"];
const TYPED: &[&str] = &["Composition", "DocumentReference", "Encounter", "Specimen"];

/// Where a resource has its clinical date, the most telling first. A period is one by its start.
const DATES: &[&str] = &[
	"effectiveDateTime",
	"effectiveInstant",
	"effectivePeriod",
	"performedDateTime",
	"performedPeriod",
	"onsetDateTime",
	"onsetPeriod",
	"occurrenceDateTime",
	"occurrencePeriod",
	"servicedDate",
	"servicedPeriod",
	"collectedDateTime",
	"started",
	"period",
	"billablePeriod",
	"whenHandedOver",
	"sent",
	"authoredOn",
	"dateTime",
	"date",
	"recordedDate",
	"recorded",
	"issued",
	"created",
];

/// Reads the terms of a document: one for a resource, one for each entry of a bundle.
pub fn terms(document: &[u8]) -> Vec<Terms> {
	let Some(root) = core::str::from_utf8(document).ok().and_then(|text| Json::parse(text).ok())
	else {
		return Vec::new();
	};
	if resource_type(&root) == "Bundle" {
		let resources = items(root.get("entry")).iter().filter_map(|entry| entry.get("resource"));
		return resources.map(of_resource).collect();
	}
	vec![of_resource(&root)]
}

/// The records that a document points at, each once.
pub fn records(document: &[u8]) -> Vec<String> {
	let mut found: Vec<_> = terms(document).into_iter().flat_map(|terms| terms.records).collect();
	found.sort();
	found.dedup();
	found
}

fn of_resource(resource: &Json) -> Terms {
	let name = resource_type(resource);
	let mut terms = Terms { resource_type: name.to_owned(), ..Terms::default() };
	for key in ABOUT {
		codes_of(resource.get(key), &mut terms.codes);
	}
	if TYPED.contains(&name) {
		for concept in one_or_many(resource.get("type")) {
			codes_of(Some(concept), &mut terms.codes);
		}
	}
	for component in items(resource.get("component")) {
		codes_of(component.get("code"), &mut terms.codes);
	}
	for medication in items(resource.get("contained")) {
		if resource_type(medication) == "Medication" {
			codes_of(medication.get("code"), &mut terms.codes);
		}
	}
	// A patient's or a doctor's number is no finding of theirs.
	if !matches!(name, "Patient" | "Practitioner" | "Organization" | "Location") {
		for identifier in one_or_many(resource.get("identifier")) {
			let value = string(identifier, "value").map(str::trim).unwrap_or_default();
			if !value.is_empty() && !terms.identifiers.iter().any(|known| known == value) {
				terms.identifiers.push(value.to_owned());
			}
		}
	}
	if let Some(date) = date_of(resource) {
		terms.days = days_of(date);
		terms.month = date.get(..7).or_else(|| date.get(..4)).map(str::to_owned);
	}
	pointers(resource, &mut terms.records);
	terms.summary = summary(resource, &terms.codes);
	terms
}

fn one_or_many(value: Option<&Json>) -> &[Json] {
	match value {
		Some(Json::Array(values)) => values,
		Some(value) => core::slice::from_ref(value),
		None => &[],
	}
}

fn codes_of(concept: Option<&Json>, codes: &mut Vec<Code>) {
	let Some(concept) = concept else { return };
	for coding in items(concept.get("coding")) {
		let Some(code) = string(coding, "code").filter(|code| !code.trim().is_empty()) else {
			continue;
		};
		let found = Code {
			system: string(coding, "system").map(str::to_owned),
			code: code.to_owned(),
			display: string(coding, "display").map(str::to_owned),
		};
		if !codes.iter().any(|known| known.code == found.code && known.system == found.system) {
			codes.push(found);
		}
	}
}

fn date_of(resource: &Json) -> Option<&str> {
	DATES.iter().find_map(|key| {
		let value = resource.get(key)?;
		value.as_str().or_else(|| string(value, "start").or_else(|| string(value, "end")))
	})
}

/// The days that a FHIR date may mean: of `2026-09` those of the month, of `2026` those of the year.
fn days_of(date: &str) -> Option<(String, String)> {
	let day = date.split('T').next()?;
	match day.len() {
		10 => Some((day.to_owned(), day.to_owned())),
		// No month has a 32nd day, and nothing is compared but text.
		7 => Some((format!("{day}-01"), format!("{day}-31"))),
		4 => Some((format!("{day}-01-01"), format!("{day}-12-31"))),
		_ => None,
	}
}

fn pointers(value: &Json, found: &mut Vec<String>) {
	match value {
		Json::Object(inner) => {
			if string(value, "system") == Some(RECORD_SYSTEM)
				&& let Some(id) = string(value, "value")
			{
				note(id, found);
			}
			for key in ["reference", "url"] {
				let uri = string(value, key).unwrap_or_default();
				if let Some(id) =
					uri.strip_prefix(RECORD_SYSTEM).and_then(|id| id.strip_prefix(':'))
				{
					note(id, found);
				}
			}
			for (_, value) in inner {
				pointers(value, found);
			}
		},
		Json::Array(values) => values.iter().for_each(|value| pointers(value, found)),
		_ => {},
	}
}

fn note(id: &str, found: &mut Vec<String>) {
	let id = id.trim().to_lowercase();
	if !found.contains(&id) {
		found.push(id);
	}
}

/// What it is about, and the value when it is one.
fn summary(resource: &Json, codes: &[Code]) -> String {
	let words = ABOUT
		.iter()
		.chain(&["type"])
		.flat_map(|key| one_or_many(resource.get(key)))
		.find_map(|concept| string(concept, "text"));
	let display = codes.iter().find_map(|code| code.display.as_deref());
	let message =
		items(resource.get("payload")).iter().find_map(|payload| string(payload, "contentString"));
	let about = words.or(display).or(message).or(string(resource, "description"));
	let mut summary = about.unwrap_or_default().to_owned();
	let value = resource.get("valueQuantity").map(quantity).or_else(|| {
		let concept = resource.get("valueCodeableConcept")?;
		let display = items(concept.get("coding")).iter().find_map(|one| string(one, "display"));
		string(concept, "text").or(display).map(str::to_owned)
	});
	let value = value.or_else(|| string(resource, "valueString").map(str::to_owned));
	if let Some(value) = value.filter(|value| !value.is_empty()) {
		summary = if summary.is_empty() { value } else { format!("{summary}: {value}") };
	}
	summary
}

fn quantity(quantity: &Json) -> String {
	let number = match quantity.get("value") {
		Some(Json::Number(number)) => number.as_str(),
		_ => return String::new(),
	};
	let unit = string(quantity, "unit").or_else(|| string(quantity, "code")).unwrap_or_default();
	format!("{number} {unit}").trim_end().to_owned()
}
