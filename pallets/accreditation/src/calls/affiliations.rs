// SPDX-License-Identifier: Apache-2.0

//! Affiliations, from the invitation to the reaping.

use super::Known;
use crate::*;
use alloc::{collections::BTreeSet, vec::Vec};
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{AffiliationId, AffiliationPermissions, IdentityKind, Role, Window};
use salus_traits::{
	accreditation::{MAX_AFFILIATIONS, MAX_ORGANISATIONS},
	identity::{Actor, IdentityInspect},
};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_invite_affiliation(
		actor: Actor<T::AccountId>,
		practitioner: IdentityId,
		role: Role,
		window: Window,
		deadline: Moment,
		permissions: AffiliationPermissions,
	) -> DispatchResult {
		let now = Self::now();
		let organisation = actor.id;
		ensure!(practitioner != organisation, Error::<T>::SelfNotAllowed);
		let kind = Self::active_kind(&practitioner)?;
		ensure!(kind == IdentityKind::Practitioner, Error::<T>::WrongKind);
		ensure!(permissions.is_known(), Error::<T>::PermissionsNotSound);
		ensure!(now < deadline, Error::<T>::DeadlinePassed);
		ensure!(
			deadline.saturating_sub(now) <= T::MaxInvitationAge::get(),
			Error::<T>::DeadlineTooFar
		);
		let window = Self::bounded(window, now, T::MaxAffiliationTerm::get())?;
		let is_facility = Self::is_facility_at(&mut Known::default(), &organisation, now);
		ensure!(is_facility, Error::<T>::NotFacility);
		let open = OpenInvitations::<T>::get(organisation);
		ensure!(open < T::MaxOpenInvitations::get(), Error::<T>::TooManyInvitations);

		let id = NextAffiliation::<T>::get();
		let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let ticket = T::AffiliationDeposit::new(&actor.payer, Self::affiliation_footprint())?;
		let record = AffiliationRecord {
			organisation,
			practitioner,
			role,
			permissions,
			window,
			status: AffiliationStatus::Invited { deadline },
			deposit: Deposit { depositor: actor.payer, ticket },
		};
		Affiliations::<T>::insert(id, record);
		NextAffiliation::<T>::put(AffiliationId(next));
		OpenInvitations::<T>::insert(organisation, open.saturating_add(1));
		Self::deposit_event(Event::AffiliationInvited {
			affiliation: id,
			organisation,
			practitioner,
			role,
			window,
			deadline,
			permissions,
		});
		Ok(())
	}

	pub(crate) fn do_accept_affiliation(by: IdentityId, id: AffiliationId) -> DispatchResult {
		let now = Self::now();
		let mut record = Affiliations::<T>::get(id).ok_or(Error::<T>::AffiliationNotFound)?;
		let (organisation, practitioner, role) =
			(record.organisation, record.practitioner, record.role);
		ensure!(by == practitioner, Error::<T>::NotInvitee);
		let AffiliationStatus::Invited { deadline } = record.status else {
			return Err(Error::<T>::AlreadyAccepted.into());
		};
		ensure!(now < deadline, Error::<T>::InvitationExpired);
		let window = remainder(record.window, now).ok_or(Error::<T>::WindowOver)?;
		let is_facility = Self::is_facility_at(&mut Known::default(), &organisation, now);
		ensure!(is_facility, Error::<T>::NotFacility);
		let active = T::Identities::active_kind(&organisation).is_some();
		ensure!(active, Error::<T>::OrganisationNotActive);

		HeldAffiliations::<T>::try_mutate(practitioner, |jobs| {
			let running = || jobs.current.iter().filter(|held| !held.is_over_at(now));
			let twice =
				running().any(|held| held.organisation == organisation && held.role == role);
			ensure!(!twice, Error::<T>::AlreadyAffiliated);
			let room = running().count() < MAX_AFFILIATIONS as usize;
			ensure!(room, Error::<T>::TooManyAffiliations);
			let organisations = running()
				.map(|held| held.organisation)
				.chain([organisation])
				.collect::<BTreeSet<_>>();
			let few = organisations.len() <= MAX_ORGANISATIONS as usize;
			ensure!(few, Error::<T>::TooManyOrganisations);

			Self::put_away(&practitioner, jobs, now)?;
			let permissions = record.permissions;
			let suspensions = Suspensions::new();
			let held = HeldAffiliation { id, organisation, role, permissions, window, suspensions };
			let taken = jobs.current.try_push(held);
			taken.map_err(|_| Error::<T>::TooManyAffiliations)?;

			record.window = window;
			record.status = AffiliationStatus::Accepted { at: now };
			Affiliations::<T>::insert(id, record);
			Self::close_invitation(&organisation);
			Self::deposit_event(Event::AffiliationAccepted {
				affiliation: id,
				organisation,
				practitioner,
				role,
				window,
			});
			Ok(())
		})
	}

	/// Puts away what is over, and forgets one when as many as can be are kept.
	///
	/// So the row of what may count holds no more than can count at a time.
	fn put_away(practitioner: &IdentityId, jobs: &mut Jobs, now: Moment) -> DispatchResult {
		let mut past = PastAffiliations::<T>::get(practitioner);
		let over = jobs.current.iter().filter(|held| held.is_over_at(now));
		let over = over.cloned().collect::<Vec<_>>();
		let kept = past.len().saturating_add(jobs.current.len());
		let is_full = kept >= T::MaxAffiliationsKept::get() as usize;
		if over.is_empty() && !is_full {
			return Ok(());
		}
		jobs.current.retain(|held| !held.is_over_at(now));
		// No more than are kept together.
		past.try_extend(over.into_iter()).map_err(|()| Error::<T>::AffiliationHistoryFull)?;
		if is_full {
			// What never counted answers nothing, so it goes first.
			let never = |held: &HeldAffiliation| held.window.is_empty();
			let spare =
				past.iter().filter(|held| never(held) || Self::is_forgettable(held.window.until));
			let first = spare.min_by_key(|held| (!never(held), held.window.until));
			let first = first.ok_or(Error::<T>::AffiliationHistoryFull)?.id;
			past.retain(|held| held.id != first);
			Self::forget_affiliation(first)?;
		}
		jobs.past_until = Self::end_of(&past);
		PastAffiliations::<T>::insert(practitioner, past);
		Ok(())
	}

	/// From when on none of these counts.
	pub(crate) fn end_of(past: &[HeldAffiliation]) -> Moment {
		past.iter().map(|held| held.window.until).max().unwrap_or_default()
	}

	/// Removes the entry of an affiliation that is over, wherever it lies.
	fn remove_entry(practitioner: &IdentityId, id: AffiliationId) {
		HeldAffiliations::<T>::mutate_exists(practitioner, |maybe_jobs| {
			let Some(mut jobs) = maybe_jobs.take() else { return };
			let before = jobs.current.len();
			jobs.current.retain(|held| held.id != id);
			if jobs.current.len() == before {
				PastAffiliations::<T>::mutate_exists(practitioner, |maybe_past| {
					*maybe_past = maybe_past.take().and_then(|mut past| {
						past.retain(|held| held.id != id);
						jobs.past_until = Self::end_of(&past);
						(!past.is_empty()).then_some(past)
					});
				});
			}
			*maybe_jobs = (jobs != Jobs::default()).then_some(jobs);
		});
	}

	pub(crate) fn do_end_affiliation(by: IdentityId, id: AffiliationId) -> DispatchResult {
		let now = Self::now();
		let mut record = Affiliations::<T>::get(id).ok_or(Error::<T>::AffiliationNotFound)?;
		let (organisation, practitioner) = (record.organisation, record.practitioner);
		ensure!(by == organisation || by == practitioner, Error::<T>::NotParty);

		if !record.is_accepted() {
			record.deposit.ticket.drop(&record.deposit.depositor)?;
			Affiliations::<T>::remove(id);
			Self::close_invitation(&organisation);
			let affiliation = id;
			Self::deposit_event(Event::InvitationClosed {
				affiliation,
				organisation,
				practitioner,
				by,
			});
			return Ok(());
		}

		ensure!(now < record.window.until, Error::<T>::AlreadyOver);
		HeldAffiliations::<T>::try_mutate(practitioner, |jobs| {
			let held = jobs.current.iter_mut().find(|held| held.id == id);
			let held = held.ok_or(Error::<T>::AffiliationNotFound)?;
			// What has not begun yet is left empty.
			let window = Window { from: record.window.from.min(now), until: now };
			held.window = window;
			record.window = window;
			Affiliations::<T>::insert(id, record);
			Self::deposit_event(Event::AffiliationEnded {
				affiliation: id,
				organisation,
				practitioner,
				by,
				at: now,
			});
			Ok(())
		})
	}

	pub(crate) fn do_reap_affiliation(id: AffiliationId) -> DispatchResult {
		let record = Affiliations::<T>::get(id).ok_or(Error::<T>::AffiliationNotFound)?;
		match record.status {
			AffiliationStatus::Invited { deadline } => {
				ensure!(deadline <= Self::now(), Error::<T>::NotReapable);
				Self::close_invitation(&record.organisation);
			},
			AffiliationStatus::Accepted { .. } => {
				ensure!(Self::is_forgettable(record.window.until), Error::<T>::NotReapable);
				Self::remove_entry(&record.practitioner, id);
			},
		}
		Self::forget_affiliation(id)
	}

	pub(crate) fn do_suspend_affiliation(
		by: IdentityId,
		id: AffiliationId,
		until: Option<Moment>,
	) -> DispatchResult {
		Self::mutate_resting(by, id, |record, held| {
			let now = Self::now();
			let window = Window { from: now, until: until.unwrap_or(Moment::MAX) };
			ensure!(!window.is_empty(), Error::<T>::SuspensionOver);
			ensure!(!held.is_suspended_at(now), Error::<T>::AlreadySuspended);
			let noted = held.suspensions.try_push(window);
			noted.map_err(|_| Error::<T>::TooManySuspensions)?;

			let (organisation, practitioner) = (record.organisation, record.practitioner);
			Self::deposit_event(Event::AffiliationSuspended {
				affiliation: id,
				organisation,
				practitioner,
				until,
			});
			Ok(())
		})
	}

	pub(crate) fn do_resume_affiliation(by: IdentityId, id: AffiliationId) -> DispatchResult {
		Self::mutate_resting(by, id, |record, held| {
			let now = Self::now();
			let running = held.suspensions.iter_mut().find(|window| window.is_open_at(now));
			running.ok_or(Error::<T>::NotSuspended)?.until = now;
			// What was lifted in the millisecond of its beginning never was.
			held.suspensions.retain(|window| !window.is_empty());

			let (organisation, practitioner) = (record.organisation, record.practitioner);
			Self::deposit_event(Event::AffiliationResumed {
				affiliation: id,
				organisation,
				practitioner,
			});
			Ok(())
		})
	}

	/// Changes when an affiliation rests, as its organisation, while it is not over.
	fn mutate_resting(
		by: IdentityId,
		id: AffiliationId,
		change: impl FnOnce(&AffiliationRecordOf<T>, &mut HeldAffiliation) -> DispatchResult,
	) -> DispatchResult {
		let record = Affiliations::<T>::get(id).ok_or(Error::<T>::AffiliationNotFound)?;
		ensure!(by == record.organisation, Error::<T>::NotOrganisation);
		ensure!(record.is_accepted(), Error::<T>::NotAccepted);
		ensure!(Self::now() < record.window.until, Error::<T>::AlreadyOver);
		HeldAffiliations::<T>::try_mutate(record.practitioner, |jobs| {
			let held = jobs.current.iter_mut().find(|held| held.id == id);
			change(&record, held.ok_or(Error::<T>::AffiliationNotFound)?)
		})
	}

	/// Removes the record of an affiliation and gives its deposit back. Its entry is the caller's.
	fn forget_affiliation(id: AffiliationId) -> DispatchResult {
		let record = Affiliations::<T>::take(id).ok_or(Error::<T>::AffiliationNotFound)?;
		record.deposit.ticket.drop(&record.deposit.depositor)?;
		Self::deposit_event(Event::AffiliationReaped {
			affiliation: id,
			organisation: record.organisation,
			practitioner: record.practitioner,
		});
		Ok(())
	}

	/// Counts one open invitation less.
	fn close_invitation(organisation: &IdentityId) {
		OpenInvitations::<T>::mutate_exists(organisation, |open| {
			*open = open.and_then(|open| open.checked_sub(1)).filter(|open| *open > 0);
		});
	}

	pub(crate) fn affiliation_footprint() -> Footprint {
		let size = HeldAffiliation::max_encoded_len()
			.saturating_add(<(AffiliationId, AffiliationRecordOf<T>)>::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn view_affiliation(
		id: AffiliationId,
		record: AffiliationRecordOf<T>,
	) -> AffiliationView {
		let now = Self::now();
		let held = Self::kept_affiliations(&record.practitioner).find(|held| held.id == id);
		let stands = held.as_ref().is_some_and(|held| held.stands_at(now));
		let in_force = stands && Self::may_work_at(&record.practitioner, &record.organisation, now);
		let suspensions = held.map(|held| held.suspensions).unwrap_or_default();
		let AffiliationRecord {
			organisation, practitioner, role, permissions, window, status, ..
		} = record;
		AffiliationView {
			id,
			organisation,
			practitioner,
			role,
			permissions,
			window,
			suspensions,
			status,
			in_force,
		}
	}
}
