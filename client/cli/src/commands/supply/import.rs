// SPDX-License-Identifier: Apache-2.0

//! `salus supply import-epcis`: an EPCIS document as calls, shown first and then made.

mod maker;

use super::Desk;
use crate::{
	context::Context,
	document,
	output::{plain, table},
	values::Party,
};
use anyhow::{Context as _, anyhow, bail};
use maker::Maker;
use salus_gs1::{CompanyPrefix, Gln};
use salus_primitives::{ProductClass, ProductFlag, ProductFlags};
use salus_supply::epcis::{CaseNumbers, Options, Plan, PlannedCall, import};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf, str::FromStr};

#[derive(clap::Args, Debug)]
pub(crate) struct Import {
	/// The document: EPCIS 1.2 as XML, or 2.0 as JSON.
	document: PathBuf,
	/// Make the calls; without it they are shown.
	#[arg(long)]
	submit: bool,
	/// Make the calls although no call stands for some of the document.
	#[arg(long, requires = "submit")]
	partly: bool,
	/// Who a party of the document is on the chain: GLN=PARTY.
	#[arg(long, value_delimiter = ',', value_name = "GLN=PARTY")]
	party: Vec<Known>,
	/// What its products are: drug or device.
	#[arg(long, default_value = "drug")]
	class: ProductClass,
	/// What is special about its products: prescription, controlled, implantable, cold-chain.
	#[arg(long, value_delimiter = ',', value_name = "FLAG")]
	flags: Vec<ProductFlag>,
	/// SSCCs for cases that bear a GTIN with a serial: PREFIX:EXTENSION:FIRST, of your own prefix.
	#[arg(long, value_parser = cases, value_name = "NUMBERS")]
	cases: Option<CaseNumbers>,
	/// The company prefix of containers that the document writes without one.
	#[arg(long)]
	prefix: Option<CompanyPrefix>,
	/// The folder for leaf files and master salts.
	#[arg(long, value_name = "DIR", required_if_eq("submit", "true"))]
	folder: Option<PathBuf>,
}

/// A party of the document and of the chain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Known {
	gln: Gln,
	party: Party,
}

impl FromStr for Known {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let (gln, party) =
			text.split_once('=').ok_or("write a GLN, =, and who that is on the chain")?;
		Ok(Self { gln: gln.parse().map_err(|error| format!("{error}"))?, party: party.parse()? })
	}
}

fn cases(text: &str) -> Result<CaseNumbers, String> {
	let wrong = || {
		format!("`{text}` gives no numbers: write prefix, extension and first, as 0614141:1:1000")
	};
	let mut parts = text.split(':');
	let mut part = || parts.next().ok_or_else(wrong);
	let prefix = part()?.parse().map_err(|error| format!("{error}"))?;
	let extension = part()?.parse().ok().filter(|digit| *digit < 10).ok_or_else(wrong)?;
	let first = part()?.parse().map_err(|_| wrong())?;
	if parts.next().is_some() { Err(wrong()) } else { Ok(CaseNumbers { prefix, extension, first }) }
}

pub(super) async fn run(context: &Context, command: Import) -> anyhow::Result<()> {
	let name = command.document.display();
	let bytes = document::read(&command.document)?;
	let plan = import(&bytes, &Options { cases: command.cases });
	let plan = plan.with_context(|| name.to_string())?;
	if !command.submit {
		return show(context, &plan);
	}
	if !plan.refused.is_empty() && !command.partly {
		let first = plan.refused.first().map(|refusal| refusal.reason.clone());
		bail!(
			"nothing was done: no call stands for {} entries of {name}, the first because {}; look at \
			 the plan without --submit, or say --partly",
			plan.refused.len(),
			first.unwrap_or_default()
		);
	}
	submit(context, command, &plan).await
}

fn show(context: &Context, plan: &Plan) -> anyhow::Result<()> {
	let steps: Vec<_> = plan
		.calls
		.iter()
		.map(|step| [step.place.clone(), name(&step.call).to_owned(), about(&step.call)])
		.collect();
	let refused: Vec<_> =
		plan.refused.iter().map(|entry| [entry.place.clone(), plain(&entry.reason)]).collect();
	let counts = plan.counts();
	let answer = json!({
		"document": plan.document,
		"calls": steps,
		"refused": refused,
		"products": counts.products,
		"lots": counts.lots,
		"batches": counts.batches,
		"packs": counts.packs,
		"cases": counts.cases,
		"logisticUnits": counts.logistic_units,
		"shipments": counts.shipments,
	});
	context.out.say(&answer, || {
		let refused = table(["where", "no call stands for it"], refused, "all of it is calls");
		format!(
			"{}\n\n{refused}\n\n{} packs, {} cases, {} logistic units, {} shipments; make the calls \
			 with --submit",
			table(["where", "call", "about"], steps, "no calls"),
			counts.packs,
			counts.cases,
			counts.logistic_units,
			counts.shipments
		)
	})
}

const fn name(call: &PlannedCall) -> &'static str {
	match call {
		PlannedCall::RegisterProduct { .. } => "register product",
		PlannedCall::OpenLot { .. } => "open lot",
		PlannedCall::CommissionBatch { .. } => "commission batch",
		PlannedCall::CommissionContainer { .. } => "number container",
		PlannedCall::SplitParcel { .. } => "split parcel",
		PlannedCall::Pack { .. } => "pack",
		PlannedCall::Unpack { .. } => "unpack",
		PlannedCall::Ship { .. } => "ship",
	}
}

fn about(call: &PlannedCall) -> String {
	match call {
		PlannedCall::RegisterProduct { product, .. } => product.to_string(),
		PlannedCall::OpenLot { product, number, expiry, .. } => {
			format!("{product}, lot {number}, until {expiry}")
		},
		PlannedCall::CommissionBatch { product, lot, serials, .. } => {
			format!("{} packs of {product}, lot {lot}", serials.len())
		},
		PlannedCall::CommissionContainer { sscc, label, .. } => {
			let label = label
				.as_ref()
				.map(|(gtin, serial)| format!(", {gtin} serial {serial} on its label"));
			format!("{sscc}{}", label.unwrap_or_default())
		},
		PlannedCall::SplitParcel { start, at, .. } => format!("the parcel from {start}, at {at}"),
		PlannedCall::Pack { sscc, items } => format!("{} items into {sscc}", items.len()),
		PlannedCall::Unpack { sscc } => sscc.to_string(),
		PlannedCall::Ship { to, items, .. } => format!("{} items to {to}", items.len()),
	}
}

async fn submit(context: &Context, command: Import, plan: &Plan) -> anyhow::Result<()> {
	let folder = command.folder.ok_or_else(|| anyhow!("name a folder with --folder"))?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let mut parties = BTreeMap::new();
	for Known { gln, party } in &command.party {
		parties.insert(*gln, context.identity(&at, party).await?);
	}
	let mut maker = Maker {
		desk,
		folder,
		document: plan.document,
		parties,
		class: command.class,
		flags: ProductFlags::of(&command.flags),
		prefix: command.prefix,
		batches: BTreeMap::new(),
		made: Vec::new(),
	};
	maker.check(plan)?;
	for step in &plan.calls {
		maker.make(step).await.with_context(|| {
			format!("{}: the calls before it were made, this one was not", step.place)
		})?;
	}
	let made = maker.made;
	let answer = json!({ "document": plan.document, "made": made });
	context.out.say(&answer, || {
		let rows = made.iter().map(|step| {
			let cell = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
			[cell("where"), cell("call"), cell("result")]
		});
		table(["where", "call", "result"], rows.collect(), "no calls")
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::IdentityId;

	#[test]
	fn case_numbers_have_three_parts() {
		let numbers = cases("0614141:1:1000").unwrap();
		assert_eq!((numbers.extension, numbers.first), (1, 1_000));
		for wrong in ["", "0614141", "0614141:1", "0614141:10:0", "0614141:1:x", "1:1:1:1"] {
			assert!(cases(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn parties_are_named_by_their_location() {
		let id = format!("0x{}", "ab".repeat(32));
		let known: Known = format!("0300011111116={id}").parse().unwrap();
		assert_eq!(known.party, Party::Identity(IdentityId([0xab; 32])));
		for wrong in ["", "0300011111116", "0300011111117=x", "x=y"] {
			assert!(wrong.parse::<Known>().is_err(), "{wrong}");
		}
	}
}
