// SPDX-License-Identifier: Apache-2.0

//! A kill among a thousand deposits: what was acknowledged is there when the custodian starts again,
//! and every release that was answered stands in its log.

use crate::{http, scene::Scene};
use salus_client::{
	Keypair,
	wire::{Deposit, MAX_AUDIT_PAGE, Peer, body_hash, fresh_nonce, path},
};
use salus_e2e::Outcome;
use salus_envelope::{AgreementPublic, CustodianShare, Secret};
use salus_primitives::{
	ContentHash, Digest, IdentityId, RecordClass, RecordId, RecordNonce, blake2_256,
};
use std::{
	collections::{BTreeMap, BTreeSet},
	sync::{
		Arc, Mutex, MutexGuard, PoisonError,
		atomic::{AtomicUsize, Ordering},
	},
	time::{Duration, Instant},
};
use tokio::{runtime::Runtime, task::JoinSet};

const MANY: usize = 1_000;
/// After how many acknowledged deposits the power goes.
const KILLED_AFTER: usize = 300;
/// How many come at once.
const HANDS: usize = 8;
/// How many of those that were not acknowledged are brought afterwards.
const AGAIN: usize = 50;

/// A record that nobody filed yet: its share and its object.
struct Filed {
	record: RecordId,
	nonce: RecordNonce,
	share: CustodianShare,
	object: Vec<u8>,
}

impl Filed {
	fn new(author: IdentityId, patient: IdentityId, number: usize) -> Self {
		let nonce: RecordNonce = fresh_nonce();
		let class = RecordClass::Laboratory;
		let record = RecordId::derive(blake2_256, &author, &patient, class, 0, &nonce);
		let object = format!("sealed object {number}").into_bytes();
		Self { record, nonce, share: CustodianShare::generate(), object }
	}

	fn content(&self) -> ContentHash {
		ContentHash(blake2_256(&self.object))
	}
}

/// Who brings, and to whom.
struct Desk {
	address: String,
	peer: Peer,
	key: AgreementPublic,
	author: Keypair,
	patient: IdentityId,
}

impl Desk {
	async fn at(scene: &Scene) -> Outcome<Arc<Self>> {
		let key = *scene.custodian().await?.key();
		let (address, peer) = (scene.address(), scene.peer()?);
		let (author, patient) = (scene.author.signer.clone(), scene.patient.id);
		Ok(Arc::new(Self { address, peer, key, author, patient }))
	}

	async fn ask(&self, method: &str, path: &str, body: &[u8]) -> Outcome<http::Answer> {
		let (credentials, _) = self.peer.sign(method, path, body_hash(body), &self.author);
		http::ask(&self.address, method, path, &credentials, body).await
	}

	/// Brings object and share. Succeeds when both are acknowledged.
	async fn bring(&self, filed: &Filed) -> Outcome {
		let object = self.ask("PUT", &path::object(&filed.content()), &filed.object).await?;
		let share = self.peer.seal_deposit(&filed.record, 1, &filed.share, &self.key);
		let deposit = Deposit {
			subject: self.patient,
			class: RecordClass::Laboratory,
			compartment: 0,
			nonce: filed.nonce,
			content: filed.content(),
			share: share.map_err(|error| error.to_string())?,
			part: None,
		};
		let body = serde_json::to_vec(&deposit).map_err(|error| error.to_string())?;
		let share = self.ask("PUT", &path::share(&filed.record, 1), &body).await?;
		match [object.status, share.status] {
			[200 | 201, 200 | 201] => Ok(()),
			_ => Err(format!("{} {}: {}", object.status, share.status, share.word())),
		}
	}

	/// Whether both are there as they were brought.
	async fn keeps(&self, filed: &Filed) -> Outcome<bool> {
		let share = self.ask("GET", &path::share(&filed.record, 1), b"").await?;
		let object = self.ask("GET", &path::object(&filed.content()), b"").await?;
		Ok(share.status == 204 && object.status == 200 && object.body == filed.object)
	}
}

/// What is brought, and what was acknowledged before the kill.
struct Work {
	filed: Vec<Filed>,
	next: AtomicUsize,
	deposits: Mutex<BTreeSet<usize>>,
	/// Releases, by the number of their entries.
	releases: Mutex<BTreeMap<u64, Digest>>,
	/// Why a deposit was not acknowledged; after the kill that is no wonder.
	trouble: Mutex<Option<String>>,
}

impl Work {
	fn new(scene: &Scene) -> Arc<Self> {
		let (author, patient) = (scene.author.id, scene.patient.id);
		let filed = (0..MANY).map(|number| Filed::new(author, patient, number)).collect();
		let (next, deposits, releases, trouble) = Default::default();
		Arc::new(Self { filed, next, deposits, releases, trouble })
	}

	/// Takes one after the other until all are taken or one is not acknowledged.
	async fn bring(&self, desk: &Desk) {
		loop {
			let number = self.next.fetch_add(1, Ordering::SeqCst);
			let Some(filed) = self.filed.get(number) else { return };
			if let Err(error) = desk.bring(filed).await {
				*lock(&self.trouble) = Some(error);
				return;
			}
			lock(&self.deposits).insert(number);
		}
	}

	/// Waits until enough deposits were acknowledged, and others are on their way.
	async fn reach_the_middle(&self) -> Outcome {
		while lock(&self.deposits).len() < KILLED_AFTER {
			if let Some(error) = lock(&self.trouble).take() {
				return Err(format!("a deposit was refused: {error}"));
			}
			tokio::time::sleep(Duration::from_millis(1)).await;
		}
		Ok(())
	}
}

pub(crate) fn play(scene: &mut Scene, runtime: &Runtime) -> Outcome {
	let work = Work::new(scene);
	let start = Instant::now();
	runtime.block_on(bring_until_killed(scene, &work))?;
	let brought = start.elapsed();
	let (deposits, releases) = (lock(&work.deposits).clone(), lock(&work.releases).clone());
	if !(KILLED_AFTER..MANY).contains(&deposits.len()) || releases.is_empty() {
		return Err(format!(
			"the kill was not in the middle: {} deposits and {} releases were acknowledged",
			deposits.len(),
			releases.len()
		));
	}

	let start = Instant::now();
	scene.start_custodian()?;
	let up = start.elapsed();
	let lost = runtime.block_on(lost(scene, &work, &deposits))?;
	let entries = runtime.block_on(are_logged(scene, &releases))?;
	println!(
		"kill -9 among {MANY} deposits of object and share: {} acknowledged in {:.1} s, {} lost; {} \
		 releases answered meanwhile, all of them among the {entries} entries of the log; up again after \
		 {:.1} s",
		deposits.len(),
		brought.as_secs_f64(),
		lost.len(),
		releases.len(),
		up.as_secs_f64()
	);
	if lost.is_empty() { Ok(()) } else { Err(format!("acknowledged and lost: {lost:?}")) }
}

/// Brings deposits, and has shares released, until the custodian is killed among them.
async fn bring_until_killed(scene: &Scene, work: &Arc<Work>) -> Outcome {
	let desk = Desk::at(scene).await?;
	let mut hands = JoinSet::new();
	for _ in 0..HANDS {
		let (work, desk) = (work.clone(), desk.clone());
		hands.spawn(async move { work.bring(&desk).await });
	}
	let reading = read_until_killed(scene, work);
	let killing = async {
		let reached = work.reach_the_middle().await;
		// In any case: whoever reads does so until nobody answers.
		scene.process()?.cut()?;
		reached
	};
	let (read, killed) = tokio::join!(reading, killing);
	killed?;
	while let Some(ended) = hands.join_next().await {
		ended.map_err(|error| error.to_string())?;
	}
	read
}

/// Has one share released after the other until nobody answers.
async fn read_until_killed(scene: &Scene, work: &Work) -> Outcome {
	let (custodian, patient) = (scene.custodian().await?, &scene.patient);
	let record = scene.records.first().copied().unwrap_or_default();
	loop {
		let wish = patient.wish(record);
		let asked = custodian.request_share(&patient.signer, &wish, &patient.secret).await;
		let Ok((_, release)) = asked else { return Ok(()) };
		lock(&work.releases).insert(release.seq, release.event);
	}
}

/// Which of the acknowledged deposits are not there, or not as they were. The others can be brought.
async fn lost(scene: &Scene, work: &Work, deposits: &BTreeSet<usize>) -> Outcome<Vec<usize>> {
	let desk = Desk::at(scene).await?;
	let (mut lost, mut again) = (Vec::new(), 0);
	for (number, filed) in work.filed.iter().enumerate() {
		if deposits.contains(&number) {
			if !desk.keeps(filed).await? {
				lost.push(number);
			}
		} else if again < AGAIN {
			again += 1;
			desk.bring(filed).await.map_err(|error| format!("deposit {number}: {error}"))?;
			if !desk.keeps(filed).await? {
				lost.push(number);
			}
		}
	}
	Ok(lost)
}

/// Whether every release that was answered stands in the log as it was told, and the log has no gap.
/// Gives how many entries it has.
async fn are_logged(scene: &Scene, releases: &BTreeMap<u64, Digest>) -> Outcome<usize> {
	let (custodian, patient) = (scene.custodian().await?, &scene.patient);
	let (mut logged, mut after) = (BTreeMap::new(), None::<String>);
	loop {
		let page =
			custodian.audit(&patient.signer, &patient.id, after.as_deref(), MAX_AUDIT_PAGE).await;
		let page = page.map_err(|error| error.to_string())?;
		logged.extend(page.entries.iter().map(|entry| (entry.seq, entry.event())));
		after = page.next;
		if after.is_none() {
			break;
		}
	}
	// All entries are about this patient.
	if let Some(gap) = (0..).zip(logged.keys()).find(|(number, seq)| number != *seq) {
		return Err(format!("the log has no entry {}", gap.0));
	}
	match releases.iter().find(|(seq, event)| logged.get(seq) != Some(event)) {
		Some((seq, _)) => Err(format!("release {seq} was answered and is not in the log")),
		None => Ok(logged.len()),
	}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
	mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
