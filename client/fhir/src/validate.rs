// SPDX-License-Identifier: Apache-2.0
//! One pass over a document: read, walk, judge.

use std::collections::{BTreeMap, HashMap, HashSet};

use fhirkit::Json;

use crate::{
	Document, Kind, MAX_DOCUMENT, Refusal, bindings, completeness, conformance,
	json::{items, members, resource_type, string},
	plausibility::{self, Life},
	report::{Dimension, IssueCode, Report, Severity},
	time::Span,
};

pub(crate) fn run(
	bytes: &[u8],
	now: u64,
	mut progress: impl FnMut(usize, usize),
) -> Result<Document, Refusal> {
	if bytes.len() > MAX_DOCUMENT {
		return Err(Refusal::TooLarge { bytes: bytes.len() });
	}
	if separators(bytes) > MAX_VALUES {
		let reason = format!("it holds more than {MAX_VALUES} values");
		return Err(Refusal::NotFhir { reason });
	}
	let text = core::str::from_utf8(bytes).map_err(|error| {
		let good = &bytes[..error.valid_up_to()];
		let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
		let column = good.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
		Refusal::NotJson { line, column, reason: "not UTF-8 text".to_owned() }
	})?;
	let root = Json::parse(text).map_err(|error| Refusal::NotJson {
		line: error.line,
		column: error.column,
		reason: error.message,
	})?;
	if root.as_object().is_none() {
		return Err(Refusal::NotFhir { reason: "a FHIR document is a JSON object".to_owned() });
	}
	match root.get("resourceType") {
		Some(Json::String(name)) if fhirkit::r4::RESOURCE_TYPES.contains(&name.as_str()) => {},
		Some(Json::String(_)) => {
			let reason = "its resourceType is none of FHIR R4".to_owned();
			return Err(Refusal::NotFhir { reason });
		},
		_ => {
			return Err(Refusal::NotFhir { reason: "it has no resourceType".to_owned() });
		},
	}
	conformance::within_limits(&root)
		.map_err(|reason| Refusal::NotFhir { reason: reason.to_owned() })?;

	let mut report = Report::default();
	let mut contents = BTreeMap::new();
	let now = i64::try_from(now).unwrap_or(i64::MAX);
	let resource_type = resource_type(&root);
	let (kind, subject) = if resource_type == "Bundle" {
		let entries = items(root.get("entry"));
		conformance::read_envelope(&root, &mut report);
		let index = Index::of(&root);
		conformance::check_bundle(&root, "Bundle", &mut report);
		completeness::check_resource(&root, "Bundle", &mut report);
		let life = index.life();
		let subject = index.subject(&mut report);
		let mut walk = Walk { index: &index, life, now, report: &mut report };
		let mut path = String::from("Bundle");
		for (key, value) in members(&root).iter().filter(|(key, _)| key != "entry") {
			walk.member("Bundle", key, value, &mut path, None);
		}
		for (at, entry) in entries.iter().enumerate() {
			conformance::read_entry(entry, at, walk.report);
			let mut path = format!("Bundle.entry[{at}]");
			walk.value(Some("Bundle.entry"), "entry", entry, &mut path, None);
			if let Some(resource) = entry.get("resource") {
				let name = crate::json::resource_type(resource).to_owned();
				// A name that is none of FHIR's is reported, and not repeated here.
				if fhirkit::r4::RESOURCE_TYPES.contains(&name.as_str()) {
					*contents.entry(name).or_insert(0) += 1;
				}
			}
			progress(at + 1, entries.len());
		}
		(Kind::Bundle { entries: entries.len() }, subject)
	} else {
		conformance::read_resource(&root, &mut report);
		let index = Index::default();
		let life = if resource_type == "Patient" { Life::of(&root) } else { Life::default() };
		let mut walk = Walk { index: &index, life, now, report: &mut report };
		walk.value(None, "", &root, &mut resource_type.to_owned(), None);
		contents.insert(resource_type.to_owned(), 1);
		progress(1, 1);
		(Kind::Resource, subject_of(&root).map(str::to_owned))
	};
	if !report.is_acceptable() {
		return Err(Refusal::Invalid(report));
	}
	Ok(Document {
		kind,
		resource_type: resource_type.to_owned(),
		bundle_type: (kind != Kind::Resource)
			.then(|| string(&root, "type").map(str::to_owned))
			.flatten(),
		contents,
		subject,
		fhir_version: crate::FHIR_VERSION,
		report,
	})
}

/// How many values a document may hold. 64 MiB of genuine FHIR have about two million; made of
/// nothing but short ones, it would take gigabytes to say what is wrong with each.
const MAX_VALUES: usize = 4_000_000;

/// The commas between values, not those in strings.
fn separators(bytes: &[u8]) -> usize {
	let (mut count, mut in_string, mut escaped) = (0, false, false);
	for byte in bytes {
		match byte {
			_ if escaped => escaped = false,
			b'\\' if in_string => escaped = true,
			b'"' => in_string = !in_string,
			b',' if !in_string => count += 1,
			_ => {},
		}
	}
	count
}

/// Whom a resource says it is about.
fn subject_of(resource: &Json) -> Option<&str> {
	let reference = resource.get("subject").or_else(|| resource.get("patient"))?;
	string(reference, "reference").or_else(|| string(reference.get("identifier")?, "value"))
}

/// The resources of a bundle, by what refers to them.
#[derive(Default)]
struct Index<'a> {
	/// A resource on its own refers to whatever its author knows.
	is_bundle: bool,
	by_url: HashMap<&'a str, &'a Json>,
	by_id: HashMap<(&'a str, &'a str), &'a Json>,
	patients: Vec<(usize, Option<&'a str>, &'a Json)>,
	subjects: HashSet<&'a str>,
}

impl<'a> Index<'a> {
	fn of(bundle: &'a Json) -> Self {
		let mut index = Self { is_bundle: true, ..Self::default() };
		for (at, entry) in items(bundle.get("entry")).iter().enumerate() {
			let Some(resource) = entry.get("resource") else { continue };
			let (url, name) = (string(entry, "fullUrl"), resource_type(resource));
			if let Some(url) = url {
				index.by_url.insert(url, resource);
			}
			if let Some(id) = string(resource, "id") {
				index.by_id.insert((name, id), resource);
			}
			if name == "Patient" {
				let named = url.or_else(|| string(resource, "id"));
				index.patients.push((at, named, resource));
			} else if let Some(subject) = subject_of(resource) {
				index.subjects.insert(subject);
			}
		}
		index
	}

	/// The resource a reference leads to, and whether it must lead inside.
	fn resolve(&self, reference: &str) -> (Option<&'a Json>, bool) {
		let inside = reference.starts_with("urn:uuid:") || reference.starts_with("urn:oid:");
		let found = self.by_url.get(reference).copied().or_else(|| {
			let (name, rest) = reference.split_once('/')?;
			let id = rest.split('/').next()?;
			self.by_id.get(&(name, id)).copied()
		});
		(found, inside)
	}

	fn life(&self) -> Life {
		match self.patients.as_slice() {
			[(_, _, patient)] => Life::of(patient),
			_ => Life::default(),
		}
	}

	/// The one patient the bundle is about. A record belongs to one person: two in one document
	/// would file one's data under the other.
	fn subject(&self, report: &mut Report) -> Option<String> {
		if let Some((at, _, _)) = self.patients.get(1) {
			report.add(
				Severity::Error,
				Dimension::Conformance,
				IssueCode::BusinessRule,
				format!("Bundle.entry[{at}].resource"),
				"a second Patient: a record is about one person",
			);
			return None;
		}
		match (self.patients.first(), self.subjects.len()) {
			(Some((_, named, _)), _) => named.map(str::to_owned),
			(None, 1) => self.subjects.iter().next().map(|subject| (*subject).to_owned()),
			(None, 0) => None,
			(None, _) => {
				report.add(
					Severity::Warning,
					Dimension::Conformance,
					IssueCode::BusinessRule,
					"Bundle",
					"entries name different subjects, and no Patient tells which is meant",
				);
				None
			},
		}
	}
}

struct Walk<'a> {
	index: &'a Index<'a>,
	life: Life,
	now: i64,
	report: &'a mut Report,
}

impl Walk<'_> {
	fn conformance(&mut self, code: IssueCode, path: &str, message: impl Into<String>) {
		self.report.add(Severity::Error, Dimension::Conformance, code, path, message);
	}

	/// Judges the member `key` of an object of type `of`, and all below it.
	fn member(
		&mut self,
		of: &str,
		key: &str,
		value: &Json,
		path: &mut String,
		container: Option<&Json>,
	) {
		let length = path.len();
		path.push('.');
		path.push_str(key);
		let narrative = key == "text" && string(value, "status").is_some();
		let leads = if narrative { Some("Narrative") } else { bindings::type_of(of, key) };
		match value {
			Json::Array(items) => {
				for (at, item) in items.iter().enumerate() {
					let length = path.len();
					path.push_str(&format!("[{at}]"));
					self.bound(of, key, item, path);
					self.value(leads, key, item, path, container);
					path.truncate(length);
				}
			},
			_ => {
				self.bound(of, key, value, path);
				self.value(leads, key, value, path, container);
			},
		}
		path.truncate(length);
	}

	fn bound(&mut self, of: &str, key: &str, value: &Json, path: &str) {
		let Some((set, codes)) = bindings::set_of(of, key) else { return };
		if bindings::is_member(value, codes) {
			return;
		}
		const SHOWN: usize = 12;
		let mut listed = codes.iter().take(SHOWN).copied().collect::<Vec<_>>().join(" | ");
		if codes.len() > SHOWN {
			listed.push_str(" | …");
		}
		let message = format!("the code must be one of {set}: {listed}");
		self.conformance(IssueCode::CodeInvalid, path, message);
	}

	/// Judges a value that stands under `key` and is of type `of`, where that is known.
	fn value(
		&mut self,
		of: Option<&str>,
		key: &str,
		value: &Json,
		path: &mut String,
		container: Option<&Json>,
	) {
		match value {
			Json::Object(inner) => {
				conformance::check_element(value, key, path, self.report);
				let is_resource = matches!(value.get("resourceType"), Some(Json::String(_)));
				let contained = key == "contained";
				if is_resource {
					self.resource(value, contained, path);
				}
				// References within a contained resource are resolved in its container.
				let container = if is_resource && !contained { Some(value) } else { container };
				if let Some(reference) = string(value, "reference") {
					self.reference(key, reference, path, container);
				}
				let name = if is_resource { resource_type(value) } else { of.unwrap_or_default() };
				if is_resource && name == "Bundle" {
					let index = Index::of(value);
					let life = index.life();
					let mut walk =
						Walk { index: &index, life, now: self.now, report: &mut *self.report };
					for (key, inner) in inner {
						walk.member(name, key, inner, path, container);
					}
				} else {
					for (key, inner) in inner {
						self.member(name, key, inner, path, container);
					}
				}
			},
			Json::String(text)
				if conformance::is_temporal(key)
					&& text.starts_with(|c: char| c.is_ascii_digit())
					&& Span::parse(text).is_none() =>
			{
				self.conformance(IssueCode::Value, path, "the calendar has no such day or hour");
			},
			_ => {},
		}
	}

	fn resource(&mut self, resource: &Json, contained: bool, path: &str) {
		conformance::check_resource(resource, contained, path, self.report);
		if resource_type(resource) == "Bundle" {
			conformance::check_bundle(resource, path, self.report);
		}
		if !contained {
			completeness::check_resource(resource, path, self.report);
		}
		plausibility::check_resource(resource, self.life, self.now, path, self.report);
	}

	fn reference(&mut self, key: &str, reference: &str, path: &str, container: Option<&Json>) {
		let path = format!("{path}.reference");
		if let Some(id) = reference.strip_prefix('#') {
			let contained = container.and_then(|container| container.get("contained"));
			let known = id.is_empty()
				|| items(contained).iter().any(|resource| string(resource, "id") == Some(id));
			if !known {
				let message = "refers to a contained resource that is not there (ref-1)";
				self.conformance(IssueCode::NotFound, &path, message);
			}
			return;
		}
		let (found, inside) = self.index.resolve(reference);
		let Some(target) = found else {
			if inside && self.index.is_bundle {
				let message = "refers to an entry that is not in the bundle";
				let (dimension, code) = (Dimension::Completeness, IssueCode::NotFound);
				self.report.add(Severity::Error, dimension, code, path, message);
			}
			return;
		};
		// The two targets whose confusion files data under the wrong thing.
		let wanted: &[&str] = match key {
			"patient" => &["Patient"],
			"encounter" => &["Encounter", "EpisodeOfCare"],
			_ => return,
		};
		let name = resource_type(target);
		if !wanted.contains(&name) && fhirkit::r4::RESOURCE_TYPES.contains(&name) {
			let message = format!("refers to a {name} where a {} is meant", wanted[0]);
			self.conformance(IssueCode::Value, &path, message);
		}
	}
}
