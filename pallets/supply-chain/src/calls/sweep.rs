// SPDX-License-Identifier: Apache-2.0

//! What goes when its time has passed: named by somebody, or found by the sweep at the end of a
//! block. Nothing waits for either: times are compared wherever they are read.

use crate::*;
use alloc::vec::Vec;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::Get,
	weights::{Weight, WeightMeter},
};
use salus_gs1::Sscc;
use salus_primitives::{Moment, UnitRef};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_reap(containers: &[Sscc], units: &[UnitRef]) -> DispatchResult {
		ensure!(!containers.is_empty() || !units.is_empty(), Error::<T>::NothingNamed);
		let now = Self::now();
		let mut emptied = 0u32;
		for sscc in containers {
			if let Some(container) = Containers::<T>::get(sscc).filter(|row| row.has_rested_at(now))
			{
				Containers::<T>::remove(sscc);
				Self::return_deposit(container.deposit)?;
				emptied = emptied.saturating_add(1);
			}
		}
		let mut marks = 0u32;
		for unit in units {
			if Leavings::<T>::get(unit).is_some_and(|leaving| !leaving.is_open_at(now)) {
				Leavings::<T>::remove(unit);
				marks = marks.saturating_add(1);
			}
		}
		ensure!(emptied > 0 || marks > 0, Error::<T>::NothingToReap);
		Self::deposit_event(Event::Reaped { containers: emptied, units: marks });
		Ok(())
	}

	/// Removes some of the leavings that cannot be undone any more, within `left`.
	pub(crate) fn sweep(left: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(left);
		let each = T::WeightInfo::sweep_step();
		// The cursor, and the row that is not there, cost one step at least.
		if meter.try_consume(each).is_err() {
			return Weight::zero();
		}
		let room = meter.remaining().checked_div_per_component(&each).unwrap_or(u64::MAX);
		let limit = T::SweepPerBlock::get().min(u32::try_from(room).unwrap_or(u32::MAX));
		let taken = Self::sweep_rows(limit, Self::now());
		meter.consume(each.saturating_mul(taken.into()));
		meter.consumed()
	}

	/// Looks at up to `limit` leavings from the cursor on, and begins anew behind the last one.
	/// Tells at how many.
	pub(crate) fn sweep_rows(limit: u32, now: Moment) -> u32 {
		let cursor = SweepCursor::<T>::get();
		let rows: Vec<_> = match cursor {
			Some(unit) => Leavings::<T>::iter_from(Leavings::<T>::hashed_key_for(unit)),
			None => Leavings::<T>::iter(),
		}
		.take(limit as usize)
		.collect();
		for (unit, leaving) in &rows {
			if !leaving.is_open_at(now) {
				Leavings::<T>::remove(unit);
			}
		}
		let taken = rows.len() as u32;
		let next = rows.last().filter(|_| taken == limit).map(|(unit, _)| *unit);
		if next != cursor {
			SweepCursor::<T>::set(next);
		}
		taken
	}
}
