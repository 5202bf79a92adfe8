// SPDX-License-Identifier: Apache-2.0

//! Single units: how they are proved, where they stand, and what is kept of them.

use crate::Hold;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_gs1::{Gln, Serial};
use salus_primitives::{Digest, IdentityId, LeafSalt, Moment, ShipmentId, UnitRef, UnitState};
use salus_traits::prescriptions::RxClaim;
use scale_info::TypeInfo;

/// The most hashes of a proof: a batch has 2^24 leaves at most.
pub const MAX_PROOF: u32 = 24;
/// How many units one call dispenses, returns, decommissions or destroys.
pub const MAX_UNITS: u32 = 32;
/// How many units one call touches.
pub const MAX_TOUCHED: u32 = 64;
/// How many units a page holds.
pub const PAGE_UNITS: u32 = 256;

/// The states of 256 units of a batch, two to a byte: the even index in the lower four bits.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct UnitPage(pub [u8; 128]);

impl Default for UnitPage {
	/// Every unit active.
	fn default() -> Self {
		Self([0; 128])
	}
}

impl UnitPage {
	/// Which page a unit is on.
	pub fn of(index: u32) -> u32 {
		index / PAGE_UNITS
	}

	fn place(index: u32) -> (usize, u32) {
		let within = index % PAGE_UNITS;
		((within / 2) as usize, (within % 2) * 4)
	}

	/// The state of a unit of this page.
	pub fn state(&self, index: u32) -> UnitState {
		let (byte, shift) = Self::place(index);
		UnitState::from_nibble(self.0.get(byte).copied().unwrap_or_default() >> shift)
	}

	/// Sets it.
	pub fn set(&mut self, index: u32, state: UnitState) {
		let (byte, shift) = Self::place(index);
		if let Some(byte) = self.0.get_mut(byte) {
			*byte = (*byte & !(0x0f << shift)) | (state.nibble() << shift);
		}
	}
}

/// A unit with the proof that it is what it says: its serial, its salt, its way to the root.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct UnitProof {
	/// Which unit.
	pub unit: UnitRef,
	/// The first index of the parcel it is in. A hint: a wrong one is refused.
	pub parcel_start: u32,
	/// Its serial.
	pub serial: Serial,
	/// Its salt.
	pub salt: LeafSalt,
	/// The hashes from its leaf to the root.
	pub path: BoundedVec<Digest, ConstU32<MAX_PROOF>>,
}

/// A unit of a parcel, where no serial is asked for.
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
pub struct HeldUnit {
	/// Which unit.
	pub unit: UnitRef,
	/// The first index of the parcel it is in.
	pub parcel_start: u32,
}

/// Which prescription a dispensing fills.
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
pub enum RxLink {
	/// None: sold without one, or used in the house.
	#[codec(index = 0)]
	None,
	/// A line of a prescription on this chain, named openly.
	#[codec(index = 1)]
	Open {
		/// Which prescription.
		prescription: Digest,
		/// Which of its lines.
		line: u8,
	},
	/// Two commitments under one secret: who does not know it cannot join the two sides.
	#[codec(index = 2)]
	Sealed {
		/// To the units.
		units: Digest,
		/// To the prescription.
		prescription: Digest,
	},
}

impl RxLink {
	/// What the prescriptions domain is asked; nothing where none is named.
	pub fn claim(&self) -> Option<RxClaim> {
		match *self {
			Self::None => None,
			Self::Open { prescription, line } => Some(RxClaim::Open { prescription, line }),
			Self::Sealed { units, prescription } => Some(RxClaim::Sealed { units, prescription }),
		}
	}
}

/// Who left a unit in its state, kept while that can be undone.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Leaving {
	/// When.
	pub at: Moment,
	/// Which partner did it.
	pub by: IdentityId,
	/// The BLAKE2b-128 hash of the account that did it.
	pub account: [u8; 16],
	/// Where.
	pub site: Site,
	/// The commitment to the dispensing; none of what was decommissioned.
	pub commitment: Option<Digest>,
	/// Whether only a part of the unit left then: what was opened is never whole again.
	pub part: bool,
}

impl Leaving {
	/// Whether it can still be undone at `now`.
	pub fn is_open_at(&self, now: Moment) -> bool {
		now.saturating_sub(self.at) < crate::UNDO_WINDOW
	}

	/// Whether `partner` did it at `location`: a second scan there is no sign of a copy.
	pub fn is_of(&self, partner: &IdentityId, location: &Gln) -> bool {
		self.by == *partner && self.site.location == *location
	}
}

/// What is kept of a unit that was put aside: by whom, and where it stood before.
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
pub struct UnitHold {
	/// Who put it aside, and why.
	pub hold: Hold,
	/// The state it returns to.
	pub before: UnitState,
	/// What was put aside before and comes to light again when an authority lets it go: a weaker
	/// hold under its lock.
	pub beneath: Option<Hold>,
}

/// How a device goes on after it was received.
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
pub enum DeviceLife {
	/// In use at a facility.
	#[codec(index = 0)]
	InUse {
		/// Where.
		at: IdentityId,
		/// Since when.
		since: Moment,
	},
	/// Taken out of use.
	#[codec(index = 1)]
	Retired {
		/// By whom.
		by: IdentityId,
		/// When.
		at: Moment,
	},
}

/// What a quarantine is put on.
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
pub enum HoldTarget {
	/// One unit.
	#[codec(index = 0)]
	Unit(HeldUnit),
	/// A parcel.
	#[codec(index = 1)]
	Parcel(crate::ParcelRef),
	/// A container.
	#[codec(index = 2)]
	Container(salus_gs1::Sscc),
	/// A lot in a market, by the authority there.
	#[codec(index = 3)]
	Lot {
		/// Which lot.
		lot: salus_primitives::LotIx,
		/// Where.
		market: salus_primitives::Jurisdiction,
	},
}

/// Where something happens: the market, and the location in it.
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
pub struct Site {
	/// The country.
	pub market: salus_primitives::Jurisdiction,
	/// The location.
	pub location: Gln,
}

/// What is known of a unit.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct UnitStatus {
	/// Its own state.
	pub state: UnitState,
	/// Who put it aside, when it is.
	pub hold: Option<UnitHold>,
	/// How it goes on, of a device.
	pub device: Option<DeviceLife>,
	/// Its effective status, all that it belongs to heeded.
	pub effective: crate::Effective,
	/// Who holds it; none on the way, or without the right parcel.
	pub holder: Option<IdentityId>,
	/// The shipment it is on.
	pub shipment: Option<ShipmentId>,
}

/// A unit that is handed over.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Dispensing {
	/// The unit, with its proof.
	pub proof: UnitProof,
	/// BLAKE2b-256 of [`salus_primitives::dispense_commitment`].
	pub commitment: Digest,
}

/// A unit that comes back.
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
pub struct ReturnedUnit {
	/// The unit.
	pub unit: HeldUnit,
	/// The secret of the commitment it was handed over with, where another dispensed it.
	pub opening: Option<Digest>,
}

/// Who watched a destruction, and signed [`destroy_statement`].
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Witness<AccountId, Signature> {
	/// The account that signed.
	pub account: AccountId,
	/// Until when the signature can be used (exclusive).
	pub until: Moment,
	/// The signature.
	pub signature: Signature,
}

/// What the statement of a witness begins with.
pub const DESTROY_TAG: &[u8; 13] = b"salus/destroy";

/// What a witness signs: the tag, the hash of block 0, who destroys, which units, the certificate,
/// until when.
pub fn destroy_statement(
	genesis: [u8; 32],
	holder: &IdentityId,
	units: &[HeldUnit],
	certificate: &Digest,
	until: Moment,
) -> alloc::vec::Vec<u8> {
	(DESTROY_TAG, genesis, holder, units, certificate, until).encode()
}
