// SPDX-License-Identifier: Apache-2.0

//! A running custodian, people who talk to it, and their requests.

mod request;

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
	Custodian, GatewaySettings, Rates, Settings, Shares, Store, Tls,
	chain::{RecordFacts, VersionFacts},
	config::StartError,
	limits::Rate,
};
use salus_envelope::{
	AgreementSecret, CustodianShare, KeyEncryptionKey, PrivateKey, PublicKey, Secret,
};
use salus_primitives::{
	AccessDecision, Action, ContentHash, IdentityId, PermitBasis, Purpose, RecordClass, RecordId,
	RecordKey, RecordStatus, RecordVersion, blake2_256,
};
use serde::{Serialize, de::DeserializeOwned};
use std::{path::PathBuf, sync::Arc, time::Duration};
use subxt_signer::sr25519::{Keypair, dev};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

pub(crate) use request::*;

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
		compartment: 0,
		legal_hold: false,
	}
}

/// A version that counts, with this object.
pub(crate) fn version(content: &[u8]) -> VersionFacts {
	VersionFacts {
		content: hash(content),
		key: Some(RecordKey { epoch: 1, wrap: [0; 80] }),
		reason: None,
		was_anchored: true,
		is_given_up: false,
	}
}

pub(crate) fn share() -> CustodianShare {
	CustodianShare::from_bytes([5; 32])
}

pub(crate) const PERMIT: AccessDecision = AccessDecision::Permit(PermitBasis::Author);

/// A chain that knows everybody and permits everything.
pub(crate) fn chain() -> Arc<FakeChain> {
	let chain = FakeChain::default();
	chain.both(|end| {
		end.keys.insert(CUSTODIAN, (1, *AgreementSecret::derive(&CUSTODIAN.0).public().as_bytes()));
		for person in [patient(), author(), reader(), colleague(), hospital()] {
			end.accounts.insert(person.signer.public_key().0, person.id);
			end.keys.insert(person.id, (1, *person.secret.public().as_bytes()));
		}
		end.decision = Some(PERMIT);
		end.records.insert(record(), facts(RecordStatus::Validated));
		end.versions.insert((record(), 1), version(OBJECT));
		end.affiliations.insert((author().id, hospital().id));
		end.affiliations.insert((reader().id, hospital().id));
		end.affiliations.insert((hospital().id, hospital().id));
	});
	Arc::new(chain)
}

pub(crate) fn settings() -> Settings {
	Settings {
		identity: CUSTODIAN,
		recorder: "main".into(),
		agreement: AgreementSecret::derive(&CUSTODIAN.0),
		max_object: 16 << 20,
		max_unfiled: 1 << 30,
		hash_first: 64 << 20,
		max_finality_age: Duration::from_secs(60),
		log_interval: Duration::from_millis(100),
		requests: Rates { account: FAST, organisation: FAST },
		denials: Rate { burst: 1000, every: Duration::from_millis(1) },
		erasure_interval: Duration::from_millis(50),
		gateway: None,
		supply: None,
	}
}

/// No limit that a test meets without meaning to.
pub(crate) const FAST: Rate = Rate { burst: 10_000, every: Duration::from_micros(10) };

/// A custodian that listens.
pub(crate) struct Service {
	pub(crate) chain: Arc<FakeChain>,
	pub(crate) faults: Arc<Faulty>,
	pub(crate) key_faults: Arc<Faulty>,
	pub(crate) url: String,
	directory: TempDir,
	settings: Settings,
	pub(crate) tls: Option<Arc<Tls>>,
	running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Service {
	/// A chain that knows everybody and permits everything, and a custodian in front of it.
	pub(crate) async fn start() -> Self {
		Self::start_with(|_| ()).await
	}

	pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
		let chain = chain();
		let mut settings = settings();
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
			tls: None,
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
		let scheme = if self.tls.is_some() { "https" } else { "http" };
		self.url = format!("{scheme}://{}", listener.local_addr().unwrap());
		let (stop, stopped) = oneshot::channel();
		let running = tokio::spawn(custodian.run(listener, self.tls.clone(), async {
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
		Request::new(self, method, path)
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
		let deposit = Deposit { content: *content, ..deposit_for(version, share) };
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

/// A deposit for a version of the record.
pub(crate) fn deposit_for(version: RecordVersion, share: &CustodianShare) -> Deposit {
	let key = AgreementSecret::derive(&CUSTODIAN.0).public();
	Deposit {
		subject: patient().id,
		class: CLASS,
		compartment: 0,
		nonce: NONCE,
		content: hash(OBJECT),
		share: PEER.seal_deposit(&record(), version, share, &key).unwrap(),
		part: None,
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
