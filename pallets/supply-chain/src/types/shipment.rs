// SPDX-License-Identifier: Apache-2.0

//! What is on its way between two partners.

use crate::Deposit;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_gs1::Gln;
use salus_primitives::{Digest, IdentityId, Moment};
use scale_info::TypeInfo;

/// How many items a shipment has at most.
pub const MAX_SHIPPED: u32 = 64;
/// How long after its dispatch a shipment counts as overdue, in milliseconds: thirty days. Nothing
/// happens then by itself.
pub const OVERDUE_AFTER: Moment = 30 * salus_primitives::DAY;

/// A shipment, while something of it is on its way.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Shipment<AccountId, Ticket> {
	/// Who sent it.
	pub from: IdentityId,
	/// Who is to receive it.
	pub to: IdentityId,
	/// To which place of the receiver.
	pub ship_to: Option<Gln>,
	/// When, as the sender says.
	pub at: Moment,
	/// The hash of the transaction information (DSCSA, section 581(26)).
	pub transaction: Digest,
	/// How many items are still on their way.
	pub open: u32,
	/// How many the receiver took.
	pub accepted: u32,
	/// The deposit for its rows.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> Shipment<AccountId, Ticket> {
	/// Whether it has been on its way for thirty days at `now`.
	pub fn is_overdue_at(&self, now: Moment) -> bool {
		self.at.saturating_add(OVERDUE_AFTER) <= now
	}
}

/// Why a receiver sends everything back.
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
pub enum RejectReason {
	/// Not ordered.
	#[codec(index = 0)]
	NotOrdered,
	/// Damaged, or the seal is broken.
	#[codec(index = 1)]
	Damaged,
	/// What came is not what the papers say.
	#[codec(index = 2)]
	Mismatch,
	/// It was stored otherwise than its label asks for.
	#[codec(index = 3)]
	Storage,
	/// Suspected to be no genuine product.
	#[codec(index = 4)]
	Suspect,
}

/// What a sender says about a new shipment.
#[derive(Clone, Copy)]
pub(crate) struct NewShipment {
	pub(crate) to: IdentityId,
	pub(crate) ship_to: Option<Gln>,
	pub(crate) transaction: Digest,
	pub(crate) affirmed: bool,
}

/// What a receiver says about what came.
#[derive(Clone)]
pub(crate) struct Arrival {
	pub(crate) accepted: crate::ShippedItems,
	pub(crate) last: bool,
	pub(crate) over: u32,
	pub(crate) completeness: salus_primitives::Completeness,
}
