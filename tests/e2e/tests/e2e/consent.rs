// SPDX-License-Identifier: Apache-2.0

//! Consent from its request to its end: asked for, approved, narrowed, passed on, taken back; roles;
//! new keys that a former reader never gets; and the same as FHIR writes it.

use crate::people::{done, finally, hire, number, refused, settler};
use salus_e2e::{Binaries, Person, journey::Stage};
use serde_json::Value;
use std::{fs, path::PathBuf};

fn stage() -> Stage {
	let binaries = Binaries::of_this_build().unwrap();
	Stage::set(&binaries, &mut |line| println!("{line}")).unwrap()
}

/// Another document than the sample: the patient weighed something else.
fn other_bundle(stage: &Stage) -> PathBuf {
	let mut bundle: Value = serde_json::from_str(salus_e2e::journey::sample()).unwrap();
	let entries = bundle["entry"].as_array_mut().unwrap().iter_mut();
	let mut resources = entries.map(|entry| &mut entry["resource"]);
	let weight = resources.find(|one| one["code"]["coding"][0]["code"] == "29463-7").unwrap();
	weight["valueQuantity"]["value"] = 72.into();
	let path = stage.world.dir().join("other-bundle.json");
	fs::write(&path, bundle.to_string()).unwrap();
	path
}

/// Opens a record and gives what was in it.
fn read(stage: &Stage, reader: &Person, record: &str) -> Vec<u8> {
	let path = stage.world.dir().join(format!("{}.json", reader.name));
	let file = path.display().to_string();
	done(stage, reader, &["record", "open", record, "--output", &file, "--force"]);
	fs::read(path).unwrap()
}

fn steps(stage: &Stage, reader: &Person, record: &str) -> (String, Value) {
	let explained = done(stage, reader, &["consent", "explain", record]);
	let explanation = &explained["explanation"];
	(explanation["step"].as_str().unwrap().into(), explanation["decision"].clone())
}

#[test]
fn access_is_asked_for_approved_narrowed_and_taken_back() {
	let mut stage = stage();
	let record = stage.file_bundle(None, &mut |line| println!("{line}")).unwrap();
	let (patient, doctor) = (stage.patient.clone(), stage.doctor_b.clone());

	// Asked once; who is asked sees it.
	let ask = |extra: &[&str]| {
		let words = ["consent", "request", &patient.identity, "--compartment", "0", "--for", "10d"];
		let why = ["--reason", "a second opinion on the laboratory values"];
		[&words[..], &why[..], extra]
			.concat()
			.iter()
			.map(|word| word.to_string())
			.collect::<Vec<_>>()
	};
	let asking = ask(&[]);
	let asking: Vec<_> = asking.iter().map(String::as_str).collect();
	let asked = done(&stage, &doctor, &asking);
	let request = number(&asked, "request");
	refused(&stage, &doctor, &asking, "the chain refused");
	let inbox = done(&stage, &patient, &["inbox"]);
	assert_eq!(inbox["requests"][0]["request"].to_string(), request, "{inbox}");
	let reason = asked["reason"].as_str().unwrap();
	assert_eq!(inbox["requests"][0]["asks"]["reason"], reason, "{inbox}");
	// The words stay with who asked, and open the hash.
	let kept = done(&stage, &doctor, &["consent", "evidence", reason]);
	assert_eq!(kept["words"], "a second opinion on the laboratory values");
	let salt = kept["salt"].as_str().unwrap();
	let words = kept["words"].as_str().unwrap();
	let shown = ["consent", "evidence", reason, "--words", words, "--salt", salt];
	assert_eq!(done(&stage, &patient, &shown)["matches"], true);
	refused(&stage, &patient, &["consent", "evidence", reason], "keeps nothing of that hash");

	// Approved for less than was asked, and never for more.
	let approve = |extra: &'static [&'static str]| [&["consent", "approve"][..], extra].concat();
	let wider = [&approve(&[])[..], &[&request, "--action", "access,disclose"]].concat();
	refused(&stage, &patient, &wider, "the chain refused");
	let less = [&approve(&[])[..], &[&request, "--for", "5d"]].concat();
	let approved = finally(&stage, &patient, &less);
	let grant = number(&approved, "grant");
	assert_eq!(read(&stage, &doctor, &record), salus_e2e::journey::sample().as_bytes());
	refused(&stage, &patient, &["consent", "decline", &request], "the chain refused");

	// Narrowed to this record: another one is no longer reached.
	let other = other_bundle(&stage);
	let second = stage.file_bundle(Some(&other), &mut |line| println!("{line}")).unwrap();
	assert_eq!(read(&stage, &doctor, &second), fs::read(&other).unwrap());
	finally(&stage, &patient, &["consent", "narrow", &grant, "--record", &record]);
	assert_eq!(read(&stage, &doctor, &record), salus_e2e::journey::sample().as_bytes());
	refused(&stage, &doctor, &["record", "open", &second], "denied");
	let widen = ["consent", "narrow", &grant, "--compartment", "0"];
	refused(&stage, &patient, &widen, "the chain refused");

	// All of it taken back.
	let id = doctor.identity.as_str();
	let gone = done(&stage, &patient, &["consent", "revoke-all", id]);
	assert_eq!(gone["grants"][0].to_string(), grant, "{gone}");
	refused(&stage, &doctor, &["record", "open", &record], "denied");
	refused(&stage, &patient, &["consent", "revoke-all", id], "nothing is granted");
	stage.world.stop().unwrap();
}

#[test]
fn a_grant_is_passed_on_and_ends_with_what_it_is_a_part_of() {
	let mut stage = stage();
	let record = stage.file_bundle(None, &mut |line| println!("{line}")).unwrap();
	let clinic = settler(&mut stage, "clinic", "organisation", &["facility-licence"]);
	let consultant = settler(&mut stage, "consultant", "practitioner", &["practitioner-licence"]);
	let (patient, doctor) = (stage.patient.clone(), stage.doctor_b.clone());

	// A role is permitted, and is sealed no key.
	hire(&stage, &clinic, &doctor, &["physician"]);
	let to_role = [
		"consent",
		"grant",
		&clinic.identity,
		"--role",
		"physician",
		"--all-records",
		"--for",
		"2d",
	];
	let role = number(&finally(&stage, &patient, &to_role), "grant");
	let (step, decision) = steps(&stage, &doctor, &record);
	assert_eq!(
		(step.as_str(), &decision["permit"]["grant"]),
		("permit", &Value::from(role.parse::<u64>().unwrap()))
	);
	refused(&stage, &doctor, &["record", "open", &record], "no grant to you carries a key");
	done(&stage, &patient, &["consent", "revoke", &role]);

	// What is not delegable stays where it is; what is goes on in parts.
	let plain = ["consent", "grant", &doctor.identity, "--compartment", "0"];
	let plain = number(&finally(&stage, &patient, &plain), "grant");
	let to = consultant.identity.as_str();
	let pass_on =
		|grant: &str| ["consent", "sub-grant", grant, to, "--record", &record].map(String::from);
	let words = pass_on(&plain);
	let words: Vec<_> = words.iter().map(String::as_str).collect();
	refused(&stage, &doctor, &words, "cannot be passed on");
	done(&stage, &patient, &["consent", "revoke", &plain]);
	let whole = ["consent", "grant", &doctor.identity, "--compartment", "0", "--delegable"];
	let whole = number(&finally(&stage, &patient, &whole), "grant");
	let words = pass_on(&whole);
	let words: Vec<_> = words.iter().map(String::as_str).collect();
	refused(&stage, &consultant, &words, "is not made to you");
	let wider = ["consent", "sub-grant", &whole, to, "--purpose", "TREAT,HRESCH"];
	refused(&stage, &doctor, &wider, "the chain refused");
	let part = number(&finally(&stage, &doctor, &words), "grant");
	assert_eq!(read(&stage, &consultant, &record), salus_e2e::journey::sample().as_bytes());
	let shown = done(&stage, &patient, &["consent", "show", &whole]);
	assert_eq!(shown["passedOn"][0]["id"].to_string(), part, "{shown}");

	// The whole goes, and the part with it.
	done(&stage, &patient, &["consent", "revoke", &whole]);
	refused(&stage, &consultant, &["record", "open", &record], "denied");
	let shown = done(&stage, &patient, &["consent", "show", &part]);
	assert_eq!(shown["grant"]["standing"], "revoked", "{shown}");
	stage.world.stop().unwrap();
}

#[test]
fn a_removed_reader_gets_no_key_of_the_next_epoch_and_others_read_on() {
	let mut stage = stage();
	let record = stage.file_bundle(None, &mut |line| println!("{line}")).unwrap();
	let stays = settler(&mut stage, "consultant", "practitioner", &["practitioner-licence"]);
	let clinic = settler(&mut stage, "clinic", "organisation", &["facility-licence"]);
	let (patient, leaves) = (stage.patient.clone(), stage.doctor_b.clone());
	hire(&stage, &clinic, &leaves, &["physician"]);
	let grant =
		|to: &Person| ["consent", "grant", &to.identity, "--compartment", "0"].map(String::from);
	let words = grant(&stays);
	let kept = number(&finally(&stage, &patient, &words.each_ref().map(String::as_str)), "grant");
	let words = grant(&leaves);
	let lost = number(&finally(&stage, &patient, &words.each_ref().map(String::as_str)), "grant");

	let revoked = finally(&stage, &patient, &["consent", "revoke", &lost, "--strength", "rotate"]);
	assert_eq!(revoked["rotated"][0]["epoch"], 1, "{revoked}");
	assert_eq!(revoked["rotated"][0]["grants"][0].to_string(), kept, "{revoked}");
	assert_eq!(done(&stage, &patient, &["consent", "add-wraps"]), Value::Array(Vec::new()));

	// What is filed from now on lies in the new epoch; what was filed before is reached by the link.
	let other = other_bundle(&stage);
	let second = stage.file_bundle(Some(&other), &mut |line| println!("{line}")).unwrap();
	let shown = done(&stage, &patient, &["record", "show", &second]);
	assert_eq!(shown["versions"][0]["keyEpoch"], 1, "{shown}");
	for reader in [&patient, &stays] {
		assert_eq!(read(&stage, reader, &second), fs::read(&other).unwrap());
		assert_eq!(read(&stage, reader, &record), salus_e2e::journey::sample().as_bytes());
	}
	refused(&stage, &leaves, &["record", "open", &second], "denied");
	// Also with every right to read, without a key there is nothing to open with.
	finally(&stage, &patient, &["consent", "policy", "set", "permit-treatment"]);
	let (step, _) = steps(&stage, &leaves, &second);
	assert_eq!(step, "policy");
	refused(&stage, &leaves, &["record", "open", &second], "no grant to you carries a key");

	// The patient's grants as Consents, and back.
	let file = stage.world.dir().join("consents.json");
	let path = file.display().to_string();
	for version in ["r4", "r5"] {
		let export = ["consent", "export", "--all", "--fhir", version, "-o", &path, "--force"];
		done(&stage, &patient, &export);
		let read = done(&stage, &patient, &["consent", "import", &path, "--dry-run"]);
		assert_eq!(read["read"][0]["policy"], "permit-treatment", "{read}");
		assert_eq!(read["read"][1]["formerGrant"].to_string(), kept, "{read}");
		assert_eq!(read["made"], Value::Array(Vec::new()), "{read}");
	}
	let mut bundle: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
	bundle["entry"][1]["resource"]["provision"][0]["code"] = Value::Array(Vec::new());
	fs::write(&file, bundle.to_string()).unwrap();
	let says = "Bundle.entry[1].resource: Consent.provision[0].code";
	refused(&stage, &patient, &["consent", "import", &path], says);
	stage.world.stop().unwrap();
}

#[test]
fn a_revocation_that_seals_anew_leaves_no_old_key() {
	let mut stage = stage();
	let reading = stage.add_reading(&mut |line| println!("{line}")).unwrap();
	let (patient, doctor) = (stage.patient.clone(), stage.doctor_b.clone());
	let grant = ["consent", "grant", &doctor.identity, "--compartment", "0"];
	let grant = number(&finally(&stage, &patient, &grant), "grant");
	finally(&stage, &doctor, &["record", "attest", &reading]);
	let before = read(&stage, &patient, &reading);

	let strong = ["consent", "revoke", &grant, "--strength", "reseal"];
	refused(&stage, &doctor, &strong, "only the patient rotates keys");
	let revoked = finally(&stage, &patient, &strong);
	assert_eq!(revoked["rotated"][0]["epoch"], 1, "{revoked}");
	assert_eq!(revoked["records"][0]["record"], reading.as_str(), "{revoked}");
	assert_eq!(revoked["records"][0]["version"], 2, "{revoked}");
	let shown = done(&stage, &patient, &["record", "show", &reading]);
	assert_eq!(shown["record"]["current"], 2, "{shown}");
	assert_eq!(shown["versions"][1]["keyEpoch"], 1, "{shown}");
	assert_eq!(read(&stage, &patient, &reading), before);
	refused(&stage, &doctor, &["record", "open", &reading], "denied");
	let listed = done(&stage, &patient, &["consent", "show", &grant]);
	assert_eq!(listed["grant"]["grant"]["status"]["revoked"]["strength"], "resealed", "{listed}");
	stage.world.stop().unwrap();
}
