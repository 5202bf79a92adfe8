// SPDX-License-Identifier: Apache-2.0

//! What the calls do, in their order.

use crate::*;
use alloc::vec::Vec;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get, Time},
};
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, LoginClaim, LoginLocator, SlotId, UnfitKdf, VaultVersion,
};
use salus_traits::identity::{Actor, IdentityInspect};
use sp_core::ed25519;
use sp_runtime::{DispatchError, traits::EnsureAdd};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_vault(
		actor: Actor<T::AccountId>,
		format: u8,
		key_commitment: Commitment,
		body: BodyOf<T>,
		new_slots: NewSlotsOf<T>,
		expected: VaultVersion,
	) -> DispatchResult {
		ensure!(actor.kind != IdentityKind::Device, Error::<T>::DeviceRefused);
		ensure!(!body.is_empty(), Error::<T>::BodyEmpty);
		ensure!(key_commitment != Commitment::default(), Error::<T>::CommitmentEmpty);

		let current = Vaults::<T>::get(actor.id);
		let found = current.as_ref().map(|vault| vault.version);
		let found = found.unwrap_or_else(|| Self::version_without_vault(&actor.id));
		let version = Self::next_version(found, expected)?;

		// Slots wrap the vault's key, so they serve as long as it does.
		let kept = current
			.as_ref()
			.filter(|vault| new_slots.is_empty() && vault.key_commitment == key_commitment)
			.map(|vault| vault.slots.clone());
		let keeps = kept.is_some();
		let slots = kept.map_or_else(|| Self::list_of(&new_slots), Ok)?;
		let rows = Self::check_all(&actor.id, version, new_slots)?;

		let (old, deposit) = match current {
			Some(vault) => (vault.slots, vault.deposit),
			None => {
				let deposit = Self::deposit_of(actor.kind, &actor.payer)?;
				ClearedAt::<T>::remove(actor.id);
				(SlotListOf::<T>::default(), deposit)
			},
		};
		if !keeps {
			old.iter().for_each(|entry| Self::erase(&actor.id, entry.id));
			rows.into_iter().for_each(|(id, slot)| Self::write(&actor.id, id, slot));
		}
		let updated_at = T::Time::now();
		Self::deposit_event(Event::VaultSet { identity: actor.id, version, slots: slots.clone() });
		let body_version = version;
		Vaults::<T>::insert(
			actor.id,
			Vault {
				version,
				body_version,
				format,
				key_commitment,
				body,
				slots,
				updated_at,
				deposit,
			},
		);
		Ok(())
	}

	pub(crate) fn do_put_slot(
		identity: IdentityId,
		slot: NewSlot,
		expected: VaultVersion,
	) -> DispatchResult {
		Self::change(identity, expected, |vault| {
			let entry = slot.entry();
			vault.slots.put(entry).map_err(|unlisted| match unlisted {
				Unlisted::Taken => Error::<T>::SlotTaken,
				Unlisted::Full => Error::<T>::TooManySlots,
			})?;
			let row = Self::check_slot(&identity, vault.version, slot)?;
			if let Some(locator) = &row.locator {
				ensure!(!Locators::<T>::contains_key(locator), Error::<T>::LocatorTaken);
			}

			Self::write(&identity, entry.id, row);
			let (slot, kind, version) = (entry.id, entry.kind, vault.version);
			Self::deposit_event(Event::SlotPut { identity, slot, kind, version });
			Ok(())
		})
	}

	pub(crate) fn do_remove_slot(
		identity: IdentityId,
		slot: SlotId,
		expected: VaultVersion,
	) -> DispatchResult {
		Self::change(identity, expected, |vault| {
			ensure!(vault.slots.kind_of(slot).is_some(), Error::<T>::SlotNotFound);
			ensure!(vault.slots.has_login_beside(slot), Error::<T>::LastLogin);

			vault.slots.remove(slot);
			Self::erase(&identity, slot);
			let version = vault.version;
			Self::deposit_event(Event::SlotRemoved { identity, slot, version });
			Ok(())
		})
	}

	pub(crate) fn do_move_login(
		identity: IdentityId,
		slot: NewSlot,
		expected: VaultVersion,
	) -> DispatchResult {
		Self::change(identity, expected, |vault| {
			let entry = slot.entry();
			let standing = vault.slots.kind_of(entry.id).ok_or(Error::<T>::SlotNotFound)?;
			ensure!(standing.has_login(), Error::<T>::NoLoginToMove);
			let row = Self::check_slot(&identity, vault.version, slot)?;
			let locator = row.locator.ok_or(Error::<T>::LoginMissing)?;
			let holder = Locators::<T>::get(locator);
			let free = holder.is_none_or(|holder| holder == (identity, entry.id));
			ensure!(free, Error::<T>::LocatorTaken);

			vault.slots.replace(entry);
			Self::erase(&identity, entry.id);
			Self::write(&identity, entry.id, row);
			let (slot, kind, version) = (entry.id, entry.kind, vault.version);
			Self::deposit_event(Event::LoginMoved { identity, slot, kind, version });
			Ok(())
		})
	}

	/// Gives how many slots it removed.
	pub(crate) fn do_clear_vault(
		identity: IdentityId,
		expected: VaultVersion,
	) -> Result<u32, DispatchError> {
		let vault = Vaults::<T>::get(identity).ok_or(Error::<T>::NoVault)?;
		let version = Self::next_version(vault.version, expected)?;
		Self::clear(identity, vault, version)
	}

	/// Gives how many slots it removed.
	pub(crate) fn do_reap_vault(identity: IdentityId) -> Result<u32, DispatchError> {
		ensure!(T::Identities::has_ended(&identity), Error::<T>::IdentityNotEnded);
		let vault = Vaults::<T>::get(identity).ok_or(Error::<T>::NoVault)?;
		let version = vault.version.ensure_add(1)?;
		Self::clear(identity, vault, version)
	}

	fn clear(
		identity: IdentityId,
		vault: VaultOf<T>,
		version: VaultVersion,
	) -> Result<u32, DispatchError> {
		if let Some(Deposit { depositor, ticket }) = vault.deposit {
			ticket.drop(&depositor)?;
		}

		vault.slots.iter().for_each(|entry| Self::erase(&identity, entry.id));
		Vaults::<T>::remove(identity);
		ClearedAt::<T>::insert(identity, version);
		Self::deposit_event(Event::VaultCleared { identity, version });
		Ok(vault.slots.count())
	}

	/// Changes a vault, which has its next version already when `change` sees it.
	fn change(
		identity: IdentityId,
		expected: VaultVersion,
		change: impl FnOnce(&mut VaultOf<T>) -> DispatchResult,
	) -> DispatchResult {
		Vaults::<T>::try_mutate(identity, |vault| {
			let vault = vault.as_mut().ok_or(Error::<T>::NoVault)?;
			vault.version = Self::next_version(vault.version, expected)?;
			vault.updated_at = T::Time::now();
			change(vault)
		})
	}

	fn next_version(
		found: VaultVersion,
		expected: VaultVersion,
	) -> Result<VaultVersion, DispatchError> {
		ensure!(found == expected, Error::<T>::StaleVersion);
		Ok(found.ensure_add(1)?)
	}

	/// The version that an identity's next vault counts on from, when it has none.
	pub(crate) fn version_without_vault(identity: &IdentityId) -> VaultVersion {
		ClearedAt::<T>::get(identity).unwrap_or_default()
	}

	/// How a vault lists these slots.
	fn list_of(slots: &NewSlotsOf<T>) -> Result<SlotListOf<T>, DispatchError> {
		let mut list = SlotListOf::<T>::default();
		for slot in slots {
			// Both lists have one bound.
			list.put(slot.entry()).map_err(|_| Error::<T>::DuplicateSlot)?;
		}
		ensure!(list.has_login(), Error::<T>::NoLogin);
		Ok(list)
	}

	/// Checks slots that take the place of all others of an identity.
	fn check_all(
		identity: &IdentityId,
		version: VaultVersion,
		slots: NewSlotsOf<T>,
	) -> Result<Vec<(SlotId, VaultSlot)>, DispatchError> {
		let mut rows: Vec<(SlotId, VaultSlot)> = Vec::new();
		for slot in slots {
			let id = slot.id;
			let row = Self::check_slot(identity, version, slot)?;
			if let Some(locator) = row.locator {
				let twice = rows.iter().any(|(_, other)| other.locator == Some(locator));
				let others = Locators::<T>::get(locator).is_some_and(|(of, _)| of != *identity);
				ensure!(!twice && !others, Error::<T>::LocatorTaken);
			}
			rows.push((id, row));
		}
		Ok(rows)
	}

	/// Checks a slot, and that its login agrees to lead to this identity from `version` on. Whether
	/// the locator is free is left to the caller.
	fn check_slot(
		identity: &IdentityId,
		version: VaultVersion,
		slot: NewSlot,
	) -> Result<VaultSlot, DispatchError> {
		slot.check(&T::KdfLimits::get()).map_err(Error::<T>::from)?;
		let locator = match &slot.login {
			Some(login) => Some(Self::check_claim(identity, version, login)?),
			None => None,
		};
		Ok(slot.into_slot(locator, T::Time::now()))
	}

	fn check_claim(
		identity: &IdentityId,
		version: VaultVersion,
		login: &LoginProof,
	) -> Result<LoginLocator, DispatchError> {
		let locator = LoginLocator::derive(sp_io::hashing::blake2_256, &login.key);
		let genesis = T::GenesisHash::get();
		let claim = LoginClaim { genesis, identity: *identity, locator, version };
		let signed = sp_io::crypto::ed25519_verify(
			&ed25519::Signature::from_raw(login.claim),
			&claim.to_bytes(),
			&ed25519::Public::from_raw(login.key),
		);
		ensure!(signed, Error::<T>::BadClaim);
		Ok(locator)
	}

	/// Writes a slot and its locator: with [`Self::erase`] the one place where either changes.
	pub(crate) fn write(identity: &IdentityId, id: SlotId, slot: VaultSlot) {
		if let Some(locator) = slot.locator {
			Locators::<T>::insert(locator, (*identity, id));
		}
		Slots::<T>::insert(identity, id, slot);
	}

	/// Removes a slot and its locator.
	fn erase(identity: &IdentityId, id: SlotId) {
		let slot = Slots::<T>::take(identity, id);
		if let Some(locator) = slot.and_then(|slot| slot.locator) {
			Locators::<T>::remove(locator);
		}
	}

	pub(crate) fn slot_view(identity: &IdentityId, id: SlotId) -> Option<SlotView> {
		Slots::<T>::get(identity, id).map(|slot| SlotView { id, slot })
	}

	/// Takes the deposit for a vault from whoever is no patient.
	fn deposit_of(
		kind: IdentityKind,
		payer: &T::AccountId,
	) -> Result<Option<Deposit<T::AccountId, T::VaultDeposit>>, DispatchError> {
		if kind == IdentityKind::Patient {
			return Ok(None);
		}
		let ticket = T::VaultDeposit::new(payer, Self::footprint())?;
		Ok(Some(Deposit { depositor: payer.clone(), ticket }))
	}

	/// The rows of a vault at its bounds: the vault, and a slot and a locator as often as may be.
	pub(crate) fn footprint() -> Footprint {
		let per_slot = <(IdentityId, SlotId, VaultSlot)>::max_encoded_len()
			.saturating_add(<(LoginLocator, IdentityId, SlotId)>::max_encoded_len());
		let slots = per_slot.saturating_mul(T::MaxSlots::get() as usize);
		let vault = <(IdentityId, VaultOf<T>)>::max_encoded_len();
		Footprint::from_parts(1, vault.saturating_add(slots))
	}
}

impl<T> From<UnfitSlot> for Error<T> {
	fn from(unfit: UnfitSlot) -> Self {
		match unfit {
			UnfitSlot::Kdf(UnfitKdf::OfAnotherKind) => Self::KdfOfAnotherKind,
			UnfitSlot::Kdf(UnfitKdf::TooWeak) => Self::KdfTooWeak,
			UnfitSlot::Kdf(UnfitKdf::TooCostly) => Self::KdfTooCostly,
			UnfitSlot::Kdf(UnfitKdf::Lanes) => Self::KdfLanesOutOfBounds,
			UnfitSlot::Salt => Self::SaltTooShort,
			UnfitSlot::Wrap => Self::WrapTooShort,
			UnfitSlot::LoginMissing => Self::LoginMissing,
			UnfitSlot::LoginRefused => Self::LoginRefused,
			UnfitSlot::LoginKeyWeak => Self::LoginKeyWeak,
		}
	}
}
