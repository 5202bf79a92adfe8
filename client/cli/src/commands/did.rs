// SPDX-License-Identifier: Apache-2.0

//! `salus did`: identities in the words of the W3C.

use crate::{
	commands::record::subject,
	context::Context,
	values::{PARTY, Party},
};
use anyhow::bail;
use clap::Subcommand;
use salus_client::{
	At, Chain,
	did::{Did, Resolution, Unresolved},
};
use salus_primitives::{DocVersion, IdentityId};
use serde_json::{Value, json};

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Resolve a DID: its document, at a version, with the metadata of DID Resolution.
	Resolve {
		/// The DID, an identity (0x and 64 digits) or an account address (5…).
		did: String,
		/// Which version of the document; the newest without it.
		#[arg(long, value_name = "NUMBER")]
		version: Option<DocVersion>,
	},
	/// Your own DID and its document.
	Show,
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Resolve { did, version } => resolve(context, &did, version).await,
		Command::Show => {
			let chain = context.chain().await?;
			let at = chain.best().await?;
			let did = Did::new(&chain.genesis(), subject(context, &at, None).await?);
			answer(context, resolution(&at, did, None).await?)
		},
	}
}

/// What was asked for.
enum Asked {
	Did(Did),
	Party(Party),
}

impl Asked {
	fn read(text: &str) -> Result<Self, Unresolved> {
		if !text.starts_with("did:")
			&& let Ok(party) = text.parse()
		{
			return Ok(Self::Party(party));
		}
		if text.contains(['?', '#', '/']) {
			return Err(Unresolved::InvalidDid(
				"that is a DID URL: give the DID alone, and its version with --version".into(),
			));
		}
		match text.parse() {
			Ok(did) => Ok(Self::Did(did)),
			Err(error) if text.starts_with("did:") => Err(Unresolved::from(error)),
			Err(_) => Err(Unresolved::InvalidDid(format!("{PARTY}, or a DID (did:salus:…)"))),
		}
	}
}

async fn resolve(context: &Context, text: &str, version: Option<DocVersion>) -> anyhow::Result<()> {
	// Before anything is connected to.
	let asked = match Asked::read(text) {
		Ok(asked) => asked,
		Err(error) => return answer(context, Err(error)),
	};
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let did = match asked {
		Asked::Party(party) => Did::new(&chain.genesis(), context.identity(&at, &party).await?),
		Asked::Did(did) => match on_this_chain(&chain, did) {
			Ok(did) => did,
			Err(error) => return answer(context, Err(error)),
		},
	};
	answer(context, resolution(&at, did, version).await?)
}

fn on_this_chain(chain: &Chain, did: Did) -> Result<Did, Unresolved> {
	let here = Did::new(&chain.genesis(), did.identity);
	if here == did {
		return Ok(did);
	}
	Err(Unresolved::NotFound("that DID is of another chain: name a node of it with --node".into()))
}

async fn resolution(
	at: &At,
	did: Did,
	version: Option<DocVersion>,
) -> anyhow::Result<Result<Resolution, Unresolved>> {
	let facts = at.resolve(did.identity, version).await?;
	let now = at.now().await?;
	Ok(facts.map(|facts| Resolution::of(&did, &facts, now)).map_err(Unresolved::from))
}

/// The document is for machines, whatever the options say. An error is one line, and with `--json`
/// also the answer that DID Resolution gives it.
fn answer(context: &Context, resolved: Result<Resolution, Unresolved>) -> anyhow::Result<()> {
	match resolved {
		Ok(resolution) => {
			let text = serde_json::to_string_pretty(&resolution)?;
			context.out.say(&resolution, || text)
		},
		Err(error) => {
			if context.out.is_json() {
				context.out.say(&Resolution::error(&error), String::new)?;
			}
			bail!("{error}")
		},
	}
}

/// The DID of an identity, for answers of other commands.
pub(crate) fn of(chain: &Chain, identity: IdentityId) -> Value {
	json!(Did::new(&chain.genesis(), identity).to_string())
}
