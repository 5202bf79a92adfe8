// SPDX-License-Identifier: Apache-2.0

//! `salus vault`: the sealed keyring on chain that a login opens.

use crate::{
	commands::{account::first_line, login},
	context::Context,
	credentials::{Drawn, NewLogin, new_password},
	output::{facts, table},
	values::when,
	vaulting::{Keeper, calibrated, stretch},
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{
	Chain, keystore,
	keystore::Secrets,
	login::{Credentials, LoginName, Profile, RecoveryCode},
	password::WeakPassword,
	types::{SlotView, VaultView},
};
use salus_primitives::{IdentityId, Kdf, SlotId, SlotKind};
use serde_json::{Value, json};
use std::path::PathBuf;
use zeroize::Zeroizing;

/// What taking a slot away, or replacing it, does not do.
const STILL_OPENS: &str = "Who has what opened it still opens archives of the chain, and what is \
	sealed later with the same key: when somebody else may have it, run `salus vault create --anew`";

/// The number of the slot of name and password.
const LOGIN_SLOT: SlotId = 0;
/// The number of the first recovery code's slot.
const RECOVERY_SLOT: SlotId = 1;
/// What is said when a change of the login may have happened or not.
const UNSURE: &str = "whether the new login counts is not sure: log in with it from an empty \
	--home, or run `salus vault change-password` in this home";

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Seal your keyring on chain, so that you can log in from any device.
	Create {
		#[command(flatten)]
		login: NewLogin,
		/// Make it anew, with a fresh key, in place of the one that stands there: nothing that opened
		/// the old one opens the new one.
		#[arg(long)]
		anew: bool,
	},
	/// What stands on chain, and whether it is as this home knows it.
	Show,
	/// Log in with another name, password and secret key from now on. The keystore of this home gets
	/// the password too. When somebody else may have the old login, use `vault create --anew`.
	ChangePassword {
		#[command(flatten)]
		login: NewLogin,
		/// A file whose first line is the new password.
		#[arg(long, value_name = "FILE")]
		new_password_file: Option<PathBuf>,
	},
	/// Open the vault by its recovery code in an empty home, and log in with another name, password
	/// and secret key from now on.
	Recover {
		#[command(flatten)]
		login: NewLogin,
		/// A file with the recovery code.
		#[arg(long, value_name = "FILE")]
		code_file: Option<PathBuf>,
		/// A file whose first line is the new password.
		#[arg(long, value_name = "FILE")]
		new_password_file: Option<PathBuf>,
	},
	/// Add another recovery code.
	AddRecovery {
		/// Write the recovery code into this file instead of showing it.
		#[arg(long, value_name = "FILE")]
		recovery_code_file: Option<PathBuf>,
		/// Do not ask whether it was written down.
		#[arg(long)]
		yes: bool,
	},
	/// Remove a way to open the vault. It still opens archives, and what is sealed later with the same
	/// key: when somebody else may have it, use `vault create --anew`.
	RemoveSlot {
		/// Its number, as `vault show` lists it.
		slot: SlotId,
	},
	/// Remove the vault. Archives keep what it sealed.
	Clear {
		/// Do not ask.
		#[arg(long)]
		yes: bool,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Create { login, anew } => create(context, login, anew).await,
		Command::Show => show(context).await,
		Command::ChangePassword { login, new_password_file } => {
			change_password(context, login, new_password_file).await
		},
		Command::Recover { login, code_file, new_password_file } => {
			recover(context, login, code_file, new_password_file).await
		},
		Command::AddRecovery { recovery_code_file, yes } => {
			add_recovery(context, recovery_code_file, yes).await
		},
		Command::RemoveSlot { slot } => {
			let (secrets, chain, identity) = mine(context).await?;
			let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
			let version = keeper.remove_slot(slot).await?;
			let answer = json!({ "identity": identity, "slot": slot, "version": version });
			context.out.say(&answer, || {
				format!("nobody finds the vault by slot {slot} any more. {STILL_OPENS}")
			})
		},
		Command::Clear { yes } => {
			let (secrets, chain, identity) = mine(context).await?;
			context.confirm("Nobody can log in from another device any more. Go on?", yes)?;
			let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
			let version = keeper.clear().await?;
			let answer = json!({ "identity": identity, "version": version });
			context.out.say(&answer, || "the vault is removed".into())
		},
	}
}

async fn mine(context: &Context) -> anyhow::Result<(Secrets, Chain, IdentityId)> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let id = context.me(&chain.best().await?, &secrets).await?.id;
	Ok((secrets, chain, id))
}

/// Everything about a new login that needs no chain, so that it is refused before one is asked.
pub(crate) struct Draft {
	credentials: Credentials,
	recovery: Credentials,
	drawn: Drawn,
	yes: bool,
}

impl Draft {
	/// Draws the login and a recovery code.
	pub(crate) fn new(
		login: &NewLogin,
		name: &LoginName,
		password: &Zeroizing<String>,
		known: &[&str],
	) -> anyhow::Result<Self> {
		let (credentials, drawn) = login.draw(name, password, known)?;
		let (recovery, more) = login.draw_recovery();
		let drawn = drawn.and(more);
		drawn.check_files()?;
		Ok(Self { credentials, recovery, drawn, yes: login.yes })
	}

	/// As [`Self::new`], with the password of the keystore, which nobody was asked for now.
	pub(crate) fn of_keystore(
		login: &NewLogin,
		name: &LoginName,
		password: &Zeroizing<String>,
	) -> anyhow::Result<Self> {
		Self::new(login, name, password, &[]).map_err(name_password)
	}

	/// Makes the vault with a fresh key. Gives what was handed over, for the answer to programs.
	pub(crate) async fn create(self, keeper: &Keeper<'_>) -> anyhow::Result<Drawn> {
		keeper.standing().await?;
		let profile = calibrated().await?;
		let login = stretch(keeper.chain, &self.credentials, profile).await?;
		let recovery = stretch(keeper.chain, &self.recovery, Profile::Light).await?;
		// A secret that nobody can read any more opens nothing.
		self.drawn.hand_over(keeper.context, self.yes)?;
		let slots = [(LOGIN_SLOT, &login), (RECOVERY_SLOT, &recovery)];
		keeper.create(&slots).await.map_err(unsure)?;
		Ok(self.drawn)
	}
}

async fn create(context: &Context, login: NewLogin, anew: bool) -> anyhow::Result<()> {
	let name = login.name()?;
	let (secrets, password) = context.secrets_and_password()?;
	let draft = Draft::of_keystore(&login, &name, &password)?;
	let chain = context.chain().await?;
	let identity = context.me(&chain.best().await?, &secrets).await?.id;
	let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
	if keeper.vault().await?.is_some() && !anew {
		bail!(
			"there is a vault already: change its login with `salus vault change-password`, or make \
			 it anew with --anew"
		);
	}
	let drawn = draft.create(&keeper).await?;
	told(context, identity, &drawn, "the keyring is sealed on chain")
}

/// Adds what to do when nobody knows whether the chain took a change.
fn unsure(error: anyhow::Error) -> anyhow::Error {
	use salus_client::Error::{Answer, NodeUnreachable, NotFinalised, NotIncluded};
	match error.downcast_ref() {
		Some(NotIncluded { .. } | NotFinalised { .. } | NodeUnreachable { .. } | Answer(_)) => {
			error.context(UNSURE)
		},
		_ => error,
	}
}

/// Says whose password is too weak: nobody was asked for one.
fn name_password(error: anyhow::Error) -> anyhow::Error {
	match error.is::<WeakPassword>() {
		true => error.context(
			"the login gets the password of the keystore: choose another one with `salus account \
			 password`",
		),
		false => error,
	}
}

/// Prints what was done; programs get what is to be kept with it.
pub(crate) fn told(
	context: &Context,
	identity: IdentityId,
	drawn: &Drawn,
	done: &str,
) -> anyhow::Result<()> {
	let mut answer = drawn.to_json();
	answer.insert("identity".into(), json!(identity));
	context.out.say(&Value::from(answer), || done.into())
}

async fn show(context: &Context) -> anyhow::Result<()> {
	let (secrets, chain, identity) = mine(context).await?;
	let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
	let Some(vault) = keeper.vault().await? else {
		let answer = json!({ "identity": identity, "vault": null });
		return context.out.say(&answer, || "there is no vault: see `salus vault create`".into());
	};
	let slots = chain.best().await?.vault_slots(identity).await?;
	let answer = json!({ "identity": identity, "vault": vault, "slots": slots });
	context.out.say(&answer, || shown(&vault, &slots))
}

fn shown(vault: &VaultView, slots: &[SlotView]) -> String {
	let facts = facts(&[
		("vault of", vault.identity.to_string()),
		("version", vault.version.to_string()),
		("sealed at version", vault.body_version.to_string()),
		("bytes", vault.body.len().to_string()),
		("changed (UTC)", when(vault.updated_at)),
	]);
	let row = |view: &SlotView| {
		let cost = match view.slot.kdf {
			Kdf::None => "-".into(),
			Kdf::Argon2id { memory_kib, passes, lanes } => {
				format!("Argon2id {} MiB × {passes}, {lanes} lane(s)", memory_kib / 1024)
			},
		};
		[view.id.to_string(), view.slot.kind.to_string(), cost, when(view.slot.created_at)]
	};
	let head = ["slot", "opens by", "each guess costs", "since (UTC)"];
	format!("{facts}\n\n{}", table(head, slots.iter().map(row).collect(), "no slots"))
}

async fn change_password(
	context: &Context,
	login: NewLogin,
	file: Option<PathBuf>,
) -> anyhow::Result<()> {
	let name = login.name()?;
	let (secrets, old) = context.secrets_and_password()?;
	let password =
		if login.has_password() { new_password(context, file.as_deref())? } else { old.clone() };
	let (credentials, drawn) = login.draw(&name, &password, &[])?;
	drawn.check_files()?;
	let chain = context.chain().await?;
	let identity = context.me(&chain.best().await?, &secrets).await?.id;
	let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
	let (vault, key) = keeper.opened().await?;
	let stretched = stretch(&chain, &credentials, calibrated().await?).await?;
	drawn.hand_over(context, login.yes)?;
	keeper.put(&vault, &key, login_slot(&vault), &stretched).await.map_err(unsure)?;
	if password != old {
		keystore::replace(&context.keystore_path(), &secrets, &password)?;
	}
	told(
		context,
		identity,
		&drawn,
		&format!("nobody finds the vault by the old login any more. {STILL_OPENS}"),
	)
}

/// The slot that name and password open, or the number for one.
fn login_slot(vault: &VaultView) -> SlotId {
	let by_name = |kind| [SlotKind::Password, SlotKind::Passphrase].contains(&kind);
	vault.slots.iter().find(|slot| by_name(slot.kind)).map_or_else(|| free(vault), |slot| slot.id)
}

/// The lowest number that no slot has.
fn free(vault: &VaultView) -> SlotId {
	let is_free = |id: &SlotId| vault.slots.iter().all(|slot| slot.id != *id);
	(0..=SlotId::MAX).find(is_free).unwrap_or_default()
}

async fn recover(
	context: &Context,
	options: NewLogin,
	code_file: Option<PathBuf>,
	password_file: Option<PathBuf>,
) -> anyhow::Result<()> {
	login::check_empty(context)?;
	let code = login::recovery(code_file.as_deref())?;
	let name = options.name()?;
	let chosen = match (options.has_password(), password_file) {
		(true, file) => new_password(context, file.as_deref())?,
		// The keystore of this home still needs one.
		(false, Some(file)) => first_line(&file)?,
		(false, None) => context.new_password()?,
	};
	let (credentials, drawn) = options.draw(&name, &chosen, &[])?;
	drawn.check_files()?;
	let chain = context.chain().await?;
	let opened = login::enter(context, &chain, &code, &chosen).await?;
	let (secrets, identity) = (&opened.secrets, opened.identity);
	let keeper = Keeper { context, chain: &chain, secrets, identity };
	let vault = keeper.vault().await?;
	let vault = vault.ok_or_else(|| anyhow!("the vault was cleared meanwhile"))?;
	let stretched = stretch(&chain, &credentials, calibrated().await?).await?;
	drawn.hand_over(context, options.yes)?;
	keeper.put(&vault, &opened.key, login_slot(&vault), &stretched).await.map_err(unsure)?;
	told(context, identity, &drawn, "the keyring is open in this home, and has a new login")
}

async fn add_recovery(context: &Context, file: Option<PathBuf>, yes: bool) -> anyhow::Result<()> {
	let (secrets, chain, identity) = mine(context).await?;
	let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity };
	let (vault, key) = keeper.opened().await?;
	let code = RecoveryCode::generate();
	let drawn = Drawn::recovery(&code, file);
	drawn.check_files()?;
	let stretched = stretch(&chain, &Credentials::Recovery(code), Profile::Light).await?;
	drawn.hand_over(context, yes)?;
	let slot = free(&vault);
	keeper.put(&vault, &key, slot, &stretched).await?;
	told(context, identity, &drawn, &format!("slot {slot} opens the vault by another code"))
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::SlotEntry;
	use salus_primitives::Commitment;

	fn vault(slots: &[(SlotId, SlotKind)]) -> VaultView {
		VaultView {
			identity: IdentityId([1; 32]),
			version: 3,
			body_version: 2,
			format: 1,
			key_commitment: Commitment([2; 32]),
			body: vec![0; 300],
			slots: slots.iter().map(|(id, kind)| SlotEntry { id: *id, kind: *kind }).collect(),
			updated_at: 0,
		}
	}

	#[test]
	fn a_new_login_takes_the_place_of_the_old_one() {
		use SlotKind::*;
		assert_eq!(login_slot(&vault(&[(1, Recovery), (4, Passphrase)])), 4);
		assert_eq!(login_slot(&vault(&[(0, Password), (1, Recovery)])), 0);
		assert_eq!(login_slot(&vault(&[(0, Recovery), (1, Recovery)])), 2);
		assert_eq!(free(&vault(&[(0, Password), (2, Recovery)])), 1);
	}

	#[test]
	fn a_vault_is_shown_with_the_cost_of_a_guess() {
		let slot = salus_client::types::VaultSlot {
			kind: SlotKind::Password,
			kdf: Kdf::Argon2id { memory_kib: 65_536, passes: 3, lanes: 1 },
			salt: vec![0; 16],
			nonce: [0; 24],
			wrapped: vec![0; 48],
			locator: None,
			created_at: 0,
		};
		let text = shown(&vault(&[(0, SlotKind::Password)]), &[SlotView { id: 0, slot }]);
		assert!(text.contains("Argon2id 64 MiB × 3, 1 lane(s)") && text.contains("password"));
	}
}
