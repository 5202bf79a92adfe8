// SPDX-License-Identifier: Apache-2.0

//! Whom a document names as its authors and its patient, as far as it names them so that the chain
//! can tell: by their DID (`did:salus:…`), as an identifier's value or as a reference, or by their id
//! under the system `urn:salus:identity`. Bundles within bundles are looked through.
//!
//! What the verdict on the source says: the author signed for it, works at the organisation now, and
//! the document contradicts neither that nor whose record it is filed as. What it does not say:
//! that the author made the observations. Names, register numbers and other identifiers are not
//! looked at, because the chain knows none.

use super::judge::{Findings, verdict_of};
use salus_client::did::{ChainTag, Did};
use salus_fhir::Severity;
use salus_primitives::{IdentityId, Verdict};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// The members by which resources name who answers for what they say.
const AUTHORS: &[&str] = &[
	"agent",
	"asserter",
	"attester",
	"author",
	"performer",
	"prescriber",
	"recorder",
	"requester",
	"sender",
];
/// Where within such a member the reference may stand.
const WITHIN: &[&str] = &["actor", "party", "who"];
/// The members by which resources name whom they are about.
const SUBJECTS: &[&str] = &["beneficiary", "patient", "subject"];
/// The system of identifiers whose values are ids of this chain.
const IDENTITY_SYSTEM: &str = "urn:salus:identity";
/// How many authors are looked up on the chain for one document.
const MAX_LOOKED_UP: usize = 16;

/// Whom a document names by DID or id, each with the place where it first does.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Parties {
	authors: BTreeMap<IdentityId, String>,
	subjects: BTreeMap<IdentityId, String>,
	/// Somebody of another chain, who cannot be compared.
	foreign: Option<String>,
}

impl Parties {
	/// Reads whom a document names; none when it is no JSON.
	pub(super) fn named_in(document: &[u8], chain: ChainTag) -> Option<Self> {
		let root: Value = serde_json::from_slice(document).ok()?;
		let document = Document::of(&root);
		let mut reading = Reading { chain, document: &document, parties: Self::default() };
		for place in &document.places {
			reading.resource(place);
		}
		Some(reading.parties)
	}

	/// The authors to look up on the chain, as many as are looked up.
	pub(super) fn authors_to_check(&self) -> impl Iterator<Item = (&IdentityId, &String)> {
		self.authors.iter().take(MAX_LOOKED_UP)
	}

	/// The verdict on the source, given whose record it is and where strangers are named as authors.
	pub(super) fn judge(
		&self,
		subject: &IdentityId,
		strangers: &[String],
		findings: &mut Findings,
	) -> Verdict {
		let mut verdict = Verdict::Pass;
		let mut note = |severity, path: Option<&str>, message: &str| {
			verdict = verdict.max(verdict_of(severity));
			findings.note(severity, path, message);
		};
		let (error, warning) = (Severity::Error, Severity::Warning);
		for (_, path) in self.subjects.iter().filter(|(named, _)| *named != subject) {
			note(
				error,
				Some(path.as_str()),
				"the document is about another patient than it is filed for",
			);
		}
		for path in strangers {
			note(
				error,
				Some(path.as_str()),
				"an author is named who does not work at the organisation now",
			);
		}
		if self.authors.len() > MAX_LOOKED_UP {
			note(warning, None, "more authors are named than are looked up on the chain");
		}
		if let Some(path) = &self.foreign {
			note(warning, Some(path.as_str()), "somebody is named by a DID of another chain");
		}
		if self.authors.is_empty() {
			let message =
				"no author is named by DID or id: the source rests on the signature alone";
			note(Severity::Information, None, message);
		}
		verdict
	}
}

/// A resource, the one that contains it or itself, where it stands, and in which bundle.
struct Place<'a> {
	resource: &'a Value,
	container: &'a Value,
	path: String,
	bundle: usize,
}

/// The resources of a bundle by what refers to them, and the bundle around it.
struct Bundle<'a> {
	index: HashMap<String, &'a Value>,
	around: Option<usize>,
}

/// All resources of a document: itself, the entries of bundles, and what is contained in them. A
/// document that is no bundle is its own, with nothing in it.
struct Document<'a> {
	places: Vec<Place<'a>>,
	bundles: Vec<Bundle<'a>>,
}

/// What somebody may be named by.
#[derive(Clone, Copy)]
enum Name<'a> {
	/// A text that may be a DID.
	Text(&'a str),
	/// A value that is to be an id.
	Id(&'a str),
}

impl<'a> Document<'a> {
	fn of(root: &'a Value) -> Self {
		let mut document = Self { places: Vec::new(), bundles: Vec::new() };
		// The name of a type comes from the document: what is no name is not repeated.
		let name = type_of(root);
		let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
		let path = if is_plain { name } else { "Resource" };
		if name == "Bundle" {
			document.add_bundle(root, path, None);
		} else {
			document.bundles.push(Bundle { index: HashMap::new(), around: None });
			document.add(root, path.into(), 0);
		}
		document
	}

	/// The reader of JSON bounds how deep they can lie in each other.
	fn add_bundle(&mut self, bundle: &'a Value, path: &str, around: Option<usize>) {
		let number = self.bundles.len();
		self.bundles.push(Bundle { index: index_of(bundle), around });
		for (at, entry) in items(member(bundle, "entry")).enumerate() {
			let Some(resource) = member(entry, "resource") else { continue };
			let path = format!("{path}.entry[{at}].resource");
			if type_of(resource) == "Bundle" {
				self.add_bundle(resource, &path, Some(number));
			} else {
				self.add(resource, path, number);
			}
		}
	}

	fn add(&mut self, resource: &'a Value, path: String, bundle: usize) {
		for (at, inner) in items(member(resource, "contained")).enumerate() {
			let path = format!("{path}.contained[{at}]");
			self.places.push(Place { resource: inner, container: resource, path, bundle });
		}
		self.places.push(Place { resource, container: resource, path, bundle });
	}

	/// The resource that a reference leads to: in its own bundle, or else in one around it.
	fn find(&self, reference: &str, place: &Place<'a>) -> Option<&'a Value> {
		if let Some(id) = reference.strip_prefix('#') {
			return items(member(place.container, "contained"))
				.find(|inner| text(inner, "id").is_some_and(|found| found == id));
		}
		let mut next = Some(place.bundle);
		while let Some(bundle) = next.and_then(|number| self.bundles.get(number)) {
			if let Some(found) = bundle.index.get(reference) {
				return Some(found);
			}
			next = bundle.around;
		}
		None
	}

	/// Everything that a reference names somebody by: itself, its identifier, and the identifiers of
	/// the resource that it leads to. A role is held by somebody somewhere, so it leads on once.
	fn names(&self, reference: &'a Value, place: &Place<'a>, leads_on: bool) -> Vec<Name<'a>> {
		let mut names = Vec::new();
		names.extend(member(reference, "identifier").and_then(name_in));
		let Some(target) = text(reference, "reference") else { return names };
		names.push(Name::Text(target));
		let Some(resource) = self.find(target, place) else { return names };
		names.extend(identifiers(resource));
		if leads_on && type_of(resource) == "PractitionerRole" {
			for held in ["practitioner", "organization"] {
				if let Some(held) = member(resource, held) {
					names.extend(self.names(held, place, false));
				}
			}
		}
		names
	}
}

fn index_of(bundle: &Value) -> HashMap<String, &Value> {
	let mut index = HashMap::new();
	for entry in items(member(bundle, "entry")) {
		let Some(resource) = member(entry, "resource") else { continue };
		if let Some(url) = text(entry, "fullUrl") {
			index.insert(url.to_owned(), resource);
		}
		if let Some(id) = text(resource, "id") {
			index.insert(format!("{}/{id}", type_of(resource)), resource);
		}
	}
	index
}

struct Reading<'d, 'a> {
	chain: ChainTag,
	document: &'d Document<'a>,
	parties: Parties,
}

impl<'a> Reading<'_, 'a> {
	fn resource(&mut self, place: &Place<'a>) {
		let Place { resource, ref path, .. } = *place;
		let name = type_of(resource);
		for author in AUTHORS {
			// Who is asked to do something has not done it.
			if *author == "performer" && name.ends_with("Request") {
				continue;
			}
			let path = format!("{path}.{author}");
			for reference in references(member(resource, author)) {
				let names = self.document.names(reference, place, true);
				self.note(&names, &path, |parties| &mut parties.authors);
			}
		}
		for subject in SUBJECTS {
			let path = format!("{path}.{subject}");
			for reference in references(member(resource, subject)) {
				let names = self.document.names(reference, place, false);
				self.note(&names, &path, |parties| &mut parties.subjects);
			}
		}
		if name == "Patient" {
			let names: Vec<_> = identifiers(resource).collect();
			let path = format!("{path}.identifier");
			self.note(&names, &path, |parties| &mut parties.subjects);
		}
	}

	fn note(
		&mut self,
		names: &[Name<'_>],
		path: &str,
		list: impl Fn(&mut Parties) -> &mut BTreeMap<IdentityId, String>,
	) {
		// What is neither a DID of this method nor an id says nothing here.
		for did in names.iter().filter_map(|name| party(self.chain, *name)) {
			if did.chain == self.chain {
				list(&mut self.parties).entry(did.identity).or_insert_with(|| path.into());
			} else {
				self.parties.foreign.get_or_insert_with(|| path.into());
			}
		}
	}
}

/// Who is named. An id alone is one of this chain.
fn party(chain: ChainTag, name: Name<'_>) -> Option<Did> {
	let id = match name {
		Name::Id(id) => Some(id),
		Name::Text(text) => {
			text.strip_prefix(IDENTITY_SYSTEM).and_then(|rest| rest.strip_prefix(':'))
		},
	};
	match (id, name) {
		(Some(id), _) => Some(Did { chain, identity: id.parse().ok()? }),
		(None, Name::Text(text) | Name::Id(text)) => text.parse().ok(),
	}
}

/// The references in a member: itself or its items, and what stands within those.
fn references(member: Option<&Value>) -> Vec<&Value> {
	let one = member.filter(|member| member.is_object());
	let all = items(member).chain(one);
	all.flat_map(|item| WITHIN.iter().filter_map(|inner| self::member(item, inner)).chain([item]))
		.collect()
}

fn identifiers(resource: &Value) -> impl Iterator<Item = Name<'_>> {
	items(member(resource, "identifier")).filter_map(name_in)
}

fn name_in(identifier: &Value) -> Option<Name<'_>> {
	let value = text(identifier, "value")?;
	let is_id = text(identifier, "system") == Some(IDENTITY_SYSTEM);
	Some(if is_id { Name::Id(value) } else { Name::Text(value) })
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
	value.get(name)
}

fn items(value: Option<&Value>) -> impl Iterator<Item = &Value> {
	value.and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
	member(value, name).and_then(Value::as_str)
}

fn type_of(resource: &Value) -> &str {
	text(resource, "resourceType").unwrap_or_default()
}

#[cfg(test)]
mod tests;
