// SPDX-License-Identifier: Apache-2.0

//! The hospital's validation gateway: a doctor's note is anchored by its verdicts in one transaction,
//! nobody else gets any, and a document that fails is not filed.

use salus_e2e::{Binaries, Person, journey::Stage};
use std::{fs, path::Path};

fn submit<'a>(stage: &'a Stage, file: &'a str, url: &'a str) -> [&'a str; 9] {
	let (patient, hospital) = (&stage.patient.identity, &stage.hospital.identity);
	["record", "submit", file, "--patient", patient, "--organisation", hospital, "--gateway", url]
}

fn refused(stage: &Stage, person: &Person, arguments: &[&str], says: &str) {
	let said = stage.world.refused(person, arguments).unwrap();
	assert!(said.contains(says), "{arguments:?}: {said}");
}

fn files_under(folder: &Path) -> usize {
	let Ok(entries) = fs::read_dir(folder) else { return 0 };
	let paths = entries.map(|entry| entry.unwrap().path());
	paths.map(|path| if path.is_dir() { files_under(&path) } else { 1 }).sum()
}

#[test]
fn a_note_is_anchored_by_the_verdicts_of_the_hospitals_gateway() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let mut stage = Stage::set(&binaries, &mut tell).unwrap();
	let path = stage.world.dir().join("note.json");
	fs::write(&path, salus_e2e::journey::sample()).unwrap();
	let file = path.display().to_string();

	// A custodian alone validates nothing.
	let url = stage.world.custodian_url();
	refused(&stage, &stage.doctor_a, &submit(&stage, &file, &url), "validates nothing");

	let (custodian, hospital) = (stage.custodian.clone(), stage.hospital.clone());
	stage.world.stop_custodian().unwrap();
	stage.world.start_gateway(&custodian, &hospital).unwrap();
	let url = stage.world.custodian_url();
	let filed = stage.world.cli(&stage.doctor_a, &submit(&stage, &file, &url)).unwrap();
	let record = filed["record"].as_str().unwrap();
	let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
	assert_eq!(shown["record"]["status"], "validated", "{shown}");
	let attestations = shown["versions"][0]["attestations"].as_array().unwrap();
	let by_hospital = |one: &&serde_json::Value| one["validator"] == hospital.identity.as_str();
	assert_eq!(attestations.iter().filter(by_hospital).count(), 3, "{shown}");
	// The evidence that the verdicts name lies in the store, and so does the decision.
	let evidence = attestations[0]["evidence"].as_str().unwrap().trim_start_matches("0x");
	let object = stage.world.store().join("objects").join(&evidence[..2]).join(evidence);
	assert!(object.is_file(), "{}", object.display());
	assert_eq!(files_under(&stage.world.store().join("validations")), 1);

	// Doctor B works elsewhere, and what fails is not filed. Neither is decided on.
	refused(&stage, &stage.doctor_b, &submit(&stage, &file, &url), "");
	let wrong = stage.world.dir().join("wrong.json");
	fs::write(&wrong, r#"{"resourceType":"Observation","status":"final"}"#).unwrap();
	let wrong = wrong.display().to_string();
	refused(&stage, &stage.doctor_a, &submit(&stage, &wrong, &url), "Observation");
	assert_eq!(files_under(&stage.world.store().join("validations")), 1);
	let filed = stage.world.cli(&stage.patient, &["record", "list"]).unwrap();
	assert_eq!(filed.as_array().unwrap().len(), 1, "{filed}");
	stage.world.stop().unwrap();
}
