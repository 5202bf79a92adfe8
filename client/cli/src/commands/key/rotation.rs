// SPDX-License-Identifier: Apache-2.0

//! A new primary key, and a new agreement key.
//!
//! What replaces a key is written into the keystore, and into the vault where there is one, before
//! the chain hears of it: a fault in between leaves something that the same command finishes.

use crate::{
	commands::{account::address, vault::Draft},
	context::Context,
	credentials::{Drawn, NewLogin},
	vaulting::{self, Keeper},
};
use anyhow::{Context as _, bail};
use salus_client::{
	calls, keystore,
	keystore::Secrets,
	types::{IdentityView, Signature},
};
use salus_primitives::{KeyVersion, Moment, PrimaryRotation, PublicKey};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

/// How long the new key's word serves.
const DEADLINE: Moment = 15 * 60 * 1000;

/// Whether somebody else may have the old keys, and the login of the vault that takes its place then.
#[derive(clap::Args, Debug)]
pub(crate) struct Compromise {
	/// The old keys, or a login of the vault, may be known to somebody: the vault is made anew with a
	/// fresh key and a new login, and a new agreement key derives from a new secret. The recovery
	/// phrase does not cover what is new; keep a copy of the keystore file, or a vault.
	#[arg(long)]
	compromised: bool,
	#[command(flatten)]
	login: NewLogin,
}

impl Compromise {
	fn has_login(&self) -> bool {
		self.login.is_wanted() || self.login.asks_for_vault()
	}

	/// Refuses a login that would not be used.
	fn check(&self) -> anyhow::Result<()> {
		if self.has_login() && !self.compromised {
			bail!(
				"a new login comes with --compromised only: give that as well, or use `salus vault \
				 change-password`"
			);
		}
		Ok(())
	}

	/// The login of a vault that is to be made anew, when there is one and it has to be.
	async fn draft(
		&self,
		keeper: &Keeper<'_>,
		password: &Zeroizing<String>,
	) -> anyhow::Result<Option<Draft>> {
		// Before anything is drawn that a refusal would leave half done.
		keeper.standing().await?;
		if !self.compromised {
			return Ok(None);
		}
		if keeper.vault().await?.is_none() {
			if self.has_login() {
				bail!("there is no vault that a login would open: see `salus vault create`");
			}
			return Ok(None);
		}
		let name = self.login.name().context(
			"whoever has the old login could open what is sealed for it, so the vault is made anew",
		)?;
		Draft::of_keystore(&self.login, &name, password).map(Some)
	}
}

/// Puts what is new into the vault: under a fresh key when there is a draft of one, so that nobody
/// who has the old key opens it.
async fn seal(keeper: &Keeper<'_>, draft: Option<Draft>) -> anyhow::Result<Drawn> {
	match draft {
		Some(draft) => draft.create(keeper).await,
		None => {
			vaulting::refresh(keeper.context, keeper.chain, keeper.secrets, keeper.identity)
				.await?;
			Ok(Drawn::default())
		},
	}
}

pub(super) async fn rotate(context: &Context, compromise: Compromise) -> anyhow::Result<()> {
	compromise.check()?;
	let (mut secrets, password) = context.secrets_and_password()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let old = secrets.signer();
	let Some(id) = at.identity_of(old.public_key().0).await? else {
		bail!("this account is not registered: run `salus register`, or have it registered");
	};
	let Some(view) = at.identity(id).await? else {
		bail!("the chain does not know the identity {id}");
	};
	// What was drawn after a compromise must not be sealed with the vault's old key.
	if !compromise.compromised && secrets.has_root_since(view.agreement.version + 1) {
		bail!("finish what was interrupted first: `salus key rotate-agreement --compromised`");
	}
	let mut drawn = Drawn::default();
	let is_resumed = has_moved(&secrets, &view);
	if !is_resumed {
		if view.account != old.public_key().0 {
			bail!(
				"this key is not the primary one: rotate with the keystore of {}",
				subxt::utils::AccountId32(view.account)
			);
		}
		// It may lie in a keystore or a vault that somebody else opens, or on its way to the chain.
		if compromise.compromised && secrets.next_signer().is_some() {
			bail!(
				"a rotation was begun before, and whoever has the old keys may have its new one: \
				 finish it with `salus key rotate`, then run this again"
			);
		}
		let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity: id };
		let draft = compromise.draft(&keeper, &password).await?;
		let next = secrets.begin_rotation();
		save(context, &secrets, &password)?;
		let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity: id };
		drawn = seal(&keeper, draft).await?;
		let statement = PrimaryRotation {
			genesis: chain.genesis(),
			identity: id,
			account: next.public_key().0,
			epoch: view.epoch,
			deadline: at.now().await?.saturating_add(DEADLINE),
		};
		let call = calls::identity::rotate_primary(
			statement.account,
			PublicKey::Sr25519(statement.account),
			statement.deadline,
			statement.epoch,
			Signature::Sr25519(next.sign(&statement.to_bytes()).0),
		);
		context.submit_finally(&chain, &call, &old).await.context(BOTH_KEPT)?;
	}
	// A block that is not final may give way to one without the new account, and then the old one is
	// all there is.
	let settled = chain.finalized().await?.identity(id).await?;
	let Some(settled) = settled.filter(|settled| has_moved(&secrets, settled)) else {
		bail!("the new primary key stands in a block that is not final yet: {BOTH_KEPT}");
	};
	secrets.finish_rotation();
	save(context, &secrets, &password)?;
	vaulting::refresh(context, &chain, &secrets, id)
		.await
		.context("the primary key is the new one, and the vault was not sealed anew")?;
	let account = address(&secrets);
	let mut answer: Map<String, Value> = drawn.to_json();
	answer.insert("identity".into(), json!(id));
	answer.insert("account".into(), json!(account));
	answer.insert("epoch".into(), json!(settled.epoch));
	context.out.say(&Value::from(answer), || {
		let more = match (compromise.compromised, is_resumed) {
			(true, true) => {
				". This finished what an earlier run began: run it once more, whoever has the old keys \
				 may have this one"
			},
			(true, false) => "",
			(false, _) => {
				". When somebody else may have the old keys or a login of the vault, run it with \
				 --compromised: the vault's key is still the same"
			},
		};
		format!(
			"the primary key is now {account}. The recovery phrase of the old one does not bring it \
			 back: keep a vault (`salus vault create`) or a copy of the keystore file{more}"
		)
	})
}

/// What a rotation leaves that is not settled.
const BOTH_KEPT: &str = "both keys are kept until the new one is final: run `salus key rotate` then, without --compromised";

/// Whether the chain has the account that is to take the place of this one.
fn has_moved(secrets: &Secrets, view: &IdentityView) -> bool {
	secrets.next_signer().is_some_and(|next| next.public_key().0 == view.account)
}

fn save(context: &Context, secrets: &Secrets, password: &Zeroizing<String>) -> anyhow::Result<()> {
	Ok(keystore::replace(&context.keystore_path(), secrets, password)?)
}

/// Puts a new agreement key in place of the current one.
pub(crate) async fn rotate_agreement(
	context: &Context,
	compromise: Compromise,
) -> anyhow::Result<()> {
	compromise.check()?;
	let (mut secrets, password) = context.secrets_and_password()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	if !vaulting::has_agreement(&secrets, &me.view) {
		bail!(vaulting::STALE);
	}
	let (old, new) = (me.view.agreement.version, me.view.agreement.version + 1);
	let mut drawn = Drawn::default();
	if compromise.compromised {
		let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity: me.id };
		let draft = compromise.draft(&keeper, &password).await?;
		if !secrets.has_root_since(new) {
			secrets.add_root(new);
			save(context, &secrets, &password)?;
		}
		let keeper = Keeper { context, chain: &chain, secrets: &secrets, identity: me.id };
		drawn = seal(&keeper, draft).await?;
	}
	let key = *salus_envelope::PublicKey::as_bytes(&salus_envelope::PrivateKey::public(
		&secrets.agreement(new),
	));
	let call = calls::identity::rotate_agreement_key(key, old);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let mut answer: Map<String, Value> = drawn.to_json();
	answer.insert("identity".into(), json!(me.id));
	answer.insert("version".into(), json!(new));
	answer.insert("key".into(), json!(format!("0x{}", hex::encode(key))));
	context.out.say(&Value::from(answer), || {
		format!("the agreement key is now version {new}; what was sealed to older ones still opens")
	})
}

/// Says that a former agreement key must no longer be used.
pub(super) async fn revoke_agreement(
	context: &Context,
	version: KeyVersion,
	since: Option<Moment>,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	if me.view.agreement.version == version {
		bail!(
			"version {version} is the current one: put another in its place first, with `salus key \
			 rotate-agreement --compromised`"
		);
	}
	let call = calls::identity::revoke_agreement_key(version, since);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let view = chain.best().await?.agreement_key(me.id, version).await?;
	let answer = json!({ "identity": me.id, "agreementKey": view });
	context.out.say(&answer, || {
		format!("version {version} of the agreement key is revoked{}", super::doubt(since))
	})
}
