// SPDX-License-Identifier: Apache-2.0

//! Grants of a subject, and what makes any grant sound.

use crate::{
	Compartments, Config, Decision, Due, Error, Event, Given, Grant, GrantIndex, GrantKeys,
	GrantKeysOf, GrantStatus, Grantee, GranteeGrantCount, GranteeGrants, Grants, LiveGrants,
	MAX_SUB_GRANTS_PER_PAIR, NextGrantId, Pallet, Place, Scope, SubjectGrantCount, SubjectGrants,
	Terms, WeightInfo,
};
use alloc::collections::BTreeSet;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{CompartmentKey, GrantId, IdentityId, IdentityKind, KeyVersion, Moment};
use salus_traits::{
	identity::{AgreementKeys, IdentityInspect},
	records::RecordInspect,
};
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_grant(
		by: IdentityId,
		subject: IdentityId,
		grantee: Grantee,
		given: Given,
	) -> DispatchResultWithPostInfo {
		let keys = given.keys.count();
		let (_, lapsed) = Self::make_grant(by, subject, grantee, given)?;
		Ok(Some(T::WeightInfo::grant(keys, lapsed)).into())
	}

	/// Makes a grant of the subject's own. Answers its number, and how many ended ones it cleared
	/// away.
	pub(crate) fn make_grant(
		by: IdentityId,
		subject: IdentityId,
		grantee: Grantee,
		given: Given,
	) -> Result<(GrantId, u32), DispatchError> {
		let now = T::Time::now();
		let Given { terms, uses, basis, document, delegable, keys } = given;
		ensure!(!grantee.names(&subject) && !grantee.names(&by), Error::<T>::SelfGrant);
		Self::ensure_new_window(&terms, now)?;
		Self::ensure_sound(&terms)?;
		Self::ensure_uses_fit(&terms, uses)?;
		if delegable {
			ensure!(terms.decision == Decision::Permit, Error::<T>::DenialNotDelegable);
			ensure!(uses.is_none(), Error::<T>::CountedNotDelegable);
		}
		Self::ensure_grantee_fits(&grantee)?;
		Self::ensure_scope_exists(&subject, &terms.scope)?;
		Self::ensure_keys_fit(&subject, &grantee, &terms, &keys)?;
		let grant = Grant {
			subject,
			grantee,
			by,
			made_at: now,
			terms,
			narrowed: None,
			uses_left: uses,
			basis,
			document,
			delegable,
			parent: None,
			root: None,
			depth: 0,
			status: GrantStatus::Live,
		};
		let mut live = LiveGrants::<T>::get(subject);
		live.retain(|place| now < place.until);
		ensure!((live.len() as u32) < T::MaxLiveGrants::get(), Error::<T>::TooManyGrants);
		let (id, lapsed) = Self::put_grant(grant, keys, BTreeSet::new(), now)?;

		// There is room: it was counted before.
		let _ = live.try_push(Place { grant: id, until: terms.window.until });
		LiveGrants::<T>::insert(subject, live);
		Self::deposit_event(Event::Granted {
			grant: id,
			subject,
			grantee,
			terms,
			uses,
			basis,
			document,
			delegable,
			by,
		});
		Ok((id, lapsed))
	}

	/// Numbers, lists and indexes a grant that is sound, and clears away what has ended: those
	/// named, and those of the same pair. Nothing is written unless it has room in the pair.
	pub(crate) fn put_grant(
		grant: Grant,
		keys: GrantKeys,
		mut ended: BTreeSet<GrantId>,
		now: Moment,
	) -> Result<(GrantId, u32), DispatchError> {
		let Grant { subject, grantee, .. } = grant;
		let id = NextGrantId::<T>::get();
		let next_id = GrantId(id.0.ensure_add(1)?);
		let subject_seq = SubjectGrantCount::<T>::get(subject);
		let grantee_seq = GranteeGrantCount::<T>::get(grantee);
		let (next_subject_seq, next_grantee_seq) =
			(subject_seq.ensure_add(1)?, grantee_seq.ensure_add(1)?);
		let mut rules = GrantIndex::<T>::get(subject, grantee);
		ended.extend(rules.iter().filter(|rule| rule.has_ended(now)).map(|rule| rule.grant));
		rules.retain(|rule| !rule.has_ended(now));
		if grant.parent.is_some() {
			// The rest of the row is kept for the patient: nobody can fill it with sub-grants.
			let others = rules.len() as u32;
			ensure!(others < MAX_SUB_GRANTS_PER_PAIR, Error::<T>::TooManySubGrantsToGrantee);
		}
		rules.try_push(grant.rule(id)).map_err(|_| Error::<T>::TooManyGrantsToGrantee)?;

		for grant in &ended {
			Self::lapse(*grant);
		}
		if keys != GrantKeys::None {
			GrantKeysOf::<T>::insert(id, keys);
		}
		NextGrantId::<T>::put(next_id);
		Self::enlist(grant.terms.window.until, Due::Grant(id));
		Grants::<T>::insert(id, grant);
		GrantIndex::<T>::insert(subject, grantee, rules);
		SubjectGrants::<T>::insert(subject, subject_seq, id);
		SubjectGrantCount::<T>::insert(subject, next_subject_seq);
		GranteeGrants::<T>::insert(grantee, grantee_seq, id);
		GranteeGrantCount::<T>::insert(grantee, next_grantee_seq);
		Ok((id, ended.len() as u32))
	}

	pub(crate) fn ensure_new_window(terms: &Terms, now: Moment) -> DispatchResult {
		let Terms { window, .. } = terms;
		ensure!(!window.is_empty(), Error::<T>::WindowEmpty);
		ensure!(now < window.until, Error::<T>::WindowPast);
		ensure!(
			now.saturating_sub(T::MaxBackdating::get()) <= window.from,
			Error::<T>::WindowBackdated
		);
		ensure!(window.length() <= T::MaxGrantLength::get(), Error::<T>::WindowTooLong);
		Ok(())
	}

	/// Whether the terms say something that can be granted, their window aside.
	pub(crate) fn ensure_sound(terms: &Terms) -> DispatchResult {
		let Terms { scope, purposes, actions, data_period, .. } = terms;
		ensure!(!data_period.is_some_and(|period| period.is_empty()), Error::<T>::DataPeriodEmpty);
		ensure!(!purposes.is_empty(), Error::<T>::NoPurposes);
		ensure!(purposes.is_known(), Error::<T>::UnknownPurpose);
		ensure!(!purposes.has_ungrantable(), Error::<T>::PurposeNotGrantable);
		ensure!(!actions.is_empty(), Error::<T>::NoActions);
		ensure!(actions.is_known(), Error::<T>::UnknownAction);
		if let Scope::Subject(classes) = scope {
			ensure!(!classes.is_empty(), Error::<T>::NoClasses);
		}
		Ok(())
	}

	pub(crate) fn ensure_uses_fit(terms: &Terms, uses: Option<u32>) -> DispatchResult {
		ensure!(uses != Some(0), Error::<T>::NoUses);
		let counts_right = uses.is_none() || terms.decision == Decision::Permit;
		ensure!(counts_right, Error::<T>::DenialCountsNoUses);
		Ok(())
	}

	pub(crate) fn ensure_grantee_fits(grantee: &Grantee) -> DispatchResult {
		let (id, is_organisation) = match grantee {
			Grantee::Identity(id) => (id, false),
			Grantee::Organisation(id) | Grantee::Role { organisation: Some(id), .. } => (id, true),
			Grantee::Role { organisation: None, .. } => return Ok(()),
		};
		let kind = T::Identities::active_kind(id).ok_or(Error::<T>::GranteeNotActive)?;
		ensure!(
			(kind == IdentityKind::Organisation) == is_organisation,
			Error::<T>::GranteeKindUnfit
		);
		Ok(())
	}

	pub(crate) fn ensure_scope_exists(subject: &IdentityId, scope: &Scope) -> DispatchResult {
		match scope {
			Scope::Record(record) => {
				let facts = T::Records::facts(record).ok_or(Error::<T>::RecordNotFound)?;
				ensure!(facts.subject == *subject, Error::<T>::RecordNotOfSubject);
			},
			Scope::Compartment(no) => {
				ensure!(
					Compartments::<T>::contains_key(subject, no),
					Error::<T>::CompartmentNotOpen
				);
			},
			Scope::Subject(_) => {},
		}
		Ok(())
	}

	/// A permit to somebody with a key carries the keys of its scope; whatever else none.
	pub(crate) fn ensure_keys_fit(
		subject: &IdentityId,
		grantee: &Grantee,
		terms: &Terms,
		keys: &GrantKeys,
	) -> DispatchResult {
		let holder = grantee.key_holder().filter(|_| terms.decision == Decision::Permit);
		let Some(holder) = holder else {
			ensure!(*keys == GrantKeys::None, Error::<T>::KeysNotWanted);
			return Ok(());
		};
		let current = T::AgreementKeys::current(holder).map(|(version, _)| version);
		let is_current = |version: KeyVersion| current == Some(version);
		match (&terms.scope, keys) {
			(_, GrantKeys::None) => Err(Error::<T>::KeysMissing.into()),
			(Scope::Record(_), GrantKeys::Record(key)) => {
				ensure!(is_current(key.key_version), Error::<T>::StaleKeyVersion);
				Ok(())
			},
			(
				scope @ (Scope::Compartment(_) | Scope::Subject(_)),
				GrantKeys::Compartments(keys),
			) => {
				ensure!(!keys.is_empty(), Error::<T>::KeysMissing);
				for (index, key) in keys.iter().enumerate() {
					let is_first =
						keys.iter().take(index).all(|other| other.compartment != key.compartment);
					ensure!(is_first, Error::<T>::DuplicateKey);
					ensure!(is_current(key.key_version), Error::<T>::StaleKeyVersion);
					Self::ensure_reached(subject, scope, key)?;
				}
				Ok(())
			},
			_ => Err(Error::<T>::KeyKindUnfit.into()),
		}
	}

	fn ensure_reached(subject: &IdentityId, scope: &Scope, key: &CompartmentKey) -> DispatchResult {
		let compartment = Compartments::<T>::get(subject, key.compartment)
			.ok_or(Error::<T>::CompartmentNotOpen)?;
		let is_reached = match scope {
			Scope::Compartment(no) => *no == key.compartment,
			_ => !compartment.restricted,
		};
		ensure!(is_reached, Error::<T>::CompartmentNotReached);
		ensure!(compartment.epoch == key.epoch, Error::<T>::StaleEpoch);
		Ok(())
	}
}
