// SPDX-License-Identifier: Apache-2.0

//! How soon a custodian follows what a patient says: a revocation from the block that includes it, a
//! grant from the finality of its block. The seconds are printed.

use salus_client::{
	At, Call, Chain, Stage as Progress, Wait, calls,
	custodian::{Custodian, CustodianError, ShareRequest},
	keystore::{self, Secrets},
	types::{
		Basis, Decision, GrantKeys, Grantee, ListedGrant, RevocationStrength, Scope, Standing,
	},
};
use salus_e2e::{Binaries, Person, journey::Stage};
use salus_envelope::{Addressee, AgreementPublic, CompartmentPublic, EpochContext};
use salus_primitives::{
	Action, Actions, CompartmentKey, DAY, IdentityId, Purpose, Purposes, RecordId, Window,
};
use std::{
	fs,
	sync::Mutex,
	time::{Duration, Instant},
};

const ROUNDS: usize = 3;
/// How often the custodian is asked.
const EVERY: Duration = Duration::from_millis(200);
/// How long a request takes on a busy machine, at most.
const SLACK: Duration = Duration::from_secs(2);
/// How long it may take altogether.
const PATIENCE: Duration = Duration::from_secs(90);

/// A patient, a doctor without a share in the record's house, and the custodian.
struct Scene {
	chain: Chain,
	custodian: Custodian,
	patient: Secrets,
	doctor: Secrets,
	subject: IdentityId,
	reader: IdentityId,
	request: ShareRequest,
}

/// When what was submitted stood in a block, when that was final, and when the custodian acted on it.
#[derive(Clone, Copy, Debug)]
struct Times {
	included: Duration,
	finalised: Duration,
	followed: Duration,
	/// When the last request was made that was answered as before.
	before: Duration,
}

impl Scene {
	async fn set(stage: &Stage, record: RecordId) -> Self {
		let password = fs::read_to_string(stage.world.password_file()).unwrap();
		let open = |person: &Person| {
			keystore::open(&person.home().join("keystore.json"), password.trim()).unwrap()
		};
		let id = |person: &Person| person.identity.parse::<IdentityId>().unwrap();
		let chain = Chain::connect(&stage.world.node_url(), None).await.unwrap();
		let url = stage.world.custodian_url();
		let custodian = Custodian::connect(&url, chain.genesis()).await.unwrap();
		let reader = id(&stage.doctor_b);
		let known = chain.best().await.unwrap().identity(reader).await.unwrap().unwrap();
		let request = ShareRequest {
			record,
			version: 1,
			purpose: Purpose::Treat,
			action: Action::Access,
			key_version: known.agreement.version,
		};
		Self {
			chain,
			custodian,
			patient: open(&stage.patient),
			doctor: open(&stage.doctor_b),
			subject: id(&stage.patient),
			reader,
			request,
		}
	}

	/// The patient lets the doctor read compartment 0 for a day.
	async fn grant(&self) -> Call {
		let at = self.chain.best().await.unwrap();
		let row = at.compartment(self.subject, 0).await.unwrap().unwrap();
		let public = CompartmentPublic::from_bytes(row.key).unwrap();
		let secret = self.patient.compartment_for(0, row.epoch, &public).unwrap();
		let agreement = at.identity(self.reader).await.unwrap().unwrap().agreement;
		let epoch = EpochContext {
			genesis: self.chain.genesis(),
			subject: self.subject.0,
			compartment: 0,
			epoch: row.epoch,
		};
		let to = Addressee::identity(&self.reader.0, agreement.version);
		let key = AgreementPublic::from_bytes(agreement.key).unwrap();
		let wrap = secret.wrap(&epoch, &to, &key).unwrap().0;
		let key_version = agreement.version;
		let keys = vec![CompartmentKey { compartment: 0, epoch: row.epoch, key_version, wrap }];
		let now = at.now().await.unwrap();
		calls::consent::grant(
			self.subject,
			Grantee::Identity(self.reader),
			Decision::Permit,
			Scope::Compartment(0),
			Purposes::of(&[Purpose::Treat]),
			Actions::of(&[Action::Access]),
			None,
			Window { from: now, until: now + DAY },
			None,
			Basis::Consent,
			None,
			false,
			GrantKeys::Compartments(keys),
		)
	}

	/// The patient takes it back.
	async fn revoke(&self) -> Call {
		let at: At = self.chain.best().await.unwrap();
		let granted = at.all_grants_of(self.subject).await.unwrap();
		let is_live = |one: &&ListedGrant| one.standing == Standing::InForce;
		let live = granted.iter().rev().find(is_live).expect("one is in force");
		calls::consent::revoke(live.id, RevocationStrength::Lazy)
	}

	/// Submits a call, and asks for the share until the answer is the one that the call leads to.
	async fn follow(&self, call: Call, leads_to_release: bool) -> Times {
		let submitted = Instant::now();
		let included = Mutex::new(None);
		let signer = self.patient.signer();
		let note = |stage: Progress| {
			if matches!(stage, Progress::InBlock) {
				included.lock().unwrap().get_or_insert(submitted.elapsed());
			}
		};
		let sent = async {
			self.chain.submit_with(&call, &signer, Wait::FINALIZED, note).await.unwrap();
			submitted.elapsed()
		};
		let (finalised, (followed, before)) =
			tokio::join!(sent, self.ask_until(leads_to_release, submitted));
		let included = included.lock().unwrap().expect("it was in a block before it was final");
		Times { included, finalised, followed, before }
	}

	/// When the answer changed, and when the last request was made that had the old answer.
	async fn ask_until(&self, released: bool, since: Instant) -> (Duration, Duration) {
		let (signer, mut before) = (self.doctor.signer(), Duration::ZERO);
		let secret = self.doctor.agreement(self.request.key_version);
		loop {
			let asked = since.elapsed();
			assert!(asked < PATIENCE, "the custodian never followed");
			match self.custodian.request_share(&signer, &self.request, &secret).await {
				Ok(_) if released => return (since.elapsed(), before),
				Err(CustodianError::Denied { .. }) if !released => {
					return (since.elapsed(), before);
				},
				Ok(_) | Err(CustodianError::Denied { .. }) => before = asked,
				// Too many at once: that says nothing about the grant.
				Err(CustodianError::Refused { status: 429, .. }) => (),
				Err(error) => panic!("{error}"),
			}
			tokio::time::sleep(EVERY).await;
		}
	}
}

fn seconds(time: Duration) -> String {
	format!("{:.1} s", time.as_secs_f64())
}

#[test]
fn a_revocation_acts_from_its_block_and_a_grant_from_its_finality() {
	let binaries = Binaries::of_this_build().unwrap();
	let mut tell = |line: &str| println!("{line}");
	let mut stage = Stage::set(&binaries, &mut tell).unwrap();
	let record = stage.file_bundle(None, &mut tell).unwrap().parse().unwrap();
	let runtime = tokio::runtime::Runtime::new().unwrap();
	runtime.block_on(async {
		let scene = Scene::set(&stage, record).await;
		for _ in 0..ROUNDS {
			let granted = scene.follow(scene.grant().await, true).await;
			let Times { included, finalised, followed, .. } = granted;
			println!(
				"a grant stands in a block after {}, is final after {} and acts after {}",
				seconds(included),
				seconds(finalised),
				seconds(followed)
			);
			assert!(included < followed, "no release before the grant was in a block: {granted:?}");
			assert!(followed < finalised + SLACK, "a final grant acts: {granted:?}");

			let revoked = scene.follow(scene.revoke().await, false).await;
			let Times { included, finalised, followed, before } = revoked;
			println!(
				"a revocation stands in a block after {}, is enforced after {} and final after {}",
				seconds(included),
				seconds(followed),
				seconds(finalised)
			);
			assert!(before < included + SLACK, "no release after the revocation: {revoked:?}");
			assert!(followed < included + SLACK, "enforced with its block: {revoked:?}");
		}
	});
	stage.world.stop().unwrap();
}
