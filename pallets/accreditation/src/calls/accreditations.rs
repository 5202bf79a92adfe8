// SPDX-License-Identifier: Apache-2.0

//! Accreditations, from the grant to the reaping.

use super::{Known, Office};
use crate::*;
use codec::MaxEncodedLen;
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Consideration, Footprint, Get},
};
use salus_primitives::{
	AccreditationId, AccreditationKind, Commitment, Digest, Jurisdiction, ScopeCode, Window,
};
use salus_traits::identity::Actor;
use sp_runtime::{ArithmeticError, DispatchError};

/// What is granted, and to whom.
pub(crate) struct Terms {
	pub(crate) subject: IdentityId,
	pub(crate) kind: AccreditationKind,
	pub(crate) jurisdiction: Jurisdiction,
	pub(crate) commitment: Commitment,
	pub(crate) window: Window,
	pub(crate) codes: ScopeCodes,
	pub(crate) digest: Option<Digest>,
}

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant_accreditation(
		actor: Actor<T::AccountId>,
		terms: Terms,
	) -> DispatchResult {
		let now = Self::now();
		let Terms { subject, kind, jurisdiction, commitment, window, codes, digest } = terms;
		let issuer = actor.id;
		let office = Self::open_office(&issuer, now)?;
		Self::ensure_covered(&office, kind, jurisdiction, &codes)?;
		ensure!(are_codes_sound(&codes), Error::<T>::CodesNotSound);
		ensure!(subject != issuer, Error::<T>::SelfNotAllowed);
		ensure!(kind.fits(Self::active_kind(&subject)?), Error::<T>::WrongKind);
		ensure!(commitment != Commitment::default(), Error::<T>::CommitmentEmpty);
		let window = Self::bounded(window, now, T::MaxAccreditationTerm::get())?;

		HeldAccreditations::<T>::try_mutate(subject, |row| {
			ensure!(Self::has_room(row, kind, now), Error::<T>::TooManyOfKind);
			let own = row.iter().filter(|held| held.issuer == issuer).count();
			ensure!(own < Self::most_of_issuer() as usize, Error::<T>::TooManyFromIssuer);
			let id = NextAccreditation::<T>::get();
			let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
			let held = HeldAccreditation {
				id,
				kind,
				jurisdiction,
				codes: codes.clone(),
				issuer,
				granted_at: now,
				window,
				changes: StatusLog::new(),
			};
			row.try_push(held).map_err(|_| Error::<T>::TooManyAccreditations)?;
			Self::answer_request(issuer, subject, kind, commitment, digest)?;
			let footprint = Self::accreditation_footprint();
			let ticket = T::AccreditationDeposit::new(&actor.payer, footprint)?;

			let deposit = Deposit { depositor: actor.payer, ticket };
			let record = AccreditationRecord { subject, commitment, digest, deposit };
			Accreditations::<T>::insert(id, record);
			NextAccreditation::<T>::put(AccreditationId(next));
			Self::deposit_event(Event::AccreditationGranted {
				accreditation: id,
				subject,
				kind,
				jurisdiction,
				codes,
				issuer,
				commitment,
				window,
				digest,
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
		Self::mutate_held(id, |subject, held| {
			Self::body_of(by, &held.issuer)?;
			ensure!(held.revoked_from().is_none(), Error::<T>::AlreadyRevoked);
			let now = Self::now();
			ensure!(held.window.from <= effective_from, Error::<T>::EffectiveTooEarly);
			// What has not begun yet is revoked from its beginning.
			ensure!(effective_from <= now.max(held.window.from), Error::<T>::EffectiveTooLate);

			Self::note(held, by, Change::Revoked { effective_from, reason })?;
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
			let held = Self::entry(row, id)?;
			// What a cut-off felled after the grant is kept as long as if it had counted.
			let answers = !Self::is_forgettable(held.kept_from());
			ensure!(!answers || Self::is_void(held), Error::<T>::NotReapable);

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

	pub(crate) fn do_renew_accreditation(
		by: IdentityId,
		id: AccreditationId,
		until: Moment,
	) -> DispatchResult {
		Self::mutate_row(id, |subject, row| {
			let now = Self::now();
			let held = Self::entry(row, id)?;
			// What is over takes a place again.
			let room = !held.is_over_at(now) || Self::has_room(row, held.kind, now);
			let held = Self::entry_mut(row, id)?;
			Self::body_of(Some(by), &held.issuer)?;
			let office = Self::open_office(&by, now)?;
			Self::ensure_covered(&office, held.kind, held.jurisdiction, &held.codes)?;
			Self::ensure_not_final(held)?;
			let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
			let granted = cutoffs.believe(Body::Issuer, held.granted_at);
			ensure!(granted, Error::<T>::GrantVoid);
			ensure!(held.end(cutoffs) < until, Error::<T>::UntilNotLater);
			Self::bounded(Window { from: now, until }, now, T::MaxAccreditationTerm::get())?;
			ensure!(room, Error::<T>::TooManyOfKind);

			Self::note(held, Some(by), Change::Renewed { until })?;
			let kind = held.kind;
			Self::deposit_event(Event::AccreditationRenewed {
				accreditation: id,
				subject,
				kind,
				until,
				by,
			});
			Ok(())
		})
	}

	pub(crate) fn do_suspend_accreditation(
		by: Option<IdentityId>,
		id: AccreditationId,
		until: Option<Moment>,
		reason: SuspensionReason,
	) -> DispatchResult {
		Self::mutate_held(id, |subject, held| {
			let now = Self::now();
			let body = Self::body_of(by, &held.issuer)?;
			Self::ensure_not_final(held)?;
			let end = until.unwrap_or(Moment::MAX);
			ensure!(now < end, Error::<T>::SuspensionOver);
			let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
			ensure!(now < held.end(cutoffs), Error::<T>::AlreadyExpired);
			let running = held.suspensions_at(now, cutoffs);
			let longer = running.get(&body).is_none_or(|before| *before < end);
			ensure!(longer, Error::<T>::AlreadySuspended);

			Self::note(held, by, Change::Suspended { until, reason })?;
			Self::deposit_event(Event::AccreditationSuspended {
				accreditation: id,
				subject,
				kind: held.kind,
				until,
				reason,
				by,
			});
			Ok(())
		})
	}

	pub(crate) fn do_lift_suspension(
		by: Option<IdentityId>,
		id: AccreditationId,
	) -> DispatchResult {
		Self::mutate_held(id, |subject, held| {
			let now = Self::now();
			let body = Self::body_of(by, &held.issuer)?;
			if let Some(by) = by {
				Self::open_office(&by, now)?;
			}
			Self::ensure_not_final(held)?;
			let running = held.suspensions_at(now, Known::default().cutoffs_of::<T>(&held.issuer));
			ensure!(!running.is_empty(), Error::<T>::NotSuspended);
			let own = running.keys().any(|imposed| *imposed <= body);
			ensure!(own, Error::<T>::ImposedFromAbove);

			Self::note(held, by, Change::Lifted)?;
			let kind = held.kind;
			Self::deposit_event(Event::SuspensionLifted { accreditation: id, subject, kind, by });
			Ok(())
		})
	}

	pub(crate) fn do_surrender_accreditation(
		by: IdentityId,
		id: AccreditationId,
	) -> DispatchResult {
		Self::mutate_held(id, |subject, held| {
			ensure!(by == subject, Error::<T>::NotHolder);
			Self::ensure_not_final(held)?;

			Self::note(held, Some(by), Change::Surrendered)?;
			let kind = held.kind;
			Self::deposit_event(Event::AccreditationSurrendered {
				accreditation: id,
				subject,
				kind,
			});
			Ok(())
		})
	}

	/// Changes an accreditation where its subject holds it.
	fn mutate_held(
		id: AccreditationId,
		change: impl FnOnce(IdentityId, &mut HeldAccreditation) -> DispatchResult,
	) -> DispatchResult {
		Self::mutate_row(id, |subject, row| change(subject, Self::entry_mut(row, id)?))
	}

	/// Changes the row that has an accreditation.
	fn mutate_row(
		id: AccreditationId,
		change: impl FnOnce(IdentityId, &mut [HeldAccreditation]) -> DispatchResult,
	) -> DispatchResult {
		let record = Accreditations::<T>::get(id).ok_or(Error::<T>::AccreditationNotFound)?;
		HeldAccreditations::<T>::try_mutate(record.subject, |row| {
			change(record.subject, row.as_mut())
		})
	}

	fn entry(
		row: &[HeldAccreditation],
		id: AccreditationId,
	) -> Result<&HeldAccreditation, Error<T>> {
		row.iter().find(|held| held.id == id).ok_or(Error::<T>::AccreditationNotFound)
	}

	fn entry_mut(
		row: &mut [HeldAccreditation],
		id: AccreditationId,
	) -> Result<&mut HeldAccreditation, Error<T>> {
		row.iter_mut().find(|held| held.id == id).ok_or(Error::<T>::AccreditationNotFound)
	}

	/// Whether one more of `kind` may count, whoever granted the others.
	fn has_room(row: &[HeldAccreditation], kind: AccreditationKind, now: Moment) -> bool {
		let running = row.iter().filter(|held| held.kind == kind && !held.is_over_at(now));
		running.count() < T::MaxStandingPerKind::get() as usize
	}

	/// How many entries of a subject's row one issuer may fill, ended ones included.
	pub(crate) fn most_of_issuer() -> u32 {
		T::MaxAccreditationsPerSubject::get().saturating_mul(3).saturating_div(4)
	}

	/// Whether it was granted from a cut-off on, so that it never counted. A cut-off is for good and
	/// moves to an earlier moment only, so it never will.
	fn is_void(held: &HeldAccreditation) -> bool {
		let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
		!cutoffs.believe(Body::Issuer, held.granted_at)
	}

	/// As which body `by` decides about an accreditation of `issuer`, when it is able to act.
	fn body_of(by: Option<IdentityId>, issuer: &IdentityId) -> Result<Body, DispatchError> {
		let Some(by) = by else { return Ok(Body::Governance) };
		let body = if by == *issuer {
			Body::Issuer
		} else {
			let above = Authorities::<T>::get(issuer).and_then(|authority| authority.parent);
			ensure!(above == Some(by), Error::<T>::NotIssuer);
			Body::Parent
		};
		Self::office(&by)?;
		Ok(body)
	}

	/// Checks that the scope of an authority, and that of its regulator, allow an accreditation.
	fn ensure_covered(
		office: &Office,
		kind: AccreditationKind,
		jurisdiction: Jurisdiction,
		codes: &[ScopeCode],
	) -> DispatchResult {
		for authority in core::iter::once(&office.authority).chain(&office.parent) {
			let covered = authority.scope.check_covers(kind, jurisdiction, codes);
			covered.map_err(|outside| match outside {
				ScopePart::Kinds => Error::<T>::KindOutOfScope,
				ScopePart::Jurisdictions => Error::<T>::JurisdictionOutOfScope,
				ScopePart::Codes => Error::<T>::CodeOutOfScope,
			})?;
		}
		Ok(())
	}

	fn ensure_not_final(held: &HeldAccreditation) -> DispatchResult {
		ensure!(held.revoked_from().is_none(), Error::<T>::AlreadyRevoked);
		ensure!(held.surrendered_at().is_none(), Error::<T>::AlreadySurrendered);
		Ok(())
	}

	fn note(
		held: &mut HeldAccreditation,
		by: Option<IdentityId>,
		change: Change,
	) -> DispatchResult {
		let line = StatusChange { at: Self::now(), change, by };
		held.note(line).map_err(|LogFull| Error::<T>::StatusLogFull.into())
	}

	pub(crate) fn accreditation_footprint() -> Footprint {
		let size = HeldAccreditation::max_encoded_len()
			.saturating_add(<(AccreditationId, AccreditationRecordOf<T>)>::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn view_accreditation(
		record: AccreditationRecordOf<T>,
		held: HeldAccreditation,
	) -> AccreditationView {
		let standing = Self::standing_at(&held, Self::now());
		let until = held.end(Known::default().cutoffs_of::<T>(&held.issuer));
		let revocation = held.revocation();
		let HeldAccreditation { id, kind, jurisdiction, codes, issuer, granted_at, window, .. } =
			held;
		let AccreditationRecord { subject, commitment, digest, .. } = record;
		AccreditationView {
			id,
			subject,
			kind,
			jurisdiction,
			codes,
			issuer,
			granted_at,
			window,
			until,
			commitment,
			digest,
			revocation,
			standing,
			in_force: standing == Standing::InForce,
		}
	}
}
