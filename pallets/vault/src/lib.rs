// SPDX-License-Identifier: Apache-2.0

#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod types;

pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::BoundedVec;

/// The row of a vault.
pub type VaultOf<T> = Vault<
	<T as frame_system::Config>::AccountId,
	<T as Config>::VaultDeposit,
	<T as Config>::MaxBody,
	<T as Config>::MaxSlots,
>;

/// A sealed keyring.
pub type BodyOf<T> = BoundedVec<u8, <T as Config>::MaxBody>;

/// The slots that a call brings.
pub type NewSlotsOf<T> = BoundedVec<NewSlot, <T as Config>::MaxSlots>;

/// The slots of a vault, by number and kind.
pub type SlotListOf<T> = SlotList<<T as Config>::MaxSlots>;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::{Consideration, Footprint, Time},
	};
	use frame_system::pallet_prelude::*;
	use salus_primitives::{
		Commitment, IdentityId, KdfLimits, LoginLocator, Moment, SlotId, SlotKind, VaultVersion,
	};
	use salus_traits::identity::{Actor, IdentityInspect};

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// Which identities may change their own vault.
		type VaultOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Actor<Self::AccountId>>;

		/// Who there is, and who is no more.
		type Identities: IdentityInspect<Self::AccountId>;

		/// What a vault costs while it is there, at its bounds. Patients are not asked.
		type VaultDeposit: Consideration<Self::AccountId, Footprint>;

		/// The clock.
		type Time: Time<Moment = Moment>;

		/// The hash of block 0, to which claims are bound.
		type GenesisHash: Get<[u8; 32]>;

		/// Between which bounds the parameters of a stretched slot have to lie.
		#[pallet::constant]
		type KdfLimits: Get<KdfLimits>;

		/// How long a sealed keyring may be, in bytes. Never lower it.
		#[pallet::constant]
		type MaxBody: Get<u32>;

		/// How many slots a vault may have. Never lower it.
		#[pallet::constant]
		type MaxSlots: Get<u32>;

		/// The measured weights.
		type WeightInfo: WeightInfo;
	}

	/// Why money of an account is held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// The vault of an identity that is no patient.
		#[codec(index = 0)]
		Vault,
	}

	/// Every vault, by identity. That of a patient is free of charge; any other holds
	/// [`HoldReason::Vault`] of the depositor named in the row. Removed by `clear_vault`.
	#[pallet::storage]
	pub type Vaults<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, VaultOf<T>>;

	/// The slots, by identity and number. Paid for with the vault, and removed with it or alone.
	#[pallet::storage]
	pub type Slots<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, IdentityId, Blake2_128Concat, SlotId, VaultSlot>;

	/// Which slot of whose vault a login finds, by locator. Paid for with the vault, and removed
	/// with its slot.
	#[pallet::storage]
	pub type Locators<T: Config> =
		StorageMap<_, Blake2_128Concat, LoginLocator, (IdentityId, SlotId)>;

	/// The version at which a vault was cleared, by identity. One row for each identity without a
	/// vault that had one; removed when it sets another, which counts on from there.
	#[pallet::storage]
	pub type ClearedAt<T: Config> = StorageMap<_, Blake2_128Concat, IdentityId, VaultVersion>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(super) fn deposit_event)]
	pub enum Event<T: Config> {
		/// A vault was made, or its body sealed anew.
		VaultSet {
			/// Whose.
			identity: IdentityId,
			/// The version it has now.
			version: VaultVersion,
			/// Its slots now: kept, or all of them new.
			slots: SlotListOf<T>,
		},
		/// A slot was added.
		SlotPut {
			/// Whose.
			identity: IdentityId,
			/// Which.
			slot: SlotId,
			/// How it opens.
			kind: SlotKind,
			/// The version the vault has now.
			version: VaultVersion,
		},
		/// A slot was removed. What it sealed stays readable in archives, to whoever can open it.
		SlotRemoved {
			/// Whose.
			identity: IdentityId,
			/// Which.
			slot: SlotId,
			/// The version the vault has now.
			version: VaultVersion,
		},
		/// A slot with a login was replaced by another in its place.
		LoginMoved {
			/// Whose.
			identity: IdentityId,
			/// Which.
			slot: SlotId,
			/// How it opens now.
			kind: SlotKind,
			/// The version the vault has now.
			version: VaultVersion,
		},
		/// A vault was removed with all its slots.
		VaultCleared {
			/// Whose.
			identity: IdentityId,
			/// The version from which a later vault counts on.
			version: VaultVersion,
		},
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The identity has no vault: set one first.
		NoVault,
		/// The vault was changed meanwhile, or cleared: read it, and try again from its version.
		StaleVersion,
		/// A device has no vault: use the identity of a person or an organisation.
		DeviceRefused,
		/// There is no sealed keyring in it: send one.
		BodyEmpty,
		/// The key commitment is all zeros, which commits to nothing: send the real one.
		CommitmentEmpty,
		/// By none of the slots could anybody log in: send one by password, passphrase or code.
		NoLogin,
		/// Two slots have the same number: number each differently.
		DuplicateSlot,
		/// There is a slot of this number already: take another number, or move its login.
		SlotTaken,
		/// There is no slot of this number: read which ones the vault has.
		SlotNotFound,
		/// The vault has all the slots it may have: remove one first.
		TooManySlots,
		/// It is the last slot by which anybody could log in: put another first.
		LastLogin,
		/// The slot that stands there has no login to move: remove it, and put another.
		NoLoginToMove,
		/// A slot of this kind is found by its login: send the login's key and claim.
		LoginMissing,
		/// A slot of this kind has no login: leave it out.
		LoginRefused,
		/// Anybody can sign for this login key: derive a real one.
		LoginKeyWeak,
		/// The login did not sign for this chain, identity, locator and version: sign a new claim.
		BadClaim,
		/// The locator leads to another slot already: choose another name or password.
		LocatorTaken,
		/// A password or passphrase has to be stretched, and nothing else: name the KDF that fits.
		KdfOfAnotherKind,
		/// Guesses at this slot would be too cheap: use at least the memory and passes of the floor.
		KdfTooWeak,
		/// Devices would choke on this slot: use at most the memory and passes of the ceiling.
		KdfTooCostly,
		/// Argon2id cannot run so: use at least one lane, and no more than allowed.
		KdfLanesOutOfBounds,
		/// The salt is short enough to meet twice: draw at least 16 random bytes.
		SaltTooShort,
		/// The wrap is too short to hold a sealed key of 32 bytes: send the whole of it.
		WrapTooShort,
		/// The identity has not ended: its vault is its own to clear.
		IdentityNotEnded,
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::KdfLimits::get().is_sound(), "some parameters must lie within the limits");
			assert!(T::MaxBody::get() >= 512, "a keyring of one root must fit");
			assert!(
				(2..=256).contains(&T::MaxSlots::get()),
				"a vault has a way in and a spare one"
			);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Set the signer's vault, or seal its body anew.
		///
		/// Any active identity but a device may call it, with a key for its vault. The first time it
		/// holds a deposit of the signer ([`HoldReason::Vault`]), unless that is a patient. `format`
		/// says how the body is written; `key_commitment` commits to the key that sealed it; `body`
		/// is the sealed keyring; `slots` open it, and may be left out when the key stays the same,
		/// to keep those that are there; `expected_version` is the version that it changes, 0 for the
		/// first vault ever.
		#[pallet::call_index(0)]
		#[pallet::weight(match slots.len() {
			0 => <T as Config>::WeightInfo::set_vault_keeping_slots(),
			brought => <T as Config>::WeightInfo::set_vault(brought as u32),
		})]
		pub fn set_vault(
			origin: OriginFor<T>,
			format: u8,
			key_commitment: Commitment,
			body: BodyOf<T>,
			slots: NewSlotsOf<T>,
			expected_version: VaultVersion,
		) -> DispatchResult {
			let actor = T::VaultOrigin::ensure_origin(origin)?;
			Self::do_set_vault(actor, format, key_commitment, body, slots, expected_version)
		}

		/// Add a slot to the signer's vault.
		///
		/// Any active identity with a vault may call it, with a key for its vault. It holds nothing:
		/// the deposit is for the vault at its bounds. `slot` has a number that is free;
		/// `expected_version` is the version that it changes.
		#[pallet::call_index(1)]
		pub fn put_slot(
			origin: OriginFor<T>,
			slot: NewSlot,
			expected_version: VaultVersion,
		) -> DispatchResult {
			let actor = T::VaultOrigin::ensure_origin(origin)?;
			Self::do_put_slot(actor.id, slot, expected_version)
		}

		/// Remove a slot from the signer's vault.
		///
		/// Any active identity with a vault may call it, with a key for its vault. It frees nothing:
		/// the deposit is for the vault at its bounds. `slot` is not the last one by which anybody
		/// could log in; `expected_version` is the version that it changes.
		#[pallet::call_index(2)]
		pub fn remove_slot(
			origin: OriginFor<T>,
			slot: SlotId,
			expected_version: VaultVersion,
		) -> DispatchResult {
			let actor = T::VaultOrigin::ensure_origin(origin)?;
			Self::do_remove_slot(actor.id, slot, expected_version)
		}

		/// Replace a slot of the signer's vault by one with another login.
		///
		/// Any active identity with a vault may call it, with a key for its vault: after a change of
		/// password, name or secret key. It holds nothing. `slot` has the number of the one it
		/// replaces, and both have a login; `expected_version` is the version that it changes.
		#[pallet::call_index(3)]
		pub fn move_login(
			origin: OriginFor<T>,
			slot: NewSlot,
			expected_version: VaultVersion,
		) -> DispatchResult {
			let actor = T::VaultOrigin::ensure_origin(origin)?;
			Self::do_move_login(actor.id, slot, expected_version)
		}

		/// Remove the signer's vault with all its slots.
		///
		/// Any active identity with a vault may call it, with a key for its vault. It frees the
		/// deposit. `expected_version` is the version that it ends; a later vault counts on.
		#[pallet::call_index(4)]
		#[pallet::weight(<T as Config>::WeightInfo::clear_vault(T::MaxSlots::get()))]
		pub fn clear_vault(
			origin: OriginFor<T>,
			expected_version: VaultVersion,
		) -> DispatchResultWithPostInfo {
			let actor = T::VaultOrigin::ensure_origin(origin)?;
			let removed = Self::do_clear_vault(actor.id, expected_version)?;
			Ok(Some(<T as Config>::WeightInfo::clear_vault(removed)).into())
		}

		/// Remove the vault of an identity that has ended, with all its slots.
		///
		/// Any account may call it. It gives the deposit back to whoever paid it. `identity` was
		/// deactivated: it can no longer clear its vault, and nobody logs in by it any more.
		#[pallet::call_index(5)]
		#[pallet::weight(<T as Config>::WeightInfo::reap_vault(T::MaxSlots::get()))]
		pub fn reap_vault(
			origin: OriginFor<T>,
			identity: IdentityId,
		) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let removed = Self::do_reap_vault(identity)?;
			Ok(Some(<T as Config>::WeightInfo::reap_vault(removed)).into())
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// The vault of an identity, with the numbers and kinds of its slots.
		pub fn vault(id: IdentityId) -> Option<VaultView> {
			Vaults::<T>::get(id).map(|vault| vault.into_view(id))
		}

		/// The slots of an identity's vault, by number.
		pub fn slots(id: IdentityId) -> Vec<SlotView> {
			let listed = Vaults::<T>::get(id).map(|vault| vault.slots).unwrap_or_default();
			listed.iter().filter_map(|entry| Self::slot_view(&id, entry.id)).collect()
		}

		/// The version of an identity's vault, also when it was cleared; 0 when there was none. It
		/// is the version to expect in the next change.
		pub fn version(id: IdentityId) -> VaultVersion {
			let version = Vaults::<T>::get(id).map(|vault| vault.version);
			version.unwrap_or_else(|| Self::version_without_vault(&id))
		}

		/// Where a login leads: whose vault, and which of its slots.
		pub fn locate(locator: LoginLocator) -> Option<(IdentityId, SlotId)> {
			Locators::<T>::get(locator)
		}

		/// What a login opens: the vault, and the slot that opens it.
		pub fn find(locator: LoginLocator) -> Option<FoundVault> {
			let (id, slot) = Locators::<T>::get(locator)?;
			Some(FoundVault { vault: Self::vault(id)?, slot: Self::slot_view(&id, slot)? })
		}
	}
}
