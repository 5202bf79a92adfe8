// SPDX-License-Identifier: Apache-2.0

//! An element of a resource with its path: everything in it is read or refused.

use super::super::calendar::Date;
use super::statement::Refused;
use salus_primitives::{IdentityId, RecordId, Window};
use serde_json::{Map, Value};
use std::str::FromStr;

/// An object and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
	pub(super) path: String,
	fields: &'a Map<String, Value>,
}

/// A code of a system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Coding<'a> {
	pub(super) system: &'a str,
	pub(super) code: &'a str,
}

impl<'a> Node<'a> {
	/// An object that holds nothing but the fields that are known here.
	pub(super) fn of(
		path: impl Into<String>,
		value: &'a Value,
		known: &[&str],
	) -> Result<Self, Refused> {
		let path = path.into();
		let Some(fields) = value.as_object() else {
			return Err(Refused::new(path, "an object is expected here"));
		};
		if let Some(field) = fields.keys().find(|field| !known.contains(&field.as_str())) {
			return Err(Refused::new(format!("{path}.{field}"), reason(field)));
		}
		Ok(Self { path, fields })
	}

	pub(super) fn at(&self, field: &str) -> String {
		format!("{}.{field}", self.path)
	}

	pub(super) fn has(&self, field: &str) -> bool {
		self.fields.contains_key(field)
	}

	pub(super) fn refuse(&self, field: &str, why: impl Into<String>) -> Refused {
		Refused::new(self.at(field), why)
	}

	/// A text, when the field is there.
	pub(super) fn text(&self, field: &str) -> Result<Option<&'a str>, Refused> {
		match self.fields.get(field) {
			None => Ok(None),
			Some(Value::String(text)) => Ok(Some(text)),
			Some(_) => Err(self.refuse(field, "a text is expected here")),
		}
	}

	pub(super) fn required_text(&self, field: &str) -> Result<&'a str, Refused> {
		self.text(field)?.ok_or_else(|| self.refuse(field, "this element is missing: add it"))
	}

	/// The value of a field, when it is there.
	pub(super) fn value(&self, field: &str) -> Option<&'a Value> {
		self.fields.get(field)
	}

	/// An object within.
	pub(super) fn node(&self, field: &str, known: &[&str]) -> Result<Option<Node<'a>>, Refused> {
		self.fields.get(field).map(|value| Node::of(self.at(field), value, known)).transpose()
	}

	/// The elements of a list with their paths; none when the field is not there.
	pub(super) fn list(&self, field: &str) -> Result<Vec<(String, &'a Value)>, Refused> {
		match self.fields.get(field) {
			None => Ok(Vec::new()),
			Some(Value::Array(items)) if items.is_empty() => {
				Err(self.refuse(field, "an empty list says nothing: leave it out"))
			},
			Some(Value::Array(items)) => {
				let path = |index| format!("{}[{index}]", self.at(field));
				Ok(items.iter().enumerate().map(|(index, item)| (path(index), item)).collect())
			},
			Some(_) => Err(self.refuse(field, "a list is expected here")),
		}
	}

	/// A period as a window; an end that is not there is as given. The end of a FHIR period belongs to
	/// it.
	pub(super) fn period(
		&self,
		field: &str,
		start: Option<u64>,
		end: Option<u64>,
	) -> Result<Option<Window>, Refused> {
		let Some(period) = self.node(field, &["start", "end"])? else { return Ok(None) };
		let date = |part: &str| -> Result<Option<Date>, Refused> {
			let text = period.text(part)?;
			text.map(|text| text.parse().map_err(|why: String| period.refuse(part, why)))
				.transpose()
		};
		let from = date("start")?.map(|date| date.0.from).or(start);
		let until = date("end")?.map(|date| date.0.until).or(end);
		let (Some(from), Some(until)) = (from, until) else {
			let part = if from.is_none() { "start" } else { "end" };
			return Err(period.refuse(part, "a grant begins and ends: name the day"));
		};
		let window = Window::new(from, until);
		let empty = || Refused::new(period.path.clone(), "the period ends before it begins");
		window.map(Some).ok_or_else(empty)
	}

	/// The one code of a `CodeableConcept`.
	pub(super) fn concept(&self, field: &str) -> Result<Option<Coding<'a>>, Refused> {
		self.fields.get(field).map(|value| concept(&self.at(field), value)).transpose()
	}
}

/// The one code of a `CodeableConcept`. Its words for people are not the rule, and stay out.
pub(super) fn concept<'a>(path: &str, value: &'a Value) -> Result<Coding<'a>, Refused> {
	let node = Node::of(path, value, &["coding", "text"])?;
	let codings = node.list("coding")?;
	match codings.as_slice() {
		[(path, one)] => coding(path, one),
		[] => Err(node.refuse("coding", "a code is needed: words alone decide nothing")),
		[_, (path, _), ..] => {
			Err(Refused::new(path.clone(), "one code is read: leave one that is known here"))
		},
	}
}

/// A `Coding`.
pub(super) fn coding<'a>(path: &str, value: &'a Value) -> Result<Coding<'a>, Refused> {
	let node = Node::of(path, value, &["system", "code", "display", "version"])?;
	Ok(Coding { system: node.required_text("system")?, code: node.required_text("code")? })
}

/// A reference by identifier: its system, its value, and the type of what it points at.
pub(super) struct Pointer<'a> {
	path: String,
	system: &'a str,
	value: &'a str,
	pub(super) kind: Option<&'a str>,
}

impl<'a> Pointer<'a> {
	pub(super) fn of(path: &str, value: &'a Value) -> Result<Self, Refused> {
		let node = Node::of(path, value, &["type", "identifier", "display"])?;
		let identifier = node.node("identifier", &["system", "value"])?;
		let identifier = identifier.ok_or_else(|| {
			node.refuse("identifier", "people and records are named by an identifier: add it")
		})?;
		Ok(Self {
			path: identifier.path.clone(),
			system: identifier.required_text("system")?,
			value: identifier.required_text("value")?,
			kind: node.text("type")?,
		})
	}

	/// The id in a system of ours.
	fn id<T: FromStr>(&self, system: &str) -> Result<T, Refused> {
		if self.system != system {
			let why = format!("only identifiers of {system} are known here");
			return Err(Refused::new(format!("{}.system", self.path), why));
		}
		self.value.parse().map_err(|_| {
			Refused::new(format!("{}.value", self.path), "expected 0x and 64 hexadecimal digits")
		})
	}

	pub(super) fn identity(&self) -> Result<IdentityId, Refused> {
		self.id(super::statement::IDENTITY)
	}

	pub(super) fn record(&self) -> Result<RecordId, Refused> {
		self.id(super::statement::RECORD)
	}
}

/// Why an element has no counterpart on chain.
fn reason(field: &str) -> &'static str {
	match field {
		"reference" => {
			"a literal reference means nothing outside its server: name the identifier instead"
		},
		"code" => "grants speak of classes and compartments, not of single clinical codes",
		"class" | "documentType" | "resourceType" => {
			"this kind of filter is not known in this version: name the record class"
		},
		"provision" => {
			"exceptions within a rule are rules of their own: write each as a Consent of its own"
		},
		"organization" | "controller" | "manager" => {
			"the chain keeps the consent, and the custodians of the key shares enforce it: leave it out"
		},
		"policy" | "policyText" => {
			"what another policy says is not read: write what it means as a provision"
		},
		"verification" => "that it was verified cannot be said on chain: leave it out",
		"expression" => "expressions are not evaluated: write what it means as a provision",
		"contained" | "implicitRules" | "modifierExtension" => {
			"it may change what everything else means: leave it out"
		},
		_ => "it cannot be said on chain: leave it out, or say it otherwise",
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	#[test]
	fn what_is_not_known_is_refused_by_its_path() {
		let value = json!({ "type": "permit", "code": [] });
		let refused = Node::of("Consent.provision", &value, &["type"]).err().unwrap();
		assert_eq!(refused.path, "Consent.provision.code");
		assert!(refused.to_string().contains("classes and compartments"), "{refused}");
		assert!(Node::of("Consent", &json!([]), &[]).is_err());
	}

	#[test]
	fn a_concept_has_one_code() {
		let one = json!({ "coding": [{ "system": "s", "code": "c" }], "text": "words" });
		assert_eq!(concept("x", &one), Ok(Coding { system: "s", code: "c" }));
		let two = json!({ "coding": [{ "system": "s", "code": "c" }, { "system": "t" }] });
		assert_eq!(concept("x", &two).unwrap_err().path, "x.coding[1]");
		let none = json!({ "text": "words" });
		assert_eq!(concept("x", &none).unwrap_err().path, "x.coding");
	}

	#[test]
	fn the_end_of_a_period_belongs_to_it() {
		let value = json!({ "period": { "start": "2026-09-21", "end": "2026-09-21" } });
		let node = Node::of("x", &value, &["period"]).unwrap();
		let window = node.period("period", None, None).unwrap().unwrap();
		assert_eq!(window.length(), 86_400_000);
		let open = json!({ "period": { "start": "2026-09-21" } });
		let node = Node::of("x", &open, &["period"]).unwrap();
		assert_eq!(node.period("period", None, None).unwrap_err().path, "x.period.end");
		assert!(node.period("period", None, Some(u64::MAX)).is_ok());
	}
}
