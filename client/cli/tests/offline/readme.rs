// SPDX-License-Identifier: Apache-2.0

//! What the README says to type about batches and proofs, typed as it stands there.

use super::{furnished, refused, salus};
use predicates::{
	prelude::PredicateBooleanExt,
	str::{contains, is_empty},
};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// The record of leaf 3 of the batch of known answers.
const RECORD: &str = "0xee10aebcfc9774bfe8908d47d2c32c946bc57d2a5fb905173a404afe0cac855b";

/// The commands of the block under a heading, without what is said of them.
fn commands(heading: &str) -> Vec<Vec<String>> {
	let readme = include_str!("../../README.md");
	let (_, under) = readme.split_once(&format!("\n## {heading}\n")).unwrap();
	let (_, block) = under.split_once("```text\n").unwrap();
	let (block, _) = block.split_once("```").unwrap();
	let words = |line: &str| {
		let (line, _) = line.split_once('#').unwrap_or((line, ""));
		line.split_whitespace().map(|word| word.replace("0x…", RECORD)).collect::<Vec<_>>()
	};
	block.lines().map(words).filter(|words| !words.is_empty()).collect()
}

/// A laboratory value of a patient whom the hospital knows by a number of its own.
fn value(patient: u32) -> String {
	format!(
		r#"{{ "resourceType": "Observation", "status": "final",
		"code": {{ "coding": [{{ "system": "http://loinc.org", "code": "29463-7" }}] }},
		"subject": {{ "reference": "Patient/{patient}" }},
		"effectiveDateTime": "2026-09-21",
		"valueQuantity": {{ "value": 71, "unit": "kg", "system": "http://unitsofmeasure.org",
			"code": "kg" }} }}"#
	)
}

/// A folder with everything that the lines name.
fn hospital(home: &Path) -> PathBuf {
	let folder = home.join("work");
	fs::create_dir_all(folder.join("results")).unwrap();
	for patient in [17, 18] {
		fs::write(folder.join(format!("results/{patient}.json")), value(patient)).unwrap();
	}
	let id = |digit: &str| format!("0x{}", digit.repeat(64));
	let rows = format!("reference,patient\nPatient/17,{}\nPatient/18,{}\n", id("a"), id("b"));
	fs::write(folder.join("patients.csv"), rows).unwrap();
	fs::write(folder.join("4711.json"), value(17)).unwrap();
	// The laboratory's home, with a keystore of the same password.
	salus(&folder.join("laboratory")).args(["account", "new"]).assert().success();
	folder
}

#[test]
fn the_lines_on_batches_and_proofs_do_what_stands_beside_them() {
	let home = furnished();
	let folder = hospital(home.path());
	let lines = commands("Many documents at once, and proofs");
	let typed = |words: &[String]| {
		assert_eq!(words[0], "salus");
		let mut command = salus(home.path());
		command.current_dir(&folder).args(&words[1..]);
		command.assert()
	};
	let [batch, prove, verify, promote, report] = &lines[..] else { panic!("{lines:?}") };
	let gone = |name: &str| !folder.join(name).exists();

	// Both documents are read, judged and matched with the map: only the node is missing.
	refused(typed(batch)).stderr(contains("no node answers"));
	assert!(gone("night.proofs"), "nothing is written before it is sealed");
	let map = fs::read_to_string(folder.join("patients.csv")).unwrap();
	let (first, _) = map.rsplit_once("Patient/18").unwrap();
	fs::write(folder.join("patients.csv"), first).unwrap();
	refused(typed(batch)).stderr(contains("1 of 2 documents").and(contains("not in the map")));
	fs::write(folder.join("patients.csv"), &map).unwrap();

	// A batch that was made elsewhere stands in for the night's.
	let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/tests/vectors");
	fs::copy(vectors.join("batch.proofs"), folder.join("night.proofs")).unwrap();
	refused(typed(batch)).stderr(contains("night.proofs exists already"));
	typed(prove).success().stderr(is_empty());
	let expected = fs::read(vectors.join("leaf-3.proof.json")).unwrap();
	assert_eq!(fs::read(folder.join("one.proof.json")).unwrap(), expected);
	typed(verify).success().stdout(contains("inclusion").and(contains("leaf 3 of 5")));

	// Proof, document and the laboratory's keystore are looked at before the node is.
	refused(typed(promote)).stderr(contains("no node answers"));
	let laboratory = folder.join("laboratory/keystore.json");
	fs::rename(&laboratory, folder.join("away")).unwrap();
	refused(typed(promote)).stderr(contains("there is no keystore at").and(contains("laboratory")));
	fs::rename(folder.join("away"), &laboratory).unwrap();
	fs::write(folder.join("4711.json"), "{}").unwrap();
	refused(typed(promote)).stderr(contains("not FHIR"));

	refused(typed(report)).stderr(contains("no node answers"));
	assert!(gone("record.html"));
	fs::write(folder.join("record.html"), "an older report").unwrap();
	refused(typed(report)).stderr(contains("--force"));
}

#[test]
fn evidence_is_shown_to_who_has_it() {
	let home = furnished();
	let hash = format!("0x{}", "ab".repeat(32));
	let show = |more: &[&str]| {
		let mut command = salus(home.path());
		command.args(["record", "evidence"]).args(more);
		command.assert()
	};
	refused(show(&[&hash])).stderr(contains("keeps no evidence").and(contains(hash.as_str())));
	show(&["0x12"]).code(2).stdout(is_empty());
	show(&[&hash, "--force"]).code(2);
}
