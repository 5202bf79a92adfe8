// SPDX-License-Identifier: Apache-2.0

//! A bundle becomes many records, which are found by what they say, and pointed at.

use salus_e2e::{Binaries, Person, journey::Stage};
use serde_json::{Value, json};
use std::fs;

/// A body weight, in LOINC.
const WEIGHT: &str = "29463-7";

/// What a search prints: the hits, and the summary at the end.
fn search(stage: &Stage, person: &Person, what: &[&str]) -> (Vec<Value>, Value) {
	let line =
		[&["--json", "record", "search", "--patient", &stage.patient.identity], what].concat();
	let output = stage.world.run(person, &line).unwrap();
	let said = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "{}: {line:?}: {said}", person.name);
	let text = String::from_utf8(output.stdout).unwrap();
	let mut lines: Vec<Value> =
		text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
	let summary = lines.pop().unwrap()["summary"].take();
	assert!(summary.is_object(), "{text}");
	(lines, summary)
}

fn records(hits: &[Value]) -> Vec<&str> {
	hits.iter().map(|hit| hit["record"].as_str().unwrap()).collect()
}

/// Writes a document, and submits it resource by resource as doctor A.
fn submit(stage: &Stage, bundle: &Value, more: &[&str]) -> Result<Value, String> {
	let file = stage.world.dir().join("split.json");
	fs::write(&file, bundle.to_string()).unwrap();
	let (file, home) = (file.display().to_string(), stage.hospital.home().display().to_string());
	let line = [
		&["--wait", "finalised", "record", "submit", &file, "--split"][..],
		&["--patient", &stage.patient.identity, "--organisation", &stage.hospital.identity],
		&["--attest-with", &home],
		more,
	]
	.concat();
	stage.world.cli(&stage.doctor_a, &line)
}

/// The plaintext of a record.
fn read(stage: &Stage, person: &Person, record: &str) -> Value {
	let file = stage.world.dir().join("read.json");
	let path = file.display().to_string();
	let line = ["record", "open", record, "--force", "--output", &path];
	stage.world.cli(person, &line).unwrap();
	serde_json::from_slice(&fs::read(&file).unwrap()).unwrap()
}

#[test]
fn a_bundle_becomes_records_that_are_found_and_pointed_at() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let stage = Stage::set(&binaries, &mut tell).unwrap();
	let (doctor, patient) = (&stage.doctor_a, &stage.patient);
	let grant = ["--wait", "finalised", "consent", "grant", &doctor.identity, "--compartment", "0"];
	stage.world.cli(patient, &grant).unwrap();

	// One impossible value: nothing is anchored, or everything else is.
	let sample: Value = serde_json::from_str(salus_e2e::journey::sample()).unwrap();
	let mut bad = sample.clone();
	let entries = bad["entry"].as_array_mut().unwrap();
	let weight = entries
		.iter_mut()
		.map(|entry| &mut entry["resource"])
		.find(|resource| resource["code"]["coding"][0]["code"] == WEIGHT)
		.unwrap();
	weight["valueQuantity"]["value"] = 7100.into();
	let refused = submit(&stage, &bad, &[]).unwrap_err();
	assert!(refused.contains("valueQuantity"), "{refused}");
	let none = stage.world.cli(patient, &["record", "list"]).unwrap();
	assert_eq!(none, json!([]));
	let skipped = submit(&stage, &bad, &["--skip-bad"]).unwrap();
	assert_eq!(skipped["leftOut"].as_array().unwrap().len(), 1, "{skipped}");
	assert_eq!(skipped["leftOut"][0]["resourceType"], "Observation");
	let fewer = skipped["records"].as_array().unwrap().len();

	// All of them, in one transaction, each anchored and tagged.
	let filed = submit(&stage, &sample, &[]).unwrap();
	let all = filed["records"].as_array().unwrap();
	assert_eq!(all.len(), fewer + 1, "{filed}");
	assert!(all.iter().all(|one| one["tags"].is_u64()), "{filed}");
	let listed = stage.world.cli(patient, &["record", "list", "--limit", "200"]).unwrap();
	let listed = listed.as_array().unwrap();
	assert_eq!(listed.len(), all.len() + fewer);
	assert!(listed.iter().all(|record| record["status"] == "validated"), "{listed:?}");

	// By code, by month, by both; by the doctor who may read, and by the patient.
	for person in [doctor, patient] {
		let (hits, summary) = search(&stage, person, &["--code", WEIGHT]);
		let [hit] = &hits[..] else { panic!("{hits:?}") };
		assert_eq!(hit["resourceType"], "Observation");
		assert_eq!(summary["opened"], 1, "others were not opened: {summary}");
		let day = hit["day"].as_str().unwrap();
		let same = ["--code", WEIGHT, "--from", day, "--to", day];
		assert_eq!(records(&search(&stage, person, &same).0), records(&hits));
		let before = ["--code", WEIGHT, "--from", "2001", "--to", "2002"];
		assert!(search(&stage, person, &before).0.is_empty());
		let month = &day[..7];
		let (of_month, _) = search(&stage, person, &["--from", month, "--to", month]);
		assert!(records(&of_month).contains(&records(&hits)[0]));
		let other_class = ["--code", WEIGHT, "--class", "imaging"];
		assert!(search(&stage, person, &other_class).0.is_empty());
		assert!(search(&stage, person, &["--code", "0000-0"]).0.is_empty());
	}
	let line = ["record", "search", "--patient", &patient.identity, "--code", WEIGHT];
	let said = stage.world.refused(&stage.doctor_b, &line).unwrap();
	assert!(said.contains("no compartment of the patient is open to you"), "{said}");

	// The report on the values points at the records that the values became.
	let report = all.iter().find(|one| one["resourceType"] == "DiagnosticReport").unwrap();
	let document = read(&stage, patient, report["record"].as_str().unwrap());
	let results = document["result"].as_array().unwrap();
	let ids: Vec<_> = all.iter().map(|one| &one["record"]).collect();
	assert!(!results.is_empty());
	for result in results {
		assert_eq!(result["identifier"]["system"], "urn:salus:record", "{document}");
		assert!(ids.contains(&&result["identifier"]["value"]), "{document}");
	}

	// A recommendation about the weight: in the list, found by what it is about, and it says so.
	let (hits, _) = search(&stage, patient, &["--code", WEIGHT]);
	let weight = records(&hits)[0];
	let note = stage.world.dir().join("note.json");
	let words = json!({
		"resourceType": "Communication",
		"status": "completed",
		"sent": "2026-09-22T10:00:00Z",
		"payload": [{ "contentString": "Walk half an hour a day." }],
	});
	fs::write(&note, words.to_string()).unwrap();
	let (note, home) = (note.display().to_string(), stage.hospital.home().display().to_string());
	let line = ["--wait", "finalised", "record", "recommend", weight, "--file", &note];
	let line = [&line[..], &["--attest-with", &home]].concat();
	let made = stage.world.cli(doctor, &line).unwrap();
	let made = made["record"].as_str().unwrap();
	let listed = stage.world.cli(patient, &["record", "list"]).unwrap();
	assert_eq!(listed[0]["id"], made, "the newest in the patient's list");
	let (about, _) = search(&stage, patient, &["--about", weight]);
	assert_eq!(records(&about), [made]);
	assert_eq!(about[0]["pointsAt"], json!([weight]));
	assert_eq!(read(&stage, patient, made)["about"][0]["identifier"]["value"], weight);

	// A reading of the patient's own has its tags from the start.
	let add = ["--wait", "finalised", "reading", "add", "--weight", "70kg"];
	let reading = stage.world.cli(patient, &add).unwrap();
	let (hits, _) = search(&stage, patient, &["--code", WEIGHT]);
	assert!(records(&hits).contains(&reading["record"].as_str().unwrap()), "{reading}");
	let indexed = stage.world.cli(patient, &["record", "index"]).unwrap();
	assert_eq!(indexed["failed"], json!([]), "{indexed}");

	// After a rotation, what was filed before is found by the tags of its epoch, what is filed then by
	// the new ones; by the patient, and by the doctor, to whom the new key was sealed.
	let (before, _) = search(&stage, patient, &["--code", WEIGHT]);
	let rotate = ["--wait", "finalised", "consent", "rotate-compartment", "0"];
	stage.world.cli(patient, &rotate).unwrap();
	let later = stage.world.cli(patient, &add).unwrap();
	for person in [patient, doctor] {
		let (hits, summary) = search(&stage, person, &["--code", WEIGHT]);
		let found = records(&hits);
		assert!(records(&before).iter().all(|record| found.contains(record)), "{hits:?}");
		assert!(found.contains(&later["record"].as_str().unwrap()), "{hits:?}");
		assert_eq!(found.len(), before.len() + 1);
		assert_eq!(summary["unlinkedCompartments"], json!([]), "{summary}");
	}
	stage.world.stop().unwrap();
}
