// SPDX-License-Identifier: Apache-2.0

//! What may be done or spent per UTC day.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use frame_support::traits::Get;
use salus_primitives::IdentityKind;
use scale_info::TypeInfo;
use sp_runtime::traits::Convert;

/// How often something happened on a day.
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
pub struct DayCount {
	/// The UTC day, counted from the Unix epoch.
	pub day: u64,
	/// How often.
	pub count: u32,
}

impl DayCount {
	/// How often it happened on `day`.
	pub fn on(&self, day: u64) -> u32 {
		if self.day == day { self.count } else { 0 }
	}
}

/// How much was spent on a day.
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
pub struct DaySpending {
	/// The UTC day, counted from the Unix epoch.
	pub day: u64,
	/// How much, in units of the fee currency.
	pub spent: u128,
}

impl DaySpending {
	/// How far `allowance` reaches on `day`.
	pub fn on(&self, day: u64, allowance: u128) -> AllowanceLeft {
		let spent = if self.day == day { self.spent } else { 0 };
		AllowanceLeft { day, spent, left: allowance.saturating_sub(spent) }
	}
}

/// What of an allowance is spent and what is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AllowanceLeft {
	day: u64,
	spent: u128,
	/// How much can still be spent.
	pub left: u128,
}

impl AllowanceLeft {
	/// The row after `fee` is spent as well, or `None` when it is not there without what is `kept`.
	pub fn spend(&self, fee: u128, kept: u128) -> Option<DaySpending> {
		(fee <= self.left.saturating_sub(kept))
			.then(|| DaySpending { day: self.day, spent: self.spent.saturating_add(fee) })
	}
}

/// What of a day's allowance is kept for the primary key: a quarter, rounded up.
///
/// A stolen key that spends all it can leaves the owner enough to freeze, revoke or rotate.
pub fn kept_for_primary(allowance: u128) -> u128 {
	allowance.div_ceil(4)
}

/// A daily allowance for patients, and none for anybody else.
pub struct PatientsOnly<Allowance>(PhantomData<Allowance>);

impl<Allowance: Get<u128>> Convert<IdentityKind, u128> for PatientsOnly<Allowance> {
	fn convert(kind: IdentityKind) -> u128 {
		match kind {
			IdentityKind::Patient => Allowance::get(),
			IdentityKind::Practitioner | IdentityKind::Organisation | IdentityKind::Device => 0,
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;
	use frame_support::traits::ConstU128;
	use proptest::prelude::*;

	#[test]
	fn a_count_is_of_its_day_only() {
		let count = DayCount { day: 7, count: 3 };
		assert_eq!(count.on(6), 0);
		assert_eq!(count.on(7), 3);
		assert_eq!(count.on(8), 0);
	}

	#[test]
	fn the_last_unit_can_be_spent_and_no_more() {
		let spending = DaySpending { day: 7, spent: 90 };
		assert_eq!(spending.on(7, 100).spend(10, 0), Some(DaySpending { day: 7, spent: 100 }));
		assert_eq!(spending.on(7, 100).spend(11, 0), None);
		assert_eq!(spending.on(8, 100).spend(11, 0), Some(DaySpending { day: 8, spent: 11 }));
	}

	#[test]
	fn what_is_kept_cannot_be_spent() {
		let left = DaySpending { day: 7, spent: 60 }.on(7, 100);
		assert_eq!(left.spend(15, 25), Some(DaySpending { day: 7, spent: 75 }));
		assert_eq!(left.spend(16, 25), None);
		// Also when less is left than is kept.
		assert_eq!(left.spend(1, 41), None);
		assert_eq!(left.spend(0, 41), Some(DaySpending { day: 7, spent: 60 }));
	}

	#[test]
	fn at_least_a_quarter_is_kept_and_never_more_than_there_is() {
		for (allowance, kept) in [(0, 0), (1, 1), (4, 1), (5, 2), (1_000, 250)] {
			assert_eq!(kept_for_primary(allowance), kept);
		}
		assert_eq!(kept_for_primary(u128::MAX), u128::MAX / 4 + 1);
	}

	#[test]
	fn an_allowance_lowered_below_what_is_spent_leaves_nothing() {
		let left = DaySpending { day: 7, spent: 90 }.on(7, 50);
		assert_eq!(left.left, 0);
		assert_eq!(left.spend(1, 0), None);
		assert_eq!(left.spend(0, 0), Some(DaySpending { day: 7, spent: 90 }));
	}

	#[test]
	fn only_patients_are_allowed_fees() {
		let allowance = PatientsOnly::<ConstU128<5>>::convert;
		assert_eq!(allowance(IdentityKind::Patient), 5);
		for kind in [IdentityKind::Practitioner, IdentityKind::Organisation, IdentityKind::Device] {
			assert_eq!(allowance(kind), 0);
		}
	}

	proptest! {
		/// Whatever is asked, in whatever order of days: a day's sum never passes the allowance, and
		/// a fee is refused only when it would.
		#[test]
		fn a_day_never_costs_more_than_the_allowance(
			allowance in 0u128..1_000,
			asks in prop::collection::vec((0u64..2, 0u128..400), 0..64),
		) {
			let (mut day, mut model, mut row) = (1, 0u128, DaySpending::default());
			for (step, fee) in asks {
				if step > 0 {
					day += step;
					model = 0;
				}
				let fits = model + fee <= allowance;
				let spent = row.on(day, allowance).spend(fee, 0);
				prop_assert_eq!(spent.is_some(), fits);
				if let Some(next) = spent {
					model += fee;
					row = next;
				}
				prop_assert_eq!(row.on(day, allowance).left, allowance - model);
			}
		}
	}
}
