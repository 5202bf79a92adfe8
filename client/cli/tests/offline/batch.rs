// SPDX-License-Identifier: Apache-2.0

//! Batches, proofs and reports without a node.

use super::{files, furnished, home, refused, salus};
use predicates::{prelude::PredicateBooleanExt, str::contains};
use serde_json::Value;
use std::{
	fs,
	path::{Path, PathBuf},
};

/// The record of leaf 3 of the batch of known answers.
const RECORD: &str = "0xee10aebcfc9774bfe8908d47d2c32c946bc57d2a5fb905173a404afe0cac855b";
/// The genesis hash that the batch is for.
const GENESIS: &str = "0x1111111111111111111111111111111111111111111111111111111111111111";

/// A file of known answers.
fn vector(name: &str) -> PathBuf {
	Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/tests/vectors").join(name)
}

/// A copy of one, to be altered.
fn altered(home: &Path, name: &str, change: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
	let mut bytes = fs::read(vector(name)).unwrap();
	change(&mut bytes);
	let path = home.join(name);
	fs::write(&path, bytes).unwrap();
	path
}

/// A proof in which one text was replaced by another.
fn forged(home: &Path, from: &str, to: &str) -> PathBuf {
	altered(home, "leaf-3.proof.json", |bytes| {
		let text = String::from_utf8(std::mem::take(bytes)).unwrap();
		assert!(text.contains(from));
		*bytes = text.replacen(from, to, 1).into_bytes();
	})
}

fn outcome<'a>(answer: &'a Value, what: &str) -> &'a str {
	let checks = answer["checks"].as_array().unwrap();
	let check = checks.iter().find(|check| check["what"] == what).unwrap();
	check["outcome"].as_str().unwrap()
}

#[test]
fn a_proof_is_cut_out_by_record_or_place() {
	let home = home();
	let expected = fs::read_to_string(vector("leaf-3.proof.json")).unwrap();
	let prove = || {
		let mut command = salus(home.path());
		command.args(["record", "prove"]).arg(vector("batch.proofs"));
		command
	};
	for leaf in [["--index", "3"], ["--record", RECORD]] {
		prove().args(leaf).assert().success().stdout(expected.clone());
	}
	let output = home.path().join("one.proof.json");
	let told = prove().args(["--json", "--index", "3", "--output"]).arg(&output).assert().success();
	let told: Value = serde_json::from_slice(&told.get_output().stdout).unwrap();
	assert_eq!((&told["batch"], &told["record"]), (&7.into(), &RECORD.into()));
	assert_eq!(fs::read_to_string(&output).unwrap(), expected);
	refused(prove().args(["--index", "2", "--output"]).arg(&output).assert())
		.stderr(contains("--force"));

	refused(prove().args(["--index", "5"]).assert()).stderr(contains("its leaves are 0 to 4"));
	refused(prove().args(["--record", GENESIS]).assert()).stderr(contains("not in this batch"));
	prove().assert().code(2);
	prove().args(["--index", "1", "--record", RECORD]).assert().code(2);
	let other = salus(home.path()).args(["record", "prove", "--index", "0"]).arg(&output).assert();
	refused(other).stderr(contains("no proof file of a batch"));
}

#[test]
fn a_bare_proof_names_no_patient_and_is_not_promoted() {
	let home = home();
	let output = home.path().join("bare.proof.json");
	salus(home.path())
		.args(["record", "prove", "--index", "3", "--bare", "--output"])
		.arg(&output)
		.arg(vector("batch.proofs"))
		.assert()
		.success();
	let text = fs::read_to_string(&output).unwrap();
	assert!(!text.contains(&"63".repeat(32)) && !text.contains("wrap"), "{text}");
	salus(home.path()).args(["record", "verify"]).arg(&output).assert().success();
	refused(salus(home.path()).args(["record", "promote"]).arg(&output).assert())
		.stderr(contains("without --bare"));
}

#[test]
fn a_proof_is_verified_without_node_keystore_or_home() {
	let home = home();
	let verify = || {
		let mut command = salus(home.path());
		command.args(["record", "verify", "--json"]).arg(vector("leaf-3.proof.json"));
		command
	};
	let answer = verify().assert().success();
	let answer: Value = serde_json::from_slice(&answer.get_output().stdout).unwrap();
	assert_eq!(answer["record"], RECORD);
	assert_eq!((&answer["batch"], &answer["leafIndex"]), (&7.into(), &3.into()));
	assert_eq!(outcome(&answer, "inclusion"), "passed");
	for unasked in ["chain", "anchored root", "sealed object", "document"] {
		assert_eq!(outcome(&answer, unasked), "open", "{unasked}");
	}
	let answer = verify().args(["--genesis", GENESIS]).assert().success();
	let answer: Value = serde_json::from_slice(&answer.get_output().stdout).unwrap();
	assert_eq!(outcome(&answer, "chain"), "passed");
	let elsewhere = format!("0x{}", "22".repeat(32));
	refused(verify().args(["--genesis", &elsewhere]).assert()).stderr(contains("genesis"));
	refused(verify().arg("--online").assert()).stderr(contains("no node answers"));
	assert!(files(home.path()).is_empty());
}

#[test]
fn an_altered_proof_is_refused() {
	let home = home();
	let cases = [
		("\"leafIndex\": 3", "\"leafIndex\": 2", "not in the batch"),
		("\"leafIndex\": 3", "\"leafIndex\": 9", "not in the batch"),
		("\"treeSize\": 5", "\"treeSize\": 9", "not in the batch"),
		("\"treeSize\": 5", "\"treeSize\": 4294967295", "1 to 1048576"),
		("\"version\": 1", "\"version\": 2", "always version 1"),
		(RECORD, GENESIS, "does not fit the patient"),
		("\"medication\"", "\"clinical\"", "does not fit the patient"),
		("\"compartment\": 6", "\"compartment\": 7", "does not fit the patient"),
		("salus-proof/1", "salus-proof/9", "update the program"),
		("\"path\"", "\"paths\"", "no proof of a record"),
	];
	for (from, to, says) in cases {
		let proof = forged(home.path(), from, to);
		refused(salus(home.path()).args(["record", "verify"]).arg(proof).assert())
			.stderr(contains(says));
	}
	let big = altered(home.path(), "leaf-3.proof.json", |bytes| bytes.resize(1 << 18, b' '));
	refused(salus(home.path()).args(["record", "verify"]).arg(big).assert())
		.stderr(contains("no proof of a record"));
	refused(salus(home.path()).args(["record", "verify", "nowhere.json"]).assert())
		.stderr(contains("cannot be opened"));
}

#[test]
fn a_report_says_what_was_checked_also_when_it_fails() {
	let home = home();
	let report = |name: &str, proof: &Path| {
		let mut command = salus(home.path());
		command.args(["record", "verify", "--report"]).arg(home.path().join(name)).arg(proof);
		command
	};
	let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
	let proof = vector("leaf-3.proof.json");
	for name in ["good.html", "good.txt", "good.json"] {
		report(name, &proof).assert().success().stdout(contains("report written to"));
		let text = read(name);
		assert!(text.contains(RECORD) && text.contains("inclusion"), "{text}");
		// Neither the patient nor any file name.
		assert!(!text.contains(&"63".repeat(32)) && !text.contains("leaf-3"), "{text}");
		refused(report(name, &proof).assert()).stderr(contains("--force"));
	}
	assert!(read("good.html").contains("<svg") && read("good.txt").contains('▀'));
	let json: Value = serde_json::from_str(&read("good.json")).unwrap();
	assert_eq!(outcome(&json, "inclusion"), "passed");

	let bad = forged(home.path(), "\"leafIndex\": 3", "\"leafIndex\": 2");
	refused(report("bad.txt", &bad).assert()).stderr(contains("does not hold: inclusion"));
	let text = read("bad.txt");
	assert!(text.contains("This does not hold") && text.contains("FAILED  inclusion"), "{text}");
	refused(report("out.pdf", &proof).assert()).stderr(contains(".html"));
	refused(report("out", &proof).assert()).stderr(contains(".txt"));
}

#[test]
fn an_object_of_another_hash_is_refused() {
	let home = home();
	let object = home.path().join("object.hre1");
	fs::write(&object, b"HRE1").unwrap();
	let mut command = salus(home.path());
	command.args(["record", "verify", "--object"]).arg(&object).arg(vector("leaf-3.proof.json"));
	refused(command.assert()).stderr(contains("sealed object: its hash is").and(contains("4343")));
}

#[test]
fn the_file_of_a_batch_is_checked_from_end_to_end() {
	let home = home();
	let verify = |path: &Path| salus(home.path()).args(["record", "verify"]).arg(path).assert();
	verify(&vector("batch.proofs")).success().stdout(contains("every leaf and node holds"));
	for (place, says) in [
		(20, "head of the proof file is damaged"),
		(170, "entry 0 of the proof file is damaged"),
		(168 + 358 * 4 + 340, "entry 4 of the proof file is damaged"),
		(168 + 358 * 5 + 3, "do not lead"),
	] {
		let bad = altered(home.path(), "batch.proofs", |bytes| bytes[place] ^= 1);
		refused(verify(&bad)).stderr(contains(says));
	}
	let cut = altered(home.path(), "batch.proofs", |bytes| bytes.truncate(2149));
	refused(verify(&cut)).stderr(contains("2149 bytes and should have 2150"));
	let mut command = salus(home.path());
	command.args(["record", "verify", "--report", "x.html"]).arg(vector("batch.proofs"));
	refused(command.assert()).stderr(contains("salus record prove"));
}

/// A folder with good documents and bad ones.
fn documents(home: &Path, good: usize, bad: &[(&str, &str)]) -> PathBuf {
	let folder = home.join("documents");
	fs::create_dir(&folder).unwrap();
	let shown =
		salus(home).args(["reading", "add", "--weight", "71kg", "--dry-run"]).assert().success();
	for number in 0..good {
		fs::write(folder.join(format!("good-{number}.json")), &shown.get_output().stdout).unwrap();
	}
	for (name, text) in bad {
		fs::write(folder.join(name), text).unwrap();
	}
	folder
}

#[test]
fn one_bad_document_holds_up_a_batch_unless_it_is_left_out() {
	let home = home();
	let folder = documents(home.path(), 2, &[("a.json", "{}"), ("b.json", "[1")]);
	let patient = format!("0x{}", "ab".repeat(32));
	let batch = || {
		let mut command = salus(home.path());
		command.args(["record", "batch", "--patient", &patient]).arg(&folder);
		command.arg("--output").arg(home.path().join("out.proofs"));
		command
	};
	refused(batch().assert())
		.stderr(contains("2 of 4 documents cannot be filed").and(contains("a.json")));

	// Left out; then the keystore is what it stumbles over.
	let list = home.path().join("bad.csv");
	refused(batch().arg("--skip-bad").arg(&list).assert()).stderr(contains("salus account new"));
	let text = fs::read_to_string(&list).unwrap();
	assert_eq!(text.lines().count(), 3, "{text}");
	assert!(text.contains("b.json,") && text.contains("not JSON"), "{text}");
	// It may be the only list of an earlier run.
	refused(batch().arg("--skip-bad").arg(&list).assert()).stderr(contains("exists already"));
	assert_eq!(files(home.path()), ["bad.csv", "documents"]);
}

#[test]
fn a_batch_needs_to_know_whom_each_document_is_about() {
	let home = furnished();
	let folder = documents(home.path(), 1, &[]);
	let batch = || {
		let mut command = salus(home.path());
		command.args(["record", "batch"]).arg(&folder);
		command
	};
	refused(batch().assert()).stderr(contains("whom is it about?"));
	let map = home.path().join("patients.csv");
	let id = "ab".repeat(32);
	fs::write(&map, format!("reference,patient\nPatient/nobody,0x{id}\n")).unwrap();
	refused(batch().arg("--patient-map").arg(&map).assert()).stderr(contains("patient"));
	fs::write(&map, "reference,patient\nPatient/1\n").unwrap();
	refused(batch().arg("--patient-map").arg(&map).assert()).stderr(contains("line 2"));
	batch().arg("--patient-map").arg(&map).args(["--patient", &id]).assert().code(2);
	// With everything known only the node is missing.
	refused(batch().args(["--patient", &id]).assert()).stderr(contains("no node answers"));

	let list = home.path().join("list.csv");
	fs::write(&list, format!("file,patient\ndocuments/good-0.json,0x{id}\n")).unwrap();
	let by_list = |list: &Path| salus(home.path()).args(["record", "batch"]).arg(list).assert();
	refused(by_list(&list)).stderr(contains("no node answers"));
	fs::write(&list, format!("file,patient\ndocuments/gone.json,0x{id}\n")).unwrap();
	refused(by_list(&list)).stderr(contains("gone.json"));
	let empty = home.path().join("empty");
	fs::create_dir(&empty).unwrap();
	refused(by_list(&empty)).stderr(contains("names no document"));
}

#[test]
fn a_proof_file_is_anchored_only_when_it_is_whole() {
	let home = furnished();
	let anchor = |path: &Path| {
		let mut command = salus(home.path());
		command.args(["record", "batch"]).arg(path);
		command
	};
	refused(anchor(&vector("batch.proofs")).assert()).stderr(contains("no node answers"));
	let bad = altered(home.path(), "batch.proofs", |bytes| bytes[700] ^= 1);
	refused(anchor(&bad).assert()).stderr(contains("entry 1 of the proof file is damaged"));
	let mut judged = anchor(&vector("batch.proofs"));
	refused(judged.arg("--attest-with").arg(home.path()).assert()).stderr(contains("unseen"));
}

#[test]
fn promotion_is_refused_before_the_network_where_it_can_be() {
	let home = furnished();
	let promote = |proof: &Path| {
		let mut command = salus(home.path());
		command.args(["record", "promote"]).arg(proof);
		command
	};
	let proof = vector("leaf-3.proof.json");
	refused(promote(&proof).assert()).stderr(contains("no node answers"));
	refused(promote(&proof).arg("--document").arg(&proof).assert()).stderr(contains("not FHIR"));
	let bad = forged(home.path(), "\"leafIndex\": 3", "\"leafIndex\": 1");
	refused(promote(&bad).assert()).stderr(contains("not in the batch"));
}
