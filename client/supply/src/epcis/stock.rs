// SPDX-License-Identifier: Apache-2.0

//! What the calls so far leave where: batches, parcels, containers, as the chain keeps them.

use super::{PlanBatch, PlannedCall, PlannedItem, values::Thing};
use salus_gs1::{Gtin, Serial, Sscc};
use std::collections::{BTreeMap, BTreeSet};

/// Where a parcel or a container is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
	/// With the sender of the document.
	Held,
	/// In a container.
	Inside(Sscc),
	/// On its way.
	Shipped,
}

/// A stretch of a batch.
#[derive(Clone, Copy, Debug)]
struct Parcel {
	len: u32,
	place: Place,
}

/// How many items one call packs, and how many a shipment has: bounds of the chain.
const MAX_PACKED: usize = 256;
const MAX_SHIPPED: usize = 64;

/// What there is, and where.
#[derive(Default)]
pub(super) struct Stock {
	batches: PlanBatch,
	units: BTreeMap<(Gtin, Serial), (PlanBatch, u32)>,
	parcels: BTreeMap<(PlanBatch, u32), Parcel>,
	containers: BTreeMap<Sscc, Place>,
	/// The SSCCs of cases that a GTIN and a serial name.
	cases: BTreeMap<(Gtin, Serial), Sscc>,
}

type Refused<T> = Result<T, String>;

impl Stock {
	/// A batch of units, all of them one parcel.
	pub(super) fn commission(&mut self, product: Gtin, serials: &[Serial]) -> Refused<PlanBatch> {
		let batch = self.batches;
		let len = u32::try_from(serials.len()).ok().filter(|len| *len <= crate::MAX_LEAVES);
		let len = len.ok_or("an event commissions more than 2^24 units: split it")?;
		let mut fresh = BTreeSet::new();
		for serial in serials {
			if self.units.contains_key(&(product, *serial)) || !fresh.insert(*serial) {
				return Err(format!(
					"unit {product} with serial {serial} is commissioned twice: two packs with one serial \
					 are put aside as forgeries"
				));
			}
		}
		for (index, serial) in (0..).zip(serials) {
			self.units.insert((product, *serial), (batch, index));
		}
		self.parcels.insert((batch, 0), Parcel { len, place: Place::Held });
		self.batches = batch.saturating_add(1);
		Ok(batch)
	}

	/// A container, with what its own label calls it when that is no SSCC.
	pub(super) fn add_container(
		&mut self,
		sscc: Sscc,
		label: Option<(Gtin, Serial)>,
	) -> Refused<()> {
		if self.containers.contains_key(&sscc) {
			return Err(format!("container {sscc} is commissioned twice: number it anew"));
		}
		if let Some(label) = label {
			self.cases.insert(label, sscc);
		}
		self.containers.insert(sscc, Place::Held);
		Ok(())
	}

	/// The number of a container.
	pub(super) fn container(&self, thing: Thing) -> Refused<Sscc> {
		let found = match thing {
			Thing::Logistic(sscc) => self.containers.contains_key(&sscc).then_some(sscc),
			Thing::Item(gtin, serial) => self.cases.get(&(gtin, serial)).copied(),
		};
		found.ok_or_else(|| format!("{} was not commissioned as a container before", name(thing)))
	}

	/// Packs things into a container: the splits that this takes, and the packing.
	pub(super) fn pack(&mut self, parent: Thing, things: &[Thing]) -> Refused<Vec<PlannedCall>> {
		let sscc = self.container(parent)?;
		if self.containers.get(&sscc) == Some(&Place::Shipped) {
			return Err(format!("container {sscc} is on its way by then"));
		}
		let taken = self.look_up(things)?;
		if let Some(inner) = taken.containers.iter().find(|inner| self.is_around(**inner, sscc)) {
			return Err(format!("container {inner} would stand in itself"));
		}
		let (mut calls, items) = self.take(taken, Place::Inside(sscc), MAX_PACKED)?;
		calls.push(PlannedCall::Pack { sscc, items });
		Ok(calls)
	}

	/// Takes everything out of a container. `things` is what the event names: all of it, or nothing.
	pub(super) fn unpack(&mut self, parent: Thing, things: &[Thing]) -> Refused<PlannedCall> {
		let sscc = self.container(parent)?;
		if self.containers.get(&sscc) != Some(&Place::Held) {
			return Err(format!("container {sscc} stands in another, or is on its way by then"));
		}
		let inside = Place::Inside(sscc);
		let units = self.parcels.values().filter(|parcel| parcel.place == inside);
		let units: u64 = units.map(|parcel| u64::from(parcel.len)).sum();
		let containers = self.containers.values().filter(|place| **place == inside).count() as u64;
		if units.saturating_add(containers) == 0 {
			return Err(format!("container {sscc} is empty by then"));
		}
		if !things.is_empty() && things.len() as u64 != units.saturating_add(containers) {
			return Err(format!(
				"only a part of container {sscc} is taken out: unpack it with `salus supply unpack`, \
				 naming the parcels"
			));
		}
		for thing in things {
			if self.place_of(*thing)? != inside {
				return Err(format!("{} is not in container {sscc} by then", name(*thing)));
			}
		}
		for parcel in self.parcels.values_mut().filter(|parcel| parcel.place == inside) {
			parcel.place = Place::Held;
		}
		for place in self.containers.values_mut().filter(|place| **place == inside) {
			*place = Place::Held;
		}
		Ok(PlannedCall::Unpack { sscc })
	}

	/// Sends things away: the splits that this takes, and what is sent.
	pub(super) fn ship(
		&mut self,
		things: &[Thing],
	) -> Refused<(Vec<PlannedCall>, Vec<PlannedItem>)> {
		let taken = self.look_up(things)?;
		self.take(taken, Place::Shipped, MAX_SHIPPED)
	}

	fn place_of(&self, thing: Thing) -> Refused<Place> {
		if let Thing::Item(gtin, serial) = thing
			&& let Some(at) = self.units.get(&(gtin, serial))
		{
			let parcel = self.parcels.range(..=*at).next_back().map(|(_, parcel)| parcel.place);
			return parcel.ok_or_else(|| unknown(thing));
		}
		let sscc = self.container(thing)?;
		self.containers.get(&sscc).copied().ok_or_else(|| unknown(thing))
	}

	/// Whether `outer` is `inner` or stands around it.
	fn is_around(&self, outer: Sscc, inner: Sscc) -> bool {
		let mut at = inner;
		loop {
			if at == outer {
				return true;
			}
			match self.containers.get(&at) {
				Some(Place::Inside(next)) => at = *next,
				_ => return false,
			}
		}
	}

	/// Finds things that are held, each named once.
	fn look_up(&self, things: &[Thing]) -> Refused<Taken> {
		let mut taken = Taken::default();
		let mut named = BTreeSet::new();
		for thing in things {
			if !named.insert(*thing) {
				return Err(format!("{} is named twice", name(*thing)));
			}
			match self.place_of(*thing)? {
				Place::Held => (),
				Place::Inside(sscc) => {
					return Err(format!("{} is in container {sscc} by then", name(*thing)));
				},
				Place::Shipped => return Err(format!("{} is on its way by then", name(*thing))),
			}
			match thing {
				Thing::Item(gtin, serial) if self.units.contains_key(&(*gtin, *serial)) => {
					taken.units.extend(self.units.get(&(*gtin, *serial)));
				},
				other => taken.containers.push(self.container(*other)?),
			}
		}
		taken.units.sort_unstable();
		taken.containers.sort_unstable();
		if named.is_empty() { Err("it names nothing".into()) } else { Ok(taken) }
	}

	/// Makes parcels of their own of the units, and puts all into a place.
	fn take(
		&mut self,
		taken: Taken,
		place: Place,
		most: usize,
	) -> Refused<(Vec<PlannedCall>, Vec<PlannedItem>)> {
		let stretches = self.stretches(&taken.units);
		let count = stretches.len().saturating_add(taken.containers.len());
		if count > most {
			return Err(format!(
				"it has {count} parcels and containers, and one call takes {most}: units of one container \
				 lie apart in their batches; pack them in cases first"
			));
		}
		let (mut calls, mut items) = (Vec::new(), Vec::new());
		for (batch, start, end) in stretches {
			calls.extend(self.split_at(batch, start));
			calls.extend(self.split_at(batch, end));
			if let Some(parcel) = self.parcels.get_mut(&(batch, start)) {
				parcel.place = place;
			}
			items.push(PlannedItem::Parcel { batch, start });
		}
		for sscc in taken.containers {
			self.containers.insert(sscc, place);
			items.push(PlannedItem::Container(sscc));
		}
		Ok((calls, items))
	}

	/// Units in rising order as stretches of one batch and one parcel: batch, first index, the one
	/// behind the last.
	fn stretches(&self, units: &[(PlanBatch, u32)]) -> Vec<(PlanBatch, u32, u32)> {
		let mut stretches: Vec<(PlanBatch, u32, u32)> = Vec::new();
		for (batch, index) in units {
			let begins = self.parcels.contains_key(&(*batch, *index));
			match stretches.last_mut() {
				Some((last, _, end)) if last == batch && end == index && !begins => {
					*end = end.saturating_add(1);
				},
				_ => stretches.push((*batch, *index, index.saturating_add(1))),
			}
		}
		stretches
	}

	/// Splits the parcel around an index there, unless one begins there or none is around it.
	fn split_at(&mut self, batch: PlanBatch, at: u32) -> Option<PlannedCall> {
		let (_, start, parcel) = self
			.parcels
			.range_mut((batch, 0)..=(batch, at))
			.next_back()
			.map(|((batch, start), parcel)| (*batch, *start, parcel))?;
		let first = at.checked_sub(start).filter(|first| *first > 0 && *first < parcel.len)?;
		let rest = Parcel { len: parcel.len.saturating_sub(first), place: parcel.place };
		parcel.len = first;
		self.parcels.insert((batch, at), rest);
		Some(PlannedCall::SplitParcel { batch, start, at })
	}
}

/// Things that were found: units by batch and index, containers by number, both rising.
#[derive(Default)]
struct Taken {
	units: Vec<(PlanBatch, u32)>,
	containers: Vec<Sscc>,
}

fn unknown(thing: Thing) -> String {
	format!("{} was not commissioned before", name(thing))
}

/// What a thing is called in a refusal.
pub(super) fn name(thing: Thing) -> String {
	match thing {
		Thing::Item(gtin, serial) => format!("{gtin} with serial {serial}"),
		Thing::Logistic(sscc) => format!("container {sscc}"),
	}
}
