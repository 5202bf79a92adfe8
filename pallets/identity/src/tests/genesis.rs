// SPDX-License-Identifier: Apache-2.0

use super::*;

#[test]
fn identities_of_the_genesis_are_registered_without_deposit() {
	ExtBuilder::default().identity(Dave, IdentityKind::Organisation).build_and_execute(|| {
		let row = Identities::<Test>::get(identity(Dave)).unwrap();
		assert_eq!(row.kind, IdentityKind::Organisation);
		assert_eq!(row.deposit, None);
		assert_eq!(held(Dave), 0);
		assert_eq!(System::sufficients(&account(Dave)), 1);
		assert_eq!(key(Dave, 0).public, public(Dave));
		assert_eq!(row.doc_version, 1);
	});
}

#[test]
fn a_preset_names_them_in_words_and_hexadecimal() {
	let patch = serde_json::json!({
		"identities": [{
			"account": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
			"kind": "organisation",
			"salt": "0x000102030405060708090a0b0c0d0e0f",
			"agreementKey": format!("0x{}", "09".repeat(32)),
		}],
	});
	let config: GenesisConfig<Test> = serde_json::from_value(patch.clone()).unwrap();
	assert_eq!(config.identities[0].account, account(Alice));
	assert_eq!(config.identities[0].salt[15], 0x0f);
	assert_eq!(serde_json::to_value(config).unwrap(), patch);
}

#[test]
fn a_preset_with_a_short_salt_is_refused() {
	let patch = serde_json::json!({
		"identities": [{
			"account": account(Alice),
			"kind": "organisation",
			"salt": "0x00",
			"agreementKey": format!("0x{}", "09".repeat(32)),
		}],
	});
	assert!(serde_json::from_value::<GenesisConfig<Test>>(patch).is_err());
}

#[test]
#[should_panic(expected = "every identity of the genesis can be registered")]
fn a_genesis_that_breaks_the_rules_does_not_build() {
	ExtBuilder::default().identity(Dave, IdentityKind::Device).build();
}
