// SPDX-License-Identifier: Apache-2.0

//! What anybody keeps who runs an archive node: every block with its events, and the whole state.

use salus_e2e::Node;
use serde_json::{Value, json};

/// Where the events of a block stand in its state.
const EVENTS: &str = "0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";

/// Where the runtime's code stands, into which nobody types anything.
const CODE: &str = "0x3a636f6465";

/// All bytes of a chain, one behind the other.
pub(crate) struct Archive(Vec<u8>);

impl Archive {
	/// Reads the chain from its first block to its best.
	pub(crate) fn of(node: &Node) -> Self {
		let ask = |method: &str, parameters: Value| node.call(method, parameters).unwrap();
		let mut bytes = Vec::new();
		for number in 0..=node.best().unwrap() {
			let hash = ask("chain_getBlockHash", json!([number]));
			let block = ask("chain_getBlock", json!([hash]));
			let extrinsics = block["block"]["extrinsics"].as_array().unwrap();
			bytes.extend(extrinsics.iter().flat_map(decoded));
			bytes.extend(decoded(&ask("state_getStorage", json!([EVENTS, hash]))));
		}
		let mut last = Value::Null;
		loop {
			let page = ask("state_getKeysPaged", json!(["0x", 1_000, last]));
			let page = page.as_array().unwrap();
			let Some(end) = page.last() else { break };
			last = end.clone();
			let keys: Vec<_> = page.iter().filter(|key| *key != CODE).collect();
			let rows = ask("state_queryStorageAt", json!([keys]));
			let rows = rows[0]["changes"].as_array().unwrap();
			assert_eq!(rows.len(), keys.len(), "a row for every key");
			bytes.extend(rows.iter().flat_map(|row| row.as_array().unwrap()).flat_map(decoded));
		}
		Self(bytes)
	}

	/// Whether these bytes stand anywhere.
	pub(crate) fn holds(&self, marker: &[u8]) -> bool {
		self.0.windows(marker.len()).any(|window| window == marker)
	}
}

/// The bytes that a text names in hexadecimal; none for nothing.
pub(crate) fn decoded(text: &Value) -> Vec<u8> {
	let digits = text.as_str().map_or("", |text| text.trim_start_matches("0x"));
	hex::decode(digits).unwrap()
}
