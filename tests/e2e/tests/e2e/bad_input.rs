// SPDX-License-Identifier: Apache-2.0

//! What people and machines do wrong: each ends in one clear line, and a second run works.

use salus_e2e::{Binaries, journey::Stage};
use std::{fs, path::Path};

fn write(dir: &Path, name: &str, bytes: &[u8]) -> String {
	let path = dir.join(name);
	fs::write(&path, bytes).unwrap();
	path.display().to_string()
}

/// One stage for all of them: setting it takes a minute of blocks.
#[test]
fn bad_input_ends_in_one_clear_line_and_leaves_nothing_behind() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut quiet = |_: &str| {};
	let mut stage = Stage::set(&binaries, &mut quiet).unwrap();
	let dir = stage.world.dir().to_owned();
	let place = ["--patient", &stage.patient.identity, "--organisation", &stage.hospital.identity]
		.map(str::to_owned);
	let submit = |stage: &Stage, file: &str| {
		let mut words = vec!["record", "submit", file];
		words.extend(place.iter().map(String::as_str));
		stage.world.refused(&stage.doctor_a, &words)
	};

	// Documents that are none.
	let said = submit(&stage, &write(&dir, "not.json", b"{ \"resourceType\": ")).unwrap();
	assert!(said.contains("JSON"), "{said}");
	let said = submit(&stage, &write(&dir, "not-fhir.json", b"{ \"hello\": 1 }")).unwrap();
	assert!(said.contains("FHIR") || said.contains("resourceType"), "{said}");
	let large = vec![b' '; 64 * 1024 * 1024 + 1];
	let said = submit(&stage, &write(&dir, "large.json", &large)).unwrap();
	assert!(said.contains("64 MiB"), "{said}");
	submit(&stage, &dir.join("nowhere.json").display().to_string()).unwrap();
	// A file that gives out while it is read, and one that is shorter than it said: the system has
	// one of each.
	let said = submit(&stage, "/proc/self/mem").unwrap();
	assert!(said.contains("could not be read to its end"), "{said}");
	let shorter = "/sys/kernel/mm/transparent_hugepage/enabled";
	if Path::new(shorter).is_file() {
		let said = submit(&stage, shorter).unwrap();
		assert!(said.contains("changed while it was read"), "{said}");
	} else {
		println!("skipped: there is no {shorter} to play a file that shrinks");
	}

	// A wrong password.
	let wrong = write(&dir, "wrong-password", b"wrong");
	let said = stage
		.world
		.refused(&stage.patient, &["--password-file", &wrong, "consent", "open-compartment", "1"])
		.unwrap();
	assert!(said.contains("password"), "{said}");

	// A chain of another genesis, and no chain at all.
	let other = format!("0x{}", "11".repeat(32));
	let said =
		stage.world.refused(&stage.patient, &["--genesis", &other, "record", "list"]).unwrap();
	assert!(said.contains("genesis"), "{said}");
	let nobody = "ws://127.0.0.1:9";
	let said = stage.world.refused(&stage.patient, &["--node", nobody, "record", "list"]).unwrap();
	assert!(said.contains(nobody), "{said}");

	// A custodian that is down: nothing is half-written, and the second run goes through.
	let sample = write(&dir, "sample.json", salus_e2e::journey::sample().as_bytes());
	stage.world.stop_custodian().unwrap();
	submit(&stage, &sample).unwrap();
	stage.world.start_custodian(&stage.custodian.clone()).unwrap();
	let record = stage.file_bundle(None, &mut quiet).unwrap();

	// A share that is gone opens nothing.
	stage.world.cli(&stage.patient, &["record", "verify", &record]).unwrap();
	let keys = stage.world.share_keys();
	let moved = dir.join("keys-moved");
	stage.world.stop_custodian().unwrap();
	fs::rename(&keys, &moved).unwrap();
	fs::create_dir(&keys).unwrap();
	fs::copy(moved.join("master.key"), keys.join("master.key")).unwrap();
	stage.world.start_custodian(&stage.custodian.clone()).unwrap();
	stage.world.refused(&stage.patient, &["record", "open", &record]).unwrap();
	stage.world.stop_custodian().unwrap();
	fs::remove_dir_all(&keys).unwrap();
	fs::rename(&moved, &keys).unwrap();
	stage.world.start_custodian(&stage.custodian.clone()).unwrap();
	stage
		.world
		.cli(
			&stage.patient,
			&["record", "open", &record, "-o", &dir.join("own.json").display().to_string()],
		)
		.unwrap();

	// An object that is gone.
	let objects = stage.world.store().join("objects");
	let away = dir.join("objects-away");
	fs::rename(&objects, &away).unwrap();
	stage.world.refused(&stage.patient, &["record", "open", &record]).unwrap();
	fs::remove_dir_all(&objects).ok();
	fs::rename(&away, &objects).unwrap();

	// A licence revoked between seal and submit.
	let held =
		stage.world.cli(&stage.regulator, &["accredit", "show", &stage.doctor_a.identity]).unwrap();
	let licence = held["accreditations"][0]["id"].as_u64().unwrap().to_string();
	stage
		.world
		.cli(&stage.regulator, &["accredit", "revoke", &licence, "--reason", "disciplinary"])
		.unwrap();
	let said = submit(&stage, &sample).unwrap();
	assert!(
		said.contains("NotAffiliated") || said.contains("affiliat") || said.contains("licen"),
		"{said}"
	);
	stage.world.stop().unwrap();
}
