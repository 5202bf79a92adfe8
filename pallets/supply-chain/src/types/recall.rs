// SPDX-License-Identifier: Apache-2.0

//! Recalls, and what they reach.

use crate::Market;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_gs1::UdiDi;
use salus_primitives::{
	BatchIx, Digest, IdentityId, LotIx, Moment, RecallClass, RecallDepth, RecallId,
};
use scale_info::TypeInfo;

/// How many recalls are live on a product, a lot or a batch at a time.
pub const MAX_RECALLS: u32 = 8;
/// How many markets a recall names.
pub const MAX_MARKETS: u32 = 16;

/// The markets of a recall, in rising order; empty for all.
pub type Markets = BoundedVec<Market, ConstU32<MAX_MARKETS>>;
/// The recalls that are live on one thing.
pub type LiveRecalls = BoundedVec<LiveRecall, ConstU32<MAX_RECALLS>>;

/// What is recalled.
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
pub enum RecallScope {
	/// A product, every lot of it.
	#[codec(index = 0)]
	Product(UdiDi),
	/// A lot.
	#[codec(index = 1)]
	Lot(LotIx),
	/// A batch.
	#[codec(index = 2)]
	Batch(BatchIx),
	/// A stretch of a batch.
	#[codec(index = 3)]
	Range {
		/// Of which batch.
		batch: BatchIx,
		/// Its first index.
		start: u32,
		/// How many units.
		len: u32,
	},
}

/// A recall as it lies beside what it recalls, so that a status reads nothing more.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct LiveRecall {
	/// Its number.
	pub id: RecallId,
	/// How dangerous.
	pub class: RecallClass,
	/// Where.
	pub markets: Markets,
	/// Which units of a batch: first index and length; none for all.
	pub range: Option<(u32, u32)>,
}

impl LiveRecall {
	/// Whether it reaches a unit at `index` where `market` is asked about. Who asks about no market
	/// is told of every recall.
	pub fn reaches(&self, market: Option<Market>, index: Option<u32>) -> bool {
		let there = self.markets.is_empty()
			|| market.is_none_or(|market| self.markets.binary_search(&market).is_ok());
		let within = match (self.range, index) {
			(Some((start, len)), Some(index)) => {
				start <= index && index < start.saturating_add(len)
			},
			_ => true,
		};
		there && within
	}

	/// Whether it reaches any unit of a stretch of its batch, in whichever market.
	pub fn meets(&self, start: u32, len: u32) -> bool {
		self.range.is_none_or(|(first, many)| {
			start < first.saturating_add(many) && first < start.saturating_add(len)
		})
	}
}

/// A recall.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Recall {
	/// What is recalled.
	pub scope: RecallScope,
	/// Who recalled it.
	pub initiator: IdentityId,
	/// Whether as an authority.
	pub by_authority: bool,
	/// How dangerous.
	pub class: RecallClass,
	/// How far down the chain.
	pub depth: RecallDepth,
	/// Where.
	pub markets: Markets,
	/// The hash of the reason.
	pub reason: Digest,
	/// The initiator's own reference: one recall per scope and reference.
	pub reference: Digest,
	/// When.
	pub opened: Moment,
	/// When it was closed.
	pub closed: Option<Moment>,
	/// How many units it reaches. None are commissioned into what is recalled.
	pub units: u64,
	/// How many partners acknowledged it.
	pub acknowledged: u32,
	/// What all partners reported together.
	pub progress: Progress,
}

/// What a partner did about a recall, in units.
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

impl Progress {
	/// All of it. `None` when it cannot be counted.
	pub fn total(&self) -> Option<u64> {
		self.quarantined
			.checked_add(self.returned)?
			.checked_add(self.destroyed)?
			.checked_add(self.consumed)
	}

	/// The sum with another.
	pub fn plus(&self, other: &Self) -> Option<Self> {
		Some(Self {
			quarantined: self.quarantined.checked_add(other.quarantined)?,
			returned: self.returned.checked_add(other.returned)?,
			destroyed: self.destroyed.checked_add(other.destroyed)?,
			consumed: self.consumed.checked_add(other.consumed)?,
		})
	}

	/// What is left of it without another.
	pub fn minus(&self, other: &Self) -> Option<Self> {
		Some(Self {
			quarantined: self.quarantined.checked_sub(other.quarantined)?,
			returned: self.returned.checked_sub(other.returned)?,
			destroyed: self.destroyed.checked_sub(other.destroyed)?,
			consumed: self.consumed.checked_sub(other.consumed)?,
		})
	}
}

/// What one partner said about a recall.
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
pub struct PartnerProgress {
	/// When it acknowledged.
	pub acknowledged: Moment,
	/// What it reported last; replaces what it reported before.
	pub progress: Progress,
}

/// How a recall is: how dangerous, how far down, where.
#[derive(Clone)]
pub(crate) struct RecallTerms {
	pub(crate) class: RecallClass,
	pub(crate) depth: RecallDepth,
	pub(crate) markets: Markets,
}

impl RecallTerms {
	/// Whether the markets are countries, in rising order.
	pub(crate) fn has_sound_markets(&self) -> bool {
		self.markets.iter().all(|market| market.is_sound())
			&& self.markets.is_sorted_by(|one, next| one < next)
	}

	/// Whether nothing of a recall is less in these: no market is left out, the class is not milder,
	/// the depth not shallower.
	pub(crate) fn cover(&self, recall: &Recall) -> bool {
		let named = |market: &Market| self.markets.binary_search(market).is_ok();
		let markets = self.markets.is_empty()
			|| (!recall.markets.is_empty() && recall.markets.iter().all(named));
		// Class I is the worst.
		markets && self.class <= recall.class && self.depth >= recall.depth
	}

	/// Whether anything of a recall is another in these.
	pub(crate) fn differ(&self, recall: &Recall) -> bool {
		self.class != recall.class || self.depth != recall.depth || self.markets != recall.markets
	}
}

/// What a scope stands for: a product, and how much of it. What is not named is all of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Goods {
	pub(crate) product: UdiDi,
	pub(crate) lot: Option<LotIx>,
	pub(crate) batch: Option<BatchIx>,
	/// First index and length.
	pub(crate) range: Option<(u32, u32)>,
}

/// The row that the recalls of some goods lie on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RecallRow {
	Product(UdiDi),
	Lot(LotIx),
	Batch(BatchIx),
}

impl Goods {
	/// Whether all of `other` is among them.
	pub(crate) fn covers(&self, other: &Self) -> bool {
		self.product == other.product
			&& self.lot.is_none_or(|lot| other.lot == Some(lot))
			&& self.batch.is_none_or(|batch| other.batch == Some(batch))
			&& self.range.is_none_or(|range| other.range.is_some_and(|part| holds(range, part)))
	}

	/// Where their recalls lie.
	pub(crate) fn row(&self) -> RecallRow {
		match (self.batch, self.lot) {
			(Some(batch), _) => RecallRow::Batch(batch),
			(None, Some(lot)) => RecallRow::Lot(lot),
			(None, None) => RecallRow::Product(self.product),
		}
	}
}

/// Whether one stretch, by first index and length, holds all of another.
fn holds((start, len): (u32, u32), (part, of): (u32, u32)) -> bool {
	start <= part && part.saturating_add(of) <= start.saturating_add(len)
}

/// What a recall reaches.
pub(crate) struct Reach {
	pub(crate) goods: Goods,
	/// Who answers for the product.
	pub(crate) holder: IdentityId,
	/// How many units.
	pub(crate) units: u64,
}
