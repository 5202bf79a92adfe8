// SPDX-License-Identifier: Apache-2.0

use super::*;

fn close(by: RuntimeOrigin, issuer: Sr25519Keyring) -> DispatchResult {
	Accreditation::close_request(by, identity(issuer), identity(Dave), PractitionerLicence)
}

#[test]
fn the_subject_withdraws_and_the_authority_declines() {
	for by in [Dave, Registry] {
		ExtBuilder::default().build_and_execute(|| {
			with_registrar();
			assert_ok!(ask(Registry, PAPERS));
			let free = Balances::free_balance(account(Dave));
			assert_ok!(close(signed(by), Registry));

			assert_eq!(Balances::free_balance(account(Dave)), free + REQUEST_DEPOSIT);
			assert_eq!(held(Dave, HoldReason::Request), 0);
			System::assert_last_event(
				Event::RequestClosed {
					issuer: identity(Registry),
					subject: identity(Dave),
					kind: PractitionerLicence,
					by: Some(identity(by)),
				}
				.into(),
			);
			assert_noop!(close(signed(by), Registry), Error::<Test>::RequestNotFound);
			// What is closed binds no verdict.
			assert_ok!(answer(Registry, LICENCE, None));
		});
	}
}

#[test]
fn refuses_strangers_while_it_stands() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));
		at(START + REQUEST_AGE - 1);
		for stranger in [Alice, Bob, Eve, Sr25519Keyring::One] {
			let refused = close(signed(stranger), Registry);
			assert_noop!(refused, Error::<Test>::NotRequestParty);
		}
		for nobody in [root(), RuntimeOrigin::none()] {
			assert_noop!(close(nobody, Registry), DispatchError::BadOrigin);
		}
	});
}

#[test]
fn anybody_closes_one_that_is_too_old_and_the_deposit_goes_back() {
	for (by, named) in [(Eve, Some(identity(Eve))), (Sr25519Keyring::One, None)] {
		ExtBuilder::default().build_and_execute(|| {
			with_registrar();
			assert_ok!(ask(Registry, PAPERS));
			at(START + REQUEST_AGE);
			let free = Balances::free_balance(account(Dave));
			assert_ok!(close(signed(by), Registry));
			assert_eq!(Balances::free_balance(account(Dave)), free + REQUEST_DEPOSIT);
			System::assert_last_event(
				Event::RequestClosed {
					issuer: identity(Registry),
					subject: identity(Dave),
					kind: PractitionerLicence,
					by: named,
				}
				.into(),
			);
		});
	}
}

#[test]
fn refuses_what_is_not_there() {
	ExtBuilder::default().build_and_execute(|| {
		with_registrar();
		assert_ok!(ask(Registry, PAPERS));
		assert_noop!(close(signed(Dave), Alice), Error::<Test>::RequestNotFound);
	});
}
