// SPDX-License-Identifier: Apache-2.0

//! The one decision about access, and its explanation.
//!
//! The order, of which the first step that speaks decides:
//!
//! 1. there is no such record, or it is erased: deny;
//! 2. the reader is no active identity: deny;
//! 3. the reader is the subject: permit;
//! 4. the reader's side wrote the entry and reads it for TREAT or HLEGAL: permit;
//! 5. a grant denies: deny;
//! 6. a grant permits: permit;
//! 7. otherwise deny.
//!
//! It reads the record's facts, the reader's kind and affiliations, one compartment and at most
//! eleven rows of [`GrantIndex`].

use crate::{
	Compartments, Config, Decision, Examined, Explanation, GrantIndex, Grantee, Mismatch, Pallet,
	Rule, Step,
};
use alloc::{vec, vec::Vec};
use frame_support::traits::{Get, Time};
use salus_primitives::{
	AccessDecision, AccessQuestion, Action, DenyReason, GrantId, IdentityId, IdentityKind, Moment,
	PermitBasis, Purpose,
};
use salus_traits::{
	accreditation::{AffiliationInspect, Affiliations},
	identity::IdentityInspect,
	records::{RecordFacts, RecordInspect},
};

impl<T: Config> Pallet<T> {
	/// May the reader do that with the record at `at`?
	pub fn check_access(question: &AccessQuestion, at: Moment) -> AccessDecision {
		Self::decide(question, at, |_, _, _| ())
	}

	/// The same decision, with every rule looked at and the step that decided.
	pub fn explain_access(question: &AccessQuestion, at: Moment) -> Explanation {
		let mut examined = Vec::new();
		let decision = Self::decide(question, at, |grantee, rule, verdict| {
			examined.push(Examined { grantee: *grantee, rule: *rule, mismatch: verdict.err() })
		});
		Explanation { decision, step: Step::from(&decision), examined }
	}

	/// [`Self::check_access`] at the chain's present, for the runtime API.
	pub fn check_access_now(question: &AccessQuestion) -> AccessDecision {
		Self::check_access(question, T::Time::now())
	}

	/// [`Self::explain_access`] at the chain's present, for the runtime API.
	pub fn explain_access_now(question: &AccessQuestion) -> Explanation {
		Self::explain_access(question, T::Time::now())
	}

	fn decide(
		question: &AccessQuestion,
		at: Moment,
		mut examine: impl FnMut(&Grantee, &Rule, Result<(), Mismatch>),
	) -> AccessDecision {
		let Some(facts) = T::Records::facts(&question.record) else {
			return AccessDecision::Deny(DenyReason::UnknownRecord);
		};
		let reader = Reader::at::<T>(question.reader, at);
		if reader.kind.is_none() {
			return AccessDecision::Deny(DenyReason::UnknownReader);
		}
		if reader.id == facts.subject {
			return AccessDecision::Permit(PermitBasis::Subject);
		}
		if reader.reads_own_entry::<T>(question, &facts) {
			return AccessDecision::Permit(PermitBasis::Author);
		}
		let restricted = Self::is_restricted(&facts);
		let mut tally = Tally::default();
		for grantee in reader.grantees() {
			for rule in GrantIndex::<T>::get(facts.subject, grantee) {
				let verdict = rule.judge(question, &facts, restricted, at);
				examine(&grantee, &rule, verdict);
				if verdict.is_ok() {
					tally.add(&rule);
				}
			}
		}
		tally.decision()
	}

	/// Whether the record lies in a restricted compartment. One that is not open counts as such.
	pub(crate) fn is_restricted(facts: &RecordFacts) -> bool {
		Compartments::<T>::get(facts.subject, facts.compartment)
			.is_none_or(|compartment| compartment.restricted)
	}
}

/// Who reads, with the hats it wears.
pub(crate) struct Reader {
	id: IdentityId,
	/// What it is, when it is active.
	kind: Option<IdentityKind>,
	/// Where it works, and as what.
	affiliations: Affiliations,
}

impl Reader {
	/// The reader with its affiliations at `at`.
	pub(crate) fn at<T: Config>(id: IdentityId, at: Moment) -> Self {
		let kind = T::Identities::active_kind(&id);
		let affiliations = match kind {
			// Who is inactive by now may have read before: the log asks for that.
			Some(IdentityKind::Practitioner) | None => T::Affiliations::affiliations_at(&id, at),
			_ => Affiliations::default(),
		};
		Self { id, kind, affiliations }
	}

	/// Whether its side wrote the entry and reads it to treat or for legal reasons.
	///
	/// A practitioner's entry belongs to the organisation it was filed for: who left cannot read it
	/// by having written it.
	pub(crate) fn reads_own_entry<T: Config>(
		&self,
		question: &AccessQuestion,
		facts: &RecordFacts,
	) -> bool {
		T::AuthorAccess::get()
			&& matches!(question.purpose, Purpose::Treat | Purpose::Hlegal)
			&& question.action == Action::Access
			&& self.is_author(facts)
	}

	fn is_author(&self, facts: &RecordFacts) -> bool {
		let home = facts.organisation.unwrap_or(facts.author);
		let may_have_left = matches!(self.kind, Some(IdentityKind::Practitioner) | None);
		self.id == home || self.works_at(&home) || (self.id == facts.author && !may_have_left)
	}

	fn works_at(&self, organisation: &IdentityId) -> bool {
		self.affiliations.iter().any(|(employer, _)| employer == organisation)
	}

	/// Whether a grant to `grantee` speaks to it.
	pub(crate) fn is_among(&self, grantee: &Grantee) -> bool {
		match grantee {
			Grantee::Identity(id) => *id == self.id,
			Grantee::Organisation(id) => *id == self.id || self.works_at(id),
			Grantee::Role { organisation, role } => {
				self.affiliations.iter().any(|(employer, held)| {
					held == role && organisation.is_none_or(|named| named == *employer)
				})
			},
		}
	}

	/// Every grantee that it is: itself, its organisations, its roles there and anywhere. Eleven at
	/// most, by the bounds of affiliations.
	pub(crate) fn grantees(&self) -> Vec<Grantee> {
		if self.kind == Some(IdentityKind::Organisation) {
			return vec![Grantee::Organisation(self.id)];
		}
		let mut all = vec![Grantee::Identity(self.id)];
		for (organisation, role) in self.affiliations.iter().copied() {
			for grantee in [
				Grantee::Organisation(organisation),
				Grantee::Role { organisation: Some(organisation), role },
				Grantee::Role { organisation: None, role },
			] {
				if !all.contains(&grantee) {
					all.push(grantee);
				}
			}
		}
		all
	}
}

/// The lowest matching grant of each sort.
#[derive(Default)]
struct Tally {
	denies: Option<GrantId>,
	permits: Option<GrantId>,
	/// Counted uses are kept for when nothing else permits.
	permits_with_uses: Option<GrantId>,
}

impl Tally {
	fn add(&mut self, rule: &Rule) {
		let sort = match (rule.terms.decision, rule.uses_left) {
			(Decision::Deny { .. }, _) => &mut self.denies,
			(Decision::Permit, None) => &mut self.permits,
			(Decision::Permit, Some(_)) => &mut self.permits_with_uses,
		};
		*sort = Some(sort.map_or(rule.grant, |lowest| lowest.min(rule.grant)));
	}

	fn decision(self) -> AccessDecision {
		match (self.denies, self.permits.or(self.permits_with_uses)) {
			(Some(grant), _) => AccessDecision::Deny(DenyReason::Grant(grant)),
			(None, Some(grant)) => AccessDecision::Permit(PermitBasis::Grant(grant)),
			(None, None) => AccessDecision::Deny(DenyReason::NoGrant),
		}
	}
}
