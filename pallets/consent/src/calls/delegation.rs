// SPDX-License-Identifier: Apache-2.0

//! Grants that their grantees pass on.

use crate::{
	Config, Error, Event, Grant, GrantKeys, GrantStatus, Grantee, Grants, MAX_DEPTH,
	MAX_SUB_GRANTS, Pallet, SubGrants, Terms, WeightInfo,
};
use alloc::collections::BTreeSet;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{GrantId, IdentityId, Moment};
use sp_runtime::traits::EnsureAdd;

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
		Self::ensure_scope_exists(&subject, &terms.scope)?;
		let is_within = Self::is_within(&subject, &terms, &parent.terms);
		ensure!(is_within, Error::<T>::NotWithinParent);
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
