// SPDX-License-Identifier: Apache-2.0

use super::*;

fn view(issuer: Sr25519Keyring) -> Option<RequestView> {
	Accreditation::request(identity(issuer), identity(Dave), PractitionerLicence)
}

#[test]
fn a_subject_asks_and_pays_for_the_row() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));

		let expected =
			RequestView { commitment: LICENCE, digest: PAPERS, asked_at: START, is_open: true };
		assert_eq!(view(Registry), Some(expected));
		assert_eq!(view(Alice), None);
		System::assert_last_event(
			Event::AccreditationRequested {
				issuer: identity(Registry),
				subject: identity(Dave),
				kind: PractitionerLicence,
				commitment: LICENCE,
				digest: PAPERS,
			}
			.into(),
		);
		assert_eq!(held(Dave, HoldReason::Request), REQUEST_DEPOSIT);
		assert_eq!(held(Registry, HoldReason::Request), 0);
	});
}

#[test]
fn asking_again_replaces_the_papers_and_costs_nothing_more() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));
		at(START + REQUEST_AGE);
		assert!(!view(Registry).unwrap().is_open);
		assert_ok!(ask(Registry, Digest([6; 32])));
		let replaced = view(Registry).unwrap();
		assert_eq!((replaced.digest, replaced.is_open), (Digest([6; 32]), true));
		assert_eq!(held(Dave, HoldReason::Request), REQUEST_DEPOSIT);
		assert_ok!(ask(Alice, PAPERS));
		assert_eq!(held(Dave, HoldReason::Request), 2 * REQUEST_DEPOSIT);
	});
}

#[test]
fn refuses_who_cannot_hold_it() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		let ask_as = |who, kind| {
			let issuer = identity(Registry);
			Accreditation::request_accreditation(signed(who), issuer, kind, LICENCE, PAPERS)
		};
		assert_noop!(ask_as(Eve, PractitionerLicence), Error::<Test>::WrongKind);
		assert_noop!(ask_as(Bob, PractitionerLicence), Error::<Test>::WrongKind);
		assert_noop!(ask_as(Dave, FacilityLicence), Error::<Test>::WrongKind);
		assert_noop!(ask_as(Registry, FacilityLicence), Error::<Test>::SelfNotAllowed);
		let nobody = ask_as(Sr25519Keyring::One, PractitionerLicence);
		assert_noop!(nobody, DispatchError::BadOrigin);
	});
}

#[test]
fn refuses_empty_papers() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_noop!(ask(Registry, Digest::default()), Error::<Test>::DigestEmpty);
		let (issuer, kind) = (identity(Registry), PractitionerLicence);
		let empty = Commitment::default();
		let refused =
			Accreditation::request_accreditation(signed(Dave), issuer, kind, empty, PAPERS);
		assert_noop!(refused, Error::<Test>::CommitmentEmpty);
	});
}

#[test]
fn refuses_who_could_never_grant_it() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_noop!(ask(Bob, PAPERS), Error::<Test>::AuthorityNotFound);
		let narrow = scope(&[FacilityLicence], &[DENMARK]);
		assert_ok!(appoint_registrar(Alice, OtherRegistry, narrow, days(0, 9)));
		assert_noop!(ask(OtherRegistry, PAPERS), Error::<Test>::KindOutOfScope);
		assert_ok!(remove_registrar(Alice, Registry, START));
		assert_noop!(ask(Registry, PAPERS), Error::<Test>::AuthorityCutOff);
	});
}

#[test]
fn refuses_who_cannot_pay_and_leaves_nothing() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(Balances::force_set_balance(root(), account(Dave), 1));
		assert_noop!(ask(Registry, PAPERS), sp_runtime::TokenError::FundsUnavailable);
	});
}

#[test]
fn a_grant_that_fails_leaves_the_request_as_it_was() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));
		assert_ok!(Balances::force_set_balance(root(), account(Registry), 1));
		let refused = answer(Registry, LICENCE, Some(PAPERS));
		assert_noop!(refused, sp_runtime::TokenError::FundsUnavailable);
		assert!(view(Registry).is_some());
		assert_eq!(held(Dave, HoldReason::Request), REQUEST_DEPOSIT);
	});
}
