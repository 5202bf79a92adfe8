// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Three parcels of the maker in a case on a pallet.
fn loaded() -> (Vec<ItemRef>, Sscc, Sscc) {
	let batch = commissioned();
	let items = cut(batch, &[0, 48, 96]);
	let [case, pallet] = containers();
	packed(case, &items);
	packed(pallet, &[boxed(case)]);
	(items, case, pallet)
}

#[test]
fn what_is_named_comes_out() {
	build_and_execute(|| {
		let (items, case, pallet) = loaded();
		let told = Told { at: Some(START - 5), epcis: Some(digest(9)) };
		let (named, looked) = (items[1..2].to_vec().try_into().unwrap(), Completeness::Verified);

		assert_ok!(SupplyChain::unpack(signed(MAKER), case, Some(named), looked, told));

		let out = stretch(items[1]);
		assert_eq!((out.place, out.completeness), (Place::Held(id(MAKER)), looked));
		assert_eq!(inside(case), [items[0], items[2]]);
		assert_eq!((row(case).items, row(case).emptied), (2, None));
		assert_eq!(held_by(MAKER), [items[1], boxed(pallet)]);
		let event = Event::Unpacked {
			sscc: case,
			items: 1,
			root: hash_of(&items[1..2]),
			emptied: false,
			by: id(MAKER),
			completeness: looked,
			told,
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn all_come_out_and_the_container_is_over() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48, 96]);
		let case = container(1);
		packed(case, &items);
		set_time(START + 9);

		assert_ok!(try_empty(MAKER, case));

		assert_eq!((row(case).items, row(case).emptied), (0, Some(START + 9)));
		assert_eq!(inside(case), []);
		// It is over: nobody holds it, though its number rests.
		assert_eq!(held_by(MAKER), items);
		let event = Event::Unpacked {
			sscc: case,
			items: 3,
			root: hash_of(&items),
			emptied: true,
			by: id(MAKER),
			completeness: Completeness::Verified,
			told: Told::default(),
		};
		assert_eq!(last_event(), event);
	});
}

#[test]
fn who_received_it_unpacks_it() {
	build_and_execute(|| {
		let (items, case, pallet) = loaded();
		handed_over(MAKER, WHOLESALER, &[boxed(pallet)]);

		assert_noop!(try_empty(MAKER, case), Error::<Test>::NotCustodian);
		assert_ok!(try_unpack(WHOLESALER, case, &items[..1]));
		assert_eq!(held_by(WHOLESALER), [items[0], boxed(pallet)]);
		assert_eq!(row(pallet).items, 1);
	});
}

#[test]
fn a_container_comes_out_with_all_that_is_in_it() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, pallet] = containers();
		packed(case, &items[..1]);
		packed(pallet, &[items[1], boxed(case)]);

		assert_ok!(try_unpack(MAKER, pallet, &[boxed(case)]));

		assert_eq!(row(case).completeness, Completeness::Verified);
		assert_eq!(held_by(MAKER), [boxed(case), boxed(pallet)]);
		assert_eq!((inside(case), inside(pallet)), (vec![items[0]], vec![items[1]]));
	});
}

#[test]
fn the_last_item_of_the_innermost_ends_what_stands_around_it() {
	build_and_execute(|| {
		let (items, case, pallet) = loaded();
		System::reset_events();

		assert_ok!(try_empty(MAKER, case));

		assert!(row(case).emptied.is_some() && row(pallet).emptied.is_some());
		assert_eq!((inside(case), inside(pallet)), (vec![], vec![]));
		assert_eq!(held_by(MAKER), items);
		let unpacked = |sscc, items: &[ItemRef]| {
			RuntimeEvent::SupplyChain(Event::Unpacked {
				sscc,
				items: items.len() as u32,
				root: hash_of(items),
				emptied: true,
				by: id(MAKER),
				completeness: Completeness::Verified,
				told: Told::default(),
			})
		};
		let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
		assert_eq!(events, [unpacked(case, &items), unpacked(pallet, &[boxed(case)])]);
	});
}

#[test]
fn weight_is_given_back_for_items_that_were_not_there() {
	build_and_execute(|| {
		let (items, case, _) = loaded();
		let (looked, told) = (Completeness::Verified, Told::default());
		let (sscc, none, completeness) = (case, None, looked);
		let call = Call::<Test>::unpack { sscc, items: none, completeness, told };
		let full = call.get_dispatch_info().call_weight;
		assert_eq!(full, <() as WeightInfo>::unpack(MAX_ITEMS));

		let used = SupplyChain::unpack(signed(MAKER), case, None, looked, told).unwrap();
		let weight = <() as WeightInfo>::unpack(items.len() as u32);
		assert_eq!(used.actual_weight, Some(weight));
	});
}

#[test]
fn what_stands_around_stays_while_it_holds_more() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &[0, 48]);
		let [case, pallet] = containers();
		packed(case, &items[..1]);
		packed(pallet, &[items[1], boxed(case)]);

		assert_ok!(try_empty(MAKER, case));

		assert!(row(case).emptied.is_some());
		assert_eq!((row(pallet).items, row(pallet).emptied), (1, None));
		assert_eq!(inside(pallet), items[1..]);
	});
}

#[test]
fn more_than_256_are_named() {
	build_and_execute(|| {
		let batch = commissioned();
		let items = cut(batch, &(0..257).collect::<Vec<_>>());
		let case = container(1);
		packed(case, &items[..256]);
		packed(case, &items[256..]);

		assert_noop!(try_empty(MAKER, case), Error::<Test>::TooManyItems);
		assert_ok!(try_unpack(MAKER, case, &items[..1]));
		assert_ok!(try_empty(MAKER, case));
		assert_eq!(held_by(MAKER), items);
	});
}

#[test]
fn refuses_who_does_not_hold_it() {
	build_and_execute(|| {
		let (items, case, pallet) = loaded();

		for sscc in [case, pallet] {
			assert_noop!(try_empty(WHOLESALER, sscc), Error::<Test>::NotCustodian);
		}
		let named = try_unpack(STRANGER, case, &items);
		assert_noop!(named, Error::<Test>::NotCustodian);
	});
}

#[test]
fn nothing_comes_out_on_the_way() {
	build_and_execute(|| {
		let (_, case, pallet) = loaded();
		shipped(MAKER, WHOLESALER, &[boxed(pallet)]);

		for who in [MAKER, WHOLESALER] {
			for sscc in [case, pallet] {
				assert_noop!(try_empty(who, sscc), Error::<Test>::InTransit);
			}
		}
	});
}

#[test]
fn nothing_comes_out_of_what_is_sealed() {
	build_and_execute(|| {
		let (_, case, pallet) = loaded();
		assert_ok!(SupplyChain::seal(signed(MAKER), pallet, digest(8)));

		for sscc in [case, pallet] {
			assert_noop!(try_empty(MAKER, sscc), Error::<Test>::ContainerSealed);
		}
		assert_ok!(SupplyChain::unseal(signed(MAKER), pallet));
		assert_ok!(try_empty(MAKER, case));
	});
}

#[test]
fn nothing_comes_out_of_what_is_put_aside() {
	build_and_execute(|| {
		let (_, case, pallet) = loaded();
		put_aside(boxed(pallet));

		for sscc in [case, pallet] {
			assert_noop!(try_empty(MAKER, sscc), Error::<Test>::Quarantined);
		}
	});
}

#[test]
fn what_is_put_aside_inside_comes_out_put_aside() {
	build_and_execute(|| {
		let (items, case, _) = loaded();
		put_aside(items[1]);

		assert_ok!(try_unpack(MAKER, case, &items[1..2]));
		assert!(stretch(items[1]).hold.is_some());
	});
}

#[test]
fn refuses_what_is_not_in_it() {
	build_and_execute(|| {
		let (items, case, pallet) = loaded();
		let ItemRef::Parcel(ParcelRef { batch, .. }) = items[0] else { panic!("a parcel") };
		let other = container(2);

		for foreign in [item(batch, 1), boxed(other), boxed(case), boxed(sscc(9))] {
			assert_noop!(try_unpack(MAKER, case, &[foreign]), Error::<Test>::NotInContainer);
		}
		let storeys = try_unpack(MAKER, pallet, &items[..1]);
		assert_noop!(storeys, Error::<Test>::NotInContainer);
		let one_of_many = try_unpack(MAKER, case, &[items[0], boxed(other)]);
		assert_noop!(one_of_many, Error::<Test>::NotInContainer);
	});
}

#[test]
fn refuses_what_is_unknown_empty_or_over() {
	build_and_execute(|| {
		let (_, case, _) = loaded();
		let fresh = container(2);
		assert_ok!(try_empty(MAKER, case));

		assert_noop!(try_empty(MAKER, sscc(9)), Error::<Test>::UnknownContainer);
		assert_noop!(try_empty(MAKER, fresh), Error::<Test>::ContainerEmpty);
		assert_noop!(try_empty(MAKER, case), Error::<Test>::ContainerEmptied);
	});
}

#[test]
fn the_list_rises_and_names_something() {
	build_and_execute(|| {
		let (items, case, _) = loaded();

		assert_noop!(try_unpack(MAKER, case, &[]), Error::<Test>::NothingNamed);
		for list in [[items[1], items[0]], [items[1], items[1]]] {
			assert_noop!(try_unpack(MAKER, case, &list), Error::<Test>::NotSorted);
		}
	});
}

#[test]
fn times_are_not_far_off() {
	build_and_execute(|| {
		let (items, case, _) = loaded();
		let (off, edges) = times();
		let unpack = |item: ItemRef, told| {
			let named = Some(vec![item].try_into().unwrap());
			SupplyChain::unpack(signed(MAKER), case, named, Completeness::Unknown, told)
		};

		for told in off {
			assert_noop!(unpack(items[0], told), Error::<Test>::ClockSkew);
		}
		assert_ok!(unpack(items[0], edges[0]));
		assert_ok!(unpack(items[1], edges[1]));
	});
}
