// SPDX-License-Identifier: Apache-2.0

//! The access log of each patient.

use crate::{
	AccessHeads, AccessLog, Config, Decision, DenialCounts, Emergencies, Error, Event, Grant,
	GrantIndex, GrantKeysOf, Grants, Pallet, Policies, ShareCustodians, decision::Reader,
};
use frame_support::{pallet_prelude::*, traits::Time};
use salus_primitives::{
	AccessDecision, AccessEntry, AccessQuestion, Digest, EmergencyId, GrantId, IdentityId, Moment,
	PermitBasis,
};
use salus_traits::records::{RecordFacts, RecordInspect};

impl<T: Config> Pallet<T> {
	pub(crate) fn do_log_access(
		recorder: IdentityId,
		question: AccessQuestion,
		decision: AccessDecision,
		event: Digest,
	) -> DispatchResult {
		Self::ensure_may_record(&recorder)?;
		let facts = T::Records::facts(&question.record).ok_or(Error::<T>::RecordNotFound)?;
		let subject = facts.subject;
		let now = T::Time::now();

		// A denial is recorded as it is, but not without end: the log keeps the last entries only.
		match decision {
			AccessDecision::Deny(_) => {
				let denials = DenialCounts::<T>::get(recorder, subject).one_more(now);
				let denials = denials.ok_or(Error::<T>::TooManyDenials)?;
				DenialCounts::<T>::insert(recorder, subject, denials);
			},
			AccessDecision::Permit(basis) => {
				if let Some((id, grant)) =
					Self::ensure_can_have_been(&question, &facts, basis, now)?
				{
					let counts = Self::keeps_key_of(&recorder, &facts);
					ensure!(counts, Error::<T>::NotItsCustodian);
					Self::count_use(id, grant);
				}
			},
		}
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

	/// Refuses a permit that cannot have been given in the last `MaxLogDelay`. Answers the grant
	/// whose uses are counted, if the permit rests on one.
	fn ensure_can_have_been(
		question: &AccessQuestion,
		facts: &RecordFacts,
		basis: PermitBasis,
		now: Moment,
	) -> Result<Option<(GrantId, Grant)>, DispatchError> {
		let since = now.saturating_sub(T::MaxLogDelay::get());
		match basis {
			PermitBasis::Subject => {
				ensure!(question.reader == facts.subject, Error::<T>::NotTheSubject);
			},
			PermitBasis::Author => {
				let was_author = Self::reader_was(question, since, now, |reader, _| {
					reader.reads_own_entry::<T>(question, facts)
				});
				ensure!(was_author, Error::<T>::NotTheAuthor);
			},
			PermitBasis::Grant(id) => {
				return Self::ensure_grant_spoke(id, question, facts, since, now);
			},
			PermitBasis::Emergency(id) => {
				Self::ensure_emergency_spoke(id, question, facts, since, now)?;
			},
			PermitBasis::Policy => Self::ensure_policy_spoke(question, facts, since, now)?,
		}
		Ok(None)
	}

	/// Whether something is true of the reader, as it is or as it was: who left an organisation a
	/// moment ago may have read before.
	fn reader_was(
		question: &AccessQuestion,
		since: Moment,
		now: Moment,
		is: impl Fn(&Reader, Moment) -> bool,
	) -> bool {
		[now, since].into_iter().any(|at| is(&Reader::at::<T>(question.reader, at), at))
	}

	fn ensure_grant_spoke(
		id: GrantId,
		question: &AccessQuestion,
		facts: &RecordFacts,
		since: Moment,
		now: Moment,
	) -> Result<Option<(GrantId, Grant)>, DispatchError> {
		let grant = Grants::<T>::get(id).ok_or(Error::<T>::GrantNotFound)?;
		let restricted = Self::is_restricted(facts);
		let said = grant.said_within(since, now).any(|terms| {
			terms.decision == Decision::Permit
				&& terms.speak_of(question, facts, restricted).is_ok()
		});
		let reader_fits =
			|| Self::reader_was(question, since, now, |reader, _| reader.is_among(&grant.grantee));
		let matches = grant.subject == facts.subject && said && reader_fits();
		ensure!(matches, Error::<T>::GrantMismatch);
		ensure!(grant.uses_left != Some(0), Error::<T>::NoUsesLeft);
		Ok(grant.uses_left.is_some().then_some((id, grant)))
	}

	fn ensure_emergency_spoke(
		id: EmergencyId,
		question: &AccessQuestion,
		facts: &RecordFacts,
		since: Moment,
		now: Moment,
	) -> DispatchResult {
		let emergency = Emergencies::<T>::get(id).ok_or(Error::<T>::EmergencyNotFound)?;
		let restricted = Self::is_restricted(facts);
		let spoke = Self::emergency_spoke(&emergency, question, facts, restricted, since, now);
		ensure!(spoke, Error::<T>::EmergencyMismatch);
		Ok(())
	}

	fn ensure_policy_spoke(
		question: &AccessQuestion,
		facts: &RecordFacts,
		since: Moment,
		now: Moment,
	) -> DispatchResult {
		let row = Policies::<T>::get(facts.subject);
		let restricted = Self::is_restricted(facts);
		let before = (since <= row.since).then_some(row.before);
		let policies = [Some(row.policy), before];
		// Who reads is looked up once for each moment, and not for each policy.
		let spoke = Self::reader_was(question, since, now, |reader, at| {
			policies
				.into_iter()
				.flatten()
				.any(|policy| reader.reads_by_policy::<T>(question, policy, restricted, at))
		});
		ensure!(spoke, Error::<T>::PolicyMismatch);
		Ok(())
	}

	/// Whether a recorder keeps a part of a record's key, as far as the chain knows: who filed the
	/// record, or whom that one names. When it names nobody, also whom the subject names.
	fn keeps_key_of(recorder: &IdentityId, facts: &RecordFacts) -> bool {
		let names = |keeper: &IdentityId| {
			ShareCustodians::<T>::get(keeper).map(|custody| custody.custodians.contains(recorder))
		};
		let home = facts.organisation.unwrap_or(facts.author);
		let by_subject = || *recorder == home || names(&facts.subject).unwrap_or_default();
		names(&home).unwrap_or_else(by_subject)
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
