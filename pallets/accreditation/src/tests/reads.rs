// SPDX-License-Identifier: Apache-2.0

//! How many rows a question reads, by the storage proof of it.

use super::*;
use codec::Encode;
use std::collections::BTreeSet;

/// Answers `question` after `setup`; with how many rows of authorities the answer needs.
fn rows_read<R>(setup: impl FnOnce(), question: impl FnOnce() -> R) -> (R, usize) {
	let mut ext = ExtBuilder::default().build();
	let rows = ext.execute_with(|| {
		setup();
		Authorities::<Test>::iter_values().map(|row| row.encode()).collect::<BTreeSet<_>>()
	});
	// A long value is a node of its own, and the rows differ: what the proof has was read.
	assert!(rows.iter().all(|row| row.len() > 32));
	ext.commit_all().unwrap();
	let (answer, proof) = ext.execute_and_prove(question);
	(answer, proof.iter_nodes().filter(|node| rows.contains(*node)).count())
}

fn is_licensed() -> bool {
	is_accredited(Dave, PractitionerLicence, day(1))
}

/// Two regulators with a registrar each. Every scope is long, and every window another.
fn with_two_countries() {
	let long = || AuthorityScope { codes: Some(codes(&[1, 2, 3, 4, 5, 6, 7, 8])), ..wide() };
	assert_ok!(appoint(Alice, long(), days(0, 9_000)));
	assert_ok!(appoint(Charlie, long(), days(0, 9_001)));
	assert_ok!(appoint_registrar(Alice, Registry, long(), days(0, 8_000)));
	assert_ok!(appoint_registrar(Charlie, OtherRegistry, long(), days(0, 8_001)));
}

fn licensed_by(by: Sr25519Keyring) -> AccreditationId {
	granted_by(by, Dave, PractitionerLicence, days(0, 9))
}

#[test]
fn a_licence_asks_for_its_issuer_and_the_regulator_of_that() {
	let of = |by| {
		let setup = || {
			with_two_countries();
			licensed_by(by);
		};
		rows_read(setup, is_licensed)
	};
	assert_eq!(of(Alice), (true, 1));
	assert_eq!(of(Registry), (true, 2));
}

#[test]
fn a_question_reads_four_authorities_at_most_whatever_lies_in_the_row() {
	let setup = || {
		with_two_countries();
		for _ in 2..MAX_HELD {
			let id = licensed_by(Registry);
			assert_ok!(surrender(Dave, id));
		}
		licensed_by(Registry);
		licensed_by(OtherRegistry);
		assert_eq!(HeldAccreditations::<Test>::get(identity(Dave)).len() as u32, MAX_HELD);
		assert_ok!(cut_off(Alice, START));
	};
	assert_eq!(rows_read(setup, is_licensed), (true, 4));
	let both = || {
		setup();
		assert_ok!(cut_off(Charlie, START));
	};
	assert_eq!(rows_read(both, is_licensed), (false, 4));
}

#[test]
fn what_does_not_stand_by_its_own_log_asks_for_nobody() {
	let setup = || {
		with_two_countries();
		let suspended = licensed_by(Registry);
		assert_ok!(suspend(root(), suspended, None));
		let revoked = licensed_by(OtherRegistry);
		assert_ok!(revoke(root(), revoked, START));
		granted_by(Charlie, Dave, PractitionerLicence, days(2, 9));
	};
	assert_eq!(rows_read(setup, is_licensed), (false, 0));
}

#[test]
fn other_kinds_ask_for_nobody() {
	let setup = || {
		with_two_countries();
		granted_by(Registry, Dave, AccreditationKind::SpecialistRegistration, days(0, 9));
		licensed_by(Charlie);
	};
	assert_eq!(rows_read(setup, is_licensed), (true, 1));
}

#[test]
fn a_shared_regulator_is_known_after_the_first_entry() {
	ExtBuilder::default().build_and_execute(|| {
		with_regulator();
		assert_ok!(appoint_registrar(Alice, Registry, wide(), days(0, 9_000)));
		assert_ok!(appoint_registrar(Alice, OtherRegistry, wide(), days(0, 9_000)));
		let mut known = crate::calls::Known::default();
		assert_eq!(known.cutoffs_of::<Test>(&identity(Registry)), Cutoffs::NONE);
		// It is not asked again: for one question, it is what it was.
		assert_ok!(cut_off(Alice, START));
		assert_eq!(known.cutoffs_of::<Test>(&identity(OtherRegistry)), Cutoffs::NONE);
		let anew = crate::calls::Known::default().cutoffs_of::<Test>(&identity(OtherRegistry));
		assert_eq!(anew, Cutoffs { issuer: None, parent: Some(START) });
	});
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn the_benchmark_asks_for_as_much_as_a_question_can() {
	let setup = || crate::benchmarking::accredit::<Test>(&identity(Dave), PractitionerLicence);
	assert_eq!(rows_read(setup, is_licensed), (true, 4));
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn the_benchmark_of_affiliations_shares_no_read() {
	let setup = || {
		crate::benchmarking::affiliate::<Test>(&identity(Dave), &identity(Bob));
		// One that the row of each organisation names, and no other.
		let mut issuers = BTreeSet::new();
		for row in HeldAccreditations::<Test>::iter_values() {
			assert!(row.into_iter().all(|held| issuers.insert(held.issuer)));
		}
		assert_eq!(issuers.len() as u32, 3 * MAX_HELD);
	};
	let (jobs, _) = rows_read(setup, || in_force(day(1)));
	assert_eq!(jobs.len(), 4);
}
