// SPDX-License-Identifier: Apache-2.0

//! Signing keys.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use salus_primitives::{CallScopes, IdentityId, KeyAddition, KeyId, PrimaryRotation, PublicKey};
use salus_traits::identity::Actor;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_add_key(
		actor: &Actor<T::AccountId>,
		account: T::AccountId,
		public: PublicKey,
		rights: KeyRights,
		deadline: Moment,
		proof: &T::Signature,
	) -> DispatchResult {
		let id = actor.id;
		let KeyRights { purposes, scopes, valid_until } = rights;
		let now = Self::now();
		Self::check_rights(rights.check())?;
		ensure!(valid_until.is_none_or(|until| now < until), Error::<T>::EndPassed);
		Self::check_deadline(deadline)?;
		Self::with_acting(&id, |identity| {
			let giver = KeyOwner::<T>::get(&actor.payer)
				.filter(|giver| giver.identity == id)
				.ok_or(DispatchError::BadOrigin)?;
			let is_primary = giver.key == identity.primary;
			Self::check_rights(rights.check_given_by(&giver, is_primary))?;
			ensure!(identity.active_keys < T::MaxKeys::get(), Error::<T>::TooManyKeys);
			// The last numbers are kept, so that nobody can use up those of a lost primary.
			let kept = T::MaxKeys::get();
			let used = identity.next_key.saturating_add(kept);
			ensure!(used < T::MaxKeyHistory::get(), Error::<T>::KeyHistoryFull);
			Self::check_unbound(&account)?;
			Self::check_not_sealed_to(&id, &account)?;
			Self::check_public(&account, &public, true)?;
			let statement = KeyAddition {
				genesis: Self::genesis(),
				identity: id,
				account: account.clone().into(),
				purposes,
				scopes,
				valid_until,
				deadline,
			};
			Self::check_signature(statement.to_bytes(), proof, &account)?;

			let key = Self::add_next_key(&id, identity, &account, public, rights)?;
			identity.active_keys = identity.active_keys.saturating_add(1);
			Self::deposit_event(Event::KeyAdded {
				identity: id,
				key,
				account,
				public,
				purposes,
				scopes,
				valid_until,
				by: actor.key,
				doc_version: identity.doc_version,
			});
			Ok(())
		})
	}

	pub(crate) fn do_set_key_scopes(
		actor: &Actor<T::AccountId>,
		key: KeyId,
		scopes: CallScopes,
	) -> DispatchResult {
		let id = actor.id;
		ensure!(scopes.is_known(), Error::<T>::UnknownScope);
		let identity = Identities::<T>::get(id).ok_or(DispatchError::BadOrigin)?;
		Self::check_primary(actor, &identity)?;
		let (account, mut record) = Self::secondary_key(&id, &identity, key)?;
		ensure!(record.status == KeyStatus::Active, Error::<T>::KeyNotActive);
		Self::check_rights(check_invocation(record.purposes, scopes))?;
		ensure!(record.scopes != scopes, Error::<T>::ScopesUnchanged);

		record.scopes = scopes;
		KeyOwner::<T>::insert(account, record);
		Self::deposit_event(Event::KeyScopesSet { identity: id, key, scopes });
		Ok(())
	}

	pub(crate) fn do_rotate_primary(
		actor: &Actor<T::AccountId>,
		new_account: T::AccountId,
		public: PublicKey,
		deadline: Moment,
		expected_epoch: u32,
		proof: &T::Signature,
	) -> DispatchResult {
		let id = actor.id;
		Self::check_deadline(deadline)?;
		Self::with_acting(&id, |identity| {
			Self::check_primary(actor, identity)?;
			ensure!(identity.epoch == expected_epoch, Error::<T>::StaleEpoch);
			ensure!(identity.next_key < T::MaxKeyHistory::get(), Error::<T>::KeyHistoryFull);
			Self::check_unbound(&new_account)?;
			Self::check_not_sealed_to(&id, &new_account)?;
			Self::check_public(&new_account, &public, true)?;
			let statement = PrimaryRotation {
				genesis: Self::genesis(),
				identity: id,
				account: new_account.clone().into(),
				epoch: expected_epoch,
				deadline,
			};
			Self::check_signature(statement.to_bytes(), proof, &new_account)?;

			let (old_account, mut old) = Self::key_of(&id, identity.primary)?;
			let key = Self::add_next_key(&id, identity, &new_account, public, KeyRights::PRIMARY)?;
			old.status = KeyStatus::Retired { at: Self::now() };
			old.ended_in = Some(identity.doc_version);
			let retired = old.key;
			KeyOwner::<T>::insert(old_account, old);
			identity.account = new_account.clone();
			identity.primary = key;
			identity.epoch = identity.epoch.saturating_add(1);
			Self::deposit_event(Event::PrimaryRotated {
				identity: id,
				retired,
				key,
				account: new_account,
				public,
				epoch: identity.epoch,
				doc_version: identity.doc_version,
			});
			Ok(())
		})
	}

	pub(crate) fn do_retire_key(actor: &Actor<T::AccountId>, key: KeyId) -> DispatchResult {
		let id = actor.id;
		Self::with_acting(&id, |identity| {
			let (account, mut record) = Self::secondary_key(&id, identity, key)?;
			ensure!(record.status == KeyStatus::Active, Error::<T>::KeyNotActive);

			let at = Self::now();
			record.status = KeyStatus::Retired { at };
			Self::end_key(&id, identity, &mut record)?;
			KeyOwner::<T>::insert(account, record);
			Self::deposit_event(Event::KeyRetired {
				identity: id,
				key,
				at,
				by: actor.key,
				doc_version: identity.doc_version,
			});
			Ok(())
		})
	}

	pub(crate) fn do_revoke_key(
		actor: &Actor<T::AccountId>,
		key: KeyId,
		compromised_since: Option<Moment>,
	) -> DispatchResult {
		let id = actor.id;
		Self::with_acting(&id, |identity| {
			let (account, mut record) = Self::secondary_key(&id, identity, key)?;
			let now = Self::now();
			let (ended, before) = match record.status {
				KeyStatus::Active => (now, None),
				KeyStatus::Retired { at } => (at, None),
				KeyStatus::Revoked { at, compromised_since } => (at, Some(compromised_since)),
			};
			Self::check_revocation(compromised_since, record.valid_from, before)?;

			let was_active = record.status == KeyStatus::Active;
			record.status = KeyStatus::Revoked { at: ended, compromised_since };
			if was_active {
				Self::end_key(&id, identity, &mut record)?;
			}
			KeyOwner::<T>::insert(account, record);
			Self::deposit_event(Event::KeyRevoked {
				identity: id,
				key,
				at: now,
				compromised_since,
				by: actor.key,
				doc_version: identity.doc_version,
			});
			Ok(())
		})
	}

	pub(crate) fn do_freeze_keys(actor: &Actor<T::AccountId>) -> DispatchResult {
		Self::with_acting(&actor.id, |identity| {
			ensure!(!identity.frozen, Error::<T>::AlreadyFrozen);

			identity.frozen = true;
			Self::deposit_event(Event::KeysFrozen { identity: actor.id, by: actor.key });
			Ok(())
		})
	}

	pub(crate) fn do_unfreeze_keys(actor: &Actor<T::AccountId>) -> DispatchResult {
		Self::with_acting(&actor.id, |identity| {
			Self::check_primary(actor, identity)?;
			ensure!(identity.frozen, Error::<T>::NotFrozen);

			identity.frozen = false;
			Self::deposit_event(Event::KeysUnfrozen { identity: actor.id });
			Ok(())
		})
	}

	/// Checks that the actor signed with the primary key.
	pub(crate) fn check_primary(
		actor: &Actor<T::AccountId>,
		identity: &IdentityOf<T>,
	) -> DispatchResult {
		ensure!(actor.key == identity.primary, Error::<T>::NotPrimary);
		Ok(())
	}

	fn check_rights(checked: Result<(), BadRights>) -> DispatchResult {
		checked.map_err(|bad| {
			match bad {
				BadRights::UnknownPurpose => Error::<T>::UnknownPurpose,
				BadRights::UnknownScope => Error::<T>::UnknownScope,
				BadRights::NoPurpose => Error::<T>::NoPurpose,
				BadRights::CannotInvoke => Error::<T>::PurposeMismatch,
				BadRights::ScopeEscalation => Error::<T>::ScopeEscalation,
				BadRights::KeyAdminNotGiven => Error::<T>::KeyAdminNotGiven,
				BadRights::PurposeEscalation => Error::<T>::PurposeEscalation,
				BadRights::OutlivesGiver => Error::<T>::OutlivesGiver,
			}
			.into()
		})
	}

	/// A key by its number: the account and its row.
	pub(crate) fn key_of(
		id: &IdentityId,
		key: KeyId,
	) -> Result<(T::AccountId, KeyRecord), DispatchError> {
		let account = Keys::<T>::get(id, key).ok_or(Error::<T>::KeyNotFound)?;
		let record = KeyOwner::<T>::get(&account).ok_or(Error::<T>::KeyNotFound)?;
		Ok((account, record))
	}

	/// A key that is not the primary.
	fn secondary_key(
		id: &IdentityId,
		identity: &IdentityOf<T>,
		key: KeyId,
	) -> Result<(T::AccountId, KeyRecord), DispatchError> {
		ensure!(key != identity.primary, Error::<T>::KeyIsPrimary);
		Self::key_of(id, key)
	}

	/// Gives an identity its next key, in the next version of its document.
	fn add_next_key(
		id: &IdentityId,
		identity: &mut IdentityOf<T>,
		account: &T::AccountId,
		public: PublicKey,
		rights: KeyRights,
	) -> Result<KeyId, DispatchError> {
		let KeyRights { purposes, scopes, valid_until } = rights;
		let key = identity.next_key;
		identity.next_key = key.saturating_add(1);
		let added_in = Self::amend_document(id, identity)?;
		Self::bind_key(
			account,
			KeyRecord {
				identity: *id,
				key,
				public,
				purposes,
				scopes,
				valid_from: Self::now(),
				valid_until,
				status: KeyStatus::Active,
				added_in,
				ended_in: None,
			},
		);
		Ok(key)
	}

	/// Takes a key that ended out of the next version of the document.
	fn end_key(
		id: &IdentityId,
		identity: &mut IdentityOf<T>,
		record: &mut KeyRecord,
	) -> DispatchResult {
		record.ended_in = Some(Self::amend_document(id, identity)?);
		identity.active_keys = identity.active_keys.saturating_sub(1);
		Ok(())
	}

	/// Binds an account to its identity, for ever. The one place that adds a row to [`KeyOwner`] and
	/// to [`Keys`].
	pub(crate) fn bind_key(account: &T::AccountId, record: KeyRecord) {
		// Never taken back: reaping would reset the nonce, and old transactions could be replayed.
		frame_system::Pallet::<T>::inc_sufficients(account);
		Keys::<T>::insert(record.identity, record.key, account);
		KeyOwner::<T>::insert(account, record);
	}
}
