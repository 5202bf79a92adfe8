// SPDX-License-Identifier: Apache-2.0
//! The chains that the node knows by name.
//!
//! Their genesis comes from the presets of the runtime; a spec adds only what wallets show.

use salus_runtime::WASM_BINARY;
use sc_service::{ChainType, GenericChainSpec, Properties};
use serde_json::json;
use sp_genesis_builder::{DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};

/// A chain specification of this node: the plain kind, without extensions.
pub(crate) type ChainSpec = GenericChainSpec;

/// One validator, for a developer's machine.
pub(crate) fn development() -> Result<ChainSpec, String> {
	spec("Salus Development", "salus_dev", ChainType::Development, DEV_RUNTIME_PRESET)
}

/// Two validators on one machine.
pub(crate) fn local() -> Result<ChainSpec, String> {
	spec("Salus Local Testnet", "salus_local", ChainType::Local, LOCAL_TESTNET_RUNTIME_PRESET)
}

fn spec(name: &str, id: &str, chain_type: ChainType, preset: &str) -> Result<ChainSpec, String> {
	// A debug build compiles the runtime for the host only, so there is nothing to put on chain.
	let runtime = WASM_BINARY.ok_or(
		"this build contains no runtime blob: build the node in release mode \
		 (cargo build --release -p salus-node), or give a chain specification file with --chain",
	)?;

	Ok(ChainSpec::builder(runtime, None)
		.with_name(name)
		.with_id(id)
		.with_protocol_id("salus")
		.with_chain_type(chain_type)
		.with_properties(properties())
		.with_genesis_config_preset_name(preset)
		.build())
}

/// What a wallet needs to show addresses and amounts; without it each wallet guesses otherwise.
fn properties() -> Properties {
	let mut properties = Properties::new();
	properties.insert("ss58Format".into(), json!(42));
	properties.insert("tokenDecimals".into(), json!(12));
	properties.insert("tokenSymbol".into(), json!("SAL"));
	properties
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_runtime::Runtime;
	use sp_core::Get;

	type RuntimePrefix = <Runtime as frame_system::Config>::SS58Prefix;

	#[test]
	fn shows_addresses_like_the_runtime() {
		assert_eq!(properties()["ss58Format"], json!(<RuntimePrefix as Get<u16>>::get()));
	}

	#[test]
	fn named_specs_are_complete_or_say_how_to_get_the_runtime() {
		for (spec, id, chain_type) in [
			(development(), "salus_dev", ChainType::Development),
			(local(), "salus_local", ChainType::Local),
		] {
			match spec {
				Ok(spec) => {
					assert_eq!(spec.id(), id);
					assert_eq!(sc_service::ChainSpec::chain_type(&spec), chain_type);
					assert_eq!(sc_service::ChainSpec::properties(&spec), properties());
					assert!(spec.telemetry_endpoints().is_none());
				},
				Err(reason) => {
					assert!(WASM_BINARY.is_none());
					assert!(reason.contains("release mode"));
				},
			}
		}
	}
}
