// SPDX-License-Identifier: Apache-2.0

//! What the pallet keeps, takes and answers, with the rules that need no storage.

mod custody;
mod lot;
mod product;
mod recall;
mod shipment;
mod unit;
mod views;

pub use custody::*;
pub use lot::*;
pub use product::*;
pub use recall::*;
pub use shipment::*;
pub use unit::*;
pub use views::*;

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use salus_primitives::{Digest, Moment};
use scale_info::TypeInfo;

/// Who paid the rent of a row, and the ticket for it.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Deposit<AccountId, Ticket> {
	/// Whose funds are held.
	pub depositor: AccountId,
	/// What gives them back.
	pub ticket: Ticket,
}

/// When something happened as its party says, and the EPCIS event that tells it.
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
	Default,
	Debug,
)]
pub struct Told {
	/// The time of the event, in milliseconds since the Unix epoch: at most 30 days before the
	/// block's and five minutes after. None for the block's own.
	pub at: Option<Moment>,
	/// The hash of the EPCIS event, as the party's exporter computes it.
	pub epcis: Option<Digest>,
}

/// How much earlier than its block an event may be, in milliseconds: 30 days.
pub const MAX_LATENESS: Moment = 30 * salus_primitives::DAY;
/// How much later, in milliseconds: five minutes.
pub const MAX_EARLINESS: Moment = 5 * 60 * 1_000;
/// How long a step can be undone, in milliseconds: ten days (Delegated Regulation (EU) 2016/161,
/// Article 13(1)(c)).
pub const UNDO_WINDOW: Moment = 10 * salus_primitives::DAY;
/// How long the number of an emptied container rests, in milliseconds: a year (GS1 General
/// Specifications, section 4.3).
pub const SSCC_REST: Moment = 365 * salus_primitives::DAY;
/// How many rows of a kind one call reaps.
pub const MAX_REAPED: u32 = 64;
