// SPDX-License-Identifier: Apache-2.0

//! What the calls do, by what they are about, and what they share.

mod accreditations;
mod affiliations;
mod authorities;
mod requests;

pub(crate) use accreditations::Terms;

use crate::*;
use alloc::collections::BTreeMap;
use frame_support::{ensure, traits::Get};
use salus_primitives::{IdentityKind, Window};
use salus_traits::identity::IdentityInspect;

/// An authority that is neither cut off nor suspended, with its regulator, which is neither as well.
pub(crate) struct Office {
	authority: Authority,
	parent: Option<Authority>,
}

/// The authorities that one question has read: each is read once, whatever the number of entries
/// that it, or a registrar of it, granted.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<IdentityId, Option<Authority>>);

impl Known {
	fn get<T: Config>(&mut self, id: &IdentityId) -> Option<&Authority> {
		self.0.entry(*id).or_insert_with(|| Authorities::<T>::get(id)).as_ref()
	}

	/// The regulator of an authority, when that is a registrar.
	pub(crate) fn parent_of<T: Config>(&mut self, id: &IdentityId) -> Option<IdentityId> {
		self.get::<T>(id).and_then(|authority| authority.parent)
	}

	/// From when on an issuer and its regulator are no longer believed. Who is no authority never is.
	pub(crate) fn cutoffs_of<T: Config>(&mut self, issuer: &IdentityId) -> Cutoffs {
		let Some(authority) = self.get::<T>(issuer) else {
			return Cutoffs { issuer: Some(0), parent: None };
		};
		let (issuer, above) = (authority.cutoff, authority.parent);
		let above = above.and_then(|above| self.get::<T>(&above));
		Cutoffs { issuer, parent: above.and_then(|above| above.cutoff) }
	}
}

/// The logs of what a subject holds, read when a question is the first to need them.
pub(crate) struct Logs<'a, T: Config> {
	subject: &'a IdentityId,
	read: Option<StatusLogsOf<T>>,
}

impl<'a, T: Config> Logs<'a, T> {
	pub(crate) fn of(subject: &'a IdentityId) -> Self {
		Self { subject, read: None }
	}

	/// Whether an accreditation of the subject is in force at `at`, as far as these cut-offs decide.
	///
	/// Its row tells it from its last change on, and what cannot be before: the rest is in the log.
	pub(crate) fn stands(
		&mut self,
		held: &HeldAccreditation,
		at: Moment,
		cutoffs: Cutoffs,
	) -> bool {
		if held.decides_at(at) {
			return held.stands_at(at, cutoffs);
		}
		held.can_stand_at(at)
			&& self.with(held.clone()).standing_at(at, cutoffs) == Standing::InForce
	}

	/// An accreditation of the subject with its log.
	pub(crate) fn with(&mut self, held: HeldAccreditation) -> Logged {
		let subject = self.subject;
		let logs = self.read.get_or_insert_with(|| StatusLogs::<T>::get(subject));
		let log = logs.get(&held.id).cloned().unwrap_or_default();
		Logged { held, log }
	}
}

impl<T: Config> Pallet<T> {
	/// The office of an authority that may act at all, its window aside.
	fn office(id: &IdentityId) -> Result<Office, Error<T>> {
		let authority = Authorities::<T>::get(id).ok_or(Error::<T>::NotAuthority)?;
		ensure!(authority.cutoff.is_none(), Error::<T>::AuthorityCutOff);
		ensure!(!authority.is_suspended(), Error::<T>::AuthoritySuspended);
		let Some(parent) = authority.parent else {
			return Ok(Office { authority, parent: None });
		};
		let parent = Authorities::<T>::get(parent).ok_or(Error::<T>::AuthorityNotFound)?;
		ensure!(parent.cutoff.is_none(), Error::<T>::ParentCutOff);
		ensure!(!parent.is_suspended(), Error::<T>::ParentSuspended);
		Ok(Office { authority, parent: Some(parent) })
	}

	/// The office of an authority that may act at `now`.
	pub(crate) fn open_office(id: &IdentityId, now: Moment) -> Result<Office, Error<T>> {
		let office = Self::office(id)?;
		ensure!(office.authority.window.is_open_at(now), Error::<T>::NotInOffice);
		let parent_open = office.parent.as_ref().is_none_or(|parent| parent.window.is_open_at(now));
		ensure!(parent_open, Error::<T>::ParentNotInOffice);
		Ok(office)
	}

	fn active_kind(id: &IdentityId) -> Result<IdentityKind, Error<T>> {
		T::Identities::active_kind(id).ok_or(Error::<T>::IdentityNotActive)
	}

	/// What is left of a window that may end `term` ahead at most.
	fn bounded(window: Window, now: Moment, term: Moment) -> Result<Window, Error<T>> {
		let window = remainder(window, now).ok_or(Error::<T>::WindowOver)?;
		ensure!(window.until.saturating_sub(now) <= term, Error::<T>::TermTooLong);
		Ok(window)
	}

	/// Whether what ended at `end` no longer answers questions about the past.
	fn is_forgettable(end: Moment) -> bool {
		end.saturating_add(T::Retention::get()) <= Self::now()
	}
}
