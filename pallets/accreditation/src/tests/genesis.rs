// SPDX-License-Identifier: Apache-2.0

use super::*;

fn regulator(who: Sr25519Keyring, kinds: Vec<AccreditationKind>) -> GenesisAuthority {
	let window = Window { from: 0, until: day(10_000) };
	GenesisAuthority { id: identity(who), kinds, jurisdictions: vec![DENMARK], codes: None, window }
}

#[test]
fn a_regulator_of_the_genesis_grants_from_the_first_block() {
	let authority = regulator(Alice, vec![FacilityLicence]);
	ExtBuilder::default().authority(authority).build_and_execute(|| {
		assert_ok!(grant(Alice, Bob, FacilityLicence, days(0, 9)));
		let refused = grant(Alice, Dave, PractitionerLicence, days(0, 9));
		assert_noop!(refused, Error::<Test>::KindOutOfScope);
	});
}

#[test]
fn a_preset_names_it_in_words() {
	let patch = serde_json::json!({
		"authorities": [{
			"id": identity(Alice).to_string(),
			"kinds": ["facility-licence", "onboarding-agent"],
			"jurisdictions": [208, 276],
			"window": { "from": 0, "until": 4_102_444_800_000u64 },
		}],
	});
	let config: GenesisConfig<Test> = serde_json::from_value(patch.clone()).unwrap();
	let scope = config.authorities[0].scope().unwrap();
	assert!(scope.kinds.contains(AccreditationKind::OnboardingAgent));
	assert_eq!(scope.jurisdictions.to_vec(), [DENMARK, GERMANY]);
	assert_eq!(serde_json::to_value(config).unwrap(), patch);
}

#[test]
fn a_preset_may_name_codes() {
	let mut authority = regulator(Alice, vec![PractitionerLicence]);
	authority.codes = Some(vec![ScopeCode(3)]);
	let json = serde_json::to_value(&authority).unwrap();
	assert_eq!(serde_json::from_value::<GenesisAuthority>(json).unwrap(), authority);
	ExtBuilder::default().authority(authority).build_and_execute(|| {
		assert_ok!(grant_for(Alice, Dave, PractitionerLicence, days(0, 9), &[3]));
		let refused = grant_for(Alice, Dave, PractitionerLicence, days(0, 9), &[4]);
		assert_noop!(refused, Error::<Test>::CodeOutOfScope);
	});
}

#[test]
#[should_panic(expected = "every regulator of the genesis can be appointed")]
fn a_person_is_no_regulator() {
	ExtBuilder::default().authority(regulator(Dave, vec![FacilityLicence])).build();
}
