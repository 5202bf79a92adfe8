// SPDX-License-Identifier: Apache-2.0

//! What must always hold, by the numbers of the README.

mod agreements;
mod audit;
mod emergencies;

use crate::{
	AccessHeads, AccessLog, CompartmentCount, Compartments, Config, Decision, GrantIndex,
	GrantKeys, GrantKeysOf, GrantStatus, GranteeGrantCount, GranteeGrants, Grants, LiveGrants,
	NextGrantId, Pallet, Scope, SubjectGrantCount, SubjectGrants,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{
	ensure,
	traits::{Get, Time},
};
use salus_primitives::{AccessHead, check_agreement_key};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::compartments_are_counted()?;
		Self::rules_are_of_live_grants()?;
		Self::live_grants_have_rule_and_place()?;
		Self::keys_belong_to_live_permits()?;
		Self::lists_hold_every_grant_once()?;
		Self::rings_hold_the_end_of_the_log()?;
		Self::terms_are_sound()?;
		Self::check_agreements()?;
		Self::check_emergencies()?;
		Self::check_audit()?;
		Self::deadlines_are_of_what_waits()
	}

	// I1: counts are right and within the quota, keys are sound.
	fn compartments_are_counted() -> Result<(), TryRuntimeError> {
		let mut counts = BTreeMap::new();
		for (subject, _, compartment) in Compartments::<T>::iter() {
			*counts.entry(subject).or_insert(0u32) += 1;
			ensure!(check_agreement_key(&compartment.key).is_ok(), "I1: unsound compartment key");
		}
		let stored: BTreeMap<_, _> = CompartmentCount::<T>::iter().collect();
		ensure!(counts == stored, "I1: compartments are miscounted");
		ensure!(
			counts.values().all(|count| *count <= T::MaxCompartments::get()),
			"I1: more compartments than the quota"
		);
		Ok(())
	}

	// I2: a rule is that of a live grant, once.
	fn rules_are_of_live_grants() -> Result<(), TryRuntimeError> {
		let mut seen = BTreeSet::new();
		for (subject, grantee, rules) in GrantIndex::<T>::iter() {
			ensure!(!rules.is_empty(), "I2: empty row of rules");
			for rule in rules {
				let grant = Grants::<T>::get(rule.grant).ok_or("I2: rule without grant")?;
				ensure!(seen.insert(rule.grant), "I2: rule stands twice");
				ensure!(grant.status == GrantStatus::Live, "I2: rule of a revoked grant");
				ensure!(
					(grant.subject, grant.grantee) == (subject, grantee),
					"I2: rule under another pair"
				);
				ensure!(grant.rule(rule.grant) == rule, "I2: rule differs from its grant");
			}
		}
		Ok(())
	}

	// I3: what has not ended is found and counted; what is counted is live.
	fn live_grants_have_rule_and_place() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut places = BTreeMap::new();
		for (subject, row) in LiveGrants::<T>::iter() {
			for place in row {
				ensure!(
					places.insert(place.grant, (subject, place.until)).is_none(),
					"I3: grant takes two places"
				);
			}
		}
		for (id, grant) in Grants::<T>::iter() {
			let place = places.remove(&id);
			if let Some(place) = place {
				ensure!(grant.parent.is_none(), "I3: place of a sub-grant");
				ensure!(grant.status == GrantStatus::Live, "I3: place of a revoked grant");
				ensure!(grant.uses_left != Some(0), "I3: place of a used-up grant");
				ensure!(
					place == (grant.subject, grant.terms.window.until),
					"I3: place differs from its grant"
				);
			}
			let acts_or_will = grant.status == GrantStatus::Live && !grant.rule(id).has_ended(now);
			if acts_or_will {
				let needs_place = grant.parent.is_none();
				ensure!(place.is_some() == needs_place, "I3: live grant without place");
				ensure!(
					GrantIndex::<T>::get(grant.subject, grant.grantee)
						.iter()
						.any(|rule| rule.grant == id),
					"I3: live grant without rule"
				);
			}
		}
		ensure!(places.is_empty(), "I3: place without grant");
		Ok(())
	}

	// I4: keys are where they can open something, and of the right sort.
	fn keys_belong_to_live_permits() -> Result<(), TryRuntimeError> {
		for (id, keys) in GrantKeysOf::<T>::iter() {
			let grant = Grants::<T>::get(id).ok_or("I4: keys without grant")?;
			ensure!(grant.status == GrantStatus::Live, "I4: keys of a revoked grant");
			ensure!(grant.uses_left != Some(0), "I4: keys of a used-up grant");
			ensure!(grant.terms.decision == Decision::Permit, "I4: keys of a denial");
			ensure!(grant.grantee.key_holder().is_some(), "I4: keys of a role");
			let fits = match (grant.terms.scope, &keys) {
				(Scope::Record(_), GrantKeys::Record(_)) => true,
				(Scope::Compartment(no), GrantKeys::Compartments(keys)) => {
					keys.len() == 1 && keys.iter().all(|key| key.compartment == no)
				},
				(Scope::Subject(_), GrantKeys::Compartments(keys)) => !keys.is_empty(),
				_ => false,
			};
			ensure!(fits, "I4: keys of the wrong sort");
			if let GrantKeys::Compartments(keys) = keys {
				ensure!(
					keys.iter().all(|key| {
						Compartments::<T>::get(grant.subject, key.compartment)
							.is_some_and(|compartment| key.epoch <= compartment.epoch)
					}),
					"I4: key of an epoch that never was"
				);
			}
		}
		Ok(())
	}

	// I5: lists are dense and whole.
	fn lists_hold_every_grant_once() -> Result<(), TryRuntimeError> {
		let next = NextGrantId::<T>::get();
		let mut of_subjects = BTreeSet::new();
		let mut counts = BTreeMap::new();
		for (subject, number, id) in SubjectGrants::<T>::iter() {
			let grant = Grants::<T>::get(id).ok_or("I5: listed grant is missing")?;
			ensure!(grant.subject == subject, "I5: grant listed under another subject");
			ensure!(
				number < SubjectGrantCount::<T>::get(subject),
				"I5: number past a subject's count"
			);
			ensure!(of_subjects.insert(id), "I5: grant listed twice for its subject");
			*counts.entry(subject).or_insert(0u64) += 1;
		}
		let stored: BTreeMap<_, _> = SubjectGrantCount::<T>::iter().collect();
		ensure!(counts == stored, "I5: gap in a subject's list");

		let mut to_grantees = BTreeSet::new();
		let mut counts = BTreeMap::new();
		for (grantee, number, id) in GranteeGrants::<T>::iter() {
			let grant = Grants::<T>::get(id).ok_or("I5: listed grant is missing")?;
			ensure!(grant.grantee == grantee, "I5: grant listed under another grantee");
			ensure!(
				number < GranteeGrantCount::<T>::get(grantee),
				"I5: number past a grantee's count"
			);
			ensure!(to_grantees.insert(id), "I5: grant listed twice for its grantee");
			*counts.entry(grantee).or_insert(0u64) += 1;
		}
		let stored: BTreeMap<_, _> = GranteeGrantCount::<T>::iter().collect();
		ensure!(counts == stored, "I5: gap in a grantee's list");

		let all: BTreeSet<_> = Grants::<T>::iter_keys().collect();
		ensure!(all == of_subjects && all == to_grantees, "I5: grant is not listed");
		ensure!(all.iter().all(|id| *id < next), "I5: grant numbered past the next one");
		Ok(())
	}

	// I6: the ring is the end of the log.
	fn rings_hold_the_end_of_the_log() -> Result<(), TryRuntimeError> {
		let size = u64::from(T::AccessLogSize::get());
		let mut slots: BTreeMap<_, u64> = BTreeMap::new();
		for (subject, _, _) in AccessLog::<T>::iter() {
			*slots.entry(subject).or_default() += 1;
		}
		for (subject, head) in AccessHeads::<T>::iter() {
			let kept = slots.remove(&subject).unwrap_or_default();
			ensure!(kept == head.count.min(size), "I6: ring holds too few or too many");
			let mut recomputed = AccessHead::default();
			for number in head.count.saturating_sub(size)..head.count {
				let entry = AccessLog::<T>::get(subject, Self::slot(number))
					.ok_or("I6: entry is missing")?;
				recomputed = recomputed.advance(sp_io::hashing::blake2_256, &entry);
			}
			if head.count <= size {
				ensure!(recomputed == head, "I6: entries do not hash to the head");
			}
		}
		ensure!(slots.is_empty(), "I6: entries without a head");
		Ok(())
	}

	// I7: terms are sound.
	fn terms_are_sound() -> Result<(), TryRuntimeError> {
		for grant in Grants::<T>::iter_values() {
			let terms = grant.terms;
			ensure!(!terms.window.is_empty(), "I7: empty window");
			ensure!(
				terms.window.length() <= T::MaxGrantLength::get(),
				"I7: window longer than allowed"
			);
			ensure!(
				!terms.purposes.is_empty()
					&& terms.purposes.is_known()
					&& !terms.purposes.has_ungrantable(),
				"I7: unsound purposes"
			);
			ensure!(!terms.actions.is_empty() && terms.actions.is_known(), "I7: unsound actions");
			ensure!(
				terms.decision == Decision::Permit || grant.uses_left.is_none(),
				"I7: denial counts uses"
			);
			let can_be_passed_on = terms.decision == Decision::Permit && grant.uses_left.is_none();
			ensure!(can_be_passed_on || !grant.delegable, "I7: unsound delegation");
			ensure!(
				grant.narrowed.is_none_or(|last| Self::says_no_more(
					&grant.subject,
					&terms,
					&last.before
				)),
				"I7: widened by a narrowing"
			);
		}
		Ok(())
	}
}
