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
			Self::ensure_room(row, kind, now)?;
			let own = row.iter().filter(|held| held.issuer == issuer).count();
			ensure!(own < Self::most_of_issuer() as usize, Error::<T>::TooManyFromIssuer);
			let id = NextAccreditation::<T>::get();
			let next = id.0.checked_add(1).ok_or(ArithmeticError::Overflow)?;
			let held = HeldAccreditation::new(id, kind, issuer, now, window);
			row.try_push(held).map_err(|_| Error::<T>::TooManyAccreditations)?;
			Self::answer_request(issuer, subject, kind, commitment, digest)?;
			let footprint = Self::accreditation_footprint();
			let ticket = T::AccreditationDeposit::new(&actor.payer, footprint)?;

			let deposit = Deposit { depositor: actor.payer, ticket };
			let record = AccreditationRecord {
				subject,
				jurisdiction,
				codes: codes.clone(),
				commitment,
				digest,
				deposit,
			};
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
		Self::mutate_logged(id, |record, _, logged| {
			let Logged { held, .. } = logged;
			Self::body_of(by, &held.issuer)?;
			let (kind, from) = (held.kind, held.window.from);
			ensure!(logged.revoked_from().is_none(), Error::<T>::AlreadyRevoked);
			ensure!(from <= effective_from, Error::<T>::EffectiveTooEarly);
			// What has not begun yet is revoked from its beginning.
			ensure!(effective_from <= Self::now().max(from), Error::<T>::EffectiveTooLate);

			Self::note(logged, by, Change::Revoked { effective_from, reason })?;
			Self::deposit_event(Event::AccreditationRevoked {
				accreditation: id,
				subject: record.subject,
				kind,
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
		let logged = Self::logged(&subject, id).ok_or(Error::<T>::AccreditationNotFound)?;
		// What a cut-off felled after the grant is kept as long as if it had counted.
		let answers = !Self::is_forgettable(logged.kept_from());
		ensure!(!answers || Self::is_void(&logged.held), Error::<T>::NotReapable);

		record.deposit.ticket.drop(&record.deposit.depositor)?;
		HeldAccreditations::<T>::mutate_exists(subject, |maybe_row| {
			*maybe_row = maybe_row.take().and_then(|mut row| {
				row.retain(|held| held.id != id);
				(!row.is_empty()).then_some(row)
			});
		});
		StatusLogs::<T>::mutate_exists(subject, |maybe_logs| {
			*maybe_logs = maybe_logs.take().and_then(|mut logs| {
				logs.remove(&id);
				(!logs.is_empty()).then_some(logs)
			});
		});
		Accreditations::<T>::remove(id);
		Self::deposit_event(Event::AccreditationReaped { accreditation: id, subject });
		Ok(())
	}

	pub(crate) fn do_renew_accreditation(
		by: IdentityId,
		id: AccreditationId,
		until: Moment,
	) -> DispatchResult {
		Self::mutate_logged(id, |record, row, logged| {
			let now = Self::now();
			let held = &logged.held;
			let kind = held.kind;
			// What is over takes a place again.
			let room =
				if held.is_over_at(now) { Self::ensure_room(row, kind, now) } else { Ok(()) };
			Self::body_of(Some(by), &held.issuer)?;
			let office = Self::open_office(&by, now)?;
			Self::ensure_covered(&office, kind, record.jurisdiction, &record.codes)?;
			Self::ensure_not_final(logged)?;
			let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
			let granted = cutoffs.believe(Body::Issuer, held.granted_at);
			ensure!(granted, Error::<T>::GrantVoid);
			ensure!(logged.end(cutoffs) < until, Error::<T>::UntilNotLater);
			Self::bounded(Window { from: now, until }, now, T::MaxAccreditationTerm::get())?;
			room?;

			Self::note(logged, Some(by), Change::Renewed { until })?;
			Self::deposit_event(Event::AccreditationRenewed {
				accreditation: id,
				subject: record.subject,
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
		Self::mutate_logged(id, |record, _, logged| {
			let now = Self::now();
			let held = &logged.held;
			let kind = held.kind;
			let body = Self::body_of(by, &held.issuer)?;
			Self::ensure_not_final(logged)?;
			let end = until.unwrap_or(Moment::MAX);
			ensure!(now < end, Error::<T>::SuspensionOver);
			let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
			ensure!(now < logged.end(cutoffs), Error::<T>::AlreadyExpired);
			let running = logged.suspensions_at(now, cutoffs);
			let longer = running.get(&body).is_none_or(|before| *before < end);
			ensure!(longer, Error::<T>::AlreadySuspended);

			Self::note(logged, by, Change::Suspended { until, reason })?;
			Self::deposit_event(Event::AccreditationSuspended {
				accreditation: id,
				subject: record.subject,
				kind,
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
		Self::mutate_logged(id, |record, _, logged| {
			let now = Self::now();
			let (kind, issuer) = (logged.held.kind, logged.held.issuer);
			let body = Self::body_of(by, &issuer)?;
			if let Some(by) = by {
				Self::open_office(&by, now)?;
			}
			Self::ensure_not_final(logged)?;
			let running = logged.suspensions_at(now, Known::default().cutoffs_of::<T>(&issuer));
			ensure!(!running.is_empty(), Error::<T>::NotSuspended);
			let own = running.keys().any(|imposed| *imposed <= body);
			ensure!(own, Error::<T>::ImposedFromAbove);

			Self::note(logged, by, Change::Lifted)?;
			let subject = record.subject;
			Self::deposit_event(Event::SuspensionLifted { accreditation: id, subject, kind, by });
			Ok(())
		})
	}

	pub(crate) fn do_surrender_accreditation(
		by: IdentityId,
		id: AccreditationId,
	) -> DispatchResult {
		Self::mutate_logged(id, |record, _, logged| {
			let subject = record.subject;
			ensure!(by == subject, Error::<T>::NotHolder);
			Self::ensure_not_final(logged)?;

			Self::note(logged, Some(by), Change::Surrendered)?;
			let kind = logged.held.kind;
			Self::deposit_event(Event::AccreditationSurrendered {
				accreditation: id,
				subject,
				kind,
			});
			Ok(())
		})
	}

	/// Changes an accreditation in its subject's row and in its log, both or none. The row is as it
	/// was before.
	fn mutate_logged(
		id: AccreditationId,
		change: impl FnOnce(
			&AccreditationRecordOf<T>,
			&[HeldAccreditation],
			&mut Logged,
		) -> DispatchResult,
	) -> DispatchResult {
		let record = Accreditations::<T>::get(id).ok_or(Error::<T>::AccreditationNotFound)?;
		let subject = record.subject;
		HeldAccreditations::<T>::try_mutate(subject, |row| {
			StatusLogs::<T>::try_mutate(subject, |logs| {
				let entry = row.iter().find(|held| held.id == id);
				let held = entry.ok_or(Error::<T>::AccreditationNotFound)?.clone();
				let log = logs.get(&id).cloned().unwrap_or_default();
				let mut logged = Logged { held, log };
				change(&record, row, &mut logged)?;

				let Logged { held, log } = logged;
				if let Some(entry) = row.iter_mut().find(|held| held.id == id) {
					*entry = held;
				}
				// There is a place for the log of each entry.
				logs.try_insert(id, log).map_err(|_| Error::<T>::TooManyAccreditations)?;
				Ok(())
			})
		})
	}

	/// Checks that one more of `kind` may count, whoever granted the others.
	fn ensure_room(
		row: &[HeldAccreditation],
		kind: AccreditationKind,
		now: Moment,
	) -> Result<(), Error<T>> {
		let running = || row.iter().filter(|held| !held.is_over_at(now));
		let same = running().filter(|held| held.kind == kind).count();
		ensure!(same < T::MaxStandingPerKind::get() as usize, Error::<T>::TooManyOfKind);
		if FACILITY.contains(kind) {
			let licences = running().filter(|held| held.is_of(FACILITY)).count();
			let few = licences < T::MaxFacilityLicences::get() as usize;
			ensure!(few, Error::<T>::TooManyFacilityLicences);
		}
		Ok(())
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

	fn ensure_not_final(logged: &Logged) -> DispatchResult {
		ensure!(logged.revoked_from().is_none(), Error::<T>::AlreadyRevoked);
		ensure!(logged.surrendered_at().is_none(), Error::<T>::AlreadySurrendered);
		Ok(())
	}

	fn note(logged: &mut Logged, by: Option<IdentityId>, change: Change) -> DispatchResult {
		let line = StatusChange { at: Self::now(), change, by };
		logged.note(line).map_err(|refused| match refused {
			NotNoted::LogFull => Error::<T>::StatusLogFull,
			NotNoted::TooManyRenewals => Error::<T>::TooManyRenewals,
		})?;
		Ok(())
	}

	pub(crate) fn accreditation_footprint() -> Footprint {
		let size = HeldAccreditation::max_encoded_len()
			.saturating_add(<(AccreditationId, StatusLog)>::max_encoded_len())
			.saturating_add(<(AccreditationId, AccreditationRecordOf<T>)>::max_encoded_len());
		Footprint::from_parts(1, size)
	}

	pub(crate) fn view_accreditation(
		record: AccreditationRecordOf<T>,
		logged: Logged,
	) -> AccreditationView {
		let cutoffs = Known::default().cutoffs_of::<T>(&logged.held.issuer);
		let standing = logged.standing_at(Self::now(), cutoffs);
		let (until, revocation) = (logged.end(cutoffs), logged.revocation());
		let HeldAccreditation { id, kind, issuer, granted_at, window, .. } = logged.held;
		let AccreditationRecord { subject, jurisdiction, codes, commitment, digest, .. } = record;
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
