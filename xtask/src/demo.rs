// SPDX-License-Identifier: Apache-2.0

//! `cargo xtask demo`: the main job, and the way of a million packs, played with the real programs.

use crate::{
	run::{Outcome, release_dir},
	setup, test,
};
use salus_e2e::{Binaries, World, journey, supply};
use std::{io::Write, path::PathBuf};

/// Goods: from the maker to the patient, and back by recall.
pub(crate) fn run_supply(options: &[&str]) -> Outcome {
	let keep = match options {
		[] => false,
		["--keep"] => true,
		[other, ..] => return Err(format!("unknown option `{other}`; there is --keep")),
	};
	build()?;
	show(supply::play(&Binaries::in_dir(&release_dir()), &mut say)?, keep)
}

/// A patient's records.
pub(crate) fn run(options: &[&str]) -> Outcome {
	let mut bundle: Option<PathBuf> = None;
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
	build()?;
	show(journey::play(&Binaries::in_dir(&release_dir()), bundle.as_deref(), &mut say)?, keep)
}

fn build() -> Outcome {
	setup::run(setup::Need::Build)?;
	println!("building the node, the custodian and the command line (the first time takes long)");
	test::build()
}

fn say(line: &str) {
	println!("{line}");
	let _ = std::io::stdout().flush();
}

/// Leaves the world to who watches, and stops it.
fn show(world: World, keep: bool) -> Outcome {
	println!("\nThe chain is at {}. To look at it with polkadot.js apps, open", world.node_url());
	println!("  https://polkadot.js.org/apps/?rpc={}#/explorer", world.node_url());
	println!("and try these:");
	for (what, address) in world.addresses() {
		println!("  {what:<22} {address}");
	}
	if keep {
		println!("\nAll of it goes on. Press Enter to stop them.");
		let _ = std::io::stdin().read_line(&mut String::new());
	}
	world.stop()?;
	println!("stopped.");
	Ok(())
}
