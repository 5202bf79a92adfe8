// SPDX-License-Identifier: Apache-2.0

//! Consents of FHIR and salted hashes, which need no chain to be looked at.

use super::{furnished, home, refused, salus};
use predicates::str::contains;
use serde_json::Value;
use std::fs;

const PERMIT: &str = include_str!("../../src/commands/consent/fhir/examples/permit.r4.json");

#[test]
fn a_consent_is_shown_before_anything_is_granted() {
	let home = home();
	let file = home.path().join("consent.json");
	fs::write(&file, PERMIT).unwrap();
	let mut command = salus(home.path());
	let shown = command.args(["--json", "consent", "import", "--dry-run"]).arg(&file).assert();
	let answer: Value = serde_json::from_slice(&shown.success().get_output().stdout).unwrap();
	let read = &answer["read"][0];
	assert_eq!(read["grantee"]["identity"], format!("0x{}", "22".repeat(32)), "{answer}");
	assert_eq!(read["terms"]["scope"]["compartment"], 3, "{answer}");
	assert_eq!(answer["made"], Value::Array(Vec::new()), "{answer}");
	// Nothing of it stays: no keystore was needed.
	assert_eq!(super::files(home.path()), ["consent.json"]);
}

#[test]
fn what_a_consent_cannot_say_is_refused_by_its_path() {
	let home = home();
	let file = home.path().join("consent.json");
	let refuse = |text: &str, path: &str| {
		fs::write(&file, text).unwrap();
		refused(salus(home.path()).args(["consent", "import", "--dry-run"]).arg(&file).assert())
			.stderr(contains(path));
	};
	refuse("{", "is no JSON");
	refuse("{}", "resourceType");
	refuse(&PERMIT.replace("\"purpose\"", "\"code\""), "Consent.provision.code");
	refuse(&PERMIT.replace("\"TREAT\"", "\"ETREAT\""), "cannot be granted");
	let nested = PERMIT.replace("\"purpose\"", "\"provision\"");
	refuse(&nested, "Consent.provision.provision: exceptions within a rule");
	refuse(r#"{"resourceType":"Bundle","type":"collection"}"#, "holds no Consent");
	let bundle = format!(
		r#"{{"resourceType":"Bundle","entry":[{{"resource":{PERMIT}}},{{"resource":{}}}]}}"#,
		PERMIT.replace("\"active\"", "\"proposed\"")
	);
	refuse(&bundle, "Bundle.entry[1].resource: Consent.status");
}

#[test]
fn words_and_salt_open_a_hash_without_a_keystore() {
	let home = home();
	let digest = format!("0x{}", "11".repeat(32));
	let salt = "ab".repeat(16);
	let shown = ["consent", "evidence", &digest, "--words", "x", "--salt", &salt];
	refused(salus(home.path()).args(shown).assert()).stderr(contains("not what the hash stands"));
	let home = furnished();
	refused(salus(home.path()).args(["consent", "evidence", &digest]).assert())
		.stderr(contains("keeps nothing of that hash"));
}

#[test]
fn what_does_not_go_together_is_a_usage_error() {
	let home = home();
	let id = format!("0x{}", "11".repeat(32));
	for line in [
		&["grant", &id, "--compartment", "1", "--record", &id][..],
		&["grant", &id, "--override-in-emergency"],
		&["grant", &id, "--deny", "--uses", "1"],
		&["grant", &id, "--deny", "--delegable"],
		&["grant", &id, "--until", "2026-13"],
		&["grant", &id, "--for", "1d", "--until", "2027"],
		&["revoke", "1", "--strength", "hard"],
		&["reap"],
		&["export"],
		&["break-glass", &id, "--reason", "curious", "--justification", "x"],
		&["review", "1", "--outcome", "fine", "--note", "x"],
		&["btg-policy", "set"],
		&["emergency-holder", "perhaps"],
		&["evidence", &id, "--words", "x"],
	] {
		salus(home.path()).arg("consent").args(line).assert().code(2);
	}
}

#[test]
fn what_cannot_be_is_refused_before_the_network() {
	let home = furnished();
	let id = format!("0x{}", "11".repeat(32));
	let custodians = ["consent", "custodians", "set", &id, "--threshold", "2"];
	refused(salus(home.path()).args(custodians).assert()).stderr(contains("can open nothing"));
	let many: Vec<_> = (0..33).map(|number| number.to_string()).collect();
	let many = many.join(",");
	refused(salus(home.path()).args(["consent", "reap", "--grants", &many]).assert())
		.stderr(contains("32 at a time"));
}
