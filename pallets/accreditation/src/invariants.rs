// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use alloc::{
	collections::{BTreeMap, BTreeSet},
	vec::Vec,
};
use frame_support::{ensure, traits::Get};
use salus_primitives::{AccreditationKinds, IdentityId, Window};
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
		Self::accreditations_of_a_kind_are_few()?;
		Self::entries_agree_with_their_logs()?;
		Self::what_is_over_is_put_away()
	}

	/// What each subject holds, with the logs.
	fn all_logged() -> impl Iterator<Item = (IdentityId, Vec<Logged>)> {
		HeldAccreditations::<T>::iter().map(|(subject, row)| {
			let mut logs = Logs::<T>::of(&subject);
			let row = row.into_iter().map(|held| logs.with(held)).collect();
			(subject, row)
		})
	}

	/// What each practitioner was and is, those put away first.
	fn all_affiliations() -> impl Iterator<Item = (IdentityId, Vec<HeldAffiliation>)> {
		let practitioners: BTreeSet<_> =
			HeldAffiliations::<T>::iter_keys().chain(PastAffiliations::<T>::iter_keys()).collect();
		practitioners.into_iter().map(|id| (id, Self::kept_affiliations(&id).collect()))
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
		for (subject, logs) in StatusLogs::<T>::iter() {
			let row = HeldAccreditations::<T>::get(subject);
			let of_an_entry = logs.keys().all(|id| row.iter().any(|held| held.id == *id));
			ensure!(of_an_entry, "I1: a log is of no accreditation");
			let said = !logs.is_empty() && logs.values().all(|log| !log.is_empty());
			ensure!(said, "I1: a log says nothing");
		}
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
		}
		for record in Accreditations::<T>::iter_values() {
			ensure!(
				are_codes_sound(&record.codes),
				"I3: the codes of an accreditation are unsorted"
			);
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
		for (practitioner, row) in Self::all_affiliations() {
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
		for (_, row) in Self::all_affiliations() {
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
		for logged in Self::all_logged().flat_map(|(_, row)| row) {
			let held = &logged.held;
			let moments = || logged.log.iter().map(|line| line.at);
			ensure!(moments().is_sorted(), "I8: a log is not in the order of time");
			let since = moments().all(|at| held.granted_at <= at);
			ensure!(since, "I8: a log begins before the grant");
			let is_final = |line: &StatusChange| {
				matches!(line.change, Change::Revoked { .. } | Change::Surrendered)
			};
			let finals = logged.log.iter().skip_while(|line| !is_final(line));
			let nothing_after = finals.clone().all(is_final);
			ensure!(nothing_after, "I8: something happened after the end");
			let revoked =
				finals.clone().filter(|line| matches!(line.change, Change::Revoked { .. }));
			let few = revoked.clone().count() <= 1 && finals.count() <= PLACES_FOR_THE_END as usize;
			ensure!(few, "I8: an accreditation ended too often");
			let late = logged.revoked_from().is_none_or(|from| held.window.from <= from);
			ensure!(late, "I8: a revocation reaches back too far");
			let needs_place = |line: &&StatusChange| {
				matches!(line.change, Change::Renewed { .. } | Change::Suspended { .. })
			};
			let beyond = logged.log.iter().skip(open).find(needs_place);
			ensure!(beyond.is_none(), "I8: a place of the log that is kept was taken");
		}
		Ok(())
	}

	// I9
	fn suspensions_are_sound() -> Result<(), TryRuntimeError> {
		for held in Self::all_affiliations().flat_map(|(_, row)| row) {
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
		let of_kind = T::MaxStandingPerKind::get() as usize;
		for (_, row) in Self::all_logged() {
			for beginning in &row {
				let kind = beginning.held.kind;
				let renewals = beginning.log.iter().filter_map(|line| match line.change {
					Change::Renewed { .. } => Some(line.at),
					_ => None,
				});
				let moments = renewals.chain([beginning.held.window.from]).collect::<Vec<_>>();
				let same = Self::most_of(&row, AccreditationKinds::of(&[kind]), now, &moments);
				ensure!(same.0 <= of_kind, "I12: too many of a kind are not over");
				ensure!(same.1 <= of_kind, "I12: too many of a kind stood");
				let allowed = T::MaxFacilityLicences::get() as usize;
				let licences = Self::most_of(&row, FACILITY, now, &moments);
				ensure!(licences.0 <= allowed, "I12: too many licences of a facility are not over");
				ensure!(licences.1 <= allowed, "I12: too many licences of a facility stood");
			}
		}
		Ok(())
	}

	/// How many of `kinds` in a row are not over at `now`, and how many at most stood by their own
	/// logs at one of these moments.
	fn most_of(
		row: &[Logged],
		kinds: AccreditationKinds,
		now: Moment,
		moments: &[Moment],
	) -> (usize, usize) {
		let of = || row.iter().filter(|logged| logged.held.is_of(kinds));
		let running = of().filter(|logged| !logged.held.is_over_at(now)).count();
		let standing = |at: &Moment| {
			of().filter(|logged| logged.standing_at(*at, Cutoffs::NONE) == Standing::InForce)
				.count()
		};
		(running, moments.iter().map(standing).max().unwrap_or_default())
	}

	// I13: what an entry says changes only at the moments that its log and its window name.
	fn entries_agree_with_their_logs() -> Result<(), TryRuntimeError> {
		for logged in Self::all_logged().flat_map(|(_, row)| row) {
			let Logged { held, log } = &logged;
			let last = log.last().map_or(held.granted_at, |line| line.at);
			ensure!(held.changed_at == last, "I13: an entry has another last change than its log");
			let ends = [logged.revoked_from(), logged.surrendered_at()];
			let end = ends.into_iter().flatten().min();
			ensure!(held.ended_from == end, "I13: an entry ends otherwise than by its log");
			let named = log.iter().filter_map(|line| match line.change {
				Change::Renewed { until } => Some(until),
				Change::Suspended { until, .. } => until,
				_ => None,
			});
			let moments = named.chain([last, held.window.from, held.window.until]).chain(end);
			let cutoffs = Known::default().cutoffs_of::<T>(&held.issuer);
			for at in moments.filter(|at| held.decides_at(*at)) {
				for cutoffs in [cutoffs, Cutoffs::NONE] {
					let stands = logged.standing_at(at, cutoffs) == Standing::InForce;
					let agrees = held.stands_at(at, cutoffs) == stands;
					ensure!(agrees, "I13: an entry says otherwise than its log");
				}
			}
		}
		Ok(())
	}

	// I14
	fn what_is_over_is_put_away() -> Result<(), TryRuntimeError> {
		let now = Self::now();
		for (practitioner, past) in PastAffiliations::<T>::iter() {
			ensure!(!past.is_empty(), "I14: nothing was put away");
			let over = past.iter().all(|held| held.is_over_at(now));
			ensure!(over, "I14: an affiliation that is not over was put away");
			let until = HeldAffiliations::<T>::get(practitioner).past_until;
			ensure!(until == Self::end_of(&past), "I14: what was put away ends at another moment");
			let kept = Self::kept_affiliations(&practitioner).count();
			let few = kept <= T::MaxAffiliationsKept::get() as usize;
			ensure!(few, "I14: too many affiliations are kept");
		}
		for (practitioner, jobs) in HeldAffiliations::<T>::iter() {
			ensure!(jobs != Jobs::default(), "I14: a row of affiliations is empty");
			let past = PastAffiliations::<T>::contains_key(practitioner);
			ensure!(past || jobs.past_until == 0, "I14: something put away is missing");
		}
		Ok(())
	}
}
