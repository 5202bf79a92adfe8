// SPDX-License-Identifier: Apache-2.0
//! A bundle taken apart, so that each clinical resource becomes a document of its own.
//!
//! - What says something about the patient becomes a document. Patients, practitioners,
//!   organisations, places, devices, specimens, medications and the like do not: they say who,
//!   where and with what.
//! - These supporting resources go along as `contained` resources of every document that refers to
//!   them, so that each reads on its own.
//! - A reference to the Patient becomes one by identifier (`Reference.identifier`).
//! - A reference to another document becomes one by the identifier that the caller gives to it.
//! - A reference to what is not in the bundle stays as it is.
//! - The `fullUrl` of the entry is kept as `meta.source`, where there is none.
//!
//! What an entry says of its transport (`request`, `search`, `response`) is dropped.

mod error;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fhirkit::Json;

use crate::json::{items, object, resource_type, string, text};

pub use error::{EntryError, SplitError};

/// The scheme of the URIs under which records are named: `urn:salus:record`.
pub const RECORD_SYSTEM: &str = "urn:salus:record";

/// Types that go along with what refers to them.
const SUPPORTING: &[&str] = &[
	"BiologicallyDerivedProduct",
	"Device",
	"DeviceDefinition",
	"Endpoint",
	"Group",
	"HealthcareService",
	"Location",
	"Medication",
	"Organization",
	"OrganizationAffiliation",
	"Practitioner",
	"PractitionerRole",
	"RelatedPerson",
	"Specimen",
	"Substance",
];

/// The bundle types that are a heap of resources. Documents and messages are one signed whole,
/// histories and responses speak of a server.
const SPLITTABLE: &[&str] = &["collection", "transaction", "batch", "searchset"];

/// A resource of the bundle that becomes a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
	/// Its place in the bundle, from 0.
	pub number: usize,
	/// Its type.
	pub resource_type: String,
	/// What the bundle calls it.
	pub full_url: Option<String>,
	/// The codes of its category, such as `laboratory`.
	pub categories: Vec<String>,
}

/// What an entry is for the documents.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
	Document,
	Supporting,
	Patient,
}

/// A bundle to be taken apart.
pub struct Split {
	resources: BTreeMap<usize, Json>,
	parts: BTreeMap<usize, Part>,
	by_url: HashMap<String, usize>,
	by_id: HashMap<(String, String), usize>,
	entries: Vec<Entry>,
}

impl Split {
	/// Reads a bundle that [`crate::validate`] found good.
	pub fn of(bytes: &[u8]) -> Result<Self, SplitError> {
		let text = core::str::from_utf8(bytes).map_err(|_| SplitError::NotJson)?;
		let root = Json::parse(text).map_err(|_| SplitError::NotJson)?;
		if resource_type(&root) != "Bundle" {
			return Err(SplitError::NotABundle);
		}
		let bundle_type = string(&root, "type").unwrap_or_default();
		if !SPLITTABLE.contains(&bundle_type) {
			return Err(SplitError::Whole { bundle_type: bundle_type.to_owned() });
		}
		let mut split = Self {
			resources: BTreeMap::new(),
			parts: BTreeMap::new(),
			by_url: HashMap::new(),
			by_id: HashMap::new(),
			entries: Vec::new(),
		};
		for (number, entry) in items(root.get("entry")).iter().enumerate() {
			split.take(number, entry);
		}
		if split.parts.values().filter(|part| **part == Part::Patient).count() > 1 {
			return Err(SplitError::TwoPatients);
		}
		if split.entries.is_empty() {
			return Err(SplitError::NothingClinical);
		}
		Ok(split)
	}

	/// The resources that become documents, in the order of the bundle.
	pub fn entries(&self) -> &[Entry] {
		&self.entries
	}

	/// How many entries become no document, by type.
	pub fn left_out(&self) -> BTreeMap<String, usize> {
		let mut left = BTreeMap::new();
		for (number, part) in &self.parts {
			if *part != Part::Document
				&& let Some(resource) = self.resources.get(number)
			{
				*left.entry(resource_type(resource).to_owned()).or_insert(0) += 1;
			}
		}
		left
	}

	/// The document that an entry becomes. `name` gives the identifier of another document, as
	/// system and value, by the number of its entry.
	pub fn document(
		&self,
		entry: &Entry,
		name: &dyn Fn(usize) -> Option<(String, String)>,
	) -> Result<String, EntryError> {
		if entry.resource_type == "Bundle" {
			return Err(EntryError::NestedBundle);
		}
		let Some(resource) = self.resources.get(&entry.number) else {
			return Err(EntryError::NestedBundle);
		};
		let mut rewriting = Rewriting {
			split: self,
			name,
			wanted: BTreeSet::new(),
			own: entry.number,
			dangles: false,
		};
		let mut rewritten = rewriting.value("", resource);
		let mut contained = Vec::new();
		let mut done = BTreeSet::new();
		// What goes along may refer to more that goes along.
		while let Some(number) = rewriting.wanted.difference(&done).next().copied() {
			done.insert(number);
			let Some(along) = self.resources.get(&number) else { continue };
			if along.get("contained").is_some() {
				return Err(EntryError::NestedContained { entry: number });
			}
			contained.push(localised(rewriting.value("", along), number));
		}
		if rewriting.dangles {
			return Err(EntryError::Dangling);
		}
		if let Json::Object(members) = &mut rewritten {
			keep_source(members, entry.full_url.as_deref());
			hold(members, contained);
		}
		Ok(rewritten.to_pretty())
	}

	fn take(&mut self, number: usize, entry: &Json) {
		let Some(resource) = entry.get("resource") else { return };
		let name = resource_type(resource).to_owned();
		let full_url = string(entry, "fullUrl").map(str::to_owned);
		if let Some(url) = &full_url {
			self.by_url.insert(url.clone(), number);
		}
		if let Some(id) = string(resource, "id") {
			self.by_id.insert((name.clone(), id.to_owned()), number);
		}
		let part = match name.as_str() {
			"Patient" => Part::Patient,
			name if SUPPORTING.contains(&name) => Part::Supporting,
			_ => Part::Document,
		};
		if part == Part::Document {
			let categories = items(resource.get("category")).iter();
			let codings = categories.flat_map(|category| items(category.get("coding")));
			let categories =
				codings.filter_map(|coding| string(coding, "code")).map(str::to_owned).collect();
			self.entries.push(Entry { number, resource_type: name, full_url, categories });
		}
		self.parts.insert(number, part);
		self.resources.insert(number, resource.clone());
	}

	/// The entry that a reference leads to, whatever version of it is named.
	fn resolve(&self, reference: &str) -> Option<usize> {
		let plain = reference.split("/_history/").next().unwrap_or(reference);
		self.by_url.get(plain).copied().or_else(|| {
			let (name, id) = plain.split_once('/')?;
			self.by_id.get(&(name.to_owned(), id.to_owned())).copied()
		})
	}

	/// How the patient of an entry is named in a reference: by its own identifier, else by what the
	/// bundle calls it.
	fn patient_identifier(&self, number: usize, reference: &str) -> Json {
		let resource = self.resources.get(&number);
		let own = items(resource.and_then(|patient| patient.get("identifier")));
		let own = own.iter().find(|identifier| string(identifier, "value").is_some());
		own.cloned().unwrap_or_else(|| identifier(uri_system(reference), reference))
	}
}

/// The system of identifiers that are URIs; of others nothing is known.
fn uri_system(value: &str) -> Option<&'static str> {
	value.contains(':').then_some("urn:ietf:rfc:3986")
}

fn identifier(system: Option<&str>, value: &str) -> Json {
	match system {
		Some(system) => object([("system", text(system)), ("value", text(value))]),
		None => object([("value", text(value))]),
	}
}

/// One document in the making.
struct Rewriting<'a> {
	split: &'a Split,
	name: &'a dyn Fn(usize) -> Option<(String, String)>,
	/// The supporting resources that it refers to.
	wanted: BTreeSet<usize>,
	/// The entry it is made of.
	own: usize,
	/// Whether a reference leads nowhere.
	dangles: bool,
}

impl Rewriting<'_> {
	fn value(&mut self, key: &str, value: &Json) -> Json {
		match value {
			Json::Object(members) => {
				let members: Vec<_> = members
					.iter()
					.map(|(key, inner)| (key.clone(), self.value(key, inner)))
					.collect();
				self.reference(Json::Object(members))
			},
			Json::Array(values) => {
				Json::Array(values.iter().map(|inner| self.value(key, inner)).collect())
			},
			// An attachment that is an entry of its own.
			Json::String(url) if key == "url" => {
				let named = self.split.resolve(url).and_then(|number| (self.name)(number));
				named.map_or_else(|| value.clone(), |(system, value)| text(uri(&system, &value)))
			},
			_ => value.clone(),
		}
	}

	/// Rewrites an object that is a reference into the bundle; leaves any other as it is.
	fn reference(&mut self, value: Json) -> Json {
		let Some(target) = string(&value, "reference").map(str::to_owned) else { return value };
		let Some(number) = self.split.resolve(&target) else {
			self.dangles |= target.starts_with("urn:uuid:") || target.starts_with("urn:oid:");
			return value;
		};
		let Json::Object(mut members) = value else { return value };
		match self.split.parts.get(&number) {
			Some(Part::Supporting) => {
				self.wanted.insert(number);
				set(&mut members, "reference", text(format!("#{}", local_id(number))));
			},
			Some(Part::Patient) => {
				members.retain(|(key, _)| key != "reference");
				let identifier = self.split.patient_identifier(number, &target);
				set_absent(&mut members, "type", text("Patient"));
				set_absent(&mut members, "identifier", identifier);
			},
			Some(Part::Document) => self.name_document(&mut members, number),
			None => {},
		}
		Json::Object(members)
	}

	fn name_document(&self, members: &mut Vec<(String, Json)>, number: usize) {
		if number == self.own {
			// "This very resource", as FHIR writes it.
			set(members, "reference", text("#"));
			return;
		}
		let Some((system, value)) = (self.name)(number) else { return };
		if members.iter().any(|(key, _)| key == "identifier") {
			// Its place is taken, and what stands there is not to be lost.
			set(members, "reference", text(uri(&system, &value)));
			return;
		}
		members.retain(|(key, _)| key != "reference");
		let kind = self.split.resources.get(&number).map(resource_type).unwrap_or_default();
		set_absent(members, "type", text(kind));
		set(members, "identifier", identifier(Some(&system), &value));
	}
}

/// An identifier as one URI: a value that is one already, or the system with the value behind.
fn uri(system: &str, value: &str) -> String {
	if system == "urn:ietf:rfc:3986" { value.to_owned() } else { format!("{system}:{value}") }
}

fn local_id(number: usize) -> String {
	format!("entry-{number}")
}

/// A resource as another one contains it: under a local id, without what FHIR forbids there.
fn localised(resource: Json, number: usize) -> Json {
	let Json::Object(mut members) = resource else { return resource };
	members.retain(|(key, _)| key != "meta" && key != "id");
	let at = usize::from(members.first().is_some_and(|(key, _)| key == "resourceType"));
	members.insert(at, ("id".to_owned(), text(local_id(number))));
	Json::Object(members)
}

fn keep_source(members: &mut Vec<(String, Json)>, full_url: Option<&str>) {
	let Some(url) = full_url else { return };
	match members.iter_mut().find(|(key, _)| key == "meta") {
		Some((_, Json::Object(meta))) => set_absent(meta, "source", text(url)),
		Some(_) => {},
		None => members.push(("meta".to_owned(), object([("source", text(url))]))),
	}
}

fn hold(members: &mut Vec<(String, Json)>, mut more: Vec<Json>) {
	if more.is_empty() {
		return;
	}
	match members.iter_mut().find(|(key, _)| key == "contained") {
		Some((_, Json::Array(contained))) => contained.append(&mut more),
		_ => members.push(("contained".to_owned(), Json::Array(more))),
	}
}

fn set(members: &mut Vec<(String, Json)>, name: &str, value: Json) {
	match members.iter_mut().find(|(key, _)| key == name) {
		Some((_, old)) => *old = value,
		None => members.push((name.to_owned(), value)),
	}
}

fn set_absent(members: &mut Vec<(String, Json)>, name: &str, value: Json) {
	if !members.iter().any(|(key, _)| key == name) {
		members.push((name.to_owned(), value));
	}
}
