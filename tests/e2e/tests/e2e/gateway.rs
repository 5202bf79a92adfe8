// SPDX-License-Identifier: Apache-2.0

//! The hospital's validation gateway: a doctor's note is anchored by its verdicts in one transaction,
//! nobody else gets any, and a document that fails is not filed. A bundle is judged resource by
//! resource, and a gateway that goes down in the middle makes no document bad.

use crate::people::refused;
use salus_e2e::{Binaries, journey::Stage};
use serde_json::Value;
use std::{
	fs,
	path::Path,
	thread,
	time::{Duration, Instant},
};

fn submit<'a>(stage: &'a Stage, file: &'a str, url: &'a str) -> [&'a str; 9] {
	let (patient, hospital) = (&stage.patient.identity, &stage.hospital.identity);
	["record", "submit", file, "--patient", patient, "--organisation", hospital, "--gateway", url]
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

/// The words that split a bundle as doctor A.
fn split<'a>(stage: &'a Stage, file: &'a str, url: &'a str, more: &[&'a str]) -> Vec<&'a str> {
	[&submit(stage, file, url)[..], &["--split"], more].concat()
}

fn records(filed: &Value) -> Vec<&str> {
	let all = filed["records"].as_array().unwrap();
	all.iter().map(|one| one["record"].as_str().unwrap()).collect()
}

/// How many documents the gateway has decided on.
fn decisions(stage: &Stage) -> usize {
	files_under(&stage.world.store().join("validations"))
}

/// A stage with a gateway, and the sample of an encounter in a file.
fn with_gateway() -> (Stage, String) {
	let mut stage = Stage::set(&Binaries::of_this_build().unwrap(), &mut |_| ()).unwrap();
	let (custodian, hospital) = (stage.custodian.clone(), stage.hospital.clone());
	stage.world.stop_custodian().unwrap();
	stage.world.start_gateway(&custodian, &hospital).unwrap();
	let path = stage.world.dir().join("encounter.json");
	fs::write(&path, salus_e2e::journey::sample()).unwrap();
	let file = path.display().to_string();
	(stage, file)
}

#[test]
fn a_bundle_is_judged_resource_by_resource_and_filed_once() {
	let (stage, file) = with_gateway();
	let url = stage.world.custodian_url();
	let filed = stage.world.cli(&stage.doctor_a, &split(&stage, &file, &url, &[])).unwrap();
	let all = records(&filed);
	assert!(all.len() > 10, "{filed}");
	assert_eq!(filed["leftOut"], serde_json::json!([]));
	assert_eq!(decisions(&stage), all.len(), "one decision each");
	for record in &all {
		let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
		assert_eq!(shown["record"]["status"], "validated", "{shown}");
		let attestations = shown["versions"][0]["attestations"].as_array().unwrap();
		let hospital = stage.hospital.identity.as_str();
		assert!(attestations.iter().all(|one| one["validator"] == hospital), "{shown}");
	}

	// What the gateway found is kept sealed, and opens by the hash that stands on chain.
	let shown = stage.world.cli(&stage.patient, &["record", "show", all[0]]).unwrap();
	let evidence = shown["versions"][0]["attestations"][0]["evidence"].as_str().unwrap();
	let outcome = stage.world.cli(&stage.doctor_a, &["record", "evidence", evidence]).unwrap();
	assert_eq!(outcome["resourceType"], "OperationOutcome", "{outcome}");
	refused(&stage, &stage.doctor_b, &["record", "evidence", evidence], "keeps no evidence");
	for kept in fs::read_dir(stage.doctor_a.home().join("evidence")).unwrap() {
		let bytes = fs::read(kept.unwrap().path()).unwrap();
		assert!(!String::from_utf8_lossy(&bytes).contains("OperationOutcome"));
	}

	// It is over: going on with it tells the same, and files and asks nothing.
	let again = split(&stage, &file, &url, &["--resume"]);
	let told = stage.world.cli(&stage.doctor_a, &again).unwrap();
	assert_eq!(records(&told), all);
	assert_eq!(decisions(&stage), all.len());
	let listed = stage.world.cli(&stage.patient, &["record", "list", "--limit", "200"]).unwrap();
	assert_eq!(listed.as_array().unwrap().len(), all.len());
	// A bundle that was never begun is not gone on with.
	let other = stage.world.dir().join("other.json");
	let mut bundle: Value = serde_json::from_str(salus_e2e::journey::sample()).unwrap();
	bundle["id"] = "another".into();
	fs::write(&other, bundle.to_string()).unwrap();
	let other = other.display().to_string();
	refused(&stage, &stage.doctor_a, &split(&stage, &other, &url, &["--resume"]), "to resume");

	// A batch has its verdicts from people; each of its leaves may have a gateway's when it becomes a
	// record.
	let proofs = stage.world.dir().join("night.proofs").display().to_string();
	let both = split(&stage, &file, &url, &["--batch", &proofs]);
	let output = stage.world.run(&stage.doctor_a, &both).unwrap();
	assert_eq!(output.status.code(), Some(2), "{output:?}");
	let folder = stage.world.dir().join("night");
	fs::create_dir(&folder).unwrap();
	let document = folder.join("0.json");
	fs::copy(&file, &document).unwrap();
	let (folder, document) = (folder.display().to_string(), document.display().to_string());
	let home = stage.hospital.home().display().to_string();
	let (patient, hospital) = (&stage.patient.identity, &stage.hospital.identity);
	let batch = [
		&["--wait", "finalised", "record", "batch", &folder, "--patient", patient][..],
		&["--organisation", hospital, "--anchor-with", &home, "--output", &proofs],
	]
	.concat();
	stage.world.cli(&stage.doctor_a, &batch).unwrap();
	let proof = stage.world.dir().join("0.proof.json").display().to_string();
	let prove = ["record", "prove", &proofs, "--index", "0", "--output", &proof];
	let proved = stage.world.cli(&stage.doctor_a, &prove).unwrap();
	let promote = ["record", "promote", &proof, "--document", &document, "--gateway", &url];
	stage.world.cli(&stage.doctor_a, &promote).unwrap();
	let record = proved["record"].as_str().unwrap();
	let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
	assert_eq!(shown["record"]["status"], "validated", "{shown}");
	assert_eq!(decisions(&stage), all.len() + 1);
	stage.world.stop().unwrap();
}

#[test]
fn a_gateway_that_goes_down_leaves_no_document_out() {
	let (mut stage, file) = with_gateway();
	let url = stage.world.custodian_url();
	let words = split(&stage, &file, &url, &["--skip-bad"]);
	let words: Vec<String> = words.into_iter().map(String::from).collect();
	let line: Vec<_> = words.iter().map(String::as_str).collect();
	let running = stage.world.begin(&stage.doctor_a, &line).unwrap();
	let patience = Instant::now() + Duration::from_secs(120);
	while decisions(&stage) == 0 {
		assert!(Instant::now() < patience, "the gateway was never asked");
		thread::sleep(Duration::from_millis(2));
	}
	stage.world.stop_custodian().unwrap();
	let ended = running.wait_with_output().unwrap();
	let said = String::from_utf8_lossy(&ended.stderr);
	assert_eq!(ended.status.code(), Some(1), "{said}");
	for part in ["stopped with 0 of", "records anchored", "--resume"] {
		assert!(said.contains(part), "{part}: {said}");
	}
	assert!(!said.contains("--skip-bad"), "{said}");
	let none = stage.world.cli(&stage.patient, &["record", "list"]).unwrap();
	assert_eq!(none, serde_json::json!([]), "nothing was anchored, and nothing left out");

	let (custodian, hospital) = (stage.custodian.clone(), stage.hospital.clone());
	stage.world.start_gateway(&custodian, &hospital).unwrap();
	let url = stage.world.custodian_url();
	let again = split(&stage, &file, &url, &["--skip-bad", "--resume"]);
	let filed = stage.world.cli(&stage.doctor_a, &again).unwrap();
	assert_eq!(filed["leftOut"], serde_json::json!([]), "{filed}");
	let all = records(&filed).len();
	let listed = stage.world.cli(&stage.patient, &["record", "list", "--limit", "200"]).unwrap();
	assert_eq!(listed.as_array().unwrap().len(), all);
	stage.world.stop().unwrap();
}
