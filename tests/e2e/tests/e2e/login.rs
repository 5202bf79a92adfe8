// SPDX-License-Identifier: Apache-2.0

//! A patient logs in from a device that has nothing yet, and reads an old record there.

use crate::archive::{Archive, decoded};
use rexpect::session::{PtySession, spawn_command};
use salus_e2e::{Binaries, Person, World};
use salus_primitives::blake2_256;
use serde_json::Value;
use std::{fs, path::PathBuf, process::Command};

/// The country in which everybody is licensed.
const COUNTRY: &str = "756";

/// A chain with a custodian, and people who hold tokens.
struct Clinic {
	world: World,
	regulator: Person,
}

impl Clinic {
	fn open() -> Self {
		let mut world = World::start(&Binaries::of_this_build().unwrap()).unwrap();
		let mut regulator = world.person("regulator", Some("//Alice")).unwrap();
		register(&world, &mut regulator);
		let id = regulator.identity.clone();
		let appoint = ["accredit", "regulator", &id, "--countries", COUNTRY, "--council"];
		world.cli(&regulator, &appoint).unwrap();
		let mut custodian = world.person("custodian", None).unwrap();
		let clinic = Self { world, regulator };
		clinic.fund(&custodian);
		register(&clinic.world, &mut custodian);
		let id = &custodian.identity;
		let licence = ["accredit", "grant", id, "--kind", "data-custodian", "--country", COUNTRY];
		clinic.world.cli(&clinic.regulator, &licence).unwrap();
		let Self { mut world, regulator } = clinic;
		world.start_custodian(&custodian).unwrap();
		Self { world, regulator }
	}

	fn fund(&self, person: &Person) {
		let send = ["account", "send", "--to", &person.account, "--amount", "500"];
		self.world.cli(&self.regulator, &send).unwrap();
	}

	/// What a command answers once what it did is final.
	fn done(&self, person: &Person, arguments: &[&str]) -> Value {
		let line = [&["--wait", "finalised"], arguments].concat();
		self.world.cli(person, &line).unwrap()
	}

	fn refused(&self, person: &Person, arguments: &[&str]) -> String {
		self.world.refused(person, arguments).unwrap()
	}

	/// A file of this test.
	fn file(&self, name: &str) -> String {
		self.path(name).display().to_string()
	}

	fn path(&self, name: &str) -> PathBuf {
		self.world.dir().join(name)
	}

	/// A file with a line in it.
	fn written(&self, name: &str, line: &str) -> String {
		fs::write(self.path(name), line).unwrap();
		self.file(name)
	}

	fn empty_home(&self, name: &'static str) -> Person {
		self.world.empty_home(name).unwrap()
	}

	/// The program as people use it: on a terminal, where it asks.
	fn on_a_terminal(&self, person: &Person, line: &[&str]) -> PtySession {
		let mut command = Command::new(Binaries::of_this_build().unwrap().cli);
		for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SALUS_")) {
			command.env_remove(name);
		}
		command.env("SALUS_HOME", person.home()).env("SALUS_NODE", self.world.node_url());
		command.args(line);
		spawn_command(command, Some(120_000)).unwrap()
	}

	/// Files a reading of one's own. Gives the record's id.
	fn add_reading(&self, person: &Person) -> String {
		self.done(person, &["consent", "open-compartment", "0"]);
		let filed = self.done(person, &["reading", "add", "--weight", "71kg"]);
		filed["record"].as_str().unwrap().into()
	}

	/// The plaintext of a record, as somebody reads it on a device.
	fn read(&self, device: &Person, record: &str, more: &[&str]) -> Value {
		let output = self.file(&format!("{}.json", device.name));
		let line = [&["record", "open", record, "--force", "--output", &output], more].concat();
		self.world.cli(device, &line).unwrap();
		serde_json::from_slice(&fs::read(&output).unwrap()).unwrap()
	}
}

fn register(world: &World, person: &mut Person) {
	let made = world.cli(person, &["register", "--kind", "organisation"]).unwrap();
	person.identity = made["identity"].as_str().unwrap().into();
}

fn is_empty(person: &Person) -> bool {
	fs::read_dir(person.home()).unwrap().next().is_none()
}

/// A patient who registered with a login, a profile and a recovery code, and filed a reading.
struct Ana {
	home: Person,
	/// What the registration answered.
	registered: Value,
	/// The files with the secret key and the recovery code.
	key: String,
	code: String,
	record: String,
	/// What the record says.
	original: Value,
}

impl Ana {
	fn enrol(clinic: &mut Clinic) -> Self {
		let home = clinic.world.person("ana", None).unwrap();
		clinic.fund(&home);
		let (key, code) = (clinic.file("secret-key"), clinic.file("recovery-code"));
		let registered = clinic.done(
			&home,
			&[
				"register",
				"--login-name",
				"Ana of the Hills",
				"--secret-key-file",
				&key,
				"--recovery-code-file",
				&code,
				"--name",
				"Ana Example",
				"--national-id",
				"756.1234.5678.97",
				"--telephone",
				"+41 44 123 45 67",
				"--email",
				"ana@example.org",
			],
		);
		assert!(registered.get("secretKey").is_none(), "it is in the file: {registered}");
		let record = clinic.add_reading(&home);
		let original = clinic.read(&home, &record, &[]);
		Self { home, registered, key, code, record, original }
	}

	/// The line by which a device with nothing logs in.
	fn login<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
		vec!["login", "--name", name, "--secret-key-file", &self.key]
	}
}

#[test]
fn a_patient_logs_in_on_a_new_device_and_reads_an_old_record() {
	let mut clinic = Clinic::open();
	let ana = Ana::enrol(&mut clinic);

	// A device that has nothing yet, and a name typed otherwise.
	let phone = clinic.empty_home("phone");
	let id = &ana.registered["identity"];
	let entered = clinic.done(&phone, &ana.login("ana OF the hills"));
	assert_eq!(&entered["identity"], id);
	assert_eq!(clinic.read(&phone, &ana.record, &[]), ana.original);
	assert!(clinic.refused(&phone, &ana.login("ana of the hills")).contains("there is a keystore"));

	// Whatever is wrong, the same is said, and nothing is left behind.
	let nobody = clinic.empty_home("nobody");
	let wrong = clinic.written("wrong", "incorrect donkey battery staple\n");
	let words = "legal winner thank year wave sausage worth useful legal winner thank yellow";
	let other = clinic.written("other-key", words);
	let said = clinic.refused(&nobody, &ana.login("anna of the hills"));
	assert!(said.contains("nothing opens with that"), "{said}");
	let mut line = ana.login("ana of the hills");
	line.extend(["--password-file", &wrong]);
	assert_eq!(clinic.refused(&nobody, &line), said);
	let line = ["login", "--name", "ana of the hills", "--secret-key-file", &other];
	assert_eq!(clinic.refused(&nobody, &line), said);
	assert!(is_empty(&nobody));

	// An older vault than this home has seen.
	let note = phone.home().join("vault.json");
	let kept = fs::read_to_string(&note).unwrap();
	let version = serde_json::from_str::<Value>(&kept).unwrap()["version"].as_u64().unwrap();
	let ahead = kept.replace(&format!(": {version}"), &format!(": {}", version + 7));
	assert_ne!(ahead, kept);
	fs::write(&note, ahead).unwrap();
	let said = clinic.refused(&phone, &["vault", "show"]);
	assert!(said.contains(&format!("version {} was seen already", version + 7)), "{said}");
	fs::write(&note, kept).unwrap();
	let shown = clinic.done(&phone, &["vault", "show"]);
	assert_eq!(shown["vault"]["version"], version);

	// On a terminal it asks, shows that it is at work, and repeats no secret.
	let tablet = clinic.empty_home("tablet");
	let password = fs::read_to_string(clinic.world.password_file()).unwrap();
	let key = fs::read_to_string(&ana.key).unwrap();
	let mut session = clinic.on_a_terminal(&tablet, &["login"]);
	for (question, answer) in [
		("Login name: ", "ana of the hills"),
		("Secret key (twelve words): ", key.trim()),
		("Password: ", password.trim()),
	] {
		session.exp_string(question).unwrap();
		session.send_line(answer).unwrap();
	}
	let before = session.exp_string("stretching what was typed, 64 MiB").unwrap();
	let rest = session.exp_eof().unwrap();
	assert!(rest.contains(id.as_str().unwrap()), "{rest}");
	for secret in [key.trim(), password.trim()] {
		assert!(!before.contains(secret) && !rest.contains(secret), "it is not repeated");
	}
	assert_eq!(clinic.read(&tablet, &ana.record, &[]), ana.original);
	clinic.world.stop().unwrap();
}

#[test]
fn a_new_password_a_recovery_and_a_new_key_each_lead_to_the_old_record() {
	let mut clinic = Clinic::open();
	let ana = Ana::enrol(&mut clinic);
	let id = &ana.registered["identity"];
	let shown = clinic.done(&ana.home, &["identity", "show"]);
	let commitment = decoded(&shown["registration"]["profile"]["commitment"]);
	let phone = clinic.empty_home("phone");
	clinic.done(&phone, &ana.login("ana of the hills"));

	// The old password and the old secret key open nothing any more.
	let (password, new_key) =
		(clinic.written("new-password", "gnu-Kessel/42-matt\n"), clinic.file("new-key"));
	let change = [
		"vault",
		"change-password",
		"--login-name",
		"ana of the hills",
		"--new-password-file",
		&password,
		"--secret-key-file",
		&new_key,
	];
	clinic.done(&ana.home, &change);
	let laptop = clinic.empty_home("laptop");
	let said = clinic.refused(&laptop, &ana.login("ana of the hills"));
	assert!(said.contains("nothing opens with that"), "{said}");
	let new_login = [
		"login",
		"--name",
		"ana of the hills",
		"--secret-key-file",
		&new_key,
		"--password-file",
		&password,
	];
	clinic.done(&laptop, &new_login);
	assert_eq!(clinic.read(&laptop, &ana.record, &["--password-file", &password]), ana.original);

	// Password and secret key forgotten: the code is enough, and there is a new login.
	let (recovered, third_key) = (clinic.empty_home("recovered"), clinic.file("third-key"));
	let recover = [
		"vault",
		"recover",
		"--code-file",
		&ana.code,
		"--login-name",
		"ana",
		"--new-password-file",
		&password,
		"--secret-key-file",
		&third_key,
	];
	let opened = clinic.done(&recovered, &recover);
	assert_eq!(&opened["identity"], id);
	assert_eq!(clinic.read(&recovered, &ana.record, &["--password-file", &password]), ana.original);
	let desktop = clinic.empty_home("desktop");
	assert!(clinic.refused(&desktop, &new_login).contains("nothing opens with that"));

	// A new primary key, with the vault sealed anew: a later device has it, and what it signs counts.
	let rotated = clinic.done(&recovered, &["key", "rotate", "--password-file", &password]);
	let third =
		["login", "--name", "ana", "--secret-key-file", &third_key, "--password-file", &password];
	let entered = clinic.done(&desktop, &third);
	assert_eq!(entered["account"], rotated["account"]);
	assert_ne!(entered["account"], ana.home.account.as_str());
	assert_eq!(clinic.read(&desktop, &ana.record, &["--password-file", &password]), ana.original);

	// A device with the old key is told so.
	let said = clinic.refused(&phone, &["vault", "show"]);
	assert!(said.contains("the key of this home was put away"), "{said}");

	// Both keys stand in the DID document of their time.
	let id = id.as_str().unwrap();
	let resolve = |more: &[&str]| clinic.done(&desktop, &[&["did", "resolve", id], more].concat());
	let (first, now) = (resolve(&["--version", "1"]), resolve(&[]));
	let keys = |resolution: &Value| resolution["didDocument"]["authentication"].clone();
	assert_ne!(keys(&first), keys(&now));
	assert_eq!(first["didDocumentMetadata"]["nextVersionId"], "2");
	assert!(now["didDocumentMetadata"].get("nextVersionId").is_none());
	let said = clinic.refused(&desktop, &["did", "resolve", id, "--version", "99"]);
	assert!(said.contains("there is no such version"), "{said}");

	let file = |path: &str| fs::read_to_string(path).unwrap();
	let words = [&ana.key, &ana.code, &new_key, &third_key, &password].map(|path| file(path));
	let first_password = fs::read_to_string(clinic.world.password_file()).unwrap();
	let mut typed = vec![
		"Ana of the Hills",
		"Ana Example",
		"756.1234.5678.97",
		"7561234567897",
		"+41 44 123 45 67",
		"+41441234567",
		"ana@example.org",
		first_password.trim(),
	];
	typed.extend(words.iter().map(|words| words.trim()));
	nothing_typed_stands_in(&clinic, &[decoded(&ana.registered["identity"]), commitment], &typed);
	clinic.world.stop().unwrap();
}

/// Expects an archive of the chain to hold what is public, and nothing of what was typed: neither in
/// plain nor as a plain hash, which is found by trying what people are called.
fn nothing_typed_stands_in(clinic: &Clinic, public: &[Vec<u8>], typed: &[&str]) {
	let archive = Archive::of(clinic.world.node());
	for bytes in public {
		assert!(bytes.len() == 32 && archive.holds(bytes), "the scan sees what is there");
	}
	for text in typed {
		assert!(text.len() > 9, "long enough not to be there by chance: {text}");
		for form in [(*text).to_owned(), text.to_lowercase(), text.to_uppercase()] {
			assert!(!archive.holds(form.as_bytes()), "{form} stands on chain");
			assert!(
				!archive.holds(&blake2_256(form.as_bytes())),
				"a hash of {form} stands on chain"
			);
		}
	}
}

#[test]
fn after_a_compromise_nothing_old_opens_what_is_new() {
	let mut clinic = Clinic::open();
	let cleo = clinic.world.person("cleo", None).unwrap();
	clinic.fund(&cleo);
	let (key, code) = (clinic.file("secret-key"), clinic.file("recovery-code"));
	let files = |key: &str, code: &str| {
		[("--secret-key-file", key), ("--recovery-code-file", code)]
			.map(|(option, file)| [option.to_owned(), file.to_owned()])
			.concat()
	};
	let words = |line: &[&str], more: Vec<String>| -> Vec<String> {
		line.iter().map(|word| (*word).to_owned()).chain(more).collect()
	};
	let done = |clinic: &Clinic, person: &Person, line: &[String]| {
		clinic.done(person, &line.iter().map(String::as_str).collect::<Vec<_>>())
	};
	let refused = |clinic: &Clinic, person: &Person, line: &[String]| {
		clinic.refused(person, &line.iter().map(String::as_str).collect::<Vec<_>>())
	};
	done(&clinic, &cleo, &words(&["register", "--login-name", "cleo"], files(&key, &code)));
	let record = clinic.add_reading(&cleo);
	let original = clinic.read(&cleo, &record, &[]);

	// Somebody got hold of a device, and with it of the vault's key.
	let stolen = clinic.empty_home("stolen");
	let login = |key: &str| {
		["login", "--name", "cleo", "--secret-key-file", key].map(String::from).to_vec()
	};
	done(&clinic, &stolen, &login(&key));

	// With a vault there has to be a new login.
	let rotate = ["key", "rotate-agreement", "--compromised"];
	let said = clinic.refused(&cleo, &rotate);
	assert!(said.contains("the vault is made anew") && said.contains("--login-name"), "{said}");
	assert_eq!(
		clinic.done(&cleo, &["identity", "show"])["registration"]["agreement"]["version"],
		1
	);
	let (key_2, code_2) = (clinic.file("key-2"), clinic.file("code-2"));
	let line = words(&[&rotate[..], &["--login-name", "cleo"]].concat(), files(&key_2, &code_2));
	let rotated = done(&clinic, &cleo, &line);
	assert_eq!(rotated["version"], 2);

	// No old login leads anywhere, and the old key of the vault opens nothing of it.
	let empty = clinic.empty_home("empty");
	assert!(refused(&clinic, &empty, &login(&key)).contains("nothing opens with that"));
	let recover = ["vault", "recover", "--code-file", &code, "--generated-passphrase"];
	let recover = [&recover[..], &["--login-name", "cleo", "--password-file"]].concat();
	let password = clinic.world.password_file().display().to_string();
	let recover = words(&recover, vec![password.clone(), "--new-password-file".into(), password]);
	assert!(refused(&clinic, &empty, &recover).contains("nothing opens with that"));
	assert!(is_empty(&empty));
	let older = "another device changed the keyring";
	for line in [
		&["vault", "add-recovery"][..],
		&["key", "rotate-agreement"],
		&["key", "rotate"],
		&["vault", "create", "--anew", "--login-name", "x", "--generated-passphrase"],
	] {
		let said = clinic.refused(&stolen, line);
		assert!(said.contains(older), "{line:?}: {said}");
	}
	let version =
		|person: &Person| clinic.done(person, &["vault", "show"])["vault"]["version"].clone();
	assert_eq!(version(&cleo), 2);

	// A device of the owner's, which does not hear of the second rotation.
	let phone = clinic.empty_home("phone");
	done(&clinic, &phone, &login(&key_2));
	assert_eq!(clinic.read(&phone, &record, &[]), original);
	let (key_3, code_3) = (clinic.file("key-3"), clinic.file("code-3"));
	let rotate = ["key", "rotate", "--compromised", "--login-name", "cleo"];
	let rotated = done(&clinic, &cleo, &words(&rotate, files(&key_3, &code_3)));
	assert_eq!(rotated["epoch"], 1);
	assert!(refused(&clinic, &empty, &login(&key_2)).contains("nothing opens with that"));
	for device in [&phone, &stolen] {
		let said = clinic.refused(device, &["consent", "open-compartment", "1"]);
		assert!(said.contains("the key of this home was put away"), "{said}");
	}
	let entered = done(&clinic, &empty, &login(&key_3));
	assert_eq!(entered["account"], rotated["account"]);
	assert_eq!(clinic.read(&empty, &record, &[]), original);
	clinic.world.stop().unwrap();
}

#[test]
fn a_generated_passphrase_alone_logs_in_on_a_new_device() {
	let mut clinic = Clinic::open();
	let ben = clinic.world.person("ben", None).unwrap();
	clinic.fund(&ben);
	let (passphrase, code) = (clinic.file("passphrase"), clinic.file("recovery-code"));
	let registered = clinic.done(
		&ben,
		&[
			"register",
			"--login-name",
			"ben",
			"--generated-passphrase",
			"--passphrase-file",
			&passphrase,
			"--recovery-code-file",
			&code,
		],
	);
	let record = clinic.add_reading(&ben);
	let original = clinic.read(&ben, &record, &[]);
	let words = fs::read_to_string(&passphrase).unwrap();
	assert_eq!(words.split_whitespace().count(), 6);

	let phone = clinic.empty_home("phone");
	let login = ["login", "--name", "ben", "--passphrase", "--password-file", &passphrase];
	let entered = clinic.done(&phone, &login);
	assert_eq!(entered["identity"], registered["identity"]);
	assert_eq!(clinic.read(&phone, &record, &["--password-file", &passphrase]), original);

	// Another recovery code, after which the first may go; the last way in may not.
	let second = clinic.file("second-code");
	clinic.done(&ben, &["vault", "add-recovery", "--recovery-code-file", &second]);
	clinic.done(&ben, &["vault", "remove-slot", "1"]);
	let lost = clinic.empty_home("lost");
	let recover = |code: &str, key: &str| {
		let line = ["vault", "recover", "--login-name", "ben", "--code-file"].map(String::from);
		let more = ["--new-password-file", &passphrase, "--secret-key-file", key].map(String::from);
		[&line[..], &[code.into()], &more[..]].concat()
	};
	let line = recover(&code, &clinic.file("key"));
	let line: Vec<_> = line.iter().map(String::as_str).collect();
	assert!(clinic.refused(&lost, &line).contains("nothing opens with that"));
	clinic.done(&ben, &["vault", "remove-slot", "2"]);
	let said = clinic.refused(&ben, &["vault", "remove-slot", "0"]);
	assert!(said.contains("Vault::LastLogin"), "{said}");

	// A vault that was cleared opens nothing.
	clinic.done(&ben, &["vault", "clear", "--yes"]);
	let late = clinic.empty_home("late");
	assert!(clinic.refused(&late, &login).contains("nothing opens with that"));
	assert!(is_empty(&late));
	clinic.world.stop().unwrap();
}
