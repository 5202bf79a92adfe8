// SPDX-License-Identifier: Apache-2.0

//! Single units: their proofs, their states, and the book that a call keeps of what it read.

use crate::{custody::Around, *};
use alloc::{
	collections::{BTreeMap, BTreeSet, btree_map::Entry},
	vec::Vec,
};
use codec::FullCodec;
use frame_support::{StorageMap, ensure};
use salus_gs1::{Serial, UdiDi};
use salus_merkle::{leaf_hash, verify_inclusion};
use salus_primitives::{BatchIx, LotIx, Uniqueness, UnitRef, UnitState, unit_leaf};
use salus_traits::hashing::HostSha256;
use sp_runtime::{DispatchError, DispatchResult};

/// What a call or a query read, each row once, and the states that it changed.
///
/// Thirty-two packs of one lot share product, lot, batch, parcel and often a page: they are read and
/// written once. Nothing is written before [`Book::store`].
pub(crate) struct Book<T: Config> {
	products: BTreeMap<UdiDi, ProductOf<T>>,
	approvals: BTreeMap<(UdiDi, Market), Option<Approval>>,
	lots: BTreeMap<LotIx, LotOf<T>>,
	batches: BTreeMap<BatchIx, BatchOf<T>>,
	parcels: BTreeMap<ParcelRef, (Parcel, Around)>,
	pages: BTreeMap<(BatchIx, u32), UnitPage>,
	serials: BTreeMap<(UdiDi, Serial), UnitRef>,
	changed_lots: BTreeSet<LotIx>,
	changed_pages: BTreeSet<(BatchIx, u32)>,
	new_serials: BTreeSet<(UdiDi, Serial)>,
	kept: Vec<Kept>,
}

/// A row that is kept of one unit: what it is from now on, or that it goes.
pub(crate) enum Kept {
	Leaving(UnitRef, Option<Leaving>),
	Hold(UnitRef, Option<UnitHold>),
	Device(UnitRef, Option<DeviceLife>),
	Partial(UnitRef, Option<u16>),
}

impl Kept {
	fn store<T: Config>(self) {
		match self {
			Self::Leaving(unit, row) => put::<_, Leavings<T>>(unit, row),
			Self::Hold(unit, row) => put::<_, UnitHolds<T>>(unit, row),
			Self::Device(unit, row) => put::<_, Devices<T>>(unit, row),
			Self::Partial(unit, row) => put::<_, Partials<T>>(unit, row),
		}
	}
}

fn put<V: FullCodec, M: StorageMap<UnitRef, V>>(unit: UnitRef, row: Option<V>) {
	match row {
		Some(row) => M::insert(unit, row),
		None => M::remove(unit),
	}
}

impl<T: Config> Default for Book<T> {
	fn default() -> Self {
		Self {
			products: BTreeMap::new(),
			approvals: BTreeMap::new(),
			lots: BTreeMap::new(),
			batches: BTreeMap::new(),
			parcels: BTreeMap::new(),
			pages: BTreeMap::new(),
			serials: BTreeMap::new(),
			changed_lots: BTreeSet::new(),
			changed_pages: BTreeSet::new(),
			new_serials: BTreeSet::new(),
			kept: Vec::new(),
		}
	}
}

/// The entry of a key, made the first time.
fn once<K: Ord, V>(
	entry: Entry<'_, K, V>,
	make: impl FnOnce() -> Result<V, DispatchError>,
) -> Result<&mut V, DispatchError> {
	match entry {
		Entry::Occupied(there) => Ok(there.into_mut()),
		Entry::Vacant(free) => Ok(free.insert(make()?)),
	}
}

impl<T: Config> Book<T> {
	pub(crate) fn product(&mut self, di: &UdiDi) -> Result<&ProductOf<T>, DispatchError> {
		once(self.products.entry(*di), || {
			Products::<T>::get(di).ok_or(Error::<T>::UnknownProduct.into())
		})
		.map(|product| &*product)
	}

	pub(crate) fn approval(&mut self, di: &UdiDi, market: Market) -> Option<&Approval> {
		self.approvals
			.entry((*di, market))
			.or_insert_with(|| Approvals::<T>::get(di, market))
			.as_ref()
	}

	pub(crate) fn lot(&mut self, lot: LotIx) -> Result<&LotOf<T>, DispatchError> {
		self.lot_mut(lot).map(|lot| &*lot)
	}

	fn lot_mut(&mut self, lot: LotIx) -> Result<&mut LotOf<T>, DispatchError> {
		once(self.lots.entry(lot), || Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot.into()))
	}

	pub(crate) fn batch(&mut self, batch: BatchIx) -> Result<&BatchOf<T>, DispatchError> {
		once(self.batches.entry(batch), || {
			Batches::<T>::get(batch).ok_or(Error::<T>::UnknownBatch.into())
		})
		.map(|batch| &*batch)
	}

	/// The parcel that a unit is in, with what is around it. The hint is checked.
	pub(crate) fn parcel(
		&mut self,
		unit: UnitRef,
		start: u32,
	) -> Result<&(Parcel, Around), DispatchError> {
		let at = ParcelRef { batch: unit.batch, start };
		let found = once(self.parcels.entry(at), || {
			let row = Parcels::<T>::get(at.batch, at.start).ok_or(Error::<T>::UnknownParcel)?;
			Ok((row, Pallet::<T>::around(row.place)?))
		})?;
		ensure!(found.0.holds(start, unit.index), Error::<T>::RangeOutsideParcel);
		Ok(found)
	}

	/// The state of a unit that is known to exist.
	pub(crate) fn state(&mut self, unit: UnitRef) -> UnitState {
		self.page_mut(unit).state(unit.index)
	}

	fn page_mut(&mut self, unit: UnitRef) -> &mut UnitPage {
		let page = UnitPage::of(unit.index);
		self.pages
			.entry((unit.batch, page))
			.or_insert_with(|| UnitPages::<T>::get(unit.batch, page).unwrap_or_default())
	}

	/// Puts a unit into another state, and counts it there. Refuses what the table does not allow.
	pub(crate) fn set_state(&mut self, unit: UnitRef, to: UnitState) -> DispatchResult {
		self.ensure_may_become(unit, to)?;
		let from = self.state(unit);
		let lot = self.batch(unit.batch)?.lot;
		// I1: what is in a state was counted there.
		self.lot_mut(lot)?.counters.shift(from, to).ok_or(Error::<T>::BadTransition)?;
		self.page_mut(unit).set(unit.index, to);
		self.changed_lots.insert(lot);
		self.changed_pages.insert((unit.batch, UnitPage::of(unit.index)));
		Ok(())
	}

	/// Refuses a state that a unit does not go to from where it is.
	pub(crate) fn ensure_may_become(&mut self, unit: UnitRef, to: UnitState) -> DispatchResult {
		let from = self.state(unit);
		ensure!(from != to, Error::<T>::AlreadyInState);
		ensure!(from.may_become(to), Error::<T>::BadTransition);
		Ok(())
	}

	/// Keeps the serial of a proved unit, where its product asks for that.
	pub(crate) fn keep_serial(&mut self, product: &UdiDi, proof: &UnitProof) -> DispatchResult {
		if self.product(product)?.uniqueness != Uniqueness::FirstTouch {
			return Ok(());
		}
		let key = (*product, proof.serial);
		let unit = match self.serials.entry(key) {
			Entry::Occupied(there) => *there.get(),
			Entry::Vacant(free) => match SerialIndex::<T>::get(product, proof.serial) {
				Some(unit) => *free.insert(unit),
				None => {
					self.new_serials.insert(key);
					*free.insert(proof.unit)
				},
			},
		};
		ensure!(unit == proof.unit, Error::<T>::SerialTaken);
		Ok(())
	}

	/// The units whose serials this call is the first to keep.
	pub(crate) fn newly_kept(&self) -> impl Iterator<Item = UnitRef> + '_ {
		self.new_serials.iter().filter_map(|key| self.serials.get(key).copied())
	}

	/// Keeps a row of a unit, or lets it go, when the rest is stored.
	pub(crate) fn keep(&mut self, row: Kept) {
		self.kept.push(row);
	}

	/// Lets go what is kept of a unit for the sake of the state it leaves for good.
	pub(crate) fn clear(&mut self, unit: UnitRef, from: UnitState) {
		if matches!(from, UnitState::Quarantined | UnitState::Locked) {
			if let Some(row) = UnitHolds::<T>::get(unit) {
				self.clear_own(unit, row.before);
			}
			self.keep(Kept::Hold(unit, None));
		}
		self.clear_own(unit, from);
	}

	fn clear_own(&mut self, unit: UnitRef, state: UnitState) {
		match state {
			UnitState::Exported
			| UnitState::Sample
			| UnitState::FreeSample
			| UnitState::Missing => self.keep(Kept::Leaving(unit, None)),
			UnitState::Dispensed | UnitState::PartiallyDispensed => {
				self.keep(Kept::Leaving(unit, None));
				self.keep(Kept::Partial(unit, None));
			},
			UnitState::Returned => self.keep(Kept::Partial(unit, None)),
			UnitState::Device => self.keep(Kept::Device(unit, None)),
			_ => {},
		}
	}

	/// Writes what changed.
	pub(crate) fn store(mut self) {
		for (product, serial) in core::mem::take(&mut self.new_serials) {
			if let Some(unit) = self.serials.get(&(product, serial)) {
				SerialIndex::<T>::insert(product, serial, unit);
			}
		}
		for row in core::mem::take(&mut self.kept) {
			row.store::<T>();
		}
		for lot in core::mem::take(&mut self.changed_lots) {
			if let Some(row) = self.lots.remove(&lot) {
				Lots::<T>::insert(lot, row);
			}
		}
		for (batch, page) in core::mem::take(&mut self.changed_pages) {
			if let Some(row) = self.pages.remove(&(batch, page)) {
				UnitPages::<T>::insert(batch, page, row);
			}
		}
	}
}

impl<T: Config> Pallet<T> {
	/// Refuses a unit whose serial and salt do not lead to the root of its batch. Gives its product.
	pub(crate) fn check_proof(
		book: &mut Book<T>,
		proof: &UnitProof,
	) -> Result<UdiDi, DispatchError> {
		let (root, count, lot) = {
			let batch = book.batch(proof.unit.batch)?;
			(batch.root, batch.count, batch.lot)
		};
		let product = book.lot(lot)?.product;
		ensure!(proof.unit.index < count, Error::<T>::IndexOutOfRange);
		let leaf = leaf_hash::<HostSha256>(&unit_leaf(&product, &proof.serial, &proof.salt));
		let path: Vec<_> = proof.path.iter().map(|hash| hash.0).collect();
		let (size, index) = (count.into(), proof.unit.index.into());
		verify_inclusion::<HostSha256>(&root.0, size, index, &leaf, &path)
			.map_err(|_| Error::<T>::BadProof)?;
		Ok(product)
	}

	/// Refuses a list that names nothing, or is not in rising order.
	pub(crate) fn ensure_rising<I: Ord>(mut items: impl Iterator<Item = I>) -> DispatchResult {
		let mut last = items.next().ok_or(Error::<T>::NothingNamed)?;
		for item in items {
			ensure!(last < item, Error::<T>::NotSorted);
			last = item;
		}
		Ok(())
	}
}
