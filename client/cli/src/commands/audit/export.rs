// SPDX-License-Identifier: Apache-2.0

//! What the custodian recorded, in FHIR: the custodian writes the events, they are only put together.

use crate::{context::Context, reading_room::deliver};
use anyhow::bail;
use salus_client::{custodian::Account, wire::MAX_AUDIT_PAGE};
use serde_json::{Value, json};
use std::path::PathBuf;

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
	let custodian = context.custodian(&at, &chain).await?;
	let (mut pages, mut after) = (Vec::new(), None::<String>);
	loop {
		let (page, next) = custodian
			.accounting_fhir(&secrets.signer(), &account, after.as_deref(), MAX_AUDIT_PAGE)
			.await?;
		pages.push(page);
		if next.is_some() && next == after {
			bail!("the custodian gives the same page again and again: tell its operator");
		}
		after = next;
		if after.is_none() {
			break;
		}
	}
	let (bundle, events) = together(pages);
	let mut text = serde_json::to_string_pretty(&bundle)?;
	text.push('\n');
	deliver(text.as_bytes(), args.output.as_deref(), args.force)?;
	match args.output {
		None => Ok(()),
		Some(path) => {
			let answer = json!({ "output": path, "events": events });
			context.out.say(&answer, || format!("{events} events are in {}", path.display()))
		},
	}
}

/// One Bundle of the entries of all, which is no page of a search any more.
fn together(pages: Vec<Value>) -> (Value, usize) {
	let mut entries = Vec::new();
	for mut page in pages {
		if let Some(more) = page.get_mut("entry").and_then(Value::as_array_mut) {
			entries.append(more);
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
}
