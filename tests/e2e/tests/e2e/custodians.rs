// SPDX-License-Identifier: Apache-2.0

//! Three custodians that keep a part each, two of which open: one may die, none can be done without
//! when something is filed, and what they took outlives a power cut of all three.

use crate::people::finally;
use salus_e2e::{Binaries, Custodian, Person, journey::Stage};
use std::{fs, path::Path};

/// Three organisations, and the custodians of those that run.
struct Three {
	people: [Person; 3],
	running: [Option<Custodian>; 3],
}

impl Three {
	/// Two more custodians beside the stage's, and the hospital names all three on chain.
	fn set(stage: &mut Stage) -> Self {
		stage.world.stop_custodian().unwrap();
		let first = stage.custodian.clone();
		let people =
			[first, accredited(stage, "second-custodian"), accredited(stage, "third-custodian")];
		let mut three = Self { people, running: [None, None, None] };
		for place in 0..3 {
			three.start(stage, place);
		}
		let mut words = vec!["consent", "custodians", "set"];
		words.extend(three.people.iter().map(|person| person.identity.as_str()));
		words.extend(["--threshold", "2"]);
		finally(stage, &stage.hospital, &words);
		three
	}

	fn start(&mut self, stage: &Stage, place: usize) {
		let started = stage.world.start_another(&self.people[place]);
		self.running[place] = Some(started.unwrap());
	}

	fn kill(&mut self, place: usize) {
		self.running[place].take().expect("it runs").kill();
	}

	/// Where those are that run, as the command line takes them.
	fn urls(&self) -> String {
		let urls: Vec<_> = self.running.iter().flatten().map(Custodian::url).collect();
		urls.join(",")
	}

	/// How many objects, and how many keys of shares, a custodian has with these digits in their names.
	fn keeps(&self, stage: &Stage, place: usize, digits: &str) -> [usize; 2] {
		let folder = stage.world.folder_of(&self.people[place]);
		["store/objects", "keys"].map(|part| count(&folder.join(part), digits))
	}
}

/// An organisation with the licence to keep shares.
fn accredited(stage: &mut Stage, name: &'static str) -> Person {
	let world = &mut stage.world;
	let mut person = world.person(name, None).unwrap();
	let send = ["account", "send", "--to", &person.account, "--amount", "500"];
	world.cli(&stage.regulator, &send).unwrap();
	let registered = world.cli(&person, &["register", "--kind", "organisation"]).unwrap();
	person.identity = registered["identity"].as_str().unwrap().into();
	let id = person.identity.as_str();
	let grant = ["accredit", "grant", id, "--kind", "data-custodian", "--country", "756"];
	world.cli(&stage.regulator, &grant).unwrap();
	world.introduce(&person);
	person
}

/// The patient checks what all three recorded, and has it as one bundle.
fn audits(stage: &Stage, urls: &str) {
	let verify = ["--custodian", urls, "audit", "verify"];
	let verified = stage.world.cli(&stage.patient, &verify).unwrap();
	let custodians = verified["custodians"].as_array().unwrap();
	assert_eq!(custodians.len(), 3, "{verified}");
	let entries: Vec<_> = custodians.iter().map(|one| one["entries"].as_u64().unwrap()).collect();
	// Whoever opens asks as many as it takes.
	assert!(entries.iter().filter(|count| **count > 0).count() >= 2, "{verified}");
	assert_eq!(verified["entries"], entries.iter().sum::<u64>(), "{verified}");
	for complaint in ["contradictions", "silent", "notAsked"] {
		assert_eq!(verified[complaint].as_array().unwrap().len(), 0, "{verified}");
	}
	// The same custodians once more, at the same addresses: every entry still counts once.
	let twice = format!("{urls},{urls}");
	let again = ["--custodian", &twice, "audit", "verify"];
	let again = stage.world.cli(&stage.patient, &again).unwrap();
	assert_eq!(again["entries"], verified["entries"], "{again}");

	let file = stage.world.dir().join("audit.json").display().to_string();
	let export = ["--custodian", &twice, "audit", "export", "--fhir", "--out", &file, "--force"];
	let exported = stage.world.cli(&stage.patient, &export).unwrap();
	// A decision and a disclosure for each, of all of them.
	assert_eq!(exported["events"].as_u64(), verified["entries"].as_u64().map(|count| 2 * count));
}

/// Doctor A files the sample for the hospital, with the hospital's verdicts.
fn submit<'a>(stage: &'a Stage, file: &'a str, urls: &'a str, home: &'a str) -> Vec<&'a str> {
	let (patient, hospital) = (&stage.patient.identity, &stage.hospital.identity);
	let mut words = vec!["--custodian", urls, "--wait", "finalised", "record", "submit", file];
	words.extend(["--patient", patient, "--organisation", hospital, "--attest-with", home]);
	words
}

/// The files below a folder whose names or folders have these digits.
fn count(folder: &Path, digits: &str) -> usize {
	let Ok(entries) = fs::read_dir(folder) else { return 0 };
	let found = entries.map(|entry| entry.unwrap().path()).map(|path| match path.is_dir() {
		true => count(&path, digits),
		false => usize::from(path.to_string_lossy().contains(digits)),
	});
	found.sum()
}

fn digits(text: &str) -> &str {
	text.rsplit("0x").next().unwrap()
}

/// Opens a record with those that run, and compares it with what was filed.
fn opens(stage: &Stage, three: &Three, person: &Person, record: &str) {
	let path = stage.world.dir().join("opened.json");
	let (output, urls) = (path.display().to_string(), three.urls());
	let open = ["--custodian", &urls, "record", "open", record, "--output", &output, "--force"];
	let said = stage.world.cli(person, &open).unwrap();
	assert_eq!(said["record"], record, "{said}");
	assert_eq!(fs::read_to_string(&path).unwrap(), salus_e2e::journey::sample());
}

#[test]
fn a_dead_custodian_of_three_stops_no_reader_and_no_power_cut_loses_a_part() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let mut stage = Stage::set(&binaries, &mut tell).unwrap();
	let mut three = Three::set(&mut stage);
	let path = stage.world.dir().join("note.json");
	fs::write(&path, salus_e2e::journey::sample()).unwrap();
	let (file, home) = (path.display().to_string(), stage.hospital.home().display().to_string());

	// Filed with all three, whom the chain names: each has the object and one share.
	let urls = three.urls();
	let submit_to = |stage: &Stage, urls: &str| {
		let filed = stage.world.cli(&stage.doctor_a, &submit(stage, &file, urls, &home)).unwrap();
		let content = digits(filed["content"].as_str().unwrap()).to_owned();
		(filed["record"].as_str().unwrap().to_owned(), content)
	};
	let (record, content) = submit_to(&stage, &urls);
	for place in 0..3 {
		assert_eq!(three.keeps(&stage, place, &content), [1, 0], "custodian {place}: the object");
		assert_eq!(
			three.keeps(&stage, place, digits(&record)),
			[0, 1],
			"custodian {place}: a part"
		);
	}
	opens(&stage, &three, &stage.patient, &record);
	audits(&stage, &urls);

	// A custodian of the same name at another address is none of them.
	let alone = stage
		.world
		.refused(&stage.patient, &["--custodian", "http://127.0.0.1:9", "record", "open", &record]);
	assert!(alone.unwrap().contains("with the parts of 2 custodians, and 0 gave one"));

	// One is killed: readers do not notice, whoever files does, and nothing is left behind.
	three.kill(2);
	let verify = ["--custodian", &urls, "audit", "verify"];
	let said = stage.world.refused(&stage.patient, &verify).unwrap();
	assert!(said.contains("1 of 3 custodians gave no answer"), "{said}");
	for person in [&stage.patient, &stage.doctor_a] {
		opens(&stage, &three, person, &record);
	}
	let urls = three.urls();
	let open = ["--custodian", &urls, "record", "open", &record];
	let said = stage.world.refused(&stage.doctor_b, &open).unwrap();
	assert!(said.contains("access denied"), "{said}");
	let before = [0, 1].map(|place| three.keeps(&stage, place, ""));
	let said = stage.world.refused(&stage.doctor_a, &submit(&stage, &file, &urls, &home)).unwrap();
	assert!(said.contains("1 of 3 custodians cannot take their part"), "{said}");
	assert!(said.contains(&three.people[2].identity), "{said}");
	assert_eq!([0, 1].map(|place| three.keeps(&stage, place, "")), before, "nothing was sent");
	let listed = stage.world.cli(&stage.patient, &["record", "list"]).unwrap();
	assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");

	// One alone opens nothing, and says who is missing.
	three.kill(1);
	let urls = three.urls();
	let open = ["--custodian", &urls, "record", "open", &record];
	let said = stage.world.refused(&stage.patient, &open).unwrap();
	assert!(said.contains("with the parts of 2 custodians, and 1 gave one"), "{said}");
	for place in [1, 2] {
		assert!(said.contains(&three.people[place].identity), "{said}");
	}

	// They come back with what they had, and the ones that were killed are enough.
	three.start(&stage, 1);
	three.start(&stage, 2);
	three.kill(0);
	opens(&stage, &three, &stage.patient, &record);
	three.start(&stage, 0);

	// The filing that was refused goes on, and all three lose their power as soon as it is acknowledged.
	let mut records = vec![record];
	for _ in 0..3 {
		let (record, _) = submit_to(&stage, &three.urls());
		for place in 0..3 {
			three.kill(place);
		}
		for place in 0..3 {
			three.start(&stage, place);
		}
		records.push(record);
	}
	// Every two of them open every record that was acknowledged.
	for missing in 0..3 {
		three.kill(missing);
		for record in &records {
			opens(&stage, &three, &stage.patient, record);
		}
		three.start(&stage, missing);
	}

	// An erasure is complete when the last one has followed, also one that was away.
	let (record, urls) = (records[0].clone(), three.urls());
	finally(&stage, &stage.patient, &["--custodian", &urls, "record", "erase", &record]);
	three.kill(2);
	let urls = three.urls();
	let words = ["record", "erase", &record, "--execute", "--basis", "consent-withdrawn", "--yes"];
	let erase = [&["--custodian", urls.as_str(), "--wait", "finalised"], &words[..]].concat();
	let said = stage.world.refused(&stage.hospital, &erase).unwrap();
	assert!(said.contains("not every custodian is known to have followed"), "{said}");
	for place in [0, 1] {
		assert_eq!(three.keeps(&stage, place, &content), [0, 0], "custodian {place} followed");
		assert_eq!(
			three.keeps(&stage, place, digits(&record)),
			[0, 0],
			"custodian {place} followed"
		);
	}
	assert_eq!(three.keeps(&stage, 2, &content), [1, 0], "the one that was away still has it");
	three.start(&stage, 2);
	assert_eq!(three.keeps(&stage, 2, &content), [0, 0], "it followed before it answered");
	assert_eq!(three.keeps(&stage, 2, digits(&record)), [0, 0]);
	for record in &records[1..] {
		opens(&stage, &three, &stage.patient, record);
	}
	drop(three);
	stage.world.stop().unwrap();
}
