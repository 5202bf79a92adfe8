// SPDX-License-Identifier: Apache-2.0

//! `salus account`: the key that signs.

use crate::{
	commands::key,
	context::Context,
	output::{facts, or_dash},
	values::{Account, Amount},
};
use anyhow::{Context as _, bail};
use clap::Subcommand;
use salus_client::{
	calls,
	keystore::{self, Secrets},
};
use serde_json::json;
use std::io::{self, IsTerminal, Read};
use zeroize::Zeroizing;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Make an account and its keystore, and show the recovery phrase once.
	New {
		/// Do not show the recovery phrase. Without it the keystore file is all there is.
		#[arg(long)]
		no_phrase: bool,
	},
	/// Make a keystore for an account that exists.
	Import {
		/// A development key, as `//Alice`. Anything secret is asked for, or read from stdin.
		#[arg(long, value_name = "URI")]
		uri: Option<String>,
	},
	/// Show the account, and what the chain knows of it.
	Show {
		/// Do not ask the chain.
		#[arg(long)]
		offline: bool,
	},
	/// Send tokens.
	Send {
		/// To which account.
		#[arg(long, value_name = "ADDRESS")]
		to: Account,
		/// How many SAL.
		#[arg(long)]
		amount: Amount,
	},
	/// The same as `key rotate-agreement`.
	RotateKey(key::Compromise),
	/// Change the password of the keystore to the one in a file, or typed.
	Password {
		/// A file whose first line is the new password.
		#[arg(long, value_name = "FILE")]
		new_password_file: Option<std::path::PathBuf>,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::New { no_phrase } => make(context, Secrets::generate(), !no_phrase),
		Command::Import { uri } => {
			let secret = uri.map_or_else(ask_secret, |uri| Ok(Zeroizing::new(uri)))?;
			make(context, Secrets::from_uri(&secret)?, false)
		},
		Command::Show { offline } => show(context, offline).await,
		Command::Send { to, amount } => send(context, to, amount).await,
		Command::RotateKey(compromise) => key::rotate_agreement(context, compromise).await,
		Command::Password { new_password_file } => {
			let secrets = context.secrets()?;
			let password = match new_password_file {
				Some(path) => first_line(&path)?,
				None if io::stdin().is_terminal() => context.typed_password()?,
				None => bail!("no new password: give --new-password-file FILE"),
			};
			keystore::replace(&context.keystore_path(), &secrets, &password)?;
			let answer = json!({ "keystore": context.keystore_path() });
			context.out.say(&answer, || "the keystore has the new password".into())
		},
	}
}

fn make(context: &Context, secrets: Secrets, show_phrase: bool) -> anyhow::Result<()> {
	let path = context.keystore_path();
	if path.exists() {
		return Err(keystore::KeystoreError::Exists(path).into());
	}
	let password = context.new_password()?;
	keystore::create(&path, &secrets, &password)?;
	let account = address(&secrets);
	let phrase = show_phrase.then(|| secrets.uri());
	let answer = json!({ "account": account, "keystore": path, "phrase": phrase });
	context.out.say(&answer, || {
		let mut text =
			facts(&[("account", account.clone()), ("keystore", path.display().to_string())]);
		if let Some(phrase) = phrase {
			text += &format!(
				"\n\nRecovery phrase, shown this once. Write it on paper and keep it from others:\n\n    {phrase}"
			);
		}
		text
	})
}

async fn show(context: &Context, offline: bool) -> anyhow::Result<()> {
	let path = context.keystore_path();
	let address = keystore::account(&path)?;
	if offline {
		let answer = json!({ "account": address, "keystore": path });
		return context.out.say(&answer, || {
			facts(&[("account", address.clone()), ("keystore", path.display().to_string())])
		});
	}
	let account: Account =
		address.parse().map_err(anyhow::Error::msg).context("the keystore names no account")?;
	let at = context.chain().await?.best().await?;
	let balance = Amount(at.free_balance(account.0).await?);
	let identity = at.identity_of(account.0).await?;
	let (mut view, mut allowance) = (None, None);
	if let Some(id) = identity {
		view = at.identity(id).await?;
		allowance = Some(Amount(at.allowance_left(id).await?));
	}
	let answer = json!({
		"account": address,
		"keystore": path,
		"balance": balance.0.to_string(),
		"identity": identity,
		"allowanceLeft": allowance.map(|amount| amount.0.to_string()),
		"registration": view,
	});
	context.out.say(&answer, || {
		let kind = view.as_ref().map(|view| view.kind);
		let key = view.as_ref().map(|view| format!("version {}", view.agreement.version));
		facts(&[
			("account", address.clone()),
			("keystore", path.display().to_string()),
			("balance", balance.to_string()),
			("identity", or_dash(&identity)),
			("registered as", or_dash(&kind)),
			("agreement key", or_dash(&key)),
			("fees free today", or_dash(&allowance)),
		])
	})
}

async fn send(context: &Context, to: Account, amount: Amount) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let call = calls::balances::transfer_keep_alive(to.0, amount.0);
	let receipt = context.submit(&chain, &call, &secrets.signer()).await?;
	let to = subxt::utils::AccountId32(to.0).to_string();
	let answer = json!({
		"to": to,
		"amount": amount.0.to_string(),
		"block": format!("0x{}", hex::encode(receipt.block)),
	});
	context.out.say(&answer, || format!("sent {amount} to {to}"))
}

/// The address of a keystore's account.
pub(crate) fn address(secrets: &Secrets) -> String {
	secrets.signer().public_key().to_account_id().to_string()
}

fn ask_secret() -> anyhow::Result<Zeroizing<String>> {
	if io::stdin().is_terminal() {
		let secret = rpassword::prompt_password("Recovery phrase, 0x-seed or key URI: ");
		return Ok(Zeroizing::new(secret.context("the secret could not be read")?));
	}
	let mut text = Zeroizing::new(String::new());
	io::stdin().read_to_string(&mut text).context("the secret could not be read")?;
	Ok(text)
}

/// The first line of a file with a password.
pub(crate) fn first_line(path: &std::path::Path) -> anyhow::Result<Zeroizing<String>> {
	let text = std::fs::read_to_string(path)
		.with_context(|| format!("the password file {} cannot be read", path.display()))?;
	let text = Zeroizing::new(text);
	match text.lines().next() {
		Some(line) if !line.is_empty() => Ok(Zeroizing::new(line.to_owned())),
		_ => bail!("the password file {} is empty", path.display()),
	}
}
