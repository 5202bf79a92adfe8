// SPDX-License-Identifier: Apache-2.0

//! What an operator does with the node beside running it.

use salus_e2e::{Binaries, Node};
use serde_json::Value;
use std::{path::Path, process::Command, time::Duration};

/// What a subcommand prints on stdout; it has to succeed.
fn run(binaries: &Binaries, arguments: &[&str]) -> String {
	let output = Command::new(&binaries.node).args(arguments).output().unwrap();
	let said = String::from_utf8_lossy(&output.stderr);
	assert!(output.status.success(), "salus-node {}: {said}", arguments.join(" "));
	String::from_utf8(output.stdout).unwrap()
}

fn path(dir: &Path, name: &str) -> String {
	dir.join(name).display().to_string()
}

#[test]
fn specs_are_exported_plain_and_raw_with_what_wallets_show() {
	let binaries = Binaries::of_this_build().unwrap();
	for chain in ["dev", "local"] {
		let plain = run(&binaries, &["export-chain-spec", "--chain", chain]);
		let plain: Value = serde_json::from_str(&plain).unwrap();
		assert_eq!(plain["properties"]["tokenSymbol"], "SAL");
		assert_eq!(plain["properties"]["tokenDecimals"], 12);
		assert_eq!(plain["properties"]["ss58Format"], 42);
		assert!(plain["genesis"]["runtimeGenesis"].is_object(), "a plain spec is for people");

		let raw = run(&binaries, &["export-chain-spec", "--chain", chain, "--raw"]);
		let raw: Value = serde_json::from_str(&raw).unwrap();
		assert_eq!(raw["id"], plain["id"]);
		// `:code`
		assert!(raw["genesis"]["raw"]["top"]["0x3a636f6465"].is_string(), "the blob is missing");
	}
}

#[test]
fn keys_are_made_shown_and_inserted() {
	let binaries = Binaries::of_this_build().unwrap();
	let dir = tempfile::tempdir().unwrap();
	let made = run(&binaries, &["key", "generate", "--output-type", "json"]);
	let made: Value = serde_json::from_str(&made).unwrap();
	let phrase = made["secretPhrase"].as_str().unwrap();
	let shown = run(&binaries, &["key", "inspect", "--output-type", "json", phrase]);
	let shown: Value = serde_json::from_str(&shown).unwrap();
	assert_eq!(shown["ss58Address"], made["ss58Address"]);

	let base = path(dir.path(), "base");
	let insert = ["key", "insert", "--base-path", &base, "--chain", "local", "--suri", phrase];
	run(&binaries, &[&insert[..], &["--key-type", "aura", "--scheme", "sr25519"]].concat());
	let keystore = dir.path().join("base/chains/salus_local/keystore");
	let files: Vec<_> = std::fs::read_dir(keystore).unwrap().collect();
	let name = files[0].as_ref().unwrap().file_name().into_string().unwrap();
	// `aura`, then the public key.
	let public = shown["publicKey"].as_str().unwrap().trim_start_matches("0x");
	assert_eq!((files.len(), name), (1, format!("61757261{public}")));
}

#[test]
fn blocks_are_exported_purged_imported_and_checked() {
	let binaries = Binaries::of_this_build().unwrap();
	let dir = tempfile::tempdir().unwrap();
	let (base, file) = (path(dir.path(), "base"), path(dir.path(), "blocks"));
	// Export would take whatever database lies there: it has to name the same one.
	let here = ["--chain", "dev", "--base-path", &base];
	let start = ["--dev", "--no-mdns", "--port", "0", "--base-path", &base];

	let node = Node::start_with(&binaries, &start).unwrap();
	node.wait_finalised(3, Duration::from_secs(60)).unwrap();
	let third = node.call("chain_getBlockHash", serde_json::json!([3])).unwrap();
	node.stop().unwrap();

	run(&binaries, &[&["export-blocks", &file, "--binary", "--to", "3"], &here[..]].concat());
	run(&binaries, &[&["check-block", "3"], &here[..]].concat());
	run(&binaries, &[&["purge-chain", "-y"], &here[..]].concat());
	assert!(
		!dir.path().join("base/chains/salus_dev/paritydb").exists(),
		"the chain is still there"
	);
	run(&binaries, &[&["import-blocks", &file, "--binary"], &here[..]].concat());

	let node = Node::start_with(&binaries, &start).unwrap();
	let again = node.call("chain_getBlockHash", serde_json::json!([3])).unwrap();
	assert_eq!(again, third);
	let best = node.best().unwrap();
	node.wait_finalised(best + 1, Duration::from_secs(60)).unwrap();
	node.stop().unwrap();
}
