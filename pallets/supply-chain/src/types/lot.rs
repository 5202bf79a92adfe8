// SPDX-License-Identifier: Apache-2.0

//! Lots, and the batches of units commissioned in them.

use crate::{Deposit, LiveRecalls};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use salus_gs1::{Date, LotNo, UdiDi};
use salus_primitives::{
	Digest, IdentityId, Jurisdiction, LotIx, Moment, QuarantineReason, UnitState,
};
use scale_info::TypeInfo;

/// The most units of one batch: 2^24.
pub const MAX_BATCH: u32 = 1 << 24;
/// How many authorities can hold a lot in their markets at a time.
pub const MAX_LOT_HOLDS: u32 = 8;

/// How many units of a lot are in each state, by the state's number.
#[derive(
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	Clone,
	PartialEq,
	Eq,
	Default,
	Debug,
)]
pub struct Counters(pub [u64; 16]);

impl Counters {
	/// How many are in `state`.
	pub fn of(&self, state: UnitState) -> u64 {
		self.0.get(usize::from(state.nibble())).copied().unwrap_or_default()
	}

	/// All of them.
	pub fn total(&self) -> u64 {
		self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
	}

	/// Counts new units as active. `None` when there are more than can be counted.
	pub fn add(&mut self, units: u32) -> Option<()> {
		let active = self.0.first_mut()?;
		*active = active.checked_add(units.into())?;
		Some(())
	}

	/// Counts one unit in another state. `None`, and nothing changed, when none was in the first.
	pub fn shift(&mut self, from: UnitState, to: UnitState) -> Option<()> {
		let left = self.of(from).checked_sub(1)?;
		if from == to {
			return Some(());
		}
		let more = self.of(to).checked_add(1)?;
		*self.0.get_mut(usize::from(from.nibble()))? = left;
		*self.0.get_mut(usize::from(to.nibble()))? = more;
		Some(())
	}
}

/// Who released a lot, and on what.
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
pub struct Release {
	/// The qualified person.
	pub by: IdentityId,
	/// When.
	pub at: Moment,
	/// The hash of the certificate.
	pub certificate: Digest,
}

/// An authority holds a lot in its market.
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
pub struct LotHold {
	/// Where.
	pub market: Jurisdiction,
	/// Who.
	pub by: IdentityId,
	/// Why.
	pub reason: QuarantineReason,
}

/// A lot: what was made in one go, with one expiry.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Lot<AccountId, Ticket> {
	/// Of which product.
	pub product: UdiDi,
	/// Its number on the label.
	pub number: LotNo,
	/// Who opened it.
	pub maker: IdentityId,
	/// The version of the product's master data it was opened under.
	pub master_version: u32,
	/// When it was made.
	pub made: Date,
	/// Until when it may be used, that day or month included.
	pub expiry: Date,
	/// The first moment after that, in UTC.
	pub expires_at: Moment,
	/// How many units it is to have at most.
	pub planned: u64,
	/// Who released it; none before.
	pub release: Option<Release>,
	/// Whether nothing is commissioned into it any more.
	pub closed: bool,
	/// How many of its units are in each state.
	pub counters: Counters,
	/// What of it is recalled, whatever the batch.
	pub recalls: LiveRecalls,
	/// Which authorities hold it.
	pub holds: BoundedVec<LotHold, ConstU32<MAX_LOT_HOLDS>>,
	/// The deposit for its row.
	pub deposit: Deposit<AccountId, Ticket>,
}

impl<AccountId, Ticket> Lot<AccountId, Ticket> {
	/// Whether its expiry has passed at `now`.
	pub fn is_expired_at(&self, now: Moment) -> bool {
		self.expires_at <= now
	}

	/// Whether an authority holds it where `market` is asked about, or anywhere when none is.
	pub fn is_held_in(&self, market: Option<Jurisdiction>) -> bool {
		self.holds.iter().any(|hold| market.is_none_or(|there| there == hold.market))
	}
}

/// Units that a maker commissioned together: the root of their tree, and how many they are.
#[derive(
	Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo, Clone, PartialEq, Eq, Debug,
)]
pub struct Batch<AccountId, Ticket> {
	/// Into which lot.
	pub lot: LotIx,
	/// The root of the tree of their leaves, in the order of packing.
	pub root: Digest,
	/// How many.
	pub count: u32,
	/// Who commissioned them.
	pub issuer: IdentityId,
	/// A commitment to the master salt, to show later that no salt was chosen twice.
	pub salt: Digest,
	/// The hash of the file with all leaves, of which a copy is in escrow.
	pub leaf_file: Digest,
	/// When.
	pub at: Moment,
	/// What of it is recalled.
	pub recalls: LiveRecalls,
	/// The deposit for its row and for what its units may come to take.
	pub deposit: Deposit<AccountId, Ticket>,
}

/// What a maker says about a new batch.
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
pub struct NewBatch {
	/// The root of the tree of leaves.
	pub root: Digest,
	/// How many leaves it has: 1 to 2^24.
	pub count: u32,
	/// A commitment to the master salt.
	pub salt: Digest,
	/// The hash of the leaf file.
	pub leaf_file: Digest,
}

impl NewBatch {
	/// The batch as it begins.
	pub(crate) fn into_lot<AccountId, Ticket>(
		self,
		lot: LotIx,
		issuer: IdentityId,
		at: Moment,
		deposit: Deposit<AccountId, Ticket>,
	) -> Batch<AccountId, Ticket> {
		Batch {
			lot,
			root: self.root,
			count: self.count,
			issuer,
			salt: self.salt,
			leaf_file: self.leaf_file,
			at,
			recalls: LiveRecalls::default(),
			deposit,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use UnitState::{Active, Destroyed, Dispensed};

	#[test]
	fn a_shift_counts_one_unit_elsewhere_and_none_anew() {
		let mut counters = Counters::default();
		counters.add(3).unwrap();
		counters.shift(Active, Dispensed).unwrap();
		counters.shift(Active, Destroyed).unwrap();
		counters.shift(Dispensed, Active).unwrap();
		let of = [Active, Dispensed, Destroyed].map(|state| counters.of(state));
		assert_eq!((of, counters.total()), ([2, 0, 1], 3));
	}

	#[test]
	fn a_shift_to_where_a_unit_is_changes_nothing() {
		let mut counters = Counters::default();
		counters.add(2).unwrap();
		let before = counters.clone();
		assert_eq!(counters.shift(Active, Active), Some(()));
		assert_eq!(counters, before);
	}

	#[test]
	fn refuses_a_unit_that_is_not_counted_and_counts_past_the_last_number() {
		let mut counters = Counters::default();
		counters.add(1).unwrap();
		let before = counters.clone();
		assert_eq!(counters.shift(Dispensed, Active), None);
		assert_eq!(counters.shift(Dispensed, Dispensed), None);
		assert_eq!(counters, before);
		let mut full = Counters([u64::MAX; 16]);
		assert_eq!(full.shift(Active, Dispensed), None);
		assert_eq!(full.add(1), None);
		assert_eq!(full, Counters([u64::MAX; 16]));
	}
}
