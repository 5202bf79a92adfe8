// SPDX-License-Identifier: Apache-2.0

//! Running programs, and where things lie.

use std::{
	env,
	path::{Path, PathBuf},
	process::Command,
};

/// What a task comes back with: an error is one line that says what to do.
pub(crate) type Outcome = Result<(), String>;

/// The root of the workspace.
///
/// As cargo says it when it runs this program: two clones that share a target folder share its
/// binary, and what was compiled in would be the other clone.
pub(crate) fn root() -> PathBuf {
	let own = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
	let own = own.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
	own.parent().map_or_else(|| ".".into(), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> PathBuf {
	env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The folder of the release binaries.
pub(crate) fn release_dir() -> PathBuf {
	target_dir().join("release")
}

/// A command that runs in the root of the workspace.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Command {
	let mut command = Command::new(program);
	command.args(arguments).current_dir(root());
	command
}

/// The cargo that runs this, as if it was typed in a shell.
///
/// `cargo xtask` runs this program with the variables of a package around it, and some build scripts
/// (`ring`'s) run again when those change: everything above them would be compiled once more.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
	let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments);
	for (name, _) in env::vars_os() {
		let text = name.to_string_lossy();
		if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
			.iter()
			.any(|prefix| text.starts_with(prefix))
		{
			cargo.env_remove(&name);
		}
	}
	cargo
}

/// Runs it and fails when it fails.
pub(crate) fn must(mut command: Command) -> Outcome {
	let line = line_of(&command);
	let status = command.status().map_err(|error| format!("cannot run `{line}`: {error}"))?;
	if status.success() { Ok(()) } else { Err(format!("`{line}` failed ({status})")) }
}

/// Runs it, prints what it said when it has ended, in one piece, and fails when it fails.
pub(crate) fn report(mut command: Command) -> Outcome {
	let line = line_of(&command);
	let ended = command.output().map_err(|error| format!("cannot run `{line}`: {error}"))?;
	let said = [&ended.stdout[..], &ended.stderr[..]].concat();
	println!("\n{}", String::from_utf8_lossy(&said).trim_end());
	if ended.status.success() { Ok(()) } else { Err(format!("`{line}` failed ({})", ended.status)) }
}

/// What it prints on standard output.
pub(crate) fn output(mut command: Command) -> Result<Vec<u8>, String> {
	let line = line_of(&command);
	let output = command.output().map_err(|error| format!("cannot run `{line}`: {error}"))?;
	if output.status.success() {
		return Ok(output.stdout);
	}
	let errors = String::from_utf8_lossy(&output.stderr);
	Err(format!("`{line}` failed ({}): {}", output.status, errors.trim()))
}

/// Whether the program starts at all.
pub(crate) fn is_there(program: &str) -> bool {
	Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

fn line_of(command: &Command) -> String {
	let words = std::iter::once(command.get_program()).chain(command.get_args());
	words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
