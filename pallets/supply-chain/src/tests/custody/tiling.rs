// SPDX-License-Identifier: Apache-2.0

//! Goods that are split, packed and sent about at random stay whole: after each of ten thousand
//! steps the chain says what the [model](super::model) says.

use super::{
	model::{Crate, Listed, Model, Spot, Stretch},
	*,
};
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config as Trials, TestRunner},
};

const PARTNERS: [Sr25519Keyring; 3] = [MAKER, WHOLESALER, PHARMACY];
const COUNTS: [u32; 3] = [1, 9, 40];
/// Runs, and steps of each: more than ten thousand that find something to be done with.
const RUNS: u32 = 50;
const STEPS: usize = 280;
const MAX_CRATES: usize = 8;

/// What happens. Numbers pick from what there is; `stray` picks among all, fitting or not.
#[derive(Clone, Debug)]
struct Step {
	deed: Deed,
	who: usize,
	target: usize,
	picks: Vec<usize>,
	stray: bool,
	flag: bool,
}

#[derive(Clone, Copy, Debug)]
enum Deed {
	Commission,
	Split,
	Merge,
	Pack,
	Unpack,
	UnpackAll,
	Seal,
	Unseal,
	Ship,
	Receive,
	Void,
	Reject,
}

fn step() -> impl Strategy<Value = Step> {
	use Deed::*;
	let deed = prop_oneof![
		2 => Just(Commission),
		6 => Just(Split),
		6 => Just(Merge),
		8 => Just(Pack),
		4 => Just(Unpack),
		2 => Just(UnpackAll),
		3 => Just(Seal),
		4 => Just(Unseal),
		6 => Just(Ship),
		8 => Just(Receive),
		2 => Just(Void),
		2 => Just(Reject),
	];
	let picks = vec(any::<usize>(), 0..5);
	let stray = proptest::bool::weighted(0.15);
	(deed, 0..PARTNERS.len(), any::<usize>(), picks, stray, any::<bool>()).prop_map(
		|(deed, who, target, picks, stray, flag)| Step { deed, who, target, picks, stray, flag },
	)
}

/// The one that `number` picks.
fn pick<I: Copy>(from: &[I], number: usize) -> Option<I> {
	from.get(number.checked_rem(from.len())?).copied()
}

/// Those that are picked, in rising order, each once.
fn picked(from: &[ItemRef], picks: &[usize]) -> Vec<ItemRef> {
	let mut items: Vec<_> = picks.iter().filter_map(|number| pick(from, *number)).collect();
	items.sort();
	items.dedup();
	items
}

impl Step {
	fn looked(&self) -> Completeness {
		if self.flag { Completeness::Verified } else { Completeness::Inferred }
	}

	/// Who tries: who can, as a rule.
	fn actor(&self, model: &Model, spot: Spot) -> Sr25519Keyring {
		let holder = match model.outside(spot).end {
			Spot::With(holder) if !self.stray => Some(holder),
			_ => None,
		};
		let holder = holder.and_then(|holder| PARTNERS.into_iter().find(|who| id(*who) == holder));
		holder.unwrap_or(PARTNERS[self.who])
	}

	/// What it is tried with: what is at a spot, as a rule.
	fn items(&self, model: &Model, spot: Spot) -> Vec<ItemRef> {
		let from = if self.stray { model.everything() } else { model.at(spot) };
		picked(&from, &self.picks)
	}

	/// Does it in the model and on the chain. Both say whether it could be done; nothing when there
	/// is nothing to do it with.
	fn run(&self, model: &mut Model) -> Option<(bool, sp_runtime::DispatchResult)> {
		use Deed::*;
		match self.deed {
			Commission => self.commission(model),
			Split | Merge => self.reshape(model),
			Pack | Unpack | UnpackAll | Seal | Unseal => self.handle(model),
			Ship => {
				let (from, to) = (PARTNERS[self.who], pick(&PARTNERS, self.target)?);
				let items = self.items(model, Spot::With(id(from)));
				Some((model.ship(id(from), id(to), &items), try_ship(from, to, &items)))
			},
			Receive | Void | Reject => self.answer(model),
		}
	}

	fn commission(&self, model: &mut Model) -> Option<(bool, sp_runtime::DispatchResult)> {
		let used = model.crates.values().filter(|found| found.spot != Spot::Gone).count();
		if used >= MAX_CRATES {
			return None;
		}
		let next = sscc(model.crates.len() as u32);
		model.commission(next, id(MAKER));
		Some((true, commission_as(MAKER, next)))
	}

	fn reshape(&self, model: &mut Model) -> Option<(bool, sp_runtime::DispatchResult)> {
		let parcels: Vec<_> = model.stretches.keys().copied().collect();
		let first = pick(&parcels, self.target)?;
		let Stretch { len, spot, .. } = model.stretches[&first];
		let who = self.actor(model, spot);
		if matches!(self.deed, Deed::Split) {
			let cut = self.picks.first().copied().unwrap_or_default() as u32;
			let at = first.start + cut % (len + 2);
			let call = SupplyChain::split_parcel(signed(who), first, at);
			return Some((model.split(id(who), first, at), call));
		}
		// The one behind it stands next to it in the list.
		let behind = self.target % parcels.len() + 1;
		let second = pick(&parcels, if self.stray { self.target / 7 } else { behind })?;
		let call = SupplyChain::merge_parcels(signed(who), first, second);
		Some((model.merge(id(who), first, second), call))
	}

	fn handle(&self, model: &mut Model) -> Option<(bool, sp_runtime::DispatchResult)> {
		let all: Vec<_> = model.crates.iter().map(|(sscc, found)| (*sscc, found.spot)).collect();
		let usable = |(_, spot): &(Sscc, Spot)| self.stray || *spot != Spot::Gone;
		let some: Vec<_> = all.into_iter().filter(usable).collect();
		let (sscc, spot) = pick(&some, self.target)?;
		let who = self.actor(model, spot);
		let looked = self.looked();
		Some(match self.deed {
			Deed::Pack => {
				let items = self.items(model, Spot::With(id(who)));
				(model.pack(id(who), sscc, &items), try_pack(who, sscc, &items))
			},
			Deed::Seal => {
				let call = SupplyChain::seal(signed(who), sscc, digest(8));
				(model.seal(id(who), sscc), call)
			},
			Deed::Unseal => (model.unseal(id(who), sscc), SupplyChain::unseal(signed(who), sscc)),
			_ => {
				let named =
					matches!(self.deed, Deed::Unpack).then(|| self.items(model, Spot::In(sscc)));
				let list = named.clone().map(|items| items.try_into().unwrap());
				let told = Told::default();
				let call = done(SupplyChain::unpack(signed(who), sscc, list, looked, told));
				(model.unpack(id(who), sscc, named.as_deref(), looked), call)
			},
		})
	}

	fn answer(&self, model: &mut Model) -> Option<(bool, sp_runtime::DispatchResult)> {
		let open: Vec<_> = model.voyages.keys().copied().collect();
		let known = pick(&open, self.target);
		let shipment = if self.stray { ShipmentId(self.target as u64 % 9) } else { known? };
		let by_sender = matches!(self.deed, Deed::Void);
		let rightly = model.voyages.get(&shipment).map(|voyage| {
			let right = if by_sender { voyage.from } else { voyage.to };
			PARTNERS.into_iter().find(|who| id(*who) == right).unwrap()
		});
		let who = rightly.filter(|_| !self.stray).unwrap_or(PARTNERS[self.who]);
		Some(match self.deed {
			Deed::Void => {
				let call = SupplyChain::void_ship(signed(who), shipment);
				(model.void(id(who), shipment), done(call))
			},
			Deed::Reject => {
				let reason = RejectReason::NotOrdered;
				let call = SupplyChain::reject_shipment(signed(who), shipment, reason);
				(model.reject(id(who), shipment), done(call))
			},
			_ => {
				let items = self.items(model, Spot::On(shipment));
				let (last, looked) = (self.who == 0, self.looked());
				let list = items.clone().try_into().unwrap();
				let (signer, told) = (signed(who), Told::default());
				let call =
					done(SupplyChain::receive(signer, shipment, list, last, 0, looked, told));
				(model.receive(id(who), shipment, &items, last, looked), call)
			},
		})
	}
}

fn spot(place: Place) -> Spot {
	match place {
		Place::Held(holder) => Spot::With(holder),
		Place::Inside(sscc) => Spot::In(sscc),
		Place::InTransit(shipment) => Spot::On(shipment),
	}
}

/// The chain's rows as a model, and what its lists say.
fn compare(model: &Model) {
	let mut stretches = std::collections::BTreeMap::new();
	for (batch, start, row) in Parcels::<Test>::iter() {
		let Parcel { len, completeness: looked, .. } = row;
		stretches.insert(parcel(batch, start), Stretch { len, spot: spot(row.place), looked });
	}
	assert_eq!(stretches, model.stretches);
	assert_eq!(Containers::<Test>::iter().count(), model.crates.len());
	for (sscc, found) in &model.crates {
		let row = row(*sscc);
		let spot = if row.emptied.is_some() { Spot::Gone } else { spot(row.place) };
		let (storeys, sealed) = (row.height.into(), row.seal.is_some());
		let looked = row.completeness;
		assert_eq!(Crate { spot, storeys, sealed, looked }, *found);
		assert_eq!(row.items as usize, model.at(Spot::In(*sscc)).len());
	}
	assert_eq!(Shipments::<Test>::iter().count(), model.voyages.len());
	for (shipment, voyage) in &model.voyages {
		let row = Shipments::<Test>::get(shipment).unwrap();
		assert_eq!((row.from, row.to, row.accepted), (voyage.from, voyage.to, voyage.taken));
		assert_eq!(row.open as usize, model.at(Spot::On(*shipment)).len());
	}
	let listed = Listed {
		held: Holdings::<Test>::iter_keys().collect(),
		inside: ContainerItems::<Test>::iter_keys().collect(),
		sent: ShipmentItems::<Test>::iter_keys().collect(),
		open: OpenShipments::<Test>::iter_keys().collect(),
	};
	assert_eq!(listed, model.listed());
}

/// Whether the parcels of each batch follow each other from its first unit to its last.
fn tiles(batches: &[BatchIx]) {
	for (batch, count) in batches.iter().zip(COUNTS) {
		let mut rows: Vec<_> = Parcels::<Test>::iter_prefix(batch).collect();
		rows.sort_by_key(|(start, _)| *start);
		let end = rows.iter().fold(0, |next, (start, row)| {
			assert_eq!(*start, next);
			assert!(row.len > 0);
			start + row.len
		});
		assert_eq!(end, count);
	}
}

fn commission_all(model: &mut Model) -> Vec<BatchIx> {
	registered();
	let lot = lot("L1");
	let batches: Vec<_> =
		(1u8..).zip(COUNTS).map(|(tree, count)| commission(lot, tree, count)).collect();
	for (batch, len) in batches.iter().zip(COUNTS) {
		let (spot, looked) = (Spot::With(id(MAKER)), Completeness::Verified);
		model.stretches.insert(parcel(*batch, 0), Stretch { len, spot, looked });
	}
	batches
}

#[test]
fn goods_stay_whole_whatever_is_done_with_them() {
	let trials = Trials { cases: RUNS, failure_persistence: None, ..Trials::default() };
	let mut runner = TestRunner::new_with_rng(
		trials,
		proptest::test_runner::TestRng::deterministic_rng(
			proptest::test_runner::RngAlgorithm::ChaCha,
		),
	);
	let done = std::cell::RefCell::new([[0u32; 2]; 12]);
	let outcome = runner.run(&vec(step(), STEPS), |steps| {
		build_and_execute(|| {
			let mut model = Model::default();
			let batches = commission_all(&mut model);
			for step in steps {
				let Some((expected, got)) = step.run(&mut model) else { continue };
				assert_eq!(expected, got.is_ok(), "{step:?}: {got:?}");
				done.borrow_mut()[step.deed as usize][usize::from(expected)] += 1;
				compare(&model);
				tiles(&batches);
			}
		});
		Ok(())
	});
	outcome.unwrap();
	// Every deed was done often enough, and all but commissioning was refused too.
	let total: u32 = done.borrow().iter().flatten().sum();
	assert!(total >= 10_000, "{total} steps");
	for (deed, [refused, done]) in done.into_inner().into_iter().enumerate() {
		assert!(done >= 20, "deed {deed} was done {done} times");
		assert!(refused >= 5 || deed == Deed::Commission as usize, "{deed} refused {refused}");
	}
}
