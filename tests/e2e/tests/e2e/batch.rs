// SPDX-License-Identifier: Apache-2.0

//! Many documents under one root: sealed by an organisation, proved by a file, and one of them made
//! a record that the patient opens.

use salus_e2e::{
	Binaries, Person,
	journey::{self, Stage},
};
use serde_json::Value;
use std::{
	fs,
	path::{Path, PathBuf},
};

/// How many documents the night brings.
const DOCUMENTS: usize = 20;

struct Night {
	stage: Stage,
	/// The folder of documents.
	folder: PathBuf,
	/// The proof file of the batch.
	proofs: String,
}

impl Night {
	fn begin() -> Self {
		let stage = Stage::set(&Binaries::of_this_build().unwrap(), &mut |_| ()).unwrap();
		let folder = stage.world.dir().join("night");
		fs::create_dir(&folder).unwrap();
		for number in 0..DOCUMENTS {
			let mut bundle: Value = serde_json::from_str(journey::sample()).unwrap();
			bundle["id"] = format!("night-{number:02}").into();
			fs::write(folder.join(format!("{number:02}.json")), bundle.to_string()).unwrap();
		}
		let proofs = path(&stage.world.dir().join("night.proofs"));
		Self { stage, folder, proofs }
	}

	fn file(&self, name: &str) -> String {
		path(&self.stage.world.dir().join(name))
	}

	fn done(&self, person: &Person, arguments: &[&str]) -> Value {
		self.stage.world.cli(person, arguments).unwrap()
	}

	/// Refused with one clear line that holds `says`.
	fn refused(&self, person: &Person, arguments: &[&str], says: &str) {
		let said = self.stage.world.refused(person, arguments).unwrap();
		assert!(said.contains(says), "{arguments:?} should say `{says}`: {said}");
	}

	/// The words that make the batch.
	fn order(&self) -> Vec<String> {
		let words = ["--wait", "finalised", "record", "batch"].map(String::from);
		let mut words = words.to_vec();
		words.push(path(&self.folder));
		let options = ["--patient", &self.stage.patient.identity, "--output", &self.proofs];
		words.extend(options.map(String::from));
		words
	}

	/// The proof of a leaf, in a file of that name.
	fn prove(&self, index: usize, name: &str) -> (String, String) {
		let (index, file) = (index.to_string(), self.file(name));
		let words = ["record", "prove", &self.proofs, "--index", &index, "--output", &file];
		let proved = self.done(&self.stage.hospital, &words);
		(proved["record"].as_str().unwrap().into(), file)
	}

	/// How a check of a verification came out.
	fn outcome(verified: &Value, what: &str) -> String {
		let checks = verified["checks"].as_array().unwrap();
		let check = checks.iter().find(|check| check["what"] == what);
		check.map_or_else(
			|| format!("no check `{what}`"),
			|check| check["outcome"].as_str().unwrap().into(),
		)
	}
}

fn path(path: &Path) -> String {
	path.display().to_string()
}

fn as_words(line: &[String]) -> Vec<&str> {
	line.iter().map(String::as_str).collect()
}

#[test]
fn twenty_documents_lie_under_one_root_and_one_becomes_a_record() {
	let night = Night::begin();
	let Stage { hospital, doctor_a, doctor_b, patient, .. } = &night.stage;

	// The same document twice is one too many, and is found when the others are sealed.
	let again = night.folder.join("again.json");
	fs::copy(night.folder.join("00.json"), &again).unwrap();
	night.refused(hospital, &as_words(&night.order()), "is in the batch already");
	assert!(!Path::new(&night.proofs).exists());
	fs::remove_file(&again).unwrap();

	// One bad document holds all of them up, unless it is left out. What was sealed is not sealed
	// again.
	fs::write(night.folder.join("zz-bad.json"), "{\"weight\": 71}").unwrap();
	let mut order = night.order();
	night.refused(hospital, &as_words(&order), "1 of 21 documents cannot be filed");
	assert!(!Path::new(&night.proofs).exists());
	let (bad, list) = (night.file("bad.csv"), night.file("night.csv"));
	order.extend(["--skip-bad", &bad, "--list", &list].map(String::from));
	let made = night.done(hospital, &as_words(&order));
	assert_eq!(made["treeSize"], DOCUMENTS, "{made}");
	assert_eq!(made["resumed"], DOCUMENTS, "{made}");
	let batch = made["batch"].as_u64().unwrap();
	assert_eq!(made["organisation"], hospital.identity.as_str());
	assert_eq!(fs::read_to_string(&bad).unwrap().lines().count(), 2);
	let listed = fs::read_to_string(&list).unwrap();
	assert_eq!(listed.lines().count(), DOCUMENTS + 1, "{listed}");

	// The file is whole; anchoring it again finds the same batch.
	let whole = night.done(doctor_b, &["record", "verify", &night.proofs, "--online"]);
	assert_eq!(whole["batch"], batch);
	let again = night.done(hospital, &["record", "batch", &night.proofs]);
	assert_eq!((&again["batch"], &again["root"]), (&made["batch"], &made["root"]));

	// A proof holds without any node, and not for another chain.
	let (record, proof) = night.prove(7, "seven.proof.json");
	assert!(listed.lines().any(|line| line.starts_with(&format!("7,{record},"))), "{listed}");
	let nobody = "ws://127.0.0.1:9";
	let verified = night.done(doctor_b, &["--node", nobody, "record", "verify", &proof]);
	assert_eq!(Night::outcome(&verified, "inclusion"), "passed", "{verified}");
	assert_eq!(Night::outcome(&verified, "anchored root"), "open");
	let other = format!("0x{}", "11".repeat(32));
	let elsewhere = ["--genesis", &other, "--node", nobody, "record", "verify", &proof];
	night.refused(doctor_b, &elsewhere, "genesis");
	let text = fs::read_to_string(&proof).unwrap();
	let forged = night.file("forged.proof.json");
	fs::write(&forged, text.replace("\"leafIndex\": 7", "\"leafIndex\": 6")).unwrap();
	night.refused(doctor_b, &["record", "verify", &forged], "not in the batch");
	// What the tree does not cover is bound to what the author sealed.
	let mut lying: Value = serde_json::from_str(&text).unwrap();
	lying["promotion"]["body"] = other.clone().into();
	fs::write(&forged, lying.to_string()).unwrap();
	night.refused(hospital, &["record", "promote", &forged], "were altered");

	// The chain has the root, and the record is not one yet.
	let page = night.file("seven.html");
	let online = ["record", "verify", &proof, "--online", "--report", &page];
	let verified = night.done(doctor_b, &online);
	for what in ["chain", "inclusion", "anchored root", "inclusion on chain", "finality"] {
		assert_eq!(Night::outcome(&verified, what), "passed", "{what}: {verified}");
	}
	let page = fs::read_to_string(&page).unwrap();
	assert!(page.contains(&record) && page.contains("<svg") && !page.contains("Vantongeren"));
	let listed = night.done(patient, &["record", "list"]).to_string();
	assert!(!listed.contains(&record), "{listed}");
	night.refused(patient, &["record", "open", &record], "there is no record");

	// Its author promotes it, with verdicts of those who saw the document.
	let home = path(hospital.home());
	let promote = ["record", "promote", proof.as_str(), "--attest-with", &home];
	night.refused(hospital, &promote, "--document");
	let (right, wrong) = (path(&night.folder.join("07.json")), path(&night.folder.join("08.json")));
	let with = |document| [&promote[..], &["--document", document]].concat();
	night.refused(hospital, &with(&wrong), "is not the one that was sealed");
	night.refused(doctor_a, &with(&right), "nobody else can file it");
	let mut words = vec!["--wait", "finalised"];
	words.extend(with(&right));
	let filed = night.done(hospital, &words);
	assert_eq!(filed["record"], record.as_str());
	let shown = night.done(patient, &["record", "show", &record]);
	assert_eq!(shown["record"]["status"], "validated", "{shown}");
	assert_eq!(shown["record"]["batch"], serde_json::json!([batch, 7]), "{shown}");
	night.refused(hospital, &with(&right), "is a record already");

	// The patient opens it, and checks it by a report.
	let opened = night.file("opened.json");
	night.done(patient, &["record", "open", &record, "--output", &opened]);
	assert_eq!(fs::read(&opened).unwrap(), fs::read(&right).unwrap());
	let report = night.file("record.txt");
	let salt = filed["bodySalt"].as_str().unwrap();
	let check = ["record", "verify", &record, "--document", &right, "--salt", salt];
	let verified = night.done(patient, &[&check[..], &["--report", &report]].concat());
	for what in ["status on chain", "sealed object", "document", "verdicts", "validators", "batch"]
	{
		assert_eq!(Night::outcome(&verified, what), "passed", "{what}: {verified}");
	}
	let report = fs::read_to_string(&report).unwrap();
	for said in ["facility-licence", &hospital.identity, "salus:record/", "0 failed"] {
		assert!(report.contains(said), "{said}: {report}");
	}
	assert!(!report.contains("Vantongeren"), "{report}");
	let check = ["record", "verify", &record, "--document", &wrong, "--salt", salt];
	night.refused(patient, &check, "document");

	// An object that is gone fails the check, and the report says so.
	let objects = night.stage.world.store().join("objects");
	let away = night.stage.world.dir().join("objects-away");
	fs::rename(&objects, &away).unwrap();
	let gone = night.file("gone.txt");
	let check = ["record", "verify", &record, "--report", &gone];
	night.refused(patient, &check, "the custodian has no sealed object");
	assert!(fs::read_to_string(&gone).unwrap().contains("This does not hold"));
	let code =
		|words: &[&str]| night.stage.world.run(patient, words).unwrap().status.code().unwrap();
	let verify = ["record", "verify", &record];
	assert_eq!(code(&verify), 4, "absent");
	fs::remove_dir_all(&objects).ok();
	fs::rename(&away, &objects).unwrap();
	assert_eq!(code(&verify), 0);
	// That nobody answers, or that somebody unknown is refused, says nothing about the object.
	let nowhere = ["--custodian", "http://127.0.0.1:9", "record", "verify", &record];
	assert_eq!(code(&nowhere), 5, "outage");
	let stranger = night.stage.world.empty_home("stranger").unwrap();
	night.done(&stranger, &["account", "new", "--no-phrase"]);
	let asked = night.stage.world.run(&stranger, &verify).unwrap();
	assert_eq!(asked.status.code(), Some(3), "refused: {asked:?}");
	let object = shown["versions"][0]["content"].as_str().unwrap().trim_start_matches("0x");
	let object = objects.join(&object[..2]).join(object);
	let whole = fs::read(&object).unwrap();
	let mut bytes = whole.clone();
	bytes[100] ^= 1;
	fs::write(&object, bytes).unwrap();
	assert_eq!(code(&verify), 1, "damaged");
	fs::write(&object, whole).unwrap();
	assert_eq!(code(&verify), 0);

	// Verdicts on a whole batch count for each leaf of it, without anybody looking again.
	let judged = night.file("judged");
	fs::create_dir(&judged).unwrap();
	for number in [0, 1] {
		let mut bundle: Value = serde_json::from_str(journey::sample()).unwrap();
		bundle["id"] = format!("judged-{number}").into();
		fs::write(Path::new(&judged).join(format!("{number}.json")), bundle.to_string()).unwrap();
	}
	let (list, proofs) = (night.file("judged.csv"), night.file("judged.proofs"));
	let rows = ["0", "1"].map(|name| format!("judged/{name}.json,{}", patient.identity));
	fs::write(&list, format!("file,patient\n{}\n", rows.join("\n"))).unwrap();
	let order = ["record", "batch", &list, "--output", &proofs, "--attest-with", &home];
	let made = night.done(hospital, &order);
	assert_eq!(made["verdicts"], 3, "{made}");
	for (index, document) in [("0", None), ("1", Some(path(&Path::new(&judged).join("1.json"))))] {
		let proof = night.file(&format!("judged-{index}.proof.json"));
		let words = ["record", "prove", &proofs, "--index", index, "--output", &proof];
		let proved = night.done(hospital, &words);
		let mut words = vec!["record", "promote", proof.as_str()];
		if let Some(document) = &document {
			// What the batch has already is not sent again.
			words.extend(["--document", document, "--attest-with", &home]);
		}
		night.done(hospital, &words);
		let shown = night.done(hospital, &["record", "show", proved["record"].as_str().unwrap()]);
		assert_eq!(shown["record"]["status"], "validated", "{shown}");
	}

	// Without verdicts a leaf becomes a record that waits.
	let (waiting, proof) = night.prove(8, "eight.proof.json");
	night.done(hospital, &["record", "promote", &proof]);
	let shown = night.done(hospital, &["record", "show", &waiting]);
	assert_eq!(shown["record"]["status"], "in-process", "{shown}");
	night.stage.world.stop().unwrap();
}
