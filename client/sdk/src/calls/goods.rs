// SPDX-License-Identifier: Apache-2.0

//! Products and goods, from the maker to the patient.

use super::Account;
use crate::{
	Call,
	types::{Signature, supply::*},
};
use salus_gs1::{CompanyPrefix, Date, Gln, LotNo, Sscc, UdiDi};
use salus_primitives::*;

/// A number of the chain's list of countries.
type Market = Jurisdiction;

calls! {
	/// Products, lots, custody, dispensing, recalls.
	"SupplyChain" supply {
		/// Says whose a company code is. By the registry.
		claim_company_prefix(code: CompanyCode, owner: IdentityId, evidence: Digest);
		/// Makes a product known.
		register_product(
			product: UdiDi,
			company: CompanyCode,
			class: ProductClass,
			flags: ProductFlags,
			uniqueness: Uniqueness,
			master: Digest,
			levels: Vec<PackLevel>,
		);
		/// Changes the master data of a product.
		update_product(product: UdiDi, master: Digest);
		/// Lets a product be sold in a market within a window.
		approve_product(product: UdiDi, market: Market, reference: Digest, window: Window);
		/// Stops the sale of a product in a market until it is approved anew.
		suspend_approval(product: UdiDi, market: Market, reason: Digest);
		/// Takes a product from a market, or from all, for good.
		withdraw_product(product: UdiDi, market: Option<Market>, reason: Digest);
		/// Opens a lot of a product.
		open_lot(product: UdiDi, number: LotNo, made: Date, expiry: Date, planned: u64);
		/// Commissions up to 2^24 units at once.
		commission_batch(lot: LotIx, batch: NewBatch, told: Told);
		/// Releases a lot: from now on its units may be handed over.
		release_lot(lot: LotIx, certificate: Digest);
		/// Lets nothing more be commissioned into a lot.
		close_lot(lot: LotIx);
		/// Gives a container its number.
		commission_container(sscc: Sscc, prefix: CompanyPrefix);
		/// Packs parcels and containers into a container.
		pack(sscc: Sscc, items: Vec<ItemRef>, told: Told);
		/// Takes items, or all, out of a container.
		unpack(
			sscc: Sscc,
			items: Option<Vec<ItemRef>>,
			completeness: Completeness,
			told: Told,
		);
		/// Seals a container.
		seal(sscc: Sscc, seal: Digest);
		/// Unseals a container.
		unseal(sscc: Sscc);
		/// Makes two parcels of one, the second beginning at index `at`.
		split_parcel(parcel: ParcelRef, at: u32);
		/// Makes one parcel of two that follow each other in one place.
		merge_parcels(first: ParcelRef, second: ParcelRef);
		/// Sends goods to another partner.
		ship(
			to: IdentityId,
			ship_to: Option<Gln>,
			items: Vec<ItemRef>,
			transaction: Digest,
			affirmed: bool,
			told: Told,
		);
		/// Takes back a shipment of which nothing was received.
		void_ship(shipment: ShipmentId);
		/// Takes what came of a shipment.
		receive(
			shipment: ShipmentId,
			accepted: Vec<ItemRef>,
			last: bool,
			over: u32,
			completeness: Completeness,
			told: Told,
		);
		/// Sends a shipment back of which nothing was received.
		reject_shipment(shipment: ShipmentId, reason: RejectReason);
		/// Shows units, so that the chain keeps their serials.
		touch_units(units: Vec<UnitProof>);
		/// Hands units over to a patient.
		dispense(units: Vec<Dispensing>, site: Site, prescription: RxLink, told: Told);
		/// Hands a part of a unit over, in ten-thousandths.
		dispense_partial(
			unit: Dispensing,
			fraction: u16,
			site: Site,
			prescription: RxLink,
			told: Told,
		);
		/// Makes a unit active again that left by mistake.
		undo_decommission(unit: HeldUnit, site: Site, not_handed_over: bool);
		/// Takes units back from the public.
		return_units(units: Vec<ReturnedUnit>, saleable: bool, told: Told);
		/// Takes units from the market without a patient; puts devices into use, and retires them.
		decommission(units: Vec<UnitProof>, reason: DecommissionReason, site: Site, told: Told);
		/// Destroys units, before a witness.
		destroy(
			units: Vec<HeldUnit>,
			certificate: Digest,
			witness: Witness<Account, Signature>,
			told: Told,
		);
		/// Puts a unit, a parcel or a container aside, or a lot in a market.
		quarantine(target: HoldTarget, reason: QuarantineReason, market: Option<Market>);
		/// Lets go what was put aside: as who holds it, or as the authority of a market.
		release_quarantine(target: HoldTarget, market: Option<Market>);
		/// Proves that two units carry one serial.
		report_duplicate_serial(first: UnitProof, second: UnitProof);
		/// Recalls a product, a lot, a batch or a stretch of one.
		initiate_recall(
			scope: RecallScope,
			class: RecallClass,
			depth: RecallDepth,
			markets: Vec<Market>,
			reason: Digest,
			reference: Digest,
		);
		/// Makes a recall reach more.
		extend_recall(
			recall: RecallId,
			scope: RecallScope,
			class: RecallClass,
			depth: RecallDepth,
			markets: Vec<Market>,
		);
		/// Ends a recall.
		close_recall(recall: RecallId);
		/// Says that one knows of a recall.
		acknowledge_recall(recall: RecallId);
		/// Says what one did about a recall.
		report_recall_progress(recall: RecallId, progress: Progress);
		/// Removes what is over. By anybody.
		reap(containers: Vec<Sscc>, units: Vec<UnitRef>);
	}
}
