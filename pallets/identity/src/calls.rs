// SPDX-License-Identifier: Apache-2.0

//! What the calls do, in their order.

use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{
	BadAgreementKey, Commitment, IdentityId, IdentityKind, KeyVersion, Salt, SponsoredRegistration,
	X25519Key, signed_forms,
};
use sp_runtime::{
	DispatchError,
	traits::{Convert, Verify, Zero},
};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_register(
		who: T::AccountId,
		kind: IdentityKind,
		salt: Salt,
		agreement_key: X25519Key,
		profile: Option<Commitment>,
	) -> DispatchResult {
		Self::check_admission(&who, kind, &agreement_key, profile)?;
		let ticket = T::RegistrationDeposit::new(&who, Self::registration_footprint())?;
		let deposit = Deposit { depositor: who.clone(), ticket };
		Self::admit(who, kind, salt, agreement_key, profile, Some(deposit), None)
	}

	pub(crate) fn do_register_for(
		sponsor: IdentityId,
		account: T::AccountId,
		kind: IdentityKind,
		salt: Salt,
		agreement_key: X25519Key,
		profile: Option<Commitment>,
		deadline: Moment,
		signature: T::Signature,
	) -> DispatchResult {
		let now = Self::now();
		ensure!(now < deadline, Error::<T>::ConsentExpired);
		ensure!(deadline - now <= T::MaxConsentAge::get(), Error::<T>::DeadlineTooFar);

		let today = Self::today();
		let used = SponsorUse::<T>::get(sponsor).on(today);
		ensure!(used < T::MaxSponsoredPerDay::get(), Error::<T>::SponsorQuotaExceeded);

		Self::check_admission(&account, kind, &agreement_key, profile)?;
		let consent = SponsoredRegistration {
			genesis: Self::genesis(),
			sponsor,
			account: account.clone().into(),
			kind,
			salt,
			agreement_key,
			profile,
			deadline,
		};
		let signed = signed_forms(consent.to_bytes())
			.iter()
			.any(|form| signature.verify(form.as_slice(), &account));
		ensure!(signed, Error::<T>::BadSignature);

		Self::admit(account, kind, salt, agreement_key, profile, None, Some(sponsor))?;
		SponsorUse::<T>::insert(sponsor, DayCount { day: today, count: used.saturating_add(1) });
		Ok(())
	}

	pub(crate) fn do_set_profile(
		id: IdentityId,
		profile: Commitment,
		expected_revision: u32,
	) -> DispatchResult {
		Self::check_profile(profile)?;
		let current = Profiles::<T>::get(id);
		let revision = current.as_ref().map_or(0, |current| current.revision);
		ensure!(revision == expected_revision, Error::<T>::StaleRevision);
		let unchanged = current.is_some_and(|current| current.commitment == profile);
		ensure!(!unchanged, Error::<T>::ProfileUnchanged);

		let revision = revision.saturating_add(1);
		Profiles::<T>::insert(id, Profile { commitment: profile, revision });
		Self::deposit_event(Event::ProfileSet { identity: id, profile, revision });
		Ok(())
	}

	pub(crate) fn do_rotate_agreement_key(
		id: IdentityId,
		new_key: X25519Key,
		expected_version: KeyVersion,
	) -> DispatchResult {
		Identities::<T>::try_mutate(id, |identity| {
			// The origin found it a moment ago.
			let identity = identity.as_mut().ok_or(DispatchError::BadOrigin)?;
			let version = identity.agreement.version;
			ensure!(version == expected_version, Error::<T>::StaleVersion);
			ensure!(version < T::MaxAgreementVersions::get(), Error::<T>::VersionHistoryFull);
			Self::check_key(&identity.account, &new_key)?;

			let at = Self::now();
			let current = CurrentAgreementKey {
				version: version.saturating_add(1),
				key: new_key,
				valid_from: at,
			};
			Self::deposit_event(Event::AgreementKeyRotated {
				identity: id,
				version: current.version,
				agreement_key: new_key,
				at,
			});
			AgreementIndex::<T>::insert(new_key, (id, current.version));
			let retired = core::mem::replace(&mut identity.agreement, current).retire(at);
			RetiredAgreementKeys::<T>::insert(id, version, retired);
			Ok(())
		})
	}

	/// Checks all that does not depend on who registers the account.
	pub(crate) fn check_admission(
		account: &T::AccountId,
		kind: IdentityKind,
		agreement_key: &X25519Key,
		profile: Option<Commitment>,
	) -> DispatchResult {
		ensure!(kind != IdentityKind::Device, Error::<T>::DeviceRefused);
		ensure!(!KeyOwner::<T>::contains_key(account), Error::<T>::AccountAlreadyBound);
		Self::check_key(account, agreement_key)?;
		profile.map_or(Ok(()), Self::check_profile)
	}

	fn check_key(account: &T::AccountId, key: &X25519Key) -> DispatchResult {
		check_key_of(&account.clone().into(), key).map_err(|unfit| match unfit {
			UnfitKey::Bad(BadAgreementKey::NotCanonical) => Error::<T>::AgreementKeyNotCanonical,
			UnfitKey::Bad(BadAgreementKey::SmallOrder) => Error::<T>::AgreementKeySmallOrder,
			UnfitKey::IsAccount => Error::<T>::AgreementKeyIsAccount,
		})?;
		ensure!(!AgreementIndex::<T>::contains_key(key), Error::<T>::AgreementKeyInUse);
		Ok(())
	}

	fn check_profile(profile: Commitment) -> DispatchResult {
		ensure!(profile != Commitment::default(), Error::<T>::ProfileEmpty);
		Ok(())
	}

	/// Makes an identity of an account. The one place that writes [`KeyOwner`].
	pub(crate) fn admit(
		account: T::AccountId,
		kind: IdentityKind,
		salt: Salt,
		agreement_key: X25519Key,
		profile: Option<Commitment>,
		deposit: Option<Deposit<T::AccountId, T::RegistrationDeposit>>,
		sponsor: Option<IdentityId>,
	) -> DispatchResult {
		let now = Self::now();
		let id = Self::id_of(&account, &salt);

		// Never taken back: reaping would reset the nonce, and old transactions could be replayed.
		frame_system::Pallet::<T>::inc_sufficients(&account);
		KeyOwner::<T>::insert(&account, id);
		AgreementIndex::<T>::insert(agreement_key, (id, 1));
		if let Some(commitment) = profile {
			Profiles::<T>::insert(id, Profile { commitment, revision: 1 });
		}
		let identity = IdentityRecord {
			kind,
			status: IdentityStatus::Active,
			account: account.clone(),
			registered_at: now,
			agreement: CurrentAgreementKey { version: 1, key: agreement_key, valid_from: now },
			deposit,
		};
		Identities::<T>::insert(id, identity);
		Self::deposit_event(Event::IdentityRegistered {
			identity: id,
			kind,
			account,
			agreement_key,
			profile,
			sponsor,
		});
		Ok(())
	}

	/// The id that `account` has or will have with `salt`.
	pub(crate) fn id_of(account: &T::AccountId, salt: &Salt) -> IdentityId {
		IdentityId::derive(sp_io::hashing::blake2_256, &account.clone().into(), salt)
	}

	/// The rows that a registration adds: identity, owner of the account, index of the key, profile.
	pub(crate) fn registration_footprint() -> Footprint {
		let size = IdentityOf::<T>::max_encoded_len()
			.saturating_add(<(T::AccountId, IdentityId)>::max_encoded_len())
			.saturating_add(<(X25519Key, IdentityId, KeyVersion)>::max_encoded_len())
			.saturating_add(Profile::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn genesis() -> [u8; 32] {
		let hash = frame_system::Pallet::<T>::block_hash(
			frame_system::pallet_prelude::BlockNumberFor::<T>::zero(),
		);
		let mut bytes = [0; 32];
		bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
		bytes
	}

	/// A version of the agreement key of `identity`, which is `id`.
	pub(crate) fn version_of(
		id: &IdentityId,
		identity: &IdentityOf<T>,
		version: KeyVersion,
	) -> Option<AgreementKeyView> {
		let current = &identity.agreement;
		if version == current.version {
			let CurrentAgreementKey { key, valid_from, .. } = *current;
			return Some(AgreementKeyView { version, key, valid_from, valid_to: None });
		}
		RetiredAgreementKeys::<T>::get(id, version).map(|retired| AgreementKeyView {
			version,
			key: retired.key,
			valid_from: retired.valid_from,
			valid_to: Some(retired.valid_to),
		})
	}

	/// What is left today of the allowance of `id`, which is of `kind`.
	pub(crate) fn allowance_of(id: &IdentityId, kind: IdentityKind) -> AllowanceLeft {
		Allowances::<T>::get(id).on(Self::today(), T::DailyAllowance::convert(kind))
	}
}
