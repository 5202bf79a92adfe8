// SPDX-License-Identifier: Apache-2.0

//! Builds the Wasm blob of the runtime: for the feature `blob`, in release builds.

#[cfg(all(feature = "std", feature = "blob"))]
fn main() {
	// A debug build checks and tests natively; two minutes of Wasm would add nothing to it.
	if std::env::var("PROFILE").as_deref() == Ok("debug") {
		return without_blob();
	}
	// The builder hands every feature on to the blob's own build, where this one would compile the
	// builder again for nothing.
	// SAFETY: nothing else runs in a build script that has just begun.
	#[allow(unsafe_code)]
	unsafe {
		std::env::remove_var("CARGO_FEATURE_BLOB");
	}
	let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
	#[cfg(feature = "metadata-hash")]
	let builder = builder.enable_metadata_hash("SAL", 12);
	builder.build();
}

#[cfg(all(feature = "std", not(feature = "blob")))]
fn main() {
	without_blob();
}

/// What depends on the runtime natively finds no blob and says so.
#[cfg(feature = "std")]
fn without_blob() {
	let out = std::env::var("OUT_DIR").expect("cargo sets it for build scripts");
	std::fs::write(
		std::path::Path::new(&out).join("wasm_binary.rs"),
		"/// No blob in this build.\npub const WASM_BINARY: Option<&[u8]> = None;\n",
	)
	.expect("the output folder of a build script is writable");
}

#[cfg(not(feature = "std"))]
fn main() {}
