// SPDX-License-Identifier: Apache-2.0

//! What the calls do, in their order.

use crate::*;
use alloc::collections::BTreeSet;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{
	AccreditationId, AccreditationKind, AffiliationId, Commitment, IdentityId, IdentityKind,
	Jurisdiction, Role, Window,
};
use salus_traits::{
	accreditation::{AccreditationInspect, MAX_AFFILIATIONS, MAX_ORGANISATIONS},
	identity::{Actor, IdentityInspect},
};
use sp_runtime::{ArithmeticError, DispatchError};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_appoint_regulator(
		id: IdentityId,
		scope: AuthorityScope,
		window: Window,
	) -> DispatchResult {
		let kind = Self::active_kind(&id)?;
		ensure!(kind == IdentityKind::Organisation, Error::<T>::WrongKind);
		scope.check().map_err(|unsound| match unsound {
			UnsoundScope::Kinds => Error::<T>::KindsNotSound,
			UnsoundScope::Jurisdictions => Error::<T>::JurisdictionsNotSound,
		})?;
		remainder(window, Self::now()).ok_or(Error::<T>::WindowOver)?;
		let standing = Authorities::<T>::get(id);
		let cut_off = standing.as_ref().is_some_and(|authority| authority.cutoff.is_some());
		ensure!(!cut_off, Error::<T>::AuthorityCutOff);

		let status = standing.map_or(AuthorityStatus::Active, |authority| authority.status);
		let authority =
			Authority { parent: None, scope: scope.clone(), window, status, cutoff: None };
		Authorities::<T>::insert(id, authority);
		Self::deposit_event(Event::AuthorityAppointed { authority: id, scope, window });
		Ok(())
	}

	pub(crate) fn do_remove_regulator(id: IdentityId, cutoff: Moment) -> DispatchResult {
		Authorities::<T>::try_mutate(id, |authority| {
			let authority = authority.as_mut().ok_or(Error::<T>::AuthorityNotFound)?;
			ensure!(cutoff <= Self::now(), Error::<T>::CutOffAhead);
			let earlier = authority.cutoff.is_none_or(|before| cutoff < before);
			ensure!(earlier, Error::<T>::CutOffNotEarlier);

			authority.cutoff = Some(cutoff);
			Self::deposit_event(Event::AuthorityRemoved { authority: id, cutoff });
			Ok(())
		})
	}

	pub(crate) fn do_grant_accreditation(
		actor: Actor<T::AccountId>,
		subject: IdentityId,
		kind: AccreditationKind,
		jurisdiction: Jurisdiction,
		commitment: Commitment,
		window: Window,
	) -> DispatchResult {
		let now = Self::now();
		let authority = Authorities::<T>::get(actor.id).ok_or(Error::<T>::NotAuthority)?;
		ensure!(authority.cutoff.is_none(), Error::<T>::AuthorityCutOff);
		ensure!(authority.is_in_office_at(now), Error::<T>::NotInOffice);
		ensure!(authority.scope.kinds.contains(kind), Error::<T>::KindOutOfScope);
		ensure!(authority.scope.reaches(jurisdiction), Error::<T>::JurisdictionOutOfScope);

		ensure!(subject != actor.id, Error::<T>::SelfNotAllowed);
		ensure!(kind.fits(Self::active_kind(&subject)?), Error::<T>::WrongKind);
		ensure!(commitment != Commitment::default(), Error::<T>::CommitmentEmpty);
		let window = Self::bounded(window, now, T::MaxAccreditationTerm::get())?;

		HeldAccreditations::<T>::try_mutate(subject, |row| {
			let id = NextAccreditation::<T>::get();
			let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
			let held = HeldAccreditation {
				id,
				kind,
				jurisdiction,
				issuer: actor.id,
				granted_at: now,
				window,
				revoked_from: None,
			};
			row.try_push(held).map_err(|_| Error::<T>::TooManyAccreditations)?;
			let footprint = Self::accreditation_footprint();
			let ticket = T::AccreditationDeposit::new(&actor.payer, footprint)?;

			let deposit = Deposit { depositor: actor.payer, ticket };
			let record = AccreditationRecord { subject, commitment, revocation: None, deposit };
			Accreditations::<T>::insert(id, record);
			NextAccreditation::<T>::put(AccreditationId(next));
			Self::deposit_event(Event::AccreditationGranted {
				accreditation: id,
				subject,
				kind,
				jurisdiction,
				issuer: actor.id,
				commitment,
				window,
			});
			Ok(())
		})
	}

	pub(crate) fn do_revoke_accreditation(
		by: Option<IdentityId>,
		id: AccreditationId,
		effective_from: Moment,
		reason: RevocationReason,
	) -> DispatchResult {
		let mut record = Accreditations::<T>::get(id).ok_or(Error::<T>::AccreditationNotFound)?;
		let subject = record.subject;
		HeldAccreditations::<T>::try_mutate(subject, |row| {
			let held = row.iter_mut().find(|held| held.id == id);
			let held = held.ok_or(Error::<T>::AccreditationNotFound)?;
			if let Some(by) = by {
				ensure!(by == held.issuer, Error::<T>::NotIssuer);
				let cut_off = Authorities::<T>::get(by).is_none_or(|row| row.cutoff.is_some());
				ensure!(!cut_off, Error::<T>::AuthorityCutOff);
			}
			ensure!(held.revoked_from.is_none(), Error::<T>::AlreadyRevoked);
			let now = Self::now();
			ensure!(held.window.from <= effective_from, Error::<T>::EffectiveTooEarly);
			// What has not begun yet is revoked from its beginning.
			ensure!(effective_from <= now.max(held.window.from), Error::<T>::EffectiveTooLate);

			held.revoked_from = Some(effective_from);
			record.revocation = Some(Revocation { effective_from, reason, revoked_at: now, by });
			Accreditations::<T>::insert(id, record);
			Self::deposit_event(Event::AccreditationRevoked {
				accreditation: id,
				subject,
				kind: held.kind,
				effective_from,
				reason,
				by,
			});
			Ok(())
		})
	}

	pub(crate) fn do_reap_accreditation(id: AccreditationId) -> DispatchResult {
		let record = Accreditations::<T>::get(id).ok_or(Error::<T>::AccreditationNotFound)?;
		let subject = record.subject;
		HeldAccreditations::<T>::try_mutate_exists(subject, |maybe_row| {
			let row = maybe_row.as_mut().ok_or(Error::<T>::AccreditationNotFound)?;
			let held = row.iter().find(|held| held.id == id);
			let end = held.ok_or(Error::<T>::AccreditationNotFound)?.end();
			ensure!(Self::is_forgettable(end), Error::<T>::NotReapable);

			record.deposit.ticket.drop(&record.deposit.depositor)?;
			row.retain(|held| held.id != id);
			if row.is_empty() {
				*maybe_row = None;
			}
			Accreditations::<T>::remove(id);
			Self::deposit_event(Event::AccreditationReaped { accreditation: id, subject });
			Ok(())
		})
	}

	pub(crate) fn do_invite_affiliation(
		actor: Actor<T::AccountId>,
		practitioner: IdentityId,
		role: Role,
		window: Window,
		deadline: Moment,
	) -> DispatchResult {
		let now = Self::now();
		let organisation = actor.id;
		ensure!(practitioner != organisation, Error::<T>::SelfNotAllowed);
		let kind = Self::active_kind(&practitioner)?;
		ensure!(kind == IdentityKind::Practitioner, Error::<T>::WrongKind);
		ensure!(now < deadline, Error::<T>::DeadlinePassed);
		ensure!(deadline - now <= T::MaxInvitationAge::get(), Error::<T>::DeadlineTooFar);
		let window = Self::bounded(window, now, T::MaxAffiliationTerm::get())?;
		ensure!(Self::is_facility_at(&organisation, now), Error::<T>::NotFacility);
		let open = OpenInvitations::<T>::get(organisation);
		ensure!(open < T::MaxOpenInvitations::get(), Error::<T>::TooManyInvitations);

		let id = NextAffiliation::<T>::get();
		let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
		let ticket = T::AffiliationDeposit::new(&actor.payer, Self::affiliation_footprint())?;
		let record = AffiliationRecord {
			organisation,
			practitioner,
			role,
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
		ensure!(Self::is_facility_at(&organisation, now), Error::<T>::NotFacility);

		HeldAffiliations::<T>::try_mutate(practitioner, |row| {
			let running = || row.iter().filter(|held| !held.is_over_at(now));
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

			if row.is_full() {
				// `integrity_test`: a full row holds one that is over.
				let over = row.iter().filter(|held| held.is_over_at(now));
				let first = over.min_by_key(|held| held.window.until).map(|held| held.id);
				let first = first.ok_or(Error::<T>::TooManyAffiliations)?;
				row.retain(|held| held.id != first);
				Self::forget_affiliation(first)?;
			}
			row.try_push(HeldAffiliation { id, organisation, role, window })
				.map_err(|_| Error::<T>::TooManyAffiliations)?;

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

	pub(crate) fn do_end_affiliation(by: IdentityId, id: AffiliationId) -> DispatchResult {
		let now = Self::now();
		let mut record = Affiliations::<T>::get(id).ok_or(Error::<T>::AffiliationNotFound)?;
		let (organisation, practitioner) = (record.organisation, record.practitioner);
		ensure!(by == organisation || by == practitioner, Error::<T>::NotParty);

		if matches!(record.status, AffiliationStatus::Invited { .. }) {
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
		HeldAffiliations::<T>::try_mutate(practitioner, |row| {
			let held = row.iter_mut().find(|held| held.id == id);
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
				HeldAffiliations::<T>::mutate_exists(record.practitioner, |maybe_row| {
					if let Some(row) = maybe_row {
						row.retain(|held| held.id != id);
						if row.is_empty() {
							*maybe_row = None;
						}
					}
				});
			},
		}
		Self::forget_affiliation(id)
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

	fn active_kind(id: &IdentityId) -> Result<IdentityKind, DispatchError> {
		T::Identities::active_kind(id).ok_or(Error::<T>::IdentityNotActive.into())
	}

	fn is_facility_at(organisation: &IdentityId, at: Moment) -> bool {
		Self::is_accredited_any(organisation, FACILITY, at)
	}

	/// What is left of a window that may end `term` ahead at most.
	fn bounded(window: Window, now: Moment, term: Moment) -> Result<Window, DispatchError> {
		let window = remainder(window, now).ok_or(Error::<T>::WindowOver)?;
		ensure!(window.until.saturating_sub(now) <= term, Error::<T>::TermTooLong);
		Ok(window)
	}

	/// Whether what ended at `end` no longer answers questions about the past.
	fn is_forgettable(end: Moment) -> bool {
		end.saturating_add(T::Retention::get()) <= Self::now()
	}

	pub(crate) fn accreditation_footprint() -> Footprint {
		let size = HeldAccreditation::max_encoded_len()
			.saturating_add(<(AccreditationId, AccreditationRecordOf<T>)>::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn affiliation_footprint() -> Footprint {
		let size = HeldAffiliation::max_encoded_len()
			.saturating_add(<(AffiliationId, AffiliationRecordOf<T>)>::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn view_accreditation(
		record: AccreditationRecordOf<T>,
		held: HeldAccreditation,
	) -> AccreditationView {
		let in_force = Self::is_in_force_at(&held, Self::now());
		let HeldAccreditation { id, kind, jurisdiction, issuer, granted_at, window, .. } = held;
		let AccreditationRecord { subject, commitment, revocation, .. } = record;
		AccreditationView {
			id,
			subject,
			kind,
			jurisdiction,
			issuer,
			granted_at,
			window,
			commitment,
			revocation,
			in_force,
		}
	}

	pub(crate) fn view_affiliation(
		id: AffiliationId,
		record: AffiliationRecordOf<T>,
		in_force: bool,
	) -> AffiliationView {
		let AffiliationRecord { organisation, practitioner, role, window, status, .. } = record;
		AffiliationView { id, organisation, practitioner, role, window, status, in_force }
	}
}
