// SPDX-License-Identifier: Apache-2.0

//! The metadata that clients are compiled against: written from, and compared with, a node.

use crate::{
	run::{Outcome, release_dir, root},
	test,
};
use std::{fs, path::PathBuf};

/// The version of the metadata format that clients take.
const VERSION: u32 = 16;

fn committed() -> PathBuf {
	root().join("client/sdk/artifacts/metadata.scale")
}

fn of_the_node() -> Result<Vec<u8>, String> {
	let node = salus_e2e::Node::start(&salus_e2e::Binaries::in_dir(&release_dir()))?;
	node.metadata(VERSION)
}

pub(crate) fn run() -> Outcome {
	test::build_node()?;
	let path = committed();
	let bytes = of_the_node()?;
	fs::write(&path, &bytes)
		.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
	println!("wrote {} ({} bytes)", path.display(), bytes.len());
	Ok(())
}

/// Fails when the committed metadata is not the runtime's.
pub(crate) fn check() -> Outcome {
	let path = committed();
	let ours =
		fs::read(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
	if ours == of_the_node()? {
		return Ok(());
	}
	Err("client/sdk/artifacts/metadata.scale is not the runtime's. Type: cargo xtask metadata"
		.into())
}
