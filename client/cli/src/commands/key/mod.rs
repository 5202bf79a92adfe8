// SPDX-License-Identifier: Apache-2.0

//! `salus key`: the keys that sign for an identity, and the one that others seal to.

mod addition;
mod rotation;

pub(crate) use rotation::{Compromise, rotate_agreement};

use crate::{
	commands::record::subject,
	context::Context,
	output::{or_dash, short, table},
	values::{Party, Span, when},
};
use anyhow::anyhow;
use clap::Subcommand;
use salus_client::{
	Call, calls, keystore,
	types::{KeyStatus, KeyView},
};
use salus_primitives::{CallScope, CallScopes, KeyId, KeyVersion};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// The signing keys of somebody, ended ones included; your own without a name.
	List {
		/// Whose.
		party: Option<Party>,
	},
	/// Agree, as an account of its own, to sign for an identity: prints the signed consent for it.
	Agree(addition::Agree),
	/// Let another account sign for you: from its consent in a file, or with its keystore at hand.
	Add(addition::Add),
	/// Set what a key may sign, as the primary key. Without --scopes it signs nothing.
	SetScopes {
		/// The number of the key.
		key: KeyId,
		/// What it may sign, as record-anchor,consent-manage.
		#[arg(long, value_name = "SCOPE", value_delimiter = ',')]
		scopes: Vec<CallScope>,
	},
	/// Put a new primary key in place of the current one. Interrupted, `salus key rotate` goes on.
	Rotate(Compromise),
	/// Put a key away. What it signed stays good.
	Retire {
		/// The number of the key.
		key: KeyId,
	},
	/// Revoke a key, since it may be in wrong hands. To replace the primary key, use `salus key rotate`.
	Revoke {
		/// The number of the key.
		key: KeyId,
		/// For how long it has been: what it signed since is in doubt.
		#[arg(long, value_name = "SPAN")]
		compromised_since: Option<Span>,
	},
	/// Stop all your keys but the primary one, at once. Every key may.
	Freeze,
	/// Let them sign again, as the primary key.
	Unfreeze,
	/// Put a new agreement key in place of the current one. What was sealed to old ones still opens.
	RotateAgreement(Compromise),
	/// Say that a former agreement key must no longer be used.
	RevokeAgreement {
		/// The version of the key.
		version: KeyVersion,
		/// For how long it has been in wrong hands.
		#[arg(long, value_name = "SPAN")]
		compromised_since: Option<Span>,
	},
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::List { party } => list(context, party).await,
		Command::Agree(agree) => addition::agree(context, agree).await,
		Command::Add(add) => addition::add(context, add).await,
		Command::SetScopes { key, scopes } => {
			let scopes = CallScopes::of(&scopes);
			let call = calls::identity::set_key_scopes(key, scopes);
			let words = words(scopes);
			change(context, call, key, &format!("key {key} may sign: {words}")).await
		},
		Command::Rotate(compromise) => rotation::rotate(context, compromise).await,
		Command::Retire { key } => {
			let call = calls::identity::retire_key(key);
			change(context, call, key, &format!("key {key} is put away")).await
		},
		Command::Revoke { key, compromised_since } => {
			let since = since(context, compromised_since).await?;
			let call = calls::identity::revoke_key(key, since);
			change(context, call, key, &format!("key {key} is revoked{}", doubt(since))).await
		},
		Command::Freeze => {
			let call = calls::identity::freeze_keys();
			freeze(context, call, true, "all keys but the primary one are frozen").await
		},
		Command::Unfreeze => {
			let call = calls::identity::unfreeze_keys();
			freeze(context, call, false, "the keys sign again").await
		},
		Command::RotateAgreement(compromise) => {
			rotation::rotate_agreement(context, compromise).await
		},
		Command::RevokeAgreement { version, compromised_since } => {
			let since = since(context, compromised_since).await?;
			rotation::revoke_agreement(context, version, since).await
		},
	}
}

async fn list(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	if party.is_none() {
		// Before a node is asked for somebody who is not there.
		keystore::account(&context.keystore_path())?;
	}
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, party).await?;
	let view = at.identity(who).await?;
	let view = view.ok_or_else(|| anyhow!("there is no identity {who}: check the id"))?;
	let keys = at.all_keys(who).await?;
	let answer = json!({
		"identity": who,
		"primary": view.primary,
		"frozen": view.frozen,
		"keys": keys,
		"agreement": view.agreement,
	});
	context.out.say(&answer, || {
		let rows = keys.iter().map(|key| row(key, key.key == view.primary)).collect();
		let head = ["number", "account", "purposes", "may sign", "until (UTC)", "state"];
		let keys = table(head, rows, "no keys");
		let frozen = match view.frozen {
			true => "\n\nall keys but the primary one are frozen: see `salus key unfreeze`",
			false => "",
		};
		format!("{keys}{frozen}\n\nagreement key: version {}", view.agreement.version)
	})
}

fn row(key: &KeyView, is_primary: bool) -> [String; 6] {
	let account = subxt::utils::AccountId32(key.account).to_string();
	let purposes: Vec<_> = key.purposes.iter().map(|purpose| purpose.to_string()).collect();
	let state = match key.status {
		KeyStatus::Active if is_primary => "primary".into(),
		KeyStatus::Active => "active".into(),
		KeyStatus::Retired { at } => format!("put away {}", when(at)),
		KeyStatus::Revoked { at, compromised_since } => {
			format!("revoked {}{}", when(at), doubt(compromised_since))
		},
	};
	[
		key.key.to_string(),
		short(&account),
		purposes.join(","),
		words(key.scopes),
		or_dash(&key.valid_until.map(when)),
		state,
	]
}

/// What a key may sign, in words.
fn words(scopes: CallScopes) -> String {
	match scopes {
		CallScopes::ALL => "everything".into(),
		scopes if scopes.is_empty() => "nothing".into(),
		scopes => {
			let words: Vec<_> = scopes.iter().map(|scope| scope.to_string()).collect();
			words.join(",")
		},
	}
}

fn doubt(since: Option<u64>) -> String {
	since.map_or_else(String::new, |since| format!(", in doubt since {} UTC", when(since)))
}

/// The moment that lies a span back, by the chain's clock.
async fn since(context: &Context, span: Option<Span>) -> anyhow::Result<Option<u64>> {
	let Some(span) = span else { return Ok(None) };
	let now = context.chain().await?.best().await?.now().await?;
	Ok(Some(now.saturating_sub(span.0)))
}

async fn change(context: &Context, call: Call, key: KeyId, done: &str) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	context.submit(&chain, &call, &secrets.signer()).await?;
	let view = chain.best().await?.key(me.id, key).await?;
	let answer = json!({ "identity": me.id, "key": view });
	context.out.say(&answer, || done.into())
}

async fn freeze(context: &Context, call: Call, frozen: bool, done: &str) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let me = context.me(&chain.best().await?, &secrets).await?;
	context.submit(&chain, &call, &secrets.signer()).await?;
	let answer = json!({ "identity": me.id, "frozen": frozen });
	context.out.say(&answer, || done.into())
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn scopes_are_told_in_words() {
		assert_eq!(words(CallScopes::ALL), "everything");
		assert_eq!(words(CallScopes::of(&[])), "nothing");
		let some = CallScopes::of(&[CallScope::Vault, CallScope::RecordAnchor]);
		assert_eq!(words(some), "record-anchor,vault");
	}

	#[test]
	fn doubt_names_its_beginning() {
		assert_eq!(doubt(None), "");
		assert_eq!(doubt(Some(0)), ", in doubt since 1970-01-01 00:00:00 UTC");
	}
}
