// SPDX-License-Identifier: Apache-2.0

//! `salus register`: an identity for an account, by itself or by a sponsor.

mod profile;
mod sponsored;

pub(crate) use sponsored::{home_of, submit_file};

use crate::{
	commands::vault::Draft,
	context::{Context, ask_line},
	credentials::{Drawn, NewLogin, login_name},
	output::{facts, or_dash},
	values::{Party, Span},
	vaulting::Keeper,
};
use anyhow::{Context as _, bail};
use clap::Subcommand;
use profile::{Profile, SealedProfile};
use salus_client::{Call, Chain, calls, keystore, keystore::Secrets, login::LoginName};
use salus_envelope::{PrivateKey, PublicKey as _};
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, PublicKey, Salt, X25519Key, blake2_256,
};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use zeroize::Zeroizing;

#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
	#[command(subcommand)]
	command: Option<Command>,
	#[command(flatten)]
	own: Own,
	#[command(flatten)]
	login: NewLogin,
	/// Make no vault: one cannot log in from another device then.
	#[arg(long, conflicts_with = "login_name")]
	no_vault: bool,
}

/// What somebody registers as.
#[derive(clap::Args, Clone, Debug)]
struct Own {
	/// As what: patient, practitioner or organisation.
	#[arg(long, default_value = "patient")]
	kind: IdentityKind,
	#[command(flatten)]
	profile: Profile,
}

#[derive(Subcommand, Debug)]
enum Command {
	/// Agree to be registered by a sponsor: prints the signed consent for it.
	Consent {
		/// Who will register you.
		#[arg(long, value_name = "PARTY")]
		sponsor: Party,
		/// How long the consent serves.
		#[arg(long, default_value = "45m")]
		valid: Span,
		#[command(flatten)]
		own: Own,
	},
	/// Register somebody who agreed, from the consent in a file. The same as `sponsor submit`.
	Submit {
		/// The consent.
		file: PathBuf,
	},
	/// Register somebody whose keystore is at hand.
	For {
		/// The keystore or home of whom to register.
		#[arg(long, value_name = "FILE")]
		subject_keystore: PathBuf,
		#[command(flatten)]
		own: Own,
	},
}

pub(crate) async fn run(context: &Context, mut args: Args) -> anyhow::Result<()> {
	match args.command.take() {
		None => own(context, args).await,
		Some(Command::Consent { sponsor, valid, own }) => {
			sponsored::consent(context, &sponsor, valid, &own).await
		},
		Some(Command::Submit { file }) => submit_file(context, &file).await,
		Some(Command::For { subject_keystore, own }) => {
			sponsored::register(context, &subject_keystore, &own).await
		},
	}
}

async fn own(context: &Context, mut args: Args) -> anyhow::Result<()> {
	let asks = context.is_interactive();
	let path = context.keystore_path();
	if asks {
		args.own.profile.ask(args.own.kind)?;
	}
	let name = wanted_login(&args, asks)?;
	let is_new = !path.exists() && (asks || name.is_some());
	let (secrets, password) = if is_new {
		(Secrets::generate(), context.new_password()?)
	} else {
		context.secrets_and_password()?
	};
	let draft = draft(&args, name, &password)?;
	let chain = context.chain().await?;
	let account = secrets.signer().public_key().0;
	if let Some(id) = chain.best().await?.identity_of(account).await? {
		bail!("this account is registered already, as {id}: see `salus account show`");
	}
	let profile = SealedProfile::of(context.home(), &secrets, &args.own)?;
	let commitment = profile.as_ref().map(|profile| profile.commitment);
	let registration = Registration::of(&secrets, args.own.kind, commitment);
	if asks && !args.login.yes {
		eprintln!(
			"\nThis will stand on chain, for everybody to see:\n\n{}\n",
			registration.shown()
		);
	}
	if asks {
		context.confirm("Go on?", args.login.yes)?;
	}
	// Without a vault, the words are what brings the account back.
	let phrase = match is_new && draft.is_none() {
		true => Drawn::phrase(secrets.uri()),
		false => Drawn::default(),
	};
	// Nothing is left of one who did not go on; of one who did, nothing is lost.
	phrase.hand_over(context, args.login.yes)?;
	if is_new {
		keystore::create(&path, &secrets, &password)?;
	}
	if let Some(profile) = &profile {
		profile.keep(context.home())?;
	}
	let done = context.submit(&chain, &registration.call(), &secrets.signer()).await;
	if is_new {
		done.with_context(|| {
			format!("the keystore {} was made and stays: run the same again", path.display())
		})?;
	} else {
		done?;
	}
	context.note_genesis(context.home(), &chain)?;

	let identity = registration.identity();
	let drawn = match draft {
		Some(draft) => {
			let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
			draft.create(&keeper).await.with_context(|| {
				format!(
					"you are registered as {identity}, and the vault was not made: run `salus vault \
					 create` to make it"
				)
			})?
		},
		None => phrase,
	};
	registered(context, identity, args.own.kind, account, &drawn)
}

/// The login name, when there is to be a vault.
fn wanted_login(args: &Args, asks: bool) -> anyhow::Result<Option<LoginName>> {
	if args.no_vault {
		return Ok(None);
	}
	if args.login.is_wanted() || args.login.asks_for_vault() {
		return args.login.name().map(Some);
	}
	if !asks {
		return Ok(None);
	}
	let typed = ask_line("Login name, to log in from any device (empty: none): ")?;
	if typed.is_empty() { Ok(None) } else { login_name(Some(&typed), "--login-name").map(Some) }
}

fn draft(
	args: &Args,
	name: Option<LoginName>,
	password: &Zeroizing<String>,
) -> anyhow::Result<Option<Draft>> {
	let known = args.own.profile.known();
	name.map(|name| Draft::new(&args.login, &name, password, &known)).transpose()
}

/// What the chain gets to see of somebody who registers.
struct Registration {
	account: [u8; 32],
	kind: IdentityKind,
	salt: Salt,
	agreement_key: X25519Key,
	profile: Option<Commitment>,
}

impl Registration {
	fn of(secrets: &Secrets, kind: IdentityKind, profile: Option<Commitment>) -> Self {
		Self {
			account: secrets.signer().public_key().0,
			kind,
			salt: secrets.identity_salt(),
			agreement_key: *secrets.agreement(1).public().as_bytes(),
			profile,
		}
	}

	fn identity(&self) -> IdentityId {
		IdentityId::derive(blake2_256, &self.account, &self.salt)
	}

	/// The key that accounts of this program have.
	fn public(&self) -> PublicKey {
		PublicKey::Sr25519(self.account)
	}

	fn call(&self) -> Call {
		calls::identity::register(
			self.kind,
			self.salt,
			self.agreement_key,
			self.profile,
			self.public(),
		)
	}

	fn shown(&self) -> String {
		facts(&[
			("identity", self.identity().to_string()),
			("registered as", self.kind.to_string()),
			("account", subxt::utils::AccountId32(self.account).to_string()),
			("agreement key", format!("0x{}", hex::encode(self.agreement_key))),
			("commitment", or_dash(&self.profile)),
		])
	}
}

/// Says what was registered, with what is to be kept.
fn registered(
	context: &Context,
	identity: IdentityId,
	kind: IdentityKind,
	account: [u8; 32],
	drawn: &Drawn,
) -> anyhow::Result<()> {
	let account = subxt::utils::AccountId32(account).to_string();
	let mut answer: Map<String, Value> = drawn.to_json();
	answer.insert("identity".into(), json!(identity));
	answer.insert("kind".into(), json!(kind));
	answer.insert("account".into(), json!(account));
	context.out.say(&Value::from(answer), || {
		facts(&[
			("identity", identity.to_string()),
			("registered as", kind.to_string()),
			("account", account.clone()),
		])
	})
}

/// Refuses an account that is registered already.
async fn check_free(chain: &Chain, account: [u8; 32]) -> anyhow::Result<()> {
	match chain.best().await?.identity_of(account).await? {
		Some(id) => bail!("that account is registered already, as {id}"),
		None => Ok(()),
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::commands::account::address;

	#[test]
	fn what_is_shown_is_what_is_sent_and_no_more() {
		let secrets = Secrets::generate();
		let commitment = Commitment([7; 32]);
		let registration = Registration::of(&secrets, IdentityKind::Patient, Some(commitment));
		let shown = registration.shown();
		for fact in [
			registration.identity().to_string(),
			address(&secrets),
			hex::encode(registration.agreement_key),
			commitment.to_string(),
		] {
			assert!(shown.contains(&fact), "{fact} in {shown}");
		}
		assert_eq!(shown.lines().count(), 5);
		assert_eq!(registration.call().title(), "Identity.register");
	}
}
