// SPDX-License-Identifier: Apache-2.0

//! Registration, and the profile.

use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{
	Commitment, IdentityId, IdentityKind, KeyId, KeyVersion, PublicKey, Salt,
	SponsoredRegistration, X25519Key,
};

/// The numbers and versions that an identity begins with.
const FIRST_KEY: KeyId = 0;
const FIRST_VERSION: u32 = 1;

/// What an identity registers with, whoever registers it.
#[derive(Clone)]
pub(crate) struct Registration<AccountId> {
	pub account: AccountId,
	pub public: PublicKey,
	pub kind: IdentityKind,
	pub salt: Salt,
	pub agreement_key: X25519Key,
	pub profile: Option<Commitment>,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(registration: Registration<T::AccountId>) -> DispatchResult {
		Self::check_admission(&registration)?;
		Self::check_public(&registration.account, &registration.public, false)?;

		let depositor = registration.account.clone();
		let ticket = T::RegistrationDeposit::new(&depositor, Self::registration_footprint())?;
		Self::admit(registration, Some(Deposit { depositor, ticket }), None);
		Ok(())
	}

	pub(crate) fn do_register_for(
		sponsor: IdentityId,
		registration: Registration<T::AccountId>,
		deadline: Moment,
		signature: &T::Signature,
	) -> DispatchResult {
		Self::check_deadline(deadline)?;
		let today = Self::today();
		let used = SponsorUse::<T>::get(sponsor).on(today);
		ensure!(used < T::MaxSponsoredPerDay::get(), Error::<T>::SponsorQuotaExceeded);

		Self::check_admission(&registration)?;
		Self::check_public(&registration.account, &registration.public, true)?;
		let Registration { account, public, kind, salt, agreement_key, profile } =
			registration.clone();
		let consent = SponsoredRegistration {
			genesis: Self::genesis(),
			sponsor,
			account: account.clone().into(),
			public,
			kind,
			salt,
			agreement_key,
			profile,
			deadline,
		};
		Self::check_signature(consent.to_bytes(), signature, &account)?;

		Self::admit(registration, None, Some(sponsor));
		SponsorUse::<T>::insert(sponsor, DayCount { day: today, count: used.saturating_add(1) });
		Ok(())
	}

	pub(crate) fn do_set_profile(
		id: IdentityId,
		commitment: Commitment,
		expected_revision: u32,
	) -> DispatchResult {
		Self::check_profile(commitment)?;
		let current = Profiles::<T>::get(id).unwrap_or_default();
		ensure!(current.revision == expected_revision, Error::<T>::StaleRevision);
		ensure!(current.commitment != Some(commitment), Error::<T>::ProfileUnchanged);

		let revision = current.revision.saturating_add(1);
		Profiles::<T>::insert(id, Profile { commitment: Some(commitment), revision });
		Self::deposit_event(Event::ProfileSet { identity: id, profile: commitment, revision });
		Ok(())
	}

	pub(crate) fn do_clear_profile(id: IdentityId, expected_revision: u32) -> DispatchResult {
		let current = Profiles::<T>::get(id).unwrap_or_default();
		ensure!(current.commitment.is_some(), Error::<T>::NoProfile);
		ensure!(current.revision == expected_revision, Error::<T>::StaleRevision);

		// The row stays, so that a revision never comes twice.
		let revision = current.revision.saturating_add(1);
		Profiles::<T>::insert(id, Profile { commitment: None, revision });
		Self::deposit_event(Event::ProfileCleared { identity: id, revision });
		Ok(())
	}

	/// Checks all that does not depend on who registers the account.
	pub(crate) fn check_admission(registration: &Registration<T::AccountId>) -> DispatchResult {
		let Registration { account, kind, agreement_key, profile, .. } = registration;
		ensure!(*kind != IdentityKind::Device, Error::<T>::DeviceRefused);
		Self::check_unbound(account)?;
		Self::check_agreement(agreement_key)?;
		let is_account = account.clone().into() == *agreement_key;
		ensure!(!is_account, Error::<T>::AgreementKeyIsAccount);
		profile.map_or(Ok(()), Self::check_profile)
	}

	fn check_profile(profile: Commitment) -> DispatchResult {
		ensure!(profile != Commitment::default(), Error::<T>::ProfileEmpty);
		Ok(())
	}

	/// Makes an identity of an account.
	pub(crate) fn admit(
		registration: Registration<T::AccountId>,
		deposit: Option<Deposit<T::AccountId, T::RegistrationDeposit>>,
		sponsor: Option<IdentityId>,
	) {
		let Registration { account, public, kind, salt, agreement_key, profile } = registration;
		let now = Self::now();
		let id = Self::id_of(&account, &salt);

		Self::bind_key(
			&account,
			KeyRecord {
				identity: id,
				key: FIRST_KEY,
				public,
				purposes: KeyRights::PRIMARY.purposes,
				scopes: KeyRights::PRIMARY.scopes,
				valid_from: now,
				valid_until: KeyRights::PRIMARY.valid_until,
				status: KeyStatus::Active,
				added_in: FIRST_VERSION,
				ended_in: None,
			},
		);
		AgreementIndex::<T>::insert(agreement_key, (id, FIRST_VERSION));
		if profile.is_some() {
			Profiles::<T>::insert(id, Profile { commitment: profile, revision: FIRST_VERSION });
		}
		Self::stamp_document(&id, FIRST_VERSION, now);
		let identity = IdentityRecord {
			kind,
			status: IdentityStatus::Active,
			account: account.clone(),
			primary: FIRST_KEY,
			frozen: false,
			next_key: FIRST_KEY.saturating_add(1),
			active_keys: 1,
			epoch: 0,
			doc_version: FIRST_VERSION,
			registered_at: now,
			updated_at: now,
			services: 0,
			agreement: CurrentAgreementKey {
				version: FIRST_VERSION,
				key: agreement_key,
				valid_from: now,
				added_in: FIRST_VERSION,
			},
			deposit,
		};
		Identities::<T>::insert(id, identity);
		Self::deposit_event(Event::IdentityRegistered {
			identity: id,
			kind,
			account,
			public,
			agreement_key,
			profile,
			sponsor,
		});
	}

	/// The id that `account` has or will have with `salt`.
	pub(crate) fn id_of(account: &T::AccountId, salt: &Salt) -> IdentityId {
		IdentityId::derive(sp_io::hashing::blake2_256, &account.clone().into(), salt)
	}

	/// The rows that a registration adds: those that stay for good, and the profile.
	pub(crate) fn registration_footprint() -> Footprint {
		Footprint::from_parts(1, lasting_size::<T>().saturating_add(Profile::max_encoded_len()))
	}

	/// The rows that stay when an identity has ended.
	pub(crate) fn tombstone_footprint() -> Footprint {
		Footprint::from_parts(1, lasting_size::<T>())
	}
}

/// The size of identity, key, number of the key, index of the agreement key and first version.
fn lasting_size<T: Config>() -> usize {
	IdentityOf::<T>::max_encoded_len()
		.saturating_add(<(T::AccountId, KeyRecord)>::max_encoded_len())
		.saturating_add(<(IdentityId, KeyId, T::AccountId)>::max_encoded_len())
		.saturating_add(<(X25519Key, IdentityId, KeyVersion)>::max_encoded_len())
		.saturating_add(<(IdentityId, DocStampOf<T>)>::max_encoded_len())
}
