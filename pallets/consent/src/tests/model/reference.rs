// SPDX-License-Identifier: Apache-2.0

//! A reference model of the decision, after the order in the README.
//!
//! It keeps every grant and emergency in one list and asks each of them. What a grant covers is a
//! set of atoms, so that "within" is inclusion of sets.

use super::super::*;
use salus_primitives::{AccessPolicy, EmergencyId};
use std::collections::{BTreeMap, BTreeSet};

/// What each purpose implies, in full.
const IMPLIED: [(Purpose, &[Purpose]); 4] = [
	(Purpose::Treat, &[Purpose::Coc]),
	(Purpose::Hpaymt, &[Purpose::Coverage, Purpose::Eligdtrm]),
	(Purpose::Coverage, &[Purpose::Eligdtrm]),
	(Purpose::Hoperat, &[Purpose::Hlegal]),
];

/// The compartments of the world, of which the second is restricted.
pub(super) const COMPARTMENTS: [CompartmentNo; 3] = [1, 2, 3];
const RESTRICTED: CompartmentNo = 2;

/// What a grant was given with, and what became of it.
#[derive(Clone)]
pub(super) struct Given {
	pub(super) id: GrantId,
	pub(super) parent: Option<GrantId>,
	pub(super) offer: Offer,
	pub(super) is_revoked: bool,
	/// How many uses are left.
	pub(super) left: Option<u32>,
}

pub(super) struct Broken {
	pub(super) id: EmergencyId,
	pub(super) claimant: IdentityId,
	pub(super) organisation: IdentityId,
	pub(super) compartment: Option<CompartmentNo>,
	pub(super) window: Window,
}

#[derive(Default)]
pub(super) struct Reference {
	pub(super) records: BTreeMap<RecordId, RecordFacts>,
	pub(super) posts: BTreeMap<IdentityId, Vec<(IdentityId, Role)>>,
	/// Who may break the glass, and where.
	pub(super) emergency_roles: BTreeSet<(IdentityId, IdentityId)>,
	pub(super) suspended: BTreeSet<IdentityId>,
	pub(super) licensed: BTreeSet<IdentityId>,
	pub(super) author_access: bool,
	pub(super) given: Vec<Given>,
	pub(super) broken: Vec<Broken>,
	/// The compartments with a key for emergencies.
	pub(super) keys: BTreeSet<CompartmentNo>,
	pub(super) policy: Option<AccessPolicy>,
}

/// A part of what there is to read: one record, or whatever there may be of a class in a
/// compartment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Atom {
	Record(RecordId),
	Class(u8, CompartmentNo),
}

impl Reference {
	pub(super) fn find(&mut self, id: GrantId) -> &mut Given {
		self.given.iter_mut().find(|given| given.id == id).expect("it was given")
	}

	fn posts(&self, reader: IdentityId) -> &[(IdentityId, Role)] {
		self.posts.get(&reader).map_or(&[], |posts| posts)
	}

	fn concerns(&self, grantee: &Grantee, reader: IdentityId) -> bool {
		let mut yes = false;
		match *grantee {
			Grantee::Identity(id) => yes = id == reader,
			Grantee::Organisation(id) => {
				yes |= id == reader;
				for (at, _) in self.posts(reader) {
					yes |= *at == id;
				}
			},
			Grantee::Role { organisation: Some(id), role } => {
				yes = self.posts(reader).contains(&(id, role));
			},
			Grantee::Role { organisation: None, role } => {
				for (_, held) in self.posts(reader) {
					yes |= *held == role;
				}
			},
		}
		yes
	}

	/// Whether a scope covers an atom.
	fn covers(&self, scope: Scope, decision: Decision, atom: Atom) -> bool {
		let (class, compartment) = match atom {
			Atom::Record(id) => (self.records[&id].class as u8, self.records[&id].compartment),
			Atom::Class(class, compartment) => (class, compartment),
		};
		match scope {
			Scope::Record(id) => atom == Atom::Record(id),
			Scope::Compartment(no) => no == compartment,
			Scope::Subject(classes) => {
				let is_named = (classes.0 >> class) & 1 == 1;
				is_named && (compartment != RESTRICTED || decision != Decision::Permit)
			},
		}
	}

	/// Every atom that a scope covers.
	fn extent(&self, scope: Scope, decision: Decision) -> BTreeSet<Atom> {
		let mut all: BTreeSet<_> = self.records.keys().map(|id| Atom::Record(*id)).collect();
		for class in 0..8 {
			all.extend(COMPARTMENTS.map(|compartment| Atom::Class(class, compartment)));
		}
		all.retain(|atom| self.covers(scope, decision, *atom));
		all
	}

	/// Every purpose that is named or implied, as bits.
	fn purposes(named: Purposes) -> u32 {
		let mut all = named.0;
		for (parent, children) in IMPLIED {
			if named.0 >> parent as u8 & 1 == 1 {
				all |= Purposes::of(children).0;
			}
		}
		all
	}

	/// Whether one offer says nothing that the other does not say.
	pub(super) fn is_within(&self, inner: &Offer, outer: &Offer) -> bool {
		let beyond =
			|inner: Window, outer: Window| inner.from < outer.from || outer.until < inner.until;
		let period_beyond = match (inner.data_period, outer.data_period) {
			(_, None) => false,
			(None, Some(_)) => true,
			(Some(inner), Some(outer)) => beyond(inner, outer),
		};
		let extent = |offer: &Offer| self.extent(offer.scope, outer.decision);
		!beyond(inner.window, outer.window)
			&& !period_beyond
			&& inner.actions.0 & !outer.actions.0 == 0
			&& Self::purposes(inner.purposes) & !Self::purposes(outer.purposes) == 0
			&& extent(inner).is_subset(&extent(outer))
	}

	/// Whether somebody may pass on what an offer says: no denial keeps it out of a part of that, and
	/// a role is one where it works.
	pub(super) fn may_pass_on(&self, maker: IdentityId, to: &Offer, now: Moment) -> bool {
		let near = match to.grantee {
			Grantee::Role { organisation: Some(place), .. } => {
				place == maker || self.posts(maker).iter().any(|(at, _)| *at == place)
			},
			Grantee::Role { organisation: None, .. } => false,
			_ => true,
		};
		let passed = self.extent(to.scope, Decision::Permit);
		near && !self.given.iter().any(|given| {
			let denial = &given.offer;
			let acts = !given.is_revoked
				&& denial.decision != Decision::Permit
				&& denial.window.from <= now
				&& now < denial.window.until
				&& self.concerns(&denial.grantee, maker);
			let periods_touch = match (denial.data_period, to.data_period) {
				(Some(one), Some(other)) => one.from < other.until && other.from < one.until,
				_ => true,
			};
			let purposes = Self::purposes(denial.purposes) & Self::purposes(to.purposes);
			acts && periods_touch
				&& purposes != 0
				&& denial.actions.0 & to.actions.0 != 0
				&& !passed.is_disjoint(&self.extent(denial.scope, denial.decision))
		})
	}

	/// Those that hang below a grant, at any depth.
	pub(super) fn below(&self, id: GrantId) -> Vec<GrantId> {
		let mut found = vec![id];
		let mut next = 0;
		while let Some(parent) = found.get(next).copied() {
			found.extend(self.given.iter().filter(|g| g.parent == Some(parent)).map(|g| g.id));
			next += 1;
		}
		found.split_off(1)
	}

	pub(super) fn revoke(&mut self, id: GrantId) {
		for id in [vec![id], self.below(id)].concat() {
			self.find(id).is_revoked = true;
		}
	}

	/// The grants that match, lowest first.
	pub(super) fn matching(&self, asked: &AccessQuestion, at: Moment) -> Vec<&Given> {
		let Some(record) = self.records.get(&asked.record) else { return vec![] };
		let mut all = vec![];
		for given in &self.given {
			let offer = &given.offer;
			if given.is_revoked || given.left == Some(0) {
				continue;
			}
			if at < offer.window.from || at >= offer.window.until {
				continue;
			}
			let in_period = match offer.data_period {
				Some(period) => period.from <= record.created && record.created < period.until,
				None => true,
			};
			// A denial of treatment is one of emergencies.
			let is_emergency = [Purpose::Btg, Purpose::Etreat].contains(&asked.purpose);
			let purpose = match offer.decision {
				Decision::Deny { .. } if is_emergency => Purpose::Treat,
				_ => asked.purpose,
			};
			let is_purpose = Self::purposes(offer.purposes) >> purpose as u8 & 1 == 1;
			let is_action = (offer.actions.0 >> asked.action as u8) & 1 == 1;
			let atom = Atom::Record(asked.record);
			if in_period
				&& is_purpose
				&& is_action && self.covers(offer.scope, offer.decision, atom)
				&& self.concerns(&offer.grantee, asked.reader)
			{
				all.push(given);
			}
		}
		all
	}

	fn may_break_glass(&self, reader: IdentityId) -> bool {
		let lets = |at: &IdentityId| self.emergency_roles.contains(&(reader, *at));
		!self.suspended.contains(&reader) && self.posts(reader).iter().any(|(at, _)| lets(at))
	}

	/// The last emergency of the reader, when it acts and reaches the compartment.
	pub(super) fn emergency(&self, asked: &AccessQuestion, at: Moment) -> Option<EmergencyId> {
		let record = self.records.get(&asked.record)?;
		if asked.purpose != Purpose::Btg || asked.action != Action::Access {
			return None;
		}
		let last = self.broken.iter().rev().find(|broken| broken.claimant == asked.reader)?;
		let works_there = self.posts(asked.reader).iter().any(|(at, _)| *at == last.organisation)
			&& self.emergency_roles.contains(&(asked.reader, last.organisation));
		let reaches = match last.compartment {
			Some(no) => no == record.compartment,
			None => record.compartment != RESTRICTED,
		};
		let reaches = reaches && self.keys.contains(&record.compartment);
		let is_open = last.window.from <= at && at < last.window.until;
		let acts = works_there && reaches && is_open && !self.suspended.contains(&asked.reader);
		acts.then_some(last.id)
	}

	fn by_policy(&self, asked: &AccessQuestion, compartment: CompartmentNo) -> bool {
		let covers = match self.policy.unwrap_or(AccessPolicy::Deny) {
			AccessPolicy::Deny | AccessPolicy::BreakGlassOnly => false,
			AccessPolicy::PermitTreatment => {
				[Purpose::Treat, Purpose::Coc].contains(&asked.purpose)
			},
			AccessPolicy::PermitAllAuthorised => {
				![Purpose::Btg, Purpose::Etreat].contains(&asked.purpose)
			},
		};
		let treats = !self.posts(asked.reader).is_empty() || self.licensed.contains(&asked.reader);
		covers && treats && compartment != RESTRICTED && asked.action == Action::Access
	}

	fn wrote(&self, asked: &AccessQuestion, record: &RecordFacts) -> bool {
		let may_ask = [Purpose::Treat, Purpose::Hlegal].contains(&asked.purpose)
			&& asked.action == Action::Access
			&& self.author_access;
		let works_at = |at: IdentityId| self.posts(asked.reader).iter().any(|(o, _)| *o == at);
		may_ask
			&& match record.organisation {
				Some(organisation) => asked.reader == organisation || works_at(organisation),
				None => asked.reader == record.author,
			}
	}

	pub(super) fn decide(&self, asked: &AccessQuestion, at: Moment) -> AccessDecision {
		let Some(record) = self.records.get(&asked.record) else {
			return AccessDecision::Deny(DenyReason::UnknownRecord);
		};
		if asked.reader == identity(Two) {
			return AccessDecision::Deny(DenyReason::UnknownReader);
		}
		if asked.reader == record.subject {
			return BY_SUBJECT;
		}
		if self.wrote(asked, record) {
			return BY_AUTHOR;
		}
		let matching = self.matching(asked, at);
		let emergency = self.emergency(asked, at);
		let is = |given: &&&Given, decision: Decision| given.offer.decision == decision;
		let denials: Vec<_> = matching
			.iter()
			.filter(|given| is(given, DENY) || (is(given, OVERRIDABLE) && emergency.is_none()))
			.collect();
		// One that nothing goes past ends it; the lowest that counts is named.
		if denials.iter().any(|given| is(given, DENY)) {
			return denied_by(denials[0].id);
		}
		let denial = denials.first().map(|given| given.id);
		if denial.is_none() {
			for counts_uses in [false, true] {
				for given in &matching {
					let permits = given.offer.decision == Decision::Permit;
					if permits && given.left.is_some() == counts_uses {
						return permit(given.id);
					}
				}
			}
			if let Some(id) = emergency {
				return AccessDecision::Permit(PermitBasis::Emergency(id));
			}
			if self.by_policy(asked, record.compartment) {
				return AccessDecision::Permit(PermitBasis::Policy);
			}
		}
		let urgent = [Purpose::Treat, Purpose::Coc, Purpose::Etreat, Purpose::Btg];
		let can_break = self.policy.unwrap_or(AccessPolicy::Deny) != AccessPolicy::Deny
			&& self.keys.contains(&record.compartment)
			&& self.may_break_glass(asked.reader)
			&& asked.action == Action::Access
			&& urgent.contains(&asked.purpose);
		match (can_break, denial) {
			(true, denial) => AccessDecision::Deny(DenyReason::BreakGlass(denial)),
			(false, Some(id)) => denied_by(id),
			(false, None) => NO_GRANT,
		}
	}
}
