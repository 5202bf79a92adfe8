// SPDX-License-Identifier: Apache-2.0
//! The Salus node: blocks by Aura, finality by GRANDPA.

// The errors of the node are upstream's, and large; they are returned once, at the end of a run.
#![allow(clippy::result_large_err)]

mod chain_spec;
mod cli;
mod command;
mod hardware;
mod rpc;
mod service;

use std::process::ExitCode;

fn main() -> ExitCode {
	match command::run() {
		Ok(()) => ExitCode::SUCCESS,
		Err(error) => {
			eprintln!("Error: {error}");
			ExitCode::FAILURE
		},
	}
}
