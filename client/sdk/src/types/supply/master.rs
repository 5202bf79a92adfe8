// SPDX-License-Identifier: Apache-2.0

//! Products, lots and batches, and what of them is recalled.

use super::*;
use salus_gs1::{Date, LotNo};
use salus_primitives::*;

data! {
	/// How a product stands.
	#[derive(Copy)]
	pub enum ProductStatus {
		/// It can be commissioned and sold.
		Active,
		/// Its maker took it from every market, for good.
		Withdrawn {
			/// When.
			at: Moment,
		},
	}

	/// How an approval stands.
	#[derive(Copy)]
	pub enum ApprovalState {
		/// In force within its window.
		Approved,
		/// Suspended by the authority until it approves anew.
		Suspended,
		/// Withdrawn from this market for good.
		Withdrawn,
	}

	/// What the authority of a market lets happen to a product there.
	#[derive(Copy)]
	pub struct Approval {
		/// The authority that decided last.
		pub authority: IdentityId,
		/// The hash of its decision.
		pub reference: Digest,
		/// When the product may be sold.
		pub window: Window,
		/// How it stands.
		pub state: ApprovalState,
	}

	/// A product as it is shown.
	pub struct ProductView {
		/// Its number: the one on the smallest saleable unit.
		pub product: UdiDi,
		/// How many units the number that was asked about stands for.
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

	/// A recall as it lies beside what it recalls.
	pub struct LiveRecall {
		/// Its number.
		pub id: RecallId,
		/// How dangerous.
		pub class: RecallClass,
		/// Where; everywhere when empty.
		pub markets: Vec<Jurisdiction>,
		/// Which units of a batch: first index and length; none for all.
		pub range: Option<(u32, u32)>,
	}

	/// An authority holds a lot in its market.
	#[derive(Copy)]
	pub struct LotHold {
		/// Where.
		pub market: Jurisdiction,
		/// Who.
		pub by: IdentityId,
		/// Why.
		pub reason: QuarantineReason,
	}

	/// What a lot consists of.
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
		/// How many of its units are in each state, by the state's number.
		pub counters: [u64; 16],
		/// Its live recalls; those of its product and batches aside.
		pub recalls: Vec<LiveRecall>,
		/// Which authorities hold it, and where.
		pub holds: Vec<LotHold>,
	}

	/// A batch as it is shown.
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
		pub recalls: Vec<LiveRecall>,
	}

	/// A recall.
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
		/// Where; everywhere when empty.
		pub markets: Vec<Jurisdiction>,
		/// The hash of the reason.
		pub reason: Digest,
		/// The initiator's own reference.
		pub reference: Digest,
		/// When.
		pub opened: Moment,
		/// When it was closed.
		pub closed: Option<Moment>,
		/// How many units it reached when it was opened.
		pub units: u64,
		/// How many partners acknowledged it.
		pub acknowledged: u32,
		/// What all partners reported together.
		pub progress: Progress,
	}

	/// What one partner said about a recall.
	#[derive(Copy)]
	pub struct PartnerProgress {
		/// When it acknowledged.
		pub acknowledged: Moment,
		/// What it reported last.
		pub progress: Progress,
	}

	/// What a partner said about a recall, and which one.
	#[derive(Copy)]
	pub struct PartnerReport {
		/// Who.
		pub partner: IdentityId,
		/// What.
		pub report: PartnerProgress,
	}
}

impl LotSummary {
	/// How many of its units are in a state.
	pub fn count(&self, state: UnitState) -> u64 {
		self.counters.get(usize::from(state.nibble())).copied().unwrap_or_default()
	}

	/// All of them.
	pub fn total(&self) -> u64 {
		self.counters.iter().fold(0, |sum, count| sum.saturating_add(*count))
	}
}
