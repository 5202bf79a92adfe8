// SPDX-License-Identifier: Apache-2.0

//! Who has what: parcels, and containers of parcels and containers.

use crate::{Deposit, SSCC_REST};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_gs1::Sscc;
use salus_primitives::{
	BatchIx, Completeness, Digest, IdentityId, Moment, QuarantineReason, ShipmentId,
};
use scale_info::TypeInfo;

/// How deep containers stand in each other: a pack in a carton in a case on a pallet in a vehicle
/// leaves one to spare.
pub const MAX_DEPTH: u8 = 6;
/// How many items one call packs or unpacks.
pub const MAX_ITEMS: u32 = 256;

/// Where a parcel or a container is.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub enum Place {
	/// With a partner.
	#[codec(index = 0)]
	Held(IdentityId),
	/// In a container, whose place is its place.
	#[codec(index = 1)]
	Inside(Sscc),
	/// On its way, in a shipment.
	#[codec(index = 2)]
	InTransit(ShipmentId),
}

/// Something its holder, or an authority, put aside.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct Hold {
	/// Who.
	pub by: IdentityId,
	/// Whether as an authority: then nobody else lets it go.
	pub authority: bool,
	/// Why.
	pub reason: QuarantineReason,
}

/// A stretch of a batch in the order of packing, with one holder. By batch and first index.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	Debug,
)]
pub struct Parcel {
	/// How many units; at least one.
	pub len: u32,
	/// Where they are.
	pub place: Place,
	/// Whether they are put aside.
	pub hold: Option<Hold>,
	/// How far its holder looked into it when it came.
	pub completeness: Completeness,
}

impl Parcel {
	/// Whether a unit is of a parcel that begins at `start`.
	pub fn holds(&self, start: u32, index: u32) -> bool {
		start <= index && index < start.saturating_add(self.len)
	}

	/// Whether one of its units, which begin at `start`, is in a stretch: first index and length, or
	/// all of the batch.
	pub fn meets(&self, start: u32, stretch: Option<(u32, u32)>) -> bool {
		stretch.is_none_or(|(first, len)| {
			start < first.saturating_add(len) && first < start.saturating_add(self.len)
		})
	}
}

/// A parcel, by batch and first index.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub struct ParcelRef {
	/// Of which batch.
	pub batch: BatchIx,
	/// Its first index.
	pub start: u32,
}

/// What can be in a container or a shipment.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	Copy,
	PartialEq,
	Eq,
	PartialOrd,
	Ord,
	Debug,
)]
pub enum ItemRef {
	/// A whole parcel.
	#[codec(index = 0)]
	Parcel(ParcelRef),
	/// A container with all that is in it.
	#[codec(index = 1)]
	Container(Sscc),
}

/// A logistic unit: a case, a pallet, a vehicle.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Container<AccountId, Ticket> {
	/// Who gave it its number.
	pub issuer: IdentityId,
	/// Where it is; of one that is over, who had it last: it is listed nowhere.
	pub place: Place,
	/// How many items are in it, each counted once.
	pub items: u32,
	/// How many storeys of containers have stood in it at most, itself included: 1 to 6. Never
	/// falls.
	pub height: u8,
	/// The hash of the seal; none while it is open.
	pub seal: Option<Digest>,
	/// Whether it is put aside.
	pub hold: Option<Hold>,
	/// How far its holder looked into it when it came.
	pub completeness: Completeness,
	/// When its last item was taken out: then it is over.
	pub emptied: Option<Moment>,
	/// The deposit for its row.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> Container<AccountId, Ticket> {
	/// Whether it is over, and its number has rested for a year at `now`.
	pub fn has_rested_at(&self, now: Moment) -> bool {
		self.emptied.is_some_and(|at| at.saturating_add(SSCC_REST) <= now)
	}
}
