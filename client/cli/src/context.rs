// SPDX-License-Identifier: Apache-2.0

//! The options resolved: where things are, how to wait, whose keys.

use crate::{
	args::{GlobalArgs, WaitFor},
	output::{self, Output},
	values::Party,
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	At, Call, Chain, Keypair, Receipt, Stage, Wait,
	custodian::{Circle, Custodian, Named},
	keystore::{self, KeystoreError, Secrets, write_private},
	types::{IdentityView, KeyStatus, KeyView, RecordView},
};
use salus_primitives::IdentityId;
use serde::{Deserialize, Serialize};
use std::{
	env, fs,
	io::{self, IsTerminal},
	path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Where a custodian is when nobody says it.
const CUSTODIAN: &str = "http://127.0.0.1:9955";

/// What every command works with.
pub(crate) struct Context {
	options: GlobalArgs,
	home: PathBuf,
	pub(crate) out: Output,
}

/// What the home notes of the chain that its identity is registered on.
#[derive(Serialize, Deserialize)]
struct Home {
	#[serde(with = "salus_client::wire::hex_bytes")]
	genesis: [u8; 32],
}

impl Context {
	pub(crate) fn new(options: GlobalArgs) -> anyhow::Result<Self> {
		let home = match &options.home {
			Some(home) => home.clone(),
			None => env::home_dir()
				.filter(|home| !home.as_os_str().is_empty())
				.ok_or_else(|| anyhow!("there is no home directory here: name one with --home"))?
				.join(".salus"),
		};
		Ok(Self { home, out: Output::new(options.json), options })
	}

	/// The folder of keystore and unfinished work.
	pub(crate) fn home(&self) -> &Path {
		&self.home
	}

	/// Where the keystore is or will be.
	pub(crate) fn keystore_path(&self) -> PathBuf {
		self.options.keystore.clone().unwrap_or_else(|| self.home.join("keystore.json"))
	}

	/// Opens the keystore.
	pub(crate) fn secrets(&self) -> anyhow::Result<Secrets> {
		self.secrets_of(&self.keystore_path())
	}

	/// Opens the keystore, with the password to write it again.
	pub(crate) fn secrets_and_password(&self) -> anyhow::Result<(Secrets, Zeroizing<String>)> {
		let path = self.keystore_path();
		keystore::account(&path)?;
		let password = self.password_of(&path)?;
		Ok((keystore::open(&path, &password)?, password))
	}

	/// Opens another keystore, or the one in another home, with the same password or its own.
	pub(crate) fn secrets_of(&self, path: &Path) -> anyhow::Result<Secrets> {
		let inside = path.join("keystore.json");
		let path = if path.is_dir() { &inside } else { path };
		// Before anybody is asked for a password.
		keystore::account(path)?;
		let prompt = || ask(&format!("Password for {}: ", path.display()));
		match keystore::open(path, &self.password_of(path)?) {
			// The password was meant for the first keystore of the command; this one has its own.
			Err(KeystoreError::WrongPassword(_))
				if path != self.keystore_path() && io::stdin().is_terminal() =>
			{
				Ok(keystore::open(path, &prompt()?)?)
			},
			result => Ok(result?),
		}
	}

	/// The password of a keystore, given or typed.
	pub(crate) fn password_of(&self, path: &Path) -> anyhow::Result<Zeroizing<String>> {
		match self.given_password()? {
			Some(password) => Ok(password),
			None => ask(&format!("Password for {}: ", path.display())),
		}
	}

	/// The password of a new keystore: given, or typed twice.
	pub(crate) fn new_password(&self) -> anyhow::Result<Zeroizing<String>> {
		match self.given_password()? {
			Some(password) => not_empty(password),
			None => self.typed_password(),
		}
	}

	/// What a login is opened with: given as a password is, or typed.
	pub(crate) fn login_password(&self, prompt: &str) -> anyhow::Result<Zeroizing<String>> {
		let password = self.given_password()?;
		not_empty(password.map_or_else(|| ask(prompt), Ok)?)
	}

	/// A new password, typed twice.
	pub(crate) fn typed_password(&self) -> anyhow::Result<Zeroizing<String>> {
		let password = ask("New password: ")?;
		if *ask("The same again: ")? != *password {
			bail!("the two passwords differ: nothing was written, try again");
		}
		not_empty(password)
	}

	/// Whether somebody sits at a terminal and wants text.
	pub(crate) fn is_interactive(&self) -> bool {
		io::stdin().is_terminal() && io::stderr().is_terminal() && !self.out.is_json()
	}

	/// Asks whether to go on, unless the answer was given; refuses where nobody can be asked.
	pub(crate) fn confirm(&self, question: &str, yes: bool) -> anyhow::Result<()> {
		if yes {
			return Ok(());
		}
		if !io::stdin().is_terminal() {
			bail!("nothing was done: {question} Say so with --yes");
		}
		match ask_line(&format!("{question} [y/N] "))?.to_lowercase().as_str() {
			"y" | "yes" => Ok(()),
			_ => bail!("nothing was done"),
		}
	}

	fn given_password(&self) -> anyhow::Result<Option<Zeroizing<String>>> {
		if let Some(path) = &self.options.password_file {
			let text =
				Zeroizing::new(fs::read_to_string(path).with_context(|| {
					format!("the password file {} cannot be read", path.display())
				})?);
			return Ok(Some(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())));
		}
		Ok(env::var("SALUS_PASSWORD").ok().map(Zeroizing::new))
	}

	/// Connects to the node, and refuses one of another chain than the home's.
	pub(crate) async fn chain(&self) -> anyhow::Result<Chain> {
		let genesis = self.expected_genesis()?;
		Ok(Chain::connect(&self.options.node, genesis).await?)
	}

	/// The genesis hash of the chain that was named, or else of the home's.
	pub(crate) fn expected_genesis(&self) -> anyhow::Result<Option<[u8; 32]>> {
		match self.options.genesis {
			Some(genesis) => Ok(Some(genesis.0)),
			None => self.noted_genesis(),
		}
	}

	/// Connects to the first custodian that is named, and refuses one whose key is not the chain's.
	pub(crate) async fn custodian(&self, at: &At, chain: &Chain) -> anyhow::Result<Custodian> {
		let custodian = self.unchecked_custodian(chain).await?;
		let known = at.identity(custodian.identity()).await?;
		let shown = salus_envelope::PublicKey::as_bytes(custodian.key());
		if known.is_none_or(|known| known.agreement.key != *shown) {
			return Err(custodian.key_complaint().into());
		}
		Ok(custodian)
	}

	/// Connects to the first custodian that is named, without asking the chain about it.
	pub(crate) async fn unchecked_custodian(&self, chain: &Chain) -> anyhow::Result<Custodian> {
		let named = self.named_custodians();
		let url = named.urls.first().map_or(CUSTODIAN, String::as_str);
		Ok(Custodian::connect(url, chain.genesis()).await?)
	}

	/// The custodians of what is filed in the name of `home`: an organisation, or an author for nobody.
	pub(crate) async fn circle(
		&self,
		chain: &Chain,
		at: &At,
		home: IdentityId,
	) -> anyhow::Result<Circle> {
		Ok(Circle::of(chain, at.hash(), home, &self.named_custodians()).await?)
	}

	/// The custodians of a record.
	pub(crate) async fn circle_of(
		&self,
		chain: &Chain,
		at: &At,
		view: &RecordView,
	) -> anyhow::Result<Circle> {
		self.circle(chain, at, view.organisation.unwrap_or(view.author)).await
	}

	fn named_custodians(&self) -> Named {
		let (urls, threshold) = (self.options.custodian.clone(), self.options.threshold);
		match urls.is_empty() {
			true => Named { urls: vec![CUSTODIAN.into()], threshold: None, is_default: true },
			false => Named { urls, threshold, is_default: false },
		}
	}

	/// The service that hands out keys in an emergency, when one was named.
	pub(crate) fn emergency_keys(&self) -> Option<&str> {
		self.options.emergency_keys.as_deref()
	}

	/// Notes the chain that the identity of a home is registered on.
	pub(crate) fn note_genesis(&self, home: &Path, chain: &Chain) -> anyhow::Result<()> {
		let path = home.join("chain.json");
		let text = serde_json::to_vec_pretty(&Home { genesis: chain.genesis() })?;
		write_private(&path, &text, true)
			.with_context(|| format!("{} cannot be written", path.display()))
	}

	fn noted_genesis(&self) -> anyhow::Result<Option<[u8; 32]>> {
		let path = self.home.join("chain.json");
		match fs::read(&path) {
			Ok(text) => {
				let home: Home = serde_json::from_slice(&text).with_context(|| {
					format!("{} is damaged: remove it, or give --genesis", path.display())
				})?;
				Ok(Some(home.genesis))
			},
			Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
			Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
		}
	}

	/// The identity that the keystore's account serves.
	pub(crate) async fn me(&self, at: &At, secrets: &Secrets) -> anyhow::Result<Me> {
		let account = secrets.signer().public_key().0;
		let id = at.identity_of(account).await?;
		let id = id.ok_or_else(|| {
			anyhow!("this account is not registered: run `salus register`, or have it registered")
		})?;
		let view = at.identity(id).await?;
		let view = view.ok_or_else(|| anyhow!("the chain does not know the identity {id}"))?;
		if secrets.next_signer().is_some_and(|next| next.public_key().0 == view.account) {
			bail!(
				"the chain has this identity's new key, and the keystore has not: finish what was \
				 interrupted with `salus key rotate`"
			);
		}
		if view.account != account {
			let keys = at.all_keys(id).await?;
			let has_ended =
				|key: &KeyView| key.account == account && key.status != KeyStatus::Active;
			if keys.iter().any(has_ended) {
				bail!(
					"the key of this home was put away: log in with `salus login` in an empty --home"
				);
			}
		}
		Ok(Me { id, view })
	}

	/// The identity that was meant.
	pub(crate) async fn identity(&self, at: &At, party: &Party) -> anyhow::Result<IdentityId> {
		match party {
			Party::Identity(id) => Ok(*id),
			Party::Account(account) => at.identity_of(*account).await?.ok_or_else(|| {
				anyhow!("that account is not registered: check the address, or name the identity")
			}),
		}
	}

	/// Signs and submits, shows how far it has come, and waits as long as the options say.
	pub(crate) async fn submit(
		&self,
		chain: &Chain,
		call: &Call,
		signer: &Keypair,
	) -> anyhow::Result<Receipt> {
		let wait = match self.options.wait {
			WaitFor::Best => Wait::BEST,
			WaitFor::Finalised => Wait::FINALIZED,
		};
		self.submit_until(chain, call, signer, wait).await
	}

	/// As [`Self::submit`], and waits for a final block whatever the options say.
	pub(crate) async fn submit_finally(
		&self,
		chain: &Chain,
		call: &Call,
		signer: &Keypair,
	) -> anyhow::Result<Receipt> {
		self.submit_until(chain, call, signer, Wait::FINALIZED).await
	}

	async fn submit_until(
		&self,
		chain: &Chain,
		call: &Call,
		signer: &Keypair,
		wait: Wait,
	) -> anyhow::Result<Receipt> {
		let title = call.title();
		let spinner = output::spinner(format!("{title}: submitting"));
		let receipt = chain
			.submit_with(call, signer, wait, |stage| {
				let now = match stage {
					Stage::Submitted => "waiting for a block",
					Stage::InBlock => "in a block, waiting for finality",
				};
				spinner.set_message(format!("{title}: {now}"));
			})
			.await;
		spinner.finish_and_clear();
		Ok(receipt?)
	}
}

/// Who the keystore's account is on chain.
pub(crate) struct Me {
	pub(crate) id: IdentityId,
	pub(crate) view: IdentityView,
}

fn not_empty(password: Zeroizing<String>) -> anyhow::Result<Zeroizing<String>> {
	if password.is_empty() {
		bail!("an empty password protects nothing: choose another one");
	}
	Ok(password)
}

/// Asks for a line that may be seen.
pub(crate) fn ask_line(prompt: &str) -> anyhow::Result<String> {
	eprint!("{prompt}");
	let mut line = String::new();
	io::stdin().read_line(&mut line).context("the answer could not be read")?;
	Ok(line.trim().to_owned())
}

fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
	if !io::stdin().is_terminal() {
		bail!("no password: give --password-file FILE, or set SALUS_PASSWORD");
	}
	let password = rpassword::prompt_password(prompt).context("the password could not be read")?;
	Ok(Zeroizing::new(password))
}
