// SPDX-License-Identifier: Apache-2.0

//! Events one by one, in the order of their times.

use super::{
	Options, Plan, Planned, PlannedCall, Refusal,
	document::{Document, Event, Kind, Placed},
	master,
	order::Packing,
	stock::{Stock, name},
	values::{Thing, event_hash, location, moment, thing},
};
use salus_gs1::{CompanyPrefix, Date, Gln, Gtin, LotNo, Serial};
use salus_primitives::{Digest, Moment};
use std::collections::BTreeMap;

/// An event whose names were read.
struct Step {
	event: Event,
	at: Moment,
	things: Vec<(Thing, Option<CompanyPrefix>)>,
	parent: Option<Thing>,
	children: Vec<Thing>,
}

/// What an event means for goods.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
	Commission,
	Pack,
	Unpack,
	Ship,
}

/// Plays a document through.
pub(super) fn plan(document: Document, options: &Options, hash: Digest) -> Plan {
	let Document { affirmed, masters, events, refused } = document;
	let mut plan = Plan { calls: Vec::new(), refused, parties: BTreeMap::new(), document: hash };
	let mut steps = Vec::new();
	for event in events {
		let place = event.place.clone();
		match read(event) {
			Ok(step) => steps.push(step),
			Err(reason) => plan.refused.push(Refusal { place, reason }),
		}
	}
	// What happened at one time stays in the order of the document.
	steps.sort_by_key(|(_, step)| step.at);
	let mut packing = Packing::default();
	for (meaning, step) in &steps {
		if let (Meaning::Pack, Some(parent)) = (meaning, step.parent) {
			packing.put(parent, step.children.iter().copied());
		}
	}
	let levels = master::levels(&packing);
	let mut play = Play {
		options,
		affirmed,
		planned: planned_units(&steps, &packing),
		ranks: packing.ranks(),
		packing,
		stock: Stock::default(),
		lots: BTreeMap::new(),
		cases: 0,
	};
	master::add(&mut plan, masters, &levels);
	for (meaning, step) in steps {
		let (place, at) = (step.event.place.clone(), Some(step.at));
		let epcis = step.event.id.as_deref().and_then(event_hash);
		match play.step(meaning, &step) {
			Ok(calls) => plan.calls.extend(calls.into_iter().map(|call| {
				let place = place.clone();
				Planned { place, at, epcis, call }
			})),
			Err(reason) => plan.refused.push(Refusal { place, reason }),
		}
	}
	plan
}

/// How many units the document commissions into each lot.
fn planned_units(steps: &[(Meaning, Step)], packing: &Packing) -> BTreeMap<(Gtin, String), u64> {
	let mut planned = BTreeMap::new();
	for (_, step) in steps.iter().filter(|(meaning, _)| *meaning == Meaning::Commission) {
		let Some(lot) = &step.event.lot else { continue };
		for (thing, _) in &step.things {
			if let Thing::Item(gtin, _) = thing
				&& !packing.is_container(thing)
			{
				let units = planned.entry((*gtin, lot.clone())).or_insert(0u64);
				*units = units.saturating_add(1);
			}
		}
	}
	planned
}

/// Reads what an event means, and whom it names.
fn read(event: Event) -> Result<(Meaning, Step), String> {
	let meaning = meaning(&event)?;
	let time = event.time.as_deref().ok_or("the event has no eventTime")?;
	let at = moment(time)?;
	let things = event.epcs.iter().map(thing).collect::<Result<Vec<_>, _>>()?;
	let parent = event.parent.as_ref().map(thing).transpose()?.map(|(thing, _)| thing);
	let children = event.children.iter().map(|named| thing(named).map(|(thing, _)| thing));
	let children = children.collect::<Result<Vec<_>, _>>()?;
	Ok((meaning, Step { event, at, things, parent, children }))
}

fn meaning(event: &Event) -> Result<Meaning, String> {
	if event.is_error {
		return Err("the event was declared an error: leave it out, with what corrects it".into());
	}
	let step = event.step.as_deref().unwrap_or_default();
	let action = event.action.as_deref().unwrap_or_default();
	let meaning = match (&event.kind, action, step) {
		(Kind::Object, "ADD", "commissioning" | "") => Meaning::Commission,
		(Kind::Object, "OBSERVE", "shipping") => Meaning::Ship,
		(Kind::Aggregation, "ADD", "packing" | "") => Meaning::Pack,
		(Kind::Aggregation, "DELETE", "unpacking" | "") => Meaning::Unpack,
		(Kind::Other(kind), ..) => {
			return Err(format!(
				"no call stands for a {kind}: enter by hand what it means for goods"
			));
		},
		(_, action, step) => return Err(without_counterpart(action, step)),
	};
	if event.has_quantities {
		return Err(
			"it speaks of quantities: the chain follows single units, name each by its serial"
				.into(),
		);
	}
	Ok(meaning)
}

/// What to do instead where there is a command for it.
fn without_counterpart(action: &str, step: &str) -> String {
	let instead = match step {
		"receiving" | "accepting" => "use `salus supply receive` with the number of the shipment",
		"void_shipping" => "use `salus supply void` with the number of the shipment",
		"dispensing" | "retail_selling" => "use `salus supply dispense` with the proofs",
		"decommissioning" => "use `salus supply decommission` with the proofs",
		"destroying" => "use `salus supply destroy` with a witness",
		"holding" => "use `salus supply quarantine`",
		"returning" => "use `salus supply return`",
		_ => "leave it out, or enter by hand what it means for goods",
	};
	let step = if step.is_empty() { "no business step" } else { step };
	let action = if action.is_empty() { "no action" } else { action };
	format!("no call stands for {action} with {step}: {instead}")
}

/// The state of playing a document through.
struct Play<'a> {
	options: &'a Options,
	affirmed: bool,
	planned: BTreeMap<(Gtin, String), u64>,
	ranks: BTreeMap<Thing, usize>,
	packing: Packing,
	stock: Stock,
	/// The lots that were opened, with their expiry.
	lots: BTreeMap<(Gtin, LotNo), Date>,
	/// How many SSCCs were given to cases.
	cases: u64,
}

impl Play<'_> {
	fn step(&mut self, meaning: Meaning, step: &Step) -> Result<Vec<PlannedCall>, String> {
		match meaning {
			Meaning::Commission => self.commission(step),
			Meaning::Pack => {
				let parent = step.parent.ok_or("the event has no parentID")?;
				self.stock.pack(parent, &step.children)
			},
			Meaning::Unpack => {
				let parent = step.parent.ok_or("the event has no parentID")?;
				self.stock.unpack(parent, &step.children).map(|call| vec![call])
			},
			Meaning::Ship => self.ship(step),
		}
	}

	/// Units by product, each product a batch; containers one by one.
	fn commission(&mut self, step: &Step) -> Result<Vec<PlannedCall>, String> {
		if step.things.is_empty() {
			return Err(
				"it commissions nothing by serial: a class of products is opened as a lot".into()
			);
		}
		let mut products: Vec<(Gtin, Vec<Serial>)> = Vec::new();
		let mut containers = Vec::new();
		for (thing, prefix) in &step.things {
			match thing {
				Thing::Item(gtin, serial) if !self.packing.is_container(thing) => {
					match products.iter_mut().find(|(product, _)| product == gtin) {
						Some((_, serials)) => serials.push(*serial),
						None => products.push((*gtin, vec![*serial])),
					}
				},
				container => containers.push((*container, *prefix)),
			}
		}
		let mut calls = Vec::new();
		for (product, serials) in products {
			calls.extend(self.batch(step, product, serials)?);
		}
		for (container, prefix) in containers {
			calls.push(self.container(container, prefix)?);
		}
		Ok(calls)
	}

	fn batch(
		&mut self,
		step: &Step,
		product: Gtin,
		mut serials: Vec<Serial>,
	) -> Result<Vec<PlannedCall>, String> {
		let (lot, expiry, made) = lot_of(step)?;
		// Those that are never packed stay behind the others, in the order of the event.
		serials.sort_by_key(|serial| {
			self.ranks.get(&Thing::Item(product, *serial)).copied().unwrap_or(usize::MAX)
		});
		let open = self.lots.get(&(product, lot)).copied();
		if let Some(other) = open.filter(|open| *open != expiry) {
			return Err(format!(
				"lot {lot} of {product} expires {expiry} here and {other} before: a lot has one expiry"
			));
		}
		let batch = self.stock.commission(product, &serials)?;
		let mut calls = Vec::new();
		if open.is_none() {
			self.lots.insert((product, lot), expiry);
			let planned = self.planned.get(&(product, lot.to_string())).copied();
			let planned = planned.unwrap_or(serials.len() as u64);
			calls.push(PlannedCall::OpenLot { product, number: lot, made, expiry, planned });
		}
		calls.push(PlannedCall::CommissionBatch { batch, product, lot, serials });
		Ok(calls)
	}

	fn container(
		&mut self,
		container: Thing,
		prefix: Option<CompanyPrefix>,
	) -> Result<PlannedCall, String> {
		let (sscc, prefix, label) = match container {
			Thing::Logistic(sscc) => (sscc, prefix, None),
			Thing::Item(gtin, serial) => {
				let numbers = self.options.cases.ok_or_else(|| {
					format!(
						"the case {} has no SSCC, which containers on chain bear: give numbers that your company \
						 has kept for cases",
						name(container)
					)
				})?;
				let sscc = numbers.sscc(self.cases).ok_or(
					"the numbers kept for cases are used up, or are none: give a lower first number",
				)?;
				(sscc, Some(numbers.prefix), Some((gtin, serial)))
			},
		};
		self.stock.add_container(sscc, label)?;
		self.cases = self.cases.saturating_add(u64::from(label.is_some()));
		Ok(PlannedCall::CommissionContainer { sscc, prefix, label })
	}

	fn ship(&mut self, step: &Step) -> Result<Vec<PlannedCall>, String> {
		let things: Vec<Thing> = step.things.iter().map(|(thing, _)| *thing).collect();
		let destinations = &step.event.destinations;
		// Custody follows possession; most documents name the owner alone.
		let to = party(destinations, "possessing_party")?
			.or(party(destinations, "owning_party")?)
			.ok_or("the shipment names no receiver: a destination of type owning_party")?;
		let ship_to = party(destinations, "location")?;
		let from = party(&step.event.sources, "owning_party")?;
		let documents = step.event.transactions.clone();
		let affirmed = self.affirmed;
		let (mut calls, items) = self.stock.ship(&things)?;
		calls.push(PlannedCall::Ship { to, ship_to, from, items, affirmed, documents });
		Ok(calls)
	}
}

/// The lot of a commissioning: number, expiry, day of making.
fn lot_of(step: &Step) -> Result<(LotNo, Date, Date), String> {
	let Event { lot, expiry, made, .. } = &step.event;
	let lot = lot.as_deref().ok_or("units are commissioned without lotNumber in ilmd")?;
	let expiry =
		expiry.as_deref().ok_or("units are commissioned without itemExpirationDate in ilmd")?;
	let lot = lot.parse().map_err(|error| format!("lot `{lot}`: {error}"))?;
	let date = |text: &str| text.parse::<Date>().map_err(|error| format!("`{text}`: {error}"));
	let made = match made {
		Some(made) => date(made)?,
		None => Date::at(step.at).ok_or("the event lies behind the year 9999")?,
	};
	Ok((lot, date(expiry)?, made))
}

/// The party of a type; one of a type at most.
fn party(listed: &[(String, Placed)], kind: &str) -> Result<Option<Gln>, String> {
	let mut of_kind = listed.iter().filter(|(given, _)| given == kind);
	let first = of_kind.next().map(|(_, named)| location(named)).transpose()?;
	match of_kind.next() {
		Some(_) => Err(format!("there are two parties of type {kind}: a shipment goes to one")),
		None => Ok(first),
	}
}
