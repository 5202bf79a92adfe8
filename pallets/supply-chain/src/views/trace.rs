// SPDX-License-Identifier: Apache-2.0

//! The way of a unit, a batch or a container, as far as the chain keeps it.

use super::page_of;
use crate::{custody::Around, units::Book, *};
use alloc::{vec, vec::Vec};
use salus_gs1::Sscc;
use salus_primitives::{BatchIx, ShipmentId, UnitRef, UnitState};

impl<T: Config> Pallet<T> {
	/// The steps of a unit, a batch or a container that the chain keeps, the oldest first.
	pub fn api_trace(
		target: TraceTarget,
		cursor: Option<TraceCursor>,
		limit: u32,
	) -> Result<Page<Hop, TraceCursor>, QueryError> {
		Self::check_page(limit)?;
		let steps = match target {
			TraceTarget::Unit(unit, parcel_start) => Self::trace_unit(unit, parcel_start)?,
			TraceTarget::Batch(batch) => vec![Self::commissioned(batch)?],
			TraceTarget::Container(sscc) => Self::trace_container(sscc)?,
		};
		let seen = match cursor {
			None => 0,
			Some(TraceCursor::Steps(seen)) => seen,
			Some(TraceCursor::Parcel(_)) => u32::MAX,
		};
		let steps = (1u32..)
			.map(TraceCursor::Steps)
			.zip(steps)
			.skip(usize::try_from(seen).unwrap_or(usize::MAX));
		let rows = steps.chain(Self::parcels_behind(target, cursor));
		Ok(page_of(rows, limit, |(cursor, _)| *cursor, |(_, hop)| hop))
	}

	fn commissioned(batch: BatchIx) -> Result<Hop, QueryError> {
		let row = Batches::<T>::get(batch).ok_or(QueryError::Unknown)?;
		Ok(Hop::Commissioned { batch, by: row.issuer, at: row.at })
	}

	fn trace_unit(unit: UnitRef, start: u32) -> Result<Vec<Hop>, QueryError> {
		let mut steps = vec![Self::commissioned(unit.batch)?];
		let book = &mut Book::<T>::default();
		let (parcel, around) = book.parcel(unit, start).map_err(Self::query_error)?.clone();
		let at = ParcelRef { batch: unit.batch, start };
		let shipment = around.shipment();
		steps.push(Self::parcel_hop(at, &parcel, around));
		steps.extend(shipment.and_then(Self::shipped));
		let state = book.state(unit);
		if !matches!(state, UnitState::Active) {
			let leaving = Leavings::<T>::get(unit).filter(|one| one.is_open_at(Self::now()));
			let at = leaving.map(|leaving| leaving.at);
			steps.push(Hop::Left { state, at });
		}
		Ok(steps)
	}

	fn trace_container(sscc: Sscc) -> Result<Vec<Hop>, QueryError> {
		let row = Containers::<T>::get(sscc).ok_or(QueryError::Unknown)?;
		let around = Self::around(row.place).map_err(Self::query_error)?;
		let shipment = around.shipment();
		let hop = Hop::Container {
			sscc,
			items: row.items,
			holder: around.holder(),
			shipment,
			containers: around.chain,
		};
		Ok([hop].into_iter().chain(shipment.and_then(Self::shipped)).collect())
	}

	fn parcel_hop(parcel: ParcelRef, row: &Parcel, around: Around) -> Hop {
		Hop::Parcel {
			parcel,
			units: row.len,
			holder: around.holder(),
			shipment: around.shipment(),
			containers: around.chain,
		}
	}

	fn shipped(shipment: ShipmentId) -> Option<Hop> {
		let row = Shipments::<T>::get(shipment)?;
		let overdue = row.is_overdue_at(Self::now());
		Some(Hop::Shipped { shipment, from: row.from, to: row.to, at: row.at, overdue })
	}

	/// The parcels of a batch behind the cursor; none of anything else.
	fn parcels_behind(
		target: TraceTarget,
		cursor: Option<TraceCursor>,
	) -> impl Iterator<Item = (TraceCursor, Hop)> {
		let batch = match target {
			TraceTarget::Batch(batch) => Some(batch),
			_ => None,
		};
		batch.into_iter().flat_map(move |batch| {
			let rows = match cursor {
				Some(TraceCursor::Parcel(last)) => {
					Parcels::<T>::iter_prefix_from(batch, Parcels::<T>::hashed_key_for(batch, last))
				},
				_ => Parcels::<T>::iter_prefix(batch),
			};
			rows.filter_map(move |(start, row)| {
				let around = Self::around(row.place).ok()?;
				let hop = Self::parcel_hop(ParcelRef { batch, start }, &row, around);
				Some((TraceCursor::Parcel(start), hop))
			})
		})
	}
}
