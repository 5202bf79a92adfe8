// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask test`: every check, in layers from cheap to dear. The first failure stops.

use crate::{
	guards, metadata,
	run::{Outcome, cargo, command, must, release_dir, report, root},
	setup,
};
use std::{fs, thread, time::Instant};

type Layer = (&'static str, &'static str, fn() -> Outcome);

const LAYERS: &[Layer] = &[
	("shape", "formatting, the SDK line, the direction of dependencies, lint tables", shape),
	("clippy", "lints; what runs on chain may not panic", clippy),
	("unit", "unit tests, benchmark tests, runtime scenarios", unit),
	("build", "the node, the custodian and the command line, in release", build),
	("blob", "the size of the Wasm blob, the committed metadata", blob),
	("e2e", "a patient's journey and bad input on a real node", e2e),
	("conformance", "@polkadot/api on a running node", conformance),
];

/// One set of features for every native check: each further one is another copy of the tree.
const FEATURES: &str = "runtime-benchmarks,try-runtime";

const ON_CHAIN: &[&str] = &[
	"pallet-health-accreditation",
	"pallet-health-consent",
	"pallet-health-identity",
	"pallet-health-records",
	"pallet-health-supply-chain",
	"pallet-health-vault",
	"salus-gs1",
	"salus-merkle",
	"salus-primitives",
	"salus-runtime",
	"salus-scenarios",
	"salus-test-support",
	"salus-traits",
];

const LIBRARIES: &[&str] = &[
	"pallet-health-accreditation",
	"pallet-health-consent",
	"pallet-health-identity",
	"pallet-health-records",
	"pallet-health-supply-chain",
	"pallet-health-vault",
	"salus-gs1",
	"salus-merkle",
	"salus-primitives",
	"salus-traits",
];

const CLIENTS: &[&str] =
	&["salus", "salus-client", "salus-custodian", "salus-envelope", "salus-fhir", "salus-supply"];

/// The compressed blob may not be larger.
const MAX_BLOB: u64 = 1024 * 1024;

pub(crate) fn run(wanted: &[&str]) -> Outcome {
	if let Some(unknown) = wanted.iter().find(|word| !LAYERS.iter().any(|(name, ..)| name == *word))
	{
		let names: Vec<_> = LAYERS.iter().map(|(name, ..)| *name).collect();
		return Err(format!("`{unknown}` is no layer; there are: {}", names.join(" ")));
	}
	setup::run(setup::Need::Everything)?;
	let chosen = |name: &str| wanted.is_empty() || wanted.contains(&name);
	let mut times = Vec::new();
	for (name, what, layer) in LAYERS {
		// It runs beside the journeys when these run.
		if !chosen(name) || (*name == "conformance" && chosen("e2e")) {
			continue;
		}
		println!("\n=== {name}: {what}");
		let start = Instant::now();
		let done = if *name == "e2e" && chosen("conformance") { on_nodes() } else { layer() };
		done.map_err(|error| format!("layer {name}: {error}"))?;
		times.push((name, start.elapsed()));
	}
	println!("\n=== passed");
	for (name, time) in times {
		println!("{name:<12} {:>4} s", time.as_secs());
	}
	Ok(())
}

fn shape() -> Outcome {
	must(cargo(&["fmt", "--all", "--check"]))?;
	guards::lock()?;
	guards::crates()
}

fn clippy() -> Outcome {
	must(cargo(&[
		"clippy",
		"--locked",
		"--workspace",
		"--exclude",
		"salus-node",
		"--all-targets",
		"--features",
		FEATURES,
		"--",
		"-D",
		"warnings",
	]))?;
	// What runs on chain may not panic: neither by name nor by index. Without the benchmarks, and
	// without `expect_used`, which the code that the pallet macros make trips.
	let strict = ["unwrap_used", "panic", "indexing_slicing", "float_arithmetic"];
	let mut strictly = cargo(&["clippy", "--locked", "--lib"]);
	strictly.args(LIBRARIES.iter().flat_map(|name| ["-p", name])).arg("--");
	strictly.args(strict.iter().flat_map(|lint| ["-D".into(), format!("clippy::{lint}")]));
	must(strictly)?;
	// In release, like everything of the node: a debug copy of the client side would serve nothing.
	must(cargo(&["clippy", "--locked", "--release", "-p", "salus-node", "--", "-D", "warnings"]))
}

fn unit() -> Outcome {
	must(tests(ON_CHAIN, &["--features", FEATURES]))?;
	must(tests(CLIENTS, &[]))?;
	must(tests(&["xtask"], &[]))?;
	must(tests(&["salus-node"], &["--release"]))
}

fn tests(crates: &[&str], options: &[&str]) -> std::process::Command {
	let mut test = cargo(&["test", "--locked"]);
	test.args(crates.iter().flat_map(|name| ["-p", name])).args(options);
	test
}

/// Builds what runs: the node, the custodian and the command line.
///
/// One by one: built together they would share the union of their features, which is another copy
/// of everything below them.
pub(crate) fn build() -> Outcome {
	["salus-node", "salus-custodian", "salus"]
		.into_iter()
		.try_for_each(|name| must(cargo(&["build", "--locked", "--release", "-p", name])))
}

/// Builds the node alone.
pub(crate) fn build_node() -> Outcome {
	must(cargo(&["build", "--release", "-p", "salus-node"]))
}

fn blob() -> Outcome {
	let path = release_dir().join("wbuild/salus-runtime/salus_runtime.compact.compressed.wasm");
	let size = fs::metadata(&path)
		.map_err(|error| format!("no blob at {}: {error}", path.display()))?
		.len();
	println!("compressed blob: {} KiB", size / 1024);
	if size > MAX_BLOB {
		return Err(format!("the compressed blob has {size} bytes, more than {MAX_BLOB}"));
	}
	metadata::check()
}

fn e2e() -> Outcome {
	// Side by side: each has a node of its own, and waits for blocks most of the time. They begin in
	// the order of their names, so there are as many threads as it takes for the long ones to begin
	// at once: the longest waits three minutes for two validators.
	must(cargo(&["test", "--locked", "-p", "salus-e2e", "--", "--test-threads=12"]))
}

/// Journeys and clients side by side: all wait for blocks most of the time.
fn on_nodes() -> Outcome {
	thread::scope(|scope| {
		let clients = scope.spawn(conformance);
		let journeys = e2e();
		let clients = clients.join().map_err(|_| "the conformance tests broke off")?;
		journeys.and(clients.map_err(|error| format!("conformance: {error}")))
	})
}

fn conformance() -> Outcome {
	let folder = root().join("tests/conformance");
	let mut install = command("npm", &["ci", "--no-audit", "--no-fund", "--silent"]);
	install.current_dir(&folder);
	must(install)?;
	let node = salus_e2e::Node::start(&salus_e2e::Binaries::in_dir(&release_dir()))?;
	let mut suite = command("node", &["--test", "--test-reporter=spec"]);
	suite.args(["did.test.mjs", "polkadot-js.test.mjs"]);
	suite.current_dir(&folder).env("SALUS_NODE_URL", node.url());
	report(suite)
}
