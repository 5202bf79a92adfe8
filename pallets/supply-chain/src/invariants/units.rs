// SPDX-License-Identifier: Apache-2.0

//! Units and their states.

use super::Check;
use crate::{units::Book, *};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use salus_primitives::{
	LotIx, ProductClass, QuarantineReason, Uniqueness, UnitRef, UnitState, UnitStates,
};

/// The states that a call left a unit in that can be undone, or answered for.
const LEFT: UnitStates = UnitStates::of(&[
	UnitState::Dispensed,
	UnitState::PartiallyDispensed,
	UnitState::Exported,
	UnitState::Sample,
	UnitState::FreeSample,
	UnitState::Missing,
]);

impl<T: Config> Pallet<T> {
	// I1: a lot counts its units by state, no more than it was planned for, and so does its product
	// in all; a page is of a batch, and says nothing of units that the batch does not have.
	pub(super) fn units_are_counted() -> Check {
		let mut counted = BTreeMap::<LotIx, Counters>::new();
		for batch in Batches::<T>::iter_values() {
			let sum = counted.entry(batch.lot).or_default();
			sum.add(batch.count).ok_or("I1: more units than can be counted")?;
		}
		for (batch, page, states) in UnitPages::<T>::iter() {
			let row = Batches::<T>::get(batch).ok_or("I1: a page of no batch")?;
			let sum = counted.get_mut(&row.lot).ok_or("I1: a page of no batch")?;
			let first = page.saturating_mul(PAGE_UNITS);
			ensure!(first < row.count, "I1: a page behind the batch");
			for index in first..first.saturating_add(PAGE_UNITS) {
				let state = states.state(index);
				let there = index < row.count || state == UnitState::Active;
				ensure!(there, "I1: a state of a unit that is not there");
				// When no unit of the lot is active any more, none is shifted to where it is.
				if state != UnitState::Active {
					sum.shift(UnitState::Active, state).ok_or("I1: more states than units")?;
				}
			}
		}
		let mut commissioned = BTreeMap::new();
		for (lot, row) in Lots::<T>::iter() {
			let units = counted.remove(&lot).unwrap_or_default();
			ensure!(row.counters == units, "I1: a lot counts other units than it has");
			ensure!(units.total() <= row.planned, "I1: a lot has more units than planned");
			let sum = commissioned.entry(row.product).or_insert(0u64);
			*sum = sum.saturating_add(units.total());
		}
		ensure!(counted.is_empty(), "I1: a batch of no lot");
		for (product, row) in Products::<T>::iter() {
			let units = commissioned.remove(&product).unwrap_or_default();
			ensure!(row.commissioned == units, "I1: a product counts other units than it has");
		}
		ensure!(commissioned.is_empty(), "I1: a lot of no product");
		Ok(())
	}

	/// Every unit that is not active, with its state.
	fn touched_units() -> impl Iterator<Item = (UnitRef, UnitState)> {
		UnitPages::<T>::iter().flat_map(|(batch, page, states)| {
			let first = page.saturating_mul(PAGE_UNITS);
			(first..first.saturating_add(PAGE_UNITS)).filter_map(move |index| {
				let state = states.state(index);
				(state != UnitState::Active).then_some((UnitRef { batch, index }, state))
			})
		})
	}

	/// The state of a unit that exists.
	fn state_of(unit: UnitRef) -> Option<UnitState> {
		let there = Batches::<T>::get(unit.batch).is_some_and(|batch| unit.index < batch.count);
		there.then(|| Book::<T>::default().state(unit))
	}

	/// Where a unit stands, or stood before it was put aside.
	fn state_beneath(unit: UnitRef) -> Option<UnitState> {
		let state = Self::state_of(unit)?;
		Some(UnitHolds::<T>::get(unit).map_or(state, |hold| hold.before))
	}

	// I6: whether it is in use or retired is kept of exactly those units that are, or were before they
	// were put aside; all of them are devices. Nothing is in a patient yet.
	pub(super) fn devices_have_a_life() -> Check {
		for (unit, state) in Self::touched_units() {
			let implant = matches!(state, UnitState::Implanted | UnitState::Explanted);
			ensure!(!implant, "I6: an implant, which nothing makes yet");
			let in_use = Self::state_beneath(unit) == Some(UnitState::Device);
			let kept = Devices::<T>::contains_key(unit);
			ensure!(!in_use || kept, "I6: a device of which nothing is kept");
		}
		let mut book = Book::<T>::default();
		for unit in Devices::<T>::iter_keys() {
			let batch = book.batch(unit.batch)?;
			let (lot, count) = (batch.lot, batch.count);
			let product = book.lot(lot)?.product;
			let is_device = book.product(&product)?.class == ProductClass::Device;
			ensure!(is_device && unit.index < count, "I6: in use, and no device");
			let in_use = Self::state_beneath(unit) == Some(UnitState::Device);
			ensure!(in_use, "I6: kept of a device that is not in use");
		}
		Ok(())
	}

	// I7: who put a unit aside is known exactly while it is, with a state that it can return to.
	pub(super) fn what_is_put_aside_has_a_hold() -> Check {
		let aside = |state| matches!(state, UnitState::Quarantined | UnitState::Locked);
		for (unit, state) in Self::touched_units().filter(|(_, state)| aside(*state)) {
			let row = UnitHolds::<T>::get(unit).ok_or("I7: put aside by nobody")?;
			let sound = !aside(row.before) && row.before.may_become(state);
			ensure!(sound && state.may_become(row.before), "I7: put aside for good");
			let locked = state == UnitState::Locked;
			ensure!(!locked || row.hold.authority, "I7: locked by no authority");
			let duplicate = |hold: Hold| hold.reason == QuarantineReason::DuplicateSerial;
			let weaker = |hold: Hold| !hold.authority || (locked && duplicate(hold));
			ensure!(row.beneath.is_none_or(weaker), "I7: a lock under a lock");
		}
		for unit in UnitHolds::<T>::iter_keys() {
			let state = Self::state_of(unit).ok_or("I7: a hold of no unit")?;
			ensure!(aside(state), "I7: a hold of a unit that is not put aside");
		}
		Ok(())
	}

	// I8: how much of a unit was dispensed in parts is kept, also when all of it was, or when it came
	// back; who left a unit in its state is kept of units that left only.
	pub(super) fn parts_and_leavings_have_a_unit() -> Check {
		for (unit, _) in Self::touched_units() {
			let in_part = Self::state_beneath(unit) == Some(UnitState::PartiallyDispensed);
			let kept = Partials::<T>::contains_key(unit);
			ensure!(!in_part || kept, "I8: a part of a unit, and nobody knows how much");
		}
		for (unit, part) in Partials::<T>::iter() {
			let state = Self::state_beneath(unit).ok_or("I8: a part of no unit")?;
			let sound = match state {
				UnitState::PartiallyDispensed => (1..10_000).contains(&part),
				UnitState::Dispensed => part == 10_000,
				// One that came back opened stays so: it is never for sale again.
				UnitState::Returned => (1..=10_000).contains(&part),
				_ => return Err("I8: a part of a whole unit".into()),
			};
			ensure!(sound, "I8: a part that is nothing, or more than there is");
		}
		for (unit, leaving) in Leavings::<T>::iter() {
			let state = Self::state_beneath(unit).ok_or("I8: no unit left")?;
			ensure!(LEFT.contains(state), "I8: a unit left, and is here");
			ensure!(leaving.at <= Self::now(), "I8: a unit left in the future");
		}
		Ok(())
	}

	// I9: a serial that is kept is of a product that asks for it, and no unit has two. Two units with
	// one serial are of one product, and somebody got a strike for them.
	pub(super) fn serials_stand_for_one_unit() -> Check {
		let (mut book, mut units) = (Book::<T>::default(), BTreeSet::new());
		for (product, _, unit) in SerialIndex::<T>::iter() {
			let keeps = book.product(&product)?.uniqueness == Uniqueness::FirstTouch;
			ensure!(keeps, "I9: a serial of a product that keeps none");
			let batch = book.batch(unit.batch)?;
			let (lot, there) = (batch.lot, unit.index < batch.count);
			let its = book.lot(lot)?.product == product;
			ensure!(there && its, "I9: a serial of a unit of another product");
			ensure!(units.insert(unit), "I9: a unit with two serials");
		}
		let mut proved = 0u32;
		for (first, second) in Duplicates::<T>::iter_keys() {
			ensure!(first < second, "I9: a pair in the wrong order");
			let mut product = |unit: UnitRef| {
				let lot = book.batch(unit.batch)?.lot;
				book.lot(lot).map(|lot| lot.product)
			};
			ensure!(product(first)? == product(second)?, "I9: a pair of two products");
			proved = proved.saturating_add(1);
		}
		let strikes = Strikes::<T>::iter_values().fold(0u32, u32::saturating_add);
		ensure!(strikes == proved, "I9: more or fewer strikes than pairs");
		Ok(())
	}
}
