// SPDX-License-Identifier: Apache-2.0

//! Recalls: started, widened, acknowledged, reported on, ended.

use super::{
	Desk,
	words::{self, Paper, in_order, moment, product_text, unsaid},
};
use crate::{
	commands::accredit::country,
	context::Context,
	output::{facts, short, table},
	values::when,
};
use anyhow::{anyhow, bail};
use clap::Subcommand;
use salus_client::{
	calls,
	types::supply::{PartnerReport, Progress, Recall, RecallScope},
};
use salus_gs1::UdiDi;
use salus_primitives::{BatchIx, Jurisdiction, LotIx, RecallClass, RecallDepth, RecallId};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Recall a product, a lot, a batch or a stretch of one, as its maker or an authority.
	Start {
		#[command(flatten)]
		terms: Terms,
		/// Why: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		reason: Paper,
		/// Your own reference, as FSN-2026-17; the chain keeps its hash.
		#[arg(long, value_name = "TEXT")]
		reference: String,
	},
	/// Make a recall reach more: a wider scope, more markets, a worse class, a deeper level.
	Extend {
		/// The number of the recall.
		recall: u64,
		#[command(flatten)]
		terms: Terms,
	},
	/// End a recall.
	Close {
		/// The number of the recall.
		recall: u64,
	},
	/// Say that you know of a recall.
	Ack {
		/// The number of the recall.
		recall: u64,
	},
	/// Say what you did about a recall, in units, in place of what you said before.
	Progress {
		/// The number of the recall.
		recall: u64,
		/// Found in stock and put aside.
		#[arg(long, default_value_t = 0)]
		quarantined: u64,
		/// Came back from further down.
		#[arg(long, default_value_t = 0)]
		returned: u64,
		/// Destroyed.
		#[arg(long, default_value_t = 0)]
		destroyed: u64,
		/// Given out already, and not to be had back.
		#[arg(long, default_value_t = 0)]
		consumed: u64,
	},
	/// What a recall is about, and what came of it so far.
	Show {
		/// The number of the recall.
		recall: u64,
	},
}

/// What is recalled, and how.
#[derive(clap::Args, Debug)]
pub(crate) struct Terms {
	#[command(flatten)]
	scope: Scope,
	/// How dangerous: class-i, class-ii or class-iii.
	#[arg(long)]
	class: RecallClass,
	/// How far down the chain: wholesale, retail or consumer.
	#[arg(long)]
	depth: RecallDepth,
	/// In which countries; everywhere without one, which only the maker can do.
	#[arg(long, value_parser = country, value_delimiter = ',', value_name = "COUNTRY")]
	markets: Vec<Jurisdiction>,
}

/// What is recalled: one of these.
#[derive(clap::Args, Debug)]
pub(crate) struct Scope {
	/// A product, every lot of it.
	#[arg(long, value_parser = words::product, group = "what")]
	product: Option<UdiDi>,
	/// A lot, by its number on the chain.
	#[arg(long, group = "what", value_name = "NUMBER")]
	lot: Option<u64>,
	/// A batch.
	#[arg(long, group = "what", value_name = "NUMBER")]
	batch: Option<u64>,
	/// Of that batch, the units from START on: START+COUNT.
	#[arg(long, requires = "batch", value_parser = stretch, value_name = "START+COUNT")]
	units: Option<(u32, u32)>,
}

fn stretch(text: &str) -> Result<(u32, u32), String> {
	let wrong = || format!("`{text}` is no stretch: write its first index, +, and how many units");
	let (start, count) = text.split_once('+').ok_or_else(wrong)?;
	Ok((start.parse().map_err(|_| wrong())?, count.parse().map_err(|_| wrong())?))
}

impl Scope {
	fn resolved(&self) -> anyhow::Result<RecallScope> {
		let batch = self.batch.map(BatchIx);
		match (self.product, self.lot, batch, self.units) {
			(Some(product), ..) => Ok(RecallScope::Product(product)),
			(None, Some(lot), ..) => Ok(RecallScope::Lot(LotIx(lot))),
			(None, None, Some(batch), None) => Ok(RecallScope::Batch(batch)),
			(None, None, Some(batch), Some((start, len))) => {
				Ok(RecallScope::Range { batch, start, len })
			},
			_ => bail!("what is recalled? Name --product, --lot or --batch"),
		}
	}
}

fn scope_text(scope: &RecallScope) -> String {
	match scope {
		RecallScope::Product(product) => format!("product {}", product_text(product)),
		RecallScope::Lot(lot) => format!("lot {lot}"),
		RecallScope::Batch(batch) => format!("batch {batch}"),
		RecallScope::Range { batch, start, len } => {
			format!("{len} units of batch {batch} from {start} on")
		},
	}
}

pub(super) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Start { terms, reason, reference } => {
			start(context, terms, &reason, &reference).await
		},
		Command::Extend { recall, terms } => extend(context, RecallId(recall), terms).await,
		Command::Close { recall } => {
			let recall = RecallId(recall);
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::close_recall(recall)).await?;
			let answer = json!({ "recall": recall });
			context.out.say(&answer, || format!("recall {recall} is over"))
		},
		Command::Ack { recall } => {
			let recall = RecallId(recall);
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::acknowledge_recall(recall)).await?;
			let answer = json!({ "recall": recall });
			context.out.say(&answer, || format!("the chain says that you know of recall {recall}"))
		},
		Command::Progress { recall, quarantined, returned, destroyed, consumed } => {
			let recall = RecallId(recall);
			let progress = Progress { quarantined, returned, destroyed, consumed };
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::report_recall_progress(recall, progress)).await?;
			let answer = json!({ "recall": recall, "progress": progress });
			context.out.say(&answer, || {
				format!("reported on recall {recall}: {}", progress_text(&progress))
			})
		},
		Command::Show { recall } => show(context, RecallId(recall)).await,
	}
}

async fn start(
	context: &Context,
	terms: Terms,
	reason: &Paper,
	reference: &str,
) -> anyhow::Result<()> {
	let (scope, reason) = (terms.scope.resolved()?, reason.digest()?);
	let (markets, reference) = (in_order(terms.markets), words::digest_of(reference));
	let desk = Desk::open(context).await?;
	let call = calls::supply::initiate_recall(
		scope,
		terms.class,
		terms.depth,
		markets.clone(),
		reason,
		reference,
	);
	let receipt = desk.send(&call).await?;
	let recall: Option<RecallId> = receipt.first_field("SupplyChain", "RecallInitiated");
	let recall = recall.ok_or_else(|| unsaid("recall"))?;
	let answer = json!({
		"recall": recall,
		"scope": scope_text(&scope),
		"class": terms.class,
		"depth": terms.depth,
		"markets": markets,
		"reason": reason,
		"reference": reference,
	});
	context.out.say(&answer, || {
		facts(&[
			("recall", recall.to_string()),
			("of", scope_text(&scope)),
			("class", terms.class.to_string()),
			("depth", terms.depth.to_string()),
			("markets", words::markets(&markets)),
		])
	})
}

async fn extend(context: &Context, recall: RecallId, terms: Terms) -> anyhow::Result<()> {
	let (scope, markets) = (terms.scope.resolved()?, in_order(terms.markets));
	let desk = Desk::open(context).await?;
	let call =
		calls::supply::extend_recall(recall, scope, terms.class, terms.depth, markets.clone());
	desk.send(&call).await?;
	let answer = json!({
		"recall": recall,
		"scope": scope_text(&scope),
		"class": terms.class,
		"depth": terms.depth,
		"markets": markets,
	});
	context.out.say(&answer, || {
		format!("recall {recall} reaches {}, {}", scope_text(&scope), words::markets(&markets))
	})
}

async fn show(context: &Context, recall: RecallId) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let view = at.recall(recall).await?;
	let view = view.ok_or_else(|| anyhow!("there is no recall {recall}: check the number"))?;
	let reports = at.recall_progress(recall).await?;
	let answer = json!({
		"recall": recall,
		"scope": scope_text(&view.scope),
		"view": view,
		"partners": reports,
	});
	context.out.say(&answer, || shown(recall, &view, &reports))
}

fn shown(recall: RecallId, view: &Recall, reports: &[PartnerReport]) -> String {
	let office = if view.by_authority { "as an authority" } else { "who answers for it" };
	let head = facts(&[
		("recall", recall.to_string()),
		("of", scope_text(&view.scope)),
		("by", format!("{}, {office}", view.initiator)),
		("class", view.class.to_string()),
		("depth", view.depth.to_string()),
		("markets", words::markets(&view.markets)),
		("opened (UTC)", when(view.opened)),
		("closed (UTC)", moment(view.closed)),
		("units", view.units.to_string()),
		("acknowledged", format!("by {} partners", view.acknowledged)),
		("together", progress_text(&view.progress)),
	]);
	let rows = reports.iter().map(|line| {
		let Progress { quarantined, returned, destroyed, consumed } = line.report.progress;
		[
			short(&line.partner),
			when(line.report.acknowledged),
			quarantined.to_string(),
			returned.to_string(),
			destroyed.to_string(),
			consumed.to_string(),
		]
	});
	let columns =
		["partner", "knows since (UTC)", "put aside", "returned", "destroyed", "consumed"];
	format!("{head}\n\n{}", table(columns, rows.collect(), "nobody has acknowledged it"))
}

fn progress_text(progress: &Progress) -> String {
	let Progress { quarantined, returned, destroyed, consumed } = progress;
	format!(
		"{quarantined} put aside, {returned} returned, {destroyed} destroyed, {consumed} consumed"
	)
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::supply::PartnerProgress;
	use salus_primitives::{Digest, IdentityId};

	#[test]
	fn stretches_have_a_start_and_a_length() {
		assert_eq!(stretch("0+48"), Ok((0, 48)));
		for wrong in ["", "0", "0+", "+1", "-1+2", "a+b"] {
			assert!(stretch(wrong).is_err(), "{wrong}");
		}
	}

	#[test]
	fn a_recall_names_one_thing() {
		let none = Scope { product: None, lot: None, batch: None, units: None };
		assert!(none.resolved().is_err());
		let range = Scope { batch: Some(7), units: Some((48, 2)), ..none };
		let scope = range.resolved().unwrap();
		assert_eq!(scope, RecallScope::Range { batch: BatchIx(7), start: 48, len: 2 });
		assert_eq!(scope_text(&scope), "2 units of batch 7 from 48 on");
	}

	#[test]
	fn a_recall_shows_who_did_what() {
		let progress = Progress { quarantined: 5, returned: 4, destroyed: 3, consumed: 2 };
		let view = Recall {
			scope: RecallScope::Lot(LotIx(3)),
			initiator: IdentityId([1; 32]),
			by_authority: false,
			class: RecallClass::I,
			depth: RecallDepth::Consumer,
			markets: Vec::new(),
			reason: Digest::default(),
			reference: Digest::default(),
			opened: 0,
			closed: None,
			units: 1_000,
			acknowledged: 1,
			progress,
		};
		let report = PartnerProgress { acknowledged: 0, progress };
		let text =
			shown(RecallId(9), &view, &[PartnerReport { partner: IdentityId([2; 32]), report }]);
		for said in ["lot 3", "class-i", "everywhere", "1000", "5 put aside", "0x02020202…0202"] {
			assert!(text.contains(said), "{said}: {text}");
		}
		assert!(shown(RecallId(9), &view, &[]).contains("nobody has acknowledged it"));
	}
}
