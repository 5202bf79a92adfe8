// SPDX-License-Identifier: Apache-2.0

use super::*;

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
		error[..2].into()
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
	assert_eq!(broken(|| change_licence(|held| held.revoked_from = Some(START))), "I3");
	let reaching_back = || {
		assert_ok!(revoke(signed(Alice), AccreditationId(3), START));
		change_licence(|held| held.revoked_from = Some(START - 1));
		Accreditations::<Test>::mutate(AccreditationId(3), |record| {
			let revocation = record.as_mut().unwrap().revocation.as_mut().unwrap();
			revocation.effective_from = START - 1;
		});
	};
	assert_eq!(broken(reaching_back), "I3");
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
fn i5_torn_affiliations_are_seen() {
	assert_eq!(broken(|| Affiliations::<Test>::remove(AffiliationId(0))), "I5");
	assert_eq!(broken(|| HeldAffiliations::<Test>::remove(identity(Dave))), "I5");
	assert_eq!(broken(|| change_job(|held| held.role = Role::Physician)), "I5");
	assert_eq!(broken(|| change_job(|held| held.window.until += 1)), "I5");
	assert_eq!(broken(|| NextAffiliation::<Test>::put(AffiliationId(1))), "I5");
}

#[test]
fn i6_wrong_counts_are_seen() {
	assert_eq!(broken(|| OpenInvitations::<Test>::remove(identity(Charlie))), "I6");
	assert_eq!(broken(|| OpenInvitations::<Test>::insert(identity(Bob), 1)), "I6");
}

#[test]
fn i7_too_many_affiliations_are_seen() {
	let with_jobs = |jobs: &[(Sr25519Keyring, Role)]| {
		for (who, role) in jobs {
			let id = invited(*who, *role, days(0, 9));
			let organisation = identity(*who);
			let held = HeldAffiliation { id, organisation, role: *role, window: days(0, 9) };
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
