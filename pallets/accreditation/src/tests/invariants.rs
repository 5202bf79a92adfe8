// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::{BoundedVec, traits::Get};

/// Alice is a regulator; Bob, Charlie and Ferdie are hospitals (numbers 0 to 2) and Dave a doctor
/// (3), affiliated with Bob (0) and invited by Charlie (1). Then `break_it` happens.
fn broken(break_it: impl FnOnce()) -> String {
	ExtBuilder::default().build().execute_with(|| {
		with_licences();
		affiliated(Bob, Role::Nurse, days(0, 9));
		invited(Charlie, Role::Nurse, days(0, 9));
		Accreditation::do_try_state().unwrap();
		break_it();
		let error: &'static str = Accreditation::do_try_state().unwrap_err().into();
		error.split_once(':').unwrap().0.into()
	})
}

fn change_licence(change: impl FnOnce(&mut HeldAccreditation)) {
	HeldAccreditations::<Test>::mutate(identity(Dave), |row| change(&mut row[0]));
}

fn change_record(change: impl FnOnce(&mut AccreditationRecordOf<Test>)) {
	Accreditations::<Test>::mutate(AccreditationId(3), |record| change(record.as_mut().unwrap()));
}

fn change_job(change: impl FnOnce(&mut HeldAffiliation)) {
	HeldAffiliations::<Test>::mutate(identity(Dave), |jobs| change(&mut jobs.current[0]));
}

#[test]
fn i1_torn_accreditations_are_seen() {
	assert_eq!(broken(|| Accreditations::<Test>::remove(AccreditationId(3))), "I1");
	assert_eq!(broken(|| HeldAccreditations::<Test>::remove(identity(Dave))), "I1");
	assert_eq!(broken(|| NextAccreditation::<Test>::put(AccreditationId(3))), "I1");
	assert_eq!(broken(|| change_licence(|held| held.id = AccreditationId(0))), "I1");
	let twice = || {
		HeldAccreditations::<Test>::mutate(identity(Dave), |row| {
			row.try_push(row[0].clone()).unwrap();
		});
	};
	assert_eq!(broken(twice), "I1");
	let log_of = |id, lines: &[StatusChange]| {
		StatusLogs::<Test>::mutate(identity(Dave), |logs| {
			logs.try_insert(AccreditationId(id), lines.to_vec().try_into().unwrap()).unwrap();
		});
	};
	let line = StatusChange { at: START, change: Change::Lifted, by: None };
	assert_eq!(broken(|| log_of(0, &[line])), "I1");
	assert_eq!(broken(|| log_of(3, &[])), "I1");
}

#[test]
fn i2_issuers_that_are_none_are_seen() {
	assert_eq!(broken(|| change_licence(|held| held.issuer = identity(Eve))), "I2");
	let own = || {
		assert_ok!(appoint(Bob, wide(), days(0, 9)));
		HeldAccreditations::<Test>::mutate(identity(Bob), |row| row[0].issuer = identity(Bob));
	};
	assert_eq!(broken(own), "I2");
}

#[test]
fn i3_unsound_accreditations_are_seen() {
	assert_eq!(broken(|| change_licence(|held| held.window.until = held.window.from)), "I3");
	assert_eq!(broken(|| change_licence(|held| held.granted_at += 1)), "I3");
	assert_eq!(broken(|| change_record(|record| record.codes = codes(&[2, 1]))), "I3");
}

#[test]
fn i4_an_unsound_scope_is_seen() {
	let unsort = || {
		Authorities::<Test>::mutate(identity(Alice), |row| {
			row.as_mut().unwrap().scope.jurisdictions.as_mut().reverse();
		});
	};
	assert_eq!(broken(unsort), "I4");
}

#[test]
fn i4_a_cut_off_that_lies_ahead_is_seen() {
	let cut_off_from = |moment| {
		Authorities::<Test>::mutate(identity(Alice), |row| {
			row.as_mut().unwrap().cutoff = Some(moment);
		});
	};
	assert_eq!(broken(|| cut_off_from(START + 1)), "I4");
	let now = || {
		cut_off_from(START);
		Accreditation::do_try_state().unwrap();
		cut_off_from(START + 1);
	};
	assert_eq!(broken(now), "I4");
}

#[test]
fn i4_a_registrar_below_no_regulator_is_seen() {
	let put_below = |parent| {
		Authorities::<Test>::mutate(identity(Alice), |row| {
			row.as_mut().unwrap().parent = Some(identity(parent));
		});
	};
	assert_eq!(broken(|| put_below(Alice)), "I4");
	assert_eq!(broken(|| put_below(Eve)), "I4");
	let third_level = || {
		assert_ok!(appoint_registrar(Alice, Registry, wide(), days(0, 9)));
		assert_ok!(appoint(Ferdie, wide(), days(0, 9)));
		put_below(Ferdie);
	};
	assert_eq!(broken(third_level), "I4");
}

#[test]
fn i5_torn_affiliations_are_seen() {
	assert_eq!(broken(|| Affiliations::<Test>::remove(AffiliationId(0))), "I5");
	assert_eq!(broken(|| HeldAffiliations::<Test>::remove(identity(Dave))), "I5");
	assert_eq!(broken(|| change_job(|held| held.role = Role::Physician)), "I5");
	assert_eq!(broken(|| change_job(|held| held.window.until += 1)), "I5");
	assert_eq!(broken(|| change_job(|held| held.permissions = EMERGENCY)), "I5");
	assert_eq!(broken(|| NextAffiliation::<Test>::put(AffiliationId(1))), "I5");
}

#[test]
fn i6_wrong_counts_are_seen() {
	assert_eq!(broken(|| OpenInvitations::<Test>::remove(identity(Charlie))), "I6");
	assert_eq!(broken(|| OpenInvitations::<Test>::insert(identity(Bob), 1)), "I6");
}

#[test]
fn i6_too_many_invitations_are_seen() {
	let with_invitations = |count: u32| {
		let record = Affiliations::<Test>::get(AffiliationId(1)).unwrap();
		for n in 2..=u64::from(count) {
			Affiliations::<Test>::insert(AffiliationId(n), record.clone());
			NextAffiliation::<Test>::put(AffiliationId(n + 1));
		}
		OpenInvitations::<Test>::insert(identity(Charlie), count);
	};
	let allowed = <Test as Config>::MaxOpenInvitations::get();
	let one_more = || {
		with_invitations(allowed);
		Accreditation::do_try_state().unwrap();
		with_invitations(allowed + 1);
	};
	assert_eq!(broken(one_more), "I6");
}

#[test]
fn i7_too_many_affiliations_are_seen() {
	let with_jobs = |jobs: &[(Sr25519Keyring, Role)]| {
		for (who, role) in jobs {
			let id = invited(*who, *role, days(0, 9));
			let organisation = identity(*who);
			let held = HeldAffiliation {
				id,
				organisation,
				role: *role,
				permissions: AffiliationPermissions::default(),
				window: days(0, 9),
				suspensions: Default::default(),
			};
			// Five do not fit the row of what may count.
			let kept = HeldAffiliations::<Test>::mutate(identity(Dave), |jobs| {
				jobs.current.try_push(held)
			});
			if let Err(held) = kept {
				PastAffiliations::<Test>::mutate(identity(Dave), |past| past.try_push(held))
					.unwrap();
			}
			OpenInvitations::<Test>::mutate_exists(organisation, |open| {
				*open = open.map(|open| open - 1).filter(|open| *open > 0);
			});
			Affiliations::<Test>::mutate(id, |record| {
				record.as_mut().unwrap().status = AffiliationStatus::Accepted { at: START };
			});
		}
	};
	let places = [(Charlie, Role::Nurse), (Ferdie, Role::Nurse)];
	assert_eq!(broken(|| with_jobs(&places)), "I7");
	let roles = [Role::Physician, Role::Pharmacist, Role::Radiographer, Role::Administrator];
	assert_eq!(broken(|| with_jobs(&roles.map(|role| (Bob, role)))), "I7");
}

/// Puts a log under Dave's licence, whatever its entry says.
fn log(lines: &[(Moment, Change)]) {
	let by = Some(identity(Alice));
	let lines = lines.iter().map(|(at, change)| StatusChange { at: *at, change: *change, by });
	let lines = lines.collect::<Vec<_>>().try_into().unwrap();
	StatusLogs::<Test>::mutate(identity(Dave), |logs| {
		logs.try_insert(AccreditationId(3), lines).unwrap();
	});
}

#[test]
fn i8_unsound_logs_are_seen() {
	let reason = SuspensionReason::PublicSafety;
	let suspended = Change::Suspended { until: None, reason };
	let revoked =
		Change::Revoked { effective_from: START, reason: RevocationReason::GrantedInError };
	let too_early =
		Change::Revoked { effective_from: START - 1, reason: RevocationReason::GrantedInError };
	let late = (day(1), Change::Surrendered);
	assert_eq!(broken(|| log(&[(day(2), suspended), (day(1), Change::Lifted)])), "I8");
	assert_eq!(broken(|| log(&[(START - 1, suspended)])), "I8");
	assert_eq!(broken(|| log(&[late, (day(1), Change::Lifted)])), "I8");
	assert_eq!(broken(|| log(&[(day(1), revoked), (day(1), revoked)])), "I8");
	assert_eq!(broken(|| log(&[late, late, late])), "I8");
	assert_eq!(broken(|| log(&[(day(1), too_early)])), "I8");
	let full = vec![(START, suspended); (MAX_STATUS_CHANGES - PLACES_KEPT) as usize + 1];
	assert_eq!(broken(|| log(&full)), "I8");
}

#[test]
fn i9_unsound_rests_are_seen() {
	let rests = |windows: &[Window]| {
		let windows = windows.to_vec().try_into().unwrap();
		change_job(|held| held.suspensions = windows);
	};
	assert_eq!(broken(|| rests(&[days(1, 1)])), "I9");
	assert_eq!(broken(|| rests(&[days(1, 3), days(2, 4)])), "I9");
	assert_eq!(broken(|| rests(&[days(3, 4), days(1, 2)])), "I9");
}

#[test]
fn i10_unsound_requests_are_seen() {
	let moved = |issuer, subject| {
		assert_ok!(ask(Alice, PAPERS));
		let key = (identity(Alice), identity(Dave), PractitionerLicence);
		let request = Requests::<Test>::take(key).unwrap();
		Requests::<Test>::insert(
			(identity(issuer), identity(subject), PractitionerLicence),
			request,
		);
	};
	assert_eq!(broken(|| moved(Eve, Dave)), "I10");
	assert_eq!(broken(|| moved(Alice, Alice)), "I10");
}

#[test]
fn i11_unsound_status_lists_are_seen() {
	let moved = |authority, list, change: fn(&mut StatusListOf<Test>)| {
		let locator = b"https://a".to_vec().try_into().unwrap();
		assert_ok!(Accreditation::set_status_list(signed(Alice), 0, PAPERS, locator, 1));
		let mut row = StatusLists::<Test>::take(identity(Alice), 0).unwrap();
		change(&mut row);
		StatusLists::<Test>::insert(identity(authority), list, row);
	};
	assert_eq!(broken(|| moved(Eve, 0, |_| ())), "I11");
	assert_eq!(broken(|| moved(Alice, MAX_LISTS, |_| ())), "I11");
	assert_eq!(broken(|| moved(Alice, 0, |row| row.locator = Locator::new())), "I11");
}

#[test]
fn i12_too_many_of_a_kind_are_seen() {
	// The second of Dave's licences was over when the third began; and then was made longer.
	let with_three = |now, until| {
		granted(Dave, PractitionerLicence, days(0, 2));
		at(day(2));
		granted(Dave, PractitionerLicence, days(2, 9));
		at(day(now));
		Accreditation::do_try_state().unwrap();
		HeldAccreditations::<Test>::mutate(identity(Dave), |row| row[1].window.until = day(until));
	};
	assert_eq!(broken(|| with_three(2, 9)), "I12");
	assert_eq!(broken(|| with_three(20, 3)), "I12");
}

#[test]
fn i12_too_many_of_a_kind_at_a_renewal_are_seen() {
	// The second of Dave's licences was over when the third began, and counted again besides it.
	let renewed = || {
		granted(Dave, PractitionerLicence, days(0, 2));
		at(day(2));
		granted(Dave, PractitionerLicence, days(2, 9));
		at(day(20));
		Accreditation::do_try_state().unwrap();
		let line = StatusChange {
			at: day(5),
			change: Change::Renewed { until: day(9) },
			by: Some(identity(Alice)),
		};
		HeldAccreditations::<Test>::mutate(identity(Dave), |row| row[1].heed(&line).unwrap());
		StatusLogs::<Test>::mutate(identity(Dave), |logs| {
			logs.try_insert(AccreditationId(4), vec![line].try_into().unwrap()).unwrap();
		});
	};
	assert_eq!(broken(renewed), "I12");
}

#[test]
fn i12_too_many_licences_of_a_facility_are_seen() {
	// Bob's pharmacy licence was over when the next began; and then was made longer.
	let with_four = |now, until| {
		assert_ok!(appoint(Charlie, wide(), days(0, 99)));
		granted(Bob, AccreditationKind::PharmacyLicence, days(0, 2));
		granted(Bob, AccreditationKind::LaboratoryAccreditation, days(0, 9));
		at(day(2));
		granted_by(Charlie, Bob, AccreditationKind::PharmacyLicence, days(2, 9));
		at(day(now));
		Accreditation::do_try_state().unwrap();
		HeldAccreditations::<Test>::mutate(identity(Bob), |row| row[1].window.until = day(until));
	};
	assert_eq!(broken(|| with_four(2, 9)), "I12");
	assert_eq!(broken(|| with_four(20, 3)), "I12");
}

#[test]
fn i13_an_entry_that_says_otherwise_than_its_log_is_seen() {
	let licence = AccreditationId(3);
	// Suspended, renewed and lifted by its issuer, and then changed by hand.
	let told = |change: fn(&mut HeldAccreditation)| {
		at(day(1));
		assert_ok!(suspend(signed(Alice), licence, None));
		assert_ok!(renew(Alice, licence, START + TERM + 1));
		assert_ok!(lift(signed(Alice), licence));
		Accreditation::do_try_state().unwrap();
		change_licence(change);
	};
	assert_eq!(broken(|| told(|held| held.changed_at -= 1)), "I13");
	assert_eq!(broken(|| told(|held| held.changed_at += 1)), "I13");
	assert_eq!(broken(|| told(|held| held.renewals.clear())), "I13");
	assert_eq!(broken(|| told(|held| held.renewals[0].until += 1)), "I13");
	assert_eq!(broken(|| told(|held| held.suspensions[0].lifted_by_issuer = None)), "I13");
	assert_eq!(broken(|| told(|held| held.ended_from = Some(START))), "I13");
	let ended = |end| {
		assert_ok!(surrender(Dave, licence));
		Accreditation::do_try_state().unwrap();
		change_licence(|held| held.ended_from = end);
	};
	assert_eq!(broken(|| ended(None)), "I13");
	assert_eq!(broken(|| ended(Some(START + 1))), "I13");
	let without_log = || {
		assert_ok!(suspend(root(), licence, None));
		StatusLogs::<Test>::remove(identity(Dave));
	};
	assert_eq!(broken(without_log), "I13");
}

#[test]
fn i14_what_is_put_away_wrongly_is_seen() {
	// The affiliation with Bob is over, and was put away when another began.
	let put_away = |break_it: fn()| {
		at(day(9));
		affiliated(Bob, Role::Physician, days(9, 20));
		assert_eq!(PastAffiliations::<Test>::get(identity(Dave)).len(), 1);
		Accreditation::do_try_state().unwrap();
		break_it();
	};
	fn until(moment: Moment) {
		HeldAffiliations::<Test>::mutate(identity(Dave), |jobs| jobs.past_until = moment);
	}
	assert_eq!(broken(|| put_away(|| until(0))), "I14");
	assert_eq!(broken(|| put_away(|| until(day(9) + 1))), "I14");
	let empty = || PastAffiliations::<Test>::insert(identity(Eve), BoundedVec::default());
	assert_eq!(broken(empty), "I14");
	assert_eq!(broken(|| until(1)), "I14");
	assert_eq!(broken(|| HeldAffiliations::<Test>::insert(identity(Eve), Jobs::default())), "I14");
	// One that still counts lies among those put away.
	let too_early = || {
		HeldAffiliations::<Test>::mutate(identity(Dave), |jobs| {
			PastAffiliations::<Test>::mutate(identity(Dave), |past| {
				past.try_push(jobs.current.remove(0)).unwrap();
			});
			jobs.past_until = day(9);
		});
	};
	assert_eq!(broken(too_early), "I14");
}
