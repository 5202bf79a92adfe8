// SPDX-License-Identifier: Apache-2.0

//! Which terms lie within which, and grants that are made to say less.

use crate::{
	Compartments, Config, Decision, Due, Error, Event, Grant, GrantIndex, GrantKeys, GrantKeysOf,
	GrantStatus, Grants, LiveGrants, Narrowing, Pallet, RevocationStrength, Scope, Terms,
	WeightInfo,
};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{Actions, Classes, GrantId, IdentityId, Purposes, Window};
use salus_traits::records::RecordInspect;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_narrow(
		by: IdentityId,
		id: GrantId,
		mut grant: Grant,
		terms: Terms,
		uses: Option<u32>,
		keys: GrantKeys,
	) -> DispatchResultWithPostInfo {
		let now = T::Time::now();
		let (subject, grantee, before) = (grant.subject, grant.grantee, grant.terms);
		ensure!(grant.status == GrantStatus::Live, Error::<T>::AlreadyRevoked);
		ensure!(!grant.has_ended(now), Error::<T>::GrantEnded);
		ensure!(!terms.window.is_empty(), Error::<T>::WindowEmpty);
		ensure!(now < terms.window.until, Error::<T>::WindowPast);
		Self::ensure_sound(&terms)?;
		Self::ensure_uses_fit(&terms, uses)?;
		Self::ensure_scope_exists(&subject, &terms.scope)?;
		let uses_fall = match (grant.uses_left, uses) {
			(None, _) => true,
			(Some(left), Some(uses)) => uses <= left,
			(Some(_), None) => false,
		};
		let is_within = uses_fall && Self::is_within(&subject, &terms, &before);
		ensure!(is_within, Error::<T>::WideningNotAllowed);
		ensure!(terms != before || uses != grant.uses_left, Error::<T>::NothingNarrowed);
		Self::ensure_keys_fit(&subject, &grantee, &terms, &keys)?;

		let count = keys.count();
		grant.terms = terms;
		grant.uses_left = uses;
		grant.delegable = grant.delegable && uses.is_none();
		grant.narrowed = Some(Self::narrowing(&grant, before));
		if keys == GrantKeys::None {
			GrantKeysOf::<T>::remove(id);
		} else {
			GrantKeysOf::<T>::insert(id, keys);
		}
		GrantIndex::<T>::mutate(subject, grantee, |rules| {
			let of_grant = rules.iter_mut().filter(|rule| rule.grant == id);
			of_grant.for_each(|rule| *rule = grant.rule(id));
		});
		LiveGrants::<T>::mutate_exists(subject, |row| {
			let places = row.iter_mut().flat_map(|places| places.iter_mut());
			let of_grant = places.filter(|place| place.grant == id);
			of_grant.for_each(|place| place.until = terms.window.until);
		});
		Self::unlist(before.window.until, Due::Grant(id));
		Self::enlist(terms.window.until, Due::Grant(id));
		let (below, looked_at) = Self::below(id, &grant);
		Grants::<T>::insert(id, &grant);
		Self::deposit_event(Event::Narrowed { grant: id, subject, grantee, terms, uses, by });
		Self::revoke_unfit(by, &grant, below);
		Ok(Some(T::WeightInfo::narrow(count, looked_at)).into())
	}

	/// The narrowing that a grant remembers: the last one. What came before in the last
	/// `MaxLogDelay` is folded into it, so that an access just before can still be logged.
	fn narrowing(grant: &Grant, before: Terms) -> Narrowing {
		let at = T::Time::now();
		let since = at.saturating_sub(T::MaxLogDelay::get());
		let folded = grant.narrowed.filter(|last| since <= last.at).map(|last| last.before);
		Narrowing { at, before: folded.unwrap_or(before) }
	}

	/// Takes back what hangs below a narrowed grant and goes beyond it.
	fn revoke_unfit(by: IdentityId, grant: &Grant, below: alloc::vec::Vec<(GrantId, Grant)>) {
		for (id, sub) in below {
			let fits = grant.delegable && Self::is_within(&sub.subject, &sub.terms, &grant.terms);
			// One may hang below another, and be gone by now.
			let live = Grants::<T>::get(id).filter(|sub| sub.status == GrantStatus::Live);
			if let Some(sub) = live.filter(|_| !fits) {
				Self::revoke_with_below(by, id, sub, RevocationStrength::Lazy);
			}
		}
	}

	/// Whether terms say nothing that others do not say.
	pub(crate) fn is_within(subject: &IdentityId, inner: &Terms, outer: &Terms) -> bool {
		inner.decision == outer.decision
			&& inner.window.is_within(&outer.window)
			&& Self::speech_is_within(
				subject,
				inner,
				&outer.scope,
				outer.purposes,
				outer.actions,
				outer.data_period,
			)
	}

	/// Whether terms speak of nothing beyond these, their window aside.
	pub(crate) fn speech_is_within(
		subject: &IdentityId,
		terms: &Terms,
		scope: &Scope,
		purposes: Purposes,
		actions: Actions,
		data_period: Option<Window>,
	) -> bool {
		let period_fits = match (terms.data_period, data_period) {
			(_, None) => true,
			(Some(inner), Some(outer)) => inner.is_within(&outer),
			(None, Some(_)) => false,
		};
		period_fits
			&& terms.actions.is_within(actions)
			&& terms.purposes.iter().all(|purpose| purposes.covers(purpose))
			&& Self::scope_is_within(subject, terms.decision, &terms.scope, scope)
	}

	/// Whether every record that one scope reaches is reached by the other. A wide permit does not
	/// reach restricted compartments; a wide denial does.
	pub(crate) fn scope_is_within(
		subject: &IdentityId,
		decision: Decision,
		inner: &Scope,
		outer: &Scope,
	) -> bool {
		let stops_at_restricted = decision == Decision::Permit;
		let facts_of = |record| T::Records::facts(record).filter(|facts| facts.subject == *subject);
		match (inner, outer) {
			(Scope::Record(inner), Scope::Record(outer)) => inner == outer,
			(Scope::Record(record), Scope::Compartment(no)) => {
				facts_of(record).is_some_and(|facts| facts.compartment == *no)
			},
			(Scope::Record(record), Scope::Subject(classes)) => {
				facts_of(record).is_some_and(|facts| {
					classes.contains(facts.class)
						&& !(stops_at_restricted && Self::is_restricted(&facts))
				})
			},
			(Scope::Compartment(inner), Scope::Compartment(outer)) => inner == outer,
			// Any class may come to lie in a compartment.
			(Scope::Compartment(no), Scope::Subject(classes)) => {
				let is_open = || {
					Compartments::<T>::get(subject, no)
						.is_some_and(|compartment| !compartment.restricted)
				};
				Classes::ALL.is_within(*classes) && (!stops_at_restricted || is_open())
			},
			(Scope::Subject(inner), Scope::Subject(outer)) => inner.is_within(*outer),
			(Scope::Compartment(_) | Scope::Subject(_), Scope::Record(_))
			| (Scope::Subject(_), Scope::Compartment(_)) => false,
		}
	}
}
