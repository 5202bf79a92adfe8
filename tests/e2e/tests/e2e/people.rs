// SPDX-License-Identifier: Apache-2.0

//! More people for a stage: organisations, practitioners, and who works where.

use salus_e2e::{Person, journey::Stage};
use serde_json::Value;

/// The country in which everybody is licensed.
const COUNTRY: &str = "756";

/// Somebody new with tokens, an identity and licences.
pub(crate) fn settler(
	stage: &mut Stage,
	name: &'static str,
	kind: &str,
	licences: &[&str],
) -> Person {
	let mut person = stage.world.person(name, None).unwrap();
	let send = ["account", "send", "--to", &person.account, "--amount", "500"];
	done(stage, &stage.regulator, &send);
	let registered = done(stage, &person, &["register", "--kind", kind]);
	person.identity = registered["identity"].as_str().unwrap().into();
	for licence in licences {
		let grant =
			["accredit", "grant", &person.identity, "--kind", licence, "--country", COUNTRY];
		done(stage, &stage.regulator, &grant);
	}
	stage.world.introduce(&person);
	person
}

/// Has somebody work somewhere.
pub(crate) fn hire(stage: &Stage, organisation: &Person, who: &Person, role: &[&str]) {
	let invite = [&["affiliate", "invite", &who.identity, "--role"], role].concat();
	let invited = done(stage, organisation, &invite);
	let number = invited["affiliation"].to_string();
	done(stage, who, &["affiliate", "accept", &number]);
}

/// What a command answers.
pub(crate) fn done(stage: &Stage, person: &Person, arguments: &[&str]) -> Value {
	stage.world.cli(person, arguments).unwrap()
}

/// What a command answers once what it did is final: custodians follow the final block.
pub(crate) fn finally(stage: &Stage, person: &Person, arguments: &[&str]) -> Value {
	done(stage, person, &[&["--wait", "finalised"], arguments].concat())
}

/// Refused with one clear line that holds `says`.
pub(crate) fn refused(stage: &Stage, person: &Person, arguments: &[&str], says: &str) {
	let said = stage.world.refused(person, arguments).unwrap();
	assert!(said.contains(says), "{arguments:?} should say `{says}`: {said}");
}

/// A number in an answer, as it is typed.
pub(crate) fn number(answer: &Value, field: &str) -> String {
	answer[field].as_u64().unwrap_or_else(|| panic!("no {field} in {answer}")).to_string()
}
