// SPDX-License-Identifier: Apache-2.0

//! What goes, or is called overdue, when its time has passed: named by somebody, or found by the
//! sweep at the end of a block. Nothing waits for either: time is compared wherever it is read.

use crate::{
	Config, Deadlines, Due, Emergencies, Error, Grants, MAX_REAPED, Pallet, Requests, SweepCursor,
	WeightInfo, hour_at, hour_of,
};
use alloc::vec::Vec;
use frame_support::{
	pallet_prelude::*,
	traits::Time,
	weights::{Weight, WeightMeter},
};
use salus_primitives::Moment;

impl<T: Config> Pallet<T> {
	/// Puts something among what is due at a moment, which lies ahead.
	pub(crate) fn enlist(moment: Moment, due: Due) {
		if !SweepCursor::<T>::exists() {
			SweepCursor::<T>::put(hour_at(T::Time::now()));
		}
		Deadlines::<T>::insert(hour_of(moment), due, ());
	}

	/// Takes it off again.
	pub(crate) fn unlist(moment: Moment, due: Due) {
		Deadlines::<T>::remove(hour_of(moment), due);
	}

	pub(crate) fn do_reap(due: BoundedVec<Due, ConstU32<MAX_REAPED>>) -> DispatchResult {
		ensure!(!due.is_empty(), Error::<T>::NothingNamed);
		let now = T::Time::now();
		let reaped = due.into_iter().filter(|due| Self::reap_one(*due, now)).count();
		ensure!(0 < reaped, Error::<T>::NotDue);
		Ok(())
	}

	/// Clears away one thing, unless it is not due or was cleared away before.
	pub(crate) fn reap_one(due: Due, now: Moment) -> bool {
		let moment = match due {
			Due::Grant(id) => Grants::<T>::get(id).map(|grant| grant.terms.window.until),
			Due::Request(id) => Requests::<T>::get(id).map(|request| request.answer_by),
			Due::Review(id) => Emergencies::<T>::get(id).map(|emergency| emergency.review_by),
		};
		let passed = moment.filter(|moment| *moment <= now).map(hour_of);
		let Some(hour) = passed.filter(|hour| Deadlines::<T>::contains_key(hour, due)) else {
			return false;
		};
		Self::clear(hour, due)
	}

	/// Clears away something whose time has passed, with its row.
	fn clear(hour: u32, due: Due) -> bool {
		Deadlines::<T>::remove(hour, due);
		match due {
			Due::Grant(id) => {
				Self::lapse(id);
				true
			},
			Due::Request(id) => {
				let request = Requests::<T>::get(id);
				let stood = request.is_some();
				if let Some(request) = request {
					Self::lapse_request(id, request);
				}
				stood
			},
			Due::Review(id) => Self::do_review_overdue(id),
		}
	}

	/// What it weighs to clear this away.
	pub(crate) fn weight_of_rows(due: &[Due]) -> Weight {
		due.iter().fold(T::WeightInfo::sweep_idle(), |sum, due| {
			sum.saturating_add(match due {
				Due::Grant(_) => T::WeightInfo::sweep_grant(),
				Due::Request(_) => T::WeightInfo::sweep_request(),
				Due::Review(_) => T::WeightInfo::sweep_review(),
			})
		})
	}

	/// What one row of the dearest sort weighs.
	pub(crate) fn weight_of_row() -> Weight {
		T::WeightInfo::sweep_grant()
			.max(T::WeightInfo::sweep_request())
			.max(T::WeightInfo::sweep_review())
	}

	/// Clears away some of what stands under the hours that are over, within `left`.
	pub(crate) fn sweep(left: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(left);
		if meter.try_consume(T::WeightInfo::sweep_idle()).is_err() {
			return Weight::zero();
		}
		let each = Self::weight_of_row();
		let room = meter.remaining().checked_div_per_component(&each).unwrap_or(u64::MAX);
		let limit = T::SweepPerBlock::get().min(u32::try_from(room).unwrap_or(u32::MAX));
		let taken = Self::sweep_hours(limit, T::Time::now());
		meter.consume(each.saturating_mul(taken.into()));
		meter.consumed()
	}

	/// Goes through the hours that are over at `now`, as far as `limit` steps reach: a step for
	/// each row, and one for each hour. Tells how many it took.
	pub(crate) fn sweep_hours(limit: u32, now: Moment) -> u32 {
		let Some(start) = SweepCursor::<T>::get() else { return 0 };
		// An hour that is over gets no new row: what is put there lies ahead.
		let last = hour_at(now);
		let mut hour = start;
		let mut steps = 0u32;
		while steps < limit && hour <= last {
			let room = limit.saturating_sub(steps) as usize;
			let due: Vec<_> = Deadlines::<T>::iter_key_prefix(hour).take(room).collect();
			let all = due.len() < room;
			for due in due {
				Self::clear(hour, due);
				steps = steps.saturating_add(1);
			}
			if all {
				hour = hour.saturating_add(1);
				steps = steps.saturating_add(1);
			}
		}
		if start != hour {
			SweepCursor::<T>::put(hour);
		}
		steps
	}
}
