// SPDX-License-Identifier: Apache-2.0

//! Where the two halves of a key lie: key shares with custodians, and the reader's half for
//! emergencies with a holder. Never both with one organisation.

use crate::{
	Compartments, Config, EmergencyHolders, EmergencyKeys, Error, Event, Holder, HolderStanding,
	MAX_SHARE_CUSTODIANS, Pallet, RecorderCount, ShareCustodians, ShareCustody, ShareKeepers,
};
use frame_support::{
	pallet_prelude::*,
	traits::{EnsureOrigin, EnsureOriginWithArg, Time},
};
use frame_system::pallet_prelude::OriginFor;
use salus_primitives::{
	AccreditationKind, CompartmentNo, EmergencyKey, Epoch, IdentityId, KeyVersion, Wrap,
};
use salus_traits::{accreditation::AccreditationInspect, identity::AgreementKeys};
use sp_runtime::DispatchError::BadOrigin;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_share_custodian(
		keeper: IdentityId,
		custodians: BoundedVec<IdentityId, ConstU32<MAX_SHARE_CUSTODIANS>>,
		threshold: u8,
	) -> DispatchResult {
		if custodians.is_empty() {
			ensure!(threshold == 0, Error::<T>::ThresholdUnfit);
			ensure!(ShareCustodians::<T>::contains_key(keeper), Error::<T>::NoShareCustodians);
			ShareCustodians::<T>::remove(keeper);
		} else {
			ensure!(
				ShareCustody::is_reachable(threshold, custodians.len()),
				Error::<T>::ThresholdUnfit
			);
			ensure!(!ShareCustody::has_duplicates(&custodians), Error::<T>::DuplicateCustodian);
			for custodian in &custodians {
				ensure!(Self::keeps_shares(custodian), Error::<T>::NotACustodian);
				ensure!(
					!EmergencyHolders::<T>::contains_key(custodian),
					Error::<T>::CustodianHoldsEmergencyKeys
				);
			}
			for custodian in &custodians {
				ShareKeepers::<T>::insert(custodian, ());
			}
			let since = T::Time::now();
			let custody = ShareCustody { custodians: custodians.clone(), threshold, since };
			ShareCustodians::<T>::insert(keeper, custody);
		}
		Self::deposit_event(Event::ShareCustodiansSet { keeper, custodians, threshold });
		Ok(())
	}

	fn keeps_shares(id: &IdentityId) -> bool {
		T::Accreditations::is_accredited(id, AccreditationKind::DataCustodian, T::Time::now())
	}

	/// Whether it keeps key shares, or ever did: those that are left from a time when it was
	/// accredited open as much as others.
	fn has_kept_shares(id: &IdentityId) -> bool {
		Self::keeps_shares(id)
			|| ShareKeepers::<T>::contains_key(id)
			|| 0 < RecorderCount::<T>::get(id)
	}

	pub(crate) fn do_set_emergency_holder(
		organisation: IdentityId,
		accept: bool,
	) -> DispatchResult {
		let row = EmergencyHolders::<T>::get(organisation);
		let after = if accept {
			let offers = row.is_some_and(|row| row.standing == HolderStanding::Offers);
			ensure!(!offers, Error::<T>::HolderUnchanged);
			ensure!(!Self::has_kept_shares(&organisation), Error::<T>::HolderKeepsShares);
			Some(Holder { standing: HolderStanding::Offers, ..row.unwrap_or_default() })
		} else {
			let row = row.filter(Holder::is_one).ok_or(Error::<T>::HolderUnchanged)?;
			ensure!(row.keys == 0 || row.leaves().is_none(), Error::<T>::KeysHeld);
			row.ceasing(T::Time::now())
		};

		EmergencyHolders::<T>::set(organisation, after);
		Self::deposit_event(match after.and_then(|holder| holder.leaves()) {
			Some(leaves) => Event::EmergencyHolderLeaving { organisation, leaves },
			None => Event::EmergencyHolderSet { organisation, accept },
		});
		Ok(())
	}

	/// Who gives an emergency key, or takes one back: the subject, or the holder of one that is
	/// taken back, after its notice.
	pub(crate) fn ensure_may_set_key(
		origin: OriginFor<T>,
		subject: &IdentityId,
		compartment: CompartmentNo,
		key: Option<&EmergencyKey>,
	) -> Result<IdentityId, DispatchError> {
		let origin = match T::SubjectOrigin::try_origin(origin, subject) {
			Ok(subject) => return Ok(subject.id),
			Err(origin) => origin,
		};
		let by = T::PartyOrigin::ensure_origin(origin)?.id;
		let held = EmergencyKeys::<T>::get(subject, compartment);
		let drops = key.is_none() && held.is_some_and(|held| held.holder == by);
		ensure!(drops, BadOrigin);
		let may_drop =
			EmergencyHolders::<T>::get(by).is_some_and(|holder| holder.may_drop(T::Time::now()));
		ensure!(may_drop, Error::<T>::NoticeNotOver);
		Ok(by)
	}

	pub(crate) fn do_set_emergency_key(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		key: Option<EmergencyKey>,
	) -> DispatchResult {
		let mut open =
			Compartments::<T>::get(subject, compartment).ok_or(Error::<T>::CompartmentNotOpen)?;
		let before = EmergencyKeys::<T>::get(subject, compartment);
		if let Some(key) = &key {
			ensure!(key.epoch == open.epoch, Error::<T>::StaleEpoch);
			let stays = before.is_some_and(|before| before.holder == key.holder);
			Self::ensure_holder_fits(&key.holder, key.key_version, stays)?;
		}
		let event = match (key, before) {
			(Some(EmergencyKey { holder, epoch, .. }), _) => {
				Event::EmergencyKeySet { subject, compartment, epoch, holder, by }
			},
			(None, Some(EmergencyKey { holder, .. })) => {
				Event::EmergencyKeyRemoved { subject, compartment, holder, by }
			},
			(None, None) => return Err(Error::<T>::NoEmergencyKey.into()),
		};

		// An emergency of the whole subject that is open reaches the compartment from now on.
		if key.is_some() && Self::is_reached(&subject, compartment, open.restricted) {
			open.rotation_due = true;
			Compartments::<T>::insert(subject, compartment, open);
		}
		Self::put_emergency_key(subject, compartment, key);
		Self::deposit_event(event);
		Ok(())
	}

	/// Whether an emergency key can be sealed to an organisation. One that has given notice gets
	/// none that it does not hold already: those `stay`.
	fn ensure_holder_fits(
		holder: &IdentityId,
		key_version: KeyVersion,
		stays: bool,
	) -> DispatchResult {
		let row = EmergencyHolders::<T>::get(holder).filter(Holder::is_one);
		let row = row.ok_or(Error::<T>::NotAnEmergencyHolder)?;
		ensure!(!Self::has_kept_shares(holder), Error::<T>::HolderKeepsShares);
		ensure!(stays || row.leaves().is_none(), Error::<T>::HolderLeaving);
		ensure!(T::AgreementKeys::is_current(holder, key_version), Error::<T>::StaleKeyVersion);
		Ok(())
	}

	/// The emergency key of a compartment at its next epoch, sealed anew to who holds it. None when
	/// nothing was sealed: then the compartment opens to no emergency any more.
	pub(crate) fn resealed(
		subject: &IdentityId,
		compartment: CompartmentNo,
		epoch: Epoch,
		sealed: Option<(KeyVersion, Wrap)>,
	) -> Result<Option<EmergencyKey>, DispatchError> {
		let Some((key_version, wrap)) = sealed else { return Ok(None) };
		let standing =
			EmergencyKeys::<T>::get(subject, compartment).ok_or(Error::<T>::NoEmergencyKey)?;
		Self::ensure_holder_fits(&standing.holder, key_version, true)?;
		Ok(Some(EmergencyKey { epoch, key_version, wrap, ..standing }))
	}

	/// Puts a checked emergency key in place of the one that stands, and counts what holders hold.
	pub(crate) fn put_emergency_key(
		subject: IdentityId,
		compartment: CompartmentNo,
		key: Option<EmergencyKey>,
	) {
		if let Some(before) = EmergencyKeys::<T>::take(subject, compartment) {
			EmergencyHolders::<T>::mutate_extant(before.holder, |holder| {
				*holder = holder.with_one_less();
			});
		}
		if let Some(key) = key {
			EmergencyHolders::<T>::mutate_extant(key.holder, |holder| {
				*holder = holder.with_one_more();
			});
			EmergencyKeys::<T>::insert(subject, compartment, key);
		}
	}
}
