// SPDX-License-Identifier: Apache-2.0

//! Custody as a child would keep it: every thing knows where it is, and nothing else is written
//! down. What a place holds is found by looking at everything.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

/// Where a thing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spot {
	With(IdentityId),
	In(Sscc),
	On(ShipmentId),
	/// An empty container that is over.
	Gone,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
	pub(super) len: u32,
	pub(super) spot: Spot,
	pub(super) looked: Completeness,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Crate {
	pub(super) spot: Spot,
	/// How many storeys it has had at most.
	pub(super) storeys: usize,
	pub(super) sealed: bool,
	pub(super) looked: Completeness,
}

pub(super) struct Voyage {
	pub(super) from: IdentityId,
	pub(super) to: IdentityId,
	pub(super) taken: u32,
}

#[derive(Default)]
pub(super) struct Model {
	pub(super) stretches: BTreeMap<ParcelRef, Stretch>,
	pub(super) crates: BTreeMap<Sscc, Crate>,
	pub(super) voyages: BTreeMap<ShipmentId, Voyage>,
	pub(super) voyages_ever: u64,
}

/// What is around a spot.
pub(super) struct Outside {
	pub(super) end: Spot,
	pub(super) crates: Vec<Sscc>,
	pub(super) sealed: bool,
}

impl Model {
	pub(super) fn spot(&self, item: ItemRef) -> Option<Spot> {
		match item {
			ItemRef::Parcel(at) => self.stretches.get(&at).map(|stretch| stretch.spot),
			ItemRef::Container(sscc) => self.crates.get(&sscc).map(|found| found.spot),
		}
	}

	pub(super) fn everything(&self) -> Vec<ItemRef> {
		let parcels = self.stretches.keys().copied().map(ItemRef::Parcel);
		parcels.chain(self.crates.keys().copied().map(ItemRef::Container)).collect()
	}

	/// What is at a spot, in rising order.
	pub(super) fn at(&self, spot: Spot) -> Vec<ItemRef> {
		let mut all = self.everything();
		all.retain(|item| self.spot(*item) == Some(spot));
		all
	}

	pub(super) fn outside(&self, spot: Spot) -> Outside {
		let (mut end, mut crates, mut sealed) = (spot, Vec::new(), false);
		while let Spot::In(sscc) = end {
			let around = &self.crates[&sscc];
			crates.push(sscc);
			sealed |= around.sealed;
			end = around.spot;
		}
		Outside { end, crates, sealed }
	}

	/// Whether `who` can reach for what is at a spot.
	fn reaches(&self, who: IdentityId, spot: Spot) -> bool {
		let outside = self.outside(spot);
		outside.end == Spot::With(who) && !outside.sealed
	}

	fn put(&mut self, item: ItemRef, spot: Spot, looked: Option<Completeness>) {
		match item {
			ItemRef::Parcel(at) => {
				let stretch = self.stretches.get_mut(&at).unwrap();
				stretch.spot = spot;
				stretch.looked = looked.unwrap_or(stretch.looked);
			},
			ItemRef::Container(sscc) => {
				let moved = self.crates.get_mut(&sscc).unwrap();
				moved.spot = spot;
				moved.looked = looked.unwrap_or(moved.looked);
			},
		}
	}

	pub(super) fn commission(&mut self, sscc: Sscc, who: IdentityId) {
		let (spot, looked) = (Spot::With(who), Completeness::Unknown);
		let fresh = Crate { spot, storeys: 1, sealed: false, looked };
		assert_eq!(self.crates.insert(sscc, fresh), None);
	}

	// Each of these does what it is asked and says so, or says that it may not be.

	pub(super) fn split(&mut self, who: IdentityId, first: ParcelRef, at: u32) -> bool {
		let whole = self.stretches[&first];
		let end = first.start + whole.len;
		if !self.reaches(who, whole.spot) || at <= first.start || end <= at {
			return false;
		}
		let second = ParcelRef { start: at, ..first };
		self.stretches.insert(first, Stretch { len: at - first.start, ..whole });
		self.stretches.insert(second, Stretch { len: end - at, ..whole });
		true
	}

	pub(super) fn merge(&mut self, who: IdentityId, first: ParcelRef, second: ParcelRef) -> bool {
		let (one, other) = (self.stretches[&first], self.stretches[&second]);
		let follows = (first.batch, first.start + one.len) == (second.batch, second.start);
		let alike = (one.spot, one.looked) == (other.spot, other.looked);
		if !self.reaches(who, one.spot) || !follows || !alike {
			return false;
		}
		self.stretches.remove(&second);
		self.stretches.insert(first, Stretch { len: one.len + other.len, ..one });
		true
	}

	pub(super) fn pack(&mut self, who: IdentityId, sscc: Sscc, items: &[ItemRef]) -> bool {
		let outside = self.outside(Spot::In(sscc));
		let storeys = |item: &ItemRef| match item {
			ItemRef::Parcel(_) => 0,
			ItemRef::Container(inner) => self.crates[inner].storeys,
		};
		let fits = items.iter().all(|item| {
			self.spot(*item) == Some(Spot::With(who))
				&& !outside.crates.iter().any(|around| ItemRef::Container(*around) == *item)
				&& outside.crates.len() + storeys(item) <= 6
		});
		if items.is_empty() || !fits || !self.reaches(who, Spot::In(sscc)) {
			return false;
		}
		let tallest = items.iter().map(storeys).max().unwrap_or(0);
		for (below, around) in (1..).zip(outside.crates) {
			let around = self.crates.get_mut(&around).unwrap();
			around.storeys = around.storeys.max(below + tallest);
		}
		items.iter().for_each(|item| self.put(*item, Spot::In(sscc), None));
		true
	}

	pub(super) fn unpack(
		&mut self,
		who: IdentityId,
		sscc: Sscc,
		items: Option<&[ItemRef]>,
		looked: Completeness,
	) -> bool {
		let content = self.at(Spot::In(sscc));
		let items = items.map_or(content.clone(), <[_]>::to_vec);
		let inside = items.iter().all(|item| content.contains(item));
		if items.is_empty() || !inside || !self.reaches(who, Spot::In(sscc)) {
			return false;
		}
		let around = self.outside(Spot::In(sscc)).crates;
		items.iter().for_each(|item| self.put(*item, Spot::With(who), Some(looked)));
		for sscc in around {
			if !self.at(Spot::In(sscc)).is_empty() {
				break;
			}
			let over = self.crates.get_mut(&sscc).unwrap();
			(over.spot, over.sealed) = (Spot::Gone, false);
		}
		true
	}

	pub(super) fn seal(&mut self, who: IdentityId, sscc: Sscc) -> bool {
		if self.at(Spot::In(sscc)).is_empty() || !self.reaches(who, Spot::In(sscc)) {
			return false;
		}
		self.crates.get_mut(&sscc).unwrap().sealed = true;
		true
	}

	pub(super) fn unseal(&mut self, who: IdentityId, sscc: Sscc) -> bool {
		let found = self.crates[&sscc];
		if !found.sealed || !self.reaches(who, found.spot) {
			return false;
		}
		self.crates.get_mut(&sscc).unwrap().sealed = false;
		true
	}

	pub(super) fn ship(&mut self, from: IdentityId, to: IdentityId, items: &[ItemRef]) -> bool {
		let goes = items.iter().all(|item| {
			let filled = match item {
				ItemRef::Parcel(_) => true,
				ItemRef::Container(sscc) => !self.at(Spot::In(*sscc)).is_empty(),
			};
			filled && self.spot(*item) == Some(Spot::With(from))
		});
		if items.is_empty() || !goes || from == to {
			return false;
		}
		let voyage = ShipmentId(self.voyages_ever);
		self.voyages_ever += 1;
		self.voyages.insert(voyage, Voyage { from, to, taken: 0 });
		items.iter().for_each(|item| self.put(*item, Spot::On(voyage), None));
		true
	}

	pub(super) fn receive(
		&mut self,
		who: IdentityId,
		shipment: ShipmentId,
		items: &[ItemRef],
		last: bool,
		looked: Completeness,
	) -> bool {
		let sent = self.at(Spot::On(shipment));
		let Some(voyage) = self.voyages.get_mut(&shipment) else { return false };
		let came = items.iter().all(|item| sent.contains(item));
		if voyage.to != who || !came || (items.is_empty() && !last) {
			return false;
		}
		voyage.taken += items.len() as u32;
		items.iter().for_each(|item| self.put(*item, Spot::With(who), Some(looked)));
		if last || items.len() == sent.len() {
			self.end(shipment);
		}
		true
	}

	pub(super) fn void(&mut self, who: IdentityId, shipment: ShipmentId) -> bool {
		let voyage = self.voyages.get(&shipment);
		let may = voyage.is_some_and(|voyage| voyage.from == who && voyage.taken == 0);
		if may {
			self.end(shipment);
		}
		may
	}

	pub(super) fn reject(&mut self, who: IdentityId, shipment: ShipmentId) -> bool {
		let voyage = self.voyages.get(&shipment);
		let may = voyage.is_some_and(|voyage| voyage.to == who && voyage.taken == 0);
		if may {
			self.end(shipment);
		}
		may
	}

	fn end(&mut self, shipment: ShipmentId) {
		let voyage = self.voyages.remove(&shipment).unwrap();
		let rest = self.at(Spot::On(shipment));
		rest.into_iter().for_each(|item| self.put(item, Spot::With(voyage.from), None));
	}

	/// Every index, as it would have to be.
	pub(super) fn listed(&self) -> Listed {
		let mut listed = Listed::default();
		for item in self.everything() {
			match self.spot(item).unwrap() {
				Spot::With(holder) => listed.held.insert((holder, item)),
				Spot::In(sscc) => listed.inside.insert((sscc, item)),
				Spot::On(shipment) => listed.sent.insert((shipment, item)),
				Spot::Gone => continue,
			};
		}
		for (shipment, voyage) in &self.voyages {
			listed.open.extend([(voyage.from, *shipment), (voyage.to, *shipment)]);
		}
		listed
	}
}

/// What lists say.
#[derive(Default, PartialEq, Eq, Debug)]
pub(super) struct Listed {
	pub(super) held: BTreeSet<(IdentityId, ItemRef)>,
	pub(super) inside: BTreeSet<(Sscc, ItemRef)>,
	pub(super) sent: BTreeSet<(ShipmentId, ItemRef)>,
	pub(super) open: BTreeSet<(IdentityId, ShipmentId)>,
}
