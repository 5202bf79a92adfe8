// SPDX-License-Identifier: Apache-2.0
//! Required bindings: which coded elements take their code from which closed list.
//!
//! The FHIR crate checks the form of a code but not the list it is from, so the lists stand here.

use std::{collections::HashMap, sync::LazyLock};

use fhirkit::Json;

static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::read(include_str!("bindings.txt")));

struct Tables {
	sets: HashMap<&'static str, Vec<&'static str>>,
	types: HashMap<&'static str, Row>,
}

#[derive(Default)]
struct Row {
	bound: HashMap<&'static str, &'static str>,
	leads: HashMap<&'static str, &'static str>,
}

impl Tables {
	fn read(table: &'static str) -> Self {
		let mut tables = Self { sets: HashMap::new(), types: HashMap::new() };
		for line in table.lines() {
			let mut words = line.split(' ');
			match (words.next(), words.next()) {
				(Some("="), Some(set)) => {
					tables.sets.insert(set, words.collect());
				},
				(Some(":"), Some(name)) => {
					let row = tables.types.entry(name).or_default();
					for word in words {
						if let Some((element, set)) = word.split_once('=') {
							row.bound.insert(element, set);
						} else if let Some((element, leads)) = word.split_once('>') {
							row.leads.insert(element, leads);
						}
					}
				},
				_ => {},
			}
		}
		tables
	}
}

/// The type that `element` of `of` has, where something below it is bound.
pub(crate) fn type_of(of: &str, element: &str) -> Option<&'static str> {
	match element {
		// Every element has these two, every resource a narrative.
		"extension" | "modifierExtension" => Some("Extension"),
		_ => TABLES.types.get(of)?.leads.get(element).copied(),
	}
}

/// The value set of `element` of `of`, with its codes.
pub(crate) fn set_of(of: &str, element: &str) -> Option<(&'static str, &'static [&'static str])> {
	let set = TABLES.types.get(of)?.bound.get(element)?;
	Some((set, TABLES.sets.get(set)?))
}

/// Whether a `code`, `Coding` or `CodeableConcept` has a code of the list.
pub(crate) fn is_member(value: &Json, codes: &[&str]) -> bool {
	let listed = |code: Option<&str>| code.is_some_and(|code| codes.contains(&code));
	match value {
		Json::String(code) => listed(Some(code)),
		Json::Object(_) => match value.get("coding") {
			Some(Json::Array(codings)) => {
				codings.iter().any(|coding| listed(coding.get("code").and_then(Json::as_str)))
			},
			_ => listed(value.get("code").and_then(Json::as_str)),
		},
		// Any other type is reported by the FHIR crate.
		_ => true,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_table_is_whole() {
		assert!(TABLES.sets.len() > 150);
		for (name, row) in &TABLES.types {
			for set in row.bound.values() {
				let codes = TABLES.sets.get(set).unwrap_or_else(|| panic!("{name}: no {set}"));
				assert!(codes.len() > 1, "{set}");
			}
			for leads in row.leads.values() {
				assert!(TABLES.types.contains_key(leads), "{name}: no {leads}");
			}
		}
	}

	#[test]
	fn leads_through_backbones_and_data_types() {
		assert_eq!(type_of("Patient", "name"), Some("HumanName"));
		assert_eq!(set_of("HumanName", "use").unwrap().0, "name-use");
		assert_eq!(type_of("Observation", "component"), Some("Observation.component"));
		assert_eq!(type_of("Observation.component", "valueQuantity"), Some("Quantity"));
		assert!(set_of("Quantity", "comparator").unwrap().1.contains(&"<="));
		assert!(set_of("Observation", "status").unwrap().1.contains(&"corrected"));
		assert!(set_of("DiagnosticReport", "status").unwrap().1.contains(&"preliminary"));
		assert_eq!(type_of("Questionnaire.item", "item"), Some("Questionnaire.item"));
		assert_eq!(set_of("Observation", "code"), None);
	}
}
