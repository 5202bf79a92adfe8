// SPDX-License-Identifier: Apache-2.0
#![doc = include_str!("../README.md")]

pub mod audit;
mod auth;
pub mod chain;
pub mod config;
mod erasure;
mod error;
mod gateway;
pub mod holder;
pub mod http;
pub mod limits;
mod log;
mod metrics;
mod objects;
mod pace;
mod release;
mod requests;
mod server;
mod shares;
mod store;
mod supply;
mod tls;
mod unfiled;

use crate::{
	auth::Door,
	chain::{At, Chain},
	config::StartError,
	gateway::Gateway,
	limits::{Rate, RateLimit},
	log::AccessLog,
	supply::Supply,
	unfiled::Unfiled,
};
use salus_client::wire::{self, Health, Info, Peer};
use salus_envelope::{AgreementSecret, PrivateKey, PublicKey};
use salus_primitives::{Digest, IdentityId};
use std::{sync::Arc, time::Duration};
use tokio::{
	net::TcpListener,
	sync::{Mutex, RwLock, watch},
	task::JoinSet,
};

pub use auth::Rates;
pub use error::Error;
pub use gateway::GatewaySettings;
pub use metrics::Metrics;
pub use shares::Shares;
pub use store::{OpenError, Store};
pub use supply::SupplySettings;
pub use tls::{Tls, TlsError};

/// How often the age of the final block is looked at, for the metrics.
const WATCH: Duration = Duration::from_secs(3);
/// How often spent nonces are removed.
const SWEEP: Duration = Duration::from_secs(60);
/// How long `/health` waits for the chain.
const HEALTH_PATIENCE: Duration = Duration::from_secs(3);

/// What a custodian knows of itself.
#[derive(Clone, Debug)]
pub struct Settings {
	/// Its identity: the audience of every request.
	pub identity: IdentityId,
	/// The name of its log.
	pub recorder: String,
	/// Opens deposits.
	pub agreement: AgreementSecret,
	/// The largest object it takes, in bytes.
	pub max_object: u64,
	/// How many bytes of objects that belong to no record on chain one identity may have here.
	pub max_unfiled: u64,
	/// Objects up to this size are hashed before they are served, which reads them twice; longer ones
	/// while they are served.
	pub hash_first: u64,
	/// How old the final block may be when a share is released.
	pub max_finality_age: Duration,
	/// How often log entries are anchored on chain.
	pub log_interval: Duration,
	/// How often somebody may ask.
	pub requests: Rates,
	/// How often denials of one reader are recorded.
	pub denials: Rate,
	/// How often the chain is asked for new erasures.
	pub erasure_interval: Duration,
	/// How it validates; not at all without.
	pub gateway: Option<GatewaySettings>,
	/// How it proves units; not at all without.
	pub supply: Option<SupplySettings>,
}

/// A custodian: everything behind the endpoints.
pub struct Custodian {
	settings: Settings,
	chain: Arc<dyn Chain>,
	store: Store,
	shares: Shares,
	log: AccessLog,
	gateway: Option<Gateway>,
	supply: Option<Supply>,
	door: Door,
	unfiled: Unfiled,
	/// Held by whoever deletes an object, and shared by those who publish one.
	deletions: RwLock<()>,
	denials: RateLimit<IdentityId>,
	/// The number of the first tombstone of the chain that was not applied since the start.
	next_tombstone: Mutex<u64>,
	metrics: Arc<Metrics>,
}

impl Custodian {
	/// Puts a custodian together. Tombstones, its own and all of the chain, are applied and the end of
	/// the log is found before anything can be served.
	pub async fn start(
		settings: Settings,
		chain: Arc<dyn Chain>,
		store: Store,
		shares: Shares,
	) -> Result<Arc<Self>, StartError> {
		let public = settings.agreement.public();
		let finalised = chain.head(At::Finalised).await?;
		if chain.holds_emergency_keys(&settings.identity, finalised).await? {
			return Err(StartError::HoldsEmergencyKeys(settings.identity));
		}
		let own = chain.agreement_key(&settings.identity, finalised).await?;
		if own.is_none_or(|(_, key)| key != *public.as_bytes()) {
			tracing::warn!(
				"the chain shows another agreement key for this custodian than it holds"
			);
		}
		let destroyed = shares.apply_tombstones().await.map_err(StartError::Row)?;
		if destroyed > 0 {
			tracing::warn!(destroyed, "keys of erased shares had come back, and were destroyed");
		}
		match store.remove_stale_uploads("objects").await {
			Ok(0) => (),
			Ok(removed) => tracing::info!(removed, "uploads that never ended were removed"),
			Err(error) => tracing::warn!(%error, "uploads that never ended stay for now"),
		}
		let Settings { identity, recorder, requests, denials, gateway, supply, .. } =
			settings.clone();
		let log = AccessLog::open(store.clone(), identity, recorder.clone())
			.await
			.map_err(StartError::Row)?;
		log.catch_up(&*chain).await.map_err(StartError::Log)?;
		let gateway = match gateway {
			Some(gateway) => Some(
				Gateway::open(gateway, store.clone(), recorder).await.map_err(StartError::Row)?,
			),
			None => None,
		};
		let supply = supply.map(Supply::open).transpose().map_err(StartError::Supply)?;
		if let Some(supply) = &supply {
			supply.look(&*chain).await;
		}
		let door = Door::new(chain.clone(), store.clone(), identity, requests);
		let unfiled = Unfiled::new(store.clone(), chain.clone(), settings.max_unfiled);
		let custodian = Arc::new(Self {
			settings,
			chain,
			store,
			shares,
			log,
			gateway,
			supply,
			door,
			unfiled,
			deletions: RwLock::default(),
			denials: RateLimit::new(denials),
			next_tombstone: Mutex::new(0),
			metrics: Arc::new(Metrics::new()?),
		});
		let returned = custodian.apply_object_marks().await.map_err(StartError::Row)?;
		if returned > 0 {
			tracing::warn!(returned, "erased objects had come back, and were removed");
		}
		custodian.apply_erasures().await.map_err(StartError::Erasures)?;
		Ok(custodian)
	}

	/// Serves at `listener` until `stop` resolves. Open requests finish, then the log is carried to
	/// the chain once more.
	pub async fn run(
		self: Arc<Self>,
		listener: TcpListener,
		tls: Option<Arc<Tls>>,
		stop: impl Future<Output = ()>,
	) {
		let (stopped, stopping) = watch::channel(false);
		let mut tasks = JoinSet::new();
		tasks.spawn(self.clone().watch_finality());
		tasks.spawn(self.clone().sweep());
		tasks.spawn(self.clone().follow_erasures());
		tasks.spawn(self.clone().follow_leaf_files());
		tasks.spawn(self.clone().keep_filing());
		let mut carriers = JoinSet::new();
		carriers.spawn(self.clone().carry(until(stopping.clone())));
		carriers.spawn(self.clone().anchor(until(stopping)));

		// Requests that wait for a counted use need the carrier, so it goes last.
		server::serve(listener, tls, http::router(self.clone()), stop).await;
		stopped.send_replace(true);
		while let Some(ended) = carriers.join_next().await {
			if let Err(error) = ended {
				tracing::error!(%error, "a task that carries log entries broke");
			}
		}
		tasks.shutdown().await;
	}

	async fn keep_filing(self: Arc<Self>) {
		self.log.keep_filing().await;
	}

	async fn carry(self: Arc<Self>, stop: impl Future<Output = ()>) {
		let interval = self.settings.log_interval;
		self.log.carry(&*self.chain, &self.metrics, interval, stop).await;
	}

	async fn anchor(self: Arc<Self>, stop: impl Future<Output = ()>) {
		let interval = self.settings.log_interval;
		self.log.anchor(&*self.chain, &self.metrics, interval, stop).await;
	}

	/// For whom this custodian seals and opens.
	fn peer(&self) -> Peer {
		self.door.peer()
	}

	async fn info(&self) -> Result<Info, Error> {
		let public = self.settings.agreement.public();
		let key = *public.as_bytes();
		let best = self.chain.head(At::Best).await?;
		let shown = self.chain.agreement_key(&self.settings.identity, best).await?;
		Ok(Info {
			identity: self.settings.identity,
			agreement_key: Digest(key),
			key_version: shown.filter(|shown| shown.1 == key).map(|shown| shown.0),
			genesis: Digest(self.chain.genesis()),
			max_object: self.settings.max_object,
			emergency_holder: false,
			gateway: self.gateway.as_ref().map(|gateway| gateway.info(&self.peer(), &public)),
			version: env!("CARGO_PKG_VERSION").into(),
		})
	}

	async fn health(&self) -> Health {
		let age = tokio::time::timeout(HEALTH_PATIENCE, self.door.finality_age()).await;
		let age = age.ok().and_then(Result::ok);
		let backlog = self.log.backlog().await;
		let is_fresh = age.is_some_and(|age| age <= self.settings.max_finality_age);
		Health {
			ok: is_fresh && backlog.is_ok(),
			chain: age.is_some(),
			finality_age: age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
			backlog: backlog.unwrap_or_default(),
		}
	}

	async fn watch_finality(self: Arc<Self>) {
		loop {
			let age = self.door.finality_age().await;
			let seconds = age.map_or(-1, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX));
			self.metrics.finality_age.set(seconds);
			tokio::time::sleep(WATCH).await;
		}
	}

	async fn sweep(self: Arc<Self>) {
		loop {
			if let Err(error) = self.door.sweep(wire::now()).await {
				tracing::warn!(%error, "spent nonces stay for now");
			}
			tokio::time::sleep(SWEEP).await;
		}
	}
}

/// Resolves when the custodian goes down.
async fn until(mut stopping: watch::Receiver<bool>) {
	// A sender that is gone means the same.
	let _ = stopping.wait_for(|stopped| *stopped).await;
}
