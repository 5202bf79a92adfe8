// SPDX-License-Identifier: Apache-2.0

//! From one partner to the next: ship, receive, reject, take back.

use super::{
	Desk,
	custody::texts,
	words::{self, Event, Paper, in_order, item_text, unsaid},
};
use crate::{
	commands::{accredit::word, record::subject},
	context::Context,
	output::{or_dash, short, table},
	values::{Party, when},
};
use anyhow::{anyhow, bail};
use salus_client::{
	calls,
	types::supply::{ItemRef, RejectReason, ShipmentView},
};
use salus_gs1::Gln;
use salus_primitives::{Completeness, IdentityId, ShipmentId};
use serde_json::json;

#[derive(clap::Args, Debug)]
pub(crate) struct Ship {
	/// What goes: parcels as BATCH:START, containers by SSCC; 64 at most.
	#[arg(value_parser = words::item, required = true, value_name = "ITEM")]
	items: Vec<ItemRef>,
	/// To whom.
	#[arg(long)]
	to: Party,
	/// To which place of theirs: a GLN.
	#[arg(long, value_name = "GLN")]
	ship_to: Option<Gln>,
	/// The transaction information: a file, or its hash.
	#[arg(long, value_name = "FILE|HASH")]
	transaction: Paper,
	/// Affirm the transaction statement, without which nothing is sent (DSCSA, section 581(27)).
	#[arg(long)]
	affirm: bool,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Receive {
	/// The number of the shipment.
	shipment: u64,
	/// What came; without a name everything came, and the shipment ends.
	#[arg(value_parser = words::item, value_name = "ITEM")]
	items: Vec<ItemRef>,
	/// Nothing more will come: what did not is the sender's again.
	#[arg(long)]
	last: bool,
	/// How much came that was not announced.
	#[arg(long, default_value_t = 0, value_name = "COUNT")]
	over: u32,
	/// How far you have looked into it: unknown, inferred or verified.
	#[arg(long, default_value = "inferred", value_name = "HOW")]
	completeness: Completeness,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Reject {
	/// The number of the shipment.
	shipment: u64,
	/// Why: not-ordered, damaged, mismatch, storage or suspect.
	#[arg(long, value_parser = word::<RejectReason>)]
	reason: RejectReason,
}

pub(super) async fn ship(context: &Context, ship: Ship) -> anyhow::Result<()> {
	if !ship.affirm {
		bail!(
			"nothing was sent: a shipment goes with the transaction statement; affirm it with --affirm"
		);
	}
	let transaction = ship.transaction.digest()?;
	let items = in_order(ship.items);
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let to = context.identity(&at, &ship.to).await?;
	let told = ship.event.told(&at).await?;
	let call = calls::supply::ship(to, ship.ship_to, items.clone(), transaction, true, told);
	let receipt = desk.send(&call).await?;
	let shipment: Option<ShipmentId> = receipt.first_field("SupplyChain", "Shipped");
	let shipment = shipment.ok_or_else(|| unsaid("shipment"))?;
	let answer = json!({
		"shipment": shipment,
		"to": to,
		"shipTo": ship.ship_to,
		"items": texts(&items),
		"transaction": transaction,
		"told": told,
	});
	context
		.out
		.say(&answer, || format!("shipment {shipment} with {} items goes to {to}", items.len()))
}

pub(super) async fn void(context: &Context, shipment: ShipmentId) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::void_ship(shipment)).await?;
	let answer = json!({ "shipment": shipment });
	context.out.say(&answer, || format!("shipment {shipment} is taken back"))
}

pub(super) async fn receive(context: &Context, receive: Receive) -> anyhow::Result<()> {
	let shipment = ShipmentId(receive.shipment);
	let desk = Desk::open(context).await?;
	let at = desk.chain.best().await?;
	let told = receive.event.told(&at).await?;
	let everything = receive.items.is_empty();
	let accepted = match everything {
		false => in_order(receive.items),
		true => {
			let found = at.shipment(shipment).await?;
			let found = found.ok_or_else(|| {
				anyhow!("nothing of shipment {shipment} is on its way: check the number")
			})?;
			in_order(found.items)
		},
	};
	let last = receive.last || everything;
	let (over, completeness) = (receive.over, receive.completeness);
	let call = calls::supply::receive(shipment, accepted.clone(), last, over, completeness, told);
	desk.send(&call).await?;
	let answer = json!({
		"shipment": shipment,
		"accepted": texts(&accepted),
		"last": last,
		"over": over,
		"completeness": completeness,
		"told": told,
	});
	context.out.say(&answer, || {
		let end = if last { "; it has ended" } else { "; more may come" };
		format!("{} items of shipment {shipment} are yours{end}", accepted.len())
	})
}

pub(super) async fn reject(context: &Context, reject: Reject) -> anyhow::Result<()> {
	let shipment = ShipmentId(reject.shipment);
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::reject_shipment(shipment, reject.reason)).await?;
	let answer = json!({ "shipment": shipment, "reason": reject.reason });
	context.out.say(&answer, || format!("shipment {shipment} goes back: all of it is the sender's"))
}

pub(super) async fn list(context: &Context, party: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, party).await?;
	let open = at.open_shipments(who).await?;
	let answer = json!({ "partner": who, "shipments": open });
	context.out.say(&answer, || {
		let rows = open.iter().map(|view| row(view, who)).collect();
		let head =
			["shipment", "way", "partner", "at (UTC)", "items", "accepted", "place", "overdue"];
		table(head, rows, "nothing is on its way")
	})
}

fn row(view: &ShipmentView, who: IdentityId) -> [String; 8] {
	let (way, partner) = if view.from == who { ("out", &view.to) } else { ("in", &view.from) };
	let items: Vec<_> = view.items.iter().map(item_text).collect();
	[
		view.shipment.to_string(),
		way.into(),
		short(partner),
		when(view.at),
		items.join(" "),
		view.accepted.to_string(),
		or_dash(&view.ship_to),
		if view.overdue { "yes" } else { "-" }.into(),
	]
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::supply::ParcelRef;
	use salus_primitives::BatchIx;

	#[test]
	fn a_shipment_goes_out_or_comes_in() {
		let (me, other) = (IdentityId([1; 32]), IdentityId([2; 32]));
		let view = ShipmentView {
			shipment: ShipmentId(5),
			from: me,
			to: other,
			ship_to: None,
			at: 0,
			items: vec![ItemRef::Parcel(ParcelRef { batch: BatchIx(7), start: 0 })],
			accepted: 0,
			overdue: true,
		};
		let [number, way, .., overdue] = row(&view, me);
		assert_eq!((number.as_str(), way.as_str(), overdue.as_str()), ("5", "out", "yes"));
		let [_, way, partner, _, items, ..] = row(&view, other);
		assert_eq!((way.as_str(), items.as_str()), ("in", "7:0"));
		assert_eq!(partner, short(&me));
	}

	#[test]
	fn reasons_are_read_by_their_words() {
		assert_eq!(word::<RejectReason>("not-ordered"), Ok(RejectReason::NotOrdered));
		assert!(word::<RejectReason>("mood").unwrap_err().contains("mismatch"));
	}
}
