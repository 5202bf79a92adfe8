// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask bench release`: the custodian as it ships over a node as it ships. How quickly it
//! releases a share, what a thousand requests at once do to it, and what a power cut loses.
//!
//! What is played lies in `tests/e2e/examples/release`: it signs as a client does, and this program
//! is better off without a client below it.

use crate::{
	run::{Outcome, cargo, must},
	test::build,
};
use std::env;

/// Names a folder with the programs, which are built otherwise.
const BINARIES: &str = "SALUS_BINARIES";

/// Plays these parts, or all.
pub(crate) fn run(parts: &[&str]) -> Outcome {
	if env::var_os(BINARIES).is_none() {
		build()?;
	}
	let mut play = cargo(&["run", "--locked", "--quiet", "--release", "-p", "salus-e2e"]);
	play.args(["--example", "release", "--"]).args(parts);
	must(play)
}
