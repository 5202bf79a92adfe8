// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::{traits::Hooks, weights::Weight};

fn idle(left: Weight) -> Weight {
	<SupplyChain as Hooks<_>>::on_idle(System::block_number(), left)
}

fn step() -> Weight {
	<() as WeightInfo>::sweep_step()
}

fn left_over() -> usize {
	Leavings::<Test>::iter().count()
}

/// Twelve packs: eight whose leaving lapses first.
fn dispensed_twelve() -> BatchIx {
	let batch = stocked();
	assert_ok!(sell(PHARMACY, (0..8).map(|index| pack(batch, index)).collect()));
	set_time(START + 1);
	assert_ok!(sell(PHARMACY, (8..12).map(|index| pack(batch, index)).collect()));
	batch
}

#[test]
fn removes_what_lapsed_a_few_rows_a_block() {
	build_and_execute(|| {
		let batch = dispensed_twelve();
		idle(Weight::MAX);
		assert_eq!(left_over(), 12);
		set_time(START + UNDO_WINDOW);
		// Five rows a block, wherever the cursor stands: three blocks pass all twelve.
		for _ in 0..3 {
			idle(Weight::MAX);
		}
		let rest: Vec<_> = Leavings::<Test>::iter_keys().map(|unit| unit.index).collect();
		assert!(rest.iter().all(|index| (8..12).contains(index)) && rest.len() == 4);
		set_time(START + UNDO_WINDOW + 1);
		for _ in 0..2 {
			idle(Weight::MAX);
		}
		assert_eq!(left_over(), 0);
		assert_eq!(SweepCursor::<Test>::get(), None);
		assert_eq!(state(unit(batch, 0)), UnitState::Dispensed);
	});
}

#[test]
fn goes_on_where_it_stopped_and_begins_anew_at_the_end() {
	build_and_execute(|| {
		dispensed_twelve();
		let order: Vec<_> = Leavings::<Test>::iter_keys().collect();
		idle(Weight::MAX);
		assert_eq!(SweepCursor::<Test>::get(), Some(order[4]));
		idle(Weight::MAX);
		assert_eq!(SweepCursor::<Test>::get(), Some(order[9]));
		idle(Weight::MAX);
		assert_eq!(SweepCursor::<Test>::get(), None);
		idle(Weight::MAX);
		assert_eq!(SweepCursor::<Test>::get(), Some(order[4]));
	});
}

#[test]
fn a_cursor_whose_row_is_gone_loses_nothing() {
	build_and_execute(|| {
		dispensed_twelve();
		let order: Vec<_> = Leavings::<Test>::iter_keys().collect();
		idle(Weight::MAX);
		assert_ok!(undo(PHARMACY, order[4].batch, order[4].index, site()));
		set_time(START + UNDO_WINDOW + 1);
		idle(Weight::MAX);
		let rest: Vec<_> = Leavings::<Test>::iter_keys().collect();
		assert_eq!(rest, [&order[..4], &order[10..]].concat());
	});
}

#[test]
fn does_as_much_as_there_is_weight_for() {
	build_and_execute(|| {
		dispensed_twelve();
		set_time(START + UNDO_WINDOW + 1);
		for left in [Weight::zero(), step() - Weight::from_parts(1, 0)] {
			frame_support::assert_storage_noop!(assert_eq!(idle(left), Weight::zero()));
		}
		assert_eq!(idle(step()), step());
		assert_eq!(left_over(), 12);
		assert_eq!(idle(step() * 3), step() * 3);
		assert_eq!(left_over(), 10);
		assert_eq!(idle(Weight::MAX), step() * 6);
		assert_eq!(left_over(), 5);
	});
}

#[test]
fn nothing_to_sweep_costs_one_step() {
	build_and_execute(|| {
		frame_support::assert_storage_noop!(assert_eq!(idle(Weight::MAX), step()));
	});
}

fn reap(containers: &[salus_gs1::Sscc], units: &[UnitRef]) -> DispatchResult {
	let containers = containers.to_vec().try_into().unwrap();
	let units = units.to_vec().try_into().unwrap();
	SupplyChain::reap(signed(STRANGER), containers, units)
}

#[test]
fn anybody_reaps_what_is_over_and_passes_the_rest_by() {
	build_and_execute(|| {
		let batch = dispensed_twelve();
		set_time(START + UNDO_WINDOW);
		let named: Vec<_> = (6..10).map(|index| unit(batch, index)).collect();
		assert_ok!(reap(&[], &named));
		assert_eq!(last_event(), Event::Reaped { containers: 0, units: 2 });
		assert_eq!(left_over(), 10);
		assert_noop!(reap(&[], &named), Error::<Test>::NothingToReap);
		assert_noop!(reap(&[], &[]), Error::<Test>::NothingNamed);
	});
}

#[test]
fn a_container_is_reaped_a_year_after_it_was_emptied_and_the_rent_comes_back() {
	build_and_execute(|| {
		stocked_in_a_container();
		let held = || {
			<Balances as frame_support::traits::fungible::InspectHold<_>>::balance_on_hold(
				&HoldReason::Supply.into(),
				&account(MAKER),
			)
		};
		let before = held();
		assert_noop!(reap(&[sscc(1)], &[]), Error::<Test>::NothingToReap);
		let unpack = SupplyChain::unpack(
			signed(PHARMACY),
			sscc(1),
			None,
			salus_primitives::Completeness::Verified,
			Told::default(),
		);
		assert_ok!(unpack);
		set_time(START + SSCC_REST - 1);
		assert_noop!(reap(&[sscc(1)], &[]), Error::<Test>::NothingToReap);
		set_time(START + SSCC_REST);
		assert_ok!(reap(&[sscc(1), sscc(1), sscc(2)], &[]));
		assert_eq!(last_event(), Event::Reaped { containers: 1, units: 0 });
		assert!(!Containers::<Test>::contains_key(sscc(1)));
		assert!(held() < before);
	});
}

#[test]
fn sixty_four_of_a_kind_are_reaped_at_most() {
	let units = vec![UnitRef { batch: BatchIx(0), index: 0 }; 65];
	let decoded = <BoundedVec<UnitRef, ConstU32<MAX_REAPED>> as codec::Decode>::decode(
		&mut &units.encode()[..],
	);
	assert!(decoded.is_err());
}
