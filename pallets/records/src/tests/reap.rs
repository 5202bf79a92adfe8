// SPDX-License-Identifier: Apache-2.0

//! What lapsed goes: named by anybody, or found by the sweep at the end of a block.

use super::*;
use frame_support::{traits::Hooks, weights::Weight};

const HOUR: u64 = DAY / 24;

fn idle(left: Weight) -> Weight {
	let used = HealthRecords::on_idle(1, left);
	assert!(used.all_lte(left), "{used} of {left}");
	used
}

/// How many notes are left of those numbered so.
fn left(numbers: core::ops::Range<u8>) -> usize {
	numbers.filter(|number| Records::<Test>::contains_key(note(*number).id())).count()
}

#[test]
fn removes_lapsed_proposals_and_amendments_for_anybody() {
	build_and_execute(|| {
		let amended = anchored_note(1);
		assert_ok!(note(2).amend(amended, 1, vec![]));
		let sealed = Draft { content: inline(object(512, 3)), ..note(3) };
		assert_ok!(sealed.propose());
		assert_ok!(reading(4).propose());
		set_time(START + 7 * DAY);
		events();
		assert_ok!(reap_all(&[amended, sealed.id(), reading(4).id()]));

		assert_eq!(
			events(),
			[(amended, 2), (sealed.id(), 1), (reading(4).id(), 1)]
				.map(|(record, version)| Event::RecordLapsed { record, version })
		);
		assert_eq!(held(DOCTOR), rents().0);
		assert_eq!(status(amended), RecordStatus::Validated);
		assert_eq!(Objects::<Test>::iter().count(), 0);
		assert_eq!(taken(PATIENT), 0);
		assert_eq!(places(PATIENT), []);
		assert_eq!(Deadlines::<Test>::iter().count(), 0);
		let page = HealthRecords::records_of(identity(PATIENT), 0, 4, false).unwrap();
		assert_eq!(page.items.len(), 1);
	});
}

#[test]
fn an_id_with_nothing_to_reap_is_an_error() {
	build_and_execute(|| {
		let anchored = anchored_note(1);
		assert_ok!(note(2).propose());
		assert_ok!(note(3).propose());
		assert_ok!(attest(HOSPITAL, note(3).id(), 1, Accuracy, Verdict::Fail));
		let id = note(2).id();
		set_time(START + DAY - 1);
		for nothing in [anchored, id, note(3).id(), RecordId([1; 32])] {
			assert_noop!(reap_all(&[nothing]), E::NothingToReap);
		}
		set_time(START + DAY);
		assert_noop!(reap_all(&[id, anchored]), E::NothingToReap);
		assert_noop!(reap_all(&[id, id]), E::NothingToReap);
		assert_noop!(reap_all(&[]), E::NothingNamed);
		assert_noop!(
			HealthRecords::reap(RuntimeOrigin::none(), vec![id].try_into().unwrap()),
			sp_runtime::DispatchError::BadOrigin
		);
		assert_ok!(reap_all(&[id]));
		assert_noop!(reap_all(&[id]), E::NothingToReap);
		assert!(BoundedVec::<RecordId, ConstU32<MAX_REAPED>>::try_from(vec![id; 65]).is_err());
	});
}

#[test]
fn a_revalidation_never_lapses_away() {
	build_and_execute(|| {
		let id = anchored_note(1);
		assert_ok!(revalidate(DOCTOR, id));
		set_time(START + DAY);
		assert_noop!(reap_all(&[id]), E::NothingToReap);
		assert_eq!(Deadlines::<Test>::iter().count(), 0);
		assert_eq!(status(id), RecordStatus::ReqRevalid);
	});
}

#[test]
fn nothing_goes_under_legal_hold() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		let id = note(1).id();
		set_hold(id, true);
		set_time(START + DAY);
		assert_noop!(reap_all(&[id]), E::LegalHold);
		// The sweep passes it by, and whoever names it later still finds it.
		set_time(START + 2 * DAY);
		for _ in 0..40 {
			idle(Weight::MAX);
		}
		assert_eq!(Deadlines::<Test>::iter().count(), 0);
		assert_eq!(status(id), RecordStatus::Lapsed);
		set_hold(id, false);
		assert_ok!(reap_all(&[id]));
		assert_eq!(HealthRecords::record(id), None);
	});
}

#[test]
fn what_is_decided_or_withdrawn_leaves_the_index() {
	build_and_execute(|| {
		let indexed = || Deadlines::<Test>::iter().count();
		for number in 1..=4 {
			assert_ok!(note(number).propose());
		}
		assert_eq!(indexed(), 4);
		assert_ok!(pass(HOSPITAL, note(1).id(), 1, Source));
		assert_ok!(attest(HOSPITAL, note(2).id(), 1, Accuracy, Verdict::Fail));
		assert_ok!(withdraw(DOCTOR, note(3).id()));
		assert_ok!(retract(DOCTOR, note(4).id()));
		assert_eq!(indexed(), 0);
		let id = note(1).id();
		assert_ok!(note(5).amend(id, 1, vec![]));
		assert_eq!(indexed(), 1);
		assert_ok!(pass(HOSPITAL, id, 2, Source));
		assert_eq!(indexed(), 0);
	});
}

#[test]
fn the_sweep_goes_through_the_hours_that_are_over() {
	build_and_execute(|| {
		assert_ok!(note(1).propose());
		set_time(START + HOUR);
		assert_ok!(note(2).propose());
		// The deadlines are a day later. In the hour of one, it is not over.
		set_time(START + DAY);
		for _ in 0..40 {
			idle(Weight::MAX);
		}
		assert_eq!(left(1..3), 2);
		set_time((START + DAY) / HOUR * HOUR + HOUR);
		events();
		idle(Weight::MAX);
		assert_eq!(left(1..3), 1);
		assert_eq!(events(), [Event::RecordLapsed { record: note(1).id(), version: 1 }]);
		assert_eq!(held(DOCTOR), rents().0);
		set_time(START + DAY + 2 * HOUR);
		idle(Weight::MAX);
		assert_eq!(left(1..3), 0);
	});
}

#[test]
fn a_block_sweeps_so_many_rows_and_no_more() {
	build_and_execute(|| {
		for number in 0..20 {
			assert_ok!(note(number).propose());
		}
		assert_ok!(note(100).amend(anchored_note(99), 1, vec![]));
		set_time(START + 3 * DAY);
		let (mut blocks, mut before) = (0, 20);
		while left(0..20) > 0 || Pending::<Test>::iter().count() > 0 {
			idle(Weight::MAX);
			assert!(before - left(0..20) <= SWEEP as usize);
			before = left(0..20);
			blocks += 1;
			assert_ok!(HealthRecords::do_try_state());
		}
		assert!((5..40).contains(&blocks), "{blocks}");
		assert_eq!(held(DOCTOR), rents().0);
		// Nothing more to do: the cursor stands at the hour of now.
		idle(Weight::MAX);
		while SweepCursor::<Test>::get() != Some(crate::calls::hour_of(now())) {
			idle(Weight::MAX);
		}
		let base = <() as crate::WeightInfo>::sweep(0);
		assert_eq!(idle(Weight::MAX), base);
	});
}

#[test]
fn without_weight_nothing_is_swept_and_nothing_is_lost() {
	build_and_execute(|| {
		for number in 0..4 {
			assert_ok!(note(number).propose());
		}
		set_time(START + DAY + HOUR);
		let (base, one) =
			(<() as crate::WeightInfo>::sweep(0), <() as crate::WeightInfo>::sweep(1));
		let short = base.saturating_sub(Weight::from_parts(1, 0));
		assert_eq!(idle(short), Weight::zero());
		assert_eq!(idle(base), base);
		assert_eq!(left(0..4), 4);
		// One step at a time, with the hours between.
		for _ in 0..40 {
			idle(one);
		}
		assert_eq!(left(0..4), 0);
	});
}

#[test]
fn a_verdict_comes_too_late_with_or_without_the_sweep() {
	build_and_execute(|| {
		for number in [1, 2] {
			assert_ok!(note(number).propose());
		}
		set_time(START + DAY);
		assert_noop!(pass(HOSPITAL, note(1).id(), 1, Source), E::DeadlinePassed);
		assert_ok!(reap_all(&[note(1).id()]));
		assert_noop!(pass(HOSPITAL, note(1).id(), 1, Source), E::RecordNotFound);
		// One that was decided in time is no prey of the sweep.
		set_time(START + DAY - 1);
		assert_ok!(pass(HOSPITAL, note(2).id(), 1, Source));
		set_time(START + 2 * DAY);
		assert_noop!(reap_all(&[note(2).id()]), E::NothingToReap);
	});
}

#[test]
fn an_hour_is_counted_from_1970_and_the_last_one_takes_the_rest() {
	use crate::calls::hour_of;
	assert_eq!([0, HOUR - 1, HOUR, 2 * HOUR].map(hour_of), [0, 0, 1, 2]);
	assert_eq!(hour_of(u64::from(u32::MAX) * HOUR), u32::MAX);
	assert_eq!(hour_of(u64::MAX), u32::MAX);
}

#[test]
fn what_never_lapses_is_never_swept() {
	build_and_execute(|| {
		let policy = ValidationPolicy { time_to_live: u64::MAX, ..CLINICAL };
		let class = RecordClass::Clinical;
		assert_ok!(HealthRecords::set_validation_policy(RuntimeOrigin::root(), class, policy));
		assert_ok!(note(1).propose());
		assert!(Deadlines::<Test>::contains_key(u32::MAX, note(1).id()));
		set_time(START + 10 * DAY);
		for _ in 0..100 {
			idle(Weight::MAX);
		}
		assert_eq!(status(note(1).id()), RecordStatus::InProcess);
	});
}
