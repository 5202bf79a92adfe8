// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn makes_a_pack_active_again() {
	build_and_execute(|| {
		let batch = stocked();
		let unit = sold(batch, 7);
		assert_ok!(undo(PHARMACY, batch, 7, site()));
		assert_eq!(state(unit), UnitState::Active);
		assert_eq!(Leavings::<Test>::get(unit), None);
		assert_eq!(counted(batch, UnitState::Active), u64::from(UNITS));
		let (from, by) = (UnitState::Dispensed, id(PHARMACY));
		assert_eq!(last_event(), Event::DecommissionUndone { unit, from, by });
		assert_ok!(sell(PHARMACY, vec![pack(batch, 7)]));
	});
}

#[test]
fn ten_days_less_a_moment_are_in_time_and_ten_days_are_not() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		sold(batch, 8);
		for late in [UNDO_WINDOW, UNDO_WINDOW + 1] {
			set_time(START + late);
			assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::UndoWindowClosed);
		}
		set_time(START + UNDO_WINDOW - 1);
		assert_ok!(undo(PHARMACY, batch, 7, site()));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::BadTransition);
	});
}

#[test]
fn only_the_same_partner_account_and_location_undo() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_noop!(undo(COLLEAGUE, batch, 7, site()), Error::<Test>::UndoOtherSite);
		assert_noop!(undo(PHARMACY, batch, 7, branch()), Error::<Test>::UndoOtherSite);
		// Naming another market would hide a recall in this one.
		assert_noop!(undo(PHARMACY, batch, 7, abroad()), Error::<Test>::UndoOtherSite);
		assert_noop!(undo(OTHER_PHARMACY, batch, 7, site()), Error::<Test>::NotCustodian);
		handed_over(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_noop!(undo(OTHER_PHARMACY, batch, 7, site()), Error::<Test>::UndoOtherSite);
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::NotCustodian);
	});
}

#[test]
fn it_must_be_stated_that_the_pack_never_left() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_noop!(
			SupplyChain::undo_decommission(signed(PHARMACY), held(batch, 7, 0), site(), false),
			Error::<Test>::HandedOver
		);
	});
}

#[test]
fn what_is_recalled_expired_or_withdrawn_meanwhile_stays() {
	build_and_execute(|| {
		let batch = stocked();
		expire();
		let end = SupplyChain::now();
		set_time(START + 364 * DAY);
		sold(batch, 7);
		let recall = recalled_unit(batch, 7);
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::Recalled);
		assert_ok!(SupplyChain::close_recall(signed(MAKER), recall));

		Leavings::<Test>::mutate(unit(batch, 7), |leaving| leaving.as_mut().unwrap().at = end);
		set_time(end);
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::LotExpired);
		set_time(end - 1);
		let reason = digest(1);
		let here = Some(HERE);
		assert_ok!(SupplyChain::withdraw_product(signed(AUTHORITY), di(DRUG), here, reason));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::ProductWithdrawn);
		set_time(end);
	});
}

#[test]
fn a_product_withdrawn_everywhere_stays_out_too() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		assert_ok!(SupplyChain::withdraw_product(signed(MAKER), di(DRUG), None, digest(1)));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::ProductWithdrawn);
	});
}

#[test]
fn samples_exports_and_missing_packs_come_back_likewise() {
	build_and_execute(|| {
		let batch = stocked();
		let reasons = [
			DecommissionReason::Export,
			DecommissionReason::Sample,
			DecommissionReason::FreeSample,
			DecommissionReason::Missing,
		];
		for reason in reasons {
			assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], reason));
			assert_ok!(undo(PHARMACY, batch, 7, site()));
			assert_eq!(state(unit(batch, 7)), UnitState::Active);
		}
	});
}

#[test]
fn what_was_stolen_destroyed_or_put_aside_is_not_undone() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(leave(PHARMACY, vec![pack(batch, 7)], DecommissionReason::Stolen));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::BadTransition);
		sold(batch, 8);
		assert_ok!(burn(PHARMACY, &[held(batch, 8, 0)], WHOLESALER));
		assert_noop!(undo(PHARMACY, batch, 8, site()), Error::<Test>::BadTransition);
		sold(batch, 9);
		assert_ok!(lock(on(batch, 9)));
		assert_noop!(undo(PHARMACY, batch, 9, site()), Error::<Test>::BadTransition);
		assert_noop!(undo(PHARMACY, batch, 10, site()), Error::<Test>::BadTransition);
	});
}

#[test]
fn a_pack_that_went_in_parts_never_becomes_whole() {
	build_and_execute(|| {
		let batch = stocked();
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 5_000));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::BadTransition);
		assert_ok!(sell_part(PHARMACY, pack(batch, 7), 5_000));
		assert_noop!(undo(PHARMACY, batch, 7, site()), Error::<Test>::BadTransition);
	});
}

#[test]
fn a_unit_of_no_parcel_there_is_refused() {
	build_and_execute(|| {
		let batch = stocked();
		sold(batch, 7);
		let hinted = |index, start| {
			SupplyChain::undo_decommission(
				signed(PHARMACY),
				held(batch, index, start),
				site(),
				true,
			)
		};
		assert_noop!(hinted(7, 1), Error::<Test>::UnknownParcel);
		assert_noop!(hinted(UNITS, 0), Error::<Test>::RangeOutsideParcel);
		shipped(PHARMACY, OTHER_PHARMACY, &[item(batch, 0)]);
		assert_noop!(hinted(7, 0), Error::<Test>::InTransit);
	});
}
