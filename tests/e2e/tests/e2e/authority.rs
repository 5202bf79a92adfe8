// SPDX-License-Identifier: Apache-2.0

//! Who may act, with what key, under whose licence: by the command line, on a real chain.

use salus_e2e::{Binaries, Person, World};
use serde_json::Value;
use std::fs;

/// The country in which everybody is licensed.
const COUNTRY: &str = "756";

struct Country {
	world: World,
	/// A member of the council, and the regulator.
	regulator: Person,
}

impl Country {
	fn found() -> Self {
		let mut world = World::start(&Binaries::of_this_build().unwrap()).unwrap();
		let regulator = world.person("regulator", Some("//Alice")).unwrap();
		let mut country = Self { world, regulator };
		country.regulator.identity = country.register(&country.regulator, "organisation");
		let id = country.regulator.identity.clone();
		let appoint = ["accredit", "regulator", &id, "--countries", COUNTRY, "--council"];
		let appointed = country.done(&country.regulator, &appoint);
		assert_eq!(appointed["motion"]["carriedOut"], true, "{appointed}");
		country
	}

	/// Somebody with tokens and an identity.
	fn settler(&mut self, name: &'static str, kind: &str) -> Person {
		let mut person = self.world.person(name, None).unwrap();
		self.fund(&person);
		person.identity = self.register(&person, kind);
		person
	}

	fn fund(&self, person: &Person) {
		let send = ["account", "send", "--to", &person.account, "--amount", "500"];
		self.done(&self.regulator, &send);
	}

	fn register(&self, person: &Person, kind: &str) -> String {
		let made = self.done(person, &["register", "--kind", kind]);
		made["identity"].as_str().unwrap().into()
	}

	fn done(&self, person: &Person, arguments: &[&str]) -> Value {
		self.world.cli(person, arguments).unwrap()
	}

	/// Refused with one clear line that holds `says`.
	fn refused(&self, person: &Person, arguments: &[&str], says: &str) {
		let said = self.world.refused(person, arguments).unwrap();
		assert!(said.contains(says), "{arguments:?} should say `{says}`: {said}");
	}

	/// A file with this text.
	fn written(&self, name: &str, text: &str) -> String {
		let path = self.world.dir().join(name);
		fs::write(&path, text).unwrap();
		path.display().to_string()
	}

	fn standing(&self, number: &str) -> String {
		let log = self.done(&self.regulator, &["accredit", "log", number]);
		log["standing"].as_str().unwrap().into()
	}
}

#[test]
fn a_licence_goes_from_its_request_to_its_end() {
	let mut country = Country::found();
	let registrar = country.settler("registrar", "organisation");
	let doctor = country.settler("doctor", "practitioner");
	let regulator = country.regulator.clone();

	// A registrar's office lies within its regulator's.
	let id = registrar.identity.as_str();
	let wider = ["accredit", "registrar", id, "--countries", "276"];
	country.refused(&regulator, &wider, "the chain refused");
	let office = [
		"accredit",
		"registrar",
		id,
		"--countries",
		COUNTRY,
		"--kinds",
		"practitioner-licence",
		"--codes",
		"102,101",
	];
	let appointed = country.done(&regulator, &office);
	assert_eq!(appointed["appointment"]["parent"], regulator.identity.as_str());

	// What is granted is what was asked about.
	let (licence, other) =
		(country.written("licence", "licence 7"), country.written("other", "licence 8"));
	let request = ["accredit", "request", "--issuer", id, "--kind", "practitioner-licence"];
	let asked = country.done(&doctor, &[&request[..], &["--document", &licence]].concat());
	let opening = asked["opening"].as_str().unwrap().to_owned();
	let grant = |document: &str, code: &str| {
		let head = ["accredit", "grant", &doctor.identity, "--kind", "practitioner-licence"];
		let rest = ["--country", COUNTRY, "--opening", &opening, "--document", document];
		let words = [&head[..], &rest[..], &["--codes", code]].concat();
		words.into_iter().map(String::from).collect::<Vec<_>>()
	};
	let wrong = grant(&other, "101");
	country.refused(&registrar, &as_words(&wrong), "about something else than what you looked at");
	let foreign = grant(&licence, "103");
	country.refused(&registrar, &as_words(&foreign), "the chain refused");
	let right = grant(&licence, "101");
	let granted = country.done(&registrar, &as_words(&right));
	assert_eq!(granted["digest"], asked["digest"]);
	let number = granted["accreditation"].to_string();
	assert_eq!(country.standing(&number), "in-force");

	// Suspended, lifted, renewed; the log keeps all of it.
	let suspend = ["accredit", "suspend", &number, "--reason", "public-safety", "--for", "1h"];
	country.done(&registrar, &suspend);
	assert_eq!(country.standing(&number), "suspended");
	country.done(&registrar, &["accredit", "lift", &number]);
	assert_eq!(country.standing(&number), "in-force");
	country.done(&registrar, &["accredit", "renew", &number, "--for", "2y"]);
	let log = country.done(&doctor, &["accredit", "log", &number]);
	assert_eq!(log["log"].as_array().unwrap().len(), 3, "{log}");

	// A suspended authority grants nothing, and what it granted stays.
	country.done(&regulator, &["accredit", "suspend-authority", id]);
	country.refused(&registrar, &["accredit", "renew", &number, "--for", "3y"], "chain refused");
	assert_eq!(country.standing(&number), "in-force");
	country.done(&regulator, &["accredit", "reinstate-authority", id]);

	// The regulator of the issuer is over the doctor, and stops it from acting for a while.
	let surrender = ["accredit", "surrender", number.as_str()];
	let hold = ["identity", "suspend", &doctor.identity, "--reason", "investigation"];
	country.done(&regulator, &hold);
	country.refused(&doctor, &surrender, "error: ");
	country.done(&regulator, &["identity", "reinstate", &doctor.identity]);
	country.done(&doctor, &surrender);
	assert_eq!(country.standing(&number), "surrendered");
	country.refused(&registrar, &["accredit", "renew", &number], "the chain refused");

	// Status lists are anchored by their hash.
	let set = ["accredit", "status-list", "set", "1", "--url", "https://list.example/1", "--file"];
	let first = country.done(&registrar, &[&set[..], &[&licence]].concat());
	assert_eq!(first["sequence"], 1);
	country.refused(&registrar, &[&set[..], &[&licence]].concat(), "the chain refused");
	let second = country.done(&registrar, &[&set[..], &[&other]].concat());
	assert_eq!(second["sequence"], 2);
	let show = ["accredit", "status-list", "show", id, "1", "--file"];
	country.done(&doctor, &[&show[..], &[&other]].concat());
	country.refused(&doctor, &[&show[..], &[&licence]].concat(), "is not the list");

	// Cut off for good: it stays removed.
	country.done(&regulator, &["accredit", "remove-registrar", id]);
	country.refused(&regulator, &office, "the chain refused");
	country.world.stop().unwrap();
}

#[test]
fn keys_do_what_their_scopes_allow_until_they_are_stopped() {
	let mut country = Country::found();
	let hospital = country.settler("hospital", "organisation");
	let doctor = country.settler("doctor", "practitioner");
	let patient = country.settler("patient", "patient");
	let regulator = country.regulator.clone();
	for (who, kinds) in [
		(&hospital, &["facility-licence", "onboarding-agent"][..]),
		(&doctor, &["practitioner-licence"]),
	] {
		for kind in kinds {
			let id = who.identity.as_str();
			let line = ["accredit", "grant", id, "--kind", kind, "--country", COUNTRY];
			country.done(&regulator, &line);
		}
	}
	let quota = country.done(&hospital, &["sponsor", "quota"]);
	assert!(quota["left"].as_u64().unwrap() > 0);

	// An affiliation that rests and goes on.
	let invited = country.done(
		&hospital,
		&["affiliate", "invite", &doctor.identity, "--role", "physician", "--emergency"],
	);
	let number = invited["affiliation"].to_string();
	country.done(&doctor, &["affiliate", "accept", &number]);
	let in_force = || {
		let listed = country.done(&doctor, &["affiliate", "list"]);
		(listed[0]["in-force"].as_bool().unwrap(), listed[0]["permissions"].clone())
	};
	assert_eq!(in_force(), (true, Value::from(1)));
	country.done(&hospital, &["affiliate", "suspend", &number, "--for", "1h"]);
	assert!(!in_force().0);
	country.done(&hospital, &["affiliate", "resume", &number]);
	assert!(in_force().0);

	// A tablet signs for the hospital, once it agreed and the hospital took it.
	let tablet = country.world.person("tablet", None).unwrap();
	country.fund(&tablet);
	let agree = ["key", "agree", "--identity", &hospital.identity, "--scopes", "affiliate"];
	let consent = country.done(&tablet, &agree);
	let file = country.written("consent.json", &consent.to_string());
	country.refused(&doctor, &["key", "add", "--consent", &file], "not for you");
	let added = country.done(&hospital, &["key", "add", "--consent", &file]);
	let key = added["key"]["key"].to_string();
	country.refused(&hospital, &["key", "add", "--consent", &file], "the chain refused");
	country.refused(&tablet, &agree, "serves");

	let list = ["service", "add", "fhir", "--kind", "HealthRecordEndpoint", "--url"];
	let list = [&list[..], &["https://hospital.example/fhir"]].concat();
	country.refused(&tablet, &list, "error: ");
	let scopes = ["key", "set-scopes", &key, "--scopes", "affiliate,profile-write"];
	country.done(&hospital, &scopes);
	country.done(&tablet, &list);
	let shown = country.done(&tablet, &["did", "show"]);
	let document = &shown["didDocument"];
	assert_eq!(document["service"][0]["serviceEndpoint"], "https://hospital.example/fhir");
	assert_eq!(document["verificationMethod"].as_array().unwrap().len(), 3, "{document}");

	// Any key freezes the others; the primary one alone lets them sign again.
	country.done(&tablet, &["key", "freeze"]);
	let remove = ["service", "remove", "fhir"];
	country.refused(&tablet, &remove, "error: ");
	country.refused(&tablet, &["key", "unfreeze"], "error: ");
	country.done(&hospital, &["key", "unfreeze"]);
	country.done(&tablet, &remove);
	country.done(&hospital, &["key", "retire", &key]);
	country.refused(&tablet, &list, "error: ");
	let revoked = country.done(&hospital, &["key", "revoke", &key, "--compromised-since", "1s"]);
	assert!(revoked["key"]["status"]["revoked"]["compromised_since"].is_u64(), "{revoked}");
	country.refused(&hospital, &["key", "revoke", "0"], "the chain refused");

	// A new agreement key, and the old one no longer to be used.
	country.refused(&hospital, &["key", "revoke-agreement", "1"], "is the current one");
	country.done(&hospital, &["key", "rotate-agreement", "--compromised"]);
	let old = country.done(&hospital, &["key", "revoke-agreement", "1"]);
	assert!(old["agreementKey"]["revoked"]["at"].is_u64(), "{old}");

	// A patient is suspended by governance alone, and ends its identity itself.
	let id = patient.identity.as_str();
	let hold = ["identity", "suspend", id, "--reason", "key-compromise"];
	country.refused(&regulator, &hold, "error: ");
	country.refused(&hospital, &[&hold[..], &["--council"]].concat(), "no member of the council");
	let held = country.done(&regulator, &[&hold[..], &["--council"]].concat());
	assert_eq!(held["motion"]["carriedOut"], true);
	let end = ["identity", "deactivate", "--yes"];
	country.refused(&patient, &end, "error: ");
	country.done(&regulator, &["identity", "reinstate", id, "--council"]);
	country.refused(&patient, &["identity", "deactivate"], "nothing was done");
	country.done(&patient, &end);
	let ended = country.done(&patient, &["did", "resolve", id]);
	assert!(ended["didDocument"].is_null());
	assert_eq!(ended["didDocumentMetadata"]["deactivated"], true);
	let before = country.done(&patient, &["did", "resolve", id, "--version", "1"]);
	assert_eq!(
		before["didDocument"]["id"],
		country.done(&regulator, &["identity", "show", id])["did"]
	);
	country.world.stop().unwrap();
}

fn as_words(line: &[String]) -> Vec<&str> {
	line.iter().map(String::as_str).collect()
}
