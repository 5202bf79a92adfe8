// SPDX-License-Identifier: Apache-2.0

//! The main job, step by step: a record is sealed, validated and anchored; another doctor reads it
//! because the patient allowed it, and no longer after the patient revoked it.

use crate::{
	Binaries, Outcome, Person, World,
	world::{number, text},
};
use serde_json::Value;
use std::{fs, path::Path, thread, time::Duration};

/// The bundle of the demonstration: one encounter of an invented person.
const SAMPLE: &str = include_str!("../../../client/fhir/samples/encounter.json");

/// The bundle that the journey files when it is given no other.
pub fn sample() -> &'static str {
	SAMPLE
}

/// The country in which everybody is licensed.
const COUNTRY: &str = "756";

/// Plays the journey and returns the world it played in, still running.
///
/// Every step checks what it says; `tell` gets a line per step.
pub fn play(
	binaries: &Binaries,
	bundle: Option<&Path>,
	tell: &mut dyn FnMut(&str),
) -> Outcome<World> {
	let mut stage = Stage::set(binaries, tell)?;
	let record = stage.file_bundle(bundle, tell)?;
	let reading = stage.add_reading(tell)?;
	stage.refuse_the_other_doctor(&record, tell)?;
	stage.grant_read_revoke(&record, &reading, tell)?;
	stage.audit(tell)?;
	stage.detect_a_flipped_byte(&record, tell)?;
	stage.refuse_the_impossible(tell)?;
	Ok(stage.world)
}

/// The people of the journey, registered and licensed, with a custodian.
pub struct Stage {
	/// Chain, custodian, homes.
	pub world: World,
	/// Appoints nobody, licenses everybody.
	pub regulator: Person,
	/// Registers the patient, and validates what its doctors file.
	pub hospital: Person,
	/// Keeps ciphertext and key shares.
	pub custodian: Person,
	/// Works at the hospital.
	pub doctor_a: Person,
	/// Works elsewhere.
	pub doctor_b: Person,
	/// Holds no token.
	pub patient: Person,
	bundle: Vec<u8>,
}

impl Stage {
	/// Starts chain and custodian and brings everybody on stage.
	pub fn set(binaries: &Binaries, tell: &mut dyn FnMut(&str)) -> Outcome<Self> {
		let mut world = World::start(binaries)?;
		tell("a chain with blocks every three seconds runs");

		let mut regulator = world.person("regulator", Some("//Alice"))?;
		register(&world, &mut regulator, "organisation")?;
		let id = regulator.identity.clone();
		world.cli(
			&regulator,
			&["accredit", "regulator", &id, "--countries", COUNTRY, "--council"],
		)?;
		tell("the council appointed a regulator");

		let mut people = Vec::new();
		for (name, kind, licences) in [
			("hospital", "organisation", &["facility-licence", "onboarding-agent"][..]),
			("custodian", "organisation", &["data-custodian"]),
			("doctor-a", "practitioner", &["practitioner-licence"]),
			("doctor-b", "practitioner", &["practitioner-licence"]),
		] {
			let mut person = world.person(name, None)?;
			world.cli(
				&regulator,
				&["account", "send", "--to", &person.account, "--amount", "500"],
			)?;
			register(&world, &mut person, kind)?;
			for licence in licences {
				let grant = [
					"accredit",
					"grant",
					&person.identity,
					"--kind",
					licence,
					"--country",
					COUNTRY,
				];
				world.cli(&regulator, &grant)?;
			}
			tell(&format!("{name} is registered and accredited: {}", licences.join(", ")));
			people.push(person);
		}
		let [hospital, custodian, doctor_a, doctor_b] =
			people.try_into().map_err(|_| "four people were made")?;

		let invitation = world
			.cli(&hospital, &["affiliate", "invite", &doctor_a.identity, "--role", "physician"])?;
		let affiliation = number(&invitation, "affiliation")?.to_string();
		world.cli(&doctor_a, &["affiliate", "accept", &affiliation])?;
		tell("doctor-a works at the hospital");

		world.start_custodian(&custodian)?;
		tell("the custodian keeps ciphertext and key shares");

		let mut patient = world.person("patient", None)?;
		let home = patient.home().display().to_string();
		let registered = world.cli(
			&hospital,
			&["--wait", "finalised", "register", "for", "--subject-keystore", &home],
		)?;
		patient.identity = text(&registered, "identity")?;
		tell("the hospital registered a patient who agreed, and who holds no token");
		world.cli(&patient, &["--wait", "finalised", "consent", "open-compartment", "0"])?;
		tell("the patient opened a compartment, out of the daily fee allowance");
		for person in [&regulator, &hospital, &custodian, &doctor_a, &doctor_b, &patient] {
			world.introduce(person);
		}
		let bundle = Vec::new();
		Ok(Self { world, regulator, hospital, custodian, doctor_a, doctor_b, patient, bundle })
	}

	/// Doctor A submits a bundle with the hospital's verdicts, and it is anchored at once.
	pub fn file_bundle(
		&mut self,
		bundle: Option<&Path>,
		tell: &mut dyn FnMut(&str),
	) -> Outcome<String> {
		self.bundle = match bundle {
			Some(path) => fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?,
			None => SAMPLE.into(),
		};
		let file = self.world.dir().join("bundle.json");
		fs::write(&file, &self.bundle).map_err(|error| error.to_string())?;
		let filed = self.world.cli(
			&self.doctor_a,
			&[
				// An attempt to read is logged for the patient from finality on.
				"--wait",
				"finalised",
				"record",
				"submit",
				&file.display().to_string(),
				"--patient",
				&self.patient.identity,
				"--organisation",
				&self.hospital.identity,
				"--attest-with",
				&self.hospital.home().display().to_string(),
			],
		)?;
		let record = text(&filed, "record")?;
		self.expect_status(&record, "validated")?;
		tell(&format!(
			"doctor-a sealed {} bytes of FHIR; the hospital attested accuracy, completeness and \
			 source; the record is anchored",
			self.bundle.len(),
		));
		Ok(record)
	}

	/// The patient adds readings of its own, which wait.
	pub fn add_reading(&mut self, tell: &mut dyn FnMut(&str)) -> Outcome<String> {
		let filed = self.world.cli(
			&self.patient,
			&[
				"--wait",
				"finalised",
				"reading",
				"add",
				"--weight",
				"71kg",
				"--glucose",
				"5.4mmol/L",
				"--height",
				"178cm",
			],
		)?;
		let reading = text(&filed, "record")?;
		self.expect_status(&reading, "in-process")?;
		tell("the patient added readings of weight, glucose and height; they wait for a doctor");
		Ok(reading)
	}

	/// Doctor B asks without a grant.
	pub fn refuse_the_other_doctor(&self, record: &str, tell: &mut dyn FnMut(&str)) -> Outcome {
		self.world.refused(&self.doctor_b, &["record", "open", record])?;
		tell("doctor-b asked for the record and was refused");
		Ok(())
	}

	/// The patient grants, doctor B reads and attests, the patient revokes.
	pub fn grant_read_revoke(
		&mut self,
		record: &str,
		reading: &str,
		tell: &mut dyn FnMut(&str),
	) -> Outcome {
		// A grant acts from finality on.
		let granted = self.world.cli(
			&self.patient,
			&[
				"--wait",
				"finalised",
				"consent",
				"grant",
				&self.doctor_b.identity,
				"--compartment",
				"0",
			],
		)?;
		let grant = number(&granted, "grant")?.to_string();
		tell("the patient granted doctor-b access to the compartment");

		let opened = self.world.dir().join("opened.json");
		let path = opened.display().to_string();
		self.world.cli(&self.doctor_b, &["record", "open", record, "--output", &path])?;
		let read = fs::read(&opened).map_err(|error| error.to_string())?;
		if read != self.bundle {
			return Err("what doctor-b read is not what doctor-a sealed".into());
		}
		tell(&format!("doctor-b opened it: {} bytes, equal to what was sealed", read.len()));

		self.world.cli(&self.doctor_b, &["record", "attest", reading])?;
		self.expect_status(reading, "validated")?;
		tell("doctor-b read the patient's readings and attested them: they are anchored");

		self.world.cli(&self.patient, &["consent", "revoke", &grant])?;
		self.world.refused(&self.doctor_b, &["record", "open", record])?;
		tell("the patient revoked; doctor-b was refused as soon as that was in a block");
		Ok(())
	}

	/// The patient's audit list shows two refusals and the reads between them: refusals in the log
	/// of the chain, reads under the roots that the custodian anchored there.
	pub fn audit(&self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let mut last = Value::Null;
		// Entries reach the chain in batches.
		for _ in 0..30 {
			last = self.world.cli(&self.patient, &["audit", "show", "--custodian-log"])?;
			let is_reader =
				|row: &Value| row["question"]["reader"] == self.doctor_b.identity.as_str();
			let on_chain =
				last["entries"].as_array().into_iter().flatten().map(|row| &row["entry"]);
			let denials = on_chain
				.filter(|entry| is_reader(entry) && !entry["decision"]["deny"].is_null())
				.count();
			let recorded = last["custodianEntries"].as_array().into_iter().flatten();
			let permits = recorded
				.filter(|entry| is_reader(entry) && !entry["decision"]["permit"].is_null())
				.filter(|entry| !entry["batch"].is_null())
				.count();
			if permits >= 2 && denials >= 2 {
				if last["verified"] != Value::Bool(true) {
					return Err(format!("the access log does not add up: {last}"));
				}
				let verified = self.world.cli(&self.patient, &["audit", "verify"])?;
				tell(&format!(
					"the patient's audit list shows {denials} refusals and {permits} reads by doctor-b: \
					 its hash chain adds up, and {} entries lie under roots on chain",
					verified["findings"]["proven"]
				));
				return Ok(());
			}
			thread::sleep(Duration::from_secs(2));
		}
		Err(format!("the audit list never showed all of it: {last}"))
	}

	/// One byte of the stored object is flipped.
	pub fn detect_a_flipped_byte(&self, record: &str, tell: &mut dyn FnMut(&str)) -> Outcome {
		let shown = self.world.cli(&self.patient, &["record", "show", record])?;
		let content = shown["versions"][0]["content"].as_str().unwrap_or_default();
		let digits = content.rsplit("0x").next().unwrap_or_default();
		let path = find(&self.world.store(), digits)
			.ok_or_else(|| format!("no object {content} in the custodian's store"))?;
		let mut bytes = fs::read(&path).map_err(|error| error.to_string())?;
		let middle = bytes.len() / 2;
		if let Some(byte) = bytes.get_mut(middle) {
			*byte ^= 1;
		}
		fs::write(&path, &bytes).map_err(|error| error.to_string())?;
		let said = self.world.refused(&self.patient, &["record", "open", record])?;
		tell(&format!("one flipped byte in the stored object was detected ({said})"));
		if let Some(byte) = bytes.get_mut(middle) {
			*byte ^= 1;
		}
		fs::write(&path, &bytes).map_err(|error| error.to_string())?;
		self.world.cli(&self.patient, &["record", "verify", record])?;
		Ok(())
	}

	/// A bundle with a value that no body has.
	pub fn refuse_the_impossible(&self, tell: &mut dyn FnMut(&str)) -> Outcome {
		let mut bundle: Value = serde_json::from_str(SAMPLE).map_err(|error| error.to_string())?;
		let weight = bundle["entry"]
			.as_array_mut()
			.into_iter()
			.flatten()
			.map(|entry| &mut entry["resource"])
			.find(|resource| resource["code"]["coding"][0]["code"] == "29463-7")
			.ok_or("the sample has a body weight")?;
		weight["valueQuantity"]["value"] = 7100.into();
		let file = self.world.dir().join("impossible.json");
		fs::write(&file, bundle.to_string()).map_err(|error| error.to_string())?;
		let said = self.world.refused(
			&self.doctor_a,
			&[
				"record",
				"submit",
				&file.display().to_string(),
				"--patient",
				&self.patient.identity,
				"--organisation",
				&self.hospital.identity,
			],
		)?;
		tell(&format!("a bundle with a weight of 7100 kg was refused ({said})"));
		Ok(())
	}

	fn expect_status(&self, record: &str, status: &str) -> Outcome {
		let shown = self.world.cli(&self.patient, &["record", "show", record])?;
		if shown["record"]["status"] == status {
			return Ok(());
		}
		Err(format!("record {record} should be {status}: {shown}"))
	}
}

pub(crate) fn register(world: &World, person: &mut Person, kind: &str) -> Outcome {
	let registered = world.cli(person, &["register", "--kind", kind])?;
	person.identity = text(&registered, "identity")?;
	Ok(())
}

/// The file below `dir` whose name holds `name`.
fn find(dir: &Path, name: &str) -> Option<std::path::PathBuf> {
	fs::read_dir(dir).ok()?.filter_map(Result::ok).map(|entry| entry.path()).find_map(|path| {
		if path.is_dir() {
			return find(&path, name);
		}
		path.file_name()?.to_str()?.contains(name).then(|| path.clone())
	})
}
