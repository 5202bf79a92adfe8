// SPDX-License-Identifier: Apache-2.0

use super::*;

fn remove(by: Sr25519Keyring, id: &str) -> DispatchResult {
	Identity::remove_service(signed(by), service(id).id)
}

#[test]
fn takes_a_service_out_and_frees_its_deposit() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(Identity::add_service(signed(Alice), service("gateway")));
		assert_ok!(remove(Alice, "fhir"));

		assert_eq!(Identity::services(identity(Alice)), [service("gateway")]);
		assert_eq!((row(Alice).services, row(Alice).doc_version), (1, 4));
		let rest = price(Identity::service_footprint(&service("gateway")));
		assert_eq!(held_for(Alice, HoldReason::Service), rest);
		System::assert_last_event(
			Event::ServiceRemoved {
				identity: identity(Alice),
				service: service("fhir").id,
				doc_version: 4,
			}
			.into(),
		);
	});
}

#[test]
fn the_deposit_goes_to_whoever_paid_it() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		let scopes = CallScopes::of(&[CallScope::ProfileWrite]);
		assert_ok!(add_key(Alice, Bob, KeyRights { scopes, ..ANCHORS }));
		assert_ok!(Identity::add_service(signed(Bob), service("fhir")));
		let before = Balances::free_balance(account(Alice));
		assert_ok!(remove(Alice, "fhir"));
		assert_eq!(Balances::free_balance(account(Alice)), before);
		assert_eq!(Balances::free_balance(account(Bob)), 10_000);
	});
}

#[test]
fn a_deposit_comes_back_also_after_its_payer_is_no_key_any_more() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(rotate_primary(Alice, Alice, Bob, 0));
		assert_ok!(remove(Bob, "fhir"));
		assert_eq!(held_for(Alice, HoldReason::Service), 0);
	});
}

#[test]
fn refuses_a_service_that_is_not_listed() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		organisation(Bob);
		assert_ok!(Identity::add_service(signed(Bob), service("fhir")));
		assert_noop!(remove(Alice, "fhir"), Error::<Test>::ServiceNotFound);
		assert_ok!(remove(Bob, "fhir"));
		assert_noop!(remove(Bob, "fhir"), Error::<Test>::ServiceNotFound);
		let empty = Identity::remove_service(signed(Bob), Default::default());
		assert_noop!(empty, Error::<Test>::ServiceNotFound);
	});
}

#[test]
fn refuses_a_key_without_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(Identity::add_service(signed(Alice), service("fhir")));
		assert_ok!(add_key(Alice, Dave, ANCHORS));
		for nobody in [Bob, Dave] {
			assert_noop!(remove(nobody, "fhir"), DispatchError::BadOrigin);
		}
	});
}
