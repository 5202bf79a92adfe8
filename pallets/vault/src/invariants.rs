// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use salus_primitives::Commitment;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::every_vault_has_a_way_in()?;
		Self::slots_are_those_listed()?;
		Self::locators_are_one_to_one()?;
		Self::slots_have_the_shape_of_their_kind()?;
		Self::versions_count_on()?;
		Self::every_vault_holds_something()?;
		Self::nothing_comes_from_the_future()
	}

	// I1
	fn every_vault_has_a_way_in() -> Result<(), TryRuntimeError> {
		for vault in Vaults::<T>::iter_values() {
			ensure!(vault.slots.is_sound(), "I1: a list of slots is out of order or has no login");
			ensure!(vault.slots.count() <= T::MaxSlots::get(), "I1: a vault has too many slots");
		}
		Ok(())
	}

	// I2
	fn slots_are_those_listed() -> Result<(), TryRuntimeError> {
		let mut listed = 0usize;
		for (identity, vault) in Vaults::<T>::iter() {
			for entry in vault.slots.iter() {
				let slot = Slots::<T>::get(identity, entry.id).ok_or("I2: a slot is missing")?;
				ensure!(slot.kind == entry.kind, "I2: a slot is of another kind than listed");
				listed = listed.saturating_add(1);
			}
		}
		ensure!(Slots::<T>::iter().count() == listed, "I2: a slot is in no list");
		Ok(())
	}

	// I3
	fn locators_are_one_to_one() -> Result<(), TryRuntimeError> {
		let mut located = 0usize;
		for (identity, id, slot) in Slots::<T>::iter() {
			let Some(locator) = slot.locator else { continue };
			let place = Locators::<T>::get(locator);
			ensure!(place == Some((identity, id)), "I3: a locator leads elsewhere");
			located = located.saturating_add(1);
		}
		ensure!(Locators::<T>::iter().count() == located, "I3: a locator leads nowhere");
		Ok(())
	}

	// I4
	fn slots_have_the_shape_of_their_kind() -> Result<(), TryRuntimeError> {
		let sound = Slots::<T>::iter().all(|(_, _, slot)| slot.is_sound());
		ensure!(sound, "I4: a slot has not the shape of its kind");
		Ok(())
	}

	// I5
	fn versions_count_on() -> Result<(), TryRuntimeError> {
		for vault in Vaults::<T>::iter_values() {
			ensure!(vault.body_version > 0, "I5: a body was sealed at no version");
			ensure!(
				vault.body_version <= vault.version,
				"I5: a body was sealed at a later version"
			);
		}
		for (identity, version) in ClearedAt::<T>::iter() {
			ensure!(version > 1, "I5: a vault was cleared before it was set");
			ensure!(!Vaults::<T>::contains_key(identity), "I5: a vault is cleared and there");
		}
		Ok(())
	}

	// I6
	fn every_vault_holds_something() -> Result<(), TryRuntimeError> {
		for vault in Vaults::<T>::iter_values() {
			ensure!(!vault.body.is_empty(), "I6: a vault is empty");
			ensure!(vault.key_commitment != Commitment::default(), "I6: a vault has no key");
		}
		Ok(())
	}

	// I7
	fn nothing_comes_from_the_future() -> Result<(), TryRuntimeError> {
		for (identity, vault) in Vaults::<T>::iter() {
			ensure!(vault.updated_at <= T::Time::now(), "I7: a vault changed in the future");
			let young = Slots::<T>::iter_prefix_values(identity)
				.any(|slot| slot.created_at > vault.updated_at);
			ensure!(!young, "I7: a slot is younger than the last change of its vault");
		}
		Ok(())
	}
}
