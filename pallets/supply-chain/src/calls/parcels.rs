// SPDX-License-Identifier: Apache-2.0

//! Parcels: stretches of a batch, made smaller and larger where they are.

use crate::{custody::Around, *};
use frame_support::pallet_prelude::*;
use salus_primitives::{IdentityId, UnitState};
use salus_traits::identity::Actor;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_split_parcel(
		actor: Actor<T::AccountId>,
		parcel: ParcelRef,
		at: u32,
	) -> DispatchResult {
		Self::open_parcel(parcel, &actor.id)?;
		Self::cut(parcel, at)?;
		let ParcelRef { batch, start } = parcel;
		Self::deposit_event(Event::ParcelSplit { batch, start, at });
		Ok(())
	}

	pub(crate) fn do_merge_parcels(
		actor: Actor<T::AccountId>,
		first: ParcelRef,
		second: ParcelRef,
	) -> DispatchResult {
		let (row, around) = Self::open_parcel(first, &actor.id)?;
		let behind = Parcels::<T>::get(second.batch, second.start);
		let behind = behind.ok_or(Error::<T>::UnknownParcel)?;
		let len = row.len.checked_add(behind.len).ok_or(Error::<T>::NotMergeable)?;
		let follows =
			first.batch == second.batch && first.start.checked_add(row.len) == Some(second.start);
		let alike = Parcel { len, ..row } == Parcel { len, ..behind };
		ensure!(follows && alike, Error::<T>::NotMergeable);
		let apart = Self::stands_apart(first, &row) || Self::stands_apart(second, &behind);
		ensure!(!apart, Error::<T>::NotMergeable);

		// Never the last one of a container: the first stays.
		Self::count_out(&around, 1, Self::now())?;
		Self::index_place(ItemRef::Parcel(second), Some(row.place), None);
		Parcels::<T>::remove(second.batch, second.start);
		let ParcelRef { batch, start } = first;
		Parcels::<T>::insert(batch, start, Parcel { len, ..row });
		Self::deposit_event(Event::ParcelsMerged { batch, start, len });
		Ok(())
	}

	/// A parcel that `who` holds, in no container that is sealed.
	fn open_parcel(parcel: ParcelRef, who: &IdentityId) -> Result<(Parcel, Around), DispatchError> {
		let row = Parcels::<T>::get(parcel.batch, parcel.start);
		let row = row.ok_or(Error::<T>::UnknownParcel)?;
		let around = Self::around(row.place)?;
		around.ensure_holder::<T>(who)?;
		ensure!(!around.sealed, Error::<T>::ContainerSealed);
		Ok((row, around))
	}

	/// Whether a parcel is one unit that is not like those around it: it came back, or was put
	/// aside. Among others it would be sent on with them.
	fn stands_apart(parcel: ParcelRef, row: &Parcel) -> bool {
		let state = || {
			let page = UnitPages::<T>::get(parcel.batch, UnitPage::of(parcel.start));
			page.map_or(UnitState::Active, |page| page.state(parcel.start))
		};
		row.len == 1 && state() != UnitState::Active
	}
}
