// SPDX-License-Identifier: Apache-2.0

//! What the view functions answer.

use crate::*;
use alloc::vec::Vec;
use frame_support::{ensure, traits::Get};
use salus_primitives::{DocVersion, IdentityId, IdentityKind, KeyId, KeyPurpose, KeyVersion};
use sp_runtime::traits::Convert;

impl<T: Config> Pallet<T> {
	pub(crate) fn view_key(id: &IdentityId, key: KeyId) -> Option<KeyViewOf<T>> {
		let account = Keys::<T>::get(id, key)?;
		let record = KeyOwner::<T>::get(&account)?;
		Some(record.into_view(account))
	}

	pub(crate) fn view_keys(
		id: &IdentityId,
		from: KeyId,
		limit: u32,
	) -> Result<KeyPageOf<T>, ListError> {
		let identity = Self::listed(id, limit)?;
		let end = from.saturating_add(limit);
		let keys = (from..end).map_while(|key| Self::view_key(id, key)).collect();
		Ok(KeyPage { keys, next: (end < identity.next_key).then_some(end) })
	}

	pub(crate) fn view_was_valid(account: &T::AccountId, purpose: KeyPurpose, at: Moment) -> bool {
		let has_been = at <= Self::now();
		KeyOwner::<T>::get(account)
			.filter(|key| has_been && key.was_valid(purpose, at))
			.and_then(|key| Identities::<T>::get(key.identity))
			.is_some_and(|identity| identity.status.deactivated_at().is_none_or(|end| at < end))
	}

	pub(crate) fn view_agreement_keys(
		id: &IdentityId,
		from: KeyVersion,
		limit: u32,
	) -> Result<AgreementKeyPage, ListError> {
		let identity = Self::listed(id, limit)?;
		let first = from.max(1);
		let end = first.saturating_add(limit);
		let keys =
			(first..end).map_while(|version| Self::version_of(id, &identity, version)).collect();
		Ok(AgreementKeyPage { keys, next: (end <= identity.agreement.version).then_some(end) })
	}

	/// The identity of which something is listed in pages.
	fn listed(id: &IdentityId, limit: u32) -> Result<IdentityOf<T>, ListError> {
		let max = T::MaxPage::get();
		ensure!(limit <= max, ListError::LimitTooLarge { max });
		Identities::<T>::get(id).ok_or(ListError::UnknownIdentity)
	}

	pub(crate) fn view_services(id: &IdentityId) -> Vec<Service> {
		Services::<T>::iter_prefix(id)
			.map(|(id, ServiceRecord { kind, url, .. })| Service { id, kind, url })
			.collect()
	}

	pub(crate) fn view_document(
		id: IdentityId,
		version: Option<DocVersion>,
	) -> Result<DidFactsOf<T>, ResolveError> {
		let identity = Identities::<T>::get(id).ok_or(ResolveError::UnknownIdentity)?;
		let current = identity.doc_version;
		let version = version.unwrap_or(current);
		let exists = (1..=current).contains(&version);
		ensure!(exists, ResolveError::UnknownVersion { current });
		let oldest = current.saturating_sub(T::MaxDocVersions::get()).saturating_add(1);
		let stamp =
			DocVersions::<T>::get(id, version).ok_or(ResolveError::VersionPruned { oldest })?;

		let is_current = version == current;
		let deactivated = identity.status.deactivated_at().is_some();
		let next = current.gt(&version).then(|| version.saturating_add(1));
		let ended = is_current && deactivated;
		Ok(DidFacts {
			id,
			keys: if ended { Vec::new() } else { Self::keys_in(&id, &identity, version) },
			agreement: if ended { None } else { Self::agreement_in(&id, &identity, version) },
			services: if is_current { Self::view_services(&id) } else { Vec::new() },
			created: identity.registered_at,
			updated: stamp.at,
			version,
			block: stamp.block,
			next_version: next,
			next_update: next.and_then(|next| DocVersions::<T>::get(id, next)).map(|next| next.at),
			deactivated,
		})
	}

	/// The signing keys in the document of `version`.
	fn keys_in(
		id: &IdentityId,
		identity: &IdentityOf<T>,
		version: DocVersion,
	) -> Vec<DidKey<T::AccountId>> {
		(0..identity.next_key)
			.filter_map(|key| Self::key_of(id, key).ok())
			.filter(|(_, record)| record.stands_in(version))
			.map(|(account, record)| DidKey {
				key: record.key,
				account,
				public: record.public,
				purposes: record.purposes,
				valid_until: record.valid_until,
			})
			.collect()
	}

	/// The agreement key in the document of `version`: the last that came with it or before it.
	fn agreement_in(
		id: &IdentityId,
		identity: &IdentityOf<T>,
		version: DocVersion,
	) -> Option<DidAgreementKey> {
		let current = &identity.agreement;
		if current.added_in <= version {
			return Some(DidAgreementKey { version: current.version, key: current.key });
		}
		// They came in order, so halving finds it: `from` came in time, `to` too late.
		let (mut from, mut to): (KeyVersion, KeyVersion) = (1, current.version);
		while from.saturating_add(1) < to {
			let middle = from.midpoint(to);
			let came = RetiredAgreementKeys::<T>::get(id, middle)?.added_in;
			if came <= version { from = middle } else { to = middle }
		}
		let key = RetiredAgreementKeys::<T>::get(id, from)?.key;
		Some(DidAgreementKey { version: from, key })
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
			let (valid_to, revoked) = (None, None);
			return Some(AgreementKeyView { version, key, valid_from, valid_to, revoked });
		}
		RetiredAgreementKeys::<T>::get(id, version).map(|retired| AgreementKeyView {
			version,
			key: retired.key,
			valid_from: retired.valid_from,
			valid_to: Some(retired.valid_to),
			revoked: retired.revoked,
		})
	}

	/// What is left today of the allowance of `id`, which is of `kind`.
	pub(crate) fn allowance_of(id: &IdentityId, kind: IdentityKind) -> AllowanceLeft {
		Allowances::<T>::get(id).on(Self::today(), T::DailyAllowance::convert(kind))
	}
}
