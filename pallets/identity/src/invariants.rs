// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use frame_support::{ensure, traits::Get};
use salus_primitives::{
	Commitment, DocVersion, IdentityId, IdentityKind, KeyId, KeyVersion, check_agreement_key,
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::accounts_and_keys_agree()?;
		Self::bound_accounts_can_exist_without_a_balance()?;
		Self::versions_have_no_gap()?;
		Self::key_index_is_one_to_one()?;
		Self::profiles_are_sound()?;
		Self::days_belong_to_identities()?;
		Self::no_identity_is_a_device()?;
		Self::primary_keys_may_do_everything()?;
		Self::counters_of_keys_agree()?;
		Self::keys_are_sound()?;
		Self::documents_have_a_history()?;
		Self::services_are_sound()?;
		Self::what_ended_is_empty()?;
		Self::no_identity_signs_with_what_is_sealed_to()
	}

	/// The keys of an identity, by number.
	fn keys_of(id: &IdentityId, next: KeyId) -> impl Iterator<Item = Option<KeyRecord>> {
		let id = *id;
		(0..next).map(move |key| {
			KeyOwner::<T>::get(Keys::<T>::get(id, key)?)
				.filter(|record| record.identity == id && record.key == key)
		})
	}

	// I1
	fn accounts_and_keys_agree() -> Result<(), TryRuntimeError> {
		let mut keys = 0usize;
		for (id, identity) in Identities::<T>::iter() {
			let whole = Self::keys_of(&id, identity.next_key).all(|key| key.is_some());
			ensure!(whole, "I1: a key of an identity is not bound to it");
			keys = keys.saturating_add(identity.next_key as usize);
		}
		ensure!(KeyOwner::<T>::iter_keys().count() == keys, "I1: an account is no key of anybody");
		ensure!(Keys::<T>::iter_keys().count() == keys, "I1: a key is nobody's");
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
				let since = key.revoked.and_then(|revocation| revocation.compromised_since);
				let sound = check_compromise(since, key.valid_from, Self::now()).is_ok();
				ensure!(sound, "I3: a version is compromised before its time");
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
			let empty = profile.commitment == Some(Commitment::default());
			ensure!(!empty, "I5: a profile is empty");
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

	// I8
	fn primary_keys_may_do_everything() -> Result<(), TryRuntimeError> {
		for (id, identity) in Identities::<T>::iter() {
			let account = Keys::<T>::get(id, identity.primary);
			ensure!(account.as_ref() == Some(&identity.account), "I8: the primary is no account");
			let key = KeyOwner::<T>::get(&identity.account).ok_or("I8: the primary is no key")?;
			let KeyRecord { purposes, scopes, valid_until, status, .. } = key;
			let rights = KeyRights { purposes, scopes, valid_until };
			ensure!(rights == KeyRights::PRIMARY, "I8: the primary may not do everything");
			ensure!(status == KeyStatus::Active, "I8: the primary has ended");
			ensure!(identity.epoch <= identity.primary, "I8: there were more primaries than keys");
		}
		Ok(())
	}

	// I9
	fn counters_of_keys_agree() -> Result<(), TryRuntimeError> {
		for (id, identity) in Identities::<T>::iter() {
			let active = Self::keys_of(&id, identity.next_key)
				.flatten()
				.filter(|key| key.status == KeyStatus::Active)
				.count();
			ensure!(identity.active_keys as usize == active, "I9: the count of keys has drifted");
			ensure!(identity.active_keys <= T::MaxKeys::get(), "I9: there are too many keys");
			let in_bounds = identity.next_key <= T::MaxKeyHistory::get();
			ensure!(in_bounds, "I9: there were too many keys");
		}
		Ok(())
	}

	// I10
	fn keys_are_sound() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		for key in KeyOwner::<T>::iter_values() {
			let KeyRecord { purposes, scopes, valid_until, valid_from, .. } = key;
			let rights = KeyRights { purposes, scopes, valid_until };
			ensure!(rights.check().is_ok(), "I10: a key has rights that make no sense");
			ensure!(valid_from <= now, "I10: a key is from the future");
			let lasts = valid_until.is_none_or(|until| valid_from < until);
			ensure!(lasts, "I10: a key ends before it begins");

			let identity = Identities::<T>::get(key.identity).ok_or("I10: a key is nobody's")?;
			let versions = 1..=identity.doc_version;
			ensure!(versions.contains(&key.added_in), "I10: a key is in no document");
			let (ended, since) = match key.status {
				KeyStatus::Active => (None, None),
				KeyStatus::Retired { at } => (Some(at), None),
				KeyStatus::Revoked { at, compromised_since } => (Some(at), compromised_since),
			};
			let in_order =
				key.ended_in.is_none_or(|last| key.added_in < last && versions.contains(&last));
			ensure!(in_order, "I10: a key left the documents before it came");
			ensure!(ended.is_some() == key.ended_in.is_some(), "I10: an ended key is in documents");
			let past = ended.is_none_or(|at| valid_from <= at && at <= now);
			ensure!(past, "I10: a key ended before it began, or is about to");
			let sound = check_compromise(since, valid_from, now).is_ok();
			ensure!(sound, "I10: a key is compromised before its time");
		}
		Ok(())
	}

	// I11
	fn documents_have_a_history() -> Result<(), TryRuntimeError> {
		let mut stamps = 0usize;
		for (id, identity) in Identities::<T>::iter() {
			let current: DocVersion = identity.doc_version;
			ensure!(current > 0, "I11: a document has no version");
			let first = current.saturating_sub(T::MaxDocVersions::get()).saturating_add(1);
			let (mut at, mut block) = (identity.registered_at, Default::default());
			for version in first..=current {
				let stamp = DocVersions::<T>::get(id, version)
					.ok_or("I11: a version of a document is missing")?;
				let later = at <= stamp.at && block <= stamp.block;
				ensure!(later, "I11: the versions of a document are out of order");
				(at, block) = (stamp.at, stamp.block);
				stamps = stamps.saturating_add(1);
			}
			ensure!(at == identity.updated_at, "I11: a document changed without a version");
		}
		ensure!(
			DocVersions::<T>::iter_keys().count() == stamps,
			"I11: there is a version that ought to be forgotten"
		);
		Ok(())
	}

	// I12
	fn services_are_sound() -> Result<(), TryRuntimeError> {
		for (id, identity) in Identities::<T>::iter() {
			let listed = Services::<T>::iter_prefix(id).count();
			ensure!(identity.services as usize == listed, "I12: the count of services has drifted");
			ensure!(identity.services <= T::MaxServices::get(), "I12: there are too many services");
			let refused = identity.kind == IdentityKind::Patient && listed > 0;
			ensure!(!refused, "I12: a patient lists a service");
		}
		for (id, name, row) in Services::<T>::iter() {
			ensure!(Identities::<T>::contains_key(id), "I12: a service is nobody's");
			let service = Service { id: name, kind: row.kind, url: row.url };
			ensure!(service.check().is_ok(), "I12: a service is malformed");
		}
		Ok(())
	}

	// I13
	fn what_ended_is_empty() -> Result<(), TryRuntimeError> {
		for (id, identity) in Identities::<T>::iter() {
			match identity.status {
				IdentityStatus::Deactivated { at } => {
					let empty = identity.services == 0 && !Profiles::<T>::contains_key(id);
					ensure!(empty, "I13: an identity that ended has a profile or a service");
					ensure!(at == identity.updated_at, "I13: a document changed after its end");
				},
				IdentityStatus::Suspended { since, until, .. } => {
					let lasts = until.is_none_or(|until| since < until);
					ensure!(lasts, "I13: a suspension ends before it begins");
					ensure!(since <= Self::now(), "I13: a suspension is from the future");
				},
				IdentityStatus::Active | IdentityStatus::Deceased => (),
			}
		}
		Ok(())
	}

	// I14
	fn no_identity_signs_with_what_is_sealed_to() -> Result<(), TryRuntimeError> {
		for (account, key) in KeyOwner::<T>::iter() {
			let bytes: [u8; 32] = account.into();
			let own =
				AgreementIndex::<T>::get(bytes).is_some_and(|(owner, _)| owner == key.identity);
			ensure!(!own, "I14: an account of an identity is its own agreement key");
		}
		Ok(())
	}
}
