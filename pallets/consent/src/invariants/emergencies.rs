// SPDX-License-Identifier: Apache-2.0

//! Emergencies, their reviews, their claimants, and the keys handed out in them.

use crate::{
	BtgPolicy, Claimants, Compartments, Config, Deadlines, Due, Emergencies, Emergency,
	EmergencyHolders, EmergencyKeys, NextEmergencyId, OpenEmergencies, OrganisationEmergencies,
	OrganisationEmergencyCount, OrganisationUse, OtherEmployers, Pallet, PendingReviews, Reach,
	Reaches, RecorderCount, ShareKeepers, SubjectEmergencies, SubjectEmergencyCount, hour_of,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Time};
use salus_primitives::{EmergencyId, IdentityId, Moment};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(super) fn check_emergencies() -> Result<(), TryRuntimeError> {
		Self::emergencies_are_listed_once()?;
		Self::emergencies_are_sound()?;
		Self::last_emergencies_are_the_last()?;
		Self::unsettled_emergencies_wait_for_review()?;
		Self::claims_are_remembered()?;
		Self::emergency_keys_have_holders()?;
		Self::holders_kept_no_shares()?;
		Self::what_is_reached_is_due()
	}

	// I12: lists are dense and whole.
	fn emergencies_are_listed_once() -> Result<(), TryRuntimeError> {
		let next = NextEmergencyId::<T>::get();
		let all: BTreeSet<_> = Emergencies::<T>::iter_keys().collect();
		ensure!(all.iter().all(|id| *id < next), "I12: emergency numbered past the next one");

		let subject_of = |row: &Emergency| row.subject;
		let (listed, counts) = listed(SubjectEmergencies::<T>::iter(), Self::row_of, subject_of)?;
		ensure!(listed == all, "I12: emergency is not listed for its subject");
		let stored: BTreeMap<_, _> = SubjectEmergencyCount::<T>::iter().collect();
		ensure!(counts == stored, "I12: gap in a subject's list");

		let organisation_of = |row: &Emergency| row.organisation;
		let (listed, counts) =
			self::listed(OrganisationEmergencies::<T>::iter(), Self::row_of, organisation_of)?;
		ensure!(listed == all, "I12: emergency is not listed at its organisation");
		let stored: BTreeMap<_, _> = OrganisationEmergencyCount::<T>::iter().collect();
		ensure!(counts == stored, "I12: gap in an organisation's list");
		Ok(())
	}

	fn row_of(id: EmergencyId) -> Option<Emergency> {
		Emergencies::<T>::get(id)
	}

	// I13: moments are in order, and what is said was said after the end.
	fn emergencies_are_sound() -> Result<(), TryRuntimeError> {
		ensure!(BtgPolicy::<T>::get().is_sound(), "I13: unsound emergency policy");
		for row in Emergencies::<T>::iter_values() {
			ensure!(row.claimant != row.subject, "I13: emergency of oneself");
			ensure!(
				row.opened_at < row.until
					&& row.until < row.review_by
					&& row.until < row.contest_by,
				"I13: moments out of order"
			);
			ensure!(
				row.closed.is_none_or(|closing| {
					row.opened_at <= closing.at && closing.at < row.until
				}),
				"I13: closed before it began or after it ended"
			);
			ensure!(
				row.review.is_none_or(|review| row.end() <= review.at),
				"I13: reviewed while it was open"
			);
			ensure!(
				row.contest
					.is_none_or(|contest| row.end() <= contest.at && contest.at < row.contest_by),
				"I13: contested out of time"
			);
			ensure!(
				row.review.is_some() || row.contest.is_none_or(|contest| !contest.settled),
				"I13: contest settled without a review"
			);
		}
		for (id, others) in OtherEmployers::<T>::iter() {
			let row = Emergencies::<T>::get(id).ok_or("I13: employers of no claimant")?;
			let is_sound = !others.is_empty()
				&& others.is_sorted_by(|one, next| one < next)
				&& !others.contains(&row.organisation);
			ensure!(is_sound, "I13: employer stands twice");
		}
		Ok(())
	}

	// I14: of a claimant's emergencies for a subject only the last can be open.
	fn last_emergencies_are_the_last() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut last = BTreeMap::new();
		for (id, row) in Emergencies::<T>::iter() {
			let held = last.entry((row.subject, row.claimant)).or_insert(id);
			*held = id.max(*held);
		}
		for (id, row) in Emergencies::<T>::iter() {
			let is_last = last.get(&(row.subject, row.claimant)) == Some(&id);
			ensure!(is_last || row.has_ended(now), "I14: two open emergencies of a pair");
		}
		let stored: BTreeMap<_, _> = OpenEmergencies::<T>::iter()
			.map(|(subject, claimant, id)| ((subject, claimant), id))
			.collect();
		ensure!(stored == last, "I14: last emergency of a pair is another");
		Ok(())
	}

	// I15: what nobody settled is on the list of reviews, and an officer's has its deadline.
	fn unsettled_emergencies_wait_for_review() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut pending: BTreeMap<_, _> = PendingReviews::<T>::iter().collect();
		for (id, row) in Emergencies::<T>::iter() {
			let waits = pending.remove(&id);
			ensure!(
				waits == (!row.is_settled()).then_some(row.review_by),
				"I15: list of reviews differs from the emergency"
			);
			let has_deadline =
				Deadlines::<T>::contains_key(hour_of(row.review_by), Due::Review(id));
			let needs_deadline = row.awaits_officer() && now < row.review_by;
			ensure!(has_deadline || !needs_deadline, "I15: review without deadline");
			ensure!(!has_deadline || row.awaits_officer(), "I15: deadline of no review");
		}
		ensure!(pending.is_empty(), "I15: review of no emergency");
		Ok(())
	}

	// I16: what is remembered of claims is in order, and is what happened.
	fn claims_are_remembered() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut by_claimant: BTreeMap<IdentityId, BTreeSet<Moment>> = BTreeMap::new();
		let mut at_organisation: BTreeMap<IdentityId, BTreeSet<Moment>> = BTreeMap::new();
		for row in Emergencies::<T>::iter_values() {
			by_claimant.entry(row.claimant).or_default().insert(row.opened_at);
			at_organisation.entry(row.organisation).or_default().insert(row.opened_at);
		}
		for (claimant, row) in Claimants::<T>::iter() {
			let happened = by_claimant.remove(&claimant).unwrap_or_default();
			ensure!(row.recent.is_sorted(), "I16: claims out of order");
			ensure!(row.recent.iter().all(|at| happened.contains(at)), "I16: claim that never was");
			ensure!(happened.last() == row.recent.last(), "I16: last claim is not remembered");
			ensure!(row.suspended.is_none_or(|at| at <= now), "I16: suspended in the future");
		}
		ensure!(by_claimant.is_empty(), "I16: claimant is not remembered");
		for (organisation, moments) in OrganisationUse::<T>::iter() {
			let happened = at_organisation.remove(&organisation).unwrap_or_default();
			ensure!(
				moments.is_sorted() && moments.iter().all(|at| happened.contains(at)),
				"I16: claims of an organisation differ"
			);
			ensure!(
				happened.last() == moments.last(),
				"I16: last claim at an organisation is not remembered"
			);
		}
		ensure!(at_organisation.is_empty(), "I16: organisation is not remembered");
		Ok(())
	}

	// I17: an emergency key is of the current epoch, and counted for a holder that offers to hold
	// it.
	fn emergency_keys_have_holders() -> Result<(), TryRuntimeError> {
		let mut held: BTreeMap<IdentityId, u32> = BTreeMap::new();
		for (subject, compartment, key) in EmergencyKeys::<T>::iter() {
			let open = Compartments::<T>::get(subject, compartment)
				.ok_or("I17: emergency key of no compartment")?;
			ensure!(open.epoch == key.epoch, "I17: emergency key of another epoch");
			let count = held.entry(key.holder).or_default();
			*count = count.saturating_add(1);
		}
		for (holder, row) in EmergencyHolders::<T>::iter() {
			ensure!(
				held.remove(&holder).unwrap_or_default() == row.keys,
				"I17: held keys are miscounted"
			);
			ensure!(row.is_one() || row.keys == 0, "I17: key with who ceased to hold any");
			ensure!(row.is_one() || row.has_held, "I17: who never held a key is remembered");
		}
		ensure!(held.is_empty(), "I17: key with somebody who holds none");
		Ok(())
	}

	// I22: who holds emergency keys, or did, never kept key shares.
	fn holders_kept_no_shares() -> Result<(), TryRuntimeError> {
		for holder in EmergencyHolders::<T>::iter_keys() {
			ensure!(!ShareKeepers::<T>::contains_key(holder), "I22: holder was named as custodian");
			ensure!(RecorderCount::<T>::get(holder) == 0, "I22: holder released key shares");
		}
		Ok(())
	}

	// I23: an open emergency is counted among those of its scope, and what it can read is due to be
	// rotated.
	fn what_is_reached_is_due() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut open: BTreeMap<_, Reach> = BTreeMap::new();
		for row in Emergencies::<T>::iter_values().filter(|row| !row.has_ended(now)) {
			let reach = open.entry((row.subject, row.compartment)).or_default();
			*reach = reach.with_one_more(now, row.until);
		}
		for ((subject, scope), least) in open {
			let counted = Reaches::<T>::get(subject, scope).unwrap_or_default();
			ensure!(
				least.open <= counted.open && least.until <= counted.until,
				"I23: open emergency is not counted"
			);
			for no in EmergencyKeys::<T>::iter_key_prefix(subject) {
				let compartment = Compartments::<T>::get(subject, no);
				let is_due = compartment.is_some_and(|row| row.rotation_due);
				let is_reached = scope
					.map_or(compartment.is_some_and(|row| !row.restricted), |scope| scope == no);
				ensure!(is_due || !is_reached, "I23: compartment is read and not due");
			}
		}
		Ok(())
	}
}

type Listed = (BTreeSet<EmergencyId>, BTreeMap<IdentityId, u64>);

/// What a list holds, and how many for each owner. Numbers are dense when the counts are right.
fn listed(
	list: impl Iterator<Item = (IdentityId, u64, EmergencyId)>,
	row_of: impl Fn(EmergencyId) -> Option<Emergency>,
	owner_of: impl Fn(&Emergency) -> IdentityId,
) -> Result<Listed, TryRuntimeError> {
	let mut all = BTreeSet::new();
	let mut counts = BTreeMap::new();
	let mut ends: BTreeMap<IdentityId, u64> = BTreeMap::new();
	for (owner, number, id) in list {
		let row = row_of(id).ok_or("I12: listed emergency is missing")?;
		ensure!(owner_of(&row) == owner, "I12: emergency listed under another");
		ensure!(all.insert(id), "I12: emergency listed twice");
		let count = counts.entry(owner).or_insert(0u64);
		*count = count.saturating_add(1);
		let end = ends.entry(owner).or_default();
		*end = number.saturating_add(1).max(*end);
	}
	ensure!(counts == ends, "I12: gap in a list");
	Ok((all, counts))
}
