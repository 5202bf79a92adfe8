// SPDX-License-Identifier: Apache-2.0

//! A running custodian, people who talk to it, and their requests.

use crate::{
	chain::{FakeChain, GENESIS},
	faults::Faulty,
};
use object_store::{ObjectStore, local::LocalFileSystem};
use reqwest::{Method, StatusCode};
use salus_client::wire::{
	self, Credentials, Deposit, Failure, Peer, ReleaseRequest, Statement, body_hash, path,
};
use salus_custodian::{
	Custodian, GatewaySettings, Settings, Shares, Store, chain::RecordFacts, config::StartError,
	limits::Rate,
};
use salus_envelope::{
	AgreementSecret, CustodianShare, KeyEncryptionKey, PrivateKey, PublicKey, Secret,
};
use salus_primitives::{
	AccessDecision, Action, ContentHash, IdentityId, PermitBasis, Purpose, RecordClass, RecordId,
	RecordStatus, RecordVersion, blake2_256,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{path::PathBuf, sync::Arc, time::Duration};
use subxt_signer::sr25519::{Keypair, dev};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) const CUSTODIAN: IdentityId = IdentityId([0xcc; 32]);
pub(crate) const PEER: Peer = Peer { genesis: GENESIS, custodian: CUSTODIAN };

/// Somebody with an account, an identity and an agreement key of version 1.
pub(crate) struct Person {
	pub(crate) id: IdentityId,
	pub(crate) signer: Keypair,
	pub(crate) secret: AgreementSecret,
}

fn person(number: u8, signer: Keypair) -> Person {
	let secret = AgreementSecret::derive(&[number; 32]);
	Person { id: IdentityId([number; 32]), signer, secret }
}

pub(crate) fn patient() -> Person {
	person(1, dev::alice())
}

pub(crate) fn author() -> Person {
	person(2, dev::bob())
}

pub(crate) fn reader() -> Person {
	person(3, dev::dave())
}

pub(crate) fn colleague() -> Person {
	person(4, dev::eve())
}

/// The organisation whose verdicts the gateway gives.
pub(crate) fn hospital() -> Person {
	person(5, dev::charlie())
}

pub(crate) const CLASS: RecordClass = RecordClass::Laboratory;
pub(crate) const NONCE: [u8; 16] = [9; 16];

/// What stands for the sealed object of that record where its bytes do not matter.
pub(crate) const OBJECT: &[u8] = b"a sealed object";

/// The id of the one record that most tests are about.
pub(crate) fn record() -> RecordId {
	RecordId::derive(blake2_256, &author().id, &patient().id, CLASS, 0, &NONCE)
}

pub(crate) fn facts(status: RecordStatus) -> RecordFacts {
	RecordFacts {
		subject: patient().id,
		author: author().id,
		organisation: None,
		status,
		current: 1,
		newest: 1,
	}
}

pub(crate) fn share() -> CustodianShare {
	CustodianShare::from_bytes([5; 32])
}

pub(crate) const PERMIT: AccessDecision = AccessDecision::Permit(PermitBasis::Author);

/// A custodian that listens.
pub(crate) struct Service {
	pub(crate) chain: Arc<FakeChain>,
	pub(crate) faults: Arc<Faulty>,
	pub(crate) key_faults: Arc<Faulty>,
	pub(crate) url: String,
	directory: TempDir,
	settings: Settings,
	running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Service {
	/// A chain that knows everybody and permits everything, and a custodian in front of it.
	pub(crate) async fn start() -> Self {
		Self::start_with(|_| ()).await
	}

	pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
		let chain = Arc::new(FakeChain::default());
		let custodian = AgreementSecret::derive(&CUSTODIAN.0);
		chain.both(|end| {
			end.keys.insert(CUSTODIAN, (1, *custodian.public().as_bytes()));
			for person in [patient(), author(), reader(), colleague(), hospital()] {
				end.accounts.insert(person.signer.public_key().0, person.id);
				end.keys.insert(person.id, (1, *person.secret.public().as_bytes()));
			}
			end.decision = Some(PERMIT);
			end.records.insert(record(), facts(RecordStatus::Validated));
			end.affiliations.insert((author().id, hospital().id));
		});
		let mut settings = Settings {
			identity: CUSTODIAN,
			recorder: "main".into(),
			agreement: custodian,
			max_object: 16 << 20,
			hash_first: 64 << 20,
			max_finality_age: Duration::from_secs(60),
			log_interval: Duration::from_millis(100),
			requests: Rate { burst: 1000, every: Duration::from_millis(1) },
			denials: Rate { burst: 1000, every: Duration::from_millis(1) },
			erasure_interval: Duration::from_millis(50),
			gateway: None,
		};
		change(&mut settings);
		let directory = tempfile::tempdir().unwrap();
		let faults = Faulty::over(Arc::new(local(&directory, "store")));
		let key_faults = Faulty::over(Arc::new(local(&directory, "keys")));
		let mut service = Self {
			chain,
			faults,
			key_faults,
			url: String::new(),
			directory,
			settings,
			running: None,
		};
		service.run().await;
		service
	}

	/// One that gives verdicts for the hospital.
	pub(crate) async fn start_gateway(change: impl FnOnce(&mut GatewaySettings)) -> Self {
		let mut gateway = GatewaySettings {
			organisation: hospital().id,
			signer: hospital().signer,
			max_document: 1 << 20,
			lifetime: Duration::from_secs(900),
			validations: Rate { burst: 1000, every: Duration::from_millis(1) },
			patience: Duration::from_secs(10),
		};
		change(&mut gateway);
		Self::start_with(|settings| settings.gateway = Some(gateway)).await
	}

	async fn run(&mut self) {
		self.try_run().await.unwrap();
	}

	async fn try_run(&mut self) -> Result<(), StartError> {
		// Where TLS is compiled in, the client wants to know whose.
		let _ = rustls::crypto::ring::default_provider().install_default();
		let store = Store::over(self.faults.clone());
		let keys = Store::over(self.key_faults.clone());
		let shares = Shares::new(store.clone(), keys, master());
		let settings = self.settings.clone();
		let custodian = Custodian::start(settings, self.chain.clone(), store, shares).await?;
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		self.url = format!("http://{}", listener.local_addr().unwrap());
		let (stop, stopped) = oneshot::channel();
		let running = tokio::spawn(custodian.run(listener, async {
			let _ = stopped.await;
		}));
		self.running = Some((stop, running));
		Ok(())
	}

	/// Stops as a signal does.
	pub(crate) async fn stop(&mut self) {
		let (stop, running) = self.running.take().unwrap();
		stop.send(()).unwrap();
		tokio::time::timeout(Duration::from_secs(30), running).await.unwrap().unwrap();
	}

	/// Begins to stop and gives what ends when it has.
	pub(crate) fn begin_to_stop(&mut self) -> JoinHandle<()> {
		let (stop, running) = self.running.take().unwrap();
		stop.send(()).unwrap();
		running
	}

	/// Stops as a power cut does.
	pub(crate) async fn crash(&mut self) {
		let (_stop, running) = self.running.take().unwrap();
		running.abort();
		let _ = running.await;
	}

	/// Starts again over the same files.
	pub(crate) async fn restart(&mut self) {
		self.run().await;
	}

	/// Tries to start again over the same files.
	pub(crate) async fn try_restart(&mut self) -> Result<(), StartError> {
		self.try_run().await
	}

	/// Changes the settings for the next start.
	pub(crate) fn set(&mut self, change: impl FnOnce(&mut Settings)) {
		change(&mut self.settings);
	}

	/// Where both stores lie.
	pub(crate) fn folder(&self) -> &std::path::Path {
		self.directory.path()
	}

	/// A file of the store.
	pub(crate) fn file(&self, name: &str) -> PathBuf {
		self.directory.path().join("store").join(name)
	}

	/// A file of the key store.
	pub(crate) fn key_file(&self) -> PathBuf {
		self.directory.path().join(format!("keys/keys/{}/1", hex::encode(record().0)))
	}

	/// How many files lie under a folder of the store.
	pub(crate) fn count(&self, folder: &str) -> usize {
		files_under(&self.file(folder)).len()
	}

	pub(crate) fn request(&self, method: Method, path: &str) -> Request<'_> {
		Request {
			service: self,
			method,
			path: path.into(),
			body: Vec::new(),
			headers: Vec::new(),
			signer: reader().signer,
			change: None,
			forge: None,
		}
	}

	pub(crate) async fn put_object(&self, bytes: &[u8]) -> Answer {
		let request = self.request(Method::PUT, &path::object(&hash(bytes)));
		request.by(&author()).body(bytes.to_vec()).send().await
	}

	pub(crate) async fn get_object(&self, hash: &ContentHash) -> Answer {
		self.request(Method::GET, &path::object(hash)).send().await
	}

	pub(crate) async fn deposit(&self, by: &Person, share: &CustodianShare) -> Answer {
		self.deposit_version(by, 1, &hash(OBJECT), share).await
	}

	pub(crate) async fn deposit_version(
		&self,
		by: &Person,
		version: RecordVersion,
		content: &ContentHash,
		share: &CustodianShare,
	) -> Answer {
		let key = self.settings.agreement.public();
		let deposit = Deposit {
			subject: patient().id,
			class: CLASS,
			compartment: 0,
			nonce: NONCE,
			content: *content,
			share: PEER.seal_deposit(&record(), version, share, &key).unwrap(),
		};
		let request = self.request(Method::PUT, &path::share(&record(), version));
		request.by(by).json(&deposit).send().await
	}

	pub(crate) async fn release(&self) -> Answer {
		self.request(Method::POST, &path::release(&record(), 1)).json(&wish()).send().await
	}

	pub(crate) async fn metrics(&self) -> String {
		reqwest::get(format!("{}/metrics", self.url)).await.unwrap().text().await.unwrap()
	}
}

/// Wraps the keys of the shares.
pub(crate) fn master() -> KeyEncryptionKey {
	KeyEncryptionKey::from_bytes([6; 32])
}

/// Waits until something holds.
pub(crate) async fn eventually(what: impl Fn() -> bool) {
	for _ in 0..200 {
		if what() {
			return;
		}
		tokio::time::sleep(Duration::from_millis(50)).await;
	}
	panic!("it did not come about");
}

/// Every file below a folder.
pub(crate) fn files_under(folder: &std::path::Path) -> Vec<PathBuf> {
	let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
	let paths = entries.map(|entry| entry.unwrap().path());
	paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn local(directory: &TempDir, name: &str) -> impl ObjectStore {
	let path = directory.path().join(name);
	std::fs::create_dir_all(&path).unwrap();
	LocalFileSystem::new_with_prefix(path).unwrap().with_fsync(true)
}

pub(crate) fn wish() -> ReleaseRequest {
	ReleaseRequest { purpose: Purpose::Treat, action: Action::Access, key_version: 1 }
}

pub(crate) fn hash(bytes: &[u8]) -> ContentHash {
	ContentHash(blake2_256(bytes))
}

type Change = Box<dyn Fn(&mut Statement<'_>) + Send>;
type Forge = Box<dyn Fn(&mut Credentials) + Send>;

/// A request before it is sent.
pub(crate) struct Request<'a> {
	service: &'a Service,
	method: Method,
	path: String,
	pub(crate) body: Vec<u8>,
	headers: Vec<(&'static str, String)>,
	signer: Keypair,
	change: Option<Change>,
	forge: Option<Forge>,
}

impl Request<'_> {
	pub(crate) fn by(mut self, person: &Person) -> Self {
		self.signer = person.signer.clone();
		self
	}

	pub(crate) fn signer(mut self, signer: Keypair) -> Self {
		self.signer = signer;
		self
	}

	pub(crate) fn body(mut self, body: Vec<u8>) -> Self {
		self.body = body;
		self
	}

	pub(crate) fn json(self, body: &impl Serialize) -> Self {
		self.body(serde_json::to_vec(body).unwrap())
	}

	pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
		self.headers.push((name, value));
		self
	}

	/// Changes what is signed, before it is signed.
	pub(crate) fn change(mut self, change: impl Fn(&mut Statement<'_>) + Send + 'static) -> Self {
		self.change = Some(Box::new(change));
		self
	}

	/// Changes the headers after signing.
	pub(crate) fn forge(mut self, forge: impl Fn(&mut Credentials) + Send + 'static) -> Self {
		self.forge = Some(Box::new(forge));
		self
	}

	pub(crate) async fn send(self) -> Answer {
		let mut statement = Statement {
			genesis: GENESIS,
			method: self.method.as_str(),
			path: &self.path,
			body: body_hash(&self.body),
			audience: CUSTODIAN,
			nonce: wire::fresh_nonce(),
			expires: wire::now() + wire::LIFETIME,
		};
		if let Some(change) = &self.change {
			change(&mut statement);
		}
		let mut credentials = Credentials::sign(&statement, &self.signer);
		if let Some(forge) = &self.forge {
			forge(&mut credentials);
		}
		let url = format!("{}{}", self.service.url, self.path);
		let mut request = reqwest::Client::new().request(self.method.clone(), url);
		for (name, value) in credentials.headers().into_iter().chain(self.headers) {
			request = request.header(name, value);
		}
		let response = request.body(self.body).send().await.unwrap();
		let status = response.status();
		let retry = response.headers().contains_key("retry-after");
		Answer { status, retry, body: response.bytes().await, request: statement.hash() }
	}
}

/// What came back.
pub(crate) struct Answer {
	pub(crate) status: StatusCode,
	pub(crate) retry: bool,
	pub(crate) body: reqwest::Result<bytes::Bytes>,
	/// The hash of the request.
	pub(crate) request: [u8; 32],
}

impl Answer {
	#[track_caller]
	pub(crate) fn json<T: DeserializeOwned>(self) -> T {
		let body = self.body.unwrap();
		let text = String::from_utf8_lossy(&body).into_owned();
		assert!(self.status.is_success(), "{} {text}", self.status);
		serde_json::from_slice(&body).unwrap()
	}

	/// Checks that it is this failure.
	#[track_caller]
	pub(crate) fn fails(self, status: u16, word: &str) -> Failure {
		let body = self.body.unwrap();
		let text = String::from_utf8_lossy(&body).into_owned();
		assert_eq!(self.status.as_u16(), status, "{text}");
		let failure: Failure = serde_json::from_slice(&body).unwrap();
		assert_eq!(failure.error, word, "{text}");
		assert!(!failure.message.contains('\n'));
		failure
	}

	#[track_caller]
	pub(crate) fn succeeds(self, status: u16) {
		let text = self.body.map(|body| String::from_utf8_lossy(&body).into_owned());
		assert_eq!(self.status.as_u16(), status, "{text:?}");
	}
}
