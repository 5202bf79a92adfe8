// SPDX-License-Identifier: Apache-2.0

//! Breaking the glass, ending that, its review, and who may do it again.

use crate::{
	BtgPolicy, Claimants, Closing, Compartments, Config, Contest, Due, Emergencies, Emergency,
	EmergencyKeys, EmergencyPolicy, Error, Event, NextEmergencyId, OpenEmergencies,
	OrganisationEmergencies, OrganisationEmergencyCount, OrganisationUse, OtherEmployers, Pallet,
	PendingReviews, Policies, Reaches, Review, Reviewer, SubjectEmergencies, SubjectEmergencyCount,
	types::remember,
};
use alloc::{vec, vec::Vec};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{
	AccessPolicy, AccessQuestion, Action, AffiliationPermission, CompartmentNo, Digest,
	EmergencyId, EmergencyReason, IdentityId, IdentityKind, Moment, Purpose, ReviewOutcome, Role,
};
use salus_traits::{
	accreditation::{AffiliationInspect, MAX_ORGANISATIONS},
	identity::IdentityInspect,
	records::RecordFacts,
};
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	/// Answers how many compartments it looked at.
	pub(crate) fn do_break_glass(
		claimant: IdentityId,
		subject: IdentityId,
		organisation: IdentityId,
		compartment: Option<CompartmentNo>,
		reason: EmergencyReason,
		justification: Digest,
	) -> Result<u32, DispatchError> {
		let now = T::Time::now();
		let policy = BtgPolicy::<T>::get();
		ensure!(claimant != subject, Error::<T>::SelfEmergency);
		ensure!(
			Self::has_emergency_role(&claimant, &organisation, now),
			Error::<T>::NotEmergencyRole
		);
		let mut of_claimant = Claimants::<T>::get(claimant);
		ensure!(of_claimant.suspended.is_none(), Error::<T>::ClaimantSuspended);
		Self::ensure_emergency_wanted(&subject)?;
		let last = OpenEmergencies::<T>::get(subject, claimant).and_then(Emergencies::<T>::get);
		ensure!(last.is_none_or(|last| last.has_ended(now)), Error::<T>::EmergencyOpen);
		let mut of_organisation = OrganisationUse::<T>::get(organisation);
		ensure!(
			policy.within_period(&of_claimant.recent, now) < policy.per_claimant,
			Error::<T>::ClaimantQuotaExceeded
		);
		ensure!(
			policy.within_period(&of_organisation, now) < policy.per_organisation,
			Error::<T>::OrganisationQuotaExceeded
		);
		let (reached, looked_at) = Self::ensure_key_path(&subject, compartment)?;

		let until = now.saturating_add(policy.open_for);
		let emergency = Emergency {
			subject,
			claimant,
			organisation,
			compartment,
			reason,
			justification,
			opened_at: now,
			until,
			closed: None,
			review_by: until.saturating_add(policy.review_within),
			contest_by: until.saturating_add(policy.contest_within),
			review: None,
			contest: None,
		};
		let id = Self::put_emergency(emergency)?;
		let others = Self::other_employers(&claimant, &organisation, now);
		if !others.is_empty() {
			OtherEmployers::<T>::insert(id, others);
		}
		Reaches::<T>::mutate(subject, compartment, |row| {
			*row = Some(row.unwrap_or_default().with_one_more(now, until));
		});
		remember(&mut of_claimant.recent, now);
		remember(&mut of_organisation, now);
		Claimants::<T>::insert(claimant, of_claimant);
		OrganisationUse::<T>::insert(organisation, of_organisation);
		for no in &reached {
			Compartments::<T>::mutate_exists(subject, no, |row| {
				if let Some(row) = row {
					row.rotation_due = true;
				}
			});
		}
		Self::deposit_event(Event::GlassBroken {
			emergency: id,
			subject,
			claimant,
			organisation,
			compartment,
			reason,
			justification,
			until,
		});
		Ok(looked_at)
	}

	/// Whether `claimant` may break the glass for `organisation`: it works there at `at`, and the
	/// organisation lets it.
	pub(crate) fn has_emergency_role(
		claimant: &IdentityId,
		organisation: &IdentityId,
		at: Moment,
	) -> bool {
		T::Affiliations::permissions_at(claimant, organisation, at)
			.contains(AffiliationPermission::EmergencyAccess)
	}

	/// Where a claimant works beside the organisation it claims for.
	fn other_employers(
		claimant: &IdentityId,
		organisation: &IdentityId,
		now: Moment,
	) -> BoundedVec<IdentityId, ConstU32<MAX_ORGANISATIONS>> {
		let mut others: Vec<_> = T::Affiliations::affiliations_at(claimant, now)
			.into_iter()
			.map(|(employer, _)| employer)
			.filter(|employer| employer != organisation)
			.collect();
		others.sort();
		others.dedup();
		// Nobody works at more organisations at a time.
		BoundedVec::truncate_from(others)
	}

	fn ensure_emergency_wanted(subject: &IdentityId) -> DispatchResult {
		ensure!(T::Identities::active_kind(subject).is_some(), Error::<T>::SubjectNotActive);
		let policy = Policies::<T>::get(subject).policy;
		ensure!(policy != AccessPolicy::Deny, Error::<T>::EmergenciesRefused);
		Ok(())
	}

	/// The compartments that an emergency of this scope reaches, of which there is at least one, and
	/// how many were looked at.
	fn ensure_key_path(
		subject: &IdentityId,
		compartment: Option<CompartmentNo>,
	) -> Result<(Vec<CompartmentNo>, u32), DispatchError> {
		let mut looked_at = 1;
		let reached = match compartment {
			Some(no) => {
				ensure!(
					Compartments::<T>::contains_key(subject, no),
					Error::<T>::CompartmentNotOpen
				);
				ensure!(EmergencyKeys::<T>::contains_key(subject, no), Error::<T>::NoEmergencyKey);
				vec![no]
			},
			// As many rows as the subject has compartments at most.
			None => {
				let mut keyed: Vec<_> = EmergencyKeys::<T>::iter_key_prefix(subject).collect();
				looked_at = keyed.len() as u32;
				keyed.retain(|no| {
					Compartments::<T>::get(subject, no).is_some_and(|row| !row.restricted)
				});
				keyed
			},
		};
		ensure!(!reached.is_empty(), Error::<T>::NoEmergencyKey);
		Ok((reached, looked_at))
	}

	/// Writes a new emergency with its lists and its deadline.
	fn put_emergency(emergency: Emergency) -> Result<EmergencyId, DispatchError> {
		let Emergency { subject, claimant, organisation, review_by, .. } = emergency;
		let id = NextEmergencyId::<T>::get();
		let of_subject = SubjectEmergencyCount::<T>::get(subject);
		let of_organisation = OrganisationEmergencyCount::<T>::get(organisation);
		let next = EmergencyId(id.0.ensure_add(1)?);
		let next_of_subject = of_subject.ensure_add(1)?;
		let next_of_organisation = of_organisation.ensure_add(1)?;

		NextEmergencyId::<T>::put(next);
		SubjectEmergencies::<T>::insert(subject, of_subject, id);
		SubjectEmergencyCount::<T>::insert(subject, next_of_subject);
		OrganisationEmergencies::<T>::insert(organisation, of_organisation, id);
		OrganisationEmergencyCount::<T>::insert(organisation, next_of_organisation);
		OpenEmergencies::<T>::insert(subject, claimant, id);
		Emergencies::<T>::insert(id, emergency);
		PendingReviews::<T>::insert(id, review_by);
		Self::enlist(review_by, Due::Review(id));
		Ok(id)
	}

	pub(crate) fn do_close_break_glass(
		by: IdentityId,
		id: EmergencyId,
		mut row: Emergency,
	) -> DispatchResult {
		let Emergency { subject, claimant, organisation, .. } = row;
		ensure!([subject, claimant, organisation].contains(&by), Error::<T>::NotYourEmergency);
		let now = T::Time::now();
		ensure!(!row.has_ended(now), Error::<T>::EmergencyClosed);

		row.closed = Some(Closing { at: now, by });
		Emergencies::<T>::insert(id, row);
		Reaches::<T>::mutate_exists(subject, row.compartment, |reach| {
			*reach = reach.and_then(|reach| reach.with_one_less(now));
		});
		Self::deposit_event(Event::GlassClosed { emergency: id, subject, by });
		Ok(())
	}

	pub(crate) fn do_review_break_glass(
		by: Reviewer,
		id: EmergencyId,
		outcome: ReviewOutcome,
		note: Digest,
	) -> DispatchResult {
		let mut row = Emergencies::<T>::get(id).ok_or(Error::<T>::EmergencyNotFound)?;
		let now = T::Time::now();
		ensure!(row.has_ended(now), Error::<T>::ReviewTooEarly);
		ensure!(!row.is_settled(), Error::<T>::AlreadyReviewed);
		match &by {
			Reviewer::Governance => {
				ensure!(outcome != ReviewOutcome::Escalated, Error::<T>::OutcomeNotFinal);
			},
			Reviewer::Officer(officer) => {
				Self::ensure_independent(officer, id, &row, now)?;
				ensure!(row.awaits_officer(), Error::<T>::ForGovernance);
				ensure!(now < row.review_by, Error::<T>::ReviewTooLate);
			},
		}

		if row.awaits_officer() {
			Self::unlist(row.review_by, Due::Review(id));
		}
		row.review = Some(Review { outcome, note, by, at: now });
		row.contest = row.contest.map(|contest| Contest { settled: true, ..contest });
		if row.is_settled() {
			PendingReviews::<T>::remove(id);
		}
		Emergencies::<T>::insert(id, row);
		let Emergency { subject, claimant, .. } = row;
		Self::deposit_event(Event::GlassReviewed {
			emergency: id,
			subject,
			claimant,
			outcome,
			note,
			by,
		});
		if outcome == ReviewOutcome::Unjustified {
			Self::strike(id, claimant, now);
		}
		Ok(())
	}

	/// The officer works as such, has no part in it, and stands where this emergency is reviewed:
	/// one of one compartment at home, one of the whole subject at no employer that the claimant had
	/// when it broke the glass.
	fn ensure_independent(
		officer: &IdentityId,
		id: EmergencyId,
		emergency: &Emergency,
		now: Moment,
	) -> DispatchResult {
		let has_part = [emergency.claimant, emergency.subject].contains(officer);
		ensure!(!has_part, Error::<T>::ReviewerInvolved);
		let affiliations = T::Affiliations::affiliations_at(officer, now);
		let at_home = |employer: &IdentityId| *employer == emergency.organisation;
		let is_officer = |(_, role): &&(IdentityId, Role)| *role == Role::PrivacyOfficer;
		ensure!(affiliations.iter().any(|held| is_officer(&held)), Error::<T>::NotPrivacyOfficer);
		if emergency.compartment.is_some() {
			let mut offices = affiliations.iter().filter(is_officer);
			ensure!(offices.any(|(employer, _)| at_home(employer)), Error::<T>::ReviewerElsewhere);
		} else {
			let others = OtherEmployers::<T>::get(id);
			let is_shared = |employer| at_home(employer) || others.contains(employer);
			ensure!(
				!affiliations.iter().any(|(employer, _)| is_shared(employer)),
				Error::<T>::ReviewerNotIndependent
			);
		}
		Ok(())
	}

	fn strike(emergency: EmergencyId, claimant: IdentityId, now: Moment) {
		let mut row = Claimants::<T>::get(claimant);
		row.strikes = row.strikes.saturating_add(1);
		let strikes = row.strikes;
		let suspends = row.suspended.is_none() && BtgPolicy::<T>::get().strikes <= strikes;
		if suspends {
			row.suspended = Some(now);
		}
		Claimants::<T>::insert(claimant, row);
		Self::deposit_event(Event::ClaimantStruck { claimant, emergency, strikes });
		if suspends {
			Self::deposit_event(Event::ClaimantSuspended { claimant, strikes });
		}
	}

	/// Says that no officer reviewed an emergency in time, when that is so. Whoever calls it drops
	/// the row that made it look, so that it is said once.
	pub(crate) fn do_review_overdue(id: EmergencyId) -> bool {
		let Some(row) = Emergencies::<T>::get(id) else { return false };
		if !row.awaits_officer() || T::Time::now() < row.review_by {
			return false;
		}
		let Emergency { subject, claimant, organisation, .. } = row;
		let overdue = Event::ReviewOverdue { emergency: id, subject, claimant, organisation };
		Self::deposit_event(overdue);
		true
	}

	pub(crate) fn do_contest(
		by: IdentityId,
		id: EmergencyId,
		mut row: Emergency,
	) -> DispatchResult {
		let now = T::Time::now();
		ensure!(row.has_ended(now), Error::<T>::ContestTooEarly);
		ensure!(now < row.contest_by, Error::<T>::ContestTooLate);
		ensure!(row.contest.is_none(), Error::<T>::AlreadyContested);
		let outcome = row.review.map(|review| review.outcome);
		ensure!(outcome != Some(ReviewOutcome::Unjustified), Error::<T>::FoundUnjustified);

		if row.awaits_officer() {
			Self::unlist(row.review_by, Due::Review(id));
		}
		row.contest = Some(Contest { at: now, settled: false });
		Emergencies::<T>::insert(id, row);
		PendingReviews::<T>::insert(id, row.review_by);
		Self::deposit_event(Event::AccessContested { emergency: id, subject: row.subject, by });
		Ok(())
	}

	pub(crate) fn do_set_btg_policy(policy: EmergencyPolicy) -> DispatchResult {
		ensure!(policy.is_sound(), Error::<T>::PolicyOutOfBounds);

		BtgPolicy::<T>::put(policy);
		Self::deposit_event(Event::EmergencyPolicySet { policy });
		Ok(())
	}

	pub(crate) fn do_suspend(claimant: IdentityId) -> DispatchResult {
		let is_practitioner =
			T::Identities::active_kind(&claimant) == Some(IdentityKind::Practitioner);
		ensure!(
			is_practitioner || Claimants::<T>::contains_key(claimant),
			Error::<T>::ClaimantUnknown
		);
		let mut row = Claimants::<T>::get(claimant);
		ensure!(row.suspended.is_none(), Error::<T>::AlreadySuspended);

		row.suspended = Some(T::Time::now());
		let strikes = row.strikes;
		Claimants::<T>::insert(claimant, row);
		Self::deposit_event(Event::ClaimantSuspended { claimant, strikes });
		Ok(())
	}

	pub(crate) fn do_reinstate(claimant: IdentityId) -> DispatchResult {
		let mut row = Claimants::<T>::get(claimant);
		ensure!(row.suspended.is_some() || 0 < row.strikes, Error::<T>::NotSuspended);

		row.suspended = None;
		row.strikes = 0;
		Claimants::<T>::insert(claimant, row);
		Self::deposit_event(Event::ClaimantReinstated { claimant });
		Ok(())
	}

	/// Whether an emergency can have permitted what is asked at some moment between `since` and
	/// `now`.
	pub(crate) fn emergency_spoke(
		emergency: &Emergency,
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
		since: Moment,
		now: Moment,
	) -> bool {
		let suspended = Claimants::<T>::get(emergency.claimant).suspended;
		let had_role = |at| Self::has_emergency_role(&question.reader, &emergency.organisation, at);
		(emergency.claimant, emergency.subject) == (question.reader, facts.subject)
			&& question.purpose == Purpose::Btg
			&& question.action == Action::Access
			&& emergency.reaches(facts.compartment, restricted)
			&& emergency.acted_within(since, now, suspended)
			// Who left an organisation a moment ago may have read before.
			&& (had_role(now) || had_role(since.max(emergency.opened_at)))
	}
}
