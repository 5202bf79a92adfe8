// SPDX-License-Identifier: Apache-2.0

//! EPCIS documents as calls to the chain.
//!
//! [`import`] reads a document, EPCIS 1.2 in XML or 2.0 in JSON, and plays its events through in the
//! order of their times. What comes out is a [`Plan`]: the calls that have the same effect, in order,
//! and everything that no call stands for, each with its place in the document. Serials of a batch
//! are put into the order of packing, so that a case is a stretch of its batch.

mod document;
mod json;
mod master;
mod order;
mod steps;
mod stock;
#[cfg(test)]
mod tests;
mod values;
mod xml;

use salus_gs1::{CompanyPrefix, Date, Gln, Gtin, LotNo, Serial, Sscc};
use salus_primitives::{Digest, Moment, blake2_256};
use std::collections::BTreeMap;

/// The longest document that is read, in bytes.
pub const MAX_DOCUMENT: usize = 64 << 20;

/// What a document cannot say.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
	/// Numbers for cases that have a GTIN and a serial and no SSCC. Containers of the chain bear SSCCs;
	/// without numbers such cases are refused.
	pub cases: Option<CaseNumbers>,
}

/// SSCCs that a company has kept for cases, given out one by one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CaseNumbers {
	/// The company prefix that they begin with.
	pub prefix: CompanyPrefix,
	/// The extension digit in front, 0 to 9.
	pub extension: u8,
	/// The first reference behind the prefix.
	pub first: u64,
}

impl CaseNumbers {
	/// Number `n`, from 0; none when the prefix leaves no room for it.
	pub fn sscc(&self, n: u64) -> Option<Sscc> {
		let digits = 16u8.checked_sub(self.prefix.length())?;
		let room = 10u64.checked_pow(digits.into())?;
		let reference = self.first.checked_add(n).filter(|reference| *reference < room)?;
		let extension = Some(u64::from(self.extension)).filter(|digit| *digit < 10)?;
		let body = extension.checked_mul(10u64.pow(16))?;
		let body = body.checked_add(self.prefix.to_u64().checked_mul(room)?)?;
		Sscc::from_body(body.checked_add(reference)?).ok()
	}
}

/// A document as calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
	/// The calls, in order.
	pub calls: Vec<Planned>,
	/// What no call stands for, or contradicts the rest. A plan with such entries is not all of the
	/// document.
	pub refused: Vec<Refusal>,
	/// The names of parties and places, by the document's master data.
	pub parties: BTreeMap<Gln, String>,
	/// BLAKE2b-256 of the document: the transaction information of its shipments.
	pub document: Digest,
}

/// A call, where it stands in the document, and when it happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
	/// The place: `line 12`, or the path of a JSON member.
	pub place: String,
	/// When, as the document says. The chain takes times of the last 30 days.
	pub at: Option<Moment>,
	/// The hash that the event bears as its id, where it does.
	pub epcis: Option<Digest>,
	/// The call.
	pub call: PlannedCall,
}

/// Something in the document that no call stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
	/// The place: `line 12`, or the path of a JSON member.
	pub place: String,
	/// Why, and what to do.
	pub reason: String,
}

/// A batch of this plan: its place among them, from 0. The chain gives it its number.
pub type PlanBatch = u32;

/// What is packed or shipped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum PlannedItem {
	/// A whole parcel, by batch and first index.
	Parcel {
		/// Of which batch.
		batch: PlanBatch,
		/// Its first index.
		start: u32,
	},
	/// A container with all that is in it.
	Container(Sscc),
}

/// A call with what the document says about it. What it leaves open is for the caller: class and flags
/// of a product, who a party is on chain, the release of a lot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlannedCall {
	/// `register_product`: the master data name it.
	RegisterProduct {
		/// The product.
		product: Gtin,
		/// The company prefix that it begins with.
		company: CompanyPrefix,
		/// Its master data as JSON, with sorted names.
		master: String,
		/// BLAKE2b-256 of these.
		master_hash: Digest,
		/// The GTINs of its groupings and how many units they hold, in rising order.
		levels: Vec<(Gtin, u32)>,
	},
	/// `open_lot`.
	OpenLot {
		/// Of which product.
		product: Gtin,
		/// Its number.
		number: LotNo,
		/// When it was made: as the document says, or the day it was commissioned.
		made: Date,
		/// Until when it may be used.
		expiry: Date,
		/// How many units the document has of it.
		planned: u64,
	},
	/// `commission_batch`, with the leaf file made of the serials.
	CommissionBatch {
		/// The batch.
		batch: PlanBatch,
		/// Of which product.
		product: Gtin,
		/// Of which lot.
		lot: LotNo,
		/// Its serials in the order of packing.
		serials: Vec<Serial>,
	},
	/// `commission_container`.
	CommissionContainer {
		/// Its number.
		sscc: Sscc,
		/// The company prefix that it begins with; none where the document writes it as a Digital Link.
		prefix: Option<CompanyPrefix>,
		/// What the case is called on its own label, when that is a GTIN with a serial.
		label: Option<(Gtin, Serial)>,
	},
	/// `split_parcel`.
	SplitParcel {
		/// Of which batch.
		batch: PlanBatch,
		/// The first index of the parcel.
		start: u32,
		/// The first index of the second of the two.
		at: u32,
	},
	/// `pack`.
	Pack {
		/// Into which container.
		sscc: Sscc,
		/// What, in rising order.
		items: Vec<PlannedItem>,
	},
	/// `unpack` of everything.
	Unpack {
		/// Which container.
		sscc: Sscc,
	},
	/// `ship`.
	Ship {
		/// Who owns or gets it.
		to: Gln,
		/// To which place.
		ship_to: Option<Gln>,
		/// Who sends it.
		from: Option<Gln>,
		/// What, in rising order.
		items: Vec<PlannedItem>,
		/// Whether the header affirms the transaction statement.
		affirmed: bool,
		/// Orders, delivery notes and the like: type and number.
		documents: Vec<(String, String)>,
	},
}

/// How much of what a plan has.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
	/// Products.
	pub products: usize,
	/// Lots.
	pub lots: usize,
	/// Batches.
	pub batches: usize,
	/// Single units.
	pub packs: usize,
	/// Containers that a GTIN and a serial name.
	pub cases: usize,
	/// Containers that an SSCC names.
	pub logistic_units: usize,
	/// Shipments.
	pub shipments: usize,
}

impl Plan {
	/// How much of what there is.
	pub fn counts(&self) -> Counts {
		let mut counts = Counts::default();
		for Planned { call, .. } in &self.calls {
			match call {
				PlannedCall::RegisterProduct { .. } => counts.products += 1,
				PlannedCall::OpenLot { .. } => counts.lots += 1,
				PlannedCall::CommissionBatch { serials, .. } => {
					counts.batches += 1;
					counts.packs += serials.len();
				},
				PlannedCall::CommissionContainer { label: Some(_), .. } => counts.cases += 1,
				PlannedCall::CommissionContainer { label: None, .. } => counts.logistic_units += 1,
				PlannedCall::Ship { .. } => counts.shipments += 1,
				PlannedCall::SplitParcel { .. }
				| PlannedCall::Pack { .. }
				| PlannedCall::Unpack { .. } => (),
			}
		}
		counts
	}
}

/// Why a document cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
	/// Larger than any that is exchanged.
	#[error("the document has {0} bytes and {MAX_DOCUMENT} are read: split it by shipments")]
	TooLarge(usize),
	/// Neither XML nor JSON.
	#[error("the document is neither XML nor JSON: EPCIS 1.2 comes as XML, EPCIS 2.0 as JSON")]
	Neither,
	/// It is not well-formed.
	#[error("line {line}: the XML is not well-formed: {reason}")]
	Xml {
		/// Where.
		line: u64,
		/// Why.
		reason: String,
	},
	/// It is no JSON.
	#[error("{0}: the document is no JSON; ask its sender for it again")]
	Json(serde_json::Error),
	/// It is something else.
	#[error("{place}: {reason}")]
	NotEpcis {
		/// Where.
		place: String,
		/// Why.
		reason: String,
	},
}

/// Reads a document, and says which calls it stands for.
pub fn import(bytes: &[u8], options: &Options) -> Result<Plan, ImportError> {
	if bytes.len() > MAX_DOCUMENT {
		return Err(ImportError::TooLarge(bytes.len()));
	}
	let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
	let document = match text.trim_ascii_start().first() {
		Some(b'<') => xml::read(text)?,
		Some(b'{') => json::read(text)?,
		_ => return Err(ImportError::Neither),
	};
	Ok(steps::plan(document, options, Digest(blake2_256(bytes))))
}
