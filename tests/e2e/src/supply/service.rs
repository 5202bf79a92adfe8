// SPDX-License-Identifier: Apache-2.0

//! The maker's proof service: partners with a licence need no leaf file.

use super::{COUNTER_A, DRUG, HERE, Trade, expect, label, serial};
use crate::{Outcome, Person, world::text};
use serde_json::Value;
use std::{thread, time::Duration};

impl Trade {
	/// The maker publishes a leaf file, and a pharmacy's scan asks the service.
	pub fn ask_the_maker(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let folder = self.world.dir().join("leaf-files");
		self.world
			.start_custodian_with(&self.maker, &["--supply-files".as_ref(), folder.as_os_str()])?;
		let leaves = self.leaves.first().map(|path| path.display().to_string());
		let leaves = leaves.ok_or("a batch was commissioned")?;
		let url = self.world.custodian_url();
		self.supply(&self.maker, &["publish", &leaves, "--batch", &self.batch, "--proofs", &url])?;
		tell("the maker handed its leaf file to its proof service");

		let (code, exit) = self.ask(&self.pharmacy_a, &serial(5))?;
		expect(&(code.as_str(), exit), &("ok", 0), "the service proves the pack")?;
		let (code, exit) = self.ask(&self.pharmacy_a, "SA99999999")?;
		let expected = ("data-not-yet-uploaded", 3);
		expect(
			&(code.as_str(), exit),
			&expected,
			"the service proves no serial that is not there",
		)?;
		let stranger = self.stranger()?;
		let scan = label(DRUG, "L1", &serial(5));
		let said = self.refused(&stranger, &["scan", &scan, "--proofs", &url])?;
		tell(&format!("a pharmacy's scan asked it; who holds no licence was refused ({said})"));
		Ok(())
	}

	/// An organisation without a licence, that the service can know of.
	fn stranger(&mut self) -> Outcome<Person> {
		let mut stranger = self.world.person("stranger", None)?;
		let send = ["account", "send", "--to", &stranger.account, "--amount", "100"];
		self.world.cli(&self.authority, &send)?;
		let words = ["--wait", "finalised", "register", "--kind", "organisation"];
		stranger.identity = text(&self.world.cli(&stranger, &words)?, "identity")?;
		Ok(stranger)
	}

	/// A scan that asks the service. A licence counts there from finality on.
	fn ask(&self, who: &Person, serial: &str) -> Outcome<(String, i32)> {
		let (scan, url) = (label(DRUG, "L1", serial), self.world.custodian_url());
		let place = ["--market", HERE, "--location", COUNTER_A, "--proofs", &url];
		let words = [&["--json", "supply", "scan", &scan][..], &place].concat();
		let mut last = String::new();
		for _ in 0..10 {
			let output = self.world.run(who, &words)?;
			if let Ok(said) = serde_json::from_slice::<Value>(&output.stdout) {
				let code = said["verdict"]["code"].as_str().unwrap_or_default().to_owned();
				return Ok((code, output.status.code().unwrap_or(-1)));
			}
			last = String::from_utf8_lossy(&output.stderr).into_owned();
			thread::sleep(Duration::from_secs(3));
		}
		Err(format!("{}: the proof service never answered: {last}", who.name))
	}
}
