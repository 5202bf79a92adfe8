// SPDX-License-Identifier: Apache-2.0

//! The one decision about access, and its explanation.
//!
//! The order, of which the first step that speaks decides:
//!
//! 1. there is no such record, or it is erased: deny;
//! 2. the reader is no active identity: deny;
//! 3. the reader is the subject: permit;
//! 4. the reader's side wrote the entry and reads it for TREAT or HLEGAL: permit;
//! 5. a grant denies: deny, unless it lets itself be overridden and the reader has an open
//!    emergency that reaches the record;
//! 6. a grant permits: permit;
//! 7. the reader has an open emergency that reaches the record: permit;
//! 8. the subject's policy permits: permit;
//! 9. otherwise deny.
//!
//! Emergencies act for reading with the purpose BTG alone. A denial that covers TREAT covers BTG.
//!
//! It reads the record's facts, the reader's kind and affiliations, one compartment, at most eleven
//! rows of [`GrantIndex`], and one row each of emergency, claimant, policy and emergency key.

use crate::{
	Claimants, Compartments, Config, Decision, Emergencies, Emergency, EmergencyKeys, Examined,
	Explanation, GrantIndex, Grantee, Mismatch, OpenEmergencies, Pallet, Policies, Rule, Step,
};
use alloc::{vec, vec::Vec};
use frame_support::traits::{Get, Time};
use salus_primitives::{
	AccessDecision, AccessPolicy, AccessQuestion, AccreditationKind, AccreditationKinds, Action,
	DenyReason, EmergencyId, GrantId, IdentityId, IdentityKind, Moment, PermitBasis, Purpose,
	Purposes,
};
use salus_traits::{
	accreditation::{AccreditationInspect, AffiliationInspect, Affiliations},
	identity::IdentityInspect,
	records::{RecordFacts, RecordInspect},
};

/// An organisation that reads by the policy holds one of these.
pub(crate) const CARE_LICENCES: AccreditationKinds = AccreditationKinds::of(&[
	AccreditationKind::FacilityLicence,
	AccreditationKind::PharmacyLicence,
	AccreditationKind::LaboratoryAccreditation,
]);

/// Who is refused one of these may need to break the glass.
const URGENT: Purposes =
	Purposes::of(&[Purpose::Treat, Purpose::Coc, Purpose::Etreat, Purpose::Btg]);

impl<T: Config> Pallet<T> {
	/// May the reader do that with the record at `at`?
	pub fn check_access(question: &AccessQuestion, at: Moment) -> AccessDecision {
		Self::decide(question, at, &mut Unheard)
	}

	/// The same decision, with every rule looked at and the step that decided.
	pub fn explain_access(question: &AccessQuestion, at: Moment) -> Explanation {
		let mut heard = Heard::default();
		let decision = Self::decide(question, at, &mut heard);
		let Heard { examined, emergency, policy } = heard;
		Explanation { decision, step: Step::from(&decision), examined, emergency, policy }
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
		listener: &mut impl Listener,
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
		let tally = Self::tally(question, &facts, restricted, &reader, at, listener);
		let emergency = Self::open_emergency(question, &facts, restricted, at);
		listener.emergency(emergency);
		let overridable = tally.denies_for_now.filter(|_| emergency.is_none());
		if let Some(grant) = tally.denies {
			let lowest = overridable.map_or(grant, |other| grant.min(other));
			return AccessDecision::Deny(DenyReason::Grant(lowest));
		}
		if overridable.is_none() {
			if let Some(grant) = tally.permits.or(tally.permits_with_uses) {
				return AccessDecision::Permit(PermitBasis::Grant(grant));
			}
			if let Some(id) = emergency {
				return AccessDecision::Permit(PermitBasis::Emergency(id));
			}
		}
		let policy = Policies::<T>::get(facts.subject).policy;
		listener.policy(policy);
		let by_policy = reader.reads_by_policy::<T>(question, policy, restricted, at);
		if overridable.is_none() && by_policy {
			return AccessDecision::Permit(PermitBasis::Policy);
		}
		let can_break = policy != AccessPolicy::Deny
			&& question.action == Action::Access
			&& URGENT.contains(question.purpose)
			&& Self::can_break_glass(&reader, &facts, at);
		AccessDecision::Deny(match overridable {
			_ if can_break => DenyReason::BreakGlass(overridable),
			Some(grant) => DenyReason::Grant(grant),
			None => DenyReason::NoGrant,
		})
	}

	/// Looks at every rule that speaks to the reader.
	fn tally(
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
		reader: &Reader,
		at: Moment,
		listener: &mut impl Listener,
	) -> Tally {
		let mut tally = Tally::default();
		for grantee in reader.grantees() {
			for rule in GrantIndex::<T>::get(facts.subject, grantee) {
				let verdict = rule.judge(question, facts, restricted, at);
				listener.rule(&grantee, &rule, verdict);
				if verdict.is_ok() {
					tally.add(&rule);
				}
			}
		}
		tally
	}

	/// Whether the record lies in a restricted compartment. One that is not open counts as such.
	pub(crate) fn is_restricted(facts: &RecordFacts) -> bool {
		Compartments::<T>::get(facts.subject, facts.compartment)
			.is_none_or(|compartment| compartment.restricted)
	}

	/// The emergency of the reader that acts and reaches the record, if it is asked for one.
	fn open_emergency(
		question: &AccessQuestion,
		facts: &RecordFacts,
		restricted: bool,
		at: Moment,
	) -> Option<EmergencyId> {
		if (question.purpose, question.action) != (Purpose::Btg, Action::Access) {
			return None;
		}
		let id = OpenEmergencies::<T>::get(facts.subject, question.reader)?;
		let emergency = Emergencies::<T>::get(id)?;
		// Who takes the emergency key of a compartment back closes it to every emergency at once.
		let speaks = emergency.reaches(facts.compartment, restricted)
			&& EmergencyKeys::<T>::contains_key(facts.subject, facts.compartment)
			&& Self::emergency_acts(&emergency, at);
		speaks.then_some(id)
	}

	/// Whether its claimant can read by it: it is open, the claimant is not suspended, and the
	/// organisation still lets it.
	pub(crate) fn emergency_acts(emergency: &Emergency, at: Moment) -> bool {
		emergency.acts_at(at)
			&& Claimants::<T>::get(emergency.claimant).suspended.is_none()
			&& Self::has_emergency_role(&emergency.claimant, &emergency.organisation, at)
	}

	/// Whether the reader could open an emergency that reaches the record: somebody can hand out
	/// its key, and the reader may break the glass.
	fn can_break_glass(reader: &Reader, facts: &RecordFacts, at: Moment) -> bool {
		EmergencyKeys::<T>::contains_key(facts.subject, facts.compartment)
			&& reader
				.organisations()
				.iter()
				.any(|organisation| Self::has_emergency_role(&reader.id, organisation, at))
			&& Claimants::<T>::get(reader.id).suspended.is_none()
	}
}

/// Who wants to know what a decision looks at.
trait Listener {
	fn rule(&mut self, grantee: &Grantee, rule: &Rule, verdict: Result<(), Mismatch>);
	fn emergency(&mut self, emergency: Option<EmergencyId>);
	fn policy(&mut self, policy: AccessPolicy);
}

/// Nobody does.
struct Unheard;

impl Listener for Unheard {
	fn rule(&mut self, _: &Grantee, _: &Rule, _: Result<(), Mismatch>) {}
	fn emergency(&mut self, _: Option<EmergencyId>) {}
	fn policy(&mut self, _: AccessPolicy) {}
}

/// An explanation in the making.
#[derive(Default)]
struct Heard {
	examined: Vec<Examined>,
	emergency: Option<EmergencyId>,
	policy: Option<AccessPolicy>,
}

impl Listener for Heard {
	fn rule(&mut self, grantee: &Grantee, rule: &Rule, verdict: Result<(), Mismatch>) {
		let mismatch = verdict.err();
		self.examined.push(Examined { grantee: *grantee, rule: *rule, mismatch });
	}

	fn emergency(&mut self, emergency: Option<EmergencyId>) {
		self.emergency = emergency;
	}

	fn policy(&mut self, policy: AccessPolicy) {
		self.policy = Some(policy);
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

	/// Whether the policy lets it read: it treats people, by licence, and the record is not kept
	/// apart.
	pub(crate) fn reads_by_policy<T: Config>(
		&self,
		question: &AccessQuestion,
		policy: AccessPolicy,
		restricted: bool,
		at: Moment,
	) -> bool {
		!restricted
			&& question.action == Action::Access
			&& covers(policy, question.purpose)
			&& self.treats::<T>(at)
	}

	/// A practitioner at work, or an organisation with a licence for care.
	fn treats<T: Config>(&self, at: Moment) -> bool {
		let is_licensed = || T::Accreditations::is_accredited_any(&self.id, CARE_LICENCES, at);
		match self.kind {
			Some(IdentityKind::Practitioner) => !self.affiliations.is_empty(),
			Some(IdentityKind::Organisation) => is_licensed(),
			// Who is inactive by now may have been either.
			None => !self.affiliations.is_empty() || is_licensed(),
			Some(IdentityKind::Patient | IdentityKind::Device) => false,
		}
	}

	/// Where it works.
	fn organisations(&self) -> Vec<IdentityId> {
		let mut all: Vec<_> = self.affiliations.iter().map(|(employer, _)| *employer).collect();
		all.sort();
		all.dedup();
		all
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

/// Whether a policy permits a purpose.
fn covers(policy: AccessPolicy, purpose: Purpose) -> bool {
	match policy {
		AccessPolicy::Deny | AccessPolicy::BreakGlassOnly => false,
		AccessPolicy::PermitTreatment => Purposes::of(&[Purpose::Treat]).covers(purpose),
		AccessPolicy::PermitAllAuthorised => !Purposes::NOT_GRANTABLE.contains(purpose),
	}
}

/// The lowest matching grant of each sort.
#[derive(Default)]
struct Tally {
	denies: Option<GrantId>,
	/// An emergency goes past these.
	denies_for_now: Option<GrantId>,
	permits: Option<GrantId>,
	/// Counted uses are kept for when nothing else permits.
	permits_with_uses: Option<GrantId>,
}

impl Tally {
	fn add(&mut self, rule: &Rule) {
		let sort = match (rule.terms.decision, rule.uses_left) {
			(Decision::Deny { override_in_emergency: false }, _) => &mut self.denies,
			(Decision::Deny { override_in_emergency: true }, _) => &mut self.denies_for_now,
			(Decision::Permit, None) => &mut self.permits,
			(Decision::Permit, Some(_)) => &mut self.permits_with_uses,
		};
		*sort = Some(sort.map_or(rule.grant, |lowest| lowest.min(rule.grant)));
	}
}
