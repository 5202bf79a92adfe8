// SPDX-License-Identifier: Apache-2.0

//! A further account signs for an identity: it agrees, then the identity takes it.

use crate::{
	commands::account::address,
	context::Context,
	document,
	output::{facts, or_dash},
	values::{Party, Span, when},
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{Chain, calls, keystore::Secrets, types::Signature, wire::hex_bytes};
use salus_primitives::{
	CallScope, CallScopes, IdentityId, KeyAddition, KeyPurpose, KeyPurposes, Moment, PublicKey,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::PathBuf;

/// What the new key will be.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Terms {
	/// What it is for: authentication, assertion, capability-invocation or capability-delegation.
	#[arg(
		long,
		value_name = "PURPOSE",
		value_delimiter = ',',
		default_value = "authentication,capability-invocation"
	)]
	purposes: Vec<KeyPurpose>,
	/// What it may sign, as record-anchor,consent-manage; nothing without.
	#[arg(long, value_name = "SCOPE", value_delimiter = ',')]
	scopes: Vec<CallScope>,
	/// For how long it counts; without an end when left out.
	#[arg(long = "for", value_name = "SPAN")]
	length: Option<Span>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Agree {
	/// The identity that the account will serve, for ever.
	#[arg(long, value_name = "PARTY")]
	identity: Party,
	#[command(flatten)]
	terms: Terms,
	/// How long the consent serves.
	#[arg(long, value_name = "SPAN", default_value = "45m")]
	valid: Span,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Add {
	/// The consent, as `salus key agree` prints it.
	#[arg(long, value_name = "FILE", conflicts_with_all = ["with", "purposes", "scopes", "length"])]
	consent: Option<PathBuf>,
	/// The keystore or home of the account.
	#[arg(long, value_name = "FILE", required_unless_present = "consent")]
	with: Option<PathBuf>,
	#[command(flatten)]
	terms: Terms,
}

/// What an account signed to become a key.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consent {
	format: String,
	#[serde(with = "hex_bytes")]
	genesis: [u8; 32],
	identity: IdentityId,
	#[serde(with = "hex_bytes")]
	account: [u8; 32],
	purposes: KeyPurposes,
	scopes: CallScopes,
	valid_until: Option<Moment>,
	deadline: Moment,
	#[serde(with = "hex_bytes")]
	proof: [u8; 64],
}

const FORMAT: &str = "salus-key-consent/1";

impl Consent {
	fn sign(
		chain: &Chain,
		secrets: &Secrets,
		identity: IdentityId,
		terms: &Terms,
		now: Moment,
		valid: Moment,
	) -> Self {
		let signer = secrets.signer();
		let statement = KeyAddition {
			genesis: chain.genesis(),
			identity,
			account: signer.public_key().0,
			purposes: KeyPurposes::of(&terms.purposes),
			scopes: CallScopes::of(&terms.scopes),
			valid_until: terms.length.map(|length| now.saturating_add(length.0)),
			deadline: now.saturating_add(valid),
		};
		let proof = signer.sign(&statement.to_bytes()).0;
		let KeyAddition { genesis, account, purposes, scopes, valid_until, deadline, .. } =
			statement;
		let format = FORMAT.into();
		Self { format, genesis, identity, account, purposes, scopes, valid_until, deadline, proof }
	}
}

pub(super) async fn agree(context: &Context, agree: Agree) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	if let Some(bound) = at.identity_of(secrets.signer().public_key().0).await? {
		bail!(
			"this account serves {bound} already, and an account serves one identity ever: make \
			 another one with `salus account new` in another --home"
		);
	}
	let identity = context.identity(&at, &agree.identity).await?;
	let now = at.now().await?;
	let consent = Consent::sign(&chain, &secrets, identity, &agree.terms, now, agree.valid.0);
	context.note_genesis(context.home(), &chain)?;
	// The document is for a machine, whatever the options say.
	println!("{}", serde_json::to_string_pretty(&consent)?);
	Ok(())
}

pub(super) async fn add(context: &Context, add: Add) -> anyhow::Result<()> {
	let given = match &add.consent {
		None => None,
		Some(file) => {
			let text = document::read(file)?;
			let consent: Consent = serde_json::from_slice(&text)
				.with_context(|| format!("{} is no consent of a key", file.display()))?;
			Some(consent)
		},
	};
	let other = add.with.as_deref().map(|path| context.secrets_of(path)).transpose()?;
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let now = at.now().await?;
	let consent = match (given, other) {
		(Some(consent), _) => consent,
		(None, Some(other)) => {
			Consent::sign(&chain, &other, me.id, &add.terms, now, 15 * 60 * 1000)
		},
		(None, None) => bail!("name the account: give --consent FILE or --with FILE"),
	};
	if consent.format != FORMAT {
		bail!("the consent has the format {}, not {FORMAT}: update the program", consent.format);
	}
	if consent.genesis != chain.genesis() {
		bail!("the consent is for another chain: ask for one for this chain");
	}
	if consent.identity != me.id {
		bail!("the consent is for {}, not for you ({})", consent.identity, me.id);
	}
	if consent.deadline <= now {
		bail!("the consent served until {}: ask for a new one", when(consent.deadline));
	}
	let Consent { account, purposes, scopes, valid_until, deadline, proof, .. } = consent;
	let call = calls::identity::add_key(
		account,
		PublicKey::Sr25519(account),
		purposes,
		scopes,
		valid_until,
		deadline,
		Signature::Sr25519(proof),
	);
	context.submit(&chain, &call, &secrets.signer()).await?;
	let keys = chain.best().await?.all_keys(me.id).await?;
	let added = keys.into_iter().find(|key| key.account == account);
	let added = added.ok_or_else(|| anyhow!("the chain does not show the key: see `key list`"))?;
	if let Some(path) = &add.with {
		context.note_genesis(&super::super::register::home_of(path), &chain)?;
	}
	let answer = json!({ "identity": me.id, "key": added });
	context.out.say(&answer, || {
		facts(&[
			("key", added.key.to_string()),
			("account", subxt::utils::AccountId32(account).to_string()),
			("may sign", super::words(scopes)),
			("until (UTC)", or_dash(&valid_until.map(when))),
			("signed by", address(&secrets)),
		])
	})
}
