// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask bench`: measures the weights of our pallets on our runtime.
//!
//! It needs `frame-omni-bencher` (`cargo install frame-omni-bencher --version 0.28.0 --locked`),
//! which no other task does.

use crate::run::{Outcome, cargo, command, is_there, must, root, target_dir};

const PALLETS: &[&str] = &["accreditation", "consent", "identity", "records", "vault"];

/// What the wasm builder of the SDK gives to the compiler for a blob.
const BLOB_FLAGS: &str = "-C link-arg=--export-table -C link-arg=--export=__heap_base \
	-C link-arg=--import-memory --cfg substrate_runtime";

pub(crate) fn run(wanted: &[&str]) -> Outcome {
	if !is_there("frame-omni-bencher") {
		return Err("frame-omni-bencher is missing. Type: \
			cargo install frame-omni-bencher --version 0.28.0 --locked"
			.into());
	}
	if let Some(unknown) = wanted.iter().find(|word| !PALLETS.contains(word)) {
		return Err(format!("`{unknown}` is no pallet of ours; there are: {}", PALLETS.join(" ")));
	}
	// Only the blob, and apart from the one that ships: benchmarks must never be taken for it.
	let mut build = cargo(&[
		"rustc",
		"--locked",
		"--release",
		"--package",
		"salus-runtime",
		"--no-default-features",
		"--features",
		"runtime-benchmarks",
		"--target",
		"wasm32v1-none",
		"--crate-type",
		"cdylib",
	]);
	build.env("RUSTFLAGS", BLOB_FLAGS);
	must(build)?;
	let blob = target_dir().join("wasm32v1-none/release/salus_runtime.wasm");
	for pallet in PALLETS.iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
		let name = format!("pallet_health_{pallet}");
		let mut measure = command("frame-omni-bencher", &["v1", "benchmark", "pallet"]);
		measure
			.args(["--extrinsic", "", "--steps", "50", "--repeat", "20", "--pallet", &name])
			.args(["--min-duration", "1", "--genesis-builder-preset", "development"])
			.arg("--runtime")
			.arg(&blob)
			.arg("--template")
			.arg(root().join("xtask/weights.hbs"))
			.arg("--output")
			.arg(root().join(format!("pallets/{pallet}/src/weights.rs")));
		must(measure)?;
	}
	must(cargo(&["fmt", "--all"]))
}
