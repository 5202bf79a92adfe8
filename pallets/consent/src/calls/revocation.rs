// SPDX-License-Identifier: Apache-2.0

//! Grants taken back, with what hangs below them, and cleared away.

use crate::{
	Config, Decision, Due, Error, Event, Grant, GrantIndex, GrantKeysOf, GrantStatus, Grantee,
	Grants, LiveGrants, MAX_GRANTS_PER_PAIR, MAX_SUB_GRANTS, Pallet, RevocationStrength, Rule,
	SubGrants, WeightInfo,
};
use alloc::vec::Vec;
use frame_support::{
	pallet_prelude::*,
	traits::{EnsureOrigin, EnsureOriginWithArg, Time},
	weights::Weight,
};
use frame_system::pallet_prelude::OriginFor;
use salus_primitives::{GrantId, IdentityId};
use sp_runtime::DispatchError::BadOrigin;

impl<T: Config> Pallet<T> {
	/// Who takes the grant back: its subject, or who passed it on.
	pub(crate) fn ensure_may_revoke(
		origin: OriginFor<T>,
		grant: &Grant,
	) -> Result<IdentityId, DispatchError> {
		if grant.parent.is_none() {
			return Ok(T::SubjectOrigin::ensure_origin(origin, &grant.subject)?.id);
		}
		match T::SubjectOrigin::try_origin(origin, &grant.subject) {
			Ok(subject) => Ok(subject.id),
			Err(origin) => {
				let maker = T::PartyOrigin::ensure_origin(origin)?;
				ensure!(maker.id == grant.by, BadOrigin);
				Ok(maker.id)
			},
		}
	}

	pub(crate) fn do_revoke(
		by: IdentityId,
		id: GrantId,
		grant: Grant,
		strength: RevocationStrength,
	) -> DispatchResultWithPostInfo {
		ensure!(grant.status == GrantStatus::Live, Error::<T>::AlreadyRevoked);

		let looked_at = Self::revoke_with_below(by, id, grant, strength);
		Ok(Some(T::WeightInfo::revoke(looked_at)).into())
	}

	pub(crate) fn do_revoke_all(
		by: IdentityId,
		subject: IdentityId,
		grantee: Grantee,
		strength: RevocationStrength,
	) -> DispatchResultWithPostInfo {
		let now = T::Time::now();
		let permits = |rule: &Rule| rule.terms.decision == Decision::Permit && !rule.has_ended(now);
		let named: Vec<_> = GrantIndex::<T>::get(subject, grantee)
			.iter()
			.filter(|rule| permits(rule))
			.map(|rule| rule.grant)
			.collect();
		ensure!(!named.is_empty(), Error::<T>::NothingToRevoke);

		let mut used = Weight::zero();
		for id in &named {
			// One may hang below another, and be gone by now.
			let live = Grants::<T>::get(id).filter(|grant| grant.status == GrantStatus::Live);
			let looked_at =
				live.map_or(0, |grant| Self::revoke_with_below(by, *id, grant, strength));
			used = used.saturating_add(T::WeightInfo::revoke(looked_at));
		}
		Ok(Some(used).into())
	}

	/// What it weighs to take all permits of a pair back: as each of them by itself.
	pub(crate) fn weight_of_revoking_all() -> Weight {
		T::WeightInfo::revoke(MAX_SUB_GRANTS).saturating_mul(MAX_GRANTS_PER_PAIR.into())
	}

	/// Takes a live grant back with all that hangs below it, and tells how many sub-grants it
	/// looked at.
	pub(crate) fn revoke_with_below(
		by: IdentityId,
		id: GrantId,
		grant: Grant,
		strength: RevocationStrength,
	) -> u32 {
		let (below, looked_at) = Self::below(id, &grant);
		Self::revoke_one(by, id, grant, strength);
		for (id, grant) in below {
			Self::revoke_one(by, id, grant, strength);
		}
		looked_at
	}

	/// The sub-grants that hang below a grant, nearest first, and how many of its root were looked
	/// at. None is deeper than two, so that one hangs below another sub-grant only when that is its
	/// parent.
	pub(crate) fn below(id: GrantId, grant: &Grant) -> (Vec<(GrantId, Grant)>, u32) {
		let hangs = |sub: &Grant| grant.root.is_none() || sub.parent == Some(id);
		let all = SubGrants::<T>::get(grant.root.unwrap_or(id));
		let looked_at = all.len() as u32;
		let below = all
			.into_iter()
			.filter_map(|sub| Grants::<T>::get(sub).map(|row| (sub, row)))
			.filter(|(_, sub)| hangs(sub))
			.collect();
		(below, looked_at)
	}

	fn revoke_one(by: IdentityId, id: GrantId, mut grant: Grant, strength: RevocationStrength) {
		let Grant { subject, grantee, .. } = grant;
		Self::take_away(id, &grant);
		grant.status = GrantStatus::Revoked { at: T::Time::now(), by, strength };
		Grants::<T>::insert(id, grant);
		Self::deposit_event(Event::Revoked { grant: id, subject, grantee, strength, by });
	}

	/// Clears away a grant that has ended. Its row stays.
	pub(crate) fn lapse(id: GrantId) {
		if let Some(grant) = Grants::<T>::get(id) {
			Self::take_away(id, &grant);
			Self::deposit_event(Event::GrantLapsed { grant: id, subject: grant.subject });
		}
	}

	/// Takes rule, keys, place and deadline of a grant away.
	fn take_away(id: GrantId, grant: &Grant) {
		GrantKeysOf::<T>::remove(id);
		GrantIndex::<T>::mutate_exists(grant.subject, grant.grantee, |row| {
			if let Some(rules) = row {
				rules.retain(|rule| rule.grant != id);
				if rules.is_empty() {
					*row = None;
				}
			}
		});
		match grant.root {
			None => Self::free_place(&grant.subject, id),
			Some(root) => SubGrants::<T>::mutate_exists(root, |row| {
				if let Some(subs) = row {
					subs.retain(|sub| *sub != id);
					if subs.is_empty() {
						*row = None;
					}
				}
			}),
		}
		Self::unlist(grant.terms.window.until, Due::Grant(id));
	}

	pub(crate) fn free_place(subject: &IdentityId, id: GrantId) {
		LiveGrants::<T>::mutate_exists(subject, |row| {
			if let Some(places) = row {
				places.retain(|place| place.grant != id);
				if places.is_empty() {
					*row = None;
				}
			}
		});
	}
}
