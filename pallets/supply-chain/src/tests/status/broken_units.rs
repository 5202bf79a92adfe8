// SPDX-License-Identifier: Apache-2.0

//! Invariants of units, each broken by hand.

use super::{broken_custody::assert_broken, *};
use salus_primitives::Digest;

fn lot_of(batch: BatchIx) -> salus_primitives::LotIx {
	Batches::<Test>::get(batch).unwrap().lot
}

fn leaving() -> Leaving {
	let site = site();
	let commitment = Some(Digest::default());
	Leaving { at: START, by: id(PHARMACY), account: [1; 16], site, commitment, part: false }
}

#[test]
fn a_lot_that_counts_wrongly_is_found() {
	assert_broken("I1: a lot counts other units than it has", |batch| {
		Lots::<Test>::mutate(lot_of(batch), |lot| {
			let counters = &mut lot.as_mut().unwrap().counters;
			counters.shift(UnitState::Active, UnitState::Dispensed).unwrap();
		});
	});
	assert_broken("I1: a lot counts other units than it has", |batch| {
		let mut page = UnitPage::default();
		page.set(3, UnitState::Stolen);
		UnitPages::<Test>::insert(batch, 0, page);
	});
}

#[test]
fn a_lot_with_more_than_planned_is_found() {
	assert_broken("I1: a lot has more units than planned", |batch| {
		Lots::<Test>::mutate(lot_of(batch), |lot| lot.as_mut().unwrap().planned = 599);
	});
}

#[test]
fn states_of_units_that_are_not_there_are_found() {
	assert_broken("I1: a state of a unit that is not there", |batch| {
		let mut page = UnitPage::default();
		// Unit 600 of 600.
		page.set(UNITS, UnitState::Stolen);
		UnitPages::<Test>::insert(batch, 2, page);
	});
	assert_broken("I1: a page behind the batch", |batch| {
		UnitPages::<Test>::insert(batch, 3, UnitPage::default());
	});
	assert_broken("I1: a page of no batch", |_| {
		UnitPages::<Test>::insert(BatchIx(7), 0, UnitPage::default());
	});
}

#[test]
fn goods_without_their_lot_or_product_are_found() {
	assert_broken("I1: a batch of no lot", |batch| Lots::<Test>::remove(lot_of(batch)));
	assert_broken("I1: a lot of no product", |_| Products::<Test>::remove(di(DRUG)));
	assert_broken("I1: a product counts other units than it has", |_| {
		Products::<Test>::mutate(di(DRUG), |row| row.as_mut().unwrap().commissioned += 1);
	});
}

#[test]
fn implants_are_not_made_yet() {
	assert_broken("I6: an implant, which nothing makes yet", |batch| {
		force(unit(batch, 1), UnitState::Implanted);
	});
}

#[test]
fn a_device_and_what_is_kept_of_it_go_together() {
	assert_broken("I6: a device of which nothing is kept", |batch| {
		force(unit(batch, 1), UnitState::Device);
	});
	assert_broken("I6: in use, and no device", |batch| in_use(unit(batch, 1)));
	assert_broken("I6: kept of a device that is not in use", |_| {
		let device = unit(pumps(), 0);
		in_use(device);
		force(device, UnitState::Active);
	});
}

#[test]
fn a_hold_and_what_is_put_aside_go_together() {
	assert_broken("I7: put aside by nobody", |batch| {
		force(unit(batch, 1), UnitState::Quarantined);
		UnitHolds::<Test>::remove(unit(batch, 1));
	});
	assert_broken("I7: a hold of a unit that is not put aside", |batch| {
		UnitHolds::<Test>::insert(unit(batch, 1), put_aside(false));
	});
	assert_broken("I7: a hold of no unit", |batch| {
		UnitHolds::<Test>::insert(unit(batch, UNITS), put_aside(false));
	});
}

#[test]
fn a_hold_leads_back_and_a_lock_is_an_authoritys() {
	assert_broken("I7: put aside for good", |batch| {
		force(unit(batch, 1), UnitState::Quarantined);
		let hold = UnitHold { before: UnitState::Destroyed, ..put_aside(false) };
		UnitHolds::<Test>::insert(unit(batch, 1), hold);
	});
	assert_broken("I7: locked by no authority", |batch| {
		force(unit(batch, 1), UnitState::Locked);
		UnitHolds::<Test>::insert(unit(batch, 1), put_aside(false));
	});
	assert_broken("I7: a lock under a lock", |batch| {
		force(unit(batch, 1), UnitState::Locked);
		let beneath = Some(put_aside(true).hold);
		UnitHolds::<Test>::insert(unit(batch, 1), UnitHold { beneath, ..put_aside(true) });
	});
}

#[test]
fn parts_and_opened_units_go_together() {
	assert_broken("I8: a part of a unit, and nobody knows how much", |batch| {
		force(unit(batch, 1), UnitState::PartiallyDispensed);
		Partials::<Test>::remove(unit(batch, 1));
	});
	assert_broken("I8: a part of a whole unit", |batch| {
		Partials::<Test>::insert(unit(batch, 1), 1);
	});
	assert_broken("I8: a part of no unit", |batch| {
		Partials::<Test>::insert(unit(batch, UNITS), 1);
	});
	for part in [0, 10_000] {
		assert_broken("I8: a part that is nothing, or more than there is", |batch| {
			force(unit(batch, 1), UnitState::PartiallyDispensed);
			Partials::<Test>::insert(unit(batch, 1), part);
		});
	}
}

#[test]
fn leavings_are_of_units_that_left() {
	assert_broken("I8: a unit left, and is here", |batch| {
		Leavings::<Test>::insert(unit(batch, 1), leaving());
	});
	assert_broken("I8: no unit left", |batch| {
		Leavings::<Test>::insert(unit(batch, UNITS), leaving());
	});
	assert_broken("I8: a unit left in the future", |batch| {
		force(unit(batch, 1), UnitState::Dispensed);
		Leavings::<Test>::insert(unit(batch, 1), Leaving { at: START + 1, ..leaving() });
	});
}

#[test]
fn serials_are_kept_where_they_are_asked_for_and_once() {
	let key = serial(1, 1).0;
	assert_broken("I9: a serial of a product that keeps none", |batch| {
		SerialIndex::<Test>::insert(di(DRUG), key, unit(batch, 1));
	});
	let keeping = || {
		Products::<Test>::mutate(di(DRUG), |row| {
			row.as_mut().unwrap().uniqueness = Uniqueness::FirstTouch;
		});
	};
	assert_broken("I9: a serial of a unit of another product", |_| {
		keeping();
		SerialIndex::<Test>::insert(di(DRUG), key, unit(pumps(), 1));
	});
	assert_broken("I9: a unit with two serials", |batch| {
		keeping();
		SerialIndex::<Test>::insert(di(DRUG), key, unit(batch, 1));
		SerialIndex::<Test>::insert(di(DRUG), serial(1, 2).0, unit(batch, 1));
	});
}

#[test]
fn proved_pairs_and_strikes_go_together() {
	assert_broken("I9: a pair in the wrong order", |batch| {
		Duplicates::<Test>::insert((unit(batch, 2), unit(batch, 1)), ());
	});
	assert_broken("I9: more or fewer strikes than pairs", |batch| {
		Duplicates::<Test>::insert((unit(batch, 1), unit(batch, 2)), ());
	});
	assert_broken("I9: more or fewer strikes than pairs", |_| {
		Strikes::<Test>::insert(id(MAKER), 1);
	});
	assert_broken("I9: a pair of two products", |batch| {
		Duplicates::<Test>::insert((unit(batch, 1), unit(pumps(), 1)), ());
		Strikes::<Test>::insert(id(MAKER), 1);
	});
}
