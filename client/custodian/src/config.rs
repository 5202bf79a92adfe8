// SPDX-License-Identifier: Apache-2.0

//! Flags and environment, and what they open.

use crate::{
	GatewaySettings, Settings,
	chain::{At, Block, Chain, Node},
	limits::Rate,
	shares::Shares,
	store::{OpenError, Store},
};
use salus_client::keystore::{self, KeystoreError, Secrets};
use salus_envelope::{KeyEncryptionKey, Secret};
use salus_fhir::MAX_DOCUMENT;
use salus_primitives::{CallScope, IdentityId, IdentityKind};
use std::{
	io,
	net::SocketAddr,
	path::{Path, PathBuf},
	time::Duration,
};
use subxt_signer::sr25519;
use zeroize::Zeroizing;

/// Reading 64 MiB twice costs a tenth of a second: a clean answer about damage is worth it.
const HASH_FIRST: u64 = 64 << 20;

/// How long a document waits for its turn at the gateway.
const GATEWAY_PATIENCE: Duration = Duration::from_secs(10);

/// Keeps sealed objects and key shares, and releases a share when the chain permits it.
#[derive(clap::Parser, Clone, Debug)]
#[command(name = "salus-custodian", version, about)]
pub struct Config {
	/// Address and port to listen at. Put TLS in front where others can listen in.
	#[arg(long, env = "SALUS_LISTEN", default_value = "127.0.0.1:9955")]
	pub listen: SocketAddr,
	/// Where objects, sealed shares and the log lie: a directory, or a URL such as s3://bucket/path.
	#[arg(long, env = "SALUS_STORE")]
	pub store: String,
	/// Where the keys of the shares lie, apart from the store: a directory without versions, backups
	/// of which are kept no longer than an erasure may take.
	#[arg(long, env = "SALUS_KEYS")]
	pub keys: String,
	/// File with the key that wraps the keys of the shares; made when missing. Without this option
	/// it lies in the directory of the keys.
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
	/// How old the final block may be when a share is released, in seconds.
	#[arg(long, env = "SALUS_MAX_FINALITY_AGE", default_value_t = 60)]
	pub max_finality_age: u64,
	/// How often log entries are carried to the chain, in seconds; denials go at once.
	#[arg(long, env = "SALUS_LOG_INTERVAL", default_value_t = 6)]
	pub log_interval: u64,
	/// Requests that one identity can make in a minute.
	#[arg(long, env = "SALUS_REQUESTS_PER_MINUTE", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
	pub requests_per_minute: u32,
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

/// Why the custodian cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
	/// A store does not open.
	#[error(transparent)]
	Store(#[from] OpenError),
	/// Backups of the one would be backups of the other.
	#[error(
		"--keys lies inside --store: put the keys of the shares apart, or erasure means nothing"
	)]
	KeysInStore,
	/// The store does not work.
	#[error("the store does not work: {0}")]
	Row(crate::Error),
	/// The key cannot be read.
	#[error(transparent)]
	Keystore(#[from] KeystoreError),
	/// Another file cannot be read or written.
	#[error("{path} cannot be used: {reason}")]
	File {
		/// Which file.
		path: PathBuf,
		/// What is wrong with it.
		reason: String,
	},
	/// A keystore without a password.
	#[error("the keystore needs its password: set {variable} or {option}")]
	NoPassword {
		/// The variable that may hold it.
		variable: &'static str,
		/// The option that may name a file with it.
		option: &'static str,
	},
	/// The node is not there.
	#[error(transparent)]
	Node(#[from] salus_client::Error),
	/// The chain does not answer.
	#[error("the node does not answer: {0}")]
	Chain(#[from] crate::chain::ChainError),
	/// The account is nobody's.
	#[error(
		"the account {0} may not write an access log for an active identity: register the custodian's \
		 organisation first, or use a key with the scope access-log"
	)]
	NoIdentity(String),
	/// The gateway's account is nobody's.
	#[error(
		"the account {0} may not give verdicts for an active identity: register the organisation \
		 first, or use a key with the scope record-anchor"
	)]
	NoGatewayIdentity(String),
	/// The gateway's account is a person's.
	#[error(
		"the gateway's key belongs to {0}, which is no organisation: name one of an organisation's"
	)]
	NoOrganisation(IdentityId),
	/// What was erased on chain cannot be erased here.
	#[error("erasures of the chain cannot be applied, so nothing is served: {0}")]
	Erasures(crate::Error),
	/// The account is another's.
	#[error("the account is a key of {found}, not of {given}: name the right --identity or --key")]
	OtherIdentity {
		/// Whose it is.
		found: IdentityId,
		/// Whose it should be.
		given: IdentityId,
	},
	/// The port is taken.
	#[error("cannot listen at {address}: {source}")]
	Listen {
		/// Where.
		address: SocketAddr,
		/// What the system says.
		source: io::Error,
	},
	/// A counter cannot be made.
	#[error("metrics cannot be set up: {0}")]
	Metrics(#[from] prometheus::Error),
}

/// Everything that has been opened.
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
		let keys = Store::open(&self.keys)?;
		if store.holds(&keys) {
			return Err(StartError::KeysInStore);
		}
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
			hash_first: HASH_FIRST,
			max_finality_age: Duration::from_secs(self.max_finality_age),
			log_interval: Duration::from_secs(self.log_interval.max(1)),
			requests: per_minute(self.requests_per_minute),
			denials: per_minute(self.denials_per_minute),
			erasure_interval: Duration::from_secs(self.erasure_interval.max(1)),
			gateway: self.gateway(&chain).await?,
		};
		let shares = Shares::new(store.clone(), keys, master);
		Ok(Opened { settings, chain, store, shares })
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

	/// Reads the master key, or makes one. A store of keys without its master key is worth nothing,
	/// so a lost one is not silently replaced where keys exist: they would not open.
	fn master(&self) -> Result<KeyEncryptionKey, StartError> {
		let path = self.master_key.clone().unwrap_or(Path::new(&self.keys).join("master.key"));
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
				if Path::new(&self.keys).join("keys").exists() {
					return Err(unusable(
						"it is missing, and keys of shares that it wraps are there: restore it"
							.into(),
					));
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

/// Where the password of a keystore may stand.
struct Password {
	variable: &'static str,
	option: &'static str,
}

const OWN: Password = Password { variable: "SALUS_PASSWORD", option: "--password-file" };
const GATEWAY: Password =
	Password { variable: "SALUS_GATEWAY_PASSWORD", option: "--gateway-password-file" };

/// The secrets of a keystore file, or of a key URI.
fn secrets(key: &str, file: Option<&Path>, password: &Password) -> Result<Secrets, StartError> {
	let path = Path::new(key);
	if !path.is_file() {
		return Ok(Secrets::from_uri(key)?);
	}
	let Password { variable, option } = *password;
	let password = match file {
		Some(file) => std::fs::read_to_string(file)
			.map(Zeroizing::new)
			.map_err(|error| StartError::File { path: file.into(), reason: error.to_string() })?,
		None => std::env::var(variable)
			.map(Zeroizing::new)
			.map_err(|_| StartError::NoPassword { variable, option })?,
	};
	Ok(keystore::open(path, password.trim_end_matches(['\r', '\n']))?)
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
mod tests {
	use super::*;
	use clap::Parser;

	#[test]
	fn a_recorder_has_a_plain_name() {
		assert_eq!(recorder("a1"), Ok("a1".into()));
		for bad in ["", "A", "a/b", "..", "a-b", &"a".repeat(33)] {
			assert!(recorder(bad).is_err(), "{bad}");
		}
	}

	fn config(directory: &Path) -> Config {
		let keys = directory.join("keys");
		Config::try_parse_from([
			"salus-custodian",
			"--store",
			directory.join("store").to_str().unwrap(),
			"--keys",
			keys.to_str().unwrap(),
			"--key",
			"//Charlie",
		])
		.unwrap()
	}

	#[test]
	fn a_master_key_is_made_once_and_for_its_owner_only() {
		let directory = tempfile::tempdir().unwrap();
		let config = config(directory.path());
		let made = config.master().unwrap();
		assert!(config.master().unwrap() == made);
		#[cfg(unix)]
		{
			use std::os::unix::fs::PermissionsExt;
			let file = std::fs::metadata(directory.path().join("keys/master.key")).unwrap();
			assert_eq!(file.permissions().mode() & 0o777, 0o600);
		}
	}

	#[test]
	fn the_gateway_is_off_unless_a_key_is_named() {
		let directory = tempfile::tempdir().unwrap();
		let plain = config(directory.path());
		assert_eq!(plain.gateway_key, None);
		assert_eq!((plain.gateway_max_document, plain.gateway_lifetime), (16 << 20, 900));

		let with = |arguments: &[&str]| {
			let base = ["salus-custodian", "--store", "s", "--keys", "k", "--key", "//Charlie"];
			Config::try_parse_from(base.iter().chain(arguments))
		};
		assert!(with(&["--gateway-key", "//Dave", "--gateway-lifetime", "60"]).is_ok());
		for wrong in [
			&["--gateway-password-file", "p"][..],
			&["--gateway-key", "//Dave", "--gateway-lifetime", "59"],
			&["--gateway-key", "//Dave", "--gateway-max-document", "0"],
			&["--gateway-key", "//Dave", "--gateway-max-document", "67108865"],
			&["--gateway-key", "//Dave", "--gateway-per-minute", "0"],
		] {
			assert!(with(wrong).is_err(), "{wrong:?}");
		}
	}

	#[test]
	fn a_keystore_without_a_password_says_where_to_put_it() {
		let file = tempfile::NamedTempFile::new().unwrap();
		let path = file.path().to_str().unwrap();
		let error = secrets(path, None, &GATEWAY).unwrap_err().to_string();
		assert!(error.contains("SALUS_GATEWAY_PASSWORD or --gateway-password-file"), "{error}");
	}

	#[test]
	fn a_lost_master_key_is_not_replaced() {
		let directory = tempfile::tempdir().unwrap();
		std::fs::create_dir_all(directory.path().join("keys/keys")).unwrap();
		let error = config(directory.path()).master().unwrap_err();
		assert!(error.to_string().contains("restore it"), "{error}");
	}
}
