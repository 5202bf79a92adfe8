// SPDX-License-Identifier: Apache-2.0

//! Agreement keys.

use crate::*;
use frame_support::{ensure, pallet_prelude::DispatchResult, traits::Get};
use salus_primitives::{IdentityId, KeyVersion, X25519Key};
use salus_traits::identity::Actor;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_rotate_agreement_key(
		actor: &Actor<T::AccountId>,
		new_key: X25519Key,
		expected_version: KeyVersion,
	) -> DispatchResult {
		let id = actor.id;
		Self::with_acting(&id, |identity| {
			let version = identity.agreement.version;
			ensure!(version == expected_version, Error::<T>::StaleVersion);
			let most = T::MaxAgreementVersions::get();
			ensure!(version < most, Error::<T>::VersionHistoryFull);
			// The last ones are kept, so that a stolen key cannot leave the owner none.
			let for_all = most.saturating_sub((most / 4).max(1));
			let may = version < for_all || actor.key == identity.primary;
			ensure!(may, Error::<T>::VersionsKeptForPrimary);
			Self::check_agreement(&new_key)?;

			let at = Self::now();
			let current = CurrentAgreementKey {
				version: version.saturating_add(1),
				key: new_key,
				valid_from: at,
				added_in: Self::amend_document(&id, identity)?,
			};
			Self::deposit_event(Event::AgreementKeyRotated {
				identity: id,
				version: current.version,
				agreement_key: new_key,
				at,
				doc_version: current.added_in,
			});
			AgreementIndex::<T>::insert(new_key, (id, current.version));
			let retired = core::mem::replace(&mut identity.agreement, current).retire(at);
			RetiredAgreementKeys::<T>::insert(id, version, retired);
			Ok(())
		})
	}

	pub(crate) fn do_revoke_agreement_key(
		id: IdentityId,
		version: KeyVersion,
		compromised_since: Option<Moment>,
	) -> DispatchResult {
		let identity = Identities::<T>::get(id).ok_or(DispatchError::BadOrigin)?;
		ensure!(version != identity.agreement.version, Error::<T>::VersionIsCurrent);
		let mut retired =
			RetiredAgreementKeys::<T>::get(id, version).ok_or(Error::<T>::VersionNotFound)?;
		let before = retired.revoked.map(|revocation| revocation.compromised_since);
		Self::check_revocation(compromised_since, retired.valid_from, before)?;

		let now = Self::now();
		let at = retired.revoked.map_or(now, |revocation| revocation.at);
		retired.revoked = Some(Revocation { at, compromised_since });
		RetiredAgreementKeys::<T>::insert(id, version, retired);
		Self::deposit_event(Event::AgreementKeyRevoked {
			identity: id,
			version,
			at: now,
			compromised_since,
		});
		Ok(())
	}
}
