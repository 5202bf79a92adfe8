// SPDX-License-Identifier: Apache-2.0

//! What the calls do, a file per domain, each in the order of the calls; here is what they share.

mod agreement;
mod keys;
mod lifecycle;
mod registration;
mod services;

pub(crate) use registration::Registration;

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use frame_system::pallet_prelude::BlockNumberFor;
use salus_primitives::{
	BadAgreementKey, DocVersion, IdentityId, PublicKey, X25519Key, check_agreement_key,
	signed_forms,
};
use sp_runtime::{
	ArithmeticError, DispatchError,
	traits::{Verify, Zero},
};

impl<T: Config> Pallet<T> {
	/// Changes the row of an identity that acts.
	fn with_acting<R>(
		id: &IdentityId,
		change: impl FnOnce(&mut IdentityOf<T>) -> Result<R, DispatchError>,
	) -> Result<R, DispatchError> {
		// The origin found it a moment ago.
		Identities::<T>::try_mutate(id, |identity| {
			change(identity.as_mut().ok_or(DispatchError::BadOrigin)?)
		})
	}

	/// Begins the next version of the DID document, and lets the oldest go that is too many.
	fn amend_document(
		id: &IdentityId,
		identity: &mut IdentityOf<T>,
	) -> Result<DocVersion, DispatchError> {
		let version = identity.doc_version.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		identity.doc_version = version;
		identity.updated_at = Self::now();
		Self::stamp_document(id, version, identity.updated_at);
		if let Some(oldest) = version.checked_sub(T::MaxDocVersions::get()) {
			DocVersions::<T>::remove(id, oldest);
		}
		Ok(version)
	}

	fn stamp_document(id: &IdentityId, version: DocVersion, at: Moment) {
		let block = frame_system::Pallet::<T>::block_number();
		DocVersions::<T>::insert(id, version, DocStamp { at, block });
	}

	/// Checks that a signed statement may be used now.
	fn check_deadline(deadline: Moment) -> DispatchResult {
		let now = Self::now();
		ensure!(now < deadline, Error::<T>::ConsentExpired);
		let ahead = deadline.saturating_sub(now);
		ensure!(ahead <= T::MaxConsentAge::get(), Error::<T>::DeadlineTooFar);
		Ok(())
	}

	/// Checks that `account` signed `statement`, plain or as a wallet wraps it.
	fn check_signature(
		statement: Vec<u8>,
		signature: &T::Signature,
		account: &T::AccountId,
	) -> DispatchResult {
		let signed =
			signed_forms(statement).iter().any(|form| signature.verify(form.as_slice(), account));
		ensure!(signed, Error::<T>::BadSignature);
		Ok(())
	}

	/// Checks that `account` can become a key: it never served anybody.
	fn check_unbound(account: &T::AccountId) -> DispatchResult {
		if let Some(key) = KeyOwner::<T>::get(account) {
			let retired = key.status != KeyStatus::Active;
			ensure!(!retired, Error::<T>::AccountRetired);
			return Err(Error::<T>::AccountAlreadyBound.into());
		}
		Ok(())
	}

	/// Checks that `account` is no agreement key of `id` itself. A stranger's does not matter: it
	/// takes no private key to have one, and the owner of the account proves that it has its own.
	fn check_not_sealed_to(id: &IdentityId, account: &T::AccountId) -> DispatchResult {
		let own = AgreementIndex::<T>::get::<X25519Key>(account.clone().into())
			.is_some_and(|(owner, _)| owner == *id);
		ensure!(!own, Error::<T>::AccountIsAgreementKey);
		Ok(())
	}

	/// Checks the public key behind `account`; `signs` when the account has to have one.
	fn check_public(account: &T::AccountId, public: &PublicKey, signs: bool) -> DispatchResult {
		check_public_key(&account.clone().into(), public, signs).map_err(|bad| {
			match bad {
				BadPublicKey::Mismatch => Error::<T>::PublicKeyMismatch,
				BadPublicKey::Weak => Error::<T>::PublicKeyWeak,
				BadPublicKey::Missing => Error::<T>::PublicKeyMissing,
			}
			.into()
		})
	}

	/// Checks that `key` can become an agreement key: it is sound, new, and nobody signs with it.
	fn check_agreement(key: &X25519Key) -> DispatchResult {
		check_agreement_key(key).map_err(|bad| match bad {
			BadAgreementKey::NotCanonical => Error::<T>::AgreementKeyNotCanonical,
			BadAgreementKey::SmallOrder => Error::<T>::AgreementKeySmallOrder,
		})?;
		ensure!(!AgreementIndex::<T>::contains_key(key), Error::<T>::AgreementKeyInUse);
		let signs = KeyOwner::<T>::contains_key(T::AccountId::from(*key));
		ensure!(!signs, Error::<T>::AgreementKeyIsAccount);
		Ok(())
	}

	/// Checks a moment of compromise, and that it says more than an earlier revocation did.
	fn check_revocation(
		compromised_since: Option<Moment>,
		valid_from: Moment,
		before: Option<Option<Moment>>,
	) -> DispatchResult {
		check_compromise(compromised_since, valid_from, Self::now()).map_err(|bad| match bad {
			BadCompromise::Ahead => Error::<T>::CompromiseAhead,
			BadCompromise::BeforeUse => Error::<T>::CompromiseBeforeUse,
		})?;
		let news = before.is_none_or(|before| doubts_more(compromised_since, before));
		ensure!(news, Error::<T>::AlreadyRevoked);
		Ok(())
	}

	pub(crate) fn genesis() -> [u8; 32] {
		let hash = frame_system::Pallet::<T>::block_hash(BlockNumberFor::<T>::zero());
		let mut bytes = [0; 32];
		bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
		bytes
	}
}
