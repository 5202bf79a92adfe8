// SPDX-License-Identifier: Apache-2.0
//! Genuine Synthea bundles pass, and a fault put into them is found where it was put. The bundles
//! are not part of the project: without them these tests say so and pass.

mod common;

use std::{fs, path::PathBuf};

use common::{NOW, assert_refused, edit, json, text};
use fhirkit::Json;
use salus_fhir::{
	Dimension::{Completeness, Conformance, Plausibility},
	Kind,
	split::{RECORD_SYSTEM, Split, SplitError},
	validate, validate_with,
};

fn bundles() -> Vec<(String, String)> {
	let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/fhir");
	let Ok(files) = fs::read_dir(&folder) else {
		eprintln!("skipped: there are no Synthea bundles in {}", folder.display());
		return Vec::new();
	};
	let mut bundles: Vec<_> = files
		.filter_map(|file| {
			let path = file.ok()?.path();
			let name = path.file_name()?.to_string_lossy().into_owned();
			Some((name, fs::read_to_string(path).ok()?))
		})
		.collect();
	bundles.sort();
	bundles
}

#[test]
fn genuine_bundles_pass() {
	for (name, bundle) in bundles() {
		let begun = std::time::Instant::now();
		let mut steps = Vec::new();
		let result = validate_with(bundle.as_bytes(), NOW, |done, total| steps.push((done, total)));
		let took = begun.elapsed();
		let document = result.unwrap_or_else(|refusal| {
			panic!(
				"{name}: {refusal}\n{}",
				refusal.report().map(ToString::to_string).unwrap_or_default()
			)
		});
		eprintln!("{name}: {} entries, {} bytes in {took:?}", document.entries(), bundle.len());
		assert_eq!(document.report.error_count(), 0);
		assert_eq!(document.kind, Kind::Bundle { entries: steps.len() });
		assert_eq!(steps.last(), Some(&(steps.len(), steps.len())));
		assert_eq!(document.bundle_type.as_deref(), Some("transaction"));
		assert_eq!(document.contents.values().sum::<usize>(), steps.len());
		if document.contents.contains_key("Patient") {
			assert!(document.subject.is_some_and(|subject| subject.starts_with("urn:uuid:")));
		}
	}
}

#[test]
fn genuine_bundles_are_taken_apart_into_documents_that_pass() {
	let name = |number: usize| Some((RECORD_SYSTEM.to_owned(), format!("0x{number:064x}")));
	for (file, bundle) in bundles() {
		let split = match Split::of(bundle.as_bytes()) {
			Ok(split) => split,
			// Lists of hospitals and practitioners are among them.
			Err(error) => {
				assert_eq!(error, SplitError::NothingClinical, "{file}");
				continue;
			},
		};
		let along: usize = split.left_out().values().sum();
		let all = json(&bundle);
		let Some(Json::Array(entries)) = all.get("entry") else { panic!("{file}: no entries") };
		assert_eq!(split.entries().len() + along, entries.len(), "{file}: nothing gets lost");
		for entry in split.entries() {
			let what = format!("{file}: entry {} ({})", entry.number, entry.resource_type);
			let document =
				split.document(entry, &name).unwrap_or_else(|error| panic!("{what}: {error}"));
			if let Err(refusal) = validate(document.as_bytes(), NOW) {
				panic!("{what}: {refusal}");
			}
			assert!(!document.contains("\"reference\": \"urn:uuid:"), "{what}");
		}
		eprintln!("{file}: {} documents, {along} went along", split.entries().len());
	}
}

/// The entries of a bundle that hold resources of `kind`.
fn entries(bundle: &Json, kind: &str) -> Vec<(usize, Json)> {
	let Some(Json::Array(entries)) = bundle.get("entry") else { panic!("no entries") };
	let all = entries.iter().enumerate().filter_map(|(at, entry)| {
		let resource = entry.get("resource")?;
		let is_of_kind = resource.get("resourceType") == Some(&text(kind));
		is_of_kind.then(|| (at, resource.clone()))
	});
	all.collect()
}

#[test]
fn a_fault_is_found_where_it_was_put() {
	for (name, source) in bundles() {
		let bundle = json(&source);
		let observations = entries(&bundle, "Observation");
		// The file of practitioners has none.
		let Some((last, _)) = observations.last() else { continue };
		let weight = observations
			.iter()
			.find(|(_, resource)| resource.to_compact().contains("29463-7"))
			.map(|(at, _)| *at)
			.unwrap_or_else(|| panic!("{name}: no weight"));
		let (encounter, _) = entries(&bundle, "Encounter")[0];
		let (immunization, _) = entries(&bundle, "Immunization")[0];
		let nowhere = text("urn:uuid:00000000-0000-4000-8000-000000000000");
		for (at, element, value, dimension, found_at, words) in [
			(*last, "status", None, Conformance, "status", "required element missing"),
			(
				weight,
				"valueQuantity.value",
				Some(json("8125")),
				Plausibility,
				"valueQuantity.value",
				"outside",
			),
			(
				weight,
				"valueQuantity.code",
				Some(text("cm")),
				Plausibility,
				"valueQuantity.code",
				"not a unit",
			),
			(
				weight,
				"valueQuantity.value",
				Some(text("81")),
				Conformance,
				"valueQuantity.value",
				"expected a number",
			),
			(weight, "subject", None, Completeness, "subject", "whom"),
			(weight, "weight", Some(json("81")), Conformance, "weight", "no such element"),
			(
				weight,
				"effectiveDateTime",
				Some(text("2099-01-01")),
				Plausibility,
				"effectiveDateTime",
				"future",
			),
			(encounter, "status", Some(text("done")), Conformance, "status", "encounter-status"),
			(
				encounter,
				"period.end",
				Some(text("1900-01-01")),
				Plausibility,
				"period.end",
				"per-1",
			),
			(
				immunization,
				"patient.reference",
				Some(nowhere),
				Completeness,
				"patient.reference",
				"not in the bundle",
			),
		] {
			let document = edit(&bundle, &format!("entry[{at}].resource.{element}"), value);
			let path = format!("Bundle.entry[{at}].resource.{found_at}");
			assert_refused(&document, dimension, &path, words);
		}
	}
}
