// SPDX-License-Identifier: Apache-2.0

//! `salus supply trace`: the way of a pack, a batch or a container as a tree.

use super::{
	proofs::{self, Sources},
	tree::Node,
	words::{self, Pack, Unit, item_text},
};
use crate::{context::Context, output::plain, values::when};
use anyhow::anyhow;
use salus_client::{
	At,
	types::supply::{Hop, ItemRef, ScanProof, TraceTarget},
};
use salus_gs1::Sscc;
use salus_primitives::{BatchIx, IdentityId, ShipmentId};
use serde_json::json;
use std::str::FromStr;

#[derive(clap::Args, Debug)]
pub(crate) struct Trace {
	/// A unit as BATCH/INDEX, a batch by its number, a container by its SSCC, or what the label of a
	/// pack says.
	target: Traced,
	#[command(flatten)]
	sources: Sources,
}

/// What is followed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Traced {
	Batch(BatchIx),
	Container(Sscc),
	Pack(Pack),
}

impl FromStr for Traced {
	type Err = String;

	fn from_str(text: &str) -> Result<Self, String> {
		let digits = text.bytes().all(|byte| byte.is_ascii_digit());
		if text.starts_with("(00)") || (digits && text.len() == 18) {
			return words::sscc(text).map(Self::Container);
		}
		match text.parse() {
			// A GTIN of eight digits or more is no batch of its own number.
			Ok(batch) if text.len() < 8 => Ok(Self::Batch(BatchIx(batch))),
			_ => text.parse().map(Self::Pack).map_err(|error| {
				format!("{error} (or a batch by its number, or a container by its SSCC)")
			}),
		}
	}
}

pub(super) async fn trace(context: &Context, trace: Trace) -> anyhow::Result<()> {
	let mut prover = trace.sources.open()?;
	let chain = context.chain().await?;
	prover.reach(&chain, || Ok(context.secrets()?.signer())).await?;
	let at = chain.best().await?;
	let (title, target) = match trace.target {
		Traced::Batch(batch) => (format!("batch {batch}"), TraceTarget::Batch(batch)),
		Traced::Container(sscc) => (format!("container {sscc}"), TraceTarget::Container(sscc)),
		Traced::Pack(Pack::Unit(unit)) => of_unit(&at, unit, String::new()).await?,
		Traced::Pack(Pack::Label(label)) => {
			let proof = prover.label(&at, &label).await?;
			let ScanProof { unit, serial, .. } = proof.ok_or_else(|| {
				anyhow!(
					"which unit that label is on cannot be told: name the maker's leaf file with \
					 --leaf-file, its proof service with --proofs, or the unit, as 7/12"
				)
			})?;
			let serial = format!(", serial {}", plain(serial.as_str()));
			of_unit(&at, Unit { unit, start: None }, serial).await?
		},
	};
	let hops = at.trace(target).await?;
	let hops = hops.ok_or_else(|| anyhow!("there is no {title}: check the number"))?;
	let answer = json!({ "target": title, "hops": hops });
	context.out.say(&answer, || {
		Node { text: title.clone(), below: hops.iter().map(drawn).collect() }.draw()
	})
}

async fn of_unit(at: &At, unit: Unit, more: String) -> anyhow::Result<(String, TraceTarget)> {
	let start = proofs::parcel_start(at, unit).await?;
	Ok((format!("unit {}{more}", unit.unit), TraceTarget::Unit(unit.unit, start)))
}

fn drawn(hop: &Hop) -> Node {
	match hop {
		Hop::Commissioned { batch, by, at } => {
			Node::leaf(format!("commissioned in batch {batch} by {by}, {} UTC", when(*at)))
		},
		Hop::Parcel { parcel, units, containers, holder, shipment } => {
			let parcel = item_text(&ItemRef::Parcel(*parcel));
			place(format!("parcel {parcel}, {units} units"), containers, *holder, *shipment)
		},
		Hop::Container { sscc, items, containers, holder, shipment } => {
			let text = format!("container {sscc}, {items} items directly in it");
			place(text, containers, *holder, *shipment)
		},
		Hop::Shipped { shipment, from, to, at, overdue } => {
			let late = if *overdue { ", overdue" } else { "" };
			let text = format!("on its way in shipment {shipment} since {} UTC{late}", when(*at));
			let below = vec![Node::leaf(format!("from {from}")), Node::leaf(format!("to {to}"))];
			Node { text, below }
		},
		Hop::Left { state, at } => {
			let since = at.map_or_else(String::new, |at| format!(" since {} UTC", when(at)));
			Node::leaf(format!("{state}{since}"))
		},
	}
}

/// Something within its containers, with who holds all of it.
fn place(
	text: String,
	containers: &[Sscc],
	holder: Option<IdentityId>,
	shipment: Option<ShipmentId>,
) -> Node {
	let with = match (holder, shipment) {
		(Some(holder), _) => Some(format!("with {holder}")),
		(None, Some(shipment)) => Some(format!("in shipment {shipment}")),
		(None, None) => None,
	};
	let mut below: Vec<Node> = with.into_iter().map(Node::leaf).collect();
	// The outermost stands with its holder, and each other one with the one around it.
	for sscc in containers.iter().rev() {
		below = vec![Node { text: format!("in container {sscc}"), below }];
	}
	Node { text, below }
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_client::types::supply::ParcelRef;
	use salus_primitives::{UnitRef, UnitState};

	#[test]
	fn what_is_followed_is_told_apart_by_its_form() {
		assert_eq!("7".parse(), Ok(Traced::Batch(BatchIx(7))));
		assert!(matches!("106141412345678908".parse(), Ok(Traced::Container(_))));
		assert!(matches!("7/12".parse(), Ok(Traced::Pack(Pack::Unit(_)))));
		let label = "(01)06291041500213(21)S1";
		assert!(matches!(label.parse(), Ok(Traced::Pack(Pack::Label(_)))));
		assert!("pack".parse::<Traced>().is_err());
	}

	#[test]
	fn a_unit_hangs_in_its_containers_with_their_holder() {
		let sscc = |text: &str| text.parse::<Sscc>().unwrap();
		let (case, pallet) = (sscc("106141412345678908"), sscc("006141411234567890"));
		let holder = IdentityId([1; 32]);
		let parcel = ParcelRef { batch: BatchIx(7), start: 0 };
		let hop = Hop::Parcel {
			parcel,
			units: 48,
			containers: vec![case, pallet],
			holder: Some(holder),
			shipment: None,
		};
		let expected = format!(
			"parcel 7:0, 48 units\n└─ in container {case}\n   └─ in container {pallet}\n      └─ \
			 with {holder}"
		);
		assert_eq!(drawn(&hop).draw(), expected);
		let left = Hop::Left { state: UnitState::Dispensed, at: Some(0) };
		assert_eq!(drawn(&left).draw(), "dispensed since 1970-01-01 00:00:00 UTC");
		let unit = UnitRef { batch: BatchIx(7), index: 12 };
		assert_eq!(unit.to_string(), "7/12");
	}
}
