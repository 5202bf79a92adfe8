// SPDX-License-Identifier: Apache-2.0

//! Keys, DIDs, services and authorities, before any node is asked.

use super::{files, furnished, home, refused, salus};
use predicates::str::{contains, is_empty};
use serde_json::Value;
use std::fs;

const DID: &str = "did:salus:abababababababab:US517G5965aydkZ46HS38QLi7UQiSojurfbQfKCELFx";

#[test]
fn a_did_that_is_none_is_told_by_its_standard_name() {
	let home = home();
	for (text, code, says) in [
		("did:salus:ab:cd", "INVALID_DID", "no DID of this method"),
		("hello", "INVALID_DID", "expected an identity"),
		(&format!("{DID}#key-0"), "INVALID_DID", "DID URL"),
		(&format!("{DID}?versionId=1"), "INVALID_DID", "--version"),
		(
			"did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",
			"METHOD_NOT_SUPPORTED",
			"did:salus",
		),
	] {
		refused(salus(home.path()).args(["did", "resolve", text]).assert()).stderr(contains(says));
		let json = salus(home.path()).args(["--json", "did", "resolve", text]).assert().code(1);
		let answer: Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
		let error = &answer["didResolutionMetadata"]["error"];
		assert_eq!(error["type"], format!("https://www.w3.org/ns/did#{code}"), "{text}");
		assert!(answer["didDocument"].is_null());
	}
	for text in [DID, &format!("0x{}", "ab".repeat(32))] {
		refused(salus(home.path()).args(["did", "resolve", text, "--version", "3"]).assert())
			.stderr(contains("no node answers"));
	}
}

#[test]
fn without_a_keystore_nothing_is_signed() {
	let home = home();
	let id = "ab".repeat(32);
	for line in [
		&["key", "freeze"][..],
		&["key", "rotate"],
		&["key", "retire", "1"],
		&["key", "revoke", "1"],
		&["key", "set-scopes", "1", "--scopes", "record-anchor"],
		&["key", "rotate-agreement"],
		&["account", "rotate-key"],
		&["key", "agree", "--identity", &id],
		&["service", "add", "fhir", "--kind", "FHIR", "--url", "https://clinic.example"],
		&["service", "remove", "fhir"],
		&["identity", "deactivate", "--yes"],
		&["identity", "suspend", &id, "--reason", "duplicate", "--council"],
		&["identity", "reinstate", &id],
		&["accredit", "registrar", &id, "--countries", "756"],
		&["accredit", "suspend-authority", &id],
		&["accredit", "renew", "1"],
		&["accredit", "suspend", "1", "--reason", "public-safety"],
		&["accredit", "lift", "1"],
		&["accredit", "surrender", "1"],
		&["accredit", "close-request", "--issuer", &id, "--kind", "facility-licence"],
		&["affiliate", "suspend", "1"],
		&["affiliate", "resume", "1"],
	] {
		// Some ask the node for the time first, and there is neither.
		let assert = refused(salus(home.path()).args(line).assert());
		let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
		assert!(said.contains("salus account new") || said.contains("no node answers"), "{said}");
	}
	assert!(files(home.path()).is_empty());
}

#[test]
fn a_wrong_password_rotates_nothing() {
	let home = furnished();
	let before = fs::read(home.path().join("keystore.json")).unwrap();
	for line in [&["key", "rotate"][..], &["key", "rotate-agreement", "--compromised"]] {
		let mut command = salus(home.path());
		refused(command.env("SALUS_PASSWORD", "wrong").args(line).assert())
			.stderr(contains("wrong password"));
		refused(salus(home.path()).args(line).assert()).stderr(contains("no node answers"));
	}
	assert_eq!(fs::read(home.path().join("keystore.json")).unwrap(), before);
}

#[test]
fn a_consent_that_is_none_is_refused_before_anything_else() {
	let home = home();
	let file = home.path().join("consent.json");
	for text in ["", "{}", "[1]", "{\"format\":\"salus-key-consent/1\"}"] {
		fs::write(&file, text).unwrap();
		let name = file.display().to_string();
		refused(salus(home.path()).args(["key", "add", "--consent", &name]).assert())
			.stderr(contains("is no consent of a key"));
		for command in ["register", "sponsor"] {
			refused(salus(home.path()).args([command, "submit", &name]).assert())
				.stderr(contains("is no consent"));
		}
	}
	refused(salus(home.path()).args(["key", "add", "--with", "/nowhere"]).assert())
		.stderr(contains("there is no keystore at"));
}

#[test]
fn only_governance_makes_and_unmakes_regulators() {
	let home = furnished();
	let id = "ab".repeat(32);
	for line in [
		&["accredit", "regulator", &id, "--countries", "756"][..],
		&["accredit", "remove-regulator", &id],
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("add --council"));
	}
}

#[test]
fn lists_and_openings_are_checked_before_a_node_is_asked() {
	let home = furnished();
	let file = home.path().join("list");
	fs::write(&file, "x").unwrap();
	let name = file.display().to_string();
	for url in ["http://a.example", "https://a b", "ftp://x"] {
		let line = ["accredit", "status-list", "set", "1", "--file", &name, "--url", url];
		refused(salus(home.path()).args(line).assert()).stderr(contains("is no address of a list"));
	}
	let id = "ab".repeat(32);
	let grant = ["accredit", "grant", &id, "--kind", "facility-licence", "--country", "756"];
	let mut command = salus(home.path());
	command.args(grant).args(["--document", &name, "--opening", &name]);
	refused(command.assert()).stderr(contains("is no opening of a request"));
}

#[test]
fn words_that_do_not_exist_have_a_code_of_their_own() {
	let home = home();
	let id = "ab".repeat(32);
	for line in [
		&["key", "add"][..],
		&["key", "add", "--consent", "x", "--with", "y"],
		&["key", "set-scopes", "1", "--scopes", "everything"],
		&["key", "agree", "--identity", &id, "--purposes", "fun"],
		&["key", "revoke", "x"],
		&["service", "add", "fhir", "--kind", "FHIR", "--url", "http://clinic.example"],
		&["identity", "suspend", &id, "--reason", "mood"],
		&["accredit", "suspend", "1", "--reason", "mood"],
		&[
			"accredit",
			"grant",
			&id,
			"--kind",
			"facility-licence",
			"--country",
			"756",
			"--codes",
			"x",
		],
		&["accredit", "close-request", "--kind", "facility-licence"],
		&["affiliate", "invite", &id, "--role", "physician", "--emergency", "yes"],
	] {
		salus(home.path()).args(line).assert().code(2).stdout(is_empty());
	}
}

#[test]
fn a_login_comes_with_a_rotation_after_a_compromise_only() {
	let home = furnished();
	let before = fs::read(home.path().join("keystore.json")).unwrap();
	for line in [
		&["key", "rotate", "--login-name", "ana"][..],
		&["key", "rotate-agreement", "--generated-passphrase"],
		&["account", "rotate-key", "--recovery-code-file", "code"],
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("with --compromised only"));
	}
	assert_eq!(fs::read(home.path().join("keystore.json")).unwrap(), before);
}
