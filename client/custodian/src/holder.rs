// SPDX-License-Identifier: Apache-2.0

//! The holder of emergency keys: another organisation than those that keep key shares.
//!
//! Patients seal the secrets of their compartments to it. When somebody broke the glass, it opens
//! the one reader share that is asked for and seals it to the claimant; the compartment's secret
//! never leaves. That share opens nothing without the custodian's, which has its own log.
//!
//! What it recorded lies in a journal of its own. It goes into no batch: an organisation that holds
//! emergency keys writes nothing into the access log, so that no single party holds both halves of a
//! key and the record of who used them.

mod http;
mod opening;

use crate::{
	auth::{Caller, Door, Rates},
	chain::{At, Chain},
	config::StartError,
	error::{Error, Result},
	limits::{Rate, RateLimit},
	log::{AccessLog, Urgency},
	metrics::Metrics,
	server,
	store::Store,
	tls::Tls,
};
use salus_client::wire::{
	self, AuditEntry, EmergencyRelease, EmergencyRequest, Health, Info, Released,
};
use salus_envelope::{AgreementSecret, PrivateKey, PublicKey};
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, Digest, EmergencyId, IdentityId, KeyVersion,
	PermitBasis, Purpose,
};
use std::{
	fmt,
	sync::Arc,
	time::{Duration, Instant},
};
use tokio::{net::TcpListener, task::JoinSet};

/// How often spent nonces are removed and the final block is looked at.
const ROUND: Duration = Duration::from_secs(30);
/// How long `/health` waits for the chain.
const HEALTH_PATIENCE: Duration = Duration::from_secs(3);

/// Finds the secret of a version of the holder's agreement key.
pub type Secrets = dyn Fn(KeyVersion) -> AgreementSecret + Send + Sync;

/// What a holder knows of itself.
#[derive(Clone)]
pub struct HolderSettings {
	/// Its identity: the audience of every request.
	pub identity: IdentityId,
	/// The name of its journal.
	pub recorder: String,
	/// The version of its agreement key in force.
	pub key_version: KeyVersion,
	/// Opens emergency keys, those sealed to former versions too.
	pub secrets: Arc<Secrets>,
	/// How old the final block may be when something is released.
	pub max_finality_age: Duration,
	/// How often somebody may ask.
	pub requests: Rates,
	/// How often denials of one claimant are recorded.
	pub denials: Rate,
}

impl fmt::Debug for HolderSettings {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		f.debug_struct("HolderSettings")
			.field("identity", &self.identity)
			.field("recorder", &self.recorder)
			.finish_non_exhaustive()
	}
}

/// A holder of emergency keys: everything behind its endpoints.
pub struct Holder {
	settings: HolderSettings,
	chain: Arc<dyn Chain>,
	door: Door,
	journal: AccessLog,
	denials: RateLimit<IdentityId>,
	metrics: Arc<Metrics>,
}

impl Holder {
	/// Puts a holder together. It does not start for an organisation that keeps key shares, nor for
	/// one that offers nobody to hold emergency keys.
	pub async fn start(
		settings: HolderSettings,
		chain: Arc<dyn Chain>,
		store: Store,
	) -> Result<Arc<Self>, StartError> {
		let HolderSettings { identity, recorder, requests, denials, .. } = settings.clone();
		let finalised = chain.head(At::Finalised).await?;
		if chain.is_data_custodian(&identity, finalised).await? {
			return Err(StartError::KeepsShares(identity));
		}
		if !chain.holds_emergency_keys(&identity, finalised).await? {
			return Err(StartError::HoldsNothing(identity));
		}
		let journal = AccessLog::open(store.clone(), identity, recorder).await;
		let door = Door::new(chain.clone(), store, identity, requests);
		Ok(Arc::new(Self {
			settings,
			chain,
			door,
			journal: journal.map_err(StartError::Row)?,
			denials: RateLimit::new(denials),
			metrics: Arc::new(Metrics::new()?),
		}))
	}

	/// Serves at `listener` until `stop` resolves. Open requests finish.
	pub async fn run(
		self: Arc<Self>,
		listener: TcpListener,
		tls: Option<Arc<Tls>>,
		stop: impl Future<Output = ()>,
	) {
		let mut tasks = JoinSet::new();
		tasks.spawn(self.clone().rounds());
		tasks.spawn(self.clone().keep_filing());
		server::serve(listener, tls, http::router(self.clone()), stop).await;
		tasks.shutdown().await;
		if let Err(error) = self.journal.file_all().await {
			tracing::warn!(%error, "journal entries are filed at the next start");
		}
	}

	async fn keep_filing(self: Arc<Self>) {
		self.journal.keep_filing().await;
	}

	async fn rounds(self: Arc<Self>) {
		loop {
			if let Err(error) = self.door.sweep(wire::now()).await {
				tracing::warn!(%error, "spent nonces stay for now");
			}
			let age = self.door.finality_age().await;
			let seconds = age.map_or(-1, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
			self.metrics.finality_age.set(seconds);
			tokio::time::sleep(ROUND).await;
		}
	}

	/// Releases the reader share of one version to the claimant of an emergency that covers it, at
	/// the final block and at the newest one. The entry in the journal is durable before anything is
	/// answered, denial or share.
	async fn release(
		&self,
		caller: &Caller,
		id: EmergencyId,
		request: &EmergencyRequest,
	) -> Result<EmergencyRelease> {
		self.door.ensure_fresh(caller.finalised, self.settings.max_finality_age).await?;
		let organisation = self.ensure_claimant(caller, id).await?;
		let EmergencyRequest { record, version, key_version } = *request;
		// Whether an emergency acts for a record has one definition, which is the chain's.
		let question = AccessQuestion {
			reader: caller.identity,
			record,
			purpose: Purpose::Btg,
			action: Action::Access,
		};
		let (finalised, best) = tokio::try_join!(
			self.chain.check_access(&question, caller.finalised),
			self.chain.check_access(&question, caller.best),
		)?;
		let decision = if finalised.is_permit() { best } else { finalised };
		let facts = self.chain.record(&record, caller.finalised).await?;
		let entry = |suppressed| AuditEntry {
			recorder: String::new(),
			seq: 0,
			at: wire::now(),
			subject: facts.map(|facts| facts.subject),
			organisations: caller.accounting(Some(organisation)),
			question,
			version,
			decision,
			released: Released::ReaderShare,
			counted: false,
			account: Digest(caller.account),
			request: Digest(caller.request),
			suppressed,
			salt: wire::fresh_nonce(),
			batch: None,
		};
		match decision {
			AccessDecision::Permit(PermitBasis::Emergency(found)) if found == id => (),
			AccessDecision::Permit(_) => return Err(Error::OtherBasis(decision)),
			AccessDecision::Deny(_) => {
				let suppressed = self.denials.take(caller.identity, Instant::now());
				let suppressed = suppressed.map_err(|after| {
					self.metrics.suppressed.inc();
					Error::TooManyDenials(after)
				})?;
				self.journal.append(entry(suppressed), Urgency::Batch).await?;
				self.metrics.denials.inc();
				return Err(Error::Denied(decision));
			},
		}

		// All that can fail is looked at before a permit is recorded.
		let facts = facts.ok_or(Error::VersionUnknown)?;
		let key = self.door.key_of(caller, key_version).await?;
		let share = self.open(caller, &record, &facts, version).await?;
		let sealed = self
			.door
			.peer()
			.seal_emergency(&caller.request, &share, &key)
			.map_err(|_| Error::NoAgreementKey)?;
		let written = self.journal.append(entry(0), Urgency::Batch).await?;
		self.metrics.permits.inc();
		Ok(EmergencyRelease {
			emergency: id,
			record,
			version,
			share: sealed,
			key_version,
			seq: written.seq,
			event: written.event,
		})
	}

	/// Refuses an emergency that is not the caller's own at both ends. Gives the organisation that the
	/// caller acts for in it.
	async fn ensure_claimant(&self, caller: &Caller, id: EmergencyId) -> Result<IdentityId> {
		let (finalised, best) = tokio::try_join!(
			self.chain.emergency(id, caller.finalised),
			self.chain.emergency(id, caller.best),
		)?;
		match (finalised, best) {
			(Some(old), Some(new)) if [old, new].iter().all(|e| e.claimant == caller.identity) => {
				Ok(new.organisation)
			},
			_ => Err(Error::EmergencyUnknown),
		}
	}

	async fn info(&self) -> Result<Info> {
		let HolderSettings { identity, key_version, secrets, .. } = &self.settings;
		let key = *secrets(*key_version).public().as_bytes();
		let best = self.chain.head(At::Best).await?;
		let shown = self.chain.agreement_key(identity, best).await?;
		Ok(Info {
			identity: *identity,
			agreement_key: Digest(key),
			key_version: shown.filter(|shown| shown.1 == key).map(|shown| shown.0),
			genesis: Digest(self.chain.genesis()),
			max_object: 0,
			emergency_holder: true,
			gateway: None,
			version: env!("CARGO_PKG_VERSION").into(),
		})
	}

	async fn health(&self) -> Health {
		let age = tokio::time::timeout(HEALTH_PATIENCE, self.door.finality_age()).await;
		let age = age.ok().and_then(Result::ok);
		Health {
			ok: age.is_some_and(|age| age <= self.settings.max_finality_age),
			chain: age.is_some(),
			finality_age: age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
			// Nothing of a journal goes to the chain.
			backlog: 0,
		}
	}
}
