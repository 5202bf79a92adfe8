// SPDX-License-Identifier: Apache-2.0

//! `salus login`: a keyring opened on a device that has nothing yet.

use crate::{
	commands::account::address,
	context::Context,
	credentials::{login_name, twelve_words},
	output::facts,
	vaulting,
};
use anyhow::{Context as _, bail};
use salus_client::{
	Chain, keystore,
	login::{Credentials, OpenVault, Passphrase, Password, RecoveryCode, SecretKey},
	types::KeyStatus,
};
use serde_json::json;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
	/// The login name.
	#[arg(long)]
	name: Option<String>,
	/// The generated passphrase alone opens it: ask for that, and for no secret key.
	#[arg(long)]
	passphrase: bool,
	/// A file with the secret key.
	#[arg(long, value_name = "FILE", conflicts_with = "passphrase")]
	secret_key_file: Option<PathBuf>,
}

pub(crate) async fn run(context: &Context, args: Args) -> anyhow::Result<()> {
	check_empty(context)?;
	let name = login_name(args.name.as_deref(), "--name")?;
	let (credentials, typed) = if args.passphrase {
		let typed = context.login_password("Passphrase: ")?;
		let passphrase = Passphrase::from_words(&typed).context("that is no passphrase")?;
		// The one form of it, so that it opens the keystore however it is typed.
		let typed = Zeroizing::new(passphrase.expose().to_owned());
		(Credentials::Passphrase { name, passphrase }, typed)
	} else {
		let file = args.secret_key_file.as_deref();
		let words = twelve_words(file, "Secret key", "--secret-key-file")?;
		let secret_key = SecretKey::from_words(&words).context("that is no secret key")?;
		let typed = context.login_password("Password: ")?;
		let password = Password::new(&typed)?;
		(Credentials::Password { name, password, secret_key }, typed)
	};
	let chain = context.chain().await?;
	let opened = enter(context, &chain, &credentials, &typed).await?;
	let account = address(&opened.secrets);
	let path = context.keystore_path();
	let answer = json!({
		"identity": opened.identity,
		"account": account,
		"keystore": path,
		"version": opened.version,
	});
	context.out.say(&answer, || {
		facts(&[
			("identity", opened.identity.to_string()),
			("account", account.clone()),
			("keystore", path.display().to_string()),
		])
	})
}

/// Refuses a home that has a keystore: it may be the only copy of somebody else's.
pub(crate) fn check_empty(context: &Context) -> anyhow::Result<()> {
	let path = context.keystore_path();
	if path.exists() {
		return Err(keystore::KeystoreError::Exists(path).into());
	}
	Ok(())
}

/// The recovery code, from a file or typed.
pub(crate) fn recovery(file: Option<&Path>) -> anyhow::Result<Credentials> {
	let words = twelve_words(file, "Recovery code", "--code-file")?;
	let code = RecoveryCode::from_words(&words).context("that is no recovery code")?;
	Ok(Credentials::Recovery(code))
}

/// Opens the vault that credentials lead to, and furnishes the home with what is in it. The keystore
/// gets `password`.
pub(crate) async fn enter(
	context: &Context,
	chain: &Chain,
	credentials: &Credentials,
	password: &Zeroizing<String>,
) -> anyhow::Result<OpenVault> {
	let mut opened = vaulting::open(context, chain, credentials).await?;
	let at = chain.finalized().await?;
	if let Some(next) = opened.secrets.next_signer() {
		// The device that began a rotation was lost before it finished.
		let view = at.identity(opened.identity).await?;
		if view.is_some_and(|view| view.account == next.public_key().0) {
			opened.secrets.finish_rotation();
		}
	}
	let account = opened.secrets.signer().public_key().0;
	if at.identity_of(account).await? != Some(opened.identity) {
		bail!(
			"the keyring holds the key of another identity than {}: do not trust this node, ask \
			 another one",
			opened.identity
		);
	}
	let view = at.identity(opened.identity).await?;
	let view = view.context("the chain knows the vault and not its owner: ask another node")?;
	let signs = view.account == account || {
		let keys = at.all_keys(opened.identity).await?;
		keys.iter().any(|key| key.account == account && key.status == KeyStatus::Active)
	};
	if !signs || !vaulting::has_agreement(&opened.secrets, &view) {
		bail!("this vault is older than the identity's keys: ask another node");
	}
	keystore::create(&context.keystore_path(), &opened.secrets, password)?;
	context.note_genesis(context.home(), chain)?;
	vaulting::keep(context, &opened.secrets, opened.identity, opened.version, &opened.key)?;
	Ok(opened)
}
