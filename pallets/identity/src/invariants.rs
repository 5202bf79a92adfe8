// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use frame_support::{ensure, traits::Get};
use salus_primitives::{Commitment, IdentityId, IdentityKind, KeyVersion, check_agreement_key};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::accounts_and_identities_agree()?;
		Self::bound_accounts_can_exist_without_a_balance()?;
		Self::versions_have_no_gap()?;
		Self::key_index_is_one_to_one()?;
		Self::profiles_are_sound()?;
		Self::days_belong_to_identities()?;
		Self::no_identity_is_a_device()
	}

	// I1
	fn accounts_and_identities_agree() -> Result<(), TryRuntimeError> {
		for (id, identity) in Identities::<T>::iter() {
			let owner = KeyOwner::<T>::get(&identity.account);
			ensure!(owner == Some(id), "I1: an identity's account is not bound to it");
		}
		let (accounts, identities) =
			(KeyOwner::<T>::iter().count(), Identities::<T>::iter().count());
		ensure!(accounts == identities, "I1: an account is bound to an identity that has another");
		Ok(())
	}

	// I2
	fn bound_accounts_can_exist_without_a_balance() -> Result<(), TryRuntimeError> {
		for account in KeyOwner::<T>::iter_keys() {
			let sufficients = frame_system::Pallet::<T>::sufficients(&account);
			ensure!(sufficients > 0, "I2: a bound account has no sufficient reference");
		}
		Ok(())
	}

	// I3
	fn versions_have_no_gap() -> Result<(), TryRuntimeError> {
		let mut retired = 0usize;
		for (id, identity) in Identities::<T>::iter() {
			let current = &identity.agreement;
			let max = T::MaxAgreementVersions::get();
			ensure!((1..=max).contains(&current.version), "I3: a version is out of bounds");
			let mut begins = identity.registered_at;
			for version in 1..current.version {
				let key = RetiredAgreementKeys::<T>::get(id, version)
					.ok_or("I3: a retired version is missing")?;
				ensure!(key.valid_from == begins, "I3: a version does not begin where it should");
				ensure!(key.valid_from <= key.valid_to, "I3: a version ends before it begins");
				begins = key.valid_to;
				retired = retired.saturating_add(1);
			}
			ensure!(current.valid_from == begins, "I3: a version does not begin where it should");
		}
		ensure!(
			RetiredAgreementKeys::<T>::iter().count() == retired,
			"I3: there is a version from the future or of nobody"
		);
		Ok(())
	}

	// I4
	fn key_index_is_one_to_one() -> Result<(), TryRuntimeError> {
		let current = Identities::<T>::iter()
			.map(|(id, identity)| (identity.agreement.key, (id, identity.agreement.version)));
		let retired = RetiredAgreementKeys::<T>::iter()
			.map(|(id, version, retired)| (retired.key, (id, version)));
		let mut versions = 0usize;
		for (key, place) in current.chain(retired) {
			let place: (IdentityId, KeyVersion) = place;
			ensure!(AgreementIndex::<T>::get(key) == Some(place), "I4: a version is not indexed");
			ensure!(check_agreement_key(&key).is_ok(), "I4: an agreement key is not sound");
			versions = versions.saturating_add(1);
		}
		ensure!(AgreementIndex::<T>::iter().count() == versions, "I4: an indexed key is nobody's");
		Ok(())
	}

	// I5
	fn profiles_are_sound() -> Result<(), TryRuntimeError> {
		for (id, profile) in Profiles::<T>::iter() {
			ensure!(Identities::<T>::contains_key(id), "I5: a profile is nobody's");
			ensure!(profile.revision > 0, "I5: a profile has no revision");
			ensure!(profile.commitment != Commitment::default(), "I5: a profile is empty");
		}
		Ok(())
	}

	// I6
	fn days_belong_to_identities() -> Result<(), TryRuntimeError> {
		let counts = SponsorUse::<T>::iter().map(|(id, count)| (id, count.day));
		let spendings = Allowances::<T>::iter().map(|(id, spending)| (id, spending.day));
		for (id, day) in counts.chain(spendings) {
			ensure!(Identities::<T>::contains_key(id), "I6: a quota is nobody's");
			ensure!(day <= Self::today(), "I6: a quota is of a day to come");
		}
		Ok(())
	}

	// I7
	fn no_identity_is_a_device() -> Result<(), TryRuntimeError> {
		let device = Identities::<T>::iter_values().any(|row| row.kind == IdentityKind::Device);
		ensure!(!device, "I7: an identity is a device");
		Ok(())
	}
}
