// SPDX-License-Identifier: Apache-2.0

//! Erasure: the subject asks, the keeper executes or refuses, a legal hold forbids it.
//!
//! The custodian destroys its share and the object first; then the chain lets go of the rows. Block
//! history keeps a sealed share that opens nothing.

use crate::*;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{ErasureBasis, IdentityKind, RefusalBasis, Role};
use salus_traits::{accreditation::AffiliationInspect, identity::Actor};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_request_erasure(actor: Actor<T::AccountId>, id: RecordId) -> DispatchResult {
		let record = Self::check_not_erased(id)?;
		ensure!(record.subject == actor.id, Error::<T>::NotSubject);
		ensure!(!Self::has_open_request(id), Error::<T>::ErasureAlreadyRequested);

		let at = T::Clock::now();
		ErasureRequests::<T>::insert(id, ErasureRequest::Open { at });
		let due = at.saturating_add(ERASURE_TERM);
		Self::deposit_event(Event::ErasureRequested { record: id, by: actor.id, due });
		Ok(())
	}

	pub(crate) fn do_execute_erasure(
		actor: Actor<T::AccountId>,
		id: RecordId,
		basis: ErasureBasis,
	) -> DispatchResult {
		let now = T::Clock::now();
		let record = Self::check_not_erased(id)?;
		ensure!(Self::keeps(&actor, &record, now), Error::<T>::NotKeeper);
		let own = record.author == record.subject;
		ensure!(own || Self::has_open_request(id), Error::<T>::ErasureNotRequested);
		ensure!(!record.legal_hold, Error::<T>::LegalHold);
		let number = TombstoneCount::<T>::get();
		let next = number.checked_add(1).ok_or(ArithmeticError::Overflow)?;

		let subject = record.subject;
		if let Some(pending) = Self::pending_of(&id, &record) {
			Self::drop_pending(id, pending);
		}
		BadWrapReports::<T>::remove(id, record.current.number);
		Self::drop_record(id, record);
		Self::do_sweep_residue(id);
		if own {
			Self::take_room_of_tombstone(subject);
		}
		let tombstone = Tombstone { basis, by: actor.id, at: now };
		Tombstones::<T>::insert(id, tombstone);
		TombstoneList::<T>::insert(number, id);
		TombstoneCount::<T>::put(next);
		Self::deposit_event(Event::RecordErased { record: id, subject, by: actor.id, basis });
		Ok(())
	}

	pub(crate) fn do_refuse_erasure(
		actor: Actor<T::AccountId>,
		id: RecordId,
		basis: RefusalBasis,
	) -> DispatchResult {
		let record = Self::check_not_erased(id)?;
		let now = T::Clock::now();
		ensure!(Self::keeps(&actor, &record, now), Error::<T>::NotKeeper);
		ensure!(record.author != record.subject, Error::<T>::OwnErasure);
		ensure!(Self::has_open_request(id), Error::<T>::ErasureNotRequested);

		let by = actor.id;
		let refused = ErasureRequest::Refused { basis, by, at: now };
		ErasureRequests::<T>::insert(id, refused);
		Self::deposit_event(Event::ErasureRefused { record: id, by, basis });
		Ok(())
	}

	pub(crate) fn do_set_legal_hold(
		actor: Actor<T::AccountId>,
		id: RecordId,
		on: bool,
	) -> DispatchResult {
		let mut record = Self::check_not_erased(id)?;
		ensure!(Self::speaks_for_office(&actor, &record), Error::<T>::NotRecordOffice);

		record.legal_hold = on;
		Records::<T>::insert(id, record);
		Self::deposit_event(Event::LegalHoldSet { record: id, by: actor.id, on });
		Ok(())
	}

	/// Removes some of the rows that an erasure left behind, and gives their rents back.
	///
	/// At most so many versions and so many wraps as an erasure removes itself; when nothing is
	/// left, the residue ends.
	pub(crate) fn do_sweep_residue(id: RecordId) {
		let mut wraps = Wraps::<T>::iter_key_prefix((id,));
		for (number, recipient) in wraps.by_ref().take(ERASED_WRAPS as usize) {
			Self::remove_wrap(id, number, recipient);
		}
		let mut versions = Versions::<T>::iter_prefix(id);
		for (number, version) in versions.by_ref().take(ERASED_VERSIONS as usize) {
			Versions::<T>::remove(id, number);
			BadWrapReports::<T>::remove(id, number);
			Self::drop_version(id, version);
		}
		if wraps.next().is_some() || versions.next().is_some() {
			Residues::<T>::insert(id, ());
		} else {
			Residues::<T>::remove(id);
		}
	}

	/// The record, unless it was erased.
	fn check_not_erased(id: RecordId) -> Result<RecordOf<T>, Error<T>> {
		Records::<T>::get(id).ok_or_else(|| {
			if Tombstones::<T>::contains_key(id) {
				Error::<T>::AlreadyErased
			} else {
				Error::<T>::RecordNotFound
			}
		})
	}

	fn has_open_request(id: RecordId) -> bool {
		matches!(ErasureRequests::<T>::get(id), Some(ErasureRequest::Open { .. }))
	}

	/// Whether the actor is the organisation that a record was filed for, or answers there for
	/// privacy or administration now.
	fn speaks_for_office(actor: &Actor<T::AccountId>, record: &RecordOf<T>) -> bool {
		let Some(office) = record.organisation else { return false };
		if actor.kind != IdentityKind::Practitioner {
			return actor.id == office;
		}
		T::Affiliations::affiliations_at(&actor.id, T::Clock::now()).into_iter().any(
			|(organisation, role)| {
				organisation == office && matches!(role, Role::PrivacyOfficer | Role::Administrator)
			},
		)
	}
}
