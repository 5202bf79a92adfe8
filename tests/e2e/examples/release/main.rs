// SPDX-License-Identifier: Apache-2.0

//! The custodian as it ships, over a node as it ships, measured: `cargo xtask bench release`.
//!
//! Three parts over one chain: how quickly a share is released, what a thousand requests at once do
//! when half of them are nonsense, and what a kill among a thousand deposits loses. Each prints its
//! figures and fails when one is over its bound. Words after the command name the parts to play.

mod crash;
mod http;
mod load;
mod quick;
mod scene;

use salus_e2e::{Binaries, Outcome};
use scene::Scene;
use std::{process::ExitCode, time::Duration};

const PARTS: [&str; 3] = ["quick", "load", "crash"];

fn main() -> ExitCode {
	let wanted: Vec<String> = std::env::args().skip(1).collect();
	if let Some(unknown) = wanted.iter().find(|word| !PARTS.contains(&word.as_str())) {
		eprintln!("error: `{unknown}` is no part; there are: {}", PARTS.join(" "));
		return ExitCode::from(2);
	}
	let chosen = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
	match play(chosen) {
		Ok(()) => ExitCode::SUCCESS,
		Err(message) => {
			eprintln!("error: {message}");
			ExitCode::FAILURE
		},
	}
}

fn play(chosen: impl Fn(&str) -> bool) -> Outcome {
	load::allow_connections(std::process::id());
	let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
	let mut scene = Scene::set(&Binaries::of_this_build()?, &runtime)?;
	// Every part is played: one that is over its bound hides no figure of the others.
	let mut over = Vec::new();
	if chosen("quick") {
		over.extend(runtime.block_on(quick::play(&scene)).err());
	}
	if chosen("load") {
		over.extend(runtime.block_on(load::play(&scene)).err());
	}
	if chosen("crash") {
		over.extend(crash::play(&mut scene, &runtime).err());
	}
	scene.stop()?;
	if over.is_empty() { Ok(()) } else { Err(over.join("; ")) }
}

/// A time in milliseconds, as it is printed.
fn millis(time: Duration) -> f64 {
	time.as_secs_f64() * 1_000.0
}

/// The time that this many thousandths of the calls stayed within; `times` are sorted.
fn at(times: &[Duration], share: usize) -> Duration {
	let place = (times.len() * share / 1_000).min(times.len().saturating_sub(1));
	times.get(place).copied().unwrap_or_default()
}
