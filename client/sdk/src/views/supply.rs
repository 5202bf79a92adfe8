// SPDX-License-Identifier: Apache-2.0

//! Questions about goods: what a scan finds, where things are, what was recalled.

use crate::{
	At, Error,
	types::{
		Page,
		supply::{Verdict, *},
	},
};
use codec::{Decode, Encode};
use salus_gs1::{LotNo, Sscc, UdiDi};
use salus_primitives::*;

/// How many items are asked for at a time. The pallet's page is no smaller.
const PAGE: u32 = 50;
/// How many scans one question asks about.
const MAX_SCANS: usize = 256;

type Paged<Item, Cursor> = Result<Page<Item, Cursor>, QueryError>;

impl At {
	async fn goods<Answer: Decode>(
		&self,
		method: &str,
		arguments: &impl Encode,
	) -> Result<Answer, Error> {
		self.api("SupplyChainApi", method, arguments).await
	}

	/// What a scan of a pack finds, with the proof that its maker gives.
	pub async fn verify(
		&self,
		scan: ScannedPack,
		proof: Option<ScanProof>,
	) -> Result<Verdict, Error> {
		self.goods("verify", &(scan, proof)).await
	}

	/// The same of many scans, in their order.
	pub async fn verify_many(
		&self,
		scans: &[(ScannedPack, Option<ScanProof>)],
	) -> Result<Vec<Verdict>, Error> {
		let mut all = Vec::with_capacity(scans.len());
		for some in scans.chunks(MAX_SCANS) {
			let found: Result<Vec<Verdict>, QueryError> = self.goods("verify_many", &some).await?;
			all.extend(found.map_err(unanswered)?);
		}
		Ok(all)
	}

	/// Whether a serial with its salt leads to the root of its batch.
	pub async fn check_unit(&self, proof: &ScanProof) -> Result<bool, Error> {
		self.goods("check_proof", proof).await
	}

	/// How a unit stands: in a market when one is named, with what lies on its parcel and containers
	/// when the first index of that parcel is.
	pub async fn unit_status(
		&self,
		unit: UnitRef,
		parcel_start: Option<u32>,
		market: Option<Jurisdiction>,
	) -> Result<Result<UnitStatus, QueryError>, Error> {
		self.goods("unit_status", &(unit, parcel_start, market)).await
	}

	/// Whether who holds a unit could hand it over in a market now, prescriptions aside.
	pub async fn is_dispensable(
		&self,
		unit: UnitRef,
		parcel_start: u32,
		market: Jurisdiction,
	) -> Result<bool, Error> {
		self.goods("is_dispensable", &(unit, parcel_start, market)).await
	}

	/// Where a unit is. `hint` is where its parcel may begin.
	pub async fn locate_unit(
		&self,
		unit: UnitRef,
		hint: Option<u32>,
	) -> Result<Result<Location, QueryError>, Error> {
		self.goods("locate", &(unit, hint)).await
	}

	/// Every step of a unit, a batch or a container that the chain keeps; `None` when there is no such
	/// thing.
	pub async fn trace(&self, target: TraceTarget) -> Result<Option<Vec<Hop>>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<Hop, TraceCursor> =
				self.goods("trace", &(target, cursor, PAGE)).await?;
			if !all.take(page)? {
				return Ok(None);
			}
		}
		Ok(Some(all.items))
	}

	/// All that a partner holds itself.
	pub async fn holdings(&self, partner: IdentityId) -> Result<Vec<Holding>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<Holding, ItemRef> =
				self.goods("holdings", &(partner, cursor, PAGE)).await?;
			all.take(page)?;
		}
		Ok(all.items)
	}

	/// What is in a container, so many containers deep; `None` when there is no such container.
	pub async fn container_tree(
		&self,
		sscc: Sscc,
		depth: u8,
	) -> Result<Option<Vec<TreeItem>>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<TreeItem, Vec<ItemRef>> =
				self.goods("container_tree", &(sscc, depth, cursor, PAGE)).await?;
			if !all.take(page)? {
				return Ok(None);
			}
		}
		Ok(Some(all.items))
	}

	/// The shipments from or to a partner that are under way.
	pub async fn open_shipments(&self, partner: IdentityId) -> Result<Vec<ShipmentView>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<ShipmentView, ShipmentId> =
				self.goods("open_shipments", &(partner, cursor, PAGE)).await?;
			all.take(page)?;
		}
		Ok(all.items)
	}

	/// A shipment, while something of it is on its way.
	pub async fn shipment(&self, shipment: ShipmentId) -> Result<Option<ShipmentView>, Error> {
		self.goods("shipment", &shipment).await
	}

	/// The product with this number, its own or that of a grouping, and how it stands in a market.
	pub async fn product(
		&self,
		number: UdiDi,
		market: Option<Jurisdiction>,
	) -> Result<Option<ProductView>, Error> {
		self.goods("product", &(number, market)).await
	}

	/// The lot that a label names.
	pub async fn lot_by_number(
		&self,
		product: UdiDi,
		number: LotNo,
	) -> Result<Option<LotIx>, Error> {
		self.goods("lot_by_number", &(product, number)).await
	}

	/// What a lot consists of.
	pub async fn lot_summary(&self, lot: LotIx) -> Result<Option<LotSummary>, Error> {
		self.goods("lot_summary", &lot).await
	}

	/// The batches of a lot.
	pub async fn lot_batches(&self, lot: LotIx) -> Result<Vec<BatchView>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<BatchView, BatchIx> =
				self.goods("lot_batches", &(lot, cursor, PAGE)).await?;
			all.take(page)?;
		}
		Ok(all.items)
	}

	/// What a recall is about, and what came of it so far.
	pub async fn recall(&self, recall: RecallId) -> Result<Option<Recall>, Error> {
		self.goods("recall", &recall).await
	}

	/// What every partner reported about a recall.
	pub async fn recall_progress(&self, recall: RecallId) -> Result<Vec<PartnerReport>, Error> {
		let mut all = Pages::default();
		while let Some(cursor) = all.turn() {
			let page: Paged<PartnerReport, IdentityId> =
				self.goods("recall_progress", &(recall, cursor, PAGE)).await?;
			all.take(page)?;
		}
		Ok(all.items)
	}
}

/// The pages of a list, one after the other.
struct Pages<Item, Cursor> {
	items: Vec<Item>,
	next: Option<Option<Cursor>>,
}

impl<Item, Cursor> Default for Pages<Item, Cursor> {
	fn default() -> Self {
		Self { items: Vec::new(), next: Some(None) }
	}
}

impl<Item, Cursor> Pages<Item, Cursor> {
	/// What to ask for the next page with; nothing once all have come.
	fn turn(&mut self) -> Option<Option<Cursor>> {
		self.next.take()
	}

	/// Adds a page. `false` when the list is of nothing that there is.
	fn take(&mut self, page: Paged<Item, Cursor>) -> Result<bool, Error> {
		let page = match page {
			Ok(page) => page,
			Err(QueryError::Unknown) => return Ok(false),
			Err(error) => return Err(unanswered(error)),
		};
		self.items.extend(page.items);
		self.next = page.next.map(Some);
		Ok(true)
	}
}

/// A refusal that no question asked here should meet.
fn unanswered(error: QueryError) -> Error {
	Error::Answer(match error {
		QueryError::BadLimit { max } => format!("it gives no more than {max} items at a time"),
		QueryError::Unknown => "there is no such thing".into(),
		QueryError::WrongParcel => "no parcel that begins there has the unit".into(),
		QueryError::ParcelNotFound => "the batch is in too many parcels: name the unit's".into(),
	})
}

#[cfg(test)]
mod tests {
	use super::*;
	use crate::shape::check_api;
	use scale_info::{MetaType, TypeInfo, meta_type};

	fn check<Answer: TypeInfo + 'static>(method: &str, arguments: &[MetaType]) {
		check_api("SupplyChainApi", method, arguments, meta_type::<Answer>());
	}

	#[test]
	fn the_supply_chain_api_has_the_shape_of_the_metadata() {
		let scan = [meta_type::<ScannedPack>(), meta_type::<Option<ScanProof>>()];
		let (limit, market) = (meta_type::<u32>(), meta_type::<Option<Jurisdiction>>());
		check::<Verdict>("verify", &scan);
		check::<Result<Vec<Verdict>, QueryError>>(
			"verify_many",
			&[meta_type::<Vec<(ScannedPack, Option<ScanProof>)>>()],
		);
		check::<bool>("check_proof", &[meta_type::<ScanProof>()]);
		let unit = [meta_type::<UnitRef>(), meta_type::<Option<u32>>(), market];
		check::<Result<UnitStatus, QueryError>>("unit_status", &unit);
		let unit = [meta_type::<UnitRef>(), limit, meta_type::<Jurisdiction>()];
		check::<bool>("is_dispensable", &unit);
		let unit = [meta_type::<UnitRef>(), meta_type::<Option<u32>>()];
		check::<Result<Location, QueryError>>("locate", &unit);
		check::<Paged<Hop, TraceCursor>>(
			"trace",
			&[meta_type::<TraceTarget>(), meta_type::<Option<TraceCursor>>(), limit],
		);
		check::<Paged<Holding, ItemRef>>(
			"holdings",
			&[meta_type::<IdentityId>(), meta_type::<Option<ItemRef>>(), limit],
		);
		check::<Paged<TreeItem, Vec<ItemRef>>>(
			"container_tree",
			&[meta_type::<Sscc>(), meta_type::<u8>(), meta_type::<Option<Vec<ItemRef>>>(), limit],
		);
		check::<Paged<ShipmentView, ShipmentId>>(
			"open_shipments",
			&[meta_type::<IdentityId>(), meta_type::<Option<ShipmentId>>(), limit],
		);
		check::<Option<ShipmentView>>("shipment", &[meta_type::<ShipmentId>()]);
		check::<Option<ProductView>>("product", &[meta_type::<UdiDi>(), market]);
		let label = [meta_type::<UdiDi>(), meta_type::<LotNo>()];
		check::<Option<LotIx>>("lot_by_number", &label);
		check::<Option<LotSummary>>("lot_summary", &[meta_type::<LotIx>()]);
		check::<Paged<BatchView, BatchIx>>(
			"lot_batches",
			&[meta_type::<LotIx>(), meta_type::<Option<BatchIx>>(), limit],
		);
		check::<Option<Recall>>("recall", &[meta_type::<RecallId>()]);
		check::<Paged<PartnerReport, IdentityId>>(
			"recall_progress",
			&[meta_type::<RecallId>(), meta_type::<Option<IdentityId>>(), limit],
		);
	}

	#[test]
	fn pages_are_asked_for_until_the_last_and_one_of_nothing_is_told() {
		let mut all = Pages::<u8, u32>::default();
		assert_eq!(all.turn(), Some(None));
		assert!(all.take(Ok(Page { items: vec![1, 2], next: Some(2) })).unwrap());
		assert_eq!(all.turn(), Some(Some(2)));
		assert!(all.take(Ok(Page { items: vec![3], next: None })).unwrap());
		assert_eq!((all.turn(), all.items), (None, vec![1, 2, 3]));

		let mut none = Pages::<u8, u32>::default();
		assert!(!none.take(Err(QueryError::Unknown)).unwrap());
		let limit = none.take(Err(QueryError::BadLimit { max: 7 })).unwrap_err();
		assert!(limit.to_string().contains('7'), "{limit}");
	}
}
