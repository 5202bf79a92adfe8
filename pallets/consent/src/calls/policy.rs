// SPDX-License-Identifier: Apache-2.0

//! What holds when no grant speaks.

use crate::{Config, Error, Event, Pallet, Policies, PolicyRow};
use frame_support::{
	ensure,
	pallet_prelude::DispatchResult,
	traits::{Get, Time},
};
use salus_primitives::{AccessPolicy, IdentityId, Moment};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_set_policy(
		by: IdentityId,
		subject: IdentityId,
		policy: AccessPolicy,
	) -> DispatchResult {
		let row = Policies::<T>::get(subject);
		let before = row.policy;
		ensure!(policy != before, Error::<T>::PolicyUnchanged);

		let now = T::Time::now();
		let row = PolicyRow { policy, since: now, before: Self::remembered(&row, now) };
		Policies::<T>::insert(subject, row);
		Self::deposit_event(Event::PolicySet { subject, policy, before, by });
		Ok(())
	}

	/// The policy that a change remembers: the one that ends. What ended before it in the last
	/// `MaxLogDelay` is folded in, so that an access just before can still be logged. Each policy
	/// permits all that a lower one does.
	fn remembered(row: &PolicyRow, now: Moment) -> AccessPolicy {
		let since = now.saturating_sub(T::MaxLogDelay::get());
		if since <= row.since { row.policy.max(row.before) } else { row.policy }
	}
}
