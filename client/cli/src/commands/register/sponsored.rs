// SPDX-License-Identifier: Apache-2.0

//! Registered by a sponsor, with one's own signature.

use super::{Own, Registration, check_free, profile::seal_profile, registered};
use crate::{
	context::Context,
	credentials::Drawn,
	document,
	values::{Party, Span, when},
};
use anyhow::{Context as _, bail};
use salus_client::{Chain, calls, keystore::Secrets, types::Signature, wire::hex_bytes};
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, Moment, Salt, SponsoredRegistration, X25519Key,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What somebody signed to be registered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consent {
	format: String,
	#[serde(with = "hex_bytes")]
	genesis: [u8; 32],
	sponsor: IdentityId,
	#[serde(with = "hex_bytes")]
	account: [u8; 32],
	kind: IdentityKind,
	#[serde(with = "hex_bytes")]
	salt: Salt,
	#[serde(with = "hex_bytes")]
	agreement_key: X25519Key,
	profile: Option<Commitment>,
	deadline: Moment,
	#[serde(with = "hex_bytes")]
	signature: [u8; 64],
}

const FORMAT: &str = "salus-register-consent/1";

/// Prints a consent for a sponsor.
pub(super) async fn consent(
	context: &Context,
	sponsor: &Party,
	valid: Span,
	own: &Own,
) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let sponsor = context.identity(&at, sponsor).await?;
	let deadline = at.now().await?.saturating_add(valid.0);
	// The profile of one who is registered must not be sealed over.
	check_free(&chain, secrets.signer().public_key().0).await?;
	let consent = agree(context.home(), &chain, &secrets, sponsor, own, deadline)?;
	context.note_genesis(context.home(), &chain)?;
	// The document is for a machine, whatever the options say.
	println!("{}", serde_json::to_string_pretty(&consent)?);
	Ok(())
}

/// Registers somebody whose consent lies in a file.
pub(crate) async fn submit_file(context: &Context, file: &Path) -> anyhow::Result<()> {
	let text = document::read(file)?;
	let consent: Consent = serde_json::from_slice(&text)
		.with_context(|| format!("{} is no consent", file.display()))?;
	submit(context, &context.chain().await?, &consent).await
}

/// Registers somebody whose keystore is at hand.
pub(super) async fn register(
	context: &Context,
	subject_keystore: &Path,
	own: &Own,
) -> anyhow::Result<()> {
	let subject = context.secrets_of(subject_keystore)?;
	let home = home_of(subject_keystore);
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let sponsor = context.me(&at, &secrets).await?;
	let deadline = at.now().await?.saturating_add(15 * 60 * 1000);
	check_free(&chain, subject.signer().public_key().0).await?;
	let consent = agree(&home, &chain, &subject, sponsor.id, own, deadline)?;
	submit(context, &chain, &consent).await?;
	context.note_genesis(&home, &chain)
}

async fn submit(context: &Context, chain: &Chain, consent: &Consent) -> anyhow::Result<()> {
	if consent.format != FORMAT {
		bail!("the consent has the format {}, not {FORMAT}: update the program", consent.format);
	}
	if consent.genesis != chain.genesis() {
		bail!("the consent is for another chain: ask for one for this chain");
	}
	let secrets = context.secrets()?;
	let at = chain.best().await?;
	let sponsor = context.me(&at, &secrets).await?;
	if consent.sponsor != sponsor.id {
		bail!("the consent is for the sponsor {}, not for you ({})", consent.sponsor, sponsor.id);
	}
	if consent.deadline <= at.now().await? {
		bail!("the consent served until {}: ask for a new one", when(consent.deadline));
	}
	check_free(chain, consent.account).await?;
	let Consent { account, kind, salt, agreement_key, profile, deadline, signature, .. } = *consent;
	let registration = Registration { account, kind, salt, agreement_key, profile };
	let call = calls::identity::register_for(
		account,
		kind,
		salt,
		agreement_key,
		profile,
		registration.public(),
		deadline,
		Signature::Sr25519(signature),
	);
	context.submit(chain, &call, &secrets.signer()).await?;
	registered(context, registration.identity(), kind, account, &Drawn::default())
}

/// Signs what a sponsor needs.
fn agree(
	home: &Path,
	chain: &Chain,
	subject: &Secrets,
	sponsor: IdentityId,
	own: &Own,
	deadline: Moment,
) -> anyhow::Result<Consent> {
	let profile = seal_profile(home, subject, own)?;
	let registration = Registration::of(subject, own.kind, profile);
	let public = registration.public();
	let Registration { account, kind, salt, agreement_key, profile } = registration;
	let genesis = chain.genesis();
	let statement = SponsoredRegistration {
		genesis,
		sponsor,
		account,
		public,
		kind,
		salt,
		agreement_key,
		profile,
		deadline,
	};
	let signature = subject.signer().sign(&statement.to_bytes()).0;
	Ok(Consent {
		format: FORMAT.into(),
		genesis,
		sponsor,
		account,
		kind,
		salt,
		agreement_key,
		profile,
		deadline,
		signature,
	})
}

/// The home that a keystore lies in.
pub(crate) fn home_of(keystore: &Path) -> PathBuf {
	if keystore.is_dir() {
		return keystore.into();
	}
	keystore.parent().map(Path::to_path_buf).unwrap_or_default()
}
