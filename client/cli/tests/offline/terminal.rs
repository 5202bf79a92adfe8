// SPDX-License-Identifier: Apache-2.0

//! What is asked on a terminal.

use super::{NOBODY, files, home};
use rexpect::session::{PtySession, spawn_command};
use std::{path::Path, process::Command};

const PASSWORD: &str = "gnu-Kessel/42-matt";

/// The program with a terminal of its own.
fn salus(home: &Path, line: &[&str]) -> PtySession {
	let mut command = Command::new(env!("CARGO_BIN_EXE_salus"));
	for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SALUS_")) {
		command.env_remove(name);
	}
	command.env("SALUS_HOME", home).args(["--node", NOBODY]).args(line);
	spawn_command(command, Some(20_000)).unwrap()
}

fn answer(session: &mut PtySession, question: &str, answer: &str) -> String {
	let before = session.exp_string(question).unwrap();
	session.send_line(answer).unwrap();
	before
}

#[test]
fn registering_asks_who_one_is_and_how_one_will_log_in() {
	let home = home();
	let mut session = salus(home.path(), &["register", "--telephone", "+49 30 1"]);
	answer(&mut session, "Legal name (empty: none): ", "Ana Example");
	answer(&mut session, "National id (empty: none): ", "");
	// The telephone number was given.
	answer(&mut session, "E-mail (empty: none): ", "ana@example.org");
	answer(&mut session, "Login name, to log in from any device (empty: none): ", "ana");
	answer(&mut session, "New password: ", PASSWORD);
	answer(&mut session, "The same again: ", PASSWORD);
	let rest = session.exp_eof().unwrap();
	assert!(rest.contains("error: no node answers"), "{rest}");
	assert!(!rest.contains(PASSWORD), "it is not echoed");
	assert!(files(home.path()).is_empty());
}

#[test]
fn a_login_name_that_others_know_is_refused_as_it_is_typed() {
	let home = home();
	let options = ["--name", "Ana", "--national-id", "1", "--telephone", "1", "--email", "a@b"];
	let mut session = salus(home.path(), &[&["register"], &options[..]].concat());
	answer(
		&mut session,
		"Login name, to log in from any device (empty: none): ",
		"ana@example.org",
	);
	let rest = session.exp_eof().unwrap();
	assert!(rest.contains("error: the login name looks like an e-mail address"), "{rest}");
}

#[test]
fn two_passwords_that_differ_make_nothing() {
	let home = home();
	let mut session = salus(home.path(), &["account", "new"]);
	answer(&mut session, "New password: ", PASSWORD);
	answer(&mut session, "The same again: ", "gnu-Kessel/43-matt");
	assert!(session.exp_eof().unwrap().contains("the two passwords differ"));
	assert!(files(home.path()).is_empty());
}

#[test]
fn a_login_asks_for_name_secret_key_and_password() {
	let home = home();
	let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
	let mut session = salus(home.path(), &["login"]);
	answer(&mut session, "Login name: ", "ana");
	answer(&mut session, "Secret key (twelve words): ", words);
	let echoed = answer(&mut session, "Password: ", PASSWORD);
	assert!(!echoed.contains("sausage"), "{echoed}");
	assert!(session.exp_eof().unwrap().contains("error: no node answers"));
	assert!(files(home.path()).is_empty());
}
