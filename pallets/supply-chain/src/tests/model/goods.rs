// SPDX-License-Identifier: Apache-2.0

//! The model: a row per unit with its state and place, a row per container and shipment, and the
//! rules as the documentation tells them.

use crate::{MAX_DEPTH, UNDO_WINDOW};
use salus_primitives::UnitState::{self, *};

pub(super) const BATCHES: usize = 2;
pub(super) const UNITS: usize = 64;
/// The maker, a wholesaler and two pharmacies, in this order.
pub(super) const PARTNERS: usize = 4;
const MAKER: usize = 0;
/// How many containers are in use at most.
const MAX_CONTAINERS: usize = 4;
/// How many recalls of one lot are open at most.
const MAX_OPEN: usize = 8;

/// A unit by batch and index.
pub(super) type Unit = (usize, usize);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Item {
	/// By its first unit.
	Parcel(Unit),
	/// By its number.
	Container(usize),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spot {
	With(usize),
	In(usize),
	Under(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
	Split(usize, Unit, usize),
	/// The parcel of a unit with the one behind it.
	Merge(usize, Unit),
	NewContainer,
	Pack(usize, usize, Item),
	Unpack(usize, usize, Item),
	/// Everything out.
	Empty(usize, usize),
	Ship(usize, usize, Item),
	Receive(usize, usize),
	Void(usize, usize),
	Dispense(usize, Unit),
	/// Half of it.
	DispensePart(usize, Unit),
	Undo(usize, Unit),
	/// Whether with the secret, and for sale.
	Return(usize, Unit, bool, bool),
	Quarantine(usize, Unit),
	Release(usize, Unit),
	ReleaseParcel(usize, Unit),
	Destroy(usize, Unit),
	Stolen(usize, Unit),
	Missing(usize, Unit),
	/// A lot, by its batch.
	Recall(usize),
	Close(usize),
}

pub(super) const NAMES: [&str; 21] = [
	"split",
	"merge",
	"new container",
	"pack",
	"unpack",
	"empty",
	"ship",
	"receive",
	"void",
	"dispense",
	"dispense a part",
	"undo",
	"return",
	"quarantine",
	"release",
	"release a parcel",
	"destroy",
	"stolen",
	"missing",
	"recall",
	"close",
];

impl Op {
	pub(super) fn name(&self) -> &'static str {
		let place = match self {
			Self::Split(..) => 0,
			Self::Merge(..) => 1,
			Self::NewContainer => 2,
			Self::Pack(..) => 3,
			Self::Unpack(..) => 4,
			Self::Empty(..) => 5,
			Self::Ship(..) => 6,
			Self::Receive(..) => 7,
			Self::Void(..) => 8,
			Self::Dispense(..) => 9,
			Self::DispensePart(..) => 10,
			Self::Undo(..) => 11,
			Self::Return(..) => 12,
			Self::Quarantine(..) => 13,
			Self::Release(..) => 14,
			Self::ReleaseParcel(..) => 15,
			Self::Destroy(..) => 16,
			Self::Stolen(..) => 17,
			Self::Missing(..) => 18,
			Self::Recall(..) => 19,
			Self::Close(..) => 20,
		};
		NAMES[place]
	}
}

/// Who let a unit leave, when, and whether it was opened.
#[derive(Clone, Copy, Debug)]
struct Left {
	by: usize,
	at: u64,
	part: bool,
	secret: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct UnitModel {
	pub(super) state: UnitState,
	/// What it was before it was put aside.
	before: Option<UnitState>,
	/// Whether a parcel begins with it.
	begins: bool,
	/// Where its parcel is.
	pub(super) spot: Spot,
	/// Who put its parcel aside when a recall came in with it.
	pub(super) aside: Option<usize>,
	/// How many halves were dispensed.
	halves: u8,
	left: Option<Left>,
}

pub(super) struct ContainerModel {
	pub(super) spot: Spot,
	/// Whether it was emptied.
	pub(super) over: bool,
	/// How many storeys have stood in it at most.
	height: usize,
}

pub(super) struct ShipmentModel {
	from: usize,
	to: usize,
	item: Item,
	open: bool,
}

pub(super) struct Goods {
	units: [[UnitModel; UNITS]; BATCHES],
	pub(super) cases: Vec<ContainerModel>,
	pub(super) sent: Vec<ShipmentModel>,
	/// The open recalls of each batch's lot.
	pub(super) recalls: [usize; BATCHES],
}

impl Goods {
	pub(super) fn new() -> Self {
		let unit = UnitModel {
			state: Active,
			before: None,
			begins: false,
			spot: Spot::With(MAKER),
			aside: None,
			halves: 0,
			left: None,
		};
		let mut units = [[unit; UNITS]; BATCHES];
		units.iter_mut().for_each(|batch| batch[0].begins = true);
		let cases = vec![ContainerModel { spot: Spot::With(MAKER), over: false, height: 1 }];
		Self { units, cases, sent: Vec::new(), recalls: [0; BATCHES] }
	}

	pub(super) fn containers(&self) -> usize {
		self.cases.len()
	}

	/// A container in use.
	pub(super) fn cases_in_use(&self) -> Vec<usize> {
		(0..self.cases.len()).filter(|case| !self.cases[*case].over).collect()
	}

	/// The open shipments with their partners.
	pub(super) fn under_way(&self) -> Vec<(usize, usize, usize)> {
		let sent = self.sent.iter().enumerate().filter(|(_, sent)| sent.open);
		sent.map(|(number, sent)| (number, sent.from, sent.to)).collect()
	}

	pub(super) fn unit(&self, (batch, index): Unit) -> &UnitModel {
		&self.units[batch][index]
	}

	fn unit_mut(&mut self, (batch, index): Unit) -> &mut UnitModel {
		&mut self.units[batch][index]
	}

	/// The first unit of the parcel that a unit is in.
	pub(super) fn parcel_of(&self, (batch, index): Unit) -> Unit {
		let first = (0..=index).rev().find(|at| self.units[batch][*at].begins);
		(batch, first.unwrap())
	}

	/// The index behind the parcel that a unit is in.
	pub(super) fn end_of(&self, (batch, index): Unit) -> usize {
		(index + 1..UNITS).find(|at| self.units[batch][*at].begins).unwrap_or(UNITS)
	}

	pub(super) fn begins(&self, unit: Unit) -> bool {
		self.unit(unit).begins
	}

	fn parcel_units(&self, unit: Unit) -> Vec<Unit> {
		let (batch, start) = self.parcel_of(unit);
		(start..self.end_of(unit)).map(|index| (batch, index)).collect()
	}

	/// Who holds what is at a spot.
	fn holder_at(&self, spot: Spot) -> Option<usize> {
		match spot {
			Spot::With(who) => Some(who),
			Spot::In(case) => self.holder_at(self.cases[case].spot),
			Spot::Under(_) => None,
		}
	}

	pub(super) fn holder(&self, unit: Unit) -> Option<usize> {
		self.holder_at(self.unit(unit).spot)
	}

	/// Which shipment a unit is on.
	pub(super) fn shipment(&self, unit: Unit) -> Option<usize> {
		let mut spot = self.unit(unit).spot;
		while let Spot::In(case) = spot {
			spot = self.cases[case].spot;
		}
		match spot {
			Spot::Under(shipment) => Some(shipment),
			_ => None,
		}
	}

	pub(super) fn container_holder(&self, case: usize) -> Option<usize> {
		self.holder_at(self.cases[case].spot)
	}

	pub(super) fn item_holder(&self, item: Item) -> Option<usize> {
		self.holder_at(self.spot(item))
	}

	fn spot(&self, item: Item) -> Spot {
		match item {
			Item::Parcel(unit) => self.unit(unit).spot,
			Item::Container(case) => self.cases[case].spot,
		}
	}

	fn put(&mut self, item: Item, spot: Spot) {
		match item {
			Item::Parcel(unit) => {
				for unit in self.parcel_units(unit) {
					self.unit_mut(unit).spot = spot;
				}
			},
			Item::Container(case) => self.cases[case].spot = spot,
		}
	}

	/// What is directly in a container.
	pub(super) fn contents(&self, case: usize) -> Vec<Item> {
		let parcels = (0..BATCHES).flat_map(|batch| (0..UNITS).map(move |index| (batch, index)));
		let parcels = parcels.filter(|unit| self.begins(*unit)).map(Item::Parcel);
		let cases = (0..self.cases.len()).filter(|case| !self.cases[*case].over);
		let inside = |item: &Item| self.spot(*item) == Spot::In(case);
		parcels.chain(cases.map(Item::Container)).filter(inside).collect()
	}

	/// A container that lost something is over when nothing is left, and so on outwards.
	fn lost_something(&mut self, case: usize) {
		if self.contents(case).is_empty() {
			let outer = self.cases[case].spot;
			self.cases[case].over = true;
			if let Spot::In(outer) = outer {
				self.lost_something(outer);
			}
		}
	}

	fn is_recalled(&self, unit: Unit) -> bool {
		self.recalls[unit.0] > 0
	}

	/// A container and those around it, the innermost first.
	fn around(&self, case: usize) -> Vec<usize> {
		let mut chain = vec![case];
		while let Spot::In(outer) = self.cases[chain[chain.len() - 1]].spot {
			chain.push(outer);
		}
		chain
	}

	/// The obstacles of a unit that the model knows, the worst first.
	pub(super) fn worst(&self, unit: Unit) -> &'static str {
		let row = self.unit(unit);
		match row.state {
			Illegitimate => "illegitimate",
			Stolen => "stolen",
			Destroyed => "destroyed",
			_ if self.is_recalled(unit) => "recalled",
			Quarantined => "quarantined",
			_ if row.aside.is_some() => "quarantined",
			Dispensed => "dispensed",
			Missing => "missing",
			Returned => "returned",
			_ if self.shipment(unit).is_some() => "in transit",
			PartiallyDispensed => "partially dispensed",
			_ => "nothing",
		}
	}

	/// What an operation does, and whether it succeeds.
	pub(super) fn apply(&mut self, op: Op, now: u64) -> bool {
		match op {
			Op::Split(who, unit, at) => self.split(who, unit, at),
			Op::Merge(who, unit) => self.merge(who, unit),
			Op::NewContainer => {
				let room = self.cases.iter().filter(|case| !case.over).count() < MAX_CONTAINERS;
				if room {
					let spot = Spot::With(MAKER);
					self.cases.push(ContainerModel { spot, over: false, height: 1 });
				}
				room
			},
			Op::Pack(who, case, item) => self.pack(who, case, item),
			Op::Unpack(who, case, item) => self.unpack(who, case, &[item]),
			Op::Empty(who, case) => self.unpack(who, case, &self.contents(case)),
			Op::Ship(who, to, item) => self.ship(who, to, item),
			Op::Receive(who, shipment) => self.receive(who, shipment),
			Op::Void(who, shipment) => self.void(who, shipment),
			Op::Dispense(who, unit) => self.dispense(who, unit, now),
			Op::DispensePart(who, unit) => self.dispense_part(who, unit, now),
			Op::Undo(who, unit) => self.undo(who, unit, now),
			Op::Return(who, unit, secret, sale) => self.take_back(who, unit, secret, sale, now),
			Op::Quarantine(who, unit) => self.quarantine(who, unit),
			Op::Release(who, unit) => self.release(who, unit),
			Op::ReleaseParcel(who, unit) => {
				let free = self.unit(unit).aside.is_some() && !self.is_recalled(unit);
				let may = self.holder(unit) == Some(who) && free;
				if may {
					self.parcel_units(unit).into_iter().for_each(|unit| {
						self.unit_mut(unit).aside = None;
					});
				}
				may
			},
			Op::Destroy(who, unit) => {
				let from =
					[Active, Dispensed, PartiallyDispensed, Stolen, Quarantined, Returned, Missing];
				self.end(who, unit, &from, Destroyed)
			},
			Op::Stolen(who, unit) => {
				let from = [Active, PartiallyDispensed, Quarantined, Returned, Missing];
				self.end(who, unit, &from, Stolen)
			},
			Op::Missing(who, unit) => {
				let was_active = self.unit(unit).state == Active;
				let from = [Active, PartiallyDispensed, Quarantined, Returned];
				let lost = self.end(who, unit, &from, Missing);
				if lost && was_active {
					let left = Left { by: who, at: now, part: false, secret: false };
					self.unit_mut(unit).left = Some(left);
				}
				lost
			},
			Op::Recall(batch) => {
				let room = self.recalls[batch] < MAX_OPEN;
				self.recalls[batch] += usize::from(room);
				room
			},
			Op::Close(batch) => {
				let open = self.recalls[batch] > 0;
				self.recalls[batch] -= usize::from(open);
				open
			},
		}
	}

	fn split(&mut self, who: usize, unit: Unit, at: usize) -> bool {
		let (batch, start) = self.parcel_of(unit);
		let within = start < at && at < self.end_of(unit);
		let may = self.holder(unit) == Some(who) && within;
		if may {
			self.unit_mut((batch, at)).begins = true;
		}
		may
	}

	fn merge(&mut self, who: usize, unit: Unit) -> bool {
		let (first, end) = (self.parcel_of(unit), self.end_of(unit));
		if end == UNITS {
			return false;
		}
		let second = (unit.0, end);
		let (one, other) = (*self.unit(first), *self.unit(second));
		let alike = one.spot == other.spot && one.aside == other.aside;
		let ordinary =
			|unit: Unit| self.parcel_units(unit).len() > 1 || self.unit(unit).state == Active;
		let may = self.holder(unit) == Some(who) && alike && ordinary(first) && ordinary(second);
		if may {
			self.unit_mut(second).begins = false;
		}
		may
	}

	/// Whether somebody has something at hand: itself, and not over.
	fn at_hand(&self, who: usize, item: Item) -> bool {
		let over = matches!(item, Item::Container(case) if self.cases[case].over);
		self.spot(item) == Spot::With(who) && !over
	}

	fn pack(&mut self, who: usize, case: usize, item: Item) -> bool {
		let open = !self.cases[case].over && self.container_holder(case) == Some(who);
		let fits = match item {
			Item::Parcel(unit) => self.unit(unit).aside.is_none(),
			Item::Container(inner) => {
				let storeys = self.around(case).len() + self.cases[inner].height;
				!self.around(case).contains(&inner) && storeys <= usize::from(MAX_DEPTH)
			},
		};
		let may = open && fits && self.at_hand(who, item);
		if may {
			self.put(item, Spot::In(case));
			if let Item::Container(inner) = item {
				let inside = self.cases[inner].height;
				for (storey, outer) in self.around(case).into_iter().enumerate() {
					let outer = &mut self.cases[outer];
					outer.height = outer.height.max(inside + storey + 1);
				}
			}
		}
		may
	}

	fn unpack(&mut self, who: usize, case: usize, items: &[Item]) -> bool {
		let open = !self.cases[case].over && self.container_holder(case) == Some(who);
		let inside = |item: &Item| {
			let over = matches!(item, Item::Container(inner) if self.cases[*inner].over);
			self.spot(*item) == Spot::In(case) && !over
		};
		let may = open && !items.is_empty() && items.iter().all(inside);
		if may {
			items.iter().for_each(|item| self.put(*item, Spot::With(who)));
			self.lost_something(case);
		}
		may
	}

	fn ship(&mut self, who: usize, to: usize, item: Item) -> bool {
		let back = to == MAKER;
		let goes = match item {
			Item::Parcel(unit) => {
				let row = self.unit(unit);
				let alone = self.parcel_units(unit).len() == 1;
				let sound = row.state == Active || (row.state == Returned && back);
				let stopped = row.aside.is_some() || self.is_recalled(unit);
				(back || !stopped) && (!alone || sound)
			},
			Item::Container(case) => !self.contents(case).is_empty(),
		};
		let may = who != to && self.at_hand(who, item) && goes;
		if may {
			self.put(item, Spot::Under(self.sent.len()));
			self.sent.push(ShipmentModel { from: who, to, item, open: true });
		}
		may
	}

	pub(super) fn sent_item(&self, shipment: usize) -> Item {
		self.sent[shipment].item
	}

	fn receive(&mut self, who: usize, shipment: usize) -> bool {
		let Some(sent) = self.sent.get_mut(shipment) else { return false };
		let may = sent.open && sent.to == who;
		if may {
			sent.open = false;
			let item = sent.item;
			self.put(item, Spot::With(who));
			if let Item::Parcel(unit) = item
				&& self.is_recalled(unit)
			{
				for unit in self.parcel_units(unit) {
					self.unit_mut(unit).aside.get_or_insert(who);
				}
			}
		}
		may
	}

	fn void(&mut self, who: usize, shipment: usize) -> bool {
		let Some(sent) = self.sent.get_mut(shipment) else { return false };
		let may = sent.open && sent.from == who;
		if may {
			sent.open = false;
			let item = sent.item;
			self.put(item, Spot::With(who));
		}
		may
	}

	/// Whether somebody may hand a unit over that nothing stands against but `also`.
	fn hands_over(&self, who: usize, unit: Unit, also: &str) -> bool {
		let pharmacy = who >= 2;
		let free = ["nothing", also].contains(&self.worst(unit));
		pharmacy && self.holder(unit) == Some(who) && free
	}

	fn dispense(&mut self, who: usize, unit: Unit, now: u64) -> bool {
		let may = self.hands_over(who, unit, "nothing");
		if may {
			let row = self.unit_mut(unit);
			row.state = Dispensed;
			row.left = Some(Left { by: who, at: now, part: false, secret: true });
		}
		may
	}

	fn dispense_part(&mut self, who: usize, unit: Unit, now: u64) -> bool {
		let may = self.hands_over(who, unit, "partially dispensed");
		if may {
			let row = self.unit_mut(unit);
			row.halves += 1;
			row.state = if row.halves == 2 { Dispensed } else { PartiallyDispensed };
			row.left = Some(Left { by: who, at: now, part: true, secret: true });
		}
		may
	}

	fn undo(&mut self, who: usize, unit: Unit, now: u64) -> bool {
		let row = self.unit(unit);
		let lately = |left: Left| left.by == who && !left.part && now < left.at + UNDO_WINDOW;
		let left = matches!(row.state, Dispensed | Missing) && row.left.is_some_and(lately);
		let may = self.holder(unit) == Some(who) && left && !self.is_recalled(unit);
		if may {
			let row = self.unit_mut(unit);
			(row.state, row.left) = (Active, None);
		}
		may
	}

	fn take_back(&mut self, who: usize, unit: Unit, secret: bool, sale: bool, now: u64) -> bool {
		let row = *self.unit(unit);
		let lately = row.left.filter(|left| now < left.at + UNDO_WINDOW);
		let Some(holder) = self.holder(unit) else { return false };
		let opens = secret && who >= 2 && lately.is_some_and(|left| left.secret);
		let own = lately.is_some_and(|left| left.by == who && !left.part);
		let out = matches!(row.state, Dispensed | PartiallyDispensed);
		let may = out && (holder == who || opens) && (own || !sale);
		if may {
			self.set_apart(unit);
			self.unit_mut(unit).spot = Spot::With(who);
			if let Spot::In(case) = row.spot {
				self.lost_something(case);
			}
			let sound = sale && !self.is_recalled(unit);
			let row = self.unit_mut(unit);
			row.state = if sound { Active } else { Returned };
			row.left = None;
		}
		may
	}

	/// Makes a unit a parcel of its own.
	fn set_apart(&mut self, (batch, index): Unit) {
		self.units[batch][index].begins = true;
		if index + 1 < UNITS {
			self.units[batch][index + 1].begins = true;
		}
	}

	fn quarantine(&mut self, who: usize, unit: Unit) -> bool {
		let state = self.unit(unit).state;
		let from = [Active, Dispensed, PartiallyDispensed, Returned, Missing];
		let may = self.holder(unit) == Some(who) && from.contains(&state);
		if may {
			self.set_apart(unit);
			let row = self.unit_mut(unit);
			(row.state, row.before) = (Quarantined, Some(state));
		}
		may
	}

	fn release(&mut self, who: usize, unit: Unit) -> bool {
		let row = *self.unit(unit);
		// A wholesaler does not judge what came back.
		let to = match row.state {
			Quarantined => row.before,
			Returned if who != 1 && row.halves == 0 => Some(Active),
			_ => None,
		};
		let may = self.holder(unit) == Some(who) && !self.is_recalled(unit) && to.is_some();
		if may {
			let row = self.unit_mut(unit);
			(row.state, row.before) = (to.unwrap(), None);
		}
		may
	}

	/// A unit ends in a state: nothing is kept of what it was.
	fn end(&mut self, who: usize, unit: Unit, from: &[UnitState], to: UnitState) -> bool {
		let may = self.holder(unit) == Some(who) && from.contains(&self.unit(unit).state);
		if may {
			let row = self.unit_mut(unit);
			(row.state, row.before, row.halves, row.left) = (to, None, 0, None);
		}
		may
	}
}
