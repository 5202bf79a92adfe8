// SPDX-License-Identifier: Apache-2.0

//! Random policies of a patient: the decision, its explanation and a reference model agree.

mod reference;

use super::{
	emergency::{EMERGENCY, break_glass_at, close},
	*,
};
use proptest::{
	collection::vec,
	prelude::*,
	sample::{Index, select},
	test_runner::{Config as Runs, TestRunner},
};
use reference::{Broken, COMPARTMENTS, Given, Reference};
use salus_primitives::{AccessPolicy, AccreditationKind, EmergencyKey};
use std::{cell::RefCell, collections::BTreeMap};

const HOUR: Moment = 3_600_000;
const READERS: [Sr25519Keyring; 7] = [Alice, Bob, Charlie, Dave, Eve, Ferdie, Two];
const PURPOSES: [Purpose; 9] = [
	Purpose::Treat,
	Purpose::Coc,
	Purpose::Etreat,
	Purpose::Btg,
	Purpose::Hpaymt,
	Purpose::Coverage,
	Purpose::Eligdtrm,
	Purpose::Hoperat,
	Purpose::Hlegal,
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
	/// The grantee of some grant passes it on.
	PassOn(Index, Offer),
	Narrow(Index, Offer),
	Revoke(Index),
	RevokeAll(Grantee),
	SetPolicy(AccessPolicy),
	/// Somebody breaks the glass at a hospital.
	Break(Sr25519Keyring, Sr25519Keyring, Option<CompartmentNo>),
	Close(Index),
	/// Suspends somebody, or reinstates who is suspended.
	Suspend(Sr25519Keyring),
	/// Gives an emergency key, or takes it back.
	Key(CompartmentNo),
	/// Asks, and logs what was answered.
	Read(AccessQuestion),
	Wait(Moment),
}

fn keys_for(grantee: &Grantee, decision: Decision, scope: Scope) -> GrantKeys {
	match scope {
		_ if decision != Decision::Permit || grantee.key_holder().is_none() => GrantKeys::None,
		Scope::Record(_) => record_key(),
		Scope::Compartment(no) => compartment_keys(&[compartment_key(no)]),
		Scope::Subject(_) => compartment_keys(&[compartment_key(1), compartment_key(3)]),
	}
}

fn an_offer() -> impl Strategy<Value = Offer> {
	let scope = prop_oneof![
		(0..4usize).prop_map(|n| Scope::Record(RECORDS[n])),
		(1..4u8).prop_map(Scope::Compartment),
		any::<u8>().prop_map(|bits| Scope::Subject(Classes(bits | 1))),
		Just(Scope::Subject(Classes::ALL)),
	];
	let purposes = vec(select(PURPOSES.to_vec()), 1..4).prop_map(|all| {
		let named = all.into_iter().fold(1, |bits, purpose| bits | 1 << purpose as u8);
		Purposes(named & !Purposes::NOT_GRANTABLE.0)
	});
	let actions = (1..8u8).prop_map(|bits| Actions(bits | 1));
	let data_period = prop::option::weighted(0.3, (0..6u64, 1..4u64));
	let uses = prop::option::weighted(0.3, 1..3u32);
	let decision = prop_oneof![
		8 => Just(Decision::Permit),
		1 => Just(DENY),
		1 => Just(OVERRIDABLE),
	];
	let which = (select(grantees()), decision, scope, any::<bool>());
	(which, purposes, any::<bool>(), actions, data_period, (0..20u64, 1..30u64), uses).prop_map(
		|((grantee, decision, scope, delegable), purposes, other, actions, period, w, uses)| {
			let from = START - 10 * HOUR + w.0 * HOUR;
			let can_pass = decision == Decision::Permit && delegable;
			let no_treatment = Purposes(purposes.0 & !1 | 1 << Purpose::Hoperat as u8);
			Offer {
				grantee,
				decision,
				scope,
				purposes: if other { no_treatment } else { purposes },
				actions,
				data_period: period.map(|(from, length)| Window {
					from: FILED + from * HOUR,
					until: FILED + (from + length) * HOUR,
				}),
				window: Window { from, until: from + w.1 * HOUR },
				uses: uses.filter(|_| decision == Decision::Permit && !can_pass),
				delegable: can_pass,
				keys: keys_for(&grantee, decision, scope),
			}
		},
	)
}

fn a_question() -> impl Strategy<Value = AccessQuestion> {
	let purposes = prop_oneof![
		4 => Just(Purpose::Treat),
		4 => Just(Purpose::Btg),
		3 => select(PURPOSES.to_vec()),
	];
	let actions = prop_oneof![
		5 => Just(Action::Access),
		1 => select(vec![Action::Collect, Action::Use, Action::Correct]),
	];
	// The practitioners wear most hats: ask for them most often.
	let readers = prop_oneof![
		3 => select(vec![Bob, Charlie]),
		2 => select(READERS.to_vec()),
	];
	let records = prop_oneof![
		9 => select(RECORDS[..4].to_vec()),
		1 => Just(RECORDS[4]),
	];
	(readers, records, purposes, actions).prop_map(|(reader, record, purpose, action)| {
		AccessQuestion { reader: identity(reader), record, purpose, action }
	})
}

fn a_step() -> impl Strategy<Value = Happening> {
	let claimants = || select(vec![Bob, Charlie]);
	let compartment = || select(COMPARTMENTS.to_vec());
	// Mostly where they may.
	let places = select(vec![(Bob, Eve), (Bob, Eve), (Charlie, Ferdie), (Charlie, Eve)]);
	let breaking = (places, prop::option::of(compartment()));
	prop_oneof![
		8 => an_offer().prop_map(Happening::Grant),
		3 => (any::<Index>(), an_offer()).prop_map(|(n, to)| Happening::PassOn(n, to)),
		3 => (any::<Index>(), an_offer()).prop_map(|(n, to)| Happening::Narrow(n, to)),
		1 => any::<Index>().prop_map(Happening::Revoke),
		1 => select(grantees()).prop_map(Happening::RevokeAll),
		2 => select(AccessPolicy::ALL.to_vec()).prop_map(Happening::SetPolicy),
		6 => breaking.prop_map(|((who, at), which)| Happening::Break(who, at, which)),
		1 => any::<Index>().prop_map(Happening::Close),
		1 => claimants().prop_map(Happening::Suspend),
		1 => compartment().prop_map(Happening::Key),
		3 => a_question().prop_map(Happening::Read),
		1 => (0..4 * HOUR).prop_map(Happening::Wait),
		1 => (0..4u64).prop_map(|hours| Happening::Wait(hours * HOUR)),
	]
}

/// One policy: affiliations of Bob and Charlie as bits over [`POSTS`], whether the author's side
/// reads and whether Eve is licensed, what happens, and what is asked afterwards, at how many hours
/// from then.
type Policy = (u8, u8, (bool, bool), Vec<Happening>, Vec<(AccessQuestion, u64)>);

fn a_policy() -> impl Strategy<Value = Policy> {
	let questions = vec((a_question(), 0..3u64), QUESTIONS);
	(0..16u8, 0..16u8, any::<(bool, bool)>(), vec(a_step(), 5..15), questions)
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

/// The world before anything happens: Bob may break the glass at Eve's and Charlie at Ferdie's,
/// where they work there, and Ferdie holds the keys of two compartments.
fn begin(bobs: u8, charlies: u8, author_access: bool, licensed: bool) -> Reference {
	let posts_of = |bits: u8| -> Vec<_> {
		let held = POSTS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1);
		held.map(|(_, (at, role))| (identity(*at), *role)).collect()
	};
	let facility = AccreditationKind::FacilityLicence;
	let mut model = Reference {
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
		..Reference::default()
	};
	AuthorAccess::set(author_access);
	for (who, posts) in &model.posts {
		Accreditations::affiliate(*who, posts);
	}
	for (who, at) in [(Bob, Eve), (Charlie, Ferdie)] {
		Accreditations::permit(identity(who), identity(at), EMERGENCY);
		model.emergency_roles.insert((identity(who), identity(at)));
	}
	for who in [Some(Ferdie), licensed.then_some(Eve)].into_iter().flatten() {
		Accreditations::always(identity(who), facility);
		model.licensed.insert(identity(who));
	}
	assert_ok!(Consent::set_emergency_holder(signed(Ferdie), true));
	for keeper in [Alice, Dave, Eve, Ferdie] {
		keep_shares(identity(keeper), One);
	}
	for compartment in [1, 2] {
		turn_key(&mut model, compartment);
	}
	let policy = AccessPolicy::BreakGlassOnly;
	assert_ok!(Consent::set_policy(signed(Alice), identity(Alice), policy));
	model.policy = Some(policy);
	model
}

fn turn_key(model: &mut Reference, compartment: CompartmentNo) {
	let held = EmergencyKey { holder: identity(Ferdie), epoch: 0, key_version: 1, wrap: [6; 80] };
	let takes = !model.keys.remove(&compartment);
	if takes {
		model.keys.insert(compartment);
	}
	let key = takes.then_some(held);
	assert_ok!(Consent::set_emergency_key(signed(Alice), identity(Alice), compartment, key));
}

/// A random world may fill a pair or a quota, or come late; nothing else.
fn is_bad_luck(error: DispatchError, window: Window, now: Moment) -> bool {
	[
		(Error::<Test>::TooManyGrants, true),
		(Error::<Test>::TooManyGrantsToGrantee, true),
		(Error::<Test>::TooManySubGrants, true),
		(Error::<Test>::TooManySubGrantsToGrantee, true),
		(Error::<Test>::WindowPast, window.until <= now),
		(Error::<Test>::WindowBackdated, window.from + DAY < now),
	]
	.into_iter()
	.any(|(reason, fits)| fits && error == reason.into())
}

fn grant(model: &mut Reference, offer: Offer) {
	let id = NextGrantId::<Test>::get();
	let now = Timestamp::get();
	match offer.clone().offer() {
		Ok(()) => {
			let left = offer.uses;
			model.given.push(Given { id, parent: None, offer, is_revoked: false, left });
		},
		Err(error) => assert!(is_bad_luck(error, offer.window, now), "{error:?}"),
	}
}

fn has_ended(given: &Given) -> bool {
	given.is_revoked || given.left == Some(0) || given.offer.window.until <= Timestamp::get()
}

fn pass_some_on(model: &mut Reference, which: Index, mut to: Offer) {
	if model.given.is_empty() {
		return;
	}
	let parent = model.given[which.index(model.given.len())].clone();
	let depth = 1 + u8::from(parent.parent.is_some());
	let is_deep = depth == 2 && {
		let above = parent.parent.expect("it has one");
		model.find(above).parent.is_some()
	};
	// Half of what the offer says, so that it lies within more often.
	let before = &parent.offer;
	let shared = Purposes(to.purposes.0 & before.purposes.0);
	to.purposes = if shared.is_empty() { before.purposes } else { shared };
	to.actions = Actions(to.actions.0 & before.actions.0);
	to.window.until = to.window.until.min(before.window.until);
	to.window.from = to.window.from.max(before.window.from);
	to.data_period = to.data_period.or(before.data_period);
	to.scope = if to.uses.is_some() { before.scope } else { to.scope };
	to.decision = Decision::Permit;
	to.uses = None;
	to.delegable = depth == 1 && to.delegable;
	to.keys = keys_for(&to.grantee, to.decision, to.scope);
	let maker = READERS.into_iter().find(|who| parent.offer.grantee.names(&identity(*who)));
	let id = NextGrantId::<Test>::get();
	let result = pass_on(maker.unwrap_or(Dave), parent.id, to.clone());
	let names_itself = maker.is_some_and(|who| to.grantee.names(&identity(who)));
	let may = maker.is_some()
		&& !names_itself
		&& !is_deep
		&& !has_ended(&parent)
		&& parent.offer.delegable
		&& !to.window.is_empty()
		&& model.is_within(&to, &parent.offer)
		&& maker.is_some_and(|who| model.may_pass_on(identity(who), &to, Timestamp::get()));
	match result {
		Ok(()) => {
			assert!(may, "{to:?} from {:?}", parent.offer);
			let parent = Some(parent.id);
			model.given.push(Given { id, parent, offer: to, is_revoked: false, left: None });
		},
		Err(error) => {
			assert!(!may || is_bad_luck(error, to.window, Timestamp::get()), "{error:?}");
		},
	}
}

fn narrow_some(model: &mut Reference, which: Index, mut to: Offer) {
	if model.given.is_empty() {
		return;
	}
	let given = model.given[which.index(model.given.len())].clone();
	let before = &given.offer;
	// Half of what the offer says, so that it lies within more often.
	to.grantee = before.grantee;
	to.decision = before.decision;
	to.purposes = before.purposes;
	to.window.until = to.window.until.min(before.window.until);
	to.window.from = to.window.from.max(before.window.from);
	to.data_period = to.data_period.or(before.data_period);
	to.actions = Actions(to.actions.0 & before.actions.0);
	to.uses = to.uses.filter(|_| before.decision == Decision::Permit).or(given.left);
	to.keys = keys_for(&to.grantee, to.decision, to.scope);
	let now = Timestamp::get();
	let uses_fall = given.left.is_none_or(|left| to.uses.is_some_and(|uses| uses <= left));
	let can_be = to.window.from < to.window.until && now < to.window.until;
	let may = uses_fall && can_be && !has_ended(&given) && model.is_within(&to, before);
	match narrow(given.id, to.clone()) {
		Ok(()) => {
			assert!(may, "{to:?} from {before:?}");
			let row = model.find(given.id);
			to.delegable = row.offer.delegable && to.uses.is_none();
			row.left = to.uses;
			row.offer = to.clone();
			for id in model.below(given.id) {
				let sub = model.find(id).offer.clone();
				if !to.delegable || !model.is_within(&sub, &to) {
					model.revoke(id);
				}
			}
		},
		Err(error) => {
			let unchanged = error == Error::<Test>::NothingNarrowed.into();
			assert!(!may || unchanged, "{error:?} for {to:?} from {before:?}");
		},
	}
}

fn happen(model: &mut Reference, step: Happening) {
	let now = Timestamp::get();
	match step {
		Happening::Grant(offer) => grant(model, offer),
		Happening::PassOn(which, to) => pass_some_on(model, which, to),
		Happening::Narrow(which, to) => narrow_some(model, which, to),
		Happening::Revoke(which) if !model.given.is_empty() => {
			let given = &model.given[which.index(model.given.len())];
			let (id, was_revoked) = (given.id, given.is_revoked);
			assert_eq!(revoke(id).is_ok(), !was_revoked);
			model.revoke(id);
		},
		Happening::RevokeAll(grantee) => {
			let is_meant = |given: &&Given| {
				given.offer.grantee == grantee
					&& given.offer.decision == Decision::Permit
					&& !has_ended(given)
			};
			let meant: Vec<_> = model.given.iter().filter(is_meant).map(|g| g.id).collect();
			let (alice, strength) = (identity(Alice), RevocationStrength::Lazy);
			let result = Consent::revoke_all(signed(Alice), alice, grantee, strength);
			assert_eq!(result.is_ok(), !meant.is_empty());
			meant.into_iter().for_each(|id| model.revoke(id));
		},
		Happening::SetPolicy(policy) => {
			let before = model.policy.unwrap_or(AccessPolicy::Deny);
			let set = Consent::set_policy(signed(Alice), identity(Alice), policy);
			assert_eq!(set.is_ok(), policy != before);
			model.policy = Some(policy);
		},
		Happening::Break(who, at, compartment) => {
			let id = NextEmergencyId::<Test>::get();
			let (claimant, organisation) = (identity(who), identity(at));
			if break_glass_at(who, identity(Alice), organisation, compartment).is_ok() {
				let window = Window { from: now, until: now + 4 * HOUR };
				model.broken.push(Broken { id, claimant, organisation, compartment, window });
			}
		},
		Happening::Close(which) if !model.broken.is_empty() => {
			let number = which.index(model.broken.len());
			let broken = &mut model.broken[number];
			let is_open = now < broken.window.until;
			assert_eq!(close(Alice, broken.id).is_ok(), is_open);
			if is_open {
				broken.window.until = now;
			}
		},
		Happening::Suspend(who) => {
			let id = identity(who);
			if model.suspended.remove(&id) {
				assert_ok!(Consent::reinstate(RuntimeOrigin::root(), id));
			} else {
				assert_ok!(Consent::suspend(RuntimeOrigin::root(), id));
				model.suspended.insert(id);
			}
		},
		Happening::Key(compartment) => turn_key(model, compartment),
		Happening::Read(asked) => {
			let decision = model.decide(&asked, now);
			let logged = log(asked, decision);
			let floods = logged == Err(Error::<Test>::TooManyDenials.into());
			assert!(floods || logged.is_ok() == model.records.contains_key(&asked.record));
			if let AccessDecision::Permit(PermitBasis::Grant(id)) = decision {
				let left = &mut model.find(id).left;
				*left = left.map(|left| left - 1);
			}
		},
		Happening::Wait(time) => go_to(now + time),
		Happening::Revoke(_) | Happening::Close(_) => {},
	}
}

/// Lives through a policy and asks; answers which steps decided.
fn live_through(policy: Policy) -> Vec<Step> {
	let (bobs, charlies, (author_access, licensed), steps, questions) = policy;
	let mut model = begin(bobs, charlies, author_access, licensed);
	for step in steps {
		happen(&mut model, step);
	}
	let now = Timestamp::get();
	let mut decided = vec![];
	for (asked, hours) in questions {
		let at = now + hours * HOUR;
		let expected = model.decide(&asked, at);
		assert_eq!(Consent::check_access(&asked, at), expected, "{asked:?}");
		let explained = Consent::explain_access(&asked, at);
		assert_eq!(explained.decision, expected);
		if explained.step >= Step::Deny {
			let matches = explained.examined.iter().filter(|examined| examined.mismatch.is_none());
			let mut found: Vec<_> = matches.map(|examined| examined.rule.grant).collect();
			found.sort();
			let matching = model.matching(&asked, at);
			assert_eq!(found, matching.into_iter().map(|given| given.id).collect::<Vec<_>>());
			assert_eq!(explained.emergency, model.emergency(&asked, at));
		}
		decided.push(explained.step);
	}
	decided
}

const POLICIES: u32 = 10_000;
const QUESTIONS: usize = 8;
const THREADS: u32 = 4;

/// Lives through so many policies; answers how often each step decided.
fn live_through_many(policies: u32) -> BTreeMap<Step, u32> {
	let decided = RefCell::new(BTreeMap::new());
	let lived = RefCell::new(0u32);
	let runs = Runs { cases: policies, failure_persistence: None, ..Runs::default() };
	let agreed = TestRunner::new(runs).run(&a_policy(), |policy| {
		let compartments = COMPARTMENTS.map(|no| (no, no == 2));
		let steps = ExtBuilder::default().compartments(&compartments).build().execute_with(|| {
			let steps = live_through(policy);
			// The invariants of some of the worlds: they read all there is.
			if lived.replace_with(|lived| *lived + 1).is_multiple_of(10) {
				assert_ok!(Consent::do_try_state());
			}
			steps
		});
		for step in steps {
			*decided.borrow_mut().entry(step).or_default() += 1;
		}
		Ok(())
	});
	agreed.unwrap_or_else(|disagreement| panic!("{disagreement}"));
	decided.into_inner()
}

#[test]
fn decision_explanation_and_model_agree_on_ten_thousand_policies() {
	let shares: Vec<_> = (0..THREADS)
		.map(|_| std::thread::spawn(|| live_through_many(POLICIES / THREADS)))
		.collect();
	let mut decided = BTreeMap::<Step, u32>::new();
	for share in shares {
		for (step, count) in share.join().expect("every share agrees") {
			*decided.entry(step).or_default() += count;
		}
	}
	assert_eq!(decided.values().sum::<u32>(), POLICIES * QUESTIONS as u32);
	// Every step decided, and not just by chance.
	assert_eq!(decided.len(), 9, "{decided:?}");
	assert!(decided.values().all(|count| *count >= 300), "{decided:?}");
}
