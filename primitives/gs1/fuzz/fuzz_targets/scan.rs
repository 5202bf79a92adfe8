// SPDX-License-Identifier: Apache-2.0
//! Any bytes at all: `cargo +nightly fuzz run scan -- -dict=fuzz/gs1.dict -max_len=256`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/support/mod.rs"]
mod support;

fuzz_target!(|data: &[u8]| {
	support::exercise(data);
});
