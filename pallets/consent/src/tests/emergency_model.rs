// SPDX-License-Identifier: Apache-2.0

//! Emergencies against a model of them that forgets nothing and bounds nothing: what is refused,
//! who reads, where each stands, after whatever happened before.

use super::{emergency::*, *};
use proptest::{
	collection::vec,
	prelude::*,
	test_runner::{Config as Trials, TestRunner},
};
use salus_primitives::{EmergencyId, IdentityKind, ReviewOutcome};

/// Who breaks the glass: practitioners of Eve's.
const CLAIMANTS: [Sr25519Keyring; 3] = [Bob, AliceStash, BobStash];
const LASTS: Moment = 4 * HOUR;
const PER_CLAIMANT: usize = 3;
const AT_THE_ORGANISATION: usize = 6;
const STRIKES: u32 = 2;

#[derive(Clone, Copy, Debug)]
enum Happening {
	Wait(Moment),
	Break {
		who: usize,
		compartment: Option<CompartmentNo>,
	},
	Close {
		case: usize,
	},
	Review {
		case: usize,
		outcome: ReviewOutcome,
		by_governance: bool,
	},
	Contest {
		case: usize,
	},
	/// The patient rotates, and hands the new secret to its holder.
	Rotate {
		compartment: CompartmentNo,
	},
	Suspend {
		who: usize,
	},
	Reinstate {
		who: usize,
	},
}

fn happening() -> impl Strategy<Value = Happening> {
	use Happening::*;
	let who = || 0..CLAIMANTS.len();
	let case = || 0usize..6;
	let time = prop_oneof![
		Just(1),
		Just(HOUR),
		Just(LASTS),
		Just(DAY - 1),
		Just(DAY),
		Just(3 * DAY),
		Just(30 * DAY)
	];
	let compartment = prop_oneof![Just(None), Just(Some(1)), Just(Some(2))];
	let outcome = prop_oneof![
		1 => Just(ReviewOutcome::Justified),
		2 => Just(ReviewOutcome::Unjustified),
		1 => Just(ReviewOutcome::Escalated)
	];
	prop_oneof![
		3 => time.prop_map(Wait),
		6 => (who(), compartment).prop_map(|(who, compartment)| Break { who, compartment }),
		5 => case().prop_map(|case| Close { case }),
		5 => (case(), outcome, any::<bool>())
			.prop_map(|(case, outcome, by_governance)| Review { case, outcome, by_governance }),
		2 => case().prop_map(|case| Contest { case }),
		2 => (1u8..3).prop_map(|compartment| Rotate { compartment }),
		1 => who().prop_map(|who| Suspend { who }),
		1 => who().prop_map(|who| Reinstate { who }),
	]
}

/// An emergency as the model remembers it.
struct Case {
	who: usize,
	compartment: Option<CompartmentNo>,
	opened: Moment,
	closed: bool,
	/// What was found, in order.
	found: Vec<ReviewOutcome>,
	/// How much had been found when the subject contested.
	contested_after: Option<usize>,
}

impl Case {
	fn is_open(&self, now: Moment) -> bool {
		!self.closed && now < self.opened + LASTS
	}

	fn reaches(&self, compartment: CompartmentNo) -> bool {
		match self.compartment {
			Some(named) => named == compartment,
			// Compartment 2 is restricted.
			None => compartment == 1,
		}
	}

	fn waits_for_contest(&self) -> bool {
		self.contested_after == Some(self.found.len())
	}

	fn standing(&self, now: Moment) -> EmergencyStanding {
		use EmergencyStanding::*;
		match self.found.last() {
			_ if self.waits_for_contest() => Contested,
			Some(ReviewOutcome::Justified) => Justified,
			Some(ReviewOutcome::Unjustified) => Unjustified,
			Some(ReviewOutcome::Escalated) => Escalated,
			None if self.is_open(now) => Open,
			None if now < self.opened + LASTS + 3 * DAY => AwaitingReview,
			None => Overdue,
		}
	}
}

#[derive(Default)]
struct Model {
	now: Moment,
	cases: Vec<Case>,
	strikes: [u32; 3],
	suspended: [bool; 3],
}

impl Model {
	/// Whether it may happen; if so, it has.
	fn happens(&mut self, what: Happening) -> bool {
		let now = self.now;
		match what {
			Happening::Wait(time) => {
				self.now += time;
				true
			},
			Happening::Break { who, compartment } => {
				let lately = |case: &&Case| now < case.opened + DAY;
				let own = self.cases.iter().filter(|case| case.who == who);
				let may = !self.suspended[who]
					&& !own.clone().any(|case| case.is_open(now))
					&& own.filter(lately).count() < PER_CLAIMANT
					&& self.cases.iter().filter(lately).count() < AT_THE_ORGANISATION;
				if may {
					let (closed, found, contested_after) = (false, vec![], None);
					let opened = now;
					self.cases.push(Case {
						who,
						compartment,
						opened,
						closed,
						found,
						contested_after,
					});
				}
				may
			},
			Happening::Close { case } => {
				let case = self.cases.get_mut(case).filter(|case| case.is_open(now));
				case.map(|case| case.closed = true).is_some()
			},
			Happening::Review { case, outcome, by_governance } => {
				use EmergencyStanding::*;
				let may = |case: &&mut Case| match case.standing(now) {
					Open | Justified | Unjustified => false,
					AwaitingReview => !by_governance || outcome != ReviewOutcome::Escalated,
					Escalated | Overdue | Contested => {
						by_governance && outcome != ReviewOutcome::Escalated
					},
				};
				let Some(case) = self.cases.get_mut(case).filter(may) else { return false };
				case.found.push(outcome);
				if outcome == ReviewOutcome::Unjustified {
					self.strikes[case.who] += 1;
					self.suspended[case.who] |= STRIKES <= self.strikes[case.who];
				}
				true
			},
			Happening::Contest { case } => {
				let may = |case: &&mut Case| {
					!case.is_open(now)
						&& now < case.opened + LASTS + 30 * DAY
						&& case.contested_after.is_none()
						&& case.found.last() != Some(&ReviewOutcome::Unjustified)
				};
				let case = self.cases.get_mut(case).filter(may);
				case.map(|case| case.contested_after = Some(case.found.len())).is_some()
			},
			Happening::Rotate { .. } => true,
			Happening::Suspend { who } => !std::mem::replace(&mut self.suspended[who], true),
			Happening::Reinstate { who } => {
				let had = self.suspended[who] || 0 < self.strikes[who];
				(self.suspended[who], self.strikes[who]) = (false, 0);
				had
			},
		}
	}

	/// The emergency by which a claimant reads in a compartment.
	fn reads_by(&self, who: usize, compartment: CompartmentNo) -> Option<EmergencyId> {
		let acts =
			|case: &Case| case.who == who && case.is_open(self.now) && case.reaches(compartment);
		let found = self.cases.iter().position(acts).filter(|_| !self.suspended[who]);
		found.map(|number| EmergencyId(number as u64))
	}
}

/// Has it happen on the chain.
fn carry_out(what: Happening, now: Moment, cases: &[Case]) -> DispatchResult {
	let root = RuntimeOrigin::root;
	let id = |case: usize| EmergencyId(case as u64);
	match what {
		Happening::Wait(_) => {
			go_to(now);
			Ok(())
		},
		Happening::Break { who, compartment } => break_glass(CLAIMANTS[who], compartment),
		Happening::Close { case } => close(Alice, id(case)),
		Happening::Review { case, outcome, by_governance } => {
			let of_one = cases.get(case).is_some_and(|case| case.compartment.is_some());
			let officer = if of_one { Charlie } else { Two };
			let by = if by_governance { root() } else { signed(officer) };
			review(by, id(case), outcome)
		},
		Happening::Contest { case } => contest(id(case)),
		Happening::Rotate { compartment } => rotate(compartment),
		Happening::Suspend { who } => Consent::suspend(root(), identity(CLAIMANTS[who])),
		Happening::Reinstate { who } => Consent::reinstate(root(), identity(CLAIMANTS[who])),
	}
}

fn rotate(compartment: CompartmentNo) -> DispatchResult {
	let alice = identity(Alice);
	let epoch = Consent::compartment(alice, compartment).unwrap().epoch;
	let (key, wraps) = (agreement_key(100 + epoch as u8), GrantWraps::default());
	let (origin, sealed) = (signed(Alice), Some((1, [5; 80])));
	let link = [4; 80];
	Consent::rotate_compartment(origin, alice, compartment, epoch, key, link, wraps, sealed)
}

/// After a rotation another one is due when somebody reads there by an emergency, and only when one
/// could have gone on until now.
fn agree_on_rotation(model: &Model, compartment: CompartmentNo) {
	let due = Consent::compartment(identity(Alice), compartment).unwrap().rotation_due;
	let mut reaching = model.cases.iter().filter(|case| case.reaches(compartment));
	let is_read = reaching.clone().any(|case| case.is_open(model.now));
	let may_be = reaching.any(|case| model.now < case.opened + LASTS);
	assert!(due || !is_read);
	assert!(!due || may_be);
}

fn agree(model: &Model) {
	for (number, case) in model.cases.iter().enumerate() {
		assert_eq!(standing(EmergencyId(number as u64)), case.standing(model.now), "{number}");
	}
	for (who, claimant) in CLAIMANTS.into_iter().enumerate() {
		let row = Consent::claimant(identity(claimant));
		assert_eq!(row.strikes, model.strikes[who]);
		assert_eq!(row.suspended.is_some(), model.suspended[who]);
		for (record, compartment) in [(RESULT, 1), (NOTE, 2)] {
			let decision = Consent::check_access_now(&for_emergency(claimant, record));
			match model.reads_by(who, compartment) {
				Some(id) => assert_eq!(decision, permitted(id)),
				None => assert!(!decision.is_permit(), "{decision}"),
			}
		}
	}
}

fn live_through(happenings: Vec<Happening>) {
	in_emergency(|| {
		for who in CLAIMANTS {
			Identities::set(account(who), identity(who), IdentityKind::Practitioner);
			Accreditations::affiliate(identity(who), &[(identity(Eve), Role::Nurse)]);
			Accreditations::permit(identity(who), identity(Eve), EMERGENCY);
		}
		with_policy(|policy| {
			policy.per_claimant = PER_CLAIMANT as u32;
			policy.per_organisation = AT_THE_ORGANISATION as u32;
			policy.strikes = STRIKES;
		});
		let mut model = Model { now: START, ..Model::default() };
		for what in happenings {
			let may = model.happens(what);
			let cases = &model.cases;
			let done = carry_out(what, model.now, cases);
			assert_eq!(done.is_ok(), may, "{what:?}: {done:?}");
			if let Happening::Rotate { compartment } = what {
				agree_on_rotation(&model, compartment);
			}
			agree(&model);
		}
	});
}

#[test]
fn emergencies_go_as_the_model_says() {
	let mut runner = TestRunner::new(Trials { cases: 200, ..Trials::default() });
	runner
		.run(&vec(happening(), 1..60), |happenings| {
			live_through(happenings);
			Ok(())
		})
		.unwrap();
}
