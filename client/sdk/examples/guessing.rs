// SPDX-License-Identifier: Apache-2.0

//! What one guess at a login costs on this machine: `cargo run -p salus-client --example guessing`
//! (Argon2 is optimised in every profile). The numbers of `docs/threat-model.md` come from here.

use salus_client::login::{LoginName, Passphrase, Profile, SlotSecret};
use std::time::{Duration, Instant};

/// How often each profile runs. The fastest counts: other work only ever slows one down.
const RUNS: usize = 9;

fn main() {
	let genesis = [0; 32];
	let name = LoginName::new("somebody").expect("a name");
	let passphrase = Passphrase::generate();
	println!("profile   memory    one guess    guesses per second and core");
	for profile in Profile::ALL {
		let run = || {
			let begin = Instant::now();
			SlotSecret::from_passphrase(&genesis, &name, &passphrase, profile).expect("memory");
			begin.elapsed()
		};
		let fastest = (0..RUNS).map(|_| run()).min().unwrap_or(Duration::MAX);
		println!(
			"{:<9} {:>4} MiB {:>9.0} ms {:>12.2}",
			profile.word(),
			profile.memory_mib(),
			fastest.as_secs_f64() * 1000.0,
			1.0 / fastest.as_secs_f64(),
		);
	}
}
