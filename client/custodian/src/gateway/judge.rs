// SPDX-License-Identifier: Apache-2.0

//! From findings to verdicts, and to the FHIR `OperationOutcome` that they rest on.
//!
//! Accuracy is conformance and plausibility, completeness is completeness, in the words of the
//! harmonised data quality framework; source is judged apart. An error fails a verdict, a warning
//! passes it with warnings.

use salus_client::wire::Judged;
use salus_fhir::{Dimension, Document, Refusal, Report, Severity};
use salus_primitives::{AttestationKind, Verdict};
use serde_json::{Value, json};

/// The code system of kinds of verdict in an outcome.
const KIND_SYSTEM: &str = "urn:salus:attestation-kind";

/// What was found, before the source is judged.
pub(super) struct Findings {
	accuracy: Verdict,
	completeness: Verdict,
	issues: Vec<Value>,
}

/// All three verdicts and what they rest on.
pub(super) struct Judgement {
	accuracy: Verdict,
	completeness: Verdict,
	source: Verdict,
	issues: Vec<Value>,
}

impl Findings {
	/// Sorts what the reader of FHIR says.
	pub(super) fn of(read: Result<Document, Refusal>) -> Self {
		match read {
			Ok(document) => Self::of_report(&document.report),
			Err(refusal) => match refusal.report() {
				Some(report) => Self::of_report(report),
				// What cannot be read has nothing that could pass.
				None => Self {
					accuracy: Verdict::Fail,
					completeness: Verdict::Fail,
					issues: vec![json!({
						"severity": "fatal",
						"code": "structure",
						"diagnostics": refusal.to_string(),
					})],
				},
			},
		}
	}

	fn of_report(report: &Report) -> Self {
		let accuracy = worst(report, &[Dimension::Conformance, Dimension::Plausibility]);
		let completeness = worst(report, &[Dimension::Completeness]);
		// Of what a report no longer holds the dimension is not known: both bear it.
		let unseen = match report.omitted() {
			0 => Verdict::Pass,
			_ if report.error_count() > report.errors().count() => Verdict::Fail,
			_ => Verdict::PassWithWarnings,
		};
		let outcome: Value =
			serde_json::from_str(&report.to_operation_outcome()).unwrap_or_default();
		let issues = outcome.get("issue").and_then(Value::as_array).cloned().unwrap_or_default();
		Self { accuracy: accuracy.max(unseen), completeness: completeness.max(unseen), issues }
	}

	/// Adds a finding about the source, at a place in the document.
	pub(super) fn note(&mut self, severity: Severity, path: Option<&str>, message: &str) {
		let mut issue = json!({
			"severity": severity.as_str(),
			"code": if severity == Severity::Information { "informational" } else { "business-rule" },
			"details": { "coding": [{
				"system": KIND_SYSTEM,
				"code": AttestationKind::Source.word(),
			}] },
			"diagnostics": message,
		});
		if let (Some(path), Some(members)) = (path, issue.as_object_mut()) {
			members.insert("expression".into(), json!([path]));
		}
		self.issues.push(issue);
	}

	/// Completes the judgement.
	pub(super) fn judged(self, source: Verdict) -> Judgement {
		let Self { accuracy, completeness, issues } = self;
		Judgement { accuracy, completeness, source, issues }
	}
}

/// The verdict on these dimensions by the gravest issue about them.
fn worst(report: &Report, dimensions: &[Dimension]) -> Verdict {
	let about = report.issues().iter().filter(|issue| dimensions.contains(&issue.dimension));
	about.map(|issue| verdict_of(issue.severity)).max().unwrap_or(Verdict::Pass)
}

/// What a finding makes of a verdict.
pub(super) fn verdict_of(severity: Severity) -> Verdict {
	match severity {
		Severity::Error => Verdict::Fail,
		Severity::Warning => Verdict::PassWithWarnings,
		Severity::Information => Verdict::Pass,
	}
}

impl Judgement {
	/// One verdict of each kind.
	pub(super) fn verdicts(&self) -> [Judged; 3] {
		[
			Judged { kind: AttestationKind::Accuracy, verdict: self.accuracy },
			Judged { kind: AttestationKind::Completeness, verdict: self.completeness },
			Judged { kind: AttestationKind::Source, verdict: self.source },
		]
	}

	/// Whether each counts towards a policy.
	pub(super) fn passes(&self) -> bool {
		self.worst().passes()
	}

	/// The worst of them.
	pub(super) fn worst(&self) -> Verdict {
		self.accuracy.max(self.completeness).max(self.source)
	}

	/// The FHIR `OperationOutcome`, in JSON.
	pub(super) fn outcome(&self) -> String {
		json!({ "resourceType": "OperationOutcome", "issue": self.issues }).to_string()
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	const NOW: u64 = 1_790_000_000_000;

	fn judged(document: &str) -> Judgement {
		Findings::of(salus_fhir::validate(document.as_bytes(), NOW)).judged(Verdict::Pass)
	}

	/// An observation of body weight, with or without what makes it whole.
	fn weight(value: &str, more: &str) -> String {
		format!(
			r#"{{"resourceType":"Observation","status":"final",
			"category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}}]}}],
			"code":{{"coding":[{{"system":"http://loinc.org","code":"29463-7"}}]}},
			"subject":{{"reference":"urn:uuid:5b0ac3f1-8c3e-4e0d-9f5c-2f2b8a1d4c77"}},
			"valueQuantity":{{"value":{value},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}{more}}}"#
		)
	}

	const WHEN: &str = r#","effectiveDateTime":"2026-01-01T08:00:00Z""#;

	#[test]
	fn the_sample_passes_all() {
		let judgement = judged(salus_fhir::SAMPLE_ENCOUNTER);
		assert!(judgement.passes(), "{}", judgement.outcome());
		let outcome: Value = serde_json::from_str(&judgement.outcome()).unwrap();
		assert_eq!(outcome["resourceType"], "OperationOutcome");
		assert!(!outcome["issue"].as_array().unwrap().is_empty(), "FHIR wants an issue");
	}

	#[test]
	fn an_impossible_value_fails_accuracy_alone() {
		let judgement = judged(&weight("7100", WHEN));
		let [accuracy, completeness, source] = judgement.verdicts().map(|judged| judged.verdict);
		assert_eq!(accuracy, Verdict::Fail);
		assert!(completeness.passes() && source.passes());
		assert!(!judgement.passes());
		assert!(judgement.outcome().contains("\"severity\":\"error\""));
	}

	#[test]
	fn a_missing_time_fails_completeness_alone() {
		let [accuracy, completeness, _] =
			judged(&weight("71", "")).verdicts().map(|judged| judged.verdict);
		assert!(accuracy.passes());
		assert_eq!(completeness, Verdict::Fail);
	}

	#[test]
	fn what_is_no_fhir_fails_with_one_fatal_issue() {
		for document in ["", "{", "{}", "[1,2]", r#"{"resourceType":"Rumour"}"#] {
			let judgement =
				Findings::of(salus_fhir::validate(document.as_bytes(), NOW)).judged(Verdict::Fail);
			assert_eq!(judgement.worst(), Verdict::Fail, "{document}");
			assert!(judgement.outcome().contains("fatal"), "{}", judgement.outcome());
		}
	}

	#[test]
	fn errors_that_no_report_holds_fail_both() {
		// Each code that is none of FHIR's is an error of conformance.
		let entry = r#"{"resource":{"resourceType":"Basic","code":{"text":"x"},"nonsense":1}}"#;
		let entries = vec![entry; salus_fhir::MAX_ISSUES + 10].join(",");
		let bundle =
			format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}"#);
		let judgement = judged(&bundle);
		let [accuracy, completeness, _] = judgement.verdicts().map(|judged| judged.verdict);
		assert_eq!((accuracy, completeness), (Verdict::Fail, Verdict::Fail));
	}

	#[test]
	fn a_note_about_the_source_says_where() {
		let mut findings = Findings::of(salus_fhir::validate(b"{}", NOW));
		findings.note(Severity::Warning, Some("Observation.performer"), "who is that?");
		let outcome = findings.judged(Verdict::PassWithWarnings).outcome();
		let outcome: Value = serde_json::from_str(&outcome).unwrap();
		let issue = outcome["issue"].as_array().unwrap().last().unwrap().clone();
		assert_eq!(issue["expression"][0], "Observation.performer");
		assert_eq!(issue["details"]["coding"][0]["code"], "source");
	}
}
