// SPDX-License-Identifier: Apache-2.0

//! The journey of the demonstration, every step asserted.

use salus_e2e::{Binaries, journey};

#[test]
fn a_record_is_sealed_anchored_read_on_consent_and_closed_again() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut steps = Vec::new();
	let world = journey::play(&binaries, None, &mut |line| {
		println!("{line}");
		steps.push(line.to_owned());
	})
	.unwrap();

	for said in [
		"the record is anchored",
		"doctor-b asked for the record and was refused",
		"equal to what was sealed",
		"attested them: they are anchored",
		"refused as soon as that was in a block",
		"its hash chain adds up",
		"one flipped byte",
		"a weight of 7100 kg was refused",
	] {
		assert!(steps.iter().any(|line| line.contains(said)), "no step says: {said}");
	}
	let (finalised, best) = (world.node().finalised().unwrap(), world.node().best().unwrap());
	assert!(finalised > 0 && best - finalised < 10, "finalised {finalised} of {best}");
	let (status, metrics) = world.custodian().unwrap().get("/metrics").unwrap();
	assert_eq!(status, 200);
	assert!(metrics.contains("salus_custodian_"), "{metrics}");
	world.stop().unwrap();
}
