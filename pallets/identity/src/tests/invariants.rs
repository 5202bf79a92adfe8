// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Alice is a patient with a profile and two keys, then `break_it` happens.
fn broken(break_it: impl FnOnce(IdentityId)) -> String {
	ExtBuilder::default().build().execute_with(|| {
		patient(Alice);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 0));
		Identity::do_try_state().unwrap();
		break_it(identity(Alice));
		let error: &'static str = Identity::do_try_state().unwrap_err().into();
		error[..2].into()
	})
}

fn change(id: IdentityId, change: impl FnOnce(&mut IdentityOf<Test>)) {
	Identities::<Test>::mutate(id, |identity| change(identity.as_mut().unwrap()));
}

#[test]
fn i1_an_unbound_account_is_seen() {
	assert_eq!(broken(|_| KeyOwner::<Test>::remove(account(Alice))), "I1");
	assert_eq!(broken(|id| KeyOwner::<Test>::insert(account(Bob), id)), "I1");
}

#[test]
fn i2_a_missing_reference_is_seen() {
	let drop_reference = |_| {
		let who = account(Alice);
		while System::sufficients(&who) > 0 {
			System::dec_sufficients(&who);
		}
	};
	assert_eq!(broken(drop_reference), "I2");
}

#[test]
fn i3_gaps_and_overlaps_of_versions_are_seen() {
	assert_eq!(broken(|id| RetiredAgreementKeys::<Test>::remove(id, 1)), "I3");
	assert_eq!(broken(|id| change(id, |row| row.agreement.version = 5)), "I3");
	assert_eq!(broken(|id| change(id, |row| row.agreement.valid_from += 1)), "I3");
	let of_nobody = |id| {
		let retired = RetiredAgreementKeys::<Test>::get(id, 1).unwrap();
		RetiredAgreementKeys::<Test>::insert(identity(Bob), 1, retired);
	};
	assert_eq!(broken(of_nobody), "I3");
}

#[test]
fn i4_a_torn_index_is_seen() {
	assert_eq!(broken(|_| AgreementIndex::<Test>::remove(agreement_key(50))), "I4");
	assert_eq!(broken(|id| AgreementIndex::<Test>::insert(agreement_key(9), (id, 9))), "I4");
	let unsound = |id| {
		change(id, |row| row.agreement.key = [0; 32]);
		AgreementIndex::<Test>::remove(agreement_key(50));
		AgreementIndex::<Test>::insert([0; 32], (id, 2));
	};
	assert_eq!(broken(unsound), "I4");
}

#[test]
fn i5_an_unsound_profile_is_seen() {
	let profile = |commitment, revision| Profile { commitment, revision };
	assert_eq!(broken(|id| Profiles::<Test>::insert(id, profile(PROFILE, 0))), "I5");
	assert_eq!(broken(|id| Profiles::<Test>::insert(id, profile(Commitment::default(), 1))), "I5");
	assert_eq!(broken(|_| Profiles::<Test>::insert(identity(Bob), profile(PROFILE, 1))), "I5");
}

#[test]
fn i6_quotas_of_nobody_and_of_tomorrow_are_seen() {
	let day = START / DAY;
	let tomorrow = DaySpending { day: day + 1, spent: 1 };
	assert_eq!(broken(|id| Allowances::<Test>::insert(id, tomorrow)), "I6");
	let today = DayCount { day, count: 1 };
	assert_eq!(broken(|_| SponsorUse::<Test>::insert(identity(Bob), today)), "I6");
}

#[test]
fn i7_a_device_is_seen() {
	assert_eq!(broken(|id| change(id, |row| row.kind = IdentityKind::Device)), "I7");
}
