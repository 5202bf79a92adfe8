// SPDX-License-Identifier: Apache-2.0

//! What goes when its time has passed: named by somebody, or found by the sweep at the end of a
//! block. Nothing waits for either: a deadline is compared wherever it is read.

use crate::*;
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Get, Time},
	weights::{Weight, WeightMeter},
};

/// An hour in milliseconds.
const HOUR: Moment = 60 * 60 * 1000;

/// The hour of a moment, counted from 1970. The last one stands for all that are too far off.
pub(crate) fn hour_of(moment: Moment) -> u32 {
	moment.checked_div(HOUR).and_then(|hour| hour.try_into().ok()).unwrap_or(u32::MAX)
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_reap(records: BoundedVec<RecordId, ConstU32<MAX_REAPED>>) -> DispatchResult {
		ensure!(!records.is_empty(), Error::<T>::NothingNamed);
		// Twice in a call, a residue would be searched over the rows that its first step removed.
		let named: BTreeSet<_> = records.iter().collect();
		ensure!(named.len() == records.len(), Error::<T>::NothingToReap);
		let now = T::Clock::now();
		for id in records {
			if Residues::<T>::contains_key(id) {
				Self::do_sweep_residue(id);
				continue;
			}
			let record = Records::<T>::get(id).ok_or(Error::<T>::NothingToReap)?;
			ensure!(!record.legal_hold, Error::<T>::LegalHold);
			ensure!(Self::reap_lapsed(id, record, now), Error::<T>::NothingToReap);
		}
		Ok(())
	}

	/// Removes what lapsed of a record, and tells whether something did.
	fn reap_lapsed(id: RecordId, record: RecordOf<T>, now: Moment) -> bool {
		if record.current.has_lapsed(now) {
			Self::deposit_event(Event::RecordLapsed { record: id, version: record.current.number });
			Self::drop_record(id, record);
			return true;
		}
		match Self::pending_of(&id, &record).filter(|pending| pending.has_lapsed(now)) {
			Some(pending) => {
				Self::drop_lapsed(id, pending);
				true
			},
			None => false,
		}
	}

	/// Removes some of what has no use any more, within `left`: rows that an erasure left, and what
	/// stands under the hours that are over.
	pub(crate) fn sweep(left: Weight) -> Weight {
		let mut meter = WeightMeter::with_limit(left);
		let idle = T::WeightInfo::sweep(0);
		if meter.try_consume(idle).is_err() {
			return meter.consumed();
		}
		let residue = T::WeightInfo::sweep_residue();
		if meter.can_consume(residue)
			&& let Some(id) = Residues::<T>::iter_keys().next()
		{
			meter.consume(residue);
			Self::do_sweep_residue(id);
		}
		let each = T::WeightInfo::sweep(1).saturating_sub(idle);
		let mut steps = T::SweepPerBlock::get();
		while steps > 0 && !meter.can_consume(each.saturating_mul(steps.into())) {
			steps = steps.saturating_sub(1);
		}
		let taken = Self::sweep_hours(steps, T::Clock::now());
		meter.consume(each.saturating_mul(taken.into()));
		meter.consumed()
	}

	/// Goes through the hours that are over at `now`, as far as `limit` steps reach: a step for each row, and
	/// one for each hour. Tells how many it took.
	pub(crate) fn sweep_hours(limit: u32, now: Moment) -> u32 {
		// An hour that is over gets no new deadline, for every time to live is above nothing.
		let end = hour_of(now);
		let start = SweepCursor::<T>::get();
		let mut hour = start.unwrap_or(end);
		let mut steps = 0u32;
		while steps < limit && hour < end {
			let room = limit.saturating_sub(steps) as usize;
			let due: Vec<_> = Deadlines::<T>::iter_key_prefix(hour).take(room).collect();
			let all = due.len() < room;
			for id in due {
				Self::sweep_row(hour, id, now);
				steps = steps.saturating_add(1);
			}
			if all {
				hour = hour.saturating_add(1);
				steps = steps.saturating_add(1);
			}
		}
		if start != Some(hour) {
			SweepCursor::<T>::put(hour);
		}
		steps
	}

	/// Removes what lapsed of a record, unless a legal hold forbids it. The row goes anyway: what is
	/// held can be reaped by name once it is free.
	fn sweep_row(hour: u32, id: RecordId, now: Moment) {
		Deadlines::<T>::remove(hour, id);
		if let Some(record) = Records::<T>::get(id).filter(|record| !record.legal_hold) {
			Self::reap_lapsed(id, record, now);
		}
	}
}
