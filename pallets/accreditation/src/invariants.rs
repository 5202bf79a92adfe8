// SPDX-License-Identifier: Apache-2.0

//! What always holds, numbered as in the README.

use crate::*;
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use salus_primitives::IdentityId;
use salus_traits::accreditation::{MAX_AFFILIATIONS, MAX_ORGANISATIONS};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::accreditations_agree_with_their_records()?;
		Self::issuers_are_authorities()?;
		Self::accreditations_are_sound()?;
		Self::scopes_are_sound()?;
		Self::affiliations_agree_with_their_records()?;
		Self::open_invitations_are_counted()?;
		Self::affiliations_are_few()
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
			let record = Accreditations::<T>::get(held.id);
			let revocation = record.and_then(|record| record.revocation);
			let effective = revocation.map(|revocation| revocation.effective_from);
			ensure!(effective == held.revoked_from, "I3: a revocation is in one place only");
			let sound = held.revoked_from.is_none_or(|from| held.window.from <= from);
			ensure!(sound, "I3: a revocation reaches back too far");
		}
		Ok(())
	}

	// I4
	fn scopes_are_sound() -> Result<(), TryRuntimeError> {
		let sound = Authorities::<T>::iter_values().all(|row| row.scope.check().is_ok());
		ensure!(sound, "I4: a scope is not sound");
		Ok(())
	}

	// I5
	fn affiliations_agree_with_their_records() -> Result<(), TryRuntimeError> {
		let next = NextAffiliation::<T>::get();
		let mut seen = BTreeSet::new();
		for (practitioner, row) in HeldAffiliations::<T>::iter() {
			for held in row {
				let agrees = Affiliations::<T>::get(held.id).is_some_and(|record| {
					matches!(record.status, AffiliationStatus::Accepted { .. })
						&& record.practitioner == practitioner
						&& record.organisation == held.organisation
						&& record.role == held.role
						&& record.window == held.window
				});
				ensure!(agrees, "I5: an affiliation has no record that says the same");
				ensure!(seen.insert(held.id), "I5: an affiliation is held twice");
			}
		}
		for (id, record) in Affiliations::<T>::iter() {
			ensure!(id < next, "I5: an affiliation has a number from the future");
			let accepted = matches!(record.status, AffiliationStatus::Accepted { .. });
			ensure!(accepted == seen.contains(&id), "I5: an accepted record has no affiliation");
		}
		Ok(())
	}

	// I6
	fn open_invitations_are_counted() -> Result<(), TryRuntimeError> {
		let mut counted = BTreeMap::<IdentityId, u32>::new();
		for record in Affiliations::<T>::iter_values() {
			if matches!(record.status, AffiliationStatus::Invited { .. }) {
				let count = counted.entry(record.organisation).or_default();
				*count = count.saturating_add(1);
			}
		}
		let stored: BTreeMap<_, _> = OpenInvitations::<T>::iter().collect();
		ensure!(stored == counted, "I6: open invitations are counted wrong");
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
}
