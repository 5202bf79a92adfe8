// SPDX-License-Identifier: Apache-2.0

//! The real program without a chain: what it says, and that it leaves nothing behind.

mod batch;
mod consent;
mod keys;
mod login;
mod readme;
mod records;
mod supply;
#[cfg(unix)]
mod terminal;

use assert_cmd::{Command, assert::Assert};
use predicates::{
	prelude::PredicateBooleanExt,
	str::{contains, diff, is_empty, starts_with},
};
use std::{fs, path::Path};
use tempfile::TempDir;

/// Nobody listens at the discard port.
const NOBODY: &str = "ws://127.0.0.1:9";

fn salus(home: &Path) -> Command {
	let mut command = Command::new(env!("CARGO_BIN_EXE_salus"));
	for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SALUS_")) {
		command.env_remove(name);
	}
	command.env("SALUS_HOME", home).env("SALUS_PASSWORD", "correct horse").args(["--node", NOBODY]);
	command
}

fn home() -> TempDir {
	tempfile::tempdir().unwrap()
}

/// A home with an account in it.
fn furnished() -> TempDir {
	let home = home();
	salus(home.path()).args(["account", "new"]).assert().success();
	home
}

/// Not done, one line on stderr, nothing on stdout.
fn refused(assert: Assert) -> Assert {
	let assert = assert.code(1).stdout(is_empty()).stderr(starts_with("error: "));
	let stderr = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
	assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
	assert
}

fn files(folder: &Path) -> Vec<String> {
	let mut names: Vec<_> = fs::read_dir(folder)
		.unwrap()
		.map(|entry| entry.unwrap().file_name().into_string().unwrap())
		.collect();
	names.sort();
	names
}

#[test]
fn an_account_is_made_once_and_shown_without_a_password() {
	let home = home();
	let made = salus(home.path()).args(["account", "new", "--json"]).assert().success();
	let made: serde_json::Value = serde_json::from_slice(&made.get_output().stdout).unwrap();
	let account = made["account"].as_str().unwrap();
	assert_eq!(made["phrase"].as_str().unwrap().split(' ').count(), 12);
	assert_eq!(files(home.path()), ["keystore.json"]);

	salus(home.path())
		.env_remove("SALUS_PASSWORD")
		.args(["account", "show", "--offline"])
		.assert()
		.success()
		.stdout(contains(account));
	refused(salus(home.path()).args(["account", "new"]).assert())
		.stderr(contains("there is a keystore at"));
}

#[test]
fn the_phrase_brings_the_account_back() {
	let (one, two) = (home(), home());
	let made = salus(one.path()).args(["account", "new", "--json"]).assert().success();
	let made: serde_json::Value = serde_json::from_slice(&made.get_output().stdout).unwrap();
	salus(two.path())
		.args(["account", "import"])
		.write_stdin(made["phrase"].as_str().unwrap())
		.assert()
		.success()
		.stdout(contains(made["account"].as_str().unwrap()));
}

#[test]
fn development_keys_are_imported_by_their_uri() {
	let home = home();
	salus(home.path())
		.args(["account", "import", "--uri", "//Alice"])
		.assert()
		.success()
		.stdout(contains("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"));
	let other = self::home();
	refused(salus(other.path()).args(["account", "import", "--uri", "twelve words"]).assert())
		.stderr(contains("no recovery phrase"));
	assert!(files(other.path()).is_empty());
}

#[test]
fn a_wrong_password_is_one_line() {
	let home = furnished();
	refused(
		salus(home.path())
			.env("SALUS_PASSWORD", "wrong")
			.args(["consent", "open-compartment", "0"])
			.assert(),
	)
	.stderr(starts_with("error: wrong password for the keystore"));
}

#[test]
fn without_a_terminal_a_password_has_to_be_given() {
	let home = furnished();
	let mut command = salus(home.path());
	command.env_remove("SALUS_PASSWORD").args(["consent", "open-compartment", "0"]);
	refused(command.assert()).stderr(contains("--password-file"));

	let file = home.path().join("password");
	fs::write(&file, "correct horse\nsecond line\n").unwrap();
	let mut command = salus(home.path());
	command.env_remove("SALUS_PASSWORD").arg("--password-file").arg(&file).arg("register");
	// The password opened the keystore: only the node is missing.
	refused(command.assert()).stderr(contains("no node answers"));
}

#[test]
fn the_password_is_changed() {
	let home = furnished();
	let file = home.path().join("password");
	fs::write(&file, "new one\n").unwrap();
	salus(home.path())
		.args(["account", "password", "--new-password-file"])
		.arg(&file)
		.assert()
		.success();
	refused(salus(home.path()).arg("register").assert()).stderr(contains("wrong password"));
	refused(salus(home.path()).env("SALUS_PASSWORD", "new one").arg("register").assert())
		.stderr(contains("no node answers"));
}

#[test]
fn a_home_without_keystore_says_how_to_make_one() {
	let home = home();
	for line in [
		&["account", "show"][..],
		&["register"],
		&["record", "retract", &"ab".repeat(32), "--reason", "duplicate"],
		&["consent", "revoke", "1"],
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("salus account new"));
	}
	for line in [["key", "list"], ["vault", "show"]] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("salus login"));
	}
	assert!(files(home.path()).is_empty());
}

#[test]
fn a_node_that_is_down_is_named() {
	let home = furnished();
	for line in [&["info"][..], &["audit"], &["inbox"], &["record", "list"], &["consent", "list"]] {
		refused(salus(home.path()).args(line).assert())
			.stderr(contains("no node answers at ws://127.0.0.1:9: start it"));
	}
}

#[test]
fn bad_documents_are_refused_before_anything_else() {
	let home = home();
	let file = home.path().join("document.json");
	let submit = || {
		// Without a keystore: the document is what it stumbles over.
		let mut command = salus(home.path());
		command.args(["record", "submit", "--patient", &"ab".repeat(32)]).arg(&file);
		refused(command.assert())
	};
	submit().stderr(contains("cannot be opened"));
	for (text, says) in [
		("weight 71", "is not JSON: line 1"),
		("{\"resourceType\":\"Patient\"", "is not JSON"),
		("[1, 2]", "is not FHIR"),
		("{\"weight\": 71}", "is not FHIR"),
	] {
		fs::write(&file, text).unwrap();
		submit().stderr(contains(says));
	}
	fs::File::create(&file).unwrap().set_len(65 << 20).unwrap();
	submit().stderr(contains("64 MiB"));
	assert_eq!(files(home.path()), ["document.json"]);
}

#[test]
fn an_impossible_value_is_refused_with_its_place() {
	let home = home();
	let file = home.path().join("document.json");
	let shown = salus(home.path())
		.args(["reading", "add", "--weight", "71kg", "--dry-run"])
		.assert()
		.success();
	let text = String::from_utf8(shown.get_output().stdout.clone()).unwrap();
	fs::write(&file, text.replace("71", "7100")).unwrap();
	let mut command = salus(home.path());
	command.args(["record", "submit", "--patient", &"ab".repeat(32)]).arg(&file);
	refused(command.assert()).stderr(contains("valueQuantity"));

	salus(home.path())
		.args(["reading", "add", "--weight", "7100kg"])
		.assert()
		.code(2)
		.stderr(contains("impossible"));
}

#[test]
fn a_reading_is_shown_as_fhir() {
	let home = home();
	let shown = salus(home.path())
		.args(["reading", "add", "--weight", "71kg", "--glucose", "5.4mmol/L", "--dry-run"])
		.assert()
		.success()
		.stderr(is_empty());
	let shown: serde_json::Value = serde_json::from_slice(&shown.get_output().stdout).unwrap();
	assert_eq!(shown["resourceType"], "Bundle");
}

#[test]
fn what_is_not_understood_has_a_code_of_its_own() {
	let home = home();
	for line in [
		&["reading", "add"][..],
		&["reading", "add", "--weight", "heavy"],
		&["record", "open", "0x12"],
		&["consent", "grant"],
		&["consent", "grant", &"ab".repeat(32), "--for", "soon"],
		&["record", "retract", &"ab".repeat(32), "--reason", "mood"],
		&["--wait", "never", "info"],
	] {
		salus(home.path()).args(line).assert().code(2).stdout(is_empty());
	}
}

#[test]
fn an_output_file_is_not_overwritten() {
	let home = furnished();
	let file = home.path().join("out.json");
	fs::write(&file, "mine").unwrap();
	refused(
		salus(home.path())
			.args(["record", "open", &"ab".repeat(32), "--output"])
			.arg(&file)
			.assert(),
	)
	.stderr(contains("--force"));
	assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn help_names_every_group() {
	let home = home();
	let mut assert = salus(home.path()).arg("--help").assert().success();
	for group in [
		"account",
		"register",
		"login",
		"vault",
		"key",
		"identity",
		"did",
		"service",
		"sponsor",
		"accredit",
		"affiliate",
		"record",
		"reading",
		"consent",
		"audit",
		"info",
	] {
		assert = assert.stdout(contains(group));
	}
	assert.stderr(diff("").or(is_empty()));
}
