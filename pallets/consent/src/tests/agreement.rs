// SPDX-License-Identifier: Apache-2.0

//! Random policies: the decision, its explanation and a reference model agree.
//!
//! The model keeps every grant in one list and asks each of them, in words of its own.

use super::*;
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config as Runs, TestRunner},
};
use std::{cell::RefCell, collections::BTreeMap};

const HOUR: Moment = 3_600_000;
const READERS: [Sr25519Keyring; 7] = [Alice, Bob, Charlie, Dave, Eve, Ferdie, Two];
const PURPOSES: [Purpose; 8] = [
	Purpose::Treat,
	Purpose::Coc,
	Purpose::Etreat,
	Purpose::Hpaymt,
	Purpose::Coverage,
	Purpose::Eligdtrm,
	Purpose::Hoperat,
	Purpose::Hlegal,
];
/// What each purpose implies, in full.
const IMPLIED: [(Purpose, &[Purpose]); 4] = [
	(Purpose::Treat, &[Purpose::Coc]),
	(Purpose::Hpaymt, &[Purpose::Coverage, Purpose::Eligdtrm]),
	(Purpose::Coverage, &[Purpose::Eligdtrm]),
	(Purpose::Hoperat, &[Purpose::Hlegal]),
];
const RECORDS: [RecordId; 5] = [
	RecordId([1; 32]),
	RecordId([2; 32]),
	RecordId([3; 32]),
	RecordId([4; 32]),
	RecordId([99; 32]),
];
/// Who may work where, and as what.
const POSTS: [(Sr25519Keyring, Role); 4] =
	[(Eve, Role::Physician), (Eve, Role::Nurse), (Ferdie, Role::Physician), (Ferdie, Role::Nurse)];

fn grantees() -> Vec<Grantee> {
	vec![
		person(Bob),
		person(Charlie),
		person(Dave),
		organisation(Eve),
		organisation(Ferdie),
		role(Some(Eve), Role::Physician),
		role(Some(Ferdie), Role::Nurse),
		role(None, Role::Physician),
		role(None, Role::Nurse),
	]
}

#[derive(Clone, Debug)]
enum Happening {
	Grant(Offer),
	Revoke(prop::sample::Index),
	/// Asks, and logs what was answered.
	Read(AccessQuestion),
	Wait(Moment),
}

fn an_offer() -> impl Strategy<Value = Offer> {
	let scope = prop_oneof![
		(0..4usize).prop_map(|n| Scope::Record(RECORDS[n])),
		(1..4u8).prop_map(Scope::Compartment),
		any::<u8>().prop_map(|bits| Scope::Subject(Classes(bits | 1))),
	];
	let purposes = vec(prop::sample::select(PURPOSES.to_vec()), 1..4).prop_map(|all| {
		Purposes(
			all.into_iter()
				.filter(|p| *p != Purpose::Etreat)
				.fold(1, |bits, p| bits | 1 << p as u8),
		)
	});
	let no_treatment = any::<bool>();
	let actions = (1..8u8).prop_map(|bits| Actions(bits | 1));
	let data_period = prop::option::weighted(0.3, (0..6u64, 1..4u64)).prop_map(|period| {
		period.map(|(from, length)| Window {
			from: FILED + from * HOUR,
			until: FILED + (from + length) * HOUR,
		})
	});
	let window = (0..20u64, 1..30u64);
	let uses = prop::option::weighted(0.3, 1..3u32);
	let who = prop::sample::select(grantees());
	(
		who,
		prop::bool::weighted(0.2),
		scope,
		purposes,
		no_treatment,
		actions,
		data_period,
		window,
		uses,
	)
		.prop_map(
			|(grantee, denies, scope, mut purposes, other, actions, data_period, w, uses)| {
				if other {
					purposes = Purposes(purposes.0 & !1 | 1 << Purpose::Hoperat as u8);
				}
				let from = START - 10 * HOUR + w.0 * HOUR;
				let keys = match scope {
					_ if denies || grantee.key_holder().is_none() => GrantKeys::None,
					Scope::Record(_) => record_key(),
					Scope::Compartment(no) => compartment_keys(&[compartment_key(no)]),
					Scope::Subject(_) => {
						compartment_keys(&[compartment_key(1), compartment_key(3)])
					},
				};
				Offer {
					grantee,
					decision: if denies { DENY } else { Decision::Permit },
					scope,
					purposes,
					actions,
					data_period,
					window: Window { from, until: from + w.1 * HOUR },
					uses: uses.filter(|_| !denies),
					keys,
				}
			},
		)
}

fn a_question() -> impl Strategy<Value = AccessQuestion> {
	let purposes = prop_oneof![
		3 => Just(Purpose::Treat),
		4 => prop::sample::select(PURPOSES.to_vec()),
	];
	let actions = prop_oneof![
		3 => Just(Action::Access),
		1 => prop::sample::select(vec![Action::Collect, Action::Use, Action::Correct]),
	];
	// The practitioners wear most hats: ask for them most often.
	let readers = prop_oneof![
		3 => prop::sample::select(vec![Bob, Charlie]),
		2 => prop::sample::select(READERS.to_vec()),
	];
	let records = prop_oneof![
		9 => prop::sample::select(RECORDS[..4].to_vec()),
		1 => Just(RECORDS[4]),
	];
	(readers, records, purposes, actions).prop_map(|(reader, record, purpose, action)| {
		AccessQuestion { reader: identity(reader), record, purpose, action }
	})
}

fn a_step() -> impl Strategy<Value = Happening> {
	prop_oneof![
		8 => an_offer().prop_map(Happening::Grant),
		1 => any::<prop::sample::Index>().prop_map(Happening::Revoke),
		4 => a_question().prop_map(Happening::Read),
		1 => (0..4 * HOUR).prop_map(Happening::Wait),
		1 => (0..4u64).prop_map(|hours| Happening::Wait(hours * HOUR)),
	]
}

/// One policy: affiliations of Bob and Charlie as bits over [`POSTS`], the authors' access, what
/// happens, and what is asked afterwards, at how many hours from then.
type Policy = (u8, u8, bool, Vec<Happening>, Vec<(AccessQuestion, u64)>);

fn a_policy() -> impl Strategy<Value = Policy> {
	let questions = vec((a_question(), 0..12u64), 40);
	(0..16u8, 0..16u8, any::<bool>(), vec(a_step(), 10..30), questions)
}

struct Given {
	id: GrantId,
	offer: Offer,
	is_revoked: bool,
	used: u32,
}

struct Model {
	records: BTreeMap<RecordId, RecordFacts>,
	posts: BTreeMap<IdentityId, Vec<(IdentityId, Role)>>,
	author_access: bool,
	given: Vec<Given>,
}

impl Model {
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

	fn includes(purposes: Purposes, asked: Purpose) -> bool {
		let named = |purpose: Purpose| (purposes.0 >> purpose as u8) & 1 == 1;
		named(asked)
			|| IMPLIED.iter().any(|(parent, children)| named(*parent) && children.contains(&asked))
	}

	/// The grants that match, lowest first.
	fn matching(&self, asked: &AccessQuestion, at: Moment) -> Vec<&Given> {
		let Some(record) = self.records.get(&asked.record) else { return vec![] };
		let mut all = vec![];
		for given in &self.given {
			let offer = &given.offer;
			if given.is_revoked || offer.uses.is_some_and(|uses| given.used >= uses) {
				continue;
			}
			if at < offer.window.from || at >= offer.window.until {
				continue;
			}
			let in_period = match offer.data_period {
				Some(period) => period.from <= record.created && record.created < period.until,
				None => true,
			};
			let in_scope = match offer.scope {
				Scope::Record(id) => id == asked.record,
				Scope::Compartment(no) => no == record.compartment,
				Scope::Subject(classes) => {
					let is_named = (classes.0 >> record.class as u8) & 1 == 1;
					// Compartment 2 is the restricted one.
					is_named && (record.compartment != 2 || offer.decision != Decision::Permit)
				},
			};
			let is_action = (offer.actions.0 >> asked.action as u8) & 1 == 1;
			if in_period
				&& in_scope && is_action
				&& Self::includes(offer.purposes, asked.purpose)
				&& self.concerns(&offer.grantee, asked.reader)
			{
				all.push(given);
			}
		}
		all
	}

	fn decide(&self, asked: &AccessQuestion, at: Moment) -> AccessDecision {
		let Some(record) = self.records.get(&asked.record) else {
			return AccessDecision::Deny(DenyReason::UnknownRecord);
		};
		if asked.reader == identity(Two) {
			return AccessDecision::Deny(DenyReason::UnknownReader);
		}
		if asked.reader == record.subject {
			return BY_SUBJECT;
		}
		let may_ask = [Purpose::Treat, Purpose::Hlegal].contains(&asked.purpose)
			&& asked.action == Action::Access
			&& self.author_access;
		if may_ask {
			let works_at = |at: IdentityId| self.posts(asked.reader).iter().any(|(o, _)| *o == at);
			let wrote = match record.organisation {
				Some(organisation) => asked.reader == organisation || works_at(organisation),
				None => asked.reader == record.author,
			};
			if wrote {
				return BY_AUTHOR;
			}
		}
		let matching = self.matching(asked, at);
		for given in &matching {
			if given.offer.decision == DENY {
				return denied_by(given.id);
			}
		}
		for counts_uses in [false, true] {
			for given in &matching {
				if given.offer.uses.is_some() == counts_uses {
					return permit(given.id);
				}
			}
		}
		NO_GRANT
	}
}

fn file(author: Sr25519Keyring, at: Option<Sr25519Keyring>, record: usize) -> RecordFacts {
	let (class, compartment) = [
		(RecordClass::Clinical, 1),
		(RecordClass::Laboratory, 2),
		(RecordClass::Imaging, 3),
		(RecordClass::Genomic, 1),
	][record];
	let facts = RecordFacts {
		subject: identity(Alice),
		author: identity(author),
		organisation: at.map(identity),
		class,
		compartment,
		created: FILED + record as u64 * HOUR,
	};
	Records::set(RECORDS[record], facts.clone());
	facts
}

/// Lives through a policy and asks; answers which steps decided.
fn live_through(policy: Policy) -> Vec<Step> {
	let (bobs, charlies, author_access, steps, questions) = policy;
	let posts_of = |bits: u8| -> Vec<_> {
		let held = POSTS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
		held.map(|(_, (at, role))| (identity(*at), *role)).collect()
	};
	let mut model = Model {
		records: BTreeMap::from([
			(RECORDS[0], file(Bob, Some(Eve), 0)),
			(RECORDS[1], file(Dave, None, 1)),
			(RECORDS[2], file(Ferdie, Some(Ferdie), 2)),
			(RECORDS[3], file(Alice, None, 3)),
		]),
		posts: BTreeMap::from([
			(identity(Bob), posts_of(bobs)),
			(identity(Charlie), posts_of(charlies)),
		]),
		author_access,
		given: vec![],
	};
	AuthorAccess::set(author_access);
	for (who, posts) in &model.posts {
		Accreditations::affiliate(*who, posts);
	}

	for step in steps {
		match step {
			Happening::Grant(offer) => {
				let id = NextGrantId::<Test>::get();
				let is_over = offer.window.until <= Timestamp::get();
				match offer.clone().offer() {
					Ok(()) => model.given.push(Given { id, offer, is_revoked: false, used: 0 }),
					// A random world may fill a pair or the quota, or come late; nothing else.
					Err(error) => assert!(
						error == Error::<Test>::TooManyGrants.into()
							|| error == Error::<Test>::TooManyGrantsToGrantee.into()
							|| (is_over && error == Error::<Test>::WindowPast.into())
							|| error == Error::<Test>::WindowBackdated.into(),
						"{error:?}"
					),
				}
			},
			Happening::Revoke(which) if !model.given.is_empty() => {
				let given = which.index(model.given.len());
				let given = &mut model.given[given];
				assert_eq!(revoke(given.id).is_ok(), !given.is_revoked);
				given.is_revoked = true;
			},
			Happening::Revoke(_) => {},
			Happening::Read(asked) => {
				let decision = model.decide(&asked, Timestamp::get());
				assert_eq!(log(asked, decision).is_ok(), model.records.contains_key(&asked.record));
				if let AccessDecision::Permit(PermitBasis::Grant(id)) = decision {
					let given = model.given.iter_mut().find(|given| given.id == id).unwrap();
					given.used += u32::from(given.offer.uses.is_some());
				}
			},
			Happening::Wait(time) => go_to(Timestamp::get() + time),
		}
	}

	assert_ok!(Consent::do_try_state());
	let now = Timestamp::get();
	let mut decided = vec![];
	for (asked, hours) in questions {
		let at = now + hours * HOUR;
		let expected = model.decide(&asked, at);
		assert_eq!(Consent::check_access(&asked, at), expected, "{asked:?}");
		let explained = Consent::explain_access(&asked, at);
		assert_eq!(explained.decision, expected);
		if explained.step >= Step::Deny {
			let mut found: Vec<_> = explained
				.examined
				.iter()
				.filter(|examined| examined.mismatch.is_none())
				.map(|examined| examined.rule.grant)
				.collect();
			found.sort();
			let matching: Vec<_> =
				model.matching(&asked, at).into_iter().map(|given| given.id).collect();
			assert_eq!(found, matching);
		}
		decided.push(explained.step);
	}
	decided
}

#[test]
fn decision_explanation_and_model_agree_on_ten_thousand_cases() {
	let decided = RefCell::new(BTreeMap::<Step, u32>::new());
	let runs = Runs { cases: 250, failure_persistence: None, ..Runs::default() };
	TestRunner::new(runs)
		.run(&a_policy(), |policy| {
			let compartments = [(1, false), (2, true), (3, false)];
			let steps = ExtBuilder::default()
				.compartments(&compartments)
				.build()
				.execute_with(|| live_through(policy));
			for step in steps {
				*decided.borrow_mut().entry(step).or_default() += 1;
			}
			Ok(())
		})
		.unwrap();

	let decided = decided.into_inner();
	assert_eq!(decided.values().sum::<u32>(), 10_000);
	// Every step decided, and not just by chance.
	assert_eq!(decided.len(), 7, "{decided:?}");
	assert!(decided.values().all(|count| *count >= 100), "{decided:?}");
}
