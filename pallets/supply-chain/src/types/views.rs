// SPDX-License-Identifier: Apache-2.0

//! What queries take and answer.

use crate::{
	Approval, Counters, ItemRef, LiveRecalls, LotHold, Market, Parcel, ParcelRef, PartnerProgress,
	ProductStatus,
};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use salus_gs1::{Date, Gln, LotNo, Serial, Sscc, UdiDi};
use salus_primitives::{
	BatchIx, Digest, IdentityId, LotIx, Moment, ProductClass, ProductFlags, RecallId, ShipmentId,
	UnitRef, UnitState, VerdictClass, VerdictCode,
};
use scale_info::TypeInfo;

/// How many scans one question asks about.
pub const MAX_SCANS: u32 = 256;

/// What stands against handing a unit over, the worst first. One definition, used by the calls and
/// by the queries.
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Obstacle {
	/// Shown to be a forgery.
	Illegitimate,
	/// Stolen.
	Stolen,
	/// Destroyed.
	Destroyed,
	/// Recalled here.
	Recalled(RecallId),
	/// The product was withdrawn everywhere.
	Withdrawn,
	/// Locked by an authority.
	Locked,
	/// Put aside: itself, its parcel, a container around it or its lot.
	Quarantined,
	/// Handed over.
	Dispensed,
	/// Left this market: exported, or a sample.
	Decommissioned(UnitState),
	/// Missing.
	Missing,
	/// Came back, and is not for sale.
	Returned,
	/// A device in use.
	InUse,
	/// A device taken out of use.
	Retired,
	/// Past its expiry.
	Expired,
	/// The lot was not released.
	NotReleased,
	/// Not approved in the market asked about, or no longer.
	NotApproved,
	/// On its way between two partners.
	InTransit(ShipmentId),
	/// A part of it was handed over.
	PartiallyDispensed,
}

/// The effective status of a unit: the worst that stands against it, or nothing.
pub type Effective = Option<Obstacle>;

/// What a scanner read. What the label does not say is none.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ScannedPack {
	/// The product.
	pub product: UdiDi,
	/// The serial.
	pub serial: Option<Serial>,
	/// The lot.
	pub lot: Option<LotNo>,
	/// The expiry. Day 00 and the last day of the month are one.
	pub expiry: Option<Date>,
	/// The market that it is to be handed over in; none to leave approvals out.
	pub market: Option<Market>,
	/// Who asks, to be told apart from other holders.
	pub asker: Option<IdentityId>,
	/// The location of who asks, to tell a second scan from a copy.
	pub location: Option<Gln>,
}

/// The proof that a maker's service gives for a serial.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ScanProof {
	/// Which unit.
	pub unit: UnitRef,
	/// The first index of its parcel, when it is known.
	pub parcel_start: Option<u32>,
	/// The serial as the maker wrote it.
	pub serial: Serial,
	/// The salt of the leaf.
	pub salt: [u8; 16],
	/// The hashes from the leaf to the root.
	pub path: Vec<Digest>,
}

/// The answer to a scan.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
	/// What kind of answer it is.
	pub class: VerdictClass,
	/// What exactly.
	pub code: VerdictCode,
	/// The state of the unit itself, when it is known.
	pub state: Option<UnitState>,
	/// All that stands against handing it over: the worst.
	pub effective: Effective,
	/// The recall that reaches it.
	pub recall: Option<RecallId>,
	/// Its lot, when it is known.
	pub lot: Option<LotIx>,
	/// Its expiry, when the lot is known.
	pub expiry: Option<Date>,
	/// The unit, when the serial is proved.
	pub unit: Option<UnitRef>,
	/// The first index of its parcel, when that was found. None means that nobody looked at what lies
	/// on parcel and containers: ask with the index that `locate` gives.
	pub parcel_start: Option<u32>,
}

/// Why a question about a list cannot be answered.
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum QueryError {
	/// A page of nothing, or more than the page size or the number of scans allowed.
	BadLimit {
		/// The most that can be asked for.
		max: u32,
	},
	/// There is no such thing.
	Unknown,
	/// No parcel that begins there has the unit: ask `locate` where its parcel begins.
	WrongParcel,
	/// The batch is in too many parcels to look through: name where the unit's begins.
	ParcelNotFound,
}

/// Some of a list, and where the next page begins.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Page<Item, Cursor> {
	/// What is on it.
	pub items: Vec<Item>,
	/// What to ask with for the next; none at the end.
	pub next: Option<Cursor>,
}

/// A product as it is shown.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ProductView {
	/// Its number: the one on the smallest saleable unit.
	pub product: UdiDi,
	/// How many units the number that was asked about stands for: 1, or more on a grouping.
	pub units: u32,
	/// Who answers for it.
	pub holder: IdentityId,
	/// What it is.
	pub class: ProductClass,
	/// What is special about it.
	pub flags: ProductFlags,
	/// The hash of its master data.
	pub master: Digest,
	/// How often that was changed.
	pub version: u32,
	/// How it stands.
	pub status: ProductStatus,
	/// How it stands in the market asked about.
	pub approval: Option<Approval>,
	/// Whether it may be handed over there now, lots and units aside.
	pub sellable: bool,
	/// Its live recalls.
	pub recalls: Vec<RecallId>,
}

/// Where a unit is, with everything it is in.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Location {
	/// The first index of its parcel.
	pub parcel_start: u32,
	/// The parcel.
	pub parcel: Parcel,
	/// The containers it is in, the innermost first.
	pub containers: Vec<Sscc>,
	/// Who holds it; none on the way.
	pub holder: Option<IdentityId>,
	/// The shipment it is on.
	pub shipment: Option<ShipmentId>,
	/// Whether it, its parcel or one of the containers is put aside.
	pub held: bool,
}

/// What a lot consists of.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct LotSummary {
	/// Its number on the chain.
	pub lot: LotIx,
	/// Of which product.
	pub product: UdiDi,
	/// Its number on the label.
	pub number: LotNo,
	/// Until when it may be used.
	pub expiry: Date,
	/// Whether it was released.
	pub released: bool,
	/// Whether nothing is commissioned into it any more.
	pub closed: bool,
	/// How many units it is to have at most.
	pub planned: u64,
	/// How many of its units are in each state.
	pub counters: Counters,
	/// Its live recalls; those of its product and batches aside.
	pub recalls: LiveRecalls,
	/// Which authorities hold it, and where.
	pub holds: Vec<LotHold>,
}

/// A batch as it is shown.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct BatchView {
	/// Its number.
	pub batch: BatchIx,
	/// The root of its leaves.
	pub root: Digest,
	/// How many units it has.
	pub count: u32,
	/// Who commissioned them.
	pub issuer: IdentityId,
	/// The hash of the leaf file.
	pub leaf_file: Digest,
	/// When they were commissioned.
	pub at: Moment,
	/// Its live recalls; those of its lot and product aside.
	pub recalls: LiveRecalls,
}

/// A shipment as it is shown.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct ShipmentView {
	/// Its number.
	pub shipment: ShipmentId,
	/// Who sent it.
	pub from: IdentityId,
	/// Who is to receive it.
	pub to: IdentityId,
	/// To which place of the receiver.
	pub ship_to: Option<Gln>,
	/// When, as the sender says.
	pub at: Moment,
	/// What is still on its way.
	pub items: Vec<ItemRef>,
	/// How many items the receiver took.
	pub accepted: u32,
	/// Whether it is overdue.
	pub overdue: bool,
}

/// What a partner holds itself.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Holding {
	/// What.
	pub item: ItemRef,
	/// How many units, of a parcel.
	pub units: Option<u32>,
	/// How many items directly in it, of a container.
	pub items: Option<u32>,
	/// Whether it is put aside.
	pub held: bool,
}

/// What a partner said about a recall.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct PartnerReport {
	/// Who.
	pub partner: IdentityId,
	/// What.
	pub report: PartnerProgress,
}

/// An item of a container with what is in it.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct TreeItem {
	/// In which container.
	pub parent: Sscc,
	/// How deep below the one asked about, from 1.
	pub depth: u8,
	/// What.
	pub item: ItemRef,
	/// How many units, of a parcel.
	pub units: Option<u32>,
}

/// Where a listing of a container goes on: the items from the one asked about down to the last one
/// that was given.
pub type TreeCursor = Vec<ItemRef>;

/// A step of the way of a batch, a container or a unit, as far as the chain keeps it. Older steps are
/// in the events.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub enum Hop {
	/// Made and commissioned.
	Commissioned {
		/// In which batch.
		batch: BatchIx,
		/// By whom.
		by: IdentityId,
		/// When.
		at: Moment,
	},
	/// A parcel as it is now.
	Parcel {
		/// Which.
		parcel: ParcelRef,
		/// How many units.
		units: u32,
		/// The containers around it, the innermost first.
		containers: Vec<Sscc>,
		/// Who holds it; none on the way.
		holder: Option<IdentityId>,
		/// The shipment it is on.
		shipment: Option<ShipmentId>,
	},
	/// A container as it is now.
	Container {
		/// Which.
		sscc: Sscc,
		/// How many items directly in it.
		items: u32,
		/// The containers around it, the innermost first.
		containers: Vec<Sscc>,
		/// Who holds it; none on the way.
		holder: Option<IdentityId>,
		/// The shipment it is on.
		shipment: Option<ShipmentId>,
	},
	/// On its way.
	Shipped {
		/// With which shipment.
		shipment: ShipmentId,
		/// From whom.
		from: IdentityId,
		/// To whom.
		to: IdentityId,
		/// When, as the sender says.
		at: Moment,
		/// Whether it is overdue.
		overdue: bool,
	},
	/// The unit is no longer for sale.
	Left {
		/// Into which state.
		state: UnitState,
		/// When, while that can be undone.
		at: Option<Moment>,
	},
}

/// What a trace follows.
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum TraceTarget {
	/// A unit, with the first index of its parcel.
	Unit(UnitRef, u32),
	/// Every parcel of a batch.
	Batch(BatchIx),
	/// A container.
	Container(Sscc),
}

/// Where a trace goes on.
#[derive(Encode, Decode, TypeInfo, Clone, Copy, PartialEq, Eq, Debug)]
pub enum TraceCursor {
	/// Behind as many steps.
	Steps(u32),
	/// Behind the parcel that begins there, of a batch.
	Parcel(u32),
}
