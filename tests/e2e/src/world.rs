// SPDX-License-Identifier: Apache-2.0

//! A chain, a custodian, and people with keystores.

use crate::{Binaries, Custodian, Node, Outcome};
use serde_json::Value;
use std::{
	ffi::OsStr,
	fs,
	path::{Path, PathBuf},
	process::{Child, Command, Output, Stdio},
};
use tempfile::TempDir;

/// Somebody with a home: a keystore, a password and what they keep.
#[derive(Clone, Debug)]
pub struct Person {
	/// Who it is, in one word.
	pub name: &'static str,
	/// The account, as an address.
	pub account: String,
	/// The identity, once registered.
	pub identity: String,
	home: PathBuf,
}

impl Person {
	/// The folder with the keystore.
	pub fn home(&self) -> &Path {
		&self.home
	}
}

/// A chain, a custodian, and the folder that everything lies in.
pub struct World {
	dir: TempDir,
	binaries: Binaries,
	node: Node,
	custodian: Option<Custodian>,
	people: Vec<Person>,
}

/// The password of everybody: what is tested is not how well it is chosen.
const PASSWORD: &str = "correct horse battery staple";

impl World {
	/// Starts a chain. Nobody is there yet.
	pub fn start(binaries: &Binaries) -> Outcome<Self> {
		Self::on(binaries, Node::start(binaries)?)
	}

	/// On the chain of a node that runs.
	pub fn on(binaries: &Binaries, node: Node) -> Outcome<Self> {
		let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
		fs::write(dir.path().join("password"), PASSWORD).map_err(|error| error.to_string())?;
		let (binaries, people) = (binaries.clone(), Vec::new());
		Ok(Self { dir, binaries, node, custodian: None, people })
	}

	/// A home with nothing in it, as a new device has.
	pub fn empty_home(&self, name: &'static str) -> Outcome<Person> {
		let home = self.dir.path().join("people").join(name);
		fs::create_dir_all(&home).map_err(|error| error.to_string())?;
		Ok(Person { name, account: String::new(), identity: String::new(), home })
	}

	/// Somebody new with a keystore; with the development key `uri`, or a fresh one.
	pub fn person(&mut self, name: &'static str, uri: Option<&str>) -> Outcome<Person> {
		let mut person = self.empty_home(name)?;
		let made = match uri {
			Some(uri) => self.cli(&person, &["account", "import", "--uri", uri])?,
			None => self.cli(&person, &["account", "new", "--no-phrase"])?,
		};
		person.account = text(&made, "account")?;
		Ok(person)
	}

	/// Notes somebody for the list of addresses.
	pub fn introduce(&mut self, person: &Person) {
		self.people.push(person.clone());
	}

	/// Starts a custodian that acts as `organisation`.
	pub fn start_custodian(&mut self, organisation: &Person) -> Outcome {
		self.start_custodian_with(organisation, &[])
	}

	/// The same with more options. One that ran before is gone then, however it ended.
	pub fn start_custodian_with(&mut self, organisation: &Person, more: &[&OsStr]) -> Outcome {
		let dir = self.dir.path().join("custodian");
		fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
		let key = organisation.home.join("keystore.json");
		let password = self.password_file();
		let (binaries, node) = (&self.binaries, &self.node);
		let custodian = Custodian::start_with(binaries, &dir, node, &key, &password, more)?;
		self.custodian = Some(custodian);
		Ok(())
	}

	/// Starts a custodian that acts as `organisation`, and gives verdicts for `validator`.
	pub fn start_gateway(&mut self, organisation: &Person, validator: &Person) -> Outcome {
		let (signer, password) = (validator.home.join("keystore.json"), self.password_file());
		let gateway: [&OsStr; 4] = [
			"--gateway-key".as_ref(),
			signer.as_ref(),
			"--gateway-password-file".as_ref(),
			password.as_ref(),
		];
		self.start_custodian_with(organisation, &gateway)
	}

	/// Starts one more custodian, which acts as `organisation` over [`Self::folder_of`] and
	/// goes with what is given back.
	pub fn start_another(&self, organisation: &Person) -> Outcome<Custodian> {
		let dir = self.dir.path().join("custodians").join(organisation.name);
		fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
		let key = organisation.home.join("keystore.json");
		Custodian::start(&self.binaries, &dir, &self.node, &key, &self.password_file())
	}

	/// Starts a service that holds emergency keys, which acts as `organisation` and goes with what is
	/// given back.
	pub fn start_emergency_holder(&self, organisation: &Person) -> Outcome<Custodian> {
		let dir = self.folder_of(organisation);
		fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
		let key = organisation.home.join("keystore.json");
		Custodian::start_holder(&self.binaries, &dir, &self.node, &key, &self.password_file())
	}

	/// The folder of such a one: objects and shares in `store`, the keys of shares in `keys`.
	pub fn folder_of(&self, organisation: &Person) -> PathBuf {
		self.dir.path().join("custodians").join(organisation.name)
	}

	/// Stops the custodian and leaves what it stored.
	pub fn stop_custodian(&mut self) -> Outcome {
		self.custodian.take().map_or(Ok(()), Custodian::stop)
	}

	/// The chain.
	pub fn node(&self) -> &Node {
		&self.node
	}

	/// Where the chain is.
	pub fn node_url(&self) -> String {
		self.node.url()
	}

	/// Where the custodian is.
	pub fn custodian_url(&self) -> String {
		self.custodian.as_ref().map_or_else(|| "http://127.0.0.1:9".into(), Custodian::url)
	}

	/// The custodian, when it runs.
	pub fn custodian(&self) -> Outcome<&Custodian> {
		self.custodian.as_ref().ok_or_else(|| "no custodian runs".into())
	}

	/// A folder for files of a test.
	pub fn dir(&self) -> &Path {
		self.dir.path()
	}

	/// The file with everybody's password.
	pub fn password_file(&self) -> PathBuf {
		self.dir.path().join("password")
	}

	/// The folder that the custodian stores objects in.
	pub fn store(&self) -> PathBuf {
		self.dir.path().join("custodian/store")
	}

	/// The folder that the custodian keeps the keys of shares in.
	pub fn share_keys(&self) -> PathBuf {
		self.dir.path().join("custodian/keys")
	}

	/// Runs the command line as somebody, with more or other options.
	pub fn run(&self, person: &Person, arguments: &[&str]) -> Outcome<Output> {
		self.command(person, arguments)
			.output()
			.map_err(|error| format!("cannot run salus: {error}"))
	}

	/// Starts the command line as somebody, for what is to happen while it runs.
	pub fn begin(&self, person: &Person, arguments: &[&str]) -> Outcome<Child> {
		self.command(person, arguments)
			.stdout(Stdio::piped())
			.stderr(Stdio::piped())
			.spawn()
			.map_err(|error| format!("cannot start salus: {error}"))
	}

	fn command(&self, person: &Person, arguments: &[&str]) -> Command {
		let mut command = Command::new(&self.binaries.cli);
		command
			.env("SALUS_HOME", &person.home)
			.env("SALUS_NODE", self.node_url())
			.env("SALUS_CUSTODIAN", self.custodian_url())
			.env("SALUS_PASSWORD_FILE", self.password_file())
			.env("SALUS_WAIT", "best")
			.args(arguments)
			.stdin(Stdio::null());
		command
	}

	/// What a command answers as JSON; an error when it fails.
	pub fn cli(&self, person: &Person, arguments: &[&str]) -> Outcome<Value> {
		let mut words = vec!["--json"];
		words.extend(arguments);
		let output = self.run(person, &words)?;
		let line = format!("{}: salus {}", person.name, arguments.join(" "));
		if !output.status.success() {
			let said = String::from_utf8_lossy(&output.stderr);
			return Err(format!("{line}\n  failed: {}", said.trim()));
		}
		serde_json::from_slice(&output.stdout)
			.map_err(|error| format!("{line}\n  printed no JSON ({error})"))
	}

	/// The one line that a command fails with; an error when it succeeds or says more.
	pub fn refused(&self, person: &Person, arguments: &[&str]) -> Outcome<String> {
		let output = self.run(person, arguments)?;
		let line = format!("{}: salus {}", person.name, arguments.join(" "));
		let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
		if output.status.success() {
			return Err(format!("{line}\n  succeeded, and should have been refused"));
		}
		if output.status.code().is_none_or(|code| code == 101) {
			return Err(format!("{line}\n  crashed: {said}"));
		}
		if said.lines().count() != 1 || !said.starts_with("error: ") {
			return Err(format!("{line}\n  failed, but not with one clear line: {said}"));
		}
		Ok(said)
	}

	/// People and their accounts, to look up on the chain.
	pub fn addresses(&self) -> Vec<(String, String)> {
		self.people.iter().map(|person| (person.name.into(), person.account.clone())).collect()
	}

	/// Stops everything cleanly.
	pub fn stop(mut self) -> Outcome {
		self.stop_custodian()?;
		self.node.stop()
	}
}

/// A field that has to be a text.
pub(crate) fn text(value: &Value, field: &str) -> Outcome<String> {
	value[field].as_str().map(Into::into).ok_or_else(|| format!("no `{field}` in {value}"))
}

/// A field that has to be a number.
pub(crate) fn number(value: &Value, field: &str) -> Outcome<u64> {
	value[field].as_u64().ok_or_else(|| format!("no number `{field}` in {value}"))
}
