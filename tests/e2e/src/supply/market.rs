// SPDX-License-Identifier: Apache-2.0

//! From the packing line to the counter, and what is found there.

use super::{COUNTER_A, COUNTER_B, DRUG, HERE, PAPER, PREFIX, Trade, expect, label, serial};
use crate::{
	Outcome, Person,
	world::{number, text},
};
use salus_gs1::Sscc;

/// A number for a container of the maker.
fn sscc(reference: u64) -> Outcome<String> {
	// Extension 1, the prefix of seven digits, nine digits of reference.
	let number = Sscc::from_body(16_291_041_000_000_000 + reference);
	number.map(|number| number.to_string()).map_err(|error| error.to_string())
}

impl Trade {
	/// Cases of a hundred, and a pallet with two of them.
	pub fn pack(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let [pallet, one, two] = containers()?;
		let (all, second) = (self.parcel(0), self.parcel(100));
		self.supply(&self.maker, &["split", &all, "--at", "200"])?;
		self.supply(&self.maker, &["split", &all, "--at", "100"])?;
		for container in [&pallet, &one, &two] {
			self.supply(&self.maker, &["container", "new", container, "--prefix", PREFIX])?;
		}
		self.supply(&self.maker, &["pack", &one, &all])?;
		self.supply(&self.maker, &["pack", &two, &second])?;
		self.supply(&self.maker, &["pack", &pallet, &one, &two])?;
		self.supply(&self.maker, &["seal", &pallet, "--seal", "S-0001"])?;
		let tree = self.world.run(&self.maker, &["supply", "container", "show", &pallet])?;
		let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
		for part in [&pallet, &one, &two, &all, &second] {
			if !tree.contains(part.as_str()) {
				return Err(format!("the tree of the pallet does not show {part}: {tree}"));
			}
		}
		tell(&format!("two cases of 100 stand on a sealed pallet:\n{}", tree.trim_end()));
		Ok(())
	}

	fn parcel(&self, start: u32) -> String {
		format!("{}:{start}", self.batch)
	}

	/// Sends items, and the other takes them.
	pub(super) fn hand_over(&self, from: &Person, to: &Person, items: &[&str]) -> Outcome {
		let shipment = self.ship(from, to, items)?;
		self.supply(to, &["receive", &shipment, "--completeness", "verified"])?;
		Ok(())
	}

	fn ship(&self, from: &Person, to: &Person, items: &[&str]) -> Outcome<String> {
		let words = ["ship", "--to", &to.identity, "--transaction", PAPER, "--affirm"];
		let shipped = self.supply(from, &[&words[..], items].concat())?;
		Ok(number(&shipped, "shipment")?.to_string())
	}

	/// To a wholesaler, who splits a case for two pharmacies.
	pub fn distribute(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let [pallet, one, _] = containers()?;
		let shipment = self.ship(&self.maker, &self.wholesaler, &[&pallet])?;
		let on_its_way = self.scan(&self.pharmacy_a, COUNTER_A, 5)?;
		expect(&on_its_way.code, "in-transit", "a pack on its way is not handed over")?;
		let trace = self.supply(&self.maker, &["trace", &format!("{}/5", self.batch)])?;
		let hops = trace["hops"].to_string();
		if !hops.contains("commissioned") || !hops.contains(&pallet) || !hops.contains("shipped") {
			return Err(format!("the trace does not show where the pack is: {hops}"));
		}
		self.supply(&self.wholesaler, &["receive", &shipment])?;
		tell("the pallet went to the wholesaler, and a pack on it was traced on its way");

		self.supply(&self.wholesaler, &["unseal", &pallet])?;
		self.supply(&self.wholesaler, &["unpack", &pallet, &one])?;
		self.supply(&self.wholesaler, &["unpack", &one])?;
		let (first, second) = (self.parcel(0), self.parcel(50));
		self.supply(&self.wholesaler, &["split", &first, "--at", "50"])?;
		self.hand_over(&self.wholesaler, &self.pharmacy_a, &[&first])?;
		self.hand_over(&self.wholesaler, &self.pharmacy_b, &[&second])?;
		let held = self.supply(&self.pharmacy_a, &["holdings"])?;
		expect(&held["holdings"][0]["units"], &50, "a pharmacy holds its half of the case")?;
		tell("the wholesaler split a case and sent half of it to each of two pharmacies");
		Ok(())
	}

	/// Hands packs over, and gives the secret of the first.
	pub(super) fn dispense(&self, who: &Person, counter: &str, units: &[u32]) -> Outcome<String> {
		let units: Vec<_> = units.iter().map(|index| format!("{}/{index}", self.batch)).collect();
		let place = ["--market", HERE, "--location", counter];
		let proofs = self.proofs();
		let words = ["dispense"].into_iter().chain(place);
		let words = words.chain(units.iter().chain(&proofs).map(String::as_str));
		let dispensed = self.supply(who, &words.collect::<Vec<_>>())?;
		text(&dispensed["units"][0], "secret")
	}

	/// One pharmacy hands a pack over, the other sees it again, and the first undoes it.
	pub fn dispense_once(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let before = self.scan(&self.pharmacy_a, COUNTER_A, 5)?;
		expect(&(before.code.as_str(), before.exit), &("ok", 0), "the pack may be handed over")?;
		self.dispense(&self.pharmacy_a, COUNTER_A, &[5])?;
		let again = self.scan(&self.pharmacy_a, COUNTER_A, 5)?;
		expect(&again.code, "already-dispensed-here", "one's own second scan is no suspicion")?;
		let there = self.scan(&self.pharmacy_b, COUNTER_B, 5)?;
		let expected = ("already-dispensed-elsewhere", 5);
		expect(
			&(there.code.as_str(), there.exit),
			&expected,
			"a copy shows up at another counter",
		)?;
		tell(&format!(
			"pharmacy-a dispensed a pack; pharmacy-b scanned it again: {}",
			there.headline
		));
		let proofs = self.proofs();
		let words = ["dispense", "--market", HERE, "--location", COUNTER_B];
		let unit = format!("{}/5", self.batch);
		let words = words.into_iter().chain([unit.as_str()]);
		let words: Vec<_> = words.chain(proofs.iter().map(String::as_str)).collect();
		let said = self.refused(&self.pharmacy_b, &words)?;
		tell(&format!("pharmacy-b could not dispense it ({said})"));

		let undo = ["undo", &unit, "--market", HERE, "--location", COUNTER_A];
		self.refused(&self.pharmacy_a, &undo)?;
		self.supply(&self.pharmacy_a, &[&undo[..], &["--not-handed-over"]].concat())?;
		let after = self.scan(&self.pharmacy_a, COUNTER_A, 5)?;
		expect(&after.code, "ok", "what was undone may be handed over")?;
		tell("pharmacy-a undid it within the window: the pack had never left");
		Ok(())
	}

	/// A serial that the maker never gave out.
	pub fn tell_a_forgery(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let forged = label(DRUG, "L1", "SA99999999");
		let verdict = self.scan_label(&self.pharmacy_b, COUNTER_B, &forged)?;
		expect(&(verdict.code.as_str(), verdict.exit), &("unknown-serial", 5), "a forged serial")?;
		tell(&format!("a forged serial: {}", verdict.headline));
		let typed = label(DRUG, "L1", &serial(7).to_lowercase());
		let verdict = self.scan_label(&self.pharmacy_a, COUNTER_A, &typed)?;
		let expected = ("case-only-mismatch", 3);
		expect(&(verdict.code.as_str(), verdict.exit), &expected, "Caps Lock is no forgery")?;
		tell(&format!("a reader with Caps Lock: {}", verdict.headline));
		Ok(())
	}

	/// The maker gives a serial out twice, and anybody proves it.
	pub fn prove_a_duplicate(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let serials = [serial(10), "SB00000001".into()].into_iter();
		let list = self.list("again.csv", serials)?;
		let (second, leaves) = self.commission_list(&self.lot, &list)?;
		let proofs = ["--leaf-file".to_owned(), leaves.display().to_string()];
		let all = [self.proofs(), proofs.to_vec()].concat();
		let (one, other) = (format!("{}/10", self.batch), format!("{second}/0"));
		let words = ["duplicate", &one, &other].into_iter().chain(all.iter().map(String::as_str));
		self.supply(&self.pharmacy_b, &words.collect::<Vec<_>>())?;
		let verdict = self.scan(&self.pharmacy_a, COUNTER_A, 10)?;
		expect(
			&(verdict.code.as_str(), verdict.exit),
			&("quarantined", 4),
			"the pack is put aside",
		)?;
		let shown = self.supply(&self.maker, &["lot", "show", &self.lot])?;
		expect(&shown["states"]["quarantined"], &2, "both packs are put aside")?;
		self.leaves.push(leaves);
		tell(&format!("{one} and {other} carry one serial: it was proved, and both are put aside"));
		Ok(())
	}
}

/// The pallet and the two cases.
pub(super) fn containers() -> Outcome<[String; 3]> {
	Ok([sscc(1)?, sscc(2)?, sscc(3)?])
}
