// SPDX-License-Identifier: Apache-2.0

//! The rule in a Consent: to whom, for what, of which records, when.

use super::super::terms::classes_of;
use super::node::{Coding, Node, Pointer, coding, concept};
use super::statement::*;
use salus_client::types::{Grantee, Scope};
use salus_primitives::{
	Action, Actions, Classes, Moment, Purpose, Purposes, RecordClass, Role, Window,
};
use serde_json::Value;

/// The most grants that one Consent is read as.
const MOST_GRANTS: usize = 32;

/// What a provision says, for each actor and each scope it names.
pub(super) struct Rule {
	pub(super) grantees: Vec<Grantee>,
	pub(super) scopes: Vec<Scope>,
	pub(super) purposes: Purposes,
	pub(super) actions: Actions,
	pub(super) data_period: Option<Window>,
	pub(super) window: Window,
}

/// The elements of a provision that are read, and the one that R4 has beside them.
const R4: [&str; 9] = [
	"type",
	"period",
	"actor",
	"action",
	"securityLabel",
	"purpose",
	"class",
	"dataPeriod",
	"data",
];
const R5: [&str; 8] =
	["period", "actor", "action", "securityLabel", "purpose", "documentType", "dataPeriod", "data"];

/// The element in which a version names classes of records.
fn class_field(version: Version) -> &'static str {
	match version {
		Version::R4 => "class",
		Version::R5 => "documentType",
	}
}

/// A provision as an object.
pub(super) fn node<'a>(
	path: &str,
	value: &'a Value,
	version: Version,
) -> Result<Node<'a>, Refused> {
	match version {
		Version::R4 => Node::of(path, value, &R4),
		Version::R5 => Node::of(path, value, &R5),
	}
}

/// Reads all of a provision. `now` is when it begins to act, where it does not say.
pub(super) fn rule(provision: &Node<'_>, version: Version, now: Moment) -> Result<Rule, Refused> {
	let grantees = actors(provision, version)?;
	let scopes = scopes(provision, version)?;
	if grantees.len().saturating_mul(scopes.len()) > MOST_GRANTS {
		let why = format!("it would be more than {MOST_GRANTS} grants: write several Consents");
		return Err(Refused::new(provision.path.clone(), why));
	}
	let window = provision.period("period", Some(now), None)?;
	let window = window
		.ok_or_else(|| provision.refuse("period", "a grant begins and ends: name the days"))?;
	Ok(Rule {
		grantees,
		scopes,
		purposes: purposes(provision)?,
		actions: actions(provision)?,
		data_period: provision.period("dataPeriod", Some(0), Some(Moment::MAX))?,
		window,
	})
}

fn actors(provision: &Node<'_>, version: Version) -> Result<Vec<Grantee>, Refused> {
	let actors = provision.list("actor")?;
	if actors.is_empty() {
		return Err(provision.refuse(
			"actor",
			"a grant names its grantee: add an actor, or set a policy for everybody with `salus \
			 consent policy set`",
		));
	}
	actors.iter().map(|(path, value)| actor(path, value, version)).collect()
}

fn actor(path: &str, value: &Value, version: Version) -> Result<Grantee, Refused> {
	let actor = Node::of(path, value, &["role", "reference"])?;
	let role = actor
		.concept("role")?
		.ok_or_else(|| actor.refuse("role", "say as what: IRCP for somebody by name, or a role"))?;
	let pointer = actor
		.value("reference")
		.map(|reference| Pointer::of(&actor.at("reference"), reference))
		.transpose()?;
	match (role, pointer) {
		(Coding { system: PARTICIPATION, code: RECIPIENT }, Some(pointer)) => grantee(&pointer),
		(Coding { system: ROLE, code }, pointer) => {
			let role = exact(Role::ALL, Role::word, code);
			let role = role.ok_or_else(|| unknown(&actor.at("role"), code))?;
			let organisation = pointer.map(|pointer| pointer.identity()).transpose()?;
			if version == Version::R4 && organisation.is_none() {
				return Err(actor.refuse("reference", "R4 asks for it: name the organisation"));
			}
			Ok(Grantee::Role { organisation, role })
		},
		(Coding { system: PARTICIPATION, code: RECIPIENT }, None) => {
			Err(actor.refuse("reference", "a recipient is somebody by name: add the reference"))
		},
		(Coding { code, .. }, _) => Err(unknown(&actor.at("role"), code)),
	}
}

/// Somebody by name, as a grantee.
pub(super) fn grantee(pointer: &Pointer<'_>) -> Result<Grantee, Refused> {
	let id = pointer.identity()?;
	Ok(match pointer.kind {
		Some("Organization") => Grantee::Organisation(id),
		_ => Grantee::Identity(id),
	})
}

/// One record each, one compartment each, classes, or all: never two sorts at once.
fn scopes(provision: &Node<'_>, version: Version) -> Result<Vec<Scope>, Refused> {
	let class_field = class_field(version);
	let named: Vec<_> = ["data", "securityLabel", class_field]
		.into_iter()
		.filter(|field| provision.has(field))
		.collect();
	match named.as_slice() {
		[] => Ok(vec![Scope::Subject(Classes::ALL)]),
		["data"] => provision.list("data")?.iter().map(|(path, value)| data(path, value)).collect(),
		["securityLabel"] => {
			let labels = provision.list("securityLabel")?;
			labels.iter().map(|(path, value)| label(path, value)).collect()
		},
		[field] => {
			let mut classes = Vec::new();
			for (path, value) in provision.list(field)? {
				let Coding { system, code } = coding(&path, value)?;
				let class = exact(RecordClass::ALL, RecordClass::word, code);
				let class = class.filter(|_| system == CLASS);
				classes.push(class.ok_or_else(|| unknown(&path, code))?);
			}
			Ok(vec![Scope::Subject(classes_of(&classes))])
		},
		[first, second, ..] => Err(provision.refuse(
			second,
			format!(
				"a grant speaks of records, of compartments or of classes: leave this or {first} out"
			),
		)),
	}
}

fn data(path: &str, value: &Value) -> Result<Scope, Refused> {
	let data = Node::of(path, value, &["meaning", "reference"])?;
	let meaning = data.required_text("meaning")?;
	if meaning != "instance" {
		let why = format!("`{meaning}` reaches further than one record: write instance");
		return Err(data.refuse("meaning", why));
	}
	let reference = data.value("reference");
	let reference = reference.ok_or_else(|| data.refuse("reference", "name the record"))?;
	Ok(Scope::Record(Pointer::of(&data.at("reference"), reference)?.record()?))
}

fn label(path: &str, value: &Value) -> Result<Scope, Refused> {
	let Coding { system, code } = coding(path, value)?;
	let number = code.parse().ok().filter(|_| system == COMPARTMENT);
	// `+3` and `03` are numbers, too.
	let number: Option<u8> = number.filter(|number: &u8| number.to_string() == code);
	number.map(Scope::Compartment).ok_or_else(|| {
		Refused::new(
			path,
			format!(
				"`{code}`: the chain knows no labels but compartments, as {COMPARTMENT} and a number \
				 from 0 to 255"
			),
		)
	})
}

fn purposes(provision: &Node<'_>) -> Result<Purposes, Refused> {
	let mut found = Vec::new();
	for (path, value) in provision.list("purpose")? {
		let Coding { system, code } = coding(&path, value)?;
		let purpose = exact(Purpose::ALL, Purpose::word, code).filter(|_| system == PURPOSE);
		let purpose = purpose.ok_or_else(|| unknown(&path, code))?;
		if Purposes::NOT_GRANTABLE.contains(purpose) {
			let why = format!("{code} cannot be granted: emergencies are opened, and reviewed");
			return Err(Refused::new(path, why));
		}
		found.push(purpose);
	}
	if found.is_empty() {
		return Err(provision.refuse("purpose", "a grant names its purposes: add them"));
	}
	Ok(Purposes::of(&found))
}

fn actions(provision: &Node<'_>) -> Result<Actions, Refused> {
	let mut found = Vec::new();
	for (path, value) in provision.list("action")? {
		let Coding { system, code } = concept(&path, value)?;
		let action = exact(Action::ALL, Action::word, code);
		let of_system = |action: &Action| match action {
			Action::Append => system == OWN_ACTION,
			_ => system == ACTION,
		};
		found.push(action.filter(of_system).ok_or_else(|| unknown(&path, code))?);
	}
	if found.is_empty() {
		return Err(provision.refuse("action", "a grant names its actions: add them"));
	}
	Ok(Actions::of(&found))
}

/// The code with this very word: FHIR tells capitals from small letters.
fn exact<T: Copy>(all: &[T], word: fn(T) -> &'static str, code: &str) -> Option<T> {
	all.iter().copied().find(|one| word(*one) == code)
}

fn unknown(path: &str, code: &str) -> Refused {
	Refused::new(path, format!("`{code}` of that system is not known here: see docs/consent.md"))
}
