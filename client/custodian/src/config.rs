// SPDX-License-Identifier: Apache-2.0

//! Flags and environment, and what they open.

use crate::{
	Settings,
	chain::Node,
	limits::Rate,
	shares::Shares,
	store::{OpenError, Store},
};
use salus_client::keystore::{self, KeystoreError, Secrets};
use salus_envelope::{KeyEncryptionKey, Secret};
use salus_primitives::{CallScope, IdentityId};
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
	#[error("the keystore needs its password: set SALUS_PASSWORD or --password-file")]
	NoPassword,
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
		let secrets = self.secrets()?;
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
		};
		let shares = Shares::new(store.clone(), keys, master);
		Ok(Opened { settings, chain, store, shares })
	}

	/// The identity that the account acts for, and the version of its agreement key. One that was
	/// just registered gets the time to become final.
	async fn identify(
		&self,
		chain: &Node,
		account: &[u8; 32],
	) -> Result<(IdentityId, u32), StartError> {
		use crate::chain::{At, Chain};
		// What it signs on chain: the log of who was let in.
		let scope = CallScope::AccessLog;
		let (found, at) = loop {
			let finalised = chain.head(At::Finalised).await?;
			if let Some(found) = chain.acting_identity(account, scope, finalised).await? {
				break (found, finalised);
			}
			let best = chain.head(At::Best).await?;
			if chain.acting_identity(account, scope, best).await?.is_none() {
				let account = sr25519::PublicKey(*account).to_account_id().to_string();
				return Err(StartError::NoIdentity(account));
			}
			tracing::info!("waiting until the custodian's registration is final");
			tokio::time::sleep(Duration::from_secs(1)).await;
		};
		if let Some(given) = self.identity.filter(|given| *given != found) {
			return Err(StartError::OtherIdentity { found, given });
		}
		let key = chain.agreement_key(&found, at).await?;
		Ok((found, key.map_or(1, |(version, _)| version)))
	}

	fn secrets(&self) -> Result<Secrets, StartError> {
		let path = Path::new(&self.key);
		if !path.is_file() {
			return Ok(Secrets::from_uri(&self.key)?);
		}
		let password = match &self.password_file {
			Some(file) => std::fs::read_to_string(file).map(Zeroizing::new).map_err(|error| {
				StartError::File { path: file.clone(), reason: error.to_string() }
			})?,
			None => std::env::var("SALUS_PASSWORD")
				.map(Zeroizing::new)
				.map_err(|_| StartError::NoPassword)?,
		};
		Ok(keystore::open(path, password.trim_end_matches(['\r', '\n']))?)
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
	fn a_lost_master_key_is_not_replaced() {
		let directory = tempfile::tempdir().unwrap();
		std::fs::create_dir_all(directory.path().join("keys/keys")).unwrap();
		let error = config(directory.path()).master().unwrap_err();
		assert!(error.to_string().contains("restore it"), "{error}");
	}
}
