// SPDX-License-Identifier: Apache-2.0

//! What patients have instead of rent: room for what they file, and places for what waits.

use super::len_of;
use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use salus_primitives::{IdentityId, IdentityKind};
use salus_traits::identity::Actor;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	/// What a version with this object costs: rent for so long a row, or for patients room, and a
	/// place while it waits.
	pub(super) fn charge_version(
		actor: &Actor<T::AccountId>,
		id: RecordId,
		row: usize,
		object: &Option<InlineObject>,
		open_until: Option<Moment>,
	) -> Result<Option<DepositOf<T>>, DispatchError> {
		if actor.kind == IdentityKind::Patient {
			Self::take_room(actor.id, id, Self::room_of(len_of(object)), open_until)?;
			return Ok(None);
		}
		Self::rent(&actor.payer, row.saturating_add(len_of(object)))
	}

	/// What a row beside a version costs: rent, and nothing for patients. There are so many of them
	/// per version at most.
	pub(super) fn charge_beside(
		actor: &Actor<T::AccountId>,
		size: usize,
	) -> Result<Option<DepositOf<T>>, DispatchError> {
		if actor.kind == IdentityKind::Patient { Ok(None) } else { Self::rent(&actor.payer, size) }
	}

	/// The room of a patient's that a version with an object of this length takes: whatever becomes
	/// of it, its row is no longer than that.
	pub(crate) fn room_of(object: usize) -> u32 {
		let room = RecordOf::<T>::max_encoded_len().saturating_add(object);
		room.try_into().unwrap_or(u32::MAX)
	}

	/// The room that a version takes which is there.
	pub(crate) fn room_taken(version: &VersionOf<T>) -> u32 {
		Self::room_of(0).saturating_add(Self::room_of_object(version))
	}

	/// The room that its object takes.
	fn room_of_object(version: &VersionOf<T>) -> u32 {
		let len = object_len(version.padded_len).filter(|_| version.inline);
		len.and_then(|len| len.try_into().ok()).unwrap_or_default()
	}

	fn take_room(
		patient: IdentityId,
		id: RecordId,
		room: u32,
		open_until: Option<Moment>,
	) -> Result<(), Error<T>> {
		Quotas::<T>::try_mutate(patient, |quota| {
			if let Some(deadline) = open_until {
				let now = T::Clock::now();
				quota.open.retain(|(_, deadline)| now < *deadline);
				let place = quota.open.try_push((id, deadline));
				place.map_err(|_| Error::<T>::TooManyOpenProposals)?;
			}
			quota.bytes = quota.bytes.saturating_add(room);
			ensure!(quota.bytes <= T::MaxOwnBytes::get(), Error::<T>::NoRoomLeft);
			Ok(())
		})
	}

	/// Takes the room of a tombstone, out of what the record that went made free.
	pub(super) fn take_room_of_tombstone(patient: IdentityId) {
		Quotas::<T>::mutate(patient, |quota| {
			quota.bytes = quota.bytes.saturating_add(TOMBSTONE_ROOM);
		});
	}

	/// Gives back what a version cost: the rent to who paid it, or a patient's room.
	pub(super) fn give_back_version(version: VersionOf<T>) {
		if version.deposit.is_none() {
			let room = Self::room_taken(&version);
			Self::change_quota(version.author, |quota| {
				quota.bytes = quota.bytes.saturating_sub(room);
			});
		}
		Self::give_back(version.deposit);
	}

	/// Lets go of the object of a version that a patient filed. What others filed they pay for.
	pub(super) fn drop_own_object(id: RecordId, version: &mut VersionOf<T>) {
		if version.deposit.is_some() || !version.inline {
			return;
		}
		let room = Self::room_of_object(version);
		Objects::<T>::remove(id, version.number);
		version.inline = false;
		Self::change_quota(version.author, |quota| {
			quota.bytes = quota.bytes.saturating_sub(room);
		});
	}

	/// Frees the place that an open version of a patient's takes.
	pub(super) fn free_place(id: RecordId, version: &VersionOf<T>) {
		if version.deposit.is_none() {
			Self::change_quota(version.author, |quota| {
				quota.open.retain(|(record, _)| *record != id);
			});
		}
	}

	/// Changes what a patient takes, when it takes something; the row of who takes nothing goes.
	fn change_quota(patient: IdentityId, change: impl FnOnce(&mut QuotaOf<T>)) {
		Quotas::<T>::mutate_exists(patient, |stored| {
			let Some(quota) = stored else { return };
			change(quota);
			if quota.bytes == 0 && quota.open.is_empty() {
				*stored = None;
			}
		});
	}
}
