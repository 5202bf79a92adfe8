// SPDX-License-Identifier: Apache-2.0

//! The holder of emergency keys: one reader share, for who broke the glass, and nothing more.

use crate::{
	chain::{FakeChain, GENESIS},
	harness::*,
};
use reqwest::{Client, Method, StatusCode};
use salus_client::{
	epochs::Place,
	wire::{AuditPage, EmergencyRelease, EmergencyRequest, Info, Peer, Released, path},
};
use salus_custodian::{
	Rates, Store,
	chain::EmergencyFacts,
	config::StartError,
	holder::{Holder, HolderSettings},
};
use salus_envelope::{
	Addressee, AgreementSecret, CiphertextHash, CompartmentSecret, PrivateKey, PublicKey,
	ReaderShare, RecordContext, Secret,
};
use salus_primitives::{
	AccessDecision, DenyReason, EmergencyId, EmergencyKey, IdentityId, PermitBasis, RecordKey,
};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

const HOLDER: IdentityId = IdentityId([0xee; 32]);
const HOLDER_PEER: Peer = Peer { genesis: GENESIS, custodian: HOLDER };
const EMERGENCY: EmergencyId = EmergencyId(5);
const PLACE: Place = Place { genesis: GENESIS, subject: IdentityId([1; 32]), compartment: 0 };
const PERMITTED: AccessDecision = AccessDecision::Permit(PermitBasis::Emergency(EMERGENCY));

fn holder_secret(version: u32) -> AgreementSecret {
	AgreementSecret::derive(&[version as u8 + 0x40; 32])
}

fn compartment_secret(epoch: u32) -> CompartmentSecret {
	CompartmentSecret::derive(&[epoch as u8 + 0x60; 32])
}

fn reader_share() -> ReaderShare {
	ReaderShare::from_bytes([0x33; 32])
}

/// The version's reader share, as its author sealed it to an epoch of the compartment.
fn sealed_to(epoch: u32) -> RecordKey {
	let context = RecordContext {
		genesis: GENESIS,
		record: record().0,
		version: 1,
		ciphertext_hash: CiphertextHash(hash(OBJECT).0),
	};
	let to = Addressee::compartment(&patient().id.0, 0, epoch);
	let public = compartment_secret(epoch).public();
	RecordKey { epoch, wrap: reader_share().wrap(&context, &to, &public).unwrap().0 }
}

/// The emergency key: the secret of an epoch, sealed to a version of the holder's key.
fn emergency_key(epoch: u32, key_version: u32) -> EmergencyKey {
	let to = Addressee::identity(&HOLDER.0, key_version);
	let public = holder_secret(key_version).public();
	let wrap = compartment_secret(epoch).wrap(&PLACE.epoch(epoch), &to, &public).unwrap();
	EmergencyKey { holder: HOLDER, epoch, key_version, wrap: wrap.0 }
}

fn settings() -> HolderSettings {
	HolderSettings {
		identity: HOLDER,
		recorder: "main".into(),
		key_version: 2,
		secrets: Arc::new(holder_secret),
		max_finality_age: Duration::from_secs(60),
		requests: Rates { account: FAST, organisation: FAST },
		denials: FAST,
	}
}

struct Held {
	chain: Arc<FakeChain>,
	url: String,
	directory: TempDir,
	running: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Held {
	/// The reader broke the glass; the record was sealed two epochs before the key's.
	async fn start() -> Self {
		let chain = chain();
		let public = *holder_secret(2).public().as_bytes();
		let link = |older: u32| {
			let newer = compartment_secret(older + 1).public();
			compartment_secret(older).link(&PLACE.epoch(older + 1), &newer).unwrap().0
		};
		// Both ends show the very same: a wrap is another one each time.
		let (key, sealed, links) =
			(emergency_key(3, 2), sealed_to(1), [(1, link(1)), (2, link(2))]);
		chain.both(|end| {
			end.holders.insert(HOLDER);
			end.keys.insert(HOLDER, (2, public));
			let facts = EmergencyFacts {
				subject: patient().id,
				claimant: reader().id,
				organisation: hospital().id,
			};
			end.emergencies.insert(EMERGENCY, facts);
			end.emergency_keys.insert(0, key);
			end.links.extend(links);
			end.versions.get_mut(&(record(), 1)).unwrap().key = Some(sealed);
			end.decision = Some(PERMITTED);
		});
		let directory = tempfile::tempdir().unwrap();
		let mut held = Self { chain, url: String::new(), directory, running: None };
		held.run().await.unwrap();
		held
	}

	async fn run(&mut self) -> Result<(), StartError> {
		let _ = rustls::crypto::ring::default_provider().install_default();
		let store = Store::open(self.directory.path().to_str().unwrap()).unwrap();
		let holder = Holder::start(settings(), self.chain.clone(), store).await?;
		let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
		self.url = format!("http://{}", listener.local_addr().unwrap());
		let (stop, stopped) = oneshot::channel();
		let running = tokio::spawn(holder.run(listener, None, async {
			let _ = stopped.await;
		}));
		self.running = Some((stop, running));
		Ok(())
	}

	async fn stop(&mut self) {
		let (stop, running) = self.running.take().unwrap();
		stop.send(()).unwrap();
		running.await.unwrap();
	}

	async fn ask(&self, by: &Person, place: (Method, &str), body: Vec<u8>) -> Answer {
		ask(&Client::new(), (&self.url, HOLDER), by, place, body).await.unwrap()
	}

	async fn release_to(&self, by: &Person, id: EmergencyId) -> Answer {
		let request = EmergencyRequest { record: record(), version: 1, key_version: 1 };
		let body = serde_json::to_vec(&request).unwrap();
		self.ask(by, (Method::POST, &path::emergency_release(id)), body).await
	}

	async fn release(&self) -> Answer {
		self.release_to(&reader(), EMERGENCY).await
	}

	/// How many entries the journal has.
	fn entries(&self) -> usize {
		files_under(&self.directory.path().join("log")).len()
	}
}

#[tokio::test]
async fn the_claimant_gets_the_reader_share_and_nobody_else_can_open_it() {
	let held = Held::start().await;
	let answer = held.release().await;
	let request = answer.request;
	let release: EmergencyRelease = answer.json();
	assert_eq!((release.emergency, release.record, release.version), (EMERGENCY, record(), 1));
	let opened = HOLDER_PEER.open_emergency(&request, &release.share, &reader().secret);
	assert!(opened.unwrap() == reader_share());
	for other in [patient(), author()] {
		assert!(HOLDER_PEER.open_emergency(&request, &release.share, &other.secret).is_err());
	}
	// What it gives is no custodian's share.
	assert!(HOLDER_PEER.open_release(&request, &release.share, &reader().secret).is_err());
	assert_eq!((release.seq, held.entries()), (0, 1));
}

#[tokio::test]
async fn a_key_of_the_same_epoch_needs_no_link() {
	let held = Held::start().await;
	held.chain.both(|end| {
		end.links.clear();
		end.versions.get_mut(&(record(), 1)).unwrap().key = Some(sealed_to(3));
	});
	held.release().await.succeeds(200);
	// One that is sealed to a former key of the holder opens as well.
	let former = emergency_key(3, 1);
	held.chain.both(|end| {
		end.emergency_keys.insert(0, former);
	});
	held.release().await.succeeds(200);
}

#[tokio::test]
async fn a_key_that_does_not_lead_to_the_record_is_said_so() {
	let held = Held::start().await;
	// Newer than the key: links lead back only.
	held.chain.both(|end| {
		end.versions.get_mut(&(record(), 1)).unwrap().key = Some(sealed_to(4));
	});
	held.release().await.fails(502, "emergency-key-fails");
	held.chain.both(|end| {
		end.versions.get_mut(&(record(), 1)).unwrap().key = Some(sealed_to(1));
		end.links.remove(&1);
	});
	held.release().await.fails(502, "emergency-key-fails");
	// A retracted version has none to open.
	held.chain.both(|end| {
		end.versions.get_mut(&(record(), 1)).unwrap().key = None;
	});
	held.release().await.fails(410, "no-reader-share");
	held.chain.both(|end| {
		end.versions.get_mut(&(record(), 1)).unwrap().is_given_up = true;
	});
	held.release().await.fails(404, "version-unknown");
	assert_eq!(held.entries(), 0, "nothing was released");
}

#[tokio::test]
async fn both_ends_of_the_chain_have_to_show_the_emergency() {
	for end_of in [0, 1] {
		let held = Held::start().await;
		let change = |decision| {
			let mut state = held.chain.state();
			let end = if end_of == 0 { &mut state.finalised } else { &mut state.best };
			end.decision = Some(decision);
		};
		change(AccessDecision::Deny(DenyReason::NoGrant));
		let failure = held.release().await.fails(403, "access-denied");
		assert_eq!(failure.decision, Some(AccessDecision::Deny(DenyReason::NoGrant)));
		assert_eq!(held.entries(), 1, "a denial is recorded");
		change(PERMITTED);
		held.release().await.succeeds(200);
	}
}

#[tokio::test]
async fn an_emergency_serves_its_claimant_only() {
	let held = Held::start().await;
	held.release_to(&author(), EMERGENCY).await.fails(404, "emergency-unknown");
	held.release_to(&reader(), EmergencyId(6)).await.fails(404, "emergency-unknown");
	// One that is not final yet.
	let facts = held.chain.state().finalised.emergencies.remove(&EMERGENCY).unwrap();
	held.release().await.fails(404, "emergency-unknown");
	held.chain.state().finalised.emergencies.insert(EMERGENCY, facts);
	held.release().await.succeeds(200);
}

#[tokio::test]
async fn what_needs_no_emergency_or_another_one_is_not_for_the_holder() {
	let held = Held::start().await;
	for basis in [PermitBasis::Author, PermitBasis::Policy, PermitBasis::Emergency(EmergencyId(6))]
	{
		held.chain.decide(AccessDecision::Permit(basis));
		held.release().await.fails(409, "other-basis");
	}
	assert_eq!(held.entries(), 0);
}

#[tokio::test]
async fn a_key_that_was_taken_back_opens_nothing() {
	let held = Held::start().await;
	held.chain.state().best.emergency_keys.clear();
	held.release().await.fails(404, "no-emergency-key");
	let other = EmergencyKey { holder: HOLDER, ..emergency_key(3, 2) };
	held.chain.both(|end| {
		end.emergency_keys.insert(0, EmergencyKey { holder: hospital().id, ..other });
	});
	held.release().await.fails(404, "no-emergency-key");
}

#[tokio::test]
async fn stalled_finality_releases_nothing() {
	let held = Held::start().await;
	held.chain.state().age = 61_000;
	held.release().await.fails(503, "stale-finality");
	let health = reqwest::get(format!("{}/health", held.url)).await.unwrap();
	assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_patient_and_the_organisation_see_what_was_given_out() {
	let mut held = Held::start().await;
	held.release().await.succeeds(200);
	held.stop().await;
	held.run().await.unwrap();
	for (by, path) in [
		(patient(), path::audit(&patient().id, None, 9)),
		(hospital(), path::audit_of_readers(&hospital().id, None, 9)),
	] {
		let page: AuditPage = held.ask(&by, (Method::GET, &path), Vec::new()).await.json();
		let [entry] = &page.entries[..] else { panic!("one entry") };
		assert_eq!((entry.decision, entry.released), (PERMITTED, Released::ReaderShare));
		assert_eq!(entry.question.reader, reader().id);
	}
	// It writes nothing to the chain.
	let state = held.chain.state();
	assert!(state.batches.is_empty() && state.sent.is_empty());
}

#[tokio::test]
async fn it_keeps_neither_objects_nor_shares() {
	let held = Held::start().await;
	let info = reqwest::get(format!("{}/info", held.url)).await.unwrap();
	let info: Info = info.json().await.unwrap();
	assert!(info.emergency_holder);
	assert_eq!((info.identity, info.key_version, info.max_object), (HOLDER, Some(2), 0));
	for place in [path::object(&hash(OBJECT)), path::share(&record(), 1)] {
		let answer = held.ask(&author(), (Method::PUT, &place), Vec::new()).await;
		answer.fails(404, "unknown-path");
	}
}

#[tokio::test]
async fn nothing_of_a_secret_lies_about() {
	let held = Held::start().await;
	held.release().await.succeeds(200);
	let secrets = [1, 2, 3].map(|epoch| hex::encode(compartment_secret(epoch).expose()));
	for file in files_under(held.directory.path()) {
		let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
		assert!(!text.contains(&hex::encode(reader_share().expose())));
		assert!(secrets.iter().all(|secret| !text.contains(secret)));
	}
}

#[tokio::test]
async fn nobody_holds_both_halves_of_a_key() {
	let mut held = Held::start().await;
	held.stop().await;
	held.chain.both(|end| {
		end.custodians.insert(HOLDER);
	});
	let error = held.run().await.unwrap_err();
	assert!(matches!(error, StartError::KeepsShares(HOLDER)), "{error}");
	held.chain.both(|end| {
		end.custodians.remove(&HOLDER);
		end.holders.remove(&HOLDER);
	});
	let error = held.run().await.unwrap_err();
	assert!(matches!(error, StartError::HoldsNothing(HOLDER)), "{error}");

	// And a custodian does not start for a holder.
	let mut service = Service::start().await;
	service.stop().await;
	service.chain.both(|end| {
		end.holders.insert(CUSTODIAN);
	});
	let error = service.try_restart().await.unwrap_err();
	assert!(matches!(error, StartError::HoldsEmergencyKeys(CUSTODIAN)), "{error}");
}
