// SPDX-License-Identifier: Apache-2.0

use super::*;
use codec::Decode;

#[test]
fn parcels_and_containers_go_in_together() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96]);
		let [case, pallet] = containers();
		packed(case, &items[..1]);
		let loaded = [items[1], items[2], boxed(case)];
		let told = Told { at: Some(START - 5), epcis: Some(digest(9)) };

		let list = loaded.to_vec().try_into().unwrap();
		assert_ok!(SupplyChain::pack(signed(MAKER), pallet, list, told));

		assert_eq!(inside(pallet), loaded);
		assert_eq!((row(pallet).items, row(pallet).height), (3, 2));
		assert!(loaded.iter().all(|item| place(*item) == Place::Inside(pallet)));
		assert_eq!(held_by(MAKER), [boxed(pallet)]);
		let root = hash_of(&loaded);
		let event = Event::Packed { sscc: pallet, items: 3, root, by: id(MAKER), told };
		assert_eq!(last_event(), event);
	});
}

#[test]
fn more_goes_into_what_has_something() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let case = container(1);
		packed(case, &items[..1]);
		packed(case, &items[1..]);

		assert_eq!((row(case).items, inside(case)), (2, items));
	});
}

#[test]
fn who_received_a_container_packs_into_it() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let case = container(1);
		packed(case, &items[..1]);
		handed_over(MAKER, WHOLESALER, &[items[1], boxed(case)]);

		assert_ok!(try_pack(WHOLESALER, case, &items[1..]));
		assert_eq!(held_by(WHOLESALER), [boxed(case)]);
	});
}

#[test]
fn goes_in_circles_never() {
	build_and_execute(|| {
		let batch = commissioned();
		let [a, b, c] = containers();
		packed(a, &[item(batch, 0)]);
		packed(b, &[boxed(a)]);
		packed(c, &[boxed(b)]);

		assert_noop!(try_pack(MAKER, a, &[boxed(c)]), Error::<Test>::CycleDetected);
		assert_noop!(try_pack(MAKER, a, &[boxed(b)]), Error::<Test>::CycleDetected);
		assert_noop!(try_pack(MAKER, a, &[boxed(a)]), Error::<Test>::CycleDetected);
		assert_noop!(try_pack(MAKER, c, &[boxed(c)]), Error::<Test>::CycleDetected);
	});
}

#[test]
fn six_stand_in_each_other_and_not_seven() {
	build_and_execute(|| {
		let batch = commissioned();
		let chain: [Sscc; 7] = containers();
		packed(chain[0], &[item(batch, 0)]);
		for pair in chain[..6].windows(2) {
			packed(pair[1], &[boxed(pair[0])]);
		}
		let heights: Vec<_> = chain.iter().map(|sscc| row(*sscc).height).collect();
		assert_eq!(heights, [1, 2, 3, 4, 5, 6, 1]);

		let outermost = try_pack(MAKER, chain[6], &[boxed(chain[5])]);
		assert_noop!(outermost, Error::<Test>::DepthExceeded);
		let innermost = try_pack(MAKER, chain[0], &[boxed(chain[6])]);
		assert_noop!(innermost, Error::<Test>::DepthExceeded);
		// One storey further out there is room.
		packed(chain[1], &[boxed(chain[6])]);
	});
}

#[test]
fn what_goes_in_deep_below_raises_all_around_it() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 1, 2]);
		let [a, b, c, d, e] = containers();
		for pair in [a, b, c].windows(2) {
			packed(pair[1], &[boxed(pair[0])]);
		}
		packed(d, &items[..1]);
		packed(e, &[boxed(d)]);

		packed(a, &[boxed(e)]);

		let heights: Vec<_> = [a, b, c].iter().map(|sscc| row(*sscc).height).collect();
		assert_eq!(heights, [3, 4, 5]);
		packed(a, &items[1..2]);
		assert_eq!([a, b, c].map(|sscc| row(sscc).height), [3, 4, 5]);
	});
}

#[test]
fn refuses_what_another_holds() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, other] = containers();
		packed(other, &items[1..]);
		handed_over(MAKER, WHOLESALER, &[items[0], boxed(other)]);

		for theirs in [items[0], boxed(other)] {
			assert_noop!(try_pack(MAKER, case, &[theirs]), Error::<Test>::NotCustodian);
		}
		let into_theirs = try_pack(WHOLESALER, case, &items[..1]);
		assert_noop!(into_theirs, Error::<Test>::NotCustodian);
	});
}

#[test]
fn refuses_what_is_in_a_container() {
	build_and_execute(|| {
		let batch = commissioned();
		let [case, pallet, other] = containers();
		packed(case, &[item(batch, 0)]);
		packed(pallet, &[boxed(case)]);

		for inner in [item(batch, 0), boxed(case)] {
			assert_noop!(try_pack(MAKER, other, &[inner]), Error::<Test>::AlreadyInContainer);
		}
		let again = try_pack(MAKER, pallet, &[boxed(case)]);
		assert_noop!(again, Error::<Test>::AlreadyInContainer);
	});
}

#[test]
fn refuses_what_is_on_its_way() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96, 144]);
		let [case, inner, other] = containers();
		packed(inner, &items[..1]);
		packed(case, &[boxed(inner)]);
		shipped(MAKER, WHOLESALER, &[items[1], boxed(case)]);

		assert_noop!(try_pack(MAKER, other, &items[1..2]), Error::<Test>::InTransit);
		assert_noop!(try_pack(MAKER, other, &[boxed(case)]), Error::<Test>::InTransit);
		for target in [case, inner] {
			assert_noop!(try_pack(MAKER, target, &items[2..3]), Error::<Test>::InTransit);
			assert_noop!(try_pack(WHOLESALER, target, &items[2..3]), Error::<Test>::InTransit);
		}
	});
}

#[test]
fn refuses_a_sealed_container() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, pallet] = containers();
		packed(case, &items[..1]);
		packed(pallet, &[boxed(case)]);
		assert_ok!(SupplyChain::seal(signed(MAKER), pallet, digest(8)));

		for target in [case, pallet] {
			assert_noop!(try_pack(MAKER, target, &items[1..]), Error::<Test>::ContainerSealed);
		}
	});
}

#[test]
fn a_sealed_container_goes_into_another() {
	build_and_execute(|| {
		let batch = commissioned();
		let [case, pallet] = containers();
		packed(case, &[item(batch, 0)]);
		assert_ok!(SupplyChain::seal(signed(MAKER), case, digest(8)));

		packed(pallet, &[boxed(case)]);
		assert_eq!(row(case).seal, Some(digest(8)));
	});
}

#[test]
fn refuses_what_is_put_aside() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96]);
		let [case, pallet, held] = containers();
		packed(case, &items[..1]);
		packed(pallet, &[boxed(case)]);
		put_aside(items[1]);
		put_aside(boxed(held));

		assert_noop!(try_pack(MAKER, case, &items[1..2]), Error::<Test>::Quarantined);
		assert_noop!(try_pack(MAKER, case, &[boxed(held)]), Error::<Test>::Quarantined);
		assert_noop!(try_pack(MAKER, held, &items[2..]), Error::<Test>::Quarantined);
		put_aside(boxed(pallet));
		for target in [case, pallet] {
			assert_noop!(try_pack(MAKER, target, &items[2..]), Error::<Test>::Quarantined);
		}
	});
}

#[test]
fn refuses_a_container_that_is_over() {
	build_and_execute(|| {
		let batch = commissioned();
		let [over, other] = containers();
		packed(over, &[item(batch, 0)]);
		assert_ok!(try_empty(MAKER, over));

		let into = try_pack(MAKER, over, &[item(batch, 0)]);
		assert_noop!(into, Error::<Test>::ContainerEmptied);
		assert_noop!(try_pack(MAKER, other, &[boxed(over)]), Error::<Test>::ContainerEmptied);
	});
}

#[test]
fn refuses_what_nobody_knows() {
	build_and_execute(|| {
		let batch = commissioned();
		let case = container(1);

		let nowhere = try_pack(MAKER, sscc(2), &[item(batch, 0)]);
		assert_noop!(nowhere, Error::<Test>::UnknownContainer);
		let nothing = try_pack(MAKER, case, &[boxed(sscc(2))]);
		assert_noop!(nothing, Error::<Test>::UnknownContainer);
		for forged in [item(batch, 1), item(BatchIx(7), 0)] {
			assert_noop!(try_pack(MAKER, case, &[forged]), Error::<Test>::UnknownParcel);
		}
	});
}

#[test]
fn the_list_rises_and_names_something() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, other] = containers();

		assert_noop!(try_pack(MAKER, case, &[]), Error::<Test>::NothingNamed);
		let falling = [items[1], items[0]];
		assert_noop!(try_pack(MAKER, case, &falling), Error::<Test>::NotSorted);
		let twice = [items[0], items[0]];
		assert_noop!(try_pack(MAKER, case, &twice), Error::<Test>::NotSorted);
		let mixed = [boxed(other), items[0]];
		assert_noop!(try_pack(MAKER, case, &mixed), Error::<Test>::NotSorted);
	});
}

#[test]
fn one_bad_item_keeps_all_of_them_out() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96]);
		let case = container(1);
		handed_over(MAKER, WHOLESALER, &items[2..]);

		assert_noop!(try_pack(MAKER, case, &items), Error::<Test>::NotCustodian);
	});
}

#[test]
fn takes_256_items_and_no_call_with_257_decodes() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &(0..257).collect::<Vec<_>>());
		let case = container(1);
		let call = |items: &[ItemRef]| {
			let bytes = (11u8, case, items, Told::default()).encode();
			Call::<Test>::decode(&mut bytes.as_slice())
		};

		assert!(call(&items).is_err());
		assert!(call(&items[..256]).is_ok());
		packed(case, &items[..256]);
		assert_eq!(row(case).items, MAX_ITEMS);
		packed(case, &items[256..]);
		assert_eq!(row(case).items, MAX_ITEMS + 1);
	});
}

#[test]
fn times_are_not_far_off() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let case = container(1);
		let (off, edges) = times();
		let pack = |items: &[ItemRef], told| {
			SupplyChain::pack(signed(MAKER), case, items.to_vec().try_into().unwrap(), told)
		};

		for told in off {
			assert_noop!(pack(&items, told), Error::<Test>::ClockSkew);
		}
		assert_ok!(pack(&items[..1], edges[0]));
		assert_ok!(pack(&items[1..], edges[1]));
	});
}
