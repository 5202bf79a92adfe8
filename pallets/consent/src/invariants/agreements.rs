// SPDX-License-Identifier: Apache-2.0

//! Sub-grants, requests, deadlines, and the chain of epochs.

use crate::{
	Compartments, Config, Deadlines, Due, Emergencies, EpochLinks, Grant, GrantIndex, GrantStatus,
	Grants, MAX_DEPTH, MAX_REQUESTS_PER_ORGANISATION, NextRequestId, OpenRequests, Pallet,
	Requests, Scope, SubGrants, SubjectRequests, SweepCursor, Terms, hour_of,
};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::{ensure, traits::Time};
use salus_primitives::{GrantId, IdentityId};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
	pub(super) fn check_agreements() -> Result<(), TryRuntimeError> {
		Self::sub_grants_hang_below_live_ones()?;
		Self::requests_are_listed_once()?;
		Self::epochs_are_linked()
	}

	// I8: a sub-grant is within its parent, and ends with it.
	fn sub_grants_hang_below_live_ones() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut listed = BTreeSet::new();
		for (root, subs) in SubGrants::<T>::iter() {
			ensure!(!subs.is_empty(), "I8: empty row of sub-grants");
			for id in subs {
				ensure!(listed.insert(id), "I8: sub-grant is listed twice");
				let sub = Grants::<T>::get(id).ok_or("I8: listed sub-grant is missing")?;
				ensure!(sub.root == Some(root), "I8: sub-grant of another root");
				ensure!(sub.status == GrantStatus::Live, "I8: revoked sub-grant is listed");
			}
		}
		for (id, grant) in Grants::<T>::iter() {
			let Some(parent_id) = grant.parent else {
				ensure!(grant.root.is_none() && grant.depth == 0, "I8: grant hangs in the air");
				continue;
			};
			let parent = Grants::<T>::get(parent_id).ok_or("I8: sub-grant without parent")?;
			Self::check_lineage(&grant, parent_id, &parent)?;
			if grant.status == GrantStatus::Live && !grant.has_ended(now) {
				ensure!(parent.status == GrantStatus::Live, "I8: sub-grant outlives its parent");
				ensure!(parent.delegable, "I8: sub-grant of what cannot be passed on");
				ensure!(
					Self::says_no_more(&grant.subject, &grant.terms, &parent.terms),
					"I8: sub-grant goes beyond its parent"
				);
				ensure!(listed.contains(&id), "I8: live sub-grant is not listed");
			}
		}
		Ok(())
	}

	/// Whether terms lie within others. That a record does is left aside: it may be erased by now.
	pub(super) fn says_no_more(subject: &IdentityId, inner: &Terms, outer: &Terms) -> bool {
		let scope = match inner.scope {
			Scope::Record(_) => outer.scope,
			scope => scope,
		};
		Self::is_within(subject, &Terms { scope, ..*inner }, outer)
	}

	fn check_lineage(
		grant: &Grant,
		parent_id: GrantId,
		parent: &Grant,
	) -> Result<(), TryRuntimeError> {
		ensure!(grant.subject == parent.subject, "I8: sub-grant of another subject");
		ensure!(
			grant.root == Some(parent.root.unwrap_or(parent_id)),
			"I8: sub-grant of another root"
		);
		ensure!(
			grant.depth == parent.depth.saturating_add(1) && grant.depth <= MAX_DEPTH,
			"I8: sub-grant at the wrong depth"
		);
		Ok(())
	}

	// I9: what waits is found by its pair, and has its place while it can be approved.
	fn requests_are_listed_once() -> Result<(), TryRuntimeError> {
		let now = T::Time::now();
		let mut places = BTreeMap::new();
		for (subject, row) in SubjectRequests::<T>::iter() {
			let mut behind: BTreeMap<_, u32> = BTreeMap::new();
			for organisation in row.iter().filter_map(|place| place.behind) {
				let count = behind.entry(organisation).or_default();
				*count = count.saturating_add(1);
			}
			ensure!(
				behind.values().all(|count| *count <= MAX_REQUESTS_PER_ORGANISATION),
				"I9: more requests of an organisation than its share"
			);
			for place in row {
				let before = places.insert(place.request, (subject, place.answer_by));
				ensure!(before.is_none(), "I9: request takes two places");
			}
		}
		let mut pairs: BTreeMap<_, _> = OpenRequests::<T>::iter()
			.map(|(subject, grantee, id)| (id, (subject, grantee)))
			.collect();
		for (id, request) in Requests::<T>::iter() {
			ensure!(id < NextRequestId::<T>::get(), "I9: request numbered past the next one");
			let pair = pairs.remove(&id);
			ensure!(
				pair == Some((request.subject, request.grantee)),
				"I9: request is not found by its pair"
			);
			let place = places.remove(&id);
			ensure!(
				place.is_some() || !request.is_open_at(now),
				"I9: request that waits has no place"
			);
			ensure!(
				place.is_none_or(|place| place == (request.subject, request.answer_by)),
				"I9: place differs from its request"
			);
		}
		ensure!(pairs.is_empty() && places.is_empty(), "I9: list of a request that is gone");
		Ok(())
	}

	// I10: what has a rule, or waits, has its deadline; nothing else has one, and none is behind
	// the sweep.
	pub(super) fn deadlines_are_of_what_waits() -> Result<(), TryRuntimeError> {
		let mut expected = BTreeSet::new();
		for rule in GrantIndex::<T>::iter_values().flatten() {
			expected.insert((hour_of(rule.terms.window.until), Due::Grant(rule.grant)));
		}
		for (id, request) in Requests::<T>::iter() {
			expected.insert((hour_of(request.answer_by), Due::Request(id)));
		}
		let swept = SweepCursor::<T>::get().unwrap_or_default();
		for (hour, due, ()) in Deadlines::<T>::iter() {
			ensure!(swept <= hour, "I10: deadline behind the sweep");
			let is_right = match due {
				Due::Review(id) => Emergencies::<T>::get(id)
					.is_some_and(|emergency| hour_of(emergency.review_by) == hour),
				due => expected.remove(&(hour, due)),
			};
			ensure!(is_right, "I10: deadline of nothing");
		}
		ensure!(expected.is_empty(), "I10: deadline is missing");
		Ok(())
	}

	// I11: every old epoch leads to the next one.
	fn epochs_are_linked() -> Result<(), TryRuntimeError> {
		let mut links: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
		for (subject, compartment, epoch) in EpochLinks::<T>::iter_keys() {
			links.entry((subject, compartment)).or_default().insert(epoch);
		}
		for (subject, compartment, open) in Compartments::<T>::iter() {
			let old = links.remove(&(subject, compartment)).unwrap_or_default();
			ensure!(old.into_iter().eq(0..open.epoch), "I11: gap in the chain of epochs");
		}
		ensure!(links.is_empty(), "I11: link of no compartment");
		Ok(())
	}
}
