// SPDX-License-Identifier: Apache-2.0

//! Flags and environment, and what they open.

mod error;
mod secrets;
mod supply;

use crate::{
	GatewaySettings, Rates, Settings,
	chain::{At, Block, Chain, Node},
	holder::HolderSettings,
	limits::Rate,
	shares::Shares,
	store::Store,
	tls::Tls,
};
use futures::TryStreamExt;
use salus_client::keystore;
use salus_envelope::{KeyEncryptionKey, Secret};
use salus_fhir::MAX_DOCUMENT;
use salus_primitives::{CallScope, IdentityId, IdentityKind};
use std::{
	io,
	net::SocketAddr,
	path::{Path, PathBuf},
	sync::Arc,
	time::Duration,
};
use subxt_signer::sr25519;
use zeroize::Zeroizing;

pub use error::StartError;
use secrets::{GATEWAY, OWN, secrets};
pub use supply::SupplyFlags;

/// Reading 64 MiB twice costs a tenth of a second: a clean answer about damage is worth it.
const HASH_FIRST: u64 = 64 << 20;

/// What is said instead of making a new one.
const MASTER_LOST: &str = "it is missing, and keys of shares that it wraps are there: restore it";

/// How long a document waits for its turn at the gateway.
const GATEWAY_PATIENCE: Duration = Duration::from_secs(10);

/// Keeps sealed objects and key shares, and releases a share when the chain permits it.
#[derive(clap::Parser, Clone, Debug)]
#[command(name = "salus-custodian", version, about)]
pub struct Config {
	/// Address and port to listen at. Where others can listen in, give a certificate, or put TLS in
	/// front.
	#[arg(long, env = "SALUS_LISTEN", default_value = "127.0.0.1:9955")]
	pub listen: SocketAddr,
	/// File with the chain of certificates in PEM, the own one first: connections are encrypted. Read
	/// again on SIGHUP.
	#[arg(long, env = "SALUS_TLS_CERTIFICATE", requires = "tls_key")]
	pub tls_certificate: Option<PathBuf>,
	/// File with the private key of the certificate in PEM.
	#[arg(long, env = "SALUS_TLS_KEY", requires = "tls_certificate")]
	pub tls_key: Option<PathBuf>,
	/// Hold emergency keys instead of objects and shares, for an organisation that keeps no shares.
	#[arg(long, env = "SALUS_EMERGENCY_HOLDER", conflicts_with_all = ["keys", "gateway_key"])]
	pub emergency_holder: bool,
	/// Where objects, sealed shares and the log lie, or a holder's journal: a directory, or a URL such
	/// as s3://bucket/path.
	#[arg(long, env = "SALUS_STORE")]
	pub store: String,
	/// Where the keys of the shares lie, apart from the store: a directory without versions, backups
	/// of which are kept no longer than an erasure may take.
	#[arg(long, env = "SALUS_KEYS", required_unless_present = "emergency_holder")]
	pub keys: Option<String>,
	/// File with the key that wraps the keys of the shares; made when missing and no keys are there.
	/// Without this option it lies in the directory of the keys; keys at a URL need it.
	#[arg(long, env = "SALUS_MASTER_KEY")]
	pub master_key: Option<PathBuf>,
	/// The custodian's own node.
	#[arg(long, env = "SALUS_NODE", default_value = "ws://127.0.0.1:9944")]
	pub node: String,
	/// Secret of an account of the custodian's organisation: a keystore file, or a key URI such as
	/// //Charlie for development.
	#[arg(long, env = "SALUS_KEY", hide_env_values = true)]
	pub key: String,
	/// File with the password of the keystore. Without it SALUS_PASSWORD is read.
	#[arg(long, env = "SALUS_PASSWORD_FILE")]
	pub password_file: Option<PathBuf>,
	/// The custodian's identity on chain; by default the one that the account is a key of.
	#[arg(long, env = "SALUS_IDENTITY")]
	pub identity: Option<IdentityId>,
	/// Name of this instance's log; two instances over one store need two names.
	#[arg(long, env = "SALUS_RECORDER", default_value = "main", value_parser = recorder)]
	pub recorder: String,
	/// The largest object that is taken, in bytes.
	#[arg(long, env = "SALUS_MAX_OBJECT", default_value_t = 128 << 20)]
	pub max_object: u64,
	/// How many bytes of objects that belong to no record on chain one identity may have lie here.
	/// What is filed counts no more.
	#[arg(long, env = "SALUS_MAX_UNFILED", default_value_t = 4 << 30)]
	pub max_unfiled: u64,
	/// How old the final block may be when a share is released, in seconds.
	#[arg(long, env = "SALUS_MAX_FINALITY_AGE", default_value_t = 60)]
	pub max_finality_age: u64,
	/// How often log entries are anchored on chain, in seconds; denials, emergencies and counted uses
	/// go there at once, too.
	#[arg(long, env = "SALUS_LOG_INTERVAL", default_value_t = 6)]
	pub log_interval: u64,
	/// Requests that one account can make in a minute.
	#[arg(long, env = "SALUS_REQUESTS_PER_MINUTE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
	pub requests_per_minute: u32,
	/// Requests that all accounts of an organisation, and of those who work there, can make in a
	/// minute; also all accounts of one person.
	#[arg(long, env = "SALUS_ORGANISATION_REQUESTS_PER_MINUTE", default_value_t = 12_000, value_parser = clap::value_parser!(u32).range(1..))]
	pub organisation_requests_per_minute: u32,
	/// How often the chain is asked for records to erase, in seconds.
	#[arg(long, env = "SALUS_ERASURE_INTERVAL", default_value_t = 3)]
	pub erasure_interval: u64,
	/// Switches the validation gateway on: the secret of an account of the organisation whose verdicts
	/// it gives, with the scope record-anchor. A keystore file or a key URI, as --key.
	#[arg(long, env = "SALUS_GATEWAY_KEY", hide_env_values = true)]
	pub gateway_key: Option<String>,
	/// File with the password of the gateway's keystore. Without it SALUS_GATEWAY_PASSWORD is read.
	#[arg(long, env = "SALUS_GATEWAY_PASSWORD_FILE", requires = "gateway_key")]
	pub gateway_password_file: Option<PathBuf>,
	/// The largest document that the gateway looks at, in bytes.
	#[arg(long, env = "SALUS_GATEWAY_MAX_DOCUMENT", default_value_t = 16 << 20, value_parser = clap::value_parser!(u64).range(1..=MAX_DOCUMENT as u64))]
	pub gateway_max_document: u64,
	/// How long the gateway's verdicts may be used, in seconds.
	#[arg(long, env = "SALUS_GATEWAY_LIFETIME", default_value_t = 15 * 60, value_parser = clap::value_parser!(u64).range(60..=24 * 60 * 60))]
	pub gateway_lifetime: u64,
	/// Documents that one identity can have validated in a minute.
	#[arg(long, env = "SALUS_GATEWAY_PER_MINUTE", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
	pub gateway_per_minute: u32,
	/// Denials of one reader in a minute that are recorded; further ones are answered 429.
	#[arg(long, env = "SALUS_DENIALS_PER_MINUTE", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
	pub denials_per_minute: u32,
	/// The proof service of makers.
	#[command(flatten)]
	pub supply: SupplyFlags,
}

/// A name that is safe in a path.
fn recorder(text: &str) -> Result<String, String> {
	let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
	if (1..=32).contains(&text.len()) && text.chars().all(is_plain) {
		Ok(text.into())
	} else {
		Err("a recorder is named by 1 to 32 lower-case letters and digits".into())
	}
}

/// Everything that a custodian needs.
pub struct Opened {
	/// What the custodian knows of itself.
	pub settings: Settings,
	/// The chain.
	pub chain: Node,
	/// Objects, shares and log.
	pub store: Store,
	/// The shares.
	pub shares: Shares,
}

impl Config {
	/// Opens stores, keys and node.
	pub async fn open(&self) -> Result<Opened, StartError> {
		let store = Store::open(&self.store)?;
		let keys = Store::open(self.keys())?;
		if store.holds(&keys) {
			return Err(StartError::KeysInStore);
		}
		self.ensure_master(&keys).await?;
		let master = self.master()?;
		let secrets = secrets(&self.key, self.password_file.as_deref(), &OWN)?;
		let signer = secrets.signer();
		let account = signer.public_key().0;
		let chain = connect(&self.node, signer).await?;
		let (identity, version) = self.identify(&chain, &account).await?;
		let settings = Settings {
			identity,
			recorder: self.recorder.clone(),
			agreement: secrets.agreement(version),
			max_object: self.max_object,
			max_unfiled: self.max_unfiled,
			hash_first: HASH_FIRST,
			max_finality_age: Duration::from_secs(self.max_finality_age),
			log_interval: Duration::from_secs(self.log_interval.max(1)),
			requests: self.rates(),
			denials: per_minute(self.denials_per_minute),
			erasure_interval: Duration::from_secs(self.erasure_interval.max(1)),
			gateway: self.gateway(&chain).await?,
			supply: self.supply.settings(),
		};
		let shares = Shares::new(store.clone(), keys, master);
		Ok(Opened { settings, chain, store, shares })
	}

	/// Opens what a holder of emergency keys needs: a journal and a node.
	pub async fn open_holder(&self) -> Result<(HolderSettings, Node, Store), StartError> {
		let store = Store::open(&self.store)?;
		let secrets = secrets(&self.key, self.password_file.as_deref(), &OWN)?;
		let signer = secrets.signer();
		let account = signer.public_key().0;
		let chain = connect(&self.node, signer).await?;
		let (identity, key_version) = self.identify(&chain, &account).await?;
		let settings = HolderSettings {
			identity,
			recorder: self.recorder.clone(),
			key_version,
			secrets: Arc::new(move |version| secrets.agreement(version)),
			max_finality_age: Duration::from_secs(self.max_finality_age),
			requests: self.rates(),
			denials: per_minute(self.denials_per_minute),
		};
		Ok((settings, chain, store))
	}

	/// The certificate, when one is named.
	pub fn tls(&self) -> Result<Option<Arc<Tls>>, StartError> {
		let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else {
			return Ok(None);
		};
		Ok(Some(Arc::new(Tls::open(certificate, key)?)))
	}

	/// Whether others than this machine can read along.
	pub fn is_overheard(&self) -> bool {
		self.tls_certificate.is_none() && !self.listen.ip().is_loopback()
	}

	/// The flags see to it that a custodian has one.
	fn keys(&self) -> &str {
		self.keys.as_deref().unwrap_or_default()
	}

	fn rates(&self) -> Rates {
		Rates {
			account: per_minute(self.requests_per_minute),
			organisation: per_minute(self.organisation_requests_per_minute),
		}
	}

	/// The gateway, when a key switches it on.
	async fn gateway(&self, chain: &Node) -> Result<Option<GatewaySettings>, StartError> {
		let Some(key) = &self.gateway_key else { return Ok(None) };
		let signer = secrets(key, self.gateway_password_file.as_deref(), &GATEWAY)?.signer();
		let account = signer.public_key().0;
		let found = find(chain, &account, CallScope::RecordAnchor).await?;
		let (organisation, at) =
			found.ok_or_else(|| StartError::NoGatewayIdentity(address(&account)))?;
		if chain.kind(&organisation, at).await? != Some(IdentityKind::Organisation) {
			return Err(StartError::NoOrganisation(organisation));
		}
		Ok(Some(GatewaySettings {
			organisation,
			signer,
			max_document: self.gateway_max_document,
			lifetime: Duration::from_secs(self.gateway_lifetime),
			validations: per_minute(self.gateway_per_minute),
			patience: GATEWAY_PATIENCE,
		}))
	}

	/// The identity that the account acts for, and the version of its agreement key. What it signs on
	/// chain is the log of who was let in.
	async fn identify(
		&self,
		chain: &Node,
		account: &[u8; 32],
	) -> Result<(IdentityId, u32), StartError> {
		let found = find(chain, account, CallScope::AccessLog).await?;
		let (found, at) = found.ok_or_else(|| StartError::NoIdentity(address(account)))?;
		if let Some(given) = self.identity.filter(|given| *given != found) {
			return Err(StartError::OtherIdentity { found, given });
		}
		let key = chain.agreement_key(&found, at).await?;
		Ok((found, key.map_or(1, |(version, _)| version)))
	}

	/// Where the master key lies. Beside keys in a bucket there is no place for a file.
	fn master_path(&self) -> Result<PathBuf, StartError> {
		match &self.master_key {
			Some(path) => Ok(path.clone()),
			None if self.keys().contains("://") => Err(StartError::File {
				path: self.keys().into(),
				reason:
					"it is no directory that could hold the master key: give --master-key, the \
				         same file to every instance"
						.into(),
			}),
			None => Ok(Path::new(self.keys()).join("master.key")),
		}
	}

	/// Refuses to begin with a new master key where keys are that a lost one wraps, wherever they lie.
	async fn ensure_master(&self, keys: &Store) -> Result<(), StartError> {
		let path = self.master_path()?;
		if !path.exists() && keys.walk("keys").try_next().await.map_err(StartError::Row)?.is_some()
		{
			let reason = MASTER_LOST.into();
			return Err(StartError::File { path, reason });
		}
		Ok(())
	}

	/// Reads the master key, or makes one. A store of keys without its master key is worth nothing,
	/// so a lost one is not silently replaced where keys exist: they would not open.
	fn master(&self) -> Result<KeyEncryptionKey, StartError> {
		let path = self.master_path()?;
		let unusable = |reason: String| StartError::File { path: path.clone(), reason };
		match std::fs::read_to_string(&path) {
			Ok(text) => {
				let mut bytes = Zeroizing::new([0; 32]);
				let text = Zeroizing::new(text);
				hex::decode_to_slice(text.trim(), bytes.as_mut())
					.map_err(|_| unusable("it does not hold 64 hexadecimal digits".into()))?;
				Ok(KeyEncryptionKey::from_bytes(*bytes))
			},
			Err(error) if error.kind() == io::ErrorKind::NotFound => {
				if Path::new(self.keys()).join("keys").exists() {
					return Err(unusable(MASTER_LOST.into()));
				}
				let master = KeyEncryptionKey::generate();
				let text = Zeroizing::new(format!("{}\n", hex::encode(master.expose())));
				keystore::write_private(&path, text.as_bytes(), false)
					.map_err(|error| unusable(error.to_string()))?;
				Ok(master)
			},
			Err(error) => Err(unusable(error.to_string())),
		}
	}
}

/// The identity that an account acts for within a scope, and the block that says so. One that was
/// just registered gets the time to become final; none when the newest block knows of none either.
async fn find(
	chain: &Node,
	account: &[u8; 32],
	scope: CallScope,
) -> Result<Option<(IdentityId, Block)>, StartError> {
	loop {
		let finalised = chain.head(At::Finalised).await?;
		if let Some(found) = chain.acting_identity(account, scope, finalised).await? {
			return Ok(Some((found, finalised)));
		}
		let best = chain.head(At::Best).await?;
		if chain.acting_identity(account, scope, best).await?.is_none() {
			return Ok(None);
		}
		tracing::info!("waiting until a registration is final");
		tokio::time::sleep(Duration::from_secs(1)).await;
	}
}

fn address(account: &[u8; 32]) -> String {
	sr25519::PublicKey(*account).to_account_id().to_string()
}

/// A node that is starting, too, gets some time.
async fn connect(url: &str, signer: sr25519::Keypair) -> Result<Node, salus_client::Error> {
	const TRIES: u32 = 10;
	for _ in 1..TRIES {
		match Node::connect(url, signer.clone()).await {
			Err(salus_client::Error::NodeUnreachable { .. }) => (),
			other => return other,
		}
		tokio::time::sleep(Duration::from_secs(1)).await;
	}
	Node::connect(url, signer).await
}

/// A minute's worth at once, then one after the other.
fn per_minute(count: u32) -> Rate {
	Rate { burst: count, every: Duration::from_secs(60) / count }
}

#[cfg(test)]
mod tests;
