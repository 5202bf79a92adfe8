// SPDX-License-Identifier: Apache-2.0

//! The same operations as calls, and what the chain says afterwards.

use super::{
	super::actors::*,
	goods::{self, Goods, Item, Op, Spot, Unit},
};
use crate::{mock::*, units::Book, *};
use frame_support::{
	assert_ok,
	dispatch::DispatchResultWithPostInfo,
	traits::{Hooks, Time},
	weights::Weight,
};
use salus_primitives::{
	BatchIx, Completeness, DAY, DecommissionReason, LotIx, QuarantineReason, RecallClass,
	RecallDepth, RecallId, ShipmentId, UnitRef,
};
use salus_test_support::account;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{DispatchResult, MultiSignature};

const PARTNERS: [Sr25519Keyring; goods::PARTNERS] = [MAKER, WHOLESALER, PHARMACY, OTHER_PHARMACY];
/// What opens every commitment of the model.
const SECRET: u8 = 9;

pub(super) struct Chain {
	/// How many containers were commissioned.
	containers: u32,
	/// The open recalls of each batch's lot, and how many there were.
	open: [Vec<RecallId>; goods::BATCHES],
	references: u8,
	block: u64,
}

fn batch(batch: usize) -> BatchIx {
	BatchIx(batch as u64)
}

fn unit_ref((of, index): Unit) -> UnitRef {
	UnitRef { batch: batch(of), index: index as u32 }
}

fn item_ref(item: Item) -> ItemRef {
	match item {
		Item::Parcel((of, start)) => item_of(of, start),
		Item::Container(number) => ItemRef::Container(sscc(number as u32)),
	}
}

fn item_of(of: usize, start: usize) -> ItemRef {
	super::super::actors::item(batch(of), start as u32)
}

/// Where the parcel of a unit begins on the chain.
fn start_of(unit: Unit) -> u32 {
	SupplyChain::find_parcel(unit_ref(unit), None, usize::MAX).unwrap()
}

fn held(unit: Unit) -> HeldUnit {
	HeldUnit { unit: unit_ref(unit), parcel_start: start_of(unit) }
}

fn proved(unit: Unit) -> UnitProof {
	let (of, index) = unit;
	proof(batch(of), of as u8 + 1, goods::UNITS as u32, index as u32, start_of(unit))
}

/// Whether a call succeeded, whatever else it says.
trait Outcome {
	fn done(self) -> DispatchResult;
}

impl Outcome for DispatchResult {
	fn done(self) -> DispatchResult {
		self
	}
}

impl Outcome for DispatchResultWithPostInfo {
	fn done(self) -> DispatchResult {
		self.map(|_| ()).map_err(|refused| refused.error)
	}
}

impl Chain {
	/// Two lots of the drug with a batch of each, that the maker holds, and an empty container.
	pub(super) fn commissioned() -> Self {
		registered();
		for number in 1..=goods::BATCHES as u8 {
			let lot = lot(&format!("L{number}"));
			commission(lot, number, goods::UNITS as u32);
		}
		let mut chain = Self { containers: 0, open: Default::default(), references: 0, block: 1 };
		assert_ok!(chain.new_container());
		chain
	}

	fn new_container(&mut self) -> DispatchResult {
		let prefix = PREFIX.parse().unwrap();
		SupplyChain::commission_container(signed(MAKER), sscc(self.containers), prefix)?;
		self.containers += 1;
		Ok(())
	}

	pub(super) fn apply(&mut self, op: Op) -> DispatchResult {
		let by = |who: usize| signed(PARTNERS[who]);
		let told = Told::default();
		match op {
			Op::Split(who, unit, at) => {
				let parcel = parcel(batch(unit.0), start_of(unit));
				SupplyChain::split_parcel(by(who), parcel, at as u32).done()
			},
			Op::Merge(who, unit) => {
				let first = parcel(batch(unit.0), start_of(unit));
				let len = Parcels::<Test>::get(first.batch, first.start).unwrap().len;
				let second = parcel(first.batch, first.start + len);
				SupplyChain::merge_parcels(by(who), first, second).done()
			},
			Op::NewContainer => {
				let live = Containers::<Test>::iter_values().filter(|row| row.emptied.is_none());
				// As many as the model wants: the chain itself knows no bound.
				if live.count() < 4 { self.new_container() } else { Err("enough".into()) }
			},
			Op::Pack(who, case, item) => {
				let items = vec![item_ref(item)].try_into().unwrap();
				SupplyChain::pack(by(who), sscc(case as u32), items, told).done()
			},
			Op::Unpack(who, case, item) => {
				let items = Some(vec![item_ref(item)].try_into().unwrap());
				let looked = Completeness::Verified;
				SupplyChain::unpack(by(who), sscc(case as u32), items, looked, told).done()
			},
			Op::Empty(who, case) => {
				let looked = Completeness::Verified;
				SupplyChain::unpack(by(who), sscc(case as u32), None, looked, told).done()
			},
			Op::Ship(who, to, item) => {
				let items = vec![item_ref(item)].try_into().unwrap();
				let to = id(PARTNERS[to]);
				SupplyChain::ship(by(who), to, None, items, digest(7), true, told).done()
			},
			Op::Receive(who, shipment) => {
				let shipment = ShipmentId(shipment as u64);
				let items: Vec<_> = ShipmentItems::<Test>::iter_key_prefix(shipment).collect();
				let items = items.try_into().unwrap();
				let looked = Completeness::Verified;
				SupplyChain::receive(by(who), shipment, items, true, 0, looked, told).done()
			},
			Op::Void(who, shipment) => {
				SupplyChain::void_ship(by(who), ShipmentId(shipment as u64)).done()
			},
			Op::Dispense(who, unit) => {
				let units = vec![dispensing(proved(unit), SECRET)].try_into().unwrap();
				SupplyChain::dispense(by(who), units, site(), RxLink::None, told).done()
			},
			Op::DispensePart(who, unit) => {
				let unit = dispensing(proved(unit), SECRET);
				SupplyChain::dispense_partial(by(who), unit, 5_000, site(), RxLink::None, told)
					.done()
			},
			Op::Undo(who, unit) => {
				SupplyChain::undo_decommission(by(who), held(unit), site(), true).done()
			},
			Op::Return(who, unit, secret, sale) => {
				let opening = secret.then(|| digest(SECRET));
				let units = vec![ReturnedUnit { unit: held(unit), opening }].try_into().unwrap();
				SupplyChain::return_units(by(who), units, sale, told).done()
			},
			Op::Quarantine(who, unit) => {
				let target = HoldTarget::Unit(held(unit));
				SupplyChain::quarantine(by(who), target, QuarantineReason::Damaged, None).done()
			},
			Op::Release(who, unit) => {
				let target = HoldTarget::Unit(held(unit));
				SupplyChain::release_quarantine(by(who), target, None).done()
			},
			Op::ReleaseParcel(who, unit) => {
				let target = HoldTarget::Parcel(parcel(batch(unit.0), start_of(unit)));
				SupplyChain::release_quarantine(by(who), target, None).done()
			},
			Op::Destroy(who, unit) => self.destroy(who, unit),
			Op::Stolen(who, unit) => {
				let units = vec![proved(unit)].try_into().unwrap();
				let reason = DecommissionReason::Stolen;
				SupplyChain::decommission(by(who), units, reason, site(), told).done()
			},
			Op::Missing(who, unit) => {
				let units = vec![proved(unit)].try_into().unwrap();
				let reason = DecommissionReason::Missing;
				SupplyChain::decommission(by(who), units, reason, site(), told).done()
			},
			Op::Recall(of) => self.recall(of),
			Op::Close(of) => match self.open[of].pop() {
				Some(recall) => SupplyChain::close_recall(signed(MAKER), recall),
				None => Err("nothing is open".into()),
			},
		}
	}

	fn destroy(&self, who: usize, unit: Unit) -> DispatchResult {
		let witness = if who == 1 { MAKER } else { WHOLESALER };
		let (units, certificate) = (vec![held(unit)], digest(8));
		let until = Timestamp::now() + DAY;
		let statement = destroy_statement(GENESIS, &id(PARTNERS[who]), &units, &certificate, until);
		let witness = Witness {
			account: account(witness),
			until,
			signature: MultiSignature::Sr25519(witness.sign(&statement)),
		};
		let units = units.try_into().unwrap();
		let told = Told::default();
		SupplyChain::destroy(signed(PARTNERS[who]), units, certificate, witness, told)
	}

	fn recall(&mut self, of: usize) -> DispatchResult {
		let recall = NextRecall::<Test>::get();
		self.references = self.references.wrapping_add(1);
		let mut reference = digest(self.references);
		reference.0[..8].copy_from_slice(&recall.0.to_le_bytes());
		SupplyChain::initiate_recall(
			signed(MAKER),
			RecallScope::Lot(LotIx(of as u64)),
			RecallClass::II,
			RecallDepth::Retail,
			Markets::default(),
			digest(1),
			reference,
		)?;
		self.open[of].push(recall);
		Ok(())
	}

	/// A block ends: the sweep runs, which changes nothing that anybody can tell.
	pub(super) fn end_block(&mut self) {
		SupplyChain::on_idle(self.block, Weight::MAX);
		self.block += 1;
		System::set_block_number(self.block);
		System::reset_events();
		assert_ok!(SupplyChain::do_try_state());
	}

	/// What stands against a unit, in the words of the model.
	pub(super) fn assert_status(&self, goods: &Goods, unit: Unit, now: u64) {
		let start = Some(start_of(unit));
		let book = &mut Book::<Test>::default();
		let standing = SupplyChain::standing(book, unit_ref(unit), start, Some(HERE), now).unwrap();
		let says = match standing.effective {
			None => "nothing",
			Some(Obstacle::Illegitimate) => "illegitimate",
			Some(Obstacle::Stolen) => "stolen",
			Some(Obstacle::Destroyed) => "destroyed",
			Some(Obstacle::Recalled(_)) => "recalled",
			Some(Obstacle::Quarantined) => "quarantined",
			Some(Obstacle::Dispensed) => "dispensed",
			Some(Obstacle::Missing) => "missing",
			Some(Obstacle::Returned) => "returned",
			Some(Obstacle::InTransit(_)) => "in transit",
			Some(Obstacle::PartiallyDispensed) => "partially dispensed",
			Some(other) => panic!("{other:?} is nothing that the model knows"),
		};
		assert_eq!(says, goods.worst(unit), "{unit:?}");
		let holder = goods.holder(unit).map(|who| id(PARTNERS[who]));
		assert_eq!(standing.holder, holder, "{unit:?}");
		let shipment = goods.shipment(unit).map(|number| ShipmentId(number as u64));
		assert_eq!(standing.shipment, shipment, "{unit:?}");
	}

	/// Every unit, container and shipment is as the model says.
	pub(super) fn assert_like(&self, goods: &Goods, number: u32) {
		let place = |spot: Spot| match spot {
			Spot::With(who) => Place::Held(id(PARTNERS[who])),
			Spot::In(case) => Place::Inside(sscc(case as u32)),
			Spot::Under(shipment) => Place::InTransit(ShipmentId(shipment as u64)),
		};
		for of in 0..goods::BATCHES {
			for index in 0..goods::UNITS {
				let unit = (of, index);
				let state = Book::<Test>::default().state(unit_ref(unit));
				assert_eq!(state, goods.unit(unit).state, "after {number}: {unit:?}");
				let row = Parcels::<Test>::get(batch(of), index as u32);
				assert_eq!(row.is_some(), goods.begins(unit), "after {number}: {unit:?}");
				let Some(row) = row else { continue };
				let model = goods.unit(unit);
				assert_eq!(row.len as usize, goods.end_of(unit) - index, "after {number}");
				assert_eq!(row.place, place(model.spot), "after {number}: {unit:?}");
				let aside = model.aside.map(|who| id(PARTNERS[who]));
				assert_eq!(row.hold.map(|hold| hold.by), aside, "after {number}: {unit:?}");
			}
		}
		for case in goods.cases_in_use() {
			let row = Containers::<Test>::get(sscc(case as u32)).unwrap();
			assert_eq!(row.emptied, None, "after {number}: case {case}");
			assert_eq!(row.items as usize, goods.contents(case).len(), "after {number}");
			assert_eq!(row.place, place(goods.cases[case].spot), "after {number}: case {case}");
		}
		let under_way = goods.under_way();
		assert_eq!(Shipments::<Test>::iter_keys().count(), under_way.len(), "after {number}");
		for (shipment, from, to) in under_way {
			let id_there = ShipmentId(shipment as u64);
			let row = Shipments::<Test>::get(id_there).unwrap();
			let partners = (id(PARTNERS[from]), id(PARTNERS[to]));
			assert_eq!((row.from, row.to), partners, "after {number}");
			let item = item_ref(goods.sent_item(shipment));
			let listed = ShipmentItems::<Test>::contains_key(id_there, item);
			assert!(listed, "after {number}: {item:?}");
		}
		assert_eq!(goods.recalls, [self.open[0].len(), self.open[1].len()]);
	}
	/// The containers that are over are those that the model emptied.
	pub(super) fn assert_over(&self, goods: &Goods) {
		for (case, model) in goods.cases.iter().enumerate() {
			let row = Containers::<Test>::get(sscc(case as u32)).unwrap();
			assert_eq!(row.emptied.is_some(), model.over, "case {case}");
		}
	}
}
