// SPDX-License-Identifier: Apache-2.0

//! The work behind each call, in call order.

use crate::{
	AccessHeads, AccessLog, Basis, Compartment, CompartmentCount, Compartments, Config, Decision,
	Error, Event, Grant, GrantIndex, GrantKeys, GrantKeysOf, GrantStatus, Grantee,
	GranteeGrantCount, GranteeGrants, Grants, LiveGrants, NextGrantId, Pallet, Place,
	RevocationStrength, Scope, SubjectGrantCount, SubjectGrants, Terms, decision::Reader,
};
use alloc::vec::Vec;
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, BadAgreementKey, CompartmentKey, CompartmentNo,
	Digest, GrantId, IdentityId, IdentityKind, KeyVersion, Moment, PermitBasis, X25519Key,
	check_agreement_key,
};
use salus_traits::{
	identity::{AgreementKeys, IdentityInspect},
	records::{RecordFacts, RecordInspect},
};
use sp_runtime::traits::EnsureAdd;

impl<T: Config> Pallet<T> {
	pub(crate) fn do_open_compartment(
		by: IdentityId,
		subject: IdentityId,
		compartment: CompartmentNo,
		key: X25519Key,
		restricted: bool,
	) -> DispatchResult {
		check_agreement_key(&key).map_err(|bad| match bad {
			BadAgreementKey::NotCanonical => Error::<T>::KeyNotCanonical,
			BadAgreementKey::SmallOrder => Error::<T>::KeyOfSmallOrder,
		})?;
		ensure!(
			!Compartments::<T>::contains_key(subject, compartment),
			Error::<T>::CompartmentAlreadyOpen
		);
		let count = CompartmentCount::<T>::get(subject);
		ensure!(count < T::MaxCompartments::get(), Error::<T>::TooManyCompartments);

		let open = Compartment { epoch: 0, key, restricted, opened_at: T::Time::now() };
		Compartments::<T>::insert(subject, compartment, open);
		CompartmentCount::<T>::insert(subject, count.ensure_add(1)?);
		Self::deposit_event(Event::CompartmentOpened {
			subject,
			compartment,
			epoch: open.epoch,
			key,
			restricted,
			by,
		});
		Ok(())
	}

	pub(crate) fn do_grant(
		by: IdentityId,
		subject: IdentityId,
		grantee: Grantee,
		terms: Terms,
		uses: Option<u32>,
		basis: Basis,
		document: Option<Digest>,
		keys: GrantKeys,
	) -> DispatchResult {
		let now = T::Time::now();
		ensure!(!grantee.names(&subject) && !grantee.names(&by), Error::<T>::SelfGrant);
		Self::ensure_sound(&terms, uses, now)?;
		Self::ensure_grantee_fits(&grantee)?;
		Self::ensure_scope_exists(&subject, &terms.scope)?;
		Self::ensure_keys_fit(&subject, &grantee, &terms, &keys)?;

		let id = NextGrantId::<T>::get();
		let next_id = GrantId(id.0.ensure_add(1)?);
		let subject_seq = SubjectGrantCount::<T>::get(subject);
		let grantee_seq = GranteeGrantCount::<T>::get(grantee);
		let (next_subject_seq, next_grantee_seq) =
			(subject_seq.ensure_add(1)?, grantee_seq.ensure_add(1)?);
		let grant = Grant {
			subject,
			grantee,
			by,
			made_at: now,
			terms,
			uses_left: uses,
			basis,
			document,
			status: GrantStatus::Live,
		};

		// What has ended makes room, for the pair and for the quota.
		let mut rules = GrantIndex::<T>::get(subject, grantee);
		let ended: Vec<_> =
			rules.iter().filter(|rule| rule.has_ended(now)).map(|rule| rule.grant).collect();
		rules.retain(|rule| !rule.has_ended(now));
		rules.try_push(grant.rule(id)).map_err(|_| Error::<T>::TooManyGrantsToGrantee)?;
		let mut live = LiveGrants::<T>::get(subject);
		live.retain(|place| now < place.until);
		live.try_push(Place { grant: id, until: terms.window.until })
			.map_err(|_| Error::<T>::TooManyGrants)?;

		for grant in ended {
			GrantKeysOf::<T>::remove(grant);
			Self::deposit_event(Event::GrantLapsed { subject, grant });
		}
		if keys != GrantKeys::None {
			GrantKeysOf::<T>::insert(id, keys);
		}
		NextGrantId::<T>::put(next_id);
		Grants::<T>::insert(id, grant);
		GrantIndex::<T>::insert(subject, grantee, rules);
		LiveGrants::<T>::insert(subject, live);
		SubjectGrants::<T>::insert(subject, subject_seq, id);
		SubjectGrantCount::<T>::insert(subject, next_subject_seq);
		GranteeGrants::<T>::insert(grantee, grantee_seq, id);
		GranteeGrantCount::<T>::insert(grantee, next_grantee_seq);
		Self::deposit_event(Event::Granted {
			grant: id,
			subject,
			grantee,
			terms,
			uses,
			basis,
			document,
			by,
		});
		Ok(())
	}

	fn ensure_sound(terms: &Terms, uses: Option<u32>, now: Moment) -> DispatchResult {
		let Terms { decision, scope, purposes, actions, data_period, window } = terms;
		ensure!(!window.is_empty(), Error::<T>::WindowEmpty);
		ensure!(now < window.until, Error::<T>::WindowPast);
		ensure!(
			now.saturating_sub(T::MaxBackdating::get()) <= window.from,
			Error::<T>::WindowBackdated
		);
		ensure!(window.length() <= T::MaxGrantLength::get(), Error::<T>::WindowTooLong);
		ensure!(!data_period.is_some_and(|period| period.is_empty()), Error::<T>::DataPeriodEmpty);
		ensure!(!purposes.is_empty(), Error::<T>::NoPurposes);
		ensure!(purposes.is_known(), Error::<T>::UnknownPurpose);
		ensure!(!purposes.has_ungrantable(), Error::<T>::PurposeNotGrantable);
		ensure!(!actions.is_empty(), Error::<T>::NoActions);
		ensure!(actions.is_known(), Error::<T>::UnknownAction);
		if let Scope::Subject(classes) = scope {
			ensure!(!classes.is_empty(), Error::<T>::NoClasses);
		}
		ensure!(uses != Some(0), Error::<T>::NoUses);
		ensure!(uses.is_none() || *decision == Decision::Permit, Error::<T>::DenialCountsNoUses);
		Ok(())
	}

	fn ensure_grantee_fits(grantee: &Grantee) -> DispatchResult {
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

	fn ensure_scope_exists(subject: &IdentityId, scope: &Scope) -> DispatchResult {
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

	/// A permit to somebody with a key carries the keys of what it permits, everything else none.
	fn ensure_keys_fit(
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

	pub(crate) fn do_revoke(
		by: IdentityId,
		id: GrantId,
		mut grant: Grant,
		strength: RevocationStrength,
	) -> DispatchResult {
		ensure!(grant.status == GrantStatus::Live, Error::<T>::AlreadyRevoked);

		let Grant { subject, grantee, .. } = grant;
		grant.status = GrantStatus::Revoked { at: T::Time::now(), by, strength };
		Grants::<T>::insert(id, grant);
		GrantKeysOf::<T>::remove(id);
		GrantIndex::<T>::mutate_exists(subject, grantee, |row| {
			if let Some(rules) = row {
				rules.retain(|rule| rule.grant != id);
				if rules.is_empty() {
					*row = None;
				}
			}
		});
		Self::free_place(&subject, id);
		Self::deposit_event(Event::Revoked { grant: id, subject, grantee, strength, by });
		Ok(())
	}

	fn free_place(subject: &IdentityId, id: GrantId) {
		LiveGrants::<T>::mutate_exists(subject, |row| {
			if let Some(places) = row {
				places.retain(|place| place.grant != id);
				if places.is_empty() {
					*row = None;
				}
			}
		});
	}

	pub(crate) fn do_log_access(
		recorder: IdentityId,
		question: AccessQuestion,
		decision: AccessDecision,
		event: Digest,
	) -> DispatchResult {
		let facts = T::Records::facts(&question.record).ok_or(Error::<T>::RecordNotFound)?;
		let now = T::Time::now();
		let use_of = Self::ensure_can_have_been(&question, &facts, &decision, now)?;

		if let Some((id, grant)) = use_of {
			Self::count_use(id, grant);
		}
		let subject = facts.subject;
		let entry = AccessEntry { question, decision, recorder, at: now, event };
		let before = AccessHeads::<T>::get(subject);
		let head = before.advance(sp_io::hashing::blake2_256, &entry);
		AccessLog::<T>::insert(subject, Self::slot(before.count), entry);
		AccessHeads::<T>::insert(subject, head);
		let number = before.count;
		Self::deposit_event(if decision.is_permit() {
			Event::AccessLogged { subject, number, entry, head: head.hash }
		} else {
			Event::AccessDenied { subject, number, entry, head: head.hash }
		});
		Ok(())
	}

	/// The slot of the ring that entry `number` goes to.
	pub(crate) fn slot(number: u64) -> u32 {
		let size = u64::from(T::AccessLogSize::get());
		// Smaller than the size, which is a `u32`; a size of zero is refused by the integrity test.
		number.checked_rem(size).unwrap_or_default() as u32
	}

	/// Refuses a permit that cannot have been given in the last `MaxLogDelay`; a denial is never
	/// refused. Answers the grant whose uses are counted, if the permit rests on one.
	fn ensure_can_have_been(
		question: &AccessQuestion,
		facts: &RecordFacts,
		decision: &AccessDecision,
		now: Moment,
	) -> Result<Option<(GrantId, Grant)>, DispatchError> {
		let AccessDecision::Permit(basis) = decision else { return Ok(None) };
		let since = now.saturating_sub(T::MaxLogDelay::get());
		// Who left an organisation a moment ago may have read before.
		let reader_can_be = |is: &dyn Fn(&Reader) -> bool| {
			[now, since].into_iter().any(|at| is(&Reader::at::<T>(question.reader, at)))
		};
		match basis {
			PermitBasis::Subject => {
				ensure!(question.reader == facts.subject, Error::<T>::NotTheSubject);
				Ok(None)
			},
			PermitBasis::Author => {
				ensure!(
					reader_can_be(&|reader| reader.reads_own_entry::<T>(question, facts)),
					Error::<T>::NotTheAuthor
				);
				Ok(None)
			},
			PermitBasis::Grant(id) => {
				let grant = Grants::<T>::get(id).ok_or(Error::<T>::GrantNotFound)?;
				let matches = grant.subject == facts.subject
					&& grant.terms.decision == Decision::Permit
					&& grant.acted_within(since, now)
					&& grant.terms.speak_of(question, facts, Self::is_restricted(facts)).is_ok()
					&& reader_can_be(&|reader| reader.is_among(&grant.grantee));
				ensure!(matches, Error::<T>::GrantMismatch);
				ensure!(grant.uses_left != Some(0), Error::<T>::NoUsesLeft);
				Ok(grant.uses_left.is_some().then_some((*id, grant)))
			},
		}
	}

	/// Takes one use, of which there is at least one.
	fn count_use(id: GrantId, mut grant: Grant) {
		let uses_left = grant.uses_left.unwrap_or_default().saturating_sub(1);
		let (subject, grantee) = (grant.subject, grant.grantee);
		grant.uses_left = Some(uses_left);
		// Not there when the grant was revoked, or lapsed, since the use.
		GrantIndex::<T>::mutate_exists(subject, grantee, |row| {
			let rules = row.iter_mut().flat_map(|rules| rules.iter_mut());
			rules.filter(|rule| rule.grant == id).for_each(|rule| rule.uses_left = Some(uses_left));
		});
		Grants::<T>::insert(id, grant);
		if uses_left == 0 {
			GrantKeysOf::<T>::remove(id);
			Self::free_place(&subject, id);
		}
		Self::deposit_event(Event::GrantUsed { grant: id, subject, uses_left });
	}
}
