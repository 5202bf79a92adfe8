// SPDX-License-Identifier: Apache-2.0

//! What is refused about logins before any node is asked.

use super::{files, furnished, home, refused, salus};
use predicates::{prelude::PredicateBooleanExt, str::contains};
use std::fs;

/// Twelve words whose last one checks the others.
const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const GOOD: &str = "gnu-Kessel/42-matt";

#[test]
fn a_home_that_has_a_keystore_is_not_logged_in_over() {
	let home = furnished();
	let before = fs::read(home.path().join("keystore.json")).unwrap();
	for line in [&["login", "--name", "ana"][..], &["vault", "recover", "--login-name", "ana"]] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("there is a keystore at"));
	}
	assert_eq!(fs::read(home.path().join("keystore.json")).unwrap(), before);
}

#[test]
fn a_login_says_what_it_lacks() {
	let home = home();
	refused(salus(home.path()).arg("login").assert()).stderr(contains("give --name NAME"));
	let line = ["login", "--name", "ana"];
	refused(salus(home.path()).args(line).assert())
		.stderr(contains("no secret key: give --secret-key-file FILE"));
	let mut command = salus(home.path());
	command.env_remove("SALUS_PASSWORD").args(line).arg("--passphrase");
	refused(command.assert()).stderr(contains("--password-file"));
	refused(salus(home.path()).args(["vault", "recover"]).assert())
		.stderr(contains("no recovery code: give --code-file FILE"));
	assert!(files(home.path()).is_empty());
}

#[test]
fn words_with_a_slip_of_the_pen_are_refused_without_repeating_them() {
	let home = home();
	let file = home.path().join("words");
	let login = |words: &str| {
		fs::write(&file, words).unwrap();
		let mut command = salus(home.path());
		command.args(["login", "--name", "ana", "--secret-key-file"]).arg(&file);
		refused(command.assert()).stderr(contains("sausage").not())
	};
	login("legal winner").stderr(contains("2 words were given, and 12 are needed"));
	login(&WORDS.replace("sausage", "sausige")).stderr(contains("word 6 is not of the list"));
	login(&WORDS.replace("yellow", "zoo")).stderr(contains("do not belong together"));
	login("").stderr(contains("that is no secret key"));
	// However they are spaced and capitalised: only the node is missing.
	login(&WORDS.to_uppercase().replace(' ', "\n")).stderr(contains("no node answers"));

	fs::write(&file, WORDS.replace("yellow", "zoo")).unwrap();
	let mut command = salus(home.path());
	command.args(["vault", "recover", "--login-name", "ana", "--code-file"]).arg(&file);
	refused(command.assert()).stderr(contains("that is no recovery code"));
}

#[test]
fn a_passphrase_is_six_words_of_the_list() {
	let home = home();
	let login = |typed: &str| {
		let mut command = salus(home.path());
		command.env("SALUS_PASSWORD", typed).args(["login", "--name", "ana", "--passphrase"]);
		refused(command.assert())
	};
	login("correct horse").stderr(contains("6 are needed"));
	login("abacus abdomen abdominal abide abiding xyzzy").stderr(contains("word 6"));
	login("abacus abdomen abdominal abide abiding ability").stderr(contains("no node answers"));
}

#[test]
fn names_that_others_know_are_refused_everywhere() {
	let home = furnished();
	let empty = self::home();
	for name in ["ana@example.org", "030 1234567", "  "] {
		for line in [
			&["register", "--login-name", name][..],
			&["vault", "create", "--login-name", name],
			&["vault", "change-password", "--login-name", name],
		] {
			refused(salus(home.path()).args(line).assert()).stderr(contains("login name"));
		}
		refused(salus(empty.path()).args(["login", "--name", name]).assert())
			.stderr(contains("login name"));
	}
	assert_eq!(files(home.path()), ["keystore.json"]);
}

#[test]
fn a_weak_password_is_refused_with_the_reason_and_leaves_nothing() {
	let home = home();
	let register = |password: &str| {
		let mut command = salus(home.path());
		command.env("SALUS_PASSWORD", password);
		command.args(["register", "--login-name", "ana", "--name", "Ana Example"]);
		refused(command.assert())
	};
	register("short").stderr(contains("it has 5 characters, and needs 10"));
	register("password12").stderr(contains("the password would be guessed: it takes about 10^"));
	// What others know of a person is no password.
	register("anaexample").stderr(contains("the password would be guessed"));
	register("").stderr(contains("empty password"));
	assert!(files(home.path()).is_empty());

	let megabyte = home.path().join("megabyte");
	fs::write(&megabyte, "gnu-Kessel/42-matt ".repeat(55_000)).unwrap();
	let mut command = salus(home.path());
	command.args(["register", "--login-name", "ana", "--password-file"]).arg(&megabyte);
	refused(command.assert()).stderr(contains("the password is longer than 1024 bytes"));
	assert_eq!(files(home.path()), ["megabyte"]);
}

#[test]
fn nothing_is_made_while_no_node_answers() {
	let home = home();
	let key = home.path().join("key");
	let mut command = salus(home.path());
	command.env("SALUS_PASSWORD", GOOD).args(["register", "--login-name", "ana"]);
	command.arg("--secret-key-file").arg(&key);
	refused(command.assert()).stderr(contains("no node answers"));
	assert!(files(home.path()).is_empty(), "neither keystore nor secret key");
}

#[test]
fn a_file_with_a_secret_is_not_overwritten() {
	let home = home();
	let key = home.path().join("key");
	fs::write(&key, WORDS).unwrap();
	let mut command = salus(home.path());
	command.env("SALUS_PASSWORD", GOOD).args(["register", "--login-name", "ana"]);
	command.arg("--secret-key-file").arg(&key);
	refused(command.assert()).stderr(contains("exists already"));
	assert_eq!(fs::read_to_string(&key).unwrap(), WORDS);
	assert_eq!(files(home.path()), ["key"]);
}

#[test]
fn a_vault_without_a_terminal_takes_a_name_and_a_new_password() {
	let home = furnished();
	refused(salus(home.path()).args(["vault", "create"]).assert())
		.stderr(contains("give --login-name NAME"));
	refused(salus(home.path()).args(["vault", "change-password", "--login-name", "ana"]).assert())
		.stderr(contains("give --new-password-file FILE"));
	let file = home.path().join("new");
	fs::write(&file, "password12\n").unwrap();
	let mut command = salus(home.path());
	command.args(["vault", "change-password", "--login-name", "ana", "--new-password-file"]);
	refused(command.arg(&file).assert()).stderr(contains("the password would be guessed"));
}

#[test]
fn the_vault_of_nobody_says_how_to_become_somebody() {
	let home = home();
	for line in [
		&["vault", "show"][..],
		&["vault", "create", "--login-name", "ana"],
		&["vault", "add-recovery"],
		&["vault", "remove-slot", "1"],
		&["vault", "clear", "--yes"],
	] {
		refused(salus(home.path()).args(line).assert()).stderr(contains("salus account new"));
	}
	assert!(files(home.path()).is_empty());
}

#[test]
fn options_that_contradict_each_other_are_not_understood() {
	let home = home();
	for line in [
		&["register", "--login-name", "ana", "--no-vault"][..],
		&["register", "--passphrase-file", "x"],
		&["register", "--generated-passphrase", "--secret-key-file", "x"],
		&["login", "--passphrase", "--secret-key-file", "x"],
		&["vault", "remove-slot"],
		&["vault", "remove-slot", "256"],
	] {
		salus(home.path()).args(line).assert().code(2);
	}
}
