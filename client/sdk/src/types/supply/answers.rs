// SPDX-License-Identifier: Apache-2.0

//! What the chain keeps of goods, and what it answers about them.

use super::*;
use salus_gs1::{Date, LotNo};
use salus_primitives::*;

data! {
	/// Something its holder, or an authority, put aside.
	#[derive(Copy)]
	pub struct Hold {
		/// Who.
		pub by: IdentityId,
		/// Whether as an authority: then nobody else lets it go.
		pub authority: bool,
		/// Why.
		pub reason: QuarantineReason,
	}

	/// Where a parcel or a container is.
	#[derive(Copy)]
	pub enum Place {
		/// With a partner.
		Held(IdentityId),
		/// In a container.
		Inside(Sscc),
		/// On its way, in a shipment.
		InTransit(ShipmentId),
	}

	/// A stretch of a batch with one holder.
	#[derive(Copy)]
	pub struct Parcel {
		/// How many units.
		pub len: u32,
		/// Where they are.
		pub place: Place,
		/// Whether they are put aside.
		pub hold: Option<Hold>,
		/// How far its holder looked into it when it came.
		pub completeness: Completeness,
	}

	/// Where a unit is, with everything it is in.
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

	/// What is kept of a unit that was put aside.
	#[derive(Copy)]
	pub struct UnitHold {
		/// Who put it aside, and why.
		pub hold: Hold,
		/// The state it returns to.
		pub before: UnitState,
		/// What was put aside before and comes to light again when an authority lets it go.
		pub beneath: Option<Hold>,
	}

	/// How a device goes on after it was received.
	#[derive(Copy)]
	pub enum DeviceLife {
		/// In use at a facility.
		InUse {
			/// Where.
			at: IdentityId,
			/// Since when.
			since: Moment,
		},
		/// Taken out of use.
		Retired {
			/// By whom.
			by: IdentityId,
			/// When.
			at: Moment,
		},
	}

	/// What stands against handing a unit over, the worst first.
	#[derive(Copy)]
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

	/// What is known of a unit.
	pub struct UnitStatus {
		/// Its own state.
		pub state: UnitState,
		/// Who put it aside, when it is.
		pub hold: Option<UnitHold>,
		/// How it goes on, of a device.
		pub device: Option<DeviceLife>,
		/// The worst of all that stands against handing it over.
		pub effective: Option<Obstacle>,
		/// Who holds it; none on the way, or when no parcel was named.
		pub holder: Option<IdentityId>,
		/// The shipment it is on.
		pub shipment: Option<ShipmentId>,
	}

	/// What a scanner read. What the label does not say is none.
	pub struct ScannedPack {
		/// The product.
		pub product: UdiDi,
		/// The serial.
		pub serial: Option<Serial>,
		/// The lot.
		pub lot: Option<LotNo>,
		/// The expiry.
		pub expiry: Option<Date>,
		/// The market that it is to be handed over in; none to leave approvals out.
		pub market: Option<Jurisdiction>,
		/// Who asks, to be told apart from other holders.
		pub asker: Option<IdentityId>,
		/// The location of who asks, to tell a second scan from a copy.
		pub location: Option<Gln>,
	}

	/// The proof that a maker gives for a serial.
	pub struct ScanProof {
		/// Which unit.
		pub unit: UnitRef,
		/// The first index of its parcel, when it is known.
		pub parcel_start: Option<u32>,
		/// The serial as the maker wrote it.
		pub serial: Serial,
		/// The salt of the leaf.
		pub salt: LeafSalt,
		/// The hashes from the leaf to the root.
		pub path: Vec<Digest>,
	}

	/// The answer to a scan.
	#[derive(Copy)]
	pub struct Verdict {
		/// What kind of answer it is.
		pub class: VerdictClass,
		/// What exactly.
		pub code: VerdictCode,
		/// The state of the unit itself, when it is known.
		pub state: Option<UnitState>,
		/// The worst of all that stands against handing it over.
		pub effective: Option<Obstacle>,
		/// The recall that reaches it.
		pub recall: Option<RecallId>,
		/// Its lot, when it is known.
		pub lot: Option<LotIx>,
		/// Its expiry, when the lot is known.
		pub expiry: Option<Date>,
		/// The unit, when the serial is proved.
		pub unit: Option<UnitRef>,
		/// The first index of its parcel, when that was found.
		pub parcel_start: Option<u32>,
	}

	/// Why a question about goods cannot be answered.
	#[derive(Copy)]
	pub enum QueryError {
		/// A page of nothing, or more than the page size or the number of scans allowed.
		BadLimit {
			/// The most that can be asked for.
			max: u32,
		},
		/// There is no such thing.
		Unknown,
		/// No parcel that begins there has the unit.
		WrongParcel,
		/// The batch is in too many parcels to look through.
		ParcelNotFound,
	}

	/// A shipment as it is shown.
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
	#[derive(Copy)]
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

	/// An item of a container.
	#[derive(Copy)]
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

	/// A step of the way of a batch, a container or a unit, as far as the chain keeps it.
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
	#[derive(Copy)]
	pub enum TraceTarget {
		/// A unit, with the first index of its parcel.
		Unit(UnitRef, u32),
		/// Every parcel of a batch.
		Batch(BatchIx),
		/// A container.
		Container(Sscc),
	}

	/// Where a trace goes on.
	#[derive(Copy)]
	pub enum TraceCursor {
		/// Behind as many steps.
		Steps(u32),
		/// Behind the parcel that begins there, of a batch.
		Parcel(u32),
	}
}
