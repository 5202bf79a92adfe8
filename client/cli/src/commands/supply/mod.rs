// SPDX-License-Identifier: Apache-2.0

//! `salus supply`: products and goods, from the maker to the patient, and back by recall.

mod commission;
mod custody;
mod dispensing;
mod holds;
mod import;
mod label;
mod leaving;
mod lots;
mod products;
mod proofs;
mod recalls;
mod scan;
mod shipments;
mod trace;
mod tree;
mod words;

use crate::{commands::record::subject, context::Context, values::Party};
use clap::Subcommand;
use proofs::Prover;
use salus_client::{Call, Chain, Receipt, keystore::Secrets, types::supply::ParcelRef};
use salus_gs1::Sscc;
use salus_primitives::{DecommissionReason, ShipmentId};
use serde_json::json;

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
	/// Say whose a company code is, by governance.
	Company(products::Company),
	/// Products, and where they may be sold.
	#[command(subcommand)]
	Product(products::Command),
	/// Lots of a product.
	#[command(subcommand)]
	Lot(lots::Command),
	/// Commission up to 2^24 units at once: write their leaf file and anchor its root.
	Commission(commission::Commission),
	/// Hand a leaf file to your proof service, which partners with a licence ask about labels.
	Publish(commission::Publish),
	/// Containers: cases, pallets, vehicles.
	#[command(subcommand)]
	Container(custody::Container),
	/// Pack parcels and containers into a container.
	Pack(custody::Pack),
	/// Take items, or everything, out of a container.
	Unpack(custody::Unpack),
	/// Seal a container: nothing goes in or out until it is unsealed.
	Seal {
		/// The container.
		#[arg(value_parser = words::sscc)]
		sscc: Sscc,
		/// What is on the seal, or its hash; the chain gets the hash.
		#[arg(long)]
		seal: String,
	},
	/// Unseal a container.
	Unseal {
		/// The container.
		#[arg(value_parser = words::sscc)]
		sscc: Sscc,
	},
	/// Make two parcels of one.
	Split {
		/// The parcel, as BATCH:START.
		#[arg(value_parser = words::parcel)]
		parcel: ParcelRef,
		/// The index that the second one begins at.
		#[arg(long, value_name = "INDEX")]
		at: u32,
	},
	/// Make one parcel of two that follow each other in one place.
	Merge {
		/// The first, as BATCH:START.
		#[arg(value_parser = words::parcel)]
		first: ParcelRef,
		/// The second, which begins where the first ends.
		#[arg(value_parser = words::parcel)]
		second: ParcelRef,
	},
	/// Send goods to another partner.
	Ship(shipments::Ship),
	/// Take back a shipment of which nothing was received.
	Void {
		/// The number of the shipment.
		shipment: u64,
	},
	/// Take what came of a shipment.
	Receive(shipments::Receive),
	/// Send a shipment back of which nothing was received.
	Reject(shipments::Reject),
	/// The shipments from or to somebody that are under way; your own without a name.
	Shipments {
		/// Whose.
		partner: Option<Party>,
	},
	/// What somebody holds; you without a name.
	Holdings {
		/// Who.
		partner: Option<Party>,
	},
	/// Show units, so that the chain keeps their serials, of products that ask for it.
	Touch(dispensing::Touch),
	/// Hand packs over to a patient.
	Dispense(dispensing::Dispense),
	/// Hand a part of a pack over.
	DispensePart(dispensing::DispensePart),
	/// Make a pack active again that left by mistake and was not handed over.
	Undo(dispensing::Undo),
	/// Take packs back from the public.
	Return(dispensing::Return),
	/// Take packs from the market without a patient.
	Decommission(leaving::Decommission),
	/// Put devices into use.
	Use(leaving::Devices),
	/// Take devices out of use for good.
	Retire(leaving::Devices),
	/// Sign, as a witness, that somebody destroys units.
	Witness(leaving::Attest),
	/// Destroy units for good, with the statement of a witness.
	Destroy(leaving::Destroy),
	/// Put a unit, a parcel or a container aside, or a lot in a market.
	Quarantine(holds::Quarantine),
	/// Let go what was put aside.
	Release(holds::Target),
	/// Prove that two packs carry one serial.
	Duplicate(holds::Duplicate),
	/// Recalls.
	#[command(subcommand)]
	Recall(recalls::Command),
	/// What a scan of a pack means: may it be handed over?
	#[command(visible_alias = "verify")]
	Scan(scan::Verify),
	/// The way of a pack, a batch or a container, as a tree.
	Trace(trace::Trace),
	/// Draw a GS1 DataMatrix as SVG or PNG.
	Label(label::Print),
	/// Read an EPCIS document as calls, and make them.
	ImportEpcis(Box<import::Import>),
	/// Clear away what is over, as anybody.
	Reap(leaving::Reap),
}

/// Where a call is signed and sent: a chain, and the keystore open.
struct Desk<'a> {
	context: &'a Context,
	chain: Chain,
	secrets: Secrets,
}

impl<'a> Desk<'a> {
	async fn open(context: &'a Context) -> anyhow::Result<Self> {
		let secrets = context.secrets()?;
		Ok(Self { context, chain: context.chain().await?, secrets })
	}

	/// Connects the prover to the proof service that was named, if one was.
	async fn reach(&self, prover: &mut Prover) -> anyhow::Result<()> {
		prover.reach(&self.chain, || Ok(self.secrets.signer())).await
	}

	async fn send(&self, call: &Call) -> anyhow::Result<Receipt> {
		self.context.submit(&self.chain, call, &self.secrets.signer()).await
	}
}

pub(crate) async fn run(context: &Context, command: Command) -> anyhow::Result<()> {
	match command {
		Command::Company(company) => products::claim(context, company).await,
		Command::Product(command) => products::run(context, command).await,
		Command::Lot(command) => lots::run(context, command).await,
		Command::Commission(command) => commission::commission(context, command).await,
		Command::Publish(publish) => commission::publish(context, publish).await,
		Command::Container(command) => custody::container(context, command).await,
		Command::Pack(pack) => custody::pack(context, pack).await,
		Command::Unpack(unpack) => custody::unpack(context, unpack).await,
		Command::Seal { sscc, seal } => custody::seal(context, sscc, &seal).await,
		Command::Unseal { sscc } => custody::unseal(context, sscc).await,
		Command::Split { parcel, at } => custody::split(context, parcel, at).await,
		Command::Merge { first, second } => custody::merge(context, first, second).await,
		Command::Ship(ship) => shipments::ship(context, ship).await,
		Command::Void { shipment } => shipments::void(context, ShipmentId(shipment)).await,
		Command::Receive(receive) => shipments::receive(context, receive).await,
		Command::Reject(reject) => shipments::reject(context, reject).await,
		Command::Shipments { partner } => shipments::list(context, partner).await,
		Command::Holdings { partner } => holdings(context, partner).await,
		Command::Touch(touch) => dispensing::touch(context, touch).await,
		Command::Dispense(dispense) => dispensing::dispense(context, dispense).await,
		Command::DispensePart(part) => dispensing::dispense_part(context, part).await,
		Command::Undo(undo) => dispensing::undo(context, undo).await,
		Command::Return(back) => dispensing::take_back(context, back).await,
		Command::Decommission(command) => leaving::decommission(context, command).await,
		Command::Use(devices) => leaving::leave(context, devices, DecommissionReason::InUse).await,
		Command::Retire(devices) => {
			leaving::leave(context, devices, DecommissionReason::Retired).await
		},
		Command::Witness(attest) => leaving::witness(context, attest).await,
		Command::Destroy(destroy) => leaving::destroy(context, destroy).await,
		Command::Quarantine(command) => holds::quarantine(context, command).await,
		Command::Release(target) => holds::release(context, target).await,
		Command::Duplicate(command) => holds::duplicate(context, command).await,
		Command::Recall(command) => recalls::run(context, command).await,
		Command::Scan(verify) => scan::verify(context, verify).await,
		Command::Trace(trace) => trace::trace(context, trace).await,
		Command::Label(print) => label::print(context, &print),
		Command::ImportEpcis(import) => import::run(context, *import).await,
		Command::Reap(reap) => leaving::reap(context, reap).await,
	}
}

async fn holdings(context: &Context, partner: Option<Party>) -> anyhow::Result<()> {
	let at = context.chain().await?.best().await?;
	let who = subject(context, &at, partner).await?;
	let held = at.holdings(who).await?;
	let rows: Vec<_> = held
		.iter()
		.map(|row| {
			json!({
				"item": words::item_text(&row.item),
				"units": row.units,
				"items": row.items,
				"held": row.held,
			})
		})
		.collect();
	let answer = json!({ "partner": who, "holdings": rows });
	context.out.say(&answer, || custody::holdings_table(&held))
}
