// SPDX-License-Identifier: Apache-2.0

//! The classes that resources fit into.

use salus_fhir::split::Entry;
use salus_primitives::RecordClass;

/// The class that fits a resource. It is public, and so no finer than these.
pub(super) fn class_of(entry: &Entry) -> RecordClass {
	let has = |category: &str| entry.categories.iter().any(|found| found == category);
	match entry.resource_type.as_str() {
		"Observation" | "DiagnosticReport" if has("laboratory") || has("LAB") => {
			RecordClass::Laboratory
		},
		"Observation" | "DiagnosticReport" if has("imaging") || has("RAD") => RecordClass::Imaging,
		"DiagnosticReport" if has("GE") => RecordClass::Genomic,
		"ImagingStudy" | "Media" => RecordClass::Imaging,
		"MolecularSequence" => RecordClass::Genomic,
		"Immunization"
		| "MedicationAdministration"
		| "MedicationDispense"
		| "MedicationRequest"
		| "MedicationStatement" => RecordClass::Medication,
		"Procedure" => RecordClass::Procedure,
		"Account"
		| "Appointment"
		| "ChargeItem"
		| "Claim"
		| "ClaimResponse"
		| "Coverage"
		| "ExplanationOfBenefit"
		| "Invoice"
		| "Schedule"
		| "Slot" => RecordClass::Administrative,
		"DeviceMetric" | "DeviceUseStatement" => RecordClass::DeviceData,
		_ => RecordClass::Clinical,
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_class_fits_its_resource() {
		let entry = |resource_type: &str, categories: &[&str]| Entry {
			number: 0,
			resource_type: resource_type.into(),
			full_url: None,
			categories: categories.iter().map(|code| (*code).into()).collect(),
		};
		for (resource, categories, class) in [
			("Observation", &["laboratory"][..], RecordClass::Laboratory),
			("Observation", &["vital-signs"], RecordClass::Clinical),
			("DiagnosticReport", &["LAB"], RecordClass::Laboratory),
			("ImagingStudy", &[], RecordClass::Imaging),
			("MedicationRequest", &[], RecordClass::Medication),
			("Procedure", &[], RecordClass::Procedure),
			("Claim", &[], RecordClass::Administrative),
			("Condition", &[], RecordClass::Clinical),
		] {
			assert_eq!(class_of(&entry(resource, categories)), class, "{resource}");
		}
	}
}
