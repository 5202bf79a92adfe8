// SPDX-License-Identifier: Apache-2.0
//! Puts the version and the commit into the binary.

use substrate_build_script_utils::{generate_cargo_keys, rerun_if_git_head_changed};

fn main() {
	// Without git, as in a source archive, the commit comes from this variable or is all zeros.
	println!("cargo:rerun-if-env-changed=SUBSTRATE_CLI_GIT_COMMIT_HASH");

	generate_cargo_keys();
	rerun_if_git_head_changed();
}
