// SPDX-License-Identifier: Apache-2.0

use super::*;

fn add(by: Sr25519Keyring, service: Service) -> DispatchResult {
	Identity::add_service(signed(by), service)
}

fn deposit(service: &Service) -> u64 {
	price(Identity::service_footprint(service))
}

#[test]
fn lists_a_service_and_holds_a_deposit_for_it() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		at(START + 10);
		let listed = service("fhir");
		assert_ok!(add(Alice, listed.clone()));

		let id = identity(Alice);
		assert_eq!(Identity::services(id), std::slice::from_ref(&listed));
		assert_eq!((row(Alice).services, row(Alice).doc_version), (1, 2));
		assert_eq!(held_for(Alice, HoldReason::Service), deposit(&listed));
		let stored = Services::<Test>::get(id, &listed.id).unwrap();
		assert_eq!(stored.deposit.depositor, account(Alice));
		System::assert_last_event(
			Event::ServiceAdded { identity: id, service: listed, doc_version: 2 }.into(),
		);
	});
}

#[test]
fn practitioners_list_services_and_patients_do_not() {
	ExtBuilder::default().build_and_execute(|| {
		assert_ok!(register(Alice, IdentityKind::Practitioner, agreement_key(99)));
		assert_ok!(add(Alice, service("fhir")));
		patient(Bob);
		assert_noop!(add(Bob, service("fhir")), Error::<Test>::ServicesRefused);
	});
}

#[test]
fn refuses_an_id_that_is_listed() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		organisation(Bob);
		assert_ok!(add(Alice, service("fhir")));
		let mut other = service("fhir");
		other.url = b"did:web:elsewhere.example".to_vec().try_into().unwrap();
		assert_noop!(add(Alice, other), Error::<Test>::ServiceExists);
		assert_ok!(add(Bob, service("fhir")));
	});
}

#[test]
fn an_identity_lists_so_many() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(add(Alice, service("one")));
		assert_ok!(add(Alice, service("two")));
		assert_noop!(add(Alice, service("three")), Error::<Test>::TooManyServices);
		assert_ok!(Identity::remove_service(signed(Alice), service("one").id));
		assert_ok!(add(Alice, service("three")));
	});
}

#[test]
fn refuses_what_cannot_stand_in_a_document() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		let with = |change: fn(&mut Service)| {
			let mut service = service("fhir");
			change(&mut service);
			add(Alice, service)
		};
		let id = with(|service| service.id = Default::default());
		assert_noop!(id, Error::<Test>::ServiceIdMalformed);
		let reserved = with(|service| service.id = b"ka-1".to_vec().try_into().unwrap());
		assert_noop!(reserved, Error::<Test>::ServiceIdReserved);
		let kind = with(|service| service.kind = Default::default());
		assert_noop!(kind, Error::<Test>::ServiceKindMalformed);
		let url = with(|service| service.url = Default::default());
		assert_noop!(url, Error::<Test>::ServiceUrlMalformed);
		let plain = with(|service| service.url = b"http://a".to_vec().try_into().unwrap());
		assert_noop!(plain, Error::<Test>::ServiceUrlMalformed);
	});
}

#[test]
fn the_longest_texts_fit_and_no_longer_ones() {
	let text = |length: usize| vec![b'a'; length];
	let url = |length: usize| [b"https://".to_vec(), text(length - 8)].concat();
	assert!(ServiceId::try_from(text(33)).is_err());
	assert!(ServiceKind::try_from(text(65)).is_err());
	assert!(ServiceUrl::try_from(url(257)).is_err());
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		let longest = Service {
			id: text(32).try_into().unwrap(),
			kind: text(64).try_into().unwrap(),
			url: url(256).try_into().unwrap(),
		};
		assert_ok!(add(Alice, longest.clone()));
		assert_eq!(Identity::services(identity(Alice)), [longest]);
	});
}

#[test]
fn who_cannot_pay_lists_nothing() {
	ExtBuilder::default().identity(Dave, IdentityKind::Organisation).build_and_execute(|| {
		let refused = add(Dave, service("fhir"));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_deposit_spares_the_existential_deposit() {
	ExtBuilder::default().identity(Dave, IdentityKind::Organisation).build_and_execute(|| {
		use frame_support::traits::fungible::Mutate;
		let needed = deposit(&service("fhir"));
		assert_ok!(Balances::mint_into(&account(Dave), needed - 1));
		let refused = add(Dave, service("fhir"));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
		assert_ok!(Balances::mint_into(&account(Dave), 2));
		assert_ok!(add(Dave, service("fhir")));
		assert_eq!(held_for(Dave, HoldReason::Service), needed);
	});
}

#[test]
fn refuses_a_key_without_the_scope() {
	ExtBuilder::default().build_and_execute(|| {
		organisation(Alice);
		assert_ok!(add_key(Alice, Dave, ADMIN));
		for nobody in [Bob, Dave] {
			assert_noop!(add(nobody, service("fhir")), DispatchError::BadOrigin);
		}
	});
}
