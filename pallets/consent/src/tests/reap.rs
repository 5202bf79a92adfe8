// SPDX-License-Identifier: Apache-2.0

//! What is cleared away by name, and what the sweep finds at the end of blocks.

use super::{
	request_access::{Wish, asked_by, held},
	*,
};
use frame_support::{traits::Hooks, weights::Weight};

const HOUR: Moment = DAY / 24;

fn short(until: Moment) -> Offer {
	Offer { window: Window { from: START, until }, ..Offer::default() }
}

/// Lets the end of a block use so much weight.
fn idle(weight: Weight) -> Weight {
	Consent::on_idle(1, weight)
}

#[test]
fn clears_an_ended_grant_away_once() {
	execute(|| {
		let id = short(START + 10).make();
		assert_noop!(reap(&[Due::Grant(id)]), Error::<Test>::NotDue);
		go_to(START + 9);
		assert_noop!(reap(&[Due::Grant(id)]), Error::<Test>::NotDue);
		go_to(START + 10);
		assert_ok!(reap(&[Due::Grant(id)]));
		let lapsed = Event::GrantLapsed { grant: id, subject: identity(Alice) };
		assert_eq!(last_event(), lapsed);
		assert_eq!(rows_of(person(Charlie)), []);
		assert_eq!(Consent::grant_keys(id), None);
		assert!(!LiveGrants::<Test>::contains_key(identity(Alice)));
		assert_eq!(standing_of(id), Standing::Expired);
		assert_noop!(reap(&[Due::Grant(id)]), Error::<Test>::NotDue);
	});
}

#[test]
fn refunds_the_deposit_of_a_request_once() {
	execute(|| {
		let id = asked_by(Charlie, Wish::default());
		let deposit = held(Charlie);
		assert_noop!(reap(&[Due::Request(id)]), Error::<Test>::NotDue);
		go_to(START + DAY);
		assert_ok!(reap(&[Due::Request(id), Due::Request(id)]));
		assert_eq!(held(Charlie), 0);
		assert_eq!(Balances::free_balance(account(Charlie)), FUNDS);
		assert!(deposit > 0);
		let lapsed = Event::RequestLapsed { request: id, subject: identity(Alice) };
		assert_eq!(events().iter().filter(|event| **event == lapsed).count(), 1);
		assert_noop!(reap(&[Due::Request(id)]), Error::<Test>::NotDue);
	});
}

#[test]
fn passes_over_what_is_not_due() {
	execute(|| {
		let ended = short(START + 10).make();
		let live = Offer::default().make();
		let revoked = short(START + 10).make();
		assert_ok!(revoke(revoked));
		go_to(START + 10);
		let unknown = [Due::Grant(GrantId(99)), Due::Request(RequestId(99))];
		assert_noop!(reap(&unknown), Error::<Test>::NotDue);
		assert_noop!(reap(&[]), Error::<Test>::NothingNamed);
		assert_noop!(reap(&[Due::Grant(revoked)]), Error::<Test>::NotDue);
		assert_ok!(reap(&[Due::Grant(live), Due::Grant(ended), Due::Grant(revoked)]));
		assert_eq!(rows_of(person(Charlie)), [live]);
		assert_noop!(
			Consent::reap(RuntimeOrigin::none(), BoundedVec::truncate_from(vec![unknown[0]])),
			BadOrigin
		);
	});
}

#[test]
fn the_sweep_takes_what_is_due_after_its_hour() {
	execute(|| {
		let grant = short(START + 10).make();
		let on_the_hour = short(START + HOUR).make();
		let later = short(START + HOUR + 1).make();
		let request = asked_by(Charlie, Wish { answer_by: START + 20, ..Wish::default() });
		go_to(START + HOUR - 1);
		idle(Weight::MAX);
		assert_eq!(rows_of(person(Charlie)), [grant, on_the_hour, later]);
		go_to(START + HOUR);
		idle(Weight::MAX);
		assert_eq!(rows_of(person(Charlie)), [later]);
		assert_eq!((Consent::request(request), held(Charlie)), (None, 0));
		assert_eq!(Deadlines::<Test>::iter().count(), 1);
	});
}

#[test]
fn the_sweep_stays_within_the_weight_that_is_left() {
	execute(|| {
		for _ in 0..3 {
			short(START + 10).make();
		}
		go_to(START + HOUR);
		let (nothing, each) = (<() as WeightInfo>::sweep_idle(), Consent::weight_of_row());
		assert_eq!(idle(Weight::zero()), Weight::zero());
		assert_eq!(idle(nothing.saturating_sub(Weight::from_parts(1, 0))), Weight::zero());
		// Room for two steps: the hour that it was made in, and a row.
		let left = nothing.saturating_add(each.saturating_mul(2));
		assert_eq!(idle(left), left);
		assert_eq!(rows_of(person(Charlie)).len(), 2);
		let used = idle(Weight::MAX);
		assert!(used.all_lte(nothing.saturating_add(each.saturating_mul(16))));
		assert_eq!(rows_of(person(Charlie)), []);
		// With nothing due, next to nothing is used.
		assert_eq!(idle(Weight::MAX), nothing);
	});
}

/// Alice is not the only one: as many patients as it takes make as many grants as they can.
fn ten_thousand_grants(until: Moment) -> Vec<GrantId> {
	let mut made = vec![];
	for number in 0..1250u32 {
		let mut patient = [0x99; 32];
		patient[..4].copy_from_slice(&number.to_le_bytes());
		let subject = IdentityId(patient);
		let terms = Terms {
			decision: Decision::Permit,
			scope: Scope::Subject(Classes::ALL),
			purposes: Purposes::of(&[Purpose::Treat]),
			actions: Actions::of(&[Action::Access]),
			data_period: None,
			window: Window { from: START, until: until - u64::from(number) },
		};
		for nurse in 0..8u8 {
			let organisation = Some(IdentityId([nurse; 32]));
			let given = Given {
				terms,
				uses: None,
				basis: Basis::Consent,
				document: None,
				delegable: false,
				keys: GrantKeys::None,
			};
			Identities::set(
				[nurse; 32].into(),
				IdentityId([nurse; 32]),
				IdentityKind::Organisation,
			);
			let grantee = Grantee::Role { organisation, role: Role::Nurse };
			made.push(Consent::make_grant(subject, subject, grantee, given).unwrap().0);
		}
	}
	made
}

#[test]
fn ten_thousand_grants_of_one_hour_move_no_block_over_its_bound() {
	ExtBuilder::default().build().execute_with(|| {
		let until = START + HOUR;
		let made = ten_thousand_grants(until);
		assert_eq!(made.len(), 10_000);
		let record = RecordId([0x42; 32]);
		let mut subject = [0x99; 32];
		subject[..4].copy_from_slice(&0u32.to_le_bytes());
		let subject = IdentityId(subject);
		let facts = RecordFacts { subject, ..facts(RecordClass::Clinical, 1) };
		Records::set(record, facts);
		let first = Compartment {
			epoch: 0,
			key: agreement_key(1),
			restricted: false,
			opened_at: START,
			rotation_due: false,
		};
		Compartments::<Test>::insert(subject, 1, first);
		Accreditations::affiliate(identity(Bob), &[(IdentityId([3; 32]), Role::Nurse)]);
		go_to(until - 1);
		assert!(ask(Bob, record).is_permit());
		// Right before any sweep.
		go_to(until);
		assert_eq!(ask(Bob, record), NO_GRANT);

		System::reset_events();
		let bound = Weight::from_parts(u64::MAX, u64::MAX);
		let each = Consent::weight_of_row();
		let most = <() as WeightInfo>::sweep_idle().saturating_add(each.saturating_mul(16));
		let mut blocks = 0u32;
		while Deadlines::<Test>::iter_keys().next().is_some() {
			let used = idle(bound);
			assert!(used.all_lte(most), "{used:?} is more than {most:?}");
			blocks += 1;
			assert!(blocks <= 10_000, "the sweep does not end");
		}
		// Sixteen in a block, and two steps for the hours.
		assert_eq!(blocks, 10_002u32.div_ceil(16));
		let lapsed = events();
		assert_eq!(lapsed.len(), 10_000);
		assert_eq!(GrantIndex::<Test>::iter().count(), 0);
		assert_eq!(LiveGrants::<Test>::iter().count(), 0);
		assert!(made.iter().take(100).all(|id| standing_of(*id) == Standing::Expired));
		assert_noop!(reap(&[Due::Grant(made[0])]), Error::<Test>::NotDue);
		assert_eq!(idle(bound), <() as WeightInfo>::sweep_idle());
	});
}
