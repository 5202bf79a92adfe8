// SPDX-License-Identifier: Apache-2.0

//! The shape of the workspace: one SDK line in the lock file, and dependencies that point one way.

use crate::run::{Outcome, cargo, output, root};
use serde_json::Value;
use std::{collections::BTreeMap, fs};

/// The crates that betray a second line of the SDK, with the version that stable2609 pins.
///
/// Newer numbers exist and belong to an older line: a bare `cargo add` or `cargo update` would take
/// them.
const SDK_LINE: &[(&str, &str)] = &[
	("frame-support", "49.0.1"),
	("frame-system", "49.0.0"),
	("pallet-balances", "51.0.2"),
	("sc-cli", "0.63.0"),
	("sc-client-api", "48.0.0"),
	("sc-consensus-grandpa", "0.45.0"),
	("sc-network", "0.60.0"),
	("sc-service", "0.62.0"),
	("sc-transaction-pool", "48.0.0"),
	("sp-core", "43.0.0"),
	("sp-io", "49.0.0"),
	("sp-runtime", "49.0.0"),
	("substrate-wasm-builder", "35.0.0"),
];

/// Fails when the lock file holds another version of an SDK crate than the pinned one.
pub(crate) fn lock() -> Outcome {
	let text = fs::read_to_string(root().join("Cargo.lock"))
		.map_err(|error| format!("cannot read Cargo.lock: {error}"))?;
	check_lock(&text)
}

fn check_lock(text: &str) -> Outcome {
	let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
	let mut lines = text.lines();
	while let Some(line) = lines.next() {
		let Some(name) = quoted(line, "name = ") else { continue };
		let version = lines.next().and_then(|line| quoted(line, "version = ")).unwrap_or_default();
		found.entry(name).or_default().push(version);
	}
	for (name, pinned) in SDK_LINE {
		let versions = found.get(name).map(Vec::as_slice).unwrap_or_default();
		if versions != [*pinned] {
			return Err(format!(
				"Cargo.lock holds {name} {}, and stable2609 is {pinned}: take the numbers from \
				 [workspace.dependencies] and run `cargo update -p {name} --precise {pinned}`",
				if versions.is_empty() { "in no version".into() } else { versions.join(" and ") },
			));
		}
	}
	Ok(())
}

fn quoted<'a>(line: &'a str, key: &str) -> Option<&'a str> {
	line.strip_prefix(key)?.strip_prefix('"')?.strip_suffix('"')
}

/// The storeys of the house, lowest first. A crate may use storeys below its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Storey {
	Primitives,
	Traits,
	Pallet,
	Runtime,
	Node,
	Client,
	Tests,
}

fn storey(folder: &str) -> Option<Storey> {
	Some(match folder.split('/').collect::<Vec<_>>().as_slice() {
		["primitives", "traits"] => Storey::Traits,
		["primitives", _] => Storey::Primitives,
		["pallets", _] => Storey::Pallet,
		["runtime"] => Storey::Runtime,
		["node"] => Storey::Node,
		["client", _] => Storey::Client,
		["tests", _] | ["xtask"] => Storey::Tests,
		_ => return None,
	})
}

/// Whether a crate of `from` may name one of `to` in its manifest.
fn may_use(from: Storey, to: Storey, dev: bool) -> bool {
	use Storey::*;
	match (from, to) {
		(Tests, _) => true,
		// Doubles and actors for unit tests.
		(Pallet | Runtime | Client, Tests) => dev,
		(_, Tests) => false,
		(Primitives, Primitives) | (Client, Client) => true,
		(Client, Primitives) => true,
		(Client, _) | (_, Client) => false,
		// A pallet asks another through a trait.
		(Pallet, Pallet) => false,
		(Node, to) => matches!(to, Runtime | Primitives),
		(from, to) => to < from,
	}
}

/// Fails when a crate depends against the arrows, has no place in the house, or its own lints.
pub(crate) fn crates() -> Outcome {
	let printed = output(cargo(&["metadata", "--format-version=1", "--no-deps"]))?;
	let metadata: Value = serde_json::from_slice(&printed)
		.map_err(|error| format!("cargo metadata printed no JSON: {error}"))?;
	check_arrows(&metadata)?;
	check_lints(&metadata)
}

fn check_arrows(metadata: &Value) -> Outcome {
	let base = format!("{}/", metadata["workspace_root"].as_str().unwrap_or_default());
	let folder = |manifest: &str| -> String {
		let inside = manifest.strip_prefix(&base).unwrap_or(manifest);
		inside.trim_end_matches("/Cargo.toml").to_owned()
	};
	let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
	if packages.is_empty() {
		return Err("cargo metadata lists no crate".into());
	}
	for package in packages {
		let name = package["name"].as_str().unwrap_or_default();
		let place = folder(package["manifest_path"].as_str().unwrap_or_default());
		let from = storey(&place).ok_or_else(|| {
			format!("{name} lies in {place}, which is no room of the house (docs/architecture.md)")
		})?;
		for dependency in package["dependencies"].as_array().into_iter().flatten() {
			let Some(path) = dependency["path"].as_str() else { continue };
			let target = folder(path);
			let to = storey(&target).ok_or_else(|| format!("{name} depends on {target}"))?;
			let dev = dependency["kind"].as_str() == Some("dev");
			if !may_use(from, to, dev) {
				return Err(format!(
					"{name} ({place}) depends on {target}: the arrows point \
					 primitives <- traits <- pallets <- runtime <- node, primitives <- client"
				));
			}
		}
	}
	Ok(())
}

/// Fails when a crate has its own idea of lints.
fn check_lints(metadata: &Value) -> Outcome {
	for package in metadata["packages"].as_array().into_iter().flatten() {
		let path = package["manifest_path"].as_str().unwrap_or_default();
		let text =
			fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
		if !text.contains("[lints]\nworkspace = true") {
			return Err(format!("{path} does not say `[lints] workspace = true`"));
		}
	}
	Ok(())
}

#[cfg(test)]
mod tests {
	use super::*;
	use serde_json::json;

	fn lock_with(extra: &str) -> String {
		let pinned = SDK_LINE.iter().map(|(name, version)| {
			format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
		});
		pinned.collect::<String>() + extra
	}

	#[test]
	fn the_pinned_line_passes() {
		assert_eq!(check_lock(&lock_with("")), Ok(()));
	}

	#[test]
	fn a_second_line_is_refused() {
		let second = "[[package]]\nname = \"sp-runtime\"\nversion = \"48.0.0\"\n";
		let message = check_lock(&lock_with(second)).unwrap_err();
		assert!(message.contains("sp-runtime 49.0.0 and 48.0.0"), "{message}");
	}

	#[test]
	fn a_newer_number_of_an_older_line_is_refused() {
		let text = lock_with("").replace("\"0.62.0\"", "\"0.63.0\"");
		assert!(check_lock(&text).unwrap_err().contains("sc-service 0.63.0"));
	}

	fn workspace(dependencies: &[(&str, &str, Option<&str>)]) -> Value {
		let packages: Vec<Value> = dependencies
			.iter()
			.map(|(from, to, kind)| {
				json!({
					"name": from,
					"manifest_path": format!("/w/{from}/Cargo.toml"),
					"dependencies": [{ "path": format!("/w/{to}"), "kind": kind }],
				})
			})
			.collect();
		json!({ "workspace_root": "/w", "packages": packages })
	}

	#[test]
	fn arrows_that_point_down_pass() {
		let good = workspace(&[
			("pallets/consent", "primitives/traits", None),
			("primitives/traits", "primitives/core", None),
			("runtime", "pallets/consent", None),
			("node", "runtime", None),
			("client/cli", "client/sdk", None),
			("client/sdk", "primitives/core", None),
			("pallets/consent", "tests/support", Some("dev")),
			("tests/scenarios", "runtime", None),
		]);
		assert_eq!(check_arrows(&good), Ok(()));
	}

	#[test]
	fn arrows_that_point_elsewhere_are_refused() {
		for (from, to, kind) in [
			("pallets/consent", "pallets/records", None),
			("pallets/consent", "pallets/records", Some("dev")),
			("primitives/core", "primitives/traits", None),
			("primitives/traits", "pallets/consent", None),
			("pallets/consent", "runtime", None),
			("node", "pallets/consent", None),
			("client/sdk", "runtime", None),
			("client/sdk", "pallets/consent", None),
			("runtime", "node", None),
			("pallets/consent", "tests/support", None),
			("node", "client/sdk", None),
			("tools/extra", "primitives/core", None),
		] {
			let bad = workspace(&[(from, to, kind)]);
			assert!(check_arrows(&bad).is_err(), "{from} -> {to}");
		}
	}
}
