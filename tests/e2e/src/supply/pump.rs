// SPDX-License-Identifier: Apache-2.0

//! One infusion pump goes the same way, by its device identifier.

use super::{HERE, PAPER, Trade, expect, label};
use crate::{Outcome, world::number};

/// The pump.
const PUMP: &str = "06291041500992";
/// The hospital's store.
const STORE: &str = "0300011111130";

impl Trade {
	/// Commissioned, shipped, in use at a hospital, recalled.
	pub fn follow_a_pump(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		self.register_product(PUMP, "device", &[])?;
		let lot = self.open_lot(PUMP, "P1", "10")?;
		let list = self.list("pumps.csv", ["PUMP-0001".to_owned()].into_iter())?;
		let (batch, leaves) = self.commission_list(&lot, &list)?;
		self.leaves.push(leaves);
		self.supply(&self.maker, &["lot", "release", &lot, "--certificate", PAPER])?;
		self.hand_over(&self.maker, &self.hospital, &[&format!("{batch}:0")])?;
		tell("an infusion pump was commissioned and travelled to the hospital");

		let pump = label(PUMP, "P1", "PUMP-0001");
		let fresh = self.scan_label(&self.hospital, STORE, &pump)?;
		expect(&fresh.code, "ok", "the hospital may use it")?;
		let proofs = self.proofs();
		let words = ["use", &pump, "--market", HERE, "--location", STORE];
		let words = words.into_iter().chain(proofs.iter().map(String::as_str));
		self.supply(&self.hospital, &words.collect::<Vec<_>>())?;
		let used = self.scan_label(&self.hospital, STORE, &pump)?;
		expect(&used.code, "in-use", "it is in use")?;
		tell(&format!("the hospital put it into use: {}", used.headline));

		let words = [
			"recall",
			"start",
			"--product",
			PUMP,
			"--class",
			"class-ii",
			"--depth",
			"retail",
			"--reason",
			PAPER,
			"--reference",
			"FSN-2026-18",
		];
		let recall = number(&self.supply(&self.maker, &words)?, "recall")?;
		let after = self.scan_label(&self.hospital, STORE, &pump)?;
		expect(&(after.code.as_str(), after.exit), &("recalled", 4), "the pump is recalled")?;
		self.supply(&self.hospital, &["recall", "ack", &recall.to_string()])?;
		tell(&format!("recall {recall} reached it in use: {}", after.headline));
		Ok(())
	}
}
