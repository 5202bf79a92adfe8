// SPDX-License-Identifier: Apache-2.0

//! Each invariant of sub-grants, requests, deadlines and epochs, broken by hand.

use super::{
	request_access::{Wish, asked_by},
	*,
};

/// Alice's grant to Charlie, what Charlie made of it for Dave, and a request of Eve's.
struct World {
	root: GrantId,
	sub: GrantId,
	request: RequestId,
}

/// Breaks a sound world and expects this complaint.
fn broken(damage: impl FnOnce(&World), complaint: &'static str) {
	ExtBuilder::default().build().execute_with(|| {
		file_records();
		let root = Offer::default().delegable().make();
		let sub = passed_on(Charlie, root, Offer::to(person(Dave)));
		let request = asked_by(Eve, Wish::default());
		let (alice, none) = (identity(Alice), GrantWraps::default());
		let key = agreement_key(9);
		let link = [4; 80];
		assert_ok!(Consent::rotate_compartment(signed(Alice), alice, 1, 0, key, link, none, None));
		assert_ok!(Consent::do_try_state());
		damage(&World { root, sub, request });
		assert_eq!(Consent::do_try_state(), Err(complaint.into()));
	});
}

fn change(id: GrantId, change: impl FnOnce(&mut Grant)) {
	Grants::<Test>::mutate(id, |row| change(row.as_mut().unwrap()));
}

fn subs(root: GrantId, subs: &[GrantId]) {
	SubGrants::<Test>::insert(root, BoundedVec::truncate_from(subs.to_vec()));
}

#[test]
fn i3_sub_grants_take_no_place() {
	broken(
		|world| {
			let place = Place { grant: world.sub, until: START + 30 * DAY };
			LiveGrants::<Test>::mutate(identity(Alice), |row| row.try_push(place).unwrap());
		},
		"I3: place of a sub-grant",
	);
}

#[test]
fn i4_keys_are_of_an_epoch_that_was() {
	broken(
		|world| {
			let key = CompartmentKey { epoch: 2, ..compartment_key(1) };
			GrantKeysOf::<Test>::insert(world.root, compartment_keys(&[key]));
		},
		"I4: key of an epoch that never was",
	);
}

#[test]
fn i7_delegation_and_narrowing() {
	broken(
		|world| {
			change(world.root, |grant| grant.uses_left = Some(1));
			GrantIndex::<Test>::mutate(identity(Alice), person(Charlie), |rules| {
				rules[0].uses_left = Some(1);
			});
		},
		"I7: unsound delegation",
	);
	broken(
		|world| {
			change(world.root, |grant| {
				let mut before = grant.terms;
				before.window.until -= 1;
				grant.narrowed = Some(Narrowing { at: START, before });
			});
		},
		"I7: widened by a narrowing",
	);
	broken(
		|world| {
			change(world.root, |grant| {
				let before = Terms { scope: Scope::Compartment(2), ..grant.terms };
				grant.narrowed = Some(Narrowing { at: START, before });
			});
		},
		"I7: widened by a narrowing",
	);
}

#[test]
fn i8_sub_grants() {
	broken(|world| subs(world.root, &[]), "I8: empty row of sub-grants");
	broken(|world| subs(world.root, &[world.sub; 2]), "I8: sub-grant is listed twice");
	broken(|world| subs(world.root, &[GrantId(9)]), "I8: listed sub-grant is missing");
	broken(|world| subs(world.root, &[world.root]), "I8: sub-grant of another root");
	broken(|world| SubGrants::<Test>::remove(world.root), "I8: live sub-grant is not listed");
	broken(
		|_| {
			let alone = Offer::to(person(Bob)).deny().make();
			change(alone, |grant| grant.depth = 1);
		},
		"I8: grant hangs in the air",
	);
	broken(
		|world| {
			assert_ok!(revoke(world.sub));
			subs(world.root, &[world.sub]);
		},
		"I8: revoked sub-grant is listed",
	);
	broken(
		|world| change(world.sub, |grant| grant.parent = Some(GrantId(9))),
		"I8: sub-grant without parent",
	);
	broken(|world| change(world.sub, |grant| grant.depth = 2), "I8: sub-grant at the wrong depth");
	broken(
		|world| {
			change(world.sub, |grant| grant.root = Some(GrantId(9)));
			let listed = SubGrants::<Test>::take(world.root);
			SubGrants::<Test>::insert(GrantId(9), listed);
		},
		"I8: sub-grant of another root",
	);
	broken(
		|world| change(world.root, |grant| grant.delegable = false),
		"I8: sub-grant of what cannot be passed on",
	);
	broken(
		|world| {
			change(world.sub, |grant| grant.terms.actions = Actions::ALL);
			GrantIndex::<Test>::mutate(identity(Alice), person(Dave), |rules| {
				rules[0].terms.actions = Actions::ALL;
			});
		},
		"I8: sub-grant goes beyond its parent",
	);
	broken(
		|world| {
			let purposes = Purposes::of(&[Purpose::Treat, Purpose::Hresch]);
			change(world.sub, |grant| grant.terms.purposes = purposes);
			GrantIndex::<Test>::mutate(identity(Alice), person(Dave), |rules| {
				rules[0].terms.purposes = purposes;
			});
		},
		"I8: sub-grant goes beyond its parent",
	);
	broken(
		|world| {
			let below = SubGrants::<Test>::take(world.root);
			assert_ok!(revoke(world.root));
			SubGrants::<Test>::insert(world.root, below);
		},
		"I8: sub-grant outlives its parent",
	);
	broken(
		|world| {
			// Dave's whole standing with Alice, moved under Bob's name.
			let other = identity(Bob);
			change(world.sub, |grant| grant.subject = other);
			let rules = GrantIndex::<Test>::take(identity(Alice), person(Dave));
			GrantIndex::<Test>::insert(other, person(Dave), rules);
			GrantKeysOf::<Test>::remove(world.sub);
			SubjectGrants::<Test>::remove(identity(Alice), 1);
			SubjectGrantCount::<Test>::insert(identity(Alice), 1);
			SubjectGrants::<Test>::insert(other, 0, world.sub);
			SubjectGrantCount::<Test>::insert(other, 1);
		},
		"I8: sub-grant of another subject",
	);
}

#[test]
fn i9_requests() {
	let alice = identity(Alice);
	let places = |change: fn(&mut Vec<WaitingRequest>)| {
		let mut all = SubjectRequests::<Test>::get(alice).into_inner();
		change(&mut all);
		SubjectRequests::<Test>::insert(alice, BoundedVec::truncate_from(all));
	};
	broken(|_| places(|all| all.push(all[0])), "I9: request takes two places");
	broken(
		|_| {
			places(|all| {
				all[0].behind = Some(identity(Eve));
				let first = all[0];
				all.extend([first; 4]);
			});
		},
		"I9: more requests of an organisation than its share",
	);
	broken(|_| places(|all| all.clear()), "I9: request that waits has no place");
	broken(|_| places(|all| all[0].answer_by += 1), "I9: place differs from its request");
	broken(|_| NextRequestId::<Test>::kill(), "I9: request numbered past the next one");
	broken(
		|_| OpenRequests::<Test>::remove(alice, organisation(Eve)),
		"I9: request is not found by its pair",
	);
	broken(|world| Requests::<Test>::remove(world.request), "I9: list of a request that is gone");
}

#[test]
fn i10_deadlines() {
	let grant_hour = hour_of(START + 30 * DAY);
	broken(
		|world| Deadlines::<Test>::remove(grant_hour, Due::Grant(world.root)),
		"I10: deadline is missing",
	);
	broken(
		|world| Deadlines::<Test>::remove(hour_of(START + DAY), Due::Request(world.request)),
		"I10: deadline is missing",
	);
	broken(
		|world| Deadlines::<Test>::insert(grant_hour + 1, Due::Grant(world.root), ()),
		"I10: deadline of nothing",
	);
	broken(
		|_| {
			let emergency = salus_primitives::EmergencyId(9);
			Deadlines::<Test>::insert(grant_hour, Due::Review(emergency), ());
		},
		"I10: deadline of nothing",
	);
	broken(|_| SweepCursor::<Test>::put(grant_hour + 1), "I10: deadline behind the sweep");
}

#[test]
fn i11_epochs() {
	let alice = identity(Alice);
	broken(|_| EpochLinks::<Test>::remove((alice, 1, 0)), "I11: gap in the chain of epochs");
	broken(
		|_| EpochLinks::<Test>::insert((alice, 1, 1), [4; 80]),
		"I11: gap in the chain of epochs",
	);
	broken(|_| EpochLinks::<Test>::insert((alice, 9, 0), [4; 80]), "I11: link of no compartment");
}
