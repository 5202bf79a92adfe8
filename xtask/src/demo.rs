// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask demo`: the main job, played with the real programs.

use crate::{
	run::{Outcome, release_dir},
	setup, test,
};
use salus_e2e::{Binaries, journey};
use std::{io::Write, path::PathBuf};

pub(crate) fn run(options: &[&str]) -> Outcome {
	let mut bundle = None;
	let mut keep = false;
	let mut rest = options.iter();
	while let Some(option) = rest.next() {
		match *option {
			"--keep" => keep = true,
			"--bundle" => {
				let file = rest.next().ok_or("--bundle wants a file: a FHIR R4 bundle as JSON")?;
				let path = std::env::current_dir().unwrap_or_default().join(file);
				if !path.is_file() {
					return Err(format!("{file} is no file"));
				}
				bundle = Some(path);
			},
			other => {
				return Err(format!(
					"unknown option `{other}`; there are --bundle FILE and --keep"
				));
			},
		}
	}
	setup::run(setup::Need::Build)?;
	println!("building the node, the custodian and the command line (the first time takes long)");
	test::build()?;
	play(bundle, keep)
}

fn play(bundle: Option<PathBuf>, keep: bool) -> Outcome {
	let world = journey::play(&Binaries::in_dir(&release_dir()), bundle.as_deref(), &mut |line| {
		println!("{line}");
		let _ = std::io::stdout().flush();
	})?;
	println!("\nThe chain is at {}. To look at it with polkadot.js apps, open", world.node_url());
	println!("  https://polkadot.js.org/apps/?rpc={}#/explorer", world.node_url());
	println!("and try these:");
	for (what, address) in world.addresses() {
		println!("  {what:<22} {address}");
	}
	if keep {
		println!("\nChain and custodian go on. Press Enter to stop them.");
		let _ = std::io::stdin().read_line(&mut String::new());
	}
	world.stop()?;
	println!("stopped.");
	Ok(())
}
