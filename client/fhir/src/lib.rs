// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

mod bindings;
mod completeness;
mod conformance;
mod json;
pub mod measures;
pub mod note;
mod plausibility;
pub mod reading;
mod report;
pub mod split;
pub mod terms;
mod time;
mod validate;

use core::fmt;
use std::collections::BTreeMap;

pub use report::{DIMENSION_SYSTEM, Dimension, Issue, IssueCode, MAX_ISSUES, Report, Severity};

/// The largest document accepted, in bytes: 64 MiB.
pub const MAX_DOCUMENT: usize = 64 * 1024 * 1024;

/// The version of FHIR documents are validated against.
pub const FHIR_VERSION: &str = "4.0.1";

/// A consultation of an invented person, as a bundle that passes: for demonstrations and tests.
pub const SAMPLE_ENCOUNTER: &str = include_str!("../samples/encounter.json");

/// Validates a FHIR R4 resource or bundle, at `now` in Unix milliseconds.
pub fn validate(bytes: &[u8], now: u64) -> Result<Document, Refusal> {
	validate_with(bytes, now, |_, _| {})
}

/// As [`validate`], calling `progress(done, total)` after each entry of a bundle; a resource
/// counts as one.
pub fn validate_with(
	bytes: &[u8],
	now: u64,
	progress: impl FnMut(usize, usize),
) -> Result<Document, Refusal> {
	validate::run(bytes, now, progress)
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
	/// A single resource.
	Resource,
	/// A bundle, sealed as one document.
	Bundle {
		/// How many entries it has.
		entries: usize,
	},
}

/// A document that may be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
	/// Resource or bundle.
	pub kind: Kind,
	/// The type of the outermost resource.
	pub resource_type: String,
	/// The type of a bundle: `collection`, `transaction`, …
	pub bundle_type: Option<String>,
	/// How many resources of each type it holds.
	pub contents: BTreeMap<String, usize>,
	/// The patient it is about, as the document refers to them, where that is unambiguous.
	pub subject: Option<String>,
	/// [`FHIR_VERSION`].
	pub fhir_version: &'static str,
	/// Warnings and remarks; no errors.
	pub report: Report,
}

impl Document {
	/// How many resources were validated: the entries of a bundle, else one.
	pub fn entries(&self) -> usize {
		match self.kind {
			Kind::Resource => 1,
			Kind::Bundle { entries } => entries,
		}
	}
}

/// Why a document may not be sealed. Displays as one line, without contents of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
	/// Larger than [`MAX_DOCUMENT`].
	TooLarge {
		/// Its size.
		bytes: usize,
	},
	/// Not JSON, or not UTF-8.
	NotJson {
		/// The line of the first fault, from 1.
		line: usize,
		/// The column of the first fault, from 1.
		column: usize,
		/// What is wrong there.
		reason: String,
	},
	/// JSON, but nothing that FHIR could read.
	NotFhir {
		/// Why.
		reason: String,
	},
	/// FHIR with errors.
	Invalid(Report),
}

impl Refusal {
	/// The report of a document that could be read.
	pub fn report(&self) -> Option<&Report> {
		match self {
			Self::Invalid(report) => Some(report),
			_ => None,
		}
	}
}

impl fmt::Display for Refusal {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::TooLarge { bytes } => write!(
				f,
				"the document has {bytes} bytes; at most {MAX_DOCUMENT} (64 MiB) are accepted"
			),
			Self::NotJson { line, column, reason } => {
				write!(f, "the document is not JSON: line {line}, column {column}: {reason}")
			},
			Self::NotFhir { reason } => write!(f, "the document is not FHIR R4: {reason}"),
			Self::Invalid(report) => {
				let Some(first) = report.errors().next() else {
					return f.write_str("the document is not valid FHIR R4");
				};
				write!(f, "the document is refused: {first}")?;
				match report.error_count() {
					0 | 1 => Ok(()),
					count => write!(f, " (and {} more)", count - 1),
				}
			},
		}
	}
}

impl std::error::Error for Refusal {}
