// SPDX-License-Identifier: Apache-2.0

//! Records without a chain: what is refused before anything leaves the machine.

use super::{files, furnished, home, refused, salus};
use predicates::str::{contains, is_empty};
use std::{fs, path::Path};

const RECORD: &str = "abababababababababababababababababababababababababababababababab";

/// A bundle of one laboratory value.
fn bundle(bundle_type: &str, value: &str) -> String {
	format!(
		r#"{{ "resourceType": "Bundle", "type": "{bundle_type}", "entry": [
		{{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001",
		  "resource": {{ "resourceType": "Patient",
			"identifier": [{{ "system": "urn:oid:2.16.756", "value": "1" }}] }} }},
		{{ "fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000002",
		  "resource": {{ "resourceType": "Observation", "status": "final",
			"code": {{ "coding": [{{ "system": "http://loinc.org", "code": "29463-7" }}] }},
			"subject": {{ "reference": "urn:uuid:00000000-0000-4000-8000-000000000001" }},
			"effectiveDateTime": "2026-09-21",
			"valueQuantity": {{ "value": {value}, "unit": "kg", "system":
				"http://unitsofmeasure.org", "code": "kg" }} }} }} ] }}"#
	)
}

fn split(home: &Path, document: &str, more: &[&str]) -> assert_cmd::assert::Assert {
	let file = home.join("bundle.json");
	fs::write(&file, document).unwrap();
	let mut command = salus(home);
	command.args(["record", "submit", "--split", "--patient", RECORD]).args(more).arg(&file);
	command.assert()
}

#[test]
fn a_bundle_is_taken_apart_only_where_that_makes_sense() {
	let home = home();
	let judged = ["--gateway", "http://127.0.0.1:9"];
	for (document, more, says) in [
		(bundle("collection", "71"), &[][..], "name who gives them"),
		(bundle("collection", "71"), &["--resume"], "name who gives them"),
		(bundle("document", "71"), &judged[..], "is one whole"),
		(bundle("collection", "7100"), &judged, "valueQuantity"),
		(r#"{ "resourceType": "Patient" }"#.into(), &judged, "without --split"),
		("{".into(), &judged, "is not JSON"),
		(
			bundle("collection", "7100"),
			&["--gateway", "http://127.0.0.1:9", "--skip-bad"],
			"no entry of the bundle is valid",
		),
	] {
		refused(split(home.path(), &document, more)).stderr(contains(says));
	}
	// What is good stumbles over the missing keystore next.
	refused(split(home.path(), &bundle("collection", "71"), &judged))
		.stderr(contains("salus account new"));
	assert_eq!(files(home.path()), ["bundle.json"]);
}

#[test]
fn what_goes_with_splitting_alone_is_not_understood_otherwise() {
	let home = home();
	let file = home.path().join("bundle.json");
	fs::write(&file, bundle("collection", "71")).unwrap();
	for option in [&["--skip-bad"][..], &["--class-by-type"], &["--resume"], &["--batch", "proofs"]]
	{
		let mut command = salus(home.path());
		command.args(["record", "submit", "--patient", RECORD]).args(option).arg(&file);
		command.assert().code(2).stdout(is_empty());
	}
	let both = ["--gateway", "http://127.0.0.1:9", "--attest-with", "somebody"];
	split(home.path(), &bundle("collection", "71"), &both).code(2);
	// A batch is gone on with by the same command, and judged by people, not by a gateway.
	for option in [&["--resume"][..], &["--gateway", "http://127.0.0.1:9"]] {
		let words = [&["--batch", "night.proofs"][..], option].concat();
		split(home.path(), &bundle("collection", "71"), &words).code(2).stdout(is_empty());
	}
}

#[test]
fn searches_that_cannot_be_asked_are_refused_first() {
	let home = home();
	for line in [
		&["record", "search"][..],
		&["record", "search", "--to", "2026"],
		&["record", "search", "--code", "718-7", "--from", "yesterday"],
		&["record", "search", "--about", "0x12"],
	] {
		salus(home.path()).args(line).assert().code(2).stdout(is_empty());
	}
	for (line, says) in [
		(&["record", "search", "--from", "2026-09", "--to", "2026-08"][..], "turn --from"),
		(&["record", "search", "--from", "1990", "--to", "2026"], "add --code"),
		(&["record", "search", "--code", "718-7"], "salus account new"),
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains(says));
	}
}

#[test]
fn an_erasure_needs_a_reason_that_is_one() {
	let home = furnished();
	for line in [
		&["record", "erase", RECORD, "--execute"][..],
		&["record", "erase", RECORD, "--refuse"],
		&["record", "erase", RECORD, "--execute", "--refuse", "--basis", "objection"],
		&["record", "hold", RECORD, "maybe"],
		&["record", "reap"],
	] {
		salus(home.path()).args(line).assert().code(2).stdout(is_empty());
	}
}

#[test]
fn every_command_on_records_says_which_node_is_down() {
	let home = furnished();
	let note = home.path().join("note.json");
	fs::write(&note, r#"{ "resourceType": "Communication", "status": "completed" }"#).unwrap();
	let note = note.display().to_string();
	for line in [
		&["record", "search", "--code", "718-7"][..],
		&["record", "index"],
		&["record", "recommend", RECORD, "--file", &note],
		&["record", "withdraw", RECORD],
		&["record", "revalidate", RECORD],
		&["record", "erase", RECORD],
		&["record", "hold", RECORD, "on"],
		&["record", "reseal", RECORD],
		&["record", "wraps", "list", RECORD],
		&["record", "wraps", "add", RECORD, "--to", RECORD],
		&["record", "report-wrap", RECORD],
		&["record", "reap", RECORD],
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("no node answers"));
	}
}
