// SPDX-License-Identifier: Apache-2.0

//! How many rows a decision reads, by the storage proof of it.

use super::*;
use codec::Encode;
use std::collections::BTreeSet;

/// Answers `question` after `setup`; with how many of the rows that `rows` lists the answer needs.
fn read_of<R>(
	rows: fn() -> BTreeSet<Vec<u8>>,
	setup: impl FnOnce(),
	question: impl FnOnce() -> R,
) -> (R, usize) {
	let mut ext = ExtBuilder::default().build();
	let rows = ext.execute_with(|| {
		file_records();
		setup();
		rows()
	});
	// A long value is a node of its own, and the rows differ: what the proof has was read.
	assert!(rows.iter().all(|row| row.len() > 32));
	ext.commit_all().unwrap();
	let (answer, proof) = ext.execute_and_prove(question);
	(answer, proof.iter_nodes().filter(|node| rows.contains(*node)).count())
}

fn index() -> BTreeSet<Vec<u8>> {
	GrantIndex::<Test>::iter_values().map(|row| row.encode()).collect()
}

fn grants_and_keys() -> BTreeSet<Vec<u8>> {
	let grants = Grants::<Test>::iter_values().map(|row| row.encode());
	grants.chain(GrantKeysOf::<Test>::iter_values().map(|row| row.encode())).collect()
}

/// Bob wears as many hats as anybody can, and Alice has filled the row of each, and of others.
fn every_hat_and_every_row() {
	let roles = [Role::Physician, Role::Nurse, Role::Pharmacist, Role::Radiographer];
	let [physician, nurse, pharmacist, radiographer] = roles;
	let (eve, ferdie) = (identity(Eve), identity(Ferdie));
	let posts = [(eve, physician), (eve, nurse), (ferdie, pharmacist), (ferdie, radiographer)];
	Accreditations::affiliate(identity(Bob), &posts);
	let mut hats = vec![person(Bob), organisation(Eve), organisation(Ferdie)];
	hats.extend(roles.map(|held| role(None, held)));
	hats.extend(
		[(Eve, physician), (Eve, nurse), (Ferdie, pharmacist), (Ferdie, radiographer)]
			.map(|(at, held)| role(Some(at), held)),
	);
	assert_eq!(hats.len(), 11);
	hats.extend([person(Charlie), organisation(One), role(Some(Eve), pharmacist)]);
	for (number, grantee) in (0..).zip(hats) {
		for _ in 0..MAX_GRANTS_PER_PAIR {
			put_rule(grantee, number);
		}
	}
}

/// A rule of its own, past the quota of the patient.
fn put_rule(grantee: Grantee, number: u64) {
	let id = NextGrantId::<Test>::mutate(|next| {
		next.0 += 1;
		GrantId(next.0 - 1)
	});
	let Offer { decision, scope, purposes, actions, window, .. } = Offer::default();
	let window = Window { until: window.until - number, ..window };
	let terms = Terms { decision, scope, purposes, actions, data_period: None, window };
	let rule = Rule { grant: id, terms, uses_left: Some(1) };
	GrantIndex::<Test>::mutate(identity(Alice), grantee, |rules| rules.try_push(rule).unwrap());
}

fn question_of_bob() -> AccessDecision {
	Consent::check_access_now(&AccessQuestion {
		purpose: Purpose::Hoperat,
		..question(Bob, RESULT)
	})
}

#[test]
fn a_decision_reads_eleven_rows_of_eight_rules_at_most() {
	let (decision, rows) = read_of(index, every_hat_and_every_row, question_of_bob);
	assert_eq!((decision, rows), (NO_GRANT, 11));
	ExtBuilder::default().build().execute_with(|| {
		file_records();
		every_hat_and_every_row();
		let asked = AccessQuestion { purpose: Purpose::Hoperat, ..question(Bob, RESULT) };
		assert_eq!(Consent::explain_access_now(&asked).examined.len(), 88);
	});
}

#[test]
fn a_decision_reads_neither_grants_nor_keys() {
	let setup = || {
		every_hat_and_every_row();
		for length in [1, 2] {
			let window = Window { from: START, until: START + length };
			Offer { window, ..Offer::to(person(Dave)) }.make();
		}
	};
	assert_eq!(read_of(grants_and_keys, setup, question_of_bob), (NO_GRANT, 0));
}

#[test]
fn what_others_have_stored_costs_nothing() {
	let few = read_of(index, || put_rule(person(Charlie), 0), || ask(Charlie, RESULT));
	let many = || {
		put_rule(person(Charlie), 0);
		for number in 1..200u8 {
			let somebody = Grantee::Identity(IdentityId([number; 32]));
			put_rule(somebody, number.into());
		}
	};
	assert_eq!(read_of(index, many, || ask(Charlie, RESULT)), few);
	assert_eq!(few.1, 1);
}
