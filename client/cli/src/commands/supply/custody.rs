// SPDX-License-Identifier: Apache-2.0

//! Containers and parcels: packed, sealed, split, and what is in what.

use super::{
	Desk,
	tree::Node,
	words::{self, Event, Paper, in_order, item_text},
};
use crate::{context::Context, output::table};
use anyhow::anyhow;
use clap::Subcommand;
use salus_client::{
	calls,
	types::supply::{Holding, ItemRef, ParcelRef, TreeItem},
};
use salus_gs1::{CompanyPrefix, Sscc};
use salus_primitives::Completeness;
use serde_json::{Value, json};

#[derive(Subcommand, Debug)]
pub(crate) enum Container {
	/// Give a container its number.
	New {
		/// Its SSCC: 18 digits, not used within a year.
		#[arg(value_parser = words::sscc)]
		sscc: Sscc,
		/// The GS1 Company Prefix that it begins with, which is yours.
		#[arg(long)]
		prefix: CompanyPrefix,
	},
	/// What is in a container, as a tree.
	Show {
		/// Its SSCC.
		#[arg(value_parser = words::sscc)]
		sscc: Sscc,
		/// How many containers deep.
		#[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=6))]
		depth: u8,
	},
}

#[derive(clap::Args, Debug)]
pub(crate) struct Pack {
	/// The container.
	#[arg(value_parser = words::sscc)]
	sscc: Sscc,
	/// What goes in: parcels as BATCH:START, containers by SSCC; 256 at most.
	#[arg(value_parser = words::item, required = true, value_name = "ITEM")]
	items: Vec<ItemRef>,
	#[command(flatten)]
	event: Event,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Unpack {
	/// The container.
	#[arg(value_parser = words::sscc)]
	sscc: Sscc,
	/// What comes out; everything when nothing is named.
	#[arg(value_parser = words::item, value_name = "ITEM")]
	items: Vec<ItemRef>,
	/// How far you have looked into it: unknown, inferred or verified.
	#[arg(long, default_value = "unknown", value_name = "HOW")]
	completeness: Completeness,
	#[command(flatten)]
	event: Event,
}

pub(super) async fn container(context: &Context, command: Container) -> anyhow::Result<()> {
	match command {
		Container::New { sscc, prefix } => {
			let desk = Desk::open(context).await?;
			desk.send(&calls::supply::commission_container(sscc, prefix)).await?;
			let answer = json!({ "container": sscc, "prefix": prefix });
			context.out.say(&answer, || format!("container {sscc} has its number"))
		},
		Container::Show { sscc, depth } => {
			let at = context.chain().await?.best().await?;
			let items = at.container_tree(sscc, depth).await?;
			let items = items.ok_or_else(|| {
				anyhow!("there is no container {sscc}, or it was emptied: check the number")
			})?;
			let answer = json!({ "container": sscc, "items": items });
			context.out.say(&answer, || drawn(sscc, &items).draw())
		},
	}
}

/// A container with all that is in it.
pub(super) fn drawn(sscc: Sscc, items: &[TreeItem]) -> Node {
	let within = items.iter().filter(|item| item.parent == sscc);
	let below = within.map(|found| match found.item {
		ItemRef::Container(inner) => {
			// What lies in it was listed with it as its parent; nothing stands in itself.
			let deeper: Vec<_> =
				items.iter().filter(|item| item.depth > found.depth).copied().collect();
			drawn(inner, &deeper)
		},
		item => {
			let units = found.units.map_or_else(String::new, |units| format!(", {units} units"));
			Node::leaf(format!("parcel {}{units}", item_text(&item)))
		},
	});
	Node { text: format!("container {sscc}"), below: below.collect() }
}

pub(super) async fn pack(context: &Context, pack: Pack) -> anyhow::Result<()> {
	let items = in_order(pack.items);
	let desk = Desk::open(context).await?;
	let told = pack.event.told(&desk.chain.best().await?).await?;
	desk.send(&calls::supply::pack(pack.sscc, items.clone(), told)).await?;
	let answer = json!({ "container": pack.sscc, "items": texts(&items), "told": told });
	context.out.say(&answer, || format!("{} items are in container {}", items.len(), pack.sscc))
}

pub(super) async fn unpack(context: &Context, unpack: Unpack) -> anyhow::Result<()> {
	let items = in_order(unpack.items);
	let named = (!items.is_empty()).then(|| items.clone());
	let desk = Desk::open(context).await?;
	let told = unpack.event.told(&desk.chain.best().await?).await?;
	let call = calls::supply::unpack(unpack.sscc, named.clone(), unpack.completeness, told);
	desk.send(&call).await?;
	let answer = json!({
		"container": unpack.sscc,
		"items": named.as_deref().map(texts),
		"completeness": unpack.completeness,
		"told": told,
	});
	context.out.say(&answer, || match &named {
		Some(items) => format!("{} items are out of container {}", items.len(), unpack.sscc),
		None => format!("container {} is empty, and its number rests for a year", unpack.sscc),
	})
}

pub(super) async fn seal(context: &Context, sscc: Sscc, seal: &str) -> anyhow::Result<()> {
	let hash = match seal.parse() {
		Ok(Paper::Hash(hash)) => hash,
		_ => words::digest_of(seal),
	};
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::seal(sscc, hash)).await?;
	let answer = json!({ "container": sscc, "seal": hash });
	context.out.say(&answer, || format!("container {sscc} is sealed"))
}

pub(super) async fn unseal(context: &Context, sscc: Sscc) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::unseal(sscc)).await?;
	context.out.say(&json!({ "container": sscc }), || format!("container {sscc} is open"))
}

pub(super) async fn split(context: &Context, parcel: ParcelRef, at: u32) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::split_parcel(parcel, at)).await?;
	let (first, second) =
		(ItemRef::Parcel(parcel), ItemRef::Parcel(ParcelRef { start: at, ..parcel }));
	let (first, second) = (item_text(&first), item_text(&second));
	let answer = json!({ "first": first, "second": second });
	context.out.say(&answer, || format!("parcel {first} now ends where parcel {second} begins"))
}

pub(super) async fn merge(
	context: &Context,
	first: ParcelRef,
	second: ParcelRef,
) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	desk.send(&calls::supply::merge_parcels(first, second)).await?;
	let parcel = item_text(&ItemRef::Parcel(first));
	let answer = json!({ "parcel": parcel });
	context.out.say(&answer, || format!("parcel {parcel} now holds both"))
}

/// What a partner holds.
pub(super) fn holdings_table(held: &[Holding]) -> String {
	let rows = held.iter().map(|row| {
		let what = match row.item {
			ItemRef::Parcel(_) => "parcel",
			ItemRef::Container(_) => "container",
		};
		let count = match (row.units, row.items) {
			(Some(units), _) => format!("{units} units"),
			(None, Some(items)) => format!("{items} items"),
			(None, None) => "-".into(),
		};
		let aside = if row.held { "put aside" } else { "-" };
		[what.into(), item_text(&row.item), count, aside.into()]
	});
	table(["what", "item", "holds", "aside"], rows.collect(), "nothing is held")
}

/// Items as they are named on the command line.
pub(super) fn texts(items: &[ItemRef]) -> Value {
	items.iter().map(|item| Value::from(item_text(item))).collect()
}

#[cfg(test)]
mod tests {
	use super::*;
	use salus_primitives::BatchIx;

	fn sscc(number: u64) -> Sscc {
		Sscc::from_body(10_614_141_000_000_000 + number).unwrap()
	}

	fn parcel(start: u32) -> ItemRef {
		ItemRef::Parcel(ParcelRef { batch: BatchIx(7), start })
	}

	#[test]
	fn a_pallet_is_drawn_with_its_cases_and_their_parcels() {
		let (pallet, one, two) = (sscc(0), sscc(1), sscc(2));
		let item = |parent, depth, item, units| TreeItem { parent, depth, item, units };
		let items = [
			item(pallet, 1, ItemRef::Container(one), None),
			item(one, 2, parcel(0), Some(48)),
			item(pallet, 1, ItemRef::Container(two), None),
			item(two, 2, parcel(48), Some(48)),
		];
		let expected = format!(
			"container {pallet}\n├─ container {one}\n│  └─ parcel 7:0, 48 units\n└─ container \
			 {two}\n   └─ parcel 7:48, 48 units"
		);
		assert_eq!(drawn(pallet, &items).draw(), expected);
	}

	#[test]
	fn holdings_say_what_is_put_aside() {
		let rows = [
			Holding { item: parcel(0), units: Some(48), items: None, held: true },
			Holding { item: ItemRef::Container(sscc(1)), units: None, items: Some(2), held: false },
		];
		let text = holdings_table(&rows);
		assert!(text.contains("48 units") && text.contains("put aside"), "{text}");
		assert!(text.contains("2 items") && text.contains(&sscc(1).to_string()), "{text}");
		assert_eq!(holdings_table(&[]), "nothing is held");
	}
}
