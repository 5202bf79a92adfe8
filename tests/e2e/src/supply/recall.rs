// SPDX-License-Identifier: Apache-2.0

//! A lot is recalled in one write; what comes back and what is destroyed is counted.

use super::{COUNTER_A, COUNTER_B, PACKS, PAPER, Trade, expect};
use crate::{Outcome, world::number};

impl Trade {
	/// Every verify of the lot turns in the next block, at every partner.
	pub fn recall(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		self.dispense(&self.pharmacy_b, COUNTER_B, &[60, 61, 62])?;
		tell("pharmacy-b dispensed three packs of the lot");
		let words = [
			"recall",
			"start",
			"--lot",
			&self.lot,
			"--class",
			"class-i",
			"--depth",
			"consumer",
			"--reason",
			PAPER,
			"--reference",
			"FSN-2026-17",
		];
		self.recall = number(&self.supply(&self.maker, &words)?, "recall")?.to_string();
		for (who, counter, index) in [
			(&self.pharmacy_a, COUNTER_A, 5),
			(&self.pharmacy_b, COUNTER_B, 70),
			(&self.wholesaler, COUNTER_A, 150),
			(&self.maker, COUNTER_A, PACKS - 1),
		] {
			let verdict = self.scan(who, counter, index)?;
			expect(
				&(verdict.code.as_str(), verdict.exit),
				&("recalled", 4),
				"recalled everywhere",
			)?;
		}
		tell(&format!(
			"recall {} of {PACKS} packs is one write: every verify says so at once",
			self.recall
		));
		Ok(())
	}

	/// Returns and destruction, and what the recall came to.
	pub fn count_what_came_back(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let unit = |index: u32| format!("{}/{index}", self.batch);
		self.supply(&self.pharmacy_b, &["return", &unit(60), &unit(61)])?;
		let statement = self.world.dir().join("statement.json").display().to_string();
		let witness = [
			"witness",
			&unit(60),
			&unit(61),
			"--holder",
			&self.pharmacy_b.identity,
			"--certificate",
			PAPER,
			"--output",
			&statement,
		];
		self.supply(&self.wholesaler, &witness)?;
		self.refused(&self.pharmacy_a, &["destroy", "--witness", &statement, "--yes"])?;
		self.supply(&self.pharmacy_b, &["destroy", "--witness", &statement, "--yes"])?;
		tell("two packs came back to pharmacy-b, and were destroyed before the wholesaler");

		let recall = self.recall.as_str();
		let held = ["quarantine", &format!("{}:0", self.batch), "--reason", "recalled"];
		self.supply(&self.pharmacy_a, &held)?;
		for (who, report) in [
			(&self.pharmacy_a, ["--quarantined", "50", "--destroyed", "0"]),
			(&self.pharmacy_b, ["--quarantined", "47", "--destroyed", "2"]),
		] {
			self.supply(who, &["recall", "ack", recall])?;
			self.supply(who, &[&["recall", "progress", recall], &report[..]].concat())?;
		}
		let shown = self.supply(&self.maker, &["recall", "show", recall])?;
		let progress = &shown["view"]["progress"];
		expect(&progress["quarantined"], &97, "what all put aside together")?;
		expect(&progress["destroyed"], &2, "what all destroyed together")?;
		expect(&shown["view"]["acknowledged"], &2, "who knows of it")?;
		let lot = self.supply(&self.maker, &["lot", "show", &self.lot])?;
		let states = &lot["states"];
		expect(&states["destroyed"], &2, "the lot counts what was destroyed")?;
		expect(&states["dispensed"], &1, "the lot counts what is with a patient still")?;
		expect(&lot["units"], &(PACKS + 2), "no unit was lost in the counting")?;
		tell(
			"the recall shows 97 packs put aside and 2 destroyed; the lot accounts for every unit",
		);
		Ok(())
	}
}
