// SPDX-License-Identifier: Apache-2.0

//! What a build needs beside rustup and a C compiler: checked, installed where that is possible,
//! and otherwise named with the one line to type.

use crate::run::{Outcome, command, is_there, must, output};
use std::{os::unix::fs::MetadataExt, process::Command};

/// How much a task needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
	/// To build the chain and its clients.
	Build,
	/// To run every test as well.
	Everything,
}

/// Oldest Node.js that the conformance tests run on.
const NODE_MAJOR: u32 = 18;

pub(crate) fn run(need: Need) -> Outcome {
	wasm_target()?;
	if !is_there("protoc") {
		package("protoc", "protobuf-compiler", "protobuf")?;
	}
	if need == Need::Everything && node_major().is_none_or(|major| major < NODE_MAJOR) {
		package("node", "nodejs npm", "node")?;
		if node_major().is_none_or(|major| major < NODE_MAJOR) {
			return Err(format!("Node.js {NODE_MAJOR} or newer is needed: see https://nodejs.org"));
		}
	}
	Ok(())
}

fn wasm_target() -> Outcome {
	let Ok(listed) = output(command("rustup", &["target", "list", "--installed"])) else {
		// A toolchain without rustup brings its own targets.
		return Ok(());
	};
	if String::from_utf8_lossy(&listed).lines().any(|line| line == "wasm32v1-none") {
		return Ok(());
	}
	eprintln!("installing the Rust target wasm32v1-none");
	must(command("rustup", &["target", "add", "wasm32v1-none"]))
}

fn node_major() -> Option<u32> {
	let printed = Command::new("node").arg("--version").output().ok()?.stdout;
	String::from_utf8(printed).ok()?.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Installs a Debian package where this user may, and names the line to type elsewhere.
fn package(program: &str, debian: &str, homebrew: &str) -> Outcome {
	if is_there("apt-get") && is_root() {
		eprintln!("installing {debian}");
		must(command("apt-get", &["update", "-qq"]))?;
		let mut words = vec!["install", "-y", "-qq"];
		words.extend(debian.split(' '));
		must(command("apt-get", &words))?;
		return if is_there(program) { Ok(()) } else { Err(format!("{program} is still missing")) };
	}
	let line = if cfg!(target_os = "macos") {
		format!("brew install {homebrew}")
	} else {
		format!("sudo apt-get install -y {debian}")
	};
	Err(format!("{program} is missing. Type: {line}"))
}

fn is_root() -> bool {
	std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
