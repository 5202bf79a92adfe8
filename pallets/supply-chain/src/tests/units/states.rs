// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::units::Book;

/// Which state may follow which, written out a second time: a row per state, a column per follower,
/// both in the order of their numbers.
const TABLE: [&str; 16] = [
	//                active
	//                |dispensed
	//                ||partially dispensed
	//                |||destroyed
	//                ||||exported, sample, free sample
	//                |||||||stolen
	//                ||||||||quarantined, returned
	//                ||||||||||implanted, explanted
	//                ||||||||||||missing, locked
	//                ||||||||||||||illegitimate, device
	/* active      */
	".xxxxxxxxx..xxxx",
	/* dispensed   */ "x..x....xx...xx.",
	/* partially   */ ".x.x...xxx..xxx.",
	/* destroyed   */ "..............x.",
	/* exported    */ "x.............x.",
	/* sample      */ "x.............x.",
	/* free sample */ "x.............x.",
	/* stolen      */ "...x..........x.",
	/* quarantined */ "xxxx...x.x..xxxx",
	/* returned    */ "x..x...xx...xxx.",
	/* implanted   */ "................",
	/* explanted   */ "................",
	/* missing     */ "x..x...xx....xx.",
	/* locked      */ "xxxx....xx..x.xx",
	/* illegitimate*/ "...x............",
	/* device      */ "...x...xx...xxx.",
];

#[test]
fn every_pair_of_states_is_as_the_table_says() {
	new_test_ext().execute_with(|| {
		let batch = commissioned();
		let unit = unit(batch, 300);
		for (from, row) in UnitState::ALL.iter().zip(TABLE) {
			for (to, allowed) in UnitState::ALL.iter().zip(row.chars()) {
				put(unit, *from);
				let moved = moved(unit, *to);
				let expected = match (from == to, allowed) {
					(true, _) => Err(Error::<Test>::AlreadyInState.into()),
					(false, 'x') => Ok(()),
					_ => Err(Error::<Test>::BadTransition.into()),
				};
				assert_eq!(moved, expected, "{from} to {to}");
				let now = if moved.is_ok() { *to } else { *from };
				assert_eq!(state(unit), now);
				assert_eq!(counted(batch, now), if now == UnitState::Active { 600 } else { 1 });
			}
		}
	});
}

/// Puts the unit into a state by hand, with the counters.
fn put(unit: UnitRef, to: UnitState) {
	let mut page = UnitPage::default();
	page.set(unit.index, to);
	UnitPages::<Test>::insert(unit.batch, UnitPage::of(unit.index), page);
	Lots::<Test>::mutate(lot_of(unit.batch), |lot| {
		let counters = &mut lot.as_mut().unwrap().counters;
		*counters = Counters::default();
		counters.add(UNITS).unwrap();
		counters.shift(UnitState::Active, to).unwrap();
	});
}

fn moved(unit: UnitRef, to: UnitState) -> DispatchResult {
	let mut book = Book::<Test>::default();
	book.set_state(unit, to)?;
	book.store();
	Ok(())
}

#[test]
fn nothing_is_written_before_the_end() {
	build_and_execute(|| {
		let batch = commissioned();
		let mut book = Book::<Test>::default();
		frame_support::assert_storage_noop!({
			book.set_state(unit(batch, 7), UnitState::Quarantined).unwrap();
			assert_eq!(book.state(unit(batch, 7)), UnitState::Quarantined);
		});
	});
}
