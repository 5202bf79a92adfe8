// SPDX-License-Identifier: Apache-2.0

//! The chains one can start, and what a node serves of them.

mod served;

use salus_runtime::{Runtime, RuntimeGenesisConfig};
use serde_json::Value;
use served::{Metadata, variants};
use sp_genesis_builder::{
	DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET, PresetId,
	runtime_decl_for_genesis_builder::GenesisBuilderV1 as _,
};
use sp_io::TestExternalities;

fn preset(name: &str) -> Value {
	let patch = Runtime::get_preset(&Some(PresetId::from(name))).expect("the preset exists");
	serde_json::from_slice(&patch).expect("a preset is JSON")
}

/// The state of a chain started from a preset, by the path a node takes.
fn start(name: &str) -> TestExternalities {
	let mut state = TestExternalities::new_empty();
	state.execute_with(|| {
		let default = Runtime::get_preset(&None).expect("there is a default");
		let mut config = serde_json::from_slice(&default).expect("the default is JSON");
		merge(&mut config, preset(name));
		Runtime::build_state(config.to_string().into_bytes()).expect("the preset builds");
	});
	state
}

/// RFC 7396: the patch wins, objects merge.
fn merge(target: &mut Value, patch: Value) {
	match (target, patch) {
		(Value::Object(target), Value::Object(patch)) => {
			for (key, value) in patch {
				merge(target.entry(key).or_insert(Value::Null), value);
			}
		},
		(target, patch) => *target = patch,
	}
}

#[test]
fn there_are_two() {
	assert_eq!(Runtime::preset_names(), [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET]);
	assert_eq!(Runtime::get_preset(&Some(PresetId::from("mainnet"))), None);
}

#[test]
fn each_builds_a_state_in_which_every_invariant_holds() {
	for name in [DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET] {
		start(name).execute_with(|| {
			let policies = pallet_health_records::ValidationPolicies::<Runtime>::iter().count();
			assert_eq!(policies, 8, "{name}: every class of records has a policy");
			#[cfg(feature = "try-runtime")]
			{
				use frame_support::traits::{TryState as _, TryStateSelect};
				salus_runtime::AllPalletsWithSystem::try_state(0, TryStateSelect::All)
					.unwrap_or_else(|broken| panic!("{name}: {broken:?}"));
			}
		});
	}
}

#[test]
fn each_names_as_many_validators_as_it_says() {
	for (name, count) in [(DEV_RUNTIME_PRESET, 1), (LOCAL_TESTNET_RUNTIME_PRESET, 2)] {
		start(name).execute_with(|| {
			assert_eq!(salus_runtime::Session::validators().len(), count, "{name}");
			assert_eq!(salus_runtime::Grandpa::grandpa_authorities().len(), count, "{name}");
			let aura = pallet_aura::Authorities::<Runtime>::get();
			assert_eq!(aura.len(), count, "{name}");
			// Without a root, no equivocation could ever be proved.
			let root = pallet_session::historical::HistoricalSessions::<Runtime>::get(0);
			assert_eq!(root.map(|(_, validators)| validators), Some(count as u32), "{name}");
		});
	}
}

#[test]
fn outside_development_no_one_sits_in_both_bodies() {
	use pallet_collective::{Instance1, Instance2, Members};
	start(LOCAL_TESTNET_RUNTIME_PRESET).execute_with(|| {
		let council = Members::<Runtime, Instance1>::get();
		let committee = Members::<Runtime, Instance2>::get();
		assert_eq!((council.len(), committee.len()), (3, 3));
		assert!(council.iter().all(|member| !committee.contains(member)));
	});
}

#[test]
fn a_spelling_mistake_is_refused() {
	TestExternalities::new_empty().execute_with(|| {
		let mut config =
			serde_json::to_value(RuntimeGenesisConfig::default()).expect("the config is JSON");
		merge(&mut config, serde_json::json!({ "councill": { "members": [] } }));
		Runtime::build_state(config.to_string().into_bytes()).expect_err("there is no such field");
	});
}

#[test]
fn nobody_holds_sudo() {
	let metadata = Metadata::of_the_runtime();
	assert!(metadata.pallets.iter().all(|pallet| !pallet.name.eq_ignore_ascii_case("sudo")));
	assert!(preset(DEV_RUNTIME_PRESET).get("sudo").is_none());
}

#[test]
fn metadata_is_served_in_every_version_that_clients_read() {
	for version in [14, 15, 16] {
		assert!(Runtime::metadata_versions().contains(&version));
		let metadata = Runtime::metadata_at_version(version).expect("it is served");
		let head = [b"meta", &[version as u8][..]].concat();
		assert!(metadata.starts_with(&head), "version {version}");
	}
	assert!(Runtime::metadata_at_version(13).is_none());
}

#[test]
fn view_functions_are_served() {
	let metadata = Metadata::of_the_runtime();
	let functions: Vec<_> = metadata
		.pallets
		.iter()
		.flat_map(|pallet| {
			pallet.view_functions.iter().map(|view| format!("{} {}", pallet.name, view.name))
		})
		.collect();
	for expected in [
		"Identity identity",
		"Identity identity_of",
		"Identity agreement_key",
		"Identity agreement_keys",
		"Identity allowance_left",
		"Identity sponsor_quota_left",
		"Accreditation authority",
		"Accreditation accreditation",
		"Accreditation accreditations_of",
		"Accreditation is_accredited",
		"Accreditation affiliation",
		"Accreditation affiliations_of",
		"Records record",
		"Records version",
		"Records versions",
		"Records records_of",
		"Records by_content",
		"Records validation_state",
		"Records record_id",
		"Records statement_to_sign",
		"Records policy",
		"Consent compartment",
		"Consent compartments",
		"Consent grant_by_id",
		"Consent grant_keys",
		"Consent grants_of",
		"Consent grants_to",
		"Consent access_head",
		"Consent access_log",
	] {
		assert!(functions.iter().any(|function| function == expected), "{expected}");
	}
}

#[test]
fn everything_of_ours_is_documented() {
	let metadata = Metadata::of_the_runtime();
	for pallet in metadata.pallets.iter().filter(|pallet| pallet.index >= 50) {
		let name = &pallet.name;
		let calls = pallet.calls.as_ref().map(|calls| calls.ty);
		let events = pallet.event.as_ref().map(|events| events.ty);
		let errors = pallet.error.as_ref().map(|errors| errors.ty);
		for listed in [calls, events, errors].into_iter().flatten() {
			for item in variants(&metadata, listed) {
				assert!(!item.docs.is_empty(), "{name} {}", item.name);
			}
		}
		for view in &pallet.view_functions {
			assert!(!view.docs.is_empty(), "{name} {}", view.name);
		}
	}
}
