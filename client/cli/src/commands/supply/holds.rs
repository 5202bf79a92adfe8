// SPDX-License-Identifier: Apache-2.0

//! Put aside and let go; two packs with one serial.

use super::{
	Desk,
	proofs::{self, Sources},
	words::{Aside, Pack, item_text},
};
use crate::{commands::accredit::country, context::Context};
use anyhow::bail;
use salus_client::{
	At, calls,
	types::supply::{HeldUnit, HoldTarget, ItemRef},
};
use salus_primitives::{Jurisdiction, LotIx, QuarantineReason};
use serde_json::json;

/// What is put aside or let go.
#[derive(clap::Args, Debug)]
pub(crate) struct Target {
	/// A unit as BATCH/INDEX, a parcel as BATCH:START, or a container by its SSCC.
	#[arg(required_unless_present = "lot", conflicts_with = "lot")]
	target: Option<Aside>,
	/// A lot in the market of --market, as the authority there.
	#[arg(long, value_name = "NUMBER", requires = "market")]
	lot: Option<u64>,
	/// As the authority of this country; as who holds it without.
	#[arg(long, value_parser = country, value_name = "COUNTRY")]
	market: Option<Jurisdiction>,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Quarantine {
	#[command(flatten)]
	target: Target,
	/// Why: suspect, damaged, returned, recalled, storage, documents or duplicate-serial.
	#[arg(long)]
	reason: QuarantineReason,
}

#[derive(clap::Args, Debug)]
pub(crate) struct Duplicate {
	/// The two packs that carry one serial: units as BATCH/INDEX, or what their labels say.
	#[arg(num_args = 2, required = true, value_name = "PACK")]
	packs: Vec<Pack>,
	#[command(flatten)]
	sources: Sources,
}

impl Target {
	async fn resolved(&self, at: &At) -> anyhow::Result<HoldTarget> {
		match (self.target, self.lot, self.market) {
			(Some(Aside::Known(target)), ..) => Ok(target),
			(Some(Aside::Unit(unit)), ..) => {
				let parcel_start = proofs::parcel_start(at, unit).await?;
				Ok(HoldTarget::Unit(HeldUnit { unit: unit.unit, parcel_start }))
			},
			(None, Some(lot), Some(market)) => Ok(HoldTarget::Lot { lot: LotIx(lot), market }),
			_ => bail!("what? Name a unit, a parcel or a container, or --lot and --market"),
		}
	}
}

fn target_text(target: &HoldTarget) -> String {
	match target {
		HoldTarget::Unit(held) => format!("unit {}", held.unit),
		HoldTarget::Parcel(parcel) => format!("parcel {}", item_text(&ItemRef::Parcel(*parcel))),
		HoldTarget::Container(sscc) => format!("container {sscc}"),
		HoldTarget::Lot { lot, market } => format!("lot {lot} in {}", market.0),
	}
}

pub(super) async fn quarantine(context: &Context, command: Quarantine) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	let target = command.target.resolved(&desk.chain.best().await?).await?;
	let market = command.target.market;
	desk.send(&calls::supply::quarantine(target, command.reason, market)).await?;
	let answer =
		json!({ "target": target_text(&target), "reason": command.reason, "market": market });
	context.out.say(&answer, || format!("{} is put aside", target_text(&target)))
}

pub(super) async fn release(context: &Context, target: Target) -> anyhow::Result<()> {
	let desk = Desk::open(context).await?;
	let market = target.market;
	let target = target.resolved(&desk.chain.best().await?).await?;
	desk.send(&calls::supply::release_quarantine(target, market)).await?;
	let answer = json!({ "target": target_text(&target), "market": market });
	context.out.say(&answer, || format!("{} stands where it stood before", target_text(&target)))
}

pub(super) async fn duplicate(context: &Context, command: Duplicate) -> anyhow::Result<()> {
	let mut prover = command.sources.open()?;
	let desk = Desk::open(context).await?;
	desk.reach(&mut prover).await?;
	let proofs = prover.prove_all(&desk.chain.best().await?, &command.packs).await?;
	let [first, second] = proofs.as_slice() else {
		bail!("the two are one unit: name two that carry one serial");
	};
	if first.serial != second.serial {
		bail!("{} and {} carry different serials: that proves nothing", first.unit, second.unit);
	}
	let (one, other) = (first.unit, second.unit);
	let call = calls::supply::report_duplicate_serial(first.clone(), second.clone());
	desk.send(&call).await?;
	let answer = json!({ "serial": first.serial, "units": [one.to_string(), other.to_string()] });
	context.out.say(&answer, || {
		format!(
			"units {one} and {other} carry one serial: both are put aside, and their maker has a strike"
		)
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::commands::supply::words;
	use salus_client::types::supply::ParcelRef;
	use salus_primitives::BatchIx;

	#[test]
	fn targets_are_units_parcels_or_containers() {
		let parcel = HoldTarget::Parcel(ParcelRef { batch: BatchIx(7), start: 0 });
		assert_eq!("7:0".parse(), Ok(Aside::Known(parcel)));
		assert!(matches!("7/12".parse(), Ok(Aside::Unit(_))));
		let sscc = words::sscc("106141412345678908").unwrap();
		assert_eq!("106141412345678908".parse(), Ok(Aside::Known(HoldTarget::Container(sscc))));
		assert!("x".parse::<Aside>().is_err());
		let lot = HoldTarget::Lot { lot: LotIx(3), market: Jurisdiction(276) };
		assert_eq!(target_text(&lot), "lot 3 in 276");
	}
}
