// SPDX-License-Identifier: Apache-2.0

//! Where the two halves of a key lie: key shares with custodians, and the reader's half for
//! emergencies with a holder. Never both with one organisation.

use crate::{
	Compartments, Config, EmergencyHolders, EmergencyKeys, Error, Event, MAX_SHARE_CUSTODIANS,
	Pallet, ShareCustodians, ShareCustody,
};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{
	AccreditationKind, CompartmentNo, EmergencyKey, Epoch, IdentityId, KeyVersion, Wrap,
};
use salus_traits::{accreditation::AccreditationInspect, identity::AgreementKeys};

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

	pub(crate) fn do_set_emergency_holder(
		organisation: IdentityId,
		accept: bool,
	) -> DispatchResult {
		let held = EmergencyHolders::<T>::get(organisation);
		ensure!(held.is_some() != accept, Error::<T>::HolderUnchanged);
		if accept {
			ensure!(!Self::keeps_shares(&organisation), Error::<T>::HolderKeepsShares);
			EmergencyHolders::<T>::insert(organisation, 0);
		} else {
			ensure!(held == Some(0), Error::<T>::KeysHeld);
			EmergencyHolders::<T>::remove(organisation);
		}
		Self::deposit_event(Event::EmergencyHolderSet { organisation, accept });
		Ok(())
	}

	pub(crate) fn do_set_emergency_key(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		key: Option<EmergencyKey>,
	) -> DispatchResult {
		let open =
			Compartments::<T>::get(subject, compartment).ok_or(Error::<T>::CompartmentNotOpen)?;
		let before = EmergencyKeys::<T>::get(subject, compartment);
		if let Some(key) = &key {
			ensure!(key.epoch == open.epoch, Error::<T>::StaleEpoch);
			Self::ensure_holder_fits(&key.holder, key.key_version)?;
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

		Self::put_emergency_key(subject, compartment, key);
		Self::deposit_event(event);
		Ok(())
	}

	fn ensure_holder_fits(holder: &IdentityId, key_version: KeyVersion) -> DispatchResult {
		ensure!(EmergencyHolders::<T>::contains_key(holder), Error::<T>::NotAnEmergencyHolder);
		ensure!(!Self::keeps_shares(holder), Error::<T>::HolderKeepsShares);
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
		Self::ensure_holder_fits(&standing.holder, key_version)?;
		Ok(Some(EmergencyKey { epoch, key_version, wrap, ..standing }))
	}

	/// Puts a checked emergency key in place of the one that stands, and counts what holders hold.
	pub(crate) fn put_emergency_key(
		subject: IdentityId,
		compartment: CompartmentNo,
		key: Option<EmergencyKey>,
	) {
		if let Some(before) = EmergencyKeys::<T>::take(subject, compartment) {
			EmergencyHolders::<T>::mutate_extant(before.holder, |held| {
				*held = held.saturating_sub(1);
			});
		}
		if let Some(key) = key {
			EmergencyHolders::<T>::mutate_extant(key.holder, |held| {
				*held = held.saturating_add(1);
			});
			EmergencyKeys::<T>::insert(subject, compartment, key);
		}
	}
}
