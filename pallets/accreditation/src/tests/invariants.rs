// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::traits::Get;

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

fn change_job(change: impl FnOnce(&mut HeldAffiliation)) {
	HeldAffiliations::<Test>::mutate(identity(Dave), |row| change(&mut row[0]));
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
	assert_eq!(broken(|| change_licence(|held| held.codes = codes(&[2, 1]))), "I3");
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
			HeldAffiliations::<Test>::mutate(identity(Dave), |row| row.try_push(held).unwrap());
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

fn log(lines: &[(Moment, Change)]) {
	change_licence(|held| {
		let by = Some(identity(Alice));
		let lines = lines.iter().map(|(at, change)| StatusChange { at: *at, change: *change, by });
		held.changes = lines.collect::<Vec<_>>().try_into().unwrap();
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
		HeldAccreditations::<Test>::mutate(identity(Dave), |row| {
			let (change, by) = (Change::Renewed { until: day(9) }, Some(identity(Alice)));
			row[1].note(StatusChange { at: day(5), change, by }).unwrap();
		});
	};
	assert_eq!(broken(renewed), "I12");
}
