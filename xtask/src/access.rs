// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask bench access`: how long a node takes to decide about an access, when the chain has a
//! million grants and when it has a thousand.

use crate::{
	run::{Outcome, cargo, command, must, output, release_dir, target_dir},
	test::build_node,
};
use salus_e2e::{Binaries, Node};
use serde_json::{Value, json};
use std::{
	fs,
	path::Path,
	thread,
	time::{Duration, Instant},
};

/// The grants of either chain.
const FEW: &str = "1000";
const MANY: &str = "1000000";
/// How often each question is asked.
const ROUNDS: usize = 5_000;
/// How often before the clock runs: the first answers compile the runtime and fill the caches.
const WARM_UP: usize = 50;
/// A node reads a long genesis for some minutes.
const PATIENCE: Duration = Duration::from_secs(900);
/// How long a node puts a long genesis to disk behind its first answers.
const SETTLING: Duration = Duration::from_secs(60);
/// What a decision may take, in milliseconds: the median, and one in a hundred.
const TARGETS: [f64; 2] = [1.0, 2.0];
/// How much longer the median may be with a thousand times the grants, and what no clock tells apart.
const GROWTH: f64 = 1.5;
const NOISE: f64 = 0.1;

/// What one question took on one chain, in milliseconds.
struct Times {
	name: String,
	median: f64,
	p99: f64,
}

pub(crate) fn run() -> Outcome {
	build_node()?;
	let folder = target_dir().join("access");
	fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
	let plain = folder.join("plain.json").display().to_string();
	let binaries = Binaries::in_dir(&release_dir());
	let export = ["export-chain-spec", "--chain", "dev", "--raw", "--output", &plain];
	must(command(&binaries.node, &export))?;
	let few = measure(&binaries, &folder, &plain, FEW)?;
	let many = measure(&binaries, &folder, &plain, MANY)?;
	fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
	judge(&few, &many)
}

/// Builds a chain with so many grants, and asks its node.
fn measure(
	binaries: &Binaries,
	folder: &Path,
	plain: &str,
	count: &str,
) -> Result<Vec<Times>, String> {
	let path = |name: &str| folder.join(format!("{count}-{name}")).display().to_string();
	let (spec, base) = (path("spec.json"), path("node"));
	println!("writing {count} grants");
	let mut crowd = cargo(&["run", "--locked", "--quiet", "-p", "salus-scenarios"]);
	crowd.args(["--features", "runtime-benchmarks,try-runtime", "--example", "grants", "--"]);
	crowd.args([plain, &spec, count]);
	let said: Value = serde_json::from_slice(&output(crowd)?).map_err(|error| error.to_string())?;
	println!("state per grant of the crowd: {} bytes of keys and values", said["bytesPerGrant"]);

	let _ = fs::remove_dir_all(&base);
	// It makes no block: what it answers is the genesis.
	let arguments = ["--chain", &spec, "--base-path", &base, "--no-mdns", "--port", "0"];
	let node = Node::start_with_patience(binaries, &arguments, PATIENCE)?;
	let caller = node.caller();
	thread::sleep(SETTLING);
	let nothing = times(ROUNDS, || caller.call("state_call", json!(["Core_version", "0x"])))?;
	println!(
		"a call of the runtime that reads nothing, by RPC: median {:.2} ms",
		at(&nothing, 500)
	);
	let mut all = Vec::new();
	for question in said["questions"].as_array().into_iter().flatten() {
		let name = question["name"].as_str().unwrap_or_default().to_owned();
		let ask = || {
			let parameters = json!(["ConsentApi_check_access", question["input"]]);
			let answer = caller.call("state_call", parameters)?;
			match answer == question["answer"] {
				true => Ok(answer),
				false => Err(format!("{name}: the node answers {answer}: {question}")),
			}
		};
		let times = times(ROUNDS, ask)?;
		let (median, p99) = (at(&times, 500), at(&times, 990));
		println!(
			"{count} grants, {name}, {ROUNDS} times by RPC: median {median:.2} ms, p99 {p99:.2} ms, most \
			 {:.2} ms",
			at(&times, 1_000)
		);
		all.push(Times { name, median, p99 });
	}
	node.stop()?;
	if all.is_empty() {
		return Err("the crowd said no questions".into());
	}
	Ok(all)
}

/// The times of calls, shortest first.
fn times(rounds: usize, call: impl Fn() -> Result<Value, String>) -> Result<Vec<Duration>, String> {
	for _ in 0..WARM_UP {
		call()?;
	}
	let mut times = Vec::with_capacity(rounds);
	for _ in 0..rounds {
		let start = Instant::now();
		call()?;
		times.push(start.elapsed());
	}
	times.sort_unstable();
	Ok(times)
}

/// The time that this many thousandths of the calls stayed within, in milliseconds.
fn at(times: &[Duration], share: usize) -> f64 {
	let place = (times.len() * share / 1_000).min(times.len().saturating_sub(1));
	times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// Fails when a decision takes longer because there are more grants, or longer than it may.
fn judge(few: &[Times], many: &[Times]) -> Outcome {
	let mut late = Vec::new();
	for (few, many) in few.iter().zip(many) {
		if many.median > few.median * GROWTH + NOISE {
			return Err(format!(
				"{}: {:.2} ms with {MANY} grants and {:.2} ms with {FEW}: the cost depends on how many \
				 are stored",
				many.name, many.median, few.median
			));
		}
		let [median, p99] = TARGETS;
		if many.median > median || many.p99 > p99 {
			late.push(many.name.as_str());
		}
	}
	if late.is_empty() {
		println!(
			"the cost does not depend on how many grants are stored, and is within its bounds"
		);
		return Ok(());
	}
	let [median, p99] = TARGETS;
	Err(format!("over the bounds of {median} ms and {p99} ms: {}", late.join("; ")))
}
