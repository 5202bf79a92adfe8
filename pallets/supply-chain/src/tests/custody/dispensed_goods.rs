// SPDX-License-Identifier: Apache-2.0

//! What custody means for who hands goods over to patients.

use super::*;

/// `who` hands the unit at `index` of the batch over, out of the parcel from `start` on.
fn dispense(
	who: Sr25519Keyring,
	batch: BatchIx,
	index: u32,
	start: u32,
) -> DispatchResultWithPostInfo {
	let unit = dispensing(proof(batch, 1, UNITS, index, start), 1);
	let units = vec![unit].try_into().unwrap();
	SupplyChain::dispense(signed(who), units, site(), RxLink::None, Told::default())
}

/// A batch in a case that the pharmacy holds.
fn delivered() -> (BatchIx, Sscc) {
	let batch = commissioned();
	let case = container(1);
	packed(case, &[item(batch, 0)]);
	handed_over(MAKER, PHARMACY, &[boxed(case)]);
	(batch, case)
}

#[test]
fn nobody_dispenses_what_is_on_its_way() {
	build_and_execute(|| {
		let (batch, case) = delivered();
		let shipment = shipped(PHARMACY, OTHER_PHARMACY, &[boxed(case)]);

		for who in [PHARMACY, OTHER_PHARMACY] {
			assert_noop!(dispense(who, batch, 5, 0), Error::<Test>::InTransit);
		}
		assert_ok!(SupplyChain::void_ship(signed(PHARMACY), shipment));
		assert_ok!(dispense(PHARMACY, batch, 5, 0));
	});
}

#[test]
fn nobody_dispenses_from_under_a_seal() {
	build_and_execute(|| {
		let (batch, case) = delivered();
		assert_ok!(SupplyChain::seal(signed(PHARMACY), case, digest(8)));

		assert_noop!(dispense(PHARMACY, batch, 5, 0), Error::<Test>::ContainerSealed);
	});
}

#[test]
fn who_gave_goods_away_dispenses_none_of_them() {
	build_and_execute(|| {
		let (batch, case) = delivered();
		handed_over(PHARMACY, OTHER_PHARMACY, &[boxed(case)]);

		assert_noop!(dispense(PHARMACY, batch, 5, 0), Error::<Test>::NotCustodian);
		assert_ok!(dispense(OTHER_PHARMACY, batch, 5, 0));
	});
}

#[test]
fn a_content_that_was_only_inferred_shows_what_is_missing_at_the_scan() {
	build_and_execute(|| {
		let (batch, case) = delivered();
		assert_ok!(dispense(PHARMACY, batch, 5, 0));
		let shipment = shipped(PHARMACY, OTHER_PHARMACY, &[boxed(case)]);
		assert_ok!(try_receive(OTHER_PHARMACY, shipment, &[boxed(case)], true));
		assert_eq!(row(case).completeness, Completeness::Inferred);

		assert_noop!(dispense(OTHER_PHARMACY, batch, 5, 0), Error::<Test>::DispensedElsewhere);
		assert_ok!(dispense(OTHER_PHARMACY, batch, 6, 0));
	});
}

#[test]
fn a_forged_hint_opens_no_other_parcel() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 100]);
		handed_over(MAKER, PHARMACY, &items[..1]);
		handed_over(MAKER, OTHER_PHARMACY, &items[1..]);

		let across = dispense(PHARMACY, batch, 150, 0);
		assert_noop!(across, Error::<Test>::RangeOutsideParcel);
		assert_noop!(dispense(PHARMACY, batch, 150, 150), Error::<Test>::UnknownParcel);
		assert_noop!(dispense(PHARMACY, batch, 150, 100), Error::<Test>::NotCustodian);
	});
}
