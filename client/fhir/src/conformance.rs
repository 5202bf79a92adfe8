// SPDX-License-Identifier: Apache-2.0
//! Conformance: what the FHIR crate finds on reading, required bindings, and the invariants of
//! FHIR R4 that matter in a record.

use std::collections::HashSet;

use fhirkit::{
	Decoder, FhirJson, Json,
	r4::{Bundle, BundleEntry, Resource},
};

use crate::{
	json::{has_any, items, members, number, resource_type, string},
	report::{Dimension, IssueCode, Report, Severity},
	time::Span,
};

/// How deep a document may nest. Real ones stay below 20; reading is recursive.
const MAX_DEPTH: usize = 40;
/// How many resources may stand within each other: a bundle in a bundle with a contained one.
const MAX_RESOURCE_DEPTH: usize = 4;
/// How many members an object may have. No FHIR type has half as many, and reading compares each
/// with all.
const MAX_MEMBERS: usize = 256;

/// Refuses shapes that would exhaust the reader. Called before anything recursive with large
/// frames sees the document.
pub(crate) fn within_limits(value: &Json) -> Result<(), &'static str> {
	fn check(value: &Json, depth: usize, resources: usize) -> Result<(), &'static str> {
		if depth > MAX_DEPTH {
			return Err("it nests deeper than any FHIR resource does");
		}
		match value {
			Json::Array(items) => {
				items.iter().try_for_each(|item| check(item, depth + 1, resources))
			},
			Json::Object(members) => {
				if members.len() > MAX_MEMBERS {
					return Err("an object has more members than any FHIR type has");
				}
				let is_resource = members.iter().any(|(key, _)| key == "resourceType");
				let resources = resources + usize::from(is_resource);
				if resources > MAX_RESOURCE_DEPTH {
					return Err("resources stand within each other deeper than FHIR allows");
				}
				members.iter().try_for_each(|(_, inner)| check(inner, depth + 1, resources))
			},
			_ => Ok(()),
		}
	}
	check(value, 0, 0)
}

/// Reads one resource and reports what the FHIR crate finds.
pub(crate) fn read_resource(value: &Json, report: &mut Report) {
	let mut decoder = Decoder::new(resource_type(value));
	let _ = Resource::decode(value, &mut decoder);
	take_over(decoder, report);
}

/// Reads a bundle without its entries.
pub(crate) fn read_envelope(bundle: &Json, report: &mut Report) {
	let envelope = members(bundle)
		.iter()
		.filter(|(key, inner)| {
			// An entry that is no list, or an empty one, stays: it is the envelope that is wrong.
			key != "entry" || !matches!(inner, Json::Array(entries) if !entries.is_empty())
		})
		.cloned()
		.collect();
	let mut decoder = Decoder::new("Bundle");
	let _ = Bundle::decode(&Json::Object(envelope), &mut decoder);
	take_over(decoder, report);
}

/// Reads one entry of a bundle.
pub(crate) fn read_entry(entry: &Json, at: usize, report: &mut Report) {
	let mut decoder = Decoder::new("Bundle");
	decoder.at("entry", |decoder| {
		decoder.at(format!("[{at}]"), |decoder| {
			let _ = BundleEntry::decode(entry, decoder);
		});
	});
	take_over(decoder, report);
}

fn take_over(decoder: Decoder, report: &mut Report) {
	for issue in decoder.issues {
		let severity = match issue.severity {
			fhirkit::Severity::Error => Severity::Error,
			fhirkit::Severity::Warning => Severity::Warning,
		};
		let (code, message) = reword(&issue.message);
		report.add(severity, Dimension::Conformance, code, issue.path, message);
	}
}

/// The FHIR crate quotes values in its messages. Values are personal data, so only wordings known
/// to carry none pass as they are.
fn reword(message: &str) -> (IssueCode, String) {
	if let Some((_, kind)) = message.rsplit_once(" is not a valid ") {
		let plain = kind.chars().all(|c| c.is_ascii_alphanumeric());
		let kind = if plain { kind } else { "value" };
		return (IssueCode::Value, format!("not a valid FHIR {kind}"));
	}
	let (code, words) = match message {
		"required element missing" => (IssueCode::Required, message),
		"unknown element" => (IssueCode::Structure, "FHIR R4 has no such element here"),
		"a resource needs a resourceType" => (IssueCode::Structure, message),
		"the key appears more than once" => (IssueCode::Duplicate, message),
		_ if message.starts_with("needs at least ") => (IssueCode::Required, message),
		_ if message.starts_with("an empty ") => (IssueCode::Value, message),
		_ if message.starts_with("null ") => (IssueCode::Structure, message),
		_ if message.starts_with("only one type may be given") => (IssueCode::Structure, message),
		_ if message.starts_with("expected ") && !message.contains('"') => {
			(IssueCode::Structure, message)
		},
		_ if message.ends_with("the two arrays must line up") => {
			(IssueCode::Structure, "the array and its extended twin must line up")
		},
		_ if message.ends_with(" is not a FHIR integer") => {
			(IssueCode::Value, "not a FHIR integer")
		},
		_ if message.ends_with(" is not a FHIR decimal") => {
			(IssueCode::Value, "not a FHIR decimal")
		},
		_ if message.contains("32-bit range") => (IssueCode::Value, "outside the range of integer"),
		_ if message.contains("positiveInt") => (IssueCode::Value, "a positiveInt is 1 or more"),
		_ if message.contains("unsignedInt") => (IssueCode::Value, "an unsignedInt is 0 or more"),
		_ => (IssueCode::Value, "does not follow the FHIR R4 definition"),
	};
	(code, words.to_owned())
}

/// Elements that hold a date, a dateTime or an instant, by name.
pub(crate) fn is_temporal(key: &str) -> bool {
	const NAMES: &[&str] = &[
		"authoredOn",
		"created",
		"date",
		"deceasedDateTime",
		"end",
		"issued",
		"lastUpdated",
		"received",
		"recorded",
		"sent",
		"start",
		"timestamp",
		"when",
	];
	NAMES.contains(&key)
		|| key.ends_with("Date")
		|| key.ends_with("DateTime")
		|| key.ends_with("Instant")
}

/// Rules of data types, which hold wherever the type stands.
pub(crate) fn check_element(value: &Json, key: &str, path: &str, report: &mut Report) {
	let mut error = |code, at: &str, message: &str| {
		let path = if at.is_empty() { path.to_owned() } else { format!("{path}.{at}") };
		report.add(Severity::Error, Dimension::Conformance, code, path, message);
	};
	if members(value).is_empty() {
		error(IssueCode::Invariant, "", "an element must have a value or children (ele-1)");
	}
	if matches!(key, "extension" | "modifierExtension") {
		let inner = has_any(value, &["extension"]);
		let valued = crate::json::choice(value, "value").is_some();
		if inner == valued {
			error(
				IssueCode::Invariant,
				"",
				"an extension must have either a value or extensions (ext-1)",
			);
		}
	}
	if let (Some(start), Some(end)) = (string(value, "start"), string(value, "end"))
		&& let (Some(start), Some(end)) = (Span::parse(start), Span::parse(end))
		&& end.is_before(start)
	{
		report.add(
			Severity::Error,
			Dimension::Plausibility,
			IssueCode::Invariant,
			format!("{path}.end"),
			"a period cannot end before it starts (per-1)",
		);
	}
	if matches!(value.get("value"), Some(Json::Number(_)))
		&& has_any(value, &["code"])
		&& !has_any(value, &["system"])
	{
		report.add(
			Severity::Error,
			Dimension::Conformance,
			IssueCode::Invariant,
			format!("{path}.system"),
			"a quantity with a coded unit must say the system of the code (qty-3)",
		);
	}
	if let (Some(low), Some(high)) = (value.get("low"), value.get("high"))
		&& let (Some(least), Some(most)) = (number(low, "value"), number(high, "value"))
		&& low.get("code") == high.get("code")
		&& low.get("unit") == high.get("unit")
		&& most < least
	{
		report.add(
			Severity::Error,
			Dimension::Plausibility,
			IssueCode::Invariant,
			format!("{path}.high"),
			"the upper bound of a range cannot be below the lower (rng-2)",
		);
	}
}

/// Invariants of single resource types.
pub(crate) fn check_resource(resource: &Json, contained: bool, path: &str, report: &mut Report) {
	let mut error = |at: &str, message: &str| {
		let path = if at.is_empty() { path.to_owned() } else { format!("{path}.{at}") };
		let code = IssueCode::Invariant;
		report.add(Severity::Error, Dimension::Conformance, code, path, message);
	};
	// The FHIR crate takes a resource's id for a plain string.
	if string(resource, "id").is_some_and(|id| !fhirkit::primitive::is_id(id)) {
		error("id", "not a valid FHIR id");
	}
	if contained {
		if has_any(resource, &["contained"]) {
			error("contained", "a contained resource cannot contain others (dom-2)");
		}
		if string(resource, "id").is_none() {
			error("id", "a contained resource needs an id to be referred to");
		}
		let meta = resource.get("meta");
		if meta.is_some_and(|meta| has_any(meta, &["versionId", "lastUpdated", "security"])) {
			error(
				"meta",
				"a contained resource has no version or security of its own (dom-4, dom-5)",
			);
		}
	}
	match resource_type(resource) {
		"Observation" => {
			let value = crate::json::choice(resource, "value");
			if value.is_some() && has_any(resource, &["dataAbsentReason"]) {
				error("dataAbsentReason", "given only when there is no value (obs-6)");
			}
			if let Some((key, _)) = value {
				let own = resource.get("code").map(codings).unwrap_or_default();
				let again = items(resource.get("component"))
					.iter()
					.filter_map(|component| component.get("code"))
					.any(|code| codings(code).iter().any(|coding| own.contains(coding)));
				if again {
					error(key, "a component with the same code already holds the value (obs-7)");
				}
			}
			for (at, range) in items(resource.get("referenceRange")).iter().enumerate() {
				if !has_any(range, &["low", "high", "text"]) {
					let at = format!("referenceRange[{at}]");
					error(&at, "a reference range needs low, high or text (obs-3)");
				}
			}
		},
		"Condition" => {
			let clinical = code_of(resource, "clinicalStatus");
			let in_error = code_of(resource, "verificationStatus") == Some("entered-in-error");
			if in_error && clinical.is_some() {
				error("clinicalStatus", "absent when the condition was entered in error (con-5)");
			}
			let over = matches!(clinical, Some("inactive" | "resolved" | "remission"));
			if crate::json::choice(resource, "abatement").is_some() && clinical.is_some() && !over {
				error(
					"clinicalStatus",
					"a condition that abated is inactive, resolved or in remission (con-4)",
				);
			}
		},
		"AllergyIntolerance" => {
			let clinical = has_any(resource, &["clinicalStatus"]);
			let in_error = code_of(resource, "verificationStatus") == Some("entered-in-error");
			if in_error && clinical {
				error("clinicalStatus", "absent when the allergy was entered in error (ait-2)");
			} else if !in_error && !clinical {
				error("clinicalStatus", "required unless entered in error (ait-1)");
			}
		},
		"Organization" if !has_any(resource, &["identifier", "name"]) => {
			error("", "an organization needs an identifier or a name (org-1)");
		},
		"Patient" => {
			for (at, contact) in items(resource.get("contact")).iter().enumerate() {
				if !has_any(contact, &["name", "telecom", "address", "organization"]) {
					let at = format!("contact[{at}]");
					error(&at, "a contact needs a name, telecom, address or organization (pat-1)");
				}
			}
		},
		"FamilyMemberHistory"
			if has_any(resource, &["ageString", "ageAge", "ageRange"])
				&& crate::json::choice(resource, "born").is_some() =>
		{
			error("", "either the age or the birth is given (fhs-1)");
		},
		_ => {},
	}
}

/// Rules of a bundle as a whole.
pub(crate) fn check_bundle(bundle: &Json, path: &str, report: &mut Report) {
	let mut error = |code, at: &str, message: &str| {
		report.add(Severity::Error, Dimension::Conformance, code, format!("{path}{at}"), message);
	};
	let kind = string(bundle, "type").unwrap_or_default();
	let entries = items(bundle.get("entry"));
	if has_any(bundle, &["total"]) && !matches!(kind, "searchset" | "history") {
		error(IssueCode::Invariant, ".total", "only of a search or a history (bdl-1)");
	}
	let is_request = matches!(kind, "transaction" | "batch");
	let is_response = matches!(kind, "transaction-response" | "batch-response");
	let mut urls = HashSet::new();
	for (at, entry) in entries.iter().enumerate() {
		let at = format!(".entry[{at}]");
		if !has_any(entry, &["resource", "request", "response"]) {
			error(IssueCode::Invariant, &at, "must hold a resource (bdl-5)");
		}
		if has_any(entry, &["search"]) && kind != "searchset" {
			error(IssueCode::Invariant, &format!("{at}.search"), "only in a search (bdl-2)");
		}
		let request = has_any(entry, &["request"]);
		if is_request && !request {
			let at = format!("{at}.request");
			error(IssueCode::Required, &at, "required in a transaction or batch (bdl-3)");
		} else if request && !is_request && kind != "history" {
			let at = format!("{at}.request");
			error(IssueCode::Invariant, &at, "only in a transaction, batch or history (bdl-3)");
		}
		let response = has_any(entry, &["response"]);
		if response != is_response && kind != "history" {
			let at = format!("{at}.response");
			error(IssueCode::Invariant, &at, "in responses, and only there (bdl-4)");
		}
		let Some(url) = string(entry, "fullUrl") else { continue };
		if url.contains("/_history/") {
			let at = format!("{at}.fullUrl");
			error(IssueCode::Invariant, &at, "cannot be of one version (bdl-8)");
		}
		let version =
			entry.get("resource").and_then(|resource| resource.get("meta")?.get("versionId"));
		let version = version.and_then(Json::as_str);
		if kind != "history" && !urls.insert((url, version)) {
			let at = format!("{at}.fullUrl");
			error(IssueCode::Duplicate, &at, "another entry has the same fullUrl (bdl-7)");
		}
	}
	let first = entries.first().and_then(|entry| entry.get("resource")).map(resource_type);
	if kind == "document" {
		if first != Some("Composition") {
			error(
				IssueCode::Invariant,
				".entry[0]",
				"a document starts with its composition (bdl-11)",
			);
		}
		if !has_any(bundle, &["identifier"]) {
			error(IssueCode::Required, ".identifier", "required of a document (bdl-9)");
		}
		if !has_any(bundle, &["timestamp"]) {
			error(IssueCode::Required, ".timestamp", "required of a document (bdl-10)");
		}
	}
	if kind == "message" && first != Some("MessageHeader") {
		error(IssueCode::Invariant, ".entry[0]", "a message starts with its header (bdl-12)");
	}
}

/// The (system, code) pairs of a CodeableConcept.
pub(crate) fn codings(concept: &Json) -> Vec<(&str, &str)> {
	items(concept.get("coding"))
		.iter()
		.filter_map(|coding| {
			Some((string(coding, "system").unwrap_or_default(), string(coding, "code")?))
		})
		.collect()
}

/// The first code of the CodeableConcept under `key`.
pub(crate) fn code_of<'a>(resource: &'a Json, key: &str) -> Option<&'a str> {
	codings(resource.get(key)?).first().map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn messages_never_quote_values() {
		for message in [
			"\"Jane Roe\" is not a valid date",
			"\"x is not a valid y\" is not a valid code",
			"\"a is not a valid \" is not a FHIR decimal",
			"expected \"Patient\", found \"Jane Roe\"",
			"something new about Jane Roe",
		] {
			let (_, words) = reword(message);
			assert!(!words.contains("Jane") && !words.contains('"'), "{words}");
		}
		assert_eq!(reword("\"Jane Roe\" is not a valid date").1, "not a valid FHIR date");
		assert_eq!(reword("required element missing").0, IssueCode::Required);
	}
}
