// SPDX-License-Identifier: Apache-2.0

use super::*;

/// Alice is a patient with a profile, two agreement keys and a further key, Dave's account; then
/// `break_it` happens.
fn broken(break_it: impl FnOnce(IdentityId)) -> String {
	ExtBuilder::default().build().execute_with(|| {
		patient(Alice);
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 0));
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		Identity::do_try_state().unwrap();
		break_it(identity(Alice));
		let error: &'static str = Identity::do_try_state().unwrap_err().into();
		error.split(':').next().unwrap().into()
	})
}

fn change(id: IdentityId, change: impl FnOnce(&mut IdentityOf<Test>)) {
	Identities::<Test>::mutate(id, |identity| change(identity.as_mut().unwrap()));
}

fn change_key(who: Sr25519Keyring, change: impl FnOnce(&mut KeyRecord)) {
	KeyOwner::<Test>::mutate(account(who), |key| change(key.as_mut().unwrap()));
}

#[test]
fn i1_an_unbound_account_is_seen() {
	assert_eq!(broken(|_| KeyOwner::<Test>::remove(account(Alice))), "I1");
	assert_eq!(broken(|id| Keys::<Test>::remove(id, 1)), "I1");
	assert_eq!(broken(|id| Keys::<Test>::insert(id, 2, account(Bob))), "I1");
	assert_eq!(broken(|_| change_key(Dave, |key| key.key = 0)), "I1");
	assert_eq!(broken(|_| change_key(Dave, |key| key.identity = identity(Bob))), "I1");
	let stray = |_| {
		let key = KeyOwner::<Test>::get(account(Dave)).unwrap();
		KeyOwner::<Test>::insert(account(Bob), key);
	};
	assert_eq!(broken(stray), "I1");
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
	let ahead = |id| {
		RetiredAgreementKeys::<Test>::mutate(id, 1, |key| {
			let revocation = Revocation { at: START, compromised_since: Some(START + 1) };
			key.as_mut().unwrap().revoked = Some(revocation);
		})
	};
	assert_eq!(broken(ahead), "I3");
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
	let profile = |commitment, revision| Profile { commitment: Some(commitment), revision };
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

#[test]
fn i8_a_weakened_primary_is_seen() {
	assert_eq!(broken(|_| change_key(Alice, |key| key.scopes = ANCHORS.scopes)), "I8");
	assert_eq!(broken(|_| change_key(Alice, |key| key.valid_until = Some(START + 9))), "I8");
	assert_eq!(broken(|id| change(id, |row| row.primary = 1)), "I8");
	assert_eq!(broken(|id| change(id, |row| row.account = account(Bob))), "I8");
	assert_eq!(broken(|id| change(id, |row| row.epoch = 1)), "I8");
	let retired = KeyStatus::Retired { at: START };
	assert_eq!(broken(|_| change_key(Alice, |key| key.status = retired)), "I8");
}

#[test]
fn i9_counters_that_drift_are_seen() {
	assert_eq!(broken(|id| change(id, |row| row.active_keys = 1)), "I9");
	let ended = |key: &mut KeyRecord| {
		key.status = KeyStatus::Retired { at: START };
		key.ended_in = Some(3);
	};
	assert_eq!(broken(|_| change_key(Dave, ended)), "I9");
}

#[test]
fn i10_unsound_keys_are_seen() {
	assert_eq!(broken(|_| change_key(Dave, |key| key.scopes = CallScopes(0x8000))), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.purposes = KeyPurposes(0))), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.valid_from += 1)), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.valid_until = Some(START))), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.added_in = 9)), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.ended_in = Some(3))), "I10");
	assert_eq!(broken(|_| change_key(Dave, |key| key.ended_in = Some(1))), "I10");
	let compromised = |id| {
		change(id, |row| row.active_keys = 1);
		change_key(Dave, |key| {
			let compromised_since = Some(START - 1);
			key.status = KeyStatus::Revoked { at: START, compromised_since };
			(key.added_in, key.ended_in) = (2, Some(3));
		});
	};
	assert_eq!(broken(compromised), "I10");
}

#[test]
fn i11_a_torn_history_of_documents_is_seen() {
	assert_eq!(broken(|id| DocVersions::<Test>::remove(id, 2)), "I11");
	let stamp = |at, block| DocStamp { at, block };
	assert_eq!(broken(|id| DocVersions::<Test>::insert(id, 9, stamp(START, 1))), "I11");
	assert_eq!(broken(|id| DocVersions::<Test>::insert(id, 1, stamp(START, 2))), "I11");
	assert_eq!(broken(|id| DocVersions::<Test>::insert(id, 3, stamp(START + 1, 1))), "I11");
	assert_eq!(broken(|id| change(id, |row| row.updated_at += 1)), "I11");
}

#[test]
fn i12_unsound_services_are_seen() {
	let list = |id: IdentityId, listed: Service| {
		let Service { id: name, kind, url } = listed;
		let deposit = row(Alice).deposit.unwrap();
		let ticket = codec::Decode::decode(&mut &codec::Encode::encode(&deposit.ticket)[..]);
		let deposit = Deposit { depositor: deposit.depositor, ticket: ticket.unwrap() };
		Services::<Test>::insert(id, name, ServiceRecord { kind, url, deposit });
	};
	assert_eq!(broken(|id| list(id, service("fhir"))), "I12");
	assert_eq!(broken(|_| list(identity(Bob), service("fhir"))), "I12");
	assert_eq!(broken(|id| change(id, |row| row.services = 1)), "I12");
	// A patient that lists one is seen though the count is right, and so is what is malformed.
	let patient_lists = |id| {
		list(id, service("fhir"));
		change(id, |row| row.services = 1);
	};
	assert_eq!(broken(patient_lists), "I12");
	let malformed = |id| {
		list(id, service("ka-1"));
		change(id, |row| (row.services, row.kind) = (1, IdentityKind::Organisation));
	};
	assert_eq!(broken(malformed), "I12");
}

#[test]
fn i13_what_is_left_of_an_end_is_seen() {
	let ended = |at| IdentityStatus::Deactivated { at };
	assert_eq!(broken(|id| set_status(id, ended(START))), "I13");
	let late = |id| {
		Profiles::<Test>::remove(id);
		set_status(id, ended(START - 1));
	};
	assert_eq!(broken(late), "I13");
	assert_eq!(broken(|id| set_status(id, suspended(Some(START)))), "I13");
	let IdentityStatus::Suspended { reason, by, .. } =
		ExtBuilder::default().build().execute_with(|| suspended(None))
	else {
		unreachable!()
	};
	let since = START + 1;
	let ahead = IdentityStatus::Suspended { since, until: None, reason, by };
	assert_eq!(broken(|id| set_status(id, ahead)), "I13");
}

#[test]
fn i14_an_identity_that_signs_with_what_is_sealed_to_it_is_seen() {
	let both = |id| {
		let key: [u8; 32] = agreement_key(50);
		let record = KeyOwner::<Test>::take(account(Dave)).unwrap();
		System::inc_sufficients(&key.into());
		Keys::<Test>::insert(id, 1, AccountId32::new(key));
		KeyOwner::<Test>::insert(AccountId32::new(key), record);
	};
	assert_eq!(broken(both), "I14");
}
