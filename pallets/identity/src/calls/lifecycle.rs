// SPDX-License-Identifier: Apache-2.0

//! The end of an identity, and suspension.

use crate::*;
use frame_support::{
	dispatch::PostDispatchInfo,
	ensure,
	pallet_prelude::{DispatchResult, DispatchResultWithPostInfo},
	traits::{Consideration, Get},
};
use salus_primitives::{DocVersion, IdentityId, IdentityKind, SuspensionGround};
use salus_traits::identity::{Actor, SuspendedBy};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_deactivate(
		actor: &Actor<T::AccountId>,
		expected_doc_version: DocVersion,
	) -> DispatchResultWithPostInfo {
		let id = actor.id;
		let removed = Self::with_acting(&id, |identity| {
			Self::check_primary(actor, identity)?;
			let current = identity.doc_version == expected_doc_version;
			ensure!(current, Error::<T>::StaleDocVersion);

			let removed = Self::remove_services(&id)?;
			identity.services = 0;
			Profiles::<T>::remove(id);
			identity.deposit = identity.deposit.take().map(Self::shrink_deposit).transpose()?;
			let doc_version = Self::amend_document(&id, identity)?;
			let at = identity.updated_at;
			identity.status = IdentityStatus::Deactivated { at };
			Self::deposit_event(Event::IdentityDeactivated { identity: id, at, doc_version });
			Ok(removed)
		})?;
		let actual_weight = Some(T::WeightInfo::deactivate(removed));
		Ok(PostDispatchInfo { actual_weight, ..Default::default() })
	}

	pub(crate) fn do_suspend_identity(
		by: SuspendedBy,
		id: IdentityId,
		reason: SuspensionGround,
		until: Option<Moment>,
	) -> DispatchResult {
		let now = Self::now();
		ensure!(until.is_none_or(|until| now < until), Error::<T>::EndPassed);
		Identities::<T>::try_mutate(id, |identity| {
			let identity = identity.as_mut().ok_or(Error::<T>::IdentityNotFound)?;
			let is_patient = identity.kind == IdentityKind::Patient;
			let may = !is_patient || by == SuspendedBy::Governance;
			ensure!(may, Error::<T>::PatientNeedsGovernance);
			// Who takes a suspension over leaves it the moment it began.
			let since = match identity.status.effective(|| now) {
				IdentityStatus::Active => now,
				IdentityStatus::Suspended { since, by: holder, .. } => {
					Self::check_say(by, holder)?;
					ensure!(by != holder, Error::<T>::AlreadySuspended);
					since
				},
				IdentityStatus::Deceased | IdentityStatus::Deactivated { .. } => {
					return Err(Error::<T>::IdentityEnded.into());
				},
			};

			identity.status = IdentityStatus::Suspended { since, until, reason, by };
			Self::deposit_event(Event::IdentitySuspended {
				identity: id,
				by,
				reason,
				since,
				until,
			});
			Ok(())
		})
	}

	pub(crate) fn do_reinstate_identity(by: SuspendedBy, id: IdentityId) -> DispatchResult {
		let now = Self::now();
		Identities::<T>::try_mutate(id, |identity| {
			let identity = identity.as_mut().ok_or(Error::<T>::IdentityNotFound)?;
			let IdentityStatus::Suspended { by: holder, .. } = identity.status.effective(|| now)
			else {
				return Err(Error::<T>::NotSuspended.into());
			};
			Self::check_say(by, holder)?;

			identity.status = IdentityStatus::Active;
			Self::deposit_event(Event::IdentityReinstated { identity: id, by, at: now });
			Ok(())
		})
	}

	/// Checks that `by` has a say in what `holder` suspended: governance has, and the holder itself.
	fn check_say(by: SuspendedBy, holder: SuspendedBy) -> DispatchResult {
		match (by, holder) {
			(SuspendedBy::Governance, _) => Ok(()),
			(by, holder) if by == holder => Ok(()),
			(_, SuspendedBy::Governance) => Err(Error::<T>::SuspendedByGovernance.into()),
			(_, SuspendedBy::Authority(_)) => Err(Error::<T>::SuspendedByAnother.into()),
		}
	}

	/// Removes all services of an identity, which are at most [`Config::MaxServices`].
	fn remove_services(id: &IdentityId) -> Result<u32, DispatchError> {
		let mut removed = 0u32;
		let most = T::MaxServices::get() as usize;
		for (_, record) in Services::<T>::drain_prefix(id).take(most) {
			Self::release_service(record)?;
			removed = removed.saturating_add(1);
		}
		Ok(removed)
	}

	/// Keeps of a deposit what the rows cost that stay.
	fn shrink_deposit(
		deposit: Deposit<T::AccountId, T::RegistrationDeposit>,
	) -> Result<Deposit<T::AccountId, T::RegistrationDeposit>, DispatchError> {
		let Deposit { depositor, ticket } = deposit;
		let ticket = ticket.update(&depositor, Self::tombstone_footprint())?;
		Ok(Deposit { depositor, ticket })
	}
}
