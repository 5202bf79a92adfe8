// SPDX-License-Identifier: Apache-2.0

use super::*;
use proptest::prelude::*;
use salus_primitives::SponsoredRegistration;
use salus_traits::identity::FeeAllowance;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn a_patient_without_money_registers_lives_and_changes_keys() {
	ExtBuilder::default().identity(Bob, IdentityKind::Organisation).build_and_execute(|| {
		// given a hospital, and a patient that signed
		System::reset_events();
		let (id, first, second) = (identity(Dave), agreement_key(1), agreement_key(2));
		let consent = SponsoredRegistration {
			genesis: Identity::genesis(),
			sponsor: identity(Bob),
			account: account(Dave).into(),
			kind: IdentityKind::Patient,
			salt: SALT,
			agreement_key: first,
			profile: None,
			deadline: START + 1,
		};
		let signature = sign(Dave, &consent.to_bytes());

		// when the hospital registers the patient, who goes on alone
		assert_ok!(Identity::register_for(
			signed(Bob),
			account(Dave),
			IdentityKind::Patient,
			SALT,
			first,
			None,
			START + 1,
			signature,
		));
		assert!(Identity::try_spend(&account(Dave), 600));
		assert_ok!(Identity::set_profile(signed(Dave), PROFILE, 0));
		at(START + DAY);
		assert!(Identity::try_spend(&account(Dave), 600));
		assert_ok!(rotate(Dave, second, 1));

		// then the chain tells the whole story, and the hospital owns nothing of it
		let expected: Vec<RuntimeEvent> = vec![
			frame_system::Event::NewAccount { account: account(Dave) }.into(),
			Event::IdentityRegistered {
				identity: id,
				kind: IdentityKind::Patient,
				account: account(Dave),
				agreement_key: first,
				profile: None,
				sponsor: Some(identity(Bob)),
			}
			.into(),
			Event::ProfileSet { identity: id, profile: PROFILE, revision: 1 }.into(),
			Event::AgreementKeyRotated {
				identity: id,
				version: 2,
				agreement_key: second,
				at: START + DAY,
			}
			.into(),
		];
		let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
		assert_eq!(events, expected);
		assert_eq!(Identity::allowance_left(id), ALLOWANCE - 600);
		assert_eq!((held(Bob), held(Dave)), (0, 0));
	});
}

#[derive(Clone, Debug)]
enum Step {
	Register(usize, u8),
	Rotate(usize, u8, KeyVersion),
	Spend(usize, u128),
	Sleep(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
	let who = 0usize..3;
	prop::collection::vec(
		prop_oneof![
			(who.clone(), 0u8..12).prop_map(|(who, key)| Step::Register(who, key)),
			(who.clone(), 0u8..12, 0u32..5).prop_map(|(who, key, v)| Step::Rotate(who, key, v)),
			(who, 0u128..700).prop_map(|(who, fee)| Step::Spend(who, fee)),
			(1u64..DAY).prop_map(Step::Sleep),
		],
		0..40,
	)
}

/// What the pallet ought to know, kept naively.
#[derive(Default)]
struct Model {
	keys: BTreeMap<usize, Vec<u8>>,
	used: BTreeSet<u8>,
	spent: BTreeMap<(usize, u64), u128>,
}

proptest! {
	#![proptest_config(ProptestConfig::with_cases(64))]

	#[test]
	fn random_lives_agree_with_a_model(steps in steps()) {
		ExtBuilder::default().build_and_execute(|| {
			let people = [Alice, Bob, Charlie];
			let (mut now, mut model) = (START, Model::default());
			for step in steps {
				match step {
					Step::Register(who, key) => {
						let may = !model.keys.contains_key(&who) && !model.used.contains(&key);
						let done = register(people[who], IdentityKind::Patient, agreement_key(key));
						assert_eq!(done.is_ok(), may);
						if may {
							model.keys.insert(who, vec![key]);
							model.used.insert(key);
						}
					},
					Step::Rotate(who, key, expected) => {
						let versions = model.keys.get_mut(&who);
						let may = !model.used.contains(&key)
							&& versions.as_ref().is_some_and(|keys| {
								keys.len() < 4 && keys.len() as u32 == expected
							});
						let done = rotate(people[who], agreement_key(key), expected);
						assert_eq!(done.is_ok(), may);
						if may {
							versions.unwrap().push(key);
							model.used.insert(key);
						}
					},
					Step::Spend(who, fee) => {
						let spent = model.spent.entry((who, now / DAY)).or_default();
						let may = model.keys.contains_key(&who) && *spent + fee <= ALLOWANCE;
						assert_eq!(Identity::try_spend(&account(people[who]), fee), may);
						if may {
							*spent += fee;
						}
					},
					Step::Sleep(time) => {
						now += time;
						at(now);
					},
				}
			}
			for (who, keys) in model.keys {
				for (index, key) in keys.iter().enumerate() {
					let version = index as u32 + 1;
					let view = Identity::agreement_key(identity(people[who]), version).unwrap();
					assert_eq!(view.key, agreement_key(*key));
				}
			}
		});
	}
}
