// SPDX-License-Identifier: Apache-2.0

//! Lots, and the batches of units commissioned into them.

use crate::{partners::MAKERS, *};
use codec::MaxEncodedLen;
use frame_support::ensure;
use salus_gs1::{Date, LotNo, Serial, UdiDi};
use salus_primitives::{
	BatchIx, Completeness, Digest, IdentityId, LotIx, Moment, Uniqueness, UnitRef,
};
use salus_traits::identity::Actor;
use sp_runtime::{ArithmeticError, DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_open_lot(
		actor: Actor<T::AccountId>,
		product: UdiDi,
		number: LotNo,
		made: Date,
		expiry: Date,
		planned: u64,
	) -> DispatchResult {
		let now = Self::now();
		let of = Self::product_of(&actor.id, &product)?;
		Self::ensure_licensed(&actor.id, MAKERS, now)?;
		ensure!(of.is_active(), Error::<T>::ProductWithdrawn);
		ensure!(!LotByNo::<T>::contains_key(product, number), Error::<T>::LotExists);
		let expires_at = Self::expiry_of(made, expiry, now)?;
		ensure!(planned > 0, Error::<T>::ZeroCount);
		let lot = NextLot::<T>::get();
		let next = lot.0.checked_add(1).map(LotIx).ok_or(ArithmeticError::Overflow)?;

		let (items, size) = Self::lot_footprint();
		let deposit = Self::take_deposit(actor.payer, items, size)?;
		NextLot::<T>::put(next);
		LotByNo::<T>::insert(product, number, lot);
		let row = Lot {
			product,
			number,
			maker: actor.id,
			master_version: of.version,
			made,
			expiry,
			expires_at,
			planned,
			release: None,
			closed: false,
			counters: Counters::default(),
			recalls: LiveRecalls::default(),
			holds: BoundedVec::default(),
			deposit,
		};
		Lots::<T>::insert(lot, row);
		let by = actor.id;
		Self::deposit_event(Event::LotOpened { lot, product, number, made, expiry, planned, by });
		Ok(())
	}

	/// The moment at which a lot expires: the first after the day, or month, of `expiry`.
	fn expiry_of(made: Date, expiry: Date, now: Moment) -> Result<Moment, DispatchError> {
		ensure!(!expiry.is_wholly_before(made), Error::<T>::ExpiryBeforeManufacture);
		let latest = now.saturating_add(MAX_EARLINESS);
		// What was made before 1970 was made before now.
		let was_made = made.begins_at().is_none_or(|at| at <= latest);
		ensure!(was_made, Error::<T>::ExpiryBeforeManufacture);
		let expires_at = expiry.ends_at().ok_or(Error::<T>::LotExpired)?;
		ensure!(now < expires_at, Error::<T>::LotExpired);
		Ok(expires_at)
	}

	/// The rows that a lot takes at most, and their bytes.
	pub(crate) fn lot_footprint() -> (u64, u64) {
		let row = <(LotIx, LotOf<T>)>::max_encoded_len() as u64;
		let number = <(UdiDi, LotNo, LotIx)>::max_encoded_len() as u64;
		(2, row.saturating_add(number))
	}

	pub(crate) fn do_commission_batch(
		actor: Actor<T::AccountId>,
		lot: LotIx,
		new: NewBatch,
		told: Told,
	) -> DispatchResult {
		let now = Self::now();
		Self::told_at(&told, now)?;
		let mut into = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		ensure!(into.maker == actor.id, Error::<T>::NotProductHolder);
		Self::ensure_licensed(&actor.id, MAKERS, now)?;
		let mut of = Products::<T>::get(into.product).ok_or(Error::<T>::UnknownProduct)?;
		Self::ensure_open_for_units(&of, &into, now)?;
		Self::ensure_batch(&new)?;
		Self::count_units(&mut of, &mut into, new.count)?;
		let batch = NextBatch::<T>::get();
		let next = batch.0.checked_add(1).map(BatchIx).ok_or(ArithmeticError::Overflow)?;

		let (items, size) = Self::batch_footprint(new.count, of.uniqueness);
		let deposit = Self::take_deposit(actor.payer, items, size)?;
		NextBatch::<T>::put(next);
		Products::<T>::insert(into.product, of);
		Lots::<T>::insert(lot, into);
		Self::put_batch(batch, new.into_lot(lot, actor.id, now, deposit));
		Self::deposit_event(Event::BatchCommissioned {
			batch,
			lot,
			root: new.root,
			count: new.count,
			leaf_file: new.leaf_file,
			by: actor.id,
			told,
		});
		Ok(())
	}

	/// Refuses a lot into which nothing is commissioned now.
	fn ensure_open_for_units(of: &ProductOf<T>, into: &LotOf<T>, now: Moment) -> DispatchResult {
		ensure!(of.is_active(), Error::<T>::ProductWithdrawn);
		ensure!(!into.closed, Error::<T>::LotClosed);
		ensure!(!into.is_expired_at(now), Error::<T>::LotExpired);
		// Also a recall for other markets only: nobody knows yet where the new units go.
		ensure!(of.recalls.is_empty() && into.recalls.is_empty(), Error::<T>::Recalled);
		Ok(())
	}

	/// Refuses a batch of no size, or whose root cannot be its own.
	fn ensure_batch(new: &NewBatch) -> DispatchResult {
		ensure!(new.count > 0, Error::<T>::ZeroCount);
		ensure!(new.count <= MAX_BATCH, Error::<T>::CountTooLarge);
		ensure!(new.root != Digest::default(), Error::<T>::NoRoot);
		ensure!(!BatchByRoot::<T>::contains_key(new.root), Error::<T>::RootAlreadyUsed);
		Ok(())
	}

	/// Counts new units, as active, in their lot, and as commissioned in their product.
	fn count_units(of: &mut ProductOf<T>, into: &mut LotOf<T>, count: u32) -> DispatchResult {
		let overflow = ArithmeticError::Overflow;
		into.counters.add(count).ok_or(overflow)?;
		ensure!(into.counters.total() <= into.planned, Error::<T>::OverPlannedQuantity);
		of.commissioned = of.commissioned.checked_add(count.into()).ok_or(overflow)?;
		Ok(())
	}

	/// Writes a batch and its indexes, as one parcel of its issuer.
	fn put_batch(batch: BatchIx, row: BatchOf<T>) {
		let place = Place::Held(row.issuer);
		let completeness = Completeness::Verified;
		let parcel = Parcel { len: row.count, place, hold: None, completeness };
		Parcels::<T>::insert(batch, 0, parcel);
		let item = ItemRef::Parcel(ParcelRef { batch, start: 0 });
		Self::index_place(item, None, Some(place));
		LotBatches::<T>::insert(row.lot, batch, ());
		BatchByRoot::<T>::insert(row.root, batch);
		Batches::<T>::insert(batch, row);
	}

	/// The rows that a batch can come to take, and their bytes: its own with its indexes and its
	/// parcel, a page for every 256 units, and a serial for each unit where the product keeps them.
	///
	/// Arithmetic only: as fast for one unit as for 2^24.
	pub(crate) fn batch_footprint(count: u32, uniqueness: Uniqueness) -> (u64, u64) {
		let own = [
			<(BatchIx, BatchOf<T>)>::max_encoded_len(),
			<(BatchIx, u32, Parcel)>::max_encoded_len(),
			<(IdentityId, ItemRef)>::max_encoded_len(),
			<(LotIx, BatchIx)>::max_encoded_len(),
			<(Digest, BatchIx)>::max_encoded_len(),
		];
		let pages = u64::from(count.div_ceil(PAGE_UNITS));
		let page = <(BatchIx, u32, UnitPage)>::max_encoded_len() as u64;
		let serials = match uniqueness {
			Uniqueness::FraudProof => 0,
			Uniqueness::FirstTouch => u64::from(count),
		};
		let serial = <(UdiDi, Serial, UnitRef)>::max_encoded_len() as u64;
		let items = (own.len() as u64).saturating_add(pages).saturating_add(serials);
		let size = own
			.iter()
			.fold(0u64, |sum, row| sum.saturating_add(*row as u64))
			.saturating_add(pages.saturating_mul(page))
			.saturating_add(serials.saturating_mul(serial));
		(items, size)
	}

	pub(crate) fn do_release_lot(
		actor: Actor<T::AccountId>,
		lot: LotIx,
		certificate: Digest,
	) -> DispatchResult {
		let now = Self::now();
		let mut row = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		let of = Self::product_of(&actor.id, &row.product)?;
		Self::ensure_licensed(&actor.id, MAKERS, now)?;
		ensure!(of.is_active(), Error::<T>::ProductWithdrawn);
		ensure!(row.release.is_none(), Error::<T>::LotReleased);
		ensure!(!row.is_expired_at(now), Error::<T>::LotExpired);
		row.release = Some(Release { by: actor.id, at: now, certificate });
		Lots::<T>::insert(lot, row);
		Self::deposit_event(Event::LotReleased { lot, certificate, by: actor.id });
		Ok(())
	}

	pub(crate) fn do_close_lot(actor: Actor<T::AccountId>, lot: LotIx) -> DispatchResult {
		let mut row = Lots::<T>::get(lot).ok_or(Error::<T>::UnknownLot)?;
		Self::product_of(&actor.id, &row.product)?;
		ensure!(!row.closed, Error::<T>::LotClosed);
		row.closed = true;
		Lots::<T>::insert(lot, row);
		Self::deposit_event(Event::LotClosed { lot });
		Ok(())
	}
}
