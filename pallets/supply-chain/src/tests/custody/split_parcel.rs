// SPDX-License-Identifier: Apache-2.0

use super::*;

fn split(who: Sr25519Keyring, at: ParcelRef, index: u32) -> sp_runtime::DispatchResult {
	SupplyChain::split_parcel(signed(who), at, index)
}

#[test]
fn one_becomes_two_that_are_alike() {
	build_and_execute(|| {
		let batch = commissioned();
		handed_over(MAKER, WHOLESALER, &[item(batch, 0)]);
		let whole = stretch(item(batch, 0));

		assert_ok!(split(WHOLESALER, parcel(batch, 0), 250));

		assert_eq!(stretch(item(batch, 0)), Parcel { len: 250, ..whole });
		assert_eq!(stretch(item(batch, 250)), Parcel { len: UNITS - 250, ..whole });
		assert_eq!(whole.completeness, Completeness::Verified);
		assert_eq!(held_by(WHOLESALER), [item(batch, 0), item(batch, 250)]);
		assert_eq!(last_event(), Event::ParcelSplit { batch, start: 0, at: 250 });
	});
}

#[test]
fn both_stay_in_their_container() {
	build_and_execute(|| {
		let batch = commissioned();
		let case = container(1);
		packed(case, &[item(batch, 0)]);

		assert_ok!(split(MAKER, parcel(batch, 0), 1));

		assert_eq!(inside(case), [item(batch, 0), item(batch, 1)]);
		assert_eq!(row(case).items, 2);
		assert_eq!(held_by(MAKER), [boxed(case)]);
	});
}

#[test]
fn both_stay_put_aside() {
	build_and_execute(|| {
		let batch = commissioned();
		put_aside(item(batch, 0));
		let hold = stretch(item(batch, 0)).hold;

		assert_ok!(split(MAKER, parcel(batch, 0), 7));
		assert!(hold.is_some());
		assert_eq!((stretch(item(batch, 0)).hold, stretch(item(batch, 7)).hold), (hold, hold));
	});
}

#[test]
fn cuts_off_one_unit_at_either_end() {
	build_and_execute(|| {
		let batch = commissioned();

		assert_ok!(split(MAKER, parcel(batch, 0), 1));
		assert_ok!(split(MAKER, parcel(batch, 1), UNITS - 1));

		let lengths = [0, 1, UNITS - 1].map(|start| stretch(item(batch, start)).len);
		assert_eq!(lengths, [1, UNITS - 2, 1]);
	});
}

#[test]
fn refuses_to_cut_nothing_off() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_ok!(split(MAKER, parcel(batch, 0), 100));

		for at in [0, 100, 101, UNITS, u32::MAX] {
			let call = split(MAKER, parcel(batch, 0), at);
			assert_noop!(call, Error::<Test>::RangeOutsideParcel);
		}
		for at in [0, 99, 100, UNITS, UNITS + 1, u32::MAX] {
			let call = split(MAKER, parcel(batch, 100), at);
			assert_noop!(call, Error::<Test>::RangeOutsideParcel);
		}
	});
}

#[test]
fn a_forged_start_opens_nobodys_parcel() {
	build_and_execute(|| {
		let batch = commissioned();
		cut(batch, &[0, 100]);
		handed_over(MAKER, WHOLESALER, &[item(batch, 100)]);

		for start in [1, 99, 101, u32::MAX] {
			let call = split(MAKER, parcel(batch, start), start.saturating_add(1));
			assert_noop!(call, Error::<Test>::UnknownParcel);
		}
		let elsewhere = split(MAKER, parcel(BatchIx(9), 0), 1);
		assert_noop!(elsewhere, Error::<Test>::UnknownParcel);
		// From one's own into the other's.
		let across = split(MAKER, parcel(batch, 0), 200);
		assert_noop!(across, Error::<Test>::RangeOutsideParcel);
		assert_noop!(split(MAKER, parcel(batch, 100), 200), Error::<Test>::NotCustodian);
	});
}

#[test]
fn refuses_on_the_way_and_under_a_seal() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 100]);
		let case = container(1);
		packed(case, &items[..1]);
		assert_ok!(SupplyChain::seal(signed(MAKER), case, digest(8)));

		assert_noop!(split(MAKER, parcel(batch, 0), 5), Error::<Test>::ContainerSealed);
		shipped(MAKER, WHOLESALER, &[items[1], boxed(case)]);
		for who in [MAKER, WHOLESALER] {
			for (start, at) in [(0, 5), (100, 200)] {
				let call = split(who, parcel(batch, start), at);
				assert_noop!(call, Error::<Test>::InTransit);
			}
		}
	});
}
