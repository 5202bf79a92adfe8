// SPDX-License-Identifier: Apache-2.0

//! Whom a document names as its authors and its patient, as far as it names them so that the chain
//! can tell: by their DID (`did:salus:…`), as an identifier's value or as a reference.
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
/// How many authors are looked up on the chain for one document.
const MAX_LOOKED_UP: usize = 16;

/// Whom a document names by DID, each with the place where it first does.
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
		let mut reading = Reading { chain, index: Index::of(&root), parties: Self::default() };
		for place in places_in(&root) {
			reading.resource(&place);
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
			let message = "no author is named by DID: the source rests on the signature alone";
			note(Severity::Information, None, message);
		}
		verdict
	}
}

/// A resource, the one that contains it or itself, and where it stands.
struct Place<'a> {
	resource: &'a Value,
	container: &'a Value,
	path: String,
}

/// The resources of a document: itself, or the entries of a bundle, and what is contained in them.
fn places_in<'a>(root: &'a Value) -> Vec<Place<'a>> {
	let mut places = Vec::new();
	let mut add = |resource: &'a Value, path: String| {
		for (at, inner) in items(member(resource, "contained")).enumerate() {
			let path = format!("{path}.contained[{at}]");
			places.push(Place { resource: inner, container: resource, path });
		}
		places.push(Place { resource, container: resource, path });
	};
	if type_of(root) == "Bundle" {
		for (at, entry) in items(member(root, "entry")).enumerate() {
			if let Some(resource) = member(entry, "resource") {
				add(resource, format!("Bundle.entry[{at}].resource"));
			}
		}
	} else {
		// The name of a type comes from the document: what is no name is not repeated.
		let name = type_of(root);
		let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
		add(root, if is_plain { name.into() } else { "Resource".into() });
	}
	places
}

/// The resources of a bundle, by what refers to them.
struct Index<'a>(HashMap<String, &'a Value>);

impl<'a> Index<'a> {
	fn of(root: &'a Value) -> Self {
		let mut index = HashMap::new();
		for entry in items(member(root, "entry")) {
			let Some(resource) = member(entry, "resource") else { continue };
			if let Some(url) = text(entry, "fullUrl") {
				index.insert(url.to_owned(), resource);
			}
			if let Some(id) = text(resource, "id") {
				index.insert(format!("{}/{id}", type_of(resource)), resource);
			}
		}
		Self(index)
	}

	/// The resource that a reference leads to.
	fn find(&self, reference: &str, container: &'a Value) -> Option<&'a Value> {
		match reference.strip_prefix('#') {
			Some(id) => items(member(container, "contained"))
				.find(|inner| text(inner, "id").is_some_and(|found| found == id)),
			None => self.0.get(reference).copied(),
		}
	}

	/// Everything that a reference names somebody by: itself, its identifier, and the identifiers of
	/// the resource that it leads to. A role is held by somebody somewhere, so it leads on once.
	fn names(&self, reference: &'a Value, container: &'a Value, leads_on: bool) -> Vec<&'a str> {
		let mut names = Vec::new();
		names.extend(member(reference, "identifier").and_then(|found| text(found, "value")));
		let Some(target) = text(reference, "reference") else { return names };
		names.push(target);
		let Some(resource) = self.find(target, container) else { return names };
		names.extend(identifiers(resource));
		if leads_on && type_of(resource) == "PractitionerRole" {
			for held in ["practitioner", "organization"] {
				if let Some(held) = member(resource, held) {
					names.extend(self.names(held, container, false));
				}
			}
		}
		names
	}
}

struct Reading<'a> {
	chain: ChainTag,
	index: Index<'a>,
	parties: Parties,
}

impl<'a> Reading<'a> {
	fn resource(&mut self, place: &Place<'a>) {
		let Place { resource, container, ref path } = *place;
		let name = type_of(resource);
		for author in AUTHORS {
			// Who is asked to do something has not done it.
			if *author == "performer" && name.ends_with("Request") {
				continue;
			}
			let path = format!("{path}.{author}");
			for reference in references(member(resource, author)) {
				let names = self.index.names(reference, container, true);
				self.note(&names, &path, |parties| &mut parties.authors);
			}
		}
		for subject in SUBJECTS {
			let path = format!("{path}.{subject}");
			for reference in references(member(resource, subject)) {
				let names = self.index.names(reference, container, false);
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
		names: &[&str],
		path: &str,
		list: impl Fn(&mut Parties) -> &mut BTreeMap<IdentityId, String>,
	) {
		// What is no DID of this method says nothing here.
		for did in names.iter().filter_map(|name| name.parse::<Did>().ok()) {
			if did.chain == self.chain {
				list(&mut self.parties).entry(did.identity).or_insert_with(|| path.into());
			} else {
				self.parties.foreign.get_or_insert_with(|| path.into());
			}
		}
	}
}

/// The references in a member: itself or its items, and what stands within those.
fn references(member: Option<&Value>) -> Vec<&Value> {
	let one = member.filter(|member| member.is_object());
	let all = items(member).chain(one);
	all.flat_map(|item| WITHIN.iter().filter_map(|inner| self::member(item, inner)).chain([item]))
		.collect()
}

fn identifiers(resource: &Value) -> impl Iterator<Item = &str> {
	items(member(resource, "identifier")).filter_map(|identifier| text(identifier, "value"))
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
mod tests {
	use super::*;
	use serde_json::json;

	const CHAIN: ChainTag = [7; 8];
	const PATIENT: IdentityId = IdentityId([1; 32]);
	const DOCTOR: IdentityId = IdentityId([2; 32]);
	const CLINIC: IdentityId = IdentityId([3; 32]);

	fn did(identity: IdentityId) -> String {
		Did { chain: CHAIN, identity }.to_string()
	}

	fn parties(document: &Value) -> Parties {
		Parties::named_in(document.to_string().as_bytes(), CHAIN).unwrap()
	}

	fn authors(document: &Value) -> Vec<IdentityId> {
		parties(document).authors.into_keys().collect()
	}

	fn verdict(parties: &Parties, strangers: &[String]) -> Verdict {
		let mut findings = Findings::of(salus_fhir::validate(b"{}", 0));
		parties.judge(&PATIENT, strangers, &mut findings)
	}

	#[test]
	fn a_party_is_named_by_reference_identifier_or_resource() {
		for named in
			[json!({ "reference": did(DOCTOR) }), json!({ "identifier": { "value": did(DOCTOR) } })]
		{
			let document = json!({ "resourceType": "Observation", "performer": [named] });
			let found = parties(&document);
			assert_eq!(found.authors, [(DOCTOR, "Observation.performer".into())].into());
		}
		for (key, reference) in [("fullUrl", "urn:uuid:1"), ("none", "Practitioner/p1")] {
			let document = json!({ "resourceType": "Bundle", "entry": [
				{ key: reference, "resource": {
					"resourceType": "Practitioner", "id": "p1",
					"identifier": [{ "value": "P-1" }, { "value": did(DOCTOR) }],
				} },
				{ "resource": {
					"resourceType": "Condition", "recorder": { "reference": reference },
				} },
			] });
			assert_eq!(authors(&document), [DOCTOR], "{reference}");
		}
	}

	#[test]
	fn what_is_contained_is_found_in_its_own_container() {
		let holder = |identity| {
			json!({ "resource": {
				"resourceType": "Composition",
				"author": [{ "reference": "#a" }],
				"contained": [{
					"resourceType": "Practitioner", "id": "a",
					"identifier": [{ "value": did(identity) }],
				}],
			} })
		};
		let document =
			json!({ "resourceType": "Bundle", "entry": [holder(DOCTOR), holder(CLINIC)] });
		let found = parties(&document).authors;
		assert_eq!(found[&DOCTOR], "Bundle.entry[0].resource.author");
		assert_eq!(found[&CLINIC], "Bundle.entry[1].resource.author");
	}

	#[test]
	fn a_role_leads_to_who_holds_it_and_where() {
		let document = json!({ "resourceType": "Bundle", "entry": [
			{ "fullUrl": "urn:uuid:r", "resource": {
				"resourceType": "PractitionerRole",
				"practitioner": { "identifier": { "value": did(DOCTOR) } },
				"organization": { "identifier": { "value": did(CLINIC) } },
			} },
			{ "resource": {
				"resourceType": "Immunization",
				"performer": [{ "actor": { "reference": "urn:uuid:r" } }],
			} },
		] });
		assert_eq!(authors(&document), [DOCTOR, CLINIC]);
	}

	#[test]
	fn a_role_that_leads_to_itself_ends() {
		let document = json!({ "resourceType": "Bundle", "entry": [
			{ "fullUrl": "urn:uuid:r", "resource": {
				"resourceType": "PractitionerRole",
				"practitioner": { "reference": "urn:uuid:r" },
			} },
			{ "resource": { "resourceType": "Basic", "author": { "reference": "urn:uuid:r" } } },
		] });
		assert!(authors(&document).is_empty());
	}

	#[test]
	fn who_is_asked_to_do_something_has_not_done_it() {
		let document = json!({
			"resourceType": "ServiceRequest",
			"requester": { "reference": did(DOCTOR) },
			"performer": [{ "reference": did(CLINIC) }],
		});
		assert_eq!(authors(&document), [DOCTOR]);
	}

	#[test]
	fn the_patient_is_named_by_itself_and_by_what_is_about_it() {
		let document = json!({ "resourceType": "Bundle", "entry": [
			{ "resource": {
				"resourceType": "Patient", "identifier": [{ "value": did(PATIENT) }],
			} },
			{ "resource": {
				"resourceType": "Observation", "subject": { "reference": did(CLINIC) },
			} },
		] });
		let found = parties(&document);
		assert_eq!(found.subjects.keys().copied().collect::<Vec<_>>(), [PATIENT, CLINIC]);
		assert_eq!(verdict(&found, &[]), Verdict::Fail);
	}

	#[test]
	fn nobody_named_is_a_pass_and_a_contradiction_none() {
		let nobody = parties(&json!({ "resourceType": "Observation" }));
		assert_eq!(verdict(&nobody, &[]), Verdict::Pass);
		let own = parties(&json!({
			"resourceType": "Observation",
			"subject": { "reference": did(PATIENT) },
			"performer": [{ "reference": did(DOCTOR) }],
		}));
		assert_eq!(verdict(&own, &[]), Verdict::Pass);
		assert_eq!(verdict(&own, &["Observation.performer".into()]), Verdict::Fail);
	}

	#[test]
	fn a_did_of_another_chain_is_not_taken_for_one_of_this() {
		let other = Did { chain: [8; 8], identity: PATIENT }.to_string();
		let found =
			parties(&json!({ "resourceType": "Observation", "subject": { "reference": other } }));
		assert!(found.subjects.is_empty());
		assert_eq!(verdict(&found, &[]), Verdict::PassWithWarnings);
	}

	#[test]
	fn more_authors_than_are_looked_up_are_said_so() {
		let performers: Vec<_> = (0..=MAX_LOOKED_UP)
			.map(|number| json!({ "reference": did(IdentityId([number as u8 + 10; 32])) }))
			.collect();
		let found = parties(&json!({ "resourceType": "Observation", "performer": performers }));
		assert_eq!(found.authors_to_check().count(), MAX_LOOKED_UP);
		assert_eq!(verdict(&found, &[]), Verdict::PassWithWarnings);
	}

	#[test]
	fn anything_may_stand_anywhere() {
		for document in [
			json!([1, 2]),
			json!({ "resourceType": 3 }),
			json!({ "resourceType": "Bundle", "entry": {} }),
			json!({ "resourceType": "Bundle", "entry": [1, { "resource": null }] }),
			json!({ "resourceType": "Observation", "performer": "x", "contained": { "id": 1 } }),
		] {
			assert_eq!(parties(&document).authors, BTreeMap::new(), "{document}");
		}
		assert_eq!(Parties::named_in(b"{", CHAIN), None);
	}
}
