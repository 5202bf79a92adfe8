// SPDX-License-Identifier: Apache-2.0

//! The journey of a million packs and a pump, every step asserted.

use salus_e2e::{Binaries, supply};

#[test]
fn packs_go_from_the_maker_to_the_patient_once_and_back_by_recall() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut steps = Vec::new();
	let world = supply::play(&binaries, &mut |line| {
		println!("{line}");
		steps.push(line.to_owned());
	})
	.unwrap();

	for said in [
		"1000000 packs in one call",
		"two cases of 100 stand on a sealed pallet",
		"traced on its way",
		"half of it to each of two pharmacies",
		"who holds no licence was refused",
		"pharmacy-b could not dispense it",
		"undid it within the window",
		"a forged serial",
		"carry one serial",
		"is one write: every verify says so at once",
		"accounts for every unit",
		"reached it in use",
	] {
		assert!(steps.iter().any(|line| line.contains(said)), "no step says: {said}");
	}
	world.stop().unwrap();
}
