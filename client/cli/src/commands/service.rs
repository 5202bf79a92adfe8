// SPDX-License-Identifier: Apache-2.0

//! `salus service`: where an organisation or a practitioner can be reached.

use crate::{commands::record::subject, context::Context, output::table, values::Party};
use clap::Subcommand;
use salus_client::{Call, calls, types::Service};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// List a service in your DID document. Everybody can read it.
	Add {
		/// Its name: letters, digits, dot, underscore and hyphen.
		name: String,
		/// What it is, as HealthRecordEndpoint.
		#[arg(long)]
		kind: String,
		/// Where it is: an address that begins with https://, or a DID.
		#[arg(long, value_parser = address)]
		url: String,
	},
	/// Take a service off your DID document.
	Remove {
		/// Its name.
		name: String,
	},
	/// The services of somebody; your own without a name.
	List {
		/// Whose.
		party: Option<Party>,
	},
}

fn address(text: &str) -> Result<String, String> {
	let is_address = text.starts_with("https://") || text.starts_with("did:");
	if !is_address || !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.len() > 256 {
		return Err(
			"expected an address that begins with https:// or did:, at most 256 long".into()
		);
	}
	Ok(text.into())
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Add { name, kind, url } => {
			let [id, kind, url] = [&name, &kind, &url].map(|text| text.as_bytes().to_vec());
			let call = calls::identity::add_service(Service { id, kind, url });
			change(context, &call, &name, "is listed").await
		},
		Command::Remove { name } => {
			let call = calls::identity::remove_service(name.as_bytes().to_vec());
			change(context, &call, &name, "is no longer listed").await
		},
		Command::List { party } => list(context, party).await,
	}
}

async fn change(context: &Context, call: &Call, name: &str, done: &str) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	context.submit(&chain, call, &secrets.signer()).await?;
	let answer = json!({ "service": name, "state": done });
	context.out.say(&answer, || format!("the service {name} {done}"))
}

async fn list(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, party).await?;
	let found = at.services(who).await?;
	let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
	let shown: Vec<_> = found
		.iter()
		.map(|service| [text(&service.id), text(&service.kind), text(&service.url)])
		.collect();
	let answer: Vec<_> = shown
		.iter()
		.map(|[name, kind, url]| json!({ "name": name, "kind": kind, "url": url }))
		.collect();
	context.out.say(&answer, || table(["name", "kind", "address"], shown, "no services"))
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn addresses_are_secure_or_dids() {
		assert!(address("https://clinic.example/fhir").is_ok());
		assert!(address("did:web:clinic.example").is_ok());
		for wrong in ["", "http://clinic.example", "https://a b", "ftp://x", "https://é"] {
			assert!(address(wrong).is_err(), "{wrong}");
		}
		assert!(address(&format!("https://{}", "a".repeat(250))).is_err());
	}
}
