// SPDX-License-Identifier: Apache-2.0

//! Lots: opened, released, closed, and how many of their units are in which state.

use super::{
	Desk,
	words::{self, Paper, product_text, unsaid},
};
use crate::{
	context::Context,
	output::{facts, short, table},
	values::when,
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{
	At, calls,
	types::supply::{BatchView, LotSummary},
};
use salus_gs1::{Date, LotNo, UdiDi};
use salus_primitives::{LotIx, UnitState};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Open a lot of a product, as its maker.
	Open {
		/// The product.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// The number on the label.
		#[arg(long)]
		number: LotNo,
		/// When it was made: 2026-09-21, or 2026-09.
		#[arg(long, value_name = "DATE")]
		made: Date,
		/// Until when it may be used, that day or month included.
		#[arg(long, value_name = "DATE")]
		expiry: Date,
		/// How many units it is to have at most.
		#[arg(long, value_name = "COUNT")]
		planned: u64,
	},
	/// Release a lot, so that its units may be handed over.
	Release {
		/// The number of the lot on the chain.
		lot: u64,
		/// What the qualified person signed: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		certificate: Paper,
	},
	/// Let nothing more be commissioned into a lot.
	Close {
		/// The number of the lot on the chain.
		lot: u64,
	},
	/// What a lot consists of, and how many of its units are in which state.
	Show {
		/// The number of the lot on the chain; or name product and number.
		#[arg(required_unless_present = "product")]
		lot: Option<u64>,
		/// The product on the label.
		#[arg(long, value_parser = words::product, requires = "number", conflicts_with = "lot")]
		product: Option<UdiDi>,
		/// The lot number on the label.
		#[arg(long, requires = "product")]
		number: Option<LotNo>,
	},
}

pub(super) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Open { product, number, made, expiry, planned } => {
			let desk = Desk::open(context).await?;
			let call = calls::supply::open_lot(product, number, made, expiry, planned);
			let receipt = desk.send(&call).await?;
			let lot: Option<LotIx> = receipt.first_field("SupplyChain", "LotOpened");
			let lot = lot.ok_or_else(|| unsaid("lot"))?;
			let answer = json!({
				"lot": lot,
				"product": product_text(&product),
				"number": number,
				"made": made,
				"expiry": expiry,
				"planned": planned,
			});
			context.out.say(&answer, || {
				facts(&[
					("lot", lot.to_string()),
					("product", product_text(&product)),
					("number", number.to_string()),
					("expiry", expiry.to_string()),
					("units at most", planned.to_string()),
				])
			})
		},
		Command::Release { lot, certificate } => {
			let (lot, certificate) = (LotIx(lot), certificate.digest()?);
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::release_lot(lot, certificate)).await?;
			let answer = json!({ "lot": lot, "certificate": certificate });
			context.out.say(&answer, || format!("lot {lot} is released"))
		},
		Command::Close { lot } => {
			let lot = LotIx(lot);
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::close_lot(lot)).await?;
			context.out.say(&json!({ "lot": lot }), || format!("lot {lot} is closed"))
		},
		Command::Show { lot, product, number } => {
			let at = context.chain().await?.best().await?;
			let lot = match (lot, product, number) {
				(Some(lot), ..) => LotIx(lot),
				(None, Some(product), Some(number)) => named(&at, product, number).await?,
				_ => bail!("which lot? Name its number on the chain, or --product and --number"),
			};
			show(context, &at, lot).await
		},
	}
}

/// The lot with that number on the label.
pub(super) async fn named(at: &At, product: UdiDi, number: LotNo) -> anyhow::Result<LotIx> {
	let found = at.lot_by_number(product, number).await?;
	found.ok_or_else(|| anyhow!("{product} has no lot {number}: upper and lower case differ"))
}

async fn show(context: &Context, at: &At, lot: LotIx) -> anyhow::Result<()> {
	let summary = at.lot_summary(lot).await?;
	let summary = summary.ok_or_else(|| anyhow!("there is no lot {lot}: check the number"))?;
	let batches = at.lot_batches(lot).await?;
	let counts: serde_json::Map<_, _> = UnitState::ALL
		.iter()
		.map(|state| (state.to_string(), json!(summary.count(*state))))
		.collect();
	let answer = json!({
		"lot": lot,
		"product": product_text(&summary.product),
		"summary": summary,
		"units": summary.total(),
		"states": counts,
		"batches": batches,
	});
	context.out.say(&answer, || shown(&summary, &batches))
}

fn shown(summary: &LotSummary, batches: &[BatchView]) -> String {
	let head = facts(&[
		("lot", summary.lot.to_string()),
		("product", product_text(&summary.product)),
		("number", summary.number.to_string()),
		("expiry", summary.expiry.to_string()),
		("released", if summary.released { "yes" } else { "no" }.into()),
		("closed", if summary.closed { "yes" } else { "no" }.into()),
		("units", format!("{} of {}", summary.total(), summary.planned)),
		("recalls", recalls(summary)),
	]);
	let states = UnitState::ALL.iter().filter(|state| summary.count(**state) > 0);
	let states = states.map(|state| [state.to_string(), summary.count(*state).to_string()]);
	let rows = batches.iter().map(|batch| {
		[
			batch.batch.to_string(),
			batch.count.to_string(),
			when(batch.at),
			short(&batch.issuer),
			batch.root.to_string(),
		]
	});
	format!(
		"{head}\n\n{}\n\n{}",
		table(["state", "units"], states.collect(), "no units yet"),
		table(["batch", "units", "at (UTC)", "by", "root"], rows.collect(), "no batches yet"),
	)
}

fn recalls(summary: &LotSummary) -> String {
	let live = summary.recalls.iter();
	let live: Vec<_> = live
		.map(|recall| {
			format!("{} ({}, {})", recall.id, recall.class, words::markets(&recall.markets))
		})
		.collect();
	if live.is_empty() { "-".into() } else { live.join(", ") }
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_lot_shows_the_states_that_it_has_units_in() {
		let mut counters = [0; 16];
		(counters[0], counters[1]) = (998, 2);
		let summary = LotSummary {
			lot: LotIx(3),
			product: words::product("06291041500213").unwrap(),
			number: "L1".parse().unwrap(),
			expiry: "2027-12".parse().unwrap(),
			released: true,
			closed: false,
			planned: 2_000,
			counters,
			recalls: Vec::new(),
			holds: Vec::new(),
		};
		let text = shown(&summary, &[]);
		assert!(text.contains("1000 of 2000") && text.contains("no batches yet"), "{text}");
		assert!(text.contains("active") && text.contains("dispensed"), "{text}");
		assert!(!text.contains("stolen"), "{text}");
	}
}
