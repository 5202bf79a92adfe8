// SPDX-License-Identifier: Apache-2.0

//! Grants that their grantees pass on.

use crate::{
	Compartments, Config, Decision, Error, Event, Grant, GrantIndex, GrantKeys, GrantStatus,
	Grantee, Grants, MAX_DEPTH, MAX_SUB_GRANTS, Pallet, Rule, Scope, SubGrants, Terms, WeightInfo,
	decision::Reader,
};
use alloc::collections::BTreeSet;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{GrantId, IdentityId, Moment};
use salus_traits::accreditation::AffiliationInspect;
use sp_runtime::traits::EnsureAdd;

/// How many denials of single records are looked into when a grant is passed on. Where more stand,
/// the others are taken to concern it.
pub(crate) const MAX_DENIED_RECORDS: u32 = 8;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_sub_grant(
		by: IdentityId,
		parent_id: GrantId,
		grantee: Grantee,
		terms: Terms,
		delegable: bool,
		keys: GrantKeys,
	) -> DispatchResultWithPostInfo {
		let now = T::Time::now();
		let parent = Grants::<T>::get(parent_id).ok_or(Error::<T>::GrantNotFound)?;
		let subject = parent.subject;
		ensure!(parent.grantee.names(&by), Error::<T>::NotTheGrantee);
		ensure!(parent.status == GrantStatus::Live, Error::<T>::AlreadyRevoked);
		ensure!(!parent.has_ended(now), Error::<T>::GrantEnded);
		let depth = parent.depth.ensure_add(1)?;
		let deepest = if delegable { depth.ensure_add(1)? } else { depth };
		ensure!(deepest <= MAX_DEPTH, Error::<T>::DelegationTooDeep);
		ensure!(parent.delegable, Error::<T>::DelegationNotAllowed);
		ensure!(!grantee.names(&subject) && !grantee.names(&by), Error::<T>::SelfGrant);
		Self::ensure_new_window(&terms, now)?;
		Self::ensure_sound(&terms)?;
		Self::ensure_grantee_fits(&grantee)?;
		Self::ensure_role_is_near(&grantee, &by, now)?;
		Self::ensure_scope_exists(&subject, &terms.scope)?;
		let is_within = Self::is_within(&subject, &terms, &parent.terms);
		ensure!(is_within, Error::<T>::NotWithinParent);
		ensure!(!Self::is_denied_some(&subject, &by, &terms, now), Error::<T>::DelegatorDenied);
		Self::ensure_keys_fit(&subject, &grantee, &terms, &keys)?;
		let root = parent.root.unwrap_or(parent_id);
		let ended = Self::ended_below(root, now)?;
		let grant = Grant {
			subject,
			grantee,
			by,
			made_at: now,
			terms,
			narrowed: None,
			uses_left: None,
			basis: parent.basis,
			document: None,
			delegable,
			parent: Some(parent_id),
			root: Some(root),
			depth,
			status: GrantStatus::Live,
		};
		let count = keys.count();
		let (id, lapsed) = Self::put_grant(grant, keys, ended, now)?;

		SubGrants::<T>::mutate(root, |subs| {
			// There is room: it was counted before.
			let _ = subs.try_push(id);
		});
		let parent = parent_id;
		Self::deposit_event(Event::SubGranted {
			grant: id,
			parent,
			subject,
			grantee,
			terms,
			delegable,
			by,
		});
		Ok(Some(T::WeightInfo::sub_grant(count, lapsed)).into())
	}

	/// Whether a role is one at the delegator, or where it works: whom a role elsewhere names, the
	/// delegator cannot know.
	fn ensure_role_is_near(grantee: &Grantee, by: &IdentityId, now: Moment) -> DispatchResult {
		let Grantee::Role { organisation, .. } = grantee else { return Ok(()) };
		let is_near = organisation
			.is_some_and(|place| place == *by || T::Affiliations::works_at(by, &place, now));
		ensure!(is_near, Error::<T>::RoleElsewhere);
		Ok(())
	}

	/// Whether a denial keeps the delegator out of something that the terms would let others read:
	/// one of those that a decision about the delegator looks at now.
	fn is_denied_some(
		subject: &IdentityId,
		delegator: &IdentityId,
		terms: &Terms,
		now: Moment,
	) -> bool {
		let mut room = MAX_DENIED_RECORDS;
		let mut denies = |rule: &Rule| {
			let denial = &rule.terms;
			denial.decision != Decision::Permit
				&& denial.window.is_open_at(now)
				&& denial.meet(terms)
				&& Self::scopes_meet(subject, terms, denial, &mut room)
		};
		let hats = Reader::at::<T>(*delegator, now).grantees();
		hats.into_iter().any(|hat| GrantIndex::<T>::get(subject, hat).iter().any(&mut denies))
	}

	/// Whether there is, or may come to be, a record that both a permit and a denial speak of.
	/// `room` is for how many records that are denied one by one are looked up.
	fn scopes_meet(subject: &IdentityId, permit: &Terms, denial: &Terms, room: &mut u32) -> bool {
		match (&permit.scope, &denial.scope) {
			(Scope::Record(_), _) => {
				Self::scope_is_within(subject, denial.decision, &permit.scope, &denial.scope)
			},
			(_, Scope::Record(_)) => {
				let has_room = 0 < *room;
				*room = room.saturating_sub(1);
				!has_room
					|| Self::scope_is_within(subject, permit.decision, &denial.scope, &permit.scope)
			},
			(Scope::Compartment(permitted), Scope::Compartment(denied)) => permitted == denied,
			// Any class may come to lie in a compartment.
			(Scope::Compartment(_), Scope::Subject(_)) => true,
			// A wide permit does not reach what is restricted.
			(Scope::Subject(_), Scope::Compartment(no)) => {
				Compartments::<T>::get(subject, no).is_some_and(|denied| !denied.restricted)
			},
			(Scope::Subject(permitted), Scope::Subject(denied)) => permitted.0 & denied.0 != 0,
		}
	}

	/// The sub-grants below a root that have ended. Without them there is room for one more.
	fn ended_below(root: GrantId, now: Moment) -> Result<BTreeSet<GrantId>, Error<T>> {
		let subs = SubGrants::<T>::get(root);
		let has_ended =
			|id: &&GrantId| Grants::<T>::get(id).is_none_or(|grant| grant.has_ended(now));
		let ended: BTreeSet<_> = subs.iter().filter(has_ended).copied().collect();
		let live = subs.len().saturating_sub(ended.len()) as u32;
		ensure!(live < MAX_SUB_GRANTS, Error::<T>::TooManySubGrants);
		Ok(ended)
	}
}
