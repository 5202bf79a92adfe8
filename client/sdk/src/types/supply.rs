// SPDX-License-Identifier: Apache-2.0

//! Products and goods: what the calls take, and what the chain keeps of them.
//!
//! A module of its own, because a verdict on a scan is not one on a record.

use codec::{Decode, Encode};
use salus_gs1::{CompanyPrefix, Gln, Gtin, Serial, Sscc, UdiDi};
use salus_primitives::{
	BatchIx, Digest, IdentityId, Jurisdiction, LeafSalt, LotIx, Moment, UnitRef,
};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

mod answers;
mod master;

pub use answers::*;
pub use master::*;

/// The most units of one batch.
pub const MAX_BATCH: u32 = 1 << 24;
/// How many items one call packs or unpacks.
pub const MAX_ITEMS: usize = 256;
/// How many items a shipment has at most.
pub const MAX_SHIPPED: usize = 64;
/// How many units one call dispenses, returns, decommissions or destroys.
pub const MAX_UNITS: usize = 32;
/// How many units one call touches.
pub const MAX_TOUCHED: usize = 64;

/// A signature under [`destroy_statement`], and whose it is.
#[derive(Encode, Decode, TypeInfo, Clone, PartialEq, Eq, Debug)]
pub struct Witness<AccountId, Signature> {
	/// The account that signed.
	pub account: AccountId,
	/// Until when the signature can be used (exclusive).
	pub until: Moment,
	/// The signature.
	pub signature: Signature,
}

const DESTROY_TAG: &[u8; 13] = b"salus/destroy";

/// What a witness of a destruction signs.
pub fn destroy_statement(
	genesis: [u8; 32],
	holder: &IdentityId,
	units: &[HeldUnit],
	certificate: &Digest,
	until: Moment,
) -> Vec<u8> {
	(DESTROY_TAG, genesis, holder, units, certificate, until).encode()
}

data! {
	/// What the numbers of a company begin with, by the agency that gave it out.
	#[derive(Copy)]
	pub enum CompanyCode {
		/// A GS1 Company Prefix.
		Gs1(CompanyPrefix),
		/// A labeler identification code of HIBCC.
		Hibcc([u8; 4]),
		/// A facility identification number of ICCBBA.
		Iccbba([u8; 5]),
	}

	/// The number on a grouping of a product.
	#[derive(Copy)]
	pub struct PackLevel {
		/// The GTIN on the grouping.
		pub gtin: Gtin,
		/// How many units of the product are in it.
		pub units: u32,
	}

	/// What a maker says about a new batch.
	#[derive(Copy)]
	pub struct NewBatch {
		/// The root of the tree of leaves.
		pub root: Digest,
		/// How many leaves it has.
		pub count: u32,
		/// A commitment to the master salt.
		pub salt: Digest,
		/// The hash of the leaf file.
		pub leaf_file: Digest,
	}

	/// When something happened as its party says, and the EPCIS event that tells it.
	#[derive(Copy, Default)]
	pub struct Told {
		/// The time of the event; none for the block's own.
		pub at: Option<Moment>,
		/// The hash of the EPCIS event.
		pub epcis: Option<Digest>,
	}

	/// A parcel, by batch and first index.
	#[derive(Copy, PartialOrd, Ord)]
	pub struct ParcelRef {
		/// Of which batch.
		pub batch: BatchIx,
		/// Its first index.
		pub start: u32,
	}

	/// What can be in a container or a shipment.
	#[derive(Copy, PartialOrd, Ord)]
	pub enum ItemRef {
		/// A whole parcel.
		Parcel(ParcelRef),
		/// A container with all that is in it.
		Container(Sscc),
	}

	/// A unit with the proof that it is what it says.
	pub struct UnitProof {
		/// Which unit.
		pub unit: UnitRef,
		/// The first index of the parcel it is in.
		pub parcel_start: u32,
		/// Its serial.
		pub serial: Serial,
		/// Its salt.
		pub salt: LeafSalt,
		/// The hashes from its leaf to the root.
		pub path: Vec<Digest>,
	}

	/// A unit of a parcel, where no serial is asked for.
	#[derive(Copy, PartialOrd, Ord)]
	pub struct HeldUnit {
		/// Which unit.
		pub unit: UnitRef,
		/// The first index of the parcel it is in.
		pub parcel_start: u32,
	}

	/// Which prescription a dispensing fills.
	#[derive(Copy)]
	pub enum RxLink {
		/// None: sold without one, or used in the house.
		None,
		/// A line of a prescription on this chain, named openly.
		Open {
			/// Which prescription.
			prescription: Digest,
			/// Which of its lines.
			line: u8,
		},
		/// Two commitments under one secret.
		Sealed {
			/// To the units.
			units: Digest,
			/// To the prescription.
			prescription: Digest,
		},
	}

	/// A unit that is handed over.
	pub struct Dispensing {
		/// The unit, with its proof.
		pub proof: UnitProof,
		/// BLAKE2b-256 of [`dispense_commitment`].
		pub commitment: Digest,
	}

	/// A unit that comes back.
	#[derive(Copy)]
	pub struct ReturnedUnit {
		/// The unit.
		pub unit: HeldUnit,
		/// The secret of the commitment it was handed over with, where another dispensed it.
		pub opening: Option<Digest>,
	}

	/// What a quarantine is put on.
	#[derive(Copy)]
	pub enum HoldTarget {
		/// One unit.
		Unit(HeldUnit),
		/// A parcel.
		Parcel(ParcelRef),
		/// A container.
		Container(Sscc),
		/// A lot in a market, by the authority there.
		Lot {
			/// Which lot.
			lot: LotIx,
			/// Where.
			market: Jurisdiction,
		},
	}

	/// Where something happens: the market, and the location in it.
	#[derive(Copy)]
	pub struct Site {
		/// The country.
		pub market: Jurisdiction,
		/// The location.
		pub location: Gln,
	}

	/// Why a receiver sends everything back.
	#[derive(Copy)]
	pub enum RejectReason {
		/// Not ordered.
		NotOrdered,
		/// Damaged, or the seal is broken.
		Damaged,
		/// What came is not what the papers say.
		Mismatch,
		/// It was stored otherwise than its label asks for.
		Storage,
		/// Suspected to be no genuine product.
		Suspect,
	}

	/// What is recalled.
	#[derive(Copy)]
	pub enum RecallScope {
		/// A product, every lot of it.
		Product(UdiDi),
		/// A lot.
		Lot(LotIx),
		/// A batch.
		Batch(BatchIx),
		/// A stretch of a batch.
		Range {
			/// Of which batch.
			batch: BatchIx,
			/// Its first index.
			start: u32,
			/// How many units.
			len: u32,
		},
	}

	/// What a partner did about a recall, in units.
	#[derive(Copy, Default)]
	pub struct Progress {
		/// Found in stock and put aside.
		pub quarantined: u64,
		/// Came back from further down.
		pub returned: u64,
		/// Destroyed.
		pub destroyed: u64,
		/// Given out already and not to be had back.
		pub consumed: u64,
	}
}
