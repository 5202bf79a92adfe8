// SPDX-License-Identifier: Apache-2.0

//! A record is erased: from the chain's state, from the custodian, and from its backups.

use crate::people::{finally, refused};
use salus_e2e::{Binaries, journey::Stage};
use std::{
	fs,
	path::{Path, PathBuf},
};

/// The files below a folder whose names hold `part`.
fn find(folder: &Path, part: &str) -> Vec<PathBuf> {
	let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
	entries
		.flat_map(|path| match path.is_dir() {
			true => find(&path, part),
			false => vec![path],
		})
		.filter(|path| path.to_string_lossy().contains(part))
		.collect()
}

fn copy(from: &Path, to: &Path) {
	fs::create_dir_all(to).unwrap();
	for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
		let target = to.join(entry.file_name());
		if entry.path().is_dir() {
			copy(&entry.path(), &target);
		} else {
			fs::copy(entry.path(), target).unwrap();
		}
	}
}

/// The files of an object in the custodian's store.
fn objects(stage: &Stage, digits: &str) -> Vec<PathBuf> {
	let mut found = find(&stage.world.store(), digits);
	found.retain(|path| path.to_string_lossy().contains("/objects/"));
	found
}

/// The keys that open the shares of a record.
fn keys(stage: &Stage, record: &str) -> Vec<PathBuf> {
	find(&stage.world.share_keys(), &format!("keys/{}", digits(record)))
}

/// The digits of a hash as file names have them.
fn digits(text: &str) -> &str {
	text.rsplit("0x").next().unwrap()
}

#[test]
fn an_erased_record_is_gone_and_stays_gone_when_a_backup_is_restored() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let mut stage = Stage::set(&binaries, &mut tell).unwrap();
	let record = stage.file_bundle(None, &mut tell).unwrap();
	let record = record.as_str();
	let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
	let content = shown["versions"][0]["content"].as_str().unwrap().to_owned();
	let object = digits(&content);

	// A backup of everything that the custodian keeps, made as operators make it.
	let custodian = stage.custodian.clone();
	let backup = stage.world.dir().join("backup");
	stage.world.stop_custodian().unwrap();
	copy(&stage.world.store(), &backup.join("store"));
	copy(&stage.world.share_keys(), &backup.join("keys"));
	stage.world.start_custodian(&custodian).unwrap();
	assert_eq!(objects(&stage, object).len(), 1);
	assert_eq!(keys(&stage, record).len(), 1);

	// The patient asks, the hospital answers; nobody else has a say.
	let (patient, hospital) = (&stage.patient, &stage.hospital);
	let execute = ["record", "erase", record, "--execute", "--basis", "consent-withdrawn", "--yes"];
	refused(&stage, hospital, &execute, "the chain refused");
	refused(&stage, &stage.doctor_b, &["record", "erase", record], "only the patient asks");
	let asked = finally(&stage, patient, &["record", "erase", record]);
	assert!(asked["erasure"]["requested"]["due"].is_u64(), "{asked}");
	refused(&stage, &stage.doctor_b, &execute, "the chain refused");
	let refusal = ["record", "erase", record, "--refuse", "--basis", "legal-duty"];
	let answered = finally(&stage, hospital, &refusal);
	assert_eq!(answered["erasure"]["refused"]["basis"], "legal-duty", "{answered}");
	finally(&stage, patient, &["record", "erase", record]);
	finally(&stage, hospital, &["record", "hold", record, "on"]);
	refused(&stage, hospital, &execute, "held back from erasure");
	finally(&stage, hospital, &["record", "hold", record, "off"]);

	let erased = finally(&stage, hospital, &execute);
	assert_eq!(erased["allGone"], true, "{erased}");
	assert_eq!(erased["erasure"]["erased"]["basis"], "consent-withdrawn", "{erased}");

	// Gone from the list, from every question, and from the custodian's folders.
	for person in [patient, &stage.doctor_a, hospital] {
		refused(&stage, person, &["record", "open", record], "the record was erased on");
	}
	let listed = stage.world.cli(patient, &["record", "list"]).unwrap();
	assert!(listed.as_array().unwrap().iter().all(|one| one["id"] != record), "{listed}");
	let shown = stage.world.cli(patient, &["record", "show", record]).unwrap();
	assert!(shown["erasure"]["erased"].is_object() && shown["versions"].is_null(), "{shown}");
	assert!(!shown.to_string().contains(object), "the old hash is not told: {shown}");
	assert!(objects(&stage, object).is_empty());
	assert!(keys(&stage, record).is_empty());

	// The backup comes back; by the time the custodian answers, the erasure was applied again.
	stage.world.stop_custodian().unwrap();
	for (folder, saved) in [
		(stage.world.store(), backup.join("store")),
		(stage.world.share_keys(), backup.join("keys")),
	] {
		fs::remove_dir_all(&folder).unwrap();
		copy(&saved, &folder);
	}
	assert_eq!(objects(&stage, object).len(), 1, "the backup had it");
	stage.world.start_custodian(&custodian).unwrap();
	assert!(objects(&stage, object).is_empty(), "and it is served to nobody");
	assert!(keys(&stage, record).is_empty());
	refused(&stage, &stage.patient, &["record", "open", record], "the record was erased on");

	// What a patient wrote goes at once.
	let reading = stage.add_reading(&mut tell).unwrap();
	refused(&stage, &stage.patient, &["record", "erase", &reading], "Say so with --yes");
	let own = finally(&stage, &stage.patient, &["record", "erase", &reading, "--yes"]);
	assert_eq!(own["allGone"], true, "{own}");
	stage.world.stop().unwrap();
}

#[test]
fn a_record_is_taken_back_validated_anew_and_sealed_anew() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let mut stage = Stage::set(&binaries, &mut tell).unwrap();

	// A proposal that is taken back leaves nothing.
	let reading = stage.add_reading(&mut tell).unwrap();
	refused(&stage, &stage.doctor_a, &["record", "withdraw", &reading], "only its author");
	let withdrawn = finally(&stage, &stage.patient, &["record", "withdraw", &reading]);
	assert_eq!(withdrawn["recordRemoved"], true, "{withdrawn}");
	refused(&stage, &stage.patient, &["record", "open", &reading], "there is no record");

	// An anchored one is validated anew by somebody who reads it.
	let record = stage.file_bundle(None, &mut tell).unwrap();
	let record = record.as_str();
	let asked = finally(&stage, &stage.doctor_a, &["record", "revalidate", record]);
	assert_eq!(asked["status"], "req-revalid", "{asked}");
	refused(&stage, &stage.doctor_b, &["record", "attest", record], "access");
	let grant = ["consent", "grant", &stage.hospital.identity, "--compartment", "0"];
	finally(&stage, &stage.patient, &grant);
	let attested = finally(&stage, &stage.hospital, &["record", "attest", record]);
	assert_eq!(attested["status"], "validated", "{attested}");

	// The key sealed to somebody by name, and dropped again.
	let add = ["record", "wraps", "add", record, "--to", &stage.doctor_b.identity];
	let wraps = finally(&stage, &stage.patient, &add);
	assert_eq!(wraps["wraps"][0]["recipient"], stage.doctor_b.identity.as_str(), "{wraps}");
	refused(&stage, &stage.patient, &["record", "report-wrap", record], "nothing to report");
	let drop = ["record", "wraps", "drop", record, "--to", &stage.doctor_b.identity];
	assert_eq!(finally(&stage, &stage.patient, &drop)["wraps"].as_array().unwrap().len(), 0);

	// New keys: the old share is destroyed, the patient reads on, the verdicts stand.
	let resealed = finally(&stage, &stage.doctor_a, &["record", "reseal", record]);
	assert_eq!(resealed["version"], 2, "{resealed}");
	assert_eq!(resealed["oldShares"][0]["share"], "destroyed", "{resealed}");
	assert!(resealed["waitsForVerdictsUntil"].is_null(), "{resealed}");
	let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
	assert_eq!(shown["record"]["status"], "validated", "{shown}");
	assert_eq!(shown["versions"][1]["reason"], "resealed", "{shown}");
	assert_eq!(shown["versions"][0]["body"], shown["versions"][1]["body"]);
	let output = stage.world.dir().join("resealed.json");
	let path = output.display().to_string();
	finally(&stage, &stage.patient, &["record", "open", record, "--output", &path]);
	assert_eq!(fs::read_to_string(&output).unwrap(), salus_e2e::journey::sample());
	let old = ["record", "open", record, "--version", "1"];
	assert!(stage.world.refused(&stage.patient, &old).is_ok());

	// The patient does the same with what the doctor filed, without the doctor's nonce. The share of
	// before is its keeper's to destroy, and goes with the keeper's next reseal.
	let again = finally(&stage, &stage.patient, &["record", "reseal", record]);
	assert_eq!(again["version"], 3, "{again}");
	let shares: Vec<_> = again["oldShares"].as_array().unwrap().iter().collect();
	assert_eq!(shares[0]["share"], "destroyed", "{again}");
	assert!(shares[1]["share"].as_str().unwrap().contains("keeper"), "{again}");
	let open = ["record", "open", record, "--force", "--output", &path];
	finally(&stage, &stage.patient, &open);
	assert_eq!(fs::read_to_string(&output).unwrap(), salus_e2e::journey::sample());
	let shown = stage.world.cli(&stage.patient, &["record", "show", record]).unwrap();
	assert_eq!(shown["record"]["status"], "validated", "{shown}");
	assert_eq!(shown["versions"][2]["author"], stage.patient.identity.as_str(), "{shown}");
	// The new key is the patient's alone: the keeper needs it by name to seal anew once more.
	refused(&stage, &stage.doctor_a, &["record", "reseal", record], "carries a key");
	let add = ["record", "wraps", "add", record, "--to", &stage.doctor_a.identity];
	finally(&stage, &stage.patient, &add);
	let last = finally(&stage, &stage.doctor_a, &["record", "reseal", record]);
	assert_eq!(last["version"], 4, "{last}");
	let shares = last["oldShares"].as_array().unwrap();
	assert!(shares.iter().all(|one| one["share"] == "destroyed"), "{last}");
	stage.world.stop().unwrap();
}
