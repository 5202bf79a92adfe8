// SPDX-License-Identifier: Apache-2.0

//! The programs as child processes.

use crate::Outcome;
use codec::Decode;
use serde_json::{Value, json};
use std::{
	ffi::OsStr,
	io::{BufRead, BufReader},
	net::TcpListener,
	path::{Path, PathBuf},
	process::{Child, Command, Stdio},
	sync::{
		Arc, Mutex,
		atomic::{AtomicU32, Ordering},
	},
	thread,
	time::{Duration, Instant},
};

/// How long a program may take to start on a busy machine.
const START: Duration = Duration::from_secs(90);

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Binaries {
	/// `salus-node`.
	pub node: PathBuf,
	/// `salus-custodian`.
	pub custodian: PathBuf,
	/// `salus`.
	pub cli: PathBuf,
}

impl Binaries {
	/// All three in one folder.
	pub fn in_dir(dir: &Path) -> Self {
		Self {
			node: dir.join("salus-node"),
			custodian: dir.join("salus-custodian"),
			cli: dir.join("salus"),
		}
	}

	/// Those in the folder that `SALUS_BINARIES` names, or of the release build that goes with this
	/// test binary.
	pub fn of_this_build() -> Outcome<Self> {
		if let Some(dir) = std::env::var_os("SALUS_BINARIES") {
			return Ok(Self::in_dir(Path::new(&dir)));
		}
		let own = std::env::current_exe().map_err(|error| error.to_string())?;
		// target/debug/deps/test-… -> target/release
		let target = own.ancestors().nth(3).ok_or("the test binary lies in no target folder")?;
		let binaries = Self::in_dir(&target.join("release"));
		for path in [&binaries.node, &binaries.custodian, &binaries.cli] {
			if !path.is_file() {
				return Err(format!("{} is missing. Type: cargo xtask test build", path.display()));
			}
		}
		Ok(binaries)
	}
}

/// A port that was free a moment ago.
fn free_port() -> Outcome<u16> {
	// Each is given out once, and below those that the system lends to outgoing connections: one of
	// these may be taken between now and the start, and a node then quietly listens elsewhere.
	const FIRST: u32 = 20_000;
	const COUNT: u32 = 12_000;
	static TAKEN: AtomicU32 = AtomicU32::new(0);
	let begin = std::process::id().wrapping_mul(97);
	for _ in 0..COUNT {
		let offset = begin.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed)) % COUNT;
		let port = u16::try_from(FIRST + offset).map_err(|error| error.to_string())?;
		if TcpListener::bind(("127.0.0.1", port)).is_ok() {
			return Ok(port);
		}
	}
	Err("no port is free".into())
}

/// A child that is killed when dropped, with the end of what it said.
struct Process {
	name: &'static str,
	child: Child,
	said: Arc<Mutex<Vec<String>>>,
}

impl Process {
	fn start(name: &'static str, command: &mut Command) -> Outcome<Self> {
		let mut child = command
			.stdin(Stdio::null())
			.stdout(Stdio::null())
			.stderr(Stdio::piped())
			.spawn()
			.map_err(|error| format!("cannot start {name}: {error}"))?;
		let said = Arc::new(Mutex::new(Vec::new()));
		if let Some(stderr) = child.stderr.take() {
			let said = said.clone();
			// A child whose pipe nobody empties stops at its next line.
			thread::spawn(move || {
				for line in BufReader::new(stderr).lines().map_while(Result::ok) {
					if let Ok(mut said) = said.lock() {
						said.push(line);
						let surplus = said.len().saturating_sub(400);
						said.drain(..surplus);
					}
				}
			});
		}
		Ok(Self { name, child, said })
	}

	fn last_words(&self) -> String {
		let said = self.said.lock().map(|said| said.clone()).unwrap_or_default();
		let from = said.len().saturating_sub(12);
		said[from..].join("\n")
	}

	/// Waits until `ready` says so, the child dies, or the patience is over.
	fn wait_until(&mut self, patience: Duration, mut ready: impl FnMut() -> bool) -> Outcome {
		let start = Instant::now();
		while !ready() {
			if let Ok(Some(status)) = self.child.try_wait() {
				return Err(format!(
					"{} ended at start ({status}):\n{}",
					self.name,
					self.last_words()
				));
			}
			if start.elapsed() > patience {
				return Err(format!("{} did not come up:\n{}", self.name, self.last_words()));
			}
			thread::sleep(Duration::from_millis(100));
		}
		Ok(())
	}

	fn signal(&self, name: &str) -> Outcome {
		let status = Command::new("kill")
			.args([&format!("-{name}"), &self.child.id().to_string()])
			.status()
			.map_err(|error| error.to_string())?;
		if status.success() { Ok(()) } else { Err(format!("cannot signal {}", self.name)) }
	}

	/// Asks it to stop and waits.
	fn stop(&mut self) -> Outcome {
		self.signal("TERM")?;
		let start = Instant::now();
		while start.elapsed() < Duration::from_secs(20) {
			match self.child.try_wait() {
				Ok(Some(status)) if status.success() || status.code().is_none() => return Ok(()),
				Ok(Some(status)) => return Err(format!("{} ended with {status}", self.name)),
				_ => thread::sleep(Duration::from_millis(50)),
			}
		}
		Err(format!("{} did not stop within 20 s", self.name))
	}
}

impl Drop for Process {
	fn drop(&mut self) {
		let _ = self.child.kill();
		let _ = self.child.wait();
	}
}

/// A node of a chain.
pub struct Node {
	process: Process,
	port: u16,
}

impl Node {
	/// Starts `salus-node --dev --tmp` on a free port and waits for its RPC.
	pub fn start(binaries: &Binaries) -> Outcome<Self> {
		Self::start_with(binaries, &["--dev", "--tmp", "--no-mdns", "--port", "0"])
	}

	/// Starts a validator of the chain `local` that knows `peers`, and waits for its RPC. It makes
	/// blocks also when no peer is left.
	pub fn start_validator(
		binaries: &Binaries,
		validator: &Validator,
		peers: &[&Validator],
	) -> Outcome<Self> {
		let base = validator.base.display().to_string();
		let port = validator.port.to_string();
		let key = format!("{:064x}", validator.key);
		let mut arguments = vec!["--chain", "local", "--no-mdns", "--force-authoring"];
		arguments.extend([
			"--base-path",
			&base,
			validator.who,
			"--node-key",
			&key,
			"--port",
			&port,
		]);
		let peers: Vec<_> = peers.iter().map(|peer| peer.address()).collect();
		arguments.extend(peers.iter().flat_map(|address| ["--bootnodes", address]));
		Self::start_with(binaries, &arguments)
	}

	/// Starts the node with these options, and waits for its RPC on a free port.
	pub fn start_with(binaries: &Binaries, arguments: &[&str]) -> Outcome<Self> {
		Self::start_with_patience(binaries, arguments, START)
	}

	/// The same for a node that may take longer to come up.
	pub fn start_with_patience(
		binaries: &Binaries,
		arguments: &[&str],
		patience: Duration,
	) -> Outcome<Self> {
		let port = free_port()?;
		let process = Process::start(
			"salus-node",
			Command::new(&binaries.node).args(arguments).args([
				"--no-prometheus",
				"--no-telemetry",
				"--no-hardware-benchmarks",
				"--rpc-port",
				&port.to_string(),
			]),
		)?;
		let mut node = Self { process, port };
		let url = node.http();
		node.process.wait_until(patience, || {
			rpc(&ureq::agent(), &url, "chain_getHeader", json!([])).is_ok()
		})?;
		Ok(node)
	}

	/// Where clients connect.
	pub fn url(&self) -> String {
		format!("ws://127.0.0.1:{}", self.port)
	}

	fn http(&self) -> String {
		format!("http://127.0.0.1:{}", self.port)
	}

	/// What a JSON-RPC method answers.
	pub fn call(&self, method: &str, parameters: Value) -> Outcome<Value> {
		rpc(&ureq::agent(), &self.http(), method, parameters)
	}

	/// Somebody who calls over and over, by one connection.
	pub fn caller(&self) -> Caller {
		Caller { agent: ureq::agent(), url: self.http() }
	}

	/// The runtime's metadata in a version of its format.
	pub fn metadata(&self, version: u32) -> Outcome<Vec<u8>> {
		let argument = format!("0x{}", hex::encode(version.to_le_bytes()));
		let answer = self.call("state_call", json!(["Metadata_metadata_at_version", argument]))?;
		let text = answer.as_str().and_then(|text| text.strip_prefix("0x")).unwrap_or_default();
		let bytes = hex::decode(text).map_err(|error| error.to_string())?;
		Option::<Vec<u8>>::decode(&mut &bytes[..])
			.map_err(|error| error.to_string())?
			.ok_or_else(|| format!("the runtime has no metadata of version {version}"))
	}

	/// The number of the best block.
	pub fn best(&self) -> Outcome<u64> {
		number(&self.call("chain_getHeader", json!([]))?)
	}

	/// The number of the last finalised block.
	pub fn finalised(&self) -> Outcome<u64> {
		let hash = self.call("chain_getFinalizedHead", json!([]))?;
		number(&self.call("chain_getHeader", json!([hash]))?)
	}

	/// Waits until block `number` is final here.
	pub fn wait_finalised(&self, number: u64, patience: Duration) -> Outcome {
		let start = Instant::now();
		loop {
			let finalised = self.finalised()?;
			if finalised >= number {
				return Ok(());
			}
			if start.elapsed() > patience {
				let best = self.best()?;
				return Err(format!("block {number} is not final: {finalised} is, of {best}"));
			}
			thread::sleep(Duration::from_millis(500));
		}
	}

	/// Stops its clock, so that it neither authors nor answers.
	pub fn freeze(&self) -> Outcome {
		self.process.signal("STOP")
	}

	/// Lets it go on.
	pub fn thaw(&self) -> Outcome {
		self.process.signal("CONT")
	}

	/// Asks it to stop and waits for a clean end.
	pub fn stop(mut self) -> Outcome {
		self.process.stop()
	}
}

/// A validator of the chain `local`, known to its peers before it starts.
pub struct Validator {
	/// `--alice` or `--bob`.
	who: &'static str,
	/// Its network key, and the name that its peers know it by.
	key: u64,
	peer_id: &'static str,
	port: u16,
	/// The folder with its database.
	base: PathBuf,
}

impl Validator {
	/// Alice, with her database below `dir`.
	pub fn alice(dir: &Path) -> Outcome<Self> {
		let peer_id = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp";
		Ok(Self { who: "--alice", key: 1, peer_id, port: free_port()?, base: dir.join("alice") })
	}

	/// Bob, with his database below `dir`.
	pub fn bob(dir: &Path) -> Outcome<Self> {
		let peer_id = "12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD";
		Ok(Self { who: "--bob", key: 2, peer_id, port: free_port()?, base: dir.join("bob") })
	}

	fn address(&self) -> String {
		format!("/ip4/127.0.0.1/tcp/{}/p2p/{}", self.port, self.peer_id)
	}
}

fn number(header: &Value) -> Outcome<u64> {
	let text = header["number"].as_str().and_then(|text| text.strip_prefix("0x"));
	text.and_then(|digits| u64::from_str_radix(digits, 16).ok())
		.ok_or_else(|| format!("no header: {header}"))
}

/// A connection to a node that is kept.
pub struct Caller {
	agent: ureq::Agent,
	url: String,
}

impl Caller {
	/// What a JSON-RPC method answers.
	pub fn call(&self, method: &str, parameters: Value) -> Outcome<Value> {
		rpc(&self.agent, &self.url, method, parameters)
	}
}

fn rpc(agent: &ureq::Agent, url: &str, method: &str, parameters: Value) -> Outcome<Value> {
	let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
	let mut response = agent
		.post(url)
		.header("content-type", "application/json")
		.send(request.to_string())
		.map_err(|error| error.to_string())?;
	let text = response
		.body_mut()
		.with_config()
		.limit(64 * 1024 * 1024)
		.read_to_string()
		.map_err(|error| error.to_string())?;
	let mut answer: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
	if answer["error"].is_null() {
		Ok(answer["result"].take())
	} else {
		Err(format!("{method}: {}", answer["error"]))
	}
}

/// A custodian over a folder of its own.
pub struct Custodian {
	process: Process,
	port: u16,
}

impl Custodian {
	/// Starts it with its objects, shares and log below `dir`, acting with the keystore `key`, and
	/// waits until it is healthy.
	pub fn start(
		binaries: &Binaries,
		dir: &Path,
		node: &Node,
		key: &Path,
		password_file: &Path,
	) -> Outcome<Self> {
		Self::start_with(binaries, dir, node, key, password_file, &[])
	}

	/// The same with more options.
	pub fn start_with(
		binaries: &Binaries,
		dir: &Path,
		node: &Node,
		key: &Path,
		password_file: &Path,
		more: &[&OsStr],
	) -> Outcome<Self> {
		let keys = dir.join("keys");
		let own: [&OsStr; 2] = ["--keys".as_ref(), keys.as_ref()];
		Self::start_as(binaries, dir, node, key, password_file, &[&own, more].concat())
	}

	/// Starts one that holds emergency keys instead: no objects, no shares, a journal of its own.
	pub fn start_holder(
		binaries: &Binaries,
		dir: &Path,
		node: &Node,
		key: &Path,
		password_file: &Path,
	) -> Outcome<Self> {
		let role: [&OsStr; 1] = ["--emergency-holder".as_ref()];
		Self::start_as(binaries, dir, node, key, password_file, &role)
	}

	fn start_as(
		binaries: &Binaries,
		dir: &Path,
		node: &Node,
		key: &Path,
		password_file: &Path,
		more: &[&OsStr],
	) -> Outcome<Self> {
		let port = free_port()?;
		let process = Process::start(
			"salus-custodian",
			Command::new(&binaries.custodian)
				.arg("--listen")
				.arg(format!("127.0.0.1:{port}"))
				.arg("--store")
				.arg(dir.join("store"))
				.arg("--key")
				.arg(key)
				.arg("--password-file")
				.arg(password_file)
				.args(["--log-interval", "2", "--node", &node.url()])
				.args(more),
		)?;
		let mut custodian = Self { process, port };
		let health = format!("{}/health", custodian.url());
		custodian.process.wait_until(START, || ureq::get(&health).call().is_ok())?;
		Ok(custodian)
	}

	/// Where clients connect.
	pub fn url(&self) -> String {
		format!("http://127.0.0.1:{}", self.port)
	}

	/// What `GET` of a path without a signature answers: status and body.
	pub fn get(&self, path: &str) -> Outcome<(u16, String)> {
		let agent: ureq::Agent =
			ureq::Agent::config_builder().http_status_as_error(false).build().into();
		let mut response =
			agent.get(format!("{}{path}", self.url())).call().map_err(|error| error.to_string())?;
		let status = response.status().as_u16();
		let body = response.body_mut().read_to_string().map_err(|error| error.to_string())?;
		Ok((status, body))
	}

	/// The number of its process, for whoever looks at it from outside.
	pub fn id(&self) -> u32 {
		self.process.child.id()
	}

	/// Ends it as a power cut does, while others still talk to it.
	pub fn cut(&self) -> Outcome {
		self.process.signal("KILL")
	}

	/// Ends it as a power cut does: it gets no chance to finish anything.
	pub fn kill(self) {
		// `Child::kill` is SIGKILL.
		drop(self);
	}

	/// Asks it to stop and waits for a clean end.
	pub fn stop(mut self) -> Outcome {
		self.process.stop()
	}
}
