// SPDX-License-Identifier: Apache-2.0

use super::*;
use frame_support::pallet_prelude::DispatchResultWithPostInfo;
use salus_traits::identity::{AgreementKeys, FeeAllowance, IdentityInspect};

fn deactivate(by: Sr25519Keyring, expected: u32) -> DispatchResultWithPostInfo {
	Identity::deactivate(signed(by), expected)
}

fn refusal(by: Sr25519Keyring, expected: u32) -> DispatchError {
	let before = sp_io::storage::root(Default::default());
	let refused = deactivate(by, expected).unwrap_err().error;
	assert_eq!(sp_io::storage::root(Default::default()), before);
	refused
}

#[test]
fn ends_an_identity_and_frees_what_goes() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(Identity::set_profile(signed(Alice), PROFILE, 0));
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(Identity::add_service(signed(Alice), service("gateway")));
		at(START + 10);
		assert_ok!(deactivate(Alice, 3));

		let id = identity(Alice);
		assert_eq!(row(Alice).status, IdentityStatus::Deactivated { at: START + 10 });
		assert_eq!((row(Alice).services, Identity::services(id)), (0, vec![]));
		assert_eq!(Identity::identity(id).unwrap().profile, None);
		assert_eq!(held_for(Alice, HoldReason::Service), 0);
		assert_eq!(held(Alice), price(Identity::tombstone_footprint()));
		assert!(held(Alice) < price(Identity::registration_footprint()));
		System::assert_last_event(
			Event::IdentityDeactivated { identity: id, at: START + 10, doc_version: 4 }.into(),
		);
	});
}

#[test]
fn the_weight_is_that_of_the_services_there_were() {
	ExtBuilder::default().build_and_execute(|| {
		let ended = |who, version| deactivate(who, version).unwrap().actual_weight.unwrap();
		organisation(Alice);
		organisation(Bob);
		organisation(Charlie);
		for (who, services) in [(Bob, &["fhir"][..]), (Charlie, &["fhir", "gateway"])] {
			for id in services {
				assert_ok!(Identity::add_service(signed(who), service(id)));
			}
		}
		let weights = [ended(Alice, 1), ended(Bob, 2), ended(Charlie, 3)];
		assert_eq!(weights, [0, 1, 2].map(<() as WeightInfo>::deactivate));
		assert!(weights.windows(2).all(|pair| pair[0].ref_time() < pair[1].ref_time()));

		// What is charged before is for as many as there can be.
		let call = Call::<Test>::deactivate { expected_doc_version: 1 };
		let charged = frame_support::dispatch::GetDispatchInfo::get_dispatch_info(&call);
		assert_eq!(charged.call_weight, weights[2]);
	});
}

#[test]
fn only_what_was_deactivated_has_ended() {
	ExtBuilder::default().build_and_execute(|| {
		let id = identity(Alice);
		assert!(!Identity::has_ended(&id), "nobody has not ended");
		patient(Alice);
		for status in [IdentityStatus::Active, suspended(None), suspended(Some(START + 1))] {
			set_status(id, status);
			assert!(!Identity::has_ended(&id));
		}
		set_status(id, IdentityStatus::Active);
		assert_ok!(deactivate(Alice, 1));
		assert!(Identity::has_ended(&id));
		at(START + 100 * DAY);
		assert!(Identity::has_ended(&id));
		assert!(!<() as IdentityInspect<AccountId32>>::has_ended(&id));
	});
}

#[test]
fn nothing_acts_any_more_and_history_stays() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(rotate(Alice, agreement_key(50), 1));
		at(START + 10);
		assert_ok!(deactivate(Alice, 3));

		let id = identity(Alice);
		for who in [Alice, Dave] {
			assert!(CallScope::ALL.iter().all(|scope| !may(who, *scope)));
			assert!(!Identity::try_spend(&account(who), None, 0));
			let valid = |at| Identity::was_valid(account(who), KeyPurpose::Assertion, at);
			assert!(valid(START + 9) && !valid(START + 10));
		}
		assert_eq!(Identity::active_kind(&id), None);
		assert_eq!(Identity::current(&id), None);
		assert_eq!(Identity::allowance_left(id), 0);
		assert!(Identity::key(id, 1).is_some());
		assert_eq!(Identity::agreement_key(id, 1).unwrap().key, agreement_key(Alice as u8));
		assert_eq!(Identity::agreement_key(id, 2).unwrap().key, agreement_key(50));
	});
}

#[test]
fn the_tombstone_refuses_the_same_account_and_salt() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		assert_ok!(deactivate(Alice, 2));
		for (who, key) in [(Alice, 98), (Dave, 99)] {
			let again = register(who, IdentityKind::Patient, agreement_key(key));
			assert_noop!(again, Error::<Test>::AccountAlreadyBound);
		}
		// And its agreement key is nobody else's.
		let reused = register(Bob, IdentityKind::Patient, agreement_key(Alice as u8));
		assert_noop!(reused, Error::<Test>::AgreementKeyInUse);
	});
}

#[test]
fn is_final() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(deactivate(Alice, 1));
		assert_eq!(refusal(Alice, 2), DispatchError::BadOrigin);
		assert_eq!(refusal(Alice, 1), DispatchError::BadOrigin);
		let reinstated = Identity::reinstate_identity(RuntimeOrigin::root(), identity(Alice));
		assert_noop!(reinstated, Error::<Test>::NotSuspended);
	});
}

#[test]
fn an_account_without_a_balance_keeps_its_nonce_when_its_identity_ends() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(rotate_primary(Alice, Alice, Dave, 0));
		System::inc_account_nonce(account(Dave));
		assert_ok!(deactivate(Dave, 2));

		// Were the account reaped, its first transaction could be sent once more.
		assert!(System::account_exists(&account(Dave)));
		assert_eq!(System::sufficients(&account(Dave)), 1);
		assert_eq!(System::account_nonce(account(Dave)), 1);
	});
}

#[test]
fn refuses_a_stale_version_of_the_document() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for stale in [0, 1, 3, u32::MAX] {
			assert_eq!(refusal(Alice, stale), Error::<Test>::StaleDocVersion.into());
		}
	});
}

#[test]
fn only_the_primary_key_ends_an_identity() {
	ExtBuilder::default().build_and_execute(|| {
		patient(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		assert_ok!(add_key(Alice, Eve, ANCHORS));
		assert_eq!(refusal(Dave, 3), Error::<Test>::NotPrimary.into());
		assert_eq!(refusal(Eve, 3), DispatchError::BadOrigin);
		assert_eq!(refusal(Bob, 3), DispatchError::BadOrigin);
	});
}

#[test]
fn deposits_go_back_to_whoever_paid_them() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		// Bob's account pays for a service as a further key of Alice's organisation.
		let scopes = CallScopes::of(&[CallScope::ProfileWrite]);
		assert_ok!(add_key(Alice, Bob, KeyRights { scopes, ..ANCHORS }));
		assert_ok!(Identity::add_service(signed(Bob), service("fhir")));
		assert!(held_for(Bob, HoldReason::Service) > 0);
		assert_ok!(deactivate(Alice, 3));
		assert_eq!(held_for(Bob, HoldReason::Service), 0);
		assert_eq!(Balances::free_balance(account(Bob)), 10_000);
	});
}

#[test]
fn a_sponsored_identity_has_no_deposit_to_shrink() {
	ExtBuilder::default().identity(Dave, IdentityKind::Patient).build_and_execute(|| {
		assert_ok!(deactivate(Dave, 1));
		assert_eq!(row(Dave).deposit, None);
	});
}
