// SPDX-License-Identifier: Apache-2.0

//! Lists in pages: every row once, whatever the size of the page.

use super::*;
use salus_primitives::{Completeness, ShipmentId};
use std::collections::BTreeSet;

/// Walks through a list in pages of each allowed size, and gives what it has.
fn walk<Item: Clone + Ord, Cursor: Clone>(
	page: impl Fn(Option<Cursor>, u32) -> Result<Page<Item, Cursor>, QueryError>,
) -> Vec<Item> {
	let mut walks = BTreeSet::new();
	for limit in 1..=MAX_PAGE {
		let (mut all, mut cursor) = (Vec::new(), None);
		loop {
			let Page { items, next } = page(cursor, limit).unwrap();
			assert!(items.len() <= limit as usize);
			// Only the last page is not full, and none but an empty list has an empty one.
			assert!(next.is_none() || items.len() == limit as usize);
			assert!(!items.is_empty() || all.is_empty());
			all.extend(items);
			match next {
				Some(next) => cursor = Some(next),
				None => break,
			}
		}
		walks.insert(all);
	}
	assert_eq!(walks.len(), 1, "every size of page gives the same list");
	let bad = Err(QueryError::BadLimit { max: MAX_PAGE });
	assert!(page(None, 0).map(|_| ()) == bad.map(|_: ()| ()));
	assert!(page(None, MAX_PAGE + 1).map(|_| ()) == bad);
	walks.into_iter().next().unwrap()
}

fn items_of(partner: Sr25519Keyring) -> Vec<ItemRef> {
	walk(|cursor, limit| {
		SupplyChain::api_holdings(id(partner), cursor, limit).map(|page| Page {
			items: page.items.into_iter().map(|holding| holding.item).collect(),
			next: page.next,
		})
	})
}

fn contained(sscc: salus_gs1::Sscc) {
	let prefix = PREFIX.parse().unwrap();
	assert_ok!(SupplyChain::commission_container(signed(MAKER), sscc, prefix));
}

fn packed(sscc: salus_gs1::Sscc, items: Vec<ItemRef>) {
	let mut items = items;
	items.sort();
	let items = items.try_into().unwrap();
	assert_ok!(SupplyChain::pack(signed(MAKER), sscc, items, Told::default()));
}

/// The batch in eleven parcels.
fn eleven(batch: BatchIx) -> Vec<ItemRef> {
	for number in 1..=10 {
		let (before, at) = (parcel(batch, (number - 1) * 50), number * 50);
		assert_ok!(SupplyChain::split_parcel(signed(MAKER), before, at));
	}
	(0..=10).map(|number| item(batch, number * 50)).collect()
}

#[test]
fn what_a_partner_holds_is_listed_once() {
	build_and_execute(|| {
		let batch = commissioned();
		assert_eq!(items_of(MAKER), [item(batch, 0)]);
		assert_eq!(items_of(PHARMACY), []);
		let parcels = eleven(batch);
		contained(sscc(1));
		packed(sscc(1), parcels[..2].to_vec());
		shipped(MAKER, WHOLESALER, &parcels[2..4]);
		let mut held = items_of(MAKER);
		held.sort();
		let mut expected = parcels[4..].to_vec();
		expected.push(ItemRef::Container(sscc(1)));
		assert_eq!(held, expected);
		assert_eq!(items_of(WHOLESALER), [], "not before it received them");
	});
}

#[test]
fn a_holding_says_what_it_is() {
	build_and_execute(|| {
		let batch = commissioned();
		contained(sscc(1));
		let of = |item| {
			let page = SupplyChain::api_holdings(id(MAKER), None, MAX_PAGE).unwrap();
			page.items.into_iter().find(|holding| holding.item == item).unwrap()
		};
		let goods = item(batch, 0);
		let parcel = Holding { item: goods, units: Some(UNITS), items: None, held: false };
		assert_eq!(of(goods), parcel);
		let case = ItemRef::Container(sscc(1));
		assert_eq!(of(case), Holding { item: case, units: None, items: Some(0), held: false });
		let hold = Hold { by: id(MAKER), authority: false, reason: QuarantineReason::Damaged };
		Parcels::<Test>::mutate(batch, 0, |row| row.as_mut().unwrap().hold = Some(hold));
		assert_eq!(of(goods), Holding { held: true, ..parcel });
	});
}

/// A pallet of two cases: three parcels in the first, two in the second, one beside them.
fn pallet(batch: BatchIx) -> Vec<ItemRef> {
	let parcels = eleven(batch);
	for number in 1..=3 {
		contained(sscc(number));
	}
	packed(sscc(1), parcels[..3].to_vec());
	packed(sscc(2), parcels[3..5].to_vec());
	let cases = [ItemRef::Container(sscc(1)), ItemRef::Container(sscc(2))];
	packed(sscc(3), [&cases, &parcels[5..6]].concat());
	parcels
}

/// The items of a tree with their depth, in its order.
fn tree(depth: u8) -> Vec<(u8, ItemRef)> {
	let mut order = Vec::new();
	let sorted = walk(|cursor, limit| {
		SupplyChain::api_container_tree(sscc(3), depth, cursor, limit).map(|page| Page {
			items: page.items.into_iter().map(|one| (one.depth, one.item)).collect(),
			next: page.next,
		})
	});
	order.extend(sorted);
	order
}

#[test]
fn a_container_is_listed_with_what_is_in_it() {
	build_and_execute(|| {
		let parcels = pallet(commissioned());
		let tree = tree(MAX_DEPTH);
		let at = |item| tree.iter().position(|(_, one)| *one == item).unwrap();
		let cases = [ItemRef::Container(sscc(1)), ItemRef::Container(sscc(2))];
		assert_eq!(tree.len(), 8);
		// Each case before what is in it, with nothing between.
		for (case, within) in [(cases[0], &parcels[..3]), (cases[1], &parcels[3..5])] {
			let first = at(case) + 1;
			let inside: BTreeSet<_> =
				tree[first..first + within.len()].iter().map(|(_, item)| *item).collect();
			assert_eq!(inside, within.iter().copied().collect());
			assert!(tree[first..first + within.len()].iter().all(|(depth, _)| *depth == 2));
		}
		assert_eq!(tree[at(parcels[5])].0, 1);
	});
}

#[test]
fn a_container_is_listed_as_deep_as_asked() {
	build_and_execute(|| {
		let batch = commissioned();
		let parcels = pallet(batch);
		let shallow: BTreeSet<_> = tree(1).into_iter().collect();
		let cases = [ItemRef::Container(sscc(1)), ItemRef::Container(sscc(2))];
		let expected = [(1, cases[0]), (1, cases[1]), (1, parcels[5])];
		assert_eq!(shallow, expected.into_iter().collect());
		let ask = |sscc, depth, cursor| {
			SupplyChain::api_container_tree(sscc, depth, cursor, 1).map(|page| page.items)
		};
		let bad = Err(QueryError::BadLimit { max: 6 });
		assert_eq!(ask(sscc(3), 0, None), bad);
		assert_eq!(ask(sscc(3), 7, None), bad);
		assert_eq!(ask(sscc(9), 1, None), Err(QueryError::Unknown));
		// A cursor that leads through what is no container, or too deep.
		let through = Some(vec![parcels[5], parcels[0]]);
		assert_eq!(ask(sscc(3), 6, through), Err(QueryError::Unknown));
		let deep = Some(vec![cases[0], parcels[0]]);
		assert_eq!(ask(sscc(3), 1, deep), Err(QueryError::Unknown));
		let units = SupplyChain::api_container_tree(sscc(1), 1, None, 1).unwrap().items[0].units;
		assert_eq!(units, Some(50));
	});
}

#[test]
fn a_page_goes_on_behind_what_was_taken_out_meanwhile() {
	build_and_execute(|| {
		let batch = commissioned();
		eleven(batch);
		let first = SupplyChain::api_holdings(id(MAKER), None, 3).unwrap();
		let last = first.items[2].item;
		shipped(MAKER, WHOLESALER, &[last]);
		let rest = |cursor| {
			let (mut all, mut cursor) = (Vec::new(), cursor);
			while let Some(behind) = cursor {
				let page = SupplyChain::api_holdings(id(MAKER), Some(behind), 4).unwrap();
				all.extend(page.items.into_iter().map(|holding| holding.item));
				cursor = page.next;
			}
			all
		};
		let seen = rest(first.next);
		assert_eq!(seen.len(), 8);
		assert!(first.items.iter().all(|holding| !seen.contains(&holding.item)));
	});
}

#[test]
fn shipments_are_listed_for_both_partners_until_they_end() {
	build_and_execute(|| {
		let batch = commissioned();
		let parcels = eleven(batch);
		let sent: Vec<_> =
			parcels[..6].iter().map(|one| shipped(MAKER, WHOLESALER, &[*one])).collect();
		let of = |partner: Sr25519Keyring| {
			let mut all = walk(|cursor, limit| {
				SupplyChain::api_open_shipments(id(partner), cursor, limit).map(|page| Page {
					items: page.items.into_iter().map(|one| one.shipment).collect(),
					next: page.next,
				})
			});
			all.sort();
			all
		};
		assert_eq!(of(MAKER), sent);
		assert_eq!(of(WHOLESALER), sent);
		assert_eq!(of(PHARMACY), []);
		assert_ok!(SupplyChain::receive(
			signed(WHOLESALER),
			sent[0],
			vec![parcels[0]].try_into().unwrap(),
			true,
			0,
			Completeness::Verified,
			Told::default()
		));
		assert_eq!(of(MAKER), sent[1..]);
		assert_eq!(SupplyChain::api_shipment(sent[0]), None);
		let view = SupplyChain::api_shipment(sent[1]).unwrap();
		assert_eq!((view.from, view.to), (id(MAKER), id(WHOLESALER)));
		assert_eq!((view.items, view.accepted, view.overdue), (vec![parcels[1]], 0, false));
	});
}

#[test]
fn a_shipment_is_overdue_after_thirty_days_and_nothing_happens() {
	build_and_execute(|| {
		let batch = commissioned();
		let shipment = shipped(MAKER, WHOLESALER, &[item(batch, 0)]);
		let overdue = || SupplyChain::api_shipment(shipment).unwrap().overdue;
		set_time(START + OVERDUE_AFTER - 1);
		assert!(!overdue());
		set_time(START + OVERDUE_AFTER);
		assert!(overdue());
		assert_eq!(effective(unit(batch, 0)), Some(Obstacle::InTransit(shipment)));
		assert_eq!(SupplyChain::api_shipment(ShipmentId(77)), None);
	});
}

#[test]
fn a_lot_sums_up_its_units_and_lists_its_batches() {
	build_and_execute(|| {
		registered();
		let lot = lot(LOT);
		let batches: Vec<_> = (1..=6).map(|number| commission(lot, number, 10)).collect();
		force(unit(batches[0], 3), UnitState::Dispensed);
		let summary = SupplyChain::api_lot_summary(lot).unwrap();
		assert_eq!(summary.product, di(DRUG));
		assert_eq!(summary.counters.of(UnitState::Active), 59);
		assert_eq!(summary.counters.of(UnitState::Dispensed), 1);
		assert_eq!(summary.counters.total(), 60);
		assert!(summary.released && !summary.closed && summary.holds.is_empty());
		let mut listed = walk(|cursor, limit| {
			SupplyChain::api_lot_batches(lot, cursor, limit).map(|page| Page {
				items: page.items.into_iter().map(|one| (one.batch, one.count)).collect(),
				next: page.next,
			})
		});
		listed.sort();
		let expected: Vec<_> = batches.into_iter().map(|batch| (batch, 10)).collect();
		assert_eq!(listed, expected);
		assert_eq!(SupplyChain::api_lot_by_number(di(DRUG), lot_no(LOT)), Some(lot));
		assert_eq!(SupplyChain::api_lot_by_number(di(DRUG), lot_no("l1")), None);
		assert_eq!(SupplyChain::api_lot_by_number(pump(), lot_no(LOT)), None);
		assert_eq!(SupplyChain::api_lot_summary(salus_primitives::LotIx(9)), None);
	});
}

#[test]
fn a_product_is_found_by_the_number_of_its_case() {
	build_and_execute(|| {
		let batch = commissioned();
		let UdiDi::Gs1(case) = pump() else { unreachable!() };
		PackLevels::<Test>::insert(case, (di(DRUG), 48));
		let unit = SupplyChain::api_product(di(DRUG), Some(HERE)).unwrap();
		assert_eq!((unit.product, unit.units, unit.holder), (di(DRUG), 1, id(MAKER)));
		assert!(unit.sellable && unit.approval.is_some() && unit.recalls.is_empty());
		let grouped = SupplyChain::api_product(pump(), Some(HERE)).unwrap();
		assert_eq!(grouped, ProductView { units: 48, ..unit });
		let there = SupplyChain::api_product(di(DRUG), Some(THERE)).unwrap();
		assert!(!there.sellable && there.approval.is_none());
		assert!(SupplyChain::api_product(di(DRUG), None).unwrap().sellable);
		assert_eq!(
			SupplyChain::api_lot_by_number(pump(), lot_no(LOT)),
			Some(Batches::<Test>::get(batch).unwrap().lot)
		);
		let recall = recalled_by(MAKER, RecallScope::Product(di(DRUG)), &[], RecallClass::I, 1);
		let recalled = SupplyChain::api_product(di(DRUG), Some(HERE)).unwrap();
		assert_eq!((recalled.sellable, recalled.recalls), (false, vec![recall]));
		assert_eq!(SupplyChain::api_product(di("07300011000017"), None), None);
	});
}

#[test]
fn the_progress_of_a_recall_is_listed_by_partner() {
	build_and_execute(|| {
		let batch = commissioned();
		let recall = recalled_by(MAKER, RecallScope::Batch(batch), &[], RecallClass::I, 1);
		let partners = [MAKER, WHOLESALER, PHARMACY, OTHER_PHARMACY, HOSPITAL];
		for (partner, quarantined) in partners.into_iter().zip(1..) {
			assert_ok!(SupplyChain::acknowledge_recall(signed(partner), recall));
			let progress = Progress { quarantined, ..Default::default() };
			assert_ok!(SupplyChain::report_recall_progress(signed(partner), recall, progress));
		}
		let listed = walk(|cursor, limit| {
			SupplyChain::api_recall_progress(recall, cursor, limit).map(|page| Page {
				items: page
					.items
					.into_iter()
					.map(|one| (one.report.progress.quarantined, one.partner))
					.collect(),
				next: page.next,
			})
		});
		let listed: BTreeSet<_> = listed.into_iter().collect();
		assert_eq!(listed, (1..).zip(partners.map(id)).collect());
		assert_eq!(SupplyChain::api_recall(recall).unwrap().progress.quarantined, 15);
		let unknown = SupplyChain::api_recall_progress(RecallId(5), None, 1);
		assert_eq!(unknown, Err(QueryError::Unknown));
		assert_eq!(SupplyChain::api_recall(RecallId(5)), None);
	});
}
