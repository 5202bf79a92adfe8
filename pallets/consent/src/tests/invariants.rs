// SPDX-License-Identifier: Apache-2.0

//! Each invariant, broken by hand.

use super::*;

/// Breaks a sound world and expects this complaint.
fn broken(damage: impl FnOnce(GrantId), complaint: &'static str) {
	ExtBuilder::default().build().execute_with(|| {
		file_records();
		let id = Offer { uses: Some(3), ..Offer::default() }.make();
		assert_ok!(log(question(Charlie, RESULT), permit(id)));
		assert_ok!(Consent::do_try_state());
		damage(id);
		assert_eq!(Consent::do_try_state(), Err(complaint.into()));
	});
}

fn change(id: GrantId, change: impl FnOnce(&mut Grant)) {
	Grants::<Test>::mutate(id, |row| change(row.as_mut().unwrap()));
}

fn change_place(change: impl FnOnce(&mut Place)) {
	LiveGrants::<Test>::mutate(identity(Alice), |places| change(&mut places[0]));
}

fn revoked() -> GrantStatus {
	let strength = RevocationStrength::Lazy;
	GrantStatus::Revoked { at: START, by: identity(Alice), strength }
}

#[test]
fn i1_compartments() {
	let (alice, count) = (identity(Alice), CompartmentCount::<Test>::insert::<IdentityId, u32>);
	broken(|_| count(alice, 3), "I1: compartments are miscounted");
	broken(|_| count(identity(Dave), 0), "I1: compartments are miscounted");
	broken(
		|_| {
			Compartments::<Test>::mutate(alice, 1, |row| row.as_mut().unwrap().key = [0; 32]);
		},
		"I1: unsound compartment key",
	);
	broken(
		|_| {
			let row = Compartments::<Test>::get(alice, 1).unwrap();
			for no in 0..11 {
				Compartments::<Test>::insert(alice, no, row);
			}
			count(alice, 11);
		},
		"I1: more compartments than the quota",
	);
}

#[test]
fn i2_rules() {
	let (alice, charlie) = (identity(Alice), person(Charlie));
	broken(
		|_| GrantIndex::<Test>::insert(alice, charlie, BoundedVec::default()),
		"I2: empty row of rules",
	);
	broken(Grants::<Test>::remove, "I2: rule without grant");
	broken(
		|_| {
			GrantIndex::<Test>::mutate(alice, charlie, |rules| {
				rules.try_push(rules[0]).unwrap();
			});
		},
		"I2: rule stands twice",
	);
	broken(|id| change(id, |grant| grant.status = revoked()), "I2: rule of a revoked grant");
	broken(
		|_| {
			let rules = GrantIndex::<Test>::take(alice, charlie);
			GrantIndex::<Test>::insert(alice, person(Dave), rules);
		},
		"I2: rule under another pair",
	);
	broken(|id| change(id, |grant| grant.uses_left = Some(9)), "I2: rule differs from its grant");
}

#[test]
fn i3_places() {
	let (alice, charlie) = (identity(Alice), person(Charlie));
	broken(|_| LiveGrants::<Test>::remove(alice), "I3: live grant without place");
	broken(|_| GrantIndex::<Test>::remove(alice, charlie), "I3: live grant without rule");
	broken(|_| change_place(|place| place.until += 1), "I3: place differs from its grant");
	broken(|_| change_place(|place| place.grant = GrantId(9)), "I3: live grant without place");
	broken(
		|_| {
			let place = Place { grant: GrantId(9), until: START };
			LiveGrants::<Test>::mutate(alice, |places| places.try_push(place).unwrap());
		},
		"I3: place without grant",
	);
	broken(
		|_| {
			LiveGrants::<Test>::mutate(alice, |places| places.try_push(places[0]).unwrap());
		},
		"I3: grant takes two places",
	);
	broken(
		|id| {
			GrantIndex::<Test>::remove(alice, charlie);
			change(id, |grant| grant.status = revoked());
		},
		"I3: place of a revoked grant",
	);
	broken(
		|id| {
			GrantIndex::<Test>::remove(alice, charlie);
			change(id, |grant| grant.uses_left = Some(0));
		},
		"I3: place of a used-up grant",
	);
}

#[test]
fn i4_keys() {
	fn unlist(id: GrantId) {
		GrantIndex::<Test>::remove(identity(Alice), person(Charlie));
		LiveGrants::<Test>::remove(identity(Alice));
		assert!(GrantKeysOf::<Test>::contains_key(id));
	}
	let ended = Window { from: START - 2, until: START - 1 };
	let put = |keys| move |id| GrantKeysOf::<Test>::insert(id, keys);
	broken(|_| GrantKeysOf::<Test>::insert(GrantId(9), record_key()), "I4: keys without grant");
	broken(put(record_key()), "I4: keys of the wrong sort");
	broken(put(GrantKeys::None), "I4: keys of the wrong sort");
	broken(put(compartment_keys(&[compartment_key(2)])), "I4: keys of the wrong sort");
	broken(
		|id| {
			unlist(id);
			change(id, |grant| grant.status = revoked());
		},
		"I4: keys of a revoked grant",
	);
	broken(
		|id| {
			unlist(id);
			change(id, |grant| grant.uses_left = Some(0));
		},
		"I4: keys of a used-up grant",
	);
	broken(
		|id| {
			unlist(id);
			change(id, |grant| {
				grant.terms.window = ended;
				grant.terms.decision = DENY;
			});
		},
		"I4: keys of a denial",
	);
	broken(
		|id| {
			unlist(id);
			change(id, |grant| {
				grant.terms.window = ended;
				grant.grantee = role(None, Role::Nurse);
			});
		},
		"I4: keys of a role",
	);
}

#[test]
fn i5_lists() {
	let (alice, charlie) = (identity(Alice), person(Charlie));
	let listed = SubjectGrants::<Test>::insert::<IdentityId, u64, GrantId>;
	broken(|_| listed(alice, 1, GrantId(9)), "I5: listed grant is missing");
	broken(|id| listed(identity(Dave), 0, id), "I5: grant listed under another subject");
	broken(|id| listed(alice, 1, id), "I5: number past a subject's count");
	broken(
		|id| {
			listed(alice, 1, id);
			SubjectGrantCount::<Test>::insert(alice, 2);
		},
		"I5: grant listed twice for its subject",
	);
	broken(|_| SubjectGrantCount::<Test>::insert(alice, 2), "I5: gap in a subject's list");

	let listed = GranteeGrants::<Test>::insert::<Grantee, u64, GrantId>;
	broken(|_| listed(charlie, 1, GrantId(9)), "I5: listed grant is missing");
	broken(|id| listed(person(Dave), 0, id), "I5: grant listed under another grantee");
	broken(|id| listed(charlie, 1, id), "I5: number past a grantee's count");
	broken(
		|id| {
			listed(charlie, 1, id);
			GranteeGrantCount::<Test>::insert(charlie, 2);
		},
		"I5: grant listed twice for its grantee",
	);
	broken(|_| GranteeGrantCount::<Test>::insert(charlie, 2), "I5: gap in a grantee's list");
	broken(
		|_| {
			SubjectGrants::<Test>::remove(alice, 0);
			SubjectGrantCount::<Test>::remove(alice);
		},
		"I5: grant is not listed",
	);
	broken(|_| NextGrantId::<Test>::put(GrantId(0)), "I5: grant numbered past the next one");
}

#[test]
fn i6_log() {
	let alice = identity(Alice);
	broken(|_| AccessLog::<Test>::remove(alice, 0), "I6: ring holds too few or too many");
	broken(
		|_| {
			let entry = AccessLog::<Test>::take(alice, 0).unwrap();
			AccessLog::<Test>::insert(alice, 1, entry);
		},
		"I6: entry is missing",
	);
	broken(
		|_| {
			AccessLog::<Test>::mutate(alice, 0, |row| row.as_mut().unwrap().at += 1);
		},
		"I6: entries do not hash to the head",
	);
	broken(|_| AccessHeads::<Test>::remove(alice), "I6: entries without a head");
}

#[test]
fn i7_terms() {
	/// Changes grant and rule alike, so that only the terms are wrong.
	fn both(id: GrantId, how: impl Fn(&mut Terms)) {
		change(id, |grant| how(&mut grant.terms));
		let grant = Grants::<Test>::get(id).unwrap();
		GrantIndex::<Test>::mutate(identity(Alice), person(Charlie), |rules| {
			rules[0] = grant.rule(id);
		});
		change_place(|place| place.until = grant.terms.window.until);
	}
	let to = |how: fn(&mut Terms)| move |id| both(id, how);
	broken(to(|terms| terms.window.from = terms.window.until), "I7: empty window");
	broken(to(|terms| terms.window.from = 0), "I7: window longer than allowed");
	broken(to(|terms| terms.purposes = Purposes(0)), "I7: unsound purposes");
	broken(to(|terms| terms.purposes.0 |= 1 << 30), "I7: unsound purposes");
	broken(to(|terms| terms.purposes.0 |= 1 << Purpose::Btg as u8), "I7: unsound purposes");
	broken(to(|terms| terms.actions = Actions(0)), "I7: unsound actions");
	broken(to(|terms| terms.actions = Actions(1 << 7)), "I7: unsound actions");
	broken(
		|id| {
			GrantKeysOf::<Test>::remove(id);
			both(id, |terms| terms.decision = DENY);
		},
		"I7: denial counts uses",
	);
}
