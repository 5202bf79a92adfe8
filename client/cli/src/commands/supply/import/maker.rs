// SPDX-License-Identifier: Apache-2.0

//! Makes the calls of a plan, one after the other.

use super::name;
use crate::commands::supply::{
	Desk, lots,
	words::{self, product_text, unsaid},
};
use anyhow::{Context as _, anyhow, bail};
use salus_client::{
	Call, calls,
	types::supply::{CompanyCode, ItemRef, NewBatch, PackLevel, ParcelRef, Told},
};
use salus_gs1::{CompanyPrefix, Gln, Gtin, LotNo, Serial, UdiDi};
use salus_primitives::{
	BatchIx, Completeness, DAY, Digest, IdentityId, LotIx, Moment, ProductClass, ProductFlags,
	Uniqueness,
};
use salus_supply::{
	LeafFileBuilder, MasterSalt,
	epcis::{Plan, PlanBatch, Planned, PlannedCall, PlannedItem},
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// How far back the chain takes the time of an event.
const LATEST: Moment = 30 * DAY;

/// Makes the calls of a plan.
pub(super) struct Maker<'a> {
	pub(super) desk: Desk<'a>,
	pub(super) folder: PathBuf,
	pub(super) document: Digest,
	pub(super) parties: BTreeMap<Gln, IdentityId>,
	pub(super) class: ProductClass,
	pub(super) flags: ProductFlags,
	pub(super) prefix: Option<CompanyPrefix>,
	/// The numbers that the chain gave the batches of the plan.
	pub(super) batches: BTreeMap<PlanBatch, BatchIx>,
	pub(super) made: Vec<Value>,
}

impl Maker<'_> {
	/// Refuses a plan that would stop in its midst for something that can be said now.
	pub(super) fn check(&self, plan: &Plan) -> anyhow::Result<()> {
		for step in &plan.calls {
			match &step.call {
				PlannedCall::Ship { to, .. } => {
					self.party(*to)?;
				},
				PlannedCall::CommissionContainer { sscc, prefix, .. } => {
					prefix.or(self.prefix).ok_or_else(|| {
						anyhow!(
							"{}: container {sscc} comes without its company prefix: name it with --prefix",
							step.place
						)
					})?;
				},
				_ => (),
			}
		}
		Ok(())
	}

	fn party(&self, gln: Gln) -> anyhow::Result<IdentityId> {
		self.parties.get(&gln).copied().ok_or_else(|| {
			anyhow!(
				"the document sends to {gln}: say who that is on the chain with --party {gln}=…"
			)
		})
	}

	pub(super) async fn make(&mut self, step: &Planned) -> anyhow::Result<()> {
		let told = self.told(step).await?;
		let result = match &step.call {
			PlannedCall::RegisterProduct { product, company, master_hash, levels, .. } => {
				self.register(*product, *company, *master_hash, levels).await?
			},
			PlannedCall::OpenLot { product, number, made, expiry, planned } => {
				let (product, at) = (UdiDi::Gs1(*product), self.desk.chain.best().await?);
				match at.lot_by_number(product, *number).await? {
					Some(lot) => format!("lot {lot} was there"),
					None => {
						let call =
							calls::supply::open_lot(product, *number, *made, *expiry, *planned);
						let receipt = self.desk.send(&call).await?;
						let lot: Option<LotIx> = receipt.first_field("SupplyChain", "LotOpened");
						format!("lot {}", lot.ok_or_else(|| unsaid("lot"))?)
					},
				}
			},
			PlannedCall::CommissionBatch { batch, product, lot, serials } => {
				let number = self.commission(*product, *lot, serials, *batch, told).await?;
				self.batches.insert(*batch, number);
				format!("batch {number}")
			},
			other => {
				self.desk.send(&self.moving(other, told)?).await?;
				"done".into()
			},
		};
		let (place, call) = (&step.place, name(&step.call));
		self.made.push(json!({ "where": place, "call": call, "result": result }));
		Ok(())
	}

	/// The call for what is packed and moved.
	fn moving(&self, call: &PlannedCall, told: Told) -> anyhow::Result<Call> {
		Ok(match call {
			PlannedCall::CommissionContainer { sscc, prefix, .. } => {
				let prefix = prefix.or(self.prefix).ok_or_else(|| anyhow!("no company prefix"))?;
				calls::supply::commission_container(*sscc, prefix)
			},
			PlannedCall::SplitParcel { batch, start, at } => {
				calls::supply::split_parcel(self.parcel(*batch, *start)?, *at)
			},
			PlannedCall::Pack { sscc, items } => {
				calls::supply::pack(*sscc, self.items(items)?, told)
			},
			PlannedCall::Unpack { sscc } => {
				calls::supply::unpack(*sscc, None, Completeness::Unknown, told)
			},
			PlannedCall::Ship { to, ship_to, items, affirmed, .. } => {
				let (to, items) = (self.party(*to)?, self.items(items)?);
				calls::supply::ship(to, *ship_to, items, self.document, *affirmed, told)
			},
			PlannedCall::RegisterProduct { .. }
			| PlannedCall::OpenLot { .. }
			| PlannedCall::CommissionBatch { .. } => bail!("products and lots move nothing"),
		})
	}

	/// What the document says of the time, where that is not too long ago for the chain.
	async fn told(&self, step: &Planned) -> anyhow::Result<Told> {
		let now = self.desk.chain.best().await?.now().await?;
		let at = step.at.filter(|at| now.saturating_sub(LATEST) < *at && *at <= now);
		Ok(Told { at, epcis: step.epcis })
	}

	async fn register(
		&self,
		product: Gtin,
		company: CompanyPrefix,
		master: Digest,
		levels: &[(Gtin, u32)],
	) -> anyhow::Result<String> {
		let product = UdiDi::Gs1(product);
		if self.desk.chain.best().await?.product(product, None).await?.is_some() {
			return Ok(format!("{} was there", product_text(&product)));
		}
		let levels = levels.iter().map(|(gtin, units)| PackLevel { gtin: *gtin, units: *units });
		let call = calls::supply::register_product(
			product,
			CompanyCode::Gs1(company),
			self.class,
			self.flags,
			Uniqueness::FraudProof,
			master,
			levels.collect(),
		);
		self.desk.send(&call).await?;
		Ok(product_text(&product))
	}

	async fn commission(
		&self,
		product: Gtin,
		lot: LotNo,
		serials: &[Serial],
		number: PlanBatch,
		told: Told,
	) -> anyhow::Result<BatchIx> {
		let product = UdiDi::Gs1(product);
		let lot = lots::named(&self.desk.chain.best().await?, product, lot).await?;
		let file = |end: &str| self.folder.join(format!("lot-{lot}-batch-{number}.{end}"));
		let master = MasterSalt::generate()?;
		master.write_new(&file("salt"))?;
		let leaves = file("leaves");
		let named = || leaves.display().to_string();
		let mut builder = LeafFileBuilder::create(&leaves, product, &master).with_context(named)?;
		for serial in serials {
			builder.push(*serial, None).with_context(named)?;
		}
		let made = builder.finish(|_, _, _| ()).with_context(named)?;
		let new = NewBatch {
			root: made.root,
			count: made.count,
			salt: made.salt,
			leaf_file: made.leaf_file,
		};
		let receipt = self.desk.send(&calls::supply::commission_batch(lot, new, told)).await?;
		let batch: Option<BatchIx> = receipt.first_field("SupplyChain", "BatchCommissioned");
		batch.ok_or_else(|| unsaid("batch"))
	}

	fn parcel(&self, batch: PlanBatch, start: u32) -> anyhow::Result<ParcelRef> {
		let batch = self.batches.get(&batch).copied();
		let batch = batch.ok_or_else(|| anyhow!("a batch of the document was not commissioned"))?;
		Ok(ParcelRef { batch, start })
	}

	fn items(&self, items: &[PlannedItem]) -> anyhow::Result<Vec<ItemRef>> {
		let items = items.iter().map(|item| match item {
			PlannedItem::Parcel { batch, start } => {
				self.parcel(*batch, *start).map(ItemRef::Parcel)
			},
			PlannedItem::Container(sscc) => Ok(ItemRef::Container(*sscc)),
		});
		Ok(words::in_order(items.collect::<anyhow::Result<_>>()?))
	}
}
