// SPDX-License-Identifier: Apache-2.0

use super::{emergency::*, *};
use frame_support::{traits::Hooks, weights::Weight};
use salus_primitives::{
	EmergencyId,
	ReviewOutcome::{self, *},
};

fn governance() -> RuntimeOrigin {
	RuntimeOrigin::root()
}

fn claimants_of_bob() -> Claimant {
	Consent::claimant(identity(Bob))
}

/// Three emergencies of Bob's found without need.
fn three_strikes() {
	for _ in 0..3 {
		let id = ended(Some(1));
		assert_ok!(review(signed(Charlie), id, Unjustified));
	}
}

#[test]
fn says_what_was_found_and_settles_it() {
	in_emergency(|| {
		let id = ended(Some(1));
		System::reset_events();
		go_to(START + 9);
		assert_ok!(review(signed(Charlie), id, Justified));
		let by = Reviewer::Officer(identity(Charlie));
		let (outcome, note) = (Justified, FINDINGS);
		assert_eq!(row(id).review, Some(Review { outcome, note, by, at: START + 9 }));
		assert_eq!(standing(id), EmergencyStanding::Justified);
		assert!(!has_deadline(id));
		assert_eq!(PendingReviews::<Test>::get(id), None);
		let (subject, claimant) = (identity(Alice), identity(Bob));
		let told = Event::GlassReviewed { emergency: id, subject, claimant, outcome, note, by };
		assert_eq!(events(), [told]);
		assert_eq!(claimants_of_bob().strikes, 0);
	});
}

#[test]
fn comes_after_the_end_and_before_the_deadline() {
	in_emergency(|| {
		assert_noop!(
			review(signed(Charlie), EmergencyId(0), Justified),
			Error::<Test>::EmergencyNotFound
		);
		let [early, late] = [broken(Bob, Some(1)), broken(Charlie, Some(1))];
		for origin in [signed(Charlie), governance()] {
			assert_noop!(review(origin, early, Justified), Error::<Test>::ReviewTooEarly);
		}
		go_to(UNTIL + 3 * DAY - 1);
		assert_ok!(review(signed(Charlie), early, Justified));
		go_to(UNTIL + 3 * DAY);
		Accreditations::affiliate(identity(Two), &[(identity(Eve), Role::PrivacyOfficer)]);
		assert_noop!(review(signed(Two), late, Justified), Error::<Test>::ReviewTooLate);
		assert_eq!(standing(late), EmergencyStanding::Overdue);
		assert_ok!(review(governance(), late, Justified));
		assert_eq!(standing(late), EmergencyStanding::Justified);
		assert!(!has_deadline(late));
	});
}

#[test]
fn happens_once() {
	in_emergency(|| {
		for outcome in [Justified, Unjustified] {
			let id = ended(Some(1));
			assert_ok!(review(signed(Charlie), id, outcome));
			for origin in [signed(Charlie), governance()] {
				let again = review(origin, id, Justified);
				assert_noop!(again, Error::<Test>::AlreadyReviewed);
			}
		}
	});
}

#[test]
fn is_for_privacy_officers() {
	in_emergency(|| {
		let id = ended(Some(1));
		for who in [Dave, Eve, One, Two] {
			Accreditations::affiliate(identity(who), &[(identity(Eve), Role::Physician)]);
			assert_noop!(review(signed(who), id, Justified), Error::<Test>::NotPrivacyOfficer);
		}
		Identities::end(identity(Charlie));
		assert_noop!(review(signed(Charlie), id, Justified), BadOrigin);
	});
}

#[test]
fn is_for_nobody_who_has_a_part_in_it() {
	in_emergency(|| {
		let id = broken(Charlie, Some(1));
		assert_ok!(close(Charlie, id));
		let own = review(signed(Charlie), id, Justified);
		assert_noop!(own, Error::<Test>::ReviewerInvolved);
		Accreditations::affiliate(identity(Alice), &[(identity(Eve), Role::PrivacyOfficer)]);
		let of_herself = review(signed(Alice), id, Unjustified);
		assert_noop!(of_herself, Error::<Test>::ReviewerInvolved);
	});
}

#[test]
fn of_one_compartment_is_done_at_home_and_of_all_elsewhere() {
	in_emergency(|| {
		let of_one = ended(Some(1));
		let of_all = ended(None);
		let elsewhere = review(signed(Two), of_one, Justified);
		assert_noop!(elsewhere, Error::<Test>::ReviewerElsewhere);
		let at_home = review(signed(Charlie), of_all, Justified);
		assert_noop!(at_home, Error::<Test>::ReviewerNotIndependent);

		// An officer elsewhere who works here as something else is not independent either, and no
		// officer of this house.
		let both = [(identity(One), Role::PrivacyOfficer), (identity(Eve), Role::Nurse)];
		Accreditations::affiliate(identity(Two), &both);
		let both = |id| review(signed(Two), id, Justified);
		assert_noop!(both(of_one), Error::<Test>::ReviewerElsewhere);
		assert_noop!(both(of_all), Error::<Test>::ReviewerNotIndependent);

		Accreditations::affiliate(identity(Two), &both_offices()[..1]);
		assert_ok!(review(signed(Charlie), of_one, Justified));
		assert_ok!(review(signed(Two), of_all, Justified));
	});
}

#[test]
fn of_all_is_done_where_the_claimant_did_not_work_at_all() {
	in_emergency(|| {
		// Bob works at One's as well when it breaks the glass at Eve's, and leaves afterwards.
		let jobs = [(identity(Eve), Role::Physician), (identity(One), Role::Physician)];
		Accreditations::affiliate(identity(Bob), &jobs);
		let (of_all, of_one) = (ended(None), ended(Some(1)));
		Accreditations::affiliate(identity(Bob), &jobs[..1]);
		let by_colleague = review(signed(Two), of_all, Justified);
		assert_noop!(by_colleague, Error::<Test>::ReviewerNotIndependent);
		assert_ok!(review(signed(Charlie), of_one, Justified));
		// Where it began to work since then is nobody's part.
		Accreditations::affiliate(identity(Bob), &[(identity(Ferdie), Role::Physician)]);
		Accreditations::affiliate(identity(Two), &[(identity(Ferdie), Role::PrivacyOfficer)]);
		assert_ok!(review(signed(Two), of_all, Justified));
	});
}

#[test]
fn who_works_at_one_house_alone_leaves_no_other_employer() {
	in_emergency(|| {
		let id = ended(None);
		assert!(!OtherEmployers::<Test>::contains_key(id));
		assert_ok!(review(signed(Two), id, Justified));
	});
}

fn both_offices() -> [(IdentityId, Role); 2] {
	[(identity(One), Role::PrivacyOfficer), (identity(Eve), Role::PrivacyOfficer)]
}

#[test]
fn leaves_to_governance_what_an_officer_escalates() {
	in_emergency(|| {
		let id = ended(Some(1));
		assert_ok!(review(signed(Charlie), id, Escalated));
		assert_eq!(standing(id), EmergencyStanding::Escalated);
		assert!(!has_deadline(id));
		assert!(PendingReviews::<Test>::contains_key(id));
		assert_noop!(review(signed(Charlie), id, Justified), Error::<Test>::ForGovernance);
		assert_noop!(review(governance(), id, Escalated), Error::<Test>::OutcomeNotFinal);
		assert_ok!(review(governance(), id, Unjustified));
		assert_eq!(row(id).review.unwrap().by, Reviewer::Governance);
		assert_eq!(claimants_of_bob().strikes, 1);
		assert!(!PendingReviews::<Test>::contains_key(id));
	});
}

#[test]
fn without_need_is_a_strike_and_three_suspend() {
	in_emergency(|| {
		for strikes in 1..=2 {
			let id = ended(Some(1));
			assert_ok!(review(signed(Charlie), id, Unjustified));
			let struck = Event::ClaimantStruck { claimant: identity(Bob), emergency: id, strikes };
			assert_eq!(last_event(), struck);
			assert_eq!(claimants_of_bob().suspended, None);
		}
		let id = ended(Some(1));
		let open = broken(Bob, Some(1));
		assert!(decide(for_emergency(Bob, RESULT)).is_permit());
		assert_ok!(review(signed(Charlie), id, Unjustified));
		let suspended = Event::ClaimantSuspended { claimant: identity(Bob), strikes: 3 };
		assert_eq!(last_event(), suspended);
		assert_eq!(claimants_of_bob().suspended, Some(START));

		// What is open acts no more, and nothing new is opened.
		assert_eq!(decide(for_emergency(Bob, RESULT)), NO_GRANT);
		assert_ok!(close(Bob, open));
		assert_noop!(break_glass(Bob, Some(1)), Error::<Test>::ClaimantSuspended);

		// A strike more does not suspend again.
		System::reset_events();
		assert_ok!(review(signed(Charlie), open, Unjustified));
		assert_eq!(claimants_of_bob().strikes, 4);
		assert_eq!(events().len(), 2);
	});
}

#[test]
fn the_claimant_works_again_when_reinstated() {
	in_emergency(|| {
		three_strikes();
		let open = broken(Charlie, Some(1));
		assert_noop!(break_glass(Bob, Some(1)), Error::<Test>::ClaimantSuspended);
		assert_ok!(Consent::reinstate(governance(), identity(Bob)));
		assert_eq!(claimants_of_bob().strikes, 0);
		assert_ok!(break_glass(Bob, Some(1)));
		assert_eq!(standing(open), EmergencyStanding::Open);
	});
}

#[test]
fn reviews_of_who_ended_meanwhile_still_count() {
	in_emergency(|| {
		let id = ended(Some(1));
		Identities::end(identity(Bob));
		Identities::end(identity(Alice));
		assert_ok!(review(signed(Charlie), id, Unjustified));
		assert_eq!(claimants_of_bob().strikes, 1);
	});
}

#[test]
fn that_is_overdue_is_announced_once() {
	in_emergency(|| {
		let (overdue, reviewed) = (ended(Some(1)), ended(Some(1)));
		assert_ok!(review(signed(Charlie), reviewed, Justified));
		let reap = || {
			let due = vec![Due::Review(overdue), Due::Review(reviewed)];
			Consent::reap(signed(Dave), due.try_into().unwrap())
		};
		go_to(UNTIL + 3 * DAY - 1);
		System::reset_events();
		assert!(reap().is_err());
		go_to(UNTIL + 3 * DAY);
		assert_ok!(reap());
		let told = [Event::ReviewOverdue {
			emergency: overdue,
			subject: identity(Alice),
			claimant: identity(Bob),
			organisation: identity(Eve),
		}];
		assert_eq!(events(), told);
		assert!(reap().is_err());
		assert_eq!(events(), told);
		assert_eq!(standing(overdue), EmergencyStanding::Overdue);
		assert!(PendingReviews::<Test>::contains_key(overdue));
	});
}

#[test]
fn that_is_overdue_is_found_by_the_sweep() {
	in_emergency(|| {
		let id = ended(Some(1));
		go_to(UNTIL + 3 * DAY);
		System::reset_events();
		// A step for each hour that is over, a few in a block.
		for block in 2..20 {
			System::set_block_number(block);
			Consent::on_idle(block, Weight::MAX);
		}
		let is_overdue = |event: &Event<Test>| matches!(event, Event::ReviewOverdue { .. });
		assert_eq!(events().iter().filter(|event| is_overdue(event)).count(), 1);
		assert!(!has_deadline(id));
		let again = Consent::reap(signed(Dave), vec![Due::Review(id)].try_into().unwrap());
		assert!(again.is_err());
		assert_eq!(standing(id), EmergencyStanding::Overdue);
	});
}

#[test]
fn reviews_that_are_due_are_listed_by_pages() {
	in_emergency(|| {
		with_policy(|policy| policy.per_claimant = 16);
		let ids: Vec<_> = (0..5).map(|_| ended(Some(1))).collect();
		assert_ok!(review(signed(Charlie), ids[0], Justified));
		assert_ok!(review(signed(Charlie), ids[1], Escalated));
		let listed = |before, limit| {
			let (mut all, mut after) = (vec![], None);
			loop {
				let page = Consent::reviews_due(before, after, limit).unwrap();
				assert!(page.items.len() <= limit as usize);
				all.extend(page.items.into_iter().map(|view| view.id));
				after = page.next;
				if after.is_none() {
					all.sort();
					return all;
				}
			}
		};
		for limit in [1, 2, 100] {
			// Governance's are due whenever one looks.
			assert_eq!(listed(START, limit), [ids[1]], "{limit}");
			assert_eq!(listed(UNTIL + 3 * DAY, limit), [ids[1]], "{limit}");
			assert_eq!(listed(UNTIL + 3 * DAY + 1, limit), ids[1..], "{limit}");
		}
		assert_eq!(Consent::reviews_due(START, None, 101), Err(PageTooLarge { max: 100 }));

		// The row that a page ended with may go meanwhile.
		let all = UNTIL + 3 * DAY + 1;
		let first = Consent::reviews_due(all, None, 2).unwrap();
		let gone = first.next.unwrap();
		let outcome: ReviewOutcome = Justified;
		assert_ok!(review(governance(), gone, outcome));
		let rest = Consent::reviews_due(all, Some(gone), 100).unwrap();
		assert_eq!(rest.items.len(), 2);
	});
}
