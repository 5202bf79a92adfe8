// SPDX-License-Identifier: Apache-2.0

//! What pharmacies, wholesalers, makers and authorities ask a node, at the time of the block asked.

use crate::{
	BatchView, Holding, Hop, ItemRef, Location, LotSummary, Market, Page, PartnerReport,
	ProductView, QueryError, Recall, ScanProof, ScannedPack, ShipmentView, TraceCursor,
	TraceTarget, TreeCursor, TreeItem, UnitStatus, Verdict,
};
use alloc::vec::Vec;
use salus_gs1::{LotNo, Sscc, UdiDi};
use salus_primitives::{BatchIx, IdentityId, LotIx, RecallId, ShipmentId, UnitRef};

sp_api::decl_runtime_apis! {
	/// Questions about goods.
	///
	/// Lists come in pages of `limit` items, at least one and at most the pallet's `MaxPage`. A page
	/// with `next` is followed by the one asked for with it as `cursor`; the order is the chain's own.
	pub trait SupplyChainApi {
		/// What does a scan of a pack find? The proof is what the maker's service gives for its serial.
		fn verify(scan: ScannedPack, proof: Option<ScanProof>) -> Verdict;

		/// The same of up to 256 scans.
		fn verify_many(
			scans: Vec<(ScannedPack, Option<ScanProof>)>,
		) -> Result<Vec<Verdict>, QueryError>;

		/// Does a serial with its salt lead to the root of its batch?
		fn check_proof(proof: ScanProof) -> bool;

		/// How does a unit stand? Approvals count where a market is named; what lies on parcel and
		/// containers where the first index of its parcel is.
		fn unit_status(
			unit: UnitRef,
			parcel_start: Option<u32>,
			market: Option<Market>,
		) -> Result<UnitStatus, QueryError>;

		/// Could who holds a unit hand it over in a market now, prescriptions aside?
		fn is_dispensable(unit: UnitRef, parcel_start: u32, market: Market) -> bool;

		/// Where is a unit? `hint` is where its parcel may begin.
		fn locate(unit: UnitRef, hint: Option<u32>) -> Result<Location, QueryError>;

		/// Which steps of a unit, a batch or a container does the chain keep?
		fn trace(
			target: TraceTarget,
			cursor: Option<TraceCursor>,
			limit: u32,
		) -> Result<Page<Hop, TraceCursor>, QueryError>;

		/// What does a partner hold itself?
		fn holdings(
			partner: IdentityId,
			cursor: Option<ItemRef>,
			limit: u32,
		) -> Result<Page<Holding, ItemRef>, QueryError>;

		/// What is in a container, `depth` containers deep, 1 to 6?
		fn container_tree(
			sscc: Sscc,
			depth: u8,
			cursor: Option<TreeCursor>,
			limit: u32,
		) -> Result<Page<TreeItem, TreeCursor>, QueryError>;

		/// Which shipments from or to a partner are under way?
		fn open_shipments(
			partner: IdentityId,
			cursor: Option<ShipmentId>,
			limit: u32,
		) -> Result<Page<ShipmentView, ShipmentId>, QueryError>;

		/// What is still on its way in a shipment?
		fn shipment(shipment: ShipmentId) -> Option<ShipmentView>;

		/// Which product has this number, its own or that of a grouping, and how does it stand in a
		/// market?
		fn product(number: UdiDi, market: Option<Market>) -> Option<ProductView>;

		/// Which lot does a label name?
		fn lot_by_number(product: UdiDi, number: LotNo) -> Option<LotIx>;

		/// How many units of a lot are in which state?
		fn lot_summary(lot: LotIx) -> Option<LotSummary>;

		/// Which batches does a lot have?
		fn lot_batches(
			lot: LotIx,
			cursor: Option<BatchIx>,
			limit: u32,
		) -> Result<Page<BatchView, BatchIx>, QueryError>;

		/// What is a recall about, and what came of it so far?
		fn recall(recall: RecallId) -> Option<Recall>;

		/// What did each partner report about a recall?
		fn recall_progress(
			recall: RecallId,
			cursor: Option<IdentityId>,
			limit: u32,
		) -> Result<Page<PartnerReport, IdentityId>, QueryError>;
	}
}
