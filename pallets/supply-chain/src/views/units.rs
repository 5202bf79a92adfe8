// SPDX-License-Identifier: Apache-2.0

//! Single units: how they stand, and where they are.

use crate::{units::Book, *};
use salus_primitives::{UnitRef, UnitState};
use sp_runtime::DispatchError;

/// How many parcels of a batch are looked through for a unit whose parcel nobody named.
const MAX_SEARCHED: usize = 1_024;

impl<T: Config> Pallet<T> {
	/// How a unit stands. Approvals count where a market is named; what lies on parcel and containers
	/// where the parcel is.
	pub fn api_unit_status(
		unit: UnitRef,
		parcel_start: Option<u32>,
		market: Option<Market>,
	) -> Result<UnitStatus, QueryError> {
		let book = &mut Book::<T>::default();
		let standing = Self::standing(book, unit, parcel_start, market, Self::now())
			.map_err(Self::query_error)?;
		Ok(UnitStatus {
			state: standing.state,
			hold: UnitHolds::<T>::get(unit),
			device: Devices::<T>::get(unit),
			effective: standing.effective,
			holder: standing.holder,
			shipment: standing.shipment,
		})
	}

	/// Whether a dispenser who holds it could hand the whole unit over in a market now, prescriptions
	/// aside: nothing stands against it, and no container around it is sealed. What is unknown is not.
	pub fn api_is_dispensable(unit: UnitRef, parcel_start: u32, market: Market) -> bool {
		let book = &mut Book::<T>::default();
		Self::standing(book, unit, Some(parcel_start), Some(market), Self::now()).is_ok_and(
			|standing| {
				let held = standing.holder.is_some();
				standing.effective.is_none() && held && !standing.sealed
			},
		)
	}

	/// Where a unit is. `hint` is where its parcel may begin; a wrong one costs time only.
	pub fn api_locate(unit: UnitRef, hint: Option<u32>) -> Result<Location, QueryError> {
		let book = &mut Book::<T>::default();
		let batch = book.batch(unit.batch).map_err(|_| QueryError::Unknown)?;
		if unit.index >= batch.count {
			return Err(QueryError::Unknown);
		}
		let found = Self::find_parcel(unit, hint, MAX_SEARCHED);
		let parcel_start = found.ok_or(QueryError::ParcelNotFound)?;
		let (parcel, around) = book.parcel(unit, parcel_start).map_err(Self::query_error)?.clone();
		let aside = matches!(book.state(unit), UnitState::Quarantined | UnitState::Locked);
		Ok(Location {
			parcel_start,
			parcel,
			holder: around.holder(),
			shipment: around.shipment(),
			held: aside || parcel.hold.is_some() || around.held,
			containers: around.chain,
		})
	}

	/// Where the parcel of a unit begins: where it may, else one of the batch's parcels, looking
	/// through as many.
	pub(crate) fn find_parcel(unit: UnitRef, hint: Option<u32>, most: usize) -> Option<u32> {
		let UnitRef { batch, index } = unit;
		// A batch begins as one parcel, and what comes back is one of its own.
		let probes = [hint, Some(0), Some(index)].into_iter().flatten();
		let holds = |start: &u32| {
			Parcels::<T>::get(batch, start).is_some_and(|parcel| parcel.holds(*start, index))
		};
		probes.into_iter().find(holds).or_else(|| {
			Parcels::<T>::iter_prefix(batch)
				.take(most)
				.find(|(start, parcel)| parcel.holds(*start, index))
				.map(|(start, _)| start)
		})
	}

	pub(crate) fn query_error(error: DispatchError) -> QueryError {
		let is = |cause: Error<T>| error == cause.into();
		if is(Error::<T>::UnknownParcel) || is(Error::<T>::RangeOutsideParcel) {
			QueryError::WrongParcel
		} else {
			QueryError::Unknown
		}
	}
}
