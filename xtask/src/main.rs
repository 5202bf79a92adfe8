// SPDX-License-Identifier: Apache-2.0

//! Tasks of the project: `cargo xtask demo | test | bench | metadata | setup`.

mod access;
mod bench;
mod demo;
mod guards;
mod metadata;
mod queries;
mod release;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <task>

  demo [--bundle FILE] [--keep]   build everything and play a patient's journey on a real chain
  demo supply [--keep]            build everything and follow a million packs on a real chain
  test [LAYER ...]                pass every test, or only these layers
  bench [PALLET ...]              measure weights into pallets/*/src and runtime/src/weights
  bench database [--keys N]       time the database into runtime/src/weights/parity_db.rs
  bench overhead                  time an empty block and extrinsic into runtime/src/weights
  bench queries                   time pages of a node with a million records
  bench access                    time decisions of a node with a million grants
  bench release [PART ...]        time and try the custodian over a node: quick load crash
  metadata                        write the runtime's metadata into client/sdk/artifacts
  setup                           install what a build needs and is missing

layers: shape clippy unit build blob e2e conformance
";

fn main() -> ExitCode {
	let arguments: Vec<String> = std::env::args().skip(1).collect();
	let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
	let result = match words.as_slice() {
		["demo", "supply", options @ ..] => demo::run_supply(options),
		["demo", options @ ..] => demo::run(options),
		["test", layers @ ..] => test::run(layers),
		["bench", "queries"] => queries::run(),
		["bench", "access"] => access::run(),
		["bench", "release", parts @ ..] => release::run(parts),
		["bench", "database", options @ ..] => bench::database(options),
		["bench", "overhead"] => bench::overhead(),
		["bench", pallets @ ..] => bench::run(pallets),
		["metadata"] => metadata::run(),
		["setup"] => setup::run(setup::Need::Everything),
		_ => {
			eprint!("{USAGE}");
			return ExitCode::from(2);
		},
	};
	match result {
		Ok(()) => ExitCode::SUCCESS,
		Err(message) => {
			eprintln!("error: {message}");
			ExitCode::FAILURE
		},
	}
}
