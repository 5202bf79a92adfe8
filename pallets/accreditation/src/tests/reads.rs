// SPDX-License-Identifier: Apache-2.0

//! How many rows a question reads, by the storage proof of it.

use super::*;
use codec::Encode;
use salus_traits::accreditation::{AccreditationInspect, AffiliationInspect};
use std::collections::BTreeSet;

/// Answers `question` after `setup`; with how many rows of authorities the answer needs.
fn rows_read<R>(setup: impl FnOnce(), question: impl FnOnce() -> R) -> (R, usize) {
	let authorities = || Authorities::<Test>::iter_values().map(|row| row.encode()).collect();
	read_of(authorities, setup, question)
}

/// Answers `question` after `setup`; with how many of some rows the answer needs.
fn read_of<R>(
	rows: fn() -> BTreeSet<Vec<u8>>,
	setup: impl FnOnce(),
	question: impl FnOnce() -> R,
) -> (R, usize) {
	let mut ext = ExtBuilder::default().build();
	let rows = ext.execute_with(|| {
		setup();
		rows()
	});
	// A long value is a node of its own, and the rows differ: what the proof has was read.
	assert!(rows.iter().all(|row| row.len() > 32));
	ext.commit_all().unwrap();
	let (answer, proof) = ext.execute_and_prove(question);
	(answer, proof.iter_nodes().filter(|node| rows.contains(*node)).count())
}

fn logs() -> BTreeSet<Vec<u8>> {
	StatusLogs::<Test>::iter_values().map(|row| row.encode()).collect()
}

fn held_by_subjects() -> BTreeSet<Vec<u8>> {
	HeldAccreditations::<Test>::iter_values().map(|row| row.encode()).collect()
}

fn put_away() -> BTreeSet<Vec<u8>> {
	PastAffiliations::<Test>::iter_values().map(|row| row.encode()).collect()
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

#[test]
fn the_log_is_read_for_a_moment_before_the_last_change_only() {
	let asked = |moment| {
		let setup = || {
			with_two_countries();
			for by in [Alice, Charlie] {
				let id = licensed_by(by);
				at(day(2));
				assert_ok!(suspend(root(), id, Some(day(3))));
				at(START);
			}
			at(day(4));
		};
		read_of(logs, setup, move || is_accredited(Dave, PractitionerLicence, moment))
	};
	assert_eq!(asked(day(2)), (false, 0));
	assert_eq!(asked(day(4)), (true, 0));
	// Two logs lie in one row.
	assert_eq!(asked(day(2) - 1), (true, 1));
	// It had not begun, whatever was said.
	assert_eq!(asked(START - 1), (false, 0));
}

#[test]
fn what_was_put_away_is_read_for_a_moment_before_its_end_only() {
	let asked = |moment| {
		let setup = || {
			with_licences();
			affiliated(Bob, Role::Nurse, days(0, 5));
			at(day(5));
			affiliated(Charlie, Role::Nurse, days(5, 9));
		};
		let (roles, read) = read_of(put_away, setup, move || in_force(moment));
		(roles.len(), read)
	};
	assert_eq!(asked(day(5)), (1, 0));
	assert_eq!(asked(day(5) - 1), (1, 1));
}

#[test]
fn who_works_there_is_asked_of_that_organisation_only() {
	let setup = || {
		with_regulator();
		for (place, until) in [(Bob, 90), (Charlie, 91)] {
			granted(place, FacilityLicence, days(0, until));
			affiliated(place, Role::Nurse, days(0, 9));
		}
		granted(Dave, PractitionerLicence, days(0, 92));
	};
	let works_at = |place| {
		read_of(held_by_subjects, setup, move || {
			Accreditation::works_at(&identity(Dave), &identity(place), day(1))
		})
	};
	assert_eq!(works_at(Bob), (true, 2));
	assert_eq!(works_at(Charlie), (true, 2));
	// Nobody is asked about a place where there is no affiliation.
	assert_eq!(works_at(Ferdie), (false, 0));
	let (all, read) = read_of(held_by_subjects, setup, || in_force(day(1)));
	assert_eq!((all.len(), read), (2, 3));
}

#[test]
fn a_workplace_asks_for_so_many_authorities_whatever_it_is_licensed_for() {
	use AccreditationKind::{LaboratoryAccreditation, PharmacyLicence};
	let kinds = [FacilityLicence, PharmacyLicence, LaboratoryAccreditation];
	let setup = || {
		with_two_countries();
		for (by, kind) in [Registry, OtherRegistry, Charlie].into_iter().zip(kinds) {
			granted_by(by, Bob, kind, days(0, 9));
		}
		for by in [Alice, Charlie] {
			assert_ok!(cut_off(by, START));
		}
	};
	let is_facility = || Accreditation::is_accredited_any(&identity(Bob), FACILITY, day(1));
	assert_eq!(rows_read(setup, is_facility), (false, 4));
}

#[cfg(feature = "runtime-benchmarks")]
#[test]
fn the_benchmark_of_a_workplace_asks_for_as_much_as_a_question_can() {
	let setup = || {
		crate::benchmarking::accredit::<Test>(&identity(Bob), FacilityLicence);
		// No two rows are the same.
		let authorities: Vec<_> = Authorities::<Test>::iter_keys().collect();
		for (n, id) in (0..).zip(authorities) {
			Authorities::<Test>::mutate(id, |row| row.as_mut().unwrap().window.until -= n);
		}
	};
	let is_facility = || Accreditation::is_accredited_any(&identity(Bob), FACILITY, day(1));
	assert_eq!(rows_read(setup, is_facility), (true, 2 * MAX_OF_FACILITY as usize));
	// Before it was set up, the logs and what was put away answer.
	let before = || is_accredited(Bob, FacilityLicence, START - 1);
	assert_eq!(read_of(logs, setup, before), (true, 1));
	let jobs = || crate::benchmarking::affiliate::<Test>(&identity(Dave), &identity(Bob));
	let (now, read) = read_of(put_away, jobs, || in_force(START).len());
	assert_eq!((now, read), (4, 0));
	let (then, read) = read_of(put_away, jobs, || in_force(START - 1).len());
	assert_eq!((then, read), (4, 1));
}
