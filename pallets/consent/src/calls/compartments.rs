// SPDX-License-Identifier: Apache-2.0

//! Compartments, their keys, and to whom these are handed.

use crate::{
	Compartment, CompartmentCount, Compartments, Config, Decision, EpochLinks, Error, Event, Grant,
	GrantKeys, GrantKeysOf, GrantStatus, GrantWraps, Grants, MAX_WRAPS, NextEpoch, Pallet, Reaches,
	Scope,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{
	BadAgreementKey, CompartmentKey, CompartmentNo, Epoch, GrantId, GrantWrap, IdentityId, Moment,
	X25519Key, check_agreement_key,
};
use salus_traits::identity::AgreementKeys;
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_open_compartment(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		key: X25519Key,
		restricted: bool,
	) -> DispatchResult {
		Self::ensure_key_sound(&key)?;
		ensure!(
			!Compartments::<T>::contains_key(subject, compartment),
			Error::<T>::CompartmentAlreadyOpen
		);
		let count = CompartmentCount::<T>::get(subject);
		ensure!(count < T::MaxCompartments::get(), Error::<T>::TooManyCompartments);

		let opened_at = T::Time::now();
		let open = Compartment { epoch: 0, key, restricted, opened_at, rotation_due: false };
		Compartments::<T>::insert(subject, compartment, open);
		CompartmentCount::<T>::insert(subject, count.ensure_add(1)?);
		Self::deposit_event(Event::CompartmentOpened {
			subject,
			compartment,
			epoch: open.epoch,
			key,
			restricted,
			by,
		});
		Ok(())
	}

	fn ensure_key_sound(key: &X25519Key) -> Result<(), Error<T>> {
		check_agreement_key(key).map_err(|bad| match bad {
			BadAgreementKey::NotCanonical => Error::<T>::KeyNotCanonical,
			BadAgreementKey::SmallOrder => Error::<T>::KeyOfSmallOrder,
		})
	}

	pub(crate) fn do_rotate_compartment(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		next: NextEpoch,
	) -> DispatchResult {
		let NextEpoch { expected_epoch, key, link, wraps, emergency } = next;
		let mut open = Self::at_epoch(&subject, compartment, expected_epoch)?;
		Self::ensure_key_sound(&key)?;
		ensure!(key != open.key, Error::<T>::KeyUnchanged);
		let epoch = expected_epoch.ensure_add(1)?;
		let renewed = Self::renewed_keys(&subject, compartment, &open, epoch, &wraps)?;
		let emergency = Self::resealed(&subject, compartment, epoch, emergency)?;

		EpochLinks::<T>::insert((subject, compartment, expected_epoch), link);
		open.epoch = epoch;
		open.key = key;
		// Who reads by an emergency that is open may come to know this secret, too.
		let is_reached = Self::is_reached(&subject, compartment, open.restricted);
		open.rotation_due = open.rotation_due && is_reached;
		Compartments::<T>::insert(subject, compartment, open);
		let holder = emergency.map(|key| key.holder);
		Self::put_emergency_key(subject, compartment, emergency);
		let grants = Self::put_keys(renewed);
		Self::deposit_event(Event::CompartmentRotated {
			subject,
			compartment,
			epoch,
			key,
			grants,
			holder,
			by,
		});
		Ok(())
	}

	pub(crate) fn do_add_compartment_wraps(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		epoch: Epoch,
		wraps: GrantWraps,
	) -> DispatchResult {
		ensure!(!wraps.is_empty(), Error::<T>::NoWraps);
		let open = Self::at_epoch(&subject, compartment, epoch)?;
		let renewed = Self::renewed_keys(&subject, compartment, &open, epoch, &wraps)?;

		let grants = Self::put_keys(renewed);
		Self::deposit_event(Event::CompartmentWrapsAdded {
			subject,
			compartment,
			epoch,
			grants,
			by,
		});
		Ok(())
	}

	/// The compartment, which has to be at this epoch.
	fn at_epoch(
		subject: &IdentityId,
		compartment: CompartmentNo,
		epoch: Epoch,
	) -> Result<Compartment, Error<T>> {
		let open =
			Compartments::<T>::get(subject, compartment).ok_or(Error::<T>::CompartmentNotOpen)?;
		ensure!(open.epoch == epoch, Error::<T>::StaleEpoch);
		Ok(open)
	}

	/// Whether an emergency that may be open reaches the compartment.
	pub(crate) fn is_reached(
		subject: &IdentityId,
		compartment: CompartmentNo,
		restricted: bool,
	) -> bool {
		let now = T::Time::now();
		let is_open = |scope: Option<CompartmentNo>| {
			Reaches::<T>::get(subject, scope).is_some_and(|reach| reach.is_open_at(now))
		};
		is_open(Some(compartment)) || (!restricted && is_open(None))
	}

	/// What the grants that are named would carry, with the new secret of the compartment in it.
	fn renewed_keys(
		subject: &IdentityId,
		compartment: CompartmentNo,
		open: &Compartment,
		epoch: Epoch,
		wraps: &GrantWraps,
	) -> Result<Vec<(GrantId, GrantKeys)>, DispatchError> {
		let now = T::Time::now();
		let mut named = BTreeSet::new();
		let mut renewed = Vec::new();
		for GrantWrap { grant: id, key_version, wrap } in wraps.iter().copied() {
			ensure!(named.insert(id), Error::<T>::DuplicateKey);
			let grant = Grants::<T>::get(id).ok_or(Error::<T>::GrantNotFound)?;
			ensure!(grant.subject == *subject, Error::<T>::GrantNotOfSubject);
			Self::ensure_takes_key(&grant, compartment, open, now)?;
			let is_current = grant
				.grantee
				.key_holder()
				.is_some_and(|holder| T::AgreementKeys::is_current(holder, key_version));
			ensure!(is_current, Error::<T>::StaleKeyVersion);
			let mut keys =
				GrantKeysOf::<T>::get(id).ok_or(Error::<T>::GrantHoldsNoCompartmentKeys)?;
			let key = CompartmentKey { compartment, epoch, key_version, wrap };
			ensure!(keys.put(key), Error::<T>::TooManyKeys);
			renewed.push((id, keys));
		}
		Ok(renewed)
	}

	/// Whether the grant can be handed the secret of the compartment: it permits its grantee, who
	/// has a key, to read there, and that for more than one record.
	fn ensure_takes_key(
		grant: &Grant,
		compartment: CompartmentNo,
		open: &Compartment,
		now: Moment,
	) -> Result<(), Error<T>> {
		ensure!(grant.status == GrantStatus::Live, Error::<T>::AlreadyRevoked);
		ensure!(!grant.has_ended(now), Error::<T>::GrantEnded);
		let holds_keys =
			grant.terms.decision == Decision::Permit && grant.grantee.key_holder().is_some();
		ensure!(holds_keys, Error::<T>::GrantHoldsNoCompartmentKeys);
		let reaches = match grant.terms.scope {
			Scope::Record(_) => return Err(Error::<T>::GrantHoldsNoCompartmentKeys),
			Scope::Compartment(no) => no == compartment,
			Scope::Subject(_) => !open.restricted,
		};
		ensure!(reaches, Error::<T>::CompartmentNotReached);
		Ok(())
	}

	fn put_keys(renewed: Vec<(GrantId, GrantKeys)>) -> BoundedVec<GrantId, ConstU32<MAX_WRAPS>> {
		let grants = renewed.iter().map(|(id, _)| *id).collect();
		for (id, keys) in renewed {
			GrantKeysOf::<T>::insert(id, keys);
		}
		BoundedVec::truncate_from(grants)
	}
}
