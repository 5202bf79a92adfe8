// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Get};
use salus_primitives::{IdentityId, Window};
use salus_traits::accreditation::{MAX_AFFILIATIONS, MAX_ORGANISATIONS};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::accreditations_agree_with_their_records()?;
		Self::issuers_are_authorities()?;
		Self::accreditations_are_sound()?;
		Self::authorities_are_sound()?;
		Self::affiliations_agree_with_their_records()?;
		Self::open_invitations_are_counted()?;
		Self::affiliations_are_few()?;
		Self::logs_are_sound()?;
		Self::suspensions_are_sound()?;
		Self::requests_are_sound()?;
		Self::status_lists_are_sound()?;
		Self::accreditations_of_a_kind_are_few()
	}

	// I1
	fn accreditations_agree_with_their_records() -> Result<(), TryRuntimeError> {
		let next = NextAccreditation::<T>::get();
		let mut seen = BTreeSet::new();
		for (subject, row) in HeldAccreditations::<T>::iter() {
			for held in row {
				let record = Accreditations::<T>::get(held.id);
				let agrees = record.is_some_and(|record| record.subject == subject);
				ensure!(agrees, "I1: an accreditation has no record of its subject");
				ensure!(held.id < next, "I1: an accreditation has a number from the future");
				ensure!(seen.insert(held.id), "I1: an accreditation is held twice");
			}
		}
		let records = Accreditations::<T>::iter_keys().count();
		ensure!(records == seen.len(), "I1: a record is of no accreditation");
		Ok(())
	}

	// I2
	fn issuers_are_authorities() -> Result<(), TryRuntimeError> {
		for (subject, row) in HeldAccreditations::<T>::iter() {
			for held in row {
				let known = Authorities::<T>::contains_key(held.issuer);
				ensure!(known, "I2: an issuer is no authority");
				ensure!(held.issuer != subject, "I2: an authority accredited itself");
			}
		}
		Ok(())
	}

	// I3
	fn accreditations_are_sound() -> Result<(), TryRuntimeError> {
		for held in HeldAccreditations::<T>::iter_values().flatten() {
			ensure!(!held.window.is_empty(), "I3: an accreditation never counts");
			ensure!(held.granted_at <= held.window.from, "I3: an accreditation reaches back");
			ensure!(are_codes_sound(&held.codes), "I3: the codes of an accreditation are unsorted");
		}
		Ok(())
	}

	// I4
	fn authorities_are_sound() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		for (id, authority) in Authorities::<T>::iter() {
			ensure!(authority.scope.check().is_ok(), "I4: a scope is not sound");
			let ahead = authority.cutoff.is_some_and(|cutoff| now < cutoff);
			ensure!(!ahead, "I4: a cut-off lies ahead");
			let Some(parent) = authority.parent else { continue };
			ensure!(parent != id, "I4: an authority is above itself");
			let regulator = Authorities::<T>::get(parent).is_some_and(|row| row.parent.is_none());
			ensure!(regulator, "I4: a registrar is below no regulator");
		}
		Ok(())
	}

	// I5
	fn affiliations_agree_with_their_records() -> Result<(), TryRuntimeError> {
		let next = NextAffiliation::<T>::get();
		let mut seen = BTreeSet::new();
		for (practitioner, row) in HeldAffiliations::<T>::iter() {
			for held in row {
				let agrees = Affiliations::<T>::get(held.id).is_some_and(|record| {
					record.is_accepted()
						&& record.practitioner == practitioner
						&& record.organisation == held.organisation
						&& record.role == held.role
						&& record.permissions == held.permissions
						&& record.window == held.window
				});
				ensure!(agrees, "I5: an affiliation has no record that says the same");
				ensure!(seen.insert(held.id), "I5: an affiliation is held twice");
			}
		}
		for (id, record) in Affiliations::<T>::iter() {
			ensure!(id < next, "I5: an affiliation has a number from the future");
			ensure!(
				record.is_accepted() == seen.contains(&id),
				"I5: an accepted record has no affiliation"
			);
		}
		Ok(())
	}

	// I6
	fn open_invitations_are_counted() -> Result<(), TryRuntimeError> {
		let mut counted = BTreeMap::<IdentityId, u32>::new();
		for record in Affiliations::<T>::iter_values() {
			if !record.is_accepted() {
				let count = counted.entry(record.organisation).or_default();
				*count = count.saturating_add(1);
			}
		}
		let stored: BTreeMap<_, _> = OpenInvitations::<T>::iter().collect();
		ensure!(stored == counted, "I6: open invitations are counted wrong");
		let few = stored.values().all(|open| *open <= T::MaxOpenInvitations::get());
		ensure!(few, "I6: an organisation has too many open invitations");
		Ok(())
	}

	// I7: the number of open ones changes only where one begins.
	fn affiliations_are_few() -> Result<(), TryRuntimeError> {
		for row in HeldAffiliations::<T>::iter_values() {
			for beginning in &row {
				let at = beginning.window.from;
				let open = || row.iter().filter(|held| held.window.is_open_at(at));
				let few = open().count() <= MAX_AFFILIATIONS as usize;
				ensure!(few, "I7: a practitioner has too many affiliations");
				let organisations = open().map(|held| held.organisation).collect::<BTreeSet<_>>();
				let few = organisations.len() <= MAX_ORGANISATIONS as usize;
				ensure!(few, "I7: a practitioner works at too many organisations");
			}
		}
		Ok(())
	}

	// I8
	fn logs_are_sound() -> Result<(), TryRuntimeError> {
		let open = MAX_STATUS_CHANGES.saturating_sub(PLACES_KEPT) as usize;
		for held in HeldAccreditations::<T>::iter_values().flatten() {
			let moments = || held.changes.iter().map(|line| line.at);
			ensure!(moments().is_sorted(), "I8: a log is not in the order of time");
			let since = moments().all(|at| held.granted_at <= at);
			ensure!(since, "I8: a log begins before the grant");
			let is_final = |line: &StatusChange| {
				matches!(line.change, Change::Revoked { .. } | Change::Surrendered)
			};
			let finals = held.changes.iter().skip_while(|line| !is_final(line));
			let nothing_after = finals.clone().all(is_final);
			ensure!(nothing_after, "I8: something happened after the end");
			let revoked =
				finals.clone().filter(|line| matches!(line.change, Change::Revoked { .. }));
			let few = revoked.clone().count() <= 1 && finals.count() <= PLACES_FOR_THE_END as usize;
			ensure!(few, "I8: an accreditation ended too often");
			let late = held.revoked_from().is_none_or(|from| held.window.from <= from);
			ensure!(late, "I8: a revocation reaches back too far");
			let needs_place = |line: &&StatusChange| {
				matches!(line.change, Change::Renewed { .. } | Change::Suspended { .. })
			};
			let beyond = held.changes.iter().skip(open).find(needs_place);
			ensure!(beyond.is_none(), "I8: a place of the log that is kept was taken");
		}
		Ok(())
	}

	// I9
	fn suspensions_are_sound() -> Result<(), TryRuntimeError> {
		for held in HeldAffiliations::<T>::iter_values().flatten() {
			let empty = held.suspensions.iter().any(Window::is_empty);
			ensure!(!empty, "I9: an affiliation rests for no time");
			let apart = held.suspensions.is_sorted_by(|one, next| one.until <= next.from);
			ensure!(apart, "I9: the rests of an affiliation overlap");
		}
		Ok(())
	}

	// I10
	fn requests_are_sound() -> Result<(), TryRuntimeError> {
		for ((issuer, subject, _), _) in Requests::<T>::iter() {
			let known = Authorities::<T>::contains_key(issuer);
			ensure!(known, "I10: a request is to no authority");
			ensure!(issuer != subject, "I10: an authority asks itself");
		}
		Ok(())
	}

	// I11
	fn status_lists_are_sound() -> Result<(), TryRuntimeError> {
		for (authority, list, row) in StatusLists::<T>::iter() {
			let known = Authorities::<T>::contains_key(authority);
			ensure!(known, "I11: a status list is of no authority");
			ensure!(list < T::MaxStatusLists::get(), "I11: a status list has a number too high");
			ensure!(is_locator_sound(&row.locator), "I11: a status list lies nowhere");
		}
		Ok(())
	}

	// I12: suspensions aside, the number of those that stand grows only where one begins or is
	// renewed.
	fn accreditations_of_a_kind_are_few() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		let allowed = T::MaxStandingPerKind::get() as usize;
		for row in HeldAccreditations::<T>::iter_values() {
			for beginning in &row {
				let same = || row.iter().filter(|held| held.kind == beginning.kind);
				let running = same().filter(|held| !held.is_over_at(now)).count();
				ensure!(running <= allowed, "I12: too many of a kind are not over");
				let standing_at = |at| {
					let standing = |held: &HeldAccreditation| held.standing_at(at, Cutoffs::NONE);
					same().filter(|held| standing(held) == Standing::InForce).count()
				};
				let renewals = beginning.changes.iter().filter_map(|line| match line.change {
					Change::Renewed { .. } => Some(line.at),
					_ => None,
				});
				let few = core::iter::once(beginning.window.from)
					.chain(renewals)
					.all(|at| standing_at(at) <= allowed);
				ensure!(few, "I12: too many of a kind stood");
			}
		}
		Ok(())
	}
}
