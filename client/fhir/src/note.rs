// SPDX-License-Identifier: Apache-2.0
//! A recommendation to a patient that points at records.
//!
//! It is a FHIR `Communication` of the category *instruction*: what a practitioner tells the patient,
//! about resources that exist. A `ServiceRequest` or `CarePlan` would be an order or a plan, which
//! somebody has to carry out and close; a `Composition` would be a signed document with sections.
//! Who has such a resource already can have the pointers added to it, in the element that FHIR has
//! for them.

use core::fmt;

use fhirkit::Json;
use uuid::Uuid;

use crate::{
	json::{object, one, resource_type, text},
	split::RECORD_SYSTEM,
	time::instant,
};

/// The longest text of a recommendation, in characters.
pub const MAX_TEXT: usize = 20_000;

/// Where resources of a type point at what they rest on.
const POINTERS: &[(&str, &str)] = &[
	("CarePlan", "supportingInfo"),
	("ClinicalImpression", "supportingInfo"),
	("Communication", "about"),
	("CommunicationRequest", "about"),
	("DeviceRequest", "supportingInfo"),
	("MedicationRequest", "supportingInformation"),
	("ServiceRequest", "supportingInfo"),
];

/// Why no recommendation was made of what was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
	/// There are no words.
	Empty,
	/// There are too many.
	TooLong,
	/// Control characters are in it.
	ControlCharacters,
	/// It is no JSON.
	NotJson,
	/// Its type has no element for pointers.
	NoPointers {
		/// Its type.
		resource_type: String,
	},
}

impl fmt::Display for NoteError {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::Empty => f.write_str("the recommendation has no words: write some"),
			Self::TooLong => write!(
				f,
				"the recommendation has more than {MAX_TEXT} characters: file a document instead"
			),
			Self::ControlCharacters => {
				f.write_str("the recommendation has control characters in it: write plain text")
			},
			Self::NotJson => f.write_str("the document is not a FHIR resource in JSON"),
			Self::NoPointers { resource_type } => {
				let types: Vec<_> = pointing().collect();
				write!(
					f,
					"a {resource_type} has no place for pointers: use {}, or plain text",
					types.join(", ")
				)
			},
		}
	}
}

impl std::error::Error for NoteError {}

/// The types that pointers can be added to.
pub fn pointing() -> impl Iterator<Item = &'static str> {
	POINTERS.iter().map(|(name, _)| *name)
}

/// Who says it and to whom, each by system and value of an identifier.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
	/// The patient.
	pub patient: (&'a str, &'a str),
	/// The practitioner.
	pub sender: (&'a str, &'a str),
}

/// A recommendation in words. `records` are the ids of what it points at; `sent` is in Unix
/// milliseconds.
pub fn recommendation(
	words: &str,
	parties: Parties<'_>,
	records: &[String],
	sent: u64,
) -> Result<String, NoteError> {
	let words = words.trim();
	if words.is_empty() {
		return Err(NoteError::Empty);
	}
	if words.chars().count() > MAX_TEXT {
		return Err(NoteError::TooLong);
	}
	if words.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
		return Err(NoteError::ControlCharacters);
	}
	let category = object([
		("system", text("http://terminology.hl7.org/CodeSystem/communication-category")),
		("code", text("instruction")),
		("display", text("Instruction")),
	]);
	let patient = party("Patient", parties.patient);
	let communication = object([
		("resourceType", text("Communication")),
		("id", text(Uuid::new_v4().to_string())),
		("status", text("completed")),
		("category", one(object([("coding", one(category))]))),
		("subject", patient.clone()),
		("about", Json::Array(records.iter().map(|record| pointer(record)).collect())),
		("sent", text(instant(sent))),
		("recipient", one(patient)),
		("sender", party("Practitioner", parties.sender)),
		("payload", one(object([("contentString", text(words))]))),
	]);
	Ok(without_empty(communication).to_pretty())
}

/// Adds pointers to a resource that its author wrote. One that points there already stays as it is.
pub fn with_pointers(document: &[u8], records: &[String]) -> Result<String, NoteError> {
	let parsed = core::str::from_utf8(document).ok().and_then(|text| Json::parse(text).ok());
	let resource = parsed.ok_or(NoteError::NotJson)?;
	let name = resource_type(&resource).to_owned();
	let known = crate::terms::records(document);
	let place = POINTERS.iter().find(|(known, _)| *known == name);
	let (Some((_, element)), Json::Object(mut members)) = (place, resource) else {
		return Err(NoteError::NoPointers { resource_type: name });
	};
	let mut more: Vec<_> = records
		.iter()
		.filter(|record| !known.contains(record))
		.map(|record| pointer(record))
		.collect();
	match members.iter_mut().find(|(key, _)| key == element) {
		Some((_, Json::Array(pointers))) => pointers.append(&mut more),
		_ if more.is_empty() => {},
		_ => members.push(((*element).to_owned(), Json::Array(more))),
	}
	Ok(Json::Object(members).to_pretty())
}

fn pointer(record: &str) -> Json {
	object([("identifier", object([("system", text(RECORD_SYSTEM)), ("value", text(record))]))])
}

fn party(kind: &str, (system, value): (&str, &str)) -> Json {
	let identifier = object([("system", text(system)), ("value", text(value))]);
	object([("type", text(kind)), ("identifier", identifier)])
}

/// FHIR has no empty arrays.
fn without_empty(resource: Json) -> Json {
	match resource {
		Json::Object(members) => Json::Object(
			members
				.into_iter()
				.filter(|(_, value)| !matches!(value, Json::Array(values) if values.is_empty()))
				.collect(),
		),
		other => other,
	}
}
