// SPDX-License-Identifier: Apache-2.0

//! The glass is broken: key shares lie with one organisation, the emergency key with another, and a
//! doctor without a grant reads with both; the patient sees it, an officer reviews it, keys change.

use crate::people::{done, finally, hire, number, refused, settler};
use salus_e2e::{Binaries, Custodian, Person, journey::Stage};
use serde_json::Value;
use std::{fs, thread, time::Duration};

/// The stage with an emergency ward beside it.
struct Ward {
	stage: Stage,
	clinic: Person,
	officer: Person,
	keeper: Person,
	record: String,
}

impl Ward {
	fn set() -> Self {
		let binaries = Binaries::of_this_build().unwrap();
		let mut stage = Stage::set(&binaries, &mut |line| println!("{line}")).unwrap();
		let record = stage.file_bundle(None, &mut |line| println!("{line}")).unwrap();
		let clinic = settler(&mut stage, "clinic", "organisation", &["facility-licence"]);
		let officer = settler(&mut stage, "officer", "practitioner", &["practitioner-licence"]);
		let keeper = settler(&mut stage, "keeper", "organisation", &["facility-licence"]);
		let doctor = stage.doctor_b.clone();
		hire(&stage, &clinic, &doctor, &["physician", "--emergency"]);
		hire(&stage, &clinic, &officer, &["privacy-officer"]);
		Self { stage, clinic, officer, keeper, record }
	}

	/// What a doctor types who breaks the glass.
	fn break_glass(&self) -> Vec<&str> {
		let patient = self.stage.patient.identity.as_str();
		let why = ["--justification", "unconscious after a fall, medication unknown"];
		let words = ["consent", "break-glass", patient, "--compartment", "0"];
		[&words[..], &["--reason", "unconscious"], &why].concat()
	}

	/// The patient leaves the key of compartment 0 with the keeper, whose service is started.
	fn prepare(&self) -> Custodian {
		let (stage, patient) = (&self.stage, &self.stage.patient);
		finally(stage, &self.keeper, &["consent", "emergency-holder", "on"]);
		let holder = self.keeper.identity.as_str();
		finally(stage, patient, &["consent", "policy", "set", "break-glass-only"]);
		finally(stage, patient, &["consent", "emergency-key", "set", "0", holder]);
		stage.world.start_emergency_holder(&self.keeper).unwrap()
	}

	fn standing(&self) -> String {
		let found = done(&self.stage, &self.stage.patient, &["consent", "emergencies"]);
		found[0]["standing"].as_str().unwrap().into()
	}
}

/// The patient's log, once it holds an entry with purpose BTG that permits.
fn logged(stage: &Stage) -> Value {
	for _ in 0..30 {
		let log = done(stage, &stage.patient, &["audit"]);
		let entries = log["entries"].as_array().unwrap();
		let is_one = |row: &&Value| {
			let entry = &row["entry"];
			entry["question"]["purpose"] == "BTG" && !entry["decision"]["permit"].is_null()
		};
		if let Some(found) = entries.iter().find(is_one) {
			assert_eq!(log["verified"], true, "{log}");
			return found["entry"].clone();
		}
		thread::sleep(Duration::from_secs(2));
	}
	panic!("the emergency never stood in the patient's log");
}

#[test]
fn without_the_patients_word_no_glass_is_broken() {
	let ward = Ward::set();
	let (stage, doctor) = (&ward.stage, &ward.stage.doctor_b);
	let break_glass = ward.break_glass();
	refused(stage, doctor, &break_glass, "the patient refuses emergencies");
	done(stage, &stage.patient, &["consent", "policy", "set", "break-glass-only"]);
	refused(stage, doctor, &break_glass, "nobody holds an emergency key");

	// Who keeps key shares holds no emergency key, and nobody holds one unasked.
	refused(stage, &stage.custodian, &["consent", "emergency-holder", "on"], "the chain refused");
	let keeper = ward.keeper.identity.as_str();
	let set = ["consent", "emergency-key", "set", "0", keeper];
	refused(stage, &stage.patient, &set, "does not offer");
	done(stage, &ward.keeper, &["consent", "emergency-holder", "on"]);
	done(stage, &stage.patient, &set);
	// Whoever is in nobody's emergency role is not, with a key as without.
	refused(stage, &stage.doctor_a, &break_glass, "the chain refused");
	done(stage, &stage.patient, &["consent", "emergency-key", "clear", "0"]);
	refused(stage, doctor, &break_glass, "nobody holds an emergency key");
	ward.stage.world.stop().unwrap();
}

#[test]
fn the_glass_is_broken_read_through_closed_reviewed_and_contested() {
	let ward = Ward::set();
	let (stage, doctor, patient) = (&ward.stage, &ward.stage.doctor_b, &ward.stage.patient);
	let holder = ward.prepare();
	let url = holder.url();
	let record = ward.record.as_str();
	refused(stage, doctor, &["record", "open", record], "break the glass");

	let opened = finally(stage, doctor, &ward.break_glass());
	let emergency = number(&opened, "emergency");
	assert_eq!(opened["compartments"], serde_json::json!([0]), "{opened}");
	assert_eq!(opened["organisation"], ward.clinic.identity.as_str(), "{opened}");
	refused(stage, doctor, &ward.break_glass(), "the chain refused");
	let inbox = done(stage, patient, &["inbox"]);
	assert_eq!(inbox["openEmergencies"][0]["id"].to_string(), emergency, "{inbox}");
	assert_eq!(inbox["rotationsDue"], serde_json::json!([0]), "{inbox}");

	// Two services, a share each: neither opens anything alone.
	let path = stage.world.dir().join("emergency.json");
	let file = path.display().to_string();
	let open = [
		"--emergency-keys",
		&url,
		"record",
		"open",
		record,
		"--emergency",
		&emergency,
		"--output",
		&file,
		"--force",
	];
	let read = done(stage, doctor, &open);
	assert_eq!(fs::read(&path).unwrap(), salus_e2e::journey::sample().as_bytes());
	assert_eq!(read["decision"]["permit"]["emergency"].to_string(), emergency, "{read}");
	// For treatment there is no right, still; and without the holder's service no key.
	refused(stage, doctor, &["record", "open", record], "denied");
	let unlisted = ["record", "open", record, "--emergency", &emergency];
	refused(stage, doctor, &unlisted, "lists no service `emergency-keys`");
	let other = stage.world.custodian_url();
	let wrong = [&["--emergency-keys", &other][..], &unlisted].concat();
	refused(stage, doctor, &wrong, "holds the emergency key");
	let entry = logged(stage);
	assert_eq!(entry["question"]["reader"], doctor.identity.as_str(), "{entry}");

	// The patient ends it. Nothing leaves on it any more, from either service.
	refused(stage, &ward.officer, &review(&emergency, "justified"), "is open still");
	finally(stage, patient, &["consent", "close-emergency", &emergency]);
	refused(stage, doctor, &open, "no emergency of yours is open");
	assert_eq!(ward.standing(), "awaiting-review");

	// Reviewed by an officer of the place, once, and by nobody who has a part in it.
	refused(stage, doctor, &review(&emergency, "justified"), "the chain refused");
	let waiting = done(stage, &ward.officer, &["inbox"]);
	assert_eq!(waiting["reviewsDue"][0]["id"].to_string(), emergency, "{waiting}");
	done(stage, &ward.officer, &review(&emergency, "justified"));
	assert_eq!(ward.standing(), "justified");
	refused(stage, &ward.officer, &review(&emergency, "unjustified"), "the chain refused");
	let inbox = done(stage, patient, &["inbox"]);
	assert_eq!(inbox["emergenciesToContest"][0]["id"].to_string(), emergency, "{inbox}");
	done(stage, patient, &["consent", "contest", &emergency]);
	assert_eq!(ward.standing(), "contested");

	// New keys, also for the keeper: the next emergency works as this one did.
	let rotated = finally(stage, patient, &["consent", "rotate-compartment", "0"]);
	assert_eq!(rotated["emergencyHolder"], ward.keeper.identity.as_str(), "{rotated}");
	let inbox = done(stage, patient, &["inbox"]);
	assert_eq!(inbox["rotationsDue"], serde_json::json!([]), "{inbox}");
	let again = number(&finally(stage, doctor, &ward.break_glass()), "emergency");
	// The record lies in the former epoch: the holder walks the link back.
	let open = open.map(|word| if word == emergency { again.as_str() } else { word });
	done(stage, doctor, &open);
	assert_eq!(fs::read(&path).unwrap(), salus_e2e::journey::sample().as_bytes());

	// What the custodian recorded lies under roots on chain, and is there in FHIR.
	let verified = (0..30).find_map(|_| {
		thread::sleep(Duration::from_secs(2));
		let verified = done(stage, patient, &["audit", "verify"]);
		(verified["findings"]["waiting"] == 0).then_some(verified)
	});
	let verified = verified.expect("every entry reaches a batch");
	assert!(verified["findings"]["proven"].as_u64() > Some(3), "{verified}");
	let export = ["audit", "export", "--fhir", "--out", &file, "--force"];
	let exported = done(stage, patient, &export);
	// One for each decision, and one more for each share that went out.
	assert!(exported["events"].as_u64() > verified["entries"].as_u64(), "{exported}");
	let bundle: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
	assert_eq!(bundle["entry"][0]["resource"]["resourceType"], "AuditEvent", "{bundle}");
	holder.stop().unwrap();
	ward.stage.world.stop().unwrap();
}

fn review<'a>(emergency: &'a str, outcome: &'a str) -> [&'a str; 7] {
	["consent", "review", emergency, "--outcome", outcome, "--note", "read the ward's log"]
}
