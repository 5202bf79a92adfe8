// SPDX-License-Identifier: Apache-2.0
//! What validation found, in the words of FHIR and of the harmonised data quality framework.

use core::fmt;

use fhirkit::Json;

use crate::json::{object, one, text};

/// How many issues a report keeps. A document that is wrong throughout is refused all the same,
/// and nobody reads further.
pub const MAX_ISSUES: usize = 1000;

/// The code system of [`Dimension`] in a rendered `OperationOutcome`.
pub const DIMENSION_SYSTEM: &str = "urn:salus:fhir:data-quality-dimension";

/// How much an issue weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
	/// The document is refused.
	Error,
	/// Accepted, but a reader should know.
	Warning,
	/// Worth saying, nothing more.
	Information,
}

impl Severity {
	/// The code in FHIR's `issue-severity`.
	pub const fn as_str(self) -> &'static str {
		match self {
			Self::Error => "error",
			Self::Warning => "warning",
			Self::Information => "information",
		}
	}
}

impl fmt::Display for Severity {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.as_str())
	}
}

/// The data quality categories of Kahn et al., "A Harmonized Data Quality Assessment Terminology
/// and Framework for the Secondary Use of Electronic Health Record Data" (eGEMs 4(1), 2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
	/// Do values follow the FHIR definitions: elements, types, codes, relations?
	Conformance,
	/// Is there what a reader needs?
	Completeness,
	/// Can the values be true of a living person, at that time?
	Plausibility,
}

impl Dimension {
	/// The word in lower case.
	pub const fn as_str(self) -> &'static str {
		match self {
			Self::Conformance => "conformance",
			Self::Completeness => "completeness",
			Self::Plausibility => "plausibility",
		}
	}
}

impl fmt::Display for Dimension {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.write_str(self.as_str())
	}
}

/// The kind of an issue: a subset of FHIR's `issue-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssueCode {
	/// The shape is not that of the definition: unknown element, wrong JSON type.
	Structure,
	/// Something that must be there is not.
	Required,
	/// A value does not follow its type, or cannot be.
	Value,
	/// A rule between elements is broken.
	Invariant,
	/// A code is not in the value set it must be from.
	CodeInvalid,
	/// A reference leads nowhere.
	NotFound,
	/// The same thing is there twice.
	Duplicate,
	/// A rule of Salus, beyond FHIR.
	BusinessRule,
	/// Nothing is wrong.
	Informational,
}

impl IssueCode {
	/// The code in FHIR's `issue-type`.
	pub const fn as_str(self) -> &'static str {
		match self {
			Self::Structure => "structure",
			Self::Required => "required",
			Self::Value => "value",
			Self::Invariant => "invariant",
			Self::CodeInvalid => "code-invalid",
			Self::NotFound => "not-found",
			Self::Duplicate => "duplicate",
			Self::BusinessRule => "business-rule",
			Self::Informational => "informational",
		}
	}
}

/// One finding. The message names the rule, and numbers and units where they help; never free
/// text of the document, which is personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
	/// How much it weighs.
	pub severity: Severity,
	/// Which question of data quality it answers.
	pub dimension: Dimension,
	/// Where, as FHIRPath: `Bundle.entry[12].resource.valueQuantity.value`.
	pub path: String,
	/// The kind, as FHIR names it.
	pub code: IssueCode,
	/// What is wrong.
	pub message: String,
}

impl fmt::Display for Issue {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}: {}", self.path, self.message)
	}
}

/// All findings about one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
	issues: Vec<Issue>,
	errors: usize,
	omitted: usize,
}

impl Report {
	/// The findings in the order they were made, at most [`MAX_ISSUES`].
	pub fn issues(&self) -> &[Issue] {
		&self.issues
	}

	/// The errors among them.
	pub fn errors(&self) -> impl Iterator<Item = &Issue> {
		self.issues.iter().filter(|issue| issue.severity == Severity::Error)
	}

	/// How many errors there are, kept or not.
	pub fn error_count(&self) -> usize {
		self.errors
	}

	/// How many findings were not kept.
	pub fn omitted(&self) -> usize {
		self.omitted
	}

	/// Whether nothing forbids sealing.
	pub fn is_acceptable(&self) -> bool {
		self.errors == 0
	}

	/// The report as a FHIR R4 `OperationOutcome`, in JSON.
	pub fn to_operation_outcome(&self) -> String {
		let rendered = if self.issues.is_empty() {
			// FHIR wants at least one issue, also of a success.
			vec![object([
				("severity", text("information")),
				("code", text("informational")),
				("diagnostics", text("no issues found")),
			])]
		} else {
			self.issues.iter().map(render).collect()
		};
		object([("resourceType", text("OperationOutcome")), ("issue", Json::Array(rendered))])
			.to_pretty()
	}

	pub(crate) fn add(
		&mut self,
		severity: Severity,
		dimension: Dimension,
		code: IssueCode,
		path: impl Into<String>,
		message: impl Into<String>,
	) {
		self.errors += usize::from(severity == Severity::Error);
		if self.issues.len() < MAX_ISSUES {
			let (path, message) = (clean_path(&path.into()), message.into());
			self.issues.push(Issue { severity, dimension, path, code, message });
		} else {
			self.omitted += 1;
		}
	}
}

impl fmt::Display for Report {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		for issue in &self.issues {
			writeln!(f, "{} ({}) {issue}", issue.severity, issue.dimension)?;
		}
		if self.omitted > 0 {
			writeln!(f, "and {} more", self.omitted)?;
		}
		Ok(())
	}
}

fn render(issue: &Issue) -> Json {
	let coding = object([
		("system", text(DIMENSION_SYSTEM)),
		("code", text(issue.dimension.as_str())),
		("display", text(issue.dimension.as_str())),
	]);
	object([
		("severity", text(issue.severity.as_str())),
		("code", text(issue.code.as_str())),
		("details", object([("coding", one(coding))])),
		("diagnostics", text(&*issue.message)),
		("expression", one(text(&*issue.path))),
	])
}

/// Keys of unknown elements come from the document: only what can be a FHIR path is shown, so
/// that neither free text nor terminal escapes get out through them.
fn clean_path(path: &str) -> String {
	const LONGEST: usize = 256;
	path.chars()
		.take(LONGEST)
		.map(|c| if c.is_ascii_alphanumeric() || "._[]-".contains(c) { c } else { '?' })
		.collect()
}
