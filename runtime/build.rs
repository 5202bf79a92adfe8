// SPDX-License-Identifier: Apache-2.0

//! Builds the Wasm blob of the runtime, in release builds.

#[cfg(feature = "std")]
fn main() {
	// A debug build checks and tests natively; two minutes of Wasm would add nothing to it.
	if std::env::var("PROFILE").as_deref() == Ok("debug") {
		let out = std::env::var("OUT_DIR").expect("cargo sets it for build scripts");
		std::fs::write(
			std::path::Path::new(&out).join("wasm_binary.rs"),
			"/// No blob in a debug build.\npub const WASM_BINARY: Option<&[u8]> = None;\n",
		)
		.expect("the output folder of a build script is writable");
		return;
	}
	let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("SAL", 12);
	builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
