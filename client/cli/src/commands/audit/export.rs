// SPDX-License-Identifier: Apache-2.0

//! What the custodians recorded, in FHIR: they write the events, which are only put together.

use super::ask::ask_all;
use crate::{context::Context, reading_room::deliver};
use anyhow::bail;
use salus_client::{
	custodian::{Account, Custodian},
	keystore::Secrets,
	wire::MAX_AUDIT_PAGE,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, path::PathBuf};

#[derive(clap::Args, Debug)]
pub(crate) struct Export {
	/// As AuditEvents of FHIR R4: the one form there is.
	#[arg(long, required = true)]
	fhir: bool,
	/// What your people asked for instead, as an organisation.
	#[arg(long)]
	readers: bool,
	/// A file to write it to; stdout without one.
	#[arg(long = "out", short, value_name = "FILE")]
	output: Option<PathBuf>,
	/// Overwrite that file.
	#[arg(long, requires = "output")]
	force: bool,
}

pub(super) async fn export(context: &Context, args: Export) -> anyhow::Result<()> {
	let secrets = context.secrets()?;
	let chain = context.chain().await?;
	let at = chain.best().await?;
	let me = context.me(&at, &secrets).await?;
	let account = if args.readers { Account::Readers(me.id) } else { Account::Patient(me.id) };
	let question = async |custodian: &Custodian| pages(custodian, &secrets, &account).await;
	let asked = ask_all(context, &chain, &at, &me, question).await?;
	let pages = asked.told.iter().flat_map(|(_, pages)| pages.clone());
	let (bundle, events) = together(pages.collect());
	let mut text = serde_json::to_string_pretty(&bundle)?;
	text.push('\n');
	deliver(text.as_bytes(), args.output.as_deref(), args.force)?;
	if let Some(path) = args.output {
		let answer = json!({ "output": path, "events": events, "silent": asked.silent });
		context.out.say(&answer, || format!("{events} events are in {}", path.display()))?;
	}
	asked.ensure_complete()
}

/// All pages of one custodian.
async fn pages(
	custodian: &Custodian,
	secrets: &Secrets,
	account: &Account,
) -> anyhow::Result<Vec<Value>> {
	let (mut pages, mut after) = (Vec::new(), None::<String>);
	loop {
		let (page, next) = custodian
			.accounting_fhir(&secrets.signer(), account, after.as_deref(), MAX_AUDIT_PAGE)
			.await?;
		pages.push(page);
		if next.is_some() && next == after {
			bail!("the custodian gives the same page again and again: tell its operator");
		}
		after = next;
		if after.is_none() {
			return Ok(pages);
		}
	}
}

/// One Bundle of the entries of all, each once, which is no page of a search any more. Where an entry
/// is named by organisation, recorder and number, its `fullUrl` tells it from all others.
fn together(pages: Vec<Value>) -> (Value, usize) {
	let (mut entries, mut known) = (Vec::new(), BTreeSet::new());
	for mut page in pages {
		let Some(more) = page.get_mut("entry").and_then(Value::as_array_mut) else { continue };
		for entry in more.drain(..) {
			let name = entry.get("fullUrl").and_then(Value::as_str).map(ToOwned::to_owned);
			if name.is_none_or(|name| known.insert(name)) {
				entries.push(entry);
			}
		}
	}
	for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
		entry.remove("search");
	}
	let events = entries.len();
	let mut bundle = json!({ "resourceType": "Bundle", "type": "collection" });
	if events > 0 {
		bundle["entry"] = entries.into();
	}
	(bundle, events)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn pages_become_one_bundle() {
		let page = |numbers: &[u32]| {
			let entry = |number| json!({ "resource": { "id": number }, "search": {} });
			let entries: Vec<_> = numbers.iter().map(entry).collect();
			json!({ "resourceType": "Bundle", "type": "searchset", "link": [{}], "entry": entries })
		};
		let last = json!({ "resourceType": "Bundle", "type": "searchset" });
		let (bundle, events) = together(vec![page(&[1, 2]), page(&[3]), last.clone()]);
		assert_eq!(events, 3);
		assert_eq!(bundle["entry"][2], json!({ "resource": { "id": 3 } }));
		assert_eq!(bundle.get("link"), None);
		// FHIR knows no empty lists.
		let (bundle, events) = together(vec![last]);
		assert_eq!((bundle.get("entry"), events), (None, 0));
	}

	#[test]
	fn what_two_instances_of_one_custodian_tell_stands_there_once() {
		let page = |service: &str, numbers: &[u32]| {
			let entry = |number| {
				let url = format!("urn:salus:audit:{service}:main-{number}-decision");
				json!({ "fullUrl": url, "resource": { "id": number } })
			};
			json!({ "entry": numbers.iter().map(entry).collect::<Vec<_>>() })
		};
		// The same numbers of another custodian are other entries.
		let pages = vec![page("a", &[0, 1]), page("a", &[0, 1, 2]), page("b", &[0])];
		let (bundle, events) = together(pages);
		assert_eq!(events, 4);
		assert_eq!(bundle["entry"][3], page("b", &[0])["entry"][0]);
	}
}
