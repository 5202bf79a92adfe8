// SPDX-License-Identifier: Apache-2.0
//! What the tests share: a clock, and editing of JSON by path.

#![allow(dead_code)]

use fhirkit::Json;
use salus_fhir::{Dimension, Issue, Refusal, Severity, validate};

/// 2026-11-01, in Unix milliseconds.
pub(crate) const NOW: u64 = 1_793_491_200_000;

pub(crate) fn json(source: &str) -> Json {
	Json::parse(source).unwrap()
}

pub(crate) fn text(source: &str) -> Json {
	Json::String(source.to_owned())
}

/// The place a path leads to: `entry[3].resource.status`.
pub(crate) fn at<'a>(root: &'a mut Json, path: &str) -> &'a mut Json {
	let mut here = root;
	for step in path.split('.') {
		let (key, indices) = step.split_once('[').unwrap_or((step, ""));
		let Json::Object(members) = here else { panic!("{path}: {key} of no object") };
		let found = members.iter().position(|(name, _)| name == key);
		let found = found.unwrap_or_else(|| {
			members.push((key.to_owned(), Json::Null));
			members.len() - 1
		});
		here = &mut members[found].1;
		for index in indices.split('[').filter(|index| !index.is_empty()) {
			let Json::Array(items) = here else { panic!("{path}: {key} is no array") };
			here = &mut items[index.trim_end_matches(']').parse::<usize>().unwrap()];
		}
	}
	here
}

/// Puts `value` at `path`; `None` takes the member away.
pub(crate) fn edit(root: &Json, path: &str, value: Option<Json>) -> Json {
	let mut root = root.clone();
	match value {
		Some(value) => *at(&mut root, path) = value,
		None => {
			let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
			let parent = if parent.is_empty() { &mut root } else { at(&mut root, parent) };
			let Json::Object(members) = parent else { panic!("{path}: no object") };
			let before = members.len();
			members.retain(|(name, _)| name != key);
			assert!(members.len() < before, "{path}: nothing to take away");
		},
	}
	root
}

/// The errors of a document, none if it passes.
pub(crate) fn errors(document: &Json) -> Vec<Issue> {
	match validate(document.to_compact().as_bytes(), NOW) {
		Ok(_) => Vec::new(),
		Err(Refusal::Invalid(report)) => report.errors().cloned().collect(),
		Err(other) => panic!("{other}"),
	}
}

/// The warnings of a document that passes.
pub(crate) fn warnings(document: &Json) -> Vec<Issue> {
	let document = validate(document.to_compact().as_bytes(), NOW).unwrap();
	let issues = document.report.issues().iter();
	issues.filter(|issue| issue.severity == Severity::Warning).cloned().collect()
}

/// Asserts that the document is refused for one thing.
pub(crate) fn assert_refused(document: &Json, dimension: Dimension, path: &str, words: &str) {
	let errors = errors(document);
	let found = errors.iter().any(|issue| {
		issue.dimension == dimension && issue.path == path && issue.message.contains(words)
	});
	assert!(found, "no {dimension} error at {path} with \"{words}\" among {errors:#?}");
}

/// Asserts that the document passes.
pub(crate) fn assert_passes(document: &Json) {
	let errors = errors(document);
	assert!(errors.is_empty(), "{errors:#?}");
}
