// SPDX-License-Identifier: Apache-2.0

//! Drugs and devices on their way from the maker to the patient: states, codes, and the leaf that
//! stands for one pack.

use crate::{Digest, ids::counter};
use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use salus_gs1::{Serial, UdiDi};
use scale_info::TypeInfo;

use crate::{
	UnknownCode,
	codes::{code, code_set},
};

counter! {
	/// The number of a lot of a product. Never reused.
	LotIx
}
counter! {
	/// The number of a batch of commissioned units. Never reused.
	BatchIx
}
counter! {
	/// The number of a shipment. Never reused.
	ShipmentId
}
counter! {
	/// The number of a recall. Never reused.
	RecallId
}

/// One pack or device: its place in the packing order of a batch.
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
	Hash,
	Default,
	Debug,
)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UnitRef {
	/// The batch it was commissioned in.
	pub batch: BatchIx,
	/// Its index in the order of packing, from 0.
	pub index: u32,
}

impl fmt::Display for UnitRef {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		write!(f, "{}/{}", self.batch, self.index)
	}
}

/// The salt of one leaf. It is derived from a master salt that never leaves the maker, so that the
/// salt of one pack tells nothing about another's.
pub type LeafSalt = [u8; 16];

/// What every leaf of a batch of units begins with.
pub const UNIT_LEAF_TAG: &[u8; 3] = b"SC1";

/// The data of the leaf that stands for one unit: `"SC1"`, the SCALE encodings of product and
/// serial, the salt. The leaf is `SHA-256(0x00 ‖ data)` (RFC 9162, section 2.1.1).
///
/// Lot and expiry are not in it: they are the batch's, so that a wrong one on a label is told apart
/// from a forged serial.
pub fn unit_leaf(product: &UdiDi, serial: &Serial, salt: &LeafSalt) -> Vec<u8> {
	(UNIT_LEAF_TAG, product, serial, salt).encode()
}

/// What a commitment to a dispensing begins with.
pub const DISPENSE_TAG: &[u8; 14] = b"salus/dispense";

/// The data whose BLAKE2b-256 is the commitment to a dispensing: who knows the secret can show
/// later that this unit was handed over to it, and nobody else can tell.
pub fn dispense_commitment(unit: UnitRef, secret: &Digest) -> Vec<u8> {
	(DISPENSE_TAG, unit, secret).encode()
}

code! {
	/// Where a unit stands: four bits, so that 256 units take 128 bytes (CBV 2.0 dispositions, and
	/// the pack states of Delegated Regulation (EU) 2016/161, Article 40). That it is expired,
	/// recalled or withdrawn is never kept per unit.
	UnitState, "state of a unit", {
		/// On its way, and may be handed over.
		Active = 0, "active";
		/// Handed over to the public.
		Dispensed = 1, "dispensed";
		/// A part of it was.
		PartiallyDispensed = 2, "partially-dispensed";
		/// Destroyed.
		Destroyed = 3, "destroyed";
		/// Left the market for another.
		Exported = 4, "exported";
		/// Taken as a sample by an authority.
		Sample = 5, "sample";
		/// Given away as a free sample.
		FreeSample = 6, "free-sample";
		/// Stolen.
		Stolen = 7, "stolen";
		/// Put aside by its holder.
		Quarantined = 8, "quarantined";
		/// Came back, and is not for sale.
		Returned = 9, "returned";
		/// In a patient. Kept for implants.
		Implanted = 10, "implanted";
		/// Taken out of a patient. Kept for implants.
		Explanted = 11, "explanted";
		/// Nobody knows where it is.
		Missing = 12, "missing";
		/// Locked by an authority.
		Locked = 13, "locked";
		/// Shown to be a forgery.
		Illegitimate = 14, "illegitimate";
		/// A device in use or retired: a row of its own says which.
		Device = 15, "device";
	}
}

impl UnitState {
	/// The state with these four bits; the upper four are not looked at.
	pub const fn from_nibble(nibble: u8) -> Self {
		match nibble & 0x0f {
			0 => Self::Active,
			1 => Self::Dispensed,
			2 => Self::PartiallyDispensed,
			3 => Self::Destroyed,
			4 => Self::Exported,
			5 => Self::Sample,
			6 => Self::FreeSample,
			7 => Self::Stolen,
			8 => Self::Quarantined,
			9 => Self::Returned,
			10 => Self::Implanted,
			11 => Self::Explanted,
			12 => Self::Missing,
			13 => Self::Locked,
			14 => Self::Illegitimate,
			_ => Self::Device,
		}
	}

	/// Its four bits.
	pub const fn nibble(self) -> u8 {
		self as u8
	}

	/// Whether a unit may go from one state to another at all, by whichever call.
	pub fn may_become(self, to: Self) -> bool {
		let followers = TRANSITIONS.get(usize::from(self.nibble())).copied().unwrap_or_default();
		UnitStates(followers).contains(to)
	}
}

/// Which state may follow which: a row per state, a bit per follower. Reading along a row:
///
/// | from | to |
/// |---|---|
/// | active | dispensed, partially dispensed, destroyed, exported, both samples, stolen, quarantined, returned, missing, locked, illegitimate, device |
/// | dispensed | active (undone), destroyed, quarantined, returned, locked, illegitimate |
/// | partially dispensed | dispensed, destroyed, quarantined, returned, missing, stolen, locked, illegitimate |
/// | destroyed, illegitimate | nothing, but a destroyed forgery is illegitimate, and a forgery can be destroyed |
/// | exported, samples | active (undone), illegitimate |
/// | stolen | destroyed, illegitimate: never back |
/// | quarantined | whatever it was before: active, both dispensed, returned; destroyed, stolen, missing, locked, illegitimate, device |
/// | returned | active (released for sale), destroyed, quarantined, stolen, missing, locked, illegitimate |
/// | implanted, explanted | kept for implants: nothing enters or leaves them yet |
/// | missing | active (found), destroyed, stolen, quarantined, locked, illegitimate |
/// | locked | whatever it was before, destroyed, illegitimate |
/// | device | destroyed, quarantined, stolen, missing, locked, illegitimate |
const TRANSITIONS: [u16; 16] = {
	use UnitState::*;
	const fn row(states: &[UnitState]) -> u16 {
		UnitStates::of(states).0
	}
	[
		row(&[
			Dispensed,
			PartiallyDispensed,
			Destroyed,
			Exported,
			Sample,
			FreeSample,
			Stolen,
			Quarantined,
			Returned,
			Missing,
			Locked,
			Illegitimate,
			Device,
		]),
		row(&[Active, Destroyed, Quarantined, Returned, Locked, Illegitimate]),
		row(&[Dispensed, Destroyed, Quarantined, Returned, Missing, Stolen, Locked, Illegitimate]),
		row(&[Illegitimate]),
		row(&[Active, Illegitimate]),
		row(&[Active, Illegitimate]),
		row(&[Active, Illegitimate]),
		row(&[Destroyed, Illegitimate]),
		row(&[
			Active,
			PartiallyDispensed,
			Returned,
			Dispensed,
			Destroyed,
			Stolen,
			Missing,
			Locked,
			Illegitimate,
			Device,
		]),
		row(&[Active, Destroyed, Quarantined, Stolen, Missing, Locked, Illegitimate]),
		row(&[]),
		row(&[]),
		row(&[Active, Destroyed, Stolen, Quarantined, Locked, Illegitimate]),
		row(&[
			Active,
			Dispensed,
			PartiallyDispensed,
			Destroyed,
			Quarantined,
			Returned,
			Missing,
			Illegitimate,
			Device,
		]),
		row(&[Destroyed]),
		row(&[Destroyed, Quarantined, Stolen, Missing, Locked, Illegitimate]),
	]
};

code_set! {
	/// A set of [`UnitState`]s.
	UnitStates(u16) of UnitState
}

code! {
	/// What a product is.
	ProductClass, "class of product", {
		/// A medicinal product.
		Drug = 0, "drug";
		/// A medical device.
		Device = 1, "device";
	}
}

code! {
	/// What is special about a product.
	ProductFlag, "product flag", {
		/// Handed over on prescription only.
		Prescription = 0, "prescription";
		/// A controlled substance.
		Controlled = 1, "controlled";
		/// Goes into a body.
		Implantable = 2, "implantable";
		/// Has to stay cold.
		ColdChain = 3, "cold-chain";
	}
}

code_set! {
	/// A set of [`ProductFlag`]s.
	ProductFlags(u8) of ProductFlag
}

code! {
	/// How a product's serials are kept from standing for two packs.
	Uniqueness, "way to keep serials unique", {
		/// Whoever sees two packs with one serial proves it; both are put aside.
		FraudProof = 0, "fraud-proof";
		/// Besides, the chain keeps the serial of every unit that was touched.
		FirstTouch = 1, "first-touch";
	}
}

code! {
	/// How a unit leaves the market without being dispensed.
	DecommissionReason, "reason to decommission", {
		/// To a market outside.
		Export = 0, "export";
		/// A sample for an authority.
		Sample = 1, "sample";
		/// A free sample.
		FreeSample = 2, "free-sample";
		/// Nobody finds it.
		Missing = 3, "missing";
		/// Stolen.
		Stolen = 4, "stolen";
		/// A device goes into use at the facility that holds it.
		InUse = 5, "in-use";
		/// A device in use is taken out of use for good.
		Retired = 6, "retired";
	}
}

code! {
	/// Why something is put aside.
	QuarantineReason, "reason to quarantine", {
		/// Suspected to be no genuine product.
		Suspect = 0, "suspect";
		/// Damaged, or the seal is broken.
		Damaged = 1, "damaged";
		/// Came back and waits for a decision.
		Returned = 2, "returned";
		/// A recall reached it.
		Recalled = 3, "recalled";
		/// Stored otherwise than its label asks for.
		Storage = 4, "storage";
		/// Its papers do not match it.
		Documents = 5, "documents";
		/// Two packs carry its serial.
		DuplicateSerial = 6, "duplicate-serial";
	}
}

code! {
	/// How far who receives something has looked into it (CBV 2.0, `completeness_inferred` and
	/// `completeness_verified`).
	Completeness, "completeness", {
		/// Not said.
		Unknown = 0, "unknown";
		/// Taken from the sender's packing data.
		Inferred = 1, "inferred";
		/// Every unit was scanned.
		Verified = 2, "verified";
	}
}

code! {
	/// How dangerous a recalled product is (21 CFR 7.3(m)).
	RecallClass, "class of recall", {
		/// Serious harm or death are likely.
		I = 0, "class-i";
		/// Temporary or reversible harm is possible.
		II = 1, "class-ii";
		/// Harm is not likely.
		III = 2, "class-iii";
	}
}

code! {
	/// How far down the chain a recall reaches (21 CFR 7.42(b)(1)).
	RecallDepth, "depth of recall", {
		/// To wholesalers.
		Wholesale = 0, "wholesale";
		/// To pharmacies and hospitals.
		Retail = 1, "retail";
		/// To who has it at home.
		Consumer = 2, "consumer";
	}
}

code! {
	/// What kind of answer a scan gets.
	VerdictClass, "class of verdict", {
		/// Genuine, and may be handed over.
		Ok = 0, "ok";
		/// The scan, the data or the order of things is at fault: no sign of a forgery.
		Technical = 1, "technical";
		/// Known, and must not be handed over.
		NotSaleable = 2, "not-saleable";
		/// May be a forgery: keep it, and report it.
		Suspect = 3, "suspect";
	}
}

code! {
	/// What exactly a scan found.
	VerdictCode, "code of a verdict", {
		/// Genuine, and may be handed over.
		Ok = 0, "ok";
		/// No such product.
		UnknownProduct = 1, "unknown-product";
		/// The product has no such lot.
		UnknownLot = 2, "unknown-lot";
		/// The proof does not lead to the batch: no unit of it has this serial.
		UnknownSerial = 3, "unknown-serial";
		/// The label names another lot than the unit's.
		LotMismatch = 4, "lot-mismatch";
		/// The label names another expiry than the lot's.
		ExpiryMismatch = 5, "expiry-mismatch";
		/// The scanner changed upper and lower case.
		CaseOnlyMismatch = 6, "case-only-mismatch";
		/// The scanner types for another keyboard.
		KeyboardMismatch = 7, "keyboard-mismatch";
		/// The scan cannot be read as a pack: a field is missing.
		BadFormat = 8, "bad-format";
		/// The maker has not said anything about this lot or serial yet.
		DataNotYetUploaded = 9, "data-not-yet-uploaded";
		/// Dispensed here before: scanned twice.
		AlreadyDispensedHere = 10, "already-dispensed-here";
		/// Dispensed by somebody else.
		AlreadyDispensedElsewhere = 11, "already-dispensed-elsewhere";
		/// On its way between two partners.
		InTransit = 12, "in-transit";
		/// Held by somebody else than who asks.
		OtherHolder = 13, "other-holder";
		/// Past its expiry.
		Expired = 14, "expired";
		/// Recalled.
		Recalled = 15, "recalled";
		/// The product was withdrawn from the market.
		Withdrawn = 16, "withdrawn";
		/// Put aside.
		Quarantined = 17, "quarantined";
		/// Stolen.
		Stolen = 18, "stolen";
		/// Destroyed.
		Destroyed = 19, "destroyed";
		/// Shown to be a forgery.
		Illegitimate = 20, "illegitimate";
		/// The lot was not released.
		NotReleased = 21, "not-released";
		/// Not approved in this market, or no longer.
		NotApproved = 22, "not-approved";
		/// A part of it was dispensed.
		PartiallyDispensed = 23, "partially-dispensed";
		/// Came back, and is not for sale.
		Returned = 24, "returned";
		/// Locked by an authority.
		Locked = 25, "locked";
		/// Missing at its holder.
		Missing = 26, "missing";
		/// Left this market: exported, or a sample.
		Decommissioned = 27, "decommissioned";
		/// A device that is in use.
		InUse = 28, "in-use";
		/// A device that was retired.
		Retired = 29, "retired";
	}
}

impl VerdictCode {
	/// What kind of answer it is.
	pub const fn class(self) -> VerdictClass {
		match self {
			Self::Ok => VerdictClass::Ok,
			Self::CaseOnlyMismatch
			| Self::KeyboardMismatch
			| Self::BadFormat
			| Self::DataNotYetUploaded
			| Self::AlreadyDispensedHere
			| Self::InTransit
			| Self::OtherHolder => VerdictClass::Technical,
			Self::UnknownProduct
			| Self::UnknownLot
			| Self::UnknownSerial
			| Self::LotMismatch
			| Self::ExpiryMismatch
			| Self::AlreadyDispensedElsewhere
			| Self::Stolen
			| Self::Destroyed
			| Self::Illegitimate
			| Self::Decommissioned => VerdictClass::Suspect,
			Self::Expired
			| Self::Recalled
			| Self::Withdrawn
			| Self::Quarantined
			| Self::NotReleased
			| Self::NotApproved
			| Self::PartiallyDispensed
			| Self::Returned
			| Self::Locked
			| Self::Missing
			| Self::InUse
			| Self::Retired => VerdictClass::NotSaleable,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn every_nibble_is_a_state() {
		for (nibble, state) in (0..).zip(UnitState::ALL) {
			assert_eq!(UnitState::from_nibble(nibble), *state);
			assert_eq!(UnitState::from_nibble(0xf0 | nibble), *state);
			assert_eq!(state.nibble(), nibble);
		}
		assert_eq!(UnitState::ALL.len(), 16);
	}

	#[test]
	fn nothing_follows_itself_and_what_is_gone_never_comes_back() {
		for state in UnitState::ALL {
			assert!(!state.may_become(*state), "{state}");
		}
		use UnitState::*;
		for gone in [Destroyed, Stolen, Illegitimate, Implanted, Explanted] {
			let back = [Active, Dispensed, PartiallyDispensed, Quarantined, Returned];
			assert!(back.iter().all(|state| !gone.may_become(*state)), "{gone}");
		}
		for entry in UnitState::ALL {
			assert!(!entry.may_become(Implanted) && !entry.may_become(Explanted));
		}
	}

	/// What may follow what: a row for each state, a column for each follower, both in the order of
	/// the nibbles.
	const PAIRS: [&str; 16] = [
		". x x x  x x x x  x x . .  x x x x", // active
		"x . . x  . . . .  x x . .  . x x .", // dispensed
		". x . x  . . . x  x x . .  x x x .", // partially dispensed
		". . . .  . . . .  . . . .  . . x .", // destroyed
		"x . . .  . . . .  . . . .  . . x .", // exported
		"x . . .  . . . .  . . . .  . . x .", // sample
		"x . . .  . . . .  . . . .  . . x .", // free sample
		". . . x  . . . .  . . . .  . . x .", // stolen
		"x x x x  . . . x  . x . .  x x x x", // quarantined
		"x . . x  . . . x  x . . .  x x x .", // returned
		". . . .  . . . .  . . . .  . . . .", // implanted
		". . . .  . . . .  . . . .  . . . .", // explanted
		"x . . x  . . . x  x . . .  . x x .", // missing
		"x x x x  . . . .  x x . .  x . x x", // locked
		". . . x  . . . .  . . . .  . . . .", // illegitimate
		". . . x  . . . x  x . . .  x x x .", // device
	];

	#[test]
	fn every_pair_of_states_is_as_written_down() {
		let mut pairs = 0;
		for (from, row) in UnitState::ALL.iter().zip(PAIRS) {
			let cells: Vec<char> = row.chars().filter(|cell| *cell != ' ').collect();
			assert_eq!(cells.len(), UnitState::ALL.len());
			for (to, cell) in UnitState::ALL.iter().zip(cells) {
				assert_eq!(from.may_become(*to), cell == 'x', "{from} to {to}");
				pairs += 1;
			}
		}
		assert_eq!(pairs, 256);
	}

	#[test]
	fn what_was_put_aside_or_locked_finds_its_way_back() {
		for held in [UnitState::Quarantined, UnitState::Locked] {
			for before in UnitState::ALL.iter().filter(|state| state.may_become(held)) {
				assert!(held.may_become(*before), "{before} after {held}");
			}
		}
	}

	#[test]
	fn a_leaf_tells_products_serials_and_salts_apart() {
		let product = UdiDi::Gs1("06291041500213".parse().unwrap());
		let other = UdiDi::Gs1("07300011000017".parse().unwrap());
		let serial: Serial = "A1".parse().unwrap();
		let leaf = unit_leaf(&product, &serial, &[7; 16]);
		assert!(leaf.starts_with(b"SC1"));
		assert_ne!(leaf, unit_leaf(&other, &serial, &[7; 16]));
		assert_ne!(leaf, unit_leaf(&product, &"A2".parse().unwrap(), &[7; 16]));
		assert_ne!(leaf, unit_leaf(&product, &"a1".parse().unwrap(), &[7; 16]));
		assert_ne!(leaf, unit_leaf(&product, &serial, &[8; 16]));
	}
}
