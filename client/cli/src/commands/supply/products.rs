// SPDX-License-Identifier: Apache-2.0

//! Company codes and products, and where they may be sold.

use super::{
	Desk,
	words::{self, Paper, product_text},
};
use crate::{
	commands::accredit::country,
	context::Context,
	council::outcome,
	output::{facts, or_dash, plain},
	values::{Party, Span, when},
};
use anyhow::anyhow;
use clap::Subcommand;
use salus_client::{
	calls,
	types::supply::{ApprovalState, CompanyCode, PackLevel, ProductStatus, ProductView},
};
use salus_gs1::UdiDi;
use salus_primitives::{Jurisdiction, ProductClass, ProductFlag, ProductFlags, Uniqueness, Window};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Company {
	/// The code: a GS1 Company Prefix, or `hibcc:` or `iccbba:` and a code of theirs.
	#[arg(value_parser = words::company)]
	code: CompanyCode,
	/// Whose it is.
	owner: Party,
	/// What the agency certified: a file, or its hash.
	#[arg(long, value_name = "FILE|HASH")]
	evidence: Paper,
	/// Propose it to the council, as a member. A council of one carries it out at once.
	#[arg(long)]
	council: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Make a product known, as its maker.
	Register(Box<Register>),
	/// Change the master data of a product. Lots that are open keep theirs.
	Update {
		/// The product: its GTIN, or `hibcc:` or `iccbba:` and its device identifier.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// The new master data: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		master: Paper,
	},
	/// Let a product be sold in a market, as the authority there.
	Approve {
		/// The product.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// The country: an ISO 3166-1 numeric code, as 276.
		#[arg(long, value_parser = country, value_name = "COUNTRY")]
		market: Jurisdiction,
		/// The decision: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		decision: Paper,
		/// For how long.
		#[arg(long = "for", value_name = "SPAN", default_value = "5y")]
		length: Span,
	},
	/// Stop the sale of a product in a market until it is approved anew, as the authority there.
	Suspend {
		/// The product.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// The country.
		#[arg(long, value_parser = country, value_name = "COUNTRY")]
		market: Jurisdiction,
		/// Why: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		reason: Paper,
	},
	/// Take a product from a market, or from all, for good.
	Withdraw {
		/// The product.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// The country; every one without it, which only its maker can do.
		#[arg(long, value_parser = country, value_name = "COUNTRY")]
		market: Option<Jurisdiction>,
		/// Why: a file, or its hash.
		#[arg(long, value_name = "FILE|HASH")]
		reason: Paper,
		/// Do it without asking: there is no way back.
		#[arg(long, short)]
		yes: bool,
	},
	/// What stands about a product.
	Show {
		/// The product, or a grouping of it.
		#[arg(value_parser = words::product)]
		product: UdiDi,
		/// How it stands in this country.
		#[arg(long, value_parser = country, value_name = "COUNTRY")]
		market: Option<Jurisdiction>,
	},
}

#[derive(clap::Args, Debug)]
pub(crate) struct Register {
	/// The number on the smallest unit that is sold: a GTIN, or `hibcc:` or `iccbba:` and a device
	/// identifier.
	#[arg(value_parser = words::product)]
	product: UdiDi,
	/// The company code that it begins with, which is yours.
	#[arg(long, value_parser = words::company, value_name = "CODE")]
	company: CompanyCode,
	/// What it is: drug or device.
	#[arg(long)]
	class: ProductClass,
	/// What is special about it: prescription, controlled, implantable, cold-chain.
	#[arg(long, value_delimiter = ',', value_name = "FLAG")]
	flags: Vec<ProductFlag>,
	/// How its serials are kept apart: fraud-proof, or first-touch.
	#[arg(long, default_value = "fraud-proof", value_name = "WAY")]
	uniqueness: Uniqueness,
	/// Its master data: a file, or its hash.
	#[arg(long, value_name = "FILE|HASH")]
	master: Paper,
	/// Its groupings, as GTIN=UNITS, in rising order of the GTIN.
	#[arg(long, value_parser = words::level, value_delimiter = ',', value_name = "GTIN=UNITS")]
	levels: Vec<PackLevel>,
}

pub(super) async fn claim(context: &Context, company: Company) -> anyhow::Result<()> {
	let evidence = company.evidence.digest()?;
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let owner = context.identity(&at, &company.owner).await?;
	let call = calls::supply::claim_company_prefix(company.code, owner, evidence);
	let signer = desk.secrets.signer();
	let motion = context.submit_or_propose(&desk.chain, call, &signer, company.council).await?;
	let code = code_text(&company.code);
	let answer = json!({
		"company": code,
		"owner": owner,
		"evidence": evidence,
		"motion": motion.as_ref().map(|motion| motion.to_json()),
	});
	context.out.say(&answer, || outcome(&motion, &format!("company code {code} is {owner}'s")))
}

fn code_text(code: &CompanyCode) -> String {
	match code {
		CompanyCode::Gs1(prefix) => prefix.to_string(),
		CompanyCode::Hibcc(code) => format!("hibcc:{}", plain(&String::from_utf8_lossy(code))),
		CompanyCode::Iccbba(code) => format!("iccbba:{}", plain(&String::from_utf8_lossy(code))),
	}
}

pub(super) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Register(register) => self::register(context, *register).await,
		Command::Update { product, master } => {
			let master = master.digest()?;
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::update_product(product, master)).await?;
			let answer = json!({ "product": product_text(&product), "master": master });
			context.out.say(&answer, || format!("the master data of {product} are {master}"))
		},
		Command::Approve { product, market, decision, length } => {
			approve(context, product, market, &decision, length).await
		},
		Command::Suspend { product, market, reason } => {
			let reason = reason.digest()?;
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::suspend_approval(product, market, reason)).await?;
			let answer =
				json!({ "product": product_text(&product), "market": market, "reason": reason });
			context.out.say(&answer, || {
				format!("{product} is not sold in {} until it is approved anew", market.0)
			})
		},
		Command::Withdraw { product, market, reason, yes } => {
			withdraw(context, product, market, &reason, yes).await
		},
		Command::Show { product, market } => show(context, product, market).await,
	}
}

async fn register(context: &Context, register: Register) -> anyhow::Result<()> {
	let Register { product, company, class, uniqueness, levels, .. } = register;
	let master = register.master.digest()?;
	let flags = ProductFlags::of(&register.flags);
	let desk = Desk::open(context).await?;
	let call = calls::supply::register_product(
		product,
		company,
		class,
		flags,
		uniqueness,
		master,
		levels.clone(),
	);
	desk.send(&call).await?;
	let answer = json!({
		"product": product_text(&product),
		"class": class,
		"flags": register.flags,
		"uniqueness": uniqueness,
		"master": master,
		"levels": levels,
	});
	context.out.say(&answer, || {
		facts(&[
			("product", product_text(&product)),
			("class", class.to_string()),
			("flags", flag_words(flags)),
			("serials", uniqueness.to_string()),
			("master data", master.to_string()),
		])
	})
}

async fn approve(
	context: &Context,
	product: UdiDi,
	market: Jurisdiction,
	decision: &Paper,
	length: Span,
) -> anyhow::Result<()> {
	let reference = decision.digest()?;
	let desk = Desk::open(context).await?;
	let from = desk.chain.best().await?.now().await?;
	let window = Window { from, until: from.saturating_add(length.0) };
	desk.send(&calls::supply::approve_product(product, market, reference, window)).await?;
	let answer = json!({
		"product": product_text(&product),
		"market": market,
		"decision": reference,
		"window": window,
	});
	context.out.say(&answer, || {
		format!("{product} may be sold in {} until {} UTC", market.0, when(window.until))
	})
}

async fn withdraw(
	context: &Context,
	product: UdiDi,
	market: Option<Jurisdiction>,
	reason: &Paper,
	yes: bool,
) -> anyhow::Result<()> {
	let reason = reason.digest()?;
	let place = market.map_or_else(|| "every market".into(), |market| format!("{}", market.0));
	context.confirm(&format!("{product} leaves {place} for good. Go on?"), yes)?;
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::withdraw_product(product, market, reason)).await?;
	let answer = json!({ "product": product_text(&product), "market": market, "reason": reason });
	context.out.say(&answer, || format!("{product} is withdrawn from {place}"))
}

async fn show(
	context: &Context,
	product: UdiDi,
	market: Option<Jurisdiction>,
) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let view = at.product(product, market).await?;
	let view = view.ok_or_else(|| {
		anyhow!("no product has the number {product}: check it, or register the product")
	})?;
	let answer = json!({ "asked": product_text(&product), "market": market, "product": view });
	context.out.say(&answer, || shown(&view, market))
}

fn shown(view: &ProductView, market: Option<Jurisdiction>) -> String {
	let status = match view.status {
		ProductStatus::Active => "active".into(),
		ProductStatus::Withdrawn { at } => format!("withdrawn everywhere, {} UTC", when(at)),
	};
	let mut lines = vec![
		("product", product_text(&view.product)),
		("units", view.units.to_string()),
		("answered for by", view.holder.to_string()),
		("class", view.class.to_string()),
		("flags", flag_words(view.flags)),
		("master data", format!("{}, version {}", view.master, view.version)),
		("status", status),
		("recalls", or_dash(&numbers(&view.recalls))),
	];
	if let Some(market) = market {
		let approval = view.approval.as_ref().map_or_else(
			|| "none".into(),
			|approval| {
				let word = match approval.state {
					ApprovalState::Approved => "approved",
					ApprovalState::Suspended => "suspended",
					ApprovalState::Withdrawn => "withdrawn for good",
				};
				format!("{word}, until {} UTC", when(approval.window.until))
			},
		);
		lines.push(("market", market.0.to_string()));
		lines.push(("approval", approval));
		lines.push(("may be sold now", if view.sellable { "yes" } else { "no" }.into()));
	}
	facts(&lines)
}

fn flag_words(flags: ProductFlags) -> String {
	let words: Vec<_> = flags.iter().map(|flag| flag.to_string()).collect();
	if words.is_empty() { "-".into() } else { words.join(", ") }
}

fn numbers<T: ToString>(ids: &[T]) -> Option<String> {
	let numbers: Vec<_> = ids.iter().map(T::to_string).collect();
	(!numbers.is_empty()).then(|| numbers.join(", "))
}
