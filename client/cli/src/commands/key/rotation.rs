// SPDX-License-Identifier: Apache-2.0

//! A new primary key, and a new agreement key.
//!
//! What replaces a key is written into the keystore, and into the vault where there is one, before
//! the chain hears of it: a fault in between leaves something that the same command finishes.

use crate::{commands::account::address, context::Context, vaulting};
use anyhow::bail;
use salus_client::{calls, keystore, keystore::Secrets, types::Signature};
use salus_primitives::{KeyVersion, Moment, PrimaryRotation, PublicKey};
use serde_json::json;
use zeroize::Zeroizing;

/// How long the new key's word serves.
const DEADLINE: Moment = 15 * 60 * 1000;

pub(super) async fn rotate(context: &Context) -> anyhow::Result<()> {
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
	let is_done = |secrets: &Secrets| {
		secrets.next_signer().is_some_and(|next| next.public_key().0 == view.account)
	};
	if !is_done(&secrets) {
		if view.account != old.public_key().0 {
			bail!(
				"this key is not the primary one: rotate with the keystore of {}",
				subxt::utils::AccountId32(view.account)
			);
		}
		let next = secrets.begin_rotation();
		save(context, &secrets, &password)?;
		vaulting::refresh(context, &chain, &secrets, id).await?;
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
		context.submit(&chain, &call, &old).await?;
	}
	secrets.finish_rotation();
	save(context, &secrets, &password)?;
	vaulting::refresh(context, &chain, &secrets, id).await?;
	let account = address(&secrets);
	let answer = json!({ "identity": id, "account": account, "epoch": view.epoch + 1 });
	context.out.say(&answer, || {
		format!(
			"the primary key is now {account}. The recovery phrase of the old one does not bring it \
			 back: keep a vault (`salus vault create`) or a copy of the keystore file"
		)
	})
}

fn save(context: &Context, secrets: &Secrets, password: &Zeroizing<String>) -> anyhow::Result<()> {
	Ok(keystore::replace(&context.keystore_path(), secrets, password)?)
}

/// Puts a new agreement key in place of the current one.
pub(crate) async fn rotate_agreement(context: &Context, compromised: bool) -> anyhow::Result<()> {
	let (mut secrets, password) = context.secrets_and_password()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	let (old, new) = (me.view.agreement.version, me.view.agreement.version + 1);
	if compromised {
		if !secrets.has_root_since(new) {
			secrets.add_root(new);
			save(context, &secrets, &password)?;
		}
		vaulting::refresh(context, &chain, &secrets, me.id).await?;
	}
	let key = *salus_envelope::PublicKey::as_bytes(&salus_envelope::PrivateKey::public(
		&secrets.agreement(new),
	));
	let call = calls::identity::rotate_agreement_key(key, old);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer =
		json!({ "identity": me.id, "version": new, "key": format!("0x{}", hex::encode(key)) });
	context.out.say(&answer, || {
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
