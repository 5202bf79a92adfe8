// SPDX-License-Identifier: Apache-2.0

use super::*;
use salus_primitives::SponsoredRegistration;
use salus_traits::identity::FeeAllowance;

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
			public: public(Dave),
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
			public(Dave),
			START + 1,
			signature,
		));
		assert!(Identity::try_spend(&account(Dave), Some(CallScope::ProfileWrite), 600));
		assert_ok!(Identity::set_profile(signed(Dave), PROFILE, 0));
		at(START + DAY);
		assert!(Identity::try_spend(&account(Dave), Some(CallScope::ProfileWrite), 600));
		assert_ok!(rotate(Dave, second, 1));

		// then the chain tells the whole story, and the hospital owns nothing of it
		let expected: Vec<RuntimeEvent> = vec![
			frame_system::Event::NewAccount { account: account(Dave) }.into(),
			Event::IdentityRegistered {
				identity: id,
				kind: IdentityKind::Patient,
				account: account(Dave),
				public: public(Dave),
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
				doc_version: 2,
			}
			.into(),
		];
		let events: Vec<_> = System::events().into_iter().map(|record| record.event).collect();
		assert_eq!(events, expected);
		assert_eq!(Identity::allowance_left(id), ALLOWANCE - 600);
		assert_eq!((held(Bob), held(Dave)), (0, 0));
	});
}

#[test]
fn a_patient_loses_a_telephone_and_nothing_else() {
	ExtBuilder::default().build_and_execute(|| {
		// given a patient with a key in a drawer and a key on the telephone
		patient(Alice);
		let daily = KeyRights {
			scopes: CallScopes::of(&[CallScope::ConsentManage, CallScope::RecordRead]),
			valid_until: Some(START + DAY),
			..ANCHORS
		};
		assert_ok!(add_key(Alice, Dave, daily));
		at(START + 1_000);
		assert!(may(Dave, CallScope::ConsentManage));

		// when the telephone is stolen, and another key notices first
		assert_ok!(add_key(Alice, Eve, NOTHING));
		at(START + 5_000);
		assert_ok!(Identity::freeze_keys(signed(Eve)));
		assert!(!may(Dave, CallScope::ConsentManage));
		at(START + 9_000);
		assert_ok!(Identity::revoke_key(signed(Alice), 1, Some(START + 4_000)));
		assert_ok!(rotate(Alice, agreement_key(60), 1));
		assert_ok!(Identity::revoke_agreement_key(signed(Alice), 1, Some(START + 4_000)));
		assert_ok!(Identity::unfreeze_keys(signed(Alice)));

		// then what was signed before the theft counts, and nothing after it
		let valid = |at| Identity::was_valid(account(Dave), KeyPurpose::Assertion, START + at);
		assert!(valid(0) && valid(3_999) && !valid(4_000) && !valid(9_000));
		let document = |version| Identity::resolve(identity(Alice), version).unwrap();
		let accounts = |version| {
			let keys = document(version).keys.into_iter();
			keys.map(|key| key.account).collect::<Vec<_>>()
		};
		assert_eq!(accounts(Some(2)), [account(Alice), account(Dave)]);
		assert_eq!(accounts(None), [account(Alice), account(Eve)]);
		assert_eq!(document(None).agreement.unwrap().version, 2);
	});
}

#[test]
fn an_organisation_changes_hands_and_then_closes() {
	ExtBuilder::default().build_and_execute(|| {
		// given a hospital that lists its gateway
		organisation(Alice);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(add_key(Alice, Dave, ANCHORS));

		// when a new officer takes over, and the hospital closes a day later
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		at(START + DAY);
		assert_ok!(Identity::retire_key(signed(Bob), 1));
		assert_ok!(Identity::deactivate(signed(Bob), 5));

		// then its money is back but for the tombstone, and what it signed can still be checked
		assert_eq!(held_for(Alice, HoldReason::Service), 0);
		assert_eq!(held(Alice), price(Identity::tombstone_footprint()));
		assert!(Identity::was_valid(account(Dave), KeyPurpose::Assertion, START + DAY - 1));
		assert!(Identity::was_valid(account(Bob), KeyPurpose::Assertion, START + DAY - 1));
		assert!(!Identity::was_valid(account(Bob), KeyPurpose::Assertion, START + DAY));
		let before = Identity::resolve(identity(Alice), Some(5)).unwrap();
		assert!(before.deactivated && !before.keys.is_empty());
	});
}
