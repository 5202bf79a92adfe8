// SPDX-License-Identifier: Apache-2.0

use super::journeys::{PUMP, pump, pumps};
use super::*;

const GIVEN_AWAY: [(DecommissionReason, UnitState); 3] = [
	(DecommissionReason::Export, UnitState::Exported),
	(DecommissionReason::Sample, UnitState::Sample),
	(DecommissionReason::FreeSample, UnitState::FreeSample),
];

#[test]
fn units_leave_for_a_reason() {
	build_and_execute(|| {
		let batch = stocked();
		let lost = [
			(DecommissionReason::Missing, UnitState::Missing),
			(DecommissionReason::Stolen, UnitState::Stolen),
		];
		let (by, told) = (id(PHARMACY), Told::default());
		for ((reason, to), index) in GIVEN_AWAY.into_iter().chain(lost).zip(0..) {
			assert_ok!(leave(PHARMACY, vec![pack(batch, index)], reason));
			let unit = unit(batch, index);
			assert_eq!(state(unit), to);
			assert_eq!(counted(batch, to), 1);
			assert_eq!(last_event(), Event::UnitDecommissioned { unit, reason, by, told });
			let kept = Leavings::<Test>::get(unit).map(|leaving| leaving.commitment);
			let undone = (to != UnitState::Stolen).then_some(None);
			assert_eq!(kept, undone);
			assert_noop!(
				leave(PHARMACY, vec![pack(batch, index)], reason),
				Error::<Test>::AlreadyInState
			);
		}
	});
}

#[test]
fn what_could_not_be_sold_is_not_exported_or_given_away() {
	build_and_execute(|| {
		let batch = stocked();
		let give = |reason| leave(PHARMACY, vec![pack(batch, 7)], reason);
		let recall = recalled(RecallScope::Lot(lot_of(batch)), &[THERE]);
		for reason in [DecommissionReason::Export, DecommissionReason::FreeSample] {
			assert_noop!(give(reason), Error::<Test>::Recalled);
		}
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_ok!(put_aside(PHARMACY, HoldTarget::Parcel(parcel(batch, 0))));
		assert_noop!(give(DecommissionReason::Export), Error::<Test>::Quarantined);
		// An authority looks at what is put aside too.
		assert_ok!(give(DecommissionReason::Sample));
	});
}

#[test]
fn goods_leave_no_sealed_container() {
	build_and_execute(|| {
		let batch = stocked_in_a_container();
		assert_ok!(SupplyChain::seal(signed(PHARMACY), sscc(1), digest(1)));
		for (reason, _) in GIVEN_AWAY {
			assert_noop!(
				leave(PHARMACY, vec![pack(batch, 7)], reason),
				Error::<Test>::ContainerSealed
			);
		}
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Stolen));
	});
}

#[test]
fn what_is_gone_does_not_leave_again() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		for (reason, _) in GIVEN_AWAY {
			assert_noop!(
				leave(PHARMACY, vec![pack(batch, 7)], reason),
				Error::<Test>::BadTransition
			);
		}
		assert_noop!(
			leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Missing),
			Error::<Test>::BadTransition
		);
	});
}

#[test]
fn nothing_is_kept_of_a_lost_pack_that_was_not_active() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 2_500));
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Missing));
		assert_eq!(Partials::<Test>::get(unit(batch, 7)), None);
		assert_eq!(Leavings::<Test>::get(unit(batch, 7)), None);
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::UndoWindowClosed);

		assert_ok!(put_aside(PHARMACY, on(batch, 8)));
		let aside = UnitProof { parcel_start: 8, ..pack(batch, 8) };
		assert_ok!(leave(PHARMACY, vec![aside], DecommissionReason::Stolen));
		assert_eq!(UnitHolds::<Test>::get(unit(batch, 8)), None);
	});
}

#[test]
fn what_an_authority_locked_is_not_written_off() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(lock(on(batch, 7)));
		for reason in [DecommissionReason::Missing, DecommissionReason::Stolen] {
			assert_noop!(
				leave(PHARMACY, vec![pack(batch, 7)], reason),
				Error::<Test>::BadTransition
			);
		}
	});
}

#[test]
fn refuses_who_may_not_and_what_is_not_sound() {
	build_and_execute(|| {
		let batch = stocked();
		let export = DecommissionReason::Export;
		let packs = || vec![pack(batch, 7)];
		assert_noop!(leave(STRANGER, packs(), export), Error::<Test>::NotLicensed);
		assert_noop!(leave(OTHER_PHARMACY, packs(), export), Error::<Test>::NotCustodian);
		assert_noop!(leave(PHARMACY, vec![], export), Error::<Test>::NothingNamed);
		let twice = vec![pack(batch, 7), pack(batch, 7)];
		assert_noop!(leave(PHARMACY, twice, export), Error::<Test>::NotSorted);
		let salted = vec![UnitProof { salt: [0; 16], ..pack(batch, 7) }];
		assert_noop!(leave(PHARMACY, salted, export), Error::<Test>::BadProof);
		let nowhere = Site { market: salus_primitives::Jurisdiction(0), ..site() };
		let export_at = |site, told| {
			let packs = packs().try_into().unwrap();
			SupplyChain::decommission(signed(PHARMACY), packs, export, site, told)
		};
		assert_noop!(export_at(nowhere, Told::default()), Error::<Test>::BadMarket);
		let late = told(START - MAX_LATENESS - 1);
		assert_noop!(export_at(site(), late), Error::<Test>::ClockSkew);
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_noop!(leave(PHARMACY, packs(), export), Error::<Test>::InTransit);
	});
}

#[test]
fn a_drug_goes_into_no_use() {
	build_and_execute(|| {
		let batch = stocked();
		for reason in [DecommissionReason::InUse, DecommissionReason::Retired] {
			assert_noop!(leave(PHARMACY, vec![pack(batch, 7)], reason), Error::<Test>::NotADevice);
		}
	});
}

#[test]
fn a_device_goes_into_use_and_is_retired() {
	build_and_execute(|| {
		let batch = pumps();
		let in_use = || leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::InUse);
		let retire = || leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::Retired);
		assert_noop!(retire(), Error::<Test>::BadTransition);
		assert_ok!(in_use());
		assert_eq!(state(unit(batch, 1)), UnitState::Device);
		let life = DeviceLife::InUse { at: id(HOSPITAL), since: START };
		assert_eq!(Devices::<Test>::get(unit(batch, 1)), Some(life));
		assert_noop!(in_use(), Error::<Test>::AlreadyInState);

		set_time(START + DAY);
		assert_ok!(retire());
		let life = DeviceLife::Retired { by: id(HOSPITAL), at: START + DAY };
		assert_eq!(Devices::<Test>::get(unit(batch, 1)), Some(life));
		assert_eq!(state(unit(batch, 1)), UnitState::Device);
		assert_noop!(retire(), Error::<Test>::AlreadyInState);
		assert_noop!(in_use(), Error::<Test>::AlreadyInState);
	});
}

#[test]
fn a_device_goes_into_use_where_it_may() {
	build_and_execute(|| {
		let batch = pumps();
		let in_use = |site| {
			let packs = vec![pump(batch, 1)].try_into().unwrap();
			let reason = DecommissionReason::InUse;
			SupplyChain::decommission(signed(HOSPITAL), packs, reason, site, Told::default())
		};
		assert_noop!(in_use(abroad()), Error::<Test>::NotLicensed);
		Accreditations::settle(id(HOSPITAL), THERE);
		assert_noop!(in_use(abroad()), Error::<Test>::NotApprovedInMarket);
		Accreditations::settle(id(HOSPITAL), HERE);
		let recall = recalled(RecallScope::Product(di(PUMP)), &[HERE]);
		assert_noop!(in_use(site()), Error::<Test>::Recalled);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));
		assert_ok!(in_use(site()));
	});
}

#[test]
fn a_lost_device_is_no_device_in_use() {
	build_and_execute(|| {
		let batch = pumps();
		assert_ok!(leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::InUse));
		assert_ok!(leave(HOSPITAL, vec![pump(batch, 1)], DecommissionReason::Stolen));
		assert_eq!(Devices::<Test>::get(unit(batch, 1)), None);
	});
}
