// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask bench queries`: how long a node takes to answer with a page of a patient's records,
//! when it has a million of them, a hundred thousand of that one patient's.

use crate::{
	run::{Outcome, cargo, command, must, output, release_dir, target_dir},
	test::build_node,
};
use salus_e2e::{Binaries, Node};
use serde_json::{Value, json};
use std::{
	fs,
	time::{Duration, Instant},
};

const RECORDS: &str = "1000000";
const OF_ONE: &str = "100000";
/// How often a page is asked for.
const ROUNDS: usize = 5_000;
/// A node reads a long genesis for some minutes.
const PATIENCE: Duration = Duration::from_secs(900);

pub(crate) fn run() -> Outcome {
	build_node()?;
	let folder = target_dir().join("queries");
	fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
	let path = |name: &str| folder.join(name).display().to_string();
	let (plain, crowded) = (path("plain.json"), path("crowded.json"));
	let binaries = Binaries::in_dir(&release_dir());
	let export = ["export-chain-spec", "--chain", "dev", "--raw", "--output", &plain];
	must(command(&binaries.node, &export))?;
	println!("writing {RECORDS} records, {OF_ONE} of them one patient's");
	let mut crowd = cargo(&["run", "--locked", "--quiet", "-p", "salus-scenarios"]);
	crowd.args(["--features", "runtime-benchmarks,try-runtime", "--example", "crowd", "--"]);
	crowd.args([&plain, &crowded, RECORDS, OF_ONE]);
	let said: Value = serde_json::from_slice(&output(crowd)?).map_err(|error| error.to_string())?;
	println!("state per record: {} bytes of keys and values", said["bytesPerRecord"]);

	let base = path("node");
	let _ = fs::remove_dir_all(&base);
	// It makes no block: what it answers is the genesis.
	let arguments = ["--chain", &crowded, "--base-path", &base, "--no-mdns", "--port", "0"];
	let node = Node::start_with_patience(&binaries, &arguments, PATIENCE)?;
	let calls = said["calls"].as_array().cloned().unwrap_or_default();
	if calls.is_empty() {
		return Err("the crowd said no calls".into());
	}
	let mut times = Vec::with_capacity(ROUNDS);
	for call in calls.iter().cycle().take(ROUNDS) {
		let start = Instant::now();
		let answer =
			node.call("state_call", json!(["RuntimeViewFunction_execute_view_function", call]))?;
		times.push(start.elapsed());
		let length = answer.as_str().map_or(0, str::len);
		// Fifty records are some eight kilobytes, whatever they say.
		if length < 10_000 {
			return Err(format!("a page of {length} digits is no page of fifty records"));
		}
	}
	node.stop()?;
	times.sort_unstable();
	let at = |share: usize| {
		let place = (times.len() * share / 1_000).min(times.len() - 1);
		times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
	};
	println!(
		"a page of 50 records by RPC, {ROUNDS} times: median {:.2} ms, p99 {:.2} ms, most {:.2} ms",
		at(500),
		at(990),
		at(1_000)
	);
	fs::remove_dir_all(&folder).map_err(|error| error.to_string())
}
